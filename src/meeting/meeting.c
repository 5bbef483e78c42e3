/* meeting.c: meetings as a resource: fields, and the one select that says who may know of one.
 *
 * Owns the reading of the table meeting. Who may not know of a meeting finds no row, and a group
 * that the reader may not know of is not among its groups, so that no filter, sort, search or count
 * tells more than the document does. planned, called and held are computed for the instant. Must
 * not know who may change what (meeting_rules.c), nor how it is shown. */
#include <string.h>
#include <kansli/group.h>
#include <kansli/part.h>
#include "internal.h"

const struct value meeting_statuses[] = {
    {"planned", NC_("meeting", "Planned")},
    {"called", NC_("meeting", "Called")},
    {"held", NC_("meeting", "Held")},
    {"cancelled", NC_("meeting", "Cancelled")},
    {NULL, NULL},
};

const struct value meeting_modes[] = {
    {"inPerson", NC_("meeting", "In person")},
    {"online", NC_("meeting", "Online")},
    {"hybrid", NC_("meeting", "In person and online")},
    {NULL, NULL},
};

const struct value meeting_visibilities[] = {
    {"public", NC_("meeting", "Everyone, once the notice is sent")},
    {"members", NC_("meeting", "The group and those who may see its drafts")},
    {"principals", NC_("meeting", "Officers of the group and of its principals")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- fields */

#define AT(member) offsetof(struct meeting_input, member)

#define OF_GROUPS                                                                                  \
    "\"key\" IN (SELECT fg.meeting_key FROM meeting_group fg JOIN body fb "                        \
    "ON fb.key = fg.group_key WHERE fb.id IN"

static const struct field meeting_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "groupIds", .label = N_("Groups"), .type = T_REFS, .at = AT(groups), .flags = F_FILTER,
     .reference = &group_reference, .column = OF_GROUPS,
     .hint = N_("The first leads: the meeting stands in its series. An address below a group says "
                "it instead.")},
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .flags = F_DERIVED | F_FILTER,
     .reference = &group_reference, .column = OF_GROUPS,
     .hint = N_("The group that leads. As a filter: one of the meeting's groups.")},
    {.name = "title", .label = N_("Title"), .type = T_TEXT, .at = AT(title), .max = 200,
     .column = "title", .hint = N_("Empty: its number among the group's meetings.")},
    {.name = "startsAt", .label = N_("Begins"), .type = T_INSTANT, .at = AT(starts_at),
     .flags = F_REQUIRED | F_SORT, .column = "starts_at", .hint = N_("Swedish time.")},
    {.name = "endsAt", .label = NC_("meeting", "Ends"), .type = T_INSTANT, .at = AT(ends_at),
     .flags = F_REQUIRED, .column = "ends_at", .hint = N_("Swedish time.")},
    {.name = "startsOn", .label = N_("Day"), .type = T_DAY, .flags = F_DERIVED,
     .hint = N_("The day in Sweden.")},
    {.name = "mode", .label = N_("How"), .type = T_ENUM, .at = AT(mode),
     .flags = F_REQUIRED | F_FILTER, .values = meeting_modes, .column = "mode"},
    {.name = "location", .label = N_("Where"), .type = T_TEXT, .at = AT(location), .max = 300,
     .column = "location",
     .hint = N_("The place, or the address of the video meeting. How to join online is shown only "
                "to the group and to those who may see its drafts.")},
    {.name = "visibility", .label = N_("Who sees the meeting"), .type = T_ENUM,
     .at = AT(visibility), .flags = F_REQUIRED | F_FILTER, .values = meeting_visibilities,
     .column = "visibility", .fallback = "members"},
    {.name = "carryOverIds", .label = N_("What is carried over"), .type = T_TEXTS,
     .at = AT(carried), .flags = F_CREATE, .max = 36,
     .hint = N_("Ids of items that the leading group's meetings postponed, and of its open actions, "
                "which become one item.")},
    {.name = "status", .label = N_("Status"), .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER | F_CLOCK, /* it is held without anybody's doing */
     .values = meeting_statuses},
    {.name = "calledAt", .label = N_("Notice sent"), .type = T_INSTANT, .flags = F_DERIVED},
    {.name = "cancelledAt", .label = N_("Cancelled"), .type = T_INSTANT, .flags = F_DERIVED},
    {.name = "cancelReason", .label = N_("Why it was cancelled"), .type = T_TEXT,
     .flags = F_DERIVED},
    {.name = "sequence", .label = N_("Changes of time or place since the notice"), .type = T_INT,
     .flags = F_DERIVED},
    {0},
};

