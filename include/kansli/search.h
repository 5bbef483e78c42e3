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
 * found in these. */
enum { SEARCH_MOST = 1000 };

struct search_source {
    const char *type;            /* of the entries (db.h: db_text_put), and of the hits */
    const char *label, *heading; /* N_(): of one, of all */
    const char *query;           /* SEARCH_TEXTS(...) */
    const struct value *statuses; /* what "status" means; NULL when there is none */
};
/* The tables of all features, NULL-terminated, each ending with an empty row; in src/app.c. */
extern const struct search_source *const search_tables[];

/* A source's query over its table of texts (db.h). `columns` are "id", "name", "path" (its page), "place"
 * (what the name alone does not say, or NULL), "status" (or NULL), "day" (or NULL), "groupId" and
 * "groupName"; `joined` begins with the table whose key is DB_TEXT_KEY; `visible` says what the reader
 * may read. ?1–?4, ?7 and ?8 as in a resource's select; ?9 a group's key (0: any), ?10 and ?11 first
 * and last day (NULL: any) are the source's to ask. ?5 the match, ?6 SEARCH_MOST + 1, ?12 how many,
 * ?13 1: the newest first. */
#define SEARCH_TEXTS(table, columns, joined, visible)                                              \
    "SELECT h.*, count(*) OVER () AS \"total\" FROM (SELECT " columns ", " DB_TEXT_ENTRY           \
    " AS \"entry\", " DB_TEXT_SCORE(table) " AS \"score\" FROM " DB_TEXTS(table) " CROSS JOIN "    \
    joined " WHERE " DB_TEXT_FOUND(table, "?5") " AND " visible                                    \
    " ORDER BY " DB_TEXT_ENTRY " DESC LIMIT ?6) AS h "                                             \
    "ORDER BY CASE WHEN ?13 = 1 THEN 0 ELSE -\"score\" END, \"day\" DESC, \"entry\" DESC LIMIT ?12"

extern const struct route search_routes[];

#endif
