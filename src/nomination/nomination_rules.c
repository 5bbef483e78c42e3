/* nomination_rules.c: a nomination is written, submitted, answered, withdrawn.
 *
 * Owns the states, as one table, and who may speak for a nomination: the coordinator of the
 * organisation that nominates, or for a self-nomination the person. What is recorded at the checks
 * is in nomination_record.c, what is decided in nomination_decision.c; both move by this table.
 * Must not know pages. */
#include <string.h>
#include <kansli/crypt.h>
#include <kansli/declaration.h>
#include "internal.h"
#include "pages.h"

/* ---------------------------------------------------------------- the row */

enum code nomination_row_of(struct ctx *ctx, long long key, struct nomination_row *row)
{
    memset(row, 0, sizeof *row);
    json_t *found = db_row(
        ctx->tx,
        "SELECT n.id AS \"id\", n.call_key AS \"call\", c.group_key AS \"group\", "
        "n.person_key AS \"person\", n.nominator_key AS \"nominator\", c.id AS \"callId\", "
        "c.title AS \"callTitle\", b.id AS \"groupId\", g.full_name AS \"groupName\", "
        "n.role AS \"role\", n.capacity AS \"capacity\", n.state AS \"state\", "
        "o.type AS \"type\" FROM nomination n JOIN nomination_call c ON c.key = n.call_key "
        "JOIN workgroup g ON g.key = c.group_key JOIN body b ON b.key = g.key "
        "LEFT JOIN organisation o ON o.key = n.nominator_key WHERE n.key = ?1",
        key);
    if (!found)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    const struct {
        const char **to, *from;
    } texts[] = {{&row->id, "id"},           {&row->call_id, "callId"},
                 {&row->group_id, "groupId"}, {&row->group_name, "groupName"},
                 {&row->call_title, "callTitle"}, {&row->role, "role"},
                 {&row->capacity, "capacity"}, {&row->state, "state"},
                 {&row->nominator_type, "type"}};
    for (size_t i = 0; i < LEN(texts); i++)
        *texts[i].to = arena_strdup(ctx->arena, json_text(found, texts[i].from));
    row->key = key;
    row->call_key = json_int(found, "call", 0);
    row->group_key = json_int(found, "group", 0);
    row->person_key = json_int(found, "person", 0);
    row->nominator_key = json_int(found, "nominator", 0);
    row->own = ctx->actor->person_key && ctx->actor->person_key == row->person_key;
    json_decref(found);
    return tx_code(ctx->tx);
}

enum code nomination_find(struct ctx *ctx, const char *id, struct nomination_row *row)
{
    struct resource plain = nomination_resource; /* only whether it is there for this reader */
    long long key = 0;
    plain.finish = NULL;
    plain.links = NULL;
    json_decref(resource_one(ctx, &plain, id, &key, NULL));
    if (!key)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    return nomination_row_of(ctx, key, row);
}

/* ---------------------------------------------------------------- states */

static const struct move {
    enum nomination_act act;
    const char *from, *to, *name; /* `to` NULL: it stays where it is; the name is history's */
} moves[] = {
    {NOMINATION_SUBMIT, "draft", "submitted", "submit"},
    {NOMINATION_CHECK, "submitted", NULL, "check"},
    {NOMINATION_CHECK, "reserve", NULL, "check"},
    {NOMINATION_ANSWER, "submitted", NULL, "answer"},
    {NOMINATION_ANSWER, "reserve", NULL, "answer"},
    {NOMINATION_APPOINT, "submitted", "appointed", "decide"},
    {NOMINATION_APPOINT, "reserve", "appointed", "decide"},
    {NOMINATION_RESERVE, "submitted", "reserve", "decide"},
    {NOMINATION_REFUSE, "submitted", "notAppointed", "decide"},
    {NOMINATION_REFUSE, "reserve", "notAppointed", "decide"},
    {NOMINATION_WITHDRAW, "submitted", "withdrawn", "withdraw"},
    {NOMINATION_WITHDRAW, "reserve", "withdrawn", "withdraw"},
};

