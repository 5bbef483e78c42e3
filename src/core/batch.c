/* batch.c: rows of one request that are decided together, or not at all.
 *
 * Owns how several refusals become one answer: the first gives it its rule, each row has its own
 * message where it stands. Must not know what a row decides. */
#include <kansli/resource.h>

static void tell_row(struct err *err, const struct err *row, const struct batch *batch,
                     const char *pointer)
{
    bool rule = row->code != E_INPUT && row->code != E_ABSENT;
    const json_t *first = json_array_get(row->fields, 0);
    const char *text = first ? json_text(first, "msgid") : row->msgid;
    err_set(err, rule ? row->code : E_INPUT, rule ? row->rule : "invalid-input",
            N_("Nothing was decided: some rows could not be."));
    if (!err->fields)
        err->fields = json_array();
    json_t *said = json_push(err->fields, json_object());
    json_put(said, "pointer", pointer);
    json_put(said, "msgid", row->code == E_ABSENT ? batch->absent : text);
    json_object_set(said, "args", first ? json_object_get(first, "args") : row->args);
    size_t i;
    json_t *name;
    json_array_foreach(row->missing, i, name)
        err_missing(err, json_string_value(name));
}

enum code batch_decide(struct ctx *ctx, const struct batch *batch, const char *text, void *arg)
{
    struct err *err = ctx->err;
    json_t *row, *rows = json_loads(text, 0, NULL);
    size_t i;
    json_array_foreach(rows, i, row) {
        struct err one;
        err_init(&one);
        ctx->err = &one;
        enum code c = batch->decide(ctx, row, arg);
        ctx->err = err;
        if (c && !tx_code(ctx->tx))
            tell_row(err, &one, batch,
                     arena_printf(ctx->arena, "/%s/%zu", batch->member, i));
        err_release(&one);
        if (tx_code(ctx->tx))
            break;
    }
    json_decref(rows);
    return tx_code(ctx->tx) ? tx_code(ctx->tx) : err->code;
}
