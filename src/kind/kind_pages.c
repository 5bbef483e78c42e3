/* kind_pages.c: the routes of kinds of groups. Owns titles and crumbs; knows no SQL and no rule. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/audit.h>
#include <kansli/json.h>
#include "internal.h"

static const char *id_of(struct ctx *ctx)
{
    return ctx_value(ctx, "id");
}

static const char *path_of(struct ctx *ctx)
{
    return arena_printf(ctx->arena, "/group-kinds/%s", id_of(ctx));
}

static void step(json_t *crumbs, const char *href, const char *name)
{
    json_t *crumb = json_push(crumbs, json_object());
    json_put(crumb, "href", href);
    json_put(crumb, "name", name);
}

static void add_crumbs(struct ctx *ctx, json_t *document, const json_t *kind, const char *here)
{
    json_t *crumbs = json_array();
    step(crumbs, "/group-kinds", ctx_text(ctx, N_("Kinds of groups")));
    if (kind)
        step(crumbs, path_of(ctx), json_text(kind, "label"));
    if (here)
        step(crumbs, ctx->path, here);
    ctx_embed(ctx, document, "crumbs", crumbs);
}

static void add_may(struct ctx *ctx, json_t *document)
{
    ctx_embed(ctx, document, "mayChange", json_boolean(may(ctx, ACT_CHANGE_KIND, 0)));
}

static enum code list(struct ctx *ctx, struct answer *out)
{
    enum code c = resource_list(ctx, &kind_resource, (struct fixed){0}, &out->document);
    if (c)
        return c;
    if (may(ctx, ACT_CHANGE_KIND, 0))
        ctx_link(ctx, out->document, "create", "POST", "/group-kinds");
    out->title = ctx_text(ctx, N_("Kinds of groups"));
    if (ctx_embeds(ctx, "levels"))
        ctx_embed(ctx, out->document, "levels", kind_levels(ctx));
    if (ctx_page(ctx))
        add_may(ctx, out->document);
    return OK;
}

static enum code show(struct ctx *ctx, struct answer *out)
{
    enum code c = resource_answer(ctx, &kind_resource, id_of(ctx), out);
    json_t *kind = out->document;
    if (c || !kind)
        return c;
    out->title = json_text(kind, "label");
    if (ctx_embeds(ctx, "commissions"))
        ctx_embed(ctx, kind, "commissions", kind_commissions(ctx, id_of(ctx)));
    if (ctx_embeds(ctx, "groups"))
        ctx_embed(ctx, kind, "groups", json_pack("{sI}", "count", kind_groups(ctx, id_of(ctx))));
    if (!ctx_page(ctx))
        return OK;
    add_crumbs(ctx, kind, kind, NULL);
    add_may(ctx, kind);
    return OK;
}

/* ---------------------------------------------------------------- forms */

/* "any" is a word, not a kind with a name of its own in the register. */
static void name_any(struct ctx *ctx, json_t *form)
{
    size_t i, j;
    json_t *field, *option;
    json_array_foreach(json_object_get(form, "fields"), i, field)
        json_array_foreach(json_object_get(field, "options"), j, option)
            if (!strcmp(json_text(option, "value"), "any"))
                json_put(option, "label", ctx_text(ctx, N_("Any kind of group")));
}

static enum code new_page(struct ctx *ctx, struct answer *out)
{
    const char *title = ctx_text(ctx, N_("New kind of group"));
    enum code c = must_may(ctx, ACT_CHANGE_KIND, 0);
    if (c)
        return c;
    json_t *document = json_object();
    json_t *form = json_put_new(document, "form",
                                resource_form(ctx, kind_resource.fields, NULL, "/group-kinds",
                                              ctx_text(ctx, N_("Save"))));
    json_put(form, "cancel", "/group-kinds");
    name_any(ctx, form);
    add_crumbs(ctx, document, NULL, title);
    out->document = document;
    out->title = title;
    return OK;
}

static enum code edit_page(struct ctx *ctx, struct answer *out)
{
    json_t *kind = NULL;
    enum code c = must_may(ctx, ACT_CHANGE_KIND, 0);
    if (c)
        return c;
    json_t *form = resource_form_of(ctx, &kind_resource, id_of(ctx),
                                    arena_printf(ctx->arena, "%s?_method=PATCH", path_of(ctx)),
                                    ctx_text(ctx, N_("Save")), &kind);
    if (!form)
        return resource_absent(ctx, &kind_resource, id_of(ctx), out);
    json_t *document = json_object();
    json_put(form, "cancel", path_of(ctx));
    name_any(ctx, form);
    json_put_new(document, "form", form);
    json_put(document, "remove", arena_printf(ctx->arena, "%s?_method=DELETE", path_of(ctx)));
    out->title = ctx_textf(ctx, N_("Change {name}"), "name", json_text(kind, "label"), NULL);
    add_crumbs(ctx, document, kind, ctx_text(ctx, N_("Change")));
    json_decref(kind);
    out->document = document;
    return OK;
}

/* ---------------------------------------------------------------- routes */

static enum code history(struct ctx *ctx, struct answer *out)
{
    return audit_answer(ctx, &kind_resource, "name", out);
}

const struct route kind_routes[] = {
    {.method = "GET", .path = "/group-kinds", .may = MAY_ALL, .run = list, .view = "kind/list",
     .shape = SHAPE_LIST, .resource = &kind_resource, .flags = ROUTE_CACHE,
     .what = N_("All kinds of groups, and which kinds may commission them.")},
    {.method = "POST", .path = "/group-kinds", .may = MAY_LOGIN, .run = kind_create,
     .view = "form", .shape = SHAPE_CREATE, .resource = &kind_resource, .form = new_page,
     .what = N_("Adds a kind of group.")},
    {.method = "GET", .path = "/group-kinds/new", .may = MAY_LOGIN, .run = new_page,
     .view = "form", .shape = SHAPE_PAGE, .what = N_("The form of a new kind.")},
    {.method = "GET", .path = "/group-kinds/{id}", .may = MAY_ALL, .run = show,
     .view = "kind/show", .shape = SHAPE_ONE, .resource = &kind_resource, .flags = ROUTE_CACHE,
     .what = N_("One kind of group.")},
    {.method = "PATCH", .path = "/group-kinds/{id}", .may = MAY_LOGIN, .run = kind_change,
     .view = "kind/edit", .shape = SHAPE_CHANGE, .resource = &kind_resource, .form = edit_page,
     .what = N_("Changes a kind. With groups of it, the id and the level stay.")},
    {.method = "DELETE", .path = "/group-kinds/{id}", .may = MAY_LOGIN, .run = kind_remove,
     .shape = SHAPE_REMOVE, .resource = &kind_resource,
     .what = N_("Deletes a kind that no group and no other kind uses.")},
    {.method = "GET", .path = "/group-kinds/{id}/edit", .may = MAY_LOGIN, .run = edit_page,
     .view = "kind/edit", .shape = SHAPE_PAGE, .what = N_("The form that changes a kind.")},
    {.method = "GET", .path = "/group-kinds/{id}/history", .may = MAY_LOGIN, .run = history,
     .view = "register/object", .shape = SHAPE_LIST, .resource = &audit_resource,
     .flags = ROUTE_NO_DAY, .what = N_("Who changed the kind, when, and what: before and after.")},
    {0},
};
