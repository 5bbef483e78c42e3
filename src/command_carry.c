/* command_carry.c: the commands that carry registers and lists out and in.
 *
 * Owns files and streams, and how far it has come on standard error when a person looks at it.
 * Knows no rule: a list goes out as its page gives it, a file comes in as its page takes it, a
 * whole register as db.h does it. Nothing is ever written over. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <kansli/app.h>
#include <kansli/buf.h>
#include <kansli/exchange.h>
#include <kansli/json.h>
#include <kansli/log.h>
#include <kansli/sheet.h>
#include <kansli/view.h>
#include "command.h"

enum { LIST_BYTES = 1 << 30, READ_MS = 3600 * 1000 };

/* ---------------------------------------------------------------- telling */

int command_failed(const struct err *err, const char *what)
{
    struct arena *arena = arena_new(1 << 16);
    const char *text = err->msgid ? text_fill(arena, err->msgid, err->args) : code_rule(err->code);
    fprintf(stderr, "kansli: %s: %s", what, text);
    size_t i;
    json_t *entry;
    json_array_foreach(err->fields, i, entry) {
        const char *pointer = json_text(entry, "pointer");
        fprintf(stderr, "; %s: %s", pointer ? pointer : "",
                text_fill(arena, json_text(entry, "msgid"), json_object_get(entry, "args")));
    }
    fprintf(stderr, "\n");
    arena_free(arena);
    return 1;
}

int command_misused(const char *text)
{
    fprintf(stderr, "kansli: %s\n", text);
    return 2;
}

/* One line that is written over, and only where somebody looks. */
static bool told_some;

static void tell(const char *what, long long done, long long count)
{
    if (!told_some && !isatty(STDERR_FILENO) && !getenv("KANSLI_PROGRESS"))
        return;
    told_some = true;
    if (count)
        fprintf(stderr, "\r%s: %lld of %lld rows", what, done, count);
    else
        fprintf(stderr, "\r%s: %lld rows", what, done);
}

static void tell_no_more(void)
{
    if (told_some)
        fprintf(stderr, "\n");
}

static void told(long long rows, void *what)
{
    tell(what, rows, 0);
}

/* ---------------------------------------------------------------- copies */

static enum code open_register(const struct options *o, struct db **db, struct err *err)
{
    return db_open(o->db, &(struct db_options){.offline = true, .read_limit_ms = READ_MS}, db, err);
}

int command_backup(struct options *o)
{
    struct db *db;
    struct err err;
    err_init(&err);
    if (o->count != 1)
        return command_misused("backup: name the file to write: kansli backup --db FILE OUT");
    if (open_register(o, &db, &err))
        return command_failed(&err, o->db);
    int result = db_backup(db, o->words[0], &err) ? command_failed(&err, o->words[0]) : 0;
    db_close(db);
    err_release(&err);
    return result;
}

int command_restore(struct options *o)
{
    struct err err;
    err_init(&err);
    if (!o->db || o->count != 1)
        return command_misused("restore: name the new register and the backup: "
                               "kansli restore --db NEW BACKUP");
    log_level(LOG_SILENT); /* a damaged backup is told in one line */
    int result = db_restore(o->words[0], o->db, &err) ? command_failed(&err, o->words[0]) : 0;
    err_release(&err);
    return result;
}

/* ---------------------------------------------------------------- out */

/* Standard output, or a new file; NULL with *err. */
static FILE *open_out(const char *path, struct err *err)
{
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : STDOUT_FILENO;
    if (fd < 0 && errno == EEXIST)
        err_set(err, E_CONFLICT, "file-exists", N_("The file exists already."));
    else if (fd < 0)
        err_set(err, E_STORAGE, "storage", N_("The file cannot be written."));
    return fd < 0 ? NULL : path ? fdopen(fd, "w") : stdout;
}

