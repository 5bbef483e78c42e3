/* decision.c: decisions as a resource (R51), for everyone who may read the minutes they stand in.
 *
 * Owns the reading of the table decision, and the facts that förvaltningslagen 31 § wants beside
 * it: day and content are the row's own; who presented stands with the agenda item, who decided
 * and who took part without deciding is told by attendance and by who stood aside. Nobody writes
 * one but by its line in the minutes (lift.c), so there is no form and no PATCH. A decision without § is a
 * draft's. Must not know Markdown, nor when minutes are adjusted. */
#include <string.h>
#include <kansli/group.h>
#include <kansli/kind.h>
#include <kansli/membership.h>
#include "internal.h"

#define AT(member) offsetof(struct decision_input, member)

/* Of items that somebody presented, as far as the reader may know of it. */
#define OF_PRESENTER                                                                               \
    "\"item_key\" IN (SELECT px.item_key FROM agenda_presenter px "                                \
    "JOIN agenda_item pa ON pa.key = px.item_key JOIN meeting pm ON pm.key = pa.meeting_key "      \
    "JOIN person pp ON pp.key = px.person_key AND " MEETING_NAMED("pp", "pm") " WHERE pp.id IN"

static const struct field decision_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .flags = F_DERIVED | F_FILTER,
     .reference = &group_reference,
     .column = "\"meeting_key\" IN (SELECT fx.meeting_key FROM meeting_group fx JOIN body fb "
               "ON fb.key = fx.group_key WHERE fb.id IN",
     .hint = N_("The group that leads. As a filter: one of the meeting's groups.")},
    {.name = "level", .label = N_("Level"), .type = T_ENUM, .flags = F_DERIVED | F_FILTER,
     .values = level_values},
    {.name = "principalId", .label = N_("Principal"), .type = T_REF,
     .flags = F_DERIVED | F_FILTER | F_HIDDEN, .reference = &group_reference,
     .column = FOLLOWUP_OF_PRINCIPAL, .hint = N_("Only a filter: groups that it commissions.")},
    {.name = "meetingId", .label = N_("Meeting"), .type = T_REF, .flags = F_DERIVED | F_FILTER,
     .reference = &meeting_reference,
     .column = "\"meeting_key\" IN (SELECT fm.key FROM meeting fm WHERE fm.id IN"},
    {.name = "meetingTitle", .label = N_("Meeting"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "agendaItemId", .label = N_("Agenda item"), .type = T_REF,
     .flags = F_DERIVED | F_FILTER, .reference = &agenda_item_reference},
    {.name = "agendaItemTitle", .label = N_("Agenda item"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "presenterIds", .label = N_("Presented by"), .type = T_REFS,
     .flags = F_DERIVED | F_FILTER, .reference = &person_reference, .column = OF_PRESENTER,
     .hint = N_("Who presented the agenda item.")},
    {.name = "year", .label = N_("Year"), .type = T_INT, .flags = F_DERIVED | F_FILTER | F_SORT},
    {.name = "number", .label = N_("§"), .type = T_INT, .flags = F_DERIVED | F_SORT,
     .hint = N_("In the leading group's series of the year; null until the minutes are adjusted.")},
    {.name = "text", .label = N_("Decision"), .type = T_LINES, .at = AT(text), .flags = F_CREATE,
     .column = "text"},
    {.name = "decidedOn", .label = N_("Decided"), .type = T_DAY, .at = AT(decided_on),
     .flags = F_CREATE | F_SORT, .column = "decided_on"},
    {0},
};

#define SELECT                                                                                     \
    "SELECT d.key AS \"key\", d.version AS \"version\", d.modified AS \"modified\", "              \
    "d.id AS \"id\", l.key AS \"group_key\", lb.id AS \"groupId\", l.full_name AS \"groupName\", " \
    "lk.level AS \"level\", d.meeting_key AS \"meeting_key\", m.id AS \"meetingId\", "                     \
    "m.title AS \"meetingTitle\", a.key AS \"item_key\", a.id AS \"agendaItemId\", "             \
    "a.title AS \"agendaItemTitle\", "                                                             \
    "d.year AS \"year\", d.number AS \"number\", d.text AS \"text\", "                             \
    "d.decided_on AS \"decidedOn\", d.position AS \"position_key\" FROM decision d "               \
    "JOIN meeting m ON m.key = d.meeting_key " FOLLOWUP_GROUP("d")                                 \
    "LEFT JOIN agenda_item a ON a.key = d.item_key "                                               \
    "WHERE " FOLLOWUP_LIFTED_VISIBLE("m", "d.number IS NOT NULL")

/* As the agenda item names them. */
static void put_presenters(struct ctx *ctx, json_t *decision)
{
    json_t *ids = json_put_new(decision, "presenterIds", json_array());
    json_t *names = json_put_new(decision, "presenterNames", json_array()), *row;
    long long item = json_int(decision, "item_key", 0);
    if (!item)
        return;
    json_t *rows = db_rows(ctx->tx,
                           "SELECT p.id AS \"id\", p.name AS \"name\" FROM agenda_presenter x "
                           "JOIN agenda_item a ON a.key = x.item_key "
                           "JOIN meeting m ON m.key = a.meeting_key "
                           "JOIN person p ON p.key = x.person_key AND " MEETING_NAMED("p", "m")
                           " WHERE x.item_key = ?5 ORDER BY x.position, p.key",
                           MEETING_ARGS(ctx, item, 0));
    size_t i;
    json_array_foreach(rows, i, row) {
        json_array_append(ids, json_object_get(row, "id"));
        json_array_append(names, json_object_get(row, "name"));
    }
    json_decref(rows);
}

static void finish(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item)
        put_presenters(ctx, item);
}

