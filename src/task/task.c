/* task.c: all that waits for the reader, gathered from the features' tables, and how much that is.
 *
 * Owns the order of the list and the count in the head of every page. Must never know what a task
 * is about: a feature finds its own and says where each is done. The count is kept while the
 * register's history and the day stand, since it is asked for with every page. */
#include <stdlib.h>
#include <string.h>
#include <kansli/kept.h>
#include <kansli/utf8.h>
#include "internal.h"

enum { COUNTS = 512 }; /* accounts whose count is kept */

/* ---------------------------------------------------------------- all of them */

/* What a feature left unsaid is null. */
static void complete(const struct ctx *ctx, const struct task *row, json_t *task)
{
    static const char *const members[] = {"about", "groupId", "groupName", "dueDate"};
    json_put(task, "type", row->type);
    json_put(task, "typeLabel", ctx_text(ctx, row->label));
    for (size_t i = 0; i < LEN(members); i++)
        if (!json_object_get(task, members[i]))
            json_put(task, members[i], NULL);
}

/* Found as a script would have asked for the list, whatever page or chore it is for: no part of
 * that request's path, query or day is anybody's to read. */
static void find_all(const struct ctx *ctx, json_t *tasks)
{
    static const struct params nothing;
    struct ctx own = *ctx;
    own.route = task_routes;
    own.names = 0;
    own.query = own.body = &nothing;
    own.api = true;
    own.as_of = NULL;
    own.day = own.today;
    memset(own.embed, 0, sizeof own.embed);
    for (const struct task *const *table = task_tables; *table; table++)
        for (const struct task *row = *table; row->type; row++) {
            size_t before = json_array_size(tasks);
            row->find(&own, tasks);
            for (size_t i = before; i < json_array_size(tasks); i++)
                complete(&own, row, json_array_get(tasks, i));
        }
}

static int compare_texts(const char *a, const char *b)
{
    return text_compare_sv(a, strlen(a), b, strlen(b));
}

/* By day, those without one last; then by name, so that the order is the same each time. */
static int compare(const void *left, const void *right)
{
    const json_t *a = *(json_t *const *)left, *b = *(json_t *const *)right;
    const char *due = json_text(a, "dueDate"), *other = json_text(b, "dueDate");
    if (!due != !other)
        return due ? -1 : 1;
    int order = due ? strcmp(due, other) : 0;
    if (!order)
        order = compare_texts(json_text(a, "title"), json_text(b, "title"));
    return order ? order : strcmp(json_text(a, "id"), json_text(b, "id"));
}

json_t *tasks_of_reader(struct ctx *ctx)
{
    json_t *found = json_array(), *tasks = json_array();
    find_all(ctx, found);
    size_t n = json_array_size(found);
    json_t **list = arena_alloc(ctx->arena, (n + 1) * sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = json_array_get(found, i);
    qsort(list, n, sizeof *list, compare);
    for (size_t i = 0; i < n; i++)
        json_array_append(tasks, list[i]);
    json_decref(found);
    return tasks;
}

const char *task_type_label(struct ctx *ctx, const char *type)
{
    for (const struct task *const *table = task_tables; *table; table++)
        for (const struct task *row = *table; row->type; row++)
            if (!strcmp(row->type, type))
                return ctx_text(ctx, row->label);
    return NULL;
}

/* ---------------------------------------------------------------- how many */

static struct kept_slot slots[COUNTS];
static struct kept counts = {slots, LEN(slots), 0};

long long tasks_count(struct ctx *ctx)
{
    const char *key = kept_key_own(ctx, "tasks");
    json_t *count = kept_get(&counts, key);
    if (!count) {
        json_t *tasks = json_array();
        find_all(ctx, tasks);
        count = json_integer((json_int_t)json_array_size(tasks));
        json_decref(tasks);
        if (!tx_code(ctx->tx))
            kept_put(&counts, key, count);
    }
    long long n = tx_code(ctx->tx) ? 0 : (long long)json_integer_value(count);
    json_decref(count);
    return n;
}
