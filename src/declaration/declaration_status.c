/* declaration_status.c: who of a group has declared, and reminding those who have not.
 *
 * Owns the rows of "who has declared": one for each seat or role now or to come, and each
 * nomination that awaits its decision or stands in reserve. A row says that somebody has declared
 * and until when, and the outcome; never what, nor in which capacity somebody takes part. Must not
 * know how a review is given. */
#include <string.h>
#include <kansli/crypt.h>
#include <kansli/mail.h>
#include <kansli/membership.h>
#include "internal.h"

static const struct value statuses[] = {
    {"missing", NC_("standing", "Not declared")},
    {"submitted", NC_("standing", "Awaits review")},
    {"reviewed", NC_("standing", "Reviewed")},
    {"expiring", NC_("standing", "Runs out soon")},
    {"expired", NC_("standing", "Run out")},
    {NULL, NULL},
};

static const struct field status_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "personId", .label = N_("Person"), .type = T_REF, .flags = F_DERIVED | F_FILTER,
     .reference = &person_reference},
    {.name = "personName", .label = N_("Name"), .type = T_TEXT, .flags = F_DERIVED | F_SORT},
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .flags = F_DERIVED | F_FILTER,
     .reference = &group_reference},
    {.name = "groupName", .label = N_("Group, in words"), .type = T_TEXT,
     .flags = F_DERIVED | F_SORT},
    {.name = "role", .label = N_("Role"), .type = T_ENUM, .flags = F_DERIVED | F_FILTER | F_SORT,
     .values = membership_roles},
    {.name = "nominated", .label = N_("Nominated"), .type = T_BOOL, .flags = F_DERIVED | F_FILTER},
    {.name = "status", .label = N_("Status"), .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER | F_SORT, .values = statuses},
    {.name = "outcome", .label = N_("Outcome"), .type = T_ENUM, .flags = F_DERIVED,
     .values = declaration_outcomes},
    {.name = "conditions", .label = N_("Conditions"), .type = T_LINES, .flags = F_DERIVED},
    {.name = "submittedAt", .label = N_("Submitted"), .type = T_INSTANT,
     .flags = F_DERIVED | F_SORT},
    {.name = "validUntil", .label = N_("Valid until"), .type = T_DAY, .flags = F_DERIVED | F_SORT},
    {.name = "remindedAt", .label = N_("Reminded"), .type = T_INSTANT, .flags = F_DERIVED | F_SORT},
    {0},
};

/* ---------------------------------------------------------------- the select
 *
 * As declaration_standing says it, for many at once: r is the last review for the person and
 * group, d the last declaration that asks the group. Memberships and nominations are two halves
 * that each find their rows by their own indexes, with keys above and below zero; their columns
 * have the same types, without which SQLite would make both halves before it looks. Whose rows are
 * looked at is said thrice: of one group, of all groups for who sees everything, and of those that
 * a reader can know of, gathered once. Nothing but t decides whether a row is there: what is joined
 * to it, a count leaves out. */

#define MEMBERSHIPS                                                                                \
    "SELECT m.key AS key, m.key AS own_key, m.id AS id, m.modified AS modified, "                  \
    "m.key AS membership_key, m.person_key AS person_key, m.group_key AS group_key, "              \
    "m.role AS role, m.on_behalf_of_key AS on_behalf_of_key, m.end_date AS end_date "              \
    "FROM membership m WHERE m.role NOT IN ('contact', 'observer')"
#define NOMINATIONS                                                                                \
    "SELECT CAST(-n.key AS INTEGER) AS key, n.key AS own_key, n.id AS id, "                        \
    "n.modified AS modified, CAST(0 AS INTEGER) AS membership_key, "                               \
    "n.person_key AS person_key, c.group_key AS group_key, n.role AS role, "                       \
    "n.nominator_key AS on_behalf_of_key, CAST(NULL AS TEXT) AS end_date FROM nomination n "       \
    "JOIN nomination_call c ON c.key = n.call_key "                                                \
    "WHERE coalesce(n.state, '') IN ('submitted', 'reserve')"

#define LAST_REVIEW                                                                                \
    "(SELECT v.key FROM declaration e JOIN declaration_review v ON v.declaration_key = e.key "     \
    "WHERE e.person_key = t.person_key AND e.state = 'submitted' AND v.group_key = t.group_key "   \
    "ORDER BY v.at DESC, v.key DESC LIMIT 1)"
#define LAST_ASKING                                                                                \
    "(SELECT e.key FROM declaration e JOIN declaration_group v ON v.declaration_key = e.key "      \
    "WHERE e.person_key = t.person_key AND e.state = 'submitted' AND v.group_key = t.group_key "   \
    "ORDER BY e.submitted_at DESC, e.key DESC LIMIT 1)"
