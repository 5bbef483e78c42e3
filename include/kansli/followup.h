/* followup.h: decisions, actions and status reports (R51, R53): what is followed up after a
 * meeting.
 *
 * Decisions and actions with a meeting are lines of its minutes: minutes/ writes them through the
 * functions here, and an edit of the line edits the row. Who sees: of adjusted minutes whoever sees
 * the meeting, of a draft those inside; actions entered by hand those who may see the group's
 * drafts; and anybody the own ones. Who was sent minutes of a meeting that she does not see reads
 * them there alone. An action's owner is named as the group shows the name. */
#ifndef KANSLI_FOLLOWUP_H
#define KANSLI_FOLLOWUP_H

#include <kansli/access.h>
#include <kansli/check.h>
#include <kansli/chore.h>
#include <kansli/part.h>
#include <kansli/person.h>
#include <kansli/resource.h>
#include <kansli/search.h>
#include <kansli/task.h>

extern const struct resource decision_resource, action_resource, report_resource;
extern const struct route followup_routes[], report_routes[];
extern const struct part followup_parts[];
extern const struct check followup_checks[];
extern const struct task followup_tasks[];
/* Reminders before and after an action's day, in neutral words. */
extern const struct chore followup_chores[];
extern const struct search_source followup_sources[];
extern const struct person_tie followup_tie;

/* A line of minutes, in their order. */
struct lifted {
    const char *text;
    long long item_key;      /* the agenda item whose heading it stands under, or 0 */
    long long owner_key;     /* actions: 0 when nobody was found */
    const char *due_date;    /* actions, or NULL */
};
/* The decisions or actions of a meeting become these: rows whose text stays, and those whose line
 * was rewritten where it stands, keep their id, state and number; what is gone is deleted, with a
 * tombstone, but for a decision that has its number. Whose an action is and by when follow the line
 * only when it changes: what was agreed since stays. Nothing changes when nothing differs. The rows
 * of adjusted minutes are seen by all who see the meeting: a correction is lifted when it is
 * adjusted. */
NODISCARD enum code decisions_lift(struct ctx *ctx, long long meeting_key, long long group_key,
                                   const char *day, const struct lifted *lines, size_t n);
NODISCARD enum code actions_lift(struct ctx *ctx, long long meeting_key, long long group_key,
                                 const struct lifted *lines, size_t n);
/* At adjustment: § 1, 2, 3 ... in the group's series of the year, in the order of the lines, for
 * those that have none. */
NODISCARD enum code decisions_number(struct ctx *ctx, long long meeting_key);

/* Who took which part in a decision: {decided, tookPart, stoodAside}, each [{personId, personName
 * (null: not to be told), role, roleLabel, onBehalfOfName}] of those who were there; null for who
 * may not look inside the meeting. New reference. */
json_t *decision_people(struct ctx *ctx, long long key);

/* What the register says of a group in a period, the same for whoever reads it (so meetings for
 * officers and principals alone are in none of it): {meetings, attendancePercent (null: nothing
 * noted), members (seats on the last day), membersJoined, membersLeft, decisions, actionsDone,
 * actionsDropped, actionsOpen (now)}. Nobody is named. New reference. */
json_t *report_facts(struct ctx *ctx, long long group_key, const char *from, const char *to);
/* What these figures count, for those inside who write of it: {decisions, done, open}. New
 * reference. */
json_t *report_matter(struct ctx *ctx, long long group_key, const char *from, const char *to);
/* POST /status-reports, groupId in the body or the path. */
enum code report_create(struct ctx *ctx, struct answer *out);
/* The loader's: an action as a script would enter it, with owner, an address, for ownerId, and
 * closedOn; a status report. Nobody is written to. */
NODISCARD enum code action_load(struct ctx *ctx, const json_t *row);
NODISCARD enum code report_load(struct ctx *ctx, const json_t *row);

#endif
