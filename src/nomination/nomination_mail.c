/* nomination_mail.c: who is told of a nomination, and of what became of it (R32).
 *
 * Owns the letters. They say that something was submitted or decided, never why: reasons, what
 * somebody is nominated as and everything of declarations is read in the register alone. Must not
 * decide anything. */
#include <string.h>
#include <kansli/mail.h>
#include <kansli/membership.h>
#include "internal.h"

static const char *event_of(struct ctx *ctx, const struct nomination_row *row, const char *act)
{
    return arena_printf(ctx->arena, "nominations:%s:%s", row->id, act);
}

static const char *page_of(struct ctx *ctx, const struct nomination_row *row)
{
    return arena_printf(ctx->arena, "/nominations/%s", row->id);
}

/* A protected identity is read on the page, by those who may; so is a patient's or next of kin's
 * name, which mail would set beside the organisation that speaks for them. */
static const char *name_of(struct ctx *ctx, const struct nomination_row *row)
{
    return db_text(ctx->tx,
                   "SELECT p.name FROM person p JOIN nomination n ON n.person_key = p.key "
                   "WHERE n.key = ?1 AND p.protected_identity = 0 "
                   "AND n.capacity NOT IN ('patient', 'nextOfKin')",
                   row->key);
}

static const char *nominator_of(struct ctx *ctx, const struct nomination_row *row)
{
    return db_text(ctx->tx, "SELECT name FROM organisation WHERE key = ?1", row->nominator_key);
}

#define OFFICER_WHY N_("You get this because you lead the work of {group}.")
#define COORDINATOR_WHY N_("You get this because you coordinate {organisation}.")

enum code nomination_tell_submitted(struct ctx *ctx, const struct nomination_row *row)
{
    const char *person = name_of(ctx, row), *nominator = nominator_of(ctx, row);
    const char *const places[] = {"group", row->group_name, "person", person, "organisation",
                                  nominator, "call", row->call_title, NULL};
    struct mail mail = {
        .event = event_of(ctx, row, "submitted"),
        .kind = MAIL_NOTICE,
        .subject = N_("A nomination to {group}"),
        .paragraphs = {!person     ? N_("Somebody is nominated to {group}.")
                       : nominator ? N_("{organisation} has nominated {person} to {group}.")
                                   : N_("{person} has come forward for {group}."),
                       N_("It answers the call “{call}”.")},
        .path = page_of(ctx, row),
        .action = N_("See the nomination"),
        .why = OFFICER_WHY,
        .places = places};
    return mail_officers(ctx, row->group_key, &mail);
}

enum code nomination_tell_withdrawn(struct ctx *ctx, const struct nomination_row *row)
{
    const char *person = name_of(ctx, row), *nominator = nominator_of(ctx, row);
    const char *const places[] = {"group", row->group_name, "person", person, "organisation",
                                  nominator, NULL};
    struct mail mail = {
        .event = event_of(ctx, row, "withdrawn"),
        .kind = MAIL_NOTICE,
        .subject = N_("A nomination to {group} is withdrawn"),
        .paragraphs = {person ? N_("The nomination of {person} to {group} is withdrawn.")
                              : N_("A nomination to {group} is withdrawn.")},
        .path = page_of(ctx, row),
        .action = N_("See the nomination"),
        .why = OFFICER_WHY,
        .places = places};
    enum code c = mail_officers(ctx, row->group_key, &mail);
    mail.why = COORDINATOR_WHY;
    return c || !row->nominator_key ? c : mail_coordinators(ctx, row->nominator_key, &mail);
}

/* ---------------------------------------------------------------- decided */

static const char *label_of(const struct value *values, const char *code)
{
    while (values->code && strcmp(values->code, code))
        values++;
    return values->label;
}

/* What the nominator is told. */
static enum code tell_nominator(struct ctx *ctx, const struct nomination_row *row, const char *act,
                                const char *words, const char *const *places)
{
    struct mail mail = {.event = event_of(ctx, row, act),
                        .kind = MAIL_NOTICE,
                        .subject = N_("A decision on your nomination to {group}"),
                        .paragraphs = {words},
                        .path = page_of(ctx, row),
                        .action = N_("See the nomination"),
                        .why = COORDINATOR_WHY,
                        .places = places};
    return row->nominator_key ? mail_coordinators(ctx, row->nominator_key, &mail) : OK;
}

