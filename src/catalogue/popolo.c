/* popolo.c: the public part of the register in the words of Popolo (popoloproject.com).
 *
 * Owns which rows of the register are which of Popolo's classes, and what of them is told. It asks
 * as nobody, whoever reads: the same conditions as the lists' (access.h, meeting.h) with a reader
 * who has no account, so that it is one file for all. Stricter than a group's own page, because it
 * spans all groups (domain.md 4): nothing says who speaks as a patient or next of kin, so neither
 * their capacity nor whom they represent is here, and a membership whose person is withheld is no
 * row at all. Contact data, professions and gender never are. Rows are written as they are read:
 * what stands in memory is the file, which has a ceiling. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/buf.h>
#include <kansli/json.h>
#include <kansli/meeting.h>
#include <kansli/membership.h>
#include "internal.h"

enum { FILE_MOST = 64 << 20, READ_MS = 60000 };

struct export {
    struct ctx *ctx;
    struct buf buf;
    bool first;
    void (*finish)(struct export *export, json_t *row);
};

/* ---------------------------------------------------------------- what SQL cannot say */

static void put_page(struct export *export, json_t *row, const char *collection)
{
    json_t *url =
        json_sprintf("%s/%s/%s", export->ctx->base_url, collection, json_text(row, "id"));
    json_put_new(row, "links", json_pack("[{s:o, s:s}]", "url", url, "note", "page"));
}

static void finish_person(struct export *export, json_t *row)
{
    put_page(export, row, "persons");
}

static void finish_organization(struct export *export, json_t *row)
{
    const char *code = json_text(row, "code"), *short_name = json_text(row, "short_name");
    bool group = json_int(row, "is_group", 0) != 0;
    put_page(export, row, group ? "groups" : "organisations");
    if (code)
        json_put_new(row, "identifiers",
                     json_pack("[{s:s, s:s}]", "scheme",
                               strlen(code) == 4 ? "kommunkod" : "länskod", "identifier", code));
    if (short_name)
        json_put_new(row, "other_names",
                     json_pack("[{s:s, s:s}]", "name", short_name, "note", "short name"));
    json_object_del(row, "is_group");
    json_object_del(row, "code");
    json_object_del(row, "short_name");
}

static void finish_role(struct export *export, json_t *row)
{
    json_put(row, "label", value_label(export->ctx, membership_roles, json_text(row, "role")));
}

static void finish_event(struct export *export, json_t *row)
{
    put_page(export, row, "meetings");
}

/* ---------------------------------------------------------------- rows */

#define OPEN_GROUP(g) ACCESS_GROUP_VISIBLE(g ".access_mode", g ".key")
#define OPEN_PEOPLE(g) ACCESS_PEOPLE_VISIBLE(g ".access_mode", g ".key")

static const char persons[] =
    "SELECT p.id AS \"id\", p.name AS \"name\", p.family_name AS \"family_name\", "
    "p.given_name AS \"given_name\" FROM person p WHERE EXISTS (SELECT 1 FROM membership m "
    "JOIN workgroup g ON g.key = m.group_key WHERE m.person_key = p.key "
    "AND " ACCESS_NAME_SHOWN("p", "m") " AND " OPEN_PEOPLE("g") ") ORDER BY p.key";

#define AREAS "('healthcareRegion', 'region', 'municipality')"

static const char organizations[] =
    "SELECT b.id AS \"id\", o.name AS \"name\", o.short_name AS \"short_name\", "
    "o.type AS \"classification\", u.id AS \"parent_id\", o.start_date AS \"founding_date\", "
    "o.end_date AS \"dissolution_date\", CASE WHEN o.type IN " AREAS " THEN b.id END AS "
    "\"area_id\", CASE WHEN o.type IN " AREAS " THEN o.code END AS \"code\", 0 AS \"is_group\", "
    "o.key AS \"key\" FROM organisation o JOIN body b ON b.key = o.key "
    "LEFT JOIN body u ON u.key = o.parent_key UNION ALL "
    "SELECT b.id, g.full_name, g.short_name, k.id, u.id, g.start_date, g.end_date, "
    "coalesce(rb.id, hb.id), NULL, 1, g.key FROM workgroup g JOIN body b ON b.key = g.key "
    "JOIN group_kind k ON k.key = g.kind_key LEFT JOIN workgroup ug ON ug.key = g.parent_key "
    "AND " OPEN_GROUP("ug") " LEFT JOIN body u ON u.key = ug.key "
    "LEFT JOIN body rb ON rb.key = g.region_key "
    "LEFT JOIN body hb ON hb.key = g.healthcare_region_key WHERE " OPEN_GROUP("g")
    " ORDER BY \"key\"";

