/* mandate_forms.c: the pages on which a mandate or an annex is written, approved, extended and
 * deleted.
 *
 * Owns what a form begins with and the words around it. The rules are asked again when it is sent.
 * Knows no SQL. */
#include <string.h>
#include <kansli/group.h>
#include "internal.h"

/* "from" may be any mandate that the reader may see: also another group's. */
const struct field mandate_new_query[] = {
    {.name = "from", .label = N_("Begun from a mandate"), .type = T_UUID},
    {0},
};

const struct field mandate_approval_query[] = {
    {.name = "principalId", .label = N_("Principal"), .type = T_SLUG},
    {0},
};

/* A page below a group's that is one form. */
static enum code give(struct ctx *ctx, struct answer *out, json_t *form, const char *group_id,
                      const char *cancel, const char *title, const char *lead)
{
    json_t *document = out->document = json_object();
    const char *id = arena_strdup(ctx->arena, group_id);
    json_put(form, "cancel", cancel);
    json_put(document, "lead", lead);
    json_put_new(document, "form", form);
    out->view = "group/form";
    return group_below(ctx, id, out, "/mandates", title);
}

static const char *path_of(struct ctx *ctx, const char *rest)
{
    return arena_printf(ctx->arena, "/mandates/%s%s", ctx_value(ctx, "id"), rest);
}

/* ---------------------------------------------------------------- write */

/* A new one begins as the newest that the reader may see, or as the one asked for; its days are its
 * own. */
static json_t *beginning(struct ctx *ctx, long long group_key)
{
    const char *from = ctx_query(ctx, "from");
    json_t *object = from ? resource_one(ctx, &mandate_resource, from, NULL, NULL) : NULL;
    if (!object && !from)
        object = mandate_in_force(ctx, group_key);
    if (!object)
        object = json_object();
    json_object_del(object, "groupId");
    json_object_del(object, "reference");
    json_object_del(object, "validTo");
    json_put(object, "validFrom", ctx->today);
    return object;
}

enum code mandate_new_form(struct ctx *ctx, struct answer *out)
{
    enum code c;
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = must_may(ctx, ACT_CHANGE_GROUP, key);
    if (c)
        return c;
    const char *id = ctx_value(ctx, "id");
    const char *list = arena_printf(ctx->arena, "/groups/%s/mandates", id);
    json_t *object = beginning(ctx, key);
    json_t *form = resource_form(ctx, mandate_resource.fields, object, list,
                                 ctx_text(ctx, N_("Save the draft")));
    json_put(form, "preview", "/mandates/previews");
    json_decref(object);
    return give(ctx, out, form, id, list, ctx_text(ctx, N_("New mandate")),
                ctx_text(ctx, N_("It is a draft until it is submitted, and public once every "
                                 "principal has approved it.")));
}

enum code mandate_edit_form(struct ctx *ctx, struct answer *out)
{
    struct sheet sheet;
    enum code c = sheet_find(ctx, &mandate_resource, ctx_value(ctx, "id"), &sheet);
    if (!c)
        c = must_may(ctx, ACT_CHANGE_GROUP, sheet.group_key);
    if (!c)
        c = sheet_is_draft(ctx, &sheet);
    if (c)
        return c;
    json_t *object;
    json_t *form =
        resource_form_of(ctx, &mandate_resource, sheet.id, path_of(ctx, "?_method=PATCH"),
                         ctx_text(ctx, N_("Save the draft")), &object);
    json_put(form, "preview", "/mandates/previews");
    const char *group = arena_strdup(ctx->arena, json_text(object, "groupId"));
    const char *title = ctx_textf(ctx, N_("Change the mandate, version {version}"), "version",
                                  arena_int(ctx->arena, sheet.number), NULL);
    json_decref(object);
    return give(ctx, out, form, group, path_of(ctx, ""), title, NULL);
}

/* ---------------------------------------------------------------- the acts */

