/* requirement.c: what a group should hold, row by row (R21), and what every group of a kind begins
 * with.
 *
 * Owns the table requirement: its rows belong to a group or, as defaults, to a kind, and both are
 * read and written by the same functions. Owns the rule that a row says what its type asks for.
 * Must not know whether a row is held (coverage.h) nor how it is shown. */
#include <string.h>
#include <kansli/kind.h>
#include <kansli/membership.h>
#include "internal.h"

struct requirement_input {
    const char *type, *text, *capacity, *competence, *role, *weight;
    struct ref_value body;
    long long min_count;
};

const struct value requirement_types[] = {
    {"eachHealthcareRegion", N_("Every healthcare region")},
    {"eachRegion", N_("Every region of its area")},
    {"body", N_("A named organisation or group")},
    {"capacity", N_("A capacity")},
    {"competence", N_("A competence")},
    {"role", N_("A role")},
    {NULL, NULL},
};

const struct value requirement_weights[] = {
    {"required", NC_("weight", "Required")},
    {"desirable", NC_("weight", "Desirable")},
    {NULL, NULL},
};

static const struct value directions[] = {
    {"up", NC_("direction", "Up")},
    {"down", NC_("direction", "Down")},
    {NULL, NULL},
};

struct move_input {
    const char *direction;
};

const struct field requirement_move_fields[] = {
    {.name = "direction", .label = N_("Direction"), .type = T_ENUM,
     .at = offsetof(struct move_input, direction), .flags = F_REQUIRED, .values = directions},
    {0},
};

/* ---------------------------------------------------------------- fields */

#define AT(member) offsetof(struct requirement_input, member)

static const struct field requirement_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .flags = F_DERIVED,
     .reference = &group_reference},
    {.name = "kindId", .label = N_("Kind of group"), .type = T_SLUG, .flags = F_DERIVED},
    {.name = "position", .label = N_("Place in the order"), .type = T_INT, .flags = F_DERIVED},
    {.name = "type", .label = N_("What is asked for"), .type = T_ENUM, .at = AT(type),
     .flags = F_REQUIRED | F_FILTER, .values = requirement_types, .column = "type"},
    {.name = "text", .label = N_("In words"), .type = T_TEXT, .at = AT(text),
     .flags = F_REQUIRED | F_WIDE, .max = 300, .column = "text",
     .hint = N_("As the mandate says it, for example: One member for each region.")},
    {.name = "bodyId", .label = N_("Organisation or group"), .type = T_REF, .at = AT(body),
     .flags = F_FILTER, .reference = &body_reference, .column = "body_key",
     .hint = N_("Whom a member represents. A region or a municipality counts for its healthcare "
                "region.")},
    {.name = "capacity", .label = N_("Capacity"), .type = T_ENUM, .at = AT(capacity),
     .flags = F_FILTER, .values = membership_capacities, .column = "capacity",
     .hint = N_("Patient takes next of kin too.")},
    {.name = "competence", .label = N_("Competence"), .type = T_TEXT, .at = AT(competence),
     .max = 120, .column = "competence",
     .hint = N_("The same words as the member's own, in capitals or not.")},
    {.name = "role", .label = N_("Role"), .type = T_ENUM, .at = AT(role), .flags = F_FILTER,
     .values = membership_roles, .column = "role"},
    {.name = "minCount", .label = N_("How many at least"), .type = T_INT, .at = AT(min_count),
     .flags = F_REQUIRED, .max = 99, .column = "min_count", .fallback = "1",
     .hint = N_("From each of them where every region is asked for.")},
    {.name = "weight", .label = N_("Weight"), .type = T_ENUM, .at = AT(weight),
     .flags = F_REQUIRED | F_FILTER, .values = requirement_weights, .column = "weight",
     .fallback = "required"},
    {0},
};

/* ---------------------------------------------------------------- the two selects */

#define KNOWN_BODY(expression) "CASE WHEN w.key IS NULL OR " ACCESS_GROUP_VISIBLE(                 \
    "w.access_mode", "w.key") " THEN " expression " END"
