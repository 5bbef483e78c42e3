/* account.c: accounts, and the roles that no membership gives (domain.md 1).
 *
 * Owns the tables account and account_role, and the rule that somebody always remains
 * administrator. Must never know how a password is checked nor what a session is; never shows,
 * keeps in history or logs a password, a digest or a secret. Roles are texts, "support" or
 * "coordinator:norra", so that a script patches them and a form ticks them. */
#include <string.h>

#include <kansli/audit.h>
#include <kansli/json.h>

#include "internal.h"

static const struct value roles[] = {
    {"administrator", N_("Administrator")},
    {"support", N_("Support function")},
    {"auditor", N_("Auditor")},
    {"dataProtection", N_("Data protection")},
    {NULL, NULL},
};

const struct value account_languages[] = {
    {"sv", N_("Swedish")},
    {"en", N_("English")},
    {NULL, NULL},
};

const struct value account_themes[] = {
    {"system", NC_("theme", "Automatic")},
    {"light", NC_("theme", "Light")},
    {"dark", NC_("theme", "Dark")},
    {NULL, NULL},
};

/* By id, whole name or e-mail address: an administrator ties whom he knows, and is told of nobody
 * by a part of a name. */
static const struct reference person_reference = {
    .noun = N_("person"),
    .find = "SELECT key FROM person WHERE id = ?1",
    .search = "SELECT id AS \"id\", name AS \"name\" FROM person "
              "WHERE fold(name) = ?1 OR fold(email) = ?1 ORDER BY key LIMIT ?5",
    .person_or_body = true,
};

