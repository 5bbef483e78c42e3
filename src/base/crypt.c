/* crypt.c: passwords, tokens and digests; the only file that knows libsodium.
 *
 * Owns: which algorithms the house uses and what they cost. Knows no account and no session. At
 * most three passwords are hashed at once: each takes 64 MiB, and the queue before them is the
 * caller's. SHA-1 is here for TOTP alone, where HMAC-SHA-1 is what every authenticator app
 * speaks; nothing in it depends on SHA-1's lost collision resistance. */
#include <errno.h>
#include <semaphore.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kansli/crypt.h>

enum { HASHES_AT_ONCE = 3, SHA1_BLOCK = 64, SHA1_BYTES = 20, TOTP_KEY_BYTES = 20, TOTP_STEP = 30 };

static sem_t hashing;
static unsigned long long password_work = 2;
static size_t password_memory = 64 * 1024 * 1024;

static unsigned char tag_key[crypto_shorthash_KEYBYTES];

void crypt_init(void)
{
    const char *fast = getenv("KANSLI_FAST_PASSWORDS");

    _Static_assert(PASSWORD_SIZE == crypto_pwhash_STRBYTES, "crypt.h and libsodium agree");
    if (sodium_init() < 0)
        BUG("libsodium does not start");
    MUST(sem_init(&hashing, 0, HASHES_AT_ONCE) == 0);
    randombytes_buf(tag_key, sizeof tag_key);
    if (fast && strcmp(fast, "1") == 0) {
        password_work = crypto_pwhash_OPSLIMIT_MIN;
        password_memory = crypto_pwhash_MEMLIMIT_MIN;
    }
}

/* ---- random ---- */

void crypt_random(void *out, size_t n)
{
    randombytes_buf(out, n);
}

void crypt_token(char out[TOKEN_SIZE])
{
    unsigned char bits[32];

    randombytes_buf(bits, sizeof bits);
    sodium_bin2base64(out, TOKEN_SIZE, bits, sizeof bits, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bits, sizeof bits);
}

void crypt_uuid(char out[UUID_SIZE])
{
    unsigned char bits[16];
    char hex[33];

    randombytes_buf(bits, sizeof bits);
    bits[6] = (unsigned char)(0x40 | (bits[6] & 0x0F)); /* version 4, RFC 9562 */
    bits[8] = (unsigned char)(0x80 | (bits[8] & 0x3F));
    sodium_bin2hex(hex, sizeof hex, bits, sizeof bits);
    snprintf(out, UUID_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
             hex + 20);
}

/* ---- digests ---- */

void crypt_digest(const void *bytes, size_t n, char out[DIGEST_SIZE])
{
    unsigned char hash[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(hash, bytes, n);
    sodium_bin2hex(out, DIGEST_SIZE, hash, sizeof hash);
}

void crypt_mac(const char *key, const char *text, char out[DIGEST_SIZE])
{
    crypto_auth_hmacsha256_state state;
    unsigned char mac[crypto_auth_hmacsha256_BYTES];

    crypto_auth_hmacsha256_init(&state, (const unsigned char *)key, strlen(key));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, strlen(text));
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_bin2hex(out, DIGEST_SIZE, mac, sizeof mac);
    sodium_memzero(&state, sizeof state);
}

bool crypt_equal(const char *a, const char *b)
{
    size_t n = strlen(a);

    return n == strlen(b) && sodium_memcmp(a, b, n) == 0;
}

/* ---- passwords ---- */

static void hashing_begin(void)
{
    while (sem_wait(&hashing) < 0)
        MUST(errno == EINTR);
}

static void hashing_end(void)
{
    MUST(sem_post(&hashing) == 0);
}

void crypt_password(const char *password, char out[PASSWORD_SIZE])
{
    int failed;

    hashing_begin();
    failed = crypto_pwhash_str(out, password, strlen(password), password_work, password_memory);
    hashing_end();
    if (failed)
        BUG("out of memory hashing a password");
}

bool crypt_password_fits(const char *stored, const char *password)
{
    bool fits;

    hashing_begin();
    fits = crypto_pwhash_str_verify(stored, password, strlen(password)) == 0;
    hashing_end();
    return fits;
}

void crypt_password_burn(const char *password)
{
    static const unsigned char salt[crypto_pwhash_SALTBYTES];
    unsigned char key[32];
    int failed;

    hashing_begin();
    failed = crypto_pwhash(key, sizeof key, password, strlen(password), salt, password_work,
                           password_memory, crypto_pwhash_ALG_ARGON2ID13);
    hashing_end();
    if (failed)
        BUG("out of memory hashing a password");
    sodium_memzero(key, sizeof key);
}

/* ---- SHA-1 (RFC 3174) and HMAC (RFC 2104) ---- */

struct sha1 {
    uint32_t state[5];
    unsigned char block[SHA1_BLOCK];
    uint64_t length;
};

static uint32_t rotate(uint32_t word, int by)
{
    return word << by | word >> (32 - by);
}