#define COLUMNS                                                                                    \
    "r.key AS \"key\", r.version AS \"version\", r.id AS \"id\", r.position AS \"position\", "     \
    "r.type AS \"type\", r.text AS \"text\", r.body_key AS \"body_key\", "                         \
    KNOWN_BODY("b.id") " AS \"bodyId\", "                                                          \
    KNOWN_BODY("coalesce(o.name, w.full_name)") " AS \"bodyName\", "                               \
    "r.capacity AS \"capacity\", r.competence AS \"competence\", r.role AS \"role\", "             \
    "r.min_count AS \"minCount\", r.weight AS \"weight\", r.modified AS \"modified\" "
#define JOINS                                                                                      \
    "LEFT JOIN body b ON b.key = r.body_key LEFT JOIN organisation o ON o.key = r.body_key "       \
    "LEFT JOIN workgroup w ON w.key = r.body_key "

static void link_row(struct ctx *ctx, json_t *object, const struct resource *r, enum act act,
                     long long key)
{
    if (!may(ctx, act, key))
        return;
    const char *path =
        arena_join(ctx->arena, "/", r->within, "/", json_text(object, r->parent), "/requirements/",
                   json_text(object, "id"), NULL);
    ctx_link(ctx, object, "edit", "PATCH", path);
    ctx_link(ctx, object, "delete", "DELETE", path);
    ctx_link(ctx, object, "move", "POST", arena_join(ctx->arena, path, "/moves", NULL));
    ctx->as_support = false; /* asked, not done */
}

static void link_requirement(struct ctx *ctx, json_t *object)
{
    link_row(ctx, object, &requirement_resource, ACT_CHANGE_REQUIREMENT,
             db_int(ctx->tx, 0, "SELECT group_key FROM requirement WHERE key = ?1",
                    json_int(object, "key", 0)));
}

static void link_default(struct ctx *ctx, json_t *object)
{
    link_row(ctx, object, &default_requirement_resource, ACT_CHANGE_KIND, 0);
}

const struct resource requirement_resource = {
    .name = "requirements",
    .noun = N_("requirement"),
    .table = "requirement",
    .select = "SELECT gb.id AS \"groupId\", g.full_name AS \"groupName\", " COLUMNS
              "FROM requirement r JOIN workgroup g ON g.key = r.group_key "
              "JOIN body gb ON gb.key = g.key " JOINS
              "WHERE " ACCESS_GROUP_VISIBLE("g.access_mode", "g.key"),
    .order = "\"position\", \"id\"",
    .size = sizeof(struct requirement_input),
    .fields = requirement_fields,
    .links = link_requirement,
    .within = "groups",
    .parent = "groupId",
    .parent_column = "group_key",
};

/* The same rows of the same table: only the owner is another. */
const struct resource default_requirement_resource = {
    .name = "requirements",
    .noun = N_("requirement"),
    .table = "requirement",
    .select = "SELECT k.id AS \"kindId\", " COLUMNS
              "FROM requirement r JOIN group_kind k ON k.key = r.kind_key " JOINS,
    .order = "\"position\", \"id\"",
    .size = sizeof(struct requirement_input),
    .fields = requirement_fields,
    .links = link_default,
    .within = "group-kinds",
    .parent = "kindId",
    .parent_column = "kind_key",
};

/* ---------------------------------------------------------------- whose rows */

static bool of_kind(struct ctx *ctx)
{
    return ctx->path && !strncmp(ctx->path, "/group-kinds/", 13);
}

static struct owner owner_group(struct ctx *ctx, struct answer *out, enum code *code)
{
    return (struct owner){&requirement_resource, "/groups", group_in_path(ctx, out, code),
                          ACT_CHANGE_REQUIREMENT, false};
}

