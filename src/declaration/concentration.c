/* concentration.c: where a group's interests lie close together (domain.md 3): more than half of
 * its seats have a current direct interest in one counterparty, or the chair has one.
 *
 * Owns that judgement. Counterparties are the same when they fold equal. That there is such a
 * thing is told to all who see who has declared; in whom only to those who may read interests, and
 * then it is a reading of each declaration that it stands in, which leaves its trace. */
#include <string.h>
#include <kansli/membership.h>
#include <kansli/utf8.h>
#include "internal.h"

/* The declarations that stand today, of those who sit in groups today; one row for each seat, with
 * nothing declared for some. */
#define SEATS                                                                                      \
    "SELECT m.group_key AS \"group\", m.role AS \"role\", d.key AS \"declaration\", "              \
    "d.interests AS \"interests\" FROM membership m LEFT JOIN declaration d "                      \
    "ON d.person_key = m.person_key AND d.state = 'submitted' AND d.valid_until >= ?4 "            \
    "AND NOT " LATER("d") " AND EXISTS (SELECT 1 FROM declaration_group g "                        \
    "WHERE g.declaration_key = d.key AND g.group_key = m.group_key) "                              \
    "WHERE m.role IN " MEMBERSHIP_SEATS " AND " ACCESS_TODAY("m")

struct party { /* a counterparty, and in whose declarations it stands */
    const char *folded, *name;
    json_t *declarations; /* row numbers */
    struct party *next;
};

struct found {
    long long seats;
    bool chair;            /* the chair has a direct interest today */
    json_t *chair_parties; /* [{name, declaration}] */
    struct party *parties;
};

static bool is_current(const struct ctx *ctx, const json_t *interest)
{
    const char *proximity = json_text(interest, "proximity");
    const char *first = json_text(interest, "startDate"), *last = json_text(interest, "endDate");
    return proximity && !strcmp(proximity, "direct") && json_text(interest, "counterparty") &&
           (!first || strcmp(first, ctx->today) <= 0) && (!last || strcmp(last, ctx->today) >= 0);
}

static struct party *party_of(struct ctx *ctx, struct found *found, const char *name)
{
    const char *folded = text_fold(ctx->arena, name);
    for (struct party *party = found->parties; party; party = party->next)
        if (!strcmp(party->folded, folded))
            return party;
    struct party *party = arena_alloc(ctx->arena, sizeof *party);
    *party = (struct party){folded, arena_strdup(ctx->arena, name), json_array(), found->parties};
    found->parties = party;
    return party;
}

/* Each seat counts once for a party, however many interests it has there. */
static void add_seat(struct ctx *ctx, struct found *found, const json_t *row)
{
    const char *kept = json_text(row, "interests");
    json_t *interests = kept ? json_loads(kept, 0, NULL) : NULL, *one;
    long long declaration = json_int(row, "declaration", 0);
    bool chair = !strcmp(json_text(row, "role"), "chair");
    size_t i;
    found->seats++;
    json_array_foreach(interests, i, one) {
        if (!is_current(ctx, one))
            continue;
        struct party *party = party_of(ctx, found, json_text(one, "counterparty"));
        size_t n = json_array_size(party->declarations);
        if (!n || json_integer_value(json_array_get(party->declarations, n - 1)) != declaration)
            json_push(party->declarations, json_integer(declaration));
        found->chair = found->chair || chair;
        if (chair)
            json_push(found->chair_parties, json_pack("{s:s, s:I}", "name", party->name,
                                                      "declaration", (json_int_t)declaration));
    }
    json_decref(interests);
}

static void found_init(struct found *found)
{
    *found = (struct found){.chair_parties = json_array()};
}

static void found_release(struct found *found)
{
    json_decref(found->chair_parties);
    for (struct party *party = found->parties; party; party = party->next)
        json_decref(party->declarations);
}

/* The party that more than half of the seats share, the most shared first; NULL when none is. */
static const struct party *shared_by_most(const struct found *found)
{
    const struct party *most = NULL;
    for (const struct party *party = found->parties; party; party = party->next) {
        size_t n = json_array_size(party->declarations);
        if ((long long)n * 2 > found->seats && (!most || n > json_array_size(most->declarations)))
            most = party;
    }
    return most;
}

/* ---------------------------------------------------------------- one group */

/* Whoever may read of each declaration which interests there are. */
static bool may_name(struct ctx *ctx, const json_t *declarations)
{
    bool may_all = true;
    size_t i;
    json_t *key;
    json_array_foreach((json_t *)declarations, i, key)
        may_all = may_all && declaration_reads_interests(ctx, json_integer_value(key));
    return may_all;
}

static void read_all(struct ctx *ctx, const json_t *declarations)
{
    size_t i;
    json_t *key;
    json_array_foreach((json_t *)declarations, i, key)
        declaration_read(ctx, json_integer_value(key));
}

