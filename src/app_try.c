/* app_try.c: an address of the API, tried from the page that explains it.
 *
 * Owns what may be tried: what a GET under /api/v1 of this very register answers, asked with the
 * session of whoever reads the page. Nothing leaves the process: the steps of a request run once
 * more, inside, from the route on (app.c), so that the answer is the one that a script would get.
 * What would leave a trace, or is a file, is not tried here. Must not know any feature. */
#include <stdlib.h>
#include <string.h>
#include <kansli/json.h>
#include "app.h"

enum { PRETTY_MOST = 256 << 10, SHOWN_MOST = 20000 };

/* ---------------------------------------------------------------- what was typed */

/* What stands after `prefix`, when the text begins with it and goes on as an address does. */
static const char *after(const char *text, const char *prefix)
{
    size_t n = strlen(prefix);
    return !strncmp(text, prefix, n) && (text[n] == '/' || text[n] == '?') ? text + n : text;
}

/* The request that it stands for; NULL when it is no address of this API. Names in paths are
 * plain letters (api.md 1): nothing has to be decoded. */
static struct request *request_of(const struct request *outer, const char *typed)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-/";
    const char *path = after(after(typed, app.base_url), "/api/v1");
    size_t n = strspn(path, plain);
    bool ours = *path == '/' && (!path[n] || path[n] == '?') && !strstr(path, "//");
    if (!ours || strpbrk(path + n, " #\r\n\t"))
        return NULL;
    struct request *request = arena_alloc(outer->arena, sizeof *request);
    *request = *outer;
    request->method = "GET";
    request->query = path[n] ? arena_strdup(outer->arena, path + n + 1) : "";
    while (n > 1 && path[n - 1] == '/')
        n--;
    const char *rest = n > 1 ? arena_strndup(outer->arena, path, n) : "";
    request->path = arena_join(outer->arena, "/api/v1", rest, NULL);
    request->target = arena_join(outer->arena, request->path, *request->query ? "?" : "",
                                 request->query, NULL);
    return request;
}

/* ---------------------------------------------------------------- what it answers */

/* Why it is not tried here, or NULL. */
static const char *not_here(const struct call *call)
{
    if (call->route->flags & ROUTE_LOGS_READ)
        return N_("Reading this leaves a trace that the person concerned sees. Ask for it with a "
                  "token of your own.");
    if (call->format || (call->route->flags & ROUTE_EXPORT))
        return N_("A file is not shown here. Open its address, or fetch it with a script.");
    return NULL;
}

static const char *pretty(struct arena *arena, const char *bytes, size_t n)
{
    json_t *document = n <= PRETTY_MOST ? json_loadb(bytes, n, 0, NULL) : NULL;
    if (!document)
        return arena_strndup(arena, bytes, n);
    size_t length = json_dumpb(document, NULL, 0, JSON_INDENT(2));
    char *text = arena_alloc(arena, length + 1);
    json_dumpb(document, text, length, JSON_INDENT(2));
    json_decref(document);
    return text;
}

/* As much of it as a page shows, ending with a whole character. */
static void put_body(struct arena *arena, json_t *result, const struct reply *reply)
{
    const char *bytes = reply->body_heap ? reply->body_heap : reply->body ? reply->body : "";
    bool text = reply->type && !reply->read &&
                (strstr(reply->type, "json") || !strncmp(reply->type, "text/", 5));
    const char *body = text ? pretty(arena, bytes, reply->body_len) : "";
    size_t n = strlen(body), shown = n < SHOWN_MOST ? n : SHOWN_MOST;
    while (shown < n && shown && ((unsigned char)body[shown] & 0xC0) == 0x80)
        shown--;
    json_put(result, "body", *body ? arena_strndup(arena, body, shown) : NULL);
    json_put_bool(result, "cut", shown < n);
    json_put_int(result, "bytes", (long long)reply->body_len);
}

static void put_header(json_t *headers, const char *name, const char *value)
{
    json_push(headers, json_pack("{s:s, s:s}", "name", name, "value", value));
}

static json_t *result_of(struct arena *arena, const struct reply *reply)
{
    json_t *result = json_object(), *headers = json_put_new(result, "headers", json_array());
    json_put_int(result, "status", reply->status);
    if (reply->type)
        put_header(headers, "Content-Type", reply->type);
    for (int i = 0; i < reply->headers; i++)
        put_header(headers, reply->header[i].name, reply->header[i].value);
    put_body(arena, result, reply);
    return result;
}

/* The answer as {status, headers, body, cut, bytes}; or *why it is not given here. */
static json_t *ask(struct ctx *ctx, const struct call *outer, struct request *request,
                   const char **why)
{
    struct reply reply = {0};
    struct call *call = call_new(request);
    call->actor = outer->actor;
    call->cookie = outer->cookie;
    call->ctx.lang = outer->ctx.lang;
    call->tried = true;
    bool goes = call_read_query(call) && call_route(call, &reply) && call_check_query(call) &&
                call_permit(call);
    call->cache_key = NULL; /* what is tried is kept for nobody */
    *why = goes ? not_here(call) : NULL;
    if (goes && !*why)
        call_run(call, ctx->tx);
    if (!*why)
        call_reply(call, &reply);
    json_t *result = *why ? NULL : result_of(ctx->arena, &reply);
    free(reply.body_heap);
    call_release(call);
    return result;
}

/* ---------------------------------------------------------------- the page */

static enum code try_page(struct ctx *ctx, struct answer *out)
{
    const struct call *outer = (const void *)((const char *)ctx - offsetof(struct call, ctx));
    const char *typed = ctx_query(ctx, "path"), *why = NULL;
    struct request *request = typed ? request_of(outer->request, typed) : NULL;
    json_t *result = request ? ask(ctx, outer, request, &why) : NULL;
    if (typed && !request)
        why = N_("Write an address of this API, for example /groups?limit=2: a path of letters, "
                 "digits, hyphens and slashes, then perhaps a question mark and parameters.");
    out->title = ctx_text(ctx, N_("Try the API"));
    out->status = why ? 400 : 200;
    out->document = json_object();
    json_put(out->document, "path", typed ? typed : "/groups?limit=2");
    json_put(out->document, "target", request ? request->target : NULL);
    json_put(out->document, "why", why ? ctx_text(ctx, why) : NULL);
    json_put_new(out->document, "result", result);
    return OK;
}

static const struct field try_query[] = {
    {.name = "path", .label = N_("An address below /api/v1"), .type = T_TEXT, .max = 2000},
    {0},
};

const struct route try_routes[] = {
    {"GET", "/api/try", MAY_ALL, try_page, "site/try", N_("An address of the API, tried."),
     SHAPE_PAGE, .query = try_query, .flags = ROUTE_NO_DAY | ROUTE_SLOW},
    {0},
};
