/* gap_load.c: the loader's way in: gaps of the worked example.
 *
 * Owns nothing: each is raised as somebody would have raised it; only the day of the answer and the
 * groups that close it, which stood before it was written down, are set afterwards. */
#include "internal.h"

static enum code close_by(struct ctx *ctx, const char *id, const json_t *groups)
{
    enum code c = OK;
    size_t i;
    json_t *group;
    json_array_foreach((json_t *)groups, i, group)
        if (!c)
            c = db_run(ctx->tx,
                       "UPDATE workgroup SET gap_key = (SELECT key FROM gap WHERE id = ?1) "
                       "WHERE key = (SELECT key FROM body WHERE id = ?2)",
                       id, json_string_value(group));
    return c;
}

enum code gap_load(struct ctx *ctx, const json_t *row)
{
    json_t *body = json_deep_copy(row), *groups = json_incref(json_object_get(body, "closedBy"));
    const char *answered = json_text(row, "answeredOn");
    struct params sent = {body, true};
    struct ctx then = *ctx;
    struct answer out = {0};
    json_object_del(body, "closedBy");
    json_object_del(body, "answeredOn");
    then.body = &sent;
    then.names = 0;
    enum code c = gap_create(&then, &out);
    const char *id = json_text(out.document, "id");
    if (!c && answered)
        c = db_run(ctx->tx, "UPDATE gap SET answered_on = ?2 WHERE id = ?1", id, answered);
    if (!c)
        c = close_by(ctx, id, groups);
    json_decref(out.document);
    json_decref(groups);
    json_decref(body);
    return c;
}
