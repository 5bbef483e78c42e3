/* organisation_view.c: what stands on an organisation's page beside the organisation.
 *
 * Owns queries over groups seen from an organisation. A restricted group is never among what it
 * gives, nor counted, unless the reader may know of it. Must not know what a group's own rules are:
 * only its name and its dates are read here. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/json.h>
#include "internal.h"

const struct value organisation_type_headings[] = {
    {"healthcareRegion", N_("Healthcare regions")},
    {"region", N_("Regions")},
    {"municipality", N_("Municipalities")},
    {"countyNetwork", N_("County networks")},
    {"hospital", N_("Hospitals")},
    {"authority", N_("Authorities")},
    {"association", N_("Associations")},
    {"council", N_("Councils")},
    {"patientOrganisation", N_("Patient organisations")},
    {"qualityRegister", N_("Quality registers")},
    {"professionalAssociation", N_("Professional associations")},
    {"university", N_("Universities")},
    {"cancerCentre", N_("Cancer centres")},
    {"other", N_("Other organisations")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- parts */

static json_t *section_of(struct ctx *ctx, json_t *sections, const char *type)
{
    size_t n = json_array_size(sections);
    json_t *last = n ? json_array_get(sections, n - 1) : NULL;
    if (last && !strcmp(json_text(last, "type"), type))
        return last;
    json_t *section = json_push(sections, json_object());
    json_put(section, "type", type);
    json_put(section, "label", value_label(ctx, organisation_type_headings, type));
    json_put_new(section, "items", json_array());
    return section;
}

/* A healthcare region shows its regions, also one that belongs to another first (Halland). Swedish
 * order within a type; the types in the order in which one looks for them. */
json_t *organisation_parts(struct ctx *ctx, long long key)
{
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT b.id AS \"id\", o.type AS \"type\", o.name AS \"name\", "
        "o.short_name AS \"shortName\", o.code AS \"code\" FROM organisation o "
        "JOIN body b ON b.key = o.key WHERE o.key IN ("
        "SELECT key FROM organisation WHERE parent_key = ?2 UNION "
        "SELECT r.key FROM organisation_area a JOIN organisation r ON r.key = a.organisation_key "
        "WHERE a.healthcare_region_key = ?2 AND r.type = 'region') "
        "AND (o.start_date IS NULL OR o.start_date <= ?1) "
        "AND (o.end_date IS NULL OR o.end_date >= ?1) "
        "ORDER BY CASE o.type WHEN 'region' THEN 0 WHEN 'municipality' THEN 1 "
        "WHEN 'hospital' THEN 2 ELSE 3 END, o.type, o.name, b.id",
        ctx->day, key);
    json_t *sections = json_array(), *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        json_t *section = section_of(ctx, sections, json_text(row, "type"));
        json_object_del(row, "type");
        json_array_append(json_object_get(section, "items"), row);
    }
    json_decref(rows);
    json_array_foreach(sections, i, row)
        json_put_int(row, "count", (long long)json_array_size(json_object_get(row, "items")));
    return sections;
}

/* ---------------------------------------------------------------- groups */

/* Labels as the groups' own pages have them: asked of the registry, for a group's header lies above
 * this room. */
static void label(struct ctx *ctx, json_t *rows, const char *resource, const char *name)
{
    const struct value *values = field_find(resource_by_name(resource)->fields, name)->values;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
        json_put(row, arena_printf(ctx->arena, "%sLabel", name),
                 value_label(ctx, values, json_text(row, name)));
}

json_t *organisation_hosted(struct ctx *ctx, long long key)
{
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT b.id AS \"id\", g.full_name AS \"name\", h.status AS \"status\", "
        "h.start_date AS \"startDate\", h.end_date AS \"endDate\" FROM hosting h "
        "JOIN workgroup g ON g.key = h.group_key JOIN body b ON b.key = g.key "
        "WHERE h.body_key = ?5 AND (h.start_date IS NULL OR h.start_date <= ?1) "
        "AND (h.end_date IS NULL OR h.end_date >= ?1) "
        "AND (g.end_date IS NULL OR g.end_date >= ?1) "
        "AND " ACCESS_GROUP_VISIBLE("g.access_mode", "g.key") " ORDER BY g.full_name, b.id, h.id",
        ctx->day, access_sees_all(ctx), ctx->actor->person_key, ctx->today, key);
    label(ctx, rows, "hosts", "status");
    return rows;
}

