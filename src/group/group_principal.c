/* group_principal.c: who commissions whom (R6, R7), with days.
 *
 * Owns group_principal, and the rule that no group stands above itself. A commission is a row with
 * a first and a last day; an open one lasts as long as its group, so that closing and reopening
 * lose nothing. Must not know rights nor pages. */
#include <string.h>
#include "internal.h"

/* ---------------------------------------------------------------- reading */

json_t *principals_all(struct ctx *ctx, long long key)
{
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT b.id AS \"id\", c.full_name AS \"name\", p.start_date AS \"startDate\", "
        "p.end_date AS \"endDate\", CASE WHEN " GROUP_IN_FORCE(
            "p", GROUP_DAY("g")) " THEN 1 ELSE 0 END AS \"current?\" FROM group_principal p "
        "JOIN workgroup g ON g.key = p.group_key JOIN workgroup c ON c.key = p.principal_key "
        "JOIN body b ON b.key = c.key WHERE p.group_key = ?5 AND " GROUP_VISIBLE("c")
        " ORDER BY p.end_date IS NOT NULL, p.position, p.start_date DESC, p.key",
        GROUP_ARGS(ctx), key);
    json_t *row;
    size_t i;
    json_array_foreach(rows, i, row)
        json_put(row, "href", group_href(ctx, json_text(row, "id")));
    return rows;
}

/* ---------------------------------------------------------------- rules */

static bool names(const json_t *ids, const char *id)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)ids, i, one)
        if (!strcmp(json_string_value(one), id))
            return true;
    return false;
}

static bool kind_allows(struct ctx *ctx, long long kind_key, long long principal_kind_key)
{
    return db_exists(ctx->tx,
                     "SELECT 1 FROM group_kind WHERE key = ?1 AND any_principal = 1 UNION ALL "
                     "SELECT 1 FROM group_kind_principal WHERE kind_key = ?1 AND principal_key = ?2",
                     kind_key, principal_kind_key);
}

/* The refusal says which kinds may: "npo, nsg", or that none may. */
static enum code refuse_kind(struct ctx *ctx, long long kind_key, const char *principal)
{
    const char *all = NULL;
    json_t *rows = db_rows(ctx->tx,
                           "SELECT k.id AS \"id\" FROM group_kind_principal p "
                           "JOIN group_kind k ON k.key = p.principal_key WHERE p.kind_key = ?1 "
                           "ORDER BY k.key",
                           kind_key),
           *row;
    size_t i;
    json_array_foreach(rows, i, row)
        all = all ? arena_printf(ctx->arena, "%s, %s", all, json_text(row, "id"))
                  : arena_strdup(ctx->arena, json_text(row, "id"));
    json_decref(rows);
    const char *kind = db_text(ctx->tx, "SELECT id FROM group_kind WHERE key = ?1", kind_key);
    if (!all)
        return err_setf(ctx->err, E_CONFLICT, "kind-may-not-commission",
                        N_("{principal} may not commission a group of the kind {kind}: nobody "
                           "does."),
                        "principal", principal, "kind", kind, NULL);
    return err_setf(ctx->err, E_CONFLICT, "kind-may-not-commission",
                    N_("{principal} may not commission a group of the kind {kind}: only groups of "
                       "these kinds may: {kinds}."),
                    "principal", principal, "kind", kind, "kinds", all, NULL);
}

enum code principals_may(struct ctx *ctx, long long kind_key, const struct ref_list *principals,
                         const json_t *before)
{
    for (size_t i = 0; i < principals->n; i++) {
        const struct ref_value *principal = &principals->item[i];
        if (before && names(before, principal->id))
            continue;
        long long kind =
            db_int(ctx->tx, 0, "SELECT kind_key FROM workgroup WHERE key = ?1", principal->key);
        if (!kind_allows(ctx, kind_key, kind))
            return refuse_kind(ctx, kind_key, principal->id);
    }
    return tx_code(ctx->tx);
}

enum code principal_may_stay(struct ctx *ctx, long long key, long long kind_key)
{
    const char *other = db_text(
        ctx->tx,
        "SELECT b.id FROM group_principal p JOIN workgroup g ON g.key = p.group_key "
        "JOIN group_kind k ON k.key = g.kind_key JOIN body b ON b.key = g.key "
        "WHERE p.principal_key = ?1 AND (p.end_date IS NULL OR p.end_date >= ?3) "
        "AND k.any_principal = 0 AND NOT EXISTS (SELECT 1 FROM group_kind_principal a "
        "WHERE a.kind_key = k.key AND a.principal_key = ?2) ORDER BY g.full_name LIMIT 1",
        key, kind_key, ctx->today);
    if (!other)
        return tx_code(ctx->tx);
    return err_setf(ctx->err, E_CONFLICT, "kind-may-not-commission",
                    N_("The group commissions {group}, which a group of that kind may not do."),
                    "group", other, NULL);
}

