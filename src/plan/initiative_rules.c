/* initiative_rules.c: initiatives are written while their plan is open; afterwards only what became
 * of them.
 *
 * Owns that a cost rests on a prioritisation decision (R64), that an initiative hangs on one of the
 * level above, and the order: 1, 2, 3 ... without gaps, where whoever comes in, goes or moves
 * shifts the others and their versions stay. Who may: those who may change the group. Must not know
 * pages, nor what a gap is. */
#include <string.h>
#include "internal.h"

enum { INITIATIVES_MOST = 100, PRIORITY_MOST = 4 };

/* --------------------------------------------------------------- what a field alone cannot tell */

static enum code check_input(struct ctx *ctx, const struct initiative_input *in, enum code read)
{
    if (read && read != E_INPUT)
        return read;
    if (in->priority == 0)
        err_field(ctx->err, "/priority", N_("Write a number from 1 to 4."), NULL);
    if (in->position == 0)
        err_field(ctx->err, "/position", N_("Places are counted from 1."), NULL);
    if (in->cost != NO_INT && in->cost > 0 && !in->prioritisation_reference)
        err_field(ctx->err, "/prioritisationReference",
                  N_("A cost needs the prioritisation decision that it rests on."), NULL);
    if (in->start_date && in->end_date && strcmp(in->end_date, in->start_date) < 0)
        err_field(ctx->err, "/endDate", N_("The last day comes before the first."), NULL);
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
}

/* From the local level to the healthcare region's, from there to the national one, of its own
 * area. */
static enum code check_direction(struct ctx *ctx, const struct plan_row *plan,
                                 const struct initiative_input *in)
{
    if (!in->parent.key)
        return OK;
    if (db_exists(ctx->tx,
                  "SELECT 1 FROM initiative i JOIN plan p ON p.key = i.plan_key "
                  "JOIN workgroup u ON u.key = p.group_key JOIN group_kind k ON k.key = u.kind_key "
                  "JOIN workgroup g ON g.key = ?2 WHERE i.key = ?1 AND k.level = CASE ?3 "
                  "WHEN 'local' THEN 'healthcareRegion' "
                  "WHEN 'healthcareRegion' THEN 'national' END AND " INITIATIVE_ABOVE("g", "u"),
                  in->parent.key, plan->group_key, plan->level))
        return OK;
    return ctx_fail(ctx, E_CONFLICT, "initiative-direction",
                    N_("An initiative hangs on one of the same area's plan one level up."));
}

/* ---------------------------------------------------------------- places */

static long long count(struct ctx *ctx, long long plan_key)
{
    return db_int(ctx->tx, 0, "SELECT count(*) FROM initiative WHERE plan_key = ?1", plan_key);
}

/* Those from `first` to `last` move by `step`; their versions stay. */
static enum code shift(struct ctx *ctx, long long plan_key, long long first, long long last,
                       long long step)
{
    return db_run(ctx->tx,
                  "UPDATE initiative SET position = position + ?4, modified = ?5 "
                  "WHERE plan_key = ?1 AND position >= ?2 AND position <= ?3",
                  plan_key, first, last, step, tx_instant(ctx->tx));
}

static enum code make_room(struct ctx *ctx, long long plan_key, long long before, long long after)
{
    if (after < before)
        return shift(ctx, plan_key, after, before - 1, 1);
    return after > before ? shift(ctx, plan_key, before + 1, after, -1) : OK;
}

static long long place(long long asked, long long otherwise, long long last)
{
    if (asked == NO_INT)
        return otherwise;
    return asked > last ? last : asked;
}

/* ---------------------------------------------------------------- written */

static enum code insert(struct ctx *ctx, const struct plan_row *plan, struct initiative_input *in,
                        const char **id)
{
    long long key = 0, n = count(ctx, plan->key);
    *id = NULL;
    if (n >= INITIATIVES_MOST)
        return ctx_fail(ctx, E_CONFLICT, "plan-full",
                        N_("A plan has at most 100 initiatives."));
    json_t *extra = json_object();
    in->position = place(in->position, n + 1, n + 1);
    json_put_int(extra, "plan_key", plan->key);
    enum code c = shift(ctx, plan->key, in->position, n, 1);
    if (!c)
        c = resource_insert(ctx, &initiative_resource, in, NULL, extra, &key);
    json_decref(extra);
    *id = db_text(ctx->tx, "SELECT id FROM initiative WHERE key = ?1", key);
    return c;
}

