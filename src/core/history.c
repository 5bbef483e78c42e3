/* history.c: history for reading: whose page, in whose words.
 *
 * Owns the list of events. A field's label comes from the table of its resource, so that a new
 * field is told of in history the day it is born. Must not decide who may read: the route and its
 * rule do. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/audit.h>
#include <kansli/json.h>
#include <kansli/resource.h>
#include "fields.h"

static const struct value acts[] = {
    {"create", N_("created")},
    {"update", N_("changed")},
    {"delete", N_("deleted")},
    {"close", N_("closed")},
    {"dormancy", N_("made dormant")},
    {"reopen", N_("reopened")},
    {"erase", N_("erased from history")},
    {"correct", N_("corrected by data protection")},
    {"merge", N_("merged with another")},
    {"anonymise", N_("anonymised")},
    {"export", N_("exported everything about")},
    {"apply", N_("carried out")},
    {"undo", N_("undid")},
    {"password", N_("changed the password")},
    {"login", N_("logged in")},
    {"invite", N_("invited")},
    {"reset", N_("asked for a new password")},
    {"disable", N_("disabled")},
    {"factor", N_("changed the second factor")},
    {"revoke", N_("revoked")},
    {"answer", N_("answered")},
    {"submit", N_("submitted")},
    {"approve", N_("approved")},
    {"return", N_("returned")},
    {"end", NC_("act", "ended")},
    {"publish", NC_("act", "published")},
    {"extend", NC_("act", "extended")},
    {"introduce", N_("introduced")},
    {"check", N_("recorded a check of")},
    {"decide", N_("decided on")},
    {"withdraw", N_("withdrew")},
    {"review", N_("reviewed")},
    {"inquire", N_("asked for more about")},
    {"ask-employer", N_("asked the employer about")},
    {"ask-nominee", N_("asked the nominee about")},
    {"retry", N_("sent again")},
    {"cancel", NC_("act", "stopped")},
    {"call", N_("sent the notice of")},
    {"call-off", NC_("act", "cancelled")},
    {"adjust", NC_("act", "adjusted")},
    {"distribute", NC_("act", "sent")},
    {"open", NC_("act", "opened")},
    {"follow-up", NC_("act", "followed up")},
    {"closing-step", N_("noted a step before closing")},
    {NULL, NULL},
};

/* What people call that which a reference names, when the reader may know of it; else its id. */
static const char *named(struct ctx *ctx, const struct reference *reference, const char *id)
{
    long long key = reference->name ? reference_find(ctx, reference, id) : 0;
    const struct db_arg arg = db_arg_int(key);
    const char *name = key > 0 ? db_text_(ctx->tx, reference->name, &arg, 1) : NULL;
    return name ? name : id;
}

/* The id of something that is there, and that the reader may not know of. */
static bool is_hidden(struct ctx *ctx, const struct reference *reference, const char *id)
{
    static const struct actor everybody = {.everything = true};
    const struct actor *reader = ctx->actor;
    if (access_sees_all(ctx) || reference_find(ctx, reference, id))
        return false;
    ctx->actor = &everybody;
    bool exists = reference_find(ctx, reference, id) > 0;
    ctx->actor = reader;
    return exists;
}

/* A value without what the reader may not know of. New reference. */
static json_t *known(struct ctx *ctx, const struct field *field, json_t *value)
{
    size_t i;
    json_t *one;
    if (!field || !field->reference)
        return value ? json_incref(value) : json_null();
    if (json_is_string(value) && is_hidden(ctx, field->reference, json_string_value(value)))
        return json_null();
    if (!json_is_array(value))
        return value ? json_incref(value) : json_null();
    json_t *list = json_array();
    json_array_foreach(value, i, one)
        json_array_append_new(list, known(ctx, field, one));
    return list;
}

/* A value as a person reads it: enumerations by their label, references by their name, lists with
 * commas. */
