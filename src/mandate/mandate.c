/* mandate.c: mandates and annexes as resources: fields and the select that says what one is on a
 * day.
 *
 * Owns the reading of the table mandate. An annex is the same sheet of paper with a kind instead of
 * a group, so both share the table and most fields. "superseded" is never stored: an approved one
 * is that from the first day of a later approved one. Must not know who may do what
 * (mandate_rules.c, annex.c) nor how it is shown. */
#include <string.h>
#include <kansli/group.h>
#include "internal.h"

const struct value mandate_statuses[] = {
    {"draft", NC_("mandate", "Draft")},           {"submitted", NC_("mandate", "Submitted")},
    {"returned", NC_("mandate", "Returned")},     {"approved", NC_("mandate", "Approved")},
    {"superseded", NC_("mandate", "Superseded")}, {NULL, NULL},
};

/* ---------------------------------------------------------------- fields */

#define AT(member) offsetof(struct mandate_input, member)

static const struct field deliverable_fields[] = {
    {.name = "text", .label = N_("Deliverable"), .type = T_TEXT, .flags = F_REQUIRED, .max = 500},
    {.name = "dueDate", .label = N_("Due"), .type = T_DAY},
    {0},
};

#define DERIVED_FIELDS                                                                            \
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},                        \
        {.name = "version", .label = N_("Version"), .type = T_INT, .flags = F_DERIVED | F_SORT},  \
        {.name = "status",                                                                        \
         .label = N_("Status"),                                                                   \
         .type = T_ENUM,                                                                          \
         .flags = F_DERIVED | F_FILTER | F_SORT,                                                  \
         .values = mandate_statuses},                                                             \
        {.name = "submittedAt", .label = N_("Submitted"), .type = T_INSTANT, .flags = F_DERIVED}, \
    {                                                                                             \
        .name = "approvedAt", .label = N_("Approved"), .type = T_INSTANT, .flags = F_DERIVED      \
    }

#define TEXT_FIELDS                                                                       \
    {.name = "scope",                                                                     \
     .label = NC_("mandate", "Scope"),                                                    \
     .type = T_MARKDOWN,                                                                  \
     .at = AT(scope),                                                                     \
     .column = "scope",                                                                   \
     .hint = N_("What the task covers, and what it does not.")},                          \
        {.name = "timePlan",                                                              \
         .label = N_("Time plan"),                                                        \
         .type = T_MARKDOWN,                                                              \
         .at = AT(time_plan),                                                             \
         .column = "time_plan"},                                                          \
        {.name = "deliverables",                                                          \
         .label = N_("Deliverables"),                                                     \
         .type = T_ROWS,                                                                  \
         .at = AT(deliverables),                                                          \
         .column = "deliverables",                                                        \
         .rows = deliverable_fields},                                                     \
        {.name = "resourceEstimate.memberCount",                                          \
         .label = N_("Members expected"),                                                 \
         .type = T_INT,                                                                   \
         .at = AT(member_count),                                                          \
         .max = 1000,                                                                     \
         .column = "member_count",                                                        \
         .hint = N_("About how many, besides chair and process leader.")},                \
        {.name = "resourceEstimate.memberPercent",                                        \
         .label = N_("A member's share of full time, per cent"),                          \
         .type = T_INT,                                                                   \
         .at = AT(member_percent),                                                        \
         .max = 100,                                                                      \
         .column = "member_percent"},                                                     \
        {.name = "resourceEstimate.chairPercent",                                         \
         .label = N_("The chair's share of full time, per cent"),                         \
         .type = T_INT,                                                                   \
         .at = AT(chair_percent),                                                         \
         .max = 100,                                                                      \
         .column = "chair_percent"},                                                      \
        {.name = "resourceEstimate.processLeaderPercent",                                 \
         .label = N_("The process leader's share of full time, per cent"),                \
         .type = T_INT,                                                                   \
         .at = AT(process_leader_percent),                                                \
         .max = 100,                                                                      \
         .column = "process_leader_percent"},                                             \
        {.name = "nominationProcess",                                                     \
         .label = N_("Nomination process"),                                               \
         .type = T_MARKDOWN,                                                              \
         .at = AT(nomination_process),                                                    \
         .column = "nomination_process"},                                                 \
        {.name = "costs",                                                                 \
         .label = N_("Costs"),                                                            \
         .type = T_MARKDOWN,                                                              \
         .at = AT(costs),                                                                 \
         .column = "costs"},                                                              \
        {.name = "reporting",                                                             \
         .label = N_("Reporting"),                                                        \
         .type = T_MARKDOWN,                                                              \
         .at = AT(reporting),                                                             \
         .column = "reporting"},                                                          \
        {.name = "reference",                                                             \
         .label = N_("Reference"),                                                        \
         .type = T_TEXT,                                                                  \
         .at = AT(reference),                                                             \
         .column = "reference",                                                           \
         .hint = N_("A diary number or a decision.")},                                    \
        {.name = "validFrom",                                                             \
         .label = N_("In force from"),                                                    \
         .type = T_DAY,                                                                   \
         .at = AT(valid_from),                                                            \
         .flags = F_REQUIRED | F_SORT,                                                    \
         .column = "valid_from"},                                                         \
    {                                                                                     \
        .name = "validTo", .label = N_("In force to"), .type = T_DAY, .at = AT(valid_to), \
        .flags = F_SORT, .column = "valid_to",                                            \
        .hint = N_("Included. Empty: until further notice.")                              \
    }

