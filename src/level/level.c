/* level.c: one level or place and its groups (R1), and the places of a level.
 *
 * Owns the view of a level: the groups by kind that stand there, and what they add up to. Groups
 * come by the index of their place and kind, so that a page costs what it shows. Must not know the
 * pages' titles nor what a group's own page says of it. */
#include <string.h>
#include <kansli/coverage.h>
#include <kansli/group.h>
#include <kansli/kind.h>
#include <kansli/statistics.h>
#include <kansli/steering.h>
#include <kansli/utf8.h>
#include "internal.h"

enum { MANY = 30 }; /* groups of a kind that a page folds away until they are asked for */

/* ---------------------------------------------------------------- shared parts */

const char *level_words(const struct ctx *ctx, const char *level)
{
    return value_label(ctx, level_values, level);
}

const char *level_path(const char *level)
{
    if (!strcmp(level, "national"))
        return "/levels/national";
    return strcmp(level, "local") ? "/levels/healthcare-region" : "/levels/local";
}

json_t *level_begin(struct ctx *ctx, const char *level)
{
    json_t *document = json_object();
    if (level) {
        json_put(document, "level", level);
        json_put(document, "levelLabel", level_words(ctx, level));
    }
    json_put(document, "asOf", ctx->day);
    ctx_link(ctx, document, "self", "GET", ctx->path);
    return document;
}

void level_held(struct ctx *ctx, json_t *document, const char *level, long long place,
                const struct tally *sum, json_t *vacancies, json_t *shares)
{
    json_put_new(document, "coverage", holding_coverage(&sum->held));
    json_put_new(document, "vacancies", vacancies);
    json_put_new(document, "plans", steering_plans(ctx, level, place));
    json_put_new(document, "reviews", steering_reviews(ctx, level, place));
    json_put_new(document, "shares", shares);
}

json_t *level_shares(struct ctx *ctx, const char *healthcare_region)
{
    json_t *shares = statistics_shares(ctx, healthcare_region, "national", "seats");
    json_t *items = json_incref(json_object_get(shares, "items"));
    json_decref(shares);
    return items;
}

json_t *level_place_item(struct ctx *ctx, const struct place *place)
{
    json_t *item = json_object();
    json_put(item, "id", place->id);
    json_put(item, "name", place->name);
    json_put(item, "shortName", place->brief);
    json_put(item, "sign", place->sign);
    json_put(item, "href",
             arena_printf(ctx->arena, "%s/%s", level_path(place->level), place->id));
    return item;
}

enum code level_wrong(struct ctx *ctx, const char *name, const char *value)
{
    return err_field(ctx->err, name, N_("There is no value {value} here."), "value", value, NULL);
}

enum code level_check(struct ctx *ctx, const char *name, const struct value *values)
{
    const char *text = ctx_query(ctx, name);
    if (!text)
        return OK;
    for (; values->code; values++)
        if (!strcmp(values->code, text))
            return OK;
    return level_wrong(ctx, name, text);
}

json_t *level_filter(struct ctx *ctx, json_t *filters, const char *name, const char *label,
                     const char *type)
{
    const char *value = ctx_query(ctx, name);
    json_t *filter = json_push(filters, json_object());
    json_put(filter, "name", name);
    json_put(filter, "label", label);
    json_put(filter, "type", type);
    json_put(filter, "value", value ? value : "");
    json_put_new(filter, "options", json_array());
    return filter;
}

void level_option(json_t *filter, const char *value, const char *label)
{
    json_t *option = json_push(json_object_get(filter, "options"), json_object());
    json_put(option, "value", value);
    json_put(option, "label", label);
    json_put_bool(option, "selected", !strcmp(json_text(filter, "value"), value));
}

/* ---------------------------------------------------------------- groups of a level */

/* What is said of a group in a list. */
#define STATUS                                                                                     \
    "CASE WHEN w.start_date > ?1 THEN 'planned' WHEN w.end_date < ?1 THEN 'closed' "               \
    "ELSE COALESCE((SELECT z.status FROM group_pause z WHERE z.group_key = w.key AND " IN_FORCE(   \
        "z") " ORDER BY z.status LIMIT 1), h.status, 'active') END"
