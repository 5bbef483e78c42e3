/* declaration.c: declarations as resources: fields and the selects that say what one is today, to
 * whom.
 *
 * Owns the values of domain.md 3 and the reading of the table declaration. There are two readings:
 * a list never has what somebody declared, for anyone, so its select does not fetch it; one object
 * has it until declaration_access.c has taken away what this reader may not have. Must not know
 * who may do what (declaration_rules.c) nor how it is shown. */
#include <string.h>
#include "internal.h"

const struct value declaration_statuses[] = {
    {"draft", NC_("declaration", "Draft")},
    {"submitted", NC_("declaration", "Submitted")},
    {"reviewed", NC_("declaration", "Reviewed")},
    {"superseded", NC_("declaration", "Superseded")},
    {"expired", NC_("declaration", "Expired")},
    {"withdrawn", NC_("declaration", "Withdrawn")},
    {NULL, NULL},
};

const struct value declaration_variants[] = {
    {"publicRepresentative", NC_("declaration", "Representative of a public body")},
    {"patientRepresentative", NC_("declaration", "Patient or next of kin")},
    {"organisationRepresentative", NC_("declaration", "Representative of an organisation")},
    {"staff", NC_("declaration", "Staff who support the group")},
    {NULL, NULL},
};

const struct value declaration_outcomes[] = {
    {"noConflict", NC_("outcome", "No conflict of interest")},
    {"declareOnly", NC_("outcome", "Declared openly")},
    {"partialExclusion", NC_("outcome", "Takes part with limits")},
    {"completeExclusion", NC_("outcome", "Does not take part in the matter")},
    {"notEligible", NC_("outcome", "Cannot be appointed")},
    {NULL, NULL},
};

const struct value declaration_kinds[] = {
    {"employment", NC_("interest", "Employment")},
    {"consultancy", NC_("interest", "Consultancy")},
    {"advisoryBoard", NC_("interest", "Advisory board")},
    {"boardRole", NC_("interest", "Seat on a board")},
    {"lectureFee", NC_("interest", "Fee for a lecture")},
    {"travelSupport", NC_("interest", "Travel or conference paid for")},
    {"researchFunding", NC_("interest", "Research funding")},
    {"clinicalTrial", NC_("interest", "Clinical trial")},
    {"ownership", NC_("interest", "Shares or ownership")},
    {"intellectualProperty", NC_("interest", "Patent or other right")},
    {"expertTestimony", NC_("interest", "Expert testimony")},
    {"giftOrService", NC_("interest", "Gift or service")},
    {"publicPosition", NC_("interest", "Public position")},
    {"organisationRole", NC_("interest", "Role in an organisation")},
    {"organisationFunding", NC_("interest", "Funding of the organisation")},
    {"closeRelation", NC_("interest", "Interest of somebody close")},
    {"priorHandling", NC_("interest", "Has handled the matter before")},
    {"other", NC_("interest", "Other")},
    {NULL, NULL},
};

const struct value declaration_proximities[] = {
    {"direct", NC_("proximity", "Direct")},
    {"indirect", NC_("proximity", "Indirect")},
    {NULL, NULL},
};

const struct value declaration_natures[] = {
    {"financial", NC_("interest", "Financial")},
    {"nonFinancialProfessional", NC_("interest", "Professional, without payment")},
    {"nonFinancialPersonal", NC_("interest", "Personal, without payment")},
    {NULL, NULL},
};

const struct value declaration_holders[] = {
    {"self", NC_("holder", "I myself")},
    {"closeRelative", NC_("holder", "Somebody close to me")},
    {"household", NC_("holder", "Somebody in my household")},
    {"employer", NC_("holder", "My employer")},
    {"ownCompany", NC_("holder", "My own company")},
    {"organisation", NC_("holder", "An organisation that I am active in")},
    {NULL, NULL},
};

