/* meeting_tasks.c: what waits around meetings (S1), what is wrong with them (R93), and when they
 * are (schedule.h).
 *
 * Owns the queries, each beginning with the reader's own memberships or the days that are asked
 * for, so that a large register costs no more. Officers of the group that leads are asked, not
 * those who may act in their place. Must not know pages. */
#include <string.h>
#include <kansli/membership.h>
#include "internal.h"

enum { CALL_WITHIN = 14, CALL_BEFORE = 7, NOTE_AFTER = 7 }; /* days */

#define ROW                                                                                        \
    "SELECT m.id AS \"id\", m.title AS \"title\", m.starts_on AS \"day\", b.id AS \"groupId\", "   \
    "g.full_name AS \"groupName\" FROM meeting m JOIN workgroup g ON g.key = m.group_key "         \
    "JOIN body b ON b.key = g.key "
#define LED                                                                                        \
    "m.group_key IN (SELECT s.group_key FROM membership s WHERE s.person_key = ?3 AND s.role IN "  \
    ACCESS_OFFICERS " AND " ACCESS_TODAY("s") ") "
#define NOTHING_NOTED                                                                              \
    "NOT EXISTS (SELECT 1 FROM attendance t WHERE t.meeting_key = m.key AND t.status IS NOT NULL) "

struct waiting {
    const char *what, *title, *path, *action;
    int due; /* days from the meeting's own */
};

static void add_tasks(struct ctx *ctx, json_t *tasks, const struct waiting *waits, json_t *rows)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        char due[DAY_SIZE];
        const char *id = json_text(row, "id");
        json_t *task = json_push(tasks, json_object());
        day_add(json_text(row, "day"), waits->due, due);
        json_put(task, "id", arena_printf(ctx->arena, "meeting-%s:%s", waits->what, id));
        json_put(task, "type", "meetings");
        json_put(task, "title",
                 ctx_textf(ctx, waits->title, "title", json_text(row, "title"), NULL));
        json_put(task, "about", NULL);
        json_put(task, "groupId", json_text(row, "groupId"));
        json_put(task, "groupName", json_text(row, "groupName"));
        json_put(task, "dueDate", due);
        json_put(task, "objectType", "meetings");
        json_put(task, "objectId", id);
        json_put(task, "href", arena_printf(ctx->arena, "/meetings/%s%s", id, waits->path));
        json_put(task, "action", ctx_text(ctx, waits->action));
    }
    json_decref(rows);
}

/* Called, not yet held, and not answered: of the groups where the reader sits on the day, and where
 * he is a guest. */
static json_t *to_answer(struct ctx *ctx)
{
    return db_rows(
        ctx->tx,
        ROW "WHERE m.called_at IS NOT NULL AND m.cancelled_at IS NULL AND m.ends_at > ?8 "
            "AND (m.key IN (SELECT x.meeting_key FROM membership s "
            "JOIN meeting_group x ON x.group_key = s.group_key AND x.starts_on >= s.start_date "
            "AND (s.end_date IS NULL OR x.starts_on <= s.end_date) WHERE s.person_key = ?3 "
            "AND x.starts_on >= ?4 AND s.role NOT IN ('contact', 'observer')) OR m.key IN ("
            "SELECT t.meeting_key FROM attendance t WHERE t.person_key = ?3)) "
            "AND " MEETING_VISIBLE("m") " AND NOT EXISTS (SELECT 1 FROM attendance t "
            "WHERE t.meeting_key = m.key AND t.person_key = ?3 "
            "AND (t.answer IS NOT NULL OR t.status IS NOT NULL)) ORDER BY m.key",
        MEETING_ARGS(ctx, 0, 0));
}

static json_t *to_call(struct ctx *ctx)
{
    char until[DAY_SIZE];
    day_add(ctx->today, CALL_WITHIN, until);
    return db_rows(ctx->tx,
                   ROW "WHERE " LED "AND m.called_at IS NULL AND m.cancelled_at IS NULL "
                       "AND m.ends_at > ?8 AND m.starts_on <= ?5 ORDER BY m.key",
                   MEETING_ARGS(ctx, (const char *)until, 0));
}

static json_t *to_note(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   ROW "WHERE " LED "AND m.cancelled_at IS NULL AND m.ends_at <= ?8 AND "
                       NOTHING_NOTED "ORDER BY m.key",
                   MEETING_ARGS(ctx, 0, 0));
}

static void find_tasks(struct ctx *ctx, json_t *tasks)
{
    static const struct waiting answer = {"answer", N_("Do you come to {title}?"), "/answers/new",
                                          N_("Answer"), -1},
                                call = {"call", N_("Send the notice of {title}"), "/notices/new",
                                        NC_("button", "Send the notice"), -CALL_BEFORE},
                                note = {"attendance", N_("Note who came to {title}"), "/attendance",
                                        N_("Note attendance"), NOTE_AFTER};
    if (!ctx->actor->person_key)
        return;
    add_tasks(ctx, tasks, &answer, to_answer(ctx));
    add_tasks(ctx, tasks, &call, to_call(ctx));
    add_tasks(ctx, tasks, &note, to_note(ctx));
}

