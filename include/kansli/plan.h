/* plan.h: annual plans (R60, R62, R64; api.md plans): what a programme area means to do in a year,
 * submitted, remarked on, decided by its principal, followed up.
 *
 * One for a group (npo, nsg, rpo, lpo) and a year; a version is frozen at each submission and any
 * two are compared. draft → submitted → approved → followedUp, or returned with a comment, changed
 * and submitted again. Written by those who may change the group, submitted by its officers,
 * decided by the steering group (NPO, NSG), else an officer of a direct principal, else the
 * coordinator of the area; by nobody who is in the group. An approved one is shown as the group's
 * papers are, and is in force (asOf) on the days of its year from its decision on; before that, and
 * for ever the remarks and positions, it is for those who may see the group's drafts and for who
 * keeps the area. What the register says (members, vacancies, meetings, actions: `facts`) is set by
 * the register and shown apart from what people write. */
#ifndef KANSLI_PLAN_H
#define KANSLI_PLAN_H

#include <kansli/check.h>
#include <kansli/chore.h>
#include <kansli/part.h>
#include <kansli/person.h>
#include <kansli/resource.h>
#include <kansli/schedule.h>
#include <kansli/search.h>
#include <kansli/task.h>

extern const struct resource plan_resource, initiative_resource, remark_resource,
    position_resource;
extern const struct reference plan_reference, initiative_reference;
extern const struct route plan_routes[], plan_page_routes[], initiative_routes[], remark_routes[];
extern const struct part plan_parts[];
extern const struct check plan_checks[]; /* not submitted by its day; nobody carries it out */
extern const struct task plan_tasks[];
extern const struct chore plan_chores[];
extern const struct event_source plan_events[];
extern const struct search_source plan_sources[];
extern const struct person_tie plan_tie;
extern const struct value plan_statuses[], initiative_progress[], plan_positions[];

/* POST /plans (groupId in the body or the path), {groupId, year, ...}: a draft, begun from the last
 * decided plan: its texts where none were sent, and the initiatives that are neither done nor
 * stopped. May: ACT_CHANGE_GROUP. E_CONFLICT "plan-exists", "kind-has-no-plan",
 * "outside-group-dates". */
enum code plan_create(struct ctx *ctx, struct answer *out);
/* POST /plans/{id}/submissions: frozen, and told to those who decide. May: ACT_SUBMIT_PLAN.
 * E_CONFLICT "not-draft", "plan-incomplete". */
enum code plan_submit(struct ctx *ctx, struct answer *out);
/* POST /plans/{id}/decisions. May: ACT_DECIDE_PLAN, ACT_DECIDE_NATIONAL_PLAN or
 * ACT_DECIDE_FREE_PLAN. E_CONFLICT "plan-of-own-group", "not-submitted", "plan-superseded". */
enum code plan_decide(struct ctx *ctx, struct answer *out);
/* The loader's: {group, year, ..., initiatives: [...], versions: [{on, remarks?, decision?:
 * {outcome, on, by?, presentedBy?, reference?, comment?}}], followed?: {initiatives, summary?}},
 * people by their addresses. */
NODISCARD enum code plan_load(struct ctx *ctx, const json_t *row);

/* The year whose plans are written or decided on ctx->today: next year's from the day on which they
 * are begun (a setting), else this year's. */
int plan_year(struct ctx *ctx);
/* What the register says of a group's year, on its last day or today: {year, asOf, members, joined,
 * left, meetings, attendancePercent, decisions, openActions: as report_facts (followup.h) counts
 * them; vacancies; groups, people, fullTimeEquivalents, estimatedFullTimeEquivalents: of the group
 * and all below it that are not restricted}. Only what is counted, nobody named; the same for every
 * reader. New reference. */
json_t *plan_facts(struct ctx *ctx, long long group_key, int year);
extern const char plan_facts_schema[];

/* ---- who sees which, as conditions for selects (resource.h) ---- */

/* Who keeps a group's plans within its own area: coordinators, for groups of their level. Over a
 * group's key, with ?7. */
#define PLAN_AREA(key)                                                                             \
    "(?7 > 0 AND " key " IN (SELECT aw.key FROM account_role ar "                                  \
    "JOIN workgroup aw ON aw.region_key = ar.organisation_key "                                    \
    "JOIN group_kind ak ON ak.key = aw.kind_key WHERE ar.account_key = ?7 "                        \
    "AND ar.role = 'coordinator' AND ak.level = 'local' "                                          \
    "UNION ALL SELECT aw.key FROM account_role ar "                                                \
    "JOIN workgroup aw ON aw.healthcare_region_key = ar.organisation_key "                         \
    "JOIN group_kind ak ON ak.key = aw.kind_key WHERE ar.account_key = ?7 "                        \
    "AND ar.role = 'coordinator' AND ak.level = 'healthcareRegion'))"
/* Who reads drafts, remarks and positions. */
#define PLAN_INSIDE(key) "(" ACCESS_GROUP_DRAFTS(key) " OR " PLAN_AREA(key) ")"
/* A plan p of a group g: what is approved is shown as the group's papers are; before that it is for
 * those inside. With ?2, ?3, ?4 and ?7. */
#define PLAN_VISIBLE(p, g)                                                                         \
    "(" ACCESS_PEOPLE_VISIBLE(g ".access_mode", g ".key") " AND (" p                               \
    ".state IN ('approved', 'followedUp') OR " PLAN_INSIDE(p ".group_key") "))"

#endif
