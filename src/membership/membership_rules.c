/* membership_rules.c: entering, changing and deleting memberships: who may, and what must hold.
 *
 * Owns the rules of api.md over one row and its neighbours: a person once in a group at a time, one
 * chair at a time, within the group's days, the chair's one term and seat. Must not know pages. The
 * acts that end, extend and succeed (membership_acts.c) ask the same rules. */
#include <string.h>
#include <kansli/crypt.h>
#include <kansli/person.h>
#include "internal.h"

/* ---------------------------------------------------------------- rights */

enum act seat_act(const char *role)
{
    if (!strcmp(role, "chair"))
        return ACT_ENTER_CHAIR;
    return !strcmp(role, "processLeader") ? ACT_ENTER_PROCESS_LEADER : ACT_ENTER_MEMBERSHIP;
}

bool seat_may_any(struct ctx *ctx, long long group_key)
{
    return may(ctx, ACT_ENTER_MEMBERSHIP, group_key) || may(ctx, ACT_ENTER_CHAIR, group_key) ||
           may(ctx, ACT_ENTER_PROCESS_LEADER, group_key);
}

enum code seat_must_any(struct ctx *ctx, long long group_key)
{
    return seat_may_any(ctx, group_key) ? OK : must_may(ctx, ACT_ENTER_MEMBERSHIP, group_key);
}

enum code seat_find(struct ctx *ctx, const char *id, struct seat *seat)
{
    memset(seat, 0, sizeof *seat);
    json_decref(resource_one(ctx, &membership_resource, id, &seat->key, NULL));
    if (!seat->key)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    json_t *row = db_row(ctx->tx,
                         "SELECT m.group_key AS \"group\", m.person_key AS \"person\", "
                         "m.on_behalf_of_key AS \"for\", b.id AS \"groupId\", m.role AS \"role\", "
                         "m.start_date AS \"start\", m.end_date AS \"end\" FROM membership m "
                         "JOIN body b ON b.key = m.group_key WHERE m.key = ?1",
                         seat->key);
    seat->id = id;
    seat->group_key = json_int(row, "group", 0);
    seat->person_key = json_int(row, "person", 0);
    seat->on_behalf_of = json_int(row, "for", 0);
    seat->group_id = arena_strdup(ctx->arena, json_text(row, "groupId"));
    seat->role = arena_strdup(ctx->arena, json_text(row, "role"));
    seat->start = arena_strdup(ctx->arena, json_text(row, "start"));
    seat->end = json_text(row, "end") ? arena_strdup(ctx->arena, json_text(row, "end")) : NULL;
    json_decref(row);
    return tx_code(ctx->tx);
}

const char *seat_page(struct ctx *ctx, const struct seat *seat)
{
    return arena_printf(ctx->arena, "/groups/%s/memberships", seat->group_id);
}

/* ---------------------------------------------------------------- rules */

static bool is_chair(const struct seat *seat)
{
    return !strcmp(seat->role, "chair");
}

/* How many months a chair of the group may sit; 0: as long as anybody. */
static long long chair_months(struct ctx *ctx, long long group_key)
{
    return db_int(ctx->tx, 0,
                  "SELECT k.chair_max_months FROM workgroup g JOIN group_kind k ON k.key = "
                  "g.kind_key WHERE g.key = ?1",
                  group_key);
}

static void last_day_of_term(const char *start, long long months, char out[DAY_SIZE])
{
    char day[DAY_SIZE];
    day_add_months(start, (int)months, day);
    day_add(day, -1, out);
}

void seat_complete(struct ctx *ctx, struct seat *seat)
{
    long long months = is_chair(seat) ? chair_months(ctx, seat->group_key) : 0;
    char last[DAY_SIZE];
    if (seat->end)
        return;
    seat->end = db_text(ctx->tx, "SELECT end_date FROM workgroup WHERE key = ?1", seat->group_key);
    if (!months)
        return;
    last_day_of_term(seat->start, months, last);
    if (!seat->end || strcmp(seat->end, last) > 0)
        seat->end = arena_strdup(ctx->arena, last);
}