#define GROUPS(where)                                                                              \
    "SELECT w.key AS \"key\", b.id AS \"id\", w.full_name AS \"fullName\", w.name AS \"name\", "   \
    "k.key AS \"kind\", " STATUS " AS \"status\", hb.id AS \"hostId\", "                           \
    "COALESCE(ho.name, hw.full_name) AS \"hostName\", " GROUP_SEATS " AS \"memberCount\", "        \
    GROUP_CHAIR_VACANT " AS \"chairVacant?\" FROM group_kind k CROSS JOIN workgroup w "            \
    "JOIN body b ON b.key = w.key "                                                                \
    "LEFT JOIN hosting h ON h.key = " GROUP_HOSTING                                                \
    " LEFT JOIN body hb ON hb.key = h.body_key LEFT JOIN organisation ho ON ho.key = h.body_key "  \
    "LEFT JOIN workgroup hw ON hw.key = h.body_key WHERE " where                                   \
    " AND w.kind_key = k.key AND " GROUP_VISIBLE " ORDER BY k.key, w.name, w.key"

static json_t *groups_of(struct ctx *ctx, const char *level, long long place)
{
    if (!strcmp(level, "national"))
        return db_rows(ctx->tx, GROUPS("k.level = 'national'"), LEVEL_ARGS(ctx));
    if (!strcmp(level, "local"))
        return db_rows(ctx->tx, GROUPS("k.level = 'local' AND w.region_key = ?5"), LEVEL_ARGS(ctx),
                       place);
    return db_rows(ctx->tx,
                   GROUPS("k.level = 'healthcareRegion' AND w.healthcare_region_key = ?5"),
                   LEVEL_ARGS(ctx), place);
}

static bool stands(const char *status)
{
    return !strcmp(status, "active") || !strcmp(status, "dormant");
}

/* What the groups of a level add up to, whatever a filter lets through. */
struct roll {
    struct tally sum;
    struct longest longest;
    json_t *held;      /* coverage_of_groups */
};

/* Adds a group, and gives it what it holds. */
static void count(struct roll *roll, json_t *group)
{
    const char *status = json_text(group, "status");
    struct tally *sum = &roll->sum;
    struct holding held = {0};
    sum->active += !strcmp(status, "active");
    sum->dormant += !strcmp(status, "dormant");
    sum->planned += !strcmp(status, "planned");
    sum->closed += !strcmp(status, "closed");
    if (!strcmp(status, "active"))
        held = holding_of(roll->held, json_int(group, "key", 0));
    holding_add(&sum->held, &held);
    longest_add(&roll->longest, json_int(group, "key", 0), &held);
    if (stands(status)) {
        sum->members += json_int(group, "memberCount", 0);
        sum->chair_vacant += json_true_at(group, "chairVacant");
    }
    json_put_new(group, "coverage", holding_coverage(&held));
    json_put_int(group, "vacancies", held.vacant);
    json_object_del(group, "key");
}

/* What the filters let through; without a status: the groups that stand. */
struct sieve {
    const char *kind, *status, *q; /* q folded; NULL: anything */
};

static bool passes(struct ctx *ctx, const struct sieve *sieve, const json_t *group)
{
    const char *status = json_text(group, "status");
    if (sieve->status ? strcmp(sieve->status, status) != 0 : !stands(status))
        return false;
    return !sieve->q || strstr(text_fold(ctx->arena, json_text(group, "fullName")), sieve->q);
}

/* The kinds with their groups; a kind without any is left out. Consumes the rows, which come in the
 * order of the kinds. */
static json_t *kinds_with_groups(struct ctx *ctx, const struct kind *kinds, size_t n, json_t *rows,
                                 const struct sieve *sieve, struct roll *roll)
{
    json_t *items = json_array(), *group;
    size_t at = 0, rows_n = json_array_size(rows);
    for (size_t i = 0; i < n; i++) {
        json_t *groups = json_array();
        for (; (group = json_array_get(rows, at)) &&
               json_int(group, "kind", 0) == kinds[i].key; at++) {
            count(roll, group);
            if ((sieve->kind && strcmp(sieve->kind, kinds[i].id)) || !passes(ctx, sieve, group))
                continue;
            json_object_del(group, "kind");
            json_put(group, "statusLabel",
                     value_label(ctx, group_statuses, json_text(group, "status")));
            json_array_append(groups, group);
        }
        if (!json_array_size(groups)) {
            json_decref(groups);
            continue;
        }
        json_t *item = json_push(items, json_object());
        json_put(item, "kind", kinds[i].id);
        json_put(item, "kindLabel", kinds[i].name);
        json_put(item, "abbreviation", kinds[i].abbreviation);
        json_put_int(item, "count", (long long)json_array_size(groups));
        json_put_bool(item, "many", !sieve->kind && !sieve->q && json_array_size(groups) > MANY);
        json_put_new(item, "groups", groups);
    }
    MUST(at == rows_n);
    json_decref(rows);
    return items;
}

/* ---------------------------------------------------------------- the filters */

