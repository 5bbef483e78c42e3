/* search.h: one search over what the caller may read. */
#ifndef KANSLI_SEARCH_H
#define KANSLI_SEARCH_H

#include <kansli/ctx.h>

extern const struct route search_routes[];

#endif
