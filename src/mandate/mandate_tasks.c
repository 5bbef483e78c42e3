/* mandate_tasks.c: which mandates wait for the reader: to approve for a principal, to change after
 * a return, to renew before they run out.
 *
 * Owns the queries, each beginning with the reader's own memberships, so that a large register
 * costs no more. What waits is what mandate_rules.c lets the reader do; who may do it in another's
 * place (the support function, a coordinator) is not asked, except for groups that nobody
 * commissions. */
#include "internal.h"

enum { ANSWER_DAYS = 30, ENDS_WITHIN = 90 };

#define OFFICER_OF(s)                                                                              \
    "membership " s " JOIN workgroup g ON g.key = " s ".group_key JOIN body b ON b.key = g.key "
#define IS_OFFICER(s)                                                                              \
    s ".person_key = ?3 AND " s ".role IN " ACCESS_OFFICERS " AND " ACCESS_TODAY(s)
#define STANDS "g.start_date <= ?4 AND (g.end_date IS NULL OR g.end_date >= ?4) "

static json_t *task_of(struct ctx *ctx, json_t *tasks, const char *what, const json_t *row)
{
    const char *id = json_text(row, "id");
    json_t *task = json_push(tasks, json_object());
    json_put(task, "id", arena_printf(ctx->arena, "mandate-%s:%s", what, id));
    json_put(task, "groupId", json_text(row, "groupId"));
    json_put(task, "groupName", json_text(row, "groupName"));
    json_put(task, "objectType", "mandates");
    json_put(task, "objectId", id);
    return task;
}

static const char *numbered(struct ctx *ctx, const char *msgid, const json_t *row)
{
    return ctx_textf(ctx, msgid, "version",
                     arena_printf(ctx->arena, "%lld", json_int(row, "number", 0)), NULL);
}

/* ---------------------------------------------------------------- to approve */

/* Before it is to be in force; one that came after that day is answered within a month. */
static void put_answer_day(json_t *task, const json_t *row)
{
    char sent[DAY_SIZE], due[DAY_SIZE];
    const char *from = json_text(row, "from");
    day_of_instant(json_text(row, "at"), sent);
    day_add(sent, ANSWER_DAYS, due);
    json_put(task, "dueDate", day_diff(sent, from) > 0 ? from : due);
}

static void add_approvals(struct ctx *ctx, json_t *tasks, json_t *rows)
{
    size_t i;
    json_t *row;
    json_array_foreach (rows, i, row) {
        const char *id = json_text(row, "id"), *principal = json_text(row, "principalId");
        const char *path = arena_printf(ctx->arena, "/mandates/%s/approvals/new", id);
        json_t *task = task_of(ctx, tasks, "approve", row);
        json_put(task, "title",
                 numbered(ctx, N_("Approve or return the mandate, version {version}"), row));
        json_put(task, "about",
                 principal ? ctx_textf(ctx, N_("for {principal}"), "principal",
                                       json_text(row, "principalName"), NULL)
                           : NULL);
        put_answer_day(task, row);
        json_put(task, "href",
                 principal ? arena_printf(ctx->arena, "%s?principalId=%s", path, principal) : path);
        json_put(task, "action", ctx_text(ctx, N_("Review")));
        if (principal) /* of a group with two principals one officer may have to speak twice */
            json_put(task, "id",
                     arena_printf(ctx->arena, "mandate-approve:%s:%s", id, principal));
    }
    json_decref(rows);
}

#define SUBMITTED                                                                                  \
    "SELECT m.id AS \"id\", m.number AS \"number\", m.submitted_at AS \"at\", "                    \
    "m.valid_from AS \"from\", b.id AS \"groupId\", g.full_name AS \"groupName\""

static void to_approve(struct ctx *ctx, json_t *tasks)
{
    add_approvals(
        ctx, tasks,
        db_rows(ctx->tx,
                SUBMITTED ", wb.id AS \"principalId\", w.full_name AS \"principalName\" "
                          "FROM membership s JOIN group_principal p "
                          "ON p.principal_key = s.group_key "
                          "JOIN workgroup w ON w.key = p.principal_key "
                          "JOIN body wb ON wb.key = w.key "
                          "JOIN mandate m ON m.group_key = p.group_key AND m.state = 'submitted' "
                          "JOIN workgroup g ON g.key = m.group_key JOIN body b ON b.key = g.key "
                          "WHERE " IS_OFFICER("s") " AND " ACCESS_TODAY("p")
                " AND NOT EXISTS (SELECT 1 FROM mandate_approval a WHERE a.mandate_key = m.key "
                "AND a.principal_key = p.principal_key AND a.outcome = 'approved' "
                "AND a.at >= m.submitted_at) ORDER BY m.key, p.position, p.key",
                READER(ctx)));
}

