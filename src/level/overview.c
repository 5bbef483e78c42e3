/* overview.c: the system as a whole: the three levels, the programme areas, how the kinds hang
 * together.
 *
 * Owns the document behind /levels. Its numbers come from tally.c and matrix.c, so that a card, a
 * level's own page and the matrix never disagree. Must not know how a group's status is found. */
#include <string.h>
#include <kansli/buf.h>
#include <kansli/steering.h>
#include <kansli/utf8.h>
#include "internal.h"

static const char *const levels[] = {"national", "healthcareRegion", "local"};

const struct value area_sorts[] = {
    {"name", N_("By name")},
    {"-name", N_("By name, last first")},
    {"nag", N_("By working groups")},
    {"-nag", N_("By working groups, most first")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- cards */

json_t *level_cards(struct ctx *ctx, const struct tallies *tallies)
{
    json_t *cards = json_array();
    for (size_t i = 0; i < LEN(levels); i++) {
        struct tally sum = tally_sum(tallies, -1, 0, levels[i]);
        json_t *card = json_push(cards, json_object());
        json_put(card, "level", levels[i]);
        json_put(card, "levelLabel", level_words(ctx, levels[i]));
        json_put(card, "href", level_path(levels[i]));
        tally_put(card, tallies, &sum);
        json_put_new(card, "kinds", tally_kinds(tallies, levels[i], -1));
    }
    return cards;
}

/* ---------------------------------------------------------------- programme areas */

static json_t *hosts(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   "SELECT w.key AS \"key\", hb.id AS \"id\", "
                   "COALESCE(ho.short_name, ho.name, hw.full_name) AS \"name\" "
                   "FROM group_kind k CROSS JOIN workgroup w "
                   "JOIN hosting h ON h.key = " GROUP_HOSTING
                   " JOIN body hb ON hb.key = h.body_key "
                   "LEFT JOIN organisation ho ON ho.key = hb.key "
                   "LEFT JOIN workgroup hw ON hw.key = hb.key WHERE k.level = 'national' "
                   "AND k.category = 'programmeArea' AND w.kind_key = k.key",
                   ctx->day);
}

/* How many national working groups each area commissions. */
static json_t *working_groups(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   "SELECT a.key AS \"key\", count(DISTINCT w.key) AS \"groups\" "
                   "FROM group_kind n CROSS JOIN workgroup a CROSS JOIN group_principal p "
                   "CROSS JOIN workgroup w JOIN group_kind k ON k.key = w.kind_key "
                   "WHERE n.level = 'national' AND n.category = 'programmeArea' "
                   "AND a.kind_key = n.key AND p.principal_key = a.key AND " IN_FORCE(
                       "p") " AND w.key = p.group_key AND k.level = 'national' "
                   "AND k.category = 'workingGroup' AND " GROUP_STANDS " AND " GROUP_VISIBLE
                   " GROUP BY a.key",
                   LEVEL_ARGS(ctx));
}

static const json_t *by_key(const json_t *rows, long long key)
{
    json_t *row;
    size_t i;
    json_array_foreach(rows, i, row)
        if (json_int(row, "key", 0) == key)
            return row;
    return NULL;
}

static json_t *pips(struct ctx *ctx, const struct areas *areas, size_t row)
{
    json_t *items = json_array();
    for (size_t j = 1; j < areas->columns; j++) {
        const struct area_cell *cell = area_cell(areas, row, j);
        json_t *pip = json_push(items, json_object());
        json_put(pip, "id", areas->column[j]->id);
        json_put(pip, "name", areas->column[j]->brief);
        json_put(pip, "sign", areas->column[j]->sign);
        json_put(pip, "state", area_state_name(cell->state));
        json_put(pip, "stateLabel", area_state_words(ctx, cell));
        json_put(pip, "groupId", cell->group_id);
    }
    return items;
}

static json_t *area_item(struct ctx *ctx, const struct areas *areas, const json_t *host,
                         const json_t *working, size_t i)
{
    const json_t *area = json_array_get(areas->row, i);
    const json_t *bearer = by_key(host, json_int(area, "key", 0));
    json_t *item = json_object();
    json_put(item, "id", json_text(area, "id"));
    json_put(item, "name", json_text(area, "name"));
    json_put(item, "fullName", json_text(area, "fullName"));
    json_put(item, "hostId", json_text(bearer, "id"));
    json_put(item, "hostName", json_text(bearer, "name"));
    json_put_int(item, "nag", json_int(by_key(working, json_int(area, "key", 0)), "groups", 0));
    json_put_new(item, "regions", pips(ctx, areas, i));
    return item;
}

static bool wanted(struct ctx *ctx, const struct areas *areas, size_t row, const char *q,
                   const char *missing)
{
    const json_t *area = json_array_get(areas->row, row);
    if (q && !strstr(text_fold(ctx->arena, json_text(area, "name")), text_fold(ctx->arena, q)))
        return false;
    for (size_t j = 1; missing && j < areas->columns; j++)
        if (!strcmp(areas->column[j]->id, missing))
            return area_cell(areas, row, j)->state == AREA_MISSING;
    return true;
}

