/* lift.c: decisions and actions are read out of the lines of minutes (R51, api.md).
 *
 * Owns what a line says: `Beslut: …`, `Åtgärd: @Name …, senast YYYY-MM-DD`, in Swedish or English,
 * in a paragraph or a list item; under which item of the agenda its headings place it; who is meant
 * by a name: the longest full name among the groups' people whom the writer may know of, so that a
 * text is no way to ask who is in the register. What is not understood stays in the text, and the
 * answer says so. Which row a line is, followup/ knows. */
#include <string.h>
#include <kansli/followup.h>
#include <kansli/utf8.h>
#include "internal.h"

enum { LINES_MOST = 500, NAME_MOST = 200, DAY_CHARS = DAY_SIZE - 1 };

struct named {
    long long key, number; /* number: of an agenda item */
    const char *folded;
};

struct lifting {
    struct ctx *ctx;
    struct named *items, *people;
    size_t items_n, people_n;
    struct lifted *decisions, *actions;
    size_t decisions_n, actions_n;
    json_t *warnings;
};

/* ---------------------------------------------------------------- words */

/* Folded, with single spaces: as Markdown shows it, and as people compare. */
static const char *plain(struct ctx *ctx, const char *text)
{
    char *folded = text_fold(ctx->arena, text), *to = folded;
    for (const char *at = folded; *at; at++)
        if (*at != ' ' || (to > folded && to[-1] != ' '))
            *to++ = *at;
    while (to > folded && to[-1] == ' ')
        to--;
    *to = '\0';
    return folded;
}

/* What follows one of the words at the beginning of the line, or NULL. */
static const char *after(const char *line, const char *word, const char *other)
{
    const char *words[] = {word, other};
    for (size_t i = 0; i < LEN(words); i++)
        if (!strncmp(line, words[i], strlen(words[i]))) {
            const char *rest = line + strlen(words[i]);
            return rest + strspn(rest, " ");
        }
    return NULL;
}

static void warn(struct lifting *lift, int number, const char *line, const char *message)
{
    json_t *warning = json_push(lift->warnings, json_object());
    json_put_int(warning, "line", number);
    json_put(warning, "text", line);
    json_put(warning, "message", message);
}

/* ---------------------------------------------------------------- under which item */

/* A heading is an item's title, with or without its number: "3. Budget", "§ 3 Budget". Of two
 * items with one title the number tells. */
static long long item_called(const struct lifting *lift, const char *heading)
{
    const char *all = plain(lift->ctx, heading), *rest = all;
    long long number = 0, found = 0;
    rest += strspn(rest, "§ ");
    for (; *rest >= '0' && *rest <= '9' && number < 10000; rest++)
        number = number * 10 + (*rest - '0');
    rest += strspn(rest, ".) ");
    for (size_t i = 0; i < lift->items_n; i++) {
        const struct named *item = &lift->items[i];
        if (strcmp(item->folded, all) && strcmp(item->folded, rest))
            continue;
        if (!found || item->number == number)
            found = item->key;
    }
    return found;
}

/* The innermost heading that is an item's. */
static long long item_over(const struct lifting *lift, const char *headings)
{
    char *all = arena_strdup(lift->ctx->arena, headings), *last;
    long long item = 0;
    while (!item && *all) {
        last = strrchr(all, '\n');
        item = item_called(lift, last ? last + 1 : all);
        *(last ? last : all) = '\0';
    }
    return item;
}

/* ---------------------------------------------------------------- whose, and when */

/* The person whose full name `text` begins with, the longest one; *rest is what follows. Two of the
 * same name are nobody. */
