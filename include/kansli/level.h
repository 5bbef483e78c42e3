/* level.h: the three levels (R1), the matrix of programme areas, the start page. */
#ifndef KANSLI_LEVEL_H
#define KANSLI_LEVEL_H

#include <kansli/ctx.h>

extern const struct route level_routes[];

#endif
