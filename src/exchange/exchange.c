/* exchange.c: imports as a resource, and what is asked of them: from the upload to the application.
 *
 * Owns: imports and their rows. A trial is the application itself, taken back when every row has
 * been tried: nothing is found twice, and nothing that a trial accepts is refused later for a
 * reason that could have been known. Few rows are done here, in the request's own transaction; of
 * many the request only says what is to be done, and work.c does it in slices. What a row asks for
 * is row.c's; taking back what was applied is undo.c's. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/crypt.h>
#include <kansli/group.h>
#include "internal.h"

/* ---------------------------------------------------------------- the tables */

static const struct value import_statuses[] = {
    {"trying", N_("Being tried")},
    {"tried", N_("Tried")},
    {"applying", N_("Being applied")},
    {"applied", N_("Applied")},
    {"undoing", N_("Being undone")},
    {"undone", N_("Undone")},
    {"failed", NC_("import", "Failed")},
    {NULL, NULL},
};

const struct value import_acts[] = {
    {"create", N_("New")},
    {"update", N_("Changed")},
    {"none", N_("The same")},
    {"error", N_("Error")},
    {NULL, NULL},
};

static const struct value matches[] = {
    {"id", N_("Id")},
    {"email", N_("E-mail address")},
    {"name", N_("Name")},
    {"choice", N_("Choice")},
    {"content", N_("What the row says")},
    {NULL, NULL},
};

static const char columns_schema[] =
    "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"additionalProperties\":false,"
    "\"required\":[\"heading\",\"field\"],\"properties\":{\"heading\":{\"type\":\"string\"},"
    "\"field\":{\"type\":[\"string\",\"null\"]}}}}";

#define COUNT(what, words)                                                                         \
    {.name = "counts." what, .label = words, .type = T_INT, .flags = F_DERIVED | F_HIDDEN}

static const struct field import_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "resource", .label = N_("What the file holds"), .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER, .values = import_resources},
    {.name = "fileName", .label = N_("File"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .flags = F_DERIVED,
     .reference = &group_reference},
    {.name = "status", .label = N_("Status"), .type = T_ENUM, .flags = F_DERIVED | F_FILTER,
     .values = import_statuses},
    {.name = "rowCount", .label = N_("Rows"), .type = T_INT, .flags = F_DERIVED},
    {.name = "doneCount", .label = N_("Rows gone through"), .type = T_INT, .flags = F_DERIVED,
     .hint = N_("By what is being done: trying, applying, undoing. Ask again until the status is "
                "another.")},
    COUNT("new", N_("New rows")),
    COUNT("same", N_("Rows that say nothing new")),
    COUNT("changed", N_("Rows that change something")),
    COUNT("error", N_("Rows with an error")),
    {.name = "columns", .label = N_("Columns"), .type = T_JSON, .flags = F_DERIVED,
     .schema = columns_schema, .hint = N_("What each column of the file is taken for; null: it is "
                                          "left aside.")},
    {.name = "message", .label = N_("Message"), .type = T_TEXT, .flags = F_DERIVED,
     .hint = N_("Why it failed, or what stands in the way of undoing it.")},
    {.name = "created", .label = N_("Read"), .type = T_INSTANT, .flags = F_DERIVED | F_SORT},
    {.name = "appliedAt", .label = N_("Applied at"), .type = T_INSTANT, .flags = F_DERIVED},
    {.name = "undoneAt", .label = N_("Undone at"), .type = T_INSTANT, .flags = F_DERIVED},
    {0},
};

static void finish_imports(struct ctx *ctx, json_t *items)
{
    static const char *const names[] = {"columns", NULL};
    (void)ctx;
    members_unpack(items, names);
}

