/* declaration_submit.c: a draft becomes a declaration, and a declaration is taken back.
 *
 * Owns what must be there to submit, and how long it is valid. What was submitted before becomes
 * superseded by that alone: nothing of it is written. Who reviews is told that something waits, not
 * who wrote it nor what. */
#include <stdlib.h>
#include <string.h>
#include <kansli/mail.h>
#include "internal.h"

enum { MONTHS_MOST = 36 }; /* domain.md 3 */

struct submission_input {
    int attested, no_interests;
};

const struct field declaration_submission_fields[] = {
    {.name = "noInterests", .label = N_("I have no interests to declare"), .type = T_BOOL,
     .at = offsetof(struct submission_input, no_interests)},
    {.name = "attested", .label = N_("I assure that this is complete and true"), .type = T_BOOL,
     .at = offsetof(struct submission_input, attested),
     .hint = N_("Needed, here or in the draft.")},
    {0},
};

/* ---------------------------------------------------------------- how long */

const char *declaration_last_day(struct ctx *ctx, const char *day)
{
    char same[DAY_SIZE], last[DAY_SIZE];
    const char *set =
        db_text(ctx->tx, "SELECT value FROM setting WHERE name = 'declarationMonths'");
    long months = set ? strtol(set, NULL, 10) : MONTHS_MOST;
    day_add_months(day, months > 0 && months < MONTHS_MOST ? (int)months : MONTHS_MOST, same);
    day_add(same, -1, last);
    return arena_strdup(ctx->arena, last);
}

/* ---------------------------------------------------------------- what must be there */

struct content {
    const char *interests, *signed_date;
    int no_interests, attested;
};

/* What the draft says, with what is sent now laid over it. */
static void read_content(struct ctx *ctx, const struct declared *it,
                         const struct submission_input *in, struct content *out)
{
    json_t *row = db_row(ctx->tx,
                         "SELECT interests AS \"interests\", signed_date AS \"signed\", "
                         "no_interests AS \"none\", attested AS \"attested\" FROM declaration "
                         "WHERE key = ?1",
                         it->key);
    const char *interests = json_text(row, "interests"), *day = json_text(row, "signed");
    *out = (struct content){
        .interests = interests ? arena_strdup(ctx->arena, interests) : NULL,
        .signed_date = day ? arena_strdup(ctx->arena, day) : NULL,
        .no_interests = in->no_interests >= 0 ? in->no_interests : (int)json_int(row, "none", -1),
        .attested = in->attested >= 0 ? in->attested : (int)json_int(row, "attested", 0)};
    json_decref(row);
}

/* Rows that came one question at a time are asked for what is needed only now. */
static enum code check_rows(struct ctx *ctx, const struct content *content)
{
    static const struct field whole[] = {
        {.name = "interests", .label = N_("Interests"), .type = T_ROWS,
         .rows = declaration_interest_fields},
        {0},
    };
    const struct params *sent = ctx->body;
    struct params body = {json_object(), true};
    const char *read = NULL;
    if (content->interests)
        json_put_new(body.values, "interests", json_loads(content->interests, 0, NULL));
    ctx->body = &body;
    enum code c = fields_read(ctx, whole, &read);
    ctx->body = sent;
    json_decref(body.values);
    return c;
}

static enum code check_ready(struct ctx *ctx, const struct content *content)
{
    declaration_check_interests(ctx, content->interests, content->no_interests);
    enum code c = check_rows(ctx, content);
    if (c)
        return c;
    bool said = content->interests || content->no_interests == 1;
    if (content->attested == 1 && said)
        return tx_code(ctx->tx);
    c = ctx_fail(ctx, E_CONFLICT, "declaration-incomplete",
                 !said ? N_("Declare your interests, or say that you have none.")
                       : N_("Assure that what you declare is complete and true."));
    if (!said)
        err_missing(ctx->err, "interests");
    if (content->attested != 1)
        err_missing(ctx->err, "attested");
    return c;
}

/* ---------------------------------------------------------------- submitted */

