/* write.c: insert, update, delete: each with its history row, so that no change is without one
 * (R92), and with its words in the index of texts.
 *
 * Owns the SQL text of writes and the guard against lost updates: every edit carries the version
 * that its author saw. Must not know any rule of the field: the feature has asked its rules before
 * it comes here, and may() before that. */
#include <stdlib.h>
#include <string.h>
#include <kansli/audit.h>
#include <kansli/buf.h>
#include <kansli/crypt.h>
#include <kansli/json.h>
#include <kansli/texts.h>
#include "fields.h"
#include "resource.h"

enum { COLUMNS_MAX = 64 };

/* ---------------------------------------------------------------- reading what was sent */

/* A form says which checkboxes it showed: one that is not in it was left empty. */
static json_t *form_values(struct ctx *ctx, const struct field *fields)
{
    json_t *values = json_copy(ctx->body->values);
    json_t *boxes = json_object_get(values, "_checkbox"), *box;
    size_t i;
    json_array_foreach(boxes, i, box)
        if (!json_object_get(values, json_string_value(box)))
            json_put(values, json_string_value(box), "false");
    fields_gather(ctx, fields, values);
    return values;
}

/* What was sent, by the fields' names. */
static json_t *body_values(struct ctx *ctx, const struct field *fields)
{
    return ctx->body->typed ? fields_open(ctx, fields, ctx->body->values)
                            : form_values(ctx, fields);
}

enum code fields_read(struct ctx *ctx, const struct field *fields, void *in)
{
    json_t *values = body_values(ctx, fields);
    enum code c = fields_parse(ctx, fields, values, ctx->body->typed, in);
    json_decref(values);
    return c;
}

/* In a table every fallback is a text; a script's body has real types. */
static json_t *fallback_of(const struct field *field, bool typed)
{
    if (typed && field->type == T_BOOL)
        return json_boolean(!strcmp(field->fallback, "true"));
    if (typed && field->type == T_INT)
        return json_integer(strtoll(field->fallback, NULL, 10));
    return json_text_new(field->fallback);
}

/* Left empty in a form. */
static bool is_blank(const struct ctx *ctx, const json_t *sent)
{
    return !ctx->body->typed && json_is_string(sent) && !json_string_length(sent);
}

enum code resource_read(struct ctx *ctx, const struct resource *r, void *in)
{
    memset(in, 0, r->size);
    json_t *values = body_values(ctx, r->fields);
    for (const struct field *field = r->fields; field->name; field++) {
        const json_t *sent = json_object_get(values, field->name);
        if (field->fallback && field_is_input(field) && (!sent || is_blank(ctx, sent)))
            json_put_new(values, field->name, fallback_of(field, ctx->body->typed));
    }
    enum code c = fields_parse(ctx, r->fields, values, ctx->body->typed, in);
    json_decref(values);
    return c;
}

/* ---------------------------------------------------------------- the guard */

bool etag_names(const char *header, long long version)
{
    for (const char *at = strchr(header, '"'); at; at = strchr(at, '"')) {
        char *end = NULL;
        long long n = strtoll(at + 1, &end, 10);
        if (at[1] >= '0' && at[1] <= '9' && (*end == '.' || *end == '"') && n == version)
            return true;
        at = strchr(at + 1, '"');
        if (!at)
            return false;
        at++;
    }
    return false;
}

static enum code ask_version(struct ctx *ctx, const struct resource *r, const struct edit *edit)
{
    if (!ctx->if_match)
        return ctx_fail(ctx, E_UNGUARDED, "if-match-needed",
                        N_("Send If-Match with the ETag of the version you are changing."));
    if (!strcmp(ctx->if_match, "*"))
        return ctx_fail(ctx, E_INPUT, "if-match-star",
                        N_("If-Match must name a version: * would overwrite unseen changes."));
    if (etag_names(ctx->if_match, edit->version))
        return OK;
    ctx->present = resource_one(ctx, r, edit->id, NULL, NULL);
    json_put_int(ctx->present, "_presentVersion", edit->version); /* for the reply's ETag */
    return ctx_fail(ctx, E_STALE, "changed-meanwhile",
                    N_("Somebody else changed this meanwhile. Look at how it is now, and make your "
                       "change again."));
}

enum code resource_guard(struct ctx *ctx, const struct resource *r, const char *id,
                         struct edit *edit)
{
    memset(edit, 0, sizeof *edit);
    edit->id = id;
    edit->now = resource_find(ctx, r, id, ctx->today);
    if (!edit->now)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    edit->key = json_int(edit->now, "key", 0);
    edit->version = resource_version(edit->now);
    json_t *items = json_pack("[O]", edit->now);
    resource_finish(ctx, r, items);
    json_decref(items);
    return ask_version(ctx, r, edit);
}

