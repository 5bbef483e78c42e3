/* held.c: coverage as people read it: who holds each row, the table of regions and competences, and
 * what on a group's page needs doing.
 *
 * Owns the names beside the engine's ids: a withheld person is null, and who may not see the
 * group's people gets none. Must not know how a row is judged (coverage.h), nor HTML. */
#include <string.h>
#include <kansli/membership.h>
#include "internal.h"

/* ---------------------------------------------------------------- names */

/* Every membership of the group, now and before: membershipId → who. */
static json_t *people_of(struct ctx *ctx, long long group_key)
{
    json_t *row, *by_id = json_object();
    json_t *rows = db_rows(ctx->tx,
                           "SELECT m.id AS \"membershipId\", m.role AS \"role\", " SHOWN_NAME
                           " FROM membership m JOIN person p ON p.key = m.person_key "
                           "WHERE m.group_key = ?5",
                           READER_ARGS(ctx, group_key));
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *person = json_text(row, "personId");
        json_put(row, "roleLabel", value_label(ctx, membership_roles, json_text(row, "role")));
        json_put(row, "href",
                 person ? arena_join(ctx->arena, "/persons/", person, NULL) : NULL);
        json_object_set(by_id, json_text(row, "membershipId"), row);
    }
    json_decref(rows);
    return by_id;
}

void held_put_people(struct ctx *ctx, long long group_key, json_t *coverage)
{
    json_t *by_id = people_of(ctx, group_key), *item, *id;
    size_t i, j;
    json_array_foreach(json_object_get(coverage, "items"), i, item) {
        json_t *people = json_put_new(item, "people", json_array());
        json_array_foreach(json_object_get(item, "membershipIds"), j, id) {
            json_t *one = json_object_get(by_id, json_string_value(id));
            if (one)
                json_push(people, json_copy(one));
        }
        json_t *breaker = json_object_get(by_id, json_text(item, "breaksBy") ?
                                                     json_text(item, "breaksBy") : "");
        json_put_new(item, "breaker", breaker ? json_copy(breaker) : json_null());
        json_put(item, "weightLabel",
                 value_label(ctx, requirement_weights, json_text(item, "weight")));
    }
    json_decref(by_id);
}

/* ---------------------------------------------------------------- parts of the group's page */

json_t *held_part(struct ctx *ctx, long long key, const json_t *group)
{
    (void)group;
    json_t *coverage = coverage_of_group(ctx, key, NULL);
    if (ctx_page(ctx))
        held_put_people(ctx, key, coverage);
    return coverage;
}

/* What a column is called: what is asked for, in as few words as there are. */
static const char *column_label(const struct ctx *ctx, const json_t *column)
{
    const char *competence = json_text(column, "competence");
    const char *capacity = json_text(column, "capacity");
    if (competence)
        return competence;
    if (capacity && !strcmp(capacity, "patient"))
        return ctx_text(ctx, N_("Patient or next of kin"));
    return capacity ? value_label(ctx, membership_capacities, capacity)
                    : value_label(ctx, membership_roles, json_text(column, "role"));
}

static json_t *labelled_matrix(struct ctx *ctx, long long key)
{
    json_t *matrix = coverage_matrix(ctx, key), *column;
    size_t i;
    json_array_foreach(json_object_get(matrix, "columns"), i, column)
        json_put(column, "label", column_label(ctx, column));
    return matrix ? matrix : json_null();
}

json_t *held_matrix_part(struct ctx *ctx, long long key, const json_t *group)
{
    (void)group;
    return labelled_matrix(ctx, key);
}

/* ---------------------------------------------------------------- what needs doing */

enum { TERM_NEAR = 90, MANDATE_NEAR = 180 }; /* days (domain.md 2, warnings) */

