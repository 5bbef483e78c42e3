/* figures.c: what is counted of programme areas and all that they commission: groups, people, time,
 * vacancies, plans, initiatives, reviews.
 *
 * Owns the queries: each figure is one grouped statement for all rows, never one for each area, and
 * walks the country's own places, so that its cost does not follow the size of the register. A
 * group that two areas commission counts in both, and once in the total. A plan's status on a day
 * that is gone is what had been submitted and decided by then; the progress of an initiative has no
 * day and is as it was last told. What is not decided is told where the reader sees drafts, a
 * review where the group's people are seen. Must not know how figures are shown. */
#include <stdlib.h>
#include <string.h>
#include <kansli/coverage.h>
#include <kansli/kept.h>
#include "internal.h"

/* ---------------------------------------------------------------- in which rows */

/* Who bears the group that day: the active host, else the dormant one. */
#define HOST(group)                                                                                \
    "(SELECT x.body_key FROM hosting x WHERE x.group_key = " group " AND " IN_FORCE("x")           \
    " ORDER BY x.status, x.key LIMIT 1)"
/* A group's own healthcare region, else that of its region, else its host's. */
#define HEALTHCARE_REGION(group)                                                                   \
    "(SELECT COALESCE(g.healthcare_region_key, " PRIMARY("g.region_key") ", "                      \
    "(SELECT CASE h.type WHEN 'healthcareRegion' THEN h.key WHEN 'region' THEN " PRIMARY("h.key")  \
    " ELSE " PRIMARY("h.parent_key") " END FROM organisation h WHERE h.key = " HOST("g.key")       \
    ")) FROM workgroup g WHERE g.key = " group ")"
/* The row in which a group counts; 0 when it has none of that kind. */
#define ROW(area, group)                                                                           \
    "CASE ?8 WHEN 'area' THEN " area " WHEN 'host' THEN COALESCE(" HOST(group) ", 0) "             \
    "WHEN 'healthcareRegion' THEN COALESCE(" HEALTHCARE_REGION(group) ", 0) "                      \
    "WHEN 'group' THEN " group " ELSE 0 END"
/* The areas with all that they commission, in any number of steps, each in its row. UNION ends a
 * circle, should one have come in. */
#define PLACED                                                                                     \
    "WITH RECURSIVE " AREAS ", below (area, k) AS (SELECT k, k FROM area "                         \
    "UNION SELECT b.area, w.key FROM below b JOIN group_principal p ON p.principal_key = b.k "     \
    "AND " IN_FORCE("p") " JOIN workgroup w ON w.key = p.group_key WHERE " GROUP_STANDS " AND "    \
    GROUP_VISIBLE "), placed (r, k) AS (SELECT DISTINCT " ROW("b.area", "b.k") ", b.k "            \
    "FROM below b) "

/* ---------------------------------------------------------------- rows */

/* Rows by key, beside the sum of them all. */
struct counts {
    json_t *rows; /* the key's digits → row */
    json_t *list; /* the same rows in their order */
};

static json_t *row_of(const struct counts *counts, const json_t *from)
{
    char key[24];
    snprintf(key, sizeof key, "%lld", json_int(from, "row", 0));
    return json_object_get(counts->rows, key);
}

static void add_int(json_t *row, const char *name, long long n)
{
    json_put_int(row, name, json_int(row, name, 0) + n);
}

/* What was counted for each row, under its own names; consumes it. */
static void take(const struct counts *counts, json_t *counted, const char *const *names)
{
    json_t *from;
    size_t i;
    json_array_foreach(counted, i, from) {
        json_t *row = row_of(counts, from);
        for (size_t n = 0; row && names[n]; n++)
            add_int(row, names[n], json_int(from, names[n], 0));
    }
    json_decref(counted);
}

static const char *const all_counts[] = {
    "groups",    "people",    "actual",   "estimated", "vacancies", "due",
    "done",      "expected",  "approved", "followedUp", "submitted", "returned",
    "draft",     "missing",   "unknown",  "initiatives", "onTrack",  "delayed",
    "stopped",   "finished",  "untold",
};

static struct counts counts_begin(json_t *list)
{
    struct counts counts = {json_object(), list};
    json_t *row;
    char key[24];
    size_t i;
    json_array_foreach(list, i, row) {
        snprintf(key, sizeof key, "%lld", json_int(row, "key", 0));
        json_object_set(counts.rows, key, row);
        for (size_t n = 0; n < LEN(all_counts); n++)
            json_put_int(row, all_counts[n], 0);
        json_put(row, "planId", NULL);
        json_put(row, "status", NULL);
    }
    return counts;
}

