/* mandate.h: what a group is asked to do (R10–R13): versioned, approved by each principal.
 *
 * draft → submitted → approved by every principal, or returned with a comment, changed and
 * submitted again; an approved one is superseded (computed, never stored) from the next one's first
 * day. The generic annex (R11) is a mandate of a kind instead of a group: made and approved by the
 * support function. */
#ifndef KANSLI_MANDATE_H
#define KANSLI_MANDATE_H

#include <kansli/check.h>
#include <kansli/part.h>
#include <kansli/resource.h>
#include <kansli/search.h>
#include <kansli/task.h>

extern const struct resource mandate_resource; /* /mandates, also /groups/{id}/mandates */
extern const struct resource annex_resource;   /* /group-kinds/{id}/mandates */
extern const struct route mandate_routes[], annex_routes[];
extern const struct part mandate_parts[]; /* part.h */
extern const struct check mandate_checks[];
extern const struct task mandate_tasks[];
extern const struct search_source mandate_sources[];
extern const struct value mandate_statuses[];

/* POST /mandates (groupId in the body or the path): the next version, a draft. Also the loader's
 * way in. May: ACT_CHANGE_GROUP. */
enum code mandate_create(struct ctx *ctx, struct answer *out);
/* POST /group-kinds/{id}/mandates. May: ACT_CHANGE_ORGANISATION. */
enum code annex_create(struct ctx *ctx, struct answer *out);
/* The loader's: a draft of either as approved on a day, by every principal that the group had then.
 * */
NODISCARD enum code mandate_load_approved(struct ctx *ctx, const char *id, const char *day);

/* The mandate in force on ctx->day as a mandate object, or NULL: new reference. */
json_t *mandate_in_force(struct ctx *ctx, long long group_key);

#endif
