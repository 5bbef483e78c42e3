/* group_tree.c: the whole structure as a tree, and the tabs over the pages of all groups.
 *
 * Owns GET /tree: the nation first, each healthcare region on demand, never more than some hundred
 * nodes at once. A group stands under the one it is a subgroup of, else under its first principal,
 * else (on the lower levels) under the one it mirrors. Built by placing what can be placed until
 * nothing more can: a circle, should one have come in, ends as roots and not as an endless walk. */
#include <string.h>
#include <kansli/kept.h>
#include <kansli/organisation.h>
#include "internal.h"

enum { NODES_MOST = 500 };

const struct field tree_query[] = {
    {.name = "healthcareRegion", .label = N_("Healthcare region"), .type = T_REF,
     .reference = &healthcare_region_reference},
    {0},
};

const char tree_reply[] =
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"healthcareRegionId\","
    "\"healthcareRegionName\",\"truncated\",\"nodes\",\"_links\"],\"properties\":{"
    "\"healthcareRegionId\":{\"type\":[\"string\",\"null\"]},"
    "\"healthcareRegionName\":{\"type\":[\"string\",\"null\"]},"
    "\"truncated\":{\"type\":\"boolean\"},\"nodes\":{\"type\":\"array\",\"items\":{"
    "\"type\":\"object\",\"required\":[\"id\",\"fullName\",\"href\",\"level\",\"levelSign\","
    "\"tail\",\"current\",\"nodes\"],\"properties\":{\"id\":{\"type\":\"string\"},"
    "\"fullName\":{\"type\":\"string\"},\"href\":{\"type\":\"string\"},"
    "\"level\":{\"enum\":[\"national\",\"healthcareRegion\",\"local\"]},"
    "\"levelSign\":{\"enum\":[\"N\",\"R\",\"L\"]},\"tail\":{\"type\":[\"string\",\"null\"]},"
    "\"current\":{\"type\":\"boolean\"},"
    "\"nodes\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}},"
    "\"_links\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"_embedded\":{\"type\":\"object\"}}}";

#define TREE_COLUMNS                                                                               \
    "SELECT g.key AS \"key\", coalesce(g.parent_key, (SELECT p.principal_key FROM "                \
    "group_principal p WHERE p.group_key = g.key AND " GROUP_IN_FORCE("p", GROUP_DAY("g"))         \
    " ORDER BY p.position, p.key LIMIT 1), g.mirrors_key) AS \"up\", b.id AS \"id\", "             \
    "g.full_name AS \"fullName\", k.level AS \"level\", " GROUP_STATUS("g",                         \
        GROUP_HOSTING_STATUS("g"))                                                                 \
    " AS \"status\", coalesce(ro.short_name, ro.name) AS \"areaName\" FROM "
#define TREE_JOINS                                                                                 \
    " JOIN body b ON b.key = g.key LEFT JOIN organisation ro ON ro.key = g.region_key "
#define TREE_STANDS                                                                                \
    GROUP_VISIBLE("g") " AND (g.end_date IS NULL OR g.end_date >= ?1) AND "

static json_t *national_rows(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   TREE_COLUMNS "group_kind k JOIN workgroup g ON g.kind_key = k.key" TREE_JOINS
                   "WHERE " TREE_STANDS "k.level = 'national' "
                   "ORDER BY k.key, g.full_name, g.key LIMIT ?5",
                   GROUP_ARGS(ctx), NODES_MOST + 1);
}

static json_t *region_rows(struct ctx *ctx, long long region)
{
    json_t *rows = db_rows(ctx->tx,
                           TREE_COLUMNS "workgroup g JOIN group_kind k ON k.key = g.kind_key" TREE_JOINS
                           "WHERE " TREE_STANDS "g.healthcare_region_key = ?6 "
                           "AND k.level = 'healthcareRegion' "
                           "ORDER BY g.kind_key, g.name, g.key LIMIT ?5",
                           GROUP_ARGS(ctx), NODES_MOST + 1, region);
    int left = NODES_MOST + 1 - (int)json_array_size(rows);
    json_t *local = db_rows(ctx->tx,
                            TREE_COLUMNS "organisation_area a JOIN workgroup g "
                            "ON g.region_key = a.organisation_key "
                            "JOIN group_kind k ON k.key = g.kind_key" TREE_JOINS
                            "WHERE " TREE_STANDS "a.healthcare_region_key = ?6 "
                            "AND a.is_primary = 1 AND k.level = 'local' "
                            "ORDER BY a.organisation_key, g.kind_key, g.name, g.key LIMIT ?5",
                            GROUP_ARGS(ctx), left, region);
    json_array_extend(rows, local);
    json_decref(local);
    return rows;
}