static const struct field account_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "email",
     .label = N_("E-mail address"),
     .type = T_EMAIL,
     .at = offsetof(struct account_input, email),
     .flags = F_REQUIRED | F_SORT,
     .column = "email",
     .hint = N_("Used to log in.")},
    {.name = "name",
     .label = N_("Name"),
     .type = T_TEXT,
     .at = offsetof(struct account_input, name),
     .flags = F_SORT,
     .max = 120,
     .column = "name",
     .hint = N_("Shown until a person is tied to the account.")},
    {.name = "personId",
     .label = N_("Person"),
     .type = T_REF,
     .at = offsetof(struct account_input, person),
     .flags = F_FILTER,
     .column = "person_key",
     .reference = &person_reference,
     .hint = N_("The person's whole name, e-mail address or id: memberships give rights to the "
                "account.")},
    {.name = "personName", .label = N_("Person"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "roles",
     .label = N_("Roles"),
     .type = T_TEXTS,
     .at = offsetof(struct account_input, roles),
     .flags = F_HIDDEN,
     .hint = N_("administrator, support, auditor, dataProtection, or coordinator: and the id of an "
                "organisation, but of no municipality.")},
    {.name = "roleLabels",
     .label = N_("Roles"),
     .type = T_JSON,
     .flags = F_DERIVED,
     .schema = "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}"},
    {.name = "language",
     .label = N_("Language"),
     .type = T_ENUM,
     .at = offsetof(struct account_input, language),
     .flags = F_HIDDEN,
     .values = account_languages,
     .column = "language"},
    {.name = "disabled",
     .label = N_("Disabled"),
     .type = T_BOOL,
     .at = offsetof(struct account_input, disabled),
     .flags = F_FILTER,
     .column = "disabled",
     .hint = N_("Cannot log in; sessions and tokens end.")},
    {.name = "activated",
     .label = N_("Has a password"),
     .type = T_BOOL,
     .flags = F_DERIVED | F_FILTER},
    {.name = "secondFactor",
     .label = N_("Second factor"),
     .type = T_BOOL,
     .flags = F_DERIVED | F_FILTER},
    {.name = "lastSeen", .label = N_("Last seen"), .type = T_INSTANT, .flags = F_DERIVED | F_SORT},
    /* One-time links: in the one answer that made them, never again. */
    {.name = "invitation", .label = N_("Invitation"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "reset", .label = N_("Link for a new password"), .type = T_TEXT, .flags = F_DERIVED},
    {0},
};

static void account_finish(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item, *labels;

    json_array_foreach (items, i, item) {
        json_put_new(item, "roles", account_roles(ctx, json_int(item, "key", 0), &labels));
        json_put_new(item, "roleLabels", labels);
    }
}

static void account_links(struct ctx *ctx, json_t *object)
{
    const char *path = arena_printf(ctx->arena, "/accounts/%s", json_text(object, "id"));

    ctx_link(ctx, object, "edit", "PATCH", path);
    if (json_true_at(object, "disabled"))
        return;
    if (!json_true_at(object, "activated"))
        ctx_link(ctx, object, "invite", "POST", arena_printf(ctx->arena, "%s/invitations", path));
    ctx_link(ctx, object, "reset", "POST", arena_printf(ctx->arena, "%s/resets", path));
    if (json_true_at(object, "secondFactor"))
        ctx_link(ctx, object, "remove-second-factor", "POST",
                 arena_printf(ctx->arena, "%s/second-factor-removals", path));
}

const struct resource account_resource = {
    .name = "accounts",
    .noun = N_("account"),
    .table = "account",
    .select = "SELECT a.key AS \"key\", a.version AS \"version\", a.modified AS \"modified\", "
              "a.id AS \"id\", a.email AS \"email\", a.name AS \"name\", p.id AS \"personId\", "
              "p.given_name || ' ' || p.family_name AS \"personName\", "
              "a.language AS \"language\", a.disabled AS \"disabled\", "
              "CASE WHEN a.password IS NULL THEN 0 ELSE 1 END AS \"activated\", "
              "CASE WHEN a.totp_secret IS NULL THEN 0 ELSE 1 END AS \"secondFactor\", "
              "a.last_seen AS \"lastSeen\" "
              "FROM account a LEFT JOIN person p ON p.key = a.person_key",
    .found = DB_FOUND("\"key\"", "accounts", "?5"),
    .order = "\"email\", \"id\"",
    .size = sizeof(struct account_input),
    .fields = account_fields,
    .finish = account_finish,
    .links = account_links,
};

const char *email_fold(struct arena *arena, const char *email)
{
    char *folded = arena_strdup(arena, email);

    for (char *c = folded; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return folded;
}

long long account_key_of(struct ctx *ctx, const char *id)
{
    return db_int(ctx->tx, 0, "SELECT key FROM account WHERE id = ?1", id);
}

/* ---------------------------------------------------------------- roles */

json_t *account_roles(struct ctx *ctx, long long account_key, json_t **labels)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT r.role AS \"role\", b.id AS \"id\", o.name AS \"name\" "
                           "FROM account_role r LEFT JOIN body b ON b.key = r.organisation_key "
                           "LEFT JOIN organisation o ON o.key = r.organisation_key "
                           "WHERE r.account_key = ?1 ORDER BY r.role, o.name",
                           account_key);
    json_t *codes = json_array(), *row;
    size_t i;

    *labels = json_array();
    json_array_foreach (rows, i, row) {
        const char *role = json_text(row, "role"), *organisation = json_text(row, "id");
        const char *label = organisation ? ctx_textf(ctx, N_("Coordinator, {organisation}"),
                                                     "organisation", json_text(row, "name"), NULL)
                                         : value_label(ctx, roles, role);
        if (organisation)
            role = arena_printf(ctx->arena, "%s:%s", role, organisation);
        json_push(codes, json_text_new(role));
        json_push(*labels, json_text_new(label));
    }
    json_decref(rows);
    return codes;
}

static bool role_listed(const json_t *list, const char *role)
{
    size_t i;
    json_t *item;

    json_array_foreach ((json_t *)list, i, item)
        if (json_is_string(item) && !strcmp(json_string_value(item), role))
            return true;
    return false;
}

