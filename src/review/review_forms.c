/* review_forms.c: the pages on which a review is written and changed, beside what the register says
 * of the group's year and what was said the year before.
 *
 * Owns what a form begins with. The rules are asked when it is sent. Knows no SQL. */
#include <stdlib.h>
#include <string.h>
#include <kansli/followup.h>
#include <kansli/plan.h>
#include "internal.h"

/* What the figures count, for who writes: it does not go with the review. */
static void put_matter(struct ctx *ctx, json_t *document, long long group_key, int year)
{
    json_put_new(document, "matter",
                 report_matter(ctx, group_key, arena_printf(ctx->arena, "%04d-01-01", year),
                               arena_printf(ctx->arena, "%04d-12-31", year)));
    json_put_new(document, "initiatives", review_initiatives(ctx, group_key, year));
}

/* The text is needed, which its field does not say: others may not know that there is one. */
static void mark_needed(json_t *form)
{
    size_t i;
    json_t *field;
    json_array_foreach(json_object_get(form, "fields"), i, field)
        if (!strcmp(json_text(field, "name"), "text"))
            json_put_bool(field, "required", true);
}

static enum code give(struct ctx *ctx, struct answer *out, json_t *form, const char *group_id,
                      const char *cancel, json_t *facts, const char *title)
{
    json_t *document = out->document = json_object();
    mark_needed(form);
    json_put(form, "cancel", cancel);
    json_put_new(document, "form", form);
    json_put_new(document, "facts", facts);
    out->view = "review/form"; /* also when it comes back with what to mend */
    return group_below(ctx, group_id, out, "/reviews", title);
}

static int year_asked(struct ctx *ctx)
{
    const char *sent = params_text(ctx->body, "year");
    int year = sent ? (int)strtol(sent, NULL, 10) : 0, now = review_year(ctx);
    return year >= 2000 && year <= now + 1 ? year : now;
}

static json_t *last_one(struct ctx *ctx, long long group_key)
{
    struct fixed own = {.condition = "\"group_key\" = ?6", .key = group_key};
    json_t *all = resource_items(ctx, &review_resource, own);
    json_t *last = json_incref(json_array_get(all, 0));
    json_decref(all);
    return last ? last : json_null();
}

enum code review_new_form(struct ctx *ctx, struct answer *out)
{
    enum code c;
    size_t i;
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = must_may(ctx, ACT_REVIEW_GROUP, key);
    if (c)
        return c;
    const char *id = ctx_value(ctx, "id");
    const char *list = arena_printf(ctx->arena, "/groups/%s/reviews", id);
    json_t *form = resource_form(ctx, review_resource.fields, NULL, list,
                                 ctx_text(ctx, N_("Keep the review"))), *field;
    json_array_foreach(json_object_get(form, "fields"), i, field) {
        const char *value = json_text(field, "value");
        if (!strcmp(json_text(field, "name"), "year") && (!value || !*value))
            json_put(field, "value", arena_printf(ctx->arena, "%d", review_year(ctx)));
    }
    c = give(ctx, out, form, id, list, plan_facts(ctx, key, year_asked(ctx)),
             ctx_text(ctx, N_("New yearly review")));
    put_matter(ctx, out->document, key, year_asked(ctx));
    if (ctx_page(ctx))
        ctx_embed(ctx, out->document, "last", last_one(ctx, key));
    return c;
}

enum code review_edit_form(struct ctx *ctx, struct answer *out)
{
    struct review_row review;
    json_t *object = NULL;
    enum code c = review_find(ctx, &review);
    if (!c)
        c = must_may(ctx, ACT_REVIEW_GROUP, review.group_key);
    if (c)
        return c;
    const char *path = arena_printf(ctx->arena, "/reviews/%s", review.id);
    json_t *form = resource_form_of(ctx, &review_resource, review.id,
                                    arena_printf(ctx->arena, "%s?_method=PATCH", path),
                                    ctx_text(ctx, N_("Save")), &object);
    json_t *facts = json_incref(json_object_get(object, "facts"));
    json_decref(object);
    c = give(ctx, out, form, review.group_id, path, facts, ctx_text(ctx, N_("Change the review")));
    put_matter(ctx, out->document, review.group_key, (int)review.year);
    if (ctx_page(ctx))
        ctx_embed(ctx, out->document, "last", json_null());
    return c;
}
