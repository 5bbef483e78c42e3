/* export.c: a whole list as rows of cells (format=csv|xlsx).
 *
 * Owns: which columns a list has, what stands in a cell, and that memory stays bounded however long
 * the list is: first the keys of all rows in their order, then the objects some at a time. Every
 * object goes through the same `finish` as in JSON, so that a file never knows more than the list.
 * What a reader may not read is absent from objects, not null: a column is there when some object
 * has the member, and one that turns up late begins the file anew. Must not know CSV or XLSX. */
#include <stdlib.h>
#include <string.h>
#include <kansli/json.h>
#include <kansli/sheet.h>
#include "fields.h"
#include "list.h"

enum {
    ROWS_MOST = 100000,
    CHUNK = 200,
    COLUMNS_MOST = 200,
    CHUNK_BYTES = 8 << 20
};

struct column {
    const struct field *field;
    const char *member; /* "hostId", "hostName", "statusLabel" */
    const char *heading;
    bool present;
};

struct export {
    struct list *list;
    struct column column[COLUMNS_MOST];
    size_t columns;
    long long *keys;
    size_t rows, room;
};

/* ---------------------------------------------------------------- columns */

/* "hostId" and "hostIds" bring "hostName" and "hostNames"; NULL for what brings no name. */
static const char *name_beside(struct arena *arena, const struct field *field)
{
    bool many = field->type == T_REFS;
    size_t n = strlen(field->name), end = many ? 3 : 2;
    if ((field->type != T_REF && !many) || n <= end ||
        strcmp(field->name + n - end, many ? "Ids" : "Id"))
        return NULL;
    return arena_printf(arena, "%.*sName%s", (int)(n - end), field->name, many ? "s" : "");
}

static bool heading_taken(const struct export *export, const char *heading)
{
    for (size_t i = 0; i < export->columns; i++)
        if (!strcmp(export->column[i].heading, heading))
            return true;
    return false;
}

static void add_column(struct export *export, const struct field *field, const char *member,
                       const char *heading)
{
    MUST(export->columns < COLUMNS_MOST);
    if (heading_taken(export, heading))
        heading = arena_printf(export->list->ctx->arena, "%s (%s)", heading, member);
    export->column[export->columns++] = (struct column){field, member, heading, false};
}

/* By the table, in its order; an id of a person or a body comes with its name, an enumeration as
 * its label. */
static void choose_columns(struct export *export)
{
    struct ctx *ctx = export->list->ctx;
    const char *wanted = ctx_query(ctx, "fields");
    for (const struct field *field = export->list->r->fields; field->name; field++) {
        const char *name = name_beside(ctx->arena, field), *label = ctx_text(ctx, field->label);
        bool own = name && field_find(export->list->r->fields, name); /* a column of its own */
        if (field->type == T_SECRET)
            continue;
        if (!wanted || field_wanted(wanted, field->name))
            add_column(export, field, field->name,
                       name ? arena_printf(ctx->arena, "%s (id)", label) : label);
        if (name && !own && (!wanted || field_wanted(wanted, name)))
            add_column(export, field, name, label);
    }
}

/* True when an object has a member that no object before it had. */
static bool widen(struct export *export, const json_t *items)
{
    bool wider = false;
    size_t i;
    json_t *item;
    json_array_foreach((json_t *)items, i, item)
        for (size_t c = 0; c < export->columns; c++) {
            struct column *column = &export->column[c];
            if (!column->present && field_member(item, column->member))
                wider = column->present = true;
        }
    return wider;
}

static void begin(struct export *export)
{
    const char *headings[COLUMNS_MOST];
    size_t n = 0;
    for (size_t c = 0; c < export->columns; c++)
        if (export->column[c].present)
            headings[n++] = export->column[c].heading;
    export->list->ctx->sheet->begin(export->list->ctx->sheet, headings, n);
}

/* ---------------------------------------------------------------- cells */

/* What has no words of its own: ids where there are ids, else JSON. */
static const char *json_words(struct arena *arena, const json_t *value)
{
    struct buf buf;
    json_t *ids = json_array(), *one;
    size_t i;
    json_array_foreach((json_t *)value, i, one)
        if (json_text(one, "id"))
            json_push(ids, json_text_new(json_text(one, "id")));
    bool named = json_array_size(ids) == json_array_size(value);
    buf_init(&buf, 1 << 20);
    json_write(&buf, value);
    const char *text = json_is_array(value) && named ? sheet_join(arena, ids)
                                                     : arena_strndup(arena, buf.data, buf.len);
    json_decref(ids);
    buf_release(&buf);
    return text;
}

