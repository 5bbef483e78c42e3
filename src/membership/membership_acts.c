/* membership_acts.c: what happens to a membership over time: it ends, is extended, is succeeded; its
 * introduction is read.
 *
 * Owns the acts as people decide them, one decision and one transaction each, and the same for many
 * rows at once: all or nothing. What must hold is asked of membership_rules.c. Must not know
 * pages. */
#include <string.h>
#include <kansli/person.h>
#include "internal.h"

/* ---------------------------------------------------------------- what is sent */

struct act_input {
    const char *start_date, *end_date, *reason, *reference, *introduced_date, *act;
    struct text_list ids;
};
#define AT(member) offsetof(struct act_input, member)

#define END_REASON                                                                                 \
    {.name = "endReason", .label = N_("Why it ended"), .type = T_TEXT, .at = AT(reason),           \
     .max = 300, .hint = N_("Shown to those who may see drafts.")}
#define DECISION                                                                                   \
    {.name = "decisionReference", .label = N_("Decision"), .type = T_TEXT, .at = AT(reference),    \
     .hint = N_("The decision's number, or where it is found.")}

const struct field seat_ending_fields[] = {
    {.name = "endDate", .label = N_("Last day"), .type = T_DAY, .at = AT(end_date),
     .flags = F_REQUIRED, .hint = N_("Included.")},
    END_REASON,
    {0},
};

const struct field seat_extension_fields[] = {
    {.name = "endDate", .label = N_("New last day"), .type = T_DAY, .at = AT(end_date),
     .flags = F_REQUIRED, .hint = N_("Included.")},
    DECISION,
    {0},
};

const struct field seat_introduction_fields[] = {
    {.name = "introducedDate", .label = N_("Introduced on"), .type = T_DAY,
     .at = AT(introduced_date), .hint = N_("Today when nothing is said.")},
    {0},
};

static const struct value batch_acts[] = {
    {"extend", NC_("batch", "Extend")},
    {"end", NC_("batch", "End")},
    {NULL, NULL},
};

const struct field membership_changes_fields[] = {
    {.name = "membershipIds", .label = N_("Memberships"), .type = T_TEXTS, .at = AT(ids),
     .flags = F_REQUIRED},
    {.name = "act", .label = N_("What happens"), .type = T_ENUM, .at = AT(act),
     .flags = F_REQUIRED, .values = batch_acts},
    {.name = "endDate", .label = N_("Last day"), .type = T_DAY, .at = AT(end_date),
     .flags = F_REQUIRED, .hint = N_("Included.")},
    END_REASON,
    DECISION,
    {0},
};

/* ---------------------------------------------------------------- the last day */

struct change {
    const char *column, *field, *was, *now;
};

static const char *column_text(struct ctx *ctx, long long key, const char *column)
{
    struct db_arg arg = db_arg_int(key);
    return db_text_(ctx->tx,
                    arena_printf(ctx->arena, "SELECT %s FROM membership WHERE key = ?1", column),
                    &arg, 1);
}

/* Writes what differs, and one row of history. */
static enum code write_changes(struct ctx *ctx, const struct seat *seat, const char *act,
                               struct change *changes, size_t n)
{
    json_t *history = json_object();
    enum code c = OK;
    for (size_t i = 0; i < n && !c; i++) {
        struct change *change = &changes[i];
        change->was = column_text(ctx, seat->key, change->column);
        if (!change->now || !strcmp(change->now, change->was ? change->was : ""))
            continue;
        struct db_arg args[] = {db_arg_int(seat->key), db_arg_text(change->now)};
        c = db_run_(ctx->tx,
                    arena_printf(ctx->arena, "UPDATE membership SET %s = ?2 WHERE key = ?1",
                                 change->column),
                    args, LEN(args));
        json_put_new(history, change->field,
                     json_pack("[s?, s]", change->was, change->now));
    }
    if (c || !json_object_size(history)) {
        json_decref(history);
        return c;
    }
    return resource_touch(ctx, &membership_resource, seat->key, seat->id, act, history);
}

static enum code move_end(struct ctx *ctx, struct seat *seat, const struct act_input *in,
                          bool extends)
{
    if (strcmp(in->end_date, seat->start) < 0)
        return err_field(ctx->err, "/endDate", N_("The last day comes before the first."), NULL);
    int order = seat->end ? strcmp(in->end_date, seat->end) : -1;
    if (extends && order <= 0)
        return err_field(ctx->err, "/endDate",
                         seat->end ? N_("An extension is to a later day than {day}. To leave earlier, "
                                        "end the membership.")
                                   : N_("It has no last day that could be extended."),
                         "day", seat->end ? seat->end : "", NULL);
    if (!extends && order > 0)
        return err_field(ctx->err, "/endDate",
                         N_("It ends on {day} already. To stay longer, extend it."), "day",
                         seat->end, NULL);
    seat->end = in->end_date;
    enum code c = seat_holds(ctx, seat);
    struct change changes[] = {{"end_date", "endDate", NULL, in->end_date},
                               {"end_reason", "endReason", NULL, extends ? NULL : in->reason},
                               {"decision_reference", "decisionReference", NULL, in->reference}};
    return c ? c : write_changes(ctx, seat, extends ? "extend" : "end", changes, LEN(changes));
}

