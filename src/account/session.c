/* session.c: login, and who is behind a cookie or a token.
 *
 * Owns the tables session and login_failure. Must never know a form or a header; never keeps or
 * logs what was typed. A cookie's value is 256 random bits of which only the digest is kept, new at
 * every login and change of rights, so that nobody can plant one beforehand.
 *
 * An unknown address, a wrong password, a disabled account and one that has not used its invitation
 * differ in nothing that can be seen: the same Argon2id work, the same row in login_failure, the
 * same sentence. The wait after failures is kept for what was typed, account or not. It grows to
 * five minutes and no further: nobody can lock another out for good. */
#include <stdlib.h>
#include <string.h>

#include <kansli/crypt.h>
#include <kansli/json.h>
#include <kansli/limit.h>
#include <kansli/log.h>

#include "internal.h"

enum {
    FREE_FAILURES = 4,      /* in a row, before there is a wait */
    WAIT_MAX = 300,         /* seconds */
    FORGET_SECONDS = 86400, /* failures are forgotten after a day without any */
    HALF_SECONDS = 600,     /* to find the second factor */
    NOTE_SECONDS = 60,      /* how exactly the last use is kept */
    IDLE_MINUTES = 30,      /* settings' defaults */
    SESSION_HOURS = 12
};

static bool waits = true;               /* for accounts; false with --no-limits */
static struct limit *failed_by_address; /* NULL: not counted */

void account_start(bool limits)
{
    waits = limits;
    failed_by_address = limits ? limit_new(30, 900, 30, 8192) : NULL;
}

void account_stop(void)
{
    limit_free(failed_by_address);
    failed_by_address = NULL;
}

/* A setting's number; the default when it is absent or none. */
static long long number(const char *setting, long long fallback)
{
    long long n = setting ? strtoll(setting, NULL, 10) : 0;

    return n > 0 && n < 1000000 ? n : fallback;
}

/* The instant `seconds` after (or before) another. */
static const char *instant_plus(struct arena *arena, const char *instant, int64_t seconds)
{
    char *out = arena_alloc(arena, INSTANT_SIZE);

    instant_from_seconds(instant_seconds(instant) + seconds, out);
    return out;
}

/* ---------------------------------------------------------------- who is asking */

/* What a session or a token tells of its account. */
#define ACTOR_COLUMNS                                                                          \
    "a.key AS \"account\", a.id AS \"id\", a.email AS \"email\", a.person_key AS \"person\", " \
    "COALESCE(p.given_name || ' ' || p.family_name, a.name, a.email) AS \"name\", "            \
    "a.language AS \"language\", a.theme AS \"theme\", a.shortcuts AS \"shortcuts?\" "

static unsigned role_bit(const char *role)
{
    static const struct {
        const char *name;
        unsigned bit;
    } bits[] = {
        {"administrator", ROLE_ADMINISTRATOR},    {"support", ROLE_SUPPORT},
        {"coordinator", ROLE_COORDINATOR},        {"auditor", ROLE_AUDITOR},
        {"dataProtection", ROLE_DATA_PROTECTION},
    };

    for (size_t i = 0; i < LEN(bits); i++)
        if (!strcmp(bits[i].name, role))
            return bits[i].bit;
    BUG("%s is no role", role);
}

static void read_roles(struct tx *tx, struct arena *arena, struct actor *out)
{
    json_t *rows = db_rows(tx,
                           "SELECT role AS \"role\", organisation_key AS \"organisation\" "
                           "FROM account_role WHERE account_key = ?1",
                           out->account_key);
    long long *area = arena_alloc(arena, (json_array_size(rows) + 1) * sizeof *area);
    json_t *row;
    size_t i;

    json_array_foreach (rows, i, row) {
        out->roles |= role_bit(json_text(row, "role"));
        if (json_int(row, "organisation", 0))
            area[out->areas++] = json_int(row, "organisation", 0);
    }
    out->area = area;
    json_decref(rows);
}

