/* load.c: the CSV files of migrations/data become a register, through the same functions as a
 * browser's forms.
 *
 * Owns the order of the files and nothing of their meaning: a row is a form that somebody fills in,
 * so every rule holds for reference data too. The worked example's seats are in the order of their
 * first days, as they would have been entered. */
#include <string.h>
#include <kansli/account.h>
#include <kansli/asset.h>
#include <kansli/call.h>
#include <kansli/crypt.h>
#include <kansli/csv.h>
#include <kansli/declaration.h>
#include <kansli/gap.h>
#include <kansli/glossary.h>
#include <kansli/followup.h>
#include <kansli/group.h>
#include <kansli/json.h>
#include <kansli/kind.h>
#include <kansli/log.h>
#include <kansli/mandate.h>
#include <kansli/meeting.h>
#include <kansli/membership.h>
#include <kansli/minutes.h>
#include <kansli/nomination.h>
#include <kansli/organisation.h>
#include <kansli/person.h>
#include <kansli/plan.h>
#include <kansli/requirement.h>
#include <kansli/review.h>
#include <kansli/site.h>
#include "load.h"

struct file {
    const char *name;
    const struct resource *resource;
    handler *create;
    const char *parent; /* the column that names the parent in the path, or NULL */
    enum code (*after)(struct ctx *ctx, const struct csv *csv, size_t row, const json_t *made);
};

/* ---------------------------------------------------------------- a row is a form */

static json_t *split(struct arena *arena, const char *text, const char *separator)
{
    json_t *list = json_array();
    char *rest = NULL;
    for (char *one = strtok_r(arena_strdup(arena, text), separator, &rest); one;
         one = strtok_r(NULL, separator, &rest))
        json_push(list, json_text_new(one));
    return list;
}

/* People have no id before they are made: other files name them by their address. */
static const char *person_at(struct ctx *ctx, const char *email)
{
    return db_text(ctx->tx, "SELECT id FROM person WHERE email = ?1", email);
}

static void row_values(struct ctx *ctx, const struct file *file, const struct csv *csv, size_t row,
                       json_t *values)
{
    for (size_t c = 0; c < csv_columns(csv); c++) {
        const char *name = csv_heading(csv, c), *cell = csv_cell(csv, row, name);
        const struct field *field = field_find(file->resource->fields, name);
        if (!*cell || !field || (field->flags & F_DERIVED))
            continue;
        if (field->type == T_TEXTS)
            json_put_new(values, name, split(ctx->arena, cell, ";"));
        else if (field->type == T_REFS || field->type == T_ENUMS)
            json_put_new(values, name, split(ctx->arena, cell, " "));
        else if (field->reference == &person_reference)
            json_put(values, name, person_at(ctx, cell));
        else
            json_put(values, name, cell);
    }
}

static enum code name_row(struct ctx *ctx, const char *file, size_t row, enum code c)
{
    const char *first = ctx->err->fields
                            ? json_text(json_array_get(ctx->err->fields, 0), "msgid")
                            : NULL;
    const char *where = ctx->err->fields
                            ? json_text(json_array_get(ctx->err->fields, 0), "pointer")
                            : NULL;
    log_line(LOG_FAULT, "row-refused", "file", file, "row", arena_printf(ctx->arena, "%zu", row + 2),
             "rule", ctx->err->rule, "detail", ctx->err->msgid, "where", where, "message", first, NULL);
    return c;
}

static enum code load_row(struct ctx *ctx, const struct file *file, const struct csv *csv,
                          size_t row)
{
    static const char *const names[] = {"id"};
    const struct params *before = ctx->body;
    struct params body;
    struct answer out = {0};
    params_init(&body);
    row_values(ctx, file, csv, row, body.values);
    const char *parent = file->parent ? csv_cell(csv, row, file->parent) : NULL;
    ctx->names = parent ? 1 : 0;
    ctx->name = names;
    ctx->value = &parent;
    ctx->body = &body;
    enum code c = file->create(ctx, &out);
    if (!c && file->after)
        c = file->after(ctx, csv, row, out.document);
    if (c)
        name_row(ctx, file->name, row, c);
    json_decref(out.document);
    ctx->body = before;
    params_release(&body);
    return c;
}

