/* month.c: /calendar: what happens when, by month or as the wheel of a year.
 *
 * Owns the page's document and the wheel's geometry: a drawing has no numbers of its own, so that
 * the list below it always says the same. What is on it is what the reader may see. Knows no table
 * but the groups that a filter names. */
#include <math.h>
#include <string.h>
#include <kansli/access.h>
#include <kansli/group.h>
#include "internal.h"

static const struct value calendar_levels[] = {
    {"national", N_("National")},
    {"healthcareRegion", N_("Healthcare region")},
    {"local", N_("Local")},
    {NULL, NULL},
};

const struct field calendar_query[] = {
    {.name = "month", .label = N_("Month"), .type = T_TEXT, .hint = N_("YYYY-MM")},
    {.name = "year", .label = N_("Year"), .type = T_INT},
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .reference = &group_reference},
    {.name = "level", .label = N_("Level"), .type = T_ENUM, .values = calendar_levels},
    {0},
};

/* What is shown: a month, or a whole year; and whose. */
struct shown {
    char from[DAY_SIZE], to[DAY_SIZE];
    bool year;
    const char *group, *level;
};

static const char *lang_of(const struct ctx *ctx)
{
    return ctx->lang == LANG_SV ? "sv" : "en";
}

/* "december 2026" of "1 december 2026". */
static const char *month_words(struct ctx *ctx, const char *first)
{
    return strchr(day_words(ctx->arena, first, lang_of(ctx), false), ' ') + 1;
}

/* ---------------------------------------------------------------- what is asked for */

static bool real_month(const char *text, char first[DAY_SIZE])
{
    if (strlen(text) != 7)
        return false;
    memcpy(first, text, 7);
    memcpy(first + 7, "-01", 4);
    return day_valid(first) && strcmp(first, "1900") > 0 && strcmp(first, "2200") < 0;
}

static bool real_year(const char *text, char first[DAY_SIZE])
{
    if (strlen(text) != 4)
        return false;
    memcpy(first, text, 4);
    memcpy(first + 4, "-01-01", 7);
    return day_valid(first) && strcmp(first, "1900") > 0 && strcmp(first, "2200") < 0;
}

static bool real_level(const char *text)
{
    for (size_t i = 0; calendar_levels[i].code; i++)
        if (!strcmp(calendar_levels[i].code, text))
            return true;
    return !*text;
}

static void read_whose(struct ctx *ctx, struct shown *shown)
{
    shown->group = ctx_query(ctx, "groupId");
    shown->level = ctx_query(ctx, "level");
    if (shown->group && strspn(shown->group, "abcdefghijklmnopqrstuvwxyz0123456789-") !=
                            strlen(shown->group))
        err_field(ctx->err, "groupId", N_("There is no value {value} here."), "value",
                  shown->group, NULL);
    if (shown->level && !real_level(shown->level))
        err_field(ctx->err, "level", N_("There is no value {value} here."), "value", shown->level,
                  NULL);
}

static bool read_query(struct ctx *ctx, struct shown *shown)
{
    const char *month = ctx_query(ctx, "month"), *year = ctx_query(ctx, "year");
    memcpy(shown->from, ctx->today, DAY_SIZE);
    memcpy(shown->from + 8, "01", 3);
    shown->year = year && *year;
    read_whose(ctx, shown);
    if (shown->year && !real_year(year, shown->from))
        return !err_field(ctx->err, "year", N_("Write a year, for example 2026."), NULL);
    if (!shown->year && month && *month && !real_month(month, shown->from))
        return !err_field(ctx->err, "month", N_("Write a month as YYYY-MM, for example 2026-11."),
                          NULL);
    char next[DAY_SIZE];
    day_add_months(shown->from, shown->year ? 12 : 1, next);
    day_add(next, -1, shown->to);
    return !ctx->err->code;
}

/* Whose dates: of one group, of a level, of all. A group that the reader may not know of has
 * none. */
