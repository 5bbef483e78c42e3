/* search.c: one search over what the caller may read.
 *
 * Owns the order of what is found and one row per type: a query that gives id, name, a word of
 * explanation and how exact the hit is. Must not know how words are folded or indexed (db.h does),
 * nor keep anything: a group or a person that the reader may not know of is not found and not
 * counted. */
#include <stdlib.h>
#include <string.h>
#include <kansli/access.h>
#include <kansli/json.h>
#include <kansli/organisation.h>
#include <kansli/paging.h>
#include <kansli/person.h>
#include <kansli/utf8.h>
#include "internal.h"

enum {
    LIMIT_DEFAULT = 20,
    DEEPEST = 10000 /* hits that can be paged through: types are merged by rank, from the first */
};

/* 0 for the thing itself, 1 for what begins so, 2 for the rest. ?6 is what was typed, folded. */
#define EXACT(names, first, second)                                                                \
    "CASE WHEN ?6 IN (" names ") THEN 0 "                                                          \
    "WHEN substr(fold(" first "), 1, length(?6)) = ?6 THEN 1 "                                     \
    "WHEN substr(fold(coalesce(" second ", '')), 1, length(?6)) = ?6 THEN 1 ELSE 2 END "           \
    "AS \"exact\", count(*) OVER () AS \"total\" "

/* ?1 1 in English, ?2–?4 and ?7 the reader (resource.h), ?5 the match, ?6 the text, ?8 how many. */
static const struct source {
    const char *type, *label, *heading;
    bool body; /* of the common namespace: asked for together as type=bodies */
    const char *query;
} sources[] = {
    {"groups", N_("Group"), N_("Groups"), true,
     "SELECT b.id AS \"id\", g.full_name AS \"name\", "
     "CASE WHEN ?1 = 1 THEN k.name_english ELSE k.name END AS \"info\", "
     "a.name AS \"place\", CASE WHEN g.end_date < ?4 THEN 1 ELSE 0 END AS \"ended?\", "
     EXACT("b.id, fold(g.full_name), fold(g.name), fold(g.short_name)", "g.full_name", "g.name")
     "FROM workgroup g JOIN body b ON b.key = g.key JOIN group_kind k ON k.key = g.kind_key "
     "LEFT JOIN organisation a ON a.key = coalesce(g.region_key, g.healthcare_region_key) "
     "WHERE " DB_FOUND("g.key", "groups", "?5")
     " AND " ACCESS_GROUP_VISIBLE("g.access_mode", "g.key")
     " ORDER BY \"exact\", g.full_name, b.id LIMIT ?8"},
    {"persons", N_("Person"), N_("People"), false,
     "SELECT p.id AS \"id\", p.name AS \"name\", coalesce(p.title, e.name, '') AS \"info\", "
     "CASE WHEN p.title IS NULL THEN NULL ELSE e.name END AS \"place\", "
     EXACT("p.id, fold(p.name)", "p.name", "p.family_name")
     "FROM person p LEFT JOIN organisation e ON e.key = p.employer_key "
     "WHERE " DB_FOUND("p.key", "persons", "?5")
     " AND " PERSON_VISIBLE("p.key", "p.entered_by_key", "p.employer_key", "p.protected_identity",
                            "p.publish_name")
     " ORDER BY \"exact\", p.name, p.id LIMIT ?8"},
    {"organisations", N_("Organisation"), N_("Organisations"), true,
     "SELECT b.id AS \"id\", o.name AS \"name\", NULL AS \"info\", "
     "o.type AS \"kind\", p.name AS \"place\", o.code AS \"code\", "
     EXACT("b.id, o.code, fold(o.name), fold(o.short_name)", "o.name", "o.short_name")
     "FROM organisation o JOIN body b ON b.key = o.key "
     "LEFT JOIN organisation p ON p.key = o.parent_key "
     "WHERE " DB_FOUND("o.key", "organisations", "?5")
     " ORDER BY \"exact\", o.name, b.id LIMIT ?8"},
    {"glossary", N_("Abbreviation"), N_("Glossary"), false,
     "SELECT w.id AS \"id\", w.abbreviation AS \"name\", "
     "CASE WHEN ?1 = 1 THEN coalesce(w.name_english, w.name) ELSE w.name END AS \"info\", "
     EXACT("fold(w.abbreviation), fold(w.name)", "w.abbreviation", "w.name")
     "FROM glossary w WHERE " DB_FOUND("w.key", "glossary", "?5")
     " ORDER BY \"exact\", w.abbreviation, w.id LIMIT ?8"},
};

struct search {
    struct ctx *ctx;
    const char *match, *text; /* NULL match: nothing was asked for */
    bool wanted[LEN(sources)];
    bool some;                /* certain types were asked for */
    struct paging paging;
    long long total;
    json_t *hits, *types;
};

/* ---------------------------------------------------------------- what was asked */

static void read_types(struct search *search)
{
    const char *text = ctx_query(search->ctx, "type");
    char *all = arena_strdup(search->ctx->arena, text), *rest = NULL;
    search->some = text != NULL;
    for (char *one = text ? strtok_r(all, ",", &rest) : NULL; one;
         one = strtok_r(NULL, ",", &rest)) {
        bool known = false;
        for (size_t i = 0; i < LEN(sources); i++)
            if (!strcmp(sources[i].type, one) || (sources[i].body && !strcmp(one, "bodies")))
                search->wanted[i] = known = true;
        if (!known)
            err_field(search->ctx->err, "type", N_("There is no value {value} here."), "value", one,
                      NULL);
    }
}

