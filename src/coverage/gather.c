/* gather.c: rows and seats, read in two ordered scans and laid together group by group.
 *
 * Owns the queries of the engine. However many groups are asked for it is two statements, and no
 * more than one group's seats are in memory: the rows come first, then the seats walk along them.
 * Must not know what any of it means (evaluate.c). */
#include <string.h>
#include <kansli/utf8.h>
#include "internal.h"

enum { BATCH = 50 };

#define KEYS                                                                                       \
    "(?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, "  \
    "?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, "   \
    "?42, ?43, ?44, ?45, ?46, ?47, ?48, ?49, ?50, ?51, ?52, ?53, ?54)"

#define ROWS                                                                                       \
    "SELECT r.group_key AS \"of\", r.id AS \"id\", r.type AS \"type\", r.text AS \"text\", "       \
    "r.body_key AS \"body\", r.capacity AS \"capacity\", r.competence AS \"competence\", "         \
    "r.role AS \"role\", r.min_count AS \"least\", r.weight AS \"weight\", b.id AS \"bodyId\", "   \
    "o.name AS \"bodyName\", g.start_date AS \"start\", g.end_date AS \"end\", "                   \
    "g.healthcare_region_key AS \"healthcareRegion\", g.region_key AS \"region\" "                 \
    "FROM requirement r JOIN workgroup g ON g.key = r.group_key "                                  \
    "LEFT JOIN organisation o ON o.key = r.body_key LEFT JOIN body b ON b.key = o.key WHERE "
#define ROWS_END " AND " ROWS_VISIBLE("g") " ORDER BY r.group_key, r.position, r.key"

/* An organisation counts for a region when it is one or stands for its municipalities. */
#define SEATS                                                                                      \
    "SELECT m.group_key AS \"of\", m.key AS \"key\", m.id AS \"id\", m.role AS \"role\", "         \
    "m.capacity AS \"capacity\", m.on_behalf_of_key AS \"behalf\", o.type AS \"type\", "           \
    "o.parent_key AS \"parent\", a.healthcare_region_key AS \"area\", "                            \
    "m.competences AS \"competences\", m.start_date AS \"start\", m.end_date AS \"end\" "          \
    "FROM membership m LEFT JOIN organisation o ON o.key = m.on_behalf_of_key "                    \
    "LEFT JOIN organisation_area a ON a.organisation_key = o.key AND a.is_primary = 1 WHERE "
#define SEATS_END " ORDER BY m.group_key, m.key"

/* Groups that stand and work on the day; nothing is missing in the others. */
#define AT_WORK                                                                                    \
    "r.group_key IS NOT NULL AND g.start_date <= ?1 AND (g.end_date IS NULL OR g.end_date >= ?1) " \
    "AND NOT EXISTS (SELECT 1 FROM group_pause z WHERE z.group_key = g.key "                       \
    "AND z.start_date <= ?1 AND (z.end_date IS NULL OR z.end_date >= ?1))"

/* What a scan has in its hands. */
struct walk {
    struct ctx *ctx;
    struct arena *lasting;      /* rows and places: as long as the walk */
    struct profile *profile;    /* in the order of keys */
    size_t profiles, next;
    struct atlas atlas;
    size_t room;                /* for seats of the profile at hand */
    each_profile *each;
    void *arg;
};

/* ---------------------------------------------------------------- places */