static void name(json_t *names, const char *one)
{
    size_t i;
    json_t *known;
    json_array_foreach(names, i, known)
        if (!strcmp(json_string_value(known), one))
            return;
    json_push(names, json_text_new(one));
}

/* The parties in question and the declarations in which they stand. */
static void gather_names(const struct found *found, const struct party *most, json_t *names,
                         json_t *declarations)
{
    size_t i;
    json_t *one;
    if (most) {
        name(names, most->name);
        json_array_extend(declarations, most->declarations);
        return;
    }
    json_array_foreach(found->chair_parties, i, one) {
        name(names, json_text(one, "name"));
        if (!i)
            json_push(declarations, json_integer(json_int(one, "declaration", 0)));
    }
}

static json_t *told(struct ctx *ctx, const struct found *found)
{
    const struct party *most = shared_by_most(found);
    if (!most && !found->chair)
        return json_null();
    json_t *document = json_object(), *names = json_array(), *declarations = json_array();
    json_put(document, "level", most ? "members" : "chair");
    json_put_int(document, "members", most ? (long long)json_array_size(most->declarations) : 1);
    json_put_int(document, "of", found->seats);
    gather_names(found, most, names, declarations);
    bool readable = may_name(ctx, declarations);
    json_put_bool(document, "readable", readable);
    if (readable && tx_writes(ctx->tx)) {
        read_all(ctx, declarations);
        json_object_set(document, "counterparties", names);
    }
    json_decref(names);
    json_decref(declarations);
    return document;
}

json_t *declaration_concentration(struct ctx *ctx, long long group_key)
{
    struct found found;
    found_init(&found);
    json_t *rows = db_rows(ctx->tx, SEATS " AND m.group_key = ?5 ORDER BY m.key, d.key",
                           DECLARATION_ARGS(ctx, group_key)),
           *row;
    size_t i;
    json_array_foreach(rows, i, row)
        add_seat(ctx, &found, row);
    json_decref(rows);
    json_t *document = told(ctx, &found);
    found_release(&found);
    return document;
}

enum code declaration_concentration_of_group(struct ctx *ctx, struct answer *out)
{
    enum code c;
    out->personal = true;
    long long group_key = group_in_path(ctx, out, &c);
    if (!group_key)
        return c;
    c = must_may_as(ctx, ACT_SEE_STATUSES, declaration_to_group(ctx, group_key));
    if (c)
        return c;
    out->document = json_object();
    json_put(out->document, "groupId", ctx_value(ctx, "id"));
    json_put_new(out->document, "concentration", declaration_concentration(ctx, group_key));
    c = tx_code(ctx->tx);
    return c ? c
             : group_below(ctx, ctx_value(ctx, "id"), out, "/declaration-statuses",
                           ctx_text(ctx, N_("Interests that lie close together")));
}

const char declaration_concentration_reply[] =
    "{\"type\":\"object\",\"required\":[\"groupId\",\"concentration\"],\"properties\":{"
    "\"groupId\":{\"type\":\"string\"},"
    "\"concentration\":{\"type\":[\"object\",\"null\"],\"properties\":{"
    "\"level\":{\"type\":\"string\",\"enum\":[\"members\",\"chair\"]},"
    "\"members\":{\"type\":\"integer\"},\"of\":{\"type\":\"integer\"},"
    "\"readable\":{\"type\":\"boolean\"},"
    "\"counterparties\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}}}";

/* ---------------------------------------------------------------- all groups */

static void conclude(struct ctx *ctx, struct found *found, long long group, json_t *findings)
{
    if (group && (shared_by_most(found) || found->chair))
        json_push(findings, db_row(ctx->tx,
                                   "SELECT b.id AS \"id\", w.full_name AS \"name\" "
                                   "FROM workgroup w JOIN body b ON b.key = w.key WHERE w.key = ?1",
                                   group));
    found_release(found);
    found_init(found);
}

/* The rule of the checks: which groups, never in whom. */
json_t *declaration_concentrated(struct ctx *ctx)
{
    json_t *findings = json_array(), *row;
    struct found found;
    long long group = 0;
    size_t i;
    found_init(&found);
    json_t *rows = db_rows(ctx->tx,
                           SEATS " AND EXISTS (SELECT 1 FROM declaration_group x "
                                 "WHERE x.group_key = m.group_key) "
                                 "ORDER BY m.group_key, m.key, d.key",
                           DECLARATION_ARGS(ctx, (const char *)NULL));
    json_array_foreach(rows, i, row) {
        if (json_int(row, "group", 0) != group)
            conclude(ctx, &found, group, findings);
        group = json_int(row, "group", 0);
        add_seat(ctx, &found, row);
    }
    conclude(ctx, &found, group, findings);
    found_release(&found);
    json_decref(rows);
    return findings;
}
