/* declaration_forms.c: the pages on which a declaration is begun, taken back, reviewed and recorded
 * from paper, and a form gets a new version.
 *
 * Owns what a form begins with and the words around it. The rules are asked again when it is sent.
 * Knows no SQL. */
#include <string.h>
#include "internal.h"

static const char *path_of(struct ctx *ctx, const char *rest)
{
    return arena_printf(ctx->arena, "/declarations/%s%s", ctx_value(ctx, "id"), rest);
}

static void step(json_t *crumbs, const char *href, const char *name)
{
    json_t *crumb = json_push(crumbs, json_object());
    json_put(crumb, "href", href);
    json_put(crumb, "name", name);
}

/* A page below the list of declarations, or below one of them. */
static enum code give(struct ctx *ctx, struct answer *out, json_t *form, const char *title,
                      const char *lead)
{
    json_t *document = out->document ? out->document : json_object(), *crumbs = json_array();
    out->document = document;
    step(crumbs, "/declarations", ctx_text(ctx, N_("Declarations")));
    if (strncmp(ctx->path, "/declarations/new", 17))
        step(crumbs, path_of(ctx, ""), ctx_text(ctx, N_("The declaration")));
    step(crumbs, ctx->path, title);
    ctx_embed(ctx, document, "crumbs", crumbs);
    json_put(document, "lead", lead);
    json_put_new(document, "form", form);
    out->title = title;
    out->personal = true;
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- begin */

static const struct value beginnings[] = {
    {"last", N_("My last declaration")},
    {"empty", N_("Empty answers")},
    {NULL, NULL},
};

const struct field declaration_new_query[] = {
    {.name = "formVariant",
     .label = N_("Form"),
     .type = T_ENUM,
     .values = declaration_variants},
    {0},
};

struct beginning {
    const char *variant, *from;
};

static const struct field beginning_fields[] = {
    {.name = "formVariant",
     .label = N_("How do you take part?"),
     .type = T_ENUM,
     .at = offsetof(struct beginning, variant),
     .flags = F_REQUIRED,
     .values = declaration_variants},
    {.name = "from",
     .label = N_("Begin from"),
     .type = T_ENUM,
     .at = offsetof(struct beginning, from),
     .values = beginnings},
    {0},
};

/* For whom each form is, in plain words. */
static const struct value variant_hints[] = {
    {"publicRepresentative", N_("You are employed or elected in a region, a municipality or an "
                                "authority and take part on its behalf.")},
    {"patientRepresentative", N_("You take part as a patient, user or next of kin, or for an "
                                 "organisation of patients.")},
    {"organisationRepresentative", N_("You take part for another organisation, such as a "
                                      "professional association or a university.")},
    {"staff", N_("You support groups in your work, for example as process leader or secretary.")},
    {NULL, NULL},
};

static json_t *choices(struct ctx *ctx, const struct value *values, const struct value *hints,
                       const char *chosen)
{
    json_t *all = json_array();
    for (const struct value *v = values; v->code; v++) {
        const char *hint = hints ? value_label(ctx, hints, v->code) : NULL;
        json_t *one = json_push(all, json_object());
        json_put(one, "value", v->code);
        json_put(one, "label", ctx_text(ctx, v->label));
        json_put(one, "hint", hint && strcmp(hint, v->code) ? hint : NULL);
        json_put_bool(one, "selected", chosen && !strcmp(chosen, v->code));
    }
    return all;
}

/* The last one of the caller's own, and what reviewers want to know more about it. */
static void put_last(struct ctx *ctx, json_t *document)
{
    struct declared last;
    const char *id = declaration_last(ctx);
    json_t *object = id ? resource_one(ctx, &declaration_resource, id, NULL, NULL) : NULL;
    json_put(document, "lastId", id);
    json_put(document, "lastSubmittedAt", json_text(object, "submittedAt"));
    json_put_new(document, "inquiries",
                 id && !declared_find(ctx, id, &last) ? declaration_inquiries(ctx, last.key)
                                                      : json_array());
    json_decref(object);
}

enum code declaration_new_form(struct ctx *ctx, struct answer *out)
{
    enum code c = must_may_person(ctx, ACT_WRITE_DECLARATION, ctx->actor->person_key);
    if (c)
        return c;
    bool again = ctx->err->code != OK;
    const char *chosen = again ? params_text(ctx->body, "formVariant")
                               : ctx_query(ctx, "formVariant");
    if (!again && (!chosen || !*chosen))
        chosen = declaration_guess(ctx);
    json_t *document = out->document = json_object();
    put_last(ctx, document);
    json_put(document, "draftId", declaration_own_draft(ctx));
    json_put_new(document, "variants", choices(ctx, declaration_variants, variant_hints, chosen));
    json_put_bool(document, "empty", again && params_text(ctx->body, "from") &&
                                         !strcmp(params_text(ctx->body, "from"), "empty"));
    out->view = "declaration/new";
    return give(ctx, out, resource_form(ctx, beginning_fields, NULL, "/declarations/new", ""),
                ctx_text(ctx, N_("New declaration")), NULL);
}

enum code declaration_new(struct ctx *ctx, struct answer *out)
{
    struct beginning in = {0};
    enum code c = must_may_person(ctx, ACT_WRITE_DECLARATION, ctx->actor->person_key);
    if (!c)
        c = fields_read(ctx, beginning_fields, &in);
    const char *id = c ? NULL : declaration_own_draft(ctx); /* pressed twice: one draft */
    if (!c && !id)
        c = declaration_begin(ctx, in.variant,
                              in.from && !strcmp(in.from, "last") ? declaration_last(ctx) : NULL,
                              &id);
    if (c)
        return c;
    out->document = json_object();
    out->see = arena_printf(ctx->arena, "/declarations/%s/questions/1", id);
    return OK;
}

/* ---------------------------------------------------------------- take back, delete */

static const struct field nothing[] = {{0}};

enum code declaration_withdrawal_form(struct ctx *ctx, struct answer *out)
{
    struct declared it;
    enum code c = declared_find(ctx, ctx_value(ctx, "id"), &it);
    if (!c)
        c = must_may_person(ctx, ACT_WRITE_DECLARATION, it.person_key);
    if (!c && strcmp(it.state, "submitted") && !ctx->err->code)
        c = ctx_fail(ctx, E_CONFLICT, "not-submitted",
                     N_("Only a declaration that is submitted is withdrawn."));
    if (c)
        return c;
    json_t *form = resource_form(ctx, nothing, NULL, path_of(ctx, "/withdrawals"),
                                 ctx_text(ctx, N_("Withdraw the declaration")));
    json_put(form, "cancel", path_of(ctx, ""));
    json_put(form, "version", arena_int(ctx->arena, it.version));
    out->view = "form";
    return give(ctx, out, form, ctx_text(ctx, N_("Withdraw the declaration")),
                ctx_text(ctx, N_("What you have written is no longer shown to others, and no "
                                 "review of it holds. The groups that you take part in see that "
                                 "you have no declaration until you submit a new one.")));
}

enum code declaration_delete_form(struct ctx *ctx, struct answer *out)
{
    struct declared it;
    enum code c = declared_find(ctx, ctx_value(ctx, "id"), &it);
    if (!c)
        c = declared_is_draft(ctx, &it);
    if (c)
        return c;
    json_t *form = resource_form(ctx, nothing, NULL, path_of(ctx, "?_method=DELETE"),
                                 ctx_text(ctx, NC_("button", "Delete")));
    json_put(form, "cancel", "/declarations");
    json_put(form, "version", arena_int(ctx->arena, it.version));
    out->view = "form";
    return give(ctx, out, form, ctx_text(ctx, N_("Delete the draft")),
                ctx_text(ctx, N_("What you have written in the draft is deleted. What you have "
                                 "submitted before stays.")));
}

/* ---------------------------------------------------------------- review */

const struct field declaration_review_query[] = {
    {.name = "groupId", .label = N_("Group"), .type = T_SLUG},
    {0},
};

/* What each outcome means for the person. */
static const struct value outcome_hints[] = {
    {"noConflict", N_("The interests do not affect the task. The person takes part in "
                      "everything.")},
    {"declareOnly", N_("The interests are told openly in the group. The person takes part in "
                       "everything.")},
    {"partialExclusion", N_("The person takes part but stands aside in some questions: write "
                            "which as conditions.")},
    {"completeExclusion", N_("The person does not take part in the question that the interests "
                             "concern.")},
    {"notEligible", N_("The interests are such that the person cannot be appointed.")},
    {NULL, NULL},
};

/* The group that a review is for: of the address, or of a form that came back; NULL: the first that
 * the caller reviews it for. */
static const char *group_asked(struct ctx *ctx)
{
    const char *id = ctx->body ? params_text(ctx->body, "groupId") : NULL;
    return id ? id : ctx_query(ctx, "groupId");
}

struct review_at {
    struct declared it;
    const char *group_id, *group_name;
};

/* Only what stands today is reviewed; a form that was refused comes back with its refusal. */
static enum code must_stand(struct ctx *ctx, const struct review_at *at)
{
    struct fixed fixed = {.condition = "\"key\" = ?6", .key = at->it.key};
    json_t *rows = resource_items(ctx, &declaration_list_resource, fixed);
    const char *status = json_text(json_array_get(rows, 0), "status");
    bool stands = status && (!strcmp(status, "submitted") || !strcmp(status, "reviewed"));
    json_decref(rows);
    return stands || ctx->err->code
               ? tx_code(ctx->tx)
               : ctx_fail(ctx, E_CONFLICT, "not-submitted",
                          N_("Only a declaration that is submitted and still valid is reviewed."));
}

/* Who reviews is asked of the declaration and the group together. */
static enum code review_find(struct ctx *ctx, struct review_at *at)
{
    const char *id = group_asked(ctx);
    bool reviews = false;
    size_t i;
    enum code c = declared_find(ctx, ctx_value(ctx, "id"), &at->it);
    if (!c && at->it.own)
        c = ctx_fail(ctx, E_CONFLICT, "reviewer-is-self",
                     N_("Nobody reviews their own declaration."));
    if (c)
        return c;
    json_t *asks = declaration_asks(ctx, at->it.key), *group;
    json_array_foreach(asks, i, group) {
        bool asked = !id || !*id || !strcmp(json_text(group, "id"), id);
        if (reviews || !asked || !json_true_at(group, "mayReview"))
            continue;
        reviews = true;
        at->group_id = arena_strdup(ctx->arena, json_text(group, "id"));
        at->group_name = arena_strdup(ctx->arena, json_text(group, "name"));
    }
    json_decref(asks);
    c = must_may_as(ctx, ACT_REVIEW_DECLARATION, reviews ? WHO_REVIEWER : 0);
    return c ? c : must_stand(ctx, at);
}

/* The radio buttons stand apart, with what each means; the rest is a plain form. */
static json_t *review_fields(struct ctx *ctx, const json_t *declaration)
{
    json_t *begun = json_object();
    json_put(begun, "validUntil", json_text(declaration, "validUntil"));
    json_t *form = resource_form(ctx, declaration_review_fields, begun, path_of(ctx, "/reviews"),
                                 ctx_text(ctx, N_("Decide")));
    json_t *fields = json_object_get(form, "fields");
    size_t i = json_array_size(fields);
    while (i-- > 0)
        if (!strcmp(json_text(json_array_get(fields, i), "name"), "outcome"))
            json_array_remove(fields, i);
    json_decref(begun);
    return form;
}

/* The one before, side by side; what the reader may not have of it is not compared. */
static void put_difference(struct ctx *ctx, json_t *document, const struct review_at *at,
                           const json_t *declaration)
{
    const char *id = declaration_before(ctx, at->it.key);
    json_t *before = id ? declaration_open(ctx, id, NULL, NULL) : NULL;
    json_t *old = json_object_get(before, "interests");
    json_put(document, "previousSubmittedAt", old ? json_text(before, "submittedAt") : NULL);
    json_put_new(document, "changes",
                 interests_difference(ctx, old, json_object_get(declaration, "interests")));
    json_decref(before);
}

enum code declaration_review_form(struct ctx *ctx, struct answer *out)
{
    struct review_at at;
    enum code c = review_find(ctx, &at);
    if (c)
        return c;
    json_t *document = out->document = json_object();
    json_t *declaration = declaration_open(ctx, ctx_value(ctx, "id"), NULL, NULL);
    const char *chosen = ctx->err->code ? params_text(ctx->body, "outcome") : NULL;
    const char *name = json_text(declaration, "personName");
    json_put_bool(document, "open", json_object_get(declaration, "interests"));
    put_difference(ctx, document, &at, declaration);
    json_put_new(document, "outcomes",
                 choices(ctx, declaration_outcomes, outcome_hints, chosen));
    json_put(document, "outcomeError", message_at(ctx, "/outcome"));
    json_put(document, "groupId", at.group_id);
    json_put(document, "groupName", at.group_name);
    json_t *form = review_fields(ctx, declaration);
    json_put_new(document, "declaration", declaration);
    out->view = "declaration/review";
    return give(ctx, out, form,
                name ? ctx_textf(ctx, N_("Review of the declaration by {person}"), "person", name,
                                 NULL)
                     : ctx_text(ctx, N_("Review of a declaration")),
                NULL);
}

enum code declaration_inquiry_form(struct ctx *ctx, struct answer *out)
{
    struct review_at at;
    enum code c = review_find(ctx, &at);
    if (c)
        return c;
    json_t *form = resource_form(ctx, declaration_inquiry_fields, NULL,
                                 path_of(ctx, "/inquiries"),
                                 ctx_text(ctx, N_("Send the question")));
    json_put(form, "cancel",
             arena_printf(ctx->arena, "%s?groupId=%s", path_of(ctx, "/reviews/new"), at.group_id));
    out->document = json_object();
    json_put(out->document, "groupId", at.group_id);
    out->view = "declaration/inquiry";
    return give(ctx, out, form, ctx_text(ctx, N_("Ask for more")),
                ctx_text(ctx, N_("The person sees your question and answers with a new "
                                 "declaration, begun from this one.")));
}

/* ---------------------------------------------------------------- paper */

/* A page below a group's. */
static enum code give_group(struct ctx *ctx, struct answer *out, const char *title)
{
    out->personal = true;
    return group_below(ctx, ctx_value(ctx, "id"), out, "/declaration-statuses", title);
}

/* The fields of the route's body but the rows, which stand below them; `typed` when the page was
 * sent to itself for another row. */
static json_t *paper_fields(struct ctx *ctx, const char *action, const json_t *typed)
{
    json_t *form = resource_form(ctx, declaration_paper_fields, typed, action,
                                 ctx_text(ctx, N_("Record the paper form")));
    json_t *fields = json_object_get(form, "fields");
    size_t i = json_array_size(fields);
    while (i-- > 0)
        if (!strcmp(json_text(json_array_get(fields, i), "name"), "interests"))
            json_array_remove(fields, i);
    return form;
}

enum code declaration_paper_form(struct ctx *ctx, struct answer *out)
{
    enum code c;
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = must_may(ctx, ACT_RECORD_PAPER, key);
    if (c)
        return c;
    bool sent = ctx->body && params_has(ctx->body, "_csrf");
    const char *list = arena_printf(ctx->arena, "/groups/%s/declarations", ctx_value(ctx, "id"));
    json_t *document = out->document = json_object();
    json_t *form = paper_fields(ctx, list, sent ? ctx->body->values : NULL);
    json_t *rows = sent ? interests_typed(ctx, NULL, -1) : json_array();
    json_put(form, "cancel",
             arena_printf(ctx->arena, "/groups/%s/declaration-statuses", ctx_value(ctx, "id")));
    json_put_new(form, "rows",
                 interests_form(ctx, rows, NULL, json_array_size(rows) + 2,
                                json_object_get(form, "errors")));
    json_put(form, "rowsError", message_at(ctx, "/interests"));
    json_put(form, "again", arena_printf(ctx->arena, "%s/new-paper", list));
    json_put_new(document, "form", form);
    json_decref(rows);
    out->view = "declaration/paper";
    return give_group(ctx, out, ctx_text(ctx, N_("Record a paper form")));
}
