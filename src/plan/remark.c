/* remark.c: what a reviewer asks of a plan or of one of its initiatives, and what became of the
 * question.
 *
 * Owns the table plan_remark. Three hands write in one row, each its own part: the reviewer who
 * asked the text, until it is answered; the officers of the programme area the answer; reviewers
 * whether it is resolved. While the plan awaits its decision or has been returned. Must not know
 * pages. */
#include <string.h>
#include <kansli/mail.h>
#include "internal.h"

struct remark_input {
    struct ref_value initiative;
    const char *text, *answer;
    int resolved;
};

#define AT(member) offsetof(struct remark_input, member)

static const struct field remark_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "planId", .label = N_("Plan"), .type = T_REF, .flags = F_DERIVED,
     .reference = &plan_reference},
    {.name = "version", .label = N_("Version"), .type = T_INT, .flags = F_DERIVED | F_SORT,
     .hint = N_("The submission that was read.")},
    {.name = "initiativeId", .label = N_("Initiative"), .type = T_REF, .at = AT(initiative),
     .flags = F_CREATE | F_FILTER, .reference = &initiative_reference, .column = "initiative_key",
     .hint = N_("Left empty: about the plan as a whole.")},
    {.name = "initiativeTitle", .label = N_("Initiative"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "text", .label = N_("Remark"), .type = T_LINES, .at = AT(text),
     .flags = F_REQUIRED, .column = "text"},
    {.name = "answer", .label = N_("Answer"), .type = T_LINES, .at = AT(answer),
     .column = "answer"},
    {.name = "resolved", .label = N_("Resolved"), .type = T_BOOL, .at = AT(resolved),
     .flags = F_REQUIRED | F_FILTER, .column = "resolved", .fallback = "false"},
    {.name = "byName", .label = N_("Asked by"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "at", .label = N_("When"), .type = T_INSTANT, .flags = F_DERIVED | F_SORT},
    {0},
};

static void links(struct ctx *ctx, json_t *object)
{
    const char *state = json_text(object, "state_key");
    struct plan_row plan = {.group_key = json_int(object, "group_key", 0),
                            .kind = json_text(object, "kind_key")};
    if (strcmp(state, "submitted") && strcmp(state, "returned"))
        return;
    if (may(ctx, ACT_SUBMIT_PLAN, plan.group_key) || plan_may_review(ctx, &plan))
        ctx_link(ctx, object, "edit", "PATCH",
                 arena_printf(ctx->arena, "/plans/%s/remarks/%s", json_text(object, "planId"),
                              json_text(object, "id")));
    ctx->as_support = false; /* asked, not done */
}

const struct resource remark_resource = {
    .name = "remarks",
    .noun = N_("remark"),
    .table = "plan_remark",
    .select =
        "SELECT r.key AS \"key\", r.version AS \"version_key\", r.modified AS \"modified\", "
        "r.id AS \"id\", p.id AS \"planId\", p.key AS \"plan_key\", p.state AS \"state_key\", "
        "p.group_key AS \"group_key\", k.id AS \"kind_key\", "
        "r.number AS \"version\", i.id AS \"initiativeId\", i.title AS \"initiativeTitle\", "
        "r.text AS \"text\", r.answer AS \"answer\", r.resolved AS \"resolved\", "
        "CASE WHEN a.person_key IS NULL THEN coalesce(a.name, a.email) ELSE q.name END "
        "AS \"byName\", r.account_key AS \"by_key\", r.at AS \"at\" "
        "FROM plan_remark r JOIN plan p ON p.key = r.plan_key "
        "JOIN workgroup g ON g.key = p.group_key JOIN group_kind k ON k.key = g.kind_key "
        "LEFT JOIN initiative i ON i.key = r.initiative_key "
        "LEFT JOIN account a ON a.key = r.account_key "
        "LEFT JOIN person q ON q.key = a.person_key AND " PLAN_NAMED("q") " WHERE "
        ACCESS_PEOPLE_VISIBLE("g.access_mode", "g.key") " AND " PLAN_INSIDE("p.group_key"),
    .visible = "1 = 1", /* the select says it; so a tombstone is as hidden as its row was */
    .order = "\"at\", \"key\"",
    .size = sizeof(struct remark_input),
    .fields = remark_fields,
    .links = links,
    .within = "plans",
    .parent = "planId",
    .parent_column = "plan_key",
};

/* ---------------------------------------------------------------- asked */

static enum code must_be_talked_about(struct ctx *ctx, const struct plan_row *plan)
{
    if (!strcmp(plan->state, "submitted") || !strcmp(plan->state, "returned"))
        return OK;
    return ctx_fail(ctx, E_CONFLICT, "not-submitted",
                    N_("Remarks are made and answered between submission and approval."));
}

static enum code check_initiative(struct ctx *ctx, const struct plan_row *plan,
                                  const struct remark_input *in, enum code read)
{
    if (read && read != E_INPUT)
        return read;
    if (in->initiative.key &&
        !db_exists(ctx->tx, "SELECT 1 FROM initiative WHERE key = ?1 AND plan_key = ?2",
                   in->initiative.key, plan->key))
        err_field(ctx->err, "/initiativeId", N_("The plan has no such initiative."), NULL);
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
}

static const char *back(struct ctx *ctx, const struct plan_row *plan)
{
    return arena_printf(ctx->arena, "/plans/%s", plan->id);
}

enum code remark_make(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    struct remark_input in;
    long long key = 0;
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = plan_must_review(ctx, &plan);
    if (c)
        return c;
    c = check_initiative(ctx, &plan, &in, resource_read(ctx, &remark_resource, &in));
    if (!c && in.answer)
        c = err_field(ctx->err, "/answer", N_("The programme area answers."), NULL);
    if (!c)
        c = must_be_talked_about(ctx, &plan);
    if (c)
        return c;
    json_t *extra = json_object();
    json_put_int(extra, "plan_key", plan.key);
    json_put_int(extra, "number", plan.number);
    json_put(extra, "at", tx_instant(ctx->tx));
    if (ctx->actor->account_key)
        json_put_int(extra, "account_key", ctx->actor->account_key);
    c = resource_insert(ctx, &remark_resource, &in, NULL, extra, &key);
    json_decref(extra);
    out->flash = N_("The remark is made.");
    if (!c)
        c = resource_created(ctx, &remark_resource,
                             db_text(ctx->tx, "SELECT id FROM plan_remark WHERE key = ?1", key),
                             out);
    out->see = arena_printf(ctx->arena, "/plans/%s/review", plan.id); /* there is more to read */
    return c;
}

/* One mail a day about a plan, whatever number of remarks: they are read on its page. */
static enum code tell(struct ctx *ctx, const struct plan_row *plan)
{
    const char *places[] = {"group", plan->group_name, "year",
                            arena_int(ctx->arena, plan->year), NULL};
    struct mail mail = {
        .event = arena_printf(ctx->arena, "plans:%s:remarks:%s", plan->id, ctx->today),
        .kind = MAIL_REQUEST,
        .subject = N_("Questions about the plan of {group} for {year}"),
        .paragraphs = {N_("Those who decide the annual plan of {group} for {year} have asked about "
                          "it or remarked on it."),
                       N_("The remarks stand beside the rows that they are about. Answer them "
                          "there.")},
        .path = arena_printf(ctx->arena, "/plans/%s", plan->id),
        .action = N_("Read and answer"),
        .why = N_("You get this because you are an officer of {group}."),
        .places = places,
    };
    return mail_officers(ctx, plan->group_key, &mail);
}

enum code remark_create(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = remark_make(ctx, out);
    if (!c)
        c = plan_in_path(ctx, &plan);
    return c ? c : tell(ctx, &plan);
}

/* ---------------------------------------------------------------- answered, resolved */

static bool differs(const char *before, const char *after)
{
    return strcmp(before ? before : "", after ? after : "") != 0;
}

/* Each part of the row has its own hand. */
static enum code may_save(struct ctx *ctx, const struct plan_row *plan, const json_t *now,
                          const struct remark_input *in)
{
    bool own = json_int(now, "by_key", 0) == ctx->actor->account_key && ctx->actor->account_key;
    enum code c = OK;
    if (differs(json_text(now, "answer"), in->answer))
        c = must_may(ctx, ACT_SUBMIT_PLAN, plan->group_key);
    if (!c && (in->resolved == 1) != json_true_at(now, "resolved"))
        c = plan_must_review(ctx, plan);
    if (c || !differs(json_text(now, "text"), in->text))
        return c;
    if (!own)
        return ctx_fail(ctx, E_DENIED, "remark-of-another",
                        N_("A remark is worded by who made it."));
    return json_text(now, "answer")
               ? ctx_fail(ctx, E_CONFLICT, "remark-answered",
                          N_("The remark is answered: make a new one."))
               : OK;
}

static enum code must_take_part(struct ctx *ctx, const struct plan_row *plan)
{
    if (may(ctx, ACT_SUBMIT_PLAN, plan->group_key))
        return OK;
    return plan_must_review(ctx, plan);
}

enum code remark_change(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    struct remark_input in;
    struct edit edit = {0};
    const char *id = ctx_value(ctx, "remarkId");
    enum code c = plan_in_path(ctx, &plan);
    if (!c && !db_exists(ctx->tx, "SELECT 1 FROM plan_remark WHERE id = ?1 AND plan_key = ?2", id,
                         plan.key))
        c = ctx_absent(ctx);
    if (!c)
        c = must_take_part(ctx, &plan);
    ctx->as_support = false; /* what follows is asked of each part that changes */
    if (c)
        return c;
    c = resource_edit(ctx, &remark_resource, id, &edit, &in);
    if (!c)
        c = must_be_talked_about(ctx, &plan);
    if (!c)
        c = may_save(ctx, &plan, edit.now, &in);
    if (!c)
        c = resource_update(ctx, &remark_resource, &edit, &in, NULL);
    resource_edit_end(&edit);
    out->flash = N_("Noted.");
    if (!c)
        c = resource_changed(ctx, &remark_resource, id, out);
    out->see = back(ctx, &plan);
    return c;
}
