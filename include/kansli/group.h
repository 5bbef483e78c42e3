/* group.h: the groups of the system (R1–R7): who commissions, hosts and mirrors them, and when.
 *
 * Days rule everything: what a group is on a day (planned, active, dormant, closed; hosted by whom;
 * commissioned by whom) is computed for that day and never kept. A group that has not begun is
 * shown as on its first day, one that has ended as on its last. */
#ifndef KANSLI_GROUP_H
#define KANSLI_GROUP_H

#include <kansli/access.h>
#include <kansli/check.h>
#include <kansli/resource.h>

extern const struct resource group_resource, hosting_resource, relation_resource;
extern const struct reference group_reference, body_reference; /* body: an organisation or a group */
extern const struct route group_routes[];
extern const struct check group_checks[];
extern const struct value group_statuses[]; /* planned, active, dormant, closed */
extern const struct value hosting_statuses[], relation_types[];

/* The need or gap that a group closes (gap.h): found by its id, in a form by its title; and one that
 * the reader may know of, as a condition over a row of the table, with ?2, ?3, ?4 and ?7. */
extern const struct reference gap_reference;
#define GAP_VISIBLE(gap)                                                                           \
    "EXISTS (SELECT 1 FROM workgroup gw WHERE gw.key = " gap ".group_key AND "                     \
    ACCESS_PEOPLE_VISIBLE("gw.access_mode", "gw.key") ")"
/* The six dimensions of good care (R65), against which gaps, initiatives and reviews describe what
 * they mean. */
extern const struct value care_dimensions[];

/* POST /groups: ctx->body is the new group; without an id it gets kind + name, + region if taken
 * (api.md 1). Also the loader's way in. E_CONFLICT: kind-may-not-commission, slug-taken. May: to
 * establish a group of that kind (domain.md 1). */
enum code group_create(struct ctx *ctx, struct answer *out);
/* POST /groups/{id}/hosts and /groups/{id}/relations. E_CONFLICT: outside-group-dates, host-taken,
 * body-cycle. May: ACT_CHANGE_GROUP. */
enum code hosting_create(struct ctx *ctx, struct answer *out);
enum code relation_create(struct ctx *ctx, struct answer *out);

/* The group in the path ("{id}"), when the caller may know of it: its key. Else *code is E_ABSENT, or
 * OK with out->moved, and the key is 0. */
long long group_in_path(struct ctx *ctx, struct answer *out, enum code *code);
/* The same for what is new below a group: the group of the path, else of the body's groupId; 0 when
 * there is none that the caller may know of. And its messages: one is needed, and in both places it
 * must be the same (`sent` is what was read of the body). */
long long group_named(struct ctx *ctx, struct answer *out, enum code *code);
void group_check_named(struct ctx *ctx, long long group_key, const struct ref_value *sent);
/* A page below a group's, with any document: adds the group (_embedded.group) and what
 * group/head.html shows over it, with `tab` ("/memberships") as the current one, and the title
 * "here: group". Nothing for a script. */
enum code group_below(struct ctx *ctx, const char *id, struct answer *out, const char *tab,
                      const char *here);

/* The tabs over the pages of all groups: [{href, label, count, current}], for level/tabs.html;
 * `current` is one of /levels, /groups, /tree, /matrix and /groups?status=closed. Counts are of
 * what the caller may see. New reference. */
json_t *group_tabs(struct ctx *ctx, const char *current);
/* The same for who has counted already: all groups, and those closed. */
json_t *group_tabs_counted(struct ctx *ctx, const char *current, long long all, long long closed);

/* In whose name the caller decides about a group: a direct principal that the caller is an officer
 * of, else the first (for the support function, in its place); 0 when nobody commissions it. */
long long group_deciding_principal(struct ctx *ctx, long long group_key);

#endif