/* For want of principals the support function approves. */
static void to_approve_as_support(struct ctx *ctx, json_t *tasks)
{
    if (!(ctx->actor->roles & ROLE_SUPPORT))
        return;
    add_approvals(ctx, tasks,
                  db_rows(ctx->tx,
                          SUBMITTED " FROM mandate m JOIN workgroup g ON g.key = m.group_key "
                                    "JOIN body b ON b.key = g.key WHERE m.state = 'submitted' "
                                    "AND NOT EXISTS (SELECT 1 FROM group_principal p "
                                    "WHERE p.group_key = m.group_key AND " ACCESS_TODAY("p")
                          ") ORDER BY m.submitted_at, m.key", /* in the order of their index */
                          READER(ctx)));
}

/* ---------------------------------------------------------------- returned */

static void to_change(struct ctx *ctx, json_t *tasks)
{
    json_t *row;
    size_t i;
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT m.id AS \"id\", m.number AS \"number\", b.id AS \"groupId\", "
        "g.full_name AS \"groupName\", (SELECT w.full_name FROM mandate_approval a "
        "JOIN workgroup w ON w.key = a.principal_key WHERE a.mandate_key = m.key "
        "AND a.outcome = 'returned' ORDER BY a.at DESC, a.key DESC LIMIT 1) AS \"by\" "
        "FROM " OFFICER_OF("s") "JOIN mandate m ON m.group_key = g.key AND m.state = 'returned' "
        "WHERE " IS_OFFICER("s") " AND " STANDS "ORDER BY m.key",
        READER(ctx));
    json_array_foreach (rows, i, row) {
        const char *by = json_text(row, "by");
        json_t *task = task_of(ctx, tasks, "change", row);
        json_put(task, "title",
                 numbered(ctx, N_("Change and submit the mandate, version {version}"), row));
        json_put(task, "about",
                 by ? ctx_textf(ctx, N_("returned by {principal}"), "principal", by, NULL)
                    : ctx_text(ctx, NC_("mandate", "returned")));
        json_put(task, "href", arena_printf(ctx->arena, "/mandates/%s", json_text(row, "id")));
        json_put(task, "action", ctx_text(ctx, NC_("act", "Change")));
    }
    json_decref(rows);
}

/* ---------------------------------------------------------------- running out */

/* What has been submitted, returned or approved since is on its way; a draft is still in the
 * officers' own hands. */
static json_t *ending(struct ctx *ctx)
{
    char limit[DAY_SIZE];
    day_add(ctx->today, ENDS_WITHIN, limit);
    return db_rows(ctx->tx,
                   "SELECT m.id AS \"id\", m.valid_to AS \"day\", b.id AS \"groupId\", "
                   "g.full_name AS \"groupName\", (SELECT n.id FROM mandate n "
                   "WHERE n.group_key = g.key AND n.state = 'draft' AND n.number > m.number "
                   "ORDER BY n.number DESC LIMIT 1) AS \"draft\" "
                   "FROM " OFFICER_OF("s") "JOIN mandate m ON m.group_key = g.key "
                   "AND m.state = 'approved' AND m.valid_from <= ?4 AND m.valid_to <= ?5 "
                   "WHERE " IS_OFFICER("s") " AND " STANDS
                   "AND (g.end_date IS NULL OR g.end_date > m.valid_to) "
                   "AND NOT EXISTS (SELECT 1 FROM mandate n WHERE n.group_key = g.key "
                   "AND n.state <> 'draft' AND n.number > m.number) ORDER BY m.key",
                   READER(ctx), (const char *)limit);
}

static void to_renew(struct ctx *ctx, json_t *tasks)
{
    json_t *row, *rows = ending(ctx);
    size_t i;
    json_array_foreach (rows, i, row) {
        const char *draft = json_text(row, "draft"), *day = json_text(row, "day");
        json_t *task = task_of(ctx, tasks, "renew", row);
        json_put(task, "title",
                 draft ? ctx_text(ctx, N_("Submit the new mandate"))
                       : ctx_text(ctx, N_("Extend or replace the mandate")));
        json_put(task, "about",
                 day_diff(ctx->today, day) < 0 ? ctx_text(ctx, N_("it has run out"))
                                               : ctx_text(ctx, N_("it is about to run out")));
        json_put(task, "dueDate", day);
        json_put(task, "href",
                 draft ? arena_printf(ctx->arena, "/mandates/%s", draft)
                       : arena_printf(ctx->arena, "/mandates/%s", json_text(row, "id")));
        json_put(task, "action",
                 ctx_text(ctx, draft ? NC_("act", "Submit") : NC_("act", "Choose")));
    }
    json_decref(rows);
}

const struct task mandate_tasks[] = {
    {"mandates", N_("Mandates"), to_approve},
    {"mandates", N_("Mandates"), to_approve_as_support},
    {"mandates", N_("Mandates"), to_change},
    {"mandates", N_("Mandates"), to_renew},
    {0},
};
