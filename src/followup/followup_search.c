/* followup_search.c: decisions and actions as something that is searched (search.h), with the very
 * conditions of their lists. An action entered by hand has no meeting: its day is the one it is due
 * on. */
#include "internal.h"

#define DECISION_COLUMNS                                                                           \
    "d.id AS \"id\", CASE WHEN d.number IS NULL THEN m.title ELSE '§ ' || d.number || ', ' || "    \
    "m.title END AS \"name\", '/decisions/' || d.id AS \"path\", NULL AS \"place\", "              \
    "CASE WHEN d.number IS NULL THEN 'draft' END AS \"status\", d.decided_on AS \"day\", lb.id AS \"groupId\", "                          \
    "l.full_name AS \"groupName\""
#define DECISION_JOINED                                                                            \
    "decision d ON d.key = " DB_TEXT_KEY " JOIN meeting m ON m.key = d.meeting_key"

#define ACTION_DAY "coalesce(m.starts_on, x.due_date)"
#define ACTION_COLUMNS                                                                             \
    "x.id AS \"id\", coalesce(m.title, l.full_name) AS \"name\", '/actions/' || x.id AS \"path\", " \
    "NULL AS \"place\", x.status AS \"status\", " ACTION_DAY " AS \"day\", "                     \
    "lb.id AS \"groupId\", l.full_name AS \"groupName\""
#define ACTION_JOINED                                                                              \
    "action x ON x.key = " DB_TEXT_KEY " JOIN workgroup w ON w.key = x.group_key "                 \
    "LEFT JOIN meeting m ON m.key = x.meeting_key"
#define ACTION_SOUGHT                                                                              \
    "CASE WHEN m.key IS NOT NULL THEN " MEETING_SOUGHT("m") " ELSE (?9 = 0 OR x.group_key = ?9) " \
    "AND (?10 IS NULL OR x.due_date >= ?10) AND (?11 IS NULL OR x.due_date <= ?11) END"

/* Of a decision without §. */
static const struct value decision_statuses[] = {{"draft", NC_("minutes", "Draft")}, {NULL, NULL}};

const struct search_source followup_sources[] = {
    {"decisions", N_("Decision"), N_("Decisions"),
     SEARCH_FIND("search_decisions", "d.decided_on", DECISION_JOINED,
                 FOLLOWUP_LIFTED_VISIBLE("m", "d.number IS NOT NULL") " AND " MEETING_SOUGHT("m")),
     SEARCH_SHOW(DECISION_COLUMNS, DECISION_JOINED MEETING_LEADS("m")), decision_statuses},
    {"actions", N_("Action"), N_("Actions"),
     SEARCH_FIND("search_actions", ACTION_DAY, ACTION_JOINED,
                 ACTION_VISIBLE("x", "m", "w") " AND " ACTION_SOUGHT),
     SEARCH_SHOW(ACTION_COLUMNS, ACTION_JOINED MEETING_LEADS("x")), action_statuses},
    {0},
};
