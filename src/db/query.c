/* query.c: a statement, its arguments, and rows as JSON.
 *
 * Owns: struct tx and its failed state. The first failure is kept; afterwards nothing runs and
 * nothing is returned, so that a chain of queries is asked once, at its end, whether it went well.
 * A statement that cannot be prepared, has more places than arguments, or writes on a read's
 * connection is our mistake and aborts.
 * Must never know: whose transaction it is, and how it ends (pool.c, writer.c). */
#include <string.h>

#include <kansli/log.h>

#include "internal.h"

void tx_init(struct tx *tx, struct db *db, struct conn *conn, struct arena *arena, bool writes)
{
    tx->db = db;
    tx->conn = conn;
    tx->arena = arena;
    tx->reader = NULL;
    err_init(&tx->err);
    tx->changed = 0;
    tx->writes = writes;
    tx->instant[0] = '\0';
}

void tx_fail(struct tx *tx, int rc, const char *sql)
{
    if (tx->err.code)
        return;
    failure_set(&tx->err, rc);
    failure_log(tx->conn, rc, tx->writes ? "write" : "read", sql);
}

int tx_changed(struct tx *tx)
{
    return tx->changed;
}

enum code tx_code(const struct tx *tx)
{
    return tx->err.code;
}

const struct err *tx_err(const struct tx *tx)
{
    return &tx->err;
}

struct arena *tx_arena(struct tx *tx)
{
    return tx->arena;
}

bool tx_writes(const struct tx *tx)
{
    return tx->writes;
}

const char *tx_instant(struct tx *tx)
{
    if (tx->instant[0])
        return tx->instant;
    if (tx->writes && tx->db)
        writer_stamp(tx);
    else
        instant_now(tx->instant);
    return tx->instant;
}

/* ---- one statement ---- */

/* Counts a job's statement; true when it is the one that tests want to fail. */
static bool failure_is_due(struct tx *tx)
{
    struct db *db = tx->db;

    if (!db || !tx->writes || atomic_load_explicit(&db->fail_in, memory_order_relaxed) == 0)
        return false;
    if (atomic_fetch_sub(&db->fail_in, 1) != 1)
        return false;
    atomic_store(&db->fail_hit, true);
    return true;
}

static int argument_bind(sqlite3_stmt *stmt, int at, const struct db_arg *arg)
{
    switch (arg->type) {
    case DB_TEXT:
        return sqlite3_bind_text(stmt, at, arg->text, -1, SQLITE_STATIC);
    case DB_INT:
        return sqlite3_bind_int64(stmt, at, arg->integer);
    case DB_REAL:
        return sqlite3_bind_double(stmt, at, arg->real);
    case DB_BYTES: /* none is not NULL, wherever they would begin */
        return sqlite3_bind_blob64(stmt, at, arg->bytes.n ? arg->bytes.at : "", arg->bytes.n,
                                   SQLITE_STATIC);
    case DB_NULL:
        return sqlite3_bind_null(stmt, at);
    }
    BUG("an argument of no type");
}

/* The statement with its arguments, or NULL when the transaction has failed, now or before. */
static struct statement *query_begin(struct tx *tx, const char *sql, const struct db_arg *args,
                                     int n)
{
    int rc = SQLITE_OK;

    if (tx->err.code)
        return NULL;
    struct statement *st = statement_take(tx->conn, sql, &rc);
    if (!st) {
        tx_fail(tx, rc, sql);
        return NULL;
    }
    if (st->arguments > n)
        BUG("%d arguments for %d places: %s", n, st->arguments, sql);
    if (!st->reads && !tx->writes)
        BUG("a read that writes: %s", sql);
    if (failure_is_due(tx))
        rc = SQLITE_IOERR;
    for (int i = 0; i < st->arguments && !rc; i++)
        rc = argument_bind(st->stmt, i + 1, &args[i]);
    if (rc) {
        tx_fail(tx, rc, sql);
        statement_give(tx->conn, st);
        return NULL;
    }
    return st;
}

/* True when there is another row. */
static bool query_step(struct tx *tx, struct statement *st)
{
    int rc = sqlite3_step(st->stmt);

    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        tx_fail(tx, rc, st->sql);
    return rc == SQLITE_ROW;
}

/* row: the last step gave one. What writes is run to its end, because only there are its foreign
 * keys checked. */
static void query_end(struct tx *tx, struct statement *st, bool row)
{
    if (!st->reads) {
        while (row)
            row = query_step(tx, st);
        tx->changed = sqlite3_changes(tx->conn->sqlite);
    }
    statement_give(tx->conn, st);
}

/* ---- rows ---- */

static json_t *cell(struct statement *st, int i)
{
    sqlite3_stmt *stmt = st->stmt;
    json_t *v = NULL;

    switch (sqlite3_column_type(stmt, i)) {
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(stmt, i);
        v = json_stringn_nocheck(text, (size_t)sqlite3_column_bytes(stmt, i));
        break;
    }
    case SQLITE_INTEGER:
        v = st->column[i].boolean ? json_boolean(sqlite3_column_int64(stmt, i) != 0)
                                  : json_integer(sqlite3_column_int64(stmt, i));
        break;
    case SQLITE_FLOAT:
        v = json_real(sqlite3_column_double(stmt, i)); /* NULL for an infinity */
        break;
    case SQLITE_BLOB:
        BUG("a column of bytes: %s in %s", st->column[i].name, st->sql);
    default:
        break;
    }
    return v ? v : json_null();
}