static void read_actor(struct tx *tx, struct arena *arena, const json_t *row, struct actor *out)
{
    out->account_key = json_int(row, "account", 0);
    out->person_key = json_int(row, "person", 0);
    out->session_key = json_int(row, "key", 0);
    out->account_id = arena_strdup(arena, json_text(row, "id"));
    out->name = arena_strdup(arena, json_text(row, "name"));
    out->email = arena_strdup(arena, json_text(row, "email"));
    out->language = arena_strdup(arena, json_text(row, "language"));
    out->theme = arena_strdup(arena, json_text(row, "theme"));
    out->shortcuts = json_true_at(row, "shortcuts");
    read_roles(tx, arena, out);
}

/* True when `last` (NULL: never) is so long ago that the use should be noted. */
static bool stale(struct tx *tx, const char *last)
{
    return !last || instant_seconds(tx_instant(tx)) - instant_seconds(last) >= NOTE_SECONDS;
}

/* Half a login gives no right yet. */
static void take_rights(struct actor *actor)
{
    actor->half = true;
    actor->person_key = 0;
    actor->roles = 0;
    actor->areas = 0;
}

static void identify_session(struct tx *tx, struct arena *arena, const char *cookie,
                             struct actor *out, bool *touch)
{
    char digest[DIGEST_SIZE];

    crypt_digest(cookie, strlen(cookie), digest);
    json_t *row = db_row(tx,
                         "SELECT s.key AS \"key\", s.csrf AS \"csrf\", s.full AS \"full?\", "
                         "s.seen AS \"seen\", (SELECT value FROM setting "
                         "WHERE name = 'sessionIdleMinutes') AS \"idle\", " ACTOR_COLUMNS
                         "FROM session s JOIN account a ON a.key = s.account_key "
                         "LEFT JOIN person p ON p.key = a.person_key "
                         "WHERE s.digest = ?1 AND s.expires > ?2 AND a.disabled = 0",
                         digest, tx_instant(tx));
    if (!row)
        return;
    long long idle = number(json_text(row, "idle"), IDLE_MINUTES);
    const char *seen = json_text(row, "seen");
    if (instant_seconds(tx_instant(tx)) - instant_seconds(seen) < idle * 60) {
        read_actor(tx, arena, row, out);
        out->csrf = arena_strdup(arena, json_text(row, "csrf"));
        if (!json_true_at(row, "full") || factor_missing(tx, out->account_key))
            take_rights(out);
        *touch = stale(tx, seen);
    }
    json_decref(row);
}

static enum code identify_token(struct tx *tx, struct arena *arena, const char *bearer,
                                struct actor *out, bool *touch, struct err *err)
{
    char digest[DIGEST_SIZE];

    crypt_digest(bearer, strlen(bearer), digest);
    json_t *row = db_row(tx,
                         "SELECT t.key AS \"key\", t.scope AS \"scope\", "
                         "t.last_used AS \"lastUsed\", " ACTOR_COLUMNS
                         "FROM token t JOIN account a ON a.key = t.account_key "
                         "LEFT JOIN person p ON p.key = a.person_key WHERE t.digest = ?1 "
                         "AND (t.expires IS NULL OR t.expires > ?2) AND a.disabled = 0",
                         digest, tx_instant(tx));
    if (!row)
        return err_set(err, E_LOGIN, "bad-token",
                       N_("This token is unknown, revoked or has run out."));
    read_actor(tx, arena, row, out);
    out->by_token = true;
    out->read_only = strcmp(json_text(row, "scope"), "write") != 0;
    *touch = stale(tx, json_text(row, "lastUsed"));
    json_decref(row);
    return OK;
}

