/* review_pages.c: the pages of those who decide plans: what has come in, one plan beside the last
 * one, remarks on its rows, positions, the decision, and several decisions on one page.
 *
 * Owns what those pages show and what their forms begin with. Rights and rules are asked by the
 * same functions as when a form is sent. Knows no SQL. */
#include <stdlib.h>
#include <string.h>
#include "pages.h"

/* ---------------------------------------------------------------- the queue */

const struct field plan_queue_query[] = {
    {.name = "year", .label = N_("Year"), .type = T_INT, .max = 2199},
    {.name = "stage", .label = N_("Status"), .type = T_ENUM, .values = plan_stages,
     .hint = N_("awaited: nothing has been submitted.")},
    {0},
};

const struct value plan_stages[] = {
    {"awaited", NC_("plan", "Not in yet")},
    {"submitted", NC_("plan", "Awaits a decision")},
    {"returned", NC_("plan", "Returned")},
    {"decided", NC_("plan", "Decided")},
    {NULL, NULL},
};

/* [{label, count, href, current}]: the queue by stage. */
static json_t *stage_chips(struct ctx *ctx, const json_t *queue, const char *chosen)
{
    json_t *chips = json_array();
    const json_t *counts = json_object_get(queue, "counts");
    const char *year = arena_int(ctx->arena, json_int(queue, "year", 0));
    json_t *all = json_push(chips, json_object());
    json_put(all, "label", ctx_text(ctx, NC_("choice", "All")));
    json_put_int(all, "count", json_int(counts, "all", 0));
    json_put(all, "href", arena_join(ctx->arena, "?year=", year, NULL));
    json_put_bool(all, "current", !chosen);
    for (const struct value *stage = plan_stages; stage->code; stage++) {
        json_t *chip = json_push(chips, json_object());
        json_put(chip, "label", ctx_text(ctx, stage->label));
        json_put_int(chip, "count", json_int(counts, stage->code, 0));
        json_put(chip, "href",
                 arena_join(ctx->arena, "?year=", year, "&stage=", stage->code, NULL));
        json_put_bool(chip, "current", chosen && !strcmp(chosen, stage->code));
    }
    return chips;
}

enum { YEAR_FIRST = 2000, YEAR_LAST = 2199 };

static enum code year_asked(struct ctx *ctx, int *year)
{
    const char *text = ctx_query(ctx, "year");
    long asked = text ? strtol(text, NULL, 10) : plan_year(ctx);
    *year = (int)asked;
    if (asked >= YEAR_FIRST && asked <= YEAR_LAST)
        return OK;
    return err_field(ctx->err, "year", N_("Write a year from {first} to {last}."), "first",
                     arena_int(ctx->arena, YEAR_FIRST), "last", arena_int(ctx->arena, YEAR_LAST),
                     NULL);
}

enum code plan_page_queue(struct ctx *ctx, struct answer *out)
{
    enum code c;
    int year = 0;
    const char *id = ctx_value(ctx, "id"), *stage = ctx_query(ctx, "stage");
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    if (!access_sees_all(ctx)) {
        c = must_may(ctx, ACT_DECIDE_PLANS, key);
        ctx->as_support = false; /* looked at, not done */
        if (c)
            return c;
    }
    c = plan_check_choice(ctx, "stage", plan_stages);
    if (!c)
        c = year_asked(ctx, &year);
    if (c)
        return c;
    json_t *queue = out->document = plan_queue(ctx, key, year, stage);
    json_put(queue, "groupId", id);
    if (!ctx_page(ctx))
        return tx_code(ctx->tx);
    bool some = false;
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(queue, "items"), i, row)
        some = some || json_true_at(row, "mayDecide");
    ctx_embed(ctx, queue, "chips", stage_chips(ctx, queue, stage));
    ctx_embed(ctx, queue, "mayDecide", json_boolean(some));
    ctx_embed(ctx, queue, "yearBefore", json_integer(year - 1));
    ctx_embed(ctx, queue, "yearAfter", json_integer(year + 1));
    return group_below(ctx, id, out, "/incoming-plans",
                       ctx_textf(ctx, N_("Incoming plans for {year}"), "year",
                                 arena_int(ctx->arena, year), NULL));
}

/* Back to where one goes on with the next. */
enum code plan_page_flag(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_flag(ctx, out);
    if (c || plan_in_path(ctx, &plan))
        return c ? c : ctx->err->code;
    const char *queue = plan_queue_path(ctx, &plan);
    if (queue)
        out->see = arena_join(ctx->arena, queue, "#plan-", plan.id, NULL);
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- one plan beside the last one */

const struct field plan_review_query[] = {
    {.name = "with", .label = N_("Compared with"), .type = T_TEXT, .max = 36},
    {.name = "show", .label = N_("Show"), .type = T_ENUM, .values = plan_ways},
    {0},
};

static void add_remarks(const json_t *document, const json_t *remarks)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(document, "initiatives"), i, one) {
        const char *id = json_text(one, "id");
        json_put_new(one, "remarks", id ? plan_remarks_of(remarks, id) : json_array());
    }
}

