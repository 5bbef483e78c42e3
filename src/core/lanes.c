/* lanes.c: rows with days become the geometry of a picture. Owns the numbers; the template owns the
 * drawing, and the table beside it says the same in words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <kansli/json.h>
#include <kansli/lanes.h>

enum { WIDTH = 900, EDGE = 8, TOP = 28, LANE = 40, TICKS = 10 };

struct span { /* the days that the picture is wide */
    char from[DAY_SIZE], to[DAY_SIZE];
};

static double x_of(const struct span *span, const char *day)
{
    double all = day_diff(span->from, span->to);
    double at = strcmp(day, span->from) < 0 ? 0 : day_diff(span->from, day);
    return EDGE + (WIDTH - 2 * EDGE) * (at > all ? 1 : at / all);
}

static void put_number(json_t *object, const char *name, double value)
{
    json_put_new(object, name, json_real((double)(long long)(value * 10 + 0.5) / 10));
}

/* From the first year of the first role to the end of the last one's, this year always within. */
static struct span span_of(struct ctx *ctx, const json_t *rows)
{
    struct span span;
    const char *from = ctx->day, *to = ctx->day;
    size_t i;
    json_t *row;
    json_array_foreach((json_t *)rows, i, row) {
        const char *start = json_text(row, "startDate"), *end = json_text(row, "endDate");
        from = strcmp(start, from) < 0 ? start : from;
        to = strcmp(start, to) > 0 ? start : to;
        to = end && strcmp(end, to) > 0 ? end : to;
    }
    snprintf(span.from, sizeof span.from, "%.4s-01-01", from);
    snprintf(span.to, sizeof span.to, "%.4s-12-31", to);
    return span;
}

static void add_years(struct ctx *ctx, json_t *bars, const struct span *span)
{
    int first = (int)strtol(span->from, NULL, 10), last = (int)strtol(span->to, NULL, 10);
    int step = 1 + (last - first) / TICKS;
    json_t *years = json_put_new(bars, "years", json_array());
    for (int year = first; year <= last; year += step) {
        json_t *one = json_push(years, json_object());
        const char *label = arena_printf(ctx->arena, "%04d", year);
        put_number(one, "x", x_of(span, arena_printf(ctx->arena, "%s-01-01", label)));
        json_put(one, "label", label);
    }
}

static void add_bar(json_t *bars, const struct span *span, const json_t *row, size_t lane)
{
    const char *end = json_text(row, "endDate");
    double x = x_of(span, json_text(row, "startDate")), to = x_of(span, end ? end : span->to);
    bool late = x > WIDTH * 0.55; /* a label begins with its bar, or ends with it near the edge */
    json_t *bar = json_push(bars, json_object());
    put_number(bar, "x", x);
    put_number(bar, "width", to - x < 3 ? 3 : to - x);
    json_put_int(bar, "y", (long long)(TOP + LANE * lane + 18));
    json_put_int(bar, "labelY", (long long)(TOP + LANE * lane + 13));
    put_number(bar, "labelX", late ? to : x);
    json_put(bar, "anchor", late ? "end" : "start");
    json_put(bar, "status", json_text(row, "status"));
    json_put(bar, "label", json_text(row, "label"));
}

json_t *lanes_of(struct ctx *ctx, const json_t *rows)
{
    size_t i, n = json_array_size(rows);
    json_t *row, *lanes = json_object();
    if (!n) {
        json_decref(lanes);
        return json_null();
    }
    struct span span = span_of(ctx, rows);
    json_put_int(lanes, "width", WIDTH);
    json_put_int(lanes, "height", (long long)(TOP + LANE * n + EDGE));
    json_put_int(lanes, "top", TOP - 8);
    json_put_int(lanes, "bottom", (long long)(TOP + LANE * n));
    add_years(ctx, lanes, &span);
    json_t *list = json_put_new(lanes, "bars", json_array());
    json_array_foreach((json_t *)rows, i, row)
        add_bar(list, &span, row, i);
    json_t *today = json_put_new(lanes, "today", json_object());
    put_number(today, "x", x_of(&span, ctx->day));
    json_put(today, "day", ctx->day);
    return lanes;
}
