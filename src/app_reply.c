/* app_reply.c: a document becomes JSON or a page; a failure becomes a problem, a page, or the form
 * once more.
 *
 * Owns everything that is sent beside the document: status, ETag, caching, cookies. Must not know
 * any feature. A page is its document laid into a template; what stands around it is made by
 * app_page.c. */
#include <stdlib.h>
#include <string.h>
#include <kansli/crypt.h>
#include <kansli/gzip.h>
#include <kansli/json.h>
#include <kansli/view.h>
#include "app.h"

enum { PAGE_MOST = 8 << 20, GZIP_LEAST = 4096 };

const char *const app_headers[] = {
    "Strict-Transport-Security", /* behind https only: otherwise what follows it */
    "max-age=31536000; includeSubDomains",
    "Content-Security-Policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options",
    "nosniff",
    "Referrer-Policy",
    "same-origin", /* no-referrer would make a form's Origin "null" */
    "Cross-Origin-Opener-Policy",
    "same-origin",
    "Cross-Origin-Resource-Policy",
    "same-origin",
    "Permissions-Policy",
    "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    NULL,
};

/* ---------------------------------------------------------------- small parts */

static void take_body(struct reply *reply, struct buf *buf, const char *type)
{
    reply->type = type;
    reply->body_heap = buf_steal(buf, &reply->body_len);
}

/* What joins the caller's log with ours, given back as it came. */
static void give_trace(const struct call *call, struct reply *reply)
{
    const char *trace = request_header(call->request, "traceparent");
    if (call->api && trace && strlen(trace) == 55 && strspn(trace, "0123456789abcdef-") == 55)
        reply_header(reply, "traceparent", trace);
}

static void common_headers(struct call *call, struct reply *reply)
{
    give_trace(call, reply);
    reply_header(reply, "Vary", "Accept-Language, Authorization, Cookie");
}

void call_not_modified(struct call *call, struct reply *reply, const char *etag)
{
    common_headers(call, reply);
    reply->status = 304;
    reply_header(reply, "ETag", etag);
    reply_header(reply, "Cache-Control", "no-cache");
}

static const char *tag_of(struct call *call, const char *bytes, size_t n, long long version)
{
    char digest[DIGEST_SIZE];
    crypt_tag(bytes, n, digest);
    return arena_printf(call->request->arena, "\"%lld.%s\"", version, digest);
}

static void set_cookie(struct call *call, struct reply *reply, const char *name, const char *value,
                       long age)
{
    reply_header(reply, "Set-Cookie",
                 arena_printf(call->request->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", name,
                              value, app.secure ? "; Secure" : "",
                              age < 0 ? "" : arena_printf(call->request->arena, "; Max-Age=%ld", age)));
}

static void set_cookies(struct call *call, struct reply *reply)
{
    const char *session = call->answer.set_session;
    if (session)
        set_cookie(call, reply, app.secure ? "__Host-session" : "session", session,
                   *session ? -1 : 0);
    for (size_t i = 0; i < LEN(call->answer.set_cookie); i++)
        if (call->answer.set_cookie[i])
            reply_header(reply, "Set-Cookie", call->answer.set_cookie[i]);
}

/* ---------------------------------------------------------------- JSON */

static void write_json(const struct call *call, struct buf *buf)
{
    buf_init(buf, PAGE_MOST);
    json_write(buf, call->answer.document);
}

const char *call_json(struct call *call)
{
    struct buf buf;
    if (!call->answer.document)
        return "";
    write_json(call, &buf);
    const char *text = arena_strndup(call->request->arena, buf.data, buf.len);
    buf_release(&buf);
    return text;
}

bool call_unchanged(const struct call *call, const char *etag)
{
    const char *seen = request_header(call->request, "If-None-Match");
    bool reads = !strcmp(call->route->method, "GET") && !call->tried;
    return reads && seen && (strstr(seen, etag) || !strcmp(seen, "*"));
}

/* Packed for those who take it: what is kept is what everyone may see, so that its length tells
 * nobody a secret. */
