/* declaration_review.c: a declaration is reviewed, for one group at a time.
 *
 * Owns who reviews (domain.md 1): the coordinator of the organisation that the person represents
 * there, or of the group's host; never the person, and for a chair nobody who is an officer of the
 * group. Support does not act in anybody's place. The last review given is the one that holds.
 * Must not know what a reader may see of it (declaration_access.c). */
#include <string.h>
#include <kansli/crypt.h>
#include <kansli/mail.h>
#include "internal.h"

/* ---------------------------------------------------------------- who */

/* What the caller is to the person in one group that the declaration asks, or in any (0). */
struct reviewing {
    bool coordinates, reviews;
};

static struct reviewing reviewing(struct ctx *ctx, const struct declared *it, long long group_key)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT " BESIDE_CHAIR("p") " AS \"beside?\" "
                           "FROM declaration_group g JOIN participation p "
                           "ON p.group_key = g.group_key WHERE g.declaration_key = ?5 "
                           "AND (?8 = 0 OR g.group_key = ?8) AND p.person_key = ?9 "
                           "AND " PARTICIPATES("p") " AND " COORDINATES("p"),
                           DECLARATION_ARGS(ctx, it->key), group_key, it->person_key),
           *row;
    struct reviewing is = {json_array_size(rows) > 0, false};
    size_t i;
    json_array_foreach(rows, i, row)
        is.reviews = is.reviews || !json_true_at(row, "beside");
    json_decref(rows);
    return is;
}

/* In one group, or in any of those that are asked. */
static enum code must_review(struct ctx *ctx, const struct declared *it, long long group_key)
{
    if (it->own)
        return ctx_fail(ctx, E_CONFLICT, "reviewer-is-self",
                        N_("Nobody reviews their own declaration."));
    struct reviewing is = reviewing(ctx, it, group_key);
    enum code c = must_may_as(ctx, ACT_REVIEW_DECLARATION, is.coordinates ? WHO_REVIEWER : 0);
    if (!c && !is.reviews && !ctx->actor->everything)
        c = ctx_fail(ctx, E_CONFLICT, "reviewer-is-officer",
                     N_("A chair's declaration is reviewed by somebody who is not chair, vice "
                        "chair, process leader or secretary of the group."));
    return c ? c : tx_code(ctx->tx);
}

json_t *declaration_reviewing_bodies(struct ctx *ctx, long long person_key, long long group_key)
{
    return db_rows(
        ctx->tx,
        "WITH RECURSIVE up (k) AS (SELECT ?2 UNION SELECT w.key FROM up JOIN workgroup w "
        "ON w.key IN (SELECT h.body_key FROM hosting h WHERE h.group_key = up.k AND h.status = 'active' "
        "AND " ACCESS_TODAY_OPEN("h") " UNION ALL SELECT c.principal_key FROM group_principal c "
        "WHERE c.group_key = up.k AND " ACCESS_TODAY("c") " AND NOT EXISTS (SELECT 1 "
        "FROM hosting h WHERE h.group_key = up.k AND h.status = 'active' "
        "AND " ACCESS_TODAY_OPEN("h") "))) SELECT o.key AS \"key\", b.id AS \"id\", o.name AS \"name\" FROM organisation o "
        "JOIN body b ON b.key = o.key WHERE EXISTS (SELECT 1 FROM account_role r "
        "WHERE r.organisation_key = o.key) AND (o.key IN (SELECT h.body_key FROM up "
        "JOIN hosting h ON h.group_key = up.k WHERE h.status = 'active' AND " ACCESS_TODAY_OPEN("h")
        ") OR o.key IN (SELECT p.on_behalf_of_key FROM participation p WHERE p.person_key = ?1 "
        "AND p.group_key = ?2 AND " PARTICIPATES("p") ")) ORDER BY o.name, o.key",
        person_key, group_key, (const char *)NULL, ctx->today);
}

/* ---------------------------------------------------------------- what is sent */

struct review_input {
    struct ref_value group;
    const char *outcome, *conditions, *motivation, *valid_until;
};

#define AT(member) offsetof(struct review_input, member)

/* A group that asks the reader for a review may be closed to others. */
static const struct reference reviewed_group = {
    .noun = N_("group"),
    .find = "SELECT g.key FROM body b JOIN workgroup g ON g.key = b.key WHERE b.id = ?1 AND ("
            ACCESS_GROUP_VISIBLE("g.access_mode", "g.key") " OR EXISTS (SELECT 1 "
            "FROM participation p WHERE p.group_key = g.key AND " REVIEWS("p") "))",
    .name = "SELECT full_name FROM workgroup WHERE key = ?1",
    .person_or_body = true,
};

