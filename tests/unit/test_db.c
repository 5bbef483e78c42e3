/* test_db.c: queries, rows, snapshots and search. */
#include <sys/resource.h>
#include <sys/wait.h>

#include "register.h"

/* ---- queries ---- */

static void rows_carry_types_nulls_and_booleans(void **state)
{
    struct tx *tx = db_read(db, arena);

    (void)state;
    assert_string_equal(
        as_text(db_row(tx, "SELECT 'å' AS name, 12 AS n, -1.5 AS share, NULL AS none, 1 AS"
                           " \"isOpen?\","
                           " 0 AS \"isShut?\", NULL AS \"isKnown?\", 9e999 AS big, '' AS empty,"
                           " 9223372036854775807 AS most")),
        "{\"name\":\"å\",\"n\":12,\"share\":-1.5,\"none\":null,\"isOpen\":true,\"isShut\":false,"
        "\"isKnown\":null,\"big\":null,\"empty\":\"\",\"most\":9223372036854775807}");
    assert_string_equal(as_text(db_rows(tx, "VALUES (1), (2)")),
                        "[{\"column1\":1},{\"column1\":2}]");
    assert_string_equal(as_text(db_rows(tx, "SELECT 1 WHERE 0")), "[]");
    assert_null(db_row(tx, "SELECT 1 WHERE 0"));
    assert_int_equal(tx_code(tx), OK);
    db_read_end(tx);
}

static void arguments_keep_their_types(void **state)
{
    struct tx *tx = db_read(db, arena);
    const char *none = NULL;
    char text[] = "x";

    (void)state;
    assert_string_equal(db_text(tx,
                                "SELECT typeof(?1) || typeof(?2) || typeof(?3) || typeof(?4)"
                                " || typeof(?5) || typeof(?6) || typeof(?7)",
                                text, 1, 2.5, none, KEY(0), KEY(7), true),
                        "textintegerrealnullnullintegerinteger");
    assert_int_equal(db_int(tx, 5, "SELECT ?1 + ?2", 1LL << 40, 2L), (1LL << 40) + 2);
    db_read_end(tx);
}

static void absent_and_null_give_the_fallback(void **state)
{
    struct tx *tx = db_read(db, arena);

    (void)state;
    assert_int_equal(db_int(tx, 5, "SELECT 1 WHERE 0"), 5);
    assert_int_equal(db_int(tx, 5, "SELECT NULL"), 5);
    assert_null(db_text(tx, "SELECT NULL"));
    assert_null(db_text(tx, "SELECT 'x' WHERE 0"));
    assert_string_equal(db_text(tx, "SELECT ''"), "");
    assert_true(db_exists(tx, "SELECT NULL"));
    assert_false(db_exists(tx, "SELECT NULL WHERE 0"));
    db_read_end(tx);
}

static void a_failed_snapshot_stays_failed_and_the_next_is_fine(void **state)
{
    struct tx *tx = db_read(db, arena);

    (void)state;
    assert_int_equal(db_int(tx, 5, "SELECT abs(-9223372036854775807 - 1)"), 5);
    assert_int_equal(tx_code(tx), E_INTERNAL);
    assert_string_equal(tx_err(tx)->rule, "internal");
    assert_string_equal(as_text(db_rows(tx, "SELECT 1")), "[]");
    assert_null(db_row(tx, "SELECT 1"));
    assert_null(db_text(tx, "SELECT 'x'"));
    assert_int_equal(db_int(tx, 5, "SELECT 1"), 5);
    assert_false(db_exists(tx, "SELECT 1"));
    assert_int_equal(db_run(tx, "SELECT 1"), E_INTERNAL);
    db_read_end(tx);
    assert_int_equal(read_int("SELECT 1"), 1);
}

