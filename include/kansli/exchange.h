/* exchange.h: registers as process leaders keep them come in, lists go out.
 *
 * Import: a table (sheet.h) of organisations, groups, persons, memberships, meetings or plans, with
 * the headings that an export has, or those that people use. Every row is tried with the features'
 * own create and change functions, with the rights of who sent it: each cell is new, same, changed
 * or an error before anything is written. Applying does the same and keeps it, all or nothing;
 * undoing is possible while nobody has changed the objects since. A few rows are done in the
 * request; up to 50 000 in slices between which others write (status trying, applying, undoing;
 * doneCount of rowCount), tried in a private copy of the register. An import is seen by its account
 * and the support function; only who sent it applies it, since another's rights would do, and tell
 * in its rows, what he may not; either takes it back, in his own name. Its rows name people and go
 * after 30 days, or when it is undone. An empty cell says nothing: what is there stays.
 * Export: every list as CSV and XLSX (format=, core/export.c), safe from formulas, read back without
 * loss. */
#ifndef KANSLI_EXCHANGE_H
#define KANSLI_EXCHANGE_H

#include <kansli/resource.h>

extern const struct resource import_resource, import_row_resource; /* /imports, /imports/{id}/rows */
extern const struct route exchange_routes[];

/* ---- what takes long: a thread of the server, or a command ---- */

struct import_state {
    const char *id, *status;
    long long done, count; /* rows */
};

struct import_keeper {
    struct db *db;
    /* Makes a ctx for a transaction, as the program itself. */
    void (*context)(struct ctx *ctx, struct tx *tx, struct arena *arena, struct err *err);
    bool (*stopped)(void *arg);                                   /* asked between slices */
    void (*told)(const struct import_state *state, void *arg);    /* after each; may be NULL */
    void *arg;
    bool stuck;                                                   /* told: an import could not even be taken back */
    char forgotten[DAY_SIZE];                                     /* its own */
};
/* Does what waits, slice by slice, until nothing does or it is stopped; takes up what a crash left
 * in the middle. One process at a time: E_BUSY when another keeps the register's imports. What fails
 * by a fault of ours is taken back; if that fails too it waits, keeper->stuck, and the others are done.
 * Any other failure is the register's: what waits, waits. */
NODISCARD enum code imports_keep(struct import_keeper *keeper, struct err *err);

/* A file from the command line, with everybody's rights: tried, and applied unless `dry`. */
struct import_order {
    const char *resource, *group, *name; /* group: an id, or NULL */
    const char *bytes;
    size_t n;
    bool dry;
};
/* What came of it: the import's document (counts, status), new reference, and under `refusals` what
 * is wrong with which line; the import is gone again unless it was applied. NULL with *err. */
json_t *import_file(struct import_keeper *keeper, const struct import_order *order,
                    struct err *err);

#endif
