/* attendance_statistics_pages.c: /statistics/attendance: what is asked for, and its page.
 *
 * Owns the address, its filters and its shape; what may be counted for whom, and how, is in
 * attendance_statistics.c. Days of one's own choosing and members by name are within one group
 * whose papers the reader may read. Knows no SQL. */
#include <stdlib.h>
#include <string.h>
#include <kansli/group.h>
#include <kansli/kind.h>
#include <kansli/organisation.h>
#include <kansli/paging.h>
#include <kansli/statistics.h>
#include "internal.h"
#include "statistics.h"

enum { FIRST_YEAR = 2018, LAST_YEAR = 2100, ON_A_PAGE = 50, IN_A_LIST = 20, MOST_MS = 60000 };

static const struct value bys[] = {
    {"group", N_("Groups")},
    {"organisation", N_("Organisations represented")},
    {"member", N_("Members")},
    {NULL, NULL},
};

static const struct field attendance_query[] = {
    {.name = "by", .label = N_("Attendance by"), .type = T_ENUM, .values = bys,
     .hint = N_("Members only with a groupId, for those who may read the group's papers.")},
    {.name = "level", .label = N_("Level"), .type = T_ENUM, .values = level_values,
     .hint = N_("Without it, and without a group: national.")},
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .reference = &group_reference},
    {.name = "organisationId", .label = N_("Organisation"), .type = T_REF,
     .reference = &organisation_reference,
     .hint = N_("Groups in which it is represented; it and what lies in it; its members.")},
    {.name = "year", .label = N_("Year"), .type = T_INT, .max = LAST_YEAR},
    {.name = "from", .label = N_("From this day on"), .type = T_DAY,
     .hint = N_("With a groupId, for those who may read the group's papers.")},
    {.name = "to", .label = N_("Up to this day"), .type = T_DAY},
    {.name = "page", .label = N_("Page"), .type = T_INT},
    {.name = "limit", .label = N_("How many"), .type = T_INT, .max = 500},
    PAGING_FORMAT,
    {0},
};

static const struct paging_column group_columns[] = {
    {.member = "groupId", .label = N_("Its id")},
    {.member = "groupName", .label = N_("Group")},
    {.member = "meetings", .label = N_("Meetings held"), .kind = CELL_NUMBER},
    {.member = "daysBetween", .label = N_("Days between meetings"), .kind = CELL_NUMBER},
    {.member = "noted", .label = N_("With attendance noted"), .kind = CELL_NUMBER},
    {.member = "expected", .label = N_("Places at meetings"), .kind = CELL_NUMBER},
    {.member = "attended", .label = N_("Attended"), .kind = CELL_NUMBER},
    {.member = "percent", .label = N_("Attendance, per cent"), .kind = CELL_NUMBER},
    {.member = "lastOn", .label = N_("Last meeting"), .kind = CELL_DAY},
    {.member = "adjustedAfter", .label = N_("Days until adjusted"), .kind = CELL_NUMBER},
    {.member = "sentAfter", .label = N_("Days until sent"), .kind = CELL_NUMBER},
    {.member = "withoutMinutes", .label = N_("Without minutes sent"), .kind = CELL_NUMBER},
    {0},
};

static const struct paging_column organisation_columns[] = {
    {.member = "organisationId", .label = N_("Its id")},
    {.member = "organisationName", .label = N_("Organisation")},
    {.member = "people", .label = N_("People"), .kind = CELL_NUMBER},
    {.member = "expected", .label = N_("Places at meetings"), .kind = CELL_NUMBER},
    {.member = "attended", .label = N_("Attended"), .kind = CELL_NUMBER},
    {.member = "percent", .label = N_("Attendance, per cent"), .kind = CELL_NUMBER},
    {0},
};

static const struct paging_column member_columns[] = {
    {.member = "personName", .label = N_("Name")},
    {.member = "roleLabel", .label = N_("Role")},
    {.member = "onBehalfOfName", .label = N_("Represents")},
    {.member = "expected", .label = N_("Meetings in the term"), .kind = CELL_NUMBER},
    {.member = "attended", .label = N_("Attended"), .kind = CELL_NUMBER},
    {.member = "byDeputy", .label = N_("Of these by a deputy"), .kind = CELL_NUMBER},
    {.member = "percent", .label = N_("Attendance, per cent"), .kind = CELL_NUMBER},
    {0},
};