static void rows_found_before_a_failure_are_not_returned(void **state)
{
    struct tx *tx = db_read(db, arena);

    (void)state;
    assert_string_equal(
        as_text(db_rows(tx, "SELECT abs(column1) FROM (VALUES (1), (-9223372036854775807 - 1))")),
        "[]");
    assert_int_equal(tx_code(tx), E_INTERNAL);
    db_read_end(tx);
}

struct walk {
    struct tx *tx;
    int rows, stop, inner;
};

static bool walk_on(json_t *row, void *arg)
{
    struct walk *walk = arg;
    json_t *rows =
        db_rows(walk->tx, "VALUES (1), (2), (3)"); /* the statement that is being stepped */

    walk->inner += (int)json_array_size(rows);
    json_decref(rows);
    walk->rows++;
    assert_int_equal(json_int(row, "column1", 0), walk->rows);
    return walk->rows != walk->stop;
}

static void each_walks_stops_and_may_ask_the_same_again(void **state)
{
    struct tx *tx = db_read(db, arena);

    (void)state;
    for (int stop = 1; stop <= 4; stop++) {
        struct walk walk = {.tx = tx, .stop = stop};

        db_each_(tx, walk_on, &walk, "VALUES (1), (2), (3)", NULL, 0);
        assert_int_equal(walk.rows, stop < 3 ? stop : 3);
        assert_int_equal(walk.inner, walk.rows * 3);
    }
    assert_int_equal(tx_code(tx), OK);
    db_read_end(tx);
}

/* Sums numbers, joins texts, counts what is NULL; asks the statement that is being stepped. */
struct sum {
    struct tx *tx;
    long long n;
    int rows, stop, none;
    const char *texts;
};

static bool sum_up(const struct db_cells *row, void *arg)
{
    struct sum *sum = arg;
    const char *text = db_cell_text(row, 1);

    sum->none += !text;
    sum->texts = arena_join(arena, sum->texts, text ? text : "-", NULL);
    sum->n += db_cell_int(row, 0, 100);
    assert_int_equal(db_int(sum->tx, 0, "SELECT 7"), 7);
    return ++sum->rows != sum->stop;
}

static void a_scan_gives_cells_stops_and_holds_its_tongue_after_a_failure(void **state)
{
    struct tx *tx = db_read(db, arena);
    struct sum sum = {.tx = tx, .texts = ""};

    (void)state;
    db_scan(tx, sum_up, &sum, "VALUES (?1, 'å'), (NULL, NULL), (3, '')", 1LL << 40);
    assert_int_equal(sum.rows, 3);
    assert_int_equal(sum.n, (1LL << 40) + 103);
    assert_int_equal(sum.none, 1);
    assert_string_equal(sum.texts, "å-");
    sum.stop = 5;
    db_scan(tx, sum_up, &sum, "VALUES (1, 'x'), (2, 'y'), (3, 'z')");
    assert_string_equal(sum.texts, "å-xy");
    assert_int_equal(db_int(tx, 5, "SELECT abs(-9223372036854775807 - 1)"), 5);
    db_scan(tx, sum_up, &sum, "VALUES (1, 'x')");
    assert_int_equal(sum.rows, 5);
    db_read_end(tx);
}

static bool same_bytes(const struct db_cells *row, void *arg)
{
    static const char sent[] = "a\0b";
    bool *same = arg;
    size_t n, none;
    const void *bytes = db_cell_bytes(row, 0, &n);

    *same = n == 3 && !memcmp(bytes, sent, 3);
    db_cell_bytes(row, 1, &none);
    assert_int_equal(none, 0);
    assert_null(db_cell_bytes(row, 2, &none));
    assert_int_equal(none, 0);
    return true;
}

static void bytes_come_back_as_they_went_in(void **state)
{
    struct tx *tx = db_read(db, arena);
    bool same = false;

    (void)state;
    assert_string_equal(db_text(tx, "SELECT typeof(?1) || length(?1) || typeof(?2) || length(?2)",
                                BYTES("a\0b", 3), BYTES(NULL, 0)),
                        "blob3blob0");
    db_scan(tx, same_bytes, &same, "SELECT ?1, ?2, NULL", BYTES("a\0b", 3), BYTES(NULL, 0));
    assert_true(same);
    db_read_end(tx);
}

