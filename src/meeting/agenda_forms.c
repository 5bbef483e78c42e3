/* agenda_forms.c: the forms by which an agenda is written and put in order, and by which it is
 * recorded who stands aside.
 *
 * Owns what the forms begin with. An order is changed by buttons that work without a script: each
 * sends the whole order with what moves. The notes of an item have a form of their own on the
 * meeting's page: what an item is about and what is noted at it are written by different people at
 * different times. When somebody else saved meanwhile, both texts stand side by side. Knows no
 * SQL. */
#include <string.h>
#include <stdlib.h>
#include "pages.h"

json_t *meeting_removal(struct ctx *ctx, const struct resource *r, const char *id,
                        const char *path)
{
    static const struct field nothing[] = {{0}};
    long long version = 0;
    json_t *object = resource_one(ctx, r, id, NULL, &version);
    if (!object)
        return NULL;
    json_decref(object);
    json_t *form = resource_form(ctx, nothing, NULL, path, ctx_text(ctx, NC_("button", "Delete")));
    json_put(form, "version", arena_int(ctx->arena, version));
    return form;
}

static const char *item_path(struct ctx *ctx, const struct meeting_row *meeting, const char *rest)
{
    return meeting_path(ctx, meeting,
                        arena_join(ctx->arena, "/agenda-items/", ctx_value(ctx, "itemId"), rest,
                                   NULL));
}

/* ---------------------------------------------------------------- items */

static void keep_fields(json_t *form, const char *const *names, size_t n)
{
    json_t *fields = json_object_get(form, "fields");
    for (size_t i = json_array_size(fields); i-- > 0;) {
        bool keep = false;
        for (size_t j = 0; j < n; j++)
            keep = keep || !strcmp(json_text(json_array_get(fields, i), "name"), names[j]);
        if (!keep)
            json_array_remove(fields, i);
    }
}

static const char *const about[] = {"title", "type", "text", "presenterIds", "tags"};
static const char *const noted[] = {"minutesText", "postponed"};

json_t *agenda_short_form(struct ctx *ctx, const struct meeting_row *meeting)
{
    json_t *form = resource_form(ctx, agenda_item_resource.fields, NULL,
                                 meeting_path(ctx, meeting, "/agenda-items"),
                                 ctx_text(ctx, N_("Add the item")));
    keep_fields(form, about, 2);
    return form;
}

enum code agenda_new_form(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c = meeting_find_to_note(ctx, &meeting);
    if (c)
        return c;
    json_t *form = resource_form(ctx, agenda_item_resource.fields, NULL,
                                 meeting_path(ctx, &meeting, "/agenda-items"),
                                 ctx_text(ctx, N_("Add the item")));
    keep_fields(form, about, LEN(about));
    return meeting_give_form(ctx, out, form, &meeting, "", ctx_text(ctx, N_("New agenda item")),
                             NULL);
}

static json_t *item_form(struct ctx *ctx, const struct meeting_row *meeting, const char *id,
                         const char *submit, json_t **now)
{
    return resource_form_of(
        ctx, &agenda_item_resource, id,
        meeting_path(ctx, meeting,
                     arena_join(ctx->arena, "/agenda-items/", id, "?_method=PATCH", NULL)),
        submit, now);
}

json_t *agenda_notes_form(struct ctx *ctx, const struct meeting_row *meeting, const json_t *item)
{
    json_t *form = item_form(ctx, meeting, json_text(item, "id"),
                             ctx_text(ctx, N_("Save the notes")), NULL);
    if (!form)
        return json_null();
    keep_fields(form, noted, agenda_is_standing(item) ? 1 : 2);
    return form;
}

/* The notes could not be saved: what was written, and beside it what stands there now. */
static enum code notes_again(struct ctx *ctx, const struct meeting_row *meeting,
                             struct answer *out)
{
    json_t *item = resource_one(ctx, &agenda_item_resource, ctx_value(ctx, "itemId"), NULL, NULL);
    if (!item)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    bool stale = ctx->err->code == E_STALE;
    json_t *form = agenda_notes_form(ctx, meeting, item), *field;
    size_t i;
    json_array_foreach(json_object_get(form, "fields"), i, field)
        if (!strcmp(json_text(field, "name"), "minutesText"))
            json_put(field, "present", NULL); /* it stands beside, whole */
    if (stale && !json_is_null(form))
        json_put(form, "submit", ctx_text(ctx, N_("Save my text instead")));
    enum code c = meeting_give_form(
        ctx, out, form, meeting, "",
        ctx_textf(ctx, N_("Notes: {title}"), "title", json_text(item, "title"), NULL), NULL);
    const char *now = json_text(item, "minutesText");
    json_put_bool(out->document, "stale", stale);
    json_put(out->document, "present", now ? now : "");
    json_put(json_object_get(out->document, "form"), "cancel",
             meeting_path(ctx, meeting,
                          arena_join(ctx->arena, "?item=", json_text(item, "id"), "#item", NULL)));
    json_decref(item);
    out->view = "meeting/notes";
    return c;
}

