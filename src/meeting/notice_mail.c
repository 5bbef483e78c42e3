/* notice_mail.c: what a mail about a meeting says: the words, the agenda, the event for the calendar
 * and the way to answer.
 *
 * Owns one mail to one person, and the same words as a preview. Who is called is told whose meeting
 * it is, also by groups that he could not look up: they have called him. The event is published,
 * not requested (RFC 5546): an answer that a calendar sends by itself would reach nobody, so the
 * answer is the link's alone, a new one in each mail. Its UID is the feeds' (meeting_tasks.c), its
 * sequence rises with each move, so that calendars change what they have. Must not know to whom. */
#include <string.h>
#include <kansli/mail.h>
#include "internal.h"

/* ---------------------------------------------------------------- when, where, whose */

/* "13.00–15.00", or to another day: the day of the beginning is told beside it. */
static const char *hours_of(struct ctx *ctx, const struct meeting_row *meeting)
{
    const char *lang = ctx->lang == LANG_EN ? "en" : "sv";
    const char *from = hour_words(ctx->arena, meeting->starts_at, lang);
    char last[DAY_SIZE];
    day_of_instant(meeting->ends_at, last);
    if (!strcmp(meeting->starts_on, last))
        return arena_join(ctx->arena, from, "–", hour_words(ctx->arena, meeting->ends_at, lang),
                          NULL);
    return arena_join(ctx->arena, from, " – ", instant_words(ctx->arena, meeting->ends_at, lang),
                      NULL);
}

static const char *day_for_reader(struct ctx *ctx, const char *day)
{
    return day_words(ctx->arena, day, ctx->lang == LANG_EN ? "en" : "sv", false);
}

const char *meeting_when(struct ctx *ctx, const struct meeting_row *meeting)
{
    return ctx_textf(ctx, N_("{day}, {time}"), "day", day_for_reader(ctx, meeting->starts_on),
                     "time", hours_of(ctx, meeting), NULL);
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

/* All of a joint meeting's, the one that leads first. */
static const char *groups_of(struct ctx *ctx, long long key)
{
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT g.full_name AS \"name\" FROM meeting_group x "
                                 "JOIN workgroup g ON g.key = x.group_key "
                                 "WHERE x.meeting_key = ?1 ORDER BY x.position, g.key",
                                 key);
    const char *names = NULL;
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *name = json_text(row, "name");
        names = names ? arena_join(ctx->arena, names, ", ", name, NULL)
                      : arena_strdup(ctx->arena, name);
    }
    json_decref(rows);
    return names ? names : "";
}

/* ---------------------------------------------------------------- what there is to tell */

struct news meeting_notice_news(const char *message)
{
    return (struct news){.event = "notice",
                         .kind = MAIL_REQUEST,
                         .subject = N_("You are called: {title}, {group}"),
                         .first = N_("{group} calls you to {title}."),
                         .action = N_("Answer"),
                         .message = message,
                         .agenda = true,
                         .answers = true};
}

struct news meeting_reminder_news(const char *event, const char *message)
{
    return (struct news){.event = event,
                         .kind = MAIL_REMINDER,
                         .subject = N_("Do you come? {title}, {group}"),
                         .first = N_("You are called to {title}, and have not answered yet."),
                         .action = N_("Answer"),
                         .message = message,
                         .agenda = true,
                         .answers = true};
}

struct news meeting_moved_news(const char *event, bool other_time)
{
    return (struct news){.event = event,
                         .kind = MAIL_REQUEST,
                         .subject = N_("Moved: {title}, {group}"),
                         .first = other_time
                                      ? N_("{title} is held at another time. Please answer once "
                                           "more.")
                                      : N_("{title} is held at another place, or in another way."),
                         .action = N_("Answer"),
                         .answers = true};
}

struct news meeting_let_go_news(const char *event)
{
    return (struct news){.event = event,
                         .kind = MAIL_NOTICE,
                         .subject = N_("No longer called: {title}, {group}"),
                         .first = N_("{title} is moved to a day on which you are not a member. You "
                                     "are not called any more."),
                         .action = N_("See the meeting"),
                         .cancelled = true};
}

struct news meeting_cancelled_news(const char *reason)
{
    return (struct news){.event = "cancelled",
                         .kind = MAIL_NOTICE,
                         .subject = N_("Cancelled: {title}, {group}"),
                         .first = N_("{title} is cancelled."),
                         .action = N_("See the meeting"),
                         .message = reason,
                         .cancelled = true};
}

/* ---------------------------------------------------------------- in words */

enum { PLACES = 15, PARAGRAPHS = 4 };

static void put_places(struct ctx *ctx, const struct meeting_row *meeting, const struct news *news,
                       const char *places[PLACES])
{
    const char *place = place_of(ctx, meeting->key);
    const char *all[PLACES] = {"title",     meeting->title,
                               "group",     groups_of(ctx, meeting->key),
                               "day",       meeting->starts_on,
                               "time",      hours_of(ctx, meeting),
                               "modeLabel", mode_of(ctx, meeting->key),
                               "place",     place,
                               "message",   news->message,
                               NULL};
    memcpy(places, all, sizeof all);
}