/* By name they come already; a few rows are put in another order by insertion, which keeps equals
 * as they were. */
static json_t *sorted(json_t *items, const char *by)
{
    bool down = by && *by == '-', count = by && !strcmp(by + down, "nag");
    json_t *result = json_array(), *item;
    size_t i;
    json_array_foreach(items, i, item) {
        size_t at = json_array_size(result);
        while (at > 0 && count) {
            long long before = json_int(json_array_get(result, at - 1), "nag", 0);
            long long mine = json_int(item, "nag", 0);
            if (down ? mine <= before : mine >= before)
                break;
            at--;
        }
        json_array_insert(result, down && !count ? 0 : at, item);
    }
    json_decref(items);
    return result;
}

static enum code areas_document(struct ctx *ctx, const struct places *places, json_t *document)
{
    const char *q = ctx_query(ctx, "q"), *missing = ctx_query(ctx, "missing");
    const struct place **six =
        arena_alloc(ctx->arena, (places->healthcare_regions + 1) * sizeof *six);
    bool known = !missing;
    for (size_t i = 0; i < places->healthcare_regions; i++) {
        six[i] = &places->item[i];
        known = known || !strcmp(six[i]->id, missing);
    }
    if (!known)
        level_wrong(ctx, "missing", missing);
    enum code c = level_check(ctx, "sort", area_sorts);
    if (c || ctx->err->code)
        return ctx->err->code;
    struct areas areas =
        areas_read(ctx, "programmeArea", six, places->healthcare_regions, false);
    json_t *host = hosts(ctx), *working = working_groups(ctx), *items = json_array();
    for (size_t i = 0; i < areas.rows; i++)
        if (wanted(ctx, &areas, i, q, missing))
            json_push(items, area_item(ctx, &areas, host, working, i));
    json_decref(host);
    json_decref(working);
    json_put_new(document, "programmeAreas", sorted(items, ctx_query(ctx, "sort")));
    json_decref(areas.row);
    return OK;
}

/* ---------------------------------------------------------------- how it hangs together */

/* Under a kind stand the kinds it commissions. What nobody commissions (LPO, LSG) stands under the
 * kind that it mirrors one level up. */
static bool below(const struct kind *above, const struct kind *kind, const json_t *commissions)
{
    json_t *row;
    size_t i;
    json_array_foreach(commissions, i, row)
        if (json_int(row, "kind", 0) == kind->key && json_int(row, "principal", 0) == above->key)
            return true;
    if (strcmp(above->category, kind->category) || (strcmp(kind->category, "programmeArea") &&
                                                    strcmp(kind->category, "collaboration")))
        return false;
    for (size_t level = 0; level + 1 < LEN(levels); level++)
        if (!strcmp(above->level, levels[level]) && !strcmp(kind->level, levels[level + 1]))
            return true;
    return false;
}

static const char *level_sign(const char *level)
{
    if (!strcmp(level, "national"))
        return "N";
    return strcmp(level, "local") ? "R" : "L";
}

/* A kind of which there is one is that group: SKS. */
static json_t *kind_node(struct ctx *ctx, const struct tallies *tallies, const struct kind *kind,
                         const json_t *singles)
{
    struct tally sum = tally_sum(tallies, -1, kind->key, NULL);
    long long groups = sum.active + sum.dormant;
    const json_t *one = groups == 1 ? by_key(singles, kind->key) : NULL;
    const char *number = arena_printf(ctx->arena, "%lld", one ? sum.members : groups);
    json_t *node = json_object();
    json_put(node, "id", one ? json_text(one, "id") : kind->id);
    json_put(node, "fullName", one                 ? json_text(one, "fullName")
                               : kind->abbreviation ? kind->abbreviation
                                                    : kind->name);
    json_put(node, "href", one ? arena_printf(ctx->arena, "/groups/%s", json_text(one, "id"))
                               : arena_printf(ctx->arena, "/groups?kind=%s", kind->id));
    json_put(node, "levelSign", level_sign(kind->level));
    json_put(node, "level", kind->level);
    json_put(node, "tail",
             !one              ? number
             : !sum.members    ? NULL
             : sum.members > 1 ? ctx_textf(ctx, N_("{n} members"), "n", number, NULL)
                               : ctx_text(ctx, N_("1 member")));
    json_put_bool(node, "current", false);
    json_put_new(node, "nodes", json_array());
    return node;
}

/* Groups of the kinds that lead, prepare and support. */
static json_t *leading(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   "SELECT k.key AS \"key\", b.id AS \"id\", w.full_name AS \"fullName\" "
                   "FROM group_kind k CROSS JOIN workgroup w JOIN body b ON b.key = w.key "
                   "WHERE k.category IN ('steering', 'preparation', 'support') "
                   "AND k.level = 'national' AND w.kind_key = k.key AND " GROUP_STANDS
                   " AND " GROUP_VISIBLE,
                   LEVEL_ARGS(ctx));
}

