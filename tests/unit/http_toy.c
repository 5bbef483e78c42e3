/* http_toy.c: the toy application of the tests of http, and a client that speaks bytes.
 *
 * The application says by its path what it does; it counts what it sees, since a smuggled
 * request would be one too many. The client sends exactly what it is told and never repairs
 * anything. */
#include "http_toy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- the toy application ---- */

struct toy toy;

static struct http_static *page, *plain;
static const char *const toy_headers[] = {"X-Toy", "yes", "Cache-Control", "no-store", NULL};
static const char big_page[BIG_PAGE] = {[0 ... BIG_PAGE - 1] = 'k'};

void nap(int ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

static void say(struct request *request, struct reply *reply, int status, const char *text)
{
    reply->status = status;
    reply->type = "text/plain; charset=utf-8";
    reply->body = arena_strdup(request->arena, text);
    reply->body_len = strlen(reply->body);
}

const char *text_or(const char *text, const char *otherwise)
{
    return text ? text : otherwise;
}

static bool toy_head(struct request *request, struct reply *reply, size_t *body_limit)
{
    const char *path = request->path;
    struct arena *arena = request->arena;
    if (strcmp(path, "/smuggled") == 0)
        atomic_fetch_add(&toy.smuggled, 1);
    if (strcmp(path, "/static") == 0) {
        reply->status = 200;
        reply->fixed = page;
    } else if (strcmp(path, "/plain") == 0) {
        reply->status = 200;
        reply->fixed = plain;
        reply_header(reply, "Set-Cookie", "a=b");
    } else if (strcmp(path, "/big") == 0) {
        *reply = (struct reply){
            .status = 200, .type = "text/html", .body = big_page, .body_len = sizeof big_page};
    } else if (strcmp(path, "/cookie") == 0) {
        say(request, reply, 200, text_or(request_cookie(request, "id"), "(none)"));
    } else if (strcmp(path, "/address") == 0) {
        say(request, reply, 200, request->address);
    } else if (strcmp(path, "/own") == 0) {
        say(request, reply, 200, text_or(request_header(request, "x-ASKED"), "(none)"));
        reply_header(reply, "cache-control", "max-age=1");
    } else if (strcmp(path, "/empty") == 0) {
        reply->status = 204;
    } else if (strcmp(path, "/early") == 0) {
        say(request, reply, 401, "who are you");
    } else {
        if (strcmp(path, "/small") == 0)
            *body_limit = 10;
        if (strcmp(path, "/slow") == 0)
            nap(atomic_load(&toy.wait_ms));
        if (strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0)
            return false;
        if (strncmp(path, "/wait", 5) == 0)
            return false;
        say(request, reply, 200,
            arena_printf(arena, "%s %s ? %s", request->method, path, request->query));
    }
    return true;
}

static void *resume_later(void *request)
{
    if (atomic_load(&toy.wait_ms) > 0)
        nap(atomic_load(&toy.wait_ms));
    http_resume(request);
    atomic_fetch_sub(&toy.threads_left, 1);
    return NULL;
}

static bool toy_body(struct request *request, struct reply *reply)
{
    pthread_t thread;
    if (strncmp(request->path, "/wait", 5) != 0) {
        reply->status = 200;
        reply->type = "application/octet-stream";
        reply->body_heap = must_malloc(request->body_len + 1);
        memcpy(reply->body_heap, request->body, request->body_len);
        reply->body_len = request->body_len;
        return true;
    }
    request->app = must_strdup("mine");
    atomic_fetch_add(&toy.threads_left, 1);
    if (pthread_create(&thread, NULL, resume_later, request) != 0)
        abort();
    if (strcmp(request->path, "/wait/none") == 0)
        pthread_join(thread, NULL); /* the wake-up comes before the suspension */
    else
        pthread_detach(thread);
    return false;
}

static void toy_resumed(struct request *request, struct reply *reply)
{
    say(request, reply, 200, arena_printf(request->arena, "waited %s", request->body));
}

static void toy_done(struct request *request, int status, size_t bytes)
{
    free(request->app);
    atomic_store(&toy.last_status, status);
    atomic_store(&toy.last_bytes, bytes);
    atomic_fetch_add(&toy.dones, 1);
}

static void toy_refuse(struct request *request, int status, struct reply *reply)
{
    say(request, reply, status, arena_printf(request->arena, "refused %d", status));
}

const struct http_app toy_app = {toy_head, toy_body,    toy_resumed,
                                 toy_done, toy_headers, toy_refuse, NULL};

/* ---- a client that speaks bytes ---- */

struct http *server;
char got[GOT];

struct http *serve(const struct http_options *options)
{
    struct http *http = NULL;
    struct err err;
    err_init(&err);
    assert_int_equal(http_start(options, &toy_app, &http, &err), OK);
    return http;
}

int dial(const struct http *http)
{
    const char *address = http_address(http);
    int fd, done;
    if (strncmp(address, "unix:", 5) == 0) {
        struct sockaddr_un un = {.sun_family = AF_UNIX};
        strncpy(un.sun_path, address + 5, sizeof un.sun_path - 1);
        fd = socket(AF_UNIX, SOCK_STREAM, 0);
        done = connect(fd, (struct sockaddr *)&un, sizeof un);
    } else if (strchr(address, '[')) {
        struct sockaddr_in6 in = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
        in.sin6_port = htons((uint16_t)strtol(strrchr(address, ':') + 1, NULL, 10));
        fd = socket(AF_INET6, SOCK_STREAM, 0);
        done = connect(fd, (struct sockaddr *)&in, sizeof in);
    } else {
        struct sockaddr_in in = {.sin_family = AF_INET};
        in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        in.sin_port = htons((uint16_t)strtol(strrchr(address, ':') + 1, NULL, 10));
        fd = socket(AF_INET, SOCK_STREAM, 0);
        done = connect(fd, (struct sockaddr *)&in, sizeof in);
    }
    assert_int_equal(done, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_sec = 5}, sizeof(struct timeval));
    return fd;
}

