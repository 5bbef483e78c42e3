/* statistics_pages.c: the routes of statistics, their filters, and the parts that other pages show.
 * Owns titles and shapes; knows no SQL and no rule of counting. */
#include <stdlib.h>
#include <string.h>
#include <kansli/kept.h>
#include <kansli/kind.h>
#include <kansli/organisation.h>
#include "internal.h"

/* ---------------------------------------------------------------- what was asked for */

static bool is_one_of(const struct value *values, const char *code)
{
    while (values->code && strcmp(values->code, code))
        values++;
    return values->code != NULL;
}

static void wrong(struct ctx *ctx, const char *name, const char *value)
{
    err_field(ctx->err, name, N_("There is no value {value} here."), "value", value, NULL);
}

static const char *asked(struct ctx *ctx, const char *name, const struct value *values,
                         const char *fallback)
{
    const char *value = ctx_query(ctx, name);
    if (value && !is_one_of(values, value))
        wrong(ctx, name, value);
    return value ? value : fallback;
}

/* ---------------------------------------------------------------- around the documents */

static json_t *option(json_t *filter, const char *value, const char *label)
{
    json_t *one = json_push(json_object_get(filter, "options"), json_object());
    json_put(one, "value", value);
    json_put(one, "label", label);
    json_put_bool(one, "selected", !strcmp(json_text(filter, "value"), value));
    return one;
}

static json_t *filter(struct ctx *ctx, json_t *filters, const char *name, const char *label,
                      const char *value)
{
    json_t *one = json_push(filters, json_object());
    json_put(one, "name", name);
    json_put(one, "label", ctx_text(ctx, label));
    json_put(one, "value", value);
    json_put_new(one, "options", json_array());
    return one;
}

static void options_of(struct ctx *ctx, json_t *one, const struct value *values)
{
    for (; values->code; values++)
        option(one, values->code, ctx_text(ctx, values->label));
}

static json_t *share_filters(struct ctx *ctx, const json_t *shares)
{
    const char *area = json_text(shares, "healthcareRegionId");
    json_t *filters = json_array(), *item;
    json_t *region =
        filter(ctx, filters, "healthcareRegion", N_("Shares within"), area ? area : "");
    json_t *nation = shares_on(ctx, NULL, "national", "seats", ctx->day);
    size_t i;
    option(region, "", ctx_text(ctx, N_("The nation")));
    json_array_foreach(json_object_get(nation, "items"), i, item)
        option(region, json_text(item, "organisationId"), json_text(item, "organisationName"));
    json_decref(nation);
    options_of(ctx, filter(ctx, filters, "level", N_("Level"), json_text(shares, "level")),
               level_values);
    options_of(ctx, filter(ctx, filters, "of", N_("Of what"), json_text(shares, "of")),
               share_counts);
    return filters;
}

static void tab(struct ctx *ctx, json_t *tabs, const char *href, const char *label)
{
    json_t *one = json_push(tabs, json_object());
    json_put(one, "href", href);
    json_put(one, "label", ctx_text(ctx, label));
    json_put_bool(one, "current", !strcmp(href, ctx->path));
}

json_t *statistics_tabs(struct ctx *ctx)
{
    json_t *tabs = json_array();
    tab(ctx, tabs, "/statistics", N_("Overview"));
    tab(ctx, tabs, "/statistics/shares", N_("Shares"));
    tab(ctx, tabs, "/statistics/resources", N_("Resources"));
    tab(ctx, tabs, "/statistics/attendance", N_("Attendance"));
    return tabs;
}

static void embed_tabs(struct ctx *ctx, json_t *document)
{
    if (ctx_embeds(ctx, "tabs"))
        ctx_embed(ctx, document, "tabs", statistics_tabs(ctx));
}

/* ---------------------------------------------------------------- handlers */

static enum code make_overview(struct ctx *ctx, struct answer *out)
{
    json_t *document = out->document = json_object();
    json_put(document, "asOf", ctx->day);
    json_put_new(document, "shares", statistics_shares(ctx, NULL, "national", "seats"));
    json_put_new(document, "resources", resources_by_area(ctx, ctx->day));
    ctx_link(ctx, document, "self", "GET", ctx->path);
    embed_tabs(ctx, document);
    out->title = ctx_text(ctx, N_("Statistics"));
    return tx_code(ctx->tx);
}

