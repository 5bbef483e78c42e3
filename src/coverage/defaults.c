/* defaults.c: what every group of a kind begins with (R21, R22), copied when a group is made.
 *
 * Owns the copying: afterwards the rows are the group's own, and a change of the defaults touches
 * no group that exists. Lives beside the engine because a group may not know the room of
 * requirements. */
#include <kansli/audit.h>
#include <kansli/crypt.h>
#include "internal.h"

/* What the row's own history begins with: as if somebody had entered it. */
static json_t *beginning(const json_t *row)
{
    static const char *const fields[] = {"type", "text", "bodyId", "capacity",
                                         "competence", "role", "minCount", "weight"};
    json_t *changes = json_object();
    for (size_t i = 0; i < LEN(fields); i++) {
        json_t *value = json_object_get(row, fields[i]);
        if (value && !json_is_null(value))
            json_put_new(changes, fields[i], json_pack("[n, O]", value));
    }
    return changes;
}

static enum code copy_one(struct ctx *ctx, long long group_key, const json_t *row)
{
    char id[UUID_SIZE];
    crypt_uuid(id);
    enum code c = db_run(
        ctx->tx,
        "INSERT INTO requirement (id, group_key, position, type, text, body_key, capacity, "
        "competence, role, min_count, weight, modified) SELECT ?1, ?2, position, type, text, "
        "body_key, capacity, competence, role, min_count, weight, ?4 FROM requirement "
        "WHERE key = ?3",
        (const char *)id, group_key, json_int(row, "key", 0), tx_instant(ctx->tx));
    if (c)
        return c;
    return audit_add(ctx, (struct audit){
                              .type = "requirements",
                              .key = db_int(ctx->tx, 0, "SELECT key FROM requirement WHERE id = ?1",
                                            (const char *)id),
                              .id = id,
                              .within_type = "groups",
                              .within_key = group_key,
                              .act = "create",
                              .version = 1,
                              .changes = beginning(row),
                          });
}

enum code coverage_copy_defaults(struct ctx *ctx, long long group_key, long long kind_key)
{
    json_t *row, *rows = db_rows(
        ctx->tx,
        "SELECT r.key AS \"key\", r.type AS \"type\", r.text AS \"text\", b.id AS \"bodyId\", "
        "r.capacity AS \"capacity\", r.competence AS \"competence\", r.role AS \"role\", "
        "r.min_count AS \"minCount\", r.weight AS \"weight\" FROM requirement r "
        "LEFT JOIN body b ON b.key = r.body_key WHERE r.kind_key = ?1 ORDER BY r.position, r.key",
        kind_key);
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c)
            c = copy_one(ctx, group_key, row);
    json_decref(rows);
    return c;
}
