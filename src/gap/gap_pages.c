/* gap_pages.c: the addresses of gaps, and what their pages show beside the object.
 *
 * Owns handlers of a few lines. Knows no SQL and no rule. */
#include <string.h>
#include <kansli/plan.h>
#include "internal.h"

static const struct value views[] = {
    {"board", NC_("view", "Board")},
    {"list", NC_("view", "List")},
    {NULL, NULL},
};

static const struct field board_query[] = {
    {.name = "view", .label = N_("View"), .type = T_ENUM, .values = views},
    {.name = "column", .label = N_("Column"), .type = T_ENUM, .values = gap_statuses},
    {0},
};

/* ---------------------------------------------------------------- filters and choices */

/* The filter bar offers what one looks for; any other filter in the address goes along unseen. */
static void tidy(struct ctx *ctx, json_t *document)
{
    static const char *const shown[] = {"q", "level", "type", "status", "dimensions"};
    static const char *const gone[] = {"page", "embed", "column"};
    json_t *filters = json_object_get(json_object_get(document, "_embedded"), "filters"), *value;
    const char *name;
    for (size_t i = json_array_size(filters); i-- > 0;) {
        json_t *one = json_array_get(filters, i);
        bool keep = false;
        for (size_t j = 0; j < LEN(shown); j++)
            keep = keep || !strcmp(json_text(one, "name"), shown[j]);
        if (!keep)
            json_array_remove(filters, i);
    }
    json_object_foreach(ctx->query->values, name, value) {
        bool keep = json_is_string(value);
        for (size_t j = 0; j < LEN(gone); j++)
            keep = keep && strcmp(name, gone[j]);
        for (size_t j = 0; j < LEN(shown); j++)
            keep = keep && strcmp(name, shown[j]);
        if (keep)
            json_push(filters, json_pack("{s:s, s:s, s:s, s:O, s:[]}", "name", name, "label", name,
                                         "type", "hidden", "value", value, "options"));
    }
}

static void add_choice(struct ctx *ctx, json_t *all, const char *label, const char *href,
                       bool current)
{
    json_t *one = json_push(all, json_object());
    json_put(one, "label", ctx_text(ctx, label));
    json_put(one, "href", href);
    json_put_bool(one, "current", current);
}

static json_t *choices(struct ctx *ctx)
{
    json_t *all = json_array();
    const char *named = ctx_query(ctx, "hasInitiative");
    bool without = named && !strcmp(named, "false");
    add_choice(ctx, all, NC_("gaps", "All"), ctx->path, !without);
    add_choice(ctx, all, N_("Without an initiative"),
               "?hasInitiative=false&status=raised,prioritised", without);
    return all;
}

static json_t *views_of(struct ctx *ctx, bool board)
{
    json_t *all = json_array();
    const char *named = ctx_query(ctx, "hasInitiative");
    bool without = named && !strcmp(named, "false");
    add_choice(ctx, all, views[0].label, "?view=board", board);
    add_choice(ctx, all, views[1].label, "?view=list", !board && !without);
    add_choice(ctx, all, N_("Without an initiative"),
               "?view=list&hasInitiative=false&status=raised,prioritised", !board && without);
    return all;
}

/* ---------------------------------------------------------------- lists */

static enum code list_all(struct ctx *ctx, struct answer *out)
{
    enum code c = resource_list(ctx, &gap_resource, (struct fixed){0}, &out->document);
    if (c)
        return c;
    out->title = ctx_text(ctx, N_("Needs and gaps"));
    if (ctx_embeds(ctx, "choices"))
        ctx_embed(ctx, out->document, "choices", choices(ctx));
    if (ctx_page(ctx))
        tidy(ctx, out->document);
    return tx_code(ctx->tx);
}

static enum code list_group(struct ctx *ctx, struct answer *out)
{
    enum code c;
    const char *id = ctx_value(ctx, "id"), *own, *name, *view = ctx_query(ctx, "view");
    struct fixed within = {.condition = "\"group_key\" = ?6", .key = group_in_path(ctx, out, &c)};
    if (!within.key)
        return c;
    c = resource_list(ctx, &gap_resource, within, &out->document);
    if (c)
        return c;
    if (gap_may_raise(ctx, within.key, &own, &name))
        ctx_link(ctx, out->document, "create", "POST",
                 arena_printf(ctx->arena, "/groups/%s/gaps", id));
    bool keeps = may(ctx, ACT_CHANGE_GROUP, within.key);
    ctx->as_support = false; /* asked, not done */
    if (!ctx_page(ctx))
        return tx_code(ctx->tx);
    bool board = !view || !*view || !strcmp(view, "board");
    tidy(ctx, out->document);
    ctx_embed(ctx, out->document, "views", views_of(ctx, board));
    if (board) {
        json_t *all = resource_items(ctx, &gap_resource, within);
        ctx_embed(ctx, out->document, "columns", gap_board(ctx, all));
        ctx_embed(ctx, out->document, "mayMove", json_boolean(keeps));
        json_decref(all);
    }
    return group_below(ctx, id, out, "/gaps", ctx_text(ctx, N_("Needs and gaps")));
}

/* ---------------------------------------------------------------- one of them */

static json_t *initiatives(struct ctx *ctx, long long key)
{
    struct fixed named = {.condition = "\"key\" IN (SELECT n.key FROM initiative n "
                                       "WHERE n.gap_key = ?6)",
                          .key = key};
    return resource_items(ctx, &initiative_resource, named);
}