static long long person_at(const struct lifting *lift, const char *text, const char **rest)
{
    long long found = 0;
    for (size_t n = 1; n <= NAME_MOST && text[n - 1]; n++) {
        if (text[n] && !strchr(" ,.:;!?)", text[n]))
            continue;
        const char *name = plain(lift->ctx, arena_strndup(lift->ctx->arena, text, n));
        size_t called = 0;
        long long key = 0;
        for (size_t i = 0; i < lift->people_n; i++)
            if (!strcmp(lift->people[i].folded, name)) {
                key = lift->people[i].key;
                called++;
            }
        if (!called)
            continue;
        found = called == 1 ? key : 0;
        *rest = text + n + strspn(text + n, " ,:");
    }
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

static void take_action(struct lifting *lift, const char *said, long long item, int number)
{
    struct ctx *ctx = lift->ctx;
    const char *rest = said;
    bool wrong = false;
    struct lifted *action = &lift->actions[lift->actions_n];
    *action = (struct lifted){.item_key = item};
    if (*said == '@') {
        action->owner_key = person_at(lift, said + 1, &rest);
        if (!action->owner_key) {
            rest = said;
            warn(lift, number, said,
                 ctx_text(ctx, N_("Nobody in the group, or more than one, has the name after @. "
                                  "The action has no owner.")));
        }
    }
    char *text = arena_strdup(ctx->arena, rest);
    action->due_date = due_at_end(ctx, text, &wrong);
    action->text = text;
    if (wrong)
        warn(lift, number, said,
             ctx_text(ctx, N_("There is no such day. Write it as YYYY-MM-DD.")));
    if (*text)
        lift->actions_n++;
    else
        warn(lift, number, said, ctx_text(ctx, N_("The line does not say what is to be done.")));
}

static bool take_line(const char *line, const char *headings, int number, void *arg)
{
    struct lifting *lift = arg;
    const char *decision = after(line, "Beslut:", "Decision:");
    const char *action = decision ? NULL : after(line, "Åtgärd:", "Action:");
    if (!decision && !action)
        return true;
    if (lift->decisions_n == LINES_MOST || lift->actions_n == LINES_MOST) {
        err_field(lift->ctx->err, "/text", N_("At most {most} decisions, and as many actions."),
                  "most", arena_int(lift->ctx->arena, LINES_MOST), NULL);
        return false;
    }
    long long item = item_over(lift, headings);
    if (action)
        take_action(lift, action, item, number);
    else if (*decision)
        lift->decisions[lift->decisions_n++] =
            (struct lifted){.text = arena_strdup(lift->ctx->arena, decision), .item_key = item};
    else
        warn(lift, number, line,
             ctx_text(lift->ctx, N_("The line does not say what was decided.")));
    return true;
}

/* ---------------------------------------------------------------- all of them */

static struct named *named_of(struct ctx *ctx, json_t *rows, size_t *n)
{
    size_t i;
    json_t *row;
    *n = json_array_size(rows);
    struct named *all = arena_alloc(ctx->arena, sizeof *all * (*n + 1));
    json_array_foreach(rows, i, row)
        all[i] = (struct named){.key = json_int(row, "key", 0),
                                .number = json_int(row, "number", 0),
                                .folded = plain(ctx, json_text(row, "name"))};
    json_decref(rows);
    return all;
}

/* Members on the meeting's day or today, whoever was there; as the writer may know of them. */
static json_t *people_of(struct ctx *ctx, long long meeting_key)
{
    return db_rows(ctx->tx,
                   "SELECT p.key AS \"key\", p.name AS \"name\" FROM meeting m JOIN person p "
                   "ON p.key IN (SELECT s.person_key FROM meeting_group pg JOIN membership s "
                   "ON s.group_key = pg.group_key WHERE pg.meeting_key = ?5 "
                   "AND ((s.start_date <= pg.starts_on "
                   "AND (s.end_date IS NULL OR s.end_date >= pg.starts_on)) OR (" ACCESS_TODAY("s")
                   ")) UNION SELECT t.person_key FROM attendance t WHERE t.meeting_key = ?5) "
                   "AND " MEETING_NAMED("p", "m") " WHERE m.key = ?5 ORDER BY p.key",
                   MEETING_ARGS(ctx, meeting_key, 0));
}

static json_t *items_of(struct ctx *ctx, long long meeting_key)
{
    return db_rows(ctx->tx,
                   "SELECT key AS \"key\", position AS \"number\", title AS \"name\" "
                   "FROM agenda_item WHERE meeting_key = ?1 ORDER BY position, key",
                   meeting_key);
}

static enum code read_lines(struct lifting *lift, const char *text)
{
    struct ctx *ctx = lift->ctx;
    struct err err;
    err_init(&err);
    enum code c = ctx->markdown_lines(text, take_line, lift, &err);
    if (c)
        err_field(ctx->err, "/text", err.msgid, NULL);
    err_release(&err);
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
}

enum code minutes_lift(struct ctx *ctx, const struct meeting_row *meeting, const char *text,
                       bool keep, json_t **warnings)
{
    struct lifting lift = {.ctx = ctx, .warnings = json_array()};
    lift.items = named_of(ctx, items_of(ctx, meeting->key), &lift.items_n);
    lift.people = named_of(ctx, people_of(ctx, meeting->key), &lift.people_n);
    lift.decisions = arena_alloc(ctx->arena, sizeof *lift.decisions * LINES_MOST);
    lift.actions = arena_alloc(ctx->arena, sizeof *lift.actions * LINES_MOST);
    enum code c = read_lines(&lift, text);
    if (!c && keep)
        c = decisions_lift(ctx, meeting->key, meeting->group_key, meeting->starts_on,
                           lift.decisions, lift.decisions_n);
    if (!c && keep)
        c = actions_lift(ctx, meeting->key, meeting->group_key, lift.actions, lift.actions_n);
    if (warnings && !c)
        *warnings = lift.warnings;
    else
        json_decref(lift.warnings);
    return c;
}