/* ---------------------------------------------------------------- placing */

struct place { /* a row on its way into the tree */
    long long key, up;
    json_t *node; /* borrowed once it is placed; NULL before */
};

static struct place *place_of(struct place *places, size_t n, long long key)
{
    for (size_t i = 0; i < n; i++)
        if (places[i].key == key)
            return &places[i];
    return NULL;
}

/* Beside the name: the region, which tells namesakes apart, and how the group is when it is not at
 * work. */
static json_t *node_of(struct ctx *ctx, const json_t *row)
{
    const char *id = json_text(row, "id"), *status = json_text(row, "status");
    const char *area = json_text(row, "areaName");
    json_t *node = node_add(NULL, id, json_text(row, "fullName"), group_href(ctx, id),
                            json_text(row, "level"));
    const char *how =
        strcmp(status, "active") ? value_label(ctx, group_statuses, status) : NULL;
    json_put(node, "tail",
             area && how ? arena_printf(ctx->arena, "%s, %s", area, how) : area ? area : how);
    return node;
}

/* Rows to roots; each pass places what stands under something placed. As many passes as the tree is
 * deep. */
static json_t *planted(struct ctx *ctx, json_t *rows)
{
    size_t n = json_array_size(rows), left = n;
    struct place *places = arena_alloc(ctx->arena, (n + 1) * sizeof *places);
    json_t *roots = json_array();
    for (size_t i = 0; i < n; i++) {
        const json_t *row = json_array_get(rows, i);
        places[i] = (struct place){json_int(row, "key", 0), json_int(row, "up", 0), NULL};
    }
    for (bool stuck = false; left;) {
        size_t before = left;
        for (size_t i = 0; i < n; i++) {
            struct place *up = place_of(places, n, places[i].up);
            if (places[i].node || (up && !up->node && !stuck))
                continue;
            json_t *under = up && up->node ? json_object_get(up->node, "nodes") : roots;
            places[i].node = json_push(under, node_of(ctx, json_array_get(rows, i)));
            left--;
            if (stuck) /* one breaks the circle */
                break;
        }
        stuck = left == before;
    }
    return roots;
}

/* ---------------------------------------------------------------- the document */

static void add_way(struct ctx *ctx, json_t *ways, const char *id, const char *name, bool current)
{
    json_t *way = json_push(ways, json_object());
    json_put(way, "href",
             id ? arena_printf(ctx->arena, "/tree?healthcareRegion=%s", id) : "/tree");
    json_put(way, "label", name);
    json_put_bool(way, "current", current);
}

/* The nation and the healthcare regions, one of which is shown. */
static json_t *ways_of(struct ctx *ctx, const char *chosen)
{
    json_t *ways = json_array(), *row;
    json_t *rows = db_rows(ctx->tx,
                           "SELECT b.id AS \"id\", coalesce(o.short_name, o.name) AS \"name\" "
                           "FROM organisation o JOIN body b ON b.key = o.key "
                           "WHERE o.type = 'healthcareRegion' AND " GROUP_IN_FORCE("o", "?1")
                           " ORDER BY o.name, o.key",
                           ctx->day);
    size_t i;
    add_way(ctx, ways, NULL, ctx_text(ctx, N_("National level")), !chosen);
    json_array_foreach(rows, i, row)
        add_way(ctx, ways, json_text(row, "id"), json_text(row, "name"),
                chosen && !strcmp(chosen, json_text(row, "id")));
    json_decref(rows);
    return ways;
}

