/* test_http.c: what comes in and what goes out, over raw sockets to a real server.
 *
 * What is tried is what a stranger can send (security.md 1) and what http.h promises about
 * requests and replies. Time, threads and addresses are in test_http_life.c. */
#include "http_toy.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void a_header_value_with_line_ends_is_our_mistake(void **state)
{
    static const char *const bad[] = {"", "a\r\nb", "a\nb", "a\rb", "a\tb"};
    (void)state;
    for (size_t i = 0; i <= LEN(bad); i++) {
        int status;
        pid_t pid = fork();
        if (pid == 0) {
            struct reply reply = {0};
            close(2);
            signal(SIGABRT, SIG_DFL);
            for (int n = 0; i == LEN(bad) && n < 25; n++)
                reply_header(&reply, "A", "one too many");
            if (i < LEN(bad))
                reply_header(&reply, "A", bad[i]);
            _exit(0);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    }
}

/* ---- what is malformed ---- */

#define CASE(status, bytes)              \
    {                                    \
        status, bytes, sizeof(bytes) - 1 \
    }

static const struct {
    int status;
    const char *bytes;
    size_t n;
} malformed[] = {
    CASE(400, "POST / HTTP/1.1\r\n" H
              "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT),
    CASE(400, "POST / HTTP/1.1\r\n" H
              "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" NEXT),
    CASE(400, "POST / HTTP/1.1\r\n" H "Content-Length: 0\r\nContent-Length: 41\r\n\r\n" NEXT),
    CASE(400, "POST / HTTP/1.1\r\n" H "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello" NEXT),
    CASE(400, "POST / HTTP/1.1\r\n" H "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" NEXT),
    CASE(400, "POST / HTTP/1.1\r\n" H "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" NEXT),
    CASE(400, "POST / HTTP/1.1\r\n" H "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n" NEXT),
    CASE(400, "POST / HTTP/1.1\r\n" H
              "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT),
    CASE(400, "POST / HTTP/1.1\r\n" H "Transfer-Encoding:\x0b"
              "chunked\r\n\r\n0\r\n\r\n" NEXT),
    CASE(400, "POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked \r\n\r\n0\r\n\r\n" NEXT),
    CASE(400, "POST / HTTP/1.0\r\n" H "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H "Host: y\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H "Cookie: a=1\r\nCookie: b=2\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\nhello" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT),
    CASE(400, "HEAD / HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\nhello" NEXT),
    CASE(400, "DELETE / HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\nhello" NEXT),
    CASE(400, "OPTIONS / HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\nhello" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H "X-Re\r\n mote: v\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H "X-R: a\r\n mote-User: v\r\nB: c\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H "X-R: a\r\n\tb\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n X-R: a\r\n" H "\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\n" H "\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H "A: b\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H "\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\nHost: x\rA: b\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H "A: b\0c\r\nB: c\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H "A: b\0c\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H "A: \0\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H "A\0: b\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H "A: b\x01\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H "A: b\x7f\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H "A B: c\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H "A(: c\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H "\xc3\xa5: c\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H ": c\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H ": c\r\nB: d\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\n" H "nothing\r\n\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1\r\nA: b\r\n\r\n" NEXT),
    CASE(400, "GET /a b HTTP/1.1\r\n" H "\r\n" NEXT),
    CASE(400, "GET\t/ HTTP/1.1\r\n" H "\r\n" NEXT),
    CASE(400, "GET /a\0b HTTP/1.1\r\n" H "\r\n" NEXT),
    CASE(400, "GET  / HTTP/1.1\r\n" H "\r\n" NEXT),
    CASE(400, "GET / HTTP/1.1 \r\n" H "\r\n" NEXT),
    CASE(400, "GET /\r\n" H "\r\n" NEXT),
    CASE(400, "GET / http/1.1\r\n" H "\r\n" NEXT),
    CASE(505, "GET / HTTP/1.7\r\n" H "\r\n" NEXT),
    CASE(505, "GET / HTTP/2.0\r\n" H "\r\n" NEXT),
    CASE(400, "GET http://x/ HTTP/1.1\r\n" H "\r\n" NEXT),
    CASE(400, "OPTIONS * HTTP/1.1\r\n" H "\r\n" NEXT),
    CASE(405, "TRACE / HTTP/1.1\r\n" H "\r\n" NEXT),
    CASE(405, "CONNECT /x HTTP/1.1\r\n" H "\r\n" NEXT),
    CASE(405, "get / HTTP/1.1\r\n" H "\r\n" NEXT),
    CASE(405, "GE\x01T / HTTP/1.1\r\n" H "\r\n" NEXT),
    CASE(405, "ABCDEFGHIJKLMNOPQRSTU / HTTP/1.1\r\n" H "\r\n" NEXT),
};

static void a_malformed_head_gets_one_refusal_and_the_line_is_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(malformed); i++) {
        int fd = dial(server);
        put(fd, malformed[i].bytes, malformed[i].n);
        bool cut = get_all(fd);
        int status = (int)strtol(got + 9, NULL, 10);
        if (!cut || status != malformed[i].status || count(got, "HTTP/1.1 ") != 1)
            fail_msg("case %zu (%s): %d, answer %s", i, malformed[i].bytes, cut, got);
        assert_int_equal(count(got, "Connection: close"), 1);
    }
    assert_int_equal(atomic_load(&toy.smuggled), 0);
}

/* libmicrohttpd answers these itself, with its header twice: still a 400 and the end of the
 * line. */
static void a_bad_content_length_ends_the_connection(void **state)
{
    static const char *const lengths[] = {"-5", "+5", "5, 5", "0x5", "", "5 5", "a", " "};
    (void)state;
    for (size_t i = 0; i < LEN(lengths); i++) {
        char request[300];
        int fd = dial(server);
        snprintf(request, sizeof request,
                 "POST / HTTP/1.1\r\n" H "Content-Length: %s\r\n\r\nhello" NEXT, lengths[i]);
        puts_to(fd, request);
        assert_true(get_all(fd));
        assert_int_equal(strncmp(got, "HTTP/1.1 400", 12), 0);
    }
    assert_int_equal(
        status_of("POST / HTTP/1.1\r\n" H "Content-Length: 99999999999999999999\r\n\r\n"), 413);
    assert_int_equal(
        status_of("POST / HTTP/1.1\r\n" H "Content-Length: 18446744073709551615\r\n\r\n"), 413);
    assert_int_equal(
        status_of("POST / HTTP/1.1\r\n" H "Content-Length: 0000000000000000000000005\r\n\r\nhello"),
        200);
    assert_int_equal(atomic_load(&toy.smuggled), 0);
}

static const struct {
    const char *target, *path;
} targets[] = {
    {"/", "/ ? "},
    {"/a", "/a ? "},
    {"/a/", "/a ? "},
    {"/a/?x=%41&y=%zz", "/a ? x=%41&y=%zz"},
    {"/?", "/ ? "},
    {"/?a?b+c", "/ ? a?b+c"},
    {"/%61%C3%A5+b", "/aå+b ? "},
    {"/%2561", "/%61 ? "},
    {"/%252f", "/%2f ? "},
    {"/a%20b", "/a b ? "},
    {"/.../..a", "/.../..a ? "},
    {"/a;b=c:@!$&'()*,~", "/a;b=c:@!$&'()*,~ ? "},
    {"//", NULL},
    {"//a", NULL},
    {"/a//b", NULL},
    {"/a//", NULL},
    {"///", NULL},
    {"/.", NULL},
    {"/..", NULL},
    {"/a/../b", NULL},
    {"/a/./b", NULL},
    {"/a/..", NULL},
    {"/%2e", NULL},
    {"/%2e%2E/b", NULL},
    {"/.%2e", NULL},
    {"/%00", NULL},
    {"/a%2fb", NULL},
    {"/a%2Fb", NULL},
    {"/a%5cb", NULL},
    {"/a\\b", NULL},
    {"/%0a", NULL},
    {"/%1f", NULL},
    {"/%7f", NULL},
    {"/%09", NULL},
    {"/%", NULL},
    {"/%4", NULL},
    {"/%4g", NULL},
    {"/a%", NULL},
    {"/%%41", NULL},
    {"/%ff", NULL},
    {"/%c3", NULL},
    {"/%c0%af", NULL},
    {"/%ed%a0%80", NULL},
    {"/%c3/%a5", NULL},
    {"/\xc3\xa5", NULL},
    {"/a?\xc3\xa5", NULL},
    {"/a\x7f", NULL},
    {"/a#b", NULL},
    {"a", NULL},
    {"?a", NULL},
    {"%2fa", NULL},
};

static void a_path_is_decoded_once_or_refused(void **state)
{
    char request[300], wanted[200];
    (void)state;
    for (size_t i = 0; i < LEN(targets); i++) {
        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\n" H "\r\n", targets[i].target);
        int status = status_of(request);
        if (status != (targets[i].path ? 200 : 400))
            fail_msg("%s: %d", targets[i].target, status);
        snprintf(wanted, sizeof wanted, "GET %s", text_or(targets[i].path, ""));
        if (targets[i].path)
            assert_string_equal(body(), wanted);
    }
}

static void lengths_of_head_and_path_have_limits(void **state)
{
    static char request[70000], word[66000];
    (void)state;
    memset(word, 'a', sizeof word);
    static const struct {
        const char *before;
        int n;
        const char *after;
        int status;
    } cases[] = {
        {"GET /", 1999, " HTTP/1.1\r\n" H "\r\n", 200},
        {"GET /", 2000, " HTTP/1.1\r\n" H "\r\n", 414},
        {"GET /?", 7998, " HTTP/1.1\r\n" H "\r\n", 200},
        {"GET /?", 7999, " HTTP/1.1\r\n" H "\r\n", 414},
        {"GET / HTTP/1.1\r\n" H "A: ", 20000, "\r\nB: c\r\n\r\n", 200},
        {"GET / HTTP/1.1\r\n" H "A: ", 60000, "\r\n\r\n", 431}, /* libmicrohttpd's own */
        {"GET /", 60000, " HTTP/1.1\r\n" H "\r\n", 414},        /* libmicrohttpd's own */
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        snprintf(request, sizeof request, "%s%.*s%s", cases[i].before, cases[i].n, word,
                 cases[i].after);
        int status = status_of(request);
        if (status != cases[i].status)
            fail_msg("case %zu: %d", i, status);
    }
    struct buf many;
    buf_init(&many, sizeof request);
    buf_adds(&many, "GET / HTTP/1.1\r\n" H);
    for (int i = 1; i < 100; i++)
        buf_adds(&many, "A: b\r\n");
    buf_adds(&many, "\r\n");
    assert_int_equal(status_of(many.data), 200);
    many.len -= 2;
    buf_adds(&many, "A: b\r\n\r\n");
    assert_int_equal(status_of(many.data), 431);
    buf_release(&many);
    assert_int_equal(count(got, "X-Toy: yes"), 1);
}

/* ---- what is fine ---- */

static void one_connection_carries_many_requests(void **state)
{
    int fd = dial(server), before = settled_dones();
    (void)state;
    for (int i = 0; i < 3; i++) {
        puts_to(fd, "GET /one HTTP/1.1\r\n" H "\r\n");
        assert_int_equal(get_one(fd, true), 200);
        assert_string_equal(body(), "GET /one ? ");
        puts_to(fd, "POST /two HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\nhello");
        assert_int_equal(get_one(fd, true), 200);
        assert_string_equal(body(), "hello");
        puts_to(fd, "HEAD /one HTTP/1.1\r\n" H "\r\n");
        assert_int_equal(get_one(fd, false), 200);
        assert_int_equal(count(got, "Content-Length: 12\r\n"), 1);
        puts_to(fd, "GET /empty HTTP/1.1\r\n" H "\r\n");
        assert_int_equal(get_one(fd, true), 204);
        puts_to(fd, "DELETE /x HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n");
        assert_int_equal(get_one(fd, true), 200);
        puts_to(fd, "PROPFIND /x HTTP/1.1\r\n" H "\r\n");
        assert_int_equal(get_one(fd, true), 200);
    }
    close(fd);
    assert_true(becomes(&toy.dones, before + 18));
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    int fd = dial(server);
    (void)state;
    puts_to(fd, "GET /1 HTTP/1.1\r\n" H "A: 1\r\n\r\nPOST /2 HTTP/1.1\r\n" H
                "Content-Length: 3\r\n\r\ntwo"
                "GET /3 HTTP/1.1\r\n" H "\r\nPOST /4 HTTP/1.1\r\n" H "\r\n"
                "GET /5 HTTP/1.1\r\n" H "Connection: close\r\n\r\n" NEXT);
    static const char *const wanted[] = {"GET /1 ? ", "two", "GET /3 ? ", "", "GET /5 ? "};
    for (size_t i = 0; i < LEN(wanted); i++) {
        assert_int_equal(get_one(fd, true), 200);
        assert_string_equal(body(), wanted[i]);
    }
    assert_true(get_all(fd));
    assert_string_equal(got, "");
}

/* Where chunks end is a matter of taste (bare LF, extensions): nothing behind them is read. */
static void a_chunked_request_is_the_last_on_its_connection(void **state)
{
    static const struct {
        const char *chunks, *body;
    } cases[] = {
        {"2\r\nfo\r\n2\r\nur\r\n0\r\n\r\n", "four"},
        {"A;a=b\r\n0123456789\r\n000\r\nTrailer: x\r\n\r\n", "0123456789"},
        {"5\nhello\n0\n\n", "hello"},
        {"0\r\n\r\n", ""},
        {"5;a=\nb\r\nhello\r\n0\r\n\r\n", NULL},
        {"+5\r\nhello\r\n0\r\n\r\n", NULL},
        {"5\r\nhelloX0\r\n\r\n", NULL},
        {"-1\r\n\r\n", NULL},
    };
    char request[300];
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        int fd = dial(server);
        snprintf(request, sizeof request,
                 "POST /a HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n%s" NEXT,
                 cases[i].chunks);
        puts_to(fd, request);
        assert_true(get_all(fd));
        assert_int_equal(strncmp(got, cases[i].body ? "HTTP/1.1 200" : "HTTP/1.1 400", 12), 0);
        assert_int_equal(count(got, "HTTP/1.1 "), 1);
        if (cases[i].body)
            assert_string_equal(body(), cases[i].body);
    }
    assert_int_equal(atomic_load(&toy.smuggled), 0);
}

static void a_request_may_come_byte_by_byte(void **state)
{
    const char *request =
        "\r\nPOST /a HTTP/1.1\r\nHost:x\r\nA:  b \r\nEmpty:\r\nContent-Length: 3\r\n\r\nabc";
    int fd = dial(server);
    (void)state;
    for (const char *at = request; *at; at++) {
        put(fd, at, 1);
        nap(1);
    }
    assert_int_equal(get_one(fd, true), 200);
    assert_string_equal(body(), "abc");
    close(fd);
}

static void headers_are_found_and_every_answer_carries_ours(void **state)
{
    (void)state;
    assert_int_equal(status_of("GET /own HTTP/1.1\r\n" H "X-Asked: v\r\n\r\n"), 200);
    assert_string_equal(body(), "v");
    assert_int_equal(count(got, "X-Toy: yes"), 1);
    assert_int_equal(count(got, "no-store"), 0);
    assert_int_equal(count(got, "max-age=1"), 1);
    assert_int_equal(status_of("GET /.. HTTP/1.1\r\n" H "\r\n"), 400);
    assert_string_equal(body(), "refused 400");
    assert_int_equal(count(got, "X-Toy: yes"), 1);
    assert_int_equal(count(got, "no-store"), 1);
    assert_int_equal(status_of("GET /static HTTP/1.1\r\n" H "\r\n"), 200);
    assert_int_equal(count(got, "X-Toy: yes"), 1);
}

static void a_cookie_is_found_by_its_whole_name(void **state)
{
    static const struct {
        const char *header, *value;
    } cases[] = {
        {"id=1", "1"},       {"a=b; id=2; c=d", "2"}, {"a=b;id=3", "3"},
        {"xid=4", "(none)"}, {"ID=5", "(none)"},      {"id", "(none)"},
        {"id=", ""},         {"id=a=b", "a=b"},       {"a=id=6; b=c", "(none)"},
        {";;id=7 ;", "7"},   {"id=8; id=9", "8"},     {"a", "(none)"},
    };
    char request[200];
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        snprintf(request, sizeof request, "GET /cookie HTTP/1.1\r\n" H "Cookie: %s\r\n\r\n",
                 cases[i].header);
        assert_int_equal(status_of(request), 200);
        assert_string_equal(body(), cases[i].value);
    }
    assert_int_equal(status_of("GET /cookie HTTP/1.1\r\n" H "\r\n"), 200);
    assert_string_equal(body(), "(none)");
}

