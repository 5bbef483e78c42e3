/* openapi_schema.c: field tables become JSON Schema.
 *
 * Owns what a field's type means to a script, and the companions that documents carry beside a
 * field (xLabel, xName). Must not know routes. Every object is closed: a member that no table names
 * is drift, and the contract test finds it. */
#include <stdlib.h>
#include <string.h>
#include <kansli/arena.h>
#include <kansli/json.h>
#include "internal.h"

enum { SLUG_MAX = 80, LIST_MAX = 100 };

const char *schema_words(const char *msgid)
{
    const char *context = strchr(msgid, '\004');
    return context ? context + 1 : msgid;
}

bool schema_is_input(const struct field *field)
{
    return !(field->flags & F_DERIVED) && field->type != T_JSON;
}

bool schema_is_list(const struct field *field)
{
    return field->type == T_REFS || field->type == T_ENUMS || field->type == T_TEXTS ||
           field->type == T_ROWS;
}

static json_t *object_of(const char *type)
{
    json_t *schema = json_object();
    json_put(schema, "type", type);
    return schema;
}

static json_t *text_of(int max)
{
    json_t *schema = object_of("string");
    if (max)
        json_put_int(schema, "maxLength", max);
    return schema;
}

static json_t *format_of(const char *format, const char *example)
{
    json_t *schema = object_of("string");
    json_put(schema, "format", format);
    json_put(schema, "example", example);
    return schema;
}

static json_t *slug_schema(void)
{
    json_t *schema = text_of(SLUG_MAX);
    json_put(schema, "pattern", "^[a-z0-9]+(-[a-z0-9]+)*$");
    return schema;
}

static json_t *enum_schema(const struct value *values)
{
    json_t *schema = object_of("string"), *codes = json_put_new(schema, "enum", json_array());
    for (; values && values->code; values++)
        json_push(codes, json_string(values->code));
    return schema;
}

static json_t *list_schema(json_t *items)
{
    json_t *schema = object_of("array");
    json_put_new(schema, "items", items);
    json_put_int(schema, "maxItems", LIST_MAX);
    return schema;
}

static json_t *int_schema(const struct field *field)
{
    json_t *schema = object_of("integer");
    json_put_int(schema, "minimum", 0);
    if (field->max)
        json_put_int(schema, "maximum", field->max);
    return schema;
}

/* What the limits of fields.c say when the table says nothing; what is computed may be longer. */
int schema_length(const struct field *field)
{
    if (!schema_is_input(field))
        return 0;
    if (field->max)
        return field->max;
    if (field->type == T_LINES)
        return 4000;
    return field->type == T_MARKDOWN ? 20000 : 200;
}

static json_t *row_output(const struct field *fields);

/* The value alone, as when it is there. */
static json_t *value_schema(const struct field *field, bool output)
{
    if (field->schema && field->type != T_JSON)
        return schema_text(field->schema);
    switch (field->type) {
    case T_TEXT:
    case T_LINES:
    case T_MARKDOWN:
    case T_SECRET:
        return text_of(schema_length(field));
    case T_SLUG:
        return slug_schema();
    case T_ENUM:
        return enum_schema(field->values);
    case T_DAY:
        return format_of("date", "2026-11-22");
    case T_INSTANT:
        return format_of("date-time", "2026-11-22T08:15:30Z");
    case T_EMAIL:
        return format_of("email", "name@region.example");
    case T_UUID:
        return format_of("uuid", "3f2b8c1e-5d04-4a77-9c1b-8e2d6f0a9b31");
    case T_INT:
        return int_schema(field);
    case T_BOOL:
        return object_of("boolean");
    case T_REF:
        return text_of(SLUG_MAX);
    case T_REFS:
        return list_schema(text_of(SLUG_MAX));
    case T_ENUMS:
        return list_schema(enum_schema(field->values));
    case T_TEXTS:
        return list_schema(text_of(schema_length(field)));
    case T_ROWS:
        return list_schema(output ? row_output(field->rows) : schema_input(field->rows, false));
    case T_JSON:
        return schema_text(field->schema ? field->schema : "{}");
    }
    BUG("%s has no schema", field->name);
}

