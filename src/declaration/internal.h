/* internal.h: what the files of declaration/ share. Not for others. */
#ifndef KANSLI_DECLARATION_INTERNAL_H
#define KANSLI_DECLARATION_INTERNAL_H

#include <kansli/declaration.h>
#include <kansli/group.h>
#include <kansli/json.h>

/* The first four parameters of a statement, as a resource's select has them (resource.h), ?5 the
 * caller's own, ?6 unused, ?7 the account. */
#define DECLARATION_ARGS(ctx, own)                                                                 \
    (ctx)->day, access_sees_all(ctx), (ctx)->actor->person_key, (ctx)->today, (own),               \
        (const char *)NULL, (ctx)->actor->half ? 0 : (ctx)->actor->account_key

/* A row of participation that is not over. */
#define PARTICIPATES(p) "(" p ".end_date IS NULL OR " p ".end_date >= ?4)"

/* The groups whose host the reader coordinates: hosted by the organisation, or by a group that is,
 * in steps; one without a host goes with its principal. */
#define HOSTED_BY_READER                                                                           \
    "(WITH RECURSIVE hosted (k) AS (SELECT h.group_key FROM account_role r "                       \
    "JOIN hosting h ON h.body_key = r.organisation_key WHERE r.account_key = ?7 "                  \
    "AND h.status = 'active' AND " ACCESS_TODAY_OPEN("h") " UNION SELECT w.key FROM hosted "       \
    "JOIN workgroup w ON w.key IN (SELECT h.group_key FROM hosting h WHERE h.body_key = hosted.k " \
    "AND h.status = 'active' AND " ACCESS_TODAY_OPEN("h") " UNION ALL SELECT c.group_key "         \
    "FROM group_principal c WHERE c.principal_key = hosted.k AND " ACCESS_TODAY("c")               \
    " AND NOT EXISTS (SELECT 1 FROM hosting h WHERE h.group_key = c.group_key "                    \
    "AND h.status = 'active' AND " ACCESS_TODAY_OPEN("h") "))) SELECT k FROM hosted)"
#define AREAS_OF_READER "(SELECT r.organisation_key FROM account_role r WHERE r.account_key = ?7)"
/* The groups through which the reader may know of those who take part there. */
#define GROUPS_OF_READER                                                                           \
    "(SELECT o.group_key FROM membership o WHERE o.person_key = ?3 AND " ACCESS_TODAY("o")         \
    " UNION SELECT k FROM " HOSTED_BY_READER " AS h)"

/* The reader coordinates what the participation p represents, or the group's host (domain.md 1).
 * Never the person; whether he may review a chair is asked beside (declaration_review.c). */
#define COORDINATES(p)                                                                             \
    "(?7 > 0 AND " p ".person_key <> ?3 AND (" p ".on_behalf_of_key IN " AREAS_OF_READER           \
    " OR " p ".group_key IN " HOSTED_BY_READER "))"
/* The reader is an officer of the group, and the person of p chairs it, or would: somebody else
 * reviews. */
#define BESIDE_CHAIR(p)                                                                            \
    "(EXISTS (SELECT 1 FROM membership o WHERE o.person_key = ?3 AND o.group_key = " p             \
    ".group_key AND " ACCESS_TODAY("o") " AND o.role IN " ACCESS_OFFICERS ") AND EXISTS ("         \
    "SELECT 1 FROM participation y WHERE y.person_key = " p ".person_key AND y.group_key = " p     \
    ".group_key AND y.role = 'chair' AND " PARTICIPATES("y") "))"
#define REVIEWS(p) "(" COORDINATES(p) " AND NOT " BESIDE_CHAIR(p) ")"
/* The reader is a member of p's group; who is only nominated is known to its officers alone. */
#define SITS_WITH(p)                                                                               \
    "EXISTS (SELECT 1 FROM membership o WHERE o.person_key = ?3 AND o.group_key = " p             \
    ".group_key AND " ACCESS_TODAY("o") " AND (o.role IN " ACCESS_OFFICERS " OR (" p ".membership_key > 0 "   \
    "AND o.role NOT IN ('contact', 'observer'))))"
/* The reader knows, through that group, that somebody declares: a row of domain.md 3's table but
 * support and self. */
#define KNOWS_BY(p) "(" SITS_WITH(p) " OR " REVIEWS(p) ")"

