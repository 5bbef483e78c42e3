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
    struct hit *hit;
    size_t hits, room;
    json_t *types;
};

/* A hit, ranked before it is read. */
struct hit {
    int exact;                /* 0 the thing itself, 1 begins so, 2 in the name or title, 3 in the text */
    int score;                /* of texts */
    char day[DAY_SIZE];       /* "" for none */
    json_t *row;              /* of names: {id, name, info, path}; owned. Of texts NULL, but */
    const struct search_source *source;
    long long entry;
    const char *type, *label; /* label: N_() */
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
/* How many of one type there are, for the total and the counts. */
struct found {
    const char *type, *heading;
    bool wanted;
    long long total;
    bool more;
};
void search_count(struct search *search, struct found found);
void search_add(struct search *search, const struct hit *hit);

bool names_known(const char *type);
void names_find(struct search *search);
bool texts_known(const char *type);
void texts_find(struct search *search);
/* A text's hit as {id, name, info, path, day, groupId, groupName, snippet}; new reference. */
json_t *texts_show(const struct search *search, const struct hit *hit);

#endif
