/* foresee.c: what adjusting a draft will do, and what it lacks, said before it is done.
 *
 * Owns the questions of somebody who reads minutes before signing them: was every line understood,
 * who was there, could the group decide, does each decision stand under its item with who presented
 * it (förvaltningslagen 31 §), is something noted at every item, is nobody named whom compiled minutes
 * would not name. Nothing here refuses: a meeting
 * may have been so. Must not know pages. */
#include <string.h>
#include <kansli/followup.h>
#include "internal.h"

struct foreseeing {
    struct ctx *ctx;
    const struct minutes_row *minutes;
    struct minutes_lines lines;
    json_t *items; /* rows {key, number, title, own (lines that stand there by themselves),
                    * presenters} */
    json_t *lacks;
};

static void lack(struct foreseeing *f, const char *text)
{
    json_push(f->lacks, json_text_new(text));
}

static json_t *items_of(struct ctx *ctx, long long meeting_key)
{
    return db_rows(ctx->tx,
                   "SELECT a.key AS \"key\", a.position AS \"number\", a.title AS \"title\", "
                   "(SELECT count(*) FROM agenda_presenter x WHERE x.item_key = a.key) "
                   "AS \"presenters\", (SELECT count(*) FROM recusal r WHERE r.item_key = a.key) + "
                   "a.postponed AS \"own\" FROM agenda_item a WHERE a.meeting_key = ?1 "
                   "ORDER BY a.position, a.key",
                   meeting_key);
}

static const json_t *item_with(const struct foreseeing *f, long long key)
{
    size_t i;
    json_t *item;
    json_array_foreach(f->items, i, item)
        if (json_int(item, "key", 0) == key)
            return item;
    return NULL;
}

/* ---------------------------------------------------------------- what it will do */

static json_t *decisions_of(struct foreseeing *f)
{
    json_t *all = json_array();
    for (size_t i = 0; i < f->lines.decisions_n; i++) {
        const struct lifted *line = &f->lines.decisions[i];
        long long number = db_int(f->ctx->tx, 0,
                                  "SELECT number FROM decision WHERE meeting_key = ?1 "
                                  "AND text = ?2 AND number IS NOT NULL ORDER BY number LIMIT 1",
                                  f->minutes->meeting.key, line->text);
        json_t *one = json_push(all, json_object());
        json_put(one, "text", line->text);
        json_put(one, "number", number ? arena_int(f->ctx->arena, number) : NULL);
        json_put(one, "itemTitle", json_text(item_with(f, line->item_key), "title"));
    }
    return all;
}

static json_t *actions_of(struct foreseeing *f)
{
    json_t *all = json_array();
    for (size_t i = 0; i < f->lines.actions_n; i++) {
        json_t *one = json_push(all, json_object());
        json_put(one, "text", f->lines.actions[i].text);
        json_put(one, "dueDate", f->lines.actions[i].due_date);
        json_put(one, "ownerName",
                 db_text(f->ctx->tx, "SELECT name FROM person WHERE key = ?1",
                         f->lines.actions[i].owner_key));
    }
    return all;
}

/* ---------------------------------------------------------------- what it lacks */

static void look_at_lines(struct foreseeing *f)
{
    struct ctx *ctx = f->ctx;
    size_t i;
    json_t *warning;
    json_array_foreach(f->lines.warnings, i, warning)
        lack(f, ctx_textf(ctx, N_("Line {line}: {text} {message}"), "line",
                          arena_int(ctx->arena, json_int(warning, "line", 0)), "text",
                          arena_printf(ctx->arena, "“%s”", json_text(warning, "text")), "message",
                          json_text(warning, "message"), NULL));
    if (!f->lines.decisions_n)
        lack(f, ctx_text(ctx, N_("No line says what was decided: such a line begins with "
                                 "Beslut:")));
}

static void look_at_attendance(struct foreseeing *f)
{
    struct ctx *ctx = f->ctx;
    long long meeting = f->minutes->meeting.key;
    if (!db_exists(ctx->tx,
                   "SELECT 1 FROM attendance WHERE meeting_key = ?1 AND status IS NOT NULL",
                   meeting)) {
        lack(f, ctx_text(ctx, N_("Nobody's attendance is noted: who decided is not kept.")));
        return;
    }
    json_t *quorum = meeting_quorum(ctx, meeting, 0);
    if (f->lines.decisions_n && !json_true_at(quorum, "quorate"))
        lack(f, ctx_textf(ctx, N_("{present} of {seats} seats took part; {needed} are needed to "
                                  "decide."),
                          "present", arena_int(ctx->arena, json_int(quorum, "present", 0)), "seats",
                          arena_int(ctx->arena, json_int(quorum, "seats", 0)), "needed",
                          arena_int(ctx->arena, json_int(quorum, "needed", 0)), NULL));
    json_decref(quorum);
}

