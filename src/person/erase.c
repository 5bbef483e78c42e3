/* erase.c: what names a person is taken away, everywhere it stands (domain.md 4).
 *
 * Owns the list of those places: the person, free texts of the roles, the account, the search
 * index, the history (whose chain still stands, audit.h), files that were imported, answers kept
 * for repeated requests. What stays says that somebody had a role, for which organisation, from
 * when to when. Must not decide when: a request or a retention rule does. */
#include <string.h>
#include <kansli/account.h>
#include <kansli/audit.h>
#include "internal.h"

struct erase_input {
    const char *reason;
};

const struct field anonymisation_fields[] = {
    {.name = "reason",
     .label = N_("Reason"),
     .type = T_LINES,
     .at = offsetof(struct erase_input, reason),
     .flags = F_REQUIRED,
     .max = 500,
     .hint = N_("It is kept in the history. Name nobody in it.")},
    {0},
};

/* ---------------------------------------------------------------- place by place */

/* Those who were merged into the person had rows of their own. */
static enum code erase_person_events(struct ctx *ctx, long long key)
{
    enum code c = audit_erase_rows(ctx, "persons",
                                   db_rows(ctx->tx,
                                           "SELECT DISTINCT e.object_key AS \"key\", "
                                           "a.id AS \"id\" "
                                           "FROM person_alias a JOIN audit_event e "
                                           "ON e.object_id = a.id AND e.object_type = 'persons' "
                                           "WHERE a.person_key = ?1",
                                           key));
    return c ? c
             : audit_erase_rows(ctx, "persons",
                                db_rows(ctx->tx,
                                        "SELECT key AS \"key\", id AS \"id\" FROM person "
                                        "WHERE key = ?1",
                                        key));
}

static enum code erase_roles(struct ctx *ctx, long long key)
{
    enum code c = db_run(ctx->tx,
                         "UPDATE membership SET competences = NULL, end_reason = NULL, "
                         "speaks_for = NULL, introduced_date = NULL, version = version + 1, "
                         "modified = ?2 WHERE person_key = ?1",
                         key, tx_instant(ctx->tx));
    return c ? c
             : audit_erase_rows(ctx, "memberships",
                                db_rows(ctx->tx,
                                        "SELECT key AS \"key\", id AS \"id\" FROM membership "
                                        "WHERE person_key = ?1",
                                        key));
}

/* An account that has a role of its own is somebody's at work still: only the tie is loosened. */
static enum code erase_accounts(struct ctx *ctx, long long key)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT a.key AS \"key\", EXISTS (SELECT 1 FROM account_role r "
                           "WHERE r.account_key = a.key) AS \"works?\" FROM account a "
                           "WHERE a.person_key = ?1",
                           key);
    enum code c =
        db_run(ctx->tx, "UPDATE account SET person_key = NULL WHERE person_key = ?1", key);
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
        if (!c && !json_true_at(row, "works"))
            c = account_erase(ctx, json_int(row, "key", 0));
    json_decref(rows);
    return c;
}

/* What was kept for a while: files that were imported, answers to requests that may be repeated. */
static enum code erase_copies(struct ctx *ctx, long long key)
{
    enum code c = db_run(ctx->tx,
                         "DELETE FROM import_row WHERE EXISTS (SELECT 1 FROM ("
                         "SELECT id FROM person WHERE key = ?1 UNION SELECT id FROM person_alias "
                         "WHERE person_key = ?1 UNION SELECT id FROM membership "
                         "WHERE person_key = ?1) AS n WHERE import_row.object_id = n.id "
                         "OR import_row.candidates LIKE '%' || n.id || '%' "
                         "OR import_row.effects LIKE '%' || n.id || '%')",
                         key);
    return c ? c
             : db_run(ctx->tx,
                      "DELETE FROM idempotency WHERE EXISTS (SELECT 1 FROM ("
                      "SELECT id FROM person WHERE key = ?1 UNION SELECT id FROM person_alias "
                      "WHERE person_key = ?1) AS n WHERE idempotency.body LIKE '%' || n.id || '%')",
                      key);
}

