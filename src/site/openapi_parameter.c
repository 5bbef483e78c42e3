/* openapi_parameter.c: what may be said beside the body: path, query, headers.
 *
 * Owns the same rules as the guard (app_guard.c) reads them: a parameter that is described is
 * accepted, one that is not is refused. Must not know any feature. */
#include <string.h>
#include <kansli/arena.h>
#include <kansli/json.h>
#include "internal.h"

static json_t *parameter(const char *name, const char *in, bool required, const char *words,
                         json_t *schema)
{
    return json_pack("{s:s, s:s, s:b, s:s, s:o}", "name", name, "in", in, "required", required,
                     "description", words, "schema", schema);
}

static json_t *query(const char *name, const char *words, json_t *schema)
{
    return parameter(name, "query", false, words, schema);
}

static json_t *header(const char *name, bool required, const char *words, const char *example)
{
    return parameter(name, "header", required, words,
                     json_pack("{s:s, s:s}", "type", "string", "example", example));
}

/* A list in one parameter: "a,b". */
static json_t *listed(const char *name, const char *words, json_t *items)
{
    json_t *one = query(name, words, json_pack("{s:s, s:o}", "type", "array", "items", items));
    json_put(one, "style", "form");
    json_put_bool(one, "explode", false);
    return one;
}

