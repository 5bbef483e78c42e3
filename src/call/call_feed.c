/* call_feed.c: the open calls as an Atom feed (RFC 4287), for whoever wants to hear of new ones.
 *
 * Owns the XML. Tells what everyone may see and nothing else, whoever asks: a feed is read by
 * programs without a login. Stable: the same calls give the same bytes, and an entry's id is the
 * call's own for ever. */
#include <string.h>
#include <kansli/buf.h>
#include "internal.h"

enum { ENTRIES_MOST = 50, FEED_BYTES = 4 << 20 };

/* In the order of enum lang. */
static const struct value languages[] = {
    {"sv", N_("Swedish")},
    {"en", N_("English")},
    {NULL, NULL},
};

const struct field call_feed_query[] = {
    {.name = "language",
     .label = N_("Language"),
     .type = T_ENUM,
     .values = languages,
     .hint = N_("Instead of Accept-Language.")},
    {0},
};

/* ---------------------------------------------------------------- XML */

/* Whether XML 1.0 can say it: no control characters but the three of white space, and neither of
 * the two that are no characters (EF BF BE and EF BF BF in UTF-8). */
static size_t speakable(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t n = 0;
    while (at[n]) {
        bool control = at[n] < 0x20 && at[n] != '\t' && at[n] != '\n' && at[n] != '\r';
        bool none = at[n] == 0xEF && at[n + 1] == 0xBF && at[n + 2] >= 0xBE;
        if (control || none)
            break;
        n++;
    }
    return n;
}

static void add_text(struct buf *xml, const char *text)
{
    while (*text) {
        size_t n = speakable(text);
        buf_html(xml, text, n);
        text += n;
        if (*text)
            text += (unsigned char)*text == 0xEF ? 3 : 1;
    }
}

static void element(struct buf *xml, const char *name, const char *text)
{
    buf_addf(xml, "<%s>", name);
    add_text(xml, text);
    buf_addf(xml, "</%s>\n", name);
}

static void link(struct ctx *ctx, struct buf *xml, const char *rel, const char *type,
                 const char *path)
{
    buf_addf(xml, "<link rel=\"%s\" type=\"%s\" href=\"", rel, type);
    add_text(xml, ctx->base_url);
    add_text(xml, path);
    buf_adds(xml, "\"/>\n");
}

/* ---------------------------------------------------------------- entries */

/* The later of its last change and its first day. */
static const char *updated(struct ctx *ctx, const json_t *call)
{
    const char *opened = arena_printf(ctx->arena, "%sT00:00:00.000Z", json_text(call, "opensOn"));
    const char *modified = json_text(call, "modified");
    return strcmp(modified, opened) > 0 ? modified : opened;
}

static const char *last_day(struct ctx *ctx, const json_t *call)
{
    const char *day = json_text(call, "closesOn");
    if (!day)
        return ctx_text(ctx, N_("No last day is set."));
    return ctx_textf(ctx, N_("Last day: {day}."), "day",
                     day_words(ctx->arena, day, languages[ctx->lang].code, false), NULL);
}

static void add_paragraph(struct buf *html, const char *text)
{
    buf_adds(html, "<p>");
    buf_html(html, text, strlen(text));
    buf_adds(html, "</p>");
}

/* HTML inside XML: escaped once more. */
static void add_content(struct ctx *ctx, struct buf *xml, const json_t *call)
{
    struct buf html;
    const char *text = json_text(call, "text"), *shown = NULL;
    size_t i;
    json_t *one;
    buf_init(&html, 1 << 20);
    add_paragraph(&html, ctx_textf(ctx, N_("{group}. Seats: {seats}."), "group",
                                   json_text(call, "groupName"), "seats",
                                   arena_int(ctx->arena, json_int(call, "seats", 1)), NULL));
    if (text && !ctx_markdown(ctx, text, 3, "/text", &shown))
        buf_adds(&html, shown);
    if (json_array_size(json_object_get(call, "requirementTexts"))) {
        buf_adds(&html, "<ul>");
        json_array_foreach (json_object_get(call, "requirementTexts"), i, one) {
            buf_adds(&html, "<li>");
            buf_html(&html, json_string_value(one), json_string_length(one));
            buf_adds(&html, "</li>");
        }
        buf_adds(&html, "</ul>");
    }
    add_paragraph(&html, last_day(ctx, call));
    buf_adds(xml, "<content type=\"html\">");
    add_text(xml, html.data);
    buf_adds(xml, "</content>\n");
    buf_release(&html);
}

