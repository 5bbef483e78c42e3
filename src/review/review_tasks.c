/* review_tasks.c: what waits around reviews (S1), and which were not made when their year was over
 * (R93).
 *
 * Owns the queries, each beginning with the reader's own memberships or a year. One task for each
 * principal: its officers review several groups together. The year's day is its last one. */
#include <stdlib.h>
#include "internal.h"

#define LED(key)                                                                                   \
    key " IN (SELECT s.group_key FROM membership s WHERE s.person_key = ?3 AND s.role IN "         \
    ACCESS_OFFICERS " AND " ACCESS_TODAY("s") ")"

static json_t *add_task(struct ctx *ctx, json_t *tasks, const char *what, const json_t *row)
{
    json_t *task = json_push(tasks, json_object());
    json_put(task, "id",
             arena_printf(ctx->arena, "review-%s:%s", what, json_text(row, "id")));
    json_put(task, "type", "reviews");
    json_put(task, "groupId", json_text(row, "groupId"));
    json_put(task, "groupName", json_text(row, "name"));
    json_put(task, "objectId", json_text(row, "id"));
    return task;
}

/* From September the year's; in the year after, those that were left. */
static void to_review(struct ctx *ctx, json_t *tasks)
{
    int year = review_year(ctx);
    size_t i;
    json_t *row, *rows = db_rows(
        ctx->tx,
        "SELECT ub.id AS \"id\", ub.id AS \"groupId\", u.full_name AS \"name\", "
        "count(*) AS \"n\" FROM group_principal gp JOIN workgroup u ON u.key = gp.principal_key "
        "JOIN body ub ON ub.key = u.key JOIN workgroup g ON g.key = gp.group_key "
        "JOIN group_kind k ON k.key = g.kind_key WHERE " LED("gp.principal_key") " AND "
        ACCESS_TODAY("gp") " AND (g.end_date IS NULL OR g.end_date >= ?4) AND "
        REVIEW_EXPECTED("?8", "?9") " AND NOT EXISTS (SELECT 1 FROM review r "
        "WHERE r.group_key = g.key AND r.year = ?5) "
        "GROUP BY ub.id, u.full_name ORDER BY u.full_name, ub.id",
        REVIEW_ARGS(ctx, year, 0), review_july(ctx, year), review_end(ctx, year));
    json_array_foreach(rows, i, row) {
        const char *year_text = arena_int(ctx->arena, year);
        json_t *task = add_task(ctx, tasks, "write", row);
        json_put(task, "title",
                 ctx_textf(ctx, N_("Review the groups that you commission, for {year}"), "year",
                           year_text, NULL));
        json_put(task, "about",
                 ctx_textf(ctx, N_("Groups left to review: {count}"), "count",
                           arena_int(ctx->arena, json_int(row, "n", 0)), NULL));
        json_put(task, "dueDate", arena_printf(ctx->arena, "%s-12-31", year_text));
        json_put(task, "objectType", "groups");
        json_put(task, "href",
                 arena_printf(ctx->arena, "/groups/%s/reviews", json_text(row, "id")));
        json_put(task, "action", ctx_text(ctx, NC_("act", "See which")));
    }
    json_decref(rows);
}

/* A group that is to be closed and stands still: what is left of the list, for those who lead it
 * and those who commission it. */
static void to_close(struct ctx *ctx, json_t *tasks)
{
    size_t i;
    json_t *row, *rows = db_rows(
        ctx->tx,
        "WITH led (k) AS (SELECT s.group_key FROM membership s WHERE s.person_key = ?3 "
        "AND s.role IN " ACCESS_OFFICERS " AND " ACCESS_TODAY("s") "), mine (k) AS ("
        "SELECT k FROM led UNION SELECT gp.group_key FROM led JOIN group_principal gp "
        "ON gp.principal_key = led.k WHERE " ACCESS_TODAY("gp") ") "
        "SELECT r.id AS \"id\", b.id AS \"groupId\", g.full_name AS \"name\", "
        "(SELECT count(*) FROM review_closing c WHERE c.review_key = r.key "
        "AND c.done_on IS NOT NULL) AS \"done\" FROM mine CROSS JOIN review r "
        "JOIN workgroup g ON g.key = r.group_key JOIN body b ON b.key = g.key "
        "WHERE r.group_key = mine.k AND r.outcome = 'close' "
        "AND (g.end_date IS NULL OR g.end_date >= ?4) AND NOT EXISTS (SELECT 1 FROM review n "
        "WHERE n.group_key = r.group_key AND n.year > r.year) ORDER BY g.full_name, r.key",
        REVIEW_ARGS(ctx, 0, 0));
    json_array_foreach(rows, i, row) {
        json_t *task = add_task(ctx, tasks, "close", row);
        json_put(task, "title", ctx_text(ctx, N_("Prepare that the group is closed")));
        json_put(task, "about",
                 ctx_textf(ctx, N_("Done of three: {count}"), "count",
                           arena_int(ctx->arena, json_int(row, "done", 0)), NULL));
        json_put(task, "dueDate", NULL);
        json_put(task, "objectType", "reviews");
        json_put(task, "href",
                 arena_printf(ctx->arena, "/reviews/%s/closing", json_text(row, "id")));
        json_put(task, "action", ctx_text(ctx, NC_("act", "See the checklist")));
    }
    json_decref(rows);
}

static void find(struct ctx *ctx, json_t *tasks)
{
    to_review(ctx, tasks);
    to_close(ctx, tasks);
}

const struct task review_tasks[] = {{"reviews", N_("Yearly reviews"), find}, {0}};

/* ---------------------------------------------------------------- not made */

static json_t *not_done(struct ctx *ctx)
{
    int year = (int)strtol(ctx->today, NULL, 10) - 1;
    return db_rows(ctx->tx,
                   "SELECT b.id AS \"id\", g.full_name AS \"name\", CAST(?3 AS TEXT) AS \"year\" "
                   "FROM workgroup g JOIN body b ON b.key = g.key "
                   "JOIN group_kind k ON k.key = g.kind_key WHERE "
                   REVIEW_EXPECTED("?1", "?2") " AND (g.end_date IS NULL OR g.end_date >= ?4) "
                   "AND EXISTS (SELECT 1 FROM group_principal gp WHERE gp.group_key = g.key AND "
                   ACCESS_TODAY("gp") ") AND NOT EXISTS (SELECT 1 FROM review r "
                   "WHERE r.group_key = g.key AND r.year = ?3) ORDER BY g.full_name, g.key",
                   review_july(ctx, year), review_end(ctx, year), year, ctx->today);
}

const struct check review_checks[] = {
    {.rule = "review-not-done",
     .severity = CHECK_NOTICE,
     .object_type = "groups",
     .label = N_("A yearly review that was not made"),
     .message = N_("{name} has no yearly review for {year}. Its principal reviews it."),
     .find = not_done,
     .at = "/groups/{id}/reviews",
     .mend = "/groups/{id}/reviews/new"},
    {0},
};
