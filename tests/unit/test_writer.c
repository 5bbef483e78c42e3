/* test_writer.c: jobs and their transaction, instants, the log and its copies. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "register.h"

/* The disk's answer to SQLite, in the place of libc's. */
static _Atomic bool syncs_fail;

static int sync_or_fail(long call, int fd)
{
    if (!atomic_load(&syncs_fail))
        return (int)syscall(call, fd);
    errno = EIO;
    return -1;
}

int fsync(int fd)
{
    return sync_or_fail(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return sync_or_fail(SYS_fdatasync, fd);
}

/* ---- jobs ---- */

static void a_job_changes_counts_and_returns_rows(void **state)
{
    struct tx *tx;

    (void)state;
    assert_int_equal(write_sql("INSERT INTO thing (name, number) VALUES ('a', 1), ('b', 2)"), OK);
    tx = db_read(db, arena);
    assert_string_equal(as_text(db_rows(tx, "SELECT name, number FROM thing ORDER BY key")),
                        "[{\"name\":\"a\",\"number\":1},{\"name\":\"b\",\"number\":2}]");
    assert_false(tx_writes(tx));
    db_read_end(tx);
}

static enum code insert_and_look(struct tx *tx, void *arg)
{
    long long *key = arg;

    assert_true(tx_writes(tx));
    *key = db_int(tx, 0, "INSERT INTO thing (name) VALUES (?1), (?2) RETURNING key", "x", "y");
    assert_int_equal(tx_changed(tx), 2);
    db_run(tx, "UPDATE thing SET number = 5 WHERE key = ?1", *key);
    assert_int_equal(tx_changed(tx), 1);
    db_run(tx, "UPDATE thing SET number = 5 WHERE key = 999");
    assert_int_equal(tx_changed(tx), 0);
    return tx_code(tx);
}

static void returning_gives_the_key(void **state)
{
    struct err err;
    long long key = 0;

    (void)state;
    err_init(&err);
    assert_int_equal(db_write_wait(db, arena, &err, insert_and_look, &key), OK);
    assert_int_equal(key, 1);
    assert_int_equal(read_int("SELECT number FROM thing WHERE key = 1"), 5);
    assert_int_equal(read_int("SELECT count(*) FROM thing"), 2);
}

static void a_broken_constraint_is_in_use_and_our_own_slip_is_not(void **state)
{
    (void)state;
    assert_int_equal(write_sql("INSERT INTO thing (key, name) VALUES (1, 'a')"), OK);
    assert_int_equal(write_sql("INSERT INTO thing (name) VALUES ('a')"), E_CONFLICT);
    assert_int_equal(write_sql("INSERT INTO part (thing) VALUES (99)"), E_CONFLICT);
    assert_int_equal(write_sql("INSERT INTO part (thing) VALUES (99) RETURNING key"), E_CONFLICT);
    assert_int_equal(write_sql("INSERT INTO part (thing) VALUES (NULL)"), E_INTERNAL);
    assert_int_equal(write_sql("INSERT INTO part (thing) VALUES (1)"), OK);
    assert_int_equal(write_sql("DELETE FROM thing"), E_CONFLICT);
    assert_int_equal(read_int("SELECT count(*) FROM thing"), 1);
    assert_int_equal(read_int("SELECT count(*) FROM part"), 1);
}

/* Jobs that are queued while the writer is held come in one transaction. */
struct batch_job {
    struct db_job job;
    struct err err;
    const char *sql; /* NULL: wait for the gate */
    enum code says;  /* what it returns whatever happens; -1: the statement's */
    enum code told;
    uint64_t changes; /* at done */
};

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t counter_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t counter_moved = PTHREAD_COND_INITIALIZER;
static int told_count;

static enum code batch_job_run(struct tx *tx, void *arg)
{
    struct batch_job *j = arg;

    if (!j->sql) {
        pthread_mutex_lock(&gate);
        pthread_mutex_unlock(&gate);
        return OK;
    }
    enum code c = db_run_(tx, j->sql, NULL, 0);
    if (j->says == E_DENIED)
        return err_set(&j->err, E_DENIED, "denied", "No.");
    return (int)j->says < 0 ? c : j->says;
}

static void batch_job_done(void *arg, enum code code)
{
    struct batch_job *j = arg;

    pthread_mutex_lock(&counter_lock);
    j->told = code;
    j->changes = db_changes(db);
    told_count++;
    pthread_cond_signal(&counter_moved);
    pthread_mutex_unlock(&counter_lock);
}

static void batch_submit(struct batch_job *j)
{
    err_init(&j->err);
    j->told = (enum code) - 1;
    j->job = (struct db_job){
        .run = batch_job_run, .done = batch_job_done, .arg = j, .arena = arena, .err = &j->err};
    db_write(db, &j->job);
}

/* Runs n jobs in one transaction: a first one holds the writer until all are queued. */
static void batch_submit_together(struct batch_job *j, int n)
{
    struct batch_job first = {0};

    told_count = 0;
    pthread_mutex_lock(&gate);
    batch_submit(&first);
    for (bool taken = false; !taken; usleep(1000)) {
        pthread_mutex_lock(&db->writer.lock);
        taken = db->writer.first == NULL;
        pthread_mutex_unlock(&db->writer.lock);
    }
    for (int i = 0; i < n; i++)
        batch_submit(&j[i]);
    pthread_mutex_unlock(&gate);
    pthread_mutex_lock(&counter_lock);
    while (told_count < n + 1)
        pthread_cond_wait(&counter_moved, &counter_lock);
    pthread_mutex_unlock(&counter_lock);
}

#define SAYS_SO ((enum code) - 1)

static void a_job_that_fails_leaves_nothing_and_harms_nobody(void **state)
{
    struct batch_job j[] = {
        {.sql = "INSERT INTO thing (name) VALUES ('a')", .says = SAYS_SO},
        {.sql = "INSERT INTO thing (name) VALUES ('refused')", .says = E_DENIED},
        {.sql = "INSERT INTO thing (name) VALUES ('a')", .says = OK}, /* overlooks its failure */
        {.sql = "INSERT INTO thing (name) VALUES ('a')", .says = E_DENIED},        /* mistakes it */
        {.sql = "INSERT INTO part (thing, late) VALUES (1, 99)", .says = SAYS_SO}, /* at COMMIT */
        {.sql = "INSERT INTO thing (name) VALUES ('b')", .says = SAYS_SO},
    };
    static const enum code expected[] = {OK, E_DENIED, E_CONFLICT, E_CONFLICT, E_CONFLICT, OK};

    (void)state;
    batch_submit_together(j, LEN(j));
    for (size_t i = 0; i < LEN(j); i++) {
        assert_int_equal(j[i].told, expected[i]);
        assert_int_equal(j[i].err.code, expected[i]);
        if (expected[i] == E_CONFLICT)
            assert_string_equal(j[i].err.rule, "in-use");
        err_release(&j[i].err);
    }
    struct tx *tx = db_read(db, arena);
    assert_string_equal(db_text(tx, "SELECT group_concat(name) FROM thing"), "a,b");
    assert_int_equal(db_int(tx, -1, "SELECT count(*) FROM part"), 0);
    db_read_end(tx);
}

static void a_whole_transaction_that_is_lost_fails_every_job(void **state)
{
    struct batch_job j[] = {
        {.sql = "INSERT INTO thing (name) VALUES ('a')", .says = SAYS_SO},
        {.sql = "INSERT INTO thing (name) VALUES ('refused')", .says = E_DENIED},
        {.sql = "INSERT OR ROLLBACK INTO part (thing) VALUES (NULL)", .says = SAYS_SO},
        {.sql = "INSERT INTO thing (name) VALUES ('b')", .says = SAYS_SO},
    };

    (void)state;
    batch_submit_together(j, LEN(j));
    for (size_t i = 0; i < LEN(j); i++) {
        assert_int_equal(j[i].told, E_INTERNAL);
        assert_int_equal(j[i].err.code, E_INTERNAL);
        err_release(&j[i].err);
    }
    assert_int_equal(read_int("SELECT count(*) FROM thing"), 0);
    assert_int_equal(write_sql("INSERT INTO thing (name) VALUES ('next')"), OK);
}

static void a_commit_that_the_disk_refuses_is_told_and_heals(void **state)
{
    struct rlimit before, small;
    struct batch_job j[] = {
        {.sql = "INSERT INTO thing (name) VALUES ('a')", .says = SAYS_SO},
        {.sql = "INSERT INTO thing (name) VALUES (hex(zeroblob(400000)))", .says = SAYS_SO},
    };

    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 300000;
    setrlimit(RLIMIT_FSIZE, &small);
    batch_submit_together(j, LEN(j));
    setrlimit(RLIMIT_FSIZE, &before);
    for (size_t i = 0; i < LEN(j); i++) {
        assert_int_equal(j[i].told, E_STORAGE);
        assert_int_equal(j[i].err.code, E_STORAGE);
        err_release(&j[i].err);
    }
    assert_int_equal(read_int("SELECT count(*) FROM thing"), 0);
    assert_int_equal(write_sql("INSERT INTO thing (name) VALUES ('next')"), OK);
    assert_int_equal(read_int("SELECT count(*) FROM thing"), 1);
}

static void a_full_disk_stops_writes_not_reads_and_heals(void **state)
{
    (void)state;
    assert_int_equal(write_sql("INSERT INTO thing (name) VALUES ('a')"), OK);
    db->free_least = UINT64_MAX;
    assert_int_equal(write_sql("INSERT INTO thing (name) VALUES ('b')"), E_STORAGE);
    assert_int_equal(write_sql("INSERT INTO thing (name) VALUES ('c')"), E_STORAGE);
    assert_int_equal(read_int("SELECT count(*) FROM thing"), 1);
    db->free_least = FREE_LEAST;
    assert_int_equal(write_sql("INSERT INTO thing (name) VALUES ('b')"), OK);
}

static void after_a_failed_fsync_nothing_more_is_written(void **state)
{
    (void)state;
    assert_int_equal(write_sql("INSERT INTO thing (name) VALUES ('kept')"), OK);
    atomic_store(&syncs_fail, true);
    assert_int_equal(write_sql("INSERT INTO thing (name) VALUES ('lost')"), E_STORAGE);
    atomic_store(&syncs_fail, false);
    assert_int_equal(write_sql("INSERT INTO thing (name) VALUES ('never')"), E_STORAGE);
    assert_int_equal(read_int("SELECT count(*) FROM thing"), 1);
    db_close(db); /* a new process begins anew */
    open_with((struct db_options){0});
    assert_int_equal(write_sql("INSERT INTO thing (name) VALUES ('next')"), OK);
    assert_int_equal(read_int("SELECT count(*) FROM thing WHERE name <> 'lost'"), 2);
}

enum { WRITERS = 32, WRITES = 25 };

static enum code write_pair(struct tx *tx, void *arg)
{
    long long from = *(int *)arg;

    db_run(tx, "INSERT INTO audit_event (at) VALUES (?1)", tx_instant(tx));
    db_run(tx, "INSERT INTO thing (number) VALUES (?1)", from);
    db_run(tx, "INSERT INTO thing (number) VALUES (?1)", -from);
    return tx_code(tx);
}

static void *write_pairs(void *arg)
{
    struct arena *own = arena_new(1 << 16);
    struct err err;

    err_init(&err);
    for (int i = 0; i < WRITES; i++)
        assert_int_equal(db_write_wait(db, own, &err, write_pair, arg), OK);
    arena_free(own);
    return NULL;
}

static _Atomic bool writers_are_done;

static void *read_pairs(void *arg)
{
    struct arena *own = arena_new(1 << 16);
    long long *seen = arg, n = 0, last = 0;
    uint64_t changes = 0;

    while (!atomic_load(&writers_are_done)) {
        uint64_t now = db_changes(db);
        struct tx *tx = db_read(db, own);

        n = db_int(tx, -1, "SELECT count(*) FROM thing");
        assert_int_equal(n % 2, 0);
        assert_int_equal(db_int(tx, -1, "SELECT coalesce(sum(number), 0) FROM thing"), 0);
        assert_int_equal(db_int(tx, -1, "SELECT count(*) FROM thing"), n);
        assert_true(n >= last && now >= changes);
        last = n;
        changes = now;
        db_read_end(tx);
        ++*seen;
    }
    arena_free(own);
    return NULL;
}

static void many_threads_write_and_no_reader_sees_half_a_job(void **state)
{
    pthread_t writer[WRITERS], reader[2];
    int number[WRITERS];
    long long seen[2] = {0, 0};

    (void)state;
    atomic_store(&writers_are_done, false);
    for (size_t i = 0; i < LEN(reader); i++)
        assert_int_equal(pthread_create(&reader[i], NULL, read_pairs, &seen[i]), 0);
    for (int i = 0; i < WRITERS; i++) {
        number[i] = i + 1;
        assert_int_equal(pthread_create(&writer[i], NULL, write_pairs, &number[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++)
        pthread_join(writer[i], NULL);
    atomic_store(&writers_are_done, true);
    for (size_t i = 0; i < LEN(reader); i++)
        pthread_join(reader[i], NULL);
    assert_true(seen[0] > 0 && seen[1] > 0);
    assert_int_equal(read_int("SELECT count(*) FROM thing"), 2 * WRITERS * WRITES);
    assert_int_equal(read_int("SELECT count(DISTINCT at) FROM audit_event"), WRITERS * WRITES);
    assert_int_equal(read_int("SELECT count(*) FROM audit_event a JOIN audit_event b"
                              " ON b.key = a.key + 1 WHERE b.at <= a.at"),
                     0);
}

static void each_statement_can_fail_and_nothing_is_half_done(void **state)
{
    int number = 1, n = 1;
    struct err err;

    (void)state;
    for (;; n++) {
        err_init(&err);
        db_fail_at(db, n);
        enum code c = db_write_wait(db, arena, &err, write_pair, &number);
        assert_int_equal(err.code, c);
        err_release(&err);
        if (!db_fail_hit(db)) {
            assert_int_equal(c, OK);
            break;
        }
        assert_int_equal(c, E_STORAGE);
        assert_int_equal(read_int("SELECT count(*) FROM thing"), 0);
        assert_int_equal(read_int("SELECT count(*) FROM audit_event"), 0);
    }
    assert_int_equal(n, 4);
    db_fail_at(db, 0);
    assert_int_equal(db_write_wait(db, arena, NULL, write_pair, &number), OK);
    assert_int_equal(read_int("SELECT count(*) FROM thing"), 4);
}

static void the_environment_arms_the_failure(void **state)
{
    int number = 1;

    (void)state;
    db_close(db);
    setenv("KANSLI_FAIL_STATEMENT", "2", 1);
    open_with((struct db_options){0});
    unsetenv("KANSLI_FAIL_STATEMENT");
    assert_int_equal(db_write_wait(db, arena, NULL, write_pair, &number), E_STORAGE);
    assert_true(db_fail_hit(db));
    assert_int_equal(db_write_wait(db, arena, NULL, write_pair, &number), OK);
}

/* ---- instants and changes ---- */

static enum code take_instant(struct tx *tx, void *arg)
{
    const char *at = tx_instant(tx);

    assert_ptr_equal(at, tx_instant(tx));
    memcpy(arg, at, INSTANT_SIZE);
    return tx_code(tx);
}

static void instants_only_go_forward_also_when_the_clock_does_not(void **state)
{
    char at[INSTANT_SIZE], next[INSTANT_SIZE];

    (void)state;
    assert_int_equal(write_sql("INSERT INTO audit_event (at) VALUES ('2999-12-31T23:59:59.998Z')"),
                     OK);
    db_close(db);
    open_with((struct db_options){0});
    assert_int_equal(db_write_wait(db, arena, NULL, take_instant, at), OK);
    assert_string_equal(at, "2999-12-31T23:59:59.999Z");
    assert_int_equal(db_write_wait(db, arena, NULL, take_instant, next), OK);
    assert_string_equal(next, "3000-01-01T00:00:00.000Z");
}

static void changes_count_our_writes_and_those_of_another_process(void **state)
{
    struct db *ours = db;
    struct batch_job j = {.sql = "INSERT INTO thing (name) VALUES ('a')", .says = SAYS_SO};
    char at[INSTANT_SIZE];

    (void)state;
    uint64_t before = db_changes(db);
    usleep(3000);
    assert_int_equal(db_changes(db), before);
    batch_submit_together(&j, 1);
    assert_true(j.changes > before); /* already when it was told */
    usleep(3000);
    assert_int_equal(db_changes(db), j.changes);
    before = j.changes;
    open_with((struct db_options){.offline = true});
    assert_int_equal(write_sql("INSERT INTO audit_event (at) VALUES ('2999-01-01T00:00:00.000Z')"),
                     OK);
    db_close(db);
    db = ours;
    usleep(3000);
    assert_true(db_changes(db) > before);
    assert_int_equal(db_write_wait(db, arena, NULL, take_instant, at), OK);
    assert_string_equal(at, "2999-01-01T00:00:00.001Z");
}

/* ---- the log and the copies ---- */

static off_t size_of(const char *name)
{
    struct stat st;

    return stat(name, &st) == 0 ? st.st_size : -1;
}

static void the_log_is_emptied_at_close_but_not_while_another_process_writes(void **state)
{
    char *wal = beside("-wal");
    int other = open(beside("-lock"), O_RDWR);

    (void)state;
    assert_true(other >= 0);
    assert_int_equal(write_sql("INSERT INTO thing (name) VALUES ('a')"), OK);
    assert_true(size_of(wal) > 0);
    assert_int_equal(flock(other, LOCK_SH), 0);
    db_close(db);
    assert_true(size_of(wal) > 0);
    assert_int_equal(flock(other, LOCK_UN), 0);
    open_with((struct db_options){0});
    assert_int_equal(read_int("SELECT count(*) FROM thing"), 1);
    db_close(db);
    assert_int_equal(size_of(wal), 0);
    close(other);
    open_with((struct db_options){0});
    assert_int_equal(read_int("SELECT count(*) FROM thing"), 1);
}

static void the_log_does_not_grow_without_end(void **state)
{
    (void)state;
    for (int i = 0; i < 30; i++)
        assert_int_equal(write_sql("INSERT OR REPLACE INTO thing (key, name)"
                                   " VALUES (1, hex(zeroblob(500000)))"),
                         OK);
    assert_in_range(size_of(beside("-wal")), 4 << 20, 8 << 20);
}

static enum code scrub_job(struct tx *tx, void *arg)
{
    (void)arg;
    db_index_remove(tx, "thing", 1);
    return db_scrub(tx);
}

static enum code put_job(struct tx *tx, void *arg)
{
    return db_index_put(tx, "thing", 1, arg);
}

static bool holds(const char *name, const char *word)
{
    char command[256];

    snprintf(command, sizeof command, "grep -qai '%s' %s", word, name);
    return system(command) == 0;
}

static void an_erased_word_is_nowhere_once_snapshots_have_ended(void **state)
{
    char word[] = "Zyxelqvist Åkerbär", other[] = "Wobblesson";

    (void)state;
    assert_int_equal(db_write_wait(db, arena, NULL, put_job, word), OK);
    assert_int_equal(db_write_wait(db, arena, NULL, put_job, other), OK);
    assert_true(holds(beside("-wal"), "zyxelqvist"));
    struct tx *tx = db_read(db, arena);
    assert_int_equal(db_write_wait(db, arena, NULL, scrub_job, NULL), OK);
    assert_true(holds(beside("-wal"), "zyxelqvist"));
    db_read_end(tx);
    for (int i = 0; i < 100 && size_of(beside("-wal")) != 0; i++)
        usleep(100000);
    assert_int_equal(size_of(beside("-wal")), 0);
    assert_false(holds(beside("*"), "zyxelqvist"));
    assert_false(holds(beside("*"), "wobblesson"));
}

static void a_copy_is_equal_complete_and_never_overwrites(void **state)
{
    struct err err;
    struct db *ours = db;
    char *copy = beside(".copy");
    int number = 1;

    (void)state;
    err_init(&err);
    for (int i = 0; i < 20; i++)
        assert_int_equal(db_write_wait(db, arena, NULL, write_pair, &number), OK);
    struct tx *tx = db_read(db, arena);
    assert_int_equal(db_backup(db, copy, &err), OK);
    json_t *rows = db_rows(tx, "SELECT * FROM thing"), *same;
    db_read_end(tx);
    assert_int_equal(db_backup(db, copy, &err), E_CONFLICT);
    assert_string_equal(err.rule, "file-exists");
    err_release(&err);
    assert_int_equal(db_backup(db, "/nowhere/copy", &err), E_ABSENT);
    err_release(&err);
    assert_int_equal(db_open(copy, NULL, &db, &err), OK);
    tx = db_read(db, arena);
    same = db_rows(tx, "SELECT * FROM thing");
    db_read_end(tx);
    assert_true(json_equal(rows, same));
    json_decref(rows);
    json_decref(same);
    assert_int_equal(write_sql("INSERT INTO thing (name) VALUES ('in the copy')"), OK);
    db_close(db);
    db = ours;
    assert_int_equal(read_int("SELECT count(*) FROM thing"), 40);
    assert_int_equal(system(arena_printf(arena, "test -z \"$(ls %s | grep copy[.])\"", directory)),
                     0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(a_job_changes_counts_and_returns_rows),
        TEST(returning_gives_the_key),
        TEST(a_broken_constraint_is_in_use_and_our_own_slip_is_not),
        TEST(a_job_that_fails_leaves_nothing_and_harms_nobody),
        TEST(a_whole_transaction_that_is_lost_fails_every_job),
        TEST(a_commit_that_the_disk_refuses_is_told_and_heals),
        TEST(a_full_disk_stops_writes_not_reads_and_heals),
        TEST(after_a_failed_fsync_nothing_more_is_written),
        TEST(many_threads_write_and_no_reader_sees_half_a_job),
        TEST(each_statement_can_fail_and_nothing_is_half_done),
        TEST(the_environment_arms_the_failure),
        TEST(instants_only_go_forward_also_when_the_clock_does_not),
        TEST(changes_count_our_writes_and_those_of_another_process),
        TEST(the_log_is_emptied_at_close_but_not_while_another_process_writes),
        TEST(the_log_does_not_grow_without_end),
        TEST(an_erased_word_is_nowhere_once_snapshots_have_ended),
        TEST(a_copy_is_equal_complete_and_never_overwrites),
    };

    return cmocka_run_group_tests_name("writer", tests, NULL, NULL);
}
