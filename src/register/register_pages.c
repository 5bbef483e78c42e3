/* register_pages.c: the history of the whole register, and its checks.
 *
 * Owns routes and what a page groups; the work is core's (history.c, check.c). */
#include <string.h>
#include <kansli/access.h>
#include <kansli/audit.h>
#include <kansli/buf.h>
#include <kansli/check.h>
#include <kansli/json.h>
#include <kansli/kind.h>
#include <kansli/paging.h>
#include <kansli/register.h>
#include "internal.h"

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

/* ---------------------------------------------------------------- which findings */

enum { ALL_AT_ONCE = 500, ON_A_PAGE = 100 }; /* most registers' findings fit in one answer */

static const char *const severities[] = {"error", "warning", "notice"}; /* the worst first */

static const struct value arrangements[] = {
    {"rule", N_("By rule")},
    {"processLeader", N_("By process leader")},
    {NULL, NULL},
};

static const struct field checks_query[] = {
    {.name = "page", .label = N_("Page"), .type = T_INT},
    {.name = "limit", .label = N_("At most"), .type = T_INT, .max = 500, .fallback = "500"},
    {.name = "severity", .label = N_("Severity"), .type = T_TEXT,
     .hint = N_("error, warning, notice; a comma means or.")},
    {.name = "rule", .label = N_("Rule"), .type = T_TEXT},
    {.name = "level", .label = N_("Level"), .type = T_TEXT},
    {.name = "processLeaderId", .label = N_("Process leader"), .type = T_UUID},
    {.name = "objectType", .label = N_("What"), .type = T_TEXT},
    {.name = "objectId", .label = N_("Its id"), .type = T_TEXT},
    {.name = "by", .label = N_("Order"), .type = T_ENUM, .values = arrangements},
    PAGING_FORMAT,
    {0},
};
static const struct paging_column checks_columns[] = {
    {.member = "ruleLabel", .label = N_("Rule")},
    {.member = "severityLabel", .label = N_("Severity")},
    {.member = "levelLabel", .label = N_("Level")},
    {.member = "groupName", .label = N_("Group")},
    {.member = "processLeaderName", .label = N_("Process leader")},
    {.member = "message", .label = N_("Message")},
    {.member = "objectType", .label = N_("What")},
    {.member = "objectId", .label = N_("Its id")},
    {.member = "mendHref", .label = N_("Where it is mended")},
    {0},
};
static const char *const filters[] = {"severity", "rule", "level", "processLeaderId", "objectType",
                                      "objectId"};

