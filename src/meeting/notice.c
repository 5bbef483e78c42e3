/* notice.c: who is told of a meeting, and of what: called, reminded, moved, cancelled.
 *
 * Owns the answer to whom: everyone who is a member on the meeting's day, contacts and observers
 * aside, once, however many of the meeting's groups he sits in; and whoever else stands in
 * attendance. A meeting for officers alone is told to them alone. A notice goes to nobody twice;
 * who came in since gets it when it is sent again, the others a reminder, once a day. Who is not
 * among them any more after a move is told so. The words are notice_mail.c's. */
#include <string.h>
#include <kansli/mail.h>
#include "internal.h"

enum { REMIND_BEFORE = 3, FORGET_AFTER = 30 }; /* days */

/* ---------------------------------------------------------------- to whom */

#define TAKES_PART                                                                                 \
    "(SELECT s.person_key FROM meeting m JOIN meeting_group g ON g.meeting_key = m.key "           \
    "JOIN membership s ON s.group_key = g.group_key WHERE m.key = ?1 "                             \
    "AND s.start_date <= m.starts_on AND (s.end_date IS NULL OR s.end_date >= m.starts_on) "       \
    "AND s.role NOT IN ('contact', 'observer') AND (?2 = 0 OR s.role IN " ACCESS_OFFICERS ") "     \
    "UNION SELECT t.person_key FROM attendance t WHERE t.meeting_key = ?1 AND ?2 = 0)"

bool meeting_concerns(struct ctx *ctx, const struct meeting_row *meeting, long long person_key)
{
    bool officers = !strcmp(meeting->visibility, "principals");
    return db_exists(ctx->tx, "SELECT 1 FROM person WHERE key = ?3 AND key IN " TAKES_PART,
                     meeting->key, officers, person_key);
}

/* Rows {key, called, lately (a link was sent since that day), answered} of those whom the meeting
 * concerns. */
static json_t *concerned(struct ctx *ctx, const struct meeting_row *meeting, const char *since)
{
    bool officers = !strcmp(meeting->visibility, "principals");
    char midnight[INSTANT_SIZE];
    bool known = instant_of_clock(arena_join(ctx->arena, since, "T00:00", NULL), midnight);
    MUST(known);
    return db_rows(ctx->tx,
                   "SELECT p.key AS \"key\", EXISTS (SELECT 1 FROM meeting_link l "
                   "WHERE l.meeting_key = ?1 AND l.person_key = p.key) AS \"called?\", "
                   "EXISTS (SELECT 1 FROM meeting_link l WHERE l.meeting_key = ?1 "
                   "AND l.person_key = p.key AND l.created >= ?3) AS \"lately?\", "
                   "EXISTS (SELECT 1 FROM attendance t WHERE t.meeting_key = ?1 "
                   "AND (t.person_key = p.key OR t.for_key = p.key) "
                   "AND (t.answer IS NOT NULL OR t.status IS NOT NULL OR t.for_key = p.key)) "
                   "AS \"answered?\" FROM person p WHERE p.key IN " TAKES_PART
                   " ORDER BY p.name, p.key",
                   meeting->key, officers, (const char *)midnight);
}

/* Called once, and not concerned any more. */
static json_t *let_go(struct ctx *ctx, const struct meeting_row *meeting)
{
    bool officers = !strcmp(meeting->visibility, "principals");
    return db_rows(ctx->tx,
                   "SELECT DISTINCT l.person_key AS \"key\" FROM meeting_link l "
                   "WHERE l.meeting_key = ?1 AND l.person_key NOT IN " TAKES_PART " ORDER BY 1",
                   meeting->key, officers);
}

/* What sending the notice now means for somebody. */
static const struct value notice_standings[] = {
    {"new", NC_("notice", "Is called")},
    {"silent", NC_("notice", "Is reminded: has not answered")},
    {"lately", NC_("notice", "Was written to today")},
    {"answered", NC_("notice", "Has answered, or is noted")},
    {"unreachable", NC_("notice", "Has no address in the register")},
    {NULL, NULL},
};

