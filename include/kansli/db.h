/* db.h: the register's file. The only room that knows SQLite.
 *
 * Two animals (design.md 5). A read is one snapshot on a query_only connection of the pool; a GET
 * cannot write, by construction. A write is a job on the one writer thread: BEGIN IMMEDIATE, each
 * job in a savepoint of its own, several jobs committed together, and only then told. The writer
 * alone commits and checkpoints (security.md 2: the WAL-reset bug of SQLite before 3.51.3 makes
 * this a matter of safety).
 *
 * Features use the second half of this file. A statement that SQLite cannot prepare is our BUG. A
 * statement that fails while running (I/O, full disk, time limit, a constraint nobody checked) puts
 * the transaction in a failed state: the first failure is recorded in tx_err, every later call on
 * the tx is a no-op that returns nothing, and the request ends with ROLLBACK. So a chain of reads
 * needs no error branches; tx_code() is asked once at the end.
 *
 * SQL is a literal: `"" sql` makes a variable a compile error. Portable words only (design.md 5).
 * Days and instants are text, computed in C; day_add(day, n) is the day n days later. A column's alias is the JSON key; an alias that ends
 * in '?' is a boolean ("isPrimary?"). */
#ifndef KANSLI_DB_H
#define KANSLI_DB_H

#include <stdio.h>
#include <kansli/arena.h>
#include <kansli/err.h>

struct db; /* an open register */
struct tx; /* one snapshot, or one job's place in the write transaction */

/* ---- the file: main, app and tests ---- */

struct db_options {
    int readers;        /* connections in the pool; 0: 8 */
    int read_limit_ms;  /* a page or list is stopped after; 0: 2 000 */
    bool offline;       /* a command, perhaps beside a running server: waits a minute for its turn to write, not 5 s */
};

/* Opens an existing register. Refuses what is no register of ours (application_id), one newer than
 * this binary (E_CONFLICT "database-newer") or older (E_CONFLICT "database-older": run migrate), a
 * file system that cannot hold it. */
NODISCARD enum code db_open(const char *path, const struct db_options *options, struct db **out,
                            struct err *err);
/* Creates path (never over an existing file: E_CONFLICT "file-exists") with all migrations.
 * Half-made files are removed. */
NODISCARD enum code db_create(const char *path, struct err *err);
/* Brings an older register up to date: a backup beside it by VACUUM INTO, then each migration in
 * its own transaction with foreign_key_check before COMMIT, checksums of the applied ones compared.
 * *applied gets how many ran and stay, also when a later one failed. E_BUSY "register-in-use" when
 * anybody has it open. */
NODISCARD enum code db_migrate(const char *path, int *applied, struct err *err);
/* Waits for queued writes, checkpoints, closes. */
void db_close(struct db *db);
/* A copy while serving: temporary name, VACUUM INTO, integrity check on the copy, a last line with
 * its digest, fsync, rename. Refuses an existing target. */
NODISCARD enum code db_backup(struct db *db, const char *target, struct err *err);

/* Brings a backup back as a new register at `path`, after looking through all of it: pages, indexes,
 * references, digest. E_ABSENT "no-register" without a backup, E_CONFLICT "file-exists", E_INPUT
 * "not-a-register", E_CONFLICT "database-newer", E_INTERNAL "backup-damaged". One of an older program
 * is brought back as it is: db_migrate comes after. */
NODISCARD enum code db_restore(const char *backup, const char *path, struct err *err);
/* Told now and then how many rows have gone by. */
typedef void db_told(long long rows, void *arg);
/* All of the register as text, one line a row (transfer.c has the format): the same register gives
 * the same bytes. One snapshot, in little memory. Secrets go along as they are kept, hashed. */
NODISCARD enum code db_export(struct db *db, FILE *to, db_told *told, void *arg, struct err *err);
/* Makes the new register `path` of such a text: E_CONFLICT "file-exists", "other-schema"; E_INPUT
 * "malformed-register" with the line and what is wrong with it. There is a file only when all of it
 * is in. */
NODISCARD enum code db_import(const char *path, FILE *from, db_told *told, void *arg,
                              struct err *err);
/* A copy of the register as it is now, to try in what is then thrown away: nobody else sees it, it
 * is asked by writes alone (db_write_wait), and nothing of it is left after db_close, nor after a
 * crash. Who makes one has the turn. */
NODISCARD enum code db_copy_private(struct db *db, struct db **out, struct err *err);
/* Whether this process has the turn for work that only one process at a time does (imports), and
 * from then on keeps it until db_close. What another left behind when it was killed is cleared
 * away. */
bool db_turn(struct db *db);

