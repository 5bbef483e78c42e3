/* site_pages.c: the site's own pages.
 *
 * Owns the routes of what the law asks for, of the register's administration, and of the API
 * explaining itself. The texts are site_text.c's, what they may be setting.c's and
 * shortcoming.c's. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <kansli/access.h>
#include <kansli/audit.h>
#include <kansli/json.h>
#include "internal.h"

static const char *id_of(struct ctx *ctx)
{
    return ctx_value(ctx, "id");
}

/* Administration / `href` `name` / here; `href` NULL: no step between. */
static void add_crumbs(struct ctx *ctx, json_t *document, const char *href, const char *name,
                       const char *here)
{
    json_t *crumbs = json_pack("[{s:s, s:s}]", "href", "/administration", "name",
                               ctx_text(ctx, N_("Administration")));
    if (href)
        json_push(crumbs, json_pack("{s:s, s:s}", "href", href, "name", name));
    json_push(crumbs, json_pack("{s:s, s:s}", "href", ctx->path, "name", here));
    ctx_embed(ctx, document, "crumbs", crumbs);
}

static void add_history(struct ctx *ctx, const struct resource *r, struct answer *out)
{
    json_t *history = NULL;
    long long key = 0;
    json_t *object = resource_one(ctx, r, id_of(ctx), &key, NULL);
    json_decref(object);
    if (!audit_list(ctx, r, key, &history))
        ctx_embed(ctx, out->document, "history", history);
}

/* ---------------------------------------------------------------- what the law asks for */

static enum code text_page(struct ctx *ctx, const char *topic, const char *title,
                           struct answer *out)
{
    enum code c = site_text_answer(ctx, topic, out);
    out->title = title;
    out->view = "site/text";
    if (c || !out->document || !ctx_page(ctx))
        return c;
    ctx_embed(ctx, out->document, "edit",
              may(ctx, ACT_CHANGE_SITE, 0)
                  ? json_sprintf("/site-texts/%s/edit", json_text(out->document, "id"))
                  : json_null());
    ctx_embed(ctx, out->document, "crumbs", json_array());
    ctx_embed(ctx, out->document, "history", json_null());
    return OK;
}

static enum code accessibility(struct ctx *ctx, struct answer *out)
{
    enum code c =
        text_page(ctx, "accessibility", ctx_text(ctx, N_("Accessibility statement")), out);
    if (c || !ctx_page(ctx))
        return c;
    json_t *form = resource_form(ctx, shortcoming_report_fields, NULL, "/shortcomings",
                                 ctx_text(ctx, NC_("button", "Send")));
    ctx_embed(ctx, out->document, "form", form);
    return OK;
}

static enum code personal_data(struct ctx *ctx, struct answer *out)
{
    enum code c = text_page(ctx, "personalData", ctx_text(ctx, N_("Personal data")), out);
    if (!c && ctx_page(ctx))
        ctx_embed(ctx, out->document, "form", json_null());
    return c;
}

/* ---------------------------------------------------------------- the texts, edited */

static enum code list_texts(struct ctx *ctx, struct answer *out)
{
    out->title = ctx_text(ctx, N_("Texts of the site"));
    enum code c = resource_list(ctx, &site_text_resource, (struct fixed){0}, &out->document);
    if (!c && ctx_page(ctx))
        add_crumbs(ctx, out->document, NULL, NULL, out->title);
    return c;
}

static enum code show_text(struct ctx *ctx, struct answer *out)
{
    enum code c = resource_answer(ctx, &site_text_resource, id_of(ctx), out);
    if (c || !ctx_page(ctx))
        return c;
    const char *title = json_text(out->document, "topicLabel");
    out->title = title;
    ctx_embed(ctx, out->document, "edit",
              may(ctx, ACT_CHANGE_SITE, 0) ? json_sprintf("/site-texts/%s/edit", id_of(ctx))
                                           : json_null());
    ctx_embed(ctx, out->document, "form", json_null());
    add_crumbs(ctx, out->document, "/site-texts", ctx_text(ctx, N_("Texts of the site")), title);
    add_history(ctx, &site_text_resource, out);
    return OK;
}

