/* list.h: a list on its way, shared by list.c and export.c. Not for others. */
#ifndef KANSLI_CORE_LIST_H
#define KANSLI_CORE_LIST_H

#include <kansli/buf.h>
#include "resource.h"

enum {
    SINCE_ARGS = 3, /* modifiedSince and the two of its cursor come after the filters */
    PAGE_ARGS = 2   /* then a page's limit and offset */
};

struct list {
    struct ctx *ctx;
    const struct resource *r;
    struct buf where, order;
    struct db_arg args[FIRST_FILTER + FILTERS_MAX + SINCE_ARGS + PAGE_ARGS];
    int n;                      /* arguments used */
    bool clock;                 /* a filter asks for what changes by itself (F_CLOCK) */
    long long page, limit;
    const char *modified_since; /* instant, or NULL */
    const char *after_instant;  /* from `after`, or NULL */
    long long after_key;
    long long within;           /* row of the object whose list this is, or 0 */
    bool after_tombstone;
};

/* export.c: every row of the list into ctx->sheet. */
NODISCARD enum code list_export(struct list *list);

#endif
