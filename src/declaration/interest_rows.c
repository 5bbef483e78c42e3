/* interest_rows.c: interests as rows that a person fills in, and as a reader sees them.
 *
 * Owns the cells of a row: what is asked first, what is asked under "more", what an empty row
 * begins with. A page without a script adds and removes rows by sending them, so a row that was
 * never touched must be told from one that was: it says what an empty one says. Must not know which
 * page the rows stand on, nor who may read them: a member that is absent is not shown. */
#include <string.h>
#include "internal.h"

enum { ROWS_MOST = 100 };

/* What an empty row begins with: the usual, so that it need not be chosen. */
static const struct {
    const char *name, *value;
} beginnings[] = {{"proximity", "direct"}, {"holder", "self"}};

/* What is rarely needed stands folded. */
static const char *const rare[] = {"payee", "expectedFuture", "description"};

static bool is_rare(const char *name)
{
    for (size_t i = 0; i < LEN(rare); i++)
        if (!strcmp(rare[i], name))
            return true;
    return false;
}

/* What a cell of an empty row says, or "". A paper form (no kinds) presets nothing: it is
 * copied. */
static const char *beginning_of(const char *name, const json_t *kinds)
{
    if (!kinds)
        return "";
    if (!strcmp(name, "kind") && json_array_size(kinds) == 1)
        return json_string_value(json_array_get(kinds, 0));
    for (size_t i = 0; i < LEN(beginnings); i++)
        if (!strcmp(beginnings[i].name, name))
            return beginnings[i].value;
    return "";
}

/* ---------------------------------------------------------------- what was sent */

static const char *cell_sent(struct ctx *ctx, int at, const char *name)
{
    const char *text =
        params_text(ctx->body, arena_printf(ctx->arena, "interests.%d.%s", at, name));
    return text ? text : "";
}

/* NULL when nobody has touched it. */
static json_t *row_typed(struct ctx *ctx, int at, const json_t *kinds)
{
    json_t *row = json_object();
    bool touched = false;
    for (const struct field *cell = declaration_interest_fields; cell->name; cell++) {
        const char *text = cell_sent(ctx, at, cell->name);
        touched = touched || (*text && strcmp(text, beginning_of(cell->name, kinds)));
        json_put(row, cell->name, text);
    }
    if (touched)
        return row;
    json_decref(row);
    return NULL;
}

json_t *interests_typed(struct ctx *ctx, const json_t *kinds, int without)
{
    json_t *rows = json_array();
    for (int at = 0; at < ROWS_MOST; at++) {
        json_t *row = at == without ? NULL : row_typed(ctx, at, kinds);
        if (row)
            json_push(rows, row);
    }
    return rows;
}

/* The fields of a row of which nothing is needed yet. */
static const struct field *patient_fields(struct ctx *ctx)
{
    size_t n = 0;
    while (declaration_interest_fields[n].name)
        n++;
    struct field *fields = arena_alloc(ctx->arena, sizeof *fields * (n + 1));
    for (size_t i = 0; i < n; i++) {
        fields[i] = declaration_interest_fields[i];
        fields[i].flags &= ~(unsigned)F_REQUIRED;
    }
    return fields;
}

/* A row is a document of its own: what it does not say is not in it. */
static void drop_nulls(json_t *rows)
{
    size_t i;
    json_t *row, *value;
    const char *name;
    void *next;
    json_array_foreach(rows, i, row)
        json_object_foreach_safe(row, next, name, value)
            if (json_is_null(value))
                json_object_del(row, name);
}

static void check_days(struct ctx *ctx, const json_t *rows)
{
    size_t i;
    json_t *row;
    json_array_foreach((json_t *)rows, i, row) {
        const char *from = json_text(row, "startDate"), *to = json_text(row, "endDate");
        if (from && to && strcmp(to, from) < 0)
            err_field(ctx->err, arena_printf(ctx->arena, "/interests/%zu/endDate", i),
                      N_("The last day comes before the first."), NULL);
    }
}

