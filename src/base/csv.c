/* csv.c: a CSV text as rows under headings; the only file that knows libcsv.
 *
 * Owns: what a CSV file may look like. Knows no column's meaning. The text is fed to libcsv line by
 * line, because libcsv says that something is wrong but not where, and the person who has to mend a
 * file of a thousand rows needs the line. The first fault ends the reading. */
#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include <kansli/csv.h>
#include <kansli/utf8.h>

enum { COLUMNS_MAX = 500 };

struct row {
    const char **cells;
    size_t n, line;
};

struct csv {
    struct row headings;
    struct row *rows;
    size_t n_rows;
};

/* What lives while a text is read. */
struct reading {
    struct arena *arena;
    struct csv *csv;
    size_t max_rows, room;
    const char *cells[COLUMNS_MAX]; /* of the row being read */
    size_t n_cells;
    size_t line, row_line; /* now, and where the row began */
    const char *fault;     /* the first one's text, or NULL */
    size_t fault_line;
    bool over; /* the fault is that there is too much: rows, or bytes for the arena */
};

static void fault(struct reading *r, size_t line, const char *text)
{
    if (r->fault)
        return;
    r->fault = text;
    r->fault_line = line;
}

static void take_cell(void *bytes, size_t n, void *data)
{
    struct reading *r = data;
    char *text = NULL;

    if (r->fault)
        return;
    if (r->n_cells == (r->csv->headings.cells ? r->csv->headings.n : COLUMNS_MAX)) {
        fault(r, r->row_line, N_("Line {line} has more cells than headings."));
        return;
    }
    if (!n) { /* most are, in some tables */
        r->cells[r->n_cells++] = "";
        return;
    }
    switch (text_clean(r->arena, bytes, n, true, &text)) {
    case TEXT_OK:
        r->cells[r->n_cells++] = text;
        break;
    case TEXT_INVALID:
        fault(r, r->row_line, N_("Line {line} is not UTF-8 text."));
        break;
    case TEXT_CONTROL:
    case TEXT_BIDI:
        fault(r, r->row_line, N_("Line {line} has invisible characters in it."));
        break;
    }
}

/* Columns without a heading are allowed, spreadsheets leave them behind; nobody can ask for
 * them. */
static void check_headings(struct reading *r)
{
    const struct row *h = &r->csv->headings;

    for (size_t i = 0; i < h->n; i++)
        for (size_t k = 0; k < i; k++)
            if (*h->cells[i] && strcmp(h->cells[i], h->cells[k]) == 0)
                fault(r, r->row_line, N_("Line {line} has the same heading twice."));
}

static void take_row(int end, void *data)
{
    struct reading *r = data;
    struct csv *csv = r->csv;
    struct row row = { .n = r->n_cells, .line = r->row_line };

    (void)end;
    if (r->fault)
        return;
    row.cells = arena_alloc(r->arena, (row.n + 1) * sizeof *row.cells);
    if (row.n)
        memcpy(row.cells, r->cells, row.n * sizeof *row.cells);
    r->n_cells = 0;
    if (!csv->headings.cells) {
        csv->headings = row;
        check_headings(r);
    } else if (csv->n_rows == r->max_rows) {
        r->over = !r->fault;
        fault(r, r->row_line, N_("At most {rows} rows are read at once. Divide the file."));
    } else if (arena_full(r->arena)) {
        r->over = !r->fault;
        fault(r, r->row_line, N_("The file holds too much. Take away what is not needed, or divide "
                                 "it."));
    } else {
        if (csv->n_rows == r->room) {
            r->room = r->room ? r->room * 2 : 64;
            csv->rows = must_realloc(csv->rows, r->room * sizeof *csv->rows);
        }
        csv->rows[csv->n_rows++] = row;
    }
    r->row_line = 0;
}

/* The one that the headings have most of: Swedish spreadsheets write semicolons, "Unicode text" is
 * written with tabs. */
