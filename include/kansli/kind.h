/* kind.h: kinds of groups: data, not code (R2). An administrator adds one; the nine of the three
 * levels and those around them ship. */
#ifndef KANSLI_KIND_H
#define KANSLI_KIND_H

#include <kansli/resource.h>

extern const struct resource kind_resource;
extern const struct reference kind_reference;
extern const struct route kind_routes[];
extern const struct value level_values[]; /* national, healthcareRegion, local */

/* POST /group-kinds. Also the loader's way in. May: ACT_CHANGE_KIND. */
enum code kind_create(struct ctx *ctx, struct answer *out);

#endif
