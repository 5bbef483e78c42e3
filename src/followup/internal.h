/* internal.h: what the files of followup/ share. Not for others.
 *
 * decision.c and action.c (the resources), lift.c (lines of minutes become rows), action_rules.c
 * (written, changed, deleted), report.c, report_facts.c and report_rules.c (status reports),
 * followup_filters.c (what registers are narrowed by), followup_pages.c, report_pages.c,
 * followup_tasks.c (what waits, what is reminded of), followup_tie.c (people), followup_load.c. */
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

/* Visible actions t of a group w and perhaps a meeting m: as its minutes, one entered by hand as the
 * group's drafts, and anybody's own. */
#define ACTION_VISIBLE(t, m, w)                                                                    \
    "((?3 > 0 AND " t ".owner_key = ?3) OR CASE WHEN " t ".meeting_key IS NULL THEN "              \
    MEETING_GROUP_INSIDE(w) " ELSE " FOLLOWUP_LIFTED_VISIBLE(m,                                    \
        "EXISTS (SELECT 1 FROM minutes n WHERE n.meeting_key = " m ".key AND n.state <> 'draft')") \
    " END)"

/* The group that leads, as the reader may know of it: of an alias's group_key. */
#define FOLLOWUP_GROUP(row)                                                                        \
    "LEFT JOIN workgroup l ON l.key = " row ".group_key AND "                                      \
    ACCESS_GROUP_VISIBLE("l.access_mode", "l.key")                                                 \
    " LEFT JOIN body lb ON lb.key = l.key LEFT JOIN group_kind lk ON lk.key = l.kind_key "

/* Groups that one commissions today: a filter's condition. */
#define FOLLOWUP_OF_PRINCIPAL                                                                      \
    "\"group_key\" IN (SELECT fp.group_key FROM group_principal fp JOIN body fb "                  \
    "ON fb.key = fp.principal_key WHERE " ACCESS_TODAY("fp") " AND fb.id IN"

/* A group and those that it commissions, in any number of steps, as far as the reader may know of
 * them: the keys, from ?6. */
#define FOLLOWUP_UNDER                                                                             \
    "(WITH RECURSIVE fu (k) AS (SELECT key FROM workgroup WHERE key = ?6 "                         \
    "UNION SELECT fp.group_key FROM group_principal fp JOIN fu ON fu.k = fp.principal_key "        \
    "JOIN workgroup fw ON fw.key = fp.group_key WHERE " ACCESS_TODAY("fp") " AND "                 \
    ACCESS_GROUP_VISIBLE("fw.access_mode", "fw.key") ") SELECT k FROM fu)"
/* The same, and with ?5 = 0 the group alone. */
#define FOLLOWUP_ALONE_OR_UNDER                                                                    \
    "(SELECT key FROM workgroup WHERE key IN " FOLLOWUP_UNDER " AND (?5 = 1 OR key = ?6))"
/* The decisions and actions of some groups ("= ?6"), also of joint meetings: by their keys, so that a
 * list looks at no other group's. */
#define FOLLOWUP_DECISIONS_OF(groups)                                                              \
    "\"key\" IN (SELECT fo.key FROM meeting_group x JOIN decision fo "                             \
    "ON fo.meeting_key = x.meeting_key WHERE x.group_key " groups ")"
#define FOLLOWUP_ACTIONS_OF(groups)                                                                \
    "\"key\" IN (SELECT fo.key FROM action fo WHERE fo.group_key " groups " UNION "                \
    "SELECT fo.key FROM meeting_group x JOIN action fo ON fo.meeting_key = x.meeting_key "         \
    "WHERE x.group_key " groups ")"

extern const struct value action_statuses[];

/* ---- followup_filters.c ---- */

/* withinId, from and to; and of a group's own lists from and to. */
extern const struct field followup_query[], followup_query_of_group[];
/* Which rows a list begins with: conditions over the resource's aliases. */
struct scope {
    long long key;      /* of the group in the path, or 0 */
    const char *of;     /* of that group (?6) */
    const char *within; /* of the group that withinId names (?6), and of those under it; NULL: `of`
                         * holds in any case */
    const char *days;   /* between ?9 and ?10, either of them NULL */
    const char *also;   /* beside that, or NULL */
};
/* The query's withinId, from and to as a list's condition; messages go to ctx->err, which
 * resource_list asks. */
struct fixed followup_scope(struct ctx *ctx, const struct scope *scope);

/* Whether the group commissions others today that the reader may know of. */
bool followup_leads(struct ctx *ctx, long long group_key);

/* Of a list's own filters the search field stays, and in the whole register the level; those that
 * follow stand after the search field, the last one first; what no filter shows goes along unseen
 * (end). `people` [{value, label}] is stolen. */
