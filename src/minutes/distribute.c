/* distribute.c: minutes are sent to those they concern, and who has opened them is noted (R51).
 *
 * Owns the table minutes_receipt, and who the recipients are: every principal and host of the
 * groups on the day they are sent; of a correction those who got what it corrects. A draft is
 * adjusted in the same act. Each body gets a receipt once for each version; who may speak for it is written to,
 * and the members. It is opened when one of those who receive for a body reads it. Must not know
 * how mail is sent, nor pages. */
#include <string.h>
#include <kansli/group.h>
#include <kansli/mail.h>
#include "internal.h"

struct receipt_input {
    struct ref_value body;
};

/* ---------------------------------------------------------------- the receipt */

static const struct field receipt_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "minutesId", .label = N_("Minutes"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "version", .label = N_("Version"), .type = T_INT, .flags = F_DERIVED},
    {.name = "bodyId", .label = N_("Recipient"), .type = T_REF,
     .at = offsetof(struct receipt_input, body), .flags = F_CREATE | F_FILTER, .reference = &body_reference,
     .column = "body_key"},
    {.name = "sentAt", .label = N_("Sent"), .type = T_INSTANT, .flags = F_DERIVED},
    {.name = "openedAt", .label = N_("Opened"), .type = T_INSTANT, .flags = F_DERIVED},
    {0},
};

/* For those inside the meeting, and each recipient its own. */
const struct resource receipt_resource = {
    .name = "receipts",
    .noun = N_("receipt"),
    .table = "minutes_receipt",
    .select =
        "SELECT r.key AS \"key\", r.version AS \"version_key\", r.modified AS \"modified\", "
        "r.id AS \"id\", r.minutes_key AS \"minutes_key\", v.id AS \"minutesId\", "
        "v.number AS \"version\", b.id AS \"bodyId\", "
        "coalesce(o.name, w.full_name) AS \"bodyName\", "
        "r.sent_at AS \"sentAt\", r.opened_at AS \"openedAt\" FROM minutes_receipt r "
        "JOIN minutes v ON v.key = r.minutes_key JOIN meeting m ON m.key = v.meeting_key "
        "JOIN body b ON b.key = r.body_key LEFT JOIN organisation o ON o.key = b.key "
        "LEFT JOIN workgroup w ON w.key = b.key "
        "WHERE (w.key IS NULL OR " ACCESS_GROUP_VISIBLE("w.access_mode", "w.key") ") "
        "AND (" MEETING_INSIDE("m") " OR " MINUTES_RECEIVED("r.body_key") ")",
    .order = "\"bodyName\", \"key\"",
    .size = sizeof(struct receipt_input),
    .fields = receipt_fields,
    .within = "minutes",
    .parent = "minutesId",
    .parent_column = "minutes_key",
};

enum code receipt_list(struct ctx *ctx, struct answer *out)
{
    struct minutes_row minutes;
    enum code c = minutes_find(ctx, ctx_value(ctx, "id"), &minutes);
    struct fixed within = {.condition = "\"minutes_key\" = ?6", .key = minutes.key};
    if (!c)
        c = resource_list(ctx, &receipt_resource, within, &out->document);
    return c || !ctx_page(ctx) ? c : minutes_page_receipts(ctx, &minutes, out);
}

enum code receipt_show(struct ctx *ctx, struct answer *out)
{
    struct minutes_row minutes;
    const char *id = ctx_value(ctx, "receiptId");
    enum code c = minutes_find(ctx, ctx_value(ctx, "id"), &minutes);
    if (!c && !db_exists(ctx->tx, "SELECT 1 FROM minutes_receipt WHERE minutes_key = ?1 AND id = ?2",
                         minutes.key, id))
        c = tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    return c ? c : resource_answer(ctx, &receipt_resource, id, out);
}

json_t *receipts_of(struct ctx *ctx, long long minutes_key)
{
    struct fixed within = {.condition = "\"minutes_key\" = ?6", .key = minutes_key};
    return resource_items(ctx, &receipt_resource, within);
}

