/* fuzz_difference.c: any two texts: what stays and what comes make up the new one, what stays and
 * what goes the old one but for white space, and nothing is out of order. */
#include <kansli/difference.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The text without white space. */
static char *dense(const char *text, size_t n, char *to)
{
    for (size_t i = 0; i < n; i++)
        if (!strchr(" \t\r\n", text[i]))
            *to++ = text[i];
    return to;
}

static void check(const char *before, const char *after)
{
    struct arena *arena = arena_new(256 << 20);
    size_t n, total = strlen(before) + strlen(after) + 1;
    const struct difference *way = difference_words(arena, before, after, &n);
    char *old = must_calloc(total, 1), *now = must_calloc(total, 1), *want = must_calloc(total, 1);
    char *old_end = old, *now_end = now;
    for (size_t i = 0; i < n; i++) {
        MUST(way[i].n > 0);
        if (way[i].op != DIFFERENCE_INSERTED)
            old_end = dense(way[i].text, way[i].n, old_end);
        if (way[i].op != DIFFERENCE_DELETED) {
            memcpy(now_end, way[i].text, way[i].n);
            now_end += way[i].n;
        }
        MUST(i == 0 || way[i].op != way[i - 1].op);
        MUST(i == 0 || way[i].op != DIFFERENCE_DELETED || way[i - 1].op == DIFFERENCE_SAME);
    }
    MUST(!strcmp(now, after));
    dense(before, strlen(before), want);
    MUST(!strcmp(old, want));
    free(old);
    free(now);
    free(want);
    arena_free(arena);
}

/* The first 0xff parts the two texts. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = must_calloc(size + 2, 1);
    memcpy(text, data, size);
    for (size_t i = 0; i < size; i++)
        if (!text[i])
            text[i] = ' ';
    char *mark = memchr(text, 0xff, size);
    if (mark)
        *mark = '\0';
    check(text, mark ? mark + 1 : "");
    free(text);
    return 0;
}
