/* app_guard.c: before a handler runs: the query, who is asking, whether the door is open, where a
 * form came from, what it says.
 *
 * Owns cookies, tokens' transport, languages, anti-forgery and the declared parameters. Must not
 * know any feature. Everything here happens before the register is asked anything but who the
 * caller is. */
#include <string.h>
#include <strings.h>
#include <kansli/account.h>
#include <kansli/crypt.h>
#include <kansli/json.h>
#include <kansli/utf8.h>
#include <kansli/view.h>
#include "app.h"

static bool refuse(struct call *call, enum code code, const char *rule, const char *msgid)
{
    call->code = err_set(&call->err, code, rule, msgid);
    return false;
}

/* ---------------------------------------------------------------- the query */

/* A browser's form can only POST: ?_method= says what it means. */
static bool read_method(struct call *call)
{
    const char *method = json_text(call->query.values, "_method");
    if (!method)
        return true;
    bool right = !call->api && !strcmp(call->method, "POST") &&
                 (!strcmp(method, "PATCH") || !strcmp(method, "DELETE"));
    if (!right) {
        err_field(&call->err, "_method", N_("Only a form may say this, and only PATCH or DELETE."),
                  NULL);
        call->code = call->err.code;
        return false;
    }
    call->method = !strcmp(method, "PATCH") ? "PATCH" : "DELETE";
    json_object_del(call->query.values, "_method");
    return true;
}

bool call_read_query(struct call *call)
{
    const char *query = call->request->query;
    call->code = params_form(call->request->arena, query, strlen(query), true, &call->query,
                             &call->err);
    return !call->code && read_method(call);
}

static bool declared(const struct route *route, const char *name)
{
    static const char *const lists[] = {"page",  "limit", "sort",  "fields", "modifiedSince",
                                        "after", "embed", "format"};
    bool reads = !strcmp(route->method, "GET");
    for (const struct field *field = route->query; field && field->name; field++)
        if (!strcmp(field->name, name))
            return true;
    if (!reads)
        return false;
    if (!strcmp(name, "asOf"))
        return !(route->flags & ROUTE_NO_DAY) && route->shape != SHAPE_PAGE;
    if (route->shape == SHAPE_ONE || route->shape == SHAPE_VIEW)
        return !strcmp(name, "embed") || (!strcmp(name, "fields") && route->shape == SHAPE_ONE);
    if (route->shape != SHAPE_LIST)
        return false;
    for (size_t i = 0; i < LEN(lists); i++)
        if (!strcmp(lists[i], name))
            return true;
    if (!strcmp(name, "q"))
        return route->resource->found != NULL;
    const struct field *field = field_find(route->resource->fields, name);
    return field && (field->flags & F_FILTER);
}

static void read_embed(struct call *call)
{
    const char *text = json_text(call->query.values, "embed");
    if (!text)
        return;
    char *all = arena_strdup(call->request->arena, text), *rest = NULL;
    size_t n = 0;
    for (char *one = strtok_r(all, ",", &rest); one; one = strtok_r(NULL, ",", &rest)) {
        if (n + 1 == LEN(call->ctx.embed)) {
            err_field(&call->err, "embed", N_("Too many values."), NULL);
            return;
        }
        call->ctx.embed[n++] = one;
    }
}

/* A file holds the whole list: there are no pages in it, and nothing beside its rows. */
static void read_format(struct call *call)
{
    static const char *const formats[] = {
        [SHEET_JSON] = "json", [SHEET_CSV] = "csv", [SHEET_XLSX] = "xlsx"};
    static const char *const others[] = {"page", "limit", "modifiedSince", "after", "embed"};
    const char *text = json_text(call->query.values, "format");
    if (!text || !*text || !declared(call->route, "format"))
        return;
    size_t format = 0;
    while (format < LEN(formats) && strcmp(formats[format], text))
        format++;
    if (format == LEN(formats)) {
        err_field(&call->err, "format", N_("There is no value {value} here."), "value", text, NULL);
        return;
    }
    for (size_t i = 0; format != SHEET_JSON && i < LEN(others); i++)
        if (json_object_get(call->query.values, others[i]))
            err_field(&call->err, others[i], N_("A file holds the whole list: leave this out."), NULL);
    call->format = (enum sheet_format)format;
}

