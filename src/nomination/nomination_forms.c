/* nomination_forms.c: the forms in which somebody is nominated, and each step after it is recorded.
 *
 * Owns what a form begins with and the words around it; a person who is not in the register yet is
 * entered in the same form and the same transaction. Rights and rules are asked when the page is
 * opened and again when it is sent. Knows no SQL. */
#include <string.h>
#include "internal.h"
#include "pages.h"

/* ---------------------------------------------------------------- a page that is one form */

static enum code give(struct ctx *ctx, struct answer *out, json_t *form, const char *call_id,
                      const char *cancel, const char *title, const char *lead)
{
    json_t *document = out->document = json_object();
    json_put(form, "cancel", cancel);
    json_put(document, "heading", title);
    json_put(document, "lead", lead);
    json_put_new(document, "form", form);
    out->view = "nomination/form";
    out->title = title;
    return call_below(ctx, call_id, out, "/nominations", title);
}

static const char *path_of(struct ctx *ctx, const char *id, const char *rest)
{
    return arena_printf(ctx->arena, "/nominations/%s%s", id, rest);
}

static json_t *form_field(const json_t *form, const char *name, size_t *at)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(form, "fields"), i, one)
        if (!strcmp(json_text(one, "name"), name)) {
            *at = i;
            return one;
        }
    return NULL;
}

static void drop_field(json_t *form, const char *name)
{
    size_t at;
    if (form_field(form, name, &at))
        json_array_remove(json_object_get(form, "fields"), at);
}

/* ---------------------------------------------------------------- what a nomination says */

static bool is_chosen(const json_t *values, const char *id)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)values, i, one)
        if (!strcmp(json_text(one, "value"), id))
            return true;
    return false;
}

/* Rows to fill in become boxes to tick: what the call seeks, in its own words. A fresh form has the
 * only one ticked: who answers the call fills it. */
static void tick_requirements(struct ctx *ctx, json_t *form, const char *call_id, bool fresh)
{
    size_t at, i;
    json_t *call = resource_one(ctx, &call_resource, call_id, NULL, NULL), *id;
    json_t *ids = json_object_get(call, "requirementIds");
    json_t *texts = json_object_get(call, "requirementTexts");
    json_t *field = form_field(form, "requirementIds", &at);
    json_t *chosen = json_incref(json_object_get(field, "values"));
    json_t *options = json_put_new(field, "options", json_array());
    bool only = fresh && json_array_size(ids) == 1;
    json_put(field, "kind", "checks");
    json_array_foreach(ids, i, id) {
        json_t *option = json_push(options, json_object());
        json_object_set(option, "value", id);
        json_object_set(option, "label", json_array_get(texts, i));
        json_put_bool(option, "selected", only || is_chosen(chosen, json_string_value(id)));
    }
    if (!json_array_size(options))
        drop_field(form, "requirementIds");
    json_decref(chosen);
    json_decref(call);
}

/* Whoever speaks for one organisation alone need not say which; "self" stands for the reader. */
static void choose_voice(struct ctx *ctx, json_t *form, const json_t *voices, bool self)
{
    size_t at, i;
    json_t *field = form_field(form, "nominatorId", &at), *voice;
    const char *typed = json_text(ctx->body->values, "nominatorId");
    json_t *options = json_put_new(field, "options", json_array());
    json_put(field, "kind", "select");
    json_put(field, "hint", NULL);
    json_array_foreach((json_t *)voices, i, voice) {
        json_t *option = json_push(options, json_object());
        json_put(option, "value", json_text(voice, "id"));
        json_put(option, "label", json_text(voice, "name"));
        json_put_bool(option, "selected", typed && !strcmp(typed, json_text(voice, "id")));
    }
    if (self)
        json_push(options, json_pack("{s:s, s:s, s:b}", "value", "self", "label",
                                     ctx_text(ctx, N_("I nominate myself")), "selected",
                                     typed && !strcmp(typed, "self")));
}

/* ---------------------------------------------------------------- a new one */

/* Who nominates, whom, and who that is if the register does not know; alone with oneself, only what
 * there is to say. */
