/* search_pages.c: the route of the search: the field on every page, and the suggestions of a form's
 * fields. */
#include <kansli/json.h>
#include <kansli/resource.h>
#include "internal.h"

static enum code find(struct ctx *ctx, struct answer *out)
{
    json_t *types = NULL;
    const char *q = ctx_query(ctx, "q");
    enum code c = search_find(ctx, &out->document, &types);
    if (c) {
        json_decref(types);
        return c;
    }
    out->title = q ? ctx_textf(ctx, N_("Search: {q}"), "q", q, NULL) : ctx_text(ctx, N_("Search"));
    if (ctx_embeds(ctx, "types"))
        ctx_embed(ctx, out->document, "types", json_incref(types));
    if (ctx_page(ctx)) {
        json_t *asked = json_object();
        json_put(asked, "q", q);
        json_put(asked, "type", ctx_query(ctx, "type"));
        ctx_embed(ctx, out->document, "asked", asked);
        const json_t *meta = json_object_get(out->document, "_meta");
        ctx_embed(ctx, out->document, "more",
                  json_boolean(json_int(meta, "count", 0) < json_int(meta, "totalRecords", 0)));
    }
    json_decref(types);
    return OK;
}

static const struct field find_query[] = {
    {.name = "q", .label = N_("What to look for"), .type = T_TEXT,
     .hint = N_("Words, or the beginnings of words, of names, abbreviations and codes.")},
    {.name = "type", .label = N_("Type"), .type = T_TEXT,
     .hint = N_("groups, persons, organisations, glossary, or bodies: groups and organisations; a "
                "comma means or.")},
    {.name = "limit", .label = N_("At most"), .type = T_INT, .max = 500},
    {.name = "page", .label = N_("Page"), .type = T_INT,
     .hint = N_("The first 10 000 hits can be paged through.")},
    {0},
};

static const char find_reply[] =
    "{\"type\":\"object\",\"additionalProperties\":false,"
    "\"required\":[\"items\",\"_meta\",\"_links\"],\"properties\":{"
    "\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"additionalProperties\":false,"
    "\"required\":[\"type\",\"typeLabel\",\"id\",\"name\",\"info\",\"href\"],\"properties\":{"
    "\"type\":{\"enum\":[\"groups\",\"persons\",\"organisations\",\"glossary\"]},"
    "\"typeLabel\":{\"type\":\"string\"},\"id\":{\"type\":\"string\"},"
    "\"name\":{\"type\":\"string\"},\"info\":{\"type\":\"string\"},"
    "\"href\":{\"type\":\"string\",\"format\":\"uri\"}}}},"
    "\"_meta\":{\"type\":\"object\",\"required\":[\"totalRecords\",\"page\",\"limit\",\"count\"],"
    "\"properties\":{\"totalRecords\":{\"type\":\"integer\"},\"page\":{\"type\":\"integer\"},"
    "\"limit\":{\"type\":\"integer\"},\"count\":{\"type\":\"integer\"}}},"
    "\"_links\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"_embedded\":{\"type\":\"object\"}}}";

const struct route search_routes[] = {
    {.method = "GET", .path = "/search", .may = MAY_ALL, .run = find, .view = "search/show",
     .shape = SHAPE_VIEW, .query = find_query, .reply = find_reply,
     .flags = ROUTE_SLOW | ROUTE_NO_DAY,
     .what = N_("Finds groups, people, organisations and abbreviations by name: the exact first.")},
    {0},
};
