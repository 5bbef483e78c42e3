/* row.c: one row against the register.
 *
 * Owns: what a row asks for (a new object, changes to one, nothing) and how each of its cells
 * stands to the register. It is done with the features' own functions, as a form would do it, so
 * that every rule and right holds; what they refuse is told beside the cell. An empty cell says
 * nothing. Must not decide whether what was done is kept: that is exchange.c's. */
#include <string.h>
#include <kansli/membership.h>
#include <kansli/person.h>
#include "internal.h"

/* A row on its way. */
struct work {
    struct ctx ctx;    /* the row's own: its error, its body, its arena */
    struct err err;
    struct params body, query;
    struct people *people;
    struct row *row;
    bool seats;
    const char *group_id;
    json_t *meant;     /* as a script would send it */
    json_t *before[2]; /* the person and the membership that were there, or NULL */
    bool changed;
};
enum { PERSON, SEAT };

static const struct resource *const parts[] = {&person_resource, &membership_resource};

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
    bool person;
    return import_field(w->seats, name, &person) && person == (part == PERSON);
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
    json_put(effect, "type", parts[part]->name);
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

/* A new object, or what differs; *id gets whose it is, in the row's arena. */
static enum code save(struct work *w, int part, const char **id)
{
    struct answer out = {0};
    struct ctx *ctx = &w->ctx;
    json_t *now = w->before[part], *body = wanted(w, part);
    enum code c = OK;
    if (now)
        *id = arena_strdup(ctx->arena, json_text(now, "id"));
    if (now && !json_object_size(body)) {
        json_decref(body);
        return OK;
    }
    params_release(&w->body);
    w->body = (struct params){body, true};
    if (now) {
        long long version = 0;
        json_decref(resource_one(ctx, parts[part], *id, NULL, &version));
        ctx->if_match = arena_printf(ctx->arena, "\"%lld\"", version);
        c = part == PERSON ? person_change(ctx, *id, &out) : membership_change(ctx, *id, &out);
    } else {
        c = part == PERSON ? person_create(ctx, &out) : membership_create(ctx, &out);
        *id = c ? NULL : arena_strdup(ctx->arena, json_text(out.document, "id"));
    }
    if (!c)
        c = w->err.code ? w->err.code : tx_code(ctx->tx);
    if (!c) {
        w->changed = true;
        add_effect(w, part, *id, &out, body);
        if (part == PERSON && out.document)
            people_add(w->people, ctx->arena, out.document);
    }
    json_decref(out.document);
    return c;
}

/* ---------------------------------------------------------------- whom, and which seat */

static enum code choose_person(struct work *w)
{
    struct row *row = w->row;
    const char *id = json_text(w->meant, "personId");
    if (!w->seats)
        id = json_text(row->texts, "id");
    struct match match =
        people_match(&w->ctx, w->people, row->choice, id && *id ? id : NULL, w->meant);
    w->before[PERSON] = match.person;
    row->matched_by = match.by;
    row->candidates = match.candidates;
    if (match.candidates)
        return ctx_fail(&w->ctx, E_CONFLICT, "import-ambiguous",
                        N_("It cannot be told whom this row is about. Choose."));
    bool named = json_text(w->meant, "familyName") || json_text(w->meant, "givenName");
    if (!match.person && ((id && *id) || (row->choice && strcmp(row->choice, "new"))))
        return ctx_fail(&w->ctx, E_INPUT, "invalid-input", N_("There is no person with that id."));
    if (!match.person && !named)
        return ctx_fail(&w->ctx, E_INPUT, "invalid-input",
                        N_("Nobody is named here. A person needs a name, or an address that the "
                           "register knows."));
    return OK;
}

/* The membership that the row is about: by id; else of the person in the group, the one with the
 * row's first day, or the present or coming one when the row says no day. */
static json_t *choose_seat(struct work *w, const char *person, const char *group)
{
    struct ctx *ctx = &w->ctx;
    const char *id = json_text(w->row->texts, "id");
    const char *start = json_text(w->meant, "startDate");
    if (!id || !*id)
        id = db_text(
            ctx->tx,
            "SELECT m.id FROM membership m JOIN person p ON p.key = m.person_key "
            "JOIN body b ON b.key = m.group_key WHERE p.id = ?1 AND b.id = ?2 "
            "AND (m.start_date = ?3 OR (?3 IS NULL AND (m.end_date IS NULL OR m.end_date >= ?4))) "
            "ORDER BY m.start_date LIMIT 1",
            person, group, start, ctx->today);
    return id ? resource_one(ctx, &membership_resource, id, NULL, NULL) : NULL;
}

