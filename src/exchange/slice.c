/* slice.c: some rows of an import, tried or applied.
 *
 * Owns: the loop over rows, each in a savepoint of its own, and what is kept of what came of them.
 * Whether the rows are all of the import or a few of its thousands, whether they are done in the
 * register or in a copy that is thrown away, is the caller's: the same code finds at a trial what
 * applying would. */
#include <string.h>
#include "internal.h"

enum { ERRORS_TOLD = 50 };

/* ---------------------------------------------------------------- members that are JSON */

void members_unpack(json_t *items, const char *const *names)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item)
        for (const char *const *name = names; *name; name++) {
            const char *text = json_text(item, *name);
            json_t *value = text ? json_loads(text, 0, NULL) : NULL;
            json_put_new(item, *name, value ? value : json_array());
        }
}

const char *member_packed(struct arena *arena, const json_t *row, const char *name)
{
    struct buf buf;
    json_t *value = json_object_get(row, name);
    if (!value || json_is_null(value))
        return NULL;
    buf_init(&buf, ROW_BYTES);
    json_write(&buf, value);
    MUST(!buf.full); /* a row's texts are few (file.c), and so is what a field may hold */
    const char *text = arena_strndup(arena, buf.data, buf.len);
    buf_release(&buf);
    return text;
}

/* ---------------------------------------------------------------- the rows */

static json_t *rows_of(struct tx *tx, long long run_key, long long after, int most)
{
    static const char *const names[] = {"texts", NULL};
    json_t *rows = db_rows(tx,
                           "SELECT key AS \"key\", number AS \"line\", texts AS \"texts\", "
                           "choice AS \"choice\" FROM import_row "
                           "WHERE run_key = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
                           run_key, after, most);
    members_unpack(rows, names);
    return rows;
}

enum code slice_begin(struct slice *slice, struct ctx *ctx, long long run_key, long long after,
                      int most)
{
    json_t *run = db_row(ctx->tx,
                         "SELECT i.resource AS \"resource\", b.id AS \"groupId\" FROM import_run i "
                         "LEFT JOIN body b ON b.key = i.group_key WHERE i.key = ?1",
                         run_key);
    *slice = (struct slice){.ctx = ctx, .kind = importable_named(json_text(run, "resource"))};
    slice->group_id = arena_strdup(ctx->arena, json_text(run, "groupId"));
    slice->arena = arena_new(ROW_BYTES);
    slice->rows = rows_of(ctx->tx, run_key, after, most);
    json_decref(run);
    if (tx_code(ctx->tx))
        slice_end(slice);
    return tx_code(ctx->tx);
}

void slice_end(struct slice *slice)
{
    arena_free(slice->arena);
    json_decref(slice->rows);
    *slice = (struct slice){0};
}

long long slice_last(const struct slice *slice)
{
    size_t n = json_array_size(slice->rows);
    return n ? json_int(json_array_get(slice->rows, n - 1), "line", 0) : 0;
}

/* ---------------------------------------------------------------- done */

static enum code do_one(void *arg)
{
    struct slice *slice = arg;
    return row_do(slice->ctx, slice->arena, slice->kind, slice->group_id, slice->row);
}

static void count_act(struct slice *slice, const char *act)
{
    for (size_t i = 0; i < LEN(slice->counts); i++)
        slice->counts[i] += !strcmp(import_acts[i].code, act);
}

static void keep_outcome(json_t *kept, struct row *row)
{
    json_put(kept, "act", row->act);
    json_put(kept, "objectId", row->object_id);
    json_put(kept, "matchedBy", row->matched_by);
    json_put(kept, "message", row->message);
    json_put_new(kept, "cells", row->cells);
    json_put_new(kept, "candidates", row->candidates);
    json_put_new(kept, "effects", row->effects);
    row->cells = row->candidates = row->effects = NULL;
}

