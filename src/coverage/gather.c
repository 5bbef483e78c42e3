/* gather.c: rows and seats, read in two ordered scans and laid together group by group.
 *
 * Owns the queries of the engine. However many groups are asked for it is two statements, without
 * documents in between (db_scan), and no more than one group's seats are in memory: the rows come
 * first, then the seats walk along them. Groups without rows cost nothing more.
 * Must not know what any of it means (evaluate.c). */
#include <stdlib.h>
#include <string.h>
#include <kansli/utf8.h>
#include "internal.h"

enum { BATCH = 50 };

#define KEYS                                                                                       \
    "(?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, "  \
    "?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, "   \
    "?42, ?43, ?44, ?45, ?46, ?47, ?48, ?49, ?50, ?51, ?52, ?53, ?54)"

enum row_column {
    ROW_OF, ROW_ID, ROW_TYPE, ROW_TEXT, ROW_BODY, ROW_CAPACITY, ROW_COMPETENCE, ROW_ROLE,
    ROW_LEAST, ROW_WEIGHT, ROW_BODY_ID, ROW_BODY_NAME, ROW_START, ROW_END, ROW_HEALTHCARE_REGION,
    ROW_REGION
};
#define ROWS                                                                                       \
    "SELECT r.group_key, r.id, r.type, r.text, r.body_key, r.capacity, r.competence, r.role, "     \
    "r.min_count, r.weight, b.id, o.name, g.start_date, g.end_date, g.healthcare_region_key, "     \
    "g.region_key FROM requirement r JOIN workgroup g ON g.key = r.group_key "                     \
    "LEFT JOIN organisation o ON o.key = r.body_key LEFT JOIN body b ON b.key = o.key WHERE "
#define ROWS_END " AND " ROWS_VISIBLE("g") " ORDER BY r.group_key, r.position, r.key"

/* An organisation counts for a region when it is one or stands for its municipalities. In the order
 * of an index; those of one group are sorted here. */
enum seat_column {
    SEAT_OF, SEAT_KEY, SEAT_ID, SEAT_ROLE, SEAT_CAPACITY, SEAT_BEHALF, SEAT_TYPE, SEAT_PARENT,
    SEAT_AREA, SEAT_COMPETENCES, SEAT_START, SEAT_END
};
#define SEATS                                                                                      \
    "SELECT m.group_key, m.key, m.id, m.role, m.capacity, m.on_behalf_of_key, o.type, "            \
    "o.parent_key, a.healthcare_region_key, m.competences, m.start_date, m.end_date "              \
    "FROM membership m LEFT JOIN organisation o ON o.key = m.on_behalf_of_key "                    \
    "LEFT JOIN organisation_area a ON a.organisation_key = o.key AND a.is_primary = 1 WHERE "
#define SEATS_END " ORDER BY m.group_key"

/* Groups that stand and work on the day; nothing is missing in the others. */
#define AT_WORK                                                                                    \
    "r.group_key IS NOT NULL AND g.start_date <= ?1 AND (g.end_date IS NULL OR g.end_date >= ?1) " \
    "AND NOT EXISTS (SELECT 1 FROM group_pause z WHERE z.group_key = g.key "                       \
    "AND z.start_date <= ?1 AND (z.end_date IS NULL OR z.end_date >= ?1))"

/* What a scan has in its hands. */
struct walk {
    struct ctx *ctx;
    struct arena *lasting;      /* rows and places: as long as the walk, or longer */
    struct arena *passing;      /* seats of the profile at hand */
    struct place *place;
    struct row *row;            /* in the order of groups */
    struct profile *profile;    /* in the order of keys */
    size_t places, rows, profiles, next;
    size_t place_room, row_room, profile_room;
    size_t seat_room;           /* of the profile at hand */
    struct atlas *atlas;
    each_profile *each;
    void *arg;
};

/* The array, or a copy of it with room for two more than n: one to come, one who is tried. */
static void *with_room(struct arena *arena, void *array, size_t n, size_t size, size_t *room)
{
    if (n + 2 <= *room)
        return array;
    *room = *room * 2 + 16;
    void *more = arena_alloc(arena, *room * size);
    if (n)
        memcpy(more, array, n * size);
    return more;
}

/* ---------------------------------------------------------------- places */

enum place_column {
    PLACE_KEY, PLACE_ID, PLACE_NAME, PLACE_BRIEF, PLACE_REGION, PLACE_START, PLACE_END, PLACE_AREA
};

