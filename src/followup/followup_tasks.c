/* followup_tasks.c: what waits (S1), what is reminded of, what nobody follows up (R93).
 *
 * Owns the queries, each beginning with the reader's own actions or memberships or with a day, so
 * that a large register costs no more. A reminder says which group and which day, never what: mail
 * is read in the open. Must not know pages. */
#include <kansli/mail.h>
#include "internal.h"

enum { WAITS_BEFORE = 14, REMIND_BEFORE = 3, REMIND_AFTER = 7, LATE_AFTER = 90 }; /* days */

/* ---------------------------------------------------------------- what waits */

/* Two weeks before its day, and from then on; what has no day waits at once: nothing else would
 * tell of it. */
static void find_actions(struct ctx *ctx, json_t *tasks)
{
    char until[DAY_SIZE];
    day_add(ctx->today, WAITS_BEFORE, until);
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT t.id AS \"id\", t.text AS \"text\", "
                                 "t.due_date AS \"due\", b.id AS \"groupId\", "
                                 "g.full_name AS \"groupName\" FROM action t "
                                 "LEFT JOIN workgroup g ON g.key = t.group_key AND "
                                 ACCESS_GROUP_VISIBLE("g.access_mode", "g.key")
                                 " LEFT JOIN body b ON b.key = g.key "
                                 "WHERE ?3 > 0 AND t.owner_key = ?3 AND t.status = 'open' "
                                 "AND (t.due_date IS NULL OR t.due_date <= ?5) ORDER BY t.key",
                                 MEETING_ARGS(ctx, (const char *)until, 0));
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *id = json_text(row, "id");
        json_t *task = json_push(tasks, json_object());
        json_put(task, "id", arena_printf(ctx->arena, "action:%s", id));
        json_put(task, "title", json_text(row, "text"));
        json_put(task, "groupId", json_text(row, "groupId"));
        json_put(task, "groupName", json_text(row, "groupName"));
        json_put(task, "dueDate", json_text(row, "due"));
        json_put(task, "objectType", "actions");
        json_put(task, "objectId", id);
        json_put(task, "href", arena_printf(ctx->arena, "/actions/%s", id));
        json_put(task, "action", ctx_text(ctx, N_("Follow up")));
    }
    json_decref(rows);
}

/* Groups that somebody commissions, that have met since they last reported (or ever) and that have
 * not reported for long: asked of the process leader, or of the chair where there is none. */
static json_t *silent(struct ctx *ctx)
{
    char before[DAY_SIZE];
    day_add(ctx->today, -REPORT_EVERY, before);
    return db_rows(ctx->tx,
                   "SELECT \"groupId\", \"groupName\", \"last\" FROM (SELECT g.key AS \"key\", "
                   "b.id AS \"groupId\", g.full_name AS \"groupName\", g.start_date AS \"start\", "
                   "(SELECT max(r.period_end) FROM status_report r WHERE r.group_key = g.key) "
                   "AS \"last\" FROM workgroup g JOIN body b ON b.key = g.key WHERE g.key IN ("
                   "SELECT s.group_key FROM membership s WHERE s.person_key = ?3 AND "
                   ACCESS_TODAY("s") " AND (s.role = 'processLeader' OR s.role = 'chair' "
                   "AND NOT EXISTS (SELECT 1 FROM membership o WHERE o.group_key = s.group_key "
                   "AND o.role = 'processLeader' AND " ACCESS_TODAY("o") "))) AND EXISTS ("
                   "SELECT 1 FROM group_principal p WHERE p.group_key = g.key AND "
                   ACCESS_TODAY("p") ") AND g.start_date <= ?4 "
                   "AND (g.end_date IS NULL OR g.end_date >= ?4)) AS mine "
                   "WHERE coalesce(\"last\", \"start\") < ?5 AND EXISTS ("
                   "SELECT 1 FROM meeting_group x JOIN meeting m ON m.key = x.meeting_key "
                   "WHERE x.group_key = mine.\"key\" AND m.cancelled_at IS NULL "
                   "AND m.ends_at <= ?8 AND x.starts_on > coalesce(\"last\", '')) "
                   "ORDER BY \"key\"",
                   MEETING_ARGS(ctx, (const char *)before, 0));
}