static void links(struct ctx *ctx, json_t *object)
{
    const char *group = json_text(object, "groupId");
    ctx_link(ctx, object, "minutes", "GET",
             arena_printf(ctx->arena, "/meetings/%s/minutes", json_text(object, "meetingId")));
    if (group && may(ctx, ACT_SEE_HISTORY, json_int(object, "group_key", 0)))
        ctx_link(ctx, object, "history", "GET",
                 arena_printf(ctx->arena, "/groups/%s/history", group));
    ctx->as_support = false; /* asked, not done */
}

const struct resource decision_resource = {
    .name = "decisions",
    .noun = N_("decision"),
    .table = "decision",
    .select = SELECT,
    .found = "fold(\"text\") LIKE '%' || ?5 || '%'",
    .found_plain = true,
    .order = "\"decidedOn\" DESC, \"meeting_key\" DESC, \"position_key\", \"key\"",
    .visible = "1 = 1", /* the select says it; so a tombstone is as hidden as its row was */
    .size = sizeof(struct decision_input),
    .fields = decision_fields,
    .finish = finish,
    .links = links,
    .within = "groups",
    .parent_column = "group_key",
    .texts = "SELECT '§ ' || number || ' ' || year AS \"title\", text AS \"text\" FROM decision "
             "WHERE key = ?1",
};

/* ---------------------------------------------------------------- who decided, and who did not */

#define ON_ITS_DAY(s)                                                                              \
    s ".start_date <= m.starts_on AND (" s ".end_date IS NULL OR " s ".end_date >= m.starts_on)"
/* The membership of a person in one of the meeting's groups on its day: a seat before another role,
 * the leading group's first. */
#define SEAT_OF(person)                                                                            \
    "(SELECT xs.key FROM meeting_group xg JOIN membership xs ON xs.group_key = xg.group_key "      \
    "AND " ON_ITS_DAY("xs") " WHERE xg.meeting_key = m.key AND xs.person_key = " person            \
    " ORDER BY CASE WHEN xs.role IN " MEMBERSHIP_SEATS " THEN 0 ELSE 1 END, xg.position LIMIT 1)"

/* Everyone who was there, with the role, whom she came for, and whether she stood aside. */
static json_t *there(struct ctx *ctx, long long decision_key)
{
    return db_rows(ctx->tx,
                   "SELECT p.id AS \"personId\", p.name AS \"personName\", s.role AS \"role\", "
                   "coalesce(o.name, w.full_name) AS \"onBehalfOfName\", r.action AS \"aside\", "
                   "CASE WHEN t.for_key IS NULL THEN 0 ELSE 1 END AS \"deputy?\", "
                   "CASE WHEN s.role IN " MEMBERSHIP_SEATS " OR f.role IN " MEMBERSHIP_SEATS
                   " THEN 1 ELSE 0 END AS \"seat?\" FROM decision d "
                   "JOIN meeting m ON m.key = d.meeting_key "
                   "JOIN attendance t ON t.meeting_key = m.key "
                   "AND t.status IN ('present', 'remote') "
                   "LEFT JOIN person p ON p.key = t.person_key AND " MEETING_NAMED("p", "m")
                   " LEFT JOIN membership s ON s.key = " SEAT_OF("t.person_key")
                   " LEFT JOIN membership f ON f.key = " SEAT_OF("t.for_key")
                   " LEFT JOIN membership b ON b.key = coalesce(f.key, s.key) "
                   "LEFT JOIN organisation o ON o.key = b.on_behalf_of_key "
                   "LEFT JOIN workgroup w ON w.key = b.on_behalf_of_key AND "
                   ACCESS_GROUP_VISIBLE("w.access_mode", "w.key")
                   " LEFT JOIN recusal r ON r.item_key = d.item_key "
                   "AND r.person_key = t.person_key WHERE d.key = ?5 "
                   "ORDER BY CASE s.role WHEN 'chair' THEN 1 WHEN 'viceChair' THEN 2 "
                   "WHEN 'member' THEN 3 WHEN 'processLeader' THEN 4 WHEN 'secretary' THEN 5 "
                   "ELSE 6 END, p.name, t.key",
                   MEETING_ARGS(ctx, decision_key, 0));
}

