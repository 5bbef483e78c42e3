/* form.c: a table of fields becomes a form's document.
 *
 * Owns what a form shows: the values that were typed when it failed, else what the object has; each
 * message beside its field and in the list at the top. Must not know HTML: part/form.html does. */
#include <string.h>
#include <kansli/json.h>
#include <kansli/utf8.h>
#include "fields.h"
#include "resource.h"

struct form {
    struct ctx *ctx;
    const json_t *typed;   /* the failed body, or NULL */
    const json_t *object;  /* what is there, or NULL */
    json_t *errors;
};

/* True when a message's pointer leads to a field, or into it ("/principalIds/1"). */
static bool points_to(struct form *form, const char *pointer, const char *name)
{
    const char *wanted = field_pointer(form->ctx->arena, name);
    size_t n = strlen(wanted);
    return pointer && !strncmp(pointer, wanted, n) && (!pointer[n] || pointer[n] == '/');
}

/* Messages of one field, as one text; also those of elements of a list ("/principalIds/1"). */
static const char *message_of(struct form *form, const char *name)
{
    size_t i;
    json_t *entry;
    const char *all = NULL;
    json_array_foreach(form->ctx->err->fields, i, entry) {
        if (!points_to(form, json_text(entry, "pointer"), name))
            continue;
        const char *text = text_fill(form->ctx->arena,
                                     ctx_text(form->ctx, json_text(entry, "msgid")),
                                     json_object_get(entry, "args"));
        all = all ? arena_printf(form->ctx->arena, "%s %s", all, text) : text;
    }
    return all;
}

/* What is set once is no part of an edit. */
static bool is_shown(const struct form *form, const struct field *field)
{
    return field_is_input(field) && !(field->flags & F_HIDDEN) &&
           !(form->object && (field->flags & F_CREATE));
}

static const json_t *value_of(struct form *form, const struct field *field)
{
    if (form->typed)
        return json_object_get(form->typed, field->name);
    return form->object ? field_member(form->object, field->name) : NULL;
}

static bool has_code(const json_t *value, const char *code)
{
    size_t i;
    json_t *one;
    if (json_is_string(value))
        return !strcmp(json_string_value(value), code);
    json_array_foreach((json_t *)value, i, one)
        if (json_is_string(one) && !strcmp(json_string_value(one), code))
            return true;
    return false;
}

static void push_option(json_t *options, const char *code, const char *label, const json_t *value)
{
    json_t *option = json_push(options, json_object());
    json_put(option, "value", code);
    json_put(option, "label", label);
    json_put_bool(option, "selected", has_code(value, code));
}

static void add_options(struct form *form, const struct field *field, const json_t *value,
                        json_t *item)
{
    json_t *options = json_put_new(item, "options", json_array());
    bool one = field->type == T_ENUM || field->type == T_REF, needed = field->flags & F_REQUIRED;
    if (one && !field->fallback && (!needed || !json_string_length(value)))
        push_option(options, "", ctx_text(form->ctx, needed ? NC_("choice", "Choose")
                                                            : NC_("choice", "None")),
                    value);
    for (const struct value *v = field->values; v && v->code; v++)
        push_option(options, v->code, ctx_text(form->ctx, v->label), value);
    if (!field->reference || !field->reference->options)
        return;
    json_t *rows = db_rows_(form->ctx->tx, field->reference->options, NULL, 0), *row;
    size_t i;
    json_array_foreach(rows, i, row)
        push_option(options, json_text(row, "value"), json_text(row, "label"), value);
    json_decref(rows);
}

/* A name that leads back to its id when it is sent as it stands; namesakes are told apart by their
 * ids. */
static const char *name_shown(struct form *form, const struct field *field, const char *name,
                              const char *id)
{
    struct ctx *ctx = form->ctx;
    if (!name || !id || !field->reference || !field->reference->search)
        return name;
    const char *folded = text_fold(ctx->arena, name);
    json_t *hits = reference_search(ctx, field->reference, name, 2), *hit;
    bool first = true, alone = false;
    size_t i;
    json_array_foreach(hits, i, hit) {
        bool named = !strcmp(text_fold(ctx->arena, json_text(hit, "name")), folded);
        alone = first ? named && !strcmp(json_text(hit, "id"), id) : alone && !named;
        first = false;
    }
    json_decref(hits);
    return alone ? name : arena_printf(ctx->arena, "%s (%s)", name, id);
}

