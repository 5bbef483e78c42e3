/* xlsx.c: the first sheet of a workbook as rows of text; the only file that knows expat.
 *
 * Owns: the little of Office Open XML that a table needs: which sheet, shared and inline texts,
 * which styles are days, the two calendars. Formulas are not computed: the value that was kept with
 * them counts. A document type is refused, so that no entity exists; depth, the length of a token,
 * texts and cells are bounded. Must not know zip's limits (zip.c) or any column. */
#include <expat.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <kansli/buf.h>
#include <kansli/date.h>
#include <kansli/sheet.h>
#include <kansli/utf8.h>
#include <kansli/zip.h>

enum {
    DEPTH_MOST = 64,
    TOKEN_MOST = 256 * 1024, /* bytes that expat may gather before it says what they are */
    TEXT_MOST = 128 * 1024,  /* of one cell: a workbook's limit in the longest characters */
    TEXTS_MOST = 32 << 20,   /* of all shared texts, and of all cells */
    STRINGS_MOST = 1000000,
    STYLES_MOST = 65536,
    FORMATS_MOST = 4096,
    COLUMNS_MOST = 500,
    SERIAL_MOST = 2958465,   /* 9999-12-31 */
    NAME_MOST = 256
};

/* A workbook on its way in. */
struct book {
    struct arena *arena;
    struct err *err;
    struct zip_file_in *zip;
    enum code code;
    bool from_1904;
    char relation[NAME_MOST], target[NAME_MOST]; /* of the sheet that is read */
    const char **string;                         /* shared texts */
    size_t strings, strings_room;
    size_t text_bytes;
    bool *day_style;                             /* by style number: shown as a day or time */
    size_t styles;
    int day_format[FORMATS_MOST];                /* numbers of the book's own formats that are */
    size_t day_formats;
};

/* One part while it is read. */
struct part {
    struct book *book;
    XML_Parser parser;
    size_t fed;
    int depth;
    void (*start)(struct part *part, const char *name, const XML_Char **attributes);
    void (*end)(struct part *part, const char *name);
    struct buf text;
    bool taking;   /* characters belong to `text` */
    bool phonetic; /* how a text is spoken: not part of it */
    bool in_cell_formats;
    /* The sheet. */
    size_t max_rows, line, column, n, rows_room;
    char cell_type; /* 's'hared, 'i'nline, 't'ext, 'b'oolean, 'n'umber, 'e'rror, 'd'ay */
    size_t style;
    const char *cell[COLUMNS_MOST];
    size_t columns; /* of the headings; 0: none yet */
    const char *const *heading;
    struct sheet_row *row;
    size_t rows;
};

/* ---------------------------------------------------------------- faults */

static void stop(struct part *part, enum code code, const char *rule, const char *msgid)
{
    if (!part->book->code)
        part->book->code = err_set(part->book->err, code, rule, msgid);
    XML_StopParser(part->parser, XML_FALSE);
}

static void stop_broken(struct part *part)
{
    stop(part, E_INPUT, "malformed-workbook",
         N_("The workbook is damaged or locked. Open it in a spreadsheet and save it anew, without "
            "a "
            "password."));
}

static void stop_big(struct part *part)
{
    stop(part, E_TOO_BIG, "import-too-big",
         N_("The file holds too much. Take away what is not needed, or divide it."));
}

static void stop_at(struct part *part, const char *msgid)
{
    if (!part->book->code)
        part->book->code = err_setf(part->book->err, E_INPUT, "malformed-workbook", msgid, "line",
                                    arena_printf(part->book->arena, "%zu", part->line), NULL);
    XML_StopParser(part->parser, XML_FALSE);
}

static void stop_over(struct part *part)
{
    if (!part->book->code)
        part->book->code =
            err_setf(part->book->err, E_TOO_BIG, "import-too-big",
                     N_("At most {rows} rows are read at once. Divide the file."), "rows",
                     arena_printf(part->book->arena, "%zu", part->max_rows), NULL);
    XML_StopParser(part->parser, XML_FALSE);
}

/* ---------------------------------------------------------------- XML */