#define PURPOSE                                                                           \
    {                                                                                     \
        .name = "purpose", .label = N_("Purpose"), .type = T_MARKDOWN, .at = AT(purpose), \
        .flags = F_REQUIRED, .column = "purpose"                                          \
    }
#define TASKS(needed)                                                            \
    {                                                                            \
        .name = "tasks", .label = N_("Tasks"), .type = T_TEXTS, .at = AT(tasks), \
        .flags = (needed), .max = 1000, .column = "tasks"                        \
    }

static const struct field mandate_fields[] = {
    {.name = "groupId",
     .label = N_("Group"),
     .type = T_REF,
     .at = AT(group),
     .flags = F_CREATE | F_FILTER | F_HIDDEN,
     .reference = &group_reference,
     .hint = N_("The group whose mandate it is; the address may say it instead.")},
    DERIVED_FIELDS,
    PURPOSE,
    TASKS(F_REQUIRED),
    TEXT_FIELDS,
    {0},
};

static const struct field annex_fields[] = {
    {.name = "kindId", .label = N_("Kind of group"), .type = T_SLUG, .flags = F_DERIVED},
    {.name = "kindName",
     .label = N_("Kind of group, in words"),
     .type = T_TEXT,
     .flags = F_DERIVED},
    DERIVED_FIELDS,
    PURPOSE,
    TASKS(0),
    TEXT_FIELDS,
    {0},
};

/* ---------------------------------------------------------------- the select */

/* `owner` is the column of whom the numbers count for. */
#define STATUS(owner)                                                                          \
    "CASE WHEN m.state = 'approved' AND EXISTS (SELECT 1 FROM mandate n WHERE n." owner        \
    " = m." owner " AND n.state = 'approved' AND n.number > m.number AND n.valid_from <= ?1) " \
    "THEN 'superseded' ELSE m.state END AS \"status\", "

#define COLUMNS                                                                                   \
    "m.purpose AS \"purpose\", m.tasks AS \"tasks\", m.scope AS \"scope\", "                      \
    "m.time_plan AS \"timePlan\", m.deliverables AS \"deliverables\", "                           \
    "m.member_count AS \"resourceEstimate.memberCount\", "                                        \
    "m.member_percent AS \"resourceEstimate.memberPercent\", "                                    \
    "m.chair_percent AS \"resourceEstimate.chairPercent\", "                                      \
    "m.process_leader_percent AS \"resourceEstimate.processLeaderPercent\", "                     \
    "m.nomination_process AS \"nominationProcess\", m.costs AS \"costs\", "                       \
    "m.reporting AS \"reporting\", m.reference AS \"reference\", m.valid_from AS \"validFrom\", " \
    "m.valid_to AS \"validTo\", m.submitted_at AS \"submittedAt\", "                              \
    "m.approved_at AS \"approvedAt\", m.modified AS \"modified\" "

#define IN_FORCE                                                                                  \
    "\"status\" = 'approved' AND \"validFrom\" <= ?1 AND (\"validTo\" IS NULL OR \"validTo\" >= " \
    "?1)"

/* ---------------------------------------------------------------- what the caller may do now */

static bool is_one_of(const char *status, const char *one, const char *other)
{
    return !strcmp(status, one) || !strcmp(status, other);
}

static void link_mandate(struct ctx *ctx, json_t *object)
{
    long long key = json_int(object, "key", 0), group = json_int(object, "group_key", 0);
    const char *status = json_text(object, "status");
    const char *path = arena_printf(ctx->arena, "/mandates/%s", json_text(object, "id"));
    ctx_link(ctx, object, "document", "GET", arena_printf(ctx->arena, "%s/document", path));
    if (!ctx->actor->account_key && !ctx->actor->everything)
        return;
    bool change = may(ctx, ACT_CHANGE_GROUP, group);
    if (change && is_one_of(status, "draft", "returned")) {
        ctx_link(ctx, object, "edit", "PATCH", path);
        ctx_link(ctx, object, "submit", "POST", arena_printf(ctx->arena, "%s/submissions", path));
    }
    if (change && !strcmp(status, "draft"))
        ctx_link(ctx, object, "delete", "DELETE", path);
    if (!strcmp(status, "submitted") && mandate_may_approve(ctx, key))
        ctx_link(ctx, object, "approve", "POST", arena_printf(ctx->arena, "%s/approvals", path));
    if (change && !strcmp(status, "approved") && json_text(object, "validTo"))
        ctx_link(ctx, object, "extend", "POST", arena_printf(ctx->arena, "%s/extensions", path));
    ctx->as_support = false; /* asked, not done */
}