static struct whose whose_asked(struct ctx *ctx, const struct shown *shown)
{
    if (!(shown->group && *shown->group) && !(shown->level && *shown->level))
        return (struct whose){.all = true};
    return whose_of(ctx, db_rows(ctx->tx,
                                 "SELECT g.key AS \"key\" FROM workgroup g "
                                 "JOIN body b ON b.key = g.key JOIN group_kind k "
                                 "ON k.key = g.kind_key WHERE (nullif(?5, '') IS NULL OR "
                                 "b.id = ?5) AND (nullif(?6, '') IS NULL OR k.level = ?6) AND "
                                 ACCESS_GROUP_VISIBLE("g.access_mode", "g.key"),
                                 ctx->day, access_sees_all(ctx), ctx->actor->person_key,
                                 ctx->today, shown->group, shown->level));
}

/* ---------------------------------------------------------------- addresses of the same page */

static const char *address(struct ctx *ctx, const struct shown *shown, const char *name,
                           const char *value)
{
    const char *to = arena_join(ctx->arena, "/calendar?", name, "=", value, NULL);
    if (shown->group && *shown->group)
        to = arena_join(ctx->arena, to, "&groupId=", shown->group, NULL);
    if (shown->level && *shown->level)
        to = arena_join(ctx->arena, to, "&level=", shown->level, NULL);
    return to;
}

static const char *address_of(struct ctx *ctx, const struct shown *shown, const char *first,
                              bool year)
{
    return address(ctx, shown, year ? "year" : "month",
                   arena_strndup(ctx->arena, first, year ? 4 : 7));
}

static void put_step(struct ctx *ctx, json_t *document, const struct shown *shown, int by,
                     const char *name)
{
    char first[DAY_SIZE];
    day_add_months(shown->from, shown->year ? 12 * by : by, first);
    json_put_new(document, name,
                 json_pack("{s:s, s:s}", "href", address_of(ctx, shown, first, shown->year),
                           "label", shown->year ? arena_strndup(ctx->arena, first, 4)
                                                : month_words(ctx, first)));
}

static json_t *level_choices(struct ctx *ctx, const struct shown *shown)
{
    struct shown other = *shown;
    json_t *list = json_array();
    other.group = NULL;
    for (int i = -1; i < 0 || calendar_levels[i].code; i++) {
        other.level = i < 0 ? NULL : calendar_levels[i].code;
        json_t *one = json_push(list, json_object());
        json_put(one, "href", address_of(ctx, &other, shown->from, shown->year));
        json_put(one, "label",
                 ctx_text(ctx, i < 0 ? NC_("levels", "All") : calendar_levels[i].label));
        json_put_bool(one, "current",
                      !(shown->group && *shown->group) &&
                          !strcmp(other.level ? other.level : "",
                                  shown->level ? shown->level : ""));
    }
    return list;
}

/* ---------------------------------------------------------------- the list */

static void put_event(struct ctx *ctx, json_t *events, const json_t *event)
{
    json_t *one = json_push(events, json_deep_copy(event));
    const char *at = json_text(event, "startsAt"), *end = json_text(event, "endsAt");
    char clock[CLOCK_SIZE], last[CLOCK_SIZE];
    json_put(one, "time", NULL);
    if (!at || !end)
        return;
    clock_of_instant(at, clock);
    clock_of_instant(end, last);
    json_put(one, "time", arena_printf(ctx->arena, "%s–%s", clock + 11, last + 11));
}

static json_t *days_of(struct ctx *ctx, const json_t *events)
{
    json_t *days = json_array(), *day = NULL, *event;
    size_t i;
    json_array_foreach ((json_t *)events, i, event) {
        const char *date = json_text(event, "startDate");
        if (!day || strcmp(json_text(day, "date"), date)) {
            day = json_push(days, json_object());
            json_put(day, "date", date);
            json_put_bool(day, "isToday", !strcmp(date, ctx->today));
            json_put_new(day, "events", json_array());
        }
        put_event(ctx, json_object_get(day, "events"), event);
    }
    return days;
}

/* ---------------------------------------------------------------- the wheel */

static const double middle = 150;

/* Degrees from the top, clockwise. */
static double across(double r, double degrees)
{
    return middle + r * sin(degrees * 3.14159265358979 / 180);
}

static double down(double r, double degrees)
{
    return middle - r * cos(degrees * 3.14159265358979 / 180);
}

