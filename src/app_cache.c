/* app_cache.c: anonymous answers, kept while the register stands.
 *
 * Owns a table from key to prepared answer. The key is built in one place (call_reply's page_key)
 * and only for readers without login, so that rights never decide what is found here; an entry is
 * good only for the change number that was read before its snapshot. A write makes every entry old
 * at once: old ones are replaced as they are met. One lock: what it guards takes a fraction of a
 * microsecond. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "app.h"

enum { SLOTS = 4096 }; /* two to a bucket */

struct entry {
    char *key, *etag;
    uint64_t hash, changes;
    struct http_static *fixed;
    size_t size;
};

struct cache {
    pthread_mutex_t lock;
    size_t bytes, most;
    struct entry entry[SLOTS];
};

struct cache *cache_new(size_t bytes)
{
    struct cache *cache = must_calloc(1, sizeof *cache);
    pthread_mutex_init(&cache->lock, NULL);
    cache->most = bytes;
    return cache;
}

static void entry_clear(struct cache *cache, struct entry *entry)
{
    if (!entry->key)
        return;
    cache->bytes -= entry->size;
    http_static_release(entry->fixed);
    free(entry->key);
    free(entry->etag);
    memset(entry, 0, sizeof *entry);
}

void cache_free(struct cache *cache)
{
    if (!cache)
        return;
    for (int i = 0; i < SLOTS; i++)
        entry_clear(cache, &cache->entry[i]);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

static uint64_t hash_of(const char *key)
{
    uint64_t hash = 14695981039346656037u;
    for (; *key; key++)
        hash = (hash ^ (unsigned char)*key) * 1099511628211u;
    return hash;
}

static struct entry *bucket_of(struct cache *cache, uint64_t hash)
{
    return &cache->entry[hash % (SLOTS / 2) * 2];
}

static struct entry *find(struct cache *cache, const char *key, uint64_t hash)
{
    struct entry *bucket = bucket_of(cache, hash);
    for (int i = 0; i < 2; i++)
        if (bucket[i].key && bucket[i].hash == hash && !strcmp(bucket[i].key, key))
            return &bucket[i];
    return NULL;
}

struct http_static *cache_get(struct cache *cache, struct arena *arena, const char *key,
                              uint64_t changes, const char **etag)
{
    struct http_static *fixed = NULL;
    uint64_t hash = hash_of(key);
    pthread_mutex_lock(&cache->lock);
    struct entry *entry = find(cache, key, hash);
    if (entry && entry->changes == changes) {
        fixed = entry->fixed;
        http_static_hold(fixed);
        *etag = arena_strdup(arena, entry->etag);
    }
    pthread_mutex_unlock(&cache->lock);
    return fixed;
}

void cache_put(struct cache *cache, const char *key, uint64_t changes, const char *etag,
               struct http_static *fixed, size_t size)
{
    uint64_t hash = hash_of(key);
    pthread_mutex_lock(&cache->lock);
    struct entry *bucket = bucket_of(cache, hash), *entry = find(cache, key, hash);
    if (!entry) /* an empty one, else the one of an older register, else the second */
        entry = !bucket[0].key || (bucket[1].key && bucket[0].changes < bucket[1].changes)
                    ? &bucket[0]
                    : &bucket[1];
    entry_clear(cache, entry);
    if (cache->bytes + size <= cache->most) {
        http_static_hold(fixed);
        *entry = (struct entry){must_strdup(key), must_strdup(etag), hash, changes, fixed, size};
        cache->bytes += size;
    } else { /* full: begin anew rather than keep books on who is oldest */
        for (int i = 0; i < SLOTS; i++)
            entry_clear(cache, &cache->entry[i]);
    }
    pthread_mutex_unlock(&cache->lock);
}
