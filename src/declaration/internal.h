/* internal.h: what the files of declaration/ share. Not for others. */
#ifndef KANSLI_DECLARATION_INTERNAL_H
#define KANSLI_DECLARATION_INTERNAL_H

#include <kansli/declaration.h>
#include <kansli/group.h>
#include <kansli/json.h>

/* ---- declaration.c: the resource and its values ---- */

extern const struct value declaration_kinds[], declaration_proximities[], declaration_natures[],
    declaration_holders[], declaration_amounts[];
/* One interest (api.md), as rows of a T_ROWS field. */
extern const struct field declaration_interest_fields[];

/* ---- declaration_access.c: field by field ---- */

/* The document as this reader may have it: exactly its members, no more; NULL when absent. The
 * reading is recorded when it is another's and holds more than everyone's two rows. In a read
 * transaction (a form shown again) nothing can be recorded: then it has those members only when this
 * account has read them before. New reference. */
json_t *declaration_open(struct ctx *ctx, const char *id, long long *key, long long *version);
/* Whether the caller reviews that declaration for that group: the coordinator who does, never the
 * person. */
bool declaration_may_review(struct ctx *ctx, long long key, long long group_key);
/* Who has read it: [{byName, at, parts: [..], partsLabel}], newest first; for the person alone, else
 * empty. New reference. */
json_t *declaration_readings(struct ctx *ctx, long long key);

/* ---- declaration_rules.c: writing ---- */

/* A row as the rules see it. */
struct declared {
    long long key, version, person_key, form_key;
    const char *id, *person_id, *state, *variant;
    bool own; /* the caller is the person */
};
/* The declaration with that id, when the caller may know of it (a draft: its writer alone); E_ABSENT. */
NODISCARD enum code declared_find(struct ctx *ctx, const char *id, struct declared *out);
/* 409 "declaration-not-draft" unless it is one's own draft; E_DENIED for another's. */
NODISCARD enum code declared_is_draft(struct ctx *ctx, const struct declared *it);
/* A new draft of the caller, with the newest form of the variant; from_id (or NULL): answers and
 * interests begun from that one of the caller's own. 409 "draft-exists" when there is one. *id gets
 * its id. */
NODISCARD enum code declaration_begin(struct ctx *ctx, const char *variant, const char *from_id,
                                      const char **id);
/* A draft's answers {code: bool} and interests become these (borrowed), as far as they have come:
 * what is needed of a row is asked when it is submitted. No interests becomes an explicit choice
 * when every question is answered no. */
NODISCARD enum code declaration_keep(struct ctx *ctx, const struct declared *it,
                                     const json_t *answers, const json_t *interests);

/* ---- reading what the pages show ---- */

/* The questions of a form in the reader's language: [{code, text, hint, kinds: [..]}]. New
 * reference. */
json_t *declaration_questions(struct ctx *ctx, long long form_key);
/* A draft as it is being written: {answers: {code: bool}, interests: [..], savedAt, begunFromId,
 * inquiries: what reviewers asked of the one it was begun from, as declaration_inquiries}. */
json_t *declaration_draft(struct ctx *ctx, long long key);
/* The groups that it asks (of a draft: would ask): [{id, name, reviewers: [name]}]. */
json_t *declaration_asks(struct ctx *ctx, long long key);
/* Until when a declaration is valid that is submitted today. */
const char *declaration_validity(struct ctx *ctx);
/* What the caller is to a declaration and the groups that it asks: WHO_SELF, WHO_REVIEWER,
 * WHO_PROCESS_LEADER, WHO_CHAIR, WHO_MEMBER, WHO_SUPPORT, WHO_AUDITOR. */
unsigned declaration_reader(struct ctx *ctx, long long key);
/* What reviewers asked: [{id, groupId, groupName, text, byName, at}], newest first; for the person
 * and reviewers, else empty. */
json_t *declaration_inquiries(struct ctx *ctx, long long key);
/* How a person stands in each group where a declaration is expected: [{groupId, groupName, status,
 * statusLabel, outcome, outcomeLabel, conditions, validUntil}]. */
json_t *declaration_stands(struct ctx *ctx, long long person_key);
/* The variant that fits the caller's roles: a guess. */
const char *declaration_guess(struct ctx *ctx);
/* The caller's own: id of the last one submitted and not withdrawn, of the draft; NULL without. */
const char *declaration_last(struct ctx *ctx);
const char *declaration_own_draft(struct ctx *ctx);
/* The one that the person submitted before this one, or NULL. */
const char *declaration_before(struct ctx *ctx, long long key);
/* What waits for the caller's review: [{id, personId, personName, groupId, groupName, submittedAt,
 * inquired (bool)}], oldest first. */
