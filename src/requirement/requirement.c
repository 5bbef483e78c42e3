/* requirement.c: to be filled. */
#include <kansli/requirement.h>

const struct resource requirement_resource = {.name = "requirements", .noun = N_("requirement"), .table = "requirement"};
const struct route requirement_routes[] = {{0}};
const struct check requirement_checks[] = {{0}};
const struct part requirement_parts[] = {{0}};
