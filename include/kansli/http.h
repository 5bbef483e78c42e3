/* http.h: bytes on a socket ↔ a request and its reply. The only room that knows libmicrohttpd.
 *
 * libmicrohttpd 0.9.75 is a lenient parser (security.md 1): the guard in guard.c refuses with 400 and closes on everything that
 * can be seen (two Host headers, Content-Length with Transfer-Encoding, control characters, second Cookie …), a watchdog closes
 * a connection that has not sent its head within 10 s or its body within 30 s. This room knows no route, no account and no
 * SQL: the application is two functions. */
#ifndef KANSLI_HTTP_H
#define KANSLI_HTTP_H

#include <kansli/arena.h>
#include <kansli/buf.h>
#include <kansli/err.h>
#include <kansli/params.h>

struct http; /* a running server */

/* What came in. Lives, with its arena, until the reply has been sent. Read-only for the application but for `app`. */
struct request {
    struct arena *arena;
    const char *method;     /* "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", or what was invented */
    const char *target;     /* as sent, raw: for the log and self links */
    const char *path;       /* decoded once per segment; no empty, "." or ".." segment, no trailing slash but "/" itself */
    const char *query;      /* raw, after '?'; "" when none */
    const char *body;       /* whole, within the limit; "" when none */
    size_t body_len;
    const char *address;    /* the peer, or what a configured proxy's Forwarded says: for limits and the log only */
    bool secure;            /* the outside speaks https: from the base address, never from a header */
    int64_t began_ms;
    void *app;              /* the application's own */
    struct exchange *exchange; /* http's own */
};

/* A header's value, or NULL. Borrowed. Names are case-insensitive. */
const char *request_header(const struct request *request, const char *name);
/* A cookie's value, or NULL, in the arena. */
const char *request_cookie(const struct request *request, const char *name);

/* What goes out. The application fills it; http frees body_heap with free() after sending. */
struct reply {
    int status;
    const char *type;        /* Content-Type; NULL for no body */
    const char *body;        /* body_len bytes, alive as long as the request; or */
    char *body_heap;         /* taken over and freed; or */
    const struct http_static *fixed; /* a prepared answer */
    size_t body_len;
    int headers;
    struct { const char *name, *value; } header[24]; /* values must have no CR, LF, TAB: such are BUG() */
};
void reply_header(struct reply *reply, const char *name, const char *value);

/* A prepared, shared answer (a static file, a cached page): built once, sent often, freed when the last holder lets go.
 * gzip may be NULL; sent when the client accepts it. Bytes are copied. */
struct http_static *http_static_new(const char *type, const void *bytes, size_t n, const void *gzip,
                                    size_t gzip_n, const char *const *headers /* name, value, ..., NULL */);
void http_static_hold(struct http_static *fixed);
void http_static_release(struct http_static *fixed);

/* The application. */
struct http_app {
    /* The head is here, no body yet. Return true and fill reply to answer at once (a refusal, or a GET without a body). Return
     * false to have the body read: at most *body_limit bytes (default 256 KB), more is answered 413 by http. */
    bool (*head)(struct request *request, struct reply *reply, size_t *body_limit);
    /* The body is here. Return true with a reply, or false after having arranged that http_resume is called later from another
     * thread. */
    bool (*body)(struct request *request, struct reply *reply);
    /* After http_resume, on a server thread: fill the reply. */
    void (*resumed)(struct request *request, struct reply *reply);
    /* The reply is sent or the client is gone: one log line; free request->app. */
    void (*done)(struct request *request, int status, size_t bytes);
    /* Headers for every answer, http's own refusals too (CSP, nosniff, ...): name, value, ..., NULL. */
    const char *const *headers;
    /* The body of http's own refusals (400, 405, 408, 413, 414, 431, 503): fills a reply for a status. request may be half-empty:
     * only arena, method, target are sure. */
    void (*refuse)(struct request *request, int status, struct reply *reply);
};

struct http_options {
    const char *listen;        /* "127.0.0.1:8080", "[::1]:0", "unix:/run/kansli.sock"; port 0 picks one */
    const char *proxy;         /* address of a trusted proxy whose Forwarded is believed for `address` only, or NULL */
    bool secure;
    int threads;               /* epoll threads; 0: 4 */
    unsigned connections;      /* 0: 1 000 */
    int head_ms, body_ms;      /* watchdog; 0: 10 000 and 30 000 */
};

/* Listens and serves until http_stop. E_INTERNAL when the address cannot be had. */
NODISCARD enum code http_start(const struct http_options *options, const struct http_app *app,
                               struct http **out, struct err *err);
/* "http://127.0.0.1:41233": with the port that was picked. Borrowed. */
const char *http_address(const struct http *http);
/* Stops accepting, lets requests in flight finish (at most `grace_ms`), closes. */
void http_stop(struct http *http, int grace_ms);

/* From any thread: the suspended request goes on, `resumed` is called on a server thread. */
void http_resume(struct request *request);

#endif