static void read_as_of(struct call *call)
{
    const char *day = json_text(call->query.values, "asOf");
    call->ctx.day = call->today;
    if (!day || !*day)
        return;
    if (!day_valid(day)) {
        err_field(&call->err, "asOf", N_("Write a real day as YYYY-MM-DD, for example 2026-11-22."),
                  NULL);
        return;
    }
    call->ctx.as_of = call->ctx.day = day;
}

/* The page's key: everything an anonymous answer depends on. Rights never stand here: a reader with
 * a login gets none. */
static void key_for_cache(struct call *call)
{
    bool reads = !strcmp(call->route->method, "GET");
    bool page_alone = call->route->shape == SHAPE_PAGE && !(call->route->flags & ROUTE_CACHE);
    if (!app.caching || !reads || call->format || call->cookie || call->flash || page_alone ||
        request_header(call->request, "Authorization") || (call->route->flags & (ROUTE_LOGS_READ | ROUTE_CLOCK)) ||
        request_header(call->request, "traceparent"))
        return;
    call->cache_key = arena_join(call->request->arena, call->request->target,
                                 request_takes_gzip(call->request) ? "\ngzip\n" : "\n",
                                 lang_code[call->ctx.lang], "\n", call->theme ? call->theme : "",
                                 "\n", call->today, NULL);
}

/* Unknown parameters and values are refused, never ignored. A form sends what was left empty; a
 * script does not. */
bool call_check_query(struct call *call)
{
    const char *name;
    json_t *value;
    json_object_foreach(call->query.values, name, value) {
        if (!declared(call->route, name))
            err_field(&call->err, name, N_("There is no such parameter here."), NULL);
        else if (!json_is_string(value))
            err_field(&call->err, name, N_("Give this parameter once."), NULL);
        else if (call->api && !json_string_length(value) && strcmp(name, "q"))
            err_field(&call->err, name, N_("Give this parameter a value."), NULL);
    }
    read_embed(call);
    read_as_of(call);
    read_format(call);
    if (call->err.code && call->route->shape == SHAPE_LIST)
        return true; /* the list looks at the values too: every message at once */
    call->code = call->err.code;
    if (call->code)
        return false;
    key_for_cache(call);
    call->changes = db_changes(app.db);
    return true;
}

/* ---------------------------------------------------------------- who */

/* The token, "" when the scheme is there without one; NULL when nobody shows any. */
static const char *bearer_of(const struct request *request)
{
    const char *header = request_header(request, "Authorization");
    if (!header || strncasecmp(header, "Bearer", 6) || (header[6] && header[6] != ' '))
        return NULL;
    return header + 6 + strspn(header + 6, " ");
}

static const char *flash_of(struct call *call)
{
    const char *cookie = request_cookie(call->request, "flash");
    if (!cookie)
        return NULL;
    struct params one;
    struct err ignored;
    const char *text = NULL;
    params_init(&one);
    err_init(&ignored);
    const char *pair = arena_printf(call->request->arena, "f=%s", cookie);
    if (!params_form(call->request->arena, pair, strlen(pair), true, &one, &ignored))
        text = arena_strdup(call->request->arena, json_text(one.values, "f"));
    params_release(&one);
    err_release(&ignored);
    /* Only a text of ours: what the catalogue does not know is somebody else's. */
    return text && strcmp(lang_text(LANG_SV, text), text) ? text : NULL;
}

static void choose_language(struct call *call)
{
    int lang = -1;
    if (!call->api) {
        call->language = request_cookie(call->request, "language");
        call->theme = request_cookie(call->request, "theme");
        if (call->actor.language)
            call->language = call->actor.language;
        if (call->actor.theme)
            call->theme = call->actor.theme;
        lang = call->language ? lang_find(call->language) : -1;
    }
    call->ctx.lang = lang >= 0 ? lang : lang_accept(request_header(call->request, "Accept-Language"));
}

