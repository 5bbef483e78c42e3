/* calendar.c: events become iCalendar: the only libical.
 *
 * Owns how an event is written down: instants in UTC, so that no table of zones is asked. libical's
 * rings of temporary memory are never used: values go in as numbers, and the text is asked for by
 * the function that gives it away. What libical cannot take is our mistake, not the reader's. */
#include <stdlib.h>
#include <string.h>
#include <libical/ical.h>
#include <kansli/calendar.h>
#include <kansli/date.h>

static int number(const char *digits, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

/* A day, or an instant in UTC: date.h's two texts. */
static struct icaltimetype time_of(const char *text)
{
    struct icaltimetype t = icaltime_null_time();
    bool day = strlen(text) == DAY_SIZE - 1;
    t.year = number(text, 4);
    t.month = number(text + 5, 2);
    t.day = number(text + 8, 2);
    t.is_date = day;
    if (!day) {
        t.hour = number(text + 11, 2);
        t.minute = number(text + 14, 2);
        t.second = number(text + 17, 2);
        t.zone = icaltimezone_get_utc_timezone();
    }
    return t;
}

/* RFC 5545 ends an event of days before its DTEND; we count the last day in. */
static struct icaltimetype end_of(const struct calendar_event *event)
{
    char next[DAY_SIZE];
    const char *last = event->end ? event->end : event->start;
    if (strlen(last) != DAY_SIZE - 1)
        return time_of(last);
    day_add(last, 1, next);
    return time_of(next);
}

static void add(icalcomponent *to, icalproperty *property)
{
    if (!property)
        BUG("libical made no property");
    icalcomponent_add_property(to, property);
}

/* A property that libical has no word for; its value is a text like any other. */
static icalproperty *x_property(const char *name, const char *value)
{
    icalproperty *x = icalproperty_new_x(value);
    if (x)
        icalproperty_set_x_name(x, name);
    return x;
}

static icalcomponent *event_of(struct arena *arena, const char *host,
                               const struct calendar_event *event)
{
    icalcomponent *one = icalcomponent_new(ICAL_VEVENT_COMPONENT);
    add(one, icalproperty_new_uid(arena_join(arena, event->uid, "@", host, NULL)));
    add(one, icalproperty_new_dtstamp(time_of(event->changed)));
    add(one, icalproperty_new_lastmodified(time_of(event->changed)));
    add(one, icalproperty_new_sequence((int)event->sequence));
    add(one, icalproperty_new_dtstart(time_of(event->start)));
    add(one, icalproperty_new_dtend(end_of(event)));
    add(one, icalproperty_new_summary(event->summary));
    if (event->description)
        add(one, icalproperty_new_description(event->description));
    if (event->location)
        add(one, icalproperty_new_location(event->location));
    if (event->url)
        add(one, icalproperty_new_url(event->url));
    if (event->organizer)
        add(one, icalproperty_new_organizer(arena_join(arena, "mailto:", event->organizer, NULL)));
    if (event->cancelled)
        add(one, icalproperty_new_status(ICAL_STATUS_CANCELLED));
    if (strlen(event->start) == DAY_SIZE - 1) /* a day to know of takes no time from anybody */
        add(one, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
    return one;
}

/* "kansli.example" of "https://kansli.example:8443". */
static const char *host_of(struct arena *arena, const char *origin)
{
    const char *at = strstr(origin, "://");
    at = at ? at + 3 : origin;
    return arena_strndup(arena, at, strcspn(at, ":/"));
}

/* Said twice: as RFC 7986 has it, and as the calendars did that were there before it. */
static void add_feed(icalcomponent *calendar, const char *name)
{
    static const char often[] = "PT4H";
    icalproperty *again = icalproperty_new_refreshinterval(icaldurationtype_from_string(often));
    add(calendar, icalproperty_new_name(name));
    add(calendar, x_property("X-WR-CALNAME", name));
    icalproperty_set_parameter_from_string(again, "VALUE", "DURATION");
    add(calendar, again);
    add(calendar, x_property("X-PUBLISHED-TTL", often));
}

/* libical folds between the CR and the LF of a line that is as long as a line may be: such an end
 * is one again. A CR stands nowhere else, texts have theirs escaped. */
static void mend_ends(char *text)
{
    static const char broken[] = "\r\r\n \n";
    char *to = text;
    for (const char *from = text; *from;) {
        if (!strncmp(from, broken, sizeof broken - 1)) {
            *to++ = '\r';
            *to++ = '\n';
            from += sizeof broken - 1;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
}

static const char *write_calendar(struct arena *arena, const char *origin, const char *name,
                                  icalproperty_method method, const struct calendar_event *events,
                                  size_t n)
{
    const char *host = host_of(arena, origin);
    icalcomponent *calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
    add(calendar, icalproperty_new_version("2.0"));
    add(calendar, icalproperty_new_prodid("-//kansli//kansli//SV"));
    add(calendar, icalproperty_new_method(method));
    if (name)
        add_feed(calendar, name);
    for (size_t i = 0; i < n; i++)
        icalcomponent_add_component(calendar, event_of(arena, host, &events[i]));
    char *made = icalcomponent_as_ical_string_r(calendar);
    if (!made)
        BUG("libical wrote no calendar");
    char *text = arena_strdup(arena, made);
    mend_ends(text);
    free(made);
    icalcomponent_free(calendar);
    return text;
}

const char *calendar_file(struct arena *arena, const char *origin,
                          const struct calendar_event *events, size_t n)
{
    return write_calendar(arena, origin, NULL, ICAL_METHOD_PUBLISH, events, n);
}

const char *calendar_feed(struct arena *arena, const char *origin, const char *name,
                          const struct calendar_event *events, size_t n)
{
    return write_calendar(arena, origin, name, ICAL_METHOD_PUBLISH, events, n);
}

const char *calendar_notice(struct arena *arena, const char *origin,
                            const struct calendar_event *event)
{
    return write_calendar(arena, origin, NULL,
                          event->cancelled ? ICAL_METHOD_CANCEL : ICAL_METHOD_PUBLISH, event, 1);
}
