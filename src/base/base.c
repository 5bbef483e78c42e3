/* base.c: our own mistakes and the memory that never fails.
 *
 * Owns: the end of the process when going on would be wrong. Knows only the log. Out of memory is
 * no error path: a server that cannot get a page of memory has nothing better to say than where it
 * stood, and thousands of branches that no test ever takes are not written. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kansli/base.h>
#include <kansli/log.h>

void bug_at(const char *file, int line, const char *format, ...)
{
    char place[128], text[400];
    va_list values;

    snprintf(place, sizeof place, "%s:%d", file, line);
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    log_line(LOG_FAULT, "bug", "at", place, "what", text, NULL);
    abort();
}

/* malloc(0) may be NULL: one byte keeps "never NULL" true. */
static void *must(void *block, size_t size)
{
    if (!block)
        BUG("out of memory asking for %zu bytes", size);
    return block;
}

void *must_malloc(size_t size)
{
    return must(malloc(size ? size : 1), size);
}

void *must_calloc(size_t count, size_t size)
{
    return must(calloc(count ? count : 1, size ? size : 1), size);
}

void *must_realloc(void *block, size_t size)
{
    return must(realloc(block, size ? size : 1), size);
}

char *must_strdup(const char *text)
{
    size_t size = strlen(text) + 1;

    return memcpy(must_malloc(size), text, size);
}
