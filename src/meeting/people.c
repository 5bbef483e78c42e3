/* people.c: who takes part in a meeting, and whether the group can decide.
 *
 * Owns the joining of members and attendance. A member is whoever was one on the meeting's day,
 * also when the question is asked years later; who sits in several of its groups stands there once,
 * in the group that leads. Must not know pages. */
#include <string.h>
#include <kansli/membership.h>
#include "internal.h"

#define ON_ITS_DAY(s, m)                                                                           \
    s ".start_date <= " m ".starts_on AND (" s ".end_date IS NULL OR " s ".end_date >= " m         \
    ".starts_on)"

bool meeting_takes_part(struct ctx *ctx, long long meeting_key, long long person_key)
{
    return db_exists(ctx->tx,
                     "SELECT 1 FROM meeting m JOIN meeting_group g ON g.meeting_key = m.key "
                     "JOIN membership s ON s.group_key = g.group_key WHERE m.key = ?1 "
                     "AND s.person_key = ?2 AND " ON_ITS_DAY("s", "m")
                     " AND s.role NOT IN ('contact', 'observer') UNION ALL "
                     "SELECT 1 FROM attendance WHERE meeting_key = ?1 AND person_key = ?2",
                     meeting_key, person_key);
}

/* ---------------------------------------------------------------- everyone */

static json_t *members(struct ctx *ctx, long long key)
{
    return db_rows(ctx->tx,
                   "SELECT s.person_key AS \"key\", p.id AS \"personId\", "
                   "p.name AS \"personName\", gb.id AS \"groupId\", g.full_name AS \"groupName\", s.role AS \"role\", "
                   "b.id AS \"onBehalfOfId\", coalesce(o.name, w.full_name) AS \"onBehalfOfName\" "
                   "FROM meeting m JOIN meeting_group mg0 ON mg0.meeting_key = m.key "
                   "JOIN workgroup g ON g.key = mg0.group_key JOIN body gb ON gb.key = g.key "
                   "JOIN membership s ON s.group_key = g.key AND " ON_ITS_DAY("s", "m")
                   " AND s.role NOT IN ('contact', 'observer') "
                   "LEFT JOIN person p ON p.key = s.person_key AND " MEETING_NAMED("p", "m")
                   " LEFT JOIN organisation o ON o.key = s.on_behalf_of_key "
                   "LEFT JOIN workgroup w ON w.key = s.on_behalf_of_key AND "
                   ACCESS_GROUP_VISIBLE("w.access_mode", "w.key")
                   " LEFT JOIN body b ON b.key = coalesce(o.key, w.key) WHERE m.key = ?5 "
                   "ORDER BY mg0.position, CASE s.role WHEN 'chair' THEN 1 WHEN 'viceChair' THEN 2 "
                   "WHEN 'member' THEN 3 WHEN 'processLeader' THEN 4 WHEN 'secretary' THEN 5 "
                   "ELSE 6 END, coalesce(o.name, w.full_name), p.name, s.key",
                   MEETING_ARGS(ctx, key, 0));
}

static json_t *attending(struct ctx *ctx, long long key)
{
    return db_rows(ctx->tx,
                   "SELECT t.person_key AS \"key\", p.id AS \"personId\", "
                   "p.name AS \"personName\", t.id AS \"attendanceId\", t.status AS \"status\", t.answer AS \"answer\", "
                   "t.answered_at AS \"answeredAt\", t.note AS \"note\", f.id AS \"forId\", "
                   "f.name AS \"forName\" FROM attendance t "
                   "JOIN meeting m ON m.key = t.meeting_key LEFT JOIN person p ON p.key = t.person_key AND " MEETING_NAMED("p", "m")
                   " LEFT JOIN person f ON f.key = t.for_key AND " MEETING_NAMED("f", "m")
                   " WHERE t.meeting_key = ?5 ORDER BY p.name, t.key",
                   MEETING_ARGS(ctx, key, 0));
}

static json_t *with_key(json_t *people, long long key)
{
    size_t i;
    json_t *one;
    json_array_foreach(people, i, one)
        if (json_int(one, "key", 0) == key)
            return one;
    return NULL;
}

