/* gap_rules.c: gaps are raised from any level into a group's inventory, and answered there.
 *
 * Owns who may raise one, and what an answer needs: a declined gap has a reason (R63), an
 * addressed one an initiative or a group that names it, or words on what else answers it. Must not
 * know pages, nor how an initiative comes to name a gap. */
#include <string.h>
#include "internal.h"

enum { PRIORITY_FIRST = 1 };

enum code gap_find(struct ctx *ctx, long long *key, long long *group_key, const char **group_id)
{
    json_t *seen = resource_one(ctx, &gap_resource, ctx_value(ctx, "id"), key, NULL);
    if (!seen)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    *group_id = arena_strdup(ctx->arena, json_text(seen, "groupId"));
    json_decref(seen);
    *group_key = db_int(ctx->tx, 0, "SELECT group_key FROM gap WHERE key = ?1", *key);
    return tx_code(ctx->tx);
}

/* --------------------------------------------------------------- what a field alone cannot tell */

/* Whether something that the caller knows of answers the gap. */
static bool is_named(struct ctx *ctx, long long key)
{
    if (!key)
        return false;
    json_t *gap = resource_one(ctx, &gap_resource,
                               db_text(ctx->tx, "SELECT id FROM gap WHERE key = ?1", key), NULL,
                               NULL);
    bool named = json_int(gap, "initiativeCount", 0) || json_int(gap, "groupCount", 0);
    json_decref(gap);
    return named;
}

static enum code check_answer(struct ctx *ctx, long long key, const struct gap_input *in)
{
    if (strcmp(in->status, "addressed") || in->reason || is_named(ctx, key))
        return tx_code(ctx->tx);
    return ctx_fail(ctx, E_CONFLICT, "gap-not-answered",
                    N_("No initiative and no group names it yet. Name it there first, or write "
                       "what else answers it."));
}

static enum code check_input(struct ctx *ctx, const struct gap_input *in, enum code read)
{
    const char *html;
    if (read && read != E_INPUT)
        return read;
    if (in->priority != NO_INT && in->priority < PRIORITY_FIRST)
        err_field(ctx->err, "/priority", N_("Write a number from 1 to 4."), NULL);
    if (in->raised_on && strcmp(in->raised_on, ctx->today) > 0)
        err_field(ctx->err, "/raisedOn", N_("A gap is raised today at the latest."), NULL);
    if (in->status && !strcmp(in->status, "declined") && !in->reason)
        err_field(ctx->err, "/reason", N_("Say why it is declined."), NULL);
    if (in->evidence && ctx_markdown(ctx, in->evidence, 3, "/evidence", &html) &&
        ctx->err->code != E_INPUT)
        return ctx->err->code;
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
}

/* The day of the answer goes with the status. */
static enum code note_day(struct ctx *ctx, long long key)
{
    return db_run(ctx->tx,
                  "UPDATE gap SET answered_on = CASE WHEN state <> 'raised' "
                  "THEN coalesce(answered_on, ?2) END WHERE key = ?1",
                  key, ctx->today);
}

/* ---------------------------------------------------------------- raised */

bool gap_may_raise(struct ctx *ctx, long long group_key, const char **id, const char **name)
{
    *id = *name = NULL;
    if (may(ctx, ACT_RAISE_GAP, group_key))
        return true;
    if (!ctx->actor->person_key || ctx->actor->read_only || ctx->actor->half)
        return false;
    json_t *own = db_row(ctx->tx,
                         "SELECT b.id AS \"id\", g.full_name AS \"name\" FROM membership m "
                         "JOIN workgroup g ON g.key = m.group_key JOIN body b ON b.key = g.key "
                         "WHERE m.person_key = ?1 AND m.start_date <= ?2 "
                         "AND (m.end_date IS NULL OR m.end_date >= ?2) "
                         "AND m.role NOT IN ('contact', 'observer') "
                         "ORDER BY CASE WHEN g.mirrors_key = ?3 THEN 0 ELSE 1 END, g.full_name, "
                         "g.key LIMIT 1",
                         ctx->actor->person_key, ctx->today, group_key);
    if (own) {
        *id = arena_strdup(ctx->arena, json_text(own, "id"));
        *name = arena_strdup(ctx->arena, json_text(own, "name"));
    }
    json_decref(own);
    return *id != NULL;
}

