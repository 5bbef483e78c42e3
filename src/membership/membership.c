/* membership.c: memberships as a resource: fields, and the one select that says what one is on a
 * day and to whom it shows a name.
 *
 * Owns the reading of the table membership. A withheld person is no row of the join, so that no
 * filter, sort, search or count can tell more than the document does. A search meets no patient's or
 * next of kin's competences: what they are like would gather them across groups (domain.md 4). Must
 * not know who may change what (membership_rules.c) nor how it is shown. */
#include <string.h>
#include <kansli/organisation.h>
#include <kansli/person.h>
#include "internal.h"

const struct value membership_roles[] = {
    {"chair", NC_("role", "Chair")},
    {"viceChair", NC_("role", "Vice chair")},
    {"member", NC_("role", "Member")},
    {"coOpted", NC_("role", "Co-opted")},
    {"processLeader", NC_("role", "Process leader")},
    {"secretary", NC_("role", "Secretary")},
    {"contact", NC_("role", "Contact")},
    {"observer", NC_("role", "Observer")},
    {NULL, NULL},
};

const struct value membership_capacities[] = {
    {"profession", NC_("capacity", "Profession")},
    {"patient", NC_("capacity", "Patient")},
    {"nextOfKin", NC_("capacity", "Next of kin")},
    {"municipality", NC_("capacity", "Municipality")},
    {"qualityRegister", NC_("capacity", "Quality register")},
    {"careProgramme", NC_("capacity", "Care programme")},
    {"research", NC_("capacity", "Research")},
    {"authority", NC_("capacity", "Authority")},
    {"other", NC_("capacity", "Other")},
    {NULL, NULL},
};

const struct value membership_statuses[] = {
    {"upcoming", NC_("membership", "Upcoming")},
    {"current", NC_("membership", "Current")},
    {"expiring", NC_("membership", "Expiring")},
    {"ended", NC_("membership", "Ended")},
    {NULL, NULL},
};

static const struct value speaks_for[] = {
    {"self", N_("For themselves")},
    {"organisation", N_("For an organisation")},
    {NULL, NULL},
};

static const struct value body_kinds[] = {
    {"organisation", N_("organisation")},
    {"group", N_("group")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- fields */

#define AT(member) offsetof(struct membership_input, member)

/* What is expiring is current too. */
#define STATUS_IN                                                                                  \
    "EXISTS (SELECT 1 FROM (SELECT r.\"status\" AS s UNION ALL SELECT 'current' "                  \
    "WHERE r.\"status\" = 'expiring') AS t WHERE t.s IN"

static const struct field membership_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .at = AT(group),
     .flags = F_CREATE | F_FILTER | F_HIDDEN, .reference = &group_reference,
     .hint = N_("The group; the address may say it instead.")},
    {.name = "personId", .label = N_("Person"), .type = T_REF, .at = AT(person),
     .flags = F_CREATE | F_FILTER | F_SORT, .reference = &person_reference, .column = "person_key"},
    {.name = "personName", .label = N_("Name"), .type = T_TEXT, .flags = F_DERIVED | F_SORT},
    {.name = "role", .label = N_("Role"), .type = T_ENUM, .at = AT(role),
     .flags = F_REQUIRED | F_FILTER | F_SORT, .values = membership_roles, .column = "role"},
    {.name = "capacity", .label = N_("Takes part as"), .type = T_ENUM, .at = AT(capacity),
     .flags = F_FILTER | F_SORT | F_WITHIN, .values = membership_capacities, .column = "capacity",
     .hint = N_("Shown within the group only. The name of a patient or next of kin is public only "
                "when the person has chosen so.")},
    {.name = "onBehalfOfId", .label = N_("Represents"), .type = T_REF, .at = AT(on_behalf_of),
     .flags = F_FILTER, .reference = &body_reference, .column = "on_behalf_of_key",
     .hint = N_("A healthcare region, a region, a municipality, an organisation or a group.")},
    {.name = "onBehalfOfType", .label = N_("What is represented"), .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER | F_HIDDEN, .values = body_kinds},
    {.name = "healthcareRegionId", .label = N_("Healthcare region"), .type = T_REF,
     .flags = F_DERIVED | F_FILTER, .reference = &healthcare_region_reference},
    {.name = "speaksFor", .label = N_("Speaks for"), .type = T_ENUM, .at = AT(speaks_for),
     .flags = F_FILTER | F_SORT | F_WITHIN, .values = speaks_for, .column = "speaks_for",
     .hint = N_("Of a patient or next of kin: for themselves, or with an organisation's mandate.")},
    {.name = "workloadPercent", .label = N_("Share of full time, per cent"), .type = T_INT,
     .at = AT(workload), .max = 100, .column = "workload_percent"},
    {.name = "competences", .label = N_("Competences"), .type = T_TEXTS, .at = AT(competences),
     .max = 100, .column = "competences"},
    {.name = "startDate", .label = N_("First day"), .type = T_DAY, .at = AT(start_date),
     .flags = F_REQUIRED | F_SORT, .column = "start_date"},
    {.name = "endDate", .label = N_("Last day"), .type = T_DAY, .at = AT(end_date),
     .flags = F_SORT, .column = "end_date", .hint = N_("Included. Empty as long as none is set.")},
    {.name = "status", .label = N_("Status"), .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER | F_SORT, .values = membership_statuses, .column = STATUS_IN},
    {.name = "endReason", .label = N_("Why it ended"), .type = T_TEXT, .at = AT(end_reason),
     .max = 300, .column = "end_reason", .hint = N_("Shown to those who may see drafts.")},
    {.name = "appointedById", .label = N_("Appointed by"), .type = T_REF, .at = AT(appointed_by),
     .flags = F_FILTER, .reference = &body_reference, .column = "appointed_by_key"},
    {.name = "appointedDate", .label = N_("Appointed on"), .type = T_DAY, .at = AT(appointed_date),
     .column = "appointed_date"},
    {.name = "decisionReference", .label = N_("Decision"), .type = T_TEXT,
     .at = AT(decision_reference), .column = "decision_reference",
     .hint = N_("The decision's number, or where it is found.")},
    {.name = "introducedDate", .label = N_("Introduced on"), .type = T_DAY,
     .at = AT(introduced_date), .column = "introduced_date",
     .hint = N_("When the introduction was read. Shown to those who may see drafts.")},
    {0},
};

