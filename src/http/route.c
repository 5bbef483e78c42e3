/* route.c: a tree of path segments.
 *
 * Owns the index from method and path to a row it never looks into. Each node has its literal
 * children sorted and at most one child for any {name}; a match walks down and steps back where a
 * literal led nowhere ("/groups/new/hosts" when only "/groups/new" and "/groups/{id}/hosts" exist).
 * Names belong to rows, not to nodes, so two rows may call the same place differently. Built once,
 * then const: threads share it without a lock.
 *
 * The recursion is as deep as the longest pattern, never as the path: that is looked at first. */
#include <kansli/buf.h>
#include <kansli/route.h>
#include <stdlib.h>
#include <string.h>

enum { SEGMENTS = 16, METHODS = 7 };

static const char *const methods[METHODS] = {"GET",   "HEAD",   "POST",   "PUT",
                                             "PATCH", "DELETE", "OPTIONS"};
enum { GET, HEAD, OPTIONS = METHODS - 1 };

struct segment {
    const char *text;
    size_t n;
};

struct entry {
    bool set;
    const void *row;
    int names;
    char *name[ROUTE_NAMES];
};

struct node {
    char *text; /* of a literal; NULL for a {name} and the root */
    size_t n;
    struct node **child; /* sorted by text */
    size_t children;
    struct node *any;
    struct entry entry[METHODS];
    char *allow; /* NULL while the node has no row */
};

struct router {
    struct node *root;
};

struct router *router_new(void)
{
    struct router *router = must_calloc(1, sizeof *router);
    router->root = must_calloc(1, sizeof *router->root);
    return router;
}

static void node_free(struct node *node)
{
    if (!node)
        return;
    for (size_t i = 0; i < node->children; i++)
        node_free(node->child[i]);
    node_free(node->any);
    for (int m = 0; m < METHODS; m++)
        for (int i = 0; i < node->entry[m].names; i++)
            free(node->entry[m].name[i]);
    free(node->child);
    free(node->allow);
    free(node->text);
    free(node);
}

void router_free(struct router *router)
{
    if (!router)
        return;
    node_free(router->root);
    free(router);
}

/* Splits "/a/b" into its segments; -1 when there are too many, an empty one, or no slash first.
 * "/" has none. */
static int split(const char *path, struct segment segment[SEGMENTS])
{
    int n = 0;
    if (path[0] != '/')
        return -1;
    if (path[1] == '\0')
        return 0;
    while (*path) {
        size_t len = strcspn(path + 1, "/");
        if (n == SEGMENTS || len == 0)
            return -1;
        segment[n].text = path + 1;
        segment[n].n = len;
        n++;
        path += 1 + len;
    }
    return n;
}

static int compare(const struct node *node, struct segment segment)
{
    size_t n = node->n < segment.n ? node->n : segment.n;
    int order = memcmp(node->text, segment.text, n);
    return order ? order : (node->n > segment.n) - (node->n < segment.n);
}

/* Where the literal is among the children, or where it would be. */
static size_t literal_at(const struct node *node, struct segment segment, bool *found)
{
    size_t low = 0, high = node->children;
    *found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(node->child[middle], segment);
        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct node *literal_child(struct node *node, struct segment segment)
{
    bool found;
    size_t at = literal_at(node, segment, &found);
    if (found)
        return node->child[at];
    struct node *child = must_calloc(1, sizeof *child);
    child->text = must_malloc(segment.n);
    memcpy(child->text, segment.text, segment.n);
    child->n = segment.n;
    node->child = must_realloc(node->child, (node->children + 1) * sizeof(struct node *));
    memmove(node->child + at + 1, node->child + at, (node->children - at) * sizeof(struct node *));
    node->child[at] = child;
    node->children++;
    return child;
}

static bool is_name(struct segment segment)
{
    return segment.n > 2 && segment.text[0] == '{' && segment.text[segment.n - 1] == '}';
}

static void add_name(struct entry *entry, struct segment segment, const char *pattern)
{
    if (entry->names == ROUTE_NAMES)
        BUG("too many names in %s", pattern);
    char *name = must_calloc(segment.n - 1, 1);
    memcpy(name, segment.text + 1, segment.n - 2);
    entry->name[entry->names++] = name;
}

static int method_index(const char *method)
{
    for (int m = 0; m < METHODS; m++)
        if (strcmp(methods[m], method) == 0)
            return m;
    return -1;
}

static void write_allow(struct node *node)
{
    struct buf buf;
    buf_init(&buf, 100);
    for (int m = 0; m < METHODS; m++) {
        bool has = node->entry[m].set || m == OPTIONS || (m == HEAD && node->entry[GET].set);
        if (!has)
            continue;
        if (buf.len > 0)
            buf_adds(&buf, ", ");
        buf_adds(&buf, methods[m]);
    }
    free(node->allow);
    node->allow = buf_steal(&buf, NULL);
    buf_release(&buf);
}

void router_add(struct router *router, const char *method, const char *pattern, const void *row)
{
    struct segment segment[SEGMENTS];
    int n = split(pattern, segment);
    int m = method_index(method);
    struct entry entry = {.set = true, .row = row};
    struct node *node = router->root;
    if (n < 0 || m < 0)
        BUG("no route: %s %s", method, pattern);
    for (int i = 0; i < n; i++) {
        if (!is_name(segment[i])) {
            node = literal_child(node, segment[i]);
            continue;
        }
        add_name(&entry, segment[i], pattern);
        if (!node->any)
            node->any = must_calloc(1, sizeof *node->any);
        node = node->any;
    }
    if (node->entry[m].set)
        BUG("route written twice: %s %s", method, pattern);
    node->entry[m] = entry;
    write_allow(node);
}

/* The node for what is left of the path; value[] gets the segments that stand for names. */
static const struct node *find(const struct node *node, const struct segment *segment, int n,
                               struct segment *value, int values)
{
    bool found;
    if (n == 0)
        return node->allow ? node : NULL;
    size_t at = literal_at(node, *segment, &found);
    const struct node *hit =
        found ? find(node->child[at], segment + 1, n - 1, value, values) : NULL;
    if (hit || !node->any)
        return hit;
    value[values] = *segment;
    return find(node->any, segment + 1, n - 1, value, values + 1);
}

void router_match(const struct router *router, struct arena *arena, const char *method,
                  const char *path, struct route_match *out)
{
    struct segment segment[SEGMENTS], value[SEGMENTS] = {{0}};
    int n = split(path, segment);
    int m = method_index(method);
    *out = (struct route_match){0};
    const struct node *node = n < 0 ? NULL : find(router->root, segment, n, value, 0);
    if (!node)
        return;
    out->allow = node->allow;
    if (m == HEAD && !node->entry[HEAD].set)
        m = GET;
    if (m < 0 || !node->entry[m].set)
        return;
    const struct entry *entry = &node->entry[m];
    out->row = entry->row;
    out->n = entry->names;
    for (int i = 0; i < entry->names; i++) {
        out->name[i] = entry->name[i];
        out->value[i] = arena_strndup(arena, value[i].text, value[i].n);
    }
}
