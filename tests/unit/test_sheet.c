/* test_sheet.c: what is written is read back without loss; files as others write them; what is no
 * table is told apart. Workbooks made by hand, and hostile ones, are
 * tests/http/exchange.test.mjs's. */
#include <string.h>

#include <cmocka.h>

#include <kansli/sheet.h>
#include <kansli/view.h>

static struct arena *arena;
static struct err err;

static int begin(void **state)
{
    (void)state;
    arena = arena_new(64 << 20);
    err_init(&err);
    return 0;
}

static int end(void **state)
{
    (void)state;
    err_release(&err);
    arena_free(arena);
    return 0;
}
#define SHEET_TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

static const struct sheet *read_all(const char *bytes, size_t n)
{
    struct sheet *sheet;
    enum code c = sheet_read(arena, bytes, n, 100, &sheet, &err);
    assert_int_equal(c, err.code);
    assert_true(!c == (sheet != NULL));
    return sheet;
}
#define READ(text) read_all(text, sizeof(text) - 1)

static const char *refusal(const char *bytes, size_t n)
{
    err_release(&err);
    err_init(&err);
    assert_null(read_all(bytes, n));
    return err.rule;
}
#define REFUSAL(text) refusal(text, sizeof(text) - 1)

/* ---- there and back ---- */

static const char *const awkward[] = {
    "",        "Åsa Öberg", "=1+1",   "'=1+1",   "''=1+1", "+46 70 123",     "-5",
    "@SUM(A1)", "'apostrof", "a;b,c",  "say \"hej\"", "rad 1\nrad 2", "_x000D_", "<&>",
    "2026-11-22", "007", "ja", "TRUE", "1e5", "𝄞 smileys 😀", "'",
};

static const struct sheet *there_and_back(enum sheet_format format)
{
    static const char *const headings[] = {"Namn", "Dag", "Antal"};
    struct sheet_out *out = sheet_new(format, "prov", "2026-11-22");
    struct buf bytes;
    buf_init(&bytes, 1 << 20);
    out->begin(out, headings, 2); /* begun anew: what was said is forgotten */
    out->row(out, (struct cell[]){{CELL_TEXT, "bort"}, {CELL_TEXT, "bort"}}, 2);
    out->begin(out, headings, 3);
    for (size_t i = 0; i < LEN(awkward); i++)
        out->row(out,
                 (struct cell[]){{CELL_TEXT, awkward[i]},
                                 {CELL_DAY, i % 2 ? "2026-12-31" : "1899-12-31"},
                                 {CELL_NUMBER, "46000"}},
                 3);
    assert_int_equal(sheet_end(out, &bytes, &err), OK);
    sheet_free(out);
    char *copy = arena_alloc(arena, bytes.len + 1);
    memcpy(copy, bytes.data, bytes.len);
    const struct sheet *sheet = read_all(copy, bytes.len);
    buf_release(&bytes);
    return sheet;
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    for (int format = SHEET_CSV; format <= SHEET_XLSX; format++) {
        const struct sheet *sheet = there_and_back((enum sheet_format)format);
        assert_non_null(sheet);
        assert_int_equal(sheet->columns, 3);
        assert_int_equal(sheet->rows, LEN(awkward));
        assert_string_equal(sheet->heading[1], "Dag");
        for (size_t i = 0; i < LEN(awkward); i++) {
            assert_string_equal(sheet_unguard(sheet_cell(sheet, i, 0)), awkward[i]);
            assert_string_equal(sheet_cell(sheet, i, 1), i % 2 ? "2026-12-31" : "1899-12-31");
            assert_string_equal(sheet_cell(sheet, i, 2), "46000");
        }
    }
}

static void the_same_rows_give_the_same_bytes(void **state)
{
    struct buf bytes[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct sheet_out *out = sheet_new(SHEET_XLSX, "prov", "2026-11-22");
        out->begin(out, (const char *const[]){"Namn"}, 1);
        out->row(out, (struct cell[]){{CELL_TEXT, "Åsa"}}, 1);
        buf_init(&bytes[i], 1 << 20);
        assert_int_equal(sheet_end(out, &bytes[i], &err), OK);
        sheet_free(out);
    }
    assert_int_equal(bytes[0].len, bytes[1].len);
    assert_memory_equal(bytes[0].data, bytes[1].data, bytes[0].len);
    buf_release(&bytes[0]);
    buf_release(&bytes[1]);
}

static void a_file_that_outgrows_its_ceiling_is_refused(void **state)
{
    (void)state;
    for (int format = SHEET_CSV; format <= SHEET_XLSX; format++) {
        struct sheet_out *out = sheet_new((enum sheet_format)format, "prov", "2026-11-22");
        struct buf bytes;
        buf_init(&bytes, 10);
        out->begin(out, (const char *const[]){"En lång rubrik"}, 1);
        err_release(&err);
        err_init(&err);
        assert_int_equal(sheet_end(out, &bytes, &err), E_TOO_BIG);
        sheet_free(out);
        buf_release(&bytes);
    }
}

/* ---- as others write them ---- */