void resource_edit_end(struct edit *edit)
{
    json_decref(edit->now);
    edit->now = NULL;
}

/* What is there, as input, with the body laid over it. */
static json_t *merged(struct ctx *ctx, const struct resource *r, const json_t *now)
{
    json_t *values = json_object(), *sent = body_values(ctx, r->fields);
    for (const struct field *field = r->fields; field->name; field++) {
        json_t *value = field_member(now, field->name);
        if (field_is_input(field) && value)
            json_object_set(values, field->name, value);
    }
    json_object_update(values, sent);
    json_decref(sent);
    for (const struct field *field = r->fields; field->name; field++)
        if (field->fallback && is_blank(ctx, json_object_get(values, field->name)))
            json_put_new(values, field->name, fallback_of(field, false));
    return values;
}

static bool same(const json_t *a, const json_t *b)
{
    if (!a || json_is_null(a))
        return !b || json_is_null(b) || (json_is_array(b) && !json_array_size(b));
    if (!b || json_is_null(b))
        return json_is_array(a) && !json_array_size(a);
    return json_equal(a, b);
}

static void refuse_fixed(struct ctx *ctx, const struct resource *r, const json_t *now,
                         const void *in)
{
    for (const struct field *field = r->fields; field->name; field++) {
        if (!(field->flags & F_CREATE))
            continue;
        json_t *after = field_value(field, in);
        if (!same(field_member(now, field->name), after))
            err_field(ctx->err, field_pointer(ctx->arena, field->name),
                      N_("This is set once and cannot be changed."), NULL);
        json_decref(after);
    }
}

enum code resource_edit(struct ctx *ctx, const struct resource *r, const char *id,
                        struct edit *edit, void *in)
{
    memset(in, 0, r->size);
    enum code c = resource_guard(ctx, r, id, edit);
    if (c)
        return c;
    json_t *values = merged(ctx, r, edit->now);
    c = fields_parse(ctx, r->fields, values, ctx->body->typed, in);
    json_decref(values);
    if (!c)
        refuse_fixed(ctx, r, edit->now, in);
    return ctx->err->code;
}

/* ---------------------------------------------------------------- history */

/* What history keeps of a change. */
static json_t *change_of(const struct field *field, json_t *before, json_t *after)
{
    if (field->flags & F_PRIVATE)
        return json_pack("[n, n]");
    return json_pack("[O, O]", before ? before : json_null(), after ? after : json_null());
}

static json_t *differences(const struct resource *r, const json_t *before, const void *in)
{
    json_t *changes = json_object();
    for (const struct field *field = r->fields; field->name; field++) {
        if (!field_is_input(field) || field->type == T_SECRET)
            continue;
        json_t *after = field_value(field, in), *was = field_member(before, field->name);
        if (!same(was, after))
            json_put_new(changes, field->name, change_of(field, was, after));
        json_decref(after);
    }
    return changes;
}

static enum code write_history(struct ctx *ctx, const struct resource *r, long long key,
                               const char *id, const char *act, long long version,
                               long long within_key, json_t *changes)
{
    enum code c = audit_add(ctx, (struct audit){.type = r->name,
                                                .key = key,
                                                .id = id,
                                                .within_type = within_key ? r->within : NULL,
                                                .within_key = within_key,
                                                .act = act,
                                                .version = version,
                                                .changes = changes});
    return c ? c : texts_put(ctx, r, key);
}

static long long within_of(struct ctx *ctx, const struct resource *r, long long key)
{
    if (!r->within || !r->parent_column)
        return 0;
    struct db_arg args[] = {db_arg_int(key)};
    return db_int_(ctx->tx, 0,
                   arena_printf(ctx->arena, "SELECT %s FROM %s WHERE key = ?1", r->parent_column,
                                r->table),
                   args, 1);
}

/* ---------------------------------------------------------------- the common namespace */

enum code body_add(struct ctx *ctx, const char *type, const char *id, long long *key)
{
    if (db_exists(ctx->tx, "SELECT 1 FROM body WHERE id = ?1", id) ||
        db_exists(ctx->tx, "SELECT 1 FROM body_alias WHERE id = ?1", id))
        return err_setf(ctx->err, E_CONFLICT, "slug-taken",
                        N_("The address {id} is taken. Choose another."), "id", id, NULL);
    *key = db_int(ctx->tx, 0, "INSERT INTO body (id, type) VALUES (?1, ?2) RETURNING key", id, type);
    return tx_code(ctx->tx);
}