/* Null stands for "not there": in a body it takes the value away. */
static void allow_null(json_t *schema)
{
    json_t *type = json_object_get(schema, "type"), *codes = json_object_get(schema, "enum");
    if (!json_is_string(type))
        return;
    json_put_new(schema, "type", json_pack("[O, s]", type, "null"));
    if (codes)
        json_push(codes, json_null());
}

json_t *schema_field(const struct field *field, bool output)
{
    json_t *schema = value_schema(field, output);
    const char *words = schema_words(field->hint ? field->hint : field->label);
    if (field->type == T_JSON)
        return schema;
    bool is_id = (field->flags & F_ID) || !strcmp(field->name, "id"); /* left empty it is made */
    bool is_state = (field->flags & F_DERIVED) && !strcmp(field->name, "status");
    bool always = (field->flags & F_REQUIRED) || (output && (is_id || is_state));
    if (!always && !(output && schema_is_list(field)))
        allow_null(schema);
    json_put(schema, "description", words);
    if (!output && field->fallback && field->type == T_INT)
        json_put_int(schema, "default", strtol(field->fallback, NULL, 10));
    else if (!output && field->fallback && field->type != T_BOOL)
        json_put(schema, "default", field->fallback);
    return schema;
}

/* ---------------------------------------------------------------- bodies */

bool schema_in_body(const struct field *field, bool patch)
{
    return schema_is_input(field) && !(patch && (field->flags & F_CREATE));
}

/* Where a field stands: "a.b" among the properties of the object a, which is made when it is
 * missing; in a body null takes all of it away. */
static void put_property(struct json_t *properties, const char *name, json_t *schema, bool output)
{
    const char *dot = strchr(name, '.');
    if (!dot) {
        json_put_new(properties, name, schema);
        return;
    }
    size_t n = (size_t)(dot - name);
    json_t *object = json_object_getn(properties, name, n);
    if (!object) {
        object = json_pack("{s:s, s:{}, s:b}", "type", "object", "properties",
                           "additionalProperties", 0);
        json_object_setn_new_nocheck(properties, name, n, object);
        if (!output)
            allow_null(object);
    }
    json_put_new(json_object_get(object, "properties"), dot + 1, schema);
}

/* Whether a body must have it: a default stands in for what has one. */
static bool is_needed(const struct field *field)
{
    return schema_in_body(field, false) && (field->flags & F_REQUIRED) && !field->fallback;
}

bool schema_needs_body(const struct field *fields)
{
    for (; fields && fields->name; fields++)
        if (is_needed(fields))
            return true;
    return false;
}

json_t *schema_input(const struct field *fields, bool patch)
{
    json_t *schema = object_of("object"), *required = json_array();
    json_t *properties = json_put_new(schema, "properties", json_object());
    json_put_bool(schema, "additionalProperties", false);
    for (const struct field *field = fields; field && field->name; field++) {
        if (!schema_in_body(field, patch))
            continue;
        put_property(properties, field->name, schema_field(field, false), false);
        if (is_needed(field))
            json_push(required, json_string(field->name));
    }
    if (!patch && json_array_size(required))
        json_object_set(schema, "required", required);
    json_decref(required);
    return schema;
}

/* ---------------------------------------------------------------- documents */

json_t *schema_link(void)
{
    return schema_text(
        "{\"type\":\"object\",\"description\":\"A way on: what the caller may do now.\","
        "\"required\":[\"rel\",\"href\",\"method\"],\"properties\":{"
        "\"rel\":{\"type\":\"string\"},\"href\":{\"type\":\"string\",\"format\":\"uri\"},"
        "\"method\":{\"type\":\"string\","
        "\"enum\":[\"GET\",\"POST\",\"PATCH\",\"DELETE\"]}}}");
}

static json_t *links_schema(void)
{
    return json_pack("{s:s, s:s, s:{s:s}}", "type", "array", "description",
                     "What the caller may do now; self always.", "items", "$ref",
                     "#/components/schemas/Link");
}