static const struct move *move_of(const struct nomination_row *row, enum nomination_act act)
{
    for (size_t i = 0; i < LEN(moves); i++)
        if (moves[i].act == act && !strcmp(moves[i].from, row->state))
            return &moves[i];
    return NULL;
}

enum code nomination_allows(struct ctx *ctx, const struct nomination_row *row,
                            enum nomination_act act)
{
    if (move_of(row, act))
        return OK;
    if (act == NOMINATION_SUBMIT)
        return ctx_fail(ctx, E_CONFLICT, "not-draft", N_("It has been submitted already."));
    if (!strcmp(row->state, "draft"))
        return ctx_fail(ctx, E_CONFLICT, "not-submitted",
                        N_("The nomination is a draft. Submit it first."));
    if (act == NOMINATION_RESERVE && !strcmp(row->state, "reserve"))
        return ctx_fail(ctx, E_CONFLICT, "nomination-ended",
                        N_("The person stands in reserve already."));
    return ctx_fail(ctx, E_CONFLICT, "nomination-ended",
                    N_("The nomination has ended: it was decided or withdrawn, and is not opened "
                       "again. Nominate anew in another call."));
}

static bool ends(const char *state)
{
    return !strcmp(state, "appointed") || !strcmp(state, "notAppointed") ||
           !strcmp(state, "withdrawn");
}

/* The review that held when it ended is part of what was decided on: it stays told when the
 * declaration has run out. */
static enum code keep_declared(struct ctx *ctx, const struct nomination_row *row)
{
    struct standing_review stands = {0};
    declaration_standing(ctx, row->person_key, row->group_key, &stands);
    if (!stands.done)
        return tx_code(ctx->tx);
    return db_run(ctx->tx,
                  "INSERT INTO nomination_check (nomination_key, name, outcome, at) "
                  "VALUES (?1, 'declaration', 'approved', ?2)",
                  row->key, stands.reviewed_at);
}

enum code nomination_move(struct ctx *ctx, struct nomination_row *row, enum nomination_act act,
                          json_t *changes)
{
    const struct move *move = move_of(row, act);
    enum code c = OK;
    MUST(move);
    if (move->to) {
        json_put_new(changes, "status", json_pack("[s, s]", row->state, move->to));
        c = db_run(ctx->tx, "UPDATE nomination SET state = ?2 WHERE key = ?1", row->key, move->to);
        row->state = move->to;
        if (!c && ends(row->state))
            c = keep_declared(ctx, row);
    }
    if (!c)
        return resource_touch(ctx, &nomination_resource, row->key, row->id, move->name, changes);
    json_decref(changes);
    return c;
}

/* ---------------------------------------------------------------- who speaks for it */

/* What the caller is to a nomination by `nominator`, or by the person. */
static unsigned speaks(struct ctx *ctx, long long nominator, bool own)
{
    if (nominator)
        return access_to_organisation(ctx, nominator);
    return access_to_group(ctx, 0) | (own ? WHO_SELF : 0);
}

static unsigned speaks_for(struct ctx *ctx, const struct nomination_row *row)
{
    return speaks(ctx, row->nominator_key, row->own);
}

/* A nominee may say no to what another has begun. */
static unsigned withdraws(struct ctx *ctx, const struct nomination_row *row)
{
    return speaks_for(ctx, row) | (row->own ? WHO_SELF : 0);
}

/* Asked of an actor who may be nobody at all. */
static bool asks(struct ctx *ctx, unsigned (*standing)(struct ctx *, const struct nomination_row *),
                 const struct nomination_row *row)
{
    return ctx->actor->everything ||
           (ctx->actor->account_key && may_as(ctx, ACT_NOMINATE, standing(ctx, row)));
}

bool nomination_may_change(struct ctx *ctx, const struct nomination_row *row)
{
    return !strcmp(row->state, "draft") && asks(ctx, speaks_for, row);
}

bool nomination_may_submit(struct ctx *ctx, const struct nomination_row *row)
{
    return nomination_may_change(ctx, row) &&
           db_exists(ctx->tx,
                     "SELECT 1 FROM nomination_call c WHERE c.key = ?2 AND " CALL_STATUS("c")
                     " = 'open'",
                     ctx->day, row->call_key);
}

