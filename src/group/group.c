/* group.c: groups as a resource: fields, the one select that says what a group is on a day,
 * references.
 *
 * Owns the reading of workgroup. Must not know who may change what (group_rules.c) nor how it is
 * shown. A group names other groups and may not name one that the reader must not know of: every
 * join to a group asks for its visibility. */
#include <string.h>
#include <kansli/coverage.h>
#include <kansli/kind.h>
#include <kansli/organisation.h>
#include <kansli/part.h>
#include "internal.h"

const struct value group_statuses[] = {
    {"planned", NC_("group", "Planned")},
    {"active", NC_("group", "Active")},
    {"dormant", NC_("group", "Dormant")},
    {"closed", NC_("group", "Closed")},
    {NULL, NULL},
};

static const struct value permanences[] = {
    {"permanent", NC_("group", "Permanent")},
    {"timeLimited", NC_("group", "Time-limited")},
    {NULL, NULL},
};

static const struct value access_modes[] = {
    {"open", NC_("access", "Open")},
    {"transparent", NC_("access", "Transparent")},
    {"restricted", NC_("access", "Restricted")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- references */

/* Names of restricted groups are suggested to nobody; who may know of one can name it by its
 * address. */
#define SEARCHED(key)                                                                              \
    DB_FOUND(key, "groups", "('\"' || replace(?1, '\"', ' ') || '\"')")

const struct reference group_reference = {
    .noun = N_("group"),
    .find = "SELECT g.key FROM body b JOIN workgroup g ON g.key = b.key WHERE b.id = ?1 "
            "AND " GROUP_VISIBLE("g"),
    .search = "SELECT b.id AS \"id\", g.full_name AS \"name\" FROM workgroup g "
              "JOIN body b ON b.key = g.key WHERE g.access_mode <> 'restricted' "
              "AND " SEARCHED("g.key") " ORDER BY CASE WHEN fold(g.full_name) = ?1 THEN 0 "
              "WHEN fold(g.name) = ?1 THEN 1 ELSE 2 END, g.full_name, b.id LIMIT ?5",
    .name = "SELECT full_name FROM workgroup WHERE key = ?1",
    .lookup = "/search?type=groups",
    .person_or_body = true,
};

const struct reference body_reference = {
    .noun = N_("organisation or group"),
    .find = "SELECT b.key FROM body b LEFT JOIN workgroup g ON g.key = b.key WHERE b.id = ?1 "
            "AND (g.key IS NULL OR " GROUP_VISIBLE("g") ")",
    .search = "SELECT s.id AS \"id\", s.name AS \"name\" FROM (SELECT b.id AS id, g.full_name AS "
              "name FROM workgroup g JOIN body b ON b.key = g.key "
              "WHERE g.access_mode <> 'restricted' AND " SEARCHED("g.key") " UNION ALL "
              "SELECT b.id, o.name FROM organisation o JOIN body b ON b.key = o.key "
              "WHERE fold(o.name) LIKE '%' || ?1 || '%' OR fold(o.short_name) LIKE ?1 || '%') AS s "
              "ORDER BY CASE WHEN fold(s.name) = ?1 THEN 0 ELSE 1 END, s.name, s.id LIMIT ?5",
    .name = "SELECT full_name FROM workgroup WHERE key = ?1 UNION ALL "
            "SELECT name FROM organisation WHERE key = ?1",
    .lookup = "/search?type=bodies",
    .person_or_body = true,
};

/* ---------------------------------------------------------------- fields */

#define AT(member) offsetof(struct group_input, member)

static const char coverage_schema[] =
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"covered\",\"partial\","
    "\"missing\"],\"properties\":{\"covered\":{\"type\":\"integer\"},\"partial\":{\"type\":"
    "\"integer\"},\"missing\":{\"type\":\"integer\"}}}";

/* GROUP_STATUS as a filter: the exceptions are few and gathered once, instead of being asked about
 * for every group. */
#define PAUSED(what)                                                                               \
    "\"key\" IN (SELECT z.group_key FROM group_pause z WHERE z.status = '" what                    \
    "' AND z.start_date <= ?1 AND (z.end_date IS NULL OR z.end_date >= ?1))"
#define STATUS_IN                                                                                  \
    "(CASE WHEN \"startDate\" > ?1 THEN 'planned' WHEN \"endDate\" < ?1 OR " PAUSED("closed")        \
    " THEN 'closed' WHEN " PAUSED("dormant") " OR \"key\" IN (SELECT y.group_key FROM hosting y "  \
    "WHERE y.status = 'dormant' AND " GROUP_IN_FORCE("y", "?1") " AND NOT EXISTS ("                \
    "SELECT 1 FROM hosting a WHERE a.group_key = y.group_key AND a.status = 'active' "             \
    "AND " GROUP_IN_FORCE("a", "?1") ")) THEN 'dormant' ELSE 'active' END IN"

static const struct field group_fields[] = {
    {.name = "kind", .label = N_("Kind"), .type = T_REF, .at = AT(kind),
     .flags = F_REQUIRED | F_FILTER | F_SORT, .reference = &kind_reference, .column = "kind_key"},
    {.name = "name", .label = N_("Name"), .type = T_TEXT, .at = AT(name),
     .flags = F_REQUIRED | F_SORT, .column = "name",
     .hint = N_("Without the kind: Dental care, not NPO Dental care.")},
    {.name = "fullName", .label = N_("Full name"), .type = T_TEXT, .flags = F_DERIVED | F_SORT},
    {.name = "shortName", .label = N_("Short name"), .type = T_TEXT, .at = AT(short_name),
     .max = 60, .column = "short_name"},
    {.name = "purpose", .label = N_("Purpose"), .type = T_LINES, .at = AT(purpose),
     .column = "purpose", .hint = N_("What the group is for, in a sentence or two.")},
    {.name = "level", .label = N_("Level"), .type = T_ENUM, .flags = F_DERIVED | F_FILTER,
     .values = level_values,
     .column = "\"kind_key\" IN (SELECT k.key FROM group_kind k WHERE k.level IN"},
    {.name = "status", .label = N_("Status"), .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER | F_SORT, .values = group_statuses, .column = STATUS_IN},
    {.name = "statusReason", .label = N_("Reason"), .type = T_LINES, .flags = F_DERIVED},
    {.name = "principalIds", .label = N_("Principals"), .type = T_REFS, .at = AT(principals),
     .flags = F_FILTER, .reference = &group_reference,
     .column = "\"key\" IN (SELECT p.group_key FROM group_principal p "
               "JOIN workgroup w ON w.key = p.group_key JOIN workgroup c ON c.key = p.principal_key "
               "JOIN body b ON b.key = c.key WHERE " GROUP_VISIBLE("c") " AND " GROUP_IN_FORCE(
                   "p", GROUP_DAY("w")) " AND b.id IN",
     .hint = N_("The groups that commission it. Those taken away end yesterday, new ones begin "
                "today.")},
    {.name = "parentId", .label = N_("Subgroup of"), .type = T_REF, .at = AT(parent),
     .flags = F_FILTER, .reference = &group_reference, .column = "parent_key"},
    {.name = "mirrorsId", .label = N_("Mirrors"), .type = T_REF, .at = AT(mirrors),
     .flags = F_FILTER, .reference = &group_reference, .column = "mirrors_key",
     .hint = N_("The group of the same area one level up.")},
    {.name = "permanence", .label = N_("Permanence"), .type = T_ENUM, .at = AT(permanence),
     .flags = F_REQUIRED | F_FILTER, .values = permanences, .column = "permanence",
     .fallback = "permanent"},
    {.name = "startDate", .label = N_("First day"), .type = T_DAY, .at = AT(start_date),
     .flags = F_REQUIRED | F_SORT, .column = "start_date"},
    {.name = "endDate", .label = N_("Last day"), .type = T_DAY, .at = AT(end_date),
     .flags = F_SORT, .column = "end_date", .hint = N_("Included. Empty as long as none is set.")},
    {.name = "healthcareRegionId", .label = N_("Healthcare region"), .type = T_REF,
     .at = AT(healthcare_region), .flags = F_FILTER, .reference = &healthcare_region_reference,
     .column = "healthcare_region_key",
     .hint = N_("For groups of the healthcare-regional level.")},
    {.name = "regionId", .label = N_("Region"), .type = T_REF, .at = AT(region), .flags = F_FILTER,
     .reference = &region_reference, .column = "region_key",
     .hint = N_("For groups of the local level.")},
    {.name = "hostId", .label = N_("Host"), .type = T_REF, .flags = F_DERIVED | F_FILTER,
     .reference = &body_reference,
     .column = "\"key\" IN (SELECT w.key FROM body b JOIN hosting y ON y.body_key = b.key "
               "JOIN workgroup w ON w.key = y.group_key LEFT JOIN workgroup v ON v.key = b.key "
               "WHERE y.key = " GROUP_HOSTING("w") " AND (v.key IS NULL OR " GROUP_VISIBLE("v") ") "
               "AND b.id IN"},
    {.name = "hostStatus", .label = N_("Hosting"), .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER | F_HIDDEN, .values = hosting_statuses,
     .column = "\"key\" IN (SELECT w.key FROM hosting y JOIN workgroup w ON w.key = y.group_key "
               "WHERE y.key = " GROUP_HOSTING("w") " AND y.status IN"},
    {.name = "contactEmail", .label = N_("Contact address"), .type = T_EMAIL,
     .at = AT(contact_email), .column = "contact_email",
     .hint = N_("Shown to those who may see drafts.")},
    {.name = "accessMode", .label = N_("Access"), .type = T_ENUM, .at = AT(access_mode),
     .flags = F_REQUIRED | F_FILTER, .values = access_modes, .column = "access_mode",
     .fallback = "open",
     .hint = N_("Open: what is approved is public. Transparent: the group and its mandate are "
                "public, its people and papers for those signed in. Restricted: only for those "
                "concerned.")},
    {.name = "id", .label = N_("Address"), .type = T_SLUG, .at = AT(id), .flags = F_ID,
     .hint = N_("The last part of its address. Left empty, it is made from kind and name.")},
    {.name = "gapId", .label = N_("Gap that it closes"), .type = T_REF, .at = AT(gap),
     .flags = F_FILTER, .reference = &gap_reference, .column = "gap_key",
     .hint = N_("A need or gap in somebody's inventory, by its title. A new national working group "
                "names one.")},
    {.name = "gapTitle", .label = N_("Gap that it closes, in words"), .type = T_TEXT,
     .flags = F_DERIVED},
    {.name = "memberCount", .label = N_("Members"), .type = T_INT, .flags = F_DERIVED | F_SORT},
    {.name = "coverage", .label = N_("Coverage"), .type = T_JSON, .flags = F_DERIVED,
     .schema = coverage_schema},
    {.name = "kindLabel", .label = N_("Kind, in words"), .type = T_TEXT, .flags = F_DERIVED},
    {0},
};

/* ---------------------------------------------------------------- the select */

#define OF(column, table, key) "(SELECT t." column " FROM " table " t WHERE t.key = g." key ")"

#define GAP(column)                                                                                \
    "(SELECT ga." column " FROM gap ga WHERE ga.key = g.gap_key AND " GAP_VISIBLE("ga") ")"

/* One table and subqueries, which fall away where nobody asks: a count walks an index and nothing
 * else. What another table than its own has to say of one row (host, parent, principals) is added
 * by group_others.c. */
#define GROUP_SELECT                                                                               \
    "SELECT g.key AS \"key\", g.version AS \"version\", g.kind_key AS \"kind_key\", "              \
    "g.parent_key AS \"parent_key\", g.mirrors_key AS \"mirrors_key\", "                           \
    "g.healthcare_region_key AS \"healthcare_region_key\", g.region_key AS \"region_key\", "       \
    OF("id", "body", "key") " AS \"id\", " OF("id", "group_kind", "kind_key") " AS \"kind\", "     \
    OF("name", "group_kind", "kind_key") " AS \"kindLabel\", "                                     \
    OF("name_english", "group_kind", "kind_key") " AS \"kindNameEnglish\", "                       \
    OF("level", "group_kind", "kind_key") " AS \"level\", g.name AS \"name\", "                    \
    "g.full_name AS \"fullName\", g.short_name AS \"shortName\", g.purpose AS \"purpose\", "       \
    GROUP_STATUS("g", GROUP_HOSTING_STATUS("g")) " AS \"status\", "                              \
    "CASE WHEN g.end_date < ?1 THEN g.close_reason ELSE (SELECT z.reason FROM group_pause z "      \
    "WHERE z.group_key = g.key AND z.start_date <= ?1 AND (z.end_date IS NULL OR "                 \
    "z.end_date >= ?1) ORDER BY z.status LIMIT 1) END AS \"statusReason\", "                       \
    "g.permanence AS \"permanence\", g.start_date AS \"startDate\", g.end_date AS \"endDate\", "   \
    OF("id", "body", "healthcare_region_key") " AS \"healthcareRegionId\", "                       \
    OF("name", "organisation", "healthcare_region_key") " AS \"healthcareRegionName\", "           \
    OF("id", "body", "region_key") " AS \"regionId\", "                                            \
    OF("name", "organisation", "region_key") " AS \"regionName\", "                                \
    "g.contact_email AS \"contactEmail\", g.access_mode AS \"accessMode\", "                       \
    "g.gap_key AS \"gap_key\", " GAP("id") " AS \"gapId\", " GAP("title")                           \
    " AS \"gapTitle\", (SELECT count(*) FROM membership m WHERE m.group_key = g.key "         \
    "AND m.role IN ('chair', 'viceChair', 'member') AND m.start_date <= ?1 "                       \
    "AND (m.end_date IS NULL OR m.end_date >= ?1)) AS \"memberCount\", "                           \
    "g.modified AS \"modified\" FROM workgroup g"

/* ---------------------------------------------------------------- what every item gets */

/* Contact details are for those who may see drafts; the others do not learn that there are any. */
static void hide_contact(struct ctx *ctx, json_t *item)
{
    if (access_sees_all(ctx))
        return;
    if (!ctx->actor->account_key || !may(ctx, ACT_SEE_DRAFTS, json_int(item, "key", 0)))
        json_object_del(item, "contactEmail");
}

static void finish_groups(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item;
    others_put(ctx, items);
    json_array_foreach(items, i, item) {
        if (ctx->lang == LANG_EN)
            json_object_set(item, "kindLabel", json_object_get(item, "kindNameEnglish"));
        json_object_del(item, "kindNameEnglish");
        hide_contact(ctx, item);
    }
    coverage_put(ctx, items);
}

/* ---------------------------------------------------------------- what the caller may do now */

static const char *below(struct ctx *ctx, const json_t *object, const char *rest)
{
    return arena_printf(ctx->arena, "/groups/%s%s", json_text(object, "id"), rest);
}

static void link_changes(struct ctx *ctx, json_t *object, bool standing)
{
    ctx_link(ctx, object, "edit", "PATCH", below(ctx, object, ""));
    ctx_link(ctx, object, "add-host", "POST", below(ctx, object, "/hosts"));
    ctx_link(ctx, object, "add-relation", "POST", below(ctx, object, "/relations"));
    if (standing)
        ctx_link(ctx, object, "rest", "POST", below(ctx, object, "/dormancies"));
}

static void link_groups(struct ctx *ctx, json_t *object)
{
    long long key = json_int(object, "key", 0);
    const char *status = json_text(object, "status");
    bool closed = !strcmp(status, "closed"), dormant = !strcmp(status, "dormant");
    ctx_link(ctx, object, "hosts", "GET", below(ctx, object, "/hosts"));
    ctx_link(ctx, object, "relations", "GET", below(ctx, object, "/relations"));
    parts_link(ctx, "groups", object, key);
    if (!ctx->actor->account_key && !ctx->actor->everything)
        return;
    bool change = may(ctx, ACT_CHANGE_GROUP, key);
    bool close = may(ctx, group_close_act(ctx, key), key);
    if (may(ctx, ACT_SEE_HISTORY, key))
        ctx_link(ctx, object, "history", "GET", below(ctx, object, "/history"));
    if (change)
        link_changes(ctx, object, !closed && !dormant);
    if (closed ? close : dormant && change)
        ctx_link(ctx, object, "reopen", "POST", below(ctx, object, "/reopenings"));
    if (close && !closed)
        ctx_link(ctx, object, "close", "POST", below(ctx, object, "/closures"));
    if (close)
        ctx_link(ctx, object, "delete", "DELETE", below(ctx, object, ""));
    ctx->as_support = false; /* asked, not done */
}

const struct resource group_resource = {
    .name = "groups",
    .noun = N_("group"),
    .table = "workgroup",
    .select = GROUP_SELECT,
    .visible = ACCESS_GROUP_VISIBLE("\"accessMode\"", "\"key\""),
    .in_force = "\"startDate\" <= ?1 AND (\"endDate\" IS NULL OR \"endDate\" >= ?1) "
                "AND NOT " PAUSED("closed"),
    .found = DB_FOUND("\"key\"", "groups", "?5"),
    .order = "\"fullName\", \"key\"",
    .size = sizeof(struct group_input),
    .fields = group_fields,
    .finish = finish_groups,
    .links = link_groups,
    .body = true,
};
