/* agenda_begin.c: what a new meeting's agenda begins with.
 *
 * Owns the standing question (domain.md 3) and what the leading group's meetings left: items that
 * were postponed and not taken up since, and the open actions as one item. Texts that are
 * written here are data of the meeting, and Swedish as its other data. A meeting that everyone may
 * see names no action: those are the group's own until its minutes say them. */
#include <string.h>
#include <kansli/buf.h>
#include "internal.h"

enum { ACTIONS_MOST = 50, POSTPONED_MOST = 50 };

static enum code add_item(struct ctx *ctx, const struct meeting_row *meeting,
                          const struct agenda_input *in, long long from, long long *key)
{
    json_t *extra = json_object();
    json_put_int(extra, "meeting_key", meeting->key);
    if (from)
        json_put_int(extra, "from_key", from);
    enum code c = resource_insert(ctx, &agenda_item_resource, in, NULL, extra, key);
    json_decref(extra);
    return c;
}

static enum code add_standing(struct ctx *ctx, const struct meeting_row *meeting)
{
    long long key = 0;
    struct agenda_input in = {
        .number = 1,
        .title = "Jäv och intressekonflikter",
        .type = "declaration",
        .text = "Ordföranden frågar om någon har intressen som rör mötets frågor. Den som avstår "
                "från att delta i en fråga antecknas vid den.",
    };
    return add_item(ctx, meeting, &in, 0, &key);
}

/* ---------------------------------------------------------------- what was left */

/* Of the group's meetings before an instant, what was postponed and taken up by none since. */
static json_t *postponed(struct ctx *ctx, long long group_key, const char *before)
{
    return db_rows(ctx->tx,
                   "SELECT a.key AS \"key\", a.title AS \"title\", a.type AS \"type\", "
                   "a.text AS \"text\", a.tags AS \"tags\" FROM meeting l "
                   "JOIN agenda_item a ON a.meeting_key = l.key WHERE l.group_key = ?1 "
                   "AND l.starts_at < ?2 AND l.cancelled_at IS NULL AND a.postponed = 1 "
                   "AND a.type <> 'declaration' AND NOT EXISTS (SELECT 1 FROM agenda_item n "
                   "JOIN meeting nm ON nm.key = n.meeting_key WHERE n.from_key = a.key "
                   "AND nm.cancelled_at IS NULL) ORDER BY l.starts_at, a.position, a.key LIMIT ?3",
                   group_key, before, POSTPONED_MOST);
}

static struct text_list texts_of(struct ctx *ctx, const char *kept)
{
    json_t *list = kept ? json_loads(kept, 0, NULL) : NULL, *one;
    const char **texts = arena_alloc(ctx->arena, sizeof *texts * (json_array_size(list) + 1));
    size_t i, n = 0;
    json_array_foreach(list, i, one)
        texts[n++] = arena_strdup(ctx->arena, json_string_value(one));
    json_decref(list);
    return (struct text_list){n, texts};
}

static enum code take_over(struct ctx *ctx, const struct meeting_row *meeting, const json_t *row,
                           long long number)
{
    long long key = 0, from = json_int(row, "key", 0);
    struct agenda_input in = {.number = number,
                              .title = json_text(row, "title"),
                              .type = json_text(row, "type"),
                              .text = json_text(row, "text"),
                              .tags = texts_of(ctx, json_text(row, "tags"))};
    enum code c = add_item(ctx, meeting, &in, from, &key);
    if (c)
        return c;
    return db_run(ctx->tx,
                  "INSERT INTO agenda_presenter (item_key, person_key, position) "
                  "SELECT ?2, person_key, position FROM agenda_presenter WHERE item_key = ?1",
                  from, key);
}

/* ---------------------------------------------------------------- open actions */

#define OPEN_ACTIONS "FROM action x WHERE x.group_key = ?1 AND x.status = 'open' "

/* Words that somebody wrote, as words of a list in Markdown. */
static void add_words(struct buf *buf, const char *text)
{
    for (; *text; text++) {
        if (strchr("\\`*_{}[]<>#+!|~&", *text))
            buf_addc(buf, '\\');
        buf_addc(buf, *text == '\n' ? ' ' : *text);
    }
}

static const char *actions_listed(struct ctx *ctx, const struct meeting_row *meeting)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT x.text AS \"text\", x.due_date AS \"due\" " OPEN_ACTIONS
                           "ORDER BY x.due_date IS NULL, x.due_date, x.key LIMIT ?2",
                           meeting->group_key, ACTIONS_MOST), *row;
    struct buf buf;
    size_t i;
    buf_init(&buf, 18000);
    json_array_foreach(rows, i, row) {
        const char *due = json_text(row, "due");
        buf_adds(&buf, "- ");
        add_words(&buf, json_text(row, "text"));
        buf_adds(&buf, due ? ", senast " : "");
        buf_adds(&buf, due ? due : "");
        buf_addc(&buf, '\n');
    }
    json_decref(rows);
    const char *text = buf.full || !buf.len ? NULL : arena_strndup(ctx->arena, buf.data, buf.len);
    buf_release(&buf);
    return text;
}

static enum code follow_up(struct ctx *ctx, const struct meeting_row *meeting, long long number)
{
    long long key = 0;
    if (!db_exists(ctx->tx, "SELECT 1 " OPEN_ACTIONS, meeting->group_key))
        return tx_code(ctx->tx);
    bool open_to_all = !strcmp(meeting->visibility, "public");
    struct agenda_input in = {.number = number,
                              .title = "Uppföljning av åtgärder",
                              .type = "information",
                              .text = open_to_all ? "Gruppens öppna åtgärder gås igenom."
                                                  : actions_listed(ctx, meeting)};
    return add_item(ctx, meeting, &in, 0, &key);
}

/* ---------------------------------------------------------------- all of it */

enum code agenda_begin(struct ctx *ctx, const struct meeting_row *meeting, bool carry_over)
{
    enum code c = add_standing(ctx, meeting);
    if (c || !carry_over)
        return c;
    json_t *rows = postponed(ctx, meeting->group_key, meeting->starts_at), *row;
    size_t i, n = json_array_size(rows);
    c = follow_up(ctx, meeting, 2);
    long long next = db_int(ctx->tx, 1, "SELECT count(*) FROM agenda_item WHERE meeting_key = ?1",
                            meeting->key) + 1;
    for (i = 0; i < n; i++) {
        row = json_array_get(rows, i);
        if (!c)
            c = take_over(ctx, meeting, row, next + (long long)i);
    }
    json_decref(rows);
    return c;
}

json_t *agenda_left_over(struct ctx *ctx, long long group_key, const char *before)
{
    json_t *left = json_object(), *items = json_array(), *row;
    json_t *rows = postponed(ctx, group_key, before);
    size_t i;
    json_array_foreach(rows, i, row)
        json_push(items, json_pack("{s:O}", "title", json_object_get(row, "title")));
    json_decref(rows);
    json_put_new(left, "items", items);
    json_put_int(left, "actions", db_int(ctx->tx, 0, "SELECT count(*) " OPEN_ACTIONS, group_key));
    return left;
}
