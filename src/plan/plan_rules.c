/* plan_rules.c: a plan is begun, written and, until somebody was asked to decide it, deleted.
 *
 * Owns what all rules begin with (the plan of the path, as the caller may know it) and when a plan
 * may still be written. Who may: those who may change the group; a plan is submitted and decided
 * elsewhere. Must not know pages. */
#include <string.h>
#include <kansli/crypt.h>
#include "internal.h"

enum { FIRST_YEAR = 2000 };

/* ---------------------------------------------------------------- one of them */

static const char *kept(struct ctx *ctx, const json_t *row, const char *name)
{
    const char *text = json_text(row, name);
    return text ? arena_strdup(ctx->arena, text) : NULL;
}

enum code plan_find(struct ctx *ctx, const char *id, struct plan_row *plan)
{
    memset(plan, 0, sizeof *plan);
    json_t *row = db_row(ctx->tx,
                         "SELECT p.key AS \"key\", p.version AS \"version\", p.id AS \"id\", "
                         "p.group_key AS \"group\", b.id AS \"groupId\", "
                         "g.full_name AS \"groupName\", k.id AS \"kind\", k.level AS \"level\", "
                         "p.year AS \"year\", p.number AS \"number\", p.state AS \"state\", "
                         "p.submitted_at AS \"at\" FROM plan p "
                         "JOIN workgroup g ON g.key = p.group_key JOIN body b ON b.key = g.key "
                         "JOIN group_kind k ON k.key = g.kind_key WHERE p.id = ?5 AND "
                         PLAN_VISIBLE("p", "g"),
                         PLAN_ARGS(ctx, id, 0));
    if (!row)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    *plan = (struct plan_row){
        .key = json_int(row, "key", 0),
        .group_key = json_int(row, "group", 0),
        .version = json_int(row, "version", 0),
        .year = json_int(row, "year", 0),
        .number = json_int(row, "number", 0),
        .id = kept(ctx, row, "id"),
        .group_id = kept(ctx, row, "groupId"),
        .group_name = kept(ctx, row, "groupName"),
        .kind = kept(ctx, row, "kind"),
        .level = kept(ctx, row, "level"),
        .state = kept(ctx, row, "state"),
        .submitted_at = kept(ctx, row, "at"),
    };
    json_decref(row);
    return tx_code(ctx->tx);
}

enum code plan_in_path(struct ctx *ctx, struct plan_row *plan)
{
    return plan_find(ctx, ctx_value(ctx, "id"), plan);
}

bool plan_is_inside(struct ctx *ctx, const struct plan_row *plan)
{
    return db_exists(ctx->tx,
                     "SELECT 1 FROM plan p WHERE p.key = ?5 AND " PLAN_INSIDE("p.group_key"),
                     PLAN_ARGS(ctx, plan->key, 0));
}

bool plan_is_open(const struct plan_row *plan)
{
    return !strcmp(plan->state, "draft") || !strcmp(plan->state, "returned");
}

enum code plan_must_be_open(struct ctx *ctx, const struct plan_row *plan)
{
    if (plan_is_open(plan))
        return OK;
    return ctx_fail(ctx, E_CONFLICT, "not-draft",
                    N_("Only a draft, or a plan that was returned, is changed."));
}

enum code plan_find_to_write(struct ctx *ctx, struct plan_row *plan)
{
    enum code c = plan_in_path(ctx, plan);
    if (!c)
        c = must_may(ctx, ACT_CHANGE_GROUP, plan->group_key);
    return c ? c : plan_must_be_open(ctx, plan);
}

enum code plan_move(struct ctx *ctx, struct plan_row *plan, const char *state, const char *act,
                    json_t *changes)
{
    if (!changes)
        changes = json_object();
    if (strcmp(state, plan->state))
        json_put_new(changes, "status", json_pack("[s, s]", plan->state, state));
    enum code c = db_run(ctx->tx, "UPDATE plan SET state = ?2 WHERE key = ?1", plan->key, state);
    if (c) {
        json_decref(changes);
        return c;
    }
    plan->state = state;
    return resource_touch(ctx, &plan_resource, plan->key, plan->id, act, changes);
}

/* --------------------------------------------------------------- what a field alone cannot tell */

