/* declaration_own.c: what the pages show beside a declaration: to the person, how she stands and
 * what is asked of her; to who reviews, what waits.
 *
 * Owns no rule: who may read what is declaration_access.c's, and nothing here says what somebody
 * declared but to the writer of a draft. */
#include <string.h>
#include "internal.h"

/* ---------------------------------------------------------------- a draft */

static json_t *parsed(const json_t *row, const char *name, json_t *otherwise)
{
    const char *text = json_text(row, name);
    json_t *value = text ? json_loads(text, 0, NULL) : NULL;
    if (!value)
        return otherwise;
    json_decref(otherwise);
    return value;
}

json_t *declaration_draft(struct ctx *ctx, long long key)
{
    json_t *row = db_row(ctx->tx,
                         "SELECT d.answers AS \"answers\", d.interests AS \"interests\", "
                         "d.modified AS \"at\", b.id AS \"from\", b.key AS \"before\" "
                         "FROM declaration d LEFT JOIN declaration b ON b.key = d.begun_from_key "
                         "WHERE d.key = ?1",
                         key);
    json_t *draft = json_object();
    json_put_new(draft, "answers", parsed(row, "answers", json_object()));
    json_put_new(draft, "interests", parsed(row, "interests", json_array()));
    json_put(draft, "savedAt", json_text(row, "at"));
    json_put(draft, "begunFromId", json_text(row, "from"));
    json_put_new(draft, "inquiries", declaration_inquiries(ctx, json_int(row, "before", 0)));
    json_decref(row);
    return draft;
}

/* By the names of the organisations whose coordinators they are. */
static json_t *reviewer_names(struct ctx *ctx, long long person_key, long long group_key)
{
    json_t *bodies = declaration_reviewing_bodies(ctx, person_key, group_key), *body;
    json_t *names = json_array();
    size_t i;
    json_array_foreach(bodies, i, body)
        json_push(names, json_text_new(json_text(body, "name")));
    json_decref(bodies);
    return names;
}

json_t *declaration_asks(struct ctx *ctx, long long key)
{
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT g.group_key AS \"group\", d.person_key AS \"person\", b.id AS \"id\", "
        "w.full_name AS \"name\", d.state <> 'draft' AND EXISTS (SELECT 1 FROM participation p "
        "WHERE p.person_key = d.person_key AND p.group_key = g.group_key "
        "AND " PARTICIPATES("p") " AND " REVIEWS("p") ") AS \"mayReview?\" "
        "FROM declaration d JOIN declaration_group g "
        "ON g.declaration_key = d.key JOIN workgroup w ON w.key = g.group_key "
        "JOIN body b ON b.key = w.key WHERE d.key = ?5 AND (d.state = 'draft' "
        "OR d.person_key = ?3 OR ?2 = 1 OR EXISTS (SELECT 1 FROM participation p "
        "WHERE p.person_key = d.person_key AND p.group_key = g.group_key "
        "AND " PARTICIPATES("p") " AND " KNOWS_BY("p") ")) ORDER BY w.full_name, w.key",
        DECLARATION_ARGS(ctx, key));
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        json_put_new(row, "reviewers",
                     reviewer_names(ctx, json_int(row, "person", 0), json_int(row, "group", 0)));
        json_object_del(row, "group");
        json_object_del(row, "person");
    }
    return rows;
}

const char *declaration_validity(struct ctx *ctx)
{
    return declaration_last_day(ctx, ctx->today);
}

/* ---------------------------------------------------------------- the caller's own */

const char *declaration_last(struct ctx *ctx)
{
    return db_text(ctx->tx,
                   "SELECT id FROM declaration WHERE person_key = ?1 AND state = 'submitted' "
                   "ORDER BY submitted_at DESC, key DESC LIMIT 1",
                   ctx->actor->person_key);
}

const char *declaration_own_draft(struct ctx *ctx)
{
    return db_text(ctx->tx,
                   "SELECT id FROM declaration WHERE person_key = ?1 AND state = 'draft' "
                   "AND on_paper = 0 ORDER BY modified DESC, key DESC LIMIT 1",
                   ctx->actor->person_key);
}

const char *declaration_before(struct ctx *ctx, long long key)
{
    return db_text(ctx->tx,
                   "SELECT b.id FROM declaration d JOIN declaration b "
                   "ON b.person_key = d.person_key WHERE d.key = ?1 AND b.state = 'submitted' "
                   "AND b.key <> d.key AND b.submitted_at <= d.submitted_at "
                   "ORDER BY b.submitted_at DESC, b.key DESC LIMIT 1",
                   key);
}

