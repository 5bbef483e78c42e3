/* kind.c: kinds of groups as data (R2), and who may commission whom (R7).
 *
 * Owns the tables group_kind and group_kind_principal. Must not know what a group does with its
 * kind: only that a kind in use keeps its address and its level. "any" stands among the principals
 * of a kind that everybody may commission; it is no kind, but it is chosen, filtered and shown like
 * one. */
#include <stdlib.h>
#include <string.h>
#include <kansli/access.h>
#include <kansli/json.h>
#include "internal.h"

enum { ANY_KIND = -1 }; /* the key that "any" has instead of a row's */

struct kind_input {
    const char *id, *name, *name_english, *level, *category;
    struct ref_list principals;
    long long chair_max_months;
};

const struct value level_values[] = {
    {"national", N_("National")},
    {"healthcareRegion", N_("Healthcare-regional")},
    {"local", N_("Local")},
    {NULL, NULL},
};

static const struct value categories[] = {
    {"steering", N_("Steering group")},
    {"preparation", N_("Preparatory group")},
    {"support", N_("Support function")},
    {"programmeArea", N_("Programme area")},
    {"collaboration", N_("Collaboration group")},
    {"workingGroup", N_("Working group")},
    {"cancerCentre", N_("Cancer centre")},
    {"other", N_("Other group")},
    {NULL, NULL},
};

#define LEVEL_ORDER "CASE level WHEN 'national' THEN 0 WHEN 'healthcareRegion' THEN 1 ELSE 2 END"

const struct reference kind_reference = {
    .noun = N_("kind of group"),
    .find = "SELECT key FROM group_kind WHERE id = ?1",
    .name = "SELECT name FROM group_kind WHERE key = ?1",
    .search = "SELECT id AS \"id\", name AS \"name\" FROM group_kind "
              "WHERE id = ?1 OR fold(name) LIKE '%' || ?1 || '%' "
              "ORDER BY CASE WHEN id = ?1 THEN 0 ELSE 1 END, name, id LIMIT ?5",
    .options = "SELECT id AS \"value\", name AS \"label\" FROM group_kind ORDER BY " LEVEL_ORDER
               ", key",
};

/* Kinds, and the word "any". */
static const struct reference principal_reference = {
    .noun = N_("kind of group"),
    .find = "SELECT key FROM group_kind WHERE id = ?1 UNION ALL SELECT -1 WHERE ?1 = 'any'",
    .name = "SELECT name FROM group_kind WHERE key = ?1",
    .options = "SELECT \"value\", \"label\" FROM (SELECT id AS \"value\", name AS \"label\", "
               LEVEL_ORDER " AS \"place\", key AS \"key\" FROM group_kind UNION ALL "
               "SELECT 'any', 'any', 3, -1) AS o ORDER BY \"place\", \"key\"",
};

/* ---------------------------------------------------------------- fields */

static const struct field kind_fields[] = {
    {.name = "id",
     .label = N_("Abbreviation"),
     .type = T_SLUG,
     .at = offsetof(struct kind_input, id),
     .flags = F_REQUIRED | F_ID | F_SORT,
     .hint = N_("In small letters, for example npo. It begins the address of every such group.")},
    {.name = "name",
     .label = N_("Name"),
     .type = T_TEXT,
     .at = offsetof(struct kind_input, name),
     .flags = F_REQUIRED | F_SORT,
     .max = 120,
     .column = "name"},
    {.name = "nameEnglish",
     .label = N_("Name in English"),
     .type = T_TEXT,
     .at = offsetof(struct kind_input, name_english),
     .flags = F_REQUIRED | F_SORT,
     .max = 120,
     .column = "name_english"},
    {.name = "label", /* the name in the reader's language */
     .label = N_("Name as shown"),
     .type = T_TEXT,
     .flags = F_DERIVED},
    {.name = "level",
     .label = N_("Level"),
     .type = T_ENUM,
     .at = offsetof(struct kind_input, level),
     .flags = F_REQUIRED | F_FILTER,
     .values = level_values,
     .column = "level"},
    {.name = "category",
     .label = N_("Category"),
     .type = T_ENUM,
     .at = offsetof(struct kind_input, category),
     .flags = F_REQUIRED | F_FILTER | F_SORT,
     .values = categories,
     .column = "category"},
    {.name = "principalKinds",
     .label = N_("May be commissioned by"),
     .type = T_REFS,
     .at = offsetof(struct kind_input, principals),
     .flags = F_FILTER,
     .reference = &principal_reference,
     .column = "\"key\" IN (SELECT w.kind FROM (SELECT p.kind_key AS kind, k.id AS id "
               "FROM group_kind_principal p JOIN group_kind k ON k.key = p.principal_key "
               "UNION ALL SELECT key, 'any' FROM group_kind WHERE any_principal = 1) AS w "
               "WHERE w.id IN",
     .hint = N_("With none, such groups are established by the support function or the "
                "coordinator of their area.")},
    {.name = "chairMaxMonths",
     .label = N_("Longest term of a chair, in months"),
     .type = T_INT,
     .at = offsetof(struct kind_input, chair_max_months),
     .max = 240,
     .column = "chair_max_months"},
    {0},
};