/* A number that changes whenever the register does. Cheap: asked for each request. Our own writes
 * are in it before their done is called; another process's at most a millisecond after its COMMIT.
 * A snapshot begun after asking is never older than the number, so what is kept under it may be too
 * new but never too old. */
uint64_t db_changes(struct db *db);

/* Begins a snapshot. Waits for a free connection. tx lives until db_read_end; texts it returns live
 * in arena. */
struct tx *db_read(struct db *db, struct arena *arena);
void db_read_end(struct tx *tx);
/* Gives this snapshot ms from now instead of read_limit_ms: checks, statistics and exports, on the
 * worker. */
void db_read_limit(struct tx *tx, int ms);

/* A write: run is called on the writer thread inside the transaction; any code but OK rolls this
 * job back, alone. Then, after COMMIT (or its failure), done is called on the writer thread with
 * the final code; err holds the reason when it is not OK. `arena` and `arg` belong to the caller
 * and are not touched after done. */
struct db_job {
    enum code (*run)(struct tx *tx, void *arg);
    void (*done)(void *arg, enum code code);
    void *arg;
    struct arena *arena;
    struct err *err;
    struct db_job *next; /* db's own */
};
/* Queues the job and returns at once. The job must live until done. */
void db_write(struct db *db, struct db_job *job);
/* The same, waiting for the outcome: commands and tests. */
NODISCARD enum code db_write_wait(struct db *db, struct arena *arena, struct err *err,
                                  enum code (*run)(struct tx *tx, void *arg), void *arg);

/* Failure injection for tests: the n-th statement from now on (n ≥ 1) that runs on the writer fails
 * with an I/O error; 0 turns it off. Also set by KANSLI_FAIL_STATEMENT at start. db_fail_hit: it
 * has happened since. */
void db_fail_at(struct db *db, int n);
bool db_fail_hit(struct db *db);

/* ---- queries: features ---- */

enum db_type { DB_NULL, DB_TEXT, DB_INT, DB_REAL, DB_BYTES };
/* Bytes that are no text: arguments by BYTES(at, n), columns by db_cell_bytes; in no document.
 * Borrowed until the call returns. */
struct db_bytes {
    const void *at;
    size_t n;
};
#define BYTES(at, n) ((struct db_bytes){(at), (n)})
struct db_arg {
    enum db_type type;
    union {
        const char *text;
        long long integer;
        double real;
        struct db_bytes bytes;
    };
};
static inline struct db_arg db_arg_text(const char *v)
{
    return (struct db_arg){.type = v ? DB_TEXT : DB_NULL, .text = v};
}
static inline struct db_arg db_arg_int(long long v)
{
    return (struct db_arg){.type = DB_INT, .integer = v};
}
static inline struct db_arg db_arg_real(double v)
{
    return (struct db_arg){.type = DB_REAL, .real = v};
}
/* A key that is 0 when there is none: NULL in the register. */
struct db_key {
    long long key;
};
#define KEY(k) ((struct db_key){(k)})
static inline struct db_arg db_arg_key(struct db_key v)
{
    return v.key ? db_arg_int(v.key) : (struct db_arg){.type = DB_NULL};
}
static inline struct db_arg db_arg_bytes(struct db_bytes v)
{
    return (struct db_arg){.type = DB_BYTES, .bytes = v};
}
#define DB_ARG(v)                                                                                  \
    _Generic((v), char *: db_arg_text, const char *: db_arg_text, bool: db_arg_int,                \
        int: db_arg_int, unsigned: db_arg_int, long: db_arg_int, long long: db_arg_int,            \
        double: db_arg_real, struct db_key: db_arg_key, struct db_bytes: db_arg_bytes)(v)

/* Maps DB_ARG over 0–24 arguments. */
#define DB_N_(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17, _18,     \
              _19, _20, _21, _22, _23, _24, n, ...)                                                \
    n
#define DB_N(...)                                                                                  \
    DB_N_(__VA_ARGS__, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5,  \
          4, 3, 2, 1)
