/* paging.c: page and limit, the links from page to page, and the whole as a file.
 *
 * Owns the list envelope of api.md 1 for lists that no table describes. Must not know where items
 * come from. */
#include <stdlib.h>
#include <string.h>
#include <kansli/json.h>
#include <kansli/paging.h>

enum { LIMIT_MAX = 500, PAGE_MAX = 999999999, COLUMNS_MOST = 30 };

const struct value paging_formats[] = {
    {"json", "JSON"}, {"csv", "CSV"}, {"xlsx", "Excel"}, {NULL, NULL}};

static long long number(struct ctx *ctx, const char *name, long long fallback, long long max)
{
    const char *text = ctx_query(ctx, name);
    if (!text)
        return fallback;
    size_t digits = strspn(text, "0123456789");
    long long n = digits && digits <= 9 && !text[digits] ? strtoll(text, NULL, 10) : 0;
    if (n < 1 || n > max)
        err_field(ctx->err, name, N_("Write a number from 1 to {max}."), "max",
                  arena_printf(ctx->arena, "%lld", max), NULL);
    return n;
}

struct paging paging_read(struct ctx *ctx, long long limit)
{
    struct paging paging = {.page = number(ctx, "page", 1, PAGE_MAX)};
    paging.limit = number(ctx, "limit", limit, LIMIT_MAX);
    return paging;
}

/* The request's address on another page, or the whole as a file: no limit goes with that. */
static const char *address(struct ctx *ctx, long long page, const char *format)
{
    struct buf buf;
    const char *name;
    json_t *value;
    buf_init(&buf, 8192);
    buf_adds(&buf, ctx->path);
    char before = '?';
    json_object_foreach(ctx->query->values, name, value) {
        if (!strcmp(name, "page") || !strcmp(name, "format") || (format && !strcmp(name, "limit")))
            continue;
        buf_addc(&buf, before);
        buf_url(&buf, name, strlen(name));
        buf_addc(&buf, '=');
        buf_url(&buf, json_string_value(value), json_string_length(value));
        before = '&';
    }
    if (page > 1)
        buf_addf(&buf, "%cpage=%lld", before, page);
    if (format)
        buf_addf(&buf, "%cformat=%s", before, format);
    const char *text = arena_strndup(ctx->arena, buf.data, buf.len);
    buf_release(&buf);
    return text;
}

static void link_pages(struct ctx *ctx, const struct paging *paging, json_t *envelope,
                       long long reached)
{
    long long last = reached ? (reached + paging->limit - 1) / paging->limit : 1;
    const struct {
        const char *rel;
        long long page; /* 0: none */
    } ways[] = {
        {"self", paging->page},
        {"first", 1},
        {"prev", paging->page > last ? last : paging->page - 1},
        {"next", paging->page < last ? paging->page + 1 : 0},
        {"last", last},
    };
    for (size_t i = 0; i < LEN(ways); i++)
        if (ways[i].page)
            ctx_link(ctx, envelope, ways[i].rel, "GET", address(ctx, ways[i].page, NULL));
}

json_t *paging_envelope(struct ctx *ctx, const struct paging *paging, json_t *items,
                        long long total, long long reached)
{
    json_t *envelope = json_object(), *meta = json_object();
    json_put_int(meta, "totalRecords", total);
    json_put_int(meta, "page", paging->page);
    json_put_int(meta, "limit", paging->limit);
    json_put_int(meta, "count", (long long)json_array_size(items));
    json_put_new(envelope, "items", items);
    json_put_new(envelope, "_meta", meta);
    link_pages(ctx, paging, envelope, reached);
    return envelope;
}

/* An address of this list without its path; null where there is nothing to go to. */
static void put_way(struct ctx *ctx, const struct paging *paging, json_t *pages, const char *name,
                    long long page)
{
    const char *query = address(ctx, page, NULL) + strlen(ctx->path);
    json_put(pages, name, page < 1 || page == paging->page ? NULL : *query ? query : "?");
}

json_t *paging_pages(struct ctx *ctx, const struct paging *paging, const json_t *envelope)
{
    const json_t *meta = json_object_get(envelope, "_meta");
    long long total = json_int(meta, "totalRecords", 0), count = json_int(meta, "count", 0);
    long long last = (total + paging->limit - 1) / paging->limit;
    long long before = (paging->page - 1) * paging->limit;
    if (!total)
        return json_null();
    json_t *pages = json_object();
    json_put_int(pages, "from", count ? before + 1 : 0);
    json_put_int(pages, "to", count ? before + count : 0);
    json_put_int(pages, "total", total);
    put_way(ctx, paging, pages, "first", 1);
    put_way(ctx, paging, pages, "prev", paging->page > last ? last : paging->page - 1);
    put_way(ctx, paging, pages, "next", paging->page < last ? paging->page + 1 : 0);
    put_way(ctx, paging, pages, "last", paging->page > last ? 0 : last);
    if (ctx->route->query && field_find(ctx->route->query, "format")) {
        json_put(pages, "csv", address(ctx, 1, "csv") + strlen(ctx->path));
        json_put(pages, "xlsx", address(ctx, 1, "xlsx") + strlen(ctx->path));
    }
    return pages;
}

/* ---------------------------------------------------------------- the whole as a file */

static const char *words(struct ctx *ctx, const json_t *value)
{
    const char *text =
        json_is_array(value) ? sheet_join(ctx->arena, value) : json_string_value(value);
    return text ? text : "";
}

void paging_export(struct ctx *ctx, const struct paging_column *columns, const json_t *items)
{
    const char *headings[COLUMNS_MOST];
    struct cell cells[COLUMNS_MOST];
    size_t n = 0, i;
    json_t *item;
    if (!ctx->sheet)
        return;
    for (; columns[n].member; n++) {
        MUST(n < COLUMNS_MOST);
        headings[n] = ctx_text(ctx, columns[n].label);
    }
    ctx->sheet->begin(ctx->sheet, headings, n);
    json_array_foreach((json_t *)items, i, item) {
        for (size_t at = 0; at < n; at++)
            cells[at] = (struct cell){columns[at].kind,
                                      words(ctx, json_object_get(item, columns[at].member))};
        ctx->sheet->row(ctx->sheet, cells, n);
    }
}
