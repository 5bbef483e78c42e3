/* compile.c: the first draft of minutes: what the register knows of the meeting, as Markdown.
 *
 * Owns the order of a Swedish protocol: when and where, who was there, then each item of the agenda
 * as a heading with who stood aside, with the public note alone, and what was noted; lines of notes
 * that begin Beslut: or Åtgärd: are lifted from here (lift.c). Minutes are read by others than
 * those inside: whoever has a protected identity, or, at a public meeting, does not want to be
 * named, stands there by role. A link to a video meeting is told to nobody. Must not know who
 * reads. */
#include <ctype.h>
#include <string.h>
#include <kansli/membership.h>
#include "internal.h"

enum { TEXT_MOST = 60 << 10 }; /* bytes: what is added by hand fits beside it */

/* A person's membership in one of the meeting's groups on its day, the leading group's first. */
#define SEAT_OF(person)                                                                            \
    "(SELECT xs.key FROM meeting_group xg JOIN membership xs ON xs.group_key = xg.group_key "      \
    "AND xs.start_date <= m.starts_on AND (xs.end_date IS NULL OR xs.end_date >= m.starts_on) "    \
    "WHERE xg.meeting_key = m.key AND xs.person_key = " person " ORDER BY xg.position LIMIT 1)"

static const char *swedish(struct ctx *ctx, const struct value *values, const char *code)
{
    for (const struct value *v = values; code && v->code; v++)
        if (!strcmp(v->code, code))
            return ctx->text(LANG_SV, v->label);
    return NULL;
}

/* Plain words stay plain, and on their line: what would be markup is escaped. */
static void add_words(struct buf *buf, const char *text)
{
    for (const char *at = text; *at; at++) {
        if (strchr("\\`*_[]<>&#!|~", *at))
            buf_addc(buf, '\\');
        buf_addc(buf, *at == '\n' ? ' ' : *at);
    }
}

/* A label within a sentence; Swedish labels begin with A to Z. */
static void add_label(struct buf *buf, const char *label)
{
    buf_addc(buf, (char)tolower((unsigned char)*label));
    buf_adds(buf, label + 1);
}

static const char *name_or_role(struct ctx *ctx, const json_t *row)
{
    const char *name = json_text(row, "name");
    const char *role = swedish(ctx, membership_roles, json_text(row, "role"));
    return name ? name : role ? role : "Gäst";
}

/* ---------------------------------------------------------------- when, where, who */

static void add_head(struct ctx *ctx, struct buf *buf, const struct meeting_row *meeting)
{
    const char *mode = db_text(ctx->tx, "SELECT mode FROM meeting WHERE key = ?1", meeting->key);
    const char *place =
        db_text(ctx->tx, "SELECT location FROM meeting WHERE key = ?1 AND mode = 'inPerson'",
                meeting->key);
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT g.full_name AS \"name\" FROM meeting_group x "
                                 "JOIN workgroup g ON g.key = x.group_key WHERE x.meeting_key = ?1 "
                                 "ORDER BY x.position, x.group_key",
                                 meeting->key);
    size_t i;
    buf_adds(buf, "# ");
    add_words(buf, meeting->title);
    buf_adds(buf, "\n\n");
    json_array_foreach(rows, i, row) {
        buf_adds(buf, i ? " och " : "");
        add_words(buf, json_text(row, "name"));
    }
    json_decref(rows);
    buf_addf(buf, ", %s kl. %s–%s. ",
             day_words_long(ctx->arena, meeting->starts_on, "sv"),
             hour_words(ctx->arena, meeting->starts_at, "sv"),
             hour_words(ctx->arena, meeting->ends_at, "sv"));
    const char *how = swedish(ctx, meeting_modes, mode);
    add_words(buf, place ? place : how ? how : "");
    buf_adds(buf, ".\n\n");
}

static json_t *attendance_of(struct ctx *ctx, long long meeting_key)
{
    return db_rows(ctx->tx,
                   "SELECT t.status AS \"status\", " MINUTES_NAME_TOLD("p") " AS \"name\", "
                   "s.role AS \"role\", coalesce(o.name, w.full_name) AS \"for\", "
                   "CASE WHEN f.key IS NOT NULL THEN 1 ELSE 0 END AS \"deputy\", "
                   MINUTES_NAME_TOLD("f") " AS \"instead\" FROM attendance t "
                   "JOIN meeting m ON m.key = t.meeting_key JOIN person p ON p.key = t.person_key "
                   "LEFT JOIN person f ON f.key = t.for_key "
                   "LEFT JOIN membership s ON s.key = " SEAT_OF("t.person_key")
                   " LEFT JOIN organisation o ON o.key = s.on_behalf_of_key "
                   "LEFT JOIN workgroup w ON w.key = s.on_behalf_of_key "
                   "WHERE t.meeting_key = ?1 AND t.status IS NOT NULL "
                   "ORDER BY CASE s.role WHEN 'chair' THEN 1 WHEN 'viceChair' THEN 2 "
                   "WHEN 'member' THEN 3 WHEN 'processLeader' THEN 4 WHEN 'secretary' THEN 5 "
                   "ELSE 6 END, p.name, t.key",
                   meeting_key);
}

