/* counts.c: how many plans are decided and how many reviews done at a level or place, for the pages
 * of the levels.
 *
 * Those pages are kept for all who see alike, so nothing here depends on who asks but for seeing
 * everything: what is not decided is told apart to those alone, and reviews are counted of groups
 * whose papers are open to all. Must not know the pages. */
#include <stdlib.h>
#include <string.h>
#include "internal.h"

/* As in figures.c; ?12 and ?13 are the statement's own. */
#define ARGS(ctx, scope) SCOPE_ARGS(ctx, scope, (ctx)->day)

static void add_plans(struct ctx *ctx, const struct scope *scope, int year, json_t *counts)
{
    json_t *row, *rows = db_rows(
        ctx->tx,
        "WITH " AREAS " SELECT CASE WHEN p.state IN ('approved', 'followedUp') "
        "AND p.decided_on <= ?1 THEN CASE WHEN ?13 = 1 THEN p.state ELSE 'approved' END "
        "WHEN p.key IS NULL OR ?13 = 0 THEN 'missing' ELSE p.state END AS \"state\", "
        "count(*) AS \"n\" FROM area JOIN workgroup w ON w.key = area.k "
        "JOIN group_kind k ON k.key = w.kind_key "
        "LEFT JOIN plan p ON p.group_key = w.key AND p.year = ?12 "
        "WHERE k.id IN ('npo', 'nsg', 'rpo', 'lpo') GROUP BY 1",
        ARGS(ctx, scope), year, strcmp(ctx->day, ctx->today) >= 0);
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *state = json_text(row, "state");
        long long n = json_int(row, "n", 0);
        bool decided = !strcmp(state, "approved") || !strcmp(state, "followedUp");
        json_put_int(counts, "expected", json_int(counts, "expected", 0) + n);
        const char *sum = decided ? "decided" : "undecided";
        json_put_int(counts, sum, json_int(counts, sum, 0) + n);
        if (json_object_get(counts, state))
            json_put_int(counts, state, json_int(counts, state, 0) + n);
    }
    json_decref(rows);
}

json_t *steering_plans(struct ctx *ctx, const char *level, long long place)
{
    static const char *const told[] = {"expected", "decided", "approved", "followedUp",
                                       "undecided"};
    static const char *const inside[] = {"submitted", "returned", "draft", "missing"};
    json_t *counts = json_object();
    int year = steering_year(ctx);
    bool all = access_sees_all(ctx) && strcmp(ctx->day, ctx->today) >= 0;
    json_put_int(counts, "year", year);
    for (size_t i = 0; i < LEN(told); i++)
        json_put_int(counts, told[i], 0);
    for (size_t i = 0; i < LEN(inside) && all; i++)
        json_put_int(counts, inside[i], 0);
    for (const struct value *one = level_values; one->code; one++) {
        struct scope scope = {.level = one->code, .by = "total", .place = place};
        if (level && strcmp(level, one->code))
            continue;
        scope.category = "programmeArea";
        add_plans(ctx, &scope, year, counts);
        scope.category = "collaboration";
        add_plans(ctx, &scope, year, counts);
    }
    return counts;
}

/* Working groups of the level that are reviewed for the year before the plans', and those that have
 * been. */
static void add_reviews(struct ctx *ctx, const struct scope *scope, int year, json_t *counts)
{
    const char *last = arena_printf(ctx->arena, "%04d-12-31", year);
    json_t *row = db_row(
        ctx->tx,
        "WITH " AREAS " SELECT count(*) AS \"due\", count(v.key) AS \"done\" FROM area "
        "JOIN workgroup w ON w.key = area.k LEFT JOIN review v ON v.group_key = w.key "
        "AND v.year = ?12 AND v.reviewed_on <= ?1 "
        "WHERE w.start_date < CAST(?12 AS TEXT) || '-07-01' "
        "AND (w.end_date IS NULL OR w.end_date >= ?13) AND (w.access_mode = 'open' OR ?2 = 1)",
        ARGS(ctx, scope), year, strcmp(last, ctx->day) < 0 ? last : ctx->day);
    json_put_int(counts, "due", json_int(counts, "due", 0) + json_int(row, "due", 0));
    json_put_int(counts, "done", json_int(counts, "done", 0) + json_int(row, "done", 0));
    json_decref(row);
}

json_t *steering_reviews(struct ctx *ctx, const char *level, long long place)
{
    json_t *counts = json_object();
    int year = steering_year(ctx) - 1;
    json_put_int(counts, "year", year);
    json_put_int(counts, "due", 0);
    json_put_int(counts, "done", 0);
    for (const struct value *one = level_values; one->code; one++) {
        struct scope scope = {
            .level = one->code, .category = "workingGroup", .by = "total", .place = place};
        if (!level || !strcmp(level, one->code))
            add_reviews(ctx, &scope, year, counts);
    }
    return counts;
}
