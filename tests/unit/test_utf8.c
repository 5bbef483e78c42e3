/* test_utf8.c: text that is safe to keep. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <kansli/utf8.h>

static void malformed_bytes_are_not_text(void **state)
{
    static const struct {
        const char *bytes;
        bool valid;
    } cases[] = {
        { "", true },
        { "plain text that is longer than eight bytes", true },
        { "åäö €uro 𝄞", true },
        { "\xEF\xBF\xBF", true },         /* a noncharacter is well-formed */
        { "\x80", false },                /* a tail without a head */
        { "12345678\xC3", false },        /* cut off */
        { "\xC3(", false },               /* no tail */
        { "\xC0\xAF", false },            /* overlong / */
        { "\xE0\x80\xAF", false },        /* overlong */
        { "\xF0\x80\x80\xAF", false },    /* overlong */
        { "\xED\xA0\x80", false },        /* a surrogate */
        { "\xF4\x8F\xBF\xBF", true },     /* the last */
        { "\xF4\x90\x80\x80", false },    /* beyond the last */
        { "\xF5\x80\x80\x80", false },
        { "\xFF", false },
        { "\xE2\x82", false },
    };

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(utf8_valid(cases[i].bytes, strlen(cases[i].bytes)), cases[i].valid);
}

static void code_points_are_read_and_written(void **state)
{
    static const uint32_t codes[] = { 'a', 0xE5, 0x20AC, 0x1D11E };
    const char *text = "aå€𝄞", *p = text;
    char out[16];
    int n = 0;

    (void)state;
    assert_int_equal(utf8_length(text), 4);
    for (size_t i = 0; i < LEN(codes); i++) {
        assert_int_equal(utf8_next(&p), codes[i]);
        n += utf8_put(codes[i], out + n);
    }
    assert_int_equal(utf8_next(&p), 0);
    assert_int_equal(utf8_next(&p), 0);
    assert_int_equal(n, strlen(text));
    assert_memory_equal(out, text, (size_t)n);
}

static void clean_text_is_composed_and_trimmed(void **state)
{
    static const struct {
        const char *text, *one_line, *lines;
    } cases[] = {
        { "", "", "" },
        { "  \t \n ", "", "" },
        { " Åsa  Öberg ", "Åsa  Öberg", "Åsa  Öberg" },
        { "a\r\nb\rc\nd\te", "a b c d e", "a\nb\nc\nd\te" },
        { "a\xE2\x80\xA8" "b\xE2\x80\xA9" "c", "a b c", "a\nb\nc" },
        { "\xC2\xA0x\xE3\x80\x80", "x", "x" },
        { "A\xCC\x8Asa", "Åsa", "Åsa" },                         /* A + ring */
        { "\xE2\x84\xAB", "Å", "Å" },                            /* Ångström sign */
        { "q\xCC\x87\xCC\xA3", "q\xCC\xA3\xCC\x87", "q\xCC\xA3\xCC\x87" }, /* dots in order */
        { "s\xCC\x87\xCC\xA3", "\xE1\xB9\xA9", "\xE1\xB9\xA9" },  /* ṩ */
        { "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "한", "한" },   /* Hangul L V T */
        { "가\xE1\x86\xA8", "각", "각" },                         /* LV + T */
        { "\xE0\xA5\x98", "\xE0\xA4\x95\xE0\xA4\xBC", "\xE0\xA4\x95\xE0\xA4\xBC" }, /* excluded */
        { "a\xCD\xA0" "b – “€”", "a\xCD\xA0" "b – “€”", "a\xCD\xA0" "b – “€”" },
        { "\xCC\x88", "\xCC\x88", "\xCC\x88" },                  /* a mark with no letter */
    };
    struct arena *arena = arena_new(100000);
    char *out;

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        size_t n = strlen(cases[i].text);

        assert_int_equal(text_clean(arena, cases[i].text, n, false, &out), TEXT_OK);
        assert_string_equal(out, cases[i].one_line);
        assert_int_equal(text_clean(arena, cases[i].text, n, true, &out), TEXT_OK);
        assert_string_equal(out, cases[i].lines);
        assert_int_equal(text_clean(arena, out, strlen(out), true, &out), TEXT_OK);
        assert_string_equal(out, cases[i].lines);
    }
    arena_free(arena);
}

static void what_hides_or_turns_text_is_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        enum text_fault fault;
    } cases[] = {
        { "a\0b", 3, TEXT_INVALID },           { "a\xFF", 2, TEXT_INVALID },
        { "\x1B\xFF", 2, TEXT_INVALID },       { "a\x01", 2, TEXT_CONTROL },
        { "a\x0B", 2, TEXT_CONTROL },          { "a\x7F", 2, TEXT_CONTROL },
        { "a\xC2\x85", 3, TEXT_CONTROL },      { "\xEF\xBF\xBE", 3, TEXT_CONTROL },
        { "\xEF\xBF\xBF", 3, TEXT_CONTROL },   { "\xE2\x80\xAA", 3, TEXT_BIDI },
        { "\xE2\x80\xAE", 3, TEXT_BIDI },      { "\xE2\x81\xA6", 3, TEXT_BIDI },
        { "\xE2\x81\xA9", 3, TEXT_BIDI },      { "\xE2\x80\x8E", 3, TEXT_BIDI },
        { "\xE2\x80\x8F", 3, TEXT_BIDI },      { "\xD8\x9C", 2, TEXT_BIDI },
        { "\xE2\x80\x8D", 3, TEXT_OK },        { "\xE2\x80\xAF", 3, TEXT_OK },
    };
    struct arena *arena = arena_new(100000);
    char *out;

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(text_clean(arena, cases[i].bytes, cases[i].n, true, &out), cases[i].fault);
    arena_free(arena);
}

