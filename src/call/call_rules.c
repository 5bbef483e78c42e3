/* call_rules.c: a call's life: written, published, changed while it is open, closed.
 *
 * Owns who may keep a call (officers of the group and of those who commission it) and what stands
 * once the call is out: those who were asked stay asked, the last day moves only onwards, and what
 * is sought stays as it is once somebody is nominated for it. Must not know pages, nor what becomes
 * of nominations. */
#include <string.h>
#include <kansli/crypt.h>
#include <kansli/group.h>
#include "internal.h"

/* --------------------------------------------------------------- what a field alone cannot tell */

static void check_requirements(struct ctx *ctx, const struct call_input *in, long long group_key)
{
    for (size_t i = 0; group_key && i < in->requirements.n; i++)
        if (!db_exists(ctx->tx, "SELECT 1 FROM requirement WHERE key = ?1 AND group_key = ?2",
                       in->requirements.item[i].key, group_key))
            err_field(ctx->err, arena_printf(ctx->arena, "/requirementIds/%zu", i),
                      N_("This requirement belongs to another group."), NULL);
}

/* What the gaps may say instead of the body is not demanded by its field. */
static void need(struct ctx *ctx, const char *pointer, const char *value)
{
    size_t i;
    json_t *said;
    json_array_foreach (ctx->err->fields, i, said)
        if (!strcmp(json_text(said, "pointer"), pointer))
            return;
    if (!value)
        err_field(ctx->err, pointer, N_("This is needed."), NULL);
}

