/* statement.c: prepared statements, kept per connection.
 *
 * Owns: the cache. Preparing costs more than running (390 against 100 µs a page), so each
 * connection keeps the statements that it has met, by their text. Not by the text's address: lists
 * assemble SQL in an arena, where one address means another text a request later. The least
 * recently used goes first; one that is being stepped never goes.
 * Must never know: what a statement means. */
#include <stdlib.h>
#include <string.h>

#include <kansli/log.h>

#include "internal.h"

enum { HASHED_MOST = 256 };

/* Of the length and the end, where lists differ; the texts are compared anyway. */
static uint64_t text_hash(const char *text, size_t n)
{
    uint64_t h = n, word = 0;

    if (n > HASHED_MOST) {
        text += n - HASHED_MOST;
        n = HASHED_MOST;
    }
    for (; n >= sizeof word; text += sizeof word, n -= sizeof word) {
        memcpy(&word, text, sizeof word);
        h = (h ^ word) * 0x9e3779b97f4a7c15u;
        h ^= h >> 32;
    }
    word = 0;
    memcpy(&word, text, n);
    h = (h ^ word) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 32;
}

static void list_remove(struct statements *all, struct statement *st)
{
    *(st->newer ? &st->newer->older : &all->newest) = st->older;
    *(st->older ? &st->older->newer : &all->oldest) = st->newer;
}

static void list_push(struct statements *all, struct statement *st)
{
    st->newer = NULL;
    st->older = all->newest;
    *(all->newest ? &all->newest->newer : &all->oldest) = st;
    all->newest = st;
}

static struct statement **bucket_of(struct statements *all, uint64_t hash)
{
    return &all->bucket[hash % STATEMENTS_MAX];
}

static void statement_free(struct statement *st)
{
    sqlite3_finalize(st->stmt);
    for (int i = 0; i < st->columns; i++)
        free(st->column[i].name);
    free(st->column);
    free(st->sql);
    free(st);
}

static void cache_remove(struct statements *all, struct statement *st)
{
    struct statement **at = bucket_of(all, st->hash);

    while (*at != st)
        at = &(*at)->in_bucket;
    *at = st->in_bucket;
    list_remove(all, st);
    all->n--;
}

static void cache_add(struct statements *all, struct statement *st)
{
    struct statement *old = all->oldest;

    if (all->n == STATEMENTS_MAX) {
        while (old && old->taken)
            old = old->newer;
        if (!old)
            return;
        cache_remove(all, old);
        statement_free(old);
    }
    struct statement **bucket = bucket_of(all, st->hash);
    st->in_bucket = *bucket;
    *bucket = st;
    list_push(all, st);
    all->n++;
    st->kept = true;
}

static void columns_learn(struct statement *st)
{
    st->columns = sqlite3_column_count(st->stmt);
    st->column = must_calloc((size_t)st->columns + 1, sizeof *st->column);
    for (int i = 0; i < st->columns; i++) {
        struct column *c = &st->column[i];
        const char *name = sqlite3_column_name(st->stmt, i);

        c->name = must_strdup(name ? name : "");
        c->length = strlen(c->name);
        c->boolean = c->length > 0 && c->name[c->length - 1] == '?';
        if (c->boolean)
            c->name[--c->length] = '\0';
    }
}

static struct statement *statement_prepare(struct conn *conn, const char *sql, size_t n, int *rc)
{
    sqlite3_stmt *stmt = NULL;
    const char *tail = NULL;

    *rc =
        sqlite3_prepare_v3(conn->sqlite, sql, (int)n + 1, SQLITE_PREPARE_PERSISTENT, &stmt, &tail);
    switch (*rc & 0xff) {
    case SQLITE_OK:
        break;
    case SQLITE_ERROR:
    case SQLITE_AUTH:
    case SQLITE_TOOBIG:
    case SQLITE_MISUSE:
        BUG("cannot prepare: %s: %s", sqlite3_errmsg(conn->sqlite), sql);
    default: /* the world's: the schema could not be read */
        return NULL;
    }
    if (!stmt || tail[strspn(tail, " \t\n;")])
        BUG("not one statement: %s", sql);

    struct statement *st = must_calloc(1, sizeof *st);
    st->stmt = stmt;
    st->sql = must_strdup(sql);
    st->length = n;
    st->arguments = sqlite3_bind_parameter_count(stmt);
    st->reads = sqlite3_stmt_readonly(stmt);
    columns_learn(st);
    return st;
}

struct statement *statement_take(struct conn *conn, const char *sql, int *rc)
{
    struct statements *all = &conn->statements;
    size_t n = strlen(sql);
    uint64_t hash = text_hash(sql, n);
    struct statement *st = *bucket_of(all, hash);

    *rc = SQLITE_OK;
    while (st && (st->hash != hash || st->length != n || memcmp(st->sql, sql, n) != 0))
        st = st->in_bucket;
    if (st && !st->taken) {
        if (all->newest != st) {
            list_remove(all, st);
            list_push(all, st);
        }
    } else {
        bool known = st != NULL;

        st = statement_prepare(conn, sql, n, rc);
        if (!st)
            return NULL;
        st->hash = hash;
        if (!known)
            cache_add(all, st);
    }
    st->taken = true;
    return st;
}

void statement_give(struct conn *conn, struct statement *st)
{
    MUST(st->taken && conn->sqlite == sqlite3_db_handle(st->stmt));
    st->taken = false;
    if (!st->kept) {
        statement_free(st);
        return;
    }
    /* At once: arguments are bound without a copy and their arena may be gone at the next use. The
     * code that reset returns was already told by the step that failed. */
    sqlite3_reset(st->stmt);
    sqlite3_clear_bindings(st->stmt);
}

void statements_release(struct conn *conn)
{
    struct statements *all = &conn->statements;

    for (struct statement *st = all->newest, *older; st; st = older) {
        MUST(!st->taken);
        older = st->older;
        statement_free(st);
    }
    memset(all, 0, sizeof *all);
}