static void add_point(struct ctx *ctx, json_t *items, bool severe, const char *icon,
                      const char *title, const char *detail, const char *href, const char *action)
{
    json_t *item = json_push(items, json_object());
    json_put(item, "severity", severe ? "bad" : "warn");
    json_put(item, "icon", icon);
    json_put(item, "title", title);
    json_put(item, "detail", detail);
    json_put(item, "href", href);
    json_put(item, "action", ctx_text(ctx, action));
}

static const char *names_of(struct ctx *ctx, const json_t *item)
{
    const char *all = "";
    size_t i;
    json_t *name;
    json_array_foreach(json_object_get(item, "missingNames"), i, name)
        all = arena_join(ctx->arena, all, i ? ", " : "", json_string_value(name), NULL);
    return all;
}

static const char *in_words(struct ctx *ctx, const char *day)
{
    return day_words(ctx->arena, day, ctx->lang == LANG_EN ? "en" : "sv", false);
}

static void add_rows(struct ctx *ctx, long long key, const char *path, json_t *items)
{
    json_t *coverage = coverage_of_group(ctx, key, NULL), *row;
    size_t i;
    json_array_foreach(json_object_get(coverage, "items"), i, row) {
        const char *since = json_text(row, "vacantSince"), *names = names_of(ctx, row);
        if (strcmp(json_text(row, "weight"), "required") || !since)
            continue;
        bool missing = !strcmp(json_text(row, "status"), "missing");
        const char *day = in_words(ctx, since);
        add_point(ctx, items, true, "alert",
                  ctx_textf(ctx, missing ? N_("Missing: {text}") : N_("Partly held: {text}"),
                            "text", json_text(row, "text"), NULL),
                  *names ? ctx_textf(ctx, N_("Nobody from {names}. Since {day}."), "names", names,
                                     "day", day, NULL)
                         : ctx_textf(ctx, N_("Since {day}."), "day", day, NULL),
                  arena_join(ctx->arena, path, "/coverage", NULL), N_("Show the coverage"));
    }
    json_decref(coverage);
}

/* Whether the reader may do something about a term of this role (domain.md 1). */
static bool may_enter(struct ctx *ctx, const char *role, long long group_key)
{
    enum act act = !strcmp(role, "chair")           ? ACT_ENTER_CHAIR
                   : !strcmp(role, "processLeader") ? ACT_ENTER_PROCESS_LEADER
                                                    : ACT_ENTER_MEMBERSHIP;
    return may(ctx, act, group_key);
}

/* Terms whose last day is near and that nobody follows in the same role. */
static void add_terms(struct ctx *ctx, long long key, const char *path, json_t *items)
{
    char until[DAY_SIZE];
    json_t *row;
    size_t i;
    day_add(ctx->today, TERM_NEAR, until);
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT m.id AS \"id\", m.role AS \"role\", m.end_date AS \"end\", "
        "coalesce(o.name, w.full_name) AS \"behalf\", " SHOWN_NAME
        " FROM membership m JOIN person p ON p.key = m.person_key "
        "LEFT JOIN organisation o ON o.key = m.on_behalf_of_key "
        "LEFT JOIN workgroup w ON w.key = m.on_behalf_of_key "
        "AND " ACCESS_GROUP_VISIBLE("w.access_mode", "w.key")
        " WHERE m.group_key = ?5 AND m.start_date <= ?4 AND m.end_date >= ?4 AND m.end_date <= ?8 "
        "AND NOT EXISTS (SELECT 1 FROM membership n WHERE n.group_key = m.group_key "
        "AND n.person_key = m.person_key AND n.start_date > m.end_date) "
        "ORDER BY m.end_date, m.key",
        READER_ARGS(ctx, key), (const char *)until);
    json_array_foreach(rows, i, row) {
        const char *name = json_text(row, "name"), *behalf = json_text(row, "behalf");
        const char *role = value_label(ctx, membership_roles, json_text(row, "role"));
        bool mine = may_enter(ctx, json_text(row, "role"), key);
        add_point(ctx, items, false, "clock",
                  ctx_textf(ctx, N_("{name}: the term ends {day}"), "name", name ? name : role,
                            "day", in_words(ctx, json_text(row, "end")), NULL),
                  behalf ? ctx_textf(ctx, N_("{role}, on behalf of {name}."), "role", role, "name",
                                     behalf, NULL)
                         : arena_join(ctx->arena, role, ".", NULL),
                  mine ? arena_join(ctx->arena, "/memberships/", json_text(row, "id"), NULL)
                       : arena_join(ctx->arena, path, "/memberships", NULL),
                  mine ? N_("Extend or replace") : N_("Show the members"));
    }
    json_decref(rows);
}

