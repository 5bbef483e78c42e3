/* meeting_pages.c: what the pages of meetings show beside the object, and the addresses of forms.
 *
 * Owns the head with its tabs, the lists, the page of a meeting with one item of its agenda open,
 * and the panel on a group's page. What a template shows stands in the document, so that embed=page
 * gives a script the page's twin. Knows no rule. */
#include <string.h>
#include <kansli/group.h>
#include "pages.h"

const char *meeting_path(struct ctx *ctx, const struct meeting_row *meeting, const char *rest)
{
    return arena_join(ctx->arena, "/meetings/", meeting->id, rest, NULL);
}

/* ---------------------------------------------------------------- the head of a meeting's pages */

static void step(json_t *crumbs, const char *href, const char *name)
{
    json_t *crumb = json_push(crumbs, json_object());
    json_put(crumb, "href", href);
    json_put(crumb, "name", name);
}

/* The group only when the reader may know of it: the document says so. */
static json_t *crumbs_of(struct ctx *ctx, const json_t *seen, const struct meeting_row *meeting,
                         const char *here)
{
    const char *group = json_text(seen, "groupId");
    json_t *crumbs = json_array();
    step(crumbs, "/meetings", ctx_text(ctx, N_("Meetings")));
    if (group)
        step(crumbs, arena_printf(ctx->arena, "/groups/%s/meetings", group),
             json_text(seen, "groupName"));
    step(crumbs, meeting_path(ctx, meeting, ""), meeting->title);
    if (here)
        step(crumbs, ctx->path, here);
    return crumbs;
}

static void add_tab(struct ctx *ctx, json_t *tabs, const struct meeting_row *meeting,
                    const char *rest, const char *label, const char *current)
{
    json_t *tab = json_push(tabs, json_object());
    json_put(tab, "href", meeting_path(ctx, meeting, rest));
    json_put(tab, "label", ctx_text(ctx, label));
    json_put_bool(tab, "current", !strcmp(rest, current));
}

static json_t *tabs_of(struct ctx *ctx, const struct meeting_row *meeting, const char *current)
{
    json_t *tabs = json_array();
    add_tab(ctx, tabs, meeting, "", NC_("tab", "Meeting"), current);
    if (meeting_may_look_inside(ctx, meeting->key))
        add_tab(ctx, tabs, meeting, "/attendance", N_("Attendance"), current);
    add_tab(ctx, tabs, meeting, "/papers", N_("Papers"), current);
    add_tab(ctx, tabs, meeting, "/minutes", N_("Minutes"), current);
    ctx->as_support = false; /* asked, not done */
    return tabs;
}

static enum code embed_head(struct ctx *ctx, json_t *document, const json_t *seen, const char *tab,
                            const char *here)
{
    struct meeting_row meeting;
    enum code c = meeting_find(ctx, json_text(seen, "id"), &meeting);
    if (c)
        return c;
    if (ctx_embeds(ctx, "crumbs"))
        ctx_embed(ctx, document, "crumbs", crumbs_of(ctx, seen, &meeting, here));
    if (ctx_embeds(ctx, "meetingTabs"))
        ctx_embed(ctx, document, "meetingTabs", tabs_of(ctx, &meeting, tab));
    if (ctx_embeds(ctx, "when"))
        ctx_embed(ctx, document, "when", json_string(meeting_when(ctx, &meeting)));
    bool inside = meeting_may_look_inside(ctx, meeting.key);
    ctx->as_support = false; /* asked, not done */
    if (ctx_embeds(ctx, "course"))
        ctx_embed(ctx, document, "course", inside ? meeting_course(ctx, &meeting) : json_array());
    if (ctx_embeds(ctx, "nextAct"))
        ctx_embed(ctx, document, "nextAct", meeting_next_act(ctx, &meeting));
    return tx_code(ctx->tx);
}

enum code meeting_below(struct ctx *ctx, const char *id, struct answer *out, const char *tab,
                        const char *here)
{
    if (!ctx_page(ctx))
        return OK;
    json_t *meeting = resource_one(ctx, &meeting_resource, id, NULL, NULL);
    if (!meeting)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    out->title = arena_printf(ctx->arena, "%s: %s", here, json_text(meeting, "title"));
    enum code c = embed_head(ctx, out->document, meeting, tab, here);
    ctx_embed(ctx, out->document, "meeting", meeting);
    return c;
}

