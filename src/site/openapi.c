/* openapi.c: the API's description, made from the tables that the program runs on.
 *
 * Owns the shape of an OpenAPI 3.1 document and what every operation has in common (api.md 1). Must
 * not know any feature: a route, a resource and their fields say it all, so the description cannot
 * lag behind. English, as the source; the introduction in both languages. What is a page only
 * (SHAPE_PAGE) is not here, nor an address with a dot in it: Sweden's REST profile wants none
 * listed, and this document need not list itself. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <kansli/json.h>
#include <kansli/paging.h>
#include "internal.h"

struct api { /* a description on its way */
    struct arena *arena;
    const char *base_url;
    json_t *paths, *tags, *schemas, *responses;
};

/* ---------------------------------------------------------------- names */

/* "group-kinds" → "GroupKinds"; "{hostId}" → "HostId". */
static const char *pascal(struct arena *arena, const char *text, size_t n)
{
    char *out = arena_alloc(arena, n + 1);
    size_t len = 0;
    bool up = true;
    for (size_t i = 0; i < n; i++) {
        bool word = isalnum((unsigned char)text[i]) != 0;
        if (word)
            out[len++] = up ? (char)toupper((unsigned char)text[i]) : text[i];
        up = !word;
    }
    return out;
}

static const char *schema_name(struct api *api, const struct resource *r)
{
    const char *noun = schema_words(r->noun);
    return pascal(api->arena, noun, strlen(noun));
}

static const char *first_segment(struct api *api, const char *path)
{
    return path[1] ? arena_strndup(api->arena, path + 1, strcspn(path + 1, "/")) : "start";
}

static const char *verb_of(const struct route *route)
{
    switch (route->shape) {
    case SHAPE_LIST:
        return "list";
    case SHAPE_VIEW: /* asked for, or answered to what was sent */
        return strcmp(route->method, "GET") ? "add" : "get";
    case SHAPE_ONE:
    case SHAPE_PAGE:
        return "get";
    case SHAPE_CREATE:
        return "create";
    case SHAPE_CHANGE:
        return "change";
    case SHAPE_REMOVE:
        return "remove";
    case SHAPE_ACTION:
        return "add";
    }
    BUG("%s has no shape", route->path);
}

/* listGroups, getGroupsById, addGroupsClosures: the path's words; {id} counts when it is the
 * last. */
static const char *operation_id(struct api *api, const struct route *route)
{
    const char *id = verb_of(route);
    if (!route->path[1])
        return arena_printf(api->arena, "%sStart", id);
    for (const char *at = route->path; *at == '/'; at += 1 + strcspn(at + 1, "/")) {
        size_t n = strcspn(at + 1, "/");
        bool name = at[1] == '{', last = !at[1 + n];
        if (name && !last && !strncmp(at + 1, "{id}", n))
            continue;
        id =
            arena_printf(api->arena, "%s%s%s", id, name ? "By" : "", pascal(api->arena, at + 1, n));
    }
    return id;
}

json_t *openapi_reference(struct arena *arena, const char *kind, const char *name)
{
    return json_pack("{s:s}", "$ref", arena_printf(arena, "#/components/%s/%s", kind, name));
}

/* ---------------------------------------------------------------- bodies */

static json_t *media(json_t *schema, json_t *example)
{
    return json_pack("{s:o, s:o}", "schema", schema, "example", example);
}

/* A resource's input has a name; an action's body is written where it stands. */
static json_t *body_schema(struct api *api, const struct route *route)
{
    bool patch = route->shape == SHAPE_CHANGE;
    if (route->body)
        return schema_input(route->body, patch);
    const char *name = arena_printf(api->arena, "%s%s", schema_name(api, route->resource),
                                    patch ? "Patch" : "Input");
    if (!json_object_get(api->schemas, name))
        json_put_new(api->schemas, name, schema_input(route->resource->fields, patch));
    return openapi_reference(api->arena, "schemas", name);
}

static const char xlsx_type[] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/* The whole list as a file (format=). */
static void file_contents(json_t *content)
{
    json_put_new(content, "text/csv", json_pack("{s:{s:s}}", "schema", "type", "string"));
    json_put_new(content, xlsx_type, json_pack("{s:{}}", "schema"));
}

