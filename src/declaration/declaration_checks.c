/* declaration_checks.c: what can be wrong with declarations, over the whole register (R93).
 * Nothing here is an error: days pass. A finding is of a group, with a number, and never names a
 * person: one for each group, since most of a register that begins to declare has yet to. */
#include "internal.h"

/* Who takes part in a group today, of groups at work. */
#define TAKES_PART                                                                                 \
    "FROM membership m JOIN workgroup g ON g.key = m.group_key JOIN body b ON b.key = g.key "      \
    "WHERE m.role NOT IN ('contact', 'observer') AND " ACCESS_TODAY("m") " AND " ACCESS_TODAY("g")
#define STANDING_DECLARATION                                                                       \
    "EXISTS (SELECT 1 FROM declaration d WHERE d.person_key = m.person_key "                       \
    "AND d.state = 'submitted' AND d.valid_until >= ?4)"
#define COUNTED "SELECT b.id AS \"id\", g.full_name AS \"name\", count(*) AS \"number\" " TAKES_PART
#define BY_GROUP " GROUP BY g.key, b.id, g.full_name ORDER BY g.full_name, g.key"

static json_t *missing(struct ctx *ctx)
{
    return db_rows(ctx->tx, COUNTED " AND NOT " STANDING_DECLARATION BY_GROUP,
                   DECLARATION_ARGS(ctx, (const char *)NULL));
}

static json_t *unreviewed(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   COUNTED " AND " STANDING_DECLARATION " AND NOT " DECLARATION_HOLDS(
                       "m.person_key", "m.group_key") BY_GROUP,
                   DECLARATION_ARGS(ctx, (const char *)NULL));
}

#define TAB "/groups/{id}/declaration-statuses"

const struct check declaration_checks[] = {
    {.rule = "declaration-missing",
     .severity = CHECK_WARNING,
     .object_type = "groups",
     .label = N_("A declaration absent or run out"),
     .message = N_("People in {name} without a valid declaration of interests: {number}."),
     .at = TAB,
     .mend = TAB,
     .find = missing},
    {.rule = "declaration-unreviewed",
     .severity = CHECK_WARNING,
     .object_type = "groups",
     .label = N_("A membership without a review"),
     .message = N_("People in {name} whose declaration no review holds for: {number}."),
     .at = TAB,
     .mend = TAB,
     .find = unreviewed},
    {.rule = "interests-concentrated",
     .severity = CHECK_WARNING,
     .object_type = "groups",
     .label = N_("Interests close together in a group"),
     .message = N_("In {name} many have an interest in the same party, or the chair has one."),
     .at = TAB,
     .mend = TAB,
     .find = declaration_concentrated},
    {0},
};