static const char *back(struct ctx *ctx, const struct plan_row *plan)
{
    return arena_printf(ctx->arena, "/plans/%s", plan->id);
}

enum code initiative_create(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    struct initiative_input in;
    const char *id;
    enum code c = plan_find_to_write(ctx, &plan);
    if (c)
        return c;
    c = check_input(ctx, &in, resource_read(ctx, &initiative_resource, &in));
    if (!c)
        c = check_direction(ctx, &plan, &in);
    if (!c)
        c = insert(ctx, &plan, &in, &id);
    out->flash = N_("The initiative is added.");
    if (!c)
        c = resource_created(ctx, &initiative_resource, id, out);
    out->see = back(ctx, &plan);
    return c;
}

/* ---------------------------------------------------------------- changed */

/* The initiative of the path, in the plan of the path. */
static enum code find(struct ctx *ctx, const struct plan_row *plan, const char **id)
{
    *id = ctx_value(ctx, "initiativeId");
    if (db_exists(ctx->tx, "SELECT 1 FROM initiative WHERE id = ?1 AND plan_key = ?2", *id,
                  plan->key))
        return OK;
    return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
}

/* One thing that an initiative names and the reader may not know of: it stays when nothing else was
 * said, and its name is told to nobody by the way. */
static void keep(struct ctx *ctx, json_t *now, const char *member, struct ref_value *sent,
                 const json_t *row, const char *id, const char *key)
{
    if (sent->key || json_text(now, member) || !json_text(row, id))
        return;
    *sent = (struct ref_value){arena_strdup(ctx->arena, json_text(row, id)),
                               json_int(row, key, 0)};
    json_put(now, member, sent->id);
}

static void keep_hidden(struct ctx *ctx, struct edit *edit, struct initiative_input *in)
{
    json_t *row = db_row(ctx->tx,
                         "SELECT ga.id AS \"gapId\", ga.key AS \"gap\", b.id AS \"groupId\", "
                         "b.key AS \"group\", pi.id AS \"parentId\", pi.key AS \"parent\" "
                         "FROM initiative i LEFT JOIN gap ga ON ga.key = i.gap_key "
                         "LEFT JOIN body b ON b.key = i.group_key "
                         "LEFT JOIN initiative pi ON pi.key = i.parent_key WHERE i.key = ?1",
                         edit->key);
    keep(ctx, edit->now, "gapId", &in->gap, row, "gapId", "gap");
    keep(ctx, edit->now, "groupId", &in->group, row, "groupId", "group");
    keep(ctx, edit->now, "parentInitiativeId", &in->parent, row, "parentId", "parent");
    json_decref(row);
}

/* What a decided plan still takes: how it goes, and who carries out what nobody did. */
static bool may_follow(const char *field, bool is_given)
{
    static const char *const follows[] = {"progress", "outcome", "deviation"};
    for (size_t i = 0; i < LEN(follows); i++)
        if (!strcmp(field, follows[i]))
            return true;
    return !is_given && !strcmp(field, "groupId");
}

static bool says_nothing(const json_t *value)
{
    return !value || json_is_null(value) ||
           (json_is_string(value) && !json_string_length(value)) ||
           (json_is_array(value) && !json_array_size(value));
}

static enum code check_followed(struct ctx *ctx, const struct plan_row *plan,
                                const struct edit *edit)
{
    const char *name;
    json_t *value;
    bool is_given = db_exists(ctx->tx,
                              "SELECT 1 FROM initiative WHERE key = ?1 AND group_key IS NOT NULL",
                              edit->key);
    if (plan_is_open(plan))
        return OK;
    json_object_foreach(ctx->body->values, name, value) {
        const json_t *was = json_object_get(edit->now, name);
        bool same = says_nothing(was) ? says_nothing(value) : json_equal(was, value);
        if (field_find(initiative_resource.fields, name) && !same && !may_follow(name, is_given))
            return ctx_fail(ctx, E_CONFLICT, "not-draft",
                            N_("The plan is decided. What changes now is progress, outcome, "
                               "deviation, and a responsible group where there is none."));
    }
    return OK;
}

