/* backup.c: copies of the register: kept, brought back, thrown away.
 *
 * Owns: the way from VACUUM INTO to a file with its name. A backup is whole, checked, sealed and on the
 * disk before it is called what was asked for; a copy that failed leaves nothing. It reads one
 * snapshot: writers go on. What is brought back goes the same way, after the backup itself was
 * looked through. A copy to try in loses its name as soon as it is open.
 * Must never know: where copies go and how many are kept. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

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

static enum code damaged(struct err *err, const char *msgid, const char *reason)
{
    log_line(LOG_FAULT, "backup", "reason", reason, NULL);
    return err_set(err, E_INTERNAL, "backup-damaged", msgid);
}

/* Every page, every index, every reference. `msgid`: what to say when it is not whole. */
static enum code copy_check(struct conn *conn, const char *msgid, struct err *err)
{
    struct tx tx;
    struct arena *arena = arena_new(CHECK_BYTES);
    enum code c = OK;

    tx_init(&tx, NULL, conn, arena, false);
    const char *word = db_text(&tx, "PRAGMA integrity_check(1)");
    if (!word || strcmp(word, "ok") != 0)
        c = damaged(err, msgid, word ? word : "the copy cannot be read");
    else if (db_exists(&tx, "PRAGMA foreign_key_check"))
        c = damaged(err, msgid, "a foreign key points nowhere");
    arena_free(arena);
    return c;
}

static enum code file_check(const char *path, const char *msgid, struct err *err)
{
    struct conn conn;
    enum code c = conn_open(&conn, path, CONN_READ, err);

    if (c)
        return c;
    c = copy_check(&conn, msgid, err);
    conn_close(&conn);
    return c;
}

static enum code copy_make_whole(const char *path, void *conn, struct err *err)
{
    enum code c = copy_make(conn, path, err);

    return c ? c : file_check(path, N_("The copy is damaged. It was not kept."), err);
}

static enum code copy_make_sealed(const char *path, void *conn, struct err *err)
{
    enum code c = copy_make_whole(path, conn, err);

    return c ? c : seal_put(path, err);
}

enum code backup_to(struct conn *conn, const char *target, struct err *err)
{
    return file_make(target, copy_make_sealed, conn, err);
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

/* ---- brought back ---- */

static const char backup_damaged[] =
    N_("The backup is damaged or cut off. Take another one. Nothing was written.");

static enum code seal_look(const char *path, struct err *err)
{
    bool broken;
    enum code c = seal_check(path, &broken, err);

    return c || !broken ? c : damaged(err, backup_damaged, "it is not what it was when it was made");
}

/* What is no register, or one of a newer program, is refused; an older one is whole, too. */
static enum code backup_look(struct conn *conn, struct err *err)
{
    struct err why;

    err_init(&why);
    enum code c = register_check(conn, &why);
    bool older = c == E_CONFLICT && !strcmp(why.rule, "database-older");
    if (c == E_INTERNAL)
        err_set(err, c, "backup-damaged", backup_damaged);
    else if (c && !older)
        err_take(err, &why);
    err_release(&why);
    return c && !older ? c : copy_check(conn, backup_damaged, err);
}

enum code db_restore(const char *backup, const char *path, struct err *err)
{
    struct conn conn;
    struct err why;
    enum code c = file_must_be_there(backup, err);

    if (!c)
        c = file_must_be_new(path, err);
    if (!c)
        c = file_system_check(path, err);
    if (c)
        return c;
    err_init(&why);
    c = conn_open(&conn, backup, CONN_COPY, &why);
    if (c) {
        c = c == E_INTERNAL ? err_set(err, c, "backup-damaged", backup_damaged) : err_take(err, &why);
        err_release(&why);
        return c;
    }
    c = backup_look(&conn, err);
    if (!c)
        c = seal_look(backup, err);
    if (!c)
        c = file_make(path, copy_make_whole, &conn, err);
    conn_close(&conn);
    return c;
}

/* ---- to try in ---- */

static const char trial_suffix[] = ".trial";

static char *beside(const char *path, const char *suffix)
{
    size_t n = strlen(path) + strlen(suffix) + 1;
    char *name = must_malloc(n);

    snprintf(name, n, "%s%s", path, suffix);
    return name;
}

/* The disk holds the copy, too, and is not the fuller for it than writes allow. */
static bool has_room(const struct db *db)
{
    struct stat st;

    return stat(db->path, &st) == 0 &&
           file_space(db->path) > (uint64_t)st.st_size + db->free_least;
}

enum code db_copy_private(struct db *db, struct db **out, struct err *err)
{
    struct conn conn;
    char *target = beside(db->path, trial_suffix), *temporary = NULL;

    MUST(db->turn_fd >= 0);
    enum code c = has_room(db) ? file_temporary(target, &temporary, err)
                               : failure_set(err, SQLITE_FULL);
    free(target);
    if (c)
        return c;
    c = conn_open(&conn, db->path, CONN_COPY, err);
    if (!c) {
        c = copy_make(&conn, temporary, err);
        conn_close(&conn);
    }
    if (!c)
        c = db_open_alone(temporary, out, err);
    if (c)
        file_discard(temporary);
    free(temporary);
    return c;
}

/* A copy keeps its name only while it is made: one that has it was left by who was killed. */
static void trials_clear(const char *path)
{
    char *prefix = beside(path, trial_suffix), *slash = strrchr(prefix, '/');
    const char *name = slash ? slash + 1 : prefix;
    size_t n = strlen(name);

    if (slash)
        *slash = '\0';
    DIR *directory = opendir(slash ? (*prefix ? prefix : "/") : ".");
    for (struct dirent *entry; directory && (entry = readdir(directory));)
        if (!strncmp(entry->d_name, name, n) && entry->d_name[n] == '.')
            unlinkat(dirfd(directory), entry->d_name, 0);
    if (directory)
        closedir(directory);
    free(prefix);
}

bool db_turn(struct db *db)
{
    if (db->turn_fd >= 0)
        return true;
    char *name = beside(db->path, "-turn");
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    free(name);
    if (fd < 0) {
        log_line(LOG_FAULT, "file", "what", "turn", "reason", strerror(errno), NULL);
        return false;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return false;
    }
    db->turn_fd = fd;
    trials_clear(db->path);
    return true;
}