/* "x:row" → "row": what a prefix stands for is always the same here. */
static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static const char *attribute(const XML_Char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (!strcmp(local(attributes[0]), name))
            return attributes[1];
    return "";
}

static void on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
    struct part *part = data;
    if (part->book->code)
        return;
    if (++part->depth > DEPTH_MOST)
        stop_broken(part);
    else
        part->start(part, local(name), attributes);
}

static void on_end(void *data, const XML_Char *name)
{
    struct part *part = data;
    part->depth--;
    if (!part->book->code && part->end)
        part->end(part, local(name));
}

static void on_text(void *data, const XML_Char *text, int n)
{
    struct part *part = data;
    if (part->taking)
        buf_add(&part->text, text, (size_t)n);
    if (part->text.full)
        stop_big(part);
}

static void on_document_type(void *data, const XML_Char *name, const XML_Char *system,
                             const XML_Char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    stop_broken(data);
}

static bool feed(void *data, const char *bytes, size_t n)
{
    struct part *part = data;
    if (XML_Parse(part->parser, bytes, (int)n, XML_FALSE) != XML_STATUS_OK) {
        if (!part->book->code)
            stop_broken(part);
        return false;
    }
    part->fed += n;
    XML_Index at = XML_GetCurrentByteIndex(part->parser);
    if (at >= 0 && part->fed - (size_t)at > TOKEN_MOST)
        stop_big(part);
    return !part->book->code;
}

static void read_part(struct part *part, const char *name)
{
    struct book *book = part->book;
    part->parser = XML_ParserCreate(NULL);
    MUST(part->parser);
    XML_SetUserData(part->parser, part);
    XML_SetElementHandler(part->parser, on_start, on_end);
    XML_SetCharacterDataHandler(part->parser, on_text);
    XML_SetStartDoctypeDeclHandler(part->parser, on_document_type);
    buf_init(&part->text, TEXT_MOST);
    enum code c = zip_in_read(book->zip, name, feed, part, book->err);
    if (!book->code)
        book->code = c;
    if (!book->code && XML_Parse(part->parser, "", 0, XML_TRUE) != XML_STATUS_OK)
        stop_broken(part);
    buf_release(&part->text);
    XML_ParserFree(part->parser);
}

/* ---------------------------------------------------------------- which sheet */

static void workbook_start(struct part *part, const char *name, const XML_Char **attributes)
{
    struct book *book = part->book;
    if (!strcmp(name, "workbookPr")) {
        const char *from = attribute(attributes, "date1904");
        book->from_1904 = !strcmp(from, "1") || !strcmp(from, "true");
    } else if (!strcmp(name, "sheet") && !*book->relation) {
        const char *state = attribute(attributes, "state"), *id = attribute(attributes, "id");
        if ((!*state || !strcmp(state, "visible")) && strlen(id) < NAME_MOST)
            memcpy(book->relation, id, strlen(id) + 1);
    }
}

static void relations_start(struct part *part, const char *name, const XML_Char **attributes)
{
    struct book *book = part->book;
    const char *target = attribute(attributes, "Target");
    if (strcmp(name, "Relationship") || strcmp(attribute(attributes, "Id"), book->relation) ||
        strlen(target) + sizeof "xl/" > NAME_MOST)
        return;
    const char *at = *target == '/' ? target + 1 : arena_join(book->arena, "xl/", target, NULL);
    memcpy(book->target, at, strlen(at) + 1);
}

/* ---------------------------------------------------------------- which styles are days */

/* Formats that every workbook has without saying so. */
static bool built_in_day(long format)
{
    return (format >= 14 && format <= 22) || (format >= 27 && format <= 36) ||
           (format >= 45 && format <= 47) || (format >= 50 && format <= 58);
}

/* A format of the book's own: letters of a day or time outside quotes, brackets and escapes. */
static bool shows_day(const char *format)
{
    for (const char *c = format; *c; c++) {
        if (*c == '"' || *c == '[') {
            c = strchr(c + 1, *c == '"' ? '"' : ']');
            if (!c)
                return false;
        } else if (*c == '\\' || *c == '_' || *c == '*') {
            if (!*++c)
                return false;
        } else if (strchr("dDmMyYhHsS", *c)) {
            return true;
        }
    }
    return false;
}

