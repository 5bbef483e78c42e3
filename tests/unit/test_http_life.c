/* test_http_life.c: slow and vanishing clients, suspended requests, the end of a server,
 * addresses. */
#include "http_toy.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- slow and vanishing clients ---- */

/* One byte now and then keeps libmicrohttpd's own timeout away; ours counts from the beginning. */
static int64_t time_until_cut(const char *beginning, bool drip)
{
    char answer[1000];
    int fd = dial(server);
    int64_t from = clock_ms();
    puts_to(fd, beginning);
    while (recv(fd, answer, sizeof answer, MSG_DONTWAIT) != 0 && errno != ECONNRESET &&
           clock_ms() - from < 5000) {
        if (drip)
            puts_to(fd, "a");
        nap(20);
    }
    close(fd);
    return clock_ms() - from;
}

static void slow_clients_are_cut_and_others_are_served(void **state)
{
    static const struct {
        const char *beginning;
        bool drip;
        int least;
    } cases[] = {
        {"", false, 300},
        {"GET / HT", false, 300},
        {"GET / HTTP/1.1\r\nHost: x\r\nA", true, 300},
        {"POST /a HTTP/1.1\r\n" H "Content-Length: 9000\r\n\r\nabc", true, 600},
        {"GET / HTTP/1.1\r\n" H "\r\n", false, 300}, /* idle after its answer */
    };
    struct http *before = server;
    int held[20];
    (void)state;
    server = serve(&(struct http_options){
        .listen = "127.0.0.1:0", .threads = 2, .head_ms = 300, .body_ms = 600});
    for (size_t i = 0; i < LEN(cases); i++) {
        int took = (int)time_until_cut(cases[i].beginning, cases[i].drip);
        if (took < cases[i].least || took > cases[i].least + 1000)
            fail_msg("case %zu took %d ms", i, took);
    }
    for (size_t i = 0; i < LEN(held); i++) {
        held[i] = dial(server);
        puts_to(held[i], cases[i % LEN(cases)].beginning);
    }
    int64_t from = clock_ms();
    assert_int_equal(status_of("GET / HTTP/1.1\r\n" H "\r\n"), 200);
    assert_true(clock_ms() - from < 250);
    for (size_t i = 0; i < LEN(held); i++)
        close(held[i]);
    http_stop(server, 1000);
    server = before;
}

/* The time a handler takes is not the client's: an old connection is not cut while its page is
 * made. */
static void a_slow_answer_is_not_the_clients_fault(void **state)
{
    struct http *before = server;
    (void)state;
    server = serve(&(struct http_options){.listen = "127.0.0.1:0", .head_ms = 200, .body_ms = 200});
    atomic_store(&toy.wait_ms, 600);
    int fd = dial(server);
    nap(100);
    puts_to(fd, "POST /wait HTTP/1.1\r\n" H "Content-Length: 2\r\n\r\nhi");
    assert_int_equal(get_one(fd, true), 200);
    close(fd);
    fd = dial(server);
    nap(100);
    puts_to(fd, "GET /slow HTTP/1.1\r\n" H "\r\n");
    assert_int_equal(get_one(fd, true), 200);
    close(fd);
    http_stop(server, 1000);
    server = before;
}

static void the_connection_limit_holds_and_frees_itself(void **state)
{
    struct http *before = server;
    int fds[60];
    (void)state;
    server = serve(&(struct http_options){
        .listen = "127.0.0.1:0", .threads = 2, .connections = 8, .head_ms = 300});
    for (size_t i = 0; i < LEN(fds); i++)
        fds[i] = dial(server);
    int64_t from = clock_ms();
    assert_int_equal(status_of("GET / HTTP/1.1\r\n" H "\r\n"), 200);
    assert_true(clock_ms() - from < 4500);
    for (size_t i = 0; i < LEN(fds); i++)
        close(fds[i]);
    assert_int_equal(status_of("GET / HTTP/1.1\r\n" H "\r\n"), 200);
    http_stop(server, 1000);
    server = before;
}

