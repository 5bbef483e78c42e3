/* minutes_rules.c: the life of minutes: written, changed, deleted while they are a draft; adjusted.
 *
 * Owns the states. One draft at a time; adjusting locks it for good (TF: it becomes an official
 * document), and what is wrong in it afterwards is mended by a version more. What the lines of a
 * first draft decide is in the register at once, for those who see the draft; what a correction
 * changes, when it is adjusted: until then what was adjusted stands. Must not know pages. */
#include <string.h>
#include <kansli/crypt.h>
#include <kansli/followup.h>
#include "draft.h"

static bool is_draft(const struct minutes_row *minutes)
{
    return !strcmp(minutes->state, "draft");
}

enum code minutes_find_to_change(struct ctx *ctx, struct minutes_row *minutes)
{
    enum code c = minutes_find(ctx, ctx_value(ctx, "id"), minutes);
    return c ? c : meeting_must_change(ctx, minutes->meeting.key);
}

enum code minutes_must_be_draft(struct ctx *ctx, const struct minutes_row *minutes)
{
    if (is_draft(minutes))
        return OK;
    return ctx_fail(ctx, E_CONFLICT, "minutes-locked",
                    N_("These minutes are adjusted, and are not changed any more. Write the next "
                       "version."));
}

/* ---------------------------------------------------------------- written */

/* With the answer: what was not understood in the text. Steals `warnings`. */
static void put_warnings(struct answer *out, json_t *warnings)
{
    if (out->document && warnings)
        json_put_new(out->document, "warnings", warnings);
    else
        json_decref(warnings);
}

/* Row {id, number, state, text} of the last version, or NULL. */
static json_t *last_of(struct ctx *ctx, long long meeting_key)
{
    return db_row(ctx->tx,
                  "SELECT id AS \"id\", number AS \"number\", state AS \"state\", "
                  "text AS \"text\" FROM minutes WHERE meeting_key = ?1 "
                  "ORDER BY number DESC LIMIT 1",
                  meeting_key);
}

static enum code refuse_new(struct ctx *ctx, const struct meeting_row *meeting, const json_t *last)
{
    if (!strcmp(meeting->status, "cancelled"))
        return ctx_fail(ctx, E_CONFLICT, "meeting-cancelled",
                        N_("The meeting is cancelled. There are no minutes of it."));
    if (last && !strcmp(json_text(last, "state"), "draft"))
        return ctx_fail(ctx, E_CONFLICT, "draft-exists",
                        N_("There is a draft already: change that instead."));
    return OK;
}

bool minutes_may_write(struct ctx *ctx, const struct meeting_row *meeting)
{
    return strcmp(meeting->status, "cancelled") &&
           !minutes_open_draft(ctx, meeting) && meeting_may_change(ctx, meeting->key);
}

static enum code insert(struct ctx *ctx, const struct meeting_row *meeting, long long number,
                        const struct minutes_input *in, const char **id)
{
    char uuid[UUID_SIZE];
    struct minutes_shown shown;
    long long key = 0;
    enum code c = minutes_render(ctx, meeting->key, in->text, &shown);
    if (c)
        return c;
    json_t *extra = json_object();
    json_put_int(extra, "meeting_key", meeting->key);
    json_put_int(extra, "number", number);
    json_put(extra, "html", shown.html);
    json_put(extra, "contents", shown.contents);
    json_put_int(extra, "renderer", ctx->markdown_version);
    crypt_uuid(uuid);
    *id = arena_strdup(ctx->arena, uuid);
    c = resource_insert(ctx, &minutes_resource, in, *id, extra, &key);
    json_decref(extra);
    return c;
}

enum code minutes_create(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct minutes_input in;
    const char *id = NULL;
    json_t *warnings = NULL;
    enum code c = meeting_find(ctx, ctx_value(ctx, "id"), &meeting);
    if (!c)
        c = meeting_must_change(ctx, meeting.key);
    if (!c)
        c = resource_read(ctx, &minutes_resource, &in);
    if (c)
        return c;
    json_t *last = last_of(ctx, meeting.key);
    long long number = last ? json_int(last, "number", 0) + 1 : 1;
    c = refuse_new(ctx, &meeting, last);
    if (!c && !in.text)
        in.text = last ? arena_strdup(ctx->arena, json_text(last, "text"))
                       : minutes_compile(ctx, &meeting);
    json_decref(last);
    if (!c)
        c = insert(ctx, &meeting, number, &in, &id);
    if (!c)
        c = minutes_lift(ctx, &meeting, in.text, number == 1, &warnings);
    out->flash = N_("The draft is saved.");
    if (!c)
        c = resource_created(ctx, &minutes_resource, id, out);
    if (!c)
        out->see = arena_join(ctx->arena, "/minutes/", id, "/edit", NULL); /* to write is why */
    put_warnings(out, warnings);
    return c;
}

