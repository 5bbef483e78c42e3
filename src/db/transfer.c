/* transfer.c: a whole register as text, out and in again.
 *
 * Owns: the format, and that nothing is left out: what there is to carry is asked of the schema, so
 * a new table is carried because it is there, and no feature is known by name. One line a row:
 *
 *     {"kansli": "register", "format": 1, "schema": [["0001_house.sql", "<checksum>"], ...]}
 *     {"table": "account", "columns": ["key", "id", ...]}
 *     [1, "4a9c…", null, {"bytes": "<hex>"}, ...]
 *     ...
 *     {"end": true, "rows": 48213, "digest": "<SHA-256 of the line before, and so on>"}
 *
 * Tables stand in the order of their names, rows in the order of their keys, so that the same
 * register gives the same bytes. Of an index over texts its rows are carried, not how it keeps
 * them.
 * In memory there is one row at a time. What goes in makes a new file, which gets its name when all
 * of it is there and every reference leads somewhere.
 * Must never know: what a table means. Secrets go along as the register keeps them (hashed): the
 * file is as confidential as the register. */
#include <stdlib.h>
#include <string.h>

#include <kansli/buf.h>
#include <kansli/crypt.h>
#include <kansli/json.h>
#include <kansli/log.h>

#include "internal.h"

enum { FORMAT = 1, LINE_MOST = 64 << 20, SCHEMA_BYTES = 4 << 20, TELL_EVERY = 1000 };

/* ---- what there is to carry ---- */

/* Everything with rows of its own: not views, nor the tables in which an index over texts keeps
 * what it was told, nor SQLite's own, but for the keys that were given out. */
static json_t *tables_of(struct tx *tx)
{
    return db_rows(tx,
                   "SELECT l.name AS \"name\", l.type AS \"type\", l.wr AS \"unnumbered\" "
                   "FROM pragma_table_list AS l WHERE l.schema = 'main' "
                   "AND l.type IN ('table', 'virtual') "
                   "AND (l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' OR l.name = 'sqlite_sequence') "
                   "ORDER BY l.name = 'sqlite_sequence', l.name");
}

/* Its columns but for those that are computed; a table of texts is known by its row numbers. */
static json_t *columns_of(struct tx *tx, const json_t *table)
{
    bool texts = !strcmp(json_text(table, "type"), "virtual");
    json_t *all = texts ? json_pack("[s]", "rowid") : json_array(), *row;
    json_t *rows = db_rows(tx,
                           "SELECT x.name AS \"name\" FROM pragma_table_xinfo(?1) AS x "
                           "WHERE x.hidden = 0 ORDER BY x.cid",
                           json_text(table, "name"));
    size_t i;
    json_array_foreach(rows, i, row)
        json_push(all, json_text_new(json_text(row, "name")));
    json_decref(rows);
    return all;
}

static const char *quoted(struct arena *arena, const char *name)
{
    return arena_join(arena, "\"", name, "\"", NULL);
}

static const char *joined(struct arena *arena, const json_t *names)
{
    const char *all = "";
    size_t i;
    json_t *name;
    json_array_foreach((json_t *)names, i, name)
        all = arena_join(arena, all, i ? ", " : "", quoted(arena, json_string_value(name)), NULL);
    return all;
}

/* The order of the rows: by number, or by key where rows have none. */
static const char *order_of(struct tx *tx, const json_t *table)
{
    const char *all = "";
    json_t *rows, *row;
    size_t i;
    if (!json_int(table, "unnumbered", 0))
        return "rowid";
    rows = db_rows(tx,
                   "SELECT x.name AS \"name\" FROM pragma_table_xinfo(?1) AS x WHERE x.pk > 0 "
                   "ORDER BY x.pk",
                   json_text(table, "name"));
    json_array_foreach(rows, i, row)
        all = arena_join(tx->arena, all, i ? ", " : "", quoted(tx->arena, json_text(row, "name")),
                         NULL);
    json_decref(rows);
    return all;
}

/* Which migrations made it: [[name, checksum]]. */
static json_t *schema_of(struct tx *tx)
{
    json_t *all = json_array(), *row;
    json_t *rows = db_rows(tx,
                           "SELECT name AS \"name\", checksum AS \"checksum\" FROM "
                           "schema_migration ORDER BY number");
    size_t i;
    json_array_foreach(rows, i, row)
        json_push(all, json_pack("[s, s]", json_text(row, "name"), json_text(row, "checksum")));
    json_decref(rows);
    return all;
}