/* ---------------------------------------------------------------- reading */

static json_t *principals_of(const json_t *pairs, const json_t *item)
{
    json_t *list = json_array(), *pair;
    size_t i;
    json_array_foreach((json_t *)pairs, i, pair)
        if (json_int(pair, "kind", -1) == json_int(item, "key", 0))
            json_array_append(list, json_object_get(pair, "id"));
    return list;
}

/* The table of pairs is a few dozen rows: one query gives them all. */
static void finish(struct ctx *ctx, json_t *items)
{
    json_t *pairs = db_rows(ctx->tx,
                            "SELECT p.kind_key AS \"kind\", k.id AS \"id\", k.key AS \"place\" "
                            "FROM group_kind_principal p JOIN group_kind k "
                            "ON k.key = p.principal_key UNION ALL "
                            "SELECT key, 'any', 0 FROM group_kind WHERE any_principal = 1 "
                            "ORDER BY 1, 3");
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item) {
        const char *swedish = json_text(item, "name"), *english = json_text(item, "nameEnglish");
        json_put(item, "label", ctx->lang ? english : swedish); /* 0 is Swedish, the default */
        json_put_new(item, "principalKinds", principals_of(pairs, item));
    }
    json_decref(pairs);
}

static void links(struct ctx *ctx, json_t *object)
{
    const char *path = arena_printf(ctx->arena, "/group-kinds/%s", json_text(object, "id"));
    if (may(ctx, ACT_CHANGE_KIND, 0)) {
        ctx_link(ctx, object, "edit", "PATCH", path);
        ctx_link(ctx, object, "delete", "DELETE", path);
    }
}

const struct resource kind_resource = {
    .name = "group-kinds",
    .noun = N_("kind of group"),
    .table = "group_kind",
    .select = "SELECT key AS \"key\", id AS \"id\", name AS \"name\", "
              "name_english AS \"nameEnglish\", level AS \"level\", category AS \"category\", "
              "chair_max_months AS \"chairMaxMonths\", version AS \"version\", "
              "modified AS \"modified\" FROM group_kind",
    .found = DB_FOUND("\"key\"", "group-kinds", "?5"),
    .order = "CASE \"level\" WHEN 'national' THEN 0 WHEN 'healthcareRegion' THEN 1 ELSE 2 END, "
             "\"key\"",
    .size = sizeof(struct kind_input),
    .fields = kind_fields,
    .finish = finish,
    .links = links,
    .moved = "SELECT k.id FROM group_kind_alias a JOIN group_kind k ON k.key = a.kind_key "
             "WHERE a.id = ?1",
};

json_t *kind_levels(struct ctx *ctx)
{
    json_t *levels = json_array();
    for (const struct value *v = level_values; v->code; v++) {
        json_t *level = json_push(levels, json_object());
        json_put(level, "level", v->code);
        json_put(level, "label", ctx_text(ctx, v->label));
        struct fixed on_it = {.condition = "\"level\" = ?6", .text = v->code};
        json_put_new(level, "items", resource_items(ctx, &kind_resource, on_it));
    }
    return levels;
}

json_t *kind_commissions(struct ctx *ctx, const char *id)
{
    return db_rows(ctx->tx,
                   "SELECT k.id AS \"id\", CASE WHEN ?2 = 1 THEN k.name_english ELSE k.name END "
                   "AS \"label\" FROM group_kind_principal p "
                   "JOIN group_kind by_kind ON by_kind.key = p.principal_key "
                   "JOIN group_kind k ON k.key = p.kind_key WHERE by_kind.id = ?1 ORDER BY k.key",
                   id, ctx->lang);
}

