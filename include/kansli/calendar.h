/* calendar.h: events as a file that calendars take (iCalendar, RFC 5545): the only libical.
 *
 * Knows days, instants and text; knows no table and no right. What is in a calendar is read by
 * whoever carries the telephone: callers put nothing of domain.md 3's last three rows in it. */
#ifndef KANSLI_CALENDAR_H
#define KANSLI_CALENDAR_H

#include <kansli/arena.h>

struct calendar_event {
    const char *uid;         /* for ever the same for an event: "nominations/<id>/first-day" */
    long long sequence;      /* rises when the event changed: the object's version */
    const char *changed;     /* the instant of that change */
    const char *summary;
    const char *description; /* or NULL */
    const char *location;    /* or NULL */
    const char *url;         /* absolute, or NULL */
    bool cancelled;          /* it stays in the file, so that calendars strike it out */
    const char *organizer;   /* the address that tells of it, or NULL */
    const char *start, *end; /* days, both included, or instants; end NULL: one day, no length */
};

/* A calendar of `n` events; days as days, instants in UTC (right whatever summer time a reader's
 * clock keeps), lines folded at 75 octets with CR LF, no character cut. The host of `origin`
 * ("https://kansli.example:8443") ends every UID. In the arena. */
const char *calendar_file(struct arena *arena, const char *origin,
                          const struct calendar_event *events, size_t n);
/* One event as a mail has it (RFC 5546): published, or cancelled. No answer is asked for by it:
 * nobody reads the register's mail; who is called answers on a page. */
const char *calendar_notice(struct arena *arena, const char *origin,
                            const struct calendar_event *event);
/* The same to subscribe to: under a name, and with how often it is worth asking again. */
const char *calendar_feed(struct arena *arena, const char *origin, const char *name,
                          const struct calendar_event *events, size_t n);

#endif
