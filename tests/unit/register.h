/* register.h: a register in an empty directory, open as `db`, for tests of the db room.
 *
 * Included once by a test program. Defines the lookups of embedded files, so that the register has
 * the test's migration and the binary's own are not linked. */
#ifndef KANSLI_TEST_REGISTER_H
#define KANSLI_TEST_REGISTER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <kansli/asset.h>
#include <kansli/json.h>

#include "../../src/db/internal.h"

static const char schema[] =
    "CREATE TABLE thing (key INTEGER PRIMARY KEY, name TEXT UNIQUE, number INTEGER, share REAL,"
    " open INTEGER) STRICT;"
    "CREATE TABLE part (key INTEGER PRIMARY KEY, thing INTEGER NOT NULL REFERENCES thing (key),"
    " late INTEGER REFERENCES thing (key) DEFERRABLE INITIALLY DEFERRED) STRICT;"
    "CREATE TABLE audit_event (key INTEGER PRIMARY KEY, at TEXT NOT NULL) STRICT;"
    "CREATE TABLE search_entry (key INTEGER PRIMARY KEY, type TEXT NOT NULL,"
    " object_key INTEGER NOT NULL, UNIQUE (type, object_key)) STRICT;"
    "CREATE VIRTUAL TABLE search_text USING fts5(words, prefix = '2 3');"
#define TEXTS(table) "CREATE VIRTUAL TABLE " table " USING fts5(title, body, tokenize = 'kansli', columnsize = 0);"
    TEXTS("search_minutes")
    TEXTS("search_decisions")
    TEXTS("search_actions")
    TEXTS("search_meetings")
    TEXTS("search_agenda_items")
    TEXTS("search_mandates")
    TEXTS("search_plans")
    TEXTS("search_initiatives")
    TEXTS("search_gaps");
#undef TEXTS

static const struct asset assets[] = {
    {.name = "migrations/0001_test.sql",
     .bytes = (const unsigned char *)schema,
     .len = sizeof schema - 1,
     .hash = "0123456789abcdef"},
};

/* The test's own migrations in the place of the binary's. */
const struct asset *asset_find(const char *name)
{
    return strcmp(name, assets[0].name) == 0 ? &assets[0] : NULL;
}

const struct asset *asset_all(size_t *n)
{
    *n = LEN(assets);
    return assets;
}

/* ---- a register in an empty directory ---- */

static char directory[64];
static char path[128];
static struct db *db;
static struct arena *arena;

static UNUSED char *beside(const char *suffix)
{
    return arena_printf(arena, "%s%s", path, suffix);
}

static void open_with(struct db_options options)
{
    struct err err;

    err_init(&err);
    assert_int_equal(db_open(path, &options, &db, &err), OK);
    err_release(&err);
}

static int set_up(void **state)
{
    struct err err;

    (void)state;
    snprintf(directory, sizeof directory, "/tmp/kansli-db-XXXXXX");
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/register", directory);
    arena = arena_new(16 << 20);
    err_init(&err);
    assert_int_equal(db_create(path, &err), OK);
    open_with((struct db_options){.read_limit_ms = 30000});
    return 0;
}

static int tear_down(void **state)
{
    char command[128];

    (void)state;
    db_close(db);
    db = NULL;
    arena_free(arena);
    snprintf(command, sizeof command, "rm -r %s", directory);
    return system(command);
}

static enum code do_sql(struct tx *tx, void *arg)
{
    return db_run_(tx, arg, NULL, 0);
}

static UNUSED enum code write_sql(const char *sql)
{
    struct err err;
    enum code c;

    err_init(&err);
    c = db_write_wait(db, arena, &err, do_sql, (void *)(uintptr_t)sql);
    assert_int_equal(err.code, c);
    err_release(&err);
    return c;
}

static UNUSED long long read_int(const char *sql)
{
    struct tx *tx = db_read(db, arena);
    long long v = db_int_(tx, -1, sql, NULL, 0);

    assert_int_equal(tx_code(tx), OK);
    db_read_end(tx);
    return v;
}

static UNUSED const char *as_text(json_t *v)
{
    char *dump = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
    const char *text = arena_strdup(arena, dump);

    free(dump);
    json_decref(v);
    return text;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

#endif
