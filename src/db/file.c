/* file.c: what we ask of the file system.
 *
 * Owns: the appearance and disappearance of whole files. A file gets its name when it is complete
 * and on the disk, and never takes another's place. Must never know: SQLite. Above all it must not
 * open the register itself: closing any descriptor of a file drops the locks that SQLite holds on
 * it in this process. */
#define _GNU_SOURCE /* renameat2 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <kansli/log.h>

#include "internal.h"

enum { BLOCK_LEAST = 4096 };

static char *path_join(const char *path, const char *suffix)
{
    size_t n = strlen(path), m = strlen(suffix);
    char *joined = must_malloc(n + m + 1);

    memcpy(joined, path, n);
    memcpy(joined + n, suffix, m + 1);
    return joined;
}

/* The directory of path, malloced. */
static char *path_directory(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *directory = must_strdup(slash ? path : ".");

    if (slash)
        directory[slash == path ? 1 : slash - path] = '\0';
    return directory;
}

/* The figures of the file system that holds path, or will hold it. */
static bool file_system_ask(const char *path, struct statvfs *fs)
{
    char *directory = path_directory(path);
    int rc = statvfs(directory, fs);

    free(directory);
    return rc == 0;
}

static enum code storage_fail(struct err *err, const char *what, const char *path)
{
    log_line(LOG_FAULT, "file", "what", what, "path", path, "reason", strerror(errno), NULL);
    return failure_set(err, SQLITE_IOERR);
}

static enum code directory_fail(struct err *err)
{
    return err_set(err, E_ABSENT, "no-directory", N_("The file's directory does not exist."));
}

uint64_t file_space(const char *path)
{
    struct statvfs fs;

    return file_system_ask(path, &fs) ? (uint64_t)fs.f_bavail * fs.f_frsize : UINT64_MAX;
}

enum code file_system_check(const char *path, struct err *err)
{
    struct statvfs fs;

    if (!file_system_ask(path, &fs))
        return directory_fail(err);
    if (fs.f_frsize < BLOCK_LEAST && (uint64_t)fs.f_bavail * fs.f_frsize < FREE_LEAST)
        return err_set(
            err, E_STORAGE, "disk-full",
            N_("The disk is nearly full and its blocks are too small to fill it safely."));
    return OK;
}

enum code file_must_be_there(const char *path, struct err *err)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return err_set(err, E_ABSENT, "no-register", N_("There is no register at this path."));
    return S_ISREG(st.st_mode) ? file_system_check(path, err) : failure_set(err, SQLITE_NOTADB);
}

enum code file_must_be_new(const char *path, struct err *err)
{
    static const char *const suffixes[] = {"", "-wal", "-journal"};
    bool found = false;

    for (size_t i = 0; i < LEN(suffixes) && !found; i++) {
        char *name = path_join(path, suffixes[i]);
        struct stat st;

        found = lstat(name, &st) == 0;
        free(name);
    }
    return found ? err_set(err, E_CONFLICT, "file-exists", N_("The file exists already.")) : OK;
}

enum code file_temporary(const char *target, char **out, struct err *err)
{
    char *name = path_join(target, ".XXXXXX");
    int fd = mkostemp(name, O_CLOEXEC);

    if (fd < 0) {
        enum code c = errno == ENOENT ? directory_fail(err) : storage_fail(err, "create", name);
        free(name);
        return c;
    }
    close(fd);
    *out = name;
    return OK;
}

static bool path_sync(const char *path, int flags)
{
    int fd = open(path, flags | O_RDONLY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    int reason = errno;

    if (fd >= 0)
        close(fd);
    errno = reason;
    return synced;
}

/* Renames, but never over a file. Some network file systems cannot promise that: there we look
 * first. */
static bool rename_new(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (access(to, F_OK) == 0) {
        errno = EEXIST;
        return false;
    }
    return rename(from, to) == 0;
}

enum code file_publish(const char *temporary, const char *target, struct err *err)
{
    if (!path_sync(temporary, 0))
        return storage_fail(err, "fsync", temporary);
    if (!rename_new(temporary, target))
        return errno == EEXIST
                   ? err_set(err, E_CONFLICT, "file-exists", N_("The file exists already."))
                   : storage_fail(err, "rename", target);

    char *directory = path_directory(target);
    bool synced = path_sync(directory, O_DIRECTORY);
    enum code c = synced ? OK : storage_fail(err, "fsync", directory);

    free(directory);
    return c;
}

void file_discard(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};

    for (size_t i = 0; i < LEN(suffixes); i++) {
        char *name = path_join(path, suffixes[i]);
        unlink(name);
        free(name);
    }
}

enum code file_make(const char *target,
                    enum code (*make)(const char *path, void *arg, struct err *err), void *arg,
                    struct err *err)
{
    char *temporary = NULL;
    enum code c = file_must_be_new(target, err);

    if (!c)
        c = file_temporary(target, &temporary, err);
    if (c)
        return c;
    c = make(temporary, arg, err);
    if (!c)
        c = file_publish(temporary, target, err);
    if (c)
        file_discard(temporary);
    free(temporary);
    return c;
}
