/* group_life.c: a group is made dormant, closed and reopened.
 *
 * Owns group_pause, and what closing does to what hangs on a group. Closing sets the last day;
 * reopening takes it away and leaves the days between as a pause, so that the register still tells
 * that the group was closed then. Must not know pages. */
#include <string.h>
#include <kansli/crypt.h>
#include "internal.h"

struct life_input {
    const char *day, *reason;
};

#define AT(member) offsetof(struct life_input, member)
#define REASON                                                                                     \
    {.name = "reason", .label = N_("Reason"), .type = T_LINES, .at = AT(reason),                   \
     .flags = F_REQUIRED, .max = 1000, .hint = N_("It is shown on the group's page.")}

const struct field closure_fields[] = {
    {.name = "endDate", .label = N_("Last day"), .type = T_DAY, .at = AT(day), .flags = F_REQUIRED,
     .hint = N_("Included: the group is closed from the day after.")},
    REASON,
    {0},
};

const struct field dormancy_fields[] = {
    {.name = "startDate", .label = N_("Dormant from"), .type = T_DAY, .at = AT(day),
     .flags = F_REQUIRED},
    REASON,
    {0},
};

const struct field reopening_fields[] = {
    {.name = "startDate", .label = N_("At work again from"), .type = T_DAY, .at = AT(day),
     .flags = F_REQUIRED},
    {0},
};

struct life { /* a group before the act */
    long long key;
    const char *id, *status, *start, *end;
};

static void life_read(struct ctx *ctx, long long key, struct life *life)
{
    json_t *row = db_row(ctx->tx,
                         "SELECT b.id AS \"id\", g.start_date AS \"start\", g.end_date AS \"end\", "
                         GROUP_STATUS("g", "h.status") " AS \"status\" FROM workgroup g "
                         "JOIN body b ON b.key = g.key "
                         "LEFT JOIN hosting h ON h.key = " GROUP_HOSTING("g") " WHERE g.key = ?2",
                         ctx->today, key);
    const char *end = json_text(row, "end");
    life->key = key;
    life->id = arena_strdup(ctx->arena, row ? json_text(row, "id") : "");
    life->status = arena_strdup(ctx->arena, row ? json_text(row, "status") : "");
    life->start = arena_strdup(ctx->arena, row ? json_text(row, "start") : "");
    life->end = end ? arena_strdup(ctx->arena, end) : NULL;
    json_decref(row);
}

/* What every act begins with: the group, the right to it, what was sent. The right is asked once
 * the group is known. */
static enum code life_begin(struct ctx *ctx, struct answer *out, const struct field *fields,
                            bool closing, struct life *life, struct life_input *in)
{
    enum code c;
    long long key = group_in_path(ctx, out, &c);
    memset(in, 0, sizeof *in);
    life->key = 0;
    if (!key)
        return c;
    life_read(ctx, key, life);
    bool decides = closing || !strcmp(life->status, "closed");
    c = must_may(ctx, decides ? group_close_act(ctx, key) : ACT_CHANGE_GROUP, key);
    return c ? c : fields_read(ctx, fields, in);
}

static enum code life_end(struct ctx *ctx, const struct life *life, const char *act,
                          json_t *changes, struct answer *out)
{
    enum code c = resource_touch(ctx, &group_resource, life->key, life->id, act, changes);
    return c ? c : resource_created(ctx, &group_resource, life->id, out);
}

static void change(json_t *changes, const char *name, const char *before, const char *after)
{
    json_t *pair = json_put_new(changes, name, json_array());
    json_push(pair, before ? json_text_new(before) : json_null());
    json_push(pair, after ? json_text_new(after) : json_null());
}

/* ---------------------------------------------------------------- close */

/* A tie with a last day of its own that lies after the group's ends with it; its history says so.
 */
static enum code note_cut(struct ctx *ctx, const struct resource *r, json_t *rows, const char *end)
{
    enum code c = OK;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        json_t *changes = json_object();
        change(changes, "endDate", json_text(row, "end"), end);
        enum code d = resource_touch(ctx, r, json_int(row, "key", 0), json_text(row, "id"), "update",
                                     changes);
        c = c ? c : d;
    }
    json_decref(rows);
    return c;
}

