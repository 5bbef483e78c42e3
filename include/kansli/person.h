/* person.h: people (R20, api.md persons): who they are, how they are reached, what may be shown.
 *
 * A name is shown or withheld by membership, never by person alone (ACCESS_NAME_SHOWN in access.h);
 * so a person is visible to everyone while one membership in a group whose people they may see
 * shows the name, and else to those who work with the person. Contact details are for the latter
 * alone: absent for others, not null. A protected identity exists for support, the officers of the
 * person's groups and the person only. No identity number, birth date, bank or tax data is kept
 * (domain.md 4). A person that was merged into another answers 308. */
#ifndef KANSLI_PERSON_H
#define KANSLI_PERSON_H

#include <kansli/access.h>
#include <kansli/check.h>
#include <kansli/resource.h>

extern const struct resource person_resource, retention_resource;
/* Finds whom the reader may see: by id; in a form by name, "Name (id)" or, where the reader may see
 * how the person is reached, exactly the e-mail address. */
extern const struct reference person_reference;
extern const struct route person_routes[], retention_routes[];
extern const struct check person_checks[];

/* POST /persons: ctx->body is the new person. Also the loader's and the import's way in. May:
 * ACT_ENTER_PERSON. */
enum code person_create(struct ctx *ctx, struct answer *out);
/* PATCH /persons/{id}, for the import too: the id is an argument, If-Match as in resource_edit.
 * May: ACT_CHANGE_PERSON, the person alone only own contact details and choices; ACT_ERASE_PERSON
 * for a correction, which the history names so. E_DENIED "gender-self-stated" when another than the
 * person states the gender; E_CONFLICT "person-anonymised". */
enum code person_change(struct ctx *ctx, const char *id, struct answer *out);
/* The person's own choice whether the name is shown to everyone, made by a link that has shown who
 * it is: no right is asked. With its history. */
NODISCARD enum code person_publish(struct ctx *ctx, long long person_key, bool yes);
/* OK, or E_CONFLICT "person-anonymised": a new role or nomination is for somebody who can be
 * named. */
NODISCARD enum code person_must_be_named(struct ctx *ctx, long long person_key);
/* Puts the person's name into the index. Who finds it is asked at each search (PERSON_VISIBLE), so
 * nothing is to be done when a membership changes: a search never tells more than the list. */
NODISCARD enum code person_index(struct ctx *ctx, long long person_key);
/* POST /retention-rules: ctx->body is the new rule. Also the loader's way in. May:
 * ACT_KEEP_RETENTION. */
enum code retention_create(struct ctx *ctx, struct answer *out);

/* ---- forms that may name somebody who is not in the register yet (newcomer.c) ---- */

enum { NEWCOMER_FIELDS = 4 };
/* Appends the fields of a new person to a form's, none of them needed; the new count. */
size_t newcomer_fields(struct field *fields, size_t n);
/* What such a form sent, in two parts as if each had been sent alone: of the newcomer (NULL when
 * nothing was filled in) and the rest. New references. */
void newcomer_split(const struct ctx *ctx, json_t **newcomer, json_t **rest);
/* Enters the newcomer, whose id becomes the rest's personId; E_INPUT when the rest has one. */
NODISCARD enum code newcomer_enter(struct ctx *ctx, json_t *newcomer, json_t *rest);
/* Runs a create with these values (borrowed) as what was sent. */
enum code create_with(struct ctx *ctx, handler *create, json_t *values, struct answer *out);

/* What a later feature keeps about people, for what is done to a whole person. */
struct person_tie {
    const char *name;    /* its member of the data export: "nominations" */
    const char *label;   /* N_(): how the export's page calls it */
    /* What is kept of `from` goes over to `into`, each with its history. */
    enum code (*merge)(struct ctx *ctx, long long from, const char *from_id, long long into,
                       const char *into_id);
    /* Takes away what names the person or tells of its life; what the register must keep stays. */
    enum code (*erase)(struct ctx *ctx, long long person_key);
    /* Everything, for ctx->actor: array, new reference. */
    json_t *(*copy)(struct ctx *ctx, long long person_key);
};
/* NULL-terminated, in src/app_features.c. */
extern const struct person_tie *const person_ties[];

