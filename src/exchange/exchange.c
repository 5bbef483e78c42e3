/* exchange.c: a file of persons or memberships, from its upload to its application.
 *
 * Owns: imports and their rows. A trial is the application itself, in a savepoint that is taken
 * back when every row has been tried: nothing is found twice, and nothing that a trial accepts is
 * refused later for a reason that could have been known. The file is taken apart on a worker,
 * before the transaction; the rows are tried on the writer, so a file has at most IMPORT_ROWS of
 * them. What a row asks for is row.c's; taking back what was applied is undo.c's. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/crypt.h>
#include <kansli/group.h>
#include "internal.h"

enum { FILE_BYTES_MOST = 128 << 20, ROW_BYTES = 4 << 20, ERRORS_TOLD = 50 };

/* ---------------------------------------------------------------- the tables */

const struct value import_resources[] = {
    {"persons", N_("People")},
    {"memberships", N_("Memberships")},
    {NULL, NULL},
};

static const struct value import_statuses[] = {
    {"tried", N_("Tried")},
    {"applied", N_("Applied")},
    {"undone", N_("Undone")},
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
    {NULL, NULL},
};

struct import_input {
    const char *resource;
    struct ref_value group;
    int dry_run;
};
#define AT(member) offsetof(struct import_input, member)

const struct field import_parameters[] = {
    {.name = "resource",
     .label = N_("What the file holds"),
     .type = T_ENUM,
     .at = AT(resource),
     .flags = F_REQUIRED,
     .values = import_resources},
    {.name = "groupId",
     .label = N_("Group"),
     .type = T_REF,
     .at = AT(group),
     .reference = &group_reference,
     .hint = N_("Memberships: the group of every row that names none.")},
    {.name = "dryRun",
     .label = N_("Only try"),
     .type = T_BOOL,
     .at = AT(dry_run),
     .flags = F_HIDDEN,
     .hint = N_("true, the default: the rows are tried and nothing is changed. false: they are "
                "applied at once, when none has an error.")},
    {0},
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
    COUNT("new", N_("New rows")),
    COUNT("same", N_("Rows that say nothing new")),
    COUNT("changed", N_("Rows that change something")),
    COUNT("error", N_("Rows with an error")),
    {.name = "columns", .label = N_("Columns"), .type = T_JSON, .flags = F_DERIVED,
     .schema = columns_schema, .hint = N_("What each column of the file is taken for; null: it is "
                                          "left aside.")},
    {.name = "created", .label = N_("Read"), .type = T_INSTANT, .flags = F_DERIVED | F_SORT},
    {.name = "appliedAt", .label = N_("Applied at"), .type = T_INSTANT, .flags = F_DERIVED},
    {.name = "undoneAt", .label = N_("Undone at"), .type = T_INSTANT, .flags = F_DERIVED},
    {0},
};

/* Members that are kept as JSON text. */
static void unpack(json_t *items, const char *const *names)
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

static void finish_imports(struct ctx *ctx, json_t *items)
{
    static const char *const names[] = {"columns", NULL};
    (void)ctx;
    unpack(items, names);
}

static void link_import(struct ctx *ctx, json_t *object)
{
    const char *path = arena_join(ctx->arena, "/imports/", json_text(object, "id"), NULL);
    const char *status = json_text(object, "status");
    ctx_link(ctx, object, "rows", "GET", arena_join(ctx->arena, path, "/rows", NULL));
    if (!strcmp(status, "tried")) {
        ctx_link(ctx, object, "apply", "POST", arena_join(ctx->arena, path, "/applications", NULL));
        ctx_link(ctx, object, "choose", "POST", arena_join(ctx->arena, path, "/choices", NULL));
    }
    ctx_link(ctx, object, strcmp(status, "applied") ? "delete" : "undo", "DELETE", path);
}

