/* followup_filters.c: by what the registers of decisions, actions and reports are narrowed and
 * sorted.
 *
 * Owns the query that they share (withinId, from, to) as a condition, and what their pages offer:
 * words, groups, people, years, headings. Who is offered as a person is taken from rows that the
 * reader sees, of one group and what stands below it: across the register only oneself is, so that
 * nobody is gathered. Must not know who may see what (the resources' selects). */
#include <string.h>
#include <kansli/buf.h>
#include <kansli/group.h>
#include "internal.h"

enum { YEARS = 6 };

/* ---------------------------------------------------------------- the query */

#define DAYS                                                                                       \
    {.name = "from", .label = N_("From this day on"), .type = T_DAY},                              \
    {                                                                                              \
        .name = "to", .label = N_("Up to this day"), .type = T_DAY                                 \
    }

const struct field followup_query[] = {
    {.name = "withinId", .label = N_("A group and what stands below it"), .type = T_SLUG},
    DAYS,
    {0},
};
const struct field followup_query_of_group[] = {DAYS, {0}};

static const char *day_asked(struct ctx *ctx, const char *name)
{
    const char *day = ctx_query(ctx, name);
    if (day && !day_valid(day))
        err_field(ctx->err, name, N_("Write a real day as YYYY-MM-DD, for example 2026-11-22."),
                  NULL);
    return day;
}

static long long group_asked(struct ctx *ctx)
{
    const char *id = ctx_query(ctx, "withinId");
    long long key = 0;
    if (!id)
        return 0;
    json_decref(resource_one(ctx, &group_resource, id, &key, NULL));
    if (!key)
        err_field(ctx->err, "withinId", N_("There is no {noun} with that id."), "noun",
                  ctx_text(ctx, group_reference.noun), NULL);
    return key;
}

struct fixed followup_scope(struct ctx *ctx, const struct scope *scope)
{
    struct fixed fixed = {.from = day_asked(ctx, "from"), .to = day_asked(ctx, "to")};
    bool whole = scope->within != NULL && !scope->key;
    bool below = whole && ctx_query(ctx, "withinId");
    fixed.key = whole ? group_asked(ctx) : scope->key;
    const char *of = !whole ? scope->of : below ? scope->within : "1 = 1";
    bool days = fixed.from || fixed.to;
    fixed.condition = arena_join(ctx->arena, of, scope->also ? " AND " : "",
                                 scope->also ? scope->also : "", days ? " AND " : "",
                                 days ? scope->days : "", NULL);
    return fixed;
}

bool followup_leads(struct ctx *ctx, long long group_key)
{
    return db_exists(ctx->tx,
                     "SELECT 1 FROM group_principal p JOIN workgroup g ON g.key = p.group_key "
                     "WHERE p.principal_key = ?5 AND " ACCESS_TODAY("p") " AND "
                     ACCESS_GROUP_VISIBLE("g.access_mode", "g.key"),
                     MEETING_ARGS(ctx, group_key, 0));
}

/* ---------------------------------------------------------------- what a page offers */

static json_t *filters_of(json_t *document)
{
    return json_object_get(json_object_get(document, "_embedded"), "filters");
}

static bool is_filter(const json_t *filters, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)filters, i, one)
        if (!strcmp(json_text(one, "name"), name))
            return true;
    return false;
}

void followup_filters(struct ctx *ctx, json_t *document, const char *search, bool whole)
{
    json_t *filters = filters_of(document);
    for (size_t i = json_array_size(filters); i-- > 0;) {
        json_t *one = json_array_get(filters, i);
        const char *name = json_text(one, "name");
        if (!strcmp(name, "q"))
            json_put(one, "label", ctx_text(ctx, search));
        else if (strcmp(name, "state") && (!whole || strcmp(name, "level")))
            json_array_remove(filters, i);
    }
}

static void offer(json_t *options, const char *value, const char *label, const char *chosen)
{
    json_t *option = json_push(options, json_object());
    json_put(option, "value", value);
    json_put(option, "label", label);
    json_put_bool(option, "selected", chosen && !strcmp(chosen, value));
}

/* `rows` [{value, label}], stolen. What is chosen stands among them under `chosen_name` even when
 * it would not be offered: the list has found it by its id, so the reader knows of it. */
static void add_select(struct ctx *ctx, json_t *document, const char *name, const char *label,
                       json_t *rows, const char *chosen_name)
{
    const char *chosen = ctx_query(ctx, name);
    json_t *one = json_object(), *row;
    json_array_insert_new(filters_of(document), 1, one);
    json_put(one, "name", name);
    json_put(one, "label", ctx_text(ctx, label));
    json_put(one, "type", "select");
    json_put(one, "value", chosen);
    json_t *options = json_put_new(one, "options", json_array());
    size_t i;
    bool found = !chosen;
    json_array_foreach(rows, i, row) {
        offer(options, json_text(row, "value"), json_text(row, "label"), chosen);
        found = found || !strcmp(chosen, json_text(row, "value"));
    }
    if (!found)
        offer(options, chosen, chosen_name ? chosen_name : chosen, chosen);
    json_decref(rows);
}

void followup_filter_years(struct ctx *ctx, json_t *document)
{
    json_t *rows = json_array();
    int this_year = (int)strtol(ctx->today, NULL, 10);
    for (int i = 0; i < YEARS; i++) {
        const char *year = arena_printf(ctx->arena, "%d", this_year - i);
        json_push(rows, json_pack("{s:s, s:s}", "value", year, "label", year));
    }
    add_select(ctx, document, "year", N_("Year"), rows, NULL);
}