/* In the inventory's own name, in that of a group one takes part in, or, as who keeps the
 * inventory, in anybody's; answered at once only by the latter. */
static enum code may_save(struct ctx *ctx, long long group_key, const struct gap_input *in)
{
    bool raised = !strcmp(in->status, "raised");
    if (!raised)
        return must_may(ctx, ACT_CHANGE_GROUP, group_key);
    if (!in->raised_by_group.key || in->raised_by_group.key == group_key)
        return must_may(ctx, ACT_RAISE_GAP, group_key);
    if (may(ctx, ACT_CHANGE_GROUP, group_key))
        return OK;
    return must_may(ctx, ACT_RAISE_GAP, in->raised_by_group.key);
}

static enum code insert(struct ctx *ctx, long long group_key, struct gap_input *in,
                        const char **id)
{
    long long key = 0;
    json_t *extra = json_object();
    if (!in->raised_on)
        in->raised_on = ctx->today;
    if (in->raised_by_group.key == group_key)
        in->raised_by_group = (struct ref_value){0};
    in->group.key = group_key;
    enum code c = resource_insert(ctx, &gap_resource, in, NULL, extra, &key);
    json_decref(extra);
    if (!c)
        c = note_day(ctx, key);
    *id = db_text(ctx->tx, "SELECT id FROM gap WHERE key = ?1", key);
    return c;
}

enum code gap_create(struct ctx *ctx, struct answer *out)
{
    struct gap_input in;
    const char *id = NULL, *own, *name;
    enum code c;
    long long group = group_named(ctx, out, &c);
    if (c || out->moved)
        return c;
    if (group && !gap_may_raise(ctx, group, &own, &name))
        return must_may(ctx, ACT_RAISE_GAP, group);
    ctx->as_support = false; /* said again of what was read */
    c = resource_read(ctx, &gap_resource, &in);
    group_check_named(ctx, group, &in.group);
    c = check_input(ctx, &in, ctx->err->code ? ctx->err->code : c);
    if (!c)
        c = may_save(ctx, group, &in);
    if (!c)
        c = check_answer(ctx, 0, &in);
    if (!c)
        c = insert(ctx, group, &in, &id);
    out->flash = N_("The gap is raised.");
    return c ? c : resource_created(ctx, &gap_resource, id, out);
}

/* ---------------------------------------------------------------- answered */

/* Who raised it stays when the caller may not know of that group, and is told to nobody. */
static void keep_hidden(struct ctx *ctx, struct edit *edit, struct gap_input *in)
{
    long long key = db_int(ctx->tx, 0, "SELECT raised_by_key FROM gap WHERE key = ?1", edit->key);
    if (!key || in->raised_by_group.key)
        return;
    in->raised_by_group = (struct ref_value){
        db_text(ctx->tx, "SELECT id FROM body WHERE key = ?1", key), key};
    json_put(edit->now, "raisedById", in->raised_by_group.id);
}

enum code gap_change(struct ctx *ctx, struct answer *out)
{
    struct gap_input in;
    struct edit edit = {0};
    long long key = 0, group = 0;
    const char *group_id, *id = ctx_value(ctx, "id");
    enum code c = gap_find(ctx, &key, &group, &group_id);
    if (!c)
        c = must_may(ctx, ACT_CHANGE_GROUP, group);
    if (c)
        return c;
    c = check_input(ctx, &in, resource_edit(ctx, &gap_resource, id, &edit, &in));
    if (!c && !in.raised_on)
        in.raised_on = ctx->today;
    if (!c)
        c = check_answer(ctx, key, &in);
    if (!c) {
        keep_hidden(ctx, &edit, &in);
        c = resource_update(ctx, &gap_resource, &edit, &in, NULL);
    }
    resource_edit_end(&edit);
    if (!c)
        c = note_day(ctx, key);
    out->flash = N_("The gap is saved.");
    return c ? c : resource_changed(ctx, &gap_resource, id, out);
}
