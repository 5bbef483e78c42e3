/* answer.c: who comes: the answer to a notice, by whoever is called, logged in or by a mail's link.
 *
 * Owns the answer in attendance and the table meeting_link. A link is 256 random bits, kept as a
 * digest, and stands for one person at one meeting; whoever has one was called. It takes an answer
 * until the meeting has ended, also to change it, and after that says what became of the meeting.
 * Invented ones, and those of people whom the meeting does not concern any more, answer with the same words. Must not know what a mail says (notice.c). */
#include <string.h>
#include <kansli/crypt.h>
#include "internal.h"

/* ---------------------------------------------------------------- kept */

static enum code refuse_past(struct ctx *ctx, const struct meeting_row *meeting)
{
    if (!strcmp(meeting->status, "cancelled"))
        return ctx_fail(ctx, E_CONFLICT, "meeting-cancelled",
                        N_("The meeting is cancelled: nobody waits for an answer."));
    if (!strcmp(meeting->status, "held"))
        return ctx_fail(ctx, E_CONFLICT, "meeting-held",
                        N_("The meeting has been held: nobody waits for an answer."));
    return OK;
}

enum code meeting_note_answer(struct ctx *ctx, const struct meeting_row *meeting,
                              long long person_key, const char *answer, const char *note)
{
    struct ref_value person = {
        db_text(ctx->tx, "SELECT id FROM person WHERE key = ?1", person_key), person_key};
    const char *id = NULL;
    enum code c = refuse_past(ctx, meeting);
    if (c)
        return c;
    long long key = attendance_row(ctx, meeting->key, &person, &id);
    if (!key)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx->err->code;
    const char *before = db_text(ctx->tx, "SELECT answer FROM attendance WHERE key = ?1", key);
    c = db_run(ctx->tx,
               "UPDATE attendance SET answer = ?2, answered_at = ?3, note = ?4 WHERE key = ?1", key,
               answer, tx_instant(ctx->tx), note);
    return c ? c
             : resource_touch(ctx, &attendance_resource, key, id, "answer",
                              json_pack("{s:[s?, s]}", "answer", before, answer));
}

/* ---------------------------------------------------------------- logged in */

#define AT(member) offsetof(struct meeting_answer_input, member)

const struct field meeting_answer_fields[] = {
    {.name = "answer", .label = N_("Do you come?"), .type = T_ENUM, .at = AT(answer),
     .flags = F_REQUIRED, .values = attendance_answers},
    {.name = "note", .label = N_("Message to those who called"), .type = T_TEXT, .at = AT(note),
     .max = 300,
     .hint = N_("For example who comes instead of you. Read by the group. Nothing about health.")},
    {0},
};

enum code meeting_answer(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct meeting_answer_input in = {0};
    enum code c = meeting_find(ctx, ctx_value(ctx, "id"), &meeting);
    if (!c && ctx->actor->read_only)
        c = must_may_as(ctx, ACT_KEEP_RECUSAL, WHO_SELF); /* tells that the token may only read */
    if (!c && !(ctx->actor->person_key &&
                meeting_takes_part(ctx, meeting.key, ctx->actor->person_key)))
        c = ctx_fail(ctx, E_DENIED, "answer-own-meeting",
                     N_("Only who takes part in the meeting answers, for himself or herself. An "
                        "officer notes attendance."));
    if (!c)
        c = fields_read(ctx, meeting_answer_fields, &in);
    if (!c)
        c = meeting_note_answer(ctx, &meeting, ctx->actor->person_key, in.answer, in.note);
    out->flash = N_("Your answer is noted.");
    return c ? c : resource_created(ctx, &meeting_resource, meeting.id, out);
}

