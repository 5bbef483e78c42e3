/* person_pages.c: the routes of persons, and what their pages show beside the object.
 *
 * Owns handlers of a few lines, titles and crumbs. Knows no SQL and no rule: a page offers what the
 * object's links say that the reader may do. */
#include <string.h>
#include <kansli/audit.h>
#include <kansli/part.h>
#include "forms.h"

const char *person_path(struct ctx *ctx, const char *rest)
{
    return arena_printf(ctx->arena, "/persons/%s%s", ctx_value(ctx, "id"), rest);
}

void person_crumbs(struct ctx *ctx, json_t *document, const json_t *person, const char *here)
{
    if (!ctx_embeds(ctx, "crumbs"))
        return;
    json_t *crumbs = json_pack("[{s:s, s:s}]", "href", "/persons", "name",
                               ctx_text(ctx, N_("People")));
    if (person)
        json_push(crumbs, json_pack("{s:s, s:O}", "href", person_path(ctx, ""), "name",
                                    json_object_get(person, "name")));
    if (here)
        json_push(crumbs, json_pack("{s:s, s:s}", "href", ctx->path, "name", here));
    ctx_embed(ctx, document, "crumbs", crumbs);
}

/* ---------------------------------------------------------------- the list */

/* The bar offers the name; an employer in the address is carried along, and said above the list. */
static void embed_employer(struct ctx *ctx, json_t *document)
{
    const char *id = ctx_query(ctx, "employerId");
    json_t *filters = json_object_get(json_object_get(document, "_embedded"), "filters");
    const json_t *first = json_array_get(json_object_get(document, "items"), 0);
    json_t *employer = NULL;
    if (id)
        json_push(filters, json_pack("{s:s, s:s, s:s, s:s, s:[]}", "name", "employerId", "label",
                                     "employerId", "type", "hidden", "value", id, "options"));
    if (id && first && !strchr(id, ','))
        employer = json_pack("{s:s, s:O}", "id", id, "name",
                             json_object_get(first, "employerName"));
    ctx_embed(ctx, document, "employer", employer ? employer : json_null());
}

/* Whether anybody's address is shown to this reader: else its column is not either. */
static void embed_reached(struct ctx *ctx, json_t *document)
{
    bool some = false;
    size_t i;
    json_t *person;
    json_array_foreach(json_object_get(document, "items"), i, person)
        some = some || json_text(person, "email");
    ctx_embed(ctx, document, "reached", json_boolean(some));
}

static enum code list(struct ctx *ctx, struct answer *out)
{
    enum code c = resource_list(ctx, &person_resource, (struct fixed){0}, &out->document);
    if (c)
        return c;
    out->title = ctx_text(ctx, N_("People"));
    if (may_person(ctx, ACT_ENTER_PERSON, 0))
        ctx_link(ctx, out->document, "enter", "POST", "/persons");
    if (may_person(ctx, ACT_MERGE_PERSON, 0))
        ctx_link(ctx, out->document, "duplicates", "GET", "/persons/duplicates");
    if (access_to_group(ctx, 0) & (WHO_DATA_PROTECTION | WHO_ADMINISTRATOR))
        ctx_link(ctx, out->document, "retention", "GET", "/retention-rules");
    if (ctx_page(ctx)) {
        embed_employer(ctx, out->document);
        embed_reached(ctx, out->document);
    }
    return tx_code(ctx->tx);
}