static enum code read_csv(struct ctx *ctx, const char *name, struct csv **csv)
{
    const struct asset *asset = asset_find(name);
    MUST(asset);
    return csv_read(ctx->arena, (const char *)asset->bytes, asset->len, 100000, csv, ctx->err);
}

static enum code load_file(struct ctx *ctx, const struct file *file)
{
    struct csv *csv;
    enum code c = read_csv(ctx, file->name, &csv);
    for (size_t row = 0; !c && row < csv_rows(csv); row++)
        c = load_row(ctx, file, csv, row);
    return c;
}

static enum code load_files(struct ctx *ctx, const struct file *files, size_t n)
{
    enum code c = OK;
    for (size_t i = 0; !c && i < n; i++)
        c = load_file(ctx, &files[i]);
    return c;
}

static enum code set_areas(struct ctx *ctx, const struct csv *csv, size_t row, const json_t *made)
{
    const char *regions = csv_cell(csv, row, "healthcareRegions");
    return *regions ? organisation_set_areas(ctx, json_text(made, "id"), regions) : OK;
}

/* ---------------------------------------------------------------- the reference data */

static enum code load_settings(struct ctx *ctx)
{
    static const char *const settings[][2] = {
        {"secondFactorRoles", ""}, {"sessionIdleMinutes", "30"}, {"sessionHours", "12"}};
    char secret[TOKEN_SIZE];
    crypt_token(secret);
    enum code c = db_run(ctx->tx, "INSERT INTO setting (name, value) VALUES ('serverSecret', ?1)",
                         (const char *)secret);
    for (size_t i = 0; !c && i < LEN(settings); i++)
        c = db_run(ctx->tx, "INSERT INTO setting (name, value) VALUES (?1, ?2)", settings[i][0],
                   settings[i][1]);
    return c;
}

static enum code read_json(struct ctx *ctx, const char *name, json_t **out)
{
    const struct asset *asset = asset_find(name);
    MUST(asset);
    return json_read((const char *)asset->bytes, asset->len, out, ctx->err);
}

static enum code load_forms(struct ctx *ctx)
{
    static const char name[] = "data/declarations/forms.json";
    json_t *file = NULL, *form;
    enum code c = read_json(ctx, name, &file);
    const struct params *before = ctx->body;
    size_t i;
    ctx->names = 0;
    json_array_foreach(json_object_get(file, "forms"), i, form) {
        struct params body = {form, true};
        struct answer out = {0};
        ctx->body = &body;
        c = c ? c : declaration_form_create(ctx, &out);
        if (c)
            name_row(ctx, name, i, c);
        json_decref(out.document);
    }
    ctx->body = before;
    json_decref(file);
    return c;
}

enum code load_reference(struct ctx *ctx)
{
    static const struct file files[] = {
        {"data/organisations.csv", &organisation_resource, organisation_create, NULL, set_areas},
        {"data/group-kinds.csv", &kind_resource, kind_create, NULL, NULL},
        {"data/default-requirements.csv", &default_requirement_resource,
         default_requirement_create, "kindId", NULL},
        {"data/groups.csv", &group_resource, group_create, NULL, NULL},
        {"data/hosts.csv", &hosting_resource, hosting_create, "groupId", NULL},
        {"data/glossary.csv", &glossary_resource, glossary_create, NULL, NULL},
        {"data/retention-rules.csv", &retention_resource, retention_create, NULL, NULL},
    };
    enum code c = load_settings(ctx);
    if (!c)
        c = load_files(ctx, files, LEN(files));
    if (!c)
        c = load_forms(ctx);
    return c ? c : site_load(ctx);
}

