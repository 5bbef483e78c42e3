/* review_load.c: the loader's way in: reviews of the worked example.
 *
 * Owns nothing: what was written is read as a form is, by the fields' own rules; only who and when
 * are said by the row, and nobody is told. */
#include "internal.h"

static enum code read_row(struct ctx *ctx, json_t *body, struct review_input *in)
{
    struct params sent = {body, true};
    const struct params *before = ctx->body;
    ctx->body = &sent;
    enum code c = review_check(ctx, in, resource_read(ctx, &review_resource, in));
    ctx->body = before;
    return c;
}

static enum code load_steps(struct ctx *ctx, const char *id, const json_t *steps)
{
    struct review_row review = {
        .key = db_int(ctx->tx, 0, "SELECT key FROM review WHERE id = ?1", id), .id = id};
    enum code c = OK;
    size_t i;
    json_t *step;
    json_array_foreach((json_t *)steps, i, step) {
        struct review_step_input in = {.item = json_text(step, "item"),
                                       .note = json_text(step, "note"),
                                       .done = json_text(step, "on") != NULL};
        if (!c)
            c = review_step_save(ctx, &review, &in, json_text(step, "on"));
    }
    return c;
}

enum code review_load(struct ctx *ctx, const json_t *row)
{
    static const char *const own[] = {"group", "on", "by", "closing"};
    struct review_input in;
    const char *id = NULL, *by = json_text(row, "by");
    json_t *body = json_deep_copy(row);
    for (size_t i = 0; i < LEN(own); i++)
        json_object_del(body, own[i]);
    json_put(body, "groupId", json_text(row, "group"));
    enum code c = read_row(ctx, body, &in);
    if (!c)
        c = review_insert(ctx, &in,
                          by ? db_int(ctx->tx, 0, "SELECT key FROM person WHERE email = ?1", by)
                             : 0,
                          json_text(row, "on"), &id);
    if (!c)
        c = load_steps(ctx, id, json_object_get(row, "closing"));
    json_decref(body);
    return c;
}