static void text_form(struct ctx *ctx, struct answer *out, const json_t *object, json_t *form,
                      const char *html)
{
    out->title =
        ctx_textf(ctx, N_("Change: {topic}"), "topic", json_text(object, "topicLabel"), NULL);
    out->view = "site/text-edit";
    out->document = json_pack("{s:o, s:O, s:O}", "form", form, "id", json_object_get(object, "id"),
                              "languageLabel", json_object_get(object, "languageLabel"));
    json_put(form, "cancel", arena_printf(ctx->arena, "/site-texts/%s", id_of(ctx)));
    json_put(out->document, "previewHtml", html);
    add_crumbs(ctx, out->document, "/site-texts", ctx_text(ctx, N_("Texts of the site")),
               out->title);
}

static const char *text_action(struct ctx *ctx)
{
    return arena_printf(ctx->arena, "/site-texts/%s?_method=PATCH", id_of(ctx));
}

static enum code edit_text(struct ctx *ctx, struct answer *out)
{
    json_t *object = NULL;
    enum code c = must_may(ctx, ACT_CHANGE_SITE, 0);
    if (c)
        return c;
    json_t *form = resource_form_of(ctx, &site_text_resource, id_of(ctx), text_action(ctx),
                                    ctx_text(ctx, N_("Save")), &object);
    if (!form)
        return resource_absent(ctx, &site_text_resource, id_of(ctx), out);
    text_form(ctx, out, object, form, json_text(object, "textHtml"));
    json_decref(object);
    return OK;
}

/* Without scripts: the form once more, with what was typed, and beside it how that will look. */
static enum code preview_text(struct ctx *ctx, struct answer *out)
{
    const char *typed = params_text(ctx->body, "text"), *html;
    enum code c = must_may(ctx, ACT_CHANGE_SITE, 0);
    if (!c)
        c = ctx_markdown(ctx, typed ? typed : "", 2, "/text", &html);
    if (c)
        return c;
    json_t *object = resource_one(ctx, &site_text_resource, id_of(ctx), NULL, NULL);
    if (!object)
        return ctx_absent(ctx);
    json_put(object, "text", typed);
    json_t *form = resource_form(ctx, site_text_resource.fields, object, text_action(ctx),
                                 ctx_text(ctx, N_("Save")));
    json_put(form, "version", params_text(ctx->body, "_version"));
    text_form(ctx, out, object, form, html);
    json_decref(object);
    return OK;
}

static enum code change_text(struct ctx *ctx, struct answer *out)
{
    enum code c = site_text_change(ctx, id_of(ctx));
    out->flash = N_("Saved.");
    return c ? c : resource_changed(ctx, &site_text_resource, id_of(ctx), out);
}

static const struct field preview_fields[] = {
    {.name = "text", .label = N_("Text"), .type = T_MARKDOWN},
    {0},
};

static const char preview_reply[] = "{\"type\":\"object\",\"required\":[\"html\"],"
                                    "\"properties\":{\"html\":{\"type\":\"string\"}}}";

/* Any Markdown field's preview, while it is typed: a piece of HTML. Made on the worker. */
static enum code preview_before(struct ctx *ctx, struct answer *out)
{
    const char *typed = NULL, *html;
    (void)out;
    enum code c = fields_read(ctx, preview_fields, &typed);
    if (!c)
        c = ctx_markdown(ctx, typed ? typed : "", 2, "/text", &html);
    if (c)
        return c;
    ctx->prepared = json_object();
    json_put(ctx->prepared, "html", html);
    return OK;
}

