/* test_date.c: days and instants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <kansli/date.h>

static void only_real_days_are_days(void **state)
{
    static const struct {
        const char *text;
        bool valid;
    } cases[] = {
        { "2026-11-22", true },   { "2024-02-29", true },  { "2023-02-29", false },
        { "2000-02-29", true },   { "1900-02-29", false }, { "2026-13-01", false },
        { "2026-00-10", false },  { "2026-04-31", false }, { "2026-4-01", false },
        { "2026-04-01 ", false }, { "", false },           { "2026-04-00", false },
        { "1599-12-31", false },  { "1600-01-01", true },  { "9999-12-31", true },
        { "2026/04/01", false },  { "20260401", false },   { "+026-04-01", false },
    };

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(day_valid(cases[i].text), cases[i].valid);
}

static void instants_become_utc_with_milliseconds(void **state)
{
    static const struct {
        const char *text, *utc; /* NULL: refused */
    } cases[] = {
        { "2026-11-22T08:15:30.123Z", "2026-11-22T08:15:30.123Z" },
        { "2026-11-22T08:15:30Z", "2026-11-22T08:15:30.000Z" },
        { "2026-11-22t08:15:30.5z", "2026-11-22T08:15:30.500Z" },
        { "2026-11-22T08:15:30.999999999Z", "2026-11-22T08:15:30.999Z" },
        { "2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00.000Z" },
        { "2026-01-01T00:30:00-09:30", "2026-01-01T10:00:00.000Z" },
        { "1969-12-31T23:59:59.250Z", "1969-12-31T23:59:59.250Z" },
        { "2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z" },
        { "2016-12-31T12:00:60Z", NULL },
        { "9999-12-31T23:30:00-01:00", NULL },
        { "1600-01-01T00:30:00+01:00", NULL },
        { "2026-11-22T24:00:00Z", NULL },
        { "2026-11-22T08:60:00Z", NULL },
        { "2026-11-22T08:15:30", NULL },
        { "2026-11-22T08:15:30.Z", NULL },
        { "2026-11-22T08:15:30+1:00", NULL },
        { "2026-11-22T08:15:30+24:00", NULL },
        { "2026-11-22T08:15:30ZZ", NULL },
        { "2026-11-22 08:15:30Z", NULL },
        { "2026-11-22", NULL },
        { "", NULL },
    };
    char out[INSTANT_SIZE];

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        assert_int_equal(instant_parse(cases[i].text, out), cases[i].utc != NULL);
        if (cases[i].utc)
            assert_string_equal(out, cases[i].utc);
        assert_int_equal(instant_parse(cases[i].text, NULL), cases[i].utc != NULL);
    }
}

static void seconds_go_there_and_back(void **state)
{
    static const struct {
        const char *instant;
        int64_t seconds;
    } cases[] = {
        { "1970-01-01T00:00:00.000Z", 0 },
        { "2001-09-09T01:46:40.000Z", 1000000000 },
        { "1969-12-31T23:59:59.000Z", -1 },
        { "1600-01-01T00:00:00.000Z", -11676096000 },
        { "9999-12-31T23:59:59.000Z", 253402300799 },
    };
    char out[INSTANT_SIZE];

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        assert_int_equal(instant_seconds(cases[i].instant), cases[i].seconds);
        instant_from_seconds(cases[i].seconds, out);
        assert_string_equal(out, cases[i].instant);
    }
    assert_int_equal(instant_seconds("1969-12-31T23:59:59.500Z"), -1);
}

