/* call.c: calls for nominations as a resource: fields, the select that says what one is on a day.
 *
 * Owns the reading of nomination_call and what stands in its two lists, who is asked and what is
 * sought. Must not know who may change what (call_rules.c) nor how it is shown. What a reader may
 * know of is today's question, whatever day is asked about: a call that begins next week is a draft
 * to the world also when it is looked for as of then. */
#include <string.h>
#include <kansli/group.h>
#include <kansli/kind.h>
#include <kansli/organisation.h>
#include "internal.h"

const struct value call_statuses[] = {
    {"draft", NC_("call", "Draft")},
    {"open", NC_("call", "Open")},
    {"closed", NC_("call", "Closed")},
    {"decided", NC_("call", "Decided")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- references */

const struct reference call_reference = {
    .noun = N_("call for nominations"),
    .find = "SELECT c.key FROM nomination_call c JOIN workgroup g ON g.key = c.group_key "
            "WHERE c.id = ?1 AND (" CALL_ASKS_READER("c") " OR (" CALL_GROUP_VISIBLE("g")
            " AND (" CALL_OUT("c") " OR " ACCESS_GROUP_DRAFTS("g.key") ")))",
    .name = "SELECT title FROM nomination_call WHERE key = ?1",
};

const struct reference call_requirement_reference = {
    .noun = N_("requirement"),
    .find = "SELECT r.key FROM requirement r JOIN workgroup g ON g.key = r.group_key "
            "WHERE r.id = ?1 AND (" CALL_GROUP_VISIBLE("g") " OR EXISTS (SELECT 1 "
            "FROM nomination_call_requirement s JOIN nomination_call c ON c.key = s.call_key "
            "WHERE s.requirement_key = r.key AND " CALL_ASKS_READER("c") "))",
    .name = "SELECT text FROM requirement WHERE key = ?1",
};

/* ---------------------------------------------------------------- fields */

#define AT(member) offsetof(struct call_input, member)

static const char counts_schema[] =
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"submitted\",\"appointed\","
    "\"reserve\",\"notAppointed\",\"withdrawn\"],\"properties\":{\"submitted\":{\"type\":"
    "\"integer\"},\"appointed\":{\"type\":\"integer\"},\"reserve\":{\"type\":\"integer\"},"
    "\"notAppointed\":{\"type\":\"integer\"},\"withdrawn\":{\"type\":\"integer\"}}}";

static const struct field call_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "groupId",
     .label = N_("Group"),
     .type = T_REF,
     .at = AT(group),
     .flags = F_CREATE | F_FILTER | F_HIDDEN,
     .reference = &group_reference,
     .hint = N_("The group that seeks somebody; the address may say it instead.")},
    {.name = "level",
     .label = N_("Level"),
     .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER,
     .values = level_values,
     .column = "\"group_key\" IN (SELECT w.key FROM workgroup w JOIN group_kind k "
               "ON k.key = w.kind_key WHERE k.level IN"},
    {.name = "title",
     .label = N_("Title"),
     .type = T_TEXT,
     .at = AT(title),
     .flags = F_SORT | F_WIDE,
     .column = "title",
     .hint = N_("Needed, but where the gaps say it.")},
    {.name = "text",
     .label = N_("In words"),
     .type = T_MARKDOWN,
     .at = AT(text),
     .column = "text",
     .hint = N_("What the seat is about, and whom you look for.")},
    {.name = "requirementIds",
     .label = N_("What is sought"),
     .type = T_REFS,
     .at = AT(requirements),
     .flags = F_FILTER,
     .reference = &call_requirement_reference,
     .column = "\"key\" IN (SELECT s.call_key FROM nomination_call_requirement s "
               "JOIN requirement r ON r.key = s.requirement_key WHERE r.id IN",
     .hint = N_("The group's own requirements that the seats are to fill.")},
    {.name = "requirementTexts",
     .label = N_("What is sought, in words"),
     .type = T_TEXTS,
     .flags = F_DERIVED},
    {.name = "seats",
     .label = N_("Seats"),
     .type = T_INT,
     .at = AT(seats),
     .flags = F_REQUIRED,
     .max = SEATS_MOST,
     .column = "seats",
     .fallback = "1",
     .hint = N_("How many are to be appointed.")},
    {.name = "askedIds",
     .label = N_("Who is asked"),
     .type = T_REFS,
     .at = AT(asked),
     .flags = F_FILTER,
     .reference = &organisation_reference,
     .column = "\"key\" IN (SELECT a.call_key FROM nomination_call_asked a "
               "JOIN body b ON b.key = a.organisation_key WHERE b.id IN",
     .hint = N_("The organisations that are asked to nominate. Their coordinators are told.")},
    {.name = "selfNomination",
     .label = N_("Whoever wants to may nominate himself or herself"),
     .type = T_BOOL,
     .at = AT(self_nomination),
     .flags = F_REQUIRED | F_FILTER,
     .column = "self_nomination",
     .fallback = "false"},
    {.name = "opensOn",
     .label = N_("First day"),
     .type = T_DAY,
     .at = AT(opens_on),
     .flags = F_SORT,
     .column = "opens_on",
     .hint = N_("A call that is published before its first day opens by itself.")},
    {.name = "closesOn",
     .label = N_("Last day"),
     .type = T_DAY,
     .at = AT(closes_on),
     .flags = F_SORT,
     .column = "closes_on",
     .hint = N_("Included. Empty as long as none is set.")},
    {.name = "status",
     .label = N_("Status"),
     .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER | F_SORT,
     .values = call_statuses},
    {.name = "publishedAt", .label = N_("Published"), .type = T_INSTANT, .flags = F_DERIVED},
    {.name = "closedOn",
     .label = N_("Closed before its last day"),
     .type = T_DAY,
     .flags = F_DERIVED},
    {.name = "closeReason", .label = N_("Why it was closed"), .type = T_LINES, .flags = F_DERIVED},
    {.name = "nominationCounts",
     .label = N_("Nominations by state"),
     .type = T_JSON,
     .flags = F_DERIVED,
     .schema = counts_schema,
     .hint = N_("For those who may see the group's nominations; absent for others.")},
    {.name = "fromGaps",
     .label = N_("From the gaps"),
     .type = T_BOOL,
     .at = AT(from_gaps),
     .flags = F_CREATE | F_HIDDEN,
     .hint = N_("At POST: what is not said is filled in from what the group lacks.")},
    {0},
};

