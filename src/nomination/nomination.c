/* nomination.c: nominations as a resource: fields, and the one select that says how one stands and
 * who may know of it.
 *
 * Owns the reading of the table nomination. Who may not know of a nomination finds no row, and a
 * withheld person is no row of the join, so that no filter, sort, search or count tells more than
 * the document does. What somebody is nominated as is told within one call or group only: neither
 * a list, its order nor its filters gather patient representatives (domain.md 4). Must not know who
 * may change what (nomination_rules.c), nor how it is shown. */
#include <string.h>
#include <kansli/coverage.h>
#include <kansli/declaration.h>
#include <kansli/group.h>
#include <kansli/membership.h>
#include <kansli/organisation.h>
#include "internal.h"
#include "pages.h"

const struct value nomination_statuses[] = {
    {"draft", NC_("nomination", "Draft")},
    {"submitted", NC_("nomination", "Submitted")},
    {"appointed", NC_("nomination", "Appointed")},
    {"reserve", NC_("nomination", "Reserve")},
    {"notAppointed", NC_("nomination", "Not appointed")},
    {"withdrawn", NC_("nomination", "Withdrawn")},
    {NULL, NULL},
};

/* Where it stands on the board: what is waited for, once something has come in. */
const struct value nomination_stages[] = {
    {"draft", NC_("stage", "Draft")},
    {"received", NC_("stage", "Received")},
    {"regionProcess", NC_("stage", "The organisation's process")},
    {"employer", NC_("stage", "The employer's approval")},
    {"declaration", NC_("stage", "Declaration of interests")},
    {"decision", NC_("stage", "Decision")},
    {"ended", NC_("stage", "Ended")},
    {NULL, NULL},
};

const struct value nomination_answers[] = {
    {"yes", N_("yes")},
    {"no", N_("no")},
    {NULL, NULL},
};