#define GROUP_FIELD                                                                                \
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .at = AT(group),                      \
     .flags = F_REQUIRED | F_HIDDEN, .reference = &reviewed_group,                                 \
     .hint = N_("The group for which it is reviewed: one that the declaration asks.")}

const struct field declaration_review_fields[] = {
    GROUP_FIELD,
    {.name = "outcome", .label = N_("Outcome"), .type = T_ENUM, .at = AT(outcome),
     .flags = F_REQUIRED, .values = declaration_outcomes},
    {.name = "conditions", .label = N_("Conditions"), .type = T_LINES, .at = AT(conditions),
     .max = 1000,
     .hint = N_("By party or subject. Everyone in the group reads this: say no more than they "
                "need. Needed when the person takes part with limits.")},
    {.name = "motivation", .label = N_("Reasons"), .type = T_LINES, .at = AT(motivation),
     .max = 2000, .hint = N_("Read by the person and by reviewers alone.")},
    {.name = "validUntil", .label = N_("Valid until"), .type = T_DAY, .at = AT(valid_until),
     .hint = N_("As long as the declaration when nothing is said, and never longer.")},
    {0},
};

/* A form asks the reviewer for the conditions; api.md lets a script leave them out. */
static void check_review(struct ctx *ctx, const struct review_input *in, const char *last)
{
    if (!ctx->body->typed && in->outcome && !strcmp(in->outcome, "partialExclusion") &&
        !in->conditions)
        err_field(ctx->err, "/conditions", N_("Say what the person does not take part in."), NULL);
    if (in->valid_until && strcmp(in->valid_until, ctx->today) < 0)
        err_field(ctx->err, "/validUntil", N_("The day has passed."), NULL);
    else if (in->valid_until && strcmp(in->valid_until, last) > 0)
        err_field(ctx->err, "/validUntil", N_("The declaration is valid until {day}: no longer."),
                  "day", last, NULL);
}

/* The group is one that the declaration asks, as far as the caller may know. */
static void check_group(struct ctx *ctx, const struct declared *it, long long group_key)
{
    if (group_key && !db_exists(ctx->tx,
                                "SELECT 1 FROM declaration_group WHERE declaration_key = ?1 "
                                "AND group_key = ?2",
                                it->key, group_key))
        err_field(ctx->err, "/groupId", N_("The declaration does not ask this group."), NULL);
}

/* Only what stands today is reviewed: *last gets its last day. */
static enum code must_stand(struct ctx *ctx, const struct declared *it, const char **last)
{
    json_t *row = db_row(ctx->tx,
                         "SELECT " DECLARATION_STATUS("d") " AS \"status\", "
                         "d.valid_until AS \"until\" FROM declaration d WHERE d.key = ?2",
                         ctx->today, it->key);
    const char *status = json_text(row, "status");
    bool stands = status && (!strcmp(status, "submitted") || !strcmp(status, "reviewed"));
    *last = stands ? arena_strdup(ctx->arena, json_text(row, "until")) : NULL;
    json_decref(row);
    if (stands || tx_code(ctx->tx))
        return tx_code(ctx->tx);
    return ctx_fail(ctx, E_CONFLICT, "not-submitted",
                    N_("Only a declaration that is submitted and still valid is reviewed."));
}

/* ---------------------------------------------------------------- the review */

static enum code tell_person(struct ctx *ctx, const struct declared *it, const char *event,
                             long long group_key, struct mail *mail)
{
    const char *places[] = {
        "group", db_text(ctx->tx, "SELECT full_name FROM workgroup WHERE key = ?1", group_key),
        NULL};
    char uuid[UUID_SIZE];
    crypt_uuid(uuid);
    mail->event = arena_printf(ctx->arena, "declarations:%s:%s:%s", it->id, event, uuid);
    mail->path = arena_printf(ctx->arena, "/declarations/%s", it->id);
    mail->why = N_("You get this because you have declared interests for {group}.");
    mail->places = places;
    return mail_person(ctx, it->person_key, mail);
}

static enum code write_review(struct ctx *ctx, const struct declared *it,
                              const struct review_input *in, const char *last)
{
    char id[UUID_SIZE];
    crypt_uuid(id);
    enum code c = db_run(ctx->tx,
                         "INSERT INTO declaration_review (id, declaration_key, group_key, outcome, "
                         "conditions, motivation, valid_until, account_key, at) "
                         "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                         (const char *)id, it->key, in->group.key, in->outcome, in->conditions,
                         in->motivation, in->valid_until ? in->valid_until : last,
                         KEY(ctx->actor->account_key), tx_instant(ctx->tx));
    return c ? c
             : resource_touch(ctx, &declaration_resource, it->key, it->id, "review",
                              json_pack("{s:[n, s], s:[n, n]}", "groupId", in->group.id,
                                        "reviews"));
}