long long kind_groups(struct ctx *ctx, const char *id)
{
    return db_int(ctx->tx, 0,
                  "SELECT count(*) FROM workgroup g JOIN group_kind k ON k.key = g.kind_key "
                  "WHERE k.id = ?5 AND g.start_date <= ?1 "
                  "AND (g.end_date IS NULL OR g.end_date >= ?1) "
                  "AND " ACCESS_GROUP_VISIBLE("g.access_mode", "g.key"),
                  ctx->day, access_sees_all(ctx), ctx->actor->person_key, ctx->today, id);
}

/* ---------------------------------------------------------------- writing */

static int by_key(const void *a, const void *b)
{
    long long x = ((const struct ref_value *)a)->key, y = ((const struct ref_value *)b)->key;
    return (x > y) - (x < y);
}

/* The order in which principals are named means nothing: they are kept and compared in one. */
static void sort_principals(struct ctx *ctx, struct ref_list *list)
{
    if (!list->n)
        return;
    struct ref_value *sorted = arena_alloc(ctx->arena, list->n * sizeof *sorted);
    memcpy(sorted, list->item, list->n * sizeof *sorted);
    qsort(sorted, list->n, sizeof *sorted, by_key);
    list->item = sorted;
}

static bool is_any(const struct ref_list *list)
{
    return list->n && list->item[0].key == ANY_KIND;
}

/* What a field alone cannot tell. Told together with the fields' own messages. */
static enum code check_input(struct ctx *ctx, struct kind_input *in, enum code read)
{
    if (read && !ctx->err->fields)
        return read;
    sort_principals(ctx, &in->principals);
    if (is_any(&in->principals) && in->principals.n > 1)
        err_field(ctx->err, "/principalKinds", N_("Choose either any or certain kinds."), NULL);
    if (in->chair_max_months == 0)
        err_field(ctx->err, "/chairMaxMonths", N_("A term is at least one month."), NULL);
    if (in->id && (!strcmp(in->id, "new") || !strcmp(in->id, "any")))
        err_field(ctx->err, "/id", N_("This address is used by the program. Choose another."),
                  NULL);
    return ctx->err->code;
}

static enum code refuse_taken(struct ctx *ctx, const char *id, long long but_key)
{
    if (db_exists(ctx->tx,
                  "SELECT 1 FROM group_kind WHERE id = ?1 AND key <> ?2 UNION ALL "
                  "SELECT 1 FROM group_kind_alias WHERE id = ?1 AND kind_key <> ?2",
                  id, but_key))
        return err_setf(ctx->err, E_CONFLICT, "slug-taken",
                        N_("The address {id} is taken. Choose another."), "id", id, NULL);
    return tx_code(ctx->tx);
}

static enum code keep_principals(struct ctx *ctx, const struct kind_input *in, long long key)
{
    const struct ref_list *list = &in->principals;
    bool any = is_any(list);
    enum code c = db_run(ctx->tx, "UPDATE group_kind SET any_principal = ?2 WHERE key = ?1", key,
                         any);
    if (!c)
        c = db_run(ctx->tx, "DELETE FROM group_kind_principal WHERE kind_key = ?1", key);
    for (size_t i = 0; !c && !any && i < list->n; i++)
        c = db_run(ctx->tx,
                   "INSERT INTO group_kind_principal (kind_key, principal_key) VALUES (?1, ?2)",
                   key, list->item[i].key);
    return c;
}

static enum code index_words(struct ctx *ctx, const struct kind_input *in, long long key)
{
    return db_index_put(ctx->tx, kind_resource.name, key,
                        arena_printf(ctx->arena, "%s %s %s", in->id, in->name, in->name_english));
}

enum code kind_create(struct ctx *ctx, struct answer *out)
{
    struct kind_input in;
    long long key = 0;
    enum code c = must_may(ctx, ACT_CHANGE_KIND, 0);
    if (c)
        return c;
    c = check_input(ctx, &in, resource_read(ctx, &kind_resource, &in));
    if (!c)
        c = refuse_taken(ctx, in.id, 0);
    if (!c)
        c = resource_insert(ctx, &kind_resource, &in, in.id, NULL, &key);
    if (!c)
        c = keep_principals(ctx, &in, key);
    if (!c)
        c = index_words(ctx, &in, key);
    out->flash = N_("The kind is in the register.");
    return c ? c : resource_created(ctx, &kind_resource, in.id, out);
}

