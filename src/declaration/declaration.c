/* declaration.c: to be written. */
#include <kansli/declaration.h>

const struct route declaration_routes[] = {{0}};
const struct part declaration_parts[] = {{0}};
const struct check declaration_checks[] = {{0}};
const struct task declaration_tasks[] = {{0}};
const struct chore declaration_chores[] = {{0}};
