/* resource.c: one object, and what every object gets before it leaves the process.
 *
 * Owns labels, self links and the rule that row numbers stay inside. Must not know any feature.
 * Lists are list.c, writes write.c, forms form.c; the SQL text of all of them is assembled from
 * constants of the resource's table, never from what was sent. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/json.h>
#include "fields.h"
#include "resource.h"

const char *value_label(const struct ctx *ctx, const struct value *values, const char *code)
{
    for (; values->code; values++)
        if (!strcmp(values->code, code))
            return ctx_text(ctx, values->label);
    return code;
}

const struct resource *resource_by_name(const char *name)
{
    for (const struct resource *const *r = resource_registry; *r; r++)
        if (!strcmp((*r)->name, name))
            return *r;
    return NULL;
}

void resource_args(struct ctx *ctx, struct db_arg args[FIRST_FILTER], const char *day)
{
    args[0] = db_arg_text(day);
    args[1] = db_arg_int(access_sees_all(ctx));
    args[2] = db_arg_int(ctx->actor->person_key);
    args[3] = db_arg_text(ctx->today);
    args[4] = args[5] = (struct db_arg){.type = DB_NULL};
    args[6] = db_arg_int(ctx->actor->half ? 0 : ctx->actor->account_key);
    args[7] = db_arg_text(tx_instant(ctx->tx));
    args[8] = args[9] = (struct db_arg){.type = DB_NULL};
}

/* Lists are kept as JSON text in a column. */
static void unpack_list(json_t *object, const struct field *field)
{
    json_t *kept = json_object_get(object, field->name);
    if (!kept || json_is_array(kept))
        return;
    json_t *list = json_is_string(kept) ? json_loads(json_string_value(kept), 0, NULL) : NULL;
    json_put_new(object, field->name, list ? list : json_array());
}

static void label_list(struct ctx *ctx, json_t *object, const struct field *field)
{
    json_t *codes = json_object_get(object, field->name), *labels = json_array(), *code;
    size_t i;
    json_array_foreach(codes, i, code)
        json_push(labels, json_string_nocheck(
                              value_label(ctx, field->values, json_string_value(code))));
    json_put_new(object, arena_join(ctx->arena, field->name, "Labels", NULL), labels);
}

/* A kind of value that leaves the database as something else than it is in a document. */
static bool needs_finish(enum type type)
{
    return type == T_TEXTS || type == T_ENUMS || type == T_ROWS || type == T_ENUM || type == T_BOOL;
}

static void finish_one(struct ctx *ctx, const struct resource *r, json_t *object)
{
    fields_nest(r->fields, object);
    for (const struct field *field = r->fields; field->name; field++) {
        json_t *value = needs_finish(field->type) ? json_object_get(object, field->name) : NULL;
        if (!value)
            continue;
        if (field->type == T_TEXTS || field->type == T_ENUMS || field->type == T_ROWS)
            unpack_list(object, field);
        if (field->type == T_ENUMS)
            label_list(ctx, object, field);
        if (field->type == T_ENUM && json_is_string(value))
            json_put(object, arena_join(ctx->arena, field->name, "Label", NULL),
                     value_label(ctx, field->values, json_string_value(value)));
        if (field->type == T_BOOL && json_is_integer(value))
            json_put_bool(object, field->name, json_integer_value(value) != 0);
    }
}

const char *resource_path(struct ctx *ctx, const struct resource *r, const json_t *object)
{
    const char *id = json_text(object, "id");
    if (!r->within || !r->parent)
        return arena_join(ctx->arena, "/", r->name, "/", id, NULL);
    return arena_join(ctx->arena, "/", r->within, "/", json_text(object, r->parent), "/", r->name,
                      "/", id, NULL);
}

void resource_finish(struct ctx *ctx, const struct resource *r, json_t *items)
{
    size_t i;
    json_t *object;
    if (r->finish)
        r->finish(ctx, items);
    json_array_foreach(items, i, object) {
        finish_one(ctx, r, object);
        ctx_link(ctx, object, "self", "GET", resource_path(ctx, r, object));
    }
}

long long resource_version(const json_t *row)
{
    return json_int(row, "version_key", json_int(row, "version", 0));
}

void resource_strip(json_t *object)
{
    const char *name;
    json_t *value;
    void *next;
    json_object_del(object, "key");
    if (!json_object_get(object, "version_key")) /* else "version" is the object's own */
        json_object_del(object, "version");
    json_object_foreach_safe(object, next, name, value)
        if (strlen(name) > 4 && !strcmp(name + strlen(name) - 4, "_key"))
            json_object_del(object, name);
}

json_t *resource_find(struct ctx *ctx, const struct resource *r, const char *id, const char *day)
{
    const char *sql =
        arena_join(ctx->arena, "SELECT * FROM (", r->select, ") AS r WHERE ",
                   r->body ? "\"key\" = (SELECT key FROM body WHERE id = ?6)" : "\"id\" = ?6",
                   r->visible ? " AND " : "", r->visible ? r->visible : "", NULL);
    struct db_arg args[FIRST_FILTER];
    resource_args(ctx, args, day);
    args[5] = db_arg_text(id);
    return db_row_(ctx->tx, sql, args, FIRST_FILTER);
}

json_t *resource_one(struct ctx *ctx, const struct resource *r, const char *id, long long *key,
                     long long *version)
{
    json_t *object = resource_find(ctx, r, id, ctx->day);
    if (!object)
        return NULL;
    if (key)
        *key = json_int(object, "key", 0);
    if (version)
        *version = resource_version(object);
    json_t *items = json_pack("[O]", object);
    resource_finish(ctx, r, items);
    json_decref(items);
    if (r->links)
        r->links(ctx, object);
    resource_strip(object);
    return object;
}

enum code resource_absent(struct ctx *ctx, const struct resource *r, const char *id,
                          struct answer *out)
{
    if (tx_code(ctx->tx))
        return tx_code(ctx->tx);
    const char *moved = r->body ? "SELECT b.id FROM body_alias a "
                                  "JOIN body b ON b.key = a.body_key WHERE a.id = ?1"
                                : r->moved;
    struct db_arg left = db_arg_text(id);
    const char *now = moved ? db_text_(ctx->tx, moved, &left, 1) : NULL;
    json_t *object = now ? resource_find(ctx, r, now, ctx->day) : NULL;
    if (!object)
        return ctx_absent(ctx);
    json_decref(object);
    out->moved = true;
    /* The same address with the new id in place of the old: sub-pages move along. */
    const char *rest = ctx->path + strlen(r->name) + 2 + strlen(id);
    out->location = arena_printf(ctx->arena, "/%s/%s%s", r->name, now, rest);
    return OK;
}

enum code resource_answer(struct ctx *ctx, const struct resource *r, const char *id,
                          struct answer *out)
{
    json_t *object = resource_one(ctx, r, id, NULL, &out->version);
    if (!object)
        return resource_absent(ctx, r, id, out);
    out->document = object;
    return OK;
}

enum code resource_changed(struct ctx *ctx, const struct resource *r, const char *id,
                           struct answer *out)
{
    out->document = resource_one(ctx, r, id, NULL, &out->version);
    if (!out->document) /* the change took it out of the actor's sight: done, and nothing to show */
        return tx_code(ctx->tx);
    out->location = resource_path(ctx, r, out->document);
    out->status = 200;
    return OK;
}

enum code resource_created(struct ctx *ctx, const struct resource *r, const char *id,
                           struct answer *out)
{
    enum code c = resource_changed(ctx, r, id, out);
    out->status = 201;
    return c;
}
