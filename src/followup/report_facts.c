/* report_facts.c: what the register says of a group in a period: what goes with a status report
 * apart from what people write.
 *
 * Owns the figures and what counts as what: seats as everywhere (chair, vice chair, member), taken
 * at a meeting by their member or a deputy, as in the statistics of attendance; who came and who
 * went (a new role the next day is neither); what was closed within the period. Must not know who
 * asks: whoever reads a report reads the same figures, so meetings for officers alone are in
 * none. */
#include <string.h>
#include <kansli/membership.h>
#include "internal.h"

#define SHOWN(m) m ".visibility <> 'principals'"
/* Meetings held in the period ?2–?3, ?4 now. */
#define HELD                                                                                       \
    "FROM meeting m JOIN meeting_group x ON x.meeting_key = m.key WHERE x.group_key = ?1 "         \
    "AND x.starts_on >= ?2 AND x.starts_on <= ?3 AND m.cancelled_at IS NULL AND m.ends_at <= ?4 "  \
    "AND " SHOWN("m")

/* Of the seats at meetings whose attendance was noted: those that were taken. */
static json_t *attendance_percent(struct ctx *ctx, long long group_key, const char *from,
                                  const char *to)
{
    json_t *row = db_row(ctx->tx,
                         "SELECT count(*) AS \"all\", sum(CASE WHEN EXISTS ("
                         "SELECT 1 FROM attendance t WHERE t.meeting_key = h.mk "
                         "AND t.status IN ('present', 'remote') AND (t.person_key = s.person_key "
                         "OR t.for_key = s.person_key)) THEN 1 ELSE 0 END) AS \"there\" "
                         "FROM (SELECT m.key AS mk, x.starts_on AS held_on " HELD
                         " AND EXISTS (SELECT 1 FROM attendance n WHERE n.meeting_key = m.key "
                         "AND n.status IS NOT NULL)) AS h JOIN membership s ON s.group_key = ?1 "
                         "AND s.role IN " MEMBERSHIP_SEATS " AND s.start_date <= h.held_on "
                         "AND (s.end_date IS NULL OR s.end_date >= h.held_on)",
                         group_key, from, to, tx_instant(ctx->tx));
    long long all = json_int(row, "all", 0), there = json_int(row, "there", 0);
    json_decref(row);
    return all ? json_integer((json_int_t)((200 * there + all) / (2 * all))) : json_null();
}

/* Whether `next` begins the day after `row` ends, for the same person. */
static bool goes_on(const json_t *row, const json_t *next)
{
    char after[DAY_SIZE];
    const char *end = json_text(row, "end");
    if (!end || !next || json_int(row, "person", 0) != json_int(next, "person", 0))
        return false;
    day_add(end, 1, after);
    return !strcmp(after, json_text(next, "start"));
}

static bool between(const char *day, const char *from, const char *to)
{
    return day && strcmp(day, from) >= 0 && strcmp(day, to) <= 0;
}

/* Seats on the last day; who came in the period, and whose first day without a seat lies in it. */
static void put_members(struct ctx *ctx, json_t *facts, long long group_key, const char *from,
                        const char *to)
{
    long long members = 0, joined = 0, left = 0;
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT person_key AS \"person\", start_date AS \"start\", "
                                 "end_date AS \"end\" FROM membership WHERE group_key = ?1 "
                                 "AND role IN " MEMBERSHIP_SEATS " ORDER BY person_key, start_date",
                                 group_key);
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *start = json_text(row, "start"), *end = json_text(row, "end");
        const json_t *before = i ? json_array_get(rows, i - 1) : NULL;
        char gone[DAY_SIZE] = "";
        if (end)
            day_add(end, 1, gone);
        members += strcmp(start, to) <= 0 && (!end || strcmp(end, to) >= 0);
        joined += between(start, from, to) && !(before && goes_on(before, row));
        left += end && between(gone, from, to) && !goes_on(row, json_array_get(rows, i + 1));
    }
    json_decref(rows);
    json_put_int(facts, "members", members);
    json_put_int(facts, "membersJoined", joined);
    json_put_int(facts, "membersLeft", left);
}

