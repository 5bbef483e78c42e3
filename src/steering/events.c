/* events.c: what a year holds beside meetings and the days of plans (schedule.h): by when reviews
 * are done, and terms that end.
 *
 * Owns two rows of dates. Terms are told as how many end, never whose: a calendar is read by
 * whoever has its address. Of a few groups each is told by itself, of many all that end on a day
 * together: most terms end with a year. Of all groups the national ones are told, since a register
 * of many countries ends a hundred thousand terms a year. Must not know a calendar. */
#include <stdlib.h>
#include <string.h>
#include "internal.h"

enum { FEW = 60, YEARS_MOST = 20 };

/* ---------------------------------------------------------------- reviews */

/* One of them reviews or is reviewed. */
static bool concerned(struct ctx *ctx, const long long *groups, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (db_exists(ctx->tx,
                      "SELECT 1 FROM workgroup g JOIN group_kind k ON k.key = g.kind_key "
                      "WHERE g.key = ?1 "
                      "AND k.category IN ('programmeArea', 'collaboration', 'workingGroup')",
                      groups[i]))
            return true;
    return !n;
}

static void find_reviews(struct ctx *ctx, const char *from, const char *to,
                         const long long *groups, size_t n, json_t *events)
{
    int first = (int)strtol(from, NULL, 10), last = (int)strtol(to, NULL, 10);
    if (!concerned(ctx, groups, n))
        return;
    for (int year = first; year <= last && year < first + YEARS_MOST; year++) {
        const char *day = arena_printf(ctx->arena, "%04d-12-31", year);
        if (strcmp(day, from) >= 0 && strcmp(day, to) <= 0)
            event_on(ctx, events, "reviews", arena_printf(ctx->arena, "reviews/%d", year),
                     ctx_textf(ctx, N_("Reviews for {year} are done"), "year",
                               arena_int(ctx->arena, year), NULL),
                     day, arena_printf(ctx->arena, "/reviews?year=%d", year));
    }
}

/* ---------------------------------------------------------------- terms */

#define EVENT_ARGS(ctx, from, to)                                                                  \
    (ctx)->day, access_sees_all(ctx), (ctx)->actor->person_key, (ctx)->today, (from), (to),        \
        (ctx)->actor->half ? 0 : (ctx)->actor->account_key
/* Of groups whose people the reader sees; whoever goes on the day after has no term that ends. */
#define ENDING                                                                                     \
    "m.end_date >= ?5 AND m.end_date <= ?6 AND m.role NOT IN ('contact', 'observer') AND "         \
    ACCESS_PEOPLE_VISIBLE("g.access_mode", "g.key") " AND NOT EXISTS (SELECT 1 FROM membership o " \
    "WHERE o.person_key = m.person_key AND o.group_key = m.group_key "                             \
    "AND o.role NOT IN ('contact', 'observer') AND o.key <> m.key "                                \
    "AND o.start_date > m.start_date AND (o.end_date IS NULL OR o.end_date > m.end_date)) "

static const char *terms_words(struct ctx *ctx, long long n)
{
    return n == 1 ? ctx_text(ctx, N_("1 term ends"))
                  : ctx_textf(ctx, N_("{n} terms end"), "n", arena_int(ctx->arena, n), NULL);
}

static json_t *terms_of_group(struct ctx *ctx, const char *from, const char *to, long long key)
{
    return db_rows(ctx->tx,
                   "SELECT b.id AS \"id\", g.full_name AS \"name\", m.end_date AS \"day\", "
                   "count(*) AS \"n\" FROM membership m JOIN workgroup g ON g.key = m.group_key "
                   "JOIN body b ON b.key = g.key WHERE m.group_key = ?8 AND " ENDING
                   "GROUP BY b.id, g.full_name, m.end_date ORDER BY m.end_date",
                   EVENT_ARGS(ctx, from, to), key);
}

static void tell_group(struct ctx *ctx, json_t *events, const json_t *row)
{
    const char *id = json_text(row, "id"), *day = json_text(row, "day");
    json_t *event = event_on(ctx, events, "terms",
                             arena_printf(ctx->arena, "terms/%s/%s", id, day),
                             terms_words(ctx, json_int(row, "n", 0)), day,
                             arena_printf(ctx->arena, "/groups/%s/memberships", id));
    json_put(event, "groupId", id);
    json_put(event, "groupName", json_text(row, "name"));
}

/* How many end each day, in the order of days. */
static void tell_days(struct ctx *ctx, json_t *events, json_t *days)
{
    const char *day;
    json_t *n;
    json_object_foreach(days, day, n)
        event_on(ctx, events, "terms", arena_printf(ctx->arena, "terms/%s", day),
                 terms_words(ctx, json_integer_value(n)), day, "/levels");
    json_decref(days);
}

static void add_day(json_t *days, const json_t *row)
{
    const char *day = json_text(row, "day");
    json_put_int(days, day, json_int(days, day, 0) + json_int(row, "n", 0));
}

static void tell_national(struct ctx *ctx, const char *from, const char *to, json_t *events)
{
    json_t *days = json_object(), *row, *rows = db_rows(
        ctx->tx,
        "SELECT m.end_date AS \"day\", count(*) AS \"n\" FROM group_kind k "
        "CROSS JOIN workgroup g CROSS JOIN membership m WHERE k.level = 'national' "
        "AND g.kind_key = k.key AND m.group_key = g.key AND " ENDING
        "GROUP BY m.end_date ORDER BY m.end_date",
        EVENT_ARGS(ctx, from, to));
    size_t i;
    json_array_foreach(rows, i, row)
        add_day(days, row);
    json_decref(rows);
    tell_days(ctx, events, days);
}

static int by_key(const void *a, const void *b)
{
    long long x = *(const long long *)a, y = *(const long long *)b;
    return x < y ? -1 : x > y;
}

/* Of a level's or place's groups: one walk over the terms that end, not one for each group. */
static void tell_many(struct ctx *ctx, const char *from, const char *to, const long long *groups,
                      size_t n, json_t *events)
{
    long long *sorted = arena_alloc(ctx->arena, n * sizeof *sorted);
    json_t *days = json_object(), *row, *rows = db_rows(
        ctx->tx,
        "SELECT m.group_key AS \"key\", m.end_date AS \"day\", count(*) AS \"n\" "
        "FROM membership m JOIN workgroup g ON g.key = m.group_key WHERE " ENDING
        "GROUP BY m.end_date, m.group_key ORDER BY m.end_date",
        EVENT_ARGS(ctx, from, to));
    size_t i;
    memcpy(sorted, groups, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_key);
    json_array_foreach(rows, i, row) {
        long long key = json_int(row, "key", 0);
        if (bsearch(&key, sorted, n, sizeof key, by_key))
            add_day(days, row);
    }
    json_decref(rows);
    tell_days(ctx, events, days);
}

static void find_terms(struct ctx *ctx, const char *from, const char *to, const long long *groups,
                       size_t n, json_t *events)
{
    if (!n)
        tell_national(ctx, from, to, events);
    if (n > FEW)
        tell_many(ctx, from, to, groups, n, events);
    for (size_t i = 0; i < n && n <= FEW; i++) {
        json_t *row, *rows = terms_of_group(ctx, from, to, groups[i]);
        size_t j;
        json_array_foreach(rows, j, row)
            tell_group(ctx, events, row);
        json_decref(rows);
    }
}

const struct event_source steering_events[] = {
    {"reviews", N_("Yearly reviews"), find_reviews},
    {"terms", N_("Terms that end"), find_terms},
    {0},
};
