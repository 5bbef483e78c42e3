/* nomination_load.c: the loader's way in: nominations that came before there was a register.
 *
 * Owns nothing: each step is the act that somebody would have done, on the day when it was done, so
 * that every rule holds for the worked example too; only the instants are set back afterwards. */
#include <string.h>
#include <kansli/declaration.h>
#include "internal.h"

static const struct step {
    const char *act;
    handler *run;
    bool checks; /* it leaves a row of nomination_check */
} steps[] = {
    {"submissions", nomination_submit, false},
    {"region-approvals", nomination_approve_region, true},
    {"employer-approvals", nomination_approve_employer, true},
    {"exemptions", nomination_exempt, true},
    {"decisions", nomination_decide, false},
    {"withdrawals", nomination_withdraw, false},
};

static const struct step *step_of(const char *act)
{
    size_t i = 0;
    while (i < LEN(steps) && strcmp(steps[i].act, act))
        i++;
    MUST(i < LEN(steps));
    return &steps[i];
}

/* Runs an act as a script would, on its day. */
static enum code run(struct ctx *ctx, handler *act, const char *id, const json_t *body,
                     const char *day)
{
    static const char *const names[] = {"id"};
    struct params sent = {json_deep_copy(body), true};
    struct ctx then = *ctx;
    struct answer out = {0};
    if (!sent.values)
        sent.values = json_object();
    then.body = &sent;
    then.today = then.day = day;
    then.names = id ? 1 : 0;
    then.name = names;
    then.value = &id;
    enum code c = act(&then, &out);
    json_decref(out.document);
    json_decref(sent.values);
    return c;
}

static enum code set_back(struct ctx *ctx, long long key, const struct step *step, const char *at,
                          const char *by)
{
    if (step->checks)
        return db_run(ctx->tx,
                      "UPDATE nomination_check SET at = ?2, by_name = coalesce(by_name, ?3) "
                      "WHERE key = (SELECT key FROM nomination_check WHERE nomination_key = ?1 "
                      "ORDER BY key DESC LIMIT 1)",
                      key, at, by);
    if (step->run == nomination_submit)
        return db_run(ctx->tx,
                      "UPDATE nomination SET submitted_at = ?2, answer = 'yes', answered_at = ?2 "
                      "WHERE key = ?1",
                      key, at);
    return db_run(ctx->tx,
                  "UPDATE nomination SET decided_at = ?2, support_told_at = "
                  "CASE WHEN support_told_at IS NULL THEN NULL ELSE ?2 END WHERE key = ?1",
                  key, at);
}

static enum code take_step(struct ctx *ctx, long long key, const char *id, const json_t *said)
{
    const char *day = json_text(said, "on"), *act = json_text(said, "act");
    const char *at = arena_printf(ctx->arena, "%sT09:00:00.000Z", day);
    json_t *body = json_object_get(said, "body");
    struct params sent = {body, true};
    struct ctx then = *ctx;
    then.body = &sent;
    if (!strcmp(act, "declaration"))
        return declaration_load(&then, body);
    enum code c = run(ctx, step_of(act)->run, id, body, day);
    return c ? c : set_back(ctx, key, step_of(act), at, json_text(said, "by"));
}

/* The people of the example are written to by nobody. */
static enum code keep_quiet(struct ctx *ctx, long long key, const char *id)
{
    enum code c = db_run(ctx->tx, "DELETE FROM nomination_link WHERE nomination_key = ?1", key);
    return c ? c
             : db_run(ctx->tx,
                      "DELETE FROM mail WHERE event LIKE 'nominations:' || ?1 || ':%'", id);
}

/* {email} → {personId}, by which scripts name people. */
static const char *put_person(struct ctx *ctx, json_t *object, const char *email)
{
    const char *id = db_text(ctx->tx, "SELECT id FROM person WHERE email = ?1", email);
    json_put(object, "personId", id);
    return id;
}

static const char *call_of(struct ctx *ctx, const json_t *row)
{
    return db_text(ctx->tx,
                   "SELECT c.id FROM nomination_call c JOIN body b ON b.key = c.group_key "
                   "WHERE b.id = ?1 AND c.title = ?2",
                   json_text(row, "group"), json_text(row, "call"));
}

/* What somebody would fill stands in words: requirements have no id before they are made. */
static void put_fills(struct ctx *ctx, json_t *nomination, const json_t *row)
{
    json_t *ids = json_put_new(nomination, "requirementIds", json_array()), *text;
    size_t i;
    json_array_foreach(json_object_get(row, "fills"), i, text)
        json_push(ids, json_text_new(db_text(ctx->tx,
                                             "SELECT r.id FROM requirement r "
                                             "JOIN body b ON b.key = r.group_key "
                                             "WHERE b.id = ?1 AND r.text = ?2",
                                             json_text(row, "group"), json_string_value(text))));
}

enum code nomination_load(struct ctx *ctx, const json_t *row)
{
    json_t *nomination = json_object_get(row, "nomination"), *said;
    const char *email = json_text(row, "person");
    json_put(nomination, "callId", call_of(ctx, row));
    put_fills(ctx, nomination, row);
    const char *person = put_person(ctx, nomination, email);
    enum code c = run(ctx, nomination_create, NULL, nomination, json_text(row, "on"));
    long long key = db_int(ctx->tx, 0, "SELECT key FROM nomination ORDER BY key DESC LIMIT 1");
    const char *id = db_text(ctx->tx, "SELECT id FROM nomination WHERE key = ?1", key);
    size_t i;
    json_array_foreach(json_object_get(row, "steps"), i, said) {
        json_t *body = json_object_get(said, "body");
        if (!strcmp(json_text(said, "act"), "declaration"))
            json_put(body, "personId", person);
        c = c ? c : take_step(ctx, key, id, said);
    }
    return c ? c : keep_quiet(ctx, key, id);
}
