/* minutes_edit.c: the editor of minutes: text and preview side by side, what is written kept as it
 * is written, and two who write at once put together.
 *
 * Every way works without a script: a draft is saved by a button, a preview is the page once more.
 * Who saves second is led to both texts, never told to begin again; who saves after the minutes were
 * locked is offered to make it a correction. The typed text is in the writer's draft before any of
 * that is said, so that nothing is lost. Owns what the pages show; drafts are draft.c's, paragraphs
 * merge.h's, rules minutes_rules.c's. Knows no SQL. */
#include <stdlib.h>
#include <string.h>
#include <kansli/merge.h>
#include "draft.h"

enum { DRAFT_MAX = 80 << 10 }; /* more than minutes may hold: what is too long is told, not lost */

struct edit_input {
    const char *text;
};

static const struct field edit_fields[] = {
    {.name = "text", .label = N_("Text"), .type = T_MARKDOWN,
     .at = offsetof(struct edit_input, text), .max = DRAFT_MAX},
    {0},
};

static const char *path_of(struct ctx *ctx, const struct minutes_row *minutes, const char *rest)
{
    return arena_join(ctx->arena, "/minutes/", minutes->id, rest, NULL);
}

static bool is_draft(const struct minutes_row *minutes)
{
    return !strcmp(minutes->state, "draft");
}

/* The version of the row that the form was made of; 0 when it does not say. */
static long long version_seen(const struct ctx *ctx)
{
    const char *text = params_text(ctx->body, "_version");
    return text ? strtoll(text, NULL, 10) : 0;
}

/* What was typed; NULL with a failure. Nothing at all is an empty text. */
static const char *typed_text(struct ctx *ctx)
{
    struct edit_input in = {0};
    if (fields_read(ctx, edit_fields, &in))
        return NULL;
    return in.text ? in.text : "";
}

/* ---------------------------------------------------------------- how it will look */

static const char *refusal_of(struct ctx *ctx, const struct err *err)
{
    const json_t *first = json_array_get(err->fields, 0);
    const char *msgid = first ? json_text(first, "msgid") : err->msgid;
    const json_t *args = first ? json_object_get(first, "args") : err->args;
    return text_fill(ctx->arena, ctx_text(ctx, msgid), args);
}

/* Members of the page: previewHtml, warnings [{line, message}], refusal: why it cannot be saved, or
 * null. A text that cannot be saved fails nothing here. */
static enum code put_preview(struct ctx *ctx, const struct minutes_row *minutes, const char *text,
                             json_t *document)
{
    struct err *outer = ctx->err, own;
    struct minutes_shown shown = {0};
    json_t *warnings = NULL;
    err_init(&own);
    ctx->err = &own;
    enum code c = minutes_render(ctx, minutes->meeting.key, text, &shown);
    if (!c)
        c = minutes_lift(ctx, &minutes->meeting, text, false, &warnings);
    ctx->err = outer;
    json_put(document, "previewHtml", c ? "" : shown.html);
    json_put_new(document, "warnings", warnings ? warnings : json_array());
    json_put(document, "refusal", c == E_INPUT ? refusal_of(ctx, &own) : NULL);
    json_put_bool(document, "empty", !*text);
    if (c && c != E_INPUT)
        err_set(ctx->err, c, own.rule, own.msgid);
    err_release(&own);
    return c == E_INPUT ? OK : c;
}

/* ---------------------------------------------------------------- the page */

static void put_beside(struct ctx *ctx, const struct minutes_row *minutes, json_t *document)
{
    json_put_new(document, "agenda", minutes_agenda(ctx, &minutes->meeting));
    json_put_new(document, "people", meeting_people(ctx, minutes->meeting.key));
    json_put_new(document, "others", draft_others(ctx, minutes));
}

static enum code give(struct ctx *ctx, const struct minutes_row *minutes, struct answer *out)
{
    enum code c = meeting_below(ctx, minutes->meeting.id, out, "/minutes",
                                ctx_text(ctx, NC_("button", "Write minutes")));
    out->personal = true; /* what is not saved yet is the writer's alone */
    ctx->as_support = false;
    return c ? c : tx_code(ctx->tx);
}