static enum code within_group(struct ctx *ctx, const struct seat *seat)
{
    bool outside = db_exists(ctx->tx,
                             "SELECT 1 FROM workgroup WHERE key = ?1 AND (start_date > ?2 "
                             "OR end_date < ?2 OR end_date < ?3)",
                             seat->group_key, seat->start, seat->end);
    return outside ? ctx_fail(ctx, E_CONFLICT, "outside-group-dates",
                              N_("These days lie outside the group's first and last day."))
                   : tx_code(ctx->tx);
}

#define OTHERS "FROM membership m WHERE m.group_key = ?1 AND m.key <> ?2 "
#define MEETS "AND m.start_date <= coalesce(?4, '9999-12-31') AND (m.end_date IS NULL OR m.end_date >= ?3) "

static enum code no_overlap(struct ctx *ctx, const struct seat *seat)
{
    json_t *other = db_row(ctx->tx,
                           "SELECT m.start_date AS \"start\", m.end_date AS \"end\" " OTHERS MEETS
                           "AND m.person_key = ?5",
                           seat->group_key, seat->key, seat->start, seat->end, seat->person_key);
    if (!other)
        return tx_code(ctx->tx);
    const char *end = json_text(other, "end");
    enum code c = err_setf(ctx->err, E_CONFLICT, "membership-overlap",
                           end ? N_("The person has a role in the group from {start} to {end}. One "
                                    "role at a time: end that first.")
                               : N_("The person has a role in the group from {start}. One role at a "
                                    "time: end that first."),
                           "start", json_text(other, "start"), "end", end ? end : "", NULL);
    json_decref(other);
    return c;
}

static enum code one_chair(struct ctx *ctx, const struct seat *seat)
{
    const char *other = db_text(ctx->tx,
                                "SELECT m.start_date " OTHERS MEETS "AND m.role = 'chair'",
                                seat->group_key, seat->key, seat->start, seat->end);
    if (!other)
        return tx_code(ctx->tx);
    return err_setf(ctx->err, E_CONFLICT, "chair-taken",
                    N_("The group has another chair on some of these days, since {start}. End that "
                       "period first, or let this person succeed."),
                    "start", other, NULL);
}

static enum code one_term(struct ctx *ctx, const struct seat *seat, long long months)
{
    char last[DAY_SIZE];
    last_day_of_term(seat->start, months, last);
    if (!seat->end || strcmp(seat->end, last) > 0)
        return err_setf(ctx->err, E_CONFLICT, "chair-term",
                        N_("In groups of this kind a chair sits at most {months} months: to {last} "
                           "at the latest."),
                        "months", arena_int(ctx->arena, months), "last", last, NULL);
    bool again = db_exists(ctx->tx, "SELECT 1 " OTHERS "AND m.role = 'chair' AND m.person_key = ?3",
                           seat->group_key, seat->key, seat->person_key);
    return again ? ctx_fail(ctx, E_CONFLICT, "chair-term",
                            N_("The person has chaired this group before. In groups of this kind "
                               "the chair's term is not renewed."))
                 : tx_code(ctx->tx);
}

/* A healthcare region, or what counts for one. */
static enum code region_behind(struct ctx *ctx, const struct seat *seat)
{
    bool stands = db_exists(
        ctx->tx,
        "SELECT 1 FROM organisation o WHERE o.key = ?1 AND (o.type = 'healthcareRegion' OR EXISTS ("
        "SELECT 1 FROM organisation_area a WHERE a.organisation_key IN (o.key, o.parent_key))) "
        "UNION ALL SELECT 1 FROM workgroup w WHERE w.key = ?1 AND (w.healthcare_region_key IS NOT "
        "NULL OR w.region_key IS NOT NULL)",
        seat->on_behalf_of);
    return stands ? tx_code(ctx->tx)
                  : ctx_fail(ctx, E_CONFLICT, "chair-seat",
                             N_("In groups of this kind the chair holds a seat for a healthcare "
                                "region: say which one is represented."));
}

