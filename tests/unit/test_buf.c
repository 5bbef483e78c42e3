/* test_buf.c: bytes that grow, and one escaper per context. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <kansli/buf.h>

static void it_grows_and_always_ends_with_a_nul(void **state)
{
    struct buf buf;

    (void)state;
    buf_init(&buf, 100000);
    assert_string_equal(buf.data, "");
    for (int i = 0; i < 20000; i++) {
        buf_addc(&buf, 'a');
        assert_int_equal(buf.data[buf.len], '\0');
    }
    buf_adds(&buf, "bc");
    buf_addf(&buf, "%d", 42);
    assert_int_equal(buf.len, 20004);
    assert_string_equal(buf.data + 20000, "bc42");
    assert_false(buf.full);
    buf_clear(&buf);
    assert_string_equal(buf.data, "");
    buf_release(&buf);
}

static void a_full_buffer_drops_and_tells(void **state)
{
    struct buf buf;

    (void)state;
    buf_init(&buf, 5);
    buf_adds(&buf, "12345");
    assert_false(buf.full);
    buf_addf(&buf, "%s", "6");
    assert_true(buf.full);
    assert_string_equal(buf.data, "12345");
    buf_clear(&buf);
    assert_false(buf.full);
    buf_adds(&buf, "123456");
    assert_true(buf.full);
    buf_addc(&buf, 'x');
    assert_string_equal(buf.data, "");
    buf_release(&buf);
}

static void stealing_leaves_it_empty(void **state)
{
    struct buf buf;
    size_t n;
    char *data;

    (void)state;
    buf_init(&buf, 100);
    data = buf_steal(&buf, &n);
    assert_string_equal(data, "");
    free(data);
    buf_adds(&buf, "hej");
    data = buf_steal(&buf, &n);
    assert_string_equal(data, "hej");
    assert_int_equal(n, 3);
    assert_int_equal(buf.len, 0);
    assert_string_equal(buf.data, "");
    free(data);
    buf_release(&buf);
}

static void each_place_has_its_escaper(void **state)
{
    static const struct {
        void (*escape)(struct buf *, const char *, size_t);
        const char *text, *expected;
    } cases[] = {
        { buf_html, "a<b>&\"'å", "a&lt;b&gt;&amp;&quot;&#39;å" },
        { buf_html, "", "" },
        { buf_json, "a\"b\\c\n\t\x01\x1f/å", "a\\\"b\\\\c\\n\\t\\u0001\\u001f/å" },
        { buf_url, "aZ9-._~", "aZ9-._~" },
        { buf_url, "a b/å?&%", "a%20b%2F%C3%A5%3F%26%25" },
        { buf_csv, "plain å", "plain å" },
        { buf_csv, "a,b", "\"a,b\"" },
        { buf_csv, "a;b", "\"a;b\"" },
        { buf_csv, "a\"b", "\"a\"\"b\"" },
        { buf_csv, "a\nb", "\"a\nb\"" },
        { buf_csv, " a", "\" a\"" },
        { buf_csv, "=1+1", "'=1+1" },
        { buf_csv, "+46", "'+46" },
        { buf_csv, "-1", "'-1" },
        { buf_csv, "@x", "'@x" },
        { buf_csv, "\t=1", "\"'\t=1\"" },
        { buf_csv, "\r=1", "\"'\r=1\"" },
        { buf_csv, "=\"a\",b", "\"'=\"\"a\"\",b\"" },
        { buf_log, "hej å", "hej å" },
        { buf_log, "a\nb\"c\\d\x7f\x1b", "a\\x0Ab\\x22c\\x5Cd\\x7F\\x1B" },
        { buf_log, "a\xC2\x9B" "2J\xC2\xA0", "a\\xC2\\x9B2J\xC2\xA0" },
        { buf_log, "\xFF\xC3\xA5", "\\xFF\\xC3\\xA5" },
    };
    struct buf buf;

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        buf_init(&buf, 1000);
        cases[i].escape(&buf, cases[i].text, strlen(cases[i].text));
        assert_string_equal(buf.data, cases[i].expected);
        buf_release(&buf);
    }
}

static void a_long_log_value_is_cut_between_letters(void **state)
{
    char text[1002];
    struct buf buf;

    (void)state;
    text[0] = 'a';
    for (size_t i = 1; i < sizeof text - 1; i += 2)
        memcpy(text + i, "å", 2);
    buf_init(&buf, 10000);
    buf_log(&buf, text, sizeof text - 1);
    assert_int_equal(buf.len, 499);
    buf_release(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_grows_and_always_ends_with_a_nul),
        cmocka_unit_test(a_full_buffer_drops_and_tells),
        cmocka_unit_test(stealing_leaves_it_empty),
        cmocka_unit_test(each_place_has_its_escaper),
        cmocka_unit_test(a_long_log_value_is_cut_between_letters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
