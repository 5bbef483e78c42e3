/* server.c: starting and stopping.
 *
 * Owns the daemon, its options and the order in which things come up and go down. A pool of epoll
 * threads, more than cores, because a slow page holds up its thread's other connections
 * (performance.md). Never the post processor, never Basic or Digest (security.md 1).
 *
 * Must never know what a request says. */
#include "internal.h"
#include <kansli/log.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 4, CONNECTIONS = 1000, HEAD_MS = 10000, BODY_MS = 30000 };

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct http *http = cls;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        watchdog_remove(&http->dog, *context);
        *context = NULL;
        return;
    }
    int fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    const struct sockaddr *from =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    struct peer *peer = watchdog_add(&http->dog, fd, http->head_ms);
    address_text(from, peer->address);
    /* Who may open the socket file is the proxy, or may say what it likes about itself. */
    peer->trusted = http->unix_path || strcmp(peer->address, http->proxy) == 0;
    *context = peer;
}

static size_t unescape_nothing(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls;
    (void)connection;
    return strlen(text);
}

PRINTF(2, 0) static void on_log(void *cls, const char *format, va_list values)
{
    char text[300];
    (void)cls;
    vsnprintf(text, sizeof text, format, values);
    text[strcspn(text, "\n")] = '\0';
    log_line(LOG_DEBUG, "microhttpd", "text", text, NULL);
}

static struct MHD_Daemon *start_daemon(struct http *http, int fd, unsigned threads,
                                       unsigned connections, unsigned per_address)
{
    /* Not STRICT_FOR_CLIENT: all it adds are two refusals that come out wrong (a target with a
     * space is cut without a status, a missing Host gets its header twice). The guard sees both. */
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME |
                     MHD_USE_ERROR_LOG;
    struct MHD_OptionItem options[] = {
        {MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)on_log, NULL},
        {MHD_OPTION_LISTEN_SOCKET, fd, NULL},
        {MHD_OPTION_STRICT_FOR_CLIENT, 0, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)connections, NULL},
        {MHD_OPTION_PER_IP_CONNECTION_LIMIT, (intptr_t)per_address, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEAD_BYTES, NULL},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, http},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)unescape_nothing, NULL},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, http},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, http},
        {threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t)threads, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, http, MHD_OPTION_ARRAY, options,
                            MHD_OPTION_END);
}

static void http_free(struct http *http)
{
    exchange_free_spares(http);
    if (http->unix_path)
        unlink(http->unix_path);
    pthread_mutex_destroy(&http->lock);
    free(http->unix_path);
    free(http->address);
    free(http);
}

static enum code http_open(struct http *http, const struct http_options *options, struct err *err)
{
    int shortest = http->head_ms < http->body_ms ? http->head_ms : http->body_ms;
    unsigned threads = options->threads > 0 ? (unsigned)options->threads : THREADS;
    unsigned connections = options->connections ? options->connections : CONNECTIONS;
    int fd;
    if (options->proxy && !address_normal(options->proxy, http->proxy))
        return err_setf(err, E_INTERNAL, "proxy-address", N_("{address} is not an address."),
                        "address", options->proxy, NULL);
    enum code c = listen_open(options->listen, &fd, &http->address, &http->unix_path, err);
    if (c)
        return c;
    if (http->app.ready)
        http->app.ready(http->address);
    c = watchdog_start(&http->dog, shortest, err);
    if (c) {
        close(fd);
        return c;
    }
    /* The limit is divided among the threads, and each needs room for one. */
    http->daemon = start_daemon(http, fd, threads, connections < threads ? threads : connections,
                                options->per_address);
    if (!http->daemon) {
        watchdog_stop(&http->dog);
        close(fd);
        return err_set(err, E_INTERNAL, "no-server", N_("The server could not be started."));
    }
    return OK;
}

enum code http_start(const struct http_options *options, const struct http_app *app,
                     struct http **out, struct err *err)
{
    struct http *http = must_calloc(1, sizeof *http);
    http->app = *app;
    http->secure = options->secure;
    http->head_ms = options->head_ms > 0 ? options->head_ms : HEAD_MS;
    http->body_ms = options->body_ms > 0 ? options->body_ms : BODY_MS;
    pthread_mutex_init(&http->lock, NULL);
    /* What a large body took goes back to the system with its request, not to the thread it came to. */
    mallopt(M_MMAP_THRESHOLD, BODY_LARGE);
    /* A client that left, a log that is full: values, not deaths. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    /* All others are for the main thread: new threads inherit this mask. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    enum code c = http_open(http, options, err);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (c) {
        http_free(http);
        return c;
    }
    *out = http;
    return OK;
}

const char *http_address(const struct http *http)
{
    return http->address;
}

static void nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

void http_stop(struct http *http, int grace_ms)
{
    int64_t until = clock_ms() + grace_ms;
    int64_t remind = until;
    atomic_store(&http->stopping, true);
    MHD_socket fd = MHD_quiesce_daemon(http->daemon);
    while (atomic_load(&http->active) > 0 && clock_ms() < until)
        nap();
    /* A suspended request is known to another thread, which will call http_resume: nothing may
     * be freed before. */
    atomic_store(&http->closed, true);
    while (atomic_load(&http->waiting) > 0) {
        if (clock_ms() >= remind) {
            log_line(LOG_WARN, "stop-waits-for-suspended", NULL);
            remind = clock_ms() + 5000;
        }
        nap();
    }
    MHD_stop_daemon(http->daemon);
    if (fd != MHD_INVALID_SOCKET)
        close(fd);
    watchdog_stop(&http->dog);
    http_free(http);
}
