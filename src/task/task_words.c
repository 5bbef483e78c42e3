/* task_words.c: days and numbers as a person says them: "tomorrow", "week 47", "seven open tasks,
 * two are late".
 *
 * Owns the sentence of the page and the words beside each task; the mail of the week says the same.
 * Must not know what a task is. */
#include <string.h>
#include <kansli/date.h>
#include "internal.h"

enum { WEEK = 7, FIRST_WORD = 2 }; /* days; one stands in sentences of its own */

static const char *const numbers[] = {
    NC_("number", "two"),   NC_("number", "three"), NC_("number", "four"), NC_("number", "five"),
    NC_("number", "six"),   NC_("number", "seven"), NC_("number", "eight"), NC_("number", "nine"),
    NC_("number", "ten"),   NC_("number", "eleven"), NC_("number", "twelve"),
};

static const char *language(const struct ctx *ctx)
{
    return ctx->lang == LANG_EN ? "en" : "sv";
}

/* In the letters that our languages' words begin with. */
const char *task_capital(struct ctx *ctx, const char *text)
{
    char *copy = arena_strdup(ctx->arena, text);
    unsigned char *at = (unsigned char *)copy;
    if (at[0] >= 'a' && at[0] <= 'z')
        at[0] = (unsigned char)(at[0] - 0x20);
    else if (at[0] == 0xc3 && at[1] >= 0xa0) /* å ä ö é */
        at[1] = (unsigned char)(at[1] - 0x20);
    return copy;
}

static const char *number(struct ctx *ctx, long long n)
{
    size_t at = (size_t)(n - FIRST_WORD);
    return at < LEN(numbers) ? ctx_text(ctx, numbers[at]) : arena_printf(ctx->arena, "%lld", n);
}

/* Days end with their year: all before it. */
static const char *without_year(struct ctx *ctx, const char *words)
{
    const char *last = strrchr(words, ' ');
    return last ? arena_strndup(ctx->arena, words, (size_t)(last - words)) : words;
}

/* ---------------------------------------------------------------- beside a task */

const char *task_when(struct ctx *ctx, const char *day)
{
    if (!day)
        return "open";
    int days = day_diff(ctx->today, day);
    return days < 0 ? "late" : days < WEEK ? "soon" : "later";
}

const char *task_due_words(struct ctx *ctx, const char *day)
{
    if (!day)
        return NULL;
    int days = day_diff(ctx->today, day);
    const char *many = arena_printf(ctx->arena, "%d", days < 0 ? -days : days);
    switch (days) {
    case -1:
        return ctx_text(ctx, N_("Yesterday"));
    case 0:
        return ctx_text(ctx, NC_("due", "Today"));
    case 1:
        return ctx_text(ctx, N_("Tomorrow"));
    default:
        return ctx_textf(ctx, days < 0 ? N_("{days} days ago") : N_("In {days} days"), "days", many,
                         NULL);
    }
}

/* The first three letters of "söndag". */
static const char *weekday(struct ctx *ctx, const char *day)
{
    const char *words = day_words_long(ctx->arena, day, language(ctx)), *end = words;
    for (int letters = 0; letters < 3; letters++)
        do
            end++;
        while (((unsigned char)*end & 0xc0) == 0x80);
    return arena_strndup(ctx->arena, words, (size_t)(end - words));
}

const char *task_day_words(struct ctx *ctx, const char *day)
{
    if (!day)
        return NULL;
    const char *words = day_words(ctx->arena, day, language(ctx), true);
    if (!strncmp(day, ctx->today, 4))
        words = without_year(ctx, words);
    return strcmp(task_when(ctx, day), "soon")
               ? words
               : arena_printf(ctx->arena, "%s %s", weekday(ctx, day), words);
}

const char *task_info(struct ctx *ctx, const json_t *task)
{
    const char *group = json_text(task, "groupName"), *about = json_text(task, "about");
    if (group && about && strcmp(group, about))
        return arena_printf(ctx->arena, "%s · %s", group, about);
    return group ? group : about;
}

/* ---------------------------------------------------------------- the sentence of the page */

static const char *how_many(struct ctx *ctx, long long open)
{
    if (!open)
        return ctx_text(ctx, N_("Nothing waits for you"));
    if (open == 1)
        return ctx_text(ctx, N_("One open task"));
    return ctx_textf(ctx, N_("{number} open tasks"), "number",
                     task_capital(ctx, number(ctx, open)), NULL);
}

static const char *how_late(struct ctx *ctx, long long open, long long late)
{
    if (late > 1)
        return ctx_textf(ctx, N_("{number} are late"), "number", number(ctx, late), NULL);
    return ctx_text(ctx, open > 1 ? N_("one is late") : N_("and it is late"));
}

const char *task_lead(struct ctx *ctx, long long open, long long late)
{
    const char *day = without_year(ctx, day_words_long(ctx->arena, ctx->today, language(ctx)));
    const char *week = arena_printf(ctx->arena, "%d", day_week(ctx->today));
    day = task_capital(ctx, day);
    if (!late)
        return ctx_textf(ctx, N_("{day}, week {week}. {open}."), "day", day, "week", week, "open",
                         how_many(ctx, open), NULL);
    return ctx_textf(ctx, N_("{day}, week {week}. {open}, {late}."), "day", day, "week", week,
                     "open", how_many(ctx, open), "late", how_late(ctx, open, late), NULL);
}
