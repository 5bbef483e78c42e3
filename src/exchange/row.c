/* row.c: one row against the register.
 *
 * Owns: what a row asks for (a new object, changes to one, nothing) and how each of its cells
 * stands to the register. It is done with the features' own routes, as a script would do it, so
 * that every rule and right holds; what they refuse is told beside the cell. An empty cell says
 * nothing. Must not decide whether what was done is kept: that is the caller's. */
#include <string.h>
#include "internal.h"

/* A row on its way. */
struct work {
    struct ctx ctx;    /* the row's own: its error, its body, its arena */
    struct err err;
    struct params body, query;
    struct row *row;
    const struct importable *part[2]; /* what stands in the same row, or NULL; the row's own */
    const char *group_id;
    json_t *meant;     /* as a script would send it */
    json_t *before[2]; /* the objects that were there, or NULL */
    bool changed;
};
enum { WITH, OWN };

void row_release(struct row *row)
{
    json_decref(row->cells);
    json_decref(row->candidates);
    json_decref(row->effects);
    row->cells = row->candidates = row->effects = NULL;
}

/* ---------------------------------------------------------------- doing */

static bool of_part(const struct work *w, const char *name, int part)
{
    bool with;
    return import_field(w->part[OWN], name, &with) && with == (part == WITH);
}

/* Null and an empty list are the same as nothing. */
static bool same(const json_t *a, const json_t *b)
{
    bool none_a = !a || json_is_null(a) || (json_is_array(a) && !json_array_size(a));
    bool none_b = !b || json_is_null(b) || (json_is_array(b) && !json_array_size(b));
    return none_a || none_b ? none_a == none_b : json_equal(a, b);
}

/* What the row says of a part, but for what is there already. */
static json_t *wanted(const struct work *w, int part)
{
    json_t *body = json_object(), *value;
    const char *name;
    json_object_foreach(w->meant, name, value)
        if (of_part(w, name, part) && !same(value, json_object_get(w->before[part], name)))
            json_object_set(body, name, value);
    return body;
}

static void add_effect(struct work *w, int part, const char *id, const struct answer *out,
                       const json_t *body)
{
    json_t *effect = json_push(w->row->effects, json_object()), *before;
    const char *name;
    json_t *value;
    json_put(effect, "type", w->part[part]->resource->name);
    json_put(effect, "id", id);
    json_put_int(effect, "version", out->version);
    if (!w->before[part])
        return;
    before = json_put_new(effect, "before", json_object());
    json_object_foreach((json_t *)body, name, value) {
        json_t *was = json_object_get(w->before[part], name);
        json_put_new(before, name, was ? json_incref(was) : json_null());
    }
}

/* The route that makes or changes, as it would be asked under the object's own address. */
static enum code ask(struct work *w, const struct importable *kind, const char *id,
                     struct answer *out)
{
    static const char *const names[] = {"id"};
    const struct route *route = importable_route(kind, id ? SHAPE_CHANGE : SHAPE_CREATE);
    struct ctx *ctx = &w->ctx;
    const char *const values[] = {id};
    ctx->route = route;
    ctx->as_support = false;
    ctx->names = id ? 1 : 0;
    ctx->name = names;
    ctx->value = values;
    if (id) {
        long long version = 0;
        json_decref(resource_one(ctx, kind->resource, id, NULL, &version));
        ctx->if_match = arena_printf(ctx->arena, "\"%lld\"", version);
    }
    enum code c = route->run(ctx, out);
    ctx->names = 0;
    if (!c && out->moved) /* a body's old address */
        c = ctx_absent(ctx);
    return c ? c : w->err.code ? w->err.code : tx_code(ctx->tx);
}

/* A new object, or what differs; *id gets whose it is, in the row's arena. */
static enum code save(struct work *w, int part, const char **id)
{
    struct answer out = {0};
    json_t *now = w->before[part], *body = wanted(w, part);
    *id = now ? arena_strdup(w->ctx.arena, json_text(now, "id")) : NULL;
    if (now && !json_object_size(body)) {
        json_decref(body);
        return OK;
    }
    params_release(&w->body);
    w->body = (struct params){body, true};
    enum code c = ask(w, w->part[part], *id, &out);
    if (!c && out.document)
        *id = arena_strdup(w->ctx.arena, json_text(out.document, "id"));
    if (!c) {
        w->changed = true;
        add_effect(w, part, *id, &out, body);
    }
    json_decref(out.document);
    return c;
}

/* ---------------------------------------------------------------- what it is about */

