/* organisation_pages.c: the routes of organisations. Owns titles, crumbs and tabs; knows no SQL and
 * no rule. */
#include <kansli/access.h>
#include <kansli/audit.h>
#include <kansli/json.h>
#include <kansli/part.h>
#include "internal.h"

static const char *id_of(struct ctx *ctx)
{
    return ctx_value(ctx, "id");
}

static const char *path_of(struct ctx *ctx)
{
    return arena_printf(ctx->arena, "/organisations/%s", id_of(ctx));
}

static void step(json_t *crumbs, const char *href, const char *name)
{
    json_t *crumb = json_push(crumbs, json_object());
    json_put(crumb, "href", href);
    json_put(crumb, "name", name);
}

/* Organisations / what it lies under / the organisation / here. */
static void add_crumbs(struct ctx *ctx, json_t *document, const json_t *object,
                       const char *here)
{
    json_t *crumbs = json_array();
    step(crumbs, "/organisations", ctx_text(ctx, N_("Organisations")));
    if (object) {
        json_t *above = organisation_above(ctx, id_of(ctx));
        json_array_extend(crumbs, above);
        json_decref(above);
        step(crumbs, path_of(ctx), json_text(object, "name"));
    }
    if (here)
        step(crumbs, ctx->path, here);
    ctx_embed(ctx, document, "crumbs", crumbs);
}

static void tab(json_t *tabs, const char *href, const char *words, bool current)
{
    json_t *one = json_push(tabs, json_object());
    json_put(one, "href", href);
    json_put(one, "label", words);
    json_put_bool(one, "current", current);
}

/* Tabs, and what the reader may do: the page shows no control that would be refused. */
static void add_tabs(struct ctx *ctx, json_t *document, bool history)
{
    json_t *tabs = json_array();
    if (may(ctx, ACT_SEE_ALL_HISTORY, 0)) {
        tab(tabs, path_of(ctx), ctx_text(ctx, N_("Overview")), !history);
        tab(tabs, arena_printf(ctx->arena, "%s/history", path_of(ctx)),
            ctx_text(ctx, N_("History")), history);
    }
    ctx_embed(ctx, document, "tabs", tabs);
    ctx_embed(ctx, document, "mayChange", json_boolean(may(ctx, ACT_CHANGE_ORGANISATION, 0)));
}

static enum code list(struct ctx *ctx, struct answer *out)
{
    enum code c = resource_list(ctx, &organisation_resource, (struct fixed){0}, &out->document);
    if (c)
        return c;
    if (may(ctx, ACT_CHANGE_ORGANISATION, 0))
        ctx_link(ctx, out->document, "create", "POST", "/organisations");
    out->title = ctx_text(ctx, N_("Organisations"));
    if (ctx_embeds(ctx, "ways"))
        ctx_embed(ctx, out->document, "ways", organisation_ways(ctx));
    if (ctx_page(ctx))
        ctx_embed(ctx, out->document, "mayChange",
                  json_boolean(may(ctx, ACT_CHANGE_ORGANISATION, 0)));
    return OK;
}

static enum code show(struct ctx *ctx, struct answer *out)
{
    long long key = 0;
    json_t *object = resource_one(ctx, &organisation_resource, id_of(ctx), &key, &out->version);
    if (!object)
        return resource_absent(ctx, &organisation_resource, id_of(ctx), out);
    out->document = object;
    out->title = json_text(object, "name");
    if (ctx_embeds(ctx, "parts"))
        ctx_embed(ctx, object, "parts", organisation_parts(ctx, key));
    if (ctx_embeds(ctx, "hosted"))
        ctx_embed(ctx, object, "hosted", organisation_hosted(ctx, key));
    if (ctx_embeds(ctx, "related"))
        ctx_embed(ctx, object, "related", organisation_related(ctx, key));
    if (ctx_embeds(ctx, "area"))
        ctx_embed(ctx, object, "area", organisation_area(ctx, key, object));
    parts_embed(ctx, "organisations", object, key);
    if (!ctx_page(ctx))
        return OK;
    add_crumbs(ctx, object, object, NULL);
    add_tabs(ctx, object, false);
    return OK;
}