json_t *meeting_own_answer(struct ctx *ctx, long long meeting_key)
{
    if (!ctx->actor->person_key || !meeting_takes_part(ctx, meeting_key, ctx->actor->person_key))
        return json_null();
    json_t *own = db_row(ctx->tx,
                         "SELECT answer AS \"answer\", note AS \"note\", status AS \"status\" "
                         "FROM attendance WHERE meeting_key = ?1 AND person_key = ?2",
                         meeting_key, ctx->actor->person_key);
    if (!own)
        own = json_pack("{s:n, s:n, s:n}", "answer", "note", "status");
    const char *answer = json_text(own, "answer");
    json_put(own, "answerLabel", answer ? value_label(ctx, attendance_answers, answer) : NULL);
    return own;
}

/* ---------------------------------------------------------------- by a link */

const char *meeting_link_new(struct ctx *ctx, const struct meeting_row *meeting,
                             long long person_key)
{
    char token[TOKEN_SIZE], digest[DIGEST_SIZE];
    crypt_token(token);
    crypt_digest(token, strlen(token), digest);
    enum code c = db_run(ctx->tx,
                         "INSERT INTO meeting_link (digest, meeting_key, person_key, created) "
                         "VALUES (?1, ?2, ?3, ?4)",
                         (const char *)digest, meeting->key, person_key, tx_instant(ctx->tx));
    return c ? NULL : arena_strdup(ctx->arena, token);
}

enum code meeting_link_find(struct ctx *ctx, const char *token, struct meeting_link *link)
{
    char digest[DIGEST_SIZE];
    memset(link, 0, sizeof *link);
    crypt_digest(token, strlen(token), digest);
    json_t *found = db_row(ctx->tx,
                           "SELECT l.key AS \"key\", l.meeting_key AS \"meeting\", "
                           "l.person_key AS \"person\" FROM meeting_link l WHERE l.digest = ?1",
                           (const char *)digest);
    link->key = json_int(found, "key", 0);
    link->person_key = json_int(found, "person", 0);
    enum code c = found ? meeting_row_of(ctx, json_int(found, "meeting", 0), &link->meeting) : OK;
    json_decref(found);
    if (c || (link->key && meeting_concerns(ctx, &link->meeting, link->person_key)))
        return c;
    return ctx_fail(ctx, E_ABSENT, "link-used",
                    N_("This link has been used, replaced or run out. Ask whoever sent it for a new "
                       "one."));
}

/* Chosen here, not by a resource's select: its holder has no other right. */
json_t *meeting_link_view(struct ctx *ctx, const struct meeting_link *link)
{
    json_t *view = db_row(ctx->tx,
                          "SELECT p.name AS \"personName\", m.title AS \"title\", "
                          "m.starts_at AS \"startsAt\", m.ends_at AS \"endsAt\", "
                          "m.mode AS \"mode\", m.location AS \"location\", "
                          "m.cancel_reason AS \"cancelReason\", t.answer AS \"answer\", "
                          "t.note AS \"note\" FROM meeting m JOIN person p ON p.key = ?2 "
                          "LEFT JOIN attendance t ON t.meeting_key = m.key "
                          "AND t.person_key = p.key WHERE m.key = ?1",
                          link->meeting.key, link->person_key);
    if (!view)
        return NULL;
    const char *answer = json_text(view, "answer");
    json_put(view, "modeLabel", value_label(ctx, meeting_modes, json_text(view, "mode")));
    json_put(view, "answerLabel", answer ? value_label(ctx, attendance_answers, answer) : NULL);
    json_put(view, "status", link->meeting.status);
    json_put_bool(view, "open", !strcmp(link->meeting.status, "called"));
    json_put(view, "when", meeting_when(ctx, &link->meeting));
    json_put_new(view, "groupNames",
                 db_rows(ctx->tx,
                         "SELECT g.full_name AS \"name\" FROM meeting_group x "
                         "JOIN workgroup g ON g.key = x.group_key WHERE x.meeting_key = ?1 "
                         "ORDER BY x.position, g.key",
                         link->meeting.key));
    json_put_new(view, "agenda",
                 db_rows(ctx->tx,
                         "SELECT position AS \"number\", title AS \"title\" FROM agenda_item "
                         "WHERE meeting_key = ?1 ORDER BY position, key",
                         link->meeting.key));
    return view;
}
