/* function.c: the two words that we add to SQLite.
 *
 * Owns: the collation sv (Swedish order) and the function fold(). Both are in indexes, so both are
 * pure and must never change their answers; DETERMINISTIC and INNOCUOUS, or trusted_schema=OFF
 * forbids them there. */
#include <string.h>

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

int functions_add(struct conn *conn)
{
    int rc = sqlite3_create_collation_v2(conn->sqlite, "sv", SQLITE_UTF8, NULL, collate_sv, NULL);

    if (rc)
        return rc;
    return sqlite3_create_function_v2(conn->sqlite, "fold", 1,
                                      SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, conn,
                                      function_fold, NULL, NULL, NULL);
}
