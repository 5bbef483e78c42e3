/* letter.c: what is written to somebody who was appointed: group, role, term, who decided, whom to
 * ask.
 *
 * Owns the gathering; everything in it is told elsewhere too, by the same rules of who may see.
 * Must not know how it is laid out. */
#include <string.h>
#include <kansli/membership.h>
#include "internal.h"
#include "pages.h"

/* The chair and the process leader of the day, with their addresses for those who may see how the
 * group's people are reached. */
static json_t *contacts_of(struct ctx *ctx, long long group_key)
{
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT p.name AS \"name\", m.role AS \"role\", "
        "CASE WHEN p.key = ?3 OR (" ACCESS_GROUP_DRAFTS("m.group_key")
        " AND (p.protected_identity = 0 OR " ACCESS_GROUP_OFFICER("m.group_key")
        ")) THEN p.email END AS \"email\" FROM membership m JOIN person p ON p.key = m.person_key "
        "JOIN workgroup g ON g.key = m.group_key WHERE m.group_key = ?5 "
        "AND m.role IN ('chair', 'processLeader') AND " ACCESS_TODAY("m") " AND "
        ACCESS_PEOPLE_VISIBLE("g.access_mode", "g.key") " AND " ACCESS_NAME_SHOWN("p", "m")
        " ORDER BY m.role DESC, p.name, m.key",
        NOMINATION_ARGS(ctx, group_key)), *row;
    size_t i;
    json_array_foreach(rows, i, row)
        json_put(row, "roleLabel", value_label(ctx, membership_roles, json_text(row, "role")));
    return rows;
}

enum code nomination_letter(struct ctx *ctx, const char *id, json_t **out)
{
    struct nomination_row row;
    enum code c = nomination_find(ctx, id, &row);
    if (c)
        return c;
    json_t *letter = db_row(
        ctx->tx,
        "SELECT n.id AS \"id\", CASE WHEN p.protected_identity = 0 OR p.key = ?3 "
        "OR " ACCESS_GROUP_OFFICER(
            "m.group_key") " THEN p.name END AS \"personName\", "
                           "b.id AS \"groupId\", g.full_name AS \"groupName\", g.purpose AS "
                           "\"purpose\", "
                           "m.role AS \"role\", o.name AS \"onBehalfOfName\", m.start_date AS "
                           "\"startDate\", "
                           "m.end_date AS \"endDate\", d.full_name AS \"decidedForName\", "
                           "n.decided_at AS \"decidedAt\", "
                           "n.decision_reference AS \"decisionReference\", m.version AS "
                           "\"version\", "
                           "m.modified AS \"modified\" FROM nomination n JOIN membership m ON "
                           "m.key = n.membership_key "
                           "JOIN workgroup g ON g.key = m.group_key JOIN body b ON b.key = g.key "
                           "JOIN person p ON p.key = n.person_key LEFT JOIN organisation o ON "
                           "o.key = m.on_behalf_of_key "
                           "LEFT JOIN workgroup d ON d.key = n.decided_for_key "
                           "WHERE n.key = ?5 AND n.state = 'appointed'",
        NOMINATION_ARGS(ctx, row.key));
    if (!letter)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    json_put(letter, "roleLabel", value_label(ctx, membership_roles, json_text(letter, "role")));
    json_put_new(letter, "contacts", contacts_of(ctx, row.group_key));
    *out = letter;
    return tx_code(ctx->tx);
}
