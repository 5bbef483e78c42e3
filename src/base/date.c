/* date.c: days, instants and the hour in Stockholm.
 *
 * Owns: the calendar and the only words that base knows, the names of months and weekdays. Asks
 * neither the system's zone files nor its locale: the Union's rule for summer time is four lines
 * and the same on every machine. It is used for all years; the registers have nothing from
 * before it. A day is counted from 1970-01-01 (Hinnant's civil calendar), an instant in
 * milliseconds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <kansli/date.h>

enum { YEAR_FIRST = 1600, YEAR_LAST = 9999, DAY_SECONDS = 86400, HOUR_SECONDS = 3600 };

struct civil {
    int year, month, day;
};

/* ---- the calendar ---- */

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_length(int year, int month)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return lengths[month - 1] + (month == 2 && is_leap(year));
}

/* Years begin in March, so that the leap day ends them. */
static int64_t days_of(struct civil c)
{
    int64_t year = c.year - (c.month <= 2), era = year / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (c.month + (c.month > 2 ? -3 : 9)) + 2) / 5 + c.day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static struct civil civil_of(int64_t days)
{
    int64_t z = days + 719468, era = z / 146097, of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    struct civil c;

    c.day = (int)(of_year - (153 * month + 2) / 5 + 1);
    c.month = (int)(month < 10 ? month + 3 : month - 9);
    c.year = (int)(year + era * 400 + (c.month <= 2));
    return c;
}

/* The days a text can hold; whoever counts beyond stops at the edge. */
static int64_t clamp(int64_t days)
{
    int64_t first = days_of((struct civil){ YEAR_FIRST, 1, 1 });
    int64_t last = days_of((struct civil){ YEAR_LAST, 12, 31 });

    return days < first ? first : days > last ? last : days;
}

/* Monday is 0. */
static int weekday_of(int64_t days)
{
    return (int)((days + 3) % 7 + 7) % 7;
}

/* ---- reading and writing ---- */

/* Reads exactly n digits at *p and moves past them; -1 when they are not there. */
static int read_digits(const char **p, int n)
{
    int value = 0;

    for (; n; n--, ++*p) {
        if (**p < '0' || **p > '9')
            return -1;
        value = value * 10 + (**p - '0');
    }
    return value;
}

static bool skip_char(const char **p, char c)
{
    if (**p != c)
        return false;
    ++*p;
    return true;
}

static bool read_civil(const char **p, struct civil *c)
{
    c->year = read_digits(p, 4);
    if (c->year < YEAR_FIRST || !skip_char(p, '-'))
        return false;
    c->month = read_digits(p, 2);
    if (c->month < 1 || c->month > 12 || !skip_char(p, '-'))
        return false;
    c->day = read_digits(p, 2);
    return c->day >= 1 && c->day <= month_length(c->year, c->month);
}

static struct civil must_civil(const char *day)
{
    struct civil c;
    const char *p = day;

    if (!read_civil(&p, &c))
        BUG("not a day");
    return c;
}

/* By hand: every request asks which day it is. */
static void write_digits(char *out, int digits, int value)
{
    for (; digits > 0; value /= 10)
        out[--digits] = (char)('0' + value % 10);
}

static void write_day(int64_t days, char out[DAY_SIZE])
{
    struct civil c = civil_of(clamp(days));

    write_digits(out, 4, c.year);
    write_digits(out + 5, 2, c.month);
    write_digits(out + 8, 2, c.day);
    out[4] = out[7] = '-';
    out[10] = '\0';
}

/* Milliseconds since 1970, rounded down to days also before it. */
static int64_t days_of_ms(int64_t ms)
{
    int64_t day_ms = DAY_SECONDS * 1000LL, days = ms / day_ms;

    return days - (ms % day_ms < 0);
}

static void write_instant(int64_t ms, char out[INSTANT_SIZE])
{
    int64_t days = clamp(days_of_ms(ms));
    int64_t rest = (ms % (DAY_SECONDS * 1000LL) + DAY_SECONDS * 1000LL) % (DAY_SECONDS * 1000LL);
    int seconds = (int)(rest / 1000);
    char text[64];

    write_day(days, text);
    snprintf(text + DAY_SIZE - 1, sizeof text - DAY_SIZE + 1, "T%02d:%02d:%02d.%03dZ",
             seconds / HOUR_SECONDS, seconds / 60 % 60, seconds % 60, (int)(rest % 1000));
    memcpy(out, text, INSTANT_SIZE);
}