static enum code cut_ties(struct ctx *ctx, long long key, const char *end)
{
    json_t *hostings = db_rows(ctx->tx,
                               "SELECT key AS \"key\", id AS \"id\", end_date AS \"end\" "
                               "FROM hosting WHERE group_key = ?1 AND end_date > ?2",
                               key, end);
    json_t *relations = db_rows(ctx->tx,
                                "SELECT key AS \"key\", id AS \"id\", end_date AS \"end\" "
                                "FROM relation WHERE group_key = ?1 AND end_date > ?2",
                                key, end);
    enum code c = db_run(ctx->tx,
                         "UPDATE hosting SET end_date = ?2 WHERE group_key = ?1 AND end_date > ?2",
                         key, end);
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE relation SET end_date = ?2 WHERE group_key = ?1 AND end_date > ?2", key,
                   end);
    enum code d = note_cut(ctx, &hosting_resource, hostings, end);
    enum code e = note_cut(ctx, &relation_resource, relations, end);
    return c ? c : d ? d : e;
}

enum code group_people_end(struct ctx *ctx, long long key, const char *end, bool all)
{
    const char *later = all ? end : "9999-12-31"; /* with a last day of their own that lies after this */
    json_t *people = db_rows(ctx->tx,
                             "SELECT key AS \"key\", id AS \"id\", end_date AS \"end\" "
                             "FROM membership WHERE group_key = ?1 AND start_date <= ?2 "
                             "AND (end_date IS NULL OR end_date > ?3)",
                             key, end, later);
    enum code c = db_run(ctx->tx,
                         "UPDATE membership SET end_date = ?2 WHERE group_key = ?1 "
                         "AND start_date <= ?2 AND (end_date IS NULL OR end_date > ?3)",
                         key, end, later);
    enum code d = note_cut(ctx, resource_by_name("memberships"), people, end);
    return c ? c : d;
}

static enum code cut(struct ctx *ctx, long long key, const char *end)
{
    enum code c = cut_ties(ctx, key, end);
    if (!c)
        c = group_people_end(ctx, key, end, true);
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE group_principal SET end_date = ?2 "
                   "WHERE group_key = ?1 AND end_date > ?2",
                   key, end);
    if (!c)
        c = db_run(ctx->tx, "DELETE FROM group_pause WHERE group_key = ?1 AND start_date > ?2", key,
                   end);
    return c ? c
             : db_run(ctx->tx,
                      "UPDATE group_pause SET end_date = ?2 WHERE group_key = ?1 "
                      "AND (end_date IS NULL OR end_date > ?2)",
                      key, end);
}

enum code group_close(struct ctx *ctx, struct answer *out)
{
    struct life life;
    struct life_input in;
    enum code c = life_begin(ctx, out, closure_fields, true, &life, &in);
    if (c || !life.key)
        return c;
    if (!strcmp(life.status, "closed"))
        return ctx_fail(ctx, E_CONFLICT, "group-closed", N_("The group is closed already."));
    if (strcmp(in.day, life.start) < 0)
        return err_field(ctx->err, "/endDate", N_("The last day comes before the first."), NULL);
    c = cut(ctx, life.key, in.day);
    if (!c)
        c = group_dates_hold(ctx, life.key, life.start, in.day);
    if (!c)
        c = db_run(ctx->tx, "UPDATE workgroup SET end_date = ?2, close_reason = ?3 WHERE key = ?1",
                   life.key, in.day, in.reason);
    if (c)
        return c;
    json_t *changes = json_object();
    change(changes, "endDate", life.end, in.day);
    change(changes, "statusReason", NULL, in.reason);
    out->flash = N_("The group has a last day.");
    return life_end(ctx, &life, "close", changes, out);
}

/* ---------------------------------------------------------------- make dormant */

