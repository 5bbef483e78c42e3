/* action_rules.c: actions entered by hand, and what becomes of all of them: done, dropped, later.
 *
 * Owns who may say so. Actions are changed by those who may change the group (domain.md 1); R51 has
 * them followed up by person too, so the owner says of the own ones that they are done, dropped or
 * later (ACT_FOLLOW_ACTION), and may not rewrite them or give them to somebody else. The text of a
 * lifted one is a line of the minutes and is changed there. Must not know pages, nor minutes. */
#include <string.h>
#include <kansli/group.h>
#include "internal.h"

/* ---------------------------------------------------------------- one of them */

static const char *kept(struct ctx *ctx, const json_t *row, const char *name)
{
    const char *text = json_text(row, name);
    return text ? arena_strdup(ctx->arena, text) : NULL;
}

enum code action_find(struct ctx *ctx, struct action_row *action)
{
    memset(action, 0, sizeof *action);
    json_t *seen = resource_one(ctx, &action_resource, ctx_value(ctx, "id"), &action->key, NULL);
    if (!seen)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    json_decref(seen);
    json_t *row = db_row(ctx->tx,
                         "SELECT t.id AS \"id\", t.group_key AS \"group\", b.id AS \"groupId\", "
                         "m.key AS \"meeting\", m.id AS \"meetingId\", "
                         "t.owner_key AS \"owner\", p.id AS \"ownerId\" "
                         "FROM action t JOIN body b ON b.key = t.group_key "
                         "LEFT JOIN meeting m ON m.key = t.meeting_key "
                         "LEFT JOIN person p ON p.key = t.owner_key WHERE t.key = ?1",
                         action->key);
    action->id = kept(ctx, row, "id");
    action->group_key = json_int(row, "group", 0);
    action->group_id = kept(ctx, row, "groupId");
    action->meeting_key = json_int(row, "meeting", 0);
    action->meeting_id = kept(ctx, row, "meetingId");
    action->owner_key = json_int(row, "owner", 0);
    action->owner_id = kept(ctx, row, "ownerId");
    json_decref(row);
    return tx_code(ctx->tx);
}

static bool owns(const struct ctx *ctx, const struct action_row *action)
{
    return action->owner_key && ctx->actor->person_key == action->owner_key;
}

/* What the caller is to the groups of an action: to those of a joint meeting alike, as to its
 * minutes. */
static unsigned standing(struct ctx *ctx, const struct action_row *action)
{
    unsigned is = access_to_group(ctx, action->group_key);
    size_t i;
    json_t *row, *rows = action->meeting_key
                             ? db_rows(ctx->tx,
                                       "SELECT group_key AS \"key\" FROM meeting_group "
                                       "WHERE meeting_key = ?1 ORDER BY position",
                                       action->meeting_key)
                             : NULL;
    json_array_foreach(rows, i, row)
        is |= access_to_group(ctx, json_int(row, "key", 0));
    json_decref(rows);
    return is;
}

static unsigned standing_or_self(struct ctx *ctx, const struct action_row *action)
{
    return standing(ctx, action) | (owns(ctx, action) ? (unsigned)WHO_SELF : 0);
}

bool action_may_change(struct ctx *ctx, const struct action_row *action)
{
    bool yes = may_as(ctx, ACT_CHANGE_GROUP, standing(ctx, action));
    ctx->as_support = false; /* asked, not done */
    return yes;
}

enum code action_must_change(struct ctx *ctx, const struct action_row *action)
{
    return must_may_as(ctx, ACT_CHANGE_GROUP, standing(ctx, action));
}

bool action_may_follow(struct ctx *ctx, const struct action_row *action)
{
    bool yes = may_as(ctx, ACT_FOLLOW_ACTION, standing_or_self(ctx, action));
    ctx->as_support = false; /* asked, not done */
    return yes;
}

enum code action_must_follow(struct ctx *ctx, const struct action_row *action)
{
    return must_may_as(ctx, ACT_FOLLOW_ACTION, standing_or_self(ctx, action));
}

/* --------------------------------------------------------------- what a field alone cannot tell */

/* A reason is of an action that is dropped, and goes when it is opened again. */
static enum code check_reason(struct ctx *ctx, struct action_input *in)
{
    bool dropped = in->status && !strcmp(in->status, "dropped");
    if (dropped && !in->reason)
        return err_field(ctx->err, "/reason", N_("Say why the action is dropped."), NULL);
    if (!dropped)
        in->reason = NULL;
    return ctx->err->code;
}

static enum code refuse_lifted(struct ctx *ctx)
{
    return ctx_fail(ctx, E_CONFLICT, "action-in-minutes",
                    N_("The action is a line of the minutes: its text is changed there."));
}

