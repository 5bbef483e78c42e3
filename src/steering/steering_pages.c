/* steering_pages.c: the routes of the steering group's page and of one area's, with their filters
 * and the shapes that scripts see. Owns titles; knows no SQL and nothing of counting. */
#include <stdlib.h>
#include <string.h>
#include <kansli/group.h>
#include <kansli/kind.h>
#include <kansli/organisation.h>
#include <kansli/paging.h>
#include "internal.h"

enum { FIRST_YEAR = 2018, LAST_YEAR = 2199, ON_A_PAGE = 100, IN_A_LIST = 20, MOST_MS = 20000 };

static const struct value categories[] = {
    {"programmeArea", N_("Programme areas")},
    {"collaboration", N_("Collaboration groups")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- what was asked for */

static const char *choice(struct ctx *ctx, const char *name, const struct value *values,
                          const char *fallback)
{
    const char *code = ctx_query(ctx, name);
    if (!code || !*code)
        return fallback;
    while (values->code && strcmp(values->code, code))
        values++;
    if (!values->code)
        err_field(ctx->err, name, N_("There is no value {value} here."), "value", code, NULL);
    return code;
}

static int year_asked(struct ctx *ctx)
{
    const char *text = ctx_query(ctx, "year");
    if (!text || !*text)
        return steering_year(ctx);
    long year = strtol(text, NULL, 10);
    if (year < FIRST_YEAR || year > LAST_YEAR)
        err_field(ctx->err, "year", N_("Write a year from {first} to {last}."), "first",
                  arena_int(ctx->arena, FIRST_YEAR), "last", arena_int(ctx->arena, LAST_YEAR),
                  NULL);
    return (int)year;
}

static long long place_asked(struct ctx *ctx, const char *name, const struct reference *reference)
{
    const char *id = ctx_query(ctx, name);
    if (!id || !*id)
        return 0;
    long long key = steering_place(ctx, reference, id);
    if (!key)
        err_field(ctx->err, name, N_("There is no value {value} here."), "value", id, NULL);
    return key;
}

/* A place says where groups of the two levels below the nation are. */
static struct scope scope_asked(struct ctx *ctx)
{
    struct scope scope = {
        .level = choice(ctx, "level", level_values, "national"),
        .category = choice(ctx, "category", categories, "programmeArea"),
        .by = choice(ctx, "by", steering_by, "area"),
    };
    long long region = place_asked(ctx, "region", &region_reference);
    long long healthcare_region = place_asked(ctx, "healthcareRegion",
                                              &healthcare_region_reference);
    if (!strcmp(scope.level, "local") && region)
        scope.place = region;
    else if (strcmp(scope.level, "national"))
        scope.place = healthcare_region;
    return scope;
}

/* ---------------------------------------------------------------- around the documents */

static json_t *filter(struct ctx *ctx, json_t *filters, const char *name, const char *label,
                      const char *value)
{
    json_t *one = json_push(filters, json_object());
    json_put(one, "name", name);
    json_put(one, "label", ctx_text(ctx, label));
    json_put(one, "value", value ? value : "");
    json_put_new(one, "options", json_array());
    return one;
}

static void option(json_t *filter, const char *value, const char *label)
{
    json_t *one = json_push(json_object_get(filter, "options"), json_object());
    json_put(one, "value", value);
    json_put(one, "label", label);
    json_put_bool(one, "selected", !strcmp(json_text(filter, "value"), value));
}

static void options(struct ctx *ctx, json_t *filter, const struct value *values)
{
    for (; values->code; values++)
        option(filter, values->code, ctx_text(ctx, values->label));
}

static void places(struct ctx *ctx, json_t *filters, const char *name, const char *label,
                   const struct reference *reference)
{
    json_t *one = filter(ctx, filters, name, label, ctx_query(ctx, name)), *row;
    json_t *rows = steering_places(ctx, reference);
    size_t i;
    option(one, "", ctx_text(ctx, NC_("choice", "All")));
    json_array_foreach(rows, i, row)
        option(one, json_text(row, "value"), json_text(row, "label"));
    json_decref(rows);
}

/* A few years back, and next year. */
static void years(struct ctx *ctx, json_t *filters, int year)
{
    json_t *one = filter(ctx, filters, "year", N_("Plans for"), arena_int(ctx->arena, year));
    int last = (int)strtol(ctx->today, NULL, 10) + 1;
    for (int y = year > last ? year : last; y >= FIRST_YEAR && (y > last - 8 || y >= year); y--)
        option(one, arena_int(ctx->arena, y), arena_int(ctx->arena, y));
}

static json_t *filters_of(struct ctx *ctx, const struct scope *scope, int year)
{
    json_t *filters = json_array();
    options(ctx, filter(ctx, filters, "level", N_("Level"), scope->level), level_values);
    options(ctx, filter(ctx, filters, "category", N_("Kind"), scope->category), categories);
    if (strcmp(scope->level, "national"))
        places(ctx, filters, "healthcareRegion", N_("Healthcare region"),
               &healthcare_region_reference);
    if (!strcmp(scope->level, "local"))
        places(ctx, filters, "region", N_("Region"), &region_reference);
    options(ctx, filter(ctx, filters, "by", N_("Rows"), scope->by), steering_by);
    years(ctx, filters, year);
    return filters;
}

/* The address that sorts by a column, the other way round when it does already. */
static const char *sort_address(struct ctx *ctx, const char *sort)
{
    struct buf buf;
    const char *name;
    json_t *value;
    buf_init(&buf, 8192);
    buf_addf(&buf, "?sort=%s", sort);
    json_object_foreach(ctx->query->values, name, value) {
        if (!strcmp(name, "sort") || !strcmp(name, "page") || !json_string_length(value))
            continue;
        buf_addc(&buf, '&');
        buf_url(&buf, name, strlen(name));
        buf_addc(&buf, '=');
        buf_url(&buf, json_string_value(value), json_string_length(value));
    }
    const char *text = arena_strndup(ctx->arena, buf.data, buf.len);
    buf_release(&buf);
    return text;
}

static json_t *headings_of(struct ctx *ctx, const struct scope *scope, const char *sort)
{
    const struct {
        const char *name, *label;
    } columns[] = {
        {"name", value_label(ctx, steering_by, scope->by)},
        {"groups", ctx_text(ctx, N_("Groups"))},
        {"people", ctx_text(ctx, N_("People"))},
        {"fullTimeEquivalents", ctx_text(ctx, N_("Full-time equivalents"))},
        {"estimatedFullTimeEquivalents", ctx_text(ctx, N_("Estimated"))},
        {NULL, ctx_text(ctx, N_("Chart of time"))},
        {"plans", ctx_text(ctx, strcmp(scope->by, "area") ? N_("Plans") : N_("Plan"))},
        {"initiatives", ctx_text(ctx, N_("Initiatives"))},
        {"reviews", ctx_text(ctx, N_("Reviews done"))},
        {"vacancies", ctx_text(ctx, N_("Vacancies"))},
    };
    json_t *all = json_array();
    for (size_t i = 0; i < LEN(columns); i++) {
        const char *name = columns[i].name;
        json_t *one = json_push(all, json_object());
        bool up = name && !strcmp(sort, name);
        bool down = name && *sort == '-' && !strcmp(sort + 1, name);
        bool by_name = name && !strcmp(name, "name"); /* the others begin with the most */
        json_put(one, "label", columns[i].label);
        json_put_bool(one, "number", name && !by_name && strcmp(name, "plans") &&
                                          strcmp(name, "initiatives"));
        json_put(one, "sorted", up ? "ascending" : down ? "descending" : NULL);
        json_put(one, "href",
                 !name                    ? NULL
                 : (by_name ? up : !down) ? sort_address(ctx, arena_printf(ctx->arena, "-%s", name))
                                          : sort_address(ctx, name));
    }
    return all;
}

/* ---------------------------------------------------------------- handlers */

/* The items of one page in the envelope of all lists, between what stands around them. */
static void put_page(struct ctx *ctx, json_t *document, const struct paging *paging)
{
    json_t *all = json_object_get(document, "items"), *items = json_array();
    size_t n = json_array_size(all), from = (size_t)((paging->page - 1) * paging->limit);
    for (size_t i = from; i < n && i < from + (size_t)paging->limit; i++)
        json_array_append(items, json_array_get(all, i));
    json_t *envelope = paging_envelope(ctx, paging, items, (long long)n, (long long)n);
    json_object_update(document, envelope);
    json_decref(envelope);
}

static enum code get_overview(struct ctx *ctx, struct answer *out)
{
    struct scope scope = scope_asked(ctx);
    struct paging paging = paging_read(ctx, ctx_page(ctx) ? ON_A_PAGE : IN_A_LIST);
    int year = year_asked(ctx);
    const char *sort = choice(ctx, "sort", steering_sorts, "name");
    if (ctx->err->code)
        return ctx->err->code;
    db_read_limit(ctx->tx, MOST_MS);
    json_t *document = out->document = overview_of(ctx, &scope, year, sort);
    overview_export(ctx, json_object_get(document, "items"));
    put_page(ctx, document, &paging);
    out->title = ctx_text(ctx, N_("The steering group’s overview"));
    if (ctx_embeds(ctx, "filters"))
        ctx_embed(ctx, document, "filters", filters_of(ctx, &scope, year));
    if (ctx_embeds(ctx, "headings"))
        ctx_embed(ctx, document, "headings", headings_of(ctx, &scope, sort));
    if (ctx_embeds(ctx, "pages"))
        ctx_embed(ctx, document, "pages", paging_pages(ctx, &paging, document));
    return tx_code(ctx->tx);
}

static enum code get_area(struct ctx *ctx, struct answer *out)
{
    enum code c = OK;
    long long key = group_in_path(ctx, out, &c);
    int year = year_asked(ctx);
    if (!key)
        return c;
    if (ctx->err->code)
        return ctx->err->code;
    db_read_limit(ctx->tx, MOST_MS);
    out->document = area_progress(ctx, key, year);
    ctx_link(ctx, out->document, "self", "GET", ctx->path);
    if (ctx_embeds(ctx, "filters")) {
        json_t *filters = json_array();
        years(ctx, filters, year);
        ctx_embed(ctx, out->document, "filters", filters);
    }
    return group_below(ctx, ctx_value(ctx, "id"), out, "/progress", ctx_text(ctx, N_("Progress")));
}

/* ---------------------------------------------------------------- shapes */

#define TEXT "{\"type\":\"string\"}"
#define MAYBE "{\"type\":[\"string\",\"null\"]}"
#define COUNT "{\"type\":\"integer\",\"minimum\":0}"
#define INTEGER "{\"type\":\"integer\"}"
#define NUMBER "{\"type\":\"number\"}"
#define DAY "{\"type\":\"string\",\"format\":\"date\"}"
#define LIST(items) "{\"type\":\"array\",\"items\":" items "}"
#define OBJECT(required, properties)                                                               \
    "{\"type\":\"object\",\"required\":[" required "],\"properties\":{" properties "}}"
#define OR_NULL(required, properties)                                                              \
    "{\"type\":[\"object\",\"null\"],\"required\":[" required "],\"properties\":{" properties "}}"
#define PROGRESS                                                                                   \
    OBJECT("\"total\",\"onTrack\",\"delayed\",\"stopped\",\"done\",\"untold\"",                    \
           "\"total\":" COUNT ",\"onTrack\":" COUNT ",\"delayed\":" COUNT ",\"stopped\":" COUNT    \
           ",\"done\":" COUNT ",\"untold\":" COUNT ",\"text\":" MAYBE)
#define PLANS                                                                                      \
    OBJECT("\"expected\",\"approved\",\"followedUp\",\"undecided\"",                               \
           "\"expected\":" COUNT ",\"approved\":" COUNT ",\"followedUp\":" COUNT                   \
           ",\"undecided\":" COUNT ",\"returned\":" COUNT ",\"submitted\":" COUNT                  \
           ",\"draft\":" COUNT ",\"missing\":" COUNT ",\"text\":" MAYBE ",\"rest\":" MAYBE)
#define FIGURE_NAMES                                                                               \
    "\"groups\",\"people\",\"fullTimeEquivalents\",\"estimatedFullTimeEquivalents\","              \
    "\"vacancies\",\"plans\",\"planId\",\"planStatus\",\"initiatives\",\"reviews\""
#define FIGURES                                                                                    \
    "\"groups\":" COUNT ",\"people\":" COUNT ",\"fullTimeEquivalents\":" NUMBER                    \
    ",\"fullTimeEquivalentsText\":" TEXT ",\"estimatedFullTimeEquivalents\":" NUMBER               \
    ",\"estimatedFullTimeEquivalentsText\":" TEXT ",\"vacancies\":" COUNT ",\"plans\":" PLANS      \
    ",\"planId\":" MAYBE ",\"planStatus\":" MAYBE ",\"planStatusLabel\":" MAYBE                    \
    ",\"initiatives\":" PROGRESS ",\"reviews\":"                                                   \
    OBJECT("\"due\",\"done\"", "\"due\":" COUNT ",\"done\":" COUNT)
#define CHANGED(name, type) ",\"" name "\":" type ",\"" name "Text\":" MAYBE
#define CHANGE                                                                                     \
    OR_NULL("\"groups\"", "\"groups\":" INTEGER ",\"groupsText\":" MAYBE                           \
            CHANGED("people", INTEGER) CHANGED("fullTimeEquivalents", NUMBER)                      \
            CHANGED("estimatedFullTimeEquivalents", NUMBER) CHANGED("plans", INTEGER)              \
            CHANGED("initiatives", INTEGER) CHANGED("reviews", INTEGER)                            \
            CHANGED("vacancies", INTEGER))
#define COMPARED                                                                                   \
    FIGURES ",\"planWasLabel\":" MAYBE ",\"before\":" OR_NULL(FIGURE_NAMES, FIGURES)               \
    ",\"change\":" CHANGE
/* Bars are of a hundred; progress has a piece for each kind that there is. */
#define BARS                                                                                       \
    OBJECT("\"actual\",\"estimated\",\"progress\"",                                                \
           "\"actual\":" COUNT ",\"estimated\":{\"type\":[\"integer\",\"null\"]},\"progress\":"    \
           LIST(OBJECT("\"kind\",\"x\",\"width\"",                                                 \
                       "\"kind\":" TEXT ",\"x\":" COUNT ",\"width\":" COUNT)))
#define ITEM_NAMES "\"id\",\"name\",\"before\",\"change\",\"bars\"," FIGURE_NAMES
#define ITEM_MEMBERS                                                                               \
    "\"id\":" MAYBE ",\"name\":" TEXT ",\"shortName\":" TEXT ",\"placeName\":" MAYBE               \
    ",\"href\":" MAYBE "," COMPARED ",\"bars\":" BARS
#define ITEM OBJECT(ITEM_NAMES, ITEM_MEMBERS)

static const char overview_reply[] =
    OBJECT("\"asOf\",\"year\",\"level\",\"by\",\"before\",\"items\",\"total\",\"_meta\"",
           "\"asOf\":" DAY ",\"year\":" COUNT ",\"level\":" TEXT ",\"levelLabel\":" TEXT
           ",\"by\":" TEXT ",\"byLabel\":" TEXT ",\"before\":"
           OBJECT("\"asOf\",\"year\"", "\"asOf\":" DAY ",\"year\":" COUNT) ",\"items\":" LIST(ITEM)
           ",\"total\":" OBJECT(FIGURE_NAMES, COMPARED) ",\"_meta\":{\"type\":\"object\"}");

/* An initiative with those of the level below that point to it: three levels in all. */
#define INITIATIVE(items)                                                                          \
    OBJECT("\"id\",\"title\",\"planId\",\"areaId\",\"progress\",\"below\",\"items\"",              \
           "\"id\":" TEXT ",\"title\":" TEXT ",\"planId\":" TEXT ",\"areaId\":" TEXT               \
           ",\"areaName\":" TEXT ",\"groupId\":" MAYBE ",\"groupName\":" MAYBE                     \
           ",\"priority\":{\"type\":[\"integer\",\"null\"]},\"progress\":" MAYBE                   \
           ",\"progressLabel\":" MAYBE ",\"endDate\":" MAYBE                                       \
           ",\"cost\":{\"type\":[\"integer\",\"null\"]},\"resourceNeeds\":" MAYBE                  \
           ",\"below\":" PROGRESS ",\"items\":" LIST(items))
#define GAPS                                                                                       \
    OBJECT("\"raised\",\"prioritised\",\"addressed\",\"declined\"",                                \
           "\"raised\":" COUNT ",\"prioritised\":" COUNT ",\"addressed\":" COUNT                     \
           ",\"declined\":" COUNT)
#define FACT                                                                                       \
    OBJECT("\"name\",\"label\",\"then\",\"now\"",                                                  \
           "\"name\":" TEXT ",\"label\":" TEXT ",\"then\":" NUMBER ",\"now\":" NUMBER              \
           ",\"thenText\":" TEXT ",\"nowText\":" TEXT ",\"changeText\":" TEXT)

static const char area_reply[] =
    OBJECT("\"groupId\",\"groupName\",\"level\",\"asOf\",\"year\",\"all\",\"groups\",\"mirrors\","
           "\"gaps\",\"gapsBelow\",\"plan\",\"sinceDecision\"",
           "\"groupId\":" TEXT ",\"groupName\":" TEXT ",\"level\":" TEXT ",\"asOf\":" DAY
           ",\"year\":" COUNT ",\"all\":" OR_NULL(ITEM_NAMES, ITEM_MEMBERS) ",\"groups\":"
           LIST(ITEM) ",\"mirrors\":" LIST(ITEM) ",\"gaps\":" GAPS
           ",\"gapsBelow\":" GAPS
           ",\"plan\":" OR_NULL("\"id\",\"year\",\"status\",\"initiatives\"",
                                "\"id\":" TEXT ",\"year\":" COUNT ",\"status\":" TEXT
                                ",\"statusLabel\":" TEXT ",\"decidedOn\":" MAYBE
                                ",\"initiatives\":"
                                LIST(INITIATIVE(INITIATIVE(INITIATIVE("{}")))))
           ",\"sinceDecision\":" OR_NULL("\"planId\",\"year\",\"version\",\"decidedOn\",\"facts\"",
                                         "\"planId\":" TEXT ",\"year\":" COUNT ",\"version\":" COUNT
                                         ",\"versionId\":" TEXT ",\"decidedOn\":" DAY ",\"asOf\":"
                                         MAYBE ",\"facts\":" LIST(FACT)));

/* ---------------------------------------------------------------- routes */

static const struct field overview_query[] = {
    {.name = "level", .label = N_("Level"), .type = T_ENUM, .values = level_values},
    {.name = "category", .label = N_("Kind"), .type = T_ENUM, .values = categories},
    {.name = "by", .label = N_("Rows"), .type = T_ENUM, .values = steering_by,
     .hint = N_("By host or healthcare region each group counts where it is hosted or lies.")},
    {.name = "healthcareRegion", .label = N_("Healthcare region"), .type = T_REF,
     .reference = &healthcare_region_reference, .hint = N_("Not of the national level.")},
    {.name = "region", .label = N_("Region"), .type = T_REF, .reference = &region_reference,
     .hint = N_("Of the local level.")},
    {.name = "year", .label = N_("Plans for"), .type = T_INT, .max = LAST_YEAR,
     .hint = N_("When nothing is said: the year whose plans are written or decided that day.")},
    {.name = "sort", .label = N_("Order"), .type = T_ENUM, .values = steering_sorts},
    {.name = "page", .label = N_("Page"), .type = T_INT},
    {.name = "limit", .label = N_("How many"), .type = T_INT, .max = 500},
    PAGING_FORMAT,
    {0},
};

static const struct field area_query[] = {
    {.name = "year", .label = N_("Plan for"), .type = T_INT, .max = LAST_YEAR},
    {0},
};

const struct route steering_routes[] = {
    {.method = "GET", .path = "/steering", .may = MAY_ALL, .run = get_overview,
     .view = "steering/overview", .shape = SHAPE_VIEW, .query = overview_query,
     .reply = overview_reply, .flags = ROUTE_CACHE | ROUTE_SLOW,
     .what = N_("Programme areas with their groups, people, time, plans, initiatives, reviews and "
                "vacancies, each against the year before.")},
    {.method = "GET", .path = "/groups/{id}/progress", .may = MAY_ALL, .run = get_area,
     .view = "steering/area", .shape = SHAPE_VIEW, .query = area_query, .reply = area_reply,
     .flags = ROUTE_CACHE | ROUTE_SLOW,
     .what = N_("One area with its groups, those that mirror it, and its plan's initiatives with "
                "all that point to them.")},
    {0},
};
