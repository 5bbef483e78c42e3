/* plan_begin.c: a new year begins with what the last one left: its texts, and what goes on.
 *
 * Owns which plan a new one goes on from (the group's last decided one before that year) and which
 * initiatives go on: those that nobody called done or stopped. What was delivered and what the
 * register says stand beside the draft and are not copied into it: they are not what people write.
 * Must not know pages. */
#include <string.h>
#include "internal.h"

static long long last_plan(struct ctx *ctx, long long group_key, long long year)
{
    return db_int(ctx->tx, 0,
                  "SELECT key FROM plan WHERE group_key = ?1 AND year < ?2 "
                  "AND state IN ('approved', 'followedUp') ORDER BY year DESC LIMIT 1",
                  group_key, year);
}

static const char *kept(struct ctx *ctx, const json_t *row, const char *name)
{
    const char *text = json_text(row, name);
    return text ? arena_strdup(ctx->arena, text) : NULL;
}

/* A list that is kept as JSON text. */
static struct text_list list_of(struct ctx *ctx, const char *text)
{
    json_t *list = text ? json_loads(text, 0, NULL) : NULL, *one;
    const char **items = arena_alloc(ctx->arena, (json_array_size(list) + 1) * sizeof *items);
    size_t i, n = json_array_size(list);
    json_array_foreach(list, i, one)
        items[i] = arena_strdup(ctx->arena, json_string_value(one));
    json_decref(list);
    return (struct text_list){n, items};
}

long long plan_begin(struct ctx *ctx, long long group_key, struct plan_input *in)
{
    long long from = last_plan(ctx, group_key, in->year);
    if (!from)
        return 0;
    json_t *row = db_row(ctx->tx,
                         "SELECT goals AS \"goals\", focus_areas AS \"focus\", "
                         "collaboration AS \"collaboration\", risks AS \"risks\", "
                         "resources AS \"resources\" FROM plan WHERE key = ?1",
                         from);
    if (!in->goals)
        in->goals = kept(ctx, row, "goals");
    if (!in->focus_areas.n)
        in->focus_areas = list_of(ctx, json_text(row, "focus"));
    if (!in->collaboration)
        in->collaboration = kept(ctx, row, "collaboration");
    if (!in->risks)
        in->risks = kept(ctx, row, "risks");
    if (!in->resources)
        in->resources = kept(ctx, row, "resources");
    json_decref(row);
    return from;
}

/* ---------------------------------------------------------------- what goes on */

static struct ref_value ref_of(struct ctx *ctx, const json_t *row, const char *id, const char *key)
{
    return (struct ref_value){kept(ctx, row, id), json_int(row, key, 0)};
}

/* A last day that has passed before the new year is nobody's any more. */
static const char *day_left(struct ctx *ctx, const json_t *row, long long year)
{
    const char *day = kept(ctx, row, "end_date");
    return day && strcmp(day, arena_printf(ctx->arena, "%lld-01-01", year)) >= 0 ? day : NULL;
}

static enum code carry_one(struct ctx *ctx, const struct plan_row *plan, const json_t *row,
                           long long position)
{
    long long key = 0;
    struct initiative_input in = {
        .gap = ref_of(ctx, row, "gapId", "gap_key"),
        .group = ref_of(ctx, row, "groupId", "group_key"),
        .parent = ref_of(ctx, row, "parentId", "parent_key"),
        .position = position,
        .priority = json_int(row, "priority", NO_INT),
        .cost = json_int(row, "cost", NO_INT),
        .title = kept(ctx, row, "title"),
        .focus_area = kept(ctx, row, "focus_area"),
        .problem = kept(ctx, row, "problem"),
        .deliverable_type = kept(ctx, row, "deliverable_type"),
        .priority_reason = kept(ctx, row, "priority_reason"),
        .prioritisation_reference = kept(ctx, row, "prioritisation_reference"),
        .resource_needs = kept(ctx, row, "resource_needs"),
        .start_date = kept(ctx, row, "start_date"),
        .end_date = day_left(ctx, row, plan->year),
        .milestones = kept(ctx, row, "milestones"),
        .indicators = kept(ctx, row, "indicators"),
        .dimensions = list_of(ctx, json_text(row, "dimensions")),
    };
    json_t *extra = json_object();
    json_put_int(extra, "plan_key", plan->key);
    json_put_int(extra, "from_key", json_int(row, "key", 0));
    enum code c = resource_insert(ctx, &initiative_resource, &in, NULL, extra, &key);
    json_decref(extra);
    return c;
}

enum code plan_carry_on(struct ctx *ctx, long long from_key, const struct plan_row *plan)
{
    json_t *row, *rows = db_rows(
        ctx->tx,
        "SELECT i.*, ga.id AS \"gapId\", b.id AS \"groupId\", pi.id AS \"parentId\" "
        "FROM initiative i LEFT JOIN gap ga ON ga.key = i.gap_key "
        "LEFT JOIN body b ON b.key = i.group_key "
        "LEFT JOIN initiative pi ON pi.key = i.parent_key "
        "WHERE i.plan_key = ?1 AND coalesce(i.progress, 'onTrack') NOT IN ('done', 'stopped') "
        "ORDER BY i.position, i.key",
        from_key);
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c)
            c = carry_one(ctx, plan, row, (long long)i + 1);
    json_decref(rows);
    return c;
}

/* ---------------------------------------------------------------- what was before */

static json_t *became(struct ctx *ctx, long long plan_key, const char *states)
{
    return db_rows(ctx->tx,
                   "SELECT id AS \"id\", title AS \"title\", progress AS \"progress\", "
                   "outcome AS \"outcome\", deviation AS \"deviation\" FROM initiative "
                   "WHERE plan_key = ?1 AND ?2 = CASE coalesce(progress, 'onTrack') "
                   "WHEN 'done' THEN 'done' WHEN 'stopped' THEN 'stopped' ELSE 'goesOn' END "
                   "ORDER BY position, key",
                   plan_key, states);
}

json_t *plan_before(struct ctx *ctx, const struct plan_row *plan)
{
    long long key = last_plan(ctx, plan->group_key, plan->year);
    json_t *before = key ? db_row(ctx->tx,
                                  "SELECT id AS \"id\", year AS \"year\", state AS \"status\", "
                                  "summary AS \"summary\" FROM plan WHERE key = ?1",
                                  key)
                         : NULL;
    if (!before)
        return NULL;
    json_put(before, "statusLabel", value_label(ctx, plan_statuses, json_text(before, "status")));
    json_put_new(before, "delivered", became(ctx, key, "done"));
    json_put_new(before, "goesOn", became(ctx, key, "goesOn"));
    json_put_new(before, "stopped", became(ctx, key, "stopped"));
    json_put_new(before, "facts", plan_frozen_facts(ctx, key));
    return before;
}