static void read_atlas(struct walk *walk)
{
    json_t *row, *rows = db_rows(
        walk->ctx->tx,
        "SELECT o.key AS \"key\", b.id AS \"id\", o.name AS \"name\", o.type AS \"type\", "
        "coalesce(o.short_name, o.name) AS \"brief\", o.start_date AS \"start\", "
        "o.end_date AS \"end\", a.healthcare_region_key AS \"area\" "
        "FROM organisation o JOIN body b ON b.key = o.key LEFT JOIN organisation_area a "
        "ON a.organisation_key = o.key AND a.is_primary = 1 "
        "WHERE o.type IN ('healthcareRegion', 'region') ORDER BY o.type, o.key");
    size_t i, n = json_array_size(rows);
    struct place *all = arena_alloc(walk->lasting, (n + 1) * sizeof *all);
    json_array_foreach(rows, i, row) {
        long long key = json_int(row, "key", 0);
        all[i] = (struct place){
            .key = key,
            .healthcare_region = json_int(row, "area", key),
            .is_region = !strcmp(json_text(row, "type"), "region"),
            .id = arena_strdup(walk->lasting, json_text(row, "id")),
            .name = arena_strdup(walk->lasting, json_text(row, "name")),
            .brief = arena_strdup(walk->lasting, json_text(row, "brief")),
            .start = arena_strdup(walk->lasting, json_text(row, "start")),
            .end = arena_strdup(walk->lasting, json_text(row, "end")),
        };
    }
    json_decref(rows);
    walk->atlas = (struct atlas){all, n};
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

static void take_row(struct arena *arena, const json_t *from, struct row *row)
{
    const char *competence = json_text(from, "competence");
    *row = (struct row){
        .type = type_of(json_text(from, "type")),
        .id = arena_strdup(arena, json_text(from, "id")),
        .text = arena_strdup(arena, json_text(from, "text")),
        .weight = arena_strdup(arena, json_text(from, "weight")),
        .capacity = arena_strdup(arena, json_text(from, "capacity")),
        .competence = competence ? text_fold(arena, competence) : NULL,
        .competence_name = arena_strdup(arena, competence),
        .role = arena_strdup(arena, json_text(from, "role")),
        .body = json_int(from, "body", 0),
        .body_id = arena_strdup(arena, json_text(from, "bodyId")),
        .body_name = arena_strdup(arena, json_text(from, "bodyName")),
        .least = json_int(from, "least", 1),
    };
}

static void take_rows(struct walk *walk, const json_t *rows)
{
    size_t n = json_array_size(rows), i;
    struct row *row = arena_alloc(walk->lasting, (n + 1) * sizeof *row);
    walk->profile = arena_alloc(walk->lasting, (n + 1) * sizeof *walk->profile);
    json_t *from;
    json_array_foreach((json_t *)rows, i, from) {
        long long of = json_int(from, "of", 0);
        struct profile *last = walk->profiles ? &walk->profile[walk->profiles - 1] : NULL;
        take_row(walk->lasting, from, &row[i]);
        if (!last || last->key != of) {
            last = &walk->profile[walk->profiles++];
            *last = (struct profile){
                .key = of,
                .healthcare_region = json_int(from, "healthcareRegion", 0),
                .region = json_int(from, "region", 0),
                .start = arena_strdup(walk->lasting, json_text(from, "start")),
                .end = arena_strdup(walk->lasting, json_text(from, "end")),
                .row = &row[i],
            };
        }
        last->rows++;
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

static struct seat *room_for_seat(struct walk *walk, struct profile *profile)
{
    if (profile->seats + 1 >= walk->room) { /* one is left for somebody who is tried */
        size_t room = profile->seats * 2 + 16;
        struct seat *more = arena_alloc(profile->arena, room * sizeof *more);
        if (profile->seats)
            memcpy(more, profile->seat, profile->seats * sizeof *more);
        profile->seat = more;
        walk->room = room;
    }
    return &profile->seat[profile->seats++];
}

static void take_seat(struct walk *walk, struct profile *profile, const json_t *from)
{
    struct arena *arena = profile->arena;
    struct seat *seat = room_for_seat(walk, profile);
    *seat = (struct seat){
        .key = json_int(from, "key", 0),
        .id = arena_strdup(arena, json_text(from, "id")),
        .role = arena_strdup(arena, json_text(from, "role")),
        .capacity = arena_strdup(arena, json_text(from, "capacity")),
        .start = arena_strdup(arena, json_text(from, "start")),
        .end = arena_strdup(arena, json_text(from, "end")),
        .behalf = json_int(from, "behalf", 0),
    };
    set_places(&walk->atlas, seat, json_text(from, "type"), json_int(from, "parent", 0),
               json_int(from, "area", 0));
    if (asks_competence(profile))
        take_competences(arena, json_text(from, "competences"), seat);
}

/* ---------------------------------------------------------------- the walk */

static void give(struct walk *walk)
{
    struct profile *profile = &walk->profile[walk->next++];
    if (!profile->seat)
        profile->seat = arena_alloc(profile->arena, sizeof *profile->seat);
    walk->each(profile, walk->arg);
    arena_clear(profile->arena);
    walk->room = 0;
}

/* Seats of groups without rows lie between and are passed over. */
static bool walk_seat(json_t *from, void *arg)
{
    struct walk *walk = arg;
    long long of = json_int(from, "of", 0);
    while (walk->next < walk->profiles && walk->profile[walk->next].key < of)
        give(walk);
    if (walk->next < walk->profiles && walk->profile[walk->next].key == of)
        take_seat(walk, &walk->profile[walk->next], from);
    return walk->next < walk->profiles;
}

static void walk_batch(struct walk *walk, const struct scope *scope, size_t from)
{
    struct ctx *ctx = walk->ctx;
    struct db_arg args[4 + BATCH] = {db_arg_text(ctx->day), db_arg_int(access_sees_all(ctx)),
                                     db_arg_int(ctx->actor->person_key),
                                     db_arg_text(ctx->today)};
    size_t n = scope->keys - from < BATCH ? scope->keys - from : BATCH;
    for (size_t i = 0; i < BATCH; i++)
        args[4 + i] =
            i < n ? db_arg_int(scope->key[from + i]) : (struct db_arg){.type = DB_NULL};
    json_t *rows =
        !scope->key ? db_rows_(ctx->tx, ROWS AT_WORK ROWS_END, args, 4)
        : n == 1    ? db_rows_(ctx->tx, ROWS "r.group_key = ?5" ROWS_END, args, 5)
                    : db_rows_(ctx->tx, ROWS "r.group_key IN " KEYS ROWS_END, args, LEN(args));
    take_rows(walk, rows);
    json_decref(rows);
    struct arena *arena = walk->profiles ? arena_new(SIZE_MAX / 2) : NULL;
    for (size_t i = 0; i < walk->profiles; i++) {
        walk->profile[i].arena = arena;
        walk->profile[i].atlas = &walk->atlas;
    }
    if (!walk->profiles)
        return;
    if (!scope->key)
        db_each_(ctx->tx, walk_seat, walk, SEATS "m.group_key > 0" SEATS_END, args, 4);
    else if (n == 1)
        db_each_(ctx->tx, walk_seat, walk, SEATS "m.group_key = ?5" SEATS_END, args, 5);
    else
        db_each_(ctx->tx, walk_seat, walk, SEATS "m.group_key IN " KEYS SEATS_END, args,
                 LEN(args));
    while (walk->next < walk->profiles)
        give(walk);
    arena_free(arena);
}

void gather(struct ctx *ctx, struct scope scope, each_profile *each, void *arg)
{
    struct walk walk = {.ctx = ctx, .each = each, .arg = arg};
    walk.lasting = arena_new(SIZE_MAX / 2);
    read_atlas(&walk);
    if (!scope.key)
        walk_batch(&walk, &scope, 0);
    for (size_t from = 0; scope.key && from < scope.keys; from += BATCH) {
        walk.profiles = walk.next = 0;
        walk_batch(&walk, &scope, from);
    }
    arena_free(walk.lasting);
}
