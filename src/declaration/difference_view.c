/* difference_view.c: the interests of two declarations side by side, with what differs marked.
 *
 * Owns which interest of the one is which of the other: they have no name but what they say, so the
 * likest are paired first. How words are compared is difference.h's; how a change is marked is the
 * template's. */
#include <string.h>
#include <kansli/difference.h>
#include <kansli/utf8.h>
#include "internal.h"

static const struct value states[] = {
    {"same", NC_("comparison", "Unchanged")},
    {"changed", NC_("comparison", "Changed")},
    {"added", NC_("comparison", "Added")},
    {"removed", NC_("comparison", "Removed")},
    {NULL, NULL},
};

static const char *const op_code[] = {"same", "deleted", "inserted"};

/* ---------------------------------------------------------------- pairs */

/* An interest by what it is told by. */
struct mark {
    const char *counterparty, *kind, *start;
};

static bool equal(const char *a, const char *b)
{
    return a && b && !strcmp(a, b);
}

static struct mark *marks_of(struct ctx *ctx, const json_t *interests)
{
    struct mark *marks = arena_alloc(ctx->arena, sizeof *marks * (json_array_size(interests) + 1));
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)interests, i, one) {
        const char *name = json_text(one, "counterparty");
        marks[i] = (struct mark){name ? text_fold(ctx->arena, name) : NULL, json_text(one, "kind"),
                                 json_text(one, "startDate")};
    }
    return marks;
}

enum { LIKEST = 7, LIKE = 3 };

/* The same counterparty, or the same kind since the same day, is the same interest. */
static int likeness(const struct mark *a, const struct mark *b)
{
    return 4 * equal(a->counterparty, b->counterparty) + 2 * equal(a->kind, b->kind) +
           equal(a->start, b->start);
}

/* For each interest of `after` the number of its pair in `before`, or SIZE_MAX; *taken says which
 * of `before` have one. In the arena. */
static size_t *pairs_of(struct ctx *ctx, const json_t *before, const json_t *after, bool **taken)
{
    size_t n = json_array_size(before), m = json_array_size(after);
    struct mark *old = marks_of(ctx, before), *new = marks_of(ctx, after);
    size_t *pair = arena_alloc(ctx->arena, sizeof *pair * (m + 1));
    *taken = arena_alloc(ctx->arena, sizeof **taken * (n + 1));
    for (size_t j = 0; j < m; j++)
        pair[j] = SIZE_MAX;
    for (int wanted = LIKEST; wanted >= LIKE; wanted--)
        for (size_t j = 0; j < m; j++)
            for (size_t i = 0; i < n && pair[j] == SIZE_MAX; i++)
                if (!(*taken)[i] && likeness(&old[i], &new[j]) >= wanted) {
                    (*taken)[i] = true;
                    pair[j] = i;
                }
    return pair;
}

/* ---------------------------------------------------------------- words */

static void push_part(struct ctx *ctx, json_t *parts, const struct difference *one)
{
    json_t *part = json_push(parts, json_object());
    json_put(part, "op", op_code[one->op]);
    json_put(part, "text", arena_strndup(ctx->arena, one->text, one->n));
}

static json_t *push_fact(struct ctx *ctx, json_t *facts, const struct field *cell)
{
    json_t *fact = json_push(facts, json_object());
    json_put(fact, "label", ctx_text(ctx, cell->label));
    return json_put_new(fact, "parts", json_array());
}

/* One member on both sides; true when it differs. */
static bool compare_member(struct ctx *ctx, const struct field *cell, const char *before,
                           const char *after, json_t *left, json_t *right)
{
    size_t n = 0;
    bool differs = false;
    const struct difference *way = difference_words(ctx->arena, before, after, &n);
    json_t *old = *before ? push_fact(ctx, left, cell) : NULL;
    json_t *new = *after ? push_fact(ctx, right, cell) : NULL;
    for (size_t i = 0; i < n; i++) {
        differs = differs || way[i].op != DIFFERENCE_SAME;
        if (old && way[i].op != DIFFERENCE_INSERTED)
            push_part(ctx, old, &way[i]);
        if (new && way[i].op != DIFFERENCE_DELETED)
            push_part(ctx, new, &way[i]);
    }
    return differs;
}

/* Either side may be NULL. */
static json_t *change_of(struct ctx *ctx, const json_t *before, const json_t *after)
{
    json_t *change = json_object(), *left = json_array(), *right = json_array();
    bool differs = false;
    for (const struct field *cell = declaration_interest_fields; cell->name; cell++) {
        const char *old = before ? field_words(ctx, cell, before) : "";
        const char *new = after ? field_words(ctx, cell, after) : "";
        if (*old || *new)
            differs |= compare_member(ctx, cell, old, new, left, right);
    }
    const char *state = !before ? "added" : !after ? "removed" : differs ? "changed" : "same";
    json_put(change, "state", state);
    json_put(change, "stateLabel", value_label(ctx, states, state));
    json_put_new(change, "before", before ? json_incref(left) : json_null());
    json_put_new(change, "after", after ? json_incref(right) : json_null());
    json_decref(left);
    json_decref(right);
    return change;
}

json_t *interests_difference(struct ctx *ctx, const json_t *before, const json_t *after)
{
    json_t *changes = json_array(), *interest;
    bool *taken;
    size_t *pair = pairs_of(ctx, before, after, &taken), i;
    json_array_foreach((json_t *)after, i, interest) {
        const json_t *old = !before               ? interest
                            : pair[i] == SIZE_MAX ? NULL
                                                  : json_array_get(before, pair[i]);
        json_push(changes, change_of(ctx, old, interest));
    }
    json_array_foreach((json_t *)before, i, interest)
        if (!taken[i])
            json_push(changes, change_of(ctx, interest, NULL));
    return changes;
}
