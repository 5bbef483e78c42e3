/* app_features.c: what there is: the tables of all features, row by row.
 *
 * Owns the order in which features are asked, and nothing else: a feature that is not here does not
 * exist for the server, the command line, the description of the API or the tests. Must not know
 * what any of them does. */
#include <kansli/account.h>
#include <kansli/audit.h>
#include <kansli/call.h>
#include <kansli/catalogue.h>
#include <kansli/check.h>
#include <kansli/chore.h>
#include <kansli/declaration.h>
#include <kansli/exchange.h>
#include <kansli/followup.h>
#include <kansli/gap.h>
#include <kansli/glossary.h>
#include <kansli/group.h>
#include <kansli/kind.h>
#include <kansli/level.h>
#include <kansli/mail.h>
#include <kansli/mandate.h>
#include <kansli/meeting.h>
#include <kansli/membership.h>
#include <kansli/minutes.h>
#include <kansli/nomination.h>
#include <kansli/organisation.h>
#include <kansli/person.h>
#include <kansli/plan.h>
#include <kansli/register.h>
#include <kansli/requirement.h>
#include <kansli/review.h>
#include <kansli/schedule.h>
#include <kansli/search.h>
#include <kansli/site.h>
#include <kansli/statistics.h>
#include <kansli/steering.h>
#include <kansli/task.h>
#include "app.h"

const struct route *const route_tables[] = {
    level_routes, group_routes, organisation_routes, kind_routes, glossary_routes, search_routes,
    login_routes, account_routes, account_admin_routes, register_routes, site_routes,
    person_routes, membership_routes, retention_routes, requirement_routes, mandate_routes,
    annex_routes, statistics_routes, exchange_routes, mail_routes, declaration_routes,
    declaration_page_routes, call_routes, nomination_routes, nomination_page_routes, task_routes,
    meeting_routes, meeting_page_routes, paper_routes, attendance_statistics_routes,
    minutes_routes, minutes_page_routes, minutes_edit_routes, followup_routes, report_routes,
    schedule_routes, gap_routes, plan_routes, plan_page_routes, initiative_routes, remark_routes,
    review_routes, steering_routes, catalogue_routes, try_routes, NULL,
};

const struct resource *const resource_registry[] = {
    &organisation_resource, &kind_resource, &group_resource, &hosting_resource,
    &relation_resource, &glossary_resource, &account_resource, &token_resource,
    &site_text_resource, &shortcoming_resource, &setting_resource, &audit_resource,
    &person_resource, &retention_resource, &requirement_resource, &mandate_resource,
    &annex_resource, &membership_resource, &call_resource, &nomination_resource,
    &declaration_resource, &declaration_form_resource, &declaration_status_resource,
    &meeting_resource, &agenda_item_resource, &attendance_resource, &recusal_resource,
    &paper_resource, &minutes_resource, &receipt_resource, &secret_resource, &decision_resource,
    &action_resource, &report_resource, &mail_resource, &import_resource, &import_row_resource,
    &plan_resource, &initiative_resource, &remark_resource, &position_resource, &gap_resource,
    &review_resource, NULL,
};

const struct check *const check_tables[] = {
    group_checks, organisation_checks, person_checks, membership_checks, requirement_checks,
    mandate_checks, mail_checks, declaration_checks, call_checks, nomination_checks,
    meeting_checks, minutes_checks, followup_checks, gap_checks, plan_checks, review_checks, NULL,
};

const struct part *const part_tables[] = {
    membership_parts, requirement_parts, mandate_parts, statistics_parts, declaration_parts,
    call_parts, nomination_parts, meeting_parts, minutes_parts, followup_parts, schedule_parts,
    attendance_parts, gap_parts, plan_parts, review_parts, NULL,
};

const struct task *const task_tables[] = {
    declaration_tasks, nomination_tasks, call_tasks, mandate_tasks, membership_tasks,
    shortcoming_tasks, meeting_tasks, minutes_tasks, followup_tasks, gap_tasks, plan_tasks,
    review_tasks, NULL,
};

const struct chore *const chore_tables[] = {
    mail_chores, declaration_chores, call_chores, nomination_chores, meeting_chores,
    minutes_chores, followup_chores, plan_chores, task_chores, NULL,
};

const struct event_source *const event_tables[] = {
    meeting_events, plan_events, steering_events, NULL,
};

const struct person_tie *const person_ties[] = {
    &nomination_tie, &declaration_tie, &mail_tie, &meeting_tie, &paper_tie, &followup_tie,
    &plan_tie, &review_tie, NULL,
};

const struct search_source *const search_tables[] = {
    minutes_sources, followup_sources, meeting_sources, mandate_sources, plan_sources,
    gap_sources, NULL,
};
