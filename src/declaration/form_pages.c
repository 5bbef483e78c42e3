/* form_pages.c: the versions of the forms, as an administrator sees and writes them.
 *
 * Owns how a question is laid out to be written: a row of fields each, with its kinds of interest
 * as ticks. A form says them as questions.0.kinds[]; declaration_form_create takes them as a script
 * would send them. Must not know what makes a version valid. */
#include <stdlib.h>
#include <string.h>
#include "internal.h"

enum { QUESTIONS_MOST = 30, SPARE = 2 };

static json_t *crumbs_of(struct ctx *ctx, const char *here)
{
    json_t *crumbs =
        json_pack("[{s:s, s:s}, {s:s, s:s}]", "href", "/administration", "name",
                  ctx_text(ctx, N_("Administration")), "href", "/declaration-forms", "name",
                  ctx_text(ctx, N_("Forms of declarations")));
    if (here)
        json_push(crumbs, json_pack("{s:s, s:s}", "href", ctx->path, "name", here));
    return crumbs;
}

enum code declaration_page_forms(struct ctx *ctx, struct answer *out)
{
    out->title = ctx_text(ctx, N_("Forms of declarations"));
    if (ctx_embeds(ctx, "crumbs"))
        ctx_embed(ctx, out->document, "crumbs", crumbs_of(ctx, NULL));
    if (ctx_embeds(ctx, "mayChange"))
        ctx_embed(ctx, out->document, "mayChange", json_boolean(may(ctx, ACT_CHANGE_KIND, 0)));
    return tx_code(ctx->tx);
}

/* The questions with their kinds in words. */
static json_t *questions_shown(struct ctx *ctx, const json_t *form)
{
    json_t *all = json_array(), *question, *kind;
    size_t i, k;
    json_array_foreach(json_object_get(form, "questions"), i, question) {
        json_t *shown = json_push(all, json_deep_copy(question)), *labels = json_array();
        json_array_foreach(json_object_get(question, "kinds"), k, kind)
            json_push(labels, json_text_new(value_label(ctx, declaration_kinds,
                                                        json_string_value(kind))));
        json_put_new(shown, "kindLabels", labels);
    }
    return all;
}

