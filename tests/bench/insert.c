/* insert.c: what a kept row costs SQLite alone, as a yardstick for `make bench`.
 *
 * insert FILE N: N transactions of one row each, WAL and synchronous=FULL as in the register; prints
 * microseconds per transaction. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *insert = NULL;
    long n = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
    if (n < 1) {
        fputs("usage: insert FILE N\n", stderr);
        return 2;
    }
    if (sqlite3_open(argv[1], &db) ||
        sqlite3_exec(db,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                     "CREATE TABLE t (key INTEGER PRIMARY KEY, at TEXT, text TEXT) STRICT",
                     NULL, NULL, NULL) ||
        sqlite3_prepare_v2(db, "INSERT INTO t (at, text) VALUES ('2026-11-22T08:00:00.000Z', ?1)", -1,
                           &insert, NULL)) {
        fprintf(stderr, "insert: %s\n", sqlite3_errmsg(db));
        return 1;
    }
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (long i = 0; i < n; i++) {
        sqlite3_bind_text(insert, 1, "A sentence about what a working group is there for.", -1,
                          SQLITE_STATIC);
        if (sqlite3_step(insert) != SQLITE_DONE)
            return 1;
        sqlite3_reset(insert);
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    double us = (double)(to.tv_sec - from.tv_sec) * 1e6 + (double)(to.tv_nsec - from.tv_nsec) / 1e3;
    printf("%.1f\n", us / (double)n);
    sqlite3_finalize(insert);
    sqlite3_close(db);
    return 0;
}