/* ---- out ---- */

struct outgoing {
    FILE *to;
    struct buf line;
    char digest[DIGEST_SIZE];
    long long rows;
    db_told *told;
    void *arg;
};

/* The digest of a line is of it and of the digest before: one bit anywhere changes the last. */
static void digest_next(char digest[DIGEST_SIZE], const char *line, size_t n)
{
    struct buf both;

    buf_init(&both, SIZE_MAX);
    buf_adds(&both, digest);
    buf_add(&both, line, n);
    crypt_digest(both.data, both.len, digest);
    buf_release(&both);
}

static void line_end(struct outgoing *out)
{
    digest_next(out->digest, out->line.data, out->line.len);
    buf_adds(&out->line, "\n");
    fwrite(out->line.data, 1, out->line.len, out->to);
    buf_clear(&out->line);
}

static void line_json(struct outgoing *out, json_t *value)
{
    json_write(&out->line, value);
    line_end(out);
    json_decref(value);
}

static void add_bytes(struct buf *line, const unsigned char *bytes, int n)
{
    static const char digits[] = "0123456789abcdef";

    buf_adds(line, "{\"bytes\":\"");
    for (int i = 0; i < n; i++)
        buf_add(line, (char[]){digits[bytes[i] >> 4], digits[bytes[i] & 15]}, 2);
    buf_adds(line, "\"}");
}

static void add_value(struct buf *line, sqlite3_stmt *stmt, int column)
{
    json_t *text;

    switch (sqlite3_column_type(stmt, column)) {
    case SQLITE_INTEGER:
        buf_addf(line, "%lld", (long long)sqlite3_column_int64(stmt, column));
        break;
    case SQLITE_FLOAT:
        text = json_real(sqlite3_column_double(stmt, column));
        json_write(line, text);
        json_decref(text);
        break;
    case SQLITE_TEXT:
        text = json_text_new((const char *)sqlite3_column_text(stmt, column));
        json_write(line, text);
        json_decref(text);
        break;
    case SQLITE_BLOB:
        add_bytes(line, sqlite3_column_blob(stmt, column), sqlite3_column_bytes(stmt, column));
        break;
    default:
        buf_adds(line, "null");
    }
}

static void row_out(struct outgoing *out, sqlite3_stmt *stmt)
{
    int n = sqlite3_column_count(stmt);

    for (int i = 0; i < n; i++) {
        buf_adds(&out->line, i ? "," : "[");
        add_value(&out->line, stmt, i);
    }
    buf_adds(&out->line, "]");
    line_end(out);
    if (++out->rows % TELL_EVERY == 0 && out->told)
        out->told(out->rows, out->arg);
}

static enum code table_out(struct tx *tx, const json_t *table, struct outgoing *out)
{
    const char *name = json_text(table, "name");
    json_t *columns = columns_of(tx, table);
    sqlite3_stmt *stmt = NULL;
    const char *sql = arena_join(tx->arena, "SELECT ", joined(tx->arena, columns), " FROM ",
                                 quoted(tx->arena, name), " ORDER BY ", order_of(tx, table), NULL);
    line_json(out, json_pack("{s:s, s:o}", "table", name, "columns", columns));
    int rc = sqlite3_prepare_v2(tx->conn->sqlite, sql, -1, &stmt, NULL);
    while (!rc && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        row_out(out, stmt);
        rc = SQLITE_OK;
    }
    sqlite3_finalize(stmt);
    if (rc != SQLITE_DONE)
        tx_fail(tx, rc, sql);
    return tx->err.code;
}

static void head_out(struct tx *tx, struct outgoing *out)
{
    line_json(out, json_pack("{s:s, s:i, s:o}", "kansli", "register", "format", FORMAT, "schema",
                             schema_of(tx)));
}

static void foot_out(struct outgoing *out)
{
    char digest[DIGEST_SIZE];

    memcpy(digest, out->digest, sizeof digest);
    line_json(out, json_pack("{s:b, s:I, s:s}", "end", true, "rows", (json_int_t)out->rows,
                             "digest", digest));
}