/* Which of an item's two forms came back is told by what it sent. */
static bool were_notes(const struct ctx *ctx)
{
    return ctx->err->code && ctx->body && !json_object_get(ctx->body->values, "title");
}

enum code agenda_edit_form(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    json_t *item = NULL;
    enum code c = meeting_find_to_note(ctx, &meeting);
    if (c)
        return c;
    if (!agenda_item_key(ctx, meeting.key, ctx_value(ctx, "itemId")))
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    if (were_notes(ctx))
        return notes_again(ctx, &meeting, out);
    json_t *form = item_form(ctx, &meeting, ctx_value(ctx, "itemId"), ctx_text(ctx, N_("Save")),
                             &item);
    keep_fields(form, about, LEN(about));
    if (item && agenda_is_standing(item))
        meeting_drop_field(form, "type");
    json_decref(item);
    return meeting_give_form(ctx, out, form, &meeting, "", ctx_text(ctx, N_("Change the item")),
                             NULL);
}

enum code agenda_delete_form(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    const char *id = ctx_value(ctx, "itemId");
    enum code c = meeting_find_to_note(ctx, &meeting);
    if (c)
        return c;
    if (!agenda_item_key(ctx, meeting.key, id))
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    json_t *form = meeting_removal(ctx, &agenda_item_resource, id,
                           item_path(ctx, &meeting, "?_method=DELETE"));
    json_t *item = resource_one(ctx, &agenda_item_resource, id, NULL, NULL);
    const char *title = item ? arena_strdup(ctx->arena, json_text(item, "title")) : NULL;
    json_decref(item);
    return meeting_give_form(ctx, out, form, &meeting, "",
                             ctx_text(ctx, N_("Take the item off the agenda")), title);
}

/* ---------------------------------------------------------------- their order */

/* "2:up": the third changes places with the one before it; the first stays the first. What points
 * outside moves nothing. The id of what was pressed, or NULL. */
static const char *move(struct ctx *ctx, json_t *ids, const char *what)
{
    char *end;
    unsigned long at = strtoul(what, &end, 10), n = json_array_size(ids);
    bool up = !strcmp(end, ":up");
    if (end == what || (!up && strcmp(end, ":down")) || at >= n)
        return NULL;
    json_t *id = json_incref(json_array_get(ids, at));
    const char *moved = arena_strdup(ctx->arena, json_string_value(id));
    if (at && (up ? at > 1 : at + 1 < n)) {
        json_array_remove(ids, at);
        json_array_insert(ids, up ? at - 1 : at + 1, id);
    }
    json_decref(id);
    return moved;
}

/* Empty texts only say that a list was shown. */
static json_t *ids_sent(struct ctx *ctx)
{
    json_t *ids = json_array(), *one;
    size_t i;
    json_array_foreach(json_object_get(ctx->body->values, "itemIds"), i, one)
        if (json_is_string(one) && *json_string_value(one))
            json_array_append(ids, one);
    return ids;
}

enum code agenda_order_send(struct ctx *ctx, struct answer *out)
{
    const char *what = json_text(ctx->body->values, "move");
    json_t *sent = json_object(), *ids = json_put_new(sent, "itemIds", ids_sent(ctx));
    const char *moved = what ? move(ctx, ids, what) : NULL;
    enum code c = create_with(ctx, agenda_order, sent, out);
    if (moved) /* where it stands now: one more step may follow */
        out->see = arena_printf(ctx->arena, "/meetings/%s?item=%s#a-%s", ctx_value(ctx, "id"), moved,
                                moved);
    json_decref(sent);
    return c;
}

/* ---------------------------------------------------------------- who stands aside */

const struct field recusal_new_query[] = {
    {.name = "item", .label = N_("Agenda item"), .type = T_UUID},
    {.name = "personId", .label = N_("Person"), .type = T_UUID},
    {0},
};

json_t *meeting_form_field(const json_t *form, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(form, "fields"), i, one)
        if (!strcmp(json_text(one, "name"), name))
            return one;
    BUG("the form has no %s", name);
}

void meeting_make_select(struct ctx *ctx, json_t *field, json_t *rows, const char *id,
                         const char *label, const char *chosen, bool empty)
{
    json_t *options = json_put_new(field, "options", json_array()), *row;
    size_t i;
    json_put(field, "kind", "select");
    if (empty)
        json_push(options, json_pack("{s:s, s:s}", "value", "", "label",
                                     ctx_text(ctx, N_("Choose"))));
    json_array_foreach(rows, i, row) {
        const char *value = json_text(row, id);
        if (!value)
            continue;
        json_t *option = json_push(options, json_object());
        json_put(option, "value", value);
        json_put(option, "label", json_text(row, label));
        json_put_bool(option, "selected", chosen && !strcmp(chosen, value));
    }
}