static json_t *choice(const char *value, const char *label, const json_t *chosen)
{
    json_t *option = json_object();

    json_put(option, "value", value);
    json_put(option, "label", label);
    json_put_bool(option, "selected", role_listed(chosen, value));
    return option;
}

/* Who nominates and answers for people of its own: municipalities do so through their county's
 * network. */
#define COORDINATED "o.type <> 'municipality'"

json_t *account_role_choices(struct ctx *ctx, const json_t *chosen)
{
    json_t *choices = json_object(), *row;
    json_t *plain = json_put_new(choices, "plain", json_array());
    json_t *coordinator = json_put_new(choices, "coordinator", json_array());
    json_t *rows = db_rows(ctx->tx, "SELECT b.id AS \"id\", o.name AS \"name\" FROM organisation o "
                                    "JOIN body b ON b.key = o.key "
                                    "WHERE " COORDINATED " ORDER BY CASE o.type "
                                    "WHEN 'healthcareRegion' THEN 0 WHEN 'region' THEN 1 "
                                    "ELSE 2 END, o.name");
    size_t i;

    for (const struct value *role = roles; role->code; role++)
        json_push(plain, choice(role->code, ctx_text(ctx, role->label), chosen));
    json_array_foreach (rows, i, row) {
        const char *value = arena_printf(ctx->arena, "coordinator:%s", json_text(row, "id"));
        json_push(coordinator, choice(value, json_text(row, "name"), chosen));
    }
    json_decref(rows);
    return choices;
}

/* One role as a row: its name, and the key of its organisation. */
static enum code role_write(struct ctx *ctx, long long account_key, const char *text)
{
    static const char prefix[] = "coordinator:";
    long long organisation = 0;
    const char *role = NULL;

    if (!strncmp(text, prefix, sizeof prefix - 1)) {
        role = "coordinator";
        organisation = db_int(ctx->tx, 0,
                              "SELECT o.key FROM organisation o JOIN body b ON b.key = o.key "
                              "WHERE b.id = ?1 AND " COORDINATED,
                              text + sizeof prefix - 1);
        if (!organisation)
            return err_field(ctx->err, "/roles",
                             N_("{role}: there is no organisation with that id, or it has no "
                                "coordinator."),
                             "role", text, NULL);
    }
    for (const struct value *known = roles; known->code && !role; known++)
        if (!strcmp(known->code, text))
            role = known->code;
    if (!role)
        return err_field(ctx->err, "/roles",
                         N_("{role} is no role. Roles are administrator, support, auditor, "
                            "dataProtection, and coordinator: with the id of an organisation."),
                         "role", text, NULL);
    return db_run(ctx->tx,
                  "INSERT INTO account_role (account_key, role, organisation_key) "
                  "VALUES (?1, ?2, ?3)",
                  account_key, role, KEY(organisation));
}

static enum code roles_write(struct ctx *ctx, long long account_key, const struct text_list *list)
{
    enum code c = db_run(ctx->tx, "DELETE FROM account_role WHERE account_key = ?1", account_key);

    for (size_t i = 0; !c && i < list->n; i++)
        c = role_write(ctx, account_key, list->item[i]);
    return c;
}

/* The rule of account_change and account_disable, asked after the change. */
static enum code somebody_remains(struct ctx *ctx)
{
    if (db_exists(ctx->tx, "SELECT 1 FROM account a JOIN account_role r ON r.account_key = a.key "
                           "WHERE r.role = 'administrator' AND a.disabled = 0"))
        return OK;
    return ctx_fail(ctx, E_CONFLICT, "last-administrator",
                    N_("This is the last administrator. Make another account administrator "
                       "first."));
}

/* ---------------------------------------------------------------- writing */

