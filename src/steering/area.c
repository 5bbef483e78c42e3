/* area.c: one group with all that stands under it: what it commissions, who mirrors it a level
 * down, its plan's initiatives with those that point to them, its needs, and what differs since its
 * principal last decided.
 *
 * Owns the way from an initiative down to those of the levels below: two levels at most, which is
 * what there is. Plans are seen as the reader sees them, so the same initiative may have more below
 * it for one reader than for another. Must not know how the figures of rows are counted. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <kansli/gap.h>
#include "internal.h"

enum { DEEPEST = 2 };

/* The first seven parameters of a statement, as a resource's select has them (resource.h). */
#define AREA_ARGS(ctx, own, other)                                                                 \
    (ctx)->day, access_sees_all(ctx), (ctx)->actor->person_key, (ctx)->today, (own), (other),      \
        (ctx)->actor->half ? 0 : (ctx)->actor->account_key

/* ---------------------------------------------------------------- initiatives */

static void put_progress(struct ctx *ctx, json_t *node)
{
    const char *progress = json_text(node, "progress");
    static const char *const none[] = {"total", "onTrack", "delayed", "stopped", "done", "untold"};
    json_t *below = json_put_new(node, "below", json_object());
    json_put(node, "progressLabel",
             progress ? value_label(ctx, initiative_progress, progress) : NULL);
    for (size_t i = 0; i < LEN(none); i++)
        json_put_int(below, none[i], 0);
    json_put_new(node, "items", json_array());
}

static void count(json_t *below, const char *name)
{
    json_put_int(below, name, json_int(below, name, 0) + 1);
}

/* Rows, those above first, become a tree; consumes them. */
static json_t *tree_of(struct ctx *ctx, json_t *rows)
{
    json_t *roots = json_array(), *by_key = json_object(), *node;
    char key[24];
    size_t i;
    json_array_foreach(rows, i, node) {
        snprintf(key, sizeof key, "%lld", json_int(node, "parent", 0));
        json_t *parent = json_object_get(by_key, key);
        bool root = !json_int(node, "depth", 0);
        snprintf(key, sizeof key, "%lld", json_int(node, "key", 0));
        if ((!root && !parent) || json_object_get(by_key, key))
            continue;
        json_object_set(by_key, key, node);
        put_progress(ctx, node);
        json_array_append(root ? roots : json_object_get(parent, "items"), node);
        if (root)
            continue;
        const char *progress = json_text(node, "progress");
        count(json_object_get(parent, "below"), "total");
        count(json_object_get(parent, "below"), progress ? progress : "untold");
    }
    json_array_foreach(rows, i, node) {
        json_t *below = json_object_get(node, "below");
        if (below)
            json_put(below, "text", steering_progress(ctx, below));
        json_object_del(node, "key");
        json_object_del(node, "parent");
        json_object_del(node, "depth");
    }
    json_decref(by_key);
    json_decref(rows);
    return roots;
}

static json_t *initiatives_of(struct ctx *ctx, long long plan_key)
{
    return tree_of(
        ctx,
        db_rows(ctx->tx,
                "WITH RECURSIVE down (k, depth) AS (SELECT i.key, 0 FROM initiative i "
                "WHERE i.plan_key = ?5 UNION SELECT i.key, d.depth + 1 FROM down d "
                "JOIN initiative i ON i.parent_key = d.k JOIN plan p ON p.key = i.plan_key "
                "JOIN workgroup g ON g.key = p.group_key WHERE d.depth < ?6 AND "
                PLAN_VISIBLE("p", "g") ") "
                "SELECT i.key AS \"key\", i.parent_key AS \"parent\", d.depth AS \"depth\", "
                "i.id AS \"id\", i.title AS \"title\", p.id AS \"planId\", b.id AS \"areaId\", "
                "g.full_name AS \"areaName\", wb.id AS \"groupId\", w.full_name AS \"groupName\", "
                "i.priority AS \"priority\", i.progress AS \"progress\", "
                "i.end_date AS \"endDate\", i.cost AS \"cost\", "
                "i.resource_needs AS \"resourceNeeds\" FROM down d "
                "JOIN initiative i ON i.key = d.k JOIN plan p ON p.key = i.plan_key "
                "JOIN workgroup g ON g.key = p.group_key JOIN body b ON b.key = g.key "
                "LEFT JOIN workgroup w ON w.key = i.group_key AND " GROUP_VISIBLE
                " LEFT JOIN body wb ON wb.key = w.key "
                "ORDER BY d.depth, g.full_name, i.position, i.key",
                AREA_ARGS(ctx, plan_key, (int)DEEPEST)));
}

