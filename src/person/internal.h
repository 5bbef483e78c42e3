/* internal.h: what the files of person/ share. Not for others: they use person.h. */
#ifndef KANSLI_PERSON_INTERNAL_H
#define KANSLI_PERSON_INTERNAL_H

#include <kansli/json.h>
#include <kansli/person.h>

/* The reader's parameters of a statement, in the order of resource.h: ?1–?4, ?5 the caller's own,
 * ?6 unused, ?7. */
#define PERSON_ARGS(ctx, own)                                                                      \
    (ctx)->day, access_sees_all(ctx), (ctx)->actor->person_key, (ctx)->today, (own),               \
        (const char *)NULL, (ctx)->actor->account_key

/* ---- person.c ---- */

/* The person in the path, when the caller may know of it: its key, and the object (new reference;
 * `object` may be NULL). Else *code is E_ABSENT, or OK with out->moved, and the key is 0. */
long long person_in_path(struct ctx *ctx, struct answer *out, enum code *code, json_t **object);
/* Whether the caller may change this person at all; of those who may, who may change everything but
 * the gender. */
bool person_may_change(struct ctx *ctx, long long key);
bool person_may_change_all(struct ctx *ctx, long long key);
/* True for what a person alone may change of her own. */
bool person_field_is_own(const char *name);
/* DELETE /persons/{id}: only what nothing refers to. */
enum code person_remove(struct ctx *ctx, struct answer *out);
/* A person's former ids, which lead to it now: array of texts. New reference. */
json_t *person_former_ids(struct ctx *ctx, long long key);

/* ---- role.c: what the page of a person shows of her roles ---- */

/* {current, coming, past: [{groupId, groupName, role, roleLabel, onBehalfOfId, onBehalfOfName,
 * onBehalfOfType, startDate, endDate}]}: the memberships that show who it is to this reader, the
 * last begun first. Capacity stands on none: a page that gathers groups never tells who is a
 * patient representative. New reference. */
json_t *person_roles(struct ctx *ctx, long long key);
/* The same as bars over years, as lanes_of gives them (lanes.h); null when there is no role. New
 * reference. */
json_t *person_bars(struct ctx *ctx, const json_t *roles);
/* The labels of the roles, as the memberships' own table has them. */
const char *person_role_label(struct ctx *ctx, const char *role);

/* ---- merge.c ---- */

extern const struct field merge_fields[];
/* POST /persons/{id}/merges. E_CONFLICT "membership-overlap" with the groups in `missing`. May:
 * ACT_MERGE_PERSON. */
enum code person_merge(struct ctx *ctx, struct answer *out);
/* Persons that may be the same: [{reason, reasonLabel, persons: [{id, name, employerName, email,
 * roles}]}], at most 100 sets. New reference. */
json_t *person_twins(struct ctx *ctx);

/* ---- copy.c ---- */

/* Everything that is kept about a person, for the person. New reference. */
json_t *person_copy(struct ctx *ctx, long long key);

/* ---- erase.c ---- */

extern const struct field anonymisation_fields[];
/* POST /persons/{id}/anonymisations. E_CONFLICT "person-has-roles", "person-anonymised". May:
 * ACT_ERASE_PERSON. */
enum code person_anonymise(struct ctx *ctx, struct answer *out);
/* Takes away what names a person, everywhere; then db_scrub is to be called. Roles, organisations
 * and days stay. */
NODISCARD enum code person_erase(struct ctx *ctx, long long key, const char *reason);
/* Takes away how a person is reached, also from the history. */
NODISCARD enum code person_erase_contact(struct ctx *ctx, long long key);

/* ---- retention.c ---- */

enum code retention_change(struct ctx *ctx, struct answer *out);
enum code retention_remove(struct ctx *ctx, struct answer *out);
/* POST /retention-rules/{id}/applications. E_CONFLICT "retention-undecided". */
enum code retention_apply(struct ctx *ctx, struct answer *out);
/* Whether the caller may read the rules: data protection and administrators. E_LOGIN, E_DENIED. */
enum code retention_must_read(struct ctx *ctx);

#endif
