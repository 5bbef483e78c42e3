/* mandate_comparison.c: any two versions side by side, word by word (R10).
 *
 * Owns what is compared and in which order; how words are compared is difference.h's. Lists become
 * lines and numbers words, so that everything is compared as text. Must not know how a page marks a
 * change. */
#include <string.h>
#include <kansli/buf.h>
#include <kansli/difference.h>
#include "internal.h"

static const struct value kinds[] = {
    {"same", NC_("comparison", "Unchanged")},
    {"changed", NC_("comparison", "Changed")},
    {"added", NC_("comparison", "Added")},
    {"removed", NC_("comparison", "Removed")},
    {NULL, NULL},
};

#define SIDE_SCHEMA                                                                      \
    "{\"type\":\"object\",\"required\":[\"id\",\"version\",\"status\"],\"properties\":{" \
    "\"id\":{\"type\":\"string\"},\"version\":{\"type\":\"integer\"},"                   \
    "\"status\":{\"type\":\"string\"},\"statusLabel\":{\"type\":\"string\"},"            \
    "\"groupName\":{\"type\":\"string\"}}}"

const char mandate_comparison_reply[] =
    "{\"type\":\"object\",\"required\":[\"from\",\"to\",\"changes\",\"changed\"],\"properties\":{"
    "\"from\":" SIDE_SCHEMA ",\"to\":" SIDE_SCHEMA ","
    "\"changed\":{\"type\":\"integer\",\"description\":\"How many fields differ.\"},"
    "\"changes\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"required\":[\"field\",\"label\",\"kind\",\"parts\"],\"properties\":{"
    "\"field\":{\"type\":\"string\"},\"label\":{\"type\":\"string\"},"
    "\"kind\":{\"type\":\"string\",\"enum\":[\"same\",\"changed\",\"added\",\"removed\"]},"
    "\"kindLabel\":{\"type\":\"string\"},"
    "\"parts\":" DIFFERENCE_PARTS_SCHEMA "}}}}}";

/* A row of a list: its texts, with what follows the first in brackets. */
static void write_row(struct buf *buf, const json_t *row)
{
    const char *name;
    json_t *cell;
    int n = 0;
    json_object_foreach ((json_t *)row, name, cell)
        if (json_is_string(cell))
            buf_addf(buf, n++ ? " (%s)" : "%s", json_string_value(cell));
}

static const char *text_of(struct ctx *ctx, const json_t *value)
{
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_integer(value))
        return arena_int(ctx->arena, json_integer_value(value));
    struct buf buf;
    size_t i;
    json_t *one;
    buf_init(&buf, 1 << 20);
    json_array_foreach ((json_t *)value, i, one) {
        buf_adds(&buf, i ? "\n" : "");
        if (json_is_string(one))
            buf_adds(&buf, json_string_value(one));
        else
            write_row(&buf, one);
    }
    const char *text = arena_strndup(ctx->arena, buf.data, buf.len);
    buf_release(&buf);
    return text;
}

/* What one field has become; NULL when it says nothing on either side. */
static json_t *change_of(struct ctx *ctx, const struct field *field, const json_t *from,
                         const json_t *to)
{
    const char *before = text_of(ctx, field_member(from, field->name));
    const char *after = text_of(ctx, field_member(to, field->name));
    if (!*before && !*after)
        return NULL;
    bool differs = false;
    json_t *change = json_object(), *parts = difference_parts(before, after, &differs);
    const char *kind = !*before ? "added" : !*after ? "removed" : differs ? "changed" : "same";
    json_put(change, "field", field->name);
    json_put(change, "label", ctx_text(ctx, field->label));
    json_put(change, "kind", kind);
    json_put(change, "kindLabel", value_label(ctx, kinds, kind));
    json_put_new(change, "parts", parts);
    return change;
}

static json_t *side_of(const json_t *mandate)
{
    static const char *const kept[] = {"id", "version", "status", "statusLabel", "groupName"};
    json_t *side = json_object();
    for (size_t i = 0; i < LEN(kept); i++)
        if (json_object_get(mandate, kept[i]))
            json_object_set(side, kept[i], json_object_get(mandate, kept[i]));
    return side;
}

json_t *mandate_compare(struct ctx *ctx, const json_t *from, const json_t *to)
{
    json_t *document = json_object(), *changes = json_array();
    long long changed = 0;
    for (const struct field *field = mandate_resource.fields; field->name; field++) {
        json_t *change =
            field->flags & (F_DERIVED | F_CREATE) ? NULL : change_of(ctx, field, from, to);
        if (!change)
            continue;
        changed += strcmp(json_text(change, "kind"), "same") != 0;
        json_push(changes, change);
    }
    json_put_new(document, "from", side_of(from));
    json_put_new(document, "to", side_of(to));
    json_put_new(document, "changes", changes);
    json_put_int(document, "changed", changed);
    return document;
}
