/* person_forms.c: the pages on which a person is entered, changed, merged and anonymised.
 *
 * Owns which fields a form shows to whom, and the words around it. The rules are asked when it is
 * sent. Knows no SQL. */
#include <string.h>
#include "forms.h"

const struct field merge_query[] = {
    {.name = "intoId", .label = N_("The person that stays"), .type = T_REF,
     .reference = &person_reference},
    {0},
};

/* A page that is one form. */
static enum code give(struct ctx *ctx, struct answer *out, json_t *form, const json_t *person,
                      const char *title, const char *lead)
{
    json_t *document = out->document = json_object();
    json_put(form, "cancel", person ? person_path(ctx, "") : "/persons");
    json_put_new(document, "form", form);
    json_put(document, "lead", lead);
    person_crumbs(ctx, document, person, title);
    out->title = title;
    out->view = "form";
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- which fields */

static void add_choice(struct ctx *ctx, json_t *options, const char *value, const char *label,
                       const char *chosen)
{
    json_t *option = json_push(options, json_object());
    json_put(option, "value", value);
    json_put(option, "label", ctx_text(ctx, label));
    json_put_bool(option, "selected", !strcmp(value, chosen));
}

/* Yes, no, or nobody has asked: what a tick cannot say. */
static void three_answers(struct ctx *ctx, json_t *field, const json_t *person)
{
    const json_t *now = json_object_get(person, "publishName");
    const char *typed = ctx->err->code ? params_text(ctx->body, "publishName") : NULL;
    const char *kept = json_is_true(now) ? "true" : json_is_false(now) ? "false" : "";
    const char *chosen = typed ? typed : kept;
    json_t *options = json_put_new(field, "options", json_array());
    json_put(field, "kind", "select");
    add_choice(ctx, options, "", N_("Not asked"), chosen);
    add_choice(ctx, options, "true", N_("Yes, show it"), chosen);
    add_choice(ctx, options, "false", N_("No, withhold it"), chosen);
}

/* A form shows what its reader may change, and nothing else. */
static void suit(struct ctx *ctx, json_t *form, const json_t *person, bool all, bool self)
{
    json_t *fields = json_object_get(form, "fields");
    for (size_t i = json_array_size(fields); i-- > 0;) {
        json_t *field = json_array_get(fields, i);
        const char *name = json_text(field, "name");
        if (!strcmp(name, "publishName"))
            three_answers(ctx, field, person);
        if ((!strcmp(name, "gender") && !self) || (!all && !person_field_is_own(name)))
            json_array_remove(fields, i);
    }
}

/* ---------------------------------------------------------------- enter, change */

enum code person_new_form(struct ctx *ctx, struct answer *out)
{
    enum code c = must_may_person(ctx, ACT_ENTER_PERSON, 0);
    if (c)
        return c;
    json_t *form = resource_form(ctx, person_resource.fields, NULL, "/persons",
                                 ctx_text(ctx, N_("Save")));
    suit(ctx, form, NULL, true, false);
    return give(ctx, out, form, NULL, ctx_text(ctx, N_("New person")),
                ctx_text(ctx,
                         N_("Search first: the person may have been entered for another group. "
                            "Write no personal identity number anywhere.")));
}

enum code person_patch(struct ctx *ctx, struct answer *out)
{
    return person_change(ctx, ctx_value(ctx, "id"), out);
}

enum code person_edit_form(struct ctx *ctx, struct answer *out)
{
    enum code c;
    json_t *person;
    long long key = person_in_path(ctx, out, &c, &person);
    if (!key)
        return c;
    bool all = person_may_change_all(ctx, key), self = key == ctx->actor->person_key;
    c = person_may_change(ctx, key) ? OK : must_may_person(ctx, ACT_CHANGE_PERSON, key);
    if (!c && json_text(person, "anonymisedDate"))
        c = ctx_absent(ctx);
    json_t *form = c ? NULL
                     : resource_form_of(ctx, &person_resource, ctx_value(ctx, "id"),
                                        person_path(ctx, "?_method=PATCH"),
                                        ctx_text(ctx, N_("Save")), NULL);
    if (form) {
        suit(ctx, form, person, all, self);
        c = give(ctx, out, form, person, ctx_textf(ctx, N_("Change {name}"), "name",
                                                   json_text(person, "name"), NULL),
                 all ? NULL
                     : ctx_text(ctx, N_("Your own contact details and choices. Name, title and "
                                        "employer are changed by the officers of your groups or "
                                        "the coordinator of your organisation.")));
        json_put(out->document, "remove", person_path(ctx, "?_method=DELETE"));
        out->view = all && !self ? "person/edit" : "form";
    }
    json_decref(person);
    return c;
}

/* ---------------------------------------------------------------- the actions */

struct page { /* a form of an action */
    const struct field *fields;
    enum act act;
    const char *rest, *title, *lead, *submit;
};

static enum code act_form(struct ctx *ctx, struct answer *out, const struct page *page,
                          const json_t *values)
{
    enum code c;
    json_t *person;
    long long key = person_in_path(ctx, out, &c, &person);
    if (!key)
        return c;
    c = must_may_person(ctx, page->act, key);
    if (!c) {
        json_t *form = resource_form(ctx, page->fields, values, person_path(ctx, page->rest),
                                     ctx_text(ctx, page->submit));
        c = give(ctx, out, form, person, ctx_textf(ctx, page->title, "name",
                                                   json_text(person, "name"), NULL),
                 ctx_text(ctx, page->lead));
    }
    json_decref(person);
    return c;
}

enum code person_merge_form(struct ctx *ctx, struct answer *out)
{
    static const struct page page = {
        merge_fields, ACT_MERGE_PERSON, "/merges", N_("Merge {name} into another person"),
        N_("What was entered about this person goes over to the other one, who stays. The address "
           "of this one leads there from now on. It cannot be undone."),
        N_("Merge")};
    const char *into = ctx_query(ctx, "intoId");
    json_t *other = into ? resource_one(ctx, &person_resource, into, NULL, NULL) : NULL;
    json_t *values = other ? json_pack("{s:s, s:O}", "intoId", into, "intoName",
                                       json_object_get(other, "name"))
                           : NULL;
    enum code c = act_form(ctx, out, &page, values);
    json_decref(values);
    json_decref(other);
    return c;
}

enum code person_anonymise_form(struct ctx *ctx, struct answer *out)
{
    static const struct page page = {
        anonymisation_fields, ACT_ERASE_PERSON, "/anonymisations", N_("Anonymise {name}"),
        N_("Name, contact details, title, professions, choices and account are taken away, also "
           "from the search and from the history. What roles there were, for which organisation "
           "and from when to when, stays. It cannot be undone."),
        N_("Anonymise")};
    return act_form(ctx, out, &page, NULL);
}