static void a_client_that_leaves_is_told_of(void **state)
{
    int before = settled_dones();
    int fd = dial(server);
    (void)state;
    atomic_store(&toy.last_status, -1);
    puts_to(fd, "POST /a HTTP/1.1\r\n" H "Content-Length: 100\r\n\r\nabc");
    nap(50);
    close(fd);
    assert_true(becomes(&toy.dones, before + 1));
    assert_int_equal(atomic_load(&toy.last_status), 0);
    assert_int_equal(status_of("GET /big HTTP/1.1\r\n" H "\r\n"), 200);
    assert_true(becomes(&toy.dones, before + 2));
    assert_int_equal(atomic_load(&toy.last_status), 200);
    assert_int_equal(atomic_load(&toy.last_bytes), BIG_PAGE);
}

/* ---- suspension and the end ---- */

static void a_suspended_request_is_answered_by_another_thread(void **state)
{
    int fds[40];
    (void)state;
    atomic_store(&toy.wait_ms, 100);
    for (size_t i = 0; i < LEN(fds); i++) {
        fds[i] = dial(server);
        puts_to(fds[i], "POST /wait HTTP/1.1\r\n" H "Content-Length: 2\r\n\r\nhi");
    }
    int64_t from = clock_ms();
    assert_int_equal(status_of("GET / HTTP/1.1\r\n" H "\r\n"), 200); /* nobody else waits */
    assert_true(clock_ms() - from < 1000);
    for (size_t i = 0; i < LEN(fds); i++) {
        assert_int_equal(get_one(fds[i], true), 200);
        assert_string_equal(body(), "waited hi");
        puts_to(fds[i], "GET /wait HTTP/1.1\r\n" H "\r\n");
    }
    for (size_t i = 0; i < LEN(fds); i++) {
        assert_int_equal(get_one(fds[i], true), 200);
        assert_string_equal(body(), "waited ");
        close(fds[i]);
    }
    assert_true(becomes(&toy.threads_left, 0));
}

static void a_wake_up_may_come_at_any_moment(void **state)
{
    int fd = dial(server);
    (void)state;
    atomic_store(&toy.wait_ms, 0);
    for (int i = 0; i < 200; i++) {
        puts_to(fd, i % 2 ? "POST /wait/none HTTP/1.1\r\n" H "Content-Length: 2\r\n\r\nhi"
                          : "POST /wait HTTP/1.1\r\n" H "Content-Length: 2\r\n\r\nhi");
        assert_int_equal(get_one(fd, true), 200);
        assert_string_equal(body(), "waited hi");
    }
    close(fd);
}

static void a_client_may_leave_while_its_request_waits(void **state)
{
    int before = settled_dones();
    (void)state;
    atomic_store(&toy.wait_ms, 150);
    for (int i = 0; i < 10; i++) {
        int fd = dial(server);
        puts_to(fd, "POST /wait HTTP/1.1\r\n" H "Content-Length: 2\r\n\r\nhi");
        nap(10);
        if (i % 2) /* a reset instead of a goodbye */
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
        close(fd);
    }
    assert_true(becomes(&toy.dones, before + 10));
    assert_true(becomes(&toy.threads_left, 0));
}

static void *stop_it(void *http)
{
    http_stop(http, 300);
    return NULL;
}

