/* review_rules.c: a review is written by the group's principal, once a year, and told to the
 * group.
 *
 * Owns who may write it, of which years, and until when it is changed: while it is the group's
 * newest; the next one was written against it. Figures are counted anew when the words are. Must
 * not know pages. */
#include <stdlib.h>
#include <string.h>
#include <kansli/crypt.h>
#include <kansli/mail.h>
#include <kansli/plan.h>
#include "internal.h"

enum { FIRST_YEAR = 2000, FACTS_MOST = 2048 /* bytes */ };

/* ---------------------------------------------------------------- the year */

int review_year(struct ctx *ctx)
{
    enum { SEPTEMBER = 9 };
    int year = (int)strtol(ctx->today, NULL, 10), month = (int)strtol(ctx->today + 5, NULL, 10);
    return month >= SEPTEMBER ? year : year - 1;
}

const char *review_july(struct ctx *ctx, int year)
{
    return arena_printf(ctx->arena, "%04d-07-01", year);
}

const char *review_end(struct ctx *ctx, int year)
{
    const char *last = arena_printf(ctx->arena, "%04d-12-31", year);
    return strcmp(last, ctx->today) < 0 ? last : ctx->today;
}

/* ---------------------------------------------------------------- one of them */

enum code review_find(struct ctx *ctx, struct review_row *review)
{
    memset(review, 0, sizeof *review);
    json_t *seen = resource_one(ctx, &review_resource, ctx_value(ctx, "id"), &review->key, NULL);
    if (!seen)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    review->id = arena_strdup(ctx->arena, json_text(seen, "id"));
    review->group_id = arena_strdup(ctx->arena, json_text(seen, "groupId"));
    review->outcome = arena_strdup(ctx->arena, json_text(seen, "outcome"));
    review->year = json_int(seen, "year", 0);
    json_decref(seen);
    review->group_key = db_int(ctx->tx, 0, "SELECT group_key FROM review WHERE key = ?1",
                               review->key);
    review->newest = !db_exists(ctx->tx, "SELECT 1 FROM review WHERE group_key = ?1 AND year > ?2",
                                review->group_key, review->year);
    return tx_code(ctx->tx);
}

/* --------------------------------------------------------------- what a field alone cannot tell */

/* Whether reading it has said already what is wrong with a field. */
static bool is_told(const struct err *err, const char *pointer)
{
    size_t i;
    json_t *one;
    json_array_foreach(err->fields, i, one)
        if (!strcmp(json_text(one, "pointer"), pointer))
            return true;
    return false;
}

enum code review_check(struct ctx *ctx, const struct review_input *in, enum code read)
{
    const char *html;
    if (read && read != E_INPUT)
        return read;
    if (in->year != NO_INT && in->year < FIRST_YEAR)
        err_field(ctx->err, "/year", N_("Write a year with four digits."), NULL);
    else if (in->year != NO_INT && in->year > strtol(ctx->today, NULL, 10))
        err_field(ctx->err, "/year",
                  N_("A review is about what has been: this year at the latest."), NULL);
    if (!in->text && !is_told(ctx->err, "/text"))
        err_field(ctx->err, "/text", N_("This is needed."), NULL);
    if (in->text && ctx_markdown(ctx, in->text, 3, "/text", &html) && ctx->err->code != E_INPUT)
        return ctx->err->code;
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
}

bool review_made(struct ctx *ctx, long long group_key, long long year)
{
    return db_exists(ctx->tx, "SELECT 1 FROM review WHERE group_key = ?1 AND year = ?2", group_key,
                     year);
}

