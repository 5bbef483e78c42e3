/* merge.c: one person who stands twice becomes one.
 *
 * Owns person_alias, and what goes over: roles, accounts, what the other did not know; what later
 * features keep goes over by their own word (struct person_tie). The row that
 * is left is deleted with its history kept; its id answers 308 for ever. Must not decide which of
 * two roles in one group is the right one: overlapping ones refuse. */
#include <string.h>
#include <kansli/audit.h>
#include "internal.h"

struct merge_input {
    struct ref_value into;
};

const struct field merge_fields[] = {
    {.name = "intoId",
     .label = N_("The person that stays"),
     .type = T_REF,
     .at = offsetof(struct merge_input, into),
     .flags = F_REQUIRED,
     .reference = &person_reference,
     .hint = N_("Roles and account go over to this one, and what it does not say already.")},
    {0},
};

/* ---------------------------------------------------------------- the rule */

/* Two roles in a group at the same time would be one person's: somebody must say which is right. */
static enum code refuse_overlap(struct ctx *ctx, long long from, long long into)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT DISTINCT b.id AS \"id\", g.full_name AS \"name\" "
                           "FROM membership a JOIN membership m ON m.group_key = a.group_key "
                           "JOIN workgroup g ON g.key = a.group_key JOIN body b ON b.key = g.key "
                           "WHERE a.person_key = ?1 AND m.person_key = ?2 "
                           "AND (a.end_date IS NULL OR a.end_date >= m.start_date) "
                           "AND (m.end_date IS NULL OR m.end_date >= a.start_date) ORDER BY 2, 1",
                           from, into);
    const char *names = NULL;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        const char *name = json_text(row, "name");
        names = names ? arena_printf(ctx->arena, "%s, %s", names, name)
                      : arena_strdup(ctx->arena, name);
    }
    enum code c = tx_code(ctx->tx);
    if (names)
        c = err_setf(ctx->err, E_CONFLICT, "membership-overlap",
                     N_("Both have a role at the same time in: {groups}. End or mend one of the "
                        "two first."),
                     "groups", names, NULL);
    json_array_foreach(rows, i, row)
        err_missing(ctx->err, json_text(row, "id"));
    json_decref(rows);
    return c;
}

/* ---------------------------------------------------------------- what goes over */

static enum code move_memberships(struct ctx *ctx, long long from, const char *from_id,
                                  long long into, const char *into_id)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT key AS \"key\", id AS \"id\" FROM membership "
                           "WHERE person_key = ?1 ORDER BY key",
                           from);
    enum code c = db_run(ctx->tx, "UPDATE membership SET person_key = ?2 WHERE person_key = ?1",
                         from, into);
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
        if (!c)
            c = resource_touch(ctx, resource_by_name("memberships"), json_int(row, "key", 0),
                               json_text(row, "id"), "update",
                               json_pack("{s:[s, s]}", "personId", from_id, into_id));
    json_decref(rows);
    return c;
}

/* What later features keep: nominations, declarations ... */
static enum code move_ties(struct ctx *ctx, long long from, const char *from_id, long long into,
                           const char *into_id)
{
    enum code c = OK;
    for (const struct person_tie *const *tie = person_ties; !c && *tie; tie++)
        c = (*tie)->merge(ctx, from, from_id, into, into_id);
    return c;
}

/* What the one that stays does not know. Of the choice to be shown and of protection the more
 * careful answer of the two holds. The gender is told to nobody, not to history either. */
