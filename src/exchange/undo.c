/* undo.c: what an applied import did is taken back.
 *
 * Owns: the way back, last effect first: what was made is deleted, what was changed gets its values
 * again, through the features' own routes. Whoever did it may take it back, whatever else he may do
 * now; the rules that keep an object in the register hold. An object that somebody has changed
 * since stands in the way of the whole: half an import taken back would be a state that nobody has
 * seen.
 * Must not know files. */
#include <string.h>
#include <kansli/access.h>
#include "internal.h"

enum { STEP_BYTES = 4 << 20 };
#define LINE_MOST (1LL << 40) /* no file has as many */

void undoing_begin(struct undoing *u)
{
    *u = (struct undoing){.arena = arena_new(STEP_BYTES),
                          .version = json_object(),
                          .outdated = json_array()};
}

void undoing_end(struct undoing *u)
{
    arena_free(u->arena);
    json_decref(u->version);
    json_decref(u->outdated);
}

/* It cannot be as it was: others have changed it, taken it away or refer to it, or what stood there
 * is no longer allowed. Anything else is the register's failure, and passes. */
static bool stands_in_the_way(enum code c)
{
    return c && c != E_STORAGE && c != E_BUSY && c != E_INTERNAL;
}

/* By the name that a person knows it by. */
static void add_outdated(struct undoing *u, const struct resource *r, const char *id)
{
    static const char *const names[] = {"personName", "fullName", "name", "title", "groupName"};
    json_t *object = resource_one(u->ctx, r, id, NULL, NULL);
    const char *name = NULL;
    for (size_t i = 0; i < LEN(names) && !name; i++)
        name = json_text(object, names[i]);
    json_push(u->outdated, json_text_new(name ? name : id));
    json_decref(object);
}

/* A step of its own: what it refuses is not the request's last word. */
struct step {
    struct ctx ctx;
    struct err err;
    struct params body;
    struct actor actor; /* the same, who may what he may take back; the support function may, and
                         * history says when it did so in another's place */
    const char *id;
};

static void step_begin(struct step *step, struct undoing *u, const json_t *effect,
                       long long version)
{
    const char *id = json_text(effect, "id");
    json_t *before = json_object_get(effect, "before");
    step->ctx = *u->ctx;
    step->actor = *u->ctx->actor;
    step->actor.everything = !(step->actor.roles & ROLE_SUPPORT);
    err_init(&step->err);
    step->body = (struct params){before ? json_incref(before) : json_object(), true};
    step->id = id;
    step->ctx.as_support = false;
    step->ctx.actor = &step->actor;
    step->ctx.arena = u->arena;
    step->ctx.err = &step->err;
    step->ctx.body = &step->body;
    step->ctx.api = true;
    step->ctx.standing = NULL;
    step->ctx.gathered = NULL;
    step->ctx.present = NULL;
    step->ctx.if_match = arena_printf(u->arena, "\"%lld\"", version);
}

static enum code step_run(struct step *step, const struct importable *kind, enum shape shape,
                          long long *version)
{
    static const char *const names[] = {"id"};
    struct answer out = {0};
    const char *const values[] = {step->id};
    step->ctx.route = importable_route(kind, shape);
    step->ctx.names = 1;
    step->ctx.name = names;
    step->ctx.value = values;
    enum code c = step->ctx.route->run(&step->ctx, &out);
    *version = out.version;
    json_decref(out.document);
    return c ? c : out.moved ? E_STALE : step->err.code; /* moved: its address was changed */
}

struct stepping {
    struct step *step;
    const struct importable *kind;
    enum shape shape;
    long long version;
};

static enum code step_try(void *arg)
{
    struct stepping *s = arg;
    return step_run(s->step, s->kind, s->shape, &s->version);
}

/* What this import did to an object last, and how often it has been taken back: the version that
 * it has now, if nobody else was there. Asked when the memory of it is gone, after a crash. */
