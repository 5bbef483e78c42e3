/* internal.h: what the files of gap/ share. Not for others. */
#ifndef KANSLI_GAP_INTERNAL_H
#define KANSLI_GAP_INTERNAL_H

#include <kansli/gap.h>
#include <kansli/group.h>
#include <kansli/json.h>

struct gap_input {
    struct ref_value group, raised_by_group;
    const char *type, *title, *evidence, *raised_by, *raised_on, *status, *reason;
    struct text_list dimensions;
    long long priority;
};

/* The first seven parameters of a statement, as a resource's select has them (resource.h). */
#define GAP_ARGS(ctx, own, other)                                                                  \
    (ctx)->day, access_sees_all(ctx), (ctx)->actor->person_key, (ctx)->today, (own), (other),      \
        (ctx)->actor->half ? 0 : (ctx)->actor->account_key

/* ---- gap_rules.c ---- */

/* The gap of the path, when the caller may know of it: its key and its group. */
NODISCARD enum code gap_find(struct ctx *ctx, long long *key, long long *group_key,
                             const char **group_id);
/* In whose name the caller raises a gap in a group's inventory: 0 for the group's own, or another
 * group that the caller takes part in, which *id and *name then tell. False: the caller may not. */
bool gap_may_raise(struct ctx *ctx, long long group_key, const char **id, const char **name);
enum code gap_change(struct ctx *ctx, struct answer *out);

/* ---- gap_board.c ---- */

/* A group's inventory from raised to addressed or declined: [{status, label, href, count, now,
 * cards: [item]}]. New reference. */
json_t *gap_board(struct ctx *ctx, json_t *items);

/* ---- gap_forms.c ---- */

enum code gap_new_form(struct ctx *ctx, struct answer *out);
enum code gap_edit_form(struct ctx *ctx, struct answer *out);
/* Where a gap stands, alone: for the gap's own page. New reference. */
json_t *gap_move_form(struct ctx *ctx, const char *id);

#endif
