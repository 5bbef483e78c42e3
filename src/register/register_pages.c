/* register_pages.c: the history of the whole register, and its checks.
 *
 * Owns routes and what a page groups; the work is core's (history.c, check.c). */
#include <string.h>
#include <kansli/access.h>
#include <kansli/audit.h>
#include <kansli/check.h>
#include <kansli/json.h>
#include <kansli/paging.h>
#include <kansli/register.h>

static enum code list_events(struct ctx *ctx, struct answer *out)
{
    enum code c = must_may(ctx, ACT_SEE_ALL_HISTORY, 0);
    if (c)
        return c;
    out->title = ctx_text(ctx, N_("History"));
    return audit_list(ctx, NULL, 0, &out->document);
}

static enum code get_event(struct ctx *ctx, struct answer *out)
{
    enum code c = must_may(ctx, ACT_SEE_ALL_HISTORY, 0);
    return c ? c : resource_answer(ctx, &audit_resource, ctx_value(ctx, "id"), out);
}

/* One entry a rule with its breaches: what comes in the order of severity stays so. */
static json_t *by_rule(const json_t *findings)
{
    json_t *rules = json_array(), *found, *last = NULL;
    size_t i;
    json_array_foreach((json_t *)findings, i, found) {
        if (!last || strcmp(json_text(last, "rule"), json_text(found, "rule"))) {
            last = json_push(rules, json_object());
            json_object_set(last, "rule", json_object_get(found, "rule"));
            json_object_set(last, "severity", json_object_get(found, "severity"));
            json_object_set(last, "severityLabel", json_object_get(found, "severityLabel"));
            json_put_new(last, "found", json_array());
        }
        json_array_append(json_object_get(last, "found"), found);
        json_put_int(last, "count", (long long)json_array_size(json_object_get(last, "found")));
    }
    return rules;
}

/* ---------------------------------------------------------------- which of them */

enum { ALL_AT_ONCE = 500 }; /* most registers' findings fit on one page: a script need not turn it */

static const char *const severities[] = {"error", "warning", "notice"}; /* the worst first */

static const struct field checks_query[] = {
    {.name = "page", .label = N_("Page"), .type = T_INT},
    {.name = "limit", .label = N_("At most"), .type = T_INT, .max = 500},
    {.name = "severity", .label = N_("Severity"), .type = T_TEXT,
     .hint = N_("error, warning, notice; a comma means or.")},
    {.name = "rule", .label = N_("Rule"), .type = T_TEXT},
    {.name = "objectType", .label = N_("What"), .type = T_TEXT},
    {.name = "objectId", .label = N_("Its id"), .type = T_TEXT},
    {0},
};

