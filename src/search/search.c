/* search.c: one search over what the caller may read.
 *
 * Owns what is asked and the order of all that is found. Must not know what a type is (names.c, and
 * the sources that hits.c asks), nor keep anything: what the reader may not know of is not found and
 * not counted. */
#include <stdlib.h>
#include <string.h>
#include <kansli/group.h>
#include <kansli/json.h>
#include <kansli/utf8.h>
#include "internal.h"

enum {
    LIMIT_DEFAULT = 20,
    DEEPEST = 10000 /* hits that can be paged through: types are merged by rank, from the first */
};

/* ---------------------------------------------------------------- what was asked */

static void check_types(struct search *search)
{
    char *all = arena_strdup(search->ctx->arena, search->type), *rest = NULL;
    for (char *one = all ? strtok_r(all, ",", &rest) : NULL; one;
         one = strtok_r(NULL, ",", &rest))
        if (!names_known(one) && !texts_known(one))
            err_field(search->ctx->err, "type", N_("There is no value {value} here."), "value", one,
                      NULL);
}

bool search_wants(const struct search *search, const char *type, bool body)
{
    size_t n = strlen(type);
    for (const char *at = search->type; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        size_t length = strcspn(at, ",");
        if ((length == n && !strncmp(at, type, n)) ||
            (body && length == strlen("bodies") && !strncmp(at, "bodies", length)))
            return true;
    }
    return !search->type;
}

/* A group that the reader may not know of is none. */
static void read_group(struct search *search)
{
    struct ctx *ctx = search->ctx;
    const char *id = ctx_query(ctx, "groupId");
    if (!id)
        return;
    json_t *group = resource_one(ctx, &group_resource, id, &search->group_key, NULL);
    if (group)
        search->group_name = arena_strdup(ctx->arena, json_text(group, "fullName"));
    else
        err_field(ctx->err, "groupId", N_("There is no value {value} here."), "value", id, NULL);
    json_decref(group);
}

static const char *read_day(struct search *search, const char *name)
{
    const char *day = ctx_query(search->ctx, name);
    if (day && !day_valid(day))
        err_field(search->ctx->err, name,
                  N_("Write a real day as YYYY-MM-DD, for example 2026-11-22."), NULL);
    return day;
}

const struct value search_orders[] = {
    {"relevance", NC_("search", "Best first")},
    {"newest", NC_("search", "Newest first")},
    {NULL, NULL},
};

static void read_order(struct search *search)
{
    const char *sort = ctx_query(search->ctx, "sort");
    search->newest = sort && !strcmp(sort, "newest");
    if (sort && !search->newest && strcmp(sort, "relevance"))
        err_field(search->ctx->err, "sort", N_("There is no value {value} here."), "value", sort,
                  NULL);
}

static enum code read_asked(struct search *search)
{
    struct ctx *ctx = search->ctx;
    search->q = ctx_query(ctx, "q");
    search->type = ctx_query(ctx, "type");
    read_order(search);
    check_types(search);
    read_group(search);
    search->from = read_day(search, "from");
    search->to = read_day(search, "to");
    search->narrow = search->group_key || search->from || search->to;
    search->paging = paging_read(ctx, LIMIT_DEFAULT);
    if (ctx->err->code)
        return ctx->err->code;
    long long last = search->paging.page * search->paging.limit;
    search->deepest = last < DEEPEST ? last : DEEPEST;
    search->counts = ctx_embeds(ctx, "types") || !search->type;
    if (search->q) {
        search->folded = text_fold(ctx->arena, search->q);
        search->names = db_index_query(ctx->arena, search->q);
        search->texts = db_text_query(ctx->arena, search->q);
    }
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- what was found */

void search_count(struct search *search, struct found found)
{
    struct ctx *ctx = search->ctx;
    json_t *type = json_push(search->types, json_object());
    json_put(type, "type", found.type);
    json_put(type, "label", ctx_text(ctx, found.heading));
    json_put_int(type, "count", found.total);
    json_put_bool(type, "more", found.more);
    json_put_bool(type, "current", search->type && found.wanted);
    search->total += found.wanted ? found.total : 0;
    search->more = search->more || (found.wanted && found.more);
}

void search_add(struct search *search, const struct hit *hit)
{
    if (search->hits == search->room) {
        search->room = search->room ? 2 * search->room : 64;
        search->hit = must_realloc(search->hit, search->room * sizeof *search->hit);
    }
    search->hit[search->hits++] = *hit;
}

static int by_name(const struct hit *a, const struct hit *b)
{
    if (!a->row || !b->row)
        return a->entry < b->entry ? 1 : a->entry > b->entry ? -1 : strcmp(a->type, b->type);
    const char *x = json_text(a->row, "name"), *y = json_text(b->row, "name");
    int names = text_compare_sv(x, strlen(x), y, strlen(y));
    return names ? names : strcmp(json_text(a->row, "path"), json_text(b->row, "path"));
}

static int best_first(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;
    if (x->exact != y->exact)
        return x->exact - y->exact;
    if (x->score != y->score)
        return y->score - x->score;
    int days = strcmp(y->day, x->day);
    return days ? days : by_name(x, y);
}

static int newest_first(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;
    int days = strcmp(y->day, x->day);
    return days ? days : best_first(a, b);
}

static json_t *show(const struct search *search, const struct hit *hit)
{
    struct ctx *ctx = search->ctx;
    json_t *item = hit->row ? json_incref(hit->row) : texts_show(search, hit);
    const char *path = json_text(item, "path");
    json_put(item, "type", hit->type);
    json_put(item, "typeLabel", ctx_text(ctx, hit->label));
    json_put(item, "href", arena_join(ctx->arena, ctx->base_url, path ? path : "", NULL));
    if (!ctx_page(ctx))
        json_object_del(item, "path");
    return item;
}

/* One page of all types together. */
static json_t *page_of(struct search *search)
{
    json_t *items = json_array();
    if (search->hits)
        qsort(search->hit, search->hits, sizeof *search->hit,
              search->newest ? newest_first : best_first);
    size_t first = (size_t)((search->paging.page - 1) * search->paging.limit);
    for (size_t i = first; i < search->hits && (long long)i < search->deepest; i++)
        json_push(items, show(search, &search->hit[i]));
    return items;
}

enum code search_find(struct ctx *ctx, struct search *search, json_t **envelope)
{
    *search = (struct search){.ctx = ctx};
    enum code c = read_asked(search);
    if (c)
        return c;
    search->types = json_array();
    names_find(search);
    texts_find(search);
    *envelope = paging_envelope(ctx, &search->paging, page_of(search), search->total,
                                search->total < DEEPEST ? search->total : DEEPEST);
    json_put_bool(json_object_get(*envelope, "_meta"), "more", search->more);
    return tx_code(ctx->tx);
}

void search_release(struct search *search)
{
    for (size_t i = 0; i < search->hits; i++)
        json_decref(search->hit[i].row);
    free(search->hit);
    json_decref(search->types);
}
