/* minutes.c: minutes as a resource: fields, and the one select that says who may know of a version.
 *
 * Owns the reading of the table minutes. A draft exists for those who may see the groups' drafts;
 * an adjusted version is seen as its meeting is, and by those to whom it was sent. HTML is kept beside
 * the text, made when it was saved; made again when the renderer has changed since. Must not know
 * who may change what (minutes_rules.c), nor how it is shown. */
#include <string.h>
#include <kansli/group.h>
#include "internal.h"

const struct value minutes_statuses[] = {
    {"draft", NC_("minutes", "Draft")},
    {"adjusted", NC_("minutes", "Adjusted")},
    {"distributed", NC_("minutes", "Distributed")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- fields */

enum { TEXT_MAX = 64 << 10 };

#define OF_GROUPS                                                                                  \
    "\"meeting_key\" IN (SELECT fg.meeting_key FROM meeting_group fg JOIN body fb "                \
    "ON fb.key = fg.group_key WHERE fb.id IN"

static const char warnings_schema[] =
    "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"line\",\"text\","
    "\"message\"],\"properties\":{\"line\":{\"type\":\"integer\"},\"text\":{\"type\":\"string\"},"
    "\"message\":{\"type\":\"string\"}}}}";

static const char contents_schema[] =
    "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"anchor\",\"title\","
    "\"level\"],\"properties\":{\"anchor\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
    "\"level\":{\"type\":\"integer\"}}}}";

static const char receipts_schema[] =
    "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"bodyId\",\"sentAt\"],"
    "\"properties\":{\"id\":{\"type\":\"string\"},\"bodyId\":{\"type\":\"string\"},"
    "\"bodyName\":{\"type\":\"string\"},\"sentAt\":{\"type\":\"string\"},"
    "\"openedAt\":{\"type\":[\"string\",\"null\"]}}}}";

static const struct field minutes_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "meetingId", .label = N_("Meeting"), .type = T_REF, .flags = F_DERIVED | F_FILTER,
     .reference = &meeting_reference},
    {.name = "meetingTitle", .label = N_("Meeting"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "startsOn", .label = N_("Day"), .type = T_DAY, .flags = F_DERIVED | F_SORT,
     .hint = N_("The day of the meeting.")},
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .flags = F_DERIVED | F_FILTER,
     .reference = &group_reference, .column = OF_GROUPS,
     .hint = N_("The group that leads. As a filter: one of the meeting's groups.")},
    {.name = "version", .label = N_("Version"), .type = T_INT, .flags = F_DERIVED | F_SORT},
    {.name = "status", .label = N_("Status"), .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER | F_SORT, .values = minutes_statuses},
    {.name = "text", .label = N_("Text"), .type = T_MARKDOWN,
     .at = offsetof(struct minutes_input, text), .flags = F_PRIVATE | F_WIDE, .max = TEXT_MAX,
     .column = "text",
     .hint = N_("A line that begins with Beslut: becomes a decision; Åtgärd: @Name what, senast "
                "YYYY-MM-DD becomes an action. Empty: compiled from the agenda.")},
    {.name = "textHtml", .label = N_("Text as HTML"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "contents", .label = N_("Contents"), .type = T_JSON, .flags = F_DERIVED,
     .schema = contents_schema, .hint = N_("The headings, and where they stand in the HTML.")},
    {.name = "adjustedAt", .label = NC_("minutes", "Adjusted"), .type = T_INSTANT,
     .flags = F_DERIVED},
    {.name = "distributedAt", .label = NC_("minutes", "Distributed"), .type = T_INSTANT,
     .flags = F_DERIVED},
    {.name = "warnings", .label = N_("Lines that were not understood"), .type = T_JSON,
     .flags = F_DERIVED, .schema = warnings_schema,
     .hint = N_("In the answer to a draft that was sent.")},
    {.name = "receipts", .label = N_("Receipts"), .type = T_JSON, .flags = F_DERIVED,
     .schema = receipts_schema, .hint = N_("In the answer to a distribution.")},
    {0},
};

/* ---------------------------------------------------------------- the select */

#define SELECT                                                                                     \
    "SELECT v.key AS \"key\", v.version AS \"version_key\", v.modified AS \"modified\", "          \
    "v.id AS \"id\", m.key AS \"meeting_key\", m.id AS \"meetingId\", "                            \
    "m.title AS \"meetingTitle\", m.starts_on AS \"startsOn\", lb.id AS \"groupId\", "             \
    "l.full_name AS \"groupName\", v.number AS \"version\", v.state AS \"status\", "               \
    "v.text AS \"text\", v.html AS \"textHtml\", v.contents AS \"contents\", "                     \
    "v.renderer AS \"renderer_key\", "                                                             \
    "v.adjusted_at AS \"adjustedAt\", v.distributed_at AS \"distributedAt\" "                      \
    "FROM minutes v JOIN meeting m ON m.key = v.meeting_key "                                      \
    "LEFT JOIN workgroup l ON l.key = m.group_key AND "                                            \
    ACCESS_GROUP_VISIBLE("l.access_mode", "l.key")                                                 \
    " LEFT JOIN body lb ON lb.key = l.key WHERE " MINUTES_VISIBLE("v", "m")

static void finish(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item) {
        struct minutes_shown shown;
        const char *contents = json_text(item, "contents");
        if (json_int(item, "renderer_key", 0) != ctx->markdown_version &&
            !minutes_render(ctx, json_int(item, "meeting_key", 0), json_text(item, "text"),
                            &shown)) {
            json_put(item, "textHtml", shown.html);
            contents = shown.contents;
        }
        json_put_new(item, "contents", json_loads(contents, 0, NULL));
    }
}

