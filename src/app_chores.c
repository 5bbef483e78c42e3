/* app_chores.c: what the register does by itself once a day (chore.h).
 *
 * Owns the one thread that runs every row of chore_tables, each in a write job of its own: at
 * start, and when a day has begun in Stockholm. A chore that fails is logged and harms no other; it
 * is tried again the next day, or at the next start. KANSLI_NO_CHORES in the environment leaves them
 * undone: for tests that count every statement. Must not know what a chore does. */
#include <stdlib.h>
#include <string.h>
#include <kansli/chore.h>
#include <kansli/log.h>
#include "app.h"

enum { LOOK_MS = 20000 }; /* between two looks at the day */

static struct beside house = BESIDE;

struct doing {
    const struct chore *chore;
    struct err err;
};

static enum code chore_run(struct tx *tx, void *arg)
{
    struct doing *doing = arg;
    struct ctx ctx;
    app_command_ctx(&ctx, tx, tx_arena(tx), &doing->err);
    ctx.base_url = app.base_url;
    return doing->chore->run(&ctx);
}

static void run_one(const struct chore *chore)
{
    struct arena *arena = arena_new(64 << 20);
    struct doing doing = {.chore = chore};
    err_init(&doing.err);
    if (db_write_wait(app.db, arena, &doing.err, chore_run, &doing))
        log_line(LOG_FAULT, "chore-failed", "chore", chore->name, "rule",
                 doing.err.rule ? doing.err.rule : code_rule(doing.err.code), NULL);
    err_release(&doing.err);
    arena_free(arena);
}

static void run_all(void)
{
    for (const struct chore *const *table = chore_tables; *table; table++)
        for (const struct chore *chore = *table; chore->name && !beside_stopped(&house); chore++)
            run_one(chore);
}

static void *chores_main(void *arg)
{
    char done[DAY_SIZE] = "", today[DAY_SIZE];
    bool none = getenv("KANSLI_NO_CHORES") != NULL;
    (void)arg;
    while (!beside_stopped(&house)) {
        day_today(today);
        if (!none && strcmp(done, today)) {
            run_all();
            memcpy(done, today, sizeof done);
        }
        beside_doze(&house, LOOK_MS);
    }
    return NULL;
}

void chores_start(void)
{
    beside_start(&house, chores_main);
}

void chores_stop(void)
{
    beside_stop_soon(&house);
    beside_join(&house);
}