static enum code do_seat(struct work *w, const char *person)
{
    const char *group = json_text(w->meant, "groupId"), *id = json_text(w->row->texts, "id");
    if (!group && w->group_id) {
        group = w->group_id;
        json_put(w->meant, "groupId", group);
    }
    if (!group)
        return err_field(&w->err, "/groupId", N_("This is needed."), NULL);
    json_put(w->meant, "personId", person);
    json_put(w->query.values, "groupId", group); /* within one group capacity is read (api.md) */
    w->before[SEAT] = choose_seat(w, person, group);
    if (id && *id && !w->before[SEAT])
        return ctx_fail(&w->ctx, E_INPUT, "invalid-input",
                        N_("There is no membership with that id."));
    enum code c = save(w, SEAT, &w->row->object_id);
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
    const char *person;
    refuse_numbers(w);
    json_t *formed = cells_formed(&w->ctx, w->seats, w->row->texts);
    json_t *mine = fields_meant(&w->ctx, person_resource.fields, formed);
    w->meant = w->seats ? fields_meant(&w->ctx, membership_resource.fields, formed) : json_object();
    json_object_update_missing(w->meant, mine);
    json_decref(mine);
    json_decref(formed);
    if (w->err.code)
        return w->err.code;
    enum code c = choose_person(w);
    if (!c)
        c = save(w, PERSON, &person);
    if (!c)
        w->row->object_id = person;
    if (!c && w->seats)
        c = do_seat(w, person);
    return c ? c : tx_code(w->ctx.tx);
}

/* ---------------------------------------------------------------- telling */

static const char *said(struct ctx *ctx, const json_t *entry)
{
    return text_fill(ctx->arena, ctx_text(ctx, json_text(entry, "msgid")),
                     json_object_get(entry, "args"));
}

static bool is_at(const char *pointer, const char *name)
{
    size_t n = strlen(name);
    return pointer && *pointer == '/' && !strncmp(pointer + 1, name, n) &&
           (!pointer[n + 1] || pointer[n + 1] == '/');
}

static const char *message_at(struct work *w, const char *name)
{
    size_t i;
    json_t *entry;
    json_array_foreach(w->err.fields, i, entry)
        if (is_at(json_text(entry, "pointer"), name))
            return said(&w->ctx, entry);
    return NULL;
}

static void tell_cell(struct work *w, const char *name, const char *text)
{
    bool of_person;
    const struct field *field = import_field(w->seats, name, &of_person);
    const char *message = message_at(w, name);
    if (!*text && !message)
        return;
    json_t *cell = json_push(w->row->cells, json_object());
    json_t *before = w->before[of_person ? PERSON : SEAT];
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
        const struct field *field = import_field(w->seats, name, NULL);
        const char *one = arena_join(ctx->arena, field ? ctx_text(ctx, field->label) : name, ": ",
                                     said(ctx, entry), NULL);
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
    bool made = w->changed && !w->before[w->seats ? SEAT : PERSON];
    row->act = c ? "error" : made ? "create" : w->changed ? "update" : "none";
    if (c)
        row->object_id = NULL;
}

enum code row_do(struct ctx *ctx, struct people *people, struct arena *arena, bool seats,
                 const char *group_id, struct row *row)
{
    struct work w = {
        .ctx = *ctx, .people = people, .row = row, .seats = seats, .group_id = group_id};
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
    w.ctx.present = NULL;
    w.ctx.upload = NULL;
    row->cells = json_array();
    row->effects = json_array();
    enum code c = do_row(&w);
    tell(&w, c);
    json_decref(w.before[PERSON]);
    json_decref(w.before[SEAT]);
    json_decref(w.meant);
    json_decref(w.ctx.present);
    params_release(&w.body);
    params_release(&w.query);
    err_release(&w.err);
    return tx_code(ctx->tx) ? tx_code(ctx->tx) : c;
}