/* Beside the fields' own messages; `read` is what reading them said. */
static enum code check_input(struct ctx *ctx, const struct call_input *in, long long group_key,
                             enum code read)
{
    const char *html;
    if (read && !ctx->err->fields)
        return read;
    need(ctx, "/title", in->title);
    need(ctx, "/opensOn", in->opens_on);
    if (in->seats == 0)
        err_field(ctx->err, "/seats", N_("At least one seat is sought."), NULL);
    if (in->opens_on && in->closes_on && strcmp(in->closes_on, in->opens_on) < 0)
        err_field(ctx->err, "/closesOn", N_("The last day comes before the first."), NULL);
    check_requirements(ctx, in, group_key);
    if (in->text && ctx_markdown(ctx, in->text, 3, "/text", &html) && ctx->err->code != E_INPUT)
        return ctx->err->code;
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- the two lists of a call */

static enum code save_requirements(struct ctx *ctx, long long key, const struct ref_list *list)
{
    enum code c =
        db_run(ctx->tx, "DELETE FROM nomination_call_requirement WHERE call_key = ?1", key);
    for (size_t i = 0; i < list->n && !c; i++)
        c = db_run(ctx->tx,
                   "INSERT INTO nomination_call_requirement (call_key, requirement_key, position) "
                   "VALUES (?1, ?2, ?3)",
                   key, list->item[i].key, (long long)i);
    return c;
}

static enum code save_asked(struct ctx *ctx, long long key, const struct ref_list *list)
{
    enum code c = db_run(ctx->tx, "DELETE FROM nomination_call_asked WHERE call_key = ?1", key);
    for (size_t i = 0; i < list->n && !c; i++)
        c = db_run(ctx->tx,
                   "INSERT INTO nomination_call_asked (call_key, organisation_key, position) "
                   "VALUES (?1, ?2, ?3)",
                   key, list->item[i].key, (long long)i);
    return c;
}

static enum code save_lists(struct ctx *ctx, long long key, const struct call_input *in)
{
    enum code c = save_requirements(ctx, key, &in->requirements);
    return c ? c : save_asked(ctx, key, &in->asked);
}

/* ---------------------------------------------------------------- written */

bool call_group_is_closed(struct ctx *ctx, long long group_key)
{
    return db_exists(ctx->tx, "SELECT 1 FROM workgroup WHERE key = ?1 AND end_date < ?2", group_key,
                     ctx->today);
}

static enum code refuse_closed_group(struct ctx *ctx, long long group_key)
{
    if (!call_group_is_closed(ctx, group_key))
        return tx_code(ctx->tx);
    return ctx_fail(ctx, E_CONFLICT, "group-closed",
                    N_("The group is closed. Reopen it before anything is changed."));
}

static bool is_asked_for(const struct ctx *ctx, const char *name)
{
    const json_t *value = json_object_get(ctx->body->values, name);
    const char *text = ctx->body->typed ? NULL : json_string_value(value);
    return json_is_true(value) || (text && !strcmp(text, "true"));
}

/* What was sent, and what the gaps say of the rest. */
static enum code fill_from_gaps(struct ctx *ctx, long long group_key, struct params *filled)
{
    json_t *gaps = call_of_gaps(ctx, group_key, NULL), *value;
    const char *name;
    if (!gaps)
        return tx_code(ctx->tx) ? tx_code(ctx->tx)
                                : ctx_fail(ctx, E_CONFLICT, "no-gaps",
                                           N_("The group lacks nothing that it should hold."));
    filled->typed = ctx->body->typed;
    filled->values = json_copy(ctx->body->values);
    json_put(gaps, "opensOn", ctx->today);
    json_object_foreach (gaps, name, value) {
        const json_t *sent = json_object_get(filled->values, name);
        if (!sent || json_is_null(sent) || (json_is_string(sent) && !json_string_length(sent)))
            json_object_set(filled->values, name, value);
    }
    json_decref(gaps);
    return OK;
}

/* Reads the body, filled from the gaps when that is asked for. */
static enum code read_new(struct ctx *ctx, long long group_key, struct call_input *in)
{
    const struct params *sent = ctx->body;
    struct params filled = {0};
    enum code c = OK;
    if (group_key && is_asked_for(ctx, "fromGaps"))
        c = fill_from_gaps(ctx, group_key, &filled);
    if (c)
        return c;
    if (filled.values)
        ctx->body = &filled;
    c = resource_read(ctx, &call_resource, in);
    group_check_named(ctx, group_key, &in->group);
    in->from_gaps = -1; /* how it began is no part of it */
    ctx->body = sent;
    json_decref(filled.values);
    return ctx->err->code ? ctx->err->code : c;
}

enum code call_create(struct ctx *ctx, struct answer *out)
{
    struct call_input in = {0};
    char id[UUID_SIZE];
    long long key = 0;
    enum code c;
    long long group_key = group_named(ctx, out, &c);
    if (c || out->moved)
        return c;
    if (group_key)
        c = must_may(ctx, ACT_KEEP_CALL, group_key);
    if (!c && group_key)
        c = refuse_closed_group(ctx, group_key);
    if (c)
        return c;
    c = read_new(ctx, group_key, &in);
    if (c && c != E_INPUT)
        return c;
    c = check_input(ctx, &in, group_key, c);
    if (c)
        return c;
    json_t *extra = json_object();
    json_put_int(extra, "group_key", group_key);
    crypt_uuid(id);
    c = resource_insert(ctx, &call_resource, &in, id, extra, &key);
    json_decref(extra);
    if (!c)
        c = save_lists(ctx, key, &in);
    out->flash = N_("The draft is saved.");
    return c ? c : resource_created(ctx, &call_resource, arena_strdup(ctx->arena, id), out);
}

/* ---------------------------------------------------------------- found, to be changed */

static enum code find_to_change(struct ctx *ctx, struct call_row *call)
{
    enum code c = call_find(ctx, ctx_value(ctx, "id"), call);
    return c ? c : must_may(ctx, ACT_KEEP_CALL, call->group_key);
}

static bool has_nominations(struct ctx *ctx, long long key)
{
    return db_exists(ctx->tx, "SELECT 1 FROM nomination WHERE call_key = ?1", key);
}

/* ---------------------------------------------------------------- changed */

static bool holds(const struct ref_list *list, const char *id)
{
    for (size_t i = 0; i < list->n; i++)
        if (!strcmp(list->item[i].id, id))
            return true;
    return false;
}

/* True when everything that stood in a list of ids is still there. */
static bool keeps_all(const json_t *before, const struct ref_list *after)
{
    size_t i;
    json_t *id;
    json_array_foreach ((json_t *)before, i, id)
        if (!holds(after, json_string_value(id)))
            return false;
    return true;
}

static bool differs(const json_t *before, const struct ref_list *after)
{
    return json_array_size(before) != after->n || !keeps_all(before, after);
}

/* The last day of a call that is out: a later one, or none; where there was none, not one that has
 * passed. */
static bool moves_on(const struct ctx *ctx, const char *before, const char *after)
{
    return !after || strcmp(after, before ? before : ctx->today) >= 0;
}

static enum code refuse_change(struct ctx *ctx, const char *msgid)
{
    return ctx_fail(ctx, E_CONFLICT, "call-published", msgid);
}

/* What nobody may change any more, because somebody has acted on it. */
static enum code check_published(struct ctx *ctx, const json_t *now, const struct call_input *in)
{
    if (strcmp(in->opens_on, json_text(now, "opensOn")))
        return refuse_change(ctx, N_("The first day of a call that is out stays as it is."));
    if (!moves_on(ctx, json_text(now, "closesOn"), in->closes_on))
        return refuse_change(ctx, N_("The last day of a call that is out moves only onwards. Close "
                                     "the call to end it before."));
    if (!keeps_all(json_object_get(now, "askedIds"), &in->asked))
        return refuse_change(ctx, N_("Those who were asked stay asked; you may ask more."));
    if (json_true_at(now, "selfNomination") && in->self_nomination != 1)
        return refuse_change(ctx,
                             N_("Whoever was invited to nominate himself or herself still is."));
    return OK;
}

static enum code check_change(struct ctx *ctx, const struct call_row *call, const json_t *now,
                              const struct call_input *in)
{
    enum code c = OK;
    bool over = !strcmp(call->status, "decided") || json_text(now, "closedOn");
    if (over)
        return ctx_fail(ctx, E_CONFLICT, "call-over",
                        N_("The call is closed or decided. Make a new one."));
    if (strcmp(call->status, "draft"))
        c = check_published(ctx, now, in);
    if (!c && differs(json_object_get(now, "requirementIds"), &in->requirements) &&
        has_nominations(ctx, call->key))
        c = ctx_fail(ctx, E_CONFLICT, "call-has-nominations",
                     N_("What is sought stays as it is once somebody is nominated for it."));
    return c;
}

/* One that is out and has not begun opens today at the earliest. */
static void put_off(struct ctx *ctx, const struct call_row *call, struct call_input *in)
{
    if (!strcmp(call->status, "draft") && in->opens_on && strcmp(in->opens_on, ctx->today) < 0 &&
        !call_is_new(ctx, call->key))
        in->opens_on = ctx->today;
}

enum code call_change(struct ctx *ctx, struct answer *out)
{
    struct call_row call;
    struct call_input in;
    struct edit edit = {0};
    bool changed = false;
    enum code c = find_to_change(ctx, &call);
    if (c)
        return c;
    c = resource_edit(ctx, &call_resource, call.id, &edit, &in);
    put_off(ctx, &call, &in);
    if (c == OK || c == E_INPUT)
        c = check_input(ctx, &in, call.group_key, c);
    in.from_gaps = -1;
    if (!c)
        c = check_change(ctx, &call, edit.now, &in);
    if (!c)
        c = resource_update(ctx, &call_resource, &edit, &in, &changed);
    if (!c && changed)
        c = save_lists(ctx, call.key, &in);
    resource_edit_end(&edit);
    if (!c)
        c = call_find(ctx, call.id, &call);
    if (!c && !strcmp(call.status, "open")) /* those who are asked since */
        c = call_tell(ctx, &call);
    out->flash = N_("The call is changed.");
    return c ? c : resource_changed(ctx, &call_resource, call.id, out);
}

enum code call_remove(struct ctx *ctx, struct answer *out)
{
    struct call_row call;
    struct edit edit = {0};
    enum code c = find_to_change(ctx, &call);
    if (c)
        return c;
    if (!call_is_new(ctx, call.key))
        return ctx_fail(ctx, E_CONFLICT, "call-published",
                        N_("Only a draft that was never published is deleted."));
    if (has_nominations(ctx, call.key))
        return ctx_fail(ctx, E_CONFLICT, "call-has-nominations",
                        N_("Somebody is nominated. The call stays."));
    c = resource_guard(ctx, &call_resource, call.id, &edit);
    if (!c)
        c = resource_delete(ctx, &call_resource, &edit);
    resource_edit_end(&edit);
    out->see = arena_printf(ctx->arena, "/groups/%s/nomination-calls", call.group_id);
    out->flash = N_("The draft is deleted.");
    return c;
}

/* ---------------------------------------------------------------- published */

/* A call that nobody can answer is not sent out. */
static enum code check_ready(struct ctx *ctx, const struct call_row *call)
{
    if (!call_is_new(ctx, call->key))
        return ctx_fail(ctx, E_CONFLICT, "not-draft", N_("The call is published already."));
    if (call->closes_on && strcmp(call->closes_on, ctx->today) < 0 && !ctx->actor->everything)
        return ctx_fail(ctx, E_CONFLICT, "call-over",
                        N_("The call's last day has passed. Move it before you publish."));
    if (!call->self_nomination &&
        !db_exists(ctx->tx, "SELECT 1 FROM nomination_call_asked WHERE call_key = ?1", call->key))
        return ctx_fail(ctx, E_CONFLICT, "call-asks-nobody",
                        N_("Say who is asked, or let people nominate themselves."));
    return refuse_closed_group(ctx, call->group_key);
}

/* A first day that has passed becomes today: nobody could have answered before. What the loader
 * publishes has been out since then. */
static const char *first_day(struct ctx *ctx, const struct call_row *call)
{
    const char *day =
        db_text(ctx->tx, "SELECT opens_on FROM nomination_call WHERE key = ?1", call->key);
    return day && strcmp(day, ctx->today) < 0 && !ctx->actor->everything ? ctx->today : day;
}

enum code call_publish(struct ctx *ctx, struct answer *out)
{
    struct call_row call;
    enum code c = find_to_change(ctx, &call);
    if (!c)
        c = check_ready(ctx, &call);
    if (c)
        return c;
    const char *day = first_day(ctx, &call);
    json_t *changes = json_object();
    if (strcmp(day, ctx->today) <= 0)
        json_put_new(changes, "status", json_pack("[s, s]", "draft", "open"));
    c = db_run(ctx->tx,
               "UPDATE nomination_call SET published_at = ?2, opens_on = ?3 WHERE key = ?1",
               call.key, tx_instant(ctx->tx), day);
    if (!c)
        c = resource_touch(ctx, &call_resource, call.key, call.id, "publish", changes);
    else
        json_decref(changes);
    if (!c)
        c = call_find(ctx, call.id, &call);
    if (!c && !strcmp(call.status, "open") && !ctx->actor->everything) /* the loader tells nobody */
        c = call_tell(ctx, &call);
    out->flash = N_("The call is published. Those who are asked are told when it opens.");
    return c ? c : resource_created(ctx, &call_resource, call.id, out);
}

/* ---------------------------------------------------------------- closed */

struct closure_input {
    const char *reason;
};

const struct field call_closure_fields[] = {
    {.name = "reason",
     .label = N_("Reason"),
     .type = T_LINES,
     .at = offsetof(struct closure_input, reason),
     .max = 500,
     .hint = N_("Shown on the page of the call.")},
    {0},
};

enum code call_close(struct ctx *ctx, struct answer *out)
{
    struct call_row call;
    struct closure_input in = {0};
    enum code c = find_to_change(ctx, &call);
    if (!c)
        c = fields_read(ctx, call_closure_fields, &in);
    if (!c && strcmp(call.status, "open"))
        c = ctx_fail(ctx, E_CONFLICT, "call-not-open", N_("Only a call that is open is closed."));
    if (c)
        return c;
    json_t *changes = json_object();
    json_put_new(changes, "status", json_pack("[s, s]", "open", "closed"));
    if (in.reason)
        json_put_new(changes, "closeReason", json_pack("[n, s]", in.reason));
    c = db_run(ctx->tx,
               "UPDATE nomination_call SET closed_on = ?2, close_reason = ?3 WHERE key = ?1",
               call.key, ctx->today, in.reason);
    if (!c)
        c = resource_touch(ctx, &call_resource, call.key, call.id, "close", changes);
    else
        json_decref(changes);
    out->flash = N_("The call is closed.");
    return c ? c : resource_created(ctx, &call_resource, call.id, out);
}
