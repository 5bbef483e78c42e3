/* lines.c: what the lines of minutes say (api.md).
 *
 * Owns the words: `Beslut: …`, `Åtgärd: @Name …, senast YYYY-MM-DD`, in Swedish or English, in a
 * paragraph or a list item; under which item of the agenda its headings place a line; who is meant
 * by a name: the longest full name among those it is given. What is not understood stays in the
 * text, and is told. Must not know the register: who may be named and which row a line is, lift.c
 * and followup/ know. Texts may be built to hurt: work and memory grow with the text alone. */
#include <string.h>
#include <kansli/buf.h>
#include <kansli/followup.h>
#include <kansli/utf8.h>
#include "internal.h"

enum { LINES_MOST = 500, NAME_MOST = 200, DAY_CHARS = DAY_SIZE - 1, HEADINGS = 6 };
enum { SCRATCH_BYTES = 1 << 20, HEADING_BYTES = 4 << 10 };

/* A heading that stands over the line at hand, and the item whose title it is, or NULL. */
struct over {
    struct buf heading;
    struct minutes_named *item;
};

struct reading {
    struct ctx *ctx;
    struct minutes_lines *all;
    struct arena *scratch; /* of one heading or name */
    struct over over[HEADINGS];
    enum code failed;
};

/* ---------------------------------------------------------------- words */

const char *minutes_plain(struct arena *arena, const char *text)
{
    char *folded = text_fold(arena, text), *to = folded;
    for (const char *at = folded; *at; at++)
        if (*at != ' ' || (to > folded && to[-1] != ' '))
            *to++ = *at;
    while (to > folded && to[-1] == ' ')
        to--;
    *to = '\0';
    return folded;
}

size_t minutes_line_word(const char *line, bool *action)
{
    static const char *const words[] = {"Beslut:", "Decision:", "Åtgärd:", "Action:"};
    for (size_t i = 0; i < LEN(words); i++)
        if (!strncmp(line, words[i], strlen(words[i]))) {
            *action = i >= LEN(words) / 2;
            return strlen(words[i]);
        }
    return 0;
}

static void warn(struct reading *r, int number, const char *line, const char *message)
{
    json_t *warning = json_push(r->all->warnings, json_object());
    json_put_int(warning, "line", number);
    json_put(warning, "text", line);
    json_put(warning, "message", message);
}

/* ---------------------------------------------------------------- under which item */

/* A heading is an item's title, with or without its number: "3. Budget", "§ 3 Budget". Of two
 * items with one title the number tells. */
static struct minutes_named *item_called(const struct reading *r, const char *heading)
{
    const char *all = minutes_plain(r->scratch, heading), *rest = all;
    struct minutes_named *found = NULL;
    long long number = 0;
    rest += strspn(rest, "§ ");
    for (; *rest >= '0' && *rest <= '9' && number < 10000; rest++)
        number = number * 10 + (*rest - '0');
    rest += strspn(rest, ".) ");
    for (size_t i = 0; i < r->all->items_n; i++) {
        struct minutes_named *item = &r->all->items[i];
        if (strcmp(item->folded, all) && strcmp(item->folded, rest))
            continue;
        if (!found || item->number == number)
            found = item;
    }
    arena_clear(r->scratch);
    return found;
}

/* The innermost heading that is an item's. Most lines stand under the headings of the line above:
 * only one that is new is looked for. */
static struct minutes_named *item_over(struct reading *r, const char *headings)
{
    struct minutes_named *item = NULL;
    for (size_t i = 0; i < HEADINGS && *headings; i++) {
        struct over *over = &r->over[i];
        size_t n = strcspn(headings, "\n");
        if (over->heading.len != n || memcmp(over->heading.data, headings, n) != 0) {
            buf_clear(&over->heading);
            buf_add(&over->heading, headings, n);
            over->item = item_called(r, over->heading.data);
        }
        item = over->item ? over->item : item;
        headings += n + (headings[n] != '\0');
    }
    return item;
}

/* ---------------------------------------------------------------- whose, and when */

/* How many of the people have that folded name; *key is the last one's. */
static size_t people_called(const struct reading *r, const char *name, long long *key)
{
    size_t called = 0;
    for (size_t i = 0; i < r->all->people_n; i++)
        if (!strcmp(r->all->people[i].folded, name)) {
            *key = r->all->people[i].key;
            called++;
        }
    return called;
}

static void add_folded(struct buf *name, struct arena *scratch, const char *from, const char *to)
{
    buf_adds(name, text_fold(scratch, arena_strndup(scratch, from, (size_t)(to - from))));
}

/* The person whose full name `text` begins with, the longest one; *rest is what follows. Two of the
 * same name are nobody. Letter by letter: what was folded of a shorter name is the beginning of a
 * longer one. */