bool nomination_may_withdraw(struct ctx *ctx, const struct nomination_row *row)
{
    return move_of(row, NOMINATION_WITHDRAW) && asks(ctx, withdraws, row);
}

bool nomination_may_answer(struct ctx *ctx, const struct nomination_row *row)
{
    return row->own && move_of(row, NOMINATION_ANSWER) && may_as(ctx, ACT_NOMINATE, WHO_SELF);
}

/* ---------------------------------------------------------------- what must hold */

bool nomination_call_open(struct ctx *ctx, const struct call_row *call)
{
    if (!strcmp(call->status, "open"))
        return true;
    ctx_fail(ctx, E_CONFLICT, "call-not-open",
             !strcmp(call->status, "draft")
                 ? N_("The call is not open yet.")
                 : N_("The call is closed. It takes no more nominations."));
    return false;
}

/* Looking at a call asks what may be done with it: that support acts in another's place is not to
 * be forgotten by it. */
static enum code find_call(struct ctx *ctx, const char *id, struct call_row *call)
{
    bool as_support = ctx->as_support;
    enum code c = call_find(ctx, id, call);
    ctx->as_support = as_support;
    return c;
}

/* A draft is known to who wrote it alone. */
static enum code not_twice(struct ctx *ctx, long long call, long long person, long long nominator,
                           long long key)
{
    bool twice = db_exists(ctx->tx,
                           "SELECT 1 FROM nomination WHERE call_key = ?1 AND person_key = ?2 "
                           "AND key <> ?4 AND state <> 'withdrawn' AND (state <> 'draft' "
                           "OR coalesce(nominator_key, 0) = ?3)",
                           call, person, nominator, key);
    return twice ? ctx_fail(ctx, E_CONFLICT, "already-nominated",
                            N_("The person is nominated in this call already."))
                 : tx_code(ctx->tx);
}

/* Without an organisation the person speaks alone, where the call lets it. */
static enum code may_self(struct ctx *ctx, const struct call_row *call, long long person)
{
    unsigned is = access_to_group(ctx, 0);
    bool nominates = ctx->actor->everything || (is & (WHO_ANY_COORDINATOR | WHO_SUPPORT));
    if (!call->self_nomination && nominates)
        return err_field(ctx->err, "/nominatorId",
                         N_("Say which organisation nominates: this call takes no "
                            "self-nominations."), NULL);
    if (!call->self_nomination)
        return ctx_fail(ctx, E_CONFLICT, "self-nomination-closed",
                        N_("This call takes no self-nominations. Ask the coordinator of your "
                           "healthcare region or organisation to nominate you."));
    return must_may_as(ctx, ACT_NOMINATE, speaks(ctx, 0, person == ctx->actor->person_key));
}

/* After reading, so that these messages stand beside the others. */
static enum code check_input(struct ctx *ctx, const struct nomination_input *in)
{
    const struct {
        const char *pointer;
        bool lacks;
    } needed[] = {{"/callId", !in->call.key},
                  {"/personId", !in->person.key},
                  {"/role", !in->role},
                  {"/capacity", !in->capacity}};
    for (size_t i = 0; i < LEN(needed); i++) {
        const char *sent = params_text(ctx->body, needed[i].pointer + 1);
        bool wrong = ctx->err->fields && sent && *sent; /* it has its message already */
        if (needed[i].lacks && !wrong)
            err_field(ctx->err, needed[i].pointer, N_("This is needed."), NULL);
    }
    return ctx->err->code;
}

static enum code check_requirements(struct ctx *ctx, const struct nomination_input *in)
{
    for (size_t i = 0; i < in->requirements.n; i++)
        if (!db_exists(ctx->tx,
                       "SELECT 1 FROM nomination_call_requirement WHERE call_key = ?1 "
                       "AND requirement_key = ?2",
                       in->call.key, in->requirements.item[i].key))
            err_field(ctx->err, "/requirementIds",
                      N_("The call does not seek that: choose of what it names."), NULL);
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
}