/* Parts asked for with embed=: each is a document of the address that gives it alone. */
static json_t *embedded_schema(void)
{
    return json_pack("{s:s, s:s, s:b}", "type", "object", "description",
                     "The parts asked for with embed=.", "additionalProperties", 1);
}

static void put_absent(json_t *properties, const char *name, json_t *schema)
{
    if (json_object_get(properties, name))
        json_decref(schema);
    else
        json_put_new(properties, name, schema);
}

static json_t *described(json_t *schema, const char *words)
{
    json_put(schema, "description", words);
    return schema;
}

static bool ends_in(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);
    return n > m && !strcmp(name + n - m, end);
}

/* What resource.c and the features put beside a field: the label of a code, the name of a person or
 * body. */
static void put_companions(struct arena *arena, json_t *properties, const struct field *field)
{
    size_t n = strlen(field->name);
    const char *words = schema_words(field->label);
    if (field->type == T_ENUM)
        put_absent(properties, arena_printf(arena, "%sLabel", field->name),
                   described(object_of("string"), arena_printf(arena, "%s, in words.", words)));
    if (field->type == T_ENUMS)
        put_absent(properties, arena_printf(arena, "%sLabels", field->name),
                   described(list_schema(object_of("string")),
                             arena_printf(arena, "%s, in words.", words)));
    if (!field->reference || !field->reference->person_or_body)
        return;
    if (field->type == T_REF && ends_in(field->name, "Id")) {
        json_t *name = object_of("string");
        allow_null(name);
        put_absent(properties, arena_printf(arena, "%.*sName", (int)n - 2, field->name),
                   described(name, arena_printf(arena, "%s: its name.", words)));
    }
    if (field->type == T_REFS && ends_in(field->name, "Ids"))
        put_absent(properties, arena_printf(arena, "%.*sNames", (int)n - 3, field->name),
                   described(list_schema(object_of("string")),
                             arena_printf(arena, "%s: their names, in the same order.", words)));
}

/* One object of a list inside a document. Nothing in it is promised: who may not read a member does
 * not get it. */
static json_t *row_output(const struct field *fields)
{
    struct arena *arena = arena_new(1 << 20);
    json_t *schema = object_of("object");
    json_t *properties = json_put_new(schema, "properties", json_object());
    json_put_bool(schema, "additionalProperties", false);
    for (const struct field *field = fields; field->name; field++)
        put_property(properties, field->name, schema_field(field, true), true);
    for (const struct field *field = fields; field->name; field++)
        put_companions(arena, properties, field);
    arena_free(arena);
    return schema;
}

static void put_frame(json_t *properties)
{
    put_absent(properties, "id", described(object_of("string"), "The object's id."));
    put_absent(
        properties, "modified",
        described(format_of("date-time", "2026-11-22T08:15:30Z"), "When it was last changed."));
    put_absent(properties, "_links", links_schema());
    put_absent(properties, "_embedded", embedded_schema());
}

json_t *schema_output(const struct resource *r)
{
    struct arena *arena = arena_new(1 << 20);
    json_t *schema = object_of("object"), *required = json_pack("[s]", "id");
    json_t *properties = json_put_new(schema, "properties", json_object());
    json_put_bool(schema, "additionalProperties", false);
    for (const struct field *field = r->fields; field->name; field++)
        if (field->type != T_SECRET) {
            put_property(properties, field->name, schema_field(field, true), true);
            if ((field->flags & F_REQUIRED) && strcmp(field->name, "id"))
                json_push(required, json_string(field->name));
        }
    for (const struct field *field = r->fields; field->name; field++)
        put_companions(arena, properties, field);
    put_frame(properties);
    json_push(required, json_string("_links"));
    json_put_new(schema, "required", required);
    arena_free(arena);
    return schema;
}

/* ---------------------------------------------------------------- schemas written as text */

/* Nothing beside what is named, an example for each day, and items that may be anything, also when
 * who wrote the text forgot. */
