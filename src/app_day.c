/* app_day.c: a page of another day leads to pages of that day.
 *
 * Owns one pass over a finished page: every link to a page that takes asOf gets the reader's, so
 * that no template has to think of it. The way back to today is marked (data-today) and left alone.
 * Knows the route table, because only it can tell which addresses take a day. */
#include <string.h>
#include "app.h"

static bool takes_day(struct arena *arena, const char *path)
{
    struct route_match match;
    router_match(app.pages, arena, "GET", path, &match);
    const struct route *route = match.row;
    return route && route->shape != SHAPE_PAGE && !(route->flags & ROUTE_NO_DAY);
}

/* The address in `at` (n bytes, HTML) with the day, or as it is. */
static void add_address(struct arena *arena, struct buf *out, const char *at, size_t n,
                        const char *day)
{
    const char *address = arena_strndup(arena, at, n);
    size_t path = strcspn(address, "?#"), end = strcspn(address, "#");
    bool leaves = address[0] != '/' || address[1] == '/' || strstr(address, "asOf=") ||
                  !takes_day(arena, arena_strndup(arena, address, path));
    buf_add(out, at, end);
    if (!leaves)
        buf_addf(out, "%sasOf=%s", path < end ? "&amp;" : "?", day);
    buf_adds(out, address + end);
}

void day_carry(struct arena *arena, const char *html, const char *day, struct buf *out)
{
    static const char href[] = "href=\"";
    for (const char *link; (link = strstr(html, "<a ")); ) {
        const char *tag = arena_strndup(arena, link, strcspn(link, ">"));
        const char *at = strstr(tag, "data-today") ? NULL : strstr(tag, href);
        size_t skip = at ? (size_t)(at - tag) + sizeof href - 1 : strlen(tag);
        buf_add(out, html, (size_t)(link - html) + skip);
        html = link + skip;
        if (!at)
            continue;
        size_t n = strcspn(html, "\"");
        add_address(arena, out, html, n, day);
        html += n;
    }
    buf_adds(out, html);
}