enum code declaration_review(struct ctx *ctx, struct answer *out)
{
    struct declared it;
    struct review_input in = {0};
    const char *last;
    out->personal = true;
    enum code c = declared_find(ctx, ctx_value(ctx, "id"), &it);
    if (!c)
        c = must_review(ctx, &it, 0);
    if (!c)
        c = must_stand(ctx, &it, &last);
    if (c)
        return c;
    if (fields_read(ctx, declaration_review_fields, &in) && !ctx->err->fields)
        return ctx->err->code;
    check_review(ctx, &in, last);
    check_group(ctx, &it, in.group.key);
    c = ctx->err->code ? ctx->err->code : must_review(ctx, &it, in.group.key);
    if (!c)
        c = write_review(ctx, &it, &in, last);
    struct mail mail = {
        .kind = MAIL_NOTICE,
        .subject = N_("Your declaration is reviewed: {group}"),
        .paragraphs = {N_("Your declaration of interests has been reviewed for {group}. The "
                          "outcome stands beside your declaration.")},
        .action = N_("See the outcome"),
    };
    if (!c)
        c = tell_person(ctx, &it, "reviewed", in.group.key, &mail);
    out->see = "/declarations"; /* the next one waits there */
    out->flash = N_("The review is saved.");
    return c ? c : resource_created(ctx, &declaration_resource, it.id, out);
}

/* ---------------------------------------------------------------- asking for more */

struct inquiry_input {
    struct ref_value group;
    const char *text;
};

const struct field declaration_inquiry_fields[] = {
    GROUP_FIELD,
    {.name = "text", .label = N_("What you need to know"), .type = T_LINES,
     .at = offsetof(struct inquiry_input, text), .flags = F_REQUIRED, .max = 2000,
     .hint = N_("The person reads this, and answers with a new declaration begun from this one.")},
    {0},
};
_Static_assert(offsetof(struct inquiry_input, group) == offsetof(struct review_input, group),
              "GROUP_FIELD serves both");

enum code declaration_inquire(struct ctx *ctx, struct answer *out)
{
    struct declared it;
    struct inquiry_input in = {0};
    const char *last;
    char id[UUID_SIZE];
    out->personal = true;
    enum code c = declared_find(ctx, ctx_value(ctx, "id"), &it);
    if (!c)
        c = must_review(ctx, &it, 0);
    if (!c)
        c = must_stand(ctx, &it, &last);
    if (c)
        return c;
    if (fields_read(ctx, declaration_inquiry_fields, &in) && !ctx->err->fields)
        return ctx->err->code;
    check_group(ctx, &it, in.group.key);
    c = ctx->err->code ? ctx->err->code : must_review(ctx, &it, in.group.key);
    if (c)
        return c;
    crypt_uuid(id);
    c = db_run(ctx->tx,
               "INSERT INTO declaration_inquiry (id, declaration_key, group_key, text, "
               "account_key, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
               (const char *)id, it.key, in.group.key, in.text, KEY(ctx->actor->account_key),
               tx_instant(ctx->tx));
    if (!c)
        c = resource_touch(ctx, &declaration_resource, it.key, it.id, "inquire",
                           json_pack("{s:[n, s]}", "groupId", in.group.id));
    struct mail mail = {
        .kind = MAIL_REQUEST,
        .subject = N_("More is asked about your declaration: {group}"),
        .paragraphs = {N_("Who reviews your declaration of interests for {group} needs to know "
                          "more. Log in to read what, and answer with a new declaration: it begins "
                          "from this one.")},
        .action = N_("Read the question"),
    };
    if (!c)
        c = tell_person(ctx, &it, "inquiry", in.group.key, &mail);
    out->flash = N_("The question is sent.");
    return c ? c : resource_created(ctx, &declaration_resource, it.id, out);
}

/* For the person, and for who reviews for the group that asked. */
json_t *declaration_inquiries(struct ctx *ctx, long long key)
{
    return db_rows(
        ctx->tx,
        "SELECT i.id AS \"id\", b.id AS \"groupId\", w.full_name AS \"groupName\", "
        "i.text AS \"text\", coalesce(a.name, a.email) AS \"byName\", i.at AS \"at\" "
        "FROM declaration_inquiry i JOIN declaration d ON d.key = i.declaration_key "
        "JOIN workgroup w ON w.key = i.group_key JOIN body b ON b.key = w.key "
        "LEFT JOIN account a ON a.key = i.account_key WHERE i.declaration_key = ?5 "
        "AND (d.person_key = ?3 OR EXISTS (SELECT 1 FROM participation p "
        "WHERE p.person_key = d.person_key AND p.group_key = i.group_key "
        "AND " PARTICIPATES("p") " AND " REVIEWS("p") ")) ORDER BY i.at DESC, i.key DESC",
        DECLARATION_ARGS(ctx, key));
}
