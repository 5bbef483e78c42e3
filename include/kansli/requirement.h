/* requirement.h: what a group should hold (R21), the defaults of its kind, and the pages that show
 * how it is held: coverage, "what if", vacancies across the register. */
#ifndef KANSLI_REQUIREMENT_H
#define KANSLI_REQUIREMENT_H

#include <kansli/check.h>
#include <kansli/part.h>
#include <kansli/resource.h>

extern const struct resource requirement_resource;         /* /groups/{id}/requirements */
extern const struct resource default_requirement_resource; /* /group-kinds/{id}/requirements */
extern const struct route requirement_routes[];
extern const struct part requirement_parts[]; /* part.h */
extern const struct check requirement_checks[];
extern const struct value requirement_types[], requirement_weights[];

/* POST /groups/{id}/requirements, and the loader's way in with the group as the path's {id}. */
enum code requirement_create(struct ctx *ctx, struct answer *out);
/* POST /group-kinds/{id}/requirements, and the same with the kind. */
enum code default_requirement_create(struct ctx *ctx, struct answer *out);

#endif
