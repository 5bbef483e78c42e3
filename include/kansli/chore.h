/* chore.h: what the register does by itself, once a day: reminders, digests, what has run out.
 *
 * The application runs every row in a write job of its own, as the program itself (actor "kansli"),
 * at start and when a day begins in Stockholm. A chore asks what is due on ctx->today and may be
 * run again on the same day: mail goes once for an event. */
#ifndef KANSLI_CHORE_H
#define KANSLI_CHORE_H

#include <kansli/ctx.h>

struct chore {
    const char *name;
    enum code (*run)(struct ctx *ctx);
};

/* The tables of all features, NULL-terminated, each ending with an empty row;
 * src/app_features.c. */
extern const struct chore *const chore_tables[];

#endif
