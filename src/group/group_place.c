/* group_place.c: where a group stands: what is above it, below it, beside it and before it.
 *
 * Owns what a group's page shows of other groups, each as of the day asked for and none that the
 * reader may not know of. Must not know the group's own fields (group.c), nor HTML. */
#include <string.h>
#include <kansli/kind.h>
#include "internal.h"

enum { SHOWN_MOST = 200, CRUMBS_MOST = 6, CHILDREN_MOST = 8, SIBLINGS_MOST = 4 };

/* One group among others: what is needed to name it, tell it from its namesakes and say how it is.
 */
#define BRIEF                                                                                      \
    "b.id AS \"id\", g.full_name AS \"fullName\", k.id AS \"kind\", k.name AS \"kindLabel\", "      \
    "k.name_english AS \"kindNameEnglish\", k.level AS \"level\", "                                \
    GROUP_STATUS("g", GROUP_HOSTING_STATUS("g")) " AS \"status\", "                                \
    "coalesce(ro.short_name, ro.name, co.short_name, co.name) AS \"areaName\" FROM workgroup g "   \
    "JOIN body b ON b.key = g.key JOIN group_kind k ON k.key = g.kind_key "                        \
    "LEFT JOIN organisation co ON co.key = g.healthcare_region_key "                               \
    "LEFT JOIN organisation ro ON ro.key = g.region_key WHERE " STANDS
#define STANDS GROUP_VISIBLE("g") " AND (g.end_date IS NULL OR g.end_date >= ?1) AND "
/* Commissioned by ?5 on the group's day. */
#define COMMISSIONED                                                                               \
    "EXISTS (SELECT 1 FROM group_principal p WHERE p.group_key = g.key AND p.principal_key = ?5 "  \
    "AND " GROUP_IN_FORCE("p", GROUP_DAY("g")) ")"

const char *group_href(struct ctx *ctx, const char *id)
{
    return arena_join(ctx->arena, "/groups/", id, NULL);
}

const char *level_letter(const char *level)
{
    return !strcmp(level, "national") ? "N" : !strcmp(level, "local") ? "L" : "R";
}

static json_t *finished(struct ctx *ctx, json_t *rows)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        if (ctx->lang == LANG_EN)
            json_object_set(row, "kindLabel", json_object_get(row, "kindNameEnglish"));
        json_object_del(row, "kindNameEnglish");
        json_put(row, "href", group_href(ctx, json_text(row, "id")));
        json_put(row, "statusLabel",
                 value_label(ctx, group_statuses, json_text(row, "status")));
    }
    return rows;
}

/* ---------------------------------------------------------------- above */

/* The group above: the one it is a subgroup of, else the first of those who commission it. */
static json_t *above(struct ctx *ctx, long long key)
{
    return db_row(ctx->tx,
                  "SELECT u.key AS \"key\", b.id AS \"id\", u.full_name AS \"fullName\", "
                  "k.level AS \"level\", CASE WHEN k.category = 'steering' "
                  "AND k.level = 'national' THEN 1 ELSE 0 END AS \"top?\" FROM workgroup g "
                  "JOIN workgroup u ON u.key = coalesce(g.parent_key, ("
                  "SELECT p.principal_key FROM group_principal p WHERE p.group_key = g.key "
                  "AND " GROUP_IN_FORCE("p", GROUP_DAY("g")) " ORDER BY p.position, p.key LIMIT 1)) "
                  "JOIN body b ON b.key = u.key JOIN group_kind k ON k.key = u.kind_key "
                  "WHERE g.key = ?5 AND " GROUP_VISIBLE("u"),
                  GROUP_ARGS(ctx), key);
}

static json_t *crumb(const char *href, const char *name)
{
    json_t *step = json_object();
    json_put(step, "href", href);
    json_put(step, "name", name);
    return step;
}

