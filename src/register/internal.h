/* internal.h: what the checks' page and its findings share. */
#ifndef KANSLI_REGISTER_INTERNAL_H
#define KANSLI_REGISTER_INTERNAL_H

#include <kansli/ctx.h>

/* What every rule found in the groups that the reader answers for (all, for those who may see all):
 * the findings of check_run with groupName, level, levelLabel, processLeaderId and
 * processLeaderName, each null where there is none or it is not to be known. New reference. */
json_t *findings_read(struct ctx *ctx);

#endif
