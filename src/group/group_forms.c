/* group_forms.c: the pages on which a group is established, changed, made dormant, closed, reopened
 * and deleted.
 *
 * Owns what a form begins with and the words around it. The rules are asked when it is sent; what
 * is asked here is only whether to show the form at all. Knows no SQL. */
#include <string.h>
#include "internal.h"

const struct field group_new_query[] = {
    {.name = "kind", .label = N_("Kind"), .type = T_SLUG},
    {.name = "principal", .label = N_("Principal"), .type = T_REF, .reference = &group_reference},
    {.name = "parent", .label = N_("Subgroup of"), .type = T_REF, .reference = &group_reference},
    {.name = "gap", .label = N_("Gap that it closes"), .type = T_REF,
     .reference = &gap_reference},
    {.name = "from", .label = N_("Copied from"), .type = T_REF, .reference = &group_reference},
    {0},
};

static const char *path_of(struct ctx *ctx, const char *rest)
{
    return arena_printf(ctx->arena, "/groups/%s%s", ctx_value(ctx, "id"), rest);
}

/* A page that is one form. */
static enum code give(struct ctx *ctx, struct answer *out, json_t *form, const char *cancel,
                      long long key, const char *title, const char *lead)
{
    json_t *document = out->document = json_object();
    json_put(form, "cancel", cancel);
    json_put_new(document, "form", form);
    json_put(document, "lead", lead);
    json_t *line = key ? place_line(ctx, key) : NULL;
    if (line)
        ctx_embed(ctx, document, "crumbs", place_crumbs(ctx, line, title));
    else
        ctx_embed(ctx, document, "crumbs",
                  json_pack("[{s:s, s:s}, {s:s, s:s}]", "href", "/groups", "name",
                            ctx_text(ctx, N_("Groups")), "href", ctx->path, "name", title));
    json_decref(line);
    out->title = title;
    out->view = "form";
    return tx_code(ctx->tx);
}

/* A gap is found by its title, which is what the form shows of it. */
static void show_gap(json_t *form, const json_t *object)
{
    size_t i;
    json_t *field;
    json_array_foreach(json_object_get(form, "fields"), i, field) {
        const char *id = json_text(object, "gapId"), *value = json_text(field, "value");
        if (!strcmp(json_text(field, "name"), "gapId") && id && value && !strcmp(id, value))
            json_put(field, "shown", json_text(object, "gapTitle"));
    }
}

/* ---------------------------------------------------------------- establish */

static void put_ref(json_t *object, const char *id_name, const char *name_name, const json_t *from)
{
    json_put(object, id_name, json_text(from, "id"));
    json_put(object, name_name, json_text(from, "fullName"));
}

/* A group in the query, when the reader may know of it. */
static json_t *asked(struct ctx *ctx, const char *name)
{
    const char *id = ctx_query(ctx, name);
    return id ? resource_one(ctx, &group_resource, id, NULL, NULL) : NULL;
}

/* What a copy takes over: everything but its address, its days and who is asked. */
static void copy(json_t *object, const json_t *from)
{
    static const char *const kept[] = {
        "kind", "name", "purpose", "permanence", "principalIds", "principalNames", "parentId",
        "parentName", "mirrorsId", "mirrorsName", "healthcareRegionId", "regionId", "accessMode"};
    for (size_t i = 0; i < LEN(kept); i++)
        if (json_object_get(from, kept[i]))
            json_object_set(object, kept[i], json_object_get(from, kept[i]));
}