static enum code read_sieve(struct ctx *ctx, const char *level, const struct kind *kinds, size_t n,
                            struct sieve *sieve)
{
    const char *q = ctx_query(ctx, "q");
    *sieve = (struct sieve){.kind = ctx_query(ctx, "kind"),
                            .status = ctx_query(ctx, "status"),
                            .q = q ? text_fold(ctx->arena, q) : NULL};
    bool known = !sieve->kind;
    for (size_t i = 0; i < n && !known; i++)
        known = !strcmp(kinds[i].id, sieve->kind) && !strcmp(kinds[i].level, level);
    if (!known)
        level_wrong(ctx, "kind", sieve->kind);
    enum code c = level_check(ctx, "status", group_statuses);
    return c ? c : ctx->err->code;
}

static void embed_filters(struct ctx *ctx, json_t *document, const char *level,
                          const struct kind *kinds, size_t n)
{
    json_t *filters = json_array();
    level_filter(ctx, filters, "q", ctx_text(ctx, N_("Filter by name")), "text");
    json_t *kind = level_filter(ctx, filters, "kind", ctx_text(ctx, N_("Kind")), "choice");
    level_option(kind, "", ctx_text(ctx, NC_("choice", "All")));
    for (size_t i = 0; i < n; i++)
        if (!strcmp(kinds[i].level, level))
            level_option(kind, kinds[i].id,
                         kinds[i].abbreviation ? kinds[i].abbreviation : kinds[i].name);
    json_t *status = level_filter(ctx, filters, "status", ctx_text(ctx, N_("Status")), "choice");
    level_option(status, "", ctx_text(ctx, N_("Active or dormant")));
    for (const struct value *v = group_statuses; v->code; v++)
        level_option(status, v->code, ctx_text(ctx, v->label));
    ctx_embed(ctx, document, "filters", filters);
    ctx_embed(ctx, document, "filtered",
              json_boolean(ctx_query(ctx, "q") || ctx_query(ctx, "kind") ||
                           ctx_query(ctx, "status")));
}

/* ---------------------------------------------------------------- the places beside and below */

static json_t *place_counts(struct ctx *ctx, const struct tallies *tallies,
                            const struct place *place)
{
    struct tally sum = tally_sum(tallies, place->key, 0, place->level);
    json_t *item = level_place_item(ctx, place);
    tally_put(item, tallies, &sum);
    json_put_new(item, "kinds", tally_kinds(tallies, place->level, place->key));
    return item;
}

/* Regions of a healthcare region, also the one that belongs to another first (Halland); counted
 * when there are tallies. */
static json_t *regions_of(struct ctx *ctx, const struct places *places,
                          const struct tallies *tallies, long long key)
{
    json_t *items = json_array(), *row;
    size_t i;
    json_t *rows = db_rows(ctx->tx,
                           "SELECT a.organisation_key AS \"key\", a.is_primary AS \"isPrimary?\" "
                           "FROM organisation_area a JOIN organisation o "
                           "ON o.key = a.organisation_key WHERE a.healthcare_region_key = ?1 "
                           "AND o.type = 'region' ORDER BY o.name",
                           key);
    json_array_foreach(rows, i, row) {
        const struct place *region = place_of(places, json_int(row, "key", 0));
        if (!region)
            continue;
        json_t *item = json_push(items, tallies ? place_counts(ctx, tallies, region)
                                                : level_place_item(ctx, region));
        json_put_bool(item, "isPrimary", json_true_at(row, "isPrimary"));
    }
    json_decref(rows);
    return items;
}

static json_t *healthcare_regions_of(struct ctx *ctx, const struct places *places, long long key)
{
    json_t *items = json_array(), *row;
    size_t i;
    json_t *rows = db_rows(ctx->tx,
                           "SELECT healthcare_region_key AS \"key\", is_primary AS \"isPrimary?\" "
                           "FROM organisation_area WHERE organisation_key = ?1 "
                           "ORDER BY is_primary DESC, healthcare_region_key",
                           key);
    json_array_foreach(rows, i, row) {
        const struct place *above = place_of(places, json_int(row, "key", 0));
        if (!above)
            continue;
        json_t *item = json_push(items, level_place_item(ctx, above));
        json_put_bool(item, "isPrimary", json_true_at(row, "isPrimary"));
    }
    json_decref(rows);
    return items;
}

static long long municipalities_of(struct ctx *ctx, long long key)
{
    return db_int(ctx->tx, 0,
                  "SELECT count(*) FROM organisation o WHERE o.type = 'municipality' "
                  "AND o.parent_key = ?2 AND " IN_FORCE("o"),
                  ctx->day, key);
}