static enum code tell_reviewers_of(struct ctx *ctx, const struct declared *it, const json_t *group)
{
    const char *places[] = {"group", json_text(group, "name"), NULL};
    struct mail mail = {
        .event = arena_printf(ctx->arena, "declarations:%s:submitted:%s", it->id,
                              json_text(group, "id")),
        .kind = MAIL_REQUEST,
        .subject = N_("A declaration waits for your review: {group}"),
        .paragraphs = {N_("Somebody who takes part in {group}, or may come to, has declared "
                          "interests. Your review is awaited before the person takes part.")},
        .path = arena_printf(ctx->arena, "/declarations/%s", it->id),
        .action = N_("Read and review it"),
        .why = N_("You get this because you coordinate the organisation that is represented in "
                  "{group}, or its host."),
        .places = places,
    };
    json_t *bodies = declaration_reviewing_bodies(ctx, it->person_key, json_int(group, "key", 0)),
           *body;
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(bodies, i, body)
        c = c ? c : mail_coordinators(ctx, json_int(body, "key", 0), &mail);
    json_decref(bodies);
    return c;
}

static enum code tell_reviewers(struct ctx *ctx, const struct declared *it)
{
    json_t *groups = db_rows(ctx->tx,
                             "SELECT g.group_key AS \"key\", b.id AS \"id\", "
                             "w.full_name AS \"name\" FROM declaration_group g "
                             "JOIN workgroup w ON w.key = g.group_key JOIN body b ON b.key = w.key "
                             "WHERE g.declaration_key = ?1 ORDER BY w.key",
                             it->key),
           *group;
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(groups, i, group)
        c = c ? c : tell_reviewers_of(ctx, it, group);
    json_decref(groups);
    return c;
}

static enum code ask_somebody(struct ctx *ctx, const struct declared *it)
{
    bool asks = db_exists(ctx->tx, "SELECT 1 FROM declaration_group WHERE declaration_key = ?1",
                          it->key);
    return asks ? tx_code(ctx->tx) : declaration_ask_all(ctx, it->key, it->person_key, it->paper);
}

static enum code move(struct ctx *ctx, const struct declared *it, const struct content *content)
{
    const char *day = it->paper ? content->signed_date : ctx->today;
    enum code c = db_run(ctx->tx,
                         "UPDATE declaration SET state = 'submitted', submitted_at = ?2, "
                         "submitted_on = ?3, valid_until = ?4, no_interests = ?5, attested = 1 "
                         "WHERE key = ?1",
                         it->key, tx_instant(ctx->tx), day, declaration_last_day(ctx, day),
                         content->no_interests == 1);
    return c ? c
             : resource_touch(ctx, &declaration_resource, it->key, it->id, "submit",
                              json_pack("{s:[s, s]}", "status", "draft", "submitted"));
}

static enum code submit(struct ctx *ctx, const struct declared *it,
                        const struct submission_input *in)
{
    struct content content;
    read_content(ctx, it, in, &content);
    enum code c = check_ready(ctx, &content);
    if (!c)
        c = ask_somebody(ctx, it);
    if (!c)
        c = move(ctx, it, &content);
    return c ? c : tell_reviewers(ctx, it);
}

/* Who says which version was read signs no other: somebody writes in two windows. */
static enum code must_be_as_read(struct ctx *ctx, const struct declared *it)
{
    struct edit edit = {0};
    if (!ctx->if_match)
        return OK;
    enum code c = resource_guard(ctx, &declaration_resource, it->id, &edit);
    resource_edit_end(&edit);
    return c;
}

enum code declaration_submit(struct ctx *ctx, struct answer *out)
{
    struct declared it;
    struct submission_input in = {-1, -1};
    out->personal = true;
    enum code c = declared_find(ctx, ctx_value(ctx, "id"), &it);
    if (!c)
        c = declared_is_draft(ctx, &it);
    if (!c)
        c = must_be_as_read(ctx, &it);
    if (!c)
        c = fields_read(ctx, declaration_submission_fields, &in);
    if (!c)
        c = submit(ctx, &it, &in);
    out->flash = N_("The declaration is submitted.");
    return c ? c : resource_created(ctx, &declaration_resource, it.id, out);
}