static bool own_day(const struct book *book, long format)
{
    for (size_t i = 0; i < book->day_formats; i++)
        if (book->day_format[i] == format)
            return true;
    return false;
}

static void styles_start(struct part *part, const char *name, const XML_Char **attributes)
{
    struct book *book = part->book;
    long format = strtol(attribute(attributes, "numFmtId"), NULL, 10);
    if (!strcmp(name, "numFmt")) {
        if (shows_day(attribute(attributes, "formatCode")) && book->day_formats < FORMATS_MOST)
            book->day_format[book->day_formats++] = (int)format;
    } else if (!strcmp(name, "cellXfs")) {
        part->in_cell_formats = true;
    } else if (!strcmp(name, "xf") && part->in_cell_formats && book->styles < STYLES_MOST) {
        if (!book->day_style)
            book->day_style = arena_alloc(book->arena, STYLES_MOST * sizeof *book->day_style);
        book->day_style[book->styles++] = built_in_day(format) || own_day(book, format);
    }
}

static void styles_end(struct part *part, const char *name)
{
    if (!strcmp(name, "cellXfs"))
        part->in_cell_formats = false;
}

/* ---------------------------------------------------------------- texts */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

/* "_x000D_": a character that XML or a workbook cannot hold as it is. */
static void unescape(struct buf *text)
{
    char *to = text->data;
    for (char *from = text->data; *from;) {
        int c = 0, digit = 0;
        for (int i = 2; from[0] == '_' && from[1] == 'x' && i < 6 && digit >= 0; i++) {
            digit = hex_value(from[i]);
            c = c << 4 | digit;
        }
        bool escaped = from[0] == '_' && from[1] == 'x' && digit >= 0 && from[6] == '_' && c &&
                       (c < 0xD800 || c > 0xDFFF);
        if (escaped) {
            to += utf8_put((uint32_t)c, to);
            from += 7;
        } else {
            *to++ = *from++;
        }
    }
    if (text->len)
        *to = '\0';
    text->len = (size_t)(to - text->data);
}

/* Clean text in the arena, counted; NULL after a fault. */
static const char *keep(struct part *part, const char *text, size_t n)
{
    char *clean = NULL;
    part->book->text_bytes += n + 16;
    if (part->book->text_bytes > TEXTS_MOST) {
        stop_big(part);
        return NULL;
    }
    enum text_fault fault = text_clean(part->book->arena, text, n, true, &clean);
    if (fault)
        stop_at(part, N_("Line {line} has invisible characters in it."));
    return fault ? NULL : clean;
}

static void strings_start(struct part *part, const char *name, const XML_Char **attributes)
{
    (void)attributes;
    if (!strcmp(name, "si"))
        buf_clear(&part->text);
    else if (!strcmp(name, "rPh"))
        part->phonetic = true;
    else if (!strcmp(name, "t"))
        part->taking = !part->phonetic;
}

static void keep_string(struct part *part)
{
    struct book *book = part->book;
    if (book->strings == STRINGS_MOST) {
        stop_big(part);
        return;
    }
    if (book->strings == book->strings_room) {
        book->strings_room = book->strings_room ? book->strings_room * 2 : 1024;
        book->string = must_realloc(book->string, book->strings_room * sizeof *book->string);
    }
    unescape(&part->text);
    const char *text = keep(part, part->text.data, part->text.len);
    book->string[book->strings++] = text ? text : "";
}

static void strings_end(struct part *part, const char *name)
{
    if (!strcmp(name, "t"))
        part->taking = false;
    else if (!strcmp(name, "rPh"))
        part->phonetic = false;
    else if (!strcmp(name, "si"))
        keep_string(part);
}

/* ---------------------------------------------------------------- cells */

