/* attendance_statistics.c: who came, in numbers, how often groups meet, and how old their minutes
 * become.
 *
 * A meeting counts from the day after it was held, unless it was cancelled; for attendance it
 * counts when somebody's was noted, and for those alone who were members on its day. A seat is
 * taken by its member or by a deputy, as for the quorum (people.c). Who came is for those who may
 * read the group's papers. Others are told of seats together, by the calendar year, where five
 * people or more stand behind: of fewer, and of days, a number would tell who stayed away. A
 * meeting of the officers alone is counted for those who may know of it. Patients and their
 * organisations are told of within one group only (domain.md 4): across groups neither who sits
 * where nor how often is found by them. Must not know pages. */
#include <string.h>
#include <kansli/kept.h>
#include <kansli/membership.h>
#include "internal.h"
#include "statistics.h"

enum { FEW = 5, DELIVER_WITHIN = 30, GROUPS_MOST = 5000 };

/* ---------------------------------------------------------------- what is counted */

#define COUNTED_ARGS(ctx, counted)                                                                 \
    (ctx)->day, access_sees_all(ctx), (ctx)->actor->person_key, (ctx)->today,                      \
        (counted)->group_key, (counted)->level,                                                    \
        (ctx)->actor->half ? 0 : (ctx)->actor->account_key, (counted)->from, (counted)->to,        \
        (counted)->organisation_key

/* The groups that are asked for, as far as the reader may see their people: by the kinds of a level
 * first, so that a group is found by an index either way. */
#define CHOSEN                                                                                     \
    "group_kind k CROSS JOIN workgroup w ON w.kind_key = k.key WHERE "                             \
    "(?5 = 0 OR w.key = ?5) AND (?6 = '' OR k.level = ?6) AND "                                    \
    ACCESS_PEOPLE_VISIBLE("w.access_mode", "w.key")
#define HELD(m)                                                                                    \
    m ".cancelled_at IS NULL AND " m ".ends_at < ?4 AND (" m ".visibility <> 'principals' OR "     \
    MEETING_VISIBLE(m) ")"
#define NOTED(m)                                                                                   \
    "EXISTS (SELECT 1 FROM attendance n WHERE n.meeting_key = " m ".key AND n.status IS NOT NULL)"
#define MEETINGS                                                                                   \
    "(SELECT w.key AS gk FROM " CHOSEN ") AS c CROSS JOIN meeting_group x CROSS JOIN meeting m "   \
    "WHERE x.group_key = c.gk AND x.starts_on >= ?8 AND x.starts_on <= ?9 "                        \
    "AND m.key = x.meeting_key AND " HELD("m")
/* A row for each meeting and each place at it. */
#define PLACES(roles)                                                                              \
    "(SELECT c.gk, m.key AS mk, x.starts_on AS day FROM " MEETINGS " AND " NOTED("m")              \
    ") AS m CROSS JOIN membership s WHERE s.group_key = m.gk AND s.role " roles                    \
    " AND s.start_date <= m.day AND (s.end_date IS NULL OR s.end_date >= m.day)"
#define SEATS PLACES("IN " MEMBERSHIP_SEATS)
#define CAME "t.meeting_key = m.mk AND t.status IN ('present', 'remote')"
#define SELF "EXISTS (SELECT 1 FROM attendance t WHERE " CAME " AND t.person_key = s.person_key)"
#define DEPUTY "EXISTS (SELECT 1 FROM attendance t WHERE " CAME " AND t.for_key = s.person_key)"
/* Across groups nobody who sits as a patient, or for patients. */
#define NOT_GATHERED(s)                                                                            \
    "(?5 > 0 OR (" s ".capacity NOT IN ('patient', 'nextOfKin') AND NOT EXISTS ("                  \
    "SELECT 1 FROM organisation q WHERE q.key = " s ".on_behalf_of_key "                           \
    "AND q.type = 'patientOrganisation')))"
#define SUMS                                                                                       \
    "count(*) AS \"expected\", sum(CASE WHEN " SELF " OR " DEPUTY                                  \
    " THEN 1 ELSE 0 END) AS \"attended\", count(DISTINCT s.person_key) AS \"people\""

const char *counted_group(struct ctx *ctx, const char *id, struct counted *counted)
{
    json_t *row = db_row(ctx->tx,
                         "SELECT w.key AS \"key\", w.full_name AS \"name\", CASE WHEN "
                         MEETING_GROUP_INSIDE("w") " THEN 1 ELSE 0 END AS \"inside\" FROM body b "
                         "JOIN workgroup w ON w.key = b.key WHERE b.id = ?5 AND "
                         ACCESS_PEOPLE_VISIBLE("w.access_mode", "w.key"),
                         MEETING_ARGS(ctx, id, 0));
    const char *name = row ? arena_strdup(ctx->arena, json_text(row, "name")) : NULL;
    counted->group_key = json_int(row, "key", 0);
    counted->inside = json_int(row, "inside", 0) != 0;
    json_decref(row);
    return name;
}

