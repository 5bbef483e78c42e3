/* minutes_tasks.c: what waits around minutes (S1), and what is wrong with them (R93).
 *
 * Owns the queries, each beginning with the reader's own memberships, areas or receipts. Officers of
 * the group that leads are asked to write, adjust and send, not those who may act in their place;
 * recipients to read. Must not know pages. */
#include <string.h>
#include <kansli/mail.h>
#include "draft.h"

enum { DELIVER_WITHIN = 30, REMIND_BEFORE = 10, LOOK_BACK = 365 }; /* days */

/* Of a meeting m: no version has been sent. */
#define UNDELIVERED                                                                                \
    "NOT EXISTS (SELECT 1 FROM minutes v WHERE v.meeting_key = m.key AND v.state = 'distributed')"

#define LED                                                                                        \
    "m.group_key IN (SELECT s.group_key FROM membership s WHERE s.person_key = ?3 AND s.role IN "  \
    ACCESS_OFFICERS " AND " ACCESS_TODAY("s") ") "

struct waiting {
    const char *what, *title, *path, *action;
    bool due; /* within 30 days of the meeting */
};

static void add_task(struct ctx *ctx, json_t *tasks, const struct waiting *waits, const char *type,
                     const json_t *row)
{
    char due[DAY_SIZE];
    const char *id = json_text(row, "id");
    json_t *task = json_push(tasks, json_object());
    day_add(json_text(row, "day"), DELIVER_WITHIN, due);
    json_put(task, "id", arena_printf(ctx->arena, "minutes-%s:%s", waits->what, id));
    json_put(task, "type", "minutes");
    json_put(task, "title", ctx_textf(ctx, waits->title, "title", json_text(row, "title"), NULL));
    json_put(task, "about", NULL);
    json_put(task, "groupId", json_text(row, "groupId"));
    json_put(task, "groupName", json_text(row, "groupName"));
    json_put(task, "dueDate", waits->due ? due : NULL);
    json_put(task, "objectType", type);
    json_put(task, "objectId", id);
    json_put(task, "href", arena_printf(ctx->arena, "/%s/%s%s", type, id, waits->path));
    json_put(task, "action", ctx_text(ctx, waits->action));
}

/* ---------------------------------------------------------------- to write, adjust, send */

/* Of each meeting held within a year: its last version's state, or none. */
static void find_unsent(struct ctx *ctx, json_t *tasks)
{
    static const struct waiting write = {"write", N_("Write the minutes of {title}"), "/minutes",
                                         NC_("button", "Write minutes"), true},
                                adjust = {"adjust", N_("Adjust the minutes of {title}"), "",
                                          NC_("button", "Adjust"), true},
                                send = {"distribute", N_("Send the minutes of {title}"),
                                "/distributions/new",
                                        NC_("button", "Send"), true};
    char since[DAY_SIZE];
    day_add(ctx->today, -LOOK_BACK, since);
    json_t *row, *rows = db_rows(
        ctx->tx,
        "SELECT m.id AS \"meeting\", m.title AS \"title\", m.starts_on AS \"day\", "
        "b.id AS \"groupId\", g.full_name AS \"groupName\", v.id AS \"id\", v.state AS \"state\" "
        "FROM meeting m JOIN workgroup g ON g.key = m.group_key JOIN body b ON b.key = g.key "
        "LEFT JOIN minutes v ON v.meeting_key = m.key AND v.number = (SELECT max(n.number) "
        "FROM minutes n WHERE n.meeting_key = m.key) WHERE " LED "AND m.cancelled_at IS NULL "
        "AND m.ends_at <= ?8 AND m.starts_on >= ?5 AND (v.key IS NULL OR v.state <> 'distributed') "
        "ORDER BY m.key",
        MEETING_ARGS(ctx, (const char *)since, 0));
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *state = json_text(row, "state");
        if (!state)
            json_put(row, "id", json_text(row, "meeting"));
        add_task(ctx, tasks, !state ? &write : !strcmp(state, "draft") ? &adjust : &send,
                 state ? "minutes" : "meetings", row);
    }
    json_decref(rows);
}

/* ---------------------------------------------------------------- to read */

