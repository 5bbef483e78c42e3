/* minutes_pages.c: what the pages of minutes show beside the document.
 *
 * Owns titles, crumbs, the contents, what was decided and is to be done beside the text, the list
 * of versions, the sheet to print, and the panel of whoever was sent minutes. Must not know rules:
 * what a reader may do is in the document's links. */
#include <string.h>
#include <kansli/followup.h>
#include "internal.h"

static void step(json_t *crumbs, const char *href, const char *name)
{
    json_t *crumb = json_push(crumbs, json_object());
    json_put(crumb, "href", href);
    json_put(crumb, "name", name);
}

/* ---------------------------------------------------------------- what stands around a version */

/* Below the meeting; who was sent the minutes need not know of it: then alone. */
static enum code put_head(struct ctx *ctx, const struct minutes_row *minutes, struct answer *out,
                          const char *here)
{
    const struct meeting_row *meeting = &minutes->meeting;
    struct meeting_row seen;
    struct err *err = ctx->err, unseen;
    if (!ctx_page(ctx))
        return OK;
    err_init(&unseen);
    ctx->err = &unseen;
    bool shown = !meeting_find(ctx, meeting->id, &seen);
    ctx->err = err;
    err_release(&unseen);
    out->title = arena_printf(ctx->arena, "%s: %s", here, meeting->title);
    if (shown)
        return meeting_below(ctx, meeting->id, out, "/minutes", here);
    json_t *crumbs = json_array();
    step(crumbs, "/meetings", ctx_text(ctx, N_("Meetings")));
    step(crumbs, ctx->path, here);
    ctx_embed(ctx, out->document, "crumbs", crumbs);
    ctx_embed(ctx, out->document, "meeting", json_null());
    return tx_code(ctx->tx);
}

static const char *version_title(struct ctx *ctx, const struct minutes_row *minutes)
{
    return ctx_textf(ctx, N_("Minutes, version {version}"), "version",
                     arena_int(ctx->arena, minutes->number), NULL);
}

/* The headings to lead to: of the two outermost levels below the title, when there are several. */
static json_t *contents_of(const json_t *document)
{
    enum { LEVELS_LED_TO = 2, FEW = 2, MANY = 200 };
    json_t *all = json_object_get(document, "contents"), *parts = json_array(), *one;
    long long top = 0;
    size_t i;
    json_array_foreach(all, i, one) { /* a first heading is the title, if no other is like it */
        long long level = json_int(one, "level", 0);
        top = i > 0 && (!top || level < top) ? level : top;
    }
    json_array_foreach(all, i, one) {
        long long level = json_int(one, "level", 0);
        if (level < top || level >= top + LEVELS_LED_TO || json_array_size(parts) == MANY)
            continue;
        json_t *part = json_push(parts, json_copy(one));
        json_put_bool(part, "below", level > top);
    }
    if (json_array_size(parts) < FEW)
        json_array_clear(parts);
    return parts;
}

static json_t *of_meeting(struct ctx *ctx, const struct resource *r, long long meeting_key)
{
    struct fixed within = {.condition = "\"meeting_key\" = ?6", .key = meeting_key};
    return resource_items(ctx, r, within);
}

/* Who decided, who presented, who took part without deciding stands beside each (förvaltningslagen
 * 31 §). */
static json_t *decisions_of(struct ctx *ctx, long long meeting_key)
{
    json_t *decisions = of_meeting(ctx, &decision_resource, meeting_key), *one;
    size_t i;
    json_array_foreach(decisions, i, one) {
        long long key = 0;
        json_decref(resource_one(ctx, &decision_resource, json_text(one, "id"), &key, NULL));
        json_put_new(one, "people", decision_people(ctx, key));
    }
    return decisions;
}

static json_t *versions_of(struct ctx *ctx, const struct minutes_row *minutes)
{
    json_t *versions = minutes_versions(ctx, minutes->meeting.key), *one;
    size_t i;
    json_array_foreach(versions, i, one)
        json_put_bool(one, "current", !strcmp(json_text(one, "id"), minutes->id));
    return versions;
}

enum code minutes_page_show(struct ctx *ctx, const struct minutes_row *minutes, struct answer *out)
{
    json_t *document = out->document;
    long long meeting_key = minutes->meeting.key;
    if (ctx_embeds(ctx, "parts"))
        ctx_embed(ctx, document, "parts", contents_of(document));
    if (ctx_embeds(ctx, "versions"))
        ctx_embed(ctx, document, "versions", versions_of(ctx, minutes));
    if (ctx_embeds(ctx, "receipts"))
        ctx_embed(ctx, document, "receipts", receipts_of(ctx, minutes->key));
    if (ctx_embeds(ctx, "decisions"))
        ctx_embed(ctx, document, "decisions", decisions_of(ctx, meeting_key));
    if (ctx_embeds(ctx, "actions"))
        ctx_embed(ctx, document, "actions", of_meeting(ctx, &action_resource, meeting_key));
    if (ctx_embeds(ctx, "mayCorrect"))
        ctx_embed(ctx, document, "mayCorrect",
                  json_boolean(strcmp(minutes->state, "draft") != 0 &&
                               minutes_may_write(ctx, &minutes->meeting)));
    ctx->as_support = false; /* asked, not done */
    return put_head(ctx, minutes, out, version_title(ctx, minutes));
}

/* ---------------------------------------------------------------- all of them, and the receipts */

/* What may be done with each stands beside it. */
static void add_links(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item) {
        json_t *one = resource_one(ctx, &minutes_resource, json_text(item, "id"), NULL, NULL);
        json_object_set(item, "_links", json_object_get(one, "_links"));
        json_decref(one);
    }
}

