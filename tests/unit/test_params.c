/* test_params.c: what a query, a form and a JSON body become. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <kansli/params.h>

static void forms_and_bodies_become_values(void **state)
{
    static const struct {
        bool form;
        const char *text, *values;
    } cases[] = {
        { true, "", "{}" },
        { true, "b=2&a=1", "{\"b\":\"2\",\"a\":\"1\"}" },
        { true, "a=x+y%20z&b=%C3%A5%26%3D&&c", "{\"a\":\"x y z\",\"b\":\"å&=\",\"c\":\"\"}" },
        { true, "a=A%CC%8A&b=1%0D%0A2%20", "{\"a\":\"Å\",\"b\":\"1\\n2\"}" },
        { true, "k%5B%5D=1&k[]=2&k[]=", "{\"k\":[\"1\",\"2\"]}" },
        { true, "k[]=", "{\"k\":[]}" },
        { true, "[]=1&a=b=c", "{\"[]\":\"1\",\"a\":\"b=c\"}" },
        { false, "{\"a\":\" A\xCC\x8A \",\"b\":[\"x\\r\\ny\",1,{\"c\":\"q \"}],\"d\":null}",
          "{\"a\":\"Å\",\"b\":[\"x\\ny\",1,{\"c\":\"q\"}],\"d\":null}" },
    };
    struct arena *arena = arena_new(1 << 20);
    struct params params;
    struct err err;
    struct buf buf;

    (void)state;
    err_init(&err);
    for (size_t i = 0; i < LEN(cases); i++) {
        size_t n = strlen(cases[i].text);

        params_init(&params);
        assert_int_equal(cases[i].form
                             ? params_form(arena, cases[i].text, n, i % 2, &params, &err)
                             : params_json(arena, cases[i].text, n, &params, &err),
                         OK);
        assert_int_equal(params.typed, !cases[i].form);
        buf_init(&buf, 1000);
        json_write(&buf, params.values);
        assert_string_equal(buf.data, cases[i].values);
        buf_release(&buf);
        params_release(&params);
    }
    arena_free(arena);
}

static void values_are_found_by_name(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct params params;
    struct err err;

    (void)state;
    err_init(&err);
    params_init(&params);
    assert_false(params_has(&params, "a"));
    assert_int_equal(params_json(arena, "{\"a\":\"x\",\"b\":1,\"c\":null}", 24, &params, &err), OK);
    assert_string_equal(params_text(&params, "a"), "x");
    assert_null(params_text(&params, "b"));
    assert_null(params_text(&params, "d"));
    assert_true(params_has(&params, "c"));
    assert_false(params_has(&params, "d"));
    params_release(&params);
    arena_free(arena);
}

enum kind { QUERY, FORM, BODY };

static enum code read_as(enum kind kind, struct arena *arena, const char *text,
                         struct params *params, struct err *err)
{
    size_t n = strlen(text);

    return kind == BODY ? params_json(arena, text, n, params, err)
                        : params_form(arena, text, n, kind == QUERY, params, err);
}

static void faults_are_told_at_their_place(void **state)
{
    static const struct {
        enum kind kind;
        const char *text, *where;
    } cases[] = {
        { QUERY, "ok=1&limit=%", "limit" },
        { QUERY, "limit=%4", "limit" },
        { QUERY, "limit=%zz", "limit" },
        { QUERY, "limit=%00", "limit" },
        { QUERY, "limit=%FF", "limit" },
        { QUERY, "limit=1&limit=2", "limit" },
        { QUERY, "k=1&k[]=2", "k" },
        { QUERY, "k[]=1&k=2", "k" },
        { QUERY, "%zz=1", "%zz" },
        { FORM, "name=%E2%80%AE", "/name" },
        { FORM, "name=%1B", "/name" },
        { FORM, "a%2Fb~=%FF", "/a~1b~0" },
        { FORM, "%FF=1", "/%FF" },
        { FORM, "k[]=%FF", "/k" },
        { BODY, "{\"a\":{\"b\":[\"x\",\"\\u0001\"]}}", "/a/b/1" },
        { BODY, "{\"a/b\":\"\\u202e\"}", "/a~1b" },
        { BODY, "{\"a\":[{\"x \":1}]}", "/a/0/x " },
        { BODY, "{\"A\xCC\x8A\":1}", "/A\xCC\x8A" },
        { BODY, "{\"a\":", "" },
    };
    struct arena *arena = arena_new(1 << 20);
    struct params params;
    struct err err;

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        const char *key = cases[i].kind == QUERY ? "parameter" : "pointer";

        params_init(&params);
        err_init(&err);
        assert_int_equal(read_as(cases[i].kind, arena, cases[i].text, &params, &err), E_INPUT);
        assert_int_equal(json_array_size(err.fields), 1);
        assert_string_equal(json_text(json_array_get(err.fields, 0), key), cases[i].where);
        err_release(&err);
        params_release(&params);
    }
    arena_free(arena);
}

static void all_faults_are_told_at_once(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct params params;
    struct err err;

    (void)state;
    params_init(&params);
    err_init(&err);
    assert_int_equal(read_as(FORM, arena, "a=%FF&b=1&b=2&c=%zz", &params, &err), E_INPUT);
    assert_int_equal(json_array_size(err.fields), 3);
    err_release(&err);
    assert_int_equal(read_as(BODY, arena, "{\"a\":\"\\u0001\",\"b\":\"\\u0001\"}", &params, &err),
                     E_INPUT);
    assert_int_equal(json_array_size(err.fields), 2);
    err_release(&err);
    params_release(&params);
    arena_free(arena);
}

static void pairs_end_at_500(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct params params;
    struct buf text;
    struct err err;

    (void)state;
    buf_init(&text, 10000);
    for (int i = 0; i < 500; i++)
        buf_addf(&text, "%sn%d=1", i ? "&" : "", i);
    params_init(&params);
    err_init(&err);
    assert_int_equal(read_as(FORM, arena, text.data, &params, &err), OK);
    assert_int_equal(json_object_size(params.values), 500);
    params_release(&params);
    params_init(&params);
    buf_adds(&text, "&x=1");
    assert_int_equal(read_as(FORM, arena, text.data, &params, &err), E_INPUT);
    err_release(&err);
    params_release(&params);
    buf_release(&text);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_and_bodies_become_values),
        cmocka_unit_test(values_are_found_by_name),
        cmocka_unit_test(faults_are_told_at_their_place),
        cmocka_unit_test(all_faults_are_told_at_once),
        cmocka_unit_test(pairs_end_at_500),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