static void keep(struct call *call, struct reply *reply, const char *etag)
{
    /* The first NULL ends them. */
    const char *headers[] = {"ETag", etag, "Cache-Control", "no-cache", "Vary",
                             "Accept-Language, Authorization, Cookie",
                             call->answer.open_to_all ? "Access-Control-Allow-Origin" : NULL, "*",
                             "Cross-Origin-Resource-Policy", "cross-origin", NULL};
    size_t n = 0;
    char *gzip = reply->body_len >= GZIP_LEAST && request_takes_gzip(call->request)
                     ? gzip_pack(reply->body_heap, reply->body_len, &n)
                     : NULL;
    call->held =
        http_static_new(reply->type, reply->body_heap, reply->body_len, gzip, n, headers);
    cache_put(app.cache, call->cache_key, call->changes, etag, call->held, reply->body_len + n);
    free(gzip);
}

static void drop_body(struct reply *reply)
{
    free(reply->body_heap);
    reply->body_heap = NULL;
    reply->body_len = 0;
    reply->type = NULL;
}

/* The bytes stand in reply->body_heap: who may keep them, and do they have to be sent at all? */
void call_tag(struct call *call, struct reply *reply)
{
    bool reads = !strcmp(call->route->method, "GET");
    bool anonymous = !call->actor.account_key;
    bool plain = !call->answer.personal && !call->answer.set_session && !call->flash;
    bool tagged = call->api ? true : reads && anonymous && plain;
    reply_header(reply, "Cache-Control", anonymous && plain ? "no-cache" : "no-store");
    if (call->answer.personal) /* a secret may stand in its address */
        reply_header(reply, "X-Robots-Tag", "noindex");
    if (!tagged)
        return;
    const char *etag = tag_of(call, reply->body_heap, reply->body_len, call->answer.version);
    reply_header(reply, "ETag", etag);
    bool small = reply->body_len <= PAGE_MOST; /* an export pushes no pages out, nor is packed here */
    if (call->cache_key && reads && anonymous && plain && small && reply->status == 200)
        keep(call, reply, etag);
    if (reply->status == 200 && call_unchanged(call, etag)) {
        reply->status = 304;
        drop_body(reply);
    } else if (call->held) {
        drop_body(reply);
        reply->fixed = call->held;
    }
}

/* Bytes that everyone may see (a feed) are asked for again and again: unchanged, they need not be
 * sent. */
static void tag_raw(struct call *call, struct reply *reply)
{
    const char *etag = tag_of(call, reply->body, reply->body_len, 0);
    reply_header(reply, "ETag", etag);
    if (reply->status != 200 || !call_unchanged(call, etag))
        return;
    reply->status = 304;
    reply->body = NULL;
    reply->body_len = 0;
    reply->type = NULL;
}

static const char *absolute(struct call *call, const char *path)
{
    return arena_printf(call->request->arena, "%s%s%s", app.base_url, call->api ? "/api/v1" : "",
                        path);
}

static void problem_reply(struct call *call, struct reply *reply);

static void raw_headers(struct call *call, struct reply *reply)
{
    const struct answer *answer = &call->answer;
    if (answer->file_name)
        call_attach(reply, call->request->arena, answer->file_name);
    if (answer->link)
        reply_header(reply, "Link", answer->link);
    if (!answer->open_to_all)
        return;
    reply_header(reply, "Access-Control-Allow-Origin", "*");
    reply_header(reply, "Cross-Origin-Resource-Policy", "cross-origin");
}

static void json_reply(struct call *call, struct reply *reply)
{
    struct buf buf;
    struct answer *answer = &call->answer;
    reply->status = answer->status ? answer->status : 200;
    if (call->replayed) {
        reply->status = (int)json_int(call->replayed, "status", 200);
        answer->location = json_text(call->replayed, "location");
        const char *body = json_text(call->replayed, "body");
        reply->body = body;
        reply->body_len = strlen(body);
        reply->type = *body ? "application/json" : NULL;
        reply_header(reply, "Cache-Control", "no-store");
        if (*body)
            reply_header(reply, "ETag", tag_of(call, body, reply->body_len,
                                               json_int(call->replayed, "version", 0)));
    } else if (answer->bytes) {
        reply->body_heap = answer->bytes;
        reply->body_len = answer->bytes_len;
        reply->type = answer->raw_type;
        answer->bytes = NULL;
        call_tag(call, reply);
        if (!reply->fixed) /* what is kept has its headers */
            raw_headers(call, reply);
    } else if (answer->raw) {
        reply->body = answer->raw;
        reply->body_len = strlen(answer->raw);
        reply->type = answer->raw_type;
        raw_headers(call, reply);
        bool open = !call->actor.account_key && !answer->personal;
        reply_header(reply, "Cache-Control", open ? "no-cache" : "no-store");
        if (answer->personal) /* a secret may stand in its address */
            reply_header(reply, "X-Robots-Tag", "noindex");
        if (open)
            tag_raw(call, reply);
    } else if (call->route->shape == SHAPE_REMOVE || !answer->document) {
        reply->status = 204;
        reply_header(reply, "Cache-Control", "no-store");
    } else {
        write_json(call, &buf);
        if (buf.full) {
            buf_release(&buf);
            call->code = err_set(&call->err, E_TOO_BIG, "answer-too-big",
                                 N_("The answer is too big. Ask for less at a time."));
            problem_reply(call, reply);
            return;
        }
        take_body(reply, &buf, "application/json");
        call_tag(call, reply);
    }
    if (answer->location && reply->status == 201)
        reply_header(reply, "Location", absolute(call, answer->location));
}

