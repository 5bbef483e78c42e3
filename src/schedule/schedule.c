/* schedule.c: the dates of all features in one list, and the addresses of calendars.
 *
 * Owns the order of time, and which groups a place or a level has. What a date is and who may see
 * it is each feature's own knowledge (schedule.h, struct event_source); what a feed tells is in
 * feed_pages.c and secret.c. */
#include <stdlib.h>
#include <string.h>
#include "internal.h"

const struct value feed_levels[] = {
    {"national", N_("National groups")},
    {"healthcareRegion", N_("Groups of the healthcare regions")},
    {"local", N_("Groups of the regions")},
    {NULL, NULL},
};

struct whose whose_of(struct ctx *ctx, json_t *rows)
{
    size_t i, n = json_array_size(rows);
    json_t *row;
    long long *key = arena_alloc(ctx->arena, (n + 1) * sizeof *key);
    json_array_foreach (rows, i, row)
        key[i] = json_int(row, "key", 0);
    json_decref(rows);
    return (struct whose){.key = key, .n = n};
}

struct whose whose_own(struct ctx *ctx, const struct actor *reader)
{
    return whose_of(ctx, db_rows(ctx->tx,
                                 "SELECT DISTINCT m.group_key AS \"key\" FROM membership m "
                                 "WHERE m.person_key = ?1 "
                                 "AND (m.end_date IS NULL OR m.end_date >= ?2)",
                                 reader->person_key, ctx->today));
}

struct whose whose_group(struct ctx *ctx, const char *id)
{
    struct whose whose = whose_of(ctx, db_rows(ctx->tx,
                                               "SELECT g.key AS \"key\" FROM workgroup g "
                                               "JOIN body b ON b.key = g.key "
                                               "WHERE b.id = ?1 AND g.access_mode <> 'restricted'",
                                               id));
    whose.name = whose.n ? db_text(ctx->tx, "SELECT full_name FROM workgroup WHERE key = ?1",
                                   whose.key[0])
                         : NULL;
    return whose;
}

struct whose whose_level(struct ctx *ctx, const char *level)
{
    struct whose whose = whose_of(ctx, db_rows(ctx->tx,
                                               "SELECT g.key AS \"key\" FROM workgroup g "
                                               "JOIN group_kind k ON k.key = g.kind_key "
                                               "WHERE k.level = ?1",
                                               level));
    whose.name = value_label(ctx, feed_levels, level);
    return whose;
}

bool whose_place(struct ctx *ctx, const char *type, const char *level, const char *id,
                 struct whose *whose)
{
    long long place = db_int(ctx->tx, 0,
                             "SELECT o.key FROM organisation o JOIN body b ON b.key = o.key "
                             "WHERE b.id = ?1 AND o.type = ?2",
                             id, type);
    *whose = whose_of(ctx, db_rows(ctx->tx,
                                   "SELECT g.key AS \"key\" FROM workgroup g JOIN group_kind k "
                                   "ON k.key = g.kind_key WHERE k.level = ?2 AND ?1 = "
                                   "CASE k.level WHEN 'local' THEN g.region_key "
                                   "ELSE g.healthcare_region_key END",
                                   place, level));
    whose->name = db_text(ctx->tx, "SELECT name FROM organisation WHERE key = ?1", place);
    return place != 0;
}

/* An event of days comes before what has an hour on its day. */
static const char *begins(const json_t *event)
{
    const char *at = json_text(event, "startsAt");
    return at ? at : json_text(event, "startDate");
}

static int by_time(const void *a, const void *b)
{
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    int order = strcmp(begins(x), begins(y));
    return order ? order : strcmp(json_text(x, "uid"), json_text(y, "uid"));
}

/* By time, each once. */
static json_t *in_order(json_t *events)
{
    size_t i, n = json_array_size(events);
    json_t **each = must_calloc(n + 1, sizeof *each), *sorted = json_array();
    for (i = 0; i < n; i++)
        each[i] = json_array_get(events, i);
    qsort(each, n, sizeof *each, by_time);
    for (i = 0; i < n; i++)
        if (!i || strcmp(json_text(each[i], "uid"), json_text(each[i - 1], "uid")))
            json_array_append(sorted, each[i]);
    free(each);
    json_decref(events);
    return sorted;
}

json_t *schedule_events(struct ctx *ctx, const struct actor *reader, const char *from,
                        const char *to, struct whose whose)
{
    const struct actor *asking = ctx->actor;
    struct standing *standing = ctx->standing;
    json_t *events = json_array();
    if (!whose.all && !whose.n)
        return events;
    ctx->actor = reader;
    ctx->standing = NULL;
    for (const struct event_source *const *table = event_tables; *table; table++)
        for (const struct event_source *source = *table; source->type; source++)
            source->find(ctx, from, to, whose.all ? NULL : whose.key, whose.all ? 0 : whose.n,
                         events);
    ctx->actor = asking;
    ctx->standing = standing;
    return in_order(events);
}

