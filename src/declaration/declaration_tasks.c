/* declaration_tasks.c: what of declarations waits for somebody, and what the register reminds of
 * by itself.
 *
 * Owns when: a declaration is due 14 days after somebody joins, but for those who joined before the
 * register asked, and on its last day; a review 14 days after what it is about was submitted; reminders go 90, 30 and 7 days before the end
 * (domain.md 2). Names nobody: tasks are mailed, too. */
#include <string.h>
#include <kansli/mail.h>
#include "internal.h"

enum { DAYS_TO_ACT = 14, DAYS_BEFORE_END = 90 };

static const char *day_after(struct ctx *ctx, const char *day, int days)
{
    char due[DAY_SIZE];
    day_add(day, days, due);
    return arena_strdup(ctx->arena, due);
}

static const char *day_after_instant(struct ctx *ctx, const char *instant, int days)
{
    char day[DAY_SIZE];
    day_of_instant(instant, day);
    return day_after(ctx, day, days);
}

struct waiting {
    const char *kind, *object, *title, *group_id, *group_name, *due, *href, *action;
};

static void add(struct ctx *ctx, json_t *tasks, const struct waiting *it)
{
    json_t *task = json_push(tasks, json_object());
    json_put(task, "id", arena_join(ctx->arena, it->kind, ":", it->object, NULL));
    json_put(task, "title", ctx_text(ctx, it->title));
    json_put(task, "about", it->group_name);
    json_put(task, "groupId", it->group_id);
    json_put(task, "groupName", it->group_name);
    json_put(task, "dueDate", it->due);
    json_put(task, "objectType", "declarations");
    json_put(task, "objectId", it->object);
    json_put(task, "href", it->href);
    json_put(task, "action", ctx_text(ctx, it->action));
}

/* ---------------------------------------------------------------- of one's own */

/* Where the person takes part, since when. */
static json_t *places_of(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   "SELECT p.group_key AS \"key\", b.id AS \"id\", w.full_name AS \"name\", "
                   "p.start_date AS \"from\", n.submitted_at AS \"at\" FROM participation p "
                   "JOIN workgroup w ON w.key = p.group_key JOIN body b ON b.key = w.key "
                   "LEFT JOIN nomination n ON n.key = p.nomination_key WHERE p.person_key = ?5 "
                   "AND " PARTICIPATES("p") " ORDER BY w.full_name, p.group_key",
                   DECLARATION_ARGS(ctx, ctx->actor->person_key));
}

/* Somebody who joined before there was a form to fill in was asked when it was made. */
static const char *asked_since(struct ctx *ctx, const char *joined)
{
    char day[DAY_SIZE];
    const char *made = db_text(ctx->tx, "SELECT min(modified) FROM declaration_form");
    if (!made)
        return joined;
    day_of_instant(made, day);
    return strcmp(joined, day) < 0 ? arena_strdup(ctx->arena, day) : joined;
}

/* By which day there must be a declaration for that group, or NULL: there is one, and it is not
 * about to end. */
static const char *declaration_due(struct ctx *ctx, const json_t *place, const char *valid_until)
{
    struct standing_review standing;
    const char *from = json_text(place, "from"), *at = json_text(place, "at");
    declaration_standing(ctx, ctx->actor->person_key, json_int(place, "key", 0), &standing);
    if (!strcmp(standing.status, "submitted"))
        return NULL;
    if (!strcmp(standing.status, "reviewed"))
        return day_diff(ctx->today, standing.valid_until) <= DAYS_BEFORE_END &&
                       (!valid_until || strcmp(valid_until, standing.valid_until) <= 0)
                   ? standing.valid_until
                   : NULL;
    if (!strcmp(standing.status, "expired") && valid_until)
        return valid_until;
    return from ? day_after(ctx, asked_since(ctx, from), DAYS_TO_ACT)
           : at ? day_after_instant(ctx, at, DAYS_TO_ACT)
                : ctx->today;
}

