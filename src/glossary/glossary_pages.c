/* glossary_pages.c: the routes of the glossary. Owns titles and crumbs; knows no SQL and no rule.
 */
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
    return arena_printf(ctx->arena, "/glossary/%s", id_of(ctx));
}

static void step(json_t *crumbs, const char *href, const char *name)
{
    json_t *crumb = json_push(crumbs, json_object());
    json_put(crumb, "href", href);
    json_put(crumb, "name", name);
}

static void add_crumbs(struct ctx *ctx, json_t *document, const json_t *word, const char *here)
{
    json_t *crumbs = json_array();
    step(crumbs, "/glossary", ctx_text(ctx, N_("Glossary")));
    if (word)
        step(crumbs, path_of(ctx), json_text(word, "abbreviation"));
    if (here)
        step(crumbs, ctx->path, here);
    ctx_embed(ctx, document, "crumbs", crumbs);
}

static void add_may(struct ctx *ctx, json_t *document)
{
    ctx_embed(ctx, document, "mayChange", json_boolean(may(ctx, ACT_CHANGE_ORGANISATION, 0)));
}

static enum code list(struct ctx *ctx, struct answer *out)
{
    enum code c = resource_list(ctx, &glossary_resource, (struct fixed){0}, &out->document);
    if (c)
        return c;
    if (may(ctx, ACT_CHANGE_ORGANISATION, 0))
        ctx_link(ctx, out->document, "create", "POST", "/glossary");
    out->title = ctx_text(ctx, N_("Glossary"));
    if (ctx_embeds(ctx, "letters"))
        ctx_embed(ctx, out->document, "letters", glossary_letters(ctx));
    if (ctx_page(ctx))
        add_may(ctx, out->document);
    return OK;
}

static enum code show(struct ctx *ctx, struct answer *out)
{
    enum code c = resource_answer(ctx, &glossary_resource, id_of(ctx), out);
    if (c)
        return c;
    out->title = json_text(out->document, "abbreviation");
    if (!ctx_page(ctx))
        return OK;
    add_crumbs(ctx, out->document, out->document, NULL);
    add_may(ctx, out->document);
    return OK;
}

static enum code new_page(struct ctx *ctx, struct answer *out)
{
    const char *title = ctx_text(ctx, N_("New abbreviation"));
    enum code c = must_may(ctx, ACT_CHANGE_ORGANISATION, 0);
    if (c)
        return c;
    json_t *document = json_object();
    json_t *form = json_put_new(document, "form",
                                resource_form(ctx, glossary_resource.fields, NULL, "/glossary",
                                              ctx_text(ctx, N_("Save"))));
    json_put(form, "cancel", "/glossary");
    add_crumbs(ctx, document, NULL, title);
    out->document = document;
    out->title = title;
    return OK;
}

static enum code edit_page(struct ctx *ctx, struct answer *out)
{
    json_t *word = NULL;
    enum code c = must_may(ctx, ACT_CHANGE_ORGANISATION, 0);
    if (c)
        return c;
    json_t *form = resource_form_of(ctx, &glossary_resource, id_of(ctx),
                                    arena_printf(ctx->arena, "%s?_method=PATCH", path_of(ctx)),
                                    ctx_text(ctx, N_("Save")), &word);
    if (!form)
        return resource_absent(ctx, &glossary_resource, id_of(ctx), out);
    json_t *document = json_object();
    json_put(form, "cancel", "/glossary");
    json_put_new(document, "form", form);
    json_put(document, "remove", arena_printf(ctx->arena, "%s?_method=DELETE", path_of(ctx)));
    out->title = ctx_textf(ctx, N_("Change {name}"), "name", json_text(word, "abbreviation"), NULL);
    add_crumbs(ctx, document, word, ctx_text(ctx, N_("Change")));
    json_decref(word);
    out->document = document;
    return OK;
}

static enum code history(struct ctx *ctx, struct answer *out)
{
    return audit_answer(ctx, &glossary_resource, "abbreviation", out);
}

const struct route glossary_routes[] = {
    {.method = "GET", .path = "/glossary", .may = MAY_ALL, .run = list, .view = "glossary/list",
     .shape = SHAPE_LIST, .resource = &glossary_resource, .flags = ROUTE_CACHE,
     .what = N_("The abbreviations of the field, explained.")},
    {.method = "POST", .path = "/glossary", .may = MAY_LOGIN, .run = glossary_create,
     .view = "form", .shape = SHAPE_CREATE, .resource = &glossary_resource, .form = new_page,
     .what = N_("Adds an abbreviation.")},
    {.method = "GET", .path = "/glossary/new", .may = MAY_LOGIN, .run = new_page, .view = "form",
     .shape = SHAPE_PAGE, .what = N_("The form of a new abbreviation.")},
    {.method = "GET", .path = "/glossary/{id}", .may = MAY_ALL, .run = show,
     .view = "glossary/show", .shape = SHAPE_ONE, .resource = &glossary_resource,
     .flags = ROUTE_CACHE, .what = N_("One abbreviation.")},
    {.method = "PATCH", .path = "/glossary/{id}", .may = MAY_LOGIN, .run = glossary_change,
     .view = "glossary/edit", .shape = SHAPE_CHANGE, .resource = &glossary_resource,
     .form = edit_page, .what = N_("Changes an abbreviation.")},
    {.method = "DELETE", .path = "/glossary/{id}", .may = MAY_LOGIN, .run = glossary_remove,
     .shape = SHAPE_REMOVE, .resource = &glossary_resource,
     .what = N_("Deletes an abbreviation.")},
    {.method = "GET", .path = "/glossary/{id}/edit", .may = MAY_LOGIN, .run = edit_page,
     .view = "glossary/edit", .shape = SHAPE_PAGE,
     .what = N_("The form that changes an abbreviation.")},
    {.method = "GET", .path = "/glossary/{id}/history", .may = MAY_LOGIN, .run = history,
     .view = "register/object", .shape = SHAPE_LIST, .resource = &audit_resource,
     .flags = ROUTE_NO_DAY, .what = N_("Who changed the entry, when, and what: before and after.")},
    {0},
};