static json_t *taken_over(struct ctx *ctx, long long from, long long into)
{
    static const char *const names[] = {"title",    "professions", "employerId",
                                        "email",    "phone",       "language",
                                        "publishName", "protectedIdentity", "gender"};
    json_t *both = db_rows(
        ctx->tx,
        "SELECT p.title AS \"title\", p.professions AS \"professions\", b.id AS \"employerId\", "
        "p.email AS \"email\", p.phone AS \"phone\", p.language AS \"language\", "
        "p.gender AS \"gender\", p.publish_name AS \"publishName?\", "
        "p.protected_identity AS \"protectedIdentity?\" FROM person p "
        "LEFT JOIN body b ON b.key = p.employer_key WHERE p.key IN (?1, ?2) "
        "ORDER BY CASE WHEN p.key = ?1 THEN 0 ELSE 1 END",
        into, from);
    json_t *stays = json_array_get(both, 0), *goes = json_array_get(both, 1);
    json_t *changes = json_object();
    for (size_t i = 0; i < LEN(names); i++) {
        json_t *now = json_object_get(stays, names[i]), *other = json_object_get(goes, names[i]);
        bool careful = !strcmp(names[i], "publishName") ? json_is_false(other)
                                                        : json_is_true(other);
        bool taken = other && !json_is_null(other) &&
                     (json_is_null(now) || (json_is_boolean(now) && careful && now != other));
        if (taken && !strcmp(names[i], "gender"))
            json_put_new(changes, names[i], json_pack("[n, n]"));
        else if (taken)
            json_put_new(changes, names[i], json_pack("[O, O]", now, other));
    }
    json_decref(both);
    return changes;
}

static enum code fill_in(struct ctx *ctx, long long from, long long into)
{
    return db_run(
        ctx->tx,
        "UPDATE person SET title = coalesce(person.title, o.title), "
        "professions = coalesce(person.professions, o.professions), "
        "employer_key = coalesce(person.employer_key, o.employer_key), "
        "email = coalesce(person.email, o.email), phone = coalesce(person.phone, o.phone), "
        "language = coalesce(person.language, o.language), "
        "gender = coalesce(person.gender, o.gender), "
        "publish_name = CASE WHEN person.publish_name = 0 OR o.publish_name = 0 THEN 0 "
        "ELSE coalesce(person.publish_name, o.publish_name) END, "
        "protected_identity = CASE WHEN person.protected_identity = 1 THEN 1 "
        "ELSE o.protected_identity END "
        "FROM person o WHERE person.key = ?2 AND o.key = ?1",
        from, into);
}

/* The other's ids lead to the one that stays. */
static enum code leave_aliases(struct ctx *ctx, long long from, const char *from_id, long long into)
{
    enum code c = db_run(ctx->tx, "UPDATE person_alias SET person_key = ?2 WHERE person_key = ?1",
                         from, into);
    return c ? c
             : db_run(ctx->tx, "INSERT INTO person_alias (id, person_key) VALUES (?1, ?2)", from_id,
                      into);
}

/* Whether everyone knew of the person: then everyone is told that it is gone. Asked while it still
 * has its roles. */
static bool is_public(struct ctx *ctx, long long key)
{
    return db_exists(ctx->tx,
                     "SELECT 1 FROM person p WHERE p.key = ?5 AND " PERSON_VISIBLE(
                         "p.key", "p.entered_by_key", "p.employer_key", "p.protected_identity",
                         "p.publish_name"),
                     ctx->day, 0, 0, ctx->today, key, (const char *)NULL, 0);
}

static enum code merge(struct ctx *ctx, struct edit *from, const struct ref_value *into)
{
    bool known = is_public(ctx, from->key);
    json_t *changes = taken_over(ctx, from->key, into->key);
    json_put_new(changes, "mergedFrom", json_pack("[n, s]", from->id));
    enum code c = move_memberships(ctx, from->key, from->id, into->key, into->id);
    if (!c)
        c = move_ties(ctx, from->key, from->id, into->key, into->id);
    if (!c)
        c = db_run(ctx->tx, "UPDATE account SET person_key = ?2 WHERE person_key = ?1", from->key,
                   into->key);
    if (!c)
        c = fill_in(ctx, from->key, into->key);
    if (!c)
        c = leave_aliases(ctx, from->key, from->id, into->key);
    if (!c)
        c = resource_delete(ctx, &person_resource, from);
    if (!c && known)
        c = db_run(ctx->tx, "UPDATE tombstone SET hidden = 0 WHERE type = 'persons' AND id = ?1",
                   from->id);
    if (c) {
        json_decref(changes);
        return c;
    }
    c = resource_touch(ctx, &person_resource, into->key, into->id, "merge", changes);
    return c ? c : person_index(ctx, into->key);
}

