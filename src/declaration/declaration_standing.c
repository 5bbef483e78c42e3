/* declaration_standing.c: how a person stands in a group: what nominations, checks and lists of
 * statuses ask.
 *
 * Owns one question and its answer. A review holds for a person and a group until its last day, and
 * the last one given is the one that counts, also when it was given on an older declaration; a new
 * declaration that waits for its review takes nothing away from the old one. Must not know who
 * asks: the caller has asked for the right to. */
#include <string.h>
#include "internal.h"

/* Of declarations that are submitted and not taken back. */
#define OF_BOTH "d.person_key = ?1 AND d.state = 'submitted' "

static json_t *last_review(struct ctx *ctx, long long person_key, long long group_key)
{
    return db_row(ctx->tx,
                  "SELECT r.outcome AS \"outcome\", r.valid_until AS \"until\", r.at AS \"at\", "
                  "coalesce(a.name, a.email) AS \"by\" FROM declaration d "
                  "JOIN declaration_review r ON r.declaration_key = d.key "
                  "LEFT JOIN account a ON a.key = r.account_key WHERE " OF_BOTH
                  "AND r.group_key = ?2 ORDER BY r.at DESC, r.key DESC LIMIT 1",
                  person_key, group_key);
}

static json_t *last_asking(struct ctx *ctx, long long person_key, long long group_key)
{
    return db_row(ctx->tx,
                  "SELECT d.submitted_at AS \"at\", d.valid_until AS \"until\", EXISTS (SELECT 1 "
                  "FROM declaration_review r WHERE r.declaration_key = d.key "
                  "AND r.group_key = ?2) AS \"reviewed?\" FROM declaration d "
                  "JOIN declaration_group g ON g.declaration_key = d.key WHERE " OF_BOTH
                  "AND g.group_key = ?2 ORDER BY d.submitted_at DESC, d.key DESC LIMIT 1",
                  person_key, group_key);
}

static const char *kept(struct ctx *ctx, const json_t *row, const char *name)
{
    const char *text = json_text(row, name);
    return text ? arena_strdup(ctx->arena, text) : NULL;
}

void declaration_standing(struct ctx *ctx, long long person_key, long long group_key,
                          struct standing_review *out)
{
    json_t *review = last_review(ctx, person_key, group_key);
    json_t *asking = last_asking(ctx, person_key, group_key);
    const char *until = json_text(review, "until"), *valid = json_text(asking, "until");
    *out = (struct standing_review){.status = review || asking ? "expired" : "missing",
                                    .submitted_at = kept(ctx, asking, "at")};
    if (until && strcmp(until, ctx->today) >= 0) {
        out->status = "reviewed";
        out->outcome = kept(ctx, review, "outcome");
        out->valid_until = kept(ctx, review, "until");
        out->reviewed_at = kept(ctx, review, "at");
        out->by_name = kept(ctx, review, "by");
        out->done = strcmp(out->outcome, "notEligible") != 0;
    } else if (valid && strcmp(valid, ctx->today) >= 0 && !json_true_at(asking, "reviewed")) {
        out->status = "submitted";
    }
    json_decref(review);
    json_decref(asking);
}