/* Some group that reviews it lets the reader know of it. */
#define KNOWN_TO_READER(key, person)                                                               \
    "EXISTS (SELECT 1 FROM declaration_group kg JOIN participation kp "                            \
    "ON kp.person_key = " person " AND kp.group_key = kg.group_key "                               \
    "WHERE kg.declaration_key = " key " AND " PARTICIPATES("kp") " AND " KNOWS_BY("kp") ")"

/* On ?1: what of a declaration d is computed. */
#define LATER(d)                                                                                   \
    "EXISTS (SELECT 1 FROM declaration n WHERE n.person_key = " d ".person_key "                   \
    "AND n.state = 'submitted' AND (n.submitted_at > " d ".submitted_at "                          \
    "OR (n.submitted_at = " d ".submitted_at AND n.key > " d ".key)))"
#define DECLARATION_STATUS(d)                                                                      \
    "CASE WHEN " d ".state <> 'submitted' THEN " d ".state WHEN " LATER(d) " THEN 'superseded' "   \
    "WHEN " d ".valid_until < ?1 THEN 'expired' WHEN EXISTS (SELECT 1 FROM declaration_group ag "  \
    "WHERE ag.declaration_key = " d ".key) AND NOT EXISTS (SELECT 1 FROM declaration_group ag "    \
    "WHERE ag.declaration_key = " d ".key AND NOT EXISTS (SELECT 1 FROM declaration_review ar "    \
    "WHERE ar.declaration_key = " d ".key AND ar.group_key = ag.group_key)) THEN 'reviewed' "      \
    "ELSE 'submitted' END"

/* ---- declaration.c: the resource and its values ---- */

struct declaration_input {
    struct ref_value person;
    struct ref_list groups;
    const char *variant, *interests, *signed_date, *begin_from;
    int no_interests, attested;
};
/* The same for lists: never what anybody declared. */
extern const struct resource declaration_list_resource;
/* All that the reader may know of, as a list. */
enum code declaration_list(struct ctx *ctx, struct answer *out);
/* The form of a variant in force today: its key, or 0. */
long long declaration_form_in_force(struct ctx *ctx, const char *variant);
extern const struct value declaration_kinds[], declaration_proximities[], declaration_natures[],
    declaration_holders[], declaration_amounts[];
/* One interest (api.md), as rows of a T_ROWS field. */
extern const struct field declaration_interest_fields[];

/* ---- declaration_access.c: field by field ---- */

/* The document as this reader may have it: exactly its members, no more; NULL when absent. The
 * reading is recorded when it is another's and holds more than everyone's two rows. In a read
 * transaction (a form shown again) nothing can be recorded: then it has those members only when
 * this account has read them before. New reference. */
json_t *declaration_open(struct ctx *ctx, const char *id, long long *key, long long *version);
/* `finish` of the resources: takes away what this reader may not have. */
void declaration_shape(struct ctx *ctx, json_t *items);
/* Whether the caller may read which interests there are. */
bool declaration_reads_interests(struct ctx *ctx, long long key);
/* Records that the caller was shown which interests there are, otherwise than by the object. */
void declaration_read(struct ctx *ctx, long long key);
/* Whether the caller reviews that declaration for any of its groups: the coordinator who does, never
 * the person. */
bool declaration_reviews_any(struct ctx *ctx, long long key);
/* Who has read it: [{byName, at, parts: [..], partsLabel}], newest first; for the person alone,
 * else empty. New reference. */
json_t *declaration_readings(struct ctx *ctx, long long key);

/* ---- declaration_rules.c: writing ---- */

/* A row as the rules see it. */
struct declared {
    long long key, version, person_key, form_key;
    const char *id, *person_id, *state, *variant;
    bool own;   /* the caller is the person */
    bool paper; /* a form signed on paper: until it is submitted it is its recorder's */
};
/* The declaration with that id, when the caller may know of it (a draft: its writer alone);
 * E_ABSENT. */
NODISCARD enum code declared_find(struct ctx *ctx, const char *id, struct declared *out);
/* 409 "not-draft" unless it is one's own draft; E_DENIED for another's. */
NODISCARD enum code declared_is_draft(struct ctx *ctx, const struct declared *it);
/* A new draft of the caller, with the form of the variant in force; from_id (or NULL): answers and
 * interests begun from that one of the caller's own. *id gets its id. */
NODISCARD enum code declaration_begin(struct ctx *ctx, const char *variant, const char *from_id,
                                      const char **id);