static const char *standing_of(struct ctx *ctx, const json_t *row)
{
    if (!mail_reaches(ctx, json_int(row, "key", 0)))
        return "unreachable";
    if (!json_true_at(row, "called"))
        return "new";
    if (json_true_at(row, "answered"))
        return "answered";
    return json_true_at(row, "lately") ? "lately" : "silent";
}

json_t *meeting_notice_people(struct ctx *ctx, const struct meeting_row *meeting)
{
    json_t *rows = concerned(ctx, meeting, ctx->today), *row, *people = json_array();
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *standing = standing_of(ctx, row);
        json_t *one = json_push(people, json_object());
        json_put(one, "personName",
                 db_text(ctx->tx,
                         "SELECT p.name FROM person p JOIN meeting m ON m.key = ?6 "
                         "WHERE p.key = ?5 AND " MEETING_NAMED("p", "m"),
                         MEETING_ARGS(ctx, json_int(row, "key", 0), meeting->key)));
        json_put(one, "standing", standing);
        json_put(one, "standingLabel", value_label(ctx, notice_standings, standing));
    }
    json_decref(rows);
    return people;
}

/* ---------------------------------------------------------------- called */

struct notice_input {
    const char *message, *to;
};

static const struct value notice_readers[] = {
    {"all", NC_("notice", "Those who have not got it, and those who have not answered")},
    {"new", NC_("notice", "Only those who have not got it")},
    {NULL, NULL},
};

const struct field meeting_notice_fields[] = {
    {.name = "to", .label = N_("To whom"), .type = T_ENUM, .at = offsetof(struct notice_input, to),
     .values = notice_readers, .fallback = "all",
     .hint = N_("Nobody gets the notice twice, or more than one reminder a day.")},
    {.name = "message", .label = N_("Message"), .type = T_LINES,
     .at = offsetof(struct notice_input, message), .max = 1000,
     .hint = N_("Stands in the mail, over the agenda. Nothing about health, or about anybody's "
                "interests.")},
    {0},
};

static enum code call_or_remind(struct ctx *ctx, const struct meeting_row *meeting,
                                const struct notice_input *in)
{
    json_t *rows = concerned(ctx, meeting, ctx->today), *row;
    struct news notice = meeting_notice_news(in->message);
    struct news reminder = meeting_reminder_news(
        arena_join(ctx->arena, "reminder:", ctx->today, NULL), in->message);
    bool remind = !in->to || strcmp(in->to, "new");
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *standing = standing_of(ctx, row);
        if (!c && !strcmp(standing, "new"))
            c = meeting_tell(ctx, meeting, &notice, json_int(row, "key", 0));
        else if (!c && remind && !strcmp(standing, "silent"))
            c = meeting_tell(ctx, meeting, &reminder, json_int(row, "key", 0));
    }
    json_decref(rows);
    return c;
}

static enum code refuse_past(struct ctx *ctx, const struct meeting_row *meeting)
{
    if (strcmp(meeting->status, "held"))
        return OK;
    return ctx_fail(ctx, E_CONFLICT, "meeting-held",
                    N_("The meeting has been held: nobody is called to it any more."));
}

enum code meeting_call(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct notice_input in = {0};
    enum code c = meeting_find_to_change(ctx, &meeting);
    if (!c)
        c = refuse_past(ctx, &meeting);
    if (!c)
        c = fields_read(ctx, meeting_notice_fields, &in);
    if (!c && !meeting.called)
        c = db_run(ctx->tx, "UPDATE meeting SET called_at = ?2 WHERE key = ?1", meeting.key,
                   tx_instant(ctx->tx));
    if (!c)
        c = call_or_remind(ctx, &meeting, &in);
    if (!c)
        c = resource_touch(ctx, &meeting_resource, meeting.key, meeting.id,
                           meeting.called ? "remind" : "call",
                           meeting.called ? NULL
                                          : json_pack("{s:[s, s]}", "status", meeting.status,
                                                      "called"));
    out->flash = meeting.called
                     ? N_("Those who have not answered are reminded, at most once a day, and who "
                          "came in since is called.")
                     : N_("The notice is on its way to everyone who takes part.");
    return c ? c : resource_created(ctx, &meeting_resource, meeting.id, out);
}

/* ---------------------------------------------------------------- moved, cancelled */

