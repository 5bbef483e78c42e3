/* share.c: who holds the seats, the chairs and the hostings (R25).
 *
 * Owns the rule by which a seat counts for a region and a healthcare region (api.md 2), and whole
 * per cent. One statement resolves every seat of a level and counts them by the two; the documents
 * only pick from it. What everyone may see is kept while the register stands, so that the country's
 * shares cost the same in a register a hundred times as large; the few restricted groups are
 * counted for each reader who may know of them. Must not know pages. */
#include <stdlib.h>
#include <string.h>
#include <kansli/kept.h>
#include <kansli/kind.h>
#include "internal.h"

enum { FIRST_YEAR = 2018 }; /* the system's first */

const struct value share_counts[] = {
    {"seats", N_("Seats")},
    {"chairs", N_("Chairs")},
    {"hostings", N_("Hostings")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- per cent */

void shares_percent(const long long *counts, int *percent, size_t n)
{
    long long total = 0;
    int left = 100;
    for (size_t i = 0; i < n; i++)
        total += counts[i];
    for (size_t i = 0; i < n; i++) {
        percent[i] = total ? (int)(100 * counts[i] / total) : 0;
        left -= percent[i];
    }
    /* What rounding down took away goes, one each, to the largest remainders: always fewer than
     * there are. `above` and `last` are the one that was given to before; none is as large as the
     * total. */
    long long above = total;
    size_t last = 0;
    while (total && left > 0) {
        size_t best = n;
        long long most = -1;
        for (size_t i = 0; i < n; i++) {
            long long remainder = 100 * counts[i] % total;
            bool given = remainder > above || (remainder == above && i <= last);
            if (!given && remainder > most) {
                most = remainder;
                best = i;
            }
        }
        MUST(best < n);
        percent[best]++;
        left--;
        above = most;
        last = best;
    }
}

/* ---------------------------------------------------------------- counting */

#define OF_LEVEL                                                                                   \
    "k.level = ?5 AND k.category IN ('programmeArea', 'collaboration', 'workingGroup') "           \
    "AND w.kind_key = k.key AND " GROUP_STANDS
#define OPEN " AND w.access_mode <> 'restricted'"
#define RESTRICTED " AND w.access_mode = 'restricted' AND " GROUP_VISIBLE
/* Rows with a region and a healthcare region, either of which may be NULL. */
#define COUNTED(rows)                                                                              \
    "SELECT t.region AS \"region\", t.area AS \"area\", count(*) AS \"n\" FROM (" rows             \
    ") AS t GROUP BY t.region, t.area"
#define PRIMARY(region)                                                                            \
    "(SELECT a.healthcare_region_key FROM organisation_area a WHERE a.organisation_key = " region  \
    " AND a.is_primary = 1)"
/* The region itself, or the one that what is smaller lies in. */
#define REGION(o) "CASE " o ".type WHEN 'region' THEN " o ".key ELSE " o ".parent_key END"
#define EMPLOYER                                                                                   \
    "(SELECT " REGION("e") " FROM person p JOIN organisation e ON e.key = p.employer_key "         \
                           "WHERE p.key = m.person_key)"
#define SEATS(roles, which)                                                                        \
    "SELECT CASE o.type WHEN 'healthcareRegion' THEN " EMPLOYER " ELSE " REGION("o")               \
    " END AS region, CASE o.type WHEN 'healthcareRegion' THEN o.key ELSE " PRIMARY(REGION("o"))    \
    " END AS area FROM group_kind k CROSS JOIN workgroup w CROSS JOIN membership m "               \
    "JOIN organisation o ON o.key = m.on_behalf_of_key "                                           \
    "WHERE " OF_LEVEL which " AND m.group_key = w.key AND m.role IN " roles " AND " IN_FORCE("m")  \
    " AND o.type IN ('healthcareRegion', 'region', 'municipality')"
#define HOSTINGS(which)                                                                            \
    "SELECT CASE o.type WHEN 'healthcareRegion' THEN NULL ELSE " REGION("o")                       \
    " END AS region, CASE o.type WHEN 'healthcareRegion' THEN o.key ELSE " PRIMARY("o.key")        \
    " END AS area FROM group_kind k CROSS JOIN workgroup w CROSS JOIN hosting h "                  \
    "JOIN organisation o ON o.key = h.body_key WHERE " OF_LEVEL which                              \
    " AND h.group_key = w.key AND h.status = 'active' AND " IN_FORCE("h")
#define ALL_SEATS "('chair', 'viceChair', 'member')"

static json_t *count_open(struct ctx *ctx, const char *level, const char *of, const char *day)
{
    if (!strcmp(of, "seats"))
        return db_rows(ctx->tx, COUNTED(SEATS(ALL_SEATS, OPEN)), STATISTICS_ARGS(ctx, day), level);
    if (!strcmp(of, "chairs"))
        return db_rows(ctx->tx, COUNTED(SEATS("('chair')", OPEN)), STATISTICS_ARGS(ctx, day),
                       level);
    return db_rows(ctx->tx, COUNTED(HOSTINGS(OPEN)), STATISTICS_ARGS(ctx, day), level);
}

static json_t *count_restricted(struct ctx *ctx, const char *level, const char *of,
                                const char *day)
{
    if (!strcmp(of, "seats"))
        return db_rows(ctx->tx, COUNTED(SEATS(ALL_SEATS, RESTRICTED)), STATISTICS_ARGS(ctx, day),
                       level);
    if (!strcmp(of, "chairs"))
        return db_rows(ctx->tx, COUNTED(SEATS("('chair')", RESTRICTED)), STATISTICS_ARGS(ctx, day),
                       level);
    return db_rows(ctx->tx, COUNTED(HOSTINGS(RESTRICTED)), STATISTICS_ARGS(ctx, day), level);
}

/* [{region, area, n}] of the level on that day; a pair may come twice. */
static json_t *counts_of(struct ctx *ctx, const char *level, const char *of, const char *day)
{
    static struct kept_slot slots[96];
    static struct kept kept = {slots, LEN(slots), 0};
    const char *key =
        kept_key_open(ctx, arena_join(ctx->arena, "shares ", day, " ", level, " ", of, NULL));
    json_t *open = kept_get(&kept, key);
    if (!open) {
        open = count_open(ctx, level, of, day);
        if (!tx_code(ctx->tx))
            kept_put(&kept, key, open);
    }
    if (!ctx->actor->person_key && !access_sees_all(ctx))
        return open;
    json_t *all = json_copy(open), *more = count_restricted(ctx, level, of, day);
    json_array_extend(all, more);
    json_decref(more);
    json_decref(open);
    return all;
}

/* ---------------------------------------------------------------- documents */

#define ORGANISATION                                                                               \
    "SELECT o.key AS \"key\", b.id AS \"organisationId\", o.name AS \"organisationName\" "
#define BY_CODE " ORDER BY COALESCE(o.code, ''), b.id"

/* Who is listed, also with nothing: the healthcare regions, or the regions of one of them, Halland
 * also under the one that it belongs to in part. */
static json_t *listed(struct ctx *ctx, long long area, const char *day)
{
    if (!area)
        return db_rows(ctx->tx,
                       ORGANISATION "FROM organisation o JOIN body b ON b.key = o.key "
                                    "WHERE o.type = 'healthcareRegion' AND " IN_FORCE("o") BY_CODE,
                       day);
    return db_rows(ctx->tx,
                   ORGANISATION "FROM organisation_area a JOIN organisation o "
                                "ON o.key = a.organisation_key JOIN body b ON b.key = o.key "
                                "WHERE a.healthcare_region_key = ?2 AND o.type = 'region' "
                                "AND " IN_FORCE("o") BY_CODE,
                   day, area);
}

static long long count_for(const json_t *counts, long long area, long long organisation)
{
    long long n = 0;
    json_t *row;
    size_t i;
    json_array_foreach((json_t *)counts, i, row) {
        bool its = area ? json_int(row, "area", 0) == area &&
                              json_int(row, "region", 0) == organisation
                        : json_int(row, "area", 0) == organisation;
        n += its ? json_int(row, "n", 0) : 0;
    }
    return n;
}

/* Gives each item its count and its per cent; the sum. */
static long long put_counts(struct ctx *ctx, json_t *items, const json_t *counts, long long area,
                            const char *of)
{
    size_t n = json_array_size(items);
    long long *count = arena_alloc(ctx->arena, (n + 1) * sizeof *count), total = 0;
    int *percent = arena_alloc(ctx->arena, (n + 1) * sizeof *percent);
    for (size_t i = 0; i < n; i++) {
        count[i] = count_for(counts, area, json_int(json_array_get(items, i), "key", 0));
        total += count[i];
    }
    shares_percent(count, percent, n);
    for (size_t i = 0; i < n; i++) {
        json_t *item = json_array_get(items, i);
        json_object_del(item, "key");
        json_put_int(item, of, count[i]);
        json_put_int(item, "percent", percent[i]);
    }
    return total;
}

static json_t *healthcare_region_row(struct ctx *ctx, const char *id)
{
    return id ? db_row(ctx->tx,
                       "SELECT o.key AS \"key\", o.name AS \"name\" FROM organisation o "
                       "JOIN body b ON b.key = o.key "
                       "WHERE b.id = ?1 AND o.type = 'healthcareRegion'",
                       id)
              : NULL;
}

bool shares_within(struct ctx *ctx, const char *healthcare_region)
{
    json_t *area = healthcare_region_row(ctx, healthcare_region);
    json_decref(area);
    return area;
}

json_t *shares_on(struct ctx *ctx, const char *healthcare_region, const char *level,
                  const char *of, const char *day)
{
    json_t *document = json_object();
    json_t *area = healthcare_region_row(ctx, healthcare_region);
    long long key = json_int(area, "key", 0);
    json_t *items = !healthcare_region || key ? listed(ctx, key, day) : json_array();
    json_t *counts = counts_of(ctx, level, of, day);
    json_put(document, "asOf", day);
    json_put(document, "level", level);
    json_put(document, "levelLabel", value_label(ctx, level_values, level));
    json_put(document, "of", of);
    json_put(document, "ofLabel", value_label(ctx, share_counts, of));
    json_put(document, "healthcareRegionId", key ? healthcare_region : NULL);
    json_put(document, "healthcareRegionName", json_text(area, "name"));
    json_put_int(document, "total", put_counts(ctx, items, counts, key, of));
    json_put_new(document, "items", items);
    json_decref(counts);
    json_decref(area);
    return document;
}

json_t *statistics_shares(struct ctx *ctx, const char *healthcare_region, const char *level,
                          const char *of)
{
    return shares_on(ctx, healthcare_region, level, of, ctx->day);
}

json_t *shares_series(struct ctx *ctx, const char *healthcare_region, const char *level,
                      const char *of)
{
    static const char *const members[] = {"asOf", "total", "items"};
    json_t *series = json_array();
    long last = strtol(ctx->day, NULL, 10), now = strtol(ctx->today, NULL, 10);
    for (long year = FIRST_YEAR < last ? FIRST_YEAR : last; year <= last; year++) {
        if (year > now) /* of what is to come only the day asked for */
            year = last;
        const char *day =
            year < last ? arena_printf(ctx->arena, "%04ld-12-31", year) : ctx->day;
        json_t *shares = shares_on(ctx, healthcare_region, level, of, day);
        json_t *entry = json_push(series, json_object());
        json_put_int(entry, "year", year);
        for (size_t i = 0; i < LEN(members); i++)
            json_object_set(entry, members[i], json_object_get(shares, members[i]));
        json_decref(shares);
    }
    return series;
}

/* ---------------------------------------------------------------- on an organisation's page */

static const char *primary_of(struct ctx *ctx, long long key)
{
    return db_text(ctx->tx,
                   "SELECT b.id FROM organisation_area a JOIN body b "
                   "ON b.key = a.healthcare_region_key "
                   "WHERE a.organisation_key = ?1 AND a.is_primary = 1",
                   key);
}

json_t *share_of_organisation(struct ctx *ctx, long long key, const json_t *object)
{
    const char *type = json_text(object, "type"), *id = json_text(object, "id");
    bool region = !strcmp(type, "region");
    const char *area = region ? primary_of(ctx, key) : NULL;
    if (region ? !area : strcmp(type, "healthcareRegion") != 0)
        return NULL;
    json_t *shares = statistics_shares(ctx, area, "national", "seats"), *item;
    json_t *share = json_object();
    size_t i;
    json_array_foreach(json_object_get(shares, "items"), i, item)
        if (!strcmp(json_text(item, "organisationId"), id))
            json_object_update(share, item);
    json_put(share, "withinId", area);
    json_object_set(share, "withinName", json_object_get(shares, "healthcareRegionName"));
    json_object_set(share, "total", json_object_get(shares, "total"));
    json_put_new(share, "regions",
                 region ? json_null() : statistics_shares(ctx, id, "national", "seats"));
    json_decref(shares);
    if (json_object_get(share, "seats"))
        return share;
    json_decref(share); /* it was not there on this day */
    return NULL;
}