/* What stands in the rows: areas, or bodies that host them; 0 is no body. */
static json_t *read_rows(struct ctx *ctx, const struct scope *scope, const char *day)
{
    return db_rows(ctx->tx,
                   PLACED "SELECT t.r AS \"key\", b.id AS \"id\", b.type AS \"type\", "
                   "COALESCE(g.full_name, o.name) AS \"name\", "
                   "COALESCE(g.name, o.name) AS \"shortName\", "
                   "COALESCE(l.short_name, l.name) AS \"placeName\" "
                   "FROM (SELECT DISTINCT r FROM placed) AS t LEFT JOIN body b ON b.key = t.r "
                   "LEFT JOIN workgroup g ON g.key = t.r LEFT JOIN organisation o ON o.key = t.r "
                   "LEFT JOIN organisation l ON l.key = COALESCE(g.region_key, "
                   "g.healthcare_region_key) "
                   "ORDER BY t.r = 0, COALESCE(g.full_name, o.name), l.name, t.r",
                   SCOPE_ARGS(ctx, scope, day));
}

/* ---------------------------------------------------------------- people and time */

static void count_people(struct ctx *ctx, const struct scope *scope, const char *day,
                         const struct counts *counts)
{
    static const char *const names[] = {"groups", "people", "actual", NULL};
    take(counts,
         db_rows(ctx->tx,
                 PLACED "SELECT t.r AS \"row\", count(DISTINCT t.k) AS \"groups\", "
                 "count(DISTINCT m.person_key) AS \"people\", "
                 "COALESCE(sum(m.workload_percent), 0) AS \"actual\" FROM placed t "
                 "LEFT JOIN membership m ON m.group_key = t.k AND " IN_FORCE("m")
                 " GROUP BY t.r",
                 SCOPE_ARGS(ctx, scope, day)),
         names);
}

/* By the mandate that counts that day, unless it has run out. */
static void count_estimates(struct ctx *ctx, const struct scope *scope, const char *day,
                            const struct counts *counts)
{
    static const char *const names[] = {"estimated", NULL};
    take(counts,
         db_rows(ctx->tx,
                 PLACED "SELECT t.r AS \"row\", sum(COALESCE(d.member_count * d.member_percent, 0) "
                 "+ COALESCE(d.chair_percent, 0) + COALESCE(d.process_leader_percent, 0)) "
                 "AS \"estimated\" FROM placed t JOIN mandate d ON d.key = ("
                 "SELECT x.key FROM mandate x WHERE x.group_key = t.k AND x.state = 'approved' "
                 "AND x.valid_from <= ?1 ORDER BY x.valid_from DESC, x.number DESC LIMIT 1) "
                 "AND (d.valid_to IS NULL OR d.valid_to >= ?1) "
                 "GROUP BY t.r",
                 SCOPE_ARGS(ctx, scope, day)),
         names);
}

/* ---------------------------------------------------------------- vacancies */

/* Nothing is vacant in a group that rests. */
#define AT_WORK(group)                                                                             \
    "NOT EXISTS (SELECT 1 FROM group_pause z WHERE z.group_key = " group                           \
    " AND z.status = 'dormant' AND " IN_FORCE("z") ") AND (NOT EXISTS (SELECT 1 FROM hosting h "   \
    "WHERE h.group_key = " group " AND h.status = 'dormant' AND " IN_FORCE("h") ") "               \
    "OR EXISTS (SELECT 1 FROM hosting h WHERE h.group_key = " group                                \
    " AND h.status = 'active' AND " IN_FORCE("h") "))"

static void count_vacancies(struct ctx *ctx, const struct scope *scope, const char *day,
                            const struct counts *counts)
{
    json_t *pair, *pairs = db_rows(ctx->tx,
                                   PLACED "SELECT t.r AS \"row\", t.k AS \"key\" FROM placed t "
                                   "WHERE " AT_WORK("t.k")
                                   " ORDER BY t.k, t.r",
                                   SCOPE_ARGS(ctx, scope, day));
    struct ctx then = *ctx;
    then.day = day;
    then.gathered = NULL;
    json_t *held = coverage_of_groups(&then, pairs);
    char key[24];
    size_t i;
    json_array_foreach(pairs, i, pair) {
        json_t *row = row_of(counts, pair);
        snprintf(key, sizeof key, "%lld", json_int(pair, "key", 0));
        if (row)
            add_int(row, "vacancies", json_int(json_object_get(held, key), "vacant", 0));
    }
    json_decref(held);
    json_decref(pairs);
}