static enum code tell_each(struct ctx *ctx, const struct meeting_row *meeting,
                           const struct news *news, json_t *rows)
{
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
        if (!c)
            c = meeting_tell(ctx, meeting, news, json_int(row, "key", 0));
    json_decref(rows);
    return c;
}

static json_t *called_ones(struct ctx *ctx, const struct meeting_row *meeting)
{
    json_t *rows = concerned(ctx, meeting, ctx->today);
    for (size_t i = json_array_size(rows); i-- > 0;)
        if (!json_true_at(json_array_get(rows, i), "called"))
            json_array_remove(rows, i);
    return rows;
}

/* Nobody has answered whether he comes at another time. */
static enum code forget_answers(struct ctx *ctx, long long key)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT key AS \"key\", id AS \"id\", answer AS \"answer\" "
                           "FROM attendance WHERE meeting_key = ?1 AND answer IS NOT NULL "
                           "ORDER BY key",
                           key), *row;
    enum code c = db_run(ctx->tx,
                         "UPDATE attendance SET answer = NULL, answered_at = NULL "
                         "WHERE meeting_key = ?1",
                         key);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c)
            c = resource_touch(ctx, &attendance_resource, json_int(row, "key", 0),
                               json_text(row, "id"), "update",
                               json_pack("{s:[s, n]}", "answer", json_text(row, "answer")));
    json_decref(rows);
    return c;
}

enum code meeting_tell_moved(struct ctx *ctx, const struct meeting_row *meeting, bool other_time)
{
    struct news moved = meeting_moved_news(
        arena_printf(ctx->arena, "moved:%lld", meeting->sequence), other_time);
    struct news gone = meeting_let_go_news(
        arena_printf(ctx->arena, "let-go:%lld", meeting->sequence));
    enum code c = other_time ? forget_answers(ctx, meeting->key) : OK;
    if (!c)
        c = tell_each(ctx, meeting, &moved, called_ones(ctx, meeting));
    return c ? c : tell_each(ctx, meeting, &gone, let_go(ctx, meeting));
}

enum code meeting_tell_cancelled(struct ctx *ctx, const struct meeting_row *meeting,
                                 const char *reason)
{
    struct news news = meeting_cancelled_news(reason);
    return tell_each(ctx, meeting, &news, called_ones(ctx, meeting));
}

/* ---------------------------------------------------------------- by itself, before the day */

static enum code remind_silent(struct ctx *ctx, const struct meeting_row *meeting)
{
    struct news reminder = meeting_reminder_news(
        arena_join(ctx->arena, "before:", meeting->starts_on, NULL), NULL);
    char since[DAY_SIZE];
    day_add(meeting->starts_on, -REMIND_BEFORE, since);
    json_t *rows = concerned(ctx, meeting, since), *row;
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c && !strcmp(standing_of(ctx, row), "silent"))
            c = meeting_tell(ctx, meeting, &reminder, json_int(row, "key", 0));
    json_decref(rows);
    return c;
}

/* From three days before, whoever was not written to since. */
static enum code remind_all(struct ctx *ctx)
{
    char until[DAY_SIZE];
    day_add(ctx->today, REMIND_BEFORE, until);
    json_t *rows = db_rows(ctx->tx,
                           "SELECT key AS \"key\" FROM meeting WHERE starts_on > ?1 "
                           "AND starts_on <= ?2 AND called_at IS NOT NULL "
                           "AND cancelled_at IS NULL ORDER BY key",
                           ctx->today, (const char *)until), *row;
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row) {
        struct meeting_row meeting;
        if (!c)
            c = meeting_row_of(ctx, json_int(row, "key", 0), &meeting);
        if (!c)
            c = remind_silent(ctx, &meeting);
    }
    json_decref(rows);
    return c;
}

/* Links open nothing once the meeting has ended. */
static enum code forget_links(struct ctx *ctx)
{
    char before[DAY_SIZE];
    day_add(ctx->today, -FORGET_AFTER, before);
    return db_run(ctx->tx,
                  "DELETE FROM meeting_link WHERE meeting_key IN "
                  "(SELECT key FROM meeting WHERE ends_at < ?1)",
                  (const char *)before);
}

const struct chore meeting_chores[] = {
    {"meetings-reminders", remind_all},
    {"meetings-links", forget_links},
    {0},
};
