/* initiative_pages.c: the page of an initiative with what hangs on it on the levels below, and the
 * forms in which initiatives are written, put in order and taken out.
 *
 * Owns what the forms begin with. An order is changed by buttons that work without a script: each
 * sends the whole order with what moves. Knows no SQL and no rule. */
#include <stdlib.h>
#include <string.h>
#include <kansli/person.h>
#include "pages.h"

static const char *path_of(struct ctx *ctx, const struct plan_row *plan, const char *rest)
{
    return plan_path(ctx, plan,
                     arena_join(ctx->arena, "/initiatives/", ctx_value(ctx, "initiativeId"), rest,
                                NULL));
}

/* The initiative of the path, in the plan of the path: new reference, NULL with *c said. */
static json_t *find(struct ctx *ctx, const struct plan_row *plan, long long *version, enum code *c)
{
    json_t *object = resource_one(ctx, &initiative_resource, ctx_value(ctx, "initiativeId"), NULL,
                                  version);
    *c = OK;
    if (object && !strcmp(json_text(object, "planId"), plan->id))
        return object;
    json_decref(object);
    *c = tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    return NULL;
}

/* ---------------------------------------------------------------- read */

static void embed_place(struct ctx *ctx, json_t *document, const struct plan_row *plan)
{
    struct plan_rights rights;
    const char *id = json_text(document, "id"), *parent = json_text(document, "parentInitiativeId");
    json_t *below = initiative_below(ctx, id);
    plan_rights(ctx, plan, &rights);
    json_t *remarks = plan_remarks(ctx, plan, &rights);
    const char *words = initiative_tally(ctx, below);
    ctx_embed(ctx, document, "belowWords", words ? json_text_new(words) : json_null());
    ctx_embed(ctx, document, "below", below);
    ctx_embed(ctx, document, "above",
              parent ? resource_one(ctx, &initiative_resource, parent, NULL, NULL) : json_null());
    ctx_embed(ctx, document, "remarks", plan_remarks_of(remarks, id));
    ctx_embed(ctx, document, "rights", plan_rights_document(&rights));
    ctx_embed(ctx, document, "year", json_integer(plan->year));
    json_decref(remarks);
}

enum code initiative_page_show(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        out->document = find(ctx, &plan, &out->version, &c);
    if (c || !ctx_page(ctx))
        return c;
    embed_place(ctx, out->document, &plan);
    const char *title = arena_strdup(ctx->arena, json_text(out->document, "title"));
    return plan_below(ctx, &plan, out, title);
}

/* ---------------------------------------------------------------- written */

static json_t *numbers(struct ctx *ctx, int most)
{
    json_t *rows = json_array();
    for (int n = 1; n <= most; n++)
        json_push(rows, json_pack("{s:s, s:s}", "value", arena_int(ctx->arena, n), "label",
                                  arena_int(ctx->arena, n)));
    return rows;
}

static json_t *areas_of(const json_t *plan)
{
    json_t *rows = json_array(), *area;
    size_t i;
    json_array_foreach(json_object_get(plan, "focusAreas"), i, area)
        json_push(rows, json_pack("{s:O, s:O}", "value", area, "label", area));
    return rows;
}

/* What can be chosen is chosen; a focus area is written where the plan has none. */
static void offer(struct ctx *ctx, json_t *form, const struct plan_row *plan)
{
    json_t *object = resource_one(ctx, &plan_resource, plan->id, NULL, NULL);
    json_t *areas = areas_of(object);
    json_decref(object);
    if (json_array_size(areas))
        plan_form_select(ctx, form, "focusArea", areas);
    else
        json_decref(areas);
    plan_form_select(ctx, form, "gapId", plan_gaps(ctx, plan));
    plan_form_select(ctx, form, "parentInitiativeId", plan_initiatives_above(ctx, plan));
    plan_form_select(ctx, form, "priority", numbers(ctx, 4));
}

static const char *const later[] = {"progress", "outcome", "deviation"};

enum code initiative_new_form(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_find_to_write(ctx, &plan);
    if (c)
        return c;
    json_t *form = resource_form(ctx, initiative_resource.fields, NULL,
                                 plan_path(ctx, &plan, "/initiatives"),
                                 ctx_text(ctx, N_("Add the initiative")));
    plan_form_drop(form, "position"); /* last; the order has a page of its own */
    for (size_t i = 0; i < LEN(later); i++)
        plan_form_drop(form, later[i]);
    offer(ctx, form, &plan);
    return plan_give_form(ctx, out, form, &plan, ctx_text(ctx, N_("New initiative")), NULL);
}

/* Of a plan that is decided only what became of it is written, and who carries out what nobody
 * did. */