static bool take_one(struct call *call, const char *key)
{
    long wait = 0;
    if (!app.limit || limit_take(app.limit, key, &wait))
        return true;
    err_release(&call->err);
    call->err.retry_after = wait;
    return refuse(call, E_LIMIT, "too-many-requests", N_("Too many requests. Wait a moment."));
}

static bool address_within_limit(struct call *call)
{
    char key[LIMIT_KEY];
    limit_address(call->request->address ? call->request->address : "", key);
    return take_one(call, key);
}

static bool token_within_limit(struct call *call, const char *bearer)
{
    char key[LIMIT_KEY], digest[DIGEST_SIZE];
    crypt_digest(bearer, strlen(bearer), digest);
    memcpy(key, digest, LIMIT_KEY - 1);
    key[LIMIT_KEY - 1] = '\0';
    return take_one(call, key);
}

/* Before anything is known of the caller: the limit, a language to refuse in, what an anonymous
 * form carries. */
bool call_enter(struct call *call)
{
    call->actor.csrf = anonymous_csrf(call->request->arena, call->today);
    choose_language(call);
    const char *bearer = bearer_of(call->request);
    return bearer ? token_within_limit(call, bearer) : address_within_limit(call);
}

bool call_identify(struct call *call)
{
    struct request *request = call->request;
    const char *bearer = bearer_of(request);
    bool reads = !strcmp(call->method, "GET") || call->head;
    /* Under /api/v1 a session answers for reading only (api.md 1). */
    if (!call->api || reads)
        call->cookie = request_cookie(request, app.secure ? "__Host-session" : "session");
    if (!call->api)
        call->flash = flash_of(call);
    if (bearer && !call->api)
        return refuse(call, E_LOGIN, "token-for-api", N_("Tokens are for /api/v1; log in here."));
    if (!call->cookie && !bearer)
        return true;
    struct tx *tx = db_read(app.db, request->arena);
    call->code = account_identify(tx, request->arena, bearer ? NULL : call->cookie, bearer,
                                  &call->actor, &call->touch, &call->err);
    if (!call->code)
        call->code = tx_code(tx);
    db_read_end(tx);
    if (call->code && bearer)
        address_within_limit(call); /* else who invents tokens would have a limit for each */
    if (call->code)
        return false;
    if (!call->actor.csrf)
        call->actor.csrf = anonymous_csrf(request->arena, call->today);
    choose_language(call);
    return true;
}

/* ---------------------------------------------------------------- the coarse permission */

bool call_permit(struct call *call)
{
    const struct actor *actor = &call->actor;
    bool changes = strcmp(call->route->method, "GET") != 0;
    int needed = call->route->may;
    if (changes && actor->read_only)
        return refuse(call, E_DENIED, "token-scope",
                      N_("This token may only read. Use one with the scope write."));
    if (needed == MAY_ALL || (needed == MAY_HALF && actor->account_key))
        return true;
    if (!actor->account_key || actor->half)
        return refuse(call, E_LOGIN, actor->half ? "second-factor-needed" : "login-needed",
                      actor->half ? N_("Give your second factor first.")
                                  : N_("Log in to see this."));
    if (needed == MAY_ADMINISTER && !(actor->roles & ROLE_ADMINISTRATOR))
        return refuse(call, E_DENIED, "may-administer", N_("This may be done by administrators."));
    if (needed == MAY_SUPPORT && !(actor->roles & ROLE_SUPPORT))
        return refuse(call, E_DENIED, "may-support",
                      N_("This may be done by the national support function."));
    return true;
}

/* ---------------------------------------------------------------- where a form came from */

/* Each thread keeps the last day's: every anonymous request asks. */
const char *anonymous_csrf(struct arena *arena, const char *day)
{
    static _Thread_local char made_for[DAY_SIZE], mac[DIGEST_SIZE];
    if (strcmp(made_for, day)) {
        crypt_mac(app.secret, arena_join(arena, "anonymous form ", day, NULL), mac);
        memcpy(made_for, day, DAY_SIZE);
    }
    return arena_strdup(arena, mac);
}

