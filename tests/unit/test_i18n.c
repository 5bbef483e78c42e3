/* test_i18n.c: the catalogue, its damages, and the choice of a language. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../src/view/internal.h"
#include "catalogue.h"

static const struct pair pairs[] = {
    PAIR("", "Content-Type: text/plain; charset=UTF-8\n"),
    PAIR("Empty", ""),
    PAIR("Groups", "Grupper"),
    PAIR("button\004Close", "Stäng"),
    PAIR("state\004Closed", "Avslutad"),
    PAIR("{n} day\0{n} days", "{n} dag\0{n} dagar"),
    PAIR("{n} half\0{n} halves", "{n} halva"),
};

static struct buf file;

static int set_up(void **state)
{
    (void)state;
    catalogue_make(&file, pairs, LEN(pairs));
    return lang_load((const unsigned char *)file.data, file.len) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    buf_release(&file);
    return lang_load(NULL, 0) ? 0 : -1;
}

static void a_text_is_shown_in_the_language_asked_for(void **state)
{
    (void)state;
    assert_string_equal(lang_text(LANG_SV, "Groups"), "Grupper");
    assert_string_equal(lang_text(LANG_EN, "Groups"), "Groups");
}

static void what_the_catalogue_lacks_is_shown_in_the_source_language(void **state)
{
    (void)state;
    assert_string_equal(lang_text(LANG_SV, "Absent"), "Absent");
    assert_string_equal(lang_text(LANG_SV, "Empty"), "Empty");
    assert_string_equal(lang_text(LANG_SV, "zzz"), "zzz");
    assert_string_equal(lang_text(LANG_SV, ""), "");
}

static void a_context_chooses_the_text_and_is_never_shown(void **state)
{
    (void)state;
    assert_string_equal(lang_text(LANG_SV, NC_("button", "Close")), "Stäng");
    assert_string_equal(lang_text(LANG_EN, NC_("button", "Close")), "Close");
    assert_string_equal(lang_text(LANG_SV, NC_("verb", "Close")), "Close");
    assert_string_equal(lang_text(LANG_SV, "Close"), "Close");
    assert_string_equal(lang_plural(LANG_EN, NC_("x", "one"), NC_("x", "many"), 2), "many");
}

static void one_is_singular_and_all_else_plural(void **state)
{
    (void)state;
    static const struct {
        int lang;
        long long n;
        const char *text;
    } cases[] = {
        {LANG_SV, 1, "{n} dag"},    {LANG_SV, 0, "{n} dagar"}, {LANG_SV, 2, "{n} dagar"},
        {LANG_SV, -1, "{n} dagar"}, {LANG_EN, 1, "{n} day"},   {LANG_EN, 0, "{n} days"},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        assert_string_equal(lang_plural(cases[i].lang, "{n} day", "{n} days", cases[i].n),
                            cases[i].text);
    assert_string_equal(lang_plural(LANG_SV, "{n} half", "{n} halves", 2), "{n} halva");
    assert_string_equal(lang_plural(LANG_SV, "{n} cat", "{n} cats", 2), "{n} cats");
}

static void a_damaged_catalogue_is_refused_and_leaves_none(void **state)
{
    (void)state;
    unsigned char *copy = must_malloc(file.len);
    /* Cut anywhere: every string is needed, so no shorter file is whole. */
    for (size_t n = 0; n < file.len; n++) {
        unsigned char *cut = must_malloc(n + 1); /* its own block: reading beyond it is seen */
        memcpy(cut, file.data, n);
        assert_false(lang_load(cut, n));
        assert_string_equal(lang_text(LANG_SV, "Groups"), "Groups");
        free(cut);
    }
    /* Any one bit of the header and the tables: refused, or still safe to ask. */
    for (size_t bit = 0; bit < 8 * (28 + 16 * LEN(pairs)); bit++) {
        memcpy(copy, file.data, file.len);
        copy[bit / 8] ^= (unsigned char)(1u << bit % 8);
        if (lang_load(copy, file.len))
            for (size_t i = 0; i < LEN(pairs); i++)
                assert_non_null(lang_plural(LANG_SV, pairs[i].source, "x", 2));
    }
    free(copy);
    assert_false(lang_load((const unsigned char *)"\xde\x12\x04\x95", 4));
    assert_true(lang_load((const unsigned char *)file.data, file.len));
}

static void an_unsorted_catalogue_is_refused(void **state)
{
    (void)state;
    static const struct pair unsorted[] = {PAIR("b", "x"), PAIR("a", "y")};
    struct buf odd;
    catalogue_make(&odd, unsorted, LEN(unsorted));
    assert_false(lang_load((const unsigned char *)odd.data, odd.len));
    buf_release(&odd);
    assert_true(lang_load((const unsigned char *)file.data, file.len));
}

static void the_browser_chooses_by_quality_then_by_order(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        int lang;
    } cases[] = {
        {NULL, LANG_SV},
        {"", LANG_SV},
        {"en", LANG_EN},
        {"sv", LANG_SV},
        {"en-GB,en;q=0.9", LANG_EN},
        {"sv-SE,sv;q=0.9,en;q=0.8", LANG_SV},
        {"en;q=0.8, sv;q=0.9", LANG_SV},
        {"en;q=0.9, sv;q=0.899", LANG_EN},
        {"EN", LANG_EN},
        {"de, fr;q=0.9", LANG_SV},
        {"de, en;q=0.1", LANG_EN},
        {"sv;q=0, en;q=0.1", LANG_EN},
        {"en;q=0", LANG_SV},
        {"en;q=0.0,sv;q=0.000", LANG_SV},
        {"*", LANG_SV},
        {"*;q=0.1, en", LANG_EN},
        {"english", LANG_SV},
        {"e", LANG_SV},
        {",,;;q=,en;q", LANG_EN},
        {"en;q=1.0", LANG_EN},
        {"en ; q=0.5 , sv;q=0.4", LANG_EN},
        {";q=0.5", LANG_SV},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        if (lang_accept(cases[i].header) != cases[i].lang)
            fail_msg("%s", cases[i].header ? cases[i].header : "(none)");
}

static void a_code_names_a_language_or_none(void **state)
{
    (void)state;
    assert_int_equal(lang_find("sv"), LANG_SV);
    assert_int_equal(lang_find("en"), LANG_EN);
    assert_int_equal(lang_find("SV"), -1);
    assert_int_equal(lang_find(""), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_shown_in_the_language_asked_for),
        cmocka_unit_test(what_the_catalogue_lacks_is_shown_in_the_source_language),
        cmocka_unit_test(a_context_chooses_the_text_and_is_never_shown),
        cmocka_unit_test(one_is_singular_and_all_else_plural),
        cmocka_unit_test(a_damaged_catalogue_is_refused_and_leaves_none),
        cmocka_unit_test(an_unsorted_catalogue_is_refused),
        cmocka_unit_test(the_browser_chooses_by_quality_then_by_order),
        cmocka_unit_test(a_code_names_a_language_or_none),
    };
    return cmocka_run_group_tests_name("i18n", tests, set_up, tear_down);
}