static json_t *beginning(struct ctx *ctx)
{
    json_t *object = json_object(), *from = asked(ctx, "from");
    json_t *principal = asked(ctx, "principal"), *parent = asked(ctx, "parent");
    json_put(object, "permanence", "permanent");
    json_put(object, "accessMode", "open");
    if (from)
        copy(object, from);
    if (parent) {
        copy(object, parent);
        json_object_del(object, "name");
        json_object_del(object, "purpose");
        put_ref(object, "parentId", "parentName", parent);
    }
    if (principal) {
        json_put_new(object, "principalIds", json_pack("[O]", json_object_get(principal, "id")));
        json_put_new(object, "principalNames",
                     json_pack("[O]", json_object_get(principal, "fullName")));
        json_object_set(object, "healthcareRegionId",
                        json_object_get(principal, "healthcareRegionId"));
        json_object_set(object, "regionId", json_object_get(principal, "regionId"));
    }
    const char *asked_gap = ctx_query(ctx, "gap");
    json_t *gap = asked_gap ? resource_one(ctx, resource_by_name("gaps"), asked_gap, NULL, NULL)
                            : NULL;
    if (gap) {
        json_object_set(object, "gapId", json_object_get(gap, "id"));
        json_object_set(object, "gapTitle", json_object_get(gap, "title"));
    }
    json_decref(gap);
    if (ctx_query(ctx, "kind"))
        json_put(object, "kind", ctx_query(ctx, "kind"));
    json_put(object, "startDate", ctx->today);
    json_decref(from);
    json_decref(principal);
    json_decref(parent);
    return object;
}

enum code group_new_form(struct ctx *ctx, struct answer *out)
{
    if (!group_may_establish(ctx))
        return must_may(ctx, ACT_ESTABLISH_GROUP, 0);
    json_t *object = beginning(ctx);
    json_t *form = resource_form(ctx, group_resource.fields, object, "/groups",
                                 ctx_text(ctx, N_("Establish the group")));
    show_gap(form, object);
    json_decref(object);
    return give(ctx, out, form, "/groups", 0, ctx_text(ctx, N_("New group")),
                ctx_text(ctx, N_("Who may establish what follows from the kind: those who may are "
                                 "named if you may not.")));
}

/* ---------------------------------------------------------------- change */

enum code group_edit_form(struct ctx *ctx, struct answer *out)
{
    enum code c;
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = must_may(ctx, ACT_CHANGE_GROUP, key);
    if (c)
        return c;
    json_t *object;
    json_t *form = resource_form_of(ctx, &group_resource, ctx_value(ctx, "id"),
                                    path_of(ctx, "?_method=PATCH"), ctx_text(ctx, N_("Save")),
                                    &object);
    show_gap(form, object);
    const char *title = ctx_textf(ctx, N_("Change {name}"), "name",
                                  json_text(object, "fullName"), NULL);
    json_decref(object);
    return give(ctx, out, form, path_of(ctx, ""), key, title, NULL);
}

/* ---------------------------------------------------------------- the actions */

struct page { /* a form of an action */
    const struct field *fields;
    const char *rest, *title, *lead, *submit;
};

static enum code act_form(struct ctx *ctx, struct answer *out, const struct page *page,
                          bool deciding)
{
    enum code c;
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = must_may(ctx, deciding ? group_close_act(ctx, key) : ACT_CHANGE_GROUP, key);
    if (c)
        return c;
    const char *title = ctx_text(ctx, page->title);
    json_t *form = resource_form(ctx, page->fields, NULL, path_of(ctx, page->rest),
                                 ctx_text(ctx, page->submit));
    return give(ctx, out, form, path_of(ctx, ""), key, title, ctx_text(ctx, page->lead));
}

enum code closure_form(struct ctx *ctx, struct answer *out)
{
    static const struct page page = {
        closure_fields, "/closures", N_("Close the group"),
        N_("What has been stays in the register. Hosts, relations and principals end with the "
           "group. It can be reopened."),
        N_("Close the group")};
    return act_form(ctx, out, &page, true);
}

enum code dormancy_form(struct ctx *ctx, struct answer *out)
{
    static const struct page page = {
        dormancy_fields, "/dormancies", N_("Make the group dormant"),
        N_("A dormant group stands but does no work until it is reopened."),
        N_("Make the group dormant")};
    return act_form(ctx, out, &page, false);
}

enum code reopening_form(struct ctx *ctx, struct answer *out)
{
    static const struct page page = {
        reopening_fields, "/reopenings", N_("Reopen the group"),
        N_("The days when it was dormant or closed stay in the register."),
        N_("Reopen the group")};
    json_t *group = resource_one(ctx, &group_resource, ctx_value(ctx, "id"), NULL, NULL);
    bool closed = group && !strcmp(json_text(group, "status"), "closed");
    json_decref(group);
    return act_form(ctx, out, &page, closed);
}

