/* limit.h: how often something may happen, for each of many keys.
 *
 * A key (an address, a token's id) may do `burst` things at once and `events` in `seconds` over
 * time. A table has a fixed size from birth: whoever invents keys can make it forget those closest
 * to being forgotten anyway, never make it grow. Safe from any thread. */
#ifndef KANSLI_LIMIT_H
#define KANSLI_LIMIT_H

#include <kansli/base.h>

enum { LIMIT_KEY = 48 }; /* longest key, with NUL */

struct limit;

/* A table for at least `keys` keys at a time. events, seconds, burst > 0. Release with limit_free.
 */
struct limit *limit_new(int events, int seconds, int burst, size_t keys);
/* The same table from now on with other figures; what keys have used stays counted. */
void limit_set(struct limit *limit, int events, int seconds, int burst);
/* NULL is fine. */
void limit_free(struct limit *limit);

/* True when key may act now, and counts it. False when it may not; *retry_after (may be NULL) gets
 * the whole seconds, at least 1, until it may. What was refused is not counted: whoever waits gets
 * in. A NULL limit allows everything. */
bool limit_take(struct limit *limit, const char *key, long *retry_after);
/* Takes one event back: it turned out not to count. */
void limit_give(struct limit *limit, const char *key);

/* The key of a peer's address: an IPv4 address as it is (also when mapped into IPv6); of an IPv6
 * address the first 64 bits, which is what one subscriber has; anything else ("unix:") as it is,
 * cut to fit. */
void limit_address(const char *address, char out[LIMIT_KEY]);

/* The same at a given time of clock_ms, for tests. */
bool limit_take_at(struct limit *limit, const char *key, int64_t ms, long *retry_after);

#endif
