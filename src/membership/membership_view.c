/* membership_view.c: what pages show of a group's people beside the list: those of the day, the
 * officers in the head, the years as a picture, how to write to all, and the balance of women and
 * men.
 *
 * Owns reading only. Whom a reader may know by name is decided in the resource's select
 * (membership.c); what is counted here is told by its own rule. */
#include <string.h>
#include <kansli/lanes.h>
#include "internal.h"

static json_t *people_now(struct ctx *ctx, long long group_key)
{
    struct fixed fixed = {.condition = "\"group_key\" = ?6 AND \"startDate\" <= ?1 "
                                       "AND (\"endDate\" IS NULL OR \"endDate\" >= ?1)",
                          .key = group_key};
    return resource_items(ctx, &membership_of_group_resource, fixed);
}

json_t *membership_of_group(struct ctx *ctx, const char *group_id)
{
    return people_now(ctx, db_int(ctx->tx, 0, "SELECT key FROM body WHERE id = ?1", group_id));
}

const char *membership_own(struct ctx *ctx, long long group_key)
{
    if (!ctx->actor->person_key)
        return NULL;
    return db_text(ctx->tx,
                   "SELECT id FROM membership WHERE group_key = ?1 AND person_key = ?2 "
                   "AND (end_date IS NULL OR end_date >= ?3) ORDER BY start_date LIMIT 1",
                   group_key, ctx->actor->person_key, ctx->today);
}

/* ---------------------------------------------------------------- the years */

/* Those to come first, those who left last; within them as in the list. */
static void add_lanes(struct ctx *ctx, json_t *rows, const json_t *items, const char *status,
                      const char *lane)
{
    size_t i;
    json_t *item;
    json_array_foreach((json_t *)items, i, item) {
        if (strcmp(json_text(item, "status"), status))
            continue;
        const char *name = json_text(item, "personName");
        json_t *row = json_push(rows, json_object());
        json_put(row, "label",
                 arena_printf(ctx->arena, "%s, %s",
                              name ? name : ctx_text(ctx, N_("Name not published")),
                              json_text(item, "roleLabel")));
        json_put(row, "startDate", json_text(item, "startDate"));
        json_put(row, "endDate", json_text(item, "endDate"));
        json_put(row, "status", lane);
    }
}

json_t *membership_timeline(struct ctx *ctx, const json_t *items)
{
    json_t *rows = json_array();
    add_lanes(ctx, rows, items, "upcoming", "coming");
    add_lanes(ctx, rows, items, "expiring", "ending");
    add_lanes(ctx, rows, items, "current", "current");
    add_lanes(ctx, rows, items, "ended", "past");
    json_t *lanes = lanes_of(ctx, rows);
    json_decref(rows);
    return lanes;
}

/* ---------------------------------------------------------------- writing to all */

static bool is_chosen(const json_t *ids, const char *id)
{
    size_t i;
    json_t *one;
    if (!ids)
        return true;
    json_array_foreach((json_t *)ids, i, one)
        if (json_is_string(one) && !strcmp(json_string_value(one), id))
            return true;
    return false;
}

/* A protected identity's address is for the group's officers and the support function. */
json_t *membership_addresses(struct ctx *ctx, long long group_key, const json_t *ids)
{
    json_t *chosen = json_array(), *row;
    size_t i;
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT m.id AS \"id\", p.name AS \"name\", p.email AS \"email\" FROM membership m "
        "JOIN person p ON p.key = m.person_key WHERE m.group_key = ?5 "
        "AND (m.end_date IS NULL OR m.end_date >= ?1) AND (p.key = ?3 OR (" ACCESS_GROUP_DRAFTS(
            "m.group_key") " AND (p.protected_identity = 0 OR " ACCESS_GROUP_OFFICER(
            "m.group_key") "))) ORDER BY p.name, m.key",
        MEMBERSHIP_ARGS(ctx, group_key));
    json_array_foreach(rows, i, row)
        if (is_chosen(ids, json_text(row, "id"))) {
            json_object_del(row, "id");
            json_array_append(chosen, row);
        }
    json_decref(rows);
    return chosen;
}