static const struct field *new_fields(struct ctx *ctx, bool others)
{
    static const char *const asked[] = {"nominatorId", "personId", "role", "capacity",
                                        "requirementIds", "competences", "statement"};
    enum { MOST = LEN(asked) + NEWCOMER_FIELDS + 1 };
    struct field *fields = arena_alloc(ctx->arena, sizeof *fields * MOST);
    size_t n = 0;
    for (size_t i = 0; i < LEN(asked); i++) {
        bool who = !strcmp(asked[i], "nominatorId") || !strcmp(asked[i], "personId");
        if (who && !others)
            continue;
        fields[n] = *field_find(nomination_resource.fields, asked[i]);
        if (who) /* a line each, so that what follows the person stands together */
            fields[n].flags |= F_WIDE;
        if (!strcmp(asked[i], "capacity"))
            fields[n].fallback = "profession";
        n++;
        if (strcmp(asked[i], "personId"))
            continue;
        fields[n - 1].hint =
            N_("Write a name and choose. Not there? Leave this empty and fill in the "
               "four fields that follow.");
        n = newcomer_fields(fields, n);
        fields[n - 1].flags |= F_WIDE;
    }
    return fields;
}

enum code nomination_new_form(struct ctx *ctx, struct answer *out)
{
    struct call_row call = {0};
    bool self = false;
    const char *id = ctx->names ? ctx_value(ctx, "id") : json_text(ctx->body->values, "callId");
    enum code c = id ? call_find(ctx, id, &call) : ctx_absent(ctx);
    if (!c && !nomination_call_open(ctx, &call))
        c = ctx->err->code;
    if (!call.key || (c && c != E_INPUT)) /* what failed first stays said, whatever is asked now */
        return c;
    json_t *voices = nomination_voices(ctx, &call, &self);
    bool others = json_array_size(voices) > 0;
    if (!others && !self) {
        json_decref(voices);
        return ctx_fail(
            ctx, E_DENIED, "may-nominate",
            N_("Nominations are made by the coordinators of healthcare regions, regions and "
               "patient organisations, and by oneself where the call says so."));
    }
    const char *list = arena_printf(ctx->arena, "/nomination-calls/%s", call.id);
    json_t *form = resource_form(ctx, new_fields(ctx, others), NULL,
                                 arena_join(ctx->arena, list, "/nominations/new", NULL),
                                 ctx_text(ctx, N_("Save the draft")));
    if (others)
        choose_voice(ctx, form, voices, self);
    tick_requirements(ctx, form, call.id, !json_object_size(ctx->body->values));
    json_decref(voices);
    return give(
        ctx, out, form, call.id, list,
        ctx_text(ctx, others ? N_("Nominate") : N_("Nominate yourself")),
        ctx_text(ctx, others ? N_("It is a draft until you submit it. Then the person is asked, "
                                  "and those who decide see it.")
                             : N_("It is a draft until you submit it. Then those who decide see "
                                  "it.")));
}

/* Nobody but oneself can be meant where the form did not ask. */
static void fill_self(struct ctx *ctx, json_t *nomination)
{
    const char *by = json_text(nomination, "nominatorId");
    if (by && strcmp(by, "self"))
        return;
    json_object_del(nomination, "nominatorId");
    if (ctx->actor->person_key)
        json_put(nomination, "personId", nomination_own_id(ctx));
}

enum code nomination_new(struct ctx *ctx, struct answer *out)
{
    struct call_row call;
    enum code c = call_find(ctx, ctx_value(ctx, "id"), &call);
    if (c)
        return c;
    json_t *person, *nomination;
    newcomer_split(ctx, &person, &nomination);
    const char *chosen = json_text(nomination, "personId");
    bool known = chosen && *chosen;
    fill_self(ctx, nomination);
    bool other = json_text(nomination, "nominatorId");
    if (person && (known || other))
        c = newcomer_enter(ctx, person, nomination);
    else if (!known && other)
        c = err_field(ctx->err, "/personId",
                      N_("Choose somebody, or fill in the name of somebody new."), NULL);
    if (!c)
        c = create_with(ctx, nomination_create, nomination, out);
    json_decref(person);
    json_decref(nomination);
    return c;
}

/* ---------------------------------------------------------------- a draft */

/* The nomination of the path, its document (new reference, NULL after a failure) and the name of
 * its person. */
