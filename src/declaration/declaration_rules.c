/* declaration_rules.c: a declaration while it is written.
 *
 * Owns who writes: the person, and nobody in her place; a form signed on paper is recorded by a
 * process leader of one of her groups, and says so. Until it is submitted it is its writer's alone.
 * Must not know what happens then (declaration_submit.c) nor how the questions are asked. */
#include <string.h>
#include <kansli/crypt.h>
#include "internal.h"

/* ---------------------------------------------------------------- finding */

static const char *kept(struct ctx *ctx, const json_t *row, const char *name)
{
    const char *text = json_text(row, name);
    return text ? arena_strdup(ctx->arena, text) : NULL;
}

enum code declared_find(struct ctx *ctx, const char *id, struct declared *out)
{
    json_t *row = db_row(
        ctx->tx,
        "SELECT d.key AS \"key\", d.version AS \"version\", d.person_key AS \"person\", "
        "d.form_key AS \"form\", d.id AS \"id\", p.id AS \"personId\", d.state AS \"state\", "
        "f.variant AS \"variant\", d.on_paper AS \"paper?\" FROM declaration d "
        "JOIN person p ON p.key = d.person_key JOIN declaration_form f ON f.key = d.form_key "
        "WHERE d.id = ?5 AND CASE WHEN d.state <> 'draft' THEN ?2 = 1 OR d.person_key = ?3 "
        "OR " KNOWN_TO_READER("d.key", "d.person_key") " WHEN d.on_paper = 1 "
        "THEN d.entered_by_key = ?7 ELSE d.person_key = ?3 END",
        DECLARATION_ARGS(ctx, id));
    *out = (struct declared){.key = json_int(row, "key", 0),
                             .version = json_int(row, "version", 0),
                             .person_key = json_int(row, "person", 0),
                             .form_key = json_int(row, "form", 0),
                             .id = kept(ctx, row, "id"),
                             .person_id = kept(ctx, row, "personId"),
                             .state = kept(ctx, row, "state"),
                             .variant = kept(ctx, row, "variant"),
                             .paper = json_true_at(row, "paper")};
    out->own = out->person_key && out->person_key == ctx->actor->person_key;
    json_decref(row);
    return tx_code(ctx->tx) ? tx_code(ctx->tx) : out->key ? OK : ctx_absent(ctx);
}

json_t *declaration_groups_open(struct ctx *ctx, long long person_key, bool paper)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT DISTINCT g.key AS \"key\", b.id AS \"id\", "
                           "g.full_name AS \"name\" FROM participation p "
                           "JOIN workgroup g ON g.key = p.group_key JOIN body b ON b.key = g.key "
                           "WHERE p.person_key = ?5 AND " PARTICIPATES("p")
                           " ORDER BY g.full_name, g.key",
                           DECLARATION_ARGS(ctx, person_key));
    for (size_t i = json_array_size(rows); paper && i > 0; i--)
        if (!may(ctx, ACT_RECORD_PAPER, json_int(json_array_get(rows, i - 1), "key", 0)))
            json_array_remove(rows, i - 1);
    return rows;
}

/* A process leader of some group of the person. */
static enum code must_record(struct ctx *ctx, long long person_key)
{
    json_t *led = declaration_groups_open(ctx, person_key, true);
    bool leads = json_array_size(led) > 0;
    json_decref(led);
    return leads ? tx_code(ctx->tx) : must_may_as(ctx, ACT_RECORD_PAPER, 0);
}

enum code declared_is_draft(struct ctx *ctx, const struct declared *it)
{
    bool recorded = it->paper && !it->own && !strcmp(it->state, "draft");
    enum code c = recorded ? must_record(ctx, it->person_key)
                           : must_may_person(ctx, ACT_WRITE_DECLARATION, it->person_key);
    if (!c && strcmp(it->state, "draft"))
        c = ctx_fail(ctx, E_CONFLICT, "not-draft",
                     N_("What was submitted is not changed. Begin a new declaration from it."));
    return c;
}

/* ---------------------------------------------------------------- what a field alone cannot tell
 */

void declaration_check_interests(struct ctx *ctx, const char *interests, int no_interests)
{
    json_t *rows = interests ? json_loads(interests, 0, NULL) : NULL, *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *first = json_text(row, "startDate"), *last = json_text(row, "endDate");
        if (first && last && strcmp(last, first) < 0)
            err_field(ctx->err, arena_printf(ctx->arena, "/interests/%zu/endDate", i),
                      N_("The last day comes before the first."), NULL);
    }
    if (no_interests == 1 && json_array_size(rows))
        err_field(ctx->err, "/noInterests",
                  N_("Either there are interests to declare, or there are none."), NULL);
    json_decref(rows);
}

