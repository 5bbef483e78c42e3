/* form_pages.c: the pages on which a plan is begun, written, submitted and followed up.
 *
 * Owns what a form begins with and the words around it: what the register says stands beside what
 * people write. The rules are asked when a form is sent; that it is only given to who may send it
 * is asked here too, with the same functions. Knows no SQL. */
#include <string.h>
#include "pages.h"

/* ---------------------------------------------------------------- forms */

json_t *plan_form_field(const json_t *form, const char *name)
{
    size_t i;
    json_t *field;
    json_array_foreach(json_object_get(form, "fields"), i, field)
        if (!strcmp(json_text(field, "name"), name))
            return field;
    return NULL;
}

void plan_form_drop(json_t *form, const char *name)
{
    json_t *fields = json_object_get(form, "fields");
    for (size_t i = json_array_size(fields); i-- > 0;)
        if (!strcmp(json_text(json_array_get(fields, i), "name"), name))
            json_array_remove(fields, i);
}

void plan_form_select(struct ctx *ctx, json_t *form, const char *name, json_t *rows)
{
    json_t *field = plan_form_field(form, name), *row, *options = json_array();
    const char *chosen = json_text(field, "value");
    bool found = false;
    size_t i;
    bool needed = json_true_at(field, "required");
    json_push(options, json_pack("{s:s, s:s, s:b}", "value", "", "label",
                                 ctx_text(ctx, needed ? NC_("choice", "Choose")
                                                      : NC_("choice", "None")),
                                 "selected", false));
    json_array_foreach(rows, i, row) {
        bool now = chosen && !strcmp(chosen, json_text(row, "value"));
        json_put_bool(row, "selected", now);
        json_array_append(options, row);
        found = found || now;
    }
    if (chosen && *chosen && !found) /* what stands there is kept, though nobody would choose it */
        json_push(options, json_pack("{s:s, s:s, s:b}", "value", chosen, "label",
                                     json_text(field, "shown") ? json_text(field, "shown") : chosen,
                                     "selected", true));
    bool empty = json_array_size(options) == 1;
    json_put(field, "kind", "select");
    json_put_new(field, "options", options);
    json_decref(rows);
    if (empty)
        plan_form_drop(form, name);
}

enum code plan_give_form(struct ctx *ctx, struct answer *out, json_t *form,
                         const struct plan_row *plan, const char *title, const char *lead)
{
    if (!form)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    json_t *document = out->document = json_object();
    json_put(form, "cancel", plan_path(ctx, plan, ""));
    json_put(document, "lead", lead);
    json_put(document, "said", NULL);
    json_put_new(document, "form", form);
    json_put_new(document, "facts", json_null());
    out->view = "plan/form";
    return plan_below(ctx, plan, out, title);
}

/* The plan of the path, when the reader may write it. What failed first stays said. */
static enum code find_to_write(struct ctx *ctx, struct plan_row *plan)
{
    enum code c = plan_in_path(ctx, plan);
    if (!c)
        c = must_may(ctx, ACT_CHANGE_GROUP, plan->group_key);
    return c || ctx->err->code ? c : plan_must_be_open(ctx, plan);
}

/* ---------------------------------------------------------------- begun */

enum code plan_new_form(struct ctx *ctx, struct answer *out)
{
    enum code c;
    const char *id = ctx_value(ctx, "id");
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = must_may(ctx, ACT_CHANGE_GROUP, key);
    if (!c && !plan_group_has_plans(ctx, key))
        c = ctx_fail(ctx, E_CONFLICT, "kind-has-no-plan",
                     N_("Programme areas and national collaboration groups have annual plans. "
                        "Other groups stand in the plan of the one that commissions them."));
    if (c)
        return c;
    struct field fields[] = {*field_find(plan_resource.fields, "year"), {0}};
    const char *path = arena_printf(ctx->arena, "/groups/%s/plans", id);
    json_t *begins = json_pack("{s:i}", "year", plan_year_free(ctx, key));
    fields[0].flags &= ~(unsigned)F_CREATE; /* shown with what it begins with */
    json_t *document = out->document = json_object();
    json_t *form = json_put_new(document, "form",
                                resource_form(ctx, fields, begins, path,
                                              ctx_text(ctx, N_("Begin the plan"))));
    json_decref(begins);
    json_put(form, "cancel", path);
    json_put(document, "lead",
             ctx_text(ctx, N_("The draft begins with the texts of the last decided plan and with "
                              "the initiatives that are neither done nor stopped.")));
    json_put(document, "said", NULL);
    json_put_new(document, "facts", json_null());
    out->view = "plan/form";
    return group_below(ctx, id, out, "/plans", ctx_text(ctx, N_("Begin a plan")));
}

/* ---------------------------------------------------------------- written */

enum code plan_edit_form(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = find_to_write(ctx, &plan);
    if (c)
        return c;
    json_t *form = resource_form_of(ctx, &plan_resource, plan.id,
                                    plan_path(ctx, &plan, "?_method=PATCH"),
                                    ctx_text(ctx, N_("Save")), NULL);
    if (form)
        json_put(form, "preview", "/plans/previews");
    c = plan_give_form(ctx, out, form, &plan,
                       ctx_textf(ctx, N_("Write the plan for {year}"), "year",
                                 arena_int(ctx->arena, plan.year), NULL),
                       ctx_text(ctx, N_("Initiatives are added and changed on the plan's own "
                                        "page.")));
    if (!c)
        json_put_new(out->document, "facts",
                     plan_facts(ctx, plan.group_key, (int)plan.year - 1));
    return c;
}

/* Without scripts: what stands in the form, as it will read, in a window of its own. Made on the
 * worker. */
