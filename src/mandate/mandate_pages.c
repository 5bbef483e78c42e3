/* mandate_pages.c: the routes of mandates, and what their pages show beside the object.
 *
 * Owns handlers of a few lines. Knows no SQL and no rule. What a template shows stands in the
 * document, so that embed=page gives a script the page's twin. */
#include <string.h>
#include <kansli/group.h>
#include "internal.h"

static const char *id_of(struct ctx *ctx)
{
    return ctx_value(ctx, "id");
}

static enum code absent(struct ctx *ctx)
{
    return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
}

/* ---------------------------------------------------------------- what stands beside a mandate */

static void embed_voices(struct ctx *ctx, json_t *mandate, long long key)
{
    if (ctx_embeds(ctx, "approvals"))
        ctx_embed(ctx, mandate, "approvals",
                  mandate_approvals(ctx, key, mandate_group(ctx, json_text(mandate, "id"))));
    if (!ctx_embeds(ctx, "awaits"))
        return;
    bool waits = !strcmp(json_text(mandate, "status"), "submitted");
    json_t *awaits = waits ? mandate_awaits(ctx, key, true) : json_array(), *one;
    size_t i;
    json_array_foreach (awaits, i, one)
        json_object_del(one, "key");
    ctx_embed(ctx, mandate, "awaits", awaits);
}

/* The generic annex as the mandate's readers find it, with its own sections; null without one. */
static void embed_annex(struct ctx *ctx, json_t *document, const json_t *mandate)
{
    if (!ctx_embeds(ctx, "annex"))
        return;
    json_t *annex = annex_of_group(ctx, mandate_group(ctx, json_text(mandate, "id")),
                                   mandate_day(ctx, mandate));
    if (annex)
        ctx_embed(ctx, annex, "sections", mandate_sections(ctx, annex, 4));
    ctx_embed(ctx, document, "annex", annex ? annex : json_null());
}

/* The versions of a mandate's group that the reader may see, newest first. */
static json_t *versions_of(struct ctx *ctx, long long group_key)
{
    struct fixed fixed = {.condition = "\"group_key\" = ?6", .key = group_key};
    return resource_items(ctx, &mandate_resource, fixed);
}

/* ---------------------------------------------------------------- lists */

static enum code list_all(struct ctx *ctx, struct answer *out)
{
    out->title = ctx_text(ctx, N_("Mandates"));
    return resource_list(ctx, &mandate_resource, (struct fixed){0}, &out->document);
}

/* What was said of each version, and what the reader may do with it. */
static void add_voices(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach (items, i, item) {
        long long key = 0;
        json_t *one = resource_one(ctx, &mandate_resource, json_text(item, "id"), &key, NULL);
        json_object_set(item, "_links", json_object_get(one, "_links"));
        json_decref(one);
        embed_voices(ctx, item, key);
    }
}

/* The one in force, as it reads. */
static void embed_current(struct ctx *ctx, json_t *document, long long group_key)
{
    if (!ctx_embeds(ctx, "current"))
        return;
    json_t *current = mandate_in_force(ctx, group_key);
    if (current) {
        ctx_embed(ctx, current, "sections", mandate_sections(ctx, current, 3));
        embed_annex(ctx, current, current);
    }
    ctx_embed(ctx, document, "current", current ? current : json_null());
}

static enum code list_group(struct ctx *ctx, struct answer *out)
{
    enum code c;
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    struct fixed fixed = {.condition = "\"group_key\" = ?6", .key = key};
    c = resource_list(ctx, &mandate_resource, fixed, &out->document);
    if (c)
        return c;
    if (may(ctx, ACT_CHANGE_GROUP, key))
        ctx_link(ctx, out->document, "create", "POST",
                 arena_printf(ctx->arena, "/groups/%s/mandates", id_of(ctx)));
    ctx->as_support = false; /* asked, not done */
    if (ctx_page(ctx))
        add_voices(ctx, json_object_get(out->document, "items"));
    embed_current(ctx, out->document, key);
    if (ctx_embeds(ctx, "standing"))
        ctx_embed(ctx, out->document, "standing", mandate_standing(ctx, key));
    return group_below(ctx, id_of(ctx), out, "/mandates", ctx_text(ctx, N_("Mandate")));
}