static struct cell cell_of(struct ctx *ctx, const struct column *column, const json_t *item)
{
    const struct field *field = column->field;
    const json_t *value = field_member(item, column->member);
    struct cell cell = {CELL_TEXT, ""};
    if (!value || json_is_null(value))
        return cell;
    if (json_is_boolean(value)) {
        cell.text = ctx_text(ctx, json_is_true(value) ? N_("Yes") : N_("No"));
    } else if (json_is_number(value)) {
        cell = (struct cell){CELL_NUMBER, json_words(ctx->arena, value)};
    } else if (json_is_string(value)) {
        const char *text = json_string_value(value);
        cell.kind = field->type == T_DAY ? CELL_DAY : CELL_TEXT;
        cell.text = field->type == T_ENUM ? value_label(ctx, field->values, text) : text;
    } else if (field->type == T_ENUMS) {
        json_t *labels = json_object_get(item, arena_join(ctx->arena, field->name, "Labels", NULL));
        cell.text = sheet_join(ctx->arena, labels ? labels : value);
    } else if (field->type == T_REFS || field->type == T_TEXTS) {
        cell.text = sheet_join(ctx->arena, value);
    } else {
        cell.text = json_words(ctx->arena, value);
    }
    return cell;
}

const char *field_words(struct ctx *ctx, const struct field *field, const json_t *object)
{
    const char *name = name_beside(ctx->arena, field);
    bool named = name && json_object_get(object, name);
    struct column column = {.field = field, .member = named ? name : field->name};
    return cell_of(ctx, &column, object).text;
}

static void write_rows(struct ctx *ctx, const struct export *export, const json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach((json_t *)items, i, item) {
        struct cell cells[COLUMNS_MOST];
        size_t n = 0;
        for (size_t c = 0; c < export->columns; c++)
            if (export->column[c].present)
                cells[n++] = cell_of(ctx, &export->column[c], item);
        ctx->sheet->row(ctx->sheet, cells, n);
    }
}

/* ---------------------------------------------------------------- rows */

static bool take_key(json_t *row, void *arg)
{
    struct export *export = arg;
    if (export->rows == export->room) {
        export->room = export->room ? export->room * 2 : 1024;
        export->keys = must_realloc(export->keys, export->room * sizeof *export->keys);
    }
    export->keys[export->rows++] = json_int(row, "key", 0);
    return export->rows <= ROWS_MOST;
}

static enum code find_rows(struct export *export)
{
    struct list *list = export->list;
    const char *sql = arena_join(list->ctx->arena, "SELECT \"key\" FROM (", list->r->select,
                                 ") AS r", list->where.data, " ORDER BY ", list->order.data, NULL);
    db_each_(list->ctx->tx, take_key, export, sql, list->args, list->n);
    if (export->rows > ROWS_MOST)
        return ctx_fail(list->ctx, E_TOO_BIG, "answer-too-big",
                        N_("The answer is too big. Ask for less at a time."));
    return tx_code(list->ctx->tx);
}

/* The objects of some keys, in the list's order. The places are the same for every chunk, so that
 * one statement serves; those left over are NULL. */
static json_t *fetch(struct ctx *ctx, const struct export *export, size_t from)
{
    const struct list *list = export->list;
    struct db_arg args[FIRST_FILTER + CHUNK];
    struct buf places;
    size_t n = FIRST_FILTER;
    memcpy(args, list->args, FIRST_FILTER * sizeof *args);
    buf_init(&places, 8192);
    for (size_t i = 0; i < CHUNK; i++) {
        args[n++] = from + i < export->rows ? db_arg_int(export->keys[from + i])
                                            : (struct db_arg){.type = DB_NULL};
        buf_addf(&places, "%s?%zu", i ? ", " : "", n);
    }
    const char *sql = arena_join(ctx->arena, "SELECT * FROM (", list->r->select,
                                 ") AS r WHERE \"key\" IN (", places.data, ") ORDER BY ",
                                 list->order.data, NULL);
    buf_release(&places);
    return db_rows_(ctx->tx, sql, args, (int)n);
}

/* A chunk has an arena of its own, and what hangs on the request's (standing) stays out of it. */
static bool write_chunk(struct export *export, struct arena *arena, size_t from)
{
    struct ctx ctx = *export->list->ctx;
    ctx.arena = arena;
    ctx.standing = NULL;
    json_t *items = fetch(&ctx, export, from);
    resource_finish(&ctx, export->list->r, items);
    bool wider = widen(export, items);
    if (wider)
        begin(export);
    if (!wider || !from)
        write_rows(&ctx, export, items);
    json_decref(items);
    arena_clear(arena);
    return wider;
}

enum code list_export(struct list *list)
{
    struct export *export = arena_alloc(list->ctx->arena, sizeof *export);
    *export = (struct export){.list = list};
    choose_columns(export);
    enum code c = find_rows(export);
    struct arena *arena = arena_new(CHUNK_BYTES);
    if (!export->rows) /* nobody's members to tell by: every heading */
        for (size_t i = 0; i < export->columns; i++)
            export->column[i].present = true;
    begin(export);
    size_t at = 0;
    while (!c && at < export->rows) {
        bool again = write_chunk(export, arena, at) && at;
        at = again ? 0 : at + CHUNK;
        c = tx_code(list->ctx->tx);
    }
    arena_free(arena);
    free(export->keys);
    return c;
}
