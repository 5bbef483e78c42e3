/* shortcoming.c: what does not work for somebody, told by anybody, answered by the one who runs the
 * register.
 *
 * Owns the register of shortcomings and its limit: whoever meets one is not asked to log in, so an
 * address may send a few an hour and no more. Whoever tells may be reached by what they wrote
 * themselves; only those who answer read it. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/json.h>
#include <kansli/limit.h>
#include "internal.h"

enum { AN_HOUR = 5, ADDRESSES = 2000 };

static struct limit *limit; /* from site_start on; NULL: none */

void site_start(bool limits)
{
    limit_free(limit);
    limit = limits ? limit_new(AN_HOUR, 3600, AN_HOUR, ADDRESSES) : NULL;
}

struct shortcoming_input {
    const char *text, *place, *contact, *status, *answer;
};

static const struct value statuses[] = {
    {"new", N_("New")},
    {"answered", N_("Answered")},
    {"closed", N_("Closed")},
    {NULL, NULL},
};

#define REPORT(set_once)                                                                           \
    {.name = "text",                                                                               \
     .label = N_("What does not work?"),                                                           \
     .type = T_LINES,                                                                              \
     .at = offsetof(struct shortcoming_input, text),                                               \
     .flags = F_REQUIRED | F_WIDE | (set_once),                                                    \
     .column = "text",                                                                             \
     .hint = N_("Tell what you wanted to do, what stopped you, and what you use: browser, screen " \
                "reader, keyboard. Write nothing about anybody's health.")},                       \
    {.name = "place",                                                                              \
     .label = N_("Where?"),                                                                        \
     .type = T_TEXT,                                                                               \
     .at = offsetof(struct shortcoming_input, place),                                              \
     .flags = F_WIDE | (set_once),                                                                 \
     .max = 300,                                                                                   \
     .column = "page",                                                                             \
     .hint = N_("The page's address or name.")},                                                   \
    {.name = "contact",                                                                            \
     .label = N_("How can you be reached?"),                                                       \
     .type = T_TEXT,                                                                               \
     .at = offsetof(struct shortcoming_input, contact),                                            \
     .flags = F_WIDE | (set_once),                                                                 \
     .column = "contact",                                                                          \
     .hint = N_("An e-mail address or a phone number, if you want an answer.")}

const struct field shortcoming_report_fields[] = {REPORT(0), {0}};

static const struct field fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    REPORT(F_CREATE),
    {.name = "status",
     .label = N_("Status"),
     .type = T_ENUM,
     .at = offsetof(struct shortcoming_input, status),
     .flags = F_REQUIRED | F_FILTER | F_SORT,
     .values = statuses,
     .column = "status"},
    {.name = "answer",
     .label = N_("Answer"),
     .type = T_LINES,
     .at = offsetof(struct shortcoming_input, answer),
     .column = "answer",
     .hint = N_("What was done or said. It is sent by you, not by the software.")},
    {.name = "created", .label = N_("Told"), .type = T_INSTANT, .flags = F_DERIVED | F_SORT},
    {0},
};

static void links(struct ctx *ctx, json_t *object)
{
    if (may(ctx, ACT_CHANGE_SITE, 0))
        ctx_link(ctx, object, "change", "PATCH",
                 arena_printf(ctx->arena, "/shortcomings/%s", json_text(object, "id")));
}

const struct resource shortcoming_resource = {
    .name = "shortcomings",
    .noun = N_("shortcoming"),
    .table = "shortcoming",
    .select =
        "SELECT key AS \"key\", version AS \"version\", modified AS \"modified\", id AS \"id\", "
        "text AS \"text\", page AS \"place\", contact AS \"contact\", status AS \"status\", "
        "answer AS \"answer\", created AS \"created\" FROM shortcoming",
    .order = "\"created\" DESC, \"id\"",
    .size = sizeof(struct shortcoming_input),
    .fields = fields,
    .links = links,
};

/* ---------------------------------------------------------------- what waits */

/* New ones, for those who answer. */
static void to_answer(struct ctx *ctx, json_t *tasks)
{
    json_t *row;
    size_t i;
    if (!(ctx->actor->roles & (ROLE_SUPPORT | ROLE_ADMINISTRATOR)))
        return;
    json_t *rows = db_rows(ctx->tx, "SELECT id AS \"id\", page AS \"place\" FROM shortcoming "
                                    "WHERE status = 'new' ORDER BY created");
    json_array_foreach(rows, i, row) {
        const char *id = json_text(row, "id");
        json_t *task = json_push(tasks, json_object());
        json_put(task, "id", arena_printf(ctx->arena, "shortcoming-answer:%s", id));
        json_put(task, "title", ctx_text(ctx, N_("Answer what somebody told about accessibility")));
        json_put(task, "about", json_text(row, "place"));
        json_put(task, "objectType", "shortcomings");
        json_put(task, "objectId", id);
        json_put(task, "href", arena_printf(ctx->arena, "/shortcomings/%s", id));
        json_put(task, "action", ctx_text(ctx, NC_("act", "Answer")));
    }
    json_decref(rows);
}

const struct task shortcoming_tasks[] = {
    {"shortcomings", N_("Accessibility"), to_answer},
    {0},
};

static enum code ask_limit(struct ctx *ctx)
{
    char key[LIMIT_KEY];
    long wait = 0;
    limit_address(ctx->address ? ctx->address : "", key);
    if (limit_take(limit, key, &wait))
        return OK;
    ctx->err->retry_after = wait;
    return ctx_fail(
        ctx, E_LIMIT, "too-many-shortcomings",
        N_("Several have come from your network just now. Wait an hour, or write to the one "
           "who runs the register."));
}

enum code shortcoming_report(struct ctx *ctx, const char **id)
{
    struct shortcoming_input in = {.status = "new"};
    long long key = 0;
    enum code c = fields_read(ctx, shortcoming_report_fields, &in);
    if (!c)
        c = ask_limit(ctx);
    if (c)
        return c;
    json_t *extra = json_pack("{s:s}", "created", tx_instant(ctx->tx));
    c = resource_insert(ctx, &shortcoming_resource, &in, NULL, extra, &key);
    json_decref(extra);
    if (!c)
        *id = db_text(ctx->tx, "SELECT id FROM shortcoming WHERE key = ?1", key);
    return c ? c : tx_code(ctx->tx);
}

enum code shortcoming_change(struct ctx *ctx, const char *id)
{
    struct shortcoming_input in;
    struct edit edit = {0};
    enum code c = must_may(ctx, ACT_CHANGE_SITE, 0);
    if (c)
        return c;
    c = resource_edit(ctx, &shortcoming_resource, id, &edit, &in);
    if (!c)
        c = resource_update(ctx, &shortcoming_resource, &edit, &in, NULL);
    resource_edit_end(&edit);
    return c;
}

long long shortcomings_new(struct ctx *ctx)
{
    return db_int(ctx->tx, 0, "SELECT count(*) FROM shortcoming WHERE status = 'new'");
}