static struct owner owner_kind(struct ctx *ctx, struct answer *out, enum code *code)
{
    struct owner owner = {&default_requirement_resource, "/group-kinds", 0, ACT_CHANGE_KIND, true};
    const char *id = ctx_value(ctx, "id");
    owner.key = db_int(ctx->tx, 0, "SELECT key FROM group_kind WHERE id = ?1", id);
    *code = owner.key ? OK : resource_absent(ctx, &kind_resource, id, out);
    return owner;
}

struct owner owner_in_path(struct ctx *ctx, struct answer *out, enum code *code)
{
    return of_kind(ctx) ? owner_kind(ctx, out, code) : owner_group(ctx, out, code);
}

const char *owner_path(struct ctx *ctx, const struct owner *owner, const char *rest)
{
    return arena_join(ctx->arena, owner->root, "/", ctx_value(ctx, "id"), "/requirements", rest,
                      NULL);
}

const char *requirement_in_path(struct ctx *ctx, const struct owner *owner)
{
    const char *id = ctx_value(ctx, "requirementId");
    json_t *row = resource_one(ctx, owner->resource, id, NULL, NULL);
    bool here = row && !strcmp(json_text(row, owner->resource->parent), ctx_value(ctx, "id"));
    json_decref(row);
    return here ? id : NULL;
}

static long long may_change(struct ctx *ctx, const struct owner *owner, enum code *c)
{
    if (owner->key)
        *c = must_may(ctx, owner->act, owner->kind ? 0 : owner->key);
    return *c ? 0 : owner->key;
}

/* ---------------------------------------------------------------- rules */

/* A type names the condition that it cannot do without; the others narrow it. */
static enum code check_input(struct ctx *ctx, const struct requirement_input *in, enum code read)
{
    static const char *const needed = N_("This is needed for what is asked for.");
    const char *type = in->type;
    if (read && !ctx->err->fields)
        return read;
    if (type && !strcmp(type, "body") && !in->body.id)
        err_field(ctx->err, "/bodyId", needed, NULL);
    if (type && !strcmp(type, "capacity") && !in->capacity)
        err_field(ctx->err, "/capacity", needed, NULL);
    if (type && !strcmp(type, "competence") && !in->competence)
        err_field(ctx->err, "/competence", needed, NULL);
    if (type && !strcmp(type, "role") && !in->role)
        err_field(ctx->err, "/role", needed, NULL);
    if (in->min_count == 0)
        err_field(ctx->err, "/minCount", N_("At least one is asked for."), NULL);
    return ctx->err->code;
}

static void back(struct ctx *ctx, const struct owner *owner, const char *flash, struct answer *out)
{
    out->see = owner_path(ctx, owner, "");
    out->flash = flash;
}

static enum code create(struct ctx *ctx, const struct owner *owner, struct answer *out)
{
    struct requirement_input in;
    long long key = 0;
    enum code c = check_input(ctx, &in, resource_read(ctx, owner->resource, &in));
    if (c)
        return c;
    if (in.min_count == NO_INT)
        in.min_count = 1;
    json_t *extra = json_object();
    json_put_int(extra, owner->resource->parent_column, owner->key);
    json_put_int(extra, "position",
                 1 + (owner->kind ? db_int(ctx->tx, 0,
                                           "SELECT max(position) FROM requirement "
                                           "WHERE kind_key = ?1", owner->key)
                                  : db_int(ctx->tx, 0,
                                           "SELECT max(position) FROM requirement "
                                           "WHERE group_key = ?1", owner->key)));
    c = resource_insert(ctx, owner->resource, &in, NULL, extra, &key);
    json_decref(extra);
    if (c)
        return c;
    back(ctx, owner, N_("The requirement is added."), out);
    return resource_created(ctx, owner->resource,
                            db_text(ctx->tx, "SELECT id FROM requirement WHERE key = ?1", key),
                            out);
}

enum code requirement_create(struct ctx *ctx, struct answer *out)
{
    enum code c;
    struct owner owner = owner_group(ctx, out, &c);
    return may_change(ctx, &owner, &c) ? create(ctx, &owner, out) : c;
}

enum code default_requirement_create(struct ctx *ctx, struct answer *out)
{
    enum code c;
    struct owner owner = owner_kind(ctx, out, &c);
    return may_change(ctx, &owner, &c) ? create(ctx, &owner, out) : c;
}

