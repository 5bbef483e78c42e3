/* test_migrate.c: a register's shape from nothing to the newest, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include <kansli/asset.h>
#include <kansli/date.h>
#include <kansli/db.h>
#include <kansli/json.h>

/* The binary's migrations, as many as a test says. */
static struct asset assets[8];
static size_t asset_number;

const struct asset *asset_find(const char *name)
{
    for (size_t i = 0; i < asset_number; i++)
        if (strcmp(assets[i].name, name) == 0)
            return &assets[i];
    return NULL;
}

const struct asset *asset_all(size_t *n)
{
    *n = asset_number;
    return assets;
}

static void give(const char *name, const char *sql, const char *hash)
{
    assets[asset_number++] = (struct asset){
        .name = name, .bytes = (const unsigned char *)sql, .len = strlen(sql), .hash = hash};
}

static void give_first(void)
{
    asset_number = 0;
    give("data/groups.csv", "not SQL", "0");
    give("migrations/0001_house.sql",
         "CREATE TABLE thing (key INTEGER PRIMARY KEY, name TEXT) STRICT;"
         "CREATE TABLE part (key INTEGER PRIMARY KEY, thing INTEGER REFERENCES thing (key)) STRICT;"
         "INSERT INTO thing VALUES (1, 'first'); INSERT INTO part VALUES (1, 1);",
         "1111111111111111");
}

static void give_two_more(void)
{
    give("migrations/0002_more.sql",
         "-- rebuilds a table that another points to\n"
         "CREATE TABLE thing_new (key INTEGER PRIMARY KEY, name TEXT, more INTEGER) STRICT;"
         "INSERT INTO thing_new SELECT key, name, 7 FROM thing; DROP TABLE thing;"
         "ALTER TABLE thing_new RENAME TO thing;",
         "2222222222222222");
    give("migrations/0007_last.sql", "INSERT INTO thing VALUES (2, 'last', 0);",
         "7777777777777777");
}

static char directory[64], path[128];
static struct arena *arena;
static struct err err;

static int set_up(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/kansli-migrate-XXXXXX");
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/register", directory);
    arena = arena_new(1 << 20);
    err_init(&err);
    give_first();
    return 0;
}

static int tear_down(void **state)
{
    char command[128];

    (void)state;
    err_release(&err);
    arena_free(arena);
    snprintf(command, sizeof command, "rm -r %s", directory);
    return system(command);
}

static void refused(enum code got, enum code code, const char *rule)
{
    assert_int_equal(got, code);
    assert_int_equal(err.code, code);
    assert_string_equal(err.rule, rule);
    err_release(&err);
}

static void created(void)
{
    assert_int_equal(db_create(path, &err), OK);
}

/* The names in the register at `at`, or why it does not open. */
static const char *names(const char *at)
{
    struct db *db;

    if (db_open(at, NULL, &db, &err)) {
        const char *rule = err.rule;
        err_release(&err);
        return rule;
    }
    struct tx *tx = db_read(db, arena);
    const char *found = db_text(tx, "SELECT group_concat(name) FROM thing");
    db_read_end(tx);
    db_close(db);
    return found;
}

static int files(void)
{
    char command[128], number[16] = "";

    snprintf(command, sizeof command, "ls %s | grep -c .", directory);
    FILE *pipe = popen(command, "r");
    assert_non_null(fgets(number, sizeof number, pipe));
    pclose(pipe);
    return (int)strtol(number, NULL, 10);
}

static void shell(const char *sql, const char *at)
{
    assert_int_equal(system(arena_printf(arena, "printf '%%s' '%s' > %s", sql, at)), 0);
}

static void with_another_tool(const char *sql)
{
    sqlite3 *other;

    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
}

static void a_new_register_is_one_private_file_with_everything_applied(void **state)
{
    struct stat st;

    (void)state;
    give_two_more();
    created();
    assert_int_equal(files(), 1);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_string_equal(names(path), "first,last");
}

static void a_register_is_never_made_over_a_file(void **state)
{
    (void)state;
    shell("precious", path);
    refused(db_create(path, &err), E_CONFLICT, "file-exists");
    assert_int_equal(system(arena_printf(arena, "grep -q precious %s", path)), 0);
    assert_int_equal(unlink(path), 0);
    shell("an old log would be read into the new file", arena_printf(arena, "%s-wal", path));
    refused(db_create(path, &err), E_CONFLICT, "file-exists");
    refused(db_create("/nowhere/register", &err), E_ABSENT, "no-directory");
}

static void what_is_half_made_is_removed(void **state)
{
    (void)state;
    give("migrations/0002_broken.sql", "CREATE TABLE more (key INTEGER); NONSENSE;", "2");
    refused(db_create(path, &err), E_INTERNAL, "migration-failed");
    assert_int_equal(files(), 0);
}