/* ---------------------------------------------------------------- one mandate */

static const char *version_title(struct ctx *ctx, const json_t *mandate)
{
    return ctx_textf(ctx, N_("Mandate, version {version}"), "version",
                     arena_int(ctx->arena, json_int(mandate, "version", 0)), NULL);
}

static enum code show(struct ctx *ctx, struct answer *out)
{
    long long key = 0;
    json_t *mandate = resource_one(ctx, &mandate_resource, id_of(ctx), &key, &out->version);
    if (!mandate)
        return absent(ctx);
    out->document = mandate;
    embed_voices(ctx, mandate, key);
    if (ctx_embeds(ctx, "sections"))
        ctx_embed(ctx, mandate, "sections", mandate_sections(ctx, mandate, 3));
    embed_annex(ctx, mandate, mandate);
    return group_below(ctx, json_text(mandate, "groupId"), out, "/mandates",
                       version_title(ctx, mandate));
}

/* A script gets Markdown; a page, and its twin, what it shows. */
static enum code document(struct ctx *ctx, struct answer *out)
{
    long long key = 0;
    json_t *mandate = resource_one(ctx, &mandate_resource, id_of(ctx), &key, NULL);
    if (!mandate)
        return absent(ctx);
    long long group = mandate_group(ctx, id_of(ctx));
    json_t *signers = mandate_signers(ctx, key);
    json_t *annex = annex_of_group(ctx, group, mandate_day(ctx, mandate));
    if (ctx->api && !ctx_page(ctx)) {
        out->raw = mandate_markdown(ctx, mandate, annex, signers);
        out->raw_type = "text/markdown; charset=utf-8";
        json_decref(mandate);
        json_decref(annex);
        json_decref(signers);
        return tx_code(ctx->tx);
    }
    out->document = json_object();
    out->title =
        ctx_textf(ctx, N_("Mandate of {group}"), "group", json_text(mandate, "groupName"), NULL);
    json_put_new(out->document, "sections", mandate_sections(ctx, mandate, 2));
    json_put_new(out->document, "annexSections",
                 annex ? mandate_sections(ctx, annex, 3) : json_array());
    json_put_new(out->document, "annex", annex ? annex : json_null());
    json_put_new(out->document, "signers", signers);
    json_put_new(out->document, "mandate", mandate);
    return tx_code(ctx->tx);
}

static const char document_reply[] =
    "{\"type\":\"object\",\"required\":[\"mandate\",\"sections\",\"annex\",\"annexSections\","
    "\"signers\"],\"properties\":{"
    "\"mandate\":{\"type\":\"object\",\"additionalProperties\":true},"
    "\"sections\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"additionalProperties\":true}"
    "},"
    "\"annex\":{\"type\":[\"object\",\"null\"],\"additionalProperties\":true},"
    "\"annexSections\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"additionalProperties\":true}},"
    "\"signers\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
    "\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},"
    "\"at\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}}}}}}";

/* ---------------------------------------------------------------- preview */

/* Without scripts: what stands in the form, as it will read, in a window of its own. Made on the
 * worker. */
static enum code preview_before(struct ctx *ctx, struct answer *out)
{
    json_t *typed = json_object();
    (void)out;
    for (const struct field *field = mandate_resource.fields; field->name; field++) {
        json_t *value = json_object_get(ctx->body->values, field->name);
        if (value && (field->type == T_MARKDOWN || field->type == T_TEXTS))
            json_object_set(typed, field->name, value);
    }
    ctx->prepared = json_pack("{s:o}", "sections", mandate_sections(ctx, typed, 2));
    json_decref(typed);
    return tx_code(ctx->tx);
}

static enum code preview(struct ctx *ctx, struct answer *out)
{
    out->document = json_incref(ctx->prepared);
    out->title = ctx_text(ctx, N_("Preview"));
    return OK;
}

/* ---------------------------------------------------------------- comparison */

static const struct field with_query[] = {
    {.name = "with",
     .label = N_("Compared with"),
     .type = T_UUID,
     .hint =
         N_("The mandate that it is compared with; the version before it when nothing is said.")},
    {0},
};

