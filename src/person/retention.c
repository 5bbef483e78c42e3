/* retention.c: how long what is kept, as rules that are data (domain.md 4).
 *
 * Owns the table retention_rule, and whom each rule concerns on a day. A rule rests on a decision;
 * without one it counts and destroys nothing. What is taken away, erase.c knows. */
#include <string.h>
#include <kansli/account.h>
#include <kansli/date.h>
#include "internal.h"

struct rule_input {
    const char *name, *applies_to, *decision, *decided_date;
    long long months;
};

#define AT(member) offsetof(struct rule_input, member)

static const struct value applies[] = {
    {"personsWithoutRoles", N_("Persons without a role: everything that names them")},
    {"contactDetails", N_("Contact details of persons without a role")},
    {"accounts", N_("Accounts that nobody uses")},
    {NULL, NULL},
};

static const struct field rule_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "name",
     .label = N_("Name"),
     .type = T_TEXT,
     .at = AT(name),
     .flags = F_REQUIRED | F_SORT,
     .max = 120,
     .column = "name"},
    {.name = "appliesTo",
     .label = N_("What is taken away"),
     .type = T_ENUM,
     .at = AT(applies_to),
     .flags = F_REQUIRED | F_FILTER,
     .values = applies,
     .column = "applies_to"},
    {.name = "months",
     .label = N_("After how many months"),
     .type = T_INT,
     .at = AT(months),
     .flags = F_REQUIRED,
     .max = 1200,
     .column = "months",
     .hint = N_("After the last day of the last role, or after the account was last used.")},
    {.name = "decision",
     .label = N_("The decision it rests on"),
     .type = T_TEXT,
     .at = AT(decision),
     .max = 300,
     .column = "decision",
     .hint = N_("Diary number and who decided. Without a decision the rule only counts.")},
    {.name = "decidedDate",
     .label = N_("Decided on"),
     .type = T_DAY,
     .at = AT(decided_date),
     .column = "decided_date"},
    {.name = "concerned", .label = N_("Concerned today"), .type = T_INT, .flags = F_DERIVED},
    {0},
};

/* ---------------------------------------------------------------- whom a rule concerns */

/* ?1: the last day that is too old. No role ends later, none lasts; who never had one counts from
 * the last change. Who works in the register by an account's own role is not forgotten. */
#define WITHOUT_ROLES                                                                              \
    "p.anonymised_date IS NULL AND NOT EXISTS (SELECT 1 FROM membership m "                        \
    "WHERE m.person_key = p.key AND (m.end_date IS NULL OR m.end_date > ?1)) "                     \
    "AND (EXISTS (SELECT 1 FROM membership m WHERE m.person_key = p.key) "                         \
    "OR substr(p.modified, 1, 10) <= ?1) AND NOT EXISTS (SELECT 1 FROM account a "                 \
    "JOIN account_role r ON r.account_key = a.key WHERE a.person_key = p.key)"

static const struct {
    const char *code;
    const char *query; /* → "key" */
    const char *count;
} concerns[] = {
    {"personsWithoutRoles", "SELECT p.key AS \"key\" FROM person p WHERE " WITHOUT_ROLES,
     "SELECT count(*) FROM person p WHERE " WITHOUT_ROLES},
    {"contactDetails",
     "SELECT p.key AS \"key\" FROM person p WHERE (p.email IS NOT NULL OR p.phone IS NOT NULL "
     "OR p.language IS NOT NULL) AND " WITHOUT_ROLES,
     "SELECT count(*) FROM person p WHERE (p.email IS NOT NULL OR p.phone IS NOT NULL "
     "OR p.language IS NOT NULL) AND " WITHOUT_ROLES},
    {"accounts",
     "SELECT a.key AS \"key\" FROM account a WHERE " ACCOUNT_UNUSED("a", "?1"),
     "SELECT count(*) FROM account a WHERE " ACCOUNT_UNUSED("a", "?1")},
};

static size_t concern_of(const char *applies_to)
{
    for (size_t i = 0; i < LEN(concerns); i++)
        if (!strcmp(concerns[i].code, applies_to))
            return i;
    BUG("no retention of %s", applies_to);
}

static struct db_arg oldest(struct ctx *ctx, long long months)
{
    char day[DAY_SIZE];
    day_add_months(ctx->today, -(int)months, day);
    day_add(day, -1, day);
    return db_arg_text(arena_strdup(ctx->arena, day));
}

static void finish(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *rule;
    json_array_foreach(items, i, rule) {
        struct db_arg day = oldest(ctx, json_int(rule, "months", 0));
        const char *count = concerns[concern_of(json_text(rule, "appliesTo"))].count;
        json_put_int(rule, "concerned", db_int_(ctx->tx, 0, count, &day, 1));
    }
}

static bool is_decided(const json_t *rule)
{
    return json_text(rule, "decision") && json_text(rule, "decidedDate");
}

static void links(struct ctx *ctx, json_t *rule)
{
    const char *path = arena_printf(ctx->arena, "/retention-rules/%s", json_text(rule, "id"));
    if (!may(ctx, ACT_KEEP_RETENTION, 0))
        return;
    ctx_link(ctx, rule, "edit", "PATCH", path);
    ctx_link(ctx, rule, "delete", "DELETE", path);
    if (is_decided(rule))
        ctx_link(ctx, rule, "apply", "POST", arena_printf(ctx->arena, "%s/applications", path));
}