/* Breadth first from the steering kinds, each kind once, so that no order of commissioning can make
 * it endless. */
static json_t *tree(struct ctx *ctx, const struct tallies *tallies)
{
    json_t *commissions = db_rows(ctx->tx, "SELECT kind_key AS \"kind\", "
                                           "principal_key AS \"principal\" "
                                           "FROM group_kind_principal");
    json_t *singles = leading(ctx), *roots = json_array();
    size_t n = tallies->kinds, placed = 0;
    const struct kind **queue = arena_alloc(ctx->arena, (n + 1) * sizeof *queue);
    json_t **node = arena_alloc(ctx->arena, (n + 1) * sizeof *node);
    bool *seen = arena_alloc(ctx->arena, n + 1);
    for (size_t i = 0; i < n; i++) {
        seen[i] = !strcmp(tallies->kind[i].category, "steering");
        if (!seen[i])
            continue;
        queue[placed] = &tallies->kind[i];
        node[placed++] = json_push(roots, kind_node(ctx, tallies, &tallies->kind[i], singles));
    }
    for (size_t at = 0; at < placed; at++)
        for (size_t i = 0; i < n; i++) {
            const struct kind *kind = &tallies->kind[i];
            if (seen[i] || !below(queue[at], kind, commissions))
                continue;
            seen[i] = true;
            queue[placed] = kind;
            node[placed++] = json_push(json_object_get(node[at], "nodes"),
                                       kind_node(ctx, tallies, kind, singles));
        }
    json_decref(commissions);
    json_decref(singles);
    json_t *result = json_object();
    json_put_new(result, "nodes", roots);
    return result;
}

/* ---------------------------------------------------------------- the document */

static void embed_filters(struct ctx *ctx, json_t *document, const struct places *places)
{
    json_t *filters = json_array();
    level_filter(ctx, filters, "q", ctx_text(ctx, N_("Filter by name")), "text");
    json_t *missing =
        level_filter(ctx, filters, "missing", ctx_text(ctx, N_("Missing in")), "choice");
    level_option(missing, "", ctx_text(ctx, NC_("choice", "All")));
    for (size_t i = 0; i < places->healthcare_regions; i++)
        level_option(missing, places->item[i].id, places->item[i].brief);
    ctx_embed(ctx, document, "filters", filters);
}

/* A column's heading: the address that sorts by it, the other way round when it does already, and
 * its order now. */
static void put_sort(struct ctx *ctx, json_t *sorts, const char *name)
{
    const char *now = ctx_query(ctx, "sort"), *order = "";
    struct buf buf;
    const char *key;
    json_t *value;
    if (!now)
        now = "name";
    if (!strcmp(now + (*now == '-'), name))
        order = *now == '-' ? "descending" : "ascending";
    buf_init(&buf, 8192);
    buf_addf(&buf, "?sort=%s%s", strcmp(order, "ascending") ? "" : "-", name);
    json_object_foreach(ctx->query->values, key, value) {
        if (!strcmp(key, "sort") || !json_string_length(value))
            continue;
        buf_addc(&buf, '&');
        buf_url(&buf, key, strlen(key));
        buf_addc(&buf, '=');
        buf_url(&buf, json_string_value(value), json_string_length(value));
    }
    json_t *sort = json_put_new(sorts, name, json_object());
    json_put(sort, "href", arena_strndup(ctx->arena, buf.data, buf.len));
    json_put(sort, "order", order);
    buf_release(&buf);
}

static void embed_sorts(struct ctx *ctx, json_t *document)
{
    json_t *sorts = json_object();
    put_sort(ctx, sorts, "name");
    put_sort(ctx, sorts, "nag");
    ctx_embed(ctx, document, "sorts", sorts);
}

enum code level_overview(struct ctx *ctx, json_t **out)
{
    struct tallies tallies = tallies_held(ctx);
    struct places places = places_read(ctx);
    struct tally all = tally_sum(&tallies, -1, 0, NULL);
    json_t *document = *out = level_begin(ctx, NULL);
    json_t *cards = json_put_new(document, "levels", level_cards(ctx, &tallies)), *card;
    size_t i;
    json_array_foreach(cards, i, card) {
        json_put_new(card, "plans", steering_plans(ctx, levels[i], 0));
        json_put_new(card, "reviews", steering_reviews(ctx, levels[i], 0));
    }
    enum code c = areas_document(ctx, &places, document);
    if (c)
        return c;
    json_put_new(document, "totals", tally_totals(&all));
    level_held(ctx, document, NULL, 0, &all, longest_document(ctx, &tallies.longest),
               level_shares(ctx, NULL));
    if (ctx_embeds(ctx, "tree"))
        ctx_embed(ctx, document, "tree", tree(ctx, &tallies));
    if (ctx_embeds(ctx, "filters"))
        embed_filters(ctx, document, &places);
    if (ctx_embeds(ctx, "sorts"))
        embed_sorts(ctx, document);
    return tx_code(ctx->tx);
}
