/* internal.h: what the files of this room share. */
#ifndef KANSLI_STATISTICS_INTERNAL_H
#define KANSLI_STATISTICS_INTERNAL_H

#include <kansli/access.h>
#include <kansli/json.h>
#include <kansli/resource.h>
#include <kansli/statistics.h>

/* The first four parameters of statements here, as of a resource's select (resource.h). */
#define STATISTICS_ARGS(ctx, day)                                                                  \
    (day), access_sees_all(ctx), (ctx)->actor->person_key, (ctx)->today
#define GROUP_VISIBLE ACCESS_GROUP_VISIBLE("w.access_mode", "w.key")
/* True when a row with first and last day is in force on ?1; a day that is absent is open. */
#define IN_FORCE(row)                                                                              \
    "(" row ".start_date IS NULL OR " row ".start_date <= ?1) AND "                                \
    "(" row ".end_date IS NULL OR " row ".end_date >= ?1)"
/* A group that stands on ?1: neither planned nor closed; dormant or not. */
#define GROUP_STANDS                                                                               \
    "w.start_date <= ?1 AND (w.end_date IS NULL OR w.end_date >= ?1) AND NOT EXISTS ("             \
    "SELECT 1 FROM group_pause z WHERE z.group_key = w.key AND z.status = 'closed' AND " IN_FORCE( \
        "z") ")"

/* ---- share.c ---- */

extern const struct value share_counts[]; /* seats, chairs, hostings */

/* statistics_shares as of a day of its own. */
json_t *shares_on(struct ctx *ctx, const char *healthcare_region, const char *level,
                  const char *of, const char *day);
/* True when that is the id of a healthcare region. */
bool shares_within(struct ctx *ctx, const char *healthcare_region);
/* [{year, asOf, total, items}]: the last day of each year from 2018, and the day asked for. */
json_t *shares_series(struct ctx *ctx, const char *healthcare_region, const char *level,
                      const char *of);
/* What an organisation's page says of its share, or NULL. Of a healthcare region: its part of the
 * nation's seats, and its regions' of its own; of a region: its part of its healthcare region's. */
json_t *share_of_organisation(struct ctx *ctx, long long key, const json_t *object);

/* ---- resource.c ---- */

/* {year, asOf, items, total} of api.md: the areas of the nation with all that they commission. */
json_t *resources_by_area(struct ctx *ctx, const char *day);
/* What a group's page says of its resources: its own, and with all that it commissions. */
json_t *resources_of_group(struct ctx *ctx, long long key, const json_t *object);

/* ---- chart.c: numbers laid out for the pages' drawings ---- */

/* {years: [{year}], first, last, top, rows: [{organisationId, organisationName, percent, points,
 * values: [{year, percent, x, y}]}]}: a line for each organisation of the series. */
json_t *chart_of_series(struct ctx *ctx, const json_t *series);

#endif