/* Not opened by anybody who receives for the body; of several versions the last. */
static void find_unread(struct ctx *ctx, json_t *tasks)
{
    static const struct waiting read = {"read", N_("New minutes to read: {title}"), "",
                                        NC_("button", "Read"), false};
    json_t *row, *rows = db_rows(
        ctx->tx,
        "SELECT DISTINCT v.key AS \"key\", v.id AS \"id\", m.title AS \"title\", "
        "m.starts_on AS \"day\", b.id AS \"groupId\", g.full_name AS \"groupName\" "
        "FROM minutes_receipt r JOIN minutes v ON v.key = r.minutes_key "
        "JOIN meeting m ON m.key = v.meeting_key JOIN workgroup g ON g.key = m.group_key "
        "JOIN body b ON b.key = g.key WHERE r.opened_at IS NULL "
        "AND " MINUTES_RECEIVED("r.body_key") " AND NOT EXISTS (SELECT 1 FROM minutes n "
        "JOIN minutes_receipt nr ON nr.minutes_key = n.key AND nr.body_key = r.body_key "
        "WHERE n.meeting_key = v.meeting_key AND n.number > v.number) ORDER BY v.key",
        MEETING_ARGS(ctx, 0, 0));
    size_t i;
    json_array_foreach(rows, i, row)
        add_task(ctx, tasks, &read, "minutes", row);
    json_decref(rows);
}

static void find_tasks(struct ctx *ctx, json_t *tasks)
{
    if (ctx->actor->person_key)
        find_unsent(ctx, tasks);
    find_unread(ctx, tasks);
}

const struct task minutes_tasks[] = {
    {.type = "minutes", .label = N_("Minutes"), .find = find_tasks},
    {0},
};

/* ---------------------------------------------------------------- over the whole register */

static json_t *undelivered(struct ctx *ctx)
{
    char before[DAY_SIZE];
    day_add(ctx->today, -DELIVER_WITHIN, before);
    return db_rows(ctx->tx,
                   "SELECT m.id AS \"id\", b.id AS \"groupId\", g.full_name AS \"name\", "
                   "m.title AS \"title\", m.starts_on AS \"day\" FROM meeting m "
                   "JOIN workgroup g ON g.key = m.group_key JOIN body b ON b.key = g.key "
                   "WHERE m.cancelled_at IS NULL AND m.starts_on < ?1 AND " UNDELIVERED
                   " ORDER BY m.key",
                   (const char *)before);
}

const struct check minutes_checks[] = {
    {.rule = "minutes-undelivered",
     .severity = CHECK_WARNING,
     .object_type = "meetings",
     .label = N_("A meeting without delivered minutes"),
     .message = N_("{title} of {name} was held on {day}. Its minutes were not sent within 30 days."),
     .at = "/meetings/{id}/minutes",
     .mend = "/meetings/{id}/minutes",
     .find = undelivered},
    {0},
};

/* ---------------------------------------------------------------- reminded of */

static enum code remind(struct ctx *ctx, const json_t *row)
{
    char due[DAY_SIZE];
    day_add(json_text(row, "day"), DELIVER_WITHIN, due);
    const char *places[] = {"group", json_text(row, "groupName"), "day", json_text(row, "day"),
                            "dueDate", due, NULL};
    struct mail mail = {
        .event = arena_printf(ctx->arena, "meetings:%s:minutes-due", json_text(row, "id")),
        .kind = MAIL_REMINDER,
        .subject = N_("Minutes to send before {dueDate}"),
        .paragraphs = {N_("{group} met on {day}. The minutes are to be with its principals on "
                          "{dueDate} at the latest."),
                       N_("Write, adjust and send them on the meeting's page.")},
        .path = arena_printf(ctx->arena, "/meetings/%s/minutes", json_text(row, "id")),
        .action = N_("Show the minutes"),
        .why = N_("You get this because you lead {group}."),
        .places = places,
    };
    return mail_officers(ctx, json_int(row, "group_key", 0), &mail);
}

/* From ten days before they are due until then: each meeting once. */
static enum code remind_all(struct ctx *ctx)
{
    char since[DAY_SIZE], until[DAY_SIZE];
    day_add(ctx->today, -DELIVER_WITHIN, since);
    day_add(ctx->today, REMIND_BEFORE - DELIVER_WITHIN, until);
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT m.id AS \"id\", m.starts_on AS \"day\", "
                                 "g.key AS \"group_key\", g.full_name AS \"groupName\" "
                                 "FROM meeting m JOIN workgroup g ON g.key = m.group_key "
                                 "WHERE m.cancelled_at IS NULL AND m.starts_on >= ?1 "
                                 "AND m.starts_on <= ?2 AND " UNDELIVERED " ORDER BY m.key",
                                 (const char *)since, (const char *)until);
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row)
        c = c ? c : remind(ctx, row);
    json_decref(rows);
    return c;
}

const struct chore minutes_chores[] = {
    {"minutes-reminders", remind_all},
    {"minutes-drafts", drafts_expire},
    {0},
};
