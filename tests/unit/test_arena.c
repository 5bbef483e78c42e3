/* test_arena.c: memory that lives as long as a request. */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <limits.h>
#include <string.h>

#include <cmocka.h>

#include <kansli/arena.h>

static void memory_is_zeroed_and_aligned_whatever_came_before(void **state)
{
    struct arena *arena = arena_new(1 << 20);

    (void)state;
    for (int round = 0; round < 2; round++) {
        for (size_t size = 0; size < 300; size += 7) {
            unsigned char *p = arena_alloc(arena, size);

            assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(p[i], 0);
            memset(p, 0xAB, size);
        }
        arena_clear(arena);
    }
    arena_free(arena);
}

static void neighbours_keep_their_bytes_over_many_blocks(void **state)
{
    enum { N = 400 };
    struct arena *arena = arena_new(1 << 24);
    unsigned char *p[N];

    (void)state;
    for (int i = 0; i < N; i++) {
        size_t size = i % 50 == 0 ? 100000 : 300;

        p[i] = arena_alloc(arena, size);
        memset(p[i], i % 251, size);
    }
    for (int i = 0; i < N; i++) {
        assert_int_equal(p[i][0], i % 251);
        assert_int_equal(p[i][299], i % 251);
    }
    arena_free(arena);
}

static void the_ceiling_tells_but_does_not_stop(void **state)
{
    struct arena *arena = arena_new(1000);

    (void)state;
    arena_alloc(arena, 1000);
    assert_int_equal(arena_used(arena), 1000);
    assert_false(arena_full(arena));
    assert_non_null(arena_alloc(arena, 1));
    assert_true(arena_full(arena));
    arena_clear(arena);
    assert_int_equal(arena_used(arena), 0);
    assert_false(arena_full(arena));
    arena_free(arena);
}

static void texts_are_copied_and_printed(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    char long_text[5000];

    (void)state;
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    assert_string_equal(arena_strdup(arena, "hej"), "hej");
    assert_string_equal(arena_strndup(arena, "hejsan", 3), "hej");
    assert_string_equal(arena_strndup(arena, "x", 0), "");
    assert_null(arena_strdup(arena, NULL));
    assert_null(arena_strndup(arena, NULL, 3));
    assert_string_equal(arena_printf(arena, "%d-%s", 7, "b"), "7-b");
    assert_int_equal(strlen(arena_printf(arena, "%s%s", long_text, long_text)), 9998);
    assert_string_equal(arena_int(arena, 0), "0");
    assert_string_equal(arena_int(arena, LLONG_MIN), "-9223372036854775808");
    assert_string_equal(arena_int(arena, LLONG_MAX), "9223372036854775807");
    assert_string_equal(arena_join(arena, "a", "", "bc", NULL), "abc");
    assert_int_equal(strlen(arena_join(arena, long_text, long_text, NULL)), 9998);
    arena_free(arena);
    arena_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned_whatever_came_before),
        cmocka_unit_test(neighbours_keep_their_bytes_over_many_blocks),
        cmocka_unit_test(the_ceiling_tells_but_does_not_stop),
        cmocka_unit_test(texts_are_copied_and_printed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
