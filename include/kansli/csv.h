/* csv.h: rows of a CSV text, with their headings. The only file that knows libcsv. */
#ifndef KANSLI_CSV_H
#define KANSLI_CSV_H

#include <kansli/arena.h>
#include <kansli/err.h>

struct csv;

/* Reads a whole CSV text (UTF-8, a BOM is skipped; delimiter , ; or tab found in the first line), at
 * most `max_rows` rows beside the headings, at most 500 columns. Cells have passed text_clean
 * and live in the arena; empty lines are skipped. E_INPUT, rule "malformed-csv", names the line
 * that is broken: a misplaced or unclosed quote, a row with more cells than headings, a heading
 * twice (an empty one may repeat), invalid text. E_TOO_BIG "import-too-big": a row too many, or more
 * than the arena may hold. */
NODISCARD enum code csv_read(struct arena *arena, const char *bytes, size_t n, size_t max_rows,
                             struct csv **out, struct err *err);
size_t csv_rows(const struct csv *csv);
size_t csv_columns(const struct csv *csv);
/* The heading of column c. */
const char *csv_heading(const struct csv *csv, size_t c);
/* The cells of row r, as many as were written, and the line on which it began. */
const char *const *csv_row(const struct csv *csv, size_t r, size_t *n, size_t *line);
/* The cell of row r (from 0, headings not counted) under a heading; "" where the row is short or
 * the column absent. Never NULL; r must be below csv_rows. */
const char *csv_cell(const struct csv *csv, size_t r, const char *heading);

#endif