json_t *place_line(struct ctx *ctx, long long key)
{
    json_t *line = json_array();
    json_t *step = db_row(ctx->tx,
                          "SELECT g.key AS \"key\", b.id AS \"id\", g.full_name AS \"fullName\", "
                          "k.level AS \"level\", 0 AS \"top?\" FROM workgroup g "
                          "JOIN body b ON b.key = g.key JOIN group_kind k ON k.key = g.kind_key "
                          "WHERE g.key = ?1",
                          key);
    for (int steps = 0; step; steps++) {
        json_push(line, step);
        if (steps == CRUMBS_MOST || json_true_at(step, "top"))
            break;
        step = above(ctx, json_int(step, "key", 0));
    }
    return line;
}

/* Groups / NPO / NAG / here. The steering group stands above everything and is left out. */
json_t *place_crumbs(struct ctx *ctx, const json_t *line, const char *here)
{
    json_t *crumbs = json_array();
    json_push(crumbs, crumb("/levels", ctx_text(ctx, N_("Groups"))));
    for (size_t i = json_array_size(line); i-- > 0;) {
        const json_t *step = json_array_get(line, i);
        if (!json_true_at(step, "top"))
            json_push(crumbs, crumb(group_href(ctx, json_text(step, "id")),
                                    json_text(step, "fullName")));
    }
    if (here)
        json_push(crumbs, crumb(ctx->path, here));
    return crumbs;
}

/* ---------------------------------------------------------------- below and beside */

/* Rows in order, gathered under what they have in common: [{<name>, <name>Label, count, groups}].
 */
static json_t *gathered(json_t *rows, const char *name, const char *label)
{
    json_t *all = json_array(), *row, *last = NULL;
    size_t i;
    json_array_foreach(rows, i, row) {
        if (!last || strcmp(json_text(last, name), json_text(row, name))) {
            last = json_push(all, json_object());
            json_object_set(last, name, json_object_get(row, name));
            json_object_set(last, label, json_object_get(row, label));
            json_put_int(last, "count", 0);
            json_put_new(last, "groups", json_array());
        }
        json_array_append(json_object_get(last, "groups"), row);
        json_put_int(last, "count", json_int(last, "count", 0) + 1);
    }
    json_decref(rows);
    return all;
}

/* How a group stands below another: its subgroup, commissioned by it, nobody's subgroup. */
enum { SUBGROUP = 1, COMMISSION = 2, NO_PARENT = 4 };

struct below place_below(struct ctx *ctx, long long key)
{
    json_t *row, *rows = db_rows(
        ctx->tx,
        "SELECT CASE WHEN g.parent_key = ?5 THEN 1 WHEN g.parent_key IS NULL THEN 4 ELSE 0 END "
        "+ CASE WHEN " COMMISSIONED " THEN 2 ELSE 0 END AS \"how\", " BRIEF
        "g.key IN (SELECT key FROM workgroup WHERE parent_key = ?5 UNION ALL "
        "SELECT group_key FROM group_principal WHERE principal_key = ?5) "
        "ORDER BY k.key, g.full_name, g.key LIMIT ?6",
        GROUP_ARGS(ctx), key, SHOWN_MOST);
    struct below below = {.rows = finished(ctx, rows)};
    size_t i;
    below.how = arena_alloc(ctx->arena, (json_array_size(rows) + 1) * sizeof *below.how);
    json_array_foreach(rows, i, row) {
        below.how[i] = (int)json_int(row, "how", 0);
        json_object_del(row, "how");
    }
    return below;
}

static json_t *those(const struct below *below, int how)
{
    json_t *some = json_array(), *row;
    size_t i;
    json_array_foreach(below->rows, i, row)
        if (below->how[i] & how)
            json_array_append(some, row);
    return some;
}

json_t *place_commissions(const struct below *below)
{
    return gathered(those(below, COMMISSION), "kind", "kindLabel");
}

json_t *place_subgroups(const struct below *below)
{
    return those(below, SUBGROUP);
}

/* The groups of the same area on the other levels: what it mirrors, and all that mirror it. There
 * are three levels, so two steps lead everywhere. */