enum code receipts_open(struct ctx *ctx, long long minutes_key)
{
    const char *now = tx_instant(ctx->tx);
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT r.key AS \"key\", r.id AS \"id\" FROM minutes_receipt r "
                                 "WHERE r.minutes_key = ?5 AND r.opened_at IS NULL "
                                 "AND " MINUTES_RECEIVED("r.body_key") " ORDER BY r.key",
                                 MEETING_ARGS(ctx, minutes_key, 0));
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row) {
        if (!c)
            c = db_run(ctx->tx, "UPDATE minutes_receipt SET opened_at = ?2 WHERE key = ?1",
                       json_int(row, "key", 0), now);
        if (!c)
            c = resource_touch(ctx, &receipt_resource, json_int(row, "key", 0),
                               json_text(row, "id"), "open",
                               json_pack("{s:[n, s]}", "openedAt", now));
    }
    json_decref(rows);
    return c;
}

json_t *minutes_unread(struct ctx *ctx, long long body_key)
{
    return db_rows(ctx->tx,
                   "SELECT v.id AS \"id\", m.title AS \"title\", m.starts_on AS \"day\", "
                   "g.full_name AS \"groupName\" FROM minutes_receipt r "
                   "JOIN minutes v ON v.key = r.minutes_key "
                   "JOIN meeting m ON m.key = v.meeting_key "
                   "JOIN workgroup g ON g.key = m.group_key WHERE r.body_key = ?5 "
                   "AND r.opened_at IS NULL AND " MINUTES_RECEIVED("r.body_key") " AND NOT EXISTS ("
                   "SELECT 1 FROM minutes n JOIN minutes_receipt nr ON nr.minutes_key = n.key "
                   "WHERE nr.body_key = r.body_key AND n.meeting_key = v.meeting_key "
                   "AND n.number > v.number) ORDER BY m.starts_on DESC, v.key DESC",
                   MEETING_ARGS(ctx, body_key, 0));
}

/* ---------------------------------------------------------------- to whom */

struct distribution_input {
    struct ref_list bodies;
};

const struct field minutes_distribution_fields[] = {
    {.name = "bodyIds", .label = N_("Recipients"), .type = T_REFS,
     .at = offsetof(struct distribution_input, bodies), .reference = &body_reference,
     .hint = N_("Groups and organisations. Empty: every principal and host of the groups; of a "
                "correction those who got what it corrects.")},
    {0},
};

/* Rows {key, id}. */
static json_t *default_bodies(struct ctx *ctx, const struct minutes_row *minutes)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT DISTINCT b.key AS \"key\", b.id AS \"id\" FROM minutes v "
                           "JOIN minutes_receipt r ON r.minutes_key = v.key "
                           "JOIN body b ON b.key = r.body_key WHERE v.meeting_key = ?1 "
                           "AND v.number < ?2 ORDER BY b.key",
                           minutes->meeting.key, minutes->number);
    if (json_array_size(rows))
        return rows;
    json_decref(rows);
    return db_rows(ctx->tx,
                   "SELECT b.key AS \"key\", b.id AS \"id\" FROM body b WHERE b.key IN ("
                   "SELECT p.principal_key FROM meeting_group x JOIN group_principal p "
                   "ON p.group_key = x.group_key WHERE x.meeting_key = ?1 AND p.start_date <= ?2 "
                   "AND (p.end_date IS NULL OR p.end_date >= ?2) UNION "
                   "SELECT h.body_key FROM meeting_group x JOIN hosting h "
                   "ON h.group_key = x.group_key WHERE x.meeting_key = ?1 AND h.status = 'active' "
                   "AND (h.start_date IS NULL OR h.start_date <= ?2) "
                   "AND (h.end_date IS NULL OR h.end_date >= ?2)) ORDER BY b.key",
                   minutes->meeting.key, ctx->today);
}

