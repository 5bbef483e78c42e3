/* followup_routes.c: the addresses of decisions and actions. */
#include "internal.h"

const struct route followup_routes[] = {{0}};
const struct part followup_parts[] = {{0}};
const struct check followup_checks[] = {{0}};
const struct task followup_tasks[] = {{0}};
const struct chore followup_chores[] = {{0}};