static bool take_place(const struct db_cells *from, void *arg)
{
    struct walk *walk = arg;
    struct arena *arena = walk->lasting;
    long long key = db_cell_int(from, PLACE_KEY, 0);
    walk->place = with_room(arena, walk->place, walk->places, sizeof *walk->place,
                            &walk->place_room);
    walk->place[walk->places++] = (struct place){
        .key = key,
        .healthcare_region = db_cell_int(from, PLACE_AREA, key),
        .is_region = db_cell_int(from, PLACE_REGION, 0),
        .id = arena_strdup(arena, db_cell_text(from, PLACE_ID)),
        .name = arena_strdup(arena, db_cell_text(from, PLACE_NAME)),
        .brief = arena_strdup(arena, db_cell_text(from, PLACE_BRIEF)),
        .start = arena_strdup(arena, db_cell_text(from, PLACE_START)),
        .end = arena_strdup(arena, db_cell_text(from, PLACE_END)),
    };
    return true;
}

static void read_atlas(struct walk *walk)
{
    db_scan(walk->ctx->tx, take_place, walk,
            "SELECT o.key, b.id, o.name, coalesce(o.short_name, o.name), o.type = 'region', "
            "o.start_date, o.end_date, a.healthcare_region_key "
            "FROM organisation o JOIN body b ON b.key = o.key LEFT JOIN organisation_area a "
            "ON a.organisation_key = o.key AND a.is_primary = 1 "
            "WHERE o.type IN ('healthcareRegion', 'region') ORDER BY o.type, o.key");
    walk->atlas = arena_alloc(walk->lasting, sizeof *walk->atlas);
    *walk->atlas = (struct atlas){walk->place, walk->places};
}

static const struct place *place_of(const struct atlas *atlas, long long key)
{
    for (size_t i = 0; key && i < atlas->places; i++)
        if (atlas->place[i].key == key)
            return &atlas->place[i];
    return NULL;
}

/* `type` is that of the organisation, `parent` and `area` what it belongs to. */
static void set_places(const struct atlas *atlas, struct seat *seat, const char *type,
                       long long parent, long long area)
{
    if (!type)
        return;
    if (!strcmp(type, "healthcareRegion")) {
        seat->healthcare_region = place_of(atlas, seat->behalf);
        return;
    }
    bool region = !strcmp(type, "region");
    if (!region && strcmp(type, "municipality") && strcmp(type, "countyNetwork"))
        return;
    seat->region = place_of(atlas, region ? seat->behalf : parent);
    if (!area && seat->region)
        area = seat->region->healthcare_region;
    seat->healthcare_region = place_of(atlas, area);
}

void seat_places(struct ctx *ctx, const struct atlas *atlas, struct seat *seat)
{
    json_t *row = db_row(ctx->tx,
                         "SELECT o.type AS \"type\", o.parent_key AS \"parent\", "
                         "a.healthcare_region_key AS \"area\" FROM organisation o "
                         "LEFT JOIN organisation_area a ON a.organisation_key = o.key "
                         "AND a.is_primary = 1 WHERE o.key = ?1",
                         seat->behalf);
    if (row)
        set_places(atlas, seat, json_text(row, "type"), json_int(row, "parent", 0),
                   json_int(row, "area", 0));
    json_decref(row);
}

/* ---------------------------------------------------------------- rows */

const char *const row_type_code[] = {"eachHealthcareRegion", "eachRegion", "body",
                                     "capacity",             "competence", "role"};

static enum row_type type_of(const char *code)
{
    for (size_t i = 0; i < LEN(row_type_code); i++)
        if (!strcmp(row_type_code[i], code))
            return (enum row_type)i;
    BUG("a requirement of type %s", code);
}

static struct row row_of(struct arena *arena, const struct db_cells *from)
{
    const char *competence = db_cell_text(from, ROW_COMPETENCE);
    return (struct row){
        .type = type_of(db_cell_text(from, ROW_TYPE)),
        .id = arena_strdup(arena, db_cell_text(from, ROW_ID)),
        .text = arena_strdup(arena, db_cell_text(from, ROW_TEXT)),
        .weight = arena_strdup(arena, db_cell_text(from, ROW_WEIGHT)),
        .capacity = arena_strdup(arena, db_cell_text(from, ROW_CAPACITY)),
        .competence = competence ? text_fold(arena, competence) : NULL,
        .competence_name = arena_strdup(arena, competence),
        .role = arena_strdup(arena, db_cell_text(from, ROW_ROLE)),
        .body = db_cell_int(from, ROW_BODY, 0),
        .body_id = arena_strdup(arena, db_cell_text(from, ROW_BODY_ID)),
        .body_name = arena_strdup(arena, db_cell_text(from, ROW_BODY_NAME)),
        .least = db_cell_int(from, ROW_LEAST, 1),
    };
}

