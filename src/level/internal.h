/* internal.h: what the files of this room share: places, counts by place and kind, the areas and
 * who mirrors them. */
#ifndef KANSLI_LEVEL_INTERNAL_H
#define KANSLI_LEVEL_INTERNAL_H

#include <kansli/access.h>
#include <kansli/json.h>
#include <kansli/resource.h>

/* The first four parameters of statements here, as of a resource's select (resource.h). */
#define LEVEL_ARGS(ctx) (ctx)->day, access_sees_all(ctx), (ctx)->actor->person_key, (ctx)->today
#define GROUP_VISIBLE ACCESS_GROUP_VISIBLE("w.access_mode", "w.key")
/* True when a row with first and last day is in force on ?1; a day that is absent is open. */
#define IN_FORCE(row)                                                                              \
    "(" row ".start_date IS NULL OR " row ".start_date <= ?1) AND "                                \
    "(" row ".end_date IS NULL OR " row ".end_date >= ?1)"
/* A group that stands on ?1: neither planned nor closed; dormant or not. */
#define GROUP_STANDS                                                                               \
    "w.start_date <= ?1 AND (w.end_date IS NULL OR w.end_date >= ?1) AND NOT EXISTS ("             \
    "SELECT 1 FROM group_pause z WHERE z.group_key = w.key AND z.status = 'closed' AND " IN_FORCE( \
        "z") ")"
/* Seats (api.md 2): chair, vice chair and members, of the group `w`. */
#define GROUP_SEATS                                                                                \
    "(SELECT count(*) FROM membership m WHERE m.group_key = w.key "                                \
    "AND m.role IN ('chair', 'viceChair', 'member') AND " IN_FORCE("m") ")"
/* It has had members, and has no chair. */
#define GROUP_CHAIR_VACANT                                                                         \
    "(EXISTS (SELECT 1 FROM membership m WHERE m.group_key = w.key AND m.start_date <= ?1) "       \
    "AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.group_key = w.key "                        \
    "AND m.role = 'chair' AND " IN_FORCE("m") "))"
/* Ties of a group are shown as of ?1, but never before its first day nor after its last. */
#define GROUP_DAY                                                                                  \
    "CASE WHEN w.start_date > ?1 THEN w.start_date WHEN w.end_date < ?1 THEN w.end_date "          \
    "ELSE ?1 END"
/* The hosting of `w` on its day: the active one, else the dormant (api.md 2). */
#define GROUP_HOSTING                                                                              \
    "(SELECT x.key FROM hosting x WHERE x.group_key = w.key "                                      \
    "AND (x.start_date IS NULL OR x.start_date <= " GROUP_DAY ") "                                 \
    "AND (x.end_date IS NULL OR x.end_date >= " GROUP_DAY ") ORDER BY x.status, x.key LIMIT 1)"

/* ---- place.c: where groups of a level are ---- */

/* A healthcare region or a region. */
struct place {
    long long key, parent;       /* parent: the primary healthcare region of a region */
    const char *id, *name, *brief, *sign;
    const char *level;           /* "healthcareRegion" or "local" */
};
struct places {
    size_t n;
    struct place *item;          /* the healthcare regions first, then the regions by name */
    size_t healthcare_regions;   /* how many of them come first */
};

/* Those in force on the day asked for. */
struct places places_read(struct ctx *ctx);
/* The place with that row, or NULL. */
const struct place *place_of(const struct places *places, long long key);

/* ---- holding.c: what groups hold of what they should ---- */

/* Rows of requirements; vacant: the required ones that are partial or missing, the oldest of them
 * since that day. */
struct holding {
    long long covered, partial, missing, vacant;
    const char *since;           /* borrowed, or NULL; of one group only */
};
/* The groups that have had a vacancy longest, the oldest first. */
struct waiting {
    long long group_key, vacant;
    char since[DAY_SIZE];
};
struct longest {
    size_t n;
    struct waiting item[10];
};

/* What one group holds, from coverage_of_groups. */
struct holding holding_of(const json_t *held, long long group_key);
void holding_add(struct holding *sum, const struct holding *one);
/* {covered, partial, missing}. */
json_t *holding_coverage(const struct holding *held);
void longest_add(struct longest *longest, long long group_key, const struct holding *held);
/* [{groupId, groupName, vacancies, vacantSince}]. */
json_t *longest_document(struct ctx *ctx, const struct longest *longest);

/* ---- tally.c: how many groups and seats, by place and kind ---- */

struct kind {
    long long key;
    const char *id, *name, *level, *category;
    const char *abbreviation;    /* NULL when it has none */
    bool core;                   /* of the level's three: area, collaboration, working group */
};
struct tally {
    long long place, kind;       /* place 0: national, or nowhere in particular */
    long long active, dormant, planned, closed;
    long long members, chair_vacant;   /* of those that stand */
    struct holding held;
};
struct tallies {
    size_t kinds, n;
    struct kind *kind;           /* all kinds, in their own order */
    struct tally *item;
    bool held;                   /* what the groups hold was counted, too */
    struct longest longest;
};

/* The last link of the register's history, which names its state; NULL when it has none yet. Any
 * change that counts here leaves a row there (resource.h), in the same transaction. */