#define DB_A1(a) DB_ARG(a)
#define DB_A2(a, ...) DB_ARG(a), DB_A1(__VA_ARGS__)
#define DB_A3(a, ...) DB_ARG(a), DB_A2(__VA_ARGS__)
#define DB_A4(a, ...) DB_ARG(a), DB_A3(__VA_ARGS__)
#define DB_A5(a, ...) DB_ARG(a), DB_A4(__VA_ARGS__)
#define DB_A6(a, ...) DB_ARG(a), DB_A5(__VA_ARGS__)
#define DB_A7(a, ...) DB_ARG(a), DB_A6(__VA_ARGS__)
#define DB_A8(a, ...) DB_ARG(a), DB_A7(__VA_ARGS__)
#define DB_A9(a, ...) DB_ARG(a), DB_A8(__VA_ARGS__)
#define DB_A10(a, ...) DB_ARG(a), DB_A9(__VA_ARGS__)
#define DB_A11(a, ...) DB_ARG(a), DB_A10(__VA_ARGS__)
#define DB_A12(a, ...) DB_ARG(a), DB_A11(__VA_ARGS__)
#define DB_A13(a, ...) DB_ARG(a), DB_A12(__VA_ARGS__)
#define DB_A14(a, ...) DB_ARG(a), DB_A13(__VA_ARGS__)
#define DB_A15(a, ...) DB_ARG(a), DB_A14(__VA_ARGS__)
#define DB_A16(a, ...) DB_ARG(a), DB_A15(__VA_ARGS__)
#define DB_A17(a, ...) DB_ARG(a), DB_A16(__VA_ARGS__)
#define DB_A18(a, ...) DB_ARG(a), DB_A17(__VA_ARGS__)
#define DB_A19(a, ...) DB_ARG(a), DB_A18(__VA_ARGS__)
#define DB_A20(a, ...) DB_ARG(a), DB_A19(__VA_ARGS__)
#define DB_A21(a, ...) DB_ARG(a), DB_A20(__VA_ARGS__)
#define DB_A22(a, ...) DB_ARG(a), DB_A21(__VA_ARGS__)
#define DB_A23(a, ...) DB_ARG(a), DB_A22(__VA_ARGS__)
#define DB_A24(a, ...) DB_ARG(a), DB_A23(__VA_ARGS__)
#define DB_CAT_(a, b) a##b
#define DB_CAT(a, b) DB_CAT_(a, b)
#define DB_ARGS(...)                                                                               \
    __VA_OPT__((struct db_arg[]){DB_CAT(DB_A, DB_N(__VA_ARGS__))(__VA_ARGS__)},                    \
               DB_N(__VA_ARGS__))                                                                  \
    DB_NONE(__VA_ARGS__)
#define DB_NONE(...) DB_NONE_(__VA_OPT__(1, ) 0)
#define DB_NONE_(a, ...) DB_NONE_##a
#define DB_NONE_0 NULL, 0
#define DB_NONE_1

/* A statement may name fewer places than there are arguments (core/list.c gives every list the same
 * first ones), never more. */
/* All rows as an array of objects, new reference, never NULL (empty after a failure). */
#define db_rows(tx, sql, ...) db_rows_((tx), "" sql, DB_ARGS(__VA_ARGS__))
/* The first row as an object, new reference, or NULL when there is none. */
#define db_row(tx, sql, ...) db_row_((tx), "" sql, DB_ARGS(__VA_ARGS__))
/* The first column of the first row as text in the tx's arena, or NULL (no row, or NULL). */
#define db_text(tx, sql, ...) db_text_((tx), "" sql, DB_ARGS(__VA_ARGS__))
/* The same as an integer; `fallback` when there is no row or it is NULL. */
#define db_int(tx, fallback, sql, ...) db_int_((tx), (fallback), "" sql, DB_ARGS(__VA_ARGS__))
/* True when there is at least one row. */
#define db_exists(tx, sql, ...) db_exists_((tx), "" sql, DB_ARGS(__VA_ARGS__))
/* Runs a statement without rows. A UNIQUE or FOREIGN KEY constraint that breaks is E_CONFLICT
 * "in-use" in the tx's err and fails the tx like anything else: rules look before they write. */
#define db_run(tx, sql, ...) db_run_((tx), "" sql, DB_ARGS(__VA_ARGS__))

json_t *db_rows_(struct tx *tx, const char *sql, const struct db_arg *args, int n);
json_t *db_row_(struct tx *tx, const char *sql, const struct db_arg *args, int n);
const char *db_text_(struct tx *tx, const char *sql, const struct db_arg *args, int n);
long long db_int_(struct tx *tx, long long fallback, const char *sql, const struct db_arg *args,
                  int n);
bool db_exists_(struct tx *tx, const char *sql, const struct db_arg *args, int n);
enum code db_run_(struct tx *tx, const char *sql, const struct db_arg *args, int n);
/* Calls each(row, arg) for every row; the object is freed afterwards. For long answers that are
 * streamed. each returns false to stop. */
void db_each_(struct tx *tx, bool (*each)(json_t *row, void *arg), void *arg, const char *sql,
              const struct db_arg *args, int n);

/* Calls take(row, arg) for every row, without a document in between: for what is judged or summed in
 * C. take returns false to stop. */
#define db_scan(tx, take, arg, sql, ...)                                                           \
    db_scan_((tx), (take), (arg), "" sql, DB_ARGS(__VA_ARGS__))
