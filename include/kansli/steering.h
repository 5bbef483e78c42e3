/* steering.h: what the steering group and every level above others look at (R12, R62): programme
 * areas with their groups, people, time, plans, initiatives, reviews and vacancies, each against
 * the year before; and one area with all that points to it from below.
 *
 * Everyone may look: approved plans and statistics are everyone's. What is not decided yet is told
 * of those areas alone whose drafts the reader may see; a restricted group is counted for those who
 * may know of it. */
#ifndef KANSLI_STEERING_H
#define KANSLI_STEERING_H

#include <kansli/schedule.h>

extern const struct route steering_routes[];
extern const struct event_source steering_events[]; /* reviews to be done, terms that end */

/* For the pages of the levels (NULL: of all three) and places (0: all), which are kept for many
 * readers. {year, expected, decided, undecided} of the year whose plans are written or decided on
 * ctx->day, with what the decided ones are: approved, followedUp; who sees everything is also told
 * what the others are: submitted, returned, draft, missing.
 * And {year, due, done} of the year that these plans look back on. New references. */
json_t *steering_plans(struct ctx *ctx, const char *level, long long place);
json_t *steering_reviews(struct ctx *ctx, const char *level, long long place);

#endif
