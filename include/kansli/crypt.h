/* crypt.h: the only file that knows libsodium: passwords, tokens, digests.
 *
 * TOTP needs HMAC-SHA-1 (what every authenticator app speaks) which libsodium lacks: crypt.c
 * carries the sixty lines of RFC 3174, tested with the vectors of RFC 2202 and 6238, used for
 * nothing else. */
#ifndef KANSLI_CRYPT_H
#define KANSLI_CRYPT_H

#include <kansli/base.h>

enum {
    TOKEN_SIZE = 44,    /* 256 random bits as 43 characters of URL-safe base64, and NUL */
    DIGEST_SIZE = 65,   /* SHA-256 as lower-case hex, and NUL */
    UUID_SIZE = 37,     /* version 4, and NUL */
    PASSWORD_SIZE = 128, /* Argon2id's own string, and NUL */
    TOTP_SECRET_SIZE = 33 /* 160 bits as base32, and NUL */
};

/* Once, before threads. */
void crypt_init(void);
void crypt_token(char out[TOKEN_SIZE]);
void crypt_uuid(char out[UUID_SIZE]);
/* Random bytes. */
void crypt_random(void *out, size_t n);

/* SHA-256 of n bytes. */
void crypt_digest(const void *bytes, size_t n, char out[DIGEST_SIZE]);
/* HMAC-SHA-256 of a text under a key of any length. */
void crypt_mac(const char *key, const char *text, char out[DIGEST_SIZE]);
/* A short tag of n bytes (64 bits as hex) for ETags: fast, keyed at random for each process start
 * so that nobody can choose bytes with a given tag. Not a proof of anything. */
void crypt_tag(const void *bytes, size_t n, char out[DIGEST_SIZE]);
/* Equal texts, in a time that depends on their lengths only. */
bool crypt_equal(const char *a, const char *b);

/* Argon2id, 64 MiB, 2 passes: takes tens of milliseconds: never on a server thread, never in a
 * transaction. KANSLI_FAST_PASSWORDS=1 in the environment takes libsodium's minimum, for tests. */
void crypt_password(const char *password, char out[PASSWORD_SIZE]);
bool crypt_password_fits(const char *stored, const char *password);
/* The same work with no password behind it, so that an unknown account costs as much as a known
 * one. */
void crypt_password_burn(const char *password);

/* A new TOTP secret in base32. */
void totp_secret(char out[TOTP_SECRET_SIZE]);
/* True when `code` (six digits) is right at `seconds` or one step of 30 s beside it; *step gets
 * the matching step number, which the caller remembers so that a code works once. */
bool totp_fits(const char *secret, const char *code, int64_t seconds, int64_t *step);

#endif