static struct ref_list recipients(struct ctx *ctx, const struct minutes_row *minutes,
                                  const struct distribution_input *in)
{
    if (in->bodies.n)
        return in->bodies;
    json_t *rows = default_bodies(ctx, minutes), *row;
    struct ref_value *all = arena_alloc(ctx->arena, sizeof *all * (json_array_size(rows) + 1));
    size_t i;
    json_array_foreach(rows, i, row)
        all[i] = (struct ref_value){arena_strdup(ctx->arena, json_text(row, "id")),
                                    json_int(row, "key", 0)};
    struct ref_list list = {json_array_size(rows), all};
    json_decref(rows);
    return list;
}

static enum code write_receipt(struct ctx *ctx, const struct minutes_row *minutes,
                               const struct ref_value *body)
{
    struct receipt_input in = {*body};
    long long key = 0;
    if (db_exists(ctx->tx, "SELECT 1 FROM minutes_receipt WHERE minutes_key = ?1 AND body_key = ?2",
                  minutes->key, body->key))
        return tx_code(ctx->tx);
    json_t *extra = json_object();
    json_put_int(extra, "minutes_key", minutes->key);
    json_put(extra, "sent_at", tx_instant(ctx->tx));
    enum code c = resource_insert(ctx, &receipt_resource, &in, NULL, extra, &key);
    json_decref(extra);
    return c;
}

/* ---------------------------------------------------------------- told */

/* Rows {key}: the members of the groups; of a meeting for officers, those alone. */
static json_t *members_told(struct ctx *ctx, const struct minutes_row *minutes)
{
    bool officers = !strcmp(minutes->meeting.visibility, "principals");
    return db_rows(ctx->tx,
                   "SELECT DISTINCT s.person_key AS \"key\" FROM meeting_group x "
                   "JOIN membership s ON s.group_key = x.group_key "
                   "WHERE x.meeting_key = ?1 AND s.start_date <= ?2 "
                   "AND (s.end_date IS NULL OR s.end_date >= ?2) "
                   "AND s.role NOT IN ('contact', 'observer') "
                   "AND (?3 = 0 OR s.role IN " ACCESS_OFFICERS ") ORDER BY s.person_key",
                   minutes->meeting.key, ctx->today, officers);
}

static enum code tell_members(struct ctx *ctx, const struct minutes_row *minutes,
                              const struct mail *mail)
{
    json_t *row, *rows = members_told(ctx, minutes);
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row)
        c = c ? c : mail_person(ctx, json_int(row, "key", 0), mail);
    json_decref(rows);
    return c;
}

static enum code tell_body(struct ctx *ctx, long long body_key, const struct mail *mail)
{
    bool group = db_exists(ctx->tx, "SELECT 1 FROM workgroup WHERE key = ?1", body_key);
    return group ? mail_officers(ctx, body_key, mail) : mail_coordinators(ctx, body_key, mail);
}

/* A mail may be read by others than whom it is to: what the meeting was about is named only when
 * everyone may know. */
static enum code tell_all(struct ctx *ctx, const struct minutes_row *minutes,
                          const struct ref_list *bodies)
{
    const struct meeting_row *meeting = &minutes->meeting;
    bool open = !strcmp(meeting->visibility, "public");
    const char *const places[] = {"title",   meeting->title,
                                  "group",   meeting->group_name,
                                  "day",     meeting->starts_on,
                                  "version", arena_int(ctx->arena, minutes->number),
                                  NULL};
    struct mail mail = {
        .event = arena_printf(ctx->arena, "minutes:%s:distributed", minutes->id),
        .kind = MAIL_NOTICE,
        .subject = N_("Minutes from {group}, {day}"),
        .paragraphs = {open ? N_("{group} sends the minutes of its meeting on {day}: {title}.")
                            : N_("{group} sends the minutes of its meeting on {day}.")},
        .path = arena_printf(ctx->arena, "/minutes/%s", minutes->id),
        .action = N_("Read the minutes"),
        .why = N_("You get this because you sit in {group}, or because its minutes are sent to a "
                  "group or an organisation that you receive for."),
        .places = places};
    if (minutes->number > 1)
        mail.paragraphs[1] = N_("This is version {version}: it corrects what was sent before.");
    enum code c = tell_members(ctx, minutes, &mail);
    for (size_t i = 0; !c && i < bodies->n; i++)
        c = tell_body(ctx, bodies->item[i].key, &mail);
    return c;
}

