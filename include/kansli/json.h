/* json.h: what the house adds to Jansson.
 *
 * Jansson's own writer costs more than the SQL behind a page (performance.md), and its reader
 * accepts what we must refuse; both have one door, here. */
#ifndef KANSLI_JSON_H
#define KANSLI_JSON_H

#include <jansson.h>
#include <kansli/arena.h>
#include <kansli/buf.h>
#include <kansli/err.h>

/* Reads one JSON value from n bytes of a body. Refuses what is no object at the top, duplicate
 * keys, NUL, invalid UTF-8, nesting deeper than 32, and anything after the value: E_INPUT with
 * the line and column, rule "malformed-json", at the pointer "" (the whole document). On success
 * *out is a new reference. */
NODISCARD enum code json_read(const char *bytes, size_t n, json_t **out, struct err *err);

/* Appends v compactly. Reals print without an exponent where they can; keys keep their order. */
void json_write(struct buf *buf, const json_t *v);

/* The text of a string member in `object`, or NULL when absent, null or another type. Borrowed. */
const char *json_text(const json_t *object, const char *name);
/* An integer member, or `fallback`. */
long long json_int(const json_t *object, const char *name, long long fallback);
/* True only when the member is true. */
bool json_true_at(const json_t *object, const char *name);

/* A new string that is a copy of text, never NULL: what is not UTF-8 becomes U+FFFD instead of
 * Jansson's silent refusal. */
json_t *json_text_new(const char *text);
/* Sets a copy of text; NULL becomes null. */
void json_put(json_t *object, const char *name, const char *text);
void json_put_int(json_t *object, const char *name, long long value);
void json_put_bool(json_t *object, const char *name, bool value);
/* Sets v and takes over the reference (v NULL: null). Returns v, borrowed. */
json_t *json_put_new(json_t *object, const char *name, json_t *v);
/* Appends v to an array and takes over the reference. Returns v, borrowed. */
json_t *json_push(json_t *array, json_t *v);

/* Replaces {name} in a text by the members of args (an object of strings, or NULL), into the arena;
 * a name that args lacks stays as it is. */
const char *text_fill(struct arena *arena, const char *text, const json_t *args);

#endif
