/* call_mail.c: who is told that a call is open, and reminded before it closes.
 *
 * Owns the words to those who are asked. A call that opens by itself is told of on its first day:
 * the same event as when it opens at once, so that nobody is told twice. Must not know how mail is
 * sent, nor who wants none. */
#include <string.h>
#include <kansli/chore.h>
#include <kansli/mail.h>
#include "internal.h"

enum { OPENED_WITHIN = 7, REMIND_BEFORE = 7 }; /* days */

/* ---------------------------------------------------------------- mail */

/* To every coordinator of everyone who is asked; with `silent` only of those who have nominated
 * nobody. */
static enum code tell(struct ctx *ctx, long long key, struct mail *mail, bool silent)
{
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT a.organisation_key AS \"key\", o.name AS \"name\", "
                                 "EXISTS (SELECT 1 FROM nomination n WHERE n.call_key = a.call_key "
                                 "AND n.nominator_key = a.organisation_key "
                                 "AND n.state <> 'withdrawn') AS \"answered?\" "
                                 "FROM nomination_call_asked a "
                                 "JOIN organisation o ON o.key = a.organisation_key "
                                 "WHERE a.call_key = ?1 ORDER BY a.position",
                                 key);
    const char *const *shared = mail->places;
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach (rows, i, row) {
        const char *places[] = {shared[0], shared[1], shared[2],      shared[3],
                                shared[4], shared[5], "organisation", json_text(row, "name"),
                                NULL};
        if (c || (silent && json_true_at(row, "answered")))
            continue;
        mail->places = places;
        c = mail_coordinators(ctx, json_int(row, "key", 0), mail);
    }
    json_decref(rows);
    return c;
}

static const char *group_name(struct ctx *ctx, long long group_key)
{
    const char *name =
        db_text(ctx->tx, "SELECT full_name FROM workgroup WHERE key = ?1", group_key);
    return name ? name : "";
}

enum code call_tell(struct ctx *ctx, const struct call_row *call)
{
    const char *places[] = {"title", call->title,
                            "group", group_name(ctx, call->group_key),
                            "day",   call->closes_on ? call->closes_on : "",
                            NULL};
    struct mail mail = {
        .event = arena_printf(ctx->arena, "nomination-calls:%s:published", call->id),
        .kind = MAIL_REQUEST,
        .subject = N_("You are asked to nominate: {title}"),
        .paragraphs = {N_("{group} seeks nominations, and asks {organisation}."),
                       call->closes_on ? N_("Nominate by {day} at the latest.")
                                       : N_("The call has no last day yet.")},
        .path = arena_printf(ctx->arena, "/nomination-calls/%s", call->id),
        .action = N_("Read the call and nominate"),
        .why = N_("You get this because you coordinate {organisation}."),
        .places = places,
    };
    return tell(ctx, call->key, &mail, false);
}

/* ---------------------------------------------------------------- by itself, once a day */

/* The call behind a row of the register, as call_tell wants it. */
static struct call_row row_of(const json_t *row)
{
    return (struct call_row){
        .key = json_int(row, "key", 0),
        .group_key = json_int(row, "group", 0),
        .id = json_text(row, "id"),
        .title = json_text(row, "title"),
        .closes_on = json_text(row, "closesOn"),
    };
}

#define ROW                                                                                     \
    "SELECT c.key AS \"key\", c.group_key AS \"group\", c.id AS \"id\", c.title AS \"title\", " \
    "c.closes_on AS \"closesOn\" FROM nomination_call c WHERE " CALL_STATUS("c") " = 'open' "

/* Steals the rows. */
static enum code for_each(struct ctx *ctx, json_t *rows,
                          enum code (*act)(struct ctx *ctx, const struct call_row *call))
{
    enum code c = tx_code(ctx->tx);
    json_t *row;
    size_t i;
    json_array_foreach (rows, i, row) {
        struct call_row call = row_of(row);
        if (!c)
            c = act(ctx, &call);
    }
    json_decref(rows);
    return c;
}

/* Calls that were published before their first day; a week back, should the program have rested. */
static enum code tell_opened(struct ctx *ctx)
{
    char since[DAY_SIZE];
    day_add(ctx->today, -OPENED_WITHIN, since);
    return for_each(ctx,
                    db_rows(ctx->tx,
                            ROW "AND c.opens_on >= ?2 "
                                "AND c.published_at < c.opens_on ORDER BY c.key",
                            ctx->today, (const char *)since),
                    call_tell);
}

static enum code remind(struct ctx *ctx, const struct call_row *call)
{
    const char *places[] = {"title", call->title,     "group", group_name(ctx, call->group_key),
                            "day",   call->closes_on, NULL};
    struct mail mail = {
        .event =
            arena_printf(ctx->arena, "nomination-calls:%s:reminder:%s", call->id, call->closes_on),
        .kind = MAIL_REMINDER,
        .subject = N_("The last day to nominate is {day}: {title}"),
        .paragraphs = {N_("{organisation} has nominated nobody to {group} yet.")},
        .path = arena_printf(ctx->arena, "/nomination-calls/%s", call->id),
        .action = N_("Read the call and nominate"),
        .why = N_("You get this because you coordinate {organisation}."),
        .places = places,
    };
    return tell(ctx, call->key, &mail, true);
}

/* A week before the last day, whoever has nominated nobody; not on the day on which they were
 * told. */
static enum code remind_silent(struct ctx *ctx)
{
    char until[DAY_SIZE];
    day_add(ctx->today, REMIND_BEFORE, until);
    return for_each(ctx,
                    db_rows(ctx->tx,
                            ROW "AND c.closes_on <= ?2 AND c.opens_on < ?1 "
                                "ORDER BY c.key",
                            ctx->today, (const char *)until),
                    remind);
}

const struct chore call_chores[] = {
    {"nomination-calls-opened", tell_opened},
    {"nomination-calls-reminders", remind_silent},
    {0},
};
