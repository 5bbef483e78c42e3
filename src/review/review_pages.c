/* review_pages.c: the addresses of reviews, and what their pages show beside the object.
 *
 * Owns handlers of a few lines. Knows no SQL and no rule. */
#include <stdlib.h>
#include <string.h>
#include <kansli/kind.h>
#include "internal.h"

/* ---------------------------------------------------------------- lists */

static int year_of(struct ctx *ctx)
{
    const char *asked = ctx_query(ctx, "year");
    int year = asked ? (int)strtol(asked, NULL, 10) : 0;
    return year ? year : review_year(ctx);
}

static const char *level_of(struct ctx *ctx)
{
    const char *asked = ctx_query(ctx, "level");
    for (const struct value *level = level_values; level->code; level++)
        if (asked && !strcmp(asked, level->code))
            return level->code;
    return "national";
}

/* The filter bar offers what one looks for. */
static void tidy(json_t *document)
{
    static const char *const shown[] = {"level", "outcome"};
    json_t *filters = json_object_get(json_object_get(document, "_embedded"), "filters");
    for (size_t i = json_array_size(filters); i-- > 0;) {
        bool keep = false;
        for (size_t j = 0; j < LEN(shown); j++)
            keep = keep || !strcmp(json_text(json_array_get(filters, i), "name"), shown[j]);
        if (!keep)
            json_array_remove(filters, i);
    }
}

static enum code list_all(struct ctx *ctx, struct answer *out)
{
    enum code c = resource_list(ctx, &review_resource, (struct fixed){0}, &out->document);
    if (c)
        return c;
    out->title = ctx_text(ctx, N_("Yearly reviews"));
    if (!ctx_page(ctx))
        return tx_code(ctx->tx);
    tidy(out->document);
    ctx_embed(ctx, out->document, "year", json_integer(year_of(ctx)));
    ctx_embed(ctx, out->document, "levelLabel",
              json_text_new(value_label(ctx, level_values, level_of(ctx))));
    ctx_embed(ctx, out->document, "waiting",
              reviews_by_principal(ctx, level_of(ctx), year_of(ctx)));
    return tx_code(ctx->tx);
}

/* What a group's principals have said of it, and what it has said of those that it commissions. */
static enum code list_group(struct ctx *ctx, struct answer *out)
{
    enum code c;
    const char *id = ctx_value(ctx, "id");
    struct fixed within = {.condition = "\"group_key\" = ?6", .key = group_in_path(ctx, out, &c)};
    if (!within.key)
        return c;
    c = resource_list(ctx, &review_resource, within, &out->document);
    if (c)
        return c;
    if (may(ctx, ACT_REVIEW_GROUP, within.key))
        ctx_link(ctx, out->document, "create", "POST",
                 arena_printf(ctx->arena, "/groups/%s/reviews", id));
    ctx->as_support = false; /* asked, not done */
    if (ctx_embeds(ctx, "below"))
        ctx_embed(ctx, out->document, "below",
                  reviews_of_principal(ctx, within.key, year_of(ctx)));
    if (ctx_page(ctx)) {
        ctx_embed(ctx, out->document, "year", json_integer(year_of(ctx)));
        ctx_embed(ctx, out->document, "made",
                  json_boolean(review_made(ctx, within.key, review_year(ctx))));
    }
    return group_below(ctx, id, out, "/reviews", ctx_text(ctx, N_("Yearly reviews")));
}

/* ---------------------------------------------------------------- one of them */

/* What was written of each dimension, in the order of the fields. */
static json_t *contributions(struct ctx *ctx, const json_t *review)
{
    json_t *all = json_array();
    for (const struct field *field = review_resource.fields; field->name; field++) {
        const char *words = strchr(field->name, '.')
                                ? json_string_value(field_member(review, field->name))
                                : NULL;
        if (!words)
            continue;
        json_t *one = json_push(all, json_object());
        json_put(one, "label", ctx_text(ctx, field->label));
        json_put(one, "text", words);
    }
    return all;
}

static enum code show(struct ctx *ctx, struct answer *out)
{
    struct review_row review;
    const char *html = NULL;
    enum code c = review_find(ctx, &review);
    if (!c)
        c = resource_answer(ctx, &review_resource, review.id, out);
    if (c)
        return c;
    const char *text = json_text(out->document, "text");
    if (ctx_embeds(ctx, "textHtml")) {
        c = text ? ctx_markdown(ctx, text, 3, "/text", &html) : OK;
        if (c)
            return c;
        ctx_embed(ctx, out->document, "textHtml", html ? json_text_new(html) : json_null());
    }
    if (ctx_embeds(ctx, "contributions"))
        ctx_embed(ctx, out->document, "contributions", contributions(ctx, out->document));
    return group_below(ctx, review.group_id, out, "/reviews",
                       ctx_textf(ctx, N_("Review of {year}"), "year",
                                 arena_printf(ctx->arena, "%lld", review.year), NULL));
}

static enum code closing(struct ctx *ctx, struct answer *out)
{
    enum code c = review_checklist(ctx, out);
    if (c || !ctx_page(ctx))
        return c;
    const char *group = arena_strdup(ctx->arena, json_text(out->document, "groupId"));
    long long key = 0;
    json_decref(resource_one(ctx, &group_resource, group, &key, NULL));
    ctx_embed(ctx, out->document, "mayStep", json_boolean(may(ctx, ACT_CHANGE_GROUP, key)));
    ctx->as_support = false; /* asked, not done */
    return group_below(ctx, group, out, "/reviews",
                       ctx_text(ctx, N_("Before the group is closed")));
}

