/* internal.h: what the files of nomination/ share. Not for others.
 *
 * What the pages give to the rules is in pages.h. */
#ifndef KANSLI_NOMINATION_INTERNAL_H
#define KANSLI_NOMINATION_INTERNAL_H

#include <kansli/access.h>
#include <kansli/json.h>
#include <kansli/nomination.h>

/* The parameters of every statement that asks what the reader may know, as a resource's select has
 * them, ?5 and ?6 the caller's own. */
#define NOMINATION_ARGS(ctx, own)                                                                  \
    (ctx)->day, access_sees_all(ctx), (ctx)->actor->person_key, (ctx)->today, (own),               \
        (const char *)NULL, (ctx)->actor->half ? 0 : (ctx)->actor->account_key

struct nomination_input {
    struct ref_value call, person, nominator;
    const char *role, *capacity, *statement;
    struct text_list competences;
    struct ref_list requirements;
};

/* ---- nomination.c: the resource, and who may know of what ---- */

extern const struct value nomination_stages[], nomination_outcomes[], nomination_answers[];
/* True within one call or one group, and of one object: only there capacity, statement,
 * competences, requirementIds, effect, reason and what was said at the checks are told. */
bool nomination_within(const struct ctx *ctx);
/* A list as a route's answer, `fixed` as in resource_list: refuses (400) what would gather people
 * by what they are nominated as, leaves out the filters that the reader can not use here. */
enum code nomination_list(struct ctx *ctx, struct fixed fixed, struct answer *out);

/* ---- nomination_rules.c: written, submitted, withdrawn ---- */

/* A nomination as a rule sees it. */
struct nomination_row {
    long long key, call_key, group_key, person_key, nominator_key; /* nominator 0: the person */
    const char *id, *call_id, *group_id, *group_name, *call_title, *role, *capacity, *state;
    const char *nominator_type; /* of organisations, or NULL */
    bool own;                   /* the caller is the nominee */
};
/* The nomination with that id, when the caller may know of it; E_ABSENT. */
NODISCARD enum code nomination_find(struct ctx *ctx, const char *id, struct nomination_row *row);
/* The same by its key, whoever asks: for who holds a link. */
NODISCARD enum code nomination_row_of(struct ctx *ctx, long long key, struct nomination_row *row);

enum nomination_act {
    NOMINATION_SUBMIT,
    NOMINATION_CHECK,    /* the region's process, the employer's approval, an exemption */
    NOMINATION_ANSWER,
    NOMINATION_APPOINT,
    NOMINATION_RESERVE,
    NOMINATION_REFUSE,   /* not appointed */
    NOMINATION_WITHDRAW
};
/* OK when it stands so that this may be done; E_CONFLICT not-draft, not-submitted,
 * nomination-ended. No right is asked. */
enum code nomination_allows(struct ctx *ctx, const struct nomination_row *row,
                            enum nomination_act act);
/* Moves it, with its history; `changes` (stolen) says what else changed. */
NODISCARD enum code nomination_move(struct ctx *ctx, struct nomination_row *row,
                                    enum nomination_act act, json_t *changes);

/* What the caller may do with it now, rights and state together: for links and forms. */
bool nomination_may_change(struct ctx *ctx, const struct nomination_row *row); /* edit, delete */
bool nomination_may_submit(struct ctx *ctx, const struct nomination_row *row);
bool nomination_may_record(struct ctx *ctx, const struct nomination_row *row);
bool nomination_may_exempt(struct ctx *ctx, const struct nomination_row *row);
bool nomination_may_decide(struct ctx *ctx, const struct nomination_row *row);
bool nomination_may_withdraw(struct ctx *ctx, const struct nomination_row *row);
bool nomination_may_answer(struct ctx *ctx, const struct nomination_row *row);

enum code nomination_change(struct ctx *ctx, struct answer *out);
enum code nomination_remove(struct ctx *ctx, struct answer *out);
/* POST /nominations/{id}/answers {answer: yes|no}: the nominee's own, logged in. */
enum code nomination_answer(struct ctx *ctx, struct answer *out);
extern const struct field nomination_withdrawal_fields[], nomination_answer_fields[];
/* The nominee's answer. A no withdraws, with `reason` (or NULL). No right is asked: the link
 * carries it. */
NODISCARD enum code nomination_note_answer(struct ctx *ctx, struct nomination_row *row, bool yes,
                                           const char *reason);
/* Whether the call takes nominations today; false with the reason in ctx->err. */
bool nomination_call_open(struct ctx *ctx, const struct call_row *call);
/* For whom the caller may nominate in this call: [{id, name, asked}], the organisations that he
 * coordinates (for support, all that are asked), those asked first; *self: for himself. New
 * reference. */
json_t *nomination_voices(struct ctx *ctx, const struct call_row *call, bool *self);

/* ---- nomination_record.c: the first two checks ---- */

extern const struct field nomination_region_fields[], nomination_employer_fields[],
    nomination_exemption_fields[];
/* The employer's word by a one-time link. No right is asked. `workload` NO_INT, `reason` NULL:
 * not said. */
NODISCARD enum code nomination_note_employer(struct ctx *ctx, struct nomination_row *row,
                                             const char *outcome, const char *name,
                                             long long workload, const char *reason);
/* Which of the three are done. */
enum nomination_gate { GATE_REGION = 1 << 0, GATE_EMPLOYER = 1 << 1, GATE_DECLARATION = 1 << 2 };
unsigned nomination_gates(struct ctx *ctx, const struct nomination_row *row);
/* One sentence: who must do what before it can be decided, or NULL when nothing is missing. In the
 * reader's language. */
const char *nomination_lacks(struct ctx *ctx, const struct nomination_row *row);

/* ---- nomination_decision.c ---- */

extern const struct field nomination_decision_fields[], nomination_decisions_fields[];
/* POST /nomination-calls/{id}/decisions: all or nothing. */
enum code nomination_decide_many(struct ctx *ctx, struct answer *out);
/* {covered, partial, missing} of the group with this person in it; the whole coverage document with
 * `whole`. New reference. */
json_t *nomination_effect(struct ctx *ctx, const struct nomination_row *row, bool whole);

/* ---- nomination_mail.c ---- */

/* Each tells whom the act concerns, once. */
NODISCARD enum code nomination_tell_submitted(struct ctx *ctx, const struct nomination_row *row);
NODISCARD enum code nomination_tell_withdrawn(struct ctx *ctx, const struct nomination_row *row);
/* `start` and `end` of the membership; they are NULL unless somebody was appointed. */
NODISCARD enum code nomination_tell_decided(struct ctx *ctx, const struct nomination_row *row,
                                            enum nomination_act act, const char *start,
                                            const char *end);

#endif
