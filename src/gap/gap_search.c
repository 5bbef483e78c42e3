/* gap_search.c: needs and gaps as something that is searched (search.h), with the very condition of
 * their lists. Also what a form asks in which somebody writes the gap that a group closes or an
 * initiative answers (group.h: gap_reference). */
#include "internal.h"

#define COLUMNS                                                                                    \
    "ga.id AS \"id\", ga.title AS \"name\", '/gaps/' || ga.id AS \"path\", NULL AS \"place\", "    \
    "ga.state AS \"status\", ga.raised_on AS \"day\", b.id AS \"groupId\", "                       \
    "g.full_name AS \"groupName\""
#define JOINED                                                                                     \
    "gap ga ON ga.key = " DB_TEXT_KEY " JOIN workgroup g ON g.key = ga.group_key "                 \
    "JOIN body b ON b.key = g.key"
#define SOUGHT                                                                                     \
    "(?9 = 0 OR ga.group_key = ?9) AND (?10 IS NULL OR ga.raised_on >= ?10) "                      \
    "AND (?11 IS NULL OR ga.raised_on <= ?11)"

const struct search_source gap_sources[] = {
    {"gaps", N_("Need or gap"), N_("Needs and gaps"),
     SEARCH_FIND("search_gaps", "ga.raised_on", JOINED, GAP_VISIBLE("ga") " AND " SOUGHT),
     SEARCH_SHOW(COLUMNS, JOINED), gap_statuses},
    {0},
};
