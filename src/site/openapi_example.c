/* openapi_example.c: a value that fits, for each schema.
 *
 * Owns what is shown beside a schema: of a field, of an object, of a shape that a feature wrote as
 * text. Nothing here is from the register (example.c is): a description is the same for everybody.
 * Depth is that of our own schemas. */
#include <string.h>
#include <kansli/arena.h>
#include <kansli/json.h>
#include "internal.h"

/* ---------------------------------------------------------------- of fields */

/* Something that exists in every register, by what is referred to. */
static const char *reference_example(const struct field *field)
{
    static const struct {
        const char *noun, *id;
    } known[] = {{"group", "npo-tandvard"},
                 {"organisation", "region-uppsala"},
                 {"region", "region-uppsala"},
                 {"kind", "nag"},
                 {"kind of group", "nag"},
                 {"person", "8c1f0a52-7be3-4c35-9a0d-2f6e1b7d4c90"}};
    for (size_t i = 0; field->reference && i < LEN(known); i++)
        if (!strcmp(schema_words(field->reference->noun), known[i].noun))
            return known[i].id;
    return "norra";
}

static json_t *example_value(const struct field *field)
{
    const char *words = schema_words(field->label);
    if (schema_is_input(field) && field->fallback && !schema_is_list(field) && field->type != T_BOOL &&
        field->type != T_INT)
        return json_string(field->fallback);
    switch (field->type) {
    case T_TEXT:
    case T_LINES:
    case T_MARKDOWN:
        return json_stringn(words, schema_length(field) && strlen(words) > (size_t)schema_length(field)
                                       ? (size_t)schema_length(field)
                                       : strlen(words));
    case T_SECRET:
        return json_string("five quiet otters rowing");
    case T_SLUG:
        return json_string("npo-tandvard");
    case T_ENUM:
        return field->values ? json_string(field->values->code) : json_null();
    case T_DAY:
        return json_string("2026-11-22");
    case T_INSTANT:
        return json_string("2026-11-22T08:15:30Z");
    case T_EMAIL:
        return json_string("name@region.example");
    case T_UUID:
        return json_string("3f2b8c1e-5d04-4a77-9c1b-8e2d6f0a9b31");
    case T_INT:
        return json_integer(field->max ? (field->max + 1) / 2 : 1);
    case T_BOOL:
        return json_false();
    case T_REF:
        return json_string(reference_example(field));
    case T_REFS:
        return json_pack("[s]", reference_example(field));
    case T_ENUMS:
        return field->values ? json_pack("[s]", field->values->code) : json_array();
    case T_TEXTS:
        return json_pack("[s]", words);
    case T_ROWS:
        return json_pack("[o]", schema_example_input(field->rows, false));
    case T_JSON:
        break;
    }
    return NULL;
}

json_t *schema_example_input(const struct field *fields, bool patch)
{
    json_t *example = json_object();
    int few = 2; /* of what may be left out: enough to show */
    for (const struct field *field = fields; field && field->name; field++) {
        bool needed = (field->flags & F_REQUIRED) && !patch;
        bool chosen = (field->flags & F_ID) && !needed; /* an id is made of the name */
        if (!schema_in_body(field, patch) || chosen || (!needed && few-- <= 0))
            continue;
        json_put_new(example, field->name, example_value(field));
    }
    if (fields)
        fields_nest(fields, example);
    return example;
}

json_t *schema_example_output(struct arena *arena, const struct resource *r, const char *base_url)
{
    json_t *example = json_object();
    const char *id = r->body ? "npo-tandvard" : "3f2b8c1e-5d04-4a77-9c1b-8e2d6f0a9b31";
    json_put(example, "id", id);
    for (const struct field *field = r->fields; field->name; field++) {
        bool shown =
            (field->flags & F_REQUIRED) || field->type == T_DAY || field->type == T_INSTANT;
        if (!shown || !strcmp(field->name, "id") || field->type == T_SECRET)
            continue;
        json_put_new(example, field->name, example_value(field));
        if (field->type == T_ENUM && field->values)
            json_put(example, arena_printf(arena, "%sLabel", field->name),
                     schema_words(field->values->label));
    }
    fields_nest(r->fields, example);
    json_put(example, "modified", "2026-11-22T08:15:30Z");
    const char *href = r->within && r->parent
                           ? arena_printf(arena, "%s/api/v1/%s/npo-tandvard/%s/%s", base_url,
                                          r->within, r->name, id)
                           : arena_printf(arena, "%s/api/v1/%s/%s", base_url, r->name, id);
    json_put_new(example, "_links",
                 json_pack("[{s:s, s:s, s:s}]", "rel", "self", "href", href, "method", "GET"));
    return example;
}

/* ---------------------------------------------------------------- of schemas */

static json_t *object_example(const json_t *schema)
{
    json_t *example = json_object(), *one;
    const char *name;
    json_object_foreach(json_object_get(schema, "properties"), name, one)
        if (strcmp(name, "_embedded"))
            json_put_new(example, name, schema_example(one));
    return example;
}

static json_t *string_example(const json_t *schema)
{
    static const struct {
        const char *format, *example;
    } known[] = {{"date", "2026-11-22"},
                 {"date-time", "2026-11-22T08:15:30Z"},
                 {"email", "name@region.example"},
                 {"uri", "https://kansli.example/groups/npo-tandvard"},
                 {"uuid", "3f2b8c1e-5d04-4a77-9c1b-8e2d6f0a9b31"}};
    const char *format = json_text(schema, "format"), *words = json_text(schema, "description");
    for (size_t i = 0; format && i < LEN(known); i++)
        if (!strcmp(known[i].format, format))
            return json_string(known[i].example);
    return json_string(words ? words : "text");
}

/* The word that says what it is: the first of several. */
static const char *type_of(const json_t *schema)
{
    const json_t *type = json_object_get(schema, "type");
    const char *word = json_string_value(json_is_array(type) ? json_array_get(type, 0) : type);
    return word ? word : "";
}

json_t *schema_example(const json_t *schema)
{
    static const char *const given[] = {"example", "const"}, *const choices[] = {"anyOf", "oneOf"};
    const char *type = type_of(schema);
    for (size_t i = 0; i < LEN(given); i++)
        if (json_object_get(schema, given[i]))
            return json_deep_copy(json_object_get(schema, given[i]));
    if (json_object_get(schema, "enum"))
        return json_incref(json_array_get(json_object_get(schema, "enum"), 0));
    for (size_t i = 0; i < LEN(choices); i++)
        if (json_object_get(schema, choices[i]))
            return schema_example(json_array_get(json_object_get(schema, choices[i]), 0));
    if (json_object_get(schema, "$ref")) /* the one that schemas share */
        return json_pack("{s:s, s:s, s:s}", "rel", "self", "href",
                         "https://kansli.example/api/v1/groups", "method", "GET");
    if (!strcmp(type, "object"))
        return object_example(schema);
    if (!strcmp(type, "array"))
        return json_pack("[o]", schema_example(json_object_get(schema, "items")));
    if (!strcmp(type, "string"))
        return string_example(schema);
    if (!strcmp(type, "boolean"))
        return json_false();
    if (!strcmp(type, "integer") || !strcmp(type, "number"))
        return json_integer(json_int(schema, "minimum", 1));
    return json_object(); /* anything */
}
