/* plan_desk.c: where plans come in to be decided: at a group, those of the groups that it
 * commissions; at a region or a healthcare region, those of its area's groups that nobody
 * commissions (domain.md 1).
 *
 * Owns which desk an address means, who works at it and which plans lie on it, so that the queue
 * and decisions on several plans are the same at both. Must not know pages. */
#include <string.h>
#include <kansli/organisation.h>
#include "internal.h"

static enum code of_area(struct ctx *ctx, struct answer *out, struct plan_desk *desk)
{
    json_t *object = resource_one(ctx, &organisation_resource, desk->id, &desk->key, NULL);
    if (!object)
        return resource_absent(ctx, &organisation_resource, desk->id, out);
    const char *type = json_text(object, "type");
    bool has_area = !strcmp(type, "region") || !strcmp(type, "healthcareRegion");
    desk->name = arena_strdup(ctx->arena, json_text(object, "name"));
    json_decref(object);
    return has_area ? tx_code(ctx->tx) : ctx_absent(ctx);
}

enum code plan_desk_in_path(struct ctx *ctx, struct answer *out, struct plan_desk *desk)
{
    enum code c;
    *desk = (struct plan_desk){.id = ctx_value(ctx, "id")};
    desk->is_area = !strncmp(ctx->path, "/organisations/", strlen("/organisations/"));
    desk->path = arena_join(ctx->arena, desk->is_area ? "/organisations/" : "/groups/", desk->id,
                            NULL);
    if (desk->is_area)
        return of_area(ctx, out, desk);
    desk->key = group_in_path(ctx, out, &c);
    return c;
}

enum code plan_desk_must_decide(struct ctx *ctx, const struct plan_desk *desk)
{
    return desk->is_area ? must_may_organisation(ctx, ACT_DECIDE_AREA_PLANS, desk->key)
                         : must_may(ctx, ACT_DECIDE_PLANS, desk->key);
}

bool plan_desk_has(struct ctx *ctx, const struct plan_desk *desk, long long group_key)
{
    if (desk->is_area)
        return db_exists(ctx->tx, "SELECT 1 FROM workgroup g WHERE g.key = ?6 AND g.key IN "
                         PLAN_DESK_OF_AREA("?5"),
                         PLAN_ARGS(ctx, desk->key, group_key));
    return db_exists(ctx->tx,
                     "SELECT 1 FROM workgroup g WHERE g.key = ?6 AND g.key IN "
                     PLAN_DESK_OF_GROUP("?5"),
                     PLAN_ARGS(ctx, desk->key, group_key));
}

/* ---------------------------------------------------------------- the way there */

bool plan_desk_may_look(struct ctx *ctx, const struct plan_desk *desk)
{
    bool yes = access_sees_all(ctx) ||
               (desk->is_area ? may_organisation(ctx, ACT_DECIDE_AREA_PLANS, desk->key)
                              : may(ctx, ACT_DECIDE_PLANS, desk->key));
    ctx->as_support = false; /* asked, not done */
    return yes;
}

const char *plan_desk_path(struct ctx *ctx, const struct plan_row *plan)
{
    const char *path = NULL;
    json_t *row, *rows = db_rows(
        ctx->tx,
        "SELECT b.key AS \"key\", b.id AS \"id\", 0 AS \"area\" FROM group_principal x "
        "JOIN body b ON b.key = x.principal_key WHERE x.group_key = ?5 AND " ACCESS_TODAY("x")
        " UNION ALL SELECT b.key, b.id, 1 FROM workgroup g JOIN body b ON b.key = CASE ?6 "
        "WHEN 'local' THEN g.region_key WHEN 'healthcareRegion' THEN g.healthcare_region_key END "
        "WHERE g.key = ?5 AND " PLAN_NOT_COMMISSIONED("g.key"),
        PLAN_ARGS(ctx, plan->group_key, plan->level));
    size_t i;
    json_array_foreach(rows, i, row) {
        struct plan_desk desk = {.key = json_int(row, "key", 0),
                                 .is_area = json_int(row, "area", 0)};
        if (!path && plan_desk_may_look(ctx, &desk))
            path = arena_join(ctx->arena, desk.is_area ? "/organisations/" : "/groups/",
                              json_text(row, "id"), NULL);
    }
    json_decref(rows);
    return path;
}

/* What awaits a decision at a desk, ?5. */
#define WAITING(groups)                                                                            \
    "(SELECT count(*) FROM plan p JOIN workgroup g ON g.key = p.group_key "                        \
    "WHERE p.state = 'submitted' AND p.group_key IN " groups " AND " PLAN_VISIBLE("p", "g") ")"

/* Every desk with the number of plans that await a decision there. */
static void finish_desks(struct ctx *ctx, json_t *rows)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        long long key = json_int(row, "key", 0);
        bool is_area = json_int(row, "area", 0);
        json_put(row, "href",
                 arena_join(ctx->arena, is_area ? "/organisations/" : "/groups/",
                            json_text(row, "id"), "/incoming-plans", NULL));
        json_put_int(row, "waiting",
                     is_area ? db_int(ctx->tx, 0, "SELECT " WAITING(PLAN_DESK_OF_AREA("?5")),
                                      PLAN_ARGS(ctx, key, 0))
                             : db_int(ctx->tx, 0, "SELECT " WAITING(PLAN_DESK_OF_GROUP("?5")),
                                      PLAN_ARGS(ctx, key, 0)));
        json_object_del(row, "key");
        json_object_del(row, "id");
        json_object_del(row, "area");
    }
}

/* An area o has a group of its own that nobody commissions and that has written a plan. */
#define HAS_PLANS(o)                                                                               \
    "EXISTS (SELECT 1 FROM plan ap JOIN workgroup g ON g.key = ap.group_key WHERE g.key IN "       \
    PLAN_DESK_OF_AREA(o) " AND " ACCESS_TODAY("g") ")"

json_t *plan_desk_row(struct ctx *ctx, const struct plan_desk *desk)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT o.key AS \"key\", b.id AS \"id\", o.name AS \"name\", "
                           "1 AS \"area\" FROM organisation o JOIN body b ON b.key = o.key "
                           "WHERE o.key = ?5 AND " HAS_PLANS("o.key"),
                           PLAN_ARGS(ctx, desk->key, 0));
    finish_desks(ctx, rows);
    return rows;
}

json_t *plan_desks(struct ctx *ctx)
{
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT w.key AS \"key\", b.id AS \"id\", w.full_name AS \"name\", 0 AS \"area\" "
        "FROM workgroup w JOIN body b ON b.key = w.key WHERE ?3 > 0 AND w.key IN ("
        "SELECT s.group_key FROM membership s WHERE s.person_key = ?3 AND s.role IN "
        ACCESS_OFFICERS " AND " ACCESS_TODAY("s") ") AND EXISTS (SELECT 1 FROM group_principal x "
        "JOIN workgroup g ON g.key = x.group_key JOIN group_kind k ON k.key = g.kind_key "
        "WHERE x.principal_key = w.key AND " ACCESS_TODAY("x") " AND " PLAN_EXPECTED ") "
        "UNION ALL SELECT o.key, b.id, o.name, 1 FROM account_role r "
        "JOIN organisation o ON o.key = r.organisation_key JOIN body b ON b.key = o.key "
        "WHERE r.account_key = ?7 AND r.role = 'coordinator' AND " HAS_PLANS("o.key")
        " ORDER BY 3, 1",
        PLAN_ARGS(ctx, 0, 0));
    finish_desks(ctx, rows);
    return rows;
}