static void link_import(struct ctx *ctx, json_t *object)
{
    const char *path = arena_join(ctx->arena, "/imports/", json_text(object, "id"), NULL);
    const char *status = json_text(object, "status");
    bool sent = json_int(object, "account_key", 0) == ctx->actor->account_key;
    bool may = may_person(ctx, ACT_ENTER_PERSON, 0);
    ctx->as_support = false; /* asked, not done */
    ctx_link(ctx, object, "rows", "GET", arena_join(ctx->arena, path, "/rows", NULL));
    if (!may)
        return;
    if (sent && !strcmp(status, "tried")) {
        ctx_link(ctx, object, "apply", "POST", arena_join(ctx->arena, path, "/applications", NULL));
        ctx_link(ctx, object, "choose", "POST", arena_join(ctx->arena, path, "/choices", NULL));
    }
    if (!strcmp(status, "applied") || !strcmp(status, "applying"))
        ctx_link(ctx, object, "undo", "DELETE", path);
    else if (strcmp(status, "undoing"))
        ctx_link(ctx, object, "delete", "DELETE", path);
}

const struct resource import_resource = {
    .name = "imports",
    .noun = N_("import"),
    .table = "import_run",
    .select =
        "SELECT i.key AS \"key\", i.version AS \"version\", i.account_key AS \"account_key\", "
        "i.id AS \"id\", i.resource AS \"resource\", i.file_name AS \"fileName\", "
        "b.id AS \"groupId\", g.full_name AS \"groupName\", i.status AS \"status\", "
        "i.row_count AS \"rowCount\", i.done_count AS \"doneCount\", "
        "i.message AS \"message\", i.new_count AS \"counts.new\", "
        "i.same_count AS \"counts.same\", i.changed_count AS \"counts.changed\", "
        "i.error_count AS \"counts.error\", i.columns AS \"columns\", "
        "i.created AS \"created\", i.applied_at AS \"appliedAt\", "
        "i.undone_at AS \"undoneAt\", i.modified AS \"modified\" FROM import_run i "
        "LEFT JOIN workgroup g ON g.key = i.group_key LEFT JOIN body b ON b.key = i.group_key",
    .visible = "(?2 = 1 OR \"account_key\" = ?7) AND \"status\" <> 'removing'",
    .order = "\"created\" DESC, \"id\"",
    .fields = import_fields,
    .finish = finish_imports,
    .links = link_import,
};

static const char cells_schema[] =
    "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"additionalProperties\":false,"
    "\"required\":[\"field\",\"label\",\"value\",\"before\",\"message\",\"state\"],\"properties\":{"
    "\"field\":{\"type\":\"string\"},\"label\":{\"type\":\"string\"},\"value\":{\"type\":"
    "\"string\"},"
    "\"before\":{\"type\":[\"string\",\"null\"]},\"message\":{\"type\":[\"string\",\"null\"]},"
    "\"state\":{\"enum\":[\"new\",\"same\",\"changed\",\"error\"]}}}}";
static const char candidates_schema[] =
    "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"additionalProperties\":false,"
    "\"required\":[\"id\",\"name\",\"employerName\"],\"properties\":{\"id\":{\"type\":\"string\"},"
    "\"name\":{\"type\":[\"string\",\"null\"]},\"employerName\":{\"type\":[\"string\",\"null\"]}}}"
    "}";

static const struct field row_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "importId", .label = N_("Import"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "line", .label = N_("Line"), .type = T_INT, .flags = F_DERIVED},
    {.name = "act",
     .label = N_("What the row does"),
     .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER,
     .values = import_acts,
     .hint = N_("null as long as it has not been tried.")},
    {.name = "objectId",
     .label = N_("What it changes or makes"),
     .type = T_TEXT,
     .flags = F_DERIVED},
    {.name = "matchedBy",
     .label = N_("Known by"),
     .type = T_ENUM,
     .flags = F_DERIVED,
     .values = matches},
    {.name = "message", .label = N_("Message"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "cells",
     .label = N_("Cells"),
     .type = T_JSON,
     .flags = F_DERIVED,
     .schema = cells_schema},
    {.name = "candidates",
     .label = N_("Whom it may be about"),
     .type = T_JSON,
     .flags = F_DERIVED,
     .schema = candidates_schema},
    {0},
};

