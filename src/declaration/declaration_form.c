/* declaration_form.c: the forms: which questions each variant asks, version by version.
 *
 * Owns declaration_form. A version is never changed, so that what was answered always stands beside
 * the question that was asked; another wording is another version, from a day on. Public: what is
 * asked is no secret. Must not know declarations. */
#include <string.h>
#include "internal.h"

struct form_input {
    const char *variant, *valid_from, *questions;
};

#define AT(member) offsetof(struct form_input, member)

static const struct field question_fields[] = {
    {.name = "code", .label = N_("Code"), .type = T_SLUG, .flags = F_REQUIRED,
     .hint = N_("Short, and the same from version to version.")},
    {.name = "text", .label = N_("Question in Swedish"), .type = T_LINES, .flags = F_REQUIRED,
     .max = 500},
    {.name = "textEnglish", .label = N_("Question in English"), .type = T_LINES,
     .flags = F_REQUIRED, .max = 500},
    {.name = "hint", .label = N_("Explanation in Swedish"), .type = T_LINES, .max = 1000},
    {.name = "hintEnglish", .label = N_("Explanation in English"), .type = T_LINES, .max = 1000},
    {.name = "kinds", .label = N_("Kinds of interest"), .type = T_ENUMS, .flags = F_REQUIRED,
     .values = declaration_kinds, .hint = N_("Each kind belongs to one question of the form.")},
    {0},
};

static const struct field form_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "variant", .label = N_("Form"), .type = T_ENUM, .at = AT(variant),
     .flags = F_REQUIRED | F_FILTER | F_SORT, .values = declaration_variants, .column = "variant"},
    {.name = "version", .label = N_("Version"), .type = T_INT, .flags = F_DERIVED | F_SORT},
    {.name = "validFrom", .label = N_("In use from"), .type = T_DAY, .at = AT(valid_from),
     .flags = F_REQUIRED | F_SORT, .column = "valid_from"},
    {.name = "questions", .label = N_("Questions"), .type = T_ROWS, .at = AT(questions),
     .flags = F_REQUIRED, .column = "questions", .rows = question_fields},
    {0},
};

const struct resource declaration_form_resource = {
    .name = "declaration-forms",
    .noun = N_("form of declaration"),
    .table = "declaration_form",
    .select = "SELECT f.key AS \"key\", f.version AS \"version_key\", f.modified AS \"modified\", "
              "f.id AS \"id\", f.variant AS \"variant\", f.number AS \"version\", "
              "f.valid_from AS \"validFrom\", f.questions AS \"questions\" FROM declaration_form f",
    .in_force = "\"validFrom\" <= ?1 AND NOT EXISTS (SELECT 1 FROM declaration_form n "
                "WHERE n.variant = \"variant\" AND n.number > \"version\" AND n.valid_from <= ?1)",
    .order = "\"variant\", \"version\" DESC, \"key\"",
    .size = sizeof(struct form_input),
    .fields = form_fields,
};

/* ---------------------------------------------------------------- a new version */

static bool code_twice(const json_t *questions, size_t i)
{
    const char *code = json_text(json_array_get(questions, i), "code");
    for (size_t n = 0; code && n < i; n++) {
        const char *before = json_text(json_array_get(questions, n), "code");
        if (before && !strcmp(before, code))
            return true;
    }
    return false;
}

static bool asks_for(const json_t *question, const char *kind)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(question, "kinds"), i, one)
        if (!strcmp(json_string_value(one), kind))
            return true;
    return false;
}

/* A kind that an earlier question asks for, or NULL: by its kind an interest finds its question. */
static const char *kind_twice(const json_t *questions, size_t i)
{
    size_t k;
    json_t *kind;
    json_array_foreach(json_object_get(json_array_get(questions, i), "kinds"), k, kind)
        for (size_t n = 0; n < i; n++)
            if (asks_for(json_array_get(questions, n), json_string_value(kind)))
                return json_string_value(kind);
    return NULL;
}

static void check_questions(struct ctx *ctx, const struct form_input *in)
{
    json_t *questions = in->questions ? json_loads(in->questions, 0, NULL) : NULL;
    for (size_t i = 0; i < json_array_size(questions); i++) {
        const char *kind = kind_twice(questions, i);
        if (code_twice(questions, i))
            err_field(ctx->err, arena_printf(ctx->arena, "/questions/%zu/code", i),
                      N_("The same entry stands twice."), NULL);
        if (kind)
            err_field(ctx->err, arena_printf(ctx->arena, "/questions/%zu/kinds", i),
                      N_("An earlier question asks for this kind: {kind}."), "kind",
                      value_label(ctx, declaration_kinds, kind), NULL);
    }
    json_decref(questions);
}

enum code declaration_form_create(struct ctx *ctx, struct answer *out)
{
    struct form_input in;
    long long key = 0;
    enum code c = must_may(ctx, ACT_CHANGE_KIND, 0);
    if (c)
        return c;
    c = resource_read(ctx, &declaration_form_resource, &in);
    if (c && !ctx->err->fields)
        return c;
    check_questions(ctx, &in);
    json_t *last = in.variant ? db_row(ctx->tx,
                                       "SELECT number AS \"number\", valid_from AS \"from\" "
                                       "FROM declaration_form WHERE variant = ?1 "
                                       "ORDER BY number DESC LIMIT 1",
                                       in.variant)
                              : NULL;
    if (last && in.valid_from && strcmp(in.valid_from, json_text(last, "from")) < 0)
        err_field(ctx->err, "/validFrom", N_("The version before is in use from {day}: choose that "
                                             "day or a later one."),
                  "day", json_text(last, "from"), NULL);
    json_t *extra = json_pack("{s:I}", "number", (json_int_t)json_int(last, "number", 0) + 1);
    json_decref(last);
    c = ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
    if (!c)
        c = resource_insert(ctx, &declaration_form_resource, &in, NULL, extra, &key);
    json_decref(extra);
    if (c)
        return c;
    out->flash = N_("The new version is entered.");
    return resource_created(
        ctx, &declaration_form_resource,
        db_text(ctx->tx, "SELECT id FROM declaration_form WHERE key = ?1", key), out);
}

/* ---------------------------------------------------------------- what others ask of it */

long long declaration_form_in_force(struct ctx *ctx, const char *variant)
{
    return db_int(ctx->tx, 0,
                  "SELECT key FROM declaration_form WHERE variant = ?1 AND valid_from <= ?2 "
                  "ORDER BY number DESC LIMIT 1",
                  variant, ctx->today);
}

/* In the reader's language; what has no English is read in Swedish. */
static const char *said(const struct ctx *ctx, const json_t *question, const char *swedish,
                        const char *english)
{
    const char *text = ctx->lang == LANG_EN ? json_text(question, english) : NULL;
    return text ? text : json_text(question, swedish);
}

json_t *declaration_questions(struct ctx *ctx, long long form_key)
{
    const char *kept =
        db_text(ctx->tx, "SELECT questions FROM declaration_form WHERE key = ?1", form_key);
    json_t *questions = kept ? json_loads(kept, 0, NULL) : NULL, *question;
    json_t *list = json_array();
    size_t i;
    json_array_foreach(questions, i, question) {
        json_t *one = json_push(list, json_object());
        json_put(one, "code", json_text(question, "code"));
        json_put(one, "text", said(ctx, question, "text", "textEnglish"));
        json_put(one, "hint", said(ctx, question, "hint", "hintEnglish"));
        json_object_set(one, "kinds", json_object_get(question, "kinds"));
    }
    json_decref(questions);
    return list;
}
