/* internal.h: what the files of this room share. Not for others: they use site.h. */
#ifndef KANSLI_SITE_INTERNAL_H
#define KANSLI_SITE_INTERNAL_H

#include <kansli/site.h>

/* The version of the API that is described: raised when something in it changes. */
#define API_VERSION "1.6.0"
#define API_RELEASED "2026-11-22"

/* ---- openapi_schema.c: field tables → JSON Schema. Every json_t is a new reference. ---- */

/* A text as it is shown: a context (NC_) left out. */
const char *schema_words(const char *msgid);
/* One field: how it is sent (output false) or given back. */
json_t *schema_field(const struct field *field, bool output);
/* A body of fields. A patch needs nothing, and may not touch what is set once. */
json_t *schema_input(const struct field *fields, bool patch);
/* False: an act that may be done without a word. */
bool schema_needs_body(const struct field *fields);
/* An object of the resource as the API gives it, with the companions of its fields, _links and
 * _embedded. */
json_t *schema_output(const struct resource *r);
/* JSON Schema text as an object, closed: what it does not name may not be there. */
json_t *schema_text(const char *text);
/* The list envelope around what `item` describes (stolen); `synchronised`: with tombstones. */
json_t *schema_list(json_t *item, bool synchronised);
/* One object {href, method, rel} of _links; what a problem document holds. */
json_t *schema_link(void);
json_t *schema_problem(void);
/* What a field is to a body: something that may be sent; several values; sent in this kind of body;
 * its longest text in characters, 0 for any. */
bool schema_is_input(const struct field *field);
bool schema_is_list(const struct field *field);
bool schema_in_body(const struct field *field, bool patch);
int schema_length(const struct field *field);

/* ---- openapi_example.c: values that fit. Every json_t is a new reference. ---- */

/* The body of an input, the object of an output, and what any other schema of ours allows. */
json_t *schema_example_input(const struct field *fields, bool patch);
json_t *schema_example_output(struct arena *arena, const struct resource *r, const char *base_url);
json_t *schema_example(const json_t *schema);

/* ---- openapi.c, openapi_parameter.c ---- */

/* {"$ref": "#/components/kind/name"}. */
json_t *openapi_reference(struct arena *arena, const char *kind, const char *name);
/* An operation's parameters; those that many share are references to openapi_shared_parameters. */
json_t *openapi_parameters(struct arena *arena, const struct route *route);
json_t *openapi_shared_parameters(void);

/* ---- problem.c ---- */

/* One kind of refusal: what it is called, what it means, what to do. Texts are N_(). */
struct problem {
    const char *rule;
    enum code code;
    const char *title, *meaning, *remedy; /* remedy NULL: the code's own */
};
/* All of them, by rule; ends with an empty row. */
extern const struct problem problem_table[];
/* NULL when nobody answers with that rule. */
const struct problem *problem_find(const char *rule);
/* {rule, status, title, meaning, remedy} in the reader's language. */
json_t *problem_document(struct ctx *ctx, const struct problem *problem);

/* ---- site_text.c ---- */

/* The text on a topic ("accessibility", "personalData") in the reader's language, or in the other
 * when there is none: a whole SHAPE_ONE handler's work. */
enum code site_text_answer(struct ctx *ctx, const char *topic, struct answer *out);
/* Changes one from the request's body. May: ACT_CHANGE_SITE. */
NODISCARD enum code site_text_change(struct ctx *ctx, const char *id);

/* ---- shortcoming.c ---- */

/* What anybody may send: the fields of the form on the accessibility page. */
extern const struct field shortcoming_report_fields[];
/* Files the request's body as a shortcoming; *id gets its id. E_LIMIT when an address sends more
 * than 5 an hour. */
NODISCARD enum code shortcoming_report(struct ctx *ctx, const char **id);
/* Answers or closes one, from the request's body. May: ACT_CHANGE_SITE. */
NODISCARD enum code shortcoming_change(struct ctx *ctx, const char *id);
/* How many wait for an answer. */
long long shortcomings_new(struct ctx *ctx);

/* ---- setting.c ---- */

/* Changes one from the request's body. May: ACT_CHANGE_KIND. */
NODISCARD enum code setting_change(struct ctx *ctx, const char *id);
/* A setting that is one of a few words is offered as a list in its form. */
void setting_offer(struct ctx *ctx, const char *id, json_t *form);

/* ---- example.c ---- */

/* Examples of the API, answered now from this register as anybody would see it: [{title, command,
 * python, javascript, answer, try}]; of what changes something, answer and try are null. */
json_t *api_examples(struct ctx *ctx);
/* The names of the lists that have an address of their own. */
json_t *api_lists(void);

/* ---- version.c ---- */

/* The change log, newest first: [{number, changes}]. */
json_t *api_versions(struct ctx *ctx);

#endif