/* The file alone; or a form that has it, with the parameters as fields. */
static json_t *file_body(struct api *api, const struct route *route)
{
    static const char csv[] = "Förnamn;Efternamn;E-post\r\nAsta;Ek;asta.ek@region.example\r\n";
    json_t *content = json_object(), *form = schema_input(route->query, false);
    json_t *example = schema_example_input(route->query, false);
    json_put_new(json_object_get(form, "properties"), "file", json_object());
    json_put(example, "file", csv);
    file_contents(content);
    json_put(json_object_get(content, "text/csv"), "example", csv);
    json_put(json_object_get(content, xlsx_type), "example", "PK…");
    json_put_new(content, "multipart/form-data", media(form, example));
    size_t most = route->file_most ? route->file_most >> 20 : 10;
    return json_pack("{s:s, s:b, s:o}", "description",
                     arena_printf(api->arena, "The file, at most %zu MB.", most), "required", 1,
                     "content", content);
}

/* The resource's fields in a form that has a file; or, for what needs none, the object. */
static json_t *form_body(struct api *api, const struct route *route)
{
    const struct field *fields = route->resource->fields;
    json_t *content = json_object(), *form = schema_input(fields, false);
    json_t *example = schema_example_input(fields, false);
    json_put_new(content, "application/json",
                 media(body_schema(api, route), json_deep_copy(example)));
    json_put_new(json_object_get(form, "properties"), "file", json_object());
    json_put(example, "file", "%PDF-1.7 …");
    json_put_new(content, "multipart/form-data", media(form, example));
    return json_pack("{s:s, s:b, s:o}", "description",
                     arena_printf(api->arena, "A form with a file, at most %zu MB; or an object.",
                                  route->file_most >> 20),
                     "required", 1, "content", content);
}

static json_t *request_body(struct api *api, const struct route *route)
{
    if (route->flags & ROUTE_FILE)
        return route->query ? file_body(api, route) : form_body(api, route);
    bool patch = route->shape == SHAPE_CHANGE;
    const struct field *fields = route->body ? route->body
                                 : route->resource && route->shape != SHAPE_ACTION
                                     ? route->resource->fields
                                     : NULL;
    if (!fields || !strcmp(route->method, "GET") || route->shape == SHAPE_REMOVE)
        return NULL;
    json_t *content = json_object();
    json_put_new(content, "application/json",
                 media(body_schema(api, route), schema_example_input(fields, patch)));
    if (patch)
        json_put_new(content, "application/merge-patch+json",
                     media(body_schema(api, route), schema_example_input(fields, patch)));
    return json_pack("{s:s, s:b, s:o}", "description",
                     patch ? "A merge patch (RFC 7396): what it names is changed, null takes away."
                           : "What is sent.",
                     "required", patch || schema_needs_body(fields), "content", content);
}

/* ---------------------------------------------------------------- responses */

static json_t *response_header(const char *words, const char *type)
{
    return json_pack("{s:s, s:{s:s}}", "description", words, "schema", "type", type);
}

static json_t *shared_headers(void)
{
    json_t *all = json_object();
    json_put_new(all, "traceparent",
                 response_header("What the request sent, when it sent one.", "string"));
    json_put_new(all, "ETag", response_header("The object's version and digest.", "string"));
    json_put_new(all, "Location",
                 response_header("The address of what was made or changed.", "string"));
    json_put_new(all, "Retry-After", response_header("Seconds to wait.", "integer"));
    return all;
}

static json_t *headers_of(struct api *api, const char *second)
{
    json_t *headers = json_object();
    json_put_new(headers, "traceparent", openapi_reference(api->arena, "headers", "traceparent"));
    if (second)
        json_put_new(headers, second, openapi_reference(api->arena, "headers", second));
    return headers;
}

static json_t *response(struct api *api, const char *words, const char *second_header,
                        json_t *content)
{
    json_t *reply = json_pack("{s:s, s:o}", "description", words, "headers",
                              headers_of(api, second_header));
    if (content)
        json_put_new(reply, "content", json_pack("{s:o}", "application/json", content));
    return reply;
}

