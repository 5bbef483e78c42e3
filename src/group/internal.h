/* internal.h: what the files of group/ share. Not for others. */
#ifndef KANSLI_GROUP_INTERNAL_H
#define KANSLI_GROUP_INTERNAL_H

#include <kansli/access.h>
#include <kansli/group.h>
#include <kansli/json.h>

/* The first four parameters of every statement here, as a resource's select has them (resource.h).
 */
#define GROUP_ARGS(ctx) (ctx)->day, access_sees_all(ctx), (ctx)->actor->person_key, (ctx)->today
#define GROUP_VISIBLE(g) ACCESS_GROUP_VISIBLE(g ".access_mode", g ".key")
/* The day as of which a group's ties are shown: ?1, but never before its first day nor after its
 * last. */
#define GROUP_DAY(g)                                                                               \
    "CASE WHEN " g ".start_date > ?1 THEN " g ".start_date "                                       \
    "WHEN " g ".end_date < ?1 THEN " g ".end_date ELSE ?1 END"
/* A row with optional first and last days, on a day given as SQL. */
#define GROUP_IN_FORCE(row, day)                                                                   \
    "(" row ".start_date IS NULL OR " row ".start_date <= " day ") AND "                           \
    "(" row ".end_date IS NULL OR " row ".end_date >= " day ")"
/* The best hosting of a group on its day: the active one, else the dormant ('active' < 'dormant').
 */
#define GROUP_HOSTING(g) GROUP_BEST_HOSTING("key", g)
#define GROUP_HOSTING_STATUS(g) GROUP_BEST_HOSTING("status", g)
#define GROUP_BEST_HOSTING(column, g)                                                              \
    "(SELECT x." column " FROM hosting x WHERE x.group_key = " g ".key AND " GROUP_IN_FORCE(       \
        "x", GROUP_DAY(g)) " ORDER BY x.status, x.key LIMIT 1)"
/* What a group is on ?1, given its hosting's status. A pause says so itself; only dormant hosting
 * makes dormant. */
#define GROUP_STATUS(g, hosting)                                                                   \
    "CASE WHEN " g ".start_date > ?1 THEN 'planned' WHEN " g ".end_date < ?1 THEN 'closed' "       \
    "ELSE coalesce((SELECT z.status FROM group_pause z WHERE z.group_key = " g ".key "             \
    "AND z.start_date <= ?1 AND (z.end_date IS NULL OR z.end_date >= ?1) "                         \
    "ORDER BY z.status LIMIT 1), " hosting ", 'active') END"

struct group_input {
    const char *id, *name, *short_name, *purpose, *permanence, *start_date, *end_date;
    const char *contact_email, *access_mode;
    struct ref_value gap, kind, parent, healthcare_region, region, mirrors;
    struct ref_list principals;
};

/* A hosting or a relation: `what` is its status or type. */
struct tie_input {
    struct ref_value body;
    const char *what, *start_date, *end_date;
};

/* ---- group_rules.c ---- */

/* Which row of domain.md 1 lets somebody establish or close a group of this kind. */
enum act group_establish_act(struct ctx *ctx, long long kind_key);
/* True when there may be a group that the caller could establish: whether a page offers it. */
bool group_may_establish(struct ctx *ctx);
/* True when the caller may change the group in the path. */
bool group_may_change(struct ctx *ctx);
/* The same row for a group that exists. */
enum act group_close_act(struct ctx *ctx, long long group_key);
/* E_CONFLICT outside-group-dates when something of the group lies outside these days. */
enum code group_dates_hold(struct ctx *ctx, long long key, const char *start, const char *end);

/* "NPO": a kind's id as its abbreviation. In the arena. */
const char *kind_capitals(struct ctx *ctx, const char *kind);

enum code group_change(struct ctx *ctx, struct answer *out);
enum code group_remove(struct ctx *ctx, struct answer *out);

/* ---- group_life.c: actions, and the fields of their bodies ---- */

extern const struct field closure_fields[], dormancy_fields[], reopening_fields[];
enum code group_close(struct ctx *ctx, struct answer *out);
/* Nobody sits in a group that has ended: memberships without a last day get this one; with `all`
 * those with a later one, too. */
enum code group_people_end(struct ctx *ctx, long long key, const char *end, bool all);
enum code group_rest(struct ctx *ctx, struct answer *out);
enum code group_reopen(struct ctx *ctx, struct answer *out);

/* ---- group_others.c ---- */

