/* version.c: a plan as it was submitted, each time (R60): frozen.
 *
 * Owns what is kept of a plan: its texts and its initiatives, and what the register said that day.
 * What an initiative names (a gap, a group, another initiative) is kept by id and told as the
 * reader may know it today, so that a frozen version tells no more than the plan itself. Everyone
 * sees the version that was approved; those inside see all. Must not know how two are compared. */
#include <string.h>
#include <kansli/buf.h>
#include <kansli/crypt.h>
#include "internal.h"

enum { DOCUMENT_MOST = 8 << 20 }; /* bytes */

/* ---------------------------------------------------------------- the document */

/* Lists are kept as JSON text. */
static void open_list(json_t *row, const char *name)
{
    const char *text = json_text(row, name);
    json_t *list = text ? json_loads(text, 0, NULL) : NULL;
    json_put_new(row, name, list ? list : json_array());
}

json_t *plan_document(struct ctx *ctx, long long plan_key)
{
    json_t *document = db_row(ctx->tx,
                              "SELECT goals AS \"goals\", focus_areas AS \"focusAreas\", "
                              "collaboration AS \"collaboration\", risks AS \"risks\", "
                              "resources AS \"resources\" FROM plan WHERE key = ?1",
                              plan_key);
    json_t *row, *rows = db_rows(
        ctx->tx,
        "SELECT i.id AS \"id\", f.id AS \"fromId\", i.position AS \"position\", "
        "i.title AS \"title\", i.focus_area AS \"focusArea\", i.problem AS \"problem\", "
        "ga.id AS \"gapId\", b.id AS \"groupId\", "
        "i.deliverable_type AS \"deliverableType\", i.dimensions AS \"dimensions\", "
        "i.priority AS \"priority\", i.priority_reason AS \"priorityReason\", "
        "i.cost AS \"cost\", i.prioritisation_reference AS \"prioritisationReference\", "
        "i.resource_needs AS \"resourceNeeds\", i.start_date AS \"startDate\", "
        "i.end_date AS \"endDate\", i.milestones AS \"milestones\", "
        "i.indicators AS \"indicators\", pi.id AS \"parentInitiativeId\" FROM initiative i "
        "LEFT JOIN gap ga ON ga.key = i.gap_key LEFT JOIN body b ON b.key = i.group_key "
        "LEFT JOIN initiative pi ON pi.key = i.parent_key "
        "LEFT JOIN initiative f ON f.key = i.from_key WHERE i.plan_key = ?1 "
        "ORDER BY i.position, i.key",
        plan_key);
    size_t i;
    if (!document) /* the read has failed */
        document = json_object();
    open_list(document, "focusAreas");
    json_array_foreach(rows, i, row) {
        open_list(row, "dimensions");
        open_list(row, "milestones");
    }
    json_put_new(document, "initiatives", rows);
    return document;
}

static json_t *named_group(struct ctx *ctx, const char *id)
{
    return db_row(ctx->tx,
                  "SELECT b.id AS \"id\", w.full_name AS \"name\" FROM body b "
                  "JOIN workgroup w ON w.key = b.key WHERE (b.id = ?5 OR b.key = "
                  "(SELECT l.body_key FROM body_alias l WHERE l.id = ?5)) AND "
                  ACCESS_GROUP_VISIBLE("w.access_mode", "w.key"),
                  PLAN_ARGS(ctx, id, 0));
}

static json_t *named_gap(struct ctx *ctx, const char *id)
{
    return db_row(ctx->tx,
                  "SELECT ga.id AS \"id\", ga.title AS \"name\" FROM gap ga "
                  "WHERE ga.id = ?5 AND " GAP_VISIBLE("ga"),
                  PLAN_ARGS(ctx, id, 0));
}

static json_t *named_initiative(struct ctx *ctx, const char *id)
{
    return db_row(ctx->tx,
                  "SELECT i.id AS \"id\", i.title AS \"name\" FROM initiative i "
                  "JOIN plan p ON p.key = i.plan_key JOIN workgroup g ON g.key = p.group_key "
                  "WHERE i.id = ?5 AND " PLAN_VISIBLE("p", "g"),
                  PLAN_ARGS(ctx, id, 0));
}

struct naming {
    const char *id, *name; /* members: groupId, groupName */
    json_t *(*find)(struct ctx *ctx, const char *id);
};

/* An id that was kept, as the reader may know it today: with its name, or nothing. Many initiatives
 * name the same: what was found is in `known`. */
static void put_named(struct ctx *ctx, json_t *row, const struct naming *naming, json_t *known)
{
    const char *kept = json_text(row, naming->id);
    json_t *named = kept ? json_object_get(known, kept) : NULL;
    if (kept && !named) {
        named = naming->find(ctx, kept);
        named = json_put_new(known, kept, named ? named : json_object());
    }
    json_put(row, naming->id, json_text(named, "id"));
    json_put(row, naming->name, json_text(named, "name"));
}

void plan_document_shape(struct ctx *ctx, json_t *document)
{
    static const struct naming namings[] = {
        {"groupId", "groupName", named_group},
        {"gapId", "gapTitle", named_gap},
        {"parentInitiativeId", "parentInitiativeTitle", named_initiative}};
    size_t i;
    json_t *row, *known = json_object();
    json_array_foreach(json_object_get(document, "initiatives"), i, row)
        for (size_t n = 0; n < LEN(namings); n++)
            put_named(ctx, row, &namings[n], known);
    json_decref(known);
}

/* ---------------------------------------------------------------- frozen */

static const char *written(struct ctx *ctx, json_t *document)
{
    struct buf buf;
    buf_init(&buf, DOCUMENT_MOST);
    json_write(&buf, document);
    const char *text = arena_strndup(ctx->arena, buf.data, buf.len);
    buf_release(&buf);
    json_decref(document);
    return text;
}

