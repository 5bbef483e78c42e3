/* call_gaps.c: a call out of what a group lacks (R30): what to seek, how many, whom to ask.
 *
 * Owns the turn from a requirement that is not held to somebody who can mend it: a healthcare
 * region or a region that nobody comes from, the networks of municipalities, the patient
 * organisations that the group knows, or else everyone in the group's own area. Asks the coverage
 * engine what lacks and must not judge it itself. What it makes is a draft for people to change. */
#include <string.h>
#include <kansli/buf.h>
#include <kansli/coverage.h>
#include "internal.h"

enum { NAMED_IN_TITLE = 2 };

struct gaps {
    struct ctx *ctx;
    long long group_key;
    json_t *ids;          /* requirements that are not held */
    json_t *asked, *seen; /* organisations in order, and the same as a set */
    json_t *missing;      /* names of the places that nobody comes from */
    struct buf text;
    long long seats;
};

/* ---------------------------------------------------------------- whom to ask */

static void ask(struct gaps *gaps, const char *id)
{
    if (!id || json_object_get(gaps->seen, id))
        return;
    json_put_bool(gaps->seen, id, true);
    json_push(gaps->asked, json_text_new(id));
}

static void ask_all(struct gaps *gaps, json_t *rows)
{
    size_t i;
    json_t *row;
    json_array_foreach (rows, i, row)
        ask(gaps, json_text(row, "id"));
    json_decref(rows);
}

/* Everyone in the group's own area: its region, its healthcare region's regions, or the healthcare
 * regions. */
static void ask_area(struct gaps *gaps)
{
    ask_all(gaps,
            db_rows(gaps->ctx->tx,
                    "SELECT b.id AS \"id\" FROM workgroup g JOIN organisation o ON o.key = "
                    "g.region_key OR (g.region_key IS NULL AND g.healthcare_region_key IS NOT NULL "
                    "AND o.type = 'region' AND EXISTS (SELECT 1 FROM organisation_area a "
                    "WHERE a.organisation_key = o.key AND a.is_primary = 1 "
                    "AND a.healthcare_region_key = g.healthcare_region_key)) "
                    "OR (g.region_key IS NULL AND g.healthcare_region_key IS NULL "
                    "AND o.type = 'healthcareRegion') JOIN body b ON b.key = o.key "
                    "WHERE g.key = ?1 AND (o.end_date IS NULL OR o.end_date >= ?2) "
                    "ORDER BY o.code, o.name, o.key",
                    gaps->group_key, gaps->ctx->today));
}

/* The networks through which a region's municipalities are asked. */
static bool ask_networks(struct gaps *gaps, const json_t *regions)
{
    size_t i, before = json_array_size(gaps->asked);
    json_t *id;
    json_array_foreach ((json_t *)regions, i, id)
        ask_all(gaps, db_rows(gaps->ctx->tx,
                              "SELECT b.id AS \"id\" FROM organisation o "
                              "JOIN body b ON b.key = o.key JOIN body r ON r.key = o.parent_key "
                              "WHERE o.type = 'countyNetwork' AND r.id = ?1 ORDER BY o.key",
                              json_string_value(id)));
    return json_array_size(gaps->asked) > before;
}

/* The patient organisations for which somebody sits or sat in the group. */
static bool ask_patients(struct gaps *gaps)
{
    json_t *rows = db_rows(gaps->ctx->tx,
                           "SELECT DISTINCT b.id AS \"id\", o.name AS \"name\" FROM membership m "
                           "JOIN organisation o ON o.key = m.on_behalf_of_key "
                           "JOIN body b ON b.key = o.key WHERE m.group_key = ?1 "
                           "AND o.type = 'patientOrganisation' ORDER BY \"name\", \"id\"",
                           gaps->group_key);
    bool some = json_array_size(rows) > 0;
    ask_all(gaps, rows);
    return some;
}

static bool ask_organisation(struct gaps *gaps, const char *id)
{
    bool known = id && db_exists(gaps->ctx->tx,
                                 "SELECT 1 FROM body b JOIN organisation o ON o.key = b.key "
                                 "WHERE b.id = ?1",
                                 id);
    if (known)
        ask(gaps, id);
    return known;
}

static bool is(const json_t *object, const char *name, const char *value)
{
    const char *text = json_text(object, name);
    return text && !strcmp(text, value);
}

static void ask_for(struct gaps *gaps, const json_t *requirement, const json_t *lack)
{
    const json_t *missing = json_object_get(lack, "missing");
    bool municipal = is(requirement, "capacity", "municipality");
    bool patients =
        is(requirement, "capacity", "patient") || is(requirement, "capacity", "nextOfKin");
    bool done = false;
    size_t i;
    json_t *id;
    if (is(requirement, "type", "eachRegion") && municipal)
        done = ask_networks(gaps, missing);
    if (!done)
        json_array_foreach ((json_t *)missing, i, id) {
            ask(gaps, json_string_value(id));
            done = true;
        }
    if (!done && is(requirement, "type", "body"))
        done = ask_organisation(gaps, json_text(requirement, "bodyId"));
    if (!done && patients)
        done = ask_patients(gaps);
    if (!done)
        ask_area(gaps);
}