/* ---------------------------------------------------------------- the worked example */

static enum code load_pauses(struct ctx *ctx)
{
    struct csv *csv;
    enum code c = read_csv(ctx, "data/demo-pauses.csv", &csv);
    for (size_t row = 0; !c && row < csv_rows(csv); row++) {
        char id[UUID_SIZE];
        crypt_uuid(id);
        const char *end = csv_cell(csv, row, "endDate");
        c = db_run(ctx->tx,
                   "INSERT INTO group_pause (id, group_key, status, start_date, end_date, reason) "
                   "SELECT ?1, key, ?3, ?4, ?5, ?6 FROM body WHERE id = ?2",
                   (const char *)id, csv_cell(csv, row, "groupId"), csv_cell(csv, row, "status"),
                   csv_cell(csv, row, "startDate"), *end ? end : NULL, csv_cell(csv, row, "reason"));
    }
    return c;
}

static const char *or_null(const char *cell)
{
    return *cell ? cell : NULL;
}

static enum code mark_invented(struct ctx *ctx, const struct csv *csv, size_t row,
                               const json_t *made)
{
    (void)csv, (void)row;
    return db_run(ctx->tx, "UPDATE person SET invented = 1 WHERE id = ?1", json_text(made, "id"));
}

/* What is sought stands in words, since requirements have no id before they are made. */
static enum code seek(struct ctx *ctx, const struct csv *csv, size_t row, const char *id)
{
    json_t *texts = split(ctx->arena, csv_cell(csv, row, "requirements"), ";"), *text;
    enum code c = OK;
    size_t i;
    json_array_foreach (texts, i, text)
        if (!c)
            c = db_run(ctx->tx,
                       "INSERT INTO nomination_call_requirement (call_key, requirement_key, "
                       "position) SELECT c.key, r.key, ?3 FROM nomination_call c "
                       "JOIN requirement r ON r.group_key = c.group_key "
                       "WHERE c.id = ?1 AND r.text = ?2",
                       id, json_string_value(text), (long long)i);
    json_decref(texts);
    return c;
}

static enum code finish_call(struct ctx *ctx, const struct csv *csv, size_t row,
                             const json_t *made)
{
    static const char *const names[] = {"id"};
    const char *id = json_text(made, "id");
    struct answer out = {0};
    enum code c = seek(ctx, csv, row, id);
    ctx->names = 1;
    ctx->name = names;
    ctx->value = &id;
    if (!c && *csv_cell(csv, row, "published"))
        c = call_publish(ctx, &out);
    ctx->names = 0;
    ctx->value = NULL;
    json_decref(out.document);
    return c;
}

static enum code load_accounts(struct ctx *ctx, const char *password_hash)
{
    struct csv *csv;
    enum code c = read_csv(ctx, "data/demo-accounts.csv", &csv);
    for (size_t row = 0; !c && row < csv_rows(csv); row++) {
        const char *link, *email = csv_cell(csv, row, "email");
        c = account_add(ctx, email, or_null(csv_cell(csv, row, "name")),
                        or_null(csv_cell(csv, row, "role")),
                        or_null(csv_cell(csv, row, "organisationId")), person_at(ctx, email),
                        password_hash, &link);
        if (c)
            name_row(ctx, "data/demo-accounts.csv", row, c);
    }
    return c;
}

static enum code approve_mandate(struct ctx *ctx, const struct csv *csv, size_t row,
                                 const json_t *made)
{
    return mandate_load_approved(ctx, json_text(made, "id"), csv_cell(csv, row, "approved"));
}

/* Mandates whose texts are too long for a table's cells: one file each, {groupId | kind, approved?,
 * mandate: what a script would POST}. */
