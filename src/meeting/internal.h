/* internal.h: what the files of meeting/ share. Not for others.
 *
 * Rules and the JSON API: meeting.c (the resource), meeting_rules.c (written, changed, deleted,
 * cancelled), notice.c (who is told), answer.c (who comes), agenda.c, attendance.c, people.c (who
 * takes part, quorum), recusal.c, suggestion.c, meeting_routes.c (every address but pages' own).
 * Pages: *_pages.c, *_forms.c. */
#ifndef KANSLI_MEETING_INTERNAL_H
#define KANSLI_MEETING_INTERNAL_H

#include <kansli/json.h>
#include <kansli/meeting.h>

struct meeting_input {
    struct ref_list groups;
    const char *title, *starts_at, *ends_at, *mode, *location, *visibility;
    struct text_list carried;
};

struct agenda_input {
    const char *title, *type, *text, *minutes_text;
    struct ref_list presenters;
    struct text_list tags;
    int postponed;
};

struct attendance_input {
    struct ref_value person, deputy_of;
    const char *status, *note;
};

struct recusal_input {
    struct ref_value item, person;
    const char *action, *note;
};

/* ---- meeting.c ---- */

/* GET /meetings and /groups/{id}/meetings: the latest first; from= and to= are days, both included.
 * Pages: _embedded.filters and .pages as resource_list has them. */
enum code meeting_list(struct ctx *ctx, struct answer *out);
enum code meeting_list_of_group(struct ctx *ctx, struct answer *out);
extern const struct field meeting_list_query[];
/* GET /meetings/{id}. */
enum code meeting_show(struct ctx *ctx, struct answer *out);
/* The meeting's key of the path's {id} when the caller may know of it, else 0 with *c set. */
long long meeting_in_path(struct ctx *ctx, struct meeting_row *meeting, enum code *c);

/* ---- meeting_rules.c ---- */

enum code meeting_change(struct ctx *ctx, struct answer *out);
enum code meeting_remove(struct ctx *ctx, struct answer *out);
/* POST /meetings/{id}/cancellations {reason}. */
enum code meeting_cancel(struct ctx *ctx, struct answer *out);
extern const struct field meeting_cancellation_fields[];
/* Whether something was noted at it: attendance, a recusal, notes, minutes. Until then it may be
 * deleted unless it was called, and moved although it has passed. */
bool meeting_is_noted(struct ctx *ctx, long long key);
/* The meeting of the path, which the caller may change and which is not cancelled. */
NODISCARD enum code meeting_find_to_change(struct ctx *ctx, struct meeting_row *meeting);
/* The same, when what minutes tell of it may be changed: its agenda, who was there. E_CONFLICT
 * "minutes-locked". */
NODISCARD enum code meeting_find_to_note(struct ctx *ctx, struct meeting_row *meeting);
/* Whether its last minutes are adjusted: who was there, who presented and who stood aside are facts
 * of its decisions (förvaltningslagen 31 §), and stay until the next version is begun. */
bool meeting_is_locked(struct ctx *ctx, long long key);
/* E_CONFLICT "minutes-locked" when it is. */
NODISCARD enum code meeting_must_be_open(struct ctx *ctx, long long key);
/* The caller may change it, and it is neither cancelled nor locked: for links and forms. */
bool meeting_may_note(struct ctx *ctx, const struct meeting_row *meeting);
/* Whether the caller may call, cancel or delete it now: right and state together, for links and
 * forms. */
bool meeting_may_call(struct ctx *ctx, const struct meeting_row *meeting);
bool meeting_may_cancel(struct ctx *ctx, const struct meeting_row *meeting);
bool meeting_may_delete(struct ctx *ctx, const struct meeting_row *meeting);
/* ---- course.c: for those inside ---- */

/* The steps of a meeting that is not cancelled: [{label, at (a day or an instant, or null), done,
 * current}]: notice, meeting, minutes, adjusted, sent. New reference. */
json_t *meeting_course(struct ctx *ctx, const struct meeting_row *meeting);
/* What the caller is to do next with it: {label, href, post (a form's button, not a link)}; null:
 * nothing, or it is not his to do. New reference. */
json_t *meeting_next_act(struct ctx *ctx, const struct meeting_row *meeting);
/* What the minutes say of an item: {decisions: [{number (null before adjustment), text}], actions:
 * [{text, dueDate, ownerName}]}. New reference. */
json_t *agenda_outcome(struct ctx *ctx, long long item_key);

/* ---- proposal.c ---- */

/* What the form of the group's next meeting begins with: {startsAt, endsAt, mode, location,
 * visibility}, or nothing before its first. New reference. */
json_t *meeting_proposal(struct ctx *ctx, long long group_key);

/* ---- notice.c ---- */