/* The plan of the year, where the reader sees it; with its initiatives. */
static json_t *plan_of(struct ctx *ctx, long long group_key, int year)
{
    json_t *plan = db_row(ctx->tx,
                          "SELECT p.key AS \"key\", p.id AS \"id\", p.year AS \"year\", "
                          "p.state AS \"status\", p.decided_on AS \"decidedOn\" FROM plan p "
                          "JOIN workgroup g ON g.key = p.group_key WHERE p.group_key = ?5 "
                          "AND p.year = ?6 AND " PLAN_VISIBLE("p", "g"),
                          AREA_ARGS(ctx, group_key, year));
    if (!plan)
        return json_null();
    json_put(plan, "statusLabel", value_label(ctx, plan_statuses, json_text(plan, "status")));
    json_put_new(plan, "initiatives", initiatives_of(ctx, json_int(plan, "key", 0)));
    json_object_del(plan, "key");
    return plan;
}

/* ---------------------------------------------------------------- since the last decision */

/* Counts as they are; times, which are parts of a full time, as tenths. */
static const char *words(struct ctx *ctx, const json_t *value, long long hundredths)
{
    return json_is_real(value) ? steering_tenths(ctx, hundredths)
                               : arena_int(ctx->arena, hundredths / 100);
}

static void put_fact(struct ctx *ctx, json_t *facts, const char *name, const char *label,
                     const json_t *then, const json_t *now)
{
    const json_t *was = json_object_get(then, name), *is = json_object_get(now, name);
    if (!json_is_number(was) || !json_is_number(is))
        return;
    json_t *fact = json_push(facts, json_object());
    long long before = llround(json_number_value(was) * 100);
    long long after = llround(json_number_value(is) * 100), change = after - before;
    json_put(fact, "name", name);
    json_put(fact, "label", ctx_text(ctx, label));
    json_object_set(fact, "then", (json_t *)was);
    json_object_set(fact, "now", (json_t *)is);
    json_put(fact, "thenText", words(ctx, was, before));
    json_put(fact, "nowText", words(ctx, is, after));
    json_put(fact, "changeText",
             steering_signed(ctx, words(ctx, is, change < 0 ? -change : change), change));
}

/* What stood in the version that was decided last, beside today. The facts that are kept with it
 * are everyone's, as it is. */
static json_t *since_decision(struct ctx *ctx, long long group_key)
{
    static const struct {
        const char *name, *label;
    } told[] = {
        {"members", N_("Members of the group itself")},
        {"groups", N_("Groups")},
        {"people", N_("People")},
        {"fullTimeEquivalents", N_("Full-time equivalents")},
        {"estimatedFullTimeEquivalents", N_("Estimated in mandates")},
        {"vacancies", N_("Vacancies in the group itself")},
        {"openActions", N_("Open actions of the group itself")},
    };
    json_t *row = db_row(
        ctx->tx,
        "SELECT p.id AS \"planId\", p.year AS \"year\", s.number AS \"version\", "
        "s.id AS \"versionId\", d.decided_on AS \"decidedOn\", s.facts AS \"facts\" "
        "FROM plan p JOIN plan_decision d ON d.plan_key = p.key "
        "JOIN plan_submission s ON s.plan_key = p.key AND s.number = d.number "
        "JOIN workgroup g ON g.key = p.group_key WHERE p.group_key = ?5 "
        "AND d.outcome = 'approved' AND d.decided_on <= ?1 AND ?6 = 0 AND " PLAN_VISIBLE("p", "g")
        " ORDER BY p.year DESC, d.number DESC, d.key DESC LIMIT 1",
        AREA_ARGS(ctx, group_key, 0));
    const char *text = json_text(row, "facts");
    json_t *then = text ? json_loads(text, 0, NULL) : NULL;
    if (!row)
        return json_null();
    struct ctx that_day = *ctx;
    that_day.today = ctx->day;
    json_t *now = plan_facts(&that_day, group_key, (int)strtol(ctx->day, NULL, 10));
    json_t *facts = json_put_new(row, "facts", json_array());
    json_put(row, "asOf", json_text(then, "asOf"));
    for (size_t i = 0; i < LEN(told); i++)
        put_fact(ctx, facts, told[i].name, told[i].label, then, now);
    json_decref(then);
    json_decref(now);
    return row;
}

