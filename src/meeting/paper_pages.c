/* paper_pages.c: the pages of papers, and every address of theirs.
 *
 * Owns the tab of a meeting's papers with its log of readings, and the forms on which one is added,
 * moved and taken away. A browser is sent to the same bytes as a script, always as a download.
 * Knows no rule and no SQL. */
#include <string.h>
#include "paper.h"

/* ---------------------------------------------------------------- the tab */

static const char *who_reads(struct ctx *ctx, const struct meeting_row *meeting)
{
    if (!paper_is_logged(ctx, meeting->key))
        return ctx_text(ctx, N_("Everyone may read these papers, as the meeting is public."));
    return ctx_text(ctx, N_("Whoever may see the meeting may read its papers. Each download is "
                            "noted, with the reader's name."));
}

static enum code page_list(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c = paper_list(ctx, out);
    if (c)
        return c;
    meeting_in_path(ctx, &meeting, &c);
    if (c)
        return c;
    bool change = meeting_may_change(ctx, meeting.key);
    if (ctx_embeds(ctx, "readings"))
        ctx_embed(ctx, out->document, "readings",
                  change ? paper_readings(ctx, meeting.key) : json_null());
    if (change && !ctx->actor->read_only)
        ctx_link(ctx, out->document, "create", "POST", meeting_path(ctx, &meeting, "/papers"));
    ctx->as_support = false; /* asked, not done */
    if (!ctx_page(ctx))
        return tx_code(ctx->tx);
    ctx_embed(ctx, out->document, "mayChange", json_boolean(change));
    ctx_embed(ctx, out->document, "whoReads", json_string(who_reads(ctx, &meeting)));
    return meeting_below(ctx, meeting.id, out, "/papers", ctx_text(ctx, N_("Papers")));
}

/* ---------------------------------------------------------------- forms */

static const struct field new_query[] = {
    {.name = "item", .label = N_("Agenda item"), .type = T_UUID},
    {0},
};

/* What is sent of a paper, and before it the file. */
static const struct field *upload_fields(struct ctx *ctx)
{
    static const struct field file = {
        .name = "file", .label = N_("File"), .type = T_TEXT, .flags = F_WIDE,
        .hint = N_("PDF, or a document of LibreOffice or Microsoft Office without macros, at most "
                   "20 MB. Leave it empty when you add a link.")};
    size_t n = 0;
    while (paper_resource.fields[n].name)
        n++;
    struct field *fields = arena_alloc(ctx->arena, (n + 2) * sizeof *fields);
    fields[0] = file;
    memcpy(fields + 1, paper_resource.fields, n * sizeof *fields);
    return fields;
}

static void offer_items(struct ctx *ctx, json_t *form, const struct meeting_row *meeting)
{
    json_t *field = meeting_form_field(form, "agendaItemId");
    json_t *agenda = agenda_of(ctx, meeting->key);
    const char *chosen = json_text(field, "value");
    size_t i;
    json_t *item;
    json_array_foreach(agenda, i, item)
        json_put(item, "label", arena_printf(ctx->arena, "%lld. %s", json_int(item, "number", 0),
                                             json_text(item, "title")));
    meeting_make_select(ctx, field, agenda, "id", "label",
                        chosen && *chosen ? chosen : ctx_query(ctx, "item"), true);
    json_put(json_array_get(json_object_get(field, "options"), 0), "label",
             ctx_text(ctx, N_("The whole meeting")));
    json_put(field, "hint", NULL);
    json_decref(agenda);
}

static enum code new_form(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c = paper_meeting(ctx, &meeting);
    if (c)
        return c;
    json_t *form = resource_form(ctx, upload_fields(ctx), NULL,
                                 meeting_path(ctx, &meeting, "/papers"),
                                 ctx_text(ctx, N_("Add the paper")));
    offer_items(ctx, form, &meeting);
    c = meeting_give_form(ctx, out, form, &meeting, "/papers", ctx_text(ctx, N_("New paper")),
                          who_reads(ctx, &meeting));
    if (!c)
        json_put_int(out->document, "most", PAPER_BYTES);
    out->view = "meeting/paper-new";
    return c;
}

static const char *paper_path(struct ctx *ctx, const struct meeting_row *meeting, const char *rest)
{
    return meeting_path(ctx, meeting,
                        arena_join(ctx->arena, "/papers/", ctx_value(ctx, "paperId"), rest, NULL));
}