json_t *place_twins(struct ctx *ctx, long long key)
{
    json_t *rows = finished(
        ctx, db_rows(ctx->tx,
                     "SELECT " BRIEF "g.key IN ("
                     "SELECT mirrors_key FROM workgroup WHERE key = ?5 UNION ALL "
                     "SELECT y.mirrors_key FROM workgroup x JOIN workgroup y "
                     "ON y.key = x.mirrors_key WHERE x.key = ?5 UNION ALL "
                     "SELECT key FROM workgroup WHERE mirrors_key = ?5 UNION ALL "
                     "SELECT y.key FROM workgroup x JOIN workgroup y ON y.mirrors_key = x.key "
                     "WHERE x.mirrors_key = ?5) AND g.key <> ?5 "
                     "ORDER BY CASE k.level WHEN 'national' THEN 0 WHEN 'healthcareRegion' THEN 1 "
                     "ELSE 2 END, coalesce(ro.name, co.name), g.full_name, g.key LIMIT ?6",
                     GROUP_ARGS(ctx), key, SHOWN_MOST));
    json_t *row;
    size_t i;
    json_array_foreach(rows, i, row)
        json_put(row, "levelLabel", value_label(ctx, level_values, json_text(row, "level")));
    return gathered(rows, "level", "levelLabel");
}

/* ---------------------------------------------------------------- before, and who bears it */

json_t *place_pauses(struct ctx *ctx, long long key)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT status AS \"status\", start_date AS \"startDate\", "
                           "end_date AS \"endDate\", reason AS \"reason\" FROM group_pause "
                           "WHERE group_key = ?1 ORDER BY start_date DESC",
                           key),
           *row;
    size_t i;
    json_array_foreach(rows, i, row)
        json_put(row, "statusLabel",
                 value_label(ctx, group_statuses, json_text(row, "status")));
    return rows;
}

json_t *place_host(struct ctx *ctx, long long key)
{
    json_t *row = db_row(ctx->tx,
                         "SELECT b.id AS \"id\", b.type AS \"type\", "
                         "coalesce(o.name, w.full_name) AS \"name\", h.status AS \"status\" "
                         "FROM workgroup g JOIN hosting h ON h.key = " GROUP_HOSTING("g") " "
                         "JOIN body b ON b.key = h.body_key "
                         "LEFT JOIN organisation o ON o.key = b.key "
                         "LEFT JOIN workgroup w ON w.key = b.key "
                         "WHERE g.key = ?5 AND (w.key IS NULL OR " GROUP_VISIBLE("w") ")",
                         GROUP_ARGS(ctx), key);
    if (!row)
        return json_null();
    json_put(row, "href",
             arena_printf(ctx->arena, "/%ss/%s", json_text(row, "type"), json_text(row, "id")));
    json_put(row, "statusLabel", value_label(ctx, hosting_statuses, json_text(row, "status")));
    return row;
}

/* ---------------------------------------------------------------- a small tree */

json_t *node_add(json_t *parent, const char *id, const char *name, const char *href,
                 const char *level)
{
    json_t *node = json_object();
    json_put(node, "id", id);
    json_put(node, "fullName", name);
    json_put(node, "href", href);
    json_put(node, "level", level);
    json_put(node, "levelSign", level_letter(level));
    json_put(node, "tail", NULL);
    json_put_bool(node, "current", false);
    json_put_new(node, "nodes", json_array());
    return parent ? json_push(json_object_get(parent, "nodes"), node) : node;
}

/* A node's own: its subgroups, and what it commissions today that is nobody's subgroup. */
static json_t *children(const struct below *below)
{
    json_t *some = json_array(), *row;
    size_t i;
    json_array_foreach(below->rows, i, row) {
        bool planned = !strcmp(json_text(row, "status"), "planned");
        if ((below->how[i] & SUBGROUP) || (below->how[i] == (COMMISSION | NO_PARENT) && !planned))
            json_array_append(some, row);
    }
    return some;
}