static const char *begins_with(struct ctx *ctx, const json_t *field, const char *query)
{
    const char *typed = json_text(field, "value");
    return typed && *typed ? typed : ctx_query(ctx, query);
}

static void offer(struct ctx *ctx, json_t *form, const struct meeting_row *meeting, bool own_only)
{
    json_t *item = meeting_form_field(form, "agendaItemId"), *person = meeting_form_field(form, "personId");
    json_t *agenda = agenda_of(ctx, meeting->key), *people = meeting_people(ctx, meeting->key);
    meeting_make_select(ctx, item, agenda, "id", "title", begins_with(ctx, item, "item"), true);
    if (own_only)
        meeting_drop_field(form, "personId");
    else
        meeting_make_select(ctx, person, people, "personId", "personName",
                    begins_with(ctx, person, "personId"), true);
    json_decref(agenda);
    json_decref(people);
}

enum code recusal_new_form(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    bool own_only = false;
    enum code c = meeting_find(ctx, ctx_value(ctx, "id"), &meeting);
    if (c)
        return c;
    if (!recusal_may_keep(ctx, &meeting, &own_only))
        return recusal_must_keep(ctx, &meeting, 0);
    ctx->as_support = false; /* asked, not done */
    json_t *form = resource_form(ctx, recusal_resource.fields, NULL,
                                 meeting_path(ctx, &meeting, "/recusals"),
                                 ctx_text(ctx, N_("Record it")));
    offer(ctx, form, &meeting, own_only);
    c = meeting_give_form(ctx, out, form, &meeting, "", ctx_text(ctx, N_("Stand aside")),
                          ctx_text(ctx, N_("For one item. Who stands aside does not count when the "
                                           "group decides on it.")));
    out->view = "meeting/recusal";
    json_put_new(out->document, "suggestions", suggestions_of(ctx, &meeting, true));
    json_put_bool(out->document, "others", suggestions_for_all(ctx, &meeting));
    return c ? c : tx_code(ctx->tx);
}

enum code recusal_page_suggestions(struct ctx *ctx, struct answer *out)
{
    enum code c = recusal_suggestions(ctx, out);
    return c ? c
             : meeting_below(ctx, ctx_value(ctx, "id"), out, "",
                             ctx_text(ctx, N_("Who may want to stand aside")));
}

static const char *recusal_path(struct ctx *ctx, const struct meeting_row *meeting,
                                const char *rest)
{
    return meeting_path(ctx, meeting,
                        arena_join(ctx->arena, "/recusals/", ctx_value(ctx, "recusalId"), rest,
                                   NULL));
}

/* The recusal of the path, when the caller may change it: its links say so. */
static enum code find_recusal(struct ctx *ctx, struct meeting_row *meeting)
{
    const char *id = ctx_value(ctx, "recusalId");
    bool change = false;
    json_t *link;
    size_t i;
    enum code c = meeting_find(ctx, ctx_value(ctx, "id"), meeting);
    if (!c)
        c = meeting_must_look_inside(ctx, meeting->key);
    if (c)
        return c;
    json_t *object = resource_one(ctx, &recusal_resource, id, NULL, NULL);
    bool here = object && !strcmp(json_text(object, "meetingId"), meeting->id);
    json_array_foreach(json_object_get(object, "_links"), i, link)
        change = change || !strcmp(json_text(link, "rel"), "edit");
    json_decref(object);
    if (!here)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    return change ? OK : must_may_as(ctx, ACT_KEEP_RECUSAL, 0);
}

enum code recusal_edit_form(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c = find_recusal(ctx, &meeting);
    if (c)
        return c;
    json_t *form = resource_form_of(ctx, &recusal_resource, ctx_value(ctx, "recusalId"),
                                    recusal_path(ctx, &meeting, "?_method=PATCH"),
                                    ctx_text(ctx, N_("Save")), NULL);
    return meeting_give_form(ctx, out, form, &meeting, "", ctx_text(ctx, N_("Change the recusal")),
                             NULL);
}

enum code recusal_delete_form(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c = find_recusal(ctx, &meeting);
    if (c)
        return c;
    json_t *form = meeting_removal(ctx, &recusal_resource, ctx_value(ctx, "recusalId"),
                           recusal_path(ctx, &meeting, "?_method=DELETE"));
    return meeting_give_form(ctx, out, form, &meeting, "",
                             ctx_text(ctx, N_("Take the recusal away")), NULL);
}
