/* matrix.c: programme areas against the nation, the healthcare regions and the regions: who mirrors
 * what (R1).
 *
 * Owns the rule of a cell. A place has an area when a group of its level and of the area's category
 * mirrors it: directly, or through the group in between. It takes part jointly when it has none but
 * a group elsewhere that mirrors the area names it in a relation cooperatesWith. The chair is
 * vacant when somebody has been appointed but nobody chairs; nothing is vacant before anybody was
 * ever appointed. Two grouped queries, never one per cell. */
#include <string.h>
#include <kansli/organisation.h>
#include "internal.h"

const struct value area_categories[] = {
    {"programmeArea", N_("Programme areas")},
    {"collaboration", N_("Collaboration groups")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- reading */

#define DORMANT                                                                                    \
    "(EXISTS (SELECT 1 FROM group_pause z WHERE z.group_key = w.key AND z.status = 'dormant' "     \
    "AND " IN_FORCE("z") ") OR (EXISTS (SELECT 1 FROM hosting h WHERE h.group_key = w.key "        \
                         "AND h.status = 'dormant' AND " IN_FORCE(                                 \
                             "h") ") AND NOT EXISTS (SELECT 1 FROM hosting h "                     \
                                  "WHERE h.group_key = w.key AND h.status = 'active' "             \
                                  "AND " IN_FORCE("h") ")))"
#define ABOUT                                                                                      \
    "b.id AS \"id\", w.full_name AS \"fullName\", " DORMANT " AS \"dormant?\", "                   \
    GROUP_CHAIR_VACANT                                                                             \
    " AS \"vacant?\""
#define AREAS(columns)                                                                             \
    "SELECT " columns " FROM group_kind k CROSS JOIN workgroup w JOIN body b ON b.key = w.key "    \
    "WHERE k.level = 'national' AND k.category = ?5 AND w.kind_key = k.key AND " GROUP_STANDS      \
    " AND " GROUP_VISIBLE
/* Who mirrors, and whom a mirror's relations name: a row for each relation, or one without. */
#define MIRRORS(further)                                                                           \
    "WITH area (k) AS (SELECT w.key FROM group_kind k CROSS JOIN workgroup w "                     \
    "WHERE k.level = 'national' AND k.category = ?5 AND w.kind_key = k.key), "                     \
    "mirror (area, k) AS (SELECT a.k, w.key FROM area a CROSS JOIN workgroup w "                   \
    "WHERE w.mirrors_key = a.k" further ") "                                                       \
    "SELECT x.area AS \"area\", CASE k.level WHEN 'local' THEN w.region_key "                      \
    "ELSE w.healthcare_region_key END AS \"place\", r.body_key AS \"joint\", " ABOUT               \
    " FROM mirror x CROSS JOIN workgroup w JOIN body b ON b.key = w.key "                          \
    "JOIN group_kind k ON k.key = w.kind_key LEFT JOIN relation r ON r.group_key = w.key "         \
    "AND r.type = 'cooperatesWith' AND " IN_FORCE("r") " WHERE w.key = x.k AND k.category = ?5 "   \
    "AND k.level <> 'national' AND " GROUP_STANDS " AND " GROUP_VISIBLE                            \
    " ORDER BY x.area, w.key"
#define THROUGH                                                                                    \
    " UNION SELECT a.k, w.key FROM area a CROSS JOIN workgroup v "                                 \
    "CROSS JOIN workgroup w WHERE v.mirrors_key = a.k AND w.mirrors_key = v.key"

static struct area_cell *cell_at(const struct areas *areas, size_t row, size_t column)
{
    return &areas->cell[row * areas->columns + column];
}

const struct area_cell *area_cell(const struct areas *areas, size_t row, size_t column)
{
    return cell_at(areas, row, column);
}

/* A better state takes the cell; among equals the one that was there first stays. */
static void take(struct ctx *ctx, struct area_cell *cell, enum area_state state,
                 const json_t *group)
{
    if (state <= cell->state)
        return;
    cell->state = state;
    cell->dormant = json_true_at(group, "dormant");
    cell->group_id = arena_strdup(ctx->arena, json_text(group, "id"));
    cell->group_name = arena_strdup(ctx->arena, json_text(group, "fullName"));
}

static enum area_state state_of(const json_t *group)
{
    return json_true_at(group, "vacant") ? AREA_CHAIR_VACANT : AREA_EXISTS;
}

static size_t column_of(const struct areas *areas, long long place)
{
    for (size_t i = 1; i < areas->columns; i++)
        if (areas->column[i]->key == place)
            return i;
    return 0;
}

static size_t row_of(const struct areas *areas, long long key)
{
    size_t i = 0;
    while (i < areas->rows && json_int(json_array_get(areas->row, i), "key", 0) != key)
        i++;
    return i;
}

static void read_mirrors(struct ctx *ctx, struct areas *areas, json_t *groups)
{
    json_t *group;
    size_t i;
    json_array_foreach(groups, i, group) {
        size_t row = row_of(areas, json_int(group, "area", 0));
        size_t own = column_of(areas, json_int(group, "place", 0));
        size_t joint = column_of(areas, json_int(group, "joint", 0));
        if (row == areas->rows) /* the area itself does not stand, or is not to be known of */
            continue;
        if (own)
            take(ctx, cell_at(areas, row, own), state_of(group), group);
        if (joint)
            take(ctx, cell_at(areas, row, joint), AREA_JOINT, group);
    }
    json_decref(groups);
}

struct areas areas_read(struct ctx *ctx, const char *category, const struct place *const *places,
                        size_t n, bool local)
{
    json_t *row;
    size_t i;
    struct areas areas = {.columns = n + 1};
    areas.column = arena_alloc(ctx->arena, areas.columns * sizeof *areas.column);
    for (i = 0; i < n; i++)
        areas.column[i + 1] = places[i];
    areas.row = db_rows(ctx->tx,
                        AREAS("w.key AS \"key\", w.name AS \"name\", " ABOUT) " ORDER BY w.name",
                        LEVEL_ARGS(ctx), category);
    areas.rows = json_array_size(areas.row);
    areas.cell = arena_alloc(ctx->arena, (areas.rows + 1) * areas.columns * sizeof *areas.cell);
    json_array_foreach(areas.row, i, row)
        take(ctx, cell_at(&areas, i, 0), state_of(row), row);
    read_mirrors(ctx, &areas,
                 local ? db_rows(ctx->tx, MIRRORS(THROUGH), LEVEL_ARGS(ctx), category)
                       : db_rows(ctx->tx, MIRRORS(""), LEVEL_ARGS(ctx), category));
    return areas;
}

const char *area_state_name(enum area_state state)
{
    static const char *const names[] = {"missing", "joint", "chairVacant", "exists"};
    return names[state];
}

const char *area_state_words(const struct ctx *ctx, const struct area_cell *cell)
{
    static const char *const words[] = {N_("Missing"), N_("Joint with others"), N_("Chair vacant"),
                                        N_("Exists")};
    if (!cell->dormant || cell->state == AREA_JOINT)
        return ctx_text(ctx, words[cell->state]);
    return ctx_text(ctx, cell->state == AREA_EXISTS ? N_("Exists, dormant")
                                                    : N_("Chair vacant, dormant"));
}

/* ---------------------------------------------------------------- the document */

static json_t *column_item(struct ctx *ctx, const struct place *place, const struct places *all)
{
    json_t *item = json_object();
    const struct place *above = place ? place_of(all, place->parent) : NULL;
    const char *nation = ctx_text(ctx, N_("National"));
    json_put(item, "id", place ? place->id : "national");
    json_put(item, "name", place ? place->name : ctx_text(ctx, N_("National level")));
    json_put(item, "shortName", place ? place->brief : nation);
    json_put(item, "level", place ? place->level : "national");
    json_put(item, "parentId", above ? above->id : place ? "national" : NULL);
    const char *way = level_path(place ? place->level : "national");
    json_put(item, "href", place ? arena_printf(ctx->arena, "%s/%s", way, place->id) : way);
    return item;
}

static json_t *cell_item(struct ctx *ctx, const struct areas *areas, size_t row, size_t column)
{
    const struct area_cell *cell = area_cell(areas, row, column);
    json_t *item = json_object();
    json_put(item, "bodyId", column ? areas->column[column]->id : "national");
    json_put(item, "state", area_state_name(cell->state));
    json_put(item, "stateLabel", area_state_words(ctx, cell));
    json_put(item, "groupId", cell->group_id);
    json_put(item, "groupName", cell->group_name);
    return item;
}

static json_t *rows_document(struct ctx *ctx, const struct areas *areas)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < areas->rows; i++) {
        const json_t *area = json_array_get(areas->row, i);
        json_t *row = json_push(rows, json_object()), *cells = json_array();
        json_put(row, "id", json_text(area, "id"));
        json_put(row, "name", json_text(area, "name"));
        json_put(row, "fullName", json_text(area, "fullName"));
        for (size_t j = 0; j < areas->columns; j++)
            json_push(cells, cell_item(ctx, areas, i, j));
        json_put_new(row, "cells", cells);
    }
    return rows;
}