/* A draft's answers {code: bool} and interests become these (borrowed), as far as they have come:
 * what is needed of a row is asked when it is submitted. No interests becomes an explicit choice
 * when every question is answered no. */
NODISCARD enum code declaration_keep(struct ctx *ctx, const struct declared *it,
                                     const json_t *answers, const json_t *interests);

/* POST /groups/{id}/declarations: a signed paper form of somebody in the group of the path, in one
 * step: ctx->body has personId, formVariant, signedDate, noInterests or interests, attested; it is
 * submitted, asks that group, and is marked. May: ACT_RECORD_PAPER. Its route: .body =
 * declaration_paper_fields, .form = declaration_paper_form. */
enum code declaration_record_paper(struct ctx *ctx, struct answer *out);
extern const struct field declaration_paper_fields[];

/* The handlers. Their answers are personal: kept under no Idempotency-Key. */
enum code declaration_create(struct ctx *ctx, struct answer *out);
enum code declaration_change(struct ctx *ctx, struct answer *out);
enum code declaration_remove(struct ctx *ctx, struct answer *out);
/* A draft recorded from paper, its input read already; what a field alone cannot tell is asked. */
NODISCARD enum code declaration_insert_paper(struct ctx *ctx, struct declaration_input *in,
                                             const char **id);
/* The groups that may be asked, for what somebody declares: rows {key, id, name, reviews..}; on
 * paper only those that the recorder leads. New reference. */
json_t *declaration_groups_open(struct ctx *ctx, long long person_key, bool paper);
/* The groups asked become all that may be. */
NODISCARD enum code declaration_ask_all(struct ctx *ctx, long long key, long long person_key,
                                        bool paper);
/* Interests whose last day comes before the first, or that stand beside "none": messages. */
void declaration_check_interests(struct ctx *ctx, const char *interests, int no_interests);

/* ---- declaration_submit.c: what happens to a draft that is ready ---- */

extern const struct field declaration_submission_fields[];
enum code declaration_submit(struct ctx *ctx, struct answer *out);
enum code declaration_withdraw(struct ctx *ctx, struct answer *out);
/* The last day of a declaration that was signed on a day. In the arena. */
const char *declaration_last_day(struct ctx *ctx, const char *day);

/* ---- declaration_review.c ---- */

extern const struct field declaration_review_fields[], declaration_inquiry_fields[];
enum code declaration_review(struct ctx *ctx, struct answer *out);
enum code declaration_inquire(struct ctx *ctx, struct answer *out);
/* The organisations, coordinated by somebody, that the person represents in the group or that host
 * it: [{key, id, name}]. New reference. */
json_t *declaration_reviewing_bodies(struct ctx *ctx, long long person_key, long long group_key);

/* ---- reading what the pages show ---- */

/* The questions of a form in the reader's language: [{code, text, hint, kinds: [..]}]. New
 * reference. */
json_t *declaration_questions(struct ctx *ctx, long long form_key);
/* A draft as it is being written: {answers: {code: bool}, interests: [..], savedAt, begunFromId,
 * inquiries: what reviewers asked of the one it was begun from, as declaration_inquiries}. */
json_t *declaration_draft(struct ctx *ctx, long long key);
/* The groups that it asks (of a draft: would ask): [{id, name, reviewers: [name], mayReview: the
 * caller may for it}]. */
json_t *declaration_asks(struct ctx *ctx, long long key);
/* Until when a declaration is valid that is submitted today. */
const char *declaration_validity(struct ctx *ctx);
/* What the caller is to a declaration and the groups that it asks: WHO_SELF, WHO_REVIEWER,
 * WHO_PROCESS_LEADER, WHO_CHAIR, WHO_MEMBER, WHO_SUPPORT, WHO_AUDITOR. */
unsigned declaration_reader(struct ctx *ctx, long long key);
/* What reviewers asked: [{id, groupId, groupName, text, byName, at}], newest first; for the person
 * and reviewers, else empty. */
json_t *declaration_inquiries(struct ctx *ctx, long long key);
/* The states of struct standing_review, in words. */
extern const struct value declaration_standings[];
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
/* Whether the caller may remind people of the group to declare: its officers and support. */
bool declaration_may_remind(struct ctx *ctx, long long group_key);

/* ---- declaration_status.c: who of a group has declared ---- */