static void look_at_decisions(struct foreseeing *f)
{
    for (size_t i = 0; i < f->lines.decisions_n; i++) {
        const struct lifted *line = &f->lines.decisions[i];
        const json_t *item = item_with(f, line->item_key);
        if (!item)
            lack(f, ctx_textf(f->ctx, N_("“{text}” stands under no item of the agenda: who "
                                         "presented it is not kept."),
                              "text", line->text, NULL));
        else if (!json_int(item, "presenters", 0))
            lack(f, ctx_textf(f->ctx, N_("Nobody is noted as presenting item {number}, “{title}”, "
                                         "where something was decided."),
                              "number", arena_int(f->ctx->arena, json_int(item, "number", 0)),
                              "title", json_text(item, "title"), NULL));
    }
}

/* What stands under an item without anybody's notes (compile.c): who presents it, who stands aside,
 * that it is postponed. */
static void look_at_items(struct foreseeing *f)
{
    for (size_t i = 0; i < f->lines.items_n; i++) {
        const json_t *item = item_with(f, f->lines.items[i].key);
        long long own = json_int(item, "own", 0) + (json_int(item, "presenters", 0) > 0);
        if ((long long)f->lines.items[i].lines <= own)
            lack(f, ctx_textf(f->ctx, N_("Nothing is noted at item {number}, “{title}”."), "number",
                              arena_int(f->ctx->arena, json_int(item, "number", 0)), "title",
                              json_text(item, "title"), NULL));
    }
}

/* Those of the meeting's people whom the writer knows of, and not everyone who will read this. */
static json_t *untold(struct ctx *ctx, long long meeting_key)
{
    return db_rows(ctx->tx,
                   "SELECT p.name AS \"name\" FROM meeting m JOIN person p ON p.key IN ("
                   "SELECT s.person_key FROM meeting_group g JOIN membership s "
                   "ON s.group_key = g.group_key WHERE g.meeting_key = ?5 "
                   "UNION SELECT t.person_key FROM attendance t WHERE t.meeting_key = ?5 "
                   "UNION SELECT x.person_key FROM agenda_item a JOIN agenda_presenter x "
                   "ON x.item_key = a.key WHERE a.meeting_key = ?5) "
                   "WHERE m.key = ?5 AND " MEETING_NAMED("p", "m") " AND " MINUTES_NAME_TOLD("p")
                   " IS NULL ORDER BY p.name, p.key",
                   MEETING_ARGS(ctx, meeting_key, 0));
}

static void look_at_names(struct foreseeing *f)
{
    struct ctx *ctx = f->ctx;
    const char *text = minutes_plain(ctx->arena, f->minutes->text);
    json_t *rows = untold(ctx, f->minutes->meeting.key), *row;
    size_t i;
    json_array_foreach(rows, i, row)
        if (strstr(text, minutes_plain(ctx->arena, json_text(row, "name"))))
            lack(f, ctx_textf(ctx, N_("{name} is named, and has not agreed to be named to everyone "
                                      "who will read this. The role says enough."),
                              "name", json_text(row, "name"), NULL));
    json_decref(rows);
}

enum code minutes_foresee(struct ctx *ctx, const struct minutes_row *minutes, json_t *document)
{
    struct foreseeing f = {.ctx = ctx, .minutes = minutes};
    minutes_lines_init(ctx, &minutes->meeting, &f.lines);
    enum code c = minutes_read_lines(ctx, minutes->text, &f.lines);
    if (c) {
        json_decref(f.lines.warnings);
        return c;
    }
    f.items = items_of(ctx, minutes->meeting.key);
    f.lacks = json_put_new(document, "lacks", json_array());
    json_put_new(document, "decisions", decisions_of(&f));
    json_put_new(document, "actions", actions_of(&f));
    look_at_lines(&f);
    look_at_attendance(&f);
    look_at_decisions(&f);
    look_at_items(&f);
    look_at_names(&f);
    json_decref(f.items);
    json_decref(f.lines.warnings);
    return tx_code(ctx->tx);
}
