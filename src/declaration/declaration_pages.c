/* declaration_pages.c: the pages of declarations: their routes, and what they show beside the
 * object.
 *
 * Owns handlers of a few lines. Knows no SQL and no rule; what a reader may have of a declaration
 * was decided before a document comes here (declaration_access.c), and nothing is shown that is not
 * in it. What a template shows stands in the document, so that embed=page gives a script the page's
 * twin. */
#include <string.h>
#include "internal.h"

static json_t *crumbs_of(struct ctx *ctx, const char *here)
{
    return json_pack("[{s:s, s:s}, {s:s, s:s}]", "href", "/declarations", "name",
                     ctx_text(ctx, N_("Declarations")), "href", ctx->path, "name", here);
}

/* ---------------------------------------------------------------- my declarations */

/* The person's own, newest first, each with who has read it. */
static json_t *own_of(struct ctx *ctx)
{
    struct fixed mine = {.condition = "\"whose_key\" = ?6 AND \"state_key\" <> 'draft'",
                         .key = ctx->actor->person_key};
    json_t *items = resource_items(ctx, &declaration_list_resource, mine), *one;
    size_t i;
    json_array_foreach(items, i, one) {
        struct declared it;
        bool found = !declared_find(ctx, json_text(one, "id"), &it);
        json_put_new(one, "readings", found ? declaration_readings(ctx, it.key) : json_array());
    }
    return items;
}

static json_t *draft_of(struct ctx *ctx)
{
    struct declared it;
    const char *id = declaration_own_draft(ctx);
    if (!id || declared_find(ctx, id, &it))
        return json_null();
    json_t *draft = declaration_draft(ctx, it.key), *shown = json_object();
    json_put(shown, "id", id);
    json_object_set(shown, "savedAt", json_object_get(draft, "savedAt"));
    json_decref(draft);
    return shown;
}

/* What reviewers want to know more about the last one. */
static json_t *asked_of(struct ctx *ctx)
{
    struct declared it;
    const char *id = declaration_last(ctx);
    return id && !declared_find(ctx, id, &it) ? declaration_inquiries(ctx, it.key) : json_array();
}

/* Whose work others' declarations are: they see the list. */
static bool works_with(struct ctx *ctx)
{
    unsigned is = access_to_group(ctx, 0);
    return is & (WHO_SUPPORT | WHO_AUDITOR | WHO_ANY_COORDINATOR | WHO_ANY_OFFICER);
}