enum code account_identify(struct tx *tx, struct arena *arena, const char *cookie,
                           const char *bearer, struct actor *out, bool *touch, struct err *err)
{
    enum code c = OK;

    *out = (struct actor){.shortcuts = true};
    *touch = false;
    if (bearer)
        c = identify_token(tx, arena, bearer, out, touch, err);
    else if (cookie && *cookie)
        identify_session(tx, arena, cookie, out, touch);
    return c ? c : tx_code(tx);
}

enum code account_actor(struct tx *tx, struct arena *arena, long long key, struct actor *out)
{
    *out = (struct actor){.shortcuts = true};
    json_t *row = db_row(tx,
                         "SELECT " ACTOR_COLUMNS "FROM account a "
                         "LEFT JOIN person p ON p.key = a.person_key "
                         "WHERE a.key = ?1 AND a.disabled = 0",
                         key);
    if (row) {
        read_actor(tx, arena, row, out);
        if (factor_missing(tx, key))
            take_rights(out);
    }
    json_decref(row);
    return tx_code(tx);
}

enum code account_note_use(struct tx *tx, const struct actor *actor)
{
    if (actor->by_token)
        return db_run(tx, "UPDATE token SET last_used = ?2 WHERE key = ?1", actor->session_key,
                      tx_instant(tx));
    enum code c = db_run(tx, "UPDATE session SET seen = ?2 WHERE key = ?1", actor->session_key,
                         tx_instant(tx));
    return c ? c
             : db_run(tx, "UPDATE account SET last_seen = ?2 WHERE key = ?1", actor->account_key,
                      tx_instant(tx));
}

/* ---------------------------------------------------------------- failures */

static const char *failure_key(struct ctx *ctx, const char *email)
{
    char *digest = arena_alloc(ctx->arena, DIGEST_SIZE);

    email = email_fold(ctx->arena, email);
    crypt_digest(email, strlen(email), digest);
    return digest;
}

static enum code too_many(struct ctx *ctx, long seconds)
{
    enum code c = err_setf(ctx->err, E_LIMIT, "too-many-attempts",
                           N_("Too many failed attempts. Wait {seconds} seconds and try again."),
                           "seconds", arena_printf(ctx->arena, "%ld", seconds), NULL);

    ctx->err->retry_after = seconds;
    return c;
}

/* Counts an attempt from this address beforehand, so that many at once cannot slip by; one that
 * turns out right is given back. */
static enum code attempt_begin(struct ctx *ctx)
{
    char key[LIMIT_KEY];
    long seconds = 0;

    limit_address(ctx->address && *ctx->address ? ctx->address : "-", key);
    return limit_take(failed_by_address, key, &seconds) ? OK : too_many(ctx, seconds);
}

static void attempt_was_right(struct ctx *ctx)
{
    char key[LIMIT_KEY];

    limit_address(ctx->address && *ctx->address ? ctx->address : "-", key);
    limit_give(failed_by_address, key);
}

/* 2, 4, 8 ... seconds after the fifth failure in a row, the sixth, the seventh ... */
static int64_t wait_after(long long failures)
{
    if (failures <= FREE_FAILURES)
        return 0;
    return failures - FREE_FAILURES > 8 ? WAIT_MAX : (int64_t)1 << (failures - FREE_FAILURES);
}

/* E_LIMIT while whoever types this address must wait. */
static enum code must_wait(struct ctx *ctx, const char *email)
{
    if (!waits)
        return OK;
    json_t *row = db_row(ctx->tx,
                         "SELECT failures AS \"failures\", failed_at AS \"at\" "
                         "FROM login_failure WHERE email = ?1",
                         failure_key(ctx, email));
    int64_t left = 0;
    if (row) {
        int64_t passed =
            instant_seconds(tx_instant(ctx->tx)) - instant_seconds(json_text(row, "at"));
        if (passed < FORGET_SECONDS)
            left = wait_after(json_int(row, "failures", 0)) - passed;
    }
    json_decref(row);
    return left > 0 ? too_many(ctx, (long)left) : OK;
}

