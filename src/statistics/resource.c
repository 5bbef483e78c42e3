/* resource.c: how many people, and how much of their time (R12).
 *
 * Owns the roll-up from groups to those that commission them: actual time is what the memberships
 * in force say of workload, estimated time is what the mandates in force say, both also by role: a
 * mandate estimates members, the chair and the process leader, so whoever has another role stands
 * apart. A group that two areas commission counts in both, but once in the total. Times are whole
 * per cent of one full time until they are told. Must not know pages. */
#include <kansli/buf.h>
#include "internal.h"

/* ---------------------------------------------------------------- counting */

/* The groups from which one begins, each under `area`, and all that they commission, in any number
 * of steps. UNION ends a circle, should one have come in. */
#define BELOW(area, from)                                                                          \
    "WITH RECURSIVE below (area, k) AS (SELECT " area ", w.key FROM " from " AND " GROUP_STANDS    \
    " AND " GROUP_VISIBLE " UNION SELECT b.area, w.key FROM below b "                              \
    "JOIN group_principal p ON p.principal_key = b.k AND " IN_FORCE(                               \
        "p") " JOIN workgroup w ON w.key = p.group_key WHERE " GROUP_STANDS " AND " GROUP_VISIBLE  \
             ") "
/* Actual time of memberships m by role. */
#define WORKED(roles)                                                                              \
    "COALESCE(sum(CASE WHEN m.role IN (" roles ") THEN m.workload_percent END), 0)"
#define ACTUAL                                                                                     \
    WORKED("'member', 'viceChair'") " AS \"member\", " WORKED("'chair'") " AS \"chair\", "         \
    WORKED("'processLeader'") " AS \"processLeader\", "                                            \
    WORKED("'coOpted', 'secretary', 'contact', 'observer'") " AS \"other\" "
/* What mandates d estimate by role. */
#define ESTIMATED                                                                                  \
    "COALESCE(sum(d.member_count * d.member_percent), 0) AS \"member\", "                          \
    "COALESCE(sum(d.chair_percent), 0) AS \"chair\", "                                             \
    "COALESCE(sum(d.process_leader_percent), 0) AS \"processLeader\" "
/* {key, groups, people} with the actual time of each area. */
#define PEOPLE                                                                                     \
    "SELECT b.area AS \"key\", count(DISTINCT b.k) AS \"groups\", "                                \
    "count(DISTINCT m.person_key) AS \"people\", " ACTUAL                                          \
    "FROM below b LEFT JOIN membership m ON m.group_key = b.k AND " IN_FORCE("m")                  \
    " GROUP BY b.area"
/* The mandate that counts on ?1, unless it has run out: superseded from the next one's first
 * day. */
#define MANDATE(group)                                                                             \
    "SELECT x.key FROM mandate x WHERE x.group_key = " group " AND x.state = 'approved' "          \
    "AND x.valid_from <= ?1 ORDER BY x.valid_from DESC, x.number DESC LIMIT 1"
/* {key} with the estimates of each area. */
#define ESTIMATES                                                                                  \
    "SELECT b.area AS \"key\", " ESTIMATED "FROM below b JOIN mandate d ON d.key = ("              \
    MANDATE("b.k") ") AND (d.valid_to IS NULL OR d.valid_to >= ?1) GROUP BY b.area"
#define AREAS                                                                                      \
    "group_kind k CROSS JOIN workgroup w WHERE k.level = 'national' "                              \
    "AND k.category IN ('programmeArea', 'collaboration') AND w.kind_key = k.key"
#define ONE "workgroup w WHERE w.key = ?5"

static const char *tenths(struct ctx *ctx, long long percent)
{
    long long n = (percent + 5) / 10;
    return arena_printf(ctx->arena, "%lld%c%lld", n / 10, ctx->lang == LANG_EN ? '.' : ',', n % 10);
}

static void put_time(struct ctx *ctx, json_t *item, const char *name, long long percent)
{
    json_put_new(item, name, json_real((double)percent / 100));
    json_put(item, arena_join(ctx->arena, name, "Text", NULL), tenths(ctx, percent));
}

/* Sets groups, people and the two times, in all and by role; `estimates` may be NULL. */
static void put_resources(struct ctx *ctx, json_t *item, const json_t *people,
                          const json_t *estimates)
{
    static const struct value roles[] = {
        {"member", N_("Members and vice chair")},
        {"chair", N_("Chair")},
        {"processLeader", N_("Process leader")},
        {"other", N_("Other roles, which no mandate estimates")},
    };
    long long actual = 0, estimated = 0;
    json_t *by_role = json_array();
    for (size_t i = 0; i < LEN(roles); i++) {
        json_t *one = json_push(by_role, json_object());
        json_put(one, "role", roles[i].code);
        json_put(one, "roleLabel", ctx_text(ctx, roles[i].label));
        put_time(ctx, one, "fullTimeEquivalents", json_int(people, roles[i].code, 0));
        put_time(ctx, one, "estimatedFullTimeEquivalents", json_int(estimates, roles[i].code, 0));
        actual += json_int(people, roles[i].code, 0);
        estimated += json_int(estimates, roles[i].code, 0);
    }
    json_put_int(item, "groups", json_int(people, "groups", 0));
    json_put_int(item, "people", json_int(people, "people", 0));
    put_time(ctx, item, "fullTimeEquivalents", actual);
    put_time(ctx, item, "estimatedFullTimeEquivalents", estimated);
    json_put_new(item, "byRole", by_role);
}