static void stopping_waits_for_requests_in_flight(void **state)
{
    struct http *http = serve(&(struct http_options){.listen = "127.0.0.1:0"});
    pthread_t stopper;
    int waiting = dial(http), slow = dial(http), idle = dial(http);
    (void)state;
    atomic_store(&toy.wait_ms,
                 700); /* longer than the grace: a suspended one is always waited for */
    puts_to(idle, "GET / HTTP/1.1\r\n" H "\r\n");
    assert_int_equal(get_one(idle, true), 200);
    puts_to(waiting, "POST /wait HTTP/1.1\r\n" H "Content-Length: 2\r\n\r\nhi");
    puts_to(slow, "POST /a HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\na");
    nap(100);
    int64_t from = clock_ms();
    assert_int_equal(pthread_create(&stopper, NULL, stop_it, http), 0);
    nap(50);
    puts_to(idle, "GET / HTTP/1.1\r\n" H "\r\n"); /* still served, for the last time */
    assert_int_equal(get_one(idle, true), 200);
    assert_int_equal(count(got, "Connection: close"), 1);
    assert_true(get_all(idle));
    assert_int_equal(get_one(waiting, true), 200);
    assert_string_equal(body(), "waited hi");
    assert_true(get_all(waiting));
    assert_true(get_all(slow));
    assert_string_equal(got, "");
    pthread_join(stopper, NULL);
    assert_true(clock_ms() - from < 3000);
    assert_true(becomes(&toy.threads_left, 0));
}

static void after_the_grace_a_late_body_gets_503(void **state)
{
    struct http *http = serve(&(struct http_options){.listen = "127.0.0.1:0"});
    pthread_t stopper;
    int waiting = dial(http), late = dial(http);
    (void)state;
    atomic_store(&toy.wait_ms, 900);
    puts_to(waiting, "POST /wait HTTP/1.1\r\n" H "Content-Length: 2\r\n\r\nhi");
    puts_to(late, "POST /a HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\na");
    nap(100);
    assert_int_equal(pthread_create(&stopper, NULL, stop_it, http), 0);
    nap(450);
    puts_to(late, "bc");
    assert_int_equal(get_one(late, true), 503);
    assert_true(get_all(late));
    assert_int_equal(get_one(waiting, true), 200);
    close(waiting);
    pthread_join(stopper, NULL);
    assert_true(becomes(&toy.threads_left, 0));
}

/* ---- addresses ---- */

static void address_for(struct http *http, const char *forwarded, const char *wanted)
{
    char request[500];
    int fd = dial(http);
    snprintf(request, sizeof request, "GET /address HTTP/1.1\r\n" H "%s\r\n", forwarded);
    puts_to(fd, request);
    assert_int_equal(get_one(fd, true), 200);
    if (strcmp(body(), wanted) != 0)
        fail_msg("%s gives %s", forwarded, body());
    close(fd);
}

static void forwarded_is_believed_from_the_proxy_only(void **state)
{
    static const struct {
        const char *header, *address;
    } cases[] = {
        {"", "127.0.0.1"},
        {"Forwarded: for=192.0.2.1\r\n", "192.0.2.1"},
        {"Forwarded: proto=https; For=\"192.0.2.1:4711\";by=x\r\n", "192.0.2.1"},
        {"Forwarded: for=\"[2001:DB8::1]:4711\"\r\n", "2001:db8::1"},
        {"Forwarded: for=\"[::ffff:192.0.2.7]\"\r\n", "192.0.2.7"},
        {"Forwarded: for=10.0.0.1, for=192.0.2.2\r\n", "192.0.2.2"},
        {"Forwarded: for=\"10.0.0.1, for=192.0.2.3\r\n", "192.0.2.3"},
        {"Forwarded: for=10.0.0.1\r\nForwarded: for=192.0.2.4\r\n", "192.0.2.4"},
        {"Forwarded: for=unknown\r\n", "127.0.0.1"},
        {"Forwarded: for=\r\n", "127.0.0.1"},
        {"Forwarded: for=\"\"\r\n", "127.0.0.1"},
        {"Forwarded: by=1.2.3.4\r\n", "127.0.0.1"},
        {"X-Forwarded-For: 192.0.2.5\r\n", "127.0.0.1"},
    };
    struct http *http =
        serve(&(struct http_options){.listen = "127.0.0.1:0", .proxy = "127.0.0.1"});
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        address_for(http, cases[i].header, cases[i].address);
    http_stop(http, 100);
    http = serve(&(struct http_options){.listen = "127.0.0.1:0", .proxy = "127.0.0.2"});
    address_for(http, "Forwarded: for=192.0.2.1\r\n", "127.0.0.1");
    http_stop(http, 100);
    address_for(server, "Forwarded: for=192.0.2.1\r\n", "127.0.0.1");
}

