/* group_pages.c: the routes of groups, and what their pages show beside the object.
 *
 * Owns handlers of a few lines: a rule or a document, then the parts that a page has. Knows no SQL.
 * What a template shows stands in the document, so that embed=page gives a script the page's twin.
 */
#include <string.h>
#include <kansli/audit.h>
#include <kansli/buf.h>
#include <kansli/part.h>
#include "internal.h"

/* ---------------------------------------------------------------- the list */

static const struct {
    const char *name, *label;
    bool number;
} columns[] = {
    {"fullName", N_("Name"), false},      {"kind", N_("Kind"), false},
    {NULL, NC_("place", "Area"), false},  {NULL, N_("Host"), false},
    {"startDate", N_("In force"), false}, {"memberCount", N_("Members"), true},
    {"status", N_("Status"), false},
};

/* This list's address, sorted otherwise; every other parameter repeated. */
static const char *sorted_by(struct ctx *ctx, const char *sort)
{
    struct buf buf;
    const char *name;
    json_t *value;
    buf_init(&buf, 8192);
    json_object_foreach(ctx->query->values, name, value) {
        if (!strcmp(name, "page") || !strcmp(name, "sort") || !json_is_string(value))
            continue;
        buf_addc(&buf, buf.len ? '&' : '?');
        buf_url(&buf, name, strlen(name));
        buf_addc(&buf, '=');
        buf_url(&buf, json_string_value(value), json_string_length(value));
    }
    buf_addf(&buf, "%csort=%s", buf.len ? '&' : '?', sort);
    const char *text = arena_strndup(ctx->arena, buf.data, buf.len);
    buf_release(&buf);
    return text;
}

/* [{label, href, number, sorted: "ascending"|"descending"|null}]: a click on the sorted one turns
 * it round. */
static json_t *headings(struct ctx *ctx)
{
    const char *sort = ctx_query(ctx, "sort") ? ctx_query(ctx, "sort") : "fullName";
    json_t *all = json_array();
    for (size_t i = 0; i < LEN(columns); i++) {
        const char *name = columns[i].name;
        json_t *heading = json_push(all, json_object());
        bool up = name && !strcmp(sort, name);
        bool down = name && sort[0] == '-' && !strcmp(sort + 1, name);
        json_put(heading, "label", ctx_text(ctx, columns[i].label));
        json_put(heading, "href",
                 name ? sorted_by(ctx, up ? arena_printf(ctx->arena, "-%s", name) : name) : NULL);
        json_put_bool(heading, "number", columns[i].number);
        json_put(heading, "sorted", up ? "ascending" : down ? "descending" : NULL);
    }
    return all;
}

/* The filter bar offers what one looks for; any other filter in the address is carried along
 * unseen. */
static void tidy_filters(struct ctx *ctx, json_t *filters)
{
    static const char *const shown[] = {"q", "kind", "level", "status", "healthcareRegionId",
                                        "regionId"};
    size_t i = json_array_size(filters);
    while (i-- > 0) {
        const char *name = json_text(json_array_get(filters, i), "name");
        bool keep = false;
        for (size_t j = 0; j < LEN(shown); j++)
            keep = keep || !strcmp(shown[j], name);
        if (!keep)
            json_array_remove(filters, i);
    }
    const char *name;
    json_t *value;
    json_object_foreach(ctx->query->values, name, value) {
        bool keep = !strcmp(name, "page") || !strcmp(name, "asOf") || !strcmp(name, "embed") ||
                    !json_is_string(value);
        for (size_t j = 0; j < LEN(shown); j++)
            keep = keep || !strcmp(shown[j], name);
        if (!keep)
            json_push(filters, json_pack("{s:s, s:s, s:s, s:O, s:[]}", "name", name, "label", name,
                                         "type", "hidden", "value", value, "options"));
    }
}