static struct profile profile_of(struct arena *arena, const struct db_cells *from)
{
    return (struct profile){
        .key = db_cell_int(from, ROW_OF, 0),
        .healthcare_region = db_cell_int(from, ROW_HEALTHCARE_REGION, 0),
        .region = db_cell_int(from, ROW_REGION, 0),
        .start = arena_strdup(arena, db_cell_text(from, ROW_START)),
        .end = arena_strdup(arena, db_cell_text(from, ROW_END)),
    };
}

static bool take_row(const struct db_cells *from, void *arg)
{
    struct walk *walk = arg;
    struct arena *arena = walk->lasting;
    walk->row = with_room(arena, walk->row, walk->rows, sizeof *walk->row, &walk->row_room);
    walk->row[walk->rows++] = row_of(arena, from);
    walk->profile = with_room(arena, walk->profile, walk->profiles, sizeof *walk->profile,
                              &walk->profile_room);
    if (!walk->profiles ||
        walk->profile[walk->profiles - 1].key != db_cell_int(from, ROW_OF, 0))
        walk->profile[walk->profiles++] = profile_of(arena, from);
    walk->profile[walk->profiles - 1].rows++;
    return true;
}

/* Once the rows stay where they are. */
static void fit_profiles(struct walk *walk)
{
    const struct row *row = walk->row;
    for (size_t i = 0; i < walk->profiles; i++) {
        struct profile *profile = &walk->profile[i];
        profile->arena = walk->passing;
        profile->atlas = walk->atlas;
        profile->row = row;
        row += profile->rows;
    }
}

/* ---------------------------------------------------------------- seats */

static bool asks_competence(const struct profile *profile)
{
    for (size_t i = 0; i < profile->rows; i++)
        if (profile->row[i].competence)
            return true;
    return false;
}

static void take_competences(struct arena *arena, const char *text, struct seat *seat)
{
    json_t *list = text ? json_loads(text, 0, NULL) : NULL, *one;
    size_t i, n = json_array_size(list);
    const char **all = arena_alloc(arena, (n + 1) * sizeof *all);
    json_array_foreach(list, i, one)
        all[i] = text_fold(arena, json_string_value(one));
    json_decref(list);
    seat->competence = all;
    seat->competences = n;
}

static void take_seat(struct walk *walk, struct profile *profile, const struct db_cells *from)
{
    struct arena *arena = profile->arena;
    profile->seat = with_room(arena, profile->seat, profile->seats, sizeof *profile->seat,
                              &walk->seat_room);
    struct seat *seat = &profile->seat[profile->seats++];
    *seat = (struct seat){
        .key = db_cell_int(from, SEAT_KEY, 0),
        .id = arena_strdup(arena, db_cell_text(from, SEAT_ID)),
        .role = arena_strdup(arena, db_cell_text(from, SEAT_ROLE)),
        .capacity = arena_strdup(arena, db_cell_text(from, SEAT_CAPACITY)),
        .start = arena_strdup(arena, db_cell_text(from, SEAT_START)),
        .end = arena_strdup(arena, db_cell_text(from, SEAT_END)),
        .behalf = db_cell_int(from, SEAT_BEHALF, 0),
    };
    set_places(walk->atlas, seat, db_cell_text(from, SEAT_TYPE),
               db_cell_int(from, SEAT_PARENT, 0), db_cell_int(from, SEAT_AREA, 0));
    if (asks_competence(profile))
        take_competences(arena, db_cell_text(from, SEAT_COMPETENCES), seat);
}

static int by_key(const void *a, const void *b)
{
    long long x = ((const struct seat *)a)->key, y = ((const struct seat *)b)->key;
    return (x > y) - (x < y);
}

/* ---------------------------------------------------------------- the walk */

static void give(struct walk *walk)
{
    struct profile *profile = &walk->profile[walk->next++];
    profile->seat = with_room(profile->arena, profile->seat, profile->seats,
                              sizeof *profile->seat, &walk->seat_room);
    qsort(profile->seat, profile->seats, sizeof *profile->seat, by_key);
    walk->each(profile, walk->arg);
    if (walk->passing != walk->lasting)
        arena_clear(walk->passing);
    walk->seat_room = 0;
}

/* Seats of groups without rows lie between and are passed over. */
static bool walk_seat(const struct db_cells *from, void *arg)
{
    struct walk *walk = arg;
    long long of = db_cell_int(from, SEAT_OF, 0);
    while (walk->next < walk->profiles && walk->profile[walk->next].key < of)
        give(walk);
    if (walk->next < walk->profiles && walk->profile[walk->next].key == of)
        take_seat(walk, &walk->profile[walk->next], from);
    return walk->next < walk->profiles;
}

