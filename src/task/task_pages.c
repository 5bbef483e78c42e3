/* task_pages.c: GET /me/tasks: what waits for the reader, as a list and as the page "To do".
 *
 * Owns the route, the filter by type and the headings under which the page lays the tasks. Knows no
 * SQL, and not where a task comes from. */
#include <string.h>
#include <kansli/paging.h>
#include <kansli/part.h>
#include "internal.h"

enum { ON_A_PAGE = 100, IN_A_LIST = 20 };

static const struct value headings[] = {
    {"late", N_("Late")},
    {"soon", N_("The next seven days")},
    {"later", NC_("task", "Later")},
    {"open", N_("Without a day")},
    {NULL, NULL},
};

static const struct field tasks_query[] = {
    {.name = "page", .label = N_("Page"), .type = T_INT},
    {.name = "limit", .label = N_("At most"), .type = T_INT, .max = 500},
    {.name = "type", .label = N_("Type"), .type = T_TEXT,
     .hint = N_("What the tasks are about, for example mandates; a comma means or.")},
    PAGING_FORMAT,
    {0},
};

static const struct paging_column tasks_columns[] = {
    {.member = "dueDate", .label = N_("Due"), .kind = CELL_DAY},
    {.member = "typeLabel", .label = N_("Type")},
    {.member = "title", .label = N_("Task")},
    {.member = "groupName", .label = N_("Group")},
    {.member = "about", .label = N_("About")},
    {.member = "href", .label = N_("Where it is done")},
    {0},
};

/* ---------------------------------------------------------------- which */

static void refuse_unknown(struct ctx *ctx)
{
    const char *asked = ctx_query(ctx, "type");
    char *all = arena_strdup(ctx->arena, asked ? asked : ""), *rest = NULL;
    for (char *one = strtok_r(all, ",", &rest); one; one = strtok_r(NULL, ",", &rest))
        if (!task_type_label(ctx, one))
            err_field(ctx->err, "type", N_("There is no value {value} here."), "value", one, NULL);
}

