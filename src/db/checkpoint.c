/* checkpoint.c: the only checkpoints there are, and the lock file that keeps commits away from
 * them.
 *
 * SQLite 3.7.0–3.51.2 can lose a commit that races with a checkpoint on another connection
 * (security.md 2). Inside this process one thread does both. Between processes `<path>-lock`
 * decides: whoever writes holds it shared, whoever checkpoints holds it exclusively, without
 * waiting; if it cannot be had, there is a later. The rule is the same for a server and for a
 * command beside it, so nothing depends on knowing which one we are.
 * Must never know: jobs. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <kansli/log.h>

#include "internal.h"

enum {
    PAGE_BYTES = 4096,
    TEND_PAGES = (4 << 20) / PAGE_BYTES,
    ALARM_PAGES = (64 << 20) / PAGE_BYTES,
    SCRUB_WAIT_MS = 200
};

static int note_pages(void *arg, sqlite3 *sqlite, const char *name, int pages)
{
    struct wal *wal = arg;

    (void)sqlite;
    (void)name;
    if (pages < wal->settled)
        wal->settled = 0; /* it began again from its start */
    wal->pages = pages;
    return SQLITE_OK;
}

enum code wal_init(struct db *db, struct err *err)
{
    char name[4096];
    int n = snprintf(name, sizeof name, "%s-lock", db->path);

    if (n < 0 || (size_t)n >= sizeof name)
        return err_set(err, E_INPUT, "bad-path", N_("The path is too long."));
    db->wal.lock_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (db->wal.lock_fd < 0) {
        log_line(LOG_FAULT, "file", "what", "lock", "path", name, "reason", strerror(errno), NULL);
        return failure_set(err, SQLITE_CANTOPEN);
    }
    sqlite3_wal_hook(db->writer.conn.sqlite, note_pages, &db->wal);
    return OK;
}

static bool lock_file(struct db *db, int how)
{
    int rc;

    do
        rc = flock(db->wal.lock_fd, how);
    while (rc && errno == EINTR);
    return rc == 0;
}

bool wal_enter(struct db *db)
{
    return db->alone || lock_file(db, LOCK_SH);
}

void wal_leave(struct db *db)
{
    MUST(db->alone || lock_file(db, LOCK_UN));
}

/* True when the whole WAL is in the file (PASSIVE), or gone (TRUNCATE). */
static bool checkpoint(struct db *db, int mode)
{
    struct conn *conn = &db->writer.conn;
    int pages = 0, settled = 0;

    if (!lock_file(db, LOCK_EX | LOCK_NB))
        return false;
    int rc = sqlite3_wal_checkpoint_v2(conn->sqlite, "main", mode, &pages, &settled);
    wal_leave(db);
    db->wal.settled = db->wal.pages;
    if (rc && (rc & 0xff) != SQLITE_BUSY) {
        failure_log(conn, rc, "checkpoint", NULL);
        writer_doubt(&db->writer, rc);
    }
    return !rc && pages == settled;
}

static void scrub(struct db *db)
{
    sqlite3_busy_timeout(db->writer.conn.sqlite, SCRUB_WAIT_MS);
    if (checkpoint(db, SQLITE_CHECKPOINT_TRUNCATE)) {
        db->wal.scrub = false;
        db->wal.pages = db->wal.settled = 0;
    }
    conn_patience(&db->writer.conn, db->offline);
}

void wal_tend(struct db *db)
{
    struct wal *wal = &db->wal;

    if (db->alone)
        return;
    if (wal->scrub)
        scrub(db);
    else if (wal->pages - wal->settled >= TEND_PAGES)
        checkpoint(db, SQLITE_CHECKPOINT_PASSIVE);
    if (wal->pages > ALARM_PAGES && !wal->warned)
        log_line(LOG_WARN, "wal-is-large", "reason", "a snapshot or another process holds it",
                 NULL);
    wal->warned = wal->pages > ALARM_PAGES;
}

void wal_release(struct db *db)
{
    if (db->wal.lock_fd < 0)
        return;
    if (!db->writer.broken) {
        sqlite3_busy_timeout(db->writer.conn.sqlite, 0);
        checkpoint(db, SQLITE_CHECKPOINT_TRUNCATE);
    }
    close(db->wal.lock_fd);
    db->wal.lock_fd = -1;
}
