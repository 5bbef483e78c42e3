/* example.c: examples of the API that are true, because they are answered now, from this register.
 *
 * Owns the list of examples and how an answer is shortened for reading. Runs the very handlers of
 * the API, as for a reader without login, so that an example can neither lag behind nor show what
 * is not public. Knows addresses, as any script does; no tables. */
#include <string.h>
#include <kansli/json.h>
#include "internal.h"

enum { NAMES = 4, TEXT_MOST = 160 };

/* What reads is answered; what changes something (a body) is told, not done. */
static const struct example {
    const char *title, *method, *path, *query;
    const char *body;
} examples[] = {
    {N_("A list: two groups at a time"), "GET", "/groups", "limit=2", NULL},
    {N_("One object, with the ways on from it"), "GET", "/groups/npo-tandvard", "", NULL},
    {N_("Only some members, of one kind, in an order"), "GET", "/groups",
     "kind=npo&sort=-name&fields=id,fullName&limit=3", NULL},
    {N_("Search by words; å, ä and ö may be left out"), "GET", "/groups",
     "q=aldre&fields=id,fullName", NULL},
    {N_("What was in force on a day"), "GET", "/groups/npo-cancersjukdomar/hosts",
     "asOf=2026-01-01", NULL},
    {N_("The healthcare regions"), "GET", "/organisations",
     "type=healthcareRegion&fields=id,name", NULL},
    {N_("A level as a whole"), "GET", "/levels/national", "", NULL},
    {N_("What a kind of group may be commissioned by"), "GET", "/group-kinds/nag", "", NULL},
    {N_("What has changed since a day, for keeping a copy"), "GET", "/organisations",
     "modifiedSince=2026-01-01&limit=1", NULL},
    {N_("A word explained"), "GET", "/glossary", "q=npo", NULL},
    {N_("Establish a group (needs a token with the scope write)"), "POST", "/groups", "",
     "{\"kind\": \"nag\", \"name\": \"Munhälsa hos äldre\", \"startDate\": \"2027-01-01\", "
     "\"principalIds\": [\"npo-tandvard\"]}"},
    {N_("Change it, unless somebody else has done so since you read it"), "PATCH",
     "/groups/nag-munhalsa-hos-aldre", "", "{\"shortName\": \"Munhälsa\"}"},
};

/* ---------------------------------------------------------------- finding the handler */

struct match {
    const struct route *route;
    int names;
    const char *name[NAMES], *value[NAMES];
};

/* True when the path has the pattern's segments; the names of the braces get their values. */
static bool fits(struct arena *arena, const char *pattern, const char *path, struct match *match)
{
    match->names = 0;
    while (*pattern == '/' && *path == '/') {
        size_t n = strcspn(++pattern, "/"), m = strcspn(++path, "/");
        if (*pattern == '{') {
            if (match->names == NAMES)
                return false;
            match->name[match->names] = arena_strndup(arena, pattern + 1, n - 2);
            match->value[match->names++] = arena_strndup(arena, path, m);
        } else if (n != m || strncmp(pattern, path, n)) {
            return false;
        }
        pattern += n;
        path += m;
    }
    return !*pattern && !*path;
}

/* The row that would answer GET: literal words beat names. */
static bool find_route(struct arena *arena, const char *path, struct match *best)
{
    best->route = NULL;
    for (const struct route *const *table = route_tables; *table; table++)
        for (const struct route *route = *table; route->method; route++) {
            struct match match;
            bool open = route->may == MAY_ALL && route->shape != SHAPE_PAGE;
            if (!open || strcmp(route->method, "GET") || !fits(arena, route->path, path, &match))
                continue;
            if (!best->route || match.names < best->names) {
                *best = match;
                best->route = route;
            }
        }
    return best->route != NULL;
}

/* The document that the API would answer anybody with; NULL when it would refuse. New reference. */
static json_t *answer_of(struct ctx *ctx, const struct example *example)
{
    static const struct actor nobody;
    struct match match;
    struct params query;
    struct err err;
    struct answer out = {0};
    if (!find_route(ctx->arena, example->path, &match))
        return NULL;
    struct ctx sub = *ctx;
    params_init(&query);
    err_init(&err);
    sub.err = &err;
    sub.actor = &nobody;
    sub.standing = NULL;
    sub.route = match.route;
    sub.api = true;
    sub.path = example->path;
    sub.query = &query;
    memset(sub.embed, 0, sizeof sub.embed);
    sub.names = match.names;
    sub.name = match.name;
    sub.value = match.value;
    enum code c =
        params_form(ctx->arena, example->query, strlen(example->query), true, &query, &err);
    sub.as_of = params_text(&query, "asOf");
    sub.day = sub.as_of ? sub.as_of : ctx->today;
    if (!c)
        c = match.route->run(&sub, &out);
    params_release(&query);
    err_release(&err);
    if (!c)
        return out.document;
    json_decref(out.document);
    return NULL;
}

/* ---------------------------------------------------------------- for reading */

static json_t *shortened(const json_t *value, bool links);

static json_t *short_list(const json_t *list, size_t most)
{
    json_t *out = json_array();
    for (size_t i = 0; i < json_array_size(list) && i < most; i++)
        json_push(out, shortened(json_array_get(list, i), false));
    if (json_array_size(list) > most)
        json_push(out, json_string("…"));
    return out;
}

