/* draft.h: what somebody writes in minutes and has not saved. For the files of minutes/ alone.
 *
 * Private to the account that writes: no state of the register, in no history, list or export. */
#ifndef KANSLI_MINUTES_DRAFT_H
#define KANSLI_MINUTES_DRAFT_H

#include "internal.h"

struct draft {
    const char *text, *base_text, *saved_at; /* base_text: NULL when it is not known */
    long long base_version;                  /* of the row of minutes that it was begun from */
};

/* The reader's own draft of some minutes, in the arena; false when there is none, or it says what
 * is saved. */
bool draft_find(struct ctx *ctx, const struct minutes_row *minutes, struct draft *draft);
/* Keeps a text that was begun from a version of the row; what says no more than that version is
 * not kept. */
NODISCARD enum code draft_keep(struct ctx *ctx, const struct minutes_row *minutes, const char *text,
                               long long base_version);
NODISCARD enum code draft_drop(struct ctx *ctx, const struct minutes_row *minutes);
/* The reader's draft goes over to a later version, whose text it is not begun from. E_CONFLICT
 * "draft-exists" when there is one already. */
NODISCARD enum code draft_move(struct ctx *ctx, const struct minutes_row *from,
                               const struct minutes_row *to);
/* Nobody needs a draft that says what was just locked. */
NODISCARD enum code drafts_settle(struct ctx *ctx, const struct minutes_row *minutes);
/* Who else has written lately: [{name (null: not for the reader), since}], `since` a clock in
 * Stockholm. New reference. */
json_t *draft_others(struct ctx *ctx, const struct minutes_row *minutes);
/* "11.42" in Stockholm, in the arena. */
const char *draft_clock(struct ctx *ctx, const char *instant);
/* The chore: what has stood for thirty days is thrown away. */
enum code drafts_expire(struct ctx *ctx);

#endif
