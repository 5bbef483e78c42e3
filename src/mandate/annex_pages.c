/* annex_pages.c: the routes of generic annexes, below their kind. Owns titles and crumbs; knows no
 * SQL and no rule. */
#include <string.h>
#include <kansli/kind.h>
#include "internal.h"

static const char *path_of(struct ctx *ctx, const char *rest)
{
    return arena_printf(ctx->arena, "/group-kinds/%s%s", ctx_value(ctx, "id"), rest);
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
    step(crumbs, path_of(ctx, ""), json_text(kind, "label"));
    if (here)
        step(crumbs, path_of(ctx, "/mandates"), ctx_text(ctx, N_("Generic annex")));
    step(crumbs, ctx->path, here ? here : ctx_text(ctx, N_("Generic annex")));
    ctx_embed(ctx, document, "crumbs", crumbs);
}

static enum code list(struct ctx *ctx, struct answer *out)
{
    enum code c;
    json_t *kind = annex_kind(ctx, out, &c);
    if (!kind)
        return c;
    struct fixed fixed = {.condition = "\"kindId\" = ?6", .text = ctx_value(ctx, "id")};
    c = resource_list(ctx, &annex_resource, fixed, &out->document);
    if (!c) {
        if (may(ctx, ACT_CHANGE_ORGANISATION, 0))
            ctx_link(ctx, out->document, "create", "POST", path_of(ctx, "/mandates"));
        out->title =
            ctx_textf(ctx, N_("Generic annex for {kind}"), "kind", json_text(kind, "label"), NULL);
        if (ctx_embeds(ctx, "current")) {
            json_t *current = annex_of_kind(ctx, ctx_value(ctx, "id"), ctx->day);
            if (current)
                ctx_embed(ctx, current, "sections", mandate_sections(ctx, current, 3));
            ctx_embed(ctx, out->document, "current", current ? current : json_null());
        }
        if (ctx_page(ctx)) {
            add_crumbs(ctx, out->document, kind, NULL);
            ctx_embed(ctx, out->document, "kind", json_incref(kind));
        }
    }
    json_decref(kind);
    return c;
}

static enum code show(struct ctx *ctx, struct answer *out)
{
    enum code c;
    json_t *kind = annex_kind(ctx, out, &c);
    if (!kind)
        return c;
    const char *id = annex_in_path(ctx);
    c = id ? resource_answer(ctx, &annex_resource, id, out) : ctx_absent(ctx);
    if (!c) {
        const char *here =
            ctx_textf(ctx, N_("Version {version}"), "version",
                      arena_int(ctx->arena, json_int(out->document, "version", 0)), NULL);
        out->title =
            ctx_textf(ctx, N_("Generic annex for {kind}"), "kind", json_text(kind, "label"), NULL);
        if (ctx_embeds(ctx, "sections"))
            ctx_embed(ctx, out->document, "sections", mandate_sections(ctx, out->document, 3));
        if (ctx_page(ctx))
            add_crumbs(ctx, out->document, kind, here);
    }
    json_decref(kind);
    return c;
}

#define ANNEXES .resource = &annex_resource

const struct route annex_routes[] = {
    {.method = "GET",
     .path = "/group-kinds/{id}/mandates",
     .may = MAY_ALL,
     .run = list,
     .view = "mandate/annexes",
     .shape = SHAPE_LIST,
     ANNEXES,
     .what = N_("The generic annex to all mandates of a kind, in all its versions")},
    {.method = "POST",
     .path = "/group-kinds/{id}/mandates",
     .may = MAY_LOGIN,
     .run = annex_create,
     .shape = SHAPE_CREATE,
     ANNEXES,
     .form = annex_new_form,
     .what = N_("Writes the next version of a generic annex: a draft")},
    {.method = "GET",
     .path = "/group-kinds/{id}/mandates/new",
     .may = MAY_LOGIN,
     .run = annex_new_form,
     .view = "form",
     .shape = SHAPE_PAGE},
    {.method = "GET",
     .path = "/group-kinds/{id}/mandates/{mandateId}",
     .may = MAY_ALL,
     .run = show,
     .view = "mandate/annex",
     .shape = SHAPE_ONE,
     ANNEXES,
     .what = N_("One version of a generic annex")},
    {.method = "PATCH",
     .path = "/group-kinds/{id}/mandates/{mandateId}",
     .may = MAY_LOGIN,
     .run = annex_change,
     .shape = SHAPE_CHANGE,
     ANNEXES,
     .form = annex_edit_form,
     .what = N_("Changes a draft of a generic annex")},
    {.method = "DELETE",
     .path = "/group-kinds/{id}/mandates/{mandateId}",
     .may = MAY_LOGIN,
     .run = annex_remove,
     .shape = SHAPE_REMOVE,
     ANNEXES,
     .form = annex_delete_form,
     .what = N_("Deletes a draft of a generic annex")},
    {.method = "GET",
     .path = "/group-kinds/{id}/mandates/{mandateId}/edit",
     .may = MAY_LOGIN,
     .run = annex_edit_form,
     .view = "form",
     .shape = SHAPE_PAGE},
    {.method = "GET",
     .path = "/group-kinds/{id}/mandates/{mandateId}/delete",
     .may = MAY_LOGIN,
     .run = annex_delete_form,
     .view = "form",
     .shape = SHAPE_PAGE},
    {.method = "POST",
     .path = "/group-kinds/{id}/mandates/{mandateId}/approvals",
     .may = MAY_LOGIN,
     .run = annex_approve,
     .shape = SHAPE_ACTION,
     ANNEXES,
     .what = N_("Approves a draft of a generic annex")},
    {0},
};