enum code slice_do(struct slice *slice)
{
    size_t i;
    json_t *kept;
    struct tx *tx = slice->ctx->tx;
    memset(slice->counts, 0, sizeof slice->counts);
    json_array_foreach(slice->rows, i, kept) {
        struct row row = {.texts = json_object_get(kept, "texts"),
                          .choice = json_text(kept, "choice")};
        slice->row = &row;
        enum code c = db_try(tx, do_one, slice);
        if (tx_code(tx)) {
            row_release(&row);
            break;
        }
        if (c && row.effects)
            json_array_clear(row.effects);
        count_act(slice, row.act);
        keep_outcome(kept, &row);
        arena_clear(slice->arena);
    }
    return tx_code(tx);
}

/* ---------------------------------------------------------------- kept */

enum code slice_store(struct slice *slice, struct tx *tx, long long run_key, bool applied)
{
    size_t i;
    json_t *row;
    enum code c = db_run(tx,
                         "UPDATE import_run SET new_count = new_count + ?2, "
                         "changed_count = changed_count + ?3, same_count = same_count + ?4, "
                         "error_count = error_count + ?5, done_count = done_count + ?6, "
                         "done_line = ?7 WHERE key = ?1",
                         run_key, slice->counts[0], slice->counts[1], slice->counts[2],
                         slice->counts[3], (long long)json_array_size(slice->rows),
                         slice_last(slice));
    json_array_foreach(slice->rows, i, row) {
        if (c)
            return c;
        c = db_run(tx,
                   "UPDATE import_row SET act = ?2, object_id = ?3, matched_by = ?4, message = ?5, "
                   "cells = ?6, candidates = ?7, effects = ?8 WHERE key = ?1",
                   json_int(row, "key", 0), json_text(row, "act"), json_text(row, "objectId"),
                   json_text(row, "matchedBy"), json_text(row, "message"),
                   member_packed(slice->arena, row, "cells"),
                   member_packed(slice->arena, row, "candidates"),
                   applied ? member_packed(slice->arena, row, "effects") : NULL);
        arena_clear(slice->arena);
    }
    return c;
}

enum code import_turn(struct ctx *ctx, long long key, const char *status)
{
    bool anew = !strcmp(status, "trying") || !strcmp(status, "applying");
    enum code c = db_run(ctx->tx,
                         "UPDATE import_run SET status = ?2, done_count = 0, done_line = 0, "
                         "message = NULL, asked_by_key = ?4, version = version + 1, "
                         "modified = ?3 WHERE key = ?1",
                         key, status, tx_instant(ctx->tx), KEY(ctx->actor->account_key));
    if (c || !anew)
        return c;
    return db_run(ctx->tx,
                  "UPDATE import_run SET new_count = 0, changed_count = 0, same_count = 0, "
                  "error_count = 0 WHERE key = ?1",
                  key);
}

/* ---------------------------------------------------------------- errors */

static void add_refusal(struct ctx *ctx, const char *line, const char *label, const char *message)
{
    const char *where = ctx_textf(ctx, N_("Line {line}"), "line", line, NULL);
    err_missing(ctx->err, arena_join(ctx->arena, where, label ? ", " : "", label ? label : "", ": ",
                                     message, NULL));
}

json_t *rows_wrong(struct tx *tx, long long run_key)
{
    static const char *const names[] = {"cells", NULL};
    json_t *rows = db_rows(tx,
                           "SELECT number AS \"line\", act AS \"act\", message AS \"message\", "
                           "cells AS \"cells\" FROM import_row WHERE run_key = ?1 "
                           "AND act = 'error' ORDER BY number LIMIT ?2",
                           run_key, (int)ERRORS_TOLD);
    members_unpack(rows, names);
    return rows;
}

void rows_refused(struct ctx *ctx, const json_t *rows)
{
    size_t i, k;
    json_t *row, *cell;
    int told = 0;
    json_array_foreach((json_t *)rows, i, row) {
        if (strcmp(json_text(row, "act"), "error") || told++ >= ERRORS_TOLD)
            continue;
        const char *line = arena_int(ctx->arena, json_int(row, "line", 0));
        if (json_text(row, "message"))
            add_refusal(ctx, line, NULL, json_text(row, "message"));
        json_array_foreach(json_object_get(row, "cells"), k, cell)
            if (json_text(cell, "message"))
                add_refusal(ctx, line, json_text(cell, "label"), json_text(cell, "message"));
    }
}
