/* evaluate.c: one row of what a group should hold, against its seats, on any day.
 *
 * Owns the rules of api.md and nothing else: no query, no document. Every question is a question
 * about a day; what has been and what will be are the same question asked at the days on which
 * something begins or ends, because between them nothing changes. */
#include <stdlib.h>
#include <string.h>
#include <kansli/date.h>
#include "internal.h"

const char *const status_code[] = {"covered", "partial", "missing"};

bool in_force(const char *start, const char *end, const char *day)
{
    return (!start || strcmp(start, day) <= 0) && (!end || strcmp(end, day) >= 0);
}

const char *profile_day(const struct profile *profile, const char *day)
{
    if (strcmp(day, profile->start) < 0)
        return profile->start;
    return profile->end && strcmp(day, profile->end) > 0 ? profile->end : day;
}

/* ---------------------------------------------------------------- does a seat count? */

static bool sits(const struct row *row, const struct seat *seat)
{
    const char *role = seat->role;
    if (row->type == OF_ROLE || !strcmp(role, "member") || !strcmp(role, "chair") ||
        !strcmp(role, "viceChair"))
        return true;
    return !strcmp(role, "coOpted") && (row->type == OF_BODY || row->type == OF_COMPETENCE);
}

/* Patients and next of kin speak from the same experience of care, and the documents ask for "two
 * patient or next-of-kin representatives" in one breath: a row that asks for patients takes
 * both. */
static bool has_capacity(const char *asked, const char *capacity)
{
    return !strcmp(asked, capacity) ||
           (!strcmp(asked, "patient") && !strcmp(capacity, "nextOfKin"));
}

static bool has_competence(const char *asked, const struct seat *seat)
{
    for (size_t i = 0; i < seat->competences; i++)
        if (!strcmp(asked, seat->competence[i]))
            return true;
    return false;
}

static bool is_place(const struct place *place, long long key)
{
    return place && place->key == key;
}

bool row_fits(const struct row *row, const struct seat *seat)
{
    return sits(row, seat) && (!row->role || !strcmp(row->role, seat->role)) &&
           (!row->capacity || has_capacity(row->capacity, seat->capacity)) &&
           (!row->competence || has_competence(row->competence, seat)) &&
           (!row->body || row->body == seat->behalf || is_place(seat->region, row->body) ||
            is_place(seat->healthcare_region, row->body));
}

/* ---------------------------------------------------------------- places */

static bool by_place(const struct row *row)
{
    return row->type == EACH_HEALTHCARE_REGION || row->type == EACH_REGION;
}

/* Each region is each one of the group's own area: its region, its healthcare region's, or the
 * nation's. */
bool place_counts(const struct profile *profile, enum row_type type, const struct place *place,
                  const char *day)
{
    if (place->is_region != (type == EACH_REGION) || !in_force(place->start, place->end, day))
        return false;
    if (type == EACH_HEALTHCARE_REGION)
        return true;
    if (profile->region)
        return place->key == profile->region;
    return !profile->healthcare_region ||
           place->healthcare_region == profile->healthcare_region;
}

const struct place *row_place(const struct row *row, const struct seat *seat)
{
    return row->type == EACH_REGION             ? seat->region
           : row->type == EACH_HEALTHCARE_REGION ? seat->healthcare_region
                                                 : NULL;
}

/* ---------------------------------------------------------------- one day */

/* How many count on that day: in all, and for rows that ask for each place in held[] for each. */
static long long count(const struct profile *profile, const struct row *row, const char *day,
                       long long *held)
{
    long long n = 0;
    for (size_t i = 0; i < profile->seats; i++) {
        const struct seat *seat = &profile->seat[i];
        if (!in_force(seat->start, seat->end, day) || !row_fits(row, seat))
            continue;
        n++;
        if (held && row_place(row, seat))
            held[row_place(row, seat) - profile->atlas->place]++;
    }
    return n;
}

static enum status status_of(long long n, long long least)
{
    return n >= least ? COVERED : n ? PARTIAL : MISSING;
}

/* As many as are asked for from each place: covered by all of them, partial by any. */
static enum status status_of_places(const struct profile *profile, const struct row *row,
                                    const char *day, const long long *held)
{
    bool any = false, all = true;
    for (size_t i = 0; i < profile->atlas->places; i++) {
        if (!place_counts(profile, row->type, &profile->atlas->place[i], day))
            continue;
        any = any || held[i] > 0;
        all = all && held[i] >= row->least;
    }
    return all ? COVERED : any ? PARTIAL : MISSING;
}

static long long *held_by_place(const struct profile *profile)
{
    return arena_alloc(profile->arena, (profile->atlas->places + 1) * sizeof(long long));
}

