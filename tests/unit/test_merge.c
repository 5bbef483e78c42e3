/* test_merge.c: two texts that were changed from one, paragraph by paragraph. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <kansli/buf.h>
#include <kansli/date.h>
#include <kansli/merge.h>

static struct arena *arena;

static void choose(struct merge_part *parts, size_t n, enum merge_choice choice)
{
    for (size_t i = 0; i < n; i++)
        parts[i].choice = choice;
}

/* What is proposed when nobody chooses. */
static const char *proposed(const char *base, const char *mine, const char *theirs)
{
    size_t n;
    const struct merge_part *parts = merge_paragraphs(arena, base, mine, theirs, &n);
    return merge_text(arena, parts, n);
}

static void the_choices_that_lose_nothing_are_proposed(void **state)
{
    static const struct {
        const char *base, *mine, *theirs, *text;
    } cases[] = {
        {"a\n\nb", "a\n\nb", "a\n\nb", "a\n\nb"},
        {"a\n\nb\n\nc", "A\n\nb\n\nc", "a\n\nb\n\nC", "A\n\nb\n\nC"},
        {"a\n\nb\n\nc", "a\n\nc", "a\n\nb\n\nc", "a\n\nc"},
        {"a\n\nb\n\nc", "a\n\nb\n\nc", "a\n\nc", "a\n\nc"},
        {"a\n\nb", "a\n\nb1", "a\n\nb2", "a\n\nb1\n\nb2"},
        {"a", "a\n\nx\n\ny", "a\n\nx\n\nz", "a\n\nx\n\ny\n\nz"},
        {"a", "a\n\nx", "a\n\nx", "a\n\nx"},
        {"a\n\nb", "b", "a\n\nB", "b\n\na\n\nB"},
        {"a\n\nb", "a\n\nb\n\nc", "a\n\nB", "a\n\nB\n\nc"},
        {"a\n\nb", "a\n\nB", "a\n\nb\n\nc", "a\n\nB\n\nc"},
        {"a\n\nb", "0\n\na\n\nb", "A\n\nb", "0\n\nA\n\nb"},
        {"a\n\nb", "A\n\nb", "0\n\na\n\nb", "0\n\nA\n\nb"},
        {NULL, "a\n\nb", "a\n\nc", "a\n\nb\n\nc"},
        {NULL, "a\n\nb\n\nc", "a\n\nc", "a\n\nb\n\nc"},
        {NULL, "", "a", "a"},
        {NULL, "a", "", "a"},
        {NULL, "", "", ""},
        {"a\n\n\n\nb", "a\n\n\n\nb", "a\n\n\n\nb\n\nc", "a\n\n\n\nb\n\nc"},
        {NULL, "rad ett\nrad två\n\nb", "rad ett\nrad 2\n\nb",
         "rad ett\nrad två\n\nrad ett\nrad 2\n\nb"},
    };

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        assert_string_equal(proposed(cases[i].base, cases[i].mine, cases[i].theirs), cases[i].text);
}

/* A text of a few paragraphs out of few, so that many are alike; blank lines now and then with
 * spaces. */
static const char *any_text(uint64_t *seed)
{
    static const char *const words[] = {"a", "b", "c", "rad\nrad", "  d", "- e\n- f"},
                            *const gaps[] = {"\n\n", "\n\n", "\n\n\n", "\n \t\n"};
    struct buf text;
    buf_init(&text, 1 << 16);
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    for (size_t n = *seed >> 61; n > 0; n--) {
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        const char *word = words[(*seed >> 40) % LEN(words)];
        buf_adds(&text, text.len ? gaps[(*seed >> 50) % LEN(gaps)] : "");
        buf_adds(&text, text.len ? word : word + (*word == ' ' ? 2 : 0));
    }
    const char *made = arena_strndup(arena, text.data, text.len);
    buf_release(&text);
    return made;
}

/* Every paragraph of a text stands in another. */
static bool stands_in(const char *text, const char *all)
{
    char *copy = arena_strdup(arena, text), *end;
    for (char *at = copy; *at; at = end) {
        at += strspn(at, " \t\n");
        end = strstr(at, "\n\n");
        end = end ? end : at + strlen(at);
        char was = *end;
        *end = '\0';
        if (*at && !strchr(at, '\t') && !strstr(all, at))
            return false;
        *end = was;
    }
    return true;
}

static void all_mine_gives_mine_and_all_theirs_theirs(void **state)
{
    uint64_t seed = 7;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        const char *base = any_text(&seed), *mine = any_text(&seed), *theirs = any_text(&seed);
        size_t n;
        struct merge_part *parts =
            merge_paragraphs(arena, i % 2 ? base : NULL, mine, theirs, &n);
        if (i % 2 == 0) {
            const char *both = merge_text(arena, parts, n);
            assert_true(stands_in(mine, both) && stands_in(theirs, both));
        }
        choose(parts, n, MERGE_MINE);
        assert_string_equal(merge_text(arena, parts, n), mine);
        choose(parts, n, MERGE_THEIRS);
        assert_string_equal(merge_text(arena, parts, n), theirs);
        if (i % 500 == 0)
            arena_clear(arena);
    }
}

static void what_only_one_has_changed_is_not_asked_of_the_other(void **state)
{
    uint64_t seed = 11;

    (void)state;
    for (int i = 0; i < 5000; i++) {
        const char *base = any_text(&seed), *changed = any_text(&seed);
        assert_string_equal(proposed(base, changed, base), changed);
        assert_string_equal(proposed(base, base, changed), changed);
        assert_string_equal(proposed(base, changed, changed), changed);
        if (i % 500 == 0)
            arena_clear(arena);
    }
}

static void many_paragraphs_are_one_place_at_last(void **state)
{
    struct buf mine, theirs;
    size_t n;

    (void)state;
    buf_init(&mine, 1 << 20);
    buf_init(&theirs, 1 << 20);
    for (int i = 0; i < 20000; i++) {
        buf_addf(&mine, "%sm%d", i ? "\n\n" : "", i);
        buf_addf(&theirs, "%s%s%d", i ? "\n\n" : "", i % 2 ? "t" : "m", i);
    }
    struct merge_part *parts = merge_paragraphs(arena, NULL, mine.data, theirs.data, &n);
    assert_true(n <= 2); /* the first paragraph is in both */
    choose(parts, n, MERGE_THEIRS);
    assert_string_equal(merge_text(arena, parts, n), theirs.data);
    buf_release(&mine);
    buf_release(&theirs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_choices_that_lose_nothing_are_proposed),
        cmocka_unit_test(all_mine_gives_mine_and_all_theirs_theirs),
        cmocka_unit_test(what_only_one_has_changed_is_not_asked_of_the_other),
        cmocka_unit_test(many_paragraphs_are_one_place_at_last),
    };
    arena = arena_new(64 << 20);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