enum code declaration_page_list(struct ctx *ctx, struct answer *out)
{
    json_t *document = out->document;
    long long person = ctx->actor->person_key;
    out->title = ctx_text(ctx, N_("Declarations of interests"));
    if (ctx_embeds(ctx, "stands"))
        ctx_embed(ctx, document, "stands", person ? declaration_stands(ctx, person) : json_array());
    if (ctx_embeds(ctx, "draft"))
        ctx_embed(ctx, document, "draft", person ? draft_of(ctx) : json_null());
    if (ctx_embeds(ctx, "own"))
        ctx_embed(ctx, document, "own", person ? own_of(ctx) : json_array());
    if (ctx_embeds(ctx, "inquiries"))
        ctx_embed(ctx, document, "inquiries", person ? asked_of(ctx) : json_array());
    if (ctx_embeds(ctx, "awaiting"))
        ctx_embed(ctx, document, "awaiting", declaration_awaiting(ctx));
    if (ctx_embeds(ctx, "mayReview"))
        ctx_embed(ctx, document, "mayReview", json_boolean(ctx->actor->areas > 0));
    if (ctx_embeds(ctx, "isPerson"))
        ctx_embed(ctx, document, "isPerson", json_boolean(person != 0));
    if (ctx_embeds(ctx, "mayList"))
        ctx_embed(ctx, document, "mayList", json_boolean(works_with(ctx)));
    if (ctx_embeds(ctx, "maySeeStatuses"))
        ctx_embed(ctx, document, "maySeeStatuses",
                  json_boolean(ctx->actor->roles & (ROLE_SUPPORT | ROLE_AUDITOR)));
    out->personal = true;
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- one declaration */

/* What the reader is to it, as the line over the interests says. */
static json_t *reader_of(struct ctx *ctx, const json_t *declaration, long long key)
{
    unsigned is = declaration_reader(ctx, key);
    bool self = is & WHO_SELF, holds = json_object_get(declaration, "interests") != NULL;
    json_t *reader = json_object();
    json_put_bool(reader, "self", self);
    json_put_bool(reader, "holds", holds);
    json_put_bool(reader, "recorded", holds && !self);
    json_put(reader, "asLabel",
             is & WHO_REVIEWER         ? ctx_text(ctx, NC_("reads as", "reviewer"))
             : is & WHO_PROCESS_LEADER ? ctx_text(ctx, NC_("reads as", "process leader"))
             : is & WHO_CHAIR          ? ctx_text(ctx, NC_("reads as", "chair"))
                                       : NULL);
    return reader;
}

/* The groups for which the reader may review it now. */
static json_t *reviewable(struct ctx *ctx, long long key)
{
    json_t *asks = declaration_asks(ctx, key), *some = json_array(), *one;
    size_t i;
    json_array_foreach(asks, i, one) {
        if (!json_true_at(one, "mayReview"))
            continue;
        json_put(one, "declarationId", ctx_value(ctx, "id"));
        json_array_append(some, one);
    }
    json_decref(asks);
    return some;
}

enum code declaration_page_show(struct ctx *ctx, struct answer *out, long long key)
{
    json_t *declaration = out->document, *interests = json_object_get(declaration, "interests");
    const char *name = json_text(declaration, "personName");
    out->title = name ? ctx_textf(ctx, N_("Declaration of interests: {person}"), "person", name,
                                  NULL)
                      : ctx_text(ctx, N_("Declaration of interests"));
    if (ctx_embeds(ctx, "crumbs"))
        ctx_embed(ctx, declaration, "crumbs", crumbs_of(ctx, out->title));
    if (ctx_embeds(ctx, "reader"))
        ctx_embed(ctx, declaration, "reader", reader_of(ctx, declaration, key));
    if (ctx_embeds(ctx, "shown"))
        ctx_embed(ctx, declaration, "shown", interests_shown(ctx, interests));
    if (ctx_embeds(ctx, "readings"))
        ctx_embed(ctx, declaration, "readings", declaration_readings(ctx, key));
    if (ctx_embeds(ctx, "inquiries"))
        ctx_embed(ctx, declaration, "inquiries", declaration_inquiries(ctx, key));
    if (ctx_embeds(ctx, "reviewable"))
        ctx_embed(ctx, declaration, "reviewable", reviewable(ctx, key));
    out->personal = true;
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- a group's statuses */

/* Who may be reminded: nobody who has declared. True when somebody may. */
static bool mark_rows(struct ctx *ctx, json_t *items, bool remind)
{
    bool some = false;
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item) {
        const char *status = json_text(item, "status");
        bool lacks = !strcmp(status, "missing") || !strcmp(status, "expired");
        ctx_embed(ctx, item, "mayRemind", json_boolean(remind));
        ctx_embed(ctx, item, "mayChoose", json_boolean(remind && lacks));
        some = some || (remind && lacks);
    }
    return some;
}

/* Who has not declared is looked for by group, role and status. */
static void tidy_filters(json_t *filters)
{
    static const char *const shown[] = {"groupId", "role", "status"};
    size_t i = json_array_size(filters);
    while (i-- > 0) {
        const char *name = json_text(json_array_get(filters, i), "name");
        bool keep = false;
        for (size_t j = 0; j < LEN(shown); j++)
            keep = keep || !strcmp(shown[j], name);
        if (!keep)
            json_array_remove(filters, i);
    }
}

enum code declaration_page_everybody(struct ctx *ctx, struct answer *out)
{
    out->title = ctx_text(ctx, N_("Who has declared"));
    out->personal = true;
    tidy_filters(json_object_get(json_object_get(out->document, "_embedded"), "filters"));
    if (ctx_embeds(ctx, "crumbs"))
        ctx_embed(ctx, out->document, "crumbs", crumbs_of(ctx, out->title));
    return tx_code(ctx->tx);
}

enum code declaration_page_statuses(struct ctx *ctx, struct answer *out, long long group_key)
{
    json_t *document = out->document;
    bool remind = declaration_may_remind(ctx, group_key);
    bool some = ctx_page(ctx) && mark_rows(ctx, json_object_get(document, "items"), remind);
    if (ctx_embeds(ctx, "counts"))
        ctx_embed(ctx, document, "counts", declaration_counts(ctx, group_key));
    if (ctx_embeds(ctx, "concentration"))
        ctx_embed(ctx, document, "concentration", declaration_concentration(ctx, group_key));
    if (ctx_embeds(ctx, "concentrationHref"))
        ctx_embed(ctx, document, "concentrationHref",
                  json_text_new(arena_printf(ctx->arena, "/groups/%s/declaration-concentration",
                                             ctx_value(ctx, "id"))));
    if (ctx_embeds(ctx, "mayRemind"))
        ctx_embed(ctx, document, "mayRemind", json_boolean(remind));
    if (ctx_embeds(ctx, "mayChoose"))
        ctx_embed(ctx, document, "mayChoose", json_boolean(some));
    if (ctx_embeds(ctx, "mayRecord"))
        ctx_embed(ctx, document, "mayRecord",
                  json_boolean(may(ctx, ACT_RECORD_PAPER, group_key)));
    ctx->as_support = false; /* asked, not done */
    out->personal = true;
    return group_below(ctx, ctx_value(ctx, "id"), out, "/declaration-statuses",
                       ctx_text(ctx, N_("Conflicts of interest")));
}

/* ---------------------------------------------------------------- routes */

const struct route declaration_page_routes[] = {
    {.method = "GET", .path = "/declarations/new", .may = MAY_LOGIN, .run = declaration_new_form,
     .view = "declaration/new", .shape = SHAPE_PAGE, .query = declaration_new_query},
    {.method = "POST", .path = "/declarations/new", .may = MAY_LOGIN, .run = declaration_new,
     .shape = SHAPE_PAGE, .form = declaration_new_form},
    {.method = "GET", .path = "/declarations/{id}/questions/{number}", .may = MAY_LOGIN,
     .run = wizard_show, .view = "declaration/question", .shape = SHAPE_PAGE,
     .query = wizard_query},
    {.method = "POST", .path = "/declarations/{id}/questions/{number}", .may = MAY_LOGIN,
     .run = wizard_save, .shape = SHAPE_PAGE, .form = wizard_show},
    {.method = "GET", .path = "/declarations/{id}/check", .may = MAY_LOGIN,
     .run = declaration_check_form, .view = "declaration/check", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/declarations/{id}/withdrawals/new", .may = MAY_LOGIN,
     .run = declaration_withdrawal_form, .view = "form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/declarations/{id}/delete", .may = MAY_LOGIN,
     .run = declaration_delete_form, .view = "form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/declarations/{id}/reviews/new", .may = MAY_LOGIN,
     .run = declaration_review_form, .view = "declaration/review", .shape = SHAPE_PAGE,
     .query = declaration_review_query, .flags = ROUTE_LOGS_READ},
    {.method = "GET", .path = "/declarations/{id}/inquiries/new", .may = MAY_LOGIN,
     .run = declaration_inquiry_form, .view = "declaration/inquiry", .shape = SHAPE_PAGE,
     .query = declaration_review_query},
    {.method = "GET", .path = "/groups/{id}/declarations/new-paper", .may = MAY_LOGIN,
     .run = declaration_paper_form, .view = "declaration/paper", .shape = SHAPE_PAGE},
    {.method = "POST", .path = "/groups/{id}/declarations/new-paper", .may = MAY_LOGIN,
     .run = declaration_paper_form, .view = "declaration/paper", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/declaration-forms/new", .may = MAY_LOGIN,
     .run = declaration_form_new_form, .view = "declaration/form-new", .shape = SHAPE_PAGE,
     .query = form_new_query},
    {.method = "POST", .path = "/declaration-forms/new", .may = MAY_LOGIN,
     .run = declaration_form_new, .shape = SHAPE_PAGE, .form = declaration_form_new_form},
    {0},
};
