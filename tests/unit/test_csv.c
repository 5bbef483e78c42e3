/* test_csv.c: rows of a CSV text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <kansli/csv.h>
#include <kansli/json.h>

static void rows_are_read_under_their_headings(void **state)
{
    static const char *const texts[] = {
        "name,day\nÅsa,2026-01-01\n\"Öberg, Bo\",\n",
        "name;day\r\nÅsa;2026-01-01\r\n\"Öberg, Bo\"\r\n",
        "\xEF\xBB\xBF\"name\",day\rA\xCC\x8Asa , 2026-01-01\r\"Öberg, Bo\"",
        "\nname,day,,\n\nÅsa,2026-01-01,,\n\n\"Öberg, Bo\",,\n\n",
        "\"name\",\"day\"\n\"Åsa\",\"2026-01-01\"\n\"Öberg, Bo\",\"\"",
    };
    struct arena *arena = arena_new(1 << 20);
    struct csv *csv;
    struct err err;

    (void)state;
    err_init(&err);
    for (size_t i = 0; i < LEN(texts); i++) {
        assert_int_equal(csv_read(arena, texts[i], strlen(texts[i]), 2, &csv, &err), OK);
        assert_int_equal(csv_rows(csv), 2);
        assert_true(csv_columns(csv) >= 2);
        assert_string_equal(csv_heading(csv, 0), "name");
        assert_string_equal(csv_cell(csv, 0, "name"), "Åsa");
        assert_string_equal(csv_cell(csv, 0, "day"), "2026-01-01");
        assert_string_equal(csv_cell(csv, 1, "name"), "Öberg, Bo");
        assert_string_equal(csv_cell(csv, 1, "day"), "");
        assert_string_equal(csv_cell(csv, 1, "absent"), "");
        assert_string_equal(csv_cell(csv, 1, ""), "");
    }
    arena_free(arena);
}

static void a_cell_may_hold_lines_and_quotes(void **state)
{
    static const char text[] = "a,b\n\"one\r\ntwo\",\"say \"\"hej\"\"\"\n";
    struct arena *arena = arena_new(1 << 20);
    struct csv *csv;
    struct err err;

    (void)state;
    err_init(&err);
    assert_int_equal(csv_read(arena, text, sizeof text - 1, 10, &csv, &err), OK);
    assert_string_equal(csv_cell(csv, 0, "a"), "one\ntwo");
    assert_string_equal(csv_cell(csv, 0, "b"), "say \"hej\"");
    arena_free(arena);
}

static void headings_alone_are_no_rows(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct csv *csv;
    struct err err;

    (void)state;
    err_init(&err);
    assert_int_equal(csv_read(arena, "a,b", 3, 10, &csv, &err), OK);
    assert_int_equal(csv_rows(csv), 0);
    assert_int_equal(csv_columns(csv), 2);
    arena_free(arena);
}

static void the_broken_line_is_named(void **state)
{
    static const struct {
        const char *text, *line;
    } cases[] = {
        { "", "1" },
        { "\n\n", "1" },
        { "a,b\n1,2\n1,2,3\n", "3" },
        { "a,b\n\"x\ny\",2\n1,2,3\n", "4" },
        { "a,b\n1,2\n\"open,2\n1,2\n", "3" },
        { "a,b\n1,x\"y\n", "2" },
        { "a,b\n\"x\"y,1\n", "2" },
        { "a,b,a\n", "1" },
        { "\na,a\n1,2\n", "2" },
        { "a,b\n1,2\n \n\n\"x\n\ny\",2,3\n", "5" },
        { "a,b\n1,\xFF\n", "2" },
        { "a\xFF,b\n", "1" },
        { "a,b\n1,\x01\n", "2" },
        { "a,b\n1,\xE2\x80\xAE\n", "2" },
    };
    struct arena *arena = arena_new(1 << 20);
    struct csv *csv;
    struct err err;

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        err_init(&err);
        assert_int_equal(csv_read(arena, cases[i].text, strlen(cases[i].text), 3, &csv, &err),
                         E_INPUT);
        assert_null(csv);
        assert_string_equal(err.rule, "malformed-csv");
        assert_string_equal(json_text(err.args, "line"), cases[i].line);
        err_release(&err);
    }
    arena_free(arena);
}

static void a_row_too_many_is_told_with_the_limit(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct csv *csv;
    struct err err;

    (void)state;
    err_init(&err);
    assert_int_equal(csv_read(arena, "a\n1\n2\n3\n", 8, 3, &csv, &err), OK);
    assert_int_equal(csv_read(arena, "a\n1\n2\n3\n4\n", 10, 3, &csv, &err), E_TOO_BIG);
    assert_string_equal(err.rule, "import-too-big");
    assert_string_equal(json_text(err.args, "rows"), "3");
    err_release(&err);
    arena_free(arena);
}

static void what_the_arena_cannot_hold_is_refused(void **state)
{
    char text[40000] = "a,b\n";
    struct arena *arena = arena_new(4000);
    struct csv *csv;
    struct err err;

    (void)state;
    err_init(&err);
    for (size_t i = 4; i + 4 < sizeof text; i += 4)
        memcpy(text + i, "1,2\n", 4);
    assert_int_equal(csv_read(arena, text, sizeof text - 4, 100000, &csv, &err), E_TOO_BIG);
    assert_null(csv);
    assert_string_equal(err.rule, "import-too-big");
    err_release(&err);
    arena_free(arena);
}

static void columns_end_at_500(void **state)
{
    char text[1200];
    struct arena *arena = arena_new(1 << 20);
    struct csv *csv;
    struct err err;

    (void)state;
    err_init(&err);
    memset(text, ',', sizeof text);
    assert_int_equal(csv_read(arena, text, 499, 3, &csv, &err), OK);
    assert_int_equal(csv_columns(csv), 500);
    assert_int_equal(csv_read(arena, text, 500, 3, &csv, &err), E_INPUT);
    err_release(&err);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read_under_their_headings),
        cmocka_unit_test(a_cell_may_hold_lines_and_quotes),
        cmocka_unit_test(headings_alone_are_no_rows),
        cmocka_unit_test(the_broken_line_is_named),
        cmocka_unit_test(a_row_too_many_is_told_with_the_limit),
        cmocka_unit_test(what_the_arena_cannot_hold_is_refused),
        cmocka_unit_test(columns_end_at_500),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
