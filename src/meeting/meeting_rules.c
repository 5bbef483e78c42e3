/* meeting_rules.c: a meeting is written, changed, deleted, cancelled.
 *
 * Owns who may keep a meeting (whoever may change one of its groups) and what stands when: groups
 * while it is planned, time and place until something was noted at it. Who is told of a change is
 * notice.c's. Must not know pages. */
#include <string.h>
#include <kansli/crypt.h>
#include <kansli/group.h>
#include "internal.h"

enum { DAYS_MOST = 31, DAY_SECONDS = 24 * 3600, GROUPS_MOST = 20 };

/* ---------------------------------------------------------------- who may */

bool meeting_may_change(struct ctx *ctx, long long key)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT group_key AS \"key\" FROM meeting_group WHERE meeting_key = ?1 "
                           "ORDER BY position, group_key",
                           key), *row;
    bool before = ctx->as_support, yes = false, own = false;
    size_t i;
    json_array_foreach(rows, i, row) {
        ctx->as_support = false;
        if (!may(ctx, ACT_CHANGE_GROUP, json_int(row, "key", 0)))
            continue;
        yes = true;
        own = own || !ctx->as_support;
    }
    json_decref(rows);
    ctx->as_support = before || (yes && !own); /* in another's place when no right is his own */
    return yes;
}

static long long lead_of(struct ctx *ctx, long long key)
{
    return db_int(ctx->tx, 0, "SELECT group_key FROM meeting WHERE key = ?1", key);
}

enum code meeting_must_change(struct ctx *ctx, long long key)
{
    return meeting_may_change(ctx, key) ? OK : must_may(ctx, ACT_CHANGE_GROUP, lead_of(ctx, key));
}

bool meeting_may_look_inside(struct ctx *ctx, long long key)
{
    return db_exists(ctx->tx, "SELECT 1 FROM meeting m WHERE m.key = ?5 AND " MEETING_INSIDE("m"),
                     MEETING_ARGS(ctx, key, 0));
}

enum code meeting_must_look_inside(struct ctx *ctx, long long key)
{
    return meeting_may_look_inside(ctx, key) ? OK
                                             : must_may(ctx, ACT_SEE_DRAFTS, lead_of(ctx, key));
}

bool meeting_is_noted(struct ctx *ctx, long long key)
{
    return db_exists(ctx->tx,
                     "SELECT 1 FROM attendance WHERE meeting_key = ?1 AND status IS NOT NULL "
                     "UNION ALL SELECT 1 FROM recusal WHERE meeting_key = ?1 "
                     "UNION ALL SELECT 1 FROM agenda_item WHERE meeting_key = ?1 "
                     "AND (minutes_text IS NOT NULL OR postponed = 1) "
                     "UNION ALL SELECT 1 FROM minutes WHERE meeting_key = ?1",
                     key);
}

static bool is(const struct meeting_row *meeting, const char *status)
{
    return !strcmp(meeting->status, status);
}

static bool is_adjusted(struct ctx *ctx, long long key)
{
    return db_exists(ctx->tx, "SELECT 1 FROM minutes WHERE meeting_key = ?1 AND state <> 'draft'",
                     key);
}

bool meeting_is_locked(struct ctx *ctx, long long key)
{
    return is_adjusted(ctx, key) &&
           !db_exists(ctx->tx, "SELECT 1 FROM minutes WHERE meeting_key = ?1 AND state = 'draft'",
                      key);
}

enum code meeting_must_be_open(struct ctx *ctx, long long key)
{
    if (!meeting_is_locked(ctx, key))
        return tx_code(ctx->tx);
    return ctx_fail(ctx, E_CONFLICT, "minutes-locked",
                    N_("The minutes of the meeting are adjusted, and what they say of it stays. "
                       "Write their next version first, then change this."));
}

bool meeting_may_note(struct ctx *ctx, const struct meeting_row *meeting)
{
    return !is(meeting, "cancelled") && meeting_may_change(ctx, meeting->key) &&
           !meeting_is_locked(ctx, meeting->key);
}

bool meeting_may_call(struct ctx *ctx, const struct meeting_row *meeting)
{
    return (is(meeting, "planned") || is(meeting, "called")) &&
           meeting_may_change(ctx, meeting->key);
}

bool meeting_may_cancel(struct ctx *ctx, const struct meeting_row *meeting)
{
    return meeting_may_call(ctx, meeting) && !is_adjusted(ctx, meeting->key);
}

