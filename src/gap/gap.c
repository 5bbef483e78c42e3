/* gap.c: needs and gaps as a resource (R63, R75): fields, and the select that says who sees which.
 *
 * Owns the reading of the table gap. Which initiatives and groups name a gap is counted as the
 * reader may know of them: an initiative of a plan that is not yet approved is nobody else's. Must
 * not know who may raise or answer (gap_rules.c). */
#include <kansli/kind.h>
#include <kansli/plan.h>
#include "internal.h"

const struct value gap_types[] = {
    {"care", NC_("gap", "Care")},
    {"knowledge", NC_("gap", "Knowledge")},
    {"research", NC_("gap", "Research")},
    {NULL, NULL},
};

const struct value gap_statuses[] = {
    {"raised", NC_("gap", "Raised")},
    {"prioritised", NC_("gap", "Prioritised")},
    {"addressed", NC_("gap", "Addressed")},
    {"declined", NC_("gap", "Declined")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- fields */

#define AT(member) offsetof(struct gap_input, member)
static const struct field gap_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .at = AT(group),
     .flags = F_CREATE | F_FILTER | F_HIDDEN, .reference = &group_reference,
     .column = "group_key",
     .hint = N_("The group whose inventory it stands in; the address may say it instead.")},
    {.name = "level", .label = N_("Level"), .type = T_ENUM, .flags = F_DERIVED | F_FILTER,
     .values = level_values},
    {.name = "type", .label = N_("What is lacking"), .type = T_ENUM, .at = AT(type),
     .flags = F_REQUIRED | F_FILTER | F_SORT, .values = gap_types, .column = "type"},
    {.name = "title", .label = N_("Need or gap"), .type = T_TEXT, .at = AT(title),
     .flags = F_REQUIRED | F_SORT | F_WIDE, .max = 300, .column = "title",
     .hint = N_("In one sentence: what is not as it should be, and for whom.")},
    {.name = "evidence", .label = N_("What it rests on"), .type = T_MARKDOWN, .at = AT(evidence),
     .max = 10000, .column = "evidence",
     .hint = N_("Registers, surveys, experience. No single person's data.")},
    {.name = "raisedById", .label = N_("Raised by"), .type = T_REF, .at = AT(raised_by_group),
     .flags = F_CREATE | F_FILTER, .reference = &group_reference, .column = "raised_by_key",
     .hint = N_("The group that raises it, of any level. Empty: the group itself.")},
    {.name = "raisedBy", .label = N_("Where it was seen"), .type = T_TEXT, .at = AT(raised_by),
     .column = "raised_by",
     .hint = N_("For example a quality register or a patient organisation. Not a person's name.")},
    {.name = "raisedOn", .label = N_("Raised on"), .type = T_DAY, .at = AT(raised_on),
     .flags = F_SORT, .column = "raised_on", .hint = N_("Today if nothing is written.")},
    {.name = "dimensions", .label = N_("Dimensions of good care"), .type = T_ENUMS,
     .at = AT(dimensions), .flags = F_FILTER, .values = care_dimensions, .column = "dimensions"},
    {.name = "priority", .label = N_("Priority"), .type = T_INT, .at = AT(priority),
     .flags = F_REQUIRED | F_FILTER | F_SORT, .max = 4, .column = "priority",
     .hint = N_("From 1, the highest, to 4.")},
    {.name = "status", .label = N_("Status"), .type = T_ENUM, .at = AT(status),
     .flags = F_REQUIRED | F_FILTER | F_SORT, .values = gap_statuses, .column = "state",
     .fallback = "raised"},
    {.name = "reason", .label = N_("Reason"), .type = T_LINES, .at = AT(reason), .max = 2000,
     .column = "reason",
     .hint = N_("Needed when it is declined, and when it is addressed by something else than an "
                "initiative or a group.")},
    {.name = "answeredOn", .label = N_("Answered on"), .type = T_DAY, .flags = F_DERIVED | F_SORT},
    {.name = "initiativeCount", .label = N_("Initiatives"), .type = T_INT, .flags = F_DERIVED},
    {.name = "groupCount", .label = N_("Groups"), .type = T_INT, .flags = F_DERIVED},
    {.name = "hasInitiative", .label = N_("An initiative names it"), .type = T_BOOL,
     .flags = F_DERIVED | F_FILTER},
    {0},
};

