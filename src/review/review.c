/* review.c: yearly reviews of groups as a resource (R61, R65): fields, and the select that says
 * who reads what.
 *
 * Owns the reading of the table review. The outcome is told where the group's papers are; why,
 * only to those who may see its drafts: for others those members are absent, not null, and nothing
 * sorts, filters or searches by them. Must not know the plan it stands in. */
#include <string.h>
#include <kansli/kind.h>
#include <kansli/plan.h>
#include "internal.h"

const struct value review_outcomes[] = {
    {"continue", NC_("review", "Continue")},
    {"change", NC_("review", "Change")},
    {"close", NC_("review", "Close")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- fields */

#define AT(member) offsetof(struct review_input, member)
#define OF_PRINCIPAL                                                                               \
    "\"group_key\" IN (SELECT fp.group_key FROM group_principal fp JOIN body fb "                  \
    "ON fb.key = fp.principal_key WHERE " ACCESS_TODAY("fp") " AND fb.id IN"

static const struct field review_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .at = AT(group),
     .flags = F_CREATE | F_FILTER | F_HIDDEN, .reference = &group_reference,
     .column = "group_key",
     .hint = N_("The group that is reviewed; the address may say it instead.")},
    {.name = "level", .label = N_("Level"), .type = T_ENUM, .flags = F_DERIVED | F_FILTER,
     .values = level_values},
    {.name = "principalId", .label = N_("Principal"), .type = T_REF,
     .flags = F_DERIVED | F_FILTER | F_HIDDEN, .reference = &group_reference,
     .column = OF_PRINCIPAL, .hint = N_("Only a filter: groups that it commissions.")},
    {.name = "year", .label = N_("Year"), .type = T_INT, .at = AT(year),
     .flags = F_REQUIRED | F_CREATE | F_FILTER | F_SORT, .max = 2199, .column = "year"},
    {.name = "outcome", .label = NC_("review", "Outcome"), .type = T_ENUM, .at = AT(outcome),
     .flags = F_REQUIRED | F_FILTER | F_SORT, .values = review_outcomes, .column = "outcome"},
    {.name = "text", .label = N_("Why"), .type = T_MARKDOWN, .at = AT(text), .max = 10000,
     .column = "text",
     .hint = N_("Needed. What the group has done, and what is to be otherwise.")},
    {.name = "contributions.knowledgeBased", .label = N_("Contribution: knowledge-based care"),
     .type = T_LINES, .at = AT(knowledge_based), .max = 1000, .column = "knowledge_based",
     .hint = N_("What the group's work has meant for each dimension of good care; what does not "
                "fit is left empty.")},
    {.name = "contributions.safe", .label = N_("Contribution: safe care"), .type = T_LINES,
     .at = AT(safe), .max = 1000, .column = "safe"},
    {.name = "contributions.individual", .label = N_("Contribution: care fitted to the individual"),
     .type = T_LINES, .at = AT(individual), .max = 1000, .column = "individual"},
    {.name = "contributions.efficient", .label = N_("Contribution: efficient care"),
     .type = T_LINES, .at = AT(efficient), .max = 1000, .column = "efficient"},
    {.name = "contributions.equal", .label = N_("Contribution: equal care"), .type = T_LINES,
     .at = AT(equal), .max = 1000, .column = "equal"},
    {.name = "contributions.accessible", .label = N_("Contribution: accessible care"),
     .type = T_LINES, .at = AT(accessible), .max = 1000, .column = "accessible"},
    {.name = "facts", .label = N_("From the register"), .type = T_JSON, .flags = F_DERIVED,
     .schema = plan_facts_schema},
    {.name = "reviewedById", .label = N_("Reviewed by"), .type = T_REF,
     .flags = F_DERIVED | F_FILTER, .reference = &person_reference},
    {.name = "reviewedOn", .label = N_("Reviewed on"), .type = T_DAY, .flags = F_DERIVED | F_SORT},
    {.name = "closing", .label = N_("Before the group is closed"), .type = T_JSON,
     .flags = F_DERIVED, .schema = review_closing_schema},
    {0},
};

/* ---------------------------------------------------------------- the select */

