/* month.c: /calendar: what happens when, by month or as the wheel of a year.
 *
 * Owns the page's document: the weeks of a month, or the wheel (wheel.c), and the same dates as a
 * list. What is on it is what the reader may see. Knows no table but the groups that a filter
 * names. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/group.h>
#include "internal.h"

enum { IN_A_DAY = 4 };

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
    {.name = "mine", .label = N_("My groups"), .type = T_BOOL},
    {0},
};

/* What is shown: a month, or a whole year; and whose. */
struct shown {
    char from[DAY_SIZE], to[DAY_SIZE];
    bool year, mine;
    const char *group, *level; /* "" for all */
};

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
    const char *mine = ctx_query(ctx, "mine");
    shown->group = ctx_query(ctx, "groupId") ? ctx_query(ctx, "groupId") : "";
    shown->level = ctx_query(ctx, "level") ? ctx_query(ctx, "level") : "";
    shown->mine = mine && !strcmp(mine, "true");
    if (strspn(shown->group, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(shown->group))
        err_field(ctx->err, "groupId", N_("There is no value {value} here."), "value",
                  shown->group, NULL);
    if (!real_level(shown->level))
        err_field(ctx->err, "level", N_("There is no value {value} here."), "value", shown->level,
                  NULL);
    if (mine && *mine && !shown->mine && strcmp(mine, "false"))
        err_field(ctx->err, "mine", N_("There is no value {value} here."), "value", mine, NULL);
    if (shown->mine && (*shown->group || *shown->level))
        err_field(ctx->err, "mine", N_("Name a group or a level, or ask for your own."), NULL);
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
    if (shown->mine)
        return whose_own(ctx, ctx->actor);
    if (!*shown->group && !*shown->level)
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
    if (*shown->group)
        to = arena_join(ctx->arena, to, "&groupId=", shown->group, NULL);
    if (*shown->level)
        to = arena_join(ctx->arena, to, "&level=", shown->level, NULL);
    return shown->mine ? arena_join(ctx->arena, to, "&mine=true", NULL) : to;
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

static void put_choice(struct ctx *ctx, json_t *list, const struct shown *shown,
                       const struct shown *other, const char *label)
{
    json_t *one = json_push(list, json_object());
    json_put(one, "href", address_of(ctx, other, shown->from, shown->year));
    json_put(one, "label", ctx_text(ctx, label));
    json_put_bool(one, "current",
                  !*shown->group && other->mine == shown->mine &&
                      !strcmp(other->level, shown->level));
}

static json_t *choices_of(struct ctx *ctx, const struct shown *shown)
{
    json_t *list = json_array();
    struct shown other = *shown;
    other.group = other.level = "";
    other.mine = ctx->actor->person_key != 0;
    if (other.mine)
        put_choice(ctx, list, shown, &other, N_("My groups"));
    other.mine = false;
    put_choice(ctx, list, shown, &other, NC_("levels", "All"));
    for (const struct value *level = calendar_levels; level->code; level++) {
        other.level = level->code;
        put_choice(ctx, list, shown, &other, level->label);
    }
    return list;
}

/* ---------------------------------------------------------------- the list */

static const char *hour(struct ctx *ctx, const char *instant)
{
    return hour_words(ctx->arena, instant, ctx->lang == LANG_EN ? "en" : "sv");
}

static void put_event(struct ctx *ctx, json_t *events, const json_t *event)
{
    json_t *one = json_push(events, json_deep_copy(event));
    const char *at = json_text(event, "startsAt"), *end = json_text(event, "endsAt");
    json_put(one, "begins", at && end ? hour(ctx, at) : NULL);
    json_put(one, "time",
             at && end ? arena_join(ctx->arena, hour(ctx, at), "–", hour(ctx, end), NULL) : NULL);
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
            json_put_int(day, "week", day_week(date));
            json_put_bool(day, "isToday", !strcmp(date, ctx->today));
            json_put_new(day, "events", json_array());
        }
        put_event(ctx, json_object_get(day, "events"), event);
    }
    return days;
}

