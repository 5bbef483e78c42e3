/* sheet.c: which kind of file it is, in which alphabet, and what a cell may say.
 *
 * Owns: recognising files, turning any of the alphabets that Swedish spreadsheets write into UTF-8,
 * and the conventions of a cell. CSV is csv.c's, workbooks are xlsx.c's. Must not know any column. */
#include <string.h>
#include <kansli/buf.h>
#include <kansli/csv.h>
#include <kansli/sheet.h>
#include <kansli/utf8.h>

/* ---------------------------------------------------------------- alphabets */

/* What Windows-1252 has from 0x80 to 0x9F; the five it leaves empty stay the controls that
 * text_clean refuses. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

static char *from_windows(struct arena *arena, const unsigned char *bytes, size_t n, size_t *length)
{
    char *text = arena_alloc(arena, 3 * n + 1), *to = text;
    for (size_t i = 0; i < n; i++) {
        uint32_t c = bytes[i];
        if (c >= 0x80 && c < 0xA0)
            c = windows_1252[c - 0x80];
        to += utf8_put(c, to);
    }
    *length = (size_t)(to - text);
    return text;
}

/* Half a pair becomes U+FFFD: the rest of the file can still be read. */
static char *from_utf16(struct arena *arena, const unsigned char *bytes, size_t n, bool big,
                        size_t *length)
{
    char *text = arena_alloc(arena, 3 * (n / 2) + 1), *to = text;
    uint32_t high = 0;
    for (size_t i = 0; i + 1 < n; i += 2) {
        uint32_t c = big ? (uint32_t)(bytes[i] << 8 | bytes[i + 1])
                         : (uint32_t)(bytes[i + 1] << 8 | bytes[i]);
        bool low = c >= 0xDC00 && c < 0xE000;
        if (high && low) {
            to += utf8_put(0x10000 + ((high - 0xD800) << 10) + (c - 0xDC00), to);
            high = 0;
            continue;
        }
        if (high)
            to += utf8_put(0xFFFD, to);
        high = c >= 0xD800 && c < 0xDC00 ? c : 0;
        if (!high)
            to += utf8_put(low ? 0xFFFD : c, to);
    }
    if (high)
        to += utf8_put(0xFFFD, to);
    *length = (size_t)(to - text);
    return text;
}

static const char *to_utf8(struct arena *arena, const char *bytes, size_t *n)
{
    const unsigned char *b = (const unsigned char *)bytes;
    bool little = *n >= 2 && b[0] == 0xFF && b[1] == 0xFE;
    bool big = *n >= 2 && b[0] == 0xFE && b[1] == 0xFF;
    if (little || big)
        return from_utf16(arena, b + 2, *n - 2, big, n);
    return utf8_valid(bytes, *n) ? bytes : from_windows(arena, b, *n, n);
}

/* ---------------------------------------------------------------- kinds of files */

static bool begins(const char *bytes, size_t n, const char *with, size_t length)
{
    return n >= length && !memcmp(bytes, with, length);
}
#define BEGINS(bytes, n, with) begins(bytes, n, with, sizeof(with) - 1)

/* A web page or XML that calls itself a spreadsheet. */
static bool is_markup(const char *text, size_t n)
{
    size_t at = BEGINS(text, n, "\xEF\xBB\xBF") ? 3 : 0;
    while (at < n && strchr(" \t\r\n", text[at]) && text[at])
        at++;
    return at + 1 < n && text[at] == '<' &&
           (text[at + 1] == '!' || text[at + 1] == '?' || (text[at + 1] | 0x20) == 'h' ||
            (text[at + 1] | 0x20) == 't');
}

static enum code unreadable(struct err *err, const char *msgid)
{
    return err_set(err, E_INPUT, "unreadable-file", msgid);
}

/* A first line "sep=;", which Excel writes for itself: libcsv finds the separator anyway. */
static void skip_separator_line(const char **text, size_t *n)
{
    size_t mark = BEGINS(*text, *n, "\xEF\xBB\xBF") ? 3 : 0;
    if (!begins(*text + mark, *n - mark, "sep=", 4))
        return;
    size_t at = mark;
    while (at < *n && (*text)[at] != '\n' && (*text)[at] != '\r')
        at++;
    *text += at;
    *n -= at;
}

