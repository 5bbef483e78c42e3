/* paper_load.c: the loader's way in: papers of the worked example.
 *
 * Owns nothing: each row is what somebody would have sent, with a file of migrations/data/papers
 * for an upload, so that every rule holds for the example too; only the day on which it was added
 * is set afterwards. */
#include <string.h>
#include <kansli/asset.h>
#include "paper.h"

static enum code load_one(struct ctx *ctx, const struct meeting_row *meeting, json_t *body,
                          const char *file)
{
    static const char *const names[] = {"id"};
    const struct asset *asset =
        file ? asset_find(arena_join(ctx->arena, "data/papers/", file, NULL)) : NULL;
    struct upload upload = {.name = file};
    struct params sent = {body, true};
    struct answer out = {0};
    struct ctx then = *ctx;
    MUST(asset || !file);
    if (asset) {
        upload.bytes = (const char *)asset->bytes;
        upload.n = asset->len;
        then.upload = &upload;
    }
    then.body = &sent;
    then.names = 1;
    then.name = names;
    then.value = &meeting->id;
    then.prepared = NULL;
    enum code c = paper_read(&then, &out);
    if (!c)
        c = paper_create(&then, &out);
    json_decref(then.prepared);
    json_decref(out.document);
    return c;
}

enum code paper_load(struct ctx *ctx, const struct meeting_row *meeting, const json_t *rows,
                     const char *at)
{
    enum code c = OK;
    size_t i;
    json_t *row;
    json_array_foreach((json_t *)rows, i, row) {
        json_t *body = json_deep_copy(row);
        const char *item = json_text(row, "item"), *file = json_text(row, "file");
        if (item)
            json_put(body, "agendaItemId",
                     db_text(ctx->tx,
                             "SELECT id FROM agenda_item WHERE meeting_key = ?1 AND title = ?2",
                             meeting->key, item));
        json_object_del(body, "item");
        json_object_del(body, "file");
        if (!c)
            c = load_one(ctx, meeting, body, file);
        json_decref(body);
    }
    return c || !at ? c
                    : db_run(ctx->tx, "UPDATE paper SET added_at = ?2 WHERE meeting_key = ?1",
                             meeting->key, at);
}
