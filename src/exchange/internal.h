/* internal.h: what the files of exchange/ share. Not for others: they use exchange.h. */
#ifndef KANSLI_EXCHANGE_INTERNAL_H
#define KANSLI_EXCHANGE_INTERNAL_H

#include <kansli/exchange.h>
#include <kansli/json.h>
#include <kansli/sheet.h>

enum {
    IMPORT_ROWS = 50000,      /* of a file */
    IMPORT_BYTES = 20 << 20,  /* of what is sent */
    IMPORT_DAYS = 30,         /* that its rows are kept */
    ROWS_AT_ONCE = 200,       /* tried, applied or undone in the request itself */
    ROW_BYTES = 4 << 20,
    KNOWN_BY = 4
};

extern const struct value import_resources[], import_acts[];
enum { IMPORT_ERROR = 3 }; /* of import_acts */

/* ---- importable.c: what can be imported ---- */

struct importable {
    const struct resource *resource;
    /* What stands in the same row and is made or known first: its name here, and the field of this
     * one that gets its id. NULL: nothing. */
    const char *with, *with_field;
    /* What a row without an id is about: "id" by ?1–?4, what the row says in `by` (of a list the
     * first), and ?5, today. No row: something new; two: nobody can tell. */
    const char *find;
    const char *by[KNOWN_BY];
    const char *begin; /* fields of a file to begin with; NULL: all that a form has */
};
extern const struct importable importables[]; /* ends with an empty row */

/* NULL for none. */
const struct importable *importable_named(const char *name);
/* NULL for none. */
const struct importable *importable_with(const struct importable *kind);
/* Its rows name people: a whole name may stand in one column, and who is meant may be a choice. */
bool importable_names_people(const struct importable *kind);
/* How a script makes (SHAPE_CREATE), changes or removes one. */
const struct route *importable_route(const struct importable *kind, enum shape shape);
/* The field that a name stands for: of the resource itself, or of what stands in the same row
 * (*of_with, may be NULL). NULL for none that can be sent. */
const struct field *import_field(const struct importable *kind, const char *name, bool *of_with);

/* ---- heading.c: what a column is ---- */

/* What each column is taken for: [{heading, field}], field null for what is left aside. A person's
 * whole name is the field "name". New reference. */
json_t *headings_read(struct ctx *ctx, const struct sheet *sheet, const struct importable *kind);
/* The headings of a file to begin with, most important first: texts. New reference. */
json_t *headings_template(struct ctx *ctx, const struct importable *kind);

/* ---- cell.c: what a cell means ---- */

/* The texts of a row as process leaders write them, as a form would send them: {field: text or
 * texts}. New reference. */
json_t *cells_formed(struct ctx *ctx, const struct importable *kind, const json_t *texts);
/* "Efternamn, Förnamn" or "Förnamn Efternamn" into givenName and familyName of an object. */
void name_split(struct arena *arena, const char *name, json_t *texts);
/* What is kept of a text as it was sent: a mark in place of one with a personal identity number,
 * which is kept nowhere, a file's row included (domain.md 4). */
#define NUMBER_MARK "••••••-••••"
const char *without_number(const char *text);
/* Letters and digits alone, folded: "E-post *" → "epost". */
const char *word_key(struct arena *arena, const char *text);

/* ---- match.c: what a row is about ---- */

struct match {
    json_t *object;         /* the one; new reference, or NULL */
    json_t *candidates;     /* people: [{id, name, employerName}] when it may be several; new */
    const char *by;         /* id, email, name, choice, content; NULL for nobody */
    bool several;           /* other objects: what the row says fits more than one */
};
/* Whom the reader may know of and the row can be about: by what was chosen, by id, e-mail address,
 * then name with employer. `meant` are the fields as a script would send them. */
struct match match_person(struct ctx *ctx, const char *choice, const char *id, const json_t *meant);
/* The object of an importable: by id, else by what it is known by. */
struct match match_object(struct ctx *ctx, const struct importable *kind, const char *id,
                          const json_t *meant);

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
 * then the row says why. `arena` is the row's; group_id: the group of a row that names none. */
enum code row_do(struct ctx *ctx, struct arena *arena, const struct importable *kind,
                 const char *group_id, struct row *row);

/* ---- file.c: a file becomes rows ---- */

