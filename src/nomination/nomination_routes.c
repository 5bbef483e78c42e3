/* nomination_routes.c: the addresses that change something about a nomination.
 *
 * Owns one row for each act. What only reads is in nomination_pages.c; the rules are where the row
 * points. */
#include "internal.h"
#include "pages.h"

#define NOMINATIONS .resource = &nomination_resource

const struct route nomination_routes[] = {
    {.method = "POST", .path = "/nominations", .may = MAY_LOGIN, .run = nomination_create,
     .shape = SHAPE_CREATE, NOMINATIONS, .form = nomination_new_form,
     .what = N_("Nominates somebody in a call: a draft, until it is submitted")},
    {.method = "POST", .path = "/nomination-calls/{id}/nominations", .may = MAY_LOGIN,
     .run = nomination_create, .shape = SHAPE_CREATE, NOMINATIONS, .form = nomination_new_form,
     .what = N_("Nominates somebody in this call: a draft, until it is submitted")},
    {.method = "PATCH", .path = "/nominations/{id}", .may = MAY_LOGIN, .run = nomination_change,
     .shape = SHAPE_CHANGE, NOMINATIONS, .form = nomination_edit_form,
     .what = N_("Changes the draft of a nomination")},
    {.method = "DELETE", .path = "/nominations/{id}", .may = MAY_LOGIN, .run = nomination_remove,
     .shape = SHAPE_REMOVE, NOMINATIONS, .form = nomination_delete_form,
     .what = N_("Deletes the draft of a nomination")},
    {.method = "POST", .path = "/nominations/{id}/submissions", .may = MAY_LOGIN,
     .run = nomination_submit, .shape = SHAPE_ACTION, NOMINATIONS, .form = nomination_submit_form,
     .what = N_("Submits a nomination: the nominee and the group's officers are told")},
    {.method = "POST", .path = "/nominations/{id}/answers", .may = MAY_LOGIN,
     .run = nomination_answer, .shape = SHAPE_ACTION, NOMINATIONS,
     .body = nomination_answer_fields, .form = nomination_answer_form,
     .what = N_("The nominee's own answer; a no withdraws the nomination")},
    {.method = "POST", .path = "/nominations/{id}/region-approvals", .may = MAY_LOGIN,
     .run = nomination_approve_region, .shape = SHAPE_ACTION, NOMINATIONS,
     .body = nomination_region_fields, .form = nomination_region_form,
     .what = N_("Records the nominating organisation's own process")},
    {.method = "POST", .path = "/nominations/{id}/employer-approvals", .may = MAY_LOGIN,
     .run = nomination_approve_employer, .shape = SHAPE_ACTION, NOMINATIONS,
     .body = nomination_employer_fields, .form = nomination_employer_form,
     .what = N_("Records the employer's approval")},
    {.method = "POST", .path = "/nominations/{id}/exemptions", .may = MAY_LOGIN,
     .run = nomination_exempt, .shape = SHAPE_ACTION, NOMINATIONS,
     .body = nomination_exemption_fields, .form = nomination_exempt_form,
     .what = N_("Sets a check not applicable, for a patient or next of kin")},
    {.method = "POST", .path = "/nominations/{id}/decisions", .may = MAY_LOGIN,
     .run = nomination_decide, .shape = SHAPE_ACTION, NOMINATIONS,
     .body = nomination_decision_fields, .form = nomination_decide_form,
     .what = N_("Appoints, puts in reserve, or does not appoint; an appointment makes the "
                "membership")},
    {.method = "POST", .path = "/nominations/{id}/withdrawals", .may = MAY_LOGIN,
     .run = nomination_withdraw, .shape = SHAPE_ACTION, NOMINATIONS,
     .body = nomination_withdrawal_fields, .form = nomination_withdraw_form,
     .what = N_("Withdraws a nomination")},
    {.method = "POST", .path = "/nomination-calls/{id}/decisions", .may = MAY_LOGIN,
     .run = nomination_decide_many, .shape = SHAPE_ACTION, .resource = &call_resource,
     .body = nomination_decisions_fields, .form = nomination_decide_many_form,
     .what = N_("Decides several nominations of a call together: all of them or none")},
    {0},
};
