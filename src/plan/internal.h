/* internal.h: what the files of plan/ share. Not for others.
 *
 * plan.c (the resource), plan_rules.c (written, deleted), plan_begin.c (how a new year begins),
 * plan_submit.c, plan_decide.c, plan_follow.c (its life), plan_desk.c (where it comes in),
 * initiative.c and initiative_rules.c, remark.c, position.c (what reviewers say), version.c (what
 * was submitted), plan_comparison.c, plan_facts.c (what the register says), plan_year.c (the year's
 * days), plan_tasks.c, plan_remind.c, plan_search.c, plan_tie.c (people), plan_load.c,
 * plan_routes.c. */
#ifndef KANSLI_PLAN_INTERNAL_H
#define KANSLI_PLAN_INTERNAL_H

#include <kansli/access.h>
#include <kansli/date.h>
#include <kansli/group.h>
#include <kansli/json.h>
#include <kansli/plan.h>

/* A person p as the reader may name it; with the account's own name where there is none. */
#define PLAN_NAMED(p)                                                                              \
    PERSON_VISIBLE(p ".key", p ".entered_by_key", p ".employer_key", p ".protected_identity",      \
                   p ".publish_name")

/* The first seven parameters of a statement, as a resource's select has them (resource.h). */
#define PLAN_ARGS(ctx, own, other)                                                                 \
    (ctx)->day, access_sees_all(ctx), (ctx)->actor->person_key, (ctx)->today, (own), (other),      \
        (ctx)->actor->half ? 0 : (ctx)->actor->account_key

struct plan_input {
    struct ref_value group;
    long long year;
    const char *goals, *collaboration, *risks, *resources;
    struct text_list focus_areas;
};

struct initiative_input {
    struct ref_value gap, group, parent;
    long long position, priority, cost;
    const char *title, *focus_area, *problem, *deliverable_type, *priority_reason;
    const char *prioritisation_reference, *resource_needs, *start_date, *end_date, *milestones;
    const char *indicators, *progress, *outcome, *deviation;
    struct text_list dimensions;
};

/* ---- plan_rules.c ---- */

/* A plan as a rule sees it. */
struct plan_row {
    long long key, group_key, version, year, number;
    const char *id, *group_id, *group_name, *kind, *level, *state, *submitted_at;
};
/* The plan with that id, when the caller may know of it; E_ABSENT. */
NODISCARD enum code plan_find(struct ctx *ctx, const char *id, struct plan_row *plan);
/* The plan of the path: "{id}". */
NODISCARD enum code plan_in_path(struct ctx *ctx, struct plan_row *plan);
/* Whether the caller reads what is not public of it. */
bool plan_is_inside(struct ctx *ctx, const struct plan_row *plan);
/* Draft or returned: it is still being written. */
bool plan_is_open(const struct plan_row *plan);
/* 409 "not-draft" unless it is. */
enum code plan_must_be_open(struct ctx *ctx, const struct plan_row *plan);
/* The plan of the path, which the caller may write, and which is open. */
NODISCARD enum code plan_find_to_write(struct ctx *ctx, struct plan_row *plan);
/* A new state, with history: `changes` (stolen, may be NULL) beside the status. */
NODISCARD enum code plan_move(struct ctx *ctx, struct plan_row *plan, const char *state,
                              const char *act, json_t *changes);
enum code plan_change(struct ctx *ctx, struct answer *out);
enum code plan_remove(struct ctx *ctx, struct answer *out);

/* ---- plan_begin.c ---- */

/* What the caller has not written himself is taken from the group's last decided plan before that
 * year; its key, or 0. */
long long plan_begin(struct ctx *ctx, long long group_key, struct plan_input *in);
/* The initiatives of that plan that are neither done nor stopped go on in this one. */
NODISCARD enum code plan_carry_on(struct ctx *ctx, long long from_key, const struct plan_row *plan);
/* What the last decided plan before this one has become: {id, year, status, delivered: [...],
 * goesOn: [...], stopped: [...], facts}, or NULL. New reference. */
json_t *plan_before(struct ctx *ctx, const struct plan_row *plan);

/* ---- plan_submit.c ---- */

