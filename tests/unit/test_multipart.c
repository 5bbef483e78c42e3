/* test_multipart.c: a form with a file in it. */
#include <string.h>

#include <cmocka.h>

#include <kansli/params.h>

#define TYPE "multipart/form-data; boundary=XyZ"
#define FIELD(name, value) \
    "--XyZ\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define FILE_PART(name, bytes)                                                          \
    "--XyZ\r\ncontent-disposition: form-data; name=\"file\"; filename=\"" name "\"\r\n" \
    "Content-Type: text/csv\r\n\r\n" bytes "\r\n"

static struct arena *arena;
static struct err err;
static struct params params;
static struct upload upload;

static int begin(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    err_init(&err);
    params_init(&params);
    return 0;
}

static int end(void **state)
{
    (void)state;
    params_release(&params);
    err_release(&err);
    arena_free(arena);
    return 0;
}
#define FORM_TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

static enum code read_form(const char *type, const char *body, size_t n)
{
    end(NULL);
    begin(NULL);
    enum code c = params_multipart(arena, type, body, n, &params, &upload, &err);
    assert_int_equal(c, err.code);
    return c;
}
#define READ(body) read_form(TYPE, body, sizeof(body) - 1)

static void fields_and_the_file_are_found(void **state)
{
    (void)state;
    assert_int_equal(READ(FIELD("resource", "persons")
                              FILE_PART("Åsas lista.csv", "a;b\r\n--Xy\r\n\0\xFF")
                                  FIELD("_csrf", " x ") "--XyZ--\r\n"),
                     OK);
    assert_string_equal(params_text(&params, "resource"), "persons");
    assert_string_equal(params_text(&params, "_csrf"), "x");
    assert_string_equal(upload.name, "Åsas lista.csv");
    assert_int_equal(upload.n, 13);
    assert_memory_equal(upload.bytes, "a;b\r\n--Xy\r\n\0\xFF", 13);
    assert_false(params.typed);
}

static void no_file_chosen_is_no_file(void **state)
{
    (void)state;
    assert_int_equal(READ(FILE_PART("", "") "--XyZ--"), OK);
    assert_null(upload.bytes);
    assert_int_equal(READ("--XyZ--"), OK);
    assert_int_equal(READ(FILE_PART("tom.csv", "") "--XyZ--"), OK);
    assert_non_null(upload.bytes);
    assert_int_equal(upload.n, 0);
}

static void a_boundary_may_be_quoted(void **state)
{
    static const char body[] =
        "--a b\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n--a b--";
    (void)state;
    assert_int_equal(
        read_form("multipart/form-data; charset=utf-8; boundary=\"a b\"", body, sizeof body - 1),
        OK);
    assert_string_equal(params_text(&params, "x"), "1");
}

static void what_is_malformed_is_refused(void **state)
{
    static const char *const bodies[] = {
        "",
        "--XyZ",
        "--XyZ\r\n",
        "x--XyZ--",
        "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1",
        "--XyZ\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n--XyZ--",
        "--XyZ\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n1\r\n--XyZ--",
        "--XyZ\r\nX: y\r\n\r\n1\r\n--XyZ--",
        "--XyZ\r\n\r\n1\r\n--XyZ--",
        FIELD("a", "1") FIELD("a", "2") "--XyZ--",
        FIELD("a", "\xFF") "--XyZ--",
        FILE_PART("a", "1") FILE_PART("b", "2") "--XyZ--",
        FIELD("a", "\x01") "--XyZ--",
    };
    (void)state;
    for (size_t i = 0; i < LEN(bodies); i++) {
        assert_int_equal(read_form(TYPE, bodies[i], strlen(bodies[i])), E_INPUT);
        assert_string_equal(err.rule, "malformed-form");
    }
    assert_int_equal(read_form("multipart/form-data", "--XyZ--", 7), E_INPUT);
    assert_int_equal(read_form("multipart/form-data; boundary=", "--", 2), E_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FORM_TEST(fields_and_the_file_are_found),
        FORM_TEST(no_file_chosen_is_no_file),
        FORM_TEST(a_boundary_may_be_quoted),
        FORM_TEST(what_is_malformed_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
