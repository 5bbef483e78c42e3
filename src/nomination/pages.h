/* pages.h: what the pages of this room give to its rules and its table of acts.
 *
 * Rows that only read (GET: lists, one nomination, board, comparison, letter, forms) stand in
 * nomination_page_routes (nomination_pages.c); rows that change something stand in
 * nomination_routes, each with its form from here, so that what a rule refused is said beside the
 * fields. */
#ifndef KANSLI_NOMINATION_PAGES_H
#define KANSLI_NOMINATION_PAGES_H

#include <kansli/ctx.h>
#include "internal.h"

/* ---- nomination_forms.c: .form of the rows that change ---- */

/* Each shows again what was typed, with what is wrong beside it; step forms say no (E_DENIED
 * "not-your-step", or as nomination_allows) to whom the step is not for. */
enum code nomination_new_form(struct ctx *ctx, struct answer *out);
enum code nomination_edit_form(struct ctx *ctx, struct answer *out);
enum code nomination_delete_form(struct ctx *ctx, struct answer *out);
enum code nomination_submit_form(struct ctx *ctx, struct answer *out);
enum code nomination_answer_form(struct ctx *ctx, struct answer *out);
enum code nomination_ask_again_form(struct ctx *ctx, struct answer *out);
enum code nomination_region_form(struct ctx *ctx, struct answer *out);
enum code nomination_employer_form(struct ctx *ctx, struct answer *out);
enum code nomination_request_form(struct ctx *ctx, struct answer *out);
enum code nomination_exempt_form(struct ctx *ctx, struct answer *out);
enum code nomination_decide_form(struct ctx *ctx, struct answer *out);
enum code nomination_withdraw_form(struct ctx *ctx, struct answer *out);
/* decisions_form.c */
enum code nomination_decide_many_form(struct ctx *ctx, struct answer *out);

/* POST /nomination-calls/{id}/nominations/new: the form's own, with a person who is new. */
enum code nomination_new(struct ctx *ctx, struct answer *out);

/* ---- link.c: links for people without an account ---- */

/* The nominee is asked: a new link to answer by, in place of those before, mailed to the person;
 * OK without a link when the register has no address of hers. For nomination_submit. */
NODISCARD enum code nomination_invite(struct ctx *ctx, long long key);

/* A link that still opens. */
struct nomination_link {
    long long key;
    struct nomination_row row;
    const char *address, *name, *expires; /* where it was sent, to whom (or NULL), an instant */
};
/* By its purpose, "answer" or "employer", and its token. E_ABSENT "link-used". */
NODISCARD enum code nomination_link_find(struct ctx *ctx, const char *purpose, const char *token,
                                         struct nomination_link *link);
/* It opens nothing any more. */
NODISCARD enum code nomination_link_use(struct ctx *ctx, const struct nomination_link *link);
/* What its holder is shown of the nomination: {personName, publishName, nominatorName (null: the
 * person), groupName, purpose, callTitle, role, roleLabel, statement, answer, answeredAt,
 * submittedAt, state, expires}. New reference. */
json_t *nomination_link_view(struct ctx *ctx, const struct nomination_link *link);

/* Tells the support function that the nominee's address belongs to an account that does not fit. */
NODISCARD enum code nomination_link_stuck(struct ctx *ctx, const struct nomination_link *link);

/* POST /nominations/{id}/answer-requests: the nominee is asked once more. The coordinator of the
 * nominating organisation, support. E_CONFLICT already-answered, no-address, link-just-sent. */
enum code nomination_ask_again(struct ctx *ctx, struct answer *out);

/* POST /nominations/{id}/employer-requests {name, email}: the coordinator of the nominating
 * organisation, the nominee, support. E_CONFLICT link-just-sent. */
enum code nomination_request_employer(struct ctx *ctx, struct answer *out);
extern const struct field nomination_request_fields[];
bool nomination_may_request(struct ctx *ctx, const struct nomination_row *row);
/* The link to the employer that is out: {at, expires, name}, or NULL. New reference. */
json_t *nomination_request_open(struct ctx *ctx, long long key);

/* ---- checklist.c ---- */

/* The reader's own id as a person, or NULL. */
const char *nomination_own_id(struct ctx *ctx);
/* R33: what, who and when of a nomination (its document), and who may do what is next: [{code,
 * label, state: "done"|"declined"|"exempt"|"open"|"none", at, by, text, links: [{href, label}]}].
 * New reference. */
json_t *nomination_checklist(struct ctx *ctx, const json_t *nomination);

/* ---- board.c ---- */

/* A call's nominations (items of a list) in columns by stage: [{stage, label, count, now, href,
 * cards: [{id, personName, nominatorName, roleLabel, answer, status, statusLabel, marks, days,
 * next}]}]. New reference. */
json_t *nomination_board(struct ctx *ctx, const json_t *call, json_t *items);
/* What the call seeks, and whether the nomination says that the person fills it: [{text, met}]. New
 * reference. */
json_t *nomination_marks(const json_t *call, const json_t *nomination);
/* The next act of a nomination that is the reader's to do: {href, label}, or null. New
 * reference. */
json_t *nomination_next(struct ctx *ctx, const json_t *nomination);

/* ---- comparison.c ---- */

/* {candidates: nominations, and said, sought, checks, effect: [{label, now?, cells: [{name, mark,
 * text, at}]}]} of those who wait or stand in reserve. New reference. */
json_t *nomination_comparison(struct ctx *ctx, const struct call_row *call);
/* What appointing would change: [{requirementId, text, before, after, status}]; and what would
 * still lack: [{text, after}]. New references. */
json_t *nomination_gains(struct ctx *ctx, const struct nomination_row *row);
json_t *nomination_lacking(struct ctx *ctx, const struct nomination_row *row);

/* ---- letter.c ---- */

/* What the letter to an appointed person says: {id, personName, groupId, groupName, purpose,
 * roleLabel, onBehalfOfName, startDate, endDate, decidedForName, decidedAt, decisionReference,
 * contacts: [{name, roleLabel, email}], version, modified}. For whoever may know of the nomination;
 * E_ABSENT when nobody was appointed. *out is a new reference. */
NODISCARD enum code nomination_letter(struct ctx *ctx, const char *id, json_t **out);

/* ---- link_pages.c ---- */

extern const struct field candidate_fields[], employer_fields[];
/* GET, POST /candidates/{token} */
enum code candidate_page(struct ctx *ctx, struct answer *out);
enum code candidate_answer(struct ctx *ctx, struct answer *out);
/* GET, POST /employer-approvals/{token} */
enum code employer_page(struct ctx *ctx, struct answer *out);
enum code employer_answer(struct ctx *ctx, struct answer *out);

#endif