static enum code choose_person(struct work *w, int part, const char *id)
{
    struct row *row = w->row;
    struct match match = match_person(&w->ctx, row->choice, id, w->meant);
    w->before[part] = match.object;
    row->matched_by = match.by;
    row->candidates = match.candidates;
    if (match.candidates)
        return ctx_fail(&w->ctx, E_CONFLICT, "import-ambiguous",
                        N_("It cannot be told whom this row is about. Choose."));
    bool named = json_text(w->meant, "familyName") || json_text(w->meant, "givenName");
    if (!match.object && (id || (row->choice && strcmp(row->choice, "new"))))
        return ctx_fail(&w->ctx, E_INPUT, "invalid-input", N_("There is no person with that id."));
    if (!match.object && !named)
        return ctx_fail(&w->ctx, E_INPUT, "invalid-input",
                        N_("Nobody is named here. A person needs a name, or an address that the "
                           "register knows."));
    return OK;
}

/* An id that nobody has is a new object's own where ids can be chosen. */
static enum code choose_object(struct work *w, const char *id)
{
    const struct importable *kind = w->part[OWN];
    struct match match = match_object(&w->ctx, kind, id, w->meant);
    w->before[OWN] = match.object;
    if (!w->part[WITH])
        w->row->matched_by = match.by;
    if (match.several)
        return ctx_fail(&w->ctx, E_CONFLICT, "import-ambiguous",
                        N_("What this row says fits several. Write the id of the one that it is "
                           "about."));
    if (id && !match.object && !import_field(kind, "id", NULL))
        return err_setf(&w->err, E_INPUT, "invalid-input", N_("There is no {noun} with that id."),
                        "noun", ctx_text(&w->ctx, kind->resource->noun), NULL);
    return OK;
}

/* The group of the file, where the row names none: what an address below a group would say. */
static void default_group(struct work *w)
{
    const struct importable *kind = w->part[OWN];
    if (!w->group_id)
        return;
    if (import_field(kind, "groupId", NULL) && !json_object_get(w->meant, "groupId"))
        json_put(w->meant, "groupId", w->group_id);
    if (import_field(kind, "groupIds", NULL) && !json_object_get(w->meant, "groupIds"))
        json_put_new(w->meant, "groupIds", json_pack("[s]", w->group_id));
}

static enum code do_own(struct work *w)
{
    const struct importable *kind = w->part[OWN];
    const char *id = json_text(w->row->texts, "id"), *group;
    enum code c;
    id = id && *id ? id : NULL;
    default_group(w);
    group = json_text(w->meant, "groupId");
    if (group) /* within one group capacity is read (api.md) */
        json_put(w->query.values, "groupId", group);
    else if (w->part[WITH])
        return err_field(&w->err, "/groupId", N_("This is needed."), NULL);
    if (importable_names_people(kind) && !w->part[WITH])
        c = choose_person(w, OWN, id);
    else
        c = choose_object(w, id);
    return c ? c : save(w, OWN, &w->row->object_id);
}

/* The person of a membership: made or known before it. */
static enum code do_with(struct work *w)
{
    const char *field = w->part[OWN]->with_field, *id;
    enum code c = choose_person(w, WITH, json_text(w->meant, field));
    if (!c)
        c = save(w, WITH, &id);
    if (!c)
        json_put(w->meant, field, id);
    return c;
}

/* Where a number stood (without_number), whatever the field. */
static void refuse_numbers(struct work *w)
{
    const char *name;
    json_t *text;
    json_object_foreach(w->row->texts, name, text)
        if (!strcmp(json_string_value(text), NUMBER_MARK))
            err_field(&w->err, arena_join(w->ctx.arena, "/", name, NULL),
                      N_("This holds a personal identity number. No such number may be kept here: "
                         "take it away."),
                      NULL);
}

static enum code do_row(struct work *w)
{
    refuse_numbers(w);
    json_t *formed = cells_formed(&w->ctx, w->part[OWN], w->row->texts);
    w->meant = fields_meant(&w->ctx, w->part[OWN]->resource->fields, formed);
    if (w->part[WITH]) {
        json_t *theirs = fields_meant(&w->ctx, w->part[WITH]->resource->fields, formed);
        json_object_update_missing(w->meant, theirs);
        json_decref(theirs);
    }
    json_decref(formed);
    if (w->err.code)
        return w->err.code;
    enum code c = w->part[WITH] ? do_with(w) : OK;
    if (!c)
        c = do_own(w);
    return c ? c : tx_code(w->ctx.tx);
}

/* ---------------------------------------------------------------- telling */

static const char *labels_joined(struct ctx *ctx, const struct value *values)
{
    const char *all = "";
    for (; values->code; values++)
        all = arena_join(ctx->arena, all, *all ? ", " : "", ctx_text(ctx, values->label), NULL);
    return all;
}

