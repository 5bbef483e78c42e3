/* membership_tasks.c: seats that end within 90 days and that the reader is to extend or fill.
 *
 * Whose task it is follows from who may enter the seat (domain.md 1): the group's officers; a
 * chair's, the officers of a direct principal; a process leader's, the coordinator of the host.
 * Nothing waits for a seat that somebody comes after, nor for one that ends with its group. Tasks are
 * mailed, too: only who is named in public is named here. */
#include <string.h>
#include "internal.h"

enum { ENDS_WITHIN = 90 };

/* ?5 is the last day that counts. */
#define COLUMNS                                                                                    \
    "SELECT m.id AS \"id\", m.role AS \"role\", m.end_date AS \"day\", b.id AS \"groupId\", "      \
    "g.full_name AS \"groupName\", p.name AS \"name\", CASE WHEN m.end_reason IS NOT NULL "        \
    "OR (m.role = 'chair' AND k.chair_max_months IS NOT NULL) THEN 1 ELSE 0 END AS \"leaves\" "
#define JOINS                                                                                      \
    "JOIN workgroup g ON g.key = m.group_key JOIN body b ON b.key = g.key "                        \
    "JOIN group_kind k ON k.key = g.kind_key "                                                     \
    "LEFT JOIN person p ON p.key = m.person_key AND p.protected_identity = 0 "                     \
    "AND " ACCESS_NAME_GIVEN("p.publish_name", "m.capacity") " "
#define ENDS                                                                                       \
    " AND m.start_date <= ?4 AND m.end_date >= ?4 AND m.end_date <= ?5 "                           \
    "AND (g.end_date IS NULL OR g.end_date > m.end_date) "                                         \
    "AND NOT EXISTS (SELECT 1 FROM membership n WHERE n.group_key = m.group_key "                  \
    "AND n.start_date > m.end_date AND (n.person_key = m.person_key OR (n.role = m.role "          \
    "AND coalesce(n.on_behalf_of_key, 0) = coalesce(m.on_behalf_of_key, 0)))) "                    \
    "ORDER BY m.end_date, m.key"
#define MINE(s) s ".person_key = ?3 AND " s ".role IN " ACCESS_OFFICERS " AND " ACCESS_TODAY(s)

static const char *limit_of(struct ctx *ctx)
{
    char limit[DAY_SIZE];
    day_add(ctx->today, ENDS_WITHIN, limit);
    return arena_strdup(ctx->arena, limit);
}

static json_t *seats_of_group(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   COLUMNS "FROM membership s JOIN membership m ON m.group_key = s.group_key "
                           "AND m.role IN ('viceChair', 'member', 'coOpted', 'secretary') " JOINS
                           "WHERE " MINE("s") ENDS,
                   MEMBERSHIP_ARGS(ctx, limit_of(ctx)));
}

static json_t *chairs_below(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   COLUMNS "FROM membership s JOIN group_principal c "
                           "ON c.principal_key = s.group_key JOIN membership m "
                           "ON m.group_key = c.group_key AND m.role = 'chair' " JOINS
                           "WHERE " MINE("s") " AND " ACCESS_TODAY("c") ENDS,
                   MEMBERSHIP_ARGS(ctx, limit_of(ctx)));
}

static json_t *process_leaders_hosted(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   COLUMNS "FROM account_role r JOIN hosting h ON h.body_key = r.organisation_key "
                           "JOIN membership m ON m.group_key = h.group_key "
                           "AND m.role = 'processLeader' " JOINS
                           "WHERE r.account_key = ?7 AND r.role = 'coordinator' "
                           "AND h.status = 'active' AND " ACCESS_TODAY_OPEN("h") ENDS,
                   MEMBERSHIP_ARGS(ctx, limit_of(ctx)));
}

static const char *title_of(struct ctx *ctx, const json_t *row, bool leaves)
{
    const char *name = json_text(row, "name");
    if (!name)
        return ctx_text(ctx, leaves ? N_("Replace somebody whose term ends")
                                    : N_("Extend or replace somebody whose term ends"));
    return ctx_textf(ctx, leaves ? N_("Replace {name}") : N_("Extend or replace {name}"), "name",
                     name, NULL);
}

static void add_all(struct ctx *ctx, json_t *tasks, json_t *rows)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        bool leaves = json_int(row, "leaves", 0);
        const char *id = json_text(row, "id");
        json_t *task = json_push(tasks, json_object());
        json_put(task, "id", arena_printf(ctx->arena, "membership-ending:%s", id));
        json_put(task, "title", title_of(ctx, row, leaves));
        json_put(task, "about",
                 ctx_textf(ctx, N_("{role}; the term ends"), "role",
                           value_label(ctx, membership_roles, json_text(row, "role")), NULL));
        json_put(task, "groupId", json_text(row, "groupId"));
        json_put(task, "groupName", json_text(row, "groupName"));
        json_put(task, "dueDate", json_text(row, "day"));
        json_put(task, "objectType", "memberships");
        json_put(task, "objectId", id);
        json_put(task, "href",
                 arena_printf(ctx->arena, leaves ? "/memberships/%s/successions/new"
                                                 : "/memberships/%s", id));
        json_put(task, "action",
                 ctx_text(ctx, leaves ? NC_("act", "Replace") : NC_("act", "Choose")));
    }
    json_decref(rows);
}

static void to_renew(struct ctx *ctx, json_t *tasks)
{
    if (ctx->actor->person_key) {
        add_all(ctx, tasks, seats_of_group(ctx));
        add_all(ctx, tasks, chairs_below(ctx));
    }
    if (ctx->actor->areas)
        add_all(ctx, tasks, process_leaders_hosted(ctx));
}

const struct task membership_tasks[] = {
    {"memberships", N_("Memberships"), to_renew},
    {0},
};
