/* organisation.h: healthcare regions, regions, municipalities and everybody else who is asked,
 * represented or hosts (R3).
 *
 * Codes are text. Halland belongs to two healthcare regions, Södra primarily; a municipality
 * belongs to those of its region unless the reference data says otherwise (domain.md 2). */
#ifndef KANSLI_ORGANISATION_H
#define KANSLI_ORGANISATION_H

#include <kansli/check.h>
#include <kansli/resource.h>

extern const struct resource organisation_resource;
extern const struct reference organisation_reference, healthcare_region_reference, region_reference;
extern const struct route organisation_routes[];
extern const struct check organisation_checks[];
extern const struct value organisation_types[];

/* POST /organisations: ctx->body is the new organisation. Also the loader's way in. May:
 * ACT_CHANGE_ORGANISATION. */
enum code organisation_create(struct ctx *ctx, struct answer *out);
/* Reference data only: says which healthcare regions an organisation belongs to, slugs separated by
 * spaces, the primary first. */
NODISCARD enum code organisation_set_areas(struct ctx *ctx, const char *id, const char *regions);

#endif
