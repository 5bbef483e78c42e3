/* review_tie.c: reviews as something that is kept about a person (person.h): who made them.
 *
 * A review is an official act: it stays, by somebody who is then anonymous. */
#include "internal.h"

static enum code merge(struct ctx *ctx, long long from, const char *from_id, long long into,
                       const char *into_id)
{
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT key AS \"key\", id AS \"id\" FROM review "
                                 "WHERE reviewed_by_key = ?1 ORDER BY key",
                                 from);
    enum code c = db_run(ctx->tx,
                         "UPDATE review SET reviewed_by_key = ?2 WHERE reviewed_by_key = ?1", from,
                         into);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c)
            c = resource_touch(ctx, &review_resource, json_int(row, "key", 0),
                               json_text(row, "id"), "update",
                               json_pack("{s:[s, s]}", "reviewedById", from_id, into_id));
    json_decref(rows);
    return c;
}

static enum code erase(struct ctx *ctx, long long person_key)
{
    (void)ctx, (void)person_key;
    return OK;
}

static json_t *copy(struct ctx *ctx, long long person_key)
{
    return db_rows(ctx->tx,
                   "SELECT r.id AS \"id\", b.id AS \"groupId\", g.full_name AS \"groupName\", "
                   "r.year AS \"year\", r.outcome AS \"outcome\", r.reviewed_on AS \"reviewedOn\" "
                   "FROM review r JOIN workgroup g ON g.key = r.group_key "
                   "JOIN body b ON b.key = g.key WHERE r.reviewed_by_key = ?1 ORDER BY r.key",
                   person_key);
}

const struct person_tie review_tie = {"reviews", N_("Yearly reviews"), merge, erase, copy};