static enum code load_mandate(struct ctx *ctx, const char *name)
{
    static const char *const names[] = {"id"};
    json_t *file = NULL;
    enum code c = read_json(ctx, name, &file);
    if (c)
        return name_row(ctx, name, 0, c);
    struct params body = {json_incref(json_object_get(file, "mandate")), true};
    struct answer out = {0};
    const char *kind = json_text(file, "kind"), *approved = json_text(file, "approved");
    const char *of = kind ? kind : json_text(file, "groupId");
    ctx->names = 1;
    ctx->name = names;
    ctx->value = &of;
    const struct params *before = ctx->body;
    ctx->body = &body;
    c = kind ? annex_create(ctx, &out) : mandate_create(ctx, &out);
    if (!c && approved)
        c = mandate_load_approved(ctx, json_text(out.document, "id"), approved);
    if (c)
        name_row(ctx, name, 0, c);
    json_decref(out.document);
    ctx->body = before;
    params_release(&body);
    json_decref(file);
    return c;
}

static enum code load_mandates(struct ctx *ctx)
{
    static const char *const files[] = {
        "data/mandates/1-annex-nag.json",
        "data/mandates/2-nag-palliativ-vard.json",
        "data/mandates/3-nag-palliativ-vard-draft.json",
        "data/mandates/4-rag-palliativ-vard-mellansverige.json",
        "data/mandates/5-nag-fallskador-hos-aldre.json",
        "data/mandates/6-nag-fast-lakarkontakt.json",
    };
    enum code c = OK;
    for (size_t i = 0; !c && i < LEN(files); i++)
        c = load_mandate(ctx, files[i]);
    return c;
}

/* Who was nominated, and what became of it: {nominations: [what nomination_load takes]}. */
static enum code load_nominations(struct ctx *ctx)
{
    static const char name[] = "data/nominations/demo.json";
    const struct asset *asset = asset_find(name);
    json_t *file = NULL, *row;
    size_t i;
    MUST(asset);
    enum code c = json_read((const char *)asset->bytes, asset->len, &file, ctx->err);
    json_array_foreach(json_object_get(file, "nominations"), i, row) {
        if (!c && nomination_load(ctx, row))
            c = name_row(ctx, name, i, ctx->err->code);
    }
    json_decref(file);
    return c;
}

/* {meetings: [what meeting_load takes], minutes: [what minutes_load takes]}, in the order of their
 * days: each takes over what the last one of its group left. */
static enum code load_meetings(struct ctx *ctx)
{
    static const char name[] = "data/meetings/demo.json";
    json_t *file = NULL, *row;
    size_t i;
    enum code c = read_json(ctx, name, &file);
    json_array_foreach(json_object_get(file, "meetings"), i, row)
        if (!c && meeting_load(ctx, row))
            c = name_row(ctx, name, i, ctx->err->code);
    json_array_foreach(json_object_get(file, "minutes"), i, row)
        if (!c && minutes_load(ctx, row))
            c = name_row(ctx, name, i, ctx->err->code);
    json_decref(file);
    return c;
}

/* {gaps: [what gap_load takes]}, before the plans whose initiatives name them. */
static enum code load_gaps(struct ctx *ctx)
{
    static const char name[] = "data/gaps/demo.json";
    json_t *file = NULL, *row;
    enum code c = read_json(ctx, name, &file);
    size_t i;
    json_array_foreach(json_object_get(file, "gaps"), i, row)
        if (!c && gap_load(ctx, row))
            c = name_row(ctx, name, i, ctx->err->code);
    json_decref(file);
    return c;
}

/* {reviews: [what review_load takes]}, in the order of their years. */
static enum code load_reviews(struct ctx *ctx)
{
    static const char name[] = "data/reviews/demo.json";
    json_t *file = NULL, *row;
    enum code c = read_json(ctx, name, &file);
    size_t i;
    json_array_foreach(json_object_get(file, "reviews"), i, row)
        if (!c && review_load(ctx, row))
            c = name_row(ctx, name, i, ctx->err->code);
    json_decref(file);
    return c;
}

