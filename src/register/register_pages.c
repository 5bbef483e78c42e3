/* register_pages.c: the history of the whole register, and its checks.
 *
 * Owns routes and what a page groups; the work is core's (history.c, check.c). */
#include <string.h>
#include <kansli/access.h>
#include <kansli/audit.h>
#include <kansli/check.h>
#include <kansli/json.h>
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

/* One entry a rule, in the order of severity, with its breaches. */
static json_t *by_rule(const json_t *findings)
{
    static const char *const severities[] = {"error", "warning", "notice"};
    json_t *rules = json_array(), *found, *last = NULL;
    size_t i;
    for (size_t s = 0; s < LEN(severities); s++)
        json_array_foreach((json_t *)findings, i, found) {
            if (strcmp(json_text(found, "severity"), severities[s]))
                continue;
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

static enum code get_checks(struct ctx *ctx, struct answer *out)
{
    enum code c = must_may(ctx, ACT_RUN_CHECKS, 0);
    if (c)
        return c;
    db_read_limit(ctx->tx, 60000);
    json_t *findings = check_run(ctx);
    out->title = ctx_text(ctx, N_("Checks"));
    out->document = json_object();
    long long n = (long long)json_array_size(findings);
    json_put_new(out->document, "items", findings);
    json_t *meta = json_put_new(out->document, "_meta", json_object());
    json_put_int(meta, "totalRecords", n);
    json_put_int(meta, "page", 1);
    json_put_int(meta, "limit", n > 500 ? n : 500);
    json_put_int(meta, "count", n);
    ctx_link(ctx, out->document, "self", "GET", "/checks");
    if (ctx_embeds(ctx, "rules"))
        ctx_embed(ctx, out->document, "rules", by_rule(findings));
    return tx_code(ctx->tx);
}

#define FINDING                                                                                    \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"rule\",\"severity\","    \
    "\"severityLabel\",\"objectType\",\"objectId\",\"message\",\"href\"],\"properties\":{"        \
    "\"rule\":{\"type\":\"string\"},\"severity\":{\"enum\":[\"error\",\"warning\",\"notice\"]},"  \
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
     .view = "register/checks", .shape = SHAPE_VIEW, .reply = checks_reply,
     .flags = ROUTE_SLOW | ROUTE_NO_DAY,
     .what = N_("Every rule over the whole register, run now: what breaks it and where it is mended")},
    {0},
};