static void a_text_built_anew_at_the_same_place_is_another_statement(void **state)
{
    char sql[64];

    (void)state;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < STATEMENTS_MAX * 2; i++) {
            snprintf(sql, sizeof sql, "SELECT %d", i);
            assert_int_equal(read_int(sql), i);
        }
    }
    assert_int_equal(db->reader[0].conn.statements.n, STATEMENTS_MAX);
}

static void no_connection_lacks_a_setting(void **state)
{
    static const struct {
        const char *sql;
        long long read, write;
    } settings[] = {
        {"PRAGMA foreign_keys", 1, 1},       {"PRAGMA query_only", 1, 0},
        {"PRAGMA trusted_schema", 0, 0},     {"PRAGMA cell_size_check", 1, 1},
        {"PRAGMA temp_store", 2, 2},         {"PRAGMA cache_size", -16384, -16384},
        {"PRAGMA wal_autocheckpoint", 0, 0}, {"PRAGMA secure_delete", 1, 1},
        {"PRAGMA synchronous", 2, 2},        {"PRAGMA application_id", 0x6b616e73, 0x6b616e73},
    };
    struct tx *tx = db_read(db, arena);

    (void)state;
    for (size_t i = 0; i < LEN(settings); i++) {
        struct tx write;

        assert_int_equal(db_int_(tx, -1, settings[i].sql, NULL, 0), settings[i].read);
        tx_init(&write, NULL, &db->writer.conn, arena, true);
        assert_int_equal(db_int_(&write, -1, settings[i].sql, NULL, 0), settings[i].write);
    }
    db_read_end(tx);
    for (int i = 0; i < 2; i++) {
        sqlite3 *sqlite = i ? db->writer.conn.sqlite : db->reader[0].conn.sqlite;
        int on = -1;

        assert_int_equal(sqlite3_limit(sqlite, SQLITE_LIMIT_ATTACHED, -1), 0);
        assert_int_equal(sqlite3_limit(sqlite, SQLITE_LIMIT_VARIABLE_NUMBER, -1), 999);
        assert_int_equal(sqlite3_limit(sqlite, SQLITE_LIMIT_LENGTH, -1), 4 << 20);
        assert_int_equal(sqlite3_limit(sqlite, SQLITE_LIMIT_EXPR_DEPTH, -1), 100);
        sqlite3_db_config(sqlite, SQLITE_DBCONFIG_DEFENSIVE, -1, &on);
        assert_int_equal(on, 1);
        sqlite3_db_config(sqlite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, -1, &on);
        assert_int_equal(on, 1);
        sqlite3_db_config(sqlite, SQLITE_DBCONFIG_DQS_DML, -1, &on);
        assert_int_equal(on, 0);
    }
}