const char *memo_state(struct ctx *ctx);
/* What was counted for this state and day, copied into the request; false when nothing was. `kind`
 * is not kept. */
bool memo_get(struct ctx *ctx, const char *state, struct tallies *out);
void memo_put(struct ctx *ctx, const char *state, const struct tallies *tallies);

/* What the reader may see, on the day asked for; groups that stand count their seats. */
struct tallies tallies_read(struct ctx *ctx);
/* The same with what the groups at work hold, which costs ten times as much to count. */
struct tallies tallies_held(struct ctx *ctx);
/* The sum over a place (-1: all), a kind (0: all) and a level (NULL: all). */
struct tally tally_sum(const struct tallies *tallies, long long place, long long kind,
                       const char *level);
/* Every kind, in its own order, named in the reader's language. */
struct kind *kinds_read(struct ctx *ctx, size_t *n);
/* The kinds of a level as [{kind, kindLabel, abbreviation, category, core, count}], `count` groups
 * that stand in the place. */
json_t *tally_kinds(const struct tallies *tallies, const char *level, long long place);
/* {groups, active, planned, dormant, closed, members, chairVacant, vacancies}; `groups` are those
 * that stand. */
json_t *tally_totals(const struct tally *tally);
/* Sets groups, members and chairVacant on a card or a place; vacancies and coverage when they were
 * counted. */
void tally_put(json_t *item, const struct tallies *tallies, const struct tally *tally);

/* ---- matrix.c: programme areas and who mirrors them ---- */

/* The better is greater. */
enum area_state { AREA_MISSING, AREA_JOINT, AREA_CHAIR_VACANT, AREA_EXISTS };
struct area_cell {
    enum area_state state;
    bool dormant;
    const char *group_id, *group_name; /* NULL when missing */
};
struct areas {
    size_t rows, columns;        /* column 0 is the nation, then the places */
    json_t *row;                 /* [{key, id, name, fullName}], by name; owned */
    const struct place **column; /* column[0] is NULL */
    struct area_cell *cell;      /* rows × columns */
};

/* Areas of a category ("programmeArea", "collaboration") in force that day, against the nation and
 * the given places. `local` false spares the groups of the regions. End with
 * json_decref(areas.row). */
struct areas areas_read(struct ctx *ctx, const char *category, const struct place *const *places,
                        size_t n, bool local);
const struct area_cell *area_cell(const struct areas *areas, size_t row, size_t column);
/* "exists", "joint", "missing", "chairVacant", and its words. */
const char *area_state_name(enum area_state state);
const char *area_state_words(const struct ctx *ctx, const struct area_cell *cell);

/* ---- level.c: words and parts that the documents share, and the view of one level ---- */

/* "National level", in the reader's language. */
const char *level_words(const struct ctx *ctx, const char *level);
/* "/levels/healthcare-region" of "healthcareRegion". */
const char *level_path(const char *level);
/* {level, levelLabel, asOf} and a self link: how every document here begins; level may be NULL. */
json_t *level_begin(struct ctx *ctx, const char *level);
/* coverage, vacancies (stolen), shares (stolen: the items of statistics_shares), and plans and
 * reviews of a level (NULL: all) and place (0: all). */
void level_held(struct ctx *ctx, json_t *document, const char *level, long long place,
                const struct tally *sum, json_t *vacancies, json_t *shares);
/* The shares of the nation's healthcare regions, or of one's regions; what level/shares.html
 * shows. */
json_t *level_shares(struct ctx *ctx, const char *healthcare_region);
/* {id, name, shortName, sign, href} of a place. */
json_t *level_place_item(struct ctx *ctx, const struct place *place);
/* E_INPUT at a query parameter whose value is none of those it may have. */
enum code level_wrong(struct ctx *ctx, const char *name, const char *value);
/* OK, or level_wrong when the parameter is given and is none of the values. */
NODISCARD enum code level_check(struct ctx *ctx, const char *name, const struct value *values);
/* A row of level/filters.html, `type` text or choice, with the value asked for; a choice gets its
 * options by level_option, also the one that is no choice (""). */
json_t *level_filter(struct ctx *ctx, json_t *filters, const char *name, const char *label,
                     const char *type);
void level_option(json_t *filter, const char *value, const char *label);

extern const struct value area_categories[], area_sorts[];

/* One level or place: healthcare regions and regions by their id, the nation by NULL. New reference
 * in *out. A place's old address gives E_ABSENT and its present id in *moved. */
NODISCARD enum code level_show(struct ctx *ctx, const char *level, const char *id,
                               const char **moved, json_t **out);
/* The places of a level with their counts. */
NODISCARD enum code level_places(struct ctx *ctx, const char *level, json_t **out);

/* ---- overview.c, matrix.c, start.c: the other documents ---- */

/* {level, levelLabel, href, kinds, groups, members} of the three levels: the cards. */
json_t *level_cards(struct ctx *ctx, const struct tallies *tallies);
NODISCARD enum code level_overview(struct ctx *ctx, json_t **out);
NODISCARD enum code level_matrix(struct ctx *ctx, json_t **out);
NODISCARD enum code level_start(struct ctx *ctx, json_t **out);

#endif