/* ---------------------------------------------------------------- reviews */

/* Of working groups that had begun by July of the year before the plans', which is the year that
 * the plans look back on; ?13 is its last day, or the day asked for. Where the reader sees a
 * group's people, as its reviews (review.c). */
static void count_reviews(struct ctx *ctx, const struct scope *scope, const char *day, int year,
                          const struct counts *counts)
{
    static const char *const names[] = {"due", "done", NULL};
    const char *last = arena_printf(ctx->arena, "%04d-12-31", year - 1);
    take(counts,
         db_rows(ctx->tx,
                 PLACED "SELECT t.r AS \"row\", count(*) AS \"due\", count(v.key) AS \"done\" "
                 "FROM placed t JOIN workgroup w ON w.key = t.k JOIN group_kind k "
                 "ON k.key = w.kind_key LEFT JOIN review v ON v.group_key = w.key "
                 "AND v.year = ?12 AND v.reviewed_on <= ?1 WHERE k.category = 'workingGroup' "
                 "AND w.start_date < CAST(?12 AS TEXT) || '-07-01' "
                 "AND (w.end_date IS NULL OR w.end_date >= ?13) AND "
                 ACCESS_PEOPLE_VISIBLE("w.access_mode", "w.key") " GROUP BY t.r",
                 SCOPE_ARGS(ctx, scope, day), year - 1, strcmp(last, day) < 0 ? last : day),
         names);
}

/* ---------------------------------------------------------------- plans and initiatives */

/* What a plan was on the day asked for, from what was submitted and decided by then; NULL: nothing
 * was submitted. */
static const char *status_then(const json_t *plan)
{
    long long submitted = json_int(plan, "submittedNumber", 0);
    if (!submitted)
        return NULL;
    if (json_int(plan, "decidedNumber", 0) < submitted)
        return "submitted";
    if (json_true_at(plan, "followed"))
        return "followedUp";
    return json_text(plan, "outcome");
}

static bool is_public(const char *status)
{
    return status && (!strcmp(status, "approved") || !strcmp(status, "followedUp"));
}

/* The status that the reader may know of, or NULL. */
static const char *status_of(struct ctx *ctx, const json_t *plan, const char *day)
{
    if (!json_text(plan, "planId"))
        return NULL;
    const char *status =
        strcmp(day, ctx->today) < 0 ? status_then(plan) : json_text(plan, "state");
    return is_public(status) || json_true_at(plan, "inside") ? status : NULL;
}

/* An area's plan in its row: counted as what the reader may know of it. */
static void take_plan(struct ctx *ctx, const struct counts *counts, const json_t *plan,
                      const char *day, bool alone)
{
    json_t *row = row_of(counts, plan);
    const char *status = status_of(ctx, plan, day);
    if (!row)
        return;
    add_int(row, "expected", 1);
    add_int(row,
            status                         ? status
            : json_true_at(plan, "inside") ? "missing"
                                           : "unknown",
            1);
    if (alone && status) {
        json_put(row, "planId", json_text(plan, "planId"));
        json_put(row, "status", status);
    }
    if (!status)
        return;
    static const char *const progress[] = {"initiatives", "onTrack",  "delayed",
                                           "stopped",     "finished", "untold"};
    for (size_t i = 0; i < LEN(progress); i++)
        add_int(row, progress[i], json_int(plan, progress[i], 0));
}

#define PROGRESS(what) "(SELECT count(*) FROM initiative i WHERE i.plan_key = p.key AND " what ")"

/* Programme areas have plans; collaboration groups of the nation, too. ?13 is the first instant
 * after the day. */