#define STATUS                                                                                     \
    "CASE WHEN r.valid_until > day_add(?4, 90) THEN 'reviewed' WHEN r.valid_until >= ?4 "          \
    "THEN 'expiring' WHEN d.valid_until >= ?4 AND NOT EXISTS (SELECT 1 FROM declaration_review v " \
    "WHERE v.declaration_key = d.key AND v.group_key = t.group_key) THEN 'submitted' "             \
    "WHEN r.key IS NULL AND d.key IS NULL THEN 'missing' ELSE 'expired' END"
#define REMINDED                                                                                   \
    "(SELECT x.created FROM mail x WHERE (x.person_key = t.person_key OR x.account_key IN ("       \
    "SELECT a.key FROM account a WHERE a.person_key = t.person_key)) "                             \
    "AND (x.event LIKE 'declaration-statuses:' || b.id || ':%' "                                   \
    "OR (x.kind = 'reminder' AND x.event LIKE 'declarations:%')) "                                 \
    "ORDER BY x.created DESC LIMIT 1)"
/* A protected identity is told to support, the group's officers and herself; everyone else who
 * sees a row works with the person. */
#define NAMED                                                                                      \
    "(p.protected_identity = 0 OR p.key = ?3 OR " ACCESS_GROUP_OFFICER("t.group_key") ")"

#define ROWS(rows, nominated, known)                                                               \
    "SELECT t.key AS \"key\", 1 AS \"version\", t.modified AS \"modified\", t.id AS \"id\", "      \
    "t.group_key AS \"group_key\", p.id AS \"personId\", p.name AS \"personName\", "               \
    "b.id AS \"groupId\", w.full_name AS \"groupName\", t.role AS \"role\", "                      \
    nominated " AS \"nominated\", t.own_key AS \"row_key\", " STATUS " AS \"status\", "            \
    "CASE WHEN r.valid_until >= ?4 THEN r.outcome END AS \"outcome\", "                            \
    "CASE WHEN r.valid_until >= ?4 THEN r.conditions END AS \"conditions\", "                      \
    "d.submitted_at AS \"submittedAt\", CASE WHEN r.valid_until >= ?4 OR d.key IS NULL "           \
    "OR r.declaration_key = d.key THEN r.valid_until ELSE d.valid_until END AS \"validUntil\", "   \
    REMINDED " AS \"remindedAt\", CASE t.role WHEN 'chair' THEN 1 WHEN 'viceChair' THEN 2 "        \
    "WHEN 'processLeader' THEN 3 WHEN 'secretary' THEN 4 ELSE 5 END AS \"rank_key\" FROM (" rows   \
    ") AS t LEFT JOIN workgroup w ON w.key = t.group_key LEFT JOIN body b ON b.key = t.group_key " \
    "LEFT JOIN person p ON p.key = t.person_key AND " NAMED                                        \
    " LEFT JOIN declaration_review r ON r.key = " LAST_REVIEW                                      \
    " LEFT JOIN declaration d ON d.key = " LAST_ASKING " WHERE " PARTICIPATES("t") known
#define BOTH(seats, nominations, known)                                                            \
    ROWS(MEMBERSHIPS seats, "0", known) " UNION ALL " ROWS(NOMINATIONS nominations, "1", known)

#define KNOWN "(?2 = 1 OR t.person_key = ?3 OR " KNOWS_BY("t") ")"
/* What is asked of each row is asked only of those that it can be true of. */
#define SEATS_WITHIN_REACH                                                                         \
    " AND (m.person_key = ?3 OR m.group_key IN " GROUPS_OF_READER                                  \
    " OR m.on_behalf_of_key IN " AREAS_OF_READER ")"
#define NOMINATIONS_WITHIN_REACH                                                                   \
    " AND n.key IN (SELECT x.key FROM nomination x WHERE x.person_key = ?3 UNION ALL "             \
    "SELECT x.key FROM nomination_call y CROSS JOIN nomination x WHERE x.call_key = y.key "        \
    "AND y.group_key IN " GROUPS_OF_READER " UNION ALL "                                           \
    "SELECT x.key FROM nomination x WHERE x.nominator_key IN " AREAS_OF_READER ")"

#define STATUSES                                                                                   \
    .name = "declaration-statuses", .noun = N_("status of declaration"), .table = "membership",    \
    .fields = status_fields, .personal = true

/* Of one group, or one. */
const struct resource declaration_status_resource = {
    STATUSES,
    .select = BOTH("", "", " AND " KNOWN),
    .order = "\"nominated\", \"rank_key\", \"personName\", \"key\"",
    .joined = true,
};

static const struct resource all_statuses = {
    STATUSES,
    .select = BOTH("", "", ""),
    .order = "\"row_key\", \"nominated\"", /* as each half lies: a page looks at no more rows */
    .joined = true,
};

static const struct resource known_statuses = {
    STATUSES,
    .select = BOTH(SEATS_WITHIN_REACH, NOMINATIONS_WITHIN_REACH, " AND " KNOWN),
    .order = "\"groupName\", \"group_key\", \"nominated\", \"rank_key\", \"personName\", \"key\"",
    .joined = true,
};

enum code declaration_statuses_of_all(struct ctx *ctx, struct answer *out)
{
    return resource_list(ctx, access_sees_all(ctx) ? &all_statuses : &known_statuses,
                         (struct fixed){0}, &out->document);
}