/* ---------------------------------------------------------------- pages */

static void carry_day(struct call *call, struct buf *page)
{
    struct buf plain = *page;
    buf_init(page, PAGE_MOST);
    day_carry(call->request->arena, plain.data, call->ctx.as_of, page);
    buf_release(&plain);
}

/* Lays the document into its template. False when even that fails: then the reply is plain text. */
static void render(struct call *call, struct reply *reply, const char *view, const json_t *document,
                   const char *title)
{
    struct buf buf;
    struct err err;
    json_t *page = page_around(call, title);
    buf_init(&buf, PAGE_MOST);
    err_init(&err);
    if (view_render(view, "layout", call->ctx.lang, document, page, &buf, &err)) {
        reply->status = 500;
        buf_release(&buf);
        buf_init(&buf, PAGE_MOST);
        buf_adds(&buf, "This page could not be shown. The log says more.\n");
        take_body(reply, &buf, "text/plain; charset=utf-8");
    } else {
        if (call->ctx.as_of)
            carry_day(call, &buf);
        take_body(reply, &buf, "text/html; charset=utf-8");
    }
    err_release(&err);
    json_decref(page);
}

static void redirect(struct call *call, struct reply *reply, int status, const char *location)
{
    reply->status = status;
    reply_header(reply, "Location", location);
    reply_header(reply, "Cache-Control", "no-store");
    if (!call->answer.flash)
        return;
    struct buf buf;
    buf_init(&buf, 4096);
    buf_url(&buf, call->answer.flash, strlen(call->answer.flash));
    set_cookie(call, reply, "flash", arena_strndup(call->request->arena, buf.data, buf.len), 60);
    buf_release(&buf);
}

static void page_reply(struct call *call, struct reply *reply)
{
    struct answer *answer = &call->answer;
    bool reads = !strcmp(call->route->method, "GET");
    const char *way = answer->see ? answer->see : answer->location;
    if (answer->raw) {
        json_reply(call, reply);
        return;
    }
    if ((!reads || answer->see) && way) {
        redirect(call, reply, 303, way);
        return;
    }
    const char *view = answer->view ? answer->view : call->route->view;
    if (!view || !answer->document)
        BUG("%s %s gave a browser nothing to see", call->route->method, call->route->path);
    reply->status = answer->status && answer->status != 201 ? answer->status : 200;
    render(call, reply, view, answer->document, answer->title);
    if (call->flash)
        set_cookie(call, reply, "flash", "", 0);
    call_tag(call, reply);
}

/* ---------------------------------------------------------------- failures */

static const char *code_title(enum code code)
{
    switch (code) {
    case OK:
        break;
    case E_INPUT:
        return N_("What was sent cannot be used");
    case E_LOGIN:
        return N_("Log in");
    case E_DENIED:
        return N_("Not allowed");
    case E_ABSENT:
        return N_("Not found");
    case E_METHOD:
        return N_("Method not allowed");
    case E_CONFLICT:
        return N_("A rule says no");
    case E_STALE:
        return N_("Changed meanwhile");
    case E_TOO_BIG:
        return N_("Too big");
    case E_TYPE:
        return N_("Unknown format");
    case E_UNGUARDED:
        return N_("If-Match is needed");
    case E_LIMIT:
        return N_("Too many requests");
    case E_INTERNAL:
        return N_("Something went wrong");
    case E_BUSY:
        return N_("Busy");
    case E_STORAGE:
        return N_("Nothing can be saved now");
    }
    return N_("Something went wrong");
}