static long long actions(struct ctx *ctx, long long group_key, const char *status,
                         const char *from, const char *to)
{
    return db_int(ctx->tx, 0,
                  "SELECT count(*) FROM action a LEFT JOIN meeting m ON m.key = a.meeting_key "
                  "WHERE a.group_key = ?1 AND a.status = ?2 AND (m.key IS NULL OR " SHOWN("m")
                  ") AND (a.status = 'open' OR a.closed_on >= ?3 AND a.closed_on <= ?4)",
                  group_key, status, from, to);
}

json_t *report_facts(struct ctx *ctx, long long group_key, const char *from, const char *to)
{
    json_t *facts = json_object();
    json_put_int(facts, "meetings",
                 db_int(ctx->tx, 0, "SELECT count(*) " HELD, group_key, from, to,
                        tx_instant(ctx->tx)));
    json_put_new(facts, "attendancePercent", attendance_percent(ctx, group_key, from, to));
    put_members(ctx, facts, group_key, from, to);
    json_put_int(facts, "decisions",
                 db_int(ctx->tx, 0,
                        "SELECT count(*) FROM decision d JOIN meeting m ON m.key = d.meeting_key "
                        "WHERE d.group_key = ?1 AND d.number IS NOT NULL AND d.decided_on >= ?2 "
                        "AND d.decided_on <= ?3 AND " SHOWN("m"),
                        group_key, from, to));
    json_put_int(facts, "actionsDone", actions(ctx, group_key, "done", from, to));
    json_put_int(facts, "actionsDropped", actions(ctx, group_key, "dropped", from, to));
    json_put_int(facts, "actionsOpen", actions(ctx, group_key, "open", from, to));
    return facts;
}

void report_period(struct ctx *ctx, long long group_key, char from[static DAY_SIZE])
{
    const char *last = db_text(ctx->tx,
                               "SELECT max(period_end) FROM status_report WHERE group_key = ?1",
                               group_key);
    const char *begun = db_text(ctx->tx, "SELECT start_date FROM workgroup WHERE key = ?1",
                                group_key);
    day_add(ctx->today, -365, from);
    if (last)
        day_add(last, 1, from);
    else if (begun && strcmp(begun, from) > 0)
        memcpy(from, begun, DAY_SIZE);
    if (strcmp(from, ctx->today) > 0)
        memcpy(from, ctx->today, DAY_SIZE);
}

json_t *report_matter(struct ctx *ctx, long long group_key, const char *from, const char *to)
{
    json_t *matter = json_object();
    json_put_new(matter, "decisions",
                 db_rows(ctx->tx,
                         "SELECT id AS \"id\", number AS \"number\", year AS \"year\", "
                         "text AS \"text\" FROM decision WHERE group_key = ?1 "
                         "AND number IS NOT NULL AND decided_on >= ?2 AND decided_on <= ?3 "
                         "ORDER BY decided_on, number LIMIT 50",
                         group_key, from, to));
    json_put_new(matter, "done",
                 db_rows(ctx->tx,
                         "SELECT id AS \"id\", text AS \"text\" FROM action WHERE group_key = ?1 "
                         "AND status = 'done' AND closed_on >= ?2 AND closed_on <= ?3 "
                         "ORDER BY closed_on, key LIMIT 50",
                         group_key, from, to));
    json_put_new(matter, "open",
                 db_rows(ctx->tx,
                         "SELECT id AS \"id\", text AS \"text\", due_date AS \"dueDate\" "
                         "FROM action WHERE group_key = ?1 AND status = 'open' "
                         "ORDER BY due_date, key LIMIT 50",
                         group_key));
    return matter;
}
