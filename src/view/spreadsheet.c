/* spreadsheet.c: rows of cells become a CSV file or a workbook; the only file that knows
 * libxlsxwriter.
 *
 * Owns: how a cell is written so that no spreadsheet takes it for a formula, and so that reading it
 * back loses nothing (sheet.h has the rule). A workbook is written row by row (constant_memory)
 * into a file that has no name: libxlsxwriter 1.1.4 wants a file name and gives no memory buffer,
 * so it gets the one that Linux has for an open memory file. Must not know where rows come from. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>
#include <kansli/date.h>
#include <kansli/sheet.h>
#include <kansli/utf8.h>
#include <kansli/view.h>

enum {
    FILE_MOST = 64 << 20,
    CELL_MOST = 32767, /* characters that a workbook's cell holds */
    WIDTH = 22         /* of a column, in characters */
};

struct spreadsheet {
    struct sheet_out out; /* first: what is handed out */
    enum sheet_format format;
    struct buf csv;
    const char *title, *day;
    int fd; /* of the memory file */
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *date;
    lxw_row_t rows;
    bool failed;
};

/* ---------------------------------------------------------------- CSV */

static void csv_line(struct buf *csv, const char *text, bool first)
{
    if (!first)
        buf_addc(csv, ';');
    buf_csv(csv, text, strlen(text));
}

/* With the comma that Swedish spreadsheets read decimals by. */
static void csv_number(struct buf *csv, const char *digits, bool first)
{
    if (!first)
        buf_addc(csv, ';');
    for (; *digits; digits++)
        buf_addc(csv, *digits == '.' ? ',' : *digits);
}

static void csv_begin(struct sheet_out *out, const char *const *headings, size_t n)
{
    struct spreadsheet *s = (struct spreadsheet *)out;
    buf_clear(&s->csv);
    buf_adds(&s->csv, "\xEF\xBB\xBF");
    for (size_t i = 0; i < n; i++)
        csv_line(&s->csv, headings[i], !i);
    buf_adds(&s->csv, "\r\n");
}

static void csv_row(struct sheet_out *out, const struct cell *cells, size_t n)
{
    struct spreadsheet *s = (struct spreadsheet *)out;
    for (size_t i = 0; i < n; i++)
        if (cells[i].kind == CELL_NUMBER)
            csv_number(&s->csv, cells[i].text, !i);
        else
            csv_line(&s->csv, cells[i].text, !i);
    buf_adds(&s->csv, "\r\n");
}

/* ---------------------------------------------------------------- workbooks */

static void book_drop(struct spreadsheet *s)
{
    lxw_workbook_free(s->book);
    s->book = NULL;
}

static void book_open(struct spreadsheet *s)
{
    char name[32];
    snprintf(name, sizeof name, "/proc/self/fd/%d", s->fd);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    s->book = workbook_new_opt(name, &options);
    s->sheet = s->book ? workbook_add_worksheet(s->book, s->title) : NULL;
    s->failed = s->failed || !s->sheet;
    if (s->failed)
        return;
    char made[INSTANT_SIZE];
    snprintf(made, sizeof made, "%sT00:00:00.000Z", s->day);
    lxw_doc_properties properties = {.created = (time_t)instant_seconds(made)};
    workbook_set_properties(s->book, &properties);
    s->date = workbook_add_format(s->book);
    format_set_num_format(s->date, "yyyy-mm-dd");
}

/* "_x000D_" is how a workbook writes a carriage return: a text that says so has its "_" escaped. */
static bool is_escape(const char *text)
{
    return text[0] == '_' && text[1] == 'x' && strspn(text + 2, "0123456789abcdefABCDEF") >= 4 &&
           text[6] == '_';
}

static void write_text(struct spreadsheet *s, lxw_col_t column, const char *text,
                       lxw_format *format)
{
    struct buf cell;
    size_t n = strlen(text);
    if (!n)
        return;
    buf_init(&cell, SIZE_MAX);
    if (sheet_formula(text, n, true))
        buf_addc(&cell, '\'');
    for (const char *c = text; *c; c++) {
        buf_adds(&cell, is_escape(c) ? "_x005F" : "");
        buf_addc(&cell, *c);
    }
    if (utf8_length(cell.data) > CELL_MOST) { /* nothing that is sent in is that long */
        const char *end = cell.data;
        for (int i = 0; i < CELL_MOST; i++)
            utf8_next(&end);
        cell.data[end - cell.data] = '\0';
    }
    s->failed |= worksheet_write_string(s->sheet, s->rows, column, cell.data, format) != 0;
    buf_release(&cell);
}