/* ---------------------------------------------------------------- the select */

#define INSIDE "CASE WHEN " MEETING_INSIDE("m") " THEN 1 ELSE 0 END"
#define SELECT                                                                                     \
    "SELECT m.key AS \"key\", m.version AS \"version\", m.modified AS \"modified\", "              \
    "m.id AS \"id\", m.group_key AS \"lead_key\", lb.id AS \"groupId\", "                          \
    "l.full_name AS \"groupName\", m.title AS \"title\", m.starts_at AS \"startsAt\", "            \
    "m.ends_at AS \"endsAt\", m.starts_on AS \"startsOn\", m.mode AS \"mode\", "                   \
    "m.location AS \"location\", m.visibility AS \"visibility\", "                                 \
    MEETING_STATUS("m") " AS \"status\", m.called_at AS \"calledAt\", "                            \
    "m.cancelled_at AS \"cancelledAt\", m.cancel_reason AS \"cancelReason\", "                     \
    "m.sequence AS \"sequence\", " INSIDE " AS \"inside_key\", "                                   \
    "(SELECT count(*) FROM meeting_group c WHERE c.meeting_key = m.key) AS \"groups_key\" "        \
    "FROM meeting m LEFT JOIN workgroup l ON l.key = m.group_key AND "                             \
    ACCESS_GROUP_VISIBLE("l.access_mode", "l.key")                                                 \
    " LEFT JOIN body lb ON lb.key = l.key WHERE " MEETING_VISIBLE("m")

/* ---------------------------------------------------------------- what every item gets */

static void put_group(json_t *item, const json_t *id, const json_t *name)
{
    json_array_append(json_object_get(item, "groupIds"), (json_t *)id);
    json_array_append(json_object_get(item, "groupNames"), (json_t *)name);
}

/* Most meetings are of one group, which the row has already. */
static void put_groups(struct ctx *ctx, json_t *item)
{
    json_put_new(item, "groupIds", json_array());
    json_put_new(item, "groupNames", json_array());
    if (json_int(item, "groups_key", 0) == 1) {
        if (json_text(item, "groupId"))
            put_group(item, json_object_get(item, "groupId"), json_object_get(item, "groupName"));
        return;
    }
    json_t *rows = db_rows(ctx->tx,
                           "SELECT b.id AS \"id\", g.full_name AS \"name\" FROM meeting_group x "
                           "JOIN workgroup g ON g.key = x.group_key JOIN body b ON b.key = g.key "
                           "WHERE x.meeting_key = ?5 AND "
                           ACCESS_GROUP_VISIBLE("g.access_mode", "g.key")
                           " ORDER BY x.position, x.group_key",
                           MEETING_ARGS(ctx, json_int(item, "key", 0), 0)), *row;
    size_t i;
    json_array_foreach(rows, i, row)
        put_group(item, json_object_get(row, "id"), json_object_get(row, "name"));
    json_decref(rows);
}

/* Absent, not null: who may not read where a meeting is does not learn whether that is said. */
static void finish(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item) {
        bool in_person = !strcmp(json_text(item, "mode"), "inPerson");
        put_groups(ctx, item);
        if (!in_person && !json_int(item, "inside_key", 0))
            json_object_del(item, "location");
    }
}

/* What is written down of a meeting until its minutes are adjusted. */
static void link_notes(struct ctx *ctx, json_t *object, const char *path)
{
    static const struct {
        const char *rel, *below;
    } notes[] = {{"add-item", "/agenda-items"},
                 {"order-items", "/agenda-orders"},
                 {"add-attendance", "/attendance"},
                 {"mark-attendance", "/attendance-marks"}};
    for (size_t i = 0; i < LEN(notes); i++)
        ctx_link(ctx, object, notes[i].rel, "POST",
                 arena_join(ctx->arena, path, notes[i].below, NULL));
}

