/* person.c: people: fields, who may know of them, who may change what.
 *
 * Owns the table person. Must not know what a group decides: only that a membership shows a name or
 * withholds it, which access.h says. Visibility is a condition in SQL, so that a list, a count, a
 * search and one object can never disagree; contact details are taken out of each row by the same
 * statement that found it. */
#include <string.h>
#include <kansli/audit.h>
#include <kansli/organisation.h>
#include "internal.h"

struct person_input {
    const char *given_name, *family_name, *title, *email, *phone, *language, *gender;
    struct text_list professions;
    struct ref_value employer;
    int publish_name, protected_identity;
};

#define AT(member) offsetof(struct person_input, member)

/* The national minority languages and sign language beside the two that the site speaks. */
static const struct value languages[] = {
    {"sv", N_("Swedish")},
    {"en", N_("English")},
    {"fi", N_("Finnish")},
    {"fit", N_("Meänkieli")},
    {"se", N_("Sami")},
    {"rom", N_("Romani")},
    {"yi", N_("Yiddish")},
    {"swl", N_("Swedish sign language")},
    {NULL, NULL},
};

static const struct value genders[] = {
    {"woman", N_("Woman")},
    {"man", N_("Man")},
    {"other", NC_("gender", "Other")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- the reference */

#define ROW_VISIBLE                                                                                \
    PERSON_VISIBLE("p.key", "p.entered_by_key", "p.employer_key", "p.protected_identity",          \
                   "p.publish_name")
#define ROW_REACHED                                                                                \
    PERSON_REACHED("p.key", "p.entered_by_key", "p.employer_key", "p.protected_identity")

const struct reference person_reference = {
    .noun = N_("person"),
    .find = "SELECT p.key FROM person p WHERE p.id = ?1 AND " ROW_VISIBLE,
    .search = "SELECT p.id AS \"id\", p.name AS \"name\" FROM person p "
              "WHERE (fold(p.name) LIKE '%' || ?1 || '%' "
              "OR (fold(p.email) = ?1 AND " ROW_REACHED ")) AND " ROW_VISIBLE
              " ORDER BY CASE WHEN fold(p.name) = ?1 THEN 0 ELSE 1 END, p.family_name, "
              "p.given_name, p.id LIMIT ?5",
    .name = "SELECT name FROM person WHERE key = ?1",
    .lookup = "/search?type=persons",
    .person_or_body = true,
};

/* ---------------------------------------------------------------- fields */

static const struct field person_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "givenName",
     .label = N_("Given name"),
     .type = T_TEXT,
     .at = AT(given_name),
     .flags = F_REQUIRED | F_SORT,
     .max = 100,
     .column = "given_name"},
    {.name = "familyName",
     .label = N_("Family name"),
     .type = T_TEXT,
     .at = AT(family_name),
     .flags = F_REQUIRED | F_SORT,
     .max = 100,
     .column = "family_name"},
    {.name = "name", .label = N_("Name"), .type = T_TEXT, .flags = F_DERIVED | F_SORT},
    {.name = "title", .label = N_("Title"), .type = T_TEXT, .at = AT(title), .max = 120,
     .column = "title"},
    {.name = "professions",
     .label = N_("Professions"),
     .type = T_TEXTS,
     .at = AT(professions),
     .max = 100,
     .column = "professions"},
    {.name = "employerId",
     .label = N_("Employer"),
     .type = T_REF,
     .at = AT(employer),
     .flags = F_FILTER,
     .reference = &organisation_reference,
     .column = "employer_key"},
    {.name = "email",
     .label = N_("E-mail address"),
     .type = T_EMAIL,
     .at = AT(email),
     .column = "email",
     .hint = N_("Shown to those who work with the person, never to everyone.")},
    {.name = "phone",
     .label = N_("Telephone"),
     .type = T_TEXT,
     .at = AT(phone),
     .flags = F_NUMBER,
     .max = 40,
     .column = "phone",
     .hint = N_("Shown to those who work with the person, never to everyone.")},
    {.name = "language",
     .label = N_("Language"),
     .type = T_ENUM,
     .at = AT(language),
     .values = languages,
     .column = "language",
     .hint = N_("The language in which the person wants to be addressed.")},
    {.name = "gender",
     .label = N_("Gender"),
     .type = T_ENUM,
     .at = AT(gender),
     .flags = F_PRIVATE,
     .values = genders,
     .column = "gender",
     .hint = N_("Only you see it and only you state it. It is counted in groups of five or more.")},
    {.name = "publishName",
     .label = N_("May the name be shown to everyone?"),
     .type = T_BOOL,
     .at = AT(publish_name),
     .column = "publish_name",
     .hint = N_("The person's own choice: an officer records it on the person's word. Not asked: "
                "withheld where the person sits as a patient or next of kin, shown elsewhere.")},
    {.name = "protectedIdentity",
     .label = N_("Protected identity"),
     .type = T_BOOL,
     .at = AT(protected_identity),
     .flags = F_REQUIRED,
     .column = "protected_identity",
     .fallback = "false",
     .hint = N_("Name and contact details are shown only to the support function and to the "
                "officers of the person's groups.")},
    {.name = "anonymisedDate", .label = N_("Anonymised"), .type = T_DAY, .flags = F_DERIVED},
    {0},
};

