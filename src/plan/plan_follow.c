/* plan_follow.c: at the year's end a plan is followed up: what came of it, initiative by
 * initiative.
 *
 * Owns the step from approved to followedUp, by officers of the programme area. What goes on is
 * carried into next year's draft by plan_begin.c. Must not know pages. */
#include <string.h>
#include "internal.h"

struct follow_input {
    const char *summary, *initiatives;
};

static const struct field initiative_rows[] = {
    {.name = "initiativeId", .label = N_("Initiative"), .type = T_UUID, .flags = F_REQUIRED},
    {.name = "progress", .label = N_("Progress"), .type = T_ENUM, .values = initiative_progress},
    {.name = "outcome", .label = N_("Outcome"), .type = T_TEXT, .max = 4000},
    {.name = "deviation", .label = N_("Deviation"), .type = T_TEXT, .max = 4000},
    {0},
};

const struct field plan_follow_up_fields[] = {
    {.name = "summary", .label = N_("What came of the plan"), .type = T_MARKDOWN,
     .at = offsetof(struct follow_input, summary)},
    {.name = "initiatives", .label = N_("Initiatives"), .type = T_ROWS,
     .at = offsetof(struct follow_input, initiatives), .rows = initiative_rows,
     .hint = N_("Those whose progress, outcome or deviation is not noted yet.")},
    {0},
};

static enum code settle_rows(struct ctx *ctx, const struct plan_row *plan, const char *text)
{
    json_t *row, *rows = text ? json_loads(text, 0, NULL) : NULL;
    enum code c = OK;
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *id = json_text(row, "initiativeId");
        if (!db_exists(ctx->tx, "SELECT 1 FROM initiative WHERE id = ?1 AND plan_key = ?2", id,
                       plan->key))
            c = err_field(ctx->err,
                          arena_printf(ctx->arena, "/initiatives/%zu/initiativeId", i),
                          N_("The plan has no such initiative."), NULL);
        if (!c)
            c = initiative_settle(ctx, plan, id, json_text(row, "progress"),
                                  json_text(row, "outcome"), json_text(row, "deviation"));
    }
    json_decref(rows);
    return c ? c : tx_code(ctx->tx);
}

enum code plan_follow_up(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    struct follow_input in = {0};
    const char *html;
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = must_may(ctx, ACT_SUBMIT_PLAN, plan.group_key);
    if (!c)
        c = fields_read(ctx, plan_follow_up_fields, &in);
    if (!c && in.summary)
        c = ctx_markdown(ctx, in.summary, 3, "/summary", &html);
    if (!c && strcmp(plan.state, "approved"))
        c = ctx_fail(ctx, E_CONFLICT, "plan-not-approved",
                     N_("A plan is followed up once, when it has been approved."));
    if (!c)
        c = settle_rows(ctx, &plan, in.initiatives);
    if (!c)
        c = db_run(ctx->tx, "UPDATE plan SET summary = ?2 WHERE key = ?1", plan.key, in.summary);
    if (!c)
        c = plan_move(ctx, &plan, "followedUp", "follow-up",
                      in.summary ? json_pack("{s:[n, s]}", "summary", in.summary) : NULL);
    out->flash = N_("The plan is followed up. What goes on is in next year's draft when it is "
                    "begun.");
    return c ? c : resource_created(ctx, &plan_resource, plan.id, out);
}