/* ACT_ENTER_PERSON without support, as a condition with the reader's ?3, ?4 and ?7. */
#define PERSON_ENTERERS                                                                            \
    "(EXISTS (SELECT 1 FROM account_role vr WHERE vr.account_key = ?7 "                            \
    "AND vr.role = 'coordinator') OR EXISTS (SELECT 1 FROM membership vm "                         \
    "WHERE vm.person_key = ?3 AND " ACCESS_TODAY("vm") " AND vm.role IN " ACCESS_OFFICERS "))"

/* Whom the reader may know of: a condition over a person's columns, for a statement with the
 * reader's ?2, ?3, ?4 and ?7 (resource.h). Until its first seat a person is known to those who may
 * enter people (ACT_ENTER_PERSON), a protected or withheld one to who entered it: somebody must be
 * able to give it that seat, and nobody need enter it twice. */
#define PERSON_VISIBLE(key, entered_by, employer, is_protected, publish)                           \
    "(?2 = 1 OR " key " = ?3 OR (" entered_by " = ?7 AND NOT EXISTS ("                             \
    "SELECT 1 FROM membership vm WHERE vm.person_key = " key ")) OR CASE WHEN " is_protected       \
    " = 1 THEN EXISTS (SELECT 1 FROM membership vm WHERE vm.person_key = " key                     \
    " AND " ACCESS_GROUP_OFFICER("vm.group_key") ") ELSE " entered_by " = ?7 "                     \
    "OR EXISTS (SELECT 1 FROM membership vm JOIN workgroup vg ON vg.key = vm.group_key "           \
    "WHERE vm.person_key = " key " AND ((" ACCESS_NAME_GIVEN(publish, "vm.capacity") " AND "       \
    ACCESS_PEOPLE_VISIBLE("vg.access_mode", "vg.key") ") OR "                                      \
    ACCESS_GROUP_DRAFTS("vm.group_key") ")) "                                                      \
    "OR (?7 > 0 AND (EXISTS (SELECT 1 FROM account_role vr WHERE vr.account_key = ?7 "             \
    "AND (vr.role = 'dataProtection' OR vr.organisation_key = " employer ")) "                     \
    "OR (coalesce(" publish ", 1) = 1 AND " PERSON_ENTERERS " AND NOT EXISTS ("                    \
    "SELECT 1 FROM membership vm WHERE vm.person_key = " key ")))) END)"

/* Whether the reader may also see how the person is reached, and the person's choices:
 * through a role now or to come. */
#define PERSON_REACHED(key, entered_by, employer, is_protected)                                    \
    "(?2 = 1 OR " key " = ?3 OR (" entered_by " = ?7 AND NOT EXISTS ("                             \
    "SELECT 1 FROM membership vm WHERE vm.person_key = " key ")) OR CASE WHEN " is_protected       \
    " = 1 THEN EXISTS (SELECT 1 FROM membership vm WHERE vm.person_key = " key                     \
    " AND (vm.end_date IS NULL OR vm.end_date >= ?4) AND "                                         \
    ACCESS_GROUP_OFFICER("vm.group_key") ") "                                                      \
    "ELSE EXISTS (SELECT 1 FROM account_role vr WHERE vr.account_key = ?7 "                        \
    "AND (vr.role = 'dataProtection' OR vr.organisation_key = " employer ")) "                     \
    "OR EXISTS (SELECT 1 FROM membership vm WHERE vm.person_key = " key                            \
    " AND (vm.end_date IS NULL OR vm.end_date >= ?4) AND (" ACCESS_GROUP_DRAFTS("vm.group_key")    \
    " OR vm.on_behalf_of_key IN (SELECT vr.organisation_key FROM account_role vr "                 \
    "WHERE vr.account_key = ?7))) END)"

#endif
