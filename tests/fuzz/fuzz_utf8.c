/* fuzz_utf8.c: three texts, parted by 0xFF. What is cleaned stays as it is, folding and slugs are
 * done after once, and the order of Swedish is a total one, also of what is no text. */
#include <kansli/utf8.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct piece {
    const char *text;
    size_t n;
};

static void check_slug(struct arena *arena, const char *text)
{
    char *slug = text_slug(arena, text);
    size_t n = strlen(slug);
    MUST(n <= 80 && strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") == n);
    MUST(!n || (slug[0] != '-' && slug[n - 1] != '-' && !strstr(slug, "--")));
    MUST(!strcmp(text_slug(arena, slug), slug));
}

static void check_fold(struct arena *arena, const char *text)
{
    char *folded = text_fold(arena, text);
    MUST(utf8_valid(folded, strlen(folded)));
    MUST(!strcmp(text_fold(arena, folded), folded));
}

static void check_clean(struct arena *arena, struct piece piece, bool multiline)
{
    char *clean, *again, *own = arena_alloc(arena, piece.n + 1);
    memcpy(own, piece.text, piece.n);
    enum text_fault fault = text_clean(arena, own, piece.n, multiline, &clean);
    MUST((fault == TEXT_INVALID) ==
         (!utf8_valid(piece.text, piece.n) || memchr(piece.text, 0, piece.n) != NULL));
    if (fault)
        return;
    size_t n = strlen(clean), points = 0;
    MUST(utf8_valid(clean, n) && (multiline || !strpbrk(clean, "\t\n\r")) && !strchr(clean, '\r'));
    MUST(text_clean(arena, clean, n, multiline, &again) == TEXT_OK && !strcmp(again, clean));
    for (const char *p = clean; *p; points++) {
        const char *from = p;
        char written[4];
        uint32_t c = utf8_next(&p);
        MUST(c && utf8_put(c, written) == p - from && !memcmp(written, from, (size_t)(p - from)));
    }
    MUST(points == utf8_length(clean));
    check_fold(arena, clean);
    check_slug(arena, clean);
}

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static int compare(struct piece a, struct piece b)
{
    return sign(text_compare_sv(a.text, a.n, b.text, b.n));
}

static void check_order(const struct piece piece[3])
{
    for (int i = 0; i < 3; i++) {
        struct piece a = piece[i], b = piece[(i + 1) % 3], c = piece[(i + 2) % 3];
        bool same = a.n == b.n && !memcmp(a.text, b.text, a.n);
        MUST(compare(a, a) == 0);
        MUST((compare(a, b) == 0) == same && compare(a, b) == -compare(b, a));
        if (compare(a, b) <= 0 && compare(b, c) <= 0)
            MUST(compare(a, c) <= 0);
        if (compare(c, b) <= 0 && compare(b, a) <= 0)
            MUST(compare(c, a) <= 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(64 << 20);
    struct piece piece[3];
    const char *at = (const char *)data, *end = at + size;
    for (int i = 0; i < 3; i++) {
        const char *to = i < 2 && at < end ? memchr(at, 0xFF, (size_t)(end - at)) : NULL;
        if (!to)
            to = end;
        /* Its own block, so that reading beyond it is seen. */
        char *own = must_malloc((size_t)(to - at) + 1);
        memcpy(own, at, (size_t)(to - at));
        piece[i] = (struct piece){must_realloc(own, to > at ? (size_t)(to - at) : 1),
                                  (size_t)(to - at)};
        at = to < end ? to + 1 : end;
    }
    for (int i = 0; i < 3; i++) {
        check_clean(arena, piece[i], true);
        check_clean(arena, piece[i], false);
    }
    check_order(piece);
    for (int i = 0; i < 3; i++)
        free((void *)(uintptr_t)piece[i].text);
    arena_free(arena);
    return 0;
}