/* ---------------------------------------------------------------- addresses */

#define FEED(at, does, more, says)                                                                 \
    {.method = "GET", .path = at, .may = MAY_ALL, .run = does, .shape = SHAPE_VIEW,                \
     .media = "text/calendar", .flags = ROUTE_NO_DAY | (more), .what = says}

const struct route schedule_routes[] = {
    FEED("/meetings/{id}/calendar", feed_meeting, 0, N_("A meeting for one's own calendar")),
    FEED("/groups/{id}/calendar", feed_group, 0,
         N_("What a group tells everyone of its dates, to subscribe to")),
    FEED("/levels/national/calendar", feed_national, ROUTE_SLOW,
         N_("The open dates of the national groups, to subscribe to")),
    FEED("/levels/healthcare-region/calendar", feed_healthcare_regions, ROUTE_SLOW,
         N_("The open dates of the groups of all healthcare regions, to subscribe to")),
    FEED("/levels/healthcare-region/{organisationId}/calendar", feed_healthcare_region, ROUTE_SLOW,
         N_("The open dates of a healthcare region's groups, to subscribe to")),
    FEED("/levels/local/calendar", feed_local, ROUTE_SLOW,
         N_("The open dates of the groups of all regions, to subscribe to")),
    FEED("/levels/local/{regionId}/calendar", feed_region, ROUTE_SLOW,
         N_("The open dates of a region's groups, to subscribe to")),
    {.method = "GET", .path = "/me/calendar-secrets", .may = MAY_LOGIN, .run = secret_list,
     .view = "schedule/secret", .shape = SHAPE_LIST, .resource = &secret_resource,
     .flags = ROUTE_NO_DAY,
     .what = N_("Whether you have a secret address of your own calendar: at most one")},
    {.method = "POST", .path = "/me/calendar-secrets", .may = MAY_LOGIN, .run = secret_make,
     .view = "schedule/secret", .shape = SHAPE_CREATE, .resource = &secret_resource,
     .flags = ROUTE_NO_DAY,
     .what = N_("A new secret address of your own calendar, shown once; the one before ends")},
    {.method = "GET", .path = "/me/calendar-secrets/{id}", .may = MAY_LOGIN, .run = secret_show,
     .shape = SHAPE_ONE, .resource = &secret_resource, .flags = ROUTE_NO_DAY,
     .what = N_("That you have a secret address of your own calendar, and since when")},
    {.method = "DELETE", .path = "/me/calendar-secrets/{id}", .may = MAY_LOGIN,
     .run = secret_end, .shape = SHAPE_REMOVE, .resource = &secret_resource,
     .flags = ROUTE_NO_DAY,
     .what = N_("Ends the secret address of your own calendar")},
    {.method = "GET", .path = "/calendar", .may = MAY_ALL, .run = calendar_page,
     .view = "schedule/calendar", .shape = SHAPE_PAGE, .query = calendar_query,
     .flags = ROUTE_NO_DAY | ROUTE_CLOCK | ROUTE_SLOW,
     .what = N_("What happens when, by month or as the wheel of a year.")},
    {.method = "GET", .path = "/calendars", .may = MAY_ALL, .run = calendars_page,
     .view = "schedule/calendars", .shape = SHAPE_VIEW, .query = calendars_query,
     .reply = calendars_reply, .flags = ROUTE_NO_DAY,
     .what = N_("Calendars to subscribe to: of levels, healthcare regions, regions and groups.")},
    FEED("/calendars/{secret}", secret_feed, 0,
         N_("An account's own dates by its secret address, without login")),
    {0},
};

/* ---------------------------------------------------------------- one date */

json_t *event_on(struct ctx *ctx, json_t *events, const char *type, const char *uid,
                 const char *title, const char *day, const char *href)
{
    json_t *event = json_push(events, json_object());
    json_put(event, "uid", uid);
    json_put(event, "type", type);
    json_put(event, "title", title);
    json_put(event, "groupId", NULL);
    json_put(event, "groupName", NULL);
    json_put(event, "startDate", day);
    json_put(event, "endDate", NULL);
    json_put(event, "startsAt", NULL);
    json_put(event, "endsAt", NULL);
    json_put(event, "location", NULL);
    json_put(event, "href", href);
    json_put_int(event, "sequence", 0);
    json_put(event, "modified", arena_printf(ctx->arena, "%sT00:00:00.000Z", day));
    json_put_bool(event, "cancelled", false);
    return event;
}
