/* followup_tie.c: actions as something that is kept about a person (person.h).
 *
 * Owns what becomes of a person's actions when two people are one, when somebody is forgotten, and
 * what the person gets to read. What was decided and done stays: it is the group's. */
#include <kansli/audit.h>
#include "internal.h"

static enum code merge(struct ctx *ctx, long long from, const char *from_id, long long into,
                       const char *into_id)
{
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT key AS \"key\", id AS \"id\" FROM action "
                                 "WHERE owner_key = ?1 ORDER BY key",
                                 from);
    enum code c = db_run(ctx->tx, "UPDATE action SET owner_key = ?2 WHERE owner_key = ?1", from,
                         into);
    if (!c)
        c = db_run(ctx->tx, "UPDATE action SET line_owner_key = ?2 WHERE line_owner_key = ?1", from,
                   into);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c)
            c = resource_touch(ctx, &action_resource, json_int(row, "key", 0),
                               json_text(row, "id"), "update",
                               json_pack("{s:[s, s]}", "ownerId", from_id, into_id));
    json_decref(rows);
    return c;
}

/* Open actions become nobody's, so that somebody takes them on; why one was dropped may tell of the
 * person's life. */
static enum code erase(struct ctx *ctx, long long person_key)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT key AS \"key\", id AS \"id\" FROM action "
                           "WHERE owner_key = ?1 ORDER BY key",
                           person_key);
    enum code c = db_run(ctx->tx,
                         "UPDATE action SET reason = NULL, owner_key = CASE WHEN status <> 'open' "
                         "THEN owner_key END, version = version + 1, modified = ?2 "
                         "WHERE owner_key = ?1",
                         person_key, tx_instant(ctx->tx));
    if (!c) /* nobody is found in the line any more: it shall not undo what is agreed since */
        c = db_run(ctx->tx, "UPDATE action SET line_owner_key = NULL WHERE line_owner_key = ?1",
                   person_key);
    enum code told = audit_erase_rows(ctx, action_resource.name, rows);
    return c ? c : told;
}

static json_t *copy(struct ctx *ctx, long long person_key)
{
    return db_rows(ctx->tx,
                   "SELECT t.id AS \"id\", b.id AS \"groupId\", g.full_name AS \"groupName\", "
                   "t.text AS \"text\", t.due_date AS \"dueDate\", t.status AS \"status\", "
                   "t.reason AS \"reason\", t.closed_on AS \"closedOn\" FROM action t "
                   "JOIN workgroup g ON g.key = t.group_key JOIN body b ON b.key = g.key "
                   "WHERE t.owner_key = ?1 ORDER BY t.key",
                   person_key);
}

const struct person_tie followup_tie = {"actions", N_("Actions"), merge, erase, copy};
