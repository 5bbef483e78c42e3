/* person.h: people (R20, api.md persons): who they are, how they are reached, what may be shown.
 *
 * A name is shown or withheld by membership, never by person alone (ACCESS_NAME_SHOWN in access.h);
 * contact details by ACT_SEE_PERSON; a protected identity to support, the officers of the person's
 * groups and the person only. No identity number, birth date, bank or tax data is kept (domain.md
 * 4). A person that was merged answers 308. */
#ifndef KANSLI_PERSON_H
#define KANSLI_PERSON_H

#include <kansli/check.h>
#include <kansli/resource.h>

extern const struct resource person_resource, retention_resource;
/* Finds whom the reader may see: by id; in a form by name, "Name (id)" or exactly the e-mail
 * address. */
extern const struct reference person_reference;
extern const struct route person_routes[];
extern const struct check person_checks[];

/* POST /persons: ctx->body is the new person. Also the loader's and the import's way in. May:
 * ACT_ENTER_PERSON. */
enum code person_create(struct ctx *ctx, struct answer *out);
/* PATCH /persons/{id}, for the import too: the id is an argument, If-Match as in resource_edit.
 * May: ACT_CHANGE_PERSON; the person alone only own contact details and choices. */
enum code person_change(struct ctx *ctx, const char *id, struct answer *out);
/* What the search finds this person by, put into the index: names while anything of them is public
 * (search never tells who is a patient representative). Called after a membership of the person
 * has changed. */
NODISCARD enum code person_index(struct ctx *ctx, long long person_key);
/* The row of a person that only ACT_ERASE_PERSON takes away: used by retention. */
NODISCARD enum code person_anonymise(struct ctx *ctx, long long person_key, const char *reason);

#endif