static json_t *totals_document(const struct areas *areas)
{
    json_t *totals = json_array();
    for (size_t j = 0; j < areas->columns; j++) {
        json_t *total = json_push(totals, json_object());
        long long n[AREA_EXISTS + 1] = {0};
        for (size_t i = 0; i < areas->rows; i++)
            n[area_cell(areas, i, j)->state]++;
        json_put(total, "bodyId", j ? areas->column[j]->id : "national");
        json_put_int(total, "groups", n[AREA_EXISTS] + n[AREA_CHAIR_VACANT]);
        for (enum area_state state = AREA_MISSING; state <= AREA_EXISTS; state++)
            json_put_int(total, area_state_name(state), n[state]);
    }
    return totals;
}

/* The healthcare regions, each before its own regions; or one of them with its regions. */
static size_t choose_columns(const struct places *all, const struct place *only,
                             const struct place **chosen)
{
    size_t n = 0;
    for (size_t i = 0; i < all->healthcare_regions; i++) {
        const struct place *above = &all->item[i];
        if (only && above != only)
            continue;
        chosen[n++] = above;
        for (size_t j = all->healthcare_regions; j < all->n; j++)
            if (all->item[j].parent == above->key)
                chosen[n++] = &all->item[j];
    }
    return n;
}

static void embed_filters(struct ctx *ctx, json_t *document, const struct places *all)
{
    json_t *filters = json_array();
    json_t *category = level_filter(ctx, filters, "category", ctx_text(ctx, N_("Areas")), "choice");
    if (!ctx_query(ctx, "category"))
        json_put(category, "value", area_categories[0].code);
    for (const struct value *v = area_categories; v->code; v++)
        level_option(category, v->code, ctx_text(ctx, v->label));
    json_t *region = level_filter(ctx, filters, "healthcareRegion",
                                  ctx_text(ctx, N_("Healthcare region")), "choice");
    level_option(region, "", ctx_text(ctx, NC_("choice", "All")));
    for (size_t i = 0; i < all->healthcare_regions; i++)
        level_option(region, all->item[i].id, all->item[i].brief);
    ctx_embed(ctx, document, "filters", filters);
}

