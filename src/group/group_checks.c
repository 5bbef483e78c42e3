/* group_checks.c: what can be wrong with groups, over the whole register (R93).
 *
 * A row per rule. An error is what the rules of this room would refuse; the others are what they
 * let through and somebody should mend. */
#include "internal.h"

#define NOW(row)                                                    \
    "(" row ".start_date IS NULL OR " row ".start_date <= ?1) AND " \
    "(" row ".end_date IS NULL OR " row ".end_date >= ?1)"
#define STANDS(g) "(" g ".end_date IS NULL OR " g ".end_date >= ?1)"
#define GROUP_ROW                                               \
    "b.id AS \"id\", g.full_name AS \"name\" FROM workgroup g " \
    "JOIN body b ON b.key = g.key JOIN group_kind k ON k.key = g.kind_key "
const struct check group_checks[] = {
    {.rule = "kind-may-not-commission",
     .severity = CHECK_ERROR,
     .object_type = "groups",
     .label = N_("Commissioned by a kind that may not"),
     .message = N_("{name} is commissioned by {principal}, whose kind may not commission it."),
     .query = "SELECT c.full_name AS \"principal\", " GROUP_ROW
              "JOIN group_principal p ON p.group_key = g.key JOIN workgroup c ON c.key = "
              "p.principal_key "
              "WHERE k.any_principal = 0 AND " STANDS(
                  "p") " AND NOT EXISTS (SELECT 1 FROM "
                       "group_kind_principal a WHERE a.kind_key = g.kind_key AND a.principal_key = "
                       "c.kind_key)"},
    {.rule = "body-cycle",
     .severity = CHECK_ERROR,
     .object_type = "groups",
     .label = N_("Stands above itself"),
     .message = N_("{name} stands above itself."),
     .query = "WITH RECURSIVE up (g, k) AS (SELECT group_key, principal_key FROM group_principal "
              "WHERE end_date IS NULL OR end_date >= ?1 UNION SELECT up.g, p.principal_key "
              "FROM group_principal p JOIN up ON up.k = p.group_key "
              "WHERE p.end_date IS NULL OR p.end_date >= ?1), "
              "parent (g, k) AS (SELECT key, parent_key FROM workgroup WHERE parent_key IS NOT "
              "NULL UNION "
              "SELECT a.g, w.parent_key FROM workgroup w JOIN parent a ON a.k = w.key "
              "WHERE w.parent_key IS NOT NULL), "
              "mirror (g, k) AS (SELECT key, mirrors_key FROM workgroup WHERE mirrors_key IS NOT "
              "NULL UNION "
              "SELECT a.g, w.mirrors_key FROM workgroup w JOIN mirror a ON a.k = w.key "
              "WHERE w.mirrors_key IS NOT NULL) "
              "SELECT " GROUP_ROW "WHERE g.key IN (SELECT g FROM up WHERE g = k UNION "
              "SELECT g FROM parent WHERE g = k UNION SELECT g FROM mirror WHERE g = k)"},
    {.rule = "host-taken",
     .severity = CHECK_ERROR,
     .object_type = "groups",
     .label = N_("Two active hosts at once"),
     .message = N_("{name} has two active hosts on the same day: {one} and {other}."),
     .mend = "/groups/{id}/hosts",
     .query = "SELECT hb.id AS \"one\", yb.id AS \"other\", " GROUP_ROW
              "JOIN hosting h ON h.group_key = g.key AND h.status = 'active' "
              "JOIN hosting y ON y.group_key = g.key AND y.status = 'active' AND y.key > h.key "
              "AND coalesce(h.start_date, '0000') <= coalesce(y.end_date, '9999') "
              "AND coalesce(h.end_date, '9999') >= coalesce(y.start_date, '0000') "
              "JOIN body hb ON hb.key = h.body_key JOIN body yb ON yb.key = y.body_key"},
    {.rule = "outside-group-dates",
     .severity = CHECK_ERROR,
     .object_type = "groups",
     .label = N_("Ties outside the days of the group"),
     .message = N_("{name} has a host, a relation, a pause or a principal outside its own days."),
     .mend = "/groups/{id}/hosts",
     .query =
         "SELECT DISTINCT " GROUP_ROW
         "JOIN (SELECT group_key, start_date, end_date FROM hosting UNION ALL "
         "SELECT group_key, start_date, end_date FROM relation UNION ALL "
         "SELECT group_key, start_date, end_date FROM group_pause UNION ALL "
         "SELECT group_key, start_date, end_date FROM group_principal) AS t ON t.group_key = g.key "
         "WHERE t.start_date < g.start_date OR t.start_date > g.end_date OR t.end_date > "
         "g.end_date"},
    {.rule = "end-before-start",
     .severity = CHECK_ERROR,
     .object_type = "groups",
     .label = N_("Ends before it begins"),
     .message = N_("{name} ends before it begins."),
     .query = "SELECT " GROUP_ROW "WHERE g.end_date < g.start_date"},
    {.rule = "principal-missing",
     .severity = CHECK_WARNING,
     .object_type = "groups",
     .label = N_("No principal"),
     .message = N_("{name} has no principal, which groups of its kind have."),
     .query = "SELECT " GROUP_ROW "WHERE " STANDS(
         "g") " AND EXISTS (SELECT 1 FROM group_kind_principal a "
              "WHERE a.kind_key = g.kind_key) AND NOT EXISTS (SELECT 1 FROM group_principal p "
              "WHERE p.group_key = g.key AND " STANDS("p") ")"},
    {.rule = "principal-closed",
     .severity = CHECK_WARNING,
     .object_type = "groups",
     .label = N_("The principal is closed"),
     .message = N_("{name} is commissioned by {principal}, which is closed."),
     .query = "SELECT c.full_name AS \"principal\", " GROUP_ROW
              "JOIN group_principal p ON p.group_key = g.key JOIN workgroup c ON c.key = "
              "p.principal_key "
              "WHERE " STANDS("g") " AND " NOW("p") " AND c.end_date < ?1"},
    {.rule = "closed-but-commissions",
     .severity = CHECK_WARNING,
     .object_type = "groups",
     .label = N_("Closed, but still commissions"),
     .message = N_("{name} is closed but still commissions {count} groups that are not."),
     .mend = "/groups?principalIds={id}",
     .query = "SELECT t.n AS \"count\", " GROUP_ROW
              "JOIN (SELECT p.principal_key AS key, count(*) AS n FROM group_principal p "
              "JOIN workgroup w ON w.key = p.group_key WHERE " NOW("p") " AND " NOW(
                  "w") " GROUP BY p.principal_key) AS t ON t.key = g.key WHERE g.end_date < ?1"},
    {.rule = "host-missing",
     .severity = CHECK_WARNING,
     .object_type = "groups",
     .label = N_("No host"),
     .message = N_("{name} has no host."),
     .mend = "/groups/{id}/hosts/new",
     .query = "SELECT " GROUP_ROW "WHERE k.level = 'national' AND k.category IN ('programmeArea', "
              "'collaboration') AND " NOW(
                  "g") " AND NOT EXISTS ("
                       "SELECT 1 FROM hosting h WHERE h.group_key = g.key AND " NOW("h") ")"},
    {.rule = "area-missing",
     .severity = CHECK_WARNING,
     .object_type = "groups",
     .label = N_("No healthcare region or region"),
     .message = N_("{name} belongs to no healthcare region or region, which its level asks for."),
     .query =
         "SELECT " GROUP_ROW "WHERE " STANDS("g") " AND ((k.level = 'healthcareRegion' "
                                                  "AND g.healthcare_region_key IS NULL) OR "
                                                  "(k.level = 'local' AND g.region_key IS NULL))"},
    {.rule = "end-missing",
     .severity = CHECK_WARNING,
     .object_type = "groups",
     .label = N_("Time-limited without a last day"),
     .message = N_("{name} is time-limited but has no last day."),
     .query = "SELECT " GROUP_ROW "WHERE g.permanence = 'timeLimited' AND g.end_date IS NULL"},
    {.rule = "contact-missing",
     .severity = CHECK_NOTICE,
     .object_type = "groups",
     .label = N_("No contact address"),
     .message = N_("{name} has no contact address."),
     .query = "SELECT " GROUP_ROW "WHERE " NOW("g") " AND g.contact_email IS NULL"},
    {.rule = "gap-missing",
     .severity = CHECK_NOTICE,
     .object_type = "groups",
     .label = N_("No gap named"),
     .message = N_("{name} does not name the gap that it closes."),
     .query = "SELECT " GROUP_ROW
              "WHERE " NOW("g") " AND g.gap_key IS NULL "
                                "AND k.level = 'national' AND k.category = 'workingGroup'"},
    {0},
};
