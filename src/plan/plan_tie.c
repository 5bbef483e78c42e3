/* plan_tie.c: plans as something that is kept about people (person.h): who took which position,
 * who asked what, who decided, who presented.
 *
 * Owns what becomes of them when two people are one, when somebody is forgotten, and what the
 * person gets to read. A position and a decision are official acts: they stay, by somebody who is
 * then anonymous; the words of a position go. */
#include <kansli/audit.h>
#include "internal.h"

static json_t *positions_of(struct ctx *ctx, long long person_key)
{
    return db_rows(ctx->tx,
                   "SELECT key AS \"key\", id AS \"id\" FROM plan_position WHERE person_key = ?1 "
                   "ORDER BY key",
                   person_key);
}

/* Of one submission, the position of who stays holds. */
static enum code merge(struct ctx *ctx, long long from, const char *from_id, long long into,
                       const char *into_id)
{
    enum code c = db_run(ctx->tx,
                         "DELETE FROM plan_position WHERE person_key = ?1 AND EXISTS ("
                         "SELECT 1 FROM plan_position o WHERE o.person_key = ?2 "
                         "AND o.plan_key = plan_position.plan_key "
                         "AND o.number = plan_position.number)",
                         from, into);
    json_t *row, *rows = positions_of(ctx, from);
    if (!c)
        c = db_run(ctx->tx, "UPDATE plan_position SET person_key = ?2 WHERE person_key = ?1", from,
                   into);
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE plan_decision SET decided_by_key = ?2 WHERE decided_by_key = ?1", from,
                   into);
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE plan_decision SET presented_by_key = ?2 WHERE presented_by_key = ?1",
                   from, into);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c)
            c = resource_touch(ctx, &position_resource, json_int(row, "key", 0),
                               json_text(row, "id"), "update",
                               json_pack("{s:[s, s]}", "personId", from_id, into_id));
    json_decref(rows);
    return c;
}

static enum code erase(struct ctx *ctx, long long person_key)
{
    json_t *row, *rows = positions_of(ctx, person_key);
    enum code c = db_run(ctx->tx,
                         "UPDATE plan_position SET text = NULL, version = version + 1, "
                         "modified = ?2 WHERE person_key = ?1",
                         person_key, tx_instant(ctx->tx));
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c)
            c = audit_erase(ctx, position_resource.name, json_int(row, "key", 0),
                            json_text(row, "id"));
    json_decref(rows);
    return c;
}

static json_t *copy(struct ctx *ctx, long long person_key)
{
    return db_rows(ctx->tx,
                   "SELECT t.\"act\", t.\"planId\", b.id AS \"groupId\", "
                   "g.full_name AS \"groupName\", p.year AS \"year\", t.\"version\", t.\"said\", "
                   "t.\"text\", t.\"at\" FROM ("
                   "SELECT 'position' AS \"act\", x.plan_key AS \"plan\", y.id AS \"planId\", "
                   "x.number AS \"version\", x.position AS \"said\", x.text AS \"text\", "
                   "x.at AS \"at\" FROM plan_position x JOIN plan y ON y.key = x.plan_key "
                   "WHERE x.person_key = ?1 UNION ALL "
                   "SELECT 'remark', r.plan_key, y.id, r.number, NULL, r.text, r.at "
                   "FROM plan_remark r JOIN plan y ON y.key = r.plan_key "
                   "JOIN account a ON a.key = r.account_key WHERE a.person_key = ?1 UNION ALL "
                   "SELECT CASE WHEN d.decided_by_key = ?1 THEN 'decision' "
                   "ELSE 'presentation' END, "
                   "d.plan_key, y.id, d.number, d.outcome, d.comment, d.at FROM plan_decision d "
                   "JOIN plan y ON y.key = d.plan_key WHERE d.decided_by_key = ?1 "
                   "OR d.presented_by_key = ?1) AS t JOIN plan p ON p.key = t.\"plan\" "
                   "JOIN workgroup g ON g.key = p.group_key JOIN body b ON b.key = g.key "
                   "ORDER BY t.\"at\"",
                   person_key);
}

const struct person_tie plan_tie = {"plans", N_("Plans"), merge, erase, copy};
