/* plan_view.c: what the pages of a plan show beside the resource: its steps, its texts as they
 * read, its initiatives by focus area with what was asked of each, what hangs on them on the levels
 * below, and what a form can choose from.
 *
 * Owns those documents, not their looks. What one reader may not know (a remark, a draft below) is
 * not in them: everything is asked with the conditions of the resources themselves. */
#include <string.h>
#include <kansli/buf.h>
#include <kansli/kind.h>
#include "pages.h"

/* ---------------------------------------------------------------- what may be done */

static bool is_talked_about(const struct plan_row *plan)
{
    return !strcmp(plan->state, "submitted") || !strcmp(plan->state, "returned");
}

void plan_rights(struct ctx *ctx, const struct plan_row *plan, struct plan_rights *rights)
{
    bool somebody = ctx->actor->account_key || ctx->actor->everything;
    bool change = somebody && may(ctx, ACT_CHANGE_GROUP, plan->group_key);
    *rights = (struct plan_rights){
        .write = change && plan_is_open(plan),
        .answer = somebody && is_talked_about(plan) && may(ctx, ACT_SUBMIT_PLAN, plan->group_key),
        .review = somebody && is_talked_about(plan) && plan_may_review(ctx, plan),
        .progress = change && !strcmp(plan->state, "approved"),
    };
    rights->decide = rights->review && !strcmp(plan->state, "submitted");
    ctx->as_support = false; /* asked, not done */
}

json_t *plan_rights_document(const struct plan_rights *rights)
{
    return json_pack("{s:b, s:b, s:b, s:b, s:b}", "write", rights->write, "answer", rights->answer,
                     "review", rights->review, "decide", rights->decide, "progress",
                     rights->progress);
}

/* ---------------------------------------------------------------- where it stands */

json_t *plan_steps(struct ctx *ctx, const struct plan_row *plan)
{
    /* A plan that was returned has a step more. */
    static const struct {
        const char *label, *state;
    } way[] = {
        {NC_("step", "Draft"), "draft"},          {NC_("step", "Submitted"), NULL},
        {NC_("step", "In review"), "submitted"},  {NC_("step", "Changed"), "returned"},
        {NC_("step", "Decided"), "approved"},     {NC_("step", "Followed up"), "followedUp"},
    };
    json_t *steps = json_array();
    bool passed = false;
    for (size_t i = 0; i < LEN(way); i++) {
        bool now = way[i].state && !strcmp(way[i].state, plan->state);
        if (way[i].state && !strcmp(way[i].state, "returned") && !now)
            continue;
        json_t *step = json_push(steps, json_object());
        json_put(step, "label", ctx_text(ctx, way[i].label));
        json_put(step, "state", now ? "now" : passed ? "ahead" : "done");
        passed = passed || now;
    }
    return steps;
}

/* ---------------------------------------------------------------- what it says */

/* What was refused when it was written is refused here too and shown as it stands. */
static const char *html_of(struct ctx *ctx, const char *text, int heading)
{
    struct buf buf;
    struct err err;
    const char *html = NULL;
    buf_init(&buf, 1 << 20);
    err_init(&err);
    if (!ctx->markdown(text, heading, &buf, &err))
        html = arena_strndup(ctx->arena, buf.data, buf.len);
    err_release(&err);
    buf_release(&buf);
    return html;
}

json_t *plan_texts(struct ctx *ctx, const json_t *plan, int heading)
{
    json_t *texts = json_array();
    for (const struct field *field = plan_resource.fields; field->name; field++) {
        const char *text = json_text(plan, field->name);
        if (field->type != T_MARKDOWN || !text || !*text)
            continue;
        const char *html = html_of(ctx, text, heading + 1);
        json_t *one = json_push(texts, json_object());
        json_put(one, "name", field->name);
        json_put(one, "title", ctx_text(ctx, field->label));
        json_put(one, "bodyHtml", html);
        json_put(one, "text", html ? NULL : text);
    }
    return texts;
}

/* ---------------------------------------------------------------- remarks */

