/* call_forms.c: the pages on which a call is written, changed, closed and deleted.
 *
 * Owns what stands in the forms: the group's requirements to tick, the organisations that a group
 * of its level usually asks, and room for others. The rules are asked when a form is sent. */
#include <string.h>
#include <kansli/group.h>
#include "internal.h"

const struct field call_new_query[] = {
    {.name = "fromGaps", .label = N_("From the gaps"), .type = T_BOOL},
    {.name = "requirementId", .label = N_("Requirement"), .type = T_UUID},
    {0},
};

/* ---------------------------------------------------------------- ticks */

static bool has(const json_t *list, const char *value)
{
    size_t i;
    json_t *one;
    json_array_foreach ((json_t *)list, i, one)
        if (json_is_string(one) && !strcmp(json_string_value(one), value))
            return true;
    return false;
}

static json_t *form_field(const json_t *form, const char *name, size_t *at)
{
    size_t i;
    json_t *one;
    json_array_foreach (json_object_get(form, "fields"), i, one)
        if (!strcmp(json_text(one, "name"), name)) {
            *at = i;
            return one;
        }
    BUG("the form has no %s", name);
}

/* The values of a lookup's rows: ids that are there, and in a failed form what was typed. */
static json_t *values_of(const json_t *item)
{
    json_t *values = json_array(), *row;
    size_t i;
    json_array_foreach (json_object_get(item, "values"), i, row)
        json_array_append(values, json_object_get(row, "value"));
    return values;
}

/* Turns rows to fill in into boxes to tick: `rows` are [{value, label}], stolen. What was chosen
 * and is no box stays behind in *rest (new reference). */
static void make_ticks(json_t *item, json_t *rows, json_t **rest)
{
    json_t *chosen = values_of(item), *options = json_array(), *row, *one;
    size_t i;
    json_array_foreach (rows, i, row) {
        json_array_append(options, row);
        json_put_bool(row, "selected", has(chosen, json_text(row, "value")));
    }
    *rest = json_array();
    json_array_foreach (json_object_get(item, "values"), i, one) {
        bool boxed = false;
        size_t j;
        json_array_foreach (rows, j, row)
            boxed = boxed || !strcmp(json_text(row, "value"), json_text(one, "value"));
        if (!boxed)
            json_array_append(*rest, one);
    }
    json_put(item, "kind", "checks");
    json_put_new(item, "options", options);
    json_decref(chosen);
    json_decref(rows);
}

static void tick_requirements(struct ctx *ctx, json_t *form, long long group_key)
{
    size_t at;
    json_t *item = form_field(form, "requirementIds", &at), *rest;
    json_t *rows = db_rows(ctx->tx,
                           "SELECT id AS \"value\", text AS \"label\" FROM requirement "
                           "WHERE group_key = ?1 ORDER BY position, id",
                           group_key);
    if (json_array_size(rows)) {
        make_ticks(item, rows, &rest);
        json_decref(rest);
        return;
    }
    json_decref(rows);
    json_array_remove(json_object_get(form, "fields"), at); /* nothing to choose from */
}

/* The healthcare regions, or the regions and networks of the group's own area; those for whom
 * somebody sits in the group; patient organisations. */
static json_t *usual(struct ctx *ctx, long long group_key)
{
    return db_rows(
        ctx->tx,
        "SELECT b.id AS \"value\", o.name AS \"label\" FROM workgroup g "
        "JOIN organisation o ON o.type = 'patientOrganisation' "
        "OR (g.healthcare_region_key IS NULL AND g.region_key IS NULL "
        "AND o.type = 'healthcareRegion') "
        "OR o.key = g.region_key OR o.parent_key = g.region_key AND o.type = 'countyNetwork' "
        "OR (g.region_key IS NULL AND o.type IN ('region', 'countyNetwork') "
        "AND EXISTS (SELECT 1 FROM organisation_area a WHERE a.organisation_key = o.key "
        "AND a.healthcare_region_key = g.healthcare_region_key AND a.is_primary = 1)) "
        "JOIN body b ON b.key = o.key WHERE g.key = ?1 "
        "AND (o.end_date IS NULL OR o.end_date >= ?2) "
        "ORDER BY CASE o.type WHEN 'healthcareRegion' THEN 0 WHEN 'region' THEN 1 "
        "WHEN 'countyNetwork' THEN 2 ELSE 3 END, o.name, o.key",
        group_key, ctx->today);
}

/* Two fields of one name: boxes for the usual ones, rows for all others. */
static void tick_asked(struct ctx *ctx, json_t *form, long long group_key)
{
    size_t at;
    json_t *item = form_field(form, "askedIds", &at), *rest;
    json_t *more = json_deep_copy(item);
    make_ticks(item, usual(ctx, group_key), &rest);
    json_put(more, "id", "f-askedIds-more");
    json_put(more, "label", ctx_text(ctx, N_("Others who are asked")));
    json_put(more, "hint", ctx_text(ctx, N_("Organisations that stand in no box above, by name.")));
    json_put_bool(more, "required", false);
    json_put(more, "error", NULL);
    json_put_new(more, "values", rest);
    json_array_insert_new(json_object_get(form, "fields"), at + 1, more);
}

static void tick(struct ctx *ctx, json_t *form, long long group_key)
{
    size_t at;
    json_t *title = form_field(form, "title", &at);
    json_put_bool(title, "required", true); /* the gaps have said it, if they may */
    json_put(title, "hint", NULL);
    json_put_bool(form_field(form, "opensOn", &at), "required", true);
    tick_requirements(ctx, form, group_key);
    tick_asked(ctx, form, group_key);
}

/* ---------------------------------------------------------------- pages below a group's */

