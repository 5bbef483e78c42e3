/* test_json.c: JSON in and out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <kansli/json.h>

#define TEN(x) x x x x x x x x x x

static void it_reads_an_object(void **state)
{
    static const char body[] = " {\"a\": [1, 2.5, \"å\", null, true],\n"
                               "  \"b\": {\"c\": \"}{\\\"[\"}}\n";
    struct err err;
    json_t *v;

    (void)state;
    err_init(&err);
    assert_int_equal(json_read(body, sizeof body - 1, &v, &err), OK);
    assert_string_equal(json_text(json_object_get(v, "b"), "c"), "}{\"[");
    json_decref(v);
    err_release(&err);
}

static void what_is_malformed_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *body;
        size_t n;
        const char *line;
    } cases[] = {
        { "", 0, "1" },
        { "[1]", 3, "1" },
        { "1", 1, "1" },
        { "null", 4, "1" },
        { "{\"a\":1", 6, "1" },
        { "{\"a\":1} x", 9, "1" },
        { "{\"a\":1}{}", 9, "1" },
        { "{\n\"a\":1,\n\"a\":2}", 15, "3" },
        { "{\"a\":\"\xFF\"}", 9, "1" },
        { "{\"a\":\"\\u0000\"}", 14, "1" },
        { "{\"a\":\"x\0y\"}", 11, "1" },
        { "{\"a\":1}\0", 8, "1" },
        { "{\"a\":NaN}", 9, "1" },
        { "{\"a\":01}", 8, "1" },
        { "{\"a\":1e999}", 11, "1" },
        { "{\"a\":\"\\ud800\"}", 14, "1" },
        { "{'a':1}", 7, "1" },
    };
    struct err err;
    json_t *v;

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        const json_t *field, *args;

        err_init(&err);
        assert_int_equal(json_read(cases[i].body, cases[i].n, &v, &err), E_INPUT);
        assert_null(v);
        assert_string_equal(err.rule, "malformed-json");
        field = json_array_get(err.fields, 0);
        args = json_object_get(field, "args");
        assert_string_equal(json_text(field, "pointer"), "");
        assert_string_equal(json_text(args, "line"), cases[i].line);
        assert_true(atol(json_text(args, "column")) >= 1);
        err_release(&err);
    }
}

static void nesting_ends_at_32(void **state)
{
    static const char deep[] = "{\"a\":" TEN("[") TEN("[") TEN("[") "[" "1"
                               "]" TEN("]") TEN("]") TEN("]") "}";
    static const char deeper[] = "{\"a\":" TEN("[") TEN("[") TEN("[") "[[" "1"
                                 "]]" TEN("]") TEN("]") TEN("]") "}";
    struct err err;
    json_t *v;

    (void)state;
    err_init(&err);
    assert_int_equal(json_read(deep, sizeof deep - 1, &v, &err), OK);
    json_decref(v);
    assert_int_equal(json_read(deeper, sizeof deeper - 1, &v, &err), E_INPUT);
    err_release(&err);
}

static void it_writes_what_it_read(void **state)
{
    static const char *const bodies[] = {
        "{}",
        "{\"b\":1,\"a\":-1,\"c\":[],\"d\":{}}",
        "{\"max\":9223372036854775807,\"min\":-9223372036854775808,\"zero\":0}",
        "{\"r\":[0.5,1.0,-2.25,0.1,1234567.891,100000000000000000.0,0.000001,1e300,-0.0]}",
        "{\"t\":[true,false,null,\"\",\"å\\n\\\"\\\\\\u0001\"]}",
    };
    struct buf buf;
    struct err err;
    json_t *v, *again;

    (void)state;
    err_init(&err);
    for (size_t i = 0; i < LEN(bodies); i++) {
        assert_int_equal(json_read(bodies[i], strlen(bodies[i]), &v, &err), OK);
        buf_init(&buf, 10000);
        json_write(&buf, v);
        if (!strstr(bodies[i], "1e300"))
            assert_string_equal(buf.data, bodies[i]);
        assert_int_equal(json_read(buf.data, buf.len, &again, &err), OK);
        assert_true(json_equal(v, again));
        buf_release(&buf);
        json_decref(v);
        json_decref(again);
    }
}

static void reals_have_no_exponent_where_they_can(void **state)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        { 1.0, "1.0" },   { 0.1, "0.1" },         { 1e15, "1000000000000000.0" },
        { 1e20, "100000000000000000000.0" },      { 1.5e-5, "0.000015" },
        { 2.0 / 3, "0.6666666666666666" },        { 1e300, "1e+300" },
        { 0.00001234, "0.00001234" },             { -0.25, "-0.25" },
    };
    struct buf buf;
    json_t *v;

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        v = json_real(cases[i].value);
        buf_init(&buf, 100);
        json_write(&buf, v);
        assert_string_equal(buf.data, cases[i].text);
        buf_release(&buf);
        json_decref(v);
    }
}

static void members_are_put_and_read(void **state)
{
    json_t *v = json_object();

    (void)state;
    json_put(v, "text", "hej");
    json_put(v, "null", NULL);
    json_put(v, "broken", "a\xFF" "b");
    json_put_int(v, "int", 7);
    json_put_bool(v, "yes", true);
    json_push(json_put_new(v, "list", json_array()), json_integer(1));
    json_put_new(v, "nothing", NULL);
    assert_string_equal(json_text(v, "text"), "hej");
    assert_null(json_text(v, "null"));
    assert_null(json_text(v, "absent"));
    assert_null(json_text(v, "int"));
    assert_string_equal(json_text(v, "broken"), "a\xEF\xBF\xBD" "b");
    assert_true(json_is_null(json_object_get(v, "nothing")));
    assert_int_equal(json_int(v, "int", -1), 7);
    assert_int_equal(json_int(v, "text", -1), -1);
    assert_true(json_true_at(v, "yes"));
    assert_false(json_true_at(v, "int"));
    assert_int_equal(json_array_size(json_object_get(v, "list")), 1);
    json_decref(v);
}

static void places_in_a_text_are_filled(void **state)
{
    static const struct {
        const char *text, *filled;
    } cases[] = {
        { "No places.", "No places." },
        { "{a}", "1" },
        { "From {a} to {b}.", "From 1 to {a}." },
        { "{c} {a", "{c} {a" },
        { "a} {a}", "a} 1" },
    };
    struct arena *arena = arena_new(10000);
    json_t *args = json_object();

    (void)state;
    json_put(args, "a", "1");
    json_put(args, "b", "{a}");
    for (size_t i = 0; i < LEN(cases); i++)
        assert_string_equal(text_fill(arena, cases[i].text, args), cases[i].filled);
    assert_string_equal(text_fill(arena, "{a}", NULL), "{a}");
    json_decref(args);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_reads_an_object),
        cmocka_unit_test(what_is_malformed_is_refused_with_its_place),
        cmocka_unit_test(nesting_ends_at_32),
        cmocka_unit_test(it_writes_what_it_read),
        cmocka_unit_test(reals_have_no_exponent_where_they_can),
        cmocka_unit_test(members_are_put_and_read),
        cmocka_unit_test(places_in_a_text_are_filled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