enum code seat_holds(struct ctx *ctx, const struct seat *seat)
{
    long long months = is_chair(seat) ? chair_months(ctx, seat->group_key) : 0;
    enum code c = within_group(ctx, seat);
    if (!c)
        c = no_overlap(ctx, seat);
    if (!c && is_chair(seat))
        c = one_chair(ctx, seat);
    if (!c && months)
        c = one_term(ctx, seat, months);
    if (!c && months)
        c = region_behind(ctx, seat);
    return c;
}

/* ---------------------------------------------------------------- create */

/* After reading, so that these messages stand beside the others. */
static enum code check_input(struct ctx *ctx, const struct membership_input *in)
{
    if (in->start_date && in->end_date && strcmp(in->end_date, in->start_date) < 0)
        err_field(ctx->err, "/endDate", N_("The last day comes before the first."), NULL);
    if (!in->capacity && !ctx->err->fields)
        err_field(ctx->err, "/capacity", N_("This is needed."), NULL);
    return ctx->err->code;
}

/* The group that is meant, before anything else is looked at: what one may not enter one may not
 * try out either. 0 when it must be said yet, or *c. */
static long long group_meant(struct ctx *ctx, struct answer *out, enum code *c)
{
    *c = OK;
    if (ctx->names)
        return group_in_path(ctx, out, c);
    const char *id = json_text(ctx->body->values, "groupId");
    return id ? db_int(ctx->tx, 0,
                       "SELECT g.key FROM body b JOIN workgroup g ON g.key = b.key WHERE b.id = ?5 "
                       "AND " ACCESS_GROUP_VISIBLE("g.access_mode", "g.key"),
                       MEMBERSHIP_ARGS(ctx, id))
              : 0;
}

static void settle_group(struct ctx *ctx, long long meant, struct membership_input *in)
{
    if (in->group.key && meant && in->group.key != meant)
        err_field(ctx->err, "/groupId", N_("This is another group than the one in the address."),
                  NULL);
    else if (!in->group.key && !meant && !ctx->err->fields)
        err_field(ctx->err, "/groupId", N_("This is needed."), NULL);
    if (!in->group.key)
        in->group.key = meant;
}

/* Inserts what the rules let stand; the right to it has been asked. */
static enum code seat_enter(struct ctx *ctx, struct membership_input *in, const char **id,
                            long long *key)
{
    char uuid[UUID_SIZE];
    struct seat seat = {.group_key = in->group.key,
                        .person_key = in->person.key,
                        .on_behalf_of = in->on_behalf_of.key,
                        .role = in->role,
                        .start = in->start_date,
                        .end = in->end_date};
    seat_complete(ctx, &seat);
    in->end_date = seat.end;
    enum code c = person_must_be_named(ctx, seat.person_key);
    if (!c)
        c = seat_holds(ctx, &seat);
    if (c)
        return c;
    crypt_uuid(uuid);
    *id = arena_strdup(ctx->arena, uuid);
    *key = 0;
    json_t *extra = json_object();
    json_put_int(extra, "group_key", seat.group_key);
    c = resource_insert(ctx, &membership_resource, in, *id, extra, key);
    json_decref(extra);
    return c;
}

enum code seat_insert(struct ctx *ctx, struct membership_input *in, const char **id)
{
    long long key;
    enum code c = must_may(ctx, seat_act(in->role), in->group.key);
    return c ? c : seat_enter(ctx, in, id, &key);
}

enum code membership_appoint(struct ctx *ctx, const struct appointment *appointment,
                             const char **id, long long *key, const char **end)
{
    struct membership_input in = {.person = appointment->person,
                                  .group = appointment->group,
                                  .on_behalf_of = appointment->on_behalf_of,
                                  .appointed_by = appointment->appointed_by,
                                  .role = appointment->role,
                                  .capacity = appointment->capacity,
                                  .speaks_for = appointment->speaks_for,
                                  .start_date = appointment->start_date,
                                  .end_date = appointment->end_date,
                                  .appointed_date = ctx->today,
                                  .decision_reference = appointment->decision_reference,
                                  .competences = appointment->competences,
                                  .workload = appointment->workload};
    enum code c = seat_enter(ctx, &in, id, key);
    *end = in.end_date;
    return c;
}

