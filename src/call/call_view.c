/* call_view.c: what pages show of calls beside what a script reads: how long is left, what the
 * group does and asks of people's time, what is sought and lacks today, the tabs for those inside.
 *
 * Owns the documents of pages. Must not know rules. Everything that a reader without login sees
 * here he may read elsewhere: the group, its mandate in force, its coverage. */
#include <string.h>
#include <kansli/coverage.h>
#include <kansli/group.h>
#include <kansli/mandate.h>
#include <kansli/organisation.h>
#include <kansli/requirement.h>
#include "internal.h"

/* ---------------------------------------------------------------- the group */

/* The group's page; null for whom a call of a group that is closed to others asks. */
static json_t *group_href(struct ctx *ctx, const json_t *call)
{
    const char *id = json_text(call, "groupId");
    bool known = db_exists(ctx->tx,
                           "SELECT 1 FROM body b JOIN workgroup g ON g.key = b.key "
                           "WHERE b.id = ?5 AND " CALL_GROUP_VISIBLE("g"),
                           CALL_ARGS(ctx, id));
    return known ? json_text_new(arena_printf(ctx->arena, "/groups/%s", id)) : json_null();
}

/* ---------------------------------------------------------------- days */

/* Whole days until the last one; null for a call that is not open or has no last day. */
static json_t *days_left(struct ctx *ctx, const json_t *call)
{
    const char *last = json_text(call, "closesOn");
    if (!last || strcmp(json_text(call, "status"), "open"))
        return json_null();
    return json_integer(day_diff(ctx->day, last));
}

/* What a row of a page shows beside the call. */
static void put_beside(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach (items, i, item) {
        ctx_embed(ctx, item, "daysLeft", days_left(ctx, item));
        ctx_embed(ctx, item, "groupHref", group_href(ctx, item));
    }
}

/* ---------------------------------------------------------------- the list */

/* This list with another status: a page begins with what can be answered. */
static json_t *choices(struct ctx *ctx)
{
    static const struct {
        const char *status, *label;
        bool signed_in;
    } which[] = {{"open", NC_("calls", "Open"), false},
                 {"draft", NC_("calls", "Drafts"), true},
                 {"closed", NC_("calls", "Closed"), false},
                 {"decided", NC_("calls", "Decided"), false}};
    const char *now = ctx_query(ctx, "status") ? ctx_query(ctx, "status") : "open";
    json_t *all = json_array();
    for (size_t i = 0; i < LEN(which); i++) {
        if (which[i].signed_in && !ctx->actor->account_key)
            continue;
        json_t *one = json_push(all, json_object());
        json_put(one, "label", ctx_text(ctx, which[i].label));
        json_put(one, "href",
                 i ? arena_printf(ctx->arena, "?status=%s", which[i].status) : ctx->path);
        json_put_bool(one, "current", !strcmp(now, which[i].status));
    }
    return all;
}

/* The healthcare regions, as whom a call may ask. */
static void add_asked(struct ctx *ctx, json_t *filters)
{
    const char *chosen = ctx_query(ctx, "askedIds");
    json_t *one = json_push(filters, json_object());
    json_put(one, "name", "askedIds");
    json_put(one, "label", ctx_text(ctx, N_("Who is asked")));
    json_put(one, "type", "select");
    json_put(one, "value", chosen);
    json_t *options = json_put_new(one, "options", json_array()), *row;
    json_t *rows = db_rows_(ctx->tx, healthcare_region_reference.options, NULL, 0);
    size_t i;
    json_array_foreach (rows, i, row) {
        json_t *option = json_push(options, row);
        json_incref(row);
        json_put_bool(option, "selected", chosen && !strcmp(chosen, json_text(row, "value")));
    }
    json_decref(rows);
}

