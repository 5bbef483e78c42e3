/* work.c: imports of many rows, slice by slice.
 *
 * Owns: what an import that waits needs next, and that others go on writing meanwhile. A trial
 * never touches the register: it runs in a private copy, and only what came of each row is written.
 * Applying and undoing run in the register, some rows to a transaction of their own: as many as
 * take some twenty-five milliseconds. How far it came stands in the same transaction, so that after
 * a crash nothing is done twice and nothing is left in the middle: a trial begins anew, applying
 * and undoing go on. A row that cannot be applied after all takes all of them back.
 * One process at a time does this for a register, whoever asked.
 * Must not know: threads, nor who waits for the outcome. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/account.h>
#include <kansli/crypt.h>
#include <kansli/log.h>
#include "internal.h"

enum { JOB_BYTES = 64 << 20, SLICE_MS = 25, SLICE_LEAST = 10, SLICE_FIRST = 100, SLICE_MOST = 400 };

/* An import at work. */
struct run {
    struct import_keeper *keeper;
    struct arena *arena;
    long long key, account_key, done, count, done_line;
    const char *id, *status;
    int lang, most;            /* rows of the next slice */
    bool at_once, skip_errors, failing;
    bool tidying;              /* what is begun is ended, also for an account that is closed */
    struct undoing undoing;
    struct slice slice;
    bool more;
    bool left;                 /* somebody else decided about it meanwhile */
    enum code refused;         /* the rows of a slice that could not be */
    const char *why;           /* it is given up */
};

/* ---------------------------------------------------------------- a transaction for the run */

struct job {
    struct run *run;
    enum code (*work)(struct run *run, struct ctx *ctx);
    struct err *err;
};

static const char account_closed[] = N_("The account that sent the file is closed.");

/* Whoever sent it, or asked for it to be taken back, as he is now: a right that was taken away is
 * gone for the next slice. */
static enum code job_run(struct tx *tx, void *arg)
{
    struct job *job = arg;
    struct run *run = job->run;
    struct ctx ctx;
    struct actor actor;
    enum code c = OK;
    run->keeper->context(&ctx, tx, tx_arena(tx), job->err);
    ctx.lang = run->lang;
    if (run->account_key) {
        c = account_actor(tx, ctx.arena, run->account_key, &actor);
        if (actor.account_key)
            ctx.actor = &actor;
        else if (!c && !run->tidying)
            c = err_set(job->err, E_DENIED, "denied", account_closed);
    }
    return c ? c : job->work(run, &ctx);
}

static enum code in_register(struct run *run, struct db *db,
                             enum code (*work)(struct run *run, struct ctx *ctx), struct err *err)
{
    struct arena *arena = arena_new(JOB_BYTES);
    struct job job = {run, work, err};
    enum code c = db_write_wait(db, arena, err, job_run, &job);
    arena_free(arena);
    return c;
}

/* Whether it still stands where this work is about it; somebody may have deleted or stopped it. */
static bool stands(struct run *run, struct ctx *ctx)
{
    const char *status =
        db_text(ctx->tx, "SELECT status FROM import_run WHERE key = ?1", run->key);
    run->left = !status || strcmp(status, run->status);
    return !run->left;
}

static bool goes_on(const struct run *run)
{
    return !run->left && !run->keeper->stopped(run->keeper->arg);
}

static void tell(struct run *run, long long rows)
{
    run->done = run->done + rows < run->count ? run->done + rows : run->count;
    struct import_state state = {run->id, run->status, run->done, run->count};
    if (run->keeper->told)
        run->keeper->told(&state, run->keeper->arg);
}

/* As many rows as would have taken SLICE_MS. */
static void pace(struct run *run, int64_t began, size_t rows)
{
    int64_t ms = clock_ms() - began;
    if (!rows)
        return;
    int64_t most = (int64_t)rows * SLICE_MS / (ms > 0 ? ms : 1);
    run->most = most < SLICE_LEAST  ? SLICE_LEAST
                : most > SLICE_MOST ? SLICE_MOST
                                    : (int)most;
}