static void close_schema(json_t *schema)
{
    json_t *properties = json_object_get(schema, "properties"), *one;
    const char *name, *format = json_text(schema, "format");
    size_t i;
    if (format && !strncmp(format, "date", 4) && !json_object_get(schema, "example"))
        json_put(schema, "example", format[4] ? "2026-11-22T08:15:30Z" : "2026-11-22");
    if (json_is_object(properties) && !json_object_get(schema, "additionalProperties"))
        json_put_bool(schema, "additionalProperties", false);
    json_object_foreach(properties, name, one)
        close_schema(one);
    if (json_is_object(json_object_get(schema, "items")))
        close_schema(json_object_get(schema, "items"));
    else if (json_text(schema, "type") && !strcmp(json_text(schema, "type"), "array"))
        json_put_new(schema, "items", json_object());
    json_array_foreach(json_object_get(schema, "anyOf"), i, one)
        close_schema(one);
}

json_t *schema_text(const char *text)
{
    json_error_t error;
    json_t *schema = json_loads(text, 0, &error);
    if (!schema)
        BUG("a schema that is no JSON: %s at %d", error.text, error.position);
    close_schema(schema);
    return schema;
}

/* ---------------------------------------------------------------- envelopes and problems */

static json_t *tombstone(void)
{
    return schema_text(
        "{\"type\":\"object\",\"description\":\"What stood here has been deleted.\","
        "\"required\":[\"id\",\"deleted\"],\"properties\":{\"id\":{\"type\":\"string\"},"
        "\"deleted\":{\"const\":true}}}");
}

json_t *schema_list(json_t *item, bool synchronised)
{
    json_t *list = schema_text(
        "{\"type\":\"object\",\"required\":[\"items\",\"_meta\",\"_links\"],\"properties\":{"
        "\"items\":{\"type\":\"array\"},"
        "\"_meta\":{\"type\":\"object\",\"required\":[\"totalRecords\",\"page\",\"limit\","
        "\"count\"],"
        "\"properties\":{"
        "\"totalRecords\":{\"type\":\"integer\",\"description\":\"Objects on all pages "
        "together.\"},"
        "\"page\":{\"type\":\"integer\",\"minimum\":1,\"description\":\"This page, from 1.\"},"
        "\"limit\":{\"type\":\"integer\",\"description\":\"Objects on a page, at most.\"},"
        "\"count\":{\"type\":\"integer\",\"description\":\"Objects on this page.\"}}}}}");
    json_t *properties = json_object_get(list, "properties");
    json_t *items = json_object_get(properties, "items");
    json_put_new(items, "items", synchronised ? json_pack("{s:[o, o]}", "anyOf", item, tombstone())
                                              : item);
    json_put_new(properties, "_links", links_schema());
    json_put_new(properties, "_embedded", embedded_schema());
    return list;
}

json_t *schema_problem(void)
{
    return schema_text(
        "{\"type\":\"object\",\"description\":\"What went wrong (RFC 9457).\","
        "\"required\":[\"type\",\"title\",\"status\",\"detail\",\"instance\",\"rule\"],"
        "\"properties\":{"
        "\"type\":{\"type\":\"string\",\"format\":\"uri\",\"description\":\"The address of a page "
        "that "
        "explains it.\"},"
        "\"title\":{\"type\":\"string\",\"description\":\"The kind of failure, in words.\"},"
        "\"status\":{\"type\":\"integer\",\"minimum\":400,\"maximum\":599},"
        "\"detail\":{\"type\":\"string\",\"description\":\"What happened this time.\"},"
        "\"instance\":{\"type\":\"string\",\"description\":\"The address that was asked for.\"},"
        "\"rule\":{\"type\":\"string\",\"description\":\"The rule that said no: stable, for "
        "programs.\"},"
        "\"errors\":{\"type\":\"array\",\"description\":\"Every fault of the input, at once.\","
        "\"items\":{\"type\":\"object\",\"required\":[\"detail\"],\"properties\":{"
        "\"pointer\":{\"type\":\"string\",\"description\":\"JSON Pointer into the body.\"},"
        "\"parameter\":{\"type\":\"string\",\"description\":\"Name of a query parameter.\"},"
        "\"detail\":{\"type\":\"string\"}}}},"
        "\"missing\":{\"type\":\"array\",\"description\":\"What is lacking, when several things "
        "are.\",\"items\":{\"type\":\"string\"}}}}");
}