/* Patients first: who is one anywhere declares as one. */
const char *declaration_guess(struct ctx *ctx)
{
    const char *variant = db_text(
        ctx->tx,
        "SELECT CASE WHEN p.capacity IN ('patient', 'nextOfKin') THEN 'patientRepresentative' "
        "WHEN o.type IN ('patientOrganisation', 'professionalAssociation', 'association', "
        "'qualityRegister') THEN 'organisationRepresentative' "
        "WHEN p.role IN ('processLeader', 'secretary') THEN 'staff' "
        "ELSE 'publicRepresentative' END AS \"variant\" FROM participation p "
        "LEFT JOIN organisation o ON o.key = p.on_behalf_of_key WHERE p.person_key = ?3 "
        "AND " PARTICIPATES("p") " ORDER BY CASE WHEN p.capacity IN ('patient', 'nextOfKin') THEN 0 "
        "WHEN p.role IN ('processLeader', 'secretary') THEN 2 ELSE 1 END LIMIT 1",
        ctx->day, 0, ctx->actor->person_key, ctx->today);
    return variant ? variant : "publicRepresentative";
}

const struct value declaration_standings[] = {
    {"missing", NC_("standing", "Not declared")},
    {"submitted", NC_("standing", "Awaits review")},
    {"reviewed", NC_("standing", "Reviewed")},
    {"expired", NC_("standing", "Run out")},
    {NULL, NULL},
};

static const char *conditions_of(struct ctx *ctx, long long person_key, long long group_key)
{
    return db_text(ctx->tx,
                   "SELECT r.conditions FROM declaration d JOIN declaration_review r "
                   "ON r.declaration_key = d.key WHERE d.person_key = ?1 AND r.group_key = ?2 "
                   "AND d.state = 'submitted' ORDER BY r.at DESC, r.key DESC LIMIT 1",
                   person_key, group_key);
}

static json_t *stand_of(struct ctx *ctx, long long person_key, const json_t *group)
{
    struct standing_review standing;
    long long key = json_int(group, "key", 0);
    declaration_standing(ctx, person_key, key, &standing);
    json_t *stand = json_object();
    json_put(stand, "groupId", json_text(group, "id"));
    json_put(stand, "groupName", json_text(group, "name"));
    json_put(stand, "status", standing.status);
    json_put(stand, "statusLabel", value_label(ctx, declaration_standings, standing.status));
    json_put(stand, "outcome", standing.outcome);
    json_put(stand, "outcomeLabel",
             standing.outcome ? value_label(ctx, declaration_outcomes, standing.outcome) : NULL);
    json_put(stand, "conditions",
             standing.outcome ? conditions_of(ctx, person_key, key) : NULL);
    json_put(stand, "validUntil", standing.valid_until);
    return stand;
}

/* The person's own page: for nobody else. */
json_t *declaration_stands(struct ctx *ctx, long long person_key)
{
    json_t *stands = json_array(), *group;
    if (!person_key || person_key != ctx->actor->person_key)
        return stands;
    json_t *groups = declaration_groups_open(ctx, person_key, false);
    size_t i;
    json_array_foreach(groups, i, group)
        json_push(stands, stand_of(ctx, person_key, group));
    json_decref(groups);
    return stands;
}

/* ---------------------------------------------------------------- what waits for a review */

#define AWAITED(whence)                                                                            \
    "SELECT d.key AS key, p.group_key AS group_key FROM participation p "                          \
    "JOIN declaration d ON d.person_key = p.person_key JOIN declaration_group g "                  \
    "ON g.declaration_key = d.key AND g.group_key = p.group_key WHERE " whence                     \
    " AND " PARTICIPATES("p") " AND " REVIEWS("p") " AND d.state = 'submitted' "                   \
    "AND d.valid_until >= ?4 AND NOT " LATER("d") " AND NOT EXISTS (SELECT 1 "                     \
    "FROM declaration_review v WHERE v.declaration_key = d.key AND v.group_key = g.group_key)"

json_t *declaration_awaiting(struct ctx *ctx)
{
    if (!ctx->actor->areas)
        return json_array();
    return db_rows(
        ctx->tx,
        "SELECT x.id AS \"id\", n.id AS \"personId\", n.name AS \"personName\", "
        "b.id AS \"groupId\", w.full_name AS \"groupName\", x.submitted_at AS \"submittedAt\", "
        "EXISTS (SELECT 1 FROM declaration_inquiry i WHERE i.declaration_key = x.key "
        "AND i.group_key = a.group_key) AS \"inquired?\" FROM (" AWAITED(
            "p.group_key IN " HOSTED_BY_READER) " UNION " AWAITED(
            "p.on_behalf_of_key IN " AREAS_OF_READER) ") AS a "
        "JOIN declaration x ON x.key = a.key JOIN workgroup w ON w.key = a.group_key "
        "JOIN body b ON b.key = w.key LEFT JOIN person n ON n.key = x.person_key "
        "AND (n.protected_identity = 0 OR " ACCESS_GROUP_OFFICER("w.key") ") "
        "ORDER BY x.submitted_at, x.key, w.full_name, w.key",
        DECLARATION_ARGS(ctx, (const char *)NULL));
}
