/* position.c: where a reviewer stands, before the decision: supports, supports with remarks,
 * returns.
 *
 * Owns the table plan_position: one of each reviewer about a submission, changed by who took it
 * until the plan is decided. It binds nobody: the decision is plan_decide.c's. Must not know
 * pages. */
#include <string.h>
#include "internal.h"

struct position_input {
    const char *position, *text;
};

const struct value plan_positions[] = {
    {"supports", NC_("position", "Supports")},
    {"supportsWithRemarks", NC_("position", "Supports with remarks")},
    {"returns", NC_("position", "Wants it returned")},
    {NULL, NULL},
};

#define AT(member) offsetof(struct position_input, member)

static const struct field position_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "planId", .label = N_("Plan"), .type = T_REF, .flags = F_DERIVED,
     .reference = &plan_reference},
    {.name = "version", .label = N_("Version"), .type = T_INT, .flags = F_DERIVED | F_SORT,
     .hint = N_("The submission that was read.")},
    {.name = "position", .label = N_("Position"), .type = T_ENUM, .at = AT(position),
     .flags = F_REQUIRED | F_FILTER, .values = plan_positions, .column = "position"},
    {.name = "text", .label = N_("In words"), .type = T_LINES, .at = AT(text),
     .column = "text"},
    {.name = "personId", .label = N_("Person"), .type = T_REF,
     .flags = F_DERIVED | F_FILTER, .reference = &person_reference},
    {.name = "at", .label = N_("When"), .type = T_INSTANT, .flags = F_DERIVED | F_SORT},
    {0},
};

/* Whose it is: the person's, else the account's. */
static bool is_own(const struct ctx *ctx, const json_t *object)
{
    long long person = json_int(object, "person_key", 0);
    return person ? person == ctx->actor->person_key
                  : ctx->actor->account_key &&
                        json_int(object, "by_key", 0) == ctx->actor->account_key;
}

static void links(struct ctx *ctx, json_t *object)
{
    if (!strcmp(json_text(object, "state_key"), "submitted") && is_own(ctx, object))
        ctx_link(ctx, object, "edit", "PATCH",
                 arena_printf(ctx->arena, "/plans/%s/positions/%s", json_text(object, "planId"),
                              json_text(object, "id")));
}

const struct resource position_resource = {
    .name = "positions",
    .noun = N_("position"),
    .table = "plan_position",
    .select =
        "SELECT x.key AS \"key\", x.version AS \"version_key\", x.modified AS \"modified\", "
        "x.id AS \"id\", p.id AS \"planId\", p.key AS \"plan_key\", p.state AS \"state_key\", "
        "x.number AS \"version\", x.position AS \"position\", x.text AS \"text\", "
        "q.id AS \"personId\", CASE WHEN x.person_key IS NULL THEN coalesce(a.name, a.email) "
        "ELSE q.name END AS \"personName\", x.person_key AS \"person_key\", "
        "x.account_key AS \"by_key\", x.at AS \"at\" FROM plan_position x "
        "JOIN plan p ON p.key = x.plan_key JOIN workgroup g ON g.key = p.group_key "
        "LEFT JOIN account a ON a.key = x.account_key "
        "LEFT JOIN person q ON q.key = x.person_key AND " PLAN_NAMED("q") " WHERE "
        ACCESS_PEOPLE_VISIBLE("g.access_mode", "g.key") " AND " PLAN_INSIDE("p.group_key"),
    .visible = "1 = 1", /* the select says it; so a tombstone is as hidden as its row was */
    .order = "\"at\", \"key\"",
    .size = sizeof(struct position_input),
    .fields = position_fields,
    .links = links,
    .within = "plans",
    .parent = "planId",
    .parent_column = "plan_key",
};

/* ---------------------------------------------------------------- taken */

static enum code must_be_first(struct ctx *ctx, const struct plan_row *plan)
{
    if (!db_exists(ctx->tx,
                   "SELECT 1 FROM plan_position WHERE plan_key = ?1 AND number = ?2 "
                   "AND (person_key = ?3 OR (person_key IS NULL AND account_key = ?4))",
                   plan->key, plan->number, ctx->actor->person_key, ctx->actor->account_key))
        return tx_code(ctx->tx);
    return ctx_fail(ctx, E_CONFLICT, "position-taken",
                    N_("You have taken a position on this version: change that one."));
}

static enum code insert(struct ctx *ctx, const struct plan_row *plan,
                        const struct position_input *in, const char **id)
{
    long long key = 0;
    json_t *extra = json_object();
    json_put_int(extra, "plan_key", plan->key);
    json_put_int(extra, "number", plan->number);
    json_put(extra, "at", tx_instant(ctx->tx));
    if (ctx->actor->person_key)
        json_put_int(extra, "person_key", ctx->actor->person_key);
    if (ctx->actor->account_key)
        json_put_int(extra, "account_key", ctx->actor->account_key);
    enum code c = resource_insert(ctx, &position_resource, in, NULL, extra, &key);
    json_decref(extra);
    *id = db_text(ctx->tx, "SELECT id FROM plan_position WHERE key = ?1", key);
    return c;
}

enum code position_create(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    struct position_input in;
    const char *id;
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = plan_must_review(ctx, &plan);
    if (!c)
        c = resource_read(ctx, &position_resource, &in);
    if (!c)
        c = plan_must_wait(ctx, &plan);
    if (!c)
        c = must_be_first(ctx, &plan);
    if (!c)
        c = insert(ctx, &plan, &in, &id);
    out->flash = N_("Your position is noted.");
    if (!c)
        c = resource_created(ctx, &position_resource, id, out);
    out->see = c ? NULL : arena_printf(ctx->arena, "/plans/%s", plan.id);
    return c;
}

/* ---------------------------------------------------------------- changed */

static enum code find_own(struct ctx *ctx, const struct plan_row *plan, const char *id)
{
    json_t *row = db_row(ctx->tx,
                         "SELECT person_key AS \"person_key\", account_key AS \"by_key\", "
                         "number AS \"number\" FROM plan_position WHERE id = ?1 AND plan_key = ?2",
                         id, plan->key);
    bool own = row && is_own(ctx, row), last = json_int(row, "number", 0) == plan->number;
    bool known = row != NULL;
    json_decref(row);
    if (tx_code(ctx->tx))
        return tx_code(ctx->tx);
    if (!known)
        return ctx_absent(ctx);
    if (!own)
        return ctx_fail(ctx, E_DENIED, "position-of-another",
                        N_("A position is changed by who took it."));
    return last ? OK
                : ctx_fail(ctx, E_CONFLICT, "plan-superseded",
                           N_("The plan was submitted again meanwhile. Take a position on the "
                              "version that awaits a decision now."));
}

enum code position_change(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    struct position_input in;
    struct edit edit = {0};
    const char *id = ctx_value(ctx, "positionId");
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = plan_must_review(ctx, &plan);
    if (!c)
        c = find_own(ctx, &plan, id);
    if (!c)
        c = plan_must_wait(ctx, &plan);
    if (c)
        return c;
    c = resource_edit(ctx, &position_resource, id, &edit, &in);
    if (!c)
        c = resource_update(ctx, &position_resource, &edit, &in, NULL);
    resource_edit_end(&edit);
    out->flash = N_("Your position is noted.");
    if (!c)
        c = resource_changed(ctx, &position_resource, id, out);
    out->see = arena_printf(ctx->arena, "/plans/%s", plan.id);
    return c;
}
