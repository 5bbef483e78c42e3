/* mandate_checks.c: what can be wrong with mandates, over the whole register (R93). Nothing here is
 * an error: the rules of this room let none of it in, but days pass. */
#include "internal.h"

#define STANDS "g.start_date <= ?1 AND (g.end_date IS NULL OR g.end_date >= ?1) "
#define GROUP_ROW                                               \
    "b.id AS \"id\", g.full_name AS \"name\" FROM workgroup g " \
    "JOIN body b ON b.key = g.key JOIN group_kind k ON k.key = g.kind_key "
/* The newest approved version that has begun. */
#define RULING(g)                                                                          \
    "(SELECT n.key FROM mandate n WHERE n.group_key = " g ".key AND n.state = 'approved' " \
    "AND n.valid_from <= ?1 ORDER BY n.number DESC LIMIT 1)"
#define NOTHING_TO_COME                                                                           \
    "AND NOT EXISTS (SELECT 1 FROM mandate n WHERE n.group_key = g.key AND n.state = 'approved' " \
    "AND n.number > m.number) "

enum { ENDS_WITHIN = 180, WAITS_LONG = 60 }; /* days */

static json_t *ending(struct ctx *ctx)
{
    char limit[DAY_SIZE];
    day_add(ctx->today, ENDS_WITHIN, limit);
    return db_rows(ctx->tx,
                   "SELECT m.valid_to AS \"day\", " GROUP_ROW "JOIN mandate m ON m.key = " RULING(
                       "g") "WHERE " STANDS
                            "AND m.valid_to >= ?1 AND m.valid_to <= ?2 " NOTHING_TO_COME,
                   ctx->today, (const char *)limit);
}

static json_t *long_waiting(struct ctx *ctx)
{
    char limit[DAY_SIZE], at[DAY_SIZE];
    day_add(ctx->today, -WAITS_LONG, limit);
    json_t *row,
        *rows = db_rows(ctx->tx,
                        "SELECT m.id AS \"id\", b.id AS \"groupId\", "
                        "g.full_name AS \"name\", m.number AS \"version\", "
                        "m.submitted_at AS \"day\" FROM mandate m "
                        "JOIN workgroup g ON g.key = m.group_key JOIN body b ON b.key = g.key "
                        "WHERE m.state = 'submitted' AND m.submitted_at < ?1 ORDER BY m.key",
                        (const char *)limit);
    size_t i;
    json_array_foreach (rows, i, row) {
        day_of_instant(json_text(row, "day"), at);
        json_put(row, "day", at);
    }
    return rows;
}

const struct check mandate_checks[] = {
    {.rule = "mandate-missing",
     .severity = CHECK_NOTICE,
     .object_type = "groups",
     .label = N_("A group without a mandate"),
     .message = N_("{name} has no approved mandate."),
     .mend = "/groups/{id}/mandates",
     .query = "SELECT " GROUP_ROW "WHERE " STANDS
              "AND (g.permanence = 'timeLimited' OR (k.category = 'workingGroup' "
              "AND k.level <> 'local')) AND NOT EXISTS (SELECT 1 FROM mandate m "
              "WHERE m.group_key = g.key AND m.state = 'approved' AND m.valid_from <= ?1)"},
    {.rule = "mandate-run-out",
     .severity = CHECK_WARNING,
     .object_type = "groups",
     .label = N_("A mandate that has run out"),
     .message = N_("The mandate of {name} ran out on {day}."),
     .mend = "/groups/{id}/mandates",
     .query = "SELECT m.valid_to AS \"day\", " GROUP_ROW "JOIN mandate m ON m.key = " RULING(
         "g") "WHERE " STANDS "AND m.valid_to < ?1 " NOTHING_TO_COME},
    {.rule = "mandate-ending",
     .severity = CHECK_NOTICE,
     .object_type = "groups",
     .label = N_("A mandate that ends within half a year"),
     .message = N_("The mandate of {name} ends on {day}."),
     .mend = "/groups/{id}/mandates",
     .find = ending},
    {.rule = "mandate-waiting",
     .severity = CHECK_NOTICE,
     .object_type = "mandates",
     .label = N_("A mandate that has waited long for approval"),
     .message = N_(
         "The mandate of {name}, version {version}, was submitted on {day} and awaits approval."),
     .mend = "",
     .find = long_waiting},
    {0},
};