/* ---------------------------------------------------------------- what is sought */

/* How many more are asked for: from each place that lacks somebody, or in all. */
static long long lacking(const json_t *requirement, const json_t *lack)
{
    long long least = json_int(requirement, "minCount", 1);
    long long places = (long long)json_array_size(json_object_get(lack, "missing"));
    long long held = (long long)json_array_size(json_object_get(lack, "membershipIds"));
    if (places)
        return places * least;
    return least > held ? least - held : 1;
}

static void add_text(struct gaps *gaps, const json_t *requirement, const json_t *lack)
{
    struct ctx *ctx = gaps->ctx;
    json_t *names = json_object_get(lack, "missingNames"), *name;
    const char *places = NULL, *text = json_text(requirement, "text");
    size_t i;
    json_array_foreach (names, i, name) {
        const char *place = json_string_value(name);
        places = places ? arena_join(ctx->arena, places, ", ", place, NULL) : place;
        if (is(requirement, "type", "eachHealthcareRegion"))
            json_array_append(gaps->missing, name);
    }
    buf_addf(&gaps->text, "- %s\n",
             places ? ctx_textf(ctx, N_("{requirement}: nobody from {places} today"), "requirement",
                                text, "places", places, NULL)
                    : text);
}

static void add_gap(struct gaps *gaps, const json_t *requirement, const json_t *lack)
{
    json_push(gaps->ids, json_text_new(json_text(requirement, "id")));
    gaps->seats += lacking(requirement, lack);
    add_text(gaps, requirement, lack);
    ask_for(gaps, requirement, lack);
}

static const json_t *requirement_of(const json_t *requirements, const char *id)
{
    size_t i;
    json_t *one;
    json_array_foreach ((json_t *)requirements, i, one)
        if (!strcmp(json_text(one, "id"), id))
            return one;
    return NULL;
}

/* One requirement, or all of the group's. */
static void gather(struct gaps *gaps, const char *only)
{
    json_t *coverage = coverage_of_group(gaps->ctx, gaps->group_key, NULL), *lack;
    json_t *requirements = db_rows(gaps->ctx->tx,
                                   "SELECT r.id AS \"id\", r.type AS \"type\", r.text AS \"text\", "
                                   "r.capacity AS \"capacity\", r.min_count AS \"minCount\", "
                                   "b.id AS \"bodyId\" FROM requirement r "
                                   "LEFT JOIN body b ON b.key = r.body_key WHERE r.group_key = ?1",
                                   gaps->group_key);
    size_t i;
    json_array_foreach (json_object_get(coverage, "items"), i, lack) {
        const char *id = json_text(lack, "requirementId");
        const json_t *one = only && strcmp(only, id) ? NULL : requirement_of(requirements, id);
        if (one && strcmp(json_text(lack, "status"), "covered"))
            add_gap(gaps, one, lack);
    }
    json_decref(requirements);
    json_decref(coverage);
}

/* ---------------------------------------------------------------- the call */

/* "Nomination to NAG Palliativ vård", with the places that nobody comes from when they are few. */
static const char *title_of(struct gaps *gaps)
{
    struct ctx *ctx = gaps->ctx;
    const char *group =
        db_text(ctx->tx, "SELECT full_name FROM workgroup WHERE key = ?1", gaps->group_key);
    const char *title =
        ctx_textf(ctx, N_("Nominations to {group}"), "group", group ? group : "", NULL);
    size_t n = json_array_size(gaps->missing), i;
    json_t *name;
    if (n <= NAMED_IN_TITLE)
        json_array_foreach (gaps->missing, i, name)
            title = arena_join(ctx->arena, title, ", ", json_string_value(name), NULL);
    return title;
}

json_t *call_of_gaps(struct ctx *ctx, long long group_key, const char *requirement_id)
{
    struct gaps gaps = {.ctx = ctx,
                        .group_key = group_key,
                        .ids = json_array(),
                        .asked = json_array(),
                        .seen = json_object(),
                        .missing = json_array()};
    json_t *call = NULL;
    buf_init(&gaps.text, 16000);
    buf_adds(&gaps.text, ctx_text(ctx, N_("The group seeks somebody who fills what it lacks:")));
    buf_adds(&gaps.text, "\n\n");
    gather(&gaps, requirement_id);
    if (json_array_size(gaps.ids)) {
        call = json_object();
        json_put(call, "title", title_of(&gaps));
        json_put(call, "text", gaps.text.data);
        json_put_int(call, "seats", gaps.seats < SEATS_MOST ? gaps.seats : SEATS_MOST);
        json_object_set(call, "requirementIds", gaps.ids);
        json_object_set(call, "askedIds", gaps.asked);
    }
    buf_release(&gaps.text);
    json_decref(gaps.ids);
    json_decref(gaps.asked);
    json_decref(gaps.seen);
    json_decref(gaps.missing);
    return call;
}
