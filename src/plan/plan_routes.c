/* plan_routes.c: the addresses of plans and of what stands in them.
 *
 * Owns handlers of a few lines; what pages show beside the objects is plan_pages.c's. Knows no SQL
 * and no rule. */
#include <string.h>
#include <kansli/audit.h>
#include <kansli/organisation.h>
#include "pages.h"

static struct fixed of_plan(const struct plan_row *plan)
{
    return (struct fixed){.condition = "\"plan_key\" = ?6", .key = plan->key};
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

static enum code list_versions(struct ctx *ctx, struct answer *out)
{
    return list_within(ctx, &plan_version_resource, out);
}

static enum code show_version(struct ctx *ctx, struct answer *out)
{
    return show_within(ctx, &plan_version_resource, "versionId", out);
}

/* Also of its initiatives, remarks and positions, which the group's own history leaves to it. */
static enum code history(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = must_may(ctx, ACT_SEE_HISTORY, plan.group_key);
    if (!c)
        c = audit_list(ctx, &plan_resource, plan.key, &out->document);
    if (c)
        return c;
    if (ctx_embeds(ctx, "planId"))
        ctx_embed(ctx, out->document, "planId", json_text_new(plan.id));
    return plan_below(ctx, &plan, out, ctx_text(ctx, N_("History of the plan")));
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
    {.method = "GET", .path = "/plans", .may = MAY_ALL, .run = plan_page_list, .view = "plan/list",
     .shape = SHAPE_LIST, PLANS,
     .what = N_("Annual plans: those that are approved, and those that the caller may see before")},
    {.method = "POST", .path = "/plans", .may = MAY_LOGIN, .run = plan_create,
     .shape = SHAPE_CREATE, PLANS,
     .what = N_("Begins the plan of a group and a year, with what goes on from the last one")},
    {.method = "GET", .path = "/groups/{id}/plans", .may = MAY_ALL,
     .run = plan_page_list_of_group, .view = "plan/group", .shape = SHAPE_LIST, PLANS,
     .what = N_("A group's plans, the latest year first")},
    {.method = "POST", .path = "/groups/{id}/plans", .may = MAY_LOGIN, .run = plan_create,
     .shape = SHAPE_CREATE, PLANS, .form = plan_new_form,
     .what = N_("Begins the plan of a group and a year, with what goes on from the last one")},
    {.method = "POST", .path = "/groups/{id}/plan-decisions", .may = MAY_LOGIN,
     .run = plan_decide_many, .shape = SHAPE_ACTION, .resource = &group_resource,
     .body = plan_decisions_fields, .form = plan_decisions_form,
     .what = N_("Decides several plans of the groups that this one commissions: all of them or "
                "none")},
    {.method = "POST", .path = "/organisations/{id}/plan-decisions", .may = MAY_LOGIN,
     .run = plan_decide_many, .shape = SHAPE_ACTION, .resource = &organisation_resource,
     .body = plan_decisions_fields, .form = plan_decisions_form,
     .what = N_("Decides several plans of the area's groups that nobody commissions: all of them "
                "or none")},
    {.method = "GET", .path = "/plans/{id}", .may = MAY_ALL, .run = plan_page_show,
     .view = "plan/show",
     .shape = SHAPE_ONE, PLANS, .flags = ROUTE_NO_DAY, .what = N_("One annual plan")},
    {.method = "PATCH", .path = "/plans/{id}", .may = MAY_LOGIN, .run = plan_change,
     .shape = SHAPE_CHANGE, PLANS, .form = plan_edit_form,
     .what = N_("Changes a draft, or a plan that was returned")},
    {.method = "DELETE", .path = "/plans/{id}", .may = MAY_LOGIN, .run = plan_remove,
     .shape = SHAPE_REMOVE, PLANS, .form = plan_delete_form,
     .what = N_("Deletes a draft that was never submitted")},
    {.method = "POST", .path = "/plans/{id}/submissions", .may = MAY_LOGIN, .run = plan_submit,
     .shape = SHAPE_ACTION, PLANS,
     .form = plan_submission_form,
     .what = N_("Submits a plan to those who decide it: a version that nothing changes")},
    {.method = "POST", .path = "/plans/{id}/decisions", .may = MAY_LOGIN, .run = plan_decide,
     .shape = SHAPE_ACTION, PLANS, .body = plan_decision_fields,
     .form = plan_decision_form,
     .what = N_("Approves a plan, or returns it with a comment")},
    {.method = "POST", .path = "/plans/{id}/flags", .may = MAY_LOGIN, .run = plan_page_flag,
     .shape = SHAPE_ACTION, PLANS, .body = plan_flag_fields,
     .what = N_("Notes whether a submitted plan is taken up at a meeting")},
    {.method = "POST", .path = "/plans/{id}/follow-ups", .may = MAY_LOGIN, .run = plan_follow_up,
     .shape = SHAPE_ACTION, PLANS, .body = plan_follow_up_fields,
     .form = plan_follow_up_form,
     .what = N_("Follows up an approved plan at the year's end")},
    {.method = "GET", .path = "/plans/{id}/comparison", .may = MAY_ALL,
     .run = plan_page_comparison, .view = "plan/comparison", .shape = SHAPE_VIEW,
     .query = plan_page_comparison_query, .reply = plan_comparison_reply,
     .flags = ROUTE_SLOW | ROUTE_NO_DAY,
     .what = N_("What differs between two plans or two versions, word by word and initiative by "
                "initiative")},
    {.method = "GET", .path = "/plans/{id}/history", .may = MAY_LOGIN, .run = history,
     .view = "plan/history", .shape = SHAPE_LIST, .resource = &audit_resource,
     .flags = ROUTE_NO_DAY,
     .what = N_("Everything that happened to a plan and to what is in it, the newest first")},
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
     .run = initiative_create, .shape = SHAPE_CREATE, INITIATIVES, .form = initiative_new_form,
     .what = N_("Adds an initiative to a plan that is written")},
    {.method = "GET", .path = "/plans/{id}/initiatives/{initiativeId}", .may = MAY_ALL,
     .run = initiative_page_show, .view = "plan/initiative", .shape = SHAPE_ONE, INITIATIVES,
     .flags = ROUTE_NO_DAY,
     .what = N_("One initiative")},
    {.method = "PATCH", .path = "/plans/{id}/initiatives/{initiativeId}", .may = MAY_LOGIN,
     .run = initiative_change, .shape = SHAPE_CHANGE, INITIATIVES, .form = initiative_edit_form,
     .what = N_("Changes an initiative; of an approved plan its progress, outcome and deviation, "
                "and a responsible group where there is none")},
    {.method = "DELETE", .path = "/plans/{id}/initiatives/{initiativeId}", .may = MAY_LOGIN,
     .run = initiative_remove, .shape = SHAPE_REMOVE, INITIATIVES, .form = initiative_delete_form,
     .what = N_("Takes an initiative out of a plan that is written")},
    {.method = "POST", .path = "/plans/{id}/initiative-orders", .may = MAY_LOGIN,
     .run = initiative_order, .shape = SHAPE_ACTION, PLANS, .body = initiative_order_fields,
     .what = N_("Puts all initiatives of a plan that is written in an order")},
    {0},
};

