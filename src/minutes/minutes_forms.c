/* minutes_forms.c: the two pages before something final: minutes are adjusted, minutes are sent.
 *
 * Owns what is said before it is done: what gets its §, what was not understood, what is lacking;
 * who gets the minutes and how many are written to. Both say that the text becomes an official
 * document and is locked. The rules are asked when it is sent. Knows no SQL. */
#include <string.h>
#include <kansli/followup.h>
#include "internal.h"

static const char *path_of(struct ctx *ctx, const struct minutes_row *minutes, const char *rest)
{
    return arena_join(ctx->arena, "/minutes/", minutes->id, rest, NULL);
}

/* A page below the meeting: whoever may change minutes sees it. */
static enum code give(struct ctx *ctx, struct answer *out, const struct minutes_row *minutes,
                      json_t *form, const char *title)
{
    json_t *document = out->document;
    json_put(form, "cancel", path_of(ctx, minutes, ""));
    json_put_new(document, "form", form);
    json_put(document, "heading", title);
    json_put_int(document, "version", minutes->number);
    json_put_bool(document, "draft", !strcmp(minutes->state, "draft"));
    return meeting_below(ctx, minutes->meeting.id, out, "/minutes", title);
}

/* ---------------------------------------------------------------- adjust */

enum code minutes_adjust_form(struct ctx *ctx, struct answer *out)
{
    static const struct field nothing[] = {{0}};
    struct minutes_row minutes;
    enum code c = minutes_find_to_change(ctx, &minutes);
    if (!c)
        c = minutes_must_be_draft(ctx, &minutes);
    if (c)
        return c;
    out->document = json_object();
    c = minutes_foresee(ctx, &minutes, out->document);
    if (c)
        return c;
    json_t *form = resource_form(ctx, nothing, NULL, path_of(ctx, &minutes, "/adjustments"),
                                 ctx_text(ctx, N_("Adjust and lock")));
    return give(ctx, out, &minutes, form, ctx_text(ctx, N_("Adjust the minutes")));
}

/* ---------------------------------------------------------------- distribute */

static const char *recipient_label(struct ctx *ctx, const json_t *one)
{
    long long people = json_int(one, "people", 0);
    const char *told =
        people == 1 ? ctx_text(ctx, N_("one person is written to"))
        : people    ? ctx_textf(ctx, N_("{count} people are written to"), "count",
                                arena_int(ctx->arena, people), NULL)
                    : ctx_text(ctx, N_("nobody there can be written to"));
    return arena_printf(ctx->arena, "%s (%s): %s", json_text(one, "bodyName"),
                        json_text(one, "reasonLabel"), told);
}

/* Names to write become boxes to tick, and a row for others below them. */
static void tick_recipients(struct ctx *ctx, json_t *form, json_t *recipients)
{
    json_t *fields = json_object_get(form, "fields"), *one;
    json_t *others = json_array_get(fields, 0), *typed = json_object_get(others, "values");
    json_t *checks = json_deep_copy(others), *options = json_array();
    bool fresh = !ctx->err->code;
    size_t i, j;
    json_array_foreach(recipients, i, one) {
        const char *id = json_text(one, "bodyId");
        bool chosen = fresh && json_true_at(one, "proposed");
        json_t *value;
        for (j = json_array_size(typed); j-- > 0;) {
            value = json_array_get(typed, j);
            if (strcmp(json_text(value, "value"), id))
                continue;
            chosen = true;
            json_array_remove(typed, j);
        }
        json_t *option = json_push(options, json_object());
        json_put(option, "value", id);
        json_put(option, "label", recipient_label(ctx, one));
        json_put_bool(option, "selected", chosen);
    }
    json_put(others, "label", ctx_text(ctx, N_("Others")));
    json_put(others, "hint", ctx_text(ctx, N_("Groups and organisations, by name.")));
    if (!json_array_size(options)) {
        json_decref(options);
        json_decref(checks);
        return;
    }
    json_put(others, "id", "f-others");
    json_put(others, "error", NULL);
    json_put(checks, "kind", "checks");
    json_put(checks, "hint", NULL);
    json_put_new(checks, "options", options);
    json_array_insert_new(fields, 0, checks);
}

enum code minutes_distribute_form(struct ctx *ctx, struct answer *out)
{
    struct minutes_row minutes;
    enum code c = minutes_find_to_change(ctx, &minutes);
    if (c)
        return c;
    json_t *document = out->document = json_object();
    bool draft = !strcmp(minutes.state, "draft");
    json_t *form = resource_form(ctx, minutes_distribution_fields, NULL,
                                 path_of(ctx, &minutes, "/distributions"),
                                 ctx_text(ctx, draft ? N_("Lock and send")
                                                     : NC_("button", "Send")));
    json_t *recipients = minutes_recipients(ctx, &minutes);
    tick_recipients(ctx, form, recipients);
    json_decref(recipients);
    json_put_int(document, "members", minutes_members_told(ctx, &minutes));
    json_put_new(document, "receipts", receipts_of(ctx, minutes.key));
    json_put_bool(document, "correction", minutes.number > 1);
    json_put_bool(document, "official", strcmp(minutes.state, "draft") != 0);
    c = draft ? minutes_foresee(ctx, &minutes, document) : OK;
    if (c) {
        json_decref(form);
        return c;
    }
    return give(ctx, out, &minutes, form, ctx_text(ctx, N_("Send the minutes")));
}
