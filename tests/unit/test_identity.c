/* Personal identity numbers are seen where they stand, and nothing else is. */
#include <cmocka.h>

#include <kansli/identity.h>

static void numbers_are_seen(void **state)
{
    static const char *const texts[] = {
        "19121212-1212",          "191212121212",        "121212-1212",
        "121212+1212",            "18900118-9811",       "Anna, 19811218-9876, ring",
        "(811218-9876)",          "19811278-9873",       "701063-2391",
        "dnr 12/34 811218-9876.", "å811218-9876ö",
    };
    (void)state;
    for (size_t i = 0; i < LEN(texts); i++)
        if (!identity_number_in(texts[i]))
            fail_msg("not seen: %s", texts[i]);
}

static void other_numbers_are_not(void **state)
{
    static const char *const texts[] = {
        "",               "1212121212",      "121212 1212",     "121212-1213",   "191212121213",
        "121312-1212",    "120230-1219",     "9191212121212",   "1912121212129", "121212-12121",
        "9121212-1212",   "08-121212",       "KS-2025/0148",    "2026-11-22",    "070-121 21 21",
        "17121212-1212",  "811200-9878",     "811232-9876",
    };
    (void)state;
    for (size_t i = 0; i < LEN(texts); i++)
        if (identity_number_in(texts[i]))
            fail_msg("seen: %s", texts[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_seen),
        cmocka_unit_test(other_numbers_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