static enum code edit_form(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c = paper_meeting(ctx, &meeting);
    json_t *paper = NULL;
    if (!c)
        paper_in_path(ctx, &meeting, &c);
    if (c)
        return c;
    json_t *form = resource_form_of(ctx, &paper_resource, ctx_value(ctx, "paperId"),
                                    paper_path(ctx, &meeting, "?_method=PATCH"),
                                    ctx_text(ctx, N_("Save")), &paper);
    if (!form)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    if (!json_text(paper, "href"))
        meeting_drop_field(form, "href");
    json_put(meeting_form_field(form, "title"), "hint", NULL);
    json_decref(paper);
    offer_items(ctx, form, &meeting);
    return meeting_give_form(ctx, out, form, &meeting, "/papers",
                             ctx_text(ctx, N_("Change the paper")), NULL);
}

static enum code delete_form(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    const char *id = ctx_value(ctx, "paperId");
    enum code c = paper_meeting(ctx, &meeting);
    if (!c)
        paper_in_path(ctx, &meeting, &c);
    if (c)
        return c;
    json_t *form = meeting_removal(ctx, &paper_resource, id,
                                   paper_path(ctx, &meeting, "?_method=DELETE"));
    json_t *paper = resource_one(ctx, &paper_resource, id, NULL, NULL);
    const char *lead = NULL;
    if (paper)
        lead = ctx_textf(ctx, N_("“{title}” is deleted, and cannot be had back."), "title",
                         json_text(paper, "title"), NULL);
    json_decref(paper);
    return meeting_give_form(ctx, out, form, &meeting, "/papers",
                             ctx_text(ctx, N_("Take the paper away")), lead);
}

/* ---------------------------------------------------------------- addresses */

#define PAPERS .resource = &paper_resource
#define ONE "/meetings/{id}/papers/{paperId}"
#define FORM(where, handler)                                                                       \
    {.method = "GET", .path = where, .may = MAY_LOGIN, .run = handler, .view = "meeting/form",     \
     .shape = SHAPE_PAGE}

const struct route paper_routes[] = {
    {.method = "GET", .path = "/meetings/{id}/papers", .may = MAY_ALL, .run = page_list,
     .view = "meeting/papers", .shape = SHAPE_LIST, PAPERS, .flags = ROUTE_NO_DAY | ROUTE_CLOCK,
     .what = N_("The papers of a meeting, in the order of its agenda; embed=readings tells who may "
                "change it who was given which")},
    {.method = "POST", .path = "/meetings/{id}/papers", .may = MAY_LOGIN, .prepare = paper_read,
     .run = paper_create, .shape = SHAPE_CREATE, PAPERS, .form = new_form, .flags = ROUTE_FILE,
     .file_most = PAPER_BYTES + PAPER_FORM,
     .what = N_("Adds a paper: a form with a file, or an object with the address of a link. What a "
                "file is, is told by what it holds: PDF, ODF or Office Open XML without macros, at "
                "most 20 MB")},
    {.method = "GET", .path = "/meetings/{id}/papers/new", .may = MAY_LOGIN, .run = new_form,
     .view = "meeting/paper-new", .shape = SHAPE_PAGE, .query = new_query},
    {.method = "GET", .path = ONE, .may = MAY_ALL, .run = paper_show, .shape = SHAPE_ONE, PAPERS,
     .flags = ROUTE_NO_DAY, .what = N_("One paper, without its bytes")},
    {.method = "PATCH", .path = ONE, .may = MAY_LOGIN, .run = paper_change, .shape = SHAPE_CHANGE,
     PAPERS, .form = edit_form,
     .what = N_("Gives a paper another title or item, a link another address")},
    {.method = "DELETE", .path = ONE, .may = MAY_LOGIN, .run = paper_remove, .shape = SHAPE_REMOVE,
     PAPERS, .form = delete_form, .what = N_("Takes a paper away, with its bytes")},
    {.method = "GET", .path = ONE "/file", .may = MAY_ALL, .run = paper_download,
     .shape = SHAPE_VIEW, .reply = "{\"type\":\"object\"}", .media = "*/*",
     .flags = ROUTE_NO_DAY | ROUTE_LOGS_READ,
     .what = N_("The bytes of a file, as a download; noted when not everyone may read them")},
    FORM(ONE "/edit", edit_form),
    FORM(ONE "/delete", delete_form),
    {0},
};