/* ---------------------------------------------------------------- proposed */

#define IN_FORCE(t)                                                                                \
    "(" t ".start_date IS NULL OR " t ".start_date <= ?4) "                                        \
    "AND (" t ".end_date IS NULL OR " t ".end_date >= ?4)"

/* Rows {key, bodyId, bodyName, group?, principal?, earlier?} of bodies that have not got this
 * version. */
static json_t *candidates(struct ctx *ctx, const struct minutes_row *minutes)
{
    return db_rows(
        ctx->tx,
        "WITH principal (k) AS (SELECT p.principal_key FROM meeting_group x JOIN group_principal p "
        "ON p.group_key = x.group_key WHERE x.meeting_key = ?5 AND " IN_FORCE("p") "), "
        "host (k) AS (SELECT h.body_key FROM meeting_group x JOIN hosting h "
        "ON h.group_key = x.group_key WHERE x.meeting_key = ?5 AND h.status = 'active' AND "
        IN_FORCE("h") "), earlier (k) AS (SELECT r.body_key FROM minutes v JOIN minutes_receipt r "
        "ON r.minutes_key = v.key WHERE v.meeting_key = ?5 AND v.number < ?6) "
        "SELECT b.key AS \"key\", b.id AS \"bodyId\", "
        "coalesce(o.name, w.full_name) AS \"bodyName\", "
        "w.key IS NOT NULL AS \"group?\", b.key IN (SELECT k FROM principal) AS \"principal?\", "
        "b.key IN (SELECT k FROM earlier) AS \"earlier?\" FROM body b "
        "LEFT JOIN organisation o ON o.key = b.key LEFT JOIN workgroup w ON w.key = b.key "
        "WHERE b.key IN (SELECT k FROM principal UNION SELECT k FROM host UNION "
        "SELECT k FROM earlier) AND NOT EXISTS (SELECT 1 FROM minutes v JOIN minutes_receipt r "
        "ON r.minutes_key = v.key WHERE v.meeting_key = ?5 AND v.number = ?6 "
        "AND r.body_key = b.key) AND (w.key IS NULL OR "
        ACCESS_GROUP_VISIBLE("w.access_mode", "w.key") ") ORDER BY \"bodyName\", b.key",
        MEETING_ARGS(ctx, minutes->meeting.key, minutes->number));
}

/* How many of the people in rows {key} can be written to. Steals rows. */
static long long reached(struct ctx *ctx, json_t *rows)
{
    long long n = 0;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
        n += mail_reaches(ctx, json_int(row, "key", 0));
    json_decref(rows);
    return n;
}

/* As tell_body tells them. */
static long long people_of(struct ctx *ctx, const json_t *body)
{
    long long key = json_int(body, "key", 0);
    if (!json_true_at(body, "group"))
        return db_int(ctx->tx, 0,
                      "SELECT count(*) FROM account_role WHERE role = 'coordinator' "
                      "AND organisation_key = ?1",
                      key);
    return reached(ctx, db_rows(ctx->tx,
                                "SELECT DISTINCT m.person_key AS \"key\" FROM membership m "
                                "WHERE m.group_key = ?1 AND m.start_date <= ?2 "
                                "AND (m.end_date IS NULL OR m.end_date >= ?2) "
                                "AND m.role IN " ACCESS_OFFICERS,
                                key, ctx->today));
}

json_t *minutes_recipients(struct ctx *ctx, const struct minutes_row *minutes)
{
    json_t *row, *rows = candidates(ctx, minutes);
    bool corrects = false, sent = !strcmp(minutes->state, "distributed");
    size_t i;
    json_array_foreach(rows, i, row)
        corrects = corrects || json_true_at(row, "earlier");
    json_array_foreach(rows, i, row) {
        bool earlier = json_true_at(row, "earlier"), principal = json_true_at(row, "principal");
        json_put(row, "reasonLabel",
                 ctx_text(ctx, earlier     ? N_("got the last version")
                               : principal ? N_("principal")
                                           : N_("host")));
        json_put_int(row, "people", people_of(ctx, row));
        json_put_bool(row, "proposed", !sent && (earlier || !corrects));
    }
    return rows;
}

