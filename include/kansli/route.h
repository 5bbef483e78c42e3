/* route.h: which row of which table answers a method and a path.
 *
 * A pattern is segments of literal text or {name}: "/groups/{id}/hosts/{hostId}". Literal beats
 * name. The index is built once at start, then const; a pattern written twice with the same
 * method aborts. */
#ifndef KANSLI_ROUTE_H
#define KANSLI_ROUTE_H

#include <kansli/arena.h>

struct router;
struct route; /* core/app's row; the router looks only at what is given here */

/* An empty table; never NULL. The caller ends it with router_free. */
struct router *router_new(void);
/* Adds a row. method is static. */
void router_add(struct router *router, const char *method, const char *pattern, const void *row);
void router_free(struct router *router);

enum { ROUTE_NAMES = 6 };
struct route_match {
    const void *row;            /* NULL when the path has other methods only, or is unknown */
    const char *allow;          /* "GET, HEAD, POST" when the path exists; NULL when it does not */
    int n;
    const char *name[ROUTE_NAMES];  /* the {names} of the pattern */
    const char *value[ROUTE_NAMES]; /* in the arena */
};
/* HEAD finds GET's row when it has none of its own. `allow` adds HEAD and OPTIONS by itself. */
void router_match(const struct router *router, struct arena *arena, const char *method,
                  const char *path, struct route_match *out);

#endif
