/* plan_routes.c: the addresses of plans, and what their pages show beside the object.
 *
 * Owns handlers of a few lines. Knows no SQL and no rule. */
#include <string.h>
#include "internal.h"

static struct fixed of_plan(const struct plan_row *plan)
{
    return (struct fixed){.condition = "\"plan_key\" = ?6", .key = plan->key};
}

/* ---------------------------------------------------------------- plans */

static enum code list_all(struct ctx *ctx, struct answer *out)
{
    out->title = ctx_text(ctx, N_("Plans"));
    return resource_list(ctx, &plan_resource, (struct fixed){0}, &out->document);
}

static enum code list_group(struct ctx *ctx, struct answer *out)
{
    enum code c;
    const char *id = ctx_value(ctx, "id");
    struct fixed within = {.condition = "\"group_key\" = ?6", .key = group_in_path(ctx, out, &c)};
    if (!within.key)
        return c;
    c = resource_list(ctx, &plan_resource, within, &out->document);
    if (c)
        return c;
    if (may(ctx, ACT_CHANGE_GROUP, within.key))
        ctx_link(ctx, out->document, "create", "POST",
                 arena_printf(ctx->arena, "/groups/%s/plans", id));
    ctx->as_support = false; /* asked, not done */
    return group_below(ctx, id, out, "/plans", ctx_text(ctx, N_("Plans")));
}

/* Of one that is written: as the register is now; else as it was when the plan was submitted. */
static json_t *facts_of(struct ctx *ctx, const struct plan_row *plan)
{
    if (plan_is_open(plan))
        return plan_facts(ctx, plan->group_key, (int)plan->year - 1);
    return plan_frozen_facts(ctx, plan->key);
}

static void embed_all(struct ctx *ctx, json_t *document, const struct plan_row *plan)
{
    bool inside = json_object_get(document, "openRemarkCount") != NULL;
    if (ctx_embeds(ctx, "initiatives"))
        ctx_embed(ctx, document, "initiatives",
                  resource_items(ctx, &initiative_resource, of_plan(plan)));
    if (ctx_embeds(ctx, "remarks"))
        ctx_embed(ctx, document, "remarks", resource_items(ctx, &remark_resource, of_plan(plan)));
    if (ctx_embeds(ctx, "positions"))
        ctx_embed(ctx, document, "positions",
                  resource_items(ctx, &position_resource, of_plan(plan)));
    if (ctx_embeds(ctx, "decisions"))
        ctx_embed(ctx, document, "decisions", plan_decisions(ctx, plan, inside));
    if (ctx_embeds(ctx, "facts"))
        ctx_embed(ctx, document, "facts", facts_of(ctx, plan));
    if (ctx_embeds(ctx, "before"))
        ctx_embed(ctx, document, "before", plan_before(ctx, plan));
}

static enum code show(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = resource_answer(ctx, &plan_resource, plan.id, out);
    if (c)
        return c;
    embed_all(ctx, out->document, &plan);
    return group_below(ctx, plan.group_id, out, "/plans",
                       ctx_textf(ctx, N_("Plan for {year}"), "year",
                                 arena_printf(ctx->arena, "%lld", plan.year), NULL));
}

/* ---------------------------------------------------------------- what is in a plan */

static enum code list_within(struct ctx *ctx, const struct resource *r, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_in_path(ctx, &plan);
    return c ? c : resource_list(ctx, r, of_plan(&plan), &out->document);
}

/* One of them, when it stands in the plan of the path. */
static enum code show_within(struct ctx *ctx, const struct resource *r, const char *name,
                             struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = resource_answer(ctx, r, ctx_value(ctx, name), out);
    if (c || !strcmp(json_text(out->document, "planId"), plan.id))
        return c;
    json_decref(out->document);
    out->document = NULL;
    return ctx_absent(ctx);
}

static enum code list_initiatives(struct ctx *ctx, struct answer *out)
{
    return list_within(ctx, &initiative_resource, out);
}

static enum code show_initiative(struct ctx *ctx, struct answer *out)
{
    return show_within(ctx, &initiative_resource, "initiativeId", out);
}

static enum code list_versions(struct ctx *ctx, struct answer *out)
{
    return list_within(ctx, &plan_version_resource, out);
}

static enum code show_version(struct ctx *ctx, struct answer *out)
{
    return show_within(ctx, &plan_version_resource, "versionId", out);
}

/* Remarks and positions are for those inside: that there are none is told to nobody else. */
static enum code must_be_inside(struct ctx *ctx, struct plan_row *plan)
{
    enum code c = plan_in_path(ctx, plan);
    if (c || plan_is_inside(ctx, plan))
        return c;
    return must_may(ctx, ACT_SEE_DRAFTS, plan->group_key);
}

