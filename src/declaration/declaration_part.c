/* declaration_part.c: what other pages show of declarations: a group's and its members' to those
 * who may see who has declared, a person's to herself.
 *
 * Owns the counts: how many stand how. What anybody declared is not near this file. */
#include <string.h>
#include "internal.h"

static const char *const counted[] = {"reviewed", "expiring", "submitted", "expired", "missing"};

/* One question for all of them: the list's own select says who stands how. */
json_t *declaration_counts(struct ctx *ctx, long long group_key)
{
    const char *sql =
        arena_join(ctx->arena, "SELECT \"status\" AS \"status\", count(*) AS \"n\" FROM (",
                   declaration_status_resource.select,
                   ") AS r WHERE \"group_key\" = ?5 GROUP BY \"status\"", NULL);
    json_t *rows = db_rows_(ctx->tx, sql, DB_ARGS(DECLARATION_ARGS(ctx, group_key))), *row;
    json_t *counts = json_object();
    long long total = 0;
    size_t i;
    for (i = 0; i < LEN(counted); i++)
        json_put_int(counts, counted[i], 0);
    json_array_foreach(rows, i, row) {
        long long n = json_int(row, "n", 0);
        json_put_int(counts, json_text(row, "status"), n);
        total += n;
    }
    json_put_int(counts, "total", total);
    json_put_int(counts, "lacking",
                 json_int(counts, "expired", 0) + json_int(counts, "missing", 0));
    json_decref(rows);
    return counts;
}

/* Of the whole group: who reviews some of its people is shown those on their own page. */
static json_t *of_group(struct ctx *ctx, long long key, const json_t *object)
{
    bool sees = may(ctx, ACT_SEE_STATUSES, key);
    ctx->as_support = false; /* asked, not done */
    if (!sees)
        return NULL;
    json_t *part = declaration_counts(ctx, key);
    json_put(part, "href",
             arena_printf(ctx->arena, "/groups/%s/declaration-statuses", json_text(object, "id")));
    json_put(part, "concentrationHref",
             arena_printf(ctx->arena, "/groups/%s/declaration-concentration",
                          json_text(object, "id")));
    json_put_new(part, "concentration", declaration_concentration(ctx, key));
    return part;
}

/* The way to one's own: nobody else's page leads to declarations. */
static json_t *of_person(struct ctx *ctx, long long key, const json_t *object)
{
    (void)object;
    return key == ctx->actor->person_key ? json_pack("{s:s}", "href", "/declarations") : NULL;
}

/* A row of a group's members, one after the other: asked with a few small queries each. Nothing
 * stands beside who has left. */
static json_t *of_seat(struct ctx *ctx, long long group_key, const json_t *membership)
{
    struct standing_review standing = {0};
    bool sees = may(ctx, ACT_SEE_STATUSES, group_key);
    ctx->as_support = false; /* asked, not done */
    if (!sees)
        return NULL;
    long long person = db_int(ctx->tx, 0,
                              "SELECT person_key FROM membership WHERE id = ?1 "
                              "AND role NOT IN ('contact', 'observer') "
                              "AND (end_date IS NULL OR end_date >= ?2)",
                              json_text(membership, "id"), ctx->today);
    if (person)
        declaration_standing(ctx, person, group_key, &standing);
    json_t *part = json_object();
    json_put(part, "status", standing.status);
    json_put(part, "statusLabel",
             person ? value_label(ctx, declaration_standings, standing.status) : NULL);
    return part;
}

static void link_statuses(struct ctx *ctx, long long key, json_t *group)
{
    const char *id = json_text(group, "id");
    if (may(ctx, ACT_SEE_STATUSES, key)) {
        part_link_list(ctx, group, "declaration-statuses", NULL);
        part_link_list(ctx, group, "declaration-concentration", NULL);
    }
    if (declaration_may_remind(ctx, key))
        ctx_link(ctx, group, "remind-of-declarations", "POST",
                 arena_printf(ctx->arena, "/groups/%s/declaration-reminders", id));
}

const struct part declaration_parts[] = {
    {.of = "groups", .name = "declarations", .make = of_group},
    {.of = "persons", .name = "declarations", .make = of_person},
    {.of = "group-member", .name = "declaration", .make = of_seat},
    {.of = "groups", .link = link_statuses},
    {0},
};
