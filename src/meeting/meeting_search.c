/* meeting_search.c: meetings and what they take up, as something that is searched (search.h).
 *
 * Owns two sources. An item is found by its title and background by whoever sees the meeting, and
 * by its notes as well by those inside (MEETING_INSIDE): they have a text of their own, which stands
 * in for the other. */
#include "internal.h"

#define GROUP "m.starts_on AS \"day\", lb.id AS \"groupId\", l.full_name AS \"groupName\""

#define MEETING_COLUMNS                                                                            \
    "m.id AS \"id\", m.title AS \"name\", '/meetings/' || m.id AS \"path\", NULL AS \"place\", "   \
    MEETING_STATUS("m") " AS \"status\", " GROUP
#define MEETING_JOINED "meeting m ON m.key = " DB_TEXT_KEY
#define ITEM_COLUMNS                                                                               \
    "a.id AS \"id\", a.title AS \"name\", '/meetings/' || m.id || '?item=' || a.id || '#item' "    \
    "AS \"path\", m.title AS \"place\", NULL AS \"status\", " GROUP
#define ITEM_JOINED                                                                                \
    "agenda_item a ON a.key = " DB_TEXT_KEY " JOIN meeting m ON m.key = a.meeting_key"
#define ITEM_TEXT                                                                                  \
    "CASE WHEN " MEETING_INSIDE("m") " THEN a.minutes_text IS NULL OR " DB_TEXT_INSIDE             \
    " ELSE NOT " DB_TEXT_INSIDE " END"

const struct search_source meeting_sources[] = {
    {"meetings", N_("Meeting"), N_("Meetings"),
     SEARCH_FIND("search_meetings", "m.starts_on", MEETING_JOINED,
                 MEETING_VISIBLE("m") " AND " MEETING_SOUGHT("m")),
     SEARCH_SHOW(MEETING_COLUMNS, MEETING_JOINED MEETING_LEADS("m")), meeting_statuses},
    {"agenda-items", N_("Agenda item"), N_("Agenda items"),
     SEARCH_FIND("search_agenda_items", "m.starts_on", ITEM_JOINED,
                 MEETING_VISIBLE("m") " AND " ITEM_TEXT " AND " MEETING_SOUGHT("m")),
     SEARCH_SHOW(ITEM_COLUMNS, ITEM_JOINED MEETING_LEADS("m")), NULL},
    {0},
};