/* ---------------------------------------------------------------- the select */

#define CALL_SELECT                                                                              \
    "SELECT c.key AS \"key\", c.version AS \"version\", c.group_key AS \"group_key\", "          \
    "c.id AS \"id\", gb.id AS \"groupId\", g.full_name AS \"groupName\", k.level AS \"level\", " \
    "c.title AS \"title\", c.text AS \"text\", c.seats AS \"seats\", "                           \
    "c.self_nomination AS \"selfNomination\", c.opens_on AS \"opensOn\", "                       \
    "c.closes_on AS \"closesOn\", " CALL_STATUS(                                                 \
        "c") " AS \"status\", "                                                                  \
             "c.published_at AS \"publishedAt\", c.closed_on AS \"closedOn\", "                  \
             "c.close_reason AS \"closeReason\", CASE WHEN c.published_at IS NOT NULL "          \
             "AND c.opens_on <= ?4 THEN 1 ELSE 0 END AS \"shown_key\", c.modified AS "           \
             "\"modified\" "                                                                     \
             "FROM nomination_call c JOIN workgroup g ON g.key = c.group_key "                   \
             "JOIN body gb ON gb.key = g.key JOIN group_kind k ON k.key = g.kind_key "           \
             "WHERE (" CALL_GROUP_VISIBLE("g") " OR " CALL_ASKS_READER("c") ")"

/* ---------------------------------------------------------------- what every item gets */

static void put_lists(json_t *item, const char *ids, const char *words, json_t *rows)
{
    json_t *id = json_put_new(item, ids, json_array()), *name, *row;
    size_t i;
    name = json_put_new(item, words, json_array());
    json_array_foreach (rows, i, row) {
        json_array_append(id, json_object_get(row, "id"));
        json_array_append(name, json_object_get(row, "name"));
    }
    json_decref(rows);
}

static void put_counts(struct ctx *ctx, json_t *item, long long key)
{
    json_t *counts =
        db_row(ctx->tx,
               "SELECT count(CASE WHEN state = 'submitted' THEN 1 END) AS \"submitted\", "
               "count(CASE WHEN state = 'appointed' THEN 1 END) AS \"appointed\", "
               "count(CASE WHEN state = 'reserve' THEN 1 END) AS \"reserve\", "
               "count(CASE WHEN state = 'notAppointed' THEN 1 END) AS \"notAppointed\", "
               "count(CASE WHEN state = 'withdrawn' THEN 1 END) AS \"withdrawn\" "
               "FROM nomination WHERE call_key = ?1 AND submitted_at IS NOT NULL",
               key);
    json_put_new(item, "nominationCounts", counts);
}

