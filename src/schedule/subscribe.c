/* subscribe.c: /calendars: what there is to subscribe to, and how.
 *
 * Owns the list of public calendars: of a group that was asked for, of the reader's own groups, of
 * levels, healthcare regions and regions, each with the address to copy and the same as a link that
 * calendars open. Whether there is anything in one the feed itself says. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/group.h>
#include "internal.h"

const struct field calendars_query[] = {
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .reference = &group_reference},
    {0},
};

const char *calendar_link(struct ctx *ctx, const char *address)
{
    return arena_join(ctx->arena, "webcal", strstr(address, "://"), NULL);
}

static void add(struct ctx *ctx, json_t *items, const char *of, const char *name, const char *path)
{
    const char *address = arena_join(ctx->arena, ctx->base_url, path, "/calendar", NULL);
    json_t *one = json_push(items, json_object());
    json_put(one, "of", of);
    json_put(one, "name", name);
    json_put(one, "address", address);
    json_put(one, "webcal", calendar_link(ctx, address));
}

static void add_rows(struct ctx *ctx, json_t *items, const char *of, const char *path, json_t *rows)
{
    size_t i;
    json_t *row;
    json_array_foreach (rows, i, row)
        add(ctx, items, of, json_text(row, "name"),
            arena_join(ctx->arena, path, json_text(row, "id"), NULL));
    json_decref(rows);
}

static json_t *places(struct ctx *ctx, const char *type)
{
    return db_rows(ctx->tx,
                   "SELECT b.id AS \"id\", o.name AS \"name\" FROM organisation o "
                   "JOIN body b ON b.key = o.key WHERE o.type = ?1 "
                   "AND (o.end_date IS NULL OR o.end_date >= ?2) ORDER BY o.name, o.key",
                   type, ctx->today);
}

/* A group that is for its members alone has no public calendar. */
static json_t *group_asked(struct ctx *ctx, const char *id)
{
    return db_rows(ctx->tx,
                   "SELECT b.id AS \"id\", g.full_name AS \"name\" FROM workgroup g "
                   "JOIN body b ON b.key = g.key "
                   "WHERE b.id = ?1 AND g.access_mode <> 'restricted'",
                   id);
}

static json_t *own_groups(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   "SELECT DISTINCT b.id AS \"id\", g.full_name AS \"name\" FROM membership m "
                   "JOIN workgroup g ON g.key = m.group_key JOIN body b ON b.key = g.key "
                   "WHERE m.person_key = ?1 AND (m.end_date IS NULL OR m.end_date >= ?2) "
                   "AND g.access_mode <> 'restricted' ORDER BY g.full_name, g.key",
                   ctx->actor->person_key, ctx->today);
}

static json_t *items_of(struct ctx *ctx, const char *group)
{
    json_t *items = json_array();
    if (group) {
        add_rows(ctx, items, "group", "/groups/", group_asked(ctx, group));
        return items;
    }
    add_rows(ctx, items, "own", "/groups/", own_groups(ctx));
    for (const struct value *level = feed_levels; level->code; level++)
        add(ctx, items, "level", ctx_text(ctx, level->label),
            arena_join(ctx->arena, "/levels/",
                       !strcmp(level->code, "healthcareRegion") ? "healthcare-region"
                                                                : level->code,
                       NULL));
    add_rows(ctx, items, "healthcareRegion", "/levels/healthcare-region/",
             places(ctx, "healthcareRegion"));
    add_rows(ctx, items, "region", "/levels/local/", places(ctx, "region"));
    return items;
}

/* The page lays them under headings. */
static json_t *sections_of(struct ctx *ctx, const json_t *items)
{
    static const struct value headings[] = {
        {"group", N_("The group’s calendar")},
        {"own", N_("My groups")},
        {"level", N_("Levels")},
        {"healthcareRegion", N_("Healthcare regions")},
        {"region", N_("Regions")},
        {NULL, NULL},
    };
    json_t *sections = json_array(), *item;
    size_t i;
    for (const struct value *heading = headings; heading->code; heading++) {
        json_t *section = json_object(), *rows = json_put_new(section, "items", json_array());
        json_put(section, "id", heading->code);
        json_put(section, "title", ctx_text(ctx, heading->label));
        json_array_foreach ((json_t *)items, i, item)
            if (!strcmp(json_text(item, "of"), heading->code))
                json_array_append(rows, item);
        if (json_array_size(rows))
            json_array_append(sections, section);
        json_decref(section);
    }
    return sections;
}

enum code calendars_page(struct ctx *ctx, struct answer *out)
{
    const char *group = ctx_query(ctx, "groupId");
    json_t *items = items_of(ctx, group && *group ? group : NULL);
    if (!json_array_size(items)) {
        json_decref(items);
        return err_field(ctx->err, "groupId", N_("There is no value {value} here."), "value", group,
                         NULL);
    }
    out->document = json_object();
    json_put_new(out->document, "items", items);
    ctx_link(ctx, out->document, "self", "GET", ctx->path);
    if (ctx_embeds(ctx, "sections"))
        ctx_embed(ctx, out->document, "sections", sections_of(ctx, items));
    out->title = ctx_text(ctx, N_("Subscribe to calendars"));
    return tx_code(ctx->tx);
}

const char calendars_reply[] =
    "{\"type\":\"object\",\"required\":[\"items\",\"_links\"],\"properties\":{\"items\":{\"type\":"
    "\"array\",\"items\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"of\","
    "\"name\",\"address\",\"webcal\"],\"properties\":{\"of\":{\"enum\":[\"group\",\"own\","
    "\"level\",\"healthcareRegion\",\"region\"]},\"name\":{\"type\":\"string\"},\"address\":{"
    "\"type\":\"string\",\"format\":\"uri\"},\"webcal\":{\"type\":\"string\",\"format\":\"uri\"}}}},"
    "\"_links\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}";
