/* review.c: the yearly review of working groups: fields, rules, answers.
 *
 * Owns: what a principal said of a group in a year. Must not know the plan it stands in. */
#include <kansli/review.h>

const struct route review_routes[] = {{0}};
const struct part review_parts[] = {{0}};
const struct check review_checks[] = {{0}};
const struct task review_tasks[] = {{0}};
