/* review.h: the yearly review of each working group by its principal (R61, R65; api.md reviews):
 * continue, change or close, with the reason; stands in the principal's plan. close leads to the
 * closing checklist (open actions, products to hand over, thanks to members). May: officer of a
 * direct principal, support. One a group and year: E_CONFLICT "review-exists". */
#ifndef KANSLI_REVIEW_H
#define KANSLI_REVIEW_H

#include <kansli/check.h>
#include <kansli/part.h>
#include <kansli/person.h>
#include <kansli/resource.h>
#include <kansli/task.h>

extern const struct resource review_resource;
extern const struct route review_routes[];
extern const struct part review_parts[];
extern const struct check review_checks[]; /* not done */
extern const struct task review_tasks[];
extern const struct person_tie review_tie;

enum code review_create(struct ctx *ctx, struct answer *out);
/* The loader's: {group, year, outcome, text, on, by}. */
NODISCARD enum code review_load(struct ctx *ctx, const json_t *row);
/* The reviews of a group's working groups in a year, done and not: [{groupId, groupName, outcome?,
 * reviewedOn?, ...}]. New reference. */
json_t *reviews_of_principal(struct ctx *ctx, long long principal_key, int year);

#endif