static enum code make_shares(struct ctx *ctx, struct answer *out)
{
    const char *area = ctx_query(ctx, "healthcareRegion");
    const char *level = asked(ctx, "level", level_values, "national");
    const char *of = asked(ctx, "of", share_counts, "seats");
    if (area && !shares_within(ctx, area))
        wrong(ctx, "healthcareRegion", area);
    if (ctx->err->code)
        return ctx->err->code;
    json_t *document = out->document = statistics_shares(ctx, area, level, of);
    db_read_limit(ctx->tx, 60000);
    ctx_link(ctx, document, "self", "GET", ctx->path);
    bool series = ctx_embeds(ctx, "series"), chart = ctx_embeds(ctx, "chart");
    json_t *years = series || chart ? shares_series(ctx, area, level, of) : NULL;
    if (chart)
        ctx_embed(ctx, document, "chart", chart_of_series(ctx, years));
    if (series)
        ctx_embed(ctx, document, "series", json_incref(years));
    json_decref(years);
    if (ctx_embeds(ctx, "filters"))
        ctx_embed(ctx, document, "filters", share_filters(ctx, document));
    embed_tabs(ctx, document);
    out->title = ctx_text(ctx, N_("Shares"));
    return tx_code(ctx->tx);
}

enum { FIRST_YEAR = 2018, LAST_YEAR = 2100 };

/* The last day of the year; of this year, today. */
static const char *day_of_year(struct ctx *ctx, long year)
{
    return year == strtol(ctx->today, NULL, 10) ? ctx->today
                                                : arena_printf(ctx->arena, "%04ld-12-31", year);
}

static json_t *year_filters(struct ctx *ctx, long year)
{
    json_t *filters = json_array();
    json_t *years = filter(ctx, filters, "year", N_("Year"), arena_printf(ctx->arena, "%ld", year));
    for (long y = strtol(ctx->today, NULL, 10); y >= FIRST_YEAR; y--) {
        const char *text = arena_printf(ctx->arena, "%ld", y);
        option(years, text, text);
    }
    return filters;
}