/* ---------------------------------------------------------------- needs */

/* Of the group itself, or of those that mirror it, on the one level below or both. */
static json_t *gaps_of(struct ctx *ctx, long long group_key, bool below)
{
    json_t *gaps = json_pack("{s:i, s:i, s:i, s:i}", "raised", 0, "prioritised", 0, "addressed", 0,
                             "declined", 0);
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT ga.state AS \"state\", count(*) AS \"n\" FROM gap ga "
                                 "WHERE ga.raised_on <= ?1 AND ga.group_key IN ("
                                 "SELECT w.key FROM workgroup w WHERE w.key = ?5 AND ?6 = 0 "
                                 "UNION ALL SELECT w.key FROM workgroup w "
                                 "WHERE w.mirrors_key = ?5 AND ?6 = 1 "
                                 "UNION ALL SELECT v.key FROM workgroup w JOIN workgroup v "
                                 "ON v.mirrors_key = w.key WHERE w.mirrors_key = ?5 AND ?6 = 1) "
                                 "AND " GAP_VISIBLE("ga") " GROUP BY ga.state",
                                 AREA_ARGS(ctx, group_key, below));
    size_t i;
    json_array_foreach(rows, i, row)
        json_put_int(gaps, json_text(row, "state"), json_int(row, "n", 0));
    json_decref(rows);
    return gaps;
}

/* ---------------------------------------------------------------- the document */

/* Those that mirror it: healthcare-regional ones, then local ones. */
static json_t *mirrors_of(struct ctx *ctx, const struct scope *own, int year)
{
    static const char *const levels[] = {"healthcareRegion", "local"};
    json_t *all = json_array();
    for (size_t i = 0; i < LEN(levels); i++) {
        struct scope scope = {.level = levels[i],
                              .category = own->category,
                              .by = "area",
                              .mirrors = own->area};
        json_t *items = overview_rows(ctx, &scope, year);
        json_array_extend(all, items);
        json_decref(items);
    }
    return all;
}

json_t *area_progress(struct ctx *ctx, long long group_key, int year)
{
    json_t *group = db_row(ctx->tx,
                           "SELECT b.id AS \"groupId\", w.full_name AS \"groupName\", "
                           "k.level AS \"level\", k.category AS \"category\" FROM workgroup w "
                           "JOIN body b ON b.key = w.key JOIN group_kind k ON k.key = w.kind_key "
                           "WHERE w.key = ?1",
                           group_key);
    struct scope scope = {.level = json_text(group, "level"),
                          .category = json_text(group, "category"),
                          .by = "area",
                          .area = group_key};
    json_t *document = json_object(), *own = overview_rows(ctx, &scope, year);
    json_t *item = json_array_get(own, 0);
    scope.by = "group";
    json_put(document, "groupId", json_text(group, "groupId"));
    json_put(document, "groupName", json_text(group, "groupName"));
    json_put(document, "level", scope.level);
    json_put(document, "asOf", ctx->day);
    json_put_int(document, "year", year);
    json_put_new(document, "all", item ? json_incref(item) : json_null());
    json_put_new(document, "groups", overview_rows(ctx, &scope, year));
    json_put_new(document, "mirrors", mirrors_of(ctx, &scope, year));
    json_put_new(document, "gaps", gaps_of(ctx, group_key, false));
    json_put_new(document, "gapsBelow", gaps_of(ctx, group_key, true));
    json_put_new(document, "plan", plan_of(ctx, group_key, year));
    json_put_new(document, "sinceDecision", since_decision(ctx, group_key));
    json_decref(own);
    json_decref(group);
    return document;
}
