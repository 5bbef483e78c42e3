/* writer.c: the one thread that changes the register.
 *
 * Owns: the queue of jobs and the write transaction. Everything queued goes into one BEGIN
 * IMMEDIATE … COMMIT, because the fsync is what a write costs; each job has a savepoint, so one
 * that fails leaves nothing and harms nobody. Nobody is told before the COMMIT. When the whole
 * transaction is lost (a full disk, an I/O error) the whole batch fails, also those jobs that had
 * refused by themselves: they may have looked at rows that were never kept.
 * Must never know: what a job does. */
#include <stdlib.h>
#include <string.h>

#include <kansli/log.h>

#include "internal.h"

enum { BATCH = 64 };

/* ---- instants ---- */

/* The instant one millisecond after the stamp. */
static void instant_after(const char *stamp, char out[INSTANT_SIZE])
{
    enum { AT = 20 }; /* of the milliseconds in "2026-11-22T08:15:30.123Z" */
    int ms = (stamp[AT] - '0') * 100 + (stamp[AT + 1] - '0') * 10 + stamp[AT + 2] - '0' + 1;

    if (ms == 1000) {
        instant_from_seconds(instant_seconds(stamp) + 1, out);
        return;
    }
    memcpy(out, stamp, INSTANT_SIZE);
    out[AT] = (char)('0' + ms / 100);
    out[AT + 1] = (char)('0' + ms / 10 % 10);
    out[AT + 2] = (char)('0' + ms % 10);
}

/* The history's instants follow its keys; max(at) would read all of it. */
static const char latest_stamp[] = "SELECT at FROM audit_event ORDER BY key DESC LIMIT 1";

/* Reads the latest stamp from the history: at the first write, and after another process has
 * written. Not a job's statement, so not counted for tests. */
