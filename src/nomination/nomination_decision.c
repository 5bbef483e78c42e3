/* nomination_decision.c: appointed, reserve, not appointed: one nomination or several together.
 *
 * Owns the gate before an appointment (R31) and what an appointment makes: the membership, by the
 * membership's own rules, and who is told. Decided in the name of a direct principal of the call's
 * group. What a group would hold with somebody in it is asked of the coverage. Must not know
 * pages. */
#include <string.h>
#include <kansli/coverage.h>
#include <kansli/group.h>
#include <kansli/membership.h>
#include "internal.h"

/* ---------------------------------------------------------------- what the person would bring */

static bool is_patient(const char *capacity)
{
    return !strcmp(capacity, "patient") || !strcmp(capacity, "nextOfKin");
}

/* A patient or next of kin whom a region nominates holds no seat for the region. */
static long long stands_for(const struct nomination_row *row)
{
    static const char *const areas[] = {"healthcareRegion", "region", "municipality",
                                        "countyNetwork"};
    for (size_t i = 0; row->nominator_type && i < LEN(areas); i++)
        if (is_patient(row->capacity) && !strcmp(row->nominator_type, areas[i]))
            return 0;
    return row->nominator_key;
}

/* Kept as JSON text. In the arena. */
static struct text_list competences_of(struct ctx *ctx, long long key)
{
    const char *text = db_text(ctx->tx, "SELECT competences FROM nomination WHERE key = ?1", key);
    json_t *list = text ? json_loads(text, 0, NULL) : NULL, *one;
    const char **items = arena_alloc(ctx->arena, (json_array_size(list) + 1) * sizeof *items);
    size_t i, n = json_array_size(list);
    json_array_foreach(list, i, one)
        items[i] = arena_strdup(ctx->arena, json_string_value(one));
    json_decref(list);
    return (struct text_list){n, items};
}

json_t *nomination_effect(struct ctx *ctx, const struct nomination_row *row, bool whole)
{
    static const char *const counts[] = {"covered", "partial", "missing"};
    struct text_list competences = competences_of(ctx, row->key);
    struct coverage_change change = {
        /* One role each: who sits already would leave that seat. */
        .without = db_int(ctx->tx, 0,
                          "SELECT m.key FROM membership m JOIN nomination n "
                          "ON n.person_key = m.person_key WHERE n.key = ?1 AND m.group_key = ?2 "
                          "AND m.start_date <= ?3 AND (m.end_date IS NULL OR m.end_date >= ?3)",
                          row->key, row->group_key, ctx->day),
        .with = true,
        .role = row->role,
        .capacity = row->capacity,
        .on_behalf_of = stands_for(row),
        .competences = competences.item,
        .competence_count = competences.n};
    json_t *coverage = coverage_of_group(ctx, row->group_key, &change);
    if (whole)
        return coverage;
    json_t *effect = json_object();
    for (size_t i = 0; i < LEN(counts); i++)
        json_put_int(effect, counts[i], json_int(coverage, counts[i], 0));
    json_decref(coverage);
    return effect;
}

/* ---------------------------------------------------------------- what is sent */

struct decision_input {
    const char *outcome, *role, *start_date, *end_date, *reason, *reference, *decisions;
};

const struct value nomination_outcomes[] = {
    {"appointed", NC_("nomination", "Appointed")},
    {"reserve", NC_("nomination", "Reserve")},
    {"notAppointed", NC_("nomination", "Not appointed")},
    {NULL, NULL},
};

#define DECISION(at)                                                                               \
    {.name = "outcome", .label = N_("Decision"), .type = T_ENUM, at(outcome),                      \
     .flags = F_REQUIRED, .values = nomination_outcomes},                                          \
        {.name = "role", .label = N_("Role"), .type = T_ENUM, at(role),                            \
         .values = membership_roles, .hint = N_("Left empty: as nominated.")},                     \
        {.name = "startDate", .label = N_("First day"), .type = T_DAY, at(start_date),             \
         .hint = N_("Left empty: today, or the group's first day when that is later.")},           \
        {.name = "endDate", .label = N_("Last day"), .type = T_DAY, at(end_date),                  \
         .hint = N_("Included. Empty as long as none is set.")},                                   \
        {.name = "reason", .label = N_("Reason"), .type = T_LINES, at(reason), .max = 1000,        \
         .hint = N_("Needed when somebody is not appointed. Read by the person, by who nominated " \
                    "and by those who decide.")},                                                  \
        {.name = "reference", .label = N_("The decision's number"), .type = T_TEXT,                \
         at(reference), .hint = N_("Or where it is found.")}
