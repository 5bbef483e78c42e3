/* vacancies.c: what is missing across the register, oldest first.
 *
 * Owns the filters over what the engine found (coverage_vacancies) and the page. Must not know how
 * a vacancy is found. What is kept is shared: an item is copied before anything is added to it. */
#include <string.h>
#include <kansli/kind.h>
#include <kansli/organisation.h>
#include <kansli/paging.h>
#include "internal.h"

enum { ON_A_PAGE = 50, IN_A_LIST = 20, ALL_ROWS = 999999999, MOST_MS = 20000 };

const struct field vacancies_query[] = {
    {.name = "level", .label = N_("Level"), .type = T_ENUM, .values = level_values},
    {.name = "healthcareRegionId", .label = N_("Healthcare region"), .type = T_REF,
     .reference = &healthcare_region_reference},
    {.name = "kind", .label = N_("Kind"), .type = T_REF, .reference = &kind_reference},
    {.name = "weight", .label = N_("Weight"), .type = T_ENUM, .values = requirement_weights},
    {.name = "page", .label = N_("Page"), .type = T_INT},
    {.name = "limit", .label = N_("How many"), .type = T_INT, .max = 500},
    PAGING_FORMAT,
    {0},
};

static const struct paging_column columns[] = {
    {.member = "vacantSince", .label = N_("Vacant since"), .kind = CELL_DAY},
    {.member = "groupId", .label = N_("Its id")},
    {.member = "groupName", .label = N_("Group")},
    {.member = "levelLabel", .label = N_("Level")},
    {.member = "text", .label = N_("Requirement")},
    {.member = "weightLabel", .label = N_("Weight")},
    {.member = "statusLabel", .label = N_("Status")},
    {.member = "missingNames", .label = N_("Missing")},
    {0},
};

#define TEXT "{\"type\":\"string\"}"
const char vacancies_reply[] =
    "{\"type\":\"object\",\"required\":[\"asOf\",\"items\",\"_meta\",\"_links\"],\"properties\":{"
    "\"asOf\":{\"type\":\"string\",\"format\":\"date\"},\"items\":{\"type\":\"array\",\"items\":{"
    "\"type\":\"object\",\"required\":[\"groupId\",\"groupName\",\"kind\",\"level\","
    "\"requirementId\",\"text\",\"weight\",\"status\",\"missing\",\"vacantSince\"],\"properties\":{"
    "\"groupId\":" TEXT ",\"groupName\":" TEXT
    ",\"areaName\":{\"type\":[\"string\",\"null\"]},\"kind\":" TEXT ",\"level\":" TEXT
    ",\"levelLabel\":" TEXT ",\"healthcareRegionId\":{\"type\":[\"string\",\"null\"]},"
    "\"requirementId\":" TEXT ",\"capacity\":{\"type\":[\"string\",\"null\"]},\"type\":" TEXT
    ",\"text\":" TEXT ",\"weight\":" TEXT
    ",\"weightLabel\":" TEXT ",\"status\":" TEXT ",\"statusLabel\":" TEXT
    ",\"missing\":{\"type\":\"array\",\"items\":" TEXT "},\"missingNames\":{\"type\":\"array\","
    "\"items\":" TEXT "},\"_embedded\":{\"type\":\"object\"},"
    "\"vacantSince\":{\"type\":\"string\",\"format\":\"date\"}}}},"
    "\"_meta\":{\"type\":\"object\"},\"_links\":{\"type\":\"array\"}}}";

/* ---------------------------------------------------------------- filters */

struct sought {
    const char *level, *region, *kind, *weight;
    json_t *regions; /* ids of the healthcare region's own regions: a set */
};

static const char *asked(struct ctx *ctx, const char *name)
{
    const char *text = ctx_query(ctx, name);
    return text && *text ? text : NULL;
}

static const char *choice(struct ctx *ctx, const char *name, const struct value *values)
{
    const char *code = asked(ctx, name);
    while (code && values->code && strcmp(values->code, code))
        values++;
    if (code && !values->code)
        err_field(ctx->err, name, N_("There is no value {value} here."), "value", code, NULL);
    return code;
}

static json_t *regions_of(struct ctx *ctx, const char *id)
{
    json_t *set = json_object(), *row;
    size_t i;
    json_t *rows = db_rows(ctx->tx,
                           "SELECT b.id AS \"id\" FROM organisation_area a "
                           "JOIN body h ON h.key = a.healthcare_region_key "
                           "JOIN body b ON b.key = a.organisation_key "
                           "WHERE h.id = ?1 AND a.is_primary = 1",
                           id);
    json_put_bool(set, id, true);
    json_array_foreach(rows, i, row)
        json_put_bool(set, json_text(row, "id"), true);
    json_decref(rows);
    return set;
}

static struct sought sought_of(struct ctx *ctx)
{
    struct sought sought = {
        .level = choice(ctx, "level", level_values),
        .region = asked(ctx, "healthcareRegionId"),
        .kind = asked(ctx, "kind"),
        .weight = choice(ctx, "weight", requirement_weights),
    };
    if (sought.kind && !db_exists(ctx->tx, "SELECT 1 FROM group_kind WHERE id = ?1", sought.kind))
        err_field(ctx->err, "kind", N_("There is no value {value} here."), "value", sought.kind,
                  NULL);
    if (sought.region &&
        !db_exists(ctx->tx,
                   "SELECT 1 FROM organisation o JOIN body b ON b.key = o.key WHERE b.id = ?1 "
                   "AND o.type = 'healthcareRegion'",
                   sought.region))
        err_field(ctx->err, "healthcareRegionId", N_("There is no value {value} here."), "value",
                  sought.region, NULL);
    if (sought.region)
        sought.regions = regions_of(ctx, sought.region);
    return sought;
}