static const char *words(struct ctx *ctx, const struct field *field, const json_t *value)
{
    const char *plain = json_string_value(value);
    if (plain && field && field->reference)
        return named(ctx, field->reference, plain);
    if (plain)
        return field && field->values ? value_label(ctx, field->values, plain) : plain;
    if (json_is_boolean(value))
        return ctx_text(ctx, json_is_true(value) ? N_("yes") : N_("no"));
    if (json_is_integer(value))
        return arena_printf(ctx->arena, "%lld", (long long)json_integer_value(value));
    const char *all = NULL, *name;
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)value, i, one) {
        const char *text = words(ctx, field, one);
        if (text)
            all = all ? arena_printf(ctx->arena, "%s%s%s", all, json_is_object(one) ? "; " : ", ",
                                     text)
                      : text;
    }
    json_object_foreach((json_t *)value, name, one) { /* a row */
        const char *text = words(ctx, NULL, one);
        if (text)
            all = all ? arena_printf(ctx->arena, "%s, %s", all, text) : text;
    }
    return all;
}

/* A value twice: as it was, for scripts, and in words, for people. */
static void put_value(struct ctx *ctx, const struct field *field, json_t *change, const char *name,
                      json_t *value)
{
    json_t *told = known(ctx, field, value);
    json_put_new(change, name, told);
    json_put(change, arena_join(ctx->arena, name, "Text", NULL), words(ctx, field, told));
}

static json_t *change_list(struct ctx *ctx, const struct resource *r, const char *kept)
{
    json_t *list = json_array(), *all = kept ? json_loads(kept, 0, NULL) : NULL, *pair;
    bool told = !r || !r->personal || access_sees_all(ctx);
    const char *name;
    json_object_foreach(all, name, pair) {
        const struct field *field = r ? field_find(r->fields, name) : NULL;
        if (field && (field->flags & F_WITHIN) && !ctx->names)
            continue;
        json_t *change = json_push(list, json_object());
        json_put(change, "field", name);
        json_put(change, "label",
                 field           ? ctx_text(ctx, field->label)
                 : r && r->noted ? value_label(ctx, r->noted, name)
                                 : name);
        put_value(ctx, field, change, "before", told ? json_array_get(pair, 0) : NULL);
        put_value(ctx, field, change, "after", told ? json_array_get(pair, 1) : NULL);
    }
    json_decref(all);
    return list;
}

static void finish_event(struct ctx *ctx, json_t *event)
{
    const char *type = json_text(event, "objectType");
    const struct resource *r = resource_by_name(type);
    json_put(event, "objectTypeLabel", r ? ctx_text(ctx, r->noun) : type);
    json_put(event, "actLabel", value_label(ctx, acts, json_text(event, "act")));
    json_put_new(event, "changes", change_list(ctx, r, json_text(event, "changes")));
    if (!json_text(event, "actorName") && !json_int(event, "hidden_key", 0))
        json_put(event, "actorName", "kansli");
}

static void finish_events(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *event;
    json_array_foreach(items, i, event)
        finish_event(ctx, event);
}

