/* plan.c: annual plans: fields, rules, answers.
 *
 * Owns: a plan's life from draft to follow-up. Must not know how a page looks. */
#include <kansli/plan.h>

const struct route plan_routes[] = {{0}};
const struct route plan_page_routes[] = {{0}};
const struct route initiative_routes[] = {{0}};
const struct route remark_routes[] = {{0}};
const struct part plan_parts[] = {{0}};
const struct check plan_checks[] = {{0}};
const struct task plan_tasks[] = {{0}};
const struct chore plan_chores[] = {{0}};
const struct event_source plan_events[] = {{0}};