/* {id: version}: what a form that changes a remark begins with. */
static json_t *saved_remarks(struct ctx *ctx, long long plan_key)
{
    json_t *row, *saved = json_object();
    json_t *rows = db_rows(ctx->tx,
                           "SELECT id AS \"id\", version AS \"version\" FROM plan_remark "
                           "WHERE plan_key = ?1",
                           plan_key);
    size_t i;
    json_array_foreach(rows, i, row)
        json_put_int(saved, json_text(row, "id"), json_int(row, "version", 0));
    json_decref(rows);
    return saved;
}

json_t *plan_remarks(struct ctx *ctx, const struct plan_row *plan,
                     const struct plan_rights *rights)
{
    struct fixed of_plan = {.condition = "\"plan_key\" = ?6", .key = plan->key};
    json_t *remarks = resource_items(ctx, &remark_resource, of_plan), *remark;
    json_t *saved = saved_remarks(ctx, plan->key);
    size_t i;
    json_array_foreach(remarks, i, remark) {
        bool answered = json_text(remark, "answer") != NULL;
        bool resolved = json_true_at(remark, "resolved");
        json_put(remark, "saved",
                 arena_int(ctx->arena, json_int(saved, json_text(remark, "id"), 0)));
        json_put_bool(remark, "mayAnswer", rights->answer && !answered && !resolved);
        json_put_bool(remark, "mayResolve", rights->review && !resolved);
        json_put_bool(remark, "mayChange", (rights->answer && answered) || rights->review);
    }
    json_decref(saved);
    return remarks;
}

json_t *plan_remarks_of(const json_t *remarks, const char *initiative_id)
{
    json_t *own = json_array(), *remark;
    size_t i;
    json_array_foreach((json_t *)remarks, i, remark) {
        const char *about = json_text(remark, "initiativeId");
        if (initiative_id ? about && !strcmp(about, initiative_id) : !about)
            json_array_append(own, remark);
    }
    return own;
}

/* ---------------------------------------------------------------- the levels below */

/* ?5 the initiative's plan (0: none) and ?6 its id (or ""): all that hangs on them, in any number
 * of steps; UNION ends a circle, should one have come in. */
#define BELOW                                                                                      \
    "WITH RECURSIVE below (root, k) AS (SELECT s.id, c.key FROM initiative s "                     \
    "JOIN initiative c ON c.parent_key = s.key WHERE s.plan_key = ?5 OR s.id = ?6 "                \
    "UNION SELECT b.root, c.key FROM below b JOIN initiative c ON c.parent_key = b.k) "

static json_t *rows_below(struct ctx *ctx, long long plan_key, const char *id)
{
    json_t *row, *rows = db_rows(
        ctx->tx,
        BELOW "SELECT b.root AS \"root\", i.id AS \"id\", i.title AS \"title\", "
              "p.id AS \"planId\", p.year AS \"year\", gb.id AS \"groupId\", "
              "g.full_name AS \"groupName\", k.level AS \"level\", i.progress AS \"progress\", "
              "i.resource_needs AS \"resourceNeeds\", i.cost AS \"cost\" FROM below b "
              "JOIN initiative i ON i.key = b.k JOIN plan p ON p.key = i.plan_key "
              "JOIN workgroup g ON g.key = p.group_key JOIN body gb ON gb.key = g.key "
              "JOIN group_kind k ON k.key = g.kind_key WHERE " PLAN_VISIBLE("p", "g")
              " ORDER BY CASE k.level WHEN 'national' THEN 0 WHEN 'healthcareRegion' THEN 1 "
              "ELSE 2 END, g.full_name, p.year DESC, i.position, i.key LIMIT 500",
        PLAN_ARGS(ctx, plan_key, id));
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *progress = json_text(row, "progress");
        json_put(row, "levelLabel", value_label(ctx, level_values, json_text(row, "level")));
        json_put(row, "progressLabel",
                 progress ? value_label(ctx, initiative_progress, progress) : NULL);
    }
    return rows;
}

json_t *initiative_below(struct ctx *ctx, const char *id)
{
    return rows_below(ctx, 0, id);
}

