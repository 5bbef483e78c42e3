/* factor.c: the second factor: a secret shared with an app that shows a new code every half minute
 * (RFC 6238).
 *
 * Owns the columns totp_* of account. A secret counts from the moment a code has shown that the app
 * has it. A code works once: the step of the last one is kept. The setting secondFactorRoles
 * (roles, with spaces between) says who must have one; until it is set up such an account reaches
 * nothing else. */
#include <string.h>

#include <kansli/buf.h>
#include <kansli/crypt.h>
#include <kansli/json.h>

#include "internal.h"

bool factor_is_on(struct ctx *ctx)
{
    return db_exists(ctx->tx, "SELECT 1 FROM account WHERE key = ?1 AND totp_secret IS NOT NULL",
                     ctx->actor->account_key);
}

/* True when the setting names one of the account's roles. */
static bool required(struct tx *tx, long long account_key)
{
    return db_exists(tx,
                     "SELECT 1 FROM account_role r JOIN setting s ON s.name = 'secondFactorRoles' "
                     "WHERE r.account_key = ?1 "
                     "AND ' ' || s.value || ' ' LIKE '% ' || r.role || ' %'",
                     account_key);
}

bool factor_missing(struct tx *tx, long long account_key)
{
    return db_exists(tx,
                     "SELECT 1 FROM account a JOIN account_role r ON r.account_key = a.key "
                     "JOIN setting s ON s.name = 'secondFactorRoles' "
                     "WHERE a.key = ?1 AND a.totp_secret IS NULL "
                     "AND ' ' || s.value || ' ' LIKE '% ' || r.role || ' %'",
                     account_key);
}

/* "ABCD EFGH ...": as people type it. */
static const char *in_groups(struct arena *arena, const char *secret)
{
    struct buf buf;

    buf_init(&buf, 256);
    for (size_t i = 0; secret[i]; i++) {
        if (i && i % 4 == 0)
            buf_addc(&buf, ' ');
        buf_addc(&buf, secret[i]);
    }
    const char *text = arena_strdup(arena, buf.data);
    buf_release(&buf);
    return text;
}

/* What an app on the same device opens. */
static const char *otpauth(struct ctx *ctx, const char *secret)
{
    struct buf buf;

    buf_init(&buf, 2048);
    buf_adds(&buf, "otpauth://totp/kansli:");
    buf_url(&buf, ctx->actor->email, strlen(ctx->actor->email));
    buf_addf(&buf, "?secret=%s&issuer=kansli", secret);
    const char *text = arena_strdup(ctx->arena, buf.data);
    buf_release(&buf);
    return text;
}

json_t *factor_state(struct ctx *ctx)
{
    json_t *state = json_object();
    bool on = factor_is_on(ctx);
    const char *pending = on ? NULL
                             : db_text(ctx->tx, "SELECT totp_pending FROM account WHERE key = ?1",
                                       ctx->actor->account_key);

    json_put_bool(state, "on", on);
    json_put_bool(state, "required", required(ctx->tx, ctx->actor->account_key));
    json_put(state, "secret", pending);
    json_put(state, "secretGroups", pending ? in_groups(ctx->arena, pending) : NULL);
    json_put(state, "address", pending ? otpauth(ctx, pending) : NULL);
    return state;
}

enum code factor_begin(struct ctx *ctx)
{
    char secret[TOTP_SECRET_SIZE];

    if (factor_is_on(ctx))
        return ctx_fail(ctx, E_CONFLICT, "second-factor-is-on",
                        N_("The second factor is on already. Remove it before you set up "
                           "another."));
    totp_secret(secret);
    return db_run(ctx->tx, "UPDATE account SET totp_pending = ?2 WHERE key = ?1",
                  ctx->actor->account_key, secret);
}

/* True when the code fits `secret` now; *step gets its step. Apps show codes in groups: spaces are
 * allowed. */
static bool fits(const char *secret, const char *code, int64_t *step)
{
    char digits[8], now[INSTANT_SIZE];
    size_t n = 0;

    for (; *code && n < sizeof digits - 1; code++)
        if (*code != ' ')
            digits[n++] = *code;
    digits[n] = '\0';
    instant_now(now);
    return !*code && totp_fits(secret, digits, instant_seconds(now), step);
}

bool factor_use(struct ctx *ctx, long long account_key, const char *code)
{
    const char *secret =
        db_text(ctx->tx, "SELECT totp_secret FROM account WHERE key = ?1", account_key);
    int64_t step = 0;

    if (!secret || !fits(secret, code, &step))
        return false;
    enum code c = db_run(ctx->tx,
                         "UPDATE account SET totp_step = ?2 "
                         "WHERE key = ?1 AND (totp_step IS NULL OR totp_step < ?2)",
                         account_key, (long long)step);
    return !c && tx_changed(ctx->tx) == 1;
}

static enum code wrong_code(struct ctx *ctx)
{
    return err_field(ctx->err, "/code",
                     N_("The code does not fit, or has been used. Wait for the next one."), NULL);
}

enum code factor_confirm(struct ctx *ctx, const char *code, const char **session)
{
    long long key = ctx->actor->account_key;
    const char *pending = db_text(ctx->tx,
                                  "SELECT totp_pending FROM account "
                                  "WHERE key = ?1 AND totp_secret IS NULL",
                                  key);
    int64_t step = 0;

    if (!pending)
        return ctx_fail(ctx, E_CONFLICT, "second-factor-not-begun",
                        N_("Begin by setting up the second factor."));
    if (!fits(pending, code, &step))
        return wrong_code(ctx);
    enum code c = db_run(ctx->tx,
                         "UPDATE account SET totp_secret = totp_pending, totp_pending = NULL, "
                         "totp_step = ?2 WHERE key = ?1",
                         key, (long long)step);
    if (!c)
        c = account_note(ctx, key, "factor");
    if (!c)
        c = session_end_others(ctx, key);
    return c ? c : session_begin(ctx, key, true, session);
}

enum code factor_clear(struct ctx *ctx, long long account_key)
{
    enum code c = db_run(ctx->tx,
                         "UPDATE account SET totp_secret = NULL, totp_pending = NULL, "
                         "totp_step = NULL WHERE key = ?1",
                         account_key);

    return c ? c : account_note(ctx, account_key, "factor");
}

enum code factor_remove(struct ctx *ctx, const char *code)
{
    long long key = ctx->actor->account_key;

    if (required(ctx->tx, key))
        return ctx_fail(ctx, E_CONFLICT, "second-factor-required",
                        N_("Your role requires a second factor."));
    if (!factor_use(ctx, key, code))
        return wrong_code(ctx);
    return factor_clear(ctx, key);
}