static void link_annex(struct ctx *ctx, json_t *object)
{
    const char *path = arena_printf(ctx->arena, "/group-kinds/%s/mandates/%s",
                                    json_text(object, "kindId"), json_text(object, "id"));
    bool change = may(ctx, ACT_CHANGE_ORGANISATION, 0);
    if (!change || strcmp(json_text(object, "status"), "draft"))
        return;
    ctx_link(ctx, object, "edit", "PATCH", path);
    ctx_link(ctx, object, "delete", "DELETE", path);
    ctx_link(ctx, object, "approve", "POST", arena_printf(ctx->arena, "%s/approvals", path));
}

/* ---------------------------------------------------------------- the resources */

#define TEXTS                                                                                \
    "SELECT purpose AS \"purpose\", tasks AS \"tasks_list\", scope AS \"scope\", "             \
    "time_plan AS \"timePlan\", deliverables AS \"deliverables_list\", "                     \
    "nomination_process AS \"nominationProcess\", costs AS \"costs\", "                      \
    "reporting AS \"reporting\", reference AS \"reference\" FROM mandate WHERE key = ?1"

const struct resource mandate_resource = {
    .name = "mandates",
    .noun = N_("mandate"),
    .table = "mandate",
    .select =
        "SELECT m.key AS \"key\", m.version AS \"version_key\", m.group_key AS \"group_key\", "
        "m.id AS \"id\", b.id AS \"groupId\", g.full_name AS \"groupName\", "
        "m.number AS \"version\", " STATUS("group_key") COLUMNS
    "FROM mandate m JOIN workgroup g ON g.key = m.group_key JOIN body b ON b.key = g.key "
    "WHERE " GROUP_VISIBLE("g"),
    .visible =
        "(\"status\" IN ('approved', 'superseded') OR " ACCESS_GROUP_DRAFTS("\"group_key\"") ")",
    .in_force = IN_FORCE,
    .order = "\"groupName\", \"version\" DESC, \"key\"",
    .size = sizeof(struct mandate_input),
    .fields = mandate_fields,
    .links = link_mandate,
    .within = "groups",
    .parent_column = "group_key",
    .texts = TEXTS,
};

/* A draft of an annex is the support function's own. */
const struct resource annex_resource = {
    .name = "mandates",
    .noun = N_("generic annex"),
    .table = "mandate",
    .select = "SELECT m.key AS \"key\", m.version AS \"version_key\", m.kind_key AS \"kind_key\", "
              "m.id AS \"id\", k.id AS \"kindId\", k.name AS \"kindName\", "
              "m.number AS \"version\", " STATUS("kind_key") COLUMNS
    "FROM mandate m JOIN group_kind k ON k.key = m.kind_key",
    .visible = "(\"status\" IN ('approved', 'superseded') OR ?2 = 1)",
    .in_force = IN_FORCE,
    .order = "\"version\" DESC, \"key\"",
    .size = sizeof(struct mandate_input),
    .fields = annex_fields,
    .links = link_annex,
    .within = "group-kinds",
    .parent = "kindId",
    .parent_column = "kind_key",
    .texts = TEXTS,
};

static json_t *first_of(struct ctx *ctx, const struct resource *r, const char *condition,
                        long long key)
{
    struct fixed fixed = {.condition = condition, .key = key};
    json_t *items = resource_items(ctx, r, fixed);
    json_t *first = json_incref(json_array_get(items, 0));
    json_decref(items);
    return first;
}

json_t *mandate_in_force(struct ctx *ctx, long long group_key)
{
    return first_of(ctx, &mandate_resource, "\"group_key\" = ?6 AND " IN_FORCE, group_key);
}

static json_t *annex_on(struct ctx *ctx, long long kind_key, const char *day)
{
    const char *before = ctx->day;
    ctx->day = day;
    json_t *annex = first_of(ctx, &annex_resource, "\"kind_key\" = ?6 AND " IN_FORCE, kind_key);
    ctx->day = before;
    return annex;
}

json_t *annex_of_group(struct ctx *ctx, long long group_key, const char *day)
{
    return annex_on(
        ctx, db_int(ctx->tx, 0, "SELECT kind_key FROM workgroup WHERE key = ?1", group_key), day);
}

json_t *annex_of_kind(struct ctx *ctx, const char *kind_id, const char *day)
{
    return annex_on(ctx, db_int(ctx->tx, 0, "SELECT key FROM group_kind WHERE id = ?1", kind_id),
                    day);
}