/* What the caller is to the group, with WHO_REVIEWER for who reviews somebody there. */
unsigned declaration_to_group(struct ctx *ctx, long long group_key);
/* The list of all groups, as far as the caller may know. */
enum code declaration_statuses_of_all(struct ctx *ctx, struct answer *out);
/* The list of the group of the path; *group_key gets its key. May: ACT_SEE_STATUSES. */
enum code declaration_statuses_of_group(struct ctx *ctx, struct answer *out, long long *group_key);
/* POST /groups/{id}/declaration-reminders. */
extern const struct field declaration_reminder_fields[];
enum code declaration_remind(struct ctx *ctx, struct answer *out);

/* ---- concentration.c ---- */

/* {level: "members"|"chair", members, of, readable, counterparties: [..]}: more than half have a
 * direct interest in one counterparty, or the chair has; null when neither. To name counterparties
 * is to read interests: they are there only for who may (readable), in a transaction that keeps
 * the trace: at GET /groups/{id}/declaration-concentration, not beside the list. */
json_t *declaration_concentration(struct ctx *ctx, long long group_key);
enum code declaration_concentration_of_group(struct ctx *ctx, struct answer *out);
extern const char declaration_concentration_reply[];
/* The groups where it is so: rows of a check. New reference. */
json_t *declaration_concentrated(struct ctx *ctx);

/* ---- declaration_pages.c: what a page shows beside the object ----
 *
 * Called last by the handlers of these rows, which answer both addresses; out->document is there.
 * GET /declarations                       .view = "declaration/list"
 * GET /declarations/{id}                  .view = "declaration/show" (from declaration_open)
 * GET /groups/{id}/declaration-statuses   .view = "declaration/group" (also calls group_below)
 * GET /declaration-statuses               .view = "declaration/statuses"
 * GET /declaration-forms                  .view = "declaration/forms"
 * GET /declaration-forms/{id}             .view = "declaration/form-version" */
enum code declaration_page_list(struct ctx *ctx, struct answer *out);
enum code declaration_page_show(struct ctx *ctx, struct answer *out, long long key);
enum code declaration_page_everybody(struct ctx *ctx, struct answer *out);
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
/* What they mean: every message at "/interests/0/kind". `complete` asks for what a submission
 * needs; otherwise only that what is there can be kept. *rows is a new reference, also after a
 * failure. */
NODISCARD enum code interests_read(struct ctx *ctx, const json_t *typed, bool complete,
                                   json_t **rows);
/* Rows as a form shows them: [{number, at, fields, more, open}] of `rows` (typed or saved), filled
 * up with empty ones to `least`; fields as declaration/cell.html takes them. Each message goes to
 * `errors`, too. New reference. */
json_t *interests_form(struct ctx *ctx, const json_t *rows, const json_t *kinds, size_t least,
                       json_t *errors);
/* Interests to read, of the members that are there: [{counterparty, kindLabel, startDate, endDate,
 * facts: [{label, value}], description}]. New reference. */
json_t *interests_shown(struct ctx *ctx, const json_t *interests);
/* The message at a pointer of the request's failure, or NULL. */
const char *message_at(struct ctx *ctx, const char *pointer);

/* ---- difference_view.c ---- */

/* What has become of the interests of one declaration in another: [{state: "same"|"added"|
 * "removed"|"changed", stateLabel, before, after: [{label, parts: [{op: "same"|"deleted"|
 * "inserted", text}]}] or null}], those of `after` in their order, then what was taken away.
 * Without a `before` (NULL) nothing differs. New reference. */
json_t *interests_difference(struct ctx *ctx, const json_t *before, const json_t *after);

/* ---- declaration_part.c: declaration_parts ---- */

/* Of those in a group whom the caller may see: {total, reviewed, expiring, submitted, expired,
 * missing, lacking (the last two)}. New reference. */
json_t *declaration_counts(struct ctx *ctx, long long group_key);

/* ---- form_pages.c: versions of forms, for administrators ---- */

/* POST /declaration-forms/new: what the page sends becomes the body of declaration_form_create. */
enum code declaration_form_new(struct ctx *ctx, struct answer *out);

/* ---- routes' own fields ---- */

/* What a review, an inquiry and a reminder say; the bodies of their routes: declaration_rules.c. */
extern const struct field declaration_review_fields[], declaration_inquiry_fields[];
extern const struct field wizard_query[], declaration_new_query[], declaration_review_query[],
    form_new_query[];
enum code wizard_show(struct ctx *ctx, struct answer *out);
enum code wizard_save(struct ctx *ctx, struct answer *out);
enum code declaration_new(struct ctx *ctx, struct answer *out);

#endif
