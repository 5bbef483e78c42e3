/* internal.h: what the files of exchange/ share. Not for others: they use exchange.h. */
#ifndef KANSLI_EXCHANGE_INTERNAL_H
#define KANSLI_EXCHANGE_INTERNAL_H

#include <kansli/exchange.h>
#include <kansli/json.h>
#include <kansli/sheet.h>

enum {
    IMPORT_ROWS = 5000, /* of a file */
    IMPORT_DAYS = 30    /* that its rows are kept */
};

extern const struct value import_resources[], import_acts[];

/* ---- heading.c: what a column is ---- */

/* The field that a name stands for in an import: of the memberships when there are seats in it, or
 * of the persons (*of_person, may be NULL). NULL for none that can be sent. */
const struct field *import_field(bool seats, const char *name, bool *of_person);
/* What each column is taken for: [{heading, field, label}], field null for what is left aside. A
 * whole name is the field "name". New reference. */
json_t *headings_read(struct ctx *ctx, const struct sheet *sheet, bool seats);
/* The headings of a file to begin with, most important first; NULL-terminated. */
const char *const *headings_template(bool seats);

/* ---- cell.c: what a cell means ---- */

/* The texts of a row as process leaders write them, as a form would send them: {field: text or
 * texts}. New reference. */
json_t *cells_formed(struct ctx *ctx, bool seats, const json_t *texts);
/* "Efternamn, Förnamn" or "Förnamn Efternamn" into givenName and familyName of an object. */
void name_split(struct arena *arena, const char *name, json_t *texts);
/* What is kept of a text as it was sent: a mark in place of one with a personal identity number,
 * which is kept nowhere, a file's row included (domain.md 4). */
#define NUMBER_MARK "••••••-••••"
const char *without_number(const char *text);
/* Letters and digits alone, folded: "E-post *" → "epost". */
const char *word_key(struct arena *arena, const char *text);

/* ---- match.c: whom a row is about ---- */

struct people;
/* Everybody, by e-mail address and by name, for as long as an import runs. */
struct people *people_load(struct ctx *ctx);
void people_free(struct people *people);
/* Somebody who was added or changed meanwhile: the row of a person's object. */
void people_add(struct people *people, struct arena *arena, const json_t *person);

struct match {
    json_t *person;         /* the one; new reference, or NULL */
    json_t *candidates;     /* [{id, name, employerName}] when it may be several; new reference */
    const char *by;         /* id, email, name, choice; NULL for nobody */
};
/* Whom the reader may know of and the row can be about: by what was chosen, by id, e-mail address,
 * then name with employer. `meant` are a person's fields as a script would send them. */
struct match people_match(struct ctx *ctx, const struct people *people, const char *choice,
                          const char *id, const json_t *meant);

/* ---- row.c: one row against the register ---- */

struct row {
    long long key, line;
    json_t *texts;                       /* as sent; borrowed */
    const char *choice;
    const char *act, *object_id, *matched_by, *message;
    json_t *cells, *candidates, *effects; /* new references; freed by row_release */
};
void row_release(struct row *row);
/* Does what the row asks for, in the transaction at hand: any code but OK when it cannot be, and
 * then the row says why. `arena` is the row's; group_id: where a membership is that names no
 * group. */
enum code row_do(struct ctx *ctx, struct people *people, struct arena *arena, bool seats,
                 const char *group_id, struct row *row);

/* ---- exchange.c ---- */

extern const struct field import_parameters[], choice_fields[], application_fields[];
/* POST /imports: outside the transaction reads the file, inside it tries the rows. May:
 * ACT_ENTER_PERSON. */
enum code import_read(struct ctx *ctx, struct answer *out);
enum code import_create(struct ctx *ctx, struct answer *out);
/* POST /imports/{id}/choices: says whom a row is about, and tries again. */
enum code import_choose(struct ctx *ctx, struct answer *out);
/* POST /imports/{id}/applications. E_CONFLICT "import-has-errors", "import-done". */
enum code import_apply(struct ctx *ctx, struct answer *out);

/* ---- undo.c ---- */

/* DELETE /imports/{id}: one that was only tried goes; what an applied one did is taken back.
 * E_CONFLICT "import-outdated" with the objects in `missing`. */
enum code import_undo(struct ctx *ctx, struct answer *out);

#endif
