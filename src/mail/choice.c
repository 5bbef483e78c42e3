/* choice.c: what somebody wants beside what must be known: reminders, the weekly summary.
 *
 * Owns mail_choice, and the secret in a mail's own way to stop it: made of what it stops and the
 * register's secret, so nothing is kept for it, it works for as long as the mail lies in somebody's
 * inbox, and all that whoever holds it can do is to stop. Must not know who sends what. */
#include <string.h>
#include <kansli/account.h>
#include <kansli/crypt.h>
#include <kansli/json.h>
#include "internal.h"

struct choice_input {
    int reminders;
    const char *digest;
};

static const struct value digests[] = {
    {"off", NC_("digest", "No")},
    {"weekly", N_("Every Monday")},
    {NULL, NULL},
};

const struct field mail_choice_fields[] = {
    {.name = "reminders",
     .label = N_("Reminders"),
     .type = T_BOOL,
     .at = offsetof(struct choice_input, reminders),
     .flags = F_WIDE,
     .hint =
         N_("Before a day when something of yours runs out. What somebody asks you, and what is "
            "decided about you, is always sent.")},
    {.name = "digest",
     .label = N_("A summary of what waits for you"),
     .type = T_ENUM,
     .at = offsetof(struct choice_input, digest),
     .flags = F_REQUIRED | F_WIDE,
     .values = digests},
    {0},
};

/* ---------------------------------------------------------------- the choices of an owner */

static struct choice_input choices_of(struct ctx *ctx, struct mail_owner owner)
{
    json_t *row = db_row(ctx->tx,
                         "SELECT reminders AS \"reminders\", digest AS \"digest\" "
                         "FROM mail_choice WHERE account_key = ?1 OR person_key = ?2",
                         KEY(owner.account), KEY(owner.person));
    bool weekly = row && !strcmp(json_text(row, "digest"), "weekly");
    struct choice_input now = {.reminders = row ? (int)json_int(row, "reminders", 1) : 1,
                               .digest = digests[weekly].code};
    json_decref(row);
    return now;
}

bool mail_wanted(struct ctx *ctx, struct mail_owner owner, enum mail_kind kind)
{
    if (kind == MAIL_REQUEST || kind == MAIL_NOTICE)
        return true;
    struct choice_input now = choices_of(ctx, owner);
    return kind == MAIL_REMINDER ? now.reminders : !strcmp(now.digest, "weekly");
}

/* What waits and is wanted no more is not sent: mail_take asks. */
static enum code keep(struct ctx *ctx, struct mail_owner owner, const struct choice_input *to)
{
    struct choice_input now = choices_of(ctx, owner);
    json_t *changes = json_object();
    if (now.reminders != to->reminders)
        json_put_new(changes, "reminders",
                     json_pack("[b, b]", now.reminders == 1, to->reminders == 1));
    if (strcmp(now.digest, to->digest))
        json_put_new(changes, "digest", json_pack("[s, s]", now.digest, to->digest));
    if (!json_object_size(changes)) {
        json_decref(changes);
        return tx_code(ctx->tx);
    }
    enum code c =
        db_run(ctx->tx, "DELETE FROM mail_choice WHERE account_key = ?1 OR person_key = ?2",
               KEY(owner.account), KEY(owner.person));
    if (!c)
        c = db_run(ctx->tx,
                   "INSERT INTO mail_choice (account_key, person_key, reminders, digest) "
                   "VALUES (?1, ?2, ?3, ?4)",
                   KEY(owner.account), KEY(owner.person), to->reminders, to->digest);
    if (c) {
        json_decref(changes);
        return c;
    }
    const char *id = owner.account
                         ? db_text(ctx->tx, "SELECT id FROM account WHERE key = ?1", owner.account)
                         : db_text(ctx->tx, "SELECT id FROM person WHERE key = ?1", owner.person);
    return resource_touch(ctx, owner.account ? &account_resource : &person_resource,
                          owner.account ? owner.account : owner.person, id, "update", changes);
}

/* ---------------------------------------------------------------- one's own */

static struct mail_owner own(const struct ctx *ctx)
{
    return (struct mail_owner){.account = ctx->actor->account_key};
}

