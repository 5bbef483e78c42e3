/* comparison.c: what a correction changed: two versions of one meeting's minutes, word by word.
 *
 * Owns which versions are compared; how words are is difference.h's. Must not know how a page marks
 * a change. */
#include <string.h>
#include <kansli/difference.h>
#include "internal.h"

const struct field minutes_comparison_query[] = {
    {.name = "with", .label = N_("Compared with"), .type = T_UUID,
     .hint = N_("Another version of the same minutes; the one before when nothing is said.")},
    {0},
};

#define SIDE                                                                                       \
    "{\"type\":\"object\",\"required\":[\"id\",\"version\",\"status\"],\"properties\":{"           \
    "\"id\":{\"type\":\"string\"},\"version\":{\"type\":\"integer\"},"                             \
    "\"status\":{\"type\":\"string\"},\"statusLabel\":{\"type\":\"string\"}}}"

const char minutes_comparison_reply[] =
    "{\"type\":\"object\",\"required\":[\"from\",\"to\",\"parts\",\"changed\"],\"properties\":{"
    "\"from\":" SIDE ",\"to\":" SIDE ",\"changed\":{\"type\":\"boolean\"},"
    "\"parts\":" DIFFERENCE_PARTS_SCHEMA "}}";

static json_t *side_of(struct ctx *ctx, const struct minutes_row *minutes)
{
    json_t *side = json_object();
    json_put(side, "id", minutes->id);
    json_put_int(side, "version", minutes->number);
    json_put(side, "status", minutes->state);
    json_put(side, "statusLabel", value_label(ctx, minutes_statuses, minutes->state));
    return side;
}

static bool is_version(struct ctx *ctx, long long meeting_key, const char *id)
{
    json_t *versions = minutes_versions(ctx, meeting_key), *one;
    bool found = false;
    size_t i;
    json_array_foreach(versions, i, one)
        found = found || !strcmp(json_text(one, "id"), id);
    json_decref(versions);
    return found;
}

/* The version that was asked for, of the same meeting; else the last one before. The first that the
 * reader may know of is compared with itself. */
static enum code find_other(struct ctx *ctx, const struct minutes_row *to, struct minutes_row *from)
{
    const char *with = ctx_query(ctx, "with");
    if (with && !is_version(ctx, to->meeting.key, with))
        return err_field(ctx->err, "with", N_("There is no other version with that id."), NULL);
    if (!with)
        with = minutes_before(ctx, to->meeting.key, to->number);
    return minutes_find(ctx, with ? with : to->id, from);
}

enum code minutes_compare(struct ctx *ctx, struct answer *out)
{
    struct minutes_row to, from;
    bool changed = false;
    enum code c = minutes_find(ctx, ctx_value(ctx, "id"), &to);
    if (!c)
        c = find_other(ctx, &to, &from);
    if (c)
        return c;
    json_t *parts = difference_parts(from.text, to.text, &changed);
    out->document = json_object();
    json_put_new(out->document, "from", side_of(ctx, &from));
    json_put_new(out->document, "to", side_of(ctx, &to));
    json_put_new(out->document, "parts", parts);
    json_put_bool(out->document, "changed", changed);
    return ctx_page(ctx) ? minutes_page_comparison(ctx, &to, &from, out) : OK;
}