static enum code email_free(struct ctx *ctx, const char *email, long long but_key)
{
    if (!db_exists(ctx->tx, "SELECT 1 FROM account WHERE email_folded = ?1 AND key <> ?2",
                   email_fold(ctx->arena, email), but_key))
        return OK;
    return ctx_fail(ctx, E_CONFLICT, "email-taken",
                    N_("There is already an account with that e-mail address."));
}

static enum code index_put(struct ctx *ctx, long long key, const struct account_input *in)
{
    const char *person = db_text(ctx->tx,
                                 "SELECT given_name || ' ' || family_name FROM person "
                                 "WHERE key = ?1",
                                 in->person.key);

    return db_index_put(ctx->tx, "accounts", key,
                        arena_printf(ctx->arena, "%s %s %s", in->email, in->name ? in->name : "",
                                     person ? person : ""));
}

static enum code create(struct ctx *ctx, struct account_input *in, long long *key)
{
    enum code c = email_free(ctx, in->email, 0);
    if (c)
        return c;
    in->disabled = in->disabled == 1;
    json_t *extra = json_object();
    json_put(extra, "email_folded", email_fold(ctx->arena, in->email));
    *key = 0;
    c = resource_insert(ctx, &account_resource, in, NULL, extra, key);
    json_decref(extra);
    if (!c)
        c = roles_write(ctx, *key, &in->roles);
    return c ? c : index_put(ctx, *key, in);
}

enum code account_create(struct ctx *ctx, struct account_input *in, const char **id,
                         const char **link)
{
    long long key = 0;
    enum code c = create(ctx, in, &key);
    if (!c)
        c = link_new(ctx, key, "invitation", link);
    if (c)
        return c;
    *id = db_text(ctx->tx, "SELECT id FROM account WHERE key = ?1", key);
    return tx_code(ctx->tx);
}

/* What follows from an account's being closed. */
static enum code end_access(struct ctx *ctx, long long key)
{
    enum code c = session_end_all(ctx, key);
    if (!c)
        c = db_run(ctx->tx, "DELETE FROM token WHERE account_key = ?1", key);
    return c ? c : db_run(ctx->tx, "DELETE FROM link WHERE account_key = ?1", key);
}

enum code account_erase(struct ctx *ctx, long long key)
{
    const char *id = db_text(ctx->tx, "SELECT id FROM account WHERE key = ?1", key);
    enum code c = end_access(ctx, key);
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE account SET email = id || '@erased.invalid', "
                   "email_folded = id || '@erased.invalid', name = NULL, person_key = NULL, "
                   "password = NULL, totp_secret = NULL, totp_pending = NULL, "
                   "language = NULL, theme = NULL, last_seen = NULL, disabled = 1, "
                   "version = version + 1, modified = ?2 WHERE key = ?1",
                   key, tx_instant(ctx->tx));
    if (!c)
        c = db_run(ctx->tx, "DELETE FROM idempotency WHERE actor = ?1", id);
    if (!c)
        c = db_run(ctx->tx, "DELETE FROM mail WHERE account_key = ?1", key);
    if (!c)
        c = db_index_remove(ctx->tx, account_resource.name, key);
    return c ? c : audit_erase(ctx, account_resource.name, key, id);
}

static enum code change(struct ctx *ctx, struct edit *edit, struct account_input *in)
{
    bool administrated = !json_true_at(edit->now, "disabled") &&
                         role_listed(json_object_get(edit->now, "roles"), "administrator");

    in->disabled = in->disabled == 1;
    if (in->disabled && edit->key == ctx->actor->account_key)
        return ctx_fail(ctx, E_CONFLICT, "last-administrator",
                        N_("You cannot disable your own account. Another administrator can."));
    enum code c = email_free(ctx, in->email, edit->key);
    if (!c)
        c = resource_update(ctx, &account_resource, edit, in, NULL);
    if (!c)
        c = db_run(ctx->tx, "UPDATE account SET email_folded = ?2 WHERE key = ?1", edit->key,
                   email_fold(ctx->arena, in->email));
    if (!c)
        c = roles_write(ctx, edit->key, &in->roles);
    if (!c && in->disabled)
        c = end_access(ctx, edit->key);
    if (!c && administrated)
        c = somebody_remains(ctx);
    return c ? c : index_put(ctx, edit->key, in);
}