const char *counted_organisation(struct ctx *ctx, const char *id, struct counted *counted)
{
    counted->organisation_key = db_int(ctx->tx, 0,
                                       "SELECT o.key FROM organisation o JOIN body b "
                                       "ON b.key = o.key WHERE b.id = ?1",
                                       id);
    return db_text(ctx->tx, "SELECT name FROM organisation WHERE key = ?1",
                   counted->organisation_key);
}

bool counted_too_many(struct ctx *ctx, const struct counted *counted)
{
    return db_int(ctx->tx, 0,
                  "SELECT count(*) FROM (SELECT 1 FROM " CHOSEN " LIMIT ?11) AS t",
                  COUNTED_ARGS(ctx, counted), GROUPS_MOST + 1) > GROUPS_MOST;
}

static long long rounded(long long part, long long whole)
{
    return (200 * part + whole) / (2 * whole);
}

/* Counts as they may be told: null where there is nothing to count, or where too few stand
 * behind. */
static void put_counts(json_t *item, const json_t *sums, bool inside)
{
    long long expected = json_int(sums, "expected", 0), attended = json_int(sums, "attended", 0);
    bool few = !inside && expected && json_int(sums, "people", 0) < FEW;
    json_put_bool(item, "tooFew", few);
    json_put_new(item, "expected", few ? json_null() : json_integer(expected));
    json_put_new(item, "attended", few ? json_null() : json_integer(attended));
    json_put_new(item, "percent",
                 few || !expected ? json_null() : json_integer(rounded(attended, expected)));
}

/* ---------------------------------------------------------------- by group */

static const char *key_text(struct ctx *ctx, long long key)
{
    return arena_printf(ctx->arena, "%lld", key);
}

/* The groups, each by its key, in the order in which they are shown. */
static json_t *groups_of(struct ctx *ctx, const struct counted *counted)
{
    return db_rows(ctx->tx,
                   "SELECT w.key AS \"key\", "
                   "(SELECT b.id FROM body b WHERE b.key = w.key) AS \"groupId\", "
                   "w.full_name AS \"groupName\", k.level AS \"level\", CASE WHEN "
                   MEETING_GROUP_INSIDE("w") " THEN 1 ELSE 0 END AS \"inside\" FROM " CHOSEN
                   " AND w.start_date <= ?9 AND (w.end_date IS NULL OR w.end_date >= ?8) "
                   "AND (?10 = 0 OR EXISTS (SELECT 1 FROM membership o WHERE o.group_key = w.key "
                   "AND o.on_behalf_of_key = ?10 AND " NOT_GATHERED("o") " AND o.start_date <= ?9 "
                   "AND (o.end_date IS NULL OR o.end_date >= ?8))) "
                   "ORDER BY w.full_name, w.key",
                   COUNTED_ARGS(ctx, counted));
}

/* How the meetings of a group lie, and how long their minutes took. */
struct course {
    long long meetings, noted, adjusted, adjusted_days, sent, sent_days, without;
    char first[DAY_SIZE], last[DAY_SIZE];
};

static void add_minutes(struct course *course, const char *day, const char *adjusted,
                        const char *sent, const char *today)
{
    char at[DAY_SIZE];
    if (adjusted) {
        day_of_instant(adjusted, at);
        course->adjusted++;
        course->adjusted_days += day_diff(day, at);
    }
    if (sent) {
        day_of_instant(sent, at);
        course->sent++;
        course->sent_days += day_diff(day, at);
    }
    course->without += !sent && day_diff(day, today) > DELIVER_WITHIN;
}

static void put_average(json_t *item, const char *name, long long days, long long n)
{
    json_put_new(item, name, n ? json_integer((2 * days + n) / (2 * n)) : json_null());
}

static void put_course(json_t *item, const struct course *course, bool inside)
{
    json_put_int(item, "meetings", course->meetings);
    json_put_int(item, "noted", course->noted);
    put_average(item, "daysBetween",
                course->meetings > 1 ? day_diff(course->first, course->last) : 0,
                course->meetings > 1 ? course->meetings - 1 : 0);
    json_put(item, "lastOn", inside && course->meetings ? course->last : NULL);
    put_average(item, "adjustedAfter", course->adjusted_days, inside ? course->adjusted : 0);
    put_average(item, "sentAfter", course->sent_days, inside ? course->sent : 0);
    json_put_new(item, "withoutMinutes", inside ? json_integer(course->without) : json_null());
}

