/* nomination.h: nominations (R31–R33): from a name to an appointment, with every gate kept.
 *
 * Submitted, then three checks: the nominating organisation's own process, the employer's approval,
 * a declaration reviewed for the group. Appointing without all three is 409
 * `nomination-incomplete`. The first two may be set not applicable for patients and next of kin. An
 * appointment makes the membership, and tells the nominator, the nominee and the support function.
 *
 * A nomination is known to the coordinators of the nominating organisation, support and auditors;
 * once it is submitted also to the person and to the group's officers and principals. Nobody
 * nominates who comes forward alone: then the draft is the person's, and the coordinators of the
 * employer, and of what the employer belongs to, know of what was submitted and record the first
 * two checks. The person is named to all of them, a protected identity only to support, the group's
 * officers and the person. What somebody is nominated as (capacity, competences, statement, what
 * was said at the checks, the effect) is told within one call or group only: no list gathers
 * patient representatives. */
#ifndef KANSLI_NOMINATION_H
#define KANSLI_NOMINATION_H

#include <kansli/call.h>
#include <kansli/check.h>
#include <kansli/chore.h>
#include <kansli/part.h>
#include <kansli/person.h>
#include <kansli/resource.h>
#include <kansli/task.h>

extern const struct resource nomination_resource;
extern const struct route nomination_routes[], nomination_page_routes[];
extern const struct part nomination_parts[];
extern const struct check nomination_checks[];
extern const struct task nomination_tasks[];
extern const struct chore nomination_chores[];
extern const struct person_tie nomination_tie;
extern const struct value nomination_statuses[];

/* POST /nominations, callId in the body or the path. Also the loader's way in. May: ACT_NOMINATE
 * for the nominating organisation; without one, the person where the call allows. E_CONFLICT
 * call-not-open, already-nominated. */
enum code nomination_create(struct ctx *ctx, struct answer *out);
/* POST /nominations/{id}/submissions, /region-approvals, /employer-approvals, /exemptions,
 * /decisions, /withdrawals: ctx->body is what is sent, the path's {id} the nomination. */
enum code nomination_submit(struct ctx *ctx, struct answer *out);
enum code nomination_approve_region(struct ctx *ctx, struct answer *out);
enum code nomination_approve_employer(struct ctx *ctx, struct answer *out);
enum code nomination_exempt(struct ctx *ctx, struct answer *out);
enum code nomination_decide(struct ctx *ctx, struct answer *out);
enum code nomination_withdraw(struct ctx *ctx, struct answer *out);

/* The loader's: a nomination and what became of it. `row` has group, call (its title), person (an
 * address), on (a day), nomination (what a script would POST, without those) and steps [{on, act (a
 * sub-resource of a nomination, or "declaration"), body, by?}]. */
NODISCARD enum code nomination_load(struct ctx *ctx, const json_t *row);

#endif