/* One task for all groups, due with the first: one declaration serves them all. */
static void find_undeclared(struct ctx *ctx, json_t *tasks)
{
    const char *valid = db_text(ctx->tx,
                                "SELECT valid_until FROM declaration WHERE person_key = ?1 "
                                "AND state = 'submitted' ORDER BY submitted_at DESC, key DESC "
                                "LIMIT 1",
                                ctx->actor->person_key);
    json_t *places = places_of(ctx), *place;
    struct waiting it = {.kind = "declaration-own",
                         .object = ctx->actor->account_id,
                         .title = N_("Declare your interests"),
                         .href = "/declarations/new",
                         .action = N_("Declare")};
    size_t i;
    json_array_foreach(places, i, place) {
        const char *due = declaration_due(ctx, place, valid);
        if (!due || (it.due && strcmp(due, it.due) >= 0))
            continue;
        it.due = due;
        it.group_id = json_text(place, "id");
        it.group_name = json_text(place, "name");
    }
    if (it.due)
        add(ctx, tasks, &it);
    json_decref(places);
}

static void find_draft(struct ctx *ctx, json_t *tasks, const char *id)
{
    add(ctx, tasks,
        &(struct waiting){.kind = "declaration-draft",
                          .object = id,
                          .title = N_("Finish your declaration of interests"),
                          .href = arena_printf(ctx->arena, "/declarations/%s", id),
                          .action = N_("Go on")});
}

static void find_asked(struct ctx *ctx, json_t *tasks)
{
    json_t *row = db_row(ctx->tx,
                         "SELECT d.id AS \"id\", i.at AS \"at\", b.id AS \"groupId\", "
                         "w.full_name AS \"groupName\" FROM declaration d "
                         "JOIN declaration_inquiry i ON i.declaration_key = d.key "
                         "JOIN workgroup w ON w.key = i.group_key JOIN body b ON b.key = w.key "
                         "WHERE d.person_key = ?3 AND d.state = 'submitted' AND NOT " LATER("d")
                         " AND NOT EXISTS (SELECT 1 FROM declaration_review r "
                         "WHERE r.declaration_key = d.key AND r.group_key = i.group_key "
                         "AND r.at > i.at) ORDER BY i.at, i.key LIMIT 1",
                         DECLARATION_ARGS(ctx, (const char *)NULL));
    if (!row)
        return;
    const char *id = json_text(row, "id");
    add(ctx, tasks,
        &(struct waiting){.kind = "declaration-asked",
                          .object = id,
                          .title = N_("Answer what is asked about your declaration"),
                          .group_id = json_text(row, "groupId"),
                          .group_name = json_text(row, "groupName"),
                          .due = day_after_instant(ctx, json_text(row, "at"), DAYS_TO_ACT),
                          .href = arena_printf(ctx->arena, "/declarations/%s", id),
                          .action = N_("Read the question")});
    json_decref(row);
}

static void find_own(struct ctx *ctx, json_t *tasks)
{
    if (!ctx->actor->person_key)
        return;
    const char *draft = declaration_own_draft(ctx);
    if (draft) { /* whatever it is for, it is what is to be finished */
        find_draft(ctx, tasks, draft);
        return;
    }
    find_undeclared(ctx, tasks);
    find_asked(ctx, tasks);
}

/* ---------------------------------------------------------------- of others */

/* What was asked about waits for the person, not for the reviewer. */
static void find_reviews(struct ctx *ctx, json_t *tasks)
{
    json_t *rows = declaration_awaiting(ctx), *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *id = json_text(row, "id"), *group = json_text(row, "groupId");
        if (json_true_at(row, "inquired"))
            continue;
        add(ctx, tasks,
            &(struct waiting){
                .kind = arena_join(ctx->arena, "declaration-review:", group, NULL),
                .object = id,
                .title = N_("Review a declaration of interests"),
                .group_id = group,
                .group_name = json_text(row, "groupName"),
                .due = day_after_instant(ctx, json_text(row, "submittedAt"), DAYS_TO_ACT),
                .href = arena_printf(ctx->arena, "/declarations/%s/reviews/new?groupId=%s", id,
                                     group),
                .action = NC_("button", "Review")});
    }
    json_decref(rows);
}

