/* plan_facts.c: what the register says of a programme area's year: only what is counted.
 *
 * Owns the figures that stand beside a plan, apart from what people write (R60). They are the same
 * for every reader, since they are kept with the plan and shown to all: people and groups are
 * counted in the group itself and in those below it that are not closed to others. On the last day
 * of the year, or today when the year has not ended. Must not know plans. */
#include <string.h>
#include <kansli/coverage.h>
#include "internal.h"

#define COUNT "{\"type\":\"integer\"}"
#define TIME "{\"type\":\"number\"}"
const char plan_facts_schema[] =
    "{\"type\":[\"object\",\"null\"],\"additionalProperties\":false,\"properties\":{"
    "\"year\":" COUNT ",\"asOf\":{\"type\":\"string\",\"format\":\"date\"},"
    "\"members\":" COUNT ",\"seats\":" COUNT ",\"vacancies\":" COUNT ",\"joined\":" COUNT ","
    "\"left\":" COUNT ",\"meetings\":" COUNT ",\"attendancePercent\":{\"type\":[\"integer\","
    "\"null\"]},\"openActions\":" COUNT ",\"decisions\":" COUNT ",\"groups\":" COUNT ","
    "\"people\":" COUNT ",\"fullTimeEquivalents\":" TIME ","
    "\"estimatedFullTimeEquivalents\":" TIME "}}";

struct period {
    const char *first, *last;
};

/* ?1 the group, ?2 the first day, ?3 the last, ?4 now. */
#define ON(row) row ".start_date <= ?3 AND (" row ".end_date IS NULL OR " row ".end_date >= ?3)"
#define SITS(m) m ".group_key = ?1 AND " m ".role NOT IN ('contact', 'observer')"
#define HELD                                                                                       \
    "FROM meeting m JOIN meeting_group x ON x.meeting_key = m.key WHERE x.group_key = ?1 "         \
    "AND x.starts_on >= ?2 AND x.starts_on <= ?3 AND m.cancelled_at IS NULL AND m.ends_at <= ?4"

/* Who begins another role the day after the last one ended has neither left nor joined. */
static json_t *own_facts(struct ctx *ctx, long long group_key, const struct period *period)
{
    return db_row(
        ctx->tx,
        "SELECT (SELECT count(DISTINCT m.person_key) FROM membership m WHERE " SITS("m") " AND "
        ON("m") ") AS \"members\", (SELECT count(*) FROM membership m WHERE m.group_key = ?1 AND "
        ON("m") " AND m.role IN ('chair', 'viceChair', 'member')) AS \"seats\", "
        "(SELECT count(DISTINCT m.person_key) FROM membership m WHERE " SITS("m")
        " AND m.start_date >= ?2 AND m.start_date <= ?3 AND NOT EXISTS ("
        "SELECT 1 FROM membership o WHERE " SITS("o") " AND o.person_key = m.person_key "
        "AND o.start_date < ?2 AND (o.end_date IS NULL OR o.end_date >= ?2))) AS \"joined\", "
        "(SELECT count(DISTINCT m.person_key) FROM membership m WHERE " SITS("m")
        " AND m.end_date >= ?2 AND m.end_date < ?3 AND NOT EXISTS ("
        "SELECT 1 FROM membership o WHERE " SITS("o") " AND o.person_key = m.person_key AND "
        ON("o") ")) AS \"left\", (SELECT count(*) " HELD ") AS \"meetings\", "
        "(SELECT (200 * sum(CASE WHEN t.status IN ('present', 'remote') THEN 1 ELSE 0 END) "
        "+ count(*)) / (2 * count(*)) FROM attendance t WHERE t.status IS NOT NULL "
        "AND t.meeting_key IN (SELECT m.key " HELD ") HAVING count(*) > 0) "
        "AS \"attendancePercent\", (SELECT count(*) FROM action a WHERE a.group_key = ?1 "
        "AND a.status = 'open') AS \"openActions\", (SELECT count(*) FROM decision d "
        "WHERE d.group_key = ?1 AND d.number IS NOT NULL AND d.decided_on >= ?2 "
        "AND d.decided_on <= ?3) AS \"decisions\"",
        group_key, period->first, period->last, tx_instant(ctx->tx));
}

/* The group, and in any number of steps those that it commissions. UNION ends a circle, should one
 * have come in. */
#define BELOW                                                                                      \
    "WITH RECURSIVE below (k) AS (SELECT ?1 UNION SELECT w.key FROM below b "                      \
    "JOIN group_principal p ON p.principal_key = b.k AND " ON("p")                                 \
    " JOIN workgroup w ON w.key = p.group_key AND " ON("w")                                        \
    " AND w.access_mode <> 'restricted') "

static json_t *people_below(struct ctx *ctx, long long group_key, const struct period *period)
{
    return db_row(ctx->tx,
                  BELOW "SELECT count(DISTINCT b.k) AS \"groups\", "
                        "count(DISTINCT m.person_key) AS \"people\", "
                        "coalesce(sum(m.workload_percent), 0) AS \"percent\" FROM below b "
                        "LEFT JOIN membership m ON m.group_key = b.k AND " ON("m"),
                  group_key, period->first, period->last);
}

static long long estimate_below(struct ctx *ctx, long long group_key, const struct period *period)
{
    return db_int(ctx->tx, 0,
                  BELOW "SELECT sum(coalesce(d.member_count * d.member_percent, 0) "
                        "+ coalesce(d.chair_percent, 0) + coalesce(d.process_leader_percent, 0)) "
                        "FROM below b JOIN mandate d ON d.key = (SELECT x.key FROM mandate x "
                        "WHERE x.group_key = b.k AND x.state = 'approved' AND x.valid_from <= ?3 "
                        "ORDER BY x.valid_from DESC, x.number DESC LIMIT 1) "
                        "AND (d.valid_to IS NULL OR d.valid_to >= ?3)",
                  group_key, period->first, period->last);
}

/* Rows of the requirements that are not held. */
static long long vacancies(struct ctx *ctx, long long group_key, const struct period *period)
{
    struct ctx then = *ctx;
    then.day = period->last;
    then.gathered = NULL;
    json_t *coverage = coverage_of_group(&then, group_key, NULL);
    long long n = json_int(coverage, "missing", 0) + json_int(coverage, "partial", 0);
    json_decref(coverage);
    return n;
}

json_t *plan_facts(struct ctx *ctx, long long group_key, int year)
{
    struct period period = {arena_printf(ctx->arena, "%04d-01-01", year),
                            arena_printf(ctx->arena, "%04d-12-31", year)};
    if (strcmp(period.last, ctx->today) > 0)
        period.last = ctx->today;
    json_t *facts = json_object(), *own = own_facts(ctx, group_key, &period);
    json_t *below = people_below(ctx, group_key, &period);
    json_put_int(facts, "year", year);
    json_put(facts, "asOf", period.last);
    json_object_update(facts, own);
    json_put_int(facts, "vacancies", vacancies(ctx, group_key, &period));
    json_put_int(facts, "groups", json_int(below, "groups", 0));
    json_put_int(facts, "people", json_int(below, "people", 0));
    json_put_new(facts, "fullTimeEquivalents",
                 json_real((double)json_int(below, "percent", 0) / 100));
    json_put_new(facts, "estimatedFullTimeEquivalents",
                 json_real((double)estimate_below(ctx, group_key, &period) / 100));
    json_decref(own);
    json_decref(below);
    return facts;
}