/* It is there when all of it is on the disk. */
static enum code close_out(FILE *to, const char *path, enum code c, struct err *err)
{
    bool kept = !fflush(to) && !ferror(to) && (!path || !fsync(fileno(to)));
    if (path)
        fclose(to);
    if (!c && !kept)
        c = err_set(err, E_STORAGE, "storage", N_("What was exported could not be written."));
    if (c && path)
        unlink(path);
    return c;
}

static enum sheet_format format_of(const struct options *o)
{
    bool workbook = o->format ? !strcmp(o->format, "xlsx")
                              : o->out && strlen(o->out) > 5 &&
                                    !strcmp(o->out + strlen(o->out) - 5, ".xlsx");
    return workbook ? SHEET_XLSX : SHEET_CSV;
}

static enum code list_write(struct ctx *ctx, const struct resource *r, const struct options *o,
                            FILE *to)
{
    struct buf bytes;
    json_t *nothing = NULL;
    ctx->sheet = sheet_new(format_of(o), r->name, ctx->today);
    enum code c = resource_list(ctx, r, (struct fixed){0}, &nothing);
    c = c ? c : tx_code(ctx->tx);
    buf_init(&bytes, LIST_BYTES);
    if (!c)
        c = sheet_end(ctx->sheet, &bytes, ctx->err);
    if (!c)
        fwrite(bytes.data, 1, bytes.len, to);
    json_decref(nothing);
    buf_release(&bytes);
    sheet_free(ctx->sheet);
    return c;
}

/* A list with everybody's rights, as its address with format= gives it. */
static enum code list_export(struct db *db, const struct options *o, FILE *to, struct err *err)
{
    struct ctx ctx;
    struct params none;
    const struct resource *r = resource_by_name(o->resource);
    struct arena *arena = arena_new(SIZE_MAX);
    struct tx *tx = db_read(db, arena);
    params_init(&none);
    app_command_ctx(&ctx, tx, arena, err);
    ctx.query = ctx.body = &none;
    enum code c = list_write(&ctx, r, o, to);
    if (c && !err->code)
        err_set(err, c, tx_err(tx)->rule, tx_err(tx)->msgid);
    db_read_end(tx);
    params_release(&none);
    arena_free(arena);
    return c;
}

static bool is_list(const char *name)
{
    const struct resource *r = resource_by_name(name);
    return r && !r->parent;
}

int command_export(struct options *o)
{
    struct db *db;
    struct err err;
    static char what[] = "export";
    err_init(&err);
    if (o->format && strcmp(o->format, "csv") && strcmp(o->format, "xlsx"))
        return command_misused("--format is csv or xlsx");
    if (o->format && !o->resource)
        return command_misused("--format needs --resource: a whole register has its own format");
    if (o->resource && !is_list(o->resource))
        return command_misused("export: there is no such list; --resource is what stands in the "
                               "API's addresses: groups, persons ...");
    if (open_register(o, &db, &err))
        return command_failed(&err, o->db);
    enum code c = o->resource ? view_start(NULL, &err) : OK;
    FILE *to = c ? NULL : open_out(o->out, &err);
    if (to) {
        c = o->resource ? list_export(db, o, to, &err) : db_export(db, to, told, what, &err);
        c = close_out(to, o->out, c, &err);
        tell_no_more();
    }
    int result = !to || c ? command_failed(&err, o->out ? o->out : "export") : 0;
    if (o->resource)
        view_stop();
    db_close(db);
    err_release(&err);
    return result;
}

/* ---------------------------------------------------------------- in */

static int register_import(struct options *o)
{
    struct err err;
    static char what[] = "import";
    err_init(&err);
    const char *path = o->words[0];
    bool standard = !strcmp(path, "-");
    FILE *from = standard ? stdin : fopen(path, "re");
    if (!from) {
        fprintf(stderr, "kansli: %s: The file cannot be read.\n", path);
        return 1;
    }
    enum code c = db_import(o->db, from, told, what, &err);
    bool unread = c == E_INPUT || ferror(from); /* the file is to blame, not the register */
    if (!standard)
        fclose(from);
    tell_no_more();
    int result = c ? command_failed(&err, unread ? path : o->db) : 0;
    err_release(&err);
    return result;
}

