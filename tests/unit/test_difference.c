/* test_difference.c: two texts, word by word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <kansli/buf.h>
#include <kansli/date.h>
#include <kansli/difference.h>

/* The way as text: [-deleted-] {+inserted+} same. */
static char *drawn(struct arena *arena, const char *before, const char *after)
{
    static const char *const open[] = {"", "[-", "{+"}, *const close[] = {"", "-]", "+}"};
    struct buf buf;
    size_t n;
    const struct difference *way = difference_words(arena, before, after, &n);
    buf_init(&buf, 1 << 20);
    for (size_t i = 0; i < n; i++) {
        buf_adds(&buf, open[way[i].op]);
        buf_add(&buf, way[i].text, way[i].n);
        buf_adds(&buf, close[way[i].op]);
    }
    char *text = arena_strdup(arena, buf.data);
    buf_release(&buf);
    return text;
}

static void words_that_stay_go_and_come_are_told_apart(void **state)
{
    static const struct {
        const char *before, *after, *way;
    } cases[] = {
        {"", "", ""},
        {"lika", "lika", "lika"},
        {"", "nytt här", "{+nytt här+}"},
        {"allt borta", "", "[-allt borta-]"},
        {"en två tre", "en fyra tre", "en[- två-]{+ fyra+} tre"},
        {"en två", "en två tre", "en två{+ tre+}"},
        {"två tre", "en två tre", "{+en+} två tre"},
        {"a b c d", "a x y d", "a[- b c-]{+ x y+} d"},
        {"a b c d e", "a x c y e", "a[- b-]{+ x+} c[- d-]{+ y+} e"},
        {"a b a b a", "b a b", "[-a-]b a b[- a-]"},
        {"rad  ett", "rad ett", "rad ett"},
        {"rad\nett", "rad ett", "rad[-\nett-]{+ ett+}"},
        {"ett\n\n\ntvå", "ett\n\ntvå", "ett\n\ntvå"},
        {"slut.", "slut. Mer.", "slut.{+ Mer.+}"},
        {"åäö ö", "åäö å", "åäö[- ö-]{+ å+}"},
        {"slut  ", "slut", "slut"},
        {"  ", "x", "[-  -]{+x+}"},
    };
    struct arena *arena = arena_new(1 << 20);

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        assert_string_equal(drawn(arena, cases[i].before, cases[i].after), cases[i].way);
    arena_free(arena);
}

/* n words, each of its own; every `other`-th is another word. */
static char *text_of(struct arena *arena, int n, int other, char separator)
{
    struct buf buf;
    buf_init(&buf, 4 << 20);
    for (int i = 0; i < n; i++)
        buf_addf(&buf, "%s%d%c", other && i % other == 0 ? "n" : "o", i, separator);
    char *text = arena_strdup(arena, buf.data);
    buf_release(&buf);
    return text;
}

static void what_is_inserted_and_what_stays_make_up_the_new_text(void **state)
{
    struct arena *arena = arena_new(64 << 20);
    struct buf whole;
    size_t n;

    (void)state;
    for (int other = 2; other < 9; other++) {
        const char *before = text_of(arena, 300, 0, ' '), *after = text_of(arena, 280, other, ' ');
        const struct difference *way = difference_words(arena, before, after, &n);
        buf_init(&whole, 1 << 20);
        for (size_t i = 0; i < n; i++)
            if (way[i].op != DIFFERENCE_DELETED)
                buf_add(&whole, way[i].text, way[i].n);
        assert_string_equal(whole.data, after);
        buf_release(&whole);
    }
    arena_free(arena);
}

static void texts_of_20_000_characters_take_a_moment(void **state)
{
    static const struct {
        int n;
        char separator;
        const char *what;
    } cases[] = {{3300, ' ', "words"}, {9000, ' ', "one line"}, {9000, '\n', "short lines"}};

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct arena *arena = arena_new(64 << 20);
        size_t n;
        const char *before = text_of(arena, cases[i].n, 0, cases[i].separator);
        const char *after = text_of(arena, cases[i].n, 2, cases[i].separator);
        int64_t began = clock_ms();
        difference_words(arena, before, after, &n);
        assert_true(clock_ms() - began < 2000); /* some 50 without sanitizers */
        assert_true(n > 0);
        arena_free(arena);
    }
}

/* Too many words for the table: lines are compared instead. */
static void long_texts_are_compared_by_lines(void **state)
{
    struct arena *arena = arena_new(64 << 20);
    struct buf before, after;
    size_t n;

    (void)state;
    buf_init(&before, 4 << 20);
    buf_init(&after, 4 << 20);
    for (int line = 0; line < 50; line++)
        for (int word = 0; word < 100; word++) {
            buf_addf(&before, "%d ", line * 100 + word);
            buf_addf(&after, "%s%d ", line % 2 && word == 50 ? "x" : "", line * 100 + word);
            if (word == 99) {
                buf_addc(&before, '\n');
                buf_addc(&after, '\n');
            }
        }
    const struct difference *way = difference_words(arena, before.data, after.data, &n);
    assert_true(n > 50 && n < 120); /* 25 lines of 50 differ */
    assert_int_equal(way[0].op, DIFFERENCE_SAME);
    assert_true(strchr(way[1].text, '\n') != NULL);
    assert_int_equal(way[1].text[way[1].n - 1], '\n');
    buf_release(&before);
    buf_release(&after);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_that_stay_go_and_come_are_told_apart),
        cmocka_unit_test(what_is_inserted_and_what_stays_make_up_the_new_text),
        cmocka_unit_test(texts_of_20_000_characters_take_a_moment),
        cmocka_unit_test(long_texts_are_compared_by_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