/* Whether one of name=a,b is `value`; nothing asked for takes everything. */
static bool wanted(struct ctx *ctx, const char *name, const char *value)
{
    const char *asked = ctx_query(ctx, name);
    size_t n = strlen(value);
    if (!asked)
        return true;
    for (const char *at = asked; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (!strncmp(at, value, n) && (at[n] == ',' || !at[n]))
            return true;
    return false;
}

static bool known(const char *name, const char *value)
{
    if (!strcmp(name, "objectType"))
        return resource_by_name(value) || !strcmp(value, "audit-events");
    size_t i = 0;
    while (i < LEN(severities) && strcmp(severities[i], value))
        i++;
    return i < LEN(severities);
}

static void refuse_unknown(struct ctx *ctx, const char *name)
{
    const char *asked = ctx_query(ctx, name);
    char *all = arena_strdup(ctx->arena, asked ? asked : ""), *rest = NULL;
    for (char *one = strtok_r(all, ",", &rest); one; one = strtok_r(NULL, ",", &rest))
        if (!known(name, one))
            err_field(ctx->err, name, N_("There is no value {value} here."), "value", one, NULL);
}

/* Those that were asked for, the worst first. */
static json_t *chosen(struct ctx *ctx, const json_t *findings)
{
    static const char *const fields[] = {"severity", "rule", "objectType", "objectId"};
    json_t *list = json_array(), *found;
    size_t i;
    for (size_t s = 0; s < LEN(severities); s++)
        json_array_foreach((json_t *)findings, i, found) {
            bool all = !strcmp(json_text(found, "severity"), severities[s]);
            for (size_t f = 0; all && f < LEN(fields); f++)
                all = wanted(ctx, fields[f], json_text(found, fields[f]));
            if (all)
                json_array_append(list, found);
        }
    return list;
}

static json_t *page_of(const json_t *list, const struct paging *paging)
{
    json_t *items = json_array();
    size_t n = json_array_size(list), first = (size_t)((paging->page - 1) * paging->limit);
    for (size_t i = first; i < n && i < first + (size_t)paging->limit; i++)
        json_array_append(items, json_array_get(list, i));
    return items;
}

static enum code get_checks(struct ctx *ctx, struct answer *out)
{
    enum code c = must_may(ctx, ACT_RUN_CHECKS, 0);
    if (c)
        return c;
    struct paging paging = paging_read(ctx, ALL_AT_ONCE);
    refuse_unknown(ctx, "severity");
    refuse_unknown(ctx, "objectType");
    if (ctx->err->code)
        return ctx->err->code;
    db_read_limit(ctx->tx, 60000);
    json_t *findings = check_run(ctx), *list = chosen(ctx, findings);
    long long n = (long long)json_array_size(list);
    out->title = ctx_text(ctx, N_("Checks"));
    out->document = paging_envelope(ctx, &paging, page_of(list, &paging), n, n);
    if (ctx_embeds(ctx, "rules"))
        ctx_embed(ctx, out->document, "rules", by_rule(list));
    json_decref(list);
    json_decref(findings);
    return tx_code(ctx->tx);
}

#define FINDING                                                                                    \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"rule\",\"ruleLabel\",\"severity\","    \
    "\"severityLabel\",\"objectType\",\"objectId\",\"message\",\"href\"],\"properties\":{"        \
    "\"rule\":{\"type\":\"string\"},\"ruleLabel\":{\"type\":\"string\"},\"groupId\":{\"type\":[\"string\",\"null\"]},\"severity\":{\"enum\":[\"error\",\"warning\",\"notice\"]},"  \
    "\"severityLabel\":{\"type\":\"string\"},\"objectType\":{\"type\":\"string\"},"               \
    "\"objectId\":{\"type\":\"string\"},\"message\":{\"type\":\"string\"},"                       \
    "\"href\":{\"type\":\"string\"},\"mendHref\":{\"type\":\"string\"}}}"

static const char checks_reply[] =
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"items\",\"_meta\","
    "\"_links\"],\"properties\":{\"items\":{\"type\":\"array\",\"items\":" FINDING "},"
    "\"_meta\":{\"type\":\"object\"},\"_links\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"_embedded\":{\"type\":\"object\"}}}";

const struct route register_routes[] = {
    {.method = "GET", .path = "/audit-events", .may = MAY_LOGIN, .run = list_events,
     .view = "register/history", .shape = SHAPE_LIST, .resource = &audit_resource,
     .flags = ROUTE_NO_DAY, .what = N_("Every change in the register, the newest first")},
    {.method = "GET", .path = "/audit-events/{id}", .may = MAY_LOGIN, .run = get_event,
     .shape = SHAPE_ONE, .resource = &audit_resource, .flags = ROUTE_NO_DAY,
     .what = N_("One change")},
    {.method = "GET", .path = "/checks", .may = MAY_LOGIN, .run = get_checks,
     .view = "register/checks", .shape = SHAPE_VIEW, .query = checks_query, .reply = checks_reply,
     .flags = ROUTE_SLOW | ROUTE_NO_DAY,
     .what = N_("Every rule over the whole register, run now: what breaks it and where it is mended")},
    {0},
};
