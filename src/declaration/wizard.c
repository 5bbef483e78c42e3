/* wizard.c: a declaration is written one question to a page (S7).
 *
 * Owns the steps: which interests belong to which question, what each button does, the page to
 * check the answers on. Every button saves, "Back" and "Add a row" too, so that a time-out or a
 * telephone call loses nothing; only "Save and continue" asks for what is needed. Works without a
 * script. Must not know what an interest has (interest_rows.c) nor how it is kept. */
#include <stdlib.h>
#include <string.h>
#include "internal.h"

/* A question that somebody is at. */
struct step {
    struct declared it;
    json_t *questions, *draft; /* new references */
    const json_t *question;    /* borrowed */
    size_t number, total;      /* from 1; the page to check is one more */
};

const struct field wizard_query[] = {
    {.name = "rows", .label = N_("Rows to show"), .type = T_INT, .max = 100},
    {.name = "from", .label = N_("Come from"), .type = T_SLUG},
    {0},
};

static void step_end(struct step *step)
{
    json_decref(step->questions);
    json_decref(step->draft);
}

static enum code draft_find(struct ctx *ctx, struct step *step)
{
    *step = (struct step){0};
    enum code c = declared_find(ctx, ctx_value(ctx, "id"), &step->it);
    if (!c)
        c = declared_is_draft(ctx, &step->it);
    if (c)
        return c;
    step->questions = declaration_questions(ctx, step->it.form_key);
    step->draft = declaration_draft(ctx, step->it.key);
    step->total = json_array_size(step->questions);
    return tx_code(ctx->tx);
}

static enum code step_find(struct ctx *ctx, struct step *step)
{
    enum code c = draft_find(ctx, step);
    const char *text = ctx_value(ctx, "number");
    size_t digits = strspn(text, "0123456789");
    if (!c && digits && digits < 4 && !text[digits] && text[0] != '0')
        step->number = strtoul(text, NULL, 10);
    if (!c && (!step->number || step->number > step->total))
        c = ctx_absent(ctx);
    if (c)
        step_end(step);
    else
        step->question = json_array_get(step->questions, step->number - 1);
    return c;
}

static const char *step_path(struct ctx *ctx, const struct step *step, size_t number)
{
    return number > step->total
               ? arena_printf(ctx->arena, "/declarations/%s/check", step->it.id)
               : arena_printf(ctx->arena, "/declarations/%s/questions/%zu", step->it.id, number);
}

/* ---------------------------------------------------------------- whose interests are whose */

static bool asks_for(const json_t *question, const char *kind)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(question, "kinds"), i, one)
        if (kind && !strcmp(json_string_value(one), kind))
            return true;
    return false;
}

/* The first question that asks for the kind has the interest. NULL: none asks for it any more. */
static const json_t *question_of(const json_t *questions, const json_t *interest)
{
    size_t i;
    json_t *question;
    const char *kind = json_text(interest, "kind");
    json_array_foreach((json_t *)questions, i, question)
        if (asks_for(question, kind))
            return question;
    return NULL;
}

/* Those of one question (NULL: of none), or with `others` all but those. New reference. */
static json_t *interests_of(const struct step *step, const json_t *question, bool others)
{
    json_t *some = json_array(), *interest;
    size_t i;
    json_array_foreach(json_object_get(step->draft, "interests"), i, interest)
        if ((question_of(step->questions, interest) == question) != others)
            json_array_append(some, interest);
    return some;
}

static const char *answer_of(const struct step *step, const json_t *question)
{
    json_t *answer = json_object_get(json_object_get(step->draft, "answers"),
                                     json_text(question, "code"));
    return json_is_true(answer) ? "yes" : json_is_false(answer) ? "no" : NULL;
}

/* ---------------------------------------------------------------- one question */

/* The button that was pressed; "" for a draft that the page saves by itself. "remove.3" gives 3. */
static const char *act_of(struct ctx *ctx, int *row)
{
    const char *act = ctx->body ? params_text(ctx->body, "_act") : NULL;
    *row = -1;
    if (act && !strncmp(act, "remove.", 7) && strlen(act) <= 9 &&
        strspn(act + 7, "0123456789") == strlen(act + 7) && act[7])
        *row = (int)strtol(act + 7, NULL, 10);
    return act ? act : "";
}