/* The rows were tried in their sender's language: headings are said in the reader's. */
static void label_cells(struct ctx *ctx, json_t *items)
{
    size_t i, k;
    json_t *item, *cell;
    const char *id = json_text(json_array_get(items, 0), "importId");
    if (!id)
        return;
    const struct importable *kind = importable_named(
        db_text(ctx->tx, "SELECT resource FROM import_run WHERE id = ?1", id));
    json_array_foreach(items, i, item)
        json_array_foreach(json_object_get(item, "cells"), k, cell) {
            const struct field *field = import_field(kind, json_text(cell, "field"), NULL);
            if (field)
                json_put(cell, "label", ctx_text(ctx, field->label));
        }
}

static void finish_rows(struct ctx *ctx, json_t *items)
{
    static const char *const names[] = {"cells", "candidates", NULL};
    members_unpack(items, names);
    label_cells(ctx, items);
}

const struct resource import_row_resource = {
    .name = "rows",
    .noun = N_("import row"),
    .table = "import_row",
    .select =
        "SELECT r.key AS \"key\", 0 AS \"version\", r.id AS \"id\", i.id AS \"importId\", "
        "i.account_key AS \"account_key\", r.number AS \"line\", CASE WHEN i.status <> 'trying' "
        "OR r.number <= i.done_line THEN r.act END AS \"act\", "
        "r.object_id AS \"objectId\", r.matched_by AS \"matchedBy\", r.message AS \"message\", "
        "r.cells AS \"cells\", r.candidates AS \"candidates\", i.modified AS \"modified\" "
        "FROM import_row r JOIN import_run i ON i.key = r.run_key",
    .visible = "(?2 = 1 OR \"account_key\" = ?7)",
    .order = "\"line\", \"id\"",
    .fields = row_fields,
    .finish = finish_rows,
    .within = "imports",
    .parent = "importId",
    .parent_column = "run_key",
};

/* ---------------------------------------------------------------- at once */

bool import_is_small(long long rows)
{
    return rows <= ROWS_AT_ONCE;
}

/* Everything is done, seen, and taken back. */
static enum code do_and_take_back(void *arg)
{
    enum code c = slice_do(arg);
    return c ? c : E_CONFLICT;
}

static enum code try_now(struct ctx *ctx, long long key)
{
    struct slice slice;
    enum code c = import_turn(ctx, key, "trying");
    if (!c)
        c = slice_begin(&slice, ctx, key, 0, ROWS_AT_ONCE);
    if (c)
        return c;
    c = db_try(ctx->tx, do_and_take_back, &slice);
    c = tx_code(ctx->tx) ? tx_code(ctx->tx) : c == E_CONFLICT ? OK : c;
    if (!c)
        c = slice_store(&slice, ctx->tx, key, false);
    slice_end(&slice);
    return c ? c : db_run(ctx->tx, "UPDATE import_run SET status = 'tried' WHERE key = ?1", key);
}

/* Which rows stand in the way, and why. */
static enum code refuse_errors(struct ctx *ctx, const json_t *rows)
{
    enum code c =
        ctx_fail(ctx, E_CONFLICT, "import-has-errors",
                 N_("Some rows cannot be applied. Mend the file and send it again, or leave "
                    "those rows out."));
    rows_refused(ctx, rows);
    return c;
}

static enum code apply_now(struct ctx *ctx, long long key, const char *id, bool skip_errors)
{
    struct slice slice;
    enum code c = import_turn(ctx, key, "applying");
    if (!c)
        c = slice_begin(&slice, ctx, key, 0, ROWS_AT_ONCE);
    if (c)
        return c;
    c = slice_do(&slice);
    if (!c && slice.counts[IMPORT_ERROR] && !skip_errors)
        c = refuse_errors(ctx, slice.rows);
    if (!c)
        c = slice_store(&slice, ctx->tx, key, true);
    slice_end(&slice);
    return c ? c : import_applied(ctx, key, id);
}

enum code import_applied(struct ctx *ctx, long long key, const char *id)
{
    enum code c = db_run(ctx->tx,
                         "UPDATE import_run SET status = 'applied', applied_at = ?2 WHERE key = ?1",
                         key, tx_instant(ctx->tx));
    return c ? c : resource_touch(ctx, &import_resource, key, id, "apply", json_object());
}

