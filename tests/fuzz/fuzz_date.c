/* fuzz_date.c: days and instants. The first eight bytes are two numbers, the rest a text: whatever
 * is valid can be counted with, and counting goes there and back. */
#include <kansli/date.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char first[] = "1600-01-01", last[] = "9999-12-31";

static void check_day(struct arena *arena, const char *day, int n)
{
    char later[DAY_SIZE], back[DAY_SIZE], months[DAY_SIZE];
    MUST(day_valid(day) && strcmp(first, day) <= 0 && strcmp(day, last) <= 0);
    MUST(day_weekday(day) >= 1 && day_weekday(day) <= 7);
    MUST(day_week(day) >= 1 && day_week(day) <= 53);
    day_add(day, n, later);
    MUST(day_valid(later) && (n < 0 ? strcmp(later, day) <= 0 : strcmp(later, day) >= 0));
    if (strcmp(later, first) && strcmp(later, last)) { /* it did not stop at the edge */
        MUST(day_diff(day, later) == n && day_diff(later, day) == -n);
        day_add(later, -n, back);
        MUST(!strcmp(back, day));
        MUST((day_weekday(day) - 1 + n % 7 + 7) % 7 + 1 == day_weekday(later));
    }
    day_add_months(day, n, months);
    MUST(day_valid(months) && (n < 0 ? strcmp(months, day) <= 0 : strcmp(months, day) >= 0));
    MUST(!strcmp(months, first) || !strcmp(months, last) || strcmp(months + 8, day + 8) <= 0);
    for (int brief = 0; brief < 2; brief++)
        MUST(*day_words(arena, day, "sv", brief) && *day_words(arena, day, "en", brief));
    MUST(*day_words_long(arena, day, "sv") && *day_words_long(arena, day, "en"));
}

static void check_instant(struct arena *arena, const char *instant)
{
    char again[INSTANT_SIZE], seconds[INSTANT_SIZE], day[DAY_SIZE];
    MUST(strlen(instant) == INSTANT_SIZE - 1);
    MUST(instant_parse(instant, again) && !strcmp(again, instant));
    instant_from_seconds(instant_seconds(instant), seconds);
    MUST(!strncmp(seconds, instant, 19) && !strcmp(seconds + 19, ".000Z"));
    day_of_instant(instant, day);
    MUST(day_valid(day));
    MUST(*instant_words(arena, instant, "sv") && *instant_words(arena, instant, "en"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int32_t n, from;
    char text[64], instant[INSTANT_SIZE], day[DAY_SIZE];
    if (size < sizeof n + sizeof from)
        return 0;
    memcpy(&n, data, sizeof n);
    memcpy(&from, data + sizeof n, sizeof from);
    data += sizeof n + sizeof from;
    size -= sizeof n + sizeof from;
    if (size >= sizeof text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';

    struct arena *arena = arena_new(1 << 20);
    if (n == INT32_MIN)
        n++;
    if (day_valid(text))
        check_day(arena, text, n);
    else
        MUST(!strcmp(day_words(arena, text, "sv", false), text));
    if (instant_parse(text, instant))
        check_instant(arena, instant);
    else
        MUST(!strcmp(instant_words(arena, text, "sv"), text));
    day_add(first, from < 0 ? ~from : from, day);
    check_day(arena, day, n);
    instant_from_seconds((int64_t)from * 64, instant);
    check_instant(arena, instant);
    arena_free(arena);
    return 0;
}
