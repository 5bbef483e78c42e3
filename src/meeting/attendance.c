/* attendance.c: who came, and for whom.
 *
 * Owns the table attendance, one row for each person at a meeting: before it an answer to the
 * notice, at it a status. Who comes without being a member is a guest, or somebody's deputy. A
 * person is named as the groups' members are; the rows are for those inside. Must not know who has
 * to be there (people.c), nor how an answer comes in (answer.c). */
#include <string.h>
#include "internal.h"

const struct value attendance_statuses[] = {
    {"present", NC_("attendance", "Present")},
    {"remote", NC_("attendance", "At a distance")},
    {"absent", NC_("attendance", "Absent")},
    {"excused", NC_("attendance", "Sent word")},
    {NULL, NULL},
};

const struct value attendance_answers[] = {
    {"yes", NC_("attendance", "Comes")},
    {"no", NC_("attendance", "Does not come")},
    {"deputy", NC_("attendance", "Sends a deputy")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- fields */

#define AT(member) offsetof(struct attendance_input, member)

static const struct field attendance_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "meetingId", .label = N_("Meeting"), .type = T_REF, .flags = F_DERIVED,
     .reference = &meeting_reference},
    {.name = "personId", .label = N_("Person"), .type = T_REF, .at = AT(person),
     .flags = F_CREATE | F_FILTER, .reference = &person_reference, .column = "person_key",
     .hint = N_("A member of the group, or a guest.")},
    {.name = "personName", .label = N_("Name"), .type = T_TEXT, .flags = F_DERIVED | F_SORT},
    {.name = "represents", .label = N_("Represents"), .type = T_TEXT, .flags = F_DERIVED,
     .hint = N_("Whom the person, or the one for whom a deputy came, represents in the group.")},
    {.name = "status", .label = N_("Attendance"), .type = T_ENUM, .at = AT(status),
     .flags = F_FILTER, .values = attendance_statuses, .column = "status"},
    {.name = "forId", .label = N_("Deputy of"), .type = T_REF, .at = AT(deputy_of),
     .flags = F_FILTER, .reference = &person_reference, .column = "for_key",
     .hint = N_("The member in whose place the person comes.")},
    {.name = "answer", .label = N_("Answer"), .type = T_ENUM, .flags = F_DERIVED | F_FILTER,
     .values = attendance_answers},
    {.name = "answeredAt", .label = N_("Answered"), .type = T_INSTANT, .flags = F_DERIVED},
    {.name = "note", .label = N_("Note"), .type = T_TEXT, .at = AT(note), .max = 300,
     .column = "note", .hint = N_("For example who comes instead.")},
    {0},
};

/* What somebody stands for at a meeting m: the membership of that day, in the group that leads
 * before another. */
#define REPRESENTS(person)                                                                         \
    "(SELECT coalesce(o.name, w.full_name) FROM meeting_group rg JOIN membership rm "              \
    "ON rm.group_key = rg.group_key LEFT JOIN organisation o ON o.key = rm.on_behalf_of_key "      \
    "LEFT JOIN workgroup w ON w.key = rm.on_behalf_of_key AND "                                    \
    ACCESS_GROUP_VISIBLE("w.access_mode", "w.key")                                                 \
    " WHERE rg.meeting_key = m.key AND rm.person_key = " person                                    \
    " AND rm.start_date <= m.starts_on AND (rm.end_date IS NULL OR rm.end_date >= m.starts_on) "   \
    "AND rm.role NOT IN ('contact', 'observer') ORDER BY rg.position, rm.key LIMIT 1)"

#define SELECT                                                                                     \
    "SELECT t.key AS \"key\", t.version AS \"version\", t.modified AS \"modified\", "              \
    "t.id AS \"id\", m.id AS \"meetingId\", m.key AS \"meeting_key\", p.key AS \"person_key\", "   \
    "p.id AS \"personId\", p.name AS \"personName\", "                                             \
    REPRESENTS("coalesce(t.for_key, t.person_key)") " AS \"represents\", "                         \
    "t.status AS \"status\", f.id AS \"forId\", f.name AS \"forName\", t.answer AS \"answer\", "   \
    "t.answered_at AS \"answeredAt\", t.note AS \"note\" "                                         \
    "FROM attendance t JOIN meeting m ON m.key = t.meeting_key "                                   \
    "LEFT JOIN person p ON p.key = t.person_key AND " MEETING_NAMED("p", "m")                      \
    " LEFT JOIN person f ON f.key = t.for_key AND " MEETING_NAMED("f", "m")                        \
    " WHERE " MEETING_VISIBLE("m") " AND " MEETING_INSIDE("m")

