/* test_shares.c: whole per cent by largest remainder: they add to 100, and ties go to the earlier. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <kansli/base.h>
#include <kansli/statistics.h>

enum { MOST = 8 };

static void expect(const long long *counts, const int *want, size_t n)
{
    int percent[MOST];
    shares_percent(counts, percent, n);
    for (size_t i = 0; i < n; i++)
        if (percent[i] != want[i])
            fail_msg("share %zu of %zu is %d, not %d", i, n, percent[i], want[i]);
}
#define EXPECT(n, counts, want) \
    expect((const long long[]){UNPACK counts}, (const int[]){UNPACK want}, n)
#define UNPACK(...) __VA_ARGS__

static void norra_in_august_2023(void **state)
{
    (void)state;
    EXPECT(4, (6, 9, 7, 30), (12, 17, 13, 58)); /* 11.5, 17.3, 13.5, 57.7 */
    EXPECT(4, (7, 9, 30, 6), (13, 17, 58, 12));
}

static void ties_go_to_the_earlier(void **state)
{
    (void)state;
    EXPECT(3, (1, 1, 1), (34, 33, 33));
    EXPECT(6, (1, 1, 1, 1, 1, 1), (17, 17, 17, 17, 16, 16));
    EXPECT(7, (1, 1, 1, 1, 1, 1, 1), (15, 15, 14, 14, 14, 14, 14));
    EXPECT(8, (1, 1, 1, 1, 1, 1, 1, 1), (13, 13, 13, 13, 12, 12, 12, 12));
    EXPECT(3, (0, 1, 1), (0, 50, 50));
    EXPECT(4, (1, 2, 1, 2), (17, 33, 17, 33)); /* 16.7 and 33.3 */
}

static void nothing_of_nothing_is_nothing(void **state)
{
    (void)state;
    EXPECT(3, (0, 0, 0), (0, 0, 0));
    EXPECT(1, (0), (0));
    EXPECT(1, (7), (100));
    EXPECT(3, (0, 5, 0), (0, 100, 0));
    shares_percent(NULL, NULL, 0);
}

static void whatever_the_counts_they_add_to_100_and_are_never_far_off(void **state)
{
    (void)state;
    uint32_t seed = 1;
    for (int round = 0; round < 20000; round++) {
        long long counts[MOST], total = 0;
        int percent[MOST], sum = 0;
        size_t n = 1 + (size_t)round % MOST;
        for (size_t i = 0; i < n; i++) {
            seed = seed * 1664525u + 1013904223u;
            counts[i] = (seed >> 16) % 97;
            total += counts[i];
        }
        shares_percent(counts, percent, n);
        for (size_t i = 0; i < n; i++) {
            sum += percent[i];
            assert_true(!total || llabs(percent[i] * total - 100 * counts[i]) < total);
            assert_true(counts[i] || !percent[i]);
        }
        assert_int_equal(sum, total ? 100 : 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(norra_in_august_2023),
        cmocka_unit_test(ties_go_to_the_earlier),
        cmocka_unit_test(nothing_of_nothing_is_nothing),
        cmocka_unit_test(whatever_the_counts_they_add_to_100_and_are_never_far_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