static json_t *groups(struct ctx *ctx, long long key)
{
    struct fixed named = {.condition = "\"key\" IN (SELECT n.key FROM workgroup n "
                                       "WHERE n.gap_key = ?6)",
                          .key = key};
    return resource_items(ctx, &group_resource, named);
}

static enum code show(struct ctx *ctx, struct answer *out)
{
    long long key = 0, group_key = 0;
    const char *group_id = NULL, *html = NULL;
    enum code c = gap_find(ctx, &key, &group_key, &group_id);
    if (!c)
        c = resource_answer(ctx, &gap_resource, ctx_value(ctx, "id"), out);
    if (c)
        return c;
    const char *evidence = json_text(out->document, "evidence");
    if (ctx_embeds(ctx, "evidenceHtml")) {
        c = evidence ? ctx_markdown(ctx, evidence, 3, "/evidence", &html) : OK;
        if (c)
            return c;
        ctx_embed(ctx, out->document, "evidenceHtml", html ? json_text_new(html) : json_null());
    }
    if (ctx_embeds(ctx, "initiatives"))
        ctx_embed(ctx, out->document, "initiatives", initiatives(ctx, key));
    if (ctx_embeds(ctx, "groups"))
        ctx_embed(ctx, out->document, "groups", groups(ctx, key));
    if (ctx_page(ctx)) {
        bool moves = may(ctx, ACT_CHANGE_GROUP, group_key);
        ctx->as_support = false; /* asked, not done */
        ctx_embed(ctx, out->document, "form",
                  moves ? gap_move_form(ctx, ctx_value(ctx, "id")) : json_null());
    }
    return group_below(ctx, group_id, out, "/gaps", ctx_text(ctx, N_("Need or gap")));
}

/* ---------------------------------------------------------------- on a group's page */

/* What stands open in its inventory, the weightiest first; null where there is nothing, but for who
 * may raise the first. */
static json_t *panel(struct ctx *ctx, long long key, const json_t *group)
{
    enum { SHOWN = 5 };
    struct fixed open = {.condition = "\"group_key\" = ?6 AND \"status\" IN ('raised', "
                                      "'prioritised')",
                         .key = key};
    json_t *items = resource_items(ctx, &gap_resource, open);
    size_t n = json_array_size(items);
    bool raises = !n && may(ctx, ACT_RAISE_GAP, key);
    ctx->as_support = false; /* asked, not done */
    if (!n && !raises) {
        json_decref(items);
        return NULL;
    }
    while (json_array_size(items) > SHOWN)
        json_array_remove(items, SHOWN);
    json_t *part = json_object();
    json_put(part, "href", arena_printf(ctx->arena, "/groups/%s/gaps", json_text(group, "id")));
    json_put_int(part, "open", (long long)n);
    json_put_new(part, "gaps", items);
    return part;
}

static void link_gaps(struct ctx *ctx, long long key, json_t *group)
{
    const char *id, *name;
    part_link_list(ctx, group, "gaps", gap_may_raise(ctx, key, &id, &name) ? "add-gap" : NULL);
}

const struct part gap_parts[] = {
    {.of = "groups", .name = "gaps", .make = panel}, {.of = "groups", .link = link_gaps}, {0},
};

/* ---------------------------------------------------------------- routes */

#define GAPS .resource = &gap_resource

const struct route gap_routes[] = {
    {.method = "GET", .path = "/gaps", .may = MAY_ALL, .run = list_all, .view = "gap/list",
     .shape = SHAPE_LIST, GAPS, .flags = ROUTE_NO_DAY,
     .what = N_("Needs and gaps of care, knowledge and research")},
    {.method = "POST", .path = "/gaps", .may = MAY_LOGIN, .run = gap_create,
     .shape = SHAPE_CREATE, GAPS, .what = N_("Raises a need or a gap in a group's inventory")},
    {.method = "GET", .path = "/groups/{id}/gaps", .may = MAY_ALL, .run = list_group,
     .view = "gap/group", .shape = SHAPE_LIST, GAPS, .query = board_query, .flags = ROUTE_NO_DAY,
     .what = N_("A group's inventory of needs and gaps")},
    {.method = "POST", .path = "/groups/{id}/gaps", .may = MAY_LOGIN, .run = gap_create,
     .shape = SHAPE_CREATE, GAPS, .form = gap_new_form,
     .what = N_("Raises a need or a gap in a group's inventory")},
    {.method = "GET", .path = "/groups/{id}/gaps/new", .may = MAY_LOGIN, .run = gap_new_form,
     .view = "gap/form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/gaps/{id}", .may = MAY_ALL, .run = show, .view = "gap/show",
     .shape = SHAPE_ONE, GAPS, .flags = ROUTE_NO_DAY, .what = N_("One need or gap")},
    {.method = "PATCH", .path = "/gaps/{id}", .may = MAY_LOGIN, .run = gap_change,
     .shape = SHAPE_CHANGE, GAPS, .form = gap_edit_form,
     .what = N_("Changes a gap, or moves it on: prioritised, addressed, declined with a reason")},
    {.method = "GET", .path = "/gaps/{id}/edit", .may = MAY_LOGIN, .run = gap_edit_form,
     .view = "gap/form", .shape = SHAPE_PAGE},
    {0},
};