/* Long lists and texts end in "…"; a document's depth is that of our own shapes. */
static json_t *shortened(const json_t *value, bool links)
{
    const char *name;
    json_t *one;
    if (json_is_array(value))
        return short_list(value, links ? 1 : 2);
    if (json_is_string(value) && json_string_length(value) > TEXT_MOST) {
        const char *text = json_string_value(value);
        size_t n = TEXT_MOST;
        while (n && ((unsigned char)text[n] & 0xC0) == 0x80) /* never inside a character */
            n--;
        return json_sprintf("%.*s…", (int)n, text);
    }
    if (!json_is_object(value))
        return json_incref((json_t *)value);
    json_t *out = json_object();
    json_object_foreach((json_t *)value, name, one)
        json_put_new(out, name, shortened(one, !strcmp(name, "_links")));
    return out;
}

static const char *as_text(struct ctx *ctx, const json_t *document)
{
    json_t *small = shortened(document, false);
    size_t n = json_dumpb(small, NULL, 0, JSON_INDENT(2));
    char *text = arena_alloc(ctx->arena, n + 1);
    json_dumpb(small, text, n, JSON_INDENT(2));
    json_decref(small);
    return text;
}

/* ---------------------------------------------------------------- as a program says it */

static const char *address_of(struct ctx *ctx, const struct example *example)
{
    return arena_join(ctx->arena, ctx->base_url, "/api/v1", example->path,
                      *example->query ? "?" : "", example->query, NULL);
}

static const char *media_of(const struct example *example)
{
    return strcmp(example->method, "PATCH") ? "application/json" : "application/merge-patch+json";
}

/* What is changed is read first: whose change it is made on says the ETag of that reading. */
static const char *as_curl(struct ctx *ctx, const struct example *example)
{
    const char *url = address_of(ctx, example);
    if (!example->body)
        return arena_printf(ctx->arena, "curl '%s'", url);
    bool change = !strcmp(example->method, "PATCH");
    const char *read = arena_printf(ctx->arena,
                                    "ETAG=$(curl -s -o /dev/null -D - "
                                    "-H 'Authorization: Bearer TOKEN' \\\n  '%s' \\\n"
                                    "  | tr -d '\\r' | sed -n 's/^[Ee][Tt]ag: //p')\n",
                                    url);
    return arena_printf(ctx->arena,
                        "%scurl -X %s -H 'Authorization: Bearer TOKEN' \\\n%s"
                        "  -H 'Content-Type: %s' \\\n  -d '%s' \\\n  '%s'",
                        change ? read : "", example->method,
                        change ? "  -H \"If-Match: $ETAG\" \\\n" : "", media_of(example),
                        example->body, url);
}

/* With what comes with the language, so that it runs as it stands. */
static const char *as_python(struct ctx *ctx, const struct example *example)
{
    const char *url = address_of(ctx, example);
    if (!example->body)
        return arena_printf(ctx->arena,
                            "import json, urllib.request\n\n"
                            "with urllib.request.urlopen('%s') as reply:\n"
                            "    print(json.load(reply))",
                            url);
    bool change = !strcmp(example->method, "PATCH");
    return arena_printf(ctx->arena,
                        "import json, urllib.request\n\n"
                        "address = '%s'\n"
                        "headers = {'Authorization': 'Bearer TOKEN', 'Content-Type': '%s'}\n"
                        "%s"
                        "request = urllib.request.Request(address, method='%s', headers=headers,\n"
                        "    data=json.dumps(%s).encode())\n"
                        "with urllib.request.urlopen(request) as reply:\n"
                        "    print(reply.status, json.load(reply))",
                        url, media_of(example),
                        change ? "request = urllib.request.Request(address, headers=headers)\n"
                                 "with urllib.request.urlopen(request) as reply:\n"
                                 "    headers['If-Match'] = reply.headers['ETag']\n"
                               : "",
                        example->method, example->body);
}

static const char *as_javascript(struct ctx *ctx, const struct example *example)
{
    const char *url = address_of(ctx, example);
    if (!example->body)
        return arena_printf(ctx->arena,
                            "const reply = await fetch('%s');\n"
                            "console.log(await reply.json());",
                            url);
    bool change = !strcmp(example->method, "PATCH");
    return arena_printf(ctx->arena,
                        "const address = '%s';\n"
                        "const headers = {\n  Authorization: 'Bearer TOKEN',\n"
                        "  'Content-Type': '%s',\n};\n%s"
                        "const reply = await fetch(address, {\n"
                        "  method: '%s',\n"
                        "  headers,\n"
                        "  body: JSON.stringify(%s),\n});\n"
                        "console.log(reply.status, await reply.json());",
                        url, media_of(example),
                        change ? "headers['If-Match'] = (await fetch(address, { headers }))"
                                 ".headers.get('ETag');\n"
                               : "",
                        example->method, example->body);
}

json_t *api_lists(void)
{
    json_t *all = json_array();
    for (const struct route *const *table = route_tables; *table; table++)
        for (const struct route *route = *table; route->method; route++)
            if (route->shape == SHAPE_LIST && !strcmp(route->method, "GET") &&
                !strchr(route->path + 1, '/'))
                json_push(all, json_string(route->path + 1));
    return all;
}

json_t *api_examples(struct ctx *ctx)
{
    json_t *all = json_array();
    for (size_t i = 0; i < LEN(examples); i++) {
        const struct example *example = &examples[i];
        json_t *document = example->body ? NULL : answer_of(ctx, example);
        if (!example->body && !document)
            continue;
        json_t *item = json_push(all, json_object());
        json_put(item, "title", ctx_text(ctx, example->title));
        json_put(item, "command", as_curl(ctx, example));
        json_put(item, "python", as_python(ctx, example));
        json_put(item, "javascript", as_javascript(ctx, example));
        json_put(item, "answer", document ? as_text(ctx, document) : NULL);
        json_put(item, "try", example->body ? NULL
                                            : arena_join(ctx->arena, example->path,
                                                         *example->query ? "?" : "",
                                                         example->query, NULL));
        json_decref(document);
    }
    return all;
}