/* Three small questions for each: a page holds twenty calls. */
static void finish_calls(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach (items, i, item) {
        long long key = json_int(item, "key", 0);
        put_lists(item, "askedIds", "askedNames",
                  db_rows(ctx->tx,
                          "SELECT b.id AS \"id\", o.name AS \"name\" FROM nomination_call_asked a "
                          "JOIN organisation o ON o.key = a.organisation_key "
                          "JOIN body b ON b.key = o.key WHERE a.call_key = ?1 "
                          "ORDER BY a.position, a.organisation_key",
                          key));
        put_lists(item, "requirementIds", "requirementTexts",
                  db_rows(ctx->tx,
                          "SELECT r.id AS \"id\", r.text AS \"name\" "
                          "FROM nomination_call_requirement s "
                          "JOIN requirement r ON r.key = s.requirement_key WHERE s.call_key = ?1 "
                          "ORDER BY s.position, s.requirement_key",
                          key));
        if (may(ctx, ACT_SEE_NOMINATIONS, json_int(item, "group_key", 0)))
            put_counts(ctx, item, key);
    }
}

/* ---------------------------------------------------------------- what the caller may do now */

static bool may_nominate(struct ctx *ctx, const json_t *object)
{
    bool self = json_true_at(object, "selfNomination") && ctx->actor->person_key;
    return !strcmp(json_text(object, "status"), "open") && !ctx->actor->read_only &&
           (self || ctx->actor->areas || (ctx->actor->roles & ROLE_SUPPORT));
}

static void link_call(struct ctx *ctx, json_t *object)
{
    const char *path = arena_printf(ctx->arena, "/nomination-calls/%s", json_text(object, "id"));
    const char *status = json_text(object, "status");
    bool published = json_text(object, "publishedAt") != NULL;
    if (may_nominate(ctx, object))
        ctx_link(ctx, object, "nominate", "POST",
                 arena_join(ctx->arena, path, "/nominations", NULL));
    bool keep = may(ctx, ACT_KEEP_CALL, json_int(object, "group_key", 0));
    ctx->as_support = false; /* asked, not done */
    if (!keep)
        return;
    if (!published)
        ctx_link(ctx, object, "publish", "POST",
                 arena_join(ctx->arena, path, "/publications", NULL));
    if (strcmp(status, "decided") && !json_text(object, "closedOn"))
        ctx_link(ctx, object, "edit", "PATCH", path);
    if (!published)
        ctx_link(ctx, object, "delete", "DELETE", path);
    if (!strcmp(status, "open"))
        ctx_link(ctx, object, "close", "POST", arena_join(ctx->arena, path, "/closures", NULL));
}

const struct resource call_resource = {
    .name = "nomination-calls",
    .noun = N_("call for nominations"),
    .table = "nomination_call",
    .select = CALL_SELECT,
    .visible = "(\"shown_key\" = 1 OR " ACCESS_GROUP_DRAFTS("\"group_key\"") ")",
    .in_force = "\"publishedAt\" IS NOT NULL AND \"opensOn\" <= ?1 "
                "AND (\"closesOn\" IS NULL OR \"closesOn\" >= ?1) "
                "AND (\"closedOn\" IS NULL OR \"closedOn\" > ?1)",
    .found = "(fold(\"title\") LIKE '%' || ?5 || '%' OR fold(\"groupName\") LIKE '%' || ?5 || '%')",
    .found_plain = true,
    .order = "\"opensOn\" DESC, \"key\" DESC",
    .size = sizeof(struct call_input),
    .fields = call_fields,
    .finish = finish_calls,
    .links = link_call,
    .within = "groups",
    .parent_column = "group_key",
};

/* ---------------------------------------------------------------- one of them */

bool call_is_new(struct ctx *ctx, long long key)
{
    return db_exists(ctx->tx,
                     "SELECT 1 FROM nomination_call WHERE key = ?1 AND published_at IS NULL", key);
}

static const char *kept(struct ctx *ctx, const json_t *row, const char *name)
{
    const char *text = json_text(row, name);
    return text ? arena_strdup(ctx->arena, text) : NULL;
}

enum code call_find(struct ctx *ctx, const char *id, struct call_row *call)
{
    memset(call, 0, sizeof *call);
    json_t *seen = resource_one(ctx, &call_resource, id, &call->key, NULL);
    if (!seen)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    json_decref(seen);
    json_t *row = db_row(ctx->tx,
                         "SELECT c.group_key AS \"group\", c.seats AS \"seats\", c.id AS \"id\", "
                         "b.id AS \"groupId\", c.title AS \"title\", " CALL_STATUS(
                             "c") " AS \"status\", c.closes_on AS \"closesOn\", "
                                  "c.self_nomination AS \"self\" FROM nomination_call c "
                                  "JOIN body b ON b.key = c.group_key WHERE c.key = ?2",
                         ctx->today, call->key);
    call->group_key = json_int(row, "group", 0);
    call->seats = json_int(row, "seats", 0);
    call->id = kept(ctx, row, "id");
    call->group_id = kept(ctx, row, "groupId");
    call->title = kept(ctx, row, "title");
    call->status = kept(ctx, row, "status");
    call->closes_on = kept(ctx, row, "closesOn");
    call->self_nomination = json_int(row, "self", 0) != 0;
    json_decref(row);
    return tx_code(ctx->tx);
}