static void check_groups(struct ctx *ctx, const struct declaration_input *in, bool paper)
{
    json_t *open = declaration_groups_open(ctx, in->person.key, paper), *group;
    for (size_t n = 0; n < in->groups.n; n++) {
        bool found = false;
        size_t i;
        json_array_foreach(open, i, group)
            found = found || json_int(group, "key", 0) == in->groups.item[n].key;
        if (!found)
            err_field(ctx->err, arena_printf(ctx->arena, "/groupIds/%zu", n),
                      N_("Choose groups where the person sits, will sit or is nominated."), NULL);
    }
    json_decref(open);
}

static void check_paper(struct ctx *ctx, const struct declaration_input *in, bool paper)
{
    if (!paper && in->signed_date)
        err_field(ctx->err, "/signedDate", N_("Only a form that was signed on paper has this day."),
                  NULL);
    else if (paper && !in->signed_date)
        err_field(ctx->err, "/signedDate", N_("Say on which day the paper was signed."), NULL);
    else if (paper && !ctx->actor->everything && strcmp(in->signed_date, ctx->today) > 0)
        err_field(ctx->err, "/signedDate", N_("The day has not come yet."), NULL);
    if (paper && in->begin_from)
        err_field(ctx->err, "/beginFrom", N_("What is recorded from paper is written anew."), NULL);
}

/* Groups that were named are asked, others stay. */
static bool names_groups(const struct ctx *ctx)
{
    return json_object_get(ctx->body->values, "groupIds") != NULL;
}

