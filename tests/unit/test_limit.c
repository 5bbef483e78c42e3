/* test_limit.c: bursts, rates, and a table that cannot grow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <kansli/crypt.h>
#include <kansli/limit.h>

static void a_burst_passes_and_the_next_is_told_how_long_to_wait(void **state)
{
    (void)state;
    struct limit *limit = limit_new(30, 900, 30, 64);
    long wait = 0;
    for (int i = 0; i < 30; i++)
        assert_true(limit_take_at(limit, "192.0.2.1", 1000, &wait));
    assert_int_equal(wait, 0);
    assert_false(limit_take_at(limit, "192.0.2.1", 1000, &wait));
    assert_int_equal(wait, 30);
    assert_true(limit_take_at(limit, "192.0.2.2", 1000, NULL));
    limit_free(limit);
}

static void who_waits_as_told_gets_in_once(void **state)
{
    (void)state;
    struct limit *limit = limit_new(30, 900, 2, 64);
    long wait = 0;
    assert_true(limit_take_at(limit, "a", 5000, NULL));
    assert_true(limit_take_at(limit, "a", 5000, NULL));
    assert_false(limit_take_at(limit, "a", 5000, &wait));
    assert_false(limit_take_at(limit, "a", 5000 + wait * 1000 - 1, NULL));
    assert_true(limit_take_at(limit, "a", 5000 + wait * 1000, NULL));
    assert_false(limit_take_at(limit, "a", 5000 + wait * 1000, NULL));
    limit_free(limit);
}

static void refusals_do_not_count(void **state)
{
    (void)state;
    struct limit *limit = limit_new(1, 1, 1, 8);
    assert_true(limit_take_at(limit, "a", 0, NULL));
    for (int i = 0; i < 100; i++)
        assert_false(limit_take_at(limit, "a", 500, NULL));
    assert_true(limit_take_at(limit, "a", 1000, NULL));
    limit_free(limit);
}

static void over_time_the_rate_holds(void **state)
{
    (void)state;
    struct limit *limit = limit_new(200, 1, 1000, 8);
    int passed = 0;
    for (int64_t ms = 0; ms < 10000; ms++)
        passed += limit_take_at(limit, "token", ms, NULL);
    assert_in_range(passed, 2990, 3000);
    limit_free(limit);
}

static void what_is_given_back_can_be_taken_again(void **state)
{
    (void)state;
    struct limit *limit = limit_new(1, 3600, 1, 8);
    assert_true(limit_take(limit, "a", NULL));
    assert_false(limit_take(limit, "a", NULL));
    limit_give(limit, "a");
    limit_give(limit, "unknown");
    assert_true(limit_take(limit, "a", NULL));
    limit_free(limit);
}

static void no_limit_allows_everything(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++)
        assert_true(limit_take(NULL, "a", NULL));
    limit_give(NULL, "a");
    limit_free(NULL);
}

static void a_flood_of_keys_drives_out_only_the_least_limited(void **state)
{
    (void)state;
    struct limit *limit = limit_new(1, 60, 10, 8); /* eight places: one set */
    char key[LIMIT_KEY];
    for (int i = 0; i < 10; i++)
        assert_true(limit_take_at(limit, "attacker", 0, NULL));
    for (int i = 0; i < 10000; i++) {
        snprintf(key, sizeof key, "key %d", i);
        assert_true(limit_take_at(limit, key, 0, NULL));
    }
    assert_false(limit_take_at(limit, "attacker", 0, NULL));
    limit_free(limit);
}

static void an_address_stands_for_its_subscriber(void **state)
{
    (void)state;
    static const struct {
        const char *address, *key;
    } cases[] = {
        {"192.0.2.7", "192.0.2.7"},
        {"::ffff:192.0.2.7", "192.0.2.7"},
        {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"},
        {"2001:db8:1:2:ffff::1", "2001:db8:1:2::"},
        {"::1", "::"},
        {"unix", "unix"},
        {"a-name-that-is-much-longer-than-any-address-in-the-world",
         "a-name-that-is-much-longer-than-any-address-in-"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char key[LIMIT_KEY];
        limit_address(cases[i].address, key);
        assert_string_equal(key, cases[i].key);
    }
}

int main(void)
{
    crypt_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_passes_and_the_next_is_told_how_long_to_wait),
        cmocka_unit_test(who_waits_as_told_gets_in_once),
        cmocka_unit_test(refusals_do_not_count),
        cmocka_unit_test(over_time_the_rate_holds),
        cmocka_unit_test(what_is_given_back_can_be_taken_again),
        cmocka_unit_test(no_limit_allows_everything),
        cmocka_unit_test(a_flood_of_keys_drives_out_only_the_least_limited),
        cmocka_unit_test(an_address_stands_for_its_subscriber),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
