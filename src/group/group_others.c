/* group_others.c: what other rows have to say of the groups of a list: who bears each, who
 * commissions it, what it belongs to.
 *
 * Owns the keys hostId, parentId, mirrorsId and principalIds with their names. Asked for fifty
 * groups at a time, so that a list costs a few statements and not a few for each of its rows. Must
 * not know pages. */
#include <string.h>
#include "internal.h"

enum { BATCH = 50 };

#define KEYS                                                                                       \
    "(?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, "  \
    "?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, "   \
    "?42, ?43, ?44, ?45, ?46, ?47, ?48, ?49, ?50, ?51, ?52, ?53, ?54)"
/* The same statement for one group, and for a batch. */
#define BOTH(head, tail) head "(?5)" tail, head KEYS tail

/* Rows of at most BATCH keys; "of" tells whose each is. Places without a key are NULL, which is in
 * no list. */
static json_t *ask(struct ctx *ctx, const char *one, const char *many, const long long *keys,
                   size_t n)
{
    struct db_arg args[4 + BATCH];
    args[0] = db_arg_text(ctx->day);
    args[1] = db_arg_int(access_sees_all(ctx));
    args[2] = db_arg_int(ctx->actor->person_key);
    args[3] = db_arg_text(ctx->today);
    for (size_t i = 0; i < BATCH; i++)
        args[4 + i] = i < n ? db_arg_int(keys[i]) : (struct db_arg){.type = DB_NULL};
    return n == 1 ? db_rows_(ctx->tx, one, args, 5) : db_rows_(ctx->tx, many, args, LEN(args));
}

/* ---------------------------------------------------------------- one batch */

struct others {
    struct ctx *ctx;
    size_t n;
    json_t *item[BATCH];
    long long key[BATCH];
};

static json_t *item_of(const struct others *batch, const json_t *row)
{
    long long key = json_int(row, "of", 0);
    for (size_t i = 0; i < batch->n; i++)
        if (batch->key[i] == key)
            return batch->item[i];
    BUG("a row of a group that was not asked for");
}

static void put_principals(const struct others *batch)
{
    json_t *row;
    json_t *rows = ask(
        batch->ctx,
        BOTH("SELECT p.group_key AS \"of\", b.id AS \"id\", c.full_name AS \"name\" "
             "FROM group_principal p JOIN workgroup g ON g.key = p.group_key "
             "JOIN workgroup c ON c.key = p.principal_key JOIN body b ON b.key = c.key "
             "WHERE p.group_key IN ",
             " AND " GROUP_IN_FORCE("p", GROUP_DAY("g")) " AND " GROUP_VISIBLE(
                 "c") " ORDER BY p.group_key, p.position, p.key"),
        batch->key, batch->n);
    size_t i;
    for (i = 0; i < batch->n; i++) {
        json_put_new(batch->item[i], "principalIds", json_array());
        json_put_new(batch->item[i], "principalNames", json_array());
    }
    json_array_foreach(rows, i, row) {
        const json_t *item = item_of(batch, row);
        json_array_append(json_object_get(item, "principalIds"), json_object_get(row, "id"));
        json_array_append(json_object_get(item, "principalNames"), json_object_get(row, "name"));
    }
    json_decref(rows);
}

static void put_hosts(const struct others *batch)
{
    json_t *row;
    json_t *rows = ask(
        batch->ctx,
        BOTH("SELECT g.key AS \"of\", b.id AS \"id\", coalesce(o.name, w.full_name) AS \"name\", "
             "h.status AS \"status\" FROM workgroup g JOIN hosting h ON h.key = " GROUP_HOSTING("g")
             " JOIN body b ON b.key = h.body_key LEFT JOIN organisation o ON o.key = b.key "
             "LEFT JOIN workgroup w ON w.key = b.key WHERE g.key IN ",
             " AND (w.key IS NULL OR " GROUP_VISIBLE("w") ")"),
        batch->key, batch->n);
    size_t i;
    for (i = 0; i < batch->n; i++) {
        json_put(batch->item[i], "hostId", NULL);
        json_put(batch->item[i], "hostName", NULL);
        json_put(batch->item[i], "hostStatus", NULL);
    }
    json_array_foreach(rows, i, row) {
        json_t *item = item_of(batch, row);
        json_object_set(item, "hostId", json_object_get(row, "id"));
        json_object_set(item, "hostName", json_object_get(row, "name"));
        json_object_set(item, "hostStatus", json_object_get(row, "status"));
    }
    json_decref(rows);
}

/* The other group that a column names, when the reader may know of it. */
static void put_groups(const struct others *batch, const char *column, const char *id,
                       const char *name)
{
    long long keys[BATCH];
    size_t n = 0, i, j;
    json_t *row, *rows = NULL;
    for (i = 0; i < batch->n; i++) {
        long long key = json_int(batch->item[i], column, 0);
        json_put(batch->item[i], id, NULL);
        json_put(batch->item[i], name, NULL);
        if (key)
            keys[n++] = key;
    }
    if (n)
        rows = ask(batch->ctx,
                   BOTH("SELECT g.key AS \"of\", b.id AS \"id\", g.full_name AS \"name\" "
                        "FROM workgroup g JOIN body b ON b.key = g.key WHERE g.key IN ",
                        " AND " GROUP_VISIBLE("g")),
                   keys, n);
    json_array_foreach(rows, j, row) {
        long long of = json_int(row, "of", 0);
        for (i = 0; i < batch->n; i++) {
            if (json_int(batch->item[i], column, 0) != of)
                continue;
            json_object_set(batch->item[i], id, json_object_get(row, "id"));
            json_object_set(batch->item[i], name, json_object_get(row, "name"));
        }
    }
    json_decref(rows);
}

void others_put(struct ctx *ctx, json_t *items)
{
    size_t all = json_array_size(items);
    for (size_t from = 0; from < all; from += BATCH) {
        struct others batch = {.ctx = ctx};
        for (size_t i = from; i < all && batch.n < BATCH; i++) {
            batch.item[batch.n] = json_array_get(items, i);
            batch.key[batch.n] = json_int(batch.item[batch.n], "key", 0);
            batch.n++;
        }
        put_groups(&batch, "parent_key", "parentId", "parentName");
        put_groups(&batch, "mirrors_key", "mirrorsId", "mirrorsName");
        put_principals(&batch);
        put_hosts(&batch);
    }
}