static const char *number(struct ctx *ctx, double value)
{
    return arena_printf(ctx->arena, "%.1f", value);
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

static json_t *wheel_months(struct ctx *ctx, const struct shown *shown)
{
    json_t *months = json_array();
    char first[DAY_SIZE];
    for (int i = 0; i < 12; i++) {
        day_add_months(shown->from, i, first);
        json_t *one = json_push(months, json_object());
        json_put(one, "d", arc(ctx, 108, 146, 30 * i + 0.7, 30 * i + 29.3));
        json_put(one, "x", number(ctx, across(128, 30 * i + 15)));
        json_put(one, "y", number(ctx, down(128, 30 * i + 15) + 5));
        json_put(one, "label", arena_strndup(ctx->arena, month_words(ctx, first), 3));
        json_put(one, "name", month_words(ctx, first));
        json_put(one, "href", address_of(ctx, shown, first, false));
        json_put_bool(one, "now", !strncmp(first, ctx->today, 7));
    }
    return months;
}

static json_t *wheel_of(struct ctx *ctx, const struct shown *shown, const json_t *events)
{
    json_t *wheel = json_object(), *dots = json_array(), *event;
    size_t i;
    json_array_foreach ((json_t *)events, i, event) {
        double at = degrees_of(shown->from, json_text(event, "startDate"));
        json_t *dot = json_push(dots, json_object());
        json_put(dot, "x", number(ctx, across(88, at)));
        json_put(dot, "y", number(ctx, down(88, at)));
    }
    json_put_new(wheel, "months", wheel_months(ctx, shown));
    json_put_new(wheel, "dots", dots);
    json_put(wheel, "year", arena_strndup(ctx->arena, shown->from, 4));
    json_put(wheel, "hand", NULL);
    if (!strncmp(shown->from, ctx->today, 4)) {
        double now = degrees_of(shown->from, ctx->today);
        json_t *hand = json_object();
        json_put(hand, "x1", number(ctx, across(34, now)));
        json_put(hand, "y1", number(ctx, down(34, now)));
        json_put(hand, "x2", number(ctx, across(104, now)));
        json_put(hand, "y2", number(ctx, down(104, now)));
        json_put_int(hand, "week", day_week(ctx->today));
        json_put_new(wheel, "hand", hand);
    }
    return wheel;
}

/* ---------------------------------------------------------------- the page */

/* Where the dates shown can be subscribed to: of the group, else of the level, else nowhere. */
static const char *feed_of(struct ctx *ctx, const struct shown *shown)
{
    if (shown->group && *shown->group)
        return arena_join(ctx->arena, "/groups/", shown->group, "/calendar", NULL);
    if (!shown->level || !*shown->level)
        return NULL;
    return arena_join(ctx->arena, "/levels/",
                      !strcmp(shown->level, "healthcareRegion") ? "healthcare-region"
                                                                : shown->level,
                      "/calendar", NULL);
}

enum code calendar_page(struct ctx *ctx, struct answer *out)
{
    struct shown shown;
    if (!read_query(ctx, &shown))
        return E_INPUT;
    json_t *events = schedule_events(ctx, ctx->actor, shown.from, shown.to,
                                     whose_asked(ctx, &shown));
    json_t *document = json_object();
    json_put(document, "period", shown.year ? arena_strndup(ctx->arena, shown.from, 4)
                                            : month_words(ctx, shown.from));
    json_put_new(document, "days", days_of(ctx, events));
    json_put_new(document, "wheel", shown.year ? wheel_of(ctx, &shown, events) : json_null());
    put_step(ctx, document, &shown, -1, "before");
    put_step(ctx, document, &shown, 1, "after");
    json_put_new(document, "levels", level_choices(ctx, &shown));
    json_put(document, "feed", feed_of(ctx, &shown));
    json_put(document, "yearHref", address_of(ctx, &shown, shown.from, true));
    json_put(document, "monthHref", address_of(ctx, &shown, ctx->today, false));
    json_decref(events);
    out->document = document;
    out->title = ctx_textf(ctx, N_("Calendar, {period}"), "period", json_text(document, "period"),
                           NULL);
    return tx_code(ctx->tx);
}