static const char *code_detail(enum code code)
{
    if (code == E_INPUT)
        return N_("Mend what is pointed out and send it again.");
    if (code == E_STORAGE)
        return N_("The disk is full or cannot be written to. Reading still works.");
    return N_("It was not your doing. Try again; if it stays, tell the support function.");
}

static const char *fill(struct call *call, const char *msgid, const json_t *args)
{
    return text_fill(call->request->arena, lang_text(call->ctx.lang, msgid), args);
}

static json_t *problem_errors(struct call *call)
{
    json_t *errors = json_array(), *entry;
    size_t i;
    json_array_foreach(call->err.fields, i, entry) {
        json_t *error = json_push(errors, json_object());
        const char *pointer = json_text(entry, "pointer");
        json_put(error, pointer ? "pointer" : "parameter",
                 pointer ? pointer : json_text(entry, "parameter"));
        json_put(error, "detail", fill(call, json_text(entry, "msgid"), json_object_get(entry, "args")));
    }
    return errors;
}

static json_t *problem_of(struct call *call)
{
    struct err *err = &call->err;
    enum code code = call->code;
    const char *rule = err->rule ? err->rule : code_rule(code);
    json_t *problem = json_object();
    json_put(problem, "type", arena_printf(call->request->arena, "%s/problems/%s", app.base_url, rule));
    json_put(problem, "title", lang_text(call->ctx.lang, code_title(code)));
    json_put_int(problem, "status", code_status(code));
    json_put(problem, "detail", fill(call, err->msgid && *err->msgid ? err->msgid : code_detail(code),
                                     err->args));
    json_put(problem, "instance", call->request->path);
    json_put(problem, "rule", rule);
    if (err->fields)
        json_put_new(problem, "errors", problem_errors(call));
    if (err->missing)
        json_object_set(problem, "missing", err->missing);
    return problem;
}

static void failure_headers(struct call *call, struct reply *reply)
{
    if (call->err.retry_after)
        reply_header(reply, "Retry-After",
                     arena_printf(call->request->arena, "%ld", call->err.retry_after));
    if (call->code == E_LOGIN && call->api)
        reply_header(reply, "WWW-Authenticate", "Bearer");
    reply_header(reply, "Cache-Control", "no-store");
}

/* 412 tells which version stands now: the ETag that a GET would give. */
static void present_tag(struct call *call, struct reply *reply)
{
    struct buf buf;
    json_t *key = json_object_get(call->ctx.present, "_presentVersion");
    if (!key)
        return;
    long long version = json_integer_value(key);
    json_object_del(call->ctx.present, "_presentVersion");
    buf_init(&buf, PAGE_MOST);
    json_write(&buf, call->ctx.present);
    reply_header(reply, "ETag", tag_of(call, buf.data, buf.len, version));
    buf_release(&buf);
}

static void problem_reply(struct call *call, struct reply *reply)
{
    struct buf buf;
    json_t *problem = problem_of(call);
    reply->status = code_status(call->code);
    failure_headers(call, reply);
    if (call->code == E_STALE)
        present_tag(call, reply);
    buf_init(&buf, PAGE_MOST);
    json_write(&buf, problem);
    json_decref(problem);
    take_body(reply, &buf, "application/problem+json");
}

static void error_page(struct call *call, struct reply *reply)
{
    json_t *problem = problem_of(call);
    reply->status = code_status(call->code);
    failure_headers(call, reply);
    render(call, reply, "error", problem, json_text(problem, "title"));
    json_decref(problem);
}

/* The form comes back with what was typed and each message beside its field. */
static bool form_again(struct call *call, struct reply *reply)
{
    bool kind = call->code == E_INPUT || call->code == E_CONFLICT || call->code == E_STALE ||
                call->code == E_LIMIT || call->code == E_TOO_BIG;
    if (!call->route || !call->route->form || !kind || !call->body.values)
        return false;
    enum code code = call->code;
    json_decref(call->answer.document);
    memset(&call->answer, 0, sizeof call->answer);
    struct tx *tx = db_read(app.db, call->request->arena);
    call->ctx.tx = tx;
    call->ctx.standing = NULL;
    call->ctx.gathered = NULL;
    enum code c = call->route->form(&call->ctx, &call->answer);
    bool shown = !c && !tx_code(tx) && call->answer.document;
    db_read_end(tx);
    call->ctx.tx = NULL;
    call->code = code;
    if (!shown)
        return false;
    reply->status = code_status(code);
    failure_headers(call, reply);
    render(call, reply, call->answer.view ? call->answer.view : "form", call->answer.document,
           call->answer.title);
    return true;
}

