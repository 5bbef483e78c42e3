/* requirement_forms.c: the pages on which the rows of a group, or the defaults of a kind, are
 * listed, added, changed and taken away.
 *
 * Owns crumbs and the words around a form. The rules are asked when it is sent. Knows no SQL. */
#include <string.h>
#include <kansli/kind.h>
#include "internal.h"

static void step(json_t *crumbs, const char *href, const char *name)
{
    json_t *crumb = json_push(crumbs, json_object());
    json_put(crumb, "href", href);
    json_put(crumb, "name", name);
}

/* Groups / the group / what it should hold / here. */
static json_t *crumbs_of(struct ctx *ctx, const struct owner *owner, const char *here)
{
    const struct resource *r = owner->kind ? &kind_resource : &group_resource;
    json_t *crumbs = json_array();
    json_t *object = resource_one(ctx, r, ctx_value(ctx, "id"), NULL, NULL);
    step(crumbs, owner->root, ctx_text(ctx, owner->kind ? N_("Kinds of groups") : N_("Groups")));
    if (object)
        step(crumbs, arena_join(ctx->arena, owner->root, "/", ctx_value(ctx, "id"), NULL),
             json_text(object, owner->kind ? "label" : "fullName"));
    step(crumbs, owner_path(ctx, owner, ""), ctx_text(ctx, N_("Requirements")));
    if (here)
        step(crumbs, ctx->path, here);
    json_decref(object);
    return crumbs;
}

static bool may_change(struct ctx *ctx, const struct owner *owner)
{
    bool can = may(ctx, owner->act, owner->kind ? 0 : owner->key);
    ctx->as_support = false;
    return can;
}

/* ---------------------------------------------------------------- the list */

enum code requirement_list(struct ctx *ctx, struct answer *out)
{
    enum code c;
    struct owner owner = owner_in_path(ctx, out, &c);
    if (!owner.key)
        return c;
    struct fixed within = {.condition = owner.kind ? "\"kindId\" = ?6" : "\"groupId\" = ?6",
                           .text = ctx_value(ctx, "id")};
    c = resource_list(ctx, owner.resource, within, &out->document);
    if (c)
        return c;
    if (may_change(ctx, &owner))
        ctx_link(ctx, out->document, "add", "POST", owner_path(ctx, &owner, ""));
    out->title = ctx_text(ctx, N_("Requirements"));
    if (!ctx_page(ctx))
        return OK;
    ctx_embed(ctx, out->document, "mayChange", json_boolean(may_change(ctx, &owner)));
    ctx_embed(ctx, out->document, "root", json_text_new(owner_path(ctx, &owner, "")));
    if (!owner.kind)
        return group_below(ctx, ctx_value(ctx, "id"), out, "/coverage", out->title);
    json_t *crumbs = crumbs_of(ctx, &owner, NULL);
    out->title = ctx_textf(ctx, N_("{page}: {group}"), "page", out->title, "group",
                           json_text(json_array_get(crumbs, 1), "name"), NULL);
    ctx_embed(ctx, out->document, "crumbs", crumbs);
    ctx_embed(ctx, out->document, "group", json_null());
    return tx_code(ctx->tx);
}

enum code requirement_show(struct ctx *ctx, struct answer *out)
{
    enum code c;
    struct owner owner = owner_in_path(ctx, out, &c);
    if (!owner.key)
        return c;
    const char *id = requirement_in_path(ctx, &owner);
    return id ? resource_answer(ctx, owner.resource, id, out) : ctx_absent(ctx);
}

/* ---------------------------------------------------------------- forms */

static enum code give(struct ctx *ctx, struct answer *out, const struct owner *owner, json_t *form,
                      const char *title, const char *lead)
{
    json_t *document = out->document = json_object();
    json_put(form, "cancel", owner_path(ctx, owner, ""));
    json_put_new(document, "form", form);
    json_put(document, "lead", lead);
    ctx_embed(ctx, document, "crumbs", crumbs_of(ctx, owner, title));
    out->title = title;
    out->view = "form";
    return tx_code(ctx->tx);
}

/* The owner, when the form may be shown at all. */
static struct owner owner_to_change(struct ctx *ctx, struct answer *out, enum code *c)
{
    struct owner owner = owner_in_path(ctx, out, c);
    if (owner.key)
        *c = must_may(ctx, owner.act, owner.kind ? 0 : owner.key);
    if (*c)
        owner.key = 0;
    return owner;
}

enum code requirement_new_form(struct ctx *ctx, struct answer *out)
{
    enum code c;
    struct owner owner = owner_to_change(ctx, out, &c);
    if (!owner.key)
        return c;
    json_t *form = resource_form(ctx, owner.resource->fields, NULL, owner_path(ctx, &owner, ""),
                                 ctx_text(ctx, N_("Add the requirement")));
    return give(ctx, out, &owner, form, ctx_text(ctx, N_("New requirement")),
                ctx_text(ctx, N_("Conditions in one requirement hold together: every region and "
                                 "the capacity municipality ask for one municipal member from each "
                                 "region.")));
}

enum code requirement_edit_form(struct ctx *ctx, struct answer *out)
{
    enum code c;
    struct owner owner = owner_to_change(ctx, out, &c);
    if (!owner.key)
        return c;
    const char *id = requirement_in_path(ctx, &owner);
    if (!id)
        return ctx_absent(ctx);
    json_t *form = resource_form_of(
        ctx, owner.resource, id,
        owner_path(ctx, &owner, arena_join(ctx->arena, "/", id, "?_method=PATCH", NULL)),
        ctx_text(ctx, N_("Save")), NULL);
    return give(ctx, out, &owner, form, ctx_text(ctx, N_("Change the requirement")), NULL);
}

/* Nothing to fill in: what will happen, and the version that was seen. */
enum code requirement_delete_form(struct ctx *ctx, struct answer *out)
{
    static const struct field nothing[] = {{0}};
    enum code c;
    long long version = 0;
    struct owner owner = owner_to_change(ctx, out, &c);
    if (!owner.key)
        return c;
    const char *id = requirement_in_path(ctx, &owner);
    if (!id)
        return ctx_absent(ctx);
    json_t *row = resource_one(ctx, owner.resource, id, NULL, &version);
    json_t *form = resource_form(
        ctx, nothing, NULL,
        owner_path(ctx, &owner, arena_join(ctx->arena, "/", id, "?_method=DELETE", NULL)),
        ctx_text(ctx, NC_("button", "Delete")));
    json_put(form, "version", arena_int(ctx->arena, version));
    const char *text = arena_strdup(ctx->arena, json_text(row, "text"));
    json_decref(row);
    return give(ctx, out, &owner, form, ctx_text(ctx, N_("Delete the requirement")), text);
}
