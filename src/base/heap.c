/* heap.c: memory for JSON documents.
 *
 * Owns: chunks of 64 kB, aligned to their size, so that a piece's chunk is its address with the low
 * bits cleared. Each thread cuts pieces off its current chunk, one after the other, and never looks
 * for a hole: a document is built, sent and freed, and when the last piece of a chunk is freed, by
 * whatever thread, the chunk is used anew. Half the cost of malloc and free, which a page of two
 * thousand pieces feels. Under a sanitizer every piece is malloc's own, so that it is watched. Must
 * never know: what is in a piece. */
#include <pthread.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <kansli/heap.h>

#if defined(__SANITIZE_ADDRESS__)
#define WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#endif

#ifdef WATCHED

void *heap_alloc(size_t size)
{
    return must_malloc(size);
}

void heap_free(void *piece)
{
    free(piece);
}

#else

enum {
    CHUNK = 64 * 1024,
    LARGE = CHUNK / 8, /* from here on a piece has a chunk of its own */
    SPARE_MOST = 8,    /* chunks that a thread keeps for its next document */
    ALIGN = alignof(max_align_t),
    OPEN =
        1
        << 30 /* added to the count of a chunk that pieces are still cut from: no free makes it 0 */
};

struct chunk {
    atomic_int alive;   /* pieces not yet freed */
    bool large;         /* of one piece, and of its size */
    struct chunk *next; /* in a thread's spare ones */
    alignas(max_align_t) char data[];
};

struct heap { /* a thread's own */
    struct chunk *current, *spare;
    size_t used;      /* bytes of the current chunk */
    int cut, spares;  /* pieces cut off it; chunks in `spare` */
};

static _Thread_local struct heap heap;
static pthread_key_t ending;
static pthread_once_t ready = PTHREAD_ONCE_INIT;

static struct chunk *chunk_new(size_t size, bool large)
{
    struct chunk *chunk = aligned_alloc(CHUNK, (size + CHUNK - 1) / CHUNK * CHUNK);

    if (!chunk)
        BUG("out of memory asking for %zu bytes", size);
    chunk->large = large;
    return chunk;
}

static void chunk_end(struct chunk *chunk)
{
    if (chunk->large || heap.spares == SPARE_MOST || !heap.current) {
        free(chunk);
        return;
    }
    chunk->next = heap.spare;
    heap.spare = chunk;
    heap.spares++;
}

/* No more pieces from the current chunk: whoever frees its last one ends it, unless that was done
 * already. */
static void chunk_close(void)
{
    struct chunk *chunk = heap.current;
    int open = OPEN - heap.cut;

    if (atomic_fetch_sub_explicit(&chunk->alive, open, memory_order_acq_rel) == open)
        chunk_end(chunk);
}

/* At a thread's end. What others still hold stays until they free it. */
static void heap_end(void *unused)
{
    (void)unused;
    chunk_close();
    heap.current = NULL;
    for (struct chunk *chunk = heap.spare, *next; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    heap.spare = NULL;
    heap.spares = 0;
}

static void heap_ready(void)
{
    MUST(pthread_key_create(&ending, heap_end) == 0);
}

static void chunk_open(void)
{
    if (heap.current) {
        chunk_close();
    } else {
        pthread_once(&ready, heap_ready);
        pthread_setspecific(ending, &heap);
    }
    struct chunk *chunk = heap.spare;
    if (chunk) {
        heap.spare = chunk->next;
        heap.spares--;
    } else {
        chunk = chunk_new(CHUNK, false);
    }
    atomic_init(&chunk->alive, OPEN);
    heap.current = chunk;
    heap.used = 0;
    heap.cut = 0;
}

void *heap_alloc(size_t size)
{
    size_t need = (size + !size + ALIGN - 1) / ALIGN * ALIGN;

    if (size >= LARGE) {
        struct chunk *chunk = chunk_new(sizeof *chunk + size, true);
        atomic_init(&chunk->alive, 1);
        return chunk->data;
    }
    if (!heap.current || need > CHUNK - sizeof(struct chunk) - heap.used)
        chunk_open();
    void *piece = heap.current->data + heap.used;
    heap.used += need;
    heap.cut++;
    return piece;
}

void heap_free(void *piece)
{
    if (!piece)
        return;
    struct chunk *chunk = (struct chunk *)((uintptr_t)piece & ~(uintptr_t)(CHUNK - 1));
    if (atomic_fetch_sub_explicit(&chunk->alive, 1, memory_order_acq_rel) == 1)
        chunk_end(chunk);
}

#endif
