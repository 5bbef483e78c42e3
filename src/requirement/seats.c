/* seats.c: an organisation's lens on the system: the seats held on its behalf, those that stand
 * empty for it, and what ends soon.
 *
 * A healthcare region's are also its regions' and municipalities', a region's also its
 * municipalities'. Whoever sits as patient or next of kin is left out: no list gathers them across
 * groups (domain.md 4). Capacity is not shown for the same reason. */
#include <string.h>
#include <kansli/kind.h>
#include <kansli/membership.h>
#include "internal.h"

enum { SHOWN_MOST = 200, SOON = 90 };

#define OWN                                                                                        \
    "(SELECT own.k FROM (SELECT CAST(?5 AS INTEGER) AS k UNION SELECT a.organisation_key "         \
    "FROM organisation_area a WHERE a.healthcare_region_key = ?5 AND a.is_primary = 1 UNION "      \
    "SELECT c.key FROM organisation c WHERE c.parent_key = ?5 "                                    \
    "AND c.type IN ('municipality', 'countyNetwork')) AS own)"

static json_t *seats_held(struct ctx *ctx, long long key)
{
    return db_rows(
        ctx->tx,
        "SELECT b.id AS \"groupId\", g.full_name AS \"groupName\", k.level AS \"level\", "
        "m.role AS \"role\", h.id AS \"onBehalfOfId\", o.name AS \"onBehalfOfName\", "
        "m.start_date AS \"startDate\", m.end_date AS \"endDate\", " SHOWN_NAME
        " FROM membership m JOIN person p ON p.key = m.person_key "
        "JOIN workgroup g ON g.key = m.group_key JOIN body b ON b.key = g.key "
        "JOIN group_kind k ON k.key = g.kind_key JOIN organisation o ON o.key = m.on_behalf_of_key "
        "JOIN body h ON h.key = o.key WHERE m.on_behalf_of_key IN " OWN
        " AND m.start_date <= ?1 AND (m.end_date IS NULL OR m.end_date >= ?1) "
        "AND m.capacity NOT IN ('patient', 'nextOfKin') AND m.role IN " MEMBERSHIP_SEATS
        " AND " ACCESS_PEOPLE_VISIBLE("g.access_mode", "g.key")
        " ORDER BY CASE k.level WHEN 'national' THEN 0 WHEN 'healthcareRegion' THEN 1 ELSE 2 END, "
        "g.full_name, b.id, m.key",
        READER_ARGS(ctx, key));
}

static void finish_seat(struct ctx *ctx, json_t *row, const char *soon)
{
    const char *person = json_text(row, "personId"), *end = json_text(row, "endDate");
    json_put(row, "roleLabel", value_label(ctx, membership_roles, json_text(row, "role")));
    json_put(row, "levelLabel", value_label(ctx, level_values, json_text(row, "level")));
    json_put(row, "href", person ? arena_join(ctx->arena, "/persons/", person, NULL) : NULL);
    json_put_bool(row, "ending", end && strcmp(end, soon) <= 0);
}

/* The organisations of OWN, by id. */
static json_t *own_ids(struct ctx *ctx, long long key)
{
    json_t *set = json_object(), *row;
    size_t i;
    json_t *rows = db_rows(ctx->tx,
                           "SELECT b.id AS \"id\" FROM body b WHERE b.key IN " OWN,
                           READER_ARGS(ctx, key));
    json_array_foreach(rows, i, row)
        json_put_bool(set, json_text(row, "id"), true);
    json_decref(rows);
    return set;
}

static bool lacks(const json_t *vacancy, const json_t *own)
{
    size_t i;
    json_t *id;
    json_array_foreach(json_object_get(vacancy, "missing"), i, id)
        if (json_object_get(own, json_string_value(id)))
            return true;
    return false;
}

/* The groups at work that could ask it for somebody: by name, or because they ask every region of
 * their area, which is the nation's or its own. */
static json_t *groups_asking(struct ctx *ctx, long long key)
{
    return db_rows(
        ctx->tx,
        "SELECT " COVERAGE_GROUP " WHERE g.key IN (SELECT r.group_key FROM requirement r "
        "WHERE r.group_key IS NOT NULL AND (r.body_key IN " OWN
        " OR r.type IN ('eachHealthcareRegion', 'eachRegion'))) "
        "AND (g.healthcare_region_key IS NULL OR g.healthcare_region_key IN " OWN
        " OR g.healthcare_region_key IN (SELECT a.healthcare_region_key FROM organisation_area a "
        "WHERE a.organisation_key = ?5 AND a.is_primary = 1)) "
        "AND (g.region_key IS NULL OR g.region_key IN " OWN ") AND g.start_date <= ?1 "
        "AND (g.end_date IS NULL OR g.end_date >= ?1) AND NOT EXISTS (SELECT 1 FROM group_pause z "
        "WHERE z.group_key = g.key AND z.start_date <= ?1 "
        "AND (z.end_date IS NULL OR z.end_date >= ?1)) ORDER BY g.key",
        READER_ARGS(ctx, key));
}

static json_t *vacant_for(struct ctx *ctx, long long key)
{
    json_t *groups = groups_asking(ctx, key), *all = coverage_vacancies_of(ctx, groups);
    json_t *own = own_ids(ctx, key), *items = json_array(), *one;
    size_t i;
    json_array_foreach(all, i, one) {
        if (json_array_size(items) >= SHOWN_MOST || !lacks(one, own))
            continue;
        json_t *copy = json_push(items, json_copy(one));
        json_object_del(copy, "key");
        json_put(copy, "weightLabel",
                 value_label(ctx, requirement_weights, json_text(copy, "weight")));
        json_put(copy, "statusLabel",
                 value_label(ctx, coverage_statuses, json_text(copy, "status")));
    }
    json_decref(own);
    json_decref(all);
    json_decref(groups);
    return items;
}

json_t *seats_part(struct ctx *ctx, long long key, const json_t *organisation)
{
    char soon[DAY_SIZE];
    json_t *part = json_object(), *rows = seats_held(ctx, key), *row;
    long long chairs = 0, ending = 0;
    size_t i;
    (void)organisation;
    day_add(ctx->day, SOON, soon);
    json_array_foreach(rows, i, row) {
        finish_seat(ctx, row, soon);
        chairs += !strcmp(json_text(row, "role"), "chair");
        ending += json_true_at(row, "ending");
    }
    json_put_int(part, "count", (long long)json_array_size(rows));
    json_put_int(part, "chairs", chairs);
    json_put_int(part, "ending", ending);
    json_put_int(part, "hostings",
                 db_int(ctx->tx, 0,
                        "SELECT count(*) FROM hosting y JOIN workgroup g ON g.key = y.group_key "
                        "WHERE y.body_key = ?5 AND (y.start_date IS NULL OR y.start_date <= ?1) "
                        "AND (y.end_date IS NULL OR y.end_date >= ?1) "
                        "AND " ACCESS_GROUP_VISIBLE("g.access_mode", "g.key"),
                        READER_ARGS(ctx, key)));
    while (json_array_size(rows) > SHOWN_MOST)
        json_array_remove(rows, json_array_size(rows) - 1);
    json_put_int(part, "shown", (long long)json_array_size(rows));
    json_put_new(part, "items", rows);
    json_put_new(part, "vacant", vacant_for(ctx, key));
    return part;
}