enum status row_status(const struct profile *profile, const struct row *row, const char *day)
{
    if (!by_place(row))
        return status_of(count(profile, row, day, NULL), row->least);
    long long *held = held_by_place(profile);
    count(profile, row, day, held);
    return status_of_places(profile, row, day, held);
}

static void find_missing(const struct profile *profile, const struct row *row, const char *day,
                         const long long *held, struct finding *found)
{
    size_t places = profile->atlas->places;
    found->missing = arena_alloc(profile->arena, (places + 1) * sizeof *found->missing);
    for (size_t i = 0; i < places; i++) {
        const struct place *place = &profile->atlas->place[i];
        if (place_counts(profile, row->type, place, day) && held[i] < row->least)
            found->missing[found->missings++] = place;
    }
}

struct finding row_find(const struct profile *profile, const struct row *row, const char *day)
{
    struct finding found = {.status = row_status(profile, row, day)};
    found.by = arena_alloc(profile->arena, (profile->seats + 1) * sizeof *found.by);
    for (size_t i = 0; i < profile->seats; i++) {
        const struct seat *seat = &profile->seat[i];
        const struct place *place = row_place(row, seat);
        if (in_force(seat->start, seat->end, day) && row_fits(row, seat) &&
            (!by_place(row) || (place && place_counts(profile, row->type, place, day))))
            found.by[found.bys++] = seat;
    }
    if (by_place(row)) {
        long long *held = held_by_place(profile);
        count(profile, row, day, held);
        find_missing(profile, row, day, held, &found);
    }
    return found;
}

/* ---------------------------------------------------------------- other days */

static int by_day(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *day_after(struct arena *arena, const char *day)
{
    char next[DAY_SIZE];
    day_add(day, 1, next);
    return arena_strdup(arena, next);
}

/* The days on which anything about the row may change, sorted; the group's first is among them. */
static const char **turns(const struct profile *profile, const struct row *row, size_t *n)
{
    const struct atlas *atlas = profile->atlas;
    size_t most = 1 + 2 * (profile->seats + atlas->places);
    const char **turn = arena_alloc(profile->arena, most * sizeof *turn);
    turn[(*n)++] = profile->start;
    for (size_t i = 0; i < profile->seats; i++) {
        const struct seat *seat = &profile->seat[i];
        if (!row_fits(row, seat))
            continue;
        turn[(*n)++] = seat->start;
        if (seat->end)
            turn[(*n)++] = day_after(profile->arena, seat->end);
    }
    for (size_t i = 0; by_place(row) && i < atlas->places; i++) {
        if (atlas->place[i].start)
            turn[(*n)++] = atlas->place[i].start;
        if (atlas->place[i].end)
            turn[(*n)++] = day_after(profile->arena, atlas->place[i].end);
    }
    qsort(turn, *n, sizeof *turn, by_day);
    return turn;
}

const char *row_vacant_since(const struct profile *profile, const struct row *row,
                             const char *day)
{
    size_t n = 0;
    const char **turn = turns(profile, row, &n), *since = profile->start;
    for (size_t i = n; i-- > 0;) {
        if (strcmp(turn[i], day) > 0)
            continue;
        if (strcmp(turn[i], profile->start) < 0)
            break;
        if (row_status(profile, row, turn[i]) == COVERED)
            return since;
        since = turn[i];
    }
    return since;
}

/* Whose last day is the day before, and who counted: first of all somebody whose place is then
 * held by too few. */
static const struct seat *who_ends(const struct profile *profile, const struct row *row,
                                   const char *turn)
{
    char last[DAY_SIZE];
    const struct seat *any = NULL;
    long long *held = held_by_place(profile);
    count(profile, row, turn, held);
    day_add(turn, -1, last);
    for (size_t i = 0; i < profile->seats; i++) {
        const struct seat *seat = &profile->seat[i];
        const struct place *place = row_place(row, seat);
        if (!seat->end || strcmp(seat->end, last) || !row_fits(row, seat))
            continue;
        if (!by_place(row))
            return seat;
        if (!place || !place_counts(profile, row->type, place, last))
            continue;
        if (held[place - profile->atlas->place] < row->least)
            return seat;
        any = seat;
    }
    return any;
}

const char *row_breaks_on(const struct profile *profile, const struct row *row, const char *day,
                          const struct seat **by)
{
    size_t n = 0;
    const char **turn = turns(profile, row, &n);
    *by = NULL;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(turn[i], day) <= 0)
            continue;
        if (profile->end && strcmp(turn[i], profile->end) > 0)
            return NULL;
        if (row_status(profile, row, turn[i]) == COVERED)
            continue;
        *by = who_ends(profile, row, turn[i]);
        return turn[i];
    }
    return NULL;
}