static void what_is_no_register_is_refused_and_left_alone(void **state)
{
    struct db *db;

    (void)state;
    refused(db_open(path, NULL, &db, &err), E_ABSENT, "no-register");
    refused(db_open(directory, NULL, &db, &err), E_INPUT, "not-a-register");
    shell("", path);
    refused(db_open(path, NULL, &db, &err), E_INPUT, "not-a-register");
    shell("some letter, long enough to be taken for a database file by its size: ...........",
          path);
    refused(db_open(path, NULL, &db, &err), E_INPUT, "not-a-register");
    int applied;
    refused(db_migrate(path, &applied, &err), E_INPUT, "not-a-register");
    assert_int_equal(unlink(path), 0);
    with_another_tool("CREATE TABLE thing (name TEXT)");
    refused(db_open(path, NULL, &db, &err), E_INPUT, "not-a-register");
    assert_int_equal(files(), 1);
}

static void an_older_register_is_copied_and_raised(void **state)
{
    int applied = -1;

    (void)state;
    created();
    give_two_more();
    assert_string_equal(names(path), "database-older");
    assert_int_equal(db_migrate(path, &applied, &err), OK);
    assert_int_equal(applied, 2);
    assert_string_equal(names(path), "first,last");
    assert_int_equal(db_migrate(path, &applied, &err), OK);
    assert_int_equal(applied, 0);
    assert_int_equal(system(arena_printf(arena, "mv %s.before-0002-* %s.copy", path, path)), 0);
    give_first();
    assert_string_equal(names(arena_printf(arena, "%s.copy", path)), "first");
}

static void a_log_left_by_a_crash_is_in_the_copy_and_in_the_raised_register(void **state)
{
    struct db *db;
    int applied;

    (void)state;
    created();
    assert_int_equal(db_open(path, NULL, &db, &err), OK);
    with_another_tool("UPDATE thing SET name = 'crashed'");
    /* The file and its log as they stand on the disk, while the register is open. */
    assert_int_equal(
        system(arena_printf(arena, "cp %s %s.c && cp %s-wal %s.c-wal", path, path, path, path)), 0);
    db_close(db);
    give_two_more();
    const char *crashed = arena_printf(arena, "%s.c", path);
    assert_int_equal(db_migrate(crashed, &applied, &err), OK);
    assert_string_equal(names(crashed), "crashed,last");
}

static void a_newer_register_is_refused(void **state)
{
    int applied;

    (void)state;
    give_two_more();
    created();
    give_first();
    assert_string_equal(names(path), "database-newer");
    refused(db_migrate(path, &applied, &err), E_CONFLICT, "database-newer");
}

static void a_changed_or_forgotten_migration_is_refused(void **state)
{
    struct db *db;

    (void)state;
    give_two_more();
    created();
    assets[2].hash = "2222222222222223";
    refused(db_open(path, NULL, &db, &err), E_CONFLICT, "migration-changed");
    assets[2] = assets[3];
    asset_number--;
    assert_string_equal(names(path), "migration-changed");
}

static void a_migration_that_fails_leaves_what_was_before_it(void **state)
{
    static const char *const broken[] = {
        "INSERT INTO thing VALUES (3, 'half'); NONSENSE;",
        "INSERT INTO thing VALUES (3, 'half'); INSERT INTO part VALUES (2, 99);",
        "INSERT INTO thing VALUES (3, 'half'); INSERT INTO thing VALUES (3, 'again');",
    };
    int applied;

    (void)state;
    created();
    for (size_t i = 0; i < LEN(broken); i++) {
        give("migrations/0002_good.sql", i ? "" : "INSERT INTO thing VALUES (2, 'good');", "2");
        give("migrations/0003_broken.sql", broken[i], "3");
        refused(db_migrate(path, &applied, &err), E_INTERNAL, "migration-failed");
        assert_int_equal(applied, i ? 0 : 1);
        assert_string_equal(names(path), "database-older");
        give_first();
        give("migrations/0002_good.sql", "", "2");
        assert_string_equal(names(path), "first,good");
        give_first();
        usleep(2000); /* another millisecond, another copy */
    }
    give("migrations/0002_good.sql", "", "2");
    give("migrations/0003_ends.sql", "COMMIT;", "3");
    refused(db_migrate(path, &applied, &err), E_INTERNAL, "migration-failed");
}

static void a_register_that_is_open_is_not_raised(void **state)
{
    struct db *db;
    int applied;

    (void)state;
    created();
    assert_int_equal(db_open(path, NULL, &db, &err), OK);
    give_two_more();
    refused(db_migrate(path, &applied, &err), E_BUSY, "register-in-use");
    db_close(db);
    assert_int_equal(db_migrate(path, &applied, &err), OK);
    assert_int_equal(applied, 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(a_new_register_is_one_private_file_with_everything_applied),
        TEST(a_register_is_never_made_over_a_file),
        TEST(what_is_half_made_is_removed),
        TEST(what_is_no_register_is_refused_and_left_alone),
        TEST(an_older_register_is_copied_and_raised),
        TEST(a_log_left_by_a_crash_is_in_the_copy_and_in_the_raised_register),
        TEST(a_newer_register_is_refused),
        TEST(a_changed_or_forgotten_migration_is_refused),
        TEST(a_migration_that_fails_leaves_what_was_before_it),
        TEST(a_register_that_is_open_is_not_raised),
    };

    return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