/* The seconds of "Z", "z" or "+hh:mm" east of Greenwich. */
static bool read_offset(const char **p, int *seconds)
{
    int sign = **p == '-' ? -1 : 1, hours, minutes;

    *seconds = 0;
    if (skip_char(p, 'Z') || skip_char(p, 'z'))
        return true;
    if (!skip_char(p, '+') && !skip_char(p, '-'))
        return false;
    hours = read_digits(p, 2);
    if (hours < 0 || hours > 23 || !skip_char(p, ':'))
        return false;
    minutes = read_digits(p, 2);
    if (minutes < 0 || minutes > 59)
        return false;
    *seconds = sign * (hours * HOUR_SECONDS + minutes * 60);
    return true;
}

/* A fraction of any length, cut to milliseconds. */
static bool read_fraction(const char **p, int *ms)
{
    int scale = 100;

    *ms = 0;
    if (!skip_char(p, '.'))
        return true;
    if (**p < '0' || **p > '9')
        return false;
    for (; **p >= '0' && **p <= '9'; ++*p, scale /= 10)
        *ms += (**p - '0') * scale;
    return true;
}

static bool read_instant(const char *p, int64_t *ms)
{
    struct civil c, utc;
    int hour, minute, second, fraction, offset;

    if (!read_civil(&p, &c) || (!skip_char(&p, 'T') && !skip_char(&p, 't')))
        return false;
    hour = read_digits(&p, 2);
    if (hour < 0 || hour > 23 || !skip_char(&p, ':'))
        return false;
    minute = read_digits(&p, 2);
    if (minute < 0 || minute > 59 || !skip_char(&p, ':'))
        return false;
    second = read_digits(&p, 2);
    if (second < 0 || second > 60 || !read_fraction(&p, &fraction) || !read_offset(&p, &offset) ||
        *p)
        return false;
    *ms = (days_of(c) * DAY_SECONDS + hour * HOUR_SECONDS + minute * 60 + second - offset) * 1000LL;
    /* A leap second ends a day in UTC; it is told as the second after it. */
    if (second == 60 && *ms % (DAY_SECONDS * 1000LL) != 0)
        return false;
    *ms += fraction;
    utc = civil_of(days_of_ms(*ms));
    return utc.year >= YEAR_FIRST && utc.year <= YEAR_LAST;
}

static int64_t must_instant(const char *instant)
{
    int64_t ms = 0;

    if (!read_instant(instant, &ms))
        BUG("not an instant");
    return ms;
}

bool day_valid(const char *text)
{
    struct civil c;

    return read_civil(&text, &c) && !*text;
}

bool instant_parse(const char *text, char *out)
{
    int64_t ms;

    if (!read_instant(text, &ms))
        return false;
    if (out)
        write_instant(ms, out);
    return true;
}

/* ---- clocks ---- */

