/* dcat.c: the register described for catalogues of open data: DCAT-AP-SE, in Turtle.
 *
 * Owns which of the register's lists are offered as data sets, and under which headings Sweden's
 * data portal finds them. Says nothing of what is in them: it is the same for an empty register,
 * but for who runs it (two settings). What is offered is what anybody may read at these
 * addresses. */
#include <string.h>
#include <kansli/buf.h>
#include <kansli/db.h>
#include "internal.h"

enum { TURTLE_MOST = 256 << 10 };

#define AUTHORITY "http://publications.europa.eu/resource/authority/"
#define OPEN_LICENCE "<http://creativecommons.org/publicdomain/zero/1.0/>"

/* How an address gives its list: what is added to it, the media type, the words. */
static const struct form {
    const char *query, *media, *name;
} forms[] = {
    {"", "application/json", "JSON"},
    {"?format=csv", "text/csv", "CSV"},
    {"?format=xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel"},
};

static const struct set {
    const char *path, *name; /* below /api/v1; its own name in this description */
    bool whole;              /* one file of one form, not a list */
    const char *calendar;    /* an address that gives it as iCalendar too, or NULL */
    const char *swedish, *english, *about_swedish, *about_english;
} sets[] = {
    {"/groups", "groups", false, NULL, "Grupper i kunskapsstyrningen",
     "Groups of the governance of knowledge",
     "Programområden, samverkansgrupper och arbetsgrupper på alla nivåer: sort, uppdragsgivare, "
     "värdskap och vilka dagar de gäller.",
     "Programme areas, collaboration groups and working groups of all levels: kind, principals, "
     "host and the days they are in force."},
    {"/organisations", "organisations", false, NULL, "Organisationer", "Organisations",
     "Sjukvårdsregioner, regioner, kommuner och andra organisationer som grupperna hör till.",
     "Healthcare regions, regions, municipalities and other organisations that groups belong to."},
    {"/memberships", "memberships", false, NULL, "Uppdrag i grupper", "Roles in groups",
     "Vilka som har uppdrag i grupper som är öppna för alla, med roll, vem de företräder och "
     "dagar. Den vars namn inte visas står utan namn.",
     "Who has a role in the groups that are open to all, with role, whom they represent and days. "
     "Whoever's name is withheld stands without a name."},
    {"/meetings", "meetings", false, "/levels/national/calendar", "Möten", "Meetings",
     "Öppna gruppers möten som alla får se.", "Meetings of open groups that everyone may see."},
    {"/decisions", "decisions", false, NULL, "Beslut", "Decisions",
     "Numrerade beslut ur justerade minnesanteckningar som alla får läsa.",
     "Numbered decisions out of adjusted minutes that everyone may read."},
    {"/plans", "plans", false, NULL, "Verksamhetsplaner", "Annual plans",
     "Programområdenas fastställda verksamhetsplaner.", "The programme areas' approved plans."},
    {"/exports/popolo", "popolo", true, NULL, "Registrets öppna del enligt Popolo",
     "The public part of the register as Popolo",
     "Personer, organisationer, uppdrag, poster, möten och områden i en fil enligt "
     "popoloproject.com.",
     "Persons, organizations, memberships, posts, events and areas in one file as "
     "popoloproject.com specifies."},
};

/* ---------------------------------------------------------------- words */

/* Turtle's escapes are JSON's. */
static void put_text(struct buf *out, const char *text, const char *language)
{
    buf_addc(out, '"');
    buf_json(out, text, strlen(text));
    buf_addc(out, '"');
    if (language)
        buf_addf(out, "@%s", language);
}

static void put_both(struct buf *out, const char *property, const char *swedish,
                     const char *english)
{
    buf_addf(out, "    %s ", property);
    put_text(out, swedish, "sv");
    buf_adds(out, ", ");
    put_text(out, english, "en");
    buf_adds(out, " ;\n");
}

static void put_shared(struct buf *out, const char *base)
{
    buf_addf(out,
             "    dcterms:publisher <%s/dcat.ttl#publisher> ;\n"
             "    dcat:contactPoint <%s/dcat.ttl#contact> ;\n"
             "    dcterms:license " OPEN_LICENCE " ;\n"
             "    dcterms:language <" AUTHORITY "language/SWE>, <" AUTHORITY "language/ENG> ;\n",
             base, base);
}

/* ---------------------------------------------------------------- who */

static void put_publisher(struct buf *out, struct ctx *ctx)
{
    const char *name = db_text(ctx->tx, "SELECT value FROM setting WHERE name = 'operatorName'");
    const char *email = db_text(ctx->tx, "SELECT value FROM setting WHERE name = 'operatorEmail'");
    if (!name || !*name)
        name = "kansli";
    buf_addf(out, "<%s/dcat.ttl#publisher> a foaf:Agent ;\n    foaf:name ", ctx->base_url);
    put_text(out, name, NULL);
    buf_addf(out, " ;\n    foaf:homepage <%s/> .\n\n", ctx->base_url);
    buf_addf(out, "<%s/dcat.ttl#contact> a vcard:Organization ;\n    vcard:fn ", ctx->base_url);
    put_text(out, name, NULL);
    if (email && *email) {
        buf_adds(out, " ;\n    vcard:hasEmail <mailto:");
        size_t local = strcspn(email, "@");
        buf_url(out, email, local);
        buf_adds(out, email + local);
        buf_addc(out, '>');
    }
    buf_addf(out, " ;\n    vcard:hasURL <%s/api> .\n\n", ctx->base_url);
}

