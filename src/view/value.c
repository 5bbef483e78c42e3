/* value.c: one value of a document becomes text for people.
 *
 * Owns the filters: days, instants and numbers in words of the reader's language, initials,
 * capitals. Own number format because the process's locale is never set. Must never know templates.
 * A filter that meets a value it does not understand writes it plainly: a strange day on a page is
 * better than no page. */
#include <kansli/date.h>
#include <kansli/json.h>
#include <kansli/utf8.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

enum { NUMBER_SIZE = 32 };

static const struct {
    const char *name;
    enum filter filter;
} filters[] = {
    {"day", FILTER_DAY},           {"dayBrief", FILTER_DAY_BRIEF}, {"dayLong", FILTER_DAY_LONG},
    {"instant", FILTER_INSTANT},   {"number", FILTER_NUMBER},      {"url", FILTER_URL},
    {"initials", FILTER_INITIALS}, {"upper", FILTER_UPPER},        {"json", FILTER_JSON},
};

int filter_find(struct part name)
{
    for (size_t i = 0; i < LEN(filters); i++)
        if (strlen(filters[i].name) == name.len &&
            memcmp(filters[i].name, name.text, name.len) == 0)
            return (int)filters[i].filter;
    return -1;
}

/* ---- plain ---- */

/* Digits, right-aligned in `room`; faster than printf, and integers are on every row. */
static struct part integer_text(json_int_t v, char room[static NUMBER_SIZE])
{
    unsigned long long rest = v < 0 ? 0ULL - (unsigned long long)v : (unsigned long long)v;
    char *at = room + NUMBER_SIZE;
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (v < 0)
        *--at = '-';
    return (struct part){at, (size_t)(room + NUMBER_SIZE - at)};
}

/* The shortest of 15 and 17 digits that reads back the same. */
static struct part real_text(double v, char room[static NUMBER_SIZE])
{
    snprintf(room, NUMBER_SIZE, "%.15g", v);
    if (strtod(room, NULL) != v)
        snprintf(room, NUMBER_SIZE, "%.17g", v);
    return (struct part){room, strlen(room)};
}

/* The plain text of v, borrowed from v or written in room. */
static struct part plain(const json_t *v, char room[static NUMBER_SIZE])
{
    switch (json_typeof(v)) {
    case JSON_STRING:
        return (struct part){json_string_value(v), json_string_length(v)};
    case JSON_INTEGER:
        return integer_text(json_integer_value(v), room);
    case JSON_REAL:
        return real_text(json_real_value(v), room);
    case JSON_TRUE:
        return (struct part){"true", 4};
    case JSON_FALSE:
        return (struct part){"false", 5};
    case JSON_NULL:
    case JSON_OBJECT:
    case JSON_ARRAY:
        break;
    }
    return (struct part){"", 0};
}

void value_write(const json_t *v, bool escape, struct buf *out)
{
    char room[NUMBER_SIZE];
    struct part text = plain(v, room);
    if (escape && json_is_string(v))
        buf_html(out, text.text, text.len);
    else
        buf_add(out, text.text, text.len);
}

bool value_true(const json_t *v)
{
    switch (json_typeof(v)) {
    case JSON_NULL:
    case JSON_FALSE:
        return false;
    case JSON_STRING:
        return json_string_length(v) > 0;
    case JSON_ARRAY:
        return json_array_size(v) > 0;
    case JSON_OBJECT:
    case JSON_INTEGER:
    case JSON_REAL:
    case JSON_TRUE:
        break;
    }
    return true;
}

bool value_equal(const json_t *v, struct part text)
{
    char room[NUMBER_SIZE];
    if (json_is_null(v) || json_is_object(v) || json_is_array(v))
        return false;
    struct part have = plain(v, room);
    return have.len == text.len && memcmp(have.text, text.text, text.len) == 0;
}

/* ---- in words ---- */