static enum code cycle(struct ctx *ctx, const char *through)
{
    return err_setf(ctx->err, E_CONFLICT, "body-cycle",
                    N_("{group} stands under this group already: a group cannot stand above "
                       "itself."),
                    "group", through, NULL);
}

/* Commissions that have ended lie in the past and close no circle. */
static bool commissions(struct ctx *ctx, long long key, long long above)
{
    return db_exists(ctx->tx,
                     "WITH RECURSIVE up (k) AS (SELECT key FROM workgroup WHERE key = ?2 UNION "
                     "SELECT p.principal_key FROM group_principal p JOIN up ON up.k = p.group_key "
                     "WHERE p.end_date IS NULL OR p.end_date >= ?3) SELECT 1 FROM up WHERE k = ?1",
                     key, above, ctx->today);
}

enum code group_no_cycle(struct ctx *ctx, long long key, const struct group_input *in)
{
    for (size_t i = 0; i < in->principals.n; i++)
        if (commissions(ctx, key, in->principals.item[i].key))
            return cycle(ctx, in->principals.item[i].id);
    if (in->parent.key &&
        db_exists(ctx->tx,
                  "WITH RECURSIVE up (k) AS (SELECT key FROM workgroup WHERE key = ?2 UNION "
                  "SELECT g.parent_key FROM workgroup g JOIN up ON up.k = g.key "
                  "WHERE g.parent_key IS NOT NULL) SELECT 1 FROM up WHERE k = ?1",
                  key, in->parent.key))
        return cycle(ctx, in->parent.id);
    if (in->mirrors.key &&
        db_exists(ctx->tx,
                  "WITH RECURSIVE up (k) AS (SELECT key FROM workgroup WHERE key = ?2 UNION "
                  "SELECT g.mirrors_key FROM workgroup g JOIN up ON up.k = g.key "
                  "WHERE g.mirrors_key IS NOT NULL) SELECT 1 FROM up WHERE k = ?1",
                  key, in->mirrors.key))
        return cycle(ctx, in->mirrors.id);
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- writing */

static enum code begin(struct ctx *ctx, long long key, const struct ref_value *principal,
                       size_t position, const char *start)
{
    return db_run(ctx->tx,
                  "INSERT INTO group_principal (group_key, principal_key, position, start_date) "
                  "VALUES (?1, ?2, ?3, ?4)",
                  key, principal->key, (long long)position, start);
}

enum code principals_begin(struct ctx *ctx, long long key, const struct group_input *in)
{
    enum code c = OK;
    for (size_t i = 0; !c && i < in->principals.n; i++)
        c = begin(ctx, key, &in->principals.item[i], i, in->start_date);
    return c;
}

/* Ended the day before; what began today or later has never been, and what was ended by a mistake
 * of today goes on. */
static enum code end(struct ctx *ctx, long long key, const char *id)
{
    char yesterday[DAY_SIZE];
    day_add(ctx->today, -1, yesterday);
    enum code c = db_run(ctx->tx,
                         "DELETE FROM group_principal WHERE group_key = ?1 AND start_date >= ?3 "
                         "AND principal_key = (SELECT key FROM body WHERE id = ?2)",
                         key, id, ctx->today);
    return c ? c
             : db_run(ctx->tx,
                      "UPDATE group_principal SET end_date = ?4 WHERE group_key = ?1 "
                      "AND principal_key = (SELECT key FROM body WHERE id = ?2) "
                      "AND (end_date IS NULL OR end_date >= ?3)",
                      key, id, ctx->today, (const char *)yesterday);
}

static enum code begin_again(struct ctx *ctx, long long key, const struct ref_value *principal,
                             size_t position, const char *start)
{
    char before[DAY_SIZE];
    day_add(start, -1, before);
    enum code c = db_run(ctx->tx,
                         "UPDATE group_principal SET end_date = NULL WHERE group_key = ?1 "
                         "AND principal_key = ?2 AND end_date = ?3",
                         key, principal->key, (const char *)before);
    return c || tx_changed(ctx->tx) ? c : begin(ctx, key, principal, position, start);
}

enum code principals_change(struct ctx *ctx, long long key, const json_t *before,
                            const struct group_input *in)
{
    const char *start = strcmp(in->start_date, ctx->today) > 0 ? in->start_date : ctx->today;
    json_t *after = json_array(), *one;
    enum code c = OK;
    size_t i;
    for (i = 0; i < in->principals.n; i++)
        json_push(after, json_string_nocheck(in->principals.item[i].id));
    json_array_foreach((json_t *)before, i, one)
        if (!c && !names(after, json_string_value(one)))
            c = end(ctx, key, json_string_value(one));
    for (i = 0; !c && i < in->principals.n; i++) {
        const struct ref_value *principal = &in->principals.item[i];
        if (!names(before, principal->id))
            c = begin_again(ctx, key, principal, i, start);
        if (!c)
            c = db_run(ctx->tx,
                       "UPDATE group_principal SET position = ?3 "
                       "WHERE group_key = ?1 AND principal_key = ?2",
                       key, principal->key, (long long)i);
    }
    json_decref(after);
    return c;
}
