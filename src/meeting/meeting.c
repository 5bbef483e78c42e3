/* meeting.c: to be written. */
#include <kansli/meeting.h>
#include <kansli/schedule.h>

const struct route meeting_routes[] = {{0}};
const struct part meeting_parts[] = {{0}};
const struct check meeting_checks[] = {{0}};
const struct task meeting_tasks[] = {{0}};
const struct chore meeting_chores[] = {{0}};
const struct event_source meeting_events[] = {{0}};
