/* trial.c: "what if": somebody less, somebody more, and what would then be held. Nothing is
 * written.
 *
 * Owns the question as it stands in the address, so that a trial can be sent to a colleague as a
 * link. Who may see the group's people may try; no more is told than coverage tells already. */
#include <string.h>
#include <kansli/membership.h>
#include "internal.h"

const struct field coverage_query[] = {
    {.name = "without", .label = N_("Without"), .type = T_UUID},
    {.name = "withRole", .label = N_("Role"), .type = T_ENUM, .values = membership_roles},
    {.name = "withCapacity", .label = N_("Capacity"), .type = T_ENUM,
     .values = membership_capacities},
    {.name = "withBehalf", .label = N_("On behalf of"), .type = T_SLUG},
    {.name = "withCompetence", .label = N_("Competence"), .type = T_TEXT, .max = 120},
    {.name = "withFrom", .label = N_("First day"), .type = T_DAY},
    {.name = "withTo", .label = N_("Last day"), .type = T_DAY},
    {0},
};

static const char *asked(struct ctx *ctx, const char *name)
{
    const char *text = ctx_query(ctx, name);
    return text && *text ? text : NULL;
}

static bool one_of(const struct value *values, const char *code)
{
    while (values->code && strcmp(values->code, code))
        values++;
    return values->code != NULL;
}

static const char *choice(struct ctx *ctx, const char *name, const struct value *values)
{
    const char *code = asked(ctx, name);
    if (code && !one_of(values, code))
        err_field(ctx->err, name, N_("There is no value {value} here."), "value", code, NULL);
    return code;
}

static const char *day(struct ctx *ctx, const char *name)
{
    const char *text = asked(ctx, name);
    if (text && !day_valid(text))
        err_field(ctx->err, name,
                  N_("Write a real day as YYYY-MM-DD, for example 2026-11-22."), NULL);
    return text;
}

static long long body_key(struct ctx *ctx, const char *id)
{
    long long key = !id ? 0
                        : db_int(ctx->tx, 0,
                                 "SELECT b.key FROM body b LEFT JOIN workgroup g ON g.key = b.key "
                                 "WHERE b.id = ?5 AND (g.key IS NULL OR " ACCESS_GROUP_VISIBLE(
                                     "g.access_mode", "g.key") ")",
                                 ctx->day, access_sees_all(ctx), ctx->actor->person_key, ctx->today,
                                 id);
    if (id && !key)
        err_field(ctx->err, "withBehalf", N_("There is no value {value} here."), "value", id, NULL);
    return key;
}

static long long membership_key(struct ctx *ctx, long long group_key, const char *id)
{
    long long key =
        !id || !coverage_shows_people(ctx, group_key)
            ? 0
            : db_int(ctx->tx, 0, "SELECT key FROM membership WHERE id = ?1 AND group_key = ?2", id,
                     group_key);
    if (id && !key)
        err_field(ctx->err, "without", N_("There is no value {value} here."), "value", id, NULL);
    return key;
}

bool trial_read(struct ctx *ctx, long long group_key, struct coverage_change *change)
{
    const char **competence = arena_alloc(ctx->arena, sizeof *competence);
    const char *behalf = asked(ctx, "withBehalf");
    *change = (struct coverage_change){
        .without = membership_key(ctx, group_key, asked(ctx, "without")),
        .role = choice(ctx, "withRole", membership_roles),
        .capacity = choice(ctx, "withCapacity", membership_capacities),
        .on_behalf_of = body_key(ctx, behalf),
        .competences = competence,
        .start_date = day(ctx, "withFrom"),
        .end_date = day(ctx, "withTo"),
    };
    *competence = asked(ctx, "withCompetence");
    change->competence_count = *competence != NULL;
    change->with = change->role || change->capacity || behalf || *competence;
    if (change->start_date && change->end_date && strcmp(change->end_date, change->start_date) < 0)
        err_field(ctx->err, "withTo", N_("The last day comes before the first."), NULL);
    return change->without || change->with;
}

/* ---------------------------------------------------------------- the form */

static json_t *control(struct ctx *ctx, json_t *form, const char *name, const char *label,
                       const char *kind)
{
    json_t *one = json_push(form, json_object());
    const char *value = asked(ctx, name);
    json_put(one, "name", name);
    json_put(one, "label", ctx_text(ctx, label));
    json_put(one, "kind", kind);
    json_put(one, "value", value ? value : "");
    return json_put_new(one, "options", json_array());
}

static void option(json_t *options, const char *value, const char *label, const char *chosen)
{
    json_t *one = json_push(options, json_object());
    json_put(one, "value", value);
    json_put(one, "label", label);
    json_put_bool(one, "selected", chosen && !strcmp(chosen, value));
}

static void codes(struct ctx *ctx, json_t *options, const struct value *values, const char *name)
{
    for (; values->code; values++)
        option(options, values->code, ctx_text(ctx, values->label), asked(ctx, name));
}

static void members(struct ctx *ctx, long long group_key, json_t *options)
{
    json_t *row, *rows = db_rows(
        ctx->tx,
        "SELECT m.id AS \"id\", m.role AS \"role\", " SHOWN_NAME ", "
        "coalesce(o.short_name, o.name) AS \"behalf\" FROM membership m "
        "JOIN person p ON p.key = m.person_key LEFT JOIN organisation o "
        "ON o.key = m.on_behalf_of_key WHERE m.group_key = ?5 "
        "AND (m.end_date IS NULL OR m.end_date >= ?1) ORDER BY p.family_name, p.given_name, m.key",
        READER_ARGS(ctx, group_key));
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *name = json_text(row, "name"), *behalf = json_text(row, "behalf");
        const char *role = value_label(ctx, membership_roles, json_text(row, "role"));
        option(options, json_text(row, "id"),
               arena_join(ctx->arena, name ? name : ctx_text(ctx, N_("Name withheld")), ", ", role,
                          behalf ? ", " : "", behalf ? behalf : "", NULL),
               asked(ctx, "without"));
    }
    json_decref(rows);
}

/* Whom the group could draw a member from: its regions and what its rows name. */
static void bodies(struct ctx *ctx, json_t *options)
{
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT b.id AS \"id\", o.name AS \"name\" FROM organisation o "
                                 "JOIN body b ON b.key = o.key WHERE o.type IN "
                                 "('healthcareRegion', 'region') ORDER BY o.type, o.name, b.id");
    const char *chosen = asked(ctx, "withBehalf");
    bool found = !chosen;
    size_t i;
    json_array_foreach(rows, i, row) {
        option(options, json_text(row, "id"), json_text(row, "name"), chosen);
        found = found || !strcmp(chosen, json_text(row, "id"));
    }
    if (!found)
        option(options, chosen, chosen, chosen);
    json_decref(rows);
}

json_t *trial_form(struct ctx *ctx, long long group_key)
{
    json_t *form = json_array();
    if (coverage_shows_people(ctx, group_key))
        members(ctx, group_key,
                control(ctx, form, "without", N_("Take away a member"), "select"));
    codes(ctx, control(ctx, form, "withRole", N_("Add somebody with the role"), "select"),
          membership_roles, "withRole");
    bodies(ctx, control(ctx, form, "withBehalf", N_("On behalf of"), "select"));
    codes(ctx, control(ctx, form, "withCapacity", N_("Capacity"), "select"), membership_capacities,
          "withCapacity");
    control(ctx, form, "withCompetence", N_("Competence"), "text");
    control(ctx, form, "withFrom", N_("First day"), "date");
    control(ctx, form, "withTo", N_("Last day"), "date");
    return form;
}