static enum code settle(struct run *run, struct ctx *ctx, const char *status)
{
    return db_run(ctx->tx,
                  "UPDATE import_run SET status = ?2, version = version + 1, modified = ?3 "
                  "WHERE key = ?1",
                  run->key, status, tx_instant(ctx->tx));
}

static enum code note(struct run *run, struct ctx *ctx, const char *message)
{
    return db_run(ctx->tx, "UPDATE import_run SET message = ?2 WHERE key = ?1", run->key, message);
}

/* ---------------------------------------------------------------- tried, in a copy */

static enum code unpack_work(struct run *run, struct ctx *ctx)
{
    run->more = false;
    return stands(run, ctx) ? piece_unpack(ctx, run->key, &run->more) : OK;
}

static enum code begin_work(struct run *run, struct ctx *ctx)
{
    return stands(run, ctx) ? import_turn(ctx, run->key, run->status) : OK;
}

/* In the copy, where it stays: the rows that follow find what these have made. */
static enum code trial_work(struct run *run, struct ctx *ctx)
{
    enum code c = slice_begin(&run->slice, ctx, run->key, run->done_line, SLICE_FIRST);
    return c ? c : slice_do(&run->slice);
}

static enum code outcome_work(struct run *run, struct ctx *ctx)
{
    return stands(run, ctx) ? slice_store(&run->slice, ctx->tx, run->key, false) : OK;
}

static enum code tried_work(struct run *run, struct ctx *ctx)
{
    bool wrong = db_exists(ctx->tx,
                           "SELECT 1 FROM import_run WHERE key = ?1 AND error_count > 0", run->key);
    if (!stands(run, ctx))
        return OK;
    return run->at_once && !wrong ? import_turn(ctx, run->key, "applying")
                                  : settle(run, ctx, "tried");
}

static enum code try_slices(struct run *run, struct db *copy, struct err *err)
{
    enum code c = OK;
    size_t rows = 1;
    while (!c && rows && goes_on(run)) {
        c = in_register(run, copy, trial_work, err);
        rows = json_array_size(run->slice.rows);
        if (!c && rows)
            c = in_register(run, run->keeper->db, outcome_work, err);
        run->done_line = slice_last(&run->slice);
        slice_end(&run->slice);
        if (!c)
            tell(run, (long long)rows);
    }
    return c;
}

static enum code try_run(struct run *run, struct err *err)
{
    struct db *copy = NULL;
    enum code c = OK;
    run->more = true;
    while (!c && run->more && goes_on(run))
        c = in_register(run, run->keeper->db, unpack_work, err);
    if (!c && goes_on(run))
        c = in_register(run, run->keeper->db, begin_work, err);
    if (!c && goes_on(run))
        c = db_copy_private(run->keeper->db, &copy, err);
    if (!c && goes_on(run)) {
        run->done = run->done_line = 0;
        c = try_slices(run, copy, err);
    }
    db_close(copy);
    return !c && goes_on(run) ? in_register(run, run->keeper->db, tried_work, err) : c;
}

/* ---------------------------------------------------------------- applied */

static enum code apply_work(struct run *run, struct ctx *ctx)
{
    int64_t began = clock_ms();
    if (!stands(run, ctx))
        return OK;
    run->refused = OK;
    enum code c = slice_begin(&run->slice, ctx, run->key, run->done_line, run->most);
    if (!c && !json_array_size(run->slice.rows))
        return import_applied(ctx, run->key, run->id);
    if (!c)
        c = slice_do(&run->slice);
    if (!c && run->slice.counts[IMPORT_ERROR] && !run->skip_errors)
        return run->refused = E_CONFLICT; /* what this slice did is taken back with it */
    if (!c)
        c = slice_store(&run->slice, ctx->tx, run->key, true);
    pace(run, began, json_array_size(run->slice.rows));
    return c;
}

/* The rows that could not be say so; what was done before them is taken back from here on. */
static enum code refuse_work(struct run *run, struct ctx *ctx)
{
    struct err first;
    if (!stands(run, ctx))
        return OK;
    enum code c = import_turn(ctx, run->key, "undoing");
    if (!c)
        c = slice_store(&run->slice, ctx->tx, run->key, false);
    if (!c)
        c = db_run(ctx->tx, "UPDATE import_run SET done_count = 0, done_line = 0 WHERE key = ?1",
                   run->key);
    err_init(&first);
    ctx->err = &first;
    rows_refused(ctx, run->slice.rows);
    const char *message = json_string_value(json_array_get(first.missing, 0));
    if (!c)
        c = note(run, ctx, message ? message : ctx_text(ctx, N_("A row could not be applied.")));
    err_release(&first);
    return c;
}

