/* mail.h: what the register writes to people, kept in an outbox until a server took it.
 *
 * A rule that wants somebody to know queues a mail in its own transaction: either both happened or
 * neither. A thread of the application (app_mail.c) sends what is due: it marks the row as being
 * sent before it speaks, so that nothing is ever sent twice for one event; what a crash left in
 * between is `unsure`, and a person decides. Without a server, mail waits and administrators see
 * it. Texts are written in the reader's language when queued; every mail says why it came and how
 * to stop it. Nothing of domain.md 3's last three rows is ever in one.
 *
 *     static const char *const places[] = {"group", name, "dueDate", day, NULL};
 *     c = mail_person(ctx, person, &(struct mail){
 *         .event = arena_printf(ctx->arena, "nominations:%s:asked", id),
 *         .kind = MAIL_REQUEST,
 *         .subject = N_("You are nominated to {group}"),
 *         .paragraphs = {N_("Say yes or no before {dueDate}.")},
 *         .path = arena_printf(ctx->arena, "/nominations/%s", id),
 *         .action = N_("Answer"),
 *         .why = N_("You get this because somebody nominated you."),
 *         .places = places});
 *
 * Whose right to see what the mail says is asked by who queues it: the outbox asks nothing. */
#ifndef KANSLI_MAIL_H
#define KANSLI_MAIL_H

#include <kansli/check.h>
#include <kansli/chore.h>
#include <kansli/person.h>
#include <kansli/resource.h>
#include <kansli/smtp.h>

/* What must be known can not be stopped: somebody waits for an answer (request), or something was
 * decided (notice). */
enum mail_kind { MAIL_REQUEST, MAIL_NOTICE, MAIL_REMINDER, MAIL_DIGEST };

struct mail {
    /* "nominations:<id>:appointed": once to each address. Events are forgotten after 90 days: what
     * is still true then may be said again. */
    const char *event;
    enum mail_kind kind;
    const char *subject;       /* N_(), with {places} */
    const char *paragraphs[6]; /* N_(), with {places}; NULL-terminated unless all six are used */
    const char *path;          /* where it is done, "/nominations/<id>", or NULL */
    const char *action;        /* N_(): the link's words; NULL with path */
    const char *why;           /* N_(): "You get this because you coordinate {organisation}." */
    /* "name", "value", ..., NULL, shared by all of the above; NULL: none. A day is written out in
     * the reader's language; the value of a name that ends in "Label" is a text to translate. */
    const char *const *places;
    const json_t *list; /* digest: [{title, about, due, path}], texts or null, borrowed; or NULL */
    /* What the reader's calendar gets to know of, as a file in the mail: {uid, sequence, changed,
     * summary, description, location, path, start, end, cancelled} as in calendar.h, borrowed; or
     * NULL. */
    const json_t *event_file;
};

/* Each queues for whoever it finds and is OK when it finds nobody (no address, disabled, reminders
 * stopped). The language is the account's, else the person's, else Swedish. A person with an
 * account is written to at the account's address. */
NODISCARD enum code mail_person(struct ctx *ctx, long long person_key, const struct mail *mail);
NODISCARD enum code mail_account(struct ctx *ctx, long long account_key, const struct mail *mail);
/* Every account that coordinates the organisation. */
NODISCARD enum code mail_coordinators(struct ctx *ctx, long long organisation_key,
                                      const struct mail *mail);
/* The group's current chair, vice chair, process leader and secretary. */
NODISCARD enum code mail_officers(struct ctx *ctx, long long group_key, const struct mail *mail);
/* Every account of the support function. */
NODISCARD enum code mail_support(struct ctx *ctx, const struct mail *mail);
/* Somebody who is not in the register: a request or a notice (there is nobody whose reminders could
 * be stopped). lang is LANG_SV or LANG_EN; name may be NULL. */
NODISCARD enum code mail_address(struct ctx *ctx, const char *address, const char *name, int lang,
                                 const struct mail *mail);
/* Whether there is a way to write to the person. */
bool mail_reaches(struct ctx *ctx, long long person_key);

/* ---- for the application's thread (app_mail.c) ---- */

/* What to send now, marked as being sent, or NULL. In a write job; ctx->base_url makes the links:
 * {key, id, at, address, name, language, kind, subject, paragraphs, href, action, why, list:
 * [{title, about, due (in words), href}], event, stop (how it can be stopped or why not), stopHref (null:
 * it cannot)}; what is not there is null. New reference. */
json_t *mail_take(struct ctx *ctx);
/* What became of it: sent, or tried again after a pause that grows (1, 5, 15, 60 minutes, then 4
 * hours, 12 attempts in all), or given up with `problem`, or unsure. */
NODISCARD enum code mail_done(struct ctx *ctx, long long key, enum smtp_result result,
                              const char *problem);
/* At start: how many were being sent when the program ended; and they become unsure. */
long long mail_cut_short(struct ctx *ctx);
NODISCARD enum code mail_recover(struct ctx *ctx);
/* Milliseconds until something is due; 0: now; -1: nothing waits, or sending is paused or has no
 * server. */
long long mail_pause(struct ctx *ctx);
/* {server (smtp://host:port or smtps://), plain (no TLS), user (or null), sender}, or NULL when
 * server or sender is not set. New reference. */
json_t *mail_server(struct ctx *ctx);
/* A mail as taken becomes one message (RFC 5322) with CRLF: headers encoded, a text part, an HTML
 * part that is `html`, the rendered template, and what app_mail.c made of its event, "calendar", as
 * a file. */
void mail_message(const json_t *mail, const char *sender, const char *base_url, const char *html,
                  struct buf *out);

extern const struct resource mail_resource; /* /mails: for administrators; never what is in them */
extern const struct route mail_routes[];
extern const struct check mail_checks[]; /* mail given up, unsure, or waiting without a server */
extern const struct chore mail_chores[]; /* what was sent is forgotten after 90 days */
extern const struct person_tie mail_tie;

#endif