/* A workbook's calendar begins in 1900, with a day that never was: what lies before March stays
 * text. */
static void write_day(struct spreadsheet *s, lxw_col_t column, const char *day)
{
    if (strcmp(day, "1900-03-01") < 0) {
        write_text(s, column, day, NULL);
        return;
    }
    lxw_datetime at = {(int)strtol(day, NULL, 10), (int)strtol(day + 5, NULL, 10),
                       (int)strtol(day + 8, NULL, 10), 0, 0, 0};
    s->failed |= worksheet_write_datetime(s->sheet, s->rows, column, &at, s->date) != 0;
}

static void book_begin(struct sheet_out *out, const char *const *headings, size_t n)
{
    struct spreadsheet *s = (struct spreadsheet *)out;
    if (s->book)
        book_drop(s);
    s->rows = 0;
    book_open(s);
    if (s->failed)
        return;
    lxw_format *bold = workbook_add_format(s->book);
    format_set_bold(bold);
    worksheet_freeze_panes(s->sheet, 1, 0);
    if (n)
        worksheet_set_column(s->sheet, 0, (lxw_col_t)(n - 1), WIDTH, NULL);
    for (size_t i = 0; i < n; i++)
        write_text(s, (lxw_col_t)i, headings[i], bold);
    s->rows++;
}

static void book_row(struct sheet_out *out, const struct cell *cells, size_t n)
{
    struct spreadsheet *s = (struct spreadsheet *)out;
    for (size_t i = 0; i < n && !s->failed; i++) {
        const struct cell *cell = &cells[i];
        lxw_col_t column = (lxw_col_t)i;
        if (cell->kind == CELL_NUMBER && *cell->text)
            s->failed |= worksheet_write_number(s->sheet, s->rows, column,
                                                strtod(cell->text, NULL), NULL) != 0;
        else if (cell->kind == CELL_DAY && *cell->text)
            write_day(s, column, cell->text);
        else
            write_text(s, column, cell->text, NULL);
    }
    s->rows++;
}

static enum code book_end(struct spreadsheet *s, struct buf *bytes, struct err *err)
{
    struct stat info;
    if (!s->failed) {
        s->failed = workbook_close(s->book) != LXW_NO_ERROR;
        s->book = NULL;
    }
    if (s->failed || fstat(s->fd, &info))
        return err_set(err, E_STORAGE, "storage",
                       N_("The disk is full or cannot be written to. Reading still works."));
    size_t size = (size_t)info.st_size;
    void *map = size && size <= bytes->ceiling
                    ? mmap(NULL, size, PROT_READ, MAP_SHARED, s->fd, 0)
                    : MAP_FAILED;
    if (map != MAP_FAILED) {
        buf_add(bytes, map, size);
        munmap(map, size);
    }
    return map == MAP_FAILED ? E_TOO_BIG : OK;
}

/* ---------------------------------------------------------------- the file */

struct sheet_out *sheet_new(enum sheet_format format, const char *title, const char *day)
{
    struct spreadsheet *s = must_calloc(1, sizeof *s);
    s->format = format;
    s->title = title;
    s->day = day;
    s->fd = -1;
    buf_init(&s->csv, FILE_MOST);
    s->out = (struct sheet_out){csv_begin, csv_row};
    if (format == SHEET_XLSX) {
        s->out = (struct sheet_out){book_begin, book_row};
        s->fd = memfd_create("export", MFD_CLOEXEC);
        s->failed = s->fd < 0;
    }
    return &s->out;
}

enum code sheet_end(struct sheet_out *out, struct buf *bytes, struct err *err)
{
    struct spreadsheet *s = (struct spreadsheet *)out;
    enum code c = OK;
    if (s->format == SHEET_XLSX)
        c = book_end(s, bytes, err);
    else if (s->csv.full || s->csv.len > bytes->ceiling)
        c = E_TOO_BIG;
    else
        buf_add(bytes, s->csv.data, s->csv.len);
    return c == E_TOO_BIG ? err_set(err, E_TOO_BIG, "answer-too-big",
                                    N_("The answer is too big. Ask for less at a time."))
                          : c;
}

void sheet_free(struct sheet_out *out)
{
    struct spreadsheet *s = (struct spreadsheet *)out;
    if (!s)
        return;
    if (s->book)
        book_drop(s);
    if (s->fd >= 0)
        close(s->fd);
    buf_release(&s->csv);
    free(s);
}
