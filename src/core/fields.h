/* fields.h: core's own: values between JSON, text and typed structs. Not for features: they use
 * resource.h. */
#ifndef KANSLI_CORE_FIELDS_H
#define KANSLI_CORE_FIELDS_H

#include <kansli/resource.h>

/* Reads `values` into *in by the table. typed: JSON; else text from a form, a query or a row, where
 * names beginning with '_' are the page's own. Every message goes to ctx->err. */
enum code fields_parse(struct ctx *ctx, const struct field *fields, const json_t *values,
                       bool typed, void *in);
/* The key of what an id names, for this reader; 0 when there is none, or none that he may know
 * of. */
long long reference_find(struct ctx *ctx, const struct reference *reference, const char *id);
/* What a text typed in a form may stand for, for this reader, best first: [{id, name}], at most
 * `limit`. New reference. */
json_t *reference_search(struct ctx *ctx, const struct reference *reference, const char *text,
                         int limit);
/* 8-4-4-4-12 lower-case hexadecimal digits. */
bool uuid_valid(const char *text);
/* The struct's values as JSON: every field that is input, by name; references by id. New
 * reference. */
json_t *fields_values(const struct field *fields, const void *in);
/* ---- nest.c: documents have objects and lists of objects, tables are flat ---- */

enum { ROWS_MAX = 100 };

/* "/name" as a JSON pointer (RFC 6901), "a.b" as "/a/b": what was sent may hold anything. */
const char *field_pointer(struct arena *arena, const char *name);
/* True when some field is a member of an object of that name. */
bool fields_object(const struct field *fields, const char *name);
/* A document that was sent, its objects opened into "a.b". New reference. */
json_t *fields_open(struct ctx *ctx, const struct field *fields, const json_t *values);
/* The rows of a T_ROWS field in a form: those that somebody filled in. New reference. */
json_t *fields_rows(struct ctx *ctx, const struct field *field, const json_t *values);
/* Puts them in the place of the form's cells. */
void fields_gather(struct ctx *ctx, const struct field *fields, json_t *values);

/* One field's value as JSON, new reference; null when absent. */
json_t *field_value(const struct field *field, const void *in);
/* The same as a statement's argument; lists become JSON text in the arena. */
struct db_arg field_arg(struct ctx *ctx, const struct field *field, const void *in);

static inline bool field_ends(const struct field *field)
{
    return !field->name;
}
/* A field that may be sent. */
static inline bool field_is_input(const struct field *field)
{
    return !(field->flags & F_DERIVED);
}

#endif