#define IN_STRUCT(member) .at = offsetof(struct decision_input, member)
#define IN_ROW(member) .at = 0

const struct field nomination_decision_fields[] = {DECISION(IN_STRUCT), {0}};

static const struct field decision_rows[] = {
    {.name = "nominationId", .label = N_("Nomination"), .type = T_UUID, .flags = F_REQUIRED},
    DECISION(IN_ROW),
    {0},
};

const struct field nomination_decisions_fields[] = {
    {.name = "decisions", .label = N_("Decisions"), .type = T_ROWS, IN_STRUCT(decisions),
     .flags = F_REQUIRED, .rows = decision_rows},
    {0},
};

/* ---------------------------------------------------------------- the rules */

static enum nomination_act act_of(const char *outcome)
{
    if (!strcmp(outcome, "appointed"))
        return NOMINATION_APPOINT;
    return !strcmp(outcome, "reserve") ? NOMINATION_RESERVE : NOMINATION_REFUSE;
}

bool nomination_may_decide(struct ctx *ctx, const struct nomination_row *row)
{
    bool open = !strcmp(row->state, "submitted") || !strcmp(row->state, "reserve");
    return open && !row->own && may(ctx, ACT_DECIDE_NOMINATION, row->group_key);
}

static enum code must_decide(struct ctx *ctx, const struct nomination_row *row)
{
    enum code c = must_may(ctx, ACT_DECIDE_NOMINATION, row->group_key);
    if (!c && row->own)
        c = ctx_fail(ctx, E_CONFLICT, "decider-is-self",
                     N_("Nobody decides on herself or himself. Another officer of the principal "
                        "does."));
    return c;
}

static enum code check_input(struct ctx *ctx, const struct decision_input *in)
{
    if (!strcmp(in->outcome, "notAppointed") && !in->reason)
        err_field(ctx->err, "/reason", N_("Say why the person is not appointed."), NULL);
    if (in->start_date && in->end_date && strcmp(in->end_date, in->start_date) < 0)
        err_field(ctx->err, "/endDate", N_("The last day comes before the first."), NULL);
    return ctx->err->code;
}

/* A refusal says which of the three lack (R31), and in words who must do what. */
static enum code complete(struct ctx *ctx, const struct nomination_row *row)
{
    static const char *const names[] = {"regionProcess", "employer", "declaration"};
    unsigned done = nomination_gates(ctx, row);
    if (done == (GATE_REGION | GATE_EMPLOYER | GATE_DECLARATION))
        return tx_code(ctx->tx);
    enum code c = err_setf(ctx->err, E_CONFLICT, "nomination-incomplete",
                           N_("Not everything is done yet. {what}"), "what",
                           nomination_lacks(ctx, row), NULL);
    for (unsigned i = 0; i < LEN(names); i++)
        if (!(done & 1u << i))
            err_missing(ctx->err, names[i]);
    return c;
}

/* ---------------------------------------------------------------- the membership */

static struct ref_value body_ref(struct ctx *ctx, long long key)
{
    return (struct ref_value){db_text(ctx->tx, "SELECT id FROM body WHERE key = ?1", key), key};
}

static const char *first_day(struct ctx *ctx, const struct nomination_row *row)
{
    const char *begins =
        db_text(ctx->tx, "SELECT start_date FROM workgroup WHERE key = ?1", row->group_key);
    return begins && strcmp(begins, ctx->today) > 0 ? begins : ctx->today;
}

/* Of patients and next of kin alone: with an organisation's mandate, or for themselves. */
static const char *speaks_for(const struct nomination_row *row)
{
    if (!is_patient(row->capacity))
        return NULL;
    return stands_for(row) ? "organisation" : "self";
}