static bool has_link(const json_t *object, const char *rel)
{
    size_t i;
    json_t *link;
    json_array_foreach(json_object_get(object, "_links"), i, link)
        if (!strcmp(json_text(link, "rel"), rel))
            return true;
    return false;
}

/* The positions, and the reader's own on the version that awaits a decision. */
static json_t *positions_of(struct ctx *ctx, const struct plan_row *plan, const char **own)
{
    struct fixed of_plan = {.condition = "\"plan_key\" = ?6", .key = plan->key};
    json_t *positions = resource_items(ctx, &position_resource, of_plan), *one;
    size_t i;
    *own = NULL;
    json_array_foreach(positions, i, one) {
        if (json_int(one, "version", 0) != plan->number)
            continue;
        json_t *object = resource_one(ctx, &position_resource, json_text(one, "id"), NULL, NULL);
        if (has_link(object, "edit"))
            *own = arena_strdup(ctx->arena, json_text(one, "id"));
        json_decref(object);
    }
    return positions;
}

static json_t *position_form(struct ctx *ctx, const struct plan_row *plan)
{
    return resource_form(ctx, position_resource.fields, NULL, plan_path(ctx, plan, "/positions"),
                         ctx_text(ctx, N_("Take the position")));
}

/* About the version that was read; the page says it unseen. */
static json_t *decision_form(struct ctx *ctx, const struct plan_row *plan)
{
    json_t *form = resource_form(ctx, plan_decision_fields, NULL,
                                 plan_path(ctx, plan, "/decisions"),
                                 ctx_text(ctx, N_("Record the decision")));
    plan_form_drop(form, "version");
    json_put(form, "preview", NULL);
    json_put(form, "cancel", plan_path(ctx, plan, ""));
    json_put(form, "number", arena_int(ctx->arena, plan->number));
    return form;
}

static void embed_review(struct ctx *ctx, json_t *document, const struct plan_row *plan)
{
    struct plan_rights rights;
    const char *own;
    plan_rights(ctx, plan, &rights);
    json_t *remarks = plan_remarks(ctx, plan, &rights);
    json_t *positions = positions_of(ctx, plan, &own);
    const char *from = json_text(json_object_get(document, "from"), "id");
    const char *queue = plan_queue_path(ctx, plan);
    add_remarks(document, remarks);
    ctx_embed(ctx, document, "plan", resource_one(ctx, &plan_resource, plan->id, NULL, NULL));
    ctx_embed(ctx, document, "rights", plan_rights_document(&rights));
    ctx_embed(ctx, document, "planRemarks", plan_remarks_of(remarks, NULL));
    ctx_embed(ctx, document, "positions", positions);
    ctx_embed(ctx, document, "ownPosition", own ? json_text_new(own) : json_null());
    ctx_embed(ctx, document, "positionForm",
              rights.decide && !own ? position_form(ctx, plan) : json_null());
    ctx_embed(ctx, document, "decisionForm",
              rights.decide ? decision_form(ctx, plan) : json_null());
    ctx_embed(ctx, document, "with", plan_choices(ctx, plan, from, true));
    ctx_embed(ctx, document, "queue", queue ? json_text_new(queue) : json_null());
    plan_embed_ways(ctx, document);
    json_decref(remarks);
}

enum code plan_page_review(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_in_path(ctx, &plan);
    if (!c && !plan_is_inside(ctx, &plan))
        c = plan_must_review(ctx, &plan);
    if (!c)
        c = plan_compare_shown(ctx, out);
    if (c)
        return c;
    embed_review(ctx, out->document, &plan);
    return plan_below(ctx, &plan, out,
                      ctx_textf(ctx, N_("Review of the plan for {year}"), "year",
                                arena_int(ctx->arena, plan.year), NULL));
}

/* ---------------------------------------------------------------- remarks */

const struct field remark_new_query[] = {
    {.name = "initiativeId", .label = N_("Initiative"), .type = T_UUID},
    {0},
};

static json_t *titles_of(struct ctx *ctx, const struct plan_row *plan)
{
    struct fixed of_plan = {.condition = "\"plan_key\" = ?6", .key = plan->key};
    json_t *items = resource_items(ctx, &initiative_resource, of_plan), *rows = json_array(), *one;
    size_t i;
    json_array_foreach(items, i, one)
        json_push(rows, json_pack("{s:O, s:O}", "value", json_object_get(one, "id"), "label",
                                  json_object_get(one, "title")));
    json_decref(items);
    return rows;
}