static enum code make_tree(struct ctx *ctx, struct answer *out)
{
    const char *chosen = ctx_query(ctx, "healthcareRegion");
    long long region = 0;
    if (chosen) {
        struct db_arg find[] = {db_arg_text(chosen)};
        region = db_int_(ctx->tx, 0, healthcare_region_reference.find, find, 1);
        if (!region)
            return err_field(ctx->err, "healthcareRegion", N_("There is no {noun} with that id."),
                             "noun", ctx_text(ctx, healthcare_region_reference.noun), NULL);
    }
    json_t *rows = region ? region_rows(ctx, region) : national_rows(ctx);
    bool truncated = json_array_size(rows) > NODES_MOST;
    if (truncated)
        json_array_remove(rows, NODES_MOST);
    json_t *document = out->document = json_object();
    json_put(document, "healthcareRegionId", chosen);
    json_put(document, "healthcareRegionName",
             region ? db_text(ctx->tx, "SELECT name FROM organisation WHERE key = ?1", region) : NULL);
    json_put_bool(document, "truncated", truncated);
    json_put_new(document, "nodes", planted(ctx, rows));
    json_decref(rows);
    ctx_link(ctx, document, "self", "GET",
             chosen ? arena_printf(ctx->arena, "/tree?healthcareRegion=%s", chosen) : "/tree");
    if (ctx_embeds(ctx, "ways"))
        ctx_embed(ctx, document, "ways", ways_of(ctx, chosen));
    if (ctx_embeds(ctx, "tabs"))
        ctx_embed(ctx, document, "tabs", group_tabs(ctx, "/tree"));
    out->title = ctx_text(ctx, N_("Groups as a tree"));
    return tx_code(ctx->tx);
}

enum code tree_get(struct ctx *ctx, struct answer *out)
{
    static struct kept_slot slots[16];
    static struct kept trees = {slots, LEN(slots), 0};
    return kept_answer(&trees, ctx, out, make_tree);
}

/* ---------------------------------------------------------------- tabs */

json_t *group_tabs_counted(struct ctx *ctx, const char *current, long long all, long long closed)
{
    static const struct {
        const char *href, *label;
    } tabs[] = {
        {"/levels", N_("Overview")}, {"/groups", N_("List")}, {"/tree", N_("Tree")},
        {"/matrix", N_("Matrix")},   {"/vacancies", N_("Vacancies")},
        {"/groups?status=closed", NC_("groups", "Closed")},
        {"/organisations", N_("Organisations")},
    };
    json_t *items = json_array();
    for (size_t i = 0; i < LEN(tabs); i++) {
        json_t *tab = json_push(items, json_object());
        json_put(tab, "href", tabs[i].href);
        json_put(tab, "label", ctx_text(ctx, tabs[i].label));
        json_put_new(tab, "count", json_null());
        json_put_bool(tab, "current", !strcmp(tabs[i].href, current));
    }
    json_put_int(json_array_get(items, 1), "count", all);
    json_put_int(json_array_get(items, 5), "count", closed);
    return items;
}

/* All less the few that are not to be known of, and those that have ended by an index of their own:
 * no row of the others is read. */
json_t *group_tabs(struct ctx *ctx, const char *current)
{
    static struct kept_slot slots[8];
    static struct kept kept = {slots, LEN(slots), 0};
    const char *key = kept_key(ctx, "tabs");
    json_t *counts = kept_get(&kept, key);
    if (!counts) {
        counts = db_row(ctx->tx,
                        "SELECT (SELECT count(*) FROM workgroup) - (SELECT count(*) "
                        "FROM workgroup g WHERE g.access_mode = 'restricted' "
                        "AND NOT " GROUP_VISIBLE("g") ") AS \"all\", (SELECT count(*) "
                        "FROM workgroup g WHERE g.end_date < ?1 AND " GROUP_VISIBLE("g")
                        ") AS \"closed\"",
                        GROUP_ARGS(ctx));
        if (counts)
            kept_put(&kept, key, counts);
    }
    json_t *tabs = group_tabs_counted(ctx, current, json_int(counts, "all", 0),
                                      json_int(counts, "closed", 0));
    json_decref(counts);
    return tabs;
}
