/* internal.h: what the files of src/db tell each other, and nobody else.
 *
 * Locks, in the order in which they may be taken: the lock file (writes shared, checkpoints
 * exclusive), then SQLite's own. The three mutexes (pool, changes, queue) are leaves: no call into
 * SQLite or a job is made while pool.lock or queue lock is held; changes.lock guards one connection
 * that only ever asks for a number. */
#ifndef KANSLI_DB_INTERNAL_H
#define KANSLI_DB_INTERNAL_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include <kansli/date.h>
#include <kansli/db.h>

/* ---- statement.c: prepared statements, kept per connection ---- */

enum { STATEMENTS_MAX = 512 };

struct column {
    char *name; /* without the '?' */
    size_t length;
    bool boolean;
};

struct statement {
    sqlite3_stmt *stmt;
    char *sql; /* own copy: the caller's may be built at run time */
    size_t length;
    uint64_t hash;
    struct column *column;
    int columns, arguments;
    bool reads; /* cannot change the register */
    bool taken; /* being stepped: db_each's callback may ask for the same text again */
    bool kept;  /* in the cache; false for the second of two taken at once */
    struct statement *in_bucket, *newer, *older;
};

struct statements {
    struct statement *bucket[STATEMENTS_MAX];
    struct statement *newest, *oldest;
    int n;
};

struct conn;
/* The statement for sql, ready to bind, or NULL with SQLite's code in *rc. A text that SQLite does
 * not understand is a BUG. Give back with statement_give, which resets it and forgets its
 * arguments. */
struct statement *statement_take(struct conn *conn, const char *sql, int *rc);
void statement_give(struct conn *conn, struct statement *st);
/* Finalizes all; none may be taken. */
void statements_release(struct conn *conn);

/* ---- connection.c ---- */

enum conn_role {
    CONN_READ,  /* query_only, with a time limit */
    CONN_WRITE, /* the writer's */
    CONN_COPY,  /* VACUUM INTO: one attachment */
    CONN_ALONE, /* of a copy that is thrown away: nothing has to last */
    CONN_OWNER  /* create and migrate: alone; foreign keys are checked at the end */
};

struct conn {
    sqlite3 *sqlite; /* NULL: not open */
    struct statements statements;
    struct arena *scratch; /* fold()'s, cleared by each call */
    int64_t deadline;      /* clock_ms() after which statements are stopped; 0: none */
};

/* Opens an existing file. Fails with E_STORAGE, E_BUSY or E_INPUT "not-a-register"; *conn is then
 * closed. */
NODISCARD enum code conn_open(struct conn *conn, const char *path, enum conn_role role,
                              struct err *err);
void conn_close(struct conn *conn);
/* How long it waits for another process to finish writing; a command can wait longer than a
 * request. */
void conn_patience(struct conn *conn, bool long_waits);
/* Runs one statement without arguments to its end and returns SQLite's code. Rows are dropped. */
NODISCARD int conn_do(struct conn *conn, const char *sql);
/* PRAGMA data_version: another number when another connection has committed. False on failure. */
bool conn_data_version(struct conn *conn, long long *version);
/* Records what SQLite's code means to a caller; returns the recorded code. */
enum code failure_set(struct err *err, int rc);
/* One line about it in the log; sql may be NULL. */
void failure_log(struct conn *conn, int rc, const char *what, const char *sql);

/* ---- function.c ---- */

/* Adds the collation sv and the function fold() to a connection. */
int functions_add(struct conn *conn);
/* tokenizer.c: the words of the tables of texts, and text_score(). */
int tokenizer_add(struct conn *conn);
/* Words stand in the index by their first letters, too (tokenizer.c): what "vår" begins is half of
 * all texts, and to gather them word by word takes long. The bytes of that many letters; 0: it has
 * fewer. */
enum { BEGINNING_LETTERS = 3 };
size_t beginning_of(const char *word);

/* ---- query.c: a transaction's state ---- */

struct reader;
struct tx {
    struct db *db; /* NULL for migrate's and backup's own */
    struct conn *conn;
    struct arena *arena;
    struct reader *reader; /* NULL for the writer's */
    struct err err;        /* static texts only: nothing to release */
    int changed;
    bool writes;
    char instant[INSTANT_SIZE]; /* empty until asked for */
};

void tx_init(struct tx *tx, struct db *db, struct conn *conn, struct arena *arena, bool writes);
/* Puts the transaction in its failed state. */
void tx_fail(struct tx *tx, int rc, const char *sql);

/* ---- file.c: what we ask of the file system ---- */

/* Under this much free space the register takes no writes (security.md 2). */
#define FREE_LEAST ((uint64_t)64 << 20)

/* E_STORAGE where SQLite would die of SIGBUS: small blocks and nearly full. path or its directory
 * must exist. */