static bool equal(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

/* Whether one of name=a,b is `value`; nothing asked for takes everything. */
static bool wanted(struct ctx *ctx, const char *name, const char *value)
{
    const char *asked = ctx_query(ctx, name);
    if (!asked || !value)
        return !asked;
    size_t n = strlen(value);
    for (const char *at = asked; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (!strncmp(at, value, n) && (at[n] == ',' || !at[n]))
            return true;
    return false;
}

static bool is_one_of(const struct value *values, const char *code)
{
    while (values->code && strcmp(values->code, code))
        values++;
    return values->code;
}

static bool known(const char *name, const char *value)
{
    size_t i = 0;
    if (!strcmp(name, "objectType"))
        return resource_by_name(value) || !strcmp(value, "audit-events");
    if (!strcmp(name, "rule"))
        return check_find(value);
    if (!strcmp(name, "level"))
        return is_one_of(level_values, value);
    if (!strcmp(name, "by"))
        return is_one_of(arrangements, value);
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
    json_t *list = json_array(), *found;
    size_t i;
    for (size_t s = 0; s < LEN(severities); s++)
        json_array_foreach((json_t *)findings, i, found) {
            bool all = !strcmp(json_text(found, "severity"), severities[s]);
            for (size_t f = 0; all && f < LEN(filters); f++)
                all = wanted(ctx, filters[f], json_text(found, filters[f]));
            if (all)
                json_array_append(list, found);
        }
    return list;
}

static bool by_leader(struct ctx *ctx)
{
    return equal(ctx_query(ctx, "by"), "processLeader");
}

/* The same findings, each process leader's together, in the order in which they are met. */
static json_t *leader_by_leader(json_t *list)
{
    json_t *heaps = json_object(), *ordered = json_array(), *found, *heap;
    const char *leader;
    size_t i;
    json_array_foreach(list, i, found) {
        leader = json_text(found, "processLeaderId");
        heap = json_object_get(heaps, leader ? leader : "");
        if (!heap)
            heap = json_put_new(heaps, leader ? leader : "", json_array());
        json_array_append(heap, found);
    }
    json_object_foreach(heaps, leader, heap)
        json_array_extend(ordered, heap);
    json_decref(heaps);
    json_decref(list);
    return ordered;
}

static json_t *page_of(const json_t *list, const struct paging *paging)
{
    json_t *items = json_array();
    size_t n = json_array_size(list), first = (size_t)((paging->page - 1) * paging->limit);
    for (size_t i = first; i < n && i < first + (size_t)paging->limit; i++)
        json_array_append(items, json_array_get(list, i));
    return items;
}

/* ---------------------------------------------------------------- what the page shows of them */

static json_t *section(struct ctx *ctx, json_t *sections, const json_t *found)
{
    json_t *one = json_push(sections, json_object());
    const char *leader = json_text(found, "processLeaderId");
    if (by_leader(ctx)) {
        json_put(one, "title",
                 leader ? json_text(found, "processLeaderName")
                        : ctx_text(ctx, N_("No process leader")));
        json_put(one, "href", leader ? arena_printf(ctx->arena, "/persons/%s", leader) : NULL);
        json_put_new(one, "severity", json_null());
        json_put_new(one, "severityLabel", json_null());
    } else {
        json_object_set(one, "title", json_object_get(found, "ruleLabel"));
        json_put_new(one, "href", json_null());
        json_object_set(one, "severity", json_object_get(found, "severity"));
        json_object_set(one, "severityLabel", json_object_get(found, "severityLabel"));
    }
    json_put_new(one, "found", json_array());
    return one;
}

/* The findings of one page under headings: what stands together in the list stays so. */
static json_t *sections_of(struct ctx *ctx, const json_t *items)
{
    const char *name = by_leader(ctx) ? "processLeaderId" : "ruleLabel";
    json_t *sections = json_array(), *found, *now = NULL;
    const json_t *last = NULL;
    size_t i;
    json_array_foreach((json_t *)items, i, found) {
        if (!last || !equal(json_text(last, name), json_text(found, name)))
            now = section(ctx, sections, found);
        json_array_append(json_object_get(now, "found"), found);
        json_put_int(now, "count", (long long)json_array_size(json_object_get(now, "found")));
        last = found;
    }
    return sections;
}

static json_t *filter(struct ctx *ctx, json_t *list, const char *name, const char *label,
                      const char *type)
{
    const char *value = ctx_query(ctx, name);
    json_t *one = json_push(list, json_object());
    json_put(one, "name", name);
    json_put(one, "label", ctx_text(ctx, label));
    json_put(one, "type", type);
    json_put(one, "value", value ? value : "");
    json_put_new(one, "options", json_array());
    return one;
}

/* Each value that a finding has, once, in the order in which they are met. */
static void offer(json_t *one, const json_t *findings, const char *label)
{
    json_t *seen = json_object(), *found, *options = json_object_get(one, "options");
    size_t i;
    json_array_foreach((json_t *)findings, i, found) {
        const char *value = json_text(found, json_text(one, "name"));
        if (!value || json_object_get(seen, value))
            continue;
        json_object_set_new(seen, value, json_true());
        json_t *option = json_push(options, json_object());
        json_put(option, "value", value);
        json_object_set(option, "label", json_object_get(found, label));
        json_put_bool(option, "selected", equal(json_text(one, "value"), value));
    }
    json_decref(seen);
}

static json_t *filters_of(struct ctx *ctx, const json_t *findings)
{
    json_t *list = json_array();
    offer(filter(ctx, list, "rule", N_("Rule"), "select"), findings, "ruleLabel");
    offer(filter(ctx, list, "severity", N_("Severity"), "select"), findings, "severityLabel");
    offer(filter(ctx, list, "level", N_("Level"), "select"), findings, "levelLabel");
    offer(filter(ctx, list, "processLeaderId", N_("Process leader"), "select"), findings,
          "processLeaderName");
    if (by_leader(ctx))
        filter(ctx, list, "by", N_("Order"), "hidden");
    return list;
}

static json_t *arrangements_of(struct ctx *ctx)
{
    json_t *list = json_array();
    for (const struct value *v = arrangements; v->code; v++) {
        struct buf buf;
        buf_init(&buf, 4096);
        buf_addf(&buf, "?by=%s", v->code);
        for (size_t f = 0; f < LEN(filters); f++) {
            const char *value = ctx_query(ctx, filters[f]);
            if (!value)
                continue;
            buf_addf(&buf, "&%s=", filters[f]);
            buf_url(&buf, value, strlen(value));
        }
        json_t *one = json_push(list, json_object());
        json_put(one, "href", arena_strndup(ctx->arena, buf.data, buf.len));
        json_put(one, "label", ctx_text(ctx, v->label));
        json_put_bool(one, "current", by_leader(ctx) == !strcmp(v->code, "processLeader"));
        buf_release(&buf);
    }
    return list;
}

static void embed_page(struct ctx *ctx, json_t *document, const json_t *findings,
                       const struct paging *paging)
{
    if (ctx_embeds(ctx, "sections"))
        ctx_embed(ctx, document, "sections", sections_of(ctx, json_object_get(document, "items")));
    if (ctx_embeds(ctx, "filters"))
        ctx_embed(ctx, document, "filters", filters_of(ctx, findings));
    if (ctx_embeds(ctx, "arrangements"))
        ctx_embed(ctx, document, "arrangements", arrangements_of(ctx));
    if (ctx_embeds(ctx, "pages"))
        ctx_embed(ctx, document, "pages", paging_pages(ctx, paging, document));
}

/* Officers run them for their groups and what stands under these (findings.c). */
static enum code must_run(struct ctx *ctx)
{
    if (access_to_group(ctx, 0) & WHO_ANY_OFFICER)
        return OK;
    return must_may(ctx, ACT_RUN_CHECKS, 0);
}

static enum code get_checks(struct ctx *ctx, struct answer *out)
{
    static const char *const closed[] = {"severity", "rule", "level", "objectType", "by"};
    enum code c = must_run(ctx);
    if (c)
        return c;
    struct paging paging = paging_read(ctx, ctx_page(ctx) ? ON_A_PAGE : ALL_AT_ONCE);
    for (size_t i = 0; i < LEN(closed); i++)
        refuse_unknown(ctx, closed[i]);
    if (ctx->err->code)
        return ctx->err->code;
    db_read_limit(ctx->tx, 60000);
    json_t *findings = findings_read(ctx), *list = chosen(ctx, findings);
    if (by_leader(ctx))
        list = leader_by_leader(list);
    paging_export(ctx, checks_columns, list);
    long long n = (long long)json_array_size(list);
    out->title = ctx_text(ctx, N_("Checks"));
    out->document = paging_envelope(ctx, &paging, page_of(list, &paging), n, n);
    embed_page(ctx, out->document, findings, &paging);
    json_decref(list);
    json_decref(findings);
    return tx_code(ctx->tx);
}

#define TEXT "{\"type\":\"string\"}"
#define MAYBE "{\"type\":[\"string\",\"null\"]}"
#define FINDING                                                                                    \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"rule\",\"ruleLabel\","    \
    "\"severity\",\"severityLabel\",\"objectType\",\"objectId\",\"groupId\",\"groupName\","        \
    "\"level\",\"levelLabel\",\"processLeaderId\",\"processLeaderName\",\"message\",\"href\"],"    \
    "\"properties\":{\"rule\":" TEXT ",\"ruleLabel\":" TEXT                                        \
    ",\"severity\":{\"enum\":[\"error\",\"warning\",\"notice\"]},\"severityLabel\":" TEXT          \
    ",\"objectType\":" TEXT ",\"objectId\":" TEXT ",\"groupId\":" MAYBE ",\"groupName\":" MAYBE    \
    ",\"level\":" MAYBE ",\"levelLabel\":" MAYBE ",\"processLeaderId\":" MAYBE                     \
    ",\"processLeaderName\":" MAYBE ",\"message\":" TEXT ",\"href\":" TEXT ",\"mendHref\":" TEXT   \
    "}}"

static const char checks_reply[] =
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"items\",\"_meta\","
    "\"_links\"],\"properties\":{\"items\":{\"type\":\"array\",\"items\":" FINDING "},"
    "\"_meta\":{\"type\":\"object\"},"
    "\"_links\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
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
     .what = N_(
         "Every rule over the whole register, run now: what breaks it and where it is mended")},
    {0},
};
