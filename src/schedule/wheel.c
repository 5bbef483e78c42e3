/* wheel.c: a year as a circle of twelve months, and its place on Att göra.
 *
 * Owns the geometry: a drawing has no numbers of its own, so that the list beside it always says
 * the same. What was cancelled is on neither. Knows no table. */
#include <math.h>
#include <string.h>
#include "internal.h"

enum { COMING = 4 };

static const double middle = 150;

const char *month_words(struct ctx *ctx, const char *first)
{
    const char *lang = ctx->lang == LANG_SV ? "sv" : "en";
    return strchr(day_words(ctx->arena, first, lang, false), ' ') + 1;
}

/* Degrees from the top, clockwise. */
static double across(double r, double degrees)
{
    return middle + r * sin(degrees * 3.14159265358979 / 180);
}

static double down(double r, double degrees)
{
    return middle - r * cos(degrees * 3.14159265358979 / 180);
}

static void put_point(struct ctx *ctx, json_t *object, const char *x, const char *y, double r,
                      double degrees)
{
    json_put(object, x, arena_printf(ctx->arena, "%.1f", across(r, degrees)));
    json_put(object, y, arena_printf(ctx->arena, "%.1f", down(r, degrees)));
}

static double degrees_of(const char *first, const char *day)
{
    char next[DAY_SIZE];
    day_add_months(first, 12, next);
    return 360.0 * day_diff(first, day) / day_diff(first, next);
}

static const char *arc(struct ctx *ctx, double inner, double outer, double a, double b)
{
    return arena_printf(ctx->arena,
                        "M%.1f %.1fA%.0f %.0f 0 0 1 %.1f %.1f"
                        "L%.1f %.1fA%.0f %.0f 0 0 0 %.1f %.1fZ",
                        across(outer, a), down(outer, a), outer, outer, across(outer, b),
                        down(outer, b), across(inner, b), down(inner, b), inner, inner,
                        across(inner, a), down(inner, a));
}

static json_t *months_of(struct ctx *ctx, const char *from)
{
    json_t *months = json_array();
    char first[DAY_SIZE];
    for (int i = 0; i < 12; i++) {
        day_add_months(from, i, first);
        json_t *one = json_push(months, json_object());
        json_put(one, "d", arc(ctx, 108, 146, 30 * i + 0.7, 30 * i + 29.3));
        put_point(ctx, one, "x", "y", 128, 30 * i + 15);
        json_put(one, "y", arena_printf(ctx->arena, "%.1f", down(128, 30 * i + 15) + 5));
        json_put(one, "label", arena_strndup(ctx->arena, month_words(ctx, first), 3));
        json_put(one, "name", month_words(ctx, first));
        json_put_bool(one, "now", !strncmp(first, ctx->today, 7));
    }
    return months;
}

static bool stands(const json_t *event)
{
    return !json_true_at(event, "cancelled");
}

/* A point for each day on which there is a meeting, or something else. */
static json_t *points_of(struct ctx *ctx, const char *first, const json_t *events, bool meetings)
{
    json_t *points = json_array(), *event;
    const char *before = "";
    size_t i;
    json_array_foreach ((json_t *)events, i, event) {
        const char *day = json_text(event, "startDate");
        bool meeting = !strcmp(json_text(event, "type"), "meetings");
        if (!stands(event) || meeting != meetings || !strcmp(day, before))
            continue;
        put_point(ctx, json_push(points, json_object()), "x", "y", meetings ? 88 : 68,
                  degrees_of(first, day));
        before = day;
    }
    return points;
}

json_t *wheel_of(struct ctx *ctx, const char *first, const json_t *events)
{
    json_t *wheel = json_object();
    json_put_new(wheel, "months", months_of(ctx, first));
    json_put_new(wheel, "dots", points_of(ctx, first, events, true));
    json_put_new(wheel, "marks", points_of(ctx, first, events, false));
    json_put(wheel, "year", arena_strndup(ctx->arena, first, 4));
    json_put(wheel, "hand", NULL);
    if (!strncmp(first, ctx->today, 4)) {
        double now = degrees_of(first, ctx->today);
        json_t *hand = json_put_new(wheel, "hand", json_object());
        put_point(ctx, hand, "x1", "y1", 34, now);
        put_point(ctx, hand, "x2", "y2", 104, now);
        json_put_int(hand, "week", day_week(ctx->today));
    }
    return wheel;
}

/* ---------------------------------------------------------------- on Att göra */

/* The next few on their own, all of the year behind a word. */
static json_t *year_of_reader(struct ctx *ctx, long long person_key, const json_t *object)
{
    char first[DAY_SIZE], last[DAY_SIZE];
    (void)object;
    if (!person_key)
        return NULL;
    memcpy(first, ctx->today, DAY_SIZE);
    memcpy(first + 4, "-01-01", 7);
    day_add_months(first, 12, last);
    day_add(last, -1, last);
    json_t *events = schedule_events(ctx, ctx->actor, first, last, whose_own(ctx, ctx->actor));
    json_t *wheel = wheel_of(ctx, first, events), *coming = json_array(), *all = json_array();
    json_t *event;
    size_t i;
    json_array_foreach (events, i, event) {
        if (!stands(event))
            continue;
        json_array_append(all, event);
        if (strcmp(json_text(event, "startDate"), ctx->today) >= 0 &&
            json_array_size(coming) < COMING)
            json_array_append(coming, event);
    }
    json_decref(events);
    json_put_new(wheel, "coming", coming);
    json_put_new(wheel, "dates", all);
    json_put(wheel, "href", arena_printf(ctx->arena, "/calendar?year=%.4s&mine=true", ctx->today));
    return wheel;
}

const struct part schedule_parts[] = {
    {.of = "me/tasks", .name = "wheel", .make = year_of_reader},
    {0},
};
