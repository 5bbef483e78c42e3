/* board.c: a call's nominations by what each waits for (S5): columns of cards, each with the next
 * act for the one who may do it.
 *
 * Owns what a card says. Rights and stages are the resource's; what the reader may do is read from
 * each nomination's own links. */
#include <string.h>
#include "internal.h"
#include "pages.h"

/* ---------------------------------------------------------------- what of the sought is met */

static bool holds(const json_t *ids, const json_t *id)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)ids, i, one)
        if (json_equal(one, id))
            return true;
    return false;
}

json_t *nomination_marks(const json_t *call, const json_t *nomination)
{
    json_t *marks = json_array(), *id;
    const json_t *texts = json_object_get(call, "requirementTexts");
    const json_t *met = json_object_get(nomination, "requirementIds");
    size_t i;
    json_array_foreach(json_object_get(call, "requirementIds"), i, id) {
        json_t *mark = json_push(marks, json_object());
        json_object_set(mark, "text", json_array_get(texts, i));
        json_put_bool(mark, "met", holds(met, id));
    }
    return marks;
}

/* ---------------------------------------------------------------- the next act */

static bool may_follow(const json_t *nomination, const char *rel)
{
    size_t i;
    json_t *link;
    json_array_foreach(json_object_get(nomination, "_links"), i, link)
        if (!strcmp(json_text(link, "rel"), rel))
            return true;
    return false;
}

static bool check_done(const json_t *nomination, const char *check)
{
    return json_true_at(json_object_get(json_object_get(nomination, "checks"), check), "done");
}

/* The first in the order of the routine that the reader may do now; NULL: nothing. */
json_t *nomination_next(struct ctx *ctx, const json_t *nomination)
{
    const struct {
        const char *rel, *rest, *label;
        bool open;
    } ways[] = {
        {"submit", "/submissions/new", NC_("button", "Submit"), true},
        {"answer", "/answers/new", N_("Answer"), !json_text(nomination, "answer")},
        {"approve-region", "/region-approvals/new", N_("Record the process"),
         !check_done(nomination, "regionProcess")},
        {"approve-employer", "/employer-requests/new", N_("Ask the employer"),
         !check_done(nomination, "employer")},
        {"decide", "/decisions/new", N_("Decide"), check_done(nomination, "regionProcess") &&
             check_done(nomination, "employer") && check_done(nomination, "declaration")},
    };
    for (size_t i = 0; i < LEN(ways); i++) {
        if (!ways[i].open || !may_follow(nomination, ways[i].rel))
            continue;
        json_t *next = json_object();
        json_put(next, "href", arena_printf(ctx->arena, "/nominations/%s%s",
                                            json_text(nomination, "id"), ways[i].rest));
        json_put(next, "label", ctx_text(ctx, ways[i].label));
        return next;
    }
    return json_null();
}

/* ---------------------------------------------------------------- cards and columns */

static json_t *days_waited(struct ctx *ctx, const json_t *nomination)
{
    char day[DAY_SIZE];
    const char *at = json_text(nomination, "submittedAt");
    if (!at || !strcmp(json_text(nomination, "stage"), "ended"))
        return json_null();
    day_of_instant(at, day);
    return json_integer(day_diff(day, ctx->today));
}

/* A list's items have no links: asked of each card, without making the whole object again. */
static json_t *next_of(struct ctx *ctx, json_t *item)
{
    struct nomination_row row;
    if (nomination_find(ctx, json_text(item, "id"), &row))
        return json_null();
    json_put_int(item, "key", row.key);
    nomination_resource.links(ctx, item);
    json_object_del(item, "key");
    return nomination_next(ctx, item);
}

static json_t *card_of(struct ctx *ctx, const json_t *call, json_t *item)
{
    static const char *const shown[] = {"id",     "personName", "nominatorName", "roleLabel",
                                        "answer", "status",     "statusLabel"};
    json_t *card = json_object();
    for (size_t i = 0; i < LEN(shown); i++) {
        json_t *value = json_object_get(item, shown[i]);
        json_object_set(card, shown[i], value ? value : json_null());
    }
    json_put_new(card, "marks", nomination_marks(call, item));
    json_put_new(card, "days", days_waited(ctx, item));
    json_put_new(card, "next", next_of(ctx, item));
    return card;
}

/* On a narrow screen one column at a time: the one that is asked for, else the first with a
 * card. */
static void choose_column(struct ctx *ctx, json_t *columns)
{
    const char *asked = ctx_query(ctx, "column");
    json_t *column, *now = NULL;
    size_t i;
    json_array_foreach(columns, i, column)
        if (asked && !strcmp(asked, json_text(column, "stage")))
            now = column;
    json_array_foreach(columns, i, column)
        if (!now && json_int(column, "count", 0))
            now = column;
    json_array_foreach(columns, i, column)
        json_put_bool(column, "now", now ? column == now : i == 0);
}

json_t *nomination_board(struct ctx *ctx, const json_t *call, json_t *items)
{
    json_t *columns = json_array(), *item;
    for (const struct value *stage = nomination_stages; stage->code; stage++) {
        json_t *column = json_object(), *cards = json_put_new(column, "cards", json_array());
        size_t i;
        json_put(column, "stage", stage->code);
        json_put(column, "label", ctx_text(ctx, stage->label));
        json_put(column, "href", arena_printf(ctx->arena, "?column=%s", stage->code));
        json_array_foreach(items, i, item)
            if (!strcmp(json_text(item, "stage"), stage->code))
                json_push(cards, card_of(ctx, call, item));
        json_put_int(column, "count", (long long)json_array_size(cards));
        bool drafts = !strcmp(stage->code, "draft");
        if (!drafts || json_array_size(cards))
            json_array_append(columns, column);
        json_decref(column);
    }
    choose_column(ctx, columns);
    return columns;
}
