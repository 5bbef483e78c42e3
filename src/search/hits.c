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

/* ---------------------------------------------------------------- ranked */

struct finding {
    struct search *search;
    const struct search_source *source;
    bool wanted;
    long long total;
};

static bool take(const struct db_cells *row, void *arg)
{
    struct finding *finding = arg;
    const char *day = db_cell_text(row, 2);
    struct hit hit = {.score = (int)db_cell_int(row, 1, 0), .source = finding->source,
                      .entry = db_cell_int(row, 0, 0), .type = finding->source->type,
                      .label = finding->source->label};
    hit.exact = hit.score >= TITLE_SCORE ? 2 : 3;
    memccpy(hit.day, day ? day : "", '\0', DAY_SIZE);
    if (++finding->total <= SEARCH_MOST && finding->wanted)
        search_add(finding->search, &hit);
    return true;
}

static void run(struct search *search, const struct search_source *source)
{
    struct ctx *ctx = search->ctx;
    struct finding finding = {search, source, search_wants(search, source->type, false), 0};
    struct db_arg args[] = {
        db_arg_text(ctx->today), db_arg_int(access_sees_all(ctx)),
        db_arg_int(ctx->actor->person_key), db_arg_text(ctx->today), db_arg_text(search->texts),
        db_arg_int(SEARCH_MOST + 1), db_arg_int(ctx->actor->half ? 0 : ctx->actor->account_key),
        db_arg_text(tx_instant(ctx->tx)), db_arg_int(search->group_key), db_arg_text(search->from),
        db_arg_text(search->to)};
    if (!finding.wanted && !search->counts)
        return;
    if (search->texts)
        db_scan_(ctx->tx, take, &finding, source->find, args, LEN(args));
    bool more = finding.total > SEARCH_MOST;
    search_count(search, (struct found){source->type, source->heading, finding.wanted,
                                        more ? SEARCH_MOST : finding.total, more});
}

void texts_find(struct search *search)
{
    const struct search_source *source;
    for (size_t table = 0; search_tables[table]; table++)
        for (size_t i = 0; (source = source_at(table, i)); i++)
            run(search, source);
}

/* ---------------------------------------------------------------- shown */

/* "Draft", or "Working meeting in November": what the name does not say. */
static void explain(struct ctx *ctx, const struct search_source *source, json_t *row)
{
    const char *place = json_text(row, "place"), *status = json_text(row, "status");
    const char *label = status ? value_label(ctx, source->statuses, status) : "";
    json_put(row, "info", place ? place : label);
    if (!json_text(row, "name")) /* of a group that the reader may not know of */
        json_put(row, "name", ctx_text(ctx, source->label));
    json_object_del(row, "place");
    json_object_del(row, "status");
}

json_t *texts_show(const struct search *search, const struct hit *hit)
{
    struct ctx *ctx = search->ctx;
    struct db_arg args[] = {
        db_arg_text(ctx->today), db_arg_int(access_sees_all(ctx)),
        db_arg_int(ctx->actor->person_key), db_arg_text(ctx->today), db_arg_int(hit->entry),
        db_arg_int(0), db_arg_int(ctx->actor->half ? 0 : ctx->actor->account_key),
        db_arg_text(tx_instant(ctx->tx))};
    json_t *row = db_row_(ctx->tx, hit->source->show, args, LEN(args));
    if (!row) /* the statement failed: nothing is shown in the end */
        return json_object();
    explain(ctx, hit->source, row);
    json_put_new(row, "snippet", db_text_snippet(ctx->tx, hit->type, hit->entry, search->q));
    return row;
}
