/* tie.c: what hostings and relations have in common: they tie a group to a body, live within the
 * group and have days.
 *
 * Owns their life: found in the group of the path, changed by those who may change the group,
 * within the group's days. What each means, and its own rule, is in hosting.c and relation.c. */
#include <string.h>
#include "internal.h"

const struct value body_types[] = {
    {"organisation", N_("organisation")},
    {"group", N_("group")},
    {NULL, NULL},
};

const char *tie_in_path(struct ctx *ctx, const struct resource *r)
{
    const char *id = ctx_value(ctx, "tieId");
    json_t *tie = resource_one(ctx, r, id, NULL, NULL);
    bool here = tie && !strcmp(json_text(tie, "groupId"), ctx_value(ctx, "id"));
    json_decref(tie);
    return here ? id : NULL;
}

static enum code check_days(struct ctx *ctx, const struct tie_input *in)
{
    if (in->start_date && in->end_date && strcmp(in->end_date, in->start_date) < 0)
        err_field(ctx->err, "/endDate", N_("The last day comes before the first."), NULL);
    return ctx->err->code;
}

/* Open days mean: as long as the group. */
static enum code within_group(struct ctx *ctx, long long group_key, const struct tie_input *in)
{
    bool outside = db_exists(ctx->tx,
                             "SELECT 1 FROM workgroup WHERE key = ?1 AND (start_date > ?2 "
                             "OR start_date > ?3 OR end_date < ?2 OR end_date < ?3)",
                             group_key, in->start_date, in->end_date);
    if (outside)
        return ctx_fail(ctx, E_CONFLICT, "outside-group-dates",
                        N_("These days lie outside the group's first and last day."));
    if (in->body.key == group_key)
        return ctx_fail(ctx, E_CONFLICT, "body-cycle",
                        N_("A group cannot be tied to itself."));
    return tx_code(ctx->tx);
}

/* The group of the path, which the caller may change; 0 when the answer is given already. */
static long long group_to_change(struct ctx *ctx, struct answer *out, enum code *c)
{
    long long key = group_in_path(ctx, out, c);
    if (key)
        *c = must_may(ctx, ACT_CHANGE_GROUP, key);
    return *c ? 0 : key;
}

static void back_to_group(struct ctx *ctx, const char *flash, struct answer *out)
{
    out->see = arena_printf(ctx->arena, "/groups/%s/hosts", ctx_value(ctx, "id"));
    out->flash = flash;
}

enum code tie_create(struct ctx *ctx, const struct resource *r, tie_rule *rule, struct answer *out)
{
    struct tie_input in;
    long long key = 0;
    enum code c;
    long long group_key = group_to_change(ctx, out, &c);
    if (!group_key)
        return c;
    c = resource_read(ctx, r, &in);
    if (check_days(ctx, &in) || c)
        return ctx->err->code;
    c = within_group(ctx, group_key, &in);
    if (!c && rule)
        c = rule(ctx, group_key, 0, &in);
    if (c)
        return c;
    json_t *extra = json_object();
    json_put_int(extra, "group_key", group_key);
    c = resource_insert(ctx, r, &in, NULL, extra, &key);
    json_decref(extra);
    if (c)
        return c;
    struct db_arg row = db_arg_int(key);
    const char *id = db_text_(
        ctx->tx, arena_printf(ctx->arena, "SELECT id FROM %s WHERE key = ?1", r->table), &row, 1);
    back_to_group(ctx, N_("It is added to the group."), out);
    return resource_created(ctx, r, id, out);
}

enum code tie_change(struct ctx *ctx, const struct resource *r, tie_rule *rule, struct answer *out)
{
    struct tie_input in;
    struct edit edit = {0};
    enum code c;
    long long group_key = group_to_change(ctx, out, &c);
    if (!group_key)
        return c;
    const char *id = tie_in_path(ctx, r);
    if (!id)
        return ctx_absent(ctx);
    c = resource_edit(ctx, r, id, &edit, &in);
    if (c == OK || c == E_INPUT)
        c = check_days(ctx, &in);
    if (!c)
        c = within_group(ctx, group_key, &in);
    if (!c && rule)
        c = rule(ctx, group_key, edit.key, &in);
    if (!c)
        c = resource_update(ctx, r, &edit, &in, NULL);
    resource_edit_end(&edit);
    back_to_group(ctx, N_("The change is saved."), out);
    return c ? c : resource_changed(ctx, r, id, out);
}

enum code tie_remove(struct ctx *ctx, const struct resource *r, struct answer *out)
{
    struct edit edit = {0};
    enum code c;
    if (!group_to_change(ctx, out, &c))
        return c;
    const char *id = tie_in_path(ctx, r);
    if (!id)
        return ctx_absent(ctx);
    c = resource_guard(ctx, r, id, &edit);
    if (!c)
        c = resource_delete(ctx, r, &edit);
    resource_edit_end(&edit);
    back_to_group(ctx, N_("It is taken away."), out);
    return c;
}

enum code tie_list(struct ctx *ctx, const struct resource *r, struct answer *out)
{
    enum code c;
    if (!group_in_path(ctx, out, &c))
        return c;
    struct fixed within = {.condition = "\"groupId\" = ?6", .text = ctx_value(ctx, "id")};
    return resource_list(ctx, r, within, &out->document);
}

enum code tie_show(struct ctx *ctx, const struct resource *r, struct answer *out)
{
    enum code c;
    if (!group_in_path(ctx, out, &c))
        return c;
    const char *id = tie_in_path(ctx, r);
    return id ? resource_answer(ctx, r, id, out) : ctx_absent(ctx);
}
