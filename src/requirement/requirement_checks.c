/* requirement_checks.c: what groups should hold and do not, over the whole register (R93).
 *
 * Asks the engine, since SQL alone does not tell. A row for each group and rule, whatever it
 * lacks: a group that nobody sits in yet is one thing to mend. */
#include <string.h>
#include "internal.h"

enum about { REGIONS, PATIENTS, OTHERS, WISHES };

static enum about about(const json_t *vacancy)
{
    const char *type = json_text(vacancy, "type"), *capacity = json_text(vacancy, "capacity");
    if (strcmp(json_text(vacancy, "weight"), "required"))
        return WISHES;
    if (!strcmp(type, "eachHealthcareRegion"))
        return REGIONS;
    return !strcmp(type, "capacity") && capacity && !strcmp(capacity, "patient") ? PATIENTS
                                                                                   : OTHERS;
}

static const char *with(struct ctx *ctx, const char *list, const char *text)
{
    return list ? arena_join(ctx->arena, list, "; ", text, NULL) : arena_strdup(ctx->arena, text);
}

/* One row for each group: id, name, and the texts of what it lacks. */
static json_t *lacking(struct ctx *ctx, enum about what)
{
    json_t *all = coverage_vacancies(ctx), *rows = json_array(), *by_id = json_object(), *one;
    size_t i;
    json_array_foreach(all, i, one) {
        const char *id = json_text(one, "groupId");
        json_t *row = json_object_get(by_id, id);
        if (about(one) != what)
            continue;
        if (!row) {
            row = json_push(rows, json_object());
            json_object_set(by_id, id, row);
            json_put(row, "id", id);
            json_put(row, "name", json_text(one, "groupName"));
        }
        json_put(row, "texts", with(ctx, json_text(row, "texts"), json_text(one, "text")));
    }
    json_decref(by_id);
    json_decref(all);
    return rows;
}

static json_t *regions(struct ctx *ctx)
{
    return lacking(ctx, REGIONS);
}

static json_t *patients(struct ctx *ctx)
{
    return lacking(ctx, PATIENTS);
}

static json_t *others(struct ctx *ctx)
{
    return lacking(ctx, OTHERS);
}

static json_t *wishes(struct ctx *ctx)
{
    return lacking(ctx, WISHES);
}

#define MENDED .object_type = "groups", .at = "/groups/{id}", .mend = "/groups/{id}/coverage"

const struct check requirement_checks[] = {
    {.rule = "healthcare-region-missing", .severity = CHECK_WARNING, MENDED, .find = regions,
     .label = N_("A healthcare region that is not represented"),
     .message = N_("{name} does not have a member from every healthcare region.")},
    {.rule = "patients-too-few", .severity = CHECK_WARNING, MENDED, .find = patients,
     .label = N_("Too few patient or next-of-kin representatives"),
     .message = N_("{name} has too few patient or next-of-kin representatives.")},
    {.rule = "requirement-unmet", .severity = CHECK_WARNING, MENDED, .find = others,
     .label = N_("Something required that a group does not hold"),
     .message = N_("{name} does not hold what is required: {texts}.")},
    {.rule = "wish-unmet", .severity = CHECK_NOTICE, MENDED, .find = wishes,
     .label = N_("Something desirable that a group does not hold"),
     .message = N_("{name} does not hold what is desirable: {texts}.")},
    {0},
};