/* ---------------------------------------------------------------- what is asked for */

struct asked {
    const char *by;
    long year; /* 0: days were named */
    struct counted counted;
    const char *group_id, *group_name, *organisation_id, *organisation_name;
};

static void wrong(struct ctx *ctx, const char *name, const char *value)
{
    err_field(ctx->err, name, N_("There is no value {value} here."), "value", value, NULL);
}

static const char *text_of(struct ctx *ctx, const char *name)
{
    const char *text = ctx_query(ctx, name);
    return text && *text ? text : NULL;
}

static const char *choice(struct ctx *ctx, const char *name, const struct value *values,
                          const char *fallback)
{
    const char *text = text_of(ctx, name);
    for (const struct value *value = values; text && value->code; value++)
        if (!strcmp(value->code, text))
            return value->code;
    if (text)
        wrong(ctx, name, text);
    return fallback;
}

static void read_names(struct ctx *ctx, struct asked *asked)
{
    asked->group_id = text_of(ctx, "groupId");
    asked->organisation_id = text_of(ctx, "organisationId");
    if (asked->group_id) {
        asked->group_name = counted_group(ctx, asked->group_id, &asked->counted);
        if (!asked->group_name)
            wrong(ctx, "groupId", asked->group_id);
    }
    if (asked->organisation_id) {
        asked->organisation_name = counted_organisation(ctx, asked->organisation_id,
                                                        &asked->counted);
        if (!asked->organisation_name)
            wrong(ctx, "organisationId", asked->organisation_id);
    }
}

static const char *read_day(struct ctx *ctx, const char *name)
{
    const char *day = text_of(ctx, name);
    if (day && !day_valid(day))
        err_field(ctx->err, name, N_("Write a real day as YYYY-MM-DD, for example 2026-11-22."),
                  NULL);
    return day;
}

/* A year, or days within one. */
static void read_period(struct ctx *ctx, struct asked *asked)
{
    const char *year = text_of(ctx, "year");
    const char *from = read_day(ctx, "from"), *to = read_day(ctx, "to");
    asked->year = strtol(year ? year : ctx->today, NULL, 10);
    if (asked->year < FIRST_YEAR || asked->year > LAST_YEAR) {
        err_field(ctx->err, "year", N_("Write a year from {first} to {last}."), "first",
                  arena_printf(ctx->arena, "%d", FIRST_YEAR), "last",
                  arena_printf(ctx->arena, "%d", LAST_YEAR), NULL);
        return;
    }
    asked->counted.from = from ? from : arena_printf(ctx->arena, "%04ld-01-01", asked->year);
    asked->counted.to = to ? to : arena_printf(ctx->arena, "%04ld-12-31", asked->year);
    if (from || to)
        asked->year = 0;
    if (year && (from || to))
        err_field(ctx->err, "year", N_("Name a year, or days."), NULL);
    else if (!ctx->err->code && strcmp(asked->counted.from, asked->counted.to) > 0)
        err_field(ctx->err, "to", N_("The last day is before the first."), NULL);
}

/* What is told of one group's people is for those who may read its papers. */
static enum code must_be_inside(struct ctx *ctx, const struct asked *asked)
{
    bool members = !strcmp(asked->by, "member"), groups = !strcmp(asked->by, "group");
    if (members && !asked->group_id)
        return err_field(ctx->err, "groupId", N_("Members are counted within one group: name it."),
                         NULL);
    if (!asked->year && !asked->group_id)
        return err_field(ctx->err, "groupId", N_("Days are counted within one group: name it."),
                         NULL);
    if (!asked->group_id || asked->counted.inside || (groups && asked->year))
        return OK;
    return must_may(ctx, ACT_SEE_DRAFTS, asked->counted.group_key);
}

