/* newcomer.c: forms in which somebody may be named who is not in the register yet.
 *
 * Owns which fields of a person such a form asks for, and how what it sent becomes two creates in
 * one transaction: the person, then what the form is about. Must not know which form it is. */
#include <string.h>
#include "internal.h"

static const char *const names[NEWCOMER_FIELDS] = {"givenName", "familyName", "email",
                                                   "employerId"};

static bool is_newcomers(const char *name)
{
    for (size_t i = 0; i < LEN(names); i++)
        if (!strcmp(names[i], name))
            return true;
    return false;
}

size_t newcomer_fields(struct field *fields, size_t n)
{
    for (size_t i = 0; i < LEN(names); i++, n++) {
        fields[n] = *field_find(person_resource.fields, names[i]);
        fields[n].flags &= ~(unsigned)F_REQUIRED;
        fields[n].hint = i ? NULL : N_("Only for somebody who is not in the register yet.");
    }
    return n;
}

/* What begins with "_" is about the form itself and goes with both. */
void newcomer_split(const struct ctx *ctx, json_t **newcomer, json_t **rest)
{
    bool named = false;
    const char *name;
    json_t *value;
    *newcomer = json_object();
    *rest = json_object();
    json_object_foreach(ctx->body->values, name, value) {
        bool own = name[0] != '_', theirs = own && is_newcomers(name);
        if (!own || theirs)
            json_object_set(*newcomer, name, value);
        if (!theirs)
            json_object_set(*rest, name, value);
        named = named || (theirs && json_is_string(value) && json_string_length(value));
    }
    if (named)
        return;
    json_decref(*newcomer);
    *newcomer = NULL;
}

enum code create_with(struct ctx *ctx, handler *create, json_t *values, struct answer *out)
{
    const struct params *sent = ctx->body;
    struct params body = {.values = values, .typed = false};
    ctx->body = &body;
    enum code c = create(ctx, out);
    ctx->body = sent;
    return c;
}

enum code newcomer_enter(struct ctx *ctx, json_t *newcomer, json_t *rest)
{
    const char *chosen = json_text(rest, "personId");
    struct answer made = {0};
    if (chosen && *chosen)
        return err_field(ctx->err, "/personId",
                         N_("Choose somebody, or enter somebody new: not both."), NULL);
    enum code c = create_with(ctx, person_create, newcomer, &made);
    json_put(rest, "personId", json_text(made.document, "id"));
    json_decref(made.document);
    return c;
}
