/* agenda_begin.c: what a new meeting's agenda begins with.
 *
 * Owns the standing question (domain.md 3) and what the leading group's meetings left: items that
 * were postponed and not taken up since, and open actions, which become one item. What of it is
 * carried over is chosen by whoever plans the meeting: by id, of what is proposed. Texts that are
 * written here are data of the meeting, and Swedish as its other data. A meeting that everyone may
 * see names no action: those are the group's own until its minutes say them. */
#include <string.h>
#include <kansli/buf.h>
#include "internal.h"

enum { ACTIONS_MOST = 50, POSTPONED_MOST = 50 };

static enum code add_standing(struct ctx *ctx, const struct meeting_row *meeting)
{
    long long key = 0;
    struct agenda_input in = {
        .title = "Jäv och intressekonflikter",
        .type = "declaration",
        .text = "Ordföranden frågar om någon har intressen som rör mötets frågor. Den som avstår "
                "från att delta i en fråga antecknas vid den.",
    };
    return agenda_append(ctx, meeting->key, &in, 0, &key);
}

/* ---------------------------------------------------------------- what was left */

/* Of the group's meetings, what was postponed and taken up by none since. */
static json_t *postponed(struct ctx *ctx, long long group_key)
{
    return db_rows(ctx->tx,
                   "SELECT a.id AS \"id\", a.key AS \"key\", a.title AS \"title\", "
                   "a.type AS \"type\", a.text AS \"text\", a.tags AS \"tags\", "
                   "l.title AS \"meetingTitle\", l.starts_on AS \"startsOn\" FROM meeting l "
                   "JOIN agenda_item a ON a.meeting_key = l.key WHERE l.group_key = ?1 "
                   "AND l.cancelled_at IS NULL AND a.postponed = 1 "
                   "AND a.type <> 'declaration' AND NOT EXISTS (SELECT 1 FROM agenda_item n "
                   "JOIN meeting nm ON nm.key = n.meeting_key WHERE n.from_key = a.key "
                   "AND nm.cancelled_at IS NULL) ORDER BY l.starts_at, a.position, a.key LIMIT ?2",
                   group_key, POSTPONED_MOST);
}

/* Whose it is stands with it: those inside know each other's names, but of protected identities. */
static json_t *open_actions(struct ctx *ctx, long long group_key)
{
    return db_rows(ctx->tx,
                   "SELECT x.id AS \"id\", CASE WHEN p.key IS NULL THEN x.text "
                   "ELSE p.name || ': ' || x.text END AS \"text\", x.due_date AS \"dueDate\" "
                   "FROM action x LEFT JOIN person p ON p.key = x.owner_key "
                   "AND p.protected_identity = 0 WHERE x.group_key = ?1 AND x.status = 'open' "
                   "ORDER BY x.due_date IS NULL, x.due_date, x.key LIMIT ?2",
                   group_key, ACTIONS_MOST);
}

json_t *agenda_left_over(struct ctx *ctx, long long group_key)
{
    json_t *left = json_object();
    json_put_new(left, "items", postponed(ctx, group_key));
    json_put_new(left, "actions", open_actions(ctx, group_key));
    return left;
}

/* ---------------------------------------------------------------- what of it is carried over */

static bool is_chosen(const struct text_list *chosen, const json_t *row)
{
    for (size_t i = 0; i < chosen->n; i++)
        if (!strcmp(chosen->item[i], json_text(row, "id")))
            return true;
    return false;
}

static bool is_among(const json_t *rows, const char *id)
{
    size_t i;
    json_t *row;
    json_array_foreach((json_t *)rows, i, row)
        if (!strcmp(json_text(row, "id"), id))
            return true;
    return false;
}