/* A script gets JSON; the page's own script puts the piece where it belongs. */
static enum code preview(struct ctx *ctx, struct answer *out)
{
    out->document = json_incref(ctx->prepared);
    if (ctx->api)
        return OK;
    out->raw = json_text(ctx->prepared, "html");
    out->raw_type = "text/html; charset=utf-8";
    return OK;
}

/* ---------------------------------------------------------------- shortcomings */

static enum code report(struct ctx *ctx, struct answer *out)
{
    const char *id = NULL;
    enum code c = shortcoming_report(ctx, &id);
    if (c)
        return c;
    out->see = "/shortcomings/thanks";
    out->personal = true;
    return resource_created(ctx, &shortcoming_resource, id, out);
}

static enum code thanks(struct ctx *ctx, struct answer *out)
{
    out->title = ctx_text(ctx, N_("Thank you"));
    out->document = json_object();
    return OK;
}

static enum code list_shortcomings(struct ctx *ctx, struct answer *out)
{
    enum code c = must_may(ctx, ACT_SEE_SHORTCOMINGS, 0);
    out->title = ctx_text(ctx, N_("Shortcomings in accessibility"));
    if (!c)
        c = resource_list(ctx, &shortcoming_resource, (struct fixed){0}, &out->document);
    if (!c && ctx_page(ctx))
        add_crumbs(ctx, out->document, NULL, NULL, out->title);
    return c;
}

static enum code show_shortcoming(struct ctx *ctx, struct answer *out)
{
    json_t *form = NULL;
    enum code c = must_may(ctx, ACT_SEE_SHORTCOMINGS, 0);
    if (c)
        return c;
    c = resource_answer(ctx, &shortcoming_resource, id_of(ctx), out);
    out->title = ctx_text(ctx, N_("Shortcoming"));
    out->view = "site/shortcoming";
    if (c || !ctx_page(ctx))
        return c;
    if (may(ctx, ACT_CHANGE_SITE, 0))
        form =
            resource_form_of(ctx, &shortcoming_resource, id_of(ctx),
                             arena_printf(ctx->arena, "/shortcomings/%s?_method=PATCH", id_of(ctx)),
                             ctx_text(ctx, N_("Save")), NULL);
    ctx_embed(ctx, out->document, "form", form);
    add_crumbs(ctx, out->document, "/shortcomings",
               ctx_text(ctx, N_("Shortcomings in accessibility")), out->title);
    add_history(ctx, &shortcoming_resource, out);
    return OK;
}

static enum code change_shortcoming(struct ctx *ctx, struct answer *out)
{
    enum code c = shortcoming_change(ctx, id_of(ctx));
    out->flash = N_("Saved.");
    return c ? c : resource_changed(ctx, &shortcoming_resource, id_of(ctx), out);
}

/* ---------------------------------------------------------------- administration */

static enum code administration(struct ctx *ctx, struct answer *out)
{
    enum code c = must_may(ctx, ACT_SEE_SHORTCOMINGS, 0);
    if (c)
        return c;
    out->title = ctx_text(ctx, N_("Administration"));
    out->document = json_object();
    json_put_int(out->document, "shortcomings", shortcomings_new(ctx));
    json_put_bool(out->document, "waiting", json_int(out->document, "shortcomings", 0) > 0);
    return OK;
}

static enum code list_settings(struct ctx *ctx, struct answer *out)
{
    out->title = ctx_text(ctx, N_("Settings"));
    enum code c = resource_list(ctx, &setting_resource, (struct fixed){0}, &out->document);
    if (!c && ctx_page(ctx))
        add_crumbs(ctx, out->document, NULL, NULL, out->title);
    return c;
}

static enum code show_setting(struct ctx *ctx, struct answer *out)
{
    enum code c = resource_answer(ctx, &setting_resource, id_of(ctx), out);
    if (c || !ctx_page(ctx))
        return c;
    out->title = json_text(out->document, "label");
    add_crumbs(ctx, out->document, "/settings", ctx_text(ctx, N_("Settings")), out->title);
    add_history(ctx, &setting_resource, out);
    return OK;
}

