/* call_tasks.c: what of calls waits for whom, and what has waited too long over the whole register.
 *
 * Owns reading only. A task is somebody's who may do it: officers of the group itself, not those
 * above them, and coordinators of whoever is asked. */
#include "internal.h"

enum { CLOSES_SOON = 14, WAITS_AFTER = 30 }; /* days */

/* ---------------------------------------------------------------- what waits */

struct waiting {
    const char *id, *about, *due, *rest, *action;
};

static void add_task(struct ctx *ctx, json_t *tasks, const json_t *row, struct waiting waiting)
{
    const char *id = json_text(row, "id");
    json_t *task = json_push(tasks, json_object());
    json_put(task, "id", arena_printf(ctx->arena, "%s:%s", waiting.id, id));
    json_put(task, "type", "nominations");
    json_put(task, "title", json_text(row, "title"));
    json_put(task, "about", waiting.about);
    json_put(task, "groupId", json_text(row, "groupId"));
    json_put(task, "groupName", json_text(row, "groupName"));
    json_put(task, "dueDate", waiting.due);
    json_put(task, "objectType", "nomination-calls");
    json_put(task, "objectId", id);
    json_put(task, "href", arena_printf(ctx->arena, "/nomination-calls/%s%s", id, waiting.rest));
    json_put(task, "action", waiting.action);
}

#define TASK_ROW                                                                             \
    "SELECT c.id AS \"id\", c.title AS \"title\", b.id AS \"groupId\", "                     \
    "g.full_name AS \"groupName\", c.opens_on AS \"opensOn\", c.closes_on AS \"closesOn\", " \
    "c.seats AS \"seats\", (SELECT count(*) FROM nomination n WHERE n.call_key = c.key "     \
    "AND n.state IN ('submitted', 'appointed', 'reserve')) AS \"candidates\" "               \
    "FROM nomination_call c JOIN workgroup g ON g.key = c.group_key JOIN body b ON b.key = g.key "
/* Open, the days first: an index knows them. */
#define OPEN                                                                                       \
    "(c.closes_on IS NULL OR c.closes_on >= ?1) AND c.opens_on <= ?1 AND " CALL_STATUS(            \
        "c") " = 'open' "
/* The groups of which the reader is an officer himself. */
#define OWN                                                                         \
    "c.group_key IN (SELECT m.group_key FROM membership m WHERE m.person_key = ?3 " \
    "AND m.role IN " ACCESS_OFFICERS " AND " ACCESS_TODAY("m") ") "

static void find_unpublished(struct ctx *ctx, json_t *tasks)
{
    json_t *row, *rows = db_rows(ctx->tx,
                                 TASK_ROW "WHERE " OWN "AND c.published_at IS NULL "
                                          "AND c.opens_on <= ?1 ORDER BY c.key",
                                 CALL_ARGS(ctx, 0));
    size_t i;
    json_array_foreach (rows, i, row)
        add_task(ctx, tasks, row,
                 (struct waiting){"call-publish",
                                  ctx_text(ctx, N_("The first day has come, and the call is still "
                                                   "a draft.")),
                                  json_text(row, "opensOn"), "",
                                  ctx_text(ctx, NC_("button", "Publish"))});
    json_decref(rows);
}

static void find_thin(struct ctx *ctx, json_t *tasks)
{
    char soon[DAY_SIZE];
    day_add(ctx->today, CLOSES_SOON, soon);
    json_t *row,
        *rows = db_rows(ctx->tx,
                        TASK_ROW "WHERE " OWN "AND " OPEN "AND c.closes_on <= ?5 ORDER BY c.key",
                        CALL_ARGS(ctx, (const char *)soon));
    size_t i;
    json_array_foreach (rows, i, row) {
        long long seats = json_int(row, "seats", 1), have = json_int(row, "candidates", 0);
        if (have >= seats)
            continue;
        add_task(ctx, tasks, row,
                 (struct waiting){"call-thin",
                                  ctx_textf(ctx,
                                            N_("The call closes soon, with {count} of at "
                                               "least {seats} candidates."),
                                            "count", arena_int(ctx->arena, have), "seats",
                                            arena_int(ctx->arena, seats), NULL),
                                  json_text(row, "closesOn"), "/nominations",
                                  ctx_text(ctx, NC_("button", "Show"))});
    }
    json_decref(rows);
}

/* Open calls that ask an organisation of the reader's, which has nominated nobody; one task for
 * each call. */
static void find_asked(struct ctx *ctx, json_t *tasks)
{
    json_t *row,
        *rows = db_rows(
            ctx->tx,
            TASK_ROW "WHERE " OPEN
            "AND c.key IN (SELECT a.call_key FROM account_role r "
            "JOIN nomination_call_asked a ON a.organisation_key = r.organisation_key "
            "WHERE r.account_key = ?7 AND r.role = 'coordinator' AND NOT EXISTS (SELECT 1 FROM nomination n "
            "WHERE n.call_key = a.call_key AND n.nominator_key = a.organisation_key "
            "AND n.state <> 'withdrawn')) ORDER BY c.key",
            CALL_ARGS(ctx, 0));
    size_t i;
    json_array_foreach (rows, i, row)
        add_task(ctx, tasks, row,
                 (struct waiting){"call-answer", ctx_text(ctx, N_("You are asked to nominate.")),
                                  json_text(row, "closesOn"), "",
                                  ctx_text(ctx, NC_("button", "Nominate"))});
    json_decref(rows);
}

static void find_tasks(struct ctx *ctx, json_t *tasks)
{
    if (ctx->actor->person_key) {
        find_unpublished(ctx, tasks);
        find_thin(ctx, tasks);
    }
    if (ctx->actor->areas)
        find_asked(ctx, tasks);
}

const struct task call_tasks[] = {
    {"nominations", N_("Nominations"), find_tasks},
    {0},
};

/* ---------------------------------------------------------------- over the whole register */

/* Nominations that still wait a month after their call ended. */
static json_t *overdue(struct ctx *ctx)
{
    char limit[DAY_SIZE];
    day_add(ctx->today, -WAITS_AFTER, limit);
    return db_rows(ctx->tx,
                   "SELECT c.id AS \"id\", b.id AS \"groupId\", g.full_name AS \"name\", "
                   "c.title AS \"title\", coalesce(c.closed_on, c.closes_on) AS \"day\" "
                   "FROM nomination_call c JOIN workgroup g ON g.key = c.group_key "
                   "JOIN body b ON b.key = g.key WHERE c.published_at IS NOT NULL "
                   "AND coalesce(c.closed_on, c.closes_on) < ?1 "
                   "AND EXISTS (SELECT 1 FROM nomination n WHERE n.call_key = c.key "
                   "AND n.state = 'submitted') ORDER BY c.key",
                   (const char *)limit);
}

const struct check call_checks[] = {
    {.rule = "nomination-overdue",
     .severity = CHECK_WARNING,
     .object_type = "nomination-calls",
     .label = N_("Nominations that wait long after their call"),
     .message = N_("{title} ended on {day}. Nominations to {name} still wait for a decision."),
     .mend = "/nomination-calls/{id}/nominations",
     .find = overdue},
    {0},
};