/* Addresses of groups begin with the kind, and their areas follow its level. */
static enum code refuse_in_use(struct ctx *ctx, const struct edit *edit,
                               const struct kind_input *in)
{
    bool moves = strcmp(in->id, edit->id) || strcmp(in->level, json_text(edit->now, "level"));
    if (moves && db_exists(ctx->tx, "SELECT 1 FROM workgroup WHERE kind_key = ?1", edit->key))
        return ctx_fail(ctx, E_CONFLICT, "in-use",
                        N_("There are groups of this kind: its abbreviation and its level cannot "
                           "be changed any more."));
    return tx_code(ctx->tx);
}

/* The old address becomes an alias, for ever. */
static enum code rename_kind(struct ctx *ctx, long long key, const char *from, const char *to)
{
    if (!strcmp(from, to))
        return OK;
    enum code c = db_run(ctx->tx, "DELETE FROM group_kind_alias WHERE id = ?1", to);
    if (!c)
        c = db_run(ctx->tx, "INSERT INTO group_kind_alias (id, kind_key) VALUES (?1, ?2)", from,
                   key);
    return c ? c : db_run(ctx->tx, "UPDATE group_kind SET id = ?2 WHERE key = ?1", key, to);
}

static enum code save(struct ctx *ctx, struct edit *edit, const struct kind_input *in)
{
    bool changed = false;
    enum code c = refuse_in_use(ctx, edit, in);
    if (!c)
        c = refuse_taken(ctx, in->id, edit->key);
    if (!c)
        c = resource_update(ctx, &kind_resource, edit, in, &changed);
    if (c || !changed)
        return c;
    c = rename_kind(ctx, edit->key, edit->id, in->id);
    if (!c)
        c = keep_principals(ctx, in, edit->key);
    return c ? c : index_words(ctx, in, edit->key);
}

static bool is_here(struct ctx *ctx)
{
    return db_exists(ctx->tx, "SELECT 1 FROM group_kind WHERE id = ?1", ctx_value(ctx, "id"));
}

enum code kind_change(struct ctx *ctx, struct answer *out)
{
    struct kind_input in;
    struct edit edit = {0};
    enum code c = must_may(ctx, ACT_CHANGE_KIND, 0);
    if (c)
        return c;
    if (!is_here(ctx))
        return resource_absent(ctx, &kind_resource, ctx_value(ctx, "id"), out);
    c = check_input(ctx, &in,
                    resource_edit(ctx, &kind_resource, ctx_value(ctx, "id"), &edit, &in));
    if (!c)
        c = save(ctx, &edit, &in);
    resource_edit_end(&edit);
    out->flash = N_("Saved.");
    return c ? c : resource_changed(ctx, &kind_resource, in.id, out);
}

static enum code refuse_removal(struct ctx *ctx, long long key)
{
    bool used = db_exists(ctx->tx,
                          "SELECT 1 FROM workgroup WHERE kind_key = ?1 UNION ALL "
                          "SELECT 1 FROM group_kind_principal "
                          "WHERE principal_key = ?1 AND kind_key <> ?1",
                          key);
    return used ? ctx_fail(ctx, E_CONFLICT, "in-use",
                           N_("There are groups of this kind, or kinds that it commissions."))
                : tx_code(ctx->tx);
}

enum code kind_remove(struct ctx *ctx, struct answer *out)
{
    struct edit edit = {0};
    enum code c = must_may(ctx, ACT_CHANGE_KIND, 0);
    if (c)
        return c;
    if (!is_here(ctx))
        return resource_absent(ctx, &kind_resource, ctx_value(ctx, "id"), out);
    c = resource_guard(ctx, &kind_resource, ctx_value(ctx, "id"), &edit);
    if (!c)
        c = refuse_removal(ctx, edit.key);
    if (!c)
        c = resource_delete_within(ctx, &kind_resource, edit.key);
    if (!c)
        c = resource_delete(ctx, &kind_resource, &edit);
    resource_edit_end(&edit);
    out->see = "/group-kinds";
    out->flash = N_("The kind is deleted.");
    return c;
}
