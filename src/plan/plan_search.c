/* plan_search.c: plans and what stands in them as something that is searched (search.h), with the
 * very condition of their lists: what is not decided yet is found by those inside alone.
 *
 * A plan is found as it is written now; versions, remarks and positions are not. Days that are
 * asked for are its year's, an initiative's those in which it is carried out. */
#include "internal.h"

#define FIRST_DAY "(p.year || '-01-01')"
#define LAST_DAY "(p.year || '-12-31')"
#define GROUP "b.id AS \"groupId\", g.full_name AS \"groupName\""
#define JOINED " JOIN workgroup g ON g.key = p.group_key JOIN body b ON b.key = g.key"

#define PLAN_COLUMNS                                                                               \
    "p.id AS \"id\", g.full_name || ' ' || p.year AS \"name\", '/plans/' || p.id AS \"path\", "    \
    "NULL AS \"place\", p.state AS \"status\", " FIRST_DAY " AS \"day\", " GROUP
#define PLAN_JOINED "plan p ON p.key = " DB_TEXT_KEY JOINED

/* Of what goes on for years, the days of this plan. */
#define INITIATIVE_FIRST                                                                           \
    "CASE WHEN i.start_date > " FIRST_DAY " THEN i.start_date ELSE " FIRST_DAY " END"
#define INITIATIVE_LAST "coalesce(i.end_date, " LAST_DAY ")"
#define INITIATIVE_COLUMNS                                                                         \
    "i.id AS \"id\", i.title AS \"name\", '/plans/' || p.id || '/initiatives/' || i.id "           \
    "AS \"path\", NULL AS \"place\", i.progress AS \"status\", " INITIATIVE_FIRST " AS \"day\", "  \
    GROUP
#define INITIATIVE_JOINED                                                                          \
    "initiative i ON i.key = " DB_TEXT_KEY " JOIN plan p ON p.key = i.plan_key" JOINED

#define SOUGHT(first, last)                                                                        \
    "(?9 = 0 OR p.group_key = ?9) AND (?10 IS NULL OR " last " >= ?10) "                           \
    "AND (?11 IS NULL OR " first " <= ?11)"

const struct search_source plan_sources[] = {
    {"plans", N_("Plan"), N_("Plans"),
     SEARCH_FIND("search_plans", FIRST_DAY, PLAN_JOINED,
                 PLAN_VISIBLE("p", "g") " AND " SOUGHT(FIRST_DAY, LAST_DAY)),
     SEARCH_SHOW(PLAN_COLUMNS, PLAN_JOINED), plan_statuses},
    {"initiatives", N_("Initiative"), N_("Initiatives"),
     SEARCH_FIND("search_initiatives", INITIATIVE_FIRST, INITIATIVE_JOINED,
                 PLAN_VISIBLE("p", "g") " AND " SOUGHT(INITIATIVE_FIRST, INITIATIVE_LAST)),
     SEARCH_SHOW(INITIATIVE_COLUMNS, INITIATIVE_JOINED), initiative_progress},
    {0},
};
