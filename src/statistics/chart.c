/* chart.c: numbers laid out as points, for the drawings that templates make of them.
 *
 * Owns a small drawing board, 240 by 80. Knows no SVG: a template draws the lines, and shows the
 * same numbers as a table. */
#include <stdlib.h>
#include <string.h>
#include <kansli/buf.h>
#include "internal.h"

enum { LEFT = 8, RIGHT = 232, TOP = 8, BOTTOM = 72 };

static const json_t *item_of(const json_t *entry, const char *organisation)
{
    json_t *item;
    size_t i;
    json_array_foreach(json_object_get(entry, "items"), i, item)
        if (!strcmp(json_text(item, "organisationId"), organisation))
            return item;
    return NULL;
}

/* The highest share of all, up to the next ten. */
static long long highest(const json_t *series)
{
    long long top = 10;
    json_t *entry, *item;
    size_t i, j;
    json_array_foreach((json_t *)series, i, entry)
        json_array_foreach(json_object_get(entry, "items"), j, item)
            while (json_int(item, "percent", 0) > top)
                top += 10;
    return top;
}

/* A point each year; a year without the organisation has none. */
static void put_line(struct ctx *ctx, json_t *row, const json_t *series, long long top)
{
    size_t i, n = json_array_size(series);
    json_t *entry, *values = json_put_new(row, "values", json_array());
    struct buf points;
    buf_init(&points, 4096);
    json_array_foreach((json_t *)series, i, entry) {
        const json_t *item = item_of(entry, json_text(row, "organisationId"));
        json_t *value = json_push(values, json_object());
        json_object_set(value, "year", json_object_get(entry, "year"));
        json_object_set(value, "percent", json_object_get(item, "percent"));
        if (!item) {
            json_put_new(value, "percent", json_null());
            continue;
        }
        long long x = n > 1 ? LEFT + (RIGHT - LEFT) * (long long)i / (long long)(n - 1) : RIGHT;
        long long y = BOTTOM - (BOTTOM - TOP) * json_int(item, "percent", 0) / top;
        json_put_int(value, "x", x);
        json_put_int(value, "y", y);
        buf_addf(&points, points.len ? " %lld,%lld" : "%lld,%lld", x, y);
    }
    json_put(row, "points", arena_strndup(ctx->arena, points.data, points.len));
    buf_release(&points);
}

json_t *chart_of_series(struct ctx *ctx, const json_t *series)
{
    json_t *chart = json_object(), *entry, *item;
    json_t *years = json_put_new(chart, "years", json_array());
    json_t *rows = json_put_new(chart, "rows", json_array());
    long long top = highest(series);
    size_t i, n = json_array_size(series);
    json_array_foreach((json_t *)series, i, entry) {
        json_t *year = json_push(years, json_object());
        json_object_set(year, "year", json_object_get(entry, "year"));
    }
    json_put_int(chart, "top", top);
    json_object_set(chart, "first", json_object_get(json_array_get(years, 0), "year"));
    json_object_set(chart, "last", json_object_get(json_array_get(years, n - 1), "year"));
    json_array_foreach(json_object_get(json_array_get(series, n - 1), "items"), i, item) {
        json_t *row = json_push(rows, json_object());
        json_object_set(row, "organisationId", json_object_get(item, "organisationId"));
        json_object_set(row, "organisationName", json_object_get(item, "organisationName"));
        json_object_set(row, "percent", json_object_get(item, "percent"));
        put_line(ctx, row, series, top);
    }
    return chart;
}