/* The editor with a text that was begun from a version of the row. */
static enum code give_editor(struct ctx *ctx, const struct minutes_row *minutes, const char *text,
                             long long base_version, const struct draft *draft, struct answer *out)
{
    json_t *document = out->document = json_object(), *object = json_object();
    const char *saved = draft->saved_at ? draft_clock(ctx, draft->saved_at) : NULL;
    json_put(object, "text", text);
    json_t *form = resource_form(ctx, edit_fields, object, path_of(ctx, minutes, "/edit"),
                                 ctx_text(ctx, N_("Save")));
    json_decref(object);
    json_put(document, "id", minutes->id);
    json_put_int(document, "version", minutes->number);
    json_put_int(document, "baseVersion", base_version);
    json_put(document, "text", text);
    json_put_new(document, "errors", json_incref(json_object_get(form, "errors")));
    json_put_new(document, "message", json_incref(json_object_get(form, "message")));
    json_decref(form);
    json_put(document, "draftSavedAt", saved);
    json_put_bool(document, "stale", base_version != minutes->version);
    json_put_bool(document, "correction", minutes->number > 1);
    put_beside(ctx, minutes, document);
    enum code c = put_preview(ctx, minutes, text, document);
    out->view = "minutes/edit";
    return c ? c : give(ctx, minutes, out);
}

/* The minutes were adjusted while this was written. */
static enum code give_locked(struct ctx *ctx, const struct minutes_row *minutes, const char *text,
                             struct answer *out)
{
    json_t *document = out->document = json_object();
    json_put(document, "id", minutes->id);
    json_put(document, "text", text);
    out->view = "minutes/edit-locked";
    return give(ctx, minutes, out);
}

/* After a failure with what was typed; else with the writer's own draft, else with what is saved. */
enum code minutes_edit_form(struct ctx *ctx, struct answer *out)
{
    struct minutes_row minutes;
    struct draft draft;
    enum code c = minutes_find_to_change(ctx, &minutes);
    if (c)
        return c;
    const char *typed = ctx->err->code ? params_text(ctx->body, "text") : NULL;
    bool own = draft_find(ctx, &minutes, &draft);
    if (!is_draft(&minutes))
        return own ? give_locked(ctx, &minutes, draft.text, out)
                   : minutes_must_be_draft(ctx, &minutes);
    if (ctx->err->code)
        return give_editor(ctx, &minutes, typed ? typed : "", version_seen(ctx), &draft, out);
    return give_editor(ctx, &minutes, own ? draft.text : minutes.text,
                       own ? draft.base_version : minutes.version, &draft, out);
}

/* ---------------------------------------------------------------- preview, saved as a draft */

/* On the worker: the page once more with what stands in the form; a script takes its preview. */
static enum code preview_before(struct ctx *ctx, struct answer *out)
{
    struct minutes_row minutes;
    struct draft draft;
    enum code c = minutes_find_to_change(ctx, &minutes);
    if (c || !is_draft(&minutes))
        return c;
    const char *text = params_text(ctx->body, "text");
    draft_find(ctx, &minutes, &draft);
    c = give_editor(ctx, &minutes, text ? text : "", version_seen(ctx), &draft, out);
    ctx->prepared = json_pack("{s:O, s:s}", "page", out->document, "title", out->title);
    json_decref(out->document);
    out->document = NULL;
    return c;
}

/* A form that was sent without a script leaves its page: what stood there is kept. */
static enum code preview(struct ctx *ctx, struct answer *out)
{
    struct minutes_row minutes;
    long long version = version_seen(ctx);
    enum code c = minutes_find_to_change(ctx, &minutes);
    const char *text = version && !c ? typed_text(ctx) : NULL;
    if (text)
        c = draft_keep(ctx, &minutes, text, version);
    if (c || ctx->err->code)
        return c ? c : ctx->err->code;
    out->personal = true;
    if (!is_draft(&minutes) || !ctx->prepared) { /* adjusted meanwhile */
        out->see = path_of(ctx, &minutes, "/edit");
        return OK;
    }
    out->document = json_incref(json_object_get(ctx->prepared, "page"));
    out->title = json_text(ctx->prepared, "title");
    return OK;
}

static void add_words(struct ctx *ctx, const char **all, const char *words)
{
    *all = **all ? arena_join(ctx->arena, *all, " ", words, NULL) : words;
}

/* What the editor's status says after a draft was saved by the script. */
static const char *status_of(struct ctx *ctx, const struct minutes_row *minutes, long long version)
{
    json_t *others = draft_others(ctx, minutes), *one;
    const char *all = ctx_textf(ctx, N_("Draft saved {time}."), "time",
                                draft_clock(ctx, tx_instant(ctx->tx)), NULL);
    size_t i;
    json_array_foreach(others, i, one) {
        const char *name = json_text(one, "name"), *since = json_text(one, "since");
        add_words(ctx, &all,
                  ctx_textf(ctx, N_("{name} is writing too (since {time})."), "name",
                            name ? name : ctx_text(ctx, N_("Somebody")), "time", since, NULL));
    }
    json_decref(others);
    if (!is_draft(minutes))
        add_words(ctx, &all, ctx_text(ctx, N_("The minutes have been adjusted meanwhile: save, and "
                                              "your text can become a correction.")));
    else if (version != minutes->version)
        add_words(ctx, &all, ctx_text(ctx, N_("Somebody else has saved meanwhile: when you save, "
                                              "you choose between the texts.")));
    return all;
}