/* ---------------------------------------------------------------- the select */

/* The healthcare region that a represented body counts for: itself, its own, or its parent's. */
#define PRIMARY(key)                                                                               \
    "(SELECT a.healthcare_region_key FROM organisation_area a WHERE a.organisation_key = " key     \
    " AND a.is_primary = 1)"
#define REGION                                                                                     \
    "CASE WHEN o.type = 'healthcareRegion' THEN o.key ELSE coalesce(" PRIMARY("o.key") ", " PRIMARY( \
        "o.parent_key") ", w.healthcare_region_key, " PRIMARY("w.region_key") ") END"
/* Not joins: what one table's join says of another keeps both in a count, which looks at neither. */
#define ID(key) "(SELECT b.id FROM body b WHERE b.key = " key ")"
#define VISIBLE(g) ACCESS_GROUP_VISIBLE(g ".access_mode", g ".key")
#define COLUMNS                                                                                    \
    "SELECT m.key AS \"key\", m.version AS \"version\", m.modified AS \"modified\", "              \
    "m.id AS \"id\", m.group_key AS \"group_key\", g.access_mode AS \"mode_key\", "                \
    "gb.id AS \"groupId\", g.full_name AS \"groupName\", p.key AS \"person_key\", "                \
    "p.id AS \"personId\", p.name AS \"personName\", m.role AS \"role\", "                         \
    "m.capacity AS \"capacity\", m.on_behalf_of_key AS \"on_behalf_of_key\", "                     \
    ID("coalesce(o.key, w.key)") " AS \"onBehalfOfId\", "                                          \
    "coalesce(o.name, w.full_name) AS \"onBehalfOfName\", CASE WHEN o.key IS NOT NULL "            \
    "THEN 'organisation' WHEN w.key IS NOT NULL THEN 'group' END AS \"onBehalfOfType\", "          \
    ID("h.key") " AS \"healthcareRegionId\", "                                                     \
    "h.name AS \"healthcareRegionName\", m.speaks_for AS \"speaksFor\", "                          \
    "m.workload_percent AS \"workloadPercent\", m.competences AS \"competences\", "                \
    "m.start_date AS \"startDate\", m.end_date AS \"endDate\", "                                   \
    "CASE WHEN m.start_date > ?1 THEN 'upcoming' WHEN m.end_date < ?1 THEN 'ended' "               \
    "WHEN m.end_date <= day_add(?1, 90) THEN 'expiring' ELSE 'current' END AS \"status\", "        \
    "m.end_reason AS \"endReason\", " ID("coalesce(ao.key, aw.key)") " AS \"appointedById\", "     \
    "coalesce(ao.name, aw.full_name) AS \"appointedByName\", "                                     \
    "m.appointed_date AS \"appointedDate\", m.decision_reference AS \"decisionReference\", "       \
    "m.introduced_date AS \"introducedDate\", CASE m.role WHEN 'chair' THEN 1 "                    \
    "WHEN 'viceChair' THEN 2 WHEN 'processLeader' THEN 3 WHEN 'secretary' THEN 4 "                 \
    "WHEN 'member' THEN 5 WHEN 'coOpted' THEN 6 ELSE 7 END AS \"rank_key\", "                      \
    "CASE WHEN m.end_date < ?1 THEN 1 ELSE 0 END AS \"past_key\", "                                \
    "CASE WHEN m.person_key = ?3 OR " ACCESS_GROUP_DRAFTS("m.group_key")                           \
    " THEN 1 ELSE 0 END AS \"drafts_key\" "