static const struct value check_outcomes[] = {
    {"approved", NC_("check", "Approved")},
    {"declined", NC_("check", "Declined")},
    {"notApplicable", NC_("check", "Not applicable")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- fields */

#define AT(member) offsetof(struct nomination_input, member)

#define CHECK_SCHEMA                                                                               \
    "{\"type\":\"object\",\"required\":[\"done\"],\"additionalProperties\":false,\"properties\":{" \
    "\"done\":{\"type\":\"boolean\"},\"notApplicable\":{\"type\":\"boolean\"},"                    \
    "\"outcome\":{\"type\":[\"string\",\"null\"]},\"outcomeLabel\":{\"type\":\"string\"},"         \
    "\"by\":{\"type\":[\"string\",\"null\"]},"                                                     \
    "\"at\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"},"                            \
    "\"reason\":{\"type\":[\"string\",\"null\"]},"                                                 \
    "\"workloadPercent\":{\"type\":[\"integer\",\"null\"]}}}"

static const struct field nomination_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "callId", .label = N_("Call"), .type = T_REF, .at = AT(call),
     .flags = F_CREATE | F_FILTER | F_HIDDEN, .reference = &call_reference, .column = "call_key",
     .hint = N_("The call; the address may say it instead.")},
    {.name = "callTitle", .label = N_("Call"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .flags = F_DERIVED | F_FILTER,
     .reference = &group_reference},
    {.name = "personId", .label = N_("Person"), .type = T_REF, .at = AT(person),
     .flags = F_CREATE | F_FILTER, .reference = &person_reference, .column = "person_key"},
    {.name = "personName", .label = N_("Name"), .type = T_TEXT, .flags = F_DERIVED | F_SORT},
    {.name = "nominatorId", .label = N_("Nominated by"), .type = T_REF, .at = AT(nominator),
     .flags = F_CREATE | F_FILTER, .reference = &organisation_reference, .column = "nominator_key",
     .hint = N_("The organisation that nominates. Empty: the person nominates herself or himself, "
                "where the call allows it.")},
    {.name = "role", .label = N_("Role"), .type = T_ENUM, .at = AT(role),
     .flags = F_REQUIRED | F_FILTER | F_SORT, .values = membership_roles, .column = "role",
     .fallback = "member"},
    {.name = "capacity", .label = N_("Takes part as"), .type = T_ENUM, .at = AT(capacity),
     .flags = F_FILTER | F_SORT | F_WITHIN, .values = membership_capacities, .column = "capacity"},
    {.name = "requirementIds", .label = N_("What the person would fill"), .type = T_REFS,
     .at = AT(requirements), .flags = F_WITHIN, .reference = &call_requirement_reference,
     .hint = N_("Of what the call seeks.")},
    {.name = "competences", .label = N_("Competences"), .type = T_TEXTS, .at = AT(competences),
     .flags = F_WITHIN, .max = 100, .column = "competences",
     .hint = N_("What the person would bring to the group.")},
    {.name = "statement", .label = N_("Why this person"), .type = T_LINES, .at = AT(statement),
     .flags = F_WITHIN | F_WIDE, .max = 2000, .column = "statement",
     .hint = N_("Read by the person and by those who decide. Nothing about health.")},
    {.name = "status", .label = N_("Status"), .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER | F_SORT, .values = nomination_statuses},
    {.name = "stage", .label = N_("Stage"), .type = T_ENUM, .flags = F_DERIVED | F_FILTER,
     .values = nomination_stages,
     .hint = N_("What is waited for; received: nothing is done yet, decision: all three checks "
                "are.")},
    {.name = "answer", .label = N_("The person's answer"), .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER, .values = nomination_answers},
    {.name = "answeredAt", .label = N_("Answered"), .type = T_INSTANT, .flags = F_DERIVED},
    {.name = "checks.regionProcess", .label = N_("The nominating organisation's own process"),
     .type = T_JSON, .flags = F_DERIVED | F_WITHIN, .values = check_outcomes,
     .schema = CHECK_SCHEMA},
    {.name = "checks.employer", .label = N_("The employer's approval"), .type = T_JSON,
     .flags = F_DERIVED | F_WITHIN, .values = check_outcomes, .schema = CHECK_SCHEMA},
    {.name = "checks.declaration", .label = N_("The declaration reviewed for the group"),
     .type = T_JSON, .flags = F_DERIVED, .values = check_outcomes, .schema = CHECK_SCHEMA},
    {.name = "effect", .label = N_("The coverage that would result"), .type = T_JSON,
     .flags = F_DERIVED,
     .schema = "{\"type\":[\"object\",\"null\"],\"required\":[\"covered\",\"partial\",\"missing\"],"
               "\"additionalProperties\":false,\"properties\":{\"covered\":{\"type\":\"integer\"},"
               "\"partial\":{\"type\":\"integer\"},\"missing\":{\"type\":\"integer\"}}}"},
    {.name = "submittedAt", .label = N_("Submitted"), .type = T_INSTANT,
     .flags = F_DERIVED | F_SORT},
    {.name = "decidedAt", .label = N_("Decided"), .type = T_INSTANT, .flags = F_DERIVED | F_SORT},
    {.name = "decidedForId", .label = N_("Decided by"), .type = T_REF, .flags = F_DERIVED,
     .reference = &group_reference},
    {.name = "decisionReference", .label = N_("Decision"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "reason", .label = N_("Reason"), .type = T_LINES, .flags = F_DERIVED | F_WITHIN},
    {.name = "membershipId", .label = N_("Membership"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "supportToldAt", .label = N_("The support function was told"), .type = T_INSTANT,
     .flags = F_DERIVED},
    {0},
};

/* ---------------------------------------------------------------- the select */

#define DONE(check) "coalesce(" check ".outcome, '') IN ('approved', 'notApplicable')"
#define DECLARED                                                                                   \
    "(CASE n.state WHEN 'draft' THEN 0 WHEN 'submitted' THEN "                                     \
    "CASE WHEN " DECLARATION_HOLDS("n.person_key", "c.group_key") " THEN 1 ELSE 0 END "            \
    "WHEN 'reserve' THEN CASE WHEN " DECLARATION_HOLDS("n.person_key", "c.group_key")              \
    " THEN 1 ELSE 0 END ELSE CASE WHEN dc.key IS NULL THEN 0 ELSE 1 END END)"
#define STAGE                                                                                      \
    "CASE WHEN n.state = 'draft' THEN 'draft' WHEN n.state <> 'submitted' THEN 'ended' "           \
    "WHEN " DONE("rc") " THEN CASE WHEN NOT " DONE("ec") " THEN 'employer' "                       \
    "WHEN " DECLARED " = 1 THEN 'decision' ELSE 'declaration' END "                                \
    "WHEN " DONE("ec") " OR " DECLARED " = 1 THEN 'regionProcess' ELSE 'received' END"

#define CHECK_COLUMNS(check, account, name)                                                        \
    check ".outcome AS \"" name "_outcome_key\", " check ".at AS \"" name "_at_key\", "            \
    check ".reason AS \"" name "_reason_key\", coalesce(" check ".by_name, " account ".name, "     \
    account ".email) AS \"" name "_by_key\", "
#define LAST_CHECK(check, account, of)                                                             \
    "LEFT JOIN nomination_check " check " ON " check ".key = (SELECT x.key "                       \
    "FROM nomination_check x WHERE x.nomination_key = n.key AND x.name = '" of                     \
    "' ORDER BY x.at DESC, x.key DESC LIMIT 1) "                                                   \
    "LEFT JOIN account " account " ON " account ".key = " check ".account_key "

/* Officers of the group and of those above it: ACT_SEE_NOMINATIONS as a condition. */
#define LED                                                                                        \
    "(WITH RECURSIVE led (k) AS (SELECT d.group_key FROM membership d "                            \
    "WHERE d.person_key = ?3 AND " ACCESS_TODAY("d") " AND d.role IN " ACCESS_OFFICERS             \
    " UNION SELECT d.group_key FROM group_principal d JOIN led ON led.k = d.principal_key "        \
    "WHERE " ACCESS_TODAY("d") ") SELECT k FROM led)"
#define GROUP_LED(key) "(?3 > 0 AND " key " IN " LED ")"
/* The reader's own organisations. */
#define OWN_ORGANISATIONS                                                                          \
    "(SELECT ar.organisation_key FROM account_role ar WHERE ar.account_key = ?7 "                  \
    "AND ar.role = 'coordinator')"
#define COORDINATED(key) "(?7 > 0 AND " key " IN " OWN_ORGANISATIONS ")"
/* Who knows of it. Of a self-nomination, those who answer for its first two checks know, too. */
#define EMPLOYS(person)                                                                            \
    "EXISTS (SELECT 1 FROM person pe LEFT JOIN organisation oe ON oe.key = pe.employer_key "       \
    "WHERE pe.key = " person " AND (" COORDINATED("oe.key") " OR " COORDINATED("oe.parent_key") "))"
#define KNOWN                                                                                      \
    "(?2 = 1 OR (\"who_key\" = ?3 AND (\"status\" <> 'draft' OR \"nominator_key\" IS NULL)) OR "   \
    COORDINATED("\"nominator_key\"") " OR (\"status\" <> 'draft' AND ("                            \
    GROUP_LED("\"group_key\"") " OR (?7 > 0 AND \"nominator_key\" IS NULL AND "                    \
    EMPLOYS("\"who_key\"") "))))"
/* All that KNOWN can be true of, found by what the reader is: gathered once, for lists over all
 * calls. It only narrows; who sees everything does without. */
#define WITHIN_REACH                                                                               \
    "\"key\" IN (SELECT k.key FROM nomination k WHERE k.person_key = ?3 "                          \
    "UNION ALL SELECT k.key FROM nomination k WHERE k.nominator_key IN " OWN_ORGANISATIONS         \
    " UNION ALL SELECT k.key FROM " LED " AS l CROSS JOIN nomination_call lc "                     \
    "CROSS JOIN nomination k WHERE lc.group_key = l.k AND k.call_key = lc.key "                    \
    "UNION ALL SELECT k.key FROM person pe CROSS JOIN nomination k WHERE k.person_key = pe.key "   \
    "AND k.nominator_key IS NULL AND pe.employer_key IN (SELECT oe.key FROM organisation oe "      \
    "WHERE oe.key IN " OWN_ORGANISATIONS " OR oe.parent_key IN " OWN_ORGANISATIONS "))"
/* A protected identity is support's, the group's officers' and the person's. */
#define NAMED                                                                                      \
    "(p.protected_identity = 0 OR p.key = ?3 OR " ACCESS_GROUP_OFFICER("c.group_key") ")"

#define SELECT                                                                                     \
    "SELECT n.key AS \"key\", n.version AS \"version\", n.modified AS \"modified\", "              \
    "n.id AS \"id\", c.id AS \"callId\", c.title AS \"callTitle\", c.key AS \"call_key\", "        \
    "g.key AS \"group_key\", gb.id AS \"groupId\", g.full_name AS \"groupName\", "                 \
    "CASE WHEN " ACCESS_GROUP_VISIBLE("g.access_mode", "g.key")                                    \
    " THEN 1 ELSE 0 END AS \"group_seen_key\", n.person_key AS \"who_key\", "                      \
    "p.key AS \"person_key\", p.id AS \"personId\", p.name AS \"personName\", "                    \
    "nb.id AS \"nominatorId\", o.name AS \"nominatorName\", "                                      \
    "n.nominator_key AS \"nominator_key\", o.type AS \"nominator_type_key\", "                     \
    "n.role AS \"role\", n.capacity AS \"capacity\", "                                             \
    "n.competences AS \"competences\", n.statement AS \"statement\", n.state AS \"status\", "      \
    STAGE " AS \"stage\", n.answer AS \"answer\", n.answered_at AS \"answeredAt\", "               \
    CHECK_COLUMNS("rc", "ra", "region") CHECK_COLUMNS("ec", "ea", "employer")                      \
    "ec.workload_percent AS \"employer_percent_key\", " DECLARED " AS \"declared_key\", "          \
    "dc.at AS \"declared_at_key\", n.submitted_at AS \"submittedAt\", "                            \
    "n.decided_at AS \"decidedAt\", db.id AS \"decidedForId\", "                                  \
    "dw.full_name AS \"decidedForName\", "                                                         \
    "n.decision_reference AS \"decisionReference\", n.reason AS \"reason\", "                      \
    "m.id AS \"membershipId\", n.support_told_at AS \"supportToldAt\" "                            \
    "FROM nomination n JOIN nomination_call c ON c.key = n.call_key "                              \
    "JOIN workgroup g ON g.key = c.group_key JOIN body gb ON gb.key = g.key "                      \
    "LEFT JOIN person p ON p.key = n.person_key AND " NAMED " "                                    \
    "LEFT JOIN organisation o ON o.key = n.nominator_key LEFT JOIN body nb ON nb.key = o.key "     \
    LAST_CHECK("rc", "ra", "regionProcess") LAST_CHECK("ec", "ea", "employer")                     \
    "LEFT JOIN nomination_check dc ON dc.key = (SELECT x.key FROM nomination_check x "             \
    "WHERE x.nomination_key = n.key AND x.name = 'declaration' "                                   \
    "ORDER BY x.at DESC, x.key DESC LIMIT 1) "                                                     \
    "LEFT JOIN workgroup dw ON dw.key = n.decided_for_key AND "                                    \
    ACCESS_GROUP_VISIBLE("dw.access_mode", "dw.key") " LEFT JOIN body db ON db.key = dw.key "      \
    "LEFT JOIN membership m ON m.key = n.membership_key"

/* ---------------------------------------------------------------- within one call or group */

static bool one_value(const char *text)
{
    return text && *text && !strchr(text, ',');
}

bool nomination_within(const struct ctx *ctx)
{
    static const char *const places[] = {"/nominations/{", "/nomination-calls/{", "/groups/{"};
    const char *path = ctx->route->path;
    if (!strcmp(path, "/nominations"))
        return ctx->route->shape != SHAPE_LIST || one_value(ctx_query(ctx, "callId")) ||
               one_value(ctx_query(ctx, "groupId"));
    for (size_t i = 0; i < LEN(places); i++)
        if (!strncmp(path, places[i], strlen(places[i])))
            return true;
    return ctx->actor->everything;
}

static void refuse_gathering(struct ctx *ctx)
{
    const char *asked = ctx_query(ctx, "capacity"), *sort = ctx_query(ctx, "sort");
    bool filters = asked && *asked;
    if (!nomination_within(ctx) && (filters || (sort && strstr(sort, "capacity"))))
        err_field(ctx->err, filters ? "capacity" : "sort",
                  N_("This is told within one call or group only: give callId or groupId."), NULL);
}

/* Whom a patient organisation nominates are patients: asked by organisation, only its own
 * coordinators find them across groups. */
#define UNGATHERED                                                                                 \
    "(\"capacity\" NOT IN ('patient', 'nextOfKin') OR " COORDINATED("\"nominator_key\"") ")"

enum code nomination_list(struct ctx *ctx, struct fixed fixed, struct answer *out)
{
    refuse_gathering(ctx);
    bool gathers = ctx_query(ctx, "nominatorId") && !nomination_within(ctx);
    if (!fixed.condition && access_sees_all(ctx))
        fixed.condition = gathers ? UNGATHERED : NULL;
    else if (!fixed.condition)
        fixed.condition = gathers ? WITHIN_REACH " AND " UNGATHERED : WITHIN_REACH;
    enum code c = resource_list(ctx, &nomination_resource, fixed, &out->document);
    if (c || !ctx_page(ctx) || nomination_within(ctx))
        return c;
    json_t *filters = json_object_get(json_object_get(out->document, "_embedded"), "filters");
    for (size_t i = json_array_size(filters); i-- > 0;)
        if (!strcmp(json_text(json_array_get(filters, i), "name"), "capacity"))
            json_array_remove(filters, i);
    return OK;
}

/* ---------------------------------------------------------------- what every item gets */

static const char *member(struct ctx *ctx, const json_t *item, const char *check, const char *what)
{
    return json_text(item, arena_printf(ctx->arena, "%s_%s_key", check, what));
}

/* Across groups only that it is done: who said so, or that nobody had to, tells what the person is
 * there as. */
static json_t *check_of(struct ctx *ctx, const json_t *item, const char *check, bool within)
{
    json_t *one = json_object();
    const char *outcome = member(ctx, item, check, "outcome");
    bool exempt = outcome && !strcmp(outcome, "notApplicable");
    json_put_bool(one, "done", exempt || (outcome && !strcmp(outcome, "approved")));
    json_put(one, "at", member(ctx, item, check, "at"));
    if (!within)
        return one;
    json_put_bool(one, "notApplicable", exempt);
    json_put(one, "outcome", outcome);
    json_put(one, "outcomeLabel", outcome ? value_label(ctx, check_outcomes, outcome) : "");
    json_put(one, "by", member(ctx, item, check, "by"));
    json_put(one, "reason", member(ctx, item, check, "reason"));
    return one;
}

/* Its outcome is for those who may read it (domain.md 3): they, and the person. */
static json_t *declaration_check(struct ctx *ctx, const json_t *item)
{
    json_t *one = json_object();
    struct standing_review stands = {0};
    long long who = json_int(item, "who_key", 0), group = json_int(item, "group_key", 0);
    const char *kept = json_text(item, "declared_at_key");
    bool done = json_int(item, "declared_key", 0) != 0;
    if (done && !kept)
        declaration_standing(ctx, who, group, &stands);
    json_put_bool(one, "done", done);
    json_put(one, "at", kept ? kept : stands.reviewed_at);
    bool reads = ctx->actor->person_key == who || may(ctx, ACT_SEE_STATUSES, group);
    if (!reads || kept || strcmp(json_text(item, "status"), "submitted"))
        return one;
    if (!done)
        declaration_standing(ctx, who, group, &stands);
    json_put(one, "outcome", stands.outcome);
    json_put(one, "outcomeLabel",
             stands.outcome ? value_label(ctx, declaration_outcomes, stands.outcome) : "");
    json_put(one, "by", stands.by_name);
    return one;
}

static json_t *effect_of(struct ctx *ctx, const json_t *item)
{
    struct nomination_row row = {.key = json_int(item, "key", 0),
                                 .group_key = json_int(item, "group_key", 0),
                                 .nominator_key = json_int(item, "nominator_key", 0),
                                 .nominator_type = json_text(item, "nominator_type_key"),
                                 .role = json_text(item, "role"),
                                 .capacity = json_text(item, "capacity")};
    const char *status = json_text(item, "status");
    bool open = !strcmp(status, "draft") || !strcmp(status, "submitted") ||
                !strcmp(status, "reserve");
    return open && json_int(item, "group_seen_key", 0) ? nomination_effect(ctx, &row, false)
                                                       : json_null();
}

static void put_requirements(struct ctx *ctx, json_t *item)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT q.id AS \"id\" FROM nomination_requirement r "
                           "JOIN requirement q ON q.key = r.requirement_key "
                           "WHERE r.nomination_key = ?1 ORDER BY q.position, q.key",
                           json_int(item, "key", 0));
    json_t *ids = json_put_new(item, "requirementIds", json_array()), *row;
    size_t i;
    json_array_foreach(rows, i, row)
        json_array_append(ids, json_object_get(row, "id"));
    json_decref(rows);
}

