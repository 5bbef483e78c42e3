/* arena.h: memory that lives as long as a request.
 *
 * Invariants: allocations never return NULL and are never freed one by one; handlers never call
 * free. The arena has a ceiling: beyond it allocations still succeed, but arena_full() turns true
 * and the request is refused as E_TOO_BIG at its end (design.md 3, step 7), so that no
 * allocation needs an error branch. Not for sharing between threads at the same time. */
#ifndef KANSLI_ARENA_H
#define KANSLI_ARENA_H

#include <stdarg.h>
#include <kansli/base.h>

struct arena;

/* A new arena that may hold `ceiling` bytes before arena_full(). Release with arena_free. */
struct arena *arena_new(size_t ceiling);
/* Forgets every allocation and keeps one block for the next request. */
void arena_clear(struct arena *arena);
/* Gives everything back; NULL is fine. */
void arena_free(struct arena *arena);

/* `size` bytes, aligned for any type, zeroed. */
void *arena_alloc(struct arena *arena, size_t size);
/* A copy of text (NULL gives NULL), or of its first n bytes with a NUL after them. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t n);
/* printf into the arena. */
PRINTF(2, 3) char *arena_printf(struct arena *arena, const char *format, ...);
char *arena_vprintf(struct arena *arena, const char *format, va_list values);
/* The texts one after the other; the last argument is NULL. For long ones: printf looks at every
 * byte. */
__attribute__((sentinel)) char *arena_join(struct arena *arena, const char *first, ...);
/* A number in digits. */
const char *arena_int(struct arena *arena, long long value);

/* Bytes handed out since the last clear. */
size_t arena_used(const struct arena *arena);
/* True when more than the ceiling was asked for. */
bool arena_full(const struct arena *arena);

#endif
