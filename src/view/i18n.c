/* i18n.c: texts in two languages.
 *
 * Owns the Swedish catalogue: a .mo file as msgfmt writes it, read where it lies (it is embedded,
 * so nothing is copied and nothing is freed). All of it is checked once, so that looking up needs
 * no checks. gettext's own library is not used: it follows the process's locale, and here the
 * language is the reader's. Must never know templates or requests. */
#include <kansli/log.h>
#include <string.h>
#include <strings.h>

#include "internal.h"

const char *const lang_code[LANGS] = {"sv", "en"};

/* Pairs of (length, offset), little-endian, sorted by the source text. */
static struct {
    const unsigned char *bytes;
    uint32_t n, sources, texts;
} catalogue;

static uint32_t read_u32(const unsigned char *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static const char *entry(uint32_t table, uint32_t i, uint32_t *len)
{
    const unsigned char *at = catalogue.bytes + table + (size_t)8 * i;
    if (len)
        *len = read_u32(at);
    return (const char *)catalogue.bytes + read_u32(at + 4);
}

/* True when every entry of a table lies inside the file and ends with NUL. */
static bool table_valid(const unsigned char *bytes, size_t n, uint32_t table, uint32_t count)
{
    if (table > n || count > (n - table) / 8)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t len = read_u32(bytes + table + (size_t)8 * i);
        uint32_t offset = read_u32(bytes + table + (size_t)8 * i + 4);
        if (offset >= n || len >= n - offset || bytes[offset + len] != '\0')
            return false;
    }
    return true;
}

bool lang_load(const unsigned char *bytes, size_t n)
{
    memset(&catalogue, 0, sizeof catalogue);
    if (!bytes)
        return true;
    if (n < 28 || read_u32(bytes) != 0x950412de || read_u32(bytes + 4) >> 16 > 1)
        return false;
    uint32_t count = read_u32(bytes + 8), sources = read_u32(bytes + 12),
             texts = read_u32(bytes + 16);
    if (!table_valid(bytes, n, sources, count) || !table_valid(bytes, n, texts, count))
        return false;
    catalogue.bytes = bytes;
    catalogue.sources = sources;
    catalogue.texts = texts;
    for (uint32_t i = 1; i < count; i++)
        if (strcmp(entry(sources, i - 1, NULL), entry(sources, i, NULL)) >= 0)
            return false;
    catalogue.n = count;
    return true;
}

/* The translation of a key and its length (plural forms are separated by NUL), or NULL. */
static const char *catalogue_find(const char *msgid, uint32_t *len)
{
    uint32_t low = 0, high = catalogue.n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(msgid, entry(catalogue.sources, middle, NULL));
        if (order == 0) {
            const char *text = entry(catalogue.texts, middle, len);
            return *text ? text : NULL;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static const char *without_context(const char *msgid)
{
    const char *mark = strchr(msgid, '\004');
    return mark ? mark + 1 : msgid;
}

const char *lang_text(int lang, const char *msgid)
{
    uint32_t len;
    /* The empty key is the file's own header. */
    const char *text = lang == LANG_SV && *msgid ? catalogue_find(msgid, &len) : NULL;
    return text ? text : without_context(msgid);
}

const char *lang_plural(int lang, const char *msgid, const char *msgid_plural, long long n)
{
    uint32_t len;
    const char *text = lang == LANG_SV && *msgid ? catalogue_find(msgid, &len) : NULL;
    if (!text)
        return n == 1 ? without_context(msgid) : without_context(msgid_plural);
    size_t one = strlen(text);
    return n == 1 || one >= len ? text : text + one + 1;
}

int lang_find(const char *code)
{
    for (int lang = 0; lang < LANGS; lang++)
        if (strcmp(code, lang_code[lang]) == 0)
            return lang;
    return -1;
}

/* Thousandths of ";q=0.8" at the end of a language range; 1000 when unsaid or odd. */
static int quality(const char *at, const char *end)
{
    while (at < end && *at != 'q' && *at != 'Q')
        at++;
    if (end - at < 3 || at[1] != '=')
        return 1000;
    at += 2;
    if (*at != '0')
        return 1000;
    int q = 0, unit = 100;
    if (++at < end && *at == '.')
        for (at++; at < end && *at >= '0' && *at <= '9' && unit > 0; at++, unit /= 10)
            q += (*at - '0') * unit;
    return q;
}

int lang_accept(const char *header)
{
    int best = -1, best_q = 0;
    for (const char *at = header ? header : ""; *at;) {
        size_t len = strcspn(at, ",");
        const char *end = at + len;
        at += strspn(at, " \t");
        size_t tag = strcspn(at, "-; \t,");
        int lang = tag == 1 && *at == '*' ? LANG_SV : -1;
        for (int i = 0; i < LANGS; i++)
            if (tag == strlen(lang_code[i]) && strncasecmp(at, lang_code[i], tag) == 0)
                lang = i;
        const char *rest = at < end ? memchr(at, ';', (size_t)(end - at)) : NULL;
        int q = rest ? quality(rest, end) : 1000;
        if (lang >= 0 && q > best_q) {
            best = lang;
            best_q = q;
        }
        at = *end ? end + 1 : end;
    }
    return best >= 0 ? best : LANG_SV;
}