static enum code apply_run(struct run *run, struct err *err)
{
    enum code c = OK;
    size_t rows = 1;
    while (!c && rows && goes_on(run)) {
        struct err own;
        err_init(&own);
        c = in_register(run, run->keeper->db, apply_work, &own);
        rows = json_array_size(run->slice.rows);
        if (c && run->refused) {
            c = in_register(run, run->keeper->db, refuse_work, err);
            rows = 0;
        } else if (c) {
            err_take(err, &own);
        } else if (rows) {
            run->done_line = slice_last(&run->slice);
            tell(run, (long long)rows);
        }
        slice_end(&run->slice);
        err_release(&own);
    }
    return c;
}

/* ---------------------------------------------------------------- undone */

static const char *names_of(struct ctx *ctx, const json_t *outdated)
{
    enum { NAMES_MOST = 10 };
    const char *all = "";
    size_t i;
    json_t *name;
    json_array_foreach((json_t *)outdated, i, name)
        if (i < NAMES_MOST)
            all = arena_join(ctx->arena, all, i ? ", " : "", json_string_value(name), NULL);
    return arena_join(ctx->arena, all, json_array_size(outdated) > NAMES_MOST ? " …" : "", NULL);
}

/* In the copy: does anything stand in the way? */
static enum code rehearse_work(struct run *run, struct ctx *ctx)
{
    return undo_slice(&run->undoing, ctx, run->key, SLICE_FIRST, &run->more);
}

static enum code stay_work(struct run *run, struct ctx *ctx)
{
    if (!stands(run, ctx))
        return OK;
    const char *message = arena_join(ctx->arena, ctx_text(ctx, import_outdated), " ",
                                     names_of(ctx, run->undoing.outdated), NULL);
    enum code c = settle(run, ctx, "applied");
    return c ? c : note(run, ctx, message);
}

/* False when it must stay as it is. */
static bool rehearse(struct run *run, struct err *err, enum code *c)
{
    struct db *copy = NULL;
    *c = db_copy_private(run->keeper->db, &copy, err);
    undoing_begin(&run->undoing);
    run->more = true;
    while (!*c && run->more && goes_on(run) && !json_array_size(run->undoing.outdated))
        *c = in_register(run, copy, rehearse_work, err);
    db_close(copy);
    bool free = !json_array_size(run->undoing.outdated);
    if (!*c && !free)
        *c = in_register(run, run->keeper->db, stay_work, err);
    undoing_end(&run->undoing);
    return free && !*c;
}

static enum code undo_work(struct run *run, struct ctx *ctx)
{
    int64_t began = clock_ms();
    int most = run->most;
    if (!stands(run, ctx))
        return OK;
    enum code c = undo_slice(&run->undoing, ctx, run->key, most, &run->more);
    pace(run, began, (size_t)most);
    return c;
}

static enum code forget_rows(struct ctx *ctx, long long key, bool *more)
{
    enum code c = db_run(ctx->tx,
                         "DELETE FROM import_row WHERE key IN (SELECT key FROM import_row "
                         "WHERE run_key = ?1 ORDER BY number LIMIT ?2)",
                         key, (int)SLICE_MOST);
    *more = tx_changed(ctx->tx) > 0;
    return c ? c : db_run(ctx->tx, "DELETE FROM import_piece WHERE run_key = ?1", key);
}

static enum code rows_work(struct run *run, struct ctx *ctx)
{
    run->more = false;
    return stands(run, ctx) ? forget_rows(ctx, run->key, &run->more) : OK;
}