/* Beside the fields' own messages: Markdown that can be shown. `read` is what reading them said. */
static enum code check_texts(struct ctx *ctx, const struct plan_input *in, enum code read)
{
    const struct {
        const char *pointer, *text;
    } texts[] = {{"/goals", in->goals},
                 {"/collaboration", in->collaboration},
                 {"/risks", in->risks},
                 {"/resources", in->resources}};
    const char *html;
    if (read && read != E_INPUT)
        return read;
    for (size_t i = 0; i < LEN(texts); i++)
        if (texts[i].text && ctx_markdown(ctx, texts[i].text, 3, texts[i].pointer, &html) &&
            ctx->err->code != E_INPUT)
            return ctx->err->code;
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- begun */

/* Which groups have plans, and in which years: those in which they stand. */
static enum code check_group(struct ctx *ctx, long long group_key, long long year)
{
    const char *kind = db_text(ctx->tx,
                               "SELECT k.id FROM workgroup g JOIN group_kind k "
                               "ON k.key = g.kind_key WHERE g.key = ?1",
                               group_key);
    if (!kind || (strcmp(kind, "npo") && strcmp(kind, "nsg") && strcmp(kind, "rpo") &&
                  strcmp(kind, "lpo")))
        return ctx_fail(ctx, E_CONFLICT, "kind-has-no-plan",
                        N_("Programme areas and national collaboration groups have annual plans. "
                           "Other groups stand in the plan of the one that commissions them."));
    if (!db_exists(ctx->tx,
                   "SELECT 1 FROM workgroup WHERE key = ?1 AND start_date <= ?3 "
                   "AND (end_date IS NULL OR end_date >= ?2)",
                   group_key, arena_printf(ctx->arena, "%lld-01-01", year),
                   arena_printf(ctx->arena, "%lld-12-31", year)))
        return ctx_fail(ctx, E_CONFLICT, "outside-group-dates",
                        N_("The group does not stand in that year."));
    if (db_exists(ctx->tx, "SELECT 1 FROM plan WHERE group_key = ?1 AND year = ?2", group_key,
                  year))
        return err_setf(ctx->err, E_CONFLICT, "plan-exists",
                        N_("The group has a plan for {year} already."), "year",
                        arena_printf(ctx->arena, "%lld", year), NULL);
    return tx_code(ctx->tx);
}

static enum code read_new(struct ctx *ctx, long long group_key, struct plan_input *in)
{
    enum code c = resource_read(ctx, &plan_resource, in);
    group_check_named(ctx, group_key, &in->group);
    if (in->year != NO_INT && in->year < FIRST_YEAR)
        err_field(ctx->err, "/year", N_("Write a year with four digits."), NULL);
    return check_texts(ctx, in, ctx->err->code ? ctx->err->code : c);
}

static enum code insert(struct ctx *ctx, long long group_key, struct plan_input *in,
                        const char **id)
{
    char uuid[UUID_SIZE];
    struct plan_row plan = {0};
    long long from = plan_begin(ctx, group_key, in);
    json_t *extra = json_object();
    json_put_int(extra, "group_key", group_key);
    crypt_uuid(uuid);
    *id = arena_strdup(ctx->arena, uuid);
    enum code c = resource_insert(ctx, &plan_resource, in, *id, extra, &plan.key);
    json_decref(extra);
    plan.year = in->year;
    return c || !from ? c : plan_carry_on(ctx, from, &plan);
}

enum code plan_create(struct ctx *ctx, struct answer *out)
{
    struct plan_input in;
    const char *id;
    enum code c;
    long long group = group_named(ctx, out, &c);
    if (c || out->moved)
        return c;
    if (group)
        c = must_may(ctx, ACT_CHANGE_GROUP, group);
    if (!c)
        c = read_new(ctx, group, &in);
    if (!c)
        c = check_group(ctx, group, in.year);
    if (!c)
        c = insert(ctx, group, &in, &id);
    out->flash = N_("The plan is begun.");
    return c ? c : resource_created(ctx, &plan_resource, id, out);
}

/* ---------------------------------------------------------------- changed, deleted */

enum code plan_change(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    struct plan_input in;
    struct edit edit = {0};
    enum code c = plan_find_to_write(ctx, &plan);
    if (c)
        return c;
    c = check_texts(ctx, &in, resource_edit(ctx, &plan_resource, plan.id, &edit, &in));
    if (!c)
        c = resource_update(ctx, &plan_resource, &edit, &in, NULL);
    resource_edit_end(&edit);
    out->flash = N_("The plan is saved.");
    return c ? c : resource_changed(ctx, &plan_resource, plan.id, out);
}

/* What somebody has been asked to decide, or what others build on, stays in the register. */
static enum code must_be_nobodys(struct ctx *ctx, const struct plan_row *plan)
{
    if (plan->submitted_at)
        return ctx_fail(ctx, E_CONFLICT, "not-draft",
                        N_("Only a plan that was never submitted is deleted."));
    if (!db_exists(ctx->tx,
                   "SELECT 1 FROM initiative c JOIN initiative i ON i.key = c.parent_key "
                   "WHERE i.plan_key = ?1",
                   plan->key))
        return tx_code(ctx->tx);
    return ctx_fail(ctx, E_CONFLICT, "in-use",
                    N_("Another plan's initiative hangs on one of this plan's."));
}

enum code plan_remove(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    struct edit edit = {0};
    enum code c = plan_find_to_write(ctx, &plan);
    if (!c)
        c = must_be_nobodys(ctx, &plan);
    if (c)
        return c;
    out->see = arena_printf(ctx->arena, "/groups/%s/plans", plan.group_id);
    c = resource_guard(ctx, &plan_resource, plan.id, &edit);
    if (!c)
        c = resource_delete_within(ctx, &plan_resource, edit.key);
    if (!c)
        c = resource_delete(ctx, &plan_resource, &edit);
    resource_edit_end(&edit);
    out->flash = N_("The draft is deleted.");
    return c;
}