/* One snapshot, on a connection without a time limit. */
enum code db_export(struct db *db, FILE *to, db_told *told, void *arg, struct err *err)
{
    struct conn conn;
    struct tx tx;
    struct outgoing out = {.to = to, .told = told, .arg = arg};
    enum code c = conn_open(&conn, db->path, CONN_COPY, err);

    if (c)
        return c;
    struct arena *arena = arena_new(SCHEMA_BYTES);
    buf_init(&out.line, SIZE_MAX);
    tx_init(&tx, NULL, &conn, arena, false);
    int rc = conn_do(&conn, "BEGIN");
    json_t *tables = rc ? json_array() : tables_of(&tx), *table;
    size_t i;
    if (rc)
        tx_fail(&tx, rc, "BEGIN");
    head_out(&tx, &out);
    json_array_foreach(tables, i, table)
        if (!tx.err.code)
            table_out(&tx, table, &out);
    if (!rc && conn_do(&conn, "COMMIT"))
        tx_fail(&tx, SQLITE_IOERR, "COMMIT");
    if (!tx.err.code)
        foot_out(&out);
    c = tx.err.code ? err_set(err, tx.err.code, tx.err.rule, tx.err.msgid) : OK;
    if (!c && (fflush(to) || ferror(to)))
        c = err_set(err, E_STORAGE, "storage", N_("What was exported could not be written."));
    json_decref(tables);
    buf_release(&out.line);
    arena_free(arena);
    conn_close(&conn);
    return c;
}

/* ---- in ---- */

struct incoming {
    FILE *from;
    char *line;
    size_t room;
    long long number, rows; /* of the line, from 1; read so far */
    char digest[DIGEST_SIZE];
    struct conn *conn;
    struct arena *arena;
    json_t *tables;         /* those of this program, that are still to come */
    sqlite3_stmt *insert;
    int columns;
    char name[100];         /* of the table at hand */
    bool ended;
    db_told *told;
    void *arg;
    struct err *err;
};

/* "Line 12: account.email: …" */
static enum code wrong(struct incoming *in, const char *msgid, const char *member)
{
    return err_setf(in->err, E_INPUT, "malformed-register", msgid, "line",
                    arena_int(in->arena, in->number), "member", member ? member : "", NULL);
}

static enum code wrong_row(struct incoming *in)
{
    return wrong(in, N_("Line {line}: {member}."), sqlite3_errmsg(in->conn->sqlite));
}

/* This program's schema, no other: what the columns meant elsewhere nobody knows here. */
static enum code take_head(struct incoming *in, const json_t *head)
{
    struct tx tx;
    const char *what = json_text(head, "kansli");

    if (!what || strcmp(what, "register") || json_int(head, "format", 0) != FORMAT)
        return wrong(in, N_("This is no export of a whole register."), NULL);
    tx_init(&tx, NULL, in->conn, in->arena, false);
    json_t *ours = schema_of(&tx);
    bool same = json_equal(ours, json_object_get(head, "schema"));
    json_decref(ours);
    return same ? OK
                : err_set(in->err, E_CONFLICT, "other-schema",
                          N_("The export was written by another version of the program. Export it "
                             "with this one, after kansli migrate."));
}

/* The table among those still to come, which it then is no more; NULL for another. */
static json_t *expect_table(struct incoming *in, const char *name)
{
    size_t i;
    json_t *table;
    json_array_foreach(in->tables, i, table)
        if (name && !strcmp(json_text(table, "name"), name)) {
            json_incref(table);
            json_array_remove(in->tables, i);
            return table;
        }
    return NULL;
}

/* What the migrations themselves put there goes: the file says all. */
static enum code table_empty(struct incoming *in, const char *table)
{
    const char *sql = arena_join(in->arena, "DELETE FROM ", table, NULL);
    return sqlite3_exec(in->conn->sqlite, sql, NULL, NULL, NULL) ? wrong_row(in) : OK;
}

static enum code insert_prepare(struct incoming *in, const json_t *table, const json_t *columns)
{
    struct tx tx;
    const char *places = "", *name = quoted(in->arena, json_text(table, "name"));