json_t *openapi_shared_parameters(void)
{
    json_t *all = json_object();
    json_put_new(all, "traceparent",
                 header("traceparent", false, "Trace context of W3C: logged, and given back.",
                        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    json_put_new(all, "acceptLanguage",
                 header("Accept-Language", false,
                        "The language of labels and messages: sv (the default) or en.", "en"));
    json_put_new(
        all, "ifMatch",
        header("If-Match", true,
               "The ETag of the version that is changed. Missing: 428. No longer the present "
               "one: 412.",
               "\"3.1f2e5a7c9b0d4e68\""));
    json_put_new(all, "ifNoneMatch",
                 header("If-None-Match", false,
                        "The ETag that the caller has: 304 when it still holds.",
                        "\"3.1f2e5a7c9b0d4e68\""));
    json_put_new(
        all, "idempotencyKey",
        header("Idempotency-Key", false,
               "Any text of 1 to 255 characters: the same request under the same key within "
               "24 hours is answered again, and done once.",
               "5b7c9a52-0e8f-4a57-8f0e-6f0f3c1d2b44"));
    json_put_new(all, "page",
                 query("page", "Which page, from 1. Past the end there are no items.",
                       json_pack("{s:s, s:i, s:i, s:i}", "type", "integer", "minimum", 1, "maximum",
                                 999999999, "default", 1)));
    json_put_new(all, "limit",
                 query("limit", "How many on a page.",
                       json_pack("{s:s, s:i, s:i, s:i}", "type", "integer", "minimum", 1, "maximum",
                                 500, "default", 20)));
    json_put_new(all, "fields",
                 listed("fields",
                        "Only these members, by name: what is not named is absent, also where a "
                        "schema requires it.",
                        json_pack("{s:s}", "type", "string")));
    json_put_new(all, "embed",
                 listed("embed",
                        "Parts to send along in _embedded; page gives all that the page shows.",
                        json_pack("{s:s}", "type", "string")));
    json_put_new(
        all, "modifiedSince",
        query("modifiedSince",
              "Only what was changed at this instant or later, in the order of the changes, with "
              "tombstones for what was deleted. What leaves the filter or the caller's sight leaves "
              "without a word, and computed members change without a change of the object: whoever "
              "keeps a copy compares it with the whole list now and then (fields=id,modified).",
              json_pack("{s:s, s:s, s:s}", "type", "string", "format", "date-time", "example",
                        "2026-11-22T08:15:30Z")));
    json_put_new(all, "after",
                 query("after", "Where to go on with modifiedSince: take it from the next link.",
                       json_pack("{s:s}", "type", "string")));
    json_put_new(
        all, "format",
        query("format",
              "json, or the whole list as a file, with headings in the reader's language: csv "
              "(UTF-8, semicolons) or xlsx. A file has no pages: not with page, limit, "
              "modifiedSince, after or embed.",
              json_pack("{s:s, s:[s,s,s], s:s}", "type", "string", "enum", "json", "csv", "xlsx",
                        "default", "json")));
    json_put_new(all, "q", query("q", "Words of the name; the beginning of each is enough.",
                                 json_pack("{s:s}", "type", "string")));
    json_put_new(
        all, "asOf",
        query("asOf",
              "A day: only what is in force on it, computed as of it. Without it a list holds "
              "all rows and computed members are today's.",
              json_pack("{s:s, s:s, s:s}", "type", "string", "format", "date", "example",
                        "2026-11-22")));
    return all;
}

static void use(struct arena *arena, json_t *parameters, const char *name)
{
    json_push(parameters, openapi_reference(arena, "parameters", name));
}

/* The id in a path: of the resource whose name stands before it. */
static json_t *path_parameter(struct arena *arena, const char *before, size_t n, const char *name)
{
    const struct resource *r = resource_by_name(arena_strndup(arena, before, n));
    const struct field *id = r ? field_find(r->fields, "id") : NULL;
    json_t *schema = id && id->type != T_TEXT ? schema_field(id, false)
                                              : json_pack("{s:s}", "type", "string");
    json_object_del(schema, "description");
    if (json_is_array(json_object_get(schema, "type")))
        json_put(schema, "type", "string");
    const char *words = r ? arena_printf(arena, "The id of the %s.", schema_words(r->noun))
                          : "Which one.";
    return parameter(name, "path", true, words, schema);
}

static void path_parameters(struct arena *arena, json_t *parameters, const char *path)
{
    const char *before = "";
    size_t length = 0;
    for (const char *at = path; *at == '/'; at += 1 + strcspn(at + 1, "/")) {
        size_t n = strcspn(at + 1, "/");
        if (at[1] == '{')
            json_push(parameters,
                      path_parameter(arena, before, length, arena_strndup(arena, at + 2, n - 2)));
        before = at + 1;
        length = n;
    }
}

static json_t *sort_parameter(const struct resource *r)
{
    json_t *codes = json_array();
    for (const struct field *field = r->fields; field->name; field++)
        if (field->flags & F_SORT) {
            json_push(codes, json_string(field->name));
            json_push(codes, json_sprintf("-%s", field->name));
        }
    return listed("sort", "The order; a minus before a name turns it round.",
                  json_pack("{s:s, s:o}", "type", "string", "enum", codes));
}

static bool sortable(const struct resource *r)
{
    for (const struct field *field = r->fields; field->name; field++)
        if (field->flags & F_SORT)
            return true;
    return false;
}

/* One value of a filter: never null, whatever the field may be. */
static json_t *filter_parameter(const struct field *field)
{
    struct field one = *field;
    one.flags = F_REQUIRED;
    one.hint = one.fallback = NULL;
    one.type = field->type == T_REFS ? T_REF : field->type == T_ENUMS ? T_ENUM : field->type;
    json_t *items = schema_field(&one, false);
    json_object_del(items, "description");
    json_t *words = json_sprintf("%s: one of these.", schema_words(field->label));
    json_t *filter = listed(field->name, json_string_value(words), items);
    json_decref(words);
    return filter;
}

static void list_parameters(struct arena *arena, json_t *parameters, const struct route *route)
{
    static const char *const shared[] = {"page",  "limit", "fields", "modifiedSince",
                                         "after", "embed", "format"};
    for (size_t i = 0; i < LEN(shared); i++)
        use(arena, parameters, shared[i]);
    if (sortable(route->resource))
        json_push(parameters, sort_parameter(route->resource));
    if (route->resource->found)
        use(arena, parameters, "q");
    for (const struct field *field = route->resource->fields; field->name; field++)
        if (field->flags & F_FILTER)
            json_push(parameters, filter_parameter(field));
}

static void query_parameters(struct arena *arena, json_t *parameters, const struct route *route)
{
    bool reads = !strcmp(route->method, "GET");
    if (reads && !(route->flags & ROUTE_NO_DAY))
        use(arena, parameters, "asOf");
    if (reads && route->shape == SHAPE_LIST)
        list_parameters(arena, parameters, route);
    if (reads && (route->shape == SHAPE_ONE || route->shape == SHAPE_VIEW))
        use(arena, parameters, "embed");
    if (reads && route->shape == SHAPE_ONE)
        use(arena, parameters, "fields");
    for (const struct field *field = route->query; field && field->name; field++) {
        bool paging = !strcmp(field->name, "page") || !strcmp(field->name, "limit");
        if (reads && paging && !field->fallback) {
            use(arena, parameters, field->name);
            continue;
        }
        json_t *schema = schema_field(field, false);
        json_object_del(schema, "description");
        json_push(parameters,
                  parameter(field->name, "query", (field->flags & F_REQUIRED) != 0,
                            schema_words(field->hint ? field->hint : field->label), schema));
    }
}

json_t *openapi_parameters(struct arena *arena, const struct route *route)
{
    json_t *parameters = json_array();
    path_parameters(arena, parameters, route->path);
    query_parameters(arena, parameters, route);
    use(arena, parameters, "traceparent");
    use(arena, parameters, "acceptLanguage");
    if (!strcmp(route->method, "GET"))
        use(arena, parameters, "ifNoneMatch");
    if (!strcmp(route->method, "POST"))
        use(arena, parameters, "idempotencyKey");
    if (route->shape == SHAPE_CHANGE || route->shape == SHAPE_REMOVE)
        use(arena, parameters, "ifMatch");
    return parameters;
}
