/* kept.c: what was made of the register once, kept while the register stands.
 *
 * Owns the one lock over all that is kept, and what a key is made of. A document is shared, not
 * copied: Jansson counts references atomically, and whoever has one only reads. An answer that
 * somebody makes just now is waited for, a little: made by every thread at once it would come no
 * sooner. Must not know what is kept. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <kansli/access.h>
#include <kansli/buf.h>
#include <kansli/json.h>
#include <kansli/kept.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static uint64_t hash_of(const char *key)
{
    uint64_t hash = 14695981039346656037u;
    for (; *key; key++)
        hash = (hash ^ (unsigned char)*key) * 1099511628211u;
    return hash;
}

/* What a transaction that writes has made is not the register's yet. */
static const char *state_of(struct ctx *ctx)
{
    return tx_writes(ctx->tx) ? NULL : db_text(ctx->tx, "SELECT chain FROM audit_head");
}

const char *kept_key(struct ctx *ctx, const char *name)
{
    const char *state = ctx->actor->person_key ? NULL : state_of(ctx);
    return state ? arena_join(ctx->arena, state, " ", ctx->day, " ", ctx->today, " ",
                              access_sees_all(ctx) ? "all " : "open ", name, NULL)
                 : NULL;
}

const char *kept_key_open(struct ctx *ctx, const char *name)
{
    const char *state = state_of(ctx);
    return state ? arena_join(ctx->arena, state, " everyone ", name, NULL) : NULL;
}

static struct kept_slot *find(struct kept *kept, const char *key, uint64_t hash)
{
    for (size_t i = 0; i < kept->slots; i++)
        if (kept->slot[i].hash == hash && kept->slot[i].key && !strcmp(kept->slot[i].key, key))
            return &kept->slot[i];
    return NULL;
}

const char *kept_key_own(struct ctx *ctx, const char *name)
{
    const char *state = ctx->actor->account_key ? state_of(ctx) : NULL;
    return state ? arena_printf(ctx->arena, "%s %s own %lld %d %s", state, ctx->today,
                                ctx->actor->account_key, ctx->actor->read_only, name)
                 : NULL;
}

json_t *kept_get(struct kept *kept, const char *key)
{
    if (!key)
        return NULL;
    uint64_t hash = hash_of(key);
    pthread_mutex_lock(&lock);
    struct kept_slot *slot = find(kept, key, hash);
    json_t *value = slot ? json_incref(slot->value) : NULL;
    pthread_mutex_unlock(&lock);
    return value;
}

void kept_put(struct kept *kept, const char *key, json_t *value)
{
    if (!key)
        return;
    uint64_t hash = hash_of(key);
    json_t *old = NULL;
    pthread_mutex_lock(&lock);
    if (!find(kept, key, hash)) {
        struct kept_slot *slot = &kept->slot[kept->next++ % kept->slots];
        old = slot->value;
        free(slot->key);
        *slot = (struct kept_slot){hash, must_strdup(key), json_incref(value)};
    }
    pthread_mutex_unlock(&lock);
    json_decref(old);
}

/* ---------------------------------------------------------------- made once */

/* As long as a page may take (db.h): by then whoever makes it is done or has been stopped. */
enum { WAIT_SECONDS = 2 };

/* What is being made, on the stacks of those who make it; under the lock. */
struct making {
    const char *key;
    struct making *next;
};
static struct making *making;
static pthread_cond_t made = PTHREAD_COND_INITIALIZER;

static bool is_in_the_making(const char *key)
{
    for (const struct making *one = making; one; one = one->next)
        if (!strcmp(one->key, key))
            return true;
    return false;
}

/* What is kept, or is so when whoever makes it is done. NULL: the caller makes it, and then calls
 * making_end. */
static json_t *get_or_begin(struct kept *kept, const char *key, struct making *mine)
{
    struct timespec until;
    struct kept_slot *slot;
    uint64_t hash = hash_of(key);
    int late = 0;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_SECONDS;
    pthread_mutex_lock(&lock);
    while (!(slot = find(kept, key, hash)) && is_in_the_making(key) && !late)
        late = pthread_cond_timedwait(&made, &lock, &until);
    json_t *value = slot ? json_incref(slot->value) : NULL;
    if (!value) {
        *mine = (struct making){key, making};
        making = mine;
    }
    pthread_mutex_unlock(&lock);
    return value;
}

static void making_end(struct making *mine)
{
    struct making **at = &making;
    pthread_mutex_lock(&lock);
    while (*at != mine)
        at = &(*at)->next;
    *at = mine->next;
    pthread_cond_broadcast(&made);
    pthread_mutex_unlock(&lock);
}

/* ---------------------------------------------------------------- answers */

/* What a document depends on beside the register, the day and what the reader may see. NULL: a
 * question of the reader's own, which are endless. */
static const char *name_of(struct ctx *ctx)
{
    struct buf buf;
    const char *name;
    json_t *value;
    if (ctx_query(ctx, "q"))
        return NULL;
    for (int i = 0; ctx->embed[i]; i++)
        if (strcmp(ctx->embed[i], "page"))
            return NULL;
    buf_init(&buf, 4096);
    buf_addf(&buf, "%d %d %s", ctx->lang, ctx_page(ctx), ctx->path);
    json_object_foreach(ctx->query->values, name, value)
        buf_addf(&buf, "&%s=%s", name, json_string_value(value));
    const char *text = buf.full ? NULL : arena_strndup(ctx->arena, buf.data, buf.len);
    buf_release(&buf);
    return text;
}

static enum code make_and_keep(struct kept *kept, const char *key, struct ctx *ctx,
                               struct answer *out, handler *make)
{
    enum code c = make(ctx, out);
    if (c || out->moved || tx_code(ctx->tx))
        return c;
    json_t *both = json_object();
    json_put(both, "title", out->title);
    json_object_set(both, "document", out->document);
    kept_put(kept, key, both);
    json_decref(both);
    return OK;
}

enum code kept_answer(struct kept *kept, struct ctx *ctx, struct answer *out, handler *make)
{
    struct making mine;
    const char *name = name_of(ctx), *key = name ? kept_key(ctx, name) : NULL;
    if (!key)
        return make(ctx, out);
    json_t *both = get_or_begin(kept, key, &mine);
    if (!both) {
        enum code c = make_and_keep(kept, key, ctx, out, make);
        making_end(&mine);
        return c;
    }
    out->document = json_incref(json_object_get(both, "document"));
    out->title = arena_strdup(ctx->arena, json_text(both, "title"));
    json_decref(both);
    return OK;
}
