/* resource.h of the core: what list.c, write.c and form.c share with resource.c. Not for
 * features. */
#ifndef KANSLI_CORE_RESOURCE_H
#define KANSLI_CORE_RESOURCE_H

#include <kansli/resource.h>

/* ?1–?4 the reader, ?5 the search, ?6 the fixed condition, ?7 the reader's account, ?8 now, ?9 and
 * ?10 the fixed condition's; filters begin at ?11. */
enum { FIRST_FILTER = 10, FILTERS_MAX = 200 };

void resource_args(struct ctx *ctx, struct db_arg args[FIRST_FILTER], const char *day);
/* The bare row with "key" and "version", or NULL; new reference. */
json_t *resource_find(struct ctx *ctx, const struct resource *r, const char *id, const char *day);
/* finish, labels, self link for every item; "key" and "version" still there. */
void resource_finish(struct ctx *ctx, const struct resource *r, json_t *items);
/* The version of a row fetched by a resource's select. */
long long resource_version(const json_t *row);
/* Takes row numbers out of an object: key, version, and columns that end in _key. */
void resource_strip(json_t *object);
/* "/groups/x" or "/groups/x/hosts/y". */
const char *resource_path(struct ctx *ctx, const struct resource *r, const json_t *object);

/* project.c: whether a fields= asks for a name. */
bool field_wanted(const char *wanted, const char *name);

/* If-Match, "3.1f2e" or "3", perhaps W/, perhaps several: true when one names the version. */
bool etag_names(const char *header, long long version);
/* What a list page's filters offer. New reference. */
json_t *resource_filters(struct ctx *ctx, const struct resource *r);

#endif