static enum code read_query(struct ctx *ctx, struct asked *asked)
{
    *asked = (struct asked){.by = choice(ctx, "by", bys, "group")};
    asked->counted.level = choice(ctx, "level", level_values, "national");
    read_names(ctx, asked);
    read_period(ctx, asked);
    if (!asked->group_id) /* who may read every group's papers is told of few, too */
        asked->counted.inside = access_sees_all(ctx);
    if (asked->counted.group_key && text_of(ctx, "level"))
        err_field(ctx->err, "level", N_("Name a level, or a group."), NULL);
    if (asked->group_id)
        asked->counted.level = "";
    return ctx->err->code ? ctx->err->code : must_be_inside(ctx, asked);
}

/* ---------------------------------------------------------------- the document */

static json_t *items_of(struct ctx *ctx, const struct asked *asked)
{
    if (!strcmp(asked->by, "member"))
        return attendance_by_member(ctx, &asked->counted);
    if (!strcmp(asked->by, "organisation"))
        return attendance_by_organisation(ctx, &asked->counted);
    return attendance_by_group(ctx, &asked->counted);
}

static const struct paging_column *columns_of(const struct asked *asked)
{
    return !strcmp(asked->by, "member")         ? member_columns
           : !strcmp(asked->by, "organisation") ? organisation_columns
                                                : group_columns;
}

/* Of what is told alone: a sum that held more would tell the rest. */
static json_t *total_of(const json_t *items)
{
    long long meetings = 0, expected = 0, attended = 0;
    size_t i;
    json_t *item, *total = json_object();
    json_array_foreach ((json_t *)items, i, item) {
        meetings += json_int(item, "meetings", 0);
        expected += json_int(item, "expected", 0);
        attended += json_int(item, "attended", 0);
    }
    json_put_int(total, "meetings", meetings);
    json_put_int(total, "expected", expected);
    json_put_int(total, "attended", attended);
    json_put_new(total, "percent",
                 expected ? json_integer((200 * attended + expected) / (2 * expected))
                          : json_null());
    return total;
}

static json_t *page_of(const json_t *list, const struct paging *paging)
{
    json_t *items = json_array();
    size_t n = json_array_size(list), first = (size_t)((paging->page - 1) * paging->limit);
    for (size_t i = first; i < n && i < first + (size_t)paging->limit; i++)
        json_array_append(items, json_array_get(list, i));
    return items;
}

static void put_asked(struct ctx *ctx, json_t *document, const struct asked *asked)
{
    const char *level = *asked->counted.level ? asked->counted.level : NULL;
    json_put(document, "by", asked->by);
    json_put_new(document, "year", asked->year ? json_integer(asked->year) : json_null());
    json_put(document, "from", asked->counted.from);
    json_put(document, "to", asked->counted.to);
    json_put(document, "level", level);
    json_put(document, "levelLabel", level ? value_label(ctx, level_values, level) : NULL);
    json_put(document, "groupId", asked->group_id);
    json_put(document, "groupName", asked->group_name);
    json_put(document, "organisationId", asked->organisation_id);
    json_put(document, "organisationName", asked->organisation_name);
}

/* ---------------------------------------------------------------- around it, on the page */

static json_t *filter(struct ctx *ctx, json_t *filters, const char *name, const char *label,
                      const char *type, const char *value)
{
    json_t *one = json_push(filters, json_object());
    json_put(one, "name", name);
    json_put(one, "label", label ? ctx_text(ctx, label) : NULL);
    json_put(one, "type", type);
    json_put(one, "value", value ? value : "");
    json_put_new(one, "options", json_array());
    return json_object_get(one, "options");
}

static void option(json_t *options, const char *value, const char *label, bool selected)
{
    json_push(options, json_pack("{s:s, s:s, s:b}", "value", value, "label", label, "selected",
                                 (int)selected));
}

static void year_options(struct ctx *ctx, json_t *options, const struct asked *asked)
{
    for (long year = strtol(ctx->today, NULL, 10); year >= FIRST_YEAR; year--) {
        const char *text = arena_printf(ctx->arena, "%ld", year);
        option(options, text, text, year == asked->year);
    }
}