static enum code history(struct ctx *ctx, struct answer *out)
{
    long long key = 0;
    json_t *object = resource_one(ctx, &organisation_resource, id_of(ctx), &key, NULL);
    if (!object)
        return resource_absent(ctx, &organisation_resource, id_of(ctx), out);
    enum code c = must_may(ctx, ACT_SEE_ALL_HISTORY, 0);
    if (!c)
        c = audit_list(ctx, &organisation_resource, key, &out->document);
    if (!c && ctx_page(ctx)) {
        out->title = ctx_textf(ctx, N_("History of {name}"), "name",
                               json_text(object, "name"), NULL);
        add_crumbs(ctx, out->document, object, ctx_text(ctx, N_("History")));
        add_tabs(ctx, out->document, true);
        ctx_embed(ctx, out->document, "organisation", json_incref(object));
    }
    json_decref(object);
    return c;
}

/* ---------------------------------------------------------------- forms */

static enum code new_page(struct ctx *ctx, struct answer *out)
{
    const char *title = ctx_text(ctx, N_("New organisation"));
    enum code c = must_may(ctx, ACT_CHANGE_ORGANISATION, 0);
    if (c)
        return c;
    json_t *document = json_object();
    json_t *form = json_put_new(document, "form",
                                resource_form(ctx, organisation_resource.fields, NULL,
                                              "/organisations", ctx_text(ctx, N_("Save"))));
    json_put(form, "cancel", "/organisations");
    add_crumbs(ctx, document, NULL, title);
    out->document = document;
    out->title = title;
    return OK;
}

static enum code edit_page(struct ctx *ctx, struct answer *out)
{
    json_t *object = NULL;
    enum code c = must_may(ctx, ACT_CHANGE_ORGANISATION, 0);
    if (c)
        return c;
    const char *action = arena_printf(ctx->arena, "%s?_method=PATCH", path_of(ctx));
    json_t *form = resource_form_of(ctx, &organisation_resource, id_of(ctx), action,
                                    ctx_text(ctx, N_("Save")), &object);
    if (!form)
        return resource_absent(ctx, &organisation_resource, id_of(ctx), out);
    json_t *document = json_object();
    json_put(form, "cancel", path_of(ctx));
    json_put_new(document, "form", form);
    json_put(document, "remove", arena_printf(ctx->arena, "%s?_method=DELETE", path_of(ctx)));
    out->title = ctx_textf(ctx, N_("Change {name}"), "name", json_text(object, "name"), NULL);
    add_crumbs(ctx, document, object, ctx_text(ctx, N_("Change")));
    json_decref(object);
    out->document = document;
    return OK;
}

/* ---------------------------------------------------------------- routes */

const struct route organisation_routes[] = {
    {.method = "GET", .path = "/organisations", .may = MAY_ALL, .run = list,
     .view = "organisation/list", .shape = SHAPE_LIST, .resource = &organisation_resource,
     .flags = ROUTE_CACHE, .what = N_("All organisations.")},
    {.method = "POST", .path = "/organisations", .may = MAY_LOGIN, .run = organisation_create,
     .view = "form", .shape = SHAPE_CREATE, .resource = &organisation_resource, .form = new_page,
     .what = N_("Adds an organisation. Its healthcare regions are its parent's.")},
    {.method = "GET", .path = "/organisations/new", .may = MAY_LOGIN, .run = new_page,
     .view = "form", .shape = SHAPE_PAGE, .what = N_("The form of a new organisation.")},
    {.method = "GET", .path = "/organisations/{id}", .may = MAY_ALL, .run = show,
     .view = "organisation/show", .shape = SHAPE_ONE, .resource = &organisation_resource,
     .flags = ROUTE_CACHE, .what = N_("One organisation.")},
    {.method = "PATCH", .path = "/organisations/{id}", .may = MAY_LOGIN,
     .run = organisation_change, .view = "organisation/edit", .shape = SHAPE_CHANGE,
     .resource = &organisation_resource, .form = edit_page,
     .what = N_("Changes an organisation. Another id is a rename: the old address answers 308.")},
    {.method = "DELETE", .path = "/organisations/{id}", .may = MAY_LOGIN,
     .run = organisation_remove, .shape = SHAPE_REMOVE, .resource = &organisation_resource,
     .what = N_("Deletes an organisation that nothing refers to.")},
    {.method = "GET", .path = "/organisations/{id}/edit", .may = MAY_LOGIN, .run = edit_page,
     .view = "organisation/edit", .shape = SHAPE_PAGE,
     .what = N_("The form that changes an organisation.")},
    {.method = "GET", .path = "/organisations/{id}/history", .may = MAY_LOGIN, .run = history,
     .view = "organisation/history", .shape = SHAPE_LIST, .resource = &audit_resource,
     .flags = ROUTE_NO_DAY,
     .what = N_("Who changed the organisation, when, and what: before and after.")},
    {0},
};
