/* undo.c: what an applied import did is taken back.
 *
 * Owns: the way back, last effect first: what was made is deleted, what was changed gets its values
 * again, through the features' own functions. An object that somebody has changed since stands in
 * the way of the whole: half an import taken back would be a state that nobody has seen. Must not
 * know files. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/membership.h>
#include <kansli/person.h>
#include "internal.h"

enum { STEP_BYTES = 4 << 20 };

struct undoing {
    struct ctx *ctx;
    struct arena *arena;   /* of one step */
    json_t *version;       /* id → the version that our own steps have left */
    json_t *outdated;      /* names of what others have changed */
};

static const struct resource *resource_of(const json_t *effect)
{
    return strcmp(json_text(effect, "type"), "persons") ? &membership_resource : &person_resource;
}

/* What others have changed, by the name that a person knows it by. */
static void add_outdated(struct undoing *u, struct ctx *ctx, const struct resource *r,
                         const char *id)
{
    json_t *object = resource_one(ctx, r, id, NULL, NULL);
    const char *person = json_text(object, "personName"), *name = json_text(object, "name");
    json_push(u->outdated, json_text_new(person ? person : name ? name : id));
    json_decref(object);
}

/* A ctx of its own for one step: what it refuses is not the request's last word. */
static struct ctx step_ctx(struct undoing *u, const json_t *effect, struct err *err,
                           struct params *body)
{
    struct ctx ctx = *u->ctx;
    json_t *known = json_object_get(u->version, json_text(effect, "id"));
    long long version = known ? json_integer_value(known) : json_int(effect, "version", 0);
    err_init(err);
    params_init(body);
    ctx.arena = u->arena;
    ctx.err = err;
    ctx.body = body;
    ctx.names = 0;
    ctx.api = true;
    ctx.standing = NULL;
    ctx.present = NULL;
    ctx.if_match = arena_printf(u->arena, "\"%lld\"", version);
    return ctx;
}

static enum code take_away(struct ctx *ctx, const struct resource *r, const char *id)
{
    struct edit edit;
    enum code c = resource_guard(ctx, r, id, &edit);
    if (!c)
        c = resource_delete(ctx, r, &edit);
    resource_edit_end(&edit);
    return c;
}

static enum code put_back(struct ctx *ctx, const struct resource *r, const char *id,
                          struct params *body, json_t *before, long long *version)
{
    struct answer out = {0};
    params_release(body);
    *body = (struct params){json_incref(before), true};
    enum code c =
        r == &person_resource ? person_change(ctx, id, &out) : membership_change(ctx, id, &out);
    *version = out.version;
    json_decref(out.document);
    return c;
}

static enum code step(struct undoing *u, const json_t *effect)
{
    struct err err;
    struct params body;
    const struct resource *r = resource_of(effect);
    const char *id = json_text(effect, "id");
    json_t *before = json_object_get(effect, "before");
    struct ctx ctx = step_ctx(u, effect, &err, &body);
    long long version = 0;
    enum code c = before ? put_back(&ctx, r, id, &body, before, &version) : take_away(&ctx, r, id);
    if (!c && before)
        json_put_int(u->version, id, version);
    bool others = c == E_STALE || c == E_ABSENT || c == E_CONFLICT;
    if (others)
        add_outdated(u, &ctx, r, id);
    else if (c)
        err_set(u->ctx->err, c, err.rule, err.msgid);
    json_decref(ctx.present);
    params_release(&body);
    err_release(&err);
    arena_clear(u->arena);
    return others ? OK : c;
}

static enum code steps(struct undoing *u, long long key)
{
    json_t *rows = db_rows(u->ctx->tx,
                           "SELECT effects AS \"effects\" FROM import_row WHERE run_key = ?1 "
                           "AND effects IS NOT NULL ORDER BY number DESC, key DESC",
                           key);
    json_t *row;
    size_t i;
    enum code c = tx_code(u->ctx->tx);
    json_array_foreach(rows, i, row) {
        json_t *effects = json_loads(json_text(row, "effects"), 0, NULL);
        for (size_t k = json_array_size(effects); k-- && !c;)
            c = step(u, json_array_get(effects, k));
        json_decref(effects);
    }
    json_decref(rows);
    return c ? c : tx_code(u->ctx->tx);
}

static enum code refuse_outdated(struct undoing *u)
{
    size_t i;
    json_t *name;
    enum code c =
        ctx_fail(u->ctx, E_CONFLICT, "import-outdated",
                 N_("Somebody has changed what this import made or changed, or refers to it. "
                    "It can no longer be undone as a whole."));
    json_array_foreach(u->outdated, i, name)
        err_missing(u->ctx->err, json_string_value(name));
    return c;
}

static enum code undo_applied(struct ctx *ctx, const struct edit *edit)
{
    struct undoing u = {ctx, arena_new(STEP_BYTES), json_object(), json_array()};
    bool gone = db_exists(ctx->tx,
                          "SELECT 1 FROM import_run WHERE key = ?1 AND row_count > 0 AND NOT "
                          "EXISTS (SELECT 1 FROM import_row r WHERE r.run_key = ?1)",
                          edit->key);
    enum code c =
        gone ? ctx_fail(ctx, E_CONFLICT, "import-outdated",
                        N_("The rows of this import are kept no longer, so it cannot be undone."))
             : steps(&u, edit->key);
    if (!c && json_array_size(u.outdated))
        c = refuse_outdated(&u);
    if (!c)
        c = db_run(ctx->tx, "DELETE FROM import_row WHERE run_key = ?1", edit->key);
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE import_run SET status = 'undone', undone_at = ?2 WHERE key = ?1",
                   edit->key, tx_instant(ctx->tx));
    if (!c)
        c = resource_touch(ctx, &import_resource, edit->key, edit->id, "undo", json_object());
    arena_free(u.arena);
    json_decref(u.version);
    json_decref(u.outdated);
    return c;
}

enum code import_undo(struct ctx *ctx, struct answer *out)
{
    struct edit edit = {0};
    enum code c = must_may_person(ctx, ACT_ENTER_PERSON, 0);
    if (!c)
        c = resource_guard(ctx, &import_resource, ctx_value(ctx, "id"), &edit);
    bool applied = !c && !strcmp(json_text(edit.now, "status"), "applied");
    if (!c)
        c = applied ? undo_applied(ctx, &edit) : resource_delete(ctx, &import_resource, &edit);
    if (c) {
        resource_edit_end(&edit);
        return c;
    }
    out->see =
        applied ? arena_join(ctx->arena, "/imports/", ctx_value(ctx, "id"), NULL) : "/imports";
    out->flash = applied ? N_("The import has been undone.") : N_("The import has been deleted.");
    resource_edit_end(&edit);
    return OK;
}