static json_t *filters_of(struct ctx *ctx, const struct asked *asked)
{
    json_t *filters = json_array(), *options;
    if (strcmp(asked->by, "group"))
        filter(ctx, filters, "by", NULL, "hidden", asked->by);
    if (asked->group_id) {
        filter(ctx, filters, "groupId", NULL, "hidden", asked->group_id);
    } else {
        options = filter(ctx, filters, "level", N_("Level"), "choice", asked->counted.level);
        for (const struct value *level = level_values; level->code; level++)
            option(options, level->code, ctx_text(ctx, level->label),
                   !strcmp(level->code, asked->counted.level));
    }
    if (asked->group_id && asked->counted.inside) {
        filter(ctx, filters, "from", N_("From"), "date", asked->counted.from);
        filter(ctx, filters, "to", N_("Up to"), "date", asked->counted.to);
    } else {
        year_options(ctx, filter(ctx, filters, "year", N_("Year"), "choice", NULL), asked);
    }
    if (asked->organisation_id)
        filter(ctx, filters, "organisationId", NULL, "hidden", asked->organisation_id);
    return filters;
}

/* The same question by something else; what cannot be asked is not offered. */
static json_t *ways_of(struct ctx *ctx, const struct asked *asked)
{
    json_t *ways = json_array();
    for (const struct value *by = bys; by->code; by++) {
        if (asked->group_id ? !asked->counted.inside : !strcmp(by->code, "member"))
            continue;
        const char *href = arena_join(ctx->arena, ctx->path, "?by=", by->code,
                                      asked->group_id ? "&groupId=" : "&level=",
                                      asked->group_id ? asked->group_id : asked->counted.level,
                                      asked->organisation_id ? "&organisationId=" : "",
                                      asked->organisation_id ? asked->organisation_id : "", NULL);
        const char *period =
            asked->year ? arena_printf(ctx->arena, "&year=%ld", asked->year)
                        : arena_join(ctx->arena, "&from=", asked->counted.from, "&to=",
                                     asked->counted.to, NULL);
        json_t *way = json_push(ways, json_object());
        json_put(way, "href", arena_join(ctx->arena, href, period, NULL));
        json_put(way, "label", ctx_text(ctx, by->label));
        json_put_bool(way, "current", !strcmp(by->code, asked->by));
    }
    return ways;
}

/* Whether the reader may be told of any group's minutes here. */
static bool tells_minutes(const json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach ((json_t *)items, i, item)
        if (json_is_integer(json_object_get(item, "withoutMinutes")))
            return true;
    return false;
}

static void embed_page(struct ctx *ctx, json_t *document, const struct asked *asked,
                       const struct paging *paging)
{
    if (ctx_embeds(ctx, "tabs"))
        ctx_embed(ctx, document, "tabs", statistics_tabs(ctx));
    if (ctx_embeds(ctx, "filters"))
        ctx_embed(ctx, document, "filters", filters_of(ctx, asked));
    if (ctx_embeds(ctx, "ways"))
        ctx_embed(ctx, document, "ways", ways_of(ctx, asked));
    if (ctx_embeds(ctx, "minutes"))
        ctx_embed(ctx, document, "minutes",
                  json_boolean(tells_minutes(json_object_get(document, "items"))));
    if (ctx_embeds(ctx, "pages"))
        ctx_embed(ctx, document, "pages", paging_pages(ctx, paging, document));
}