static void gzip_is_sent_to_those_who_take_it(void **state)
{
    static const struct {
        const char *accept;
        bool gzip;
    } cases[] = {
        {"gzip", true},
        {"deflate, gzip", true},
        {"GZIP;q=0.5", true},
        {"gzip;q=1.0, br", true},
        {"gzip ; q=0.001", true},
        {"br", false},
        {"gzip;q=0", false},
        {"gzip; q=0.000, br", false},
        {"xgzip", false},
        {"gzipx", false},
        {"", false},
        {"identity", false},
        {"br,gzip;q=0,deflate", false},
    };
    char request[200];
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        snprintf(request, sizeof request,
                 "GET /static HTTP/1.1\r\n" H "Accept-Encoding: %s\r\n\r\n", cases[i].accept);
        assert_int_equal(status_of(request), 200);
        assert_string_equal(body(), cases[i].gzip ? "small" : "the long form");
        assert_int_equal(count(got, "Content-Encoding: gzip\r\n"), cases[i].gzip);
        assert_int_equal(count(got, "Vary: Accept-Encoding\r\n"), 1);
        assert_int_equal(count(got, "ETag: \"1\"\r\n"), 1);
        assert_int_equal(count(got, "Content-Type: text/css\r\n"), 1);
        assert_int_equal(count(got, "no-store"), 0); /* its own Cache-Control stands */
    }
    assert_int_equal(status_of("GET /plain HTTP/1.1\r\n" H "Accept-Encoding: gzip\r\n\r\n"), 200);
    assert_int_equal(count(got, "Content-Encoding"), 0);
    assert_int_equal(count(got, "Vary"), 0);
    assert_int_equal(count(got, "Set-Cookie: a=b\r\n"), 1);
    assert_string_equal(body(), "plain");
}

