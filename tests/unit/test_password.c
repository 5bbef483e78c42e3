/* test_password.c: which passwords may be used. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <kansli/account.h>
#include <kansli/arena.h>
#include <kansli/json.h>

static enum code ask(const char *password, char *why, size_t size)
{
    struct arena *arena = arena_new(1 << 20);
    struct err err;
    err_init(&err);
    enum code c = password_allowed(arena, password, "karin.bergstrom@region.example", "Karin Öhman",
                                   "/password", &err);
    const char *msgid = json_text(json_array_get(err.fields, 0), "msgid");
    strncpy(why, msgid ? msgid : "", size - 1);
    err_release(&err);
    arena_free(arena);
    return c;
}

static void good_passwords_pass(void **state)
{
    (void)state;
    static const char *const good[] = {
        "gurka paraply tegel",        "lampa-tegel-moln",           "Vx7!kQz2#mPl9",
        "trettiosju gröna paraplyer", "zelda brygger te i oktober", "sommar paraply gurka",
        "åäöåäöåäö tegelsten",        "fyra pelikaner seglar 1987",
    };
    char why[200] = "";
    for (size_t i = 0; i < LEN(good); i++)
        if (ask(good[i], why, sizeof why))
            fail_msg("%s: %s", good[i], why);
}

static void refusals_say_why(void **state)
{
    (void)state;
    static const struct {
        const char *password, *why;
    } cases[] = {
        {"kort", "At least 12"},
        {"elva tecken", "At least 12"},
        {"ååååååååååå", "At least 12"},
        {"password1234", "easy to guess"},
        {"P@ssw0rd1234", "easy to guess"},
        {"Sommar2026!!!", "easy to guess"},
        {"Lösenord2026!", "easy to guess"},
        {"passwordpassword", "easy to guess"},
        {"aaaaaaaaaaaa", "easy to guess"},
        {"123456789012", "easy to guess"},
        {"abcdefghijklm", "easy to guess"},
        {"qwertyuiopas", "easy to guess"},
        {"198703124466", "easy to guess"},
        {"abababababab", "easy to guess"},
        {"Stockholm 2027", "easy to guess"},
        {"winter-winter-winter", "easy to guess"},
        {"karin paraply tegel", "Leave your name"},
        {"ohman paraply", "Leave your name"},
        {"BERGSTRÖM-tegel-moln", "Leave your name"},
    };
    char why[200] = "";
    for (size_t i = 0; i < LEN(cases); i++) {
        assert_int_equal(ask(cases[i].password, why, sizeof why), E_INPUT);
        if (!strstr(why, cases[i].why))
            fail_msg("%s: %s", cases[i].password, why);
    }
}

static void length_counts_characters_and_ends_at_128(void **state)
{
    (void)state;
    char why[200] = "", text[200] = "";
    for (int i = 0; i < 64; i++)
        memcpy(text + i * 2, (const char[]){(char)('a' + i * 7 % 26), (char)('a' + i * 11 % 26)},
               2);
    assert_int_equal(ask(text, why, sizeof why), OK);
    text[128] = 'x';
    assert_int_equal(ask(text, why, sizeof why), E_INPUT);
    assert_string_equal(why, "At most 128 characters.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_passwords_pass),
        cmocka_unit_test(refusals_say_why),
        cmocka_unit_test(length_counts_characters_and_ends_at_128),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
