/* holding.c: what groups hold of what they should (R21), for the pages of the levels.
 *
 * Owns who is asked for whom: what everyone may know is computed once while the register stands,
 * in the name of a reader without rights, and shared; the few groups that only some may know of are
 * asked for one by one. Must not know the rules of coverage. */
#include <stdio.h>
#include <string.h>
#include <kansli/coverage.h>
#include <kansli/kept.h>
#include "internal.h"

/* The request as one would make it who has no rights at all. */
static struct ctx as_everyone(const struct ctx *ctx)
{
    static const struct actor nobody;
    struct ctx everyone = *ctx;
    everyone.actor = &nobody;
    everyone.standing = NULL;
    return everyone;
}

json_t *holding_read(struct ctx *ctx)
{
    struct ctx everyone = as_everyone(ctx);
    return coverage_of_all(&everyone);
}

static struct holding count_rows(const json_t *coverage)
{
    struct holding held = {0};
    json_t *row;
    size_t i;
    json_array_foreach(json_object_get(coverage, "items"), i, row) {
        const char *status = json_text(row, "status");
        bool covered = !strcmp(status, "covered");
        held.covered += covered;
        held.partial += !strcmp(status, "partial");
        held.missing += !strcmp(status, "missing");
        held.vacant += !covered && !strcmp(json_text(row, "weight"), "required");
    }
    return held;
}

struct holding holding_of(struct ctx *ctx, const json_t *all, long long group_key,
                          bool restricted)
{
    char key[24];
    snprintf(key, sizeof key, "%lld", group_key);
    const json_t *known = json_object_get(all, key);
    if (!restricted)
        return (struct holding){.covered = json_int(known, "covered", 0),
                                .partial = json_int(known, "partial", 0),
                                .missing = json_int(known, "missing", 0),
                                .vacant = json_int(known, "vacant", 0)};
    json_t *coverage = coverage_of_group(ctx, group_key, NULL);
    struct holding held = count_rows(coverage);
    json_decref(coverage);
    return held;
}

void holding_add(struct holding *sum, const struct holding *one)
{
    sum->covered += one->covered;
    sum->partial += one->partial;
    sum->missing += one->missing;
    sum->vacant += one->vacant;
}

json_t *holding_coverage(const struct holding *held)
{
    json_t *coverage = json_object();
    json_put_int(coverage, "covered", held->covered);
    json_put_int(coverage, "partial", held->partial);
    json_put_int(coverage, "missing", held->missing);
    return coverage;
}

/* ---------------------------------------------------------------- vacancies */

static json_t *vacancy(const char *group_id, const char *group_name, const json_t *row)
{
    static const char *const members[] = {"requirementId", "text",         "weight",     "status",
                                          "missing",       "missingNames", "vacantSince"};
    json_t *item = json_object();
    json_put(item, "groupId", group_id);
    json_put(item, "groupName", group_name);
    for (size_t i = 0; i < LEN(members); i++) {
        json_t *value = json_object_get(row, members[i]);
        json_put_new(item, members[i], value ? json_incref(value) : json_null());
    }
    return item;
}

static bool required(const json_t *row)
{
    return !strcmp(json_text(row, "weight"), "required");
}

json_t *holding_oldest(struct ctx *ctx)
{
    static struct kept_slot slots[4];
    static struct kept kept = {slots, LEN(slots), 0};
    const char *key = kept_key_open(ctx, arena_join(ctx->arena, "vacancies ", ctx->day, NULL));
    json_t *oldest = kept_get(&kept, key), *row;
    if (oldest)
        return oldest;
    struct ctx everyone = as_everyone(ctx);
    json_t *all = coverage_vacancies(&everyone);
    oldest = json_array();
    for (size_t i = 0; i < json_array_size(all) && json_array_size(oldest) < OLDEST_VACANCIES; i++)
        if (required(row = json_array_get(all, i)))
            json_push(oldest, vacancy(json_text(row, "groupId"), json_text(row, "groupName"), row));
    json_decref(all);
    if (!tx_code(ctx->tx))
        kept_put(&kept, key, oldest);
    return oldest;
}

/* Into its place: by the day since which it is vacant; among equals the first stays first. */
static void insert(json_t *oldest, json_t *item)
{
    const char *since = json_text(item, "vacantSince");
    size_t at = json_array_size(oldest);
    while (at > 0) {
        const char *before = json_text(json_array_get(oldest, at - 1), "vacantSince");
        if (!since || (before && strcmp(before, since) <= 0))
            break;
        at--;
    }
    json_array_insert_new(oldest, at, item);
    if (json_array_size(oldest) > OLDEST_VACANCIES)
        json_array_remove(oldest, OLDEST_VACANCIES);
}

json_t *holding_oldest_of(struct ctx *ctx, const json_t *groups)
{
    json_t *oldest = json_array(), *group, *row;
    size_t i, j;
    json_array_foreach((json_t *)groups, i, group) {
        json_t *coverage = coverage_of_group(ctx, json_int(group, "key", 0), NULL);
        json_array_foreach(json_object_get(coverage, "items"), j, row)
            if (required(row) && strcmp(json_text(row, "status"), "covered") != 0)
                insert(oldest,
                       vacancy(json_text(group, "id"), json_text(group, "fullName"), row));
        json_decref(coverage);
    }
    return oldest;
}
