/* params.h: what a query, a form, a JSON body and a table row all become.
 *
 * One ordered object of values. `typed` says where they came from: a JSON body has real types
 * and null; a form, a query or a CSV row has only text, where "" means absent and a name ending
 * in "[]" or occurring where a list is meant gives an array of strings. Values have passed
 * text_clean. */
#ifndef KANSLI_PARAMS_H
#define KANSLI_PARAMS_H

#include <kansli/json.h>

struct params {
    json_t *values; /* object; owned */
    bool typed;
};

/* Empty, untyped. */
void params_init(struct params *params);
void params_release(struct params *params);

/* Parses application/x-www-form-urlencoded (or the part of an address after '?') into params.
 * Refuses malformed escapes, invalid text, NUL, more than 500 pairs and a name twice without
 * "[]": E_INPUT with every such name. `query` says which of the two it is: errors name a
 * parameter or a pointer. "x[]=" alone makes an empty list of x. */
NODISCARD enum code params_form(struct arena *arena, const char *text, size_t n, bool query,
                                struct params *params, struct err *err);
/* Reads a JSON body: json_read, then text_clean (multiline) on every string; every text refused
 * is named by its pointer, and so is a key that is not clean as it stands. The former values are
 * released. */
NODISCARD enum code params_json(struct arena *arena, const char *bytes, size_t n,
                                struct params *params, struct err *err);
/* A file that was sent: its bytes as they came, and the name it had, clean text, or NULL. Borrowed
 * from the request. */
struct upload {
    const char *bytes, *name;
    size_t n;
};

/* Reads multipart/form-data (RFC 7578): fields become values as in a form, the one part with a file
 * name becomes *upload (bytes NULL when there is none, or nothing was chosen). `type` is the header
 * with its boundary. Refuses what is no such body, a second file, more than 50 parts, a field over
 * 64 KB, invalid text, a name twice: E_INPUT. The bytes stay where they are in `body`. */
NODISCARD enum code params_multipart(struct arena *arena, const char *type, const char *body,
                                     size_t n, struct params *params, struct upload *upload,
                                     struct err *err);

/* The text of a value, or NULL when absent or not text. Borrowed. */
const char *params_text(const struct params *params, const char *name);
bool params_has(const struct params *params, const char *name);

#endif
