/* test_calendar.c: what calendars read. */
#include <string.h>
#include <cmocka.h>
#include <libical/ical.h>
#include <kansli/calendar.h>

static const char *file(struct arena *arena, struct calendar_event event)
{
    return calendar_file(arena, "kansli.example", &event, 1);
}

static void a_day_is_a_day_and_the_last_one_is_counted_in(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct calendar_event event = {.uid = "nominations/1/first-day", .sequence = 3,
                                   .changed = "2026-11-22T10:00:00.123Z", .summary = "Första dagen",
                                   .start = "2026-12-31"};
    const char *text = file(arena, event);
    assert_non_null(strstr(text, "\r\nDTSTART;VALUE=DATE:20261231\r\n"));
    assert_non_null(strstr(text, "\r\nDTEND;VALUE=DATE:20270101\r\n"));
    assert_non_null(strstr(text, "\r\nUID:nominations/1/first-day@kansli.example\r\n"));
    assert_non_null(strstr(text, "\r\nSEQUENCE:3\r\n"));
    assert_non_null(strstr(text, "\r\nDTSTAMP:20261122T100000Z\r\n"));
    assert_non_null(strstr(text, "\r\nTRANSP:TRANSPARENT\r\n"));
    event.end = "2028-02-28";
    assert_non_null(strstr(file(arena, event), "\r\nDTEND;VALUE=DATE:20280229\r\n"));
    arena_free(arena);
}

static void an_instant_is_in_utc(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    const char *text = file(arena, (struct calendar_event){
        .uid = "meetings/1", .changed = "2026-11-22T10:00:00.000Z", .summary = "Möte",
        .start = "2026-12-03T08:00:00.000Z", .end = "2026-12-03T11:30:00.000Z"});
    assert_non_null(strstr(text, "\r\nDTSTART:20261203T080000Z\r\n"));
    assert_non_null(strstr(text, "\r\nDTEND:20261203T113000Z\r\n"));
    assert_null(strstr(text, "TRANSP"));
    arena_free(arena);
}

static void what_is_cancelled_says_so_and_the_host_alone_ends_a_uid(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct calendar_event event = {
        .uid = "meetings/1", .changed = "2026-11-22T10:00:00.000Z", .summary = "Möte",
        .location = "Rum A, plan 2",
        .start = "2026-12-03T08:00:00.000Z", .end = "2026-12-03T11:30:00.000Z"};
    const char *text = calendar_file(arena, "https://kansli.example:8443", &event, 1);
    assert_non_null(strstr(text, "\r\nUID:meetings/1@kansli.example\r\n"));
    assert_non_null(strstr(text, "\r\nLOCATION:Rum A\\, plan 2\r\n"));
    assert_null(strstr(text, "STATUS"));
    event.cancelled = true;
    assert_non_null(strstr(file(arena, event), "\r\nSTATUS:CANCELLED\r\n"));
    arena_free(arena);
}

static void no_text_makes_a_line_of_its_own_and_no_line_is_too_long(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    const char *text = file(
        arena,
        (struct calendar_event){
            .uid = "x",
            .changed = "2026-11-22T10:00:00.000Z",
            .start = "2026-12-03",
            .summary = "A, b; c\\d",
            .url = "https://kansli.example/nominations/x",
            .description =
                "En rad\nEND:VEVENT\nsom är så lång att den måste vikas, ty ingen rad får vara "
                "längre än sjuttiofem oktetter enligt vad som är bestämt sedan gammalt"});
    assert_non_null(strstr(text, "SUMMARY:A\\, b\\; c\\\\d\r\n"));
    assert_non_null(strstr(text, "En rad\\nEND:VEVENT\\n"));
    for (const char *at = text; *at;) {
        size_t n = strcspn(at, "\r\n");
        assert_true(n <= 75);
        assert_memory_equal(at + n, "\r\n", 2);
        at += n + 2;
    }
    arena_free(arena);
}

static void a_feed_is_named_and_says_how_often_to_ask_and_is_read_back_whole(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    const struct calendar_event events[] = {
        {.uid = "meetings/1", .sequence = 7, .changed = "2026-11-22T10:00:00.000Z",
         .summary = "Åäö \xf0\x9f\x99\x82; a, b\\ åäöåäöåäöåäöåäöåäöåäöåäöåäöåäöåäöåäöåäöåäöåäö\r\nX:1",
         .start = "2027-03-28T00:30:00.000Z", .end = "2027-03-28T01:30:00.000Z"},
        {.uid = "plans/1", .changed = "2026-11-22T10:00:00.000Z", .summary = "Plandag",
         .start = "2026-12-15", .cancelled = true},
    };
    const char *text = calendar_feed(arena, "https://kansli.example", "NAG A, B", events, 2);
    assert_non_null(strstr(text, "\r\nNAME:NAG A\\, B\r\n"));
    assert_non_null(strstr(text, "\r\nX-PUBLISHED-TTL:PT4H\r\n"));
    assert_non_null(strstr(text, "\r\nREFRESH-INTERVAL;VALUE=DURATION:PT4H\r\n"));
    assert_null(strstr(calendar_file(arena, "https://kansli.example", events, 2), "NAME"));
    assert_null(strstr(text, "\nX:1"));
    for (size_t i = 0; text[i]; i++) /* no line begins inside a character */
        if (text[i] == '\n' && text[i + 1] == ' ')
            assert_int_not_equal(text[i + 2] & 0xc0, 0x80);
    icalcomponent *read = icalparser_parse_string(text);
    assert_non_null(read);
    assert_int_equal(icalcomponent_count_errors(read), 0);
    assert_int_equal(icalcomponent_count_components(read, ICAL_VEVENT_COMPONENT), 2);
    icalcomponent *one = icalcomponent_get_first_component(read, ICAL_VEVENT_COMPONENT);
    struct icaltimetype start = icalcomponent_get_dtstart(one);
    assert_true(icaltime_is_utc(start));
    assert_int_equal(start.hour * 60 + start.minute, 30);
    assert_int_equal(icalcomponent_get_sequence(one), 7);
    assert_non_null(strstr(icalcomponent_get_summary(one), "\xf0\x9f\x99\x82; a, b\\ åäö"));
    one = icalcomponent_get_next_component(read, ICAL_VEVENT_COMPONENT);
    assert_true(icalcomponent_get_dtstart(one).is_date);
    assert_int_equal(icalcomponent_get_status(one), ICAL_STATUS_CANCELLED);
    icalcomponent_free(read);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_a_day_and_the_last_one_is_counted_in),
        cmocka_unit_test(an_instant_is_in_utc),
        cmocka_unit_test(what_is_cancelled_says_so_and_the_host_alone_ends_a_uid),
        cmocka_unit_test(no_text_makes_a_line_of_its_own_and_no_line_is_too_long),
        cmocka_unit_test(a_feed_is_named_and_says_how_often_to_ask_and_is_read_back_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
