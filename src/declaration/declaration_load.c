/* declaration_load.c: the loader's way in: what was declared and reviewed before there was a
 * register.
 *
 * Owns nothing: a declaration on paper as declaration_rules.c takes it, dated when it was signed.
 */
#include <string.h>
#include <kansli/crypt.h>
#include "internal.h"

#define AT(member) offsetof(struct declaration_input, member)

static const struct field load_fields[] = {
    {.name = "personId", .label = N_("Person"), .type = T_REF, .at = AT(person),
     .flags = F_REQUIRED, .reference = &person_reference},
    {.name = "formVariant", .label = N_("Form"), .type = T_ENUM, .at = AT(variant),
     .flags = F_REQUIRED, .values = declaration_variants},
    {.name = "signedDate", .label = N_("Signed on"), .type = T_DAY, .at = AT(signed_date),
     .flags = F_REQUIRED},
    {.name = "noInterests", .label = N_("I have no interests to declare"), .type = T_BOOL,
     .at = AT(no_interests)},
    {.name = "interests", .label = N_("Interests"), .type = T_ROWS, .at = AT(interests),
     .rows = declaration_interest_fields},
    {0},
};

static enum code read_row(struct ctx *ctx, const json_t *row, struct declaration_input *in)
{
    const struct params *sent = ctx->body;
    struct params body = {json_copy((json_t *)row), true};
    json_object_del(body.values, "reviews");
    ctx->body = &body;
    enum code c = fields_read(ctx, load_fields, in);
    ctx->body = sent;
    json_decref(body.values);
    return c;
}

static enum code review(struct ctx *ctx, long long key, const struct declaration_input *in,
                        const json_t *row)
{
    char id[UUID_SIZE], day[DAY_SIZE];
    crypt_uuid(id);
    day_add(in->signed_date, 7, day);
    long long group =
        db_int(ctx->tx, 0, "SELECT key FROM body WHERE id = ?1", json_text(row, "groupId"));
    json_t *bodies = declaration_reviewing_bodies(ctx, in->person.key, group);
    long long reviewer = db_int(ctx->tx, 0,
                                "SELECT r.account_key FROM account_role r "
                                "WHERE r.organisation_key = ?1 ORDER BY r.key LIMIT 1",
                                json_int(json_array_get(bodies, 0), "key", 0));
    json_decref(bodies);
    return db_run(ctx->tx,
                  "INSERT INTO declaration_review (id, declaration_key, group_key, outcome, "
                  "conditions, motivation, valid_until, account_key, at) "
                  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                  (const char *)id, key, group, json_text(row, "outcome"),
                  json_text(row, "conditions"), json_text(row, "motivation"),
                  declaration_last_day(ctx, in->signed_date), KEY(reviewer),
                  arena_printf(ctx->arena, "%sT09:00:00.000Z", day));
}

enum code declaration_load(struct ctx *ctx, const json_t *row)
{
    struct declaration_input in = {.no_interests = -1};
    const char *id;
    enum code c = read_row(ctx, row, &in);
    in.attested = 1;
    if (!c)
        c = declaration_insert_paper(ctx, &in, &id);
    if (c)
        return c;
    long long key = db_int(ctx->tx, 0, "SELECT key FROM declaration WHERE id = ?1", id);
    c = db_run(ctx->tx,
               "UPDATE declaration SET state = 'submitted', submitted_at = ?2, submitted_on = ?3, "
               "valid_until = ?4, no_interests = ?5 WHERE key = ?1",
               key, arena_printf(ctx->arena, "%sT08:00:00.000Z", in.signed_date), in.signed_date,
               declaration_last_day(ctx, in.signed_date), in.no_interests == 1);
    if (!c)
        c = resource_touch(ctx, &declaration_resource, key, id, "submit", NULL);
    json_t *reviews = json_object_get(row, "reviews"), *one;
    size_t i;
    json_array_foreach(reviews, i, one)
        c = c ? c : review(ctx, key, &in, one);
    return c;
}
