/* history.c: history for reading: whose page, in whose words.
 *
 * Owns the list of events. A field's label comes from the table of its resource, so that a new field is told of in history the day
 * it is born. Must not decide who may read: the route and its rule do. */
#include <string.h>
#include <kansli/audit.h>
#include <kansli/json.h>
#include <kansli/resource.h>

static const struct value acts[] = {
    {"create", N_("created")},
    {"update", N_("changed")},
    {"delete", N_("deleted")},
    {"close", N_("closed")},
    {"dormancy", N_("made dormant")},
    {"reopen", N_("reopened")},
    {"erase", N_("erased from history")},
    {"password", N_("changed the password")},
    {"login", N_("logged in")},
    {"invite", N_("invited")},
    {"reset", N_("asked for a new password")},
    {"disable", N_("disabled")},
    {"factor", N_("changed the second factor")},
    {"revoke", N_("revoked")},
    {"answer", N_("answered")},
    {NULL, NULL},
};

/* A value as a person reads it: enumerations by their label, lists with commas. */
static const char *words(struct ctx *ctx, const struct field *field, const json_t *value)
{
    if (json_is_string(value))
        return field && field->values ? value_label(ctx, field->values, json_string_value(value))
                                      : json_string_value(value);
    if (json_is_boolean(value))
        return ctx_text(ctx, json_is_true(value) ? N_("yes") : N_("no"));
    if (json_is_integer(value))
        return arena_printf(ctx->arena, "%lld", (long long)json_integer_value(value));
    const char *all = NULL;
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)value, i, one) {
        const char *text = words(ctx, field, one);
        if (text)
            all = all ? arena_printf(ctx->arena, "%s, %s", all, text) : text;
    }
    return all;
}

static json_t *change_list(struct ctx *ctx, const struct resource *r, const char *kept)
{
    json_t *list = json_array(), *all = kept ? json_loads(kept, 0, NULL) : NULL, *pair;
    const char *name;
    json_object_foreach(all, name, pair) {
        const struct field *field = r ? field_find(r->fields, name) : NULL;
        json_t *change = json_push(list, json_object());
        json_put(change, "field", name);
        json_put(change, "label", field ? ctx_text(ctx, field->label) : name);
        json_put(change, "before", words(ctx, field, json_array_get(pair, 0)));
        json_put(change, "after", words(ctx, field, json_array_get(pair, 1)));
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
    if (!json_text(event, "actorName"))
        json_put(event, "actorName", "kansli");
}

static long long query_number(struct ctx *ctx, const char *name, long long fallback, long long max)
{
    const char *text = ctx_query(ctx, name);
    if (!text)
        return fallback;
    size_t digits = strspn(text, "0123456789");
    long long n = digits && digits <= 9 && !text[digits] ? strtoll(text, NULL, 10) : 0;
    if (n < 1 || n > max)
        err_field(ctx->err, name, N_("Write a number from 1 to {max}."), "max",
                  arena_printf(ctx->arena, "%lld", max), NULL);
    return n;
}

static const char *page_path(struct ctx *ctx, long long page, long long limit)
{
    return arena_printf(ctx->arena, "%s?page=%lld&limit=%lld", ctx->path, page, limit);
}

enum code audit_list(struct ctx *ctx, const char *type, long long key, json_t **out)
{
    long long page = query_number(ctx, "page", 1, 1000000);
    long long limit = query_number(ctx, "limit", 20, 500);
    if (ctx->err->code)
        return ctx->err->code;
    json_t *items =
        type ? db_rows(ctx->tx,
                       "SELECT e.id AS \"id\", e.at AS \"at\", e.actor AS \"actor\", "
                       "coalesce(a.name, a.email) AS \"actorName\", "
                       "e.as_support AS \"asSupport?\", e.object_type AS \"objectType\", "
                       "e.object_id AS \"objectId\", e.act AS \"act\", e.changes AS \"changes\" "
                       "FROM (SELECT key FROM audit_event WHERE object_type = ?1 AND "
                       "object_key = ?2 UNION ALL SELECT key FROM audit_event WHERE "
                       "within_type = ?1 AND within_key = ?2) AS k "
                       "JOIN audit_event e ON e.key = k.key LEFT JOIN account a ON a.id = e.actor "
                       "ORDER BY e.key DESC LIMIT ?3 OFFSET ?4",
                       type, key, limit, (page - 1) * limit)
             : db_rows(ctx->tx,
                       "SELECT e.id AS \"id\", e.at AS \"at\", e.actor AS \"actor\", "
                       "coalesce(a.name, a.email) AS \"actorName\", "
                       "e.as_support AS \"asSupport?\", e.object_type AS \"objectType\", "
                       "e.object_id AS \"objectId\", e.act AS \"act\", e.changes AS \"changes\" "
                       "FROM audit_event e LEFT JOIN account a ON a.id = e.actor "
                       "ORDER BY e.key DESC LIMIT ?1 OFFSET ?2",
                       limit, (page - 1) * limit);
    long long total =
        type ? db_int(ctx->tx, 0,
                      "SELECT (SELECT count(*) FROM audit_event WHERE object_type = ?1 AND "
                      "object_key = ?2) + (SELECT count(*) FROM audit_event WHERE "
                      "within_type = ?1 AND within_key = ?2)",
                      type, key)
             : db_int(ctx->tx, 0, "SELECT count(*) FROM audit_event");
    size_t i;
    json_t *event;
    json_array_foreach(items, i, event)
        finish_event(ctx, event);
    *out = json_pack("{so s{sI sI sI sI}}", "items", items, "_meta", "totalRecords", total, "page",
                     page, "limit", limit, "count", (json_int_t)json_array_size(items));
    long long last = total ? (total + limit - 1) / limit : 1;
    ctx_link(ctx, *out, "self", "GET", page_path(ctx, page, limit));
    ctx_link(ctx, *out, "first", "GET", page_path(ctx, 1, limit));
    if (page > 1)
        ctx_link(ctx, *out, "prev", "GET", page_path(ctx, page - 1, limit));
    if (page < last)
        ctx_link(ctx, *out, "next", "GET", page_path(ctx, page + 1, limit));
    ctx_link(ctx, *out, "last", "GET", page_path(ctx, last, limit));
    return tx_code(ctx->tx);
}
