/* plan_remind.c: what people are reminded of around plans (domain.md 2): a month and a week before
 * plans are submitted, those who have not; before they are decided, those with whom some lie.
 *
 * Owns when and in which words: neutral ones that say what to do next. Each is told once for each
 * of the two days. Must not know pages. */
#include <string.h>
#include <kansli/mail.h>
#include "internal.h"

enum { REMIND_FIRST = 30, REMIND_LAST = 7 }; /* days before */

/* Which of the two reminders it is time for: the nearer one, should the program have rested; 0:
 * neither. */
static int reminder_due(const struct ctx *ctx, const char *day)
{
    int left = day_diff(ctx->today, day);
    if (left < 0 || left > REMIND_FIRST)
        return 0;
    return left <= REMIND_LAST ? REMIND_LAST : REMIND_FIRST;
}

/* ---------------------------------------------------------------- to be submitted */

static enum code remind_group(struct ctx *ctx, const json_t *row, int year, const char *due,
                              int before)
{
    const char *group = json_text(row, "groupId"), *id = json_text(row, "id");
    const char *places[] = {"group", json_text(row, "groupName"), "year",
                            arena_printf(ctx->arena, "%d", year), "day", due, NULL};
    struct mail mail = {
        .event = arena_printf(ctx->arena, "plans:%s:%d:%d", group, year, before),
        .kind = MAIL_REMINDER,
        .subject = N_("The plan for {year} is submitted by {day}"),
        .paragraphs = {N_("{group} has an annual plan for {year} to submit. Its day is {day}."),
                       N_("The draft begins with what goes on from the last plan.")},
        .path = id ? arena_printf(ctx->arena, "/plans/%s", id)
                   : arena_printf(ctx->arena, "/groups/%s/plans", group),
        .action = id ? N_("See the draft") : N_("Begin the plan"),
        .why = N_("You get this because you are an officer of {group}."),
        .places = places,
    };
    return mail_officers(ctx, json_int(row, "key", 0), &mail);
}

static enum code remind_submitters(struct ctx *ctx, int year, const char *due)
{
    int before = reminder_due(ctx, due);
    if (!before)
        return OK;
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT g.key AS \"key\", b.id AS \"groupId\", "
                                 "g.full_name AS \"groupName\", p.id AS \"id\" " PLAN_UNSUBMITTED,
                                 ctx->today, year);
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c)
            c = remind_group(ctx, row, year, due, before);
    json_decref(rows);
    return c;
}

/* ---------------------------------------------------------------- to be decided */

/* Desks (plan_desk.c) on which plans of a year lie; a coordinator is told of no group that
 * coordinators do not know of. */
static json_t *desks_with_plans(struct ctx *ctx, int year)
{
    return db_rows(ctx->tx,
                   "SELECT DISTINCT b.key AS \"key\", b.id AS \"id\", w.full_name AS \"name\", "
                   "0 AS \"area\" FROM plan p JOIN group_principal x ON x.group_key = p.group_key "
                   "JOIN workgroup w ON w.key = x.principal_key JOIN body b ON b.key = w.key "
                   "WHERE p.state = 'submitted' AND p.year = ?6 AND " ACCESS_TODAY("x")
                   " UNION SELECT b.key, b.id, o.name, 1 FROM plan p "
                   "JOIN workgroup g ON g.key = p.group_key "
                   "JOIN group_kind k ON k.key = g.kind_key JOIN organisation o ON o.key = CASE "
                   "k.level WHEN 'local' THEN g.region_key WHEN 'healthcareRegion' "
                   "THEN g.healthcare_region_key END JOIN body b ON b.key = o.key "
                   "WHERE p.state = 'submitted' AND p.year = ?6 AND g.access_mode <> 'restricted' "
                   "AND " PLAN_NOT_COMMISSIONED("g.key") " ORDER BY 1",
                   PLAN_ARGS(ctx, 0, year));
}

static enum code remind_desk(struct ctx *ctx, const json_t *row, int year, const char *due,
                             int before)
{
    bool is_area = json_int(row, "area", 0);
    long long key = json_int(row, "key", 0);
    const char *id = json_text(row, "id"), *number = arena_int(ctx->arena, year);
    const char *places[] = {"desk", json_text(row, "name"), "year", number, "day", due, NULL};
    struct mail mail = {
        .event = arena_printf(ctx->arena, "plans:%s:decide:%d:%d", id, year, before),
        .kind = MAIL_REMINDER,
        .subject = N_("Plans for {year} are decided by {day}"),
        .paragraphs = {N_("Plans for {year} have come in to {desk} and await a decision. Their day "
                          "is {day}."),
                       N_("Several can be decided at once.")},
        .path = arena_printf(ctx->arena, "/%s/%s/incoming-plans?year=%d&stage=submitted",
                             is_area ? "organisations" : "groups", id, year),
        .action = N_("Incoming plans"),
        .why = N_("You get this because you decide the plans that come in to {desk}."),
        .places = places,
    };
    return is_area ? mail_coordinators(ctx, key, &mail) : mail_officers(ctx, key, &mail);
}

static enum code remind_deciders(struct ctx *ctx, int year, const char *due)
{
    int before = reminder_due(ctx, due);
    if (!before)
        return OK;
    json_t *row, *rows = desks_with_plans(ctx, year);
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c)
            c = remind_desk(ctx, row, year, due, before);
    json_decref(rows);
    return c;
}

static enum code remind_all(struct ctx *ctx)
{
    struct plan_days days;
    int year = plan_year(ctx);
    plan_days(ctx, year, &days);
    enum code c = remind_submitters(ctx, year, days.submitted);
    return c ? c : remind_deciders(ctx, year, days.decided);
}

const struct chore plan_chores[] = {
    {"plan-reminders", remind_all},
    {0},
};
