/* memo.c: the last counts of groups and seats, kept while the register stands.
 *
 * Owns the process's only numbers that outlive a request, a few days' worth. They need no
 * invalidation: the key is the last link of the history's chain as the request's own snapshot sees
 * it, and the day. A register that has changed has another link, so what is found is exactly what
 * counting again would give. Only what everyone may see comes here; rights never decide what is
 * found. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

/* Today, and some days that people look back or ahead to; each with and without what is held. */
enum { SLOTS = 16 };

struct slot {
    char *key;
    struct tally *item;
    size_t n;
    struct longest longest;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct slot slots[SLOTS];
static size_t oldest;

const char *memo_state(struct ctx *ctx)
{
    return db_text(ctx->tx, "SELECT chain FROM audit_head");
}

static const char *key_of(struct ctx *ctx, const char *state)
{
    return arena_printf(ctx->arena, "%s %s", state, ctx->day);
}

static struct slot *find(const char *key)
{
    for (size_t i = 0; i < SLOTS; i++)
        if (slots[i].key && !strcmp(slots[i].key, key))
            return &slots[i];
    return NULL;
}

bool memo_get(struct ctx *ctx, const char *state, struct tallies *out)
{
    if (!state)
        return false;
    const char *key = key_of(ctx, state);
    pthread_mutex_lock(&lock);
    const struct slot *slot = find(key);
    if (slot) {
        *out = (struct tallies){.n = slot->n, .longest = slot->longest};
        out->item = arena_alloc(ctx->arena, (slot->n + 1) * sizeof *out->item);
        memcpy(out->item, slot->item, slot->n * sizeof *out->item);
    }
    pthread_mutex_unlock(&lock);
    return slot != NULL;
}

void memo_put(struct ctx *ctx, const char *state, const struct tallies *tallies)
{
    if (!state)
        return;
    const char *key = key_of(ctx, state);
    pthread_mutex_lock(&lock);
    if (!find(key)) {
        struct slot *slot = &slots[oldest++ % SLOTS];
        free(slot->key);
        free(slot->item);
        *slot = (struct slot){
            .key = must_strdup(key), .n = tallies->n, .longest = tallies->longest};
        slot->item = must_calloc(tallies->n + 1, sizeof *slot->item);
        memcpy(slot->item, tallies->item, tallies->n * sizeof *slot->item);
    }
    pthread_mutex_unlock(&lock);
}