const struct task declaration_tasks[] = {
    {"declarations", N_("Declarations"), find_own},
    {"declarations", N_("Declarations"), find_reviews},
    {0},
};

/* ---------------------------------------------------------------- reminders, once a day */

static enum code remind_of_end(struct ctx *ctx, const json_t *row)
{
    const char *until = json_text(row, "until");
    int left = day_diff(ctx->today, until);
    const char *places[] = {"day", until, NULL};
    return mail_person(
        ctx, json_int(row, "person", 0),
        &(struct mail){
            .event = arena_printf(ctx->arena, "declarations:%s:%d", json_text(row, "id"),
                                  left <= 7    ? 7
                                  : left <= 30 ? 30
                                               : DAYS_BEFORE_END),
            .kind = MAIL_REMINDER,
            .subject = N_("Your declaration of interests is valid until {day}"),
            .paragraphs = {N_("Begin a new one from what you declared last: change what has "
                              "changed, and submit it.")},
            .path = "/declarations",
            .action = N_("Declare your interests"),
            .why = N_("You get this because you take part in a group and your declaration is about "
                      "to run out."),
            .places = places});
}

static enum code remind_of_none(struct ctx *ctx, const json_t *row)
{
    const char *places[] = {"group", json_text(row, "group"), NULL};
    return mail_person(
        ctx, json_int(row, "person", 0),
        &(struct mail){
            .event = arena_printf(ctx->arena, "declarations:memberships:%s", json_text(row, "id")),
            .kind = MAIL_REMINDER,
            .subject = N_("Please declare your interests: {group}"),
            .paragraphs = {N_("Whoever takes part in {group} declares interests. There is no valid "
                              "declaration of yours yet.")},
            .path = "/declarations",
            .action = N_("Declare your interests"),
            .why = N_("You get this because you take part in {group}."),
            .places = places});
}

static enum code each(struct ctx *ctx, json_t *rows,
                      enum code (*remind)(struct ctx *ctx, const json_t *row))
{
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
        c = c ? c : remind(ctx, row);
    json_decref(rows);
    return c;
}

/* The last declaration of whoever takes part somewhere, when its end is near. */
static enum code remind_ends(struct ctx *ctx)
{
    return each(ctx,
                db_rows(ctx->tx,
                        "SELECT d.id AS \"id\", d.person_key AS \"person\", "
                        "d.valid_until AS \"until\" FROM declaration d "
                        "WHERE d.state = 'submitted' AND d.valid_until >= ?4 "
                        "AND d.valid_until <= ?5 AND NOT " LATER("d") " AND EXISTS (SELECT 1 "
                        "FROM participation p WHERE p.person_key = d.person_key "
                        "AND " PARTICIPATES("p") ") ORDER BY d.key",
                        DECLARATION_ARGS(ctx, day_after(ctx, ctx->today, DAYS_BEFORE_END))),
                remind_of_end);
}

/* Who joined without: of the last two weeks, so that a register that begins to declare does not
 * write to everybody at once. Others are reminded by the group's officers. */
static enum code remind_joined(struct ctx *ctx)
{
    return each(ctx,
                db_rows(ctx->tx,
                        "SELECT m.id AS \"id\", m.person_key AS \"person\", "
                        "w.full_name AS \"group\" FROM membership m "
                        "JOIN workgroup w ON w.key = m.group_key WHERE m.start_date <= ?4 "
                        "AND m.start_date > ?5 AND (m.end_date IS NULL OR m.end_date >= ?4) "
                        "AND m.role NOT IN ('contact', 'observer') AND NOT EXISTS (SELECT 1 "
                        "FROM declaration d WHERE d.person_key = m.person_key "
                        "AND d.state = 'submitted' AND d.valid_until >= ?4) ORDER BY m.key",
                        DECLARATION_ARGS(ctx, day_after(ctx, ctx->today, -DAYS_TO_ACT))),
                remind_of_none);
}

const struct chore declaration_chores[] = {
    {"declarations-ending", remind_ends},
    {"declarations-missing", remind_joined},
    {0},
};