static void keep_later(json_t *form, const json_t *object)
{
    for (const struct field *field = initiative_resource.fields; field->name; field++) {
        bool keep = !strcmp(field->name, "groupId") && !json_text(object, "groupId");
        for (size_t i = 0; i < LEN(later); i++)
            keep = keep || !strcmp(field->name, later[i]);
        if (!keep)
            plan_form_drop(form, field->name);
    }
}

enum code initiative_edit_form(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    long long version;
    enum code c = plan_in_path(ctx, &plan);
    json_t *object = c ? NULL : find(ctx, &plan, &version, &c);
    if (!c)
        c = must_may(ctx, ACT_CHANGE_GROUP, plan.group_key);
    bool open = !c && plan_is_open(&plan);
    if (!c && !ctx->err->code && !open && strcmp(plan.state, "approved"))
        c = plan_must_be_open(ctx, &plan);
    json_t *form = c ? NULL
                     : resource_form_of(ctx, &initiative_resource, ctx_value(ctx, "initiativeId"),
                                        path_of(ctx, &plan, "?_method=PATCH"),
                                        ctx_text(ctx, N_("Save")), NULL);
    if (form && open) {
        plan_form_drop(form, "position");
        for (size_t i = 0; i < LEN(later); i++)
            plan_form_drop(form, later[i]);
        offer(ctx, form, &plan);
    } else if (form) {
        keep_later(form, object);
    }
    const char *title = object ? arena_strdup(ctx->arena, json_text(object, "title")) : NULL;
    json_decref(object);
    return c ? c
             : plan_give_form(ctx, out, form, &plan,
                              ctx_text(ctx, open ? N_("Change the initiative")
                                                 : N_("How the initiative goes")),
                              title);
}

enum code initiative_delete_form(struct ctx *ctx, struct answer *out)
{
    static const struct field nothing[] = {{0}};
    struct plan_row plan;
    long long version = 0;
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = must_may(ctx, ACT_CHANGE_GROUP, plan.group_key);
    json_t *object = c ? NULL : find(ctx, &plan, &version, &c);
    if (c)
        return c;
    const char *title = arena_strdup(ctx->arena, json_text(object, "title"));
    json_decref(object);
    json_t *form = resource_form(ctx, nothing, NULL, path_of(ctx, &plan, "?_method=DELETE"),
                                 ctx_text(ctx, N_("Take away")));
    json_put(form, "version", arena_int(ctx->arena, version));
    return plan_give_form(ctx, out, form, &plan,
                          ctx_text(ctx, N_("Take the initiative out of the plan")), title);
}

/* ---------------------------------------------------------------- their order */

enum code initiative_order_form(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_find_to_write(ctx, &plan);
    if (c)
        return c;
    struct fixed of_plan = {.condition = "\"plan_key\" = ?6", .key = plan.key};
    json_t *document = out->document = json_object();
    json_t *rows = resource_items(ctx, &initiative_resource, of_plan), *row;
    size_t i;
    json_array_foreach(rows, i, row)
        json_put_int(row, "at", (long long)i);
    json_put_new(document, "initiatives", rows);
    json_put(document, "action", ctx->path);
    json_put(document, "cancel", plan_path(ctx, &plan, ""));
    json_put_new(document, "form",
                 resource_form(ctx, initiative_order_fields, NULL, ctx->path, ""));
    out->view = "plan/order";
    return plan_below(ctx, &plan, out, ctx_text(ctx, N_("Order of the initiatives")));
}

/* "2:up": the third changes places with the one before it. What points outside moves nothing. */
static void move(json_t *ids, const char *what)
{
    char *end;
    unsigned long at = strtoul(what, &end, 10), n = json_array_size(ids);
    bool up = !strcmp(end, ":up");
    if (end == what || (!up && strcmp(end, ":down")) || at >= n || (up ? !at : at + 1 >= n))
        return;
    json_t *id = json_incref(json_array_get(ids, at));
    json_array_remove(ids, at);
    json_array_insert_new(ids, up ? at - 1 : at + 1, id);
}

/* Empty texts only say that a list was shown. */
static json_t *ids_sent(struct ctx *ctx)
{
    json_t *ids = json_array(), *one;
    size_t i;
    json_array_foreach(json_object_get(ctx->body->values, "initiativeIds"), i, one)
        if (json_is_string(one) && *json_string_value(one))
            json_array_append(ids, one);
    return ids;
}

enum code initiative_order_send(struct ctx *ctx, struct answer *out)
{
    const char *what = json_text(ctx->body->values, "move");
    json_t *sent = json_object(), *ids = json_put_new(sent, "initiativeIds", ids_sent(ctx));
    const char *see = arena_strdup(ctx->arena, ctx->path);
    if (what)
        move(ids, what);
    enum code c = create_with(ctx, initiative_order, sent, out);
    json_decref(sent);
    if (what)
        out->see = see; /* one more step may follow */
    return c;
}