static json_t *begin(struct ctx *ctx, struct nomination_row *row, const char **name)
{
    const char *id = ctx_value(ctx, "id");
    if (nomination_find(ctx, id, row))
        return NULL;
    json_t *object = resource_one(ctx, &nomination_resource, id, NULL, NULL);
    const char *shown = json_text(object, "personName");
    *name = shown ? arena_strdup(ctx->arena, shown) : ctx_text(ctx, N_("Name withheld"));
    return object;
}

static enum code failed(struct ctx *ctx)
{
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
}

/* A form that was refused comes back with what was typed: the reason is told already. */
static enum code refuse(struct ctx *ctx, const char *rule, const char *msgid)
{
    return ctx->err->code ? ctx->err->code : ctx_fail(ctx, E_DENIED, rule, msgid);
}

static enum code refuse_writer(struct ctx *ctx, const struct nomination_row *row)
{
    if (strcmp(row->state, "draft"))
        return ctx_fail(ctx, E_CONFLICT, "not-draft",
                        N_("Only a draft is changed. What has been submitted stays as it was."));
    return refuse(
        ctx, "not-your-step",
        N_("A draft is changed and submitted by whoever nominates, and by the national support "
           "function."));
}

enum code nomination_edit_form(struct ctx *ctx, struct answer *out)
{
    struct nomination_row row;
    const char *name;
    json_t *object = begin(ctx, &row, &name);
    if (!object)
        return failed(ctx);
    json_decref(object);
    if (!nomination_may_change(ctx, &row))
        return refuse_writer(ctx, &row);
    json_t *form = resource_form_of(ctx, &nomination_resource, row.id,
                                    path_of(ctx, row.id, "?_method=PATCH"),
                                    ctx_text(ctx, N_("Save the draft")), NULL);
    tick_requirements(ctx, form, row.call_id, false);
    return give(ctx, out, form, row.call_id, path_of(ctx, row.id, ""),
                ctx_textf(ctx, N_("Change the nomination of {name}"), "name", name, NULL), NULL);
}

static const struct field nothing[] = {{0}};

enum code nomination_delete_form(struct ctx *ctx, struct answer *out)
{
    struct nomination_row row;
    const char *name;
    long long version = 0;
    json_t *object = begin(ctx, &row, &name);
    if (!object)
        return failed(ctx);
    json_decref(object);
    if (!nomination_may_change(ctx, &row))
        return refuse_writer(ctx, &row);
    json_decref(resource_one(ctx, &nomination_resource, row.id, NULL, &version));
    json_t *form = resource_form(ctx, nothing, NULL, path_of(ctx, row.id, "?_method=DELETE"),
                                 ctx_text(ctx, NC_("button", "Delete")));
    json_put(form, "version", arena_int(ctx->arena, version));
    return give(ctx, out, form, row.call_id, path_of(ctx, row.id, ""),
                ctx_textf(ctx, N_("Delete the nomination of {name}"), "name", name, NULL),
                ctx_text(ctx, N_("Only a draft can be deleted. The person is not told of it.")));
}

/* ---------------------------------------------------------------- the steps */

struct page {
    const struct field *fields;
    enum nomination_act act;
    bool (*may)(struct ctx *ctx, const struct nomination_row *row);
    const char *rest, *title, *lead, *submit;
};

/* What is still missing stands over a decision before anybody sends it, and after. */
static enum code step_form(struct ctx *ctx, struct answer *out, const struct page *page,
                           bool deciding)
{
    struct nomination_row row;
    const char *name;
    json_t *object = begin(ctx, &row, &name);
    if (!object)
        return failed(ctx);
    if (!page->may(ctx, &row)) {
        json_decref(object);
        enum code no = nomination_allows(ctx, &row, page->act);
        return no ? no
                  : refuse(ctx, "not-your-step",
                           N_("This step is not yours. The nomination's page says who does what."));
    }
    json_t *form = resource_form(ctx, page->fields, deciding ? object : NULL,
                                 path_of(ctx, row.id, page->rest), ctx_text(ctx, page->submit));
    json_decref(object);
    enum code c = give(ctx, out, form, row.call_id, path_of(ctx, row.id, ""),
                       ctx_textf(ctx, page->title, "name", name, NULL),
                       page->lead ? ctx_text(ctx, page->lead) : NULL);
    if (!c && deciding)
        json_put(out->document, "lacks", nomination_lacks(ctx, &row));
    return c;
}

