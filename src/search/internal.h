/* internal.h: what the files of search/ share.
 *
 * search.c (what is asked, and all that was found in one order), names.c and hits.c (what is found
 * by its name, and by its texts), search_pages.c. */
#ifndef KANSLI_SEARCH_INTERNAL_H
#define KANSLI_SEARCH_INTERNAL_H

#include <kansli/paging.h>
#include <kansli/search.h>

/* One search under way. */
struct search {
    struct ctx *ctx;
    const char *q, *names, *folded, *texts; /* names, texts: match expressions, NULL: nothing asked */
    const char *type;         /* those asked for, with commas; NULL: all */
    long long group_key;      /* texts of this group's alone, or 0 */
    const char *group_name;
    const char *from, *to;    /* of these days alone, or NULL */
    bool narrow;              /* a group or a day is asked for */
    bool newest;              /* first, instead of what fits best */
    bool counts;              /* how many each type has is told, also of those not asked for */
    struct paging paging;
    long long deepest;        /* the rank of the last hit that is shown */
    long long total;
    bool more;                /* there are more than SEARCH_MOST of a type */
    json_t *hits, *types;
};

/* What the reader may read and q finds, as a list's envelope: {items: [{type, typeLabel, id, name,
 * info, href}], _meta, _links}; of a text also snippet ([{text, mark}], or null), day, groupId,
 * groupName. Exact names, abbreviations and addresses first, then what begins so, then texts with
 * the words in their titles and other names, then the rest. Nothing asked for: no items. *types gets
 * how many each type has: [{type, label, count, more, current}]. New references. E_INPUT for an
 * unknown type, limit, group or day. */
NODISCARD enum code search_find(struct ctx *ctx, struct search *search, json_t **envelope);
void search_release(struct search *search);

extern const struct value search_orders[];

/* ---- search.c, for names.c and hits.c ---- */

/* Whether a type is asked for; `body`: also by "bodies". */
bool search_wants(const struct search *search, const char *type, bool body);
/* What one type has: rows {id, name, info, path, exact, ...}, stolen. */
struct found {
    const char *type, *label, *heading;
    bool wanted;
    long long total;
    bool more;
    json_t *rows;
};
void search_take(struct search *search, struct found found);

bool names_known(const char *type);
void names_find(struct search *search);
bool texts_known(const char *type);
void texts_find(struct search *search);
/* Adds what the hit's text says. */
void texts_show(const struct search *search, json_t *hit);

#endif