static enum code check_year(struct ctx *ctx, long long group_key, long long year)
{
    if (!db_exists(ctx->tx,
                   "SELECT 1 FROM workgroup WHERE key = ?1 AND start_date <= ?3 "
                   "AND (end_date IS NULL OR end_date >= ?2)",
                   group_key, arena_printf(ctx->arena, "%lld-01-01", year),
                   arena_printf(ctx->arena, "%lld-12-31", year)))
        return ctx_fail(ctx, E_CONFLICT, "outside-group-dates",
                        N_("The group does not stand in that year."));
    if (review_made(ctx, group_key, year))
        return err_setf(ctx->err, E_CONFLICT, "review-exists",
                        N_("The group has been reviewed for {year} already."), "year",
                        arena_printf(ctx->arena, "%lld", year), NULL);
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- told */

static enum code tell(struct ctx *ctx, long long group_key, const char *id, const char *outcome)
{
    const char *label = "";
    for (const struct value *v = review_outcomes; v->code; v++)
        if (!strcmp(v->code, outcome))
            label = v->label;
    const char *places[] = {"group",
                            db_text(ctx->tx, "SELECT full_name FROM workgroup WHERE key = ?1",
                                    group_key),
                            "outcomeLabel", label, NULL};
    struct mail mail = {
        .event = arena_printf(ctx->arena, "reviews:%s:new", id),
        .kind = MAIL_NOTICE,
        .subject = N_("The yearly review of {group}"),
        .paragraphs = {N_("Those who commission {group} have made their yearly review of it: "
                          "{outcomeLabel}."),
                       N_("The reasons are shown to the group.")},
        .path = arena_printf(ctx->arena, "/reviews/%s", id),
        .action = N_("Read the review"),
        .why = N_("You get this because you are an officer of {group}."),
        .places = places,
    };
    return mail_officers(ctx, group_key, &mail);
}

/* ---------------------------------------------------------------- written */

static const char *facts_text(struct ctx *ctx, long long group_key, long long year)
{
    json_t *facts = plan_facts(ctx, group_key, (int)year);
    struct buf text;
    buf_init(&text, FACTS_MOST);
    json_write(&text, facts);
    const char *kept = arena_strdup(ctx->arena, (const char *)text.data);
    buf_release(&text);
    json_decref(facts);
    return kept;
}

enum code review_insert(struct ctx *ctx, const struct review_input *in, long long person_key,
                        const char *day, const char **id)
{
    char uuid[UUID_SIZE];
    long long key = 0;
    json_t *extra = json_object();
    crypt_uuid(uuid);
    *id = arena_strdup(ctx->arena, uuid);
    json_put(extra, "facts", facts_text(ctx, in->group.key, in->year));
    json_put(extra, "reviewed_on", day);
    if (person_key)
        json_put_int(extra, "reviewed_by_key", person_key);
    enum code c = resource_insert(ctx, &review_resource, in, *id, extra, &key);
    json_decref(extra);
    return c;
}

/* Whoever says that a group is to be closed sees what is to be done first. */
static void lead_on(struct ctx *ctx, struct answer *out, const char *id, const char *outcome)
{
    if (outcome && !strcmp(outcome, "close"))
        out->see = arena_printf(ctx->arena, "/reviews/%s/closing", id);
}

enum code review_create(struct ctx *ctx, struct answer *out)
{
    struct review_input in;
    const char *id = NULL;
    enum code c;
    long long group = group_named(ctx, out, &c);
    if (c || out->moved)
        return c;
    if (group)
        c = must_may(ctx, ACT_REVIEW_GROUP, group);
    if (c)
        return c;
    c = resource_read(ctx, &review_resource, &in);
    group_check_named(ctx, group, &in.group);
    c = review_check(ctx, &in, ctx->err->code ? ctx->err->code : c);
    in.group.key = group;
    if (!c)
        c = check_year(ctx, group, in.year);
    if (!c)
        c = review_insert(ctx, &in, ctx->actor->person_key, ctx->today, &id);
    if (!c)
        c = tell(ctx, group, id, in.outcome);
    out->flash = N_("The review is kept. The group's officers are told by mail.");
    if (!c)
        c = resource_created(ctx, &review_resource, id, out);
    lead_on(ctx, out, id, in.outcome);
    return c;
}

/* ---------------------------------------------------------------- changed */

enum code review_change(struct ctx *ctx, struct answer *out)
{
    struct review_row review;
    struct review_input in;
    struct edit edit = {0};
    bool changed = false;
    enum code c = review_find(ctx, &review);
    if (!c)
        c = must_may(ctx, ACT_REVIEW_GROUP, review.group_key);
    if (!c && !review.newest)
        c = ctx_fail(ctx, E_CONFLICT, "review-not-newest",
                     N_("The group has been reviewed again since. This review stays as it was."));
    if (c)
        return c;
    c = review_check(ctx, &in, resource_edit(ctx, &review_resource, review.id, &edit, &in));
    if (!c)
        c = resource_update(ctx, &review_resource, &edit, &in, &changed);
    resource_edit_end(&edit);
    if (!c && changed)
        c = db_run(ctx->tx, "UPDATE review SET facts = ?2 WHERE key = ?1", review.key,
                   facts_text(ctx, review.group_key, review.year));
    out->flash = N_("The review is changed.");
    if (!c)
        c = resource_changed(ctx, &review_resource, review.id, out);
    if (changed)
        lead_on(ctx, out, review.id, in.outcome);
    return c;
}