static int stamp_learn(struct writer *writer)
{
    struct conn *conn = &writer->conn;
    int rc;
    struct statement *st = statement_take(
        conn, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'audit_event'", &rc);

    if (!st)
        return rc;
    rc = sqlite3_step(st->stmt);
    statement_give(conn, st);
    if (rc != SQLITE_ROW)
        return rc == SQLITE_DONE ? SQLITE_OK : rc;
    st = statement_take(conn, latest_stamp, &rc);
    if (!st)
        return rc;
    rc = sqlite3_step(st->stmt);
    const char *at = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(st->stmt, 0) : NULL;
    /* Only what we could have written: another tool may have put anything there. */
    if (at && strlen(at) == INSTANT_SIZE - 1 && instant_parse(at, NULL) &&
        strcmp(at, writer->stamp) > 0)
        memcpy(writer->stamp, at, INSTANT_SIZE);
    statement_give(conn, st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

void writer_stamp(struct tx *tx)
{
    struct writer *writer = &tx->db->writer;

    instant_now(tx->instant);
    if (!writer->stamp_known) {
        int rc = stamp_learn(writer);
        if (rc)
            tx_fail(tx, rc, latest_stamp);
        else
            writer->stamp_known = true;
    }
    if (strcmp(tx->instant, writer->stamp) <= 0)
        instant_after(writer->stamp, tx->instant);
    memcpy(writer->stamp, tx->instant, INSTANT_SIZE);
}

/* ---- one job ---- */

void writer_doubt(struct writer *writer, int rc)
{
    if (rc != SQLITE_IOERR_FSYNC && rc != SQLITE_IOERR_DIR_FSYNC)
        return;
    writer->broken = true;
    log_line(LOG_FAULT, "no-more-writes", "reason", "the disk could not keep its word", NULL);
}

/* Nothing of the batch can be kept. */
static void fate_set(struct writer *writer, struct err *fate, int rc, const char *what)
{
    failure_log(&writer->conn, rc, what, NULL);
    failure_set(fate, (rc & 0xff) == SQLITE_CONSTRAINT ? SQLITE_INTERNAL : rc);
    writer_doubt(writer, rc);
}

/* Makes *err say what truth says, whatever it said before. */
static void err_replace(struct err *err, const struct err *truth)
{
    if (!err)
        return;
    err_release(err);
    err_set(err, truth->code, truth->rule, truth->msgid);
}

/* A foreign key that is checked at COMMIT would take the others along: it is checked here. */
static void deferred_check(struct tx *tx)
{
    int open = 0, highest = 0;

    sqlite3_db_status(tx->conn->sqlite, SQLITE_DBSTATUS_DEFERRED_FKS, &open, &highest, 0);
    if (open)
        tx_fail(tx, SQLITE_CONSTRAINT_FOREIGNKEY, "at the end of the job");
}

/* Runs the job; any code but OK has been undone. Sets *fate when the transaction was lost. */
static enum code job_run(struct db *db, struct db_job *job, struct err *fate)
{
    struct writer *writer = &db->writer;
    struct conn *conn = &writer->conn;
    struct tx tx;
    int rc = conn_do(conn, "SAVEPOINT job");

    if (rc) {
        fate_set(writer, fate, rc, "savepoint");
        return E_INTERNAL;
    }
    tx_init(&tx, db, conn, job->arena, true);
    enum code c = job->run(&tx, job->arg);
    if (sqlite3_get_autocommit(conn->sqlite)) { /* SQLite gave everything up */
        if (tx.err.code == E_STORAGE)
            err_set(fate, tx.err.code, tx.err.rule, tx.err.msgid);
        else
            failure_set(fate, SQLITE_INTERNAL);
        return E_INTERNAL;
    }
    if (!c)
        deferred_check(&tx);
    if (tx.err.code) {
        /* Also when the job says something else: it may have taken the silence of a failed query
         * for an answer. */
        c = tx.err.code;
        err_replace(job->err, &tx.err);
    }
    if (c)
        rc = conn_do(conn, "ROLLBACK TO job");
    if (!rc)
        rc = conn_do(conn, "RELEASE job");
    if (rc)
        fate_set(writer, fate, rc, "release");
    return c;
}

/* ---- a batch ---- */

/* True when there is room to write; says so once when that changes. */
static bool disk_has_room(struct db *db)
{
    struct writer *writer = &db->writer;
    bool cramped = file_space(db->path) < db->free_least;

    if (cramped != writer->cramped)
        log_line(cramped ? LOG_FAULT : LOG_NOTE, cramped ? "disk-is-full" : "disk-has-room", NULL);
    writer->cramped = cramped;
    return !cramped;
}

static void batch_begin(struct db *db, struct err *fate)
{
    struct writer *writer = &db->writer;
    long long version = 0;

    if (writer->broken || !disk_has_room(db)) {
        failure_set(fate, SQLITE_FULL);
        return;
    }
    if (!wal_enter(db)) {
        fate_set(writer, fate, SQLITE_IOERR_LOCK, "lock");
        return;
    }
    int rc = conn_do(&writer->conn, "BEGIN IMMEDIATE");
    if (rc) {
        fate_set(writer, fate, rc, "begin");
        wal_leave(db);
        return;
    }
    if (!conn_data_version(&writer->conn, &version) || version != writer->version)
        writer->stamp_known = false;
    writer->version = version;
}

static void batch_end(struct db *db, struct err *fate)
{
    struct writer *writer = &db->writer;
    struct conn *conn = &writer->conn;
    int rc = fate->code ? SQLITE_OK : conn_do(conn, "COMMIT");

    if (rc)
        fate_set(writer, fate, rc, "commit");
    if (!sqlite3_get_autocommit(conn->sqlite)) {
        rc = conn_do(conn, "ROLLBACK");
        if (rc)
            failure_log(conn, rc, "rollback", NULL);
    }
    wal_leave(db);
    if (!db->alone)
        changes_look(&db->changes);
}

/* Runs the jobs of one transaction and tells their outcomes. */
static void batch_run(struct db *db, struct db_job *job[BATCH], int n)
{
    enum code code[BATCH];
    struct err fate;

    err_init(&fate);
    batch_begin(db, &fate);
    if (!fate.code) {
        for (int i = 0; i < n && !fate.code; i++)
            code[i] = job_run(db, job[i], &fate);
        batch_end(db, &fate);
    }
    for (int i = 0; i < n; i++) {
        if (fate.code) {
            code[i] = fate.code;
            err_replace(job[i]->err, &fate);
        }
        job[i]->done(job[i]->arg, code[i]);
    }
}

/* ---- the queue ---- */

/* With the lock: waits for work. While erased text is still in the WAL it looks again each second.
 * */
static void queue_wait(struct db *db)
{
    struct writer *writer = &db->writer;
    struct timespec until;

    if (!db->wal.scrub) {
        pthread_cond_wait(&writer->wake, &writer->lock);
        return;
    }
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec++;
    pthread_cond_timedwait(&writer->wake, &writer->lock, &until);
}

/* Takes up to BATCH jobs; waits when there are none. *last: no more will come. */
static int queue_take(struct db *db, struct db_job *job[BATCH], bool *last)
{
    struct writer *writer = &db->writer;
    int n = 0;

    pthread_mutex_lock(&writer->lock);
    if (!writer->first && !writer->closing)
        queue_wait(db);
    while (writer->first && n < BATCH) {
        job[n] = writer->first;
        writer->first = job[n++]->next;
    }
    if (!writer->first)
        writer->last = &writer->first;
    *last = writer->closing && n == 0;
    pthread_mutex_unlock(&writer->lock);
    return n;
}

static void *writer_main(void *arg)
{
    struct db *db = arg;
    struct db_job *job[BATCH];
    bool last = false;

    while (!last) {
        int n = queue_take(db, job, &last);
        if (n)
            batch_run(db, job, n);
        if (!db->writer.broken)
            wal_tend(db);
    }
    return NULL;
}

void db_write(struct db *db, struct db_job *job)
{
    struct writer *writer = &db->writer;

    job->next = NULL;
    pthread_mutex_lock(&writer->lock);
    MUST(!writer->closing);
    *writer->last = job;
    writer->last = &job->next;
    pthread_cond_signal(&writer->wake);
    pthread_mutex_unlock(&writer->lock);
}

struct waiting {
    enum code (*run)(struct tx *tx, void *arg);
    void *arg;
    pthread_mutex_t lock;
    pthread_cond_t told;
    bool done;
    enum code code;
};

static enum code waiting_run(struct tx *tx, void *arg)
{
    struct waiting *waiting = arg;
    return waiting->run(tx, waiting->arg);
}

static void waiting_done(void *arg, enum code code)
{
    struct waiting *waiting = arg;

    pthread_mutex_lock(&waiting->lock);
    waiting->code = code;
    waiting->done = true;
    pthread_cond_signal(&waiting->told);
    pthread_mutex_unlock(&waiting->lock);
}

enum code db_write_wait(struct db *db, struct arena *arena, struct err *err,
                        enum code (*run)(struct tx *tx, void *arg), void *arg)
{
    struct waiting waiting = {.run = run, .arg = arg};
    struct db_job job = {
        .run = waiting_run, .done = waiting_done, .arg = &waiting, .arena = arena, .err = err};

    pthread_mutex_init(&waiting.lock, NULL);
    pthread_cond_init(&waiting.told, NULL);
    db_write(db, &job);
    pthread_mutex_lock(&waiting.lock);
    while (!waiting.done)
        pthread_cond_wait(&waiting.told, &waiting.lock);
    pthread_mutex_unlock(&waiting.lock);
    pthread_cond_destroy(&waiting.told);
    pthread_mutex_destroy(&waiting.lock);
    return waiting.code;
}

/* ---- life ---- */

enum code writer_start(struct db *db, struct err *err)
{
    struct writer *writer = &db->writer;

    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->wake, NULL);
    writer->last = &writer->first;
    int reason = pthread_create(&writer->thread, NULL, writer_main, db);
    if (reason) {
        log_line(LOG_FAULT, "thread", "reason", strerror(reason), NULL);
        return failure_set(err, SQLITE_INTERNAL);
    }
    writer->started = true;
    return OK;
}

void writer_stop(struct db *db)
{
    struct writer *writer = &db->writer;

    if (!writer->started)
        return;
    pthread_mutex_lock(&writer->lock);
    writer->closing = true;
    pthread_cond_signal(&writer->wake);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
    pthread_cond_destroy(&writer->wake);
    pthread_mutex_destroy(&writer->lock);
}