/* A form of an act on a mandate that the reader may see; `object` fills it in (stolen). */
static enum code act_form(struct ctx *ctx, struct answer *out, const struct field *fields,
                          json_t *object, const char *rest, const char *title, const char *lead)
{
    json_t *mandate = resource_one(ctx, &mandate_resource, ctx_value(ctx, "id"), NULL, NULL);
    const char *group = arena_strdup(ctx->arena, json_text(mandate, "groupId"));
    json_t *form = resource_form(ctx, fields, object, path_of(ctx, rest), ctx_text(ctx, title));
    json_decref(object);
    json_decref(mandate);
    return give(ctx, out, form, group, path_of(ctx, ""), ctx_text(ctx, title), lead);
}

/* The principal whose officer the reader is, when it is only one that is awaited. */
static json_t *approval_beginning(struct ctx *ctx, const struct sheet *sheet)
{
    json_t *object = json_object(), *awaited = mandate_awaits(ctx, sheet->key, true), *one;
    const char *asked = ctx_query(ctx, "principalId");
    size_t i;
    json_array_foreach (awaited, i, one) {
        bool fits = asked ? !strcmp(asked, json_text(one, "id"))
                          : may(ctx, ACT_APPROVE_MANDATE, json_int(one, "key", 0));
        if (!fits || json_object_get(object, "principalId"))
            continue;
        json_put(object, "principalId", json_text(one, "id"));
        json_put(object, "principalName", json_text(one, "name"));
    }
    json_decref(awaited);
    return object;
}

enum code mandate_approval_form(struct ctx *ctx, struct answer *out)
{
    struct sheet sheet;
    enum code c = sheet_find(ctx, &mandate_resource, ctx_value(ctx, "id"), &sheet);
    if (!c && !mandate_may_approve(ctx, sheet.key))
        c = mandate_refuse_approval(ctx, sheet.key);
    if (c)
        return c;
    return act_form(
        ctx, out, mandate_approval_fields, approval_beginning(ctx, &sheet), "/approvals",
        N_("Approve or return"),
        ctx_text(ctx, N_("The mandate is approved when every principal has approved it. "
                         "What is returned is changed and submitted again.")));
}

enum code mandate_extension_form(struct ctx *ctx, struct answer *out)
{
    struct sheet sheet;
    enum code c = sheet_find(ctx, &mandate_resource, ctx_value(ctx, "id"), &sheet);
    if (!c)
        c = must_may(ctx, ACT_CHANGE_GROUP, sheet.group_key);
    if (c)
        return c;
    return act_form(ctx, out, mandate_extension_fields, NULL, "/extensions",
                    N_("Extend the mandate"),
                    ctx_text(ctx, N_("The extension is a version of its own with the same text: a "
                                     "draft that is submitted and approved like any other.")));
}

static json_t *delete_of(struct ctx *ctx, const char *path, long long version)
{
    static const struct field nothing[] = {{0}};
    json_t *form =
        resource_form(ctx, nothing, NULL, arena_printf(ctx->arena, "%s?_method=DELETE", path),
                      ctx_text(ctx, NC_("button", "Delete")));
    json_put(form, "version", arena_int(ctx->arena, version));
    return form;
}

enum code mandate_delete_form(struct ctx *ctx, struct answer *out)
{
    struct sheet sheet;
    long long version = 0;
    enum code c = sheet_find(ctx, &mandate_resource, ctx_value(ctx, "id"), &sheet);
    if (!c)
        c = must_may(ctx, ACT_CHANGE_GROUP, sheet.group_key);
    if (c)
        return c;
    json_t *mandate = resource_one(ctx, &mandate_resource, sheet.id, NULL, &version);
    const char *group = arena_strdup(ctx->arena, json_text(mandate, "groupId"));
    json_decref(mandate);
    return give(ctx, out, delete_of(ctx, path_of(ctx, ""), version), group, path_of(ctx, ""),
                ctx_text(ctx, N_("Delete the draft")),
                ctx_text(ctx, N_("Only a draft that was never submitted can be deleted.")));
}

