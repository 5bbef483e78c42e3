/* task_view.c: what stands beside the list of tasks: the reader's groups, and what happened there.
 *
 * Owns reading only. What happened is told to those who may see a group's history, its officers
 * (domain.md 1), and of declarations nothing at all: whose they are and when they were made is for
 * fewer than that. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/audit.h>
#include "internal.h"

enum { EVENTS = 6 };

#define READER(ctx) (ctx)->today, access_sees_all(ctx), (ctx)->actor->person_key, (ctx)->today

/* ---------------------------------------------------------------- the reader's groups */

/* `up` is a group of the reader's that commissions it. */
static json_t *group_rows(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   "SELECT g.key AS \"key\", b.id AS \"id\", g.full_name AS \"fullName\", "
                   "k.level AS \"level\", m.role AS \"role\", (SELECT p.principal_key "
                   "FROM group_principal p JOIN membership o ON o.group_key = p.principal_key "
                   "AND o.person_key = ?3 AND " ACCESS_TODAY("o") " WHERE p.group_key = g.key "
                   "AND " ACCESS_TODAY("p") " ORDER BY p.position, p.key LIMIT 1) AS \"up\" "
                   "FROM membership m JOIN workgroup g ON g.key = m.group_key "
                   "JOIN body b ON b.key = g.key JOIN group_kind k ON k.key = g.kind_key "
                   "WHERE m.person_key = ?3 AND " ACCESS_TODAY("m")
                   " AND " ACCESS_GROUP_VISIBLE("g.access_mode", "g.key")
                   " ORDER BY g.full_name, g.key",
                   READER(ctx));
}

static const char *level_sign(const char *level)
{
    return !strcmp(level, "national") ? "N" : !strcmp(level, "local") ? "L" : "R";
}

static long long tasks_in(const json_t *tasks, const char *group_id)
{
    long long n = 0;
    size_t i;
    json_t *task;
    json_array_foreach((json_t *)tasks, i, task) {
        const char *id = json_text(task, "groupId");
        n += id && !strcmp(id, group_id);
    }
    return n;
}

static json_t *node_of(struct ctx *ctx, const json_t *row, const json_t *tasks)
{
    const struct field *roles = field_find(resource_by_name("memberships")->fields, "role");
    const char *id = json_text(row, "id");
    long long n = tasks_in(tasks, id);
    json_t *node = json_object();
    json_put(node, "id", id);
    json_put(node, "fullName", json_text(row, "fullName"));
    json_put(node, "href", arena_printf(ctx->arena, "/groups/%s", id));
    json_put(node, "levelSign", level_sign(json_text(row, "level")));
    json_put(node, "role", value_label(ctx, roles->values, json_text(row, "role")));
    json_put_new(node, "count", n ? json_integer((json_int_t)n) : json_null());
    json_put_new(node, "below", json_array());
    return node;
}

/* The row whose branch a row stands on: its principal among the reader's groups, when that stands
 * at the root itself. Two steps are enough to see whose is what, and a circle ends as roots. */
static size_t root_of(const json_t *rows, size_t at)
{
    long long up = json_int(json_array_get(rows, at), "up", 0);
    size_t i;
    json_t *row;
    if (!up)
        return at;
    json_array_foreach((json_t *)rows, i, row)
        if (i != at && json_int(row, "key", 0) == up)
            return json_int(row, "up", 0) ? at : i;
    return at;
}

json_t *task_groups(struct ctx *ctx, const json_t *tasks)
{
    json_t *rows = group_rows(ctx), *roots = json_array();
    size_t n = json_array_size(rows);
    json_t **node = arena_alloc(ctx->arena, (n + 1) * sizeof *node);
    for (size_t i = 0; i < n; i++) {
        node[i] = node_of(ctx, json_array_get(rows, i), tasks);
        if (root_of(rows, i) == i)
            json_push(roots, node[i]);
    }
    for (size_t i = 0; i < n; i++)
        if (root_of(rows, i) != i)
            json_push(json_object_get(node[root_of(rows, i)], "below"), node[i]);
    json_decref(rows);
    return roots;
}

/* ---------------------------------------------------------------- what happened */

/* Objects that have a page of their own; the others are seen on the group's. */
static const char *event_href(struct ctx *ctx, const json_t *row)
{
    static const char *const paged[] = {"groups", "memberships", "mandates", "nomination-calls",
                                        "nominations"};
    const char *type = json_text(row, "objectType");
    for (size_t i = 0; i < LEN(paged); i++)
        if (!strcmp(paged[i], type) && strcmp(json_text(row, "act"), "delete"))
            return arena_printf(ctx->arena, "/%s/%s", type, json_text(row, "objectId"));
    return arena_printf(ctx->arena, "/groups/%s", json_text(row, "groupId"));
}

#define LED                                                                                        \
    "(SELECT d.group_key FROM membership d WHERE d.person_key = ?3 AND " ACCESS_TODAY("d")         \
    " AND d.role IN " ACCESS_OFFICERS ")"

json_t *task_events(struct ctx *ctx)
{
    const struct value *acts = field_find(audit_resource.fields, "act")->values;
    json_t *row;
    size_t i;
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT e.at AS \"at\", e.act AS \"act\", e.object_type AS \"objectType\", "
        "e.object_id AS \"objectId\", CASE WHEN " AUDIT_ACTOR_SHOWN("a")
        " THEN a.name END AS \"actorName\", b.id AS \"groupId\", "
        "g.full_name AS \"groupName\" FROM (SELECT t.key AS k, t.of AS f FROM ("
        "SELECT w.key AS key, w.within_key AS of FROM audit_event w WHERE w.within_type = 'groups' "
        "AND w.within_key IN " LED " AND w.object_type NOT LIKE 'declaration%' "
        "UNION ALL SELECT o.key, o.object_key FROM audit_event o WHERE o.object_type = 'groups' "
        "AND o.object_key IN " LED ") AS t ORDER BY t.key DESC LIMIT ?5) AS x "
        "JOIN audit_event e ON e.key = x.k JOIN workgroup g ON g.key = x.f "
        "JOIN body b ON b.key = g.key LEFT JOIN account a ON a.id = e.actor ORDER BY e.key DESC",
        READER(ctx), (int)EVENTS);
    json_array_foreach(rows, i, row) {
        const struct resource *r = resource_by_name(json_text(row, "objectType"));
        const char *noun = r ? ctx_text(ctx, r->noun) : json_text(row, "objectType");
        const char *act = value_label(ctx, acts, json_text(row, "act"));
        json_put(row, "what",
                 task_capital(ctx, arena_printf(ctx->arena, "%s: %s", noun, act)));
        json_put(row, "href", event_href(ctx, row));
        json_object_del(row, "objectType");
        json_object_del(row, "objectId");
        json_object_del(row, "act");
    }
    return rows;
}
