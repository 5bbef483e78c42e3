/* gap.c: needs and gaps: fields, rules, answers.
 *
 * Owns: who raised what, and how it was answered. Must not know plans: an initiative names its gap,
 * never the other way round. */
#include <kansli/gap.h>

const struct route gap_routes[] = {{0}};
const struct part gap_parts[] = {{0}};
const struct check gap_checks[] = {{0}};
const struct task gap_tasks[] = {{0}};
