/* schedule.h: what happens when: calendars to look at and to subscribe to.
 *
 * Public feeds for a group, a level, a healthcare region or region; a personal one by a secret
 * address that can be revoked (whoever has the address reads it, so it holds nothing sensitive: no
 * names but of groups, no text of an agenda); a page by month, and the year wheel with the same
 * dates as a list. Each feature's own dates come through `struct event_source`. */
#ifndef KANSLI_SCHEDULE_H
#define KANSLI_SCHEDULE_H

#include <kansli/part.h>
#include <kansli/resource.h>

enum { EVENTS_MOST = 1000 }; /* that a page shows */

/* A feature's row: dates of one kind, for the wheel, the month and the feeds. */
struct event_source {
    const char *type, *label; /* "meetings", N_("Meetings") */
    /* Appends to `events` what the reader may see between two days, both included: {uid, type,
     * title, groupId, groupName, startDate, endDate (or null), startsAt, endsAt (or null),
     * location (or null), href, sequence, modified, cancelled (bool)}; of `groups` (keys; n 0: of
     * all, the first EVENTS_MOST of the period). What several groups share may be told for each:
     * uid tells. */
    void (*find)(struct ctx *ctx, const char *from, const char *to, const long long *groups,
                 size_t n, json_t *events);
};
/* Appends what happens on a day, in no group and at no hour; what differs is put over it. Borrowed
 * from `events`. */
json_t *event_on(struct ctx *ctx, json_t *events, const char *type, const char *uid,
                 const char *title, const char *day, const char *href);
/* The tables of all features, NULL-terminated, each ending with an empty row;
 * src/app_features.c. */
extern const struct event_source *const event_tables[];

extern const struct resource secret_resource; /* an account's own calendar's address */
extern const struct route schedule_routes[];
extern const struct part schedule_parts[]; /* the wheel on Att göra */

#endif
