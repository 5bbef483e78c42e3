/* level_pages.c: the routes of the start page, the levels and the matrix. Owns titles, crumbs and
 * the shapes that scripts see; knows no SQL and no rule. */
#include <string.h>
#include <kansli/group.h>
#include <kansli/kept.h>
#include <kansli/kind.h>
#include <kansli/level.h>
#include <kansli/organisation.h>
#include "internal.h"

/* ---------------------------------------------------------------- what stands around a document */

static const char *level_title(struct ctx *ctx, const char *level)
{
    if (!strcmp(level, "national"))
        return ctx_text(ctx, N_("National level"));
    return strcmp(level, "local") ? ctx_text(ctx, N_("Healthcare-regional level"))
                                  : ctx_text(ctx, N_("Local level"));
}

static void step(json_t *crumbs, const char *href, const char *name)
{
    json_t *crumb = json_push(crumbs, json_object());
    json_put(crumb, "href", href);
    json_put(crumb, "name", name);
}

/* Groups / the level / here. */
static void add_crumbs(struct ctx *ctx, json_t *document, const char *level, const char *here)
{
    if (!ctx_embeds(ctx, "crumbs"))
        return;
    json_t *crumbs = json_array();
    step(crumbs, "/levels", ctx_text(ctx, N_("Groups")));
    if (level)
        step(crumbs, level_path(level), level_title(ctx, level));
    if (here)
        step(crumbs, ctx->path, here);
    ctx_embed(ctx, document, "crumbs", crumbs);
}

/* The tabs that all pages about all groups share, with what has been counted here already. */
static void add_tabs(struct ctx *ctx, json_t *document, const char *current)
{
    if (!ctx_embeds(ctx, "tabs"))
        return;
    struct tallies tallies = tallies_read(ctx);
    struct tally sum = tally_sum(&tallies, -1, 0, NULL);
    long long all = sum.active + sum.dormant + sum.planned + sum.closed;
    ctx_embed(ctx, document, "tabs", group_tabs_counted(ctx, current, all, sum.closed));
}

/* ---------------------------------------------------------------- handlers */

static enum code start(struct ctx *ctx, struct answer *out)
{
    return level_start(ctx, &out->document);
}

static enum code make_overview(struct ctx *ctx, struct answer *out)
{
    enum code c = level_overview(ctx, &out->document);
    out->title = ctx_text(ctx, N_("The groups of knowledge governance"));
    if (!c)
        add_tabs(ctx, out->document, "/levels");
    return c;
}

static enum code make_national(struct ctx *ctx, struct answer *out)
{
    const char *moved = NULL;
    enum code c = level_show(ctx, "national", NULL, &moved, &out->document);
    if (c)
        return c;
    out->title = level_title(ctx, "national");
    add_crumbs(ctx, out->document, "national", NULL);
    return OK;
}

static enum code places(struct ctx *ctx, const char *level, struct answer *out)
{
    enum code c = level_places(ctx, level, &out->document);
    if (c)
        return c;
    out->title = level_title(ctx, level);
    add_crumbs(ctx, out->document, level, NULL);
    return OK;
}

static enum code make_healthcare_regions(struct ctx *ctx, struct answer *out)
{
    return places(ctx, "healthcareRegion", out);
}

static enum code make_regions(struct ctx *ctx, struct answer *out)
{
    return places(ctx, "local", out);
}

static enum code place(struct ctx *ctx, const char *level, const char *id, struct answer *out)
{
    const char *moved = NULL;
    enum code c = level_show(ctx, level, id, &moved, &out->document);
    if (c == E_ABSENT && moved) {
        err_release(ctx->err);
        out->moved = true;
        out->location = arena_printf(ctx->arena, "%s/%s", level_path(level), moved);
        return OK;
    }
    if (c)
        return c;
    out->title = json_text(json_object_get(out->document, "organisation"), "name");
    add_crumbs(ctx, out->document, level, out->title);
    return OK;
}

static enum code make_healthcare_region(struct ctx *ctx, struct answer *out)
{
    return place(ctx, "healthcareRegion", ctx_value(ctx, "organisationId"), out);
}

static enum code make_region(struct ctx *ctx, struct answer *out)
{
    return place(ctx, "local", ctx_value(ctx, "regionId"), out);
}

static enum code make_matrix(struct ctx *ctx, struct answer *out)
{
    enum code c = level_matrix(ctx, &out->document);
    out->title = ctx_text(ctx, N_("Matrix of areas"));
    if (!c)
        add_tabs(ctx, out->document, "/matrix");
    return c;
}

/* ---------------------------------------------------------------- what is kept */

