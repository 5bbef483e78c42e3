/* nest.c: a document has objects and lists of objects, a table of fields is flat.
 *
 * Owns the two conventions that join them. A field named "a.b" is the member b of the object a: one
 * column of its own, opened here before it is read and put back after it is fetched, so that a
 * merge patch merges inside the object and everything else sees plain fields. A list of objects
 * (T_ROWS) is one field with fields of its own; a form sends its cells as name.N.cell, gathered
 * here. Must not know what any field means. */
#include <string.h>
#include <kansli/json.h>
#include "fields.h"

const char *field_pointer(struct arena *arena, const char *name)
{
    char *pointer = arena_alloc(arena, 2 * strlen(name) + 2), *to = pointer;
    *to++ = '/';
    for (; *name; name++) {
        if (*name == '~' || *name == '/')
            *to++ = '~';
        *to++ = *name == '~' ? '0' : *name == '/' ? '1' : *name == '.' ? '/' : *name;
    }
    *to = '\0';
    return pointer;
}

json_t *field_member(const json_t *object, const char *name)
{
    const char *dot = strchr(name, '.');
    return dot ? json_object_get(json_object_getn(object, name, (size_t)(dot - name)), dot + 1)
               : json_object_get(object, name);
}

bool fields_object(const struct field *fields, const char *name)
{
    size_t n = strlen(name);
    for (const struct field *field = fields; !field_ends(field); field++)
        if (!strncmp(field->name, name, n) && field->name[n] == '.')
            return true;
    return false;
}

void fields_nest(const struct field *fields, json_t *object)
{
    for (const struct field *field = fields; !field_ends(field); field++) {
        const char *dot = strchr(field->name, '.');
        json_t *value = dot ? json_object_get(object, field->name) : NULL;
        if (!value)
            continue;
        size_t n = (size_t)(dot - field->name);
        json_t *inner = json_object_getn(object, field->name, n);
        if (!inner) {
            inner = json_object();
            json_object_setn_new_nocheck(object, field->name, n, inner);
        }
        json_object_set(inner, dot + 1, value);
        json_object_del(object, field->name);
    }
}

/* ---------------------------------------------------------------- what was sent */

/* The members of an object that was sent, by their fields' names; null takes all of them away. */
static void open_object(struct ctx *ctx, const struct field *fields, const char *name,
                        const json_t *value, json_t *flat)
{
    size_t n = strlen(name);
    const char *member;
    json_t *one;
    if (json_is_null(value)) {
        for (const struct field *field = fields; !field_ends(field); field++)
            if (!strncmp(field->name, name, n) && field->name[n] == '.')
                json_put(flat, field->name, NULL);
    } else if (!json_is_object(value)) {
        err_field(ctx->err, field_pointer(ctx->arena, name), N_("Write this as an object."), NULL);
    }
    json_object_foreach ((json_t *)value, member, one)
        json_object_set(flat, arena_printf(ctx->arena, "%s.%s", name, member), one);
}

json_t *fields_open(struct ctx *ctx, const struct field *fields, const json_t *values)
{
    json_t *flat = json_object(), *value;
    const char *name;
    json_object_foreach ((json_t *)values, name, value) {
        if (fields_object(fields, name))
            open_object(ctx, fields, name, value, flat);
        else if (strchr(name, '.')) /* how a form says it */
            err_field(ctx->err, arena_printf(ctx->arena, "/%s", name),
                      N_("There is no such member here."), NULL);
        else
            json_object_set(flat, name, value);
    }
    return flat;
}

/* One row of a form: name.N.cell for each of the row's fields. Null when nobody filled it in. */
static json_t *gather_row(struct ctx *ctx, const struct field *field, const json_t *values, int at)
{
    json_t *row = json_object();
    bool filled = false;
    for (const struct field *cell = field->rows; !field_ends(cell); cell++) {
        const char *text =
            json_text(values, arena_printf(ctx->arena, "%s.%d.%s", field->name, at, cell->name));
        filled = filled || (text && *text);
        json_put(row, cell->name, text ? text : "");
    }
    if (filled)
        return row;
    json_decref(row);
    return NULL;
}

json_t *fields_rows(struct ctx *ctx, const struct field *field, const json_t *values)
{
    json_t *rows = json_array();
    for (int at = 0; at < ROWS_MAX; at++) {
        json_t *row = gather_row(ctx, field, values, at);
        if (row)
            json_push(rows, row);
    }
    return rows;
}

void fields_gather(struct ctx *ctx, const struct field *fields, json_t *values)
{
    const char *name;
    json_t *value;
    void *next;
    for (const struct field *field = fields; !field_ends(field); field++) {
        size_t n = strlen(field->name);
        json_t *rows = field->type == T_ROWS ? fields_rows(ctx, field, values) : NULL;
        bool shown = false;
        json_object_foreach_safe (values, next, name, value) {
            if (!rows || strncmp(name, field->name, n) || name[n] != '.')
                continue;
            shown = true;
            json_object_del(values, name);
        }
        if (shown)
            json_object_set(values, field->name, rows);
        json_decref(rows);
    }
}
