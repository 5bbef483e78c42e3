/* plan_comparison.c: two plans side by side, or two submissions of one, word by word and
 * initiative by initiative (R60).
 *
 * Owns what is compared with what: an initiative with itself, else with the one of last year that
 * it goes on with, else with one of the same title. Progress and outcome are not compared: a plan
 * says what is meant. How words are compared is difference.h's. Must not know how a page marks a
 * change. */
#include <stdlib.h>
#include <string.h>
#include <kansli/buf.h>
#include <kansli/difference.h>
#include "internal.h"

static const struct value kinds[] = {
    {"same", NC_("comparison", "Unchanged")},
    {"changed", NC_("comparison", "Changed")},
    {"added", NC_("comparison", "Added")},
    {"removed", NC_("comparison", "Removed")},
    {NULL, NULL},
};

#define SIDE                                                                                       \
    "{\"type\":\"object\",\"required\":[\"id\",\"groupName\",\"year\",\"version\"],"               \
    "\"properties\":{\"id\":{\"type\":\"string\"},\"groupId\":{\"type\":\"string\"},"              \
    "\"groupName\":{\"type\":\"string\"},\"year\":{\"type\":\"integer\"},"                         \
    "\"version\":{\"type\":[\"integer\",\"null\"],\"description\":\"null: as it stands.\"},"       \
    "\"submittedAt\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"},"                   \
    "\"status\":{\"type\":\"string\"},\"statusLabel\":{\"type\":\"string\"}}}"
#define KIND                                                                                       \
    "\"kind\":{\"type\":\"string\",\"enum\":[\"same\",\"changed\",\"added\",\"removed\"]},"        \
    "\"kindLabel\":{\"type\":\"string\"}"
#define CHANGES                                                                                    \
    "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"field\",\"label\","        \
    "\"kind\",\"parts\"],\"properties\":{\"field\":{\"type\":\"string\"},"                         \
    "\"label\":{\"type\":\"string\"}," KIND ",\"parts\":" DIFFERENCE_PARTS_SCHEMA "}}}"

const char plan_comparison_reply[] =
    "{\"type\":\"object\",\"required\":[\"from\",\"to\",\"changes\",\"initiatives\",\"changed\"],"
    "\"properties\":{\"from\":" SIDE ",\"to\":" SIDE ",\"changed\":{\"type\":\"integer\","
    "\"description\":\"How many texts and initiatives differ.\"},\"changes\":" CHANGES ","
    "\"initiatives\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"kind\","
    "\"title\",\"changes\"],\"properties\":{\"id\":{\"type\":[\"string\",\"null\"]},"
    "\"fromId\":{\"type\":[\"string\",\"null\"]},\"title\":{\"type\":\"string\"}," KIND ","
    "\"changes\":" CHANGES "}}}}}";

/* ---------------------------------------------------------------- one text */

/* What a frozen plan calls what it names: groupId's groupName, gapId's gapTitle; NULL when the
 * reader may not know. */
static const char *name_of(struct ctx *ctx, const struct field *field, const json_t *object)
{
    int stem = (int)strlen(field->name) - 2;
    const char *name = json_text(object, arena_printf(ctx->arena, "%.*sName", stem, field->name));
    return name ? name
                : json_text(object, arena_printf(ctx->arena, "%.*sTitle", stem, field->name));
}

/* As a spreadsheet's cell says it; a list one entry a line. */
static const char *text_of(struct ctx *ctx, const struct field *field, const json_t *object)
{
    const json_t *list = json_object_get(object, field->name);
    const char *named = field->type == T_REF ? name_of(ctx, field, object) : NULL;
    if (named)
        return named;
    if (field->type != T_TEXTS && field->type != T_ROWS && field->type != T_ENUMS)
        return field_words(ctx, field, object);
    struct buf buf;
    size_t i;
    json_t *one, *cell;
    const char *name;
    buf_init(&buf, 1 << 20);
    json_array_foreach((json_t *)list, i, one) {
        int n = 0;
        buf_adds(&buf, i ? "\n" : "");
        if (json_is_string(one))
            buf_adds(&buf, field->values ? value_label(ctx, field->values, json_string_value(one))
                                         : json_string_value(one));
        json_object_foreach(one, name, cell)
            if (json_is_string(cell))
                buf_addf(&buf, n++ ? " (%s)" : "%s", json_string_value(cell));
    }
    const char *text = arena_strndup(ctx->arena, buf.data, buf.len);
    buf_release(&buf);
    return text;
}

static void put_kind(struct ctx *ctx, json_t *object, const char *kind)
{
    json_put(object, "kind", kind);
    json_put(object, "kindLabel", value_label(ctx, kinds, kind));
}

