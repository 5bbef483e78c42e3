/* command.c: a file from the command line.
 *
 * Owns: the order in which an import is asked for, waited for and, when there is nothing wrong,
 * applied: what a person does on its page, by the same functions. Whether this process keeps the
 * register's imports or a server beside it makes no difference but who does the work. Must not know
 * where the bytes came from, nor how it is told. */
#include <string.h>
#include <time.h>
#include "internal.h"

enum { COMMAND_BYTES = 256 << 20, LOOK_MS = 200 };

struct command {
    struct import_keeper *keeper;
    const struct import_order *order;
    struct arena *arena;
    struct err *err;
    struct params query, body;
    struct upload upload;
    json_t *prepared, *import, *refusals;
    const char *id; /* of the import, once there is one */
};

/* ---------------------------------------------------------------- one request of ours */

static void ask(struct command *command, struct ctx *ctx, struct tx *tx)
{
    static const char *const names[] = {"id"};
    command->keeper->context(ctx, tx, command->arena, command->err);
    ctx->query = &command->query;
    ctx->body = &command->body;
    ctx->upload = &command->upload;
    ctx->prepared = command->prepared;
    ctx->names = command->id ? 1 : 0;
    ctx->name = names;
    ctx->value = &command->id;
}

static enum code take(struct command *command, struct ctx *ctx, enum code c, struct answer *out)
{
    const char *id = json_text(out->document, "id");
    if (!c && id)
        command->id = arena_strdup(command->arena, id);
    json_decref(out->document);
    json_decref(ctx->present);
    return c ? c : tx_code(ctx->tx);
}

struct request_of_ours {
    struct command *command;
    handler *handle;
};

static enum code handler_run(struct tx *tx, void *arg)
{
    const struct request_of_ours *request = arg;
    struct ctx ctx;
    struct answer out = {0};
    ask(request->command, &ctx, tx);
    return take(request->command, &ctx, request->handle(&ctx, &out), &out);
}

static enum code write_now(struct command *command, handler *handle)
{
    struct request_of_ours request = {command, handle};
    return db_write_wait(command->keeper->db, command->arena, command->err, handler_run, &request);
}

/* Whatever its version is: nobody else has seen it. */
static enum code remove_import(struct ctx *ctx, struct answer *out)
{
    long long version = 0;
    json_decref(resource_one(ctx, &import_resource, ctx_value(ctx, "id"), NULL, &version));
    ctx->if_match = arena_printf(ctx->arena, "\"%lld\"", version);
    return import_undo(ctx, out);
}

static enum code read_file(struct command *command)
{
    struct ctx ctx;
    struct answer out = {0};
    struct tx *tx = db_read(command->keeper->db, command->arena);
    db_read_limit(tx, 600000);
    ask(command, &ctx, tx);
    enum code c = import_read(&ctx, &out);
    command->prepared = ctx.prepared;
    c = c ? c : tx_code(tx);
    db_read_end(tx);
    return c;
}

/* ---------------------------------------------------------------- what came of it */

/* The lines that cannot be, as a refused application names them. */
static void look_at_errors(struct command *command, struct ctx *ctx, long long key)
{
    struct err told;
    json_t *rows = rows_wrong(ctx->tx, key);
    err_init(&told);
    ctx->err = &told;
    rows_refused(ctx, rows);
    command->refusals = told.missing ? json_incref(told.missing) : json_array();
    err_release(&told);
    json_decref(rows);
}

static enum code look(struct command *command)
{
    struct ctx ctx;
    long long key = 0;
    struct tx *tx = db_read(command->keeper->db, command->arena);
    ask(command, &ctx, tx);
    json_decref(command->import);
    json_decref(command->refusals);
    command->import = resource_one(&ctx, &import_resource, command->id, &key, NULL);
    look_at_errors(command, &ctx, key);
    enum code c = tx_code(tx);
    db_read_end(tx);
    return c;
}

static bool waits(const struct command *command)
{
    static const char *const all[] = {"trying", "applying", "undoing"};
    const char *status = json_text(command->import, "status");
    bool found = false;
    for (size_t i = 0; status && i < LEN(all); i++)
        found = found || !strcmp(status, all[i]);
    return found;
}

static void tell(struct command *command)
{
    struct import_state state = {command->id, json_text(command->import, "status"),
                                 json_int(command->import, "doneCount", 0),
                                 json_int(command->import, "rowCount", 0)};
    if (command->keeper->told)
        command->keeper->told(&state, command->keeper->arg);
}

/* Does what waits; *elsewhere: a server beside this command has the turn, and does it. */
static enum code keep(struct command *command, bool *elsewhere)
{
    struct err err;
    err_init(&err);
    enum code c = imports_keep(command->keeper, &err);
    *elsewhere = c == E_BUSY;
    if (c && !*elsewhere)
        err_set(command->err, c, err.rule, err.msgid);
    err_release(&err);
    return *elsewhere ? OK : c;
}

static enum code settle(struct command *command)
{
    enum code c = look(command);
    bool elsewhere;
    while (!c && waits(command)) {
        c = keep(command, &elsewhere);
        if (!c && elsewhere)
            nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
        if (!c)
            c = look(command);
        if (!c)
            tell(command);
        if (!c && !elsewhere && command->keeper->stuck && waits(command))
            c = err_set(command->err, E_INTERNAL, "internal",
                        N_("The import could not be taken back. The log says more."));
    }
    return c;
}

/* Many rows are only marked as gone: whoever keeps the imports takes them away. */
static enum code clear_away(struct command *command)
{
    bool elsewhere;
    enum code c = write_now(command, remove_import);
    return c ? c : keep(command, &elsewhere);
}

static enum code go(struct command *command)
{
    enum code c = read_file(command);
    if (!c)
        c = write_now(command, import_create);
    if (!c)
        c = settle(command);
    bool wrong = !c && json_array_size(command->refusals);
    if (!c && !wrong && !command->order->dry) {
        c = write_now(command, import_apply);
        return c ? c : settle(command);
    }
    return c ? c : clear_away(command);
}

json_t *import_file(struct import_keeper *keeper, const struct import_order *order, struct err *err)
{
    struct command command = {.keeper = keeper, .order = order, .err = err};
    command.arena = arena_new(COMMAND_BYTES);
    params_init(&command.query);
    params_init(&command.body);
    json_put(command.query.values, "resource", order->resource);
    json_put(command.query.values, "dryRun", "true");
    if (order->group)
        json_put(command.query.values, "groupId", order->group);
    command.upload = (struct upload){order->bytes, order->name, order->n};
    enum code c = go(&command);
    if (!c)
        json_put_new(command.import, "refusals", json_incref(command.refusals));
    json_t *import = c ? NULL : json_incref(command.import);
    json_decref(command.import);
    json_decref(command.refusals);
    json_decref(command.prepared);
    params_release(&command.query);
    params_release(&command.body);
    arena_free(command.arena);
    return import;
}