/* What was ticked may have been done, or taken up by another meeting, since the form was read. */
static enum code check_chosen(struct ctx *ctx, const json_t *left, const struct text_list *chosen)
{
    for (size_t i = 0; i < chosen->n; i++)
        if (!is_among(json_object_get(left, "items"), chosen->item[i]) &&
            !is_among(json_object_get(left, "actions"), chosen->item[i]))
            err_field(ctx->err, arena_printf(ctx->arena, "/carryOverIds/%zu", i),
                      N_("This is not left any more: it was done, or taken up by another meeting."),
                      NULL);
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
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

static enum code take_over(struct ctx *ctx, const struct meeting_row *meeting, const json_t *row)
{
    long long key = 0, from = json_int(row, "key", 0);
    struct agenda_input in = {.title = json_text(row, "title"),
                              .type = json_text(row, "type"),
                              .text = json_text(row, "text"),
                              .tags = texts_of(ctx, json_text(row, "tags"))};
    enum code c = agenda_append(ctx, meeting->key, &in, from, &key);
    if (c)
        return c;
    return db_run(ctx->tx,
                  "INSERT INTO agenda_presenter (item_key, person_key, position) "
                  "SELECT ?2, person_key, position FROM agenda_presenter WHERE item_key = ?1",
                  from, key);
}

/* ---------------------------------------------------------------- actions, as one item */

/* Words that somebody wrote, as words of a list in Markdown. */
static void add_words(struct buf *buf, const char *text)
{
    for (; *text; text++) {
        if (strchr("\\`*_{}[]<>#+!|~&", *text))
            buf_addc(buf, '\\');
        buf_addc(buf, *text == '\n' ? ' ' : *text);
    }
}

static const char *actions_listed(struct ctx *ctx, const json_t *actions,
                                  const struct text_list *chosen)
{
    struct buf buf;
    size_t i;
    json_t *row;
    buf_init(&buf, 18000);
    json_array_foreach((json_t *)actions, i, row) {
        const char *due = json_text(row, "dueDate");
        if (!is_chosen(chosen, row))
            continue;
        buf_adds(&buf, "- ");
        add_words(&buf, json_text(row, "text"));
        buf_adds(&buf, due ? ", senast " : "");
        buf_adds(&buf, due ? due : "");
        buf_addc(&buf, '\n');
    }
    const char *text = buf.full || !buf.len ? NULL : arena_strndup(ctx->arena, buf.data, buf.len);
    buf_release(&buf);
    return text;
}

static bool any_chosen(const json_t *rows, const struct text_list *chosen)
{
    size_t i;
    json_t *row;
    json_array_foreach((json_t *)rows, i, row)
        if (is_chosen(chosen, row))
            return true;
    return false;
}

static enum code follow_up(struct ctx *ctx, const struct meeting_row *meeting,
                           const json_t *actions, const struct text_list *chosen)
{
    long long key = 0;
    if (!any_chosen(actions, chosen))
        return OK;
    bool open_to_all = !strcmp(meeting->visibility, "public");
    struct agenda_input in = {.title = "Uppföljning av åtgärder",
                              .type = "information",
                              .text = open_to_all ? "Gruppens öppna åtgärder gås igenom."
                                                  : actions_listed(ctx, actions, chosen)};
    return agenda_append(ctx, meeting->key, &in, 0, &key);
}

/* ---------------------------------------------------------------- all of it */

enum code agenda_begin(struct ctx *ctx, const struct meeting_row *meeting,
                       const struct text_list *chosen)
{
    enum code c = add_standing(ctx, meeting);
    if (c || !chosen->n)
        return c;
    json_t *left = agenda_left_over(ctx, meeting->group_key), *row;
    size_t i;
    c = check_chosen(ctx, left, chosen);
    if (!c)
        c = follow_up(ctx, meeting, json_object_get(left, "actions"), chosen);
    json_array_foreach(json_object_get(left, "items"), i, row)
        if (!c && is_chosen(chosen, row))
            c = take_over(ctx, meeting, row);
    json_decref(left);
    return c;
}
