/* migrate.c: the register's shape, from nothing to this binary's.
 *
 * Owns: schema_migration and the order of the embedded migrations. Forward only; what was applied
 * is never changed (its checksum is kept); each runs in one transaction with its row. The file is
 * in plain journal mode meanwhile, which SQLite grants to one connection only: a running server is
 * noticed, not pulled the rug from under. The next db_open turns the log on again.
 * Must never know: what a migration does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kansli/asset.h>
#include <kansli/json.h>
#include <kansli/log.h>

#include "internal.h"

#define APPLICATION_ID 0x6b616e73 /* "kans" */
#define STRING_(v) #v
#define STRING(v) STRING_(v)

static const char prefix[] = "migrations/";

enum { MIGRATE_BYTES = 1 << 20 };

/* ---- what there is ---- */

struct migration {
    int number;
    const struct asset *asset;
};

struct migrations {
    struct migration *item;
    int n;
};

/* The embedded migrations in their order; free(item). */
static struct migrations migrations_embedded(void)
{
    size_t n;
    const struct asset *asset = asset_all(&n);
    struct migrations all = {.item = must_calloc(n + 1, sizeof *all.item)};

    for (size_t i = 0; i < n; i++) {
        if (strncmp(asset[i].name, prefix, sizeof prefix - 1) != 0)
            continue;
        int number = (int)strtol(asset[i].name + sizeof prefix - 1, NULL, 10);
        MUST(number > (all.n ? all.item[all.n - 1].number : 0));
        all.item[all.n++] = (struct migration){number, &asset[i]};
    }
    return all;
}

static const char *migration_name(const struct migration *m)
{
    return m->asset->name + sizeof prefix - 1;
}

/* ---- what is applied ---- */

static enum code changed_fail(struct err *err, const char *name)
{
    return err_setf(err, E_CONFLICT, "migration-changed",
                    N_("The register was made with another version of {name}."), "name", name,
                    NULL);
}

/* Compares the register's list with ours; *applied gets its length. */
static enum code applied_compare(struct tx *tx, const struct migrations *all, int *applied,
                                 struct err *err)
{
    json_t *rows, *row;
    size_t i;
    int latest = all->n ? all->item[all->n - 1].number : 0;
    enum code c = OK;

    rows = db_rows(tx, "SELECT number, name, checksum FROM schema_migration ORDER BY number");
    *applied = (int)json_array_size(rows);
    json_array_foreach (rows, i, row) {
        const char *name = json_text(row, "name"), *checksum = json_text(row, "checksum");
        const struct migration *m = (int)i < all->n ? &all->item[i] : NULL;
        long long number = json_int(row, "number", 0);

        if (number > latest)
            c = err_set(err, E_CONFLICT, "database-newer",
                        N_("The register is newer than this program. Install the newer one."));
        else if (!m || m->number != number || !checksum || strcmp(checksum, m->asset->hash) != 0)
            c = changed_fail(err, name ? name : "?");
        if (c)
            break;
    }
    json_decref(rows);
    return c;
}

/* E_INPUT when the file is no register of ours; else as applied_compare. */
static enum code register_read(struct conn *conn, const struct migrations *all, int *applied,
                               struct err *err)
{
    struct arena *arena = arena_new(MIGRATE_BYTES);
    struct tx tx;
    enum code c = OK;

    *applied = 0;
    tx_init(&tx, NULL, conn, arena, false);
    bool ours = db_int(&tx, 0, "PRAGMA application_id") == APPLICATION_ID &&
                db_exists(&tx, "SELECT 1 FROM sqlite_schema WHERE name = 'schema_migration'");
    if (ours)
        c = applied_compare(&tx, all, applied, err);
    else if (!tx.err.code)
        c = failure_set(err, SQLITE_NOTADB);
    if (tx.err.code && !c)
        c = err_set(err, tx.err.code, tx.err.rule, tx.err.msgid);
    arena_free(arena);
    return c;
}

enum code register_check(struct conn *conn, struct err *err)
{
    struct migrations all = migrations_embedded();
    int applied;
    enum code c = register_read(conn, &all, &applied, err);

    if (!c && applied < all.n)
        c = err_set(err, E_CONFLICT, "database-older",
                    N_("The register is older than this program. Run kansli migrate."));
    free(all.item);
    return c;
}

/* ---- applying ---- */

static enum code step_fail(struct conn *conn, const struct migration *m, const char *reason,
                           struct err *err)
{
    log_line(LOG_FAULT, "migration", "name", migration_name(m), "reason", reason, NULL);
    if (!sqlite3_get_autocommit(conn->sqlite) && conn_do(conn, "ROLLBACK"))
        log_line(LOG_FAULT, "migration", "reason", "ROLLBACK failed", NULL);
    return err_setf(err, E_INTERNAL, "migration-failed",
                    N_("Migration {name} failed. The register is as it was before it."), "name",
                    migration_name(m), NULL);
}

