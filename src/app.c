/* app.c: the life of a request, nine steps, top to bottom. Read this file first.
 *
 *   1 route   2 who   3 origin   4 input   5 db   6 handler   7 end   8 render   9 done
 *
 * Owns the order of the steps. Knows no feature: a feature is its rows (app_features.c). A
 * GET runs on the server's thread in one read snapshot; everything that writes is suspended and
 * runs on the one writer thread; what is slow runs on the worker. */
#include <stdlib.h>
#include <string.h>
#include <kansli/account.h>
#include <kansli/crypt.h>
#include <kansli/json.h>
#include <kansli/log.h>
#include <kansli/site.h>
#include <kansli/view.h>
#include "app.h"

enum {
    WORK_MOST = 64,          /* pieces of slow work that may wait */
    EXPORTS_MOST = 8,        /* exports that may */
    FILE_BYTES = 10 << 20    /* of a file that is sent (ROUTE_FILE), unless its route says another */
};

/* ---------------------------------------------------------------- 5–7: handler and end */

static void call_context(struct call *call, struct tx *tx)
{
    struct ctx *ctx = &call->ctx;
    ctx->tx = tx;
    ctx->arena = call->request->arena;
    ctx->err = &call->err;
    ctx->actor = &call->actor;
    ctx->route = call->route;
    ctx->text = lang_text;
    ctx->markdown = markdown_html;
    ctx->markdown_version = markdown_version;
    ctx->markdown_lines = markdown_lines;
    ctx->markdown_marked = markdown_marked;
    ctx->api = call->api;
    ctx->address = call->request->address;
    ctx->agent = request_header(call->request, "User-Agent");
    ctx->base_url = app.base_url;
    ctx->path = call->path;
    ctx->today = call->today;
    ctx->query = &call->query;
    ctx->body = &call->body;
    ctx->upload = call->upload.bytes ? &call->upload : NULL;
    ctx->names = call->match.n;
    ctx->name = call->match.name;
    ctx->value = call->match.value;
    ctx->standing = NULL;
    ctx->gathered = NULL;
}

/* A name in embed= that no handler asked for. */
static void refuse_unknown_parts(struct call *call)
{
    for (int i = 0; call->ctx.embed[i]; i++)
        if (strcmp(call->ctx.embed[i], "page") && !(call->ctx.embed_known & 1u << i))
            err_field(&call->err, "embed", N_("There is no part {name} here."), "name",
                      call->ctx.embed[i], NULL);
}

/* An act that takes nothing says so of whatever is sent; after its own refusals, as others do. */
static void refuse_unknown_members(struct call *call)
{
    static const struct field nothing[] = {{0}};
    char unused;
    const struct route *route = call->route;
    if (route->shape == SHAPE_ACTION && !route->body)
        call->code = fields_read(&call->ctx, nothing, &unused);
}

/* What failed in the register is the request's failure, whatever a rule said: it may have taken the
 * silence of a failed query for an answer. */
static void take_failure(struct call *call, struct tx *tx)
{
    if (tx_code(tx)) {
        const struct err *err = tx_err(tx);
        err_release(&call->err);
        err_set(&call->err, err->code, err->rule, err->msgid);
        call->err.retry_after = err->retry_after;
    }
    if (call->err.code)
        call->code = call->err.code;
}

/* Last of all: what a handler adds to an object may be worked out of members that nobody asked for. */
static enum code project(struct call *call)
{
    const struct route *route = call->route;
    json_t *document = call->answer.document;
    json_t *item;
    size_t i;
    if (route->shape == SHAPE_ONE) {
        enum code c = resource_project_check(&call->ctx, route->resource, document);
        if (c)
            return c;
        resource_project(&call->ctx, document);
    }
    if (route->shape == SHAPE_LIST) /* which has looked at the names itself */
        json_array_foreach(json_object_get(document, "items"), i, item)
            resource_project(&call->ctx, item);
    return OK;
}

void call_run(struct call *call, struct tx *tx)
{
    call_context(call, tx);
    call->code = call->route->run(&call->ctx, &call->answer);
    if (!call->code && !call->answer.moved && !call->answer.raw)
        refuse_unknown_parts(call);
    if (!call->code && !call->answer.moved)
        refuse_unknown_members(call);
    if (!call->code && !call->err.code && call->answer.document)
        call->code = project(call);
    take_failure(call, tx);
    if (!call->code && arena_full(call->request->arena))
        call->code = err_set(&call->err, E_TOO_BIG, "answer-too-big",
                             N_("The answer is too big. Ask for less at a time."));
}