static enum code find_to_change(struct ctx *ctx, struct plan_row *plan, const char **id)
{
    enum code c = plan_in_path(ctx, plan);
    if (!c)
        c = find(ctx, plan, id);
    if (!c)
        c = must_may(ctx, ACT_CHANGE_GROUP, plan->group_key);
    if (c || plan_is_open(plan) || !strcmp(plan->state, "approved"))
        return c;
    return ctx_fail(ctx, E_CONFLICT, "not-draft",
                    N_("A plan that awaits its decision, or was followed up, is not changed."));
}

static enum code save(struct ctx *ctx, const struct plan_row *plan, struct edit *edit,
                      struct initiative_input *in)
{
    long long before = json_int(edit->now, "position", 1);
    enum code c = check_followed(ctx, plan, edit);
    if (c)
        return c;
    keep_hidden(ctx, edit, in);
    in->position = place(in->position, before, count(ctx, plan->key));
    c = check_direction(ctx, plan, in);
    if (!c)
        c = make_room(ctx, plan->key, before, in->position);
    return c ? c : resource_update(ctx, &initiative_resource, edit, in, NULL);
}

enum code initiative_change(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    struct initiative_input in;
    struct edit edit = {0};
    const char *id;
    enum code c = find_to_change(ctx, &plan, &id);
    if (c)
        return c;
    c = check_input(ctx, &in, resource_edit(ctx, &initiative_resource, id, &edit, &in));
    if (!c)
        c = save(ctx, &plan, &edit, &in);
    resource_edit_end(&edit);
    out->flash = N_("The initiative is saved.");
    if (!c)
        c = resource_changed(ctx, &initiative_resource, id, out);
    out->see = back(ctx, &plan);
    return c;
}

/* What others hang on stays. Nobody goes on with one that may still be taken away: only those of
 * decided plans are carried on. */
static enum code refuse_needed(struct ctx *ctx, long long key)
{
    if (!db_exists(ctx->tx, "SELECT 1 FROM initiative WHERE parent_key = ?1", key))
        return tx_code(ctx->tx);
    return ctx_fail(ctx, E_CONFLICT, "in-use",
                    N_("Another plan's initiative hangs on this one."));
}

enum code initiative_remove(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    struct edit edit = {0};
    const char *id;
    enum code c = plan_find_to_write(ctx, &plan);
    if (!c)
        c = find(ctx, &plan, &id);
    if (c)
        return c;
    c = resource_guard(ctx, &initiative_resource, id, &edit);
    if (!c)
        c = refuse_needed(ctx, edit.key);
    if (!c)
        c = resource_delete(ctx, &initiative_resource, &edit);
    if (!c)
        c = shift(ctx, plan.key, json_int(edit.now, "position", 0) + 1, INITIATIVES_MOST, -1);
    resource_edit_end(&edit);
    out->see = back(ctx, &plan);
    out->flash = N_("The initiative is taken away.");
    return c;
}

/* ---------------------------------------------------------------- at the year's end */

enum code initiative_settle(struct ctx *ctx, const struct plan_row *plan, const char *id,
                            const char *progress, const char *outcome, const char *deviation)
{
    const char *const names[] = {"progress", "outcome", "deviation"};
    const char *const said[] = {progress, outcome, deviation};
    json_t *row = db_row(ctx->tx,
                         "SELECT key AS \"key\", progress AS \"progress\", "
                         "outcome AS \"outcome\", deviation AS \"deviation\" FROM initiative "
                         "WHERE id = ?1 AND plan_key = ?2",
                         id, plan->key);
    if (!row)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    long long key = json_int(row, "key", 0);
    json_t *changes = json_object();
    for (size_t i = 0; i < LEN(names); i++) {
        const char *was = json_text(row, names[i]);
        if (said[i] && (!was || strcmp(was, said[i])))
            json_put_new(changes, names[i], json_pack("[s?, s]", was, said[i]));
    }
    json_decref(row);
    if (!json_object_size(changes)) {
        json_decref(changes);
        return OK;
    }
    enum code c = db_run(ctx->tx,
                         "UPDATE initiative SET progress = coalesce(?2, progress), "
                         "outcome = coalesce(?3, outcome), deviation = coalesce(?4, deviation) "
                         "WHERE key = ?1",
                         key, progress, outcome, deviation);
    if (!c)
        return resource_touch(ctx, &initiative_resource, key, id, "update", changes);
    json_decref(changes);
    return c;
}
