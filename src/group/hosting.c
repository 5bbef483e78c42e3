/* hosting.c: who bears a group, actively or dormant, and when (R4).
 *
 * Owns the table hosting and its one rule: one active host at a time. A host that the reader may
 * not know of is not among them. */
#include "internal.h"

const struct value hosting_statuses[] = {
    {"active", NC_("hosting", "Active")},
    {"dormant", NC_("hosting", "Dormant")},
    {NULL, NULL},
};

#define AT(member) offsetof(struct tie_input, member)

static const struct field hosting_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .flags = F_DERIVED,
     .reference = &group_reference},
    {.name = "bodyId", .label = N_("Host"), .type = T_REF, .at = AT(body),
     .flags = F_REQUIRED | F_FILTER, .reference = &body_reference, .column = "body_key",
     .hint = N_("An organisation, or a group: a working group is often hosted by its programme "
                "area.")},
    {.name = "status", .label = N_("Hosting"), .type = T_ENUM, .at = AT(what),
     .flags = F_REQUIRED | F_FILTER, .values = hosting_statuses, .column = "status",
     .fallback = "active"},
    {.name = "bodyType", .label = N_("What it is"), .type = T_ENUM, .flags = F_DERIVED | F_HIDDEN,
     .values = body_types},
    {.name = "startDate", .label = N_("First day"), .type = T_DAY, .at = AT(start_date),
     .flags = F_SORT, .column = "start_date", .hint = N_("Empty: as long as the group.")},
    {.name = "endDate", .label = N_("Last day"), .type = T_DAY, .at = AT(end_date),
     .flags = F_SORT, .column = "end_date"},
    {0},
};

static void link_hosting(struct ctx *ctx, json_t *object)
{
    long long group = db_int(ctx->tx, 0, "SELECT group_key FROM hosting WHERE key = ?1",
                             json_int(object, "key", 0));
    if (!may(ctx, ACT_CHANGE_GROUP, group))
        return;
    const char *path = arena_printf(ctx->arena, "/groups/%s/hosts/%s", json_text(object, "groupId"),
                                    json_text(object, "id"));
    ctx_link(ctx, object, "edit", "PATCH", path);
    ctx_link(ctx, object, "delete", "DELETE", path);
    ctx->as_support = false;
}

const struct resource hosting_resource = {
    .name = "hosts",
    .noun = N_("host"),
    .table = "hosting",
    .select = "SELECT h.key AS \"key\", h.version AS \"version\", h.id AS \"id\", "
              "gb.id AS \"groupId\", g.full_name AS \"groupName\", b.id AS \"bodyId\", "
              "coalesce(o.name, w.full_name) AS \"bodyName\", b.type AS \"bodyType\", "
              "h.status AS \"status\", h.start_date AS \"startDate\", h.end_date AS \"endDate\", "
              "h.modified AS \"modified\" FROM hosting h JOIN workgroup g ON g.key = h.group_key "
              "JOIN body gb ON gb.key = g.key JOIN body b ON b.key = h.body_key "
              "LEFT JOIN organisation o ON o.key = b.key LEFT JOIN workgroup w ON w.key = b.key "
              "WHERE " GROUP_VISIBLE("g") " AND (w.key IS NULL OR " GROUP_VISIBLE("w") ")",
    .in_force = "(\"startDate\" IS NULL OR \"startDate\" <= ?1) "
                "AND (\"endDate\" IS NULL OR \"endDate\" >= ?1)",
    .order = "\"status\", \"startDate\", \"id\"",
    .size = sizeof(struct tie_input),
    .fields = hosting_fields,
    .links = link_hosting,
    .within = "groups",
    .parent = "groupId",
    .parent_column = "group_key",
};

/* Two active hosts on the same day: nobody would know whose the group's papers are. */
static enum code one_active(struct ctx *ctx, long long group_key, long long tie_key,
                            const struct tie_input *in)
{
    const char *other =
        in->what[0] != 'a'
            ? NULL
            : db_text(ctx->tx,
                      "SELECT b.id FROM hosting h JOIN body b ON b.key = h.body_key "
                      "WHERE h.group_key = ?1 AND h.key <> ?2 AND h.status = 'active' "
                      "AND coalesce(h.start_date, '0000') <= coalesce(?4, '9999') "
                      "AND coalesce(h.end_date, '9999') >= coalesce(?3, '0000')",
                      group_key, tie_key, in->start_date, in->end_date);
    if (!other)
        return tx_code(ctx->tx);
    return err_setf(ctx->err, E_CONFLICT, "host-taken",
                    N_("{host} is the active host on some of these days. End that hosting first, or "
                       "make one of them dormant."),
                    "host", other, NULL);
}

enum code hosting_create(struct ctx *ctx, struct answer *out)
{
    return tie_create(ctx, &hosting_resource, one_active, out);
}

enum code hosting_change(struct ctx *ctx, struct answer *out)
{
    return tie_change(ctx, &hosting_resource, one_active, out);
}