enum code nomination_submit_form(struct ctx *ctx, struct answer *out)
{
    static const struct page page = {nothing,
                                     NOMINATION_SUBMIT,
                                     nomination_may_change,
                                     "/submissions",
                                     N_("Submit the nomination of {name}"),
                                     N_("Those who decide see it from then on, and the person is "
                                        "asked by mail. It can be withdrawn, "
                                        "but not changed."),
                                     NC_("button", "Submit")};
    return step_form(ctx, out, &page, false);
}

enum code nomination_region_form(struct ctx *ctx, struct answer *out)
{
    static const struct page page = {
        nomination_region_fields, NOMINATION_CHECK, nomination_may_record, "/region-approvals",
        N_("The organisation's own process: {name}"),
        N_("Record what your own process came to. It is the first of the three checks before a "
           "decision."),
        N_("Record the outcome")};
    return step_form(ctx, out, &page, false);
}

enum code nomination_employer_form(struct ctx *ctx, struct answer *out)
{
    static const struct page page = {
        nomination_employer_fields, NOMINATION_CHECK, nomination_may_record, "/employer-approvals",
        N_("The employer's answer: {name}"),
        N_("Record what the manager has told you. You can send the manager a link to answer by, "
           "instead."),
        N_("Record the answer")};
    return step_form(ctx, out, &page, false);
}

enum code nomination_request_form(struct ctx *ctx, struct answer *out)
{
    static const struct page page = {nomination_request_fields,
                                     NOMINATION_CHECK,
                                     nomination_may_request,
                                     "/employer-requests",
                                     N_("Ask the employer of {name}"),
                                     N_("The manager gets a mail with a link, sees name, role and "
                                        "share of time, and answers without "
                                        "logging in."),
                                     N_("Send the link")};
    return step_form(ctx, out, &page, false);
}

enum code nomination_ask_again_form(struct ctx *ctx, struct answer *out)
{
    static const struct page page = {nothing,
                                     NOMINATION_ANSWER,
                                     nomination_may_record,
                                     "/answer-requests",
                                     N_("Ask {name} again"),
                                     N_("The person gets a new link by mail. The one before it no "
                                        "longer works."),
                                     N_("Send the link")};
    return step_form(ctx, out, &page, false);
}

enum code nomination_exempt_form(struct ctx *ctx, struct answer *out)
{
    static const struct page page = {nomination_exemption_fields,
                                     NOMINATION_CHECK,
                                     nomination_may_exempt,
                                     "/exemptions",
                                     N_("A check that is not applicable: {name}"),
                                     N_("For patients and next of kin: who has no employer, or is "
                                        "in no region's process, need not "
                                        "wait for it. It counts as done."),
                                     N_("Set it not applicable")};
    return step_form(ctx, out, &page, false);
}

enum code nomination_answer_form(struct ctx *ctx, struct answer *out)
{
    static const struct page page = {
        nomination_answer_fields, NOMINATION_ANSWER, nomination_may_answer, "/answers",
        N_("Do you want to be considered, {name}?"),
        N_("A yes leads on to your declaration of interests. A no withdraws the nomination."),
        N_("Send the answer")};
    return step_form(ctx, out, &page, false);
}

enum code nomination_decide_form(struct ctx *ctx, struct answer *out)
{
    static const struct page page = {nomination_decision_fields,
                                     NOMINATION_REFUSE,
                                     nomination_may_decide,
                                     "/decisions",
                                     N_("Decide on {name}"),
                                     N_("An appointment makes the membership. The person, whoever "
                                        "nominated and the support function "
                                        "are told."),
                                     N_("Record the decision")};
    return step_form(ctx, out, &page, true);
}

enum code nomination_withdraw_form(struct ctx *ctx, struct answer *out)
{
    static const struct page page = {
        nomination_withdrawal_fields, NOMINATION_WITHDRAW, nomination_may_withdraw, "/withdrawals",
        N_("Withdraw the nomination of {name}"),
        N_("It is not opened again. The person can be nominated anew."), N_("Withdraw")};
    return step_form(ctx, out, &page, false);
}
