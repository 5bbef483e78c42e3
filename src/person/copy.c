/* copy.c: everything that is kept about a person, as the person may ask for it (GDPR, article 15).
 *
 * Owns the list of places where a person stands: a new table that names people gets its query here
 * and its line in erase.c; a later feature's, its struct person_tie. Nothing of others is in it but who did something: an account's id. */
#include <string.h>
#include "internal.h"

/* Texts of lists are kept as JSON text. */
static void unpack(json_t *rows, const char *name)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        const char *text = json_text(row, name);
        json_t *value = text ? json_loads(text, 0, NULL) : NULL;
        json_put_new(row, name, value);
    }
}

static json_t *person_row(struct ctx *ctx, long long key)
{
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT p.id AS \"id\", p.given_name AS \"givenName\", p.family_name AS \"familyName\", "
        "p.title AS \"title\", p.professions AS \"professions\", b.id AS \"employerId\", "
        "o.name AS \"employerName\", p.email AS \"email\", p.phone AS \"phone\", "
        "p.language AS \"language\", p.gender AS \"gender\", p.publish_name AS \"publishName?\", "
        "p.protected_identity AS \"protectedIdentity?\", a.id AS \"enteredBy\", "
        "p.anonymised_date AS \"anonymisedDate\", p.modified AS \"modified\" FROM person p "
        "LEFT JOIN body b ON b.key = p.employer_key "
        "LEFT JOIN organisation o ON o.key = p.employer_key "
        "LEFT JOIN account a ON a.key = p.entered_by_key WHERE p.key = ?1",
        key);
    unpack(rows, "professions");
    json_t *row = json_incref(json_array_get(rows, 0));
    json_put_new(row, "formerIds", person_former_ids(ctx, key));
    json_decref(rows);
    return row;
}

static json_t *memberships(struct ctx *ctx, long long key)
{
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT m.id AS \"id\", g.id AS \"groupId\", w.full_name AS \"groupName\", "
        "m.role AS \"role\", m.capacity AS \"capacity\", b.id AS \"onBehalfOfId\", "
        "m.speaks_for AS \"speaksFor\", m.workload_percent AS \"workloadPercent\", "
        "m.competences AS \"competences\", m.start_date AS \"startDate\", "
        "m.end_date AS \"endDate\", m.end_reason AS \"endReason\", "
        "by_body.id AS \"appointedById\", m.appointed_date AS \"appointedDate\", "
        "m.decision_reference AS \"decisionReference\", m.introduced_date AS \"introducedDate\", "
        "m.modified AS \"modified\" FROM membership m JOIN workgroup w ON w.key = m.group_key "
        "JOIN body g ON g.key = w.key LEFT JOIN body b ON b.key = m.on_behalf_of_key "
        "LEFT JOIN body by_body ON by_body.key = m.appointed_by_key WHERE m.person_key = ?1 "
        "ORDER BY m.start_date, m.key",
        key);
    unpack(rows, "competences");
    return rows;
}

static json_t *accounts(struct ctx *ctx, long long key)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT a.key AS \"key\", a.id AS \"id\", a.email AS \"email\", "
                           "a.name AS \"name\", a.language AS \"language\", a.theme AS \"theme\", "
                           "a.shortcuts AS \"shortcuts?\", a.disabled AS \"disabled?\", "
                           "a.last_seen AS \"lastSeen\" FROM account a WHERE a.person_key = ?1 "
                           "ORDER BY a.key",
                           key);
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        long long account = json_int(row, "key", 0);
        json_put_new(row, "roles",
                     db_rows(ctx->tx,
                             "SELECT r.role AS \"role\", b.id AS \"organisationId\" "
                             "FROM account_role r LEFT JOIN body b ON b.key = r.organisation_key "
                             "WHERE r.account_key = ?1 ORDER BY r.role, r.key",
                             account));
        json_put_new(row, "sessions",
                     db_rows(ctx->tx,
                             "SELECT created AS \"created\", seen AS \"seen\", agent AS \"agent\" "
                             "FROM session WHERE account_key = ?1 ORDER BY key",
                             account));
        json_put_new(row, "tokens",
                     db_rows(ctx->tx,
                             "SELECT name AS \"name\", scope AS \"scope\", expires AS \"expires\", "
                             "last_used AS \"lastUsed\" FROM token WHERE account_key = ?1 "
                             "ORDER BY key",
                             account));
        json_object_del(row, "key");
    }
    return rows;
}