/* Discarded, kept by a button, or kept by the script, which is answered in words. */
static enum code send_draft(struct ctx *ctx, struct answer *out)
{
    struct minutes_row minutes;
    enum code c = minutes_find_to_change(ctx, &minutes);
    if (c)
        return c;
    out->personal = true;
    if (params_has(ctx->body, "_discard")) {
        out->see = path_of(ctx, &minutes, is_draft(&minutes) ? "/edit" : "");
        out->flash = N_("The draft is thrown away.");
        return draft_drop(ctx, &minutes);
    }
    const char *text = typed_text(ctx);
    c = text ? draft_keep(ctx, &minutes, text, version_seen(ctx)) : ctx->err->code;
    if (c)
        return c;
    if (params_has(ctx->body, "_back")) {
        out->see = path_of(ctx, &minutes, "/edit");
        out->flash = N_("The draft is kept. Only you see it until you save.");
        return OK;
    }
    out->raw = status_of(ctx, &minutes, version_seen(ctx));
    out->raw_type = "text/plain; charset=utf-8";
    return OK;
}

/* ---------------------------------------------------------------- saved */

static enum code save(struct ctx *ctx, const struct minutes_row *minutes, struct answer *out)
{
    bool adjust = params_has(ctx->body, "_adjust");
    enum code c = minutes_change(ctx, out);
    if (!c)
        c = draft_drop(ctx, minutes);
    out->see = path_of(ctx, minutes, adjust ? "/adjustments/new" : "");
    return c;
}

static enum code send_edit(struct ctx *ctx, struct answer *out)
{
    struct minutes_row minutes;
    enum code c = minutes_find_to_change(ctx, &minutes);
    if (c)
        return c;
    long long version = version_seen(ctx);
    if (is_draft(&minutes) && version == minutes.version)
        return save(ctx, &minutes, out);
    const char *text = typed_text(ctx);
    c = text ? draft_keep(ctx, &minutes, text, version) : ctx->err->code;
    out->personal = true;
    out->see = path_of(ctx, &minutes, is_draft(&minutes) ? "/merge" : "/edit");
    if (is_draft(&minutes))
        out->flash = N_("Somebody else saved first. Nothing of yours is lost: choose below.");
    return c;
}

/* ---------------------------------------------------------------- two texts become one */

static const char *const choice_codes[] = {"mine", "theirs", "both"};

/* The places of the writer's draft and of what is saved; OK with *n 0 when there is nothing to put
 * together. */
static enum code places_of(struct ctx *ctx, struct minutes_row *minutes, struct draft *draft,
                           struct merge_part **parts, size_t *n)
{
    *n = 0;
    enum code c = minutes_find_to_change(ctx, minutes);
    if (c || !draft_find(ctx, minutes, draft) || !is_draft(minutes) ||
        draft->base_version == minutes->version)
        return c;
    *parts = merge_paragraphs(ctx->arena, draft->base_text, draft->text, minutes->text, n);
    return OK;
}

static json_t *place(struct ctx *ctx, const struct merge_part *part, long long number)
{
    json_t *one = json_object();
    json_put_bool(one, "same", part->same);
    json_put_int(one, "number", number);
    json_put(one, "mine", arena_strndup(ctx->arena, part->mine, part->mine_n));
    json_put(one, "theirs", arena_strndup(ctx->arena, part->theirs, part->theirs_n));
    json_put(one, "choice", choice_codes[part->choice]);
    return one;
}

static enum code merge_form(struct ctx *ctx, struct answer *out)
{
    struct minutes_row minutes;
    struct draft draft;
    struct merge_part *parts = NULL;
    size_t n;
    long long number = 0;
    enum code c = places_of(ctx, &minutes, &draft, &parts, &n);
    if (c || !n) {
        out->see = c ? NULL : path_of(ctx, &minutes, "/edit");
        return c;
    }
    json_t *document = out->document = json_object(), *places = json_array();
    for (size_t i = 0; i < n; i++)
        json_push(places, place(ctx, &parts[i], parts[i].same ? 0 : ++number));
    json_put(document, "id", minutes.id);
    json_put_int(document, "baseVersion", minutes.version);
    json_put(document, "draftOf", draft.saved_at);
    json_put_int(document, "count", number);
    json_put_new(document, "places", places);
    json_put_new(document, "others", draft_others(ctx, &minutes));
    return give(ctx, &minutes, out);
}

