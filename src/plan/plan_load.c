/* plan_load.c: the loader's way in: plans of the worked example.
 *
 * Owns nothing: each plan is begun, submitted, decided and followed up as somebody would have done
 * it, so that every rule holds for the example too; only the days are set afterwards, and nobody is
 * written to. */
#include <string.h>
#include "internal.h"

/* Runs an act as a script would, on the object of its path (or NULL); *made gets the id of what it
 * answered with, when it is not NULL. */
static enum code run(struct ctx *ctx, handler *act, const char *id, json_t *body,
                     const char **made)
{
    static const char *const names[] = {"id"};
    struct params sent = {body, true};
    struct ctx then = *ctx;
    struct answer out = {0};
    then.body = &sent;
    then.names = id ? 1 : 0;
    then.name = names;
    then.value = &id;
    enum code c = act(&then, &out);
    if (!c && made)
        *made = arena_strdup(ctx->arena, json_text(out.document, "id"));
    json_decref(out.document);
    return c;
}

static const char *at_noon(struct ctx *ctx, const char *day)
{
    return arena_printf(ctx->arena, "%sT11:00:00.000Z", day);
}

/* {partOf: title} → {parentInitiativeId}: of the same year's plan of the group that this one
 * mirrors. */
static void name_parent(struct ctx *ctx, const struct plan_row *plan, json_t *row)
{
    const char *title = json_text(row, "partOf");
    if (title)
        json_put(row, "parentInitiativeId",
                 db_text(ctx->tx,
                         "SELECT i.id FROM initiative i JOIN plan p ON p.key = i.plan_key "
                         "JOIN workgroup g ON g.mirrors_key = p.group_key "
                         "WHERE g.key = ?1 AND p.year = ?2 AND i.title = ?3",
                         plan->group_key, plan->year, title));
    json_object_del(row, "partOf");
}

/* {gap: title} → {gapId}: of the group's own inventory. */
static void name_gap(struct ctx *ctx, const struct plan_row *plan, json_t *row)
{
    const char *title = json_text(row, "gap");
    if (title)
        json_put(row, "gapId",
                 db_text(ctx->tx, "SELECT id FROM gap WHERE group_key = ?1 AND title = ?2",
                         plan->group_key, title));
    json_object_del(row, "gap");
}

static enum code load_initiatives(struct ctx *ctx, const struct plan_row *plan, json_t *rows)
{
    enum code c = OK;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        name_parent(ctx, plan, row);
        name_gap(ctx, plan, row);
        if (!c)
            c = run(ctx, initiative_create, plan->id, row, NULL);
    }
    return c;
}

static enum code load_remarks(struct ctx *ctx, const char *id, json_t *rows)
{
    enum code c = OK;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        json_t *body = json_pack("{s:O}", "text", json_object_get(row, "text"));
        const char *made = NULL;
        if (!c)
            c = run(ctx, remark_make, id, body, &made);
        json_decref(body);
        if (!c)
            c = db_run(ctx->tx, "UPDATE plan_remark SET answer = ?2, resolved = ?3 WHERE id = ?1",
                       made, json_text(row, "answer"), json_true_at(row, "resolved"));
    }
    return c;
}

static enum code submit(struct ctx *ctx, struct plan_row *plan, const char *day)
{
    enum code c = plan_put_forward(ctx, plan);
    if (!c)
        c = db_run(ctx->tx, "UPDATE plan SET submitted_at = ?2 WHERE key = ?1", plan->key,
                   at_noon(ctx, day));
    return c ? c
             : db_run(ctx->tx,
                      "UPDATE plan_submission SET at = ?3 WHERE plan_key = ?1 AND number = ?2",
                      plan->key, plan->number, at_noon(ctx, day));
}

static struct ref_value person_at(struct ctx *ctx, const char *email)
{
    return (struct ref_value){
        email, email ? db_int(ctx->tx, 0, "SELECT key FROM person WHERE email = ?1", email) : 0};
}

/* {outcome, on, comment?, by?, presentedBy?, reference?} */
static enum code decide(struct ctx *ctx, struct plan_row *plan, const json_t *said)
{
    struct plan_decision_input in = {
        .outcome = json_text(said, "outcome"),
        .comment = json_text(said, "comment"),
        .decided_on = json_text(said, "on"),
        .reference = json_text(said, "reference"),
        .decided_by = person_at(ctx, json_text(said, "by")),
        .presented_by = person_at(ctx, json_text(said, "presentedBy")),
        .version = NO_INT,
    };
    return plan_settle(ctx, plan, &in);
}

/* {initiatives: [{title, progress, outcome?, deviation?}], summary?}: without a summary the year is
 * not over. */
static enum code follow_up(struct ctx *ctx, const struct plan_row *plan, const json_t *said)
{
    json_t *row, *rows = json_object_get(said, "initiatives");
    enum code c = OK;
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *one = db_text(ctx->tx,
                                  "SELECT id FROM initiative WHERE plan_key = ?1 AND title = ?2",
                                  plan->key, json_text(row, "title"));
        if (!c)
            c = initiative_settle(ctx, plan, one ? one : "", json_text(row, "progress"),
                                  json_text(row, "outcome"), json_text(row, "deviation"));
    }
    const char *summary = json_text(said, "summary");
    if (c || !summary)
        return c;
    json_t *body = json_pack("{s:s}", "summary", summary);
    c = run(ctx, plan_follow_up, plan->id, body, NULL);
    json_decref(body);
    return c;
}

static json_t *taken(json_t *row, const char *name)
{
    json_t *value = json_incref(json_object_get(row, name));
    json_object_del(row, name);
    return value;
}

enum code plan_load(struct ctx *ctx, const json_t *row)
{
    json_t *body = json_deep_copy(row), *initiatives = taken(body, "initiatives");
    json_t *versions = taken(body, "versions"), *follow = taken(body, "followed"), *one;
    const char *id = NULL;
    struct plan_row plan;
    size_t i;
    json_put_new(body, "groupId", taken(body, "group"));
    enum code c = run(ctx, plan_create, NULL, body, &id);
    c = c ? c : plan_find(ctx, id, &plan);
    c = c ? c : load_initiatives(ctx, &plan, initiatives);
    json_array_foreach(versions, i, one) {
        const json_t *decision = json_object_get(one, "decision");
        c = c ? c : submit(ctx, &plan, json_text(one, "on"));
        c = c ? c : load_remarks(ctx, id, json_object_get(one, "remarks"));
        if (!c && decision)
            c = decide(ctx, &plan, decision);
    }
    if (!c && follow)
        c = follow_up(ctx, &plan, follow);
    json_decref(body);
    json_decref(initiatives);
    json_decref(versions);
    json_decref(follow);
    return c;
}