#define REMARKS .resource = &remark_resource
#define POSITIONS .resource = &position_resource

const struct route remark_routes[] = {
    {.method = "GET", .path = "/plans/{id}/remarks", .may = MAY_LOGIN, .run = list_remarks,
     .shape = SHAPE_LIST, REMARKS, .flags = ROUTE_NO_DAY,
     .what = N_("What reviewers have asked of a plan, with the answers")},
    {.method = "POST", .path = "/plans/{id}/remarks", .may = MAY_LOGIN, .run = remark_create,
     .shape = SHAPE_CREATE, REMARKS, .form = remark_new_form,
     .what = N_("A remark on a submitted plan or one of its initiatives, by who decides it")},
    {.method = "GET", .path = "/plans/{id}/remarks/{remarkId}", .may = MAY_LOGIN,
     .run = show_remark, .shape = SHAPE_ONE, REMARKS, .flags = ROUTE_NO_DAY,
     .what = N_("One remark")},
    {.method = "PATCH", .path = "/plans/{id}/remarks/{remarkId}", .may = MAY_LOGIN,
     .run = remark_change, .shape = SHAPE_CHANGE, REMARKS, .form = remark_edit_form,
     .what = N_("Answers a remark, as the programme area; marks it resolved, as a reviewer; words "
                "it otherwise, as who made it")},
    {.method = "GET", .path = "/plans/{id}/positions", .may = MAY_LOGIN, .run = list_positions,
     .shape = SHAPE_LIST, POSITIONS, .flags = ROUTE_NO_DAY,
     .what = N_("Where each reviewer stands")},
    {.method = "POST", .path = "/plans/{id}/positions", .may = MAY_LOGIN, .run = position_create,
     .shape = SHAPE_CREATE, POSITIONS, .form = position_new_form,
     .what = N_("A position on a submitted plan, before it is decided")},
    {.method = "GET", .path = "/plans/{id}/positions/{positionId}", .may = MAY_LOGIN,
     .run = show_position, .shape = SHAPE_ONE, POSITIONS, .flags = ROUTE_NO_DAY,
     .what = N_("One position")},
    {.method = "PATCH", .path = "/plans/{id}/positions/{positionId}", .may = MAY_LOGIN,
     .run = position_change, .shape = SHAPE_CHANGE, POSITIONS, .form = position_edit_form,
     .what = N_("Changes one's own position until the plan is decided")},
    {0},
};