/* ---------------------------------------------------------------- lists */

/* The status alone is asked by chips; any other filter of the address goes along unseen. */
static json_t *choices(struct ctx *ctx)
{
    const char *now = ctx_query(ctx, "status");
    json_t *all = json_array(), *one = json_push(all, json_object());
    json_put(one, "label", ctx_text(ctx, NC_("meetings", "All")));
    json_put(one, "href", ctx->path);
    json_put_bool(one, "current", !now || !*now);
    for (const struct value *v = meeting_statuses; v->code; v++) {
        one = json_push(all, json_object());
        json_put(one, "label", ctx_text(ctx, v->label));
        json_put(one, "href", arena_printf(ctx->arena, "?status=%s", v->code));
        json_put_bool(one, "current", now && !strcmp(now, v->code));
    }
    return all;
}

static void tidy(struct ctx *ctx, json_t *document)
{
    static const char *const shown[] = {"q", "status", "mode"};
    json_t *filters = json_object_get(json_object_get(document, "_embedded"), "filters");
    for (size_t i = json_array_size(filters); i-- > 0;) {
        json_t *one = json_array_get(filters, i);
        bool keep = false;
        for (size_t j = 0; j < LEN(shown); j++)
            keep = keep || !strcmp(json_text(one, "name"), shown[j]);
        if (!keep)
            json_array_remove(filters, i);
        else if (!strcmp(json_text(one, "name"), "q"))
            json_put(one, "label", ctx_text(ctx, N_("Title")));
    }
}

static void embed_list(struct ctx *ctx, json_t *document)
{
    if (ctx_embeds(ctx, "choices"))
        ctx_embed(ctx, document, "choices", choices(ctx));
    if (ctx_page(ctx))
        tidy(ctx, document);
}

enum code meeting_page_list(struct ctx *ctx, struct answer *out)
{
    enum code c = meeting_list(ctx, out);
    out->title = ctx_text(ctx, N_("Meetings"));
    if (!c)
        embed_list(ctx, out->document);
    return c ? c : tx_code(ctx->tx);
}

enum code meeting_page_list_of_group(struct ctx *ctx, struct answer *out)
{
    enum code c;
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = meeting_list_of_group(ctx, out);
    if (c)
        return c;
    const char *id = ctx_value(ctx, "id");
    embed_list(ctx, out->document);
    if (may(ctx, ACT_CHANGE_GROUP, key))
        ctx_link(ctx, out->document, "create", "POST",
                 arena_printf(ctx->arena, "/groups/%s/meetings", id));
    ctx->as_support = false; /* asked, not done */
    return group_below(ctx, id, out, "/meetings", ctx_text(ctx, N_("Meetings")));
}

/* ---------------------------------------------------------------- one meeting */

const struct field meeting_page_query[] = {
    {.name = "item", .label = N_("Agenda item"), .type = T_UUID},
    {0},
};

/* From the day of the meeting on, or as soon as somebody is noted: before that nobody is there, and
 * answers are counted instead. */
static json_t *quorum_shown(struct ctx *ctx, const struct meeting_row *meeting, long long item_key)
{
    bool asked = strcmp(meeting->starts_on, ctx->today) <= 0 ||
                 meeting_is_attended(ctx, meeting->key);
    return asked && meeting_may_look_inside(ctx, meeting->key)
               ? meeting_quorum(ctx, meeting->key, item_key)
               : json_null();
}

/* The item asked for, else the first that nothing is noted at, else the first. */
static json_t *current_of(struct ctx *ctx, const json_t *agenda)
{
    const char *asked = ctx_query(ctx, "item");
    json_t *open = NULL, *item;
    size_t i;
    json_array_foreach((json_t *)agenda, i, item) {
        if (asked && !strcmp(asked, json_text(item, "id")))
            return item;
        if (!open && !json_text(item, "minutesText"))
            open = item;
    }
    return open ? open : json_array_get(agenda, 0);
}

