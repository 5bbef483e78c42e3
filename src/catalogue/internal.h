/* internal.h: what the files of catalogue/ share. Not for others: they use catalogue.h. */
#ifndef KANSLI_CATALOGUE_INTERNAL_H
#define KANSLI_CATALOGUE_INTERNAL_H

#include <kansli/catalogue.h>

/* ---- popolo.c ---- */

/* JSON Schema of the export. */
extern const char popolo_schema[];
/* GET /exports/popolo: its bytes are the answer. E_TOO_BIG when they do not fit in what a file may
 * be. */
enum code popolo_export(struct ctx *ctx, struct answer *out);

/* ---- dcat.c ---- */

/* The description in Turtle, in the arena. */
const char *dcat_turtle(struct ctx *ctx);

#endif
