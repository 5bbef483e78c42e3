/* notice.c: those who take part are told: called, reminded, that the meeting moved, that it is
 * cancelled.
 *
 * Owns the words, and to whom they go: everyone who is a member on the meeting's day, contacts and
 * observers aside, and whoever else stands in attendance. A meeting for officers alone is told to
 * them alone. Each mail has a link of its own to answer by. A notice goes to nobody twice; who
 * came in since gets it when it is sent again, the others a reminder, once a day. Must not know how
 * mail is sent. */
#include <string.h>
#include <kansli/mail.h>
#include "internal.h"

enum { REMIND_BEFORE = 3, FORGET_AFTER = 30 }; /* days */

/* ---------------------------------------------------------------- when, in words */

/* "13:00–15:00", or to another day: the day of the beginning is told beside it. */
static const char *hours_of(struct ctx *ctx, const struct meeting_row *meeting)
{
    char from[CLOCK_SIZE], to[CLOCK_SIZE];
    clock_of_instant(meeting->starts_at, from);
    clock_of_instant(meeting->ends_at, to);
    if (!strncmp(from, to, DAY_SIZE - 1))
        return arena_printf(ctx->arena, "%s–%s", from + DAY_SIZE, to + DAY_SIZE);
    return arena_printf(ctx->arena, "%s – %.10s %s", from + DAY_SIZE, to, to + DAY_SIZE);
}

const char *meeting_when(struct ctx *ctx, const struct meeting_row *meeting)
{
    return ctx_textf(ctx, N_("{day}, {time}"), "day",
                     day_words(ctx->arena, meeting->starts_on, ctx->lang == LANG_EN ? "en" : "sv",
                               false),
                     "time", hours_of(ctx, meeting), NULL);
}

/* ---------------------------------------------------------------- to whom */

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
                   "AS \"answered?\" FROM person p WHERE p.key IN ("
                   "SELECT s.person_key FROM meeting m JOIN meeting_group g "
                   "ON g.meeting_key = m.key JOIN membership s ON s.group_key = g.group_key "
                   "WHERE m.key = ?1 AND s.start_date <= m.starts_on "
                   "AND (s.end_date IS NULL OR s.end_date >= m.starts_on) "
                   "AND s.role NOT IN ('contact', 'observer') "
                   "AND (?2 = 0 OR s.role IN " ACCESS_OFFICERS ") UNION "
                   "SELECT t.person_key FROM attendance t WHERE t.meeting_key = ?1 AND ?2 = 0) "
                   "ORDER BY p.name, p.key",
                   meeting->key, officers, (const char *)midnight);
}

json_t *meeting_notice_counts(struct ctx *ctx, const struct meeting_row *meeting)
{
    json_t *rows = concerned(ctx, meeting, ctx->today), *row, *counts = json_object();
    long long called = 0, silent = 0, unreachable = 0, fresh = 0;
    size_t i;
    json_array_foreach(rows, i, row) {
        bool was = json_true_at(row, "called");
        if (!mail_reaches(ctx, json_int(row, "key", 0))) {
            unreachable++;
            continue;
        }
        called += was;
        fresh += !was;
        silent += was && !json_true_at(row, "answered");
    }
    json_decref(rows);
    json_put_int(counts, "called", called);
    json_put_int(counts, "silent", silent);
    json_put_int(counts, "unreachable", unreachable);
    json_put_int(counts, "new", fresh);
    return counts;
}

/* ---------------------------------------------------------------- one mail */

struct news {
    const char *event; /* behind "meetings:<id>:" */
    enum mail_kind kind;
    const char *subject, *first, *message, *action; /* message: somebody's own words, or NULL */
    bool agenda, answers; /* the agenda beneath; a link to answer by */
};

static json_t *agenda_lines(struct ctx *ctx, long long key)
{
    json_t *row, *lines = json_array(), *rows = db_rows(
        ctx->tx,
        "SELECT position AS \"number\", title AS \"title\" FROM agenda_item WHERE meeting_key = ?1 "
        "ORDER BY position, key",
        key);
    size_t i;
    json_array_foreach(rows, i, row) {
        json_t *line = json_push(lines, json_object());
        json_put(line, "title", arena_printf(ctx->arena, "%lld. %s", json_int(row, "number", 0),
                                             json_text(row, "title")));
        json_put(line, "about", NULL);
        json_put(line, "due", NULL);
        json_put(line, "path", NULL);
    }
    json_decref(rows);
    return lines;
}

static const char *place_of(struct ctx *ctx, long long key)
{
    return db_text(ctx->tx, "SELECT location FROM meeting WHERE key = ?1", key);
}

static const char *mode_of(struct ctx *ctx, long long key)
{
    const char *mode = db_text(ctx->tx, "SELECT mode FROM meeting WHERE key = ?1", key);
    for (const struct value *v = meeting_modes; mode && v->code; v++)
        if (!strcmp(v->code, mode))
            return v->label; /* translated for who gets the mail */
    return "";
}