static json_t *of_item(json_t *rows, const char *item_id)
{
    json_t *some = json_array(), *row;
    size_t i;
    json_array_foreach(rows, i, row)
        if (!strcmp(json_text(row, "agendaItemId"), item_id))
            json_array_append(some, row);
    json_decref(rows);
    return some;
}

static enum code put_html(struct ctx *ctx, json_t *item, const char *name, const char *html_name)
{
    const char *text = json_text(item, name), *html = NULL;
    enum code c = text ? ctx_markdown(ctx, text, 4, "", &html) : OK;
    json_put(item, html_name, html);
    return c;
}

/* The way from an item to those beside it. */
static json_t *beside(const json_t *agenda, size_t at)
{
    const json_t *item = json_array_get(agenda, at);
    return item ? json_pack("{s:O, s:O}", "id", json_object_get(item, "id"), "title",
                            json_object_get(item, "title"))
                : json_null();
}

static void put_beside(json_t *item, const json_t *agenda)
{
    size_t number = (size_t)json_int(item, "number", 1);
    json_put_new(item, "previous", number > 1 ? beside(agenda, number - 2) : json_null());
    json_put_new(item, "next", beside(agenda, number));
}

static enum code embed_item(struct ctx *ctx, json_t *document, const struct meeting_row *meeting,
                            json_t *agenda)
{
    json_t *found = current_of(ctx, agenda), *item;
    size_t i;
    json_array_foreach(agenda, i, item) {
        json_put_bool(item, "current", item == found);
        json_put_bool(item, "standing", agenda_is_standing(item));
        json_put_int(item, "at", (long long)i);
    }
    if (!found)
        return OK;
    const char *id = json_text(found, "id");
    long long key = agenda_item_key(ctx, meeting->key, id);
    bool inside = meeting_may_look_inside(ctx, meeting->key), own;
    bool change = meeting_may_note(ctx, meeting);
    item = json_deep_copy(found);
    put_beside(item, agenda);
    enum code c = put_html(ctx, item, "text", "textHtml");
    if (!c)
        c = put_html(ctx, item, "minutesText", "minutesHtml");
    json_put_new(item, "recusals", of_item(recusals_of(ctx, meeting->key), id));
    json_put_new(item, "papers", papers_of_item(ctx, agenda_item_key(ctx, meeting->key, id)));
    json_put_bool(item, "others", agenda_is_standing(found) && suggestions_for_all(ctx, meeting));
    json_put_new(item, "quorum", quorum_shown(ctx, meeting, key));
    json_put_new(item, "outcome", inside ? agenda_outcome(ctx, key) : json_null());
    json_put_new(item, "suggestions",
                 of_item(suggestions_of(ctx, meeting, true), id));
    json_put_bool(item, "mayRecuse", recusal_may_keep(ctx, meeting, &own));
    json_put_bool(item, "mayChange", change);
    json_put_bool(item, "mayAddPaper", meeting_may_change(ctx, meeting->key));
    json_put_bool(item, "mayDelete", change && !agenda_is_standing(found));
    json_put_new(item, "notesForm", change ? agenda_notes_form(ctx, meeting, found) : json_null());
    ctx->as_support = false; /* asked, not done */
    ctx_embed(ctx, document, "item", item);
    return c;
}

/* How many have answered what; who has not. */
static json_t *tally(json_t *people)
{
    json_t *counts = json_object(), *one;
    long long yes = 0, no = 0, deputy = 0, silent = 0;
    size_t i;
    json_array_foreach(people, i, one) {
        const char *answer = json_text(one, "answer");
        yes += answer && !strcmp(answer, "yes");
        no += answer && !strcmp(answer, "no");
        deputy += answer && !strcmp(answer, "deputy");
        silent += !answer;
    }
    json_put_int(counts, "yes", yes);
    json_put_int(counts, "no", no);
    json_put_int(counts, "deputy", deputy);
    json_put_int(counts, "silent", silent);
    return counts;
}