/* ---------------------------------------------------------------- the weeks of a month */

/* What happens on a day, also when it began before; the first few, and how many more. */
static void put_day_events(struct ctx *ctx, json_t *day, const json_t *events)
{
    json_t *shown = json_array(), *event;
    const char *date = json_text(day, "date");
    long long n = 0;
    size_t i;
    json_array_foreach ((json_t *)events, i, event) {
        const char *first = json_text(event, "startDate"), *last = json_text(event, "endDate");
        if (strcmp(first, date) > 0 || strcmp(last ? last : first, date) < 0)
            continue;
        if (n++ < IN_A_DAY)
            put_event(ctx, shown, event);
    }
    json_put_new(day, "events", shown);
    json_put_new(day, "more", n > IN_A_DAY ? json_integer(n - IN_A_DAY) : json_null());
}

static json_t *day_cell(struct ctx *ctx, const struct shown *shown, const char *date,
                        const json_t *events)
{
    json_t *day = json_object();
    bool inside = !strncmp(date, shown->from, 7);
    json_put(day, "date", inside ? date : NULL);
    if (!inside)
        return day;
    json_put(day, "number", date + 8 + (date[8] == '0'));
    json_put_bool(day, "isToday", !strcmp(date, ctx->today));
    put_day_events(ctx, day, events);
    return day;
}

static json_t *weeks_of(struct ctx *ctx, const struct shown *shown, const json_t *events)
{
    json_t *weeks = json_array();
    char date[DAY_SIZE], next[DAY_SIZE];
    day_add(shown->from, 1 - day_weekday(shown->from), date);
    while (strcmp(date, shown->to) <= 0) {
        json_t *week = json_push(weeks, json_object()), *days = json_array();
        json_put_int(week, "week", day_week(date));
        for (int i = 0; i < 7; i++) {
            json_push(days, day_cell(ctx, shown, date, events));
            day_add(date, 1, next);
            memcpy(date, next, DAY_SIZE);
        }
        json_put_new(week, "days", days);
    }
    return weeks;
}

/* ---------------------------------------------------------------- the page */

/* Each month leads to its weeks. */
static json_t *wheel_shown(struct ctx *ctx, const struct shown *shown, const json_t *events)
{
    json_t *wheel = wheel_of(ctx, shown->from, events), *month;
    char first[DAY_SIZE];
    size_t i;
    json_array_foreach (json_object_get(wheel, "months"), i, month) {
        day_add_months(shown->from, (int)i, first);
        json_put(month, "href", address_of(ctx, shown, first, false));
    }
    return wheel;
}

/* A page shows so many; whether there were more. */
static bool cut_short(json_t *events)
{
    bool more = json_array_size(events) >= EVENTS_MOST;
    while (json_array_size(events) > EVENTS_MOST)
        json_array_remove(events, json_array_size(events) - 1);
    return more;
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
    json_put_bool(document, "cut", cut_short(events));
    json_put_new(document, "days", days_of(ctx, events));
    json_put_new(document, "wheel",
                 shown.year ? wheel_shown(ctx, &shown, events) : json_null());
    json_put_new(document, "weeks", shown.year ? json_null() : weeks_of(ctx, &shown, events));
    put_step(ctx, document, &shown, -1, "before");
    put_step(ctx, document, &shown, 1, "after");
    json_put_new(document, "choices", choices_of(ctx, &shown));
    json_put(document, "feeds",
             *shown.group ? arena_join(ctx->arena, "/calendars?groupId=", shown.group, NULL)
                          : "/calendars");
    json_put(document, "yearHref", address_of(ctx, &shown, shown.from, true));
    json_put(document, "monthHref", address_of(ctx, &shown, ctx->today, false));
    json_decref(events);
    out->document = document;
    out->title = ctx_textf(ctx, N_("Calendar, {period}"), "period", json_text(document, "period"),
                           NULL);
    return tx_code(ctx->tx);
}
