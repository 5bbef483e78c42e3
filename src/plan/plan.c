/* plan.c: annual plans as a resource (R60): fields, and the select that says who sees which.
 *
 * Owns the reading of the table plan. An approved plan is shown as the group's papers are; before
 * that it is for those inside (plan.h), and so for ever are how many remarks stand open and
 * whether the principal takes it up at a meeting. Must not know who may do what (plan_rules.c,
 * plan_decide.c). */
#include <string.h>
#include <kansli/kind.h>
#include "internal.h"

const struct value plan_statuses[] = {
    {"draft", NC_("plan", "Draft")},       {"submitted", NC_("plan", "Submitted")},
    {"returned", NC_("plan", "Returned")}, {"approved", NC_("plan", "Approved")},
    {"followedUp", NC_("plan", "Followed up")}, {NULL, NULL},
};

/* ---------------------------------------------------------------- fields */

#define AT(member) offsetof(struct plan_input, member)
#define PRINCIPAL                                                                                  \
    "\"group_key\" IN (SELECT fp.group_key FROM group_principal fp JOIN body fb "                  \
    "ON fb.key = fp.principal_key WHERE " ACCESS_TODAY("fp") " AND fb.id IN"

static const struct field plan_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .at = AT(group),
     .flags = F_CREATE | F_FILTER | F_HIDDEN, .reference = &group_reference,
     .hint = N_("The group whose plan it is; the address may say it instead.")},
    {.name = "year", .label = N_("Year"), .type = T_INT, .at = AT(year),
     .flags = F_REQUIRED | F_CREATE | F_FILTER | F_SORT, .max = 2199, .column = "year"},
    {.name = "kind", .label = N_("Kind of group"), .type = T_SLUG, .flags = F_DERIVED | F_FILTER},
    {.name = "level", .label = N_("Level"), .type = T_ENUM, .flags = F_DERIVED | F_FILTER,
     .values = level_values},
    {.name = "principalId", .label = N_("Principal"), .type = T_REF,
     .flags = F_DERIVED | F_FILTER | F_HIDDEN, .reference = &group_reference, .column = PRINCIPAL,
     .hint = N_("Only a filter: groups that it commissions.")},
    {.name = "version", .label = N_("Version"), .type = T_INT, .flags = F_DERIVED | F_SORT,
     .hint = N_("The number of the last submission; 1 until then.")},
    {.name = "status", .label = N_("Status"), .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER | F_SORT, .values = plan_statuses},
    {.name = "goals", .label = N_("Goals"), .type = T_MARKDOWN, .at = AT(goals),
     .column = "goals"},
    {.name = "focusAreas", .label = N_("Focus areas"), .type = T_TEXTS, .at = AT(focus_areas),
     .column = "focus_areas"},
    {.name = "collaboration", .label = N_("Collaboration"), .type = T_MARKDOWN,
     .at = AT(collaboration), .column = "collaboration",
     .hint = N_("With other programme areas, working groups and others.")},
    {.name = "risks", .label = N_("Risks"), .type = T_MARKDOWN, .at = AT(risks),
     .column = "risks"},
    {.name = "resources", .label = NC_("plan", "Resources"), .type = T_MARKDOWN,
     .at = AT(resources), .column = "resources",
     .hint = N_("People and process support. What costs money says so in its initiative.")},
    {.name = "summary", .label = N_("What came of the plan"), .type = T_MARKDOWN,
     .flags = F_DERIVED},
    {.name = "initiativeCount", .label = N_("Initiatives"), .type = T_INT, .flags = F_DERIVED},
    {.name = "openRemarkCount", .label = N_("Open remarks"), .type = T_INT, .flags = F_DERIVED},
    {.name = "flagged", .label = N_("For the meeting"), .type = T_BOOL,
     .flags = F_DERIVED | F_FILTER},
    {.name = "submittedAt", .label = N_("Submitted"), .type = T_INSTANT,
     .flags = F_DERIVED | F_SORT},
    {.name = "decidedOn", .label = N_("Decided"), .type = T_DAY, .flags = F_DERIVED | F_SORT},
    {0},
};

#define INSIDE(expression)                                                                         \
    "CASE WHEN " PLAN_INSIDE("p.group_key") " THEN " expression " END"
/* On a day (api.md 1): the decided plan of its year, from the day of the decision. */
#define IN_FORCE                                                                                   \
    "\"status\" IN ('approved', 'followedUp') AND \"decidedOn\" <= ?1 "                            \
    "AND \"year\" = CAST(substr(?1, 1, 4) AS INTEGER)"
