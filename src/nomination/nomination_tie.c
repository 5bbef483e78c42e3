/* nomination_tie.c: nominations as something that is kept about a person (person.h).
 *
 * Owns what becomes of them when two people are one, when somebody is forgotten, and what the
 * person gets to read. What stays after an erasure says that somebody was nominated, by which
 * organisation, as what and when, and what was decided. */
#include <kansli/audit.h>
#include "internal.h"

/* ---------------------------------------------------------------- merged */

/* Two nominations of one person in a call: somebody must say which is right, unless one has
 * ended. */
static enum code refuse_twice(struct ctx *ctx, long long from, long long into)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT DISTINCT c.id AS \"id\", c.title AS \"title\" FROM nomination a "
                           "JOIN nomination b ON b.call_key = a.call_key "
                           "JOIN nomination_call c ON c.key = a.call_key WHERE a.person_key = ?1 "
                           "AND b.person_key = ?2 AND a.state IN ('draft', 'submitted', 'reserve') "
                           "AND b.state IN ('draft', 'submitted', 'reserve') ORDER BY 2, 1",
                           from, into);
    const char *titles = NULL;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
        titles = titles ? arena_join(ctx->arena, titles, ", ", json_text(row, "title"), NULL)
                        : arena_strdup(ctx->arena, json_text(row, "title"));
    enum code c = tx_code(ctx->tx);
    if (titles)
        c = err_setf(ctx->err, E_CONFLICT, "already-nominated",
                     N_("Both are nominated in: {calls}. Withdraw one of the two first."), "calls",
                     titles, NULL);
    json_array_foreach(rows, i, row)
        err_missing(ctx->err, json_text(row, "id"));
    json_decref(rows);
    return c;
}

static enum code merge(struct ctx *ctx, long long from, const char *from_id, long long into,
                       const char *into_id)
{
    enum code c = refuse_twice(ctx, from, into);
    if (c)
        return c;
    json_t *rows = db_rows(ctx->tx,
                           "SELECT key AS \"key\", id AS \"id\" FROM nomination "
                           "WHERE person_key = ?1 ORDER BY key",
                           from), *row;
    size_t i;
    c = db_run(ctx->tx, "UPDATE nomination SET person_key = ?2 WHERE person_key = ?1", from, into);
    json_array_foreach(rows, i, row)
        if (!c)
            c = resource_touch(ctx, &nomination_resource, json_int(row, "key", 0),
                               json_text(row, "id"), "update",
                               json_pack("{s:[s, s]}", "personId", from_id, into_id));
    json_decref(rows);
    return c;
}

/* ---------------------------------------------------------------- erased */

/* What has not ended ends: nobody is left to appoint. */
static enum code erase_one(struct ctx *ctx, long long key, const char *id)
{
    enum code c = db_run(ctx->tx,
                         "UPDATE nomination SET statement = NULL, competences = NULL, "
                         "reason = NULL, state = CASE WHEN state IN ('draft', 'submitted', "
                         "'reserve') THEN 'withdrawn' ELSE state END, version = version + 1, "
                         "modified = ?2 WHERE key = ?1",
                         key, tx_instant(ctx->tx));
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE nomination_check SET by_name = NULL, reason = NULL "
                   "WHERE nomination_key = ?1",
                   key);
    if (!c)
        c = db_run(ctx->tx, "DELETE FROM nomination_link WHERE nomination_key = ?1", key);
    return c ? c : audit_erase(ctx, nomination_resource.name, key, id);
}

static enum code erase(struct ctx *ctx, long long person_key)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT key AS \"key\", id AS \"id\" FROM nomination "
                           "WHERE person_key = ?1 ORDER BY key",
                           person_key), *row;
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c)
            c = erase_one(ctx, json_int(row, "key", 0), json_text(row, "id"));
    if (!c) /* answers kept for repeated requests name them, too */
        c = db_run(ctx->tx,
                   "DELETE FROM idempotency WHERE EXISTS (SELECT 1 FROM nomination n "
                   "WHERE n.person_key = ?1 AND idempotency.body LIKE '%' || n.id || '%')",
                   person_key);
    json_decref(rows);
    return c;
}

/* ---------------------------------------------------------------- told to the person */

static void unpack(json_t *row, const char *name)
{
    const char *text = json_text(row, name);
    json_put_new(row, name, text ? json_loads(text, 0, NULL) : NULL);
}

static json_t *copy(struct ctx *ctx, long long person_key)
{
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT n.key AS \"key\", n.id AS \"id\", c.id AS \"callId\", c.title AS \"callTitle\", "
        "b.id AS \"groupId\", g.full_name AS \"groupName\", ob.id AS \"nominatorId\", "
        "n.role AS \"role\", n.capacity AS \"capacity\", n.competences AS \"competences\", "
        "n.statement AS \"statement\", n.state AS \"status\", n.answer AS \"answer\", "
        "n.answered_at AS \"answeredAt\", n.submitted_at AS \"submittedAt\", "
        "n.decided_at AS \"decidedAt\", n.decision_reference AS \"decisionReference\", "
        "n.reason AS \"reason\", m.id AS \"membershipId\", n.modified AS \"modified\" "
        "FROM nomination n JOIN nomination_call c ON c.key = n.call_key "
        "JOIN workgroup g ON g.key = c.group_key JOIN body b ON b.key = g.key "
        "LEFT JOIN body ob ON ob.key = n.nominator_key "
        "LEFT JOIN membership m ON m.key = n.membership_key WHERE n.person_key = ?1 ORDER BY n.key",
        person_key), *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        long long key = json_int(row, "key", 0);
        unpack(row, "competences");
        json_put_new(row, "checks",
                     db_rows(ctx->tx,
                             "SELECT name AS \"check\", outcome AS \"outcome\", "
                             "by_name AS \"byName\", workload_percent AS \"workloadPercent\", "
                             "reason AS \"reason\", at AS \"at\" FROM nomination_check "
                             "WHERE nomination_key = ?1 ORDER BY at, key",
                             key));
        json_put_new(row, "links",
                     db_rows(ctx->tx,
                             "SELECT purpose AS \"purpose\", address AS \"address\", "
                             "name AS \"name\", created AS \"created\", expires AS \"expires\", "
                             "used AS \"used\" FROM nomination_link WHERE nomination_key = ?1 "
                             "ORDER BY key",
                             key));
        json_object_del(row, "key");
    }
    return rows;
}

const struct person_tie nomination_tie = {"nominations", N_("Nominations"), merge, erase, copy};