static enum code undone_work(struct run *run, struct ctx *ctx)
{
    if (!stands(run, ctx))
        return OK;
    const char *names = json_array_size(run->undoing.outdated)
                            ? names_of(ctx, run->undoing.outdated)
                            : NULL;
    enum code c = OK;
    if (names) {
        const char *said = db_text(ctx->tx, "SELECT message FROM import_run WHERE key = ?1",
                                   run->key);
        c = note(run, ctx,
                 arena_join(ctx->arena, said ? said : "", said ? " " : "",
                            ctx_textf(ctx, N_("What others have changed meanwhile stays: {names}."),
                                      "names", names, NULL),
                            NULL));
    }
    if (!c && run->failing)
        return settle(run, ctx, "failed");
    return c ? c : import_undone(ctx, run->key, run->id);
}

static enum code forget_run(struct run *run, struct err *err)
{
    enum code c = OK;
    run->more = true;
    while (!c && run->more && goes_on(run))
        c = in_register(run, run->keeper->db, rows_work, err);
    return c;
}

static enum code undo_run(struct run *run, struct err *err)
{
    enum code c = OK;
    bool asked = !run->failing && !run->done; /* from its beginning: nothing is taken back yet */
    if (asked && !rehearse(run, err, &c))
        return c;
    undoing_begin(&run->undoing);
    run->more = true;
    while (!c && run->more && goes_on(run)) {
        int most = run->most;
        c = in_register(run, run->keeper->db, undo_work, err);
        if (!c)
            tell(run, most);
    }
    if (!c && !run->failing && goes_on(run))
        c = forget_run(run, err);
    if (!c && goes_on(run))
        c = in_register(run, run->keeper->db, undone_work, err);
    undoing_end(&run->undoing);
    return c;
}

/* ---------------------------------------------------------------- deleted */

/* It is out of sight already; its row goes last, as any object does. */
static enum code remove_work(struct run *run, struct ctx *ctx)
{
    struct edit edit = {0};
    if (!stands(run, ctx))
        return OK;
    enum code c = settle(run, ctx, "tried");
    long long version =
        db_int(ctx->tx, 0, "SELECT version FROM import_run WHERE key = ?1", run->key);
    ctx->if_match = arena_printf(ctx->arena, "\"%lld\"", version);
    if (!c)
        c = resource_guard(ctx, &import_resource, run->id, &edit);
    if (!c)
        c = resource_delete(ctx, &import_resource, &edit);
    resource_edit_end(&edit);
    return c;
}

static enum code remove_run(struct run *run, struct err *err)
{
    enum code c = forget_run(run, err);
    return !c && goes_on(run) ? in_register(run, run->keeper->db, remove_work, err) : c;
}

/* ---------------------------------------------------------------- which one */

/* The first that waits, of those sent after the one named: *found. */
static enum code next_run(struct import_keeper *keeper, long long after, struct run *run,
                          bool *found, struct err *err)
{
    struct tx *tx = db_read(keeper->db, run->arena);
    json_t *row = db_row(tx,
                         "SELECT key AS \"key\", id AS \"id\", CASE WHEN status IN ('undoing', "
                         "'removing') THEN asked_by_key ELSE account_key END AS \"account\", "
                         "language AS \"language\", status AS \"status\", at_once AS \"atOnce\", "
                         "skip_errors AS \"skip\", row_count AS \"count\", done_count AS \"done\", "
                         "done_line AS \"doneLine\", message AS \"message\" FROM import_run "
                         "WHERE status IN ('trying', 'applying', 'undoing', 'removing') "
                         "AND key > ?1 ORDER BY key LIMIT 1",
                         after);
    enum code c = tx_code(tx);
    if (c)
        err_set(err, c, tx_err(tx)->rule, tx_err(tx)->msgid);
    db_read_end(tx);
    *found = row != NULL;
    run->keeper = keeper;
    run->most = SLICE_FIRST;
    if (row) {
        run->key = json_int(row, "key", 0);
        run->id = arena_strdup(run->arena, json_text(row, "id"));
        run->account_key = json_int(row, "account", 0);
        run->lang = strcmp(json_text(row, "language"), "en") ? LANG_SV : LANG_EN;
        run->status = arena_strdup(run->arena, json_text(row, "status"));
        run->at_once = json_int(row, "atOnce", 0) == 1;
        run->skip_errors = json_int(row, "skip", 0) == 1;
        run->count = json_int(row, "count", 0);
        run->done = json_int(row, "done", 0);
        run->done_line = json_int(row, "doneLine", 0);
        run->failing = json_text(row, "message") != NULL;
        run->tidying = strcmp(run->status, "trying") && strcmp(run->status, "applying");
    }
    json_decref(row);
    return c;
}