/* What one field has become; nothing when it says nothing on either side. */
static bool add_change(struct ctx *ctx, json_t *changes, const struct field *field,
                       const json_t *from, const json_t *to)
{
    const char *before = text_of(ctx, field, from), *after = text_of(ctx, field, to);
    bool changed = false;
    if (!*before && !*after)
        return false;
    json_t *parts = difference_parts(before, after, &changed);
    json_t *change = json_push(changes, json_object());
    json_put(change, "field", field->name);
    json_put(change, "label", ctx_text(ctx, field->label));
    put_kind(ctx, change, !*before ? "added" : !*after ? "removed" : changed ? "changed" : "same");
    json_put_new(change, "parts", parts);
    return changed;
}

static bool is_compared(const struct field *field)
{
    static const char *const not[] = {"position", "progress", "outcome", "deviation"};
    for (size_t i = 0; i < LEN(not); i++)
        if (!strcmp(field->name, not[i]))
            return false;
    return !(field->flags & (F_DERIVED | F_CREATE));
}

/* Every field of a table; how many differ. */
static long long add_changes(struct ctx *ctx, json_t *changes, const struct field *fields,
                             const json_t *from, const json_t *to)
{
    long long n = 0;
    for (const struct field *field = fields; field->name; field++)
        if (is_compared(field))
            n += add_change(ctx, changes, field, from, to);
    return n;
}

/* ---------------------------------------------------------------- initiatives */

static bool same_text(const json_t *a, const char *in_a, const json_t *b, const char *in_b)
{
    const char *x = json_text(a, in_a), *y = json_text(b, in_b);
    return x && y && !strcmp(x, y);
}

/* The one among `others` that is this one, goes on with it or is continued by it, or has its title;
 * not one that is taken. */
static json_t *counterpart(const json_t *initiative, const json_t *others, const bool *taken,
                           size_t *at)
{
    static const char *const ways[][2] = {
        {"id", "id"}, {"fromId", "id"}, {"id", "fromId"}, {"title", "title"}};
    size_t i;
    json_t *other;
    for (size_t way = 0; way < LEN(ways); way++)
        json_array_foreach((json_t *)others, i, other)
            if (!taken[i] && same_text(initiative, ways[way][0], other, ways[way][1])) {
                *at = i;
                return other;
            }
    return NULL;
}

static bool add_initiative(struct ctx *ctx, json_t *list, const json_t *from, const json_t *to)
{
    json_t *one = json_push(list, json_object()), *changes = json_array();
    long long n = add_changes(ctx, changes, initiative_resource.fields, from, to);
    json_put(one, "id", json_text(to, "id"));
    json_put(one, "fromId", json_text(from, "id"));
    json_put(one, "title", json_text(to ? to : from, "title"));
    put_kind(ctx, one, !from ? "added" : !to ? "removed" : n ? "changed" : "same");
    json_put_new(one, "changes", changes);
    return n > 0;
}

/* In the order of the later one; what was removed last. */
static long long add_initiatives(struct ctx *ctx, json_t *list, const json_t *before,
                                 const json_t *after)
{
    size_t i, at = 0;
    json_t *one;
    long long n = 0;
    bool *taken = arena_alloc(ctx->arena, (json_array_size(before) + 1) * sizeof *taken);
    memset(taken, 0, (json_array_size(before) + 1) * sizeof *taken);
    json_array_foreach((json_t *)after, i, one) {
        json_t *was = counterpart(one, before, taken, &at);
        if (was)
            taken[at] = true;
        n += add_initiative(ctx, list, was, one);
    }
    json_array_foreach((json_t *)before, i, one)
        if (!taken[i])
            n += add_initiative(ctx, list, one, NULL);
    return n;
}

/* ---------------------------------------------------------------- the two sides */

/* {side, document} of a version that the reader may see, or NULL. New reference. */
static json_t *side_of_version(struct ctx *ctx, const char *id)
{
    json_t *version = resource_one(ctx, &plan_version_resource, id, NULL, NULL);
    struct plan_row plan;
    if (!version || plan_find(ctx, json_text(version, "planId"), &plan)) {
        json_decref(version);
        return NULL;
    }
    json_t *side = json_object();
    json_put(side, "id", json_text(version, "id"));
    json_put(side, "groupId", plan.group_id);
    json_put(side, "groupName", plan.group_name);
    json_put_int(side, "year", plan.year);
    json_put_int(side, "version", json_int(version, "version", 0));
    json_put(side, "submittedAt", json_text(version, "submittedAt"));
    json_put(side, "status", plan.state);
    json_put(side, "statusLabel", value_label(ctx, plan_statuses, plan.state));
    json_t *document = json_incref(json_object_get(version, "document"));
    json_decref(version);
    return json_pack("{s:o, s:o}", "side", side, "document", document);
}