void put(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes += sent;
        n -= (size_t)sent;
    }
}

void puts_to(int fd, const char *text)
{
    put(fd, text, strlen(text));
}

/* Reads to the end of the connection into got; false when it stays open for five seconds. */
bool get_all(int fd)
{
    size_t n = 0;
    ssize_t more;
    while ((more = recv(fd, got + n, sizeof got - 1 - n, 0)) > 0)
        n += (size_t)more;
    bool ended = more == 0 || errno == ECONNRESET;
    got[n] = '\0';
    close(fd);
    return ended;
}

/* Reads one answer with a Content-Length into got, the next one unread; returns its status. */
int get_one(int fd, bool with_body)
{
    size_t n = 0, want = 0;
    const char *end = NULL;
    got[0] = '\0';
    while (!end && recv(fd, got + n, 1, 0) == 1) {
        got[++n] = '\0';
        if (n >= 4 && strcmp(got + n - 4, "\r\n\r\n") == 0)
            end = got + n;
    }
    const char *length = strstr(got, "Content-Length: ");
    if (end && length && with_body)
        want = strtoul(length + 16, NULL, 10);
    for (ssize_t more; want > 0 && (more = recv(fd, got + n, want, 0)) > 0; n += (size_t)more)
        want -= (size_t)more;
    got[n] = '\0';
    return n > 12 && want == 0 ? (int)strtol(got + 9, NULL, 10) : 0;
}

const char *body(void)
{
    const char *end = strstr(got, "\r\n\r\n");
    return end ? end + 4 : "";
}

int count(const char *text, const char *word)
{
    int n = 0;
    for (; (text = strstr(text, word)); text += strlen(word))
        n++;
    return n;
}

int status_of(const char *request)
{
    int fd = dial(server);
    puts_to(fd, request);
    int status = get_one(fd, true);
    close(fd);
    return status;
}

bool becomes(atomic_int *value, int wanted)
{
    for (int i = 0; i < 500 && atomic_load(value) != wanted; i++)
        nap(10);
    return atomic_load(value) == wanted;
}

int settled_dones(void)
{
    int last;
    do {
        last = atomic_load(&toy.dones);
        nap(50);
    } while (atomic_load(&toy.dones) != last);
    return last;
}

int toy_start(void **state)
{
    static const char *const headers[] = {"ETag", "\"1\"", "cache-control", "max-age=9", NULL};
    (void)state;
    page = http_static_new("text/css", "the long form", 13, "small", 5, headers);
    plain = http_static_new("text/plain", "plain", 5, NULL, 0, NULL);
    http_static_hold(page);
    http_static_release(page);
    server = serve(&(struct http_options){.listen = "127.0.0.1:0"});
    return 0;
}

int toy_stop(void **state)
{
    (void)state;
    http_stop(server, 1000);
    http_static_release(page);
    http_static_release(plain);
    http_static_release(NULL);
    return 0;
}