static enum code note_failure(struct ctx *ctx, const char *email)
{
    const char *now = tx_instant(ctx->tx);
    enum code c = db_run(ctx->tx, "DELETE FROM login_failure WHERE failed_at < ?1",
                         instant_plus(ctx->arena, now, -FORGET_SECONDS));

    log_line(LOG_NOTE, "login-failed", "address", ctx->address, NULL);
    if (c)
        return c;
    return db_run(ctx->tx,
                  "INSERT INTO login_failure (email, failures, failed_at) VALUES (?1, 1, ?2) "
                  "ON CONFLICT (email) DO UPDATE SET failures = login_failure.failures + 1, "
                  "failed_at = excluded.failed_at",
                  failure_key(ctx, email), now);
}

static enum code forget_failures(struct ctx *ctx, const char *email)
{
    return db_run(ctx->tx, "DELETE FROM login_failure WHERE email = ?1", failure_key(ctx, email));
}

/* ---------------------------------------------------------------- login */

enum code login_prepare(struct ctx *ctx, const char *email, const char *password)
{
    enum code c = attempt_begin(ctx);
    if (!c)
        c = must_wait(ctx, email);
    if (c)
        return c;
    json_t *account = db_row(ctx->tx,
                             "SELECT key AS \"key\", password AS \"password\" FROM account "
                             "WHERE email_folded = ?1 AND disabled = 0 AND password IS NOT NULL",
                             email_fold(ctx->arena, email));
    if (!account)
        crypt_password_burn(password);
    else
        json_put_bool(account, "fits",
                      crypt_password_fits(json_text(account, "password"), password));
    ctx->prepared = account ? account : json_object();
    return tx_code(ctx->tx);
}

/* The account whose password fitted on the worker, if nothing has changed since; or 0. */
static long long prepared_account(struct ctx *ctx)
{
    if (!json_true_at(ctx->prepared, "fits"))
        return 0;
    return db_int(ctx->tx, 0,
                  "SELECT key FROM account WHERE key = ?1 AND password = ?2 AND disabled = 0",
                  json_int(ctx->prepared, "key", 0), json_text(ctx->prepared, "password"));
}

enum code login_finish(struct ctx *ctx, const char *email, const char **session, bool *half)
{
    enum code c = must_wait(ctx, email); /* again: attempts that came side by side */

    *session = NULL;
    *half = false;
    if (c)
        return c;
    long long account = prepared_account(ctx);
    if (!account)
        return note_failure(ctx, email);
    *half = db_exists(ctx->tx, "SELECT 1 FROM account WHERE key = ?1 AND totp_secret IS NOT NULL",
                      account);
    attempt_was_right(ctx);
    if (!*half) /* with a second factor, its failures and these are counted together */
        c = forget_failures(ctx, email);
    return c ? c : session_begin(ctx, account, !*half, session);
}

enum code login_code(struct ctx *ctx, const char *code, const char **session)
{
    const struct actor *actor = ctx->actor;
    enum code c = attempt_begin(ctx);

    *session = NULL;
    if (!c)
        c = must_wait(ctx, actor->email);
    if (c)
        return c;
    if (!factor_use(ctx, actor->account_key, code))
        return note_failure(ctx, actor->email);
    attempt_was_right(ctx);
    c = forget_failures(ctx, actor->email);
    return c ? c : session_begin(ctx, actor->account_key, true, session);
}

enum code session_confirm(struct ctx *ctx, const char *password, const char *pointer)
{
    enum code c = attempt_begin(ctx);
    if (c)
        return c;
    const char *stored =
        db_text(ctx->tx, "SELECT password FROM account WHERE key = ?1", ctx->actor->account_key);
    if (!stored || !crypt_password_fits(stored, password))
        return err_field(ctx->err, pointer, N_("This is not your password."), NULL);
    attempt_was_right(ctx);
    return OK;
}

/* ---------------------------------------------------------------- sessions */

/* "Firefox, Linux": enough to tell one's own sessions apart, and no more. The order matters: most
 * browsers claim to be others too. */