static json_t *side_of_plan(struct ctx *ctx, const struct plan_row *plan)
{
    json_t *side = json_object(), *document = plan_document(ctx, plan->key);
    plan_document_shape(ctx, document);
    json_put(side, "id", plan->id);
    json_put(side, "groupId", plan->group_id);
    json_put(side, "groupName", plan->group_name);
    json_put_int(side, "year", plan->year);
    json_put(side, "version", NULL);
    json_put(side, "submittedAt", NULL);
    json_put(side, "status", plan->state);
    json_put(side, "statusLabel", value_label(ctx, plan_statuses, plan->state));
    return json_pack("{s:o, s:o}", "side", side, "document", document);
}

static const char *version_id(struct ctx *ctx, const struct plan_row *plan, long long number)
{
    return db_text(ctx->tx, "SELECT id FROM plan_submission WHERE plan_key = ?1 AND number = ?2",
                   plan->key, number);
}

/* The version before, else the group's plan of the year before, else the plan itself. */
static json_t *side_before(struct ctx *ctx, const struct plan_row *plan, long long number)
{
    const char *id = db_text(ctx->tx,
                             "SELECT id FROM plan_submission WHERE plan_key = ?1 AND number < ?2 "
                             "ORDER BY number DESC LIMIT 1",
                             plan->key, number);
    json_t *side = id ? side_of_version(ctx, id) : NULL;
    struct plan_row last;
    if (side)
        return side;
    id = db_text(ctx->tx,
                 "SELECT p.id FROM plan p JOIN workgroup g ON g.key = p.group_key "
                 "WHERE p.group_key = ?5 AND p.year < ?6 AND " PLAN_VISIBLE("p", "g")
                 " ORDER BY p.year DESC LIMIT 1",
                 PLAN_ARGS(ctx, plan->group_key, plan->year));
    return id && !plan_find(ctx, id, &last) ? side_of_plan(ctx, &last) : side_of_plan(ctx, plan);
}

static bool is_number(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits && digits <= 6 && !text[digits];
}

/* What `with` names: a version by its number or id, or a plan. NULL: nothing that the reader may
 * know of. */
static json_t *side_asked(struct ctx *ctx, const struct plan_row *plan, const char *with)
{
    struct plan_row other;
    const char *id = is_number(with) ? version_id(ctx, plan, strtoll(with, NULL, 10)) : with;
    if (!id)
        return NULL;
    bool is_plan = db_exists(ctx->tx,
                             "SELECT 1 FROM plan p JOIN workgroup g ON g.key = p.group_key "
                             "WHERE p.id = ?5 AND " PLAN_VISIBLE("p", "g"),
                             PLAN_ARGS(ctx, id, 0));
    if (!is_plan)
        return side_of_version(ctx, id);
    return plan_find(ctx, id, &other) ? NULL : side_of_plan(ctx, &other);
}

static json_t *compared(struct ctx *ctx, const json_t *from, const json_t *to)
{
    const json_t *before = json_object_get(from, "document");
    const json_t *after = json_object_get(to, "document");
    json_t *document = json_object(), *changes = json_array(), *initiatives = json_array();
    long long n = add_changes(ctx, changes, plan_resource.fields, before, after);
    n += add_initiatives(ctx, initiatives, json_object_get(before, "initiatives"),
                         json_object_get(after, "initiatives"));
    json_object_set(document, "from", json_object_get(from, "side"));
    json_object_set(document, "to", json_object_get(to, "side"));
    json_put_new(document, "changes", changes);
    json_put_new(document, "initiatives", initiatives);
    json_put_int(document, "changed", n);
    return document;
}

enum code plan_compare(struct ctx *ctx, struct answer *out)
{
    struct plan_row plan;
    enum code c = plan_in_path(ctx, &plan);
    if (c)
        return c;
    const char *with = ctx_query(ctx, "with"), *version = ctx_query(ctx, "version");
    long long number = version ? strtoll(version, NULL, 10) : 0;
    const char *id = version ? version_id(ctx, &plan, number) : NULL;
    json_t *to = version ? id ? side_of_version(ctx, id) : NULL : side_of_plan(ctx, &plan);
    json_t *from = with ? side_asked(ctx, &plan, with)
                        : side_before(ctx, &plan,
                                      version ? number
                                              : plan.number + plan_is_open(&plan));
    if (!to)
        err_field(ctx->err, "version", N_("The plan has no such version."), NULL);
    if (!from)
        err_field(ctx->err, "with", N_("There is no plan or version with that id."), NULL);
    if (to && from)
        out->document = compared(ctx, from, to);
    json_decref(from);
    json_decref(to);
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
}