const char *initiative_tally(struct ctx *ctx, const json_t *rows)
{
    const char *all = NULL;
    size_t i, total = json_array_size(rows), said = 0;
    json_t *row;
    for (const struct value *v = initiative_progress; v->code; v++) {
        size_t n = 0;
        json_array_foreach((json_t *)rows, i, row)
            n += json_text(row, "progress") && !strcmp(json_text(row, "progress"), v->code);
        said += n;
        if (n)
            all = arena_printf(ctx->arena, "%s%s%s %zu", all ? all : "", all ? ", " : "",
                               ctx_text(ctx, v->label), n);
    }
    if (said < total)
        all = arena_printf(ctx->arena, "%s%s%s %zu", all ? all : "", all ? ", " : "",
                           ctx_text(ctx, NC_("progress", "Not said")), total - said);
    return all;
}

/* ---------------------------------------------------------------- initiatives by focus area */

static json_t *area_named(json_t *areas, const char *name)
{
    size_t i;
    json_t *area;
    json_array_foreach(areas, i, area) {
        const char *one = json_text(area, "name");
        if (name ? one && !strcmp(one, name) : !one)
            return area;
    }
    area = json_push(areas, json_object());
    json_put(area, "name", name);
    json_put_new(area, "initiatives", json_array());
    return area;
}

static json_t *rows_of(const json_t *rows, const char *root)
{
    json_t *own = json_array(), *row;
    size_t i;
    json_array_foreach((json_t *)rows, i, row)
        if (!strcmp(json_text(row, "root"), root))
            json_array_append(own, row);
    return own;
}

json_t *plan_areas(struct ctx *ctx, const struct plan_row *plan, const json_t *document,
                   json_t *initiatives, const json_t *remarks)
{
    json_t *areas = json_array(), *all = rows_below(ctx, plan->key, ""), *one;
    size_t i;
    json_array_foreach(json_object_get(document, "focusAreas"), i, one)
        area_named(areas, json_string_value(one));
    json_array_foreach(initiatives, i, one) {
        const char *id = json_text(one, "id");
        json_t *below = rows_of(all, id);
        json_put_new(one, "remarks", plan_remarks_of(remarks, id));
        json_put_int(one, "belowCount", (long long)json_array_size(below));
        json_put(one, "belowWords", initiative_tally(ctx, below));
        json_decref(below);
        json_array_append(
            json_object_get(area_named(areas, json_text(one, "focusArea")), "initiatives"), one);
    }
    json_decref(all);
    return areas;
}

json_t *initiatives_carried(struct ctx *ctx, long long group_key)
{
    json_t *row, *rows = db_rows(
        ctx->tx,
        "SELECT i.id AS \"id\", i.title AS \"title\", p.id AS \"planId\", p.year AS \"year\", "
        "g.full_name AS \"groupName\", i.progress AS \"progress\" FROM initiative i "
        "JOIN plan p ON p.key = i.plan_key JOIN workgroup g ON g.key = p.group_key "
        "WHERE i.group_key = ?5 AND p.group_key <> ?5 AND p.year >= ?6 AND " PLAN_VISIBLE("p", "g")
        " ORDER BY p.year DESC, g.full_name, i.position, i.key LIMIT 50",
        PLAN_ARGS(ctx, group_key, plan_year(ctx) - 1));
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *progress = json_text(row, "progress");
        json_put(row, "progressLabel",
                 progress ? value_label(ctx, initiative_progress, progress) : NULL);
    }
    return rows;
}

int plan_year_free(struct ctx *ctx, long long group_key)
{
    int year = plan_year(ctx);
    while (db_exists(ctx->tx, "SELECT 1 FROM plan WHERE group_key = ?1 AND year = ?2", group_key,
                     (long long)year))
        year++;
    return year;
}

json_t *plan_years(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   "SELECT DISTINCT p.year AS \"year\" FROM plan p "
                   "JOIN workgroup g ON g.key = p.group_key WHERE " PLAN_VISIBLE("p", "g")
                   " ORDER BY p.year DESC",
                   PLAN_ARGS(ctx, 0, 0));
}