static enum code pause(struct ctx *ctx, long long key, const char *status, const char *start,
                       const char *end, const char *reason)
{
    char id[UUID_SIZE];
    crypt_uuid(id);
    return db_run(ctx->tx,
                  "INSERT INTO group_pause (id, group_key, status, start_date, end_date, reason) "
                  "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                  (const char *)id, key, status, start, end, reason);
}

enum code group_rest(struct ctx *ctx, struct answer *out)
{
    struct life life;
    struct life_input in;
    enum code c = life_begin(ctx, out, dormancy_fields, false, &life, &in);
    if (c || !life.key)
        return c;
    if (!strcmp(life.status, "closed"))
        return ctx_fail(ctx, E_CONFLICT, "group-closed", N_("The group is closed already."));
    if (strcmp(in.day, life.start) < 0 || (life.end && strcmp(in.day, life.end) > 0))
        return ctx_fail(ctx, E_CONFLICT, "outside-group-dates",
                        N_("That day lies outside the group's first and last day."));
    if (db_exists(ctx->tx,
                  "SELECT 1 FROM group_pause WHERE group_key = ?1 "
                  "AND (end_date IS NULL OR end_date >= ?2)",
                  life.key, in.day))
        return ctx_fail(ctx, E_CONFLICT, "group-dormant",
                        N_("The group is dormant or closed on that day or later."));
    c = pause(ctx, life.key, "dormant", in.day, NULL, in.reason);
    if (c)
        return c;
    json_t *changes = json_object();
    change(changes, "status", life.status, "dormant");
    change(changes, "statusReason", NULL, in.reason);
    out->flash = N_("The group is dormant from the day you gave.");
    return life_end(ctx, &life, "dormancy", changes, out);
}

/* ---------------------------------------------------------------- reopen */

/* The days between the last day and the new beginning were days when it was closed. */
static enum code reopen_closed(struct ctx *ctx, const struct life *life, const char *start)
{
    char gap[DAY_SIZE], before[DAY_SIZE];
    if (strcmp(start, life->end) <= 0)
        return err_field(ctx->err, "/startDate", N_("The group was still at work that day."), NULL);
    day_add(life->end, 1, gap);
    day_add(start, -1, before);
    const char *reason =
        db_text(ctx->tx, "SELECT close_reason FROM workgroup WHERE key = ?1", life->key);
    enum code c = OK;
    if (strcmp(gap, before) <= 0)
        c = pause(ctx, life->key, "closed", gap, before, reason ? reason : "");
    return c ? c
             : db_run(ctx->tx,
                      "UPDATE workgroup SET end_date = NULL, close_reason = NULL WHERE key = ?1",
                      life->key);
}

/* Ends the pause that covers today; one that ends before it began has never been. */
static enum code end_pause(struct ctx *ctx, const struct life *life, const char *start)
{
    char before[DAY_SIZE];
    long long key = db_int(ctx->tx, 0,
                           "SELECT key FROM group_pause WHERE group_key = ?1 AND start_date <= ?2 "
                           "AND (end_date IS NULL OR end_date >= ?2)",
                           life->key, ctx->today);
    if (!key)
        return ctx_fail(ctx, E_CONFLICT, "hosting-dormant",
                        N_("The group is dormant because its hosting is. Change the hosting."));
    if (db_exists(ctx->tx, "SELECT 1 FROM group_pause WHERE key = ?1 AND start_date > ?2", key,
                  start))
        return err_field(ctx->err, "/startDate", N_("The group was still at work that day."), NULL);
    day_add(start, -1, before);
    enum code c = db_run(ctx->tx, "UPDATE group_pause SET end_date = ?2 WHERE key = ?1", key,
                         (const char *)before);
    return c ? c
             : db_run(ctx->tx, "DELETE FROM group_pause WHERE key = ?1 AND end_date < start_date",
                      key);
}

enum code group_reopen(struct ctx *ctx, struct answer *out)
{
    struct life life;
    struct life_input in;
    enum code c = life_begin(ctx, out, reopening_fields, false, &life, &in);
    if (c || !life.key)
        return c;
    bool ended = life.end && strcmp(life.end, ctx->today) < 0;
    if (strcmp(life.status, "closed") && strcmp(life.status, "dormant"))
        return ctx_fail(ctx, E_CONFLICT, "group-at-work",
                        N_("The group is neither closed nor dormant today."));
    c = ended ? reopen_closed(ctx, &life, in.day) : end_pause(ctx, &life, in.day);
    if (c)
        return c;
    json_t *changes = json_object();
    change(changes, "status", life.status, "active");
    if (ended)
        change(changes, "endDate", life.end, NULL);
    out->flash = N_("The group is at work again from the day you gave.");
    return life_end(ctx, &life, "reopen", changes, out);
}
