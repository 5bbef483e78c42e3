/* gap.h: needs and gaps of care, knowledge and research (R63, R75; api.md gaps): raised by any
 * level, prioritised, addressed by an initiative or a group, or declined with a reason. A new NAG
 * names the gap it closes (groups' gapId). Everyone sees those of an open group; who may change:
 * ACT_CHANGE_GROUP of the group whose inventory it stands in; a member may raise one. */
#ifndef KANSLI_GAP_H
#define KANSLI_GAP_H

#include <kansli/check.h>
#include <kansli/part.h>
#include <kansli/resource.h>
#include <kansli/task.h>

extern const struct resource gap_resource;
extern const struct reference gap_reference;
extern const struct route gap_routes[];
extern const struct part gap_parts[];
extern const struct check gap_checks[]; /* unanswered for a year; NAG without gap or mandate stands in group_checks */
extern const struct task gap_tasks[];
extern const struct value gap_types[], gap_statuses[], care_dimensions[];

enum code gap_create(struct ctx *ctx, struct answer *out);

#endif