/* POST /meetings/{id}/notices {to?, message?}: the first calls everyone who takes part; after that
 * those who came in since, and a reminder, at most once a day, to those without an answer; "to":
 * "new" leaves the reminders out. */
enum code meeting_call(struct ctx *ctx, struct answer *out);
extern const struct field meeting_notice_fields[];
/* Whether it is among those who are told of the meeting. */
bool meeting_concerns(struct ctx *ctx, const struct meeting_row *meeting, long long person_key);
/* What sending it now means for each whom the meeting concerns: [{personName (or null), standing:
 * new|silent|lately|answered|unreachable, standingLabel}]. New reference. */
json_t *meeting_notice_people(struct ctx *ctx, const struct meeting_row *meeting);
/* Tells those who were called. Moved: answers to another time are forgotten and asked for again. */
NODISCARD enum code meeting_tell_moved(struct ctx *ctx, const struct meeting_row *meeting,
                                       bool other_time);
NODISCARD enum code meeting_tell_cancelled(struct ctx *ctx, const struct meeting_row *meeting,
                                           const char *reason);

/* ---- notice_mail.c ---- */

struct news {
    const char *event; /* behind "meetings:<id>:" */
    int kind;          /* enum mail_kind */
    const char *subject, *first, *message, *action; /* message: somebody's own words, or NULL */
    bool agenda, answers, cancelled; /* the agenda beneath; a link to answer by; struck out */
};
struct news meeting_notice_news(const char *message);
struct news meeting_reminder_news(const char *event, const char *message);
struct news meeting_moved_news(const char *event, bool other_time);
struct news meeting_let_go_news(const char *event);
struct news meeting_cancelled_news(const char *reason);
/* Queues one mail, with its event and, when it asks for an answer, a link of its own; who has no
 * address is passed over. */
NODISCARD enum code meeting_tell(struct ctx *ctx, const struct meeting_row *meeting,
                                 const struct news *news, long long person_key);
/* "3 December 2026, 13:00–15:00", in the reader's language and Stockholm's time. */
const char *meeting_when(struct ctx *ctx, const struct meeting_row *meeting);
/* The mail that would be sent now: {subject, paragraphs: [text], agenda: [{title}]}. New
 * reference. */
json_t *meeting_notice_preview(struct ctx *ctx, const struct meeting_row *meeting);

/* ---- answer.c: who comes ---- */

/* POST /meetings/{id}/answers {answer: yes|no|deputy, note?}: the caller's own. Who takes no part:
 * E_DENIED "answer-own-meeting". The form's page is /meetings/{id}/answers/new. */
enum code meeting_answer(struct ctx *ctx, struct answer *out);
extern const struct field meeting_answer_fields[];
struct meeting_answer_input {
    const char *answer, *note;
};
/* Keeps an answer of a person who takes part. No right is asked: the caller, or a link, carries it.
 * E_CONFLICT meeting-cancelled, meeting-held. */
NODISCARD enum code meeting_note_answer(struct ctx *ctx, const struct meeting_row *meeting,
                                        long long person_key, const char *answer,
                                        const char *note);
/* What the caller has answered: {answer, answerLabel, note, status}; null when he takes no part.
 * New reference. */
json_t *meeting_own_answer(struct ctx *ctx, long long meeting_key);
/* A link of a notice's mail, /meeting-answers/{token}: takes an answer, also more than once, until
 * the meeting has ended or is cancelled, and says so afterwards; for whom it does not concern any
 * more, or who was never called, E_ABSENT "link-used". Its page needs no login: ROUTE_NO_CSRF, out->personal;
 * it has the calendar's file, too. */
struct meeting_link {
    long long key, person_key;
    struct meeting_row meeting;
};
NODISCARD enum code meeting_link_find(struct ctx *ctx, const char *token,
                                      struct meeting_link *link);
/* What its holder is shown: {personName, title, groupNames: [{name}], when, startsAt, endsAt, mode,
 * modeLabel, location, status, cancelReason, open (an answer is waited for), answer, answerLabel,
 * note, agenda: [{number, title}]}. New reference. */
json_t *meeting_link_view(struct ctx *ctx, const struct meeting_link *link);
/* A new token for the person, kept as a digest, in the arena; NULL after a failure. */
const char *meeting_link_new(struct ctx *ctx, const struct meeting_row *meeting,
                             long long person_key);

/* ---- agenda.c ---- */

/* GET, POST /meetings/{id}/agenda-items, its items, and POST /meetings/{id}/agenda-orders
 * {itemIds}. */