static enum code kept(struct ctx *ctx, struct answer *out, handler *make)
{
    static struct kept_slot slots[48];
    static struct kept documents = {slots, LEN(slots), 0};
    return kept_answer(&documents, ctx, out, make);
}

static enum code overview(struct ctx *ctx, struct answer *out)
{
    return kept(ctx, out, make_overview);
}

static enum code national(struct ctx *ctx, struct answer *out)
{
    return kept(ctx, out, make_national);
}

static enum code healthcare_regions(struct ctx *ctx, struct answer *out)
{
    return kept(ctx, out, make_healthcare_regions);
}

static enum code regions(struct ctx *ctx, struct answer *out)
{
    return kept(ctx, out, make_regions);
}

static enum code healthcare_region(struct ctx *ctx, struct answer *out)
{
    return kept(ctx, out, make_healthcare_region);
}

static enum code region(struct ctx *ctx, struct answer *out)
{
    return kept(ctx, out, make_region);
}

static enum code matrix(struct ctx *ctx, struct answer *out)
{
    return kept(ctx, out, make_matrix);
}

/* ---------------------------------------------------------------- shapes */

#define TEXT "{\"type\":\"string\"}"
#define MAYBE "{\"type\":[\"string\",\"null\"]}"
#define COUNT "{\"type\":\"integer\",\"minimum\":0}"
#define DAY "{\"type\":\"string\",\"format\":\"date\"}"
#define LEVEL "{\"enum\":[\"national\",\"healthcareRegion\",\"local\"]}"
#define STATE "{\"enum\":[\"exists\",\"joint\",\"missing\",\"chairVacant\"]}"
#define LIST(items) "{\"type\":\"array\",\"items\":" items "}"
#define OBJECT(required, properties)                                                               \
    "{\"type\":\"object\",\"required\":[" required "],\"properties\":{" properties "}}"
#define KIND_PARTS                                                                                 \
    "\"kind\":" TEXT ",\"kindLabel\":" TEXT ",\"abbreviation\":" MAYBE ",\"count\":" COUNT
#define KIND                                                                                       \
    OBJECT("\"kind\",\"kindLabel\",\"count\"",                                                     \
           KIND_PARTS ",\"category\":" TEXT ",\"core\":{\"type\":\"boolean\"}")
#define COVERAGE                                                                                   \
    OBJECT("\"covered\",\"partial\",\"missing\"",                                                  \
           "\"covered\":" COUNT ",\"partial\":" COUNT ",\"missing\":" COUNT)
#define HELD_NAMES "\"chairVacant\",\"vacancies\",\"coverage\""
#define HELD "\"chairVacant\":" COUNT ",\"vacancies\":" COUNT ",\"coverage\":" COVERAGE
#define GROUP                                                                                      \
    OBJECT("\"id\",\"fullName\",\"name\",\"status\",\"statusLabel\",\"memberCount\"," HELD_NAMES,  \
           "\"id\":" TEXT ",\"fullName\":" TEXT ",\"name\":" TEXT                                  \
           ",\"status\":{\"enum\":[\"planned\",\"active\",\"dormant\",\"closed\"]}"                \
           ",\"statusLabel\":" TEXT ",\"hostId\":" MAYBE ",\"hostName\":" MAYBE                    \
           ",\"memberCount\":" COUNT ",\"chairVacant\":{\"type\":\"boolean\"}"                     \
           ",\"vacancies\":" COUNT ",\"coverage\":" COVERAGE)
#define KIND_OF_GROUPS                                                                             \
    OBJECT("\"kind\",\"kindLabel\",\"count\",\"groups\"",                                          \
           KIND_PARTS ",\"many\":{\"type\":\"boolean\"},\"groups\":" LIST(GROUP))
#define TOTALS                                                                                     \
    OBJECT("\"groups\",\"active\",\"planned\",\"dormant\",\"closed\",\"members\","                 \
           "\"chairVacant\",\"vacancies\"",                                                        \
           "\"groups\":" COUNT ",\"active\":" COUNT ",\"planned\":" COUNT ",\"dormant\":" COUNT    \
           ",\"closed\":" COUNT ",\"members\":" COUNT ",\"chairVacant\":" COUNT                    \
           ",\"vacancies\":" COUNT)
#define PLACE_PARTS                                                                                \
    "\"id\":" TEXT ",\"name\":" TEXT ",\"shortName\":" TEXT ",\"sign\":" MAYBE ",\"href\":" TEXT