static enum code read_csv(struct arena *arena, const char *bytes, size_t n, size_t max_rows,
                          struct sheet **out, struct err *err)
{
    struct csv *csv;
    const char *text = to_utf8(arena, bytes, &n);
    skip_separator_line(&text, &n);
    enum code c = csv_read(arena, text, n, max_rows, &csv, err);
    if (c)
        return c;
    struct sheet *sheet = arena_alloc(arena, sizeof *sheet);
    struct sheet_row *rows = arena_alloc(arena, (csv_rows(csv) + 1) * sizeof *rows);
    const char **headings = arena_alloc(arena, (csv_columns(csv) + 1) * sizeof *headings);
    for (size_t i = 0; i < csv_columns(csv); i++)
        headings[i] = csv_heading(csv, i);
    for (size_t r = 0; r < csv_rows(csv); r++)
        rows[r].cell = csv_row(csv, r, &rows[r].n, &rows[r].line);
    *sheet = (struct sheet){csv_columns(csv), csv_rows(csv), headings, rows};
    *out = sheet;
    return OK;
}

enum code sheet_read(struct arena *arena, const char *bytes, size_t n, size_t max_rows,
                     struct sheet **out, struct err *err)
{
    *out = NULL;
    if (!n)
        return unreadable(err, N_("The file is empty."));
    if (BEGINS(bytes, n, "PK\003\004") || BEGINS(bytes, n, "PK\005\006"))
        return xlsx_read(arena, bytes, n, max_rows, out, err);
    if (BEGINS(bytes, n, "\xD0\xCF\x11\xE0"))
        return unreadable(err,
                          N_("This is an old workbook (.xls), or one with a password. Save it as "
                             ".xlsx without a password, or as CSV."));
    if (BEGINS(bytes, n, "%PDF"))
        return unreadable(err, N_("This is a PDF. Save the table as .xlsx or CSV."));
    if (is_markup(bytes, n))
        return unreadable(err, N_("This is a web page or XML, whatever its name says. Open it in a "
                                  "spreadsheet and save it as .xlsx or CSV."));
    return read_csv(arena, bytes, n, max_rows, out, err);
}

const char *sheet_cell(const struct sheet *sheet, size_t row, size_t column)
{
    MUST(row < sheet->rows);
    return column < sheet->row[row].n ? sheet->row[row].cell[column] : "";
}

/* ---------------------------------------------------------------- cells */

bool sheet_formula(const char *text, size_t n, bool apostrophes)
{
    size_t at = 0;
    while (at < n && text[at] == '\'')
        at++;
    return at < n && memchr("=+-@\t\r", text[at], 6) && (at || !apostrophes);
}

const char *sheet_unguard(const char *text)
{
    return text + sheet_formula(text, strlen(text), true);
}

const char *sheet_join(struct arena *arena, const json_t *list)
{
    struct buf buf;
    json_t *one;
    size_t i;
    buf_init(&buf, 1 << 20);
    json_array_foreach((json_t *)list, i, one) {
        buf_adds(&buf, i ? "; " : "");
        for (const char *c = json_is_string(one) ? json_string_value(one) : ""; *c; c++)
            buf_adds(&buf, *c == ';' ? ";;" : (char[]){*c, '\0'});
    }
    const char *text = arena_strndup(arena, buf.data, buf.len);
    buf_release(&buf);
    return text;
}

json_t *sheet_split(struct arena *arena, const char *text)
{
    json_t *list = json_array();
    char *one = arena_alloc(arena, strlen(text) + 1), *clean;
    size_t n = 0;
    for (const char *c = text;; c++) {
        bool doubled = *c == ';' && c[1] == ';';
        if (*c && (*c != ';' || doubled)) {
            one[n++] = *c;
            c += doubled;
            continue;
        }
        if (!text_clean(arena, one, n, true, &clean) && *clean)
            json_push(list, json_text_new(clean));
        n = 0;
        if (!*c)
            return list;
    }
}
