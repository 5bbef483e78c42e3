/* exchange.h: registers as process leaders keep them come in, lists go out.
 *
 * Import: a table (sheet.h) of persons or memberships. Every row is tried with the features' own
 * create and change functions inside a savepoint that is taken back, so that a trial finds what
 * applying would: each cell is new, same, changed or an error before anything is written. Applying
 * does the same and keeps it, all or nothing; undoing is possible while nobody has changed the objects
 * since. An import is seen by its account and the support function; its rows name people and go after
 * 30 days, or when it is undone. An empty cell says nothing: what is there stays.
 * Export: every list as CSV and XLSX (format=, core/export.c), safe from formulas, read back without
 * loss. */
#ifndef KANSLI_EXCHANGE_H
#define KANSLI_EXCHANGE_H

#include <kansli/resource.h>

extern const struct resource import_resource, import_row_resource; /* /imports, /imports/{id}/rows */
extern const struct route exchange_routes[];

#endif
