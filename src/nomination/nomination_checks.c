/* nomination_checks.c: what is wrong with nominations (R93), and what waits for somebody (S1).
 *
 * Owns two lists that say the same thing from two sides: a nomination on which everything is done
 * waits for its decision, and an officer of the principal finds it among the tasks. Must not know
 * how it is shown. */
#include <kansli/declaration.h>
#include "internal.h"

enum { WAITING_DAYS = 30 };

/* The last word on a check. */
#define LAST(check, of)                                                                            \
    "JOIN nomination_check " check " ON " check ".key = (SELECT x.key FROM nomination_check x "    \
    "WHERE x.nomination_key = n.key AND x.name = '" of "' ORDER BY x.at DESC, x.key DESC LIMIT 1) "
#define DONE(check) "coalesce(" check ".outcome, '') IN ('approved', 'notApplicable')"
#define PLACE                                                                                      \
    "n.id AS \"id\", gb.id AS \"groupId\", g.full_name AS \"name\", c.closes_on AS \"day\" "       \
    "FROM nomination n JOIN nomination_call c ON c.key = n.call_key "                              \
    "JOIN workgroup g ON g.key = c.group_key JOIN body gb ON gb.key = g.key "

/* ---------------------------------------------------------------- checks */

static json_t *decision_waiting(struct ctx *ctx)
{
    char before[DAY_SIZE];
    day_add(ctx->today, -WAITING_DAYS, before);
    return db_rows(ctx->tx,
                   "SELECT " PLACE LAST("rc", "regionProcess") LAST("ec", "employer")
                   "WHERE n.state = 'submitted' AND " DONE("rc") " AND " DONE("ec")
                   " AND rc.at < ?5 AND ec.at < ?5 AND " DECLARATION_HOLDS("n.person_key",
                                                                           "c.group_key")
                   " AND NOT EXISTS (SELECT 1 FROM declaration_review vr JOIN declaration vd "
                   "ON vd.key = vr.declaration_key WHERE vd.person_key = n.person_key "
                   "AND vr.group_key = c.group_key AND vr.at >= ?5) ORDER BY n.key",
                   ctx->today, 0, 0, ctx->today, (const char *)before);
}

const struct check nomination_checks[] = {
    {.rule = "decision-waiting",
     .severity = CHECK_WARNING,
     .object_type = "nominations",
     .label = N_("A nomination that waits long for its decision"),
     .message = N_("A nomination to {name} has had all that it needs for more than 30 days, and "
                   "waits for a decision."),
     .mend = "/nominations/{id}",
     .find = decision_waiting},
    {0},
};

/* ---------------------------------------------------------------- tasks */

struct waiting {
    const char *what, *title, *action, *page;
};

/* One task for each row {id, groupId, name, day, person}. */
static void add_tasks(struct ctx *ctx, json_t *tasks, const struct waiting *waits, json_t *rows)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        const char *id = json_text(row, "id"), *name = json_text(row, "name");
        const char *person = json_text(row, "person");
        json_t *task = json_push(tasks, json_object());
        json_put(task, "id", arena_printf(ctx->arena, "nomination-%s:%s", waits->what, id));
        json_put(task, "type", "nominations");
        json_put(task, "title", ctx_textf(ctx, waits->title, "name", name, NULL));
        json_put(task, "about", person);
        json_put(task, "groupId", json_text(row, "groupId"));
        json_put(task, "groupName", name);
        json_put(task, "dueDate", json_text(row, "day"));
        json_put(task, "objectType", "nominations");
        json_put(task, "objectId", id);
        json_put(task, "href", arena_printf(ctx->arena, "/nominations/%s%s", id, waits->page));
        json_put(task, "action", ctx_text(ctx, waits->action));
    }
    json_decref(rows);
}

/* Tasks go out by mail, too: who is protected, a patient or next of kin is named on the page
 * alone. */
#define PERSON                                                                                     \
    "(SELECT p.name FROM person p WHERE p.key = n.person_key AND p.protected_identity = 0 "        \
    "AND n.capacity NOT IN ('patient', 'nextOfKin')) AS \"person\", "