/* "AB12" → 27; SIZE_MAX when it does not say. */
static size_t column_of(const char *reference)
{
    size_t n = 0;
    const char *c = reference;
    for (; *c >= 'A' && *c <= 'Z' && n < 1000000; c++)
        n = n * 26 + (size_t)(*c - 'A' + 1);
    return c == reference ? SIZE_MAX : n - 1;
}

static size_t count(const char *text, size_t fallback)
{
    size_t digits = strspn(text, "0123456789");
    return digits && digits < 9 && !text[digits] ? (size_t)strtol(text, NULL, 10) : fallback;
}

static char cell_type(const char *type)
{
    if (!strcmp(type, "s") || !strcmp(type, "b") || !strcmp(type, "e") || !strcmp(type, "d"))
        return *type;
    if (!strcmp(type, "str"))
        return 't';
    return !strcmp(type, "inlineStr") ? 'i' : 'n';
}

static void sheet_start(struct part *part, const char *name, const XML_Char **attributes)
{
    if (!strcmp(name, "row")) {
        part->line = count(attribute(attributes, "r"), part->line + 1);
        part->n = 0;
        part->column = 0;
    } else if (!strcmp(name, "c")) {
        size_t at = column_of(attribute(attributes, "r"));
        part->column = at == SIZE_MAX ? part->column : at;
        part->cell_type = cell_type(attribute(attributes, "t"));
        part->style = count(attribute(attributes, "s"), 0);
        buf_clear(&part->text);
    } else if (!strcmp(name, "rPh")) {
        part->phonetic = true;
    } else if (!strcmp(name, "v") || (!strcmp(name, "t") && !part->phonetic)) {
        part->taking = true;
    }
}

/* A day of the workbook's calendar, with the time when there is one. The calendar of 1900 has a 29
 * February that never was: before it, days lie one further on. */
static const char *day_text(struct book *book, double serial)
{
    char day[DAY_SIZE];
    double whole = floor(serial);
    int minutes = (int)floor((serial - whole) * 1440 + 0.5);
    if (minutes == 1440) {
        whole += 1;
        minutes = 0;
    }
    const char *time = arena_printf(book->arena, "%02d:%02d", minutes / 60, minutes % 60);
    if (whole < 1 && !book->from_1904)
        return time;
    if (book->from_1904)
        day_add("1904-01-01", (int)whole, day);
    else
        day_add(whole > 60 ? "1899-12-30" : "1899-12-31", (int)whole, day);
    return minutes ? arena_printf(book->arena, "%s %s", day, time) : arena_strdup(book->arena, day);
}

/* "46000" as it would be shown: a day where the style says so, a whole number without a point. */
static const char *number_text(struct part *part)
{
    struct book *book = part->book;
    char *end = NULL;
    double value = strtod(part->text.data, &end);
    bool day = part->style < book->styles && book->day_style[part->style];
    if (end == part->text.data || *end || !isfinite(value))
        return part->text.data;
    if (day && value >= 0 && value <= SERIAL_MOST)
        return day_text(book, value);
    return arena_printf(book->arena, fabs(value) < 1e15 && floor(value) == value ? "%.0f" : "%.15g",
                        value);
}

static const char *cell_text(struct part *part)
{
    const struct book *book = part->book;
    if (!part->text.len)
        return "";
    if (part->cell_type == 's') {
        size_t i = count(part->text.data, SIZE_MAX);
        if (i >= book->strings) {
            stop_broken(part);
            return "";
        }
        return book->string[i];
    }
    if (part->cell_type == 'b')
        return !strcmp(part->text.data, "1") ? "true" : "false";
    if (part->cell_type == 'n')
        return number_text(part);
    unescape(&part->text);
    return part->text.data;
}

static void end_cell(struct part *part)
{
    size_t at = part->column++;
    const char *text = cell_text(part);
    if (part->book->code || !*text)
        return;
    if (at >= COLUMNS_MOST) {
        stop_at(part, N_("Line {line} has more than 500 cells."));
        return;
    }
    while (part->n <= at)
        part->cell[part->n++] = "";
    text = keep(part, text, strlen(text));
    part->cell[at] = text ? text : "";
}

