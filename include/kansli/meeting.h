/* meeting.h: meetings (R42, R50, R52; api.md meetings): agenda, notice, attendance, standing aside,
 * papers.
 *
 * Of one group or several; the first leads. Instants are UTC, people see Stockholm's time. held:
 * endsAt has passed. Who sees: `public` as the group's people, once the notice was sent; `members`
 * those who may see the groups' drafts; `principals` officers of the groups and of those above.
 * Before the notice only those who may see drafts. Who may change a meeting sees it. What was noted
 * at an item, attendance, who stands aside and where an online meeting is held are for those inside
 * (MEETING_INSIDE), also of a public meeting: others read the minutes. The standing first item asks
 * about conflicts of interest (type declaration); a recusal is suggested, never imposed, and who
 * stood aside does not count for that item's quorum. */
#ifndef KANSLI_MEETING_H
#define KANSLI_MEETING_H

#include <kansli/access.h>
#include <kansli/check.h>
#include <kansli/chore.h>
#include <kansli/part.h>
#include <kansli/person.h>
#include <kansli/resource.h>
#include <kansli/schedule.h>
#include <kansli/search.h>
#include <kansli/task.h>

extern const struct resource meeting_resource, agenda_item_resource, attendance_resource,
    recusal_resource, paper_resource;
extern const struct reference meeting_reference, agenda_item_reference;
extern const struct route meeting_routes[], meeting_page_routes[], paper_routes[];
extern const struct route attendance_statistics_routes[];
extern const struct part meeting_parts[], attendance_parts[];
extern const struct check meeting_checks[];
extern const struct task meeting_tasks[];
extern const struct chore meeting_chores[];
extern const struct event_source meeting_events[];
extern const struct search_source meeting_sources[];
extern const struct person_tie meeting_tie, paper_tie;
extern const struct value meeting_statuses[], meeting_modes[], meeting_visibilities[],
    attendance_statuses[], attendance_answers[], recusal_actions[], agenda_types[];

/* POST /meetings, groupIds in the body (or the path's group leads). The loader's way in too; a new
 * meeting begins with the standing item, then with what "carryOverIds" names of what the leading
 * group's meetings left: open actions, postponed items. May: ACT_CHANGE_GROUP of each group. */
enum code meeting_create(struct ctx *ctx, struct answer *out);
enum code agenda_item_create(struct ctx *ctx, struct answer *out);
enum code attendance_create(struct ctx *ctx, struct answer *out);
/* The loader's: a meeting with its agenda, attendance and recusals, as migrations/data/meetings has
 * them; people by their addresses. Nobody is written to. */
NODISCARD enum code meeting_load(struct ctx *ctx, const json_t *row);

/* A meeting as a rule sees it. */
struct meeting_row {
    long long key, group_key;        /* the leading group's */
    const char *id, *group_id, *group_name, *title, *status, *starts_at, *ends_at, *starts_on,
        *visibility, *modified;
    long long sequence;
    bool called;
};
/* The meeting with that id, when the caller may know of it; E_ABSENT. */
NODISCARD enum code meeting_find(struct ctx *ctx, const char *id, struct meeting_row *meeting);
/* The row of a key, whoever asks. */
NODISCARD enum code meeting_row_of(struct ctx *ctx, long long key, struct meeting_row *meeting);
/* Whether the caller may change it: ACT_CHANGE_GROUP of one of its groups. */
bool meeting_may_change(struct ctx *ctx, long long meeting_key);
enum code meeting_must_change(struct ctx *ctx, long long meeting_key);
/* Whether the caller sees what is inside (MEETING_INSIDE); refused as ACT_SEE_DRAFTS. */
bool meeting_may_look_inside(struct ctx *ctx, long long meeting_key);
enum code meeting_must_look_inside(struct ctx *ctx, long long meeting_key);
/* Who takes part: everyone who is a member of one of its groups on its day, contacts and observers
 * aside, and whoever stands in attendance (guests and deputies, last, without groupId and role):
 * [{personId, personName, groupId, groupName, role, roleLabel, onBehalfOfId, onBehalfOfName,
 * attendanceId, status, statusLabel, answer, answerLabel, answeredAt, note, forId, forName}], null
 * where there is nothing; names as the reader may know them. Empty for who may not look inside. New
 * reference. */
