/* minutes_pages.c: what the pages of minutes show beside the document, and the form of a draft.
 *
 * Owns titles, crumbs, the list of versions. Must not know rules: what a reader may do is in the
 * document's links. */
#include "internal.h"

static json_t *crumb(const char *href, const char *name)
{
    json_t *one = json_object();
    json_put(one, "href", href);
    json_put(one, "name", name);
    return one;
}

enum code minutes_page_show(struct ctx *ctx, const struct minutes_row *minutes, struct answer *out)
{
    const struct meeting_row *meeting = &minutes->meeting;
    struct meeting_row seen;
    struct err *err = ctx->err, unseen;
    err_init(&unseen);
    ctx->err = &unseen; /* who was sent the minutes need not know of the meeting */
    bool shown = !meeting_find(ctx, meeting->id, &seen);
    ctx->err = err;
    err_release(&unseen);
    out->title = ctx_textf(ctx, N_("Minutes: {title}"), "title", meeting->title, NULL);
    if (ctx_embeds(ctx, "crumbs")) {
        json_t *crumbs = json_array();
        if (shown)
            json_push(crumbs, crumb(arena_printf(ctx->arena, "/meetings/%s", meeting->id),
                                    meeting->title));
        json_push(crumbs, crumb(ctx->path, ctx_text(ctx, N_("Minutes"))));
        ctx_embed(ctx, out->document, "crumbs", crumbs);
    }
    if (ctx_embeds(ctx, "versions"))
        ctx_embed(ctx, out->document, "versions", minutes_versions(ctx, meeting->key));
    if (ctx_embeds(ctx, "receipts"))
        ctx_embed(ctx, out->document, "receipts", receipts_of(ctx, minutes->key));
    return tx_code(ctx->tx);
}

enum code minutes_page_versions(struct ctx *ctx, const struct meeting_row *meeting,
                                struct answer *out)
{
    if (ctx_embeds(ctx, "mayWrite"))
        ctx_embed(ctx, out->document, "mayWrite", json_boolean(minutes_may_write(ctx, meeting)));
    ctx->as_support = false; /* asked, not done */
    return meeting_below(ctx, meeting->id, out, "/minutes", ctx_text(ctx, N_("Minutes")));
}

/* ---------------------------------------------------------------- the form of a draft */

enum code minutes_edit_form(struct ctx *ctx, struct answer *out)
{
    struct minutes_row minutes;
    enum code c = minutes_find_to_change(ctx, &minutes);
    if (!c)
        c = minutes_must_be_draft(ctx, &minutes);
    if (c)
        return c;
    const char *path = arena_printf(ctx->arena, "/minutes/%s", minutes.id);
    json_t *form = resource_form_of(ctx, &minutes_resource, minutes.id,
                                    arena_join(ctx->arena, path, "?_method=PATCH", NULL),
                                    ctx_text(ctx, N_("Save the draft")), NULL);
    if (!form)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    json_put(form, "cancel", path);
    out->document = json_object();
    json_put_new(out->document, "form", form);
    out->title = ctx_textf(ctx, N_("Change the minutes: {title}"), "title", minutes.meeting.title,
                           NULL);
    return OK;
}

const struct route minutes_page_routes[] = {
    {.method = "GET", .path = "/minutes/{id}/edit", .may = MAY_LOGIN, .run = minutes_edit_form,
     .view = "form", .shape = SHAPE_PAGE},
    {0},
};
