/* filters.c: what a page's filter bar offers for a list (resource.h).
 *
 * Owns which filters are offered: words, and what has few values to choose from. Any other filter
 * works by its name in the address (list.c). Must not know how a bar looks. */
#include <kansli/json.h>
#include <kansli/resource.h>
#include "resource.h"

static json_t *choice(const char *value, const char *label, const char *chosen)
{
    json_t *option = json_object();
    json_put(option, "value", value);
    json_put(option, "label", label);
    json_put_bool(option, "selected", chosen && field_wanted(chosen, value));
    return option;
}

json_t *resource_filters(struct ctx *ctx, const struct resource *r)
{
    json_t *filters = json_array();
    if (r->found) {
        json_t *filter = json_push(filters, json_object());
        json_put(filter, "name", "q");
        json_put(filter, "label", ctx_text(ctx, N_("Name")));
        json_put(filter, "type", "text");
        json_put(filter, "value", ctx_query(ctx, "q"));
    }
    for (const struct field *field = r->fields; field->name; field++) {
        bool short_list = field->type == T_ENUM || field->type == T_ENUMS ||
                          (field->reference && field->reference->options);
        if (!(field->flags & F_FILTER) || (field->flags & F_HIDDEN) || !short_list)
            continue;
        const char *chosen = ctx_query(ctx, field->name);
        json_t *filter = json_push(filters, json_object());
        json_put(filter, "name", field->name);
        json_put(filter, "label", ctx_text(ctx, field->label));
        json_put(filter, "type", "select");
        json_put(filter, "value", chosen);
        json_t *options = json_put_new(filter, "options", json_array());
        for (const struct value *v = field->values; v && v->code; v++)
            json_push(options, choice(v->code, ctx_text(ctx, v->label), chosen));
        if (field->reference) {
            json_t *rows = db_rows_(ctx->tx, field->reference->options, NULL, 0), *row;
            size_t i;
            json_array_foreach(rows, i, row)
                json_push(options,
                          choice(json_text(row, "value"), json_text(row, "label"), chosen));
            json_decref(rows);
        }
    }
    return filters;
}
