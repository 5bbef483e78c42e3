/* membership.h: seats and roles in groups (R20–R27): who, for whom, until when.
 *
 * Dated like everything: status (upcoming, current, expiring, ended) is computed for a day. One
 * role each: a new role ends one membership and begins another the next day. A seat is chair,
 * viceChair or member. Rights follow from here (access.h).
 *
 * Nobody sits longer than the group: a row without a last day gets the group's when that has one,
 * and a chair the one that the kind sets. endReason and introducedDate are for those who may see
 * the group's drafts and for the person; capacity and speaksFor are told within one group only;
 * everything else that is shown is shown to all who may see the group's people. */
#ifndef KANSLI_MEMBERSHIP_H
#define KANSLI_MEMBERSHIP_H

#include <kansli/check.h>
#include <kansli/part.h>
#include <kansli/resource.h>
#include <kansli/task.h>

extern const struct resource membership_resource;
extern const struct route membership_routes[];
/* Of "groups": memberships (of the day), genderBalance; of "group-head": officers. */
extern const struct part membership_parts[];
extern const struct check membership_checks[];
extern const struct task membership_tasks[];
extern const struct value membership_roles[], membership_capacities[], membership_statuses[];

/* The roles that are seats (api.md): memberCount, shares, coverage, quorum. SQL. */
#define MEMBERSHIP_SEATS "('chair', 'viceChair', 'member')"

/* POST /memberships: ctx->body is the new membership, groupId in it or in the path. Also the
 * loader's and the import's way in. E_CONFLICT: membership-overlap, chair-taken, chair-term,
 * chair-seat, outside-group-dates. May: ACT_ENTER_MEMBERSHIP, _CHAIR, _PROCESS_LEADER by role. */
enum code membership_create(struct ctx *ctx, struct answer *out);
/* PATCH /memberships/{id}; the id is an argument, for the import. */
enum code membership_change(struct ctx *ctx, const char *id, struct answer *out);

/* What a decision appoints (nomination.h). Ids beside keys, for history. */
struct appointment {
    struct ref_value person, group, on_behalf_of, appointed_by;
    const char *role, *capacity, *speaks_for, *start_date, *end_date, *decision_reference;
    struct text_list competences;
    long long workload; /* NO_INT: not said */
};
/* Enters it, appointed today: the rules of a membership are asked, no right, which the decision
 * carries. E_CONFLICT as membership_create. *id and *key are the new one's, *end its last day or
 * NULL. */
NODISCARD enum code membership_appoint(struct ctx *ctx, const struct appointment *appointment,
                                       const char **id, long long *key, const char **end);

/* The people of a group on ctx->day, officers first, as membership objects: for other pages. New
 * reference. */
json_t *membership_of_group(struct ctx *ctx, const char *group_id);

#endif
