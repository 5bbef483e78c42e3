/* arena.c: one request's memory.
 *
 * Owns: a chain of blocks, the newest first. Bump allocation inside a block; what is large gets a
 * block of its own. Beyond the ceiling allocations go on and only arena_full() tells: a request is
 * refused once, at its end, instead of at each of a thousand allocations. Under AddressSanitizer
 * all memory not handed out is poisoned, with a gap between neighbours. */
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kansli/arena.h>

#ifdef __has_feature
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
enum { GAP = 16 };
#else
#define ASAN_POISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
enum { GAP = 0 };
#endif

enum { ALIGN = alignof(max_align_t), BLOCK_SIZE = 32 * 1024 };

struct block {
    struct block *next;
    size_t size, used;
    alignas(max_align_t) char data[];
};

struct arena {
    struct block *blocks; /* never NULL; the one allocated from comes first */
    size_t ceiling, handed_out;
};

static struct block *block_new(size_t size, struct block *next)
{
    struct block *block = must_malloc(sizeof *block + size);

    block->next = next;
    block->size = size;
    block->used = 0;
    ASAN_POISON_MEMORY_REGION(block->data, size);
    return block;
}

static void block_free(struct block *block)
{
    ASAN_UNPOISON_MEMORY_REGION(block->data, block->size);
    free(block);
}

struct arena *arena_new(size_t ceiling)
{
    struct arena *arena = must_malloc(sizeof *arena);

    arena->blocks = block_new(BLOCK_SIZE, NULL);
    arena->ceiling = ceiling;
    arena->handed_out = 0;
    return arena;
}

void arena_clear(struct arena *arena)
{
    struct block *block, *next, *keep = NULL;

    for (block = arena->blocks; block; block = next) {
        next = block->next;
        if (!keep && block->size == BLOCK_SIZE)
            keep = block;
        else
            block_free(block);
    }
    MUST(keep); /* the first block had the usual size, so one was found */
    keep->next = NULL;
    keep->used = 0;
    ASAN_POISON_MEMORY_REGION(keep->data, keep->size);
    arena->blocks = keep;
    arena->handed_out = 0;
}

void arena_free(struct arena *arena)
{
    struct block *block, *next;

    if (!arena)
        return;
    for (block = arena->blocks; block; block = next) {
        next = block->next;
        block_free(block);
    }
    free(arena);
}

/* A large request goes behind the current block, which stays in use for small ones. */
static struct block *block_with_room(struct arena *arena, size_t need)
{
    struct block *first = arena->blocks;

    if (need <= first->size - first->used)
        return first;
    if (need > BLOCK_SIZE / 4) {
        first->next = block_new(need, first->next);
        return first->next;
    }
    arena->blocks = block_new(BLOCK_SIZE, first);
    return arena->blocks;
}

static void *take(struct arena *arena, size_t size)
{
    struct block *block;
    size_t need;
    char *at;

    MUST(size < SIZE_MAX / 2);
    need = (size + GAP + ALIGN - 1) / ALIGN * ALIGN;
    block = block_with_room(arena, need);
    at = block->data + block->used;
    block->used += need;
    arena->handed_out += size;
    ASAN_UNPOISON_MEMORY_REGION(at, size);
    return at;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return memset(take(arena, size), 0, size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t n)
{
    char *copy;

    if (!text)
        return NULL;
    copy = take(arena, n + 1);
    memcpy(copy, text, n);
    copy[n] = '\0';
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

/* Formats where the text will most likely stand; only one that does not fit is formatted again. */
char *arena_vprintf(struct arena *arena, const char *format, va_list values)
{
    struct block *block = arena->blocks;
    char *room = block->data + block->used;
    size_t size = block->size - block->used;
    va_list again;

    va_copy(again, values);
    ASAN_UNPOISON_MEMORY_REGION(room, size);
    int n = vsnprintf(room, size, format, values);
    ASAN_POISON_MEMORY_REGION(room, size);
    MUST(n >= 0);
    char *text = take(arena, (size_t)n + 1);
    if (text != room)
        vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list values;
    char *text;

    va_start(values, format);
    text = arena_vprintf(arena, format, values);
    va_end(values);
    return text;
}

char *arena_join(struct arena *arena, const char *first, ...)
{
    va_list texts, again;
    size_t n = 0;

    va_start(texts, first);
    va_copy(again, texts);
    for (const char *text = first; text; text = va_arg(texts, const char *))
        n += strlen(text);
    va_end(texts);
    char *joined = take(arena, n + 1), *end = joined;
    for (const char *text = first; text; text = va_arg(again, const char *)) {
        size_t length = strlen(text);
        memcpy(end, text, length);
        end += length;
    }
    va_end(again);
    *end = '\0';
    return joined;
}

const char *arena_int(struct arena *arena, long long value)
{
    char digits[24], *at = digits + sizeof digits;
    unsigned long long rest =
        value < 0 ? 0ULL - (unsigned long long)value : (unsigned long long)value;

    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        *--at = '-';
    return arena_strndup(arena, at, (size_t)(digits + sizeof digits - at));
}

size_t arena_used(const struct arena *arena)
{
    return arena->handed_out;
}

bool arena_full(const struct arena *arena)
{
    return arena->handed_out > arena->ceiling;
}
