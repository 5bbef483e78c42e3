/* account.h: who is asking: accounts, sessions, second factor, tokens, one-time links.
 *
 * A person is not an account; an account without a person still has roles. Passwords are hashed on
 * the worker, outside any transaction (route.prepare). */
#ifndef KANSLI_ACCOUNT_H
#define KANSLI_ACCOUNT_H

#include <kansli/ctx.h>

/* Before the server starts: failed logins are counted, for each address (30 in 15 minutes, then
 * E_LIMIT) and for each account (a wait that grows), unless `limits` is false (--no-limits, for
 * measuring). account_stop gives the table back. */
void account_start(bool limits);
void account_stop(void);

/* Who is behind a session cookie's value or a bearer token (either may be NULL): fills *out with
 * texts in arena. Neither given, or a cookie that no longer fits: anonymous, OK. A bearer that does
 * not fit, has run out or belongs to a disabled account: E_LOGIN "bad-token". *touch turns true
 * when the use should be noted (not more than once a minute). A `half` actor is sent to
 * /login/code, which knows what is missing. */
NODISCARD enum code account_identify(struct tx *tx, struct arena *arena, const char *cookie,
                                     const char *bearer, struct actor *out, bool *touch,
                                     struct err *err);
/* What an account is, without its having logged in, by the same rules: for what is written to it.
 * An account that is disabled or gone: *out is nobody. */
NODISCARD enum code account_actor(struct tx *tx, struct arena *arena, long long key,
                                  struct actor *out);
/* Notes that a session or token was used, at tx_instant: queued by the app as a write job of its
 * own. Reads only account_key, session_key (of a token when by_token) and by_token. */
enum code account_note_use(struct tx *tx, const struct actor *actor);

/* Command line: adds an account with a role (NULL: none); password_hash NULL: *link gets the path
 * of a one-time invitation. An unknown role, organisation or person is E_INPUT, an address that has
 * an account E_CONFLICT "email-taken". */
NODISCARD enum code account_add(struct ctx *ctx, const char *email, const char *name,
                                const char *role, const char *organisation, const char *person,
                                const char *password_hash, const char **link);
/* How somebody whom a link named as this person comes in: the link was sent to `email`. */
enum account_way {
    ACCOUNT_INVITES, /* by an invitation: there is no account, or its password was never chosen */
    ACCOUNT_LOGS_IN, /* the person has an account and a password */
    ACCOUNT_TAKEN    /* the address is an account's of nobody or of another, or a disabled one's: the
                      * support function sorts it out */
};
enum account_way account_way_in(struct ctx *ctx, long long person_key, const char *email);
/* ACCOUNT_INVITES: makes the account, bound to the person, when there is none, and a new
 * invitation: *path. The caller has made sure that the link was good. */
NODISCARD enum code account_invite(struct ctx *ctx, long long person_key, const char *email,
                                   const char **path);
/* Command line: disables an account: its sessions and tokens end. E_ABSENT; E_CONFLICT
 * "last-administrator". */
NODISCARD enum code account_disable(struct ctx *ctx, const char *email);
/* Erasure (domain.md 4): closes an account and takes away what tells whose it was, in its history
 * too. The row stays, with an address made of its id: history is kept by that. Then db_scrub is to
 * be called. */
NODISCARD enum code account_erase(struct ctx *ctx, long long key);
/* An account that nobody has used since `day` (as SQL), and that has no role of its own: those an
 * administrator takes away first. A condition over the alias of account. */
#define ACCOUNT_UNUSED(a, day)                                                                     \
    a ".email NOT LIKE '%@erased.invalid' AND substr(coalesce(" a ".last_seen, " a ".modified), "  \
    "1, 10) <= " day " AND NOT EXISTS (SELECT 1 FROM account_role ar "                             \
    "WHERE ar.account_key = " a ".key)"
enum { TOKEN_DAYS_MAX = 731 };
/* Command line: a new token; the token itself goes to *token, once. days 0: a year. E_ABSENT,
 * E_INPUT. */
NODISCARD enum code token_add(struct ctx *ctx, const char *email, const char *name,
                              const char *scope, int days, const char **token);

/* OK when the password may be used for an account of that e-mail address and name (NULL: none):
 * 12–128 characters, not common, not made of the name; otherwise a message at `pointer`. */
NODISCARD enum code password_allowed(struct arena *arena, const char *password, const char *email,
                                     const char *name, const char *pointer, struct err *err);

extern const struct resource account_resource, token_resource;
/* Three tables, each ending with an empty row: the account's own pages, login and links, the
 * administrator's. */
extern const struct route account_routes[], login_routes[], account_admin_routes[];

#endif