enum code minutes_page_versions(struct ctx *ctx, const struct meeting_row *meeting,
                                struct answer *out)
{
    add_links(ctx, json_object_get(out->document, "items"));
    if (ctx_embeds(ctx, "mayWrite"))
        ctx_embed(ctx, out->document, "mayWrite", json_boolean(minutes_may_write(ctx, meeting)));
    ctx->as_support = false; /* asked, not done */
    return meeting_below(ctx, meeting->id, out, "/minutes", ctx_text(ctx, N_("Minutes")));
}

enum code minutes_page_receipts(struct ctx *ctx, const struct minutes_row *minutes,
                                struct answer *out)
{
    if (ctx_embeds(ctx, "minutes"))
        ctx_embed(ctx, out->document, "minutes",
                  resource_one(ctx, &minutes_resource, minutes->id, NULL, NULL));
    return put_head(ctx, minutes, out, ctx_text(ctx, N_("Receipts")));
}

enum code minutes_page_comparison(struct ctx *ctx, const struct minutes_row *to,
                                  const struct minutes_row *from, struct answer *out)
{
    json_t *versions = minutes_versions(ctx, to->meeting.key), *one;
    size_t i;
    for (i = json_array_size(versions); i-- > 0;)
        if (!strcmp(json_text(json_array_get(versions, i), "id"), to->id))
            json_array_remove(versions, i);
    json_array_foreach(versions, i, one)
        json_put_bool(one, "selected", !strcmp(json_text(one, "id"), from->id));
    if (ctx_embeds(ctx, "versions"))
        ctx_embed(ctx, out->document, "versions", json_incref(versions));
    json_decref(versions);
    return put_head(ctx, to, out, ctx_text(ctx, N_("What was changed")));
}

/* ---------------------------------------------------------------- to print and sign */

/* The chair, the secretary, and room for whoever adjusts. Names as the reader may know them. */
static json_t *signers_of(struct ctx *ctx, long long meeting_key)
{
    static const struct {
        const char *role, *label;
    } lines[] = {{"chair", N_("Chair")},
                 {"secretary", N_("Secretary")},
                 {NULL, N_("Adjuster")},
                 {NULL, N_("Adjuster")}};
    json_t *people = meeting_people(ctx, meeting_key), *signers = json_array(), *one;
    size_t n;
    for (size_t i = 0; i < LEN(lines); i++) {
        const char *name = NULL;
        json_array_foreach(people, n, one) {
            const char *role = json_text(one, "role");
            if (lines[i].role && role && !strcmp(role, lines[i].role) && !name)
                name = json_text(one, "personName");
        }
        json_t *signer = json_push(signers, json_object());
        json_put(signer, "label", ctx_text(ctx, lines[i].label));
        json_put(signer, "name", name);
    }
    json_decref(people);
    return signers;
}

enum code minutes_print(struct ctx *ctx, struct answer *out)
{
    struct minutes_row minutes;
    enum code c = minutes_find(ctx, ctx_value(ctx, "id"), &minutes);
    if (!c && tx_writes(ctx->tx))
        c = receipts_open(ctx, minutes.key);
    if (c)
        return c;
    json_t *document = out->document = json_object();
    json_t *shown = resource_one(ctx, &minutes_resource, minutes.id, NULL, NULL);
    if (!shown)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    json_put_new(document, "minutes", shown);
    json_put_new(document, "signers", signers_of(ctx, minutes.meeting.key));
    json_t *meeting = resource_one(ctx, &meeting_resource, minutes.meeting.id, NULL, NULL);
    if (meeting) /* whoever was sent minutes may not know of it: the leading group then */
        json_object_set(document, "groups", json_object_get(meeting, "groupNames"));
    json_decref(meeting);
    ctx->as_support = false; /* asked, not done */
    out->title = arena_printf(ctx->arena, "%s: %s", version_title(ctx, &minutes),
                              minutes.meeting.title);
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- whoever was sent minutes */

/* On the page of a group or an organisation that the reader receives for: what nobody there has
 * opened. NULL: nothing. */
static json_t *part_unread(struct ctx *ctx, long long key, const json_t *object)
{
    (void)object;
    json_t *items = minutes_unread(ctx, key);
    if (!json_array_size(items)) {
        json_decref(items);
        return NULL;
    }
    return json_pack("{s:o}", "items", items);
}

static void link_versions(struct ctx *ctx, long long key, json_t *object)
{
    struct meeting_row meeting;
    const char *path = arena_printf(ctx->arena, "/meetings/%s/minutes", json_text(object, "id"));
    ctx_link(ctx, object, "minutes", "GET", path);
    if (!meeting_row_of(ctx, key, &meeting) && minutes_may_write(ctx, &meeting))
        ctx_link(ctx, object, "add-minutes", "POST", path);
}

const struct part minutes_parts[] = {
    {.of = "meetings", .link = link_versions},
    {.of = "groups", .name = "unreadMinutes", .make = part_unread},
    {.of = "organisations", .name = "unreadMinutes", .make = part_unread},
    {0},
};

const struct route minutes_page_routes[] = {
    {.method = "GET", .path = "/minutes/{id}/adjustments/new", .may = MAY_LOGIN,
     .run = minutes_adjust_form, .view = "minutes/adjust", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/minutes/{id}/distributions/new", .may = MAY_LOGIN,
     .run = minutes_distribute_form, .view = "minutes/distribute", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/minutes/{id}/document", .may = MAY_ALL, .run = minutes_print,
     .view = "minutes/print", .shape = SHAPE_PAGE, .flags = ROUTE_NO_DAY | ROUTE_LOGS_READ},
    {0},
};
