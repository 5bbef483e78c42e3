/* importable.c: what can be imported: one row for each resource.
 *
 * Owns: how a row of a file finds the object that it is about when it names no id. Everything else
 * is the feature's own: its fields say what a column may hold, its routes how an object is made,
 * changed and taken away, so that an import can do what a script can, under the same rules and
 * rights, and nothing more. A further resource is one more row of this table.
 * Must not know: files. */
#include <string.h>
#include <kansli/group.h>
#include <kansli/meeting.h>
#include <kansli/membership.h>
#include <kansli/organisation.h>
#include <kansli/person.h>
#include <kansli/plan.h>
#include "internal.h"

/* Label, then the row; twice, since an enumeration and this table are the same list. */
#define ALL(ROW)                                                                                   \
    ROW(N_("Organisations"), "organisations", .resource = &organisation_resource,                  \
        .find = "SELECT b.id AS \"id\" FROM organisation o JOIN body b ON b.key = o.key "          \
                "WHERE o.type = ?1 AND (o.code = ?2 OR (?2 IS NULL AND o.name = ?3)) LIMIT 20",     \
        .by = {"type", "code", "name"})                                                            \
    ROW(N_("Groups"), "groups", .resource = &group_resource,                                       \
        .find = "SELECT b.id AS \"id\" FROM workgroup g JOIN body b ON b.key = g.key "             \
                "JOIN group_kind k ON k.key = g.kind_key "                                         \
                "LEFT JOIN body h ON h.key = g.healthcare_region_key "                             \
                "LEFT JOIN body r ON r.key = g.region_key WHERE k.id = ?1 AND g.name = ?2 "        \
                "AND (?3 IS NULL OR h.id = ?3) AND (?4 IS NULL OR r.id = ?4) LIMIT 20",             \
        .by = {"kind", "name", "healthcareRegionId", "regionId"})                                  \
    ROW(N_("People"), "persons", .resource = &person_resource,                                     \
        .begin = "givenName familyName email phone title employerId professions")                  \
    ROW(N_("Memberships"), "memberships", .resource = &membership_resource, .with = "persons",     \
        .with_field = "personId",                                                                  \
        .find = "SELECT m.id AS \"id\" FROM membership m JOIN person p ON p.key = m.person_key "   \
                "JOIN body b ON b.key = m.group_key WHERE p.id = ?1 AND b.id = ?2 "                \
                "AND (m.start_date = ?3 OR (?3 IS NULL "                                           \
                "AND (m.end_date IS NULL OR m.end_date >= ?5))) ORDER BY m.start_date LIMIT 1",    \
        .by = {"personId", "groupId", "startDate"},                                                \
        .begin = "givenName familyName email employerId groupId role capacity onBehalfOfId "       \
                 "competences startDate endDate workloadPercent")                                  \
    ROW(N_("Meetings"), "meetings", .resource = &meeting_resource,                                 \
        .find = "SELECT m.id AS \"id\" FROM meeting m JOIN body b ON b.key = m.group_key "         \
                "WHERE b.id = ?1 AND m.starts_at = ?2 LIMIT 20",                                    \
        .by = {"groupIds", "startsAt"},                                                            \
        .begin = "groupIds title startsAt endsAt mode location visibility")                        \
    ROW(N_("Annual plans"), "plans", .resource = &plan_resource,                                   \
        .find = "SELECT p.id AS \"id\" FROM plan p JOIN body b ON b.key = p.group_key "            \
                "WHERE b.id = ?1 AND p.year = ?2 LIMIT 20",                                         \
        .by = {"groupId", "year"})

#define VALUE(label, name, ...) {name, label},
#define IMPORTABLE(label, name, ...) {__VA_ARGS__},

const struct value import_resources[] = {ALL(VALUE){NULL, NULL}};
const struct importable importables[] = {ALL(IMPORTABLE){0}};

const struct importable *importable_named(const char *name)
{
    for (const struct importable *one = importables; name && one->resource; one++)
        if (!strcmp(one->resource->name, name))
            return one;
    return NULL;
}

const struct importable *importable_with(const struct importable *kind)
{
    return importable_named(kind->with);
}

bool importable_names_people(const struct importable *kind)
{
    return kind->resource == &person_resource || importable_with(kind) != NULL;
}

/* "/plans" and "/plans/{id}" alone: what lies below a group is the same thing. */
static bool is_own(const struct route *route, const struct resource *r)
{
    size_t n = strlen(r->name);
    if (route->resource != r || strncmp(route->path + 1, r->name, n))
        return false;
    return !route->path[1 + n] || !strcmp(route->path + 1 + n, "/{id}");
}

const struct route *importable_route(const struct importable *kind, enum shape shape)
{
    for (const struct route *const *table = route_tables; *table; table++)
        for (const struct route *route = *table; route->method; route++)
            if (route->shape == shape && is_own(route, kind->resource))
                return route;
    BUG("%s cannot be written by a script", kind->resource->name);
}

static bool is_sent(const struct field *field)
{
    return field && !(field->flags & F_DERIVED);
}

const struct field *import_field(const struct importable *kind, const char *name, bool *of_with)
{
    const struct field *field = field_find(kind->resource->fields, name);
    const struct importable *with = importable_with(kind);
    if (of_with)
        *of_with = !is_sent(field);
    if (!is_sent(field) && with)
        field = field_find(with->resource->fields, name);
    return is_sent(field) ? field : NULL;
}