/* ---------------------------------------------------------------- on a group's page */

/* Its newest review, and of those that it commissions how many are reviewed; null without both. */
static json_t *panel(struct ctx *ctx, long long key, const json_t *group)
{
    struct fixed own = {.condition = "\"group_key\" = ?6 AND \"newest_key\" = 1", .key = key};
    json_t *items = resource_items(ctx, &review_resource, own), *row;
    json_t *below = reviews_of_principal(ctx, key, review_year(ctx)), *part = NULL;
    size_t i, done = 0;
    json_array_foreach(below, i, row)
        done += json_text(row, "id") != NULL;
    if (json_array_size(items) || json_array_size(below)) {
        part = json_object();
        json_put(part, "href",
                 arena_printf(ctx->arena, "/groups/%s/reviews", json_text(group, "id")));
        json_put_int(part, "year", review_year(ctx));
        json_object_set_new(part, "last", json_array_size(items)
                                              ? json_incref(json_array_get(items, 0))
                                              : json_null());
        json_put_new(part, "below",
                     json_array_size(below)
                         ? json_pack("{s:I, s:I}", "done", (json_int_t)done, "all",
                                     (json_int_t)json_array_size(below))
                         : json_null());
    }
    json_decref(items);
    json_decref(below);
    return part;
}

/* ---------------------------------------------------------------- in a plan */

/* What a plan rests on: the groups that its own commissions, as they were reviewed the year before,
 * when it was written (R61). */
static json_t *panel_of_plan(struct ctx *ctx, long long group_key, const json_t *plan)
{
    int year = (int)json_int(plan, "year", 0) - 1;
    json_t *below = reviews_of_principal(ctx, group_key, year);
    if (!json_array_size(below)) {
        json_decref(below);
        return NULL;
    }
    json_t *part = json_object();
    json_put_int(part, "year", year);
    json_put(part, "href", arena_printf(ctx->arena, "/groups/%s/reviews?year=%d",
                                        json_text(plan, "groupId"), year));
    json_put_new(part, "groups", below);
    return part;
}

static void link_reviews(struct ctx *ctx, long long key, json_t *group)
{
    part_link_list(ctx, group, "reviews", may(ctx, ACT_REVIEW_GROUP, key) ? "add-review" : NULL);
}

const struct part review_parts[] = {
    {.of = "groups", .name = "reviews", .make = panel},
    {.of = "plans", .name = "reviews", .make = panel_of_plan},
    {.of = "groups", .link = link_reviews},
    {0},
};

/* ---------------------------------------------------------------- routes */

#define REVIEWS .resource = &review_resource

const struct route review_routes[] = {
    {.method = "GET", .path = "/reviews", .may = MAY_ALL, .run = list_all, .view = "review/list",
     .shape = SHAPE_LIST, REVIEWS, .flags = ROUTE_SLOW | ROUTE_NO_DAY,
     .what = N_("Yearly reviews of groups: the outcome, and why for those who see the group's "
                "drafts")},
    {.method = "POST", .path = "/reviews", .may = MAY_LOGIN, .run = review_create,
     .shape = SHAPE_CREATE, REVIEWS,
     .what = N_("Reviews a group for a year, as its principal; the group's officers are told")},
    {.method = "GET", .path = "/groups/{id}/reviews", .may = MAY_ALL, .run = list_group,
     .view = "review/group", .shape = SHAPE_LIST, REVIEWS,
     .flags = ROUTE_NO_DAY, .what = N_("The reviews of a group, the latest year first")},
    {.method = "POST", .path = "/groups/{id}/reviews", .may = MAY_LOGIN, .run = review_create,
     .shape = SHAPE_CREATE, REVIEWS, .form = review_new_form,
     .what = N_("Reviews a group for a year, as its principal; the group's officers are told")},
    {.method = "GET", .path = "/groups/{id}/reviews/new", .may = MAY_LOGIN, .run = review_new_form,
     .view = "review/form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/reviews/{id}", .may = MAY_ALL, .run = show, .view = "review/show",
     .shape = SHAPE_ONE, REVIEWS, .flags = ROUTE_NO_DAY, .what = N_("One yearly review")},
    {.method = "PATCH", .path = "/reviews/{id}", .may = MAY_LOGIN, .run = review_change,
     .shape = SHAPE_CHANGE, REVIEWS, .form = review_edit_form,
     .what = N_("Changes a review while it is the group's newest")},
    {.method = "GET", .path = "/reviews/{id}/edit", .may = MAY_LOGIN, .run = review_edit_form,
     .view = "review/form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/reviews/{id}/closing", .may = MAY_LOGIN, .run = closing,
     .view = "review/closing", .shape = SHAPE_VIEW, .reply = review_closing_reply,
     .flags = ROUTE_NO_DAY,
     .what = N_("What is to be done before a group is closed: open actions, what it has made, "
                "thanks")},
    {.method = "POST", .path = "/reviews/{id}/closing-steps", .may = MAY_LOGIN, .run = review_step,
     .shape = SHAPE_ACTION, REVIEWS, .body = review_step_fields,
     .what = N_("Notes what is done of the three, or that it is not")},
    {.method = "POST", .path = "/reviews/{id}/thanks", .may = MAY_LOGIN, .run = review_thank,
     .shape = SHAPE_ACTION, REVIEWS, .body = review_thanks_fields,
     .what = N_("Thanks everybody who takes part in a group that is to be closed, by mail, once")},
    {0},
};
