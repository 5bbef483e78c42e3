/* paging.h: the envelope of lists that are no resource's: what a search found, what the checks
 * found.
 *
 * resource_list (resource.h) makes its own, with sorting and synchronising. */
#ifndef KANSLI_PAGING_H
#define KANSLI_PAGING_H

#include <kansli/ctx.h>

struct paging {
    long long page, limit;
};

/* Reads page and limit of the request's query: page from 1, limit at most 500. Messages go to
 * ctx->err. */
struct paging paging_read(struct ctx *ctx, long long limit);
/* {items, _meta, _links} of one page: `items` (stolen) are those on it, `total` all that there are,
 * `reached` those that can be paged to. Links repeat all query parameters. New reference. */
json_t *paging_envelope(struct ctx *ctx, const struct paging *paging, json_t *items,
                        long long total, long long reached);
/* What part/pages.html shows of such an envelope, as resource_list does it: {from, to, total,
 * first, prev, next, last}, or null for an empty list. New reference. */
json_t *paging_pages(struct ctx *ctx, const struct paging *paging, const json_t *envelope);

#endif