json_t *meeting_people(struct ctx *ctx, long long meeting_key);
/* {seats, present, aside, needed, quorate}: of the leading group's seats on the day, those that are
 * there themselves or by a deputy; `needed` is over half. `item_key` (or 0) leaves out who stands
 * aside for it: they are counted in `aside`, not in `present`. New reference. */
json_t *meeting_quorum(struct ctx *ctx, long long meeting_key, long long item_key);
/* A page below a meeting's own: adds the meeting (_embedded.meeting), its head with the tabs of
 * meeting/head.html, crumbs, the title. `tab`: "", "/attendance", "/papers", "/minutes". */
enum code meeting_below(struct ctx *ctx, const char *id, struct answer *out, const char *tab,
                        const char *here);

/* The reader coordinates the area of a group (mw of workgroup): WHO_COORDINATOR_AREA. */
#define MEETING_AREA(mw)                                                                           \
    "(" MEETING_COORDINATES " AND EXISTS (SELECT 1 FROM account_role ar JOIN group_kind ak "       \
    "ON ak.key = " mw ".kind_key WHERE ar.account_key = ?7 AND ar.organisation_key = "             \
    "CASE ak.level WHEN 'healthcareRegion' THEN " mw ".healthcare_region_key "                     \
    "WHEN 'local' THEN " mw ".region_key END))"
/* Asked once per statement, so that who coordinates nothing is not asked for each row. */
#define MEETING_COORDINATES                                                                        \
    "(?7 > 0 AND EXISTS (SELECT 1 FROM account_role ao WHERE ao.account_key = ?7 "                 \
    "AND ao.organisation_key IS NOT NULL))"
/* The reader sees a group's drafts, or may change its meetings; of a restricted group that he may know
 * of. */
#define MEETING_GROUP_INSIDE(mw)                                                                   \
    "(" ACCESS_GROUP_VISIBLE(mw ".access_mode", mw ".key") " AND ("                                \
    ACCESS_GROUP_DRAFTS(mw ".key") " OR " MEETING_AREA(mw) "))"
/* The reader is inside of one of the groups of a meeting m: a condition over its key with ?2, ?3, ?4 and
 * ?7. In this order since lists and searches ask it of thousands: the groups of the reader are few
 * and gathered once, what a group says itself is read of those alone; a plus keeps SQLite from
 * looking each of them up. */
#define MEETING_INSIDE(m)                                                                          \
    "(?2 = 1 OR ((?3 > 0 OR ?7 > 0) AND (EXISTS (SELECT 1 FROM meeting_group mg JOIN workgroup mw " \
    "ON mw.key = mg.group_key WHERE mg.meeting_key = " m ".key AND "                               \
    ACCESS_GROUP_DRAFTS("+mg.group_key") " AND "                                                   \
    ACCESS_GROUP_VISIBLE("mw.access_mode", "mw.key") ") OR (" MEETING_COORDINATES " AND EXISTS ("  \
    "SELECT 1 FROM meeting_group mg JOIN workgroup mw ON mw.key = mg.group_key "                   \
    "WHERE mg.meeting_key = " m ".key AND mw.access_mode <> 'restricted' AND "                     \
    MEETING_AREA("mw") ")))))"
/* Visible meetings: a condition over a meeting's key, visibility and called_at with ?2, ?3, ?4 and
 * ?7. What the meeting says itself is asked before its groups. */
