/* app_import.c: the thread that does imports of many rows (exchange.h).
 *
 * Owns when: at start, for what a crash left in the middle, and whenever the register has changed,
 * because whoever asks for an import changes it; a command beside the server may ask, too. Must not
 * know what an import is. */
#include <stdlib.h>
#include <kansli/exchange.h>
#include <kansli/log.h>
#include "app.h"

enum { LOOK_MS = 200, RETRY_MS = 5000 };

static struct beside house = BESIDE;

static bool stopped(void *arg)
{
    (void)arg;
    return beside_stopped(&house);
}

static void context(struct ctx *ctx, struct tx *tx, struct arena *arena, struct err *err)
{
    app_command_ctx(ctx, tx, arena, err);
    ctx->base_url = app.base_url;
}

/* False when there may be more to do although nothing changes: it failed, one of them did, or another
 * process has the turn. */
static bool look(struct import_keeper *keeper)
{
    struct err err;
    err_init(&err);
    enum code c = imports_keep(keeper, &err);
    if (c && c != E_BUSY)
        log_line(LOG_FAULT, "imports-wait", "rule", err.rule ? err.rule : code_rule(c), NULL);
    err_release(&err);
    return !c && !keeper->stuck;
}

static void *imports_main(void *arg)
{
    struct import_keeper keeper = {.db = app.db, .context = context, .stopped = stopped};
    uint64_t seen = 0;
    (void)arg;
    if (getenv("KANSLI_NO_CHORES")) /* what is old stays */
        day_today(keeper.forgotten);
    while (!stopped(NULL)) {
        uint64_t now = db_changes(app.db);
        bool done = now == seen || look(&keeper);
        if (done)
            seen = now;
        beside_doze(&house, done ? LOOK_MS : RETRY_MS);
    }
    return NULL;
}

void imports_start(void)
{
    beside_start(&house, imports_main);
}

void imports_stop(void)
{
    beside_stop_soon(&house);
    beside_join(&house);
}