enum code body_rename(struct ctx *ctx, long long key, const char *id)
{
    if (db_exists(ctx->tx, "SELECT 1 FROM body WHERE id = ?1 AND key <> ?2", id, key) ||
        db_exists(ctx->tx, "SELECT 1 FROM body_alias WHERE id = ?1 AND body_key <> ?2", id, key))
        return err_setf(ctx->err, E_CONFLICT, "slug-taken",
                        N_("The address {id} is taken. Choose another."), "id", id, NULL);
    if (db_exists(ctx->tx, "SELECT 1 FROM body WHERE id = ?1", id)) /* its own already */
        return tx_code(ctx->tx);
    enum code c = db_run(ctx->tx, "DELETE FROM body_alias WHERE id = ?1", id);
    if (!c)
        c = db_run(ctx->tx,
                   "INSERT INTO body_alias (id, body_key) SELECT id, key FROM body WHERE key = ?1",
                   key);
    if (!c)
        c = db_run(ctx->tx, "UPDATE body SET id = ?2 WHERE key = ?1", key, id);
    return c;
}

/* ---------------------------------------------------------------- insert */

struct columns { /* a statement on its way: names and arguments side by side */
    struct buf text;
    struct db_arg args[COLUMNS_MAX];
    int n;
};

static void column(struct columns *columns, const char *name, struct db_arg arg)
{
    MUST(columns->n < COLUMNS_MAX);
    buf_addf(&columns->text, "%s%s", columns->n ? ", " : "", name);
    columns->args[columns->n++] = arg;
}

static void extra_columns(struct columns *columns, const json_t *extra)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)extra, name, value) {
        if (json_is_integer(value))
            column(columns, name, db_arg_int(json_integer_value(value)));
        else
            column(columns, name, db_arg_text(json_string_value(value)));
    }
}

static enum code insert_row(struct ctx *ctx, const struct resource *r, struct columns *columns,
                            long long *key)
{
    struct buf sql;
    buf_init(&sql, 65536);
    buf_addf(&sql, "INSERT INTO %s (%s) VALUES (", r->table, columns->text.data);
    for (int i = 1; i <= columns->n; i++)
        buf_addf(&sql, "%s?%d", i > 1 ? ", " : "", i);
    buf_adds(&sql, ") RETURNING key");
    *key = db_int_(ctx->tx, 0, sql.data, columns->args, columns->n);
    buf_release(&sql);
    return tx_code(ctx->tx);
}

enum code resource_insert(struct ctx *ctx, const struct resource *r, const void *in, const char *id,
                          const json_t *extra, long long *key)
{
    struct columns *columns = arena_alloc(ctx->arena, sizeof *columns);
    char uuid[UUID_SIZE];
    buf_init(&columns->text, 8192);
    if (!id) {
        crypt_uuid(uuid);
        id = arena_strdup(ctx->arena, uuid);
    }
    if (r->body)
        column(columns, "key", db_arg_int(*key));
    else
        column(columns, "id", db_arg_text(id));
    for (const struct field *field = r->fields; field->name; field++)
        if (field_is_input(field) && field->column && field->type != T_REFS)
            column(columns, field->column, field_arg(ctx, field, in));
    extra_columns(columns, extra);
    column(columns, "modified", db_arg_text(tx_instant(ctx->tx)));
    enum code c = insert_row(ctx, r, columns, key);
    buf_release(&columns->text);
    if (c)
        return c;
    long long within = r->parent_column ? json_int(extra, r->parent_column, 0) : 0;
    if (!within) /* a field says it */
        within = within_of(ctx, r, *key);
    return write_history(ctx, r, *key, id, "create", 1, within, differences(r, NULL, in));
}

/* ---------------------------------------------------------------- update */

static enum code update_row(struct ctx *ctx, const struct resource *r, const struct edit *edit,
                            struct columns *set)
{
    int n = set->n;
    set->args[n] = db_arg_text(tx_instant(ctx->tx));
    set->args[n + 1] = db_arg_int(edit->key);
    set->args[n + 2] = db_arg_int(edit->version);
    const char *sql = arena_printf(ctx->arena,
                                   "UPDATE %s SET %s%sversion = version + 1, modified = ?%d "
                                   "WHERE key = ?%d AND version = ?%d",
                                   r->table, set->text.data, n ? ", " : "", n + 1, n + 2, n + 3);
    enum code c = db_run_(ctx->tx, sql, set->args, n + 3);
    if (!c && tx_changed(ctx->tx) != 1)
        BUG("%s %lld changed inside one transaction", r->name, edit->key);
    return c;
}