static bool is(const char *asked_for, const json_t *item, const char *name)
{
    const char *text = json_text(item, name);
    return !asked_for || (text && !strcmp(asked_for, text));
}

/* A group of the healthcare region, or a seat that it is asked to fill elsewhere. */
static bool concerns(const struct sought *sought, const json_t *item)
{
    json_t *id;
    size_t i;
    if (!sought->region || is(sought->region, item, "healthcareRegionId"))
        return true;
    json_array_foreach(json_object_get(item, "missing"), i, id)
        if (json_object_get(sought->regions, json_string_value(id)))
            return true;
    return false;
}

static bool matches(const struct sought *sought, const json_t *item)
{
    return is(sought->level, item, "level") && is(sought->kind, item, "kind") &&
           is(sought->weight, item, "weight") && concerns(sought, item);
}

/* ---------------------------------------------------------------- the page */

static json_t *shown(struct ctx *ctx, const json_t *item)
{
    json_t *one = json_copy((json_t *)item);
    if (ctx_page(ctx)) {
        bool call = may(ctx, ACT_KEEP_CALL, json_int(one, "key", 0));
        ctx_embed(ctx, one, "mayCall", json_boolean(call));
        ctx->as_support = false; /* asked, not done */
    }
    json_object_del(one, "key");
    json_put(one, "levelLabel", value_label(ctx, level_values, json_text(one, "level")));
    json_put(one, "weightLabel", value_label(ctx, requirement_weights, json_text(one, "weight")));
    json_put(one, "statusLabel", value_label(ctx, coverage_statuses, json_text(one, "status")));
    return one;
}

static json_t *page_of(struct ctx *ctx, const struct sought *sought, const struct paging *paging,
                       long long *total)
{
    json_t *all = coverage_vacancies(ctx), *items = json_array(), *item;
    long long from = (paging->page - 1) * paging->limit;
    size_t i;
    json_array_foreach(all, i, item) {
        if (!matches(sought, item))
            continue;
        if (*total >= from && *total < from + paging->limit)
            json_push(items, shown(ctx, item));
        ++*total;
    }
    json_decref(all);
    return items;
}

static json_t *filter(struct ctx *ctx, json_t *filters, const char *name, const char *label)
{
    json_t *one = json_push(filters, json_object());
    json_put(one, "name", name);
    json_put(one, "label", ctx_text(ctx, label));
    json_put(one, "type", "select");
    json_put(one, "value", asked(ctx, name));
    return json_put_new(one, "options", json_array());
}

static void option(struct ctx *ctx, json_t *options, const char *name, const char *value,
                   const char *label)
{
    const char *chosen = asked(ctx, name);
    json_t *one = json_push(options, json_object());
    json_put(one, "value", value);
    json_put(one, "label", label);
    json_put_bool(one, "selected", chosen && !strcmp(chosen, value));
}

static void codes(struct ctx *ctx, json_t *options, const char *name, const struct value *values)
{
    for (; values->code; values++)
        option(ctx, options, name, values->code, ctx_text(ctx, values->label));
}

static void rows(struct ctx *ctx, json_t *options, const char *name, const char *sql)
{
    json_t *row, *all = db_rows_(ctx->tx, sql, NULL, 0);
    size_t i;
    json_array_foreach(all, i, row)
        option(ctx, options, name, json_text(row, "value"), json_text(row, "label"));
    json_decref(all);
}

static json_t *filters_of(struct ctx *ctx)
{
    json_t *filters = json_array();
    codes(ctx, filter(ctx, filters, "level", N_("Level")), "level", level_values);
    rows(ctx, filter(ctx, filters, "healthcareRegionId", N_("Healthcare region")),
         "healthcareRegionId", healthcare_region_reference.options);
    rows(ctx, filter(ctx, filters, "kind", N_("Kind")), "kind", kind_reference.options);
    codes(ctx, filter(ctx, filters, "weight", N_("Weight")), "weight", requirement_weights);
    return filters;
}

enum code vacancies_list(struct ctx *ctx, struct answer *out)
{
    struct paging paging = paging_read(ctx, ctx_page(ctx) ? ON_A_PAGE : IN_A_LIST);
    struct sought sought = sought_of(ctx);
    long long total = 0;
    if (ctx->err->code) {
        json_decref(sought.regions);
        return ctx->err->code;
    }
    db_read_limit(ctx->tx, MOST_MS); /* on the worker; found once, then kept */
    if (ctx->sheet)
        paging.limit = ALL_ROWS;
    json_t *items = page_of(ctx, &sought, &paging, &total);
    paging_export(ctx, columns, items);
    json_decref(sought.regions);
    json_t *document = out->document = paging_envelope(ctx, &paging, items, total, total);
    json_put(document, "asOf", ctx->day);
    out->title = ctx_text(ctx, N_("Vacancies"));
    if (ctx_embeds(ctx, "tabs"))
        ctx_embed(ctx, document, "tabs", group_tabs(ctx, "/vacancies"));
    if (ctx_embeds(ctx, "filters"))
        ctx_embed(ctx, document, "filters", filters_of(ctx));
    if (ctx_embeds(ctx, "pages"))
        ctx_embed(ctx, document, "pages", paging_pages(ctx, &paging, document));
    return tx_code(ctx->tx);
}
