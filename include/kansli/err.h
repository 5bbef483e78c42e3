/* err.h: how things fail.
 *
 * Three kinds of failure that are never mixed: the user's is a value told kindly, the world's is a
 * value logged once, ours is BUG(). A function that can fail returns enum code and takes
 * struct err * last; `c = f(...); if (c) return c;` and no macro hides a return. */
#ifndef KANSLI_ERR_H
#define KANSLI_ERR_H

#include <jansson.h>
#include <kansli/base.h>

enum code {
    OK = 0,
    E_INPUT,     /* 400: what was sent is malformed, out of range, unknown */
    E_LOGIN,     /* 401: log in first */
    E_DENIED,    /* 403: visible, but not yours to do */
    E_ABSENT,    /* 404: not there, or not for you to know of */
    E_METHOD,    /* 405 */
    E_CONFLICT,  /* 409: a rule of the field says no */
    E_STALE,     /* 412: somebody else changed it first */
    E_TOO_BIG,   /* 413 */
    E_TYPE,      /* 415: a media type nobody asked for */
    E_UNGUARDED, /* 428: If-Match is needed */
    E_LIMIT,     /* 429: too many, wait */
    E_INTERNAL,  /* 500: ours or the world's; the log says more than the reply */
    E_BUSY,      /* 503: took too long, or shutting down */
    E_STORAGE    /* 507: the disk is full or read-only */
};

/* The first failure of a request; later ones are ignored, so calls can follow each other.
 * Texts are source texts (English) with {name} places; `args` fills them when shown. */
struct err {
    enum code code;
    const char *rule;   /* stable problem id, "slug-taken"; static */
    const char *msgid;  /* static, N_() */
    json_t *args;       /* object name → string, or NULL; owned */
    json_t *fields;     /* E_INPUT: [{"pointer"|"parameter", "msgid", "args"}], or NULL; owned */
    json_t *missing;    /* array of strings for `missing`, or NULL; owned */
    long retry_after;   /* seconds, E_LIMIT and E_BUSY; 0 = unsaid */
};

/* Makes *err empty: no failure. */
void err_init(struct err *err);
/* Frees what err owns and makes it empty again. */
void err_release(struct err *err);

/* Records a failure if none is recorded yet; returns the recorded code either way, so a rule ends
 * with `return err_set(err, E_CONFLICT, "slug-taken", N_("The address is taken."))`.
 * rule and msgid must be static. err may be NULL: then only the code is returned. */
enum code err_set(struct err *err, enum code code, const char *rule, const char *msgid);

/* As err_set, with the values of the text's {places}: name, value pairs ending with NULL. Values
 * are copied. A later failure's values never overwrite the first's. */
enum code err_setf(struct err *err, enum code code, const char *rule, const char *msgid, ...)
    __attribute__((sentinel));

/* Adds a field's message and makes the failure E_INPUT (rule "invalid-input") unless another
 * kind was recorded first. `pointer` is a JSON pointer ("/startDate") or the bare name of a
 * query parameter ("limit"): what starts with '/' or is empty (the whole document) is a pointer.
 * Values as in err_setf. */
enum code err_field(struct err *err, const char *pointer, const char *msgid, ...)
    __attribute__((sentinel));

/* Adds one entry to `missing` (a static or copied string). */
void err_missing(struct err *err, const char *what);

/* The failure of another, with all it says, which then has none; ignored where there is one. */
enum code err_take(struct err *err, struct err *from);

/* The HTTP status of a code: 200 for OK. */
int code_status(enum code code);
/* The rule id of a code when the failure named none: "not-found", "denied", ... Static. */
const char *code_rule(enum code code);

#endif
