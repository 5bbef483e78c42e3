/* date.h: days and instants.
 *
 * A day is text "YYYY-MM-DD" (first and last day both included; no last day means open); an
 * instant is RFC 3339 in UTC with milliseconds, "2026-11-22T08:15:30.123Z". Both compare as
 * text. Today is the day in Stockholm, by the EU's rule for summer time, without the system's
 * zone files. KANSLI_NOW (an instant) in the environment fixes the clock for tests. */
#ifndef KANSLI_DATE_H
#define KANSLI_DATE_H

#include <kansli/arena.h>

enum { DAY_SIZE = 11, INSTANT_SIZE = 25, CLOCK_SIZE = 17 }; /* with NUL */

/* True for a real day of the years 1600–9999 written YYYY-MM-DD. */
bool day_valid(const char *text);
/* True for an RFC 3339 instant with Z or an offset; *out (INSTANT_SIZE, may be NULL) gets it in
 * UTC with ms. */
bool instant_parse(const char *text, char *out);
/* Now, and today in Stockholm. */
void instant_now(char out[INSTANT_SIZE]);
void day_today(char out[DAY_SIZE]);
/* The day in Stockholm of an instant. */
void day_of_instant(const char *instant, char out[DAY_SIZE]);
/* Milliseconds of a clock that never goes back, for durations only. */
int64_t clock_ms(void);
/* What clocks in Stockholm show at an instant, "2026-12-03T13:00", and back: also with a space for
 * the T or a point for the colon. False for what is no such time, and for the hour that is skipped
 * in March; of the hour that comes twice in October the first. */
void clock_of_instant(const char *instant, char out[CLOCK_SIZE]);
bool instant_of_clock(const char *text, char out[INSTANT_SIZE]);
/* Seconds since 1970 of an instant, and back. */
int64_t instant_seconds(const char *instant);
void instant_from_seconds(int64_t seconds, char out[INSTANT_SIZE]);

/* These take days and instants that are valid (anything else is BUG) and stop at the first and last
 * day of the years 1600–9999. The day n days later (or earlier, n < 0). */
void day_add(const char *day, int n, char out[DAY_SIZE]);
/* The same day n months later; the last day of the month where there is no such day. */
void day_add_months(const char *day, int n, char out[DAY_SIZE]);
/* Days from a to b: 0 for the same day. */
int day_diff(const char *a, const char *b);
/* 1 = Monday ... 7 = Sunday, and the ISO week number. */
int day_weekday(const char *day);
int day_week(const char *day);

/* Words for people; a text that is no day or instant comes back as it is.
 * "3 december 2026" (en: "3 December 2026"), "3 dec. 2026" when brief. lang is "sv" or "en". */
char *day_words(struct arena *arena, const char *day, const char *lang, bool brief);
/* "3 december 2026 kl. 09.15" / "3 December 2026, 09:15", Stockholm time. */
char *instant_words(struct arena *arena, const char *instant, const char *lang);
/* "09.15" / "09:15", Stockholm time. */
char *hour_words(struct arena *arena, const char *instant, const char *lang);
/* "söndag 22 november 2026" / "Sunday 22 November 2026". */
char *day_words_long(struct arena *arena, const char *day, const char *lang);

#endif
