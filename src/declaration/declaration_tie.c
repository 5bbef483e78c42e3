/* declaration_tie.c: what is done to a whole person, done to her declarations; and the loader's
 * way in.
 *
 * Owns what stays when somebody is forgotten: that a declaration was submitted and reviewed for a
 * group, when and with which outcome; nothing of what it said. A copy for the person has
 * everything; for anybody else only that there is one. */
#include <string.h>
#include <kansli/audit.h>
#include <kansli/crypt.h>
#include "internal.h"

/* ---------------------------------------------------------------- merged */

static enum code merge(struct ctx *ctx, long long from, const char *from_id, long long into,
                       const char *into_id)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT key AS \"key\", id AS \"id\" FROM declaration "
                           "WHERE person_key = ?1 ORDER BY key",
                           from),
           *row;
    enum code c = db_run(ctx->tx, "UPDATE declaration SET person_key = ?2 WHERE person_key = ?1",
                         from, into);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c)
            c = resource_touch(ctx, &declaration_resource, json_int(row, "key", 0),
                               json_text(row, "id"), "update",
                               json_pack("{s:[s, s]}", "personId", from_id, into_id));
    json_decref(rows);
    return c;
}

/* ---------------------------------------------------------------- erased */

#define OF_PERSON "declaration_key IN (SELECT key FROM declaration WHERE person_key = ?1)"

static enum code erase_rows(struct ctx *ctx, long long person_key)
{
    enum code c = db_run(ctx->tx, "DELETE FROM declaration_inquiry WHERE " OF_PERSON, person_key);
    if (!c)
        c = db_run(ctx->tx, "DELETE FROM declaration_reading WHERE " OF_PERSON, person_key);
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE declaration_review SET conditions = NULL, motivation = NULL "
                   "WHERE " OF_PERSON,
                   person_key);
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE declaration SET begun_from_key = NULL WHERE person_key = ?1",
                   person_key);
    if (!c)
        c = db_run(ctx->tx, "DELETE FROM declaration WHERE person_key = ?1 AND state = 'draft'",
                   person_key);
    return c ? c
             : db_run(ctx->tx,
                      "UPDATE declaration SET answers = NULL, interests = NULL, "
                      "no_interests = NULL, version = version + 1, modified = ?2 "
                      "WHERE person_key = ?1",
                      person_key, tx_instant(ctx->tx));
}

static enum code erase(struct ctx *ctx, long long person_key)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT key AS \"key\", id AS \"id\" FROM declaration "
                           "WHERE person_key = ?1 ORDER BY key",
                           person_key);
    enum code c = erase_rows(ctx, person_key);
    enum code told = audit_erase_rows(ctx, "declarations", rows);
    return c ? c : told;
}

/* ---------------------------------------------------------------- copied */

static void copy_all(struct ctx *ctx, json_t *copy, long long key)
{
    json_t *row = db_row(
        ctx->tx,
        "SELECT f.variant AS \"formVariant\", d.no_interests AS \"noInterests\", "
        "d.interests AS \"interests\", d.attested AS \"attested?\", d.on_paper AS \"onPaper?\", "
        "d.signed_date AS \"signedDate\", d.withdrawn_at AS \"withdrawnAt\" FROM declaration d "
        "JOIN declaration_form f ON f.key = d.form_key WHERE d.key = ?1",
        key);
    const char *interests = json_text(row, "interests");
    if (json_is_integer(json_object_get(row, "noInterests")))
        json_put_bool(row, "noInterests", json_int(row, "noInterests", 0) != 0);
    json_put_new(row, "interests", interests ? json_loads(interests, 0, NULL) : json_array());
    json_object_update(copy, row);
    json_decref(row);
    json_put_new(copy, "reviews",
                 db_rows(ctx->tx,
                         "SELECT w.full_name AS \"groupName\", r.outcome AS \"outcome\", "
                         "r.conditions AS \"conditions\", r.motivation AS \"motivation\", "
                         "r.valid_until AS \"validUntil\", r.at AS \"at\" "
                         "FROM declaration_review r JOIN workgroup w ON w.key = r.group_key "
                         "WHERE r.declaration_key = ?1 ORDER BY r.at, r.key",
                         key));
    json_put_new(copy, "inquiries", declaration_inquiries(ctx, key));
    json_put_new(copy, "readings", declaration_readings(ctx, key));
}

static json_t *copy(struct ctx *ctx, long long person_key)
{
    bool own = person_key && person_key == ctx->actor->person_key;
    json_t *rows = db_rows(ctx->tx,
                           "SELECT d.key AS \"key\", d.id AS \"id\", " DECLARATION_STATUS(
                               "d") " AS \"status\", d.submitted_at AS \"submittedAt\", "
                                    "d.valid_until AS \"validUntil\" FROM declaration d "
                                    "WHERE d.person_key = ?5 AND (d.state <> 'draft' "
                                    "OR (d.person_key = ?3 AND d.on_paper = 0)) ORDER BY d.key",
                           DECLARATION_ARGS(ctx, person_key)),
           *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        if (own)
            copy_all(ctx, row, json_int(row, "key", 0));
        json_object_del(row, "key");
    }
    return rows;
}

const struct person_tie declaration_tie = {
    .name = "declarations",
    .label = N_("Declarations of interests"),
    .merge = merge,
    .erase = erase,
    .copy = copy,
};
