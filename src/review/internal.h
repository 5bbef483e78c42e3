/* internal.h: what the files of review/ share. Not for others.
 *
 * review.c (the resource), review_rules.c (written), review_closing.c (what is left to do for a
 * group that is to be closed), review_thanks.c (thanks to its people), review_below.c (of a
 * principal: done and not), review_pages.c, review_forms.c, review_tasks.c, review_tie.c (people),
 * review_load.c. */
#ifndef KANSLI_REVIEW_INTERNAL_H
#define KANSLI_REVIEW_INTERNAL_H

#include <kansli/group.h>
#include <kansli/json.h>
#include <kansli/review.h>

struct review_input {
    struct ref_value group;
    long long year;
    const char *outcome, *text;
    const char *knowledge_based, *safe, *individual, *efficient, *equal, *accessible;
};

/* The first seven parameters of a statement, as a resource's select has them (resource.h). */
#define REVIEW_ARGS(ctx, own, other)                                                               \
    (ctx)->day, access_sees_all(ctx), (ctx)->actor->person_key, (ctx)->today, (own), (other),      \
        (ctx)->actor->half ? 0 : (ctx)->actor->account_key

/* Groups g of kind k that are reviewed in the year that ends on a day: working groups that stood
 * before July, and then. */
#define REVIEW_EXPECTED(july, last)                                                                \
    "k.category = 'workingGroup' AND g.start_date < " july                                         \
    " AND (g.end_date IS NULL OR g.end_date >= " last ")"

/* The first of July and the last day of a year; one that is not over ends today. In the arena. */
const char *review_july(struct ctx *ctx, int year);
const char *review_end(struct ctx *ctx, int year);

/* ---- review_rules.c ---- */

/* A review as a rule sees it. */
struct review_row {
    long long key, group_key, year;
    const char *id, *group_id, *outcome;
    bool newest;
};
/* The review of the path, when the caller may know of it. */
NODISCARD enum code review_find(struct ctx *ctx, struct review_row *review);
enum code review_change(struct ctx *ctx, struct answer *out);
/* Whether the group has been reviewed for that year. */
bool review_made(struct ctx *ctx, long long group_key, long long year);
/* A review by that person on that day; nobody is told, no right asked. */
NODISCARD enum code review_insert(struct ctx *ctx, const struct review_input *in,
                                  long long person_key, const char *day, const char **id);
/* Beside the fields' own messages. `read` is what reading them said. */
enum code review_check(struct ctx *ctx, const struct review_input *in, enum code read);

/* ---- review_closing.c ---- */

struct review_step_input {
    const char *item, *note;
    int done;
};
extern const struct field review_step_fields[];
extern const char review_closing_schema[], review_closing_reply[];
/* The three items with what was said of each: [{item, itemLabel, note, doneOn}]. New reference. */
json_t *review_steps(struct ctx *ctx, long long review_key);
NODISCARD enum code review_step_save(struct ctx *ctx, const struct review_row *review,
                                     const struct review_step_input *in, const char *day);
enum code review_step(struct ctx *ctx, struct answer *out);
/* E_CONFLICT "review-not-close". */
NODISCARD enum code review_must_close(struct ctx *ctx, const struct review_row *review);
/* The checklist as a document: review_closing_reply. */
enum code review_checklist(struct ctx *ctx, struct answer *out);
/* What the group carries out in the year's plans, as the reader may know of them. New reference. */
json_t *review_initiatives(struct ctx *ctx, long long group_key, int year);

/* ---- review_thanks.c ---- */

extern const struct field review_thanks_fields[];
/* memberCount, and unreachedCount: those of them whom no mail reaches. */
void review_put_people(struct ctx *ctx, json_t *document, long long group_key);
/* Thanks by mail to those who take part, and the checklist notes it. */
enum code review_thank(struct ctx *ctx, struct answer *out);

/* ---- review_below.c ---- */

/* Principals with the working groups that each has reviewed and not, of a level: [{groupId,
 * groupName, done, all}], those with most left first. New reference. */
json_t *reviews_by_principal(struct ctx *ctx, const char *level, int year);

/* ---- review_forms.c ---- */

enum code review_new_form(struct ctx *ctx, struct answer *out);
enum code review_edit_form(struct ctx *ctx, struct answer *out);

#endif
