/* lanes.h: rows with first and last days as bars over years, for a picture of fixed width that a
 * template draws. Numbers have a dot and one decimal. */
#ifndef KANSLI_LANES_H
#define KANSLI_LANES_H

#include <kansli/ctx.h>

/* rows: [{label, startDate, endDate, status}], one lane each from the top; ctx->day is the upright
 * line and always within. → {width, height, top, bottom, years: [{x, label}], bars: [{x, y, width,
 * labelX, anchor, labelY, status, label}], today: {x, day}}; null when there is no row. New
 * reference. */
json_t *lanes_of(struct ctx *ctx, const json_t *rows);

#endif