enum code declaration_page_form(struct ctx *ctx, struct answer *out)
{
    json_t *form = out->document;
    out->title = ctx_textf(ctx, N_("{form}, version {version}"), "form",
                           json_text(form, "variantLabel"), "version",
                           arena_int(ctx->arena, json_int(form, "version", 0)), NULL);
    if (ctx_embeds(ctx, "crumbs"))
        ctx_embed(ctx, form, "crumbs", crumbs_of(ctx, out->title));
    if (ctx_embeds(ctx, "shown"))
        ctx_embed(ctx, form, "shown", questions_shown(ctx, form));
    if (ctx_embeds(ctx, "mayChange"))
        ctx_embed(ctx, form, "mayChange", json_boolean(may(ctx, ACT_CHANGE_KIND, 0)));
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- a new version */

const struct field form_new_query[] = {
    {.name = "from", .label = N_("Begun from a version"), .type = T_UUID},
    {0},
};

static const struct field *question_fields(void)
{
    return field_find(declaration_form_resource.fields, "questions")->rows;
}

static const char *cell_name(struct ctx *ctx, size_t at, const char *name)
{
    return arena_printf(ctx->arena, "questions.%zu.%s", at, name);
}

/* What the page sent: the rows that somebody filled in, as objects. New reference. */
static json_t *questions_sent(struct ctx *ctx)
{
    json_t *rows = json_array();
    for (size_t at = 0; at < QUESTIONS_MOST; at++) {
        json_t *row = json_object();
        bool filled = false;
        for (const struct field *cell = question_fields(); cell->name; cell++) {
            json_t *sent = json_object_get(ctx->body->values, cell_name(ctx, at, cell->name));
            filled = filled || json_string_length(sent);
            if (sent)
                json_object_set(row, cell->name, sent);
        }
        if (filled)
            json_array_append(rows, row);
        json_decref(row);
    }
    return rows;
}

enum code declaration_form_new(struct ctx *ctx, struct answer *out)
{
    const struct params *sent = ctx->body;
    struct params meant;
    params_init(&meant);
    json_object_set(meant.values, "variant", json_object_get(sent->values, "variant"));
    json_object_set(meant.values, "validFrom", json_object_get(sent->values, "validFrom"));
    json_put_new(meant.values, "questions", questions_sent(ctx));
    ctx->body = &meant;
    enum code c = declaration_form_create(ctx, out);
    ctx->body = sent;
    params_release(&meant);
    return c;
}

static bool has_kind(const json_t *row, const char *code)
{
    size_t i;
    json_t *kind;
    json_array_foreach(json_object_get(row, "kinds"), i, kind)
        if (json_is_string(kind) && !strcmp(json_string_value(kind), code))
            return true;
    return false;
}

static json_t *cell_form(struct ctx *ctx, const struct field *cell, const json_t *row, size_t at,
                         json_t *errors)
{
    json_t *item = json_object(), *options = json_array();
    const char *value = json_text(row, cell->name), *kind = "text";
    const char *message =
        message_at(ctx, arena_printf(ctx->arena, "/questions/%zu/%s", at, cell->name));
    json_put(item, "name", cell_name(ctx, at, cell->name));
    json_put(item, "id", arena_printf(ctx->arena, "f-questions-%zu-%s", at, cell->name));
    json_put(item, "label", ctx_text(ctx, cell->label));
    json_put(item, "hint", cell->hint ? ctx_text(ctx, cell->hint) : NULL);
    json_put(item, "value", value ? value : "");
    json_put_bool(item, "required", (cell->flags & F_REQUIRED) != 0);
    json_put_bool(item, "wide", cell->type != T_SLUG);
    json_put(item, "error", message);
    json_put(item, "present", NULL);
    for (const struct value *v = cell->values; v && v->code; v++)
        json_push(options, json_pack("{s:s, s:s, s:b}", "value", v->code, "label",
                                     ctx_text(ctx, v->label), "selected", has_kind(row, v->code)));
    if (cell->type == T_ENUMS)
        kind = "checks";
    else if (cell->type == T_LINES)
        kind = "lines";
    json_put(item, "kind", kind);
    json_put_new(item, "options", options);
    if (message)
        json_push(errors,
                  json_pack("{s:s, s:s, s:s}", "id", json_text(item, "id"), "label",
                            ctx_textf(ctx, N_("Question {number}, {field}"), "number",
                                      arena_int(ctx->arena, (long long)at + 1), "field",
                                      json_text(item, "label"), NULL),
                            "message", message));
    return item;
}

/* The questions of the version it begins from, or what was typed, and empty ones to spare. */
static json_t *questions_form(struct ctx *ctx, const json_t *questions, json_t *errors)
{
    json_t *all = json_array();
    size_t n = json_array_size(questions);
    for (size_t at = 0; at < n + SPARE && at < QUESTIONS_MOST; at++) {
        json_t *row = json_push(all, json_object()), *fields = json_array();
        for (const struct field *cell = question_fields(); cell->name; cell++)
            json_push(fields, cell_form(ctx, cell, json_array_get(questions, at), at, errors));
        json_put_int(row, "number", (long long)at + 1);
        json_put_new(row, "fields", fields);
    }
    return all;
}

enum code declaration_form_new_form(struct ctx *ctx, struct answer *out)
{
    enum code c = must_may(ctx, ACT_CHANGE_KIND, 0);
    if (c)
        return c;
    const char *from = ctx_query(ctx, "from");
    bool again = ctx->err->code != OK;
    json_t *begun = from && *from ? resource_one(ctx, &declaration_form_resource, from, NULL, NULL)
                                  : NULL;
    if (begun)
        json_put(begun, "validFrom", ctx->today);
    json_t *form = resource_form(ctx, declaration_form_resource.fields, begun,
                                 "/declaration-forms/new", ctx_text(ctx, N_("Save the version")));
    json_t *rows = again ? questions_sent(ctx) : json_incref(json_object_get(begun, "questions"));
    json_t *fields = json_object_get(form, "fields");
    size_t i = json_array_size(fields);
    while (i-- > 0)
        if (!strcmp(json_text(json_array_get(fields, i), "name"), "questions"))
            json_array_remove(fields, i);
    json_put(form, "cancel", "/declaration-forms");
    json_put_new(form, "questions", questions_form(ctx, rows, json_object_get(form, "errors")));
    json_t *document = out->document = json_object();
    json_put_new(document, "form", form);
    out->title = ctx_text(ctx, N_("New version of a form"));
    ctx_embed(ctx, document, "crumbs", crumbs_of(ctx, out->title));
    out->view = "declaration/form-new";
    json_decref(rows);
    json_decref(begun);
    return tx_code(ctx->tx);
}
