/* hits.c: what is found by its texts, source by source (search.h).
 *
 * Owns the parameters of a source's query and the shape of a hit. A text is read only when its hit
 * is shown. Must not know what a type is: its source does. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/json.h>
#include "internal.h"

enum { TITLE_SCORE = 10 }; /* text_score() of one word in the title (db.h) */

static const struct search_source *source_at(size_t table, size_t i)
{
    const struct search_source *source = search_tables[table];
    return source && source[i].type ? &source[i] : NULL;
}

bool texts_known(const char *type)
{
    const struct search_source *source;
    for (size_t table = 0; search_tables[table]; table++)
        for (size_t i = 0; (source = source_at(table, i)); i++)
            if (!strcmp(source->type, type))
                return true;
    return false;
}

static json_t *find(const struct search *search, const struct search_source *source)
{
    struct ctx *ctx = search->ctx;
    struct db_arg args[] = {
        db_arg_text(ctx->today), db_arg_int(access_sees_all(ctx)),
        db_arg_int(ctx->actor->person_key), db_arg_text(ctx->today), db_arg_text(search->texts),
        db_arg_int(SEARCH_MOST + 1), db_arg_int(ctx->actor->half ? 0 : ctx->actor->account_key),
        db_arg_text(tx_instant(ctx->tx)), db_arg_int(search->group_key), db_arg_text(search->from),
        db_arg_text(search->to),
        db_arg_int(search->deepest < SEARCH_MOST ? search->deepest : SEARCH_MOST),
        db_arg_int(search->newest)};
    return db_rows_(ctx->tx, source->query, args, LEN(args));
}

/* "Draft", or "Working meeting in November": what the name does not say. */
static void finish(struct ctx *ctx, const struct search_source *source, json_t *hit)
{
    const char *place = json_text(hit, "place"), *status = json_text(hit, "status");
    const char *label = status ? value_label(ctx, source->statuses, status) : "";
    json_put(hit, "info", place ? place : label);
    json_put_int(hit, "exact", json_int(hit, "score", 0) >= TITLE_SCORE ? 2 : 3);
    if (!json_text(hit, "name")) /* of a group that the reader may not know of */
        json_put(hit, "name", ctx_text(ctx, source->label));
    json_object_del(hit, "place");
    json_object_del(hit, "status");
}

static void run(struct search *search, const struct search_source *source)
{
    bool wanted = search_wants(search, source->type, false);
    size_t n;
    json_t *row;
    if (!wanted && !search->counts)
        return;
    json_t *rows = search->texts ? find(search, source) : json_array();
    long long total = json_int(json_array_get(rows, 0), "total", 0);
    bool more = total > SEARCH_MOST;
    json_array_foreach(rows, n, row)
        finish(search->ctx, source, row);
    search_take(search, (struct found){source->type, source->label, source->heading, wanted,
                                       more ? SEARCH_MOST : total, more, rows});
}

void texts_find(struct search *search)
{
    const struct search_source *source;
    for (size_t table = 0; search_tables[table]; table++)
        for (size_t i = 0; (source = source_at(table, i)); i++)
            run(search, source);
}

void texts_show(const struct search *search, json_t *hit)
{
    long long entry = json_int(hit, "entry", 0);
    if (!entry)
        return;
    json_put_new(hit, "snippet", db_text_snippet(search->ctx->tx, json_text(hit, "type"), entry, search->q));
    json_object_del(hit, "entry");
    json_object_del(hit, "score");
}