static void it_listens_on_ipv6_and_on_files(void **state)
{
    char name[64];
    struct stat st;
    struct err err;
    struct http *other = NULL;
    (void)state;
    struct http *http = serve(&(struct http_options){.listen = "[::1]:0", .threads = 1});
    assert_int_equal(strncmp(http_address(http), "http://[::1]:", 13), 0);
    address_for(http, "", "::1");
    http_stop(http, 100);

    snprintf(name, sizeof name, "unix:/tmp/kansli-test-%d.sock", (int)getpid());
    http = serve(&(struct http_options){.listen = name});
    assert_string_equal(http_address(http), name);
    address_for(http, "", "unix");
    address_for(http, "Forwarded: for=192.0.2.9\r\n", "192.0.2.9");
    err_init(&err);
    assert_int_equal(http_start(&(struct http_options){.listen = name}, &toy_app, &other, &err),
                     E_INTERNAL);
    err_release(&err);
    http_stop(http, 100);
    assert_int_equal(stat(name + 5, &st), -1);

    struct sockaddr_un un = {.sun_family = AF_UNIX}; /* left by a crash */
    strncpy(un.sun_path, name + 5, sizeof un.sun_path - 1);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&un, sizeof un), 0);
    close(fd);
    http = serve(&(struct http_options){.listen = name});
    address_for(http, "", "unix");
    http_stop(http, 100);
}

static void an_address_that_cannot_be_used_is_a_value(void **state)
{
    static const char *const bad[] = {"",
                                      "8080",
                                      ":8080",
                                      "localhost:80",
                                      "127.0.0.1",
                                      "127.0.0.1:x",
                                      "1.2.3:",
                                      "::1:80",
                                      "[::1]",
                                      "127.0.0.1:99999",
                                      "192.0.2.1:0",
                                      "unix:",
                                      "unix:/nowhere/at/all.sock",
                                      "[127.0.0.1]:x"};
    struct http *http = NULL;
    (void)state;
    for (size_t i = 0; i <= LEN(bad); i++) {
        struct err err;
        err_init(&err);
        const char *listen = i < LEN(bad) ? bad[i] : http_address(server) + strlen("http://");
        enum code c = http_start(&(struct http_options){.listen = listen}, &toy_app, &http, &err);
        if (c != E_INTERNAL || strcmp(err.rule, "listen-failed") != 0)
            fail_msg("%s: %d", listen, (int)c);
        err_release(&err);
    }
    assert_int_equal(http_start(&(struct http_options){.listen = "127.0.0.1:0", .proxy = "gateway"},
                                &toy_app, &http, NULL),
                     E_INTERNAL);
    assert_null(http);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slow_clients_are_cut_and_others_are_served),
        cmocka_unit_test(a_slow_answer_is_not_the_clients_fault),
        cmocka_unit_test(the_connection_limit_holds_and_frees_itself),
        cmocka_unit_test(a_client_that_leaves_is_told_of),
        cmocka_unit_test(a_suspended_request_is_answered_by_another_thread),
        cmocka_unit_test(a_wake_up_may_come_at_any_moment),
        cmocka_unit_test(a_client_may_leave_while_its_request_waits),
        cmocka_unit_test(stopping_waits_for_requests_in_flight),
        cmocka_unit_test(after_the_grace_a_late_body_gets_503),
        cmocka_unit_test(forwarded_is_believed_from_the_proxy_only),
        cmocka_unit_test(it_listens_on_ipv6_and_on_files),
        cmocka_unit_test(an_address_that_cannot_be_used_is_a_value),
    };
    return cmocka_run_group_tests(tests, toy_start, toy_stop);
}