#define SELECT                                                                                     \
    COLUMNS "FROM membership m JOIN workgroup g ON g.key = m.group_key JOIN body gb ON gb.key = g.key " \
    "LEFT JOIN person p ON p.key = m.person_key AND " ACCESS_NAME_SHOWN("p", "m")                  \
    " LEFT JOIN organisation o ON o.key = m.on_behalf_of_key "                                     \
    "LEFT JOIN workgroup w ON w.key = m.on_behalf_of_key AND " VISIBLE("w")                        \
    " LEFT JOIN organisation h ON h.key = " REGION                                                 \
    " LEFT JOIN organisation ao ON ao.key = m.appointed_by_key "                                   \
    "LEFT JOIN workgroup aw ON aw.key = m.appointed_by_key AND " VISIBLE("aw")

/* ---------------------------------------------------------------- what every item gets */

static bool one_value(const char *text)
{
    return text && *text && !strchr(text, ',');
}

bool membership_within_one_group(const struct ctx *ctx)
{
    const struct route *route = ctx->route;
    return route->resource != &membership_resource || route->shape != SHAPE_LIST || ctx->names ||
           one_value(ctx_query(ctx, "groupId"));
}

/* On a page: the healthcare region that a smaller body belongs to; null for one that is itself. */
static json_t *region_apart(const json_t *item)
{
    const char *body = json_text(item, "onBehalfOfId"), *region = json_text(item, "healthcareRegionId");
    bool apart = body && region && strcmp(body, region);
    return apart ? json_text_new(json_text(item, "healthcareRegionName")) : json_null();
}

/* Across groups nothing says who speaks as a patient or next of kin, nor what they have lived
 * through: it reads as if they had named none. */
static void hide_capacity(json_t *item)
{
    const char *capacity = json_text(item, "capacity");
    if (capacity && (!strcmp(capacity, "patient") || !strcmp(capacity, "nextOfKin")))
        json_object_set_new(item, "competences", json_array());
    json_object_del(item, "capacity");
    json_object_del(item, "speaksFor");
}

/* Absent, not null: whoever may not read a member does not learn whether there is one. */
static void finish(struct ctx *ctx, json_t *items)
{
    bool within = membership_within_one_group(ctx);
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item) {
        if (!within)
            hide_capacity(item);
        if (ctx_page(ctx))
            ctx_embed(ctx, item, "region", region_apart(item));
        if (!json_int(item, "drafts_key", 0)) {
            json_object_del(item, "endReason");
            json_object_del(item, "introducedDate");
        }
    }
}

static void links(struct ctx *ctx, json_t *object)
{
    const char *path = arena_printf(ctx->arena, "/memberships/%s", json_text(object, "id"));
    bool ended = !strcmp(json_text(object, "status"), "ended");
    bool self = ctx->actor->person_key &&
                json_int(object, "person_key", 0) == ctx->actor->person_key;
    bool change = may(ctx, seat_act(json_text(object, "role")), json_int(object, "group_key", 0));
    ctx->as_support = false; /* asked, not done */
    if (change) {
        ctx_link(ctx, object, "edit", "PATCH", path);
        ctx_link(ctx, object, "delete", "DELETE", path);
        ctx_link(ctx, object, "succeed", "POST", arena_join(ctx->arena, path, "/successions", NULL));
    }
    if (change && !ended)
        ctx_link(ctx, object, "end", "POST", arena_join(ctx->arena, path, "/endings", NULL));
    if (change && json_text(object, "endDate"))
        ctx_link(ctx, object, "extend", "POST", arena_join(ctx->arena, path, "/extensions", NULL));
    if (self && !ctx->actor->read_only && !json_text(object, "introducedDate"))
        ctx_link(ctx, object, "introduce", "POST",
                 arena_join(ctx->arena, path, "/introductions", NULL));
}

#define MEMBERSHIPS                                                                                \
    .name = "memberships", .noun = N_("membership"), .table = "membership", .select = SELECT,      \
    .visible = ACCESS_PEOPLE_VISIBLE("\"mode_key\"", "\"group_key\""),                             \
    .in_force = "\"startDate\" <= ?1 AND (\"endDate\" IS NULL OR \"endDate\" >= ?1)",              \
    .found = "(fold(\"personName\") LIKE '%' || ?5 || '%' OR (fold(\"competences\") LIKE '%' || "  \
             "?5 || '%' AND \"capacity\" NOT IN ('patient', 'nextOfKin')))",                       \
    .found_plain = true, .size = sizeof(struct membership_input), .fields = membership_fields,     \
    .finish = finish, .links = links, .within = "groups", .parent_column = "group_key",            \
    .personal = true

const struct resource membership_resource = {MEMBERSHIPS, .order = "\"key\""};

const struct resource membership_of_group_resource = {
    MEMBERSHIPS, .order = "\"past_key\", \"rank_key\", \"personName\", \"startDate\", \"key\""};
