/* internal.h: what the files of kind/ share. */
#ifndef KANSLI_KIND_INTERNAL_H
#define KANSLI_KIND_INTERNAL_H

#include <kansli/kind.h>

/* PATCH and DELETE /group-kinds/{id}. May: ACT_CHANGE_KIND. */
enum code kind_change(struct ctx *ctx, struct answer *out);
enum code kind_remove(struct ctx *ctx, struct answer *out);

/* Every kind by level, for a page: [{level, label, items}]. New reference. */
json_t *kind_levels(struct ctx *ctx);
/* Kinds that a kind may commission: [{id, label}]. New reference. */
json_t *kind_commissions(struct ctx *ctx, const char *id);
/* How many groups of a kind the reader may know of, as of ctx->day. */
long long kind_groups(struct ctx *ctx, const char *id);

#endif