/* The same of another group, by name alone. */
static json_t *siblings(struct ctx *ctx, long long key)
{
    return db_rows(ctx->tx,
                   "SELECT b.id AS \"id\", g.full_name AS \"fullName\", k.level AS \"level\" "
                   "FROM workgroup g JOIN body b ON b.key = g.key "
                   "JOIN group_kind k ON k.key = g.kind_key WHERE " STANDS
                   "g.key IN (SELECT key FROM workgroup WHERE parent_key = ?5 UNION ALL "
                   "SELECT y.key FROM group_principal p JOIN workgroup y ON y.key = p.group_key "
                   "WHERE p.principal_key = ?5 AND y.parent_key IS NULL "
                   "AND " GROUP_IN_FORCE("p", "?1") ") "
                   "ORDER BY k.key, g.full_name, g.key LIMIT ?6",
                   GROUP_ARGS(ctx), key, SHOWN_MOST);
}

/* At most `most` of them; the others in one node that leads to the list. */
static void add_some(struct ctx *ctx, json_t *node, json_t *rows, const char *without, size_t most)
{
    size_t i, shown = 0, left = 0;
    json_t *row;
    json_array_foreach(rows, i, row) {
        const char *id = json_text(row, "id");
        if (!strcmp(id, without))
            continue;
        if (shown++ < most)
            node_add(node, id, json_text(row, "fullName"), group_href(ctx, id),
                     json_text(row, "level"));
        else
            left++;
    }
    if (left) {
        const char *words = ctx_textf(ctx, N_("and {n} more"), "n",
                                      arena_printf(ctx->arena, "%zu", left), NULL);
        node_add(node, NULL, words,
                 arena_printf(ctx->arena, "/groups?principalIds=%s", json_text(node, "id")),
                 json_text(json_array_get(rows, json_array_size(rows) - 1), "level"));
    }
    json_decref(rows);
}

/* Those that mirror it, one line to a kind: a list of them is a click away. */
static void add_mirrors(struct ctx *ctx, json_t *node, long long key)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT k.id AS \"kind\", k.level AS \"level\", count(*) AS \"n\" "
                           "FROM workgroup g JOIN group_kind k ON k.key = g.kind_key "
                           "WHERE g.mirrors_key = ?5 AND " GROUP_VISIBLE("g") " "
                           "AND (g.end_date IS NULL OR g.end_date >= ?1) "
                           "GROUP BY k.key, k.id, k.level ORDER BY k.key",
                           GROUP_ARGS(ctx), key),
           *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *kind = json_text(row, "kind"), *id = json_text(node, "id");
        const char *words = ctx_textf(ctx, N_("Mirrored by {kind}"), "kind",
                                      kind_capitals(ctx, kind), NULL);
        json_t *one = node_add(node, NULL, words,
                               arena_printf(ctx->arena, "/groups?mirrorsId=%s&kind=%s", id, kind),
                               json_text(row, "level"));
        json_put(one, "tail", arena_printf(ctx->arena, "%lld", json_int(row, "n", 0)));
    }
    json_decref(rows);
}

static json_t *add_step(struct ctx *ctx, json_t *parent, const json_t *step)
{
    const char *id = json_text(step, "id");
    return node_add(parent, id, json_text(step, "fullName"), group_href(ctx, id),
                    json_text(step, "level"));
}

/* What is above, the group, its siblings and what is below: {nodes: […]} for part/tree.html. */
json_t *place_tree(struct ctx *ctx, const json_t *line, const struct below *below)
{
    json_t *tree = json_object(), *top = NULL;
    json_t *roots = json_put_new(tree, "nodes", json_array());
    const json_t *self = json_array_get(line, 0), *up = json_array_get(line, 1);
    if (!self) /* the read has failed */
        return tree;
    const char *id = json_text(self, "id");
    if (up)
        top = json_push(roots, add_step(ctx, NULL, up));
    json_t *node = add_step(ctx, top, self);
    if (!top)
        json_push(roots, node);
    json_put_bool(node, "current", true);
    add_some(ctx, node, children(below), id, CHILDREN_MOST);
    add_mirrors(ctx, node, json_int(self, "key", 0));
    if (up)
        add_some(ctx, top, siblings(ctx, json_int(up, "key", 0)), id, SIBLINGS_MOST);
    return tree;
}