/* The approved mandate whose last day is the latest: when that is past, or near. */
static void add_mandate(struct ctx *ctx, long long key, const char *path, json_t *items)
{
    char near[DAY_SIZE];
    const char *href = arena_join(ctx->arena, path, "/mandates", NULL);
    day_add(ctx->today, MANDATE_NEAR, near);
    const char *last = db_text(ctx->tx,
                               "SELECT max(m.valid_to) FROM mandate m WHERE m.group_key = ?1 "
                               "AND m.state = 'approved' AND NOT EXISTS (SELECT 1 FROM mandate o "
                               "WHERE o.group_key = ?1 AND o.state = 'approved' "
                               "AND o.valid_to IS NULL)",
                               key);
    if (!last || strcmp(last, near) > 0)
        return;
    const char *day = in_words(ctx, last);
    if (strcmp(last, ctx->today) < 0)
        add_point(ctx, items, true, "alert", ctx_text(ctx, N_("The mandate has run out")),
                  ctx_textf(ctx, N_("Its last day was {day}."), "day", day, NULL), href,
                  N_("Show the mandate"));
    else
        add_point(ctx, items, false, "clock",
                  ctx_textf(ctx, N_("The mandate runs out {day}"), "day", day, NULL),
                  ctx_text(ctx, N_("A new version can be written and approved before then.")), href,
                  N_("Show the mandate"));
}

/* For those who can do something about it, of a group that is at work today. */
json_t *attention_part(struct ctx *ctx, long long key, const json_t *group)
{
    const char *status = json_text(group, "status"), *id = json_text(group, "id");
    bool can = ctx->actor->account_key && may(ctx, ACT_CHANGE_GROUP, key);
    ctx->as_support = false;
    if (!can || !status || strcmp(status, "active") || strcmp(ctx->day, ctx->today))
        return NULL;
    const char *path = arena_join(ctx->arena, "/groups/", id, NULL);
    json_t *part = json_object(), *items = json_put_new(part, "items", json_array());
    add_rows(ctx, key, path, items);
    add_terms(ctx, key, path, items);
    add_mandate(ctx, key, path, items);
    ctx->as_support = false; /* asked, not done */
    json_put_int(part, "count", (long long)json_array_size(items));
    return part;
}

/* ---------------------------------------------------------------- the page */

#define TEXT "{\"type\":\"string\"}"
#define TEXTS "{\"type\":\"array\",\"items\":" TEXT "}"
#define DAY "{\"type\":\"string\",\"format\":\"date\"}"
#define NUMBER "{\"type\":\"integer\"}"
#define OR_NULL(type) "{\"type\":[\"" type "\",\"null\"]}"
#define ITEM                                                                                       \
    "{\"type\":\"object\",\"required\":[\"requirementId\",\"type\",\"text\",\"weight\","          \
    "\"status\",\"statusLabel\",\"membershipIds\","                                                \
    "\"missing\",\"missingNames\"],\"additionalProperties\":"                                      \
    "false,\"properties\":{\"requirementId\":" TEXT ",\"type\":" TEXT ",\"text\":" TEXT            \
    ",\"weight\":{\"enum\":[\"required\",\"desirable\"]},\"weightLabel\":" TEXT                    \
    ",\"status\":{\"enum\":[\"covered\",\"partial\",\"missing\"]},\"statusLabel\":" TEXT           \
    ",\"membershipIds\":" TEXTS ",\"missing\":" TEXTS ",\"missingNames\":" TEXTS                   \
    ",\"vacantSince\":" DAY ",\"breaksOn\":" DAY ",\"breaksBy\":" TEXT                             \
    ",\"people\":{\"type\":\"array\"},\"breaker\":" OR_NULL("object") ",\"before\":" OR_NULL(      \
        "string") ",\"beforeLabel\":" OR_NULL("string") "}}"
