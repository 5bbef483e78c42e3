/* internal.h: what the files of requirement/ share. Not for others. */
#ifndef KANSLI_REQUIREMENT_INTERNAL_H
#define KANSLI_REQUIREMENT_INTERNAL_H

#include <kansli/access.h>
#include <kansli/coverage.h>
#include <kansli/group.h>
#include <kansli/json.h>
#include <kansli/requirement.h>

/* The seven parameters of a resource's select, ?5 an object of the statement's own. */
#define READER_ARGS(ctx, key)                                                                      \
    (ctx)->day, access_sees_all(ctx), (ctx)->actor->person_key, (ctx)->today, (key), 0,            \
        (ctx)->actor->account_key
/* Who somebody is, or NULL when withheld; a link to the person where there is one. */
#define SHOWN_NAME                                                                                 \
    "CASE WHEN " ACCESS_NAME_SHOWN("p", "m") " THEN p.given_name || ' ' || p.family_name END "     \
    "AS \"name\", CASE WHEN " ACCESS_NAME_SHOWN("p", "m") " THEN p.id END AS \"personId\""

/* Whose rows: a group's, or the defaults of a kind. */
struct owner {
    const struct resource *resource;
    const char *root;    /* "/groups" */
    long long key;
    enum act act;        /* who may change them */
    bool kind;
};

/* ---- requirement.c ---- */

extern const struct field requirement_move_fields[];
/* The owner of the path's {id}, when the caller may know of it; key 0 and *code otherwise. */
struct owner owner_in_path(struct ctx *ctx, struct answer *out, enum code *code);
/* {requirementId} of the path when it is the owner's, else NULL. */
const char *requirement_in_path(struct ctx *ctx, const struct owner *owner);
const char *owner_path(struct ctx *ctx, const struct owner *owner, const char *rest);
enum code requirement_change(struct ctx *ctx, struct answer *out);
enum code requirement_remove(struct ctx *ctx, struct answer *out);
/* POST .../moves {direction}: one step up or down among the owner's rows. */
enum code requirement_move(struct ctx *ctx, struct answer *out);

/* ---- requirement_forms.c ---- */

enum code requirement_list(struct ctx *ctx, struct answer *out);
enum code requirement_show(struct ctx *ctx, struct answer *out);
enum code requirement_new_form(struct ctx *ctx, struct answer *out);
enum code requirement_edit_form(struct ctx *ctx, struct answer *out);
enum code requirement_delete_form(struct ctx *ctx, struct answer *out);

/* ---- held.c: coverage as people read it ---- */

/* Adds to a coverage document's items who holds each (people: [{membershipId, name, href, role}],
 * withheld names null), whose end breaks it, and weightLabel. */
void held_put_people(struct ctx *ctx, long long group_key, json_t *coverage);
json_t *held_part(struct ctx *ctx, long long key, const json_t *group);
json_t *held_matrix_part(struct ctx *ctx, long long key, const json_t *group);
json_t *attention_part(struct ctx *ctx, long long key, const json_t *group);
enum code coverage_show(struct ctx *ctx, struct answer *out);
extern const struct field coverage_query[];
extern const char coverage_reply[];

/* ---- trial.c: "what if" ---- */

/* Reads the change that the query tries; false: none is asked for. Messages go to ctx->err. */
bool trial_read(struct ctx *ctx, long long group_key, struct coverage_change *change);
/* The form: members that can be left out, roles, capacities, and what was asked. */
json_t *trial_form(struct ctx *ctx, long long group_key);

/* ---- vacancies.c ---- */

enum code vacancies_list(struct ctx *ctx, struct answer *out);
extern const struct field vacancies_query[];
extern const char vacancies_reply[];

/* ---- seats.c ---- */

json_t *seats_part(struct ctx *ctx, long long key, const json_t *organisation);

#endif