static bool right_origin(const struct request *request)
{
    const char *site = request_header(request, "Sec-Fetch-Site");
    const char *origin = request_header(request, "Origin");
    const char *host = request_header(request, "Host");
    if (site && strcmp(site, "same-origin") && strcmp(site, "none"))
        return false;
    if (!origin)
        return true;
    if (!strcmp(origin, app.base_url))
        return true;
    return host && !strcmp(origin, arena_printf(request->arena, "%s://%s",
                                                app.secure ? "https" : "http", host));
}

static bool right_token(struct call *call)
{
    const char *sent = request_header(call->request, "X-CSRF");
    if (!sent && !call->body.typed)
        sent = json_text(call->body.values, "_csrf");
    if (!sent)
        return false;
    if (crypt_equal(sent, call->actor.csrf))
        return true;
    if (call->actor.account_key)
        return false;
    char yesterday[DAY_SIZE];
    day_add(call->today, -1, yesterday);
    return crypt_equal(sent, anonymous_csrf(call->request->arena, yesterday));
}

bool call_check_origin(struct call *call)
{
    if (call->api) /* a token, or nobody: no browser sends either by itself */
        return true;
    if (call->route->flags & ROUTE_ONE_CLICK) /* who forges the form must know the secret already */
        return true;
    if (right_origin(call->request) && right_token(call))
        return true;
    return refuse(call, E_DENIED, "forged-form",
                  N_("The form is too old or came from another site. Open the page again and send "
                     "it once more."));
}

/* ---------------------------------------------------------------- the body */

static bool type_is(const char *header, const char *type)
{
    size_t n = strlen(type);
    return header && !strncasecmp(header, type, n) && (!header[n] || strchr("; \t", header[n]));
}

static bool read_json(struct call *call, const char *type)
{
    bool merge = !strcmp(call->method, "PATCH") && type_is(type, "application/merge-patch+json");
    if (!merge && !type_is(type, "application/json"))
        return refuse(call, E_TYPE, "media-type", N_("Send application/json."));
    call->code = params_json(call->request->arena, call->request->body, call->request->body_len,
                             &call->body, &call->err);
    return !call->code;
}

static bool read_form(struct call *call, const char *type)
{
    if (!type_is(type, "application/x-www-form-urlencoded"))
        return refuse(call, E_TYPE, "media-type", N_("Send a form."));
    call->code = params_form(call->request->arena, call->request->body, call->request->body_len,
                             false, &call->body, &call->err);
    const char *version = json_text(call->body.values, "_version");
    if (version && *version)
        call->ctx.if_match = arena_printf(call->request->arena, "\"%s\"", version);
    return !call->code;
}

static const char xlsx_type[] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/* A script sends the file itself, a browser a form with the file in it. What is neither holds no
 * file: the route says so, after asking who may. */
static bool read_file(struct call *call, const char *type)
{
    struct request *request = call->request;
    if (type_is(type, "multipart/form-data"))
        call->code = params_multipart(request->arena, type, request->body, request->body_len,
                                      &call->body, &call->upload, &call->err);
    else if (!call->api)
        return read_form(call, type);
    else if (type_is(type, "application/json"))
        return read_json(call, type);
    else if (type_is(type, "text/csv") || type_is(type, xlsx_type))
        call->upload = (struct upload){request->body, NULL, request->body_len};
    return !call->code;
}

static bool read_idempotency(struct call *call)
{
    const char *key = request_header(call->request, "Idempotency-Key");
    if (!key || !call->api || strcmp(call->method, "POST") || !call->actor.account_key)
        return true; /* nobody's key would be everybody's */
    if (!*key || strlen(key) > 255 || !utf8_valid(key, strlen(key)))
        return refuse(call, E_INPUT, "idempotency-key", N_("An Idempotency-Key has 1 to 255 characters."));
    call->idempotency = key;
    return true;
}

bool call_read_body(struct call *call)
{
    const char *type = request_header(call->request, "Content-Type");
    call->ctx.if_match = request_header(call->request, "If-Match");
    if (!call->request->body_len || (call->route->flags & ROUTE_ONE_CLICK)) {
        if (call->api)
            call->body.typed = true;
        return read_idempotency(call);
    }
    bool file = call->route->flags & ROUTE_FILE;
    return (file ? read_file(call, type) : call->api ? read_json(call, type) : read_form(call, type)) &&
           read_idempotency(call);
}