/* ---------------------------------------------------------------- what */

static void put_catalogue(struct buf *out, const char *base)
{
    buf_addf(out, "<%s/dcat.ttl#catalogue> a dcat:Catalog ;\n", base);
    put_both(out, "dcterms:title", "Register för kunskapsstyrning",
             "Register of the governance of knowledge");
    put_both(out, "dcterms:description",
             "Den öppna delen av registret över hälso- och sjukvårdens grupper för "
             "kunskapsstyrning.",
             "The public part of the register of groups for the governance of knowledge in "
             "health care.");
    put_shared(out, base);
    buf_addf(out,
             "    foaf:homepage <%s/> ;\n"
             "    dcat:themeTaxonomy <" AUTHORITY "data-theme> ;\n"
             "    dcterms:spatial <http://sws.geonames.org/2661886/> ;\n"
             "    dcat:service <%s/dcat.ttl#api> ;\n    dcat:dataset",
             base, base);
    for (size_t i = 0; i < LEN(sets); i++)
        buf_addf(out, "%s <%s/dcat.ttl#%s>", i ? "," : "", base, sets[i].name);
    buf_adds(out, " .\n\n");
}

static void put_service(struct buf *out, const char *base)
{
    buf_addf(out, "<%s/dcat.ttl#api> a dcat:DataService ;\n", base);
    put_both(out, "dcterms:title", "Registrets API", "The register's API");
    put_shared(out, base);
    buf_addf(out,
             "    dcat:endpointURL <%s/api/v1> ;\n"
             "    dcat:endpointDescription <%s/api/v1/openapi.json> ;\n"
             "    foaf:page <%s/api> ;\n"
             "    dcterms:accessRights <" AUTHORITY "access-right/PUBLIC> ;\n"
             "    dcterms:conformsTo <https://spec.openapis.org/oas/v3.1.0> ;\n"
             "    dcat:servesDataset",
             base, base, base);
    for (size_t i = 0; i < LEN(sets); i++)
        buf_addf(out, "%s <%s/dcat.ttl#%s>", i ? "," : "", base, sets[i].name);
    buf_adds(out, " .\n\n");
}

static void put_distribution(struct buf *out, const char *address, const char *media,
                             const char *name, bool last)
{
    buf_addf(out,
             "    dcat:distribution [ a dcat:Distribution ;\n"
             "        dcterms:title \"%s\" ;\n"
             "        dcat:accessURL <%s> ;\n"
             "        dcat:downloadURL <%s> ;\n"
             "        dcterms:format \"%s\" ;\n"
             "        dcterms:license " OPEN_LICENCE " ] %s\n",
             name, address, address, media, last ? ".\n" : ";");
}

static void put_set(struct buf *out, struct ctx *ctx, const struct set *set)
{
    size_t n = set->whole ? 1 : LEN(forms);
    buf_addf(out, "<%s/dcat.ttl#%s> a dcat:Dataset ;\n", ctx->base_url, set->name);
    put_both(out, "dcterms:title", set->swedish, set->english);
    put_both(out, "dcterms:description", set->about_swedish, set->about_english);
    put_shared(out, ctx->base_url);
    buf_adds(out, "    dcat:theme <" AUTHORITY "data-theme/HEAL>, <" AUTHORITY
                  "data-theme/GOVE> ;\n"
                  "    dcterms:accessRights <" AUTHORITY "access-right/PUBLIC> ;\n"
                  "    dcterms:accrualPeriodicity <" AUTHORITY "frequency/UPDATE_CONT> ;\n"
                  "    dcterms:spatial <http://sws.geonames.org/2661886/> ;\n");
    put_both(out, "dcat:keyword", "kunskapsstyrning", "knowledge governance");
    for (size_t i = 0; i < n; i++)
        put_distribution(out,
                         arena_printf(ctx->arena, "%s/api/v1%s%s", ctx->base_url, set->path,
                                      forms[i].query),
                         forms[i].media, forms[i].name, i + 1 == n && !set->calendar);
    if (set->calendar)
        put_distribution(out, arena_join(ctx->arena, ctx->base_url, set->calendar, NULL),
                         "text/calendar", "iCalendar", true);
}

const char *dcat_turtle(struct ctx *ctx)
{
    struct buf out;
    buf_init(&out, TURTLE_MOST);
    buf_adds(&out, "@prefix dcat: <http://www.w3.org/ns/dcat#> .\n"
                   "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
                   "@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n"
                   "@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .\n\n");
    put_catalogue(&out, ctx->base_url);
    put_publisher(&out, ctx);
    put_service(&out, ctx->base_url);
    for (size_t i = 0; i < LEN(sets); i++)
        put_set(&out, ctx, &sets[i]);
    MUST(!out.full);
    const char *text = arena_strndup(ctx->arena, out.data, out.len);
    buf_release(&out);
    return text;
}
