/* render.c: the text of minutes becomes what is shown: its headings can be led to, and lines that
 * are lifted are marked.
 *
 * Owns the marks: the word that makes a line a decision or an action (lift.c knows them) stands as
 * a label, with the § of a decision that has been given one. HTML and contents are kept beside the
 * text. Must not know Markdown, nor pages. */
#include <string.h>
#include <kansli/buf.h>
#include "internal.h"

enum { HTML_MOST = 4 << 20, HEADING = 2 };

/* A decision of the meeting that has its §, and whether a line has taken it. */
struct numbered {
    long long number;
    const char *text;
    bool taken;
};

struct marking {
    struct ctx *ctx;
    struct numbered *decisions;
    size_t n;
};

static void load_numbers(struct marking *marking, long long meeting_key)
{
    struct ctx *ctx = marking->ctx;
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT number AS \"number\", text AS \"text\" FROM decision "
                                 "WHERE meeting_key = ?1 AND number IS NOT NULL "
                                 "ORDER BY position, key",
                                 meeting_key);
    size_t i;
    marking->n = json_array_size(rows);
    marking->decisions = arena_alloc(ctx->arena, sizeof *marking->decisions * (marking->n + 1));
    json_array_foreach(rows, i, row)
        marking->decisions[i] =
            (struct numbered){.number = json_int(row, "number", 0),
                              .text = arena_strdup(ctx->arena, json_text(row, "text"))};
    json_decref(rows);
}

/* The § of the next decision with that text, or 0. */
static long long number_of(struct marking *marking, const char *text)
{
    for (size_t i = 0; i < marking->n; i++) {
        struct numbered *decision = &marking->decisions[i];
        if (decision->taken || strcmp(decision->text, text) != 0)
            continue;
        decision->taken = true;
        return decision->number;
    }
    return 0;
}

static size_t mark(const char *line, const char **label, const char **kind, void *arg)
{
    struct marking *marking = arg;
    struct arena *arena = marking->ctx->arena;
    bool action = false;
    size_t n = minutes_line_word(line, &action);
    const char *rest = line + n + strspn(line + n, " ");
    if (!n || !*rest)
        return 0;
    long long number = action ? 0 : number_of(marking, rest);
    *label = arena_strndup(arena, line, n - 1);
    if (number)
        *label = arena_printf(arena, "%s § %lld", *label, number);
    *kind = action ? "info" : "ok";
    return n;
}

enum code minutes_render(struct ctx *ctx, long long meeting_key, const char *text,
                         struct minutes_shown *shown)
{
    struct marking marking = {.ctx = ctx};
    struct buf html;
    struct err err;
    json_t *contents = json_array();
    load_numbers(&marking, meeting_key);
    buf_init(&html, HTML_MOST);
    err_init(&err);
    enum code c = ctx->markdown_marked(text, HEADING, mark, &marking, &html, contents, &err);
    if (c == E_INPUT)
        err_field(ctx->err, "/text", err.msgid, "line", json_text(err.args, "line"), NULL);
    else if (c)
        err_set(ctx->err, c, err.rule, err.msgid);
    shown->html = arena_strndup(ctx->arena, html.data, html.len);
    buf_clear(&html);
    json_write(&html, contents);
    shown->contents = html.full ? "[]" : arena_strndup(ctx->arena, html.data, html.len);
    json_decref(contents);
    err_release(&err);
    buf_release(&html);
    return c ? ctx->err->code : tx_code(ctx->tx);
}
