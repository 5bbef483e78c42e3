/* link.c: one-time links to people without an account: the nominee's answer, the employer's
 * approval.
 *
 * Owns the table nomination_link. A link is 256 random bits, kept as a digest, and stands for one
 * nomination and one purpose; a new one takes the place of those before. The nominee's works until
 * the decision and at most 90 days, and shows the answer once it is given; the employer's works
 * once, for 21 days. Used, run out, replaced and invented links answer with the same words. Who
 * holds a link has no other right: what its page shows is chosen here, not by a resource's select.
 * Must not know what an answer or an approval does (nomination_rules.c, nomination_record.c). */
#include <string.h>
#include <kansli/crypt.h>
#include <kansli/mail.h>
#include <kansli/membership.h>
#include "internal.h"
#include "pages.h"

enum {
    DAY_SECONDS = 24 * 3600,
    ANSWER_DAYS = 90,
    EMPLOYER_DAYS = 21,
    PAUSE_SECONDS = 5 * 60 /* between two links for one purpose */
};

/* ---------------------------------------------------------------- made, found, used */

struct made {
    const char *token, *event, *expires;
};

static enum code link_new(struct ctx *ctx, const struct nomination_row *row, const char *purpose,
                          const char *address, const char *name, int days, struct made *made)
{
    const char *now = tx_instant(ctx->tx);
    char token[TOKEN_SIZE], digest[DIGEST_SIZE], expires[INSTANT_SIZE];
    crypt_token(token);
    crypt_digest(token, strlen(token), digest);
    instant_from_seconds(instant_seconds(now) + (int64_t)days * DAY_SECONDS, expires);
    made->token = arena_strdup(ctx->arena, token);
    made->expires = arena_strdup(ctx->arena, expires);
    /* Each link is an event of its own: a second one is mailed, too. */
    made->event = arena_printf(ctx->arena, "nominations:%s:%s:%.8s", row->id, purpose, digest);
    enum code c =
        db_run(ctx->tx, "DELETE FROM nomination_link WHERE nomination_key = ?1 AND purpose = ?2",
               row->key, purpose);
    if (c)
        return c;
    return db_run(ctx->tx,
                  "INSERT INTO nomination_link (digest, nomination_key, purpose, address, name, "
                  "created, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                  digest, row->key, purpose, address, name, now, expires);
}

/* A nominee who declined finds the answer again; what was decided is told by mail, and ends
 * both. */
enum code nomination_link_find(struct ctx *ctx, const char *purpose, const char *token,
                               struct nomination_link *link)
{
    char digest[DIGEST_SIZE];
    crypt_digest(token, strlen(token), digest);
    json_t *found = db_row(
        ctx->tx,
        "SELECT l.key AS \"key\", l.nomination_key AS \"nomination\", l.address AS \"address\", "
        "l.name AS \"name\", l.expires AS \"expires\" FROM nomination_link l "
        "JOIN nomination n ON n.key = l.nomination_key WHERE l.digest = ?1 AND l.purpose = ?2 "
        "AND l.used IS NULL AND l.expires > ?3 AND (n.state IN ('submitted', 'reserve') "
        "OR (l.purpose = 'answer' AND n.state = 'withdrawn' AND n.answer = 'no'))",
        digest, purpose, tx_instant(ctx->tx));
    if (!found)
        return ctx_fail(
            ctx, E_ABSENT, "link-used",
            N_("This link has been used, replaced or run out. Ask whoever sent it for a new "
               "one."));
    const char *name = json_text(found, "name");
    link->key = json_int(found, "key", 0);
    link->address = arena_strdup(ctx->arena, json_text(found, "address"));
    link->name = name ? arena_strdup(ctx->arena, name) : NULL;
    link->expires = arena_strdup(ctx->arena, json_text(found, "expires"));
    enum code c = nomination_row_of(ctx, json_int(found, "nomination", 0), &link->row);
    json_decref(found);
    return c;
}

enum code nomination_link_use(struct ctx *ctx, const struct nomination_link *link)
{
    return db_run(ctx->tx, "UPDATE nomination_link SET used = ?2 WHERE key = ?1", link->key,
                  tx_instant(ctx->tx));
}

/* Two links at once help nobody, and a mailbox is no toy. */
static enum code not_again_at_once(struct ctx *ctx, const struct nomination_row *row,
                                   const char *purpose)
{
    char earliest[INSTANT_SIZE];
    instant_from_seconds(instant_seconds(tx_instant(ctx->tx)) - PAUSE_SECONDS, earliest);
    if (!db_exists(ctx->tx,
                   "SELECT 1 FROM nomination_link WHERE nomination_key = ?1 AND purpose = ?3 "
                   "AND created > ?2 AND used IS NULL",
                   row->key, earliest, purpose))
        return tx_code(ctx->tx);
    return ctx_fail(ctx, E_CONFLICT, "link-just-sent",
                    N_("A link was sent a moment ago. Wait five minutes before you send another."));
}

/* ---------------------------------------------------------------- what the holder is shown */

json_t *nomination_link_view(struct ctx *ctx, const struct nomination_link *link)
{
    json_t *view = db_row(
        ctx->tx,
        "SELECT p.name AS \"personName\", p.publish_name AS \"publishName\", o.name AS "
        "\"nominatorName\", "
        "g.full_name AS \"groupName\", g.purpose AS \"purpose\", c.title AS \"callTitle\", "
        "n.role AS \"role\", n.statement AS \"statement\", n.answer AS \"answer\", "
        "n.answered_at AS \"answeredAt\", n.submitted_at AS \"submittedAt\", n.state AS \"state\" "
        "FROM nomination n JOIN nomination_call c ON c.key = n.call_key "
        "JOIN workgroup g ON g.key = c.group_key JOIN person p ON p.key = n.person_key "
        "LEFT JOIN organisation o ON o.key = n.nominator_key WHERE n.key = ?1",
        link->row.key);
    if (!view)
        return NULL;
    json_put(view, "roleLabel", value_label(ctx, membership_roles, json_text(view, "role")));
    json_put(view, "expires", link->expires);
    return view;
}

/* ---------------------------------------------------------------- the nominee */

static const char *nominator_name(struct ctx *ctx, const struct nomination_row *row)
{
    return db_text(ctx->tx, "SELECT name FROM organisation WHERE key = ?1", row->nominator_key);
}

/* Where mail to the person goes (mail.h): the account's address, else the person's own. */
static const char *address_of(struct ctx *ctx, long long person_key)
{
    return db_text(ctx->tx,
                   "SELECT coalesce((SELECT a.email FROM account a WHERE a.person_key = p.key "
                   "AND a.disabled = 0 ORDER BY a.key LIMIT 1), p.email) FROM person p "
                   "WHERE p.key = ?1",
                   person_key);
}

enum code nomination_invite(struct ctx *ctx, long long key)
{
    struct nomination_row row;
    struct made made;
    enum code c = nomination_row_of(ctx, key, &row);
    if (c)
        return c;
    const char *address = address_of(ctx, row.person_key);
    if (!address || !row.nominator_key) /* who nominates herself has answered */
        return tx_code(ctx->tx);
    c = link_new(ctx, &row, "answer", address, NULL, ANSWER_DAYS, &made);
    if (c)
        return c;
    char day[DAY_SIZE];
    day_of_instant(made.expires, day);
    const char *const places[] = {"group",
                                  row.group_name,
                                  "organisation",
                                  nominator_name(ctx, &row),
                                  "day",
                                  arena_strdup(ctx->arena, day),
                                  NULL};
    return mail_person(
        ctx, row.person_key,
        &(struct mail){
            .event = made.event,
            .kind = MAIL_REQUEST,
            .subject = N_("You are nominated to {group}"),
            .paragraphs =
                {N_("{organisation} has nominated you to {group}."),
                 N_("On the page below you read what it means, and answer yes or no. Nothing is "
                    "decided before you have answered."),
                 N_("The link is yours alone: do not send it on. It works until {day}, and no "
                    "longer than until there is a decision.")},
            .path = arena_join(ctx->arena, "/candidates/", made.token, NULL),
            .action = N_("Read and answer"),
            .why = N_("You get this because {organisation} has nominated you."),
            .places = places});
}

/* Once more, or when an address has been entered since the nomination was submitted. */
enum code nomination_ask_again(struct ctx *ctx, struct answer *out)
{
    struct nomination_row row;
    enum code c = nomination_find(ctx, ctx_value(ctx, "id"), &row);
    if (!c)
        c = nomination_allows(ctx, &row, NOMINATION_ANSWER);
    if (!c && !nomination_may_record(ctx, &row))
        c = ctx_fail(ctx, E_DENIED, "may-record-check",
                     N_("This may be done by the coordinator of the nominating organisation and by "
                        "the national support function."));
    if (!c && db_exists(ctx->tx, "SELECT 1 FROM nomination WHERE key = ?1 AND answer IS NOT NULL",
                        row.key))
        c = ctx_fail(ctx, E_CONFLICT, "already-answered", N_("The person has answered already."));
    if (!c && !mail_reaches(ctx, row.person_key))
        c = ctx_fail(ctx, E_CONFLICT, "no-address",
                     N_("The register has no address of the person. Enter it on the person's page "
                        "first."));
    if (!c)
        c = not_again_at_once(ctx, &row, "answer");
    if (!c)
        c = nomination_invite(ctx, row.key);
    if (!c)
        c = resource_touch(ctx, &nomination_resource, row.key, row.id, "ask-nominee", NULL);
    if (c)
        return c;
    out->flash = N_("The link is on its way. You see here when the answer has come.");
    return resource_created(ctx, &nomination_resource, row.id, out);
}

/* The address has an account that is nobody's, another's or disabled: only the support function can
 * tell whose it should be. */
enum code nomination_link_stuck(struct ctx *ctx, const struct nomination_link *link)
{
    const char *const places[] = {"group", link->row.group_name, "address", link->address, NULL};
    return mail_support(
        ctx,
        &(struct mail){
            .event = arena_printf(ctx->arena, "nominations:%s:stuck", link->row.id),
            .kind = MAIL_REQUEST,
            .subject = N_("Somebody who said yes cannot log in"),
            .paragraphs =
                {N_("A person who is nominated to {group} has said yes. The address {address} has "
                    "an account already, which is disabled or not tied to the person."),
                 N_("Tie the account to the person, or change the person's address.")},
            .path = arena_printf(ctx->arena, "/nominations/%s", link->row.id),
            .action = N_("To the nomination"),
            .why = N_("You get this because you belong to the support function."),
            .places = places});
}

/* ---------------------------------------------------------------- the employer */

#define AT(member) offsetof(struct employer_request, member)

struct employer_request {
    const char *name, *email;
};

const struct field nomination_request_fields[] = {
    {.name = "name",
     .label = N_("The manager's name"),
     .type = T_TEXT,
     .at = AT(name),
     .flags = F_REQUIRED,
     .max = 100},
    {.name = "email",
     .label = N_("The manager's e-mail address"),
     .type = T_EMAIL,
     .at = AT(email),
     .flags = F_REQUIRED,
     .hint = N_("A link goes there that works once, for 21 days. It takes the place of one sent "
                "before.")},
    {0},
};

bool nomination_may_request(struct ctx *ctx, const struct nomination_row *row)
{
    return nomination_may_record(ctx, row) ||
           (row->own && !ctx->actor->read_only && !strcmp(row->state, "submitted"));
}

static enum code must_request(struct ctx *ctx, const struct nomination_row *row)
{
    enum code c = nomination_allows(ctx, row, NOMINATION_CHECK);
    if (c || row->own || nomination_may_record(ctx, row))
        return c;
    return ctx_fail(ctx, E_DENIED, "may-record-check",
                    N_("This may be done by the coordinator of the nominating organisation, by the "
                       "person nominated, and by the national support function."));
}

/* A protected identity is named on the page, which only the holder of the link opens; mail is read
 * on its way. */
static enum code mail_employer(struct ctx *ctx, const struct nomination_row *row,
                               const struct employer_request *in, const struct made *made)
{
    const char *person =
        db_text(ctx->tx, "SELECT name FROM person WHERE key = ?1 AND protected_identity = 0",
                row->person_key);
    const char *by = nominator_name(ctx, row);
    char day[DAY_SIZE];
    day_of_instant(made->expires, day);
    const char *const places[] = {"group",
                                  row->group_name,
                                  "person",
                                  person ? person : "",
                                  "day",
                                  arena_strdup(ctx->arena, day),
                                  "organisation",
                                  by ? by : "",
                                  NULL};
    const char *first =
        !person ? N_("One of your employees is nominated to {group}.")
        : by    ? N_("{organisation} has nominated {person} to {group}.")
                : N_("{person} wants to take part in {group}.");
    return mail_address(
        ctx, in->email, in->name, ctx->lang,
        &(struct mail){
            .event = made->event,
            .kind = MAIL_REQUEST,
            .subject = N_("Can your employee take part in {group}?"),
            .paragraphs =
                {first,
                 N_("To be appointed, the person needs the employer's approval: working time for "
                    "meetings and preparation."),
                 N_("The page below says how much time it takes. You answer there, without "
                    "logging in. The link works once, until {day}.")},
            .path = arena_join(ctx->arena, "/employer-approvals/", made->token, NULL),
            .action = N_("Read and answer"),
            .why = N_("You get this because you were named as the manager who approves."),
            .places = places});
}

enum code nomination_request_employer(struct ctx *ctx, struct answer *out)
{
    struct nomination_row row;
    struct employer_request in = {0};
    struct made made;
    const char *id = ctx_value(ctx, "id");
    enum code c = nomination_find(ctx, id, &row);
    if (!c)
        c = must_request(ctx, &row);
    if (!c)
        c = fields_read(ctx, nomination_request_fields, &in);
    if (!c)
        c = not_again_at_once(ctx, &row, "employer");
    if (!c)
        c = link_new(ctx, &row, "employer", in.email, in.name, EMPLOYER_DAYS, &made);
    if (!c)
        c = mail_employer(ctx, &row, &in, &made);
    if (!c) /* that somebody was asked, not who: a manager is nobody of the register */
        c = resource_touch(ctx, &nomination_resource, row.key, row.id, "ask-employer", NULL);
    if (c)
        return c;
    out->flash = N_("The link is on its way. You see here when the answer has come.");
    return resource_created(ctx, &nomination_resource, id, out);
}

json_t *nomination_request_open(struct ctx *ctx, long long key)
{
    return db_row(ctx->tx,
                  "SELECT created AS \"at\", expires AS \"expires\", name AS \"name\" "
                  "FROM nomination_link WHERE nomination_key = ?1 AND purpose = 'employer' "
                  "AND used IS NULL AND expires > ?2",
                  key, tx_instant(ctx->tx));
}

/* ---------------------------------------------------------------- forgotten */

/* A link that opens nothing any more says only how a manager is reached. */
static enum code forget(struct ctx *ctx)
{
    return db_run(ctx->tx, "DELETE FROM nomination_link WHERE used IS NOT NULL OR expires <= ?1",
                  tx_instant(ctx->tx));
}

const struct chore nomination_chores[] = {{"nomination-links", forget}, {0}};