/* ---------------------------------------------------------------- delete */

/* Nothing to fill in: what will happen, and the version that was seen. */
static json_t *delete_of(struct ctx *ctx, const char *path, long long version)
{
    static const struct field nothing[] = {{0}};
    json_t *form = resource_form(ctx, nothing, NULL,
                                 arena_printf(ctx->arena, "%s?_method=DELETE", path),
                                 ctx_text(ctx, NC_("button", "Delete")));
    json_put(form, "version", arena_printf(ctx->arena, "%lld", version));
    return form;
}

enum code group_delete_form(struct ctx *ctx, struct answer *out)
{
    enum code c;
    long long version = 0, key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = must_may(ctx, group_close_act(ctx, key), key);
    if (c)
        return c;
    json_decref(resource_one(ctx, &group_resource, ctx_value(ctx, "id"), NULL, &version));
    return give(ctx, out, delete_of(ctx, path_of(ctx, ""), version), path_of(ctx, ""), key,
                ctx_text(ctx, N_("Delete the group")),
                ctx_text(ctx, N_("Only a group that nothing refers to can be deleted. One that has "
                                 "worked is closed instead.")));
}

/* ---------------------------------------------------------------- hosts and relations */

static enum code tie_new(struct ctx *ctx, struct answer *out, const struct resource *r,
                         const char *title, const char *submit)
{
    enum code c;
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = must_may(ctx, ACT_CHANGE_GROUP, key);
    if (c)
        return c;
    json_t *form = resource_form(ctx, r->fields, NULL,
                                 path_of(ctx, arena_printf(ctx->arena, "/%s", r->name)),
                                 ctx_text(ctx, submit));
    return give(ctx, out, form, path_of(ctx, "/hosts"), key, ctx_text(ctx, title), NULL);
}

/* The form that changes a tie, or with `deleting` the one that takes it away. */
static enum code tie_old(struct ctx *ctx, struct answer *out, const struct resource *r,
                         const char *title, bool deleting)
{
    enum code c;
    long long version = 0, key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = must_may(ctx, ACT_CHANGE_GROUP, key);
    if (c)
        return c;
    const char *id = tie_in_path(ctx, r);
    if (!id)
        return ctx_absent(ctx);
    const char *path = path_of(ctx, arena_printf(ctx->arena, "/%s/%s", r->name, id));
    json_t *object = resource_one(ctx, r, id, NULL, &version);
    const char *body = arena_strdup(ctx->arena, json_text(object, "bodyName"));
    json_decref(object);
    json_t *form = deleting ? delete_of(ctx, path, version)
                            : resource_form_of(ctx, r, id,
                                               arena_printf(ctx->arena, "%s?_method=PATCH", path),
                                               ctx_text(ctx, N_("Save")), NULL);
    return give(ctx, out, form, path_of(ctx, "/hosts"), key,
                ctx_textf(ctx, title, "name", body, NULL),
                deleting ? ctx_text(ctx, N_("For a mistake. What has been and has ended is given a "
                                            "last day instead."))
                         : NULL);
}

enum code hosting_new_form(struct ctx *ctx, struct answer *out)
{
    return tie_new(ctx, out, &hosting_resource, N_("New host"), N_("Add the host"));
}

enum code hosting_edit_form(struct ctx *ctx, struct answer *out)
{
    return tie_old(ctx, out, &hosting_resource, N_("Change the host {name}"), false);
}

enum code hosting_delete_form(struct ctx *ctx, struct answer *out)
{
    return tie_old(ctx, out, &hosting_resource, N_("Delete the host {name}"), true);
}

enum code relation_new_form(struct ctx *ctx, struct answer *out)
{
    return tie_new(ctx, out, &relation_resource, N_("New relation"), N_("Add the relation"));
}

enum code relation_edit_form(struct ctx *ctx, struct answer *out)
{
    return tie_old(ctx, out, &relation_resource, N_("Change the relation with {name}"), false);
}

enum code relation_delete_form(struct ctx *ctx, struct answer *out)
{
    return tie_old(ctx, out, &relation_resource, N_("Delete the relation with {name}"), true);
}
