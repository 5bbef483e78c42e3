/* test_err.c: how things fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <kansli/err.h>
#include <kansli/json.h>

static void the_first_failure_wins(void **state)
{
    struct err err;

    (void)state;
    err_init(&err);
    assert_int_equal(
        err_setf(&err, E_CONFLICT, "slug-taken", "Taken: {slug}.", "slug", "npo", NULL),
        E_CONFLICT);
    assert_int_equal(err_setf(&err, E_ABSENT, "other", "Gone.", "slug", "nag", NULL), E_CONFLICT);
    assert_string_equal(err.rule, "slug-taken");
    assert_string_equal(err.msgid, "Taken: {slug}.");
    assert_string_equal(json_text(err.args, "slug"), "npo");
    err_release(&err);
    assert_int_equal(err.code, OK);
    assert_null(err.args);
}

static void fields_are_told_all_at_once(void **state)
{
    struct err err;
    json_t *field;

    (void)state;
    err_init(&err);
    assert_int_equal(err_field(&err, "/startDate", "Not a day.", NULL), E_INPUT);
    assert_int_equal(err_field(&err, "limit", "At most {max}.", "max", "500", NULL), E_INPUT);
    assert_int_equal(err_field(&err, "", "All wrong.", NULL), E_INPUT);
    assert_string_equal(err.rule, "invalid-input");
    assert_non_null(err.msgid);
    assert_int_equal(json_array_size(err.fields), 3);
    field = json_array_get(err.fields, 0);
    assert_string_equal(json_text(field, "pointer"), "/startDate");
    assert_string_equal(json_text(field, "msgid"), "Not a day.");
    assert_null(json_object_get(field, "args"));
    field = json_array_get(err.fields, 1);
    assert_null(json_object_get(field, "pointer"));
    assert_string_equal(json_text(field, "parameter"), "limit");
    assert_string_equal(json_text(json_object_get(field, "args"), "max"), "500");
    assert_string_equal(json_text(json_array_get(err.fields, 2), "pointer"), "");
    err_release(&err);
}

static void a_field_is_no_news_after_another_kind_of_failure(void **state)
{
    struct err err;

    (void)state;
    err_init(&err);
    err_set(&err, E_DENIED, "denied", "No.");
    assert_int_equal(err_field(&err, "/x", "Bad.", NULL), E_DENIED);
    assert_null(err.fields);
    err_release(&err);
}

static void without_a_place_to_write_the_code_is_still_returned(void **state)
{
    (void)state;
    assert_int_equal(err_set(NULL, E_STALE, "stale", "Stale."), E_STALE);
    assert_int_equal(err_field(NULL, "/x", "Bad.", NULL), E_INPUT);
    err_missing(NULL, "x");
}

static void missing_things_are_listed(void **state)
{
    struct err err;

    (void)state;
    err_init(&err);
    err_missing(&err, "declaration");
    err_missing(&err, "approval");
    assert_int_equal(json_array_size(err.missing), 2);
    assert_string_equal(json_string_value(json_array_get(err.missing, 1)), "approval");
    err_release(&err);
}

static void values_that_are_no_text_do_not_vanish(void **state)
{
    struct err err;

    (void)state;
    err_init(&err);
    err_setf(&err, E_INPUT, "invalid-input", "Bad {value}.", "value", "a\xFF", NULL);
    assert_string_equal(json_text(err.args, "value"), "a\xEF\xBF\xBD");
    err_release(&err);
}

static void every_code_has_a_status_and_a_rule(void **state)
{
    static const int statuses[] = { 200, 400, 401, 403, 404, 405, 409, 412,
                                    413, 415, 428, 429, 500, 503, 507 };

    (void)state;
    for (size_t i = 0; i < LEN(statuses); i++) {
        assert_int_equal(code_status((enum code)i), statuses[i]);
        assert_non_null(code_rule((enum code)i));
    }
    assert_string_equal(code_rule(E_ABSENT), "not-found");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_failure_wins),
        cmocka_unit_test(fields_are_told_all_at_once),
        cmocka_unit_test(a_field_is_no_news_after_another_kind_of_failure),
        cmocka_unit_test(without_a_place_to_write_the_code_is_still_returned),
        cmocka_unit_test(missing_things_are_listed),
        cmocka_unit_test(values_that_are_no_text_do_not_vanish),
        cmocka_unit_test(every_code_has_a_status_and_a_rule),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