static enum code get_attendance(struct ctx *ctx, struct answer *out)
{
    struct asked asked;
    struct paging paging = paging_read(ctx, ctx_page(ctx) ? ON_A_PAGE : IN_A_LIST);
    enum code c = read_query(ctx, &asked);
    if (!c && counted_too_many(ctx, &asked.counted))
        c = ctx_fail(ctx, E_TOO_BIG, "answer-too-big",
                     N_("The answer is too big. Ask for less at a time."));
    if (c)
        return c;
    db_read_limit(ctx->tx, MOST_MS);
    json_t *list = items_of(ctx, &asked);
    long long n = (long long)json_array_size(list);
    paging_export(ctx, columns_of(&asked), list);
    out->document = paging_envelope(ctx, &paging, page_of(list, &paging), n, n);
    put_asked(ctx, out->document, &asked);
    json_put_new(out->document, "total", total_of(list));
    embed_page(ctx, out->document, &asked, &paging);
    json_decref(list);
    out->title = ctx_text(ctx, N_("Attendance"));
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- shape and route */

#define TEXT "{\"type\":\"string\"}"
#define MAYBE "{\"type\":[\"string\",\"null\"]}"
#define COUNT "{\"type\":\"integer\",\"minimum\":0}"
#define MAYBE_COUNT "{\"type\":[\"integer\",\"null\"],\"minimum\":0}"
#define DAY "{\"type\":\"string\",\"format\":\"date\"}"
#define MAYBE_DAY                                                                                  \
    "{\"type\":[\"string\",\"null\"],\"format\":\"date\",\"example\":\"2026-10-14\"}"
#define COUNTS                                                                                     \
    "\"tooFew\":{\"type\":\"boolean\"},\"expected\":" MAYBE_COUNT ",\"attended\":" MAYBE_COUNT     \
    ",\"percent\":{\"type\":[\"integer\",\"null\"],\"minimum\":0,\"maximum\":100}"
#define ROW(required, properties)                                                                  \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[" required                  \
    ",\"tooFew\",\"expected\",\"attended\",\"percent\"],\"properties\":{" properties "," COUNTS    \
    "}}"

static const char attendance_reply[] =
    "{\"type\":\"object\",\"required\":[\"by\",\"year\",\"from\",\"to\",\"level\",\"groupId\","
    "\"organisationId\",\"total\",\"items\",\"_meta\",\"_links\"],\"properties\":{"
    "\"by\":{\"enum\":[\"group\",\"organisation\",\"member\"]},\"year\":" MAYBE_COUNT
    ",\"from\":" DAY ",\"to\":" DAY ",\"level\":" MAYBE ",\"levelLabel\":" MAYBE
    ",\"groupId\":" MAYBE ",\"groupName\":" MAYBE ",\"organisationId\":" MAYBE
    ",\"organisationName\":" MAYBE ",\"total\":{\"type\":\"object\",\"required\":[\"meetings\","
    "\"expected\",\"attended\",\"percent\"],\"properties\":{\"meetings\":" COUNT
    ",\"expected\":" COUNT ",\"attended\":" COUNT ",\"percent\":" MAYBE_COUNT
    "}},\"items\":{\"type\":\"array\",\"items\":{\"oneOf\":["
    ROW("\"groupId\",\"groupName\",\"level\",\"meetings\",\"noted\",\"daysBetween\",\"lastOn\","
        "\"adjustedAfter\",\"sentAfter\",\"withoutMinutes\"",
        "\"groupId\":" TEXT ",\"groupName\":" TEXT ",\"level\":" TEXT ",\"meetings\":" COUNT
        ",\"noted\":" COUNT ",\"daysBetween\":" MAYBE_COUNT ",\"lastOn\":" MAYBE_DAY
        ",\"adjustedAfter\":" MAYBE_COUNT ",\"sentAfter\":" MAYBE_COUNT
        ",\"withoutMinutes\":" MAYBE_COUNT) ","
    ROW("\"organisationId\",\"organisationName\",\"people\"",
        "\"organisationId\":" TEXT ",\"organisationName\":" TEXT ",\"people\":" MAYBE_COUNT) ","
    ROW("\"membershipId\",\"personId\",\"personName\",\"role\",\"roleLabel\",\"onBehalfOfId\","
        "\"onBehalfOfName\",\"byDeputy\"",
        "\"membershipId\":" TEXT ",\"personId\":" MAYBE ",\"personName\":" MAYBE ",\"role\":" TEXT
        ",\"roleLabel\":" TEXT ",\"onBehalfOfId\":" MAYBE ",\"onBehalfOfName\":" MAYBE
        ",\"byDeputy\":" COUNT)
    "]}},\"_meta\":{\"type\":\"object\"},\"_links\":{\"type\":\"array\",\"items\":{\"type\":"
    "\"object\"}},\"_embedded\":{\"type\":\"object\"}}}";

const struct route attendance_statistics_routes[] = {
    {.method = "GET", .path = "/statistics/attendance", .may = MAY_ALL, .run = get_attendance,
     .view = "statistics/attendance", .shape = SHAPE_VIEW, .query = attendance_query,
     .reply = attendance_reply, .flags = ROUTE_SLOW | ROUTE_CACHE | ROUTE_NO_DAY,
     .what = N_("Attendance by group, by organisation or, within a group, by member; how often "
                "groups meet; how old their minutes become.")},
    {0},
};
