/* mandate_search.c: mandates and annexes as something that is searched (search.h).
 *
 * Every version that the reader may read is found, also what has been superseded: its label says
 * so. A group or days that are asked for are the mandate's group, and a day on which it is in
 * force. */
#include "internal.h"

#define COLUMNS                                                                                    \
    "x.id AS \"id\", coalesce(g.full_name, k.name) AS \"name\", CASE WHEN k.key IS NULL "          \
    "THEN '/mandates/' || x.id ELSE '/group-kinds/' || k.id || '/mandates/' || x.id END "          \
    "AS \"path\", NULL AS \"place\", CASE WHEN x.state = 'approved' AND EXISTS (SELECT 1 "         \
    "FROM mandate n WHERE (n.group_key = x.group_key OR n.kind_key = x.kind_key) "                 \
    "AND n.state = 'approved' AND n.number > x.number AND n.valid_from <= ?1) "                    \
    "THEN 'superseded' ELSE x.state END AS \"status\", x.valid_from AS \"day\", "                  \
    "b.id AS \"groupId\", g.full_name AS \"groupName\""
#define JOINED                                                                                     \
    "mandate x ON x.key = " DB_TEXT_KEY " LEFT JOIN workgroup g ON g.key = x.group_key "           \
    "LEFT JOIN body b ON b.key = g.key LEFT JOIN group_kind k ON k.key = x.kind_key"
#define VISIBLE                                                                                    \
    "CASE WHEN k.key IS NULL THEN " GROUP_VISIBLE("g") " AND (x.state = 'approved' OR "            \
    ACCESS_GROUP_DRAFTS("x.group_key") ") ELSE x.state = 'approved' OR ?2 = 1 END"
#define SOUGHT                                                                                     \
    "(?9 = 0 OR x.group_key = ?9) AND (?10 IS NULL OR x.valid_to IS NULL OR "                    \
    "x.valid_to >= ?10) AND (?11 IS NULL OR x.valid_from <= ?11)"

const struct search_source mandate_sources[] = {
    {"mandates", N_("Mandate"), N_("Mandates"),
     SEARCH_FIND("search_mandates", "x.valid_from", JOINED, VISIBLE " AND " SOUGHT),
     SEARCH_SHOW(COLUMNS, JOINED), mandate_statuses},
    {0},
};