static bool act_is(const char *act, const char *name)
{
    return !strcmp(act, name);
}

static void put_choice(json_t *document, const char *answer)
{
    json_put(document, "answer", answer);
    json_put_bool(document, "yes", answer && !strcmp(answer, "yes"));
    json_put_bool(document, "no", answer && !strcmp(answer, "no"));
}

static void tell(struct ctx *ctx, json_t *errors, const char *pointer, const char *id,
                 const char *label)
{
    const char *message = message_at(ctx, pointer);
    if (!message)
        return;
    json_t *error = json_push(errors, json_object());
    json_put(error, "id", id);
    json_put(error, "label", label);
    json_put(error, "message", message);
}

/* The form: what is kept, or after a failure what was typed. */
static void put_form(struct ctx *ctx, const struct step *step, json_t *document)
{
    bool again = ctx->err->code != OK;
    json_t *kinds = json_object_get(step->question, "kinds"), *errors = json_array();
    const char *asked = again ? NULL : ctx_query(ctx, "rows");
    size_t least = asked ? strtoul(asked, NULL, 10) : 1;
    int removed;
    act_of(ctx, &removed);
    json_t *rows = again ? interests_typed(ctx, kinds, removed)
                         : interests_of(step, step->question, false);
    tell(ctx, errors, "/answer", "f-answer-yes", ctx_text(ctx, N_("Your answer")));
    tell(ctx, errors, "/interests", "f-interests-0-counterparty", ctx_text(ctx, N_("Interests")));
    put_choice(document,
               again ? params_text(ctx->body, "answer") : answer_of(step, step->question));
    if (asked || (!again && json_array_size(rows))) /* there is something to declare */
        put_choice(document, "yes");
    json_put(document, "answerError", message_at(ctx, "/answer"));
    json_put(document, "rowsError", message_at(ctx, "/interests"));
    json_put_new(document, "rows",
                 interests_form(ctx, rows, kinds, least ? least : 1, errors));
    json_put(document, "message",
             again && ctx->err->code != E_INPUT
                 ? text_fill(ctx->arena, ctx_text(ctx, ctx->err->msgid), ctx->err->args)
                 : NULL);
    json_put_new(document, "errors", errors);
    json_decref(rows);
}

static const char *from_check(struct ctx *ctx)
{
    const char *from = ctx->body ? params_text(ctx->body, "_from") : NULL;
    if (!from)
        from = ctx_query(ctx, "from");
    return from && !strcmp(from, "check") ? "check" : NULL;
}

/* What reviewers asked for, while it is answered. */
static void put_head(const struct step *step, json_t *document)
{
    json_put(document, "id", step->it.id);
    json_put_int(document, "total", (long long)step->total + 1);
    json_object_set(document, "savedAt", json_object_get(step->draft, "savedAt"));
    json_object_set(document, "inquiries", json_object_get(step->draft, "inquiries"));
}

