/* plan_year.c: the days of a year of plans (domain.md 2): from when they are written, by when they
 * are submitted, by when they are decided.
 *
 * Owns how settings become days. A setting is MM-DD; those that come before the first of the three
 * in the calendar fall in the plan's own year, the others in the year before; a day that a month
 * lacks is its last. Must not know who is waited for. */
#include <stdlib.h>
#include <string.h>
#include "internal.h"

static const char *setting(struct ctx *ctx, const char *name, const char *fallback)
{
    const char *text = db_text(ctx->tx, "SELECT value FROM setting WHERE name = ?1", name);
    return text && strlen(text) == 5 ? text : fallback;
}

/* MM-DD of a year, or the last day of its month. */
static void day_in(int year, const char *text, char out[static DAY_SIZE])
{
    unsigned month = (unsigned)strtoul(text, NULL, 10) % 100;
    unsigned day = (unsigned)strtoul(text + 3, NULL, 10) % 100;
    do
        snprintf(out, DAY_SIZE, "%04u-%02u-%02u", (unsigned)year % 10000, month, day);
    while (!day_valid(out) && --day > 0);
}

void plan_days(struct ctx *ctx, int year, struct plan_days *days)
{
    const char *written = setting(ctx, "planWritten", "09-01");
    const char *submitted = setting(ctx, "planSubmitted", "12-15");
    const char *decided = setting(ctx, "planDecided", "02-29");
    day_in(year - 1, written, days->written);
    day_in(strcmp(submitted, written) < 0 ? year : year - 1, submitted, days->submitted);
    day_in(strcmp(decided, written) < 0 ? year : year - 1, decided, days->decided);
}

int plan_year(struct ctx *ctx)
{
    struct plan_days next;
    int year = (int)strtol(ctx->today, NULL, 10);
    plan_days(ctx, year + 1, &next);
    return strcmp(ctx->today, next.written) >= 0 ? year + 1 : year;
}