#define INITIATIVES                                                                                \
    "FROM initiative i JOIN plan p ON p.key = i.plan_key JOIN workgroup pg "                       \
    "ON pg.key = p.group_key WHERE i.gap_key = ga.key AND " PLAN_VISIBLE("p", "pg")
#define SELECT                                                                                     \
    "SELECT ga.key AS \"key\", ga.version AS \"version\", ga.modified AS \"modified\", "           \
    "ga.id AS \"id\", ga.group_key AS \"group_key\", b.id AS \"groupId\", "                        \
    "g.full_name AS \"groupName\", k.level AS \"level\", ga.type AS \"type\", "                    \
    "ga.title AS \"title\", ga.evidence AS \"evidence\", r.key AS \"raised_by_key\", "             \
    "rb.id AS \"raisedById\", r.full_name AS \"raisedByName\", ga.raised_by AS \"raisedBy\", "     \
    "ga.raised_on AS \"raisedOn\", ga.dimensions AS \"dimensions\", ga.priority AS \"priority\", " \
    "ga.state AS \"status\", ga.reason AS \"reason\", ga.answered_on AS \"answeredOn\", "          \
    "(SELECT count(*) " INITIATIVES ") AS \"initiativeCount\", "                                   \
    "(SELECT count(*) FROM workgroup c WHERE c.gap_key = ga.key AND "                              \
    ACCESS_GROUP_VISIBLE("c.access_mode", "c.key") ") AS \"groupCount\", "                         \
    "CASE WHEN EXISTS (SELECT 1 " INITIATIVES ") THEN 1 ELSE 0 END AS \"hasInitiative\", "         \
    "CASE ga.state WHEN 'raised' THEN 0 WHEN 'prioritised' THEN 1 WHEN 'addressed' THEN 2 "        \
    "ELSE 3 END AS \"order_key\" FROM gap ga "                                                     \
    "JOIN workgroup g ON g.key = ga.group_key JOIN body b ON b.key = g.key "                       \
    "JOIN group_kind k ON k.key = g.kind_key LEFT JOIN workgroup r ON r.key = ga.raised_by_key "   \
    "AND " ACCESS_GROUP_VISIBLE("r.access_mode", "r.key") " LEFT JOIN body rb ON rb.key = r.key "  \
    "WHERE " GAP_VISIBLE("ga")

static void links(struct ctx *ctx, json_t *object)
{
    if (may(ctx, ACT_CHANGE_GROUP, json_int(object, "group_key", 0)))
        ctx_link(ctx, object, "edit", "PATCH",
                 arena_printf(ctx->arena, "/gaps/%s", json_text(object, "id")));
    ctx->as_support = false; /* asked, not done */
}

const struct resource gap_resource = {
    .name = "gaps",
    .noun = N_("gap"),
    .table = "gap",
    .select = SELECT,
    .visible = "1 = 1", /* the select says it; so a tombstone is as hidden as its row was */
    .found = "fold(\"title\") LIKE '%' || ?5 || '%'",
    .found_plain = true,
    .order = "\"order_key\", \"priority\", \"raisedOn\", \"key\"",
    .size = sizeof(struct gap_input),
    .fields = gap_fields,
    .links = links,
    .within = "groups",
    .parent_column = "group_key",
    .texts = "SELECT title AS \"title\", evidence AS \"evidence\", raised_by AS \"raised\", "
             "reason AS \"reason\" FROM gap WHERE key = ?1",
};