static const struct field chosen_query[] = {
    {.name = "from", .label = N_("From"), .type = T_UUID},
    {.name = "to", .label = N_("To"), .type = T_UUID},
    {0},
};

static json_t *choices(const json_t *versions, const char *chosen)
{
    json_t *options = json_array(), *one;
    size_t i;
    json_array_foreach ((json_t *)versions, i, one) {
        json_t *option = json_push(options, json_object());
        json_put(option, "value", json_text(one, "id"));
        json_object_set(option, "version", json_object_get(one, "version"));
        json_put(option, "statusLabel", json_text(one, "statusLabel"));
        json_put_bool(option, "selected", !strcmp(json_text(one, "id"), chosen));
    }
    return options;
}

/* The version before, or the mandate itself when it is the first. */
static const char *before(struct ctx *ctx, const json_t *versions, const json_t *to)
{
    long long version = json_int(to, "version", 0);
    json_t *one;
    size_t i;
    json_array_foreach ((json_t *)versions, i, one)
        if (json_int(one, "version", 0) < version)
            return arena_strdup(ctx->arena, json_text(one, "id"));
    return id_of(ctx);
}

static enum code compare(struct ctx *ctx, struct answer *out)
{
    json_t *to = resource_one(ctx, &mandate_resource, id_of(ctx), NULL, NULL);
    if (!to)
        return absent(ctx);
    json_t *versions = versions_of(ctx, mandate_group(ctx, id_of(ctx)));
    const char *with = ctx_query(ctx, "with") ? ctx_query(ctx, "with") : before(ctx, versions, to);
    json_t *from = resource_one(ctx, &mandate_resource, with, NULL, NULL);
    enum code c = from ? OK
                       : err_field(ctx->err, "with", N_("There is no {noun} with that id."), "noun",
                                   ctx_text(ctx, mandate_resource.noun), NULL);
    if (!c) {
        out->document = mandate_compare(ctx, from, to);
        if (ctx_embeds(ctx, "versions"))
            ctx_embed(ctx, out->document, "versions",
                      json_pack("{s:o, s:o}", "from", choices(versions, with), "to",
                                choices(versions, id_of(ctx))));
        c = group_below(ctx, json_text(to, "groupId"), out, "/mandates",
                        ctx_text(ctx, N_("Comparison of versions")));
    }
    json_decref(from);
    json_decref(to);
    json_decref(versions);
    return c;
}

/* What the two lists of a page chose becomes the comparison's address. */
static enum code chosen(struct ctx *ctx, struct answer *out)
{
    enum code c;
    const char *from = ctx_query(ctx, "from"), *to = ctx_query(ctx, "to");
    if (!group_in_path(ctx, out, &c))
        return c;
    out->document = json_object();
    out->see = arena_printf(ctx->arena, "/groups/%s/mandates", id_of(ctx));
    if (from && to && strspn(from, "0123456789abcdef-") == strlen(from) &&
        strspn(to, "0123456789abcdef-") == strlen(to))
        out->see = arena_printf(ctx->arena, "/mandates/%s/comparison?with=%s", to, from);
    return OK;
}

/* ---------------------------------------------------------------- routes */

#define MANDATES .resource = &mandate_resource

