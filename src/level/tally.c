/* tally.c: how many groups and seats there are, by place and kind, and what the groups hold: what
 * the cards of the levels roll up.
 *
 * Owns one query per level, each walking an index by place and kind, so that its cost follows the
 * country's own places and not the size of the register. A group without a place counts for its
 * level alone. Counting fifty thousand seats takes tens of ms all the same, so what everyone may
 * see is kept in memo.c while the register stands; what only some may see is counted for each of
 * them. Must not know which page asks. */
#include <ctype.h>
#include <string.h>
#include <kansli/coverage.h>
#include "internal.h"

/* The exceptions are few and gathered once per statement, instead of being asked about for every
 * group. */
#define PAUSED(what)                                                                               \
    "w.key IN (SELECT z.group_key FROM group_pause z WHERE z.status = '" what "' AND " IN_FORCE(   \
        "z") ")"
#define HOSTED_DORMANT                                                                             \
    "w.key IN (SELECT h.group_key FROM hosting h WHERE h.status = 'dormant' AND " IN_FORCE(        \
        "h") " AND NOT EXISTS (SELECT 1 FROM hosting y WHERE y.group_key = h.group_key "           \
             "AND y.status = 'active' AND " IN_FORCE("y") "))"
#define STATUS                                                                                     \
    "CASE WHEN w.start_date > ?1 THEN 'planned' "                                                  \
    "WHEN w.end_date < ?1 OR " PAUSED("closed") " THEN 'closed' WHEN " PAUSED(                     \
        "dormant") " OR " HOSTED_DORMANT " THEN 'dormant' ELSE 'active' END"
#define TALLY(place, from)                                                                         \
    "SELECT w.key AS \"key\", " place " AS \"place\", k.key AS \"kind\", " STATUS                  \
    " AS \"status\", " GROUP_SEATS " AS \"members\", " GROUP_CHAIR_VACANT                          \
    " AS \"chairVacant?\" FROM " from
#define OPEN " AND w.access_mode <> 'restricted'"
#define PLACE                                                                                      \
    "COALESCE(CASE k.level WHEN 'healthcareRegion' THEN w.healthcare_region_key "                  \
    "WHEN 'local' THEN w.region_key END, 0)"

static json_t *national(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   TALLY("0", "group_kind k CROSS JOIN workgroup w WHERE k.level = 'national' "
                              "AND w.kind_key = k.key" OPEN),
                   ctx->day);
}

static json_t *healthcare_regions(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   TALLY("w.healthcare_region_key",
                         "organisation o CROSS JOIN group_kind k CROSS JOIN workgroup w "
                         "WHERE o.type = 'healthcareRegion' AND k.level = 'healthcareRegion' "
                         "AND w.healthcare_region_key = o.key AND w.kind_key = k.key" OPEN),
                   ctx->day);
}

static json_t *regions(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   TALLY("w.region_key",
                         "organisation o CROSS JOIN group_kind k CROSS JOIN workgroup w "
                         "WHERE o.type = 'region' AND k.level = 'local' "
                         "AND w.region_key = o.key AND w.kind_key = k.key" OPEN),
                   ctx->day);
}

/* Healthcare-regional and local groups that say no place. */
static json_t *placeless(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   TALLY("0", "group_kind k CROSS JOIN workgroup w WHERE "
                              "k.level = 'healthcareRegion' AND w.kind_key = k.key "
                              "AND w.healthcare_region_key IS NULL" OPEN),
                   ctx->day);
}

static json_t *placeless_local(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   TALLY("0", "group_kind k CROSS JOIN workgroup w WHERE k.level = 'local' "
                              "AND w.kind_key = k.key AND w.region_key IS NULL" OPEN),
                   ctx->day);
}

/* Those of the few restricted groups that this reader may know of. */
static json_t *restricted(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   TALLY(PLACE,
                         "workgroup w JOIN group_kind k ON k.key = w.kind_key "
                         "WHERE w.access_mode = 'restricted' AND " GROUP_VISIBLE),
                   LEVEL_ARGS(ctx));
}

