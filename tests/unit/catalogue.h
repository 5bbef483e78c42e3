/* catalogue.h: a .mo file made in memory, for tests of languages and templates. */
#ifndef TEST_CATALOGUE_H
#define TEST_CATALOGUE_H

#include <kansli/buf.h>
#include <string.h>

/* Source and text; a plural's forms are separated by NUL and so need lengths. */
struct pair {
    const char *source;
    size_t source_len;
    const char *text;
    size_t text_len;
};
#define PAIR(source, text)                                 \
    {                                                      \
        source, sizeof(source) - 1, text, sizeof(text) - 1 \
    }

static void add_u32(struct buf *out, size_t v)
{
    for (int shift = 0; shift < 32; shift += 8)
        buf_addc(out, (char)(v >> shift & 0xff));
}

/* Pairs must be sorted by source. The buffer lives as long as the catalogue is used. */
static void catalogue_make(struct buf *out, const struct pair *pairs, size_t n)
{
    size_t strings = 28 + 16 * n;
    buf_init(out, 1 << 20);
    add_u32(out, 0x950412de);
    add_u32(out, 0);
    add_u32(out, n);
    add_u32(out, 28);
    add_u32(out, 28 + 8 * n);
    add_u32(out, 0);
    add_u32(out, 0);
    for (size_t i = 0, at = strings; i < n; at += pairs[i++].source_len + 1) {
        add_u32(out, pairs[i].source_len);
        add_u32(out, at);
    }
    for (size_t i = 0; i < n; i++)
        strings += pairs[i].source_len + 1;
    for (size_t i = 0, at = strings; i < n; at += pairs[i++].text_len + 1) {
        add_u32(out, pairs[i].text_len);
        add_u32(out, at);
    }
    for (size_t i = 0; i < n; i++)
        buf_add(out, pairs[i].source, pairs[i].source_len + 1);
    for (size_t i = 0; i < n; i++)
        buf_add(out, pairs[i].text, pairs[i].text_len + 1);
}

#endif
