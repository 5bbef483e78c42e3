/* app.h: what the files of the application share: one request on its way. Not for others. */
#ifndef KANSLI_SRC_APP_H
#define KANSLI_SRC_APP_H

#include <pthread.h>
#include <stdatomic.h>
#include <kansli/app.h>
#include <kansli/buf.h>
#include <kansli/limit.h>
#include <kansli/resource.h>
#include <kansli/route.h>
#include <kansli/view.h>
#include <kansli/worker.h>

/* The application: static from start to stop, then const but for what says so. */
struct app {
    struct db *db;
    struct http *http;
    struct router *api, *pages;
    struct worker *worker;      /* passwords, searches, checks */
    struct worker *exporter;    /* whole lists as files, one at a time */
    struct limit *limit;        /* requests per token or address; NULL: none */
    const char *base_url;
    const char *secret;         /* the register's own: anonymous forms' tokens */
    bool secure, demo, caching;
    atomic_bool leaving;        /* it is being stopped */
    const char *css, *js, *icons, *font; /* addresses with ?v= */
    struct cache *cache;
};
extern struct app app;

/* One request on its way through the nine steps. Lives in the request's arena. */
struct call {
    struct request *request;
    const struct route *route;
    struct route_match match;
    bool api;                  /* /api/v1 */
    bool head;                 /* HEAD: a GET whose body is not sent */
    bool suspended;
    bool tried;                /* asked by the page that explains the API, not by who sent headers */
    bool touch;                /* note the use of a session or token */
    const char *path;          /* without /api/v1 */
    const char *method;        /* after _method */
    const char *language;      /* cookie */
    const char *theme;
    const char *flash;         /* msgid, or NULL */
    const char *cookie;        /* session */
    const char *today;
    const char *idempotency;   /* Idempotency-Key, or NULL */
    struct actor actor;
    struct params query, body;
    struct err err;
    struct ctx ctx;
    struct answer answer;
    enum code code;
    struct db_job job;
    struct work work;
    uint64_t changes;          /* the register's change number before the snapshot */
    const char *cache_key;     /* NULL: not to be kept */
    struct http_static *held;  /* a kept answer on its way out */
    enum sheet_format format;  /* of a list; not JSON: the file that it becomes */
    char *file;
    size_t file_len;
    struct upload upload;      /* what a form or a script sent as a file */
    bool uploads;              /* it has its place among those that are held (uploads_enter) */
    json_t *replayed;          /* an earlier answer under the same Idempotency-Key */
};

/* app.c: the steps, as the server asks for them (struct http_app of http.h). */
bool app_head(struct request *request, struct reply *reply, size_t *body_limit);
bool app_body(struct request *request, struct reply *reply);
void app_resumed(struct request *request, struct reply *reply);
void app_done(struct request *request, int status, size_t bytes);

/* app_start.c: how much one caller may ask for is a setting: it holds from now on. */
void limits_read(void);

/* app.c: a request begins, finds its route, and what it held is freed. */
struct call *call_new(struct request *request);
bool call_route(struct call *call, struct reply *reply);
void call_release(struct call *call);
/* Steps 6 and 7: the handler on a snapshot or inside a write, and its failure. */
void call_run(struct call *call, struct tx *tx);

/* app_try.c: the page on which an address of the API is tried. */
extern const struct route try_routes[];

/* app_file.c: a whole list as a file: made on a worker, then sent. */
void call_export(struct call *call);
void call_file(struct call *call, struct reply *reply);
/* The reply is to be saved under that name: text, no path. */
void call_attach(struct reply *reply, struct arena *arena, const char *name);
/* A file that is read while it is sent (answer.stream). */
void call_stream(struct call *call, struct reply *reply);
/* A place for a body that is held whole: false when too many are held, of all or of this account.
 * With a place, leaving gives it back. */
bool uploads_enter(struct call *call);
void uploads_leave(struct call *call);

/* app_reply.c: the answer, or the failure, becomes a reply. */
void call_reply(struct call *call, struct reply *reply);
/* The bytes stand in reply->body_heap: who may keep them, and do they have to be sent at all? */
void call_tag(struct call *call, struct reply *reply);
/* True when the reader says that these very bytes are there already; and the answer to that. */
bool call_unchanged(const struct call *call, const char *etag);
void call_not_modified(struct call *call, struct reply *reply, const char *etag);
/* app_day.c: the page with the reader's day in every link to a page that takes one. */
void day_carry(struct arena *arena, const char *html, const char *day, struct buf *out);
/* http's own refusals, without a call. */
void app_refuse(struct request *request, int status, struct reply *reply);
/* The JSON answer of a write, for Idempotency-Key: bytes in the arena. */
const char *call_json(struct call *call);
extern const char *const app_headers[];

/* app_page.c: {"page": what stands around a document}: one name, so that no document's own `title`
 * or `email` is taken for the page's. New reference. */
json_t *page_around(struct call *call, const char *title);
/* The request's address as it was sent, with its query. */
const char *call_address(struct call *call);

/* app_guard.c: who is asking, from where, in which language, with what. Each returns false after
 * recording why not. */
bool call_enter(struct call *call);
bool call_read_query(struct call *call);
bool call_identify(struct call *call);
bool call_check_query(struct call *call);
bool call_permit(struct call *call);
bool call_read_body(struct call *call);
bool call_check_origin(struct call *call);
/* What an anonymous visitor's form carries today (or carried yesterday). */
const char *anonymous_csrf(struct arena *arena, const char *day);

/* app_cache.c: anonymous answers, kept while the register stands. */
struct cache *cache_new(size_t bytes);
void cache_free(struct cache *cache);
/* A held answer (the caller releases it), or NULL. *etag gets its ETag, copied to the arena. */
struct http_static *cache_get(struct cache *cache, struct arena *arena, const char *key,
                              uint64_t changes, const char **etag);
/* Keeps an answer of `size` bytes; holds it itself. */
void cache_put(struct cache *cache, const char *key, uint64_t changes, const char *etag,
               struct http_static *fixed, size_t size);

/* app_mail.c: the thread that sends what is due in the outbox. Prepared before any other thread:
 * E_INPUT when the file with the server's password cannot be read. Asked to stop soon, it takes no
 * further mail; stopping waits until the one under way is done, or counts it as unsure, within ten
 * seconds. */
NODISCARD enum code post_prepare(struct err *err);
void post_start(void);
void post_stop_soon(void);
void post_stop(void);

/* app_chores.c: the thread that runs every chore (chore.h) at start and when a day begins. */
void chores_start(void);
void chores_stop(void);

/* app_beside.c: a thread beside the requests, static: = BESIDE. */
struct beside {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    atomic_bool stop;
};
#define BESIDE {.lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER}
void beside_start(struct beside *beside, void *(*look)(void *));
bool beside_stopped(struct beside *beside);
/* At most so long; not at all when it is to stop. */
void beside_doze(struct beside *beside, int ms);
/* Says that it is to stop; waits until it has. */
void beside_stop_soon(struct beside *beside);
void beside_join(struct beside *beside);

/* app_import.c: the thread that does imports of many rows (exchange.h). */
void imports_start(void);
void imports_stop(void);

/* app_static.c: style, script, icons, fonts. */
void statics_start(void);
void statics_stop(void);
/* True when the path is a file's and the reply is filled. */
bool static_reply(struct request *request, struct reply *reply);

#endif