static void links(struct ctx *ctx, json_t *object)
{
    long long meeting = json_int(object, "meeting_key", 0);
    if (!meeting_may_change(ctx, meeting) || meeting_is_locked(ctx, meeting))
        return;
    const char *path = arena_printf(ctx->arena, "/meetings/%s/attendance/%s",
                                    json_text(object, "meetingId"), json_text(object, "id"));
    ctx_link(ctx, object, "edit", "PATCH", path);
    ctx_link(ctx, object, "delete", "DELETE", path);
    ctx->as_support = false; /* asked, not done */
}

const struct resource attendance_resource = {
    .name = "attendance",
    .noun = N_("attendance"),
    .table = "attendance",
    .select = SELECT,
    .order = "\"personName\", \"key\"",
    .size = sizeof(struct attendance_input),
    .fields = attendance_fields,
    .links = links,
    .within = "meetings",
    .parent = "meetingId",
    .parent_column = "meeting_key",
    .personal = true,
};

/* ---------------------------------------------------------------- read */

/* The rows; for a page or embed=people,quorum everyone who takes part, with a row or without. */
enum code attendance_list(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c;
    struct fixed within = {.condition = "\"meeting_key\" = ?6",
                           .key = meeting_in_path(ctx, &meeting, &c)};
    if (!c)
        c = meeting_must_look_inside(ctx, meeting.key);
    if (!c)
        c = resource_list(ctx, &attendance_resource, within, &out->document);
    if (c)
        return c;
    if (ctx_embeds(ctx, "people"))
        ctx_embed(ctx, out->document, "people", meeting_people(ctx, meeting.key));
    if (ctx_embeds(ctx, "quorum"))
        ctx_embed(ctx, out->document, "quorum", meeting_quorum(ctx, meeting.key, 0));
    return tx_code(ctx->tx);
}

static enum code find_row(struct ctx *ctx, const struct meeting_row *meeting, const char **id)
{
    *id = ctx_value(ctx, "attendanceId");
    if (db_exists(ctx->tx, "SELECT 1 FROM attendance WHERE meeting_key = ?1 AND id = ?2",
                  meeting->key, *id))
        return OK;
    return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
}

enum code attendance_show(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    const char *id;
    enum code c;
    meeting_in_path(ctx, &meeting, &c);
    if (!c)
        c = meeting_must_look_inside(ctx, meeting.key);
    if (!c)
        c = find_row(ctx, &meeting, &id);
    return c ? c : resource_answer(ctx, &attendance_resource, id, out);
}

/* ---------------------------------------------------------------- written */

/* A deputy comes for somebody who takes part, and for one who is not there himself. */
static enum code check_deputy(struct ctx *ctx, long long meeting_key, long long person,
                              long long deputy_of)
{
    if (!deputy_of)
        return OK;
    if (deputy_of == person)
        return err_field(ctx->err, "/forId", N_("Nobody is his or her own deputy."), NULL);
    if (!meeting_takes_part(ctx, meeting_key, deputy_of))
        return ctx_fail(ctx, E_CONFLICT, "deputy-of-nobody",
                        N_("That person takes no part in the meeting, and needs no deputy."));
    if (db_exists(ctx->tx,
                  "SELECT 1 FROM attendance WHERE meeting_key = ?1 AND for_key = ?2 "
                  "AND person_key <> ?3",
                  meeting_key, deputy_of, person))
        return ctx_fail(ctx, E_CONFLICT, "deputy-taken",
                        N_("Somebody else comes as that person's deputy already."));
    return tx_code(ctx->tx);
}

static const char *back(struct ctx *ctx, const struct meeting_row *meeting)
{
    return arena_printf(ctx->arena, "/meetings/%s/attendance", meeting->id);
}

