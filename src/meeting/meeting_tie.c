/* meeting_tie.c: meetings as something that is kept about a person (person.h).
 *
 * Owns what becomes of attendance, recusals and presentations when two people are one, when
 * somebody is forgotten, and what the person gets to read. What stays after an erasure says that
 * somebody with that role was there and stood aside, as the minutes do. */
#include <kansli/audit.h>
#include "internal.h"

/* ---------------------------------------------------------------- merged */

static enum code touch_all(struct ctx *ctx, const struct resource *r, json_t *rows,
                           const char *from_id, const char *into_id)
{
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
        if (!c)
            c = resource_touch(ctx, r, json_int(row, "key", 0), json_text(row, "id"), "update",
                               json_pack("{s:[s, s]}", "personId", from_id, into_id));
    json_decref(rows);
    return c;
}

/* Of one meeting, what was noted of either holds. */
static enum code join_attendance(struct ctx *ctx, long long from, long long into)
{
    enum code c = db_run(ctx->tx,
                         "UPDATE attendance SET status = coalesce(status, (SELECT o.status "
                         "FROM attendance o WHERE o.meeting_key = attendance.meeting_key "
                         "AND o.person_key = ?1)), answer = coalesce(answer, (SELECT o.answer "
                         "FROM attendance o WHERE o.meeting_key = attendance.meeting_key "
                         "AND o.person_key = ?1)) WHERE person_key = ?2",
                         from, into);
    if (!c)
        c = db_run(ctx->tx,
                   "DELETE FROM attendance WHERE person_key = ?1 AND meeting_key IN "
                   "(SELECT o.meeting_key FROM attendance o WHERE o.person_key = ?2)",
                   from, into);
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE attendance SET for_key = CASE WHEN person_key = ?2 THEN NULL "
                   "ELSE ?2 END WHERE for_key = ?1",
                   from, into);
    return c;
}

static enum code merge_attendance(struct ctx *ctx, long long from, const char *from_id,
                                  long long into, const char *into_id)
{
    enum code c = join_attendance(ctx, from, into);
    if (c)
        return c;
    json_t *rows = db_rows(ctx->tx,
                           "SELECT key AS \"key\", id AS \"id\" FROM attendance "
                           "WHERE person_key = ?1 ORDER BY key",
                           from);
    c = db_run(ctx->tx, "UPDATE attendance SET person_key = ?2 WHERE person_key = ?1", from, into);
    enum code told = touch_all(ctx, &attendance_resource, rows, from_id, into_id);
    return c ? c : told;
}

static enum code merge_recusals(struct ctx *ctx, long long from, const char *from_id,
                                long long into, const char *into_id)
{
    enum code c = db_run(ctx->tx,
                         "DELETE FROM recusal WHERE person_key = ?1 AND item_key IN "
                         "(SELECT o.item_key FROM recusal o WHERE o.person_key = ?2)",
                         from, into);
    if (c)
        return c;
    json_t *rows = db_rows(ctx->tx,
                           "SELECT key AS \"key\", id AS \"id\" FROM recusal "
                           "WHERE person_key = ?1 ORDER BY key",
                           from);
    c = db_run(ctx->tx, "UPDATE recusal SET person_key = ?2 WHERE person_key = ?1", from, into);
    enum code told = touch_all(ctx, &recusal_resource, rows, from_id, into_id);
    return c ? c : told;
}

static enum code merge(struct ctx *ctx, long long from, const char *from_id, long long into,
                       const char *into_id)
{
    enum code c = merge_attendance(ctx, from, from_id, into, into_id);
    if (!c)
        c = merge_recusals(ctx, from, from_id, into, into_id);
    if (!c)
        c = db_run(ctx->tx,
                   "DELETE FROM agenda_presenter WHERE person_key = ?1 AND item_key IN "
                   "(SELECT o.item_key FROM agenda_presenter o WHERE o.person_key = ?2)",
                   from, into);
    if (!c)
        c = db_run(ctx->tx, "UPDATE agenda_presenter SET person_key = ?2 WHERE person_key = ?1",
                   from, into);
    if (!c)
        c = db_run(ctx->tx, "UPDATE meeting_link SET person_key = ?2 WHERE person_key = ?1", from,
                   into);
    return c;
}

/* ---------------------------------------------------------------- erased */

static enum code erase(struct ctx *ctx, long long person_key)
{
    const char *now = tx_instant(ctx->tx);
    enum code c = db_run(ctx->tx,
                         "UPDATE attendance SET note = NULL, version = version + 1, modified = ?2 "
                         "WHERE person_key = ?1",
                         person_key, now);
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE recusal SET note = NULL, version = version + 1, modified = ?2 "
                   "WHERE person_key = ?1",
                   person_key, now);
    if (!c)
        c = db_run(ctx->tx, "DELETE FROM meeting_link WHERE person_key = ?1", person_key);
    if (!c)
        c = audit_erase_rows(ctx, attendance_resource.name,
                             db_rows(ctx->tx,
                                     "SELECT key AS \"key\", id AS \"id\" FROM attendance "
                                     "WHERE person_key = ?1 ORDER BY key",
                                     person_key));
    return c ? c
             : audit_erase_rows(ctx, recusal_resource.name,
                                db_rows(ctx->tx,
                                        "SELECT key AS \"key\", id AS \"id\" FROM recusal "
                                        "WHERE person_key = ?1 ORDER BY key",
                                        person_key));
}

/* ---------------------------------------------------------------- told to the person */

/* Every meeting in which the person stands, with what is kept of it there. */
static json_t *copy(struct ctx *ctx, long long person_key)
{
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT m.key AS \"key\", m.id AS \"id\", m.title AS \"title\", b.id AS \"groupId\", "
        "g.full_name AS \"groupName\", m.starts_at AS \"startsAt\", t.status AS \"status\", "
        "t.answer AS \"answer\", t.answered_at AS \"answeredAt\", t.note AS \"note\" "
        "FROM meeting m JOIN workgroup g ON g.key = m.group_key JOIN body b ON b.key = g.key "
        "LEFT JOIN attendance t ON t.meeting_key = m.key AND t.person_key = ?1 "
        "WHERE m.key IN (SELECT meeting_key FROM attendance WHERE person_key = ?1 "
        "UNION SELECT meeting_key FROM recusal WHERE person_key = ?1 "
        "UNION SELECT a.meeting_key FROM agenda_presenter x "
        "JOIN agenda_item a ON a.key = x.item_key WHERE x.person_key = ?1) ORDER BY m.starts_at, m.key",
        person_key), *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        long long key = json_int(row, "key", 0);
        json_put_new(row, "recusals",
                     db_rows(ctx->tx,
                             "SELECT a.title AS \"agendaItemTitle\", r.action AS \"action\", "
                             "r.note AS \"note\" FROM recusal r "
                             "JOIN agenda_item a ON a.key = r.item_key "
                             "WHERE r.meeting_key = ?1 AND r.person_key = ?2 ORDER BY a.position",
                             key, person_key));
        json_put_new(row, "presented",
                     db_rows(ctx->tx,
                             "SELECT a.title AS \"agendaItemTitle\" FROM agenda_presenter x "
                             "JOIN agenda_item a ON a.key = x.item_key "
                             "WHERE a.meeting_key = ?1 AND x.person_key = ?2 ORDER BY a.position",
                             key, person_key));
        json_object_del(row, "key");
    }
    return rows;
}

const struct person_tie meeting_tie = {"meetings", N_("Meetings"), merge, erase, copy};