static const char memberships[] =
    "SELECT m.id AS \"id\", p.id AS \"person_id\", gb.id AS \"organization_id\", "
    "m.role AS \"role\", CASE WHEN m.role IN " ACCESS_OFFICERS " THEN gb.id || ':' || m.role END "
    "AS \"post_id\", rb.id AS \"on_behalf_of_id\", m.start_date AS \"start_date\", "
    "m.end_date AS \"end_date\" FROM membership m JOIN workgroup g ON g.key = m.group_key "
    "JOIN body gb ON gb.key = g.key JOIN person p ON p.key = m.person_key "
    "AND " ACCESS_NAME_SHOWN("p", "m") " LEFT JOIN organisation o ON o.key = m.on_behalf_of_key "
    "LEFT JOIN workgroup w ON w.key = m.on_behalf_of_key AND " OPEN_GROUP("w")
    " LEFT JOIN body rb ON rb.key = coalesce(o.key, w.key) "
    "AND m.capacity NOT IN ('patient', 'nextOfKin') WHERE " OPEN_PEOPLE("g") " ORDER BY m.key";

/* A group's chair is a post whether anybody holds it or not; the others when somebody has. */
static const char posts[] =
    "SELECT gb.id || ':' || r.role AS \"id\", r.role AS \"role\", gb.id AS \"organization_id\", "
    "g.start_date AS \"start_date\", g.end_date AS \"end_date\" FROM workgroup g "
    "JOIN body gb ON gb.key = g.key JOIN (SELECT 'chair' AS role, 1 AS place "
    "UNION ALL SELECT 'viceChair', 2 UNION ALL SELECT 'processLeader', 3 "
    "UNION ALL SELECT 'secretary', 4) AS r ON r.role = 'chair' OR EXISTS (SELECT 1 "
    "FROM membership m WHERE m.group_key = g.key AND m.role = r.role) WHERE " OPEN_PEOPLE("g")
    " ORDER BY g.key, r.place";

/* Popolo's times end with seconds. */
#define SECONDS(instant) "substr(" instant ", 1, 19) || 'Z'"

/* How to join online is for those who do. */
static const char events[] =
    "SELECT m.id AS \"id\", m.title AS \"name\", 'meeting' AS \"classification\", "
    "gb.id AS \"organization_id\", " SECONDS("m.starts_at") " AS \"start_date\", "
    SECONDS("m.ends_at") " AS \"end_date\", "
    "CASE WHEN m.cancelled_at IS NULL THEN 'confirmed' ELSE 'cancelled' END AS \"status\", "
    "CASE WHEN m.mode = 'inPerson' THEN m.location END AS \"location\" FROM meeting m "
    "LEFT JOIN workgroup g ON g.key = m.group_key AND " OPEN_GROUP("g")
    " LEFT JOIN body gb ON gb.key = g.key WHERE " MEETING_VISIBLE("m") " ORDER BY m.key";

static const char areas[] =
    "SELECT b.id AS \"id\", o.name AS \"name\", o.type AS \"classification\", "
    "o.code AS \"identifier\", u.id AS \"parent_id\" FROM organisation o "
    "JOIN body b ON b.key = o.key LEFT JOIN organisation_area a ON a.organisation_key = o.key "
    "AND a.is_primary = 1 AND o.type = 'region' LEFT JOIN body u "
    "ON u.key = CASE WHEN o.type = 'municipality' THEN o.parent_key "
    "ELSE a.healthcare_region_key END WHERE o.type IN " AREAS " ORDER BY o.key";

static const struct {
    const char *name, *rows;
    void (*finish)(struct export *export, json_t *row);
} classes[] = {
    {"persons", persons, finish_person},
    {"organizations", organizations, finish_organization},
    {"memberships", memberships, finish_role},
    {"posts", posts, finish_role},
    {"events", events, finish_event},
    {"areas", areas, NULL},
};

/* ---------------------------------------------------------------- the file */

/* What a row has nothing to say of is absent, as Popolo allows. */
static void drop_nulls(json_t *row)
{
    const char *name;
    json_t *value;
    void *next;
    json_object_foreach_safe(row, next, name, value)
        if (json_is_null(value))
            json_object_del(row, name);
}

