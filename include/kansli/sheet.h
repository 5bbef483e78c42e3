/* sheet.h: tables of text that people keep in files, CSV and XLSX: read here, and what both ways
 * agree on.
 *
 * A file from outside is hostile until it is read: sizes are counted while it is unpacked, never
 * believed. What a cell says is text; a day in a workbook's calendar becomes YYYY-MM-DD, a formula
 * its last value. Writing is view.h's: a list in core goes through `struct sheet_out`, because core
 * knows no view. */
#ifndef KANSLI_SHEET_H
#define KANSLI_SHEET_H

#include <kansli/arena.h>
#include <kansli/err.h>
#include <kansli/json.h>

/* ---- reading ---- */

struct sheet_row {
    size_t line, n;           /* the file's line or row, from 1; cells */
    const char *const *cell;  /* clean text, never NULL */
};

struct sheet {
    size_t columns, rows;
    const char *const *heading; /* "" for a column without one */
    const struct sheet_row *row;
};

/* Reads a whole file: CSV (separator ; , or tab; UTF-8, UTF-16 with a mark, else Windows-1252) or
 * the first visible sheet of an XLSX workbook. The first row that says anything is the headings;
 * empty rows are left out. At most `max_rows` rows, 500 columns. What it gives lives in the arena.
 * E_INPUT: "malformed-csv" as in csv.h, "malformed-workbook" for a broken or forged workbook,
 * "unreadable-file" for what is neither (an old or locked workbook, a web page, a PDF). E_TOO_BIG
 * "import-too-big": more than `max_rows` rows, more than 64 MB when unpacked, more than a hundred
 * times the file, over 1 000 parts, over 32 MB of text. */
NODISCARD enum code sheet_read(struct arena *arena, const char *bytes, size_t n, size_t max_rows,
                               struct sheet **out, struct err *err);
/* A cell; "" where the row is short. */
const char *sheet_cell(const struct sheet *sheet, size_t row, size_t column);

/* The same for a workbook that sheet_read has recognised (xlsx.c, the only expat.h). */
NODISCARD enum code xlsx_read(struct arena *arena, const char *bytes, size_t n, size_t max_rows,
                              struct sheet **out, struct err *err);

/* ---- what both ways agree on ---- */

/* A text that a spreadsheet would take for a formula has an apostrophe before it in a file, and so
 * has one that begins with apostrophes and then looks like that: the reader takes one away, and
 * nothing is lost. True for texts that look like it; `apostrophes`: only those that have some. */
bool sheet_formula(const char *text, size_t n, bool apostrophes);
/* The text of a cell without the apostrophe that keeps it from being a formula. Borrowed. */
const char *sheet_unguard(const char *text);
/* A list in one cell: "a; b"; a semicolon within an element is doubled. */
const char *sheet_join(struct arena *arena, const json_t *list);
/* And back: an array of trimmed texts without empty ones, new reference. */
json_t *sheet_split(struct arena *arena, const char *text);

/* ---- writing ---- */

enum cell_kind { CELL_TEXT, CELL_DAY, CELL_NUMBER };
struct cell {
    enum cell_kind kind;
    const char *text; /* "" for nothing; a day as YYYY-MM-DD, a number in digits */
};

/* Where the rows of a long list go, one after the other. */
struct sheet_out {
    /* The headings; said again, all rows so far are forgotten. */
    void (*begin)(struct sheet_out *out, const char *const *headings, size_t n);
    void (*row)(struct sheet_out *out, const struct cell *cells, size_t n);
};

#endif