static enum code edit_setting(struct ctx *ctx, struct answer *out)
{
    json_t *object = NULL;
    json_t *form =
        resource_form_of(ctx, &setting_resource, id_of(ctx),
                         arena_printf(ctx->arena, "/settings/%s?_method=PATCH", id_of(ctx)),
                         ctx_text(ctx, N_("Save")), &object);
    if (!form)
        return resource_absent(ctx, &setting_resource, id_of(ctx), out);
    setting_offer(ctx, id_of(ctx), form);
    json_put(form, "cancel", "/settings");
    out->title = arena_strdup(ctx->arena, json_text(object, "label"));
    out->document = json_pack("{s:o, s:O}", "form", form, "lead", json_object_get(object, "hint"));
    add_crumbs(ctx, out->document, "/settings", ctx_text(ctx, N_("Settings")), out->title);
    json_decref(object);
    return OK;
}

static enum code change_setting(struct ctx *ctx, struct answer *out)
{
    enum code c = setting_change(ctx, id_of(ctx));
    out->flash = N_("Saved.");
    out->see = "/settings";
    return c ? c : resource_changed(ctx, &setting_resource, id_of(ctx), out);
}

/* ---------------------------------------------------------------- the API explains itself */

/* The OpenAPI document as text. A process serves one base address: whoever asks first has it made,
 * and it is kept. */
static const char *description(const char *base_url)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static const char *text;
    pthread_mutex_lock(&lock);
    if (!text) {
        json_t *document = openapi_document(base_url);
        text = json_dumps(document, JSON_COMPACT);
        MUST(text);
        json_decref(document);
    }
    pthread_mutex_unlock(&lock);
    return text;
}

static enum code openapi(struct ctx *ctx, struct answer *out)
{
    out->raw = description(ctx->base_url);
    out->raw_type = "application/json";
    out->open_to_all = true;
    return OK;
}

static enum code api_info(struct ctx *ctx, struct answer *out)
{
    out->document = json_object();
    json_put(out->document, "apiName", "kansli");
    json_put(out->document, "apiVersion", API_VERSION);
    json_put(out->document, "apiReleased", API_RELEASED);
    json_put(out->document, "apiDocumentation", arena_printf(ctx->arena, "%s/api", ctx->base_url));
    json_put(out->document, "apiStatus", "active");
    return OK;
}

static enum code api_page(struct ctx *ctx, struct answer *out)
{
    out->title = ctx_text(ctx, N_("API"));
    out->document = json_object();
    struct site_limits limits = site_limits(ctx->tx);
    json_put_new(out->document, "lists", api_lists());
    json_put_new(out->document, "examples", api_examples(ctx));
    json_put_new(out->document, "versions", api_versions(ctx));
    json_put(out->document, "released", API_RELEASED);
    json_put_int(out->document, "perSecond", limits.per_second);
    json_put_int(out->document, "burst", limits.burst);
    json_put(out->document, "base", arena_printf(ctx->arena, "%s/api/v1", ctx->base_url));
    return OK;
}

static enum code list_problems(struct ctx *ctx, struct answer *out)
{
    json_t *items = json_array();
    out->title = ctx_text(ctx, N_("Error catalogue"));
    for (const struct problem *problem = problem_table; problem->rule; problem++)
        json_push(items, problem_document(ctx, problem));
    out->document = json_pack("{s:o}", "items", items);
    return OK;
}

static enum code show_problem(struct ctx *ctx, struct answer *out)
{
    const struct problem *problem = problem_find(ctx_value(ctx, "rule"));
    if (!problem)
        return ctx_absent(ctx);
    out->document = problem_document(ctx, problem);
    out->title = json_text(out->document, "title");
    return OK;
}

static enum code shortcuts(struct ctx *ctx, struct answer *out)
{
    out->title = ctx_text(ctx, N_("Keyboard shortcuts"));
    out->document = json_object();
    return OK;
}