/* ---------------------------------------------------------------- reading */

/* What the reader may not see is absent, not null. */
static void finish(struct ctx *ctx, json_t *items)
{
    static const char *const reached[] = {"email", "phone", "language", "publishName"};
    size_t i;
    json_t *person;
    json_array_foreach(items, i, person) {
        bool self = ctx->actor->person_key &&
                    json_int(person, "key", 0) == ctx->actor->person_key;
        if (!self)
            json_object_del(person, "gender");
        for (size_t f = 0; f < LEN(reached) && !json_int(person, "reached_key", 0); f++)
            json_object_del(person, reached[f]);
    }
}

static void links(struct ctx *ctx, json_t *object)
{
    const char *path = arena_printf(ctx->arena, "/persons/%s", json_text(object, "id"));
    long long key = json_int(object, "key", 0);
    bool named = !json_text(object, "anonymisedDate");
    if (person_may_change(ctx, key) && named) {
        ctx_link(ctx, object, "edit", "PATCH", path);
        ctx_link(ctx, object, "delete", "DELETE", path);
    }
    if (may_person(ctx, ACT_MERGE_PERSON, key) && named)
        ctx_link(ctx, object, "merge", "POST", arena_printf(ctx->arena, "%s/merges", path));
    if (may_person(ctx, ACT_EXPORT_PERSON, key))
        ctx_link(ctx, object, "data-export", "GET",
                 arena_printf(ctx->arena, "%s/data-export", path));
    if (may_person(ctx, ACT_ERASE_PERSON, key) && named)
        ctx_link(ctx, object, "anonymise", "POST",
                 arena_printf(ctx->arena, "%s/anonymisations", path));
    if (may(ctx, ACT_SEE_ALL_HISTORY, 0))
        ctx_link(ctx, object, "history", "GET", arena_printf(ctx->arena, "%s/history", path));
}

