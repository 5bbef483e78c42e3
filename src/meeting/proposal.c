/* proposal.c: what the form of a group's next meeting begins with.
 *
 * Owns the guess: the weekday, the hours, the place and the rhythm of the meetings that the group
 * led last. A guess is only ever what stands in a form; nothing is written. Days are counted as
 * clocks in Stockholm show them, so that nine o'clock stays nine o'clock over summer time. */
#include <string.h>
#include "internal.h"

enum { WEEKS_USUAL = 4, WEEK = 7 };

/* The last two that were not cancelled, the latest first. */
static json_t *last_two(struct ctx *ctx, long long group_key)
{
    return db_rows(ctx->tx,
                   "SELECT starts_at AS \"startsAt\", ends_at AS \"endsAt\", mode AS \"mode\", "
                   "location AS \"location\", visibility AS \"visibility\", "
                   "starts_on AS \"startsOn\" FROM meeting WHERE group_key = ?1 "
                   "AND cancelled_at IS NULL ORDER BY starts_at DESC, key DESC LIMIT 2",
                   group_key);
}

/* Days from one meeting to the next: whole weeks, so that the weekday stays. */
static int rhythm(const json_t *rows)
{
    if (json_array_size(rows) < 2)
        return WEEKS_USUAL * WEEK;
    int days = day_diff(json_text(json_array_get(rows, 1), "startsOn"),
                        json_text(json_array_get(rows, 0), "startsOn"));
    int weeks = (days + WEEK / 2) / WEEK;
    return (weeks ? weeks : 1) * WEEK;
}

/* The instant at which clocks show the same, `days` later; NULL for an hour that is skipped. */
static const char *later(struct ctx *ctx, const char *instant, int days)
{
    char clock[CLOCK_SIZE], day[DAY_SIZE], then[INSTANT_SIZE];
    clock_of_instant(instant, clock);
    clock[DAY_SIZE - 1] = '\0';
    day_add(clock, days, day);
    if (!instant_of_clock(arena_join(ctx->arena, day, "T", clock + DAY_SIZE, NULL), then))
        return NULL;
    return arena_strdup(ctx->arena, then);
}

json_t *meeting_proposal(struct ctx *ctx, long long group_key)
{
    static const char *const same[] = {"mode", "location", "visibility"};
    json_t *proposal = json_object(), *rows = last_two(ctx, group_key);
    const json_t *last = json_array_get(rows, 0);
    if (last) {
        int step = rhythm(rows), since = day_diff(json_text(last, "startsOn"), ctx->today);
        int days = since < step ? step : (since / step + 1) * step;
        json_put(proposal, "startsAt", later(ctx, json_text(last, "startsAt"), days));
        json_put(proposal, "endsAt", later(ctx, json_text(last, "endsAt"), days));
        for (size_t i = 0; i < LEN(same); i++)
            json_put(proposal, same[i], json_text(last, same[i]));
    }
    json_decref(rows);
    return proposal;
}
