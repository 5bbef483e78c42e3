/* meeting_forms.c: the pages on which a meeting is planned, moved, called, cancelled and answered.
 *
 * Owns what a form begins with and the words around it. The rules are asked when it is sent; that a
 * form is only given to who may send it is asked here too, with the same functions. Knows no
 * SQL. */
#include <string.h>
#include <kansli/group.h>
#include "pages.h"

void meeting_drop_field(json_t *form, const char *name)
{
    json_t *fields = json_object_get(form, "fields");
    for (size_t i = json_array_size(fields); i-- > 0;)
        if (!strcmp(json_text(json_array_get(fields, i), "name"), name))
            json_array_remove(fields, i);
}

enum code meeting_give_form(struct ctx *ctx, struct answer *out, json_t *form,
                            const struct meeting_row *meeting, const char *tab, const char *title,
                            const char *lead)
{
    if (!form)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    json_t *document = out->document = json_object();
    json_put(form, "cancel", meeting_path(ctx, meeting, tab));
    json_put(document, "heading", title);
    json_put(document, "lead", lead);
    json_put_new(document, "form", form);
    out->view = "meeting/form";
    return meeting_below(ctx, meeting->id, out, tab, title);
}

/* ---------------------------------------------------------------- plan */

/* Who leads is said by the address; the others of a joint meeting are named here. */
static void word_groups(struct ctx *ctx, json_t *form)
{
    json_t *fields = json_object_get(form, "fields"), *field;
    size_t i;
    json_array_foreach(fields, i, field)
        if (!strcmp(json_text(field, "name"), "groupIds")) {
            json_put(field, "label", ctx_text(ctx, N_("Other groups, when the meeting is joint")));
            json_put(field, "hint", ctx_text(ctx, N_("By name. This group leads.")));
        }
}

/* Everything is ticked until somebody chose. */
static bool is_ticked(const struct ctx *ctx, const char *id)
{
    size_t i;
    json_t *one;
    if (!ctx->err->code || !ctx->body)
        return true;
    json_array_foreach(json_object_get(ctx->body->values, "carryOverIds"), i, one)
        if (!strcmp(json_string_value(one), id))
            return true;
    return false;
}

/* Two lists of ticks with one name: postponed items, open actions. */
static void add_ticks(struct ctx *ctx, json_t *form, const char *id, const char *label,
                      const char *hint, const char *error, const json_t *rows)
{
    size_t i;
    json_t *row;
    if (!json_array_size(rows))
        return;
    json_t *field = json_push(json_object_get(form, "fields"), json_object());
    json_put(field, "name", "carryOverIds");
    json_put(field, "id", id);
    json_put(field, "kind", "checks");
    json_put(field, "label", label);
    json_put(field, "hint", hint);
    json_put(field, "error", error);
    json_put_bool(field, "required", false);
    json_t *options = json_put_new(field, "options", json_array());
    json_array_foreach((json_t *)rows, i, row) {
        json_t *option = json_push(options, json_object());
        const char *title = json_text(row, "title"), *due = json_text(row, "dueDate");
        const char *text = title ? title : json_text(row, "text");
        const char *from = title ? json_text(row, "meetingTitle") : NULL;
        json_put(option, "value", json_text(row, "id"));
        json_put(option, "label",
                 from  ? arena_printf(ctx->arena, "%s (%s)", text, from)
                 : due ? ctx_textf(ctx, N_("{text}, by {due}"), "text", text, "due", due, NULL)
                       : text);
        json_put_bool(option, "selected", is_ticked(ctx, json_text(row, "id")));
    }
}

static const char *error_of(struct ctx *ctx, const json_t *form, const char *name)
{
    size_t i;
    json_t *field;
    json_array_foreach(json_object_get(form, "fields"), i, field)
        if (!strcmp(json_text(field, "name"), name) && json_text(field, "error"))
            return arena_strdup(ctx->arena, json_text(field, "error"));
    return NULL;
}

/* A preview of what the agenda begins with. */
static void offer_left_over(struct ctx *ctx, json_t *form, long long group_key)
{
    json_t *left = agenda_left_over(ctx, group_key);
    const json_t *items = json_object_get(left, "items"), *actions = json_object_get(left, "actions");
    const char *error = error_of(ctx, form, "carryOverIds");
    bool both = json_array_size(items) > 0;
    meeting_drop_field(form, "carryOverIds");
    add_ticks(ctx, form, "f-carryOverIds", ctx_text(ctx, N_("Items that were postponed")),
              ctx_text(ctx, N_("What is ticked stands on the agenda of this meeting.")), error,
              items);
    add_ticks(ctx, form, both ? "f-carryOverIds-actions" : "f-carryOverIds",
              ctx_text(ctx, N_("Open actions to follow up")),
              ctx_text(ctx, N_("What is ticked becomes one item, right after the question about "
                               "conflicts of interest.")),
              both ? NULL : error, actions);
    json_decref(left);
}

