/* requirement_pages.c: the routes of requirements, coverage and vacancies. Knows no SQL. */
#include <kansli/kind.h>
#include "internal.h"

#define OF_GROUP .resource = &requirement_resource
#define OF_KIND .resource = &default_requirement_resource

const struct route requirement_routes[] = {
    {.method = "GET", .path = "/groups/{id}/coverage", .may = MAY_ALL, .run = coverage_show,
     .view = "requirement/coverage", .shape = SHAPE_VIEW, .query = coverage_query,
     .reply = coverage_reply, .flags = ROUTE_CACHE,
     .what = N_("What a group should hold, and by whom it is held. With somebody less or more in "
                "the question, also what would be: after")},

    {.method = "GET", .path = "/groups/{id}/requirements", .may = MAY_ALL, .run = requirement_list,
     .view = "requirement/list", .shape = SHAPE_LIST, OF_GROUP, .flags = ROUTE_CACHE | ROUTE_NO_DAY,
     .what = N_("What a group should hold")},
    {.method = "POST", .path = "/groups/{id}/requirements", .may = MAY_LOGIN,
     .run = requirement_create, .shape = SHAPE_CREATE, OF_GROUP, .form = requirement_new_form,
     .what = N_("Adds a requirement")},
    {.method = "GET", .path = "/groups/{id}/requirements/new", .may = MAY_LOGIN,
     .run = requirement_new_form, .view = "form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/groups/{id}/requirements/{requirementId}", .may = MAY_ALL,
     .run = requirement_show, .shape = SHAPE_ONE, OF_GROUP, .what = N_("One requirement")},
    {.method = "PATCH", .path = "/groups/{id}/requirements/{requirementId}", .may = MAY_LOGIN,
     .run = requirement_change, .shape = SHAPE_CHANGE, OF_GROUP, .form = requirement_edit_form,
     .what = N_("Changes a requirement")},
    {.method = "DELETE", .path = "/groups/{id}/requirements/{requirementId}", .may = MAY_LOGIN,
     .run = requirement_remove, .shape = SHAPE_REMOVE, OF_GROUP, .form = requirement_delete_form,
     .what = N_("Takes away a requirement")},
    {.method = "POST", .path = "/groups/{id}/requirements/{requirementId}/moves",
     .may = MAY_LOGIN, .run = requirement_move, .shape = SHAPE_ACTION, OF_GROUP,
     .body = requirement_move_fields, .form = requirement_list,
     .what = N_("Moves a requirement a step up or down")},
    {.method = "GET", .path = "/groups/{id}/requirements/{requirementId}/edit", .may = MAY_LOGIN,
     .run = requirement_edit_form, .view = "form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/groups/{id}/requirements/{requirementId}/delete",
     .may = MAY_LOGIN, .run = requirement_delete_form, .view = "form", .shape = SHAPE_PAGE},

    {.method = "GET", .path = "/group-kinds/{id}/requirements", .may = MAY_ALL,
     .run = requirement_list, .view = "requirement/list", .shape = SHAPE_LIST, OF_KIND,
     .flags = ROUTE_CACHE | ROUTE_NO_DAY, .what = N_("What every group of a kind begins with")},
    {.method = "POST", .path = "/group-kinds/{id}/requirements", .may = MAY_LOGIN,
     .run = default_requirement_create, .shape = SHAPE_CREATE, OF_KIND,
     .form = requirement_new_form, .what = N_("Adds a default requirement")},
    {.method = "GET", .path = "/group-kinds/{id}/requirements/new", .may = MAY_LOGIN,
     .run = requirement_new_form, .view = "form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/group-kinds/{id}/requirements/{requirementId}", .may = MAY_ALL,
     .run = requirement_show, .shape = SHAPE_ONE, OF_KIND,
     .what = N_("One default requirement")},
    {.method = "PATCH", .path = "/group-kinds/{id}/requirements/{requirementId}",
     .may = MAY_LOGIN, .run = requirement_change, .shape = SHAPE_CHANGE, OF_KIND,
     .form = requirement_edit_form, .what = N_("Changes a default requirement")},
    {.method = "DELETE", .path = "/group-kinds/{id}/requirements/{requirementId}",
     .may = MAY_LOGIN, .run = requirement_remove, .shape = SHAPE_REMOVE, OF_KIND,
     .form = requirement_delete_form, .what = N_("Takes away a default requirement")},
    {.method = "POST", .path = "/group-kinds/{id}/requirements/{requirementId}/moves",
     .may = MAY_LOGIN, .run = requirement_move, .shape = SHAPE_ACTION, OF_KIND,
     .body = requirement_move_fields, .form = requirement_list,
     .what = N_("Moves a default requirement a step up or down")},
    {.method = "GET", .path = "/group-kinds/{id}/requirements/{requirementId}/edit",
     .may = MAY_LOGIN, .run = requirement_edit_form, .view = "form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/group-kinds/{id}/requirements/{requirementId}/delete",
     .may = MAY_LOGIN, .run = requirement_delete_form, .view = "form", .shape = SHAPE_PAGE},

    {.method = "GET", .path = "/vacancies", .may = MAY_ALL, .run = vacancies_list,
     .view = "requirement/vacancies", .shape = SHAPE_VIEW, .query = vacancies_query,
     .reply = vacancies_reply, .flags = ROUTE_CACHE | ROUTE_SLOW,
     .what = N_("What is missing in all groups, oldest first")},
    {0},
};

static void link_requirements(struct ctx *ctx, long long key, json_t *group)
{
    part_link_list(ctx, group, "requirements",
                   may(ctx, ACT_CHANGE_GROUP, key) ? "add-requirement" : NULL);
    part_link_list(ctx, group, "coverage", NULL);
}

const struct part requirement_parts[] = {
    {.of = "groups", .name = "attention", .make = attention_part},
    {.of = "groups", .name = "coverage", .make = held_part},
    {.of = "groups", .name = "coverageMatrix", .make = held_matrix_part},
    {.of = "organisations", .name = "seats", .make = seats_part},
    {.of = "groups", .link = link_requirements},
    {0},
};