/* What a file is read as, and what is done with it: parameters of an address, fields of a form. */
struct import_input {
    const char *resource;
    struct ref_value group;
    int dry_run;
};
extern const struct field import_parameters[];
NODISCARD enum code parameters_read(struct ctx *ctx, struct import_input *in);
/* POST /imports outside the transaction: the file is taken apart into ctx->prepared: {columns,
 * count, pieces: [text]}. May: ACT_ENTER_PERSON. */
enum code import_read(struct ctx *ctx, struct answer *out);
/* The next piece of an import becomes rows of it, in the transaction at hand; *more: it was not
 * the last. */
NODISCARD enum code piece_unpack(struct ctx *ctx, long long run_key, bool *more);

/* ---- slice.c: some rows of an import, tried or applied ---- */

struct slice {
    struct ctx *ctx;
    const struct importable *kind;
    const char *group_id;
    struct arena *arena;    /* of one row */
    json_t *rows;           /* from the register: key, line, texts, choice; what came of them */
    long long counts[4];    /* by act, in the order of import_acts */
    struct row *row;        /* the one at hand */
};
/* At most `most` rows of the import that stand below the line `after`. A slice that could not begin
 * has ended. */
NODISCARD enum code slice_begin(struct slice *slice, struct ctx *ctx, long long run_key,
                                long long after, int most);
void slice_end(struct slice *slice);
/* Does them, each in a savepoint of its own, so that one that cannot be harms no other. Rows with
 * errors are counted; only a failure of the register is one of the slice. */
NODISCARD enum code slice_do(struct slice *slice);
/* Keeps what came of them and how far it came; `tx` may be of another register than the slice was
 * done in. `applied`: and what undoing needs. */
NODISCARD enum code slice_store(struct slice *slice, struct tx *tx, long long run_key,
                                bool applied);
long long slice_last(const struct slice *slice);
/* Rows as import_row has them, with their cells: what is wrong where, "Line 3, E-mail address: Write
 * an e-mail address.", in err's `missing`, of at most a few dozen. */
void rows_refused(struct ctx *ctx, const json_t *rows);
/* The rows of an import that are known to have errors, as many as are told; new reference. */
json_t *rows_wrong(struct tx *tx, long long run_key);

/* ---- exchange.c ---- */

extern const struct field choice_fields[], application_fields[];
/* It is done: says so, with its history row. */
NODISCARD enum code import_applied(struct ctx *ctx, long long key, const char *id);
/* So few rows that they are tried, applied and undone in the request itself. */
bool import_is_small(long long rows);
/* E_CONFLICT "import-busy". */
enum code import_busy(struct ctx *ctx);
enum code import_create(struct ctx *ctx, struct answer *out);
/* POST /imports/{id}/choices: says whom a row is about, and tries again. */
enum code import_choose(struct ctx *ctx, struct answer *out);
/* POST /imports/{id}/applications. E_CONFLICT "import-has-errors", "import-done". */
enum code import_apply(struct ctx *ctx, struct answer *out);

/* ---- undo.c ---- */

struct undoing {
    struct ctx *ctx;
    long long run_key, line; /* the row at hand */
    struct arena *arena;   /* of one step */
    json_t *version;       /* id → the version that our own steps have left */
    json_t *outdated;      /* names of what others have changed */
};
void undoing_begin(struct undoing *u);
void undoing_end(struct undoing *u);
/* Takes back at most `most` rows of an import, the last ones first; *more: there are others. What
 * somebody else has changed since is left as it is and named in u->outdated. */
NODISCARD enum code undo_slice(struct undoing *u, struct ctx *ctx, long long run_key, int most,
                               bool *more);
extern const char import_outdated[]; /* why it cannot be undone */
/* It is done: says so, with its history row, and keeps no rows. */
NODISCARD enum code import_undone(struct ctx *ctx, long long key, const char *id);
/* DELETE /imports/{id}: one that was only tried goes; what an applied one did is taken back.
 * E_CONFLICT "import-outdated" with the objects in `missing`, "import-busy". */
enum code import_undo(struct ctx *ctx, struct answer *out);

/* ---- resources ---- */

/* Members that are kept as JSON text. */
void members_unpack(json_t *items, const char *const *names);
/* A member as JSON text in the arena; NULL for nothing. */
const char *member_packed(struct arena *arena, const json_t *row, const char *name);
/* Says what an import is doing from now on, from its first row, and who asked for it. */
NODISCARD enum code import_turn(struct ctx *ctx, long long key, const char *status);

#endif
