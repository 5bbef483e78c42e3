/* statistics.h: shares of seats (R25), of chairs and hostings, and resources (R12): whole per cent,
 * any day, series over years.
 *
 * A restricted group is counted for those who may know of it, as on the pages of the levels. */
#ifndef KANSLI_STATISTICS_H
#define KANSLI_STATISTICS_H

#include <kansli/part.h>

extern const struct route statistics_routes[];
extern const struct part statistics_parts[]; /* part.h */

/* The tabs over the pages of statistics, for statistics/tabs.html: [{href, label, current}]. Also
 * for what later features count. New reference. */
json_t *statistics_tabs(struct ctx *ctx);

/* Whole per cent of counts by largest remainder, so that they add to 100 (ties: the earlier one).
 * All zero when the counts are. */
void shares_percent(const long long *counts, int *percent, size_t n);

/* {asOf, level, levelLabel, of, ofLabel, healthcareRegionId, healthcareRegionName, total, items:
 * [{organisationId, organisationName, seats, percent}]} as of ctx->day, ordered by code.
 * `healthcare_region` NULL: the nation's healthcare regions, else the regions of that one. `of`:
 * "seats", "chairs" or "hostings", which is also the name of the count. New reference; for the
 * level pages too. */
json_t *statistics_shares(struct ctx *ctx, const char *healthcare_region, const char *level,
                          const char *of);

#endif