#define SELECT                                                                                     \
    "SELECT p.key AS \"key\", p.version AS \"version_key\", p.modified AS \"modified\", "          \
    "p.id AS \"id\", p.group_key AS \"group_key\", b.id AS \"groupId\", "                          \
    "g.full_name AS \"groupName\", p.year AS \"year\", k.id AS \"kind\", k.level AS \"level\", "   \
    "p.number AS \"version\", p.state AS \"status\", p.goals AS \"goals\", "                       \
    "p.focus_areas AS \"focusAreas\", p.collaboration AS \"collaboration\", "                      \
    "p.risks AS \"risks\", p.resources AS \"resources\", p.summary AS \"summary\", "               \
    "(SELECT count(*) FROM initiative i WHERE i.plan_key = p.key) AS \"initiativeCount\", "        \
    INSIDE("(SELECT count(*) FROM plan_remark r WHERE r.plan_key = p.key AND r.resolved = 0)")     \
    " AS \"openRemarkCount\", " INSIDE("p.flagged") " AS \"flagged\", "                            \
    "p.submitted_at AS \"submittedAt\", p.decided_on AS \"decidedOn\" FROM plan p "                \
    "CROSS JOIN workgroup g JOIN body b ON b.key = g.key "                                         \
    "JOIN group_kind k ON k.key = g.kind_key WHERE g.key = p.group_key AND "                       \
    ACCESS_PEOPLE_VISIBLE("g.access_mode", "g.key")

/* Absent, not null: who is not inside does not learn that there is such a thing. */
static void finish(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item;
    (void)ctx;
    json_array_foreach(items, i, item) {
        if (!json_is_null(json_object_get(item, "openRemarkCount")))
            continue;
        json_object_del(item, "openRemarkCount");
        json_object_del(item, "flagged");
    }
}

static void link_to(struct ctx *ctx, json_t *object, const char *rel, const char *method,
                    const char *rest)
{
    ctx_link(ctx, object, rel, method,
             arena_join(ctx->arena, "/plans/", json_text(object, "id"), rest, NULL));
}

static void link_review(struct ctx *ctx, json_t *object, const struct plan_row *plan)
{
    if (strcmp(plan->state, "submitted") || !plan_may_review(ctx, plan))
        return;
    link_to(ctx, object, "decide", "POST", "/decisions");
    link_to(ctx, object, "position", "POST", "/positions");
    link_to(ctx, object, "remark", "POST", "/remarks");
    link_to(ctx, object, "flag", "POST", "/flags");
}

static void links(struct ctx *ctx, json_t *object)
{
    struct plan_row plan = {
        .group_key = json_int(object, "group_key", 0),
        .kind = json_text(object, "kind"),
        .state = json_text(object, "status"),
        .submitted_at = json_text(object, "submittedAt"),
    };
    link_to(ctx, object, "initiatives", "GET", "/initiatives");
    link_to(ctx, object, "versions", "GET", "/versions");
    link_to(ctx, object, "comparison", "GET", "/comparison");
    if (!ctx->actor->account_key && !ctx->actor->everything)
        return;
    if (may(ctx, ACT_SEE_HISTORY, plan.group_key))
        link_to(ctx, object, "history", "GET", "/history");
    bool open = plan_is_open(&plan);
    if (open && may(ctx, ACT_CHANGE_GROUP, plan.group_key)) {
        link_to(ctx, object, "edit", "PATCH", "");
        link_to(ctx, object, "add", "POST", "/initiatives");
        if (!plan.submitted_at)
            link_to(ctx, object, "delete", "DELETE", "");
    }
    if (open && may(ctx, ACT_SUBMIT_PLAN, plan.group_key))
        link_to(ctx, object, "submit", "POST", "/submissions");
    if (!strcmp(plan.state, "approved") && may(ctx, ACT_SUBMIT_PLAN, plan.group_key))
        link_to(ctx, object, "follow-up", "POST", "/follow-ups");
    link_review(ctx, object, &plan);
    ctx->as_support = false; /* asked, not done */
}

/* Of its order and its decisions, which are no fields. */
static const struct value noted[] = {
    {"initiatives", N_("Initiatives in their order")},
    {"comment", N_("Comment")},
    {"reference", N_("The decision's number")},
    {NULL, NULL},
};

const struct resource plan_resource = {
    .name = "plans",
    .noun = N_("plan"),
    .table = "plan",
    .select = SELECT,
    .visible = "(\"status\" IN ('approved', 'followedUp') OR " PLAN_INSIDE("\"group_key\"") ")",
    .in_force = IN_FORCE,
    .found = "fold(\"groupName\") LIKE '%' || ?5 || '%'",
    .found_plain = true,
    .order = "\"year\" DESC, \"group_key\"", /* one for a group and year; by an index */
    .size = sizeof(struct plan_input),
    .fields = plan_fields,
    .finish = finish,
    .links = links,
    .within = "groups",
    .parent_column = "group_key",
    .noted = noted,
    /* What people call it, in the language that its texts are in. */
    .texts = "SELECT 'Verksamhetsplan ' || year AS \"title\", goals AS \"goals\", "
             "focus_areas AS \"focus_list\", collaboration AS \"collaboration\", "
             "risks AS \"risks\", resources AS \"resources\", summary AS \"summary\" "
             "FROM plan WHERE key = ?1",
};

const struct reference plan_reference = {
    .noun = N_("plan"),
    .find = "SELECT p.key FROM plan p JOIN workgroup g ON g.key = p.group_key "
            "WHERE p.id = ?1 AND " PLAN_VISIBLE("p", "g"),
    .name = "SELECT g.full_name || ' ' || p.year FROM plan p JOIN workgroup g "
            "ON g.key = p.group_key WHERE p.key = ?1",
};
