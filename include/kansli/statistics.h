/* statistics.h: shares of seats (R25), resources (R12), chairs and hostings: whole per cent, any
 * day, series over years. */
#ifndef KANSLI_STATISTICS_H
#define KANSLI_STATISTICS_H

#include <kansli/part.h>

extern const struct route statistics_routes[];
extern const struct part statistics_parts[]; /* part.h */

/* Whole per cent of counts by largest remainder, so that they add to 100 (ties: the earlier one).
 * All zero when the counts are. */
void shares_percent(const long long *counts, int *percent, size_t n);

/* {healthcareRegionId?, total, items: [{organisationId, organisationName, seats, percent}]} as of
 * ctx->day; region NULL: the nation's healthcare regions. What is counted: "seats", "chairs",
 * "hostings". New reference; for the level pages too. */
json_t *statistics_shares(struct ctx *ctx, const char *healthcare_region, const char *level,
                          const char *what);

/* Estimated and actual full-time equivalents of groups: {"<group key>": {people, actual,
 * estimated}}, numbers of per cent of one full time. New reference. */
json_t *statistics_resources_by_group(struct ctx *ctx);

#endif