const struct resource person_resource = {
    .name = "persons",
    .noun = N_("person"),
    .table = "person",
    .select = "SELECT p.key AS \"key\", p.version AS \"version\", p.modified AS \"modified\", "
              "p.id AS \"id\", p.given_name AS \"givenName\", p.family_name AS \"familyName\", "
              "p.name AS \"name\", p.title AS \"title\", p.professions AS \"professions\", "
              "b.id AS \"employerId\", o.name AS \"employerName\", "
              "p.employer_key AS \"employer_key\", p.email AS \"email\", p.phone AS \"phone\", "
              "p.language AS \"language\", p.gender AS \"gender\", "
              "p.publish_name AS \"publishName\", p.protected_identity AS \"protectedIdentity\", "
              "p.anonymised_date AS \"anonymisedDate\", p.entered_by_key AS \"entered_by_key\", "
              ROW_REACHED " AS \"reached_key\" FROM person p "
              "LEFT JOIN body b ON b.key = p.employer_key "
              "LEFT JOIN organisation o ON o.key = p.employer_key",
    .visible = PERSON_VISIBLE("r.\"key\"", "r.\"entered_by_key\"", "r.\"employer_key\"",
                              "r.\"protectedIdentity\"", "r.\"publishName\""),
    .found = DB_FOUND("\"key\"", "persons", "?5"),
    .order = "\"familyName\", \"givenName\", \"id\"",
    .size = sizeof(struct person_input),
    .fields = person_fields,
    .finish = finish,
    .links = links,
    .moved = "SELECT p.id FROM person_alias a JOIN person p ON p.key = a.person_key "
             "WHERE a.id = ?1",
    .personal = true,
};

long long person_in_path(struct ctx *ctx, struct answer *out, enum code *code, json_t **object)
{
    const char *id = ctx_value(ctx, "id");
    long long key = 0;
    json_t *person = resource_one(ctx, &person_resource, id, &key, NULL);
    *code = person ? OK : resource_absent(ctx, &person_resource, id, out);
    if (object)
        *object = person;
    else
        json_decref(person);
    return key;
}

json_t *person_former_ids(struct ctx *ctx, long long key)
{
    json_t *rows = db_rows(ctx->tx, "SELECT id AS \"id\" FROM person_alias WHERE person_key = ?1 "
                                    "ORDER BY id", key);
    json_t *ids = json_array(), *row;
    size_t i;
    json_array_foreach(rows, i, row)
        json_array_append(ids, json_object_get(row, "id"));
    json_decref(rows);
    return ids;
}

/* ---------------------------------------------------------------- who may change what */

bool person_field_is_own(const char *name)
{
    static const char *const own[] = {"email", "phone", "language", "gender", "publishName"};
    for (size_t i = 0; i < LEN(own); i++)
        if (!strcmp(own[i], name))
            return true;
    return false;
}

bool person_may_change(struct ctx *ctx, long long key)
{
    return may_person(ctx, ACT_CHANGE_PERSON, key) || may_person(ctx, ACT_ERASE_PERSON, key);
}

bool person_may_change_all(struct ctx *ctx, long long key)
{
    unsigned most = WHO_OFFICER | WHO_COORDINATOR_TIED | WHO_SUPPORT | WHO_DATA_PROTECTION;
    return ctx->actor->everything || (access_to_person(ctx, key) & most);
}

/* A member that was sent and is another's to say. Named before anything else is looked at: what one
 * may not change one may not try out either. */
static enum code refuse_others_fields(struct ctx *ctx, long long key)
{
    bool all = !key || person_may_change_all(ctx, key);
    bool self = ctx->actor->everything || (key && key == ctx->actor->person_key);
    const char *name;
    json_t *value;
    json_object_foreach(ctx->body->values, name, value) {
        const struct field *field = field_find(person_fields, name);
        if (!field || (field->flags & F_DERIVED))
            continue;
        if (!strcmp(name, "gender") && !self)
            return ctx_fail(ctx, E_DENIED, "gender-self-stated",
                            N_("The gender is stated by the person concerned and by nobody else."));
        if (!all && !person_field_is_own(name))
            return err_setf(ctx->err, E_DENIED, "may-change-person",
                            N_("{field} may be changed by the officers of the person's groups, the "
                               "coordinator of the employer or of an organisation represented, and "
                               "the national support function. Your own contact details and "
                               "choices you change yourself."),
                            "field", ctx_text(ctx, field->label), NULL);
    }
    return OK;
}

