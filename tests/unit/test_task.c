/* test_task.c: days and numbers as a person says them, around today, a week, a year, in both
 * languages. */
#include <kansli/ctx.h>
#include <kansli/view.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/task/internal.h"

static struct arena *arena;
static struct ctx ctx;

static int begin(void **state)
{
    struct err err;
    (void)state;
    err_init(&err);
    assert_int_equal(view_start(NULL, &err), OK);
    arena = arena_new(1 << 20);
    ctx = (struct ctx){.arena = arena, .text = lang_text, .today = "2026-11-22"};
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    view_stop();
    return 0;
}

static void says(const char *today, const char *day, const char *when, const char *due,
                 const char *date)
{
    ctx.today = today;
    assert_string_equal(task_when(&ctx, day), when);
    assert_string_equal(task_due_words(&ctx, day), due);
    assert_string_equal(task_day_words(&ctx, day), date);
}

static void a_day_is_told_from_today(void **state)
{
    (void)state;
    ctx.lang = LANG_SV;
    says("2026-11-22", "2026-11-17", "late", "5 dagar sen", "17 nov.");
    says("2026-11-22", "2026-11-20", "late", "2 dagar sen", "20 nov.");
    says("2026-11-22", "2026-11-21", "late", "I går", "21 nov.");
    says("2026-11-22", "2026-11-22", "soon", "I dag", "sön 22 nov.");
    says("2026-11-22", "2026-11-23", "soon", "I morgon", "mån 23 nov.");
    says("2026-11-22", "2026-11-24", "soon", "Om 2 dagar", "tis 24 nov.");
    says("2026-11-22", "2026-11-28", "soon", "Om 6 dagar", "lör 28 nov.");
    says("2026-11-22", "2026-11-29", "later", "Om 7 dagar", "29 nov.");
    says("2026-11-22", "2026-12-31", "later", "Om 39 dagar", "31 dec.");
    ctx.lang = LANG_EN;
    says("2026-11-22", "2026-11-17", "late", "5 days ago", "17 Nov");
    says("2026-11-22", "2026-11-21", "late", "Yesterday", "21 Nov");
    says("2026-11-22", "2026-11-22", "soon", "Today", "Sun 22 Nov");
    says("2026-11-22", "2026-11-23", "soon", "Tomorrow", "Mon 23 Nov");
    says("2026-11-22", "2026-12-04", "later", "In 12 days", "4 Dec");
}

static void the_year_is_told_when_it_is_another(void **state)
{
    (void)state;
    ctx.lang = LANG_SV;
    says("2026-12-31", "2027-01-01", "soon", "I morgon", "fre 1 jan. 2027");
    says("2026-12-31", "2026-12-31", "soon", "I dag", "tor 31 dec.");
    says("2027-01-01", "2026-12-31", "late", "I går", "31 dec. 2026");
    says("2024-02-28", "2024-02-29", "soon", "I morgon", "tor 29 feb.");
    says("2024-02-28", "2024-03-01", "soon", "Om 2 dagar", "fre 1 mars");
}

static void no_day_is_open(void **state)
{
    (void)state;
    assert_string_equal(task_when(&ctx, NULL), "open");
    assert_null(task_due_words(&ctx, NULL));
    assert_null(task_day_words(&ctx, NULL));
}

static void leads(const char *today, long long open, long long late, const char *words)
{
    ctx.today = today;
    assert_string_equal(task_lead(&ctx, open, late), words);
}

/* On the Sunday of week 47. */
static void counts(long long open, long long late, const char *words)
{
    leads("2026-11-22", open, late,
          arena_printf(arena, "%s %s",
                       ctx.lang == LANG_EN ? "Sunday 22 November, week 47."
                                           : "Söndag 22 november, vecka 47.",
                       words));
}

static void numbers_are_words_up_to_twelve(void **state)
{
    static const char *const words[] = {"Två",  "Tre",  "Fyra", "Fem", "Sex",  "Sju",
                                        "Åtta", "Nio",  "Tio",  "Elva", "Tolv"};
    (void)state;
    ctx.lang = LANG_SV;
    counts(0, 0, "Ingenting väntar på dig.");
    counts(1, 0, "En öppen uppgift.");
    for (size_t i = 0; i < LEN(words); i++)
        counts((long long)i + 2, 0, arena_printf(arena, "%s öppna uppgifter.", words[i]));
    counts(13, 0, "13 öppna uppgifter.");
    counts(1, 1, "En öppen uppgift, och den är försenad.");
    counts(3, 1, "Tre öppna uppgifter, en är försenad.");
    counts(7, 2, "Sju öppna uppgifter, två är försenade.");
    counts(40, 13, "40 öppna uppgifter, 13 är försenade.");
    ctx.lang = LANG_EN;
    counts(0, 0, "Nothing waits for you.");
    counts(1, 1, "One open task, and it is late.");
    counts(7, 2, "Seven open tasks, two are late.");
    counts(7, 1, "Seven open tasks, one is late.");
}

static void weeks_are_counted_as_in_the_calendar(void **state)
{
    (void)state;
    ctx.lang = LANG_SV;
    leads("2026-11-23", 0, 0, "Måndag 23 november, vecka 48. Ingenting väntar på dig.");
    leads("2026-12-31", 0, 0, "Torsdag 31 december, vecka 53. Ingenting väntar på dig.");
    leads("2027-01-03", 0, 0, "Söndag 3 januari, vecka 53. Ingenting väntar på dig.");
    leads("2027-01-04", 0, 0, "Måndag 4 januari, vecka 1. Ingenting väntar på dig.");
    leads("2024-12-30", 0, 0, "Måndag 30 december, vecka 1. Ingenting väntar på dig.");
}

static void group_and_matter_stand_together_once(void **state)
{
    static const char *const cases[][3] = {{"NAG Stroke", "Ledamot", "NAG Stroke · Ledamot"},
                                           {"NAG Stroke", "NAG Stroke", "NAG Stroke"},
                                           {"NAG Stroke", NULL, "NAG Stroke"},
                                           {NULL, "Ledamot", "Ledamot"}};
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        json_t *task = json_object();
        json_put(task, "groupName", cases[i][0]);
        json_put(task, "about", cases[i][1]);
        assert_string_equal(task_info(&ctx, task), cases[i][2]);
        json_decref(task);
    }
    json_t *task = json_object();
    assert_null(task_info(&ctx, task));
    json_decref(task);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_told_from_today),
        cmocka_unit_test(the_year_is_told_when_it_is_another),
        cmocka_unit_test(no_day_is_open),
        cmocka_unit_test(numbers_are_words_up_to_twelve),
        cmocka_unit_test(weeks_are_counted_as_in_the_calendar),
        cmocka_unit_test(group_and_matter_stand_together_once),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
