/* identity.c: finds personal identity numbers in a text, so that none is ever kept.
 *
 * Owns the shape of such a number and its check digit. Must not know where texts come from. A
 * number whose date or check digit is wrong is no number: diary numbers, telephone numbers and
 * amounts stay what they are. */
#include <string.h>

#include <kansli/identity.h>

enum { SERIAL = 4, COORDINATION = 60 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits_from(const char *at)
{
    size_t n = 0;
    while (is_digit(at[n]))
        n++;
    return n;
}

static int two(const char *at)
{
    return (at[0] - '0') * 10 + (at[1] - '0');
}

/* YYMMDD at `at`; the century is not known, so 29 February is right in every fourth year. */
static bool is_date(const char *at)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = two(at), month = two(at + 2), day = two(at + 4);

    if (day > COORDINATION)
        day -= COORDINATION;
    if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
        return false;
    return month != 2 || day < 29 || year % 4 == 0;
}

/* Luhn's rule over YYMMDD and the serial: every second digit twice, the sums of digits divisible by
 * ten. */
static bool is_right(const char *date, const char *serial)
{
    int sum = 0;

    for (int i = 0; i < 10; i++) {
        int digit = (i < 6 ? date[i] : serial[i - 6]) - '0';
        int twice = i % 2 ? digit : digit * 2;
        sum += twice / 10 + twice % 10;
    }
    return sum % 10 == 0;
}

static bool is_century(const char *at)
{
    return !strncmp(at, "18", 2) || !strncmp(at, "19", 2) || !strncmp(at, "20", 2);
}

/* The run of n digits at `at` and what follows it. */
static bool is_number(const char *at, size_t n)
{
    bool separated = at[n] == '-' || at[n] == '+';

    if (separated && (n == 6 || n == 8) && digits_from(at + n + 1) == SERIAL)
        return (n == 6 || is_century(at)) && is_date(at + n - 6) &&
               is_right(at + n - 6, at + n + 1);
    return n == 12 && is_century(at) && is_date(at + 2) && is_right(at + 2, at + 8);
}

bool identity_number_in(const char *text)
{
    while (*text) {
        size_t n = digits_from(text);
        if (n && is_number(text, n))
            return true;
        text += n ? n : 1;
    }
    return false;
}