static void step_record(struct tx *tx, const struct migration *m)
{
    char at[INSTANT_SIZE];

    instant_now(at);
    db_run(tx, "INSERT INTO schema_migration (number, name, checksum, at) VALUES (?1, ?2, ?3, ?4)",
           m->number, migration_name(m), m->asset->hash, (const char *)at);
}

static enum code step_run(struct conn *conn, const struct migration *m, struct err *err)
{
    struct arena *arena = arena_new(MIGRATE_BYTES);
    struct tx tx;
    const char *sql = (const char *)m->asset->bytes;
    const char *reason = NULL;
    int rc = conn_do(conn, "BEGIN IMMEDIATE");

    tx_init(&tx, NULL, conn, arena, true);
    if (!rc)
        rc = sqlite3_exec(conn->sqlite, sql, NULL, NULL, NULL);
    if (rc) {
        reason = sqlite3_errmsg(conn->sqlite);
    } else if (sqlite3_get_autocommit(conn->sqlite)) {
        reason = "it ends its own transaction";
    } else {
        step_record(&tx, m);
        if (db_exists(&tx, "PRAGMA foreign_key_check"))
            reason = "a foreign key points nowhere";
        else if (tx.err.code || conn_do(conn, "COMMIT"))
            reason = sqlite3_errmsg(conn->sqlite);
    }
    enum code c = reason ? step_fail(conn, m, reason, err) : OK;
    arena_free(arena);
    return c;
}

static enum code steps_run(struct conn *conn, const struct migrations *all, int from, int *applied,
                           struct err *err)
{
    *applied = 0;
    for (int i = from; i < all->n; i++) {
        enum code c = step_run(conn, &all->item[i], err);
        if (c)
            return c;
        ++*applied;
    }
    return OK;
}

/* ---- create ---- */

enum code register_make(const char *path, void *arg, struct err *err)
{
    struct conn conn;
    struct migrations all = migrations_embedded();
    int applied;
    (void)arg;
    enum code c = conn_open(&conn, path, CONN_OWNER, err);

    if (!c) {
        int rc = conn_do(&conn, "PRAGMA application_id = " STRING(APPLICATION_ID));
        if (!rc)
            rc = conn_do(&conn,
                         "CREATE TABLE schema_migration (number INTEGER PRIMARY KEY,"
                         " name TEXT NOT NULL, checksum TEXT NOT NULL, at TEXT NOT NULL) STRICT");
        if (rc)
            failure_log(&conn, rc, "create", NULL);
        c = rc ? failure_set(err, rc) : steps_run(&conn, &all, 0, &applied, err);
        conn_close(&conn);
    }
    free(all.item);
    return c;
}

enum code db_create(const char *path, struct err *err)
{
    enum code c = file_system_check(path, err);

    return c ? c : file_make(path, register_make, NULL, err);
}

/* ---- migrate ---- */

/* `<path>.before-0007-20261122T081530123Z` */
static char *copy_name(struct arena *arena, const char *path, int number)
{
    char at[INSTANT_SIZE];
    char *to = at;

    instant_now(at);
    for (const char *from = at; *from; from++)
        if (!strchr("-:.", *from))
            *to++ = *from;
    *to = '\0';
    return arena_printf(arena, "%s.before-%04d-%s", path, number, at);
}

/* A copy, then everything from the first that is pending. */
static enum code register_raise(struct conn *conn, const char *path, const struct migrations *all,
                                int from, int *applied, struct err *err)
{
    int rc = conn_do(conn, "PRAGMA journal_mode=DELETE");

    if ((rc & 0xff) == SQLITE_BUSY)
        return err_set(err, E_BUSY, "register-in-use",
                       N_("Another program has the register open. Stop it first."));
    if (rc)
        return failure_set(err, rc);
    struct arena *arena = arena_new(MIGRATE_BYTES);
    const char *copy = copy_name(arena, path, all->item[from].number);
    enum code c = backup_to(conn, copy, err);

    if (!c) {
        log_line(LOG_NOTE, "migration", "copy", copy, NULL);
        c = steps_run(conn, all, from, applied, err);
    }
    arena_free(arena);
    return c;
}

enum code db_migrate(const char *path, int *applied, struct err *err)
{
    struct conn conn;
    struct migrations all = migrations_embedded();
    int known = 0;
    enum code c = file_must_be_there(path, err);

    *applied = 0;
    if (!c)
        c = conn_open(&conn, path, CONN_OWNER, err);
    if (!c) {
        c = register_read(&conn, &all, &known, err);
        if (!c && known < all.n)
            c = register_raise(&conn, path, &all, known, applied, err);
        conn_close(&conn);
    }
    free(all.item);
    return c;
}
