/* fuzz_minutes.c: any text as minutes is refused with the line that is to be mended, or gives
 * decisions and actions that are all they may be: of items and people that were there, on days that
 * exist. What is lifted is marked in the HTML, and every heading of the contents can be led to. */
#include <kansli/utf8.h>
#include <kansli/view.h>
#include <string.h>
#include "../../src/minutes/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct minutes_named items[] = {
    {.key = 1, .number = 1, .folded = "jav och intressekonflikter"},
    {.key = 2, .number = 2, .folded = "budget"},
    {.key = 3, .number = 3, .folded = "budget"},
};
static struct minutes_named people[] = {
    {.key = 11, .folded = "anna berg"},
    {.key = 12, .folded = "anna berg astrom"},
    {.key = 13, .folded = "tva lika"},
    {.key = 14, .folded = "tva lika"},
};

static const char *same_text(int lang, const char *msgid)
{
    (void)lang;
    return msgid;
}

static void check_line(const struct lifted *line)
{
    MUST(*line->text && utf8_valid(line->text, strlen(line->text)));
    MUST(!strpbrk(line->text, "\n\r\t"));
    MUST(line->item_key >= 0 && line->item_key <= 3);
    MUST(!line->owner_key || line->owner_key == 11 || line->owner_key == 12);
    MUST(!line->due_date || day_valid(line->due_date));
}

static void check_warnings(const json_t *warnings)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)warnings, i, one)
        MUST(json_int(one, "line", 0) > 0 && json_text(one, "text") && json_text(one, "message"));
}

/* As render.c marks, without the register. */
static size_t mark(const char *line, const char **label, const char **kind, void *arg)
{
    size_t *n = arg;
    bool action = false;
    size_t word = minutes_line_word(line, &action);
    if (!word || !line[word + strspn(line + word, " ")])
        return 0;
    n[action]++;
    *label = action ? "A" : "D";
    *kind = "ok";
    return word;
}

static void check_html(const char *text, const struct minutes_lines *lines)
{
    struct buf html;
    struct err err;
    size_t n[2] = {0}, i;
    json_t *contents = json_array(), *part;
    err_init(&err);
    buf_init(&html, 4 << 20);
    MUST(!markdown_marked(text, 2, mark, n, &html, contents, &err));
    MUST(n[0] == lines->decisions_n && n[1] >= lines->actions_n);
    const char *from = html.data;
    json_array_foreach(contents, i, part) {
        char id[50];
        snprintf(id, sizeof id, " id=\"%s\">", json_text(part, "anchor"));
        MUST(*json_text(part, "title") && json_int(part, "level", 0) > 1);
        MUST((from = strstr(from, id)) != NULL);
    }
    MUST(!strstr(html.data, "<script") && utf8_valid(html.data, html.len));
    json_decref(contents);
    buf_release(&html);
    err_release(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct actor nobody;
    struct arena *arena = arena_new(64 << 20);
    struct err err;
    char *text;
    err_init(&err);
    if (text_clean(arena, (const char *)data, size, true, &text) != TEXT_OK) {
        arena_free(arena);
        return 0;
    }
    struct ctx ctx = {.arena = arena, .err = &err, .actor = &nobody, .text = same_text,
                      .markdown_lines = markdown_lines};
    struct minutes_lines lines = {.items = items, .people = people, .items_n = LEN(items),
                                  .people_n = LEN(people)};
    enum code c = minutes_read_lines(&ctx, text, &lines);
    MUST(c == err.code && (!c || (c == E_INPUT && json_array_size(err.fields) == 1)));
    check_warnings(lines.warnings);
    for (size_t i = 0; !c && i < lines.decisions_n; i++)
        check_line(&lines.decisions[i]);
    for (size_t i = 0; !c && i < lines.actions_n; i++)
        check_line(&lines.actions[i]);
    if (!c)
        check_html(text, &lines);
    json_decref(lines.warnings);
    err_release(&err);
    arena_free(arena);
    return 0;
}