enum code requirement_change(struct ctx *ctx, struct answer *out)
{
    struct requirement_input in;
    struct edit edit = {0};
    enum code c;
    struct owner owner = owner_in_path(ctx, out, &c);
    if (!may_change(ctx, &owner, &c))
        return c;
    const char *id = requirement_in_path(ctx, &owner);
    if (!id)
        return ctx_absent(ctx);
    c = resource_edit(ctx, owner.resource, id, &edit, &in);
    if (c == OK || c == E_INPUT)
        c = check_input(ctx, &in, c);
    if (!c && in.min_count == NO_INT)
        in.min_count = 1;
    if (!c)
        c = resource_update(ctx, owner.resource, &edit, &in, NULL);
    resource_edit_end(&edit);
    back(ctx, &owner, N_("The requirement is changed."), out);
    return c ? c : resource_changed(ctx, owner.resource, id, out);
}

enum code requirement_remove(struct ctx *ctx, struct answer *out)
{
    struct edit edit = {0};
    enum code c;
    struct owner owner = owner_in_path(ctx, out, &c);
    if (!may_change(ctx, &owner, &c))
        return c;
    const char *id = requirement_in_path(ctx, &owner);
    if (!id)
        return ctx_absent(ctx);
    c = resource_guard(ctx, owner.resource, id, &edit);
    if (!c)
        c = resource_delete(ctx, owner.resource, &edit);
    resource_edit_end(&edit);
    back(ctx, &owner, N_("The requirement is taken away."), out);
    return c;
}

/* ---------------------------------------------------------------- order */

static enum code place_row(struct ctx *ctx, const struct owner *owner, const json_t *row,
                           long long position)
{
    long long key = json_int(row, "key", 0), was = json_int(row, "position", 0);
    if (was == position)
        return OK;
    enum code c = db_run(ctx->tx, "UPDATE requirement SET position = ?2 WHERE key = ?1", key,
                         position);
    return c ? c : resource_touch(ctx, owner->resource, key, json_text(row, "id"), "update",
                                  json_pack("{s:[I,I]}", "position", (json_int_t)was,
                                            (json_int_t)position));
}

/* Changes places with its neighbour; at the end of the order nothing happens. */
static enum code swap(struct ctx *ctx, const struct owner *owner, json_t *rows, const char *id,
                      bool up)
{
    size_t n = json_array_size(rows), at = 0;
    while (at < n && strcmp(json_text(json_array_get(rows, at), "id"), id))
        at++;
    if (up ? at == 0 : at + 1 >= n)
        return OK;
    size_t other = up ? at - 1 : at + 1;
    enum code c = OK;
    for (size_t i = 0; i < n && !c; i++)
        c = place_row(ctx, owner, json_array_get(rows, i),
                      1 + (long long)(i == at ? other : i == other ? at : i));
    return c;
}

enum code requirement_move(struct ctx *ctx, struct answer *out)
{
    struct move_input in = {0};
    enum code c;
    struct owner owner = owner_in_path(ctx, out, &c);
    if (!may_change(ctx, &owner, &c))
        return c;
    const char *id = requirement_in_path(ctx, &owner);
    if (!id)
        return ctx_absent(ctx);
    c = fields_read(ctx, requirement_move_fields, &in);
    if (c)
        return c;
    json_t *rows = db_rows(ctx->tx,
                           "SELECT key AS \"key\", id AS \"id\", position AS \"position\" "
                           "FROM requirement WHERE group_key = ?1 OR kind_key = ?2 "
                           "ORDER BY position, id",
                           KEY(owner.kind ? 0 : owner.key), KEY(owner.kind ? owner.key : 0));
    c = swap(ctx, &owner, rows, id, !strcmp(in.direction, "up"));
    json_decref(rows);
    back(ctx, &owner, N_("The order is changed."), out);
    return c ? c : resource_created(ctx, owner.resource, id, out);
}