const struct value declaration_amounts[] = {
    {"none", NC_("amount", "No payment")},
    {"upTo10kSek", NC_("amount", "Up to SEK 10,000")},
    {"upTo50kSek", NC_("amount", "Up to SEK 50,000")},
    {"upTo150kSek", NC_("amount", "Up to SEK 150,000")},
    {"over150kSek", NC_("amount", "Over SEK 150,000")},
    {"undisclosed", NC_("amount", "I may not say")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- fields */

#define AT(member) offsetof(struct declaration_input, member)

const struct field declaration_interest_fields[] = {
    {.name = "kind", .label = N_("Kind of interest"), .type = T_ENUM, .flags = F_REQUIRED,
     .values = declaration_kinds},
    {.name = "counterparty", .label = N_("Company, organisation or other party"), .type = T_TEXT,
     .flags = F_REQUIRED, .hint = N_("Never the name of a relative or of another private person.")},
    {.name = "proximity", .label = N_("Proximity"), .type = T_ENUM, .flags = F_REQUIRED,
     .values = declaration_proximities,
     .hint = N_("Direct: it concerns you. Indirect: it concerns somebody close to you, or your "
                "employer.")},
    {.name = "nature", .label = N_("Nature"), .type = T_ENUM, .flags = F_REQUIRED,
     .values = declaration_natures},
    {.name = "holder", .label = N_("Whose interest it is"), .type = T_ENUM, .flags = F_REQUIRED,
     .values = declaration_holders},
    {.name = "description", .label = N_("Description"), .type = T_LINES, .max = 1000},
    {.name = "startDate", .label = N_("First day"), .type = T_DAY},
    {.name = "endDate", .label = N_("Last day"), .type = T_DAY,
     .hint = N_("Empty as long as it goes on.")},
    {.name = "payee", .label = N_("Who was paid"), .type = T_TEXT,
     .hint = N_("You, your employer, your company: never the name of a private person.")},
    {.name = "amountBand", .label = N_("Amount in a year"), .type = T_ENUM,
     .values = declaration_amounts},
    {.name = "expectedFuture", .label = N_("Expected to come, or to go on"), .type = T_BOOL},
    {0},
};

/* A group that the person knows by being named for it is known, also one that is closed to others.
 */
static const struct reference asked_group = {
    .noun = N_("group"),
    .find = "SELECT g.key FROM body b JOIN workgroup g ON g.key = b.key WHERE b.id = ?1 AND ("
            ACCESS_GROUP_VISIBLE("g.access_mode", "g.key") " OR EXISTS (SELECT 1 "
            "FROM participation p WHERE p.person_key = ?3 AND p.group_key = g.key))",
    .name = "SELECT full_name FROM workgroup WHERE key = ?1",
    .lookup = "/search?type=groups",
    .person_or_body = true,
};

/* Asked of the groups through which the reader knows of the declaration, so that the filter tells
 * no more than the list does. */
#define ASKS_GROUP                                                                                 \
    "\"key\" IN (SELECT fg.declaration_key FROM declaration_group fg "                             \
    "JOIN declaration fd ON fd.key = fg.declaration_key JOIN body fb ON fb.key = fg.group_key "    \
    "WHERE (?2 = 1 OR fd.person_key = ?3 OR EXISTS (SELECT 1 FROM participation fp "               \
    "WHERE fp.person_key = fd.person_key AND fp.group_key = fg.group_key AND " PARTICIPATES("fp")  \
    " AND " KNOWS_BY("fp") ")) AND fb.id IN"

#define KNOWN_FIELDS                                                                               \
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},                         \
    {.name = "personId", .label = N_("Person"), .type = T_REF, .at = AT(person),                   \
     .flags = F_CREATE | F_FILTER, .reference = &person_reference, .column = "person_key",         \
     .hint = N_("Oneself when nothing is said; another's only for a form signed on paper.")},      \
    {.name = "groupIds", .label = N_("Groups that review it"), .type = T_REFS, .at = AT(groups),   \
     .reference = &asked_group,                                                                    \
     .hint = N_("The groups where the person sits, will sit or is nominated, when nothing is "     \
                "said.")},                                                                         \
    {.name = "groupId", .label = N_("Group"), .type = T_REF,                                       \
     .flags = F_DERIVED | F_FILTER | F_HIDDEN, .reference = &group_reference,                      \
     .column = ASKS_GROUP},                                                                        \
    {.name = "status", .label = N_("Status"), .type = T_ENUM,                                      \
     .flags = F_DERIVED | F_FILTER | F_SORT, .values = declaration_statuses},                      \
    {.name = "submittedAt", .label = N_("Submitted"), .type = T_INSTANT,                           \
     .flags = F_DERIVED | F_SORT},                                                                 \
    {.name = "validUntil", .label = N_("Valid until"), .type = T_DAY,                              \
     .flags = F_DERIVED | F_SORT},                                                                 \
    {.name = "onPaper", .label = N_("Signed on paper"), .type = T_BOOL, .flags = F_DERIVED},       \
    {.name = "recordedBy", .label = N_("Recorded by"), .type = T_TEXT, .flags = F_DERIVED},        \
    {.name = "signedDate", .label = N_("Signed on"), .type = T_DAY, .at = AT(signed_date),         \
     .column = "signed_date", .hint = N_("Of a form signed on paper.")},                           \
    {.name = "reviews", .label = N_("Reviews"), .type = T_JSON, .flags = F_DERIVED | F_PRIVATE,    \
     .schema = "{\"type\":\"array\",\"items\":{\"type\":\"object\","                               \
               "\"required\":[\"groupId\",\"outcome\",\"validUntil\"],\"properties\":{"            \
               "\"groupId\":{\"type\":\"string\"},\"groupName\":{\"type\":\"string\"},"            \
               "\"outcome\":{\"type\":\"string\"},\"outcomeLabel\":{\"type\":\"string\"},"         \
               "\"conditions\":{\"type\":[\"string\",\"null\"]},"                                  \
               "\"validUntil\":{\"type\":\"string\",\"format\":\"date\"},"                         \
               "\"at\":{\"type\":\"string\",\"format\":\"date-time\"},"                            \
               "\"reviewerId\":{\"type\":[\"string\",\"null\"]},"                                  \
               "\"reviewerName\":{\"type\":[\"string\",\"null\"]},"                                \
               "\"motivation\":{\"type\":[\"string\",\"null\"]}}}}"}

/* What is declared is in no filter, no order and no history. */
static const struct field declaration_fields[] = {
    KNOWN_FIELDS,
    {.name = "formVariant", .label = N_("Form"), .type = T_ENUM, .at = AT(variant),
     .flags = F_PRIVATE, .values = declaration_variants},
    {.name = "noInterests", .label = N_("I have no interests to declare"), .type = T_BOOL,
     .at = AT(no_interests), .flags = F_PRIVATE, .column = "no_interests"},
    {.name = "interests", .label = N_("Interests"), .type = T_ROWS, .at = AT(interests),
     .flags = F_PRIVATE, .column = "interests", .rows = declaration_interest_fields},
    {.name = "attested", .label = N_("I assure that this is complete and true"), .type = T_BOOL,
     .at = AT(attested), .flags = F_PRIVATE, .column = "attested"},
    {.name = "beginFrom", .label = N_("Begun from"), .type = T_TEXT, .at = AT(begin_from),
     .flags = F_CREATE | F_HIDDEN | F_PRIVATE,
     .schema = "{\"type\":[\"string\",\"boolean\",\"null\"]}",
     .hint = N_("The id of an earlier declaration of one's own, or true for the last one: its "
                "interests are copied.")},
    {0},
};

static const struct field list_fields[] = {KNOWN_FIELDS, {0}};

/* ---------------------------------------------------------------- the selects */

/* A protected identity is told to support, to officers of a group of the person, and to herself. */
#define NAMED                                                                                      \
    "(p.protected_identity = 0 OR p.key = ?3 OR ?2 = 1 OR EXISTS (SELECT 1 FROM participation np " \
    "WHERE np.person_key = p.key AND " PARTICIPATES("np") " AND " ACCESS_GROUP_OFFICER(            \
        "np.group_key") "))"

#define COLUMNS                                                                                    \
    "SELECT d.key AS \"key\", d.version AS \"version\", d.modified AS \"modified\", "              \
    "d.id AS \"id\", d.person_key AS \"whose_key\", d.state AS \"state_key\", "                    \
    "d.on_paper AS \"paper_key\", d.entered_by_key AS \"writer_key\", n.key AS \"person_key\", "   \
    "n.id AS \"personId\", n.name AS \"personName\", " DECLARATION_STATUS("d") " AS \"status\", "  \
    "d.submitted_at AS \"submittedAt\", d.valid_until AS \"validUntil\", "                         \
    "d.on_paper AS \"onPaper\", CASE WHEN d.on_paper = 1 THEN (SELECT coalesce(a.name, a.email) "  \
    "FROM account a WHERE a.key = d.entered_by_key) END AS \"recordedBy\", "                       \
    "d.signed_date AS \"signedDate\""
#define TABLES                                                                                     \
    " FROM declaration d JOIN person p ON p.key = d.person_key "                                   \
    "LEFT JOIN person n ON n.key = p.key AND " NAMED

/* A draft is its writer's alone. */
#define OWN_DRAFT                                                                                  \
    "(\"state_key\" = 'draft' AND CASE WHEN \"paper_key\" = 1 THEN \"writer_key\" = ?7 "           \
    "ELSE \"whose_key\" = ?3 END)"

/* KNOWN_TO_READER for a list: gathered once. */
#define KNOWN_FROM(whence)                                                                         \
    "SELECT kg.declaration_key FROM participation kp JOIN declaration kd "                         \
    "ON kd.person_key = kp.person_key JOIN declaration_group kg ON kg.declaration_key = kd.key "   \
    "AND kg.group_key = kp.group_key WHERE " whence " AND " PARTICIPATES("kp") " AND " KNOWS_BY("kp")
#define KNOWN_ALL                                                                                  \
    "((?3 > 0 OR ?7 > 0) AND \"key\" IN (" KNOWN_FROM("kp.group_key IN " GROUPS_OF_READER)         \
    " UNION ALL " KNOWN_FROM("kp.on_behalf_of_key IN " AREAS_OF_READER) "))"
/* All that can be visible, found by what the reader is: a list of all begins with it. It only
 * narrows; who sees everything does without. */
#define REACHED_FROM(whence)                                                                       \
    "SELECT kg.declaration_key FROM participation kp CROSS JOIN declaration kd "                   \
    "CROSS JOIN declaration_group kg WHERE kd.person_key = kp.person_key "                         \
    "AND kg.declaration_key = kd.key AND kg.group_key = kp.group_key AND " whence
#define WITHIN_REACH                                                                               \
    "\"key\" IN (SELECT own.key FROM declaration own WHERE own.person_key = ?3 UNION ALL "         \
    "SELECT own.key FROM declaration own WHERE own.entered_by_key = ?7 AND own.state = 'draft' "   \
    "UNION ALL " REACHED_FROM("kp.group_key IN " GROUPS_OF_READER) " UNION ALL "                   \
    REACHED_FROM("kp.on_behalf_of_key IN " AREAS_OF_READER) ")"
#define VISIBLE(known)                                                                             \
    "(" OWN_DRAFT " OR (\"state_key\" <> 'draft' AND (?2 = 1 OR \"whose_key\" = ?3 OR " known ")))"

/* ---------------------------------------------------------------- what the caller may do now */

static void label(struct ctx *ctx, json_t *interest)
{
    for (const struct field *field = declaration_interest_fields; field->name; field++) {
        const char *code = field->values ? json_text(interest, field->name) : NULL;
        if (code)
            json_put(interest, arena_join(ctx->arena, field->name, "Label", NULL),
                     value_label(ctx, field->values, code));
    }
}

static void link_acts(struct ctx *ctx, json_t *object, const char *path)
{
    const char *state = json_text(object, "state_key"), *status = json_text(object, "status");
    bool own = ctx->actor->person_key == json_int(object, "whose_key", 0);
    if (ctx->actor->read_only)
        return;
    if (!strcmp(state, "draft")) {
        ctx_link(ctx, object, "edit", "PATCH", path);
        ctx_link(ctx, object, "delete", "DELETE", path);
        ctx_link(ctx, object, "submit", "POST", arena_join(ctx->arena, path, "/submissions", NULL));
    } else if (own && !strcmp(state, "submitted")) {
        ctx_link(ctx, object, "withdraw", "POST",
                 arena_join(ctx->arena, path, "/withdrawals", NULL));
    } else if (!own && (!strcmp(status, "submitted") || !strcmp(status, "reviewed")) &&
               declaration_reviews_any(ctx, json_int(object, "key", 0))) {
        ctx_link(ctx, object, "review", "POST", arena_join(ctx->arena, path, "/reviews", NULL));
        ctx_link(ctx, object, "inquire", "POST", arena_join(ctx->arena, path, "/inquiries", NULL));
    }
    if (own)
        ctx_link(ctx, object, "readings", "GET", arena_join(ctx->arena, path, "/readings", NULL));
}

/* Of one object alone: a form's rows have no labels. */
static void links(struct ctx *ctx, json_t *object)
{
    json_t *interest;
    size_t i;
    json_array_foreach(json_object_get(object, "interests"), i, interest)
        label(ctx, interest);
    link_acts(ctx, object,
              arena_printf(ctx->arena, "/declarations/%s", json_text(object, "id")));
}

/* ---------------------------------------------------------------- the resources */

const struct resource declaration_resource = {
    .name = "declarations",
    .noun = N_("declaration"),
    .table = "declaration",
    .select = COLUMNS ", (SELECT f.variant FROM declaration_form f WHERE f.key = d.form_key) "
                      "AS \"formVariant\", d.no_interests AS \"noInterests\", "
                      "d.interests AS \"interests\", d.attested AS \"attested\"" TABLES,
    .visible = VISIBLE(KNOWN_TO_READER("\"key\"", "\"whose_key\"")),
    .order = "\"submittedAt\" DESC, \"key\" DESC",
    .size = sizeof(struct declaration_input),
    .fields = declaration_fields,
    .finish = declaration_shape,
    .links = links,
    .personal = true,
};

const struct resource declaration_list_resource = {
    .name = "declarations",
    .noun = N_("declaration"),
    .table = "declaration",
    .select = COLUMNS TABLES,
    .visible = VISIBLE(KNOWN_ALL),
    .order = "\"submittedAt\" DESC, \"key\" DESC",
    .size = sizeof(struct declaration_input),
    .fields = list_fields,
    .finish = declaration_shape,
    .personal = true,
};

enum code declaration_list(struct ctx *ctx, struct answer *out)
{
    struct fixed fixed = {.condition = access_sees_all(ctx) ? NULL : WITHIN_REACH};
    return resource_list(ctx, &declaration_list_resource, fixed, &out->document);
}
