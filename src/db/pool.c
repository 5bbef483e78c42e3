/* pool.c: an open register, and the snapshots that requests read from.
 *
 * Owns: struct db. A fixed number of query_only connections, opened when first needed; the one that
 * was given back last is taken first, because its page cache is warm. A snapshot is taken when the
 * read begins, not at its first query, so that a page is as old as its change number at most.
 * Must never know: SQL of anybody else. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <kansli/log.h>

#include "internal.h"

enum { READERS = 8, READ_LIMIT_MS = 2000, SCRATCH_BYTES = 1 << 10 };

/* ---- open and close ---- */

/* A new register, a copy and one just migrated are plain files: the first to open it turns the log
 * on. */
static enum code wal_on(struct conn *conn, struct err *err)
{
    struct arena *arena = arena_new(SCRATCH_BYTES);
    struct tx tx;
    enum code c = OK;

    tx_init(&tx, NULL, conn, arena, true);
    const char *mode = db_text(&tx, "PRAGMA journal_mode=WAL");
    if (tx.err.code)
        c = err_set(err, tx.err.code, tx.err.rule, tx.err.msgid);
    else if (!mode || strcmp(mode, "wal") != 0)
        c = err_set(err, E_STORAGE, "no-wal",
                    N_("This file system cannot share memory between programs. Use a local disk."));
    arena_free(arena);
    return c;
}

static enum code writer_open(struct db *db, struct err *err)
{
    struct conn *conn = &db->writer.conn;
    enum code c = conn_open(conn, db->path, CONN_WRITE, err);

    if (c)
        return c;
    c = register_check(conn, err);
    if (c)
        return c;
    conn_patience(conn, db->offline);
    return wal_on(conn, err);
}

static enum code db_begin(struct db *db, struct err *err)
{
    enum code c = writer_open(db, err);

    if (c)
        return c;
    c = wal_init(db, err);
    if (c)
        return c;
    c = changes_init(&db->changes, db->path, err);
    if (c)
        return c;
    return writer_start(db, err);
}

static struct db *db_new(const char *path, const struct db_options *options)
{
    struct db *db = must_calloc(1, sizeof *db);
    const char *fail = getenv("KANSLI_FAIL_STATEMENT");

    db->path = must_strdup(path);
    db->readers = options->readers > 0 ? options->readers : READERS;
    db->read_limit_ms = options->read_limit_ms > 0 ? options->read_limit_ms : READ_LIMIT_MS;
    db->offline = options->offline;
    db->free_least = FREE_LEAST;
    db->wal.lock_fd = -1;
    db->turn_fd = -1;
    pthread_mutex_init(&db->lock, NULL);
    pthread_cond_init(&db->freed, NULL);
    db->reader = must_calloc((size_t)db->readers, sizeof *db->reader);
    for (int i = db->readers; i-- > 0;) {
        db->reader[i].next = db->idle;
        db->idle = &db->reader[i];
    }
    if (fail)
        db_fail_at(db, (int)strtol(fail, NULL, 10));
    return db;
}

enum code db_open(const char *path, const struct db_options *options, struct db **out,
                  struct err *err)
{
    static const struct db_options defaults;
    enum code c = file_must_be_there(path, err);

    *out = NULL;
    if (c)
        return c;

    struct db *db = db_new(path, options ? options : &defaults);
    c = db_begin(db, err);
    if (c) {
        db_close(db);
        return c;
    }
    *out = db;
    return OK;
}

/* Without a name nothing of it outlives this process; its journal is in memory. */
enum code db_open_alone(const char *path, struct db **out, struct err *err)
{
    struct db *db = db_new(path, &(struct db_options){.readers = 1});
    struct conn *conn = &db->writer.conn;
    enum code c = conn_open(conn, path, CONN_ALONE, err);

    db->alone = true;
    if (!c)
        c = register_check(conn, err);
    file_discard(path);
    if (!c)
        c = writer_start(db, err);
    if (c) {
        db_close(db);
        return c;
    }
    *out = db;
    return OK;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    writer_stop(db);
    int idle = 0;
    for (const struct reader *reader = db->idle; reader; reader = reader->next)
        idle++;
    MUST(idle == db->readers);
    for (int i = 0; i < db->readers; i++)
        conn_close(&db->reader[i].conn);
    changes_release(&db->changes);
    wal_release(db);
    conn_close(&db->writer.conn);
    if (db->turn_fd >= 0)
        close(db->turn_fd);
    pthread_cond_destroy(&db->freed);
    pthread_mutex_destroy(&db->lock);
    free(db->reader);
    free(db->path);
    free(db);
}

void db_fail_at(struct db *db, int n)
{
    atomic_store(&db->fail_hit, false);
    atomic_store(&db->fail_in, n > 0 ? n : 0);
}

bool db_fail_hit(struct db *db)
{
    return atomic_load(&db->fail_hit);
}

/* ---- snapshots ---- */

static struct reader *reader_take(struct db *db)
{
    pthread_mutex_lock(&db->lock);
    while (!db->idle)
        pthread_cond_wait(&db->freed, &db->lock);
    struct reader *reader = db->idle;
    db->idle = reader->next;
    pthread_mutex_unlock(&db->lock);
    return reader;
}

static void reader_give(struct db *db, struct reader *reader)
{
    pthread_mutex_lock(&db->lock);
    reader->next = db->idle;
    db->idle = reader;
    pthread_cond_signal(&db->freed);
    pthread_mutex_unlock(&db->lock);
}

struct tx *db_read(struct db *db, struct arena *arena)
{
    struct reader *reader = reader_take(db);
    struct conn *conn = &reader->conn;
    struct tx *tx = &reader->tx;

    tx_init(tx, db, conn, arena, false);
    tx->reader = reader;
    if (!conn->sqlite && conn_open(conn, db->path, CONN_READ, &tx->err))
        return tx; /* failed: too many open files, say; the next request tries again */
    db_read_limit(tx, db->read_limit_ms);
    int rc = conn_do(conn, "BEGIN");
    if (!rc)
        rc = conn_do(conn, "SELECT 1 FROM sqlite_schema LIMIT 1"); /* takes the snapshot */
    if (rc)
        tx_fail(tx, rc, "BEGIN");
    return tx;
}

void db_read_limit(struct tx *tx, int ms)
{
    MUST(tx->reader);
    tx->conn->deadline = clock_ms() + ms;
}

void db_read_end(struct tx *tx)
{
    struct conn *conn = tx->conn;

    conn->deadline = 0;
    /* One that cannot even end its snapshot is opened anew at its next use. */
    if (conn->sqlite && !sqlite3_get_autocommit(conn->sqlite) && conn_do(conn, "COMMIT"))
        conn_close(conn);
    reader_give(tx->db, tx->reader);
}