enum code account_change(struct ctx *ctx, const char *id)
{
    struct account_input in;
    struct edit edit;
    enum code c = resource_edit(ctx, &account_resource, id, &edit, &in);

    if (!c)
        c = change(ctx, &edit, &in);
    resource_edit_end(&edit);
    return c;
}

enum code account_note(struct ctx *ctx, long long key, const char *act)
{
    const char *id = db_text(ctx->tx, "SELECT id FROM account WHERE key = ?1", key);

    return resource_touch(ctx, &account_resource, key, id, act, json_object());
}

enum code account_set_password(struct ctx *ctx, long long key, const char *hash)
{
    enum code c = db_run(ctx->tx, "UPDATE account SET password = ?2 WHERE key = ?1", key, hash);
    if (!c)
        c = session_end_others(ctx, key);
    return c ? c : account_note(ctx, key, "password");
}

/* ---------------------------------------------------------------- one's own */

json_t *account_me(struct ctx *ctx)
{
    json_t *me = db_row(ctx->tx,
                        "SELECT a.id AS \"id\", a.email AS \"email\", "
                        "COALESCE(p.given_name || ' ' || p.family_name, a.name, a.email) "
                        "AS \"name\", p.id AS \"personId\", "
                        "p.given_name || ' ' || p.family_name AS \"personName\", "
                        "a.language AS \"language\", a.theme AS \"theme\", "
                        "a.shortcuts AS \"shortcuts?\" "
                        "FROM account a LEFT JOIN person p ON p.key = a.person_key "
                        "WHERE a.key = ?1",
                        ctx->actor->account_key);
    json_t *labels;

    if (!me)
        return NULL;
    json_put_new(me, "roles", account_roles(ctx, ctx->actor->account_key, &labels));
    json_put_new(me, "roleLabels", labels);
    json_put_bool(me, "secondFactor", factor_is_on(ctx));
    ctx_link(ctx, me, "self", "GET", "/me");
    ctx_link(ctx, me, "tokens", "GET", "/me/tokens");
    return me;
}

static void note_change(json_t *changes, const char *name, json_t *before, json_t *after)
{
    if (json_equal(before, after)) {
        json_decref(before);
        json_decref(after);
        return;
    }
    json_t *pair = json_put_new(changes, name, json_array());
    json_push(pair, before);
    json_push(pair, after);
}

static json_t *text_or_null(const char *text)
{
    return text ? json_text_new(text) : json_null();
}

enum code account_prefer(struct ctx *ctx, const struct preferences *to)
{
    const struct actor *now = ctx->actor;
    json_t *changes = json_object();

    note_change(changes, "language", text_or_null(now->language), text_or_null(to->language));
    note_change(changes, "theme", text_or_null(now->theme), text_or_null(to->theme));
    note_change(changes, "shortcuts", json_boolean(now->shortcuts), json_boolean(to->shortcuts));
    if (!json_object_size(changes)) {
        json_decref(changes);
        return OK;
    }
    enum code c = db_run(ctx->tx,
                         "UPDATE account SET language = ?2, theme = ?3, shortcuts = ?4 "
                         "WHERE key = ?1",
                         now->account_key, to->language, to->theme, to->shortcuts);
    if (c) {
        json_decref(changes);
        return c;
    }
    return resource_touch(ctx, &account_resource, now->account_key, now->account_id, "update",
                          changes);
}

/* ---------------------------------------------------------------- the command line */

