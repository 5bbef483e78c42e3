/* plan_submit.c: a plan is submitted: frozen, and told to those who decide it.
 *
 * Owns what a plan cannot be submitted without (goals) and who is told: the officers of the group's
 * direct principals, or the coordinator of its area where nobody commissions it. Submitted by
 * officers of the programme area (domain.md 1). Must not know pages. */
#include <string.h>
#include <kansli/mail.h>
#include "internal.h"

static enum code must_be_whole(struct ctx *ctx, const struct plan_row *plan)
{
    if (db_exists(ctx->tx, "SELECT 1 FROM plan WHERE key = ?1 AND goals IS NOT NULL", plan->key))
        return OK;
    if (tx_code(ctx->tx))
        return tx_code(ctx->tx);
    enum code c = ctx_fail(ctx, E_CONFLICT, "plan-incomplete",
                           N_("A plan says its goals before it is submitted."));
    err_missing(ctx->err, "goals");
    return c;
}

static json_t *principals(struct ctx *ctx, const struct plan_row *plan)
{
    return db_rows(ctx->tx,
                   "SELECT DISTINCT principal_key AS \"key\" FROM group_principal "
                   "WHERE group_key = ?1 AND start_date <= ?2 "
                   "AND (end_date IS NULL OR end_date >= ?2) ORDER BY 1",
                   plan->group_key, ctx->today);
}

/* Where nobody commissions the group: the coordinator of its area. Who is in no area, and a
 * restricted group, which coordinators do not know of, the support function decides in their
 * place. */
static enum code tell_area(struct ctx *ctx, const struct plan_row *plan, const struct mail *mail)
{
    long long area = db_int(ctx->tx, 0,
                            "SELECT CASE ?2 WHEN 'local' THEN region_key "
                            "ELSE healthcare_region_key END FROM workgroup WHERE key = ?1 "
                            "AND access_mode <> 'restricted'",
                            plan->group_key, plan->level);
    return area ? mail_coordinators(ctx, area, mail) : mail_support(ctx, mail);
}

static enum code tell(struct ctx *ctx, const struct plan_row *plan)
{
    const char *year = arena_printf(ctx->arena, "%lld", plan->year);
    const char *places[] = {"group", plan->group_name, "year", year, NULL};
    struct mail mail = {
        .event = arena_printf(ctx->arena, "plans:%s:submitted:%lld", plan->id, plan->number),
        .kind = MAIL_REQUEST,
        .subject = N_("The plan of {group} for {year} is submitted"),
        .paragraphs = {N_("{group} has submitted its annual plan for {year}."),
                       N_("Read it, ask about its rows, say where you stand. Then it is approved "
                          "or returned with a comment.")},
        .path = arena_printf(ctx->arena, "/plans/%s/review", plan->id),
        .action = N_("Read the plan"),
        .why = N_("You get this because you decide the plan of {group}."),
        .places = places,
    };
    json_t *row, *rows = principals(ctx, plan);
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c)
            c = mail_officers(ctx, json_int(row, "key", 0), &mail);
    bool nobody = !json_array_size(rows);
    json_decref(rows);
    return c || !nobody ? c : tell_area(ctx, plan, &mail);
}

enum code plan_put_forward(struct ctx *ctx, struct plan_row *plan)
{
    long long number =
        1 + db_int(ctx->tx, 0,
                   "SELECT number FROM plan_submission WHERE plan_key = ?1 "
                   "ORDER BY number DESC LIMIT 1",
                   plan->key);
    enum code c = plan_freeze(ctx, plan, number);
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE plan SET number = ?2, submitted_at = ?3, decided_on = NULL, "
                   "flagged = 0 WHERE key = ?1",
                   plan->key, number, tx_instant(ctx->tx));
    plan->number = number;
    return c ? c
             : plan_move(ctx, plan, "submitted", "submit",
                         json_pack("{s:[n, I]}", "version", (json_int_t)number));
}

enum code plan_submit(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = must_may(ctx, ACT_SUBMIT_PLAN, plan.group_key);
    if (!c)
        c = plan_must_be_open(ctx, &plan);
    if (!c)
        c = must_be_whole(ctx, &plan);
    if (!c)
        c = plan_put_forward(ctx, &plan);
    if (!c)
        c = tell(ctx, &plan);
    out->flash = N_("The plan is submitted. Those who decide it are told by mail.");
    return c ? c : resource_created(ctx, &plan_resource, plan.id, out);
}