static void every_alphabet_and_separator_is_read(void **state)
{
    static const char utf16[] =
        "\xFF\xFEN\0a\0m\0n\0\t\0O\0r\0t\0\r\0\n\0\xC5\0s\0a\0\t\0\xD6\0r\0\r\0\n\0";
    static const char big[] = "\xFE\xFF\0N\0a\0m\0n\0\t\0O\0r\0t\0\n\0\xC5\0s\0a\0\t\0\xD6\0r\0\n";
    const struct sheet *sheets[] = {
        READ("Namn;Ort\r\nÅsa;Ör\r\n"),       READ("\xEF\xBB\xBFNamn,Ort\nÅsa,Ör\n"),
        READ("Namn\tOrt\r\xC5sa\t\xD6r\r"),   READ("sep=;\r\nNamn;Ort\r\nÅsa;Ör"),
        READ("\xEF\xBB\xBFsep=,\nNamn,Ort\nÅsa,Ör"), READ(utf16), READ(big),
        READ("\r\n\r\nNamn\tOrt\r\n\r\n\xC5sa\t\xD6r\r\n"),
    };
    (void)state;
    for (size_t i = 0; i < LEN(sheets); i++) {
        assert_non_null(sheets[i]);
        assert_int_equal(sheets[i]->columns, 2);
        assert_int_equal(sheets[i]->rows, 1);
        assert_string_equal(sheets[i]->heading[0], "Namn");
        assert_string_equal(sheet_cell(sheets[i], 0, 0), "Åsa");
        assert_string_equal(sheet_cell(sheets[i], 0, 1), "Ör");
    }
    const struct sheet *sheet = READ("a;b\n\x80\x96;\x93x\x94\n");
    assert_string_equal(sheet_cell(sheet, 0, 0), "€–");
    assert_string_equal(sheet_cell(sheet, 0, 1), "“x”");
}

static void rows_know_their_lines_and_may_be_short(void **state)
{
    (void)state;
    const struct sheet *sheet = READ("a;b;c\n\n1\n\"x\ny\";2\n;;3\n");
    assert_int_equal(sheet->rows, 3);
    assert_int_equal(sheet->row[0].line, 3);
    assert_int_equal(sheet->row[1].line, 4);
    assert_int_equal(sheet->row[2].line, 6);
    assert_string_equal(sheet_cell(sheet, 0, 2), "");
    assert_string_equal(sheet_cell(sheet, 1, 0), "x\ny");
    assert_string_equal(sheet_cell(sheet, 2, 2), "3");
    assert_string_equal(sheet_cell(sheet, 2, 99), "");
}

static void what_is_no_table_is_told_apart(void **state)
{
    (void)state;
    assert_string_equal(REFUSAL(""), "unreadable-file");
    assert_string_equal(REFUSAL("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 an old workbook"),
                        "unreadable-file");
    assert_string_equal(REFUSAL("%PDF-1.7"), "unreadable-file");
    assert_string_equal(REFUSAL("<html><table><tr><td>Namn</td></tr></table></html>"),
                        "unreadable-file");
    assert_string_equal(REFUSAL("\xEF\xBB\xBF \n<?xml version=\"1.0\"?><x/>"), "unreadable-file");
    assert_string_equal(REFUSAL("PK\003\004 half a workbook"), "malformed-workbook");
    assert_string_equal(REFUSAL("a;a\n1;2\n"), "malformed-csv");
    assert_string_equal(REFUSAL("a;b\n\"1;2\n"), "malformed-csv");
}

/* ---- cells ---- */

static void a_guard_is_put_on_and_taken_off(void **state)
{
    static const char *const guarded[] = {"=1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''@x"};
    static const char *const plain[] = {"", "x", "'", "'x", "x=1", "''", "1-2"};
    (void)state;
    for (size_t i = 0; i < LEN(guarded); i++)
        assert_true(sheet_formula(guarded[i], strlen(guarded[i]), false));
    for (size_t i = 0; i < LEN(plain); i++) {
        assert_false(sheet_formula(plain[i], strlen(plain[i]), false));
        assert_string_equal(sheet_unguard(plain[i]), plain[i]);
    }
    assert_string_equal(sheet_unguard("'=1"), "=1");
    assert_string_equal(sheet_unguard("''=1"), "'=1");
    assert_string_equal(sheet_unguard("=1"), "=1");
}

static void a_list_stands_in_one_cell(void **state)
{
    json_t *list = json_pack("[s, s, s]", "läkare", "a;b", "c;;");
    (void)state;
    assert_string_equal(sheet_join(arena, list), "läkare; a;;b; c;;;;");
    json_t *back = sheet_split(arena, sheet_join(arena, list));
    assert_true(json_equal(list, back));
    json_decref(back);
    json_decref(list);
    back = sheet_split(arena, " en ;två;  ; tre ");
    assert_int_equal(json_array_size(back), 3);
    assert_string_equal(json_string_value(json_array_get(back, 2)), "tre");
    json_decref(back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SHEET_TEST(what_is_written_is_read_back),
        SHEET_TEST(the_same_rows_give_the_same_bytes),
        SHEET_TEST(a_file_that_outgrows_its_ceiling_is_refused),
        SHEET_TEST(every_alphabet_and_separator_is_read),
        SHEET_TEST(rows_know_their_lines_and_may_be_short),
        SHEET_TEST(what_is_no_table_is_told_apart),
        SHEET_TEST(a_guard_is_put_on_and_taken_off),
        SHEET_TEST(a_list_stands_in_one_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