static void walk_seats(struct walk *walk, bool all, const struct db_arg *args, int n)
{
    struct tx *tx = walk->ctx->tx;
    if (!walk->atlas)
        read_atlas(walk);
    fit_profiles(walk);
    if (all)
        db_scan_(tx, walk_seat, walk, SEATS "m.group_key > 0" SEATS_END, args, n);
    else if (n == 5)
        db_scan_(tx, walk_seat, walk, SEATS "m.group_key = ?5" SEATS_END, args, n);
    else
        db_scan_(tx, walk_seat, walk, SEATS "m.group_key IN " KEYS SEATS_END, args, n);
    while (walk->next < walk->profiles)
        give(walk);
}

static void walk_batch(struct walk *walk, const struct scope *scope, size_t from)
{
    struct ctx *ctx = walk->ctx;
    struct db_arg args[4 + BATCH] = {db_arg_text(ctx->day), db_arg_int(access_sees_all(ctx)),
                                     db_arg_int(ctx->actor->person_key),
                                     db_arg_text(ctx->today)};
    size_t n = scope->keys - from < BATCH ? scope->keys - from : BATCH;
    int arguments = !scope->key ? 4 : n == 1 ? 5 : (int)LEN(args);
    for (size_t i = 0; scope->key && i < n; i++)
        args[4 + i] = db_arg_int(scope->key[from + i]);
    if (!scope->key)
        db_scan_(ctx->tx, take_row, walk, ROWS AT_WORK ROWS_END, args, arguments);
    else if (n == 1)
        db_scan_(ctx->tx, take_row, walk, ROWS "r.group_key = ?5" ROWS_END, args, arguments);
    else
        db_scan_(ctx->tx, take_row, walk, ROWS "r.group_key IN " KEYS ROWS_END, args, arguments);
    if (walk->profiles)
        walk_seats(walk, !scope->key, args, arguments);
}

/* ---------------------------------------------------------------- one group, for many parts */

/* A group's page asks for its figures, its rows and its table: one walk, kept in the request as
 * long as the same reader asks of the same group. Not while writing: the next answer is another. */
struct gathered {
    const struct tx *tx;
    const char *today;
    bool sees_all;
    long long person, key;
    struct profile profile; /* without rows: nothing is asked for */
};

static void keep_profile(struct profile *profile, void *arg)
{
    *(struct profile *)arg = *profile;
}

static bool is_gathered(const struct ctx *ctx, long long key)
{
    const struct gathered *last = ctx->gathered;
    return last && last->key == key && last->tx == ctx->tx && last->today == ctx->today &&
           last->sees_all == access_sees_all(ctx) && last->person == ctx->actor->person_key;
}

/* Who is given a profile may change its seats. */
static void gather_one(struct ctx *ctx, const struct scope *scope, each_profile *each, void *arg)
{
    if (!is_gathered(ctx, *scope->key)) {
        struct gathered *now = arena_alloc(ctx->arena, sizeof *now);
        struct walk walk = {.ctx = ctx, .lasting = ctx->arena, .passing = ctx->arena,
                            .each = keep_profile, .arg = &now->profile};
        *now = (struct gathered){ctx->tx, ctx->today, access_sees_all(ctx),
                                 ctx->actor->person_key, *scope->key, {0}};
        walk_batch(&walk, scope, 0);
        ctx->gathered = now;
    }
    struct profile profile = ctx->gathered->profile;
    if (!profile.rows)
        return;
    profile.seat = arena_alloc(ctx->arena, (profile.seats + 1) * sizeof *profile.seat);
    memcpy(profile.seat, ctx->gathered->profile.seat, profile.seats * sizeof *profile.seat);
    each(&profile, arg);
}

void gather(struct ctx *ctx, struct scope scope, each_profile *each, void *arg)
{
    struct walk walk = {.ctx = ctx, .each = each, .arg = arg};
    if (scope.key && scope.keys == 1 && !tx_writes(ctx->tx)) {
        gather_one(ctx, &scope, each, arg);
        return;
    }
    walk.lasting = arena_new(SIZE_MAX / 2);
    walk.passing = arena_new(SIZE_MAX / 2);
    if (!scope.key)
        walk_batch(&walk, &scope, 0);
    for (size_t from = 0; scope.key && from < scope.keys; from += BATCH) {
        walk.rows = walk.profiles = walk.next = 0;
        walk_batch(&walk, &scope, from);
    }
    arena_free(walk.passing);
    arena_free(walk.lasting);
}
