/* followup_load.c: the loader's way in: actions and status reports of the worked example.
 *
 * Owns nothing: they are entered as somebody would have done it; only the day on which an action
 * was closed is set afterwards, and nobody is written to. What is about days to come is left out: a
 * report is about what has been. */
#include <string.h>
#include "internal.h"

static enum code run(struct ctx *ctx, handler *create, json_t *values, const char **id)
{
    struct params body = {values, true};
    struct ctx then = *ctx;
    struct answer out = {0};
    then.body = &body;
    then.names = 0;
    enum code c = create(&then, &out);
    *id = c ? NULL : arena_strdup(ctx->arena, json_text(out.document, "id"));
    json_decref(out.document);
    return c;
}

enum code action_load(struct ctx *ctx, const json_t *row)
{
    json_t *values = json_deep_copy(row);
    const char *id, *owner = json_text(row, "owner"), *closed = json_text(row, "closedOn");
    json_put(values, "ownerId",
             owner ? db_text(ctx->tx, "SELECT id FROM person WHERE email = ?1", owner) : NULL);
    json_object_del(values, "owner");
    json_object_del(values, "closedOn");
    enum code c = run(ctx, action_create, values, &id);
    if (!c && closed)
        c = db_run(ctx->tx, "UPDATE action SET closed_on = ?2 WHERE id = ?1", id, closed);
    json_decref(values);
    return c;
}

enum code report_load(struct ctx *ctx, const json_t *row)
{
    const char *id;
    if (strcmp(json_text(row, "periodEnd"), ctx->today) > 0)
        return OK;
    json_t *values = json_deep_copy(row);
    enum code c = run(ctx, report_create, values, &id);
    json_decref(values);
    return c;
}
