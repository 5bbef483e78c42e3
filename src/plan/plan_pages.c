/* plan_pages.c: the lists of plans, the page of one, a sheet of it to print, two of them side by
 * side, and the panel on a group's page.
 *
 * Owns what stands beside the object. What a template shows stands in the document, so that
 * embed=page gives a script the page's twin. Knows no SQL and no rule. */
#include <stdlib.h>
#include <string.h>
#include "pages.h"

const char *plan_path(struct ctx *ctx, const struct plan_row *plan, const char *rest)
{
    return arena_join(ctx->arena, "/plans/", plan->id, rest, NULL);
}

enum code plan_below(struct ctx *ctx, const struct plan_row *plan, struct answer *out,
                     const char *here)
{
    return group_below(ctx, plan->group_id, out, "/plans", here);
}

static const char *title_of(struct ctx *ctx, const struct plan_row *plan)
{
    return ctx_textf(ctx, N_("Plan for {year}"), "year", arena_int(ctx->arena, plan->year), NULL);
}

static struct fixed of_plan(const struct plan_row *plan)
{
    return (struct fixed){.condition = "\"plan_key\" = ?6", .key = plan->key};
}

/* Borrowed. */
static json_t *embedded(const json_t *document, const char *name)
{
    return json_object_get(json_object_get(document, "_embedded"), name);
}

/* ---------------------------------------------------------------- lists */

/* The filter bar offers what one looks for; any other filter in the address is carried along
 * unseen. */
static void tidy_filters(struct ctx *ctx, json_t *filters)
{
    static const char *const shown[] = {"q", "level", "status"};
    const char *name;
    json_t *value;
    for (size_t i = json_array_size(filters); i-- > 0;) {
        bool keep = false;
        for (size_t j = 0; j < LEN(shown); j++)
            keep = keep || !strcmp(shown[j], json_text(json_array_get(filters, i), "name"));
        if (!keep)
            json_array_remove(filters, i);
    }
    json_object_foreach(ctx->query->values, name, value) {
        bool keep = !strcmp(name, "page") || !strcmp(name, "year") || !strcmp(name, "embed") ||
                    !json_is_string(value);
        for (size_t j = 0; j < LEN(shown); j++)
            keep = keep || !strcmp(shown[j], name);
        if (!keep)
            json_push(filters, json_pack("{s:s, s:s, s:s, s:O, s:[]}", "name", name, "label", name,
                                         "type", "hidden", "value", value, "options"));
    }
}

/* The years of the plans that the reader may see, in a list box. */
static json_t *year_filter(struct ctx *ctx)
{
    const char *chosen = ctx_query(ctx, "year");
    json_t *filter = json_object(), *years = plan_years(ctx), *year;
    json_t *options = json_array();
    size_t i;
    json_array_foreach(years, i, year) {
        const char *text = arena_int(ctx->arena, json_int(year, "year", 0));
        json_t *option = json_push(options, json_object());
        json_put(option, "value", text);
        json_put(option, "label", text);
        json_put_bool(option, "selected", chosen && !strcmp(chosen, text));
    }
    json_decref(years);
    json_put(filter, "name", "year");
    json_put(filter, "label", ctx_text(ctx, N_("Year")));
    json_put(filter, "type", "select");
    json_put(filter, "value", chosen ? chosen : "");
    json_put_new(filter, "options", options);
    return filter;
}

enum code plan_page_list(struct ctx *ctx, struct answer *out)
{
    out->title = ctx_text(ctx, N_("Plans"));
    enum code c = resource_list(ctx, &plan_resource, (struct fixed){0}, &out->document);
    if (c)
        return c;
    if (ctx_embeds(ctx, "queues"))
        ctx_embed(ctx, out->document, "queues", plan_desks(ctx));
    if (ctx_page(ctx)) {
        json_t *filters = embedded(out->document, "filters");
        tidy_filters(ctx, filters);
        json_array_insert_new(filters, 0, year_filter(ctx));
    }
    return tx_code(ctx->tx);
}