/* Whoever declared an interest openly decides as before; whoever only answered questions took part;
 * whoever left took no part (domain.md 3). */
static const char *part_of(const json_t *one)
{
    const char *aside = json_text(one, "aside");
    if (aside && !strcmp(aside, "openDeclaration"))
        aside = NULL;
    if (aside && strcmp(aside, "answeredQuestionsOnly"))
        return "stoodAside";
    return !aside && json_true_at(one, "seat") ? "decided" : "tookPart";
}

json_t *decision_people(struct ctx *ctx, long long key)
{
    json_t *people = json_object(), *one;
    static const char *const parts[] = {"decided", "tookPart", "stoodAside"};
    size_t i;
    if (!meeting_may_look_inside(ctx, db_int(ctx->tx, 0,
                                             "SELECT meeting_key FROM decision WHERE key = ?1",
                                             key))) {
        json_decref(people);
        return json_null();
    }
    for (i = 0; i < LEN(parts); i++)
        json_put_new(people, parts[i], json_array());
    json_t *rows = there(ctx, key);
    json_array_foreach(rows, i, one) {
        const char *role = json_text(one, "role"), *part = part_of(one);
        json_put(one, "roleLabel", json_true_at(one, "deputy") ? ctx_text(ctx, N_("Deputy"))
                                   : role ? value_label(ctx, membership_roles, role)
                                          : ctx_text(ctx, N_("Guest")));
        json_object_del(one, "deputy");
        json_object_del(one, "aside");
        json_object_del(one, "seat");
        json_array_append(json_object_get(people, part), one);
    }
    json_decref(rows);
    return people;
}

json_t *decision_groups(struct ctx *ctx, long long key)
{
    return db_rows(ctx->tx,
                   "SELECT b.id AS \"id\", g.full_name AS \"name\" FROM decision d "
                   "JOIN meeting_group x ON x.meeting_key = d.meeting_key "
                   "JOIN workgroup g ON g.key = x.group_key JOIN body b ON b.key = g.key "
                   "WHERE d.key = ?5 AND " ACCESS_GROUP_VISIBLE("g.access_mode", "g.key")
                   " ORDER BY x.position, x.group_key",
                   MEETING_ARGS(ctx, key, 0));
}

/* Drafts are told to those inside, adjusted ones to whoever sees the meeting. */
json_t *followup_minutes(struct ctx *ctx, const char *meeting_id)
{
    json_t *row = db_row(ctx->tx,
                         "SELECT v.id AS \"id\", v.number AS \"version\", v.state AS \"status\", "
                         "v.adjusted_at AS \"adjustedAt\" FROM meeting m "
                         "JOIN minutes v ON v.meeting_key = m.key WHERE m.id = ?5 AND "
                         MEETING_VISIBLE("m") " AND (v.state <> 'draft' OR " MEETING_INSIDE("m")
                         ") ORDER BY CASE v.state WHEN 'draft' THEN 1 ELSE 0 END, v.number DESC "
                         "LIMIT 1",
                         MEETING_ARGS(ctx, meeting_id, 0));
    return row ? row : json_null();
}

json_t *decision_presenters(struct ctx *ctx, long long group_key, bool below)
{
    return db_rows(ctx->tx,
                   "SELECT DISTINCT p.id AS \"value\", p.name AS \"label\" "
                   "FROM agenda_presenter x JOIN agenda_item a ON a.key = x.item_key "
                   "JOIN meeting m ON m.key = a.meeting_key "
                   "JOIN person p ON p.key = x.person_key AND " MEETING_NAMED("p", "m")
                   " WHERE x.item_key IN (SELECT \"item_key\" FROM (" SELECT ") AS r WHERE "
                   FOLLOWUP_DECISIONS_OF("IN " FOLLOWUP_ALONE_OR_UNDER) ") ORDER BY p.name, p.id",
                   MEETING_ARGS(ctx, (long long)below, group_key));
}