static long long version_left(struct undoing *u, const char *id)
{
    json_t *rows = db_rows(u->ctx->tx,
                           "SELECT effects AS \"effects\" FROM import_row WHERE run_key = ?1 "
                           "AND number > ?2 AND effects LIKE '%' || ?3 || '%' ORDER BY number",
                           u->run_key, u->line, id);
    json_t *row, *effect;
    long long last = 0, steps = 0;
    size_t i, k;
    json_array_foreach(rows, i, row) {
        json_t *effects = json_loads(json_text(row, "effects"), 0, NULL);
        json_array_foreach(effects, k, effect)
            if (!strcmp(json_text(effect, "id"), id)) {
                last = json_int(effect, "version", 0);
                steps++;
            }
        json_decref(effects);
    }
    json_decref(rows);
    return last + steps;
}

/* In a savepoint: what one object refuses leaves nothing of its own. */
static enum code take_back(struct undoing *u, const json_t *effect, long long version)
{
    struct step step;
    bool made = !json_object_get(effect, "before");
    const struct importable *kind = importable_named(json_text(effect, "type"));
    step_begin(&step, u, effect, version);
    struct stepping stepping = {&step, kind, made ? SHAPE_REMOVE : SHAPE_CHANGE, 0};
    enum code c = db_try(u->ctx->tx, step_try, &stepping);
    if (!c && !made)
        json_put_int(u->version, step.id, stepping.version);
    if (c && !stands_in_the_way(c))
        err_set(u->ctx->err, c, step.err.rule, step.err.msgid);
    json_decref(step.ctx.present);
    params_release(&step.body);
    err_release(&step.err);
    arena_clear(u->arena);
    return tx_code(u->ctx->tx) ? tx_code(u->ctx->tx) : c;
}

static enum code take_back_one(struct undoing *u, const json_t *effect)
{
    const char *id = json_text(effect, "id");
    json_t *known = json_object_get(u->version, id);
    long long version = known ? json_integer_value(known) : json_int(effect, "version", 0), left;
    enum code c = take_back(u, effect, version);
    if (c == E_STALE && !known && (left = version_left(u, id)) > version)
        c = take_back(u, effect, left);
    if (!stands_in_the_way(c) || tx_code(u->ctx->tx))
        return c;
    add_outdated(u, importable_named(json_text(effect, "type"))->resource, id);
    return OK;
}

static enum code take_back_row(struct undoing *u, const json_t *row)
{
    json_t *effects = json_loads(json_text(row, "effects"), 0, NULL);
    enum code c = OK;
    u->line = json_int(row, "line", 0);
    for (size_t k = json_array_size(effects); k-- && !c;)
        c = take_back_one(u, json_array_get(effects, k));
    json_decref(effects);
    return c;
}

enum code undo_slice(struct undoing *u, struct ctx *ctx, long long run_key, int most, bool *more)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT r.number AS \"line\", r.effects AS \"effects\" "
                           "FROM import_run i JOIN import_row r ON r.run_key = i.key "
                           "WHERE i.key = ?1 AND r.effects IS NOT NULL "
                           "AND r.number < CASE i.done_line WHEN 0 THEN ?3 ELSE i.done_line END "
                           "ORDER BY r.number DESC LIMIT ?2",
                           run_key, most, LINE_MOST);
    json_t *row;
    size_t i;
    enum code c = tx_code(ctx->tx);
    u->ctx = ctx;
    u->run_key = run_key;
    json_array_foreach(rows, i, row)
        if (!c)
            c = take_back_row(u, row);
    if (!c && json_array_size(rows))
        c = db_run(ctx->tx,
                   "UPDATE import_run SET done_count = done_count + ?2, done_line = ?3 "
                   "WHERE key = ?1",
                   run_key, (long long)json_array_size(rows), u->line);
    *more = json_array_size(rows) == (size_t)most;
    json_decref(rows);
    return c;
}

/* ---------------------------------------------------------------- at once */