static enum code check_input(struct ctx *ctx, struct declaration_input *in, bool paper)
{
    declaration_check_interests(ctx, in->interests, in->no_interests);
    check_paper(ctx, in, paper);
    if (!in->variant && !params_text(ctx->body, "formVariant"))
        err_field(ctx->err, "/formVariant", N_("This is needed."), NULL);
    if (in->person.key && names_groups(ctx))
        check_groups(ctx, in, paper);
    if (in->attested < 0)
        in->attested = 0;
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- which groups are asked */

static enum code ask(struct ctx *ctx, long long key, long long group_key)
{
    return db_run(ctx->tx,
                  "INSERT INTO declaration_group (declaration_key, group_key) VALUES (?1, ?2)", key,
                  group_key);
}

static enum code ask_none(struct ctx *ctx, long long key)
{
    return db_run(ctx->tx, "DELETE FROM declaration_group WHERE declaration_key = ?1", key);
}

enum code declaration_ask_all(struct ctx *ctx, long long key, long long person_key, bool paper)
{
    json_t *open = declaration_groups_open(ctx, person_key, paper), *group;
    enum code c = ask_none(ctx, key);
    size_t i;
    json_array_foreach(open, i, group)
        c = c ? c : ask(ctx, key, json_int(group, "key", 0));
    json_decref(open);
    return c;
}

static enum code ask_chosen(struct ctx *ctx, long long key, const struct declaration_input *in,
                            bool paper)
{
    if (!in->groups.n)
        return declaration_ask_all(ctx, key, in->person.key, paper);
    enum code c = ask_none(ctx, key);
    for (size_t i = 0; !c && i < in->groups.n; i++)
        c = ask(ctx, key, in->groups.item[i].key);
    return c;
}

/* ---------------------------------------------------------------- begun */

/* What a new one takes from the one before. */
struct before {
    long long key, form_key;
    const char *variant, *interests, *answers;
};

#define BEFORE                                                                                     \
    "SELECT d.key AS \"key\", d.form_key AS \"form\", f.variant AS \"variant\", "                  \
    "d.interests AS \"interests\", d.answers AS \"answers\" FROM declaration d "                   \
    "JOIN declaration_form f ON f.key = d.form_key WHERE d.person_key = ?1 "                       \
    "AND d.state <> 'draft' "

/* "true": the last one submitted; else the one with that id. Only of the person's own. */
static bool find_before(struct ctx *ctx, long long person_key, const char *from, struct before *out)
{
    json_t *row = !strcmp(from, "true")
                      ? db_row(ctx->tx, BEFORE "AND d.state = 'submitted' "
                                               "ORDER BY d.submitted_at DESC, d.key DESC LIMIT 1",
                               person_key)
                      : db_row(ctx->tx, BEFORE "AND d.id = ?2", person_key, from);
    *out = (struct before){.key = json_int(row, "key", 0),
                           .form_key = json_int(row, "form", 0),
                           .variant = kept(ctx, row, "variant"),
                           .interests = kept(ctx, row, "interests"),
                           .answers = kept(ctx, row, "answers")};
    json_decref(row);
    return out->key != 0;
}

/* What was sent stands; what was not is taken from the one before. That there is nothing to declare
 * is said anew each time. */
static void begin_from(struct ctx *ctx, struct declaration_input *in, struct before *before)
{
    if (!in->begin_from)
        return;
    if (!find_before(ctx, in->person.key, in->begin_from, before)) {
        err_field(ctx->err, "/beginFrom", N_("There is no declaration of yours to begin from."),
                  NULL);
        return;
    }
    if (!in->variant)
        in->variant = before->variant;
    if (!in->interests && in->no_interests != 1)
        in->interests = before->interests;
}

static enum code insert(struct ctx *ctx, const struct declaration_input *in,
                        const struct before *before, bool paper, const char **id, long long *key)
{
    char uuid[UUID_SIZE];
    long long form = declaration_form_in_force(ctx, in->variant);
    if (!form)
        return ctx_fail(ctx, E_CONFLICT, "no-form",
                        N_("This form has no questions yet. An administrator enters them."));
    json_t *extra = json_object();
    json_put_int(extra, "form_key", form);
    json_put_int(extra, "on_paper", paper);
    if (ctx->actor->account_key)
        json_put_int(extra, "entered_by_key", ctx->actor->account_key);
    if (before->key)
        json_put_int(extra, "begun_from_key", before->key);
    if (before->form_key == form && before->answers)
        json_put(extra, "answers", before->answers);
    crypt_uuid(uuid);
    *id = arena_strdup(ctx->arena, uuid);
    enum code c = resource_insert(ctx, &declaration_resource, in, *id, extra, key);
    json_decref(extra);
    return c ? c : ask_chosen(ctx, *key, in, paper);
}

enum code declaration_insert_paper(struct ctx *ctx, struct declaration_input *in, const char **id)
{
    long long key = 0;
    enum code c = check_input(ctx, in, true);
    return c ? c : insert(ctx, in, &(struct before){0}, true, id, &key);
}

enum code declaration_begin(struct ctx *ctx, const char *variant, const char *from_id,
                            const char **id)
{
    struct before before = {0};
    long long key, self = ctx->actor->person_key;
    struct declaration_input in = {
        .person = {db_text(ctx->tx, "SELECT id FROM person WHERE key = ?1", self), self},
        .variant = variant,
        .begin_from = from_id,
        .no_interests = -1};
    enum code c = must_may_person(ctx, ACT_WRITE_DECLARATION, self);
    if (c)
        return c;
    begin_from(ctx, &in, &before);
    c = ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
    return c ? c : insert(ctx, &in, &before, false, id, &key);
}

/* ---------------------------------------------------------------- POST */

/* "beginFrom": true is the last one; the field itself is an id. */
static enum code read_body(struct ctx *ctx, struct declaration_input *in)
{
    const struct params *sent = ctx->body;
    struct params body = {json_copy(sent->values), sent->typed};
    if (json_is_true(json_object_get(body.values, "beginFrom")))
        json_put(body.values, "beginFrom", "true");
    ctx->body = &body;
    enum code c = resource_read(ctx, &declaration_resource, in);
    ctx->body = sent;
    json_decref(body.values);
    return c;
}

/* Who declares: the caller, or somebody whose paper is recorded. */
static enum code settle_person(struct ctx *ctx, struct declaration_input *in, bool *paper)
{
    long long self = ctx->actor->person_key;
    if (!in->person.key && !ctx->err->fields)
        in->person = (struct ref_value){
            db_text(ctx->tx, "SELECT id FROM person WHERE key = ?1", self), self};
    *paper = in->person.key && in->person.key != self;
    if (ctx->err->fields)
        return E_INPUT;
    return *paper ? must_record(ctx, in->person.key)
                  : must_may_person(ctx, ACT_WRITE_DECLARATION, in->person.key);
}

enum code declaration_create(struct ctx *ctx, struct answer *out)
{
    struct declaration_input in;
    struct before before = {0};
    const char *id;
    long long key = 0;
    bool paper = false;
    out->personal = true;
    if (!params_text(ctx->body, "personId") &&
        must_may_person(ctx, ACT_WRITE_DECLARATION, ctx->actor->person_key))
        return ctx->err->code;
    if (read_body(ctx, &in) && !ctx->err->fields)
        return ctx->err->code;
    enum code c = settle_person(ctx, &in, &paper);
    if (c && !ctx->err->fields)
        return c;
    begin_from(ctx, &in, &before);
    c = check_input(ctx, &in, paper);
    if (!c)
        c = insert(ctx, &in, &before, paper, &id, &key);
    if (c)
        return c;
    out->flash = N_("The draft is saved.");
    return resource_created(ctx, &declaration_resource, id, out);
}

/* ---------------------------------------------------------------- PATCH and DELETE */

/* Another variant asks other questions: what was answered so far answers none of them. */
static enum code change_form(struct ctx *ctx, const struct declared *it, const char *variant)
{
    if (!strcmp(variant, it->variant))
        return OK;
    long long form = declaration_form_in_force(ctx, variant);
    if (!form)
        return ctx_fail(ctx, E_CONFLICT, "no-form",
                        N_("This form has no questions yet. An administrator enters them."));
    return db_run(ctx->tx, "UPDATE declaration SET form_key = ?2, answers = NULL WHERE key = ?1",
                  it->key, form);
}

static enum code find_draft(struct ctx *ctx, struct declared *it)
{
    enum code c = declared_find(ctx, ctx_value(ctx, "id"), it);
    return c ? c : declared_is_draft(ctx, it);
}

enum code declaration_change(struct ctx *ctx, struct answer *out)
{
    struct declaration_input in;
    struct declared it;
    struct edit edit = {0};
    out->personal = true;
    enum code c = find_draft(ctx, &it);
    if (c)
        return c;
    c = resource_edit(ctx, &declaration_resource, it.id, &edit, &in);
    if (c == OK || (c == E_INPUT && ctx->err->fields))
        c = check_input(ctx, &in, it.paper);
    if (!c)
        c = change_form(ctx, &it, in.variant);
    if (!c)
        c = resource_update(ctx, &declaration_resource, &edit, &in, NULL);
    if (!c && names_groups(ctx))
        c = ask_chosen(ctx, it.key, &in, it.paper);
    resource_edit_end(&edit);
    out->flash = N_("The draft is saved.");
    return c ? c : resource_changed(ctx, &declaration_resource, it.id, out);
}

/* Nobody else knew of it: nobody is told that it is gone. */
enum code declaration_remove(struct ctx *ctx, struct answer *out)
{
    struct declared it;
    struct edit edit = {0};
    enum code c = find_draft(ctx, &it);
    if (c)
        return c;
    c = resource_guard(ctx, &declaration_resource, it.id, &edit);
    if (!c)
        c = resource_delete(ctx, &declaration_resource, &edit);
    resource_edit_end(&edit);
    if (!c)
        c = db_run(ctx->tx, "DELETE FROM tombstone WHERE type = 'declarations' AND id = ?1", it.id);
    out->see = "/declarations";
    out->flash = N_("The draft is deleted.");
    return c;
}

/* ---------------------------------------------------------------- written one question at a time
 */

static const char *text_of(struct ctx *ctx, const json_t *value)
{
    struct buf buf;
    buf_init(&buf, 1 << 20);
    json_write(&buf, value);
    const char *text = arena_strndup(ctx->arena, buf.data, buf.len);
    buf_release(&buf);
    return text;
}

/* Every question of the form is answered no: that nothing is to be declared has been said. */
static bool all_denied(struct ctx *ctx, long long form_key, const json_t *answers)
{
    json_t *questions = declaration_questions(ctx, form_key), *question;
    bool denied = json_array_size(questions) > 0;
    size_t i;
    json_array_foreach(questions, i, question)
        denied = denied && json_is_false(json_object_get(answers, json_text(question, "code")));
    json_decref(questions);
    return denied;
}

enum code declaration_keep(struct ctx *ctx, const struct declared *it, const json_t *answers,
                           const json_t *interests)
{
    enum code c = declared_is_draft(ctx, it);
    if (c)
        return c;
    bool some = json_array_size(interests) > 0;
    c = db_run(ctx->tx,
               "UPDATE declaration SET answers = ?2, interests = ?3, no_interests = ?4 "
               "WHERE key = ?1",
               it->key, json_object_size(answers) ? text_of(ctx, answers) : NULL,
               some ? text_of(ctx, interests) : NULL,
               KEY(!some && all_denied(ctx, it->form_key, answers)));
    return c ? c
             : resource_touch(ctx, &declaration_resource, it->key, it->id, "update",
                              json_pack("{s:[n, n]}", "interests"));
}
