/* internal.h: what the files of mandate/ share. Not for others. */
#ifndef KANSLI_MANDATE_INTERNAL_H
#define KANSLI_MANDATE_INTERNAL_H

#include <kansli/access.h>
#include <kansli/json.h>
#include <kansli/mandate.h>

/* The first four parameters of a statement, as a resource's select has them (resource.h). */
#define READER(ctx) (ctx)->day, access_sees_all(ctx), (ctx)->actor->person_key, (ctx)->today
#define GROUP_VISIBLE(g) ACCESS_GROUP_VISIBLE(g ".access_mode", g ".key")

struct mandate_input {
    struct ref_value group;
    const char *purpose, *scope, *time_plan, *deliverables, *nomination_process, *costs, *reporting;
    const char *reference, *valid_from, *valid_to;
    struct text_list tasks;
    long long member_count, member_percent, chair_percent, process_leader_percent;
};

/* ---- mandate_rules.c ---- */

/* Which sheet of paper an act is about: a mandate's row, or an annex's. */
struct sheet {
    long long key, group_key, kind_key, number;
    const char *id, *state, *valid_from, *valid_to;
    bool was_submitted;
};
/* The row behind an id that the caller may see; E_ABSENT when he may not, or when it is a row of
 * the other resource. */
NODISCARD enum code sheet_find(struct ctx *ctx, const struct resource *r, const char *id,
                               struct sheet *sheet);
/* What a field alone cannot tell: days in order, Markdown that can be shown. Beside the fields' own
 * messages; `read` is what reading them said. */
enum code sheet_check(struct ctx *ctx, const struct mandate_input *in, enum code read);
/* Inserts a draft under the next number of its group or kind; *id gets its id. */
NODISCARD enum code sheet_insert(struct ctx *ctx, const struct resource *r, const char *owner,
                                 long long owner_key, const struct mandate_input *in,
                                 const char **id);
/* 409 unless it may still be changed. */
enum code sheet_is_draft(struct ctx *ctx, const struct sheet *sheet);
/* PATCH and DELETE, once the right to them has been asked. */
enum code sheet_change(struct ctx *ctx, const struct resource *r, const struct sheet *sheet,
                       struct answer *out);
enum code sheet_remove(struct ctx *ctx, const struct resource *r, const struct sheet *sheet,
                       struct answer *out);
/* A new state, with history. */
NODISCARD enum code sheet_move(struct ctx *ctx, const struct resource *r, const struct sheet *sheet,
                               const char *state, const char *act);
/* What was said of it; principal 0: by the support function, for want of principals. */
NODISCARD enum code sheet_say(struct ctx *ctx, const struct sheet *sheet, long long principal,
                              const char *outcome, const char *comment, const char *at);

enum code mandate_change(struct ctx *ctx, struct answer *out);
enum code mandate_remove(struct ctx *ctx, struct answer *out);
enum code mandate_submit(struct ctx *ctx, struct answer *out);
enum code mandate_approve(struct ctx *ctx, struct answer *out);
enum code mandate_extend(struct ctx *ctx, struct answer *out);
extern const struct field mandate_approval_fields[], mandate_extension_fields[];

/* The principals in force today that have not approved a mandate since it was last submitted:
 * [{key, id, name}], those that the reader may know of or, without `visible`, all. New reference.
 * */
json_t *mandate_awaits(struct ctx *ctx, long long key, bool visible);
/* What has been said of a mandate, oldest first: [{principalId, principalName, outcome,
 * outcomeLabel, comment, at, byName}]; comment and byName are null for who may not see drafts. New
 * reference. */
json_t *mandate_approvals(struct ctx *ctx, long long key, long long group_key);
/* The key of the group of a mandate that the caller may see. */
long long mandate_group(struct ctx *ctx, const char *id);
/* True when the caller may approve for one of its principals, or for want of any as support. */
bool mandate_may_approve(struct ctx *ctx, long long key);

/* Says who may, instead. */
enum code mandate_refuse_approval(struct ctx *ctx, long long key);

/* ---- annex.c ---- */

enum code annex_change(struct ctx *ctx, struct answer *out);
enum code annex_remove(struct ctx *ctx, struct answer *out);
enum code annex_approve(struct ctx *ctx, struct answer *out);
/* The kind of the path as an object, or NULL when the answer is given already. New reference. */
json_t *annex_kind(struct ctx *ctx, struct answer *out, enum code *c);
/* "{mandateId}" of the path, when it is an annex of the kind of the path; else NULL. */
const char *annex_in_path(struct ctx *ctx);
/* The annex of a group's kind (or of a kind by id, with group_key 0) in force on a day, or NULL.
 * New reference. */
json_t *annex_of_group(struct ctx *ctx, long long group_key, const char *day);
json_t *annex_of_kind(struct ctx *ctx, const char *kind_id, const char *day);

/* ---- mandate_standing.c ---- */

/* How a group stands with its mandates on ctx->day: {state: "inForce"|"ended"|"coming"|"none", id,
 * version, validFrom, validTo, days, months, soon}: days and whole months that are left, or null;
 * soon: a warning is due (180, 90, 30 days). New reference. */
json_t *mandate_standing(struct ctx *ctx, long long group_key);

/* ---- mandate_document.c: a mandate as a text to read ---- */

/* [{name, title, bodyHtml, text, tasks, rows: [{text, dueDate}], facts: [{label, value}]}] of
 * what the mandate says, each with every member; empty parts are left out. `heading` is the level
 * of the sections' own headings: those inside their texts are below it. New reference. */
json_t *mandate_sections(struct ctx *ctx, const json_t *mandate, int heading);
/* The same as Markdown, with its head, its annex and the places for signatures. In the arena. */
const char *mandate_markdown(struct ctx *ctx, const json_t *mandate, const json_t *annex,
                             const json_t *principals);
/* The day on which the annex that belongs to a mandate is looked for: ctx->day, but within the
 * mandate's own. */
const char *mandate_day(struct ctx *ctx, const json_t *mandate);
/* The groups that sign it: those that approved, or that are asked: [{id, name, at}]. New
 * reference. */
json_t *mandate_signers(struct ctx *ctx, long long key);

/* ---- mandate_comparison.c ---- */

/* {from, to: {id, version, status, statusLabel, groupName}, changes: [{field, label, kind,
 * kindLabel, parts: [{op, text}]}], changed}. New reference. */
json_t *mandate_compare(struct ctx *ctx, const json_t *from, const json_t *to);
extern const char mandate_comparison_reply[];

/* ---- mandate_forms.c ---- */

enum code mandate_new_form(struct ctx *ctx, struct answer *out);
enum code mandate_edit_form(struct ctx *ctx, struct answer *out);
enum code mandate_delete_form(struct ctx *ctx, struct answer *out);
enum code mandate_approval_form(struct ctx *ctx, struct answer *out);
enum code mandate_extension_form(struct ctx *ctx, struct answer *out);
enum code annex_new_form(struct ctx *ctx, struct answer *out);
enum code annex_edit_form(struct ctx *ctx, struct answer *out);
enum code annex_delete_form(struct ctx *ctx, struct answer *out);
extern const struct field mandate_new_query[], mandate_approval_query[];

#endif
