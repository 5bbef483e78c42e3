/* internal.h: what the files of coverage/ share. Not for others. */
#ifndef KANSLI_COVERAGE_INTERNAL_H
#define KANSLI_COVERAGE_INTERNAL_H

#include <kansli/access.h>
#include <kansli/coverage.h>
#include <kansli/json.h>

#define ROWS_VISIBLE(g) ACCESS_GROUP_VISIBLE(g ".access_mode", g ".key")

/* A healthcare region or a region: what a row of type eachHealthcareRegion or eachRegion counts. */
struct place {
    long long key, healthcare_region; /* its primary one; itself for a healthcare region */
    bool is_region;
    const char *id, *name, *brief, *start, *end; /* days may be NULL */
};
struct atlas {
    const struct place *place;
    size_t places;
};

enum row_type { EACH_HEALTHCARE_REGION, EACH_REGION, OF_BODY, OF_CAPACITY, OF_COMPETENCE, OF_ROLE };

struct row {
    enum row_type type;
    const char *id, *text, *weight;
    const char *capacity, *competence, *role; /* NULL: no such condition; competence is folded */
    const char *competence_name;              /* as written */
    long long body;
    const char *body_id, *body_name;          /* of an organisation; else NULL */
    long long least;
};

struct seat {
    long long key;
    const char *id; /* NULL: somebody who is only tried */
    const char *role, *capacity, *start, *end;
    long long behalf;
    const struct place *region, *healthcare_region; /* what it counts for; NULL: none */
    const char *const *competence;               /* folded */
    size_t competences;
};

/* A group with what it should hold and who has ever sat there. */
struct profile {
    long long key, healthcare_region, region;
    const char *start, *end; /* end may be NULL */
    const struct row *row;
    size_t rows;
    struct seat *seat; /* with room for one more, who is tried */
    size_t seats;
    const struct atlas *atlas;
    struct arena *arena; /* lives as long as the profile */
};

enum status { COVERED, PARTIAL, MISSING };
extern const char *const status_code[], *const row_type_code[];

/* How a row is held on a day. Arrays live in the profile's arena. */
struct finding {
    enum status status;
    const struct seat **by; /* those in force that day who are counted */
    size_t bys;
    const struct place **missing; /* places that nobody, or too few, represent */
    size_t missings;
};

/* ---- evaluate.c ---- */

/* `day`, but never before the group's first nor after its last: a group is shown as on the nearest
 * day of its life. */
const char *profile_day(const struct profile *profile, const char *day);
/* True when the row's conditions hold for this seat, whatever the day. */
bool row_fits(const struct row *row, const struct seat *seat);
bool in_force(const char *start, const char *end, const char *day);
/* The place that a row counts this seat for; NULL: none. */
const struct place *row_place(const struct row *row, const struct seat *seat);
enum status row_status(const struct profile *profile, const struct row *row, const char *day);
struct finding row_find(const struct profile *profile, const struct row *row, const char *day);
/* True when the group should hold this place on that day for a row of that type. */
bool place_counts(const struct profile *profile, enum row_type type, const struct place *place,
                  const char *day);
/* The first day of the present stretch in which the row has not been covered. */
const char *row_vacant_since(const struct profile *profile, const struct row *row,
                             const char *day);
/* The first coming day on which a covered row is no longer, or NULL, and whose end causes it (NULL:
 * no membership's). */
const char *row_breaks_on(const struct profile *profile, const struct row *row, const char *day,
                          const struct seat **by);

/* ---- gather.c ---- */

/* Which groups: those with these keys, or with keys NULL all that stand and work on ctx->day.
 * Groups that the reader may not know of are left out. */
struct scope {
    const long long *key;
    size_t keys;
};
/* Calls each for every group in scope that has rows, in the order of keys; the profile and its
 * arena are gone afterwards. */
typedef void each_profile(struct profile *profile, void *arg);
void gather(struct ctx *ctx, struct scope scope, each_profile *each, void *arg);
/* Finds what a seat counts for from whom it is on behalf of. */
void seat_places(struct ctx *ctx, const struct atlas *atlas, struct seat *seat);

#endif
