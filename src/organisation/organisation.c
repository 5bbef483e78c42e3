/* organisation.c: who is asked, represented or hosts (R3): fields, rules, and which healthcare
 * regions each belongs to.
 *
 * Owns the tables organisation and organisation_area. Must not know what groups are: only that they
 * refer to it. Areas are kept, not computed: they follow the parent when it changes, but the
 * reference data may say otherwise for one municipality (domain.md 2). */
#include <string.h>
#include <kansli/access.h>
#include <kansli/json.h>
#include <kansli/utf8.h>
#include "internal.h"

struct organisation_input {
    const char *id, *type, *name, *short_name, *code, *start_date, *end_date;
    struct ref_value parent;
};

const struct value organisation_types[] = {
    {"healthcareRegion", N_("Healthcare region")},
    {"region", N_("Region")},
    {"municipality", N_("Municipality")},
    {"countyNetwork", N_("County network")},
    {"hospital", N_("Hospital")},
    {"authority", N_("Authority")},
    {"association", N_("Association")},
    {"council", N_("Council")},
    {"patientOrganisation", N_("Patient organisation")},
    {"qualityRegister", N_("Quality register")},
    {"professionalAssociation", N_("Professional association")},
    {"university", N_("University")},
    {"cancerCentre", N_("Cancer centre")},
    {"other", N_("Other organisation")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- references */

#define FIND(condition)                                                                            \
    "SELECT o.key FROM organisation o JOIN body b ON b.key = o.key WHERE b.id = ?1" condition

#define SEARCH(condition)                                                                          \
    "SELECT b.id AS \"id\", o.name AS \"name\" FROM organisation o JOIN body b ON b.key = o.key "  \
    "WHERE (fold(o.name) LIKE '%' || ?1 || '%' OR fold(o.short_name) LIKE ?1 || '%' "              \
    "OR b.id = ?1 OR o.code = ?1)" condition " "                                                   \
    "ORDER BY CASE WHEN fold(o.name) = ?1 THEN 0 WHEN fold(o.short_name) = ?1 THEN 1 "             \
    "WHEN fold(o.name) LIKE ?1 || '%' THEN 2 ELSE 3 END, o.name, b.id LIMIT ?5"

#define NAME "SELECT name FROM organisation WHERE key = ?1"

#define OPTIONS(condition)                                                                         \
    "SELECT b.id AS \"value\", o.name AS \"label\" FROM organisation o "                           \
    "JOIN body b ON b.key = o.key WHERE " condition " ORDER BY o.name, b.id"

const struct reference organisation_reference = {
    .noun = N_("organisation"),
    .find = FIND(""),
    .search = SEARCH(""),
    .name = NAME,
    .lookup = "/search?type=organisations",
    .person_or_body = true,
};

const struct reference healthcare_region_reference = {
    .noun = N_("healthcare region"),
    .find = FIND(" AND o.type = 'healthcareRegion'"),
    .search = SEARCH(" AND o.type = 'healthcareRegion'"),
    .name = NAME,
    .options = OPTIONS("o.type = 'healthcareRegion'"),
    .person_or_body = true,
};

const struct reference region_reference = {
    .noun = N_("region"),
    .find = FIND(" AND o.type = 'region'"),
    .search = SEARCH(" AND o.type = 'region'"),
    .name = NAME,
    .options = OPTIONS("o.type = 'region'"),
    .person_or_body = true,
};

/* ---------------------------------------------------------------- fields */

static const char regions_schema[] =
    "{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"required\":[\"id\",\"name\",\"isPrimary\"],\"additionalProperties\":false,"
    "\"properties\":{\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},"
    "\"isPrimary\":{\"type\":\"boolean\"}}}}";

static const struct field organisation_fields[] = {
    {.name = "id",
     .label = N_("Address"),
     .type = T_SLUG,
     .at = offsetof(struct organisation_input, id),
     .flags = F_ID | F_SORT,
     .hint = N_("The last part of its address. Left empty, it is made from the name.")},
    {.name = "type",
     .label = N_("Type"),
     .type = T_ENUM,
     .at = offsetof(struct organisation_input, type),
     .flags = F_REQUIRED | F_FILTER | F_SORT,
     .values = organisation_types,
     .column = "type"},
    {.name = "name",
     .label = N_("Name"),
     .type = T_TEXT,
     .at = offsetof(struct organisation_input, name),
     .flags = F_REQUIRED | F_SORT,
     .column = "name"},
    {.name = "shortName",
     .label = N_("Short name"),
     .type = T_TEXT,
     .at = offsetof(struct organisation_input, short_name),
     .flags = F_SORT,
     .max = 60,
     .column = "short_name",
     .hint = N_("For tables and maps, for example Norra.")},
    {.name = "code",
     .label = N_("Code"),
     .type = T_TEXT,
     .at = offsetof(struct organisation_input, code),
     .flags = F_FILTER | F_SORT,
     .max = 10,
     .column = "code",
     .hint = N_("County or municipality code, with its leading zeros.")},
    {.name = "parentId",
     .label = N_("Belongs to"),
     .type = T_REF,
     .at = offsetof(struct organisation_input, parent),
     .flags = F_FILTER,
     .reference = &organisation_reference,
     .column = "parent_key",
     .hint = N_("A region's healthcare region, a municipality's or a hospital's region.")},
    {.name = "healthcareRegions",
     .label = N_("Healthcare regions"),
     .type = T_JSON,
     .flags = F_DERIVED,
     .schema = regions_schema},
    {.name = "healthcareRegion", /* the filter alone: all that belong to one, primarily or not */
     .label = N_("Healthcare region"),
     .type = T_REFS,
     .flags = F_DERIVED | F_FILTER,
     .reference = &healthcare_region_reference,
     .column = "\"key\" IN (SELECT a.organisation_key FROM organisation_area a "
               "JOIN body h ON h.key = a.healthcare_region_key WHERE h.id IN"},
    {.name = "startDate",
     .label = N_("First day"),
     .type = T_DAY,
     .at = offsetof(struct organisation_input, start_date),
     .flags = F_SORT,
     .column = "start_date"},
    {.name = "endDate",
     .label = N_("Last day"),
     .type = T_DAY,
     .at = offsetof(struct organisation_input, end_date),
     .flags = F_SORT,
     .column = "end_date"},
    {0},
};

/* ---------------------------------------------------------------- reading */

enum { AT_ONCE = 20 }; /* as many as a list shows by default */

static void take_region(json_t *items, size_t from, size_t to, json_t *row)
{
    for (size_t i = from; i < to; i++) {
        json_t *item = json_array_get(items, i);
        if (json_int(item, "key", 0) != json_int(row, "owner", -1))
            continue;
        json_object_del(row, "owner");
        json_array_append(json_object_get(item, "healthcareRegions"), row);
        return;
    }
}

/* One query for as many items as a list shows; places that are left over are NULL and find nothing.
 */
static void add_regions(struct ctx *ctx, json_t *items, size_t from, size_t to)
{
    struct db_arg keys[AT_ONCE] = {{.type = DB_NULL}};
    for (size_t i = 0; i < AT_ONCE; i++) {
        json_t *item = from + i < to ? json_array_get(items, from + i) : NULL;
        keys[i] = db_arg_key(KEY(json_int(item, "key", 0)));
        if (item)
            json_put_new(item, "healthcareRegions", json_array());
    }
    json_t *rows = db_rows_(
        ctx->tx,
        "SELECT a.organisation_key AS \"owner\", b.id AS \"id\", h.name AS \"name\", "
        "a.is_primary AS \"isPrimary?\" FROM organisation_area a "
        "JOIN organisation h ON h.key = a.healthcare_region_key JOIN body b ON b.key = h.key "
        "WHERE a.organisation_key IN (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
        "?14, ?15, ?16, ?17, ?18, ?19, ?20) "
        "ORDER BY a.organisation_key, a.is_primary DESC, h.name",
        keys, AT_ONCE);
    json_t *row;
    size_t i;
    json_array_foreach(rows, i, row)
        take_region(items, from, to, row);
    json_decref(rows);
}

static void finish(struct ctx *ctx, json_t *items)
{
    size_t n = json_array_size(items);
    for (size_t from = 0; from < n; from += AT_ONCE)
        add_regions(ctx, items, from, from + AT_ONCE < n ? from + AT_ONCE : n);
}

static void links(struct ctx *ctx, json_t *object)
{
    const char *path = arena_printf(ctx->arena, "/organisations/%s", json_text(object, "id"));
    if (may(ctx, ACT_CHANGE_ORGANISATION, 0)) {
        ctx_link(ctx, object, "edit", "PATCH", path);
        ctx_link(ctx, object, "delete", "DELETE", path);
    }
    if (may(ctx, ACT_SEE_ALL_HISTORY, 0))
        ctx_link(ctx, object, "history", "GET", arena_printf(ctx->arena, "%s/history", path));
}

const struct resource organisation_resource = {
    .name = "organisations",
    .noun = N_("organisation"),
    .table = "organisation",
    .select = "SELECT o.key AS \"key\", b.id AS \"id\", o.type AS \"type\", o.name AS \"name\", "
              "o.short_name AS \"shortName\", o.code AS \"code\", p.id AS \"parentId\", "
              "po.name AS \"parentName\", o.start_date AS \"startDate\", "
              "o.end_date AS \"endDate\", o.version AS \"version\", o.modified AS \"modified\" "
              "FROM organisation o JOIN body b ON b.key = o.key "
              "LEFT JOIN body p ON p.key = o.parent_key "
              "LEFT JOIN organisation po ON po.key = o.parent_key",
    .in_force = "(\"startDate\" IS NULL OR \"startDate\" <= ?1) AND "
                "(\"endDate\" IS NULL OR \"endDate\" >= ?1)",
    .found = DB_FOUND("\"key\"", "organisations", "?5"),
    .order = "\"name\", \"id\"",
    .size = sizeof(struct organisation_input),
    .fields = organisation_fields,
    .finish = finish,
    .links = links,
    .body = true,
};

/* ---------------------------------------------------------------- areas */

/* What the organisation gets from its parent, and everything below from it: a healthcare region
 * belongs to none itself and is the area of what lies under it. */
static enum code inherit_areas(struct ctx *ctx, long long key)
{
    enum code c = db_run(ctx->tx,
                         "DELETE FROM organisation_area WHERE organisation_key IN ("
                         "WITH RECURSIVE below (k) AS (SELECT key FROM organisation WHERE key = ?1 "
                         "UNION SELECT o.key FROM organisation o JOIN below "
                         "ON o.parent_key = below.k WHERE o.type <> 'healthcareRegion') "
                         "SELECT k FROM below)",
                         key);
    if (!c)
        c = db_run(ctx->tx,
                   "INSERT INTO organisation_area "
                   "(organisation_key, healthcare_region_key, is_primary) "
                   "SELECT o.key, p.key, 1 FROM organisation o "
                   "JOIN organisation p ON p.key = o.parent_key AND p.type = 'healthcareRegion' "
                   "WHERE o.key = ?1 AND o.type <> 'healthcareRegion' UNION ALL "
                   "SELECT o.key, a.healthcare_region_key, a.is_primary FROM organisation o "
                   "JOIN organisation_area a ON a.organisation_key = o.parent_key "
                   "WHERE o.key = ?1 AND o.type <> 'healthcareRegion'",
                   key);
    if (c)
        return c;
    return db_run(ctx->tx,
                  "WITH RECURSIVE below (k) AS ("
                  "SELECT key FROM organisation WHERE parent_key = ?1 "
                  "AND type <> 'healthcareRegion' "
                  "UNION SELECT o.key FROM organisation o JOIN below ON o.parent_key = below.k "
                  "WHERE o.type <> 'healthcareRegion') "
                  "INSERT INTO organisation_area "
                  "(organisation_key, healthcare_region_key, is_primary) "
                  "SELECT below.k, g.region, g.is_primary FROM below, ("
                  "SELECT key AS region, 1 AS is_primary FROM organisation "
                  "WHERE key = ?1 AND type = 'healthcareRegion' UNION ALL "
                  "SELECT healthcare_region_key, is_primary FROM organisation_area "
                  "WHERE organisation_key = ?1) AS g",
                  key);
}

enum code organisation_set_areas(struct ctx *ctx, const char *id, const char *regions)
{
    struct db_arg by_id = db_arg_text(id);
    long long key = db_int_(ctx->tx, 0, organisation_reference.find, &by_id, 1);
    if (!key)
        return ctx_absent(ctx);
    enum code c = db_run(ctx->tx, "DELETE FROM organisation_area WHERE organisation_key = ?1", key);
    char *all = arena_strdup(ctx->arena, regions), *rest = NULL;
    bool primary = true;
    for (char *one = strtok_r(all, " ", &rest); one && !c; one = strtok_r(NULL, " ", &rest)) {
        struct db_arg region_id = db_arg_text(one);
        long long region = db_int_(ctx->tx, 0, healthcare_region_reference.find, &region_id, 1);
        if (!region)
            return err_setf(ctx->err, E_INPUT, "invalid-input",
                            N_("There is no healthcare region {id}."), "id", one, NULL);
        c = db_run(ctx->tx,
                   "INSERT INTO organisation_area "
                   "(organisation_key, healthcare_region_key, is_primary) VALUES (?1, ?2, ?3)",
                   key, region, primary);
        primary = false;
    }
    return c;
}

/* ---------------------------------------------------------------- writing */

/* What a field alone cannot tell. Told together with the fields' own messages. */
static enum code check_input(struct ctx *ctx, const struct organisation_input *in, enum code read)
{
    if (read && !ctx->err->fields)
        return read;
    if (in->start_date && in->end_date && strcmp(in->end_date, in->start_date) < 0)
        err_field(ctx->err, "/endDate", N_("The last day is before the first."), NULL);
    if (in->id && !strcmp(in->id, "new")) /* the address of the form */
        err_field(ctx->err, "/id", N_("This address is used by the program. Choose another."),
                  NULL);
    return ctx->err->code;
}

/* A new one without an id gets its name's. */
static enum code choose_id(struct ctx *ctx, struct organisation_input *in)
{
    if (in->id)
        return OK;
    in->id = text_slug(ctx->arena, in->name);
    if (!*in->id || !strcmp(in->id, "new"))
        return err_field(ctx->err, "/id",
                         N_("No address can be made from this name. Write one."), NULL);
    return OK;
}

static enum code index_words(struct ctx *ctx, const struct organisation_input *in, long long key)
{
    return db_index_put(ctx->tx, organisation_resource.name, key,
                        arena_printf(ctx->arena, "%s %s %s %s", in->name,
                                     in->short_name ? in->short_name : "",
                                     in->code ? in->code : "", in->id));
}

enum code organisation_create(struct ctx *ctx, struct answer *out)
{
    struct organisation_input in;
    long long key = 0;
    enum code c = must_may(ctx, ACT_CHANGE_ORGANISATION, 0);
    if (c)
        return c;
    c = check_input(ctx, &in, resource_read(ctx, &organisation_resource, &in));
    if (!c)
        c = choose_id(ctx, &in);
    if (!c)
        c = body_add(ctx, "organisation", in.id, &key);
    if (!c)
        c = resource_insert(ctx, &organisation_resource, &in, in.id, NULL, &key);
    if (!c)
        c = inherit_areas(ctx, key);
    if (!c)
        c = index_words(ctx, &in, key);
    out->flash = N_("The organisation is in the register.");
    return c ? c : resource_created(ctx, &organisation_resource, in.id, out);
}

static enum code refuse_cycle(struct ctx *ctx, const struct edit *edit, long long parent)
{
    bool cycle = db_exists(ctx->tx,
                           "WITH RECURSIVE up (k) AS ("
                           "SELECT key FROM organisation WHERE key = ?1 UNION "
                           "SELECT o.parent_key FROM organisation o JOIN up ON o.key = up.k "
                           "WHERE o.parent_key IS NOT NULL) SELECT 1 FROM up WHERE k = ?2",
                           parent, edit->key);
    return cycle ? ctx_fail(ctx, E_CONFLICT, "body-cycle",
                            N_("That would put the organisation under itself."))
                 : tx_code(ctx->tx);
}

/* Areas follow the parent; what the reference data says of one organisation stands until then. */
static bool areas_change(const struct organisation_input *in, const json_t *now)
{
    const char *parent = json_text(now, "parentId"), *type = json_text(now, "type");
    bool same_parent = parent && in->parent.id ? !strcmp(parent, in->parent.id)
                                               : !parent && !in->parent.id;
    bool is = !strcmp(in->type, "healthcareRegion"), was = !strcmp(type, "healthcareRegion");
    return !same_parent || is != was;
}

static enum code save(struct ctx *ctx, struct edit *edit, struct organisation_input *in)
{
    bool renamed = strcmp(in->id, edit->id) != 0, changed = false;
    enum code c = refuse_cycle(ctx, edit, in->parent.key);
    if (!c && renamed)
        c = body_rename(ctx, edit->key, in->id);
    if (!c)
        c = resource_update(ctx, &organisation_resource, edit, in, &changed);
    if (!c && changed && areas_change(in, edit->now))
        c = inherit_areas(ctx, edit->key);
    if (!c && changed)
        c = index_words(ctx, in, edit->key);
    return c;
}

enum code organisation_change(struct ctx *ctx, struct answer *out)
{
    struct organisation_input in;
    struct edit edit = {0};
    enum code c = must_may(ctx, ACT_CHANGE_ORGANISATION, 0);
    if (c)
        return c;
    c = check_input(ctx, &in,
                    resource_edit(ctx, &organisation_resource, ctx_value(ctx, "id"), &edit, &in));
    if (!c && !in.id)
        in.id = edit.id;
    if (!c)
        c = save(ctx, &edit, &in);
    resource_edit_end(&edit);
    out->flash = N_("Saved.");
    return c ? c : resource_changed(ctx, &organisation_resource, in.id, out);
}

static enum code refuse_in_use(struct ctx *ctx, long long key)
{
    bool used = db_exists(
        ctx->tx,
        "SELECT 1 FROM organisation WHERE parent_key = ?1 UNION ALL "
        "SELECT 1 FROM organisation_area WHERE healthcare_region_key = ?1 UNION ALL "
        "SELECT 1 FROM workgroup WHERE healthcare_region_key = ?1 OR region_key = ?1 UNION ALL "
        "SELECT 1 FROM hosting WHERE body_key = ?1 UNION ALL "
        "SELECT 1 FROM relation WHERE body_key = ?1 UNION ALL "
        "SELECT 1 FROM person WHERE employer_key = ?1 UNION ALL "
        "SELECT 1 FROM membership WHERE on_behalf_of_key = ?1 OR appointed_by_key = ?1 UNION ALL "
        "SELECT 1 FROM account_role WHERE organisation_key = ?1",
        key);
    return used ? ctx_fail(ctx, E_CONFLICT, "in-use",
                           N_("Something still refers to this organisation. Give it a last day "
                              "instead."))
                : tx_code(ctx->tx);
}

enum code organisation_remove(struct ctx *ctx, struct answer *out)
{
    struct edit edit = {0};
    enum code c = must_may(ctx, ACT_CHANGE_ORGANISATION, 0);
    if (c)
        return c;
    c = resource_guard(ctx, &organisation_resource, ctx_value(ctx, "id"), &edit);
    if (!c)
        c = refuse_in_use(ctx, edit.key);
    if (!c)
        c = resource_delete(ctx, &organisation_resource, &edit);
    resource_edit_end(&edit);
    out->see = "/organisations";
    out->flash = N_("The organisation is deleted.");
    return c;
}

/* ---------------------------------------------------------------- checks */

#define OF_TYPE(type, condition)                                                                   \
    "SELECT b.id AS \"id\", o.name AS \"name\" FROM organisation o JOIN body b ON b.key = o.key "  \
    "WHERE o.type IN (" type ") AND (o.end_date IS NULL OR o.end_date >= ?1) AND " condition       \
    " ORDER BY o.name, b.id"

const struct check organisation_checks[] = {
    {.rule = "body-cycle",
     .severity = CHECK_ERROR,
     .object_type = "organisations",
     .label = N_("Stands above itself"),
     .message = N_("{name} lies under itself."),
     .query = "WITH RECURSIVE up (origin, k) AS ("
              "SELECT key, parent_key FROM organisation WHERE parent_key IS NOT NULL UNION "
              "SELECT up.origin, o.parent_key FROM up JOIN organisation o ON o.key = up.k "
              "WHERE o.parent_key IS NOT NULL) "
              "SELECT b.id AS \"id\", o.name AS \"name\" FROM up "
              "JOIN organisation o ON o.key = up.origin JOIN body b ON b.key = o.key "
              "WHERE up.k = up.origin ORDER BY o.name, b.id"},
    {.rule = "end-before-start",
     .severity = CHECK_ERROR,
     .object_type = "organisations",
     .label = N_("Ends before it begins"),
     .message = N_("{name} has its last day before its first."),
     .query = "SELECT b.id AS \"id\", o.name AS \"name\" FROM organisation o "
              "JOIN body b ON b.key = o.key WHERE o.end_date < o.start_date ORDER BY o.name, b.id"},
    {.rule = "region-without-healthcare-region",
     .severity = CHECK_WARNING,
     .object_type = "organisations",
     .label = N_("A region outside the healthcare regions"),
     .message = N_("{name} belongs to no healthcare region, so its seats are counted for none."),
     .query = OF_TYPE("'region'", "NOT EXISTS (SELECT 1 FROM organisation_area a "
              "WHERE a.organisation_key = o.key)")},
    {.rule = "municipality-without-region",
     .severity = CHECK_WARNING,
     .object_type = "organisations",
     .label = N_("A municipality without a region"),
     .message = N_("{name} belongs to no region."),
     .query = OF_TYPE("'municipality'", "NOT EXISTS (SELECT 1 FROM organisation p "
              "WHERE p.key = o.parent_key AND p.type = 'region')")},
    {.rule = "code-missing",
     .severity = CHECK_WARNING,
     .object_type = "organisations",
     .label = N_("No code"),
     .message = N_("{name} has no code."),
     .query = OF_TYPE("'region', 'municipality'", "o.code IS NULL")},
    {.rule = "ended-host",
     .severity = CHECK_WARNING,
     .object_type = "organisations",
     .label = N_("Has ended, but still hosts"),
     .message = N_("{name} ended on {endDate} but still hosts groups."),
     .mend = "/organisations/{id}",
     .query = "SELECT b.id AS \"id\", o.name AS \"name\", o.end_date AS \"endDate\" "
              "FROM organisation o JOIN body b ON b.key = o.key "
              "WHERE o.end_date < ?1 AND EXISTS (SELECT 1 FROM hosting h "
              "JOIN workgroup g ON g.key = h.group_key WHERE h.body_key = o.key "
              "AND (h.start_date IS NULL OR h.start_date <= ?1) "
              "AND (h.end_date IS NULL OR h.end_date >= ?1) "
              "AND (g.end_date IS NULL OR g.end_date >= ?1)) ORDER BY o.name, b.id"},
    {0},
};