enum code account_add(struct ctx *ctx, const char *email, const char *name, const char *role,
                      const char *organisation, const char *person, const char *password_hash,
                      const char **link)
{
    struct account_input in = {.email = email, .name = name, .disabled = 0};
    const char *text = role;
    long long key = 0;

    if (!email_valid(email))
        return err_field(ctx->err, "/email",
                         N_("Write an e-mail address, for example name@region.example."), NULL);
    if (organisation)
        text = arena_printf(ctx->arena, "%s:%s", role ? role : "coordinator", organisation);
    if (text)
        in.roles = (struct text_list){1, &text};
    if (person) {
        in.person.id = person;
        in.person.key = db_int(ctx->tx, 0, "SELECT key FROM person WHERE id = ?1", person);
        if (!in.person.key)
            return err_set(ctx->err, E_INPUT, "unknown-person",
                           N_("There is no person with that id."));
    }
    enum code c = create(ctx, &in, &key);
    if (!c && password_hash)
        c = db_run(ctx->tx, "UPDATE account SET password = ?2 WHERE key = ?1", key, password_hash);
    else if (!c)
        c = link_new(ctx, key, "invitation", link);
    return c;
}

/* The person's own account decides; without one, whose the address is. */
static json_t *account_of(struct ctx *ctx, long long person_key, const char *email)
{
    return db_row(ctx->tx,
                  "SELECT key AS \"key\", (person_key = ?1) AS \"own?\", disabled AS \"disabled?\", "
                  "(password IS NOT NULL) AS \"chosen?\", (email_folded = ?2) AS \"there?\" "
                  "FROM account WHERE person_key = ?1 OR email_folded = ?2 "
                  "ORDER BY (CASE WHEN person_key = ?1 THEN 0 ELSE 1 END), disabled, key LIMIT 1",
                  person_key, email_fold(ctx->arena, email));
}

static enum account_way way_of(const json_t *account)
{
    if (!account)
        return ACCOUNT_INVITES;
    if (!json_true_at(account, "own") || json_true_at(account, "disabled"))
        return ACCOUNT_TAKEN;
    if (json_true_at(account, "chosen"))
        return ACCOUNT_LOGS_IN;
    return json_true_at(account, "there") ? ACCOUNT_INVITES : ACCOUNT_TAKEN;
}

enum account_way account_way_in(struct ctx *ctx, long long person_key, const char *email)
{
    json_t *account = account_of(ctx, person_key, email);
    enum account_way way = way_of(account);
    json_decref(account);
    return way;
}

enum code account_invite(struct ctx *ctx, long long person_key, const char *email,
                         const char **path)
{
    json_t *account = account_of(ctx, person_key, email);
    long long key = json_int(account, "key", 0);
    MUST(way_of(account) == ACCOUNT_INVITES);
    json_decref(account);
    if (key)
        return link_new(ctx, key, "invitation", path);
    const char *person = db_text(ctx->tx, "SELECT id FROM person WHERE key = ?1", person_key);
    return account_add(ctx, email, NULL, NULL, NULL, person, NULL, path);
}

enum code account_disable(struct ctx *ctx, const char *email)
{
    json_t *account =
        db_row(ctx->tx,
               "SELECT a.key AS \"key\", EXISTS (SELECT 1 FROM account_role r "
               "WHERE r.account_key = a.key AND r.role = 'administrator') AS \"administrator?\" "
               "FROM account a WHERE a.email_folded = ?1 AND a.disabled = 0",
               email_fold(ctx->arena, email));
    long long key = json_int(account, "key", 0);
    bool administrator = json_true_at(account, "administrator");

    json_decref(account);
    if (!key)
        return ctx_fail(ctx, E_ABSENT, "not-found",
                        N_("There is no account in use with that e-mail address."));
    enum code c = db_run(ctx->tx, "UPDATE account SET disabled = 1 WHERE key = ?1", key);
    if (!c)
        c = end_access(ctx, key);
    if (!c && administrator)
        c = somebody_remains(ctx);
    return c ? c : account_note(ctx, key, "disable");
}
