/* followup_routes.c: the addresses of decisions and actions.
 *
 * Owns one row for each act; the rules are where the row points. */
#include "internal.h"

#define DECISIONS .resource = &decision_resource
#define ACTIONS .resource = &action_resource

const struct route followup_routes[] = {
    {.method = "GET", .path = "/decisions", .may = MAY_ALL, .run = decision_list,
     .view = "followup/decisions", .shape = SHAPE_LIST, DECISIONS, .query = followup_query,
     .flags = ROUTE_NO_DAY,
     .what = N_("Decisions that the caller may read, the latest first")},
    {.method = "GET", .path = "/decisions/{id}", .may = MAY_ALL, .run = decision_show,
     .view = "followup/decision", .shape = SHAPE_ONE, DECISIONS, .flags = ROUTE_NO_DAY,
     .what = N_("One decision")},
    {.method = "GET", .path = "/groups/{id}/decisions", .may = MAY_ALL,
     .run = decision_list_of_group, .view = "followup/group", .shape = SHAPE_LIST, DECISIONS,
     .query = followup_query_of_group, .flags = ROUTE_NO_DAY,
     .what = N_("A group's decisions, also of joint meetings")},
    {.method = "GET", .path = "/actions", .may = MAY_ALL, .run = action_list,
     .view = "followup/actions", .shape = SHAPE_LIST, ACTIONS, .query = followup_query,
     .flags = ROUTE_NO_DAY,
     .what = N_("Actions that the caller may read: open ones first, by their day")},
    {.method = "POST", .path = "/actions", .may = MAY_LOGIN, .run = action_create,
     .shape = SHAPE_CREATE, ACTIONS, .what = N_("Enters an action by hand")},
    {.method = "GET", .path = "/me/actions", .may = MAY_LOGIN, .run = action_list_own,
     .view = "followup/own", .shape = SHAPE_LIST, ACTIONS, .query = followup_query_of_group,
     .flags = ROUTE_NO_DAY, .what = N_("The caller's own actions")},
    {.method = "GET", .path = "/groups/{id}/actions", .may = MAY_ALL, .run = action_list_of_group,
     .view = "followup/group-actions", .shape = SHAPE_LIST, ACTIONS,
     .query = followup_query_of_group, .flags = ROUTE_NO_DAY,
     .what = N_("A group's actions, also of joint meetings")},
    {.method = "POST", .path = "/groups/{id}/actions", .may = MAY_LOGIN, .run = action_create,
     .shape = SHAPE_CREATE, ACTIONS, .form = action_new_form,
     .what = N_("Enters an action by hand")},
    {.method = "GET", .path = "/groups/{id}/actions/new", .may = MAY_LOGIN,
     .run = action_new_form, .view = "group/form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/actions/{id}", .may = MAY_ALL, .run = action_show,
     .view = "followup/action", .shape = SHAPE_ONE, ACTIONS, .flags = ROUTE_NO_DAY,
     .what = N_("One action")},
    {.method = "PATCH", .path = "/actions/{id}", .may = MAY_LOGIN, .run = action_change,
     .shape = SHAPE_CHANGE, ACTIONS, .form = action_edit_form,
     .what = N_("Done, dropped, later; those who may change the group also say what and whose")},
    {.method = "DELETE", .path = "/actions/{id}", .may = MAY_LOGIN, .run = action_remove,
     .shape = SHAPE_REMOVE, ACTIONS, .form = action_delete_form,
     .what = N_("Deletes an action that was entered by hand")},
    {.method = "GET", .path = "/actions/{id}/edit", .may = MAY_LOGIN, .run = action_edit_form,
     .view = "group/form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/actions/{id}/delete", .may = MAY_LOGIN, .run = action_delete_form,
     .view = "group/form", .shape = SHAPE_PAGE},
    {0},
};

static void link_followup(struct ctx *ctx, long long key, json_t *group)
{
    part_link_list(ctx, group, "decisions", NULL);
    part_link_list(ctx, group, "actions", may(ctx, ACT_CHANGE_GROUP, key) ? "add-action" : NULL);
    if (may(ctx, ACT_SEE_DRAFTS, key))
        part_link_list(ctx, group, "status-reports",
                       may(ctx, ACT_REPORT_STATUS, key) ? "add-status-report" : NULL);
}

const struct part followup_parts[] = {{.of = "groups", .link = link_followup}, {0}};
