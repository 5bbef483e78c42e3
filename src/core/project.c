/* project.c: fields=: only the members that were asked for.
 *
 * Owns which names there are to ask for: a field's own, and what comes beside it. Must not know any
 * resource. */
#include <string.h>
#include <kansli/json.h>
#include "fields.h"
#include "resource.h"

bool field_wanted(const char *wanted, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = wanted; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (!strncmp(at, name, n) && (at[n] == ',' || !at[n]))
            return true;
    return false;
}

/* What a field brings beside itself: an enumeration its label, an id of a person or body its
 * name. */
static bool comes_with(const struct field *field, const char *name)
{
    static const struct {
        enum type type;
        const char *ends, *with;
    } twins[] = {
        {T_ENUM, "", "Label"},
        {T_ENUMS, "", "Labels"},
        {T_REF, "Id", "Name"},
        {T_REFS, "Ids", "Names"},
    };
    if (field->reference && !field->reference->person_or_body)
        return false;
    for (size_t i = 0; i < LEN(twins); i++) {
        size_t n = strlen(field->name), end = strlen(twins[i].ends);
        if (field->type == twins[i].type && n > end &&
            !strcmp(field->name + n - end, twins[i].ends) &&
            !strncmp(field->name, name, n - end) && !strcmp(name + n - end, twins[i].with))
            return true;
    }
    return false;
}

/* By the table, not by the object at hand: an empty list and a tombstone refuse and take what a
 * full list does. */
static bool field_exists(const struct resource *r, const char *name)
{
    for (const struct field *field = r->fields; field->name; field++)
        if (!strcmp(name, field->name) || comes_with(field, name))
            return true;
    return fields_object(r->fields, name) || !strcmp(name, "id") || !strcmp(name, "modified");
}

enum code resource_project_check(struct ctx *ctx, const struct resource *r, const json_t *object)
{
    const char *wanted = ctx_query(ctx, "fields");
    if (!wanted)
        return OK;
    char *all = arena_strdup(ctx->arena, wanted), *rest = NULL;
    for (char *one = strtok_r(all, ",", &rest); one; one = strtok_r(NULL, ",", &rest))
        if (!field_exists(r, one) && (one[0] == '_' || !json_object_get(object, one)))
            err_field(ctx->err, "fields", N_("There is no field {name} here."), "name", one, NULL);
    return ctx->err->code;
}

void resource_project(struct ctx *ctx, json_t *object)
{
    const char *wanted = ctx_query(ctx, "fields"), *name;
    json_t *value;
    void *next;
    /* A tombstone says which object is gone, whatever was asked for. */
    if (!wanted || json_object_get(object, "deleted"))
        return;
    json_object_foreach_safe(object, next, name, value) {
        if (name[0] != '_' && !field_wanted(wanted, name))
            json_object_del(object, name);
    }
}