static bool never(void *arg)
{
    (void)arg;
    return false;
}

static void import_told(const struct import_state *state, void *arg)
{
    (void)arg;
    tell(state->status, state->done, state->count);
}

/* What came of it: the counts on standard output, the lines that cannot be on standard error. */
static int print_outcome(const json_t *import, bool as_json)
{
    json_t *refusals = json_object_get(import, "refusals"), *line;
    json_t *counts = json_object_get(import, "counts");
    size_t i;
    const char *status = json_text(import, "status"), *message = json_text(import, "message");
    bool failed = json_array_size(refusals) || !strcmp(status, "failed");
    json_array_foreach(refusals, i, line)
        fprintf(stderr, "%s\n", json_string_value(line));
    if (as_json) {
        struct buf buf;
        buf_init(&buf, SIZE_MAX);
        json_write(&buf, import);
        puts(buf.data);
        buf_release(&buf);
    } else {
        printf("%s: %lld new, %lld changed, %lld the same, %lld with errors\n", status,
               json_int(counts, "new", 0), json_int(counts, "changed", 0),
               json_int(counts, "same", 0), json_int(counts, "error", 0));
    }
    if (failed)
        fprintf(stderr, "kansli: import: %s\n",
                message ? message : "Some rows cannot be applied. Nothing was changed.");
    return failed;
}

static enum code read_whole(const char *path, char **bytes, size_t *n, struct err *err)
{
    enum { LARGEST = 64 << 20 };
    struct buf buf;
    char piece[65536];
    FILE *from = strcmp(path, "-") ? fopen(path, "re") : stdin;
    if (!from)
        return err_set(err, E_ABSENT, "no-file", N_("The file cannot be read."));
    buf_init(&buf, LARGEST);
    for (size_t got; (got = fread(piece, 1, sizeof piece, from)) > 0;)
        buf_add(&buf, piece, got);
    bool wrong = ferror(from), full = buf.full;
    if (from != stdin)
        fclose(from);
    *n = buf.len;
    *bytes = must_malloc(buf.len + 1);
    memcpy(*bytes, buf.data ? buf.data : "", buf.len);
    buf_release(&buf);
    if (full)
        return err_set(err, E_TOO_BIG, "import-too-big", N_("The file holds too much. Take away "
                                                            "what is not needed, or divide it."));
    return wrong ? err_set(err, E_STORAGE, "storage", N_("The file cannot be read.")) : OK;
}

static int rows_import(struct options *o, struct db *db)
{
    struct err err;
    char *bytes = NULL;
    const char *path = o->words[0], *slash = strrchr(path, '/');
    struct import_keeper keeper = {
        .db = db, .context = app_command_ctx, .stopped = never, .told = import_told};
    struct import_order order = {.resource = o->resource,
                                 .group = o->group,
                                 .name = slash ? slash + 1 : path,
                                 .dry = o->dry_run};
    err_init(&err);
    day_today(keeper.forgotten); /* what is old is the server's */
    enum code c = read_whole(path, &bytes, &order.n, &err);
    order.bytes = bytes;
    json_t *import = c ? NULL : import_file(&keeper, &order, &err);
    tell_no_more();
    int result = import ? print_outcome(import, o->json) : command_failed(&err, path);
    json_decref(import);
    free(bytes);
    err_release(&err);
    return result;
}

int command_import(struct options *o)
{
    struct db *db;
    struct err err;
    err_init(&err);
    if (!o->db || o->count != 1)
        return command_misused("import: name the register and the file; see kansli import --help");
    if (!o->resource && (o->dry_run || o->group || o->json))
        return command_misused("import: --dry-run, --group and --json need --resource");
    if (!o->resource)
        return register_import(o);
    if (open_register(o, &db, &err))
        return command_failed(&err, o->db);
    int result =
        view_start(NULL, &err) ? command_failed(&err, "import") : rows_import(o, db);
    view_stop();
    db_close(db);
    err_release(&err);
    return result;
}
