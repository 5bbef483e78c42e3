/* holding.c: what groups hold of what they should (R21), for the pages of the levels.
 *
 * Owns the adding up, and which groups have waited longest. Only groups at work are asked for:
 * nothing is missing in one that rests. Must not know the rules of coverage. */
#include <stdio.h>
#include <string.h>
#include "internal.h"

struct holding holding_of(const json_t *held, long long group_key)
{
    char key[24];
    snprintf(key, sizeof key, "%lld", group_key);
    const json_t *one = json_object_get(held, key);
    return (struct holding){.covered = json_int(one, "covered", 0),
                            .partial = json_int(one, "partial", 0),
                            .missing = json_int(one, "missing", 0),
                            .vacant = json_int(one, "vacant", 0),
                            .since = json_text(one, "vacantSince")};
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

/* ---------------------------------------------------------------- who has waited longest */

static bool before(const struct waiting *a, const struct waiting *b)
{
    int c = strcmp(a->since, b->since);
    return c ? c < 0 : a->group_key < b->group_key;
}

void longest_add(struct longest *longest, long long group_key, const struct holding *held)
{
    struct waiting one = {.group_key = group_key, .vacant = held->vacant};
    if (!held->vacant || !held->since)
        return;
    snprintf(one.since, sizeof one.since, "%s", held->since);
    size_t at = longest->n;
    while (at > 0 && before(&one, &longest->item[at - 1]))
        at--;
    if (at == LEN(longest->item))
        return;
    longest->n += longest->n < LEN(longest->item);
    for (size_t i = longest->n - 1; i > at; i--)
        longest->item[i] = longest->item[i - 1];
    longest->item[at] = one;
}

json_t *longest_document(struct ctx *ctx, const struct longest *longest)
{
    json_t *items = json_array();
    for (size_t i = 0; i < longest->n; i++) {
        const struct waiting *one = &longest->item[i];
        json_t *item = db_row(ctx->tx,
                              "SELECT b.id AS \"groupId\", w.full_name AS \"groupName\" "
                              "FROM workgroup w JOIN body b ON b.key = w.key WHERE w.key = ?1",
                              one->group_key);
        if (!item)
            continue;
        json_put_int(item, "vacancies", one->vacant);
        json_put(item, "vacantSince", one->since);
        json_push(items, item);
    }
    return items;
}
