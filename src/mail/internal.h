/* internal.h: what the files of this room share. Not for others: they use mail.h. */
#ifndef KANSLI_MAIL_INTERNAL_H
#define KANSLI_MAIL_INTERNAL_H

#include <kansli/mail.h>

/* "sv" and "en", as date.h and the register write them. */
extern const char *const mail_language[LANGS];
/* By enum mail_kind: "request", "notice" ... with their labels; ends with an empty row. */
extern const struct value mail_kinds[];

/* ---- choice.c: what somebody wants beside what must be known ---- */

/* Whose choices they are: an account's, or a person's who has none; the other key is 0. */
struct mail_owner {
    long long account, person;
};
/* True unless the owner has stopped that kind. Nobody's reminders are nobody's to stop: true. */
bool mail_wanted(struct ctx *ctx, struct mail_owner owner, enum mail_kind kind);
/* The address that stops a kind of mail without a login: "/mail/stop/<secret>". */
const char *mail_stop_path(struct ctx *ctx, struct mail_owner owner, enum mail_kind kind);
/* What such an address stops: {kind, stopped}, or E_ABSENT. New reference. */
NODISCARD enum code mail_stop_find(struct ctx *ctx, const char *secret, json_t **out);
/* And does it. */
NODISCARD enum code mail_stop(struct ctx *ctx, const char *secret);
/* The actor's own choices, {reminders, digest, digestLabel}: new reference; and what may be sent to
 * change them. */
json_t *mail_choices(struct ctx *ctx);
extern const struct field mail_choice_fields[];
NODISCARD enum code mail_choose(struct ctx *ctx);

/* ---- outbox.c ---- */

/* A mail to the actor's own address, to see that sending works; *id gets it. */
NODISCARD enum code mail_test(struct ctx *ctx, const char **id);
/* Sends anew now what was given up, is unsure or waits; takes back what has not been sent. May:
 * ACT_KEEP_MAIL. */
NODISCARD enum code mail_retry(struct ctx *ctx, const char *id);
NODISCARD enum code mail_cancel(struct ctx *ctx, const char *id);
/* Why nothing is sent, as a code for a page: "paused", "server" (none is set), or NULL. */
const char *mail_stands_still(struct ctx *ctx);

#endif