/* ---------------------------------------------------------------- a new import */

static enum code insert_pieces(struct ctx *ctx, long long key)
{
    size_t i;
    json_t *piece;
    enum code c = OK;
    json_array_foreach(json_object_get(ctx->prepared, "pieces"), i, piece)
        if (!c)
            c = db_run(ctx->tx,
                       "INSERT INTO import_piece (run_key, number, texts) VALUES (?1, ?2, ?3)", key,
                       (long long)i, json_string_value(piece));
    return c;
}

static enum code insert_run(struct ctx *ctx, const struct import_input *in, const char *id,
                            long long *key)
{
    json_t *extra = json_object();
    json_put(extra, "resource", in->resource);
    json_put(extra, "file_name", without_number(ctx->upload->name));
    json_put(extra, "columns", member_packed(ctx->arena, ctx->prepared, "columns"));
    json_put(extra, "created", tx_instant(ctx->tx));
    json_put(extra, "language", ctx->lang == LANG_SV ? "sv" : "en");
    json_put_int(extra, "row_count", json_int(ctx->prepared, "count", 0));
    json_put_int(extra, "at_once", in->dry_run == 0);
    if (in->group.key)
        json_put_int(extra, "group_key", in->group.key);
    if (ctx->actor->account_key)
        json_put_int(extra, "account_key", ctx->actor->account_key);
    enum code c = resource_insert(ctx, &import_resource, in, id, extra, key);
    json_decref(extra);
    return c ? c : insert_pieces(ctx, *key);
}

/* Files that wait fill the disk, and stand in each other's way. */
static enum code refuse_more(struct ctx *ctx)
{
    enum { WAITING_MOST = 4 };
    long long waiting = db_int(ctx->tx, 0,
                               "SELECT count(*) FROM import_run WHERE account_key = ?1 AND status "
                               "IN ('trying', 'applying', 'undoing', 'removing')",
                               ctx->actor->account_key);
    if (waiting < WAITING_MOST)
        return tx_code(ctx->tx);
    ctx->err->retry_after = 30;
    return ctx_fail(ctx, E_BUSY, "busy", N_("Too much is going on. Try again in a moment."));
}

static enum code do_now(struct ctx *ctx, long long key, const char *id, bool apply)
{
    bool more = true;
    enum code c = OK;
    while (!c && more)
        c = piece_unpack(ctx, key, &more);
    if (c)
        return c;
    return apply ? apply_now(ctx, key, id, false) : try_now(ctx, key);
}

enum code import_create(struct ctx *ctx, struct answer *out)
{
    struct import_input in;
    char id[UUID_SIZE];
    long long key = 0;
    enum code c = must_may_person(ctx, ACT_ENTER_PERSON, 0);
    if (!c)
        c = parameters_read(ctx, &in);
    crypt_uuid(id);
    bool small = import_is_small(json_int(ctx->prepared, "count", 0)), apply = in.dry_run == 0;
    if (!c && !small)
        c = refuse_more(ctx);
    if (!c)
        c = insert_run(ctx, &in, id, &key);
    if (!c && small)
        c = do_now(ctx, key, id, apply);
    out->flash = !small  ? N_("The file has been received. Its rows are being tried.")
                 : apply ? N_("The file has been applied.")
                         : N_("The file has been read. Nothing is changed yet.");
    return c ? c : resource_created(ctx, &import_resource, arena_strdup(ctx->arena, id), out);
}

/* The import in the path, while it can still be changed: its key, or 0 with *code. By who sent it:
 * another's rights would do what he may not, and tell him in his rows what he may not know. */