NODISCARD enum code file_system_check(const char *path, struct err *err);
/* Free bytes for us on path's file system; UINT64_MAX when nobody can say. */
uint64_t file_space(const char *path);
/* E_ABSENT "no-register" when path is not there, and file_system_check. */
NODISCARD enum code file_must_be_there(const char *path, struct err *err);
/* E_CONFLICT "file-exists" when path, or a journal that SQLite would take for path's, is there. */
NODISCARD enum code file_must_be_new(const char *path, struct err *err);
/* A new empty file of mode 0600 beside target. *out is malloced; remove with file_discard. */
NODISCARD enum code file_temporary(const char *target, char **out, struct err *err);
/* fsync, rename without overwriting, fsync of the directory. */
NODISCARD enum code file_publish(const char *temporary, const char *target, struct err *err);
/* Removes a database and its journals. */
void file_discard(const char *path);
/* A new file at target, or nothing: `make` fills an empty one of another name, which gets its own
 * when it is on the disk. E_CONFLICT "file-exists". */
NODISCARD enum code file_make(const char *target,
                              enum code (*make)(const char *path, void *arg, struct err *err),
                              void *arg, struct err *err);

/* ---- seal.c ---- */

/* Ends a file that nobody has open with a line that holds its digest. */
NODISCARD enum code seal_put(const char *path, struct err *err);
/* *broken: the file has, or had, such a line and is not what it was. One without a line, an older
 * program's, is as it is. */
NODISCARD enum code seal_check(const char *path, bool *broken, struct err *err);

/* ---- pool.c ---- */

/* Opens a copy and takes its name away. */
NODISCARD enum code db_open_alone(const char *path, struct db **out, struct err *err);

/* ---- migrate.c, backup.c ---- */

/* OK when conn's file is a register of exactly this binary's version. */
NODISCARD enum code register_check(struct conn *conn, struct err *err);
/* For file_make: an empty file becomes a register without a row of its own; arg is NULL. */
NODISCARD enum code register_make(const char *path, void *arg, struct err *err);
/* db_backup on a connection of role CONN_COPY or CONN_OWNER. */
NODISCARD enum code backup_to(struct conn *conn, const char *target, struct err *err);

/* ---- changes.c ---- */

struct changes {
    pthread_mutex_t lock; /* guards conn and version */
    struct conn conn;
    long long version;
    _Atomic uint64_t number;
    _Atomic int64_t asked_at;
};

NODISCARD enum code changes_init(struct changes *changes, const char *path, struct err *err);
/* Looks now, not at most a millisecond ago: after our own COMMIT. */
void changes_look(struct changes *changes);
void changes_release(struct changes *changes);

/* ---- checkpoint.c ---- */

struct wal {
    int lock_fd; /* `<path>-lock`; -1: not open */
    int pages;   /* in the WAL after the last commit */
    int settled; /* of them looked at by the last checkpoint */
    bool warned; /* about its size */
    bool scrub;  /* empty it as soon as readers allow: it holds erased text */
};

NODISCARD enum code wal_init(struct db *db, struct err *err);
/* Around every write transaction: no checkpoint anywhere meanwhile. False when the lock cannot be
 * had. */
bool wal_enter(struct db *db);
void wal_leave(struct db *db);
/* Between transactions, on the writer: moves the WAL into the file when it is time. */
void wal_tend(struct db *db);
/* At the end: everything into the file, the WAL emptied unless another process reads it. */
void wal_release(struct db *db);

/* ---- writer.c ---- */

struct writer {
    struct conn conn;
    pthread_t thread;
    bool started;
    pthread_mutex_t lock; /* guards the queue: first, last, closing */
    pthread_cond_t wake;
    struct db_job *first, **last;
    bool closing;
    /* The thread's own from here on. */
    bool broken;      /* an fsync failed: no more writes */
    bool cramped;     /* the disk is too full just now */
    bool stamp_known; /* stamp is the latest in the register */
    char stamp[INSTANT_SIZE];
    long long version; /* changes when another process has written */
};

NODISCARD enum code writer_start(struct db *db, struct err *err);
void writer_stop(struct db *db);
/* Notes SQLite's code: after a failed fsync nobody knows what is on the disk, and nothing more is
 * written. */
void writer_doubt(struct writer *writer, int rc);
/* The next instant of the register, for a job's tx. */
void writer_stamp(struct tx *tx);

/* ---- pool.c ---- */

struct reader {
    struct conn conn;
    struct tx tx;
    struct reader *next; /* idle */
};

struct db {
    char *path;
    int read_limit_ms;
    bool offline;
    bool alone;           /* a copy that nobody else has: its writer is its only connection */
    int turn_fd;          /* `<path>-turn`, locked; -1: not our turn */
    uint64_t free_least;  /* FREE_LEAST; tests raise it */
    pthread_mutex_t lock; /* guards idle */
    pthread_cond_t freed;
    struct reader *reader, *idle;
    int readers;
    struct changes changes;
    struct wal wal;
    struct writer writer;
    _Atomic int fail_in; /* statements until one fails; 0: off */
    _Atomic bool fail_hit;
};

#endif
