/* link_pages.c: the pages that somebody without an account opens by a link: the nominee's and the
 * employer's.
 *
 * Owns what they say and where an answer leads. A token stands in the address alone: pages that
 * hold one are kept nowhere, and log lines name the route. Knows no SQL and no rule. */
#include <string.h>
#include <kansli/account.h>
#include <kansli/mandate.h>
#include "internal.h"
#include "pages.h"

/* ---------------------------------------------------------------- the nominee's fields */

struct candidate_input {
    const char *answer, *publish, *reason;
};

static const struct value publish_choices[] = {
    {"yes", NC_("publish", "Yes, it may be shown")},
    {"no", NC_("publish", "No, only to those who work with the group")},
    {"later", NC_("publish", "I decide later")},
    {NULL, NULL},
};

const struct field candidate_fields[] = {
    {.name = "answer",
     .label = N_("Your answer"),
     .type = T_ENUM,
     .at = offsetof(struct candidate_input, answer),
     .flags = F_REQUIRED,
     .values = nomination_answers},
    {.name = "publishName",
     .label = N_("May your name be shown to everyone?"),
     .type = T_ENUM,
     .at = offsetof(struct candidate_input, publish),
     .values = publish_choices},
    {.name = "reason",
     .label = N_("Why not"),
     .type = T_LINES,
     .at = offsetof(struct candidate_input, reason),
     .max = 1000},
    {0},
};

/* ---------------------------------------------------------------- what both pages tell */

/* The share of full time that the mandate in force counts on for the role; NULL when it says
 * nothing, or when the group is not for everyone to read of. */
static json_t *share_of(struct ctx *ctx, const struct nomination_row *row)
{
    json_t *mandate = mandate_in_force(ctx, row->group_key);
    const char *name = !strcmp(row->role, "chair")           ? "chairPercent"
                       : !strcmp(row->role, "processLeader") ? "processLeaderPercent"
                                                             : "memberPercent";
    json_t *share = json_object_get(json_object_get(mandate, "resourceEstimate"), name);
    json_incref(share);
    json_decref(mandate);
    return share;
}

static json_t *begin(struct ctx *ctx, const char *purpose, struct nomination_link *link,
                     struct answer *out)
{
    if (nomination_link_find(ctx, purpose, ctx_value(ctx, "token"), link))
        return NULL;
    json_t *document = nomination_link_view(ctx, link);
    if (!document)
        return NULL;
    json_put_new(document, "sharePercent", share_of(ctx, &link->row));
    out->document = document;
    out->personal = true;
    return document;
}

