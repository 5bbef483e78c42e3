/* place.c: the healthcare regions and regions of a day, in the order and with the signs that people
 * know them by.
 *
 * Owns the one question "which places has a level". The signs of the six are the field's own
 * (Sydöstra is Ö, so that Södra can be Sö); a healthcare region that is added later gets the
 * shortest beginning that nobody has. Must not know what is counted there. */
#include <string.h>
#include <kansli/utf8.h>
#include "internal.h"

/* Also the order in which they are written, north and east first. */
static const struct {
    const char *id, *sign;
} known[] = {
    {"norra", "N"},  {"mellansverige", "M"}, {"stockholm-gotland", "S"},
    {"vastra", "V"}, {"sydostra", "Ö"},      {"sodra", "Sö"},
};

static size_t rank(const char *id)
{
    size_t i = 0;
    while (i < LEN(known) && strcmp(known[i].id, id))
        i++;
    return i;
}

static bool taken(const struct places *places, const char *sign)
{
    for (size_t i = 0; i < LEN(known); i++)
        if (!strcmp(known[i].sign, sign))
            return true;
    for (size_t i = 0; i < places->healthcare_regions; i++)
        if (places->item[i].sign && !strcmp(places->item[i].sign, sign))
            return true;
    return false;
}

static const char *sign_of(struct ctx *ctx, const struct places *places, const struct place *place)
{
    size_t i = rank(place->id);
    if (i < LEN(known))
        return known[i].sign;
    for (const char *end = place->brief; utf8_next(&end);) {
        const char *sign = arena_strndup(ctx->arena, place->brief, (size_t)(end - place->brief));
        if (!taken(places, sign))
            return sign;
    }
    return place->brief;
}

static struct place place_from(struct ctx *ctx, const json_t *row)
{
    bool local = !strcmp(json_text(row, "type"), "region");
    const char *name = arena_strdup(ctx->arena, json_text(row, "name"));
    const char *brief = json_text(row, "brief");
    return (struct place){.key = json_int(row, "key", 0),
                          .parent = json_int(row, "parent", 0),
                          .id = arena_strdup(ctx->arena, json_text(row, "id")),
                          .name = name,
                          .brief = brief ? arena_strdup(ctx->arena, brief) : name,
                          .level = local ? "local" : "healthcareRegion"};
}

/* Insertion by rank: six rows, and those of equal rank keep the register's order. */
static void order(struct places *places)
{
    for (size_t i = 1; i < places->healthcare_regions; i++)
        for (size_t j = i; j > 0 && rank(places->item[j].id) < rank(places->item[j - 1].id); j--) {
            struct place swapped = places->item[j];
            places->item[j] = places->item[j - 1];
            places->item[j - 1] = swapped;
        }
}

struct places places_read(struct ctx *ctx)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT o.key AS \"key\", b.id AS \"id\", o.type AS \"type\", "
                           "o.name AS \"name\", o.short_name AS \"brief\", "
                           "a.healthcare_region_key AS \"parent\" FROM organisation o "
                           "JOIN body b ON b.key = o.key LEFT JOIN organisation_area a "
                           "ON a.organisation_key = o.key AND a.is_primary = 1 "
                           "WHERE o.type IN ('healthcareRegion', 'region') AND " IN_FORCE(
                               "o") " ORDER BY o.type, CASE WHEN o.type = 'region' THEN 0 "
                                    "ELSE o.key END, o.name",
                           ctx->day);
    struct places places = {.n = json_array_size(rows)};
    places.item = arena_alloc(ctx->arena, (places.n + 1) * sizeof *places.item);
    for (size_t i = 0; i < places.n; i++) {
        places.item[i] = place_from(ctx, json_array_get(rows, i));
        places.healthcare_regions += !strcmp(places.item[i].level, "healthcareRegion");
    }
    json_decref(rows);
    order(&places);
    for (size_t i = 0; i < places.healthcare_regions; i++)
        places.item[i].sign = sign_of(ctx, &places, &places.item[i]);
    return places;
}

const struct place *place_of(const struct places *places, long long key)
{
    for (size_t i = 0; i < places->n; i++)
        if (places->item[i].key == key)
            return &places->item[i];
    return NULL;
}