/* What is below it, and what may be entered there by those who write down nothing else. */
static void link_below(struct ctx *ctx, json_t *object, const struct meeting_row *meeting,
                       const char *path)
{
    static const char *const open[] = {"agenda-items", "papers", "calendar"},
                             *const inside[] = {"attendance", "recusals", "recusal-suggestions"};
    for (size_t i = 0; i < LEN(open); i++)
        ctx_link(ctx, object, open[i], "GET", arena_join(ctx->arena, path, "/", open[i], NULL));
    for (size_t i = 0; i < LEN(inside) && meeting_may_look_inside(ctx, meeting->key); i++)
        ctx_link(ctx, object, inside[i], "GET", arena_join(ctx->arena, path, "/", inside[i], NULL));
    parts_link(ctx, "meetings", object, meeting->key);
    if (ctx->actor->read_only || !ctx->actor->account_key)
        return;
    if (meeting_may_change(ctx, meeting->key))
        ctx_link(ctx, object, "add-paper", "POST", arena_join(ctx->arena, path, "/papers", NULL));
    if (recusal_may_enter(ctx, meeting))
        ctx_link(ctx, object, "add-recusal", "POST",
                 arena_join(ctx->arena, path, "/recusals", NULL));
}

static void links(struct ctx *ctx, json_t *object)
{
    struct meeting_row meeting;
    if (meeting_row_of(ctx, json_int(object, "key", 0), &meeting))
        return;
    const char *path = arena_printf(ctx->arena, "/meetings/%s", meeting.id);
    bool change = meeting_may_change(ctx, meeting.key), cancelled = !strcmp(meeting.status,
                                                                            "cancelled");
    if (change && !cancelled)
        ctx_link(ctx, object, "edit", "PATCH", path);
    if (change && meeting_may_delete(ctx, &meeting))
        ctx_link(ctx, object, "delete", "DELETE", path);
    if (change && meeting_may_call(ctx, &meeting))
        ctx_link(ctx, object, "call", "POST", arena_join(ctx->arena, path, "/notices", NULL));
    if (change && meeting_may_cancel(ctx, &meeting))
        ctx_link(ctx, object, "cancel", "POST",
                 arena_join(ctx->arena, path, "/cancellations", NULL));
    if (meeting_may_note(ctx, &meeting))
        link_notes(ctx, object, path);
    if (meeting.called && !cancelled && strcmp(meeting.status, "held") && !ctx->actor->read_only &&
        ctx->actor->person_key && meeting_takes_part(ctx, meeting.key, ctx->actor->person_key))
        ctx_link(ctx, object, "answer", "POST", arena_join(ctx->arena, path, "/answers", NULL));
    link_below(ctx, object, &meeting, path);
    ctx->as_support = false; /* asked, not done */
}

/* Of its order, which is no field. */
static const struct value noted[] = {{"agenda", N_("Agenda")}, {NULL, NULL}};

const struct resource meeting_resource = {
    .name = "meetings",
    .noun = N_("meeting"),
    .table = "meeting",
    .select = SELECT,
    .found = "fold(\"title\") LIKE '%' || ?5 || '%'",
    .found_plain = true,
    .order = "\"startsAt\" DESC, \"key\" DESC",
    .size = sizeof(struct meeting_input),
    .fields = meeting_fields,
    .finish = finish,
    .links = links,
    .within = "groups",
    .parent_column = "group_key",
    .noted = noted,
    .texts = "SELECT title AS \"title\" FROM meeting WHERE key = ?1",
};

const struct reference meeting_reference = {
    .noun = N_("meeting"),
    .find = "SELECT m.key FROM meeting m WHERE m.id = ?1 AND " MEETING_VISIBLE("m"),
    .name = "SELECT title FROM meeting WHERE key = ?1",
};

/* ---------------------------------------------------------------- one, as a rule sees it */

static const char *text_at(struct ctx *ctx, const json_t *row, const char *name)
{
    const char *text = json_text(row, name);
    return text ? arena_strdup(ctx->arena, text) : NULL;
}

