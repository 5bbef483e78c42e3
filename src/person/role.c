/* role.c: a person's roles over time: as a list, and as bars for a picture.
 *
 * Owns which memberships a reader finds on a person's page: those that show the name to that
 * reader, in groups whose people the reader may see. Must never tell the capacity: what shows it
 * within one group is that group's page (api.md). Labels come from the memberships' own table by
 * way of the registry, for their room lies above this one. */
#include <kansli/lanes.h>
#include "internal.h"

const char *person_role_label(struct ctx *ctx, const char *role)
{
    const struct resource *memberships = resource_by_name("memberships");
    const struct field *field = memberships ? field_find(memberships->fields, "role") : NULL;
    return field ? value_label(ctx, field->values, role) : role;
}

json_t *person_roles(struct ctx *ctx, long long key)
{
    static const char *const sections[] = {"current", "coming", "past"};
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT g.id AS \"groupId\", w.full_name AS \"groupName\", m.role AS \"role\", "
        "b.id AS \"onBehalfOfId\", coalesce(o.name, v.full_name) AS \"onBehalfOfName\", "
        "b.type AS \"onBehalfOfType\", m.start_date AS \"startDate\", m.end_date AS \"endDate\", "
        "CASE WHEN m.start_date > ?1 THEN 'coming' WHEN m.end_date < ?1 THEN 'past' "
        "ELSE 'current' END AS \"status\" "
        "FROM membership m JOIN person p ON p.key = m.person_key "
        "JOIN workgroup w ON w.key = m.group_key JOIN body g ON g.key = w.key "
        "LEFT JOIN body b ON b.key = m.on_behalf_of_key "
        "LEFT JOIN organisation o ON o.key = b.key LEFT JOIN workgroup v ON v.key = b.key "
        "AND " ACCESS_GROUP_VISIBLE("v.access_mode", "v.key") " WHERE m.person_key = ?5 "
        "AND (p.key = ?3 OR " ACCESS_GROUP_DRAFTS("m.group_key") " OR "
        ACCESS_PEOPLE_VISIBLE("w.access_mode", "w.key") ") AND " ACCESS_NAME_SHOWN("p", "m")
        " ORDER BY m.start_date DESC, m.key DESC",
        PERSON_ARGS(ctx, key));
    json_t *roles = json_object(), *row;
    size_t i;
    for (i = 0; i < LEN(sections); i++)
        json_put_new(roles, sections[i], json_array());
    json_array_foreach(rows, i, row) {
        json_put(row, "roleLabel", person_role_label(ctx, json_text(row, "role")));
        if (!json_text(row, "onBehalfOfName")) { /* a group that the reader may not know of */
            json_put(row, "onBehalfOfId", NULL);
            json_put(row, "onBehalfOfType", NULL);
        }
        json_array_append(json_object_get(roles, json_text(row, "status")), row);
    }
    json_decref(rows);
    return roles;
}

/* ---------------------------------------------------------------- the picture */

json_t *person_bars(struct ctx *ctx, const json_t *roles)
{
    static const char *const order[] = {"coming", "current", "past"};
    json_t *rows = json_array(), *row;
    size_t i;
    for (i = 0; i < LEN(order); i++)
        json_array_extend(rows, json_object_get(roles, order[i]));
    json_t *labelled = json_deep_copy(rows);
    json_array_foreach(labelled, i, row)
        json_put(row, "label",
                 arena_printf(ctx->arena, "%s, %s", json_text(row, "groupName"),
                              json_text(row, "roleLabel")));
    json_t *bars = lanes_of(ctx, labelled);
    json_decref(labelled);
    json_decref(rows);
    return bars;
}
