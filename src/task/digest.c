/* digest.c: on Mondays, what waits, by mail to those who want it.
 *
 * Owns when and to whom; what waits is found as for the page, by the account's own rights, and the
 * outbox sends it once (mail.h). */
#include <string.h>
#include <kansli/account.h>
#include <kansli/mail.h>
#include "internal.h"

enum { ONE_BYTES = 16 << 20, LISTED = 30 };

/* [{title, about, due, path}] of the tasks that are due first. */
static json_t *list_of(struct ctx *ctx, const json_t *tasks)
{
    json_t *list = json_array(), *task;
    size_t i;
    json_array_foreach((json_t *)tasks, i, task) {
        if (i == LISTED)
            break;
        const char *due = task_due_words(ctx, json_text(task, "dueDate"));
        json_t *one = json_push(list, json_object());
        json_put(one, "title", json_text(task, "title"));
        json_put(one, "about", task_info(ctx, task));
        json_put(one, "due",
                 due ? arena_printf(ctx->arena, "%s, %s", due,
                                    task_day_words(ctx, json_text(task, "dueDate")))
                     : NULL);
        json_put(one, "path", json_text(task, "href"));
    }
    return list;
}

static enum code write_to(struct ctx *ctx, const struct actor *actor, const json_t *tasks)
{
    long long late = 0, open = (long long)json_array_size(tasks);
    size_t i;
    json_t *task;
    json_array_foreach((json_t *)tasks, i, task)
        late += !strcmp(task_when(ctx, json_text(task, "dueDate")), "late");
    const char *const places[] = {"lead", task_lead(ctx, open, late), "shown",
                                  arena_printf(ctx->arena, "%d", (int)LISTED), NULL};
    json_t *list = list_of(ctx, tasks);
    struct mail mail = {
        .event = arena_printf(ctx->arena, "digest:%s:%s", actor->account_id, ctx->today),
        .kind = MAIL_DIGEST,
        .subject = N_("What waits for you this week"),
        .paragraphs = {"{lead}", open > LISTED ? N_("The {shown} that are due first are listed "
                                                    "here.")
                                               : NULL},
        .path = "/me/tasks",
        .action = N_("Open To do"),
        .why = N_("You get this because you have asked for a mail every Monday."),
        .places = places,
        .list = list,
    };
    enum code c = mail_account(ctx, actor->account_key, &mail);
    json_decref(list);
    return c;
}

/* As the account itself would see it, in the language that its mail is in. */
static enum code digest_one(struct ctx *ctx, long long account_key, int lang)
{
    struct actor actor;
    struct ctx own = *ctx;
    enum code c = account_actor(ctx->tx, ctx->arena, account_key, &actor);
    if (c || !actor.account_key || actor.half)
        return c;
    own.actor = &actor;
    own.standing = NULL;
    own.gathered = NULL;
    own.lang = lang;
    json_t *tasks = tasks_of_reader(&own);
    c = tx_code(ctx->tx);
    own.actor = ctx->actor; /* found as the reader, sent by the register itself */
    if (!c && json_array_size(tasks))
        c = write_to(&own, &actor, tasks);
    json_decref(tasks);
    return c;
}

/* Everybody's in an arena of its own, so that many cost no more memory than one. */
static enum code digest_row(const struct ctx *ctx, const json_t *row)
{
    const char *language = json_text(row, "language");
    struct ctx own = *ctx;
    own.arena = arena_new(ONE_BYTES);
    enum code c = digest_one(&own, json_int(row, "key", 0),
                             language && !strcmp(language, "en") ? LANG_EN : LANG_SV);
    arena_free(own.arena);
    return c;
}

static enum code digest_all(struct ctx *ctx)
{
    enum code c = OK;
    size_t i;
    json_t *row;
    if (day_weekday(ctx->today) != 1)
        return OK;
    json_t *rows = db_rows(ctx->tx,
                           "SELECT a.key AS \"key\", "
                           "coalesce(a.language, p.language) AS \"language\" FROM mail_choice c JOIN account a ON a.key = c.account_key "
                           "LEFT JOIN person p ON p.key = a.person_key "
                           "WHERE c.digest = 'weekly' AND a.disabled = 0 ORDER BY a.key");
    json_array_foreach(rows, i, row)
        c = c ? c : digest_row(ctx, row);
    json_decref(rows);
    return c ? c : tx_code(ctx->tx);
}

const struct chore task_chores[] = {
    {"digest", digest_all},
    {0},
};
