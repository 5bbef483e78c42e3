/* person.c: to be filled. */
#include <kansli/person.h>

const struct resource person_resource = {.name = "persons", .noun = N_("person"), .table = "person"};
const struct resource retention_resource = {.name = "retention-rules", .noun = N_("retention rule"), .table = "retention_rule"};
const struct reference person_reference = {.noun = N_("person")};
const struct route person_routes[] = {{0}};
const struct check person_checks[] = {{0}};
