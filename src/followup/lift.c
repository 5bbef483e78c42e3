/* lift.c: lines of minutes become decisions and actions, and stay the same rows while the text is
 * edited.
 *
 * Owns which row a line is: first the row with its very text, else the row that follows the row of
 * the line above, if nobody claims it: a line that was rewritten where it stood. So lines may be
 * moved, put in between and rewritten, and what was done with an action is not lost. A row without
 * a line is deleted, but for a decision that has its §: a number that was given is never taken
 * back. Must not know Markdown, nor who may write minutes: the caller has asked. */
#include <string.h>
#include <kansli/date.h>
#include "internal.h"

/* A row that is there, and whether a line has it. */
struct kept {
    long long key;
    const char *id, *text;
    bool taken;
};

struct lifting {
    struct ctx *ctx;
    const struct resource *resource;
    long long meeting_key, group_key;
    const char *day; /* decisions: decided on */
    struct kept *rows;
    size_t n;
};

/* ---------------------------------------------------------------- which row a line is */

static void load(struct lifting *lift, json_t *rows)
{
    struct arena *arena = lift->ctx->arena;
    size_t i;
    json_t *row;
    lift->n = json_array_size(rows);
    lift->rows = arena_alloc(arena, sizeof *lift->rows * (lift->n + 1));
    json_array_foreach(rows, i, row)
        lift->rows[i] = (struct kept){.key = json_int(row, "key", 0),
                                      .id = arena_strdup(arena, json_text(row, "id")),
                                      .text = arena_strdup(arena, json_text(row, "text"))};
    json_decref(rows);
}

/* For each line its row, or NULL: a new one. */
static struct kept **match(struct lifting *lift, const struct lifted *lines, size_t n)
{
    struct kept **of = arena_alloc(lift->ctx->arena, sizeof *of * (n + 1));
    memset(of, 0, sizeof *of * (n + 1));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < lift->n && !of[i]; j++)
            if (!lift->rows[j].taken && !strcmp(lift->rows[j].text, lines[i].text)) {
                of[i] = &lift->rows[j];
                of[i]->taken = true;
            }
    size_t next = 0; /* the row that follows the row of the line above */
    for (size_t i = 0; i < n; i++) {
        if (!of[i] && next < lift->n && !lift->rows[next].taken) {
            of[i] = &lift->rows[next];
            of[i]->taken = true;
        }
        if (of[i])
            next = (size_t)(of[i] - lift->rows) + 1;
    }
    return of;
}

/* ---------------------------------------------------------------- gone */

static enum code remove_row(struct lifting *lift, const struct kept *row)
{
    struct edit edit = {.key = row->key, .id = row->id};
    edit.now = resource_one(lift->ctx, lift->resource, row->id, NULL, &edit.version);
    if (!edit.now) /* of a meeting that the writer does not see: its text at least */
        edit.now = json_pack("{s:s}", "text", row->text);
    enum code c = resource_delete(lift->ctx, lift->resource, &edit);
    resource_edit_end(&edit);
    return c;
}

static enum code remove_rest(struct lifting *lift)
{
    enum code c = tx_code(lift->ctx->tx);
    for (size_t i = 0; !c && i < lift->n; i++)
        if (!lift->rows[i].taken)
            c = remove_row(lift, &lift->rows[i]);
    return c;
}

/* ---------------------------------------------------------------- what changed */

static void differ(json_t *changes, const char *name, const char *before, const char *after)
{
    if (strcmp(before ? before : "", after ? after : ""))
        json_put_new(changes, name, json_pack("[s?, s?]", before, after));
}

static const char *id_of_item(struct ctx *ctx, long long key)
{
    return db_text(ctx->tx, "SELECT id FROM agenda_item WHERE key = ?1", key);
}

static const char *id_of_person(struct ctx *ctx, long long key)
{
    return db_text(ctx->tx, "SELECT id FROM person WHERE key = ?1", key);
}

/* Writes history when something differs; frees `changes`. */
static enum code tell(struct lifting *lift, const struct kept *row, json_t *changes)
{
    if (json_object_size(changes))
        return resource_touch(lift->ctx, lift->resource, row->key, row->id, "update", changes);
    json_decref(changes);
    return tx_code(lift->ctx->tx);
}

