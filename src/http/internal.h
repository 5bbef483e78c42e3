/* internal.h: what the files of the http room tell each other.
 *
 * A peer is one accepted socket, an exchange one request on it with its reply. libmicrohttpd
 * keeps a pointer to each (socket context, request context), so nothing is ever looked up. An
 * exchange belongs to one server thread at a time; what other threads touch is atomic and says
 * so. */
#ifndef KANSLI_HTTP_INTERNAL_H
#define KANSLI_HTTP_INTERNAL_H

#include <kansli/date.h>
#include <kansli/http.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

enum {
    HEAD_BYTES = 32 * 1024,         /* a connection's memory: both heads */
    HEAD_COUNT = 100,               /* headers of a request */
    TARGET_BYTES = 8000,            /* of a request's target */
    PATH_BYTES = 2000,              /* of its path, undecoded */
    BODY_BYTES = 256 * 1024,        /* of a body, unless the application says otherwise */
    BODY_LARGE = 1024 * 1024,       /* is given back as soon as its request ends */
    BODY_PACE = 64,                 /* bytes a millisecond at which the rest of a long one may come */
    BODY_OVERRUN = 8 * 1024 * 1024, /* read past the limit only to be able to say 413 */
    ARENA_BYTES = 16 * 1024 * 1024, /* ceiling of a request's arena */
    SEND_PIECE = 128 * 1024,        /* of a reply that is read while it is sent */
    SEND_MS = 5 * 60 * 1000,        /* for the client to take its answer */
    IDLE_S = 60                     /* without a byte either way while it does */
};

/* watchdog.c: absolute deadlines. */

struct peer {
    struct peer *next, **link; /* the watchdog's list, under its lock */
    int fd;
    _Atomic int64_t deadline; /* clock_ms(); INT64_MAX for none */
    bool unread;              /* answered before all was read: see watchdog.c */
    bool trusted;             /* its Forwarded is believed */
    char address[INET6_ADDRSTRLEN];
};

enum { LINGERERS = 64 };

struct watchdog {
    pthread_t thread;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t wake;
    bool stop;
    int tick_ms;
    struct peer *peers;
    int lingering;
    struct {
        int fd;
        int64_t until;
    } linger[LINGERERS];
};

NODISCARD enum code watchdog_start(struct watchdog *dog, int shortest_ms, struct err *err);
/* After the daemon has stopped: no peer is left. */
void watchdog_stop(struct watchdog *dog);
struct peer *watchdog_add(struct watchdog *dog, int fd, int head_ms);
/* The socket is about to be closed by its owner. Frees the peer. */
void watchdog_remove(struct watchdog *dog, struct peer *peer);
/* The peer is cut off ms from now; never when ms is 0. */
void peer_deadline(struct peer *peer, int ms);

/* exchange.c: the life of one request. */

struct http {
    struct MHD_Daemon *daemon;
    struct http_app app;
    bool secure;
    int head_ms, body_ms;
    char proxy[INET6_ADDRSTRLEN]; /* "" for none */
    char *address, *unix_path;    /* unix_path: to be removed at the end; or NULL */
    struct watchdog dog;
    atomic_int active;            /* requests between head and done */
    atomic_int waiting;           /* requests that are or may become suspended */
    atomic_bool stopping, closed; /* answers close; nobody may be suspended any more */
    pthread_mutex_t lock;         /* guards the spare exchanges */
    struct exchange *spare;
    int spares;
};

enum stage { STAGE_HEAD, STAGE_BARE, STAGE_BODY, STAGE_WAITING, STAGE_REPLIED };
enum wake { WAKE_NONE, WAKE_SUSPENDED, WAKE_CALLED };

struct exchange {
    struct request request;
    struct http *http;
    struct MHD_Connection *connection;
    struct peer *peer;
    struct exchange *next; /* among the spare ones */
    enum stage stage;
    atomic_int wake; /* enum wake; where suspension and http_resume meet */
    bool active;     /* counted in http->active; done() will be called */
    bool close;      /* the connection ends with this reply */
    bool chunked;
    uint64_t length;              /* Content-Length; 0 when none */
    size_t body_limit, body_over; /* bytes dropped beyond the limit */
    struct buf body;              /* initialised from STAGE_BODY on */
    size_t (*read)(void *source, uint64_t at, char *room, size_t n); /* the reply's own */
    void *source;
    int status;                   /* of the reply; 0 before */
    size_t sent;                  /* bytes of its body */
};

void *on_target(void *http, const char *target, struct MHD_Connection *connection);
enum MHD_Result on_request(void *http, struct MHD_Connection *connection, const char *url,
                           const char *method, const char *version, const char *data, size_t *size,
                           void **context);
void on_completed(void *http, struct MHD_Connection *connection, void **context,
                  enum MHD_RequestTerminationCode why);
void exchange_free_spares(struct http *http);

/* guard.c: 0, or the status a malformed head is refused with. Fills x->length, x->chunked,
 * x->close. */
int guard_head(struct exchange *x, const char *url, const char *version);

/* request.c */
/* Splits and decodes request->target; 0, 400 or 414. */
int request_parse_target(struct request *request);
/* The address that the nearest proxy's Forwarded gives, in the arena, or NULL when it gives
 * none. */
const char *request_forwarded(const struct request *request);

/* reply.c: hands the reply to libmicrohttpd; takes over body_heap. */
enum MHD_Result reply_send(struct exchange *x, struct reply *reply);

/* listen.c */
/* Opens the socket that `listen` names; *address gets what clients connect to, *unix_path the
 * file or NULL. */
NODISCARD enum code listen_open(const char *listen, int *fd, char **address, char **unix_path,
                                struct err *err);
/* The numeric text of an address, IPv4 within IPv6 as IPv4; "unix" for a local peer. */
void address_text(const struct sockaddr *address, char out[INET6_ADDRSTRLEN]);
/* The same spelling of an address a person wrote; false when it is none. */
bool address_normal(const char *text, char out[INET6_ADDRSTRLEN]);

#endif
