/* changes.c: the register's change number.
 *
 * Owns: a counter and the one connection that looks whether somebody has committed. Our own writer
 * looks after every COMMIT and before it tells anybody, so what was answered is in the number; for
 * other processes we look when asked, at most once a millisecond. The counter is read before a
 * snapshot is taken, so a page that is kept under it can be newer than its number, never older.
 *
 * Not a plain counter in the writer: it would miss other processes. Not SQLITE_FCNTL_DATA_VERSION:
 * without a transaction it tells what this connection last saw. A look is PRAGMA data_version, some
 * 3 µs; the rest of the calls are two atomic loads and a clock. */
#include "internal.h"

/* With the lock. A failure counts as a change: keeping nothing is safe. */
static void look(struct changes *changes)
{
    long long version = changes->version;

    atomic_store(&changes->asked_at, clock_ms());
    if (!conn_data_version(&changes->conn, &version) || version != changes->version)
        atomic_fetch_add(&changes->number, 1);
    changes->version = version;
}

enum code changes_init(struct changes *changes, const char *path, struct err *err)
{
    enum code c = conn_open(&changes->conn, path, CONN_READ, err);

    if (c)
        return c;
    pthread_mutex_init(&changes->lock, NULL);
    atomic_init(&changes->number, 1);
    atomic_init(&changes->asked_at, 0);
    changes->version = 0;
    look(changes);
    return OK;
}

void changes_look(struct changes *changes)
{
    pthread_mutex_lock(&changes->lock);
    look(changes);
    pthread_mutex_unlock(&changes->lock);
}

void changes_release(struct changes *changes)
{
    if (!changes->conn.sqlite)
        return;
    conn_close(&changes->conn);
    pthread_mutex_destroy(&changes->lock);
}

uint64_t db_changes(struct db *db)
{
    struct changes *changes = &db->changes;

    if (atomic_load(&changes->asked_at) != clock_ms() && !pthread_mutex_trylock(&changes->lock)) {
        look(changes);
        pthread_mutex_unlock(&changes->lock);
    }
    return atomic_load(&changes->number);
}
