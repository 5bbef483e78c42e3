/* forms.h: what person_pages.c and person_forms.c share. */
#ifndef KANSLI_PERSON_FORMS_H
#define KANSLI_PERSON_FORMS_H

#include "internal.h"

extern const struct field merge_query[];

/* "/persons/{id}" of the request's path, and what follows. */
const char *person_path(struct ctx *ctx, const char *rest);
/* People / the person / here; both may be NULL. */
void person_crumbs(struct ctx *ctx, json_t *document, const json_t *person, const char *here);

/* The pages with a form. */
enum code person_new_form(struct ctx *ctx, struct answer *out);
enum code person_edit_form(struct ctx *ctx, struct answer *out);
enum code person_merge_form(struct ctx *ctx, struct answer *out);
enum code person_anonymise_form(struct ctx *ctx, struct answer *out);
/* PATCH /persons/{id}. */
enum code person_patch(struct ctx *ctx, struct answer *out);

#endif
