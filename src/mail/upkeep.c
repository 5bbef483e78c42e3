/* upkeep.c: what is asked of the outbox as a whole: what stands still, what is to be forgotten,
 * what it holds of one person.
 *
 * Must not send anything, nor tell what is in a mail; but a person is given what was written to
 * her. */
#include <string.h>
#include <kansli/json.h>
#include "internal.h"

/* ---------------------------------------------------------------- checks */

/* All that has waited for more than an hour, as one finding. */
static json_t *waits(struct ctx *ctx)
{
    char before[INSTANT_SIZE];
    const char *still = mail_stands_still(ctx);
    instant_from_seconds(instant_seconds(tx_instant(ctx->tx)) - 3600, before);
    json_t *rows = db_rows(ctx->tx,
                           "SELECT min(id) AS \"id\", count(*) AS \"count\" FROM mail "
                           "WHERE state = 'waiting' AND created < ?1 HAVING count(*) > 0",
                           (const char *)before),
           *row;
    size_t i;
    json_array_foreach (rows, i, row)
        json_put(row, "reason",
                 ctx_text(ctx, !still                     ? N_("The server does not take it.")
                               : !strcmp(still, "paused") ? N_("Sending is paused.")
                                                          : N_("No server is set.")));
    return rows;
}

#define ALL_THAT_ARE(state)                                                           \
    "SELECT min(id) AS \"id\", count(*) AS \"count\" FROM mail WHERE state = '" state \
    "' HAVING count(*) > 0"

const struct check mail_checks[] = {
    {.rule = "mail-given-up",
     .severity = CHECK_WARNING,
     .object_type = "mails",
     .label = N_("Mail given up"),
     .message =
         N_("Given up: {count}. Mend what is wrong and send again, or stop."),
     .at = "/mails?state=failed",
     .mend = "",
     .query = ALL_THAT_ARE("failed")},
    {.rule = "mail-unsure",
     .severity = CHECK_WARNING,
     .object_type = "mails",
     .label = N_("Mail that may have been sent or not"),
     .message =
         N_("Nobody knows whether it was sent: {count}. The line broke, or the program ended. "
                   "Nothing is sent again unless you say so."),
     .at = "/mails?state=unsure",
     .mend = "",
     .query = ALL_THAT_ARE("unsure")},
    {.rule = "mail-waits",
     .severity = CHECK_WARNING,
     .object_type = "mails",
     .label = N_("Mail that is not sent"),
     .message = N_("Waiting for more than an hour: {count}. {reason}"),
     .at = "/mails?state=waiting",
     .mend = "/settings",
     .find = waits},
    {0},
};

/* ---------------------------------------------------------------- forgetting */

enum { KEPT_DAYS = 90 };

static enum code forget(struct ctx *ctx)
{
    char before[DAY_SIZE];
    day_add(ctx->today, -KEPT_DAYS, before);
    return db_run(ctx->tx,
                  "DELETE FROM mail WHERE state IN ('sent', 'failed', 'unsure', 'stopped') "
                  "AND modified < ?1",
                  (const char *)before);
}

const struct chore mail_chores[] = {{"mail-forgotten", forget}, {0}};

/* ---------------------------------------------------------------- one person's */

static enum code merge(struct ctx *ctx, long long from, const char *from_id, long long into,
                       const char *into_id)
{
    (void)from_id, (void)into_id;
    enum code c =
        db_run(ctx->tx, "UPDATE mail SET person_key = ?2 WHERE person_key = ?1", from, into);
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE mail_choice SET person_key = ?2 WHERE person_key = ?1 "
                   "AND NOT EXISTS (SELECT 1 FROM mail_choice c WHERE c.person_key = ?2)",
                   from, into);
    return c ? c : db_run(ctx->tx, "DELETE FROM mail_choice WHERE person_key = ?1", from);
}

/* What was written to the person goes; what waits for others and names the person is not sent. */
static enum code erase(struct ctx *ctx, long long key)
{
    enum code c =
        db_run(ctx->tx,
               "DELETE FROM mail WHERE person_key = ?1 OR account_key IN ("
               "SELECT a.key FROM account a WHERE a.person_key = ?1) OR fold(address) IN ("
               "SELECT fold(p.email) FROM person p WHERE p.key = ?1)",
               key);
    if (!c)
        c = db_run(ctx->tx, "DELETE FROM mail_choice WHERE person_key = ?1", key);
    return c ? c
             : db_run(ctx->tx,
                      "UPDATE mail SET state = 'stopped', content = NULL, version = version + 1, "
                      "modified = ?2 WHERE state IN ('waiting', 'failed', 'unsure') AND EXISTS ("
                      "SELECT 1 FROM person p WHERE p.key = ?1 AND ("
                      "mail.content LIKE '%' || p.given_name || ' ' || p.family_name || '%' "
                      "OR mail.content LIKE '%' || p.email || '%'))",
                      key, tx_instant(ctx->tx));
}

/* Not where it led: that may be a secret meant for one reader alone. */
static json_t *copy(struct ctx *ctx, long long key)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT m.id AS \"id\", m.created AS \"created\", m.kind AS \"kind\", "
                           "m.address AS \"address\", m.language AS \"language\", "
                           "m.state AS \"state\", m.sent_at AS \"sent\", m.content AS \"content\" "
                           "FROM mail m WHERE m.person_key = ?1 OR m.account_key IN ("
                           "SELECT a.key FROM account a WHERE a.person_key = ?1) "
                           "ORDER BY m.created, m.key",
                           key),
           *row;
    size_t i;
    json_array_foreach (rows, i, row) {
        const char *text = json_text(row, "content");
        json_t *content = text ? json_loads(text, 0, NULL) : NULL;
        json_object_del(row, "content");
        json_put(row, "subject", json_text(content, "subject"));
        json_put_new(row, "paragraphs", json_incref(json_object_get(content, "paragraphs")));
        json_decref(content);
    }
    return rows;
}

const struct person_tie mail_tie = {"mail", N_("Mail to the person"), merge, erase, copy};