static enum code set_requirements(struct ctx *ctx, long long key, const struct nomination_input *in)
{
    enum code c =
        db_run(ctx->tx, "DELETE FROM nomination_requirement WHERE nomination_key = ?1", key);
    for (size_t i = 0; !c && i < in->requirements.n; i++)
        c = db_run(ctx->tx,
                   "INSERT INTO nomination_requirement (nomination_key, requirement_key) "
                   "VALUES (?1, ?2)",
                   key, in->requirements.item[i].key);
    return c;
}

/* ---------------------------------------------------------------- create */

/* Who may not speak for the organisation may not try anything out either. */
static enum code may_speak(struct ctx *ctx)
{
    const char *id = params_text(ctx->body, "nominatorId");
    long long key = id ? db_int(ctx->tx, 0,
                                "SELECT b.key FROM body b JOIN organisation o ON o.key = b.key "
                                "WHERE b.id = ?1",
                                id)
                       : 0;
    return key ? must_may_organisation(ctx, ACT_NOMINATE, key) : OK;
}

static enum code read_new(struct ctx *ctx, struct nomination_input *in)
{
    struct call_row call;
    bool in_path = ctx->names > 0;
    enum code c = in_path ? call_find(ctx, ctx_value(ctx, "id"), &call) : OK;
    if (!c)
        c = may_speak(ctx);
    if (c)
        return c;
    c = resource_read(ctx, &nomination_resource, in);
    if (c && !ctx->err->fields)
        return c;
    if (in_path && in->call.key && in->call.key != call.key)
        err_field(ctx->err, "/callId", N_("The address names another call."), NULL);
    if (in_path)
        in->call = (struct ref_value){call.id, call.key};
    return check_input(ctx, in);
}

static enum code insert(struct ctx *ctx, const struct nomination_input *in, const char **id)
{
    char uuid[UUID_SIZE];
    long long key = 0;
    json_t *extra = json_object();
    if (ctx->actor->account_key)
        json_put_int(extra, "entered_by_key", ctx->actor->account_key);
    crypt_uuid(uuid);
    *id = arena_strdup(ctx->arena, uuid);
    enum code c = resource_insert(ctx, &nomination_resource, in, *id, extra, &key);
    json_decref(extra);
    return c ? c : set_requirements(ctx, key, in);
}

enum code nomination_create(struct ctx *ctx, struct answer *out)
{
    struct nomination_input in;
    struct call_row call;
    const char *id;
    enum code c = read_new(ctx, &in);
    if (!c)
        c = find_call(ctx, in.call.id, &call);
    if (!c && !in.nominator.key)
        c = may_self(ctx, &call, in.person.key);
    if (!c && !nomination_call_open(ctx, &call))
        c = E_CONFLICT;
    if (!c)
        c = person_must_be_named(ctx, in.person.key);
    if (!c)
        c = check_requirements(ctx, &in);
    if (!c)
        c = not_twice(ctx, call.key, in.person.key, in.nominator.key, 0);
    if (!c)
        c = insert(ctx, &in, &id);
    if (c)
        return c;
    out->flash = N_("The draft is saved. Submit it when it is ready.");
    return resource_created(ctx, &nomination_resource, id, out);
}

/* ---------------------------------------------------------------- change and delete */

static enum code find_draft(struct ctx *ctx, struct nomination_row *row)
{
    enum code c = nomination_find(ctx, ctx_value(ctx, "id"), row);
    if (!c)
        c = must_may_as(ctx, ACT_NOMINATE, speaks_for(ctx, row));
    if (!c && strcmp(row->state, "draft"))
        c = ctx_fail(ctx, E_CONFLICT, "not-draft",
                     N_("Only a draft is changed. What was submitted stays as it was; withdraw it, "
                        "or tell those who decide."));
    return c;
}

enum code nomination_change(struct ctx *ctx, struct answer *out)
{
    struct nomination_input in;
    struct nomination_row row;
    struct edit edit = {0};
    enum code c = find_draft(ctx, &row);
    if (c)
        return c;
    c = resource_edit(ctx, &nomination_resource, row.id, &edit, &in);
    if (!c || c == E_INPUT) {
        in.person.key = row.person_key; /* also of somebody whom the caller may not see named */
        in.call.key = row.call_key;
        c = check_input(ctx, &in);
    }
    if (!c)
        c = check_requirements(ctx, &in);
    if (!c)
        c = resource_update(ctx, &nomination_resource, &edit, &in, NULL);
    if (!c)
        c = set_requirements(ctx, row.key, &in);
    resource_edit_end(&edit);
    out->flash = N_("The draft is saved.");
    return c ? c : resource_changed(ctx, &nomination_resource, row.id, out);
}

