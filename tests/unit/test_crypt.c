/* test_crypt.c: passwords, tokens, digests.
 *
 * Includes the source: HMAC-SHA-1 is nobody's business outside crypt.c, but RFC 2202 is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/base/crypt.c"

static void tokens_and_uuids_look_right_and_never_repeat(void **state)
{
    char a[TOKEN_SIZE], b[TOKEN_SIZE], u[UUID_SIZE], v[UUID_SIZE];

    (void)state;
    crypt_token(a);
    crypt_token(b);
    assert_int_equal(strlen(a), TOKEN_SIZE - 1);
    assert_int_equal(strspn(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                     TOKEN_SIZE - 1);
    assert_string_not_equal(a, b);
    crypt_uuid(u);
    crypt_uuid(v);
    assert_int_equal(strlen(u), UUID_SIZE - 1);
    assert_int_equal(u[14], '4');
    assert_non_null(strchr("89ab", u[19]));
    assert_true(u[8] == '-' && u[13] == '-' && u[18] == '-' && u[23] == '-');
    assert_string_not_equal(u, v);
}

static void digests_match_the_published_ones(void **state)
{
    char out[DIGEST_SIZE];

    (void)state;
    crypt_digest("abc", 3, out);
    assert_string_equal(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    crypt_mac("Jefe", "what do ya want for nothing?", out); /* RFC 4231, case 2 */
    assert_string_equal(out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assert_true(crypt_equal("same", "same"));
    assert_true(crypt_equal("", ""));
    assert_false(crypt_equal("same", "sane"));
    assert_false(crypt_equal("same", "sam"));
}

static void a_password_fits_its_own_hash_only(void **state)
{
    char stored[PASSWORD_SIZE], again[PASSWORD_SIZE];

    (void)state;
    crypt_password("hemligt lösenord", stored);
    crypt_password("hemligt lösenord", again);
    assert_memory_equal(stored, "$argon2id$v=19$", 15);
    assert_string_not_equal(stored, again);
    assert_true(crypt_password_fits(stored, "hemligt lösenord"));
    assert_false(crypt_password_fits(stored, "hemligt losenord"));
    assert_false(crypt_password_fits("", "hemligt lösenord"));
    assert_false(crypt_password_fits("nonsense", ""));
    crypt_password_burn("anything");
}

static void hmac_sha1_matches_rfc_2202(void **state)
{
    static const struct {
        const char *key, *text, *mac; /* repeated bytes are given by a count */
        size_t n_key, n_text;
    } cases[] = {
        { "\x0b", "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00", 20, 0 },
        { "Jefe", "what do ya want for nothing?",
          "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", 0, 0 },
        { "\xaa", "\xdd", "125d7342b9ac11cd91a39af48aa17b4f63f175d3", 20, 50 },
        { "\x0c", "Test With Truncation", "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04", 20, 0 },
        { "\xaa", "Test Using Larger Than Block-Size Key - Hash Key First",
          "aa4ae5e15272d00e95705637ce8a3b55ed402112", 80, 0 },
        { "\xaa", "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data",
          "e8e99d0f45237d786d6bbaa7965c7808bbff1a91", 80, 0 },
    };
    unsigned char key[80], text[80], mac[SHA1_BYTES];
    char hex[2 * SHA1_BYTES + 1];

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        size_t n_key = strlen(cases[i].key), n_text = strlen(cases[i].text);

        memcpy(key, cases[i].key, n_key);
        if (cases[i].n_key)
            memset(key, (unsigned char)cases[i].key[0], n_key = cases[i].n_key);
        memcpy(text, cases[i].text, n_text);
        if (cases[i].n_text)
            memset(text, (unsigned char)cases[i].text[0], n_text = cases[i].n_text);
        hmac_sha1(key, n_key, text, n_text, mac);
        assert_string_equal(sodium_bin2hex(hex, sizeof hex, mac, sizeof mac), cases[i].mac);
    }
}

static void sha1_pads_at_every_length(void **state)
{
    static const struct {
        size_t n;
        const char *hash; /* of n times "a" */
    } cases[] = {
        { 0, "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
        { 55, "c1c8bbdc22796e28c0e15163d20899b65621d65a" },
        { 56, "c2db330f6083854c99d4b5bfb6e8f29f201be699" },
        { 63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5" },
        { 64, "0098ba824b5c16427bd7a1122a5a442a25ec644d" },
        { 1000000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f" },
    };
    unsigned char out[SHA1_BYTES];
    char hex[2 * SHA1_BYTES + 1];
    struct sha1 sha;

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        sha1_init(&sha);
        for (size_t k = 0; k < cases[i].n; k++)
            sha1_add(&sha, (const unsigned char *)"a", 1);
        sha1_final(&sha, out);
        assert_string_equal(sodium_bin2hex(hex, sizeof hex, out, sizeof out), cases[i].hash);
    }
}

static void totp_matches_rfc_6238(void **state)
{
    static const char secret[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; /* 12345678901234567890 */
    static const struct {
        int64_t seconds;
        const char *code;
    } cases[] = {
        { 59, "287082" },         { 1111111109, "081804" }, { 1111111111, "050471" },
        { 1234567890, "005924" }, { 2000000000, "279037" }, { 20000000000, "353130" },
    };
    int64_t step;

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        int64_t at = cases[i].seconds;

        for (int beside = -1; beside <= 1; beside++) {
            assert_true(totp_fits(secret, cases[i].code, at + 30 * beside, &step));
            assert_int_equal(step, at / 30);
        }
        assert_false(totp_fits(secret, cases[i].code, at + 60, &step));
        assert_false(totp_fits(secret, cases[i].code, at > 60 ? at - 60 : at + 90, &step));
    }
}

static void strange_codes_and_secrets_do_not_fit(void **state)
{
    static const char secret[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    static const char *const secrets[] = { "", "GEZDGNBV", "gezdgnbvgy3tqojqgezdgnbvgy3tqojq",
                                           "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1" };
    static const char *const codes[] = { "", "28708", "2870820", " 287082", "28708a" };
    char fresh[TOTP_SECRET_SIZE];
    int64_t step;

    (void)state;
    for (size_t i = 0; i < LEN(secrets); i++)
        assert_false(totp_fits(secrets[i], "287082", 59, &step));
    for (size_t i = 0; i < LEN(codes); i++)
        assert_false(totp_fits(secret, codes[i], 59, &step));
    totp_secret(fresh);
    assert_int_equal(strspn(fresh, base32), TOTP_SECRET_SIZE - 1);
    assert_int_equal(strlen(fresh), TOTP_SECRET_SIZE - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_and_uuids_look_right_and_never_repeat),
        cmocka_unit_test(digests_match_the_published_ones),
        cmocka_unit_test(a_password_fits_its_own_hash_only),
        cmocka_unit_test(hmac_sha1_matches_rfc_2202),
        cmocka_unit_test(sha1_pads_at_every_length),
        cmocka_unit_test(totp_matches_rfc_6238),
        cmocka_unit_test(strange_codes_and_secrets_do_not_fit),
    };

    setenv("KANSLI_FAST_PASSWORDS", "1", 1);
    crypt_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
