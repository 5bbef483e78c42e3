/* register.h: the register as a whole: its history and its checks. */
#ifndef KANSLI_REGISTER_H
#define KANSLI_REGISTER_H

#include <kansli/ctx.h>

extern const struct route register_routes[];

#endif