/* ---------------------------------------------------------------- what was found */

/* "Municipality, Region Västerbotten, 2480"; "Local working group, Region Skåne, ended": what tells
 * namesakes apart. */
static void explain(struct ctx *ctx, json_t *hit)
{
    const char *kind = json_text(hit, "kind"), *info = json_text(hit, "info");
    const char *more[] = {json_text(hit, "place"), json_text(hit, "code"),
                          json_true_at(hit, "ended") ? ctx_text(ctx, NC_("group", "ended")) : NULL};
    if (kind)
        info = value_label(ctx, organisation_types, kind);
    for (size_t i = 0; i < LEN(more); i++)
        if (more[i])
            info = arena_printf(ctx->arena, "%s, %s", info, more[i]);
    json_put(hit, "info", info);
}

static void finish_hit(struct ctx *ctx, const struct source *source, json_t *hit)
{
    static const char *const own[] = {"kind", "place", "code", "ended", "total"};
    explain(ctx, hit);
    for (size_t i = 0; i < LEN(own); i++)
        json_object_del(hit, own[i]);
    json_put(hit, "type", source->type);
    json_put(hit, "typeLabel", ctx_text(ctx, source->label));
    json_put(hit, "href", arena_printf(ctx->arena, "%s/%s/%s", ctx->base_url, source->type,
                                       json_text(hit, "id")));
}

/* The rank of the last hit that is shown. */
static long long last_hit(const struct search *search)
{
    long long last = search->paging.page * search->paging.limit;
    return last < DEEPEST ? last : DEEPEST;
}

static void run_source(struct search *search, size_t i)
{
    struct ctx *ctx = search->ctx;
    const struct source *source = &sources[i];
    bool wanted = !search->some || search->wanted[i];
    struct db_arg args[] = {db_arg_int(ctx->lang), db_arg_int(access_sees_all(ctx)),
                            db_arg_int(ctx->actor->person_key), db_arg_text(ctx->today),
                            db_arg_text(search->match), db_arg_text(search->text),
                            db_arg_int(ctx->actor->half ? 0 : ctx->actor->account_key),
                            db_arg_int(last_hit(search))};
    json_t *rows = search->match ? db_rows_(ctx->tx, source->query, args, LEN(args)) : json_array();
    long long total = json_int(json_array_get(rows, 0), "total", 0);
    json_t *type = json_push(search->types, json_object()), *row;
    json_put(type, "type", source->type);
    json_put(type, "label", ctx_text(ctx, source->heading));
    json_put_int(type, "count", total);
    json_put_bool(type, "current", search->some && wanted);
    size_t n;
    json_array_foreach(rows, n, row) {
        finish_hit(ctx, source, row);
        if (wanted)
            json_array_append(search->hits, row);
    }
    search->total += wanted ? total : 0;
    json_decref(rows);
}

static int by_exactness(const void *a, const void *b)
{
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    long long order = json_int(x, "exact", 0) - json_int(y, "exact", 0);
    if (order)
        return order < 0 ? -1 : 1;
    const char *one = json_text(x, "name"), *other = json_text(y, "name");
    int names = text_compare_sv(one, strlen(one), other, strlen(other));
    return names ? names : strcmp(json_text(x, "href"), json_text(y, "href"));
}

/* The best of all types together. */
static json_t *best(struct search *search)
{
    size_t n = json_array_size(search->hits);
    json_t **hit = arena_alloc(search->ctx->arena, (n + 1) * sizeof(json_t *));
    json_t *items = json_array();
    for (size_t i = 0; i < n; i++)
        hit[i] = json_array_get(search->hits, i);
    qsort(hit, n, sizeof(json_t *), by_exactness);
    size_t first = (size_t)((search->paging.page - 1) * search->paging.limit);
    for (size_t i = first; i < n && (long long)i < last_hit(search); i++) {
        json_object_del(hit[i], "exact");
        json_array_append(items, hit[i]);
    }
    return items;
}

static json_t *envelope_of(struct search *search)
{
    return paging_envelope(search->ctx, &search->paging, best(search), search->total,
                           search->total < DEEPEST ? search->total : DEEPEST);
}

enum code search_find(struct ctx *ctx, json_t **envelope, json_t **types)
{
    struct search search = {.ctx = ctx};
    const char *q = ctx_query(ctx, "q");
    read_types(&search);
    search.paging = paging_read(ctx, LIMIT_DEFAULT);
    if (ctx->err->code)
        return ctx->err->code;
    search.match = q ? db_index_query(ctx->arena, q) : NULL;
    search.text = q ? text_fold(ctx->arena, q) : NULL;
    search.hits = json_array();
    search.types = json_array();
    for (size_t i = 0; i < LEN(sources); i++)
        run_source(&search, i);
    *envelope = envelope_of(&search);
    *types = search.types;
    json_decref(search.hits);
    return tx_code(ctx->tx);
}
