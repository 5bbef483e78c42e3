/* link_pages.c: the page that a notice's link opens: the answer to it, without a login.
 *
 * Owns what it says and where an answer leads. A token stands in the address alone: the pages are
 * kept nowhere, and log lines name the route. Knows no SQL and no rule. */
#include <string.h>
#include <kansli/calendar.h>
#include "pages.h"

enum code meeting_link_page(struct ctx *ctx, struct answer *out)
{
    struct meeting_link link;
    enum code c = meeting_link_find(ctx, ctx_value(ctx, "token"), &link);
    if (c)
        return c;
    json_t *document = meeting_link_view(ctx, &link);
    if (!document)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    out->document = document;
    out->personal = true;
    json_put_new(document, "form",
                 resource_form(ctx, meeting_answer_fields, document, ctx->path,
                               ctx_text(ctx, N_("Send the answer"))));
    json_put(document, "calendar", arena_join(ctx->arena, ctx->path, "/calendar", NULL));
    out->title = link.meeting.title;
    out->view = "meeting/link";
    return tx_code(ctx->tx);
}

enum code meeting_link_answer(struct ctx *ctx, struct answer *out)
{
    struct meeting_link link;
    struct meeting_answer_input in = {0};
    enum code c = meeting_link_find(ctx, ctx_value(ctx, "token"), &link);
    if (!c)
        c = fields_read(ctx, meeting_answer_fields, &in);
    if (!c)
        c = meeting_note_answer(ctx, &link.meeting, link.person_key, in.answer, in.note);
    out->personal = true;
    out->location = ctx->path;
    out->flash = N_("Your answer is noted. You can change it here until the meeting has ended.");
    return c;
}

enum code meeting_link_calendar(struct ctx *ctx, struct answer *out)
{
    struct meeting_link link;
    enum code c = meeting_link_find(ctx, ctx_value(ctx, "token"), &link);
    if (c)
        return c;
    const struct meeting_row *meeting = &link.meeting;
    json_t *view = meeting_link_view(ctx, &link);
    if (!view)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    struct calendar_event event = {
        .uid = arena_printf(ctx->arena, "meetings/%s", meeting->id),
        .sequence = meeting->sequence,
        .changed = meeting->modified,
        .summary = arena_printf(ctx->arena, "%s, %s", meeting->title, meeting->group_name),
        .location = json_text(view, "location"),
        .url = arena_printf(ctx->arena, "%s/meetings/%s", ctx->base_url, meeting->id),
        .cancelled = !strcmp(meeting->status, "cancelled"),
        .start = meeting->starts_at,
        .end = meeting->ends_at,
    };
    out->raw = calendar_file(ctx->arena, ctx->base_url, &event, 1);
    json_decref(view);
    out->raw_type = "text/calendar; charset=utf-8";
    out->file_name = "meeting.ics";
    out->personal = true;
    return OK;
}