static const struct field event_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "at", .label = N_("When"), .type = T_INSTANT, .flags = F_DERIVED},
    {.name = "actor",
     .label = N_("Account"),
     .type = T_TEXT,
     .flags = F_DERIVED | F_FILTER | F_HIDDEN},
    {.name = "actorName", .label = N_("By"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "asSupport",
     .label = N_("As the support function"),
     .type = T_BOOL,
     .flags = F_DERIVED | F_FILTER},
    {.name = "objectType", .label = N_("What"), .type = T_TEXT, .flags = F_DERIVED | F_FILTER},
    {.name = "objectTypeLabel", .label = N_("What, in words"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "objectId", .label = N_("Its id"), .type = T_TEXT, .flags = F_DERIVED | F_FILTER},
    {.name = "act",
     .label = N_("Act"),
     .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER,
     .values = acts},
    {.name = "changes",
     .label = N_("Changes"),
     .type = T_JSON,
     .flags = F_DERIVED,
     .schema =
         "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"additionalProperties\":false,"
         "\"required\":[\"field\",\"label\",\"before\",\"after\",\"beforeText\",\"afterText\"],"
         "\"properties\":{\"before\":{},\"after\":{},"
         "\"field\":{\"type\":\"string\"},\"label\":{\"type\":\"string\"},"
         "\"beforeText\":{\"type\":[\"string\",\"null\"]},"
         "\"afterText\":{\"type\":[\"string\",\"null\"]}}}}"},
    {.name = "modified", .label = N_("Changed"), .type = T_INSTANT, .flags = F_DERIVED},
    {0},
};

const struct resource audit_resource = {
    .name = "audit-events",
    .noun = N_("event"),
    .table = "audit_event",
    .select = "SELECT e.key AS \"key\", 0 AS \"version\", e.at AS \"modified\", e.id AS \"id\", "
              "e.at AS \"at\", e.actor AS \"actor\", CASE WHEN " AUDIT_ACTOR_SHOWN("a")
              " THEN coalesce(a.name, a.email) END AS \"actorName\", "
              "CASE WHEN " AUDIT_ACTOR_SHOWN("a") " THEN 0 ELSE 1 END AS \"hidden_key\", "
              "e.as_support AS \"asSupport\", e.object_type AS \"objectType\", "
              "e.object_id AS \"objectId\", e.act AS \"act\", e.changes AS \"changes\" "
              "FROM audit_event e LEFT JOIN account a ON a.id = e.actor",
    /* That there is a declaration is no administrator's to know, and a draft nobody's (domain.md 3). */
    .visible = "(\"objectType\" <> 'declarations' OR (?2 = 1 AND EXISTS (SELECT 1 FROM declaration d "
               "WHERE d.id = \"objectId\" AND d.state <> 'draft')))",
    .order = "\"key\" DESC",
    .fields = event_fields,
    .finish = finish_events,
};

enum code audit_list(struct ctx *ctx, const struct resource *r, long long key, json_t **out)
{
    if (!r)
        return resource_list(ctx, &audit_resource, (struct fixed){0}, out);
    const char *of =
        arena_printf(ctx->arena,
                     "\"key\" IN (SELECT key FROM audit_event WHERE object_type = '%s' "
                     "AND object_key = ?6 UNION ALL SELECT key FROM audit_event "
                     "WHERE within_type = '%s' AND within_key = ?6)",
                     r->name, r->name);
    return resource_list(ctx, &audit_resource, (struct fixed){.condition = of, .key = key}, out);
}

static void add_crumb(json_t *crumbs, const char *href, const char *name)
{
    json_t *crumb = json_push(crumbs, json_object());
    json_put(crumb, "href", href);
    json_put(crumb, "name", name);
}

enum code audit_answer(struct ctx *ctx, const struct resource *r, const char *name,
                       struct answer *out)
{
    const char *id = ctx_value(ctx, "id");
    long long key = 0;
    json_t *object = resource_one(ctx, r, id, &key, NULL);
    if (!object)
        return resource_absent(ctx, r, id, out);
    enum code c = must_may(ctx, ACT_SEE_ALL_HISTORY, 0);
    if (!c)
        c = audit_list(ctx, r, key, &out->document);
    if (!c) {
        const char *called = arena_strdup(ctx->arena, json_text(object, name));
        out->title = ctx_textf(ctx, N_("History of {name}"), "name", called, NULL);
        if (ctx_embeds(ctx, "crumbs")) {
            json_t *crumbs = json_array();
            add_crumb(crumbs, arena_printf(ctx->arena, "/%s/%s", r->name, id), called);
            add_crumb(crumbs, ctx->path, ctx_text(ctx, N_("History")));
            ctx_embed(ctx, out->document, "crumbs", crumbs);
        }
    }
    json_decref(object);
    return c;
}