/* Name and level; the status is chosen above, and what else is in the address goes along unseen. */
static void tidy(struct ctx *ctx, json_t *filters)
{
    static const char *const gone[] = {"page", "asOf", "embed", "q", "level", "askedIds"};
    size_t i = json_array_size(filters);
    const char *name;
    json_t *value;
    while (i-- > 0) {
        json_t *one = json_array_get(filters, i);
        if (!strcmp(json_text(one, "name"), "q"))
            json_put(one, "label", ctx_text(ctx, N_("Title or group")));
        else if (strcmp(json_text(one, "name"), "level"))
            json_array_remove(filters, i);
    }
    add_asked(ctx, filters);
    json_object_foreach (ctx->query->values, name, value) {
        bool shown = !json_is_string(value);
        for (size_t j = 0; j < LEN(gone); j++)
            shown = shown || !strcmp(gone[j], name);
        if (!shown)
            json_push(filters, json_pack("{s:s, s:s, s:s, s:O, s:[]}", "name", name, "label", name,
                                         "type", "hidden", "value", value, "options"));
    }
}

enum code call_list(struct ctx *ctx, struct answer *out)
{
    bool begins = ctx_page(ctx) && !ctx_query(ctx, "status");
    struct fixed open = {.condition = begins ? CALL_IS_OPEN : NULL};
    enum code c = resource_list(ctx, &call_resource, open, &out->document);
    if (c)
        return c;
    out->title = ctx_text(ctx, N_("Nominations"));
    if (ctx_embeds(ctx, "choices"))
        ctx_embed(ctx, out->document, "choices", choices(ctx));
    if (ctx_page(ctx)) {
        json_t *all = json_object_get(out->document, "_embedded");
        tidy(ctx, json_object_get(all, "filters"));
        put_beside(ctx, json_object_get(out->document, "items"));
    }
    return tx_code(ctx->tx);
}

enum code call_list_of_group(struct ctx *ctx, struct answer *out)
{
    enum code c;
    const char *id = ctx_value(ctx, "id");
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    struct fixed fixed = {.condition = "\"group_key\" = ?6", .key = key};
    c = resource_list(ctx, &call_resource, fixed, &out->document);
    if (c)
        return c;
    if (may(ctx, ACT_KEEP_CALL, key) && !call_group_is_closed(ctx, key))
        ctx_link(ctx, out->document, "create", "POST",
                 arena_printf(ctx->arena, "/groups/%s/nomination-calls", id));
    ctx->as_support = false; /* asked, not done */
    if (ctx_page(ctx))
        put_beside(ctx, json_object_get(out->document, "items"));
    return group_below(ctx, id, out, "/nomination-calls", ctx_text(ctx, N_("Nominations")));
}

/* ---------------------------------------------------------------- the head of a call's pages */

static void step(json_t *crumbs, const char *href, const char *name)
{
    json_t *crumb = json_push(crumbs, json_object());
    json_put(crumb, "href", href);
    json_put(crumb, "name", name);
}

static const char *path_of(struct ctx *ctx, const json_t *call, const char *rest)
{
    return arena_printf(ctx->arena, "/nomination-calls/%s%s", json_text(call, "id"), rest);
}

static json_t *crumbs_of(struct ctx *ctx, const json_t *call, const char *group,
                         const char *here)
{
    json_t *crumbs = json_array();
    step(crumbs, "/nomination-calls", ctx_text(ctx, N_("Nominations")));
    if (group)
        step(crumbs, arena_join(ctx->arena, group, "/nomination-calls", NULL),
             json_text(call, "groupName"));
    step(crumbs, path_of(ctx, call, ""), json_text(call, "title"));
    if (here)
        step(crumbs, ctx->path, here);
    return crumbs;
}

static bool is_asked(struct ctx *ctx, long long key)
{
    return ctx->actor->account_key && !ctx->actor->half &&
           db_exists(ctx->tx,
                     "SELECT 1 FROM nomination_call_asked a JOIN account_role r "
                     "ON r.organisation_key = a.organisation_key WHERE a.call_key = ?1 "
                     "AND r.account_key = ?2",
                     key, ctx->actor->account_key);
}

static void add_tab(struct ctx *ctx, json_t *tabs, const json_t *call, const char *rest,
                    const char *label, const char *current)
{
    json_t *tab = json_push(tabs, json_object());
    json_put(tab, "href", path_of(ctx, call, rest));
    json_put(tab, "label", ctx_text(ctx, label));
    json_put_bool(tab, "current", !strcmp(rest, current));
}

