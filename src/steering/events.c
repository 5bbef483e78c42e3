/* events.c: what a year holds beside meetings and plans' days (schedule.h): reviews to be done by
 * the year's end, terms that end.
 *
 * Owns two rows of dates. Terms are told as how many end, never whose: calendars are read by whoever
 * has their address. Must not know a calendar. */
#include <stdlib.h>
#include <string.h>
#include <kansli/group.h>
#include "internal.h"

const struct event_source steering_events[] = {{0}};