static long long person_at(const struct reading *r, const char *text, const char **rest)
{
    struct buf name;
    long long found = 0, key = 0;
    buf_init(&name, 2 * NAME_MOST);
    for (const char *at = text, *letter = at; *at && at - text < NAME_MOST; letter = at) {
        utf8_next(&at);
        if (*letter != ' ' || (name.len && name.data[name.len - 1] != ' '))
            add_folded(&name, r->scratch, letter, at);
        if (*at && !strchr(" ,.:;!?)", *at))
            continue;
        size_t called = people_called(r, name.data, &key);
        if (!called)
            continue;
        found = called == 1 ? key : 0;
        *rest = at + strspn(at, " ,:");
    }
    buf_release(&name);
    arena_clear(r->scratch);
    return found;
}

/* Takes "…, senast 2026-12-03" or "… by 2026-12-03" off the end. *wrong: there is no such day. */
static const char *due_at_end(struct ctx *ctx, char *text, bool *wrong)
{
    static const char *const words[] = {"senast", "by"};
    size_t n = strlen(text);
    while (n && strchr(" .", text[n - 1]))
        n--;
    if (n < DAY_CHARS + 3 || strspn(text + n - DAY_CHARS, "0123456789-") < DAY_CHARS)
        return NULL;
    const char *day = arena_strndup(ctx->arena, text + n - DAY_CHARS, DAY_CHARS);
    for (n -= DAY_CHARS; n && text[n - 1] == ' ';)
        n--;
    for (size_t i = 0; i < LEN(words); i++) {
        size_t len = strlen(words[i]);
        if (n < len || strncmp(text + n - len, words[i], len) ||
            (n > len && !strchr(" ,", text[n - len - 1])))
            continue;
        *wrong = !day_valid(day);
        if (*wrong)
            return NULL;
        for (n -= len; n && strchr(" ,", text[n - 1]);)
            n--;
        text[n] = '\0';
        return day;
    }
    return NULL;
}

/* ---------------------------------------------------------------- the lines */

static void take_action(struct reading *r, const char *said, long long item_key, int number)
{
    struct ctx *ctx = r->ctx;
    const char *rest = said;
    bool wrong = false;
    struct lifted *action = &r->all->actions[r->all->actions_n];
    *action = (struct lifted){.item_key = item_key};
    if (*said == '@') {
        action->owner_key = person_at(r, said + 1, &rest);
        if (!action->owner_key) {
            rest = said;
            warn(r, number, said,
                 ctx_text(ctx, N_("Nobody in the group, or more than one, has the name after @. "
                                  "The action has no owner.")));
        }
    }
    char *text = arena_strdup(ctx->arena, rest);
    action->due_date = due_at_end(ctx, text, &wrong);
    action->text = text;
    if (wrong)
        warn(r, number, said,
             ctx_text(ctx, N_("There is no such day. Write it as YYYY-MM-DD.")));
    if (*text)
        r->all->actions_n++;
    else
        warn(r, number, said, ctx_text(ctx, N_("The line does not say what is to be done.")));
}

static bool take_line(const char *line, const char *headings, int number, void *arg)
{
    struct reading *r = arg;
    bool action = false;
    size_t word = minutes_line_word(line, &action);
    const char *said = line + word + strspn(line + word, " ");
    struct minutes_named *item = item_over(r, headings);
    if (item)
        item->lines++;
    if (!word)
        return true;
    if (r->all->decisions_n == LINES_MOST || r->all->actions_n == LINES_MOST) {
        r->failed = err_field(r->ctx->err, "/text",
                              N_("At most {most} decisions, and as many actions."), "most",
                              arena_int(r->ctx->arena, LINES_MOST), NULL);
        return false;
    }
    long long item_key = item ? item->key : 0;
    if (action)
        take_action(r, said, item_key, number);
    else if (*said)
        r->all->decisions[r->all->decisions_n++] =
            (struct lifted){.text = arena_strdup(r->ctx->arena, said), .item_key = item_key};
    else
        warn(r, number, line,
             ctx_text(r->ctx, N_("The line does not say what was decided.")));
    return true;
}

enum code minutes_read_lines(struct ctx *ctx, const char *text, struct minutes_lines *lines)
{
    struct reading r = {.ctx = ctx, .all = lines, .scratch = arena_new(SCRATCH_BYTES)};
    struct err err;
    lines->decisions = arena_alloc(ctx->arena, sizeof *lines->decisions * LINES_MOST);
    lines->actions = arena_alloc(ctx->arena, sizeof *lines->actions * LINES_MOST);
    lines->warnings = json_array();
    for (size_t i = 0; i < HEADINGS; i++)
        buf_init(&r.over[i].heading, HEADING_BYTES);
    err_init(&err);
    enum code c = ctx->markdown_lines(text, take_line, &r, &err);
    if (c)
        err_field(ctx->err, "/text", err.msgid, "line", json_text(err.args, "line"), NULL);
    err_release(&err);
    for (size_t i = 0; i < HEADINGS; i++)
        buf_release(&r.over[i].heading);
    arena_free(r.scratch);
    return c ? c : r.failed;
}