enum code meeting_new_form(struct ctx *ctx, struct answer *out)
{
    enum code c;
    const char *id = ctx_value(ctx, "id");
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = must_may(ctx, ACT_CHANGE_GROUP, key);
    if (c)
        return c;
    const char *path = arena_printf(ctx->arena, "/groups/%s/meetings", id);
    json_t *document = out->document = json_object();
    json_t *proposal = ctx->err->code ? NULL : meeting_proposal(ctx, key);
    json_t *form = json_put_new(document, "form",
                                resource_form(ctx, meeting_resource.fields, proposal, path,
                                              ctx_text(ctx, N_("Plan the meeting"))));
    json_decref(proposal);
    word_groups(ctx, form);
    offer_left_over(ctx, form, key);
    json_put(form, "cancel", path);
    json_put(document, "lead",
             ctx_text(ctx, N_("Nobody is told until the notice is sent. The agenda begins with the "
                              "question about conflicts of interest.")));
    out->view = "group/form";
    return group_below(ctx, id, out, "/meetings", ctx_text(ctx, N_("New meeting")));
}

enum code meeting_edit_form(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c = meeting_find_to_change(ctx, &meeting);
    if (c)
        return c;
    json_t *form = resource_form_of(ctx, &meeting_resource, meeting.id,
                                    meeting_path(ctx, &meeting, "?_method=PATCH"),
                                    ctx_text(ctx, N_("Save")), NULL);
    if (form && meeting.called)
        meeting_drop_field(form, "groupIds"); /* whose it is stays, once the notice is sent */
    return meeting_give_form(
        ctx, out, form, &meeting, "", ctx_text(ctx, N_("Change the meeting")),
        meeting.called ? ctx_text(ctx, N_("Those who were called are told by mail when the time or "
                                          "the place changes. At another time they answer anew."))
                       : NULL);
}

enum code meeting_delete_form(struct ctx *ctx, struct answer *out)
{
    static const struct field nothing[] = {{0}};
    struct meeting_row meeting;
    long long version = 0;
    enum code c = meeting_find(ctx, ctx_value(ctx, "id"), &meeting);
    if (!c)
        c = meeting_must_change(ctx, meeting.key);
    if (c)
        return c;
    json_decref(resource_one(ctx, &meeting_resource, meeting.id, NULL, &version));
    json_t *form = resource_form(ctx, nothing, NULL, meeting_path(ctx, &meeting, "?_method=DELETE"),
                                 ctx_text(ctx, NC_("button", "Delete")));
    json_put(form, "version", arena_int(ctx->arena, version));
    return meeting_give_form(ctx, out, form, &meeting, "", ctx_text(ctx, N_("Delete the meeting")),
                             ctx_text(ctx, N_("For a mistake. A meeting to which people were "
                                              "called is cancelled instead.")));
}

/* ---------------------------------------------------------------- call, cancel, answer */

/* Who will be written to, and what, shown before it is done. */
enum code meeting_notice_form(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c = meeting_find_to_change(ctx, &meeting);
    if (c)
        return c;
    const char *what = meeting.called ? N_("Send the notice again") : N_("Send the notice");
    json_t *form = resource_form(ctx, meeting_notice_fields, NULL,
                                 meeting_path(ctx, &meeting, "/notices"), ctx_text(ctx, what));
    if (!meeting.called)
        meeting_drop_field(form, "to"); /* nobody has got it */
    c = meeting_give_form(ctx, out, form, &meeting, "", ctx_text(ctx, what),
                          ctx_text(ctx, N_("The mail has the agenda, the event as a file for the "
                                           "calendar, and for each a link to answer by.")));
    json_put_new(out->document, "people", meeting_notice_people(ctx, &meeting));
    json_put_new(out->document, "letter", meeting_notice_preview(ctx, &meeting));
    out->view = "meeting/notice";
    return c ? c : tx_code(ctx->tx);
}

enum code meeting_cancellation_form(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c = meeting_find_to_change(ctx, &meeting);
    if (c)
        return c;
    json_t *form = resource_form(ctx, meeting_cancellation_fields, NULL,
                                 meeting_path(ctx, &meeting, "/cancellations"),
                                 ctx_text(ctx, N_("Cancel the meeting")));
    return meeting_give_form(ctx, out, form, &meeting, "", ctx_text(ctx, N_("Cancel the meeting")),
                             meeting.called
                                 ? ctx_text(ctx, N_("Those who were called are told by mail."))
                                 : NULL);
}

enum code meeting_answer_form(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c = meeting_find(ctx, ctx_value(ctx, "id"), &meeting);
    if (c)
        return c;
    json_t *own = meeting_own_answer(ctx, meeting.key);
    if (json_is_null(own))
        return ctx_fail(ctx, E_DENIED, "answer-own-meeting",
                        N_("Only who takes part in the meeting answers, for himself or herself. An "
                           "officer notes attendance."));
    json_t *form = resource_form(ctx, meeting_answer_fields, own,
                                 meeting_path(ctx, &meeting, "/answers"),
                                 ctx_text(ctx, N_("Send the answer")));
    json_decref(own);
    return meeting_give_form(ctx, out, form, &meeting, "", ctx_text(ctx, N_("Do you come?")),
                             meeting_when(ctx, &meeting));
}
