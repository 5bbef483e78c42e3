/* buf.c: growing bytes and the escapers.
 *
 * Owns: the ceiling and the escaping rules of each place text can stand. An empty buffer owns no
 * memory (`data` points at a shared NUL that nobody writes to), so a buffer that is never filled
 * costs nothing. Once full, a buffer takes nothing more: half of an answer without its middle would
 * be worse than its beginning. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kansli/buf.h>
#include <kansli/sheet.h>
#include <kansli/utf8.h>

enum { ROOM_LEAST = 256, LOG_VALUE_MAX = 500 };

static char nothing[1];

void buf_init(struct buf *buf, size_t ceiling)
{
    *buf = (struct buf){ .data = nothing, .ceiling = ceiling };
}

void buf_release(struct buf *buf)
{
    if (buf->room)
        free(buf->data);
    *buf = (struct buf){ 0 };
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->full = false;
    if (buf->room)
        buf->data[0] = '\0';
}

char *buf_steal(struct buf *buf, size_t *len)
{
    char *data = buf->room ? buf->data : must_strdup("");

    if (len)
        *len = buf->len;
    buf_init(buf, buf->ceiling);
    return data;
}

static bool grow(struct buf *buf, size_t n)
{
    size_t room;

    if (buf->full || n > buf->ceiling - buf->len) {
        buf->full = true;
        return false;
    }
    room = buf->room < ROOM_LEAST / 2 ? ROOM_LEAST : buf->room * 2;
    if (room < buf->len + n + 1)
        room = buf->len + n + 1;
    if (room > buf->ceiling)
        room = buf->ceiling + 1;
    buf->data = must_realloc(buf->room ? buf->data : NULL, room);
    buf->room = room;
    return true;
}

/* Makes room for n more bytes and a NUL; false when the ceiling forbids it. */
static inline bool fits(struct buf *buf, size_t n)
{
    return (n < buf->room - buf->len && !buf->full) || grow(buf, n);
}

void buf_add(struct buf *buf, const void *bytes, size_t n)
{
    if (!n || !fits(buf, n))
        return;
    memcpy(buf->data + buf->len, bytes, n);
    buf->len += n;
    buf->data[buf->len] = '\0';
}

void buf_adds(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_addc(struct buf *buf, char c)
{
    if (!fits(buf, 1))
        return;
    buf->data[buf->len++] = c;
    buf->data[buf->len] = '\0';
}

void buf_addf(struct buf *buf, const char *format, ...)
{
    va_list values;
    int n;

    va_start(values, format);
    n = vsnprintf(NULL, 0, format, values);
    va_end(values);
    MUST(n >= 0);
    if (!n || !fits(buf, (size_t)n))
        return;
    va_start(values, format);
    vsnprintf(buf->data + buf->len, (size_t)n + 1, format, values);
    va_end(values);
    buf->len += (size_t)n;
}

/* Copies text, with the bytes that a table names replaced by the table's text. */
static void add_replaced(struct buf *buf, const char *text, size_t n, const char *const table[256])
{
    const char *end = text + n, *from = text;

    for (; text < end; text++) {
        const char *with = table[(unsigned char)*text];

        if (!with)
            continue;
        buf_add(buf, from, (size_t)(text - from));
        buf_adds(buf, with);
        from = text + 1;
    }
    buf_add(buf, from, (size_t)(end - from));
}

void buf_html(struct buf *buf, const char *text, size_t n)
{
    static const char *const table[256] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"
    };

    add_replaced(buf, text, n, table);
}

void buf_json(struct buf *buf, const char *text, size_t n)
{
    static const char *const table[256] = {
        "\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006", "\\u0007",
        "\\b",     "\\t",     "\\n",     "\\u000b", "\\f",     "\\r",     "\\u000e", "\\u000f",
        "\\u0010", "\\u0011", "\\u0012", "\\u0013", "\\u0014", "\\u0015", "\\u0016", "\\u0017",
        "\\u0018", "\\u0019", "\\u001a", "\\u001b", "\\u001c", "\\u001d", "\\u001e", "\\u001f",
        ['"'] = "\\\"", ['\\'] = "\\\\"
    };

    add_replaced(buf, text, n, table);
}

static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

static void add_hex(struct buf *buf, const char *prefix, unsigned char c)
{
    static const char upper[] = "0123456789ABCDEF";

    buf_adds(buf, prefix);
    buf_addc(buf, upper[c >> 4]);
    buf_addc(buf, upper[c & 15]);
}

void buf_url(struct buf *buf, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (is_unreserved((unsigned char)text[i]))
            buf_addc(buf, text[i]);
        else
            add_hex(buf, "%", (unsigned char)text[i]);
    }
}

static bool cell_needs_quotes(const char *text, size_t n)
{
    if (n && (text[0] == ' ' || text[n - 1] == ' '))
        return true;
    for (size_t i = 0; i < n; i++)
        if (strchr("\",;\t\r\n", text[i]))
            return true;
    return false;
}

void buf_csv(struct buf *buf, const char *text, size_t n)
{
    static const char *const table[256] = { ['"'] = "\"\"" };
    bool quoted = cell_needs_quotes(text, n);

    if (quoted)
        buf_addc(buf, '"');
    if (sheet_formula(text, n, false))
        buf_addc(buf, '\'');
    add_replaced(buf, text, n, table);
    if (quoted)
        buf_addc(buf, '"');
}

void buf_log(struct buf *buf, const char *text, size_t n)
{
    bool valid;

    if (n > LOG_VALUE_MAX) {
        n = LOG_VALUE_MAX;
        while (n > LOG_VALUE_MAX - 3 && (text[n] & 0xC0) == 0x80)
            n--;
    }
    valid = utf8_valid(text, n);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        bool control = c < 0x20 || c == 0x7F;

        /* U+0080 to U+009F are control characters too: a terminal obeys them. */
        if (c == 0xC2 && i + 1 < n && (unsigned char)text[i + 1] < 0xA0)
            control = true;
        if (c >= 0x80 && c < 0xA0 && i && (unsigned char)text[i - 1] == 0xC2)
            control = true;
        if (control || c == '"' || c == '\\' || (c >= 0x80 && !valid))
            add_hex(buf, "\\x", c);
        else
            buf_addc(buf, text[i]);
    }
}
