/* meeting_load.c: the loader's way in: meetings of the worked example.
 *
 * Owns nothing: each row is what somebody would have sent, so that every rule holds for the example
 * too; only the days on which notices went out are set afterwards, and nobody is written to. */
#include <string.h>
#include "internal.h"

static const char *person_at(struct ctx *ctx, const char *email)
{
    return db_text(ctx->tx, "SELECT id FROM person WHERE email = ?1", email);
}

/* {person: email} → {personId}, by which scripts name people. */
static void name_person(struct ctx *ctx, json_t *object, const char *member, const char *id)
{
    const char *email = json_text(object, member);
    if (email)
        json_put(object, id, person_at(ctx, email));
    json_object_del(object, member);
}

/* Runs an act as a script would; `id` is the meeting of its path, or NULL. */
static enum code run(struct ctx *ctx, handler *act, const char *id, json_t *body)
{
    static const char *const names[] = {"id"};
    struct params sent = {body, true};
    struct ctx then = *ctx;
    struct answer out = {0};
    then.body = &sent;
    then.names = id ? 1 : 0;
    then.name = names;
    then.value = &id;
    enum code c = act(&then, &out);
    json_decref(out.document);
    return c;
}

static json_t *taken(json_t *row, const char *name)
{
    json_t *value = json_incref(json_object_get(row, name));
    json_object_del(row, name);
    return value;
}

static enum code load_items(struct ctx *ctx, const char *id, json_t *items)
{
    enum code c = OK;
    size_t i, k;
    json_t *item, *email;
    json_array_foreach(items, i, item) {
        json_t *presenters = taken(item, "presenters"), *ids = json_array();
        json_array_foreach(presenters, k, email)
            json_push(ids, json_text_new(person_at(ctx, json_string_value(email))));
        json_put_new(item, "presenterIds", ids);
        if (!c)
            c = run(ctx, agenda_item_create, id, item);
        json_decref(presenters);
    }
    return c;
}

static enum code load_attendance(struct ctx *ctx, const char *id, json_t *rows)
{
    enum code c = OK;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        name_person(ctx, row, "person", "personId");
        name_person(ctx, row, "for", "forId");
        if (!c)
            c = run(ctx, attendance_create, id, row);
    }
    return c;
}

static enum code load_answers(struct ctx *ctx, const struct meeting_row *meeting, json_t *rows,
                              const char *at)
{
    enum code c = OK;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        long long person = db_int(ctx->tx, 0, "SELECT key FROM person WHERE email = ?1",
                                  json_text(row, "person"));
        if (!c)
            c = meeting_note_answer(ctx, meeting, person, json_text(row, "answer"),
                                    json_text(row, "note"));
    }
    return c ? c
             : db_run(ctx->tx,
                      "UPDATE attendance SET answered_at = ?2 WHERE meeting_key = ?1 "
                      "AND answered_at IS NOT NULL",
                      meeting->key, at);
}

static enum code load_recusals(struct ctx *ctx, const struct meeting_row *meeting, json_t *rows)
{
    enum code c = OK;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        json_put(row, "agendaItemId",
                 db_text(ctx->tx,
                         "SELECT id FROM agenda_item WHERE meeting_key = ?1 AND title = ?2",
                         meeting->key, json_text(row, "item")));
        json_object_del(row, "item");
        name_person(ctx, row, "person", "personId");
        if (!c)
            c = run(ctx, recusal_create, meeting->id, row);
    }
    return c;
}

/* carryOver: everything that is left when the meeting is planned. */
static void carry_over(struct ctx *ctx, json_t *body)
{
    json_t *ids = json_array(), *left, *row;
    size_t i;
    if (json_true_at(body, "carryOver")) {
        left = agenda_left_over(
            ctx, db_int(ctx->tx, 0, "SELECT key FROM body WHERE id = ?1",
                        json_string_value(json_array_get(json_object_get(body, "groupIds"), 0))));
        json_array_foreach(json_object_get(left, "actions"), i, row)
            json_array_append(ids, json_object_get(row, "id"));
        json_array_foreach(json_object_get(left, "items"), i, row)
            json_array_append(ids, json_object_get(row, "id"));
        json_decref(left);
    }
    json_object_del(body, "carryOver");
    json_put_new(body, "carryOverIds", ids);
}

/* Called, moved and cancelled on their days; the notice itself was sent before there was a
 * register. */
static enum code set_state(struct ctx *ctx, long long key, const char *called_at, bool moved,
                           const json_t *cancelled)
{
    enum code c = db_run(ctx->tx, "UPDATE meeting SET called_at = ?2, sequence = ?3 WHERE key = ?1",
                         key, called_at, moved);
    if (c || !cancelled)
        return c;
    return db_run(ctx->tx,
                  "UPDATE meeting SET cancelled_at = ?2, cancel_reason = ?3, sequence = 1 "
                  "WHERE key = ?1",
                  key, arena_printf(ctx->arena, "%sT09:00:00.000Z", json_text(cancelled, "on")),
                  json_text(cancelled, "reason"));
}

enum code meeting_load(struct ctx *ctx, const json_t *row)
{
    json_t *body = json_deep_copy(row), *items = taken(body, "items");
    json_t *attendance = taken(body, "attendance"), *answers = taken(body, "answers");
    json_t *recusals = taken(body, "recusals"), *cancelled = taken(body, "cancelled");
    json_t *called = taken(body, "calledOn"), *papers = taken(body, "papers");
    const char *called_at =
        called ? arena_printf(ctx->arena, "%sT08:00:00.000Z", json_string_value(called)) : NULL;
    struct meeting_row meeting = {0};
    bool moved = json_true_at(body, "moved");
    json_object_del(body, "moved");
    json_put_new(body, "groupIds", taken(body, "groups"));
    carry_over(ctx, body);
    enum code c = run(ctx, meeting_create, NULL, body);
    if (!c)
        c = meeting_row_of(
            ctx, db_int(ctx->tx, 0, "SELECT key FROM meeting ORDER BY key DESC LIMIT 1"), &meeting);
    c = c ? c : load_items(ctx, meeting.id, items);
    c = c ? c : paper_load(ctx, &meeting, papers, called_at);
    c = c ? c : load_attendance(ctx, meeting.id, attendance);
    c = c ? c : load_answers(ctx, &meeting, answers, called_at);
    c = c ? c : load_recusals(ctx, &meeting, recusals);
    c = c ? c : set_state(ctx, meeting.key, called_at, moved, cancelled);
    json_decref(body);
    json_decref(items);
    json_decref(attendance);
    json_decref(answers);
    json_decref(recusals);
    json_decref(cancelled);
    json_decref(called);
    json_decref(papers);
    return c;
}