static long long workload_of(struct ctx *ctx, long long key)
{
    return db_int(ctx->tx, NO_INT,
                  "SELECT workload_percent FROM nomination_check WHERE nomination_key = ?1 "
                  "AND name = 'employer' ORDER BY at DESC, key DESC LIMIT 1",
                  key);
}

struct term {
    const char *start, *end;
};

/* What decided, where nobody gave the decision a number: who and when. A principal that is closed
 * to others is not named in a membership that is open to them. */
static const char *reference_of(struct ctx *ctx, long long principal)
{
    const char *name = db_text(ctx->tx,
                               "SELECT full_name FROM workgroup WHERE key = ?1 "
                               "AND access_mode <> 'restricted'",
                               principal);
    return name ? arena_join(ctx->arena, name, ", ", ctx->today, NULL) : NULL;
}

static enum code appoint(struct ctx *ctx, const struct nomination_row *row, long long principal,
                         const struct decision_input *in, struct term *term)
{
    const char *id;
    long long key;
    struct appointment appointment = {
        .person = {db_text(ctx->tx, "SELECT id FROM person WHERE key = ?1", row->person_key),
                   row->person_key},
        .group = {row->group_id, row->group_key},
        .on_behalf_of = body_ref(ctx, stands_for(row)),
        .appointed_by = body_ref(ctx, principal),
        .role = in->role ? in->role : row->role,
        .capacity = row->capacity,
        .speaks_for = speaks_for(row),
        .start_date = in->start_date ? in->start_date : first_day(ctx, row),
        .end_date = in->end_date,
        .decision_reference = in->reference ? in->reference : reference_of(ctx, principal),
        .competences = competences_of(ctx, row->key),
        .workload = workload_of(ctx, row->key)};
    if (in->end_date && strcmp(in->end_date, appointment.start_date) < 0)
        return err_field(ctx->err, "/endDate", N_("The last day comes before the first."), NULL);
    enum code c = membership_appoint(ctx, &appointment, &id, &key, &term->end);
    term->start = appointment.start_date;
    return c ? c
             : db_run(ctx->tx,
                      "UPDATE nomination SET membership_key = ?2, role = ?3, support_told_at = ?4 "
                      "WHERE key = ?1",
                      row->key, key, appointment.role, tx_instant(ctx->tx));
}

/* ---------------------------------------------------------------- one decision */

static json_t *history_of(const struct nomination_row *row, const struct decision_input *in)
{
    json_t *changes = json_object();
    if (in->reference)
        json_put_new(changes, "decisionReference", json_pack("[n, s]", in->reference));
    if (in->reason)
        json_put_new(changes, "reason", json_pack("[n, s]", in->reason));
    if (in->role && strcmp(in->role, row->role))
        json_put_new(changes, "role", json_pack("[s, s]", row->role, in->role));
    return changes;
}

static enum code decide(struct ctx *ctx, struct nomination_row *row,
                        const struct decision_input *in)
{
    enum nomination_act act = act_of(in->outcome);
    struct term term = {0};
    long long principal = group_deciding_principal(ctx, row->group_key);
    enum code c = nomination_allows(ctx, row, act);
    if (!c && act == NOMINATION_APPOINT)
        c = complete(ctx, row);
    if (!c && act == NOMINATION_APPOINT)
        c = appoint(ctx, row, principal, in, &term);
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE nomination SET decided_at = ?2, decided_by_key = ?3, "
                   "decided_for_key = ?4, decision_reference = ?5, reason = ?6 WHERE key = ?1",
                   row->key, tx_instant(ctx->tx), KEY(ctx->actor->account_key), KEY(principal),
                   in->reference, in->reason);
    if (!c)
        c = nomination_move(ctx, row, act, history_of(row, in));
    if (!c && act == NOMINATION_APPOINT && in->role)
        row->role = in->role;
    return c ? c : nomination_tell_decided(ctx, row, act, term.start, term.end);
}

/* ---------------------------------------------------------------- patients together */