static enum code work_on(struct run *run, struct err *err)
{
    if (!strcmp(run->status, "trying"))
        return try_run(run, err);
    if (!strcmp(run->status, "applying"))
        return apply_run(run, err);
    return !strcmp(run->status, "undoing") ? undo_run(run, err) : remove_run(run, err);
}

/* What the program itself got wrong would be wrong again at the next try. */
static enum code give_up_work(struct run *run, struct ctx *ctx)
{
    const char *message = ctx_text(ctx, run->why);
    bool begun = !strcmp(run->status, "applying");
    if (!stands(run, ctx))
        return OK;
    enum code c = begun ? import_turn(ctx, run->key, "undoing") : settle(run, ctx, "failed");
    return c ? c : note(run, ctx, message);
}

/* Neither the disk nor another program stands in the way: trying again at once would not help. */
static bool is_ours(enum code code)
{
    return code && code != E_STORAGE && code != E_BUSY;
}

/* *after: past an import that cannot even be taken back. It waits, the others do not wait for it. */
static enum code one_run(struct import_keeper *keeper, long long *after, bool *found,
                         struct err *err)
{
    struct run run = {.arena = arena_new(1 << 20)};
    enum code c = next_run(keeper, *after, &run, found, err);
    if (!c && *found)
        c = work_on(&run, err);
    if (is_ours(c) && *found) {
        log_line(LOG_FAULT, "import-failed", "import", run.id, "rule", err->rule, NULL);
        err_release(err);
        run.why = c == E_DENIED ? account_closed
                                : N_("Something went wrong here. Nothing was saved.");
        if (run.tidying)
            *after = run.key;
        run.tidying = true;
        c = *after == run.key ? OK : in_register(&run, keeper->db, give_up_work, err);
    }
    arena_free(run.arena);
    return c;
}

/* ---------------------------------------------------------------- what is old */

struct forgetting {
    struct import_keeper *keeper;
    struct err *err;
    bool more;
};

/* Rows name people: they go after a while, and imports that were never applied with them. */
static enum code forget_some(struct tx *tx, void *arg)
{
    struct forgetting *forgetting = arg;
    char before[INSTANT_SIZE];
    instant_from_seconds(instant_seconds(tx_instant(tx)) - IMPORT_DAYS * 24 * 3600, before);
    enum code c = db_run(tx,
                         "DELETE FROM import_row WHERE key IN (SELECT r.key FROM import_run i "
                         "JOIN import_row r ON r.run_key = i.key WHERE i.created < ?1 LIMIT ?2)",
                         (const char *)before, (int)SLICE_MOST);
    forgetting->more = tx_changed(tx) > 0;
    if (!c && !forgetting->more)
        c = db_run(tx,
                   "DELETE FROM import_run WHERE created < ?1 AND status IN ('tried', 'failed')",
                   (const char *)before);
    return c;
}

static enum code forget_old(struct import_keeper *keeper, struct err *err)
{
    char today[DAY_SIZE];
    struct forgetting forgetting = {keeper, err, true};
    enum code c = OK;
    day_today(today);
    if (!strcmp(today, keeper->forgotten))
        return OK;
    while (!c && forgetting.more && !keeper->stopped(keeper->arg)) {
        struct arena *arena = arena_new(1 << 20);
        c = db_write_wait(keeper->db, arena, err, forget_some, &forgetting);
        arena_free(arena);
    }
    if (!c)
        memcpy(keeper->forgotten, today, sizeof today);
    return c;
}

enum code imports_keep(struct import_keeper *keeper, struct err *err)
{
    bool found = true;
    long long after = 0;
    if (!db_turn(keeper->db))
        return err_set(err, E_BUSY, "busy",
                       N_("Another program keeps the imports of this register."));
    enum code c = forget_old(keeper, err);
    while (!c && found && !keeper->stopped(keeper->arg))
        c = one_run(keeper, &after, &found, err);
    keeper->stuck = after != 0;
    return c;
}