#define PLACE OBJECT("\"id\",\"name\"", PLACE_PARTS ",\"isPrimary\":{\"type\":\"boolean\"}")
#define COUNTED_PLACE                                                                              \
    OBJECT("\"id\",\"name\",\"groups\",\"members\",\"chairVacant\"",                               \
           PLACE_PARTS ",\"isPrimary\":{\"type\":\"boolean\"},\"groups\":" COUNT                   \
                       ",\"members\":" COUNT "," HELD ",\"kinds\":" LIST(KIND)                     \
                       ",\"regions\":" LIST(PLACE) ",\"healthcareRegions\":" LIST(PLACE))
#define VACANCY                                                                                    \
    OBJECT("\"groupId\",\"groupName\",\"vacancies\",\"vacantSince\"",                              \
           "\"groupId\":" TEXT ",\"groupName\":" TEXT ",\"vacancies\":" COUNT                      \
           ",\"vacantSince\":" DAY)
#define SHARE                                                                                      \
    OBJECT("\"organisationId\",\"organisationName\",\"seats\",\"percent\"",                        \
           "\"organisationId\":" TEXT ",\"organisationName\":" TEXT ",\"seats\":" COUNT            \
           ",\"percent\":" COUNT)
#define PLANS                                                                                      \
    OBJECT("\"year\",\"expected\",\"decided\",\"approved\",\"followedUp\",\"undecided\"",          \
           "\"year\":" COUNT ",\"expected\":" COUNT ",\"decided\":" COUNT ",\"approved\":" COUNT     \
           ",\"followedUp\":" COUNT ",\"undecided\":" COUNT ",\"submitted\":" COUNT                 \
           ",\"returned\":" COUNT ",\"draft\":" COUNT ",\"missing\":" COUNT)
#define REVIEWS                                                                                    \
    OBJECT("\"year\",\"due\",\"done\"", "\"year\":" COUNT ",\"due\":" COUNT ",\"done\":" COUNT)
#define LATER                                                                                      \
    "\"coverage\":" COVERAGE ",\"vacancies\":" LIST(VACANCY) ",\"plans\":" PLANS ",\"reviews\":"   \
    REVIEWS ",\"shares\":" LIST(SHARE)
#define LATER_NAMES "\"coverage\",\"vacancies\",\"plans\",\"reviews\",\"shares\""
#define CARD                                                                                       \
    OBJECT("\"level\",\"levelLabel\",\"kinds\",\"groups\",\"members\",\"chairVacant\"",            \
           "\"level\":" LEVEL ",\"levelLabel\":" TEXT ",\"href\":" TEXT ",\"groups\":" COUNT       \
           ",\"members\":" COUNT "," HELD ",\"plans\":" PLANS ",\"reviews\":" REVIEWS               \
           ",\"kinds\":" LIST(KIND))
#define PIP                                                                                        \
    OBJECT("\"id\",\"name\",\"sign\",\"state\",\"stateLabel\"",                                    \
           "\"id\":" TEXT ",\"name\":" TEXT ",\"sign\":" TEXT ",\"state\":" STATE                  \
           ",\"stateLabel\":" TEXT ",\"groupId\":" MAYBE)
#define AREA                                                                                       \
    OBJECT("\"id\",\"name\",\"fullName\",\"nag\",\"regions\"",                                     \
           "\"id\":" TEXT ",\"name\":" TEXT ",\"fullName\":" TEXT ",\"hostId\":" MAYBE             \
           ",\"hostName\":" MAYBE ",\"nag\":" COUNT ",\"regions\":" LIST(PIP))
#define CELL                                                                                       \
    OBJECT("\"bodyId\",\"state\",\"stateLabel\",\"groupId\",\"groupName\"",                        \
           "\"bodyId\":" TEXT ",\"state\":" STATE ",\"stateLabel\":" TEXT ",\"groupId\":" MAYBE    \
           ",\"groupName\":" MAYBE)

static const char start_reply[] =
    OBJECT("\"asOf\",\"levels\",\"programmeAreas\",\"me\"",
           "\"asOf\":" DAY ",\"levels\":" LIST(CARD) ",\"programmeAreas\":" LIST(
               OBJECT("\"id\",\"name\",\"fullName\"",
                      "\"id\":" TEXT ",\"name\":" TEXT
                      ",\"fullName\":" TEXT)) ",\"me\":{\"type\":[\"object\",\"null\"]}");

static const char overview_reply[] =
    OBJECT("\"asOf\",\"levels\",\"programmeAreas\",\"totals\"," LATER_NAMES,
           "\"asOf\":" DAY ",\"levels\":" LIST(CARD) ",\"programmeAreas\":" LIST(
               AREA) ",\"totals\":" TOTALS "," LATER);