static enum code make_resources(struct ctx *ctx, struct answer *out)
{
    const char *text = ctx_query(ctx, "year");
    long year = strtol(text ? text : ctx->today, NULL, 10);
    if (text && (year < FIRST_YEAR || year > LAST_YEAR))
        return err_field(ctx->err, "year", N_("Write a year from {first} to {last}."), "first",
                         arena_printf(ctx->arena, "%d", FIRST_YEAR), "last",
                         arena_printf(ctx->arena, "%d", LAST_YEAR), NULL);
    db_read_limit(ctx->tx, 60000);
    json_t *document = out->document = resources_by_area(ctx, day_of_year(ctx, year));
    json_put_int(document, "year", year);
    ctx_link(ctx, document, "self", "GET", ctx->path);
    if (ctx_embeds(ctx, "filters"))
        ctx_embed(ctx, document, "filters", year_filters(ctx, year));
    embed_tabs(ctx, document);
    out->title = ctx_text(ctx, N_("Resources"));
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- what is kept */

static enum code kept(struct ctx *ctx, struct answer *out, handler *make)
{
    static struct kept_slot slots[24];
    static struct kept documents = {slots, LEN(slots), 0};
    return kept_answer(&documents, ctx, out, make);
}

static enum code get_overview(struct ctx *ctx, struct answer *out)
{
    return kept(ctx, out, make_overview);
}

static enum code get_shares(struct ctx *ctx, struct answer *out)
{
    return kept(ctx, out, make_shares);
}

static enum code get_resources(struct ctx *ctx, struct answer *out)
{
    return kept(ctx, out, make_resources);
}

/* ---------------------------------------------------------------- shapes */

#define TEXT "{\"type\":\"string\"}"
#define MAYBE "{\"type\":[\"string\",\"null\"]}"
#define COUNT "{\"type\":\"integer\",\"minimum\":0}"
#define NUMBER "{\"type\":\"number\",\"minimum\":0}"
#define DAY "{\"type\":\"string\",\"format\":\"date\"}"
#define LIST(items) "{\"type\":\"array\",\"items\":" items "}"
#define OBJECT(required, properties)                                                               \
    "{\"type\":\"object\",\"required\":[" required "],\"properties\":{" properties "}}"
#define SHARE                                                                                      \
    OBJECT("\"organisationId\",\"organisationName\",\"percent\"",                                  \
           "\"organisationId\":" TEXT ",\"organisationName\":" TEXT ",\"seats\":" COUNT            \
           ",\"chairs\":" COUNT ",\"hostings\":" COUNT                                             \
           ",\"percent\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":100}")
#define SHARES                                                                                     \
    OBJECT("\"asOf\",\"level\",\"of\",\"healthcareRegionId\",\"total\",\"items\"",                 \
           "\"asOf\":" DAY ",\"level\":{\"enum\":[\"national\",\"healthcareRegion\",\"local\"]}"   \
           ",\"levelLabel\":" TEXT ",\"of\":{\"enum\":[\"seats\",\"chairs\",\"hostings\"]}"        \
           ",\"ofLabel\":" TEXT ",\"healthcareRegionId\":" MAYBE                                   \
           ",\"healthcareRegionName\":" MAYBE ",\"total\":" COUNT ",\"items\":" LIST(SHARE))
#define TIMES                                                                                      \
    "\"fullTimeEquivalents\":" NUMBER ",\"fullTimeEquivalentsText\":" TEXT                         \
    ",\"estimatedFullTimeEquivalents\":" NUMBER ",\"estimatedFullTimeEquivalentsText\":" TEXT
#define TIME_NAMES "\"fullTimeEquivalents\",\"estimatedFullTimeEquivalents\""
#define RESOURCE                                                                                   \
    "\"groups\":" COUNT ",\"people\":" COUNT "," TIMES ",\"byRole\":"                              \
    LIST(OBJECT("\"role\",\"roleLabel\"," TIME_NAMES,                                              \
                "\"role\":{\"enum\":[\"member\",\"chair\",\"processLeader\",\"other\"]}"           \
                ",\"roleLabel\":" TEXT "," TIMES))
#define RESOURCE_NAMES "\"groups\",\"people\"," TIME_NAMES ",\"byRole\""
#define RESOURCES                                                                                  \
    OBJECT("\"asOf\",\"items\",\"total\"",                                                         \
           "\"asOf\":" DAY ",\"year\":" COUNT ",\"items\":" LIST(OBJECT(                           \
               "\"groupId\",\"groupName\"," RESOURCE_NAMES,                                        \
               "\"groupId\":" TEXT ",\"groupName\":" TEXT "," RESOURCE)) ",\"total\":" OBJECT(     \
               RESOURCE_NAMES, RESOURCE))

static const char overview_reply[] =
    OBJECT("\"asOf\",\"shares\",\"resources\"",
           "\"asOf\":" DAY ",\"shares\":" SHARES ",\"resources\":" RESOURCES);
static const char shares_reply[] = SHARES;
static const char resources_reply[] = RESOURCES;

/* ---------------------------------------------------------------- routes and parts */

static const struct field shares_query[] = {
    {.name = "healthcareRegion",
     .label = N_("Healthcare region"),
     .type = T_REF,
     .reference = &healthcare_region_reference,
     .hint = N_("Without it: shares of the healthcare regions.")},
    {.name = "level", .label = N_("Level"), .type = T_ENUM, .values = level_values},
    {.name = "of", .label = N_("Of what"), .type = T_ENUM, .values = share_counts},
    {0},
};

static const struct field resources_query[] = {
    {.name = "year", .label = N_("Year"), .type = T_INT, .max = LAST_YEAR},
    {0},
};

#define VIEW(address, handler, template, schema, more)                                             \
    .method = "GET", .path = address, .may = MAY_ALL, .run = handler, .view = template,            \
    .shape = SHAPE_VIEW, .reply = schema, .flags = ROUTE_CACHE | ROUTE_SLOW | (more)

const struct route statistics_routes[] = {
    {VIEW("/statistics", get_overview, "statistics/overview", overview_reply, 0),
     .what = N_("Who takes part nationally, and with how much time.")},
    {VIEW("/statistics/shares", get_shares, "statistics/shares", shares_reply, 0),
     .query = shares_query,
     .what = N_("Shares of seats, chairs or hostings: of the healthcare regions, or of the regions "
                "of one of them; embed=series adds every year since 2018.")},
    {VIEW("/statistics/resources", get_resources, "statistics/resources", resources_reply,
          ROUTE_NO_DAY),
     .query = resources_query,
     .what = N_("People and full-time equivalents, by role too, by programme area with all the "
                "groups that it commissions.")},
    {0},
};

const struct part statistics_parts[] = {
    {.of = "organisations", .name = "share", .make = share_of_organisation},
    {.of = "groups", .name = "resources", .make = resources_of_group},
    {0},
};