static const char *agent_name(struct arena *arena, const char *agent)
{
    static const char *const browsers[][2] = {
        {"Edg/", "Edge"},      {"OPR/", "Opera"},         {"Firefox/", "Firefox"},
        {"Chrome/", "Chrome"}, {"Chromium/", "Chromium"}, {"Safari/", "Safari"},
    };
    static const char *const systems[][2] = {
        {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"},
        {"Windows", "Windows"}, {"Mac OS", "macOS"},  {"Linux", "Linux"},
    };
    const char *browser = NULL, *system = NULL;

    for (size_t i = 0; agent && i < LEN(browsers) && !browser; i++)
        browser = strstr(agent, browsers[i][0]) ? browsers[i][1] : NULL;
    for (size_t i = 0; agent && i < LEN(systems) && !system; i++)
        system = strstr(agent, systems[i][0]) ? systems[i][1] : NULL;
    if (!browser)
        return system;
    return system ? arena_printf(arena, "%s, %s", browser, system) : browser;
}

static long long own_session(const struct ctx *ctx)
{
    return ctx->actor->by_token ? 0 : ctx->actor->session_key;
}

enum code session_begin(struct ctx *ctx, long long account_key, bool full, const char **session)
{
    const char *now = tx_instant(ctx->tx);
    const char *hours = db_text(ctx->tx, "SELECT value FROM setting WHERE name = 'sessionHours'");
    int64_t life = full ? number(hours, SESSION_HOURS) * 3600 : HALF_SECONDS;
    char *token = arena_alloc(ctx->arena, TOKEN_SIZE), csrf[TOKEN_SIZE], digest[DIGEST_SIZE];

    crypt_token(token);
    crypt_token(csrf);
    crypt_digest(token, strlen(token), digest);
    enum code c = session_end(ctx);
    if (!c)
        c = db_run(ctx->tx, "DELETE FROM session WHERE expires <= ?1", now);
    if (!c)
        c = db_run(ctx->tx,
                   "INSERT INTO session (digest, account_key, csrf, created, seen, expires, full, "
                   "agent) VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7)",
                   digest, account_key, csrf, now, instant_plus(ctx->arena, now, life), full,
                   agent_name(ctx->arena, ctx->agent));
    if (!c && full) {
        c = db_run(ctx->tx, "UPDATE account SET last_seen = ?2 WHERE key = ?1", account_key, now);
        log_line(LOG_NOTE, "login", "address", ctx->address, "account",
                 db_text(ctx->tx, "SELECT id FROM account WHERE key = ?1", account_key), NULL);
    }
    *session = token;
    return c;
}

enum code session_end(struct ctx *ctx)
{
    return db_run(ctx->tx, "DELETE FROM session WHERE key = ?1", own_session(ctx));
}

enum code session_end_others(struct ctx *ctx, long long account_key)
{
    return db_run(ctx->tx, "DELETE FROM session WHERE account_key = ?1 AND key <> ?2", account_key,
                  own_session(ctx));
}

enum code session_end_all(struct ctx *ctx, long long account_key)
{
    return db_run(ctx->tx, "DELETE FROM session WHERE account_key = ?1", account_key);
}

json_t *session_list(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   "SELECT agent AS \"agent\", created AS \"created\", seen AS \"seen\", "
                   "CASE WHEN key = ?2 THEN 1 ELSE 0 END AS \"current?\" FROM session "
                   "WHERE account_key = ?1 AND full = 1 AND expires > ?3 ORDER BY seen DESC, key",
                   ctx->actor->account_key, own_session(ctx), tx_instant(ctx->tx));
}

const char *local_path(const char *next)
{
    if (!next || next[0] != '/' || next[1] == '/')
        return "/";
    for (const char *c = next; *c; c++)
        if (*c <= ' ' || *c > '~' || *c == '\\')
            return "/";
    return next;
}
