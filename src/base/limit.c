/* limit.c: token buckets in a table that cannot grow.
 *
 * Owns the counting and nothing else: it must never know what a key stands for. A bucket is one
 * number, the instant at which it will be full again (the "generic cell rate algorithm"): each
 * event moves it one interval ahead, and an event that would move it further than a burst ahead of
 * now is refused. An instant that has passed is a full bucket, which is the same as no bucket: so
 * nothing is ever cleaned up, and when the few places that a key can have are taken, the one
 * nearest to being full again gives way. The places are chosen by a hash with a secret start, so
 * that nobody can aim at another's. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <kansli/crypt.h>
#include <kansli/date.h>
#include <kansli/limit.h>

enum { WAYS = 8 }; /* places that a key can have */

struct bucket {
    char key[LIMIT_KEY];
    int64_t full_at; /* microseconds of clock_ms' clock */
};

struct limit {
    pthread_mutex_t lock;
    int64_t interval;  /* microseconds between two events over time */
    int64_t tolerance; /* how far ahead of now a bucket's instant may be for one more event */
    uint64_t secret;
    size_t sets;
    struct bucket bucket[];
};

struct limit *limit_new(int events, int seconds, int burst, size_t keys)
{
    MUST(keys > 0);
    size_t sets = (keys + WAYS - 1) / WAYS;
    struct limit *limit = must_calloc(1, sizeof *limit + sets * WAYS * sizeof limit->bucket[0]);
    MUST(pthread_mutex_init(&limit->lock, NULL) == 0);
    limit->sets = sets;
    crypt_random(&limit->secret, sizeof limit->secret);
    limit_set(limit, events, seconds, burst);
    return limit;
}

void limit_set(struct limit *limit, int events, int seconds, int burst)
{
    MUST(events > 0 && seconds > 0 && burst > 0);
    pthread_mutex_lock(&limit->lock);
    limit->interval = (int64_t)seconds * 1000000 / events;
    limit->tolerance = limit->interval * (burst - 1);
    pthread_mutex_unlock(&limit->lock);
}

void limit_free(struct limit *limit)
{
    if (!limit)
        return;
    pthread_mutex_destroy(&limit->lock);
    free(limit);
}

static struct bucket *set_of(struct limit *limit, const char *key)
{
    uint64_t hash = limit->secret;
    for (; *key; key++) {
        hash = (hash ^ (unsigned char)*key) * 0x100000001b3u;
        hash ^= hash >> 29; /* high bits come down, so that the secret decides the low ones too */
    }
    return &limit->bucket[hash % limit->sets * WAYS];
}

/* The key's bucket, or NULL. */
static struct bucket *find(struct limit *limit, const char *key)
{
    struct bucket *set = set_of(limit, key);
    for (int i = 0; i < WAYS; i++)
        if (!strcmp(set[i].key, key))
            return &set[i];
    return NULL;
}

/* The key's bucket, made when there is none. */
static struct bucket *find_or_add(struct limit *limit, const char *key)
{
    struct bucket *known = find(limit, key);
    if (known)
        return known;
    struct bucket *set = set_of(limit, key), *least = set;
    for (int i = 1; i < WAYS; i++)
        if (set[i].full_at < least->full_at)
            least = &set[i];
    *least = (struct bucket){.full_at = 0};
    memcpy(least->key, key, strlen(key));
    return least;
}

bool limit_take_at(struct limit *limit, const char *key, int64_t ms, long *retry_after)
{
    int64_t now = ms * 1000, wait = 0;

    MUST(*key && strlen(key) < LIMIT_KEY);
    pthread_mutex_lock(&limit->lock);
    struct bucket *bucket = find_or_add(limit, key);
    if (bucket->full_at < now)
        bucket->full_at = now;
    wait = bucket->full_at - now - limit->tolerance;
    if (wait <= 0)
        bucket->full_at += limit->interval;
    pthread_mutex_unlock(&limit->lock);
    if (wait > 0 && retry_after)
        *retry_after = (long)((wait + 999999) / 1000000);
    return wait <= 0;
}

bool limit_take(struct limit *limit, const char *key, long *retry_after)
{
    return !limit || limit_take_at(limit, key, clock_ms(), retry_after);
}

void limit_give(struct limit *limit, const char *key)
{
    if (!limit)
        return;
    pthread_mutex_lock(&limit->lock);
    struct bucket *bucket = find(limit, key);
    if (bucket)
        bucket->full_at -= limit->interval;
    pthread_mutex_unlock(&limit->lock);
}

void limit_address(const char *address, char out[LIMIT_KEY])
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    unsigned char ip[16];

    if (inet_pton(AF_INET6, address, ip) != 1) {
        size_t n = strnlen(address, LIMIT_KEY - 1);
        memcpy(out, address, n);
        out[n] = '\0';
    } else if (!memcmp(ip, mapped, sizeof mapped)) {
        inet_ntop(AF_INET, ip + 12, out, LIMIT_KEY);
    } else {
        memset(ip + 8, 0, 8);
        inet_ntop(AF_INET6, ip, out, LIMIT_KEY);
    }
}
