/* gap.h: needs and gaps of care, knowledge and research (R63, R75; api.md gaps): raised by any
 * level into a group's inventory, prioritised, addressed by an initiative or a group, or declined
 * with a reason.
 *
 * A new working group names the gap it closes (groups' gapId), an initiative the one it answers;
 * what names a gap is read from them and kept in no other place (group.h has the reference, since
 * groups come before gaps). Seen as the group's papers are.
 * Members of any group raise gaps in its name; who may change the group whose inventory it is
 * answers them. A gap is never deleted: it is declined with a reason. */
#ifndef KANSLI_GAP_H
#define KANSLI_GAP_H

#include <kansli/check.h>
#include <kansli/group.h>
#include <kansli/part.h>
#include <kansli/resource.h>
#include <kansli/search.h>
#include <kansli/task.h>

extern const struct resource gap_resource;
extern const struct route gap_routes[];
extern const struct part gap_parts[];
extern const struct check gap_checks[]; /* unanswered for a year; no gap named: group_checks */
extern const struct task gap_tasks[];
extern const struct search_source gap_sources[];
extern const struct value gap_types[], gap_statuses[];

/* POST /gaps, groupId in the body or the path. May: ACT_RAISE_GAP of that group or of the one in
 * whose name it is raised; with another status than raised ACT_CHANGE_GROUP. E_CONFLICT
 * "gap-not-answered". */
enum code gap_create(struct ctx *ctx, struct answer *out);
/* The loader's: {what gap_create takes, closedBy?: [groups' ids], answeredOn?}. */
NODISCARD enum code gap_load(struct ctx *ctx, const json_t *row);

#endif