static void run_read(struct call *call)
{
    struct tx *tx = db_read(app.db, call->request->arena);
    call_run(call, tx);
    db_read_end(tx);
    call->ctx.tx = NULL;
}

/* ---------------------------------------------------------------- writes */

/* The same POST again under the same key: the same answer, nothing done twice. */
static bool replay(struct call *call, struct tx *tx, const char *digest)
{
    json_t *row = db_row(tx,
                         "SELECT request AS \"request\", status AS \"status\", "
                         "location AS \"location\", body AS \"body\", "
                         "version AS \"version\" FROM idempotency "
                         "WHERE actor = ?1 AND name = ?2",
                         call->actor.account_id, call->idempotency);
    if (!row)
        return false;
    if (strcmp(json_text(row, "request"), digest)) {
        call->code = err_set(&call->err, E_CONFLICT, "idempotency-key-reused",
                             N_("This Idempotency-Key was used for another request."));
        json_decref(row);
    } else {
        call->replayed = row;
    }
    return true;
}

static const char *request_digest(struct call *call)
{
    char body[DIGEST_SIZE], digest[DIGEST_SIZE];
    crypt_digest(call->request->body, call->request->body_len, body);
    const char *all = arena_join(call->request->arena, call->method, " ", call->request->target,
                                 "\n", body, NULL);
    crypt_digest(all, strlen(all), digest);
    return arena_strdup(call->request->arena, digest);
}

/* Of an answer that is for one reader alone only its address is kept: the object is asked for anew,
 * as that reader may see it now; what is shown once (a link, a token) is not shown again. */
static void answer_anew(struct call *call, struct tx *tx)
{
    json_t *row = call->replayed;
    const char *location = arena_strdup(call->request->arena, json_text(row, "location"));
    int status = (int)json_int(row, "status", 201);
    call->replayed = NULL;
    json_decref(row);
    router_match(app.api, call->request->arena, "GET", location, &call->match);
    call->route = call->match.row;
    MUST(call->route);
    call_run(call, tx);
    if (!call->code) {
        call->answer.status = status;
        call->answer.location = location;
    }
}

static bool may_remember(const struct call *call)
{
    struct route_match match;
    if (!call->answer.personal)
        return true;
    if (!call->answer.location)
        return false;
    router_match(app.api, call->request->arena, "GET", call->answer.location, &match);
    return match.row != NULL;
}

static void remember(struct call *call, struct tx *tx, const char *digest)
{
    char old[INSTANT_SIZE];
    instant_from_seconds(instant_seconds(tx_instant(tx)) - 24 * 3600, old);
    if (db_run(tx, "DELETE FROM idempotency WHERE at < ?1", old) ||
        db_run(tx,
               "INSERT INTO idempotency (actor, name, request, status, location, body, version, "
               "at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
               call->actor.account_id, call->idempotency, digest,
               call->answer.status ? call->answer.status : 200, call->answer.location,
               call->answer.personal ? "" : call_json(call), call->answer.version,
               tx_instant(tx)))
        take_failure(call, tx);
}

/* On the writer thread, inside the transaction. */
static enum code write_run(struct tx *tx, void *arg)
{
    struct call *call = arg;
    const char *digest = call->idempotency ? request_digest(call) : NULL;
    if (!digest || !replay(call, tx, digest)) {
        call_run(call, tx);
        if (!call->code && digest && may_remember(call))
            remember(call, tx, digest);
    } else if (call->replayed && !*json_text(call->replayed, "body")) {
        answer_anew(call, tx);
    }
    call->ctx.tx = NULL;
    return call->code;
}

static void write_done(void *arg, enum code code)
{
    struct call *call = arg;
    if (code) /* the writer's word is the last: its transaction may have failed after the handler */
        call->code = code;
    else if (call->route->resource == &setting_resource)
        limits_read();
    http_resume(call->request);
}

static void queue_write(struct call *call)
{
    call->job = (struct db_job){.run = write_run,
                                .done = write_done,
                                .arg = call,
                                .arena = call->request->arena,
                                .err = &call->err};
    db_write(app.db, &call->job);
}

/* ---------------------------------------------------------------- on the worker */