static void add_entry(struct ctx *ctx, struct buf *xml, const json_t *call)
{
    const char *id = json_text(call, "id");
    buf_adds(xml, "<entry>\n");
    buf_addf(xml, "<id>urn:uuid:%s</id>\n", id);
    element(xml, "title", json_text(call, "title"));
    element(xml, "published", arena_printf(ctx->arena, "%sT00:00:00Z", json_text(call, "opensOn")));
    element(xml, "updated", updated(ctx, call));
    buf_adds(xml, "<author>\n");
    element(xml, "name", json_text(call, "groupName"));
    buf_adds(xml, "</author>\n");
    link(ctx, xml, "alternate", "text/html", arena_printf(ctx->arena, "/nomination-calls/%s", id));
    element(xml, "summary", last_day(ctx, call));
    add_content(ctx, xml, call);
    buf_adds(xml, "</entry>\n");
}

/* ---------------------------------------------------------------- the feed */

/* Of all that is in it; without anything, the beginning of the day. */
static const char *last_update(struct ctx *ctx, const json_t *items)
{
    const char *last = NULL;
    for (size_t i = 0; i < json_array_size(items) && i < ENTRIES_MOST; i++) {
        const char *at = updated(ctx, json_array_get(items, i));
        if (!last || strcmp(at, last) > 0)
            last = at;
    }
    return last ? last : arena_printf(ctx->arena, "%sT00:00:00Z", ctx->today);
}

static void add_feed(struct ctx *ctx, struct buf *xml, const json_t *items)
{
    const char *lang = languages[ctx->lang].code;
    buf_addf(xml,
             "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
             "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"%s\">\n",
             lang);
    buf_adds(xml, "<id>");
    add_text(xml, ctx->base_url);
    buf_adds(xml, "/nomination-calls/feed</id>\n");
    element(xml, "title", ctx_text(ctx, N_("Open calls for nominations")));
    element(xml, "updated", last_update(ctx, items));
    buf_adds(xml, "<author>\n");
    element(xml, "name", "kansli");
    buf_adds(xml, "</author>\n");
    link(ctx, xml, "self", "application/atom+xml",
         arena_printf(ctx->arena, "/nomination-calls/feed?language=%s", lang));
    link(ctx, xml, "alternate", "text/html", "/nomination-calls");
    for (size_t i = 0; i < json_array_size(items) && i < ENTRIES_MOST; i++)
        add_entry(ctx, xml, json_array_get(items, i));
    buf_adds(xml, "</feed>\n");
}

static bool choose_language(struct ctx *ctx)
{
    const char *asked = ctx_query(ctx, "language");
    for (int lang = 0; asked && lang < LANGS; lang++)
        if (!strcmp(asked, languages[lang].code)) {
            ctx->lang = lang;
            return true;
        }
    return !asked || !err_field(ctx->err, "language", N_("There is no value {value} here."),
                                "value", asked, NULL);
}

enum code call_feed(struct ctx *ctx, struct answer *out)
{
    static const struct actor nobody = {0};
    const struct actor *reader = ctx->actor;
    struct fixed open = {.condition = CALL_IS_OPEN};
    struct buf xml;
    if (!choose_language(ctx))
        return E_INPUT;
    ctx->actor = &nobody; /* what everyone may see, whoever asks */
    json_t *items = resource_items(ctx, &call_resource, open);
    ctx->actor = reader;
    buf_init(&xml, FEED_BYTES);
    add_feed(ctx, &xml, items);
    json_decref(items);
    out->raw = xml.full ? NULL : arena_strndup(ctx->arena, xml.data, xml.len);
    out->raw_type = "application/atom+xml; charset=utf-8";
    buf_release(&xml);
    if (!out->raw)
        return ctx_fail(ctx, E_TOO_BIG, "answer-too-big",
                        N_("The answer is too big. Ask for less at a time."));
    return tx_code(ctx->tx);
}