#define COUNTS                                                                                     \
    "\"asOf\":" DAY ",\"items\":{\"type\":\"array\",\"items\":" ITEM "},\"covered\":" NUMBER       \
    ",\"partial\":" NUMBER ",\"missing\":" NUMBER

const char coverage_reply[] =
    "{\"type\":\"object\",\"required\":[\"asOf\",\"items\",\"covered\",\"partial\",\"missing\"],"
    "\"properties\":{" COUNTS ",\"after\":{\"type\":\"object\",\"required\":[\"asOf\",\"items\","
    "\"covered\",\"partial\",\"missing\"],\"properties\":{" COUNTS "}}}}";

static bool same(const json_t *a, const json_t *b, const char *name)
{
    const char *x = json_text(a, name), *y = json_text(b, name);
    return !strcmp(x ? x : "", y ? y : "");
}

/* Beside each row of what would be, how it is; the rows that would be otherwise, for the page. */
static json_t *put_before(json_t *after, const json_t *now)
{
    json_t *item, *differing = json_array();
    size_t i;
    json_array_foreach(json_object_get(after, "items"), i, item) {
        const json_t *was = json_array_get(json_object_get(now, "items"), i);
        bool status = !same(was, item, "status");
        json_put(item, "before", status ? json_text(was, "status") : NULL);
        json_put(item, "beforeLabel", status ? json_text(was, "statusLabel") : NULL);
        if (status || !same(was, item, "breaksOn") || !same(was, item, "vacantSince") ||
            !json_equal(json_object_get(was, "missing"), json_object_get(item, "missing")))
            json_array_append(differing, item);
    }
    return differing;
}

/* `after`, and for the page what it changes. */
static void add_trial(struct ctx *ctx, long long key, json_t *document,
                      const struct coverage_change *change)
{
    json_t *after = json_put_new(document, "after", coverage_of_group(ctx, key, change));
    json_t *differing = put_before(after, document);
    if (ctx_page(ctx)) {
        held_put_people(ctx, key, after);
        json_t *effect = json_copy(after);
        json_object_set(effect, "items", differing);
        ctx_embed(ctx, document, "effect", effect);
    }
    json_decref(differing);
}

enum code coverage_show(struct ctx *ctx, struct answer *out)
{
    enum code c;
    struct coverage_change change = {0};
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    bool tried = trial_read(ctx, key, &change);
    if (ctx->err->code)
        return ctx->err->code;
    json_t *document = out->document = coverage_of_group(ctx, key, NULL);
    if (tried)
        add_trial(ctx, key, document, &change);
    else if (ctx_page(ctx))
        ctx_embed(ctx, document, "effect", json_null());
    if (!ctx_page(ctx))
        return tx_code(ctx->tx);
    held_put_people(ctx, key, document);
    ctx_embed(ctx, document, "coverageMatrix", labelled_matrix(ctx, key));
    ctx_embed(ctx, document, "trial", trial_form(ctx, key));
    ctx_embed(ctx, document, "people", json_boolean(coverage_shows_people(ctx, key)));
    ctx_embed(ctx, document, "mayChange", json_boolean(may(ctx, ACT_CHANGE_REQUIREMENT, key)));
    ctx_embed(ctx, document, "mayCall", json_boolean(may(ctx, ACT_KEEP_CALL, key)));
    ctx->as_support = false;
    return group_below(ctx, ctx_value(ctx, "id"), out, "/coverage",
                       ctx_text(ctx, NC_("seats", "Coverage")));
}