json_t *mail_choices(struct ctx *ctx)
{
    struct choice_input now = choices_of(ctx, own(ctx));
    json_t *choices = json_object();
    json_put_bool(choices, "reminders", now.reminders == 1);
    json_put(choices, "digest", now.digest);
    json_put(choices, "digestLabel", value_label(ctx, digests, now.digest));
    return choices;
}

enum code mail_choose(struct ctx *ctx)
{
    struct choice_input in = {0};
    enum code c = fields_read(ctx, mail_choice_fields, &in);
    if (!c && in.reminders < 0)
        c = err_field(ctx->err, "/reminders", N_("Write true or false."), NULL);
    return c ? c : keep(ctx, own(ctx), &in);
}

/* ---------------------------------------------------------------- the way to stop in each mail
 *
 * A secret is "ra.<uuid>.<mac>": r or d for what it stops, a or p for whose id follows. */

enum { NAMED = 2 + 1 + UUID_SIZE - 1, SECRET = NAMED + 1 + DIGEST_SIZE - 1 };

static void sign(struct ctx *ctx, const char *named, char mac[DIGEST_SIZE])
{
    const char *key = db_text(ctx->tx, "SELECT value FROM setting WHERE name = 'serverSecret'");
    crypt_mac(key ? key : "", arena_join(ctx->arena, "stop mail ", named, NULL), mac);
}

const char *mail_stop_path(struct ctx *ctx, struct mail_owner owner, enum mail_kind kind)
{
    char mac[DIGEST_SIZE];
    const char *id = owner.account
                         ? db_text(ctx->tx, "SELECT id FROM account WHERE key = ?1", owner.account)
                         : db_text(ctx->tx, "SELECT id FROM person WHERE key = ?1", owner.person);
    if (!id || (kind != MAIL_REMINDER && kind != MAIL_DIGEST))
        return NULL;
    const char *named = arena_printf(ctx->arena, "%c%c.%s", kind == MAIL_REMINDER ? 'r' : 'd',
                                     owner.account ? 'a' : 'p', id);
    sign(ctx, named, mac);
    return arena_printf(ctx->arena, "/mail/stop/%s.%s", named, mac);
}

static enum code read_secret(struct ctx *ctx, const char *secret, struct mail_owner *owner,
                             enum mail_kind *kind)
{
    char mac[DIGEST_SIZE];
    bool fits = strlen(secret) == SECRET && secret[NAMED] == '.';
    const char *named = arena_strndup(ctx->arena, secret, fits ? NAMED : 0);
    sign(ctx, named, mac);
    fits = fits && crypt_equal(secret + NAMED + 1, mac);
    *owner = (struct mail_owner){0};
    *kind = named[0] == 'r' ? MAIL_REMINDER : MAIL_DIGEST;
    if (fits && named[1] == 'a')
        owner->account = db_int(ctx->tx, 0, "SELECT key FROM account WHERE id = ?1", named + 3);
    else if (fits)
        owner->person = db_int(ctx->tx, 0, "SELECT key FROM person WHERE id = ?1", named + 3);
    if (owner->account || owner->person)
        return OK;
    return ctx_fail(
        ctx, E_ABSENT, "mail-stop-unknown",
        N_("This address stops nothing. Take the whole address from the mail, or log in and "
           "choose under your account."));
}

enum code mail_stop_find(struct ctx *ctx, const char *secret, json_t **out)
{
    struct mail_owner owner;
    enum mail_kind kind;
    enum code c = read_secret(ctx, secret, &owner, &kind);
    if (c)
        return c;
    *out = json_object();
    json_put(*out, "kind", mail_kinds[kind].code);
    json_put_bool(*out, "stopped", !mail_wanted(ctx, owner, kind));
    return tx_code(ctx->tx);
}

/* It stands in history as the account's own act; a person without one has no name there. */
enum code mail_stop(struct ctx *ctx, const char *secret)
{
    struct mail_owner owner;
    enum mail_kind kind;
    enum code c = read_secret(ctx, secret, &owner, &kind);
    if (c)
        return c;
    struct choice_input to = choices_of(ctx, owner);
    struct actor self = {
        .account_id = db_text(ctx->tx, "SELECT id FROM account WHERE key = ?1", owner.account)};
    const struct actor *before = ctx->actor;
    if (kind == MAIL_REMINDER)
        to.reminders = 0;
    else
        to.digest = "off";
    ctx->actor = &self;
    c = keep(ctx, owner, &to);
    ctx->actor = before;
    return c;
}
