/* paper_tie.c: downloads of papers as something that is kept about a person (person.h).
 *
 * Owns nothing: a download is an account's, and the account follows the person by itself when two
 * become one. When somebody is forgotten, that papers were read stays, but not by whom. */
#include "paper.h"

#define OF_PERSON "account_key IN (SELECT key FROM account WHERE person_key = ?1)"

static enum code merge(struct ctx *ctx, long long from, const char *from_id, long long into,
                       const char *into_id)
{
    (void)from, (void)from_id, (void)into, (void)into_id;
    return tx_code(ctx->tx);
}

static enum code erase(struct ctx *ctx, long long person_key)
{
    return db_run(ctx->tx, "UPDATE paper_reading SET account_key = NULL WHERE " OF_PERSON,
                  person_key);
}

static json_t *copy(struct ctx *ctx, long long person_key)
{
    return db_rows(ctx->tx,
                   "SELECT m.id AS \"meetingId\", m.title AS \"meetingTitle\", "
                   "x.id AS \"paperId\", x.title AS \"paperTitle\", r.at AS \"at\" "
                   "FROM paper_reading r JOIN paper x ON x.key = r.paper_key "
                   "JOIN meeting m ON m.key = x.meeting_key WHERE r." OF_PERSON " ORDER BY r.key",
                   person_key);
}

const struct person_tie paper_tie = {"paperReadings", N_("Papers downloaded"), merge, erase, copy};
