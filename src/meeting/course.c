/* course.c: how far a meeting has come, what is to be done next, and what came of an item.
 *
 * Owns the steps from the notice to the minutes that were sent, and the one act that the page puts
 * first. It asks the tables of minutes, decisions and actions, whose features are built on this
 * one; nothing here writes. Drafts are for those inside: so is all of it. */
#include <string.h>
#include "internal.h"

/* The last version of the minutes: {id, state, adjustedAt, distributedAt}, or NULL. */
static json_t *last_minutes(struct ctx *ctx, long long meeting_key)
{
    return db_row(ctx->tx,
                  "SELECT id AS \"id\", state AS \"state\", adjusted_at AS \"adjustedAt\", "
                  "distributed_at AS \"distributedAt\" FROM minutes WHERE meeting_key = ?1 "
                  "ORDER BY number DESC LIMIT 1",
                  meeting_key);
}

static bool is(const struct meeting_row *meeting, const char *status)
{
    return !strcmp(meeting->status, status);
}

/* ---------------------------------------------------------------- the steps */

static void add_step(struct ctx *ctx, json_t *steps, const char *label, const char *at, bool done)
{
    json_t *one = json_push(steps, json_object());
    json_put(one, "label", ctx_text(ctx, label));
    json_put(one, "at", at);
    json_put_bool(one, "done", done);
}

json_t *meeting_course(struct ctx *ctx, const struct meeting_row *meeting)
{
    json_t *steps = json_array(), *minutes, *one;
    if (is(meeting, "cancelled"))
        return steps;
    minutes = last_minutes(ctx, meeting->key);
    const char *called = db_text(ctx->tx, "SELECT called_at FROM meeting WHERE key = ?1",
                                 meeting->key);
    const char *adjusted = json_text(minutes, "adjustedAt");
    const char *sent = json_text(minutes, "distributedAt");
    bool held = is(meeting, "held"), current = false;
    add_step(ctx, steps, NC_("step", "Notice"), called, called != NULL);
    add_step(ctx, steps, NC_("step", "Meeting"), meeting->starts_at, held);
    add_step(ctx, steps, NC_("step", "Minutes"), NULL, minutes != NULL);
    add_step(ctx, steps, NC_("step", "Adjusted"), adjusted, adjusted != NULL);
    add_step(ctx, steps, NC_("step", "Sent"), sent, sent != NULL);
    size_t i;
    json_array_foreach(steps, i, one) { /* a notice that nobody sent is not waited for any more */
        bool here = !current && !json_true_at(one, "done") && (i || !held);
        json_put_bool(one, "current", here);
        current = current || here;
    }
    json_decref(minutes);
    return steps;
}

/* ---------------------------------------------------------------- what is next */

static json_t *act(struct ctx *ctx, const char *label, const char *href, bool post)
{
    json_t *next = json_object();
    json_put(next, "label", ctx_text(ctx, label));
    json_put(next, "href", href);
    json_put_bool(next, "post", post);
    return next;
}

static json_t *after_minutes(struct ctx *ctx, const struct meeting_row *meeting,
                             const json_t *minutes)
{
    const char *id = json_text(minutes, "id"), *state = json_text(minutes, "state");
    if (!strcmp(state, "draft"))
        return act(ctx, N_("Go on with the minutes"),
                   arena_printf(ctx->arena, "/minutes/%s/edit", id), false);
    if (!strcmp(state, "adjusted"))
        return act(ctx, N_("Send the minutes"), arena_printf(ctx->arena, "/minutes/%s", id), false);
    if (db_exists(ctx->tx,
                  "SELECT 1 FROM meeting WHERE group_key = ?1 AND ends_at > ?2 "
                  "AND cancelled_at IS NULL",
                  meeting->group_key, tx_instant(ctx->tx)))
        return json_null();
    return act(ctx, N_("Plan the next meeting"),
               arena_printf(ctx->arena, "/groups/%s/meetings/new", meeting->group_id), false);
}

/* From its day on a meeting is about who is there, then about its minutes. */
static json_t *next_of(struct ctx *ctx, const struct meeting_row *meeting, const json_t *minutes)
{
    const char *path = arena_printf(ctx->arena, "/meetings/%s", meeting->id);
    if (is(meeting, "planned"))
        return act(ctx, NC_("button", "Send the notice"),
                   arena_join(ctx->arena, path, "/notices/new", NULL), false);
    if (minutes)
        return after_minutes(ctx, meeting, minutes);
    if (!is(meeting, "held") && strcmp(meeting->starts_on, ctx->today) > 0)
        return json_null();
    if (!meeting_is_attended(ctx, meeting->key))
        return act(ctx, N_("Note attendance"), arena_join(ctx->arena, path, "/attendance", NULL),
                   false);
    return act(ctx, N_("Write the minutes"), arena_join(ctx->arena, path, "/minutes", NULL), true);
}

json_t *meeting_next_act(struct ctx *ctx, const struct meeting_row *meeting)
{
    bool change = meeting_may_change(ctx, meeting->key);
    ctx->as_support = false; /* asked, not done */
    if (!change || is(meeting, "cancelled"))
        return json_null();
    json_t *minutes = last_minutes(ctx, meeting->key), *next = next_of(ctx, meeting, minutes);
    json_decref(minutes);
    return next;
}

/* ---------------------------------------------------------------- what came of an item */

json_t *agenda_outcome(struct ctx *ctx, long long item_key)
{
    json_t *outcome = json_object();
    json_put_new(outcome, "decisions",
                 db_rows(ctx->tx,
                         "SELECT number AS \"number\", text AS \"text\" FROM decision "
                         "WHERE item_key = ?1 ORDER BY position, key",
                         item_key));
    json_put_new(outcome, "actions",
                 db_rows(ctx->tx,
                         "SELECT x.text AS \"text\", x.due_date AS \"dueDate\", "
                         "p.name AS \"ownerName\" FROM action x "
                         "JOIN meeting m ON m.key = x.meeting_key LEFT JOIN person p "
                         "ON p.key = x.owner_key AND " MEETING_NAMED("p", "m")
                         " WHERE x.item_key = ?5 ORDER BY x.position, x.key",
                         MEETING_ARGS(ctx, item_key, 0)));
    return outcome;
}
