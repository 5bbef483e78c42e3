/* load.h: what a new register holds: the reference data of migrations/data, and the worked example.
 *
 * Must not know what a row means: every row goes through the function that a browser's form goes
 * through. */
#ifndef KANSLI_SRC_LOAD_H
#define KANSLI_SRC_LOAD_H

#include <kansli/ctx.h>

/* Inside the one transaction of `kansli init`: settings, the reference data of migrations/data, the
 * site's texts. The failure names file and row. */
NODISCARD enum code load_reference(struct ctx *ctx);
/* The worked example on top of it; every account gets the password whose hash is given. */
NODISCARD enum code load_demo(struct ctx *ctx, const char *password_hash);

#endif