/* ---- bodies ---- */

static void a_body_stops_at_its_limit(void **state)
{
    static char big[300 * 1024 + 200];
    (void)state;
    assert_int_equal(status_of("POST /small HTTP/1.1\r\n" H "Content-Length: 10\r\n\r\n0123456789"),
                     200);
    assert_int_equal(
        status_of("POST /small HTTP/1.1\r\n" H "Content-Length: 11\r\n\r\n0123456789a"), 413);
    assert_string_equal(body(), "refused 413");
    assert_int_equal(count(got, "Connection: close"), 1);
    assert_int_equal(count(got, "X-Toy: yes"), 1);
    assert_int_equal(status_of("POST /small HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n"
                               "a\r\n0123456789\r\n0\r\n\r\n"),
                     200);
    assert_string_equal(body(), "0123456789");
    assert_int_equal(status_of("POST /small HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n"
                               "a\r\n0123456789\r\n1\r\na\r\n0\r\n\r\n"),
                     413);
    int n = snprintf(big, 200, "POST /a HTTP/1.1\r\n" H "Content-Length: 262144\r\n\r\n");
    memset(big + n, 'b', 262144);
    int fd = dial(server);
    put(fd, big, (size_t)n + 262144);
    assert_int_equal(get_one(fd, true), 200);
    assert_int_equal(strlen(body()), 262144);
    close(fd);
    assert_int_equal(status_of("POST /a HTTP/1.1\r\n" H "Content-Length: 262145\r\n\r\n"), 413);
}