/* The reader's own groups, and the national ones that commission others. */
void followup_filter_groups(struct ctx *ctx, json_t *document)
{
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT b.id AS \"value\", g.full_name AS \"label\" FROM workgroup g "
        "JOIN body b ON b.key = g.key JOIN group_kind k ON k.key = g.kind_key WHERE "
        ACCESS_GROUP_VISIBLE("g.access_mode", "g.key")
        " AND (g.end_date IS NULL OR g.end_date >= ?4) AND (g.key IN (SELECT s.group_key "
        "FROM membership s WHERE ?3 > 0 AND s.person_key = ?3 AND " ACCESS_TODAY("s")
        ") OR (k.level = 'national' AND EXISTS (SELECT 1 FROM group_principal p "
        "WHERE p.principal_key = g.key AND " ACCESS_TODAY("p") "))) ORDER BY g.full_name, g.key",
        MEETING_ARGS(ctx, 0, 0));
    const char *chosen = ctx_query(ctx, "withinId");
    const char *name = chosen ? db_text(ctx->tx,
                                        "SELECT g.full_name FROM workgroup g "
                                        "JOIN body b ON b.key = g.key WHERE b.id = ?1",
                                        chosen)
                              : NULL;
    add_select(ctx, document, "withinId", N_("Group, and those below it"), rows, name);
}

void followup_filter_people(struct ctx *ctx, json_t *document, const char *name, const char *label,
                            json_t *people)
{
    const char *chosen = ctx_query(ctx, name);
    const char *own = db_text(ctx->tx, "SELECT id FROM person WHERE key = ?1",
                              ctx->actor->person_key);
    for (size_t i = json_array_size(people); own && i-- > 0;)
        if (!strcmp(json_text(json_array_get(people, i), "value"), own))
            json_array_remove(people, i);
    if (own)
        json_array_insert_new(people, 0, json_pack("{s:s, s:s}", "value", own, "label",
                                                   ctx_text(ctx, NC_("person", "Me"))));
    if (!json_array_size(people) && !chosen) {
        json_decref(people);
        return;
    }
    const char *called = chosen ? db_text(ctx->tx, "SELECT name FROM person WHERE id = ?1", chosen)
                                : NULL;
    add_select(ctx, document, name, label, people, called);
}

/* What the address asks for and no filter shows goes along unseen. */
void followup_filters_end(struct ctx *ctx, json_t *document)
{
    static const char *const gone[] = {"page", "asOf", "embed", "after"};
    json_t *filters = filters_of(document), *value;
    const char *name;
    json_object_foreach(ctx->query->values, name, value) {
        bool shown = !json_is_string(value) || is_filter(filters, name);
        for (size_t i = 0; i < LEN(gone); i++)
            shown = shown || !strcmp(gone[i], name);
        if (!shown)
            json_push(filters, json_pack("{s:s, s:s, s:s, s:O, s:[]}", "name", name, "label", name,
                                         "type", "hidden", "value", value, "options"));
    }
}

/* ---------------------------------------------------------------- chips and headings */

const char *followup_address(struct ctx *ctx, const char *const *without, const char *name,
                             const char *to)
{
    struct buf buf;
    const char *key;
    json_t *value;
    buf_init(&buf, 8192);
    json_object_foreach(ctx->query->values, key, value) {
        bool skip = !json_is_string(value) || !strcmp(key, "page") || !strcmp(key, "embed");
        for (size_t i = 0; without[i]; i++)
            skip = skip || !strcmp(without[i], key);
        if (skip)
            continue;
        buf_addc(&buf, buf.len ? '&' : '?');
        buf_url(&buf, key, strlen(key));
        buf_addc(&buf, '=');
        buf_url(&buf, json_string_value(value), json_string_length(value));
    }
    if (name)
        buf_addf(&buf, "%c%s=%s", buf.len ? '&' : '?', name, to);
    const char *text = buf.len ? arena_strndup(ctx->arena, buf.data, buf.len) : ctx->path;
    buf_release(&buf);
    return text;
}

void followup_headings(struct ctx *ctx, json_t *document, const struct heading *columns,
                       const char *order)
{
    static const char *const sorted_by[] = {"sort", NULL};
    if (!ctx_embeds(ctx, "headings"))
        return;
    const char *sort = ctx_query(ctx, "sort") ? ctx_query(ctx, "sort") : order;
    json_t *all = json_array();
    for (; columns->label; columns++) {
        const char *name = columns->name;
        json_t *heading = json_push(all, json_object());
        bool up = name && !strcmp(sort, name);
        bool down = name && sort[0] == '-' && !strcmp(sort + 1, name);
        json_put(heading, "label", ctx_text(ctx, columns->label));
        json_put(heading, "href",
                 name ? followup_address(ctx, sorted_by, "sort",
                                         up ? arena_printf(ctx->arena, "-%s", name) : name)
                      : NULL);
        json_put_bool(heading, "number", columns->number);
        json_put_bool(heading, "unseen", columns->unseen);
        json_put(heading, "sorted", up ? "ascending" : down ? "descending" : NULL);
    }
    ctx_embed(ctx, document, "headings", all);
}
