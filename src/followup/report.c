/* report.c: status reports as a resource (R53): a group tells its principals how it goes.
 *
 * Owns the reading of the table status_report, the facts that go with a report, and the addresses.
 * Read by those who may see the group's drafts (domain.md 1). Facts are kept as they were when the
 * report was written, so that what was read then is what is read later. */
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
    "\"attendancePercent\",\"members\",\"decisions\",\"actionsDone\",\"actionsDropped\","
    "\"actionsOpen\"],\"properties\":{\"meetings\":{\"type\":\"integer\"},"
    "\"attendancePercent\":{\"type\":[\"integer\",\"null\"]},\"members\":{\"type\":\"integer\"},"
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

/* The newest of a group is the one that its officers may still change. */
#define SELECT                                                                                     \
    "SELECT r.key AS \"key\", r.version AS \"version\", r.modified AS \"modified\", "              \
    "r.id AS \"id\", r.group_key AS \"group_key\", b.id AS \"groupId\", "                          \
    "g.full_name AS \"groupName\", k.level AS \"level\", r.period_start AS \"periodStart\", "      \
    "r.period_end AS \"periodEnd\", r.state AS \"state\", r.text AS \"text\", "                    \
    "r.facts AS \"facts\", NOT EXISTS (SELECT 1 FROM status_report n "                             \
    "WHERE n.group_key = r.group_key AND (n.period_end > r.period_end "                            \
    "OR n.period_end = r.period_end AND n.key > r.key)) AS \"newest_key\" "                        \
    "FROM status_report r JOIN workgroup g ON g.key = r.group_key "                                \
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
    if (json_int(object, "newest_key", 0) &&
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
    .visible = ACCESS_GROUP_DRAFTS("\"group_key\""),
    .order = "\"periodEnd\" DESC, \"key\" DESC",
    .size = sizeof(struct report_input),
    .fields = report_fields,
    .finish = finish,
    .links = links,
    .within = "groups",
    .parent_column = "group_key",
};

/* ---------------------------------------------------------------- what the register says */

#define HELD                                                                                       \
    "FROM meeting m JOIN meeting_group x ON x.meeting_key = m.key WHERE x.group_key = ?1 "         \
    "AND x.starts_on >= ?2 AND x.starts_on <= ?3 AND m.cancelled_at IS NULL AND m.ends_at <= ?4"

/* Of those whose attendance was noted: there, themselves or at a distance. */
static json_t *attendance_percent(struct ctx *ctx, long long group_key, const char *from,
                                  const char *to)
{
    json_t *row = db_row(ctx->tx,
                         "SELECT count(*) AS \"all\", sum(CASE WHEN t.status IN ('present', "
                         "'remote') THEN 1 ELSE 0 END) AS \"there\" FROM attendance t "
                         "WHERE t.status IS NOT NULL AND t.meeting_key IN (SELECT m.key " HELD ")",
                         group_key, from, to, tx_instant(ctx->tx));
    long long all = json_int(row, "all", 0), there = json_int(row, "there", 0);
    json_decref(row);
    return all ? json_integer((json_int_t)((200 * there + all) / (2 * all))) : json_null();
}

static long long actions(struct ctx *ctx, long long group_key, const char *status,
                         const char *from, const char *to)
{
    return db_int(ctx->tx, 0,
                  "SELECT count(*) FROM action WHERE group_key = ?1 AND status = ?2 "
                  "AND (status <> 'done' OR done_on >= ?3 AND done_on <= ?4)",
                  group_key, status, from, to);
}

