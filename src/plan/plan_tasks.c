/* plan_tasks.c: what waits around plans (S1), what is wrong with them (R93), and the year's days
 * for the wheel (schedule.h).
 *
 * Owns the queries, each beginning with the reader's own memberships, the reader's area or a day,
 * so that a large register costs no more. Nothing is called missing before its day; words are
 * neutral and say what to do next. Who may act in another's place is not asked. Must not know
 * pages. */
#include <stdlib.h>
#include <string.h>
#include "internal.h"

#define STANDS "g.start_date <= ?4 AND (g.end_date IS NULL OR g.end_date >= ?4) "
#define LED(key)                                                                                   \
    key " IN (SELECT s.group_key FROM membership s WHERE s.person_key = ?3 AND s.role IN "         \
    ACCESS_OFFICERS " AND " ACCESS_TODAY("s") ") "
#define PLAN_ROW_FROM(plans)                                                                       \
    "SELECT p.id AS \"id\", p.year AS \"year\", p.number AS \"number\", b.id AS \"groupId\", "     \
    "g.full_name AS \"groupName\" FROM " plans " JOIN workgroup g ON g.key = p.group_key "         \
    "JOIN body b ON b.key = g.key JOIN group_kind k ON k.key = g.kind_key "
/* Plans of the groups that the reader leads. */
#define LED_PLANS                                                                                  \
    PLAN_ROW_FROM("membership s CROSS JOIN plan p") "WHERE s.person_key = ?3 AND s.role IN "       \
    ACCESS_OFFICERS " AND " ACCESS_TODAY("s") " AND p.group_key = s.group_key AND "

/* One kind of waiting; {year} in the title. */
struct waiting {
    const char *what, *title, *about, *action;
    const char *due;   /* a day, or NULL */
    const char *place; /* on the plan's pages: "/review", "#remark-..." of the row; or NULL */
};

static json_t *add_task(struct ctx *ctx, json_t *tasks, const struct waiting *waits,
                        const json_t *row)
{
    const char *id = json_text(row, "id"), *group = json_text(row, "groupId");
    json_t *task = json_push(tasks, json_object());
    json_put(task, "id",
             arena_printf(ctx->arena, "plan-%s:%s", waits->what, id ? id : group));
    json_put(task, "type", "plans");
    json_put(task, "title",
             ctx_textf(ctx, waits->title, "year",
                       arena_int(ctx->arena, json_int(row, "year", 0)), NULL));
    json_put(task, "about", waits->about ? ctx_text(ctx, waits->about) : NULL);
    json_put(task, "groupId", group);
    json_put(task, "groupName", json_text(row, "groupName"));
    json_put(task, "dueDate", waits->due);
    json_put(task, "objectType", id ? "plans" : "groups");
    json_put(task, "objectId", id ? id : group);
    json_put(task, "href",
             id ? arena_join(ctx->arena, "/plans/", id, waits->place ? waits->place : "", NULL)
                : arena_printf(ctx->arena, "/groups/%s/plans", group));
    json_put(task, "action", ctx_text(ctx, waits->action));
    return task;
}

static void add_tasks(struct ctx *ctx, json_t *tasks, const struct waiting *waits, json_t *rows)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
        add_task(ctx, tasks, waits, row);
    json_decref(rows);
}

/* ---------------------------------------------------------------- of the programme area */

/* From the day on which plans are written: no plan yet, or a draft that nobody has submitted. */
static void to_submit(struct ctx *ctx, json_t *tasks)
{
    struct plan_days days;
    int year = plan_year(ctx);
    plan_days(ctx, year, &days);
    const struct waiting begin = {"begin", N_("Begin the plan for {year}"),
                                  N_("It begins with what goes on from the last one."),
                                  NC_("act", "Begin"), days.submitted, NULL},
                         submit = {"submit", N_("Submit the plan for {year}"), NULL,
                                   NC_("act", "See the draft"), days.submitted, NULL};
    json_t *row, *rows = db_rows(
        ctx->tx,
        "SELECT p.id AS \"id\", CAST(?5 AS INTEGER) AS \"year\", b.id AS \"groupId\", "
        "g.full_name AS \"groupName\" FROM workgroup g JOIN body b ON b.key = g.key "
        "JOIN group_kind k ON k.key = g.kind_key "
        "LEFT JOIN plan p ON p.group_key = g.key AND p.year = ?5 WHERE " LED("g.key") "AND " STANDS
        "AND " PLAN_EXPECTED " AND (p.key IS NULL OR p.state = 'draft') ORDER BY g.key",
        PLAN_ARGS(ctx, year, 0));
    size_t i;
    json_array_foreach(rows, i, row)
        add_task(ctx, tasks, json_text(row, "id") ? &submit : &begin, row);
    json_decref(rows);
}

