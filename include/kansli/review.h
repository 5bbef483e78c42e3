/* review.h: the yearly review of each working group by its principal (R61, R65; api.md reviews):
 * continue, change or close, with the reason and the group's contribution to each dimension of
 * good care; stands in the plan of the principal for the year after (a part of its page, part.h).
 * From close a checklist leads to the group's closing: its open actions, what it has made, thanks.
 *
 * What was decided (the outcome and its day) is seen as the group's people and papers are: by all,
 * when it is open. Why (the text, the contributions, the register's figures, who reviewed and what
 * is left before it is closed) is for those who may see the group's drafts. May: officer of a
 * direct principal, support. One a group and year, changed while it is the group's newest; facts
 * are set by the register when it is written. */
#ifndef KANSLI_REVIEW_H
#define KANSLI_REVIEW_H

#include <kansli/access.h>
#include <kansli/check.h>
#include <kansli/part.h>
#include <kansli/person.h>
#include <kansli/resource.h>
#include <kansli/task.h>

extern const struct resource review_resource;
extern const struct route review_routes[];
extern const struct part review_parts[];
extern const struct check review_checks[]; /* not done when its year is over */
extern const struct task review_tasks[];
extern const struct person_tie review_tie;
extern const struct value review_outcomes[];

/* POST /reviews, groupId in the body or the path; the group's officers are told by mail. May:
 * ACT_REVIEW_GROUP. E_CONFLICT "review-exists", "outside-group-dates". */
enum code review_create(struct ctx *ctx, struct answer *out);
/* The loader's: {group, year, outcome, text, contributions?, on, by?, closing?: [{item, note?,
 * on?}]}, people by their addresses; nobody is told. */
NODISCARD enum code review_load(struct ctx *ctx, const json_t *row);

/* The year whose reviews are written on ctx->today: this one's from September, until then last
 * year's. */
int review_year(struct ctx *ctx);
/* The working groups that a group commissions and that are reviewed in a year, those not reviewed
 * yet last: [{groupId, groupName, id, outcome, outcomeLabel, reviewedOn, mayReview}], the four of
 * the review null where there is none. Groups that began after June are reviewed the year after.
 * New reference. */
json_t *reviews_of_principal(struct ctx *ctx, long long principal_key, int year);

#endif