/* ---------------------------------------------------------------- reading */

/* For anybody who takes part there: also a reviewer of one. */
static bool reviews_some(struct ctx *ctx, long long group_key)
{
    return db_exists(ctx->tx,
                     "SELECT 1 FROM participation p WHERE p.group_key = ?5 "
                     "AND " PARTICIPATES("p") " AND " REVIEWS("p"),
                     DECLARATION_ARGS(ctx, group_key));
}

unsigned declaration_to_group(struct ctx *ctx, long long group_key)
{
    unsigned is = access_to_group(ctx, group_key);
    return ctx->actor->areas && reviews_some(ctx, group_key) ? is | WHO_REVIEWER : is;
}

enum code declaration_statuses_of_group(struct ctx *ctx, struct answer *out, long long *group_key)
{
    enum code c;
    *group_key = group_in_path(ctx, out, &c);
    if (!*group_key)
        return c;
    c = must_may_as(ctx, ACT_SEE_STATUSES, declaration_to_group(ctx, *group_key));
    return c ? c
             : resource_list(ctx, &declaration_status_resource,
                             (struct fixed){.condition = "\"group_key\" = ?6", .key = *group_key},
                             &out->document);
}

/* ---------------------------------------------------------------- reminding */

struct reminder_input {
    struct ref_list persons;
};

const struct field declaration_reminder_fields[] = {
    {.name = "personIds", .label = N_("Whom to remind"), .type = T_REFS,
     .at = offsetof(struct reminder_input, persons), .reference = &person_reference,
     .hint = N_("Those who lack a declaration that is valid; all of them when nobody is named.")},
    {0},
};

bool declaration_may_remind(struct ctx *ctx, long long group_key)
{
    bool may_do = may(ctx, ACT_REMIND_DECLARANTS, group_key);
    ctx->as_support = false; /* asked, not done */
    return may_do;
}

static bool chosen(const struct ref_list *persons, long long key)
{
    for (size_t i = 0; i < persons->n; i++)
        if (persons->item[i].key == key)
            return true;
    return !persons->n;
}

static enum code remind(struct ctx *ctx, const json_t *row)
{
    const char *places[] = {"group", json_text(row, "group"), NULL};
    return mail_person(
        ctx, json_int(row, "person", 0),
        &(struct mail){
            .event = arena_printf(ctx->arena, "declaration-statuses:%s:%s", ctx_value(ctx, "id"),
                                  ctx->today), /* once a day */
            .kind = MAIL_REQUEST,
            .subject = N_("Please declare your interests: {group}"),
            .paragraphs = {N_("Whoever takes part in {group} declares interests before, and again "
                              "at least every third year. There is no valid declaration of yours "
                              "for the group. It takes about ten minutes.")},
            .path = "/declarations",
            .action = N_("Declare your interests"),
            .why = N_("You get this because you take part in {group}, or may come to."),
            .places = places});
}

/* Who has neither a review that holds nor a declaration that waits for one. */
static json_t *undeclared(struct ctx *ctx, long long group_key)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT DISTINCT t.person_key AS \"person\", w.full_name AS \"group\" "
                           "FROM participation t JOIN workgroup w ON w.key = t.group_key "
                           "WHERE t.group_key = ?5 AND " PARTICIPATES("t") " ORDER BY 1",
                           DECLARATION_ARGS(ctx, group_key));
    for (size_t i = json_array_size(rows); i > 0; i--) {
        struct standing_review standing;
        const json_t *row = json_array_get(rows, i - 1);
        declaration_standing(ctx, json_int(row, "person", 0), group_key, &standing);
        if (!strcmp(standing.status, "reviewed") || !strcmp(standing.status, "submitted"))
            json_array_remove(rows, i - 1);
    }
    return rows;
}

enum code declaration_remind(struct ctx *ctx, struct answer *out)
{
    struct reminder_input in = {0};
    enum code c;
    long long group_key = group_in_path(ctx, out, &c);
    if (!group_key)
        return c;
    c = must_may(ctx, ACT_REMIND_DECLARANTS, group_key);
    if (!c)
        c = fields_read(ctx, declaration_reminder_fields, &in);
    if (c)
        return c;
    json_t *rows = undeclared(ctx, group_key), *row;
    bool some = false;
    size_t i;
    json_array_foreach(rows, i, row) {
        if (c || !chosen(&in.persons, json_int(row, "person", 0)))
            continue;
        c = remind(ctx, row);
        some = true;
    }
    json_decref(rows);
    if (!c && some)
        c = resource_touch(ctx, &group_resource, group_key, ctx_value(ctx, "id"), "remind", NULL);
    out->see = arena_printf(ctx->arena, "/groups/%s/declaration-statuses", ctx_value(ctx, "id"));
    out->flash = N_("Those who have not declared are reminded.");
    return c ? c : resource_created(ctx, &group_resource, ctx_value(ctx, "id"), out);
}