static enum code give(struct ctx *ctx, struct answer *out, json_t *form, const char *group_id,
                      const char *cancel, const char *title, const char *lead)
{
    json_t *document = out->document = json_object();
    json_put(form, "cancel", cancel);
    json_put(document, "lead", lead);
    json_put_new(document, "form", form);
    out->view = "group/form";
    return group_below(ctx, group_id, out, "/nomination-calls", title);
}

static const char *path_of(struct ctx *ctx, const char *rest)
{
    return arena_printf(ctx->arena, "/nomination-calls/%s%s", ctx_value(ctx, "id"), rest);
}

static void name_asked(struct ctx *ctx, json_t *object)
{
    json_t *names = json_put_new(object, "askedNames", json_array()), *id;
    size_t i;
    json_array_foreach (json_object_get(object, "askedIds"), i, id)
        json_push(names, json_text_new(db_text(ctx->tx,
                                               "SELECT o.name FROM organisation o "
                                               "JOIN body b ON b.key = o.key WHERE b.id = ?1",
                                               json_string_value(id))));
}

/* What a new call begins with: the gaps, one requirement, or nothing. */
static json_t *beginning(struct ctx *ctx, long long group_key, bool *lacks_nothing)
{
    const char *gaps = ctx_query(ctx, "fromGaps"), *one = ctx_query(ctx, "requirementId");
    bool from = one || (gaps && !strcmp(gaps, "true"));
    json_t *object = from ? call_of_gaps(ctx, group_key, one) : NULL;
    *lacks_nothing = gaps && !object;
    if (!object)
        object = json_object();
    if (one) /* held already, perhaps, but sought all the same */
        json_put_new(object, "requirementIds", json_pack("[s]", one));
    if (!json_object_get(object, "seats"))
        json_put_int(object, "seats", 1);
    json_put(object, "opensOn", ctx->today);
    name_asked(ctx, object);
    return object;
}

/* Whoever is about to seek the same twice is told. */
static const char *lead_of(struct ctx *ctx, long long group_key, bool lacks_nothing)
{
    const char *out = db_text(ctx->tx,
                              "SELECT c.title FROM nomination_call c WHERE c.group_key = ?2 "
                              "AND " CALL_STATUS("c") " = 'open' ORDER BY c.opens_on DESC LIMIT 1",
                              ctx->today, group_key);
    if (lacks_nothing)
        return ctx_text(ctx, N_("The group lacks nothing that it should hold: the call begins "
                                "empty."));
    if (out)
        return ctx_textf(ctx, N_("The group has an open call already: {title}. A new one is a "
                                 "draft until it is published."),
                         "title", out, NULL);
    return ctx_text(ctx, N_("It is a draft until it is published. Those who are asked are told "
                            "when it opens."));
}

enum code call_new_form(struct ctx *ctx, struct answer *out)
{
    enum code c;
    bool nothing;
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = must_may(ctx, ACT_KEEP_CALL, key);
    if (c)
        return c;
    const char *id = ctx_value(ctx, "id");
    const char *list = arena_printf(ctx->arena, "/groups/%s/nomination-calls", id);
    json_t *object = beginning(ctx, key, &nothing);
    json_t *form =
        resource_form(ctx, call_resource.fields, object, list, ctx_text(ctx, N_("Save the draft")));
    json_decref(object);
    tick(ctx, form, key);
    return give(ctx, out, form, id, list, ctx_text(ctx, N_("New call for nominations")),
                lead_of(ctx, key, nothing));
}

/* The call of the path, when the reader may keep it. */
static enum code find(struct ctx *ctx, struct call_row *call)
{
    enum code c = call_find(ctx, ctx_value(ctx, "id"), call);
    return c ? c : must_may(ctx, ACT_KEEP_CALL, call->group_key);
}

enum code call_edit_form(struct ctx *ctx, struct answer *out)
{
    struct call_row call;
    enum code c = find(ctx, &call);
    if (c)
        return c;
    json_t *form = resource_form_of(ctx, &call_resource, call.id, path_of(ctx, "?_method=PATCH"),
                                    ctx_text(ctx, N_("Save")), NULL);
    tick(ctx, form, call.group_key);
    return give(ctx, out, form, call.group_id, path_of(ctx, ""),
                ctx_text(ctx, N_("Change the call")),
                !strcmp(call.status, "draft")
                    ? NULL
                    : ctx_text(ctx, N_("The call is out: its last day moves only onwards, and "
                                       "those who were asked stay asked.")));
}

enum code call_closure_form(struct ctx *ctx, struct answer *out)
{
    struct call_row call;
    enum code c = find(ctx, &call);
    if (c)
        return c;
    json_t *form = resource_form(ctx, call_closure_fields, NULL, path_of(ctx, "/closures"),
                                 ctx_text(ctx, N_("Close the call")));
    return give(ctx, out, form, call.group_id, path_of(ctx, ""),
                ctx_text(ctx, N_("Close the call")),
                ctx_text(ctx, N_("No more nominations are taken from today on. Those that came in "
                                 "are decided as usual.")));
}

enum code call_delete_form(struct ctx *ctx, struct answer *out)
{
    static const struct field nothing[] = {{0}};
    struct call_row call;
    long long version = 0;
    enum code c = find(ctx, &call);
    if (c)
        return c;
    json_decref(resource_one(ctx, &call_resource, call.id, NULL, &version));
    json_t *form = resource_form(ctx, nothing, NULL, path_of(ctx, "?_method=DELETE"),
                                 ctx_text(ctx, NC_("button", "Delete")));
    json_put(form, "version", arena_int(ctx->arena, version));
    return give(ctx, out, form, call.group_id, path_of(ctx, ""),
                ctx_text(ctx, N_("Delete the draft")),
                ctx_text(ctx, N_("Only a draft that was never published can be deleted.")));
}
