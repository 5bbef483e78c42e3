/* minutes_load.c: the loader's way in: minutes of the worked example.
 *
 * Owns nothing: minutes are compiled and adjusted as somebody would have done it; only the days are
 * set afterwards, and nobody is written to. */
#include <string.h>
#include "internal.h"

/* Runs an act as a script would, on the object of its path. */
static enum code run(struct ctx *ctx, handler *act, const char *id, json_t *body)
{
    static const char *const names[] = {"id"};
    struct params sent = {body, true};
    struct ctx then = *ctx;
    struct answer out = {0};
    then.body = &sent;
    then.names = 1;
    then.name = names;
    then.value = &id;
    enum code c = act(&then, &out);
    json_decref(out.document);
    return c;
}

static long long last_of(struct ctx *ctx, long long meeting_key)
{
    return db_int(ctx->tx, 0,
                  "SELECT key FROM minutes WHERE meeting_key = ?1 ORDER BY number DESC LIMIT 1",
                  meeting_key);
}

/* {more?, adjustedOn?, sentOn?, openedOn?}: the next version of a meeting's minutes, `more` after what
 * it corrects; each state needs the one before. */
static enum code load_version(struct ctx *ctx, const struct meeting_row *meeting, const json_t *row)
{
    const char *more = json_text(row, "more"), *adjusted = json_text(row, "adjustedOn");
    const char *sent = json_text(row, "sentOn"), *opened = json_text(row, "openedOn");
    json_t *body = json_object();
    if (more)
        json_put(body, "text",
                 arena_join(ctx->arena,
                            db_text(ctx->tx, "SELECT text FROM minutes WHERE key = ?1",
                                    last_of(ctx, meeting->key)),
                            "\n\n", more, NULL));
    enum code c = run(ctx, minutes_create, meeting->id, body);
    json_decref(body);
    struct minutes_row minutes = {.key = last_of(ctx, meeting->key)};
    if (!c)
        c = minutes_find(ctx, db_text(ctx->tx, "SELECT id FROM minutes WHERE key = ?1", minutes.key),
                         &minutes);
    if (!c && adjusted)
        c = minutes_lock(ctx, &minutes);
    if (!c && adjusted)
        c = db_run(ctx->tx, "UPDATE minutes SET adjusted_at = ?2 WHERE key = ?1", minutes.key,
                   arena_printf(ctx->arena, "%sT13:00:00.000Z", adjusted));
    if (!c && sent)
        c = minutes_load_sent(ctx, &minutes, arena_printf(ctx->arena, "%sT14:00:00.000Z", sent),
                              opened ? arena_printf(ctx->arena, "%sT07:30:00.000Z", opened) : NULL);
    return c;
}

enum code minutes_load(struct ctx *ctx, const json_t *row)
{
    struct meeting_row meeting;
    size_t i;
    json_t *version;
    long long key = db_int(ctx->tx, 0,
                           "SELECT m.key FROM meeting m JOIN body b ON b.key = m.group_key "
                           "WHERE b.id = ?1 AND m.starts_on = ?2",
                           json_text(row, "group"), json_text(row, "day"));
    enum code c = meeting_row_of(ctx, key, &meeting);
    json_array_foreach(json_object_get(row, "versions"), i, version)
        c = c ? c : load_version(ctx, &meeting, version);
    return c;
}
