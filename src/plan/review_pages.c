/* review_pages.c: the pages of those who decide a plan: the plan beside the last one, remarks on
 * its rows, positions, the decision.
 *
 * Owns what those pages show and what their forms begin with. Rights and rules are asked by the
 * same functions as when a form is sent. Knows no SQL. */
#include <string.h>
#include "pages.h"

/* ---------------------------------------------------------------- one plan beside the last one */

const struct field plan_review_query[] = {
    {.name = "with", .label = N_("Compared with"), .type = T_TEXT, .max = 36},
    {.name = "show", .label = N_("Show"), .type = T_ENUM, .values = plan_ways},
    {0},
};

static void add_remarks(const json_t *document, const json_t *remarks)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(document, "initiatives"), i, one) {
        const char *id = json_text(one, "id");
        json_put_new(one, "remarks", id ? plan_remarks_of(remarks, id) : json_array());
    }
}

static bool has_link(const json_t *object, const char *rel)
{
    size_t i;
    json_t *link;
    json_array_foreach(json_object_get(object, "_links"), i, link)
        if (!strcmp(json_text(link, "rel"), rel))
            return true;
    return false;
}

/* The positions, and the reader's own on the version that awaits a decision. */
static json_t *positions_of(struct ctx *ctx, const struct plan_row *plan, const char **own)
{
    struct fixed of_plan = {.condition = "\"plan_key\" = ?6", .key = plan->key};
    json_t *positions = resource_items(ctx, &position_resource, of_plan), *one;
    size_t i;
    *own = NULL;
    json_array_foreach(positions, i, one) {
        if (json_int(one, "version", 0) != plan->number)
            continue;
        json_t *object = resource_one(ctx, &position_resource, json_text(one, "id"), NULL, NULL);
        if (has_link(object, "edit"))
            *own = arena_strdup(ctx->arena, json_text(one, "id"));
        json_decref(object);
    }
    return positions;
}

static json_t *position_form(struct ctx *ctx, const struct plan_row *plan)
{
    return resource_form(ctx, position_resource.fields, NULL, plan_path(ctx, plan, "/positions"),
                         ctx_text(ctx, N_("Take the position")));
}

/* About the version that was read; the page says it unseen. */
static json_t *decision_form(struct ctx *ctx, const struct plan_row *plan)
{
    json_t *form = resource_form(ctx, plan_decision_fields, NULL,
                                 plan_path(ctx, plan, "/decisions"),
                                 ctx_text(ctx, N_("Record the decision")));
    plan_form_drop(form, "version");
    json_put(form, "preview", NULL);
    json_put(form, "cancel", plan_path(ctx, plan, ""));
    json_put(form, "number", arena_int(ctx->arena, plan->number));
    return form;
}

static void embed_review(struct ctx *ctx, json_t *document, const struct plan_row *plan)
{
    struct plan_rights rights;
    const char *own;
    plan_rights(ctx, plan, &rights);
    json_t *remarks = plan_remarks(ctx, plan, &rights);
    json_t *positions = positions_of(ctx, plan, &own);
    const char *from = json_text(json_object_get(document, "from"), "id");
    const char *queue = plan_queue_path(ctx, plan);
    add_remarks(document, remarks);
    ctx_embed(ctx, document, "plan", resource_one(ctx, &plan_resource, plan->id, NULL, NULL));
    ctx_embed(ctx, document, "rights", plan_rights_document(&rights));
    ctx_embed(ctx, document, "planRemarks", plan_remarks_of(remarks, NULL));
    ctx_embed(ctx, document, "positions", positions);
    ctx_embed(ctx, document, "ownPosition", own ? json_text_new(own) : json_null());
    ctx_embed(ctx, document, "positionForm",
              rights.decide && !own ? position_form(ctx, plan) : json_null());
    ctx_embed(ctx, document, "decisionForm",
              rights.decide ? decision_form(ctx, plan) : json_null());
    ctx_embed(ctx, document, "with", plan_choices(ctx, plan, from, true));
    ctx_embed(ctx, document, "queue", queue ? json_text_new(queue) : json_null());
    plan_embed_ways(ctx, document);
    json_decref(remarks);
}

enum code plan_page_review(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_in_path(ctx, &plan);
    if (!c && !plan_is_inside(ctx, &plan))
        c = plan_must_review(ctx, &plan);
    if (!c)
        c = plan_compare_shown(ctx, out);
    if (c)
        return c;
    embed_review(ctx, out->document, &plan);
    return plan_below(ctx, &plan, out,
                      ctx_textf(ctx, N_("Review of the plan for {year}"), "year",
                                arena_int(ctx->arena, plan.year), NULL));
}

/* ---------------------------------------------------------------- remarks */

const struct field remark_new_query[] = {
    {.name = "initiativeId", .label = N_("Initiative"), .type = T_UUID},
    {0},
};

