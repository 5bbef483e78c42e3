/* paging.h: the envelope of lists that are no resource's: what a search found, what the checks
 * found.
 *
 * resource_list (resource.h) makes its own, with sorting and synchronising. */
#ifndef KANSLI_PAGING_H
#define KANSLI_PAGING_H

#include <kansli/resource.h>
#include <kansli/sheet.h>

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
 * first, prev, next, last}, csv and xlsx where the route's query declares PAGING_FORMAT, or null for
 * an empty list. New reference. */
json_t *paging_pages(struct ctx *ctx, const struct paging *paging, const json_t *envelope);

/* ---- the whole list as a file ---- */

/* The row of a route's query by which its list can be had as a file: format=csv|xlsx. */
extern const struct value paging_formats[];
#define PAGING_FORMAT                                                                              \
    {.name = "format", .label = N_("File"), .type = T_ENUM, .values = paging_formats}

struct paging_column {
    const char *member, *label; /* a text, or a list of texts; ends with an empty row */
    enum cell_kind kind;
};
/* With ctx->sheet every one of `items` goes there, under the columns' labels; else nothing is
 * done. */
void paging_export(struct ctx *ctx, const struct paging_column *columns, const json_t *items);

#endif