/* The courses as they come, meeting by meeting, group after group. */
struct walk {
    struct ctx *ctx;
    json_t *by_key; /* items */
    long long key;
    struct course course;
};

static void end_group(struct walk *walk)
{
    json_t *item = json_object_get(walk->by_key, key_text(walk->ctx, walk->key));
    if (item)
        put_course(item, &walk->course, json_int(item, "inside", 0));
    memset(&walk->course, 0, sizeof walk->course);
}

static bool take_meeting(const struct db_cells *row, void *arg)
{
    struct walk *walk = arg;
    const char *day = db_cell_text(row, 1);
    if (db_cell_int(row, 0, 0) != walk->key) {
        end_group(walk);
        walk->key = db_cell_int(row, 0, 0);
    }
    struct course *course = &walk->course;
    if (!course->meetings++)
        memcpy(course->first, day, DAY_SIZE);
    memcpy(course->last, day, DAY_SIZE);
    course->noted += db_cell_int(row, 2, 0);
    add_minutes(course, day, db_cell_text(row, 3), db_cell_text(row, 4), walk->ctx->today);
    return true;
}

static void put_courses(struct ctx *ctx, const struct counted *counted, json_t *by_key)
{
    struct walk walk = {.ctx = ctx, .by_key = by_key};
    db_scan(ctx->tx, take_meeting, &walk,
            "SELECT c.gk, x.starts_on, CASE WHEN " NOTED("m") " THEN 1 ELSE 0 END, "
            "(SELECT min(v.adjusted_at) FROM minutes v WHERE v.meeting_key = m.key), "
            "(SELECT min(v.distributed_at) FROM minutes v WHERE v.meeting_key = m.key) FROM "
            MEETINGS " ORDER BY c.gk, x.starts_on",
            COUNTED_ARGS(ctx, counted));
    end_group(&walk);
}

static void put_sums(struct ctx *ctx, const struct counted *counted, json_t *by_key)
{
    json_t *row, *item, *rows = db_rows(ctx->tx,
                                        "SELECT m.gk AS \"key\", " SUMS " FROM " SEATS
                                        " GROUP BY m.gk",
                                        COUNTED_ARGS(ctx, counted));
    size_t i;
    json_array_foreach(rows, i, row) {
        item = json_object_get(by_key, key_text(ctx, json_int(row, "key", 0)));
        if (item)
            put_counts(item, row, json_int(item, "inside", 0));
    }
    json_decref(rows);
}

static json_t *make_groups(struct ctx *ctx, const struct counted *counted)
{
    static const struct course none;
    json_t *items = groups_of(ctx, counted), *by_key = json_object(), *item;
    size_t i;
    json_array_foreach(items, i, item) {
        bool inside = json_int(item, "inside", 0) != 0;
        put_course(item, &none, inside);
        put_counts(item, NULL, inside);
        json_object_set(by_key, key_text(ctx, json_int(item, "key", 0)), item);
    }
    put_courses(ctx, counted, by_key);
    put_sums(ctx, counted, by_key);
    json_array_foreach(items, i, item) {
        json_object_del(item, "key");
        json_object_del(item, "inside");
    }
    json_decref(by_key);
    return items;
}

/* ---------------------------------------------------------------- by organisation */

static json_t *make_organisations(struct ctx *ctx, const struct counted *counted)
{
    json_t *item, *items = db_rows(
        ctx->tx,
        "SELECT b.id AS \"organisationId\", o.name AS \"organisationName\", "
        "z.\"expected\", z.\"attended\", z.\"people\" FROM (SELECT s.on_behalf_of_key AS behalf, "
        SUMS " FROM " SEATS " AND " NOT_GATHERED("s") " GROUP BY s.on_behalf_of_key) AS z "
        "JOIN organisation o ON o.key = z.behalf JOIN body b ON b.key = o.key "
        "WHERE (?10 = 0 OR o.key = ?10 "
        "OR o.parent_key = ?10 OR EXISTS (SELECT 1 FROM organisation_area a "
        "WHERE a.organisation_key = o.key AND a.healthcare_region_key = ?10)) "
        "ORDER BY coalesce(o.code, ''), o.name, o.key",
        COUNTED_ARGS(ctx, counted));
    size_t i;
    json_array_foreach(items, i, item) {
        bool few = !counted->inside && json_int(item, "people", 0) < FEW;
        put_counts(item, item, counted->inside);
        if (few)
            json_put_new(item, "people", json_null());
    }
    return items;
}

/* ---------------------------------------------------------------- by member */