/* ---------------------------------------------------------------- writing */

enum code person_must_be_named(struct ctx *ctx, long long person_key)
{
    if (!db_exists(ctx->tx, "SELECT 1 FROM person WHERE key = ?1 AND anonymised_date IS NOT NULL",
                   person_key))
        return tx_code(ctx->tx);
    return ctx_fail(ctx, E_CONFLICT, "person-anonymised",
                    N_("This person has been anonymised, and takes on nothing new."));
}

enum code person_index(struct ctx *ctx, long long person_key)
{
    const char *name = db_text(ctx->tx,
                               "SELECT name FROM person WHERE key = ?1 AND anonymised_date IS NULL",
                               person_key);
    return name ? db_index_put(ctx->tx, person_resource.name, person_key, name)
                : db_index_remove(ctx->tx, person_resource.name, person_key);
}

/* A key that no person has had: history is kept by it, and nobody may find what was told of
 * somebody who was deleted under a new name. */
static long long next_key(struct ctx *ctx)
{
    return 1 + db_int(ctx->tx, 0,
                      "SELECT max(k) FROM (SELECT max(key) AS k FROM person UNION ALL "
                      "SELECT max(object_key) FROM audit_event "
                      "WHERE object_type = 'persons') AS u");
}

enum code person_create(struct ctx *ctx, struct answer *out)
{
    struct person_input in;
    long long key = 0;
    enum code c = must_may_person(ctx, ACT_ENTER_PERSON, 0);
    if (!c)
        c = refuse_others_fields(ctx, 0);
    if (!c)
        c = resource_read(ctx, &person_resource, &in);
    if (c)
        return c;
    json_t *extra = json_object();
    json_put_int(extra, "key", next_key(ctx));
    if (ctx->actor->account_key)
        json_put_int(extra, "entered_by_key", ctx->actor->account_key);
    c = resource_insert(ctx, &person_resource, &in, NULL, extra, &key);
    json_decref(extra);
    if (!c)
        c = person_index(ctx, key);
    if (c)
        return c;
    out->flash = N_("The person is in the register.");
    return resource_created(ctx, &person_resource,
                            db_text(ctx->tx, "SELECT id FROM person WHERE key = ?1", key), out);
}

/* The object, and the right to change it. A correction is a change that only the data protection
 * role could make. */
static enum code begin_change(struct ctx *ctx, const char *id, long long *key, bool *correction)
{
    json_t *person = resource_one(ctx, &person_resource, id, key, NULL);
    if (!person)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    bool named = !json_text(person, "anonymisedDate");
    json_decref(person);
    *correction = !may_person(ctx, ACT_CHANGE_PERSON, *key) &&
                  may_person(ctx, ACT_ERASE_PERSON, *key);
    enum code c = *correction ? OK : must_may_person(ctx, ACT_CHANGE_PERSON, *key);
    if (!c && !named)
        c = ctx_fail(ctx, E_CONFLICT, "person-anonymised",
                     N_("This person has been anonymised and is not changed."));
    return c;
}

static enum code note_correction(struct ctx *ctx, const struct edit *edit)
{
    return audit_add(ctx, (struct audit){.type = person_resource.name,
                                         .key = edit->key,
                                         .id = edit->id,
                                         .act = "correct",
                                         .version = edit->version});
}

enum code person_change(struct ctx *ctx, const char *id, struct answer *out)
{
    struct person_input in;
    struct edit edit = {0};
    long long key = 0;
    bool correction = false, changed = false;
    enum code c = begin_change(ctx, id, &key, &correction);
    if (!c)
        c = refuse_others_fields(ctx, key);
    if (c)
        return c;
    c = resource_edit(ctx, &person_resource, id, &edit, &in);
    if (!c)
        c = resource_update(ctx, &person_resource, &edit, &in, &changed);
    if (!c && changed && correction)
        c = note_correction(ctx, &edit);
    if (!c && changed)
        c = person_index(ctx, key);
    resource_edit_end(&edit);
    out->flash = N_("Saved.");
    return c ? c : resource_changed(ctx, &person_resource, id, out);
}