enum code agenda_list(struct ctx *ctx, struct answer *out);
enum code agenda_show(struct ctx *ctx, struct answer *out);
enum code agenda_change(struct ctx *ctx, struct answer *out);
enum code agenda_remove(struct ctx *ctx, struct answer *out);
enum code agenda_order(struct ctx *ctx, struct answer *out);
extern const struct field agenda_order_fields[];
/* The items of a meeting in their order, as objects. New reference. */
json_t *agenda_of(struct ctx *ctx, long long meeting_key);
/* The item as object: the standing question, with which every meeting begins. */
bool agenda_is_standing(const json_t *item);
/* Adds an item as the last; `from` is the key of the item that it goes on with, or 0. */
NODISCARD enum code agenda_append(struct ctx *ctx, long long meeting_key,
                                  const struct agenda_input *in, long long from, long long *key);
/* The item with that id of this meeting: its key, or 0. */
long long agenda_item_key(struct ctx *ctx, long long meeting_key, const char *id);

/* ---- agenda_begin.c ---- */

/* The standing item, and what is chosen of what the leading group's meetings left, by id: open
 * actions as one item, then postponed items. An id that is not proposed is E_INPUT. */
NODISCARD enum code agenda_begin(struct ctx *ctx, const struct meeting_row *meeting,
                                 const struct text_list *chosen);
/* What may be carried over: {items: [{id, title, meetingTitle, startsOn, ...}], actions: [{id, text,
 * dueDate}]}, no more than what one agenda takes. New reference. */
json_t *agenda_left_over(struct ctx *ctx, long long group_key);

/* ---- attendance.c ---- */

enum code attendance_list(struct ctx *ctx, struct answer *out);
enum code attendance_show(struct ctx *ctx, struct answer *out);
enum code attendance_change(struct ctx *ctx, struct answer *out);
enum code attendance_remove(struct ctx *ctx, struct answer *out);
/* POST /meetings/{id}/attendance-marks {status, personIds?}: those named; without names everyone
 * who takes part and has no status yet, but those who answered no or sent a deputy. */
enum code attendance_mark(struct ctx *ctx, struct answer *out);
extern const struct field attendance_mark_fields[];
/* The person's row in a meeting, made when there is none; 0 after a failure. *id (may be NULL) gets
 * its id. */
long long attendance_row(struct ctx *ctx, long long meeting_key, const struct ref_value *person,
                         const char **id);

/* ---- people.c ---- */

/* Whether the person takes part: a member of one of its groups on its day, or in attendance. */
bool meeting_takes_part(struct ctx *ctx, long long meeting_key, long long person_key);
/* Whether anybody's attendance is noted. */
bool meeting_is_attended(struct ctx *ctx, long long meeting_key);

/* ---- recusal.c ---- */

enum code recusal_list(struct ctx *ctx, struct answer *out);
enum code recusal_show(struct ctx *ctx, struct answer *out);
enum code recusal_create(struct ctx *ctx, struct answer *out);
enum code recusal_change(struct ctx *ctx, struct answer *out);
enum code recusal_remove(struct ctx *ctx, struct answer *out);
/* Whether the caller may record one: anybody's, or his own alone. */
bool recusal_may_keep(struct ctx *ctx, const struct meeting_row *meeting, bool *own_only);
/* The same as a refusal, for a person (0: anybody). */
NODISCARD enum code recusal_must_keep(struct ctx *ctx, const struct meeting_row *meeting,
                                      long long person_key);
/* Whether the caller may record that somebody, himself if nobody else, stands aside. */
bool recusal_may_enter(struct ctx *ctx, const struct meeting_row *meeting);
/* A meeting's, in the order of the agenda, as objects; empty for who may not look inside. New
 * reference. */
json_t *recusals_of(struct ctx *ctx, long long meeting_key);

/* ---- paper.c ---- */

/* An item's, for the meeting's page. New reference. */
json_t *papers_of_item(struct ctx *ctx, long long item_key);
/* The item is about to be deleted: its papers are the whole meeting's from then on. */
NODISCARD enum code papers_leave_item(struct ctx *ctx, long long item_key, const char *item_id);
/* The loader's: [{item?: its title, title, href | file}], added at that instant; NULL: now. */
NODISCARD enum code paper_load(struct ctx *ctx, const struct meeting_row *meeting,
                               const json_t *rows, const char *at);

/* ---- suggestion.c ---- */

/* GET /meetings/{id}/recusal-suggestions (ROUTE_LOGS_READ): {items: [{agendaItemId,
 * agendaItemNumber, agendaItemTitle, personId, personName, word, counterparty?, conditions?,
 * outcome?, own}]}. A member gets what concerns himself; the group's chair and secretary everyone's. What is told of another's
 * interests leaves its trace, so a page that only reads shows the caller's own alone. */
enum code recusal_suggestions(struct ctx *ctx, struct answer *out);
extern const char recusal_suggestions_reply[];
/* The rows themselves; own_only: what concerns the caller, without a trace. New reference. */
json_t *suggestions_of(struct ctx *ctx, const struct meeting_row *meeting, bool own_only);
/* Whether the caller is given everyone's. */
bool suggestions_for_all(struct ctx *ctx, const struct meeting_row *meeting);

#endif