/* Sets host, parent, mirrors and principals of items with key, parent_key and mirrors_key. */
void others_put(struct ctx *ctx, json_t *items);

/* ---- group_principal.c ---- */

/* Those who commission a new group, from its first day. */
enum code principals_begin(struct ctx *ctx, long long key, const struct group_input *in);
/* Ends those who are no longer named, begins the new ones; `before` are the ids that the author
 * saw. */
enum code principals_change(struct ctx *ctx, long long key, const json_t *before,
                            const struct group_input *in);
/* The kinds of those who commission must allow it (R7): all of them, or only those not among
 * `before` (NULL: all). */
enum code principals_may(struct ctx *ctx, long long kind_key, const struct ref_list *principals,
                         const json_t *before);
/* A group that changes its kind must still be allowed to commission what it commissions. */
enum code principal_may_stay(struct ctx *ctx, long long key, long long kind_key);
/* Everyone who has commissioned it: [{id, name, href, startDate, endDate, current}]. */
json_t *principals_all(struct ctx *ctx, long long key);
/* E_CONFLICT body-cycle when parent, principals or mirrors lead back to the group itself. */
enum code group_no_cycle(struct ctx *ctx, long long key, const struct group_input *in);

/* ---- tie.c: hostings and relations live within a group ---- */

extern const struct value body_types[]; /* organisation, group */
typedef enum code tie_rule(struct ctx *ctx, long long group_key, long long tie_key,
                           const struct tie_input *in);
enum code tie_create(struct ctx *ctx, const struct resource *r, tie_rule *rule, struct answer *out);
enum code tie_change(struct ctx *ctx, const struct resource *r, tie_rule *rule, struct answer *out);
enum code tie_remove(struct ctx *ctx, const struct resource *r, struct answer *out);
enum code tie_list(struct ctx *ctx, const struct resource *r, struct answer *out);
enum code tie_show(struct ctx *ctx, const struct resource *r, struct answer *out);
/* "{tieId}" of the path, when it lies within the group of the path; else NULL. */
const char *tie_in_path(struct ctx *ctx, const struct resource *r);
enum code hosting_change(struct ctx *ctx, struct answer *out);
enum code relation_change(struct ctx *ctx, struct answer *out);

/* ---- group_place.c and group_tree.c: where a group stands ---- */

/* The group and what stands above it, upwards: [{key, id, fullName, level, top}]. */
json_t *place_line(struct ctx *ctx, long long key);
json_t *place_crumbs(struct ctx *ctx, const json_t *line, const char *here);
/* What stands below: the subgroups, and those that it commissions. End with
 * json_decref(below.rows). */
struct below {
    json_t *rows;
    int *how; /* each of them: group_place.c */
};
struct below place_below(struct ctx *ctx, long long key);
json_t *place_commissions(const struct below *below);
json_t *place_subgroups(const struct below *below);
json_t *place_twins(struct ctx *ctx, long long key);
json_t *place_pauses(struct ctx *ctx, long long key);
json_t *place_host(struct ctx *ctx, long long key);
json_t *place_tree(struct ctx *ctx, const json_t *line, const struct below *below);
enum code tree_get(struct ctx *ctx, struct answer *out);
extern const char tree_reply[];
extern const struct field tree_query[];

/* A node of part/tree.html: every key in every node. New reference in parent's "nodes" (borrowed),
 * or new when parent is NULL. */
json_t *node_add(json_t *parent, const char *id, const char *name, const char *href,
                 const char *level);
const char *group_href(struct ctx *ctx, const char *id);
/* "N", "R", "L" of a level. */
const char *level_letter(const char *level);

/* ---- group_forms.c ---- */

enum code group_new_form(struct ctx *ctx, struct answer *out);
enum code group_edit_form(struct ctx *ctx, struct answer *out);
enum code closure_form(struct ctx *ctx, struct answer *out);
enum code dormancy_form(struct ctx *ctx, struct answer *out);
enum code reopening_form(struct ctx *ctx, struct answer *out);
enum code group_delete_form(struct ctx *ctx, struct answer *out);
enum code hosting_new_form(struct ctx *ctx, struct answer *out);
enum code hosting_edit_form(struct ctx *ctx, struct answer *out);
enum code hosting_delete_form(struct ctx *ctx, struct answer *out);
enum code relation_new_form(struct ctx *ctx, struct answer *out);
enum code relation_edit_form(struct ctx *ctx, struct answer *out);
enum code relation_delete_form(struct ctx *ctx, struct answer *out);
extern const struct field group_new_query[];

#endif