/* For those who keep or see its nominations; who is asked sees the own ones. Empty for all others.
 */
static json_t *tabs_of(struct ctx *ctx, const json_t *call, long long key, const char *current)
{
    json_t *tabs = json_array();
    bool sees = json_object_get(call, "nominationCounts") != NULL;
    if (!sees && !is_asked(ctx, key))
        return tabs;
    add_tab(ctx, tabs, call, "", NC_("tab", "The call"), current);
    add_tab(ctx, tabs, call, "/nominations", N_("Nominations"), current);
    if (sees)
        add_tab(ctx, tabs, call, "/comparison", N_("Comparison"), current);
    return tabs;
}

static void embed_head(struct ctx *ctx, json_t *document, const json_t *call, long long key,
                       const char *tab, const char *here)
{
    json_t *group = group_href(ctx, call);
    if (ctx_embeds(ctx, "crumbs"))
        ctx_embed(ctx, document, "crumbs",
                  crumbs_of(ctx, call, json_string_value(group), here));
    if (ctx_embeds(ctx, "callTabs"))
        ctx_embed(ctx, document, "callTabs", tabs_of(ctx, call, key, tab));
    if (ctx_embeds(ctx, "daysLeft"))
        ctx_embed(ctx, document, "daysLeft", days_left(ctx, call));
    if (ctx_embeds(ctx, "groupHref"))
        ctx_embed(ctx, document, "groupHref", json_incref(group));
    json_decref(group);
}

