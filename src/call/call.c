/* call.c: to be written. */
#include <kansli/call.h>

const struct route call_routes[] = {{0}};
const struct part call_parts[] = {{0}};
const struct check call_checks[] = {{0}};
const struct task call_tasks[] = {{0}};
const struct chore call_chores[] = {{0}};