static void our_own_mistakes_abort(void **state)
{
    static const char *const mistakes[] = {"DELETE FROM thing",  "SELEKT", "SELECT ?1",
                                           "SELECT 1; SELECT 2", "",       "SELECT x'00'"};

    (void)state;
    for (size_t i = 0; i < LEN(mistakes); i++) {
        struct tx *tx = db_read(db, arena);
        int status;
        pid_t child = fork();

        if (child == 0) {
            struct rlimit none = {0, 0};

            setrlimit(RLIMIT_CORE, &none);
            fclose(stderr);
            close(2);
            json_decref(db_row_(tx, mistakes[i], NULL, 0));
            _exit(0);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
        db_read_end(tx);
    }
}

static void swedish_order_and_folding_work_in_an_index(void **state)
{
    (void)state;
    assert_int_equal(write_sql("CREATE INDEX thing_sv ON thing (name COLLATE sv)"), OK);
    assert_int_equal(write_sql("CREATE INDEX thing_fold ON thing (fold(name))"), OK);
    assert_int_equal(write_sql("INSERT INTO thing (name) VALUES ('öl'), ('zon'),"
                               " ('Ärla'), ('år'),"
                               " ('Adam'), (NULL)"),
                     OK);

    struct tx *tx = db_read(db, arena);
    assert_string_equal(db_text(tx, "SELECT group_concat(name, ' ') FROM"
                                    " (SELECT name FROM thing ORDER BY name COLLATE sv)"),
                        "Adam zon år Ärla öl");
    assert_string_equal(db_text(tx, "SELECT name FROM thing WHERE fold(name) = fold(?1)", "ÄRLA"),
                        "Ärla");
    assert_true(db_exists(tx, "SELECT 1 WHERE fold(NULL) IS NULL"));
    db_read_end(tx);
}

/* ---- snapshots ---- */

static void a_snapshot_is_taken_when_the_read_begins(void **state)
{
    struct tx *tx = db_read(db, arena);

    (void)state;
    assert_int_equal(write_sql("INSERT INTO thing (name) VALUES ('later')"), OK);
    assert_int_equal(db_int(tx, -1, "SELECT count(*) FROM thing"), 0);
    db_read_end(tx);
    assert_int_equal(read_int("SELECT count(*) FROM thing"), 1);
}

static void a_read_is_stopped_at_its_limit(void **state)
{
    static const char endless[] = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                                  " SELECT count(*) FROM n";
    struct tx *tx = db_read(db, arena);
    int64_t began = clock_ms();

    (void)state;
    db_read_limit(tx, 50);
    assert_int_equal(db_int_(tx, 5, endless, NULL, 0), 5);
    assert_int_equal(tx_code(tx), E_BUSY);
    assert_string_equal(tx_err(tx)->rule, "too-slow");
    assert_in_range(clock_ms() - began, 45, 5000);
    db_read_end(tx);
    assert_int_equal(read_int("SELECT 1"), 1);
    db_close(db);
    open_with((struct db_options){.readers = 1, .read_limit_ms = 20});
    tx = db_read(db, arena);
    assert_int_equal(db_int_(tx, 5, endless, NULL, 0), 5);
    assert_int_equal(tx_code(tx), E_BUSY);
    db_read_end(tx);
}

static void *read_once(void *arg)
{
    struct arena *own = arena_new(1 << 16);

    (void)arg;
    for (int i = 0; i < 200; i++) {
        struct tx *tx = db_read(db, own);
        assert_int_equal(db_int(tx, -1, "SELECT 7"), 7);
        db_read_end(tx);
    }
    arena_free(own);
    return NULL;
}

static void more_readers_than_connections_wait_their_turn(void **state)
{
    pthread_t thread[6];

    (void)state;
    db_close(db);
    open_with((struct db_options){.readers = 2});
    for (size_t i = 0; i < LEN(thread); i++)
        assert_int_equal(pthread_create(&thread[i], NULL, read_once, NULL), 0);
    for (size_t i = 0; i < LEN(thread); i++)
        pthread_join(thread[i], NULL);
}

static void a_failure_to_open_a_connection_is_told_and_heals(void **state)
{
    struct rlimit before, few;
    struct tx *tx;

    (void)state;
    getrlimit(RLIMIT_NOFILE, &before);
    few = before;
    few.rlim_cur = 3;
    setrlimit(RLIMIT_NOFILE, &few);
    tx = db_read(db, arena);
    assert_int_equal(db_int(tx, 5, "SELECT 1"), 5);
    assert_int_equal(tx_code(tx), E_STORAGE);
    db_read_end(tx);
    setrlimit(RLIMIT_NOFILE, &before);
    assert_int_equal(read_int("SELECT 1"), 1);
}

/* ---- search ---- */

static void what_was_typed_becomes_a_match_expression(void **state)
{
    static const char *const cases[][2] = {
        {"Göta", "\"gota\"*"},
        {"  Vård  program ", "\"vard\"* \"program\"*"},
        {"\"a\" OR b*", "\"a\"* \"or\"* \"b\"*"},
        {"NEAR(x – y) 2026-01", "\"near\"* \"x\"* \"y\"* \"2026\"* \"01\"*"},
        {"", NULL},
        {" - \" * ( ) – ", NULL},
    };

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        const char *got = db_index_query(arena, cases[i][0]);

        if (cases[i][1])
            assert_string_equal(got, cases[i][1]);
        else
            assert_null(got);
    }
    assert_int_equal(strlen(db_index_query(arena, "a a a a a a a a a a a a a a a a a a a a")),
                     16 * 4 + 15);
}

