/* minutes.c: to be written. */
#include <kansli/minutes.h>

const struct route minutes_routes[] = {{0}};
const struct part minutes_parts[] = {{0}};
const struct check minutes_checks[] = {{0}};
const struct task minutes_tasks[] = {{0}};
const struct chore minutes_chores[] = {{0}};