bool plan_group_has_plans(struct ctx *ctx, long long group_key)
{
    return db_exists(ctx->tx,
                     "SELECT 1 FROM workgroup g JOIN group_kind k ON k.key = g.kind_key "
                     "WHERE g.key = ?1 AND k.id IN ('npo', 'nsg', 'rpo', 'lpo')",
                     group_key);
}

/* ---------------------------------------------------------------- what can be compared */

static void push_choice(json_t *choices, const char *value, const char *label, const char *chosen)
{
    json_t *choice = json_push(choices, json_object());
    json_put(choice, "value", value);
    json_put(choice, "label", label);
    json_put_bool(choice, "selected", chosen && !strcmp(chosen, value));
}

/* A plan and what was submitted of it, the latest first. */
static void push_versions(struct ctx *ctx, json_t *choices, const json_t *plan, const char *chosen,
                          bool by_id)
{
    const char *year = arena_int(ctx->arena, json_int(plan, "year", 0));
    json_t *versions = plan_versions(ctx, json_text(plan, "id")), *version;
    size_t i;
    push_choice(choices, by_id ? json_text(plan, "id") : "",
                ctx_textf(ctx, N_("{year} as it stands: {status}"), "year", year, "status",
                          json_text(plan, "statusLabel"), NULL),
                chosen);
    json_array_foreach(versions, i, version) {
        const char *number = arena_int(ctx->arena, json_int(version, "version", 0));
        const char *day = json_text(version, "submittedAt");
        push_choice(choices, by_id ? json_text(version, "id") : number,
                    ctx_textf(ctx, N_("{year}, version {version}, {day}"), "year", year, "version",
                              number, "day", day ? arena_strndup(ctx->arena, day, 10) : "", NULL),
                    chosen);
    }
    json_decref(versions);
}

json_t *plan_choices(struct ctx *ctx, const struct plan_row *plan, const char *chosen,
                     bool all_years)
{
    json_t *choices = json_array(), *one;
    struct fixed of_group = {.condition = "\"group_key\" = ?6", .key = plan->group_key};
    json_t *plans = resource_items(ctx, &plan_resource, of_group);
    size_t i;
    json_array_foreach(plans, i, one)
        if (all_years || !strcmp(json_text(one, "id"), plan->id))
            push_versions(ctx, choices, one, chosen, all_years);
    json_decref(plans);
    return choices;
}

/* ---------------------------------------------------------------- what a form chooses from */

json_t *plan_gaps(struct ctx *ctx, const struct plan_row *plan)
{
    return db_rows(ctx->tx,
                   "SELECT ga.id AS \"value\", ga.title AS \"label\" FROM gap ga "
                   "WHERE ga.group_key = ?1 AND (ga.state IN ('raised', 'prioritised') "
                   "OR EXISTS (SELECT 1 FROM initiative i WHERE i.gap_key = ga.key "
                   "AND i.plan_key = ?2)) ORDER BY ga.priority, ga.title, ga.key LIMIT 500",
                   plan->group_key, plan->key);
}

json_t *plan_initiatives_above(struct ctx *ctx, const struct plan_row *plan)
{
    return db_rows(
        ctx->tx,
        "SELECT i.id AS \"value\", u.full_name || ' ' || p.year || ': ' || i.title AS \"label\" "
        "FROM initiative i JOIN plan p ON p.key = i.plan_key "
        "JOIN workgroup u ON u.key = p.group_key JOIN group_kind k ON k.key = u.kind_key "
        "JOIN workgroup own ON own.key = ?5 JOIN group_kind ok ON ok.key = own.kind_key "
        "WHERE k.level = CASE ok.level WHEN 'local' THEN 'healthcareRegion' "
        "WHEN 'healthcareRegion' THEN 'national' END "
        "AND " INITIATIVE_ABOVE("own", "u") " "
        "AND p.year IN (?6, ?6 - 1) AND " PLAN_VISIBLE("p", "u")
        " ORDER BY p.year DESC, u.full_name, i.position, i.key LIMIT 500",
        PLAN_ARGS(ctx, plan->group_key, plan->year));
}
