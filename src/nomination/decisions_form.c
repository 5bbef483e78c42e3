/* decisions_form.c: several decisions on one page: what was chosen in the comparison is looked at
 * once more, filled in, and sent together.
 *
 * Owns the page between choosing and deciding; the rules are asked when it is sent (all or none).
 * Its fields have the names of the batch's rows, "decisions.0.outcome": the comparison sends the
 * same. */
#include <string.h>
#include "internal.h"
#include "pages.h"

enum { ROWS_MOST = 100 };

static const struct field *cells_of_batch(void)
{
    return field_find(nomination_decisions_fields, "decisions")->rows;
}

/* What was sent of one row: as a form says it, or gathered already by a refused batch. New
 * reference or NULL. */
static json_t *row_sent(struct ctx *ctx, int at)
{
    json_t *all = json_object_get(ctx->body->values, "decisions");
    if (all)
        return json_incref(json_array_get(all, (size_t)at));
    json_t *row = json_object();
    for (const struct field *cell = cells_of_batch(); cell->name; cell++) {
        const char *name = arena_printf(ctx->arena, "decisions.%d.%s", at, cell->name);
        json_t *value = json_object_get(ctx->body->values, name);
        if (value)
            json_object_set(row, cell->name, value);
    }
    if (json_object_size(row))
        return row;
    json_decref(row);
    return NULL;
}

/* A refusal names the row by its place. */
static const char *message_of(struct ctx *ctx, size_t at)
{
    const char *pointer = arena_printf(ctx->arena, "/decisions/%zu", at), *all = NULL;
    size_t n = strlen(pointer), i;
    json_t *entry;
    json_array_foreach(ctx->err->fields, i, entry) {
        const char *to = json_text(entry, "pointer");
        if (!to || strncmp(to, pointer, n) || (to[n] && to[n] != '/'))
            continue;
        const char *text = text_fill(ctx->arena, ctx_text(ctx, json_text(entry, "msgid")),
                                     json_object_get(entry, "args"));
        all = all ? arena_join(ctx->arena, all, " ", text, NULL) : text;
    }
    return all;
}

static json_t *options_of(struct ctx *ctx, const struct value *values, const char *chosen)
{
    json_t *options = json_array();
    for (; values->code; values++) {
        json_t *option = json_push(options, json_object());
        json_put(option, "value", values->code);
        json_put(option, "label", ctx_text(ctx, values->label));
        json_put_bool(option, "selected", chosen && !strcmp(chosen, values->code));
    }
    return options;
}

/* One candidate with what is said of her, or NULL when the caller may not know of her. */
static json_t *one_row(struct ctx *ctx, const json_t *sent, size_t at)
{
    static const char *const texts[] = {"startDate", "endDate", "reason", "reference"};
    struct nomination_row row;
    const char *id = json_text(sent, "nominationId"), *role = json_text(sent, "role");
    json_t *nomination = id ? resource_one(ctx, &nomination_resource, id, NULL, NULL) : NULL;
    if (!nomination || nomination_find(ctx, id, &row)) {
        json_decref(nomination);
        return NULL;
    }
    const char *name = json_text(nomination, "personName");
    json_t *one = json_object();
    json_put_int(one, "at", (long long)at);
    json_put(one, "nominationId", id);
    json_put(one, "personName", name ? name : ctx_text(ctx, N_("Name withheld")));
    json_put(one, "nominatorName", json_text(nomination, "nominatorName"));
    json_put(one, "lacks", nomination_lacks(ctx, &row));
    json_put(one, "message", message_of(ctx, at));
    json_put_new(one, "outcomes",
                 options_of(ctx, nomination_outcomes, json_text(sent, "outcome")));
    json_put_new(one, "roles",
                 options_of(ctx, field_find(nomination_decision_fields, "role")->values,
                            role && *role ? role : row.role));
    for (size_t i = 0; i < LEN(texts); i++) {
        const char *text = json_text(sent, texts[i]);
        json_put(one, texts[i], text ? text : "");
    }
    json_decref(nomination);
    return one;
}

static bool is_decided(const json_t *sent)
{
    const char *outcome = json_text(sent, "outcome");
    return outcome && *outcome;
}

static json_t *rows_of(struct ctx *ctx)
{
    json_t *rows = json_array();
    for (int at = 0; at < ROWS_MOST; at++) {
        json_t *sent = row_sent(ctx, at);
        json_t *one = sent && is_decided(sent) ? one_row(ctx, sent, json_array_size(rows)) : NULL;
        if (one)
            json_push(rows, one);
        json_decref(sent);
    }
    return rows;
}

enum code nomination_decide_many_form(struct ctx *ctx, struct answer *out)
{
    struct call_row call;
    enum code c = call_find(ctx, ctx_value(ctx, "id"), &call);
    if (!c)
        c = must_may(ctx, ACT_DECIDE_NOMINATION, call.group_key);
    if (c)
        return c;
    json_t *document = out->document = json_object();
    const char *text =
        ctx->err->code && !json_array_size(ctx->err->fields) ? ctx->err->msgid : NULL;
    const char *call_path = arena_printf(ctx->arena, "/nomination-calls/%s", call.id);
    json_put_new(document, "rows", rows_of(ctx));
    json_put(document, "message",
             text ? text_fill(ctx->arena, ctx_text(ctx, text), ctx->err->args) : NULL);
    json_put_bool(document, "failed", ctx->err->code != OK);
    json_put(document, "action", arena_join(ctx->arena, call_path, "/decisions", NULL));
    json_put(document, "back", arena_join(ctx->arena, call_path, "/comparison", NULL));
    json_put(document, "today", ctx->today);
    out->personal = true;
    out->view = "nomination/decisions";
    out->title = ctx_text(ctx, N_("Decide on several"));
    return call_below(ctx, call.id, out, "/comparison", ctx_text(ctx, N_("Decide on several")));
}
