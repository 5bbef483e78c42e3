/* plan_decide.c: a plan is approved or returned, alone or with others, and flagged for the meeting.
 *
 * Owns who decides (the steering group for NPO and NSG, else an officer of a direct principal, else
 * the coordinator of the area; nobody the plan of a group of one's own) and the five facts of a
 * decision (domain.md 2): the day, what was decided, by whom, who presented it, who took part
 * without deciding. A decision says which version it is about when others may be about; one that a
 * later submission has overtaken is refused. Must not know pages. */
#include <string.h>
#include <kansli/crypt.h>
#include <kansli/mail.h>
#include <kansli/organisation.h>
#include "internal.h"

const struct value plan_outcomes[] = {
    {"approved", NC_("plan", "Approved")},
    {"returned", NC_("plan", "Returned")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- who */

static bool is_national(const struct plan_row *plan)
{
    return !strcmp(plan->kind, "npo") || !strcmp(plan->kind, "nsg");
}

static enum act act_of(struct ctx *ctx, const struct plan_row *plan)
{
    if (is_national(plan))
        return ACT_DECIDE_NATIONAL_PLAN;
    bool commissioned = db_exists(ctx->tx,
                                  "SELECT 1 FROM group_principal WHERE group_key = ?1 "
                                  "AND start_date <= ?2 AND (end_date IS NULL OR end_date >= ?2)",
                                  plan->group_key, ctx->today);
    return commissioned ? ACT_DECIDE_PLAN : ACT_DECIDE_FREE_PLAN;
}

static bool is_own(struct ctx *ctx, const struct plan_row *plan)
{
    return (access_to_group(ctx, plan->group_key) & (WHO_MEMBER | WHO_OFFICER)) != 0;
}

bool plan_may_review(struct ctx *ctx, const struct plan_row *plan)
{
    return !is_own(ctx, plan) && may(ctx, act_of(ctx, plan), plan->group_key);
}

enum code plan_must_review(struct ctx *ctx, const struct plan_row *plan)
{
    enum code c = must_may(ctx, act_of(ctx, plan), plan->group_key);
    if (!c && is_own(ctx, plan))
        c = ctx_fail(ctx, E_CONFLICT, "plan-of-own-group",
                     N_("Who is in the group takes no part in deciding its plan. Somebody else "
                        "does."));
    return c;
}

enum code plan_must_wait(struct ctx *ctx, const struct plan_row *plan)
{
    if (!strcmp(plan->state, "submitted"))
        return OK;
    return ctx_fail(ctx, E_CONFLICT, "not-submitted",
                    N_("The plan does not await a decision."));
}

/* ---------------------------------------------------------------- what is sent */

#define AT(member) offsetof(struct plan_decision_input, member)
#define OUTCOME(place, text)                                                                       \
    {.name = "outcome", .label = N_("Decision"), .type = T_ENUM, .at = place,                      \
     .flags = F_REQUIRED, .values = plan_outcomes},                                                \
        {.name = "comment", .label = N_("Comment"), .type = T_LINES, .at = text,                   \
         .hint = N_("Needed when the plan is returned: what should be changed.")}
#define FACTS                                                                                      \
    {.name = "decidedOn", .label = N_("Decided"), .type = T_DAY, .at = AT(decided_on),             \
     .hint = N_("Left empty: today.")},                                                            \
        {.name = "decidedById", .label = N_("Decided by"), .type = T_REF, .at = AT(decided_by),    \
         .reference = &person_reference, .hint = N_("Left empty: you.")},                          \
        {.name = "presentedById", .label = N_("Presented by"), .type = T_REF,                      \
         .at = AT(presented_by), .reference = &person_reference},                                  \
        {.name = "present", .label = N_("Took part without deciding"), .type = T_LINES,            \
         .at = AT(present), .max = 1000},                                                          \
        {.name = "reference", .label = N_("The decision's number"), .type = T_TEXT,                \
         .at = AT(reference), .hint = N_("§ or diary number.")}

const struct field plan_decision_fields[] = {
    OUTCOME(AT(outcome), AT(comment)),
    FACTS,
    {.name = "version", .label = N_("Version"), .type = T_INT, .at = AT(version),
     .hint = N_("The one that was read: a decision about another than the last is refused.")},
    {0},
};

static const struct field decision_rows[] = {
    {.name = "planId", .label = N_("Plan"), .type = T_UUID, .flags = F_REQUIRED},
    {.name = "version", .label = N_("Version"), .type = T_INT},
    OUTCOME(0, 0),
    {0},
};

const struct field plan_decisions_fields[] = {
    {.name = "decisions", .label = N_("Decisions"), .type = T_ROWS, .at = AT(decisions),
     .flags = F_REQUIRED, .rows = decision_rows},
    FACTS,
    {0},
};

static enum code check_facts(struct ctx *ctx, struct plan_decision_input *in)
{
    if (in->decided_on && strcmp(in->decided_on, ctx->today) > 0)
        err_field(ctx->err, "/decidedOn", N_("A decision is recorded when it is made."), NULL);
    if (!in->decided_on)
        in->decided_on = ctx->today;
    if (!in->decided_by.key && !ctx->as_support)
        in->decided_by.key = ctx->actor->person_key;
    return ctx->err->code;
}

/* ---------------------------------------------------------------- decided */

static enum code keep(struct ctx *ctx, const struct plan_row *plan,
                      const struct plan_decision_input *in)
{
    char id[UUID_SIZE];
    crypt_uuid(id);
    enum code c =
        db_run(ctx->tx,
               "INSERT INTO plan_decision (id, plan_key, number, principal_key, outcome, comment, "
               "decided_on, decided_by_key, presented_by_key, present, reference, at, account_key) "
               "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
               (const char *)id, plan->key, plan->number,
               KEY(group_deciding_principal(ctx, plan->group_key)), in->outcome, in->comment,
               in->decided_on, KEY(in->decided_by.key), KEY(in->presented_by.key), in->present,
               in->reference, tx_instant(ctx->tx), KEY(ctx->actor->account_key));
    return c ? c
             : db_run(ctx->tx,
                      "UPDATE plan SET decided_on = CASE WHEN ?2 = 'approved' THEN ?3 END, "
                      "flagged = 0 WHERE key = ?1",
                      plan->key, in->outcome, in->decided_on);
}

static enum code tell(struct ctx *ctx, const struct plan_row *plan)
{
    bool approved = !strcmp(plan->state, "approved");
    const char *year = arena_printf(ctx->arena, "%lld", plan->year);
    const char *places[] = {"group", plan->group_name, "year", year, NULL};
    struct mail mail = {
        .event = arena_printf(ctx->arena, "plans:%s:decided:%lld", plan->id, plan->number),
        .kind = MAIL_NOTICE,
        .subject = approved ? N_("The plan of {group} for {year} is approved")
                            : N_("The plan of {group} for {year} is returned"),
        .paragraphs = {approved
                           ? N_("The annual plan of {group} for {year} is approved, and public.")
                           : N_("The annual plan of {group} for {year} is returned with a comment. "
                                "Change it and submit it again.")},
        .path = arena_printf(ctx->arena, "/plans/%s", plan->id),
        .action = N_("See the plan"),
        .why = N_("You get this because you are an officer of {group}."),
        .places = places,
    };
    return mail_officers(ctx, plan->group_key, &mail);
}

static json_t *history_of(const struct plan_decision_input *in)
{
    json_t *changes = json_pack("{s:[n, s]}", "decidedOn", in->decided_on);
    if (in->comment)
        json_put_new(changes, "comment", json_pack("[n, s]", in->comment));
    if (in->reference)
        json_put_new(changes, "reference", json_pack("[n, s]", in->reference));
    return changes;
}

enum code plan_settle(struct ctx *ctx, struct plan_row *plan,
                      const struct plan_decision_input *in)
{
    bool approved = !strcmp(in->outcome, "approved");
    enum code c = plan_must_wait(ctx, plan);
    if (!c && in->version != NO_INT && in->version != plan->number)
        c = ctx_fail(ctx, E_CONFLICT, "plan-superseded",
                     N_("The plan was submitted again meanwhile. Read the version that awaits a "
                        "decision now."));
    if (!c && !approved && !in->comment)
        c = err_field(ctx->err, "/comment", N_("Say what should be changed."), NULL);
    if (!c)
        c = keep(ctx, plan, in);
    if (!c)
        c = plan_move(ctx, plan, in->outcome, approved ? "approve" : "return", history_of(in));
    return c;
}

enum code plan_decide(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    struct plan_decision_input in = {.version = NO_INT};
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = plan_must_review(ctx, &plan);
    if (!c)
        c = fields_read(ctx, plan_decision_fields, &in);
    if (!c)
        c = check_facts(ctx, &in);
    if (!c)
        c = plan_settle(ctx, &plan, &in);
    if (!c)
        c = tell(ctx, &plan);
    out->flash = !c && !strcmp(plan.state, "approved") ? N_("The plan is approved.")
                                                       : N_("The plan is returned.");
    return c ? c : resource_created(ctx, &plan_resource, plan.id, out);
}

/* ---------------------------------------------------------------- several together */

struct desk_batch {
    const struct plan_decision_input *facts; /* the same for all */
    const struct plan_desk *desk;
};

static enum code decide_row(struct ctx *ctx, const json_t *said, void *arg)
{
    const struct desk_batch *batch = arg;
    struct plan_row plan;
    struct plan_decision_input in = *batch->facts;
    in.outcome = json_text(said, "outcome");
    in.comment = json_text(said, "comment");
    in.version = json_int(said, "version", NO_INT);
    enum code c = plan_find(ctx, json_text(said, "planId"), &plan);
    if (!c && !plan_desk_has(ctx, batch->desk, plan.group_key))
        c = ctx_absent(ctx);
    if (!c)
        c = plan_must_review(ctx, &plan);
    if (!c)
        c = plan_settle(ctx, &plan, &in);
    return c ? c : tell(ctx, &plan);
}

static const struct batch decisions = {
    .member = "decisions",
    .absent = N_("No such plan comes in here."),
    .decide = decide_row,
};

enum code plan_decide_many(struct ctx *ctx, struct answer *out)
{
    struct plan_decision_input in = {0};
    struct plan_desk desk;
    enum code c = plan_desk_in_path(ctx, out, &desk);
    if (c || !desk.key)
        return c;
    c = plan_desk_must_decide(ctx, &desk);
    if (!c)
        c = fields_read(ctx, plan_decisions_fields, &in);
    if (!c)
        c = check_facts(ctx, &in);
    if (!c)
        c = batch_decide(ctx, &decisions, in.decisions, &(struct desk_batch){&in, &desk});
    out->flash = N_("The decisions are recorded.");
    return c ? c
             : resource_created(ctx, desk.is_area ? &organisation_resource : &group_resource,
                                desk.id, out);
}

/* ---------------------------------------------------------------- for the meeting */

struct flag_input {
    int flagged;
};

const struct field plan_flag_fields[] = {
    {.name = "flagged", .label = N_("For the meeting"), .type = T_BOOL,
     .at = offsetof(struct flag_input, flagged), .flags = F_REQUIRED},
    {0},
};

enum code plan_flag(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    struct flag_input in = {0};
    enum code c = plan_in_path(ctx, &plan);
    if (!c)
        c = plan_must_review(ctx, &plan);
    if (!c)
        c = fields_read(ctx, plan_flag_fields, &in);
    if (!c)
        c = plan_must_wait(ctx, &plan);
    if (!c)
        c = db_run(ctx->tx, "UPDATE plan SET flagged = ?2 WHERE key = ?1 AND flagged <> ?2",
                   plan.key, in.flagged);
    if (!c && tx_changed(ctx->tx))
        c = resource_touch(ctx, &plan_resource, plan.key, plan.id, "update",
                           json_pack("{s:[b, b]}", "flagged", !in.flagged, in.flagged));
    out->flash = in.flagged == 1 ? N_("The plan is taken up at the meeting.")
                                 : N_("The plan is not taken up at the meeting.");
    return c ? c : resource_created(ctx, &plan_resource, plan.id, out);
}

/* ---------------------------------------------------------------- read */

json_t *plan_decisions(struct ctx *ctx, const struct plan_row *plan, bool inside)
{
    json_t *row, *rows = db_rows(
        ctx->tx,
        "SELECT d.number AS \"version\", d.outcome AS \"outcome\", d.comment AS \"comment\", "
        "d.decided_on AS \"decidedOn\", wb.id AS \"principalId\", "
        "w.full_name AS \"principalName\", "
        "p.id AS \"decidedById\", p.name AS \"decidedByName\", r.id AS \"presentedById\", "
        "r.name AS \"presentedByName\", d.present AS \"present\", d.reference AS \"reference\" "
        "FROM plan_decision d LEFT JOIN workgroup w ON w.key = d.principal_key AND "
        ACCESS_GROUP_VISIBLE("w.access_mode", "w.key") " LEFT JOIN body wb ON wb.key = w.key "
        "LEFT JOIN person p ON p.key = d.decided_by_key AND " PLAN_NAMED("p")
        " LEFT JOIN person r ON r.key = d.presented_by_key AND " PLAN_NAMED("r")
        " WHERE d.plan_key = ?5 AND (?6 = 1 OR d.outcome = 'approved') ORDER BY d.key",
        PLAN_ARGS(ctx, plan->key, inside));
    size_t i;
    json_array_foreach(rows, i, row) {
        json_put(row, "outcomeLabel", value_label(ctx, plan_outcomes, json_text(row, "outcome")));
        if (inside)
            continue;
        json_object_del(row, "comment");
        json_object_del(row, "present");
    }
    return rows;
}