const char import_outdated[] =
    N_("Somebody has changed what this import made or changed, or refers to it. "
       "It can no longer be undone as a whole.");

static enum code refuse_outdated(struct undoing *u)
{
    size_t i;
    json_t *name;
    enum code c = ctx_fail(u->ctx, E_CONFLICT, "import-outdated", import_outdated);
    json_array_foreach(u->outdated, i, name)
        err_missing(u->ctx->err, json_string_value(name));
    return c;
}

enum code import_undone(struct ctx *ctx, long long key, const char *id)
{
    enum code c = db_run(ctx->tx, "DELETE FROM import_row WHERE run_key = ?1", key);
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE import_run SET status = 'undone', undone_at = ?2 WHERE key = ?1", key,
                   tx_instant(ctx->tx));
    return c ? c : resource_touch(ctx, &import_resource, key, id, "undo", json_object());
}

static enum code undo_now(struct ctx *ctx, const struct edit *edit)
{
    struct undoing u;
    bool more;
    undoing_begin(&u);
    enum code c = import_turn(ctx, edit->key, "undoing");
    if (!c)
        c = undo_slice(&u, ctx, edit->key, ROWS_AT_ONCE + 1, &more);
    if (!c && json_array_size(u.outdated))
        c = refuse_outdated(&u);
    undoing_end(&u);
    return c ? c : import_undone(ctx, edit->key, edit->id);
}

static enum code undo_applied(struct ctx *ctx, const struct edit *edit, bool small)
{
    bool gone = db_exists(ctx->tx,
                          "SELECT 1 FROM import_run WHERE key = ?1 AND row_count > 0 AND NOT "
                          "EXISTS (SELECT 1 FROM import_row r WHERE r.run_key = ?1)",
                          edit->key);
    if (gone)
        return ctx_fail(ctx, E_CONFLICT, "import-outdated",
                        N_("The rows of this import are kept no longer, so it cannot be undone."));
    return small ? undo_now(ctx, edit) : import_turn(ctx, edit->key, "undoing");
}

/* Taken back from where it came to; not by choice of some, so it ends as what has failed does. */
static enum code stop_applying(struct ctx *ctx, const struct edit *edit)
{
    enum code c = import_turn(ctx, edit->key, "undoing");
    return c ? c
             : db_run(ctx->tx, "UPDATE import_run SET message = ?2 WHERE key = ?1", edit->key,
                      ctx_text(ctx, N_("It was stopped before all rows were applied.")));
}

static enum code remove_tried(struct ctx *ctx, struct edit *edit, bool small)
{
    return small ? resource_delete(ctx, &import_resource, edit)
                 : import_turn(ctx, edit->key, "removing");
}

enum code import_undo(struct ctx *ctx, struct answer *out)
{
    struct edit edit = {0};
    enum code c = must_may_person(ctx, ACT_ENTER_PERSON, 0);
    if (!c)
        c = resource_guard(ctx, &import_resource, ctx_value(ctx, "id"), &edit);
    const char *status = c ? "" : json_text(edit.now, "status");
    bool applied = !strcmp(status, "applied"), applying = !strcmp(status, "applying");
    bool small = import_is_small(json_int(edit.now, "rowCount", 0));
    if (!strcmp(status, "undoing"))
        c = import_busy(ctx);
    if (!c)
        c = applied    ? undo_applied(ctx, &edit, small)
            : applying ? stop_applying(ctx, &edit)
                       : remove_tried(ctx, &edit, small);
    if (c) {
        resource_edit_end(&edit);
        return c;
    }
    applied = applied || applying;
    out->see =
        applied ? arena_join(ctx->arena, "/imports/", ctx_value(ctx, "id"), NULL) : "/imports";
    out->flash = !applied ? N_("The import has been deleted.")
                 : small  ? N_("The import has been undone.")
                          : N_("The import is being undone.");
    resource_edit_end(&edit);
    return OK;
}
