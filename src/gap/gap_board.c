/* gap_board.c: a group's inventory as a board, from raised to addressed or declined.
 *
 * Owns the columns. What a card says is the gap itself. */
#include <string.h>
#include "internal.h"

/* On a narrow screen one column at a time: the one that is asked for, else the first with a
 * card. */
static void choose_column(struct ctx *ctx, json_t *columns)
{
    const char *asked = ctx_query(ctx, "column");
    json_t *column, *now = NULL;
    size_t i;
    json_array_foreach(columns, i, column)
        if (asked && !strcmp(asked, json_text(column, "status")))
            now = column;
    json_array_foreach(columns, i, column)
        if (!now && json_int(column, "count", 0))
            now = column;
    json_array_foreach(columns, i, column)
        json_put_bool(column, "now", now ? column == now : i == 0);
}

json_t *gap_board(struct ctx *ctx, json_t *items)
{
    json_t *columns = json_array(), *item;
    for (const struct value *status = gap_statuses; status->code; status++) {
        json_t *column = json_push(columns, json_object());
        json_t *cards = json_put_new(column, "cards", json_array());
        size_t i;
        json_put(column, "status", status->code);
        json_put(column, "label", ctx_text(ctx, status->label));
        json_put(column, "href", arena_printf(ctx->arena, "?column=%s", status->code));
        json_array_foreach(items, i, item)
            if (!strcmp(json_text(item, "status"), status->code))
                json_array_append(cards, item);
        json_put_int(column, "count", (long long)json_array_size(cards));
    }
    choose_column(ctx, columns);
    return columns;
}