static enum code refused(struct ctx *ctx)
{
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- the nominee's page */

struct step {
    const char *label;
    bool done;
};

/* What is done and what comes, in the order in which it usually does; the first that is not done is
 * the present one. */
static json_t *steps_of(struct ctx *ctx, const struct nomination_link *link, bool answered)
{
    unsigned gates = nomination_gates(ctx, &link->row);
    const struct step steps[] = {
        {N_("You are nominated"), true},
        {N_("You answer"), answered},
        {N_("The nominating organisation's own process"), gates & GATE_REGION},
        {N_("Your employer approves"), gates & GATE_EMPLOYER},
        {N_("You declare your interests, and they are reviewed"), gates & GATE_DECLARATION},
        {N_("The decision"), false},
    };
    json_t *list = json_array();
    bool met = false;
    for (size_t i = 0; i < LEN(steps); i++) {
        json_t *step = json_push(list, json_object());
        json_put(step, "label", ctx_text(ctx, steps[i].label));
        json_put_bool(step, "done", steps[i].done);
        json_put_bool(step, "now", !steps[i].done && !met);
        met = met || !steps[i].done;
    }
    return list;
}

static const char *way_word(enum account_way way)
{
    return way == ACCOUNT_INVITES ? "invites" : way == ACCOUNT_LOGS_IN ? "logsIn" : "taken";
}

static json_t *choices_of(struct ctx *ctx)
{
    const char *typed = json_text(ctx->body->values, "publishName");
    json_t *list = json_array();
    for (const struct value *one = publish_choices; one->code; one++) {
        json_t *choice = json_push(list, json_object());
        json_put(choice, "value", one->code);
        json_put(choice, "label", ctx_text(ctx, one->label));
        json_put_bool(choice, "selected", !strcmp(typed ? typed : "later", one->code));
    }
    return list;
}

enum code candidate_page(struct ctx *ctx, struct answer *out)
{
    struct nomination_link link;
    json_t *document = begin(ctx, "answer", &link, out);
    if (!document)
        return refused(ctx);
    bool asked = json_is_null(json_object_get(document, "publishName"));
    bool answered = json_text(document, "answer") != NULL;
    const char *reason = json_text(ctx->body->values, "reason");
    json_put_new(document, "steps", steps_of(ctx, &link, answered));
    json_put_new(document, "choices", asked && !answered ? choices_of(ctx) : json_array());
    json_put(document, "way",
             way_word(account_way_in(ctx, link.row.person_key, link.address)));
    json_put(document, "address", link.address);
    json_put(document, "reason", reason ? reason : "");
    json_put(document, "action", ctx->path);
    json_put_new(document, "form", resource_form(ctx, candidate_fields, NULL, ctx->path, ""));
    out->title = ctx_textf(ctx, N_("You are nominated to {group}"), "group",
                           json_text(document, "groupName"), NULL);
    out->view = "nomination/candidate";
    return tx_code(ctx->tx);
}

/* A login is needed to declare one's interests: whoever has none is led to one. */
static enum code lead_on(struct ctx *ctx, const struct nomination_link *link, struct answer *out)
{
    switch (account_way_in(ctx, link->row.person_key, link->address)) {
    case ACCOUNT_INVITES:
        out->flash =
            N_("Thank you for your yes. Choose a password now: when you have logged in, you "
               "declare your interests.");
        return account_invite(ctx, link->row.person_key, link->address, &out->location);
    case ACCOUNT_LOGS_IN:
        out->flash = N_("Thank you for your yes. Log in now to declare your interests.");
        out->location = "/login?next=/declarations/new";
        return OK;
    case ACCOUNT_TAKEN:
        break;
    }
    out->location = ctx->path;
    return nomination_link_stuck(ctx, link);
}

static enum code note(struct ctx *ctx, struct nomination_link *link,
                      const struct candidate_input *in)
{
    bool yes = !strcmp(in->answer, "yes"), says = in->publish && strcmp(in->publish, "later");
    enum code c = nomination_note_answer(ctx, &link->row, yes, yes ? NULL : in->reason);
    if (!c && yes && says)
        c = person_publish(ctx, link->row.person_key, !strcmp(in->publish, "yes"));
    return c;
}

/* Once: the same answer again leads where it led, another one is refused. */
enum code candidate_answer(struct ctx *ctx, struct answer *out)
{
    struct nomination_link link;
    struct candidate_input in = {0};
    enum code c = nomination_link_find(ctx, "answer", ctx_value(ctx, "token"), &link);
    if (!c)
        c = fields_read(ctx, candidate_fields, &in);
    if (c)
        return c;
    json_t *now = nomination_link_view(ctx, &link);
    const char *given = json_text(now, "answer");
    bool same = given && !strcmp(given, in.answer);
    if (!given)
        c = note(ctx, &link, &in);
    else if (!same)
        c = ctx_fail(ctx, E_CONFLICT, "already-answered",
                     N_("You have answered already. If you have changed your mind, tell whoever "
                        "nominated you."));
    json_decref(now);
    if (c)
        return c;
    out->location = ctx->path;
    if (!strcmp(in.answer, "yes"))
        return lead_on(ctx, &link, out);
    out->flash = N_("Thank you for your answer. The nomination is withdrawn.");
    return OK;
}

/* ---------------------------------------------------------------- the employer's page */

struct employer_input {
    const char *outcome, *name, *reason;
    long long workload;
};

static const struct value employer_outcomes[] = {
    {"approved", NC_("employer", "Yes, I approve")},
    {"declined", NC_("employer", "No, not now")},
    {NULL, NULL},
};

const struct field employer_fields[] = {
    {.name = "outcome",
     .label = N_("Your decision"),
     .type = T_ENUM,
     .at = offsetof(struct employer_input, outcome),
     .flags = F_REQUIRED,
     .values = employer_outcomes},
    {.name = "name",
     .label = N_("Your name"),
     .type = T_TEXT,
     .at = offsetof(struct employer_input, name),
     .flags = F_REQUIRED,
     .max = 100,
     .hint = N_("It is recorded with your answer.")},
    {.name = "workloadPercent",
     .label = N_("Share of full time that you give, per cent"),
     .type = T_INT,
     .at = offsetof(struct employer_input, workload),
     .max = 100},
    {.name = "reason",
     .label = N_("Anything to add"),
     .type = T_LINES,
     .at = offsetof(struct employer_input, reason),
     .flags = F_WIDE,
     .max = 1000,
     .hint = N_("Read by the person, by whoever nominated and by those who decide. Nothing about "
                "health.")},
    {0},
};

enum code employer_page(struct ctx *ctx, struct answer *out)
{
    struct nomination_link link;
    json_t *document = begin(ctx, "employer", &link, out);
    if (!document)
        return refused(ctx);
    json_t *known = json_pack("{s:s?}", "name", link.name);
    json_put_new(document, "form",
                 resource_form(ctx, employer_fields, known, ctx->path,
                               ctx_text(ctx, N_("Send the answer"))));
    json_decref(known);
    out->title = ctx_text(ctx, N_("Approval by the employer"));
    out->view = "nomination/employer";
    return tx_code(ctx->tx);
}

/* The link is used: there is no page to lead back to, so this one says thank you itself. */
enum code employer_answer(struct ctx *ctx, struct answer *out)
{
    struct nomination_link link;
    struct employer_input in = {0};
    enum code c = nomination_link_find(ctx, "employer", ctx_value(ctx, "token"), &link);
    if (!c)
        c = fields_read(ctx, employer_fields, &in);
    if (!c)
        c = nomination_note_employer(ctx, &link.row, in.outcome, in.name, in.workload, in.reason);
    if (!c)
        c = nomination_link_use(ctx, &link);
    if (c)
        return c;
    out->document = json_object();
    json_put(out->document, "groupName", link.row.group_name);
    json_put_bool(out->document, "approved", !strcmp(in.outcome, "approved"));
    out->personal = true;
    out->title = ctx_text(ctx, N_("Thank you"));
    return OK;
}