enum code nomination_remove(struct ctx *ctx, struct answer *out)
{
    struct nomination_row row;
    struct edit edit = {0};
    enum code c = find_draft(ctx, &row);
    if (c)
        return c;
    c = resource_guard(ctx, &nomination_resource, row.id, &edit);
    if (!c)
        c = resource_delete(ctx, &nomination_resource, &edit);
    resource_edit_end(&edit);
    out->see = arena_printf(ctx->arena, "/nomination-calls/%s", row.call_id);
    out->flash = N_("The draft is deleted.");
    return c;
}

/* ---------------------------------------------------------------- submitted */

static const char *answer_of(struct ctx *ctx, const struct nomination_row *row)
{
    return db_text(ctx->tx, "SELECT answer FROM nomination WHERE key = ?1", row->key);
}

/* Who nominates herself has said yes. */
static enum code note_yes(struct ctx *ctx, const struct nomination_row *row, json_t *changes)
{
    json_put_new(changes, "answer", json_pack("[n, s]", "yes"));
    return db_run(ctx->tx,
                  "UPDATE nomination SET answer = 'yes', answered_at = ?2 WHERE key = ?1", row->key,
                  tx_instant(ctx->tx));
}

static enum code hand_in(struct ctx *ctx, struct nomination_row *row)
{
    json_t *changes = json_object();
    enum code c = db_run(ctx->tx,
                         "UPDATE nomination SET submitted_at = ?2, submitted_by_key = ?3 "
                         "WHERE key = ?1",
                         row->key, tx_instant(ctx->tx), KEY(ctx->actor->account_key));
    if (!c && row->own)
        c = note_yes(ctx, row, changes);
    if (!c)
        return nomination_move(ctx, row, NOMINATION_SUBMIT, changes);
    json_decref(changes);
    return c;
}

enum code nomination_submit(struct ctx *ctx, struct answer *out)
{
    struct nomination_row row;
    struct call_row call;
    enum code c = nomination_find(ctx, ctx_value(ctx, "id"), &row);
    if (!c)
        c = must_may_as(ctx, ACT_NOMINATE, speaks_for(ctx, &row));
    if (!c)
        c = nomination_allows(ctx, &row, NOMINATION_SUBMIT);
    if (!c)
        c = find_call(ctx, row.call_id, &call);
    if (!c && !nomination_call_open(ctx, &call))
        c = E_CONFLICT;
    if (!c)
        c = not_twice(ctx, row.call_key, row.person_key, row.nominator_key, row.key);
    if (!c)
        c = hand_in(ctx, &row);
    if (!c)
        c = nomination_tell_submitted(ctx, &row);
    if (!c && !row.own)
        c = nomination_invite(ctx, row.key);
    out->flash = N_("The nomination is submitted.");
    return c ? c : resource_created(ctx, &nomination_resource, row.id, out);
}

/* ---------------------------------------------------------------- answered, withdrawn */

struct said_input {
    const char *reason, *answer;
};

const struct field nomination_withdrawal_fields[] = {
    {.name = "reason", .label = N_("Reason"), .type = T_LINES,
     .at = offsetof(struct said_input, reason), .max = 1000,
     .hint = N_("Read by the person, by who nominated and by those who decide.")},
    {0},
};

const struct field nomination_answer_fields[] = {
    {.name = "answer", .label = N_("Do you want to be considered?"), .type = T_ENUM,
     .at = offsetof(struct said_input, answer), .flags = F_REQUIRED, .values = nomination_answers},
    {0},
};