/* The newest reports of the groups that the reader's groups commission, which the reader has not
 * read as they stand. */
static json_t *unread(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   "SELECT DISTINCT r.key AS \"key\", r.id AS \"id\", r.state AS \"state\", "
                   "b.id AS \"groupId\", g.full_name AS \"groupName\" FROM membership s "
                   "JOIN group_principal p ON p.principal_key = s.group_key AND "
                   ACCESS_TODAY("p") " JOIN status_report r ON r.group_key = p.group_key "
                   "JOIN workgroup g ON g.key = r.group_key JOIN body b ON b.key = g.key "
                   "WHERE ?7 > 0 AND s.person_key = ?3 AND s.role IN " ACCESS_OFFICERS " AND "
                   ACCESS_TODAY("s") " AND NOT EXISTS (SELECT 1 FROM status_report n "
                   "WHERE n.group_key = r.group_key AND (n.period_end > r.period_end "
                   "OR n.period_end = r.period_end AND n.key > r.key)) "
                   "AND NOT EXISTS (SELECT 1 FROM status_report_reading d "
                   "WHERE d.report_key = r.key AND d.account_key = ?7) ORDER BY r.key",
                   MEETING_ARGS(ctx, 0, 0));
}

static json_t *report_task(struct ctx *ctx, json_t *tasks, const json_t *row, const char *name,
                           const char *id)
{
    json_t *task = json_push(tasks, json_object());
    json_put(task, "id", arena_printf(ctx->arena, "%s:%s", name, id));
    json_put(task, "groupId", json_text(row, "groupId"));
    json_put(task, "groupName", json_text(row, "groupName"));
    json_put(task, "objectId", id);
    return task;
}

static void find_due_reports(struct ctx *ctx, json_t *tasks)
{
    json_t *row, *rows = silent(ctx);
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *id = json_text(row, "groupId");
        json_t *task = report_task(ctx, tasks, row, "status-report", id);
        json_put(task, "title",
                 ctx_text(ctx, N_("Tell those who commission the group how it goes")));
        json_put(task, "about",
                 json_text(row, "last")
                     ? ctx_text(ctx, N_("The group has met, and half a year has passed since the "
                                        "last status report."))
                     : ctx_text(ctx, N_("The group has met and has not written a status report "
                                        "yet.")));
        json_put(task, "objectType", "groups");
        json_put(task, "href", arena_printf(ctx->arena, "/groups/%s/status-reports/new", id));
        json_put(task, "action", ctx_text(ctx, NC_("button", "Report")));
    }
    json_decref(rows);
}

static void find_unread_reports(struct ctx *ctx, json_t *tasks)
{
    json_t *row, *rows = unread(ctx);
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *id = json_text(row, "id");
        json_t *task = report_task(ctx, tasks, row, "status-report-read", id);
        json_put(task, "title", ctx_text(ctx, N_("Read the status report")));
        json_put(task, "about", value_label(ctx, report_states, json_text(row, "state")));
        json_put(task, "objectType", "status-reports");
        json_put(task, "href", arena_printf(ctx->arena, "/status-reports/%s", id));
        json_put(task, "action", ctx_text(ctx, NC_("button", "Read")));
    }
    json_decref(rows);
}

static void find_reports(struct ctx *ctx, json_t *tasks)
{
    if (!ctx->actor->person_key)
        return;
    find_due_reports(ctx, tasks);
    find_unread_reports(ctx, tasks);
}

const struct task followup_tasks[] = {
    {.type = "actions", .label = N_("Actions"), .find = find_actions},
    {.type = "status-reports", .label = N_("Status reports"), .find = find_reports},
    {0},
};

