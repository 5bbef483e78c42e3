/* internal.h: what the files of steering/ share. Not for others.
 *
 * figures.c (what is counted, each figure by one grouped query), overview.c (rows of figures beside
 * those of the year before; sorting, files), area.c (one area and what points to it), events.c (the
 * wheel), counts.c (for the levels' pages), steering_pages.c (routes, filters, shapes). */
#ifndef KANSLI_STEERING_INTERNAL_H
#define KANSLI_STEERING_INTERNAL_H

#include <kansli/access.h>
#include <kansli/json.h>
#include <kansli/kind.h>
#include <kansli/plan.h>
#include <kansli/resource.h>
#include <kansli/steering.h>

/* True when a row with first and last day is in force on ?1; a day that is absent is open. */
#define IN_FORCE(row)                                                                              \
    "(" row ".start_date IS NULL OR " row ".start_date <= ?1) AND "                                \
    "(" row ".end_date IS NULL OR " row ".end_date >= ?1)"
/* A group that stands on ?1: neither planned nor closed; dormant or not. */
#define GROUP_STANDS                                                                               \
    "w.start_date <= ?1 AND (w.end_date IS NULL OR w.end_date >= ?1) AND NOT EXISTS ("             \
    "SELECT 1 FROM group_pause z WHERE z.group_key = w.key AND z.status = 'closed' AND " IN_FORCE( \
        "z") ")"
#define GROUP_VISIBLE ACCESS_GROUP_VISIBLE("w.access_mode", "w.key")

/* ---- figures.c ---- */

/* Of which areas, and how their figures are put together. */
struct scope {
    const char *level, *category; /* "national", "programmeArea" */
    const char *by;               /* "area", "host", "healthcareRegion", "group"; "total" is one */
    long long place;              /* only in a healthcare region or region; 0: anywhere */
    long long area, mirrors;      /* only one area, only those that mirror it; 0: all */
};

/* ?1 the day, ?2 ?3 ?4 ?7 the reader, ?5 level, ?6 category, ?8 by, ?9 place, ?10 area, ?11 the
 * area that is mirrored, each 0 for any; ?12 and ?13 are a statement's own. */
#define SCOPE_ARGS(ctx, scope, day)                                                                \
    (day), access_sees_all(ctx), (ctx)->actor->person_key, (ctx)->today, (scope)->level,           \
        (scope)->category, (ctx)->actor->half ? 0 : (ctx)->actor->account_key, (scope)->by,        \
        (scope)->place, (scope)->area, (scope)->mirrors

#define SPOT(from, where)                                                                          \
    "SELECT w.key FROM " from "group_kind k CROSS JOIN workgroup w WHERE k.level = ?5 "            \
    "AND k.category = ?6 AND w.kind_key = k.key AND " where
/* The areas of the level; of the three kinds of place only one has any. First where they are, which
 * indexes say alone, then what they are. */
#define AREAS                                                                                      \
    "spot (k) AS MATERIALIZED (" SPOT("", "k.level = 'national'")                                  \
    " UNION ALL " SPOT("organisation o CROSS JOIN ",                                               \
                       "k.level = 'healthcareRegion' AND o.type = 'healthcareRegion' "             \
                       "AND w.healthcare_region_key = o.key AND (?9 = 0 OR o.key = ?9)")           \
    " UNION ALL " SPOT("organisation o CROSS JOIN ",                                               \
                       "k.level = 'local' AND o.type = 'region' AND w.region_key = o.key "         \
                       "AND (?9 = 0 OR o.key = ?9 OR " PRIMARY("o.key") " = ?9)")                  \
    "), area (k) AS (SELECT w.key FROM spot CROSS JOIN workgroup w WHERE w.key = spot.k "          \
    "AND (?10 = 0 OR w.key = ?10) AND (?11 = 0 OR w.mirrors_key = ?11) AND " GROUP_STANDS          \
    " AND " GROUP_VISIBLE ")"
#define PRIMARY(region)                                                                            \
    "(SELECT a.healthcare_region_key FROM organisation_area a "                                    \
    "WHERE a.organisation_key = " region " AND a.is_primary = 1)"

/* What the reader may count on a day, for plans of a year: {rows: [{key, id, name, kind, ...}],
 * total: {...}} with raw numbers; times are whole per cent of one full time. New reference, kept:
 * not to be changed. */
json_t *figures_of(struct ctx *ctx, const struct scope *scope, const char *day, int year);
/* The rows alone, counted anew: for a few areas. New reference. */
json_t *figures_rows(struct ctx *ctx, const struct scope *scope, const char *day, int year);

/* The year whose plans are written or decided on the day asked for. */
int steering_year(struct ctx *ctx);

/* ---- overview.c ---- */

extern const struct value steering_by[], steering_sorts[];
/* {asOf, year, level, by, before: {asOf, year}, items, total} with `items` sorted; the whole list.
 * New reference. */
json_t *overview_of(struct ctx *ctx, const struct scope *scope, int year, const char *sort);
/* With ctx->sheet: all items as rows of a file. */
void overview_export(struct ctx *ctx, const json_t *items);
/* The rows of a scope beside those of the year before, as such items: for a few areas. New
 * reference. */
json_t *overview_rows(struct ctx *ctx, const struct scope *scope, int year);

/* The place with that id, or 0; and all there are: [{value, label}], new reference. */
long long steering_place(struct ctx *ctx, const struct reference *reference, const char *id);
json_t *steering_places(struct ctx *ctx, const struct reference *reference);
/* Whole per cent of a full time as tenths of one, "4,3"; and "+3", "−2", "±0": the digits with
 * the sign of `n` as numbers have it on pages. In the arena. */
const char *steering_tenths(struct ctx *ctx, long long percent);
const char *steering_signed(struct ctx *ctx, const char *digits, long long n);
/* "2 done, 1 delayed" of counts by progress; NULL when nobody has told. */
const char *steering_progress(struct ctx *ctx, const json_t *counts);

/* ---- area.c ---- */

/* A group with what it commissions, who mirrors it, its plan's initiatives with those that point to
 * them, needs, and what differs since the last decision. New reference. */
json_t *area_progress(struct ctx *ctx, long long group_key, int year);

#endif
