/* internal.h: what the files of schedule/ share. Not for others. */
#ifndef KANSLI_SCHEDULE_INTERNAL_H
#define KANSLI_SCHEDULE_INTERNAL_H

#include <kansli/json.h>
#include <kansli/resource.h>
#include <kansli/schedule.h>

/* Whose dates are asked for. An empty list is nobody's: only `all` is everyone's. */
struct whose {
    const long long *key;
    size_t n;
    bool all;
};
/* The keys in the column "key" of rows (steals them). */
struct whose whose_of(struct ctx *ctx, json_t *rows);

/* ---- schedule.c ---- */

/* What `reader` may see between two days, both included, in the order of time. New reference. */
json_t *schedule_events(struct ctx *ctx, const struct actor *reader, const char *from,
                        const char *to, struct whose whose);

/* ---- feed.c ---- */

enum code feed_meeting(struct ctx *ctx, struct answer *out);
enum code feed_group(struct ctx *ctx, struct answer *out);
enum code feed_national(struct ctx *ctx, struct answer *out);
enum code feed_healthcare_regions(struct ctx *ctx, struct answer *out);
enum code feed_healthcare_region(struct ctx *ctx, struct answer *out);
enum code feed_local(struct ctx *ctx, struct answer *out);
enum code feed_region(struct ctx *ctx, struct answer *out);
/* A feed's days as a calendar, of events (steals them). */
enum code feed_answer(struct ctx *ctx, json_t *events, struct answer *out);
/* The days a feed tells of: a year back, two years on. */
void feed_days(struct ctx *ctx, char from[DAY_SIZE], char to[DAY_SIZE]);

/* ---- secret.c ---- */

/* /me/calendar-secrets: the account's own secret address: shown whether there is one; made, which
 * ends the one before, and told once; ended. */
enum code secret_page(struct ctx *ctx, struct answer *out);
enum code secret_make(struct ctx *ctx, struct answer *out);
enum code secret_end(struct ctx *ctx, struct answer *out);
/* GET /calendars/{secret}. */
enum code secret_feed(struct ctx *ctx, struct answer *out);

/* ---- month.c ---- */

/* GET /calendar?month=YYYY-MM or ?year=YYYY, &groupId=, &level=. */
enum code calendar_page(struct ctx *ctx, struct answer *out);
extern const struct field calendar_query[];

#endif
