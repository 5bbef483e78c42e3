/* report.c: status reports as a resource (R53): a group tells its principals how it goes.
 *
 * Owns the reading of the table status_report, and the addresses. Read by those who may see the
 * group's drafts (domain.md 1). Facts are kept as they were when the report was written
 * (report_facts.c), so that what was read then is what is read later. */
#include <string.h>
#include <kansli/group.h>
#include <kansli/kind.h>
#include "internal.h"

const struct value report_states[] = {
    {"onTrack", NC_("report", "On track")},
    {"atRisk", NC_("report", "At risk")},
    {"offTrack", NC_("report", "Off track")},
    {NULL, NULL},
};

#define AT(member) offsetof(struct report_input, member)

static const char facts_schema[] =
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"meetings\","
    "\"attendancePercent\",\"members\",\"membersJoined\",\"membersLeft\",\"decisions\","
    "\"actionsDone\",\"actionsDropped\",\"actionsOpen\"],\"properties\":{"
    "\"meetings\":{\"type\":\"integer\"},\"attendancePercent\":{\"type\":[\"integer\",\"null\"]},"
    "\"members\":{\"type\":\"integer\"},\"membersJoined\":{\"type\":\"integer\"},"
    "\"membersLeft\":{\"type\":\"integer\"},"
    "\"decisions\":{\"type\":\"integer\"},\"actionsDone\":{\"type\":\"integer\"},"
    "\"actionsDropped\":{\"type\":\"integer\"},\"actionsOpen\":{\"type\":\"integer\"}}}";

static const struct field report_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .at = AT(group),
     .flags = F_CREATE | F_FILTER | F_HIDDEN, .reference = &group_reference,
     .hint = N_("The group that reports; the address may say it instead.")},
    {.name = "level", .label = N_("Level"), .type = T_ENUM, .flags = F_DERIVED | F_FILTER,
     .values = level_values},
    {.name = "principalId", .label = N_("Principal"), .type = T_REF,
     .flags = F_DERIVED | F_FILTER | F_HIDDEN, .reference = &group_reference,
     .column = FOLLOWUP_OF_PRINCIPAL, .hint = N_("Only a filter: groups that it commissions.")},
    {.name = "periodStart", .label = N_("From"), .type = T_DAY, .at = AT(period_start),
     .flags = F_REQUIRED | F_SORT, .column = "period_start"},
    {.name = "periodEnd", .label = N_("To"), .type = T_DAY, .at = AT(period_end),
     .flags = F_REQUIRED | F_SORT, .column = "period_end"},
    {.name = "state", .label = N_("How it goes"), .type = T_ENUM, .at = AT(state),
     .flags = F_REQUIRED | F_FILTER | F_SORT, .values = report_states, .column = "state"},
    {.name = "text", .label = N_("In words"), .type = T_MARKDOWN, .at = AT(text),
     .flags = F_REQUIRED, .max = 10000, .column = "text",
     .hint = N_("What was done, what is next, what the principals need to know or decide.")},
    {.name = "facts", .label = N_("From the register"), .type = T_JSON, .flags = F_DERIVED,
     .schema = facts_schema},
    {0},
};

/* newest: what the group said last of where it stands. open: its officers may still change it,
 * since nothing was written later that reaches as far. */
#define SELECT                                                                                     \
    "SELECT r.key AS \"key\", r.version AS \"version\", r.modified AS \"modified\", "              \
    "r.id AS \"id\", r.group_key AS \"group_key\", b.id AS \"groupId\", "                          \
    "g.full_name AS \"groupName\", g.access_mode AS \"mode_key\", k.level AS \"level\", "          \
    "r.period_start AS \"periodStart\", r.period_end AS \"periodEnd\", r.state AS \"state\", "     \
    "r.text AS \"text\", r.facts AS \"facts\", CASE WHEN NOT EXISTS ("                             \
    "SELECT 1 FROM status_report n WHERE n.group_key = r.group_key AND (n.period_end > "           \
    "r.period_end OR n.period_end = r.period_end AND n.key > r.key)) THEN 1 ELSE 0 END "           \
    "AS \"newest_key\", CASE WHEN NOT EXISTS (SELECT 1 FROM status_report n "                      \
    "WHERE n.group_key = r.group_key AND n.key > r.key AND n.period_end >= r.period_end) "         \
    "THEN 1 ELSE 0 END AS \"open_key\" FROM status_report r "                                      \
    "JOIN workgroup g ON g.key = r.group_key "                                                     \
    "JOIN body b ON b.key = g.key JOIN group_kind k ON k.key = g.kind_key"

/* Kept as text, given as an object. */
static void finish(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item;
    (void)ctx;
    json_array_foreach(items, i, item) {
        const char *text = json_text(item, "facts");
        json_put_new(item, "facts", text ? json_loads(text, 0, NULL) : NULL);
    }
}

static void links(struct ctx *ctx, json_t *object)
{
    if (json_int(object, "open_key", 0) &&
        may(ctx, ACT_REPORT_STATUS, json_int(object, "group_key", 0)))
        ctx_link(ctx, object, "edit", "PATCH",
                 arena_printf(ctx->arena, "/status-reports/%s", json_text(object, "id")));
    ctx->as_support = false; /* asked, not done */
}