static const char level_reply[] =
    OBJECT("\"level\",\"levelLabel\",\"asOf\",\"kinds\",\"totals\"," LATER_NAMES,
           "\"level\":" LEVEL ",\"levelLabel\":" TEXT ",\"asOf\":" DAY ",\"organisation\":" PLACE
           ",\"kinds\":" LIST(KIND_OF_GROUPS) ",\"totals\":" TOTALS
           ",\"regions\":" LIST(COUNTED_PLACE) ",\"healthcareRegions\":" LIST(
               PLACE) ",\"municipalities\":" COUNT "," LATER);

static const char places_reply[] = OBJECT(
    "\"level\",\"levelLabel\",\"asOf\",\"kinds\",\"totals\",\"organisations\"," LATER_NAMES,
    "\"level\":" LEVEL ",\"levelLabel\":" TEXT ",\"asOf\":" DAY ",\"kinds\":" LIST(
        KIND) ",\"totals\":" TOTALS ",\"organisations\":" LIST(COUNTED_PLACE) "," LATER);

static const char matrix_reply[] = OBJECT(
    "\"asOf\",\"columns\",\"rows\",\"totals\"",
    "\"asOf\":" DAY ",\"columns\":" LIST(OBJECT(
        "\"id\",\"name\",\"shortName\",\"level\",\"parentId\"",
        "\"id\":" TEXT ",\"name\":" TEXT ",\"shortName\":" TEXT ",\"level\":" LEVEL
        ",\"parentId\":" MAYBE ",\"href\":" TEXT)) ",\"rows\":" LIST(OBJECT(
        "\"id\",\"name\",\"fullName\",\"cells\"",
        "\"id\":" TEXT ",\"name\":" TEXT ",\"fullName\":" TEXT ",\"cells\":" LIST(
            CELL))) ",\"totals\":" LIST(OBJECT(
        "\"bodyId\",\"groups\",\"exists\",\"joint\",\"missing\",\"chairVacant\"",
        "\"bodyId\":" TEXT ",\"groups\":" COUNT ",\"exists\":" COUNT ",\"joint\":" COUNT
        ",\"missing\":" COUNT ",\"chairVacant\":" COUNT)));

/* ---------------------------------------------------------------- routes */

static const struct field overview_query[] = {
    {.name = "q", .label = N_("Filter by name"), .type = T_TEXT},
    {.name = "missing",
     .label = N_("Missing in"),
     .type = T_REF,
     .reference = &healthcare_region_reference},
    {.name = "sort", .label = N_("Order"), .type = T_ENUM, .values = area_sorts},
    {0},
};

static const struct field level_query[] = {
    {.name = "kind", .label = N_("Kind"), .type = T_REF, .reference = &kind_reference},
    {.name = "status", .label = N_("Status"), .type = T_ENUM, .values = group_statuses},
    {.name = "q", .label = N_("Filter by name"), .type = T_TEXT},
    {0},
};

static const struct field matrix_query[] = {
    {.name = "category", .label = N_("Areas"), .type = T_ENUM, .values = area_categories},
    {.name = "healthcareRegion",
     .label = N_("Healthcare region"),
     .type = T_REF,
     .reference = &healthcare_region_reference},
    {0},
};

#define VIEW(address, handler, template, schema)                                                   \
    .method = "GET", .path = address, .may = MAY_ALL, .run = handler, .view = template,            \
    .shape = SHAPE_VIEW, .reply = schema, .flags = ROUTE_CACHE

const struct route level_routes[] = {
    {VIEW("/", start, "level/start", start_reply),
     .what = N_("The start page: the three levels, the programme areas and what is yours.")},
    {VIEW("/levels", overview, "level/overview", overview_reply), .query = overview_query,
     .what = N_("The three levels in numbers, and every programme area.")},
    {VIEW("/levels/national", national, "level/show", level_reply), .query = level_query,
     .what = N_("The national level: its groups by kind.")},
    {VIEW("/levels/healthcare-region", healthcare_regions, "level/places", places_reply),
     .what = N_("The healthcare regions with their counts.")},
    {VIEW("/levels/healthcare-region/{organisationId}", healthcare_region, "level/show",
          level_reply),
     .query = level_query, .what = N_("A healthcare region: its groups by kind, and its regions.")},
    {VIEW("/levels/local", regions, "level/places", places_reply),
     .what = N_("The regions with their counts.")},
    {VIEW("/levels/local/{regionId}", region, "level/show", level_reply), .query = level_query,
     .what = N_("A region: its groups by kind.")},
    {VIEW("/matrix", matrix, "level/matrix", matrix_reply), .query = matrix_query,
     .what = N_("Programme areas against the nation, the healthcare regions and the regions.")},
    {0},
};
