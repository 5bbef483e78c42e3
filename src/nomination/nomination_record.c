/* nomination_record.c: what is noted of the checks before a decision (R31): the nominating
 * organisation's own process, the employer's approval, that one of them is not applicable.
 *
 * Owns the table nomination_check: everything that was said stays, the last word on each counts.
 * Who may: the coordinator of the nominating organisation; of a self-nomination, which nobody
 * nominated, the coordinator of the person's employer or of what the employer belongs to. The third
 * check is the declaration's own (declaration.h). Must not know pages. */
#include <string.h>
#include <kansli/declaration.h>
#include "internal.h"

/* ---------------------------------------------------------------- who may */

/* A self-nomination is vouched for where the person works. */
static unsigned stands(struct ctx *ctx, const struct nomination_row *row)
{
    if (row->nominator_key)
        return access_to_organisation(ctx, row->nominator_key);
    unsigned is = access_to_group(ctx, 0);
    for (int a = 0; a < ctx->actor->areas; a++)
        if (db_exists(ctx->tx,
                      "SELECT 1 FROM person p JOIN organisation o ON o.key = p.employer_key "
                      "WHERE p.key = ?1 AND (o.key = ?2 OR o.parent_key = ?2)",
                      row->person_key, ctx->actor->area[a]))
            is |= WHO_COORDINATOR_OF;
    return is;
}

static bool is_patient(const struct nomination_row *row)
{
    return !strcmp(row->capacity, "patient") || !strcmp(row->capacity, "nextOfKin");
}

static bool open_for_checks(const struct nomination_row *row)
{
    return !strcmp(row->state, "submitted") || !strcmp(row->state, "reserve");
}

bool nomination_may_record(struct ctx *ctx, const struct nomination_row *row)
{
    return open_for_checks(row) &&
           (ctx->actor->everything ||
            (ctx->actor->account_key && may_as(ctx, ACT_RECORD_CHECK, stands(ctx, row))));
}

bool nomination_may_exempt(struct ctx *ctx, const struct nomination_row *row)
{
    return is_patient(row) && nomination_may_record(ctx, row);
}

/* ---------------------------------------------------------------- noted */

struct said { /* of one check */
    const char *check, *outcome, *by_name, *reason;
    long long workload;
};

static enum code note(struct ctx *ctx, struct nomination_row *row, const struct said *said)
{
    const char *before = db_text(ctx->tx,
                                 "SELECT outcome FROM nomination_check WHERE nomination_key = ?1 "
                                 "AND name = ?2 ORDER BY at DESC, key DESC LIMIT 1",
                                 row->key, said->check);
    enum code c =
        db_run(ctx->tx,
               "INSERT INTO nomination_check (nomination_key, name, outcome, by_name, account_key, "
               "reason, at, workload_percent) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, ?9))",
               row->key, said->check, said->outcome, said->by_name, KEY(ctx->actor->account_key),
               said->reason, tx_instant(ctx->tx), said->workload, NO_INT);
    if (c)
        return c;
    json_t *changes = json_object();
    json_put_new(changes, arena_printf(ctx->arena, "checks.%s", said->check),
                 json_pack("[s?, s]", before, said->outcome));
    return nomination_move(ctx, row, NOMINATION_CHECK, changes);
}

/* The nomination of the path, when the caller may record and it stands so that there is something
 * to record. */
static enum code find(struct ctx *ctx, struct nomination_row *row)
{
    enum code c = nomination_find(ctx, ctx_value(ctx, "id"), row);
    if (!c)
        c = must_may_as(ctx, ACT_RECORD_CHECK, stands(ctx, row));
    return c ? c : nomination_allows(ctx, row, NOMINATION_CHECK);
}

static enum code noted(struct ctx *ctx, const struct nomination_row *row, struct answer *out)
{
    out->flash = N_("Noted.");
    return resource_created(ctx, &nomination_resource, row->id, out);
}

/* ---------------------------------------------------------------- what is sent */

struct record_input {
    const char *outcome, *reason, *name, *check;
    long long workload;
};
#define AT(member) offsetof(struct record_input, member)

static const struct value outcomes[] = {
    {"approved", NC_("check", "Approved")},
    {"declined", NC_("check", "Declined")},
    {NULL, NULL},
};

static const struct value checks[] = {
    {"regionProcess", N_("The nominating organisation's own process")},
    {"employer", N_("The employer's approval")},
    {NULL, NULL},
};

#define OUTCOME                                                                                    \
    {.name = "outcome", .label = N_("Outcome"), .type = T_ENUM, .at = AT(outcome),                 \
     .flags = F_REQUIRED, .values = outcomes}

const struct field nomination_region_fields[] = {
    OUTCOME,
    {.name = "reason", .label = N_("Reason"), .type = T_LINES, .at = AT(reason), .max = 1000,
     .hint = N_("Read by the person, by who nominated and by those who decide.")},
    {0},
};

const struct field nomination_employer_fields[] = {
    OUTCOME,
    {.name = "name", .label = N_("The manager's name"), .type = T_TEXT, .at = AT(name),
     .flags = F_REQUIRED, .max = 100},
    {.name = "workloadPercent", .label = N_("Share of full time, per cent"), .type = T_INT,
     .at = AT(workload), .max = 100, .hint = N_("The working time that the employer gives.")},
    {0},
};