static void to_change(struct ctx *ctx, json_t *tasks)
{
    static const struct waiting change = {"change",
                                          N_("Change and submit the plan for {year}"),
                                          N_("It was returned with a comment."),
                                          NC_("act", "Change"), NULL, NULL};
    add_tasks(ctx, tasks, &change,
              db_rows(ctx->tx,
                      LED_PLANS "p.state = 'returned' AND " STANDS "ORDER BY p.key",
                      PLAN_ARGS(ctx, 0, 0)));
}

static void to_answer(struct ctx *ctx, json_t *tasks)
{
    json_t *row, *rows = db_rows(ctx->tx,
                                 LED_PLANS
                                 "p.state IN ('submitted', 'returned') AND EXISTS ("
                                 "SELECT 1 FROM plan_remark r WHERE r.plan_key = p.key "
                                 "AND r.resolved = 0 AND r.answer IS NULL) ORDER BY p.key",
                                 PLAN_ARGS(ctx, 0, 0));
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *first = db_text(ctx->tx,
                                    "SELECT r.id FROM plan_remark r JOIN plan p "
                                    "ON p.key = r.plan_key WHERE p.id = ?1 AND r.resolved = 0 "
                                    "AND r.answer IS NULL ORDER BY r.key LIMIT 1",
                                    json_text(row, "id"));
        const struct waiting answer = {"answer", N_("Answer questions about the plan for {year}"),
                                       NULL, N_("Answer"), NULL,
                                       arena_join(ctx->arena, "#remark-", first, NULL)};
        add_task(ctx, tasks, &answer, row);
    }
    json_decref(rows);
}

/* When the year is over: before the next year's plans are decided. */
static void to_follow(struct ctx *ctx, json_t *tasks)
{
    struct plan_days days;
    long long year = strtoll(ctx->today, NULL, 10);
    plan_days(ctx, (int)year, &days);
    const struct waiting follow = {"follow", N_("Follow up the plan for {year}"),
                                   N_("What came of each initiative, and what goes on."),
                                   N_("Follow up"), days.decided, "/follow-ups/new"};
    add_tasks(ctx, tasks, &follow,
              db_rows(ctx->tx,
                      LED_PLANS "p.state = 'approved' AND p.year < ?5 AND " STANDS
                                "ORDER BY p.key",
                      PLAN_ARGS(ctx, year, 0)));
}

/* ---------------------------------------------------------------- of those who decide */

/* Plans of the groups that the reader decides for: an officer of a direct principal, or who
 * coordinates the area of a group that nobody commissions; never of a group of one's own. */
#define DECIDED_HERE                                                                               \
    "WITH mine (k) AS (SELECT x.group_key FROM group_principal x JOIN membership s "               \
    "ON s.group_key = x.principal_key WHERE s.person_key = ?3 AND s.role IN " ACCESS_OFFICERS      \
    " AND " ACCESS_TODAY("s") " AND " ACCESS_TODAY("x") " UNION SELECT m.key FROM workgroup m "    \
    "WHERE " PLAN_AREA("m.key") " AND " PLAN_NOT_COMMISSIONED("m.key") ") "                        \
    PLAN_ROW_FROM("mine CROSS JOIN plan p")                                                        \
    "WHERE p.group_key = mine.k AND NOT EXISTS (SELECT 1 FROM membership o "                       \
    "WHERE o.group_key = p.group_key AND o.person_key = ?3 AND "                                   \
    "o.role NOT IN ('contact', 'observer') AND " ACCESS_TODAY("o") ") "

static void to_decide(struct ctx *ctx, json_t *tasks)
{
    json_t *row, *rows = db_rows(ctx->tx,
                                 DECIDED_HERE "AND p.state = 'submitted' "
                                              "ORDER BY p.year, g.full_name, p.key",
                                 PLAN_ARGS(ctx, 0, 0));
    size_t i;
    json_array_foreach(rows, i, row) {
        struct plan_days days;
        plan_days(ctx, (int)json_int(row, "year", 0), &days);
        const struct waiting decide = {"decide", N_("Decide the plan for {year}"), NULL,
                                       N_("Read the plan"), days.decided, "/review"};
        add_task(ctx, tasks, &decide, row);
    }
    json_decref(rows);
}

static void to_resolve(struct ctx *ctx, json_t *tasks)
{
    static const struct waiting resolve = {"resolve",
                                           N_("Read the answers about the plan for {year}"), NULL,
                                           NC_("act", "Read"), NULL, "/review"};
    add_tasks(ctx, tasks, &resolve,
              db_rows(ctx->tx,
                      DECIDED_HERE "AND p.state IN ('submitted', 'returned') "
                                   "AND EXISTS (SELECT 1 FROM plan_remark r WHERE r.plan_key = "
                                   "p.key AND r.resolved = 0 AND r.answer IS NOT NULL) "
                                   "ORDER BY p.key",
                      PLAN_ARGS(ctx, 0, 0)));
}