static enum code act_answer(struct ctx *ctx, const struct seat *seat, const char *flash,
                            struct answer *out)
{
    enum code c = resource_created(ctx, &membership_resource, seat->id, out);
    out->see = arena_printf(ctx->arena, "%s#m-%s", seat_page(ctx, seat), seat->id);
    out->flash = flash;
    return c;
}

/* The membership of the path, which the caller may change. */
static enum code seat_in_path(struct ctx *ctx, struct seat *seat)
{
    enum code c = seat_find(ctx, ctx_value(ctx, "id"), seat);
    return c ? c : must_may(ctx, seat_act(seat->role), seat->group_key);
}

enum code membership_end(struct ctx *ctx, struct answer *out)
{
    struct act_input in = {0};
    struct seat seat;
    enum code c = seat_in_path(ctx, &seat);
    if (!c)
        c = fields_read(ctx, seat_ending_fields, &in);
    if (!c)
        c = move_end(ctx, &seat, &in, false);
    return c ? c : act_answer(ctx, &seat, N_("The last day is set."), out);
}

enum code membership_extend(struct ctx *ctx, struct answer *out)
{
    struct act_input in = {0};
    struct seat seat;
    enum code c = seat_in_path(ctx, &seat);
    if (!c)
        c = fields_read(ctx, seat_extension_fields, &in);
    if (!c)
        c = move_end(ctx, &seat, &in, true);
    return c ? c : act_answer(ctx, &seat, N_("The membership is extended."), out);
}

/* ---------------------------------------------------------------- introduction */

enum code membership_introduce(struct ctx *ctx, struct answer *out)
{
    struct act_input in = {0};
    struct seat seat;
    enum code c = seat_find(ctx, ctx_value(ctx, "id"), &seat);
    bool self = ctx->actor->person_key && ctx->actor->person_key == seat.person_key;
    if (!c && (!self || ctx->actor->read_only))
        c = must_may(ctx, seat_act(seat.role), seat.group_key);
    if (!c)
        c = fields_read(ctx, seat_introduction_fields, &in);
    if (c)
        return c;
    struct change change = {"introduced_date", "introducedDate", NULL,
                            in.introduced_date ? in.introduced_date : ctx->today};
    c = write_changes(ctx, &seat, "introduce", &change, 1);
    if (!c)
        c = act_answer(ctx, &seat, N_("Noted. Welcome!"), out);
    out->see = arena_printf(ctx->arena, "/groups/%s/introduction", seat.group_id);
    return c;
}

/* ---------------------------------------------------------------- succession */

#define OF(member) offsetof(struct membership_input, member)

const struct field seat_succession_fields[] = {
    {.name = "startDate", .label = N_("First day of the new one"), .type = T_DAY,
     .at = OF(start_date), .flags = F_REQUIRED,
     .hint = N_("What stands ends on the day before.")},
    {.name = "personId", .label = N_("Who succeeds"), .type = T_REF, .at = OF(person),
     .reference = &person_reference, .hint = N_("Left empty: the same person, in another role.")},
    {.name = "role", .label = N_("New role"), .type = T_ENUM, .at = OF(role),
     .values = membership_roles, .hint = N_("Left empty: the same role.")},
    {.name = "capacity", .label = N_("Takes part as"), .type = T_ENUM, .at = OF(capacity),
     .values = membership_capacities, .hint = N_("Left empty: as before.")},
    {.name = "onBehalfOfId", .label = N_("Represents"), .type = T_REF, .at = OF(on_behalf_of),
     .reference = &body_reference, .hint = N_("Left empty: as before.")},
    {.name = "competences", .label = N_("Competences"), .type = T_TEXTS, .at = OF(competences),
     .max = 100},
    {.name = "workloadPercent", .label = N_("Share of full time, per cent"), .type = T_INT,
     .at = OF(workload), .max = 100},
    {.name = "endDate", .label = N_("Last day"), .type = T_DAY, .at = OF(end_date)},
    {.name = "endReason", .label = N_("Why the former ended"), .type = T_TEXT,
     .at = OF(end_reason), .max = 300},
    {.name = "appointedById", .label = N_("Appointed by"), .type = T_REF, .at = OF(appointed_by),
     .reference = &body_reference},
    {.name = "appointedDate", .label = N_("Appointed on"), .type = T_DAY, .at = OF(appointed_date)},
    {.name = "decisionReference", .label = N_("Decision"), .type = T_TEXT,
     .at = OF(decision_reference), .hint = N_("The decision's number, or where it is found.")},
    {0},
};

