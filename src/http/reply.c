/* reply.c: from a filled reply to libmicrohttpd's response object.
 *
 * Owns http_static and the one place where headers are written. A prepared answer keeps one
 * response object for each of its two forms and hands the same one to every client: no allocation,
 * no copy. It is made at the first sending, since only then the application's headers are known.
 * All other answers get an object of their own.
 *
 * Must never know why a status was chosen. */
#include "internal.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum form { FORM_PLAIN, FORM_GZIP, FORMS };

struct http_static {
    atomic_uint holders;
    char *type;
    char **headers; /* name, value, ..., NULL */
    struct {
        char *bytes;
        size_t n;
    } form[FORMS];
    _Atomic(struct MHD_Response *) response[FORMS];
};

void reply_header(struct reply *reply, const char *name, const char *value)
{
    if (!*value || strpbrk(value, "\r\n\t"))
        BUG("header %s has no value that can be sent", name);
    MUST((size_t)reply->headers < LEN(reply->header));
    reply->header[reply->headers].name = name;
    reply->header[reply->headers].value = value;
    reply->headers++;
}

static char *copy_bytes(const void *bytes, size_t n)
{
    char *copy = must_malloc(n + 1);
    if (n > 0)
        memcpy(copy, bytes, n);
    return copy;
}

struct http_static *http_static_new(const char *type, const void *bytes, size_t n, const void *gzip,
                                    size_t gzip_n, const char *const *headers)
{
    struct http_static *fixed = must_calloc(1, sizeof *fixed);
    size_t count = 0;
    atomic_init(&fixed->holders, 1);
    fixed->type = must_strdup(type);
    fixed->form[FORM_PLAIN].bytes = copy_bytes(bytes, n);
    fixed->form[FORM_PLAIN].n = n;
    if (gzip) {
        fixed->form[FORM_GZIP].bytes = copy_bytes(gzip, gzip_n);
        fixed->form[FORM_GZIP].n = gzip_n;
    }
    while (headers && headers[count])
        count++;
    fixed->headers = must_calloc(count + 1, sizeof *fixed->headers);
    for (size_t i = 0; i < count; i++)
        fixed->headers[i] = must_strdup(headers[i]);
    return fixed;
}

void http_static_hold(struct http_static *fixed)
{
    atomic_fetch_add(&fixed->holders, 1);
}

void http_static_release(struct http_static *fixed)
{
    if (!fixed || atomic_fetch_sub(&fixed->holders, 1) > 1)
        return;
    for (int form = 0; form < FORMS; form++) {
        struct MHD_Response *response = atomic_load(&fixed->response[form]);
        if (response)
            MHD_destroy_response(response);
        free(fixed->form[form].bytes);
    }
    for (char **text = fixed->headers; *text; text++)
        free(*text);
    free(fixed->headers);
    free(fixed->type);
    free(fixed);
}

static void put_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (MHD_add_response_header(response, name, value) != MHD_YES)
        BUG("header %s has no value that can be sent", name);
}

static bool pairs_name(char *const *pairs, const char *name)
{
    for (; pairs && *pairs; pairs += 2)
        if (strcasecmp(*pairs, name) == 0)
            return true;
    return false;
}

static bool reply_names(const struct reply *reply, const char *name)
{
    for (int i = 0; reply && i < reply->headers; i++)
        if (strcasecmp(reply->header[i].name, name) == 0)
            return true;
    return false;
}

/* The application's headers, but where a nearer one has the same name; then the prepared
 * answer's; then the reply's. */
static void put_headers(struct MHD_Response *response, const struct http *http,
                        const struct http_static *fixed, const struct reply *reply)
{
    char *const *pairs = fixed ? fixed->headers : NULL;
    for (const char *const *pair = http->app.headers; pair && *pair; pair += 2)
        if (!reply_names(reply, pair[0]) && !pairs_name(pairs, pair[0]))
            put_header(response, pair[0], pair[1]);
    for (char *const *pair = pairs; pair && *pair; pair += 2)
        if (!reply_names(reply, pair[0]))
            put_header(response, pair[0], pair[1]);
    for (int i = 0; reply && i < reply->headers; i++)
        put_header(response, reply->header[i].name, reply->header[i].value);
}

