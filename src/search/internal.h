/* internal.h: what the files of search/ share. */
#ifndef KANSLI_SEARCH_INTERNAL_H
#define KANSLI_SEARCH_INTERNAL_H

#include <kansli/search.h>

/* What the reader may read and q finds, as a list's envelope: {items: [{type, typeLabel, id, name,
 * info, href}], _meta, _links}; exact names, abbreviations and addresses first, then what begins
 * so, then the rest, each in Swedish order. Nothing asked for: no items. *types gets how many each
 * type has: [{type, label, count, current}]. New references. E_INPUT for an unknown type or limit.
 */
enum code search_find(struct ctx *ctx, json_t **envelope, json_t **types);

#endif