/* Whether one of type=a,b is this; nothing asked for takes everything. */
static bool wanted(struct ctx *ctx, const char *type)
{
    const char *asked = ctx_query(ctx, "type");
    size_t n = strlen(type);
    for (const char *at = asked; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (!strncmp(at, type, n) && (at[n] == ',' || !at[n]))
            return true;
    return !asked || !*asked;
}

/* Those that were asked for, each with the address of the page where it is done. */
static json_t *chosen(struct ctx *ctx, const json_t *tasks)
{
    json_t *list = json_array(), *task;
    size_t i;
    json_array_foreach((json_t *)tasks, i, task) {
        if (!wanted(ctx, json_text(task, "type")))
            continue;
        json_t *one = json_push(list, json_copy(task));
        json_put(one, "href", arena_join(ctx->arena, ctx->base_url, json_text(task, "href"), NULL));
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

/* ---------------------------------------------------------------- what the page shows of them */

static long long count_when(struct ctx *ctx, const json_t *list, const char *when)
{
    long long n = 0;
    size_t i;
    json_t *task;
    json_array_foreach((json_t *)list, i, task)
        n += !strcmp(task_when(ctx, json_text(task, "dueDate")), when);
    return n;
}

static json_t *row_of(struct ctx *ctx, const json_t *task, const char *when)
{
    json_t *row = json_copy((json_t *)task);
    const char *day = json_text(task, "dueDate");
    json_put(row, "due", task_due_words(ctx, day));
    json_put(row, "day", task_day_words(ctx, day));
    json_put(row, "when", when);
    json_put(row, "info", task_info(ctx, task));
    return row;
}

/* The tasks of one page under their headings; a heading counts those on other pages too. */
static json_t *sections_of(struct ctx *ctx, const json_t *list, const json_t *items)
{
    json_t *sections = json_array(), *task;
    size_t i;
    for (const struct value *heading = headings; heading->code; heading++) {
        json_t *rows = json_array();
        json_array_foreach((json_t *)items, i, task)
            if (!strcmp(task_when(ctx, json_text(task, "dueDate")), heading->code))
                json_push(rows, row_of(ctx, task, heading->code));
        if (json_array_size(rows)) {
            json_t *section = json_push(sections, json_object());
            json_put(section, "name", heading->code);
            json_put(section, "title", ctx_text(ctx, heading->label));
            json_put_int(section, "count", count_when(ctx, list, heading->code));
            json_object_set(section, "tasks", rows);
        }
        json_decref(rows);
    }
    return sections;
}

static void add_pill(struct ctx *ctx, json_t *pills, const char *type, const char *label)
{
    const char *asked = ctx_query(ctx, "type");
    bool all = !asked || !*asked;
    json_t *pill = json_push(pills, json_object());
    json_put(pill, "type", type);
    json_put(pill, "label", label);
    json_put_int(pill, "count", 0);
    json_put(pill, "href", type ? arena_join(ctx->arena, "?type=", type, NULL) : ctx->path);
    json_put_bool(pill, "current", type ? !all && !strcmp(asked, type) : all);
}

static json_t *pill_of(const json_t *pills, const char *type)
{
    size_t i;
    json_t *pill;
    json_array_foreach((json_t *)pills, i, pill)
        if (json_text(pill, "type") && !strcmp(json_text(pill, "type"), type))
            return pill;
    return NULL;
}

/* Everything, and each type that waits, in the order of the features; the one that is shown stays
 * when nothing of it is left. */
static json_t *pills_of(struct ctx *ctx, const json_t *tasks)
{
    json_t *pills = json_array(), *task, *shown = json_array(), *pill;
    size_t i;
    add_pill(ctx, pills, NULL, ctx_text(ctx, NC_("choice", "All")));
    for (const struct task *const *table = task_tables; *table; table++)
        for (const struct task *row = *table; row->type; row++)
            if (!pill_of(pills, row->type))
                add_pill(ctx, pills, row->type, ctx_text(ctx, row->label));
    json_array_foreach((json_t *)tasks, i, task) {
        pill = pill_of(pills, json_text(task, "type"));
        json_put_int(pill, "count", json_int(pill, "count", 0) + 1);
    }
    json_put_int(json_array_get(pills, 0), "count", (long long)json_array_size(tasks));
    json_array_foreach(pills, i, pill)
        if (!i || json_int(pill, "count", 0) || json_true_at(pill, "current"))
            json_array_append(shown, pill);
    json_decref(pills);
    return shown;
}

static void embed_page(struct ctx *ctx, json_t *document, const json_t *tasks, const json_t *list,
                       const struct paging *paging)
{
    const char *lead = task_lead(ctx, (long long)json_array_size(tasks),
                                 count_when(ctx, tasks, "late"));
    if (ctx_embeds(ctx, "lead"))
        ctx_embed(ctx, document, "lead", json_text_new(lead));
    if (ctx_embeds(ctx, "types"))
        ctx_embed(ctx, document, "types", pills_of(ctx, tasks));
    if (ctx_embeds(ctx, "sections"))
        ctx_embed(ctx, document, "sections",
                  sections_of(ctx, list, json_object_get(document, "items")));
    if (ctx_embeds(ctx, "groups"))
        ctx_embed(ctx, document, "groups", task_groups(ctx, tasks));
    if (ctx_embeds(ctx, "events"))
        ctx_embed(ctx, document, "events", task_events(ctx));
    if (ctx_embeds(ctx, "pages"))
        ctx_embed(ctx, document, "pages", paging_pages(ctx, paging, document));
    parts_embed(ctx, "me/tasks", document, ctx->actor->person_key);
}

static enum code get_tasks(struct ctx *ctx, struct answer *out)
{
    struct paging paging = paging_read(ctx, ctx_page(ctx) ? ON_A_PAGE : IN_A_LIST);
    refuse_unknown(ctx);
    if (ctx->err->code)
        return ctx->err->code;
    json_t *tasks = tasks_of_reader(ctx), *list = chosen(ctx, tasks);
    long long n = (long long)json_array_size(list);
    paging_export(ctx, tasks_columns, list);
    out->title = ctx_text(ctx, N_("To do"));
    out->personal = true;
    out->document = paging_envelope(ctx, &paging, page_of(list, &paging), n, n);
    embed_page(ctx, out->document, tasks, list, &paging);
    json_decref(list);
    json_decref(tasks);
    return tx_code(ctx->tx);
}

#define TEXT "{\"type\":\"string\"}"
#define MAYBE "{\"type\":[\"string\",\"null\"]}"
#define TASK                                                                                       \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"id\",\"type\","           \
    "\"typeLabel\",\"title\",\"about\",\"groupId\",\"groupName\",\"dueDate\",\"objectType\","      \
    "\"objectId\",\"href\",\"action\"],\"properties\":{\"id\":" TEXT ",\"type\":" TEXT             \
    ",\"typeLabel\":" TEXT ",\"title\":" TEXT ",\"about\":" MAYBE ",\"groupId\":" MAYBE            \
    ",\"groupName\":" MAYBE ",\"dueDate\":{\"type\":[\"string\",\"null\"],\"format\":\"date\"}"    \
    ",\"objectType\":" TEXT ",\"objectId\":" TEXT ",\"href\":{\"type\":\"string\","                \
    "\"format\":\"uri\"},\"action\":" TEXT "}}"

static const char tasks_reply[] =
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"items\",\"_meta\","
    "\"_links\"],\"properties\":{\"items\":{\"type\":\"array\",\"items\":" TASK "},"
    "\"_meta\":{\"type\":\"object\",\"required\":[\"totalRecords\",\"page\",\"limit\",\"count\"],"
    "\"properties\":{\"totalRecords\":{\"type\":\"integer\"},\"page\":{\"type\":\"integer\"},"
    "\"limit\":{\"type\":\"integer\"},\"count\":{\"type\":\"integer\"}}},"
    "\"_links\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"_embedded\":{\"type\":\"object\"}}}";

const struct route task_routes[] = {
    {.method = "GET", .path = "/me/tasks", .may = MAY_LOGIN, .run = get_tasks, .view = "task/list",
     .shape = SHAPE_VIEW, .query = tasks_query, .reply = tasks_reply, .flags = ROUTE_NO_DAY,
     .what = N_("What waits for you, by the day it is due")},
    {0},
};
