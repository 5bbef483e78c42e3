/* check.c: every rule over the whole register, run now.
 *
 * Owns the running; the rules are rows of the features' tables. Nothing is kept: a check tells what
 * is, not what was. */
#include <string.h>
#include <kansli/audit.h>
#include <kansli/check.h>
#include <kansli/json.h>

static const struct value severities[] = {
    {"error", N_("Error")},
    {"warning", N_("Warning")},
    {"notice", N_("Notice")},
    {NULL, NULL},
};
static const char *const severity_code[] = {"error", "warning", "notice"};

/* The address of a finding's object or of the page that mends it. */
static const char *address(struct ctx *ctx, const char *pattern, const json_t *row)
{
    return arena_join(ctx->arena, ctx->base_url, text_fill(ctx->arena, pattern, row), NULL);
}

static json_t *finding(struct ctx *ctx, const struct check *check, const json_t *row)
{
    const char *id = json_text(row, "id"), *code = severity_code[check->severity];
    bool group = !strcmp(check->object_type, "groups");
    const char *at =
        check->at ? check->at : arena_join(ctx->arena, "/", check->object_type, "/{id}", NULL);
    const char *mend = check->mend ? check->mend : arena_join(ctx->arena, at, "/edit", NULL);
    json_t *found = json_object();
    json_put(found, "rule", check->rule);
    json_put(found, "ruleLabel", ctx_text(ctx, check->label));
    json_put(found, "severity", code);
    json_put(found, "severityLabel", value_label(ctx, severities, code));
    json_put(found, "objectType", check->object_type);
    json_put(found, "objectId", id);
    json_put(found, "groupId", group ? id : json_text(row, "groupId"));
    json_put(found, "message", text_fill(ctx->arena, ctx_text(ctx, check->message), row));
    json_put(found, "href", address(ctx, at, row));
    if (*mend)
        json_put(found, "mendHref", address(ctx, mend, row));
    return found;
}

/* Counts become texts, for places in a sentence. */
static void numbers_to_text(struct ctx *ctx, json_t *row)
{
    const char *name;
    json_t *value;
    void *next;
    json_object_foreach_safe (row, next, name, value)
        if (json_is_integer(value))
            json_put(row, name,
                     arena_printf(ctx->arena, "%lld", (long long)json_integer_value(value)));
}

static void run_one(struct ctx *ctx, const struct check *check, json_t *out)
{
    struct db_arg today = db_arg_text(ctx->today);
    json_t *rows = check->find ? check->find(ctx) : db_rows_(ctx->tx, check->query, &today, 1),
           *row;
    size_t i;
    json_array_foreach (rows, i, row) {
        numbers_to_text(ctx, row);
        json_push(out, finding(ctx, check, row));
    }
    json_decref(rows);
}

/* ---------------------------------------------------------------- the chain of history */

static const struct value faults[] = {
    {"altered", N_("altered")},   {"reordered", N_("moved")},
    {"missing", N_("gone")},      {"unchained", N_("not chained to the row before")},
    {"truncated", N_("cut off")}, {NULL, NULL},
};

static json_t *altered_rows(struct ctx *ctx)
{
    json_t *rows = json_array(), *row;
    size_t i;
    audit_verify(ctx->tx, rows);
    json_array_foreach (rows, i, row) {
        json_put(row, "id", arena_printf(ctx->arena, "%lld", json_int(row, "row", 0)));
        json_put(row, "fault", value_label(ctx, faults, json_text(row, "fault")));
    }
    return rows;
}

static const struct check history_checks[] = {
    {.rule = "history-altered",
     .severity = CHECK_ERROR,
     .object_type = "audit-events",
     .label = N_("History that was changed by another tool"),
     .message = N_("Row {row} of the history is {fault}: the register was changed by another tool. "
                   "Compare with a backup."),
     .at = "/audit-events",
     .mend = "",
     .find = altered_rows},
    {0},
};

/* ---------------------------------------------------------------- all of them */

static void run_table(struct ctx *ctx, const struct check *table, json_t *out)
{
    for (; table->rule; table++)
        run_one(ctx, table, out);
}

json_t *check_run(struct ctx *ctx)
{
    json_t *out = json_array();
    run_table(ctx, history_checks, out);
    for (const struct check *const *table = check_tables; *table; table++)
        run_table(ctx, *table, out);
    return out;
}

static const struct check *find_in(const struct check *table, const char *rule)
{
    for (; table->rule; table++)
        if (!strcmp(table->rule, rule))
            return table;
    return NULL;
}

const struct check *check_find(const char *rule)
{
    const struct check *found = find_in(history_checks, rule);
    for (const struct check *const *table = check_tables; *table && !found; table++)
        found = find_in(*table, rule);
    return found;
}

int check_errors(const json_t *list)
{
    int n = 0;
    size_t i;
    json_t *found;
    json_array_foreach ((json_t *)list, i, found)
        n += !strcmp(json_text(found, "severity"), "error");
    return n;
}