void followup_filters(struct ctx *ctx, json_t *document, const char *search, bool whole);
void followup_filter_years(struct ctx *ctx, json_t *document);
void followup_filter_groups(struct ctx *ctx, json_t *document);
void followup_filter_people(struct ctx *ctx, json_t *document, const char *name, const char *label,
                            json_t *people);
void followup_filters_end(struct ctx *ctx, json_t *document);

/* This list's address without some parameters (ends with NULL), and with name=to unless name is
 * NULL. */
const char *followup_address(struct ctx *ctx, const char *const *without, const char *name,
                             const char *to);
/* A table's heading: `name` is what the list is sorted by, or NULL. */
struct heading {
    const char *name, *label;
    bool number, unseen;
};
/* _embedded.headings: [{label, href, number, unseen, sorted: "ascending"|"descending"|null}];
 * `order` is what the list is sorted by when nothing is asked. */
void followup_headings(struct ctx *ctx, json_t *document, const struct heading *columns,
                       const char *order);

/* ---- decision.c ---- */

/* Who presented what was decided in a group, `below` in those under it too, as far as the reader
 * sees it: [{value, label}]. New reference. */
json_t *decision_presenters(struct ctx *ctx, long long group_key, bool below);
/* The groups whose meeting decided, as far as the reader may know of them: [{id, name}]. New
 * reference. */
json_t *decision_groups(struct ctx *ctx, long long key);
/* The version of a meeting's minutes in which its decisions stand, the latest that is adjusted,
 * else the draft: {id, version, status, adjustedAt}, or null. New reference. */
json_t *followup_minutes(struct ctx *ctx, const char *meeting_id);

/* ---- action.c ---- */

/* Whose the actions of a group are, as decision_presenters. */
json_t *action_owners(struct ctx *ctx, long long group_key, bool below);

/* ---- action_rules.c ---- */

/* POST /actions and /groups/{id}/actions: entered by hand. */
enum code action_create(struct ctx *ctx, struct answer *out);
enum code action_change(struct ctx *ctx, struct answer *out);
enum code action_remove(struct ctx *ctx, struct answer *out);

/* An action as a rule sees it. */
struct action_row {
    long long key, group_key, meeting_key, owner_key;
    const char *id, *group_id, *meeting_id, *owner_id;
};
/* The action of the path, when the caller may know of it; E_ABSENT. */
NODISCARD enum code action_find(struct ctx *ctx, struct action_row *action);
/* ACT_CHANGE_GROUP of its group, or of one of those that met: what it is, and whose. */
bool action_may_change(struct ctx *ctx, const struct action_row *action);
NODISCARD enum code action_must_change(struct ctx *ctx, const struct action_row *action);
/* ACT_FOLLOW_ACTION: how it goes. Its keys are enough. */
bool action_may_follow(struct ctx *ctx, const struct action_row *action);
NODISCARD enum code action_must_follow(struct ctx *ctx, const struct action_row *action);

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

enum { REPORT_EVERY = 180 }; /* days after which a group that meets is asked for a report */

extern const struct value report_states[];

enum code report_change(struct ctx *ctx, struct answer *out);
/* The report of the path, when the caller may read it: its group's key, and whether it may still be
 * changed: nothing was reported later that reaches as far. */
NODISCARD enum code report_find(struct ctx *ctx, long long *key, long long *group_key,
                                const char **group_id, bool *open);
/* The reader, an officer of a direct principal, has read the report as it stands. In a write
 * job. */
NODISCARD enum code report_note_reading(struct ctx *ctx, long long key, long long group_key);

/* ---- report_facts.c ---- */

/* The period that the group's next report is about: from the day after the last one's, else a year
 * back or the group's first day; until today. Fills DAY_SIZE bytes. */
void report_period(struct ctx *ctx, long long group_key, char from[static DAY_SIZE]);

/* ---- report.c ---- */

/* The newest report of a group that the reader may read, or null. New reference. */
json_t *report_newest(struct ctx *ctx, long long group_key);
/* The newest report of every group that this one commissions (`further` false), or of those further
 * down, {label, rows}, or null when there is none; who has not reported stands there without an id:
 * silence is told too. `silent` when the last day reported is REPORT_EVERY days back. New
 * reference. */
json_t *reports_side_by_side(struct ctx *ctx, long long key, bool further);

/* ---- report_pages.c ---- */

enum code report_list(struct ctx *ctx, struct answer *out);
enum code report_list_of_group(struct ctx *ctx, struct answer *out);
enum code report_show(struct ctx *ctx, struct answer *out);
enum code report_new_form(struct ctx *ctx, struct answer *out);
enum code report_edit_form(struct ctx *ctx, struct answer *out);

#endif