#define MEETING_VISIBLE(m)                                                                         \
    "(?2 = 1 OR (" m ".visibility = 'public' AND " m ".called_at IS NOT NULL AND EXISTS ("         \
    "SELECT 1 FROM meeting_group mg JOIN workgroup mw ON mw.key = mg.group_key "                   \
    "WHERE mg.meeting_key = " m ".key AND "                                                        \
    ACCESS_PEOPLE_VISIBLE("mw.access_mode", "mw.key") ")) OR ((?3 > 0 OR ?7 > 0) AND "             \
    "CASE WHEN " m ".visibility = 'principals' THEN EXISTS (SELECT 1 FROM meeting_group mg "       \
    "JOIN workgroup mw ON mw.key = mg.group_key WHERE mg.meeting_key = " m ".key AND "             \
    MEETING_LED("mw") ") ELSE " MEETING_INSIDE(m) " END))"
/* Officers of the group and of those that commission it, in any number of steps; who keeps its
 * area; support, auditors. */
#define MEETING_LED(mw)                                                                            \
    "(?2 = 1 OR (?3 > 0 AND " mw ".key IN (WITH RECURSIVE led (k) AS ("                            \
    "SELECT d.group_key FROM membership d WHERE d.person_key = ?3 AND " ACCESS_TODAY("d")          \
    " AND d.role IN " ACCESS_OFFICERS " UNION SELECT d.group_key FROM group_principal d "          \
    "JOIN led ON led.k = d.principal_key WHERE " ACCESS_TODAY("d") ") SELECT k FROM led)) OR ("    \
    mw ".access_mode <> 'restricted' AND " MEETING_AREA(mw) "))"
/* Whether the reader may know that a person p stands in a meeting m: as one of its groups shows the
 * name (access.h); a guest is known to those inside. */
#define MEETING_NAMED(p, m)                                                                        \
    "(" p ".key = ?3 OR CASE WHEN " p ".protected_identity = 1 THEN EXISTS ("                      \
    "SELECT 1 FROM meeting_group ng WHERE ng.meeting_key = " m ".key AND "                         \
    ACCESS_GROUP_OFFICER("ng.group_key") ") ELSE " MEETING_INSIDE(m) " OR EXISTS ("                \
    "SELECT 1 FROM meeting_group ng JOIN workgroup nw ON nw.key = ng.group_key "                   \
    "JOIN membership nm ON nm.group_key = ng.group_key WHERE ng.meeting_key = " m ".key "          \
    "AND nm.person_key = " p ".key AND " ACCESS_NAME_GIVEN(p ".publish_name", "nm.capacity")       \
    " AND " ACCESS_PEOPLE_VISIBLE("nw.access_mode", "nw.key") ") END)"
/* A meeting of the group and the days that a search asks for (search.h): ?9, ?10, ?11. */
#define MEETING_SOUGHT(m)                                                                          \
    "(?9 = 0 OR EXISTS (SELECT 1 FROM meeting_group fg WHERE fg.meeting_key = " m ".key "         \
    "AND fg.group_key = ?9)) AND (?10 IS NULL OR " m ".starts_on >= ?10) "                        \
    "AND (?11 IS NULL OR " m ".starts_on <= ?11)"
/* The group that leads a meeting m, lb and l, as the reader may know of it. */
#define MEETING_LEADS(m)                                                                           \
    " LEFT JOIN workgroup l ON l.key = " m ".group_key AND "                                       \
    ACCESS_GROUP_VISIBLE("l.access_mode", "l.key") " LEFT JOIN body lb ON lb.key = l.key"
/* On ?8. */
#define MEETING_STATUS(m)                                                                          \
    "CASE WHEN " m ".cancelled_at IS NOT NULL THEN 'cancelled' WHEN " m ".ends_at <= ?8 "          \
    "THEN 'held' WHEN " m ".called_at IS NOT NULL THEN 'called' ELSE 'planned' END"

/* The parameters of a statement that asks what the reader may know: as a resource's select has
 * them, ?5 and ?6 the caller's own, ?8 now. */
#define MEETING_ARGS(ctx, own, other)                                                              \
    (ctx)->day, access_sees_all(ctx), (ctx)->actor->person_key, (ctx)->today, (own), (other),      \
        (ctx)->actor->half ? 0 : (ctx)->actor->account_key, tx_instant((ctx)->tx)

#endif