static long long tried_import(struct ctx *ctx, const char *id, bool *small, enum code *code)
{
    long long key = 0;
    *code = must_may_person(ctx, ACT_ENTER_PERSON, 0);
    if (*code)
        return 0;
    json_t *run = resource_one(ctx, &import_resource, id, &key, NULL);
    const char *status = json_text(run, "status");
    *small = import_is_small(json_int(run, "rowCount", 0));
    *code = run ? OK : ctx_absent(ctx);
    bool sent = db_exists(ctx->tx,
                          "SELECT 1 FROM import_run WHERE key = ?1 AND coalesce(account_key, 0) = ?2",
                          key, ctx->actor->account_key);
    if (run && !sent)
        *code = ctx_fail(ctx, E_DENIED, "import-of-another",
                         N_("An import is done with the rights of whoever sent the file, and by "
                            "nobody else. Send the file yourself."));
    else if (run && (!strcmp(status, "trying") || !strcmp(status, "undoing")))
        *code = import_busy(ctx);
    else if (run && strcmp(status, "tried"))
        *code = ctx_fail(ctx, E_CONFLICT, "import-done",
                         N_("This import has been applied already."));
    json_decref(run);
    return *code ? 0 : key;
}

enum code import_busy(struct ctx *ctx)
{
    return ctx_fail(ctx, E_CONFLICT, "import-busy",
                    N_("The rows of this import are being gone through. Look again in a while."));
}

struct choice_input {
    const char *row_id, *person_id;
};

const struct field choice_fields[] = {
    {.name = "rowId", .label = N_("Row"), .type = T_UUID, .flags = F_REQUIRED | F_HIDDEN,
     .at = offsetof(struct choice_input, row_id)},
    {.name = "personId", .label = N_("Whom the row is about"), .type = T_UUID,
     .at = offsetof(struct choice_input, person_id),
     .hint = N_("Left out: somebody whom the register does not have yet.")},
    {0},
};

enum code import_choose(struct ctx *ctx, struct answer *out)
{
    struct choice_input in = {0};
    const char *id = ctx_value(ctx, "id");
    enum code c;
    bool small = true;
    long long key = tried_import(ctx, id, &small, &c);
    if (!c)
        c = fields_read(ctx, choice_fields, &in);
    if (!c)
        c = db_run(ctx->tx, "UPDATE import_row SET choice = ?3 WHERE run_key = ?1 AND id = ?2", key,
                   in.row_id, in.person_id ? in.person_id : "new");
    if (!c && !tx_changed(ctx->tx))
        c = err_field(ctx->err, "/rowId", N_("There is no row with that id."), NULL);
    if (!c)
        c = small ? try_now(ctx, key) : import_turn(ctx, key, "trying");
    return c ? c : resource_created(ctx, &import_resource, id, out);
}

struct application_input {
    int skip_errors;
};

const struct field application_fields[] = {
    {.name = "skipErrors", .label = N_("Leave out the rows with errors"), .type = T_BOOL,
     .at = offsetof(struct application_input, skip_errors)},
    {0},
};

/* Of many rows those with errors are known from the trial. */
static enum code refuse_known(struct ctx *ctx, long long key)
{
    json_t *rows = rows_wrong(ctx->tx, key);
    enum code c = json_array_size(rows) ? refuse_errors(ctx, rows) : tx_code(ctx->tx);
    json_decref(rows);
    return c;
}

static enum code apply_later(struct ctx *ctx, long long key, bool skip_errors)
{
    enum code c = skip_errors ? OK : refuse_known(ctx, key);
    if (!c)
        c = import_turn(ctx, key, "applying");
    return c ? c
             : db_run(ctx->tx, "UPDATE import_run SET skip_errors = ?2 WHERE key = ?1", key,
                      skip_errors);
}

enum code import_apply(struct ctx *ctx, struct answer *out)
{
    struct application_input in = {0};
    const char *id = ctx_value(ctx, "id");
    enum code c;
    bool small = true;
    long long key = tried_import(ctx, id, &small, &c);
    if (!c)
        c = fields_read(ctx, application_fields, &in);
    if (!c)
        c = small ? apply_now(ctx, key, id, in.skip_errors == 1)
                  : apply_later(ctx, key, in.skip_errors == 1);
    out->flash = small ? N_("The file has been applied.") : N_("The rows are being applied.");
    return c ? c : resource_created(ctx, &import_resource, id, out);
}