static struct MHD_Response *response_new(const char *bytes, size_t n,
                                         enum MHD_ResponseMemoryMode mode)
{
    /* libmicrohttpd promises not to write to what is not its own. */
    struct MHD_Response *response =
        MHD_create_response_from_buffer(n, (void *)(uintptr_t)bytes, mode);
    MUST(response != NULL);
    return response;
}

static void put_form(struct MHD_Response *response, const struct http_static *fixed, enum form form)
{
    put_header(response, "Content-Type", fixed->type);
    if (fixed->form[FORM_GZIP].bytes)
        put_header(response, "Vary", "Accept-Encoding");
    if (form == FORM_GZIP)
        put_header(response, "Content-Encoding", "gzip");
}

/* Two threads may both make it; the second throws its own away. */
static struct MHD_Response *shared_response(const struct http *http, struct http_static *fixed,
                                            enum form form)
{
    struct MHD_Response *known = atomic_load(&fixed->response[form]);
    if (known)
        return known;
    struct MHD_Response *made =
        response_new(fixed->form[form].bytes, fixed->form[form].n, MHD_RESPMEM_PERSISTENT);
    put_headers(made, http, fixed, NULL);
    put_form(made, fixed, form);
    if (atomic_compare_exchange_strong(&fixed->response[form], &known, made))
        return made;
    MHD_destroy_response(made);
    return known;
}

/* Not called after on_completed, so it may rest on the exchange. */
static ssize_t read_on(void *exchange, uint64_t at, char *room, size_t n)
{
    struct exchange *x = exchange;
    size_t got = x->read(x->source, at, room, n);
    return got > 0 ? (ssize_t)got : MHD_CONTENT_READER_END_WITH_ERROR;
}

static struct MHD_Response *read_response(struct exchange *x, const struct reply *reply)
{
    x->read = reply->read;
    x->source = reply->source;
    struct MHD_Response *response =
        MHD_create_response_from_callback(reply->body_len, SEND_PIECE, read_on, x, NULL);
    MUST(response != NULL);
    return response;
}

static struct MHD_Response *own_response(struct exchange *x, const struct reply *reply,
                                         enum form form, bool close)
{
    const struct http_static *fixed = reply->fixed;
    const char *bytes = fixed              ? fixed->form[form].bytes
                        : reply->body_heap ? reply->body_heap
                        : reply->body      ? reply->body
                                           : "";
    size_t n = fixed ? fixed->form[form].n : reply->body_len;
    bool owned = !fixed && reply->body_heap;
    enum MHD_ResponseMemoryMode mode = owned ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT;
    struct MHD_Response *response =
        reply->read ? read_response(x, reply) : response_new(bytes, n, mode);
    put_headers(response, x->http, fixed, reply);
    if (fixed)
        put_form(response, fixed, form);
    else if (reply->type)
        put_header(response, "Content-Type", reply->type);
    if (close)
        put_header(response, "Connection", "close");
    return response;
}

static enum form choose_form(const struct request *request, const struct http_static *fixed)
{
    bool gzip = fixed && fixed->form[FORM_GZIP].bytes && request_takes_gzip(request);
    return gzip ? FORM_GZIP : FORM_PLAIN;
}

enum MHD_Result reply_send(struct exchange *x, struct reply *reply)
{
    const struct http *http = x->http;
    bool close = x->close || atomic_load(&http->stopping);
    enum form form = choose_form(&x->request, reply->fixed);
    struct http_static *fixed = (struct http_static *)(uintptr_t)reply->fixed;
    bool shared = fixed && reply->headers == 0 && !close;
    struct MHD_Response *response =
        shared ? shared_response(http, fixed, form) : own_response(x, reply, form, close);

    MUST(reply->status >= 200 && reply->status <= 599);
    x->stage = STAGE_REPLIED;
    x->status = reply->status;
    if (strcmp(x->request.method, "HEAD") != 0)
        x->sent = fixed ? fixed->form[form].n : reply->body_len;
    peer_deadline(x->peer, SEND_MS);
    enum MHD_Result queued = MHD_queue_response(x->connection, (unsigned)reply->status, response);
    if (!shared)
        MHD_destroy_response(response);
    return queued;
}