const struct resource retention_resource = {
    .name = "retention-rules",
    .noun = N_("retention rule"),
    .table = "retention_rule",
    .select = "SELECT key AS \"key\", version AS \"version\", modified AS \"modified\", "
              "id AS \"id\", name AS \"name\", applies_to AS \"appliesTo\", months AS \"months\", "
              "decision AS \"decision\", decided_date AS \"decidedDate\" FROM retention_rule",
    .order = "\"name\", \"id\"",
    .size = sizeof(struct rule_input),
    .fields = rule_fields,
    .finish = finish,
    .links = links,
};

/* ---------------------------------------------------------------- who may */

enum code retention_must_read(struct ctx *ctx)
{
    if (ctx->actor->everything ||
        (!ctx->actor->half &&
         (access_to_group(ctx, 0) & (WHO_DATA_PROTECTION | WHO_ADMINISTRATOR))))
        return OK;
    return must_may(ctx, ACT_KEEP_RETENTION, 0);
}

/* ---------------------------------------------------------------- writing */

/* Half a decision is none. */
static enum code check_input(struct ctx *ctx, const struct rule_input *in, enum code read)
{
    if (read && !ctx->err->fields)
        return read;
    if (in->decision && !in->decided_date)
        err_field(ctx->err, "/decidedDate", N_("Write the day of the decision too."), NULL);
    if (in->decided_date && !in->decision)
        err_field(ctx->err, "/decision", N_("Write which decision it was."), NULL);
    if (in->decided_date && strcmp(in->decided_date, ctx->today) > 0)
        err_field(ctx->err, "/decidedDate", N_("The decision is still to come."), NULL);
    return ctx->err->code;
}

enum code retention_create(struct ctx *ctx, struct answer *out)
{
    struct rule_input in;
    long long key = 0;
    enum code c = must_may(ctx, ACT_KEEP_RETENTION, 0);
    if (c)
        return c;
    c = check_input(ctx, &in, resource_read(ctx, &retention_resource, &in));
    if (!c)
        c = resource_insert(ctx, &retention_resource, &in, NULL, NULL, &key);
    if (c)
        return c;
    out->see = "/retention-rules";
    out->flash = N_("The rule is in the register.");
    return resource_created(
        ctx, &retention_resource,
        db_text(ctx->tx, "SELECT id FROM retention_rule WHERE key = ?1", key), out);
}

enum code retention_change(struct ctx *ctx, struct answer *out)
{
    struct rule_input in;
    struct edit edit = {0};
    const char *id = ctx_value(ctx, "id");
    enum code c = must_may(ctx, ACT_KEEP_RETENTION, 0);
    if (c)
        return c;
    c = check_input(ctx, &in, resource_edit(ctx, &retention_resource, id, &edit, &in));
    if (!c)
        c = resource_update(ctx, &retention_resource, &edit, &in, NULL);
    resource_edit_end(&edit);
    out->see = "/retention-rules";
    out->flash = N_("Saved.");
    return c ? c : resource_changed(ctx, &retention_resource, id, out);
}

enum code retention_remove(struct ctx *ctx, struct answer *out)
{
    struct edit edit = {0};
    enum code c = must_may(ctx, ACT_KEEP_RETENTION, 0);
    if (c)
        return c;
    c = resource_guard(ctx, &retention_resource, ctx_value(ctx, "id"), &edit);
    if (!c)
        c = resource_delete(ctx, &retention_resource, &edit);
    resource_edit_end(&edit);
    out->see = "/retention-rules";
    out->flash = N_("The rule is deleted.");
    return c;
}

/* ---------------------------------------------------------------- carried out */

static enum code take_away(struct ctx *ctx, const json_t *rule, size_t concern, long long *n)
{
    struct db_arg day = oldest(ctx, json_int(rule, "months", 0));
    json_t *rows = db_rows_(ctx->tx, concerns[concern].query, &day, 1), *row;
    const char *reason = arena_printf(ctx->arena, "%s (%s)", json_text(rule, "name"),
                                      json_text(rule, "decision"));
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row) {
        long long key = json_int(row, "key", 0);
        if (!c && concern == 0)
            c = person_erase(ctx, key, reason);
        else if (!c && concern == 1)
            c = person_erase_contact(ctx, key);
        else if (!c)
            c = account_erase(ctx, key);
    }
    *n = (long long)json_array_size(rows);
    json_decref(rows);
    return c ? c : db_scrub(ctx->tx);
}

enum code retention_apply(struct ctx *ctx, struct answer *out)
{
    static const struct field nothing[] = {{0}};
    const char *id = ctx_value(ctx, "id");
    long long key = 0, n = 0;
    char unused;
    enum code c = must_may(ctx, ACT_KEEP_RETENTION, 0);
    if (!c)
        c = fields_read(ctx, nothing, &unused);
    if (c)
        return c;
    json_t *rule = resource_one(ctx, &retention_resource, id, &key, NULL);
    if (!rule)
        return resource_absent(ctx, &retention_resource, id, out);
    c = is_decided(rule) ? OK
                         : ctx_fail(ctx, E_CONFLICT, "retention-undecided",
                                    N_("The rule rests on no decision yet, so it takes nothing "
                                       "away. Write the decision and its day first."));
    if (!c)
        c = take_away(ctx, rule, concern_of(json_text(rule, "appliesTo")), &n);
    if (!c)
        c = resource_touch(ctx, &retention_resource, key, id, "apply",
                           json_pack("{s:[I, i]}", "concerned", (json_int_t)n, 0));
    json_decref(rule);
    out->see = "/retention-rules";
    out->flash = N_("The rule has been carried out.");
    return c ? c : resource_created(ctx, &retention_resource, id, out);
}