static bool write_row(json_t *row, void *arg)
{
    struct export *export = arg;
    if (export->finish)
        export->finish(export, row);
    json_object_del(row, "key");
    drop_nulls(row);
    if (!export->first)
        buf_addc(&export->buf, ',');
    export->first = false;
    json_write(&export->buf, row);
    return !export->buf.full;
}

/* The reader is nobody: ?2, ?3 and ?7 (access.h) are 0. */
static void write_class(struct export *export, const char *rows)
{
    const char *today = export->ctx->today;
    const struct db_arg reader[] = {DB_ARG(today), DB_ARG(0),  DB_ARG(0), DB_ARG(today),
                                    DB_ARG(""),    DB_ARG(""), DB_ARG(0)};
    export->first = true;
    db_each_(export->ctx->tx, write_row, export, rows, reader, LEN(reader));
}

enum code popolo_export(struct ctx *ctx, struct answer *out)
{
    struct export export = {.ctx = ctx};
    buf_init(&export.buf, FILE_MOST);
    db_read_limit(ctx->tx, READ_MS);
    for (size_t i = 0; i < LEN(classes); i++) {
        buf_addf(&export.buf, "%s\"%s\":[", i ? "," : "{", classes[i].name);
        export.finish = classes[i].finish;
        write_class(&export, classes[i].rows);
        buf_addc(&export.buf, ']');
    }
    buf_addc(&export.buf, '}');
    bool full = export.buf.full;
    out->bytes = buf_steal(&export.buf, &out->bytes_len);
    out->raw_type = "application/json";
    out->open_to_all = true;
    return full ? err_set(ctx->err, E_TOO_BIG, "answer-too-big",
                          N_("The answer is too big. Ask for less at a time."))
                : tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- its description */

#define TEXT "{\"type\":\"string\"}"
#define DAY "{\"type\":\"string\",\"format\":\"date\"}"
#define INSTANT "{\"type\":\"string\",\"format\":\"date-time\"}"
#define LINKS ",\"links\":" ROWS("\"url\"", "\"url\":" TEXT ",\"note\":" TEXT)
#define ROWS(required, properties)                                                                 \
    "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[" required                   \
    "],\"properties\":{" properties "}}}"

const char popolo_schema[] =
    "{\"type\":\"object\",\"required\":[\"persons\",\"organizations\",\"memberships\",\"posts\","
    "\"events\",\"areas\"],\"properties\":{\"persons\":"
    ROWS("\"id\",\"name\"", "\"id\":" TEXT ",\"name\":" TEXT ",\"family_name\":" TEXT
         ",\"given_name\":" TEXT LINKS)
    ",\"organizations\":"
    ROWS("\"id\",\"name\",\"classification\"",
         "\"id\":" TEXT ",\"name\":" TEXT ",\"classification\":" TEXT ",\"parent_id\":" TEXT
         ",\"area_id\":" TEXT ",\"founding_date\":" DAY ",\"dissolution_date\":" DAY
         ",\"identifiers\":" ROWS("\"identifier\"", "\"scheme\":" TEXT ",\"identifier\":" TEXT)
         ",\"other_names\":" ROWS("\"name\"", "\"name\":" TEXT ",\"note\":" TEXT) LINKS)
    ",\"memberships\":"
    ROWS("\"id\",\"person_id\",\"organization_id\",\"role\"",
         "\"id\":" TEXT ",\"person_id\":" TEXT ",\"organization_id\":" TEXT ",\"role\":" TEXT
         ",\"label\":" TEXT ",\"post_id\":" TEXT ",\"on_behalf_of_id\":" TEXT
         ",\"start_date\":" DAY ",\"end_date\":" DAY)
    ",\"posts\":"
    ROWS("\"id\",\"label\",\"role\",\"organization_id\"",
         "\"id\":" TEXT ",\"label\":" TEXT ",\"role\":" TEXT ",\"organization_id\":" TEXT
         ",\"start_date\":" DAY ",\"end_date\":" DAY)
    ",\"events\":"
    ROWS("\"id\",\"name\",\"start_date\"",
         "\"id\":" TEXT ",\"name\":" TEXT ",\"classification\":" TEXT ",\"organization_id\":" TEXT
         ",\"start_date\":" INSTANT ",\"end_date\":" INSTANT ",\"location\":" TEXT
         ",\"status\":" TEXT LINKS)
    ",\"areas\":"
    ROWS("\"id\",\"name\",\"classification\"",
         "\"id\":" TEXT ",\"name\":" TEXT ",\"classification\":" TEXT ",\"identifier\":" TEXT
         ",\"parent_id\":" TEXT) "}}";