/* A plan that is open becomes its next version and awaits a decision; nobody is told. */
NODISCARD enum code plan_put_forward(struct ctx *ctx, struct plan_row *plan);

/* ---- plan_decide.c ---- */

struct plan_decision_input {
    const char *outcome, *comment, *decided_on, *present, *reference, *decisions;
    struct ref_value decided_by, presented_by;
    long long version; /* the one that was read, or NO_INT */
};
/* Approved or returned, with the facts of the decision; nobody is told. E_CONFLICT "not-submitted",
 * "plan-superseded". */
NODISCARD enum code plan_settle(struct ctx *ctx, struct plan_row *plan,
                                const struct plan_decision_input *in);

/* Whether the caller may say anything of it as a reviewer: decides it, and is not of the group. */
bool plan_may_review(struct ctx *ctx, const struct plan_row *plan);
enum code plan_must_review(struct ctx *ctx, const struct plan_row *plan);
/* 409 "not-submitted" unless it awaits a decision. */
enum code plan_must_wait(struct ctx *ctx, const struct plan_row *plan);
/* What was decided about it, oldest first; comments and who took part only for those inside. New
 * reference. */
json_t *plan_decisions(struct ctx *ctx, const struct plan_row *plan, bool inside);
enum code plan_decide_many(struct ctx *ctx, struct answer *out);
enum code plan_flag(struct ctx *ctx, struct answer *out);
extern const struct field plan_decision_fields[], plan_decisions_fields[], plan_flag_fields[];
extern const struct value plan_outcomes[];

/* ---- plan_desk.c ---- */

/* Where plans come in to be decided: a group, or an area for its groups that nobody commissions. */
struct plan_desk {
    bool is_area; /* an organisation */
    long long key;
    const char *id, *path; /* "/groups/sks" */
    const char *name;      /* of an organisation, NULL of a group */
};
/* The groups whose plans come in at the desk with that key: a group's, an area's. Key sets, with
 * ?4. */
#define PLAN_DESK_OF_GROUP(desk)                                                                   \
    "(SELECT dp.group_key FROM group_principal dp WHERE dp.principal_key = " desk " AND "          \
    ACCESS_TODAY("dp") ")"
#define PLAN_DESK_OF_AREA(desk)                                                                    \
    "(SELECT dw.key FROM workgroup dw JOIN group_kind dk ON dk.key = dw.kind_key "                 \
    "WHERE dw.region_key = " desk " AND dk.level = 'local' AND " PLAN_NOT_COMMISSIONED("dw.key")   \
    " UNION ALL SELECT dw.key FROM workgroup dw JOIN group_kind dk ON dk.key = dw.kind_key "       \
    "WHERE dw.healthcare_region_key = " desk " AND dk.level = 'healthcareRegion' AND "             \
    PLAN_NOT_COMMISSIONED("dw.key") ")"
/* A group that nobody commissions on ?4. */
#define PLAN_NOT_COMMISSIONED(key)                                                                 \
    "NOT EXISTS (SELECT 1 FROM group_principal cp WHERE cp.group_key = " key " AND "               \
    ACCESS_TODAY("cp") ")"
/* The desk of the path: "/groups/{id}..." or "/organisations/{id}...". An old address is OK with
 * out->moved and no key. */
NODISCARD enum code plan_desk_in_path(struct ctx *ctx, struct answer *out, struct plan_desk *desk);
/* OK when the caller decides what comes in there. */
enum code plan_desk_must_decide(struct ctx *ctx, const struct plan_desk *desk);
/* Whether the plans of that group come in there. */
bool plan_desk_has(struct ctx *ctx, const struct plan_desk *desk, long long group_key);
/* The desk of a plan when the reader may look at what lies there: "/groups/sks", or NULL. */
const char *plan_desk_path(struct ctx *ctx, const struct plan_row *plan);
/* Whether the caller may look at what lies there: who decides it, who sees everything. */
bool plan_desk_may_look(struct ctx *ctx, const struct plan_desk *desk);
/* [{href, name, waiting}]: an area's desk, unless none of its groups has plans. New reference. */
json_t *plan_desk_row(struct ctx *ctx, const struct plan_desk *desk);
/* Those at which the reader decides: [{href, name, waiting}]. New reference. */
json_t *plan_desks(struct ctx *ctx);

