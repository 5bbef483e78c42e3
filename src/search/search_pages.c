/* search_pages.c: the route of the search: the field on every page, and the suggestions of a form's
 * fields. */
#include <string.h>
#include <kansli/buf.h>
#include <kansli/json.h>
#include "internal.h"

/* The same search among one type, or among all (NULL). */
static const char *among(struct ctx *ctx, const char *type)
{
    struct buf buf;
    const char *name;
    json_t *value;
    buf_init(&buf, 8192);
    json_object_foreach(ctx->query->values, name, value) {
        if (!strcmp(name, "type") || !strcmp(name, "page"))
            continue;
        buf_adds(&buf, buf.len ? "&" : "?");
        buf_adds(&buf, name);
        buf_addc(&buf, '=');
        buf_url(&buf, json_string_value(value), json_string_length(value));
    }
    if (type)
        buf_addf(&buf, "&type=%s", type);
    const char *text = arena_strndup(ctx->arena, buf.data, buf.len);
    buf_release(&buf);
    return text;
}

/* What the page's form and its chips repeat. */
static json_t *asked(const struct search *search)
{
    static const char *const names[] = {"q", "type", "groupId", "from", "to", "sort"};
    json_t *asked = json_object();
    for (size_t i = 0; i < LEN(names); i++)
        json_put(asked, names[i], ctx_query(search->ctx, names[i]));
    json_put_bool(asked, "newest", search->newest);
    json_put_bool(asked, "narrow", search->narrow);
    json_put(asked, "groupName", search->group_name);
    json_put(asked, "allHref", among(search->ctx, NULL));
    return asked;
}

static void embed_page(struct ctx *ctx, const struct search *search, json_t *document)
{
    size_t i;
    json_t *type;
    json_array_foreach(search->types, i, type) {
        json_put(type, "href", among(ctx, json_text(type, "type")));
        json_put_bool(type, "offered",
                      json_int(type, "count", 0) || json_true_at(type, "current"));
    }
    ctx_embed(ctx, document, "asked", asked(search));
    ctx_embed(ctx, document, "pages", paging_pages(ctx, &search->paging, document));
}

static enum code find(struct ctx *ctx, struct answer *out)
{
    struct search search;
    const char *q = ctx_query(ctx, "q");
    enum code c = search_find(ctx, &search, &out->document);
    out->title = q ? ctx_textf(ctx, N_("Search: {q}"), "q", q, NULL) : ctx_text(ctx, N_("Search"));
    if (!c && ctx_embeds(ctx, "types"))
        ctx_embed(ctx, out->document, "types", json_incref(search.types));
    if (!c && ctx_page(ctx))
        embed_page(ctx, &search, out->document);
    search_release(&search);
    return c;
}

static const struct field find_query[] = {
    {.name = "q", .label = N_("What to look for"), .type = T_TEXT,
     .hint = N_("Names by words or their beginnings. Texts by all the words, in any of their forms, "
                "the last one also as a beginning; \"…\" is a phrase of these very words.")},
    {.name = "type", .label = N_("Type"), .type = T_TEXT,
     .hint = N_("groups, persons, organisations, glossary, minutes, decisions, actions, meetings, "
                "agenda-items, mandates, plans, initiatives, gaps, or bodies: groups and "
                "organisations; a comma means or.")},
    {.name = "groupId", .label = N_("Group"), .type = T_TEXT,
     .hint = N_("Only texts, of this group.")},
    {.name = "from", .label = N_("From this day on"), .type = T_DAY,
     .hint = N_("Only texts, of meetings from this day on.")},
    {.name = "to", .label = N_("Up to this day"), .type = T_DAY},
    {.name = "sort", .label = N_("Order"), .type = T_ENUM, .values = search_orders},
    {.name = "limit", .label = N_("At most"), .type = T_INT, .max = 500},
    {.name = "page", .label = N_("Page"), .type = T_INT,
     .hint = N_("The first 10 000 hits can be paged through, of texts the 200 last written of each "
                "type.")},
    {0},
};

static const char find_reply[] =
    "{\"type\":\"object\",\"additionalProperties\":false,"
    "\"required\":[\"items\",\"_meta\",\"_links\"],\"properties\":{"
    "\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"additionalProperties\":false,"
    "\"required\":[\"type\",\"typeLabel\",\"id\",\"name\",\"info\",\"href\"],\"properties\":{"
    "\"type\":{\"enum\":[\"groups\",\"persons\",\"organisations\",\"glossary\",\"minutes\","
    "\"decisions\",\"actions\",\"meetings\",\"agenda-items\",\"mandates\","
    "\"plans\",\"initiatives\",\"gaps\"]},"
    "\"typeLabel\":{\"type\":\"string\"},\"id\":{\"type\":\"string\"},"
    "\"name\":{\"type\":\"string\"},\"info\":{\"type\":\"string\"},"
    "\"href\":{\"type\":\"string\",\"format\":\"uri\"},"
    "\"path\":{\"type\":\"string\"},"
    "\"day\":{\"type\":[\"string\",\"null\"],\"format\":\"date\"},"
    "\"groupId\":{\"type\":[\"string\",\"null\"]},\"groupName\":{\"type\":[\"string\",\"null\"]},"
    "\"snippet\":{\"type\":[\"array\",\"null\"],\"items\":{\"type\":\"object\","
    "\"required\":[\"text\",\"mark\"],\"properties\":{\"text\":{\"type\":\"string\"},"
    "\"mark\":{\"type\":\"boolean\"}}}}}}},"
    "\"_meta\":{\"type\":\"object\",\"required\":[\"totalRecords\",\"page\",\"limit\",\"count\",\"more\"],"
    "\"properties\":{\"totalRecords\":{\"type\":\"integer\"},\"page\":{\"type\":\"integer\"},"
    "\"limit\":{\"type\":\"integer\"},\"count\":{\"type\":\"integer\"},"
    "\"more\":{\"type\":\"boolean\"}}},"
    "\"_links\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"_embedded\":{\"type\":\"object\"}}}";

const struct route search_routes[] = {
    {.method = "GET", .path = "/search", .may = MAY_ALL, .run = find, .view = "search/show",
     .shape = SHAPE_VIEW, .query = find_query, .reply = find_reply,
     .flags = ROUTE_SLOW | ROUTE_NO_DAY,
     .what = N_("Finds groups, people, organisations and abbreviations by name, the exact first, and "
                "minutes, decisions, actions, agendas, mandates, plans and gaps by their words.")},
    {0},
};