enum code membership_create(struct ctx *ctx, struct answer *out)
{
    struct membership_input in;
    const char *id;
    enum code c;
    long long meant = group_meant(ctx, out, &c);
    if (c || out->moved)
        return c;
    if (meant && seat_must_any(ctx, meant))
        return ctx->err->code;
    c = resource_read(ctx, &membership_resource, &in);
    settle_group(ctx, meant, &in);
    if (!in.person.key && !ctx->err->fields)
        err_field(ctx->err, "/personId", N_("This is needed."), NULL);
    if (check_input(ctx, &in) || c)
        return ctx->err->code ? ctx->err->code : c;
    c = seat_insert(ctx, &in, &id);
    if (c)
        return c;
    out->see = arena_printf(ctx->arena, "/groups/%s/memberships#m-%s",
                            db_text(ctx->tx, "SELECT id FROM body WHERE key = ?1", in.group.key), id);
    out->flash = N_("The membership is entered.");
    return resource_created(ctx, &membership_resource, id, out);
}

/* ---------------------------------------------------------------- change */

/* The row as it would be. A group that the caller may not know of is not told before, and stays. */
static struct seat changed_seat(const struct seat *seat, const struct edit *edit,
                                const struct membership_input *in)
{
    struct seat next = *seat;
    next.role = in->role;
    next.start = in->start_date;
    next.end = in->end_date;
    if (in->on_behalf_of.key || json_text(edit->now, "onBehalfOfId"))
        next.on_behalf_of = in->on_behalf_of.key;
    return next;
}

static enum code may_become(struct ctx *ctx, const struct seat *seat, const char *role)
{
    enum code c = must_may(ctx, seat_act(seat->role), seat->group_key);
    return c ? c : must_may(ctx, seat_act(role), seat->group_key);
}

enum code membership_change(struct ctx *ctx, const char *id, struct answer *out)
{
    struct membership_input in;
    struct edit edit = {0};
    struct seat seat;
    enum code c = seat_find(ctx, id, &seat);
    if (!c)
        c = must_may(ctx, seat_act(seat.role), seat.group_key);
    if (c)
        return c;
    c = resource_edit(ctx, &membership_resource, id, &edit, &in);
    if (c == OK || c == E_INPUT)
        c = check_input(ctx, &in);
    if (!c)
        c = may_become(ctx, &seat, in.role);
    if (!c) {
        struct seat next = changed_seat(&seat, &edit, &in);
        seat_complete(ctx, &next);
        in.end_date = next.end;
        c = seat_holds(ctx, &next);
    }
    if (!c)
        c = resource_update(ctx, &membership_resource, &edit, &in, NULL);
    resource_edit_end(&edit);
    out->see = arena_printf(ctx->arena, "%s#m-%s", seat_page(ctx, &seat), id);
    out->flash = N_("The change is saved.");
    return c ? c : resource_changed(ctx, &membership_resource, id, out);
}

/* ---------------------------------------------------------------- delete */

enum code membership_remove(struct ctx *ctx, struct answer *out)
{
    struct edit edit = {0};
    struct seat seat;
    const char *id = ctx_value(ctx, "id");
    enum code c = seat_find(ctx, id, &seat);
    if (!c)
        c = must_may(ctx, seat_act(seat.role), seat.group_key);
    if (c)
        return c;
    c = resource_guard(ctx, &membership_resource, id, &edit);
    if (!c)
        c = resource_delete(ctx, &membership_resource, &edit);
    resource_edit_end(&edit);
    out->see = seat_page(ctx, &seat);
    out->flash = N_("The membership is deleted. The history keeps that it was there.");
    return c;
}
