/* glossary.c: the abbreviations of the field, explained (R8).
 *
 * Owns the table glossary. Must not know who shows its words: other pages take glossary_tips and
 * make <abbr> of it. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/json.h>
#include <kansli/utf8.h>
#include "internal.h"

struct word_input {
    const char *abbreviation, *name, *name_english, *text;
};

static const struct field glossary_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "abbreviation",
     .label = N_("Abbreviation"),
     .type = T_TEXT,
     .at = offsetof(struct word_input, abbreviation),
     .flags = F_REQUIRED | F_FILTER | F_SORT,
     .max = 30,
     .column = "abbreviation"},
    {.name = "name",
     .label = N_("What it stands for"),
     .type = T_TEXT,
     .at = offsetof(struct word_input, name),
     .flags = F_REQUIRED | F_SORT,
     .column = "name"},
    {.name = "nameEnglish",
     .label = N_("In English"),
     .type = T_TEXT,
     .at = offsetof(struct word_input, name_english),
     .column = "name_english"},
    {.name = "text",
     .label = N_("Explanation"),
     .type = T_LINES,
     .at = offsetof(struct word_input, text),
     .max = 1000,
     .column = "text",
     .hint = N_("One or two plain sentences.")},
    {0},
};

static void links(struct ctx *ctx, json_t *object)
{
    const char *path = arena_printf(ctx->arena, "/glossary/%s", json_text(object, "id"));
    if (may(ctx, ACT_CHANGE_ORGANISATION, 0)) {
        ctx_link(ctx, object, "edit", "PATCH", path);
        ctx_link(ctx, object, "delete", "DELETE", path);
    }
}

const struct resource glossary_resource = {
    .name = "glossary",
    .noun = N_("abbreviation"),
    .table = "glossary",
    .select = "SELECT key AS \"key\", id AS \"id\", abbreviation AS \"abbreviation\", "
              "name AS \"name\", name_english AS \"nameEnglish\", text AS \"text\", "
              "version AS \"version\", modified AS \"modified\" FROM glossary",
    .found = DB_FOUND("\"key\"", "glossary", "?5"),
    .order = "\"abbreviation\", \"id\"",
    .size = sizeof(struct word_input),
    .fields = glossary_fields,
    .links = links,
};

/* ---------------------------------------------------------------- reading */

json_t *glossary_tips(struct ctx *ctx)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT abbreviation AS \"abbreviation\", name AS \"name\", "
                           "name_english AS \"nameEnglish\" FROM glossary");
    json_t *tips = json_object(), *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *english = ctx->lang ? json_text(row, "nameEnglish") : NULL;
        json_put(tips, json_text(row, "abbreviation"),
                 english ? english : json_text(row, "name"));
    }
    json_decref(rows);
    return tips;
}

/* The letter under which a word stands: its first, as a capital. */
static uint32_t letter_of(const char *abbreviation)
{
    uint32_t c = utf8_next(&abbreviation);
    bool small = (c >= 'a' && c <= 'z') || (c >= 0xe0 && c <= 0xfe && c != 0xf7);
    return small ? c - 0x20 : c;
}

static json_t *section(struct ctx *ctx, json_t *letters, uint32_t letter)
{
    char text[5] = "";
    text[utf8_put(letter, text)] = '\0';
    json_t *one = json_push(letters, json_object());
    json_put(one, "letter", text);
    json_put(one, "anchor", arena_printf(ctx->arena, "letter-%x", (unsigned)letter));
    return json_put_new(one, "items", json_array());
}

json_t *glossary_letters(struct ctx *ctx)
{
    const char *q = ctx_query(ctx, "q");
    const char *match = q ? db_index_query(ctx->arena, q) : NULL;
    struct fixed found = {.condition = match ? DB_FOUND("\"key\"", "glossary", "?6") : "1 = 0",
                          .text = match};
    json_t *words = resource_items(ctx, &glossary_resource, q ? found : (struct fixed){0});
    json_t *letters = json_array(), *items = NULL, *word;
    uint32_t last = 0;
    size_t i;
    json_array_foreach(words, i, word) {
        uint32_t letter = letter_of(json_text(word, "abbreviation"));
        if (!items || letter != last)
            items = section(ctx, letters, letter);
        last = letter;
        json_array_append(items, word);
    }
    json_decref(words);
    return letters;
}

/* ---------------------------------------------------------------- writing */

static enum code refuse_taken(struct ctx *ctx, const char *abbreviation, long long but_key)
{
    if (db_exists(ctx->tx, "SELECT 1 FROM glossary WHERE abbreviation = ?1 AND key <> ?2",
                  abbreviation, but_key))
        return err_setf(ctx->err, E_CONFLICT, "abbreviation-taken",
                        N_("{abbreviation} is explained already."), "abbreviation", abbreviation,
                        NULL);
    return tx_code(ctx->tx);
}

static enum code index_words(struct ctx *ctx, const struct word_input *in, long long key)
{
    return db_index_put(ctx->tx, glossary_resource.name, key,
                        arena_printf(ctx->arena, "%s %s %s", in->abbreviation, in->name,
                                     in->name_english ? in->name_english : ""));
}

enum code glossary_create(struct ctx *ctx, struct answer *out)
{
    struct word_input in;
    long long key = 0;
    enum code c = must_may(ctx, ACT_CHANGE_ORGANISATION, 0);
    if (!c)
        c = resource_read(ctx, &glossary_resource, &in);
    if (!c)
        c = refuse_taken(ctx, in.abbreviation, 0);
    if (!c)
        c = resource_insert(ctx, &glossary_resource, &in, NULL, NULL, &key);
    if (!c)
        c = index_words(ctx, &in, key);
    if (c)
        return c;
    out->see = "/glossary";
    out->flash = N_("The abbreviation is in the glossary.");
    return resource_created(ctx, &glossary_resource,
                            db_text(ctx->tx, "SELECT id FROM glossary WHERE key = ?1", key), out);
}

enum code glossary_change(struct ctx *ctx, struct answer *out)
{
    const char *id = ctx_value(ctx, "id");
    struct word_input in;
    struct edit edit = {0};
    bool changed = false;
    enum code c = must_may(ctx, ACT_CHANGE_ORGANISATION, 0);
    if (c)
        return c;
    c = resource_edit(ctx, &glossary_resource, id, &edit, &in);
    if (!c)
        c = refuse_taken(ctx, in.abbreviation, edit.key);
    if (!c)
        c = resource_update(ctx, &glossary_resource, &edit, &in, &changed);
    if (!c && changed)
        c = index_words(ctx, &in, edit.key);
    resource_edit_end(&edit);
    out->see = "/glossary";
    out->flash = N_("Saved.");
    return c ? c : resource_changed(ctx, &glossary_resource, id, out);
}

enum code glossary_remove(struct ctx *ctx, struct answer *out)
{
    struct edit edit = {0};
    enum code c = must_may(ctx, ACT_CHANGE_ORGANISATION, 0);
    if (c)
        return c;
    c = resource_guard(ctx, &glossary_resource, ctx_value(ctx, "id"), &edit);
    if (!c)
        c = resource_delete(ctx, &glossary_resource, &edit);
    resource_edit_end(&edit);
    out->see = "/glossary";
    out->flash = N_("The abbreviation is deleted.");
    return c;
}
