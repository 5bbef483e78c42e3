/* mandate_standing.c: how a group stands with its mandates on a day: in force, run out, to come,
 * none; and what its page and head say of it.
 *
 * Owns the counting of what is left. The words stand in the templates. */
#include <string.h>
#include "internal.h"

/* Whole months from a day to the last one, both included: 1 January to 31 March is three. */
static long long whole_months(const char *from, const char *last)
{
    char day[DAY_SIZE], end[DAY_SIZE];
    long long n = 0;
    day_add(last, 1, end);
    for (day_add_months(from, 1, day); strcmp(day, end) <= 0 && n < 1200;
         day_add_months(from, (int)n + 1, day))
        n++;
    return n;
}

static void put_left(struct ctx *ctx, json_t *standing, const char *last)
{
    enum { FIRST_WARNING = 180 };
    int days = last ? day_diff(ctx->day, last) : 0;
    if (!last)
        return;
    json_put_int(standing, "days", days);
    json_put_int(standing, "months", whole_months(ctx->day, last));
    json_put_bool(standing, "soon", days <= FIRST_WARNING);
}

static json_t *standing_of(const char *state, const json_t *row)
{
    json_t *standing = json_object();
    json_put(standing, "state", state);
    json_put(standing, "id", json_text(row, "id"));
    json_put_new(standing, "version",
                 row ? json_incref(json_object_get(row, "number")) : json_null());
    json_put(standing, "validFrom", json_text(row, "from"));
    json_put(standing, "validTo", json_text(row, "to"));
    json_put(standing, "days", NULL);
    json_put(standing, "months", NULL);
    json_put_bool(standing, "soon", false);
    return standing;
}

json_t *mandate_standing(struct ctx *ctx, long long group_key)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT id AS \"id\", number AS \"number\", valid_from AS \"from\", "
                           "valid_to AS \"to\" FROM mandate WHERE group_key = ?1 "
                           "AND state = 'approved' ORDER BY number DESC",
                           group_key);
    json_t *row, *begun = NULL, *coming = NULL;
    size_t i;
    json_array_foreach (rows, i, row) { /* the newest that has begun rules, whatever came before */
        if (strcmp(json_text(row, "from"), ctx->day) > 0)
            coming = row;
        else if (!begun)
            begun = row;
    }
    const char *last = json_text(begun, "to");
    bool ended = last && strcmp(last, ctx->day) < 0;
    json_t *standing = begun ? standing_of(ended ? "ended" : "inForce", begun)
                             : standing_of(coming ? "coming" : "none", coming);
    if (begun && !ended)
        put_left(ctx, standing, last);
    json_decref(rows);
    return standing;
}

/* ---------------------------------------------------------------- parts of a group's page */

static json_t *head_fact(struct ctx *ctx, long long key, const json_t *object)
{
    (void)object;
    return mandate_standing(ctx, key);
}

/* How many versions wait for a principal's word, as far as the reader may know. */
static long long waiting(struct ctx *ctx, long long key)
{
    struct fixed fixed = {.condition = "\"group_key\" = ?6 AND \"status\" = 'submitted'",
                          .key = key};
    json_t *items = resource_items(ctx, &mandate_resource, fixed);
    long long n = (long long)json_array_size(items);
    json_decref(items);
    return n;
}

static json_t *panel(struct ctx *ctx, long long key, const json_t *object)
{
    json_t *part = json_object(), *mandate = mandate_in_force(ctx, key);
    json_t *sections = mandate ? mandate_sections(ctx, mandate, 2) : NULL;
    json_put_new(part, "standing", mandate_standing(ctx, key));
    json_put_new(part, "mandate", mandate ? mandate : json_null());
    json_put(part, "purposeHtml", json_text(json_array_get(sections, 0), "bodyHtml"));
    json_put_int(part, "waiting", waiting(ctx, key));
    json_put(part, "href",
             arena_printf(ctx->arena, "/groups/%s/mandates", json_text(object, "id")));
    json_put_bool(part, "mayWrite", may(ctx, ACT_CHANGE_GROUP, key));
    ctx->as_support = false; /* asked, not done */
    json_decref(sections);
    return part;
}

static void link_mandates(struct ctx *ctx, long long key, json_t *group)
{
    part_link_list(ctx, group, "mandates", may(ctx, ACT_CHANGE_GROUP, key) ? "add-mandate" : NULL);
}

const struct part mandate_parts[] = {
    {.of = "groups", .name = "mandate", .make = panel},
    {.of = "group-head", .name = "mandateStanding", .make = head_fact},
    {.of = "groups", .link = link_mandates},
    {0},
};
