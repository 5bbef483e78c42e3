/* internal.h: what the files of task/ share. Not for others. */
#ifndef KANSLI_TASK_INTERNAL_H
#define KANSLI_TASK_INTERNAL_H

#include <kansli/json.h>
#include <kansli/resource.h>
#include <kansli/task.h>

/* ---- task.c ---- */

/* The label of a type in the reader's language, or NULL when no feature has such tasks. */
const char *task_type_label(struct ctx *ctx, const char *type);

/* ---- task_words.c: days and numbers as a person says them, from ctx->today ---- */

/* A word or words that begin a sentence. */
const char *task_capital(struct ctx *ctx, const char *text);
/* "Today", "Tomorrow", "In 4 days", "5 days ago"; NULL for no day. */
const char *task_due_words(struct ctx *ctx, const char *day);
/* "Mon 23 Nov" for a day within the week, "4 Dec" else, with the year when it is another; NULL for
 * no day. */
const char *task_day_words(struct ctx *ctx, const char *day);
/* "NAG Stroke · Member; the term ends": what stands under a task's name; NULL for nothing. */
const char *task_info(struct ctx *ctx, const json_t *task);
/* "Sunday 22 November, week 47. Seven open tasks, two are late." */
const char *task_lead(struct ctx *ctx, long long open, long long late);
/* Which heading a task stands under: "late", "soon" (today and the six days after), "later",
 * "open". */
const char *task_when(struct ctx *ctx, const char *day);

/* ---- task_view.c: what the page shows beside the list ---- */

/* The reader's groups, each with how many of `tasks` are its, those that one of them commissions
 * below it: [{id, fullName, href, levelSign: "N"|"R"|"L", role, count (null for none), below: [the
 * same]}]. New reference. */
json_t *task_groups(struct ctx *ctx, const json_t *tasks);
/* What happened last in the groups whose history the reader may see: [{at, what, href, actorName
 * (or null), groupId, groupName}]. New reference. */
json_t *task_events(struct ctx *ctx);

#endif