/* What is found by searching the web is what is public; a script's way in is the API. */
static enum code robots(struct ctx *ctx, struct answer *out)
{
    (void)ctx;
    out->raw = "User-agent: *\nDisallow: /api/v1/\nDisallow: /login\nDisallow: /search\n"
               "Disallow: /candidates/\nDisallow: /employer-approvals/\n";
    out->raw_type = "text/plain; charset=utf-8";
    return OK;
}

/* ---------------------------------------------------------------- routes */

static const char api_info_schema[] =
    "{\"type\":\"object\",\"required\":[\"apiName\",\"apiVersion\",\"apiReleased\","
    "\"apiDocumentation\","
    "\"apiStatus\"],\"properties\":{\"apiName\":{\"type\":\"string\"},\"apiVersion\":{\"type\":"
    "\"string\"},"
    "\"apiReleased\":{\"type\":\"string\",\"format\":\"date\",\"example\":\"2026-11-22\"},"
    "\"apiDocumentation\":{\"type\":\"string\",\"format\":\"uri\"},"
    "\"apiStatus\":{\"type\":\"string\",\"enum\":[\"active\",\"deprecated\"]}}}";

#define PROBLEM                                                                                \
    "{\"type\":\"object\",\"required\":[\"rule\",\"type\",\"status\",\"title\",\"meaning\","   \
    "\"remedy\"],"                                                                             \
    "\"properties\":{\"rule\":{\"type\":\"string\"},\"type\":{\"type\":\"string\",\"format\":" \
    "\"uri\"},"                                                                                \
    "\"status\":{\"type\":\"integer\"},\"title\":{\"type\":\"string\"},"                       \
    "\"meaning\":{\"type\":\"string\"},\"remedy\":{\"type\":\"string\"}}}"
static const char problem_schema[] = PROBLEM;
static const char problems_schema[] =
    "{\"type\":\"object\",\"required\":[\"items\"],\"properties\":{"
    "\"items\":{\"type\":\"array\",\"items\":" PROBLEM "}}}";

