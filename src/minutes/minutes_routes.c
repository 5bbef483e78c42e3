/* minutes_routes.c: the addresses of minutes, their receipts and their comparison.
 *
 * Owns one row for each act. The rules are where the row points; pages and forms are in
 * *_pages.c. */
#include "internal.h"

#define MINUTES .resource = &minutes_resource

const struct route minutes_routes[] = {
    {.method = "GET", .path = "/minutes", .may = MAY_ALL, .run = minutes_list, .shape = SHAPE_LIST,
     MINUTES, .flags = ROUTE_NO_DAY,
     .what = N_("Minutes that the caller may know of, every version, the latest meeting first")},
    {.method = "GET", .path = "/meetings/{id}/minutes", .may = MAY_ALL,
     .run = minutes_list_of_meeting, .view = "minutes/versions", .shape = SHAPE_LIST, MINUTES,
     .flags = ROUTE_NO_DAY,
     .what = N_("The versions of a meeting's minutes, the latest first")},
    {.method = "POST", .path = "/meetings/{id}/minutes", .may = MAY_LOGIN, .run = minutes_create,
     .shape = SHAPE_CREATE, MINUTES,
     .what = N_("Makes the next draft: of the text that is sent, else of the agenda or of the last "
                "version")},
    {.method = "GET", .path = "/minutes/{id}", .may = MAY_ALL, .run = minutes_show,
     .view = "minutes/show", .shape = SHAPE_ONE, MINUTES, .flags = ROUTE_NO_DAY | ROUTE_LOGS_READ,
     .what = N_("One version; that a recipient has opened it is noted")},
    {.method = "PATCH", .path = "/minutes/{id}", .may = MAY_LOGIN, .run = minutes_change,
     .shape = SHAPE_CHANGE, MINUTES, .form = minutes_edit_form,
     .what = N_("Changes a draft; its lines become decisions and actions")},
    {.method = "DELETE", .path = "/minutes/{id}", .may = MAY_LOGIN, .run = minutes_remove,
     .shape = SHAPE_REMOVE, MINUTES, .what = N_("Deletes a draft")},
    {.method = "POST", .path = "/minutes/{id}/adjustments", .may = MAY_LOGIN,
     .run = minutes_adjust, .shape = SHAPE_ACTION, MINUTES, .form = minutes_adjust_form,
     .what = N_("Adjusts a draft: it is locked, and its decisions get their numbers")},
    {.method = "POST", .path = "/minutes/{id}/distributions", .may = MAY_LOGIN,
     .run = minutes_distribute, .shape = SHAPE_ACTION, MINUTES,
     .body = minutes_distribution_fields, .form = minutes_distribute_form,
     .what = N_("Sends the minutes; a draft is adjusted in the same act. The answer has the "
                "receipts")},
    {.method = "GET", .path = "/minutes/{id}/receipts", .may = MAY_ALL, .run = receipt_list,
     .view = "minutes/receipts", .shape = SHAPE_LIST, .resource = &receipt_resource,
     .flags = ROUTE_NO_DAY,
     .what = N_("To whom a version was sent, and when it was opened")},
    {.method = "GET", .path = "/minutes/{id}/receipts/{receiptId}", .may = MAY_ALL,
     .run = receipt_show, .shape = SHAPE_ONE, .resource = &receipt_resource, .flags = ROUTE_NO_DAY,
     .what = N_("One receipt")},
    {.method = "GET", .path = "/minutes/{id}/comparison", .may = MAY_ALL, .run = minutes_compare,
     .view = "minutes/comparison", .shape = SHAPE_VIEW, .query = minutes_comparison_query,
     .reply = minutes_comparison_reply, .flags = ROUTE_NO_DAY | ROUTE_SLOW,
     .what = N_("What differs between two versions, word by word")},
    {0},
};
