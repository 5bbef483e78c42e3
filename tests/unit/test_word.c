/* test_word.c: what a word is, and what it is found under. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <kansli/buf.h>
#include <kansli/word.h>

static struct stemmer *stemmer;

/* The words of a text with a bar between. */
static void assert_words(const char *text, const char *expected)
{
    const char *at = text, *end = text + strlen(text);
    struct word word;
    struct buf buf;

    buf_init(&buf, 1 << 16);
    while (word_next(&at, end, &word)) {
        buf_adds(&buf, buf.len ? "|" : "");
        buf_add(&buf, word.start, word.length);
    }
    assert_string_equal(buf.data, expected);
    assert_ptr_equal(at, end);
    buf_release(&buf);
}

static void a_text_is_cut_into_letters_and_digits(void **state)
{
    assert_words("", "");
    assert_words(" – …! ", "");
    assert_words("Mötet, i Göta.", "Mötet|i|Göta");
    assert_words("HSN 2024/123-4", "HSN|2024|123|4");
    assert_words("§12 och § 7a", "§|12|och|§|7a");
    assert_words("a§b", "a|§|b");
    assert_words("covid-19 x×y 日本", "covid|19|x|y|日本");
    assert_words("e\xcc\x81t\xf0\x9f\x98\x80u", "e\xcc\x81t|u");
}

static struct word_forms forms_of(const char *text)
{
    struct word word = {text, strlen(text)};
    struct word_forms forms;

    word_forms(stemmer, &word, &forms);
    return forms;
}

/* Whether a text with one word is found by the other: some stem of what is asked, as it is written,
 * is among the text's. */
static bool finds(const char *asked, const char *there)
{
    struct word_forms a = forms_of(asked), b = forms_of(there);

    for (int i = 0; i < a.written; i++)
        for (int j = 0; j < b.stems; j++)
            if (!strcmp(a.stem[i], b.stem[j]))
                return true;
    return false;
}

static void forms_of_one_word_find_each_other(void **state)
{
    static const char *const same[][4] = {
        {"möte", "möten", "mötet", "mötets"},
        {"palliativ", "palliativa", "palliativt", "PALLIATIVA"},
        {"vård", "vården", "vårdens", "Vårds"},
        {"riktlinje", "riktlinjer", "riktlinjerna", "riktlinjernas"},
        {"ledamot", "ledamot", "Ledamot", "LEDAMOT"},
        {"område", "området", "områden", "områdets"},
        {"beslut", "beslutet", "besluten", "beslutets"},
        {"budget", "budgeten", "budgetens", "budget"},
        {"möjlighet", "möjligheter", "möjligheten", "möjligheterna"},
        {"guideline", "guidelines", "Guideline", "GUIDELINES"},
    };

    for (size_t i = 0; i < LEN(same); i++)
        for (size_t a = 0; a < 4; a++)
            for (size_t b = 0; b < 4; b++)
                if (!finds(same[i][a], same[i][b]))
                    fail_msg("%s does not find %s", same[i][a], same[i][b]);
}

static void other_words_are_other_words(void **state)
{
    assert_false(finds("möte", "mot"));
    assert_true(finds("mot", "möte"));  /* without dots it may be either */
    assert_true(finds("moten", "mötet"));
    assert_false(finds("vård", "värd"));
    assert_false(finds("Berg", "Bergström"));
    assert_false(finds("2024", "2024"));
}

static void a_word_is_folded_and_never_longer_than_its_place(void **state)
{
    char long_word[400];

    assert_string_equal(forms_of("GÖTA").plain, "gota");
    assert_string_equal(forms_of("idé").plain, "ide");
    assert_string_equal(forms_of("Straße").plain, "strasse");
    assert_string_equal(forms_of("§").plain, "§");
    assert_int_equal(forms_of("a1").stems, 0);
    for (size_t i = 0; i + 2 < sizeof long_word; i += 2)
        memcpy(long_word + i, "ö", 3);
    assert_true(strlen(forms_of(long_word).plain) < WORD_BYTES);
    assert_true(finds(long_word, long_word));
}

static void the_first_letter_is_the_same_in_every_form(void **state)
{
    static const char *const words[] = {"Ärendet", "ärende", "ARENDE", "\xcc\x81" "a"};

    for (size_t i = 0; i < LEN(words); i++)
        assert_int_equal(word_initial(&(struct word){words[i], strlen(words[i])}), 'a');
}

static void the_rules_have_a_name_of_their_own(void **state)
{
    char one[WORD_RULES_BYTES], other[WORD_RULES_BYTES];

    word_rules(one);
    word_rules(other);
    assert_string_equal(one, other);
    assert_int_equal(strlen(one), 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_cut_into_letters_and_digits),
        cmocka_unit_test(forms_of_one_word_find_each_other),
        cmocka_unit_test(other_words_are_other_words),
        cmocka_unit_test(a_word_is_folded_and_never_longer_than_its_place),
        cmocka_unit_test(the_first_letter_is_the_same_in_every_form),
        cmocka_unit_test(the_rules_have_a_name_of_their_own),
    };
    stemmer = stemmer_new();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    stemmer_free(stemmer);
    return failed;
}
