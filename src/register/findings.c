/* findings.c: what the checks found, for one reader: narrowed to what the reader answers for, and
 * with who could mend it.
 *
 * Owns the queries between a finding's group and the reader. The rules, and what they say, are the
 * features' own. Groups are read in one pass and only those with a finding are kept, so that the
 * cost is linear in the register and the memory in what was found. */
#include <kansli/access.h>
#include <kansli/check.h>
#include <kansli/json.h>
#include <kansli/kind.h>
#include "internal.h"

/* The ids of the groups whose officer the reader is, and of all that they commission:
 * {id: true}. */
static json_t *own_groups(struct ctx *ctx)
{
    json_t *own = json_object(), *row;
    size_t i;
    json_t *rows = db_rows(ctx->tx,
                           "WITH RECURSIVE led (k) AS (SELECT d.group_key FROM membership d "
                           "WHERE d.person_key = ?3 AND " ACCESS_TODAY("d")
                           " AND d.role IN " ACCESS_OFFICERS " UNION SELECT d.group_key "
                           "FROM group_principal d JOIN led ON led.k = d.principal_key "
                           "WHERE " ACCESS_TODAY("d") ") SELECT b.id AS \"id\" FROM led "
                           "JOIN body b ON b.key = led.k",
                           ctx->day, access_sees_all(ctx), ctx->actor->person_key, ctx->today);
    json_array_foreach(rows, i, row)
        json_put_bool(own, json_text(row, "id"), true);
    json_decref(rows);
    return own;
}

/* Findings of the given groups; consumes both. */
static json_t *narrowed(json_t *findings, json_t *groups)
{
    json_t *own = json_array(), *found;
    size_t i;
    json_array_foreach(findings, i, found) {
        const char *group = json_text(found, "groupId");
        if (group && json_object_get(groups, group))
            json_array_append(own, found);
    }
    json_decref(findings);
    json_decref(groups);
    return own;
}

/* The first process leader that is shown stays. */
static bool note_group(json_t *row, void *arg)
{
    json_t *groups = arg;
    const char *id = json_text(row, "id");
    json_t *known = id ? json_object_get(groups, id) : NULL;
    if (known && (json_is_null(known) || !json_text(known, "processLeaderId")))
        json_object_set(groups, id, row);
    return true;
}

#define LEADERS                                                                                    \
    "SELECT b.id AS \"id\", w.full_name AS \"groupName\", k.level AS \"level\", "                  \
    "p.id AS \"processLeaderId\", p.given_name || ' ' || p.family_name AS \"processLeaderName\" "  \
    "FROM workgroup w JOIN body b ON b.key = w.key JOIN group_kind k ON k.key = w.kind_key "       \
    "LEFT JOIN membership m ON m.group_key = w.key AND m.role = 'processLeader' "                  \
    "AND " ACCESS_TODAY("m") " AND " ACCESS_PEOPLE_VISIBLE("w.access_mode", "w.key")               \
    " LEFT JOIN person p ON p.key = m.person_key AND " ACCESS_NAME_SHOWN("p", "m")

/* {group id: {groupName, level, processLeaderId, processLeaderName}} of the groups with
 * findings. */
static json_t *groups_of(struct ctx *ctx, const json_t *findings)
{
    json_t *groups = json_object(), *found;
    size_t i;
    json_array_foreach((json_t *)findings, i, found)
        if (json_text(found, "groupId"))
            json_object_set_new(groups, json_text(found, "groupId"), json_null());
    const struct db_arg args[] = {
        db_arg_text(ctx->day),          db_arg_int(access_sees_all(ctx)),
        db_arg_int(ctx->actor->person_key), db_arg_text(ctx->today),
        db_arg_text(NULL),              db_arg_text(NULL),
        db_arg_int(ctx->actor->account_key)};
    if (json_object_size(groups))
        db_each_(ctx->tx, note_group, groups, LEADERS, args, LEN(args));
    return groups;
}

/* A rule finds the same whoever asks: it is run for the register as a whole, and narrowed here. */
static json_t *run_all(const struct ctx *ctx)
{
    static const struct actor everybody = {.account_id = "kansli", .everything = true};
    struct ctx whole = *ctx;
    whole.actor = &everybody;
    whole.standing = NULL;
    return check_run(&whole);
}

json_t *findings_read(struct ctx *ctx)
{
    static const char *const members[] = {"groupName", "level", "processLeaderId",
                                          "processLeaderName"};
    json_t *findings = run_all(ctx), *found;
    size_t i;
    if (!may(ctx, ACT_RUN_CHECKS, 0))
        findings = narrowed(findings, own_groups(ctx));
    json_t *groups = groups_of(ctx, findings);
    json_array_foreach(findings, i, found) {
        const char *id = json_text(found, "groupId");
        const json_t *group = id ? json_object_get(groups, id) : NULL;
        for (size_t m = 0; m < LEN(members); m++)
            json_put(found, members[m], json_text(group, members[m]));
        const char *level = json_text(group, "level");
        json_put(found, "levelLabel", level ? value_label(ctx, level_values, level) : NULL);
    }
    json_decref(groups);
    return findings;
}