static json_t *titles_of(struct ctx *ctx, const struct plan_row *plan)
{
    struct fixed of_plan = {.condition = "\"plan_key\" = ?6", .key = plan->key};
    json_t *items = resource_items(ctx, &initiative_resource, of_plan), *rows = json_array(), *one;
    size_t i;
    json_array_foreach(items, i, one)
        json_push(rows, json_pack("{s:O, s:O}", "value", json_object_get(one, "id"), "label",
                                  json_object_get(one, "title")));
    json_decref(items);
    return rows;
}

enum code remark_new_form(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = plan_must_review(ctx, &plan);
    if (c)
        return c;
    json_t *form = resource_form(ctx, remark_resource.fields, NULL,
                                 plan_path(ctx, &plan, "/remarks"),
                                 ctx_text(ctx, N_("Make the remark")));
    const char *about = ctx_query(ctx, "initiativeId");
    json_t *field = plan_form_field(form, "initiativeId");
    if (about && !ctx->err->code)
        json_put(field, "value", about);
    plan_form_drop(form, "answer");
    plan_form_drop(form, "resolved");
    plan_form_select(ctx, form, "initiativeId", titles_of(ctx, &plan));
    return plan_give_form(ctx, out, form, &plan, ctx_text(ctx, N_("New remark")), NULL);
}

/* Each hand its own part: the answer, whether it is resolved, the words. */
enum code remark_edit_form(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    struct plan_rights rights;
    const char *id = ctx_value(ctx, "remarkId");
    json_t *remark = NULL;
    enum code c = plan_in_path(ctx, &plan);
    if (c)
        return c;
    plan_rights(ctx, &plan, &rights);
    if (!rights.answer && !rights.review) {
        c = ctx->err->code ? ctx->err->code : plan_must_review(ctx, &plan);
        return c ? c : plan_must_wait(ctx, &plan);
    }
    json_t *form = resource_form_of(ctx, &remark_resource, id,
                                    plan_path(ctx, &plan, arena_join(ctx->arena, "/remarks/", id,
                                                                     "?_method=PATCH", NULL)),
                                    ctx_text(ctx, N_("Save")), &remark);
    if (!form || strcmp(json_text(remark, "planId"), plan.id)) {
        json_decref(form);
        json_decref(remark);
        return plan_give_form(ctx, out, NULL, &plan, NULL, NULL);
    }
    bool answered = json_text(remark, "answer") != NULL;
    const char *said = arena_strdup(ctx->arena, json_text(remark, "text"));
    json_decref(remark);
    if (!rights.answer)
        plan_form_drop(form, "answer");
    if (!rights.review)
        plan_form_drop(form, "resolved");
    if (!rights.review || answered)
        plan_form_drop(form, "text");
    c = plan_give_form(ctx, out, form, &plan,
                       ctx_text(ctx, rights.answer ? N_("Answer the remark")
                                                   : N_("Change the remark")),
                       NULL);
    if (!c && !plan_form_field(form, "text"))
        json_put(out->document, "said", said);
    return c;
}

/* ---------------------------------------------------------------- positions */

enum code position_new_form(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = plan_must_review(ctx, &plan);
    if (c)
        return c;
    return plan_give_form(ctx, out, position_form(ctx, &plan), &plan,
                          ctx_text(ctx, N_("Take a position")),
                          ctx_text(ctx, N_("It is read by those who decide and by the programme "
                                           "area. It binds nobody.")));
}

static enum code must_be_own(struct ctx *ctx, const struct plan_row *plan, const char *id)
{
    json_t *position = resource_one(ctx, &position_resource, id, NULL, NULL);
    bool here = position && !strcmp(json_text(position, "planId"), plan->id);
    bool own = here && has_link(position, "edit");
    json_decref(position);
    if (!here)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    if (own || ctx->err->code) /* what failed first stays said */
        return OK;
    return ctx_fail(ctx, E_DENIED, "position-of-another",
                    N_("A position is changed by who took it."));
}

enum code position_edit_form(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    const char *id = ctx_value(ctx, "positionId");
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = plan_must_review(ctx, &plan);
    if (!c)
        c = must_be_own(ctx, &plan, id);
    if (c)
        return c;
    json_t *form = resource_form_of(ctx, &position_resource, id,
                                    plan_path(ctx, &plan, arena_join(ctx->arena, "/positions/", id,
                                                                     "?_method=PATCH", NULL)),
                                    ctx_text(ctx, N_("Save")), NULL);
    return plan_give_form(ctx, out, form, &plan, ctx_text(ctx, N_("Change your position")), NULL);
}

/* ---------------------------------------------------------------- the decision */

enum code plan_decision_form(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = plan_must_review(ctx, &plan);
    if (!c && !ctx->err->code)
        c = plan_must_wait(ctx, &plan);
    if (c)
        return c;
    c = plan_give_form(ctx, out, decision_form(ctx, &plan), &plan,
                       ctx_textf(ctx, N_("Decide the plan for {year}"), "year",
                                 arena_int(ctx->arena, plan.year), NULL),
                       ctx_text(ctx, N_("An approved plan is public. The officers of the "
                                        "programme area are told by mail.")));
    out->view = "plan/decide";
    return c;
}