enum code person_publish(struct ctx *ctx, long long person_key, bool yes)
{
    json_t *row = db_row(ctx->tx,
                         "SELECT id AS \"id\", publish_name AS \"before?\" FROM person "
                         "WHERE key = ?1",
                         person_key);
    const char *id = arena_strdup(ctx->arena, json_text(row, "id"));
    json_t *change = json_pack("{s:[O?, b]}", "publishName", json_object_get(row, "before"), yes);
    json_decref(row);
    enum code c =
        db_run(ctx->tx, "UPDATE person SET publish_name = ?2 WHERE key = ?1", person_key, yes);
    if (!c)
        return resource_touch(ctx, &person_resource, person_key, id, "update", change);
    json_decref(change);
    return c;
}

static enum code refuse_in_use(struct ctx *ctx, long long key)
{
    bool used = db_exists(ctx->tx,
                          "SELECT 1 FROM membership WHERE person_key = ?1 UNION ALL "
                          "SELECT 1 FROM account WHERE person_key = ?1",
                          key);
    return used ? ctx_fail(ctx, E_CONFLICT, "in-use",
                           N_("The person has or has had a role, or an account. Merge it with the "
                              "right one, or let data protection anonymise it."))
                : tx_code(ctx->tx);
}

enum code person_remove(struct ctx *ctx, struct answer *out)
{
    struct edit edit = {0};
    long long key = 0;
    bool correction = false;
    const char *id = ctx_value(ctx, "id");
    enum code c = begin_change(ctx, id, &key, &correction);
    if (c)
        return c;
    c = resource_guard(ctx, &person_resource, id, &edit);
    if (!c)
        c = refuse_in_use(ctx, key);
    if (!c)
        c = resource_delete(ctx, &person_resource, &edit);
    resource_edit_end(&edit);
    out->see = "/persons";
    out->flash = N_("The person is deleted.");
    return c;
}

/* ---------------------------------------------------------------- checks */

const struct check person_checks[] = {
    {.rule = "person-twice",
     .severity = CHECK_NOTICE,
     .object_type = "persons",
     .label = N_("A person who may stand twice"),
     .message = N_("Another person has the same name and employer, or the same e-mail address."),
     .query = "WITH named AS (SELECT key, id, fold(name) AS folded, "
              "coalesce(employer_key, 0) AS employer, fold(email) AS email FROM person "
              "WHERE anonymised_date IS NULL), "
              "names AS (SELECT folded, employer FROM named GROUP BY folded, employer "
              "HAVING count(*) > 1), "
              "emails AS (SELECT email FROM named WHERE email IS NOT NULL GROUP BY email "
              "HAVING count(*) > 1) "
              "SELECT n.id AS \"id\" FROM named n WHERE EXISTS (SELECT 1 FROM names s "
              "WHERE s.folded = n.folded AND s.employer = n.employer) "
              "OR n.email IN (SELECT email FROM emails) ORDER BY n.key",
     .mend = "/persons/duplicates"},
    {.rule = "address-missing",
     .severity = CHECK_NOTICE,
     .object_type = "persons",
     .label = N_("A person with a role but without an e-mail address"),
     .message = N_("A person who has a role now has no e-mail address."),
     .query = "SELECT p.id AS \"id\", b.id AS \"groupId\" FROM person p JOIN body b ON b.key = ("
              "SELECT m.group_key FROM membership m WHERE m.person_key = p.key "
              "AND m.start_date <= ?1 AND (m.end_date IS NULL OR m.end_date >= ?1) "
              "ORDER BY m.group_key LIMIT 1) WHERE p.email IS NULL ORDER BY p.key"},
    {0},
};