    tx_init(&tx, NULL, in->conn, in->arena, true);
    json_t *ours = columns_of(&tx, table);
    bool same = json_equal(ours, columns);
    in->columns = (int)json_array_size(ours);
    for (int i = 0; i < in->columns; i++)
        places = arena_printf(in->arena, "%s%s?%d", places, i ? ", " : "", i + 1);
    const char *sql = arena_join(in->arena, "INSERT INTO ", name, " (", joined(in->arena, ours),
                                 ") VALUES (", places, ")", NULL);
    json_decref(ours);
    if (!same)
        return wrong(in, N_("Line {line}: the columns of {member} are not those of this program."),
                     json_text(table, "name"));
    enum code c = table_empty(in, name);
    if (!c && sqlite3_prepare_v2(in->conn->sqlite, sql, -1, &in->insert, NULL))
        c = wrong_row(in);
    return c;
}

static enum code take_table(struct incoming *in, const json_t *head)
{
    const char *name = json_text(head, "table");
    json_t *table = expect_table(in, name);

    sqlite3_finalize(in->insert);
    in->insert = NULL;
    if (!table)
        return wrong(in, N_("Line {line}: no table {member} is expected here."), name);
    snprintf(in->name, sizeof in->name, "%s", name);
    enum code c = insert_prepare(in, table, json_object_get(head, "columns"));
    json_decref(table);
    arena_clear(in->arena);
    return c;
}

static int nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The bytes that a text of hex digits says, in place; -1 when it is none. */
static ptrdiff_t bytes_read(char *hex)
{
    size_t n = strlen(hex);

    if (n % 2)
        return -1;
    for (size_t i = 0; i < n; i += 2) {
        int high = nibble(hex[i]), low = nibble(hex[i + 1]);
        if (high < 0 || low < 0)
            return -1;
        hex[i / 2] = (char)(high * 16 + low);
    }
    return (ptrdiff_t)(n / 2);
}

static bool bind_bytes(struct incoming *in, int at, const json_t *value)
{
    const char *hex = json_text(value, "bytes");
    char *bytes = hex ? must_strdup(hex) : NULL;
    ptrdiff_t n = bytes ? bytes_read(bytes) : -1;
    bool fine = n >= 0 && !sqlite3_bind_blob(in->insert, at, bytes, (int)n, SQLITE_TRANSIENT);

    free(bytes);
    return fine;
}

static bool bind_value(struct incoming *in, int at, const json_t *value)
{
    if (json_is_null(value))
        return !sqlite3_bind_null(in->insert, at);
    if (json_is_integer(value))
        return !sqlite3_bind_int64(in->insert, at, json_integer_value(value));
    if (json_is_real(value))
        return !sqlite3_bind_double(in->insert, at, json_real_value(value));
    if (json_is_string(value))
        return !sqlite3_bind_text(in->insert, at, json_string_value(value),
                                  (int)json_string_length(value), SQLITE_TRANSIENT);
    return json_is_object(value) && bind_bytes(in, at, value);
}

static enum code take_row(struct incoming *in, const json_t *row)
{
    size_t i;
    json_t *value;

    if (!in->insert)
        return wrong(in, N_("Line {line}: a row before its table."), NULL);
    if (json_array_size(row) != (size_t)in->columns)
        return wrong(in, N_("Line {line}: the row has not as many values as {member} has columns."),
                     in->name);
    json_array_foreach((json_t *)row, i, value)
        if (!bind_value(in, (int)i + 1, value))
            return wrong(in, N_("Line {line}: value {member} is none of the register's."),
                         arena_int(in->arena, (long long)i + 1));
    int rc = sqlite3_step(in->insert);
    if (rc != SQLITE_DONE) {
        enum code c = (rc & 0xff) == SQLITE_CONSTRAINT ? wrong_row(in) : failure_set(in->err, rc);
        sqlite3_reset(in->insert);
        return c;
    }
    sqlite3_reset(in->insert);
    if (++in->rows % TELL_EVERY == 0 && in->told)
        in->told(in->rows, in->arg);
    return OK;
}

/* The last line: nothing is missing, nothing was altered on the way. */
static enum code take_foot(struct incoming *in, const json_t *foot)
{
    const char *digest = json_text(foot, "digest");
    const char *missing = json_text(json_array_get(in->tables, 0), "name");

