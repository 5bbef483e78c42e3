/* internal.h: what the files of this room share. Not for others: they use account.h.
 *
 * X.c are rules and SQL; X_pages.c turn requests into calls of them. */
#ifndef KANSLI_ACCOUNT_INTERNAL_H
#define KANSLI_ACCOUNT_INTERNAL_H

#include <kansli/account.h>
#include <kansli/resource.h>

/* ---- account.c: accounts and roles ---- */

struct account_input {
    const char *email, *name, *language;
    struct ref_value person;
    struct text_list roles; /* "support", "coordinator:norra" */
    int disabled;
};

/* "system" stands for no theme of one's own. */
extern const struct value account_languages[], account_themes[];

/* An address as it is compared: ASCII letters in lower case. */
const char *email_fold(struct arena *arena, const char *email);
/* Creates an account from a read body; *id and *link (path of the invitation). */
NODISCARD enum code account_create(struct ctx *ctx, struct account_input *in, const char **id,
                                   const char **link);
/* Changes one, from the request's body. */
NODISCARD enum code account_change(struct ctx *ctx, const char *id);
/* Every role that can be given, as a form offers them: {plain: [choice], coordinator: [choice]}, a
 * choice being {value, label, selected}; `roles` (array of texts or NULL) are selected. New
 * reference. */
json_t *account_role_choices(struct ctx *ctx, const json_t *roles);
/* The actor's own account: GET /me. New reference, or NULL when nobody is logged in. */
json_t *account_me(struct ctx *ctx);
/* Texts of an actor's roles, for the person himself. New reference. */
json_t *account_roles(struct ctx *ctx, long long account_key, json_t **labels);
/* Sets one of the actor's preferences (language, theme: NULL for none; shortcuts). */
struct preferences {
    const char *language, *theme;
    bool shortcuts;
};
NODISCARD enum code account_prefer(struct ctx *ctx, const struct preferences *to);
/* The account of a public id: its key, or 0. */
long long account_key_of(struct ctx *ctx, const char *id);
/* Raises the account's version and leaves `act` in its history. */
NODISCARD enum code account_note(struct ctx *ctx, long long key, const char *act);
/* Its password becomes `hash`; every session of it but ctx's own ends. */
NODISCARD enum code account_set_password(struct ctx *ctx, long long key, const char *hash);

/* ---- session.c: login and sessions ---- */

/* On the worker: finds out whether the password fits; the answer waits in ctx->prepared. E_LIMIT
 * when the address or the account must wait. An unknown, disabled or uninvited account takes the
 * same time. */
NODISCARD enum code login_prepare(struct ctx *ctx, const char *email, const char *password);
/* In the transaction. *session is NULL when the login failed, which is noted; else the new
 * session's cookie. *half: the second factor is still to be given. */
NODISCARD enum code login_finish(struct ctx *ctx, const char *email, const char **session,
                                 bool *half);
/* The second step: the same for the code from the app. */
NODISCARD enum code login_code(struct ctx *ctx, const char *code, const char **session);
/* A new session for the account in place of the actor's own: new at login and at each change of
 * rights. */
NODISCARD enum code session_begin(struct ctx *ctx, long long account_key, bool full,
                                  const char **session);
/* Ends the actor's session; the account's others; all of an account's. */
NODISCARD enum code session_end(struct ctx *ctx);
NODISCARD enum code session_end_others(struct ctx *ctx, long long account_key);
NODISCARD enum code session_end_all(struct ctx *ctx, long long account_key);
/* The actor's sessions, the newest first: [{agent, created, seen, current}]. New reference. */
json_t *session_list(struct ctx *ctx);
/* On the worker: OK when `password` is the actor's own, else a message at `pointer`; counted
 * against the address. */
NODISCARD enum code session_confirm(struct ctx *ctx, const char *password, const char *pointer);
/* `next` when it is a path of ours, else "/": never another site's address. */
const char *local_path(const char *next);

/* ---- factor.c: the second factor ---- */

/* {on, required, secret, secretGroups, address} for the actor: the secret only while it is being
 * set up. New reference. */
json_t *factor_state(struct ctx *ctx);
/* True when the actor's account has one. */
bool factor_is_on(struct ctx *ctx);
/* True when an account without one should have it, by the setting secondFactorRoles. */
bool factor_missing(struct tx *tx, long long account_key);
NODISCARD enum code factor_begin(struct ctx *ctx);
/* The code from the app shows that it has the secret; the session is renewed. */
NODISCARD enum code factor_confirm(struct ctx *ctx, const char *code, const char **session);
/* The actor's own, with a code; the password has been confirmed. */
NODISCARD enum code factor_remove(struct ctx *ctx, const char *code);
/* An administrator's help to who lost the device. */
NODISCARD enum code factor_clear(struct ctx *ctx, long long account_key);
/* True when the code fits now and its step has not been used: a code works once. */
bool factor_use(struct ctx *ctx, long long account_key, const char *code);

/* ---- common_password.c: folded words, NULL at the end ---- */

extern const char *const common_passwords[];

/* ---- token.c ---- */

extern const struct value token_scopes[];

/* A token for the account; the token itself, once, in *token. */
NODISCARD enum code token_create(struct ctx *ctx, long long account_key, const char *name,
                                 const char *scope, long long days, const char **token);
/* The account's tokens. New reference. */
json_t *token_items(struct ctx *ctx, const char *account_id);
/* One of the account's own, as an answer. */
NODISCARD enum code token_answer(struct ctx *ctx, const char *account_id, const char *id,
                                 struct answer *out);
NODISCARD enum code token_revoke(struct ctx *ctx, const char *account_id, const char *id);

/* ---- link.c: one-time links ---- */

/* A new link, in place of those before: *path is "/invitations/..." or "/resets/...". */
NODISCARD enum code link_new(struct ctx *ctx, long long account_key, const char *purpose,
                             const char **path);
/* The account that a link still opens: {key, email, name}; NULL with E_ABSENT in the ctx. New
 * reference. */
json_t *link_find(struct ctx *ctx, const char *purpose, const char *token);
/* Uses it: the account gets the password. */
NODISCARD enum code link_use(struct ctx *ctx, const char *purpose, const char *token,
                             const char *hash);

#endif