/* The answer must arrive although the client is still sending, whatever the method. */
static void an_early_answer_survives_what_the_client_goes_on_sending(void **state)
{
    static const char *const methods[] = {"POST", "PUT", "PATCH", "FOO"};
    static const char *const paths[] = {"/a", "/early"};
    static char junk[5 << 20];
    (void)state;
    for (size_t i = 0; i < LEN(methods) * LEN(paths); i++) {
        char request[200];
        const char *path = paths[i % LEN(paths)];
        int fd = dial(server);
        snprintf(request, sizeof request, "%s %s HTTP/1.1\r\n" H "Content-Length: %zu\r\n\r\n",
                 methods[i / LEN(paths)], path, sizeof junk);
        puts_to(fd, request);
        put(fd, junk, sizeof junk);
        assert_true(get_all(fd));
        int status = (int)strtol(got + 9, NULL, 10);
        assert_int_equal(status, strcmp(path, "/a") == 0 ? 413 : 401);
        assert_int_equal(count(got, "HTTP/1.1 "), 1);
        assert_int_equal(count(got, "Connection: close"), 1);
    }
}

static void a_chunked_body_without_end_is_cut(void **state)
{
    static char data[65536];
    int fd = dial(server);
    (void)state;
    puts_to(fd, "POST /small HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n");
    ssize_t sent = 1;
    for (int i = 0; i < 1000 && sent > 0; i++) {
        puts_to(fd, "10000\r\n");
        put(fd, data, sizeof data);
        sent = send(fd, "\r\n", 2, MSG_NOSIGNAL);
    }
    assert_int_equal(sent, -1);
    close(fd);
}