bool meeting_may_delete(struct ctx *ctx, const struct meeting_row *meeting)
{
    return !meeting->called && !is(meeting, "cancelled") &&
           !meeting_is_noted(ctx, meeting->key) && meeting_may_change(ctx, meeting->key);
}

/* --------------------------------------------------------------- what a field alone cannot tell */

static void check_times(struct ctx *ctx, const struct meeting_input *in)
{
    if (!in->starts_at || !in->ends_at)
        return;
    int64_t lasts = instant_seconds(in->ends_at) - instant_seconds(in->starts_at);
    if (lasts <= 0)
        err_field(ctx->err, "/endsAt", N_("The meeting ends before it begins."), NULL);
    else if (lasts > (int64_t)DAYS_MOST * DAY_SECONDS)
        err_field(ctx->err, "/endsAt", N_("A meeting lasts at most {days} days."), "days",
                  arena_printf(ctx->arena, "%d", DAYS_MOST), NULL);
}

static enum code check_groups(struct ctx *ctx, const struct meeting_input *in)
{
    char day[DAY_SIZE];
    day_of_instant(in->starts_at, day);
    for (size_t i = 0; i < in->groups.n; i++)
        if (db_exists(ctx->tx,
                      "SELECT 1 FROM workgroup WHERE key = ?1 AND (start_date > ?2 "
                      "OR end_date < ?2)",
                      in->groups.item[i].key, (const char *)day))
            return ctx_fail(ctx, E_CONFLICT, "outside-group-dates",
                            N_("This day lies outside the group's first and last day."));
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- written */

static bool under_group(const struct ctx *ctx)
{
    return ctx->names > 0 && !strcmp(ctx->name[0], "id");
}

/* The path's group leads; the body may name others beside it. */
static void put_lead(struct ctx *ctx, struct meeting_input *in, const char *id, long long key)
{
    struct ref_value *all = arena_alloc(ctx->arena, sizeof *all * (in->groups.n + 1));
    size_t n = 0;
    all[n++] = (struct ref_value){id, key};
    for (size_t i = 0; i < in->groups.n; i++)
        if (in->groups.item[i].key != key)
            all[n++] = in->groups.item[i];
    in->groups = (struct ref_list){n, all};
}

static enum code read_new(struct ctx *ctx, struct answer *out, struct meeting_input *in)
{
    enum code c = OK;
    long long group = under_group(ctx) ? group_in_path(ctx, out, &c) : 0;
    if (c || out->moved)
        return c;
    if (group)
        c = must_may(ctx, ACT_CHANGE_GROUP, group);
    if (c)
        return c;
    c = resource_read(ctx, &meeting_resource, in);
    if (c && c != E_INPUT)
        return c;
    if (group)
        put_lead(ctx, in, ctx_value(ctx, "id"), group);
    else if (!in->groups.n && !c)
        err_field(ctx->err, "/groupIds", N_("This is needed."), NULL);
    if (in->groups.n > GROUPS_MOST)
        err_field(ctx->err, "/groupIds", N_("At most {most} groups."), "most",
                  arena_printf(ctx->arena, "%d", GROUPS_MOST), NULL);
    check_times(ctx, in);
    return ctx->err->code;
}

static enum code must_change_all(struct ctx *ctx, const struct ref_list *groups)
{
    enum code c = OK;
    for (size_t i = 0; !c && i < groups->n; i++)
        c = must_may(ctx, ACT_CHANGE_GROUP, groups->item[i].key);
    return c;
}

/* "Möte 7": a title is data, and data is Swedish. */
static const char *title_of(struct ctx *ctx, long long group_key)
{
    long long n = db_int(ctx->tx, 0, "SELECT count(*) FROM meeting WHERE group_key = ?1",
                         group_key);
    return arena_printf(ctx->arena, "Möte %lld", n + 1);
}

static enum code save_groups(struct ctx *ctx, long long key, const struct ref_list *groups,
                             const char *day)
{
    enum code c = OK;
    for (size_t i = 0; !c && i < groups->n; i++)
        c = db_run(ctx->tx,
                   "INSERT INTO meeting_group (meeting_key, group_key, position, starts_on) "
                   "VALUES (?1, ?2, ?3, ?4)",
                   key, groups->item[i].key, (long long)i, day);
    return c;
}

static enum code insert(struct ctx *ctx, struct meeting_input *in, struct meeting_row *meeting)
{
    char id[UUID_SIZE], day[DAY_SIZE];
    long long key = 0;
    json_t *extra = json_object();
    struct text_list carried = in->carried;
    in->carried = (struct text_list){0}; /* how it began is no part of it */
    if (!in->title)
        in->title = title_of(ctx, in->groups.item[0].key);
    day_of_instant(in->starts_at, day);
    json_put_int(extra, "group_key", in->groups.item[0].key);
    json_put(extra, "starts_on", day);
    crypt_uuid(id);
    enum code c = resource_insert(ctx, &meeting_resource, in, id, extra, &key);
    json_decref(extra);
    if (!c)
        c = save_groups(ctx, key, &in->groups, day);
    if (!c)
        c = meeting_row_of(ctx, key, meeting);
    return c ? c : agenda_begin(ctx, meeting, &carried);
}

enum code meeting_create(struct ctx *ctx, struct answer *out)
{
    struct meeting_input in = {0};
    struct meeting_row meeting;
    enum code c = read_new(ctx, out, &in);
    if (!c && out->moved)
        return c;
    if (!c)
        c = must_change_all(ctx, &in.groups);
    if (!c)
        c = check_groups(ctx, &in);
    if (!c)
        c = insert(ctx, &in, &meeting);
    out->flash =
        N_("The meeting is planned. Write the agenda, and send the notice when it is ready.");
    return c ? c : resource_created(ctx, &meeting_resource, meeting.id, out);
}

/* ---------------------------------------------------------------- changed */

static enum code refuse_cancelled(struct ctx *ctx, const struct meeting_row *meeting)
{
    if (!is(meeting, "cancelled"))
        return OK;
    return ctx_fail(ctx, E_CONFLICT, "meeting-cancelled",
                    N_("The meeting is cancelled. Plan a new one instead."));
}

enum code meeting_find_to_change(struct ctx *ctx, struct meeting_row *meeting)
{
    enum code c = meeting_find(ctx, ctx_value(ctx, "id"), meeting);
    if (!c)
        c = meeting_must_change(ctx, meeting->key);
    return c ? c : refuse_cancelled(ctx, meeting);
}

enum code meeting_find_to_note(struct ctx *ctx, struct meeting_row *meeting)
{
    enum code c = meeting_find_to_change(ctx, meeting);
    return c ? c : meeting_must_be_open(ctx, meeting->key);
}

static bool differs(const json_t *now, const char *name, const char *after)
{
    const char *before = json_text(now, name);
    return strcmp(before ? before : "", after ? after : "") != 0;
}

/* A form shows minutes, and of the hour that comes twice in October only what clocks show: what
 * looks the same there has not been changed. */
static const char *unless_shown(struct ctx *ctx, const json_t *now, const char *name,
                                const char *sent)
{
    char before[CLOCK_SIZE], after[CLOCK_SIZE];
    if (ctx->body->typed || !sent)
        return sent;
    clock_of_instant(json_text(now, name), before);
    clock_of_instant(sent, after);
    return strcmp(before, after) ? sent : arena_strdup(ctx->arena, json_text(now, name));
}

static bool in_list(const struct ref_list *list, const char *id)
{
    for (size_t i = 0; i < list->n; i++)
        if (!strcmp(list->item[i].id, id))
            return true;
    return false;
}

static bool same_groups(const json_t *now, const struct ref_list *groups)
{
    const json_t *ids = json_object_get(now, "groupIds");
    if (json_array_size(ids) != groups->n)
        return false;
    for (size_t i = 0; i < groups->n; i++)
        if (strcmp(json_string_value(json_array_get(ids, i)), groups->item[i].id))
            return false;
    return true;
}

/* Who is added must be the caller's to bind, and who is left out the caller's to let go. */
static enum code may_regroup(struct ctx *ctx, const struct meeting_row *meeting, const json_t *now,
                             const struct ref_list *groups)
{
    enum code c = OK;
    size_t i;
    json_t *id;
    if (!is(meeting, "planned"))
        return ctx_fail(ctx, E_CONFLICT, "meeting-called",
                        N_("Whose meeting it is stays as it is once the notice is sent."));
    if (db_exists(ctx->tx, "SELECT 1 FROM minutes WHERE meeting_key = ?1", meeting->key))
        return ctx_fail(ctx, E_CONFLICT, "meeting-noted",
                        N_("Minutes of the meeting are begun: whose meeting it is stays as it is."));
    if (!groups->n)
        return err_field(ctx->err, "/groupIds", N_("This is needed."), NULL);
    for (i = 0; !c && i < groups->n; i++)
        if (!db_exists(ctx->tx,
                       "SELECT 1 FROM meeting_group WHERE meeting_key = ?1 AND group_key = ?2",
                       meeting->key, groups->item[i].key))
            c = must_may(ctx, ACT_CHANGE_GROUP, groups->item[i].key);
    json_array_foreach(json_object_get(now, "groupIds"), i, id)
        if (!c && !in_list(groups, json_string_value(id)))
            c = must_may(ctx, ACT_CHANGE_GROUP,
                         db_int(ctx->tx, 0, "SELECT key FROM body WHERE id = ?1",
                                json_string_value(id)));
    return c;
}

/* Groups that the caller may not know of stay, behind those that are named; the one that leads
 * goes on leading. */
static enum code regroup(struct ctx *ctx, const struct meeting_row *meeting, const json_t *now,
                         const struct meeting_input *in, const char *day)
{
    enum code c = OK;
    size_t i;
    json_t *id;
    bool lead_known = json_text(now, "groupId") != NULL;
    json_array_foreach(json_object_get(now, "groupIds"), i, id)
        if (!c)
            c = db_run(ctx->tx,
                       "DELETE FROM meeting_group WHERE meeting_key = ?1 AND group_key = "
                       "(SELECT key FROM body WHERE id = ?2)",
                       meeting->key, json_string_value(id));
    if (!c)
        c = db_run(ctx->tx, "UPDATE meeting_group SET position = ?2 WHERE meeting_key = ?1",
                   meeting->key, lead_known ? GROUPS_MOST : -1);
    if (!c)
        c = save_groups(ctx, meeting->key, &in->groups, day);
    if (!c && lead_known)
        c = db_run(ctx->tx, "UPDATE meeting SET group_key = ?2 WHERE key = ?1", meeting->key,
                   in->groups.item[0].key);
    return c;
}

static enum code refuse_held(struct ctx *ctx, const struct meeting_row *meeting)
{
    if (!is(meeting, "held") || !meeting_is_noted(ctx, meeting->key))
        return tx_code(ctx->tx);
    return ctx_fail(ctx, E_CONFLICT, "meeting-held",
                    N_("The meeting has been held. When and where it was stays as it was noted."));
}

/* Of a meeting that is adjusted before it has ended. */
static enum code refuse_adjusted(struct ctx *ctx, const struct meeting_row *meeting)
{
    if (!is_adjusted(ctx, meeting->key))
        return tx_code(ctx->tx);
    return ctx_fail(ctx, E_CONFLICT, "minutes-locked",
                    N_("The minutes of the meeting are adjusted. That it was held, when and where, "
                       "stays as they say."));
}

/* Minutes for the group name also those whose names are not for everyone (minutes/compile.c). */
static enum code refuse_opened(struct ctx *ctx, const struct meeting_row *meeting,
                               const struct meeting_input *in)
{
    if (strcmp(in->visibility, "public") || !strcmp(meeting->visibility, "public") ||
        !db_exists(ctx->tx, "SELECT 1 FROM minutes WHERE meeting_key = ?1", meeting->key))
        return tx_code(ctx->tx);
    return ctx_fail(ctx, E_CONFLICT, "minutes-named",
                    N_("The minutes are written for fewer readers, and may name people who are not "
                       "to be named for everyone. A draft can be deleted and compiled anew."));
}

/* What belongs to the new time and place: the day that lists ask by, the calendar's sequence, and
 * that those who were called get to know. */
static enum code move(struct ctx *ctx, struct meeting_row *meeting, const json_t *now,
                      const char *day)
{
    bool other_time = differs(now, "startsAt", meeting->starts_at) ||
                      differs(now, "endsAt", meeting->ends_at);
    enum code c = db_run(ctx->tx, "UPDATE meeting SET starts_on = ?2 WHERE key = ?1", meeting->key,
                         day);
    if (!c)
        c = db_run(ctx->tx, "UPDATE meeting_group SET starts_on = ?2 WHERE meeting_key = ?1",
                   meeting->key, day);
    meeting->starts_on = arena_strdup(ctx->arena, day);
    if (c || !meeting->called)
        return c;
    c = db_run(ctx->tx, "UPDATE meeting SET sequence = sequence + 1 WHERE key = ?1", meeting->key);
    meeting->sequence++;
    if (!c && !is(meeting, "held"))
        c = meeting_tell_moved(ctx, meeting, other_time);
    return c;
}

static enum code save(struct ctx *ctx, struct meeting_row *meeting, struct edit *edit,
                      const struct meeting_input *in)
{
    bool moved = differs(edit->now, "startsAt", in->starts_at) ||
                 differs(edit->now, "endsAt", in->ends_at) ||
                 differs(edit->now, "mode", in->mode) ||
                 differs(edit->now, "location", in->location);
    bool regrouped = !same_groups(edit->now, &in->groups);
    char day[DAY_SIZE];
    day_of_instant(in->starts_at, day);
    enum code c = moved ? refuse_held(ctx, meeting) : OK;
    if (!c && moved)
        c = refuse_adjusted(ctx, meeting);
    if (!c)
        c = refuse_opened(ctx, meeting, in);
    if (!c && (moved || regrouped))
        c = check_groups(ctx, in);
    if (!c && regrouped)
        c = may_regroup(ctx, meeting, edit->now, &in->groups);
    if (!c)
        c = resource_update(ctx, &meeting_resource, edit, in, NULL);
    if (!c && regrouped)
        c = regroup(ctx, meeting, edit->now, in, day);
    if (c || !moved)
        return c;
    c = meeting_row_of(ctx, meeting->key, meeting);
    return c ? c : move(ctx, meeting, edit->now, day);
}

enum code meeting_change(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct meeting_input in;
    struct edit edit = {0};
    enum code c = meeting_find_to_change(ctx, &meeting);
    if (c)
        return c;
    c = resource_edit(ctx, &meeting_resource, meeting.id, &edit, &in);
    if (c == OK || c == E_INPUT) {
        if (!in.title && !c)
            err_field(ctx->err, "/title", N_("This is needed."), NULL);
        in.starts_at = unless_shown(ctx, edit.now, "startsAt", in.starts_at);
        in.ends_at = unless_shown(ctx, edit.now, "endsAt", in.ends_at);
        check_times(ctx, &in);
        c = ctx->err->code;
    }
    if (!c)
        c = save(ctx, &meeting, &edit, &in);
    resource_edit_end(&edit);
    out->flash = N_("The meeting is changed.");
    return c ? c : resource_changed(ctx, &meeting_resource, meeting.id, out);
}

enum code meeting_remove(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct edit edit = {0};
    enum code c = meeting_find_to_change(ctx, &meeting);
    if (c)
        return c;
    if (meeting.called)
        return ctx_fail(ctx, E_CONFLICT, "meeting-called",
                        N_("People were called to the meeting. Cancel it instead."));
    if (meeting_is_noted(ctx, meeting.key))
        return ctx_fail(ctx, E_CONFLICT, "meeting-noted",
                        N_("Something is noted at the meeting already: it stays."));
    c = resource_guard(ctx, &meeting_resource, meeting.id, &edit);
    if (!c)
        c = resource_delete_within(ctx, &meeting_resource, meeting.key);
    if (!c)
        c = resource_delete(ctx, &meeting_resource, &edit);
    resource_edit_end(&edit);
    out->see = arena_printf(ctx->arena, "/groups/%s/meetings", meeting.group_id);
    out->flash = N_("The meeting is deleted.");
    return c;
}

/* ---------------------------------------------------------------- cancelled */

struct cancellation_input {
    const char *reason;
};

const struct field meeting_cancellation_fields[] = {
    {.name = "reason", .label = N_("Reason"), .type = T_TEXT,
     .at = offsetof(struct cancellation_input, reason), .flags = F_REQUIRED, .max = 300,
     .hint = N_("Stands with the meeting, and in the mail to those who were called.")},
    {0},
};

enum code meeting_cancel(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct cancellation_input in = {0};
    enum code c = meeting_find_to_change(ctx, &meeting);
    if (!c && is(&meeting, "held"))
        c = ctx_fail(ctx, E_CONFLICT, "meeting-held",
                     N_("The meeting has been held, and is not cancelled."));
    if (!c)
        c = refuse_adjusted(ctx, &meeting);
    if (!c)
        c = fields_read(ctx, meeting_cancellation_fields, &in);
    if (!c)
        c = db_run(ctx->tx,
                   "UPDATE meeting SET cancelled_at = ?2, cancel_reason = ?3, "
                   "sequence = sequence + 1 WHERE key = ?1",
                   meeting.key, tx_instant(ctx->tx), in.reason);
    if (!c)
        c = resource_touch(ctx, &meeting_resource, meeting.key, meeting.id, "call-off",
                           json_pack("{s:[s, s], s:[n, s]}", "status", meeting.status, "cancelled",
                                     "cancelReason", in.reason));
    meeting.sequence++;
    if (!c && meeting.called)
        c = meeting_tell_cancelled(ctx, &meeting, in.reason);
    out->flash = meeting.called
                     ? N_("The meeting is cancelled. Those who were called are told by mail.")
                     : N_("The meeting is cancelled.");
    return c ? c : resource_created(ctx, &meeting_resource, meeting.id, out);
}