static enum code duplicates(struct ctx *ctx, struct answer *out)
{
    enum code c = access_sees_all(ctx) ? OK : must_may_person(ctx, ACT_MERGE_PERSON, 0);
    if (c)
        return c;
    json_t *document = json_object();
    json_put_new(document, "items", person_twins(ctx));
    json_put_bool(document, "mayMerge", may_person(ctx, ACT_MERGE_PERSON, 0));
    ctx_link(ctx, document, "self", "GET", "/persons/duplicates");
    out->document = document;
    out->title = ctx_text(ctx, N_("People who may stand twice"));
    person_crumbs(ctx, document, NULL, out->title);
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- one person */

static enum code show(struct ctx *ctx, struct answer *out)
{
    long long key = 0;
    const char *id = ctx_value(ctx, "id");
    json_t *person = resource_one(ctx, &person_resource, id, &key, &out->version);
    if (!person)
        return resource_absent(ctx, &person_resource, id, out);
    out->document = person;
    out->title = json_text(person, "name");
    bool roles = ctx_embeds(ctx, "roles"), bars = ctx_embeds(ctx, "bars");
    json_t *all = roles || bars ? person_roles(ctx, key) : NULL;
    if (bars)
        ctx_embed(ctx, person, "bars", person_bars(ctx, all));
    if (roles)
        ctx_embed(ctx, person, "roles", json_incref(all));
    json_decref(all);
    parts_embed(ctx, "persons", person, key);
    person_crumbs(ctx, person, person, NULL);
    if (ctx_page(ctx)) /* whether the head says how the person is reached */
        ctx_embed(ctx, person, "reached",
                  json_boolean(json_object_get(person, "email") != NULL));
    return tx_code(ctx->tx);
}

static enum code history(struct ctx *ctx, struct answer *out)
{
    return audit_answer(ctx, &person_resource, "name", out);
}

/* ---------------------------------------------------------------- everything about a person */

/* Another's reading of it leaves a trace; the page gives only numbers, the file gives all. */
static enum code note_reading(struct ctx *ctx, long long key)
{
    if (!ctx->api || key == ctx->actor->person_key)
        return OK;
    return audit_add(ctx, (struct audit){.type = person_resource.name,
                                         .key = key,
                                         .id = ctx_value(ctx, "id"),
                                         .act = "export"});
}

static void add_count(struct ctx *ctx, json_t *list, const json_t *copy, const char *name,
                      const char *label)
{
    json_t *one = json_push(list, json_object());
    json_put(one, "label", ctx_text(ctx, label));
    json_put_int(one, "count", (long long)json_array_size(json_object_get(copy, name)));
}

static json_t *counts(struct ctx *ctx, const json_t *copy)
{
    static const struct {
        const char *name, *label;
    } parts[] = {
        {"memberships", N_("Roles in groups")},
        {"accounts", N_("Accounts")},
        {"approvals", N_("Approvals of mandates")},
        {"imported", N_("Rows of imported files")},
        {"historyAbout", N_("Events in the history about the person and these roles")},
        {"historyBy", N_("Events in the history made by the person")},
    };
    json_t *list = json_array();
    for (size_t i = 0; i < LEN(parts); i++)
        add_count(ctx, list, copy, parts[i].name, parts[i].label);
    for (const struct person_tie *const *tie = person_ties; *tie; tie++)
        add_count(ctx, list, copy, (*tie)->name, (*tie)->label);
    return list;
}

static enum code data_export(struct ctx *ctx, struct answer *out)
{
    enum code c;
    json_t *person;
    long long key = person_in_path(ctx, out, &c, &person);
    if (!key)
        return c;
    c = must_may_person(ctx, ACT_EXPORT_PERSON, key);
    if (!c)
        c = note_reading(ctx, key);
    if (!c) {
        out->document = person_copy(ctx, key);
        out->title = ctx_textf(ctx, N_("Everything about {name}"), "name",
                               json_text(person, "name"), NULL);
        if (ctx_embeds(ctx, "counts"))
            ctx_embed(ctx, out->document, "counts", counts(ctx, out->document));
        if (ctx_page(ctx))
            ctx_embed(ctx, out->document, "file",
                      json_pack("{s:s, s:s}", "href",
                                arena_printf(ctx->arena, "/api/v1%s", ctx->path), "name",
                                arena_printf(ctx->arena, "%s.json", ctx_value(ctx, "id"))));
        person_crumbs(ctx, out->document, person, ctx_text(ctx, N_("Data export")));
    }
    json_decref(person);
    return c ? c : tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- routes */

#define LIST(item) "{\"type\":\"array\",\"items\":" item "}"
#define OBJECT "{\"type\":\"object\"}"

static const char duplicates_reply[] =
    "{\"type\":\"object\",\"additionalProperties\":false,"
    "\"required\":[\"items\",\"mayMerge\",\"_links\"],\"properties\":{\"items\":" LIST(
        "{\"type\":\"object\",\"additionalProperties\":false,"
        "\"required\":[\"reason\",\"reasonLabel\",\"stays\",\"persons\"],\"properties\":{"
        "\"reason\":{\"enum\":[\"name\",\"email\"]},\"reasonLabel\":{\"type\":\"string\"},"
        "\"stays\":{\"type\":\"string\",\"format\":\"uuid\"},\"persons\":" LIST(
            "{\"type\":\"object\",\"additionalProperties\":false,"
            "\"required\":[\"id\",\"name\",\"employerName\",\"email\",\"roles\"],\"properties\":{"
            "\"id\":{\"type\":\"string\",\"format\":\"uuid\"},\"name\":{\"type\":\"string\"},"
            "\"employerName\":{\"type\":[\"string\",\"null\"]},"
            "\"email\":{\"type\":[\"string\",\"null\"]},"
            "\"roles\":{\"type\":\"integer\"}}}") "}}") ","
    "\"mayMerge\":{\"type\":\"boolean\"},\"_links\":" LIST(OBJECT) ",\"_embedded\":" OBJECT "}}";

static const char export_reply[] =
    "{\"type\":\"object\",\"additionalProperties\":" LIST(OBJECT) ",\"required\":[\"person\",\"memberships\","
    "\"accounts\",\"approvals\",\"imported\",\"historyAbout\",\"historyBy\"],\"properties\":{"
    "\"person\":" OBJECT ",\"memberships\":" LIST(OBJECT) ",\"accounts\":" LIST(OBJECT)
    ",\"approvals\":" LIST(OBJECT) ",\"imported\":" LIST(OBJECT) ",\"historyAbout\":" LIST(OBJECT)
    ",\"historyBy\":" LIST(OBJECT) ",\"_embedded\":" OBJECT "}}";

#define PERSONS .resource = &person_resource

const struct route person_routes[] = {
    {.method = "GET", .path = "/persons", .may = MAY_ALL, .run = list, .view = "person/list",
     .shape = SHAPE_LIST, PERSONS, .flags = ROUTE_CACHE,
     .what = N_("The people whose names the reader may know")},
    {.method = "POST", .path = "/persons", .may = MAY_LOGIN, .run = person_create,
     .shape = SHAPE_CREATE, PERSONS, .form = person_new_form, .what = N_("Enters a person")},
    {.method = "GET", .path = "/persons/new", .may = MAY_LOGIN, .run = person_new_form,
     .view = "form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/persons/duplicates", .may = MAY_LOGIN, .run = duplicates,
     .view = "person/duplicates", .shape = SHAPE_VIEW, .reply = duplicates_reply,
     .flags = ROUTE_SLOW | ROUTE_NO_DAY, .what = N_("People who may stand twice in the register")},
    {.method = "GET", .path = "/persons/{id}", .may = MAY_ALL, .run = show, .view = "person/show",
     .shape = SHAPE_ONE, PERSONS, .flags = ROUTE_CACHE, .what = N_("One person")},
    {.method = "PATCH", .path = "/persons/{id}", .may = MAY_LOGIN, .run = person_patch,
     .shape = SHAPE_CHANGE, PERSONS, .form = person_edit_form,
     .what = N_("Changes a person; the person alone own contact details and choices")},
    {.method = "DELETE", .path = "/persons/{id}", .may = MAY_LOGIN, .run = person_remove,
     .shape = SHAPE_REMOVE, PERSONS, .form = person_edit_form,
     .what = N_("Deletes a person who never had a role or an account")},
    {.method = "GET", .path = "/persons/{id}/edit", .may = MAY_LOGIN, .run = person_edit_form,
     .view = "form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/persons/{id}/history", .may = MAY_LOGIN, .run = history,
     .view = "register/object", .shape = SHAPE_LIST, .resource = &audit_resource,
     .flags = ROUTE_NO_DAY, .what = N_("What was changed about a person, by whom and when")},
    {.method = "POST", .path = "/persons/{id}/merges", .may = MAY_LOGIN, .run = person_merge,
     .shape = SHAPE_ACTION, PERSONS, .body = merge_fields, .form = person_merge_form,
     .what = N_("Makes two persons one: roles and accounts go over, the id leads to the other")},
    {.method = "GET", .path = "/persons/{id}/merges/new", .may = MAY_LOGIN,
     .run = person_merge_form, .view = "form", .shape = SHAPE_PAGE, .query = merge_query},
    {.method = "GET", .path = "/persons/{id}/data-export", .may = MAY_LOGIN, .run = data_export,
     .view = "person/export", .shape = SHAPE_VIEW, .reply = export_reply,
     .flags = ROUTE_LOGS_READ | ROUTE_NO_DAY,
     .what = N_("Everything that is kept about a person, for the person")},
    {.method = "POST", .path = "/persons/{id}/anonymisations", .may = MAY_LOGIN,
     .run = person_anonymise, .shape = SHAPE_ACTION, PERSONS, .body = anonymisation_fields,
     .form = person_anonymise_form,
     .what = N_("Takes away what names a person; roles, organisations and days stay")},
    {.method = "GET", .path = "/persons/{id}/anonymisations/new", .may = MAY_LOGIN,
     .run = person_anonymise_form, .view = "form", .shape = SHAPE_PAGE},
    {0},
};