static enum code list_inside(struct ctx *ctx, const struct resource *r, struct answer *out)
{
    struct plan_row plan;
    enum code c = must_be_inside(ctx, &plan);
    return c ? c : resource_list(ctx, r, of_plan(&plan), &out->document);
}

static enum code show_inside(struct ctx *ctx, const struct resource *r, const char *name,
                             struct answer *out)
{
    struct plan_row plan;
    enum code c = must_be_inside(ctx, &plan);
    return c ? c : show_within(ctx, r, name, out);
}

static enum code list_remarks(struct ctx *ctx, struct answer *out)
{
    return list_inside(ctx, &remark_resource, out);
}

static enum code show_remark(struct ctx *ctx, struct answer *out)
{
    return show_inside(ctx, &remark_resource, "remarkId", out);
}

static enum code list_positions(struct ctx *ctx, struct answer *out)
{
    return list_inside(ctx, &position_resource, out);
}

static enum code show_position(struct ctx *ctx, struct answer *out)
{
    return show_inside(ctx, &position_resource, "positionId", out);
}

/* ---------------------------------------------------------------- routes */

#define PLANS .resource = &plan_resource

const struct route plan_routes[] = {
    {.method = "GET", .path = "/plans", .may = MAY_ALL, .run = list_all, .view = "plan/list",
     .shape = SHAPE_LIST, PLANS, .flags = ROUTE_NO_DAY,
     .what = N_("Annual plans: those that are approved, and those that the caller may see before")},
    {.method = "POST", .path = "/plans", .may = MAY_LOGIN, .run = plan_create,
     .shape = SHAPE_CREATE, PLANS,
     .what = N_("Begins the plan of a group and a year, with what goes on from the last one")},
    {.method = "GET", .path = "/groups/{id}/plans", .may = MAY_ALL, .run = list_group,
     .view = "plan/group", .shape = SHAPE_LIST, PLANS, .flags = ROUTE_NO_DAY,
     .what = N_("A group's plans, the latest year first")},
    {.method = "POST", .path = "/groups/{id}/plans", .may = MAY_LOGIN, .run = plan_create,
     .shape = SHAPE_CREATE, PLANS,
     .what = N_("Begins the plan of a group and a year, with what goes on from the last one")},
    {.method = "POST", .path = "/groups/{id}/plan-decisions", .may = MAY_LOGIN,
     .run = plan_decide_many, .shape = SHAPE_ACTION, .resource = &group_resource,
     .body = plan_decisions_fields,
     .what = N_("Decides several plans of the groups that this one commissions: all of them or "
                "none")},
    {.method = "GET", .path = "/plans/{id}", .may = MAY_ALL, .run = show, .view = "plan/show",
     .shape = SHAPE_ONE, PLANS, .flags = ROUTE_NO_DAY, .what = N_("One annual plan")},
    {.method = "PATCH", .path = "/plans/{id}", .may = MAY_LOGIN, .run = plan_change,
     .shape = SHAPE_CHANGE, PLANS, .what = N_("Changes a draft, or a plan that was returned")},
    {.method = "DELETE", .path = "/plans/{id}", .may = MAY_LOGIN, .run = plan_remove,
     .shape = SHAPE_REMOVE, PLANS, .what = N_("Deletes a draft that was never submitted")},
    {.method = "POST", .path = "/plans/{id}/submissions", .may = MAY_LOGIN, .run = plan_submit,
     .shape = SHAPE_ACTION, PLANS,
     .what = N_("Submits a plan to those who decide it: a version that nothing changes")},
    {.method = "POST", .path = "/plans/{id}/decisions", .may = MAY_LOGIN, .run = plan_decide,
     .shape = SHAPE_ACTION, PLANS, .body = plan_decision_fields,
     .what = N_("Approves a plan, or returns it with a comment")},
    {.method = "POST", .path = "/plans/{id}/flags", .may = MAY_LOGIN, .run = plan_flag,
     .shape = SHAPE_ACTION, PLANS, .body = plan_flag_fields,
     .what = N_("Notes whether a submitted plan is taken up at a meeting")},
    {.method = "POST", .path = "/plans/{id}/follow-ups", .may = MAY_LOGIN, .run = plan_follow_up,
     .shape = SHAPE_ACTION, PLANS, .body = plan_follow_up_fields,
     .what = N_("Follows up an approved plan at the year's end")},
    {.method = "GET", .path = "/plans/{id}/comparison", .may = MAY_ALL, .run = plan_compare,
     .shape = SHAPE_VIEW, .query = plan_comparison_query, .reply = plan_comparison_reply,
     .flags = ROUTE_SLOW | ROUTE_NO_DAY,
     .what = N_("What differs between two plans or two versions, word by word and initiative by "
                "initiative")},
    {.method = "GET", .path = "/plans/{id}/versions", .may = MAY_ALL, .run = list_versions,
     .shape = SHAPE_LIST, .resource = &plan_version_resource, .flags = ROUTE_NO_DAY,
     .what = N_("A plan as it was submitted, each time; for all but those inside the one that was "
                "approved")},
    {.method = "GET", .path = "/plans/{id}/versions/{versionId}", .may = MAY_ALL,
     .run = show_version, .shape = SHAPE_ONE, .resource = &plan_version_resource,
     .flags = ROUTE_NO_DAY, .what = N_("A plan as it was submitted")},
    {0},
};

