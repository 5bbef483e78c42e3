/* comparison.c: the candidates of a call side by side (S6), with what each would do to the coverage
 * before anybody decides.
 *
 * Owns rows and cells. Only what is open is compared. Women and men are not counted here: with one
 * candidate more or less, the count would tell what one person has stated. */
#include <string.h>
#include "internal.h"
#include "pages.h"
#include <kansli/coverage.h>

static json_t *row_of(struct ctx *ctx, json_t *rows, const char *label)
{
    json_t *row = json_push(rows, json_object());
    json_put(row, "label", ctx_text(ctx, label));
    return json_put_new(row, "cells", json_array());
}

/* `mark`: "yes", "no", "wait" or NULL; a sign that the words repeat. */
static void cell(json_t *cells, const json_t *candidate, const char *mark, const char *text,
                 const char *at)
{
    const char *name = json_text(candidate, "personName");
    json_t *one = json_push(cells, json_object());
    json_put(one, "name", name);
    json_put(one, "mark", mark);
    json_put(one, "text", text);
    json_put(one, "at", at);
}

/* ---------------------------------------------------------------- what a nomination says */

static void texts(struct ctx *ctx, json_t *rows, const json_t *candidates, const char *label,
                  const char *member)
{
    json_t *cells = row_of(ctx, rows, label), *one;
    size_t i;
    json_array_foreach((json_t *)candidates, i, one)
        cell(cells, one, NULL, json_text(one, member), NULL);
}

static void add_competences(struct ctx *ctx, json_t *rows, const json_t *candidates)
{
    json_t *cells = row_of(ctx, rows, N_("Competences")), *one, *word;
    size_t i, j;
    json_array_foreach((json_t *)candidates, i, one) {
        const char *all = NULL;
        json_array_foreach(json_object_get(one, "competences"), j, word)
            all = all ? arena_join(ctx->arena, all, ", ", json_string_value(word), NULL)
                      : json_string_value(word);
        cell(cells, one, NULL, all, NULL);
    }
}

static void add_answers(struct ctx *ctx, json_t *rows, const json_t *candidates)
{
    json_t *cells = row_of(ctx, rows, N_("The person's answer")), *one;
    size_t i;
    json_array_foreach((json_t *)candidates, i, one) {
        bool yes = json_text(one, "answer") != NULL;
        cell(cells, one, yes ? "yes" : "wait",
             ctx_text(ctx, yes ? NC_("answer", "Yes") : NC_("check", "Waits")),
             json_text(one, "answeredAt"));
    }
}

static void add_check(struct ctx *ctx, json_t *rows, const json_t *candidates, const char *code,
                      const char *label)
{
    json_t *cells = row_of(ctx, rows, label), *one;
    size_t i;
    json_array_foreach((json_t *)candidates, i, one) {
        const json_t *check = json_object_get(json_object_get(one, "checks"), code);
        const char *outcome = json_text(check, "outcome");
        bool is_done = json_true_at(check, "done");
        bool declined = outcome && !is_done;
        const char *words = json_text(check, "outcomeLabel");
        cell(cells, one, is_done ? "yes" : declined ? "no" : "wait",
             words && *words ? words
             : is_done       ? ctx_text(ctx, NC_("check", "Done"))
                             : ctx_text(ctx, NC_("check", "Waits")),
             json_text(check, "at"));
    }
}

static void add_sought(struct ctx *ctx, json_t *rows, const json_t *call, const json_t *candidates)
{
    size_t i, j;
    json_t *text, *one;
    json_array_foreach(json_object_get(call, "requirementTexts"), i, text) {
        json_t *row = json_push(rows, json_object());
        json_object_set(row, "label", text);
        json_t *cells = json_put_new(row, "cells", json_array());
        json_array_foreach((json_t *)candidates, j, one) {
            json_t *marks = nomination_marks(call, one);
            bool met = json_true_at(json_array_get(marks, i), "met");
            cell(cells, one, met ? "yes" : "no",
                 met ? ctx_text(ctx, NC_("sought", "Fills it"))
                     : ctx_text(ctx, NC_("sought", "Not named")),
                 NULL);
            json_decref(marks);
        }
    }
}

/* ---------------------------------------------------------------- what the group would hold */

static const json_t *find_item(const json_t *coverage, const char *id)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(coverage, "items"), i, one)
        if (!strcmp(json_text(one, "requirementId"), id))
            return one;
    return NULL;
}

/* Better, worse, or the same by what is still missing. */
static bool differs(const json_t *now, const json_t *then)
{
    return !json_equal(json_object_get(now, "status"), json_object_get(then, "status")) ||
           !json_equal(json_object_get(now, "missing"), json_object_get(then, "missing"));
}

static const char *missing_words(struct ctx *ctx, const json_t *item)
{
    const char *all = NULL;
    size_t i;
    json_t *name;
    json_array_foreach(json_object_get(item, "missingNames"), i, name)
        all = all ? arena_join(ctx->arena, all, ", ", json_string_value(name), NULL)
                  : json_string_value(name);
    return all;
}