static json_t *problem_example(struct api *api, int status, const char *rule, const char *title)
{
    json_t *problem = json_object();
    json_put(problem, "type", arena_printf(api->arena, "%s/problems/%s", api->base_url, rule));
    json_put(problem, "title", title);
    json_put_int(problem, "status", status);
    json_put(problem, "detail", title);
    json_put(problem, "instance", "/api/v1/groups");
    json_put(problem, "rule", rule);
    return problem;
}

/* Every failure there is; an operation names those that it can meet. */
static const struct {
    enum code code;
    const char *name, *words;
} failures[] = {
    {E_INPUT, "Invalid", "Something sent cannot be used: each fault is pointed out."},
    {E_LOGIN, "LoginNeeded", "No login, or a token that does not work."},
    {E_DENIED, "Denied", "Visible, but not the caller's to do."},
    {E_ABSENT, "Absent", "Not there, or not for the caller to know of."},
    {E_CONFLICT, "Conflict", "A rule of the field says no: see rule."},
    {E_STALE, "Stale", "Somebody else changed it meanwhile: ETag has the present version."},
    {E_TOO_BIG, "TooBig", "What was sent, or what was asked for, is too big."},
    {E_TYPE, "WrongType", "A media type that is not read here."},
    {E_UNGUARDED, "Unguarded", "If-Match is needed."},
    {E_LIMIT, "TooMany", "Too many requests: wait as long as Retry-After says."},
    {E_INTERNAL, "Broken", "Not the caller's doing; the log says more."},
    {E_BUSY, "Busy", "Too much is going on: try again."},
    {E_STORAGE, "NoSpace", "Nothing can be saved now; reading still works."},
};

static void shared_failures(struct api *api)
{
    for (size_t i = 0; i < LEN(failures); i++) {
        enum code code = failures[i].code;
        const char *second = code == E_LIMIT || code == E_BUSY ? "Retry-After"
                             : code == E_STALE                 ? "ETag"
                                                               : NULL;
        json_t *reply = response(api, failures[i].words, second, NULL);
        json_t *content = media(openapi_reference(api->arena, "schemas", "Problem"),
                                problem_example(api, code_status(code), code_rule(code),
                                                failures[i].words));
        json_put_new(reply, "content", json_pack("{s:o}", "application/problem+json", content));
        json_put_new(api->responses, failures[i].name, reply);
    }
}

/* What this operation can meet: wrong tokens, limits and faults of ours are everywhere. */
static bool can_fail(const struct route *route, enum code code)
{
    bool writes = strcmp(route->method, "GET") != 0;
    bool guarded = route->shape == SHAPE_CHANGE || route->shape == SHAPE_REMOVE;
    switch (code) {
    case E_DENIED:
        return writes || route->may != MAY_ALL || /* of one group: for those inside it */
               (route->query && field_find(route->query, "groupId"));
    case E_ABSENT:
        return strchr(route->path, '{') != NULL;
    case E_CONFLICT:
    case E_TYPE:
    case E_STORAGE:
        return writes;
    case E_STALE:
    case E_UNGUARDED:
        return guarded;
    case E_INPUT:
    case E_LOGIN:
    case E_TOO_BIG:
    case E_LIMIT:
    case E_INTERNAL:
    case E_BUSY:
        return true;
    case OK:
    case E_METHOD:
        return false;
    }
    return false;
}

static void failure_responses(struct api *api, json_t *responses, const struct route *route)
{
    for (size_t i = 0; i < LEN(failures); i++)
        if (can_fail(route, failures[i].code))
            json_put_new(responses, arena_printf(api->arena, "%d", code_status(failures[i].code)),
                         openapi_reference(api->arena, "responses", failures[i].name));
}

static json_t *object_schema(struct api *api, const struct resource *r)
{
    const char *name = schema_name(api, r);
    if (!json_object_get(api->schemas, name))
        json_put_new(api->schemas, name, schema_output(r));
    return openapi_reference(api->arena, "schemas", name);
}

static json_t *list_example(struct api *api, const struct resource *r)
{
    const char *href = arena_printf(api->arena, "%s/api/v1/%s", api->base_url, r->name);
    return json_pack("{s:[o], s:{s:i, s:i, s:i, s:i}, s:[{s:s, s:s, s:s}]}", "items",
                     schema_example_output(api->arena, r, api->base_url), "_meta", "totalRecords",
                     1, "page", 1, "limit", 20, "count", 1, "_links", "rel", "self", "href", href,
                     "method", "GET");
}

