/* coverage.h: does a group hold what it should (R21)?
 *
 * Knows tables, no routes: the engine that requirements, groups, levels, vacancies and nominations
 * ask. Evaluates requirements against the memberships in force on a day, in memory, from two
 * queries for any number of groups. The rules are those of api.md: seats are chair, viceChair and
 * member; coOpted counts for types body and competence too; other roles only for type role;
 * conditions in a row hold together; a region or municipality counts for its healthcare region
 * (primary), competences match when folded. */
#ifndef KANSLI_COVERAGE_H
#define KANSLI_COVERAGE_H

#include <kansli/ctx.h>

/* A change that is tried and not made: somebody more, or somebody less, from ctx->day on. */
struct coverage_change {
    long long without;           /* a membership's key that is left out, or 0 */
    bool with;                   /* somebody more, as follows */
    const char *role, *capacity; /* of api.md memberships */
    long long on_behalf_of;      /* body's key, or 0 */
    const char *const *competences;
    size_t competence_count;
    const char *start_date, *end_date; /* NULL: from ctx->day, without end */
};

/* {asOf, items: [{requirementId, text, type, weight, status, membershipIds, missing: [ids],
 * missingNames, vacantSince?, breaksOn?, breaksBy?}], covered, partial, missing} of one group on
 * ctx->day (api.md), with labels; `change` NULL: as it is. New reference. vacantSince is the day
 * after the last on which the row held (or the group's first day when it never did); breaksOn and
 * breaksBy for rows that are covered. */
json_t *coverage_of_group(struct ctx *ctx, long long group_key, const struct coverage_change *change);

/* Sets "coverage": {covered, partial, missing} on items that have "key", a group's, all from a few
 * queries. */
void coverage_put(struct ctx *ctx, json_t *groups);

/* Sums for the level pages, by group: {"<group key>": {covered, partial, missing, vacant}}, vacant
 * being the required rows that are partial or missing; groups that the reader may not know of are
 * left out. New reference, kept while the register stands (kept.h). */
json_t *coverage_of_all(struct ctx *ctx);

/* What is partial or missing in the groups that the reader may know of: [{key, groupId, groupName,
 * kind, level, healthcareRegionId, requirementId, text, weight, status, missing, missingNames,
 * vacantSince}], oldest first. New reference. */
json_t *coverage_vacancies(struct ctx *ctx);

#endif