const struct resource report_resource = {
    .name = "status-reports",
    .noun = N_("status report"),
    .table = "status_report",
    .select = SELECT,
    .found = "fold(\"text\") LIKE '%' || ?5 || '%'",
    .found_plain = true,
    .visible = ACCESS_GROUP_DRAFTS("\"group_key\"") " AND "
               ACCESS_GROUP_VISIBLE("\"mode_key\"", "\"group_key\""),
    .order = "\"periodEnd\" DESC, \"key\" DESC",
    .size = sizeof(struct report_input),
    .fields = report_fields,
    .finish = finish,
    .links = links,
    .within = "groups",
    .parent_column = "group_key",
};

/* ---------------------------------------------------------------- side by side */

json_t *report_newest(struct ctx *ctx, long long group_key)
{
    struct fixed newest = {.condition = "\"newest_key\" = 1 AND \"group_key\" = ?6",
                           .key = group_key};
    json_t *rows = resource_items(ctx, &report_resource, newest);
    json_t *one = json_incref(json_array_get(rows, 0));
    json_decref(rows);
    return one ? one : json_null();
}

/* The groups under one whose drafts the reader sees, nearest first: a step counts once, by the
 * shortest way. */
static json_t *groups_under(struct ctx *ctx, long long key, bool further)
{
    return db_rows(ctx->tx,
                   "SELECT b.id AS \"groupId\", g.full_name AS \"groupName\" FROM workgroup g "
                   "JOIN body b ON b.key = g.key WHERE g.key IN " FOLLOWUP_UNDER
                   " AND g.key <> ?6 AND g.start_date <= ?4 "
                   "AND (g.end_date IS NULL OR g.end_date >= ?4) AND " ACCESS_GROUP_DRAFTS("g.key")
                   " AND ?5 = CASE WHEN EXISTS (SELECT 1 FROM group_principal p "
                   "WHERE p.group_key = g.key AND p.principal_key = ?6 AND " ACCESS_TODAY("p")
                   ") THEN 0 ELSE 1 END ORDER BY g.full_name, g.key",
                   MEETING_ARGS(ctx, (long long)further, key));
}

static json_t *report_of(json_t *reports, const char *group_id)
{
    size_t i;
    json_t *one;
    json_array_foreach(reports, i, one)
        if (!strcmp(json_text(one, "groupId"), group_id))
            return one;
    return NULL;
}

json_t *reports_side_by_side(struct ctx *ctx, long long key, bool further)
{
    static const char *const labels[] = {
        N_("Table of reports side by side, scrolls sideways"),
        N_("Table of reports from further down, scrolls sideways"),
    };
    struct fixed newest = {.condition = "\"newest_key\" = 1 AND \"group_key\" IN " FOLLOWUP_UNDER,
                           .key = key};
    json_t *reports = resource_items(ctx, &report_resource, newest);
    json_t *groups = groups_under(ctx, key, further), *rows = json_array(), *group;
    char before[DAY_SIZE];
    size_t i;
    day_add(ctx->today, -REPORT_EVERY, before);
    json_array_foreach(groups, i, group) {
        json_t *report = report_of(reports, json_text(group, "groupId"));
        const char *until = json_text(report, "periodEnd");
        json_put_bool(report ? report : group, "silent", until && strcmp(until, before) < 0);
        json_array_append(rows, report ? report : group);
    }
    json_decref(groups);
    json_decref(reports);
    if (json_array_size(rows))
        return json_pack("{s:s, s:o}", "label", ctx_text(ctx, labels[further]), "rows", rows);
    json_decref(rows);
    return json_null();
}

/* ---------------------------------------------------------------- addresses */

#define REPORTS .resource = &report_resource, .flags = ROUTE_NO_DAY

const struct route report_routes[] = {
    {.method = "GET", .path = "/status-reports", .may = MAY_LOGIN, .run = report_list,
     .view = "followup/reports", .shape = SHAPE_LIST, REPORTS, .query = followup_query,
     .what = N_("Status reports that the caller may read, the latest first")},
    {.method = "POST", .path = "/status-reports", .may = MAY_LOGIN, .run = report_create,
     .shape = SHAPE_CREATE, .resource = &report_resource,
     .what = N_("Reports to the group's principals, who are told by mail")},
    {.method = "GET", .path = "/groups/{id}/status-reports", .may = MAY_LOGIN,
     .run = report_list_of_group, .view = "followup/group-reports", .shape = SHAPE_LIST, REPORTS,
     .what = N_("A group's own reports")},
    {.method = "POST", .path = "/groups/{id}/status-reports", .may = MAY_LOGIN,
     .run = report_create, .shape = SHAPE_CREATE, .resource = &report_resource,
     .form = report_new_form,
     .what = N_("Reports to the group's principals, who are told by mail")},
    {.method = "GET", .path = "/groups/{id}/status-reports/new", .may = MAY_LOGIN,
     .run = report_new_form, .view = "followup/report-form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/status-reports/{id}", .may = MAY_LOGIN, .run = report_show,
     .view = "followup/report", .shape = SHAPE_ONE, .resource = &report_resource,
     .flags = ROUTE_NO_DAY | ROUTE_LOGS_READ,
     .what = N_("One status report; that an officer of a principal has read it is noted")},
    {.method = "PATCH", .path = "/status-reports/{id}", .may = MAY_LOGIN, .run = report_change,
     .shape = SHAPE_CHANGE, .resource = &report_resource, .form = report_edit_form,
     .what = N_("Changes a report until the group reports again")},
    {.method = "GET", .path = "/status-reports/{id}/edit", .may = MAY_LOGIN,
     .run = report_edit_form, .view = "followup/report-form", .shape = SHAPE_PAGE},
    {0},
};