static json_t *make_members(struct ctx *ctx, const struct counted *counted)
{
    json_t *item, *items = db_rows(
        ctx->tx,
        "SELECT n.id AS \"membershipId\", p.id AS \"personId\", p.name AS \"personName\", "
        "n.role AS \"role\", b.id AS \"onBehalfOfId\", "
        "coalesce(o.name, g.full_name) AS \"onBehalfOfName\", z.expected AS \"expected\", "
        "z.itself + z.deputy AS \"attended\", z.deputy AS \"byDeputy\" FROM ("
        "SELECT s.key AS sk, count(*) AS expected, "
        "sum(CASE WHEN " SELF " THEN 1 ELSE 0 END) AS itself, "
        "sum(CASE WHEN NOT " SELF " AND " DEPUTY " THEN 1 ELSE 0 END) AS deputy FROM "
        PLACES("NOT IN ('contact', 'observer')") " AND (?10 = 0 OR s.on_behalf_of_key = ?10) "
        "GROUP BY s.key) AS z JOIN membership n ON n.key = z.sk "
        "LEFT JOIN person p ON p.key = n.person_key AND " ACCESS_NAME_SHOWN("p", "n")
        " LEFT JOIN organisation o ON o.key = n.on_behalf_of_key "
        "LEFT JOIN workgroup g ON g.key = n.on_behalf_of_key AND "
        ACCESS_GROUP_VISIBLE("g.access_mode", "g.key")
        " LEFT JOIN body b ON b.key = coalesce(o.key, g.key) "
        "ORDER BY CASE n.role WHEN 'chair' THEN 1 WHEN 'viceChair' THEN 2 WHEN 'member' THEN 3 "
        "ELSE 4 END, p.name, n.start_date, n.key",
        COUNTED_ARGS(ctx, counted));
    size_t i;
    json_array_foreach(items, i, item) {
        json_put(item, "roleLabel", value_label(ctx, membership_roles, json_text(item, "role")));
        put_counts(item, item, true);
    }
    return items;
}

/* ---------------------------------------------------------------- kept */

/* For all who may see the same: nobody in particular, those who see everything; else for the
 * account. */
static const char *key_of(struct ctx *ctx, const struct counted *counted, const char *by)
{
    const char *name = arena_printf(ctx->arena, "attendance %s %d %d %s %s %s %lld %lld", by,
                                    ctx->lang, counted->inside, counted->from, counted->to,
                                    counted->level, counted->group_key, counted->organisation_key);
    bool own = ctx->actor->account_key && !access_sees_all(ctx);
    return own || ctx->actor->person_key ? kept_key_own(ctx, name) : kept_key(ctx, name);
}

static json_t *kept_or_made(struct ctx *ctx, const struct counted *counted, const char *by,
                            json_t *(*make)(struct ctx *ctx, const struct counted *counted))
{
    static struct kept_slot slots[12];
    static struct kept kept = {slots, LEN(slots), 0};
    const char *key = key_of(ctx, counted, by);
    json_t *items = kept_get(&kept, key);
    if (items)
        return items;
    items = make(ctx, counted);
    if (!tx_code(ctx->tx))
        kept_put(&kept, key, items);
    return items;
}

json_t *attendance_by_group(struct ctx *ctx, const struct counted *counted)
{
    return kept_or_made(ctx, counted, "group", make_groups);
}

json_t *attendance_by_organisation(struct ctx *ctx, const struct counted *counted)
{
    return kept_or_made(ctx, counted, "organisation", make_organisations);
}

json_t *attendance_by_member(struct ctx *ctx, const struct counted *counted)
{
    return kept_or_made(ctx, counted, "member", make_members);
}

/* ---------------------------------------------------------------- a row of a group's members */

/* Of the twelve months up to yesterday, for those who may read the group's papers. */
static json_t *of_seat(struct ctx *ctx, long long group_key, const json_t *membership)
{
    char from[DAY_SIZE];
    bool sees = may(ctx, ACT_SEE_DRAFTS, group_key);
    ctx->as_support = false; /* asked, not done */
    if (!sees)
        return NULL;
    day_add_months(ctx->today, -12, from);
    const struct counted counted = {
        .from = from, .to = ctx->today, .level = "", .group_key = group_key, .inside = true};
    json_t *items = attendance_by_member(ctx, &counted), *item, *part = NULL;
    size_t i;
    json_array_foreach (items, i, item)
        if (!strcmp(json_text(item, "membershipId"), json_text(membership, "id")))
            part = json_pack("{s:O, s:O}", "expected", json_object_get(item, "expected"),
                             "attended", json_object_get(item, "attended"));
    json_decref(items);
    return part;
}

const struct part attendance_parts[] = {
    {.of = "group-member", .name = "attendance", .make = of_seat},
    {0},
};
