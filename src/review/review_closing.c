/* review_closing.c: what is to be done before a group is closed: its open actions, what it has made
 * that somebody must go on keeping, thanks to those who took part.
 *
 * Owns the table review_closing and the list of the three. Nothing here closes the group: who may
 * does that on the group's own page, when the list is done or not. Those who may change the group
 * note what is done. */
#include <string.h>
#include <kansli/followup.h>
#include <kansli/plan.h>
#include "internal.h"

static const struct value items[] = {
    {"actions", N_("Open actions are finished or handed over")},
    {"products", N_("What the group has made is handed over")},
    {"thanks", N_("Those who took part are thanked")},
    {NULL, NULL},
};

#define AT(member) offsetof(struct review_step_input, member)

const struct field review_step_fields[] = {
    {.name = "item", .label = N_("What is to be done"), .type = T_ENUM, .at = AT(item),
     .flags = F_REQUIRED, .values = items},
    {.name = "done", .label = N_("Done"), .type = T_BOOL, .at = AT(done)},
    {.name = "note", .label = N_("Note"), .type = T_LINES, .at = AT(note), .max = 1000,
     .hint = N_("For example who takes over what.")},
    {0},
};

#define STEPS(type)                                                                                \
    "{\"type\":" type ",\"items\":{\"type\":\"object\",\"additionalProperties\":false,"           \
    "\"required\":[\"item\",\"itemLabel\",\"note\",\"doneOn\"],\"properties\":{"                   \
    "\"item\":{\"type\":\"string\"},\"itemLabel\":{\"type\":\"string\"},"                          \
    "\"note\":{\"type\":[\"string\",\"null\"]},"                                                   \
    "\"doneOn\":{\"type\":[\"string\",\"null\"],\"format\":\"date\"}}}}"

const char review_closing_schema[] = STEPS("[\"array\",\"null\"]");
const char review_closing_reply[] =
    "{\"type\":\"object\",\"required\":[\"reviewId\",\"groupId\",\"groupName\",\"steps\","
    "\"actions\",\"initiatives\",\"memberCount\",\"unreachedCount\"],\"properties\":{"
    "\"reviewId\":{\"type\":\"string\"},\"groupId\":{\"type\":\"string\"},"
    "\"groupName\":{\"type\":\"string\"},\"steps\":" STEPS("\"array\"") ","
    "\"actions\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"initiatives\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"memberCount\":{\"type\":\"integer\"},\"unreachedCount\":{\"type\":\"integer\"}}}";

json_t *review_steps(struct ctx *ctx, long long review_key)
{
    json_t *steps = json_array();
    for (const struct value *item = items; item->code; item++) {
        json_t *step = json_push(steps, json_object());
        json_t *row = db_row(ctx->tx,
                             "SELECT note AS \"note\", done_on AS \"on\" FROM review_closing "
                             "WHERE review_key = ?1 AND item = ?2",
                             review_key, item->code);
        json_put(step, "item", item->code);
        json_put(step, "itemLabel", ctx_text(ctx, item->label));
        json_put(step, "note", json_text(row, "note"));
        json_put(step, "doneOn", json_text(row, "on"));
        json_decref(row);
    }
    return steps;
}

/* ---------------------------------------------------------------- noted */

enum code review_must_close(struct ctx *ctx, const struct review_row *review)
{
    if (!strcmp(review->outcome, "close"))
        return OK;
    return ctx_fail(ctx, E_CONFLICT, "review-not-close",
                    N_("The review does not say that the group is to be closed."));
}

