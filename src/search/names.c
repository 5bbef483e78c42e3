/* names.c: groups, people, organisations and abbreviations, found by their names.
 *
 * Owns one row per type: a query that gives id, name, a word of explanation and how exact the hit
 * is. Must not know how words are folded or indexed (db.h does), nor keep anything: a group or a
 * person that the reader may not know of is not found and not counted. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/json.h>
#include <kansli/organisation.h>
#include <kansli/person.h>
#include <kansli/utf8.h>
#include "internal.h"

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

bool names_known(const char *type)
{
    for (size_t i = 0; i < LEN(sources); i++)
        if (!strcmp(sources[i].type, type) || !strcmp("bodies", type))
            return true;
    return false;
}

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

static json_t *find(const struct search *search, const struct source *source)
{
    struct ctx *ctx = search->ctx;
    struct db_arg args[] = {db_arg_int(ctx->lang), db_arg_int(access_sees_all(ctx)),
                            db_arg_int(ctx->actor->person_key), db_arg_text(ctx->today),
                            db_arg_text(search->names), db_arg_text(search->folded),
                            db_arg_int(ctx->actor->half ? 0 : ctx->actor->account_key),
                            db_arg_int(search->deepest)};
    return db_rows_(ctx->tx, source->query, args, LEN(args));
}

static void add(struct search *search, const struct source *source, json_t *row)
{
    static const char *const own[] = {"kind", "place", "code", "ended", "total", "exact"};
    struct ctx *ctx = search->ctx;
    struct hit hit = {.exact = (int)json_int(row, "exact", 0), .type = source->type,
                      .label = source->label, .row = json_incref(row)};
    explain(ctx, row);
    for (size_t i = 0; i < LEN(own); i++)
        json_object_del(row, own[i]);
    json_put(row, "path", arena_printf(ctx->arena, "/%s/%s", source->type, json_text(row, "id")));
    search_add(search, &hit);
}

static void run(struct search *search, const struct source *source, bool wanted)
{
    json_t *row, *rows = search->names && !search->narrow ? find(search, source) : json_array();
    long long total = json_int(json_array_get(rows, 0), "total", 0);
    size_t i;
    search_count(search, (struct found){source->type, source->heading, wanted, total, false});
    json_array_foreach(rows, i, row)
        if (wanted)
            add(search, source, row);
    json_decref(rows);
}

/* A name belongs to no group and no day: who asks for those asks for texts. */
void names_find(struct search *search)
{
    for (size_t i = 0; i < LEN(sources); i++) {
        bool wanted = search_wants(search, sources[i].type, sources[i].body);
        if (wanted || search->counts)
            run(search, &sources[i], wanted);
    }
}