const struct route site_routes[] = {
    {"GET", "/tillganglighet", MAY_ALL, accessibility, "site/text",
     N_("The accessibility statement that the law asks for."), SHAPE_ONE, &site_text_resource,
     .flags = ROUTE_NO_DAY | ROUTE_CACHE},
    {"GET", "/personuppgifter", MAY_ALL, personal_data, "site/text",
     N_("How personal data are treated."), SHAPE_ONE, &site_text_resource,
     .flags = ROUTE_NO_DAY | ROUTE_CACHE},

    {"GET", "/site-texts", MAY_ALL, list_texts, "site/texts",
     N_("The texts of the site's own pages."), SHAPE_LIST, &site_text_resource,
     .flags = ROUTE_NO_DAY},
    {"GET", "/site-texts/{id}", MAY_ALL, show_text, "site/text", N_("One text."), SHAPE_ONE,
     &site_text_resource, .flags = ROUTE_NO_DAY},
    {"GET", "/site-texts/{id}/edit", MAY_LOGIN, edit_text, "site/text-edit",
     N_("The form that changes a text."), SHAPE_PAGE, .flags = ROUTE_NO_DAY},
    {"PATCH", "/site-texts/{id}", MAY_LOGIN, change_text, NULL, N_("Changes a text."), SHAPE_CHANGE,
     &site_text_resource, .form = edit_text, .flags = ROUTE_NO_DAY},
    {"POST", "/site-texts/{id}/previews", MAY_LOGIN, preview_text, "site/text-edit",
     N_("Shows how a text will look."), SHAPE_PAGE, .form = edit_text, .flags = ROUTE_NO_DAY},
    {"POST", "/previews", MAY_LOGIN, preview, NULL, N_("Markdown as a piece of HTML."), SHAPE_VIEW,
     .body = preview_fields, .reply = preview_reply, .prepare = preview_before,
     .flags = ROUTE_NO_DAY},

    {"POST", "/shortcomings", MAY_ALL, report, NULL,
     N_("Tells of something that is not accessible."), SHAPE_CREATE, &shortcoming_resource,
     .body = shortcoming_report_fields, .form = accessibility,
     .flags = ROUTE_NO_DAY | ROUTE_NO_CSRF},
    {"GET", "/shortcomings/thanks", MAY_ALL, thanks, "site/thanks", N_("What happens now."),
     SHAPE_PAGE, .flags = ROUTE_NO_DAY},
    {"GET", "/shortcomings", MAY_LOGIN, list_shortcomings, "site/shortcomings",
     N_("What has been told about accessibility."), SHAPE_LIST, &shortcoming_resource,
     .flags = ROUTE_NO_DAY},
    {"GET", "/shortcomings/{id}", MAY_LOGIN, show_shortcoming, "site/shortcoming",
     N_("One shortcoming and its answer."), SHAPE_ONE, &shortcoming_resource,
     .flags = ROUTE_NO_DAY},
    {"PATCH", "/shortcomings/{id}", MAY_LOGIN, change_shortcoming, NULL,
     N_("Answers or closes a shortcoming."), SHAPE_CHANGE, &shortcoming_resource,
     .form = show_shortcoming, .flags = ROUTE_NO_DAY},

    {"GET", "/administration", MAY_LOGIN, administration, "site/administration",
     N_("Where the register is kept in order."), SHAPE_PAGE, .flags = ROUTE_NO_DAY},
    {"GET", "/settings", MAY_ADMINISTER, list_settings, "site/settings",
     N_("The settings that a person may change."), SHAPE_LIST, &setting_resource,
     .flags = ROUTE_NO_DAY},
    {"GET", "/settings/{id}", MAY_ADMINISTER, show_setting, "site/setting", N_("One setting."),
     SHAPE_ONE, &setting_resource, .flags = ROUTE_NO_DAY},
    {"GET", "/settings/{id}/edit", MAY_ADMINISTER, edit_setting, "form",
     N_("The form that changes a setting."), SHAPE_PAGE, .flags = ROUTE_NO_DAY},
    {"PATCH", "/settings/{id}", MAY_ADMINISTER, change_setting, NULL, N_("Changes a setting."),
     SHAPE_CHANGE, &setting_resource, .form = edit_setting, .flags = ROUTE_NO_DAY},

    {"GET", "/openapi.json", MAY_ALL, openapi, NULL, N_("This description."), SHAPE_VIEW,
     .flags = ROUTE_NO_DAY},
    {"GET", "/api-info", MAY_ALL, api_info, NULL, N_("The API's name, version and status."),
     SHAPE_VIEW, .reply = api_info_schema, .flags = ROUTE_NO_DAY},
    {"GET", "/api", MAY_ALL, api_page, "site/api", N_("The API explained."), SHAPE_PAGE,
     .flags = ROUTE_NO_DAY | ROUTE_CACHE},
    {"GET", "/problems", MAY_ALL, list_problems, "site/problems",
     N_("Every rule that an error can name, with what it means and what to do."), SHAPE_VIEW,
     .reply = problems_schema, .flags = ROUTE_NO_DAY | ROUTE_CACHE},
    {"GET", "/problems/{rule}", MAY_ALL, show_problem, "site/problem",
     N_("One rule: what it means and what to do."), SHAPE_VIEW, .reply = problem_schema,
     .flags = ROUTE_NO_DAY | ROUTE_CACHE},
    {"GET", "/shortcuts", MAY_ALL, shortcuts, "site/shortcuts", N_("Keyboard shortcuts."),
     SHAPE_PAGE, .flags = ROUTE_NO_DAY},
    {"GET", "/robots.txt", MAY_ALL, robots, NULL, N_("For search engines."), SHAPE_PAGE,
     .flags = ROUTE_NO_DAY},
    {0},
};