enum code interests_read(struct ctx *ctx, const json_t *typed, bool complete, json_t **rows)
{
    const struct field fields[] = {
        {.name = "interests",
         .label = N_("Interests"),
         .type = T_ROWS,
         .rows = complete ? declaration_interest_fields : patient_fields(ctx)},
        {0},
    };
    json_t *texts = json_pack("{s:O}", "interests", typed);
    json_t *meant = fields_meant(ctx, fields, texts);
    *rows = json_incref(json_object_get(meant, "interests"));
    if (!*rows)
        *rows = json_array();
    json_decref(meant);
    json_decref(texts);
    drop_nulls(*rows);
    if (complete)
        check_days(ctx, *rows);
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- to fill in */

const char *message_at(struct ctx *ctx, const char *pointer)
{
    size_t i;
    json_t *entry;
    json_array_foreach(ctx->err->fields, i, entry) {
        const char *at = json_text(entry, "pointer");
        if (at && !strcmp(at, pointer))
            return text_fill(ctx->arena, ctx_text(ctx, json_text(entry, "msgid")),
                             json_object_get(entry, "args"));
    }
    return NULL;
}

static bool is_asked(const json_t *kinds, const char *code)
{
    size_t i;
    json_t *kind;
    json_array_foreach((json_t *)kinds, i, kind)
        if (!strcmp(json_string_value(kind), code))
            return true;
    return !kinds;
}

static void push_option(struct ctx *ctx, json_t *options, const char *code, const char *label,
                        const char *value)
{
    json_t *option = json_push(options, json_object());
    json_put(option, "value", code);
    json_put(option, "label", ctx_text(ctx, label));
    json_put_bool(option, "selected", !strcmp(code, value));
}

static void add_options(struct ctx *ctx, json_t *item, const struct field *cell,
                        const json_t *kinds, const char *value)
{
    json_t *options = json_put_new(item, "options", json_array());
    bool kind = !strcmp(cell->name, "kind");
    if (!*beginning_of(cell->name, kinds))
        push_option(ctx, options, "", NC_("choice", "Choose"), value);
    for (const struct value *v = cell->values; v->code; v++)
        if (!kind || is_asked(kinds, v->code))
            push_option(ctx, options, v->code, v->label, value);
}

static const char *cell_kind(const struct field *cell)
{
    if (cell->type == T_ENUM)
        return "select";
    if (cell->type == T_BOOL)
        return "tick"; /* says nothing when it is not ticked: an empty row has no cells */
    if (cell->type == T_LINES)
        return "lines";
    return cell->type == T_DAY ? "date" : "text";
}

static json_t *cell_form(struct ctx *ctx, const struct field *cell, const json_t *row, size_t at,
                         const json_t *kinds)
{
    json_t *item = json_object();
    const json_t *there = json_object_get(row, cell->name);
    const char *value = json_string_value(there);
    if (!value)
        value = json_is_true(there) ? "true" : row ? "" : beginning_of(cell->name, kinds);
    json_put(item, "name", arena_printf(ctx->arena, "interests.%zu.%s", at, cell->name));
    json_put(item, "id", arena_printf(ctx->arena, "f-interests-%zu-%s", at, cell->name));
    json_put(item, "label", ctx_text(ctx, cell->label));
    json_put(item, "hint", cell->hint ? ctx_text(ctx, cell->hint) : NULL);
    json_put(item, "kind", cell_kind(cell));
    json_put(item, "value", value);
    json_put_bool(item, "checked", !strcmp(value, "true"));
    json_put_bool(item, "required", (cell->flags & F_REQUIRED) != 0);
    json_put_bool(item, "wide", cell->type == T_LINES || !strcmp(cell->name, "counterparty"));
    json_put(item, "present", NULL);
    json_put(item, "error",
             message_at(ctx, arena_printf(ctx->arena, "/interests/%zu/%s", at, cell->name)));
    if (cell->type == T_ENUM)
        add_options(ctx, item, cell, kinds, value);
    return item;
}

static void tell(struct ctx *ctx, const json_t *item, size_t at, json_t *errors)
{
    if (!json_text(item, "error"))
        return;
    json_t *error = json_push(errors, json_object());
    json_put(error, "id", json_text(item, "id"));
    json_put(error, "label",
             ctx_textf(ctx, N_("Interest {number}, {field}"), "number",
                       arena_int(ctx->arena, (long long)at + 1), "field", json_text(item, "label"),
                       NULL));
    json_put(error, "message", json_text(item, "error"));
}

static json_t *row_form(struct ctx *ctx, const json_t *row, size_t at, const json_t *kinds,
                        json_t *errors)
{
    json_t *document = json_object();
    bool open = false;
    json_put_int(document, "number", (long long)at + 1);
    json_put_int(document, "at", (long long)at);
    json_t *fields = json_put_new(document, "fields", json_array());
    json_t *more = json_put_new(document, "more", json_array());
    for (const struct field *cell = declaration_interest_fields; cell->name; cell++) {
        json_t *item = cell_form(ctx, cell, row, at, kinds);
        tell(ctx, item, at, errors);
        open = open || (is_rare(cell->name) && *json_text(item, "value"));
        json_push(is_rare(cell->name) ? more : fields, item);
    }
    json_put_bool(document, "open", open);
    return document;
}

json_t *interests_form(struct ctx *ctx, const json_t *rows, const json_t *kinds, size_t least,
                       json_t *errors)
{
    json_t *all = json_array();
    size_t n = json_array_size(rows);
    for (size_t at = 0; at < ROWS_MOST && (at < n || at < least); at++)
        json_push(all, row_form(ctx, json_array_get(rows, at), at, kinds, errors));
    return all;
}

/* ---------------------------------------------------------------- to read */

/* The heading of an interest says these. */
static bool is_heading(const char *name)
{
    return !strcmp(name, "counterparty") || !strcmp(name, "kind") || !strcmp(name, "startDate") ||
           !strcmp(name, "endDate") || !strcmp(name, "description");
}

static json_t *one_shown(struct ctx *ctx, const json_t *interest)
{
    json_t *shown = json_object(), *facts = json_array();
    const char *kind = json_text(interest, "kind");
    json_put(shown, "counterparty", json_text(interest, "counterparty"));
    json_put(shown, "kindLabel", kind ? value_label(ctx, declaration_kinds, kind) : NULL);
    json_put(shown, "startDate", json_text(interest, "startDate"));
    json_put(shown, "endDate", json_text(interest, "endDate"));
    json_put(shown, "description", json_text(interest, "description"));
    for (const struct field *cell = declaration_interest_fields; cell->name; cell++) {
        const char *words = is_heading(cell->name) ? "" : field_words(ctx, cell, interest);
        if (!*words)
            continue;
        json_t *fact = json_push(facts, json_object());
        json_put(fact, "label", ctx_text(ctx, cell->label));
        json_put(fact, "value", words);
    }
    json_put_new(shown, "facts", facts);
    return shown;
}

json_t *interests_shown(struct ctx *ctx, const json_t *interests)
{
    json_t *all = json_array(), *interest;
    size_t i;
    json_array_foreach((json_t *)interests, i, interest)
        json_push(all, one_shown(ctx, interest));
    return all;
}