/* A list's envelope stands in components.responses, once for each kind of object. */
static json_t *list_response(struct api *api, const struct resource *r)
{
    const char *name = arena_printf(api->arena, "%sList", schema_name(api, r));
    if (!json_object_get(api->responses, name)) {
        json_t *reply =
            response(api, "A page of the list; or, with format=, all of it as a file.", "ETag",
                     media(schema_list(object_schema(api, r), true), list_example(api, r)));
        file_contents(json_object_get(reply, "content"));
        json_put_new(api->responses, name, reply);
    }
    return openapi_reference(api->arena, "responses", name);
}

/* A shape of its own: written as a schema by its feature; ways on may stand beside. */
static json_t *view_schema(const struct route *route)
{
    if (!route->reply)
        BUG("%s %s does not say what it answers", route->method, route->path);
    json_t *schema = schema_text(route->reply), *properties = json_object_get(schema, "properties");
    json_t *frame = schema_list(json_object(), false),
           *shared = json_object_get(frame, "properties");
    static const char *const names[] = {"_links", "_embedded"};
    for (size_t i = 0; properties && i < LEN(names); i++)
        json_object_set(properties, names[i], json_object_get(shared, names[i]));
    json_decref(frame);
    return schema;
}

/* A list that no table describes may be had as a file too (paging.h). */
static bool may_be_file(const struct route *route)
{
    for (const struct field *field = route->query; field && field->name; field++)
        if (field->values == paging_formats)
            return true;
    return false;
}

static json_t *success(struct api *api, const struct route *route, const char *words,
                       const char *second_header)
{
    if (route->resource && !route->reply)
        return response(api, words, second_header,
                        media(object_schema(api, route->resource),
                              schema_example_output(api->arena, route->resource, api->base_url)));
    if (route->media && !route->reply) { /* a file, and nothing else */
        json_t *file = response(api, words, second_header, NULL);
        json_put_new(file, "content",
                     json_pack("{s:{s:{s:s}}}", route->media, "schema", "type", "string"));
        return file;
    }
    json_t *schema = view_schema(route);
    json_t *reply = response(api, words, second_header, media(schema, schema_example(schema)));
    if (may_be_file(route))
        file_contents(json_object_get(reply, "content"));
    if (route->media)
        json_put_new(json_object_get(reply, "content"), route->media,
                     json_pack("{s:{}}", "schema"));
    return reply;
}

/* An organisation's or a group's address may have been left for another; what stands under it moves
 * along. */
static bool may_have_moved(struct api *api, const char *path)
{
    const struct resource *r = resource_by_name(first_segment(api, path));
    bool named = strstr(path, "{organisationId}") || strstr(path, "{regionId}");
    return named || (r && (r->body || r->moved) && strchr(path, '{'));
}

static json_t *responses_of(struct api *api, const struct route *route)
{
    json_t *responses = json_object();
    bool reads = !strcmp(route->method, "GET");
    const char *gone = "Done, and nothing to show: it is out of the caller's sight.";
    if (route->shape == SHAPE_LIST)
        json_put_new(responses, "200", list_response(api, route->resource));
    else if (route->shape == SHAPE_REMOVE)
        json_put_new(responses, "204", response(api, "It is gone.", NULL, NULL));
    else if (route->shape == SHAPE_CREATE || route->shape == SHAPE_ACTION)
        json_put_new(
            responses, "201",
            success(api, route,
                    route->shape == SHAPE_CREATE ? "What was made." : "The object, changed.",
                    "Location"));
    else
        json_put_new(responses, "200", success(api, route, "What was asked for.", "ETag"));
    if (route->shape == SHAPE_CREATE || route->shape == SHAPE_CHANGE || route->shape == SHAPE_ACTION)
        json_put_new(responses, "204", response(api, gone, NULL, NULL));
    if (reads)
        json_put_new(responses, "304",
                     response(api, "What the caller has still holds.", "ETag", NULL));
    if (may_have_moved(api, route->path))
        json_put_new(responses, "308",
                     response(api, "An address that has been left: Location has the present one.",
                              "Location", NULL));
    failure_responses(api, responses, route);
    return responses;
}