json_t *organisation_related(struct ctx *ctx, long long key)
{
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT r.type AS \"type\", b.id AS \"id\", g.full_name AS \"name\" FROM relation r "
        "JOIN workgroup g ON g.key = r.group_key JOIN body b ON b.key = g.key "
        "WHERE r.body_key = ?5 AND (r.start_date IS NULL OR r.start_date <= ?1) "
        "AND (r.end_date IS NULL OR r.end_date >= ?1) "
        "AND (g.end_date IS NULL OR g.end_date >= ?1) "
        "AND " ACCESS_GROUP_VISIBLE("g.access_mode", "g.key") " ORDER BY g.full_name, b.id, r.id",
        ctx->day, access_sees_all(ctx), ctx->actor->person_key, ctx->today, key);
    label(ctx, rows, "relations", "type");
    return rows;
}

json_t *organisation_area(struct ctx *ctx, long long key, const json_t *object)
{
    const char *type = json_text(object, "type"), *id = json_text(object, "id");
    bool region = !strcmp(type, "region");
    if (!region && strcmp(type, "healthcareRegion"))
        return json_null();
    json_t *area = json_object();
    json_put(area, "level", region ? "local" : "healthcareRegion");
    json_put(area, "href",
             arena_printf(ctx->arena, "/levels/%s/%s", region ? "local" : "healthcare-region", id));
    json_put_int(
        area, "groups",
        db_int(ctx->tx, 0,
               "SELECT count(*) FROM workgroup g WHERE "
               "(g.healthcare_region_key = ?5 OR g.region_key = ?5) AND g.start_date <= ?1 "
               "AND (g.end_date IS NULL OR g.end_date >= ?1) "
               "AND " ACCESS_GROUP_VISIBLE("g.access_mode", "g.key"),
               ctx->day, access_sees_all(ctx), ctx->actor->person_key, ctx->today, key));
    return area;
}

/* ---------------------------------------------------------------- ways */

json_t *organisation_above(struct ctx *ctx, const char *id)
{
    return db_rows(
        ctx->tx,
        "WITH RECURSIVE up (k, step) AS (SELECT o.parent_key, 1 FROM organisation o "
        "JOIN body b ON b.key = o.key WHERE b.id = ?1 AND o.parent_key IS NOT NULL UNION ALL "
        "SELECT o.parent_key, up.step + 1 FROM organisation o JOIN up ON o.key = up.k "
        "WHERE o.parent_key IS NOT NULL AND up.step < 16) "
        "SELECT '/organisations/' || b.id AS \"href\", coalesce(o.short_name, o.name) AS \"name\" "
        "FROM up JOIN organisation o ON o.key = up.k JOIN body b ON b.key = o.key "
        "ORDER BY up.step DESC",
        id);
}

enum { WAYS = 5 }; /* the first types are those that one looks for; the filter has them all */

static void add_way(struct ctx *ctx, json_t *ways, const char *type, const char *words,
                    long long count)
{
    const char *chosen = ctx_query(ctx, "type");
    json_t *way = json_push(ways, json_object());
    json_put(way, "label", ctx_text(ctx, words));
    json_put(way, "href",
             type ? arena_printf(ctx->arena, "/organisations?type=%s", type) : "/organisations");
    json_put_int(way, "count", count);
    json_put_bool(way, "current", type ? chosen && !strcmp(chosen, type) : !chosen);
}

/* Counts what the list holds: every row, or those in force on the day that was asked for. */
json_t *organisation_ways(struct ctx *ctx)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT type AS \"type\", count(*) AS \"count\" FROM organisation "
                           "WHERE (start_date IS NULL OR start_date <= ?1) "
                           "AND (end_date IS NULL OR end_date >= ?2) GROUP BY type",
                           ctx->as_of ? ctx->as_of : "9999-12-31",
                           ctx->as_of ? ctx->as_of : "0001-01-01");
    json_t *ways = json_array(), *row;
    long long all = 0;
    size_t i;
    json_array_foreach(rows, i, row)
        all += json_int(row, "count", 0);
    add_way(ctx, ways, NULL, N_("All organisations"), all);
    for (size_t type = 0; type < WAYS; type++)
        json_array_foreach(rows, i, row)
            if (!strcmp(json_text(row, "type"), organisation_type_headings[type].code))
                add_way(ctx, ways, organisation_type_headings[type].code,
                        organisation_type_headings[type].label, json_int(row, "count", 0));
    json_decref(rows);
    return ways;
}