static enum code list(struct ctx *ctx, struct answer *out)
{
    enum code c = resource_list(ctx, &group_resource, (struct fixed){0}, &out->document);
    if (c)
        return c;
    bool closed = ctx_query(ctx, "status") && !strcmp(ctx_query(ctx, "status"), "closed");
    out->title = ctx_text(ctx, closed ? N_("Closed groups") : N_("Groups"));
    if (group_may_establish(ctx))
        ctx_link(ctx, out->document, "establish", "POST", "/groups");
    if (ctx_embeds(ctx, "tabs"))
        ctx_embed(ctx, out->document, "tabs",
                  group_tabs(ctx, closed ? "/groups?status=closed" : "/groups"));
    if (ctx_embeds(ctx, "headings"))
        ctx_embed(ctx, out->document, "headings", headings(ctx));
    if (ctx_page(ctx))
        tidy_filters(ctx, json_object_get(json_object_get(out->document, "_embedded"), "filters"));
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- one group */

static void add_tab(struct ctx *ctx, json_t *tabs, const json_t *group, const char *rest,
                    const char *label, const char *current)
{
    json_t *tab = json_push(tabs, json_object());
    json_put(tab, "href",
             arena_printf(ctx->arena, "/groups/%s%s", json_text(group, "id"), rest));
    json_put(tab, "label", ctx_text(ctx, label));
    json_put_new(tab, "count", json_null());
    json_put_bool(tab, "current", !strcmp(rest, current));
}

/* Of all who take part, or, as who reviews, of those from one organisation. */
static bool sees_some_statuses(struct ctx *ctx, long long key)
{
    return may(ctx, ACT_SEE_STATUSES, key) || (access_to_group(ctx, key) & WHO_COORDINATOR_TIED);
}

static bool is_of(const json_t *group, const char *const *kinds)
{
    for (; *kinds; kinds++)
        if (!strcmp(json_text(group, "kind"), *kinds))
            return true;
    return false;
}

/* Plans of their own have programme areas and national collaboration groups; those that commission
 * them decide theirs. What belongs to a plan has no tab of its own: one leads to the first of these
 * pages, and they to each other. */
enum { PLANS = 1, DECIDES = 2, NEITHER = 4 };

static const struct {
    const char *rest, *label;
    unsigned who;
} plan_pages[] = {
    {"/plans", N_("Plans"), PLANS},
    {"/incoming-plans", N_("Incoming plans"), DECIDES},
    {"/progress", N_("Progress"), PLANS},
    {"/reviews", N_("Yearly reviews"), PLANS | DECIDES | NEITHER},
    {"/gaps", N_("Needs and gaps"), PLANS | DECIDES | NEITHER},
};

static unsigned part_in_plans(struct ctx *ctx, const json_t *group, long long key)
{
    static const char *const planning[] = {"npo", "nsg", "rpo", "lpo", NULL};
    static const char *const deciding[] = {"sks", "rsk", NULL};
    if (is_of(group, planning))
        return PLANS;
    bool decides = is_of(group, deciding) &&
                   (access_sees_all(ctx) || may(ctx, ACT_DECIDE_PLANS, key));
    return decides ? DECIDES : NEITHER;
}

static bool is_plan_page(const char *rest)
{
    for (size_t i = 0; i < LEN(plan_pages); i++)
        if (!strcmp(plan_pages[i].rest, rest))
            return true;
    return false;
}

/* New reference; null on any other page. */
static json_t *plan_pages_of(struct ctx *ctx, const json_t *group, long long key,
                             const char *current)
{
    if (!is_plan_page(current))
        return json_null();
    json_t *pages = json_array();
    unsigned who = part_in_plans(ctx, group, key);
    for (size_t i = 0; i < LEN(plan_pages); i++)
        if (plan_pages[i].who & who)
            add_tab(ctx, pages, group, plan_pages[i].rest, plan_pages[i].label, current);
    return pages;
}

static void add_plan_tab(struct ctx *ctx, json_t *tabs, const json_t *group, long long key,
                         const char *current)
{
    unsigned who = part_in_plans(ctx, group, key);
    size_t first = 0;
    while (!(plan_pages[first].who & who))
        first++;
    const char *rest = plan_pages[first].rest;
    add_tab(ctx, tabs, group, rest,
            who == NEITHER ? NC_("group tab", "Reviews") : NC_("tab", "Plan"),
            is_plan_page(current) ? rest : current);
}

static json_t *tabs_of(struct ctx *ctx, const json_t *group, long long key, const char *current)
{
    json_t *tabs = json_array();
    add_tab(ctx, tabs, group, "", N_("Overview"), current);
    add_tab(ctx, tabs, group, "/mandates", N_("Mandate"), current);
    add_tab(ctx, tabs, group, "/memberships", N_("Members"), current);
    add_tab(ctx, tabs, group, "/coverage", NC_("seats", "Coverage"), current);
    add_tab(ctx, tabs, group, "/meetings", N_("Meetings"), current);
    add_tab(ctx, tabs, group, "/decisions", N_("Decisions"), current);
    add_plan_tab(ctx, tabs, group, key, current);
    add_tab(ctx, tabs, group, "/nomination-calls", N_("Nominations"), current);
    if (sees_some_statuses(ctx, key))
        add_tab(ctx, tabs, group, "/declaration-statuses", N_("Conflicts of interest"), current);
    add_tab(ctx, tabs, group, "/hosts", N_("Hosts and relations"), current);
    if (may(ctx, ACT_SEE_HISTORY, key))
        add_tab(ctx, tabs, group, "/history", N_("History"), current);
    return tabs;
}

static json_t *ties(struct ctx *ctx, const struct resource *r)
{
    struct fixed within = {.condition = "\"groupId\" = ?6", .text = ctx_value(ctx, "id")};
    return resource_items(ctx, r, within);
}

static void embed_others(struct ctx *ctx, json_t *document, long long key)
{
    if (ctx_embeds(ctx, "hosts"))
        ctx_embed(ctx, document, "hosts", ties(ctx, &hosting_resource));
    if (ctx_embeds(ctx, "relations"))
        ctx_embed(ctx, document, "relations", ties(ctx, &relation_resource));
    if (ctx_embeds(ctx, "principals"))
        ctx_embed(ctx, document, "principals", principals_all(ctx, key));
    if (ctx_embeds(ctx, "mirrors"))
        ctx_embed(ctx, document, "mirrors", place_twins(ctx, key));
    if (ctx_embeds(ctx, "pauses"))
        ctx_embed(ctx, document, "pauses", place_pauses(ctx, key));
}

/* What stands below is asked for once, for the two lists and for the tree. */
static void embed_place(struct ctx *ctx, json_t *document, const json_t *line, long long key)
{
    bool commissions = ctx_embeds(ctx, "commissions"), subgroups = ctx_embeds(ctx, "subgroups");
    bool place = ctx_embeds(ctx, "place");
    if (!commissions && !subgroups && !place)
        return;
    struct below below = place_below(ctx, key);
    if (commissions)
        ctx_embed(ctx, document, "commissions", place_commissions(&below));
    if (subgroups)
        ctx_embed(ctx, document, "subgroups", place_subgroups(&below));
    if (place)
        ctx_embed(ctx, document, "place", place_tree(ctx, line, &below));
    json_decref(below.rows);
}

/* The principals in force on the day, as the head's facts have them: [{name, href}]. */
static json_t *commissioners(struct ctx *ctx, const json_t *group)
{
    json_t *all = json_array(), *id;
    size_t i;
    json_array_foreach(json_object_get(group, "principalIds"), i, id) {
        json_t *one = json_push(all, json_object());
        json_put(one, "href", group_href(ctx, json_string_value(id)));
        json_object_set(one, "name",
                        json_array_get(json_object_get(group, "principalNames"), i));
    }
    return all;
}

static void embed_head(struct ctx *ctx, json_t *document, const json_t *group,
                       const json_t *line, long long key, const char *tab, const char *here)
{
    if (ctx_embeds(ctx, "crumbs"))
        ctx_embed(ctx, document, "crumbs", place_crumbs(ctx, line, here));
    if (ctx_embeds(ctx, "tabs"))
        ctx_embed(ctx, document, "tabs", tabs_of(ctx, group, key, tab));
    if (ctx_page(ctx))
        ctx_embed(ctx, document, "planPages", plan_pages_of(ctx, group, key, tab));
    if (ctx_embeds(ctx, "host"))
        ctx_embed(ctx, document, "host", place_host(ctx, key));
    if (ctx_embeds(ctx, "commissioners"))
        ctx_embed(ctx, document, "commissioners", commissioners(ctx, group));
    parts_embed(ctx, "group-head", document, key);
}

static enum code show(struct ctx *ctx, struct answer *out)
{
    long long key = 0;
    const char *id = ctx_value(ctx, "id");
    json_t *group = resource_one(ctx, &group_resource, id, &key, &out->version);
    if (!group)
        return resource_absent(ctx, &group_resource, id, out);
    out->document = group;
    out->title = json_text(group, "fullName");
    json_t *line =
        ctx_embeds(ctx, "crumbs") || ctx_embeds(ctx, "place") ? place_line(ctx, key) : NULL;
    embed_head(ctx, group, group, line, key, "", NULL);
    embed_others(ctx, group, key);
    embed_place(ctx, group, line, key);
    parts_embed(ctx, "groups", group, key);
    json_decref(line);
    return tx_code(ctx->tx);
}

enum code group_below(struct ctx *ctx, const char *id, struct answer *out, const char *tab,
                      const char *here)
{
    long long key = 0;
    if (!ctx_page(ctx))
        return OK;
    json_t *group = resource_one(ctx, &group_resource, id, &key, NULL);
    if (!group)
        return tx_code(ctx->tx);
    out->title = ctx_textf(ctx, N_("{page}: {group}"), "page", here, "group",
                           json_text(group, "fullName"), NULL);
    json_t *line = place_line(ctx, key);
    embed_head(ctx, out->document, group, line, key, tab, here);
    json_decref(line);
    ctx_embed(ctx, out->document, "group", group);
    return tx_code(ctx->tx);
}

static enum code list_hosts(struct ctx *ctx, struct answer *out)
{
    enum code c = tie_list(ctx, &hosting_resource, out);
    if (c || !out->document)
        return c;
    if (ctx_embeds(ctx, "relations"))
        ctx_embed(ctx, out->document, "relations", ties(ctx, &relation_resource));
    if (ctx_embeds(ctx, "hosts"))
        ctx_embed(ctx, out->document, "hosts", ties(ctx, &hosting_resource));
    if (ctx_embeds(ctx, "mayChange"))
        ctx_embed(ctx, out->document, "mayChange", json_boolean(group_may_change(ctx)));
    return group_below(ctx, ctx_value(ctx, "id"), out, "/hosts", ctx_text(ctx, N_("Hosts and relations")));
}

static enum code show_host(struct ctx *ctx, struct answer *out)
{
    return tie_show(ctx, &hosting_resource, out);
}

static enum code remove_host(struct ctx *ctx, struct answer *out)
{
    return tie_remove(ctx, &hosting_resource, out);
}

static enum code list_relations(struct ctx *ctx, struct answer *out)
{
    return tie_list(ctx, &relation_resource, out);
}

static enum code show_relation(struct ctx *ctx, struct answer *out)
{
    return tie_show(ctx, &relation_resource, out);
}

static enum code remove_relation(struct ctx *ctx, struct answer *out)
{
    return tie_remove(ctx, &relation_resource, out);
}

static enum code history(struct ctx *ctx, struct answer *out)
{
    enum code c;
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = must_may(ctx, ACT_SEE_HISTORY, key);
    if (!c)
        c = audit_list(ctx, &group_resource, key, &out->document);
    return c ? c : group_below(ctx, ctx_value(ctx, "id"), out, "/history", ctx_text(ctx, N_("History")));
}

/* ---------------------------------------------------------------- routes */

#define GROUPS .resource = &group_resource
#define HOSTS .resource = &hosting_resource
#define RELATIONS .resource = &relation_resource

const struct route group_routes[] = {
    {.method = "GET", .path = "/groups", .may = MAY_ALL, .run = list, .view = "group/list",
     .shape = SHAPE_LIST, GROUPS, .flags = ROUTE_CACHE, .what = N_("All groups")},
    {.method = "POST", .path = "/groups", .may = MAY_LOGIN, .run = group_create,
     .shape = SHAPE_CREATE, GROUPS, .form = group_new_form, .what = N_("Establishes a group")},
    {.method = "GET", .path = "/groups/new", .may = MAY_LOGIN, .run = group_new_form,
     .view = "form", .shape = SHAPE_PAGE, .query = group_new_query},
    {.method = "GET", .path = "/groups/{id}", .may = MAY_ALL, .run = show, .view = "group/show",
     .shape = SHAPE_ONE, GROUPS, .flags = ROUTE_CACHE, .what = N_("One group")},
    {.method = "PATCH", .path = "/groups/{id}", .may = MAY_LOGIN, .run = group_change,
     .shape = SHAPE_CHANGE, GROUPS, .form = group_edit_form,
     .what = N_("Changes, moves or renames a group")},
    {.method = "DELETE", .path = "/groups/{id}", .may = MAY_LOGIN, .run = group_remove,
     .shape = SHAPE_REMOVE, GROUPS, .form = group_delete_form,
     .what = N_("Deletes a group that nothing refers to")},
    {.method = "GET", .path = "/groups/{id}/edit", .may = MAY_LOGIN, .run = group_edit_form,
     .view = "form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/groups/{id}/delete", .may = MAY_LOGIN, .run = group_delete_form,
     .view = "form", .shape = SHAPE_PAGE},
    {.method = "POST", .path = "/groups/{id}/closures", .may = MAY_LOGIN, .run = group_close,
     .shape = SHAPE_ACTION, GROUPS, .body = closure_fields, .form = closure_form,
     .what = N_("Closes a group")},
    {.method = "GET", .path = "/groups/{id}/closures/new", .may = MAY_LOGIN, .run = closure_form,
     .view = "form", .shape = SHAPE_PAGE},
    {.method = "POST", .path = "/groups/{id}/dormancies", .may = MAY_LOGIN, .run = group_rest,
     .shape = SHAPE_ACTION, GROUPS, .body = dormancy_fields, .form = dormancy_form,
     .what = N_("Makes a group dormant")},
    {.method = "GET", .path = "/groups/{id}/dormancies/new", .may = MAY_LOGIN,
     .run = dormancy_form, .view = "form", .shape = SHAPE_PAGE},
    {.method = "POST", .path = "/groups/{id}/reopenings", .may = MAY_LOGIN, .run = group_reopen,
     .shape = SHAPE_ACTION, GROUPS, .body = reopening_fields, .form = reopening_form,
     .what = N_("Reopens a group that is closed or dormant")},
    {.method = "GET", .path = "/groups/{id}/reopenings/new", .may = MAY_LOGIN,
     .run = reopening_form, .view = "form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/groups/{id}/history", .may = MAY_LOGIN, .run = history,
     .view = "group/history", .shape = SHAPE_LIST, .resource = &audit_resource,
     .flags = ROUTE_NO_DAY, .what = N_("What happened to a group and to what stands under it")},

    {.method = "GET", .path = "/groups/{id}/hosts", .may = MAY_ALL, .run = list_hosts,
     .view = "group/hosts", .shape = SHAPE_LIST, HOSTS, .flags = ROUTE_CACHE,
     .what = N_("Who bears a group, and when")},
    {.method = "POST", .path = "/groups/{id}/hosts", .may = MAY_LOGIN, .run = hosting_create,
     .shape = SHAPE_CREATE, HOSTS, .form = hosting_new_form, .what = N_("Adds a host")},
    {.method = "GET", .path = "/groups/{id}/hosts/new", .may = MAY_LOGIN, .run = hosting_new_form,
     .view = "form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/groups/{id}/hosts/{tieId}", .may = MAY_ALL, .run = show_host,
     .shape = SHAPE_ONE, HOSTS, .what = N_("One hosting")},
    {.method = "PATCH", .path = "/groups/{id}/hosts/{tieId}", .may = MAY_LOGIN,
     .run = hosting_change, .shape = SHAPE_CHANGE, HOSTS, .form = hosting_edit_form,
     .what = N_("Changes a hosting")},
    {.method = "DELETE", .path = "/groups/{id}/hosts/{tieId}", .may = MAY_LOGIN,
     .run = remove_host, .shape = SHAPE_REMOVE, HOSTS, .form = hosting_delete_form,
     .what = N_("Takes away a hosting that never was")},
    {.method = "GET", .path = "/groups/{id}/hosts/{tieId}/edit", .may = MAY_LOGIN,
     .run = hosting_edit_form, .view = "form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/groups/{id}/hosts/{tieId}/delete", .may = MAY_LOGIN,
     .run = hosting_delete_form, .view = "form", .shape = SHAPE_PAGE},

    {.method = "GET", .path = "/groups/{id}/relations", .may = MAY_ALL, .run = list_relations,
     .shape = SHAPE_LIST, RELATIONS, .what = N_("With whom a group is anchored, cooperates, or is near")},
    {.method = "POST", .path = "/groups/{id}/relations", .may = MAY_LOGIN,
     .run = relation_create, .shape = SHAPE_CREATE, RELATIONS, .form = relation_new_form,
     .what = N_("Adds a relation")},
    {.method = "GET", .path = "/groups/{id}/relations/new", .may = MAY_LOGIN,
     .run = relation_new_form, .view = "form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/groups/{id}/relations/{tieId}", .may = MAY_ALL,
     .run = show_relation, .shape = SHAPE_ONE, RELATIONS, .what = N_("One relation")},
    {.method = "PATCH", .path = "/groups/{id}/relations/{tieId}", .may = MAY_LOGIN,
     .run = relation_change, .shape = SHAPE_CHANGE, RELATIONS, .form = relation_edit_form,
     .what = N_("Changes a relation")},
    {.method = "DELETE", .path = "/groups/{id}/relations/{tieId}", .may = MAY_LOGIN,
     .run = remove_relation, .shape = SHAPE_REMOVE, RELATIONS, .form = relation_delete_form,
     .what = N_("Takes away a relation")},
    {.method = "GET", .path = "/groups/{id}/relations/{tieId}/edit", .may = MAY_LOGIN,
     .run = relation_edit_form, .view = "form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/groups/{id}/relations/{tieId}/delete", .may = MAY_LOGIN,
     .run = relation_delete_form, .view = "form", .shape = SHAPE_PAGE},

    {.method = "GET", .path = "/tree", .may = MAY_ALL, .run = tree_get, .view = "group/tree",
     .shape = SHAPE_VIEW, .query = tree_query, .reply = tree_reply, .flags = ROUTE_CACHE,
     .what = N_("The whole structure as a tree: the nation, or one healthcare region")},
    {0},
};