static const char *const to_person_why = N_("You get this because you were nominated to {group}.");

/* The letter: which group and role, from when to when, where the introduction is and what comes. */
static enum code write_letter(struct ctx *ctx, const struct nomination_row *row, const char *end,
                              const char *const *places)
{
    /* Without an account only what is open to all can be read. */
    bool logs_in =
        db_exists(ctx->tx, "SELECT 1 FROM account WHERE person_key = ?1 AND disabled = 0",
                  row->person_key);
    struct mail mail = {
        .event = event_of(ctx, row, "letter"),
        .kind = MAIL_NOTICE,
        .subject = N_("Welcome to {group}"),
        .paragraphs = {N_("You are appointed to {group}. Role: {roleLabel}."),
                       end ? N_("Your time runs from {start} to {end}, both days included.")
                           : N_("Your time begins on {start}. No last day is set."),
                       N_("Read the introduction first: what the group is for, how it works, and "
                          "who leads it."),
                       N_("The process leader calls you to the meetings. You are welcome.")},
        .path = logs_in ? arena_printf(ctx->arena, "/nominations/%s/letter", row->id)
                        : arena_printf(ctx->arena, "/groups/%s/introduction", row->group_id),
        .action = logs_in ? N_("Read the letter") : N_("Read the introduction"),
        .why = to_person_why,
        .places = places};
    return mail_person(ctx, row->person_key, &mail);
}

static enum code tell_support(struct ctx *ctx, const struct nomination_row *row,
                              const char *const *places)
{
    struct mail mail = {.event = event_of(ctx, row, "support"),
                        .kind = MAIL_NOTICE,
                        .subject = N_("Somebody is appointed to {group}"),
                        .paragraphs = {N_("A new appointment to {group} has been decided. "
                                          "Role: {roleLabel}, from {start}.")},
                        .path = page_of(ctx, row),
                        .action = N_("See the nomination"),
                        .why = N_("You get this because you work in the national support "
                                  "function."),
                        .places = places};
    return mail_support(ctx, &mail);
}

static enum code tell_person(struct ctx *ctx, const struct nomination_row *row, const char *act,
                             bool reserve, const char *const *places)
{
    struct mail mail = {
        .event = event_of(ctx, row, act),
        .kind = MAIL_NOTICE,
        .subject = N_("A decision on the nomination of you to {group}"),
        .paragraphs = {reserve ? N_("You stand in reserve for {group}. You are asked again if a "
                                    "seat becomes free.")
                               : N_("You are not appointed to {group} this time. Thank you for "
                                    "being willing.")},
        .path = page_of(ctx, row),
        .action = N_("See the nomination"),
        .why = to_person_why,
        .places = places};
    return mail_person(ctx, row->person_key, &mail);
}

enum code nomination_tell_decided(struct ctx *ctx, const struct nomination_row *row,
                                  enum nomination_act act, const char *start, const char *end)
{
    const char *person = name_of(ctx, row);
    const char *const places[] = {"group",     row->group_name,
                                  "person",    person,
                                  "organisation", nominator_of(ctx, row),
                                  "roleLabel", label_of(membership_roles, row->role),
                                  "start",     start,
                                  "end",       end,
                                  NULL};
    const char *words, *name;
    if (act == NOMINATION_APPOINT) {
        name = "appointed";
        words = person ? N_("{person} is appointed to {group}, from {start}.")
                       : N_("Your nominee is appointed to {group}, from {start}.");
    } else if (act == NOMINATION_RESERVE) {
        name = "reserve";
        words = person ? N_("{person} stands in reserve for {group}.")
                       : N_("Your nominee stands in reserve for {group}.");
    } else {
        name = "notAppointed";
        words = person ? N_("{person} is not appointed to {group} this time.")
                       : N_("Your nominee is not appointed to {group} this time.");
    }
    enum code c = tell_nominator(ctx, row, name, words, places);
    if (c || act != NOMINATION_APPOINT)
        return c ? c : tell_person(ctx, row, name, act == NOMINATION_RESERVE, places);
    c = write_letter(ctx, row, end, places);
    return c ? c : tell_support(ctx, row, places);
}