static enum code embed_page(struct ctx *ctx, json_t *document)
{
    struct meeting_row meeting;
    enum code c = meeting_find(ctx, json_text(document, "id"), &meeting);
    if (c || !ctx_page(ctx))
        return c;
    bool inside = meeting_may_look_inside(ctx, meeting.key);
    bool change = meeting_may_note(ctx, &meeting);
    bool waits = !strcmp(meeting.status, "called"); /* for answers */
    json_t *agenda = agenda_of(ctx, meeting.key), *people = meeting_people(ctx, meeting.key);
    c = embed_item(ctx, document, &meeting, agenda);
    ctx_embed(ctx, document, "agenda", agenda);
    ctx_embed(ctx, document, "tally", inside && waits ? tally(people) : json_null());
    ctx_embed(ctx, document, "people", people);
    ctx_embed(ctx, document, "inside", json_boolean(inside));
    ctx_embed(ctx, document, "quorum", quorum_shown(ctx, &meeting, 0));
    ctx_embed(ctx, document, "ownAnswer",
              waits ? meeting_own_answer(ctx, meeting.key) : json_null());
    ctx_embed(ctx, document, "mayChange", json_boolean(change));
    ctx_embed(ctx, document, "newItem", change ? agenda_short_form(ctx, &meeting) : json_null());
    ctx_embed(ctx, document, "refusal", json_null());
    ctx->as_support = false; /* asked, not done */
    return c ? c : embed_head(ctx, document, document, "", NULL);
}

enum code meeting_page_show(struct ctx *ctx, struct answer *out)
{
    enum code c = meeting_show(ctx, out);
    if (c || !out->document)
        return c;
    out->title = arena_strdup(ctx->arena, json_text(out->document, "title"));
    c = embed_page(ctx, out->document);
    return c ? c : tx_code(ctx->tx);
}

/* Once more, with the reason why the order that was sent could not be kept; the page's other forms
 * know nothing of it. */
enum code meeting_page_refused(struct ctx *ctx, struct answer *out)
{
    struct err *refused = ctx->err, fresh;
    const char *why = text_fill(ctx->arena, ctx_text(ctx, refused->msgid), refused->args);
    err_init(&fresh);
    ctx->err = &fresh;
    enum code c = meeting_page_show(ctx, out);
    ctx->err = refused;
    err_release(&fresh);
    if (!c)
        ctx_embed(ctx, out->document, "refusal", json_string(why));
    out->view = "meeting/show";
    return c;
}

/* ---------------------------------------------------------------- attendance */

static void offer_statuses(struct ctx *ctx, json_t *people)
{
    json_t *one;
    size_t i;
    json_array_foreach(people, i, one) {
        const char *status = json_text(one, "status");
        json_t *options = json_put_new(one, "options", json_array());
        for (const struct value *v = attendance_statuses; v->code; v++) {
            json_t *option = json_push(options, json_object());
            json_put(option, "value", v->code);
            json_put(option, "label", ctx_text(ctx, v->label));
            json_put_bool(option, "selected", status && !strcmp(status, v->code));
        }
    }
}

enum code meeting_page_attendance(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c = attendance_list(ctx, out);
    if (c || !ctx_page(ctx))
        return c;
    c = meeting_find(ctx, ctx_value(ctx, "id"), &meeting);
    if (c)
        return c;
    bool change = meeting_may_note(ctx, &meeting);
    offer_statuses(ctx, json_object_get(json_object_get(out->document, "_embedded"), "people"));
    ctx_embed(ctx, out->document, "mayChange", json_boolean(change));
    ctx->as_support = false; /* asked, not done */
    return meeting_below(ctx, meeting.id, out, "/attendance", ctx_text(ctx, N_("Attendance")));
}

/* ---------------------------------------------------------------- the panel of a group's page */

enum { PANEL_MOST = 3 };

/* The next ones, soonest first, today's until the day is over: the page may be kept that long.
 * NULL when there is none that the reader may know of. */