/* A browser without login is shown the way in, and back. */
static bool way_to_login(struct call *call, struct reply *reply)
{
    if (call->code != E_LOGIN || call->api || (strcmp(call->method, "GET") && !call->head))
        return false;
    struct buf buf;
    buf_init(&buf, 16384);
    const char *here = call_address(call);
    buf_url(&buf, here, strlen(here));
    const char *to = call->actor.half ? "/login/code" : "/login";
    redirect(call, reply, 303, arena_printf(call->request->arena, "%s?next=%s", to, buf.data));
    buf_release(&buf);
    return true;
}

/* ---------------------------------------------------------------- the doors */

static void moved_reply(struct call *call, struct reply *reply)
{
    const char *query = call->request->query;
    reply->status = 308;
    reply_header(reply, "Location",
                 arena_printf(call->request->arena, "%s%s%s", absolute(call, call->answer.location),
                              *query ? "?" : "", query));
    reply_header(reply, "Cache-Control", "no-store");
}

static void refuse_reply(struct call *call, struct reply *reply)
{
    if (call->api)
        problem_reply(call, reply);
    else if (!way_to_login(call, reply) && !form_again(call, reply))
        error_page(call, reply);
}

void call_reply(struct call *call, struct reply *reply)
{
    common_headers(call, reply);
    if (reply->status) /* OPTIONS: the row itself is the answer */
        return;
    if (call->code) {
        refuse_reply(call, reply);
        return;
    }
    if (call->answer.moved)
        moved_reply(call, reply);
    else if (call->format)
        call_file(call, reply);
    else if (call->answer.stream)
        call_stream(call, reply);
    else if (call->api)
        json_reply(call, reply);
    else
        page_reply(call, reply);
    set_cookies(call, reply);
}

/* What was asked for, as far as it is an address: what is refused here may be anything. */
static const char *sent_address(const struct request *request)
{
    const char *target = request->target ? request->target : "";
    size_t n = 0;
    while (n < 200 && target[n] > ' ' && target[n] < 0x7F && !strchr("\"<>\\^`{|}", target[n]))
        n++;
    return n && *target == '/' ? arena_strndup(request->arena, target, n) : "/";
}

void app_refuse(struct request *request, int status, struct reply *reply)
{
    struct call *call = arena_alloc(request->arena, sizeof *call);
    static const struct {
        int status;
        enum code code;
        const char *rule, *msgid;
    } kinds[] = {
        {400, E_INPUT, "malformed-request", N_("The request is not well-formed HTTP.")},
        {405, E_METHOD, "method-not-allowed", N_("This address does not answer that method.")},
        {408, E_BUSY, "too-slow", N_("The request took too long to arrive.")},
        {413, E_TOO_BIG, "body-too-big", N_("What was sent is too big.")},
        {414, E_TOO_BIG, "address-too-long", N_("The address is too long.")},
        {431, E_TOO_BIG, "head-too-big", N_("The request's headers are too big.")},
        {503, E_BUSY, "busy", N_("Too much is going on. Try again in a moment.")},
    };
    err_init(&call->err);
    call->request = request;
    call->api = true; /* told as a problem document: who sends this is no browser */
    call->ctx.lang = LANG_EN;
    call->code = E_INPUT;
    for (size_t i = 0; i < LEN(kinds); i++)
        if (kinds[i].status == status)
            call->code = err_set(&call->err, kinds[i].code, kinds[i].rule, kinds[i].msgid);
    json_t *problem = problem_of(call);
    struct buf buf;
    json_put_int(problem, "status", status);
    json_put(problem, "instance", sent_address(request));
    buf_init(&buf, PAGE_MOST);
    json_write(&buf, problem);
    json_decref(problem);
    err_release(&call->err);
    reply->status = status;
    if (status == 405) /* refused before an address was read: what some address answers */
        reply_header(reply, "Allow", "GET, HEAD, POST, PATCH, DELETE, OPTIONS");
    give_trace(call, reply);
    reply_header(reply, "Cache-Control", "no-store");
    take_body(reply, &buf, "application/problem+json");
}