static struct tally *find(struct tallies *tallies, long long place, long long kind)
{
    for (size_t i = tallies->n; i-- > 0;)
        if (tallies->item[i].place == place && tallies->item[i].kind == kind)
            return &tallies->item[i];
    tallies->item[tallies->n] = (struct tally){.place = place, .kind = kind};
    return &tallies->item[tallies->n++];
}

static void add_up(struct tally *sum, const struct tally *one)
{
    sum->active += one->active;
    sum->dormant += one->dormant;
    sum->planned += one->planned;
    sum->closed += one->closed;
    sum->members += one->members;
    sum->chair_vacant += one->chair_vacant;
    holding_add(&sum->held, &one->held);
}

static void add(struct tallies *tallies, const json_t *row, const json_t *held)
{
    struct tally *tally = find(tallies, json_int(row, "place", 0), json_int(row, "kind", 0));
    const char *status = json_text(row, "status");
    bool active = !strcmp(status, "active"), dormant = !strcmp(status, "dormant");
    tally->active += active;
    tally->dormant += dormant;
    tally->planned += !strcmp(status, "planned");
    tally->closed += !strcmp(status, "closed");
    if (!active && !dormant)
        return;
    tally->members += json_int(row, "members", 0);
    tally->chair_vacant += json_true_at(row, "chairVacant");
    if (!active)
        return;
    struct holding holding = holding_of(held, json_int(row, "key", 0));
    holding_add(&tally->held, &holding);
    longest_add(&tallies->longest, json_int(row, "key", 0), &holding);
}

struct kind *kinds_read(struct ctx *ctx, size_t *n)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT key AS \"key\", id AS \"id\", name AS \"name\", "
                           "name_english AS \"nameEnglish\", level AS \"level\", "
                           "category AS \"category\" FROM group_kind ORDER BY key");
    bool english = ctx->lang == LANG_EN;
    *n = json_array_size(rows);
    struct kind *kinds = arena_alloc(ctx->arena, (*n + 1) * sizeof *kinds);
    for (size_t i = 0; i < *n; i++) {
        const json_t *row = json_array_get(rows, i);
        const char *name = json_text(row, english ? "nameEnglish" : "name");
        struct kind *kind = &kinds[i];
        char *upper = arena_strdup(ctx->arena, json_text(row, "id"));
        *kind = (struct kind){.key = json_int(row, "key", 0),
                              .id = arena_strdup(ctx->arena, json_text(row, "id")),
                              .name = arena_strdup(ctx->arena, name),
                              .level = arena_strdup(ctx->arena, json_text(row, "level")),
                              .category = arena_strdup(ctx->arena, json_text(row, "category"))};
        kind->core = !strcmp(kind->category, "programmeArea") ||
                     !strcmp(kind->category, "collaboration") ||
                     !strcmp(kind->category, "workingGroup");
        for (char *c = upper; *c; c++)
            *c = (char)toupper((unsigned char)*c);
        kind->abbreviation = strlen(upper) <= 4 ? upper : NULL; /* "other" abbreviates nothing */
    }
    json_decref(rows);
    return kinds;
}

/* Rows of several statements as one list; the statements' rows are freed. */
static struct tallies collect(struct ctx *ctx, json_t **part, size_t parts, size_t room, bool held)
{
    struct tallies tallies = {.held = held};
    json_t *row;
    size_t j;
    for (size_t i = 0; i < parts; i++)
        room += json_array_size(part[i]);
    tallies.item = arena_alloc(ctx->arena, (room + 1) * sizeof *tallies.item);
    for (size_t i = 0; i < parts; i++) {
        json_t *coverage = held ? coverage_of_groups(ctx, part[i]) : NULL;
        json_array_foreach(part[i], j, row)
            add(&tallies, row, coverage);
        json_decref(coverage);
        json_decref(part[i]);
    }
    return tallies;
}

/* What everyone may see. */
static struct tallies open_ones(struct ctx *ctx, bool held)
{
    struct tallies tallies;
    const char *state = memo_state(ctx);
    if (state && held)
        state = arena_join(ctx->arena, state, " held", NULL);
    if (memo_get(ctx, state, &tallies))
        return tallies;
    json_t *part[] = {national(ctx), healthcare_regions(ctx), regions(ctx), placeless(ctx),
                      placeless_local(ctx)};
    tallies = collect(ctx, part, LEN(part), 0, held);
    if (!tx_code(ctx->tx))
        memo_put(ctx, state, &tallies);
    return tallies;
}