long long minutes_members_told(struct ctx *ctx, const struct minutes_row *minutes)
{
    return reached(ctx, members_told(ctx, minutes));
}

/* ---------------------------------------------------------------- sent */

static enum code mark_sent(struct ctx *ctx, const struct minutes_row *minutes)
{
    bool first = !strcmp(minutes->state, "adjusted");
    enum code c = db_run(ctx->tx,
                         "UPDATE minutes SET state = 'distributed', "
                         "distributed_at = coalesce(distributed_at, ?2) WHERE key = ?1",
                         minutes->key, tx_instant(ctx->tx));
    if (c || !first)
        return c;
    return resource_touch(ctx, &minutes_resource, minutes->key, minutes->id, "distribute",
                          json_pack("{s:[s, s]}", "status", "adjusted", "distributed"));
}

/* Everything but telling. */
static enum code send(struct ctx *ctx, struct minutes_row *minutes, const struct ref_list *bodies)
{
    enum code c = strcmp(minutes->state, "draft") ? OK : minutes_lock(ctx, minutes);
    for (size_t i = 0; !c && i < bodies->n; i++)
        c = write_receipt(ctx, minutes, &bodies->item[i]);
    return c ? c : mark_sent(ctx, minutes);
}

enum code minutes_load_sent(struct ctx *ctx, struct minutes_row *minutes, const char *sent_at,
                            const char *opened_at)
{
    struct distribution_input nobody_named = {0};
    struct ref_list bodies = recipients(ctx, minutes, &nobody_named);
    enum code c = send(ctx, minutes, &bodies);
    if (!c)
        c = db_run(ctx->tx, "UPDATE minutes SET distributed_at = ?2 WHERE key = ?1", minutes->key,
                   sent_at);
    return c ? c
             : db_run(ctx->tx,
                      "UPDATE minutes_receipt SET sent_at = ?2, opened_at = ?3 "
                      "WHERE minutes_key = ?1",
                      minutes->key, sent_at, opened_at);
}

/* With the answer: whom it was sent to, as the receipts have it. */
static void put_receipts(struct ctx *ctx, json_t *document, long long minutes_key)
{
    static const char *const told[] = {"id", "bodyId", "bodyName", "sentAt", "openedAt"};
    json_t *rows = receipts_of(ctx, minutes_key), *row;
    json_t *receipts = json_put_new(document, "receipts", json_array());
    size_t i;
    json_array_foreach(rows, i, row) {
        json_t *receipt = json_push(receipts, json_object());
        for (size_t n = 0; n < LEN(told); n++)
            json_object_set(receipt, told[n], json_object_get(row, told[n]));
    }
    json_decref(rows);
}

enum code minutes_distribute(struct ctx *ctx, struct answer *out)
{
    struct minutes_row minutes;
    struct distribution_input in = {0};
    enum code c = minutes_find_to_change(ctx, &minutes);
    if (!c)
        c = fields_read(ctx, minutes_distribution_fields, &in);
    if (c)
        return c;
    struct ref_list bodies = recipients(ctx, &minutes, &in);
    c = tx_code(ctx->tx);
    if (!c && !ctx->api && !in.bodies.n && bodies.n) /* a page has shown them: none was ticked */
        c = err_field(ctx->err, "/bodyIds", N_("Choose at least one recipient."), NULL);
    if (!c)
        c = send(ctx, &minutes, &bodies);
    if (!c)
        c = tell_all(ctx, &minutes, &bodies);
    out->flash = N_("The minutes are on their way. They are an official document now, and locked.");
    if (!c)
        c = resource_created(ctx, &minutes_resource, minutes.id, out);
    out->see = arena_printf(ctx->arena, "/minutes/%s/receipts", minutes.id);
    if (!c && out->document)
        put_receipts(ctx, out->document, minutes.key);
    return c;
}
