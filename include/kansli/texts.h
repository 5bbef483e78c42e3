/* texts.h: what a search over texts finds: every resource that has texts (resource.h: texts) is in
 * the index with them, written in the transaction of the change. */
#ifndef KANSLI_TEXTS_H
#define KANSLI_TEXTS_H

#include <kansli/resource.h>

/* The texts of the object as they are now: in the job that changed it. write.c calls it with every
 * history row. */
NODISCARD enum code texts_put(struct ctx *ctx, const struct resource *r, long long key);
/* True when every text that the register has is in the index, by this program's rules for words. */
bool texts_are_there(struct tx *tx);
/* Puts them there: of a register that an older program made, or another library stemmed. */
NODISCARD enum code texts_renew(struct ctx *ctx);

#endif