static enum code take_back(struct ctx *ctx, struct nomination_row *row, const char *reason,
                           bool says_no)
{
    json_t *changes = json_object();
    const char *before = answer_of(ctx, row);
    enum code c = db_run(ctx->tx, "UPDATE nomination SET reason = ?2 WHERE key = ?1", row->key,
                         reason);
    if (!c && says_no)
        c = db_run(ctx->tx,
                   "UPDATE nomination SET answer = 'no', answered_at = ?2 WHERE key = ?1", row->key,
                   tx_instant(ctx->tx));
    if (says_no)
        json_put_new(changes, "answer", json_pack("[s?, s]", before, "no"));
    if (reason)
        json_put_new(changes, "reason", json_pack("[n, s]", reason));
    if (c) {
        json_decref(changes);
        return c;
    }
    c = nomination_move(ctx, row, NOMINATION_WITHDRAW, changes);
    return c ? c : nomination_tell_withdrawn(ctx, row);
}

enum code nomination_withdraw(struct ctx *ctx, struct answer *out)
{
    struct nomination_row row;
    struct said_input in = {0};
    enum code c = nomination_find(ctx, ctx_value(ctx, "id"), &row);
    if (!c)
        c = must_may_as(ctx, ACT_NOMINATE, withdraws(ctx, &row));
    if (!c)
        c = nomination_allows(ctx, &row, NOMINATION_WITHDRAW);
    if (!c)
        c = fields_read(ctx, nomination_withdrawal_fields, &in);
    if (!c)
        c = take_back(ctx, &row, in.reason, row.own);
    out->flash = N_("The nomination is withdrawn.");
    return c ? c : resource_created(ctx, &nomination_resource, row.id, out);
}

enum code nomination_note_answer(struct ctx *ctx, struct nomination_row *row, bool yes,
                                 const char *reason)
{
    enum code c = nomination_allows(ctx, row, NOMINATION_ANSWER);
    if (c)
        return c;
    if (!yes)
        return take_back(ctx, row, reason, true);
    if (answer_of(ctx, row)) /* yes, said again */
        return tx_code(ctx->tx);
    json_t *changes = json_object();
    c = note_yes(ctx, row, changes);
    if (!c)
        return nomination_move(ctx, row, NOMINATION_ANSWER, changes);
    json_decref(changes);
    return c;
}

enum code nomination_answer(struct ctx *ctx, struct answer *out)
{
    struct nomination_row row;
    struct said_input in = {0};
    enum code c = nomination_find(ctx, ctx_value(ctx, "id"), &row);
    if (!c && !(row.own && may_as(ctx, ACT_NOMINATE, WHO_SELF)))
        c = ctx_fail(ctx, E_DENIED, "answer-self",
                     N_("Only the person who is nominated answers."));
    if (!c)
        c = nomination_allows(ctx, &row, NOMINATION_ANSWER);
    if (!c)
        c = fields_read(ctx, nomination_answer_fields, &in);
    if (!c)
        c = nomination_note_answer(ctx, &row, !strcmp(in.answer, "yes"), NULL);
    out->flash = N_("Your answer is noted.");
    return c ? c : resource_created(ctx, &nomination_resource, row.id, out);
}

/* ---------------------------------------------------------------- for whom */

json_t *nomination_voices(struct ctx *ctx, const struct call_row *call, bool *self)
{
    bool all = may(ctx, ACT_NOMINATE, 0);
    *self = call->self_nomination && ctx->actor->person_key && may_as(ctx, ACT_NOMINATE, WHO_SELF);
    ctx->as_support = false; /* asked, not done */
    return db_rows(ctx->tx,
                   "SELECT b.id AS \"id\", o.name AS \"name\", CASE WHEN a.call_key IS NULL THEN 0 "
                   "ELSE 1 END AS \"asked?\" FROM organisation o JOIN body b ON b.key = o.key "
                   "LEFT JOIN nomination_call_asked a ON a.organisation_key = o.key "
                   "AND a.call_key = ?1 WHERE (?2 = 1 AND a.call_key IS NOT NULL) OR o.key IN ("
                   "SELECT r.organisation_key FROM account_role r WHERE r.account_key = ?3 "
                   "AND r.role = 'coordinator') ORDER BY 3 DESC, a.position, o.name",
                   call->key, all, ctx->actor->account_key);
}
