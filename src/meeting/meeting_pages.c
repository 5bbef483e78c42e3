/* meeting_pages.c: the pages of meetings: to be written.
 *
 * Owns what a page shows beside a meeting. Knows no SQL and no rule. */
#include "internal.h"

const struct route meeting_page_routes[] = {{0}};

const struct part meeting_parts[] = {{0}};

enum code meeting_below(struct ctx *ctx, const char *id, struct answer *out, const char *tab,
                        const char *here)
{
    (void)tab;
    json_t *meeting = resource_one(ctx, &meeting_resource, id, NULL, NULL);
    if (!meeting)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    out->title = arena_printf(ctx->arena, "%s: %s", here, json_text(meeting, "title"));
    if (ctx_embeds(ctx, "meeting"))
        ctx_embed(ctx, out->document, "meeting", json_incref(meeting));
    json_decref(meeting);
    return tx_code(ctx->tx);
}