#define INITIATIVES .resource = &initiative_resource

const struct route initiative_routes[] = {
    {.method = "GET", .path = "/plans/{id}/initiatives", .may = MAY_ALL, .run = list_initiatives,
     .shape = SHAPE_LIST, INITIATIVES, .flags = ROUTE_NO_DAY,
     .what = N_("What a plan means to do, in its order")},
    {.method = "POST", .path = "/plans/{id}/initiatives", .may = MAY_LOGIN,
     .run = initiative_create, .shape = SHAPE_CREATE, INITIATIVES,
     .what = N_("Adds an initiative to a plan that is written")},
    {.method = "GET", .path = "/plans/{id}/initiatives/{initiativeId}", .may = MAY_ALL,
     .run = show_initiative, .shape = SHAPE_ONE, INITIATIVES, .flags = ROUTE_NO_DAY,
     .what = N_("One initiative")},
    {.method = "PATCH", .path = "/plans/{id}/initiatives/{initiativeId}", .may = MAY_LOGIN,
     .run = initiative_change, .shape = SHAPE_CHANGE, INITIATIVES,
     .what = N_("Changes an initiative; of an approved plan its progress, outcome and deviation, "
                "and a responsible group where there is none")},
    {.method = "DELETE", .path = "/plans/{id}/initiatives/{initiativeId}", .may = MAY_LOGIN,
     .run = initiative_remove, .shape = SHAPE_REMOVE, INITIATIVES,
     .what = N_("Takes an initiative out of a plan that is written")},
    {0},
};

#define REMARKS .resource = &remark_resource
#define POSITIONS .resource = &position_resource

const struct route remark_routes[] = {
    {.method = "GET", .path = "/plans/{id}/remarks", .may = MAY_LOGIN, .run = list_remarks,
     .shape = SHAPE_LIST, REMARKS, .flags = ROUTE_NO_DAY,
     .what = N_("What reviewers have asked of a plan, with the answers")},
    {.method = "POST", .path = "/plans/{id}/remarks", .may = MAY_LOGIN, .run = remark_create,
     .shape = SHAPE_CREATE, REMARKS,
     .what = N_("A remark on a submitted plan or one of its initiatives, by who decides it")},
    {.method = "GET", .path = "/plans/{id}/remarks/{remarkId}", .may = MAY_LOGIN,
     .run = show_remark, .shape = SHAPE_ONE, REMARKS, .flags = ROUTE_NO_DAY,
     .what = N_("One remark")},
    {.method = "PATCH", .path = "/plans/{id}/remarks/{remarkId}", .may = MAY_LOGIN,
     .run = remark_change, .shape = SHAPE_CHANGE, REMARKS,
     .what = N_("Answers a remark, as the programme area; marks it resolved, as a reviewer; words "
                "it otherwise, as who made it")},
    {.method = "GET", .path = "/plans/{id}/positions", .may = MAY_LOGIN, .run = list_positions,
     .shape = SHAPE_LIST, POSITIONS, .flags = ROUTE_NO_DAY,
     .what = N_("Where each reviewer stands")},
    {.method = "POST", .path = "/plans/{id}/positions", .may = MAY_LOGIN, .run = position_create,
     .shape = SHAPE_CREATE, POSITIONS,
     .what = N_("A position on a submitted plan, before it is decided")},
    {.method = "GET", .path = "/plans/{id}/positions/{positionId}", .may = MAY_LOGIN,
     .run = show_position, .shape = SHAPE_ONE, POSITIONS, .flags = ROUTE_NO_DAY,
     .what = N_("One position")},
    {.method = "PATCH", .path = "/plans/{id}/positions/{positionId}", .may = MAY_LOGIN,
     .run = position_change, .shape = SHAPE_CHANGE, POSITIONS,
     .what = N_("Changes one's own position until the plan is decided")},
    {0},
};

const struct route plan_page_routes[] = {{0}};
const struct part plan_parts[] = {{0}};