static void stockholm_changes_day_by_the_unions_rule(void **state)
{
    static const struct {
        const char *instant, *day;
    } cases[] = {
        { "2026-01-15T22:59:59.999Z", "2026-01-15" }, { "2026-01-15T23:00:00.000Z", "2026-01-16" },
        { "2026-07-15T21:59:59.999Z", "2026-07-15" }, { "2026-07-15T22:00:00.000Z", "2026-07-16" },
        { "2026-03-28T22:30:00.000Z", "2026-03-28" }, { "2026-03-29T22:30:00.000Z", "2026-03-30" },
        { "2026-10-24T22:30:00.000Z", "2026-10-25" }, { "2026-10-25T22:30:00.000Z", "2026-10-25" },
        { "2026-12-31T23:30:00.000Z", "2027-01-01" },
    };
    char day[DAY_SIZE];

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        day_of_instant(cases[i].instant, day);
        assert_string_equal(day, cases[i].day);
    }
}

static void what_clocks_in_stockholm_show_becomes_an_instant_and_back(void **state)
{
    static const struct {
        const char *clock, *instant, *shown; /* instant NULL: no clock shows that; shown NULL: clock */
    } cases[] = {
        { "2026-12-03T13:00", "2026-12-03T12:00:00.000Z", NULL },
        { "2026-07-01T00:30", "2026-06-30T22:30:00.000Z", NULL },
        { "2026-12-03 13.00", "2026-12-03T12:00:00.000Z", "2026-12-03T13:00" },
        /* the hour that is skipped */
        { "2027-03-28T01:59", "2027-03-28T00:59:00.000Z", NULL },
        { "2027-03-28T02:00", NULL, NULL },
        { "2027-03-28T02:59", NULL, NULL },
        { "2027-03-28T03:00", "2027-03-28T01:00:00.000Z", NULL },
        /* the hour that comes twice: the first of the two */
        { "2026-10-25T01:59", "2026-10-24T23:59:00.000Z", NULL },
        { "2026-10-25T02:30", "2026-10-25T00:30:00.000Z", NULL },
        { "2026-10-25T03:00", "2026-10-25T02:00:00.000Z", NULL },
        { "2026-02-29T13:00", NULL, NULL },
        { "2026-12-03T24:00", NULL, NULL },
        { "2026-12-03T13:60", NULL, NULL },
        { "2026-12-03T13:00:00", NULL, NULL },
        { "2026-12-03T13:00Z", NULL, NULL },
        { "2026-12-03T1:00", NULL, NULL },
        { "2026-12-03", NULL, NULL },
        { "", NULL, NULL },
    };
    char instant[INSTANT_SIZE], clock[CLOCK_SIZE];

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        assert_int_equal(instant_of_clock(cases[i].clock, instant), cases[i].instant != NULL);
        if (!cases[i].instant)
            continue;
        assert_string_equal(instant, cases[i].instant);
        clock_of_instant(instant, clock);
        assert_string_equal(clock, cases[i].shown ? cases[i].shown : cases[i].clock);
    }
    clock_of_instant("2026-10-25T01:30:00.000Z", clock); /* the second */
    assert_string_equal(clock, "2026-10-25T02:30");
}

static void the_clock_can_be_fixed(void **state)
{
    char now[INSTANT_SIZE], today[DAY_SIZE];

    (void)state;
    setenv("KANSLI_NOW", "2026-11-22T23:30:00.123Z", 1);
    instant_now(now);
    day_today(today);
    assert_string_equal(now, "2026-11-22T23:30:00.123Z");
    assert_string_equal(today, "2026-11-23");
    unsetenv("KANSLI_NOW");
    instant_now(now);
    assert_true(instant_parse(now, NULL));
    assert_true(strcmp(now, "2026-01-01") > 0);
    assert_true(clock_ms() <= clock_ms());
}

