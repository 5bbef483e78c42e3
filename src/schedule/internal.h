/* internal.h: what the files of schedule/ share. Not for others. */
#ifndef KANSLI_SCHEDULE_INTERNAL_H
#define KANSLI_SCHEDULE_INTERNAL_H

#include <kansli/json.h>
#include <kansli/part.h>
#include <kansli/resource.h>
#include <kansli/schedule.h>

/* Whose dates are asked for. An empty list is nobody's: only `all` is everyone's. */
struct whose {
    const char *name; /* what people call it, where that is asked */
    const long long *key;
    size_t n;
    bool all;
};
/* The keys in the column "key" of rows (steals them). */
struct whose whose_of(struct ctx *ctx, json_t *rows);
/* The groups in which somebody has a role now or to come. */
struct whose whose_own(struct ctx *ctx, const struct actor *reader);
/* A group, unless it is for its members alone; the groups of a level. */
struct whose whose_group(struct ctx *ctx, const char *id);
struct whose whose_level(struct ctx *ctx, const char *level);
/* The groups of one place: of a healthcare region those of its level, not its regions' own. False
 * when there is no such place. */
bool whose_place(struct ctx *ctx, const char *type, const char *level, const char *id,
                 struct whose *whose);

/* ---- schedule.c ---- */

/* Levels, as their calendars are called. */
extern const struct value feed_levels[];
/* What `reader` may see between two days, both included, in the order of time. New reference. */
json_t *schedule_events(struct ctx *ctx, const struct actor *reader, const char *from,
                        const char *to, struct whose whose);

/* ---- feed_pages.c ---- */

enum code feed_meeting(struct ctx *ctx, struct answer *out);
enum code feed_group(struct ctx *ctx, struct answer *out);
enum code feed_national(struct ctx *ctx, struct answer *out);
enum code feed_healthcare_regions(struct ctx *ctx, struct answer *out);
enum code feed_healthcare_region(struct ctx *ctx, struct answer *out);
enum code feed_local(struct ctx *ctx, struct answer *out);
enum code feed_region(struct ctx *ctx, struct answer *out);
/* A feed's days as a calendar to subscribe to under that name, of events (steals them). */
enum code feed_answer(struct ctx *ctx, const char *name, json_t *events, struct answer *out);
/* The days a feed tells of: a year back, two years on. */
void feed_days(struct ctx *ctx, char from[DAY_SIZE], char to[DAY_SIZE]);

/* ---- secret.c ---- */

/* The account's own secret address, at most one: /me/calendar-secrets, of which the page tells
 * whether there is one; made, which ends the one before, and told once; ended. */
enum code secret_list(struct ctx *ctx, struct answer *out);
enum code secret_show(struct ctx *ctx, struct answer *out);
enum code secret_make(struct ctx *ctx, struct answer *out);
enum code secret_end(struct ctx *ctx, struct answer *out);
/* GET /calendars/{secret}. */
enum code secret_feed(struct ctx *ctx, struct answer *out);

/* ---- wheel.c ---- */

/* "december 2026" of its first day. In the arena. */
const char *month_words(struct ctx *ctx, const char *first);
/* {year, months: [{d, x, y, label, name, now}], dots: [{x, y}], hand or null} of the year that
 * begins on `first`, for schedule/wheel.html; events in the order of time. New reference. */
json_t *wheel_of(struct ctx *ctx, const char *first, const json_t *events);

/* ---- subscribe.c ---- */

/* "webcal://kansli.example/..." of an address: telephones and computers open their calendar. */
const char *calendar_link(struct ctx *ctx, const char *address);
/* GET /calendars?groupId=: what there is to subscribe to, and how. */
enum code calendars_page(struct ctx *ctx, struct answer *out);
extern const struct field calendars_query[];
extern const char calendars_reply[];

/* ---- month.c ---- */

/* GET /calendar?month=YYYY-MM or ?year=YYYY, &groupId=, &level=, &mine=true. */
enum code calendar_page(struct ctx *ctx, struct answer *out);
extern const struct field calendar_query[];

#endif