static void links(struct ctx *ctx, json_t *object)
{
    const char *status = json_text(object, "status");
    const char *path = arena_printf(ctx->arena, "/minutes/%s", json_text(object, "id"));
    if (minutes_before(ctx, json_int(object, "meeting_key", 0), json_int(object, "version", 1)))
        ctx_link(ctx, object, "comparison", "GET",
                 arena_join(ctx->arena, path, "/comparison", NULL));
    if (!meeting_may_change(ctx, json_int(object, "meeting_key", 0)))
        return;
    if (!strcmp(status, "draft")) {
        ctx_link(ctx, object, "edit", "PATCH", path);
        ctx_link(ctx, object, "delete", "DELETE", path);
        ctx_link(ctx, object, "adjust", "POST", arena_join(ctx->arena, path, "/adjustments", NULL));
    }
    ctx_link(ctx, object, "distribute", "POST",
             arena_join(ctx->arena, path, "/distributions", NULL));
    ctx->as_support = false; /* asked, not done */
}

const struct resource minutes_resource = {
    .name = "minutes",
    .noun = N_("minutes"),
    .table = "minutes",
    .select = SELECT,
    .order = "\"startsOn\" DESC, \"meeting_key\" DESC, \"version\" DESC",
    .size = sizeof(struct minutes_input),
    .fields = minutes_fields,
    .finish = finish,
    .links = links,
    .within = "meetings",
    .parent_column = "meeting_key",
    .texts = "SELECT text AS \"text\" FROM minutes WHERE key = ?1",
};

/* ---------------------------------------------------------------- read */

enum code minutes_list(struct ctx *ctx, struct answer *out)
{
    return resource_list(ctx, &minutes_resource, (struct fixed){0}, &out->document);
}

/* A meeting that the caller may not know of may have sent its minutes to him all the same: those
 * stand in /minutes. */