json_t *declaration_awaiting(struct ctx *ctx);
/* {level: "members"|"chair", members, of, counterparties: [..]}: more than half have a direct interest
 * in one counterparty, or the chair has; counterparties absent for who may not read interests; null
 * when neither. */
json_t *declaration_concentration(struct ctx *ctx, long long group_key);

/* ---- declaration_pages.c: what a page shows beside the object ----
 *
 * Called last by the handlers of these rows, which answer both addresses; out->document is there.
 * GET /declarations                       .view = "declaration/list"
 * GET /declarations/{id}                  .view = "declaration/show" (from declaration_open)
 * GET /groups/{id}/declaration-statuses   .view = "declaration/group" (also calls group_below)
 * GET /declaration-forms                  .view = "declaration/forms"
 * GET /declaration-forms/{id}             .view = "declaration/form-version" */
enum code declaration_page_list(struct ctx *ctx, struct answer *out);
enum code declaration_page_show(struct ctx *ctx, struct answer *out, long long key);
enum code declaration_page_statuses(struct ctx *ctx, struct answer *out, long long group_key);
enum code declaration_page_forms(struct ctx *ctx, struct answer *out);
enum code declaration_page_form(struct ctx *ctx, struct answer *out);

/* ---- declaration_forms.c, wizard.c: pages of one form, shown again when it fails ---- */

enum code declaration_new_form(struct ctx *ctx, struct answer *out);
enum code declaration_check_form(struct ctx *ctx, struct answer *out);       /* of submissions */
enum code declaration_review_form(struct ctx *ctx, struct answer *out);      /* of reviews */
enum code declaration_inquiry_form(struct ctx *ctx, struct answer *out);     /* of inquiries */
enum code declaration_withdrawal_form(struct ctx *ctx, struct answer *out);
enum code declaration_delete_form(struct ctx *ctx, struct answer *out);
enum code declaration_paper_form(struct ctx *ctx, struct answer *out);
enum code declaration_form_new_form(struct ctx *ctx, struct answer *out);

/* ---- interest_rows.c: interests as rows that are filled in and read ---- */

/* The rows that a form of this page sent, as texts: those that somebody filled in, but the one with
 * the number `without` (-1: none). `kinds` (or NULL) are those that the question asks for. New
 * reference. */
json_t *interests_typed(struct ctx *ctx, const json_t *kinds, int without);
/* What they mean: every message at "/interests/0/kind". `complete` asks for what a submission needs;
 * otherwise only that what is there can be kept. *rows is a new reference, also after a failure. */
NODISCARD enum code interests_read(struct ctx *ctx, const json_t *typed, bool complete, json_t **rows);
/* Rows as a form shows them: [{number, id, fields, more, open}] of `rows` (typed or saved), filled up
 * with empty ones to `least`; fields as part/field.html takes them. Each message goes to `errors`,
 * too. New reference. */
json_t *interests_form(struct ctx *ctx, const json_t *rows, const json_t *kinds, size_t least,
                       json_t *errors);
/* Interests to read, of the members that are there: [{counterparty, kindLabel, period: {startDate,
 * endDate}, facts: [{label, value}], description}]. New reference. */
json_t *interests_shown(struct ctx *ctx, const json_t *interests);
/* The message at a pointer of the request's failure, or NULL. */
const char *message_at(struct ctx *ctx, const char *pointer);

/* ---- difference_view.c ---- */

/* What has become of the interests of one declaration in another: [{state: "same"|"added"|"removed"|
 * "changed", stateLabel, before, after: [{label, parts: [{op: "same"|"deleted"|"inserted", text}]}] or
 * null}], those of `after` in their order, then what was taken away. New reference. */
json_t *interests_difference(struct ctx *ctx, const json_t *before, const json_t *after);

/* ---- routes' own fields ---- */

/* What a review, an inquiry and a reminder say; the bodies of their routes: declaration_rules.c. */
extern const struct field declaration_review_fields[], declaration_inquiry_fields[];
extern const struct field wizard_query[], declaration_new_query[], declaration_review_query[];
enum code wizard_show(struct ctx *ctx, struct answer *out);
enum code wizard_save(struct ctx *ctx, struct answer *out);
enum code declaration_new(struct ctx *ctx, struct answer *out);

#endif