const struct field nomination_exemption_fields[] = {
    {.name = "check", .label = N_("What is not applicable"), .type = T_ENUM, .at = AT(check),
     .flags = F_REQUIRED, .values = checks},
    {.name = "reason", .label = N_("Reason"), .type = T_LINES, .at = AT(reason),
     .flags = F_REQUIRED, .max = 1000, .hint = N_("Nothing about health.")},
    {0},
};

/* ---------------------------------------------------------------- the acts */

enum code nomination_approve_region(struct ctx *ctx, struct answer *out)
{
    struct nomination_row row;
    struct record_input in = {0};
    enum code c = find(ctx, &row);
    if (!c)
        c = fields_read(ctx, nomination_region_fields, &in);
    if (!c)
        c = note(ctx, &row, &(struct said){.check = "regionProcess", .outcome = in.outcome,
                                           .reason = in.reason, .workload = NO_INT});
    return c ? c : noted(ctx, &row, out);
}

enum code nomination_approve_employer(struct ctx *ctx, struct answer *out)
{
    struct nomination_row row;
    struct record_input in = {0};
    enum code c = find(ctx, &row);
    if (!c)
        c = fields_read(ctx, nomination_employer_fields, &in);
    if (!c)
        c = note(ctx, &row, &(struct said){.check = "employer", .outcome = in.outcome,
                                           .by_name = in.name, .workload = in.workload});
    return c ? c : noted(ctx, &row, out);
}

enum code nomination_note_employer(struct ctx *ctx, struct nomination_row *row,
                                   const char *outcome, const char *name, long long workload,
                                   const char *reason)
{
    enum code c = nomination_allows(ctx, row, NOMINATION_CHECK);
    return c ? c
             : note(ctx, row, &(struct said){.check = "employer", .outcome = outcome,
                                             .by_name = name, .reason = reason,
                                             .workload = workload});
}

enum code nomination_exempt(struct ctx *ctx, struct answer *out)
{
    struct nomination_row row;
    struct record_input in = {0};
    enum code c = find(ctx, &row);
    if (!c && !is_patient(&row))
        c = ctx_fail(ctx, E_CONFLICT, "exemption-capacity",
                     N_("Only for patients and next of kin can a check be not applicable."));
    if (!c)
        c = fields_read(ctx, nomination_exemption_fields, &in);
    if (!c)
        c = note(ctx, &row, &(struct said){.check = in.check, .outcome = "notApplicable",
                                           .reason = in.reason, .workload = NO_INT});
    return c ? c : noted(ctx, &row, out);
}

/* ---------------------------------------------------------------- what is done, and what lacks */

static bool check_done(struct ctx *ctx, const struct nomination_row *row, const char *name)
{
    const char *outcome = db_text(ctx->tx,
                                  "SELECT outcome FROM nomination_check WHERE nomination_key = ?1 "
                                  "AND name = ?2 ORDER BY at DESC, key DESC LIMIT 1",
                                  row->key, name);
    return outcome && strcmp(outcome, "declined");
}

unsigned nomination_gates(struct ctx *ctx, const struct nomination_row *row)
{
    struct standing_review review = {0};
    unsigned done = 0;
    if (check_done(ctx, row, "regionProcess"))
        done |= GATE_REGION;
    if (check_done(ctx, row, "employer"))
        done |= GATE_EMPLOYER;
    declaration_standing(ctx, row->person_key, row->group_key, &review);
    return review.done ? done | GATE_DECLARATION : done;
}

/* Whether the person or the reviewer is waited for, to those who may know. */
static const char *declaration_lacks(struct ctx *ctx, const struct nomination_row *row)
{
    struct standing_review stands = {.status = "missing"};
    if (may(ctx, ACT_SEE_STATUSES, row->group_key))
        declaration_standing(ctx, row->person_key, row->group_key, &stands);
    if (!strcmp(stands.status, "submitted"))
        return ctx_text(ctx, N_("the declaration that the person has submitted is reviewed for "
                                "this group"));
    return ctx_text(ctx, N_("the person declares interests, and the declaration is reviewed for "
                            "this group"));
}

const char *nomination_lacks(struct ctx *ctx, const struct nomination_row *row)
{
    unsigned done = nomination_gates(ctx, row);
    const char *nominator = db_text(ctx->tx, "SELECT name FROM organisation WHERE key = ?1",
                                    row->nominator_key);
    const char *words = "", *between = "";
    if (!(done & GATE_REGION)) {
        words = nominator ? ctx_textf(ctx, N_("{organisation} says that its own process is done"),
                                      "organisation", nominator, NULL)
                          : ctx_text(ctx, N_("the coordinator where the person works says that the "
                                             "organisation's own process is done"));
        between = ", ";
    }
    if (!(done & GATE_EMPLOYER)) {
        words = arena_join(ctx->arena, words, between,
                           ctx_text(ctx, N_("the employer approves")), NULL);
        between = ", ";
    }
    if (!(done & GATE_DECLARATION))
        words = arena_join(ctx->arena, words, between, declaration_lacks(ctx, row), NULL);
    return *words ? ctx_textf(ctx, N_("Before an appointment: {what}."), "what", words, NULL)
                  : NULL;
}
