/* membership_checks.c: what can be wrong with a group's people, over the whole register (R93).
 *
 * A row per rule. An error is what membership_rules.c would refuse. No message names a person. */
#include <string.h>
#include "internal.h"

#define NOW(row) row ".start_date <= ?1 AND (" row ".end_date IS NULL OR " row ".end_date >= ?1)"
#define GROUP_ROW                                                                                  \
    "b.id AS \"id\", g.full_name AS \"name\" FROM workgroup g JOIN body b ON b.key = g.key "        \
    "JOIN group_kind k ON k.key = g.kind_key "
/* At work today, with people entered at some time. */
#define KEPT                                                                                       \
    NOW("g") " AND NOT EXISTS (SELECT 1 FROM group_pause z WHERE z.group_key = g.key AND " NOW("z") \
    ") AND EXISTS (SELECT 1 FROM membership e WHERE e.group_key = g.key)"
#define SEAT_ROW                                                                                   \
    "m.id AS \"id\", b.id AS \"groupId\", g.full_name AS \"name\" FROM membership m "               \
    "JOIN workgroup g ON g.key = m.group_key JOIN body b ON b.key = g.key "                        \
    "JOIN group_kind k ON k.key = g.kind_key "
#define TAB "/groups/{id}/memberships"
#define SEAT_TAB "/groups/{groupId}/memberships"
#define MEND "/groups/{groupId}/memberships?edit={id}#m-{id}"
#define MEET                                                                                       \
    "n.start_date <= coalesce(m.end_date, '9999-12-31') "                                          \
    "AND coalesce(n.end_date, '9999-12-31') >= m.start_date"

/* The term's last day is reckoned in months, which SQL does not know. */
static json_t *long_terms(struct ctx *ctx)
{
    json_t *found = json_array(), *row;
    size_t i;
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT m.start_date AS \"day\", m.end_date AS \"end\", k.chair_max_months AS \"months\", "
        "EXISTS (SELECT 1 FROM membership n WHERE n.group_key = m.group_key AND n.person_key = "
        "m.person_key AND n.role = 'chair' AND n.start_date < m.start_date) AS \"again\", " SEAT_ROW
        "WHERE m.role = 'chair' AND k.chair_max_months IS NOT NULL ORDER BY m.key");
    json_array_foreach(rows, i, row) {
        char last[DAY_SIZE];
        const char *end = json_text(row, "end");
        day_add_months(json_text(row, "day"), (int)json_int(row, "months", 0), last);
        if (json_int(row, "again", 0) || !end || strcmp(end, last) >= 0)
            json_array_append(found, row);
    }
    json_decref(rows);
    return found;
}

