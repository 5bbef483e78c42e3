/* texts.c: from an object's row to the plain texts that it is found by.
 *
 * Owns what is left of Markdown and JSON when only words count: a snippet shows them, so that marks
 * and addresses are in the way. And the index as a whole: by which rules it was made is kept in the
 * register, and when they are not this program's it is made anew. Must not know who may read what:
 * the search asks that when it is asked. */
#include <stdlib.h>
#include <string.h>
#include <kansli/buf.h>
#include <kansli/json.h>
#include <kansli/texts.h>
#include <kansli/word.h>
#include "resource.h"

enum { TEXTS_BYTES = 1 << 20 };

/* ---------------------------------------------------------------- plain text */

/* Past what begins a line of Markdown: "# ", "> ", "- ", "* ", "+ ", spaces. */
static const char *past_markers(const char *at)
{
    size_t n = strspn(at, " \t#>");
    while ((at[n] == '-' || at[n] == '*' || at[n] == '+') && at[n + 1] == ' ')
        n += 2 + strspn(at + n + 2, " \t#>");
    return at + n;
}

/* Past the address of a link, "](https://...)"; `at` itself when there is none. */
static const char *past_address(const char *at)
{
    if (strncmp(at, "](", 2))
        return at;
    const char *end = at + strcspn(at, ")\n");
    return *end == ')' ? end + 1 : at;
}

static void add_markdown(struct buf *buf, const char *text)
{
    const char *at = past_markers(text);
    while (*at) {
        const char *past = past_address(at);
        if (past > at) {
            at = past;
        } else if (*at == '\\' && at[1] > ' ' && at[1] < '0') {
            buf_addc(buf, at[1]);
            at += 2;
        } else if (*at == '\n') {
            buf_addc(buf, '\n');
            at = past_markers(at + 1);
        } else {
            if (!strchr("*_`[", *at))
                buf_addc(buf, *at);
            at++;
        }
    }
}

static void add_line(struct buf *buf, const json_t *text)
{
    if (!json_is_string(text))
        return;
    buf_adds(buf, json_string_value(text));
    buf_addc(buf, '\n');
}

/* A column with a list of texts, or of objects that have some. */
static void add_list(struct buf *buf, const char *column)
{
    json_t *list = json_loads(column, 0, NULL), *one, *member;
    const char *name;
    size_t i;
    json_array_foreach(list, i, one) {
        add_line(buf, one);
        json_object_foreach(one, name, member)
            add_line(buf, member);
    }
    json_decref(list);
}

/* A list's name ends so. */
static bool is_list(const char *name)
{
    size_t n = strlen(name);
    return n > 5 && !strcmp(name + n - 5, "_list");
}

static void add_text(struct buf *buf, const char *name, const char *text)
{
    if (buf->len)
        buf_addc(buf, '\n');
    if (is_list(name))
        add_list(buf, text);
    else
        add_markdown(buf, text);
}

/* ---------------------------------------------------------------- into the index */

static enum code put_row(struct ctx *ctx, const struct resource *r, long long key, json_t *row)
{
    const char *title = json_text(row, "title"), *inside = json_text(row, "inside"), *name;
    struct buf text, all;
    json_t *one;
    buf_init(&text, TEXTS_BYTES);
    buf_init(&all, TEXTS_BYTES);
    json_object_foreach(row, name, one)
        if (json_is_string(one) && strcmp(name, "title") && strcmp(name, "inside"))
            add_text(&text, name, json_string_value(one));
    if (inside) {
        buf_adds(&all, text.data);
        add_text(&all, "inside", inside);
    }
    enum code c = db_text_put(ctx->tx, r->name, key, title ? title : "", text.data,
                              inside ? all.data : NULL);
    buf_release(&text);
    buf_release(&all);
    return c;
}

enum code texts_put(struct ctx *ctx, const struct resource *r, long long key)
{
    struct db_arg args[] = {db_arg_int(key)};
    json_t *row = r->texts ? db_row_(ctx->tx, r->texts, args, 1) : NULL;
    enum code c = row ? put_row(ctx, r, key, row) : tx_code(ctx->tx);
    json_decref(row);
    return c;
}

/* ---------------------------------------------------------------- the whole index */

bool texts_are_there(struct tx *tx)
{
    char rules[WORD_RULES_BYTES];
    word_rules(rules);
    return db_exists(tx, "SELECT 1 FROM setting WHERE name = 'searchRules' AND value = ?1",
                     (const char *)rules);
}

static enum code put_all(struct ctx *ctx, const struct resource *r)
{
    json_t *row, *rows = db_rows_(ctx->tx,
                                  arena_printf(ctx->arena, "SELECT key AS \"key\" FROM %s "
                                                           "ORDER BY key", r->table),
                                  NULL, 0);
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c)
            c = texts_put(ctx, r, json_int(row, "key", 0));
    json_decref(rows);
    return c;
}

enum code texts_renew(struct ctx *ctx)
{
    char rules[WORD_RULES_BYTES];
    word_rules(rules);
    enum code c = db_text_anew(ctx->tx);
    for (const struct resource *const *r = resource_registry; !c && *r; r++)
        if ((*r)->texts)
            c = put_all(ctx, *r);
    return c ? c
             : db_run(ctx->tx,
                      "INSERT INTO setting (name, value) VALUES ('searchRules', ?1) "
                      "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                      (const char *)rules);
}