/* ---------------------------------------------------------------- on paper, in one step */

#define AT(member) offsetof(struct declaration_input, member)

const struct field declaration_paper_fields[] = {
    {.name = "personId", .label = N_("Person"), .type = T_REF, .at = AT(person),
     .flags = F_REQUIRED, .reference = &person_reference},
    {.name = "formVariant", .label = N_("Form"), .type = T_ENUM, .at = AT(variant),
     .flags = F_REQUIRED, .values = declaration_variants},
    {.name = "signedDate", .label = N_("Signed on"), .type = T_DAY, .at = AT(signed_date),
     .flags = F_REQUIRED},
    {.name = "noInterests", .label = N_("The paper says that there are no interests"),
     .type = T_BOOL, .at = AT(no_interests)},
    {.name = "interests", .label = N_("Interests"), .type = T_ROWS, .at = AT(interests),
     .rows = declaration_interest_fields},
    {.name = "attested", .label = N_("The paper is signed"), .type = T_BOOL, .at = AT(attested)},
    {0},
};

static bool takes_part(struct ctx *ctx, long long person_key, long long group_key)
{
    return db_exists(ctx->tx,
                     "SELECT 1 FROM participation p WHERE p.person_key = ?5 AND p.group_key = ?8 "
                     "AND " PARTICIPATES("p"),
                     DECLARATION_ARGS(ctx, person_key), group_key);
}

static enum code read_paper(struct ctx *ctx, long long group_key, struct declaration_input *in)
{
    enum code c = fields_read(ctx, declaration_paper_fields, in);
    if (c && !ctx->err->fields)
        return c;
    if (in->person.key && in->person.key == ctx->actor->person_key)
        err_field(ctx->err, "/personId", N_("Your own declaration you write yourself."), NULL);
    else if (in->person.key && !takes_part(ctx, in->person.key, group_key))
        err_field(ctx->err, "/personId", N_("Choose somebody who takes part in this group."), NULL);
    return OK; /* the messages of the rest come beside these */
}

enum code declaration_record_paper(struct ctx *ctx, struct answer *out)
{
    struct declaration_input in = {0};
    struct declared it;
    const char *id;
    enum code c;
    out->personal = true;
    long long group_key = group_in_path(ctx, out, &c);
    if (!group_key)
        return c;
    c = must_may(ctx, ACT_RECORD_PAPER, group_key);
    if (!c)
        c = read_paper(ctx, group_key, &in);
    if (c)
        return c;
    in.groups = (struct ref_list){1, &(struct ref_value){ctx_value(ctx, "id"), group_key}};
    c = declaration_insert_paper(ctx, &in, &id);
    if (!c)
        c = declared_find(ctx, id, &it);
    if (!c)
        c = submit(ctx, &it, &(struct submission_input){-1, -1});
    out->see = arena_printf(ctx->arena, "/groups/%s/declaration-statuses", ctx_value(ctx, "id"));
    out->flash = N_("The declaration is recorded.");
    return c ? c : resource_created(ctx, &declaration_resource, id, out);
}

/* ---------------------------------------------------------------- withdrawn */

enum code declaration_withdraw(struct ctx *ctx, struct answer *out)
{
    struct declared it;
    out->personal = true;
    enum code c = declared_find(ctx, ctx_value(ctx, "id"), &it);
    if (!c)
        c = must_may_person(ctx, ACT_WRITE_DECLARATION, it.person_key);
    if (!c && strcmp(it.state, "submitted"))
        c = ctx_fail(ctx, E_CONFLICT, "not-submitted",
                     N_("Only a declaration that is submitted is withdrawn."));
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE declaration SET state = 'withdrawn', withdrawn_at = ?2 WHERE key = ?1",
                   it.key, tx_instant(ctx->tx));
    if (!c)
        c = resource_touch(ctx, &declaration_resource, it.key, it.id, "withdraw",
                           json_pack("{s:[s, s]}", "status", "submitted", "withdrawn"));
    out->flash = N_("The declaration is withdrawn.");
    return c ? c : resource_created(ctx, &declaration_resource, it.id, out);
}
