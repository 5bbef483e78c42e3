/* part.h: what later features show of an object that an earlier one owns.
 *
 * A group's page has its people, its coverage and its mandate; the group's own files know none of
 * them. Each feature has a table of parts; the page of the object embeds those that are asked for
 * (a page asks for all, a script by embed=name), and the object's _links lead to what lies below it. */
#ifndef KANSLI_PART_H
#define KANSLI_PART_H

#include <kansli/ctx.h>

struct part {
    const char *of;   /* resource: "groups", "organisations", "persons", "meetings" (links); "group-head": over every page of a group, with the
                       * page's document as `object`; "plans": with the group's key; "group-member": a row of its members, with
                       * the group's key; "me/tasks": the page Att göra, with the reader's
                       * person (0: none) */
    const char *name; /* in _embedded and in embed= */
    /* The part for the object with this key, new reference; NULL: there is none for this reader,
     * and the member is null. `object` has its public members. */
    json_t *(*make)(struct ctx *ctx, long long key, const json_t *object);
    /* Instead of a part: adds to the _links of the object what the reader may read and do below it. */
    void (*link)(struct ctx *ctx, long long key, json_t *object);
};

/* The tables of all features, NULL-terminated, each ending with an empty row;
 * src/app_features.c. */
extern const struct part *const part_tables[];

/* Embeds every part of `of` that is asked for. */
void parts_embed(struct ctx *ctx, const char *of, json_t *object, long long key);

/* Lets every part of `of` add its links. */
void parts_link(struct ctx *ctx, const char *of, json_t *object, long long key);

/* The list /groups/{id}/`list` of this group; `add` names the way to enter a row there, NULL when
 * the reader may not. */
void part_link_list(struct ctx *ctx, json_t *group, const char *list, const char *add);

#endif