#define OWN_AREAS                                                                                  \
    "(SELECT ar.organisation_key FROM account_role ar WHERE ar.account_key = ?7 "                  \
    "AND ar.role = 'coordinator')"
/* What waits is found from the reader: a register holds many more than one reader's. */
#define OF_AREAS                                                                                   \
    "n.key IN (SELECT r.key FROM nomination r WHERE r.state = 'submitted' AND r.nominator_key IN " \
    OWN_AREAS " UNION ALL SELECT r.key FROM nomination r JOIN person pe ON pe.key = r.person_key " \
    "WHERE r.state = 'submitted' AND r.nominator_key IS NULL AND pe.employer_key IN ("             \
    "SELECT oe.key FROM organisation oe WHERE oe.key IN " OWN_AREAS " OR oe.parent_key IN "        \
    OWN_AREAS "))"
/* To groups whose direct principal the reader leads; CROSS JOIN keeps that order. */
#define DECIDED_BY_READER                                                                          \
    "n.key IN (SELECT r.key FROM membership d CROSS JOIN group_principal gp "                      \
    "CROSS JOIN nomination_call rc CROSS JOIN nomination r WHERE gp.principal_key = d.group_key "  \
    "AND rc.group_key = gp.group_key AND r.call_key = rc.key AND r.state = 'submitted' "           \
    "AND d.person_key = ?3 AND " ACCESS_TODAY("d") " AND d.role IN " ACCESS_OFFICERS               \
    " AND " ACCESS_TODAY("gp") ")"

static void find_tasks(struct ctx *ctx, json_t *tasks)
{
    static const struct waiting
        answer = {"answer", N_("You are nominated to {name}: answer yes or no"), N_("Answer"),
                  "/answers/new"},
        submit = {"submit", N_("A nomination to {name} is not submitted yet"), N_("See the draft"),
                  ""},
        record = {"check", N_("A nomination to {name} waits for your organisation's word"),
                  N_("Record"), ""},
        decide = {"decide", N_("A nomination to {name} waits for your decision"), N_("Decide"),
                  "/decisions/new"};
    if (ctx->actor->person_key)
        add_tasks(ctx, tasks, &answer,
                  db_rows(ctx->tx,
                          "SELECT NULL AS \"person\", " PLACE "WHERE n.person_key = ?3 "
                          "AND n.state = 'submitted' AND n.answer IS NULL ORDER BY n.key",
                          NOMINATION_ARGS(ctx, 0)));
    if (ctx->actor->areas) {
        add_tasks(ctx, tasks, &submit,
                  db_rows(ctx->tx,
                          "SELECT " PERSON PLACE "WHERE n.state = 'draft' AND n.nominator_key IN "
                          OWN_AREAS " AND " CALL_STATUS("c") " = 'open' ORDER BY n.key",
                          NOMINATION_ARGS(ctx, 0)));
        add_tasks(ctx, tasks, &record,
                  db_rows(ctx->tx,
                          "SELECT " PERSON PLACE "LEFT " LAST("rc", "regionProcess")
                          "LEFT " LAST("ec", "employer") "WHERE " OF_AREAS
                          " AND (rc.key IS NULL OR ec.key IS NULL) ORDER BY n.key",
                          NOMINATION_ARGS(ctx, 0)));
    }
    if (ctx->actor->person_key)
        add_tasks(ctx, tasks, &decide,
                  db_rows(ctx->tx,
                          "SELECT " PERSON PLACE LAST("rc", "regionProcess")
                          LAST("ec", "employer") "WHERE " DECIDED_BY_READER " AND " DONE("rc")
                          " AND " DONE("ec") " AND n.person_key <> ?3 AND "
                          DECLARATION_HOLDS("n.person_key", "c.group_key") " ORDER BY n.key",
                          NOMINATION_ARGS(ctx, 0)));
}

const struct task nomination_tasks[] = {
    {.type = "nominations", .label = N_("Nominations"), .find = find_tasks},
    {0},
};
