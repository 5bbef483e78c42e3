/* exchange.c: the life of one request, from its first line to its log line.
 *
 * libmicrohttpd calls on_target with the raw target, then on_request several times (head; pieces of
 * the body; its end; once more after a suspension) and on_completed once. `stage` says which call
 * is next, so each step is a function that reads like what it does. An answer to the first call
 * ends the connection, whatever the method: right for a refusal before a body, wrong for a page. So
 * a request without a body is answered at its second call. Exchanges and their arenas are used
 * again: a request costs no malloc here.
 *
 * Suspension has one race: the application arranges the wake-up in body() and another thread may
 * call http_resume before libmicrohttpd was told to suspend. `wake` is where both meet; whoever
 * comes second acts.
 *
 * Must never know what the application does with a request. */
#include "internal.h"
#include <stdlib.h>
#include <string.h>

enum { SPARES = 64 };

static struct exchange *exchange_take(struct http *http)
{
    pthread_mutex_lock(&http->lock);
    struct exchange *x = http->spare;
    if (x) {
        http->spare = x->next;
        http->spares--;
    }
    pthread_mutex_unlock(&http->lock);
    if (!x) {
        x = must_calloc(1, sizeof *x);
        x->request.arena = arena_new(ARENA_BYTES);
    }
    return x;
}

static void exchange_free(struct exchange *x)
{
    arena_free(x->request.arena);
    free(x);
}

static void exchange_give(struct exchange *x)
{
    struct http *http = x->http;
    struct arena *arena = x->request.arena;
    arena_clear(arena);
    memset(x, 0, sizeof *x);
    x->request.arena = arena;
    pthread_mutex_lock(&http->lock);
    bool keep = http->spares < SPARES;
    if (keep) {
        x->next = http->spare;
        http->spare = x;
        http->spares++;
    }
    pthread_mutex_unlock(&http->lock);
    if (!keep)
        exchange_free(x);
}

void exchange_free_spares(struct http *http)
{
    while (http->spare) {
        struct exchange *x = http->spare;
        http->spare = x->next;
        exchange_free(x);
    }
}

/* The one moment the target is seen as it was sent: libmicrohttpd cuts and unescapes it next. */
void *on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct http *http = cls;
    struct exchange *x = exchange_take(http);
    x->http = http;
    x->connection = connection;
    x->peer =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    x->request.exchange = x;
    x->request.target = arena_strdup(x->request.arena, target);
    x->request.path = x->request.query = x->request.body = "";
    x->request.address = x->peer->address;
    x->request.secure = http->secure;
    x->request.began_ms = clock_ms();
    return x;
}

static enum MHD_Result refuse(struct exchange *x, int status)
{
    struct reply reply = {.status = status};
    x->close = true;
    x->http->app.refuse(&x->request, status, &reply);
    reply.status = status;
    return reply_send(x, &reply);
}

/* In the middle of a body libmicrohttpd takes no answer: what is too much is dropped, so that
 * 413 can be said at the end. */
static enum MHD_Result take_part(struct exchange *x, const char *data, size_t *size)
{
    size_t room = x->body_limit - x->body.len;
    size_t n = *size < room ? *size : room;
    buf_add(&x->body, data, n);
    x->body_over += *size - n;
    *size = 0;
    return x->body_over <= BODY_OVERRUN ? MHD_YES : MHD_NO;
}

static enum MHD_Result take_answer(struct exchange *x)
{
    struct reply reply = {0};
    atomic_fetch_sub(&x->http->waiting, 1);
    x->http->app.resumed(&x->request, &reply);
    return reply_send(x, &reply);
}

/* body() returned false: somebody else will call http_resume, or already has. */
static enum MHD_Result wait_for_answer(struct exchange *x)
{
    int expected = WAKE_NONE;
    x->stage = STAGE_WAITING;
    if (atomic_load(&x->wake) == WAKE_CALLED)
        return take_answer(x);
    MHD_suspend_connection(x->connection);
    if (!atomic_compare_exchange_strong(&x->wake, &expected, WAKE_SUSPENDED))
        MHD_resume_connection(x->connection);
    return MHD_YES;
}

void http_resume(struct request *request)
{
    struct exchange *x = request->exchange;
    struct MHD_Connection *connection = x->connection;
    /* Unless it was suspended, the server thread owns x from here on: it may be gone already. */
    if (atomic_exchange(&x->wake, WAKE_CALLED) == WAKE_SUSPENDED)
        MHD_resume_connection(connection);
}

