/* relation.c: with whom a group's mandate is anchored, with whom it cooperates, and what is near
 * (R6).
 *
 * Owns the table relation. It has no rule beyond those of every tie (tie.c). */
#include "internal.h"

const struct value relation_types[] = {
    {"anchoredWith", N_("Anchored with")},
    {"cooperatesWith", N_("Cooperates with")},
    {"near", NC_("relation", "Near")},
    {NULL, NULL},
};

#define AT(member) offsetof(struct tie_input, member)

static const struct field relation_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .flags = F_DERIVED,
     .reference = &group_reference},
    {.name = "type", .label = N_("Relation"), .type = T_ENUM, .at = AT(what),
     .flags = F_REQUIRED | F_FILTER | F_SORT, .values = relation_types, .column = "type"},
    {.name = "bodyId", .label = N_("With"), .type = T_REF, .at = AT(body),
     .flags = F_REQUIRED | F_FILTER, .reference = &body_reference, .column = "body_key"},
    {.name = "bodyType", .label = N_("What it is"), .type = T_ENUM, .flags = F_DERIVED | F_HIDDEN,
     .values = body_types},
    {.name = "startDate", .label = N_("First day"), .type = T_DAY, .at = AT(start_date),
     .flags = F_SORT, .column = "start_date", .hint = N_("Empty: as long as the group.")},
    {.name = "endDate", .label = N_("Last day"), .type = T_DAY, .at = AT(end_date),
     .flags = F_SORT, .column = "end_date"},
    {0},
};

static void link_relation(struct ctx *ctx, json_t *object)
{
    long long group = db_int(ctx->tx, 0, "SELECT group_key FROM relation WHERE key = ?1",
                             json_int(object, "key", 0));
    if (!may(ctx, ACT_CHANGE_GROUP, group))
        return;
    const char *path = arena_printf(ctx->arena, "/groups/%s/relations/%s",
                                    json_text(object, "groupId"), json_text(object, "id"));
    ctx_link(ctx, object, "edit", "PATCH", path);
    ctx_link(ctx, object, "delete", "DELETE", path);
    ctx->as_support = false;
}

const struct resource relation_resource = {
    .name = "relations",
    .noun = N_("relation"),
    .table = "relation",
    .select = "SELECT r.key AS \"key\", r.version AS \"version\", r.id AS \"id\", "
              "gb.id AS \"groupId\", g.full_name AS \"groupName\", r.type AS \"type\", "
              "b.id AS \"bodyId\", coalesce(o.name, w.full_name) AS \"bodyName\", "
              "b.type AS \"bodyType\", r.start_date AS \"startDate\", "
              "r.end_date AS \"endDate\", r.modified AS \"modified\" FROM relation r "
              "JOIN workgroup g ON g.key = r.group_key JOIN body gb ON gb.key = g.key "
              "JOIN body b ON b.key = r.body_key LEFT JOIN organisation o ON o.key = b.key "
              "LEFT JOIN workgroup w ON w.key = b.key "
              "WHERE " GROUP_VISIBLE("g") " AND (w.key IS NULL OR " GROUP_VISIBLE("w") ")",
    .in_force = "(\"startDate\" IS NULL OR \"startDate\" <= ?1) "
                "AND (\"endDate\" IS NULL OR \"endDate\" >= ?1)",
    .order = "\"type\", \"bodyName\", \"id\"",
    .size = sizeof(struct tie_input),
    .fields = relation_fields,
    .links = link_relation,
    .within = "groups",
    .parent = "groupId",
    .parent_column = "group_key",
};

enum code relation_create(struct ctx *ctx, struct answer *out)
{
    return tie_create(ctx, &relation_resource, NULL, out);
}

enum code relation_change(struct ctx *ctx, struct answer *out)
{
    return tie_change(ctx, &relation_resource, NULL, out);
}