static json_t *row_object(struct statement *st)
{
    json_t *row = json_object();

    for (int i = 0; i < st->columns; i++) {
        const struct column *c = &st->column[i];
        json_object_setn_new_nocheck(row, c->name, c->length, cell(st, i));
    }
    return row;
}

json_t *db_rows_(struct tx *tx, const char *sql, const struct db_arg *args, int n)
{
    json_t *rows = json_array();
    struct statement *st = query_begin(tx, sql, args, n);

    if (!st)
        return rows;
    while (query_step(tx, st))
        json_array_append_new(rows, row_object(st));
    query_end(tx, st, false);
    if (tx->err.code)
        json_array_clear(rows);
    return rows;
}

json_t *db_row_(struct tx *tx, const char *sql, const struct db_arg *args, int n)
{
    struct statement *st = query_begin(tx, sql, args, n);

    if (!st)
        return NULL;
    bool found = query_step(tx, st);
    json_t *row = found ? row_object(st) : NULL;
    query_end(tx, st, found);
    if (tx->err.code) {
        json_decref(row);
        return NULL;
    }
    return row;
}

const char *db_text_(struct tx *tx, const char *sql, const struct db_arg *args, int n)
{
    struct statement *st = query_begin(tx, sql, args, n);
    const char *text = NULL;

    if (!st)
        return NULL;
    bool found = query_step(tx, st);
    if (found)
        text = (const char *)sqlite3_column_text(st->stmt, 0);
    if (text)
        text = arena_strndup(tx->arena, text, (size_t)sqlite3_column_bytes(st->stmt, 0));
    query_end(tx, st, found);
    return tx->err.code ? NULL : text;
}

long long db_int_(struct tx *tx, long long fallback, const char *sql, const struct db_arg *args,
                  int n)
{
    struct statement *st = query_begin(tx, sql, args, n);
    long long v = fallback;

    if (!st)
        return fallback;
    bool found = query_step(tx, st);
    if (found && sqlite3_column_type(st->stmt, 0) != SQLITE_NULL)
        v = sqlite3_column_int64(st->stmt, 0);
    query_end(tx, st, found);
    return tx->err.code ? fallback : v;
}

bool db_exists_(struct tx *tx, const char *sql, const struct db_arg *args, int n)
{
    struct statement *st = query_begin(tx, sql, args, n);

    if (!st)
        return false;
    bool found = query_step(tx, st);
    query_end(tx, st, found);
    return found && !tx->err.code;
}

enum code db_run_(struct tx *tx, const char *sql, const struct db_arg *args, int n)
{
    struct statement *st = query_begin(tx, sql, args, n);

    if (st)
        query_end(tx, st, query_step(tx, st));
    return tx->err.code;
}

void db_each_(struct tx *tx, bool (*each)(json_t *row, void *arg), void *arg, const char *sql,
              const struct db_arg *args, int n)
{
    struct statement *st = query_begin(tx, sql, args, n);
    bool found, more = true;

    if (!st)
        return;
    while ((found = more && query_step(tx, st))) {
        json_t *row = row_object(st);
        more = each(row, arg);
        json_decref(row);
        if (tx->err.code) /* a query of the callback failed: nothing more runs */
            break;
    }
    query_end(tx, st, found);
}

/* ---- rows without documents ---- */

struct db_cells {
    const struct statement *st;
};

static sqlite3_stmt *column_at(const struct db_cells *row, int column)
{
    if (column < 0 || column >= row->st->columns)
        BUG("no column %d: %s", column, row->st->sql);
    return row->st->stmt;
}

const char *db_cell_text(const struct db_cells *row, int column)
{
    return (const char *)sqlite3_column_text(column_at(row, column), column);
}

long long db_cell_int(const struct db_cells *row, int column, long long fallback)
{
    sqlite3_stmt *stmt = column_at(row, column);

    return sqlite3_column_type(stmt, column) == SQLITE_NULL ? fallback
                                                            : sqlite3_column_int64(stmt, column);
}

const void *db_cell_bytes(const struct db_cells *row, int column, size_t *n)
{
    sqlite3_stmt *stmt = column_at(row, column);
    const void *bytes = sqlite3_column_blob(stmt, column); /* before its size: SQLite's order */

    *n = (size_t)sqlite3_column_bytes(stmt, column);
    return bytes;
}

void db_scan_(struct tx *tx, db_take *take, void *arg, const char *sql, const struct db_arg *args,
              int n)
{
    struct statement *st = query_begin(tx, sql, args, n);
    bool found, more = true;

    if (!st)
        return;
    struct db_cells row = {st};
    while ((found = more && query_step(tx, st))) {
        more = take(&row, arg);
        if (tx->err.code) /* a query of the callback failed: nothing more runs */
            break;
    }
    query_end(tx, st, found);
}

enum code db_try(struct tx *tx, enum code (*run)(void *arg), void *arg)
{
    MUST(tx->writes);
    int rc = tx->err.code ? SQLITE_OK : conn_do(tx->conn, "SAVEPOINT try");
    if (rc)
        tx_fail(tx, rc, "SAVEPOINT try");
    if (tx->err.code)
        return tx->err.code;
    enum code c = run(arg);
    if (tx->err.code) /* the job ends with ROLLBACK, which takes this along */
        return tx->err.code;
    if (c)
        rc = conn_do(tx->conn, "ROLLBACK TO try");
    if (!rc)
        rc = conn_do(tx->conn, "RELEASE try");
    if (rc)
        tx_fail(tx, rc, "RELEASE try");
    return tx->err.code ? tx->err.code : c;
}