/* {plans: [what plan_load takes]}, each group's in the order of its years, and a level before the one
 * that hangs on it. */
static enum code load_plans(struct ctx *ctx)
{
    static const char name[] = "data/plans/demo.json";
    json_t *file = NULL, *row;
    enum code c = read_json(ctx, name, &file);
    size_t i;
    json_array_foreach(json_object_get(file, "plans"), i, row)
        if (!c && plan_load(ctx, row))
            c = name_row(ctx, name, i, ctx->err->code);
    json_decref(file);
    return c;
}

/* {actions: [what action_load takes], reports: [what report_load takes]}. */
static enum code load_followup(struct ctx *ctx)
{
    static const char name[] = "data/followup/demo.json";
    json_t *file = NULL, *row;
    size_t i;
    enum code c = read_json(ctx, name, &file);
    json_array_foreach(json_object_get(file, "actions"), i, row)
        if (!c && action_load(ctx, row))
            c = name_row(ctx, name, i, ctx->err->code);
    json_array_foreach(json_object_get(file, "reports"), i, row)
        if (!c && report_load(ctx, row))
            c = name_row(ctx, name, i, ctx->err->code);
    json_decref(file);
    return c;
}

/* What was declared on paper before there was a register: {declarations: [what declaration_load
 * takes, with `person`, an address, for personId]}. */
static enum code load_declarations(struct ctx *ctx)
{
    static const char name[] = "data/declarations/demo.json";
    json_t *file = NULL, *row;
    enum code c = read_json(ctx, name, &file);
    size_t i;
    json_array_foreach(json_object_get(file, "declarations"), i, row) {
        json_put(row, "personId", person_at(ctx, json_text(row, "person")));
        json_object_del(row, "person");
        if (!c && declaration_load(ctx, row))
            c = name_row(ctx, name, i, ctx->err->code);
    }
    json_decref(file);
    return c;
}

enum code load_demo(struct ctx *ctx, const char *password_hash)
{
    static const struct file files[] = {
        {"data/demo-organisations.csv", &organisation_resource, organisation_create, NULL, set_areas},
        {"data/demo-groups.csv", &group_resource, group_create, NULL, NULL},
        {"data/demo-hosts.csv", &hosting_resource, hosting_create, "groupId", NULL},
        {"data/demo-relations.csv", &relation_resource, relation_create, "groupId", NULL},
        {"data/demo-requirements.csv", &requirement_resource, requirement_create, "groupId", NULL},
        {"data/demo-persons.csv", &person_resource, person_create, NULL, mark_invented},
        {"data/demo-memberships.csv", &membership_resource, membership_create, NULL, NULL},
        {"data/demo-mandates.csv", &mandate_resource, mandate_create, "groupId", approve_mandate},
        {"data/demo-calls.csv", &call_resource, call_create, NULL, finish_call},
    };
    enum code c = load_files(ctx, files, LEN(files));
    if (!c)
        c = load_pauses(ctx);
    if (!c)
        c = load_mandates(ctx);
    if (!c)
        c = load_nominations(ctx);
    if (!c)
        c = load_meetings(ctx);
    if (!c)
        c = load_gaps(ctx);
    if (!c)
        c = load_plans(ctx);
    if (!c)
        c = load_reviews(ctx);
    if (!c)
        c = load_followup(ctx);
    if (!c)
        c = load_accounts(ctx, password_hash);
    if (!c)
        c = load_declarations(ctx);
    if (!c)
        c = db_run(ctx->tx, "UPDATE setting SET value = CASE name WHEN 'operatorName' "
                            "THEN 'Påhittad stödfunktion' ELSE 'register@kansli.example' END "
                            "WHERE name IN ('operatorName', 'operatorEmail')");
    if (!c)
        c = db_run(ctx->tx, "INSERT INTO setting (name, value) VALUES ('demo', 'true')");
    return c;
}
