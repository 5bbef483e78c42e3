/* backup.c: a copy of the register while it serves.
 *
 * Owns: the way from VACUUM INTO to a file with its name. The copy is whole, checked and on the
 * disk before it is called what was asked for; a copy that failed leaves nothing. It reads one
 * snapshot: writers go on.
 * Must never know: where copies go and how many are kept. */
#include <stdlib.h>
#include <string.h>

#include <kansli/log.h>

#include "internal.h"

enum { CHECK_BYTES = 1 << 20 };

static enum code copy_make(struct conn *conn, const char *to, struct err *err)
{
    int rc;
    struct statement *st = statement_take(conn, "VACUUM INTO ?1", &rc);

    if (!st)
        return failure_set(err, rc);
    rc = sqlite3_bind_text(st->stmt, 1, to, -1, SQLITE_STATIC);
    if (!rc)
        rc = sqlite3_step(st->stmt);
    if (rc != SQLITE_DONE)
        failure_log(conn, rc, "backup", NULL);
    statement_give(conn, st);
    return rc == SQLITE_DONE ? OK : failure_set(err, rc);
}

static enum code copy_check(const char *path, struct err *err)
{
    struct conn conn;
    struct tx tx;
    enum code c = conn_open(&conn, path, CONN_READ, err);

    if (c)
        return c;
    struct arena *arena = arena_new(CHECK_BYTES);
    tx_init(&tx, NULL, &conn, arena, false);
    const char *word = db_text(&tx, "PRAGMA integrity_check(1)");
    if (!word || strcmp(word, "ok") != 0) {
        log_line(LOG_FAULT, "backup", "reason", word ? word : "the copy cannot be read", NULL);
        c = err_set(err, E_INTERNAL, "backup-damaged", N_("The copy is damaged. It was not kept."));
    }
    arena_free(arena);
    conn_close(&conn);
    return c;
}

enum code backup_to(struct conn *conn, const char *target, struct err *err)
{
    char *temporary = NULL;
    enum code c = file_must_be_new(target, err);

    if (c)
        return c;
    c = file_temporary(target, &temporary, err);
    if (c)
        return c;
    c = copy_make(conn, temporary, err);
    if (!c)
        c = copy_check(temporary, err);
    if (!c)
        c = file_publish(temporary, target, err);
    if (c)
        file_discard(temporary);
    free(temporary);
    return c;
}

enum code db_backup(struct db *db, const char *target, struct err *err)
{
    struct conn conn;
    enum code c = conn_open(&conn, db->path, CONN_COPY, err);

    if (c)
        return c;
    c = backup_to(&conn, target, err);
    conn_close(&conn);
    return c;
}
