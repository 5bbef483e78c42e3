/* link.c: one-time links: an invitation to choose the first password, and a way to a new one.
 *
 * Owns the table link. A link is 256 random bits, kept as a digest, that work once and for a time:
 * seven days for an invitation, one for a new password. Until mail exists it is shown once, to the
 * administrator or on the command line. Used, run out, replaced and invented links answer with the
 * same words. */
#include <string.h>

#include <kansli/crypt.h>
#include <kansli/json.h>

#include "internal.h"

enum { DAY_SECONDS = 24 * 3600 };

enum code link_new(struct ctx *ctx, long long account_key, const char *purpose, const char **path)
{
    bool invitation = !strcmp(purpose, "invitation");
    const char *now = tx_instant(ctx->tx);
    char token[TOKEN_SIZE], digest[DIGEST_SIZE], expires[INSTANT_SIZE];

    if (db_exists(ctx->tx, "SELECT 1 FROM account WHERE key = ?1 AND disabled = 1", account_key))
        return ctx_fail(ctx, E_CONFLICT, "account-disabled",
                        N_("The account is disabled. Enable it before you send a link."));
    crypt_token(token);
    crypt_digest(token, strlen(token), digest);
    instant_from_seconds(instant_seconds(now) + (invitation ? 7 : 1) * DAY_SECONDS, expires);
    enum code c = db_run(ctx->tx, "DELETE FROM link WHERE account_key = ?1", account_key);
    if (!c)
        c = db_run(ctx->tx,
                   "INSERT INTO link (digest, account_key, purpose, expires) "
                   "VALUES (?1, ?2, ?3, ?4)",
                   digest, account_key, purpose, expires);
    *path = arena_printf(ctx->arena, "/%s/%s", invitation ? "invitations" : "resets", token);
    return c;
}

json_t *link_find(struct ctx *ctx, const char *purpose, const char *token)
{
    char digest[DIGEST_SIZE];

    crypt_digest(token, strlen(token), digest);
    json_t *account =
        db_row(ctx->tx,
               "SELECT a.key AS \"key\", a.id AS \"id\", a.email AS \"email\", "
               "COALESCE(p.given_name || ' ' || p.family_name, a.name) AS \"name\" "
               "FROM link l JOIN account a ON a.key = l.account_key "
               "LEFT JOIN person p ON p.key = a.person_key WHERE l.digest = ?1 "
               "AND l.purpose = ?2 AND l.used IS NULL AND l.expires > ?3 AND a.disabled = 0",
               digest, purpose, tx_instant(ctx->tx));
    if (!account)
        ctx_fail(ctx, E_ABSENT, "link-used",
                 N_("This link has been used, replaced or run out. Ask whoever sent it for a new "
                    "one."));
    return account;
}

/* What the holder of a link does stands in history as the account's own act. */
static enum code set_password_as(struct ctx *ctx, const json_t *account, const char *hash)
{
    const struct actor *before = ctx->actor;
    struct actor self = {.account_id = json_text(account, "id")};

    ctx->actor = &self;
    enum code c = account_set_password(ctx, json_int(account, "key", 0), hash);
    ctx->actor = before;
    return c;
}

enum code link_use(struct ctx *ctx, const char *purpose, const char *token, const char *hash)
{
    char digest[DIGEST_SIZE];
    json_t *account = link_find(ctx, purpose, token);

    if (!account)
        return E_ABSENT;
    crypt_digest(token, strlen(token), digest);
    enum code c =
        db_run(ctx->tx, "UPDATE link SET used = ?2 WHERE digest = ?1", digest, tx_instant(ctx->tx));
    if (!c)
        c = set_password_as(ctx, account, hash);
    if (!c) {
        const char *email = email_fold(ctx->arena, json_text(account, "email"));
        crypt_digest(email, strlen(email), digest);
        c = db_run(ctx->tx, "DELETE FROM login_failure WHERE email = ?1", digest);
    }
    json_decref(account);
    return c;
}