static void find_tasks(struct ctx *ctx, json_t *tasks)
{
    if (ctx->actor->person_key) {
        to_submit(ctx, tasks);
        to_change(ctx, tasks);
        to_answer(ctx, tasks);
        to_follow(ctx, tasks);
    }
    if (ctx->actor->person_key || ctx->actor->areas) {
        to_decide(ctx, tasks);
        to_resolve(ctx, tasks);
    }
}

const struct task plan_tasks[] = {
    {.type = "plans", .label = N_("Plans"), .find = find_tasks},
    {0},
};

/* ---------------------------------------------------------------- over the whole register */

static json_t *not_submitted(struct ctx *ctx)
{
    struct plan_days days;
    int year = plan_year(ctx);
    plan_days(ctx, year, &days);
    if (strcmp(ctx->today, days.submitted) <= 0)
        return json_array();
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT b.id AS \"id\", g.full_name AS \"name\", "
                                 "CAST(?2 AS TEXT) AS \"year\" " PLAN_UNSUBMITTED,
                                 ctx->today, year);
    size_t i;
    json_array_foreach(rows, i, row)
        json_put(row, "day", days.submitted);
    return rows;
}

const struct check plan_checks[] = {
    {.rule = "plan-not-submitted",
     .severity = CHECK_NOTICE,
     .object_type = "groups",
     .label = N_("A plan that is not submitted by its day"),
     .message = N_("The plan of {name} for {year} was to be submitted by {day}, and is not yet."),
     .mend = "/groups/{id}/plans",
     .find = not_submitted},
    {.rule = "initiative-without-group",
     .severity = CHECK_NOTICE,
     .object_type = "initiatives",
     .label = N_("An initiative that nobody carries out"),
     .message = N_("An initiative in the plan of {name} for {year} has no responsible group: "
                   "{title}"),
     .query = "SELECT i.id AS \"id\", p.id AS \"planId\", b.id AS \"groupId\", "
              "g.full_name AS \"name\", CAST(p.year AS TEXT) AS \"year\", i.title AS \"title\" "
              "FROM initiative i JOIN plan p ON p.key = i.plan_key "
              "JOIN workgroup g ON g.key = p.group_key JOIN body b ON b.key = g.key "
              "WHERE i.group_key IS NULL AND p.state IN ('submitted', 'approved') "
              "AND coalesce(i.progress, 'onTrack') NOT IN ('done', 'stopped') ORDER BY i.key",
     .at = "/plans/{planId}#initiative-{id}",
     .mend = "/plans/{planId}/initiatives/{id}/edit"},
    {0},
};

/* ---------------------------------------------------------------- when they are */

static void add_event(struct ctx *ctx, json_t *events, const char *from, const char *to, int year,
                      const char *what, const char *title, const char *day)
{
    if (strcmp(day, from) < 0 || strcmp(day, to) > 0)
        return;
    const char *number = arena_printf(ctx->arena, "%d", year);
    event_on(ctx, events, "plans", arena_printf(ctx->arena, "plans/%d/%s", year, what),
             ctx_textf(ctx, title, "year", number, NULL), day,
             arena_printf(ctx->arena, "/plans?year=%d", year));
}

/* One of them has plans of its own. */
static bool concerned(struct ctx *ctx, const long long *groups, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (db_exists(ctx->tx,
                      "SELECT 1 FROM workgroup g JOIN group_kind k ON k.key = g.kind_key "
                      "WHERE g.key = ?1 AND k.id IN ('npo', 'nsg', 'rpo', 'lpo', 'sks')",
                      groups[i]))
            return true;
    return !n;
}

/* The days are the same for all groups, so they are told once. */
static void find_events(struct ctx *ctx, const char *from, const char *to, const long long *groups,
                        size_t n, json_t *events)
{
    int first = (int)strtol(from, NULL, 10), last = (int)strtol(to, NULL, 10) + 1;
    if (!concerned(ctx, groups, n))
        return;
    for (int year = first; year <= last && year < first + 20; year++) {
        struct plan_days days;
        plan_days(ctx, year, &days);
        add_event(ctx, events, from, to, year, "written", N_("Plans for {year} are written"),
                  days.written);
        add_event(ctx, events, from, to, year, "submitted", N_("Plans for {year} are submitted"),
                  days.submitted);
        add_event(ctx, events, from, to, year, "decided", N_("Plans for {year} are decided"),
                  days.decided);
    }
}

const struct event_source plan_events[] = {
    {"plans", N_("Plans"), find_events},
    {0},
};