enum code person_merge(struct ctx *ctx, struct answer *out)
{
    enum code c;
    struct merge_input in = {0};
    struct edit from = {.id = ctx_value(ctx, "id")};
    from.key = person_in_path(ctx, out, &c, &from.now);
    if (!from.key)
        return c;
    c = must_may_person(ctx, ACT_MERGE_PERSON, from.key);
    if (!c)
        c = fields_read(ctx, merge_fields, &in);
    if (!c && in.into.key == from.key)
        c = err_field(ctx->err, "/intoId", N_("This is the same person. Choose another."), NULL);
    if (!c)
        c = refuse_overlap(ctx, from.key, in.into.key);
    from.version = db_int(ctx->tx, 0, "SELECT version FROM person WHERE key = ?1", from.key);
    if (!c)
        c = merge(ctx, &from, &in.into);
    resource_edit_end(&from);
    out->flash = N_("The two are one person now.");
    return c ? c : resource_created(ctx, &person_resource, in.into.id, out);
}

/* ---------------------------------------------------------------- who may stand twice */

static const struct value reasons[] = {
    {"name", N_("The same name")},
    {"email", N_("The same e-mail address")},
    {NULL, NULL},
};

enum { SETS_MOST = 100 };

/* Rows come set by set: a reason and what is the same. */
json_t *person_twins(struct ctx *ctx)
{
    json_t *rows = db_rows(
        ctx->tx,
        "WITH named AS (SELECT key, fold(name) AS folded, fold(email) AS mail FROM person "
        "WHERE anonymised_date IS NULL), twins AS ("
        "SELECT 'email' AS reason, mail AS same FROM named WHERE mail IS NOT NULL GROUP BY mail "
        "HAVING count(*) > 1 UNION ALL "
        "SELECT 'name', folded FROM named GROUP BY folded HAVING count(*) > 1 "
        "ORDER BY 1, 2 LIMIT ?1) "
        "SELECT t.reason AS \"reason\", t.same AS \"same\", p.id AS \"id\", p.name AS \"name\", "
        "o.name AS \"employerName\", p.email AS \"email\", (SELECT count(*) FROM membership m "
        "WHERE m.person_key = p.key) AS \"roles\" FROM twins t "
        "JOIN named n ON CASE t.reason WHEN 'name' THEN n.folded ELSE n.mail END = t.same "
        "JOIN person p ON p.key = n.key LEFT JOIN organisation o ON o.key = p.employer_key "
        "ORDER BY t.reason, t.same, \"roles\" DESC, p.key",
        SETS_MOST);
    json_t *sets = json_array(), *set = NULL, *row;
    const char *reason = "", *same = "";
    size_t i;
    json_array_foreach(rows, i, row) {
        if (strcmp(reason, json_text(row, "reason")) || strcmp(same, json_text(row, "same"))) {
            reason = arena_strdup(ctx->arena, json_text(row, "reason"));
            same = arena_strdup(ctx->arena, json_text(row, "same"));
            set = json_push(sets, json_object());
            json_put(set, "reason", reason);
            json_put(set, "reasonLabel", value_label(ctx, reasons, reason));
            json_put(set, "stays", json_text(row, "id"));
            json_put_new(set, "persons", json_array());
        }
        json_object_del(row, "reason");
        json_object_del(row, "same");
        json_array_append(json_object_get(set, "persons"), row);
    }
    json_decref(rows);
    return sets;
}
