/* meeting.h: meetings (R42, R50, R52; api.md meetings): agenda, notice, attendance, standing aside,
 * papers.
 *
 * Of one group or several; the first leads. Instants are UTC, people see Stockholm's time. held:
 * endsAt has passed. Who sees: `public` as the group's people, once the notice was sent; `members`
 * those who may see the groups' drafts; `principals` officers of the groups and of those above.
 * Before the notice only those who may see drafts. The standing first item asks about conflicts of
 * interest (type declaration); a recusal is suggested, never imposed, and who stood aside does not
 * count for that item's quorum. */
#ifndef KANSLI_MEETING_H
#define KANSLI_MEETING_H

#include <kansli/access.h>
#include <kansli/check.h>
#include <kansli/chore.h>
#include <kansli/part.h>
#include <kansli/person.h>
#include <kansli/resource.h>
#include <kansli/schedule.h>
#include <kansli/task.h>

extern const struct resource meeting_resource, agenda_item_resource, attendance_resource,
    recusal_resource, paper_resource;
extern const struct reference meeting_reference;
extern const struct route meeting_routes[], meeting_page_routes[], paper_routes[];
extern const struct part meeting_parts[];
extern const struct check meeting_checks[];
extern const struct task meeting_tasks[];
extern const struct chore meeting_chores[];
extern const struct event_source meeting_events[];
extern const struct person_tie meeting_tie;
extern const struct value meeting_statuses[], meeting_modes[], attendance_statuses[],
    recusal_actions[], agenda_types[];

/* POST /meetings, groupIds in the body (or the path's group leads). The loader's way in too; a new
 * meeting begins with the standing item, and with what the last one of the leading group postponed
 * when "carryOver" is true. May: ACT_CHANGE_GROUP of each group. */
enum code meeting_create(struct ctx *ctx, struct answer *out);
enum code agenda_item_create(struct ctx *ctx, struct answer *out);
enum code attendance_create(struct ctx *ctx, struct answer *out);

/* A meeting as a rule sees it. */
struct meeting_row {
    long long key, group_key;        /* the leading group's */
    const char *id, *group_id, *group_name, *title, *status, *starts_at, *ends_at, *starts_on,
        *visibility;
    bool called;
};
/* The meeting with that id, when the caller may know of it; E_ABSENT. */
NODISCARD enum code meeting_find(struct ctx *ctx, const char *id, struct meeting_row *meeting);
/* Whether the caller may change it: ACT_CHANGE_GROUP of one of its groups. */
bool meeting_may_change(struct ctx *ctx, long long meeting_key);
enum code meeting_must_change(struct ctx *ctx, long long meeting_key);
/* Who takes part: everyone who is a member of one of its groups on its day, contacts and observers
 * aside, and whoever stands in attendance: [{personId, personName, groupId, role, onBehalfOfName,
 * status, answer, forId, forName}], names as the reader may know them. New reference. */
json_t *meeting_people(struct ctx *ctx, long long meeting_key);
/* {seats, present, quorate, aside}: over half of the leading group's seats present; `item_key` (or 0)
 * leaves out who stands aside for it. New reference. */
json_t *meeting_quorum(struct ctx *ctx, long long meeting_key, long long item_key);
/* A page below a meeting's own: adds the meeting (_embedded.meeting), its head with the tabs of
 * meeting/head.html, crumbs, the title. `tab`: "", "/attendance", "/papers", "/minutes". */
enum code meeting_below(struct ctx *ctx, const char *id, struct answer *out, const char *tab,
                        const char *here);

/* Visible meetings: a condition over a meeting's key, visibility and called_at with ?2, ?3, ?4, ?7. */
#define MEETING_VISIBLE(m)                                                                         \
    "EXISTS (SELECT 1 FROM meeting_group mg JOIN workgroup mw ON mw.key = mg.group_key "           \
    "WHERE mg.meeting_key = " m ".key AND CASE WHEN " m ".visibility = 'public' AND "              \
    m ".called_at IS NOT NULL THEN " ACCESS_PEOPLE_VISIBLE("mw.access_mode", "mw.key")             \
    " WHEN " m ".visibility = 'principals' THEN " MEETING_LED("mw.key")                            \
    " ELSE " ACCESS_GROUP_DRAFTS("mw.key") " END)"
/* Officers of the group and of those that commission it, in any number of steps; support, auditors. */
#define MEETING_LED(key)                                                                           \
    "(?2 = 1 OR (?3 > 0 AND " key " IN (WITH RECURSIVE led (k) AS ("                               \
    "SELECT d.group_key FROM membership d WHERE d.person_key = ?3 AND " ACCESS_TODAY("d")          \
    " AND d.role IN " ACCESS_OFFICERS " UNION SELECT d.group_key FROM group_principal d "          \
    "JOIN led ON led.k = d.principal_key WHERE " ACCESS_TODAY("d") ") SELECT k FROM led)))"

#endif
