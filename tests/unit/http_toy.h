/* http_toy.h: what the tests of http share: a toy application, a server that runs it, a raw
 * client. */
#ifndef HTTP_TOY_H
#define HTTP_TOY_H

#include <stdatomic.h>

#include <kansli/date.h>
#include <kansli/http.h>

enum { BIG_PAGE = 4600, GOT = 1 << 20 };

/* What the application saw, and how long it takes. */
struct toy {
    atomic_int dones, last_status, smuggled, threads_left, wait_ms;
    atomic_size_t last_bytes;
};
extern struct toy toy;
extern const struct http_app toy_app;

/* The server most tests talk to: toy_start and toy_stop are a group's fixtures. */
extern struct http *server;
int toy_start(void **state);
int toy_stop(void **state);
struct http *serve(const struct http_options *options);

int dial(const struct http *http);
/* Send as much as the other side takes. */
void put(int fd, const char *bytes, size_t n);
void puts_to(int fd, const char *text);
/* What was received last; body() is what follows its head. */
extern char got[GOT];
const char *body(void);
/* Reads to the end of the connection and closes it; false when it stays open for five seconds. */
bool get_all(int fd);
/* Reads one answer and leaves the next unread; returns its status, 0 when there is none. */
int get_one(int fd, bool with_body);
/* Sends one request on a connection of its own to `server`. */
int status_of(const char *request);

int count(const char *text, const char *word);
const char *text_or(const char *text, const char *otherwise);
void nap(int ms);
/* True when it does within five seconds. */
bool becomes(atomic_int *value, int wanted);
/* toy.dones when the requests before have had their done(), which comes after the answer. */
int settled_dones(void);

#define H "Host: x\r\n"
#define NEXT "GET /smuggled HTTP/1.1\r\n" H "\r\n"

#endif
