/* nomination.c: to be written. */
#include <kansli/nomination.h>

const struct route nomination_routes[] = {{0}};
const struct part nomination_parts[] = {{0}};
const struct check nomination_checks[] = {{0}};
const struct task nomination_tasks[] = {{0}};
const struct chore nomination_chores[] = {{0}};
