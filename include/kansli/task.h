/* task.h: what waits for a person (S1): each feature says what it waits for, one page and /me/tasks
 * show it, the weekly digest mails it.
 *
 * A task is derived, never stored: it is gone when what it asks for is done. A task is somebody's
 * when that person may do it now and nobody else's word is needed before. */
#ifndef KANSLI_TASK_H
#define KANSLI_TASK_H

#include <kansli/chore.h>
#include <kansli/ctx.h>

/* A feature's row: one kind of waiting. */
struct task {
    const char *type;     /* "nominations", "declarations", "mandates", "memberships": the pills of the page */
    const char *label;    /* N_(): "Nominations" */
    /* Appends to `tasks` what waits for ctx->actor: {id (stable: "nomination-decide:<id>"), type,
     * title, about (one line or null), groupId, groupName (or null), dueDate (or null), objectType,
     * objectId, href (the page where it is done), action (the button's word)}; texts in the
     * reader's language. The actor is never anonymous. Support does not get what others are to do
     * unless it is support's own. */
    void (*find)(struct ctx *ctx, json_t *tasks);
};

/* The tables of all features, NULL-terminated, each ending with an empty row;
 * src/app_features.c. */
extern const struct task *const task_tables[];

/* All of the reader's, by due day, those without one last. New reference. */
json_t *tasks_of_reader(struct ctx *ctx);
/* How many, for the head of every page: kept for each account while the register and the day stand. */
long long tasks_count(struct ctx *ctx);

extern const struct route task_routes[];
extern const struct chore task_chores[]; /* the digest, on Mondays */

#endif
