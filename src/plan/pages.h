/* pages.h: what the pages of plan/ share: their handlers, for the table of addresses, and the
 * documents that they are made of. */
#ifndef KANSLI_PLAN_PAGES_H
#define KANSLI_PLAN_PAGES_H

#include "internal.h"

/* ---- plan_view.c: what a page shows beside the resource ---- */

/* What the reader may do with a plan and what stands in it: the rows of a page have no links of
 * their own. */
struct plan_rights {
    bool write;    /* texts and initiatives */
    bool answer;   /* remarks, as the programme area */
    bool review;   /* make remarks and mark them resolved */
    bool decide;   /* takes a position and decides */
    bool progress; /* of an approved plan: how its initiatives go */
};
void plan_rights(struct ctx *ctx, const struct plan_row *plan, struct plan_rights *rights);
json_t *plan_rights_document(const struct plan_rights *rights);
/* [{label, state: "done"|"now"|"ahead"}]: draft, submitted, in review, decided, followed up. */
json_t *plan_steps(struct ctx *ctx, const struct plan_row *plan);
/* [{name, title, html}] of the texts that say something, headings from `heading`. */
json_t *plan_texts(struct ctx *ctx, const json_t *plan, int heading);
/* The initiatives by focus area: [{name (null: none), initiatives: [... with remarks and below]}].
 * `remarks` as plan_remarks has them. */
json_t *plan_areas(struct ctx *ctx, const struct plan_row *plan, const json_t *document,
                   json_t *initiatives, const json_t *remarks);
/* A plan's remarks, each with `saved` (its version, for a form) and mayAnswer, mayResolve, mayWord;
 * empty for who is not inside. */
json_t *plan_remarks(struct ctx *ctx, const struct plan_row *plan,
                     const struct plan_rights *rights);
/* Those of one initiative (NULL: of the plan as a whole). */
json_t *plan_remarks_of(const json_t *remarks, const char *initiative_id);
/* What hangs on an initiative, on any level below: [{id, title, planId, groupName, level, ...}]. */
json_t *initiative_below(struct ctx *ctx, const char *id);
/* "On track 2, Delayed 1" of rows with `progress`; NULL when there are none. */
const char *initiative_tally(struct ctx *ctx, const json_t *rows);
/* The initiatives of others' plans of this year and the next that a group carries out: [{id, title,
 * planId, year, groupName, progress, progressLabel}]. */
json_t *initiatives_carried(struct ctx *ctx, long long group_key);
/* [{year}] of the plans that the reader may see, the latest first. */
json_t *plan_years(struct ctx *ctx);
/* The first year, from the one whose plans are written, for which a group has no plan. */
int plan_year_free(struct ctx *ctx, long long group_key);
/* Of a kind that has annual plans. */
bool plan_group_has_plans(struct ctx *ctx, long long group_key);
/* What can be compared: [{value, label, selected}] of the group's plans and their versions. */
json_t *plan_choices(struct ctx *ctx, const struct plan_row *plan, const char *chosen,
                     bool all_years);
/* For a form: the gaps of the group's inventory, the initiatives one level up: [{value, label}]. */
json_t *plan_gaps(struct ctx *ctx, const struct plan_row *plan);
json_t *plan_initiatives_above(struct ctx *ctx, const struct plan_row *plan);

/* ---- plan_queue.c: what comes in at a desk ---- */

/* {groupId, organisationId, year, submitted, decided, counts, items: [...]}; of one stage when one
 * is asked for. New reference. */
json_t *plan_queue(struct ctx *ctx, const struct plan_desk *desk, int year, const char *asked);
extern const char plan_queue_reply[];

/* ---- initiative_order.c ---- */

enum code initiative_order(struct ctx *ctx, struct answer *out);
extern const struct field initiative_order_fields[];

/* ---- plan_pages.c: lists, a plan, a sheet to print, two plans side by side ---- */

handler plan_page_list, plan_page_list_of_group, plan_page_show, plan_page_document,
    plan_page_comparison;
extern const struct field plan_page_comparison_query[];
/* "/plans/{id}" and what follows it. */
const char *plan_path(struct ctx *ctx, const struct plan_row *plan, const char *rest);
/* A page below a group's with its tab, titled "here". */
enum code plan_below(struct ctx *ctx, const struct plan_row *plan, struct answer *out,
                     const char *here);
/* E_INPUT unless a parameter of the address says one of its values, or nothing. */
enum code plan_check_choice(struct ctx *ctx, const char *name, const struct value *values);
/* Compares as plan_compare does, and leaves out what is the same when show=changes asks for it. */
enum code plan_compare_shown(struct ctx *ctx, struct answer *out);
/* How it was asked to be shown: _embedded.ways to choose from, _embedded.sides whether the two
 * stand apart. */
void plan_embed_ways(struct ctx *ctx, json_t *document);
extern const struct value plan_ways[];

/* ---- form_pages.c: the plan itself ---- */

handler plan_new_form, plan_edit_form, plan_delete_form, plan_submission_form, plan_follow_up_form,
    plan_preview_before, plan_preview;
/* A page that is one form below a plan; NULL: what it is about is gone. */
enum code plan_give_form(struct ctx *ctx, struct answer *out, json_t *form,
                         const struct plan_row *plan, const char *title, const char *lead);
/* A field of a form by name, or NULL. */
json_t *plan_form_field(const json_t *form, const char *name);
void plan_form_drop(json_t *form, const char *name);
/* The field becomes a list box of `rows` [{value, label}] (stolen); without rows it goes. */
void plan_form_select(struct ctx *ctx, json_t *form, const char *name, json_t *rows);

/* ---- initiative_pages.c ---- */

handler initiative_page_show, initiative_new_form, initiative_edit_form, initiative_delete_form,
    initiative_order_form, initiative_order_send;

/* ---- review_pages.c: remarks, positions, decisions ---- */

handler plan_page_review, remark_new_form, remark_edit_form, position_new_form,
    position_edit_form, plan_decision_form;
extern const struct field plan_review_query[], remark_new_query[];

/* ---- queue_pages.c: what has come in, several decisions on one page ---- */

handler plan_page_queue, plan_page_flag, plan_decisions_form;
extern const struct field plan_queue_query[];
/* Where the queue with that plan is, when the reader may look at it; or NULL. */
const char *plan_queue_path(struct ctx *ctx, const struct plan_row *plan);
/* For an organisation's page and for what waits for the reader: {desks: [{href, name, waiting}]},
 * or NULL. */
json_t *plan_desk_of_organisation(struct ctx *ctx, long long key, const json_t *organisation);
json_t *plan_desks_of_reader(struct ctx *ctx, long long person_key, const json_t *tasks);

#endif
