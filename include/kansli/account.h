/* account.h: who is asking: accounts, sessions, second factor, tokens, one-time links.
 *
 * A person is not an account; an account without a person still has roles. Passwords are hashed on the worker, outside any
 * transaction (route.prepare). */
#ifndef KANSLI_ACCOUNT_H
#define KANSLI_ACCOUNT_H

#include <kansli/ctx.h>

/* Who is behind a session cookie's value or a bearer token (either may be NULL): fills *out with texts in arena. Neither given, or a cookie that no
 * longer fits: anonymous, OK. A bearer that does not fit, has run out or belongs to a disabled account: E_LOGIN "bad-token".
 * *touch turns true when the use should be noted (not more than once a minute). */
NODISCARD enum code account_identify(struct tx *tx, struct arena *arena, const char *cookie,
                                     const char *bearer, struct actor *out, bool *touch,
                                     struct err *err);
/* Notes that a session or token was used, at tx_instant: queued by the app as a write job of its own. */
enum code account_note_use(struct tx *tx, const struct actor *actor);

/* Command line: adds an account with a role (NULL: none); password NULL: *link gets the path of a one-time invitation. */
NODISCARD enum code account_add(struct ctx *ctx, const char *email, const char *name,
                                const char *role, const char *organisation, const char *person,
                                const char *password_hash, const char **link);
/* Command line: disables an account: its sessions and tokens end. */
NODISCARD enum code account_disable(struct ctx *ctx, const char *email);
/* Command line: a new token; the token itself goes to *token, once. days 0: a year. */
NODISCARD enum code token_add(struct ctx *ctx, const char *email, const char *name,
                              const char *scope, int days, const char **token);

extern const struct resource account_resource, token_resource;
extern const struct route account_routes[];

#endif
