/* plan_queue.c: the plans of one year that come in at a desk (plan_desk.c): one row each, what has
 * come in and what has not, and how each differs from the last decided one.
 *
 * Owns the rows. What has not come in is told in neutral words, with the days to or from the year's
 * day. Read by who decides them, and by who reads everything; must not know pages. */
#include <string.h>
#include "pages.h"

#define COUNTS                                                                                     \
    "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"integer\"}}"
#define TEXT_OR_NULL "{\"type\":[\"string\",\"null\"]}"
#define COUNT_OR_NULL "{\"type\":[\"integer\",\"null\"]}"
const char plan_queue_reply[] =
    "{\"type\":\"object\",\"required\":[\"groupId\",\"organisationId\",\"year\",\"submitted\","
    "\"decided\",\"counts\",\"items\"],\"properties\":{\"groupId\":" TEXT_OR_NULL ","
    "\"organisationId\":" TEXT_OR_NULL ",\"year\":{\"type\":\"integer\"},"
    "\"submitted\":{\"type\":\"string\",\"format\":\"date\",\"description\":\"The day by which "
    "plans are submitted.\"},\"decided\":{\"type\":\"string\",\"format\":\"date\"},"
    "\"counts\":" COUNTS ",\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"required\":[\"groupId\",\"groupName\",\"stage\"],\"properties\":{"
    "\"groupId\":{\"type\":\"string\"},\"groupName\":{\"type\":\"string\"},"
    "\"stage\":{\"type\":\"string\",\"enum\":[\"awaited\",\"submitted\",\"returned\",\"decided\"]},"
    "\"planId\":" TEXT_OR_NULL ",\"version\":" COUNT_OR_NULL ",\"status\":" TEXT_OR_NULL ","
    "\"statusLabel\":" TEXT_OR_NULL ",\"submittedAt\":" TEXT_OR_NULL ","
    "\"decidedOn\":" TEXT_OR_NULL ",\"flagged\":{\"type\":\"boolean\"},"
    "\"mayDecide\":{\"type\":\"boolean\"},"
    "\"openRemarkCount\":" COUNT_OR_NULL ",\"positions\":" TEXT_OR_NULL ","
    "\"initiativeCount\":" COUNT_OR_NULL ",\"added\":" COUNT_OR_NULL ","
    "\"removed\":" COUNT_OR_NULL ",\"lastYear\":" COUNT_OR_NULL ",\"cost\":" COUNT_OR_NULL ","
    "\"costBefore\":" COUNT_OR_NULL ",\"costChanged\":{\"type\":\"boolean\"},"
    "\"resourcesChanged\":{\"type\":\"boolean\"},\"openRemarks\":{\"type\":\"boolean\"},"
    "\"daysLeft\":" COUNT_OR_NULL ",\"daysPast\":" COUNT_OR_NULL "}}}}}";

/* The group's plan p of the year, when the reader may see it, and the last decided one before it,
 * l; what awaits a decision comes first. An initiative is the same when it goes on with last
 * year's, or is called the same. */
#define SAME(a, b) "(" a ".from_key = " b ".key OR " a ".title = " b ".title)"
#define ROWS(groups)                                                                               \
    "SELECT gb.id AS \"groupId\", g.full_name AS \"groupName\", p.id AS \"planId\", "              \
    "p.number AS \"version\", p.state AS \"status\", p.submitted_at AS \"submittedAt\", "          \
    "p.decided_on AS \"decidedOn\", coalesce(p.flagged, 0) AS \"flagged?\", "                      \
    "l.year AS \"lastYear\", p.resources AS \"resources\", l.resources AS \"resourcesBefore\", "   \
    "(SELECT count(*) FROM plan_remark r WHERE r.plan_key = p.key AND r.resolved = 0) "            \
    "AS \"openRemarkCount\", "                                                                     \
    "(SELECT count(*) FROM initiative i WHERE i.plan_key = p.key) AS \"initiativeCount\", "        \
    "(SELECT count(*) FROM initiative i WHERE i.plan_key = p.key AND NOT EXISTS ("                 \
    "SELECT 1 FROM initiative o WHERE o.plan_key = l.key AND " SAME("i", "o")                      \
    ")) AS \"added\", "                                                                            \
    "(SELECT count(*) FROM initiative o WHERE o.plan_key = l.key AND NOT EXISTS ("                 \
    "SELECT 1 FROM initiative i WHERE i.plan_key = p.key AND " SAME("i", "o")                      \
    ")) AS \"removed\", (SELECT coalesce(sum(i.cost), 0) FROM initiative i "                       \
    "WHERE i.plan_key = p.key) AS \"cost\", (SELECT coalesce(sum(o.cost), 0) "                     \
    "FROM initiative o WHERE o.plan_key = l.key) AS \"costBefore\" FROM workgroup g "              \
    "JOIN body gb ON gb.key = g.key JOIN group_kind k ON k.key = g.kind_key "                      \
    "LEFT JOIN plan p ON p.group_key = g.key AND p.year = ?6 AND " PLAN_VISIBLE("p", "g")          \
    " LEFT JOIN plan l ON l.key = (SELECT o.key FROM plan o WHERE o.group_key = g.key "            \
    "AND o.year < ?6 AND o.state IN ('approved', 'followedUp') ORDER BY o.year DESC LIMIT 1) "     \
    "WHERE g.key IN " groups " AND " ACCESS_TODAY("g") " AND " PLAN_EXPECTED " AND "               \
    ACCESS_GROUP_VISIBLE("g.access_mode", "g.key") " ORDER BY CASE p.state "                      \
    "WHEN 'submitted' THEN 0 WHEN 'returned' THEN 1 WHEN 'approved' THEN 3 "                     \
    "WHEN 'followedUp' THEN 3 ELSE 2 END, g.full_name, g.key LIMIT 500"