static void a_hostile_run_of_marks_is_sorted_in_good_time(void **state)
{
    enum { PAIRS = 50000 };
    struct arena *arena = arena_new(1 << 22);
    char *text = arena_alloc(arena, 4 * PAIRS + 1), *out;

    (void)state;
    for (size_t i = 0; i < PAIRS; i++)
        memcpy(text + 4 * i, "\xCC\x81\xCC\xA3", 4);
    text[0] = 'q';
    text[1] = 'q';
    assert_int_equal(text_clean(arena, text, 4 * PAIRS, true, &out), TEXT_OK);
    assert_memory_equal(out, "qq\xCC\xA3\xCC\xA3\xCC\xA3", 8);
    assert_memory_equal(out + 4 * PAIRS - 4, "\xCC\x81\xCC\x81", 4);
    arena_free(arena);
}

static void folding_leaves_plain_letters(void **state)
{
    static const struct {
        const char *text, *folded;
    } cases[] = {
        { "", "" },
        { "NPO Tandvård 2", "npo tandvard 2" },
        { "ÅÄÖ åäö", "aao aao" },
        { "ÁÀÂÃ Øóòô ÉÈÊË Ü", "aaaa oooo eeee u" },
        { "Æ æ œ Straße ẞ ç ñ", "ae ae oe strasse ss c n" },
        { "Łódź Đorđe þorn ðag ıİ", "lodz dorde thorn dag ii" },
        { "A\xCC\x8A", "a" },
        { "ǽ ǿ ǯ", "ae o z" },
        { "ЩИ Ω", "щи ω" },
        { "한 – “x”", "한 – “x”" },
    };
    struct arena *arena = arena_new(100000);

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        assert_string_equal(text_fold(arena, cases[i].text), cases[i].folded);
    arena_free(arena);
}

static void slugs_are_short_and_plain(void **state)
{
    static const struct {
        const char *text, *slug;
    } cases[] = {
        { "Äldres hälsa och palliativ vård", "aldres-halsa-och-palliativ-vard" },
        { "  --NPO: \"Nya\" /sjukdomar/ 2!  ", "npo-nya-sjukdomar-2" },
        { "Щ –", "" },
        { "", "" },
        { "aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhhhhh iiiiiii",
          "aaaaaaaaa-bbbbbbbbb-ccccccccc-ddddddddd-eeeeeeeee-fffffffff-ggggggggg-hhhhhhhhh" },
        { "aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhhhhhhh iiiii",
          "aaaaaaaaa-bbbbbbbbb-ccccccccc-ddddddddd-eeeeeeeee-fffffffff-ggggggggg" },
    };
    struct arena *arena = arena_new(100000);
    char text[101];

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        assert_string_equal(text_slug(arena, cases[i].text), cases[i].slug);
    memset(text, 'x', 100);
    text[100] = '\0';
    assert_int_equal(strlen(text_slug(arena, text)), 80);
    arena_free(arena);
}

/* In order; each with all that follow. */
static const char *const in_order[] = {
    "",       " ",       "!",        "\x80",    "02",       "2",       "2 a",   "10",
    "100000000000000000000",         "a",       "A",        "á",       "a 2",   "a 10",
    "a b",    "a-2",     "aa",       "ab",      "Aba",      "café",    "cafés", "d",
    "đ",      "e",       "é",        "É",       "ea",       "rolf",    "röd",   "ss",
    "ß",      "st",      "vb",       "wa",      "x",        "y",       "Y",     "ü",
    "ya",     "üb",      "z",        "å",       "Å",        "åb",      "ä",     "æ",
    "äb",     "ö",       "ø",        "öb",      "α",        "б",
};

static void swedish_sorts_so(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(in_order); i++) {
        for (size_t k = 0; k < LEN(in_order); k++) {
            const char *a = in_order[i], *b = in_order[k];
            int order = text_compare_sv(a, strlen(a), b, strlen(b)), expected = (i > k) - (i < k);

            if ((order > 0) - (order < 0) != expected)
                fail_msg("\"%s\" and \"%s\" are not in order", a, b);
        }
    }
}

static void case_and_punctuation_differ_last(void **state)
{
    static const char *const pairs[][2] = {
        { "annalisa", "Anna-Lisa" }, { "Anna-Lisa", "annalisb" }, { "anna lisa", "Anna-Lisa" },
        { "A.B", "abc" },            { "npo", "NPO" },            { "NPO", "npo x" },
        { "cote", "coté" },          { "coté", "cotez" },         { "é b", "E c" },
        { "1.5", "1.10" },           { "kap 02", "kap 2" },
    };

    (void)state;
    for (size_t i = 0; i < LEN(pairs); i++) {
        const char *a = pairs[i][0], *b = pairs[i][1];

        if (text_compare_sv(a, strlen(a), b, strlen(b)) >= 0)
            fail_msg("\"%s\" is not before \"%s\"", a, b);
        if (text_compare_sv(b, strlen(b), a, strlen(a)) <= 0)
            fail_msg("\"%s\" is not after \"%s\"", b, a);
    }
    assert_int_equal(text_compare_sv(NULL, 0, NULL, 0), 0);
    assert_int_equal(text_compare_sv("ab", 1, "ac", 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_bytes_are_not_text),
        cmocka_unit_test(code_points_are_read_and_written),
        cmocka_unit_test(clean_text_is_composed_and_trimmed),
        cmocka_unit_test(what_hides_or_turns_text_is_refused),
        cmocka_unit_test(a_hostile_run_of_marks_is_sorted_in_good_time),
        cmocka_unit_test(folding_leaves_plain_letters),
        cmocka_unit_test(slugs_are_short_and_plain),
        cmocka_unit_test(swedish_sorts_so),
        cmocka_unit_test(case_and_punctuation_differ_last),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