/* ---------------------------------------------------------------- women and men */

/* Counted from what people stated, in groups of five seats or more, for today alone: two days beside
 * each other would tell what the one who came or left has stated. "Other" stands with those who
 * stated nothing, for the same reason. */
json_t *membership_gender_balance(struct ctx *ctx, long long group_key)
{
    enum { SEATS_LEAST = 5 };
    json_t *row = db_row(ctx->tx,
                         "SELECT count(*) AS \"total\", "
                         "count(CASE WHEN p.gender = 'woman' THEN 1 END) AS \"women\", "
                         "count(CASE WHEN p.gender = 'man' THEN 1 END) AS \"men\" "
                         "FROM membership m JOIN person p ON p.key = m.person_key "
                         "JOIN workgroup g ON g.key = m.group_key "
                         "WHERE m.group_key = ?5 AND m.role IN " MEMBERSHIP_SEATS
                         " AND " MEMBERSHIP_NOW("m") " AND " ACCESS_PEOPLE_VISIBLE("g.access_mode",
                                                                                  "g.key"),
                         MEMBERSHIP_ARGS(ctx, group_key));
    long long total = json_int(row, "total", 0);
    long long stated = json_int(row, "women", 0) + json_int(row, "men", 0);
    if (strcmp(ctx->day, ctx->today) || total < SEATS_LEAST || !stated) {
        json_decref(row);
        return json_null();
    }
    json_put_int(row, "others", total - stated);
    return row;
}

/* ---------------------------------------------------------------- parts of a group's page */

static json_t *part_people(struct ctx *ctx, long long key, const json_t *object)
{
    (void)object;
    return people_now(ctx, key);
}

static json_t *part_balance(struct ctx *ctx, long long key, const json_t *object)
{
    (void)object;
    return membership_gender_balance(ctx, key);
}

static json_t *officers_now(struct ctx *ctx, long long group_key)
{
    struct fixed fixed = {.condition = "\"group_key\" = ?6 AND \"startDate\" <= ?1 "
                                       "AND (\"endDate\" IS NULL OR \"endDate\" >= ?1) "
                                       "AND \"role\" IN ('chair', 'processLeader')",
                          .key = group_key};
    return resource_items(ctx, &membership_of_group_resource, fixed);
}

static bool somebody_now(struct ctx *ctx, long long group_key)
{
    json_t *people = people_now(ctx, group_key);
    bool some = json_array_size(people) > 0;
    json_decref(people);
    return some;
}

/* For the head: {chairs: [...], processLeaders: [...]} of the day; NULL where nobody is entered. */
static json_t *part_officers(struct ctx *ctx, long long key, const json_t *object)
{
    (void)object;
    json_t *people = officers_now(ctx, key), *officers = json_object(), *one;
    json_t *chairs = json_put_new(officers, "chairs", json_array());
    json_t *leaders = json_put_new(officers, "processLeaders", json_array());
    bool some = json_array_size(people) > 0 || somebody_now(ctx, key);
    size_t i;
    json_array_foreach(people, i, one)
        json_array_append(!strcmp(json_text(one, "role"), "chair") ? chairs : leaders, one);
    json_decref(people);
    if (some)
        return officers;
    json_decref(officers);
    return NULL;
}

static void link_people(struct ctx *ctx, long long key, json_t *group)
{
    bool enter = seat_may_any(ctx, key);
    part_link_list(ctx, group, "memberships", enter ? "add-membership" : NULL);
    part_link_list(ctx, group, "introduction", NULL);
    if (may(ctx, ACT_SEE_DRAFTS, key))
        part_link_list(ctx, group, "addresses", NULL);
    if (enter)
        ctx_link(ctx, group, "change-memberships", "POST",
                 arena_printf(ctx->arena, "/groups/%s/membership-changes", json_text(group, "id")));
}

const struct part membership_parts[] = {
    {.of = "groups", .name = "memberships", .make = part_people},
    {.of = "groups", .name = "genderBalance", .make = part_balance},
    {.of = "group-head", .name = "officers", .make = part_officers},
    {.of = "groups", .link = link_people},
    {0},
};