static void a_hundred_continue_comes_only_when_the_body_is_wanted(void **state)
{
    int fd = dial(server);
    (void)state;
    puts_to(fd, "POST /a HTTP/1.1\r\n" H "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    assert_int_equal(get_one(fd, true), 100);
    puts_to(fd, "ok");
    assert_int_equal(get_one(fd, true), 200);
    assert_string_equal(body(), "ok");
    close(fd);
    assert_int_equal(
        status_of("POST /early HTTP/1.1\r\n" H "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"),
        401);
    assert_int_equal(status_of("POST /small HTTP/1.1\r\n" H
                               "Expect: 100-continue\r\nContent-Length: 20\r\n\r\n"),
                     413);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_value_with_line_ends_is_our_mistake),
        cmocka_unit_test(a_malformed_head_gets_one_refusal_and_the_line_is_cut),
        cmocka_unit_test(a_bad_content_length_ends_the_connection),
        cmocka_unit_test(a_path_is_decoded_once_or_refused),
        cmocka_unit_test(lengths_of_head_and_path_have_limits),
        cmocka_unit_test(one_connection_carries_many_requests),
        cmocka_unit_test(pipelined_requests_are_answered_in_order),
        cmocka_unit_test(a_chunked_request_is_the_last_on_its_connection),
        cmocka_unit_test(a_request_may_come_byte_by_byte),
        cmocka_unit_test(headers_are_found_and_every_answer_carries_ours),
        cmocka_unit_test(a_cookie_is_found_by_its_whole_name),
        cmocka_unit_test(gzip_is_sent_to_those_who_take_it),
        cmocka_unit_test(a_body_stops_at_its_limit),
        cmocka_unit_test(an_early_answer_survives_what_the_client_goes_on_sending),
        cmocka_unit_test(a_chunked_body_without_end_is_cut),
        cmocka_unit_test(a_hundred_continue_comes_only_when_the_body_is_wanted),
    };
    return cmocka_run_group_tests(tests, toy_start, toy_stop);
}
