/* minutes_search.c: minutes as something that is searched (search.h).
 *
 * Every version is in the index; what a reader finds is the last one that he may read. So a draft
 * is found by those inside and by nobody else, and what a correction took out is found no more by
 * those who may read the correction: only by a recipient to whom it has not come yet. */
#include "internal.h"

#define COLUMNS                                                                                    \
    "v.id AS \"id\", m.title AS \"name\", '/minutes/' || v.id AS \"path\", NULL AS \"place\", "    \
    "v.state AS \"status\", m.starts_on AS \"day\", lb.id AS \"groupId\", "                        \
    "l.full_name AS \"groupName\""
#define JOINED                                                                                     \
    "minutes v ON v.key = " DB_TEXT_KEY " JOIN meeting m ON m.key = v.meeting_key"
/* A word may stand in every text: only what decides who reads it is looked at. */
#define JOINED_NARROW                                                                              \
    "minutes v" DB_NARROW("minutes_seen") " ON v.key = " DB_TEXT_KEY " JOIN meeting m"             \
    DB_NARROW("meeting_seen") " ON m.key = v.meeting_key"
#define LAST                                                                                       \
    "NOT EXISTS (SELECT 1 FROM minutes n WHERE n.meeting_key = v.meeting_key "                     \
    "AND n.number > v.number AND " MINUTES_VISIBLE("n", "m") ")"

const struct search_source minutes_sources[] = {
    {"minutes", N_("Minutes"), N_("Minutes"),
     SEARCH_FIND("search_minutes", "m.starts_on", JOINED_NARROW,
                 MINUTES_VISIBLE("v", "m") " AND " LAST " AND " MEETING_SOUGHT("m")),
     SEARCH_SHOW(COLUMNS, JOINED MEETING_LEADS("m")), minutes_statuses},
    {0},
};