enum code plan_page_list_of_group(struct ctx *ctx, struct answer *out)
{
    enum code c;
    const char *id = ctx_value(ctx, "id");
    struct fixed within = {.condition = "\"group_key\" = ?6", .key = group_in_path(ctx, out, &c)};
    if (!within.key)
        return c;
    c = resource_list(ctx, &plan_resource, within, &out->document);
    if (c)
        return c;
    if (plan_group_has_plans(ctx, within.key) && may(ctx, ACT_CHANGE_GROUP, within.key))
        ctx_link(ctx, out->document, "create", "POST",
                 arena_printf(ctx->arena, "/groups/%s/plans", id));
    ctx->as_support = false; /* asked, not done */
    if (ctx_page(ctx)) /* the year's plan is not begun: that is the next thing to do */
        ctx_embed(ctx, out->document, "unbegun",
                  json_boolean(plan_year_free(ctx, within.key) == plan_year(ctx)));
    return group_below(ctx, id, out, "/plans", ctx_text(ctx, N_("Plans")));
}

/* ---------------------------------------------------------------- one plan */

/* Of one that is written: as the register is now; else as it was when the plan was submitted. */
static json_t *facts_of(struct ctx *ctx, const struct plan_row *plan)
{
    if (plan_is_open(plan))
        return plan_facts(ctx, plan->group_key, (int)plan->year - 1);
    return plan_frozen_facts(ctx, plan->key);
}

static void embed_all(struct ctx *ctx, json_t *document, const struct plan_row *plan)
{
    bool inside = json_object_get(document, "openRemarkCount") != NULL;
    if (ctx_embeds(ctx, "initiatives"))
        ctx_embed(ctx, document, "initiatives",
                  resource_items(ctx, &initiative_resource, of_plan(plan)));
    if (ctx_embeds(ctx, "remarks"))
        ctx_embed(ctx, document, "remarks", resource_items(ctx, &remark_resource, of_plan(plan)));
    if (ctx_embeds(ctx, "positions"))
        ctx_embed(ctx, document, "positions",
                  resource_items(ctx, &position_resource, of_plan(plan)));
    if (ctx_embeds(ctx, "decisions"))
        ctx_embed(ctx, document, "decisions", plan_decisions(ctx, plan, inside));
    if (ctx_embeds(ctx, "facts"))
        ctx_embed(ctx, document, "facts", facts_of(ctx, plan));
    if (ctx_embeds(ctx, "before"))
        ctx_embed(ctx, document, "before", plan_before(ctx, plan));
}

/* The decision that returned it, while it is being changed. */
static json_t *returned(const struct plan_row *plan, const json_t *decisions)
{
    size_t n = json_array_size(decisions);
    bool open = !strcmp(plan->state, "returned");
    return open && n ? json_incref(json_array_get(decisions, n - 1)) : json_null();
}

/* The day by which the next step of a plan that is not decided is taken. */
static json_t *next_day(struct ctx *ctx, const struct plan_row *plan)
{
    struct plan_days days;
    plan_days(ctx, (int)plan->year, &days);
    if (!strcmp(plan->state, "draft"))
        return json_text_new(days.submitted);
    bool decided = !strcmp(plan->state, "approved") || !strcmp(plan->state, "followedUp");
    return decided ? json_null() : json_text_new(days.decided);
}

/* What a page shows of the same: the steps, the texts as they read, initiatives by focus area with
 * what was asked of each. */
static void embed_page(struct ctx *ctx, json_t *document, const struct plan_row *plan)
{
    struct plan_rights rights;
    if (!ctx_page(ctx))
        return;
    plan_rights(ctx, plan, &rights);
    json_t *remarks = plan_remarks(ctx, plan, &rights);
    ctx_embed(ctx, document, "steps", plan_steps(ctx, plan));
    ctx_embed(ctx, document, "nextDay", next_day(ctx, plan));
    ctx_embed(ctx, document, "rights", plan_rights_document(&rights));
    ctx_embed(ctx, document, "texts", plan_texts(ctx, document, 3));
    ctx_embed(ctx, document, "areas",
              plan_areas(ctx, plan, document, embedded(document, "initiatives"), remarks));
    ctx_embed(ctx, document, "planRemarks", plan_remarks_of(remarks, NULL));
    ctx_embed(ctx, document, "versions", plan_versions(ctx, plan->id));
    ctx_embed(ctx, document, "returned", returned(plan, embedded(document, "decisions")));
    /* Over soon, or over: then the next thing to do is to follow it up. */
    ctx_embed(ctx, document, "yearEnds",
              json_boolean(strcmp(ctx->today, arena_printf(ctx->arena, "%lld-11-01", plan->year)) >=
                           0));
    json_decref(remarks);
}

