/* meeting_routes.c: the addresses of meetings and what lives in them.
 *
 * Owns one row for each act. The rules are where the row points; what a page shows beside the
 * object, and forms, are in *_pages.c and *_forms.c. */
#include "internal.h"

#define MEETINGS .resource = &meeting_resource
#define ITEMS .resource = &agenda_item_resource
#define ATTENDANCE .resource = &attendance_resource
#define RECUSALS .resource = &recusal_resource
#define TIMED .flags = ROUTE_NO_DAY | ROUTE_CLOCK

const struct route meeting_routes[] = {
    {.method = "GET", .path = "/meetings", .may = MAY_ALL, .run = meeting_list,
     .shape = SHAPE_LIST, MEETINGS, .query = meeting_list_query, TIMED,
     .what = N_("Meetings that the caller may know of, the latest first")},
    {.method = "POST", .path = "/meetings", .may = MAY_LOGIN, .run = meeting_create,
     .shape = SHAPE_CREATE, MEETINGS,
     .what = N_("Plans a meeting of one group or several; its agenda begins with the question "
                "about conflicts of interest")},
    {.method = "GET", .path = "/groups/{id}/meetings", .may = MAY_ALL,
     .run = meeting_list_of_group, .shape = SHAPE_LIST, MEETINGS, .query = meeting_list_query,
     TIMED, .what = N_("A group's meetings, its own and joint ones, the latest first")},
    {.method = "POST", .path = "/groups/{id}/meetings", .may = MAY_LOGIN, .run = meeting_create,
     .shape = SHAPE_CREATE, MEETINGS, .what = N_("Plans a meeting that this group leads")},
    {.method = "GET", .path = "/meetings/{id}", .may = MAY_ALL, .run = meeting_show,
     .shape = SHAPE_ONE, MEETINGS, TIMED, .what = N_("One meeting")},
    {.method = "PATCH", .path = "/meetings/{id}", .may = MAY_LOGIN, .run = meeting_change,
     .shape = SHAPE_CHANGE, MEETINGS,
     .what = N_("Changes a meeting; those who were called are told of another time or place")},
    {.method = "DELETE", .path = "/meetings/{id}", .may = MAY_LOGIN, .run = meeting_remove,
     .shape = SHAPE_REMOVE, MEETINGS,
     .what = N_("Deletes a meeting to which nobody was called and at which nothing is noted")},
    {.method = "POST", .path = "/meetings/{id}/notices", .may = MAY_LOGIN, .run = meeting_call,
     .shape = SHAPE_ACTION, MEETINGS, .body = meeting_notice_fields,
     .what = N_("Calls everyone who takes part, by mail, with the agenda and a link to answer by; "
                "sent again it reminds those who have not answered")},
    {.method = "POST", .path = "/meetings/{id}/cancellations", .may = MAY_LOGIN,
     .run = meeting_cancel, .shape = SHAPE_ACTION, MEETINGS, .body = meeting_cancellation_fields,
     .what = N_("Cancels a meeting, and tells those who were called")},
    {.method = "POST", .path = "/meetings/{id}/answers", .may = MAY_LOGIN, .run = meeting_answer,
     .shape = SHAPE_ACTION, MEETINGS, .body = meeting_answer_fields,
     .what = N_("The caller's own answer to the notice: comes, does not, or sends a deputy")},

    {.method = "GET", .path = "/meetings/{id}/agenda-items", .may = MAY_ALL, .run = agenda_list,
     .shape = SHAPE_LIST, ITEMS, .flags = ROUTE_NO_DAY, .what = N_("The agenda, in its order")},
    {.method = "POST", .path = "/meetings/{id}/agenda-items", .may = MAY_LOGIN,
     .run = agenda_item_create, .shape = SHAPE_CREATE, ITEMS,
     .what = N_("Adds an item, last or where number says")},
    {.method = "GET", .path = "/meetings/{id}/agenda-items/{itemId}", .may = MAY_ALL,
     .run = agenda_show, .shape = SHAPE_ONE, ITEMS, .flags = ROUTE_NO_DAY,
     .what = N_("One item of the agenda")},
    {.method = "PATCH", .path = "/meetings/{id}/agenda-items/{itemId}", .may = MAY_LOGIN,
     .run = agenda_change, .shape = SHAPE_CHANGE, ITEMS,
     .what = N_("Changes an item; another number moves it")},
    {.method = "DELETE", .path = "/meetings/{id}/agenda-items/{itemId}", .may = MAY_LOGIN,
     .run = agenda_remove, .shape = SHAPE_REMOVE, ITEMS,
     .what = N_("Takes an item off the agenda")},
    {.method = "POST", .path = "/meetings/{id}/agenda-orders", .may = MAY_LOGIN,
     .run = agenda_order, .shape = SHAPE_ACTION, MEETINGS, .body = agenda_order_fields,
     .what = N_("Puts all items of the agenda in an order")},

    {.method = "GET", .path = "/meetings/{id}/attendance", .may = MAY_LOGIN, .run = attendance_list,
     .shape = SHAPE_LIST, ATTENDANCE, .flags = ROUTE_NO_DAY,
     .what = N_("Who answered and who came; embed=people has everyone who takes part, "
                "embed=quorum whether the group can decide")},
    {.method = "POST", .path = "/meetings/{id}/attendance", .may = MAY_LOGIN,
     .run = attendance_create, .shape = SHAPE_CREATE, ATTENDANCE,
     .what = N_("Notes a person's attendance, also a guest's; noted once more it is changed")},
    {.method = "GET", .path = "/meetings/{id}/attendance/{attendanceId}", .may = MAY_LOGIN,
     .run = attendance_show, .shape = SHAPE_ONE, ATTENDANCE, .flags = ROUTE_NO_DAY,
     .what = N_("One person's attendance")},
    {.method = "PATCH", .path = "/meetings/{id}/attendance/{attendanceId}", .may = MAY_LOGIN,
     .run = attendance_change, .shape = SHAPE_CHANGE, ATTENDANCE,
     .what = N_("Changes what is noted of a person's attendance")},
    {.method = "DELETE", .path = "/meetings/{id}/attendance/{attendanceId}", .may = MAY_LOGIN,
     .run = attendance_remove, .shape = SHAPE_REMOVE, ATTENDANCE,
     .what = N_("Takes a person off the list")},
    {.method = "POST", .path = "/meetings/{id}/attendance-marks", .may = MAY_LOGIN,
     .run = attendance_mark, .shape = SHAPE_ACTION, MEETINGS, .body = attendance_mark_fields,
     .what = N_("Notes the attendance of several people, or of all who are not noted yet")},

    {.method = "GET", .path = "/meetings/{id}/recusals", .may = MAY_LOGIN, .run = recusal_list,
     .shape = SHAPE_LIST, RECUSALS, .flags = ROUTE_NO_DAY,
     .what = N_("Who stands aside for which item")},
    {.method = "POST", .path = "/meetings/{id}/recusals", .may = MAY_LOGIN, .run = recusal_create,
     .shape = SHAPE_CREATE, RECUSALS,
     .what = N_("Records that somebody stands aside for an item: oneself, or, for officers, "
                "anybody")},
    {.method = "GET", .path = "/meetings/{id}/recusals/{recusalId}", .may = MAY_LOGIN,
     .run = recusal_show, .shape = SHAPE_ONE, RECUSALS, .flags = ROUTE_NO_DAY,
     .what = N_("One recusal")},
    {.method = "PATCH", .path = "/meetings/{id}/recusals/{recusalId}", .may = MAY_LOGIN,
     .run = recusal_change, .shape = SHAPE_CHANGE, RECUSALS, .what = N_("Changes a recusal")},
    {.method = "DELETE", .path = "/meetings/{id}/recusals/{recusalId}", .may = MAY_LOGIN,
     .run = recusal_remove, .shape = SHAPE_REMOVE, RECUSALS, .what = N_("Takes a recusal away")},
    {.method = "GET", .path = "/meetings/{id}/recusal-suggestions", .may = MAY_LOGIN,
     .run = recusal_suggestions, .shape = SHAPE_VIEW, .reply = recusal_suggestions_reply,
     .flags = ROUTE_NO_DAY | ROUTE_LOGS_READ,
     .what = N_("Where an item meets what a member has declared: to the member, the chair and the "
                "secretary")},
    {0},
};