static enum code keep_shown(struct ctx *ctx, const struct minutes_row *minutes, const char *text)
{
    struct minutes_shown shown;
    enum code c = minutes_render(ctx, minutes->meeting.key, text, &shown);
    return c ? c
             : db_run(ctx->tx,
                      "UPDATE minutes SET html = ?2, contents = ?3, renderer = ?4 WHERE key = ?1",
                      minutes->key, shown.html, shown.contents, ctx->markdown_version);
}

enum code minutes_change(struct ctx *ctx, struct answer *out)
{
    struct minutes_row minutes;
    struct minutes_input in;
    struct edit edit = {0};
    json_t *warnings = NULL;
    enum code c = minutes_find_to_change(ctx, &minutes);
    if (!c)
        c = minutes_must_be_draft(ctx, &minutes);
    if (c)
        return c;
    c = resource_edit(ctx, &minutes_resource, minutes.id, &edit, &in);
    if (!c && !in.text)
        c = err_field(ctx->err, "/text", N_("This is needed."), NULL);
    if (!c)
        c = resource_update(ctx, &minutes_resource, &edit, &in, NULL);
    if (!c)
        c = keep_shown(ctx, &minutes, in.text);
    if (!c)
        c = minutes_lift(ctx, &minutes.meeting, in.text, minutes.number == 1, &warnings);
    resource_edit_end(&edit);
    out->flash = N_("The draft is saved.");
    if (!c)
        c = resource_changed(ctx, &minutes_resource, minutes.id, out);
    put_warnings(out, warnings);
    return c;
}

/* What a first draft decided goes with it. */
enum code minutes_remove(struct ctx *ctx, struct answer *out)
{
    struct minutes_row minutes;
    struct edit edit = {0};
    enum code c = minutes_find_to_change(ctx, &minutes);
    if (!c)
        c = minutes_must_be_draft(ctx, &minutes);
    if (!c)
        c = resource_guard(ctx, &minutes_resource, minutes.id, &edit);
    if (!c && minutes.number == 1)
        c = minutes_lift(ctx, &minutes.meeting, "", true, NULL);
    if (!c)
        c = resource_delete(ctx, &minutes_resource, &edit);
    resource_edit_end(&edit);
    if (!c)
        out->see = arena_printf(ctx->arena, "/meetings/%s", minutes.meeting.id);
    out->flash = N_("The draft is deleted.");
    return c;
}

/* ---------------------------------------------------------------- adjusted */

enum code minutes_lock(struct ctx *ctx, struct minutes_row *minutes)
{
    /* A first draft's lines are in the register since it was saved, with the people whom its writer
     * knows of. */
    enum code c = minutes->number == 1
                      ? OK
                      : minutes_lift(ctx, &minutes->meeting, minutes->text, true, NULL);
    if (!c)
        c = decisions_number(ctx, minutes->meeting.key);
    if (!c)
        c = keep_shown(ctx, minutes, minutes->text); /* with the numbers */
    if (!c)
        c = drafts_settle(ctx, minutes);
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE minutes SET state = 'adjusted', adjusted_at = ?2, adjusted_by_key = ?3 "
                   "WHERE key = ?1",
                   minutes->key, tx_instant(ctx->tx), KEY(ctx->actor->account_key));
    minutes->state = "adjusted";
    return c ? c
             : resource_touch(ctx, &minutes_resource, minutes->key, minutes->id, "adjust",
                              json_pack("{s:[s, s]}", "status", "draft", "adjusted"));
}

enum code minutes_adjust(struct ctx *ctx, struct answer *out)
{
    struct minutes_row minutes;
    enum code c = minutes_find_to_change(ctx, &minutes);
    if (!c)
        c = minutes_must_be_draft(ctx, &minutes);
    if (!c)
        c = minutes_lock(ctx, &minutes);
    out->flash = N_("The minutes are adjusted. They are an official document now, and locked.");
    return c ? c : resource_created(ctx, &minutes_resource, minutes.id, out);
}
