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

static json_t *finding(struct ctx *ctx, const char *rule, enum severity severity,
                       const char *type, const char *id, const char *message)
{
    json_t *found = json_object();
    json_put(found, "rule", rule);
    json_put(found, "severity", severity_code[severity]);
    json_put(found, "severityLabel", value_label(ctx, severities, severity_code[severity]));
    json_put(found, "objectType", type);
    json_put(found, "objectId", id);
    json_put(found, "message", message);
    return found;
}

/* Counts become texts, for places in a sentence. */
static void numbers_to_text(struct ctx *ctx, json_t *row)
{
    const char *name;
    json_t *value;
    void *next;
    json_object_foreach_safe(row, next, name, value)
        if (json_is_integer(value))
            json_put(row, name, arena_printf(ctx->arena, "%lld", (long long)json_integer_value(value)));
}

static void run_one(struct ctx *ctx, const struct check *check, json_t *out)
{
    struct db_arg today = db_arg_text(ctx->today);
    json_t *rows = db_rows_(ctx->tx, check->query, &today, 1), *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *id = json_text(row, "id");
        numbers_to_text(ctx, row);
        json_t *found = json_push(out, finding(ctx, check->rule, check->severity,
                                               check->object_type, id,
                                               text_fill(ctx->arena, ctx_text(ctx, check->message),
                                                         row)));
        json_put(found, "href",
                 arena_printf(ctx->arena, "%s/%s/%s", ctx->base_url, check->object_type, id));
        json_put(found, "mendHref",
                 arena_printf(ctx->arena, "%s/%s/%s/edit", ctx->base_url, check->object_type, id));
    }
    json_decref(rows);
}

static const struct value faults[] = {
    {"altered", N_("altered")},     {"reordered", N_("moved")},
    {"missing", N_("gone")},        {"unchained", N_("not chained to the row before")},
    {"truncated", N_("cut off")},   {NULL, NULL},
};

static void run_history(struct ctx *ctx, json_t *out)
{
    json_t *list = json_array(), *fault;
    size_t i;
    audit_verify(ctx->tx, list);
    json_array_foreach(list, i, fault) {
        const char *row = arena_printf(ctx->arena, "%lld", json_int(fault, "row", 0));
        json_t *found = json_push(
            out, finding(ctx, "history-altered", CHECK_ERROR, "audit-events", row,
                         ctx_textf(ctx, N_("Row {row} of the history is {fault}: the register was "
                                           "changed by another tool. Compare with a backup."),
                                   "row", row, "fault",
                                   value_label(ctx, faults, json_text(fault, "fault")), NULL)));
        json_put(found, "href", arena_printf(ctx->arena, "%s/audit-events", ctx->base_url));
    }
    json_decref(list);
}

json_t *check_run(struct ctx *ctx)
{
    json_t *out = json_array();
    run_history(ctx, out);
    for (const struct check *const *table = check_tables; *table; table++)
        for (const struct check *check = *table; check->rule; check++)
            run_one(ctx, check, out);
    return out;
}

int check_errors(const json_t *list)
{
    int n = 0;
    size_t i;
    json_t *found;
    json_array_foreach((json_t *)list, i, found)
        n += !strcmp(json_text(found, "severity"), "error");
    return n;
}
