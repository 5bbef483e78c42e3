/* kept.h: what was made of the register once, kept while the register stands.
 *
 * Needs no invalidation: the key has the last link of the history's chain, as the request's own
 * snapshot sees it, and the day. A register that has changed has another link, and what is found is
 * exactly what making it again would give. Only for what depends on nothing else that is not in the
 * key; who may see what never decides here: readers of their own (kept_reader) find nothing. */
#ifndef KANSLI_KEPT_H
#define KANSLI_KEPT_H

#include <kansli/ctx.h>

/* Places for what is kept, on a static array; the oldest goes first. */
struct kept {
    struct kept_slot *slot;
    size_t slots, next;
};
struct kept_slot {
    uint64_t hash;
    char *key;
    json_t *value;
};

/* The key of something with this name, for the register and day of this request, or NULL: the
 * register has no history, or the reader has memberships and may see what others may not. */
const char *kept_key(struct ctx *ctx, const char *name);
/* The same of what everyone may see, whoever asks, and of no day but what the name says: it must be
 * made without a look at the reader. */
const char *kept_key_open(struct ctx *ctx, const char *name);
/* The same of what the reader's account alone sees, today: its rights are in the register. NULL for
 * nobody. */
const char *kept_key_own(struct ctx *ctx, const char *name);
/* A new reference, or NULL. Shared by threads: it must not be changed. A key that is NULL finds
 * nothing. */
json_t *kept_get(struct kept *kept, const char *key);
/* Keeps a reference to a value that nobody will change any more; nothing when the key is NULL. */
void kept_put(struct kept *kept, const char *key, json_t *value);
/* The answer of a handler of a view that depends on nothing but the address, the language and what
 * everyone may see: made once, its document shared; who asks while it is made waits for it, two
 * seconds at most. Nothing after the handler changes a view's document. */
enum code kept_answer(struct kept *kept, struct ctx *ctx, struct answer *out, handler *make);

#endif