enum code call_below(struct ctx *ctx, const char *id, struct answer *out, const char *tab,
                     const char *here)
{
    long long key = 0;
    if (!ctx_page(ctx))
        return OK;
    json_t *call = resource_one(ctx, &call_resource, id, &key, NULL);
    if (!call)
        return tx_code(ctx->tx);
    out->title = ctx_textf(ctx, N_("{page}: {group}"), "page", here, "group",
                           json_text(call, "title"), NULL);
    embed_head(ctx, out->document, call, key, tab, here);
    ctx_embed(ctx, out->document, "call", call);
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- the public page of a call */

static json_t *html_of(struct ctx *ctx, const char *text)
{
    const char *html;
    if (!text || ctx_markdown(ctx, text, 3, "/text", &html))
        return json_null();
    return json_text_new(html);
}

/* What the group is for and what a seat asks of somebody's time, as the mandate in force says. */
static json_t *task_of(struct ctx *ctx, long long group_key)
{
    json_t *task = json_object(), *mandate = mandate_in_force(ctx, group_key);
    json_put_new(task, "purposeHtml", html_of(ctx, json_text(mandate, "purpose")));
    json_put(task, "mandateId", json_text(mandate, "id"));
    json_put(task, "validTo", json_text(mandate, "validTo"));
    json_t *estimate = json_object_get(mandate, "resourceEstimate");
    json_put_new(task, "memberPercent", json_incref(json_object_get(estimate, "memberPercent")));
    json_put_new(task, "chairPercent", json_incref(json_object_get(estimate, "chairPercent")));
    json_put_new(task, "memberCount", json_incref(json_object_get(estimate, "memberCount")));
    json_decref(mandate);
    return task;
}

static json_t *lack_of(const json_t *coverage, const char *id)
{
    size_t i;
    json_t *one;
    json_array_foreach (json_object_get(coverage, "items"), i, one)
        if (!strcmp(json_text(one, "requirementId"), id))
            return one;
    return NULL;
}

/* The words alone, as the call says them, to whom the group is closed. */
static json_t *sought_in_words(const json_t *call)
{
    json_t *all = json_array(), *text;
    size_t i;
    json_array_foreach (json_object_get(call, "requirementTexts"), i, text)
        json_push(all, json_pack("{s:O, s:n, s:[]}", "text", text, "weightLabel", "missingNames"));
    return all;
}

/* What is sought, and how the group holds it today: [{text, weight, weightLabel, status,
 * statusLabel, missingNames}]. */
static json_t *sought(struct ctx *ctx, const json_t *call, long long group_key)
{
    if (!group_key)
        return sought_in_words(call);
    json_t *all = json_array(), *coverage = coverage_of_group(ctx, group_key, NULL), *id;
    static const char *const shown[] = {"text", "weight", "status", "statusLabel", "missingNames"};
    size_t i;
    json_array_foreach (json_object_get(call, "requirementIds"), i, id) {
        const json_t *lack = lack_of(coverage, json_string_value(id));
        if (!lack)
            continue;
        json_t *one = json_push(all, json_object());
        for (size_t j = 0; j < LEN(shown); j++)
            json_object_set(one, shown[j], json_object_get(lack, shown[j]));
        json_put(one, "weightLabel",
                 value_label(ctx, requirement_weights, json_text(one, "weight")));
    }
    json_decref(coverage);
    return all;
}

static json_t *asked(const json_t *call)
{
    json_t *all = json_array(), *id;
    size_t i;
    json_array_foreach (json_object_get(call, "askedIds"), i, id) {
        json_t *one = json_push(all, json_object());
        json_object_set(one, "id", id);
        json_object_set(one, "name", json_array_get(json_object_get(call, "askedNames"), i));
    }
    return all;
}

enum code call_show(struct ctx *ctx, struct answer *out)
{
    long long key = 0, group_key = 0;
    const char *id = ctx_value(ctx, "id");
    json_t *call = resource_one(ctx, &call_resource, id, &key, &out->version);
    if (!call)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    out->document = call;
    out->title = json_text(call, "title");
    embed_head(ctx, call, call, key, "", NULL);
    if (ctx_embeds(ctx, "textHtml"))
        ctx_embed(ctx, call, "textHtml", html_of(ctx, json_text(call, "text")));
    json_t *group =
        resource_one(ctx, &group_resource, json_text(call, "groupId"), &group_key, NULL);
    if (ctx_embeds(ctx, "task"))
        ctx_embed(ctx, call, "task", group_key ? task_of(ctx, group_key) : json_null());
    if (ctx_embeds(ctx, "sought"))
        ctx_embed(ctx, call, "sought", sought(ctx, call, group_key));
    if (ctx_embeds(ctx, "asked"))
        ctx_embed(ctx, call, "asked", asked(call));
    if (ctx_embeds(ctx, "group"))
        ctx_embed(ctx, call, "group", group ? json_incref(group) : json_null());
    json_decref(group);
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- parts of other pages */

/* The newest open calls under a condition: {calls, href}; NULL when there are none. */
static json_t *panel(struct ctx *ctx, const char *condition, long long key, const char *href)
{
    enum { IN_PANEL = 10 };
    struct fixed fixed = {.condition = condition, .key = key};
    json_t *calls = resource_items(ctx, &call_resource, fixed);
    if (!json_array_size(calls)) {
        json_decref(calls);
        return NULL;
    }
    while (json_array_size(calls) > IN_PANEL)
        json_array_remove(calls, IN_PANEL);
    put_beside(ctx, calls);
    return json_pack("{s:o, s:s}", "calls", calls, "href", href);
}

static json_t *of_group(struct ctx *ctx, long long key, const json_t *object)
{
    return panel(
        ctx, "\"group_key\" = ?6 AND " CALL_IS_OPEN, key,
        arena_printf(ctx->arena, "/groups/%s/nomination-calls", json_text(object, "id")));
}

/* What an organisation is asked to answer. */
static json_t *of_organisation(struct ctx *ctx, long long key, const json_t *object)
{
    return panel(
        ctx,
        "\"key\" IN (SELECT a.call_key FROM nomination_call_asked a WHERE a.organisation_key = ?6) "
        "AND " CALL_IS_OPEN,
        key, arena_printf(ctx->arena, "/nomination-calls?askedIds=%s", json_text(object, "id")));
}

static void link_calls(struct ctx *ctx, long long key, json_t *group)
{
    part_link_list(ctx, group, "nomination-calls",
                   may(ctx, ACT_KEEP_CALL, key) && !call_group_is_closed(ctx, key)
                       ? "add-nomination-call"
                       : NULL);
}

const struct part call_parts[] = {
    {.of = "groups", .name = "nominationCalls", .make = of_group},
    {.of = "organisations", .name = "nominationCalls", .make = of_organisation},
    {.of = "groups", .link = link_calls},
    {0},
};