/* The day on which it was done or dropped goes with the status. */
static enum code note_day(struct ctx *ctx, long long key)
{
    return db_run(ctx->tx,
                  "UPDATE action SET closed_on = CASE WHEN status <> 'open' THEN ?2 END "
                  "WHERE key = ?1",
                  key, ctx->today);
}

/* ---------------------------------------------------------------- written by hand */

static enum code read_new(struct ctx *ctx, long long group_key, struct action_input *in)
{
    enum code c = resource_read(ctx, &action_resource, in);
    if (c && c != E_INPUT)
        return c;
    group_check_named(ctx, group_key, &in->group);
    return check_reason(ctx, in);
}

static enum code insert(struct ctx *ctx, long long group_key, const struct action_input *in,
                        const char **id)
{
    long long key = 0;
    json_t *extra = json_object();
    json_put_int(extra, "group_key", group_key);
    enum code c = resource_insert(ctx, &action_resource, in, NULL, extra, &key);
    json_decref(extra);
    if (!c)
        c = note_day(ctx, key);
    *id = db_text(ctx->tx, "SELECT id FROM action WHERE key = ?1", key);
    return c;
}

static const char *back(struct ctx *ctx, const char *group_id)
{
    return arena_printf(ctx->arena, "/groups/%s/decisions", group_id);
}

enum code action_create(struct ctx *ctx, struct answer *out)
{
    struct action_input in;
    const char *id = NULL;
    enum code c;
    long long group = group_named(ctx, out, &c);
    if (c || out->moved)
        return c;
    if (group)
        c = must_may(ctx, ACT_CHANGE_GROUP, group);
    if (!c)
        c = read_new(ctx, group, &in);
    if (!c && in.owner.key)
        c = person_must_be_named(ctx, in.owner.key);
    if (!c)
        c = insert(ctx, group, &in, &id);
    if (c)
        return c;
    out->flash = N_("The action is entered.");
    c = resource_created(ctx, &action_resource, id, out);
    out->see = back(ctx, db_text(ctx->tx, "SELECT id FROM body WHERE key = ?1", group));
    return c;
}

/* ---------------------------------------------------------------- changed */

static bool differs(const json_t *now, const char *name, const char *after)
{
    const char *before = json_text(now, name);
    return strcmp(before ? before : "", after ? after : "") != 0;
}

/* An owner whom the caller may not see named stays, and its name is told to nobody by the way. */
static void keep_hidden_owner(const struct action_row *action, json_t *now,
                              struct action_input *in)
{
    if (!action->owner_key || json_text(now, "ownerId") || in->owner.key)
        return;
    in->owner = (struct ref_value){action->owner_id, action->owner_key};
    json_put(now, "ownerId", action->owner_id);
}

static enum code may_save(struct ctx *ctx, const struct action_row *action, const json_t *now,
                          const struct action_input *in)
{
    bool rewritten = differs(now, "text", in->text);
    bool handed_over = differs(now, "ownerId", in->owner.key ? in->owner.id : NULL);
    enum code c = rewritten || handed_over ? action_must_change(ctx, action)
                                           : OK;
    if (!c && handed_over && in->owner.key)
        c = person_must_be_named(ctx, in->owner.key);
    return !c && rewritten && action->meeting_id ? refuse_lifted(ctx) : c;
}

enum code action_change(struct ctx *ctx, struct answer *out)
{
    struct action_row action;
    struct action_input in;
    struct edit edit = {0};
    enum code c = action_find(ctx, &action);
    if (!c)
        c = action_must_follow(ctx, &action);
    if (c)
        return c;
    c = resource_edit(ctx, &action_resource, action.id, &edit, &in);
    if (c == OK || c == E_INPUT)
        c = check_reason(ctx, &in);
    if (!c) {
        keep_hidden_owner(&action, edit.now, &in);
        c = may_save(ctx, &action, edit.now, &in);
    }
    if (!c)
        c = resource_update(ctx, &action_resource, &edit, &in, NULL);
    if (!c && differs(edit.now, "status", in.status))
        c = note_day(ctx, action.key);
    resource_edit_end(&edit);
    out->flash = N_("The action is saved.");
    if (!c)
        c = resource_changed(ctx, &action_resource, action.id, out);
    out->see = owns(ctx, &action) ? "/me/actions" : back(ctx, action.group_id);
    return c;
}

enum code action_remove(struct ctx *ctx, struct answer *out)
{
    struct action_row action;
    struct edit edit = {0};
    enum code c = action_find(ctx, &action);
    if (!c)
        c = action_must_change(ctx, &action);
    if (!c && action.meeting_id)
        c = refuse_lifted(ctx);
    if (c)
        return c;
    c = resource_guard(ctx, &action_resource, action.id, &edit);
    if (!c)
        c = resource_delete(ctx, &action_resource, &edit);
    resource_edit_end(&edit);
    out->see = back(ctx, action.group_id);
    out->flash = N_("The action is deleted.");
    return c;
}