static unsigned char find_delimiter(const char *p, const char *end)
{
    size_t commas = 0, semicolons = 0, tabs = 0;
    bool quoted = false;

    while (p < end && (*p == '\n' || *p == '\r')) /* as far as the headings */
        p++;
    for (; p < end && (quoted || (*p != '\n' && *p != '\r')); p++) {
        if (*p == '"')
            quoted = !quoted;
        commas += *p == ',' && !quoted;
        semicolons += *p == ';' && !quoted;
        tabs += *p == '\t' && !quoted;
    }
    if (tabs > commas && tabs > semicolons)
        return '\t';
    return semicolons > commas ? ';' : ',';
}

/* Past the line's end: LF, CR LF or CR alone. */
static const char *line_end(const char *p, const char *end)
{
    while (p < end && *p != '\n' && *p != '\r')
        p++;
    if (p < end && *p++ == '\r' && p < end && *p == '\n')
        p++;
    return p;
}

/* Between rows libcsv passes over such a line without a word. */
static bool is_blank(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
        p++;
    return p == end;
}

static void read_lines(struct reading *r, struct csv_parser *parser, const char *p, const char *end)
{
    while (p < end && !r->fault) {
        const char *next = line_end(p, end);
        size_t n = (size_t)(next - p);

        r->line++;
        if (!r->row_line && !is_blank(p, next))
            r->row_line = r->line;
        if (csv_parse(parser, p, n, take_cell, take_row, r) != n)
            fault(r, r->line, N_("Line {line} has a quotation mark where none belongs."));
        p = next;
    }
    if (!r->fault && csv_fini(parser, take_cell, take_row, r))
        fault(r, r->row_line, N_("Line {line} opens a quotation mark that is never closed."));
    if (!r->fault && !r->csv->headings.cells)
        fault(r, 1, N_("The file has no headings."));
}

/* The rows move to the arena, where everything else of them is. */
static void settle_rows(struct reading *r)
{
    struct row *rows = arena_alloc(r->arena, (r->csv->n_rows + 1) * sizeof *rows);

    if (r->csv->n_rows)
        memcpy(rows, r->csv->rows, r->csv->n_rows * sizeof *rows);
    free(r->csv->rows);
    r->csv->rows = rows;
}

enum code csv_read(struct arena *arena, const char *bytes, size_t n, size_t max_rows,
                   struct csv **out, struct err *err)
{
    const char *p = bytes, *end = bytes + n;
    struct csv_parser parser;
    struct reading r = { .arena = arena, .max_rows = max_rows };

    *out = NULL;
    r.csv = arena_alloc(arena, sizeof *r.csv);
    if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
        p += 3;
    MUST(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) == 0);
    csv_set_realloc_func(&parser, must_realloc);
    csv_set_delim(&parser, find_delimiter(p, end));
    read_lines(&r, &parser, p, end);
    csv_free(&parser);
    settle_rows(&r);
    if (r.over)
        return err_setf(err, E_TOO_BIG, "import-too-big", r.fault, "rows",
                        arena_printf(arena, "%zu", max_rows), NULL);
    if (r.fault)
        return err_setf(err, E_INPUT, "malformed-csv", r.fault, "line",
                        arena_printf(arena, "%zu", r.fault_line), NULL);
    *out = r.csv;
    return OK;
}

size_t csv_rows(const struct csv *csv)
{
    return csv->n_rows;
}

size_t csv_columns(const struct csv *csv)
{
    return csv->headings.n;
}

const char *csv_heading(const struct csv *csv, size_t c)
{
    MUST(c < csv->headings.n);
    return csv->headings.cells[c];
}

const char *const *csv_row(const struct csv *csv, size_t r, size_t *n, size_t *line)
{
    MUST(r < csv->n_rows);
    *n = csv->rows[r].n;
    *line = csv->rows[r].line;
    return csv->rows[r].cells;
}

const char *csv_cell(const struct csv *csv, size_t r, const char *heading)
{
    MUST(r < csv->n_rows);
    for (size_t c = 0; *heading && c < csv->rows[r].n; c++)
        if (strcmp(csv->headings.cells[c], heading) == 0)
            return csv->rows[r].cells[c];
    return "";
}