/* ---------------------------------------------------------------- reminded of */

static enum code remind(struct ctx *ctx, const json_t *row, bool before)
{
    const char *id = json_text(row, "id"), *due = json_text(row, "due");
    const char *places[] = {"group", json_text(row, "groupName"), "day", due, NULL};
    struct mail mail = {
        .event = arena_printf(ctx->arena, "actions:%s:%s:%s", id, before ? "before" : "after", due),
        .kind = MAIL_REMINDER,
        .subject = before ? N_("An action of yours is due {day}")
                          : N_("An action of yours was due {day}"),
        .paragraphs = {before ? N_("You have taken on an action in {group}. Its day is {day}.")
                              : N_("You have taken on an action in {group}. Its day was {day}."),
                       N_("Say that it is done, or choose another day.")},
        .path = arena_printf(ctx->arena, "/actions/%s", id),
        .action = N_("Follow up"),
        .why = N_("You get this because an action in {group} is yours."),
        .places = places,
    };
    return mail_person(ctx, json_int(row, "owner", 0), &mail);
}

/* From three days before until the day; from the day after it for a week, should the program have
 * rested: each day of an action is told once. */
static enum code remind_all(struct ctx *ctx)
{
    char until[DAY_SIZE], since[DAY_SIZE];
    day_add(ctx->today, REMIND_BEFORE, until);
    day_add(ctx->today, -REMIND_AFTER, since);
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT t.id AS \"id\", t.owner_key AS \"owner\", "
                                 "t.due_date AS \"due\", g.full_name AS \"groupName\", "
                                 "CASE WHEN t.due_date >= ?1 THEN 1 ELSE 0 END AS \"before\" "
                                 "FROM action t JOIN workgroup g ON g.key = t.group_key "
                                 "WHERE t.status = 'open' AND t.owner_key IS NOT NULL "
                                 "AND t.due_date >= ?2 AND t.due_date <= ?3 ORDER BY t.key",
                                 ctx->today, (const char *)since, (const char *)until);
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c)
            c = remind(ctx, row, json_int(row, "before", 0) != 0);
    json_decref(rows);
    return c;
}

const struct chore followup_chores[] = {
    {"action-reminders", remind_all},
    {0},
};

/* ---------------------------------------------------------------- over the whole register */

static json_t *late(struct ctx *ctx)
{
    char before[DAY_SIZE];
    day_add(ctx->today, -LATE_AFTER, before);
    return db_rows(ctx->tx,
                   "SELECT t.id AS \"id\", b.id AS \"groupId\", g.full_name AS \"name\", "
                   "t.due_date AS \"day\" FROM action t JOIN workgroup g ON g.key = t.group_key "
                   "JOIN body b ON b.key = g.key WHERE t.status = 'open' AND t.due_date < ?1 "
                   "ORDER BY t.key",
                   (const char *)before);
}

const struct check followup_checks[] = {
    {.rule = "action-overdue",
     .severity = CHECK_NOTICE,
     .object_type = "actions",
     .label = N_("An action that nobody follows up"),
     .message = N_("An action of {name} was due {day} and is still open."),
     .at = "/groups/{groupId}/decisions",
     .mend = "/actions/{id}/edit",
     .find = late},
    {.rule = "action-unowned",
     .severity = CHECK_NOTICE,
     .object_type = "actions",
     .label = N_("An action that nobody has taken on"),
     .message = N_("An action of {name} is open and is nobody's."),
     .query = "SELECT t.id AS \"id\", b.id AS \"groupId\", g.full_name AS \"name\" FROM action t "
              "JOIN workgroup g ON g.key = t.group_key JOIN body b ON b.key = g.key "
              "WHERE t.status = 'open' AND t.owner_key IS NULL ORDER BY t.key",
     .at = "/groups/{groupId}/decisions",
     .mend = "/actions/{id}/edit"},
    {0},
};