static void choose(struct ctx *ctx, struct merge_part *parts, size_t n)
{
    long long number = 0;
    for (size_t i = 0; i < n; i++) {
        if (parts[i].same)
            continue;
        const char *chosen =
            params_text(ctx->body, arena_printf(ctx->arena, "place.%lld", ++number));
        for (size_t j = 0; chosen && j < LEN(choice_codes); j++)
            if (!strcmp(chosen, choice_codes[j]))
                parts[i].choice = (enum merge_choice)j;
    }
}

/* What is chosen becomes the draft, begun from what is saved now: the editor shows it before it is
 * saved. Choices about texts that are no longer these are asked anew. */
static enum code send_merge(struct ctx *ctx, struct answer *out)
{
    struct minutes_row minutes;
    struct draft draft;
    struct merge_part *parts = NULL;
    size_t n;
    enum code c = places_of(ctx, &minutes, &draft, &parts, &n);
    if (c)
        return c;
    const char *draft_of = params_text(ctx->body, "_draft");
    out->personal = true;
    out->see = path_of(ctx, &minutes, "/edit");
    if (!n)
        return OK;
    if (version_seen(ctx) != minutes.version || !draft_of || strcmp(draft_of, draft.saved_at)) {
        out->see = path_of(ctx, &minutes, "/merge");
        out->flash = N_("One of the texts was changed once more. Choose again.");
        return OK;
    }
    choose(ctx, parts, n);
    out->flash = N_("The texts are put together, and not saved yet. Look them through, and save.");
    return draft_keep(ctx, &minutes, merge_text(ctx->arena, parts, n), minutes.version);
}

/* ---------------------------------------------------------------- a correction of what was locked */

/* The draft of locked minutes goes over to the next version, which is begun if need be. */
static enum code send_correction(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct minutes_row from, to;
    struct draft draft;
    struct answer made = {0};
    const char *id = params_text(ctx->body, "from");
    enum code c = meeting_find(ctx, ctx_value(ctx, "id"), &meeting);
    if (!c)
        c = meeting_must_change(ctx, meeting.key);
    if (!c && !id)
        c = err_field(ctx->err, "/from", N_("This is needed."), NULL);
    if (!c)
        c = minutes_find(ctx, id, &from);
    if (!c && (from.meeting.key != meeting.key || !draft_find(ctx, &from, &draft)))
        c = ctx_absent(ctx);
    if (c)
        return c;
    const char *next = minutes_open_draft(ctx, &meeting);
    if (!next) {
        json_t *nothing = json_object();
        c = create_with(ctx, minutes_create, nothing, &made);
        json_decref(nothing);
        next = c ? NULL : arena_strdup(ctx->arena, json_text(made.document, "id"));
        json_decref(made.document);
    }
    if (!c)
        c = minutes_find(ctx, next, &to);
    if (!c)
        c = draft_move(ctx, &from, &to);
    if (c)
        return c;
    out->personal = true;
    out->see = path_of(ctx, &to, "/merge");
    out->flash = N_("A correction is begun. Choose what of your text it is to have.");
    return OK;
}

const struct route minutes_edit_routes[] = {
    {.method = "GET", .path = "/minutes/{id}/edit", .may = MAY_LOGIN, .run = minutes_edit_form,
     .view = "minutes/edit", .shape = SHAPE_PAGE},
    {.method = "POST", .path = "/minutes/{id}/edit", .may = MAY_LOGIN, .run = send_edit,
     .view = "minutes/edit", .shape = SHAPE_PAGE, .body = edit_fields, .form = minutes_edit_form},
    {.method = "POST", .path = "/minutes/{id}/previews", .may = MAY_LOGIN, .run = preview,
     .view = "minutes/edit", .shape = SHAPE_PAGE, .body = edit_fields, .prepare = preview_before,
     .form = minutes_edit_form},
    {.method = "POST", .path = "/minutes/{id}/draft", .may = MAY_LOGIN, .run = send_draft,
     .view = "minutes/edit", .shape = SHAPE_PAGE, .body = edit_fields, .form = minutes_edit_form},
    {.method = "GET", .path = "/minutes/{id}/merge", .may = MAY_LOGIN, .run = merge_form,
     .view = "minutes/merge", .shape = SHAPE_PAGE},
    {.method = "POST", .path = "/minutes/{id}/merge", .may = MAY_LOGIN, .run = send_merge,
     .view = "minutes/merge", .shape = SHAPE_PAGE},
    {.method = "POST", .path = "/meetings/{id}/minutes/drafts", .may = MAY_LOGIN,
     .run = send_correction, .view = "minutes/edit", .shape = SHAPE_PAGE},
    {0},
};