static const char *const *cells_kept(struct part *part)
{
    const char **cells = arena_alloc(part->book->arena, (part->n + 1) * sizeof *cells);
    memcpy(cells, part->cell, part->n * sizeof *cells);
    return cells;
}

static void take_headings(struct part *part)
{
    part->columns = part->n;
    part->heading = cells_kept(part);
    for (size_t i = 0; i < part->n; i++)
        for (size_t k = 0; k < i; k++)
            if (*part->heading[i] && !strcmp(part->heading[i], part->heading[k]))
                stop_at(part, N_("Line {line} has the same heading twice."));
}

/* A row that says nothing is none: sheets have thousands of them, with borders. */
static void end_row(struct part *part)
{
    while (part->n && !*part->cell[part->n - 1])
        part->n--;
    if (!part->n)
        return;
    if (!part->columns) {
        take_headings(part);
    } else if (part->n > part->columns) {
        stop_at(part, N_("Line {line} has more cells than headings."));
    } else if (part->rows == part->max_rows) {
        stop_over(part);
    } else if (arena_full(part->book->arena)) {
        stop_big(part);
    } else {
        if (part->rows == part->rows_room) {
            part->rows_room = part->rows_room ? part->rows_room * 2 : 256;
            part->row = must_realloc(part->row, part->rows_room * sizeof *part->row);
        }
        part->row[part->rows++] = (struct sheet_row){part->line, part->n, cells_kept(part)};
    }
}

static void sheet_end(struct part *part, const char *name)
{
    if (!strcmp(name, "c"))
        end_cell(part);
    else if (!strcmp(name, "row"))
        end_row(part);
    else if (!strcmp(name, "rPh"))
        part->phonetic = false;
    else if (!strcmp(name, "v") || !strcmp(name, "t"))
        part->taking = false;
}

/* ---------------------------------------------------------------- the whole */

/* A part that need not be there. */
static void read_optional(struct book *book, const char *name,
                          void (*start)(struct part *, const char *, const XML_Char **),
                          void (*end)(struct part *, const char *))
{
    struct part part = {.book = book, .start = start, .end = end};
    if (!book->code && zip_in_has(book->zip, name))
        read_part(&part, name);
}

static void read_sheet(struct book *book, size_t max_rows, struct sheet **out)
{
    struct part *part = arena_alloc(book->arena, sizeof *part);
    *part = (struct part){
        .book = book, .start = sheet_start, .end = sheet_end, .max_rows = max_rows};
    read_part(part, book->target);
    if (!book->code && !part->columns)
        book->code = err_set(book->err, E_INPUT, "malformed-workbook",
                             N_("The first sheet of the workbook has no headings."));
    if (!book->code) {
        struct sheet *sheet = arena_alloc(book->arena, sizeof *sheet);
        struct sheet_row *rows = arena_alloc(book->arena, (part->rows + 1) * sizeof *rows);
        if (part->rows)
            memcpy(rows, part->row, part->rows * sizeof *rows);
        *sheet = (struct sheet){part->columns, part->rows, part->heading, rows};
        *out = sheet;
    }
    free(part->row);
}

enum code xlsx_read(struct arena *arena, const char *bytes, size_t n, size_t max_rows,
                    struct sheet **out, struct err *err)
{
    struct book *book = arena_alloc(arena, sizeof *book);
    *out = NULL;
    *book = (struct book){.arena = arena, .err = err};
    enum code c = zip_in_open(bytes, n, &book->zip, err);
    if (c)
        return c;
    if (!zip_in_has(book->zip, "xl/workbook.xml"))
        book->code = err_set(err, E_INPUT, "unreadable-file",
                             N_("This is no Excel workbook. Save the table as .xlsx or CSV."));
    read_optional(book, "xl/workbook.xml", workbook_start, NULL);
    read_optional(book, "xl/_rels/workbook.xml.rels", relations_start, NULL);
    read_optional(book, "xl/styles.xml", styles_start, styles_end);
    read_optional(book, "xl/sharedStrings.xml", strings_start, strings_end);
    if (!book->code)
        read_sheet(book, max_rows, out);
    zip_in_close(book->zip);
    free(book->string);
    return book->code;
}