/* The row at hand, its columns counted from 0. */
struct db_cells;
/* A column as text, borrowed until take returns; NULL for NULL. */
const char *db_cell_text(const struct db_cells *row, int column);
/* A column as an integer; `fallback` for NULL. */
long long db_cell_int(const struct db_cells *row, int column, long long fallback);
/* A column of bytes, borrowed until take returns, and how many; NULL for NULL and for none. */
const void *db_cell_bytes(const struct db_cells *row, int column, size_t *n);
typedef bool db_take(const struct db_cells *row, void *arg);
void db_scan_(struct tx *tx, db_take *take, void *arg, const char *sql, const struct db_arg *args,
              int n);

/* Inside a write job: runs something that may be taken back alone. Any code but OK undoes what it
 * did, and the job goes on; after a failure of the register itself nothing goes on. */
NODISCARD enum code db_try(struct tx *tx, enum code (*run)(void *arg), void *arg);
/* Rows changed by the last db_run on this tx. */
int tx_changed(struct tx *tx);
/* OK while nothing failed. */
enum code tx_code(const struct tx *tx);
/* The failure, for the request's answer; valid when tx_code is not OK. */
const struct err *tx_err(const struct tx *tx);
struct arena *tx_arena(struct tx *tx);
/* True inside a write job. */
bool tx_writes(const struct tx *tx);
/* The instant that this transaction stamps its changes with: now, but always later than every
 * instant stamped before, also when the clock was set back. For reads: now. Borrowed. */
const char *tx_instant(struct tx *tx);

/* ---- search: kept by C in the transaction of the change ---- */

/* An index over names, folded (text_fold). Puts or replaces the words under which (type, key) is
 * found. */
enum code db_index_put(struct tx *tx, const char *type, long long key, const char *text);
/* Of both indexes: the object's name and texts are found no more. */
enum code db_index_remove(struct tx *tx, const char *type, long long key);
/* After an erasure, in its job: nothing that was removed or overwritten stays in an index, nor, as
 * soon as the snapshots that still read it have ended, in the write-ahead log. */
enum code db_scrub(struct tx *tx);
/* The match expression for what somebody typed: every word of q folded, each as a prefix; NULL when
 * q has no word. */
const char *db_index_query(struct arena *arena, const char *q);
/* The same for a name that is known: whole words. */
const char *db_index_words(struct arena *arena, const char *name);
/* The words are asked first (CROSS JOIN keeps that order), then whose they are: the other way round
 * asks the index once for every object. A condition for a WHERE: the column holds a key of `type`
 * found by the match expression at `parameter` ("?4"). All literals. */
#define DB_FOUND(column, type, parameter)                                                          \
    column " IN (SELECT e.object_key FROM search_text t CROSS JOIN search_entry e "                \
           "WHERE search_text MATCH " parameter " AND e.key = t.rowid AND e.type = '" type "')"

/* Indexes over texts, one for each type (search.c has their list), folded and stemmed (word.h). Puts
 * or replaces what (type, key) says, plain text: `inside`, or NULL, is all of it for who may read
 * more than `text`. */
enum code db_text_put(struct tx *tx, const char *type, long long key, const char *title,
                      const char *text, const char *inside);
/* Every text that is there is taken up by the present rules (word_rules). */
enum code db_text_anew(struct tx *tx);
/* What somebody typed as a match expression: all words are needed, each as written or by its stem,
 * the last one also as a beginning; "…" is a phrase of these very words. NULL when q has no word. */
const char *db_text_query(struct arena *arena, const char *q);
/* Some 200 letters of an entry's text around what q asks for: [{text, mark}], mark where it is what
 * was asked for; null for an entry without text. New reference. */
json_t *db_text_snippet(struct tx *tx, const char *type, long long entry, const char *q);
/* The pieces of a statement that finds texts in a table ("search_minutes"): FROM DB_TEXTS CROSS JOIN
 * …, WHERE DB_TEXT_FOUND; and of a row its key, whether it is the `inside` text, its number and how
 * well it fits (the more the better, by this text alone). */
#define DB_TEXTS(table) table " t"
#define DB_TEXT_FOUND(table, match) table " MATCH " match
#define DB_TEXT_KEY "(t.rowid >> 1)"
#define DB_TEXT_INSIDE "((t.rowid & 1) = 1)"
#define DB_TEXT_ENTRY "t.rowid"
/* In the place of DB_TEXTS, the text with that number alone. */
#define DB_TEXT_ONE(entry) "(SELECT " entry " AS rowid) AS t"
/* After a table in `joined`: its row is read from an index that has all that is asked of it, by a key
 * that SQLite would look up in the table itself, among its long texts. */
#define DB_NARROW(index) " INDEXED BY " index
#define DB_TEXT_SCORE(table) "text_score(" table ")"

#endif