static void days_are_added(void **state)
{
    static const struct {
        const char *day;
        int n;
        const char *later;
    } days[] = {
        { "2026-11-22", 0, "2026-11-22" },        { "2026-12-31", 1, "2027-01-01" },
        { "2024-02-28", 1, "2024-02-29" },        { "2026-01-01", -1, "2025-12-31" },
        { "1970-01-01", 20000, "2024-10-04" },    { "9999-12-31", 1, "9999-12-31" },
        { "1600-01-01", -1, "1600-01-01" },       { "2026-01-01", 2147483647, "9999-12-31" },
    }, months[] = {
        { "2026-01-31", 1, "2026-02-28" },        { "2024-01-31", 1, "2024-02-29" },
        { "2026-11-30", 3, "2027-02-28" },        { "2026-03-31", -1, "2026-02-28" },
        { "2026-01-15", -1, "2025-12-15" },       { "2026-05-20", 36, "2029-05-20" },
        { "9999-12-01", 1, "9999-12-31" },        { "1600-01-31", -2147483647, "1600-01-01" },
    };
    char out[DAY_SIZE];

    (void)state;
    for (size_t i = 0; i < LEN(days); i++) {
        day_add(days[i].day, days[i].n, out);
        assert_string_equal(out, days[i].later);
    }
    for (size_t i = 0; i < LEN(months); i++) {
        day_add_months(months[i].day, months[i].n, out);
        assert_string_equal(out, months[i].later);
    }
    assert_int_equal(day_diff("2026-11-22", "2026-11-22"), 0);
    assert_int_equal(day_diff("2024-02-28", "2024-03-01"), 2);
    assert_int_equal(day_diff("2027-01-01", "2026-12-31"), -1);
    assert_int_equal(day_diff("1600-01-01", "9999-12-31"), 3068036);
}

static void weeks_are_isos(void **state)
{
    static const struct {
        const char *day;
        int weekday, week;
    } cases[] = {
        { "2026-11-22", 7, 47 }, { "2026-11-23", 1, 48 }, { "2026-01-01", 4, 1 },
        { "2027-01-01", 5, 53 }, { "2024-12-30", 1, 1 },  { "2023-01-01", 7, 52 },
        { "1969-12-31", 3, 1 },  { "1600-01-01", 6, 52 },
    };

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        assert_int_equal(day_weekday(cases[i].day), cases[i].weekday);
        assert_int_equal(day_week(cases[i].day), cases[i].week);
    }
}

static void days_have_words_in_two_languages(void **state)
{
    struct arena *arena = arena_new(100000);

    (void)state;
    assert_string_equal(day_words(arena, "2026-12-03", "sv", false), "3 december 2026");
    assert_string_equal(day_words(arena, "2026-12-03", "en", false), "3 December 2026");
    assert_string_equal(day_words(arena, "2026-12-03", "sv", true), "3 dec. 2026");
    assert_string_equal(day_words(arena, "2026-12-03", "en", true), "3 Dec 2026");
    assert_string_equal(day_words_long(arena, "2026-11-22", "sv"), "söndag 22 november 2026");
    assert_string_equal(day_words_long(arena, "2026-11-22", "en"), "Sunday 22 November 2026");
    assert_string_equal(instant_words(arena, "2026-12-03T08:15:30.000Z", "sv"),
                        "3 december 2026 kl. 09.15");
    assert_string_equal(instant_words(arena, "2026-06-30T22:05:00.000Z", "en"),
                        "1 July 2026, 00:05");
    assert_string_equal(day_words(arena, "soon", "sv", false), "soon");
    assert_string_equal(day_words_long(arena, "", "sv"), "");
    assert_string_equal(instant_words(arena, "2026-12-03", "sv"), "2026-12-03");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_real_days_are_days),
        cmocka_unit_test(instants_become_utc_with_milliseconds),
        cmocka_unit_test(seconds_go_there_and_back),
        cmocka_unit_test(stockholm_changes_day_by_the_unions_rule),
        cmocka_unit_test(what_clocks_in_stockholm_show_becomes_an_instant_and_back),
        cmocka_unit_test(the_clock_can_be_fixed),
        cmocka_unit_test(days_are_added),
        cmocka_unit_test(weeks_are_isos),
        cmocka_unit_test(days_have_words_in_two_languages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