static void count_plans(struct ctx *ctx, const struct scope *scope, const char *day, int year,
                        const struct counts *counts)
{
    char next[DAY_SIZE], midnight[INSTANT_SIZE];
    day_add(day, 1, next);
    if (!instant_of_clock(arena_printf(ctx->arena, "%sT00:00", next), midnight))
        BUG("midnight is never skipped");
    json_t *plan, *plans = db_rows(
        ctx->tx,
        "WITH " AREAS " SELECT " ROW("w.key", "w.key") " AS \"row\", p.id AS \"planId\", "
        "p.state AS \"state\", " PLAN_INSIDE("w.key") " AS \"inside?\", "
        "(SELECT max(s.number) FROM plan_submission s WHERE s.plan_key = p.key AND s.at < ?13) "
        "AS \"submittedNumber\", "
        "(SELECT max(d.number) FROM plan_decision d WHERE d.plan_key = p.key "
        "AND d.decided_on <= ?1) AS \"decidedNumber\", "
        "(SELECT d.outcome FROM plan_decision d WHERE d.plan_key = p.key AND d.decided_on <= ?1 "
        "ORDER BY d.number DESC, d.key DESC LIMIT 1) AS \"outcome\", "
        "EXISTS (SELECT 1 FROM audit_event e WHERE e.object_type = 'plans' "
        "AND e.object_key = p.key AND e.act = 'follow-up' AND e.at < ?13) AS \"followed?\", "
        PROGRESS("1 = 1") " AS \"initiatives\", " PROGRESS("i.progress = 'onTrack'")
        " AS \"onTrack\", " PROGRESS("i.progress = 'delayed'") " AS \"delayed\", "
        PROGRESS("i.progress = 'stopped'") " AS \"stopped\", " PROGRESS("i.progress = 'done'")
        " AS \"finished\", " PROGRESS("i.progress IS NULL") " AS \"untold\" "
        "FROM area JOIN workgroup w ON w.key = area.k JOIN group_kind k ON k.key = w.kind_key "
        "LEFT JOIN plan p ON p.group_key = w.key AND p.year = ?12 "
        "WHERE k.id IN ('npo', 'nsg', 'rpo', 'lpo') ORDER BY w.key",
        SCOPE_ARGS(ctx, scope, day), year, (const char *)midnight);
    bool alone = !strcmp(scope->by, "area") || !strcmp(scope->by, "group");
    size_t i;
    json_array_foreach(plans, i, plan)
        take_plan(ctx, counts, plan, day, alone);
    json_decref(plans);
}

/* ---------------------------------------------------------------- all of it */

json_t *figures_rows(struct ctx *ctx, const struct scope *scope, const char *day, int year)
{
    struct counts counts = counts_begin(read_rows(ctx, scope, day));
    count_people(ctx, scope, day, &counts);
    count_estimates(ctx, scope, day, &counts);
    count_vacancies(ctx, scope, day, &counts);
    count_reviews(ctx, scope, day, year, &counts);
    count_plans(ctx, scope, day, year, &counts);
    json_decref(counts.rows);
    return counts.list;
}

/* All in one row, in which each group and person counts once. */
static json_t *count_total(struct ctx *ctx, const struct scope *scope, const char *day, int year)
{
    struct scope all = *scope;
    all.by = "total";
    json_t *rows = figures_rows(ctx, &all, day, year);
    json_t *total = json_array_size(rows) ? json_incref(json_array_get(rows, 0)) : NULL;
    json_decref(rows);
    if (total)
        return total;
    struct counts none = counts_begin(json_pack("[{}]"));
    total = json_incref(json_array_get(none.list, 0));
    json_decref(none.rows);
    json_decref(none.list);
    return total;
}

/* Kept for everyone, or for one account: what is not decided yet depends on who asks. */
json_t *figures_of(struct ctx *ctx, const struct scope *scope, const char *day, int year)
{
    static struct kept_slot slots[64];
    static struct kept kept = {slots, LEN(slots), 0};
    const char *name = arena_printf(ctx->arena, "steering %s %d %s %s %s %lld", day, year,
                                    scope->level, scope->category, scope->by, scope->place);
    MUST(!scope->area && !scope->mirrors); /* they are not in the name */
    const char *key = ctx->actor->half          ? NULL
                      : ctx->actor->account_key ? kept_key_own(ctx, name)
                                                : kept_key(ctx, name);
    json_t *figures = kept_get(&kept, key);
    if (figures)
        return figures;
    figures = json_object();
    json_put_new(figures, "rows", figures_rows(ctx, scope, day, year));
    json_put_new(figures, "total", count_total(ctx, scope, day, year));
    if (!tx_code(ctx->tx))
        kept_put(&kept, key, figures);
    return figures;
}

int steering_year(struct ctx *ctx)
{
    struct ctx that_day = *ctx;
    that_day.today = ctx->day;
    return plan_year(&that_day);
}