const struct resource import_resource = {
    .name = "imports",
    .noun = N_("import"),
    .table = "import_run",
    .select =
        "SELECT i.key AS \"key\", i.version AS \"version\", i.account_key AS \"account_key\", "
        "i.id AS \"id\", i.resource AS \"resource\", i.file_name AS \"fileName\", "
        "b.id AS \"groupId\", g.full_name AS \"groupName\", i.status AS \"status\", "
        "i.row_count AS \"rowCount\", i.new_count AS \"counts.new\", "
        "i.same_count AS \"counts.same\", i.changed_count AS \"counts.changed\", "
        "i.error_count AS \"counts.error\", i.columns AS \"columns\", "
        "i.created AS \"created\", i.applied_at AS \"appliedAt\", "
        "i.undone_at AS \"undoneAt\", i.modified AS \"modified\" FROM import_run i "
        "LEFT JOIN workgroup g ON g.key = i.group_key LEFT JOIN body b ON b.key = i.group_key",
    .visible = "(?2 = 1 OR \"account_key\" = ?7)",
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
     .values = import_acts},
    {.name = "objectId",
     .label = N_("What it changes or makes"),
     .type = T_UUID,
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

static void finish_rows(struct ctx *ctx, json_t *items)
{
    static const char *const names[] = {"cells", "candidates", NULL};
    (void)ctx;
    unpack(items, names);
}

const struct resource import_row_resource = {
    .name = "rows",
    .noun = N_("import row"),
    .table = "import_row",
    .select =
        "SELECT r.key AS \"key\", 0 AS \"version\", r.id AS \"id\", i.id AS \"importId\", "
        "i.account_key AS \"account_key\", r.number AS \"line\", r.act AS \"act\", "
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

/* ---------------------------------------------------------------- the file */

/* A form's fields and the address's parameters are the same thing here. */
static enum code read_parameters(struct ctx *ctx, struct import_input *in)
{
    struct ctx both = *ctx;
    struct params all = {json_copy(ctx->body->values), false};
    json_object_update(all.values, ctx->query->values);
    json_object_del(all.values, "file"); /* nothing was chosen */
    memset(in, 0, sizeof *in);
    both.body = &all;
    enum code c = fields_read(&both, import_parameters, in);
    params_release(&all);
    return c;
}

static void hide_numbers(json_t *texts, bool seats)
{
    const char *name;
    json_t *text;
    void *next;
    json_object_foreach_safe(texts, next, name, text) {
        const struct field *field = import_field(seats, name, NULL);
        if (!field || !(field->flags & F_NUMBER))
            json_object_set_new(texts, name,
                                json_text_new(without_number(json_string_value(text))));
    }
}

static json_t *texts_of(struct ctx *ctx, const struct sheet *sheet, size_t r, bool seats,
                        const json_t *columns)
{
    json_t *texts = json_object(), *column;
    size_t i;
    json_array_foreach((json_t *)columns, i, column) {
        const char *field = json_text(column, "field");
        const char *text = sheet_unguard(sheet_cell(sheet, r, i));
        if (field && !strcmp(field, "name"))
            name_split(ctx->arena, text, texts);
        else if (field)
            json_put(texts, field, text);
    }
    hide_numbers(texts, seats);
    return texts;
}

static enum code file_rows(struct ctx *ctx, const struct import_input *in,
                           const struct sheet *sheet)
{
    bool seats = !strcmp(in->resource, "memberships");
    json_t *columns = headings_read(ctx, sheet, seats), *rows = json_array(), *column;
    size_t known = 0, i;
    for (size_t r = 0; r < sheet->rows; r++) {
        json_t *row = json_push(rows, json_object());
        json_put_int(row, "line", (long long)sheet->row[r].line);
        json_put_new(row, "texts", texts_of(ctx, sheet, r, seats, columns));
    }
    json_array_foreach(columns, i, column)
        known += json_text(column, "field") != NULL;
    ctx->prepared = json_object();
    json_put_new(ctx->prepared, "columns", columns);
    json_put_new(ctx->prepared, "rows", rows);
    if (!known)
        return ctx_fail(ctx, E_INPUT, "import-headings",
                        N_("None of the headings is known here. The first row must say what the "
                           "columns hold: Förnamn, Efternamn, E-post …"));
    if (!sheet->rows)
        return err_field(ctx->err, "/file", N_("There are no rows under the headings."), NULL);
    return OK;
}

enum code import_read(struct ctx *ctx, struct answer *out)
{
    struct import_input in;
    struct sheet *sheet;
    (void)out;
    enum code c = must_may_person(ctx, ACT_ENTER_PERSON, 0);
    if (!c && !ctx->upload && ctx->api)
        c = ctx_fail(ctx, E_TYPE, "media-type",
                     N_("Send a CSV file (text/csv), an XLSX file or a form with one of them."));
    if (!c)
        c = read_parameters(ctx, &in);
    if (!c && !ctx->upload)
        c = err_field(ctx->err, "/file", N_("Choose a file."), NULL);
    if (c)
        return c;
    struct ctx file = *ctx;
    file.arena = arena_new(FILE_BYTES_MOST);
    c = sheet_read(file.arena, ctx->upload->bytes, ctx->upload->n, IMPORT_ROWS, &sheet, ctx->err);
    if (!c)
        c = file_rows(&file, &in, sheet);
    ctx->prepared = file.prepared;
    arena_free(file.arena);
    return c;
}

/* ---------------------------------------------------------------- rows, tried */

/* An import at work. */
struct importer {
    struct ctx *ctx;
    long long key;
    bool seats, skip_errors;
    const char *group_id;
    struct people *people;
    struct arena *arena;    /* of one row */
    json_t *rows; /* from the register: key, line, texts, choice; then what came of them */
    long long counts[4];    /* by act, in the order of import_acts */
    struct row *row;        /* the one at hand */
};

static enum code try_row(void *arg)
{
    struct importer *imp = arg;
    return row_do(imp->ctx, imp->people, imp->arena, imp->seats, imp->group_id, imp->row);
}

static void count_act(struct importer *imp, const char *act)
{
    for (size_t i = 0; i < LEN(imp->counts); i++)
        imp->counts[i] += !strcmp(import_acts[i].code, act);
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

static enum code do_rows(struct importer *imp)
{
    size_t i;
    json_t *kept;
    memset(imp->counts, 0, sizeof imp->counts);
    imp->people = people_load(imp->ctx);
    json_array_foreach(imp->rows, i, kept) {
        struct row row = {.texts = json_object_get(kept, "texts"),
                          .choice = json_text(kept, "choice")};
        imp->row = &row;
        enum code c = db_try(imp->ctx->tx, try_row, imp);
        if (tx_code(imp->ctx->tx)) {
            row_release(&row);
            break;
        }
        if (c && row.effects)
            json_array_clear(row.effects);
        count_act(imp, row.act);
        keep_outcome(kept, &row);
        arena_clear(imp->arena);
    }
    people_free(imp->people);
    return tx_code(imp->ctx->tx);
}

/* Everything is done, seen, and taken back. */
static enum code do_and_take_back(void *arg)
{
    enum code c = do_rows(arg);
    return c ? c : E_CONFLICT;
}

static const char *packed(struct arena *arena, const json_t *row, const char *name)
{
    struct buf buf;
    json_t *value = json_object_get(row, name);
    if (!value || json_is_null(value))
        return NULL;
    buf_init(&buf, 1 << 20);
    json_write(&buf, value);
    const char *text = arena_strndup(arena, buf.data, buf.len);
    buf_release(&buf);
    return text;
}

static enum code store(struct importer *imp, bool applied)
{
    struct tx *tx = imp->ctx->tx;
    size_t i;
    json_t *row;
    enum code c =
        db_run(tx,
               "UPDATE import_run SET new_count = ?2, changed_count = ?3, same_count = ?4, "
               "error_count = ?5 WHERE key = ?1",
               imp->key, imp->counts[0], imp->counts[1], imp->counts[2], imp->counts[3]);
    json_array_foreach(imp->rows, i, row) {
        if (c)
            return c;
        c = db_run(tx,
                   "UPDATE import_row SET act = ?2, object_id = ?3, matched_by = ?4, message = ?5, "
                   "cells = ?6, candidates = ?7, effects = ?8 WHERE key = ?1",
                   json_int(row, "key", 0), json_text(row, "act"), json_text(row, "objectId"),
                   json_text(row, "matchedBy"), json_text(row, "message"),
                   packed(imp->arena, row, "cells"), packed(imp->arena, row, "candidates"),
                   applied ? packed(imp->arena, row, "effects") : NULL);
        arena_clear(imp->arena);
    }
    return c;
}

/* ?1 an import's key: its rows as they were sent. */
static json_t *rows_of(struct tx *tx, long long key)
{
    json_t *rows = db_rows(tx,
                           "SELECT key AS \"key\", id AS \"id\", number AS \"line\", "
                           "texts AS \"texts\", choice AS \"choice\" FROM import_row "
                           "WHERE run_key = ?1 ORDER BY number, key",
                           key);
    static const char *const names[] = {"texts", NULL};
    unpack(rows, names);
    return rows;
}

static void importer_begin(struct importer *imp, struct ctx *ctx, long long key)
{
    json_t *run = db_row(ctx->tx,
                         "SELECT i.resource AS \"resource\", b.id AS \"groupId\" FROM import_run i "
                         "LEFT JOIN body b ON b.key = i.group_key WHERE i.key = ?1",
                         key);
    const char *resource = json_text(run, "resource");
    *imp = (struct importer){.ctx = ctx, .key = key};
    imp->seats = resource && !strcmp(resource, "memberships");
    imp->group_id = arena_strdup(ctx->arena, json_text(run, "groupId"));
    imp->arena = arena_new(ROW_BYTES);
    imp->rows = rows_of(ctx->tx, key);
    json_decref(run);
}

static void importer_end(struct importer *imp)
{
    arena_free(imp->arena);
    json_decref(imp->rows);
}

static enum code try_all(struct ctx *ctx, long long key)
{
    struct importer imp;
    importer_begin(&imp, ctx, key);
    enum code c = db_try(ctx->tx, do_and_take_back, &imp);
    c = tx_code(ctx->tx) ? tx_code(ctx->tx) : c == E_CONFLICT ? OK : c;
    if (!c)
        c = store(&imp, false);
    importer_end(&imp);
    return c;
}

/* ---------------------------------------------------------------- applying */

/* "Line 3, E-mail address: Write an e-mail address." */
static void add_refusal(struct ctx *ctx, const char *line, const char *label, const char *message)
{
    const char *where = ctx_textf(ctx, N_("Line {line}"), "line", line, NULL);
    err_missing(ctx->err, arena_join(ctx->arena, where, label ? ", " : "", label ? label : "", ": ",
                                     message, NULL));
}

/* Which rows stand in the way, and why. */
static enum code refuse_errors(struct importer *imp)
{
    struct ctx *ctx = imp->ctx;
    size_t i, k;
    json_t *row, *cell;
    int told = 0;
    enum code c =
        ctx_fail(ctx, E_CONFLICT, "import-has-errors",
                 N_("Some rows cannot be applied. Mend the file and send it again, or leave "
                    "those rows out."));
    json_array_foreach(imp->rows, i, row) {
        if (strcmp(json_text(row, "act"), "error") || told++ >= ERRORS_TOLD)
            continue;
        const char *line = arena_int(ctx->arena, json_int(row, "line", 0));
        if (json_text(row, "message"))
            add_refusal(ctx, line, NULL, json_text(row, "message"));
        json_array_foreach(json_object_get(row, "cells"), k, cell)
            if (json_text(cell, "message"))
                add_refusal(ctx, line, json_text(cell, "label"), json_text(cell, "message"));
    }
    return c;
}

static enum code apply_all(struct ctx *ctx, long long key, const char *id, bool skip_errors)
{
    struct importer imp;
    importer_begin(&imp, ctx, key);
    enum code c = do_rows(&imp);
    if (!c && imp.counts[3] && !skip_errors)
        c = refuse_errors(&imp);
    if (!c)
        c = store(&imp, true);
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE import_run SET status = 'applied', applied_at = ?2 WHERE key = ?1", key,
                   tx_instant(ctx->tx));
    if (!c)
        c = resource_touch(ctx, &import_resource, key, id, "apply", json_object());
    importer_end(&imp);
    return c;
}

/* ---------------------------------------------------------------- the acts */

/* Rows name people: they go after a while, and imports that were never applied with them. */
static enum code forget_old(struct ctx *ctx)
{
    char before[INSTANT_SIZE];
    instant_from_seconds(instant_seconds(tx_instant(ctx->tx)) - IMPORT_DAYS * 24 * 3600, before);
    enum code c = db_run(ctx->tx,
                         "DELETE FROM import_run WHERE created < ?1 AND status = 'tried'", before);
    return c ? c
             : db_run(ctx->tx,
                      "DELETE FROM import_row WHERE run_key IN "
                      "(SELECT key FROM import_run WHERE created < ?1)",
                      before);
}

static enum code insert_rows(struct ctx *ctx, long long key)
{
    size_t i;
    json_t *row;
    struct arena *arena = arena_new(ROW_BYTES);
    enum code c = OK;
    json_array_foreach(json_object_get(ctx->prepared, "rows"), i, row) {
        char id[UUID_SIZE];
        crypt_uuid(id);
        if (!c)
            c = db_run(
                ctx->tx,
                "INSERT INTO import_row (id, run_key, number, texts) VALUES (?1, ?2, ?3, ?4)",
                (const char *)id, key, json_int(row, "line", 0), packed(arena, row, "texts"));
        arena_clear(arena);
    }
    arena_free(arena);
    return c;
}

static enum code insert_run(struct ctx *ctx, const struct import_input *in, const char *id,
                            long long *key)
{
    json_t *extra = json_object();
    size_t n = json_array_size(json_object_get(ctx->prepared, "rows"));
    json_put(extra, "resource", in->resource);
    json_put(extra, "file_name", without_number(ctx->upload->name));
    json_put(extra, "columns", packed(ctx->arena, ctx->prepared, "columns"));
    json_put(extra, "created", tx_instant(ctx->tx));
    json_put_int(extra, "row_count", (long long)n);
    if (in->group.key)
        json_put_int(extra, "group_key", in->group.key);
    if (ctx->actor->account_key)
        json_put_int(extra, "account_key", ctx->actor->account_key);
    enum code c = resource_insert(ctx, &import_resource, in, id, extra, key);
    json_decref(extra);
    return c ? c : insert_rows(ctx, *key);
}

enum code import_create(struct ctx *ctx, struct answer *out)
{
    struct import_input in;
    char id[UUID_SIZE];
    long long key = 0;
    enum code c = must_may_person(ctx, ACT_ENTER_PERSON, 0);
    if (!c)
        c = read_parameters(ctx, &in);
    if (!c)
        c = forget_old(ctx);
    crypt_uuid(id);
    if (!c)
        c = insert_run(ctx, &in, id, &key);
    if (!c)
        c = in.dry_run == 0 ? apply_all(ctx, key, id, false) : try_all(ctx, key);
    out->flash = in.dry_run == 0 ? N_("The file has been applied.")
                                 : N_("The file has been read. Nothing is changed yet.");
    return c ? c : resource_created(ctx, &import_resource, arena_strdup(ctx->arena, id), out);
}

/* The import in the path, while it can still be changed: its key, or 0 with *code. */
static long long tried_import(struct ctx *ctx, const char *id, enum code *code)
{
    long long key = 0;
    *code = must_may_person(ctx, ACT_ENTER_PERSON, 0);
    if (*code)
        return 0;
    json_t *run = resource_one(ctx, &import_resource, id, &key, NULL);
    bool tried = run && !strcmp(json_text(run, "status"), "tried");
    *code = run ? OK : ctx_absent(ctx);
    if (run && !tried)
        *code = ctx_fail(ctx, E_CONFLICT, "import-done", N_("This import has been applied already."));
    json_decref(run);
    return *code ? 0 : key;
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
    long long key = tried_import(ctx, id, &c);
    if (!c)
        c = fields_read(ctx, choice_fields, &in);
    if (!c)
        c = db_run(ctx->tx, "UPDATE import_row SET choice = ?3 WHERE run_key = ?1 AND id = ?2", key,
                   in.row_id, in.person_id ? in.person_id : "new");
    if (!c && !tx_changed(ctx->tx))
        c = err_field(ctx->err, "/rowId", N_("There is no row with that id."), NULL);
    if (!c)
        c = try_all(ctx, key);
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE import_run SET version = version + 1, modified = ?2 WHERE key = ?1", key,
                   tx_instant(ctx->tx));
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

enum code import_apply(struct ctx *ctx, struct answer *out)
{
    struct application_input in = {0};
    const char *id = ctx_value(ctx, "id");
    enum code c;
    long long key = tried_import(ctx, id, &c);
    if (!c)
        c = fields_read(ctx, application_fields, &in);
    if (!c)
        c = apply_all(ctx, key, id, in.skip_errors == 1);
    out->flash = N_("The file has been applied.");
    return c ? c : resource_created(ctx, &import_resource, id, out);
}