/* Absent, not null: who may not read a member does not learn whether there is one. */
static void finish(struct ctx *ctx, json_t *items)
{
    static const char *const told_within[] = {"capacity", "competences", "statement", "reason"};
    bool within = nomination_within(ctx);
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item) {
        json_t *checks = json_put_new(item, "checks", json_object());
        json_put_new(checks, "regionProcess", check_of(ctx, item, "region", within));
        json_t *employer =
            json_put_new(checks, "employer", check_of(ctx, item, "employer", within));
        json_put_new(checks, "declaration", declaration_check(ctx, item));
        if (within) {
            json_object_set(employer, "workloadPercent",
                            json_object_get(item, "employer_percent_key"));
            json_put_new(item, "effect", effect_of(ctx, item));
            put_requirements(ctx, item);
        }
        for (size_t t = 0; !within && t < LEN(told_within); t++)
            json_object_del(item, told_within[t]);
    }
}

/* ---------------------------------------------------------------- what the caller may do now */

static void links(struct ctx *ctx, json_t *object)
{
    static const struct {
        bool (*may)(struct ctx *ctx, const struct nomination_row *row);
        const char *rel, *method, *path;
    } ways[] = {
        {nomination_may_change, "edit", "PATCH", ""},
        {nomination_may_change, "delete", "DELETE", ""},
        {nomination_may_submit, "submit", "POST", "/submissions"},
        {nomination_may_answer, "answer", "POST", "/answers"},
        {nomination_may_record, "approve-region", "POST", "/region-approvals"},
        {nomination_may_record, "approve-employer", "POST", "/employer-approvals"},
        {nomination_may_request, "request-employer", "POST", "/employer-requests"},
        {nomination_may_exempt, "exempt", "POST", "/exemptions"},
        {nomination_may_decide, "decide", "POST", "/decisions"},
        {nomination_may_withdraw, "withdraw", "POST", "/withdrawals"},
    };
    struct nomination_row row;
    const char *path = arena_printf(ctx->arena, "/nominations/%s", json_text(object, "id"));
    if (nomination_row_of(ctx, json_int(object, "key", 0), &row))
        return;
    for (size_t i = 0; i < LEN(ways); i++)
        if (ways[i].may(ctx, &row))
            ctx_link(ctx, object, ways[i].rel, ways[i].method,
                     arena_join(ctx->arena, path, ways[i].path, NULL));
    ctx->as_support = false; /* asked, not done */
}

const struct resource nomination_resource = {
    .name = "nominations",
    .noun = N_("nomination"),
    .table = "nomination",
    .select = SELECT,
    .visible = KNOWN,
    .found = "fold(\"personName\") LIKE '%' || ?5 || '%'",
    .found_plain = true,
    .order = "\"submittedAt\" DESC, \"key\" DESC",
    .size = sizeof(struct nomination_input),
    .fields = nomination_fields,
    .finish = finish,
    .links = links,
    .personal = true,
};