enum code meeting_row_of(struct ctx *ctx, long long key, struct meeting_row *meeting)
{
    memset(meeting, 0, sizeof *meeting);
    json_t *row = db_row(ctx->tx,
                         "SELECT m.id AS \"id\", m.group_key AS \"group\", b.id AS \"groupId\", "
                         "g.full_name AS \"groupName\", m.title AS \"title\", "
                         MEETING_STATUS("m") " AS \"status\", m.starts_at AS \"startsAt\", "
                         "m.ends_at AS \"endsAt\", m.starts_on AS \"startsOn\", "
                         "m.visibility AS \"visibility\", m.sequence AS \"sequence\", "
                         "m.called_at AS \"calledAt\", m.modified AS \"modified\" "
                         "FROM meeting m JOIN workgroup g "
                         "ON g.key = m.group_key JOIN body b ON b.key = g.key WHERE m.key = ?5",
                         MEETING_ARGS(ctx, key, 0));
    if (!row)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    *meeting = (struct meeting_row){
        .key = key,
        .group_key = json_int(row, "group", 0),
        .id = text_at(ctx, row, "id"),
        .group_id = text_at(ctx, row, "groupId"),
        .group_name = text_at(ctx, row, "groupName"),
        .title = text_at(ctx, row, "title"),
        .status = text_at(ctx, row, "status"),
        .starts_at = text_at(ctx, row, "startsAt"),
        .ends_at = text_at(ctx, row, "endsAt"),
        .starts_on = text_at(ctx, row, "startsOn"),
        .visibility = text_at(ctx, row, "visibility"),
        .modified = text_at(ctx, row, "modified"),
        .sequence = json_int(row, "sequence", 0),
        .called = json_text(row, "calledAt") != NULL,
    };
    json_decref(row);
    return tx_code(ctx->tx);
}

enum code meeting_find(struct ctx *ctx, const char *id, struct meeting_row *meeting)
{
    long long key = db_int(ctx->tx, 0,
                           "SELECT m.key FROM meeting m WHERE m.id = ?5 AND " MEETING_VISIBLE("m"),
                           MEETING_ARGS(ctx, id, 0));
    memset(meeting, 0, sizeof *meeting);
    if (!key)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    return meeting_row_of(ctx, key, meeting);
}

long long meeting_in_path(struct ctx *ctx, struct meeting_row *meeting, enum code *c)
{
    *c = meeting_find(ctx, ctx_value(ctx, "id"), meeting);
    return *c ? 0 : meeting->key;
}

/* ---------------------------------------------------------------- lists */

const struct field meeting_list_query[] = {
    {.name = "from", .label = N_("From this day on"), .type = T_DAY},
    {.name = "to", .label = N_("Up to this day"), .type = T_DAY},
    {0},
};

static const char *day_asked(struct ctx *ctx, const char *name)
{
    const char *day = ctx_query(ctx, name);
    if (day && !day_valid(day))
        err_field(ctx->err, name, N_("Write a real day as YYYY-MM-DD, for example 2026-11-22."),
                  NULL);
    return day;
}

#define WITHIN_DAYS                                                                                \
    "(?9 IS NULL OR \"startsOn\" >= ?9) AND (?10 IS NULL OR \"startsOn\" <= ?10)"

enum code meeting_list(struct ctx *ctx, struct answer *out)
{
    struct fixed days = {.from = day_asked(ctx, "from"), .to = day_asked(ctx, "to")};
    if (days.from || days.to)
        days.condition = WITHIN_DAYS;
    return resource_list(ctx, &meeting_resource, days, &out->document);
}

enum code meeting_list_of_group(struct ctx *ctx, struct answer *out)
{
    enum code c;
    struct fixed within = {
        .condition = "\"key\" IN (SELECT x.meeting_key FROM meeting_group x "
                     "WHERE x.group_key = ?6) AND " WITHIN_DAYS,
        .key = group_in_path(ctx, out, &c),
        .from = day_asked(ctx, "from"),
        .to = day_asked(ctx, "to"),
    };
    return within.key ? resource_list(ctx, &meeting_resource, within, &out->document) : c;
}

enum code meeting_show(struct ctx *ctx, struct answer *out)
{
    return resource_answer(ctx, &meeting_resource, ctx_value(ctx, "id"), out);
}