/* ---------------------------------------------------------------- decisions */

static long long year_of(const char *day)
{
    long long year = 0;
    for (int i = 0; i < 4; i++)
        year = year * 10 + (day[i] - '0');
    return year;
}

static enum code insert_decision(struct lifting *lift, const struct lifted *line, size_t position)
{
    struct decision_input in = {.text = line->text, .decided_on = lift->day};
    long long key = 0;
    json_t *extra = json_object();
    json_put_int(extra, "group_key", lift->group_key);
    json_put_int(extra, "meeting_key", lift->meeting_key);
    if (line->item_key)
        json_put_int(extra, "item_key", line->item_key);
    json_put_int(extra, "year", year_of(lift->day));
    json_put_int(extra, "position", (long long)position);
    enum code c = resource_insert(lift->ctx, &decision_resource, &in, NULL, extra, &key);
    json_decref(extra);
    return c;
}

static enum code change_decision(struct lifting *lift, const struct kept *row,
                                 const struct lifted *line, size_t position)
{
    struct ctx *ctx = lift->ctx;
    json_t *changes = json_object();
    long long item = db_int(ctx->tx, 0, "SELECT item_key FROM decision WHERE key = ?1", row->key);
    differ(changes, "text", row->text, line->text);
    differ(changes, "agendaItemId", id_of_item(ctx, item), id_of_item(ctx, line->item_key));
    enum code c = db_run(ctx->tx,
                         "UPDATE decision SET text = ?2, item_key = ?3, position = ?4 "
                         "WHERE key = ?1 AND (text <> ?2 OR position <> ?4 "
                         "OR coalesce(item_key, 0) <> coalesce(?3, 0))",
                         row->key, line->text, KEY(line->item_key), (long long)position);
    enum code told = tell(lift, row, changes);
    return c ? c : told;
}

enum code decisions_lift(struct ctx *ctx, long long meeting_key, long long group_key,
                         const char *day, const struct lifted *lines, size_t n)
{
    struct lifting lift = {ctx, &decision_resource, meeting_key, group_key, day, NULL, 0};
    load(&lift, db_rows(ctx->tx,
                        "SELECT key AS \"key\", id AS \"id\", text AS \"text\" FROM decision "
                        "WHERE meeting_key = ?1 ORDER BY position, key",
                        meeting_key));
    struct kept **of = match(&lift, lines, n);
    enum code c = tx_code(ctx->tx);
    for (size_t i = 0; i < lift.n; i++)
        if (!lift.rows[i].taken)
            lift.rows[i].taken = db_exists(ctx->tx,
                                           "SELECT 1 FROM decision WHERE key = ?1 "
                                           "AND number IS NOT NULL",
                                           lift.rows[i].key);
    if (!c)
        c = remove_rest(&lift);
    for (size_t i = 0; !c && i < n; i++)
        c = of[i] ? change_decision(&lift, of[i], &lines[i], i)
                  : insert_decision(&lift, &lines[i], i);
    return c;
}

/* A meeting that is moved while its minutes are a draft takes its decisions along, to another year's
 * series perhaps. */
static enum code follow_meeting(struct ctx *ctx, long long meeting_key)
{
    const char *day = db_text(ctx->tx, "SELECT starts_on FROM meeting WHERE key = ?1", meeting_key);
    if (!day)
        return tx_code(ctx->tx);
    return db_run(ctx->tx,
                  "UPDATE decision SET decided_on = ?2, year = ?3 WHERE meeting_key = ?1 "
                  "AND number IS NULL",
                  meeting_key, day, year_of(day));
}

enum code decisions_number(struct ctx *ctx, long long meeting_key)
{
    enum code c = follow_meeting(ctx, meeting_key);
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT key AS \"key\", id AS \"id\", group_key AS \"group\", "
                                 "year AS \"year\" FROM decision WHERE meeting_key = ?1 "
                                 "AND number IS NULL ORDER BY position, key",
                                 meeting_key);
    c = c ? c : tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row) {
        if (c)
            break;
        long long key = json_int(row, "key", 0);
        long long number = db_int(ctx->tx, 1,
                                  "SELECT max(number) + 1 FROM decision WHERE group_key = ?1 "
                                  "AND year = ?2",
                                  json_int(row, "group", 0), json_int(row, "year", 0));
        c = db_run(ctx->tx, "UPDATE decision SET number = ?2 WHERE key = ?1", key, number);
        if (!c)
            c = resource_touch(ctx, &decision_resource, key, json_text(row, "id"), "update",
                               json_pack("{s:[n, s]}", "number",
                                         arena_printf(ctx->arena, "%lld", number)));
    }
    json_decref(rows);
    return c;
}