enum code plan_freeze(struct ctx *ctx, const struct plan_row *plan, long long number)
{
    char id[UUID_SIZE];
    crypt_uuid(id);
    return db_run(ctx->tx,
                  "INSERT INTO plan_submission (id, plan_key, number, document, facts, at, "
                  "account_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                  (const char *)id, plan->key, number,
                  written(ctx, plan_document(ctx, plan->key)),
                  written(ctx, plan_facts(ctx, plan->group_key, (int)plan->year - 1)),
                  tx_instant(ctx->tx), KEY(ctx->actor->account_key));
}

json_t *plan_frozen_facts(struct ctx *ctx, long long plan_key)
{
    const char *text = db_text(ctx->tx,
                               "SELECT facts FROM plan_submission WHERE plan_key = ?1 "
                               "ORDER BY number DESC LIMIT 1",
                               plan_key);
    return text ? json_loads(text, 0, NULL) : NULL;
}

/* ---------------------------------------------------------------- as a resource */

struct version_input {
    char unused; /* nobody writes one but by submitting */
};

static const char document_schema[] =
    "{\"type\":\"object\",\"required\":[\"goals\",\"focusAreas\",\"initiatives\"],\"properties\":{"
    "\"goals\":{\"type\":[\"string\",\"null\"]},"
    "\"focusAreas\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
    "\"collaboration\":{\"type\":[\"string\",\"null\"]},"
    "\"risks\":{\"type\":[\"string\",\"null\"]},\"resources\":{\"type\":[\"string\",\"null\"]},"
    "\"initiatives\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"additionalProperties\":true}}}}";

static const struct field version_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "planId", .label = N_("Plan"), .type = T_REF, .flags = F_DERIVED,
     .reference = &plan_reference},
    {.name = "version", .label = N_("Version"), .type = T_INT, .flags = F_DERIVED | F_SORT},
    {.name = "submittedAt", .label = N_("Submitted"), .type = T_INSTANT, .flags = F_DERIVED},
    {.name = "submittedByName", .label = N_("Submitted by"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "decision", .label = N_("Decision"), .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER, .values = plan_outcomes},
    {.name = "document", .label = N_("The plan"), .type = T_JSON, .flags = F_DERIVED,
     .schema = document_schema},
    {.name = "facts", .label = N_("From the register"), .type = T_JSON, .flags = F_DERIVED,
     .schema = plan_facts_schema},
    {0},
};

static void open_object(json_t *item, const char *name)
{
    const char *text = json_text(item, name);
    json_put_new(item, name, text ? json_loads(text, 0, NULL) : NULL);
}

static void finish(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item) {
        open_object(item, "document");
        open_object(item, "facts");
        plan_document_shape(ctx, json_object_get(item, "document"));
        if (!json_int(item, "inside_key", 0))
            json_object_del(item, "submittedByName");
    }
}

/* Which of the versions s of a plan p of a group g: for all but those inside the one that was
 * approved. */
#define VERSION_VISIBLE                                                                            \
    ACCESS_PEOPLE_VISIBLE("g.access_mode", "g.key") " AND (" PLAN_INSIDE("p.group_key")            \
    " OR (p.state IN ('approved', 'followedUp') AND s.number = p.number))"
#define DECISION                                                                                   \
    "(SELECT d.outcome FROM plan_decision d WHERE d.plan_key = p.key AND d.number = s.number "     \
    "ORDER BY d.key DESC LIMIT 1) AS \"decision\""

const struct resource plan_version_resource = {
    .name = "versions",
    .noun = N_("version"),
    .table = "plan_submission",
    .select =
        "SELECT s.key AS \"key\", 1 AS \"version_key\", s.at AS \"modified\", s.id AS \"id\", "
        "p.id AS \"planId\", p.key AS \"plan_key\", s.number AS \"version\", "
        "s.at AS \"submittedAt\", CASE WHEN a.person_key IS NULL THEN coalesce(a.name, a.email) "
        "ELSE q.name END AS \"submittedByName\", "
        DECISION ", "
        "s.document AS \"document\", s.facts AS \"facts\", "
        "CASE WHEN " PLAN_INSIDE("p.group_key") " THEN 1 ELSE 0 END AS \"inside_key\" "
        "FROM plan_submission s JOIN plan p ON p.key = s.plan_key "
        "JOIN workgroup g ON g.key = p.group_key LEFT JOIN account a ON a.key = s.account_key "
        "LEFT JOIN person q ON q.key = a.person_key AND " PLAN_NAMED("q") " "
        "WHERE " VERSION_VISIBLE,
    .order = "\"version\" DESC, \"key\"",
    .size = sizeof(struct version_input),
    .fields = version_fields,
    .finish = finish,
    .within = "plans",
    .parent = "planId",
    .parent_column = "plan_key",
};

json_t *plan_versions(struct ctx *ctx, const char *plan_id)
{
    json_t *row, *rows = db_rows(
        ctx->tx,
        "SELECT s.id AS \"id\", p.id AS \"planId\", s.number AS \"version\", "
        "s.at AS \"submittedAt\", " DECISION " FROM plan p "
        "JOIN plan_submission s ON s.plan_key = p.key JOIN workgroup g ON g.key = p.group_key "
        "WHERE p.id = ?5 AND " VERSION_VISIBLE " ORDER BY s.number DESC",
        PLAN_ARGS(ctx, plan_id, 0));
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *decision = json_text(row, "decision");
        json_put(row, "decisionLabel",
                 decision ? value_label(ctx, plan_outcomes, decision) : NULL);
    }
    return rows;
}