/* Rows of a list: what is there. The page has an empty one to fill in besides. */
static void add_rows(struct form *form, const struct field *field, const json_t *value,
                     json_t *item)
{
    json_t *rows = json_put_new(item, "values", json_array()), *one;
    json_t *names = json_object_get(form->object,
                                    arena_printf(form->ctx->arena, "%.*sNames",
                                                 (int)(strlen(field->name) - 3), field->name));
    size_t i;
    json_array_foreach((json_t *)value, i, one) {
        if (!json_is_string(one) || !json_string_length(one))
            continue;
        json_t *row = json_push(rows, json_object());
        json_put(row, "value", json_string_value(one));
        json_put(row, "shown",
                 form->typed ? NULL
                             : name_shown(form, field, json_string_value(json_array_get(names, i)),
                                          json_string_value(one)));
    }
}

/* One row of cells to fill in; `at` is its number, or "new" for one to come. */
static json_t *row_cells(struct form *form, const struct field *field, const json_t *row,
                         const char *at)
{
    struct arena *arena = form->ctx->arena;
    json_t *cells = json_array();
    for (const struct field *cell = field->rows; cell->name; cell++) {
        const char *name = arena_printf(arena, "%s.%s.%s", field->name, at, cell->name);
        const char *text = json_text(row, cell->name);
        json_t *one = json_push(cells, json_object());
        json_put(one, "name", name);
        json_put(one, "label", ctx_text(form->ctx, cell->label));
        json_put(one, "kind", cell->type == T_DAY ? "date" : "text");
        json_put(one, "value", text ? text : "");
        json_put_bool(one, "error", row && message_of(form, name));
    }
    return json_pack("{s:o}", "cells", cells);
}

/* What is there, and empty rows to spare: a page without a script cannot add any. */
static void add_table(struct form *form, const struct field *field, const json_t *value,
                      json_t *item)
{
    enum { SPARE = 2 };
    json_t *columns = json_put_new(item, "columns", json_array());
    json_t *rows = json_put_new(item, "values", json_array());
    json_t *typed = form->typed ? fields_rows(form->ctx, field, form->typed) : NULL;
    const json_t *from = typed ? typed : value;
    size_t n = json_array_size(from);
    for (const struct field *cell = field->rows; cell->name; cell++)
        json_push(columns, json_text_new(ctx_text(form->ctx, cell->label)));
    for (size_t i = 0; i < n + SPARE && i < ROWS_MAX; i++)
        json_push(rows, row_cells(form, field, json_array_get(from, i),
                                  arena_printf(form->ctx->arena, "%zu", i)));
    json_put_new(item, "blank", row_cells(form, field, NULL, "new"));
    json_decref(typed);
}

/* A list of choices short enough to show all of. */
static bool is_short(const struct field *field)
{
    MUST(field->reference);
    return field->reference->options != NULL;
}

static const char *kind_of(const struct field *field)
{
    switch (field->type) {
    case T_LINES:
        return "lines";
    case T_MARKDOWN:
        return "markdown";
    case T_ROWS:
        return "rows";
    case T_DAY:
        return "date";
    case T_INSTANT:
        return "time";
    case T_INT:
        return "number";
    case T_ENUM:
        return "select";
    case T_BOOL:
        return "checkbox";
    case T_EMAIL:
        return "email";
    case T_SECRET:
        return "password";
    case T_ENUMS:
        return "checks";
    case T_TEXTS:
        return "list";
    case T_REF:
        return is_short(field) ? "select" : "lookup";
    case T_REFS:
        return is_short(field) ? "checks" : "lookups";
    case T_TEXT:
    case T_SLUG:
    case T_UUID:
    case T_JSON:
        return "text";
    }
    return "text";
}