/* ---------------------------------------------------------------- operations */

static const char *who_may(const struct route *route)
{
    switch (route->may) {
    case MAY_ALL:
        return "Open to everyone; with a login the caller may see or do more.";
    case MAY_ADMINISTER:
        return "For administrators.";
    case MAY_SUPPORT:
        return "For the national support function.";
    default:
        return "Needs a login; who may is decided by the object.";
    }
}

/* No login is needed, but one is welcome: what a reader may see grows with it. */
static json_t *security_of(const struct route *route)
{
    return route->may == MAY_ALL ? json_pack("[{}, {s:[]}]", "bearer")
                                 : json_pack("[{s:[]}]", "bearer");
}

static void add_tag(struct api *api, const char *name)
{
    json_t *tag;
    size_t i;
    json_array_foreach(api->tags, i, tag)
        if (!strcmp(json_text(tag, "name"), name))
            return;
    json_push(api->tags, json_pack("{s:s, s:s}", "name", name, "description",
                                   arena_printf(api->arena, "What is found under %s.", name)));
}

static json_t *operation(struct api *api, const struct route *route)
{
    json_t *op = json_object();
    const char *what = schema_words(route->what), *tag = first_segment(api, route->path);
    size_t n = strlen(what);
    json_put(op, "operationId", operation_id(api, route));
    json_put(op, "summary", arena_strndup(api->arena, what, n && what[n - 1] == '.' ? n - 1 : n));
    json_put(op, "description",
             arena_printf(api->arena, "%s%s %s", what, n && what[n - 1] == '.' ? "" : ".",
                          who_may(route)));
    json_put_new(op, "tags", json_pack("[s]", tag));
    add_tag(api, tag);
    json_put_new(op, "security", security_of(route));
    json_put_new(op, "parameters", openapi_parameters(api->arena, route));
    json_t *body = request_body(api, route);
    if (body)
        json_put_new(op, "requestBody", body);
    json_put_new(op, "responses", responses_of(api, route));
    return op;
}

static bool listed_route(const struct route *route)
{
    return route->shape != SHAPE_PAGE && !strchr(route->path, '.');
}

static void add_operations(struct api *api)
{
    for (const struct route *const *table = route_tables; *table; table++)
        for (const struct route *route = *table; route->method; route++) {
            if (!listed_route(route))
                continue;
            json_t *path = json_object_get(api->paths, route->path);
            if (!path)
                path = json_put_new(api->paths, route->path, json_object());
            char *method = arena_strdup(api->arena, route->method);
            for (char *c = method; *c; c++)
                *c = (char)tolower((unsigned char)*c);
            json_put_new(path, method, operation(api, route));
        }
}

/* ---------------------------------------------------------------- the whole */

static const char introduction[] =
    "**Svenska.** kansli är ett register över hälso- och sjukvårdens kunskapsstyrning: nivåer, "
    "programområden, arbetsgrupper, värdskap och uppdragsgivare, med datum för allt som gäller. "
    "Det som är öppet läses utan inloggning. För att ändra behövs en token med omfånget write; den "
    "får det som kontot får. Etiketter och felmeddelanden är på svenska om inget annat begärs.\n\n"
    "**English.** kansli is a register of the governance of knowledge in Swedish health care: "
    "levels, programme areas, working groups, hosts and principals, with dates on everything in "
    "force. What is public is read without login. Changing needs a token of scope write; it may do "
    "what its account may. Labels and messages are in Swedish unless Accept-Language asks for "
    "English.\n\n"
    "Limitations: no personal identity numbers are kept; at most 500 objects on a page; 200 "
    "requests a second with a burst of 1 000, where the register sets no others. Begränsningar: "
    "inga personnummer; högst 500 objekt per sida; 200 anrop i sekunden, om registret inte sätter "
    "annat.";

/* Nothing is promised in another's name: whoever runs a register may promise more. */
static json_t *service_level(void)
{
    return json_pack("{s:s, s:s, s:s}", "availability",
                     "No availability is promised. Ingen tillgänglighet utlovas.", "responseTime",
                     "No response time is promised. Ingen svarstid utlovas.", "support",
                     "By the one who runs this register. Av den som driver registret.");
}