/* ---------------------------------------------------------------- actions */

static enum code insert_action(struct lifting *lift, const struct lifted *line, size_t position)
{
    struct ctx *ctx = lift->ctx;
    struct action_input in = {
        .text = line->text,
        .owner = {id_of_person(ctx, line->owner_key), line->owner_key},
        .due_date = line->due_date,
        .status = "open",
    };
    long long key = 0;
    json_t *extra = json_object();
    json_put_int(extra, "group_key", lift->group_key);
    json_put_int(extra, "meeting_key", lift->meeting_key);
    if (line->item_key)
        json_put_int(extra, "item_key", line->item_key);
    if (line->owner_key)
        json_put_int(extra, "line_owner_key", line->owner_key);
    if (line->due_date)
        json_put(extra, "line_due_date", line->due_date);
    json_put_int(extra, "position", (long long)position);
    enum code c = resource_insert(ctx, &action_resource, &in, NULL, extra, &key);
    json_decref(extra);
    return c;
}

/* Whose it is and by when follow the line when the line says otherwise than before; what was agreed
 * since (later, somebody else) stays while the line does. */
static enum code change_action(struct lifting *lift, const struct kept *row,
                               const struct lifted *line, size_t position)
{
    struct ctx *ctx = lift->ctx;
    json_t *now = db_row(ctx->tx,
                         "SELECT item_key AS \"item\", owner_key AS \"owner\", "
                         "due_date AS \"due\", line_owner_key AS \"lineOwner\", "
                         "line_due_date AS \"lineDue\" FROM action WHERE key = ?1",
                         row->key);
    const char *due = json_text(now, "due"), *line_due = json_text(now, "lineDue");
    long long owner = json_int(now, "owner", 0), owner_after = owner;
    if (line->owner_key != json_int(now, "lineOwner", 0))
        owner_after = line->owner_key;
    bool same_due = !strcmp(line_due ? line_due : "", line->due_date ? line->due_date : "");
    const char *due_after = same_due ? due : line->due_date;
    json_t *changes = json_object();
    differ(changes, "text", row->text, line->text);
    differ(changes, "agendaItemId", id_of_item(ctx, json_int(now, "item", 0)),
           id_of_item(ctx, line->item_key));
    differ(changes, "ownerId", id_of_person(ctx, owner), id_of_person(ctx, owner_after));
    differ(changes, "dueDate", due, due_after);
    enum code c = db_run(ctx->tx,
                         "UPDATE action SET text = ?2, item_key = ?3, owner_key = ?4, "
                         "due_date = ?5, line_owner_key = ?6, line_due_date = ?7, position = ?8 "
                         "WHERE key = ?1",
                         row->key, line->text, KEY(line->item_key), KEY(owner_after), due_after,
                         KEY(line->owner_key), line->due_date, (long long)position);
    enum code told = tell(lift, row, changes);
    json_decref(now);
    return c ? c : told;
}

enum code actions_lift(struct ctx *ctx, long long meeting_key, long long group_key,
                       const struct lifted *lines, size_t n)
{
    struct lifting lift = {ctx, &action_resource, meeting_key, group_key, NULL, NULL, 0};
    load(&lift, db_rows(ctx->tx,
                        "SELECT key AS \"key\", id AS \"id\", text AS \"text\" FROM action "
                        "WHERE meeting_key = ?1 ORDER BY position, key",
                        meeting_key));
    struct kept **of = match(&lift, lines, n);
    enum code c = remove_rest(&lift);
    for (size_t i = 0; !c && i < n; i++)
        c = of[i] ? change_action(&lift, of[i], &lines[i], i) : insert_action(&lift, &lines[i], i);
    return c;
}