static void merge_longest(struct longest *longest, const struct waiting *one)
{
    struct holding held = {.vacant = one->vacant, .since = one->since};
    longest_add(longest, one->group_key, &held);
}

static struct tallies read_all(struct ctx *ctx, bool held)
{
    struct tallies tallies = open_ones(ctx, held);
    if (ctx->actor->person_key || access_sees_all(ctx)) {
        json_t *part[] = {restricted(ctx)};
        struct tallies more = collect(ctx, part, LEN(part), tallies.n, held);
        for (size_t i = 0; i < tallies.n; i++)
            add_up(find(&more, tallies.item[i].place, tallies.item[i].kind), &tallies.item[i]);
        for (size_t i = 0; i < tallies.longest.n; i++)
            merge_longest(&more.longest, &tallies.longest.item[i]);
        tallies = more;
    }
    tallies.kind = kinds_read(ctx, &tallies.kinds);
    if (tx_code(ctx->tx)) /* groups without their kinds: nobody is shown what a failed read gave */
        tallies = (struct tallies){0};
    tallies.held = held;
    return tallies;
}

struct tallies tallies_read(struct ctx *ctx)
{
    return read_all(ctx, false);
}

struct tallies tallies_held(struct ctx *ctx)
{
    return read_all(ctx, true);
}

static const struct kind *kind_of(const struct tallies *tallies, long long key)
{
    for (size_t i = 0; i < tallies->kinds; i++)
        if (tallies->kind[i].key == key)
            return &tallies->kind[i];
    BUG("a group of no kind");
}

struct tally tally_sum(const struct tallies *tallies, long long place, long long kind,
                       const char *level)
{
    struct tally sum = {.place = place, .kind = kind};
    for (size_t i = 0; i < tallies->n; i++) {
        const struct tally *one = &tallies->item[i];
        if ((place >= 0 && one->place != place) || (kind && one->kind != kind) ||
            (level && strcmp(kind_of(tallies, one->kind)->level, level)))
            continue;
        add_up(&sum, one);
    }
    return sum;
}

json_t *tally_kinds(const struct tallies *tallies, const char *level, long long place)
{
    json_t *items = json_array();
    for (size_t i = 0; i < tallies->kinds; i++) {
        const struct kind *kind = &tallies->kind[i];
        if (strcmp(kind->level, level))
            continue;
        struct tally sum = tally_sum(tallies, place, kind->key, NULL);
        json_t *item = json_push(items, json_object());
        json_put(item, "kind", kind->id);
        json_put(item, "kindLabel", kind->name);
        json_put(item, "abbreviation", kind->abbreviation);
        json_put(item, "category", kind->category);
        json_put_bool(item, "core", kind->core);
        json_put_int(item, "count", sum.active + sum.dormant);
    }
    return items;
}

json_t *tally_totals(const struct tally *tally)
{
    json_t *totals = json_object();
    json_put_int(totals, "groups", tally->active + tally->dormant);
    json_put_int(totals, "active", tally->active);
    json_put_int(totals, "planned", tally->planned);
    json_put_int(totals, "dormant", tally->dormant);
    json_put_int(totals, "closed", tally->closed);
    json_put_int(totals, "members", tally->members);
    json_put_int(totals, "chairVacant", tally->chair_vacant);
    json_put_int(totals, "vacancies", tally->held.vacant);
    return totals;
}

void tally_put(json_t *item, const struct tallies *tallies, const struct tally *tally)
{
    json_put_int(item, "groups", tally->active + tally->dormant);
    json_put_int(item, "members", tally->members);
    json_put_int(item, "chairVacant", tally->chair_vacant);
    if (!tallies->held)
        return;
    json_put_int(item, "vacancies", tally->held.vacant);
    json_put_new(item, "coverage", holding_coverage(&tally->held));
}
