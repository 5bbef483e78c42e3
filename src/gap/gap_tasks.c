/* gap_tasks.c: what waits in an inventory (S1), and what has waited for a year (R93).
 *
 * Owns the two queries. One task for each inventory: its officers answer several gaps together. */
#include "internal.h"

enum { DAYS_TO_ANSWER = 365 };

static void find(struct ctx *ctx, json_t *tasks)
{
    size_t i;
    json_t *row, *rows = db_rows(
        ctx->tx,
        "SELECT b.id AS \"id\", g.full_name AS \"name\", count(*) AS \"n\", "
        "min(ga.raised_on) AS \"first\" FROM gap ga JOIN workgroup g ON g.key = ga.group_key "
        "JOIN body b ON b.key = g.key WHERE ga.state = 'raised' AND g.start_date <= ?2 "
        "AND (g.end_date IS NULL OR g.end_date >= ?2) AND ga.group_key IN ("
        "SELECT s.group_key FROM membership s WHERE s.person_key = ?1 AND s.role IN "
        ACCESS_OFFICERS " AND s.start_date <= ?2 AND (s.end_date IS NULL OR s.end_date >= ?2)) "
        "GROUP BY b.id, g.full_name ORDER BY g.full_name, b.id",
        ctx->actor->person_key, ctx->today);
    json_array_foreach(rows, i, row) {
        char due[DAY_SIZE];
        const char *id = json_text(row, "id");
        json_t *task = json_push(tasks, json_object());
        day_add(json_text(row, "first"), DAYS_TO_ANSWER, due);
        json_put(task, "id", arena_printf(ctx->arena, "gaps-answer:%s", id));
        json_put(task, "type", "gaps");
        json_put(task, "title",
                 ctx_textf(ctx, N_("Answer needs and gaps that were raised: {count}"), "count",
                           arena_int(ctx->arena, json_int(row, "n", 0)), NULL));
        json_put(task, "about",
                 ctx_text(ctx, N_("Prioritised, addressed, or declined with a reason.")));
        json_put(task, "groupId", id);
        json_put(task, "groupName", json_text(row, "name"));
        json_put(task, "dueDate", due);
        json_put(task, "objectType", "groups");
        json_put(task, "objectId", id);
        json_put(task, "href", arena_printf(ctx->arena, "/groups/%s/gaps", id));
        json_put(task, "action", ctx_text(ctx, NC_("act", "See the board")));
    }
    json_decref(rows);
}

const struct task gap_tasks[] = {{"gaps", N_("Needs and gaps"), find}, {0}};

/* A year later to the day: its text compares as the day does. */
static json_t *unanswered(struct ctx *ctx)
{
    char before[DAY_SIZE];
    day_add(ctx->today, -DAYS_TO_ANSWER, before);
    return db_rows(ctx->tx,
                   "SELECT ga.id AS \"id\", b.id AS \"groupId\", g.full_name AS \"name\", "
                   "ga.title AS \"title\", ga.raised_on AS \"day\" FROM gap ga "
                   "JOIN workgroup g ON g.key = ga.group_key JOIN body b ON b.key = g.key "
                   "WHERE ga.state = 'raised' AND ga.raised_on < ?1 AND g.start_date <= ?2 "
                   "AND (g.end_date IS NULL OR g.end_date >= ?2) ORDER BY ga.raised_on, ga.key",
                   (const char *)before, ctx->today);
}

const struct check gap_checks[] = {
    {.rule = "gap-unanswered",
     .severity = CHECK_NOTICE,
     .object_type = "gaps",
     .label = N_("A gap that has waited for a year"),
     .message = N_("“{title}” was raised with {name} on {day} and has not been answered."),
     .find = unanswered},
    {0},
};
