/* coverage.h: does a group hold what it should (R21)?
 *
 * Knows tables, no routes: the engine that requirements, groups, levels, vacancies and nominations
 * ask. Evaluates requirements against the memberships in force on a day, in memory, from two
 * ordered scans for any number of groups. The rules are those of api.md: seats are chair, viceChair
 * and member; coOpted counts for types body and competence too; other roles only for type role;
 * conditions in a row hold together; competences match when folded. A region counts for its primary
 * healthcare region, a municipality and an RSS for their region and for their own healthcare region
 * (Kungsbacka's is Västra, Halland's Södra). minCount of eachHealthcareRegion and eachRegion is
 * asked of every one of them. A row that asks for the capacity patient takes next of kin too: the
 * documents ask for "two patient or next-of-kin representatives" in one breath (R22), and two rows
 * would ask for something else. A group that has not begun is judged as on its first day, one that
 * has ended as on its last. */
#ifndef KANSLI_COVERAGE_H
#define KANSLI_COVERAGE_H

#include <kansli/resource.h>

extern const struct value coverage_statuses[]; /* covered, partial, missing */

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

/* {asOf, items: [{requirementId, type, text, weight, status, statusLabel, membershipIds, missing:
 * [organisation ids], missingNames, vacantSince?, breaksOn?, breaksBy?}], covered, partial,
 * missing} of one group on ctx->day (api.md); `change` NULL: as it is. New reference. vacantSince
 * is the day after the last on which the row held (or the group's first day when it never did);
 * breaksOn and breaksBy for rows that are covered. Who may not see the group's people gets no
 * membershipIds and no breaksBy; the caller has asked whether the group may be known of. */
json_t *coverage_of_group(struct ctx *ctx, long long group_key,
                          const struct coverage_change *change);
/* Whether the reader may see the group's people. */
bool coverage_shows_people(struct ctx *ctx, long long group_key);
/* The region × competence table: {of: "healthcareRegion"|"region", ofLabel, columns:
 * [{text, competence, capacity, role}], lines: [{organisationId, name, cells: [{count, state:
 * "none"|"one"|"many"|"missing"}]}]}; the first cell of a line counts all its seats, the last line
 * (organisationId null) is the whole group. NULL: nothing is asked for,
 * or the reader may not see the people. New reference. */
json_t *coverage_matrix(struct ctx *ctx, long long group_key);

/* Sets "coverage": {covered, partial, missing} on items that have "key", a group's, all from a few
 * queries. */
void coverage_put(struct ctx *ctx, json_t *groups);

/* What groups (items with "key") hold, for roll-ups: {"<group key>": {covered, partial, missing,
 * vacant, vacantSince}}; vacant are the required rows that are partial or missing, vacantSince the
 * oldest of them. Groups without rows, or that the reader may not know of, are left out. As cheap
 * as the groups are few. New reference. */
json_t *coverage_of_groups(struct ctx *ctx, const json_t *groups);

/* What is partial or missing in the groups at work on ctx->day that the reader may know of:
 * [{key, groupId, groupName, areaName, kind, level, healthcareRegionId, requirementId, type,
 * capacity, text, weight, status, missing, missingNames, vacantSince}], oldest first. New
 * reference, kept: not to be changed. Takes seconds in a register of many countries: for the
 * worker. */
json_t *coverage_vacancies(struct ctx *ctx);
/* The same of these groups alone, whether at work or not: rows of COVERAGE_GROUP, in the order of
 * keys. New reference. */
json_t *coverage_vacancies_of(struct ctx *ctx, const json_t *groups);
/* Columns and tables for the groups, g and k. */
#define COVERAGE_GROUP                                                                             \
    "g.key AS \"key\", gb.id AS \"groupId\", g.full_name AS \"groupName\", "                       \
    "k.id AS \"kind\", k.level AS \"level\", hb.id AS \"healthcareRegionId\", "                    \
    "coalesce(ro.short_name, ro.name, co.short_name, co.name) AS \"areaName\" "                    \
    "FROM workgroup g JOIN body gb ON gb.key = g.key JOIN group_kind k ON k.key = g.kind_key "     \
    "LEFT JOIN body hb ON hb.key = g.healthcare_region_key "                                       \
    "LEFT JOIN organisation co ON co.key = g.healthcare_region_key "                               \
    "LEFT JOIN organisation ro ON ro.key = g.region_key"

/* Gives a new group the rows of its kind, each with its history. Asked by whoever makes a group. */
NODISCARD enum code coverage_copy_defaults(struct ctx *ctx, long long group_key,
                                           long long kind_key);

#endif
