/* membership.c: to be filled. */
#include <kansli/membership.h>

const struct resource membership_resource = {.name = "memberships", .noun = N_("membership"), .table = "membership"};
const struct route membership_routes[] = {{0}};
const struct check membership_checks[] = {{0}};
const struct part membership_parts[] = {{0}};