static void tell_busy(struct call *call)
{
    call->code = err_set(&call->err, E_BUSY, "busy",
                         N_("Too much is going on. Try again in a moment."));
    call->err.retry_after = 2;
}

/* Whoever still waits for a worker when the server stops is told to come again: to finish all that is
 * queued would keep it from stopping. */
static bool too_late(struct call *call)
{
    if (!atomic_load(&app.leaving))
        return false;
    tell_busy(call);
    return true;
}

static void work_read(void *arg)
{
    struct call *call = arg;
    if (!too_late(call))
        run_read(call);
    http_resume(call->request);
}

static void work_prepare(void *arg)
{
    struct call *call = arg;
    if (too_late(call)) {
        http_resume(call->request);
        return;
    }
    struct tx *tx = db_read(app.db, call->request->arena);
    call_context(call, tx);
    call->code = call->route->prepare(&call->ctx, &call->answer);
    take_failure(call, tx);
    db_read_end(tx);
    if (call->code)
        http_resume(call->request);
    else
        queue_write(call);
}

static void work_export(void *arg)
{
    struct call *call = arg;
    if (!too_late(call))
        call_export(call);
    http_resume(call->request);
}

static bool queue_work(struct call *call, void (*run)(void *))
{
    bool export = call->format || (call->route->flags & ROUTE_EXPORT);
    call->work = (struct work){.run = run, .arg = call};
    if (worker_add(export ? app.exporter : app.worker, &call->work, export ? EXPORTS_MOST : WORK_MOST))
        return true;
    tell_busy(call);
    return false;
}

/* ---------------------------------------------------------------- noting that a session was used */

struct use {
    struct db_job job;
    struct actor actor;
    struct err err;
    struct arena *arena;
};

static enum code use_run(struct tx *tx, void *arg)
{
    return account_note_use(tx, &((struct use *)arg)->actor);
}

static void use_done(void *arg, enum code code)
{
    struct use *use = arg;
    if (code)
        log_line(LOG_WARN, "use-not-noted", NULL);
    arena_free(use->arena);
    err_release(&use->err);
    free(use);
}

static void note_use(const struct actor *actor)
{
    struct use *use = must_calloc(1, sizeof *use);
    use->actor = *actor; /* only its numbers are read: the texts die with the request */
    use->arena = arena_new(1 << 16);
    err_init(&use->err);
    use->job = (struct db_job){use_run, use_done, use, use->arena, &use->err, NULL};
    db_write(app.db, &use->job);
}

/* ---------------------------------------------------------------- 1: route */

static bool refuse(struct call *call, enum code code, const char *rule, const char *msgid)
{
    call->code = err_set(&call->err, code, rule, msgid);
    return false;
}

bool call_route(struct call *call, struct reply *reply)
{
    const struct router *router = call->api ? app.api : app.pages;
    router_match(router, call->request->arena, call->method, call->path, &call->match);
    call->route = call->match.row;
    if (call->route)
        return true;
    if (!call->match.allow)
        return refuse(call, E_ABSENT, "not-found",
                      N_("There is nothing here, or nothing that you may see."));
    reply_header(reply, "Allow", call->match.allow);
    if (!strcmp(call->method, "OPTIONS")) {
        reply->status = 204;
        return false;
    }
    return refuse(call, E_METHOD, "method-not-allowed", N_("This address does not answer that method."));
}

static bool starts(const char *text, const char *prefix, const char **rest)
{
    size_t n = strlen(prefix);
    if (strncmp(text, prefix, n) || (text[n] && text[n] != '/'))
        return false;
    *rest = text[n] ? text + n : "/";
    return true;
}

struct call *call_new(struct request *request)
{
    struct call *call = arena_alloc(request->arena, sizeof *call);
    char today[DAY_SIZE];
    call->request = request;
    err_init(&call->err);
    params_init(&call->query);
    params_init(&call->body);
    request->app = call;
    day_today(today);
    call->today = arena_strdup(request->arena, today);
    call->path = request->path;
    call->api = starts(request->path, "/api/v1", &call->path);
    call->head = !strcmp(request->method, "HEAD");
    call->method = request->method;
    call_context(call, NULL);
    return call;
}

/* ---------------------------------------------------------------- the head is here */

static bool reads_only(const struct call *call)
{
    return !strcmp(call->route->method, "GET");
}