static void what_was_typed_is_asked_of_texts_in_all_its_forms(void **state)
{
    static const char *const cases[][2] = {
        {"möten", "(\"moten\" * OR \"~möt\")"},
        {"mötet nu", "(\"motet\" OR \"~mötet\" OR \"~möt\") AND (\"nu\")"},
        {"\"palliativ vård\" nu", "(\"palliativ vard\") AND (\"nu\")"},
        {"§ 12", "(\"§ 12\")"},
        {"§12 §", "(\"§ 12\") AND (\"§\")"},
        {"covid-19", "(\"covid 19\")"},
        {"2024/123", "(\"2024 123\" *)"},
        {"NEAR(a) OR *", "(\"near a\") AND (\"or\")"},
        {"\"", NULL},
        {"\"\" - * ^", NULL},
        {"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        const char *got = db_text_query(arena, cases[i][0]);

        if (cases[i][1])
            assert_string_equal(got, cases[i][1]);
        else
            assert_null(got);
    }
}

static enum code put_texts(struct tx *tx, void *arg)
{
    (void)arg;
    db_text_put(tx, "minutes", 1, "", "Mötet i Göta.\nHur **kopparslagarna** arbetar", NULL);
    db_text_put(tx, "minutes", 2, "Möten", "Annat", "Annat\nhemligt");
    db_text_put(tx, "minutes", 3, "", "Bort", "Bort\nBorta");
    db_text_put(tx, "minutes", 3, "", "", NULL);
    db_text_put(tx, "minutes", 4, "", "Bort", "Borta");
    return db_index_remove(tx, "minutes", 4);
}

static const char *snippet(struct tx *tx, long long entry, const char *q)
{
    json_t *parts = db_text_snippet(tx, "minutes", entry, q), *part;
    const char *drawn = "";
    size_t i;

    json_array_foreach (parts, i, part)
        drawn = arena_printf(arena, json_true_at(part, "mark") ? "%s[%s]" : "%s%s", drawn,
                             json_text(part, "text"));
    json_decref(parts);
    return drawn;
}

static void texts_are_found_marked_and_taken_away(void **state)
{
    struct err err;

    (void)state;
    err_init(&err);
    assert_int_equal(db_write_wait(db, arena, &err, put_texts, NULL), OK);
    assert_int_equal(read_int("SELECT count(*) FROM search_minutes"), 3);
    struct tx *tx = db_read(db, arena);
    assert_int_equal(db_int(tx, 0, "SELECT text_score(search_minutes) FROM search_minutes WHERE "
                                   "search_minutes MATCH ?1 AND rowid = 4",
                            db_text_query(arena, "möten")),
                     20);
    assert_int_equal(db_int(tx, 0, "SELECT count(*) FROM search_minutes WHERE search_minutes "
                                   "MATCH ?1", db_text_query(arena, "möten")), 3);
    assert_int_equal(db_int(tx, 0, "SELECT rowid FROM search_minutes WHERE search_minutes "
                                   "MATCH ?1", db_text_query(arena, "hemligt")), 5);
    static const char *const begins[] = {"kop", "kopp", "koppars", "möt", "göt"};
    for (size_t i = 0; i < LEN(begins); i++)
        assert_true(db_exists(tx, "SELECT 1 FROM search_minutes WHERE search_minutes MATCH ?1 "
                                  "AND rowid = 2",
                              db_text_query(arena, begins[i])));
    assert_false(db_exists(tx, "SELECT 1 FROM search_minutes WHERE search_minutes MATCH ?1",
                           db_text_query(arena, "ko")));
    assert_false(db_exists(tx, "SELECT 1 FROM search_minutes WHERE search_minutes MATCH ?1",
                           db_text_query(arena, "kop möten"))); /* only the last word */
    assert_string_equal(snippet(tx, 2, "kopparslagare \"i gota\" möten"),
                        "[Mötet] [i Göta]. Hur **[kopparslagarna]** arbetar");
    assert_string_equal(snippet(tx, 4, "hemligt"), "Annat");
    assert_string_equal(snippet(tx, 6, "bort"), "");
    db_read_end(tx);
}

static enum code index_some(struct tx *tx, void *arg)
{
    (void)arg;
    db_index_put(tx, "group", 1, "Nationell arbetsgrupp Göteborg");
    db_index_put(tx, "group", 2, "Regional arbetsgrupp");
    db_index_put(tx, "person", 1, "Göta Ärlig");
    db_index_put(tx, "group", 2, "Lokal grupp"); /* replaces */
    db_index_put(tx, "group", 3, "Arbetsro");
    return db_index_remove(tx, "group", 3);
}

static long long found(const char *q)
{
    struct tx *tx = db_read(db, arena);
    long long sum = db_int(tx, 0,
                           "SELECT sum(k.column1) FROM (VALUES (1), (2), (3)) k "
                           "WHERE " DB_FOUND("k.column1", "group", "?1"),
                           db_index_query(arena, q));

    assert_int_equal(tx_code(tx), OK);
    db_read_end(tx);
    return sum;
}

static void words_are_found_by_their_beginnings_in_their_type(void **state)
{
    (void)state;
    assert_int_equal(db_write_wait(db, arena, NULL, index_some, NULL), OK);
    assert_int_equal(found("göt"), 1);
    assert_int_equal(found("GOT"), 1);
    assert_int_equal(found("arbets"), 1);
    assert_int_equal(found("grupp"), 2);
    assert_int_equal(found("lokal gr"), 2);
    assert_int_equal(found("regional"), 0);
    assert_int_equal(found("arbetsro"), 0);
    assert_int_equal(found("g – n"), 1);
    assert_int_equal(found("ärlig"), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(rows_carry_types_nulls_and_booleans),
        TEST(arguments_keep_their_types),
        TEST(absent_and_null_give_the_fallback),
        TEST(a_failed_snapshot_stays_failed_and_the_next_is_fine),
        TEST(rows_found_before_a_failure_are_not_returned),
        TEST(each_walks_stops_and_may_ask_the_same_again),
        TEST(a_scan_gives_cells_stops_and_holds_its_tongue_after_a_failure),
        TEST(bytes_come_back_as_they_went_in),
        TEST(a_text_built_anew_at_the_same_place_is_another_statement),
        TEST(no_connection_lacks_a_setting),
        TEST(our_own_mistakes_abort),
        TEST(swedish_order_and_folding_work_in_an_index),
        TEST(a_snapshot_is_taken_when_the_read_begins),
        TEST(a_read_is_stopped_at_its_limit),
        TEST(more_readers_than_connections_wait_their_turn),
        TEST(a_failure_to_open_a_connection_is_told_and_heals),
        TEST(what_was_typed_becomes_a_match_expression),
        TEST(words_are_found_by_their_beginnings_in_their_type),
        TEST(what_was_typed_is_asked_of_texts_in_all_its_forms),
        TEST(texts_are_found_marked_and_taken_away),
    };

    return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