/* An instant as a form shows it; anything else as it is. */
static const char *shown_as(struct form *form, const struct field *field, const char *text)
{
    char clock[CLOCK_SIZE];
    if (field->type != T_INSTANT || !text || !instant_parse(text, NULL))
        return text;
    clock_of_instant(text, clock);
    return arena_strdup(form->ctx->arena, clock);
}

static void add_value(struct form *form, const struct field *field, json_t *item)
{
    const json_t *value = value_of(form, field);
    json_t *fallback = NULL;
    if (!value && !form->typed && !form->object && field->fallback)
        value = fallback = json_string_nocheck(field->fallback);
    const char *kind = kind_of(field);
    json_put(item, "kind", kind);
    if (!strcmp(kind, "select") || !strcmp(kind, "checks"))
        add_options(form, field, value, item);
    else if (!strcmp(kind, "list") || !strcmp(kind, "lookups"))
        add_rows(form, field, value, item);
    else if (!strcmp(kind, "rows"))
        add_table(form, field, value, item);
    const char *text = shown_as(form, field, json_string_value(value));
    if (json_is_integer(value))
        text = arena_printf(form->ctx->arena, "%lld", (long long)json_integer_value(value));
    json_put(item, "value", field->type == T_SECRET || !text ? "" : text);
    json_put_bool(item, "checked", json_is_true(value) || (text && !strcmp(text, "true")));
    if (field->type == T_REF && !form->typed && form->object) {
        size_t stem = strlen(field->name) - 2; /* parentId → parentName */
        const char *name = json_text(form->object, arena_printf(form->ctx->arena, "%.*sName",
                                                                (int)stem, field->name));
        json_put(item, "shown", name_shown(form, field, name, text));
    }
    json_decref(fallback);
}

/* Whether a list was sent as it is: by its texts, its ids, or names with or without ids. */
static bool is_same_list(struct form *form, const struct field *field, const json_t *typed)
{
    const json_t *now = field_member(form->object, field->name), *names = NULL;
    size_t i, n = 0;
    json_t *one;
    if (field->type == T_REFS)
        names = json_object_get(form->object,
                                arena_printf(form->ctx->arena, "%.*sNames",
                                             (int)(strlen(field->name) - 3), field->name));
    json_array_foreach((json_t *)typed, i, one) {
        const char *text = json_string_value(one);
        const char *there = json_string_value(json_array_get(now, n));
        const char *name = json_string_value(json_array_get(names, n));
        if (!text || !*text)
            continue;
        if (!there || (strcmp(text, there) && !(name && !strncmp(text, name, strlen(name)))))
            return false;
        n++;
    }
    return n == json_array_size(now);
}

static bool is_same(struct form *form, const struct field *field)
{
    const json_t *typed = json_object_get(form->typed, field->name);
    const json_t *there = field_member(form->object, field->name);
    const char *text = json_string_value(typed), *now;
    if (field->type == T_REFS || field->type == T_TEXTS || field->type == T_ENUMS)
        return is_same_list(form, field, typed);
    if (field->type == T_BOOL)
        return json_is_true(there) == (text && !strcmp(text, "true"));
    if (field->type == T_REF && text && there) { /* a name, with its id or without */
        now = field_words(form->ctx, field, form->object);
        if (*now && !strncmp(text, now, strlen(now)))
            return true;
    }
    now = json_is_integer(there) ? field_words(form->ctx, field, form->object)
                                 : shown_as(form, field, json_string_value(there));
    return !strcmp(now ? now : "", text ? text : "");
}

/* How the field is now, when somebody else changed it while this form was open. */
static const char *present_of(struct form *form, const struct field *field)
{
    if (!form->typed || form->ctx->err->code != E_STALE || is_same(form, field))
        return NULL;
    const char *now = field->type == T_INSTANT
                          ? shown_as(form, field,
                                     json_string_value(field_member(form->object, field->name)))
                          : field_words(form->ctx, field, form->object);
    return now && *now ? now : ctx_text(form->ctx, N_("empty"));
}

/* "f-a-b": a dot in an id would have to be escaped wherever it is selected. */
static const char *id_of(struct form *form, const struct field *field)
{
    char *id = arena_printf(form->ctx->arena, "f-%s", field->name);
    for (char *at = id; *at; at++)
        if (*at == '.')
            *at = '-';
    return id;
}