/* "Together with the others, at least two" (domain.md 2): said, not refused. */
static bool alone(struct ctx *ctx, long long group_key)
{
    return db_exists(ctx->tx,
                     "SELECT 1 FROM requirement q WHERE q.group_key = ?1 "
                     "AND q.capacity IN ('patient', 'nextOfKin') AND q.min_count > ("
                     "SELECT count(*) FROM membership m WHERE m.group_key = ?1 "
                     "AND m.capacity IN ('patient', 'nextOfKin') AND m.role IN " MEMBERSHIP_SEATS
                     " AND (m.end_date IS NULL OR m.end_date >= ?2))",
                     group_key, ctx->today);
}

static void warn(struct ctx *ctx, struct answer *out, bool patient, long long group_key)
{
    static const char said[] =
        N_("The decision is recorded. The group still has fewer patient or next-of-kin "
           "representatives than it asks for: appoint them together, so that nobody is alone.");
    if (!patient || !alone(ctx, group_key))
        return;
    out->flash = said;
    if (!out->document)
        return;
    json_t *warnings = json_array(), *warning = json_push(warnings, json_object());
    json_put(warning, "rule", "patients-together");
    json_put(warning, "message", ctx_text(ctx, said));
    ctx_embed(ctx, out->document, "warnings", warnings);
}

/* ---------------------------------------------------------------- the acts */

enum code nomination_decide(struct ctx *ctx, struct answer *out)
{
    struct nomination_row row;
    struct decision_input in = {0};
    enum code c = nomination_find(ctx, ctx_value(ctx, "id"), &row);
    if (!c)
        c = must_decide(ctx, &row);
    if (!c)
        c = fields_read(ctx, nomination_decision_fields, &in);
    if (!c)
        c = check_input(ctx, &in);
    if (!c)
        c = decide(ctx, &row, &in);
    if (c)
        return c;
    out->flash = N_("The decision is recorded.");
    c = resource_created(ctx, &nomination_resource, row.id, out);
    warn(ctx, out, is_patient(row.capacity) && !strcmp(row.state, "appointed"), row.group_key);
    return c;
}

struct call_batch {
    long long call_key;
    bool patient; /* one of them was appointed */
};

static enum code decide_row(struct ctx *ctx, const json_t *said, void *arg)
{
    struct call_batch *batch = arg;
    struct nomination_row row;
    struct decision_input in = {.outcome = json_text(said, "outcome"),
                                .role = json_text(said, "role"),
                                .start_date = json_text(said, "startDate"),
                                .end_date = json_text(said, "endDate"),
                                .reason = json_text(said, "reason"),
                                .reference = json_text(said, "reference")};
    enum code c = nomination_find(ctx, json_text(said, "nominationId"), &row);
    if (!c && row.call_key != batch->call_key)
        c = ctx_absent(ctx);
    if (!c)
        c = must_decide(ctx, &row);
    if (!c)
        c = check_input(ctx, &in);
    if (!c)
        c = decide(ctx, &row, &in);
    if (!c && is_patient(row.capacity) && !strcmp(row.state, "appointed"))
        batch->patient = true;
    return c;
}

static const struct batch decisions = {
    .member = "decisions",
    .absent = N_("There is no such nomination in this call."),
    .decide = decide_row,
};

enum code nomination_decide_many(struct ctx *ctx, struct answer *out)
{
    struct decision_input in = {0};
    struct call_row call;
    enum code c = call_find(ctx, ctx_value(ctx, "id"), &call);
    if (!c)
        c = must_may(ctx, ACT_DECIDE_NOMINATION, call.group_key);
    if (!c)
        c = fields_read(ctx, nomination_decisions_fields, &in);
    if (c)
        return c;
    struct call_batch batch = {.call_key = call.key};
    c = batch_decide(ctx, &decisions, in.decisions, &batch);
    if (c)
        return c;
    out->flash = N_("The decisions are recorded.");
    c = resource_created(ctx, &call_resource, call.id, out);
    out->see = arena_printf(ctx->arena, "/nomination-calls/%s/nominations", call.id);
    warn(ctx, out, batch.patient, call.group_key);
    return c;
}