static enum MHD_Result take_body(struct exchange *x)
{
    struct http *http = x->http;
    struct reply reply = {0};
    if (x->body_over > 0)
        return refuse(x, MHD_HTTP_CONTENT_TOO_LARGE);
    x->request.body = x->body.data;
    x->request.body_len = x->body.len;
    peer_deadline(x->peer, 0); /* from here on it is our time, not the client's */
    /* First counted, then asked: http_stop closes first, then looks at the count. */
    atomic_fetch_add(&http->waiting, 1);
    if (!atomic_load(&http->closed)) {
        if (!http->app.body(&x->request, &reply))
            return wait_for_answer(x);
        atomic_fetch_sub(&http->waiting, 1);
        return reply_send(x, &reply);
    }
    atomic_fetch_sub(&http->waiting, 1);
    return refuse(x, MHD_HTTP_SERVICE_UNAVAILABLE);
}

static bool body_follows(const struct exchange *x)
{
    return x->chunked || x->length > 0;
}

/* An answer before the body: what the client goes on sending belongs to nobody, so the
 * connection ends with it. */
static void leave_body(struct exchange *x)
{
    x->close = true;
    x->peer->unread = true;
}

/* A file is long in coming over a slow line: what it has beyond the usual gets its own time. */
static int patience(const struct exchange *x)
{
    return x->length > BODY_BYTES ? (int)((x->length - BODY_BYTES) / BODY_PACE) : 0;
}

static enum MHD_Result ask_head(struct exchange *x)
{
    struct reply reply = {0};
    bool follows = body_follows(x);
    x->body_limit = BODY_BYTES;
    if (x->http->app.head(&x->request, &reply, &x->body_limit)) {
        if (follows)
            leave_body(x);
        return reply_send(x, &reply);
    }
    if (x->length > x->body_limit) {
        leave_body(x);
        return refuse(x, MHD_HTTP_CONTENT_TOO_LARGE);
    }
    buf_init(&x->body, x->body_limit);
    if (!follows)
        return take_body(x);
    x->stage = STAGE_BODY;
    peer_deadline(x->peer, x->http->body_ms + patience(x));
    return MHD_YES;
}

static enum MHD_Result take_head(struct exchange *x, const char *url, const char *version)
{
    struct request *request = &x->request;
    int status = guard_head(x, url, version);
    if (!status)
        status = request_parse_target(request);
    if (status) {
        leave_body(x);
        return refuse(x, status);
    }
    if (x->peer->trusted) {
        const char *forwarded = request_forwarded(request);
        request->address = forwarded ? forwarded : request->address;
    }
    if (body_follows(x))
        return ask_head(x);
    x->stage = STAGE_BARE;
    return MHD_YES;
}

enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
                           const char *method, const char *version, const char *data, size_t *size,
                           void **context)
{
    struct exchange *x = *context;
    (void)cls;
    (void)connection;
    switch (x->stage) {
    case STAGE_HEAD:
        x->request.method = method;
        x->active = true;
        peer_deadline(x->peer, 0);
        atomic_fetch_add(&x->http->active, 1);
        return take_head(x, url, version);
    case STAGE_BARE:
        return ask_head(x);
    case STAGE_BODY:
        return *size > 0 ? take_part(x, data, size) : take_body(x);
    case STAGE_WAITING:
        return take_answer(x);
    case STAGE_REPLIED:
        break;
    }
    *size = 0;
    return MHD_YES;
}

void on_completed(void *cls, struct MHD_Connection *connection, void **context,
                  enum MHD_RequestTerminationCode why)
{
    struct http *http = cls;
    struct exchange *x = *context;
    (void)connection;
    (void)why;
    if (!x)
        return;
    *context = NULL;
    peer_deadline(x->peer, http->head_ms);
    if (x->stage == STAGE_WAITING) /* resumed, but the client had left */
        atomic_fetch_sub(&http->waiting, 1);
    if (x->active)
        http->app.done(&x->request, x->status, x->sent);
    if (x->body.data)
        buf_release(&x->body);
    bool active = x->active;
    exchange_give(x);
    if (active)
        atomic_fetch_sub(&http->active, 1);
}