/* 1234567.5 → "1 234 567,5" (no-break spaces) or "1,234,567.5"; minus is U+2212. */
static void write_number(struct part text, int lang, struct buf *out)
{
    const char *at = text.text, *end = at + text.len;
    bool minus = at < end && *at == '-';
    at += minus;
    size_t whole = 0;
    while (at + whole < end && at[whole] >= '0' && at[whole] <= '9')
        whole++;
    if (minus)
        buf_adds(out, "\u2212");
    for (size_t i = 0; i < whole; i++) {
        if (i && (whole - i) % 3 == 0)
            buf_adds(out, lang == LANG_SV ? "\u00a0" : ",");
        buf_addc(out, at[i]);
    }
    at += whole;
    if (at < end && *at == '.') {
        buf_addc(out, lang == LANG_SV ? ',' : '.');
        at++;
    }
    buf_add(out, at, (size_t)(end - at)); /* decimals, or "e+22" */
}

/* Capitals of Latin, Greek and Cyrillic, by the regular places of Unicode's blocks; ß and the rest
 * stay. */
static uint32_t letter_upper(uint32_t c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 0xe0 && c <= 0xfe && c != 0xf7) ||
        (c >= 0x3b1 && c <= 0x3c9 && c != 0x3c2) || (c >= 0x430 && c <= 0x44f))
        return c - 32;
    if (c >= 0x450 && c <= 0x45f)
        return c - 80;
    if (c == 0xff)
        return 0x178;
    bool even_capitals = (c >= 0x100 && c <= 0x137 && c != 0x131) || (c >= 0x14a && c <= 0x177);
    bool odd_capitals = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e);
    if ((even_capitals && c % 2 == 1) || (odd_capitals && c % 2 == 0))
        return c - 1;
    return c;
}

static void write_upper(uint32_t c, struct buf *out)
{
    char bytes[4];
    int n = utf8_put(letter_upper(c), bytes);
    buf_html(out, bytes, (size_t)n);
}

/* The first letters of the first and the last word: "Karin von Bergström" → "KB". */
static void write_initials(const char *text, struct buf *out)
{
    uint32_t first = 0, last = 0;
    bool word = false;
    for (uint32_t c; (c = utf8_next(&text)) != 0;) {
        bool space = c == ' ' || c == 0xa0;
        if (!space && !word) {
            if (!first)
                first = c;
            else
                last = c;
        }
        word = !space;
    }
    if (first)
        write_upper(first, out);
    if (last)
        write_upper(last, out);
}

/* Days and instants; NULL when the text is neither. */
static const char *date_words(enum filter filter, const char *text, const char *lang,
                              struct arena *arena)
{
    char day[DAY_SIZE];
    if (filter == FILTER_INSTANT)
        return instant_parse(text, NULL) ? instant_words(arena, text, lang) : NULL;
    if (day_valid(text))
        memcpy(day, text, DAY_SIZE);
    else if (instant_parse(text, NULL))
        day_of_instant(text, day);
    else
        return NULL;
    if (filter == FILTER_DAY_LONG)
        return day_words_long(arena, day, lang);
    return day_words(arena, day, lang, filter == FILTER_DAY_BRIEF);
}

static void write_json(const json_t *v, struct buf *out)
{
    struct buf json;
    buf_init(&json, out->ceiling);
    json_write(&json, v);
    out->full = out->full || json.full;
    buf_html(out, json.data, json.len);
    buf_release(&json);
}

void filter_write(enum filter filter, const json_t *v, int lang, struct arena *arena,
                  struct buf *out)
{
    char room[NUMBER_SIZE];
    const char *text = json_string_value(v);
    switch (filter) {
    case FILTER_DAY:
    case FILTER_DAY_BRIEF:
    case FILTER_DAY_LONG:
    case FILTER_INSTANT: {
        const char *words = text ? date_words(filter, text, lang_code[lang], arena) : NULL;
        if (words)
            buf_html(out, words, strlen(words));
        else
            value_write(v, true, out);
        arena_clear(arena);
        return;
    }
    case FILTER_NUMBER:
        if (json_is_number(v))
            write_number(plain(v, room), lang, out);
        else
            value_write(v, true, out);
        return;
    case FILTER_URL: {
        struct part segment = plain(v, room);
        buf_url(out, segment.text, segment.len);
        return;
    }
    case FILTER_INITIALS:
        if (text)
            write_initials(text, out);
        return;
    case FILTER_UPPER:
        for (uint32_t c; text && (c = utf8_next(&text)) != 0;)
            write_upper(c, out);
        return;
    case FILTER_JSON:
        write_json(v, out);
        return;
    case FILTER_NONE:
        value_write(v, true, out);
        return;
    }
}