static void add_field(struct form *form, const struct field *field, json_t *fields)
{
    struct ctx *ctx = form->ctx;
    json_t *item = json_push(fields, json_object());
    const char *message = message_of(form, field->name);
    json_put(item, "name", field->name);
    json_put(item, "id", id_of(form, field));
    json_put(item, "label", ctx_text(ctx, field->label));
    json_put(item, "hint", field->hint ? ctx_text(ctx, field->hint) : NULL);
    json_put_bool(item, "required", (field->flags & F_REQUIRED) != 0);
    json_put_bool(item, "wide", (field->flags & F_WIDE) || field->type == T_LINES ||
                                    field->type == T_MARKDOWN || field->type == T_ROWS);
    json_put(item, "lookup",
             field->reference && field->reference->lookup
                 ? arena_printf(ctx->arena, "/api/v1%s", field->reference->lookup)
                 : NULL);
    json_put(item, "error", message);
    json_put(item, "present", present_of(form, field));
    json_put_int(item, "max", field->max);
    json_put_bool(item, "long", field->type == T_TEXTS && field->max > 200);
    add_value(form, field, item);
    if (!message)
        return;
    json_t *error = json_push(form->errors, json_object());
    json_put(error, "name", field->name);
    json_put(error, "id", id_of(form, field));
    json_put(error, "label", ctx_text(ctx, field->label));
    json_put(error, "message", message);
}

/* A rule's refusal, or the messages that belong to no field shown here. */
static const char *form_message(struct form *form, const struct field *fields)
{
    struct err *err = form->ctx->err;
    if (!err->code)
        return NULL;
    if (err->code != E_INPUT || !err->fields)
        return text_fill(form->ctx->arena, ctx_text(form->ctx, err->msgid), err->args);
    size_t i;
    json_t *entry;
    const char *all = NULL;
    json_array_foreach(err->fields, i, entry) {
        const char *pointer = json_text(entry, "pointer");
        const char *name = pointer && pointer[0] == '/' ? pointer + 1 : "";
        bool known = false;
        for (const struct field *f = fields; f->name && !known; f++)
            known = is_shown(form, f) && points_to(form, pointer, f->name);
        if (known)
            continue;
        const char *text = text_fill(form->ctx->arena,
                                     ctx_text(form->ctx, json_text(entry, "msgid")),
                                     json_object_get(entry, "args"));
        all = all ? arena_printf(form->ctx->arena, "%s %s: %s", all, name, text)
                  : arena_printf(form->ctx->arena, "%s: %s", name, text);
    }
    return all;
}

json_t *resource_form(struct ctx *ctx, const struct field *fields, const json_t *object,
                      const char *action, const char *submit)
{
    struct form form = {ctx, NULL, object, json_array()};
    if (ctx->err->code && ctx->body && !ctx->body->typed)
        form.typed = ctx->body->values;
    json_t *document = json_object(), *list = json_array();
    json_put(document, "action", action);
    json_put(document, "method", "post");
    json_put(document, "submit", submit);
    json_put(document, "message", form_message(&form, fields));
    for (const struct field *field = fields; field->name; field++)
        if (is_shown(&form, field))
            add_field(&form, field, list);
    json_put_new(document, "fields", list);
    json_put_new(document, "errors", form.errors);
    json_put(document, "version", form.typed ? json_text(form.typed, "_version") : NULL);
    return document;
}

json_t *resource_form_of(struct ctx *ctx, const struct resource *r, const char *id,
                         const char *action, const char *submit, json_t **object)
{
    long long version = 0;
    json_t *now = resource_one(ctx, r, id, NULL, &version);
    if (!now)
        return NULL;
    json_t *form = resource_form(ctx, r->fields, now, action, submit);
    if (ctx->err->code == E_STALE || !json_text(form, "version"))
        json_put(form, "version", arena_printf(ctx->arena, "%lld", version));
    if (object)
        *object = now;
    else
        json_decref(now);
    return form;
}