    in->ended = true;
    if (missing)
        return wrong(in, N_("Line {line}: the table {member} is missing."), missing);
    if (json_int(foot, "rows", -1) != in->rows || !digest || strcmp(digest, in->digest))
        return wrong(in, N_("Line {line}: the file was altered since it was exported."), NULL);
    return OK;
}

static enum code take_line(struct incoming *in, const json_t *value)
{
    if (in->ended)
        return wrong(in, N_("Line {line}: there is something after the end."), NULL);
    if (in->number == 1)
        return take_head(in, value);
    if (json_is_array(value))
        return take_row(in, value);
    if (json_object_get(value, "table"))
        return take_table(in, value);
    if (json_true_at(value, "end"))
        return take_foot(in, value);
    return wrong(in, N_("Line {line} is not understood."), NULL);
}

static enum code line_in(struct incoming *in, size_t n)
{
    json_error_t where;

    in->number++;
    if (n > LINE_MOST)
        return wrong(in, N_("Line {line} is too long."), NULL);
    json_t *value = json_loadb(in->line, n, JSON_REJECT_DUPLICATES, &where);
    enum code c = value ? take_line(in, value)
                        : wrong(in, in->number == 1 ? N_("This is no export of a whole register.")
                                                    : N_("Line {line} is not JSON."), NULL);
    json_decref(value);
    digest_next(in->digest, in->line, n);
    return c;
}

/* The next line without its end, or -1. No more of it is held than a line may have. */
static ptrdiff_t line_next(struct incoming *in)
{
    size_t n = 0;
    int c;

    while ((c = getc_unlocked(in->from)) != EOF && c != '\n' && n <= LINE_MOST) {
        if (n == in->room) {
            in->room = in->room ? in->room * 2 : 4096;
            in->line = must_realloc(in->line, in->room);
        }
        in->line[n++] = (char)c;
    }
    return n || c != EOF ? (ptrdiff_t)n : -1;
}

static enum code lines_in(struct incoming *in)
{
    ptrdiff_t n;
    enum code c = OK;

    while (!c && (n = line_next(in)) >= 0)
        c = line_in(in, (size_t)n);
    if (!c && ferror(in->from))
        c = err_set(in->err, E_STORAGE, "storage", N_("The file cannot be read."));
    if (!c && !in->ended)
        c = wrong(in, N_("The file ends after line {line}: it was cut off."), NULL);
    return c;
}

/* Into a register that has just been made. */
static enum code rows_in(struct incoming *in)
{
    struct tx tx;
    sqlite3 *sqlite = in->conn->sqlite;

    tx_init(&tx, NULL, in->conn, in->arena, true);
    in->tables = tables_of(&tx);
    if (tx.err.code || sqlite3_exec(sqlite, "BEGIN", NULL, NULL, NULL))
        return failure_set(in->err, SQLITE_INTERNAL);
    enum code c = lines_in(in);
    sqlite3_finalize(in->insert);
    in->insert = NULL;
    if (!c && db_exists(&tx, "PRAGMA foreign_key_check"))
        c = wrong(in, N_("A reference of {member} leads nowhere: the export is not whole."),
                  db_text(&tx, "PRAGMA foreign_key_check"));
    if (!c)
        c = register_check(in->conn, in->err); /* what was altered with care, digests and all */
    int rc = sqlite3_exec(sqlite, c ? "ROLLBACK" : "COMMIT", NULL, NULL, NULL);
    return c ? c : rc ? failure_set(in->err, rc) : OK;
}

static enum code register_in(const char *path, void *arg, struct err *err)
{
    struct incoming *in = arg;
    struct conn conn;
    enum code c = register_make(path, NULL, err);

    if (!c)
        c = conn_open(&conn, path, CONN_OWNER, err);
    if (c)
        return c;
    in->conn = &conn;
    in->arena = arena_new(SCHEMA_BYTES);
    c = rows_in(in);
    json_decref(in->tables);
    free(in->line);
    arena_free(in->arena);
    conn_close(&conn);
    return c;
}

enum code db_import(const char *path, FILE *from, db_told *told, void *arg, struct err *err)
{
    struct incoming in = {.from = from, .told = told, .arg = arg, .err = err};
    enum code c = file_system_check(path, err);

    return c ? c : file_make(path, register_in, &in, err);
}