/* Of a single row: PEOPLE and ESTIMATES of one area; consumes both. */
static json_t *single(struct ctx *ctx, json_t *people, json_t *estimates)
{
    json_t *item = json_object();
    put_resources(ctx, item, json_array_get(people, 0), json_array_get(estimates, 0));
    json_decref(people);
    json_decref(estimates);
    return item;
}

/* ---------------------------------------------------------------- documents */

static const json_t *of_key(const json_t *rows, long long key)
{
    json_t *row;
    size_t i;
    json_array_foreach((json_t *)rows, i, row)
        if (json_int(row, "key", 0) == key)
            return row;
    return NULL;
}

json_t *resources_by_area(struct ctx *ctx, const char *day)
{
    json_t *document = json_object(), *items = json_array(), *row;
    size_t i;
    json_t *people =
        db_rows(ctx->tx,
                BELOW("w.key", AREAS) "SELECT g.id AS \"groupId\", a.full_name AS \"groupName\", "
                                      "t.* FROM (" PEOPLE ") AS t JOIN workgroup a "
                                      "ON a.key = t.\"key\" JOIN body g ON g.key = a.key "
                                      "ORDER BY a.full_name, a.key",
                STATISTICS_ARGS(ctx, day));
    json_t *estimates =
        db_rows(ctx->tx, BELOW("w.key", AREAS) ESTIMATES, STATISTICS_ARGS(ctx, day));
    json_array_foreach(people, i, row) {
        json_t *item = json_push(items, json_object());
        json_put(item, "groupId", json_text(row, "groupId"));
        json_put(item, "groupName", json_text(row, "groupName"));
        put_resources(ctx, item, row, of_key(estimates, json_int(row, "key", 0)));
    }
    json_decref(people);
    json_decref(estimates);
    json_put(document, "asOf", day);
    json_put_new(document, "items", items);
    json_put_new(document, "total",
                 single(ctx,
                        db_rows(ctx->tx, BELOW("0", AREAS) PEOPLE, STATISTICS_ARGS(ctx, day)),
                        db_rows(ctx->tx, BELOW("0", AREAS) ESTIMATES, STATISTICS_ARGS(ctx, day))));
    return document;
}

/* The group's own: every group's page asks. */
static json_t *own_resources(struct ctx *ctx, long long key)
{
    json_t *people = db_row(ctx->tx,
                            "SELECT 1 AS \"groups\", count(DISTINCT m.person_key) AS \"people\", "
                            ACTUAL "FROM membership m WHERE m.group_key = ?2 AND " IN_FORCE("m"),
                            ctx->day, key);
    json_t *estimates = db_row(ctx->tx,
                               "SELECT " ESTIMATED "FROM mandate d WHERE d.key = ("
                               MANDATE("?2") ") AND (d.valid_to IS NULL OR d.valid_to >= ?1)",
                               ctx->day, key);
    json_t *own = json_object();
    put_resources(ctx, own, people, estimates);
    json_decref(people);
    json_decref(estimates);
    return own;
}

/* Under a steering group stands the whole country or a part of it: that is what the statistics are
 * for. */
static bool has_below(struct ctx *ctx, long long key)
{
    return db_exists(ctx->tx,
                     "SELECT 1 FROM group_principal p JOIN workgroup w ON w.key = p.principal_key "
                     "JOIN group_kind k ON k.key = w.kind_key WHERE p.principal_key = ?2 "
                     "AND k.category <> 'steering' AND " IN_FORCE("p"),
                     ctx->day, key);
}

json_t *resources_of_group(struct ctx *ctx, long long key, const json_t *object)
{
    json_t *part = json_object(), *all = json_null();
    (void)object;
    if (has_below(ctx, key))
        all = single(ctx,
                     db_rows(ctx->tx, BELOW("w.key", ONE) PEOPLE, STATISTICS_ARGS(ctx, ctx->day),
                             key),
                     db_rows(ctx->tx, BELOW("w.key", ONE) ESTIMATES,
                             STATISTICS_ARGS(ctx, ctx->day), key));
    json_put_new(part, "own", own_resources(ctx, key));
    json_put_new(part, "all", all);
    return part;
}
