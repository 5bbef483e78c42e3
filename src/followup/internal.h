/* internal.h: what the files of followup/ share. Not for others.
 *
 * decision.c and action.c (the resources), lift.c (lines of minutes become rows), action_rules.c
 * (written, changed, deleted), report.c and report_rules.c (status reports), followup_pages.c,
 * report_pages.c, followup_tasks.c (what waits, what is reminded of), followup_tie.c (people). */
#ifndef KANSLI_FOLLOWUP_INTERNAL_H
#define KANSLI_FOLLOWUP_INTERNAL_H

#include <kansli/followup.h>
#include <kansli/json.h>
#include <kansli/meeting.h>

struct decision_input {
    const char *text, *decided_on;
};

struct action_input {
    struct ref_value group, owner;
    const char *text, *due_date, *status, *reason;
};

/* What was lifted of a meeting m: as its minutes. A draft's rows are for those inside; of adjusted
 * minutes for whoever sees the meeting. */
#define FOLLOWUP_LIFTED_VISIBLE(m, adjusted)                                                       \
    "(" MEETING_VISIBLE(m) " AND (" adjusted " OR " MEETING_INSIDE(m) "))"

/* The group that leads, as the reader may know of it: of an alias's group_key. */
#define FOLLOWUP_GROUP(row)                                                                        \
    "LEFT JOIN workgroup l ON l.key = " row ".group_key AND "                                      \
    ACCESS_GROUP_VISIBLE("l.access_mode", "l.key")                                                 \
    " LEFT JOIN body lb ON lb.key = l.key LEFT JOIN group_kind lk ON lk.key = l.kind_key "

/* Groups that one commissions today: a filter's condition. */
#define FOLLOWUP_OF_PRINCIPAL                                                                      \
    "\"group_key\" IN (SELECT fp.group_key FROM group_principal fp JOIN body fb "                  \
    "ON fb.key = fp.principal_key WHERE " ACCESS_TODAY("fp") " AND fb.id IN"

extern const struct value action_statuses[];

#endif
