/* retention_pages.c: the routes of the retention rules. Owns titles and crumbs; knows no SQL and no
 * rule. */
#include <kansli/audit.h>
#include "internal.h"

static const char *path_of(struct ctx *ctx, const char *rest)
{
    return arena_printf(ctx->arena, "/retention-rules/%s%s", ctx_value(ctx, "id"), rest);
}

static void add_crumbs(struct ctx *ctx, json_t *document, const json_t *rule, const char *here)
{
    if (!ctx_embeds(ctx, "crumbs"))
        return;
    json_t *crumbs = json_pack("[{s:s, s:s}]", "href", "/retention-rules", "name",
                               ctx_text(ctx, N_("Retention rules")));
    if (rule)
        json_push(crumbs, json_pack("{s:s, s:O}", "href", path_of(ctx, ""), "name",
                                    json_object_get(rule, "name")));
    if (here)
        json_push(crumbs, json_pack("{s:s, s:s}", "href", ctx->path, "name", here));
    ctx_embed(ctx, document, "crumbs", crumbs);
}

static enum code list(struct ctx *ctx, struct answer *out)
{
    enum code c = retention_must_read(ctx);
    if (!c)
        c = resource_list(ctx, &retention_resource, (struct fixed){0}, &out->document);
    if (c)
        return c;
    if (may(ctx, ACT_KEEP_RETENTION, 0))
        ctx_link(ctx, out->document, "create", "POST", "/retention-rules");
    out->title = ctx_text(ctx, N_("Retention rules"));
    return OK;
}

static enum code show(struct ctx *ctx, struct answer *out)
{
    enum code c = retention_must_read(ctx);
    if (!c)
        c = resource_answer(ctx, &retention_resource, ctx_value(ctx, "id"), out);
    if (c || !out->document)
        return c;
    out->title = json_text(out->document, "name");
    add_crumbs(ctx, out->document, out->document, NULL);
    return OK;
}

static enum code new_page(struct ctx *ctx, struct answer *out)
{
    const char *title = ctx_text(ctx, N_("New retention rule"));
    enum code c = must_may(ctx, ACT_KEEP_RETENTION, 0);
    if (c)
        return c;
    json_t *document = out->document = json_object();
    json_t *form = json_put_new(document, "form",
                                resource_form(ctx, retention_resource.fields, NULL,
                                              "/retention-rules", ctx_text(ctx, N_("Save"))));
    json_put(form, "cancel", "/retention-rules");
    add_crumbs(ctx, document, NULL, title);
    out->title = title;
    out->view = "form";
    return OK;
}

static enum code edit_page(struct ctx *ctx, struct answer *out)
{
    json_t *rule = NULL;
    enum code c = must_may(ctx, ACT_KEEP_RETENTION, 0);
    if (c)
        return c;
    json_t *form = resource_form_of(ctx, &retention_resource, ctx_value(ctx, "id"),
                                    path_of(ctx, "?_method=PATCH"), ctx_text(ctx, N_("Save")),
                                    &rule);
    if (!form)
        return resource_absent(ctx, &retention_resource, ctx_value(ctx, "id"), out);
    json_t *document = out->document = json_object();
    json_put(form, "cancel", path_of(ctx, ""));
    json_put_new(document, "form", form);
    json_put(document, "remove", path_of(ctx, "?_method=DELETE"));
    out->title = ctx_textf(ctx, N_("Change {name}"), "name", json_text(rule, "name"), NULL);
    out->view = "person/edit";
    add_crumbs(ctx, document, rule, ctx_text(ctx, N_("Change")));
    json_decref(rule);
    return OK;
}

#define RULES .resource = &retention_resource

const struct route retention_routes[] = {
    {.method = "GET", .path = "/retention-rules", .may = MAY_LOGIN, .run = list,
     .view = "retention/list", .shape = SHAPE_LIST, RULES, .flags = ROUTE_NO_DAY,
     .what = N_("How long what is kept, and how many each rule concerns today")},
    {.method = "POST", .path = "/retention-rules", .may = MAY_LOGIN, .run = retention_create,
     .shape = SHAPE_CREATE, RULES, .form = new_page, .what = N_("Adds a retention rule")},
    {.method = "GET", .path = "/retention-rules/new", .may = MAY_LOGIN, .run = new_page,
     .view = "form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/retention-rules/{id}", .may = MAY_LOGIN, .run = show,
     .view = "retention/show", .shape = SHAPE_ONE, RULES, .flags = ROUTE_NO_DAY,
     .what = N_("One retention rule")},
    {.method = "PATCH", .path = "/retention-rules/{id}", .may = MAY_LOGIN,
     .run = retention_change, .shape = SHAPE_CHANGE, RULES, .form = edit_page,
     .what = N_("Changes a retention rule, or writes the decision it rests on")},
    {.method = "DELETE", .path = "/retention-rules/{id}", .may = MAY_LOGIN,
     .run = retention_remove, .shape = SHAPE_REMOVE, RULES, .form = edit_page,
     .what = N_("Deletes a retention rule")},
    {.method = "GET", .path = "/retention-rules/{id}/edit", .may = MAY_LOGIN, .run = edit_page,
     .view = "person/edit", .shape = SHAPE_PAGE},
    {.method = "POST", .path = "/retention-rules/{id}/applications", .may = MAY_LOGIN,
     .run = retention_apply, .shape = SHAPE_ACTION, RULES, .form = show,
     .what = N_("Carries out a retention rule that rests on a decision")},
    {0},
};