/* "covered", or "partly covered; missing: Södra". */
static const char *state_words(struct ctx *ctx, const json_t *item)
{
    const char *missing = missing_words(ctx, item);
    return missing ? ctx_textf(ctx, N_("{status}, missing: {names}"), "status",
                               json_text(item, "statusLabel"), "names", missing, NULL)
                   : json_text(item, "statusLabel");
}

json_t *nomination_gains(struct ctx *ctx, const struct nomination_row *row)
{
    json_t *now = coverage_of_group(ctx, row->group_key, NULL);
    json_t *then = nomination_effect(ctx, row, true), *changes = json_array(), *one;
    size_t i;
    json_array_foreach(json_object_get(then, "items"), i, one) {
        const json_t *before = find_item(now, json_text(one, "requirementId"));
        if (!before || !differs(before, one))
            continue;
        json_t *change = json_push(changes, json_object());
        json_object_set(change, "requirementId", json_object_get(one, "requirementId"));
        json_object_set(change, "text", json_object_get(one, "text"));
        json_put(change, "before", state_words(ctx, before));
        json_put(change, "after", state_words(ctx, one));
        json_object_set(change, "status", json_object_get(one, "status"));
    }
    json_decref(now);
    json_decref(then);
    return changes;
}

json_t *nomination_lacking(struct ctx *ctx, const struct nomination_row *row)
{
    json_t *then = nomination_effect(ctx, row, true), *lacks = json_array(), *one;
    size_t i;
    json_array_foreach(json_object_get(then, "items"), i, one) {
        if (!strcmp(json_text(one, "status"), "covered"))
            continue;
        json_t *lack = json_push(lacks, json_object());
        json_object_set(lack, "text", json_object_get(one, "text"));
        json_put(lack, "after", state_words(ctx, one));
    }
    json_decref(then);
    return lacks;
}

static const json_t *gain_of(const json_t *gains, const char *id)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)gains, i, one)
        if (!strcmp(json_text(one, "requirementId"), id))
            return one;
    return NULL;
}

/* A row for each requirement that one of the candidates would change. */
static void add_effect(struct ctx *ctx, json_t *rows, const json_t *candidates, long long group_key)
{
    json_t *now = coverage_of_group(ctx, group_key, NULL), *item, *one, *gains = json_array();
    size_t i, j;
    json_array_foreach((json_t *)candidates, j, one) {
        struct nomination_row row;
        bool there = !nomination_find(ctx, json_text(one, "id"), &row);
        json_push(gains, there ? nomination_gains(ctx, &row) : json_array());
    }
    json_array_foreach(json_object_get(now, "items"), i, item) {
        const char *id = json_text(item, "requirementId");
        bool changes = false;
        json_array_foreach(gains, j, one)
            changes = changes || gain_of(one, id);
        if (!changes)
            continue;
        json_t *row = json_push(rows, json_object());
        json_object_set(row, "label", json_object_get(item, "text"));
        json_put(row, "now", state_words(ctx, item));
        json_t *cells = json_put_new(row, "cells", json_array());
        json_array_foreach((json_t *)candidates, j, one) {
            const json_t *gain = gain_of(json_array_get(gains, j), id);
            cell(cells, one, gain ? "yes" : NULL,
                 gain ? json_text(gain, "after") : ctx_text(ctx, NC_("effect", "As now")), NULL);
        }
    }
    json_decref(now);
    json_decref(gains);
}

/* ---------------------------------------------------------------- the whole */

json_t *nomination_comparison(struct ctx *ctx, const struct call_row *call)
{
    struct fixed fixed = {.condition =
                              "\"call_key\" = ?6 AND \"status\" IN ('submitted', 'reserve')",
                          .key = call->key};
    json_t *candidates = resource_items(ctx, &nomination_resource, fixed);
    json_t *sought = resource_one(ctx, &call_resource, call->id, NULL, NULL);
    json_t *document = json_object();
    json_t *said = json_put_new(document, "said", json_array());
    json_t *asked = json_put_new(document, "sought", json_array());
    json_t *checks = json_put_new(document, "checks", json_array());
    json_t *effect = json_put_new(document, "effect", json_array());
    texts(ctx, said, candidates, N_("Nominated by"), "nominatorName");
    texts(ctx, said, candidates, N_("Role"), "roleLabel");
    add_competences(ctx, said, candidates);
    add_sought(ctx, asked, sought, candidates);
    add_answers(ctx, checks, candidates);
    add_check(ctx, checks, candidates, "regionProcess",
              N_("The nominating organisation's own process"));
    add_check(ctx, checks, candidates, "employer", N_("The employer's approval"));
    add_check(ctx, checks, candidates, "declaration", N_("The declaration reviewed for the group"));
    add_effect(ctx, effect, candidates, call->group_key);
    json_put_new(document, "candidates", candidates);
    json_decref(sought);
    return document;
}