enum code remark_new_form(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = plan_must_review(ctx, &plan);
    if (c)
        return c;
    json_t *form = resource_form(ctx, remark_resource.fields, NULL,
                                 plan_path(ctx, &plan, "/remarks"),
                                 ctx_text(ctx, N_("Make the remark")));
    const char *about = ctx_query(ctx, "initiativeId");
    json_t *field = plan_form_field(form, "initiativeId");
    if (about && !ctx->err->code)
        json_put(field, "value", about);
    plan_form_drop(form, "answer");
    plan_form_drop(form, "resolved");
    plan_form_select(ctx, form, "initiativeId", titles_of(ctx, &plan));
    return plan_give_form(ctx, out, form, &plan, ctx_text(ctx, N_("New remark")), NULL);
}

/* Each hand its own part: the answer, whether it is resolved, the words. */
enum code remark_edit_form(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    struct plan_rights rights;
    const char *id = ctx_value(ctx, "remarkId");
    json_t *remark = NULL;
    enum code c = plan_in_path(ctx, &plan);
    if (c)
        return c;
    plan_rights(ctx, &plan, &rights);
    if (!rights.answer && !rights.review) {
        c = ctx->err->code ? ctx->err->code : plan_must_review(ctx, &plan);
        return c ? c : plan_must_wait(ctx, &plan);
    }
    json_t *form = resource_form_of(ctx, &remark_resource, id,
                                    plan_path(ctx, &plan, arena_join(ctx->arena, "/remarks/", id,
                                                                     "?_method=PATCH", NULL)),
                                    ctx_text(ctx, N_("Save")), &remark);
    if (!form || strcmp(json_text(remark, "planId"), plan.id)) {
        json_decref(form);
        json_decref(remark);
        return plan_give_form(ctx, out, NULL, &plan, NULL, NULL);
    }
    bool answered = json_text(remark, "answer") != NULL;
    const char *said = arena_strdup(ctx->arena, json_text(remark, "text"));
    json_decref(remark);
    if (!rights.answer)
        plan_form_drop(form, "answer");
    if (!rights.review)
        plan_form_drop(form, "resolved");
    if (!rights.review || answered)
        plan_form_drop(form, "text");
    c = plan_give_form(ctx, out, form, &plan,
                       ctx_text(ctx, rights.answer ? N_("Answer the remark")
                                                   : N_("Change the remark")),
                       NULL);
    if (!c && !plan_form_field(form, "text"))
        json_put(out->document, "said", said);
    return c;
}

/* ---------------------------------------------------------------- positions */

enum code position_new_form(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = plan_must_review(ctx, &plan);
    if (c)
        return c;
    return plan_give_form(ctx, out, position_form(ctx, &plan), &plan,
                          ctx_text(ctx, N_("Take a position")),
                          ctx_text(ctx, N_("It is read by those who decide and by the programme "
                                           "area. It binds nobody.")));
}

static enum code must_be_own(struct ctx *ctx, const struct plan_row *plan, const char *id)
{
    json_t *position = resource_one(ctx, &position_resource, id, NULL, NULL);
    bool here = position && !strcmp(json_text(position, "planId"), plan->id);
    bool own = here && has_link(position, "edit");
    json_decref(position);
    if (!here)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    if (own || ctx->err->code) /* what failed first stays said */
        return OK;
    return ctx_fail(ctx, E_DENIED, "position-of-another",
                    N_("A position is changed by who took it."));
}

enum code position_edit_form(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    const char *id = ctx_value(ctx, "positionId");
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = plan_must_review(ctx, &plan);
    if (!c)
        c = must_be_own(ctx, &plan, id);
    if (c)
        return c;
    json_t *form = resource_form_of(ctx, &position_resource, id,
                                    plan_path(ctx, &plan, arena_join(ctx->arena, "/positions/", id,
                                                                     "?_method=PATCH", NULL)),
                                    ctx_text(ctx, N_("Save")), NULL);
    return plan_give_form(ctx, out, form, &plan, ctx_text(ctx, N_("Change your position")), NULL);
}

/* ---------------------------------------------------------------- the decision */

enum code plan_decision_form(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = plan_must_review(ctx, &plan);
    if (!c && !ctx->err->code)
        c = plan_must_wait(ctx, &plan);
    if (c)
        return c;
    c = plan_give_form(ctx, out, decision_form(ctx, &plan), &plan,
                       ctx_textf(ctx, N_("Decide the plan for {year}"), "year",
                                 arena_int(ctx->arena, plan.year), NULL),
                       ctx_text(ctx, N_("An approved plan is public. The officers of the "
                                        "programme area are told by mail.")));
    out->view = "plan/decide";
    return c;
}

/* ---------------------------------------------------------------- several decisions */

enum { NUMBERS_MOST = 500, ROWS_MOST = 100 }; /* of the queue's rows; decided together */