/* History of the person, of those merged into her, and of her roles. */
static json_t *events_about(struct ctx *ctx, long long key)
{
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT e.at AS \"at\", e.actor AS \"actor\", e.act AS \"act\", "
        "e.object_type AS \"objectType\", e.object_id AS \"objectId\", e.changes AS \"changes\" "
        "FROM audit_event e WHERE (e.object_type = 'persons' AND e.object_key = ?1) "
        "OR (e.object_type = 'persons' AND e.object_key IN (SELECT x.object_key "
        "FROM audit_event x JOIN person_alias a ON a.id = x.object_id "
        "WHERE x.object_type = 'persons' AND a.person_key = ?1)) "
        "OR (e.object_type = 'memberships' AND e.object_key IN "
        "(SELECT key FROM membership WHERE person_key = ?1)) "
        "OR (e.object_type = 'accounts' AND e.object_key IN "
        "(SELECT key FROM account WHERE person_key = ?1)) ORDER BY e.key",
        key);
    unpack(rows, "changes");
    return rows;
}

static json_t *events_by(struct ctx *ctx, long long key)
{
    return db_rows(ctx->tx,
                   "SELECT e.at AS \"at\", e.act AS \"act\", e.object_type AS \"objectType\", "
                   "e.object_id AS \"objectId\" FROM audit_event e WHERE e.actor IN "
                   "(SELECT id FROM account WHERE person_key = ?1) ORDER BY e.key",
                   key);
}

static json_t *approvals(struct ctx *ctx, long long key)
{
    return db_rows(ctx->tx,
                   "SELECT m.id AS \"mandateId\", b.id AS \"principalId\", "
                   "v.outcome AS \"outcome\", v.comment AS \"comment\", v.at AS \"at\" "
                   "FROM mandate_approval v JOIN mandate m ON m.key = v.mandate_key "
                   "JOIN body b ON b.key = v.principal_key WHERE v.account_key IN "
                   "(SELECT key FROM account WHERE person_key = ?1) ORDER BY v.key",
                   key);
}

/* Rows of files that somebody sent, as far as they became this person or a role of hers. */
static json_t *imported(struct ctx *ctx, long long key)
{
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT r.file_name AS \"fileName\", r.resource AS \"resource\", r.created AS \"created\", "
        "i.number AS \"row\", i.texts AS \"texts\" FROM import_row i "
        "JOIN import_run r ON r.key = i.run_key WHERE i.object_id IN ("
        "SELECT id FROM person WHERE key = ?1 UNION SELECT id FROM person_alias "
        "WHERE person_key = ?1 UNION SELECT id FROM membership WHERE person_key = ?1) "
        "ORDER BY r.key, i.number",
        key);
    unpack(rows, "texts");
    return rows;
}

json_t *person_copy(struct ctx *ctx, long long key)
{
    json_t *copy = json_object();
    json_put_new(copy, "person", person_row(ctx, key));
    json_put_new(copy, "memberships", memberships(ctx, key));
    json_put_new(copy, "accounts", accounts(ctx, key));
    json_put_new(copy, "approvals", approvals(ctx, key));
    json_put_new(copy, "imported", imported(ctx, key));
    json_put_new(copy, "historyAbout", events_about(ctx, key));
    json_put_new(copy, "historyBy", events_by(ctx, key));
    for (const struct person_tie *const *tie = person_ties; *tie; tie++)
        json_put_new(copy, (*tie)->name, (*tie)->copy(ctx, key));
    return copy;
}
