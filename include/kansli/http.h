/* http.h: bytes on a socket ↔ a request and its reply. The only room that knows libmicrohttpd.
 *
 * libmicrohttpd 0.9.75 is a lenient parser (security.md 1): the guard in guard.c refuses with 400
 * and closes on everything that can be seen (two Host headers, Content-Length with
 * Transfer-Encoding, control characters, second Cookie …), a watchdog closes a connection that has
 * not sent its head within 10 s (counted from its opening or its last answer, so an idle one goes
 * too) or its body within 30 s (a body that says it is longer than 256 KB gets a second more for
 * each further 64 KB), without a word. A chunked request is the last on its connection. This room
 * knows no route, no account and no SQL: the application is a few functions.
 *
 * A few refusals libmicrohttpd makes by itself, in its own words and without the application's
 * headers: 400 for a Content-Length that is no number, a header line without a colon, a malformed
 * request line or chunk; 413 for a length beyond 64 bits, 414 and 431 for a head over 32 KB, 505
 * for HTTP/2 and up. All of them close; but for the chunk, the application never hears of them. */
#ifndef KANSLI_HTTP_H
#define KANSLI_HTTP_H

#include <kansli/arena.h>
#include <kansli/buf.h>
#include <kansli/err.h>
#include <kansli/params.h>

struct http; /* a running server */

/* What came in. Lives, with its arena, until the reply has been sent. Read-only for the
 * application but for `app`. */
struct request {
    struct arena *arena;
    const char *method;     /* "GET", "HEAD", "POST", ..., or what was invented: A-Z and - */
    const char *target;     /* as sent, raw: for the log and self links */
    const char *path;       /* decoded once per segment; no empty, "." or ".." segment; a trailing
                             * slash is dropped but in "/" itself */
    const char *query;      /* raw, after '?'; "" when none */
    const char *body;       /* whole, within the limit; "" when none */
    size_t body_len;
    const char *address;    /* the peer ("unix" on a socket file), or what Forwarded says when it
                             * comes from the configured proxy or through a socket file: for limits
                             * and the log only */
    bool secure;            /* the outside speaks https: from the base address, not from a header */
    int64_t began_ms;       /* clock_ms() when its first line had come */
    void *app;              /* the application's own */
    struct exchange *exchange; /* http's own */
};

/* A header's value, or NULL. Borrowed. Names are case-insensitive. */
const char *request_header(const struct request *request, const char *name);
/* A cookie's value, or NULL, in the arena. */
const char *request_cookie(const struct request *request, const char *name);
/* True when the client takes gzip. */
bool request_takes_gzip(const struct request *request);

/* What goes out. The application fills it, its status at least; http frees body_heap with free()
 * after sending. A HEAD gets the same reply as a GET: the body is counted and not sent. */
struct reply {
    int status;
    const char *type;        /* Content-Type; NULL for no body */
    const char *body;        /* body_len bytes, alive as long as the request; or */
    char *body_heap;         /* taken over and freed; or */
    /* a file of body_len bytes, read piece by piece while it is sent: up to n bytes from `at`, 0 to
     * end the connection; called on server threads until done(); or */
    size_t (*read)(void *source, uint64_t at, char *room, size_t n);
    void *source;
    const struct http_static *fixed; /* a prepared answer, alive until done() like body: a cache
                                      * that may drop it holds it here and releases it in done() */
    size_t body_len;
    int headers;
    struct { const char *name, *value; } header[24]; /* by reply_header */
};
/* Borrowed until done(). Empty values, and those with CR, LF or TAB, are BUG(). Replaces a
 * header of the same name that http_app.headers or a prepared answer has. */
void reply_header(struct reply *reply, const char *name, const char *value);

/* A prepared, shared answer (a static file, a cached page): built once, sent often, freed when
 * the last holder lets go; the maker is the first. gzip may be NULL; sent when the client
 * accepts it (Vary says so by itself). Bytes and headers are copied. It keeps the headers of the
 * server that sent it first: not for two servers. A reply that adds headers to it works and
 * costs what any other reply costs. */
struct http_static *http_static_new(const char *type, const void *bytes, size_t n, const void *gzip,
                                    size_t gzip_n,
                                    const char *const *headers /* name, value, ..., NULL */);
void http_static_hold(struct http_static *fixed);
void http_static_release(struct http_static *fixed);

/* The application. */
struct http_app {
    /* The head is here, no body yet. Return true and fill reply to answer at once (a refusal, or
     * a GET without a body); with a body still to come that ends the connection. Return false to
     * have the body read: at most *body_limit bytes (default 256 KB), more is answered 413 by
     * http. */
    bool (*head)(struct request *request, struct reply *reply, size_t *body_limit);
    /* The body is here. Return true with a reply, or false after having arranged that
     * http_resume is called, once, from another thread; that may happen before body() returns. */
    bool (*body)(struct request *request, struct reply *reply);
    /* After http_resume, on a server thread: fill the reply. Left out when the client has gone:
     * then done() is next. */
    void (*resumed)(struct request *request, struct reply *reply);
    /* The reply is sent or the client is gone: one log line; free request->app. Called for every
     * request that head() or refuse() saw. status is 0 when there was no reply yet; bytes are
     * those of the body that was to be sent. */
    void (*done)(struct request *request, int status, size_t bytes);
    /* Headers for every answer, http's own refusals too (CSP, nosniff, ...): name, value, ...,
     * NULL. */
    const char *const *headers;
    /* The body of http's own refusals (400, 405, 413, 414, 431, 503, 505): fills a reply for a
     * status. request may be half-empty: only arena, method, target and address are sure. 503 is
     * said to bodies that arrive after http_stop's grace. */
    void (*refuse)(struct request *request, int status, struct reply *reply);
    /* The address is known (http_address) and no request has come yet; NULL: nobody asks. */
    void (*ready)(const char *address);
};

struct http_options {
    const char *listen;        /* "127.0.0.1:8080", "[::1]:0", "unix:/run/kansli.sock"; numeric;
                                * port 0 picks one */
    const char *proxy;         /* address of a trusted proxy whose Forwarded is believed for
                                * `address` only, or NULL */
    bool secure;
    int threads;               /* epoll threads; 0: 4 */
    unsigned connections;      /* 0: 1 000; divided among the threads */
    unsigned per_address;      /* of them by one address, 0: any number; what is more is closed
                                * unheard, so that nobody takes all. Not for a server behind a proxy */
    int head_ms, body_ms;      /* watchdog; 0: 10 000 and 30 000 */
};

/* Listens and serves until http_stop. E_INTERNAL when the address cannot be had. */
/* Ignores SIGPIPE and SIGXFSZ in the whole process; its threads take no signals. Failures:
 * E_INTERNAL, "listen-failed" with the reason, "proxy-address". */
NODISCARD enum code http_start(const struct http_options *options, const struct http_app *app,
                               struct http **out, struct err *err);
/* "http://127.0.0.1:41233": with the port that was picked; "unix:/run/kansli.sock". Borrowed. */
const char *http_address(const struct http *http);
/* Stops accepting, lets requests in flight finish (at most `grace_ms`), closes. A suspended
 * request is waited for however long it takes, since another thread knows it: what calls
 * http_resume must be stopped after this. */
void http_stop(struct http *http, int grace_ms);

/* From any thread: the suspended request goes on, `resumed` is called on a server thread. */
void http_resume(struct request *request);

#endif
