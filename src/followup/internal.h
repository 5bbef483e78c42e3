/* internal.h: what the files of followup/ share. Not for others.
 *
 * decision.c and action.c (the resources), lift.c (lines of minutes become rows), action_rules.c
 * (written, changed, deleted), report.c and report_rules.c (status reports), followup_pages.c,
 * report_pages.c, followup_tasks.c (what waits, what is reminded of), followup_tie.c (people). */
#ifndef KANSLI_FOLLOWUP_INTERNAL_H
#define KANSLI_FOLLOWUP_INTERNAL_H

#include <kansli/date.h>
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

/* ---- action_rules.c ---- */

/* POST /actions and /groups/{id}/actions: entered by hand. */
enum code action_create(struct ctx *ctx, struct answer *out);
enum code action_change(struct ctx *ctx, struct answer *out);
enum code action_remove(struct ctx *ctx, struct answer *out);

/* An action as a rule sees it. */
struct action_row {
    long long key, group_key, owner_key;
    const char *id, *group_id, *meeting_id, *owner_id;
};
/* The action of the path, when the caller may know of it; E_ABSENT. */
NODISCARD enum code action_find(struct ctx *ctx, struct action_row *action);
/* Whether the caller may say how it goes: whoever may change the group, and its owner. */
bool action_may_change(struct ctx *ctx, long long group_key, long long owner_key);

/* ---- followup_pages.c ---- */

enum code decision_list(struct ctx *ctx, struct answer *out);
enum code decision_list_of_group(struct ctx *ctx, struct answer *out);
enum code decision_show(struct ctx *ctx, struct answer *out);
enum code action_list(struct ctx *ctx, struct answer *out);
enum code action_list_of_group(struct ctx *ctx, struct answer *out);
/* GET /me/actions: those that the caller owns. */
enum code action_list_own(struct ctx *ctx, struct answer *out);
enum code action_show(struct ctx *ctx, struct answer *out);
enum code action_new_form(struct ctx *ctx, struct answer *out);
enum code action_edit_form(struct ctx *ctx, struct answer *out);
enum code action_delete_form(struct ctx *ctx, struct answer *out);

/* ---- report.c and report_rules.c: status reports ---- */

struct report_input {
    struct ref_value group;
    const char *period_start, *period_end, *state, *text;
};

extern const struct value report_states[];

enum code report_change(struct ctx *ctx, struct answer *out);
/* What the register says of a group in a period: {meetings, attendancePercent (null: nothing
 * noted), members, decisions, actionsDone, actionsDropped, actionsOpen}. New reference. */
json_t *report_facts(struct ctx *ctx, long long group_key, const char *from, const char *to);
/* The period that the group's next report is about: from the day after the last one's, else a year
 * back or the group's first day; until today. Fills DAY_SIZE bytes. */
void report_period(struct ctx *ctx, long long group_key, char from[static DAY_SIZE]);
/* The report of the path, when the caller may read it: its group's key, and whether it is the
 * group's newest. */
NODISCARD enum code report_find(struct ctx *ctx, long long *group_key, const char **group_id,
                                bool *newest);

/* The newest report of every group that this one commissions; those that have not reported stand
 * last, without an id: silence is told too. New reference. */
json_t *reports_side_by_side(struct ctx *ctx, long long key);

/* ---- report_pages.c ---- */

enum code report_list(struct ctx *ctx, struct answer *out);
enum code report_list_of_group(struct ctx *ctx, struct answer *out);
enum code report_show(struct ctx *ctx, struct answer *out);
enum code report_new_form(struct ctx *ctx, struct answer *out);
enum code report_edit_form(struct ctx *ctx, struct answer *out);

#endif