#define INSIDE(expression)                                                                         \
    "CASE WHEN " ACCESS_GROUP_DRAFTS("r.group_key") " THEN " expression " END"
#define WORDS(column, name) INSIDE("r." column) " AS \"contributions." name "\", "
#define SELECT                                                                                     \
    "SELECT r.key AS \"key\", r.version AS \"version\", r.modified AS \"modified\", "              \
    "r.id AS \"id\", r.group_key AS \"group_key\", b.id AS \"groupId\", "                          \
    "g.full_name AS \"groupName\", k.level AS \"level\", r.year AS \"year\", "                     \
    "r.outcome AS \"outcome\", " INSIDE("1") " AS \"inside_key\", " INSIDE("r.text")               \
    " AS \"text\", " WORDS("knowledge_based", "knowledgeBased") WORDS("safe", "safe")              \
    WORDS("individual", "individual") WORDS("efficient", "efficient") WORDS("equal", "equal")      \
    WORDS("accessible", "accessible") INSIDE("r.facts") " AS \"facts\", "                          \
    "p.id AS \"reviewedById\", p.name AS \"reviewedByName\", r.reviewed_on AS \"reviewedOn\", "    \
    "NOT EXISTS (SELECT 1 FROM review n WHERE n.group_key = r.group_key AND n.year > r.year) "     \
    "AS \"newest_key\" FROM review r CROSS JOIN workgroup g "                                      \
    "JOIN body b ON b.key = g.key JOIN group_kind k ON k.key = g.kind_key "                        \
    "LEFT JOIN person p ON p.key = r.reviewed_by_key AND " ACCESS_GROUP_DRAFTS("r.group_key")      \
    " AND " PERSON_VISIBLE("p.key", "p.entered_by_key", "p.employer_key",                          \
                           "p.protected_identity", "p.publish_name")                               \
    " WHERE g.key = r.group_key AND " ACCESS_PEOPLE_VISIBLE("g.access_mode", "g.key")

/* Absent, not null: who is not inside does not learn what is kept. */
static void hide(json_t *item)
{
    static const char *const own[] = {"text", "facts", "reviewedById", "reviewedByName"};
    for (size_t i = 0; i < LEN(own); i++)
        json_object_del(item, own[i]);
    for (const struct field *field = review_fields; field->name; field++)
        if (strchr(field->name, '.'))
            json_object_del(item, field->name);
}

/* Kept as text, given as an object. */
static void show(struct ctx *ctx, json_t *item)
{
    const char *text = json_text(item, "facts");
    bool close = !strcmp(json_text(item, "outcome"), "close");
    json_put_new(item, "facts", text ? json_loads(text, 0, NULL) : NULL);
    json_put_new(item, "closing",
                 close ? review_steps(ctx, json_int(item, "key", 0)) : json_null());
}

static void finish(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item)
        if (json_int(item, "inside_key", 0))
            show(ctx, item);
        else
            hide(item);
}

static void links(struct ctx *ctx, json_t *object)
{
    long long group = json_int(object, "group_key", 0);
    const char *id = json_text(object, "id");
    if (json_int(object, "newest_key", 0) && may(ctx, ACT_REVIEW_GROUP, group))
        ctx_link(ctx, object, "edit", "PATCH", arena_printf(ctx->arena, "/reviews/%s", id));
    if (json_is_array(json_object_get(object, "closing"))) {
        ctx_link(ctx, object, "closing", "GET",
                 arena_printf(ctx->arena, "/reviews/%s/closing", id));
        if (may(ctx, ACT_CHANGE_GROUP, group))
            ctx_link(ctx, object, "step", "POST",
                     arena_printf(ctx->arena, "/reviews/%s/closing-steps", id));
    }
    ctx->as_support = false; /* asked, not done */
}

const struct resource review_resource = {
    .name = "reviews",
    .noun = N_("review"),
    .table = "review",
    .select = SELECT,
    .visible = "1 = 1", /* the select says it; so a tombstone is as hidden as its row was */
    .order = "\"year\" DESC, \"reviewedOn\" DESC, \"key\" DESC", /* by an index */
    .size = sizeof(struct review_input),
    .fields = review_fields,
    .finish = finish,
    .links = links,
    .within = "groups",
    .parent_column = "group_key",
};