/* What the former membership lends to the new one. */
static void inherit(struct ctx *ctx, const struct seat *seat, struct membership_input *in)
{
    in->group.key = seat->group_key;
    in->group.id = seat->group_id;
    if (!in->person.key) {
        in->person.key = seat->person_key;
        in->person.id = db_text(ctx->tx, "SELECT id FROM person WHERE key = ?1", seat->person_key);
    }
    if (!in->role)
        in->role = seat->role;
    if (!in->capacity)
        in->capacity = column_text(ctx, seat->key, "capacity");
    if (!in->on_behalf_of.key && seat->on_behalf_of) {
        in->on_behalf_of.key = seat->on_behalf_of;
        in->on_behalf_of.id =
            db_text(ctx->tx, "SELECT id FROM body WHERE key = ?1", seat->on_behalf_of);
    }
}

/* Ends what stands on the day before; what has ended by then is left alone. */
static enum code end_before(struct ctx *ctx, struct seat *seat, const struct membership_input *in)
{
    char last[DAY_SIZE];
    if (strcmp(in->start_date, seat->start) <= 0)
        return err_field(ctx->err, "/startDate",
                         N_("What is succeeded begins on {day}: choose a later day."), "day",
                         seat->start, NULL);
    day_add(in->start_date, -1, last);
    if (seat->end && strcmp(seat->end, last) <= 0)
        return OK;
    struct change changes[] = {{"end_date", "endDate", NULL, last},
                               {"end_reason", "endReason", NULL, in->end_reason}};
    return write_changes(ctx, seat, "end", changes, LEN(changes));
}

enum code membership_succeed(struct ctx *ctx, struct answer *out)
{
    struct membership_input in = {0};
    struct seat seat;
    const char *id = NULL;
    enum code c = seat_in_path(ctx, &seat);
    if (!c)
        c = fields_read(ctx, seat_succession_fields, &in);
    if (c)
        return c;
    if (in.end_date && strcmp(in.end_date, in.start_date) < 0)
        return err_field(ctx->err, "/endDate", N_("The last day comes before the first."), NULL);
    c = end_before(ctx, &seat, &in);
    if (c)
        return c;
    in.end_reason = NULL; /* said of the former */
    inherit(ctx, &seat, &in);
    c = seat_insert(ctx, &in, &id);
    if (!c)
        c = act_answer(ctx, &seat, N_("One membership ends and another begins."), out);
    if (!c && out->document)
        ctx_link(ctx, out->document, "successor", "GET",
                 arena_printf(ctx->arena, "/memberships/%s", id));
    return c;
}

/* ---------------------------------------------------------------- many at once */

/* One row of a batch; its failure is said of that row. Two rows may meet in a rule, so every row is
 * tried in turn, on what the rows before it have become. */
static enum code change_row(struct ctx *ctx, const struct act_input *in, long long group_key,
                            const char *id)
{
    struct seat seat;
    enum code c = seat_find(ctx, id, &seat);
    if (!c && seat.group_key != group_key)
        c = ctx_absent(ctx);
    if (!c)
        c = must_may(ctx, seat_act(seat.role), seat.group_key);
    return c ? c : move_end(ctx, &seat, in, !strcmp(in->act, "extend"));
}

/* The first row's refusal gives the answer its rule, every row its own message. */
static void tell_row(struct err *err, const struct err *row, const char *pointer)
{
    bool rule = row->code != E_INPUT && row->code != E_ABSENT;
    const json_t *first = json_array_get(row->fields, 0);
    const char *text = first ? json_text(first, "msgid") : row->msgid;
    err_set(err, rule ? row->code : E_INPUT, rule ? row->rule : "invalid-input",
            N_("Nothing was changed: some rows could not be."));
    if (!err->fields)
        err->fields = json_array();
    json_t *said = json_push(err->fields, json_object());
    json_put(said, "pointer", pointer);
    json_put(said, "msgid", row->code == E_ABSENT ? N_("There is no such membership in this group.")
                                                  : text);
    json_object_set(said, "args", first ? json_object_get(first, "args") : row->args);
}

static enum code change_rows(struct ctx *ctx, const struct act_input *in, long long group_key)
{
    struct err *err = ctx->err;
    for (size_t i = 0; i < in->ids.n && !tx_code(ctx->tx); i++) {
        struct err row;
        err_init(&row);
        ctx->err = &row;
        change_row(ctx, in, group_key, in->ids.item[i]);
        ctx->err = err;
        if (row.code)
            tell_row(err, &row, arena_printf(ctx->arena, "/membershipIds/%zu", i));
        err_release(&row);
    }
    return tx_code(ctx->tx) ? tx_code(ctx->tx) : err->code;
}

enum code membership_change_many(struct ctx *ctx, struct answer *out)
{
    struct act_input in = {0};
    enum code c;
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = seat_must_any(ctx, key);
    if (!c)
        c = fields_read(ctx, membership_changes_fields, &in);
    if (!c)
        c = change_rows(ctx, &in, key);
    if (c)
        return c;
    const char *id = ctx_value(ctx, "id");
    c = resource_created(ctx, &group_resource, id, out);
    out->see = arena_printf(ctx->arena, "/groups/%s/memberships", id);
    out->flash = N_("The changes are made.");
    return c;
}