const struct task meeting_tasks[] = {
    {.type = "meetings", .label = N_("Meetings"), .find = find_tasks},
    {0},
};

/* ---------------------------------------------------------------- over the whole register */

static json_t *unnoted(struct ctx *ctx)
{
    char before[DAY_SIZE];
    day_add(ctx->today, -NOTE_AFTER, before);
    return db_rows(ctx->tx,
                   "SELECT m.id AS \"id\", b.id AS \"groupId\", g.full_name AS \"name\", "
                   "m.title AS \"title\", m.starts_on AS \"day\" FROM meeting m "
                   "JOIN workgroup g ON g.key = m.group_key JOIN body b ON b.key = g.key "
                   "WHERE m.cancelled_at IS NULL AND m.starts_on < ?1 AND m.ends_at <= ?2 AND "
                   NOTHING_NOTED "ORDER BY m.key",
                   (const char *)before, tx_instant(ctx->tx));
}

const struct check meeting_checks[] = {
    {.rule = "attendance-unnoted",
     .severity = CHECK_NOTICE,
     .object_type = "meetings",
     .label = N_("A meeting without attendance"),
     .message = N_("{title} of {name} was held on {day}. Who came is not noted yet."),
     .mend = "/meetings/{id}/attendance",
     .find = unnoted},
    {0},
};

/* ---------------------------------------------------------------- when they are */

static json_t *event_of(struct ctx *ctx, const json_t *row)
{
    char last[DAY_SIZE], first[DAY_SIZE];
    const char *id = json_text(row, "id");
    json_t *event = json_object();
    day_of_instant(json_text(row, "startsAt"), first);
    day_of_instant(json_text(row, "endsAt"), last);
    json_put(event, "uid", arena_printf(ctx->arena, "meetings/%s", id));
    json_put(event, "type", "meetings");
    json_put(event, "title", json_text(row, "title"));
    json_put(event, "groupId", json_text(row, "groupId"));
    json_put(event, "groupName", json_text(row, "groupName"));
    json_put(event, "startDate", first);
    json_put(event, "endDate", strcmp(first, last) ? last : NULL);
    json_put(event, "startsAt", json_text(row, "startsAt"));
    json_put(event, "endsAt", json_text(row, "endsAt"));
    json_put(event, "location",
             json_int(row, "inside", 0) || !strcmp(json_text(row, "mode"), "inPerson")
                 ? json_text(row, "location")
                 : NULL);
    json_put(event, "href", arena_printf(ctx->arena, "/meetings/%s", id));
    json_put_int(event, "sequence", json_int(row, "sequence", 0));
    json_put(event, "modified", json_text(row, "modified"));
    json_put_bool(event, "cancelled", json_int(row, "cancelled", 0) != 0);
    return event;
}

#define EVENTS(which)                                                                              \
    "SELECT m.key AS \"key\", m.id AS \"id\", m.title AS \"title\", lb.id AS \"groupId\", "        \
    "l.full_name AS \"groupName\", m.starts_at AS \"startsAt\", m.ends_at AS \"endsAt\", "         \
    "m.mode AS \"mode\", m.location AS \"location\", m.sequence AS \"sequence\", "                 \
    "m.modified AS \"modified\", "                                                                 \
    "CASE WHEN m.cancelled_at IS NULL THEN 0 ELSE 1 END AS \"cancelled\", "                        \
    "CASE WHEN " MEETING_INSIDE("m") " THEN 1 ELSE 0 END AS \"inside\" FROM " which                \
    " LEFT JOIN workgroup l ON l.key = m.group_key AND "                                           \
    ACCESS_GROUP_VISIBLE("l.access_mode", "l.key")                                                 \
    " LEFT JOIN body lb ON lb.key = l.key WHERE " MEETING_VISIBLE("m")

/* Group by group, which costs what they have and not what the register has; a joint meeting is told
 * under each, and once in the end (schedule.h). */
static void find_events(struct ctx *ctx, const char *from, const char *to, const long long *groups,
                        size_t n, json_t *events)
{
    for (size_t i = 0; i < (n ? n : 1); i++) {
        json_t *row, *rows =
            n ? db_rows(ctx->tx,
                        EVENTS("meeting_group x CROSS JOIN meeting m ON m.key = x.meeting_key")
                        " AND x.group_key = ?9 AND x.starts_on >= ?5 AND x.starts_on <= ?6",
                        MEETING_ARGS(ctx, from, to), groups[i])
              : db_rows(ctx->tx,
                        EVENTS("meeting m") " AND m.starts_on >= ?5 AND m.starts_on <= ?6 "
                                            "ORDER BY m.starts_on, m.key LIMIT ?9",
                        MEETING_ARGS(ctx, from, to), EVENTS_MOST);
        size_t j;
        json_array_foreach(rows, j, row)
            json_push(events, event_of(ctx, row));
        json_decref(rows);
    }
}

const struct event_source meeting_events[] = {
    {"meetings", N_("Meetings"), find_events},
    {0},
};
