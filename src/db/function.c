/* function.c: the three words that we add to SQLite.
 *
 * Owns: the collation sv (Swedish order) and the functions fold() and day_add(). The first two are
 * in indexes, so all are pure and must never change their answers; DETERMINISTIC and INNOCUOUS, or
 * trusted_schema=OFF forbids them there. */
#include <string.h>

#include <kansli/date.h>
#include <kansli/utf8.h>

#include "internal.h"

static int collate_sv(void *arg, int na, const void *a, int nb, const void *b)
{
    (void)arg;
    return text_compare_sv(a, (size_t)na, b, (size_t)nb);
}

static void function_fold(sqlite3_context *context, int n, sqlite3_value **value)
{
    struct conn *conn = sqlite3_user_data(context);
    const char *text = (const char *)sqlite3_value_text(value[0]);

    (void)n;
    if (!text) {
        sqlite3_result_null(context);
        return;
    }
    sqlite3_result_text(context, text_fold(conn->scratch, text), -1, SQLITE_TRANSIENT);
    arena_clear(conn->scratch);
}

/* day_add(day, n): the day n days later; NULL of what is no day. */
static void function_day_add(sqlite3_context *context, int n, sqlite3_value **value)
{
    const char *day = (const char *)sqlite3_value_text(value[0]);
    char later[DAY_SIZE];

    (void)n;
    if (!day || !day_valid(day)) {
        sqlite3_result_null(context);
        return;
    }
    day_add(day, sqlite3_value_int(value[1]), later);
    sqlite3_result_text(context, later, -1, SQLITE_TRANSIENT);
}

int functions_add(struct conn *conn)
{
    int rc = sqlite3_create_collation_v2(conn->sqlite, "sv", SQLITE_UTF8, NULL, collate_sv, NULL);

    if (rc)
        return rc;
    rc = sqlite3_create_function_v2(conn->sqlite, "fold", 1,
                                    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, conn,
                                    function_fold, NULL, NULL, NULL);
    if (rc)
        return rc;
    rc = sqlite3_create_function_v2(conn->sqlite, "day_add", 2,
                                    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, conn,
                                    function_day_add, NULL, NULL, NULL);
    return rc ? rc : tokenizer_add(conn);
}
