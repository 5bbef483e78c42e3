/* site_text.c: the texts that the law asks for, written by the one who runs the register.
 *
 * Owns that the HTML of a text is made when it is saved and kept with its renderer's version: a
 * page costs no rendering, and after a better renderer has come, an old row is rendered when read
 * until it is saved again. Must not know the pages around them. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/asset.h>
#include <kansli/csv.h>
#include <kansli/json.h>
#include "internal.h"

enum { HEADING = 2 }; /* a text's own headings stand under the page's h1 */

struct site_text_input {
    const char *text;
};

static const struct value topics[] = {
    {"accessibility", N_("Accessibility statement")},
    {"personalData", N_("Personal data")},
    {NULL, NULL},
};

static const struct value languages[] = {
    {"sv", N_("Swedish")},
    {"en", N_("English")},
    {NULL, NULL},
};

static const struct field fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "topic",
     .label = N_("Topic"),
     .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER,
     .values = topics},
    {.name = "language",
     .label = N_("Language"),
     .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER,
     .values = languages},
    {.name = "text",
     .label = N_("Text"),
     .type = T_MARKDOWN,
     .at = offsetof(struct site_text_input, text),
     .flags = F_REQUIRED | F_WIDE,
     .max = 40000,
     .column = "text",
     .hint = N_(
         "Markdown: # before a heading, - before an item of a list, [words](address) for a link.")},
    {.name = "textHtml", .label = N_("Text as HTML"), .type = T_TEXT, .flags = F_DERIVED},
    {0},
};

static void render_old(struct ctx *ctx, json_t *item)
{
    const char *html;
    bool fresh = json_int(item, "renderer", 0) == ctx->markdown_version;
    json_object_del(item, "renderer");
    if (!fresh && !ctx_markdown(ctx, json_text(item, "text"), HEADING, "/text", &html))
        json_put(item, "textHtml", html);
}

static void finish(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item)
        render_old(ctx, item);
}

static void links(struct ctx *ctx, json_t *object)
{
    if (may(ctx, ACT_CHANGE_SITE, 0))
        ctx_link(ctx, object, "change", "PATCH",
                 arena_printf(ctx->arena, "/site-texts/%s", json_text(object, "id")));
}

const struct resource site_text_resource = {
    .name = "site-texts",
    .noun = N_("text of the site"),
    .table = "site_text",
    .select =
        "SELECT key AS \"key\", version AS \"version\", modified AS \"modified\", id AS \"id\", "
        "page AS \"topic\", language AS \"language\", text AS \"text\", html AS \"textHtml\", "
        "renderer AS \"renderer\" FROM site_text",
    .order = "\"topic\", \"language\" DESC",
    .size = sizeof(struct site_text_input),
    .fields = fields,
    .finish = finish,
    .links = links,
};

enum code site_text_answer(struct ctx *ctx, const char *topic, struct answer *out)
{
    const char *language = languages[ctx->lang].code; /* in the order of view.h: sv, en */
    const char *id = db_text(ctx->tx,
                             "SELECT id FROM site_text WHERE page = ?1 "
                             "ORDER BY CASE language WHEN ?2 THEN 0 ELSE 1 END LIMIT 1",
                             topic, language);
    if (!id)
        return ctx_absent(ctx);
    return resource_answer(ctx, &site_text_resource, id, out);
}

/* ---------------------------------------------------------------- writing */

static enum code change(struct ctx *ctx, struct edit *edit, const struct site_text_input *in)
{
    const char *html;
    bool changed = false;
    enum code c = ctx_markdown(ctx, in->text, HEADING, "/text", &html);
    if (!c)
        c = resource_update(ctx, &site_text_resource, edit, in, &changed);
    if (c || !changed)
        return c;
    return db_run(ctx->tx, "UPDATE site_text SET html = ?2, renderer = ?3 WHERE key = ?1",
                  edit->key, html, ctx->markdown_version);
}

enum code site_text_change(struct ctx *ctx, const char *id)
{
    struct site_text_input in;
    struct edit edit = {0};
    enum code c = must_may(ctx, ACT_CHANGE_SITE, 0);
    if (c)
        return c;
    c = resource_edit(ctx, &site_text_resource, id, &edit, &in);
    if (!c)
        c = change(ctx, &edit, &in);
    resource_edit_end(&edit);
    return c;
}

static enum code load_text(struct ctx *ctx, const char *page, const char *language,
                           const char *text)
{
    struct site_text_input in = {text};
    const char *html;
    long long key = 0;
    enum code c = ctx_markdown(ctx, text, HEADING, "/text", &html);
    if (c)
        return c;
    json_t *extra = json_pack("{s:s, s:s, s:s, s:i}", "page", page, "language", language, "html",
                              html, "renderer", ctx->markdown_version);
    c = resource_insert(ctx, &site_text_resource, &in, NULL, extra, &key);
    json_decref(extra);
    return c;
}

enum code site_load(struct ctx *ctx)
{
    const struct asset *asset = asset_find("data/site-texts.csv");
    struct csv *csv;
    MUST(asset);
    enum code c = csv_read(ctx->arena, (const char *)asset->bytes, asset->len, 100, &csv, ctx->err);
    for (size_t row = 0; !c && row < csv_rows(csv); row++)
        c = load_text(ctx, csv_cell(csv, row, "page"), csv_cell(csv, row, "language"),
                      csv_cell(csv, row, "text"));
    return c;
}
