/* seal.c: the last line of a backup vouches for all before it.
 *
 * SQLite notices pages that do not fit together, not a letter that another took the place of. So
 * a backup ends with the digest of its pages. SQLite reads as many pages as its header counts and
 * takes no notice of what follows; a register that is served from a backup loses the line with its
 * first checkpoint. By hand: head -c -82 backup.db | sha256sum.
 *
 * Owns: the line. Must never know: SQLite, nor the register: only files that nobody has open. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kansli/crypt.h>
#include <kansli/log.h>

#include "internal.h"

#define SEAL_WORD "kansli backup 1: "

/* The word, the digest, a line's end; and what no SQLite file's size leaves over, pages being whole
 * multiples of it. */
enum { SEAL_BYTES = sizeof SEAL_WORD - 1 + DIGEST_SIZE - 1 + 1, PAGE_LEAST = 512 };

static enum code file_fail(struct err *err, const char *what, const char *path)
{
    log_line(LOG_FAULT, "file", "what", what, "path", path, "reason", strerror(errno), NULL);
    return failure_set(err, SQLITE_IOERR);
}

/* The line that the first n bytes of a file deserve. */
static bool seal_of(int fd, size_t n, char line[SEAL_BYTES + 1])
{
    char digest[DIGEST_SIZE];
    void *bytes = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);

    if (bytes == MAP_FAILED)
        return false;
    crypt_digest(bytes, n, digest);
    munmap(bytes, n);
    snprintf(line, SEAL_BYTES + 1, SEAL_WORD "%s\n", digest);
    return true;
}

enum code seal_put(const char *path, struct err *err)
{
    char line[SEAL_BYTES + 1];
    struct stat st;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    bool put = fd >= 0 && fstat(fd, &st) == 0 && seal_of(fd, (size_t)st.st_size, line) &&
               pwrite(fd, line, SEAL_BYTES, st.st_size) == SEAL_BYTES;
    enum code c = put ? OK : file_fail(err, "seal", path);

    if (fd >= 0)
        close(fd);
    return c;
}

enum code seal_check(const char *path, bool *broken, struct err *err)
{
    char line[SEAL_BYTES + 1], found[SEAL_BYTES];
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum code c = fd >= 0 && fstat(fd, &st) == 0 ? OK : file_fail(err, "open", path);

    *broken = false;
    if (!c && st.st_size % PAGE_LEAST != 0) {
        size_t n = st.st_size > SEAL_BYTES ? (size_t)st.st_size - SEAL_BYTES : 0;
        *broken = n == 0 || pread(fd, found, SEAL_BYTES, (off_t)n) != SEAL_BYTES ||
                  !seal_of(fd, n, line) || memcmp(found, line, SEAL_BYTES) != 0;
    }
    if (fd >= 0)
        close(fd);
    return c;
}