const struct check membership_checks[] = {
    {.rule = "membership-overlap", .severity = CHECK_ERROR, .object_type = "memberships",
     .label = N_("Twice in a group at once"), .at = SEAT_TAB, .mend = MEND,
     .message = N_("Somebody has two roles in {name} on {day}."),
     .query = "SELECT n.start_date AS \"day\", " SEAT_ROW "JOIN membership n ON n.group_key = "
              "m.group_key AND n.person_key = m.person_key AND n.key > m.key AND " MEET},
    {.rule = "chair-taken", .severity = CHECK_ERROR, .object_type = "memberships",
     .label = N_("Two chairs at once"), .at = SEAT_TAB, .mend = MEND,
     .message = N_("{name} has two chairs on {day}."),
     .query = "SELECT n.start_date AS \"day\", " SEAT_ROW "JOIN membership n ON n.group_key = "
              "m.group_key AND n.key > m.key AND " MEET
              " WHERE m.role = 'chair' AND n.role = 'chair'"},
    {.rule = "outside-group-dates", .severity = CHECK_ERROR, .object_type = "memberships",
     .label = N_("A membership outside the days of the group"), .at = SEAT_TAB, .mend = MEND,
     .message = N_("A membership from {day} lies outside the days of {name}."),
     .query = "SELECT m.start_date AS \"day\", " SEAT_ROW "WHERE m.start_date < g.start_date "
              "OR m.start_date > g.end_date OR m.end_date > g.end_date"},
    {.rule = "end-before-start", .severity = CHECK_ERROR, .object_type = "memberships",
     .label = N_("Ends before it begins"), .at = SEAT_TAB, .mend = MEND,
     .message = N_("A membership of {name} ends before it begins."),
     .query = "SELECT " SEAT_ROW "WHERE m.end_date < m.start_date"},
    {.rule = "chair-term", .severity = CHECK_ERROR, .object_type = "memberships",
     .label = N_("A chair beyond the term"), .at = SEAT_TAB, .mend = MEND,
     .message = N_("The chair of {name} since {day} sits longer than {months} months, or again."),
     .find = long_terms},
    {.rule = "chair-seat", .severity = CHECK_ERROR, .object_type = "memberships",
     .label = N_("A chair without a healthcare region"), .at = SEAT_TAB, .mend = MEND,
     .message = N_("The chair of {name} since {day} holds no seat for a healthcare region."),
     .query = "SELECT m.start_date AS \"day\", " SEAT_ROW "WHERE m.role = 'chair' "
              "AND k.chair_max_months IS NOT NULL AND NOT EXISTS (SELECT 1 FROM organisation o "
              "WHERE o.key = m.on_behalf_of_key AND (o.type = 'healthcareRegion' OR EXISTS ("
              "SELECT 1 FROM organisation_area a WHERE a.organisation_key IN (o.key, "
              "o.parent_key)))) AND NOT EXISTS (SELECT 1 FROM workgroup w WHERE w.key = "
              "m.on_behalf_of_key AND (w.healthcare_region_key IS NOT NULL OR w.region_key IS NOT "
              "NULL))"},
    {.rule = "no-chair", .severity = CHECK_WARNING, .object_type = "groups",
     .label = N_("No chair"), .at = TAB, .mend = "/groups/{id}/memberships/new?role=chair",
     .message = N_("{name} has no chair."),
     .query = "SELECT " GROUP_ROW "WHERE " KEPT " AND NOT EXISTS (SELECT 1 FROM membership m "
              "WHERE m.group_key = g.key AND m.role = 'chair' AND " NOW("m") ")"},
    {.rule = "no-process-leader", .severity = CHECK_WARNING, .object_type = "groups",
     .label = N_("No process leader"), .at = TAB,
     .mend = "/groups/{id}/memberships/new?role=processLeader",
     .message = N_("{name} has no process leader."),
     .query = "SELECT " GROUP_ROW "WHERE " KEPT " AND NOT EXISTS (SELECT 1 FROM membership m "
              "WHERE m.group_key = g.key AND m.role = 'processLeader' AND " NOW("m") ")"},
    {.rule = "term-ending", .severity = CHECK_NOTICE, .object_type = "memberships",
     .label = N_("A term that ends within 90 days"), .at = SEAT_TAB, .mend = MEND,
     .message = N_("A membership of {name} ends on {day}."),
     .query = "SELECT m.end_date AS \"day\", " SEAT_ROW "WHERE m.start_date <= ?1 "
              "AND m.end_date >= ?1 AND m.end_date <= day_add(?1, 90) "
              "AND NOT EXISTS (SELECT 1 FROM membership n WHERE n.group_key = m.group_key "
              "AND n.person_key = m.person_key AND n.start_date > m.end_date)"},
    {.rule = "no-members", .severity = CHECK_NOTICE, .object_type = "groups",
     .label = N_("Nobody entered"), .at = TAB, .mend = "/groups/{id}/memberships/new",
     .message = N_("Nobody has been entered in {name}."),
     .query = "SELECT " GROUP_ROW "WHERE " NOW("g") " AND NOT EXISTS (SELECT 1 FROM membership m "
              "WHERE m.group_key = g.key)"},
    {0},
};
