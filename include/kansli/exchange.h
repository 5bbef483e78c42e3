/* exchange.h: registers as process leaders keep them come in, lists go out.
 *
 * Import: CSV (UTF-8 or Windows-1252, comma, semicolon or tab) and XLSX become rows of cells; every
 * cell is new, same, changed or an error before anything is written; applying uses the features'
 * own create and change functions; undoing is possible while nobody has changed the objects since.
 * Export: every list as CSV and XLSX (format=), safe from formulas, read back without loss. */
#ifndef KANSLI_EXCHANGE_H
#define KANSLI_EXCHANGE_H

#include <kansli/resource.h>

extern const struct resource import_resource; /* /imports */
extern const struct route exchange_routes[];

#endif