/* The other places of the same level: the way across. */
static json_t *siblings(struct ctx *ctx, const struct places *places, const char *level,
                        const char *id)
{
    json_t *items = json_array();
    for (size_t i = 0; i < places->n; i++) {
        if (strcmp(places->item[i].level, level))
            continue;
        json_t *item = json_push(items, level_place_item(ctx, &places->item[i]));
        json_put_bool(item, "current", !strcmp(places->item[i].id, id));
    }
    return items;
}

static void put_surroundings(struct ctx *ctx, json_t *document, const char *level,
                             const char *id, long long key)
{
    struct places places = places_read(ctx);
    if (!strcmp(level, "local")) {
        json_put_new(document, "healthcareRegions", healthcare_regions_of(ctx, &places, key));
        json_put_int(document, "municipalities", municipalities_of(ctx, key));
    } else {
        struct tallies tallies = tallies_read(ctx);
        json_put_new(document, "regions", regions_of(ctx, &places, &tallies, key));
    }
    if (ctx_embeds(ctx, "siblings"))
        ctx_embed(ctx, document, "siblings", siblings(ctx, &places, level, id));
}

/* ---------------------------------------------------------------- documents */

static const char *id_now(struct ctx *ctx, const char *id)
{
    return db_text(ctx->tx,
                   "SELECT b.id FROM body_alias a JOIN body b ON b.key = a.body_key "
                   "WHERE a.id = ?1",
                   id);
}

static enum code find_organisation(struct ctx *ctx, const char *level, const char *id,
                                   const char **moved, json_t **out)
{
    *out = db_row(ctx->tx,
                  "SELECT o.key AS \"key\", b.id AS \"id\", o.name AS \"name\", "
                  "COALESCE(o.short_name, o.name) AS \"shortName\" FROM body b "
                  "JOIN organisation o ON o.key = b.key WHERE b.id = ?1 AND o.type = ?2",
                  id, strcmp(level, "local") ? "healthcareRegion" : "region");
    if (*out)
        return OK;
    *moved = id_now(ctx, id);
    return ctx_absent(ctx);
}

/* Who takes part nationally; a region alone has no shares to compare. */
static json_t *shares_of(struct ctx *ctx, const char *level, const char *id)
{
    return strcmp(level, "local") ? level_shares(ctx, id) : json_array();
}

enum code level_show(struct ctx *ctx, const char *level, const char *id, const char **moved,
                     json_t **out)
{
    size_t n;
    struct sieve sieve;
    json_t *organisation = NULL;
    enum code c = id ? find_organisation(ctx, level, id, moved, &organisation) : OK;
    struct kind *kinds = kinds_read(ctx, &n);
    if (!c)
        c = read_sieve(ctx, level, kinds, n, &sieve);
    if (c) {
        json_decref(organisation);
        return c;
    }
    long long key = json_int(organisation, "key", 0);
    json_t *document = *out = level_begin(ctx, level);
    json_t *rows = groups_of(ctx, level, key);
    struct roll roll = {.held = coverage_of_groups(ctx, rows)};
    json_t *items = kinds_with_groups(ctx, kinds, n, rows, &sieve, &roll);
    if (organisation) {
        json_object_del(organisation, "key");
        json_put_new(document, "organisation", organisation);
    }
    json_put_new(document, "kinds", items);
    json_put_new(document, "totals", tally_totals(&roll.sum));
    level_held(ctx, document, level, key, &roll.sum, longest_document(ctx, &roll.longest),
               shares_of(ctx, level, id));
    json_decref(roll.held);
    if (organisation)
        put_surroundings(ctx, document, level, id, key);
    if (ctx_embeds(ctx, "filters"))
        embed_filters(ctx, document, level, kinds, n);
    return tx_code(ctx->tx);
}

enum code level_places(struct ctx *ctx, const char *level, json_t **out)
{
    struct tallies tallies = tallies_held(ctx);
    struct places places = places_read(ctx);
    struct tally sum = tally_sum(&tallies, -1, 0, level);
    json_t *document = *out = level_begin(ctx, level), *items = json_array();
    json_put_new(document, "kinds", tally_kinds(&tallies, level, -1));
    json_put_new(document, "totals", tally_totals(&sum));
    for (size_t i = 0; i < places.n; i++) {
        const struct place *place = &places.item[i];
        if (strcmp(place->level, level))
            continue;
        json_t *item = json_push(items, place_counts(ctx, &tallies, place));
        bool local = !strcmp(level, "local");
        json_put_new(item, "regions",
                     local ? json_array() : regions_of(ctx, &places, NULL, place->key));
        json_put_new(item, "healthcareRegions",
                     local ? healthcare_regions_of(ctx, &places, place->key) : json_array());
    }
    json_put_new(document, "organisations", items);
    level_held(ctx, document, level, 0, &sum, json_array(), shares_of(ctx, level, NULL));
    return tx_code(ctx->tx);
}