enum code resource_update(struct ctx *ctx, const struct resource *r, struct edit *edit,
                          const void *in, bool *changed)
{
    json_t *changes = differences(r, edit->now, in);
    if (changed)
        *changed = json_object_size(changes) > 0;
    if (!json_object_size(changes)) {
        json_decref(changes);
        return OK;
    }
    struct columns *set = arena_alloc(ctx->arena, sizeof *set);
    buf_init(&set->text, 8192);
    for (const struct field *field = r->fields; field->name; field++)
        if (field->column && field->type != T_REFS && json_object_get(changes, field->name))
            column(set, arena_printf(ctx->arena, "%s = ?%d", field->column, set->n + 1),
                   field_arg(ctx, field, in));
    enum code c = update_row(ctx, r, edit, set);
    buf_release(&set->text);
    if (c) {
        json_decref(changes);
        return c;
    }
    edit->version++;
    return write_history(ctx, r, edit->key, edit->id, "update", edit->version,
                         within_of(ctx, r, edit->key), changes);
}

enum code resource_touch(struct ctx *ctx, const struct resource *r, long long key, const char *id,
                         const char *act, json_t *changes)
{
    struct db_arg args[] = {db_arg_int(key), db_arg_text(tx_instant(ctx->tx))};
    long long version = db_int_(ctx->tx, 0,
                                arena_printf(ctx->arena,
                                             "UPDATE %s SET version = version + 1, modified = ?2 "
                                             "WHERE key = ?1 RETURNING version",
                                             r->table),
                                args, 2);
    return write_history(ctx, r, key, id, act, version, within_of(ctx, r, key), changes);
}

/* ---------------------------------------------------------------- delete */

/* Whether somebody without a login would see the object: a tombstone tells no more than its object
 * did. */
static bool is_public(struct ctx *ctx, const struct resource *r, long long key)
{
    struct db_arg args[FIRST_FILTER];
    resource_args(ctx, args, ctx->today);
    args[1] = args[2] = args[6] = db_arg_int(0);
    args[4] = db_arg_int(key);
    return db_int_(ctx->tx, 0,
                   arena_join(ctx->arena, "SELECT 1 FROM (", r->select, ") AS r WHERE \"key\" = ?5",
                              r->visible ? " AND " : "", r->visible ? r->visible : "", NULL),
                   args, LEN(args));
}

enum code resource_delete(struct ctx *ctx, const struct resource *r, struct edit *edit)
{
    long long within = within_of(ctx, r, edit->key);
    bool hidden = !is_public(ctx, r, edit->key);
    json_t *changes = json_object();
    for (const struct field *field = r->fields; field->name; field++) {
        json_t *was = field_member(edit->now, field->name);
        if (field_is_input(field) && was && !json_is_null(was))
            json_put_new(changes, field->name, change_of(field, was, NULL));
    }
    enum code c = write_history(ctx, r, edit->key, edit->id, "delete", edit->version + 1, within,
                                changes);
    struct db_arg key = db_arg_int(edit->key);
    if (!c)
        c = db_index_remove(ctx->tx, r->name, edit->key);
    if (!c)
        c = db_run_(ctx->tx,
                    arena_printf(ctx->arena, "DELETE FROM %s WHERE key = ?1",
                                 r->body ? "body" : r->table),
                    &key, 1);
    if (!c)
        c = db_run(ctx->tx,
                   "INSERT INTO tombstone (type, id, modified, within_key, hidden) "
                   "VALUES (?1, ?2, ?3, ?4, ?5)",
                   r->name, edit->id, tx_instant(ctx->tx), KEY(within), hidden);
    return c;
}

static enum code delete_one_within(struct ctx *ctx, const struct resource *r, const json_t *row)
{
    struct edit edit = {.key = json_int(row, "key", 0),
                        .version = json_int(row, "version", 0),
                        .id = json_text(row, "id")};
    edit.now = resource_one(ctx, r, edit.id, NULL, NULL);
    enum code c = resource_delete(ctx, r, &edit);
    json_decref(edit.now);
    return c;
}

enum code resource_delete_within(struct ctx *ctx, const struct resource *r, long long key)
{
    struct db_arg args[] = {db_arg_int(key)};
    enum code c = tx_code(ctx->tx);
    for (const struct resource *const *at = resource_registry; !c && *at; at++) {
        if (!(*at)->within || strcmp((*at)->within, r->name) || !(*at)->parent_column)
            continue;
        const char *sql = arena_printf(ctx->arena,
                                       "SELECT key AS \"key\", id AS \"id\", "
                                       "version AS \"version\" FROM %s WHERE %s = ?1",
                                       (*at)->table, (*at)->parent_column);
        json_t *rows = db_rows_(ctx->tx, sql, args, 1), *row;
        size_t i;
        json_array_foreach(rows, i, row)
            if (!c)
                c = delete_one_within(ctx, *at, row);
        json_decref(rows);
    }
    return c;
}
