/* internal.h: what the files of membership/ share. Not for others. */
#ifndef KANSLI_MEMBERSHIP_INTERNAL_H
#define KANSLI_MEMBERSHIP_INTERNAL_H

#include <kansli/access.h>
#include <kansli/group.h>
#include <kansli/json.h>
#include <kansli/membership.h>

/* The first four parameters of every statement here, as a resource's select has them, ?5 the
 * caller's own, ?6 unused, ?7 the account. */
#define MEMBERSHIP_ARGS(ctx, own)                                                                  \
    (ctx)->day, access_sees_all(ctx), (ctx)->actor->person_key, (ctx)->today, (own),               \
        (const char *)NULL, (ctx)->actor->half ? 0 : (ctx)->actor->account_key

/* In force on ?1. */
#define MEMBERSHIP_NOW(m) m ".start_date <= ?1 AND (" m ".end_date IS NULL OR " m ".end_date >= ?1)"

struct membership_input {
    struct ref_value person, group, on_behalf_of, appointed_by;
    const char *role, *capacity, *speaks_for, *start_date, *end_date, *end_reason;
    const char *appointed_date, *decision_reference, *introduced_date;
    long long workload;
    struct text_list competences;
};

/* ---- membership.c ---- */

/* The memberships of one group: those who have left last, officers first, then by name. */
extern const struct resource membership_of_group_resource;
/* False on the list of all groups' memberships: what somebody is there as, and for whom he speaks,
 * is told within one group only (api.md: no list gathers patient representatives). */
bool membership_within_one_group(const struct ctx *ctx);

/* ---- membership_rules.c ---- */

/* A row as the rules see it. */
struct seat {
    long long key, group_key, person_key, on_behalf_of;
    const char *id, *group_id, *role, *start, *end;
};
/* The membership with that id, when the caller may know of it; E_ABSENT. */
NODISCARD enum code seat_find(struct ctx *ctx, const char *id, struct seat *seat);
/* Which row of domain.md 1 lets somebody enter or change a role. */
enum act seat_act(const char *role);
/* True when the caller may enter some role in the group. */
bool seat_may_any(struct ctx *ctx, long long group_key);
/* The same, or who may. */
enum code seat_must_any(struct ctx *ctx, long long group_key);
/* Gives a row without a last day the one that its kind sets for a chair, or the group's. */
void seat_complete(struct ctx *ctx, struct seat *seat);
/* E_CONFLICT: outside-group-dates, membership-overlap, chair-taken, chair-term, chair-seat. */
enum code seat_holds(struct ctx *ctx, const struct seat *seat);
enum code membership_remove(struct ctx *ctx, struct answer *out);
/* The group's tab: a browser's way on. */
const char *seat_page(struct ctx *ctx, const struct seat *seat);
/* Inserts *in (whose references have keys) after asking rights and rules; *id gets the new one. */
enum code seat_insert(struct ctx *ctx, struct membership_input *in, const char **id);

/* ---- membership_acts.c ---- */

extern const struct field seat_ending_fields[], seat_extension_fields[], seat_succession_fields[],
    seat_introduction_fields[], membership_changes_fields[];
enum code membership_end(struct ctx *ctx, struct answer *out);
enum code membership_extend(struct ctx *ctx, struct answer *out);
enum code membership_succeed(struct ctx *ctx, struct answer *out);
enum code membership_introduce(struct ctx *ctx, struct answer *out);
/* POST /groups/{id}/membership-changes: all or nothing. */
enum code membership_change_many(struct ctx *ctx, struct answer *out);

/* ---- membership_view.c ---- */

/* Bars over years for a picture of fixed width, of memberships as they stand in a list: {width,
 * height, top, bottom, years: [{x, label}], bars: [{x, y, width, labelX, anchor, labelY, status,
 * label}], today: {x, day}}; null when there is none. New reference. */
json_t *membership_timeline(struct ctx *ctx, const json_t *items);
/* How the people of a group can be written to: [{name, email}], of those on `ids` (NULL: all); new
 * reference. For those who may see drafts. */
json_t *membership_addresses(struct ctx *ctx, long long group_key, const json_t *ids);
/* {women, men, others, total} of what people stated, null in groups of less than five seats or for
 * another day than today. New reference. */
json_t *membership_gender_balance(struct ctx *ctx, long long group_key);
/* The id of the reader's own membership of a group, present or to come, or NULL. */
const char *membership_own(struct ctx *ctx, long long group_key);

/* ---- introduction.c ---- */

extern const char introduction_reply[];
enum code membership_introduction(struct ctx *ctx, struct answer *out);

/* ---- membership_forms.c ---- */

enum code membership_new_form(struct ctx *ctx, struct answer *out);
enum code membership_new(struct ctx *ctx, struct answer *out);
enum code membership_edit_form(struct ctx *ctx, struct answer *out);
enum code membership_delete_form(struct ctx *ctx, struct answer *out);
enum code seat_ending_form(struct ctx *ctx, struct answer *out);
enum code seat_extension_form(struct ctx *ctx, struct answer *out);
enum code seat_succession_form(struct ctx *ctx, struct answer *out);
enum code membership_changes_form(struct ctx *ctx, struct answer *out);
/* The form that changes one membership, in its row of the table; NULL when the caller may not. */
json_t *membership_row_form(struct ctx *ctx, const char *id);

#endif