enum code level_matrix(struct ctx *ctx, json_t **out)
{
    const char *category = ctx_query(ctx, "category"), *id = ctx_query(ctx, "healthcareRegion");
    struct places all = places_read(ctx);
    const struct place *only = NULL;
    for (size_t i = 0; id && i < all.healthcare_regions; i++)
        if (!strcmp(all.item[i].id, id))
            only = &all.item[i];
    if (id && !only)
        level_wrong(ctx, "healthcareRegion", id);
    enum code c = level_check(ctx, "category", area_categories);
    if (c || ctx->err->code)
        return ctx->err->code;
    const struct place **chosen = arena_alloc(ctx->arena, (all.n + 1) * sizeof *chosen);
    size_t n = choose_columns(&all, only, chosen);
    struct areas areas =
        areas_read(ctx, category ? category : area_categories[0].code, chosen, n, true);
    json_t *document = *out = level_begin(ctx, NULL), *columns = json_array();
    for (size_t i = 0; i < areas.columns; i++)
        json_push(columns, column_item(ctx, areas.column[i], &all));
    json_put_new(document, "columns", columns);
    json_put_new(document, "rows", rows_document(ctx, &areas));
    json_put_new(document, "totals", totals_document(&areas));
    json_decref(areas.row);
    if (ctx_embeds(ctx, "filters"))
        embed_filters(ctx, document, &all);
    return tx_code(ctx->tx);
}
