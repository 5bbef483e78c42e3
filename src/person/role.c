/* role.c: a person's roles over time: as a list, and as bars for a picture.
 *
 * Owns which memberships a reader finds on a person's page: those that show the name to that
 * reader, in groups whose people the reader may see. Must never tell the capacity: what shows it
 * within one group is that group's page (api.md). Labels come from the memberships' own table by way of the registry,
 * for their room lies above this one. */
#include <stdlib.h>
#include <string.h>
#include "internal.h"

const char *person_role_label(struct ctx *ctx, const char *role)
{
    const struct resource *memberships = resource_by_name("memberships");
    const struct field *field = memberships ? field_find(memberships->fields, "role") : NULL;
    return field ? value_label(ctx, field->values, role) : role;
}

json_t *person_roles(struct ctx *ctx, long long key)
{
    static const char *const sections[] = {"current", "coming", "past"};
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT g.id AS \"groupId\", w.full_name AS \"groupName\", m.role AS \"role\", "
        "b.id AS \"onBehalfOfId\", coalesce(o.name, v.full_name) AS \"onBehalfOfName\", "
        "b.type AS \"onBehalfOfType\", m.start_date AS \"startDate\", m.end_date AS \"endDate\", "
        "CASE WHEN m.start_date > ?1 THEN 'coming' WHEN m.end_date < ?1 THEN 'past' "
        "ELSE 'current' END AS \"status\" "
        "FROM membership m JOIN person p ON p.key = m.person_key "
        "JOIN workgroup w ON w.key = m.group_key JOIN body g ON g.key = w.key "
        "LEFT JOIN body b ON b.key = m.on_behalf_of_key "
        "LEFT JOIN organisation o ON o.key = b.key LEFT JOIN workgroup v ON v.key = b.key "
        "AND " ACCESS_GROUP_VISIBLE("v.access_mode", "v.key") " WHERE m.person_key = ?5 "
        "AND (p.key = ?3 OR " ACCESS_GROUP_DRAFTS("m.group_key") " OR "
        ACCESS_PEOPLE_VISIBLE("w.access_mode", "w.key") ") AND " ACCESS_NAME_SHOWN("p", "m")
        " ORDER BY m.start_date DESC, m.key DESC",
        PERSON_ARGS(ctx, key));
    json_t *roles = json_object(), *row;
    size_t i;
    for (i = 0; i < LEN(sections); i++)
        json_put_new(roles, sections[i], json_array());
    json_array_foreach(rows, i, row) {
        json_put(row, "roleLabel", person_role_label(ctx, json_text(row, "role")));
        if (!json_text(row, "onBehalfOfName")) { /* a group that the reader may not know of */
            json_put(row, "onBehalfOfId", NULL);
            json_put(row, "onBehalfOfType", NULL);
        }
        json_array_append(json_object_get(roles, json_text(row, "status")), row);
    }
    json_decref(rows);
    return roles;
}

/* ---------------------------------------------------------------- the picture */

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

static void add_bar(struct ctx *ctx, json_t *bars, const struct span *span, const json_t *row,
                    size_t lane)
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
    json_put(bar, "label",
             arena_printf(ctx->arena, "%s, %s", json_text(row, "groupName"),
                          json_text(row, "roleLabel")));
}

json_t *person_bars(struct ctx *ctx, const json_t *roles)
{
    static const char *const order[] = {"coming", "current", "past"};
    json_t *rows = json_array(), *bars = json_object(), *row;
    size_t i;
    for (i = 0; i < LEN(order); i++)
        json_array_extend(rows, json_object_get(roles, order[i]));
    size_t n = json_array_size(rows);
    if (!n) {
        json_decref(rows);
        json_decref(bars);
        return json_null();
    }
    struct span span = span_of(ctx, rows);
    json_put_int(bars, "width", WIDTH);
    json_put_int(bars, "height", (long long)(TOP + LANE * n + EDGE));
    json_put_int(bars, "top", TOP - 8);
    json_put_int(bars, "bottom", (long long)(TOP + LANE * n));
    add_years(ctx, bars, &span);
    json_t *list = json_put_new(bars, "bars", json_array());
    json_array_foreach(rows, i, row)
        add_bar(ctx, list, &span, row, i);
    json_t *today = json_put_new(bars, "today", json_object());
    put_number(today, "x", x_of(&span, ctx->day));
    json_put(today, "day", ctx->day);
    json_decref(rows);
    return bars;
}