static int64_t now_ms(void)
{
    const char *fixed = getenv("KANSLI_NOW");
    struct timespec now;

    if (fixed && *fixed)
        return must_instant(fixed);
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

int64_t clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* 01:00 UTC on the last Sunday of a month of 31 days, in milliseconds. */
static int64_t turn_of(int year, int month)
{
    int64_t last = days_of((struct civil){ year, month, 31 });

    last -= (weekday_of(last) + 1) % 7;
    return (last * DAY_SECONDS + HOUR_SECONDS) * 1000LL;
}

/* Directive 2000/84/EC, articles 2 and 3: summer time from the last Sunday of March to the last one
 * of October, in all member states at 01:00 UTC. */
static int64_t stockholm_ms(int64_t ms)
{
    int year = civil_of(days_of_ms(ms)).year;
    bool summer = ms >= turn_of(year, 3) && ms < turn_of(year, 10);

    return ms + (summer ? 2 : 1) * HOUR_SECONDS * 1000LL;
}

void instant_now(char out[INSTANT_SIZE])
{
    write_instant(now_ms(), out);
}

void day_today(char out[DAY_SIZE])
{
    write_day(days_of_ms(stockholm_ms(now_ms())), out);
}

void day_of_instant(const char *instant, char out[DAY_SIZE])
{
    write_day(days_of_ms(stockholm_ms(must_instant(instant))), out);
}

void clock_of_instant(const char *instant, char out[CLOCK_SIZE])
{
    char local[INSTANT_SIZE];

    write_instant(stockholm_ms(must_instant(instant)), local);
    memcpy(out, local, CLOCK_SIZE - 1);
    out[CLOCK_SIZE - 1] = '\0';
}

bool instant_of_clock(const char *text, char out[INSTANT_SIZE])
{
    struct civil c;
    int hour, minute;
    int64_t shown;

    if (!read_civil(&text, &c) || (!skip_char(&text, 'T') && !skip_char(&text, ' ')))
        return false;
    hour = read_digits(&text, 2);
    if (hour < 0 || hour > 23 || (!skip_char(&text, ':') && !skip_char(&text, '.')))
        return false;
    minute = read_digits(&text, 2);
    if (minute < 0 || minute > 59 || *text)
        return false;
    shown = (days_of(c) * DAY_SECONDS + hour * HOUR_SECONDS + minute * 60) * 1000LL;
    for (int offset = 2; offset >= 1; offset--) { /* summer's first: of two it is the earlier */
        int64_t ms = shown - offset * HOUR_SECONDS * 1000LL;
        if (stockholm_ms(ms) == shown) {
            write_instant(ms, out);
            return true;
        }
    }
    return false;
}

int64_t instant_seconds(const char *instant)
{
    int64_t ms = must_instant(instant);

    return ms / 1000 - (ms % 1000 < 0);
}

void instant_from_seconds(int64_t seconds, char out[INSTANT_SIZE])
{
    write_instant(seconds * 1000, out);
}

/* ---- counting ---- */

void day_add(const char *day, int n, char out[DAY_SIZE])
{
    write_day(days_of(must_civil(day)) + n, out);
}

void day_add_months(const char *day, int n, char out[DAY_SIZE])
{
    struct civil c = must_civil(day);
    int64_t months = c.year * 12LL + c.month - 1 + n;
    int length;

    if (months < YEAR_FIRST * 12LL || months > YEAR_LAST * 12LL + 11) {
        write_day(n < 0 ? INT32_MIN : INT32_MAX, out);
        return;
    }
    c.year = (int)(months / 12);
    c.month = (int)(months % 12) + 1;
    length = month_length(c.year, c.month);
    if (c.day > length)
        c.day = length;
    write_day(days_of(c), out);
}

int day_diff(const char *a, const char *b)
{
    return (int)(days_of(must_civil(b)) - days_of(must_civil(a)));
}

int day_weekday(const char *day)
{
    return weekday_of(days_of(must_civil(day))) + 1;
}

/* ISO 8601: a week belongs to the year of its Thursday. */
int day_week(const char *day)
{
    int64_t days = days_of(must_civil(day)), thursday = days - weekday_of(days) + 3;
    int year = civil_of(thursday).year;

    return (int)(thursday - days_of((struct civil){ year, 1, 1 })) / 7 + 1;
}

/* ---- words ---- */

static const struct words {
    const char *months[12], *brief[12], *weekdays[7];
} swedish = {
    { "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september",
      "oktober", "november", "december" },
    { "jan.", "feb.", "mars", "apr.", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.",
      "dec." },
    { "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag" },
}, english = {
    { "January", "February", "March", "April", "May", "June", "July", "August", "September",
      "October", "November", "December" },
    { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" },
    { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" },
};

static const struct words *words_of(const char *lang)
{
    return strcmp(lang, "en") == 0 ? &english : &swedish;
}

char *day_words(struct arena *arena, const char *day, const char *lang, bool brief)
{
    const struct words *words = words_of(lang);
    struct civil c;

    if (!day_valid(day))
        return arena_strdup(arena, day);
    c = must_civil(day);
    return arena_printf(arena, "%d %s %d", c.day,
                        (brief ? words->brief : words->months)[c.month - 1], c.year);
}

char *day_words_long(struct arena *arena, const char *day, const char *lang)
{
    if (!day_valid(day))
        return arena_strdup(arena, day);
    return arena_printf(arena, "%s %s", words_of(lang)->weekdays[day_weekday(day) - 1],
                        day_words(arena, day, lang, false));
}

char *hour_words(struct arena *arena, const char *instant, const char *lang)
{
    char local[INSTANT_SIZE];
    int64_t ms;

    if (!read_instant(instant, &ms))
        return arena_strdup(arena, instant);
    write_instant(stockholm_ms(ms), local);
    return arena_printf(arena, "%.2s%c%.2s", local + 11, words_of(lang) == &english ? ':' : '.',
                        local + 14);
}

char *instant_words(struct arena *arena, const char *instant, const char *lang)
{
    char day[DAY_SIZE];

    if (!instant_parse(instant, NULL))
        return arena_strdup(arena, instant);
    day_of_instant(instant, day);
    return arena_join(arena, day_words(arena, day, lang, false),
                      words_of(lang) == &english ? ", " : " kl. ",
                      hour_words(arena, instant, lang), NULL);
}
