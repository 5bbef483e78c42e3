/* search.h: one search over what the caller may read: names (search.c) and texts.
 *
 * A feature that has texts (resource.h: texts) has a row in its table of sources: a query that joins
 * what was found to the feature's own tables, with the very conditions of its lists. Rights are
 * asked when somebody searches, never kept in the index, so that what is hidden today is not found
 * today; and what may not be read is not counted either, nor does it move what may. */
#ifndef KANSLI_SEARCH_H
#define KANSLI_SEARCH_H

#include <kansli/resource.h>

/* Hits of one type that are looked at, the last written first: a word that stands everywhere is
 * found in these. Rights are asked of each, so this is what such a word costs. */
enum { SEARCH_MOST = 200 };

struct search_source {
    const char *type;             /* of the texts (db.h: db_text_put), and of the hits */
    const char *label, *heading;  /* N_(): of one, of all */
    const char *find, *show;      /* SEARCH_FIND(...), SEARCH_SHOW(...) */
    const struct value *statuses; /* what "status" means; NULL when there is none */
};
/* The tables of all features, NULL-terminated, each ending with an empty row;
 * src/app_features.c. */
extern const struct search_source *const search_tables[];

/* A source's queries over its table of texts (db.h): what is found, and of the few that are shown what
 * they are. `joined` begins with the table whose key is DB_TEXT_KEY, and has of others only what is
 * asked; `day` may be NULL; `visible` says
 * what the reader may read. `columns` are "id", "name" and "path" (its page), and, or NULL, "place" (what
 * the name alone does not say), "status", "day", "groupId" and "groupName".
 * ?1–?4, ?7 and ?8 as in a resource's select; ?9 a group's key (0: any), ?10 and ?11 first and last day
 * (NULL: any) are for `visible` to ask. ?5 the match or the text, ?6 SEARCH_MOST + 1. */
#define SEARCH_FIND(table, day, joined, visible)                                                   \
    "SELECT " DB_TEXT_ENTRY ", " DB_TEXT_SCORE(table) ", " day " FROM " DB_TEXTS(table)            \
    " CROSS JOIN " joined " WHERE " DB_TEXT_FOUND(table, "?5") " AND " visible                     \
    " ORDER BY " DB_TEXT_ENTRY " DESC LIMIT ?6"
#define SEARCH_SHOW(columns, joined) "SELECT " columns " FROM " DB_TEXT_ONE("?5") " CROSS JOIN " joined

extern const struct route search_routes[];

#endif