/* What was sent of one row: as a form says it, or gathered already by a refused batch. New
 * reference or NULL. */
static json_t *row_sent(struct ctx *ctx, int at)
{
    const struct field *cell = field_find(plan_decisions_fields, "decisions")->rows;
    json_t *all = json_object_get(ctx->body->values, "decisions"), *row;
    if (all)
        return json_incref(json_array_get(all, (size_t)at));
    row = json_object();
    for (; cell->name; cell++) {
        json_t *value = json_object_get(ctx->body->values,
                                        arena_printf(ctx->arena, "decisions.%d.%s", at,
                                                     cell->name));
        if (value)
            json_object_set(row, cell->name, value);
    }
    return row;
}

/* A refusal names the row by its place. */
static const char *message_of(struct ctx *ctx, size_t at)
{
    const char *pointer = arena_printf(ctx->arena, "/decisions/%zu", at), *all = NULL;
    size_t n = strlen(pointer), i;
    json_t *entry;
    json_array_foreach(ctx->err->fields, i, entry) {
        const char *to = json_text(entry, "pointer");
        if (!to || strncmp(to, pointer, n) || (to[n] && to[n] != '/'))
            continue;
        const char *text = text_fill(ctx->arena, ctx_text(ctx, json_text(entry, "msgid")),
                                     json_object_get(entry, "args"));
        all = all ? arena_join(ctx->arena, all, " ", text, NULL) : text;
    }
    return all;
}

static json_t *outcomes_of(struct ctx *ctx, const char *chosen)
{
    json_t *options = json_array();
    for (const struct value *v = plan_outcomes; v->code; v++) {
        json_t *option = json_push(options, json_object());
        json_put(option, "value", v->code);
        json_put(option, "label", ctx_text(ctx, v->label));
        json_put_bool(option, "selected", chosen && !strcmp(chosen, v->code));
    }
    return options;
}

/* One plan with what is said of it, or NULL when the caller may not know of it. */
static json_t *one_row(struct ctx *ctx, const json_t *sent, size_t at)
{
    struct plan_row plan;
    const char *id = json_text(sent, "planId"), *comment = json_text(sent, "comment");
    const char *version = json_text(sent, "version");
    long long number = json_int(sent, "version", 0);
    if (!id || !*id || plan_find(ctx, id, &plan))
        return NULL;
    json_t *one = json_object();
    json_put_int(one, "at", (long long)at);
    json_put(one, "planId", plan.id);
    json_put(one, "groupName", plan.group_name);
    json_put_int(one, "year", plan.year);
    json_put(one, "version", version ? version : arena_int(ctx->arena, number));
    json_put(one, "message", message_of(ctx, at));
    json_put(one, "comment", comment ? comment : "");
    json_put_new(one, "outcomes", outcomes_of(ctx, json_text(sent, "outcome")));
    return one;
}

static json_t *rows_of(struct ctx *ctx)
{
    json_t *rows = json_array();
    for (int at = 0; at <= NUMBERS_MOST && json_array_size(rows) < ROWS_MOST; at++) {
        json_t *sent = row_sent(ctx, at);
        json_t *one = sent ? one_row(ctx, sent, json_array_size(rows)) : NULL;
        if (one)
            json_push(rows, one);
        json_decref(sent);
    }
    return rows;
}

/* The facts are the same for all of them; the rows have messages of their own. */
static json_t *facts_form(struct ctx *ctx, const char *action)
{
    json_t *form = resource_form(ctx, plan_decisions_fields, NULL, action,
                                 ctx_text(ctx, N_("Record the decisions")));
    json_t *errors = json_object_get(form, "errors");
    plan_form_drop(form, "decisions");
    for (size_t i = json_array_size(errors); i-- > 0;)
        if (!strcmp(json_text(json_array_get(errors, i), "name"), "decisions"))
            json_array_remove(errors, i);
    return form;
}

enum code plan_decisions_form(struct ctx *ctx, struct answer *out)
{
    enum code c;
    const char *id = ctx_value(ctx, "id");
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = must_may(ctx, ACT_DECIDE_PLANS, key);
    if (c)
        return c;
    const char *path = arena_printf(ctx->arena, "/groups/%s", id);
    json_t *document = out->document = json_object();
    json_put_new(document, "rows", rows_of(ctx));
    json_put_bool(document, "failed", ctx->err->code != OK);
    json_put_new(document, "form",
                 facts_form(ctx, arena_join(ctx->arena, path, "/plan-decisions", NULL)));
    json_put(document, "back", arena_join(ctx->arena, path, "/incoming-plans", NULL));
    out->personal = true;
    out->view = "plan/decisions";
    return group_below(ctx, id, out, "/incoming-plans", ctx_text(ctx, N_("Decide several plans")));
}
