/* declaration.h: declarations of interests (R40, R41; domain.md 3): written by the person alone,
 * reviewed for each group, read by few.
 *
 * What each reader gets is a table, field by field (declaration_access.c): that it exists with its
 * status and validity; outcome and conditions; what interests; their details; the reviewer's
 * motivation. Members that a reader may not read are absent. A list has the first two only, for
 * everyone. Every reading of the last three by another than the person is kept and shown to the
 * person; what was withdrawn is read by nobody else. A draft is seen by its writer alone. Nothing
 * that was submitted is edited: a new declaration begins from the last.
 *
 * Reviews hold for a person and a group: the last one given, of a declaration that is not
 * withdrawn, until its validUntil. */
#ifndef KANSLI_DECLARATION_H
#define KANSLI_DECLARATION_H

#include <kansli/access.h>
#include <kansli/check.h>
#include <kansli/chore.h>
#include <kansli/part.h>
#include <kansli/person.h>
#include <kansli/resource.h>
#include <kansli/task.h>

extern const struct resource declaration_resource, declaration_form_resource,
    declaration_status_resource;
extern const struct route declaration_routes[], declaration_page_routes[];
extern const struct part declaration_parts[];
extern const struct check declaration_checks[];
extern const struct task declaration_tasks[];
extern const struct chore declaration_chores[]; /* reminders 90, 30 and 7 days before one runs out */
extern const struct person_tie declaration_tie;
extern const struct value declaration_outcomes[], declaration_statuses[], declaration_variants[];

/* How a person stands in a group: */
struct standing_review {
    const char *status;     /* "missing" (nothing submitted for the group), "submitted" (waits for a review),
                             * "reviewed", "expired" */
    const char *outcome;    /* of the review that holds, or NULL */
    const char *valid_until;/* of that review, or NULL */
    const char *reviewed_at;/* instant, or NULL */
    const char *submitted_at; /* of the last declaration that asks this group, or NULL */
    const char *by_name;    /* who reviewed, or NULL */
    bool done;              /* a review holds, with any outcome but notEligible */
};
/* On ctx->today. No right is asked: the caller has. */
void declaration_standing(struct ctx *ctx, long long person_key, long long group_key,
                          struct standing_review *out);

/* What of the person's declaration for the group meets one of the words (array of texts), the
 * counterparty of a current interest or the conditions of the review: [{word, counterparty (only for
 * who may read it), conditions, outcome (where the review meets the word)}]. That an interest is met
 * tells of it: *read is true when another than the person was told, and the reading is kept, so the
 * transaction must write then. New reference. */
json_t *declaration_matches(struct ctx *ctx, long long person_key, long long group_key,
                            const json_t *words, bool *read);

/* POST /declaration-forms; the loader's way in too. May: ACT_CHANGE_KIND. */
enum code declaration_form_create(struct ctx *ctx, struct answer *out);
/* The loader's: a declaration on paper, submitted on its day for every group where the person takes
 * part, and reviewed a week later for those that are named. `row` has personId, formVariant,
 * signedDate, noInterests or interests, and reviews [{groupId, outcome, conditions?,
 * motivation?}]. */
NODISCARD enum code declaration_load(struct ctx *ctx, const json_t *row);

/* A condition: a review holds on ?4 for the person and group (SQL expressions), with any outcome
 * but notEligible. */
#define DECLARATION_HOLDS(person, group)                                                           \
    "EXISTS (SELECT 1 FROM declaration_review dr JOIN declaration dd ON dd.key = dr.declaration_key " \
    "WHERE dd.person_key = " person " AND dr.group_key = " group " AND dd.state = 'submitted' "    \
    "AND dr.valid_until >= ?4 AND dr.outcome <> 'notEligible' AND NOT EXISTS ("                    \
    "SELECT 1 FROM declaration_review dl JOIN declaration de ON de.key = dl.declaration_key "      \
    "WHERE de.person_key = dd.person_key AND dl.group_key = dr.group_key "                         \
    "AND de.state = 'submitted' AND (dl.at > dr.at OR (dl.at = dr.at AND dl.key > dr.key))))"

#endif