enum code minutes_list_of_meeting(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c = meeting_find(ctx, ctx_value(ctx, "id"), &meeting);
    struct fixed within = {.condition = "\"meeting_key\" = ?6", .key = meeting.key};
    if (!c)
        c = resource_list(ctx, &minutes_resource, within, &out->document);
    if (!c && minutes_may_write(ctx, &meeting))
        ctx_link(ctx, out->document, "create", "POST",
                 arena_join(ctx->arena, "/meetings/", meeting.id, "/minutes", NULL));
    ctx->as_support = false; /* asked, not done */
    return c || !ctx_page(ctx) ? c : minutes_page_versions(ctx, &meeting, out);
}

enum code minutes_show(struct ctx *ctx, struct answer *out)
{
    struct minutes_row minutes;
    enum code c = minutes_find(ctx, ctx_value(ctx, "id"), &minutes);
    if (!c && tx_writes(ctx->tx))
        c = receipts_open(ctx, minutes.key);
    if (!c)
        c = resource_answer(ctx, &minutes_resource, minutes.id, out);
    return c || !ctx_page(ctx) ? c : minutes_page_show(ctx, &minutes, out);
}

enum code minutes_find(struct ctx *ctx, const char *id, struct minutes_row *minutes)
{
    memset(minutes, 0, sizeof *minutes);
    json_t *row = db_row(ctx->tx,
                         "SELECT v.key AS \"key\", v.id AS \"id\", v.number AS \"number\", "
                         "v.state AS \"state\", v.text AS \"text\", v.version AS \"version\", "
                         "m.key AS \"meeting\" "
                         "FROM minutes v JOIN meeting m ON m.key = v.meeting_key WHERE v.id = ?5 "
                         "AND " MINUTES_VISIBLE("v", "m"),
                         MEETING_ARGS(ctx, id, 0));
    if (!row)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    minutes->key = json_int(row, "key", 0);
    minutes->number = json_int(row, "number", 0);
    minutes->version = json_int(row, "version", 0);
    minutes->id = arena_strdup(ctx->arena, json_text(row, "id"));
    minutes->state = arena_strdup(ctx->arena, json_text(row, "state"));
    minutes->text = arena_strdup(ctx->arena, json_text(row, "text"));
    long long meeting = json_int(row, "meeting", 0);
    json_decref(row);
    return meeting_row_of(ctx, meeting, &minutes->meeting);
}

json_t *minutes_versions(struct ctx *ctx, long long meeting_key)
{
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT v.id AS \"id\", v.number AS \"version\", "
                                 "v.state AS \"status\" FROM minutes v "
                                 "JOIN meeting m ON m.key = v.meeting_key WHERE m.key = ?5 AND "
                                 MINUTES_VISIBLE("v", "m") " ORDER BY v.number DESC",
                                 MEETING_ARGS(ctx, meeting_key, 0));
    size_t i;
    json_array_foreach(rows, i, row)
        json_put(row, "statusLabel", value_label(ctx, minutes_statuses, json_text(row, "status")));
    return rows;
}

const char *minutes_before(struct ctx *ctx, long long meeting_key, long long number)
{
    return db_text(ctx->tx,
                   "SELECT v.id FROM minutes v JOIN meeting m ON m.key = v.meeting_key "
                   "WHERE m.key = ?5 AND v.number < ?6 AND " MINUTES_VISIBLE("v", "m")
                   " ORDER BY v.number DESC LIMIT 1",
                   MEETING_ARGS(ctx, meeting_key, number));
}

json_t *minutes_agenda(struct ctx *ctx, const struct meeting_row *meeting)
{
    return db_rows(ctx->tx,
                   "SELECT id AS \"id\", position AS \"number\", title AS \"title\" "
                   "FROM agenda_item WHERE meeting_key = ?1 ORDER BY position, key",
                   meeting->key);
}

const char *minutes_open_draft(struct ctx *ctx, const struct meeting_row *meeting)
{
    return db_text(ctx->tx, "SELECT id FROM minutes WHERE meeting_key = ?1 AND state = 'draft'",
                   meeting->key);
}