enum code wizard_show(struct ctx *ctx, struct answer *out)
{
    struct step step;
    enum code c = step_find(ctx, &step);
    if (c)
        return c;
    json_t *document = out->document = json_object();
    put_head(&step, document);
    json_put_int(document, "number", (long long)step.number);
    json_put(document, "action", step_path(ctx, &step, step.number));
    json_put(document, "from", from_check(ctx));
    json_put(document, "text", json_text(step.question, "text"));
    json_put(document, "hint", json_text(step.question, "hint"));
    put_form(ctx, &step, document);
    out->personal = true;
    out->view = "declaration/question";
    out->title = ctx_textf(ctx, N_("Step {number} of {total}: {question}"), "number",
                           arena_int(ctx->arena, (long long)step.number), "total",
                           arena_int(ctx->arena, (long long)step.total + 1), "question",
                           json_text(step.question, "text"), NULL);
    out->title = arena_strdup(ctx->arena, out->title);
    step_end(&step);
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- what a button does */

static enum code answer_check(struct ctx *ctx, const char *act, const char *answer,
                              const json_t *typed)
{
    bool known = answer && (!strcmp(answer, "yes") || !strcmp(answer, "no"));
    if (!known && (answer || act_is(act, "next")))
        return err_field(ctx->err, "/answer", N_("Choose yes or no."), NULL);
    if (act_is(act, "next") && !strcmp(answer, "yes") && !json_array_size(typed))
        return err_field(ctx->err, "/interests",
                         N_("Write at least one interest, or answer no."), NULL);
    return OK;
}

/* The kind is asked for at once: by it a row finds back to its question. */
static enum code check_kinds(struct ctx *ctx, const struct step *step, const json_t *rows)
{
    size_t i;
    json_t *row;
    json_array_foreach((json_t *)rows, i, row) {
        const char *kind = json_text(row, "kind");
        const char *pointer = arena_printf(ctx->arena, "/interests/%zu/kind", i);
        if (!kind && !message_at(ctx, pointer))
            err_field(ctx->err, pointer, N_("Choose what kind of interest it is."), NULL);
        else if (kind && !asks_for(step->question, kind))
            err_field(ctx->err, pointer, N_("This question asks for other interests."), NULL);
    }
    return ctx->err->code;
}

static enum code keep(struct ctx *ctx, struct step *step, const char *answer, json_t *rows)
{
    json_t *answers = json_copy(json_object_get(step->draft, "answers"));
    json_t *interests = interests_of(step, step->question, true);
    if (!answers)
        answers = json_object();
    if (answer)
        json_put_bool(answers, json_text(step->question, "code"), !strcmp(answer, "yes"));
    if (!answer || strcmp(answer, "no"))
        json_array_extend(interests, rows);
    enum code c = declaration_keep(ctx, &step->it, answers, interests);
    json_decref(answers);
    json_decref(interests);
    return c;
}

/* Where each button leads. */
static void lead_on(struct ctx *ctx, const struct step *step, const char *act, size_t rows,
                    struct answer *out)
{
    const char *from = from_check(ctx), *here = step_path(ctx, step, step->number);
    out->see = here;
    if (act_is(act, "next"))
        out->see = step_path(ctx, step, from ? step->total + 1 : step->number + 1);
    else if (act_is(act, "back"))
        out->see = from ? step_path(ctx, step, step->total + 1)
                   : step->number > 1 ? step_path(ctx, step, step->number - 1)
                                      : "/declarations";
    else if (act_is(act, "add"))
        out->see = arena_printf(ctx->arena, "%s?rows=%zu%s#interest-%zu", here, rows + 1,
                                from ? "&from=check" : "", rows + 1);
    else if (!strncmp(act, "remove.", 7))
        out->see = arena_printf(ctx->arena, "%s?rows=%zu%s#interests", here, rows ? rows : 1,
                                from ? "&from=check" : "");
    if (act_is(act, "close")) {
        out->see = "/declarations";
        out->flash = N_("The draft is saved. Go on with it whenever it suits you.");
    }
}

enum code wizard_save(struct ctx *ctx, struct answer *out)
{
    struct step step;
    int removed;
    const char *act = act_of(ctx, &removed);
    enum code c = step_find(ctx, &step);
    if (c)
        return c;
    const char *answer = params_text(ctx->body, "answer");
    answer = answer && *answer ? answer : NULL;
    if (act_is(act, "add"))
        answer = "yes";
    json_t *typed = interests_typed(ctx, json_object_get(step.question, "kinds"), removed), *rows;
    bool no = answer && !strcmp(answer, "no"); /* what stands in the rows is left where it is */
    if (no)
        json_array_clear(typed);
    c = answer_check(ctx, act, answer, typed);
    enum code wrong = interests_read(ctx, typed, act_is(act, "next"), &rows);
    c = c ? c : wrong; /* every message at once */
    if (!c)
        c = check_kinds(ctx, &step, rows);
    if (!c)
        c = keep(ctx, &step, answer, rows);
    if (!c) {
        out->document = json_object();
        lead_on(ctx, &step, act, json_array_size(rows), out);
    }
    json_decref(typed);
    json_decref(rows);
    step_end(&step);
    return c;
}

/* ---------------------------------------------------------------- check your answers */

static json_t *answers_shown(struct ctx *ctx, const struct step *step, bool *complete)
{
    json_t *all = json_array(), *question;
    size_t i;
    *complete = step->total > 0;
    json_array_foreach(step->questions, i, question) {
        json_t *one = json_push(all, json_object());
        json_t *interests = interests_of(step, question, false);
        const char *answer = answer_of(step, question);
        *complete = *complete && answer;
        json_put(one, "text", json_text(question, "text"));
        json_put(one, "href",
                 arena_printf(ctx->arena, "%s?from=check", step_path(ctx, step, i + 1)));
        put_choice(one, answer);
        json_put_new(one, "interests", interests_shown(ctx, interests));
        json_decref(interests);
    }
    return all;
}

/* Every message of a submission that was refused, with a way to the question that it is about. */
static json_t *refusals(struct ctx *ctx, const struct step *step)
{
    json_t *all = json_array(), *entry;
    size_t i;
    json_array_foreach(ctx->err->fields, i, entry) {
        const char *pointer = json_text(entry, "pointer");
        json_t *one = json_push(all, json_object());
        size_t at = pointer && !strncmp(pointer, "/interests/", 11)
                        ? strtoul(pointer + 11, NULL, 10)
                        : SIZE_MAX;
        const json_t *interest = json_array_get(json_object_get(step->draft, "interests"), at);
        json_put(one, "id", NULL);
        json_put(one, "message",
                 interest && json_text(interest, "counterparty")
                     ? arena_printf(ctx->arena, "%s: %s", json_text(interest, "counterparty"),
                                    message_at(ctx, pointer))
                     : text_fill(ctx->arena, ctx_text(ctx, json_text(entry, "msgid")),
                                 json_object_get(entry, "args")));
    }
    return all;
}

/* A signature that is missing is told beside its box; any other refusal over the page. */
static void put_refusal(struct ctx *ctx, const struct step *step, json_t *document)
{
    bool refused = ctx->err->code && ctx->err->code != E_INPUT, unsigned_ = false;
    json_t *errors = json_put_new(document, "errors", refusals(ctx, step)), *missing;
    const char *message =
        refused ? text_fill(ctx->arena, ctx_text(ctx, ctx->err->msgid), ctx->err->args) : NULL;
    size_t i;
    json_array_foreach(ctx->err->missing, i, missing)
        unsigned_ = unsigned_ || !strcmp(json_string_value(missing), "attested");
    if (unsigned_)
        json_push(errors, json_pack("{s:s, s:s, s:s}", "id", "f-attested", "label",
                                    ctx_text(ctx, N_("Your signature")), "message", message));
    json_put(document, "attestedError", unsigned_ ? message : NULL);
    json_put(document, "message", unsigned_ ? NULL : message);
}

enum code declaration_check_form(struct ctx *ctx, struct answer *out)
{
    struct step step;
    bool complete;
    enum code c = draft_find(ctx, &step);
    if (c)
        return c;
    json_t *document = out->document = json_object();
    json_t *rest = interests_of(&step, NULL, false);
    put_head(&step, document);
    json_put_new(document, "questions", answers_shown(ctx, &step, &complete));
    json_put_new(document, "rest", interests_shown(ctx, rest));
    json_put_bool(document, "complete", complete);
    json_put_bool(document, "none",
                  complete && !json_array_size(json_object_get(step.draft, "interests")));
    json_put_new(document, "asks", declaration_asks(ctx, step.it.key));
    json_put(document, "validUntil", declaration_validity(ctx));
    json_put(document, "back", step_path(ctx, &step, step.total));
    json_put_int(document, "version", step.it.version);
    put_refusal(ctx, &step, document);
    out->personal = true;
    out->view = "declaration/check";
    out->title = ctx_text(ctx, N_("Check your answers"));
    json_decref(rest);
    step_end(&step);
    return tx_code(ctx->tx);
}
