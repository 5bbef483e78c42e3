/* connection.c: one way to open the register's file, and what SQLite's failures mean.
 *
 * Owns: every setting of security.md 2, in one place, so that no connection lacks one. None
 * checkpoints by itself: neither after a commit nor at its close (checkpoint.c says why).
 * Must never know: threads. A connection belongs to one thread at a time and SQLite takes no mutex
 * for it. */
#include <string.h>

#include <kansli/log.h>

#include "internal.h"

enum {
    BUSY_MS = 5000,
    BUSY_LONG_MS = 60000,
    TICK_OPERATIONS = 1000, /* of SQLite's machine between two looks at the clock: some 10 µs */
    SCRATCH_BYTES = 1 << 20
};

static void sqlite_configure(void)
{
    /* Before the first connection: statistics cost a mutex per allocation, and Debian's build would
     * read a path that begins with "file:" as an address with options. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_URI, 0);
    MUST(sqlite3_initialize() == SQLITE_OK);
}

static int conn_tick(void *arg)
{
    struct conn *conn = arg;
    return conn->deadline && clock_ms() >= conn->deadline;
}

static int conn_flags(sqlite3 *sqlite)
{
    static const struct {
        int flag, on;
    } flags[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},        {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},          {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
        {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1}, {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    };

    for (size_t i = 0; i < LEN(flags); i++) {
        int rc = sqlite3_db_config(sqlite, flags[i].flag, flags[i].on, (int *)NULL);
        if (rc)
            return rc;
    }
    return SQLITE_OK;
}

static void conn_limits(sqlite3 *sqlite, enum conn_role role)
{
    bool copies = role == CONN_COPY || role == CONN_OWNER;

    sqlite3_limit(sqlite, SQLITE_LIMIT_LENGTH, 4 << 20);
    sqlite3_limit(sqlite, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
    sqlite3_limit(sqlite, SQLITE_LIMIT_VARIABLE_NUMBER, 999);
    sqlite3_limit(sqlite, SQLITE_LIMIT_EXPR_DEPTH, 100);
    sqlite3_limit(sqlite, SQLITE_LIMIT_ATTACHED, copies); /* VACUUM INTO attaches its target */
}

static int conn_pragmas(sqlite3 *sqlite, enum conn_role role)
{
    static const char *const roles[] = {
        [CONN_READ] = "PRAGMA foreign_keys=ON; PRAGMA query_only=ON",
        [CONN_WRITE] = "PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL",
        [CONN_COPY] = "PRAGMA foreign_keys=ON",
        [CONN_ALONE] = "PRAGMA foreign_keys=ON; PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY;"
                       "PRAGMA locking_mode=EXCLUSIVE",
        [CONN_OWNER] = "PRAGMA foreign_keys=OFF; PRAGMA synchronous=EXTRA",
    };
    int rc = sqlite3_exec(
        sqlite,
        "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;"
        "PRAGMA cache_size=-16384; PRAGMA secure_delete=ON",
        NULL, NULL, NULL);
    return rc ? rc : sqlite3_exec(sqlite, roles[role], NULL, NULL, NULL);
}

void conn_patience(struct conn *conn, bool long_waits)
{
    sqlite3_busy_timeout(conn->sqlite, long_waits ? BUSY_LONG_MS : BUSY_MS);
}

static int conn_set_up(struct conn *conn, enum conn_role role)
{
    sqlite3 *sqlite = conn->sqlite;
    int rc;

    sqlite3_extended_result_codes(sqlite, 1);
    conn_patience(conn, false);
    sqlite3_wal_autocheckpoint(sqlite, 0);
    conn_limits(sqlite, role);
    rc = conn_flags(sqlite);
    if (!rc)
        rc = functions_add(conn);
    if (!rc)
        rc = conn_pragmas(sqlite, role);
    if (role == CONN_READ)
        sqlite3_progress_handler(sqlite, TICK_OPERATIONS, conn_tick, conn);
    return rc;
}

enum code conn_open(struct conn *conn, const char *path, enum conn_role role, struct err *err)
{
    static pthread_once_t configured = PTHREAD_ONCE_INIT;
    int rc;

    pthread_once(&configured, sqlite_configure);
    memset(conn, 0, sizeof *conn);
    conn->scratch = arena_new(SCRATCH_BYTES);
    rc = sqlite3_open_v2(path, &conn->sqlite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (!rc)
        rc = conn_set_up(conn, role);
    if (rc) {
        failure_log(conn, rc, "open", NULL);
        conn_close(conn);
        return failure_set(err, rc);
    }
    return OK;
}

void conn_close(struct conn *conn)
{
    statements_release(conn);
    if (sqlite3_close(conn->sqlite) != SQLITE_OK)
        BUG("a connection is closed in the middle of a statement");
    arena_free(conn->scratch);
    memset(conn, 0, sizeof *conn);
}

int conn_do(struct conn *conn, const char *sql)
{
    int rc;
    struct statement *st = statement_take(conn, sql, &rc);

    if (!st)
        return rc;
    do
        rc = sqlite3_step(st->stmt);
    while (rc == SQLITE_ROW);
    statement_give(conn, st);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

bool conn_data_version(struct conn *conn, long long *version)
{
    int rc;
    struct statement *st = statement_take(conn, "PRAGMA data_version", &rc);

    if (!st)
        return false;
    rc = sqlite3_step(st->stmt);
    if (rc == SQLITE_ROW)
        *version = sqlite3_column_int64(st->stmt, 0);
    statement_give(conn, st);
    return rc == SQLITE_ROW;
}

static enum code internal_set(struct err *err)
{
    return err_set(err, E_INTERNAL, "internal",
                   N_("Something went wrong here. Nothing was saved."));
}

static enum code constraint_set(struct err *err, int rc)
{
    switch (rc) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return err_set(err, E_CONFLICT, "in-use",
                       N_("Something else in the register stands in the way."));
    default:
        return internal_set(err);
    }
}

enum code failure_set(struct err *err, int rc)
{
    switch (rc & 0xff) {
    case SQLITE_CONSTRAINT:
        return constraint_set(err, rc);
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return err_set(err, E_STORAGE, "storage",
                       N_("The register's disk is full, read-only or failing."));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(err, E_BUSY, "busy", N_("The register is busy. Try again in a while."));
    case SQLITE_INTERRUPT:
        return err_set(err, E_BUSY, "too-slow", N_("This took too long. Ask for less at a time."));
    case SQLITE_TOOBIG:
        return err_set(err, E_TOO_BIG, "too-big", N_("This is too big."));
    case SQLITE_NOTADB:
        return err_set(err, E_INPUT, "not-a-register", N_("The file is not a register."));
    default:
        return internal_set(err);
    }
}

void failure_log(struct conn *conn, int rc, const char *what, const char *sql)
{
    int kind = rc & 0xff;
    bool expected = kind == SQLITE_CONSTRAINT || kind == SQLITE_BUSY || kind == SQLITE_INTERRUPT ||
                    kind == SQLITE_NOTADB;
    /* The connection's own words only when they are about this failure: an injected one has none.
     * */
    bool own = conn->sqlite && (sqlite3_errcode(conn->sqlite) & 0xff) == kind;

    log_line(expected ? LOG_WARN : LOG_FAULT, "register", "what", what, "reason",
             own ? sqlite3_errmsg(conn->sqlite) : sqlite3_errstr(rc), "sql", sql, NULL);
}