enum code plan_preview_before(struct ctx *ctx, struct answer *out)
{
    json_t *typed = json_object();
    (void)out;
    for (const struct field *field = plan_resource.fields; field->name; field++) {
        json_t *value = json_object_get(ctx->body->values, field->name);
        if (value && field->type == T_MARKDOWN)
            json_object_set(typed, field->name, value);
    }
    ctx->prepared = json_pack("{s:o}", "texts", plan_texts(ctx, typed, 2));
    json_decref(typed);
    return tx_code(ctx->tx);
}

enum code plan_preview(struct ctx *ctx, struct answer *out)
{
    out->document = json_incref(ctx->prepared);
    out->title = ctx_text(ctx, N_("Preview"));
    return OK;
}

static const struct field nothing[] = {{0}};

enum code plan_delete_form(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = find_to_write(ctx, &plan);
    if (c)
        return c;
    json_t *form = resource_form(ctx, nothing, NULL, plan_path(ctx, &plan, "?_method=DELETE"),
                                 ctx_text(ctx, NC_("button", "Delete")));
    json_put(form, "version", arena_int(ctx->arena, plan.version));
    return plan_give_form(ctx, out, form, &plan, ctx_text(ctx, N_("Delete the draft")),
                          ctx_text(ctx, N_("Only a plan that was never submitted is deleted, with "
                                           "its initiatives. It stays in the history.")));
}

/* ---------------------------------------------------------------- submitted */

enum code plan_submission_form(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = must_may(ctx, ACT_SUBMIT_PLAN, plan.group_key);
    if (!c && !ctx->err->code)
        c = plan_must_be_open(ctx, &plan);
    if (c)
        return c;
    json_t *form = resource_form(ctx, nothing, NULL, plan_path(ctx, &plan, "/submissions"),
                                 ctx_text(ctx, NC_("button", "Submit")));
    return plan_give_form(
        ctx, out, form, &plan,
        ctx_textf(ctx, N_("Submit the plan for {year}"), "year", arena_int(ctx->arena, plan.year),
                  NULL),
        ctx_text(ctx, N_("It is kept as it stands now, with what the register says today, and "
                         "those who decide it are told by mail. It is changed again only if it is "
                         "returned.")));
}

/* ---------------------------------------------------------------- followed up */

/* What was typed of an initiative's row in a form that was refused: as a form says it, or gathered
 * already. New reference or NULL. */
static json_t *row_typed(struct ctx *ctx, size_t at)
{
    const struct field *rows = field_find(plan_follow_up_fields, "initiatives")->rows;
    json_t *all = json_object_get(ctx->body->values, "initiatives"), *row;
    if (!ctx->err->code)
        return NULL;
    if (all)
        return json_incref(json_array_get(all, at));
    row = json_object();
    for (; rows->name; rows++)
        json_object_set(row, rows->name,
                        json_object_get(ctx->body->values,
                                        arena_printf(ctx->arena, "initiatives.%zu.%s", at,
                                                     rows->name)));
    return row;
}

static json_t *progress_options(struct ctx *ctx, const char *chosen)
{
    json_t *options = json_array();
    for (const struct value *v = initiative_progress; v->code; v++) {
        json_t *option = json_push(options, json_object());
        json_put(option, "value", v->code);
        json_put(option, "label", ctx_text(ctx, v->label));
        json_put_bool(option, "selected", chosen && !strcmp(chosen, v->code));
    }
    return options;
}

/* One row of the form: what is noted already, or what was typed. */
static json_t *follow_row(struct ctx *ctx, const json_t *initiative, size_t at)
{
    json_t *typed = row_typed(ctx, at), *row = json_object();
    const json_t *from = typed ? typed : initiative;
    static const char *const texts[] = {"outcome", "deviation"};
    json_put_int(row, "at", (long long)at);
    json_put(row, "id", json_text(initiative, "id"));
    json_put(row, "title", json_text(initiative, "title"));
    json_put(row, "responsible", json_text(initiative, "groupName"));
    json_put(row, "indicators", json_text(initiative, "indicators"));
    json_put_new(row, "options", progress_options(ctx, json_text(from, "progress")));
    for (size_t i = 0; i < LEN(texts); i++)
        json_put(row, texts[i], json_text(from, texts[i]) ? json_text(from, texts[i]) : "");
    json_decref(typed);
    return row;
}

enum code plan_follow_up_form(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = must_may(ctx, ACT_SUBMIT_PLAN, plan.group_key);
    if (!c && !ctx->err->code && strcmp(plan.state, "approved"))
        c = ctx_fail(ctx, E_CONFLICT, "plan-not-approved",
                     N_("A plan is followed up once, when it has been approved."));
    if (c)
        return c;
    struct fixed of_plan = {.condition = "\"plan_key\" = ?6", .key = plan.key};
    json_t *initiatives = resource_items(ctx, &initiative_resource, of_plan), *one;
    json_t *rows = json_array();
    size_t i;
    json_array_foreach(initiatives, i, one)
        json_push(rows, follow_row(ctx, one, i));
    json_decref(initiatives);
    json_t *form = resource_form(ctx, plan_follow_up_fields, NULL,
                                 plan_path(ctx, &plan, "/follow-ups"),
                                 ctx_text(ctx, N_("Follow up the plan")));
    plan_form_drop(form, "initiatives");
    c = plan_give_form(ctx, out, form, &plan,
                       ctx_textf(ctx, N_("Follow up the plan for {year}"), "year",
                                 arena_int(ctx->arena, plan.year), NULL),
                       ctx_text(ctx, N_("What came of each initiative. Those that are neither done "
                                        "nor stopped go on in next year's draft.")));
    json_put_new(out->document, "rows", rows);
    out->view = "plan/follow-up";
    return c;
}