/* What is not sent stays as it is. */
static void keep_rest(struct ctx *ctx, const json_t *now, struct attendance_input *in)
{
    const json_t *sent = ctx->body->values;
    const char *of = json_text(now, "forId");
    if (!json_object_get(sent, "status"))
        in->status = json_text(now, "status");
    if (!json_object_get(sent, "note"))
        in->note = json_text(now, "note");
    if (!json_object_get(sent, "forId") && of)
        in->deputy_of = (struct ref_value){
            of, db_int(ctx->tx, 0, "SELECT key FROM person WHERE id = ?1", of)};
}

/* Noted once more: the person's row is changed. */
static enum code write_over(struct ctx *ctx, const char *id, struct attendance_input *in)
{
    struct edit edit = {.id = id};
    edit.now = resource_one(ctx, &attendance_resource, id, &edit.key, &edit.version);
    if (!edit.now)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    keep_rest(ctx, edit.now, in);
    enum code c = resource_update(ctx, &attendance_resource, &edit, in, NULL);
    resource_edit_end(&edit);
    return c;
}

static enum code insert(struct ctx *ctx, long long meeting_key, const struct attendance_input *in,
                        const char **id)
{
    long long key = 0;
    json_t *extra = json_object();
    json_put_int(extra, "meeting_key", meeting_key);
    enum code c = resource_insert(ctx, &attendance_resource, in, NULL, extra, &key);
    json_decref(extra);
    *id = db_text(ctx->tx, "SELECT id FROM attendance WHERE key = ?1", key);
    return c ? c : tx_code(ctx->tx);
}

static const char *row_of(struct ctx *ctx, long long meeting_key, long long person_key)
{
    return db_text(ctx->tx,
                   "SELECT id FROM attendance WHERE meeting_key = ?1 AND person_key = ?2",
                   meeting_key, person_key);
}

enum code attendance_create(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct attendance_input in;
    enum code c = meeting_find_to_note(ctx, &meeting);
    if (c)
        return c;
    c = resource_read(ctx, &attendance_resource, &in);
    const char *sent = params_text(ctx->body, "personId");
    if (!in.person.key && (!sent || !*sent))
        c = err_field(ctx->err, "/personId", N_("This is needed."), NULL);
    if (!c)
        c = check_deputy(ctx, meeting.key, in.person.key, in.deputy_of.key);
    if (c)
        return c;
    const char *id = row_of(ctx, meeting.key, in.person.key);
    c = id ? write_over(ctx, id, &in) : insert(ctx, meeting.key, &in, &id);
    out->flash = N_("Attendance is noted.");
    if (!c)
        c = resource_created(ctx, &attendance_resource, id, out);
    out->see = back(ctx, &meeting);
    return c;
}

long long attendance_row(struct ctx *ctx, long long meeting_key, const struct ref_value *person,
                         const char **id)
{
    struct attendance_input in = {.person = *person};
    const char *found = row_of(ctx, meeting_key, person->key);
    if (!found && (tx_code(ctx->tx) || insert(ctx, meeting_key, &in, &found)))
        return 0;
    if (id)
        *id = found;
    return db_int(ctx->tx, 0, "SELECT key FROM attendance WHERE id = ?1", found);
}

enum code attendance_change(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct attendance_input in;
    struct edit edit = {0};
    const char *id;
    enum code c = meeting_find_to_note(ctx, &meeting);
    if (!c)
        c = find_row(ctx, &meeting, &id);
    if (!c)
        c = resource_edit(ctx, &attendance_resource, id, &edit, &in);
    if (!c) { /* also of somebody whom the caller may not see named */
        in.person.key = db_int(ctx->tx, 0, "SELECT person_key FROM attendance WHERE id = ?1", id);
        c = check_deputy(ctx, meeting.key, in.person.key, in.deputy_of.key);
    }
    if (!c)
        c = resource_update(ctx, &attendance_resource, &edit, &in, NULL);
    resource_edit_end(&edit);
    out->flash = N_("Attendance is noted.");
    if (!c)
        c = resource_changed(ctx, &attendance_resource, id, out);
    out->see = back(ctx, &meeting);
    return c;
}