/* ---- plan_follow.c ---- */

enum code plan_follow_up(struct ctx *ctx, struct answer *out);
extern const struct field plan_follow_up_fields[];

/* ---- initiative.c, initiative_rules.c ---- */

/* Whether u, one level up, is the area that the group g belongs to: the one it mirrors; where it
 * mirrors none, any of its own healthcare region. A condition. */
#define INITIATIVE_ABOVE(g, u)                                                                     \
    "CASE WHEN " g ".mirrors_key IS NOT NULL THEN " g ".mirrors_key = " u ".key "                  \
    "ELSE " g ".region_key IS NULL OR " u ".healthcare_region_key IS NULL "                        \
    "OR EXISTS (SELECT 1 FROM organisation_area oa WHERE oa.organisation_key = " g ".region_key "  \
    "AND oa.healthcare_region_key = " u ".healthcare_region_key) END"

enum code initiative_create(struct ctx *ctx, struct answer *out);
enum code initiative_change(struct ctx *ctx, struct answer *out);
enum code initiative_remove(struct ctx *ctx, struct answer *out);
/* Progress, outcome and deviation of an initiative of this plan, as the year's end finds them; what
 * is NULL stays. */
NODISCARD enum code initiative_settle(struct ctx *ctx, const struct plan_row *plan, const char *id,
                                      const char *progress, const char *outcome,
                                      const char *deviation);

/* ---- remark.c, position.c ---- */

enum code remark_create(struct ctx *ctx, struct answer *out);
/* The same, and nobody is told: the loader's. */
enum code remark_make(struct ctx *ctx, struct answer *out);
enum code remark_change(struct ctx *ctx, struct answer *out);
enum code position_create(struct ctx *ctx, struct answer *out);
enum code position_change(struct ctx *ctx, struct answer *out);

/* ---- version.c ---- */

extern const struct resource plan_version_resource;
/* [{id, planId, version, submittedAt, decision, decisionLabel}], the latest first: those that the
 * reader may see, without what stands in them. New reference. */
json_t *plan_versions(struct ctx *ctx, const char *plan_id);
/* The plan and its initiatives as they stand, what they name by id. New reference. */
json_t *plan_document(struct ctx *ctx, long long plan_key);
/* The same as the reader may know it today, by id and name; in place. */
void plan_document_shape(struct ctx *ctx, json_t *document);
/* Keeps the plan as its next version. */
NODISCARD enum code plan_freeze(struct ctx *ctx, const struct plan_row *plan, long long number);
/* What the register said when it was last submitted, or NULL. New reference. */
json_t *plan_frozen_facts(struct ctx *ctx, long long plan_key);

/* ---- plan_comparison.c ---- */

enum code plan_compare(struct ctx *ctx, struct answer *out);
extern const char plan_comparison_reply[];

/* ---- plan_year.c ---- */

struct plan_days {
    char written[DAY_SIZE], submitted[DAY_SIZE], decided[DAY_SIZE];
};
/* When the plans of a year are written, submitted and decided, by the settings. */
void plan_days(struct ctx *ctx, int year, struct plan_days *days);
/* Groups g of kind k that have plans of their own: national ones always; others once they have
 * written one. A condition. */
#define PLAN_EXPECTED                                                                              \
    "(k.id IN ('npo', 'nsg') OR (k.id IN ('rpo', 'lpo') "                                          \
    "AND EXISTS (SELECT 1 FROM plan ep WHERE ep.group_key = g.key)))"
/* Groups g whose plan of a year (?2) nobody has submitted yet, on ?1: from FROM on. */
#define PLAN_UNSUBMITTED                                                                           \
    "FROM workgroup g JOIN body b ON b.key = g.key JOIN group_kind k ON k.key = g.kind_key "       \
    "LEFT JOIN plan p ON p.group_key = g.key AND p.year = ?2 "                                     \
    "WHERE g.start_date <= ?1 AND (g.end_date IS NULL OR g.end_date >= ?1) AND " PLAN_EXPECTED     \
    " AND (p.key IS NULL OR p.state = 'draft') ORDER BY g.key"

#endif
