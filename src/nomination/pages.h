/* pages.h: what the pages of this room give to its rules and its table of acts.
 *
 * Rows that only read (GET: lists, one nomination, board, comparison, letter, forms) stand in
 * nomination_page_routes (nomination_pages.c); rows that change something stand in nomination_routes,
 * each with its form from here, so that what a rule refused is said beside the fields. */
#ifndef KANSLI_NOMINATION_PAGES_H
#define KANSLI_NOMINATION_PAGES_H

#include <kansli/ctx.h>

/* ---- nomination_forms.c: .form of the rows that change ---- */

enum code nomination_new_form(struct ctx *ctx, struct answer *out);      /* POST /nominations and /nomination-calls/{id}/nominations */
enum code nomination_edit_form(struct ctx *ctx, struct answer *out);     /* PATCH /nominations/{id} */
enum code nomination_delete_form(struct ctx *ctx, struct answer *out);   /* DELETE */
enum code nomination_submit_form(struct ctx *ctx, struct answer *out);   /* .../submissions */
enum code nomination_region_form(struct ctx *ctx, struct answer *out);   /* .../region-approvals */
enum code nomination_employer_form(struct ctx *ctx, struct answer *out); /* .../employer-approvals */
enum code nomination_exempt_form(struct ctx *ctx, struct answer *out);   /* .../exemptions */
enum code nomination_decide_form(struct ctx *ctx, struct answer *out);   /* .../decisions */
enum code nomination_withdraw_form(struct ctx *ctx, struct answer *out); /* .../withdrawals */
enum code nomination_decide_many_form(struct ctx *ctx, struct answer *out); /* POST /nomination-calls/{id}/decisions */

/* ---- link.c: links for people without an account ---- */

/* The nominee is asked: a new link to answer by, in place of those before, mailed to the person;
 * OK without a link when the register has no address of hers. For nomination_submit. */
NODISCARD enum code nomination_invite(struct ctx *ctx, long long key);

#endif
