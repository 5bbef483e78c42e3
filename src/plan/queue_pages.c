/* queue_pages.c: what has come in at a desk (plan_desk.c), and several decisions on one page.
 *
 * Owns what those pages show and what the form of several decisions begins with. Rights and rules
 * are asked by the same functions as when it is sent. Knows no SQL. */
#include <stdlib.h>
#include <string.h>
#include "pages.h"

/* ---------------------------------------------------------------- the queue */

static const struct value plan_stages[] = {
    {"awaited", NC_("plan", "Not in yet")},
    {"submitted", NC_("plan", "Awaits a decision")},
    {"returned", NC_("plan", "Returned")},
    {"decided", NC_("plan", "Decided")},
    {NULL, NULL},
};

const struct field plan_queue_query[] = {
    {.name = "year", .label = N_("Year"), .type = T_INT, .max = 2199},
    {.name = "stage", .label = N_("Status"), .type = T_ENUM, .values = plan_stages,
     .hint = N_("awaited: nothing has been submitted.")},
    {0},
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

/* The head of an area's pages: the steps down to here. */
static void embed_area(struct ctx *ctx, json_t *document, const struct plan_desk *desk,
                       const char *here)
{
    json_t *crumbs = json_array();
    json_push(crumbs, json_pack("{s:s, s:s}", "href", "/organisations", "name",
                                ctx_text(ctx, N_("Organisations"))));
    json_push(crumbs, json_pack("{s:s, s:s}", "href", desk->path, "name", desk->name));
    json_push(crumbs, json_pack("{s:s, s:s}", "href", ctx->path, "name", here));
    ctx_embed(ctx, document, "crumbs", crumbs);
    ctx_embed(ctx, document, "area", json_text_new(desk->name));
}

/* A page below a group's with its tab, or below an organisation. */
static enum code below_desk(struct ctx *ctx, const struct plan_desk *desk, struct answer *out,
                            const char *here)
{
    if (!desk->is_area)
        return group_below(ctx, desk->id, out, "/incoming-plans", here);
    out->title = here;
    embed_area(ctx, out->document, desk, here);
    return tx_code(ctx->tx);
}

static bool some_wait(const json_t *queue)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(queue, "items"), i, row)
        if (json_true_at(row, "mayDecide"))
            return true;
    return false;
}

enum code plan_page_queue(struct ctx *ctx, struct answer *out)
{
    int year = 0;
    struct plan_desk desk;
    const char *stage = ctx_query(ctx, "stage");
    enum code c = plan_desk_in_path(ctx, out, &desk);
    if (c || !desk.key)
        return c;
    if (!plan_desk_may_look(ctx, &desk))
        return plan_desk_must_decide(ctx, &desk);
    c = plan_check_choice(ctx, "stage", plan_stages);
    if (!c)
        c = year_asked(ctx, &year);
    if (c)
        return c;
    json_t *queue = out->document = plan_queue(ctx, &desk, year, stage);
    if (!ctx_page(ctx))
        return tx_code(ctx->tx);
    ctx_embed(ctx, queue, "chips", stage_chips(ctx, queue, stage));
    ctx_embed(ctx, queue, "mayDecide", json_boolean(some_wait(queue)));
    ctx_embed(ctx, queue, "decide",
              json_text_new(arena_join(ctx->arena, desk.path, "/plan-decisions/new", NULL)));
    ctx_embed(ctx, queue, "yearBefore", json_integer(year - 1));
    ctx_embed(ctx, queue, "yearAfter", json_integer(year + 1));
    return below_desk(ctx, &desk, out,
                      ctx_textf(ctx, N_("Incoming plans for {year}"), "year",
                                arena_int(ctx->arena, year), NULL));
}

/* ---------------------------------------------------------------- the way there */

static json_t *panel_of(json_t *desks)
{
    if (json_array_size(desks))
        return json_pack("{s:o}", "desks", desks);
    json_decref(desks);
    return NULL;
}

json_t *plan_desk_of_organisation(struct ctx *ctx, long long key, const json_t *organisation)
{
    const char *id = json_text(organisation, "id");
    struct plan_desk desk = {.is_area = true, .key = key, .id = id};
    desk.path = arena_join(ctx->arena, "/organisations/", id, NULL);
    desk.name = json_text(organisation, "name");
    return plan_desk_may_look(ctx, &desk) ? panel_of(plan_desk_row(ctx, &desk)) : NULL;
}

json_t *plan_desks_of_reader(struct ctx *ctx, long long person_key, const json_t *tasks)
{
    (void)person_key;
    (void)tasks;
    return panel_of(plan_desks(ctx));
}

const char *plan_queue_path(struct ctx *ctx, const struct plan_row *plan)
{
    const char *desk = plan_desk_path(ctx, plan);
    return desk ? arena_printf(ctx->arena, "%s/incoming-plans?year=%lld", desk, plan->year) : NULL;
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
    struct plan_desk desk;
    enum code c = plan_desk_in_path(ctx, out, &desk);
    if (c || !desk.key)
        return c;
    c = plan_desk_must_decide(ctx, &desk);
    if (c)
        return c;
    json_t *document = out->document = json_object();
    json_put_new(document, "rows", rows_of(ctx));
    json_put_bool(document, "failed", ctx->err->code != OK);
    json_put_new(document, "form",
                 facts_form(ctx, arena_join(ctx->arena, desk.path, "/plan-decisions", NULL)));
    json_put(document, "back", arena_join(ctx->arena, desk.path, "/incoming-plans", NULL));
    out->personal = true;
    out->view = "plan/decisions";
    return below_desk(ctx, &desk, out, ctx_text(ctx, N_("Decide several plans")));
}
