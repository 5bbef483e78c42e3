/* matrix.c: the places that a group should be drawn from, against what its members should know.
 *
 * Owns the one table that shows both at once: a line for each healthcare region, or for each region
 * where the group is regional; a column for each competence, capacity or role that is asked for. A
 * cell is outlined only where a required row asks for it and does not get it. Must not know HTML.
 */
#include <string.h>
#include "internal.h"

enum { COLUMNS_MOST = 10 };

struct matrix {
    struct ctx *ctx;
    json_t *document;
};

static enum row_type lines_of(const struct profile *profile)
{
    return profile->healthcare_region || profile->region ? EACH_REGION : EACH_HEALTHCARE_REGION;
}

/* A row that asks for nothing but places or a body is no column: the last one counts its seats. */
static size_t choose_columns(const struct profile *profile, const struct row **column)
{
    size_t n = 0;
    for (size_t i = 0; i < profile->rows && n < COLUMNS_MOST; i++) {
        const struct row *row = &profile->row[i];
        if (row->competence || row->capacity || row->role)
            column[n++] = row;
    }
    return n;
}

static void put_column(json_t *columns, const struct row *row)
{
    json_t *column = json_push(columns, json_object());
    json_put(column, "text", row->text);
    json_put(column, "competence", row->competence_name);
    json_put(column, "capacity", row->capacity);
    json_put(column, "role", row->role);
}

static bool on_line(const struct profile *profile, const struct seat *seat,
                    const struct place *line)
{
    return (lines_of(profile) == EACH_REGION ? seat->region : seat->healthcare_region) == line;
}

/* Those who fit the row (NULL: who have a seat), on that line (NULL: on all and on none). */
static int cell_count(const struct profile *profile, const struct row *row,
                      const struct place *line, const char *day)
{
    static const struct row any = {.type = OF_CAPACITY};
    int n = 0;
    for (size_t i = 0; i < profile->seats; i++) {
        const struct seat *seat = &profile->seat[i];
        n += in_force(seat->start, seat->end, day) && (!line || on_line(profile, seat, line)) &&
             row_fits(row ? row : &any, seat);
    }
    return n;
}

static bool each_line(const struct profile *profile, const struct row *row)
{
    return row->type == lines_of(profile) && !strcmp(row->weight, "required");
}

/* A row that asks for every line, without more, is what the line's sum must meet. */
static bool sum_missing(const struct profile *profile, int n)
{
    for (size_t i = 0; i < profile->rows; i++) {
        const struct row *row = &profile->row[i];
        if (each_line(profile, row) && !row->competence && !row->capacity && !row->role &&
            !row->body && n < row->least)
            return true;
    }
    return false;
}

static void add_cell(json_t *cells, int n, bool missing)
{
    json_t *cell = json_push(cells, json_object());
    json_put_int(cell, "count", n);
    json_put(cell, "state", missing ? "missing" : n > 1 ? "many" : n == 1 ? "one" : "none");
}

static json_t *add_line(json_t *lines, const char *id, const char *name)
{
    json_t *line = json_push(lines, json_object());
    json_put(line, "organisationId", id);
    json_put(line, "name", name);
    return json_put_new(line, "cells", json_array());
}

static void fill_line(const struct profile *profile, const struct row *const *column,
                      size_t columns, const struct place *place, const char *day, json_t *cells)
{
    int sum = cell_count(profile, NULL, place, day);
    add_cell(cells, sum, place && sum_missing(profile, sum));
    for (size_t i = 0; i < columns; i++) {
        const struct row *row = column[i];
        int n = cell_count(profile, row, place, day);
        bool missing = place ? each_line(profile, row) && n < row->least
                             : !strcmp(row->weight, "required") &&
                                   row_status(profile, row, day) != COVERED;
        add_cell(cells, n, missing);
    }
}

static void make_matrix(struct profile *profile, void *arg)
{
    struct matrix *matrix = arg;
    struct ctx *ctx = matrix->ctx;
    const struct row *column[COLUMNS_MOST];
    size_t columns = choose_columns(profile, column);
    const char *day = profile_day(profile, ctx->day);
    bool regions = lines_of(profile) == EACH_REGION;
    json_t *document = matrix->document = json_object();
    json_put(document, "of", regions ? "region" : "healthcareRegion");
    json_put(document, "ofLabel",
             ctx_text(ctx, regions ? N_("Region") : N_("Healthcare region")));
    json_t *list = json_put_new(document, "columns", json_array());
    for (size_t i = 0; i < columns; i++)
        put_column(list, column[i]);
    json_t *lines = json_put_new(document, "lines", json_array());
    for (size_t i = 0; i < profile->atlas->places; i++) {
        const struct place *place = &profile->atlas->place[i];
        if (place_counts(profile, lines_of(profile), place, day))
            fill_line(profile, column, columns, place, day,
                      add_line(lines, place->id, place->brief));
    }
    fill_line(profile, column, columns, NULL, day,
              add_line(lines, NULL, ctx_text(ctx, NC_("matrix", "The whole group"))));
}

json_t *coverage_matrix(struct ctx *ctx, long long group_key)
{
    struct matrix matrix = {ctx, NULL};
    if (coverage_shows_people(ctx, group_key))
        gather(ctx, (struct scope){.key = &group_key, .keys = 1}, make_matrix,
               &matrix);
    return matrix.document;
}
