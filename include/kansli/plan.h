/* plan.h: annual plans (R60, R62, R64; api.md plans): what a programme area means to do in a year,
 * submitted, remarked on, decided by its principal, followed up.
 *
 * One for a group (npo, nsg, rpo, lpo) and a year; a version is frozen at each submission
 * (plan_submission) and any two are compared. draft → submitted → approved → followedUp, or returned
 * with a comment, changed and submitted again. The direct principal decides: the steering group of
 * NPO and NSG; without a principal the coordinator of the area. An approved one is public; drafts
 * and submitted ones are for those who may see the group's drafts. What the register says (members,
 * vacancies, meetings, actions: `facts`) is set by the register and shown apart from what people
 * write. */
#ifndef KANSLI_PLAN_H
#define KANSLI_PLAN_H

#include <kansli/check.h>
#include <kansli/chore.h>
#include <kansli/part.h>
#include <kansli/person.h>
#include <kansli/resource.h>
#include <kansli/schedule.h>
#include <kansli/task.h>

extern const struct resource plan_resource, initiative_resource, remark_resource,
    position_resource;
extern const struct reference plan_reference, initiative_reference;
extern const struct route plan_routes[], plan_page_routes[], initiative_routes[], remark_routes[];
extern const struct part plan_parts[];
extern const struct check plan_checks[]; /* not submitted by its day; initiative without responsible group */
extern const struct task plan_tasks[];
extern const struct chore plan_chores[];
extern const struct event_source plan_events[];
extern const struct person_tie plan_tie;
extern const struct value plan_statuses[], initiative_progress[], plan_positions[];

/* POST /plans (groupId in the body or the path), {groupId, year}: next year's draft, prefilled from
 * the register and the last plan: what was delivered, what goes on (initiatives not done, with
 * from_key). Also the loader's way in. May: ACT_CHANGE_GROUP. E_CONFLICT "plan-exists". */
enum code plan_create(struct ctx *ctx, struct answer *out);
enum code plan_submit(struct ctx *ctx, struct answer *out);
enum code plan_decide(struct ctx *ctx, struct answer *out);
/* The loader's: {group, year, submitted, decided, initiatives: [...]}, people by their addresses. */
NODISCARD enum code plan_load(struct ctx *ctx, const json_t *row);

/* What the register says of a group's year: {members, seats, vacancies, joined, left, meetings,
 * attendancePercent, openActions, decisions, groups, people, fullTimeEquivalents,
 * estimatedFullTimeEquivalents}, only what is counted, nobody named. New reference. */
json_t *plan_facts(struct ctx *ctx, long long group_key, int year);
/* Plans of a level's groups by status, for the levels' pages: {draft: n, ..., missing: n}. */
json_t *plan_counts(struct ctx *ctx, const char *level, long long area_key, int year);

#endif