static void put_label(struct ctx *ctx, json_t *one, const char *name, const char *label,
                      const struct value *values)
{
    const char *code = json_text(one, name);
    if (!code)
        json_put(one, name, NULL);
    json_put(one, label, code ? value_label(ctx, values, code) : NULL);
}

static void finish_person(struct ctx *ctx, json_t *one)
{
    static const char *const told[] = {"groupId",      "groupName",  "onBehalfOfId",
                                       "onBehalfOfName", "attendanceId", "answeredAt",
                                       "note",         "forId",      "forName"};
    for (size_t i = 0; i < LEN(told); i++)
        if (!json_object_get(one, told[i]))
            json_put(one, told[i], NULL);
    put_label(ctx, one, "role", "roleLabel", membership_roles);
    put_label(ctx, one, "status", "statusLabel", attendance_statuses);
    put_label(ctx, one, "answer", "answerLabel", attendance_answers);
    json_object_del(one, "key");
}

json_t *meeting_people(struct ctx *ctx, long long meeting_key)
{
    json_t *people = json_array(), *row;
    size_t i;
    if (!meeting_may_look_inside(ctx, meeting_key))
        return people;
    json_t *rows = members(ctx, meeting_key);
    json_array_foreach(rows, i, row)
        if (!with_key(people, json_int(row, "key", 0)))
            json_array_append(people, row);
    json_decref(rows);
    rows = attending(ctx, meeting_key);
    json_array_foreach(rows, i, row) {
        json_t *known = with_key(people, json_int(row, "key", 0));
        if (known)
            json_object_update(known, row);
        else
            json_array_append(people, row);
    }
    json_decref(rows);
    json_array_foreach(people, i, row)
        finish_person(ctx, row);
    return people;
}

/* ---------------------------------------------------------------- can it decide */

bool meeting_is_attended(struct ctx *ctx, long long meeting_key)
{
    return db_exists(ctx->tx,
                     "SELECT 1 FROM attendance WHERE meeting_key = ?1 AND status IS NOT NULL",
                     meeting_key);
}

/* One row for each seat of the leading group on the day: is it there, itself or by a deputy, and
 * does whoever is there stand aside for the item (?2). Who declares openly takes part as before. */
json_t *meeting_quorum(struct ctx *ctx, long long meeting_key, long long item_key)
{
    json_t *row, *rows = db_rows(
        ctx->tx,
        "SELECT EXISTS (SELECT 1 FROM attendance t WHERE t.meeting_key = m.key "
        "AND t.status IN ('present', 'remote') "
        "AND (t.person_key = s.person_key OR t.for_key = s.person_key)) AS \"there?\", "
        "EXISTS (SELECT 1 FROM attendance t WHERE t.meeting_key = m.key "
        "AND t.status IN ('present', 'remote') "
        "AND (t.person_key = s.person_key OR t.for_key = s.person_key) "
        "AND NOT EXISTS (SELECT 1 FROM recusal r WHERE r.item_key = ?2 "
        "AND r.person_key = t.person_key AND r.action <> 'openDeclaration')) AS \"takesPart?\" "
        "FROM meeting m JOIN membership s ON s.group_key = m.group_key AND " ON_ITS_DAY("s", "m")
        " AND s.role IN " MEMBERSHIP_SEATS " WHERE m.key = ?1",
        meeting_key, item_key);
    long long seats = (long long)json_array_size(rows), present = 0, aside = 0;
    size_t i;
    json_array_foreach(rows, i, row) {
        bool takes_part = json_true_at(row, "takesPart");
        present += takes_part;
        aside += json_true_at(row, "there") && !takes_part;
    }
    json_decref(rows);
    json_t *quorum = json_object();
    json_put_int(quorum, "seats", seats);
    json_put_int(quorum, "present", present);
    json_put_int(quorum, "aside", aside);
    json_put_int(quorum, "needed", seats / 2 + 1);
    json_put_bool(quorum, "quorate", present * 2 > seats);
    return quorum;
}