enum code attendance_remove(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct edit edit = {0};
    const char *id;
    enum code c = meeting_find_to_note(ctx, &meeting);
    if (!c)
        c = find_row(ctx, &meeting, &id);
    if (!c)
        c = resource_guard(ctx, &attendance_resource, id, &edit);
    if (!c)
        c = resource_delete(ctx, &attendance_resource, &edit);
    resource_edit_end(&edit);
    out->see = back(ctx, &meeting);
    out->flash = N_("The person is taken off the list.");
    return c;
}

/* ---------------------------------------------------------------- many at once */

struct mark_input {
    const char *status;
    struct ref_list persons;
};

const struct field attendance_mark_fields[] = {
    {.name = "status", .label = N_("Attendance"), .type = T_ENUM,
     .at = offsetof(struct mark_input, status), .flags = F_REQUIRED,
     .values = attendance_statuses},
    {.name = "personIds", .label = N_("People"), .type = T_REFS,
     .at = offsetof(struct mark_input, persons), .reference = &person_reference,
     .hint = N_("Empty: everyone who takes part and is not noted yet, but those who answered that "
                "they do not come.")},
    {0},
};

static enum code mark_one(struct ctx *ctx, const struct meeting_row *meeting,
                          const struct ref_value *person, const char *status)
{
    const char *id = NULL;
    long long key = attendance_row(ctx, meeting->key, person, &id);
    if (!key)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx->err->code;
    const char *before = db_text(ctx->tx, "SELECT status FROM attendance WHERE key = ?1", key);
    if (before && !strcmp(before, status))
        return OK;
    enum code c = db_run(ctx->tx, "UPDATE attendance SET status = ?2 WHERE key = ?1", key, status);
    return c ? c
             : resource_touch(ctx, &attendance_resource, key, id, "update",
                              json_pack("{s:[s?, s]}", "status", before, status));
}

/* Everyone who takes part and is not noted yet; who sent word or a deputy is not marked by the
 * way. */
static json_t *unmarked(struct ctx *ctx, long long meeting_key)
{
    return db_rows(ctx->tx,
                   "SELECT p.key AS \"key\", p.id AS \"id\" FROM person p WHERE p.key IN ("
                   "SELECT ms.person_key FROM meeting m JOIN meeting_group g "
                   "ON g.meeting_key = m.key JOIN membership ms ON ms.group_key = g.group_key "
                   "WHERE m.key = ?1 AND ms.start_date <= m.starts_on "
                   "AND (ms.end_date IS NULL OR ms.end_date >= m.starts_on) "
                   "AND ms.role NOT IN ('contact', 'observer') "
                   "UNION SELECT t.person_key FROM attendance t WHERE t.meeting_key = ?1) "
                   "AND NOT EXISTS (SELECT 1 FROM attendance t WHERE t.meeting_key = ?1 "
                   "AND ((t.person_key = p.key AND (t.status IS NOT NULL "
                   "OR t.answer IN ('no', 'deputy'))) OR t.for_key = p.key)) ORDER BY p.key",
                   meeting_key);
}

static enum code mark_all(struct ctx *ctx, const struct meeting_row *meeting, const char *status)
{
    json_t *rows = unmarked(ctx, meeting->key), *row;
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row) {
        struct ref_value person = {json_text(row, "id"), json_int(row, "key", 0)};
        if (!c)
            c = mark_one(ctx, meeting, &person, status);
    }
    json_decref(rows);
    return c;
}

enum code attendance_mark(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct mark_input in = {0};
    enum code c = meeting_find_to_note(ctx, &meeting);
    if (!c)
        c = fields_read(ctx, attendance_mark_fields, &in);
    if (!c && !in.persons.n)
        c = mark_all(ctx, &meeting, in.status);
    for (size_t i = 0; !c && i < in.persons.n; i++)
        c = mark_one(ctx, &meeting, &in.persons.item[i], in.status);
    out->flash = N_("Attendance is noted.");
    if (!c)
        c = resource_created(ctx, &meeting_resource, meeting.id, out);
    out->see = back(ctx, &meeting);
    return c;
}
