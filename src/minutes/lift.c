/* lift.c: decisions and actions of minutes get into the register (R51, api.md).
 *
 * Owns who may be named in the lines: the groups' people whom the writer may know of, so that a
 * text is no way to ask who is in the register; and the items of the agenda they may stand under.
 * What a line says, lines.c knows; which row it is, followup/. */
#include <kansli/followup.h>
#include "internal.h"

static struct minutes_named *named_of(struct ctx *ctx, json_t *rows, size_t *n)
{
    size_t i;
    json_t *row;
    *n = json_array_size(rows);
    struct minutes_named *all = arena_alloc(ctx->arena, sizeof *all * (*n + 1));
    json_array_foreach(rows, i, row)
        all[i] = (struct minutes_named){.key = json_int(row, "key", 0),
                                        .number = json_int(row, "number", 0),
                                        .folded =
                                            minutes_plain(ctx->arena, json_text(row, "name"))};
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

void minutes_lines_init(struct ctx *ctx, const struct meeting_row *meeting,
                        struct minutes_lines *lines)
{
    *lines = (struct minutes_lines){0};
    lines->items = named_of(ctx, items_of(ctx, meeting->key), &lines->items_n);
    lines->people = named_of(ctx, people_of(ctx, meeting->key), &lines->people_n);
}

enum code minutes_lift(struct ctx *ctx, const struct meeting_row *meeting, const char *text,
                       bool keep, json_t **warnings)
{
    struct minutes_lines lines;
    minutes_lines_init(ctx, meeting, &lines);
    enum code c = minutes_read_lines(ctx, text, &lines);
    if (!c)
        c = tx_code(ctx->tx);
    if (!c && keep)
        c = decisions_lift(ctx, meeting->key, meeting->group_key, meeting->starts_on,
                           lines.decisions, lines.decisions_n);
    if (!c && keep)
        c = actions_lift(ctx, meeting->key, meeting->group_key, lines.actions, lines.actions_n);
    if (warnings && !c)
        *warnings = lines.warnings;
    else
        json_decref(lines.warnings);
    return c;
}
