/* mandate.c: to be filled. */
#include <kansli/mandate.h>

const struct resource mandate_resource = {.name = "mandates", .noun = N_("mandate"), .table = "mandate"};
const struct route mandate_routes[] = {{0}};
const struct check mandate_checks[] = {{0}};
const struct part mandate_parts[] = {{0}};