static void add_person(struct ctx *ctx, struct buf *buf, const json_t *row)
{
    const char *status = json_text(row, "status");
    const char *role = swedish(ctx, membership_roles, json_text(row, "role"));
    buf_adds(buf, "- ");
    add_words(buf, name_or_role(ctx, row));
    if (role && json_text(row, "name")) {
        buf_adds(buf, ", ");
        add_label(buf, role);
    }
    if (json_text(row, "for")) {
        buf_adds(buf, ", ");
        add_words(buf, json_text(row, "for"));
    }
    if (json_int(row, "deputy", 0)) {
        const char *instead = json_text(row, "instead");
        buf_adds(buf, ", ersätter ");
        add_words(buf, instead ? instead : "en ledamot");
    }
    if (strcmp(status, "present") && strcmp(status, "absent")) {
        buf_adds(buf, " (");
        add_label(buf, swedish(ctx, attendance_statuses, status));
        buf_addc(buf, ')');
    }
    buf_adds(buf, "\n");
}

static void add_attendance(struct ctx *ctx, struct buf *buf, long long meeting_key)
{
    json_t *row, *rows = attendance_of(ctx, meeting_key);
    static const char *const words[] = {"Närvarande", "Frånvarande"};
    for (size_t away = 0; away < LEN(words); away++) {
        size_t i, n = 0;
        json_array_foreach(rows, i, row) {
            const char *status = json_text(row, "status");
            if ((strcmp(status, "present") && strcmp(status, "remote")) != (bool)away)
                continue;
            if (!n++)
                buf_addf(buf, "## %s\n\n", words[away]);
            add_person(ctx, buf, row);
        }
        buf_adds(buf, n ? "\n" : "");
    }
    json_decref(rows);
}

/* ---------------------------------------------------------------- the agenda */

static json_t *recusals_at(struct ctx *ctx, long long item_key)
{
    return db_rows(ctx->tx,
                   "SELECT " MINUTES_NAME_TOLD("p") " AS \"name\", s.role AS \"role\", "
                   "r.action AS \"action\", r.note AS \"note\" FROM recusal r "
                   "JOIN meeting m ON m.key = r.meeting_key JOIN person p ON p.key = r.person_key "
                   "LEFT JOIN membership s ON s.key = " SEAT_OF("r.person_key")
                   " WHERE r.item_key = ?1 ORDER BY p.name, r.key",
                   item_key);
}

static void add_recusals(struct ctx *ctx, struct buf *buf, long long item_key)
{
    json_t *row, *rows = recusals_at(ctx, item_key);
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *how = swedish(ctx, recusal_actions, json_text(row, "action"));
        buf_adds(buf, "- Jäv: ");
        add_words(buf, name_or_role(ctx, row));
        buf_addf(buf, ". %s.", how ? how : "");
        if (json_text(row, "note")) {
            buf_adds(buf, " ");
            add_words(buf, json_text(row, "note"));
        }
        buf_adds(buf, "\n");
    }
    buf_adds(buf, json_array_size(rows) ? "\n" : "");
    json_decref(rows);
}

static void add_presenters(struct ctx *ctx, struct buf *buf, long long item_key)
{
    json_t *row, *rows = db_rows(
        ctx->tx,
        "SELECT " MINUTES_NAME_TOLD("p") " AS \"name\", s.role AS \"role\" FROM agenda_presenter x "
        "JOIN agenda_item a ON a.key = x.item_key JOIN meeting m ON m.key = a.meeting_key "
        "JOIN person p ON p.key = x.person_key "
        "LEFT JOIN membership s ON s.key = " SEAT_OF("x.person_key")
        " WHERE x.item_key = ?1 ORDER BY x.position, p.key",
        item_key);
    size_t i;
    json_array_foreach(rows, i, row) {
        buf_adds(buf, i ? ", " : "Föredragande: ");
        add_words(buf, name_or_role(ctx, row));
    }
    buf_adds(buf, json_array_size(rows) ? "\n\n" : "");
    json_decref(rows);
}

static void add_item(struct ctx *ctx, struct buf *buf, const json_t *item)
{
    const char *notes = json_text(item, "notes");
    long long key = json_int(item, "key", 0);
    buf_addf(buf, "## %lld. ", json_int(item, "number", 0));
    add_words(buf, json_text(item, "title"));
    buf_adds(buf, "\n\n");
    add_presenters(ctx, buf, key);
    add_recusals(ctx, buf, key);
    if (notes && buf->len + strlen(notes) < TEXT_MOST)
        buf_addf(buf, "%s\n\n", notes);
    else if (notes)
        buf_adds(buf, "*Anteckningarna är för långa för att tas med här.*\n\n");
    if (json_int(item, "postponed", 0))
        buf_adds(buf, "Punkten skjuts upp till nästa möte.\n\n");
}

const char *minutes_compile(struct ctx *ctx, const struct meeting_row *meeting)
{
    struct buf buf;
    size_t i;
    json_t *item, *items = db_rows(
        ctx->tx,
        "SELECT key AS \"key\", position AS \"number\", title AS \"title\", "
        "minutes_text AS \"notes\", postponed AS \"postponed\" FROM agenda_item "
        "WHERE meeting_key = ?1 ORDER BY position, key",
        meeting->key);
    buf_init(&buf, 1 << 20);
    add_head(ctx, &buf, meeting);
    add_attendance(ctx, &buf, meeting->key);
    json_array_foreach(items, i, item)
        add_item(ctx, &buf, item);
    json_decref(items);
    while (buf.len && buf.data[buf.len - 1] == '\n')
        buf.len--;
    const char *text = arena_strndup(ctx->arena, buf.data, buf.len);
    buf_release(&buf);
    return text;
}