enum code review_step_save(struct ctx *ctx, const struct review_row *review,
                           const struct review_step_input *in, const char *day)
{
    json_t *before = db_row(ctx->tx,
                            "SELECT note AS \"note\", done_on AS \"on\" FROM review_closing "
                            "WHERE review_key = ?1 AND item = ?2",
                            review->key, in->item);
    const char *was = json_text(before, "on"), *on = in->done == 1 ? was ? was : day : NULL;
    enum code c = db_run(ctx->tx,
                         "INSERT INTO review_closing (review_key, item, note, done_on) "
                         "VALUES (?1, ?2, ?3, ?4) ON CONFLICT (review_key, item) DO UPDATE SET "
                         "note = excluded.note, done_on = excluded.done_on",
                         review->key, in->item, in->note, on);
    if (!c)
        c = resource_touch(ctx, &review_resource, review->key, review->id, "closing-step",
                           json_pack("{s:[n, s], s:[s?, s?], s:[s?, s?]}", "item", in->item, "note",
                                     json_text(before, "note"), in->note, "doneOn", was, on));
    json_decref(before);
    return c;
}

enum code review_step(struct ctx *ctx, struct answer *out)
{
    struct review_row review;
    struct review_step_input in = {0};
    enum code c = review_find(ctx, &review);
    if (!c)
        c = must_may(ctx, ACT_CHANGE_GROUP, review.group_key);
    if (!c)
        c = review_must_close(ctx, &review);
    if (!c)
        c = fields_read(ctx, review_step_fields, &in);
    if (!c)
        c = review_step_save(ctx, &review, &in, ctx->today);
    out->flash = N_("The checklist is saved.");
    if (!c)
        c = resource_created(ctx, &review_resource, review.id, out);
    out->see = arena_printf(ctx->arena, "/reviews/%s/closing", review.id);
    return c;
}

/* ---------------------------------------------------------------- the list */

#define CARRIED_OUT                                                                                \
    "\"key\" IN (SELECT n.key FROM initiative n JOIN plan np ON np.key = n.plan_key "              \
    "WHERE n.group_key = ?6"

static json_t *open_actions(struct ctx *ctx, long long group_key)
{
    struct fixed open = {.condition = "\"of_key\" = ?6 AND \"status\" = 'open'", .key = group_key};
    return resource_items(ctx, &action_resource, open);
}

/* What the group carries out in somebody's plan, this year's or a coming one's, and has not
 * finished; of what goes on from year to year, the last. */
static json_t *initiatives(struct ctx *ctx, long long group_key)
{
    struct fixed own = {.condition = CARRIED_OUT " AND np.year >= ?9 + 0 "
                                     "AND coalesce(n.progress, '') NOT IN ('done', 'stopped') "
                                     "AND NOT EXISTS (SELECT 1 FROM initiative nn "
                                     "WHERE nn.from_key = n.key))",
                        .key = group_key,
                        .from = arena_printf(ctx->arena, "%.4s", ctx->today)};
    return resource_items(ctx, &initiative_resource, own);
}

json_t *review_initiatives(struct ctx *ctx, long long group_key, int year)
{
    struct fixed own = {.condition = CARRIED_OUT " AND np.year = ?9 + 0)",
                        .key = group_key,
                        .from = arena_int(ctx->arena, year)};
    return resource_items(ctx, &initiative_resource, own);
}

enum code review_checklist(struct ctx *ctx, struct answer *out)
{
    struct review_row review;
    enum code c = review_find(ctx, &review);
    if (!c)
        c = must_may(ctx, ACT_SEE_DRAFTS, review.group_key);
    if (!c && strcmp(review.outcome, "close"))
        c = ctx_absent(ctx);
    if (c)
        return c;
    json_t *document = out->document = json_object();
    json_put(document, "reviewId", review.id);
    json_put(document, "groupId", review.group_id);
    json_put(document, "groupName",
             db_text(ctx->tx, "SELECT full_name FROM workgroup WHERE key = ?1", review.group_key));
    json_put_new(document, "steps", review_steps(ctx, review.key));
    json_put_new(document, "actions", open_actions(ctx, review.group_key));
    json_put_new(document, "initiatives", initiatives(ctx, review.group_key));
    review_put_people(ctx, document, review.group_key);
    return tx_code(ctx->tx);
}
