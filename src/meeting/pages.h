/* pages.h: what the pages of meeting/ share: their handlers, for the tables of addresses. */
#ifndef KANSLI_MEETING_PAGES_H
#define KANSLI_MEETING_PAGES_H

#include "internal.h"

/* ---- meeting_pages.c: reads, with what a page shows beside ---- */

handler meeting_page_list, meeting_page_list_of_group, meeting_page_show, meeting_page_refused,
    meeting_page_attendance;
extern const struct field meeting_page_query[];
/* "/meetings/{id}" and what follows it. */
const char *meeting_path(struct ctx *ctx, const struct meeting_row *meeting, const char *rest);

/* ---- meeting_forms.c: the meeting itself ---- */

handler meeting_new_form, meeting_edit_form, meeting_delete_form, meeting_notice_form,
    meeting_cancellation_form, meeting_answer_form;
/* A page below a meeting that is one form. `cancel` follows the meeting's address. */
enum code meeting_give_form(struct ctx *ctx, struct answer *out, json_t *form,
                            const struct meeting_row *meeting, const char *tab, const char *title,
                            const char *lead);
void meeting_drop_field(json_t *form, const char *name);

/* ---- agenda_forms.c: items, their order, who stands aside ---- */

handler agenda_new_form, agenda_edit_form, agenda_delete_form, agenda_order_send,
    recusal_page_suggestions, recusal_new_form, recusal_edit_form, recusal_delete_form;
extern const struct field recusal_new_query[];
/* A form that deletes, guarded by the version that was seen. */
json_t *meeting_removal(struct ctx *ctx, const struct resource *r, const char *id,
                        const char *path);
/* The field of a form, which has it. Borrowed. */
json_t *meeting_form_field(const json_t *form, const char *name);
/* A field becomes a list box of `rows`: members `id` and `label`; `empty`: nothing may be chosen. */
void meeting_make_select(struct ctx *ctx, json_t *field, json_t *rows, const char *id,
                         const char *label, const char *chosen, bool empty);
/* For the meeting's own page: an item by its title and kind; the notes of the open item. New
 * references. */
json_t *agenda_short_form(struct ctx *ctx, const struct meeting_row *meeting);
json_t *agenda_notes_form(struct ctx *ctx, const struct meeting_row *meeting, const json_t *item);

/* ---- attendance_forms.c ---- */

handler attendance_new_form, attendance_edit_form, attendance_delete_form, attendance_send;

/* ---- link_pages.c: without a login ---- */

handler meeting_link_page, meeting_link_answer, meeting_link_calendar;

#endif