enum code plan_page_show(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = resource_answer(ctx, &plan_resource, plan.id, out);
    if (c)
        return c;
    embed_all(ctx, out->document, &plan);
    embed_page(ctx, out->document, &plan);
    parts_embed(ctx, "plans", out->document, plan.group_key);
    return plan_below(ctx, &plan, out, title_of(ctx, &plan));
}

/* ---------------------------------------------------------------- a sheet to print */

/* The decision that approved what the sheet says; NULL without one. Borrowed. */
static json_t *approval(const json_t *decisions)
{
    for (size_t i = json_array_size(decisions); i-- > 0;) {
        json_t *one = json_array_get(decisions, i);
        if (!strcmp(json_text(one, "outcome"), "approved"))
            return one;
    }
    return NULL;
}

enum code plan_page_document(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    struct plan_rights none = {0};
    enum code c = plan_in_path(ctx, &plan);
    json_t *object = c ? NULL : resource_one(ctx, &plan_resource, plan.id, NULL, NULL);
    if (!object)
        return c ? c : ctx_absent(ctx);
    json_t *document = out->document = json_object();
    json_t *initiatives = resource_items(ctx, &initiative_resource, of_plan(&plan));
    json_t *decisions = plan_decisions(ctx, &plan, json_object_get(object, "openRemarkCount"));
    json_t *remarks = json_array();
    bool decided = !strcmp(plan.state, "approved") || !strcmp(plan.state, "followedUp");
    out->title = ctx_textf(ctx, N_("Annual plan for {year}: {group}"), "year",
                           arena_int(ctx->arena, plan.year), "group", plan.group_name, NULL);
    json_put_new(document, "texts", plan_texts(ctx, object, 2));
    json_put_new(document, "areas", plan_areas(ctx, &plan, object, initiatives, remarks));
    json_put_new(document, "rights", plan_rights_document(&none));
    json_put_new(document, "decision", decided ? json_incref(approval(decisions)) : NULL);
    json_put_new(document, "facts", facts_of(ctx, &plan));
    parts_embed(ctx, "plans", object, plan.group_key);
    json_put_new(document, "plan", object);
    json_decref(initiatives);
    json_decref(decisions);
    json_decref(remarks);
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- comparison */

const struct value plan_ways[] = {
    {"changes", NC_("comparison", "Only what differs")},
    {"sides", NC_("comparison", "Side by side")},
    {"running", NC_("comparison", "Running text")},
    {NULL, NULL},
};

const struct field plan_page_comparison_query[] = {
    {.name = "with", .label = N_("Compared with"), .type = T_TEXT, .max = 36,
     .hint = N_("The id of a version, or of another plan; or a version's number. When nothing is "
                "said: the version before, else the plan of the year before.")},
    {.name = "version", .label = N_("Version"), .type = T_INT,
     .hint = N_("The version of this plan; when nothing is said, the plan as it stands.")},
    {.name = "show", .label = N_("Show"), .type = T_ENUM, .values = plan_ways,
     .hint = N_("changes leaves out what is the same; the others say how a page lays it out.")},
    {0},
};

static void drop_same(json_t *rows)
{
    for (size_t i = json_array_size(rows); i-- > 0;)
        if (!strcmp(json_text(json_array_get(rows, i), "kind"), "same"))
            json_array_remove(rows, i);
}

enum code plan_check_choice(struct ctx *ctx, const char *name, const struct value *values)
{
    const char *asked = ctx_query(ctx, name);
    bool known = !asked;
    for (; values->code; values++)
        known = known || !strcmp(values->code, asked);
    return known ? OK
                 : err_field(ctx->err, name, N_("There is no value {value} here."), "value", asked,
                             NULL);
}

static const char *way_asked(struct ctx *ctx)
{
    const char *way = ctx_query(ctx, "show");
    return way ? way : "sides";
}

enum code plan_compare_shown(struct ctx *ctx, struct answer *out)
{
    enum code c = plan_check_choice(ctx, "show", plan_ways);
    json_t *initiative;
    size_t i;
    if (!c)
        c = plan_compare(ctx, out);
    if (c || strcmp(way_asked(ctx), "changes"))
        return c;
    drop_same(json_object_get(out->document, "changes"));
    drop_same(json_object_get(out->document, "initiatives"));
    json_array_foreach(json_object_get(out->document, "initiatives"), i, initiative)
        drop_same(json_object_get(initiative, "changes"));
    return c;
}

void plan_embed_ways(struct ctx *ctx, json_t *document)
{
    json_t *all = json_array();
    for (const struct value *way = plan_ways; way->code; way++) {
        json_t *one = json_push(all, json_object());
        json_put(one, "value", way->code);
        json_put(one, "label", ctx_text(ctx, way->label));
        json_put_bool(one, "selected", !strcmp(way->code, way_asked(ctx)));
    }
    ctx_embed(ctx, document, "ways", all);
    ctx_embed(ctx, document, "sides", json_boolean(strcmp(way_asked(ctx), "running")));
}

enum code plan_page_comparison(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = plan_compare_shown(ctx, out);
    if (c || !ctx_page(ctx))
        return c;
    const json_t *document = out->document;
    const char *from = json_text(json_object_get(document, "from"), "id");
    const char *version = ctx_query(ctx, "version");
    ctx_embed(ctx, out->document, "with", plan_choices(ctx, &plan, from, true));
    ctx_embed(ctx, out->document, "versions",
              plan_choices(ctx, &plan, version ? version : "", false));
    plan_embed_ways(ctx, out->document);
    ctx_embed(ctx, out->document, "planId", json_text_new(plan.id));
    return plan_below(ctx, &plan, out, ctx_text(ctx, N_("Comparison of plans")));
}

/* ---------------------------------------------------------------- the panel of a group's page */

enum { PANEL_MOST = 2 };

/* {plans: [...], carries: [...], href, mayBegin}, or NULL: the newest of the group's plans that the
 * reader may know of, and the initiatives that it carries out for others. */
static json_t *part_of_group(struct ctx *ctx, long long key, const json_t *group)
{
    struct fixed own = {.condition = "\"group_key\" = ?6", .key = key};
    json_t *plans = resource_items(ctx, &plan_resource, own);
    json_t *carries = initiatives_carried(ctx, key);
    bool has = plan_group_has_plans(ctx, key);
    if (!has && !json_array_size(plans) && !json_array_size(carries)) {
        json_decref(plans);
        json_decref(carries);
        return NULL;
    }
    while (json_array_size(plans) > PANEL_MOST)
        json_array_remove(plans, PANEL_MOST);
    json_t *panel = json_pack("{s:o, s:o, s:b}", "plans", plans, "carries", carries, "has", has);
    json_put(panel, "href",
             arena_printf(ctx->arena, "/groups/%s/plans", json_text(group, "id")));
    return panel;
}

static void link_plans(struct ctx *ctx, long long key, json_t *group)
{
    bool add = plan_group_has_plans(ctx, key) && may(ctx, ACT_CHANGE_GROUP, key);
    part_link_list(ctx, group, "plans", add ? "add-plan" : NULL);
    if (access_sees_all(ctx) || may(ctx, ACT_DECIDE_PLANS, key))
        part_link_list(ctx, group, "incoming-plans", NULL);
    if (may(ctx, ACT_DECIDE_PLANS, key))
        ctx_link(ctx, group, "decide-plans", "POST",
                 arena_printf(ctx->arena, "/groups/%s/plan-decisions", json_text(group, "id")));
}

const struct part plan_parts[] = {
    {.of = "groups", .name = "plan", .make = part_of_group},
    {.of = "organisations", .name = "incomingPlans", .make = plan_desk_of_organisation},
    {.of = "me/tasks", .name = "incomingPlans", .make = plan_desks_of_reader},
    {.of = "groups", .link = link_plans},
    {0},
};

/* ---------------------------------------------------------------- addresses of pages */

#define FORM(rest, handler)                                                                        \
    {.method = "GET", .path = "/plans/{id}" rest, .may = MAY_LOGIN, .run = handler,                \
     .view = "plan/form", .shape = SHAPE_PAGE}

const struct route plan_page_routes[] = {
    {.method = "GET", .path = "/groups/{id}/plans/new", .may = MAY_LOGIN, .run = plan_new_form,
     .view = "plan/form", .shape = SHAPE_PAGE},
    {.method = "POST", .path = "/plans/previews", .may = MAY_LOGIN, .run = plan_preview,
     .view = "plan/preview", .shape = SHAPE_PAGE, .prepare = plan_preview_before,
     .flags = ROUTE_NO_DAY},
    FORM("/edit", plan_edit_form),
    FORM("/delete", plan_delete_form),
    FORM("/submissions/new", plan_submission_form),
    {.method = "GET", .path = "/plans/{id}/follow-ups/new", .may = MAY_LOGIN,
     .run = plan_follow_up_form, .view = "plan/follow-up", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/plans/{id}/document", .may = MAY_ALL, .run = plan_page_document,
     .view = "plan/document", .shape = SHAPE_PAGE, .flags = ROUTE_NO_DAY},
    FORM("/initiatives/new", initiative_new_form),
    FORM("/initiatives/{initiativeId}/edit", initiative_edit_form),
    FORM("/initiatives/{initiativeId}/delete", initiative_delete_form),
    {.method = "GET", .path = "/plans/{id}/initiative-orders/new", .may = MAY_LOGIN,
     .run = initiative_order_form, .view = "plan/order", .shape = SHAPE_PAGE},
    {.method = "POST", .path = "/plans/{id}/initiative-orders/new", .may = MAY_LOGIN,
     .run = initiative_order_send, .shape = SHAPE_PAGE, .form = initiative_order_form},
    {.method = "GET", .path = "/plans/{id}/review", .may = MAY_LOGIN, .run = plan_page_review,
     .view = "plan/review", .shape = SHAPE_PAGE, .query = plan_review_query,
     .flags = ROUTE_SLOW | ROUTE_NO_DAY},
    {.method = "GET", .path = "/plans/{id}/remarks/new", .may = MAY_LOGIN, .run = remark_new_form,
     .view = "plan/form", .shape = SHAPE_PAGE, .query = remark_new_query},
    FORM("/remarks/{remarkId}/edit", remark_edit_form),
    FORM("/positions/new", position_new_form),
    FORM("/positions/{positionId}/edit", position_edit_form),
    {.method = "GET", .path = "/plans/{id}/decisions/new", .may = MAY_LOGIN,
     .run = plan_decision_form, .view = "plan/decide", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/groups/{id}/incoming-plans", .may = MAY_LOGIN,
     .run = plan_page_queue, .view = "plan/queue", .shape = SHAPE_VIEW, .query = plan_queue_query,
     .reply = plan_queue_reply, .flags = ROUTE_NO_DAY,
     .what = N_("The plans of a year of the groups that this one commissions: what has come in, "
                "what has not, and how each differs from the last decided one")},
    {.method = "GET", .path = "/organisations/{id}/incoming-plans", .may = MAY_LOGIN,
     .run = plan_page_queue, .view = "plan/queue", .shape = SHAPE_VIEW, .query = plan_queue_query,
     .reply = plan_queue_reply, .flags = ROUTE_NO_DAY,
     .what = N_("The same of an area: the plans of its groups that nobody commissions")},
    {.method = "POST", .path = "/groups/{id}/plan-decisions/new", .may = MAY_LOGIN,
     .run = plan_decisions_form, .view = "plan/decisions", .shape = SHAPE_PAGE},
    {.method = "POST", .path = "/organisations/{id}/plan-decisions/new", .may = MAY_LOGIN,
     .run = plan_decisions_form, .view = "plan/decisions", .shape = SHAPE_PAGE},
    {0},
};