/* Where codes are offered for a choice, a file is told the words that people write in cells. */
static const char *said(struct ctx *ctx, const struct field *field, const json_t *entry)
{
    const char *text = ctx_text(ctx, json_text(entry, "msgid"));
    const json_t *args = json_object_get(entry, "args");
    if (!field || !field->values || !json_object_get(args, "values"))
        return text_fill(ctx->arena, text, args);
    json_t *words = json_object();
    json_put(words, "values", labels_joined(ctx, field->values));
    text = text_fill(ctx->arena, text, words);
    json_decref(words);
    return text;
}

static bool is_at(const char *pointer, const char *name)
{
    size_t n = strlen(name);
    return pointer && *pointer == '/' && !strncmp(pointer + 1, name, n) &&
           (!pointer[n + 1] || pointer[n + 1] == '/');
}

static const char *message_at(struct work *w, const char *name, const struct field *field)
{
    size_t i;
    json_t *entry;
    json_array_foreach(w->err.fields, i, entry)
        if (is_at(json_text(entry, "pointer"), name))
            return said(&w->ctx, field, entry);
    return NULL;
}

static void tell_cell(struct work *w, const char *name, const char *text)
{
    bool of_with;
    const struct field *field = import_field(w->part[OWN], name, &of_with);
    const char *message = message_at(w, name, field);
    if (!*text && !message)
        return;
    json_t *cell = json_push(w->row->cells, json_object());
    json_t *before = w->before[of_with ? WITH : OWN];
    json_t *was = field ? json_object_get(before, name) : NULL,
           *meant = json_object_get(w->meant, name);
    bool unsaid = !field || !meant, none = same(was, NULL);
    json_put(cell, "field", name);
    json_put(cell, "label", field ? ctx_text(&w->ctx, field->label) : name);
    json_put(cell, "value", text);
    json_put(cell, "before", NULL);
    json_put(cell, "message", message);
    const char *state = message                      ? "error"
                        : unsaid || same(was, meant) ? "same"
                        : none                       ? "new"
                                                     : "changed";
    json_put(cell, "state", state);
    if (!strcmp(state, "changed"))
        json_put(cell, "before", field_words(&w->ctx, field, before));
}

/* What no cell of the row is to blame for. */
static const char *row_message(struct work *w)
{
    struct ctx *ctx = &w->ctx;
    const char *all = NULL;
    size_t i;
    json_t *entry;
    json_array_foreach(w->err.fields, i, entry) {
        const char *pointer = json_text(entry, "pointer");
        const char *name = pointer && *pointer ? pointer + 1 : "";
        if (json_object_get(w->row->texts, name))
            continue;
        const struct field *field = import_field(w->part[OWN], name, NULL);
        const char *one = arena_join(ctx->arena, field ? ctx_text(ctx, field->label) : name, ": ",
                                     said(ctx, field, entry), NULL);
        all = all ? arena_join(ctx->arena, all, " ", one, NULL) : one;
    }
    if (!w->err.fields && w->err.msgid)
        all = text_fill(ctx->arena, ctx_text(ctx, w->err.msgid), w->err.args);
    return all;
}

static void tell(struct work *w, enum code c)
{
    const char *name;
    json_t *text;
    struct row *row = w->row;
    json_object_foreach(row->texts, name, text)
        tell_cell(w, name, json_string_value(text));
    row->message = c ? row_message(w) : NULL;
    row->act = c ? "error" : !w->changed ? "none" : w->before[OWN] ? "update" : "create";
    if (c)
        row->object_id = NULL;
}

enum code row_do(struct ctx *ctx, struct arena *arena, const struct importable *kind,
                 const char *group_id, struct row *row)
{
    struct work w = {.ctx = *ctx,
                     .row = row,
                     .part = {importable_with(kind), kind},
                     .group_id = group_id};
    err_init(&w.err);
    params_init(&w.body);
    params_init(&w.query);
    w.ctx.arena = arena;
    w.ctx.err = &w.err;
    w.ctx.body = &w.body;
    w.ctx.query = &w.query;
    w.ctx.names = 0;
    w.ctx.api = true;
    w.ctx.standing = NULL;
    w.ctx.gathered = NULL;
    w.ctx.present = NULL;
    w.ctx.upload = NULL;
    row->cells = json_array();
    row->effects = json_array();
    enum code c = do_row(&w);
    tell(&w, c);
    json_decref(w.before[WITH]);
    json_decref(w.before[OWN]);
    json_decref(w.meant);
    json_decref(w.ctx.present);
    params_release(&w.body);
    params_release(&w.query);
    err_release(&w.err);
    return tx_code(ctx->tx) ? tx_code(ctx->tx) : c;
}