/* Steps 1 and 2, before any body is read. Who comes first: also "not found" is said in the reader's
 * own language and page. */
static bool call_admit(struct call *call, struct reply *reply)
{
    return call_enter(call) && call_read_query(call) && call_identify(call) &&
           call_route(call, reply) && call_check_query(call) && call_permit(call);
}

static bool cached(struct call *call, struct reply *reply)
{
    const char *etag = NULL;
    if (!call->cache_key)
        return false;
    call->held = cache_get(app.cache, call->request->arena, call->cache_key, call->changes, &etag);
    if (!call->held)
        return false;
    if (call_unchanged(call, etag)) {
        call_not_modified(call, reply, etag);
    } else {
        reply->status = 200;
        reply->fixed = call->held;
    }
    return true;
}

/* A body with a file is held whole, so there are only so many; one that is too long is refused in
 * the reader's own language and page. */
static bool takes_file(struct call *call, size_t most)
{
    const char *length = request_header(call->request, "Content-Length");
    if (length && strtoull(length, NULL, 10) > most) {
        call->code = err_setf(&call->err, E_TOO_BIG, "body-too-big",
                              N_("What was sent is too big: at most {limit} MB may be sent at once."),
                              "limit", arena_int(call->request->arena, (long long)(most >> 20)),
                              NULL);
        return false;
    }
    if (uploads_enter(call))
        return true;
    refuse(call, E_BUSY, "busy", N_("Too much is going on. Try again in a moment."));
    call->err.retry_after = 10;
    return false;
}

bool app_head(struct request *request, struct reply *reply, size_t *body_limit)
{
    struct call *call = call_new(request);
    if (static_reply(request, reply))
        return true;
    if (!call_admit(call, reply)) {
        call_reply(call, reply);
        return true;
    }
    call_context(call, NULL); /* with the route's names: its form may be shown again */
    if (call->touch)
        note_use(&call->actor);
    if (call->route->flags & ROUTE_FILE)
        *body_limit = call->route->file_most ? call->route->file_most : FILE_BYTES;
    if ((call->route->flags & ROUTE_FILE) && !takes_file(call, *body_limit)) {
        call_reply(call, reply);
        return true;
    }
    if (!reads_only(call) || call->format ||
        (call->route->flags & (ROUTE_SLOW | ROUTE_EXPORT | ROUTE_LOGS_READ)))
        return false;
    if (cached(call, reply))
        return true;
    run_read(call);
    call_reply(call, reply);
    return true;
}

/* ---------------------------------------------------------------- the body is here */

bool app_body(struct request *request, struct reply *reply)
{
    struct call *call = request->app;
    if (reads_only(call) && (call->route->flags & ROUTE_LOGS_READ)) {
        queue_write(call); /* its trace is kept before the answer is sent */
        return false;
    }
    if (reads_only(call)) {
        if (cached(call, reply))
            return true;
        if (queue_work(call, call->format ? work_export : work_read))
            return false;
    } else if (call_read_body(call) && call_check_origin(call)) {
        if (!call->route->prepare) {
            queue_write(call);
            return false;
        }
        if (queue_work(call, work_prepare))
            return false;
    }
    call_reply(call, reply);
    return true;
}

void app_resumed(struct request *request, struct reply *reply)
{
    call_reply(request->app, reply);
}

/* ---------------------------------------------------------------- 9: done */

void call_release(struct call *call)
{
    json_decref(call->answer.document);
    json_decref(call->ctx.present);
    json_decref(call->ctx.prepared);
    json_decref(call->replayed);
    free(call->file);
    free(call->answer.bytes);
    if (call->uploads)
        uploads_leave(call);
    http_static_release(call->held);
    params_release(&call->query);
    params_release(&call->body);
    err_release(&call->err);
}

void app_done(struct request *request, int status, size_t bytes)
{
    struct call *call = request->app;
    struct arena *arena = request->arena;
    if (!call)
        return;
    log_line(LOG_NOTE, "request", "method", request->method, "route",
             call->route ? call->route->path : "-", "api", call->api ? "yes" : NULL, "status",
             arena_int(arena, status), "bytes", arena_int(arena, (long long)bytes), "ms",
             arena_int(arena, clock_ms() - request->began_ms), "account",
             call->actor.account_key ? call->actor.account_id : NULL, "trace",
             request_header(request, "traceparent"), NULL);
    call_release(call);
}