static enum code tell_one(struct ctx *ctx, const struct meeting_row *meeting,
                          const struct news *news, long long person, const json_t *agenda)
{
    if (!mail_reaches(ctx, person)) /* called when there is an address, and the notice sent again */
        return tx_code(ctx->tx);
    const char *place = place_of(ctx, meeting->key);
    const char *places[] = {"title",     meeting->title,
                            "group",     meeting->group_name,
                            "day",       meeting->starts_on,
                            "time",      hours_of(ctx, meeting),
                            "modeLabel", mode_of(ctx, meeting->key),
                            "place",     place ? place : "",
                            "message",   news->message ? news->message : "",
                            NULL};
    struct mail mail = {
        .event = arena_printf(ctx->arena, "meetings:%s:%s", meeting->id, news->event),
        .kind = news->kind,
        .subject = news->subject,
        .action = news->action,
        .why = N_("You get this because you are called to the meeting."),
        .places = places,
        .list = news->agenda ? agenda : NULL,
    };
    size_t n = 0;
    mail.paragraphs[n++] = news->first;
    mail.paragraphs[n++] = place ? N_("{day} at {time}. {modeLabel}: {place}")
                                 : N_("{day} at {time}. {modeLabel}.");
    if (news->message)
        mail.paragraphs[n++] = N_("{message}");
    if (news->answers)
        mail.paragraphs[n++] = N_("On the page below you answer whether you come or send a deputy. "
                                  "There is the file for your calendar, too. The link is yours "
                                  "alone: do not send it on.");
    const char *token = news->answers ? meeting_link_new(ctx, meeting, person) : NULL;
    if (news->answers && !token)
        return tx_code(ctx->tx);
    mail.path = token ? arena_join(ctx->arena, "/meeting-answers/", token, NULL)
                      : arena_printf(ctx->arena, "/meetings/%s", meeting->id);
    return mail_person(ctx, person, &mail);
}

/* ---------------------------------------------------------------- called */

struct notice_input {
    const char *message;
};

const struct field meeting_notice_fields[] = {
    {.name = "message", .label = N_("Message"), .type = T_LINES,
     .at = offsetof(struct notice_input, message), .max = 1000,
     .hint = N_("Stands in the mail, over the agenda. Nothing about health, or about anybody's "
                "interests.")},
    {0},
};

static enum code call_or_remind(struct ctx *ctx, const struct meeting_row *meeting,
                                const char *message)
{
    const struct news notice = {"notice", MAIL_REQUEST, N_("You are called: {title}, {group}"),
                                N_("{group} calls you to {title}."), message, N_("Answer"), true,
                                true};
    const struct news reminder = {
        arena_join(ctx->arena, "reminder:", ctx->today, NULL), MAIL_REMINDER,
        N_("Do you come? {title}, {group}"),
        N_("You are called to {title}, and have not answered yet."), message, N_("Answer"), true,
        true};
    json_t *agenda = agenda_lines(ctx, meeting->key);
    json_t *rows = concerned(ctx, meeting, ctx->today), *row;
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row) {
        bool called = json_true_at(row, "called");
        if (c || json_true_at(row, "lately") || (called && json_true_at(row, "answered")))
            continue;
        c = tell_one(ctx, meeting, called ? &reminder : &notice, json_int(row, "key", 0), agenda);
    }
    json_decref(rows);
    json_decref(agenda);
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
        c = call_or_remind(ctx, &meeting, in.message);
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

static enum code tell_called(struct ctx *ctx, const struct meeting_row *meeting,
                             const struct news *news)
{
    json_t *rows = concerned(ctx, meeting, ctx->today), *row;
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c && json_true_at(row, "called"))
            c = tell_one(ctx, meeting, news, json_int(row, "key", 0), NULL);
    json_decref(rows);
    return c;
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
    const struct news news = {arena_printf(ctx->arena, "moved:%lld", meeting->sequence),
                              MAIL_REQUEST, N_("Moved: {title}, {group}"),
                              other_time
                                  ? N_("{title} is held at another time. Please answer once more.")
                                  : N_("{title} is held at another place, or in another way."),
                              NULL, N_("Answer"), false, true};
    enum code c = other_time ? forget_answers(ctx, meeting->key) : OK;
    return c ? c : tell_called(ctx, meeting, &news);
}

enum code meeting_tell_cancelled(struct ctx *ctx, const struct meeting_row *meeting,
                                 const char *reason)
{
    const struct news news = {"cancelled", MAIL_NOTICE, N_("Cancelled: {title}, {group}"),
                              N_("{title} is cancelled."), reason, N_("See the meeting"), false,
                              false};
    return tell_called(ctx, meeting, &news);
}

/* ---------------------------------------------------------------- by itself, before the day */

static enum code remind_silent(struct ctx *ctx, const struct meeting_row *meeting)
{
    const struct news reminder = {
        arena_join(ctx->arena, "before:", meeting->starts_on, NULL), MAIL_REMINDER,
        N_("Do you come? {title}, {group}"),
        N_("You are called to {title}, and have not answered yet."), NULL, N_("Answer"), true,
        true};
    char since[DAY_SIZE];
    day_add(meeting->starts_on, -REMIND_BEFORE, since);
    json_t *rows = concerned(ctx, meeting, since), *row, *agenda = agenda_lines(ctx, meeting->key);
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c && json_true_at(row, "called") && !json_true_at(row, "lately") &&
            !json_true_at(row, "answered"))
            c = tell_one(ctx, meeting, &reminder, json_int(row, "key", 0), agenda);
    json_decref(rows);
    json_decref(agenda);
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