static json_t *part_of_group(struct ctx *ctx, long long key, const json_t *group)
{
    struct fixed coming = {
        .condition = "\"key\" IN (SELECT x.meeting_key FROM meeting_group x "
                     "WHERE x.group_key = ?6) AND \"startsOn\" >= ?4 AND \"cancelledAt\" IS NULL",
        .key = key};
    json_t *items = resource_items(ctx, &meeting_resource, coming);
    size_t n = json_array_size(items);
    if (!n) {
        json_decref(items);
        return NULL;
    }
    json_t *panel = json_object(), *next = json_put_new(panel, "items", json_array());
    for (size_t i = 0; i < n && i < PANEL_MOST; i++)
        json_array_append(next, json_array_get(items, n - 1 - i));
    json_put(panel, "href",
             arena_printf(ctx->arena, "/groups/%s/meetings", json_text(group, "id")));
    json_decref(items);
    return panel;
}

static void link_meetings(struct ctx *ctx, long long key, json_t *group)
{
    part_link_list(ctx, group, "meetings", may(ctx, ACT_CHANGE_GROUP, key) ? "add-meeting" : NULL);
}

const struct part meeting_parts[] = {
    {.of = "groups", .name = "meetings", .make = part_of_group},
    {.of = "groups", .link = link_meetings},
    {0},
};

/* ---------------------------------------------------------------- addresses of forms */

#define FORM(where, handler)                                                                       \
    {.method = "GET", .path = where, .may = MAY_LOGIN, .run = handler, .view = "meeting/form",     \
     .shape = SHAPE_PAGE}
#define LINK "/meeting-answers/{token}"

const struct route meeting_page_routes[] = {
    {.method = "GET", .path = "/groups/{id}/meetings/new", .may = MAY_LOGIN,
     .run = meeting_new_form, .view = "group/form", .shape = SHAPE_PAGE},
    FORM("/meetings/{id}/edit", meeting_edit_form),
    FORM("/meetings/{id}/delete", meeting_delete_form),
    FORM("/meetings/{id}/notices/new", meeting_notice_form),
    FORM("/meetings/{id}/cancellations/new", meeting_cancellation_form),
    FORM("/meetings/{id}/answers/new", meeting_answer_form),
    FORM("/meetings/{id}/agenda-items/new", agenda_new_form),
    FORM("/meetings/{id}/agenda-items/{itemId}/edit", agenda_edit_form),
    FORM("/meetings/{id}/agenda-items/{itemId}/delete", agenda_delete_form),
    {.method = "POST", .path = "/meetings/{id}/agenda-orders/new", .may = MAY_LOGIN,
     .run = agenda_order_send, .shape = SHAPE_PAGE, .form = meeting_page_refused},
    FORM("/meetings/{id}/attendance/new", attendance_new_form),
    {.method = "POST", .path = "/meetings/{id}/attendance/new", .may = MAY_LOGIN,
     .run = attendance_send, .shape = SHAPE_PAGE},
    FORM("/meetings/{id}/attendance/{attendanceId}/edit", attendance_edit_form),
    FORM("/meetings/{id}/attendance/{attendanceId}/delete", attendance_delete_form),
    {.method = "GET", .path = "/meetings/{id}/recusals/new", .may = MAY_LOGIN,
     .run = recusal_new_form, .view = "meeting/recusal", .shape = SHAPE_PAGE,
     .query = recusal_new_query},
    FORM("/meetings/{id}/recusals/{recusalId}/edit", recusal_edit_form),
    FORM("/meetings/{id}/recusals/{recusalId}/delete", recusal_delete_form),
    {.method = "GET", .path = LINK, .may = MAY_ALL, .run = meeting_link_page,
     .view = "meeting/link", .shape = SHAPE_PAGE, .flags = ROUTE_NO_DAY},
    {.method = "POST", .path = LINK, .may = MAY_ALL, .run = meeting_link_answer,
     .view = "meeting/link", .shape = SHAPE_PAGE, .body = meeting_answer_fields,
     .form = meeting_link_page, .flags = ROUTE_NO_CSRF | ROUTE_NO_DAY},
    {.method = "GET", .path = LINK "/calendar", .may = MAY_ALL, .run = meeting_link_calendar,
     .view = "meeting/link", .shape = SHAPE_PAGE, .flags = ROUTE_NO_DAY},
    {0},
};
