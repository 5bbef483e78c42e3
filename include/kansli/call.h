/* call.h: calls for nominations (R30): what a group seeks, whom it asks, from when to when.
 *
 * A draft is seen by those who may see the group's drafts. From its publication and its first day
 * on it is open, and public as the group is; after its last day or its group's, or an act, closed;
 * decided when nothing that was nominated waits any more and something was decided, or every seat
 * is filled. A published call that has not begun is still a draft to the world, and opens by
 * itself. */
#ifndef KANSLI_CALL_H
#define KANSLI_CALL_H

#include <kansli/check.h>
#include <kansli/part.h>
#include <kansli/resource.h>
#include <kansli/task.h>

extern const struct resource call_resource; /* nomination-calls */
extern const struct reference call_reference;
/* A requirement of a group that the reader may know of: what a call seeks. */
extern const struct reference call_requirement_reference;
extern const struct route call_routes[];
extern const struct part call_parts[];
extern const struct check call_checks[];
extern const struct task call_tasks[];
extern const struct chore call_chores[];
extern const struct value call_statuses[];

/* POST /nomination-calls, groupId in the body or the path; "fromGaps": true fills it from the
 * coverage. Also the loader's way in. May: ACT_KEEP_CALL. */
enum code call_create(struct ctx *ctx, struct answer *out);
/* POST /nomination-calls/{id}/publications; the loader's too, with the id as the path's {id}. */
enum code call_publish(struct ctx *ctx, struct answer *out);

/* The status on ?1 (a day) of alias c: an SQL expression. */
#define CALL_STATUS(c)                                                                             \
    "CASE WHEN " c ".published_at IS NULL OR " c ".opens_on > ?1 THEN 'draft' "                    \
    "WHEN (SELECT count(*) FROM nomination cn WHERE cn.call_key = " c ".key "                      \
    "AND cn.state = 'appointed') >= " c ".seats THEN 'decided' "                                   \
    "WHEN (" c ".closed_on IS NULL OR " c ".closed_on > ?1) AND (" c ".closes_on IS NULL "         \
    "OR " c ".closes_on >= ?1) AND NOT EXISTS (SELECT 1 FROM workgroup cg WHERE cg.key = " c       \
    ".group_key AND cg.end_date < ?1) THEN 'open' "                                                \
    "WHEN EXISTS (SELECT 1 FROM nomination cn WHERE cn.call_key = " c ".key AND cn.state IN "      \
    "('appointed', 'reserve', 'notAppointed')) AND NOT EXISTS (SELECT 1 FROM nomination cn "       \
    "WHERE cn.call_key = " c ".key AND cn.state = 'submitted') THEN 'decided' ELSE 'closed' END"

/* A call as a rule sees it. */
struct call_row {
    long long key, group_key, seats;
    const char *id, *group_id, *title, *status, *closes_on;
    bool self_nomination;
};
/* The call with that id, when the caller may know of it; E_ABSENT. */
NODISCARD enum code call_find(struct ctx *ctx, const char *id, struct call_row *call);
/* A page below a call's own (board, list, comparison): adds the call (_embedded.call), its head
 * with the tabs of call/head.html, the crumbs and the title "here: title". `tab` is "" (the call),
 * "/nominations", "/comparison". Nothing for a script. */
enum code call_below(struct ctx *ctx, const char *id, struct answer *out, const char *tab,
                     const char *here);

#endif