static json_t *info(struct api *api)
{
    const char *page = arena_printf(api->arena, "%s/api", api->base_url);
    json_t *all = json_object();
    json_put(all, "title", "kansli");
    json_put(all, "version", API_VERSION);
    json_put(all, "summary", "A register for knowledge governance. Register för kunskapsstyrning.");
    json_put(all, "description", introduction);
    json_put(all, "termsOfService", page);
    json_put_new(all, "contact",
                 json_pack("{s:s, s:s}", "name",
                           "The one who runs this register. Den som driver registret.", "url",
                           page));
    json_put_new(all, "license",
                 json_pack("{s:s, s:s}", "name", "European Union Public Licence 1.2", "url",
                           "https://spdx.org/licenses/EUPL-1.2.html"));
    json_put_new(all, "x-sla", service_level());
    return all;
}

static json_t *components(struct api *api)
{
    json_t *all = json_object();
    json_put_new(all, "schemas", api->schemas);
    json_put_new(all, "responses", api->responses);
    json_put_new(all, "parameters", openapi_shared_parameters());
    json_put_new(all, "headers", shared_headers());
    json_put_new(all, "securitySchemes",
                 json_pack("{s:{s:s, s:s, s:s}}", "bearer", "type", "http", "scheme", "bearer",
                           "description", "A token of an account, with the scope read or write."));
    return all;
}

json_t *openapi_document(const char *base_url)
{
    struct arena *arena = arena_new(64 << 20);
    struct api api = {arena, base_url ? base_url : "", json_object(), json_array(), json_object(),
                      json_object()};
    json_put_new(api.schemas, "Link", schema_link());
    json_put_new(api.schemas, "Problem", schema_problem());
    shared_failures(&api);
    add_operations(&api);
    json_t *document = json_object();
    json_put(document, "openapi", "3.1.0");
    json_put(document, "jsonSchemaDialect", "https://spec.openapis.org/oas/3.1/dialect/base");
    json_put_new(document, "info", info(&api));
    json_put_new(document, "externalDocs",
                 json_pack("{s:s, s:s}", "description",
                           "The API explained, with examples from this register. API:et förklarat.",
                           "url", arena_printf(arena, "%s/api", api.base_url)));
    json_put_new(document, "servers",
                 json_pack("[{s:s, s:s}]", "url", arena_printf(arena, "%s/api/v1", api.base_url),
                           "description", "This register."));
    json_put_new(document, "security", json_pack("[{s:[]}]", "bearer"));
    json_put_new(document, "tags", api.tags);
    json_put_new(document, "paths", api.paths);
    json_put_new(document, "components", components(&api));
    arena_free(arena);
    return document;
}

/* ---------------------------------------------------------------- every row, pages too */

static const char *const shape_words[] = {
    [SHAPE_ONE] = "one",       [SHAPE_LIST] = "list",     [SHAPE_VIEW] = "view",
    [SHAPE_CREATE] = "create", [SHAPE_CHANGE] = "change", [SHAPE_REMOVE] = "remove",
    [SHAPE_ACTION] = "action", [SHAPE_PAGE] = "page"};
static const char *const may_words[] = {
    [MAY_ALL] = "all",         [MAY_LOGIN] = "login", [MAY_ADMINISTER] = "administer",
    [MAY_SUPPORT] = "support", [MAY_HALF] = "half"};

json_t *routes_document(void)
{
    json_t *rows = json_array();
    for (const struct route *const *table = route_tables; *table; table++)
        for (const struct route *route = *table; route->method; route++) {
            bool page = route->view || route->media || route->shape == SHAPE_PAGE ||
                        strcmp(route->method, "GET") != 0;
            json_push(rows,
                      json_pack("{s:s, s:s, s:b, s:b, s:s, s:s, s:s?}", "method", route->method,
                                "path", route->path, "api", route->shape != SHAPE_PAGE, "page",
                                page, "shape", shape_words[route->shape], "may",
                                may_words[route->may], "view", route->view));
        }
    return rows;
}