/* What stands in the mail above the agenda; `place`: is it said where? */
static size_t put_paragraphs(const struct news *news, bool place, const char *texts[PARAGRAPHS])
{
    size_t n = 0;
    texts[n++] = news->first;
    texts[n++] = place ? N_("{day} at {time}. {modeLabel}: {place}")
                       : N_("{day} at {time}. {modeLabel}.");
    if (news->message)
        texts[n++] = N_("{message}");
    if (news->answers)
        texts[n++] = N_("On the page below you answer whether you come or send a deputy. The file "
                        "beside this text is for your calendar. The link is yours alone: do not "
                        "send it on.");
    return n;
}

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

/* ---------------------------------------------------------------- one mail */

static const char *lines_joined(struct ctx *ctx, const json_t *agenda)
{
    const char *all = NULL;
    size_t i;
    json_t *line;
    json_array_foreach((json_t *)agenda, i, line)
        all = all ? arena_join(ctx->arena, all, "\n", json_text(line, "title"), NULL)
                  : arena_strdup(ctx->arena, json_text(line, "title"));
    return all;
}

static json_t *event_of(struct ctx *ctx, const struct meeting_row *meeting, const json_t *agenda,
                        bool cancelled)
{
    json_t *event = json_object();
    json_put(event, "uid", arena_printf(ctx->arena, "meetings/%s", meeting->id));
    json_put_int(event, "sequence", meeting->sequence);
    json_put(event, "changed", tx_instant(ctx->tx));
    json_put(event, "summary",
             arena_join(ctx->arena, meeting->title, ", ", groups_of(ctx, meeting->key), NULL));
    json_put(event, "description", lines_joined(ctx, agenda));
    json_put(event, "location", place_of(ctx, meeting->key));
    json_put(event, "path", arena_printf(ctx->arena, "/meetings/%s", meeting->id));
    json_put(event, "start", meeting->starts_at);
    json_put(event, "end", meeting->ends_at);
    json_put_bool(event, "cancelled", cancelled);
    return event;
}

enum code meeting_tell(struct ctx *ctx, const struct meeting_row *meeting, const struct news *news,
                       long long person_key)
{
    if (!mail_reaches(ctx, person_key)) /* called when there is an address, and it is sent again */
        return tx_code(ctx->tx);
    const char *places[PLACES], *texts[PARAGRAPHS];
    put_places(ctx, meeting, news, places);
    size_t n = put_paragraphs(news, place_of(ctx, meeting->key) != NULL, texts);
    const char *token = news->answers ? meeting_link_new(ctx, meeting, person_key) : NULL;
    if (news->answers && !token)
        return tx_code(ctx->tx);
    json_t *agenda = agenda_lines(ctx, meeting->key);
    json_t *event = event_of(ctx, meeting, agenda, news->cancelled);
    struct mail mail = {
        .event = arena_printf(ctx->arena, "meetings:%s:%s", meeting->id, news->event),
        .kind = news->kind,
        .subject = news->subject,
        .path = token ? arena_join(ctx->arena, "/meeting-answers/", token, NULL)
                      : arena_printf(ctx->arena, "/meetings/%s", meeting->id),
        .action = news->action,
        .why = N_("You get this because you are called to the meeting."),
        .places = places,
        .list = news->agenda ? agenda : NULL,
        .event_file = event,
    };
    memcpy(mail.paragraphs, texts, n * sizeof *texts);
    enum code c = mail_person(ctx, person_key, &mail);
    json_decref(agenda);
    json_decref(event);
    return c;
}

/* ---------------------------------------------------------------- as a preview */

/* As the outbox will write it (mail/mail.c), in the language of who looks. */
static const char *filled(struct ctx *ctx, const char *msgid, const json_t *values)
{
    return text_fill(ctx->arena, ctx_text(ctx, msgid), values);
}

json_t *meeting_notice_preview(struct ctx *ctx, const struct meeting_row *meeting)
{
    struct news news = meeting->called ? meeting_reminder_news("", "") : meeting_notice_news("");
    const char *places[PLACES], *texts[PARAGRAPHS];
    put_places(ctx, meeting, &news, places);
    json_t *values = json_object(), *preview = json_object();
    for (const char **at = places; *at; at += 2)
        json_put(values, at[0],
                 !strcmp(at[0], "day")         ? day_for_reader(ctx, at[1])
                 : !strcmp(at[0], "modeLabel") ? ctx_text(ctx, at[1])
                 : !strcmp(at[0], "message")   ? ctx_text(ctx, N_("(Here stands your message.)"))
                                               : at[1]);
    size_t n = put_paragraphs(&news, json_text(values, "place") != NULL, texts);
    json_put(preview, "subject", filled(ctx, news.subject, values));
    json_t *paragraphs = json_put_new(preview, "paragraphs", json_array());
    for (size_t i = 0; i < n; i++)
        json_push(paragraphs, json_text_new(filled(ctx, texts[i], values)));
    json_put_new(preview, "agenda", agenda_lines(ctx, meeting->key));
    json_decref(values);
    return preview;
}