static json_t *rows_of(struct ctx *ctx, const struct plan_desk *desk, int year)
{
    if (desk->is_area)
        return db_rows(ctx->tx, ROWS(PLAN_DESK_OF_AREA("?5")), PLAN_ARGS(ctx, desk->key, year));
    return db_rows(ctx->tx, ROWS(PLAN_DESK_OF_GROUP("?5")), PLAN_ARGS(ctx, desk->key, year));
}

/* What reviewers have said of the submission that awaits a decision: "Supports 2". */
static const char *positions_of(struct ctx *ctx, const char *plan_id, long long number)
{
    const char *all = NULL;
    for (const struct value *v = plan_positions; v->code; v++) {
        long long n = db_int(ctx->tx, 0,
                             "SELECT count(*) FROM plan_position x JOIN plan p "
                             "ON p.key = x.plan_key WHERE p.id = ?1 AND x.number = ?2 "
                             "AND x.position = ?3",
                             plan_id, number, v->code);
        if (n)
            all = arena_printf(ctx->arena, "%s%s%s %lld", all ? all : "", all ? ", " : "",
                               ctx_text(ctx, v->label), n);
    }
    return all;
}

static const char *stage_of(const char *status)
{
    if (!status || !strcmp(status, "draft"))
        return "awaited";
    return !strcmp(status, "submitted") || !strcmp(status, "returned") ? status : "decided";
}

static bool differs(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") != 0;
}

static bool may_decide(struct ctx *ctx, const char *id)
{
    struct plan_row plan;
    bool yes = !plan_find(ctx, id, &plan) && plan_may_review(ctx, &plan);
    ctx->as_support = false; /* asked, not done */
    return yes;
}

/* A row as its readers have it. What is still being written is not compared. */
static void finish(struct ctx *ctx, json_t *row, const char *due)
{
    const char *status = json_text(row, "status"), *stage = stage_of(status);
    bool in = strcmp(stage, "awaited") != 0, waits = !strcmp(stage, "submitted");
    static const char *const counted[] = {"added", "removed", "cost", "costBefore",
                                          "initiativeCount", "openRemarkCount"};
    int left = day_diff(ctx->today, due);
    json_put(row, "stage", stage);
    json_put(row, "statusLabel", status ? value_label(ctx, plan_statuses, status) : NULL);
    json_put_bool(row, "resourcesChanged",
                  in && json_int(row, "lastYear", 0) &&
                      differs(json_text(row, "resources"), json_text(row, "resourcesBefore")));
    json_put_bool(row, "costChanged",
                  in && json_int(row, "lastYear", 0) &&
                      json_int(row, "cost", 0) != json_int(row, "costBefore", 0));
    json_put_bool(row, "openRemarks", in && json_int(row, "openRemarkCount", 0));
    json_put_bool(row, "mayDecide", waits && may_decide(ctx, json_text(row, "planId")));
    json_put(row, "positions",
             waits ? positions_of(ctx, json_text(row, "planId"), json_int(row, "version", 0))
                   : NULL);
    json_put_new(row, "daysLeft", in || left < 0 ? NULL : json_integer(left));
    json_put_new(row, "daysPast", in || left >= 0 ? NULL : json_integer(-left));
    for (size_t i = 0; i < LEN(counted); i++)
        if (!in)
            json_put(row, counted[i], NULL);
    json_object_del(row, "resources");
    json_object_del(row, "resourcesBefore");
}

json_t *plan_queue(struct ctx *ctx, const struct plan_desk *desk, int year,
                   const char *asked)
{
    static const char *const stages[] = {"awaited", "submitted", "returned", "decided"};
    struct plan_days days;
    plan_days(ctx, year, &days);
    json_t *queue = json_object(), *counts = json_object(), *items = json_array(), *row;
    json_t *rows = rows_of(ctx, desk, year);
    size_t i;
    for (size_t s = 0; s < LEN(stages); s++)
        json_put_int(counts, stages[s], 0);
    json_put_int(counts, "all", (long long)json_array_size(rows));
    json_array_foreach(rows, i, row) {
        finish(ctx, row, days.submitted);
        const char *stage = json_text(row, "stage");
        json_put_int(counts, stage, json_int(counts, stage, 0) + 1);
        if (!asked || !strcmp(asked, stage))
            json_array_append(items, row);
    }
    json_decref(rows);
    json_put(queue, "groupId", desk->is_area ? NULL : desk->id);
    json_put(queue, "organisationId", desk->is_area ? desk->id : NULL);
    json_put_int(queue, "year", year);
    json_put(queue, "submitted", days.submitted);
    json_put(queue, "decided", days.decided);
    json_put_new(queue, "counts", counts);
    json_put_new(queue, "items", items);
    return queue;
}
