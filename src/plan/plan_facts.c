/* plan_facts.c: what the register says of a programme area's year: only what is counted.
 *
 * Owns the figures that stand beside a plan and a review, apart from what people write (R60). They
 * are the same for every reader, since they are kept with the plan and shown to all: of the group
 * itself what a status report would say, people and time also in those below it that are not closed
 * to others. On the last day of the year, or today when the year has not ended. Must not know
 * plans. */
#include <string.h>
#include <kansli/coverage.h>
#include <kansli/followup.h>
#include "internal.h"

#define COUNT "{\"type\":\"integer\"}"
#define TIME "{\"type\":\"number\"}"
const char plan_facts_schema[] =
    "{\"type\":[\"object\",\"null\"],\"additionalProperties\":false,\"properties\":{"
    "\"year\":" COUNT ",\"asOf\":{\"type\":\"string\",\"format\":\"date\"},"
    "\"members\":" COUNT ",\"vacancies\":" COUNT ",\"joined\":" COUNT ","
    "\"left\":" COUNT ",\"meetings\":" COUNT ",\"attendancePercent\":{\"type\":[\"integer\","
    "\"null\"]},\"openActions\":" COUNT ",\"decisions\":" COUNT ",\"groups\":" COUNT ","
    "\"people\":" COUNT ",\"fullTimeEquivalents\":" TIME ","
    "\"estimatedFullTimeEquivalents\":" TIME "}}";

/* ?1 the group, ?2 the last day. */
#define ON(row) row ".start_date <= ?2 AND (" row ".end_date IS NULL OR " row ".end_date >= ?2)"

/* The group, and in any number of steps those that it commissions. UNION ends a circle, should one
 * have come in. */
#define BELOW                                                                                      \
    "WITH RECURSIVE below (k) AS (SELECT ?1 UNION SELECT w.key FROM below b "                      \
    "JOIN group_principal p ON p.principal_key = b.k AND " ON("p")                                 \
    " JOIN workgroup w ON w.key = p.group_key AND " ON("w")                                        \
    " AND w.access_mode <> 'restricted') "

static json_t *people_below(struct ctx *ctx, long long group_key, const char *day)
{
    return db_row(ctx->tx,
                  BELOW "SELECT count(DISTINCT b.k) AS \"groups\", "
                        "count(DISTINCT m.person_key) AS \"people\", "
                        "coalesce(sum(m.workload_percent), 0) AS \"percent\" FROM below b "
                        "LEFT JOIN membership m ON m.group_key = b.k AND " ON("m"),
                  group_key, day);
}

static long long estimate_below(struct ctx *ctx, long long group_key, const char *day)
{
    return db_int(ctx->tx, 0,
                  BELOW "SELECT sum(coalesce(d.member_count * d.member_percent, 0) "
                        "+ coalesce(d.chair_percent, 0) + coalesce(d.process_leader_percent, 0)) "
                        "FROM below b JOIN mandate d ON d.key = (SELECT x.key FROM mandate x "
                        "WHERE x.group_key = b.k AND x.state = 'approved' AND x.valid_from <= ?2 "
                        "ORDER BY x.valid_from DESC, x.number DESC LIMIT 1) "
                        "AND (d.valid_to IS NULL OR d.valid_to >= ?2)",
                  group_key, day);
}

/* Rows of the requirements that are not held. */
static long long vacancies(struct ctx *ctx, long long group_key, const char *day)
{
    struct ctx then = *ctx;
    then.day = day;
    then.gathered = NULL;
    json_t *coverage = coverage_of_group(&then, group_key, NULL);
    long long n = json_int(coverage, "missing", 0) + json_int(coverage, "partial", 0);
    json_decref(coverage);
    return n;
}

/* Counted in one way for plans, reviews and status reports (followup.h). */
static void put_own(struct ctx *ctx, json_t *facts, long long group_key, const char *first,
                    const char *last)
{
    static const char *const names[][2] = {
        {"members", "members"},     {"joined", "membersJoined"}, {"left", "membersLeft"},
        {"meetings", "meetings"},   {"attendancePercent", "attendancePercent"},
        {"decisions", "decisions"}, {"openActions", "actionsOpen"}};
    json_t *own = report_facts(ctx, group_key, first, last);
    for (size_t i = 0; i < LEN(names); i++)
        json_object_set(facts, names[i][0], json_object_get(own, names[i][1]));
    json_decref(own);
}

json_t *plan_facts(struct ctx *ctx, long long group_key, int year)
{
    const char *first = arena_printf(ctx->arena, "%04d-01-01", year);
    const char *last = arena_printf(ctx->arena, "%04d-12-31", year);
    if (strcmp(last, ctx->today) > 0)
        last = ctx->today;
    json_t *facts = json_object(), *below = people_below(ctx, group_key, last);
    json_put_int(facts, "year", year);
    json_put(facts, "asOf", last);
    put_own(ctx, facts, group_key, first, last);
    json_put_int(facts, "vacancies", vacancies(ctx, group_key, last));
    json_put_int(facts, "groups", json_int(below, "groups", 0));
    json_put_int(facts, "people", json_int(below, "people", 0));
    json_put_new(facts, "fullTimeEquivalents",
                 json_real((double)json_int(below, "percent", 0) / 100));
    json_put_new(facts, "estimatedFullTimeEquivalents",
                 json_real((double)estimate_below(ctx, group_key, last) / 100));
    json_decref(below);
    return facts;
}
