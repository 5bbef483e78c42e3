/* internal.h: what the files of organisation/ share: the rules for those who change one, and the
 * parts of its page. */
#ifndef KANSLI_ORGANISATION_INTERNAL_H
#define KANSLI_ORGANISATION_INTERNAL_H

#include <kansli/organisation.h>

/* PATCH and DELETE /organisations/{id}. May: ACT_CHANGE_ORGANISATION. */
enum code organisation_change(struct ctx *ctx, struct answer *out);
enum code organisation_remove(struct ctx *ctx, struct answer *out);

/* Types as headings: "Regions". */
extern const struct value organisation_type_headings[];

/* Parts of an organisation's page, each as of ctx->day and without groups that the caller may not
 * see. New references.
 *   parts    what lies right under it: [{type, label, count, items: [{id, name, shortName, code}]}]
 *   hosted   groups that it hosts: [{id, name, status, statusLabel, startDate, endDate}]
 *   related  groups tied to it: [{type, typeLabel, id, name}]
 *   area     of a healthcare region or a region: {level, groups, href}; null for others
 *   above    what it lies under, from the top: [{href, name}] */
json_t *organisation_parts(struct ctx *ctx, long long key);
json_t *organisation_hosted(struct ctx *ctx, long long key);
json_t *organisation_related(struct ctx *ctx, long long key);
json_t *organisation_area(struct ctx *ctx, long long key, const json_t *object);
json_t *organisation_above(struct ctx *ctx, const char *id);
/* Ways into the list: everything and the most asked for types: [{label, href, count, current}]. */
json_t *organisation_ways(struct ctx *ctx);

#endif
