/* initiative_order.c: all initiatives of a plan are put in an order at once.
 *
 * Owns that every one is named once: whoever reads a list that somebody has added to meanwhile must
 * look at it again. One at a time is moved by its own position (initiative_rules.c). May: those who
 * may change the group, while the plan is written. Must not know pages. */
#include <string.h>
#include <kansli/audit.h>
#include "pages.h"

struct order_input {
    struct ref_list initiatives;
};

const struct field initiative_order_fields[] = {
    {.name = "initiativeIds", .label = N_("Initiatives in their order"), .type = T_REFS,
     .at = offsetof(struct order_input, initiatives), .flags = F_REQUIRED,
     .reference = &initiative_reference, .hint = N_("All of the plan's, each once.")},
    {0},
};

static json_t *titles_of(struct ctx *ctx, long long plan_key)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT title AS \"title\" FROM initiative WHERE plan_key = ?1 "
                           "ORDER BY position, key",
                           plan_key);
    json_t *row, *titles = json_array();
    size_t i;
    json_array_foreach(rows, i, row)
        json_array_append(titles, json_object_get(row, "title"));
    json_decref(rows);
    return titles;
}

static enum code check_complete(struct ctx *ctx, const struct plan_row *plan,
                                const struct ref_list *all)
{
    bool same = (long long)all->n == db_int(ctx->tx, 0,
                                            "SELECT count(*) FROM initiative WHERE plan_key = ?1",
                                            plan->key);
    for (size_t i = 0; same && i < all->n; i++)
        same = db_exists(ctx->tx, "SELECT 1 FROM initiative WHERE key = ?1 AND plan_key = ?2",
                         all->item[i].key, plan->key);
    if (same)
        return tx_code(ctx->tx);
    return ctx_fail(ctx, E_CONFLICT, "initiatives-changed",
                    N_("The plan has got or lost an initiative meanwhile. Look at it as it is now, "
                       "and order it again."));
}

static enum code set_order(struct ctx *ctx, const struct ref_list *all)
{
    enum code c = OK;
    for (size_t i = 0; !c && i < all->n; i++)
        c = db_run(ctx->tx,
                   "UPDATE initiative SET position = ?2, modified = ?3 "
                   "WHERE key = ?1 AND position <> ?2",
                   all->item[i].key, (long long)i + 1, tx_instant(ctx->tx));
    return c;
}

/* The plan's version stays: an order is in nobody's way who writes its texts. */
static enum code note_order(struct ctx *ctx, const struct plan_row *plan, json_t *before)
{
    json_t *after = titles_of(ctx, plan->key);
    if (json_equal(before, after)) {
        json_decref(before);
        json_decref(after);
        return tx_code(ctx->tx);
    }
    return audit_add(ctx, (struct audit){
                              .type = plan_resource.name,
                              .key = plan->key,
                              .id = plan->id,
                              .within_type = plan_resource.within,
                              .within_key = plan->group_key,
                              .act = "update",
                              .version = plan->version,
                              .changes = json_pack("{s:[o, o]}", "initiatives", before, after),
                          });
}

enum code initiative_order(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    struct order_input in = {0};
    enum code c = plan_find_to_write(ctx, &plan);
    if (!c)
        c = fields_read(ctx, initiative_order_fields, &in);
    if (!c)
        c = check_complete(ctx, &plan, &in.initiatives);
    if (c)
        return c;
    json_t *before = titles_of(ctx, plan.key);
    c = set_order(ctx, &in.initiatives);
    if (c) {
        json_decref(before);
        return c;
    }
    c = note_order(ctx, &plan, before);
    out->flash = N_("The order is saved.");
    return c ? c : resource_created(ctx, &plan_resource, plan.id, out);
}