/* The words that stand for a name are Swedish, as everything that the register itself says. */
static enum code erase_row(struct ctx *ctx, long long key)
{
    return db_run(ctx->tx,
                  "UPDATE person SET given_name = 'Anonymiserad', family_name = 'person', "
                  "title = NULL, professions = NULL, employer_key = NULL, email = NULL, "
                  "phone = NULL, language = NULL, gender = NULL, publish_name = 0, "
                  "protected_identity = 0, entered_by_key = NULL, anonymised_date = ?2 "
                  "WHERE key = ?1",
                  key, ctx->today);
}

static const char *id_of(struct ctx *ctx, long long key)
{
    return db_text(ctx->tx, "SELECT id FROM person WHERE key = ?1", key);
}

enum code person_erase(struct ctx *ctx, long long key, const char *reason)
{
    enum code c = erase_copies(ctx, key);
    for (const struct person_tie *const *tie = person_ties; !c && *tie; tie++)
        c = (*tie)->erase(ctx, key);
    if (!c)
        c = erase_accounts(ctx, key);
    if (!c)
        c = erase_roles(ctx, key);
    if (!c)
        c = erase_row(ctx, key);
    if (!c)
        c = person_index(ctx, key);
    if (!c)
        c = erase_person_events(ctx, key);
    return c ? c
             : resource_touch(ctx, &person_resource, key, id_of(ctx, key), "anonymise",
                              json_pack("{s:[n, s]}", "reason", reason));
}

enum code person_erase_contact(struct ctx *ctx, long long key)
{
    enum code c = erase_copies(ctx, key);
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE person SET email = NULL, phone = NULL, language = NULL WHERE key = ?1",
                   key);
    if (!c)
        c = erase_person_events(ctx, key);
    return c ? c
             : resource_touch(ctx, &person_resource, key, id_of(ctx, key), "update",
                              json_pack("{s:[n, n], s:[n, n], s:[n, n]}", "email", "phone",
                                        "language"));
}

/* ---------------------------------------------------------------- at somebody's request */

/* Who has a role now or to come is somebody whom others must be able to name. */
static enum code refuse_roles(struct ctx *ctx, long long key)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT DISTINCT b.id AS \"id\" FROM membership m "
                           "JOIN body b ON b.key = m.group_key WHERE m.person_key = ?1 "
                           "AND (m.end_date IS NULL OR m.end_date >= ?2) ORDER BY b.id",
                           key, ctx->today);
    size_t n = json_array_size(rows), i;
    json_t *row;
    if (n)
        ctx_fail(ctx, E_CONFLICT, "person-has-roles",
                 N_("The person has a role now or to come. End it first."));
    json_array_foreach(rows, i, row)
        err_missing(ctx->err, json_text(row, "id"));
    json_decref(rows);
    return n ? E_CONFLICT : tx_code(ctx->tx);
}

enum code person_anonymise(struct ctx *ctx, struct answer *out)
{
    struct erase_input in = {0};
    json_t *person;
    enum code c;
    long long key = person_in_path(ctx, out, &c, &person);
    if (!key)
        return c;
    bool done = json_text(person, "anonymisedDate") != NULL;
    json_decref(person);
    c = must_may_person(ctx, ACT_ERASE_PERSON, key);
    if (!c)
        c = fields_read(ctx, anonymisation_fields, &in);
    if (!c && done)
        c = ctx_fail(ctx, E_CONFLICT, "person-anonymised",
                     N_("This person has been anonymised already."));
    if (!c)
        c = refuse_roles(ctx, key);
    if (!c)
        c = person_erase(ctx, key, in.reason);
    if (!c)
        c = db_scrub(ctx->tx);
    out->flash = N_("What named the person is gone.");
    return c ? c : resource_created(ctx, &person_resource, ctx_value(ctx, "id"), out);
}
