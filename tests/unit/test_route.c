/* test_route.c: the router finds what was added, literal before name, and says what else is
 * allowed. */
#include <cmocka.h>
#include <kansli/route.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
    const char *method, *pattern;
} table[] = {
    {"GET", "/"},
    {"GET", "/groups"},
    {"POST", "/groups"},
    {"GET", "/groups/new"},
    {"GET", "/groups/{id}"},
    {"PATCH", "/groups/{slug}"},
    {"DELETE", "/groups/{id}"},
    {"GET", "/groups/{id}/hosts/{hostId}"},
    {"GET", "/groups/{id}/hosts/none"},
    {"HEAD", "/probe"},
    {"GET", "/probe"},
    {"POST", "/only/post"},
    {"OPTIONS", "/only/options"},
    {"GET", "/gro"},
    {"GET", "/groups.ics"},
    {"GET", "/{any}/{b}/{c}/{d}/{e}/{f}"},
};

struct fixture {
    struct router *router;
    struct arena *arena;
};

static int start(void **state)
{
    static struct fixture fixture;
    fixture.router = router_new();
    fixture.arena = arena_new(1 << 20);
    for (size_t i = 0; i < LEN(table); i++)
        router_add(fixture.router, table[i].method, table[i].pattern, &table[i]);
    *state = &fixture;
    return 0;
}

static int stop(void **state)
{
    struct fixture *fixture = *state;
    router_free(fixture->router);
    arena_free(fixture->arena);
    return 0;
}

static void a_path_finds_its_row_and_its_values(void **state)
{
    static const struct {
        const char *method, *path, *pattern, *values;
    } cases[] = {
        {"GET", "/", "/", ""},
        {"GET", "/groups", "/groups", ""},
        {"POST", "/groups", "/groups", ""},
        {"GET", "/gro", "/gro", ""},
        {"GET", "/groups.ics", "/groups.ics", ""},
        {"GET", "/groups/new", "/groups/new", ""},
        {"GET", "/groups/12", "/groups/{id}", "id=12 "},
        {"GET", "/groups/{id}", "/groups/{id}", "id={id} "},
        {"PATCH", "/groups/12", "/groups/{slug}", "slug=12 "},
        {"GET", "/groups/neW", "/groups/{id}", "id=neW "},
        {"GET", "/groups/ne", "/groups/{id}", "id=ne "},
        {"GET", "/groups/å ä/hosts/x", "/groups/{id}/hosts/{hostId}", "id=å ä hostId=x "},
        {"GET", "/groups/new/hosts/x", "/groups/{id}/hosts/{hostId}", "id=new hostId=x "},
        {"GET", "/groups/new/hosts/none", "/groups/{id}/hosts/none", "id=new "},
        {"GET", "/groups/1/2/3/4/5", "/{any}/{b}/{c}/{d}/{e}/{f}",
         "any=groups b=1 c=2 d=3 e=4 f=5 "},
        {"HEAD", "/groups", "/groups", ""},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct route_match match;
        char values[200] = "";
        router_match(f->router, f->arena, cases[i].method, cases[i].path, &match);
        if (!match.row)
            fail_msg("%s %s finds nothing", cases[i].method, cases[i].path);
        size_t row = (size_t)((const char *)match.row - (const char *)table) / sizeof table[0];
        assert_string_equal(table[row].pattern, cases[i].pattern);
        for (int v = 0; v < match.n; v++)
            snprintf(values + strlen(values), sizeof values - strlen(values), "%s=%s ",
                     match.name[v], match.value[v]);
        assert_string_equal(values, cases[i].values);
    }
}

static void head_prefers_its_own_row(void **state)
{
    struct fixture *f = *state;
    struct route_match match;
    router_match(f->router, f->arena, "HEAD", "/probe", &match);
    assert_ptr_equal(match.row, &table[9]);
    router_match(f->router, f->arena, "HEAD", "/only/post", &match);
    assert_null(match.row);
}

static void another_method_gets_the_list_of_those_that_work(void **state)
{
    static const struct {
        const char *method, *path, *allow;
    } cases[] = {
        {"DELETE", "/groups", "GET, HEAD, POST, OPTIONS"},
        {"OPTIONS", "/groups", "GET, HEAD, POST, OPTIONS"},
        {"PROPFIND", "/groups", "GET, HEAD, POST, OPTIONS"},
        {"get", "/groups", "GET, HEAD, POST, OPTIONS"},
        {"", "/groups", "GET, HEAD, POST, OPTIONS"},
        {"PUT", "/groups/7", "GET, HEAD, PATCH, DELETE, OPTIONS"},
        {"PATCH", "/groups/new", "GET, HEAD, OPTIONS"}, /* the literal hides the name wholly */
        {"GET", "/only/post", "POST, OPTIONS"},
        {"GET", "/only/options", "OPTIONS"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct route_match match;
        router_match(f->router, f->arena, cases[i].method, cases[i].path, &match);
        assert_null(match.row);
        assert_string_equal(match.allow, cases[i].allow);
        assert_int_equal(match.n, 0);
    }
}

static void an_unknown_path_finds_nothing(void **state)
{
    static const char *const paths[] = {
        "",
        "groups",
        "/Groups",
        "/group",
        "/groupss",
        "/groups/",
        "//",
        "/groups//hosts",
        "/only",
        "/groups/1/hosts",
        "/groups/1/hosts/2/3",
        "/1/2/3/4/5/6/7",
        "/1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6/7/8/9/0",
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < LEN(paths); i++) {
        struct route_match match;
        router_match(f->router, f->arena, "GET", paths[i], &match);
        if (match.row || match.allow)
            fail_msg("%s finds something", paths[i]);
    }
}

static void a_row_may_be_nothing_but_exist(void **state)
{
    struct route_match match;
    struct router *router = router_new();
    (void)state;
    router_match(router, NULL, "GET", "/", &match);
    assert_null(match.allow);
    router_add(router, "GET", "/x", NULL);
    router_match(router, NULL, "GET", "/x", &match);
    assert_string_equal(match.allow, "GET, HEAD, OPTIONS");
    router_free(router);
    router_free(NULL);
}

static void our_own_mistakes_abort(void **state)
{
    static const struct {
        const char *method, *pattern;
    } cases[] = {
        {"GET", "/groups"},            /* there already */
        {"DELETE", "/groups/{other}"}, /* the same place by another name */
        {"GET", "groups"},
        {"GET", "/a//b"},
        {"GET", "/a/"},
        {"FETCH", "/a"},
        {"GET", "/{a}/{b}/{c}/{d}/{e}/{f}/{g}"},
        {"GET", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < LEN(cases); i++) {
        int status;
        pid_t pid = fork();
        if (pid == 0) {
            fclose(stderr);
            close(2);
            signal(SIGABRT, SIG_DFL);
            router_add(f->router, cases[i].method, cases[i].pattern, NULL);
            _exit(0);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT)
            fail_msg("%s %s was taken", cases[i].method, cases[i].pattern);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_finds_its_row_and_its_values),
        cmocka_unit_test(head_prefers_its_own_row),
        cmocka_unit_test(another_method_gets_the_list_of_those_that_work),
        cmocka_unit_test(an_unknown_path_finds_nothing),
        cmocka_unit_test(a_row_may_be_nothing_but_exist),
        cmocka_unit_test(our_own_mistakes_abort),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
