/* app.h: the running application: a register, its routes and a server in front of it. */
#ifndef KANSLI_APP_H
#define KANSLI_APP_H

#include <kansli/ctx.h>
#include <kansli/http.h>

struct app_options {
    const char *db;       /* path of the register */
    const char *listen;   /* as http_options.listen */
    const char *base_url; /* what the outside calls us, or NULL: the address listened on */
    const char *proxy;    /* as http_options.proxy */
    bool no_limits;       /* for measuring */
    bool demo;            /* pages say that everything is invented */
};

/* Starts serving; *address gets what is served ("http://127.0.0.1:8080"). */
NODISCARD enum code app_start(const struct app_options *options, const char **address,
                              struct err *err);
/* In-flight requests finish, the register is checkpointed and closed. */
void app_stop(void);

/* A ctx for the command line: everything allowed, English, no request. tx and err are the
 * caller's. */
void app_command_ctx(struct ctx *ctx, struct tx *tx, struct arena *arena, struct err *err);

#endif