/* ---------------------------------------------------------------- annexes */

static const char *annex_path(struct ctx *ctx, const char *rest)
{
    return arena_printf(ctx->arena, "/group-kinds/%s/mandates%s", ctx_value(ctx, "id"), rest);
}

static void step(json_t *crumbs, const char *href, const char *name)
{
    json_t *crumb = json_push(crumbs, json_object());
    json_put(crumb, "href", href);
    json_put(crumb, "name", name);
}

static enum code give_annex(struct ctx *ctx, struct answer *out, json_t *form, const json_t *kind,
                            const char *cancel, const char *title)
{
    json_t *document = out->document = json_object(), *crumbs = json_array();
    json_put(form, "cancel", cancel);
    json_put_new(document, "form", form);
    json_put(document, "lead",
             ctx_text(ctx, N_("It is shown with every mandate of the kind once it is approved.")));
    step(crumbs, "/group-kinds", ctx_text(ctx, N_("Kinds of groups")));
    step(crumbs, arena_printf(ctx->arena, "/group-kinds/%s", ctx_value(ctx, "id")),
         json_text(kind, "label"));
    step(crumbs, annex_path(ctx, ""), ctx_text(ctx, N_("Generic annex")));
    step(crumbs, ctx->path, title);
    ctx_embed(ctx, document, "crumbs", crumbs);
    out->title = title;
    out->view = "form";
    return tx_code(ctx->tx);
}

enum code annex_new_form(struct ctx *ctx, struct answer *out)
{
    enum code c;
    json_t *kind = annex_kind(ctx, out, &c);
    if (!kind)
        return c;
    c = must_may(ctx, ACT_CHANGE_ORGANISATION, 0);
    if (!c) {
        json_t *object = annex_of_kind(ctx, ctx_value(ctx, "id"), ctx->today);
        json_t *begun = object ? object : json_object();
        json_object_del(begun, "reference");
        json_object_del(begun, "validTo");
        json_put(begun, "validFrom", ctx->today);
        json_t *form = resource_form(ctx, annex_resource.fields, begun, annex_path(ctx, ""),
                                     ctx_text(ctx, N_("Save the draft")));
        json_decref(begun);
        c = give_annex(ctx, out, form, kind, annex_path(ctx, ""),
                       ctx_text(ctx, N_("New version of the annex")));
    }
    json_decref(kind);
    return c;
}

/* The form that changes an annex, or with `deleting` the one that takes it away. */
static enum code annex_old(struct ctx *ctx, struct answer *out, bool deleting)
{
    enum code c;
    long long version = 0;
    json_t *kind = annex_kind(ctx, out, &c);
    if (!kind)
        return c;
    const char *id = annex_in_path(ctx);
    c = id ? must_may(ctx, ACT_CHANGE_ORGANISATION, 0) : ctx_absent(ctx);
    if (!c) {
        const char *path = annex_path(ctx, arena_printf(ctx->arena, "/%s", id));
        json_decref(resource_one(ctx, &annex_resource, id, NULL, &version));
        json_t *form = deleting
                           ? delete_of(ctx, path, version)
                           : resource_form_of(ctx, &annex_resource, id,
                                              arena_printf(ctx->arena, "%s?_method=PATCH", path),
                                              ctx_text(ctx, N_("Save the draft")), NULL);
        c = give_annex(ctx, out, form, kind, path,
                       ctx_text(ctx, deleting ? N_("Delete the draft") : N_("Change the annex")));
    }
    json_decref(kind);
    return c;
}

enum code annex_edit_form(struct ctx *ctx, struct answer *out)
{
    return annex_old(ctx, out, false);
}

enum code annex_delete_form(struct ctx *ctx, struct answer *out)
{
    return annex_old(ctx, out, true);
}