static uint32_t load_word(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void sha1_block(struct sha1 *sha)
{
    uint32_t w[80], a = sha->state[0], b = sha->state[1], c = sha->state[2], d = sha->state[3],
             e = sha->state[4];

    for (int t = 0; t < 16; t++)
        w[t] = load_word(sha->block + 4 * t);
    for (int t = 16; t < 80; t++)
        w[t] = rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    for (int t = 0; t < 80; t++) {
        uint32_t f = t < 20   ? (b & c) | (~b & d)
                     : t < 40 ? b ^ c ^ d
                     : t < 60 ? (b & c) | (b & d) | (c & d)
                              : b ^ c ^ d;
        uint32_t k = t < 20 ? 0x5A827999 : t < 40 ? 0x6ED9EBA1 : t < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
        uint32_t next = rotate(a, 5) + f + e + w[t] + k;

        e = d;
        d = c;
        c = rotate(b, 30);
        b = a;
        a = next;
    }
    sha->state[0] += a;
    sha->state[1] += b;
    sha->state[2] += c;
    sha->state[3] += d;
    sha->state[4] += e;
}

static void sha1_init(struct sha1 *sha)
{
    *sha = (struct sha1){ .state = { 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0 } };
}

static void sha1_add(struct sha1 *sha, const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        sha->block[sha->length++ % SHA1_BLOCK] = bytes[i];
        if (sha->length % SHA1_BLOCK == 0)
            sha1_block(sha);
    }
}

static void sha1_final(struct sha1 *sha, unsigned char out[SHA1_BYTES])
{
    static const unsigned char padding[SHA1_BLOCK] = { 0x80 };
    uint64_t bits = sha->length * 8;
    unsigned char tail[8];

    for (int i = 0; i < 8; i++)
        tail[i] = (unsigned char)(bits >> (56 - 8 * i));
    sha1_add(sha, padding, 1 + (SHA1_BLOCK * 2 - 9 - sha->length % SHA1_BLOCK) % SHA1_BLOCK);
    sha1_add(sha, tail, sizeof tail);
    for (int i = 0; i < SHA1_BYTES; i++)
        out[i] = (unsigned char)(sha->state[i / 4] >> (24 - 8 * (i % 4)));
}

static void hmac_sha1(const unsigned char *key, size_t n_key, const unsigned char *bytes, size_t n,
                      unsigned char out[SHA1_BYTES])
{
    unsigned char inner[SHA1_BLOCK] = { 0 }, outer[SHA1_BLOCK];
    struct sha1 sha;

    if (n_key > SHA1_BLOCK) {
        sha1_init(&sha);
        sha1_add(&sha, key, n_key);
        sha1_final(&sha, inner);
    } else {
        memcpy(inner, key, n_key);
    }
    for (int i = 0; i < SHA1_BLOCK; i++) {
        outer[i] = inner[i] ^ 0x5C;
        inner[i] ^= 0x36;
    }
    sha1_init(&sha);
    sha1_add(&sha, inner, sizeof inner);
    sha1_add(&sha, bytes, n);
    sha1_final(&sha, out);
    sha1_init(&sha);
    sha1_add(&sha, outer, sizeof outer);
    sha1_add(&sha, out, SHA1_BYTES);
    sha1_final(&sha, out);
}

/* ---- TOTP (RFC 6238) ---- */

static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void totp_secret(char out[TOTP_SECRET_SIZE])
{
    for (int i = 0; i < TOTP_SECRET_SIZE - 1; i++)
        out[i] = base32[randombytes_uniform(32)];
    out[TOTP_SECRET_SIZE - 1] = '\0';
}

/* The key of a secret as totp_secret writes them; false for anything else. */
static bool secret_key(const char *secret, unsigned char key[TOTP_KEY_BYTES])
{
    uint32_t bits = 0;
    int n_bits = 0, n = 0;

    if (strlen(secret) != TOTP_SECRET_SIZE - 1)
        return false;
    for (; *secret; secret++) {
        const char *at = strchr(base32, *secret);

        if (!at)
            return false;
        bits = bits << 5 | (uint32_t)(at - base32);
        n_bits += 5;
        if (n_bits >= 8) {
            n_bits -= 8;
            key[n++] = (unsigned char)(bits >> n_bits);
        }
    }
    return true;
}

static void totp_code(const unsigned char key[TOTP_KEY_BYTES], int64_t step, char out[7])
{
    unsigned char counter[8], mac[SHA1_BYTES];
    uint32_t number;

    for (int i = 0; i < 8; i++)
        counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
    hmac_sha1(key, TOTP_KEY_BYTES, counter, sizeof counter, mac);
    number = load_word(mac + (mac[SHA1_BYTES - 1] & 15)) & 0x7FFFFFFF;
    snprintf(out, 7, "%06u", number % 1000000);
}

bool totp_fits(const char *secret, const char *code, int64_t seconds, int64_t *step)
{
    static const int beside[] = { 0, -1, 1 };
    unsigned char key[TOTP_KEY_BYTES];
    char right[7];

    if (!secret_key(secret, key))
        return false;
    for (size_t i = 0; i < LEN(beside); i++) {
        int64_t at = seconds / TOTP_STEP + beside[i];

        totp_code(key, at, right);
        if (crypt_equal(right, code)) {
            *step = at;
            return true;
        }
    }
    return false;
}

void crypt_tag(const void *bytes, size_t n, char out[DIGEST_SIZE])
{
    unsigned char hash[crypto_shorthash_BYTES];

    crypto_shorthash(hash, bytes, n, tag_key);
    sodium_bin2hex(out, DIGEST_SIZE, hash, sizeof hash);
}