json_t *report_facts(struct ctx *ctx, long long group_key, const char *from, const char *to)
{
    json_t *facts = json_object();
    json_put_int(facts, "meetings",
                 db_int(ctx->tx, 0, "SELECT count(*) " HELD, group_key, from, to,
                        tx_instant(ctx->tx)));
    json_put_new(facts, "attendancePercent", attendance_percent(ctx, group_key, from, to));
    json_put_int(facts, "members",
                 db_int(ctx->tx, 0,
                        "SELECT count(DISTINCT person_key) FROM membership WHERE group_key = ?1 "
                        "AND start_date <= ?2 AND (end_date IS NULL OR end_date >= ?2) "
                        "AND role NOT IN ('contact', 'observer')",
                        group_key, to));
    json_put_int(facts, "decisions",
                 db_int(ctx->tx, 0,
                        "SELECT count(*) FROM decision WHERE group_key = ?1 "
                        "AND number IS NOT NULL AND decided_on >= ?2 AND decided_on <= ?3",
                        group_key, from, to));
    json_put_int(facts, "actionsDone", actions(ctx, group_key, "done", from, to));
    json_put_int(facts, "actionsDropped", actions(ctx, group_key, "dropped", from, to));
    json_put_int(facts, "actionsOpen", actions(ctx, group_key, "open", from, to));
    return facts;
}

void report_period(struct ctx *ctx, long long group_key, char from[static DAY_SIZE])
{
    const char *last = db_text(ctx->tx,
                               "SELECT max(period_end) FROM status_report WHERE group_key = ?1",
                               group_key);
    if (last) {
        day_add(last, 1, from);
        return;
    }
    const char *begun = db_text(ctx->tx, "SELECT start_date FROM workgroup WHERE key = ?1",
                                group_key);
    day_add(ctx->today, -365, from);
    if (begun && strcmp(begun, from) > 0)
        memcpy(from, begun, DAY_SIZE);
}

/* ---------------------------------------------------------------- side by side */

json_t *reports_side_by_side(struct ctx *ctx, long long key)
{
    struct fixed newest = {.condition = "\"newest_key\" = 1 AND \"group_key\" IN ("
                                        "SELECT p.group_key FROM group_principal p "
                                        "WHERE p.principal_key = ?6 AND " ACCESS_TODAY("p") ")",
                           .key = key};
    json_t *rows = resource_items(ctx, &report_resource, newest);
    json_t *row, *silent = db_rows(
        ctx->tx,
        "SELECT b.id AS \"groupId\", g.full_name AS \"groupName\" FROM group_principal p "
        "JOIN workgroup g ON g.key = p.group_key JOIN body b ON b.key = g.key "
        "WHERE p.principal_key = ?5 AND " ACCESS_TODAY("p") " AND " ACCESS_GROUP_DRAFTS("g.key")
        " AND (g.end_date IS NULL OR g.end_date >= ?4) AND g.start_date <= ?4 "
        "AND NOT EXISTS (SELECT 1 FROM status_report r WHERE r.group_key = g.key) "
        "ORDER BY g.full_name, g.key",
        MEETING_ARGS(ctx, key, 0));
    size_t i;
    json_array_foreach(silent, i, row)
        json_array_append(rows, row);
    json_decref(silent);
    return rows;
}

/* ---------------------------------------------------------------- addresses */

#define REPORTS .resource = &report_resource, .flags = ROUTE_NO_DAY

const struct route report_routes[] = {
    {.method = "GET", .path = "/status-reports", .may = MAY_LOGIN, .run = report_list,
     .view = "followup/reports", .shape = SHAPE_LIST, REPORTS,
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
     .view = "followup/report", .shape = SHAPE_ONE, REPORTS, .what = N_("One status report")},
    {.method = "PATCH", .path = "/status-reports/{id}", .may = MAY_LOGIN, .run = report_change,
     .shape = SHAPE_CHANGE, .resource = &report_resource, .form = report_edit_form,
     .what = N_("Changes a report while it is the group's newest")},
    {.method = "GET", .path = "/status-reports/{id}/edit", .may = MAY_LOGIN,
     .run = report_edit_form, .view = "followup/report-form", .shape = SHAPE_PAGE},
    {0},
};