const struct route mandate_routes[] = {
    {.method = "GET",
     .path = "/mandates",
     .may = MAY_ALL,
     .run = list_all,
     .view = "mandate/list",
     .shape = SHAPE_LIST,
     MANDATES,
     .what = N_("The mandates of all groups")},
    {.method = "POST",
     .path = "/mandates",
     .may = MAY_LOGIN,
     .run = mandate_create,
     .shape = SHAPE_CREATE,
     MANDATES,
     .what = N_("Writes the next version of a group's mandate: a draft")},
    {.method = "POST",
     .path = "/mandates/previews",
     .may = MAY_LOGIN,
     .run = preview,
     .view = "mandate/preview",
     .shape = SHAPE_PAGE,
     .prepare = preview_before,
     .flags = ROUTE_NO_DAY},
    {.method = "GET",
     .path = "/mandates/{id}",
     .may = MAY_ALL,
     .run = show,
     .view = "mandate/show",
     .shape = SHAPE_ONE,
     MANDATES,
     .what = N_("One version of a mandate")},
    {.method = "PATCH",
     .path = "/mandates/{id}",
     .may = MAY_LOGIN,
     .run = mandate_change,
     .shape = SHAPE_CHANGE,
     MANDATES,
     .form = mandate_edit_form,
     .what = N_("Changes a draft, or a mandate that was returned")},
    {.method = "DELETE",
     .path = "/mandates/{id}",
     .may = MAY_LOGIN,
     .run = mandate_remove,
     .shape = SHAPE_REMOVE,
     MANDATES,
     .form = mandate_delete_form,
     .what = N_("Deletes a draft that was never submitted")},
    {.method = "GET",
     .path = "/mandates/{id}/edit",
     .may = MAY_LOGIN,
     .run = mandate_edit_form,
     .view = "group/form",
     .shape = SHAPE_PAGE},
    {.method = "GET",
     .path = "/mandates/{id}/delete",
     .may = MAY_LOGIN,
     .run = mandate_delete_form,
     .view = "group/form",
     .shape = SHAPE_PAGE},
    {.method = "POST",
     .path = "/mandates/{id}/submissions",
     .may = MAY_LOGIN,
     .run = mandate_submit,
     .shape = SHAPE_ACTION,
     MANDATES,
     .what = N_("Submits a draft to the group's principals")},
    {.method = "POST",
     .path = "/mandates/{id}/approvals",
     .may = MAY_LOGIN,
     .run = mandate_approve,
     .shape = SHAPE_ACTION,
     MANDATES,
     .body = mandate_approval_fields,
     .form = mandate_approval_form,
     .what = N_("Approves or returns a submitted mandate in the name of a principal")},
    {.method = "GET",
     .path = "/mandates/{id}/approvals/new",
     .may = MAY_LOGIN,
     .run = mandate_approval_form,
     .view = "group/form",
     .shape = SHAPE_PAGE,
     .query = mandate_approval_query},
    {.method = "POST",
     .path = "/mandates/{id}/extensions",
     .may = MAY_LOGIN,
     .run = mandate_extend,
     .shape = SHAPE_ACTION,
     MANDATES,
     .body = mandate_extension_fields,
     .form = mandate_extension_form,
     .what = N_("Extends an approved mandate: a new version, a draft")},
    {.method = "GET",
     .path = "/mandates/{id}/extensions/new",
     .may = MAY_LOGIN,
     .run = mandate_extension_form,
     .view = "group/form",
     .shape = SHAPE_PAGE},
    {.method = "GET",
     .path = "/mandates/{id}/comparison",
     .may = MAY_ALL,
     .run = compare,
     .view = "mandate/comparison",
     .shape = SHAPE_VIEW,
     .query = with_query,
     .reply = mandate_comparison_reply,
     .flags = ROUTE_SLOW,
     .what = N_("What has changed between two versions, word by word")},
    {.method = "GET",
     .path = "/mandates/{id}/document",
     .may = MAY_ALL,
     .run = document,
     .view = "mandate/document",
     .shape = SHAPE_VIEW,
     .reply = document_reply,
     .media = "text/markdown",
     .what = N_("A mandate as a document to print and sign, in Markdown")},

    {.method = "GET",
     .path = "/groups/{id}/mandates",
     .may = MAY_ALL,
     .run = list_group,
     .view = "mandate/group",
     .shape = SHAPE_LIST,
     MANDATES,
     .what = N_("The mandates of a group")},
    {.method = "POST",
     .path = "/groups/{id}/mandates",
     .may = MAY_LOGIN,
     .run = mandate_create,
     .shape = SHAPE_CREATE,
     MANDATES,
     .form = mandate_new_form,
     .what = N_("Writes the next version of a group's mandate: a draft")},
    {.method = "GET",
     .path = "/groups/{id}/mandates/new",
     .may = MAY_LOGIN,
     .run = mandate_new_form,
     .view = "group/form",
     .shape = SHAPE_PAGE,
     .query = mandate_new_query},
    {.method = "GET",
     .path = "/groups/{id}/mandates/comparison",
     .may = MAY_ALL,
     .run = chosen,
     .shape = SHAPE_PAGE,
     .query = chosen_query},
    {0},
};
