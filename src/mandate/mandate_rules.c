/* mandate_rules.c: a mandate's life: written, submitted, approved or returned, extended.
 *
 * Owns the states and who may move them. Every principal in force today must approve a version
 * since it was last submitted; for a group that nobody commissions the support function does. What
 * an annex (annex.c) has in common with a mandate, the sheet of paper, is here too. Must not know
 * pages. */
#include <string.h>
#include <kansli/crypt.h>
#include <kansli/group.h>
#include "internal.h"

/* ---------------------------------------------------------------- the sheet of paper */

enum code sheet_find(struct ctx *ctx, const struct resource *r, const char *id, struct sheet *sheet)
{
    memset(sheet, 0, sizeof *sheet);
    json_t *seen = resource_one(ctx, r, id, NULL, NULL);
    if (!seen)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    json_decref(seen);
    json_t *row = db_row(ctx->tx,
                         "SELECT key AS \"key\", id AS \"id\", group_key AS \"group\", "
                         "kind_key AS \"kind\", number AS \"number\", state AS \"state\", "
                         "valid_from AS \"from\", valid_to AS \"to\", submitted_at AS \"at\" "
                         "FROM mandate WHERE id = ?1",
                         id);
    *sheet = (struct sheet){
        .key = json_int(row, "key", 0),
        .group_key = json_int(row, "group", 0),
        .kind_key = json_int(row, "kind", 0),
        .number = json_int(row, "number", 0),
        .id = arena_strdup(ctx->arena, json_text(row, "id")),
        .state = arena_strdup(ctx->arena, json_text(row, "state")),
        .valid_from = arena_strdup(ctx->arena, json_text(row, "from")),
        .valid_to = arena_strdup(ctx->arena, json_text(row, "to")),
        .was_submitted = json_text(row, "at") != NULL,
    };
    json_decref(row);
    return tx_code(ctx->tx);
}

enum code sheet_check(struct ctx *ctx, const struct mandate_input *in, enum code read)
{
    const struct {
        const char *pointer, *text;
    } texts[] = {{"/purpose", in->purpose},    {"/scope", in->scope},
                 {"/timePlan", in->time_plan}, {"/nominationProcess", in->nomination_process},
                 {"/costs", in->costs},        {"/reporting", in->reporting}};
    const char *html;
    if (read && !ctx->err->fields)
        return read;
    if (in->valid_from && in->valid_to && strcmp(in->valid_to, in->valid_from) < 0)
        err_field(ctx->err, "/validTo", N_("The last day comes before the first."), NULL);
    for (size_t i = 0; i < LEN(texts); i++)
        if (texts[i].text && ctx_markdown(ctx, texts[i].text, 3, texts[i].pointer, &html) &&
            ctx->err->code != E_INPUT)
            return ctx->err->code;
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
}

enum code sheet_insert(struct ctx *ctx, const struct resource *r, const char *owner,
                       long long owner_key, const struct mandate_input *in, const char **id)
{
    char uuid[UUID_SIZE];
    long long key = 0;
    long long number = db_int(ctx->tx, 0,
                              "SELECT number FROM mandate WHERE group_key = ?1 OR kind_key = ?2 "
                              "ORDER BY number DESC LIMIT 1",
                              KEY(r == &mandate_resource ? owner_key : 0),
                              KEY(r == &mandate_resource ? 0 : owner_key));
    json_t *extra = json_object();
    json_put_int(extra, owner, owner_key);
    json_put_int(extra, "number", number + 1);
    crypt_uuid(uuid);
    *id = arena_strdup(ctx->arena, uuid);
    enum code c = resource_insert(ctx, r, in, *id, extra, &key);
    json_decref(extra);
    return c;
}

enum code sheet_is_draft(struct ctx *ctx, const struct sheet *sheet)
{
    if (!strcmp(sheet->state, "draft") || !strcmp(sheet->state, "returned"))
        return OK;
    return ctx_fail(ctx, E_CONFLICT, "not-draft",
                    N_("Only a draft, or what was returned, is changed. Make a new version."));
}

enum code sheet_change(struct ctx *ctx, const struct resource *r, const struct sheet *sheet,
                       struct answer *out)
{
    struct mandate_input in;
    struct edit edit = {0};
    enum code c = sheet_is_draft(ctx, sheet);
    if (c)
        return c;
    c = sheet_check(ctx, &in, resource_edit(ctx, r, sheet->id, &edit, &in));
    if (!c)
        c = resource_update(ctx, r, &edit, &in, NULL);
    resource_edit_end(&edit);
    out->flash = N_("The draft is saved.");
    return c ? c : resource_changed(ctx, r, sheet->id, out);
}

/* What somebody has been asked to approve stays in the register. */
enum code sheet_remove(struct ctx *ctx, const struct resource *r, const struct sheet *sheet,
                       struct answer *out)
{
    struct edit edit = {0};
    if (strcmp(sheet->state, "draft") || sheet->was_submitted)
        return ctx_fail(ctx, E_CONFLICT, "not-draft",
                        N_("Only a draft that was never submitted is deleted."));
    enum code c = resource_guard(ctx, r, sheet->id, &edit);
    if (!c)
        c = resource_delete(ctx, r, &edit);
    resource_edit_end(&edit);
    out->flash = N_("The draft is deleted.");
    return c;
}

enum code sheet_move(struct ctx *ctx, const struct resource *r, const struct sheet *sheet,
                     const char *state, const char *act)
{
    json_t *changes = json_object();
    if (strcmp(state, sheet->state))
        json_put_new(changes, "status", json_pack("[s, s]", sheet->state, state));
    enum code c =
        db_run(ctx->tx, "UPDATE mandate SET state = ?2 WHERE key = ?1", sheet->key, state);
    if (!c)
        return resource_touch(ctx, r, sheet->key, sheet->id, act, changes);
    json_decref(changes);
    return c;
}

enum code sheet_say(struct ctx *ctx, const struct sheet *sheet, long long principal,
                    const char *outcome, const char *comment, const char *at)
{
    char id[UUID_SIZE];
    crypt_uuid(id);
    return db_run(ctx->tx,
                  "INSERT INTO mandate_approval (id, mandate_key, principal_key, outcome, comment, "
                  "at, account_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                  (const char *)id, sheet->key, KEY(principal), outcome, comment, at,
                  KEY(ctx->actor->account_key));
}

/* ---------------------------------------------------------------- written */

enum code mandate_create(struct ctx *ctx, struct answer *out)
{
    struct mandate_input in;
    const char *id;
    enum code c;
    long long group_key = group_named(ctx, out, &c);
    if (c || out->moved)
        return c;
    if (group_key) {
        c = must_may(ctx, ACT_CHANGE_GROUP, group_key);
        if (c)
            return c;
    }
    c = resource_read(ctx, &mandate_resource, &in);
    group_check_named(ctx, group_key, &in.group);
    c = sheet_check(ctx, &in, ctx->err->code ? ctx->err->code : c);
    if (!c)
        c = sheet_insert(ctx, &mandate_resource, "group_key", group_key, &in, &id);
    if (c)
        return c;
    out->flash = N_("The draft is saved.");
    return resource_created(ctx, &mandate_resource, id, out);
}

static enum code find_to_change(struct ctx *ctx, struct sheet *sheet)
{
    enum code c = sheet_find(ctx, &mandate_resource, ctx_value(ctx, "id"), sheet);
    return c ? c : must_may(ctx, ACT_CHANGE_GROUP, sheet->group_key);
}

enum code mandate_change(struct ctx *ctx, struct answer *out)
{
    struct sheet sheet;
    enum code c = find_to_change(ctx, &sheet);
    return c ? c : sheet_change(ctx, &mandate_resource, &sheet, out);
}

enum code mandate_remove(struct ctx *ctx, struct answer *out)
{
    struct sheet sheet;
    enum code c = find_to_change(ctx, &sheet);
    if (c)
        return c;
    const char *group = db_text(ctx->tx, "SELECT id FROM body WHERE key = ?1", sheet.group_key);
    out->see = arena_printf(ctx->arena, "/groups/%s/mandates", group ? group : "");
    return sheet_remove(ctx, &mandate_resource, &sheet, out);
}

/* ---------------------------------------------------------------- submitted */

enum code mandate_submit(struct ctx *ctx, struct answer *out)
{
    struct sheet sheet;
    enum code c = find_to_change(ctx, &sheet);
    if (!c)
        c = sheet_is_draft(ctx, &sheet);
    if (!c)
        c = db_run(ctx->tx, "UPDATE mandate SET submitted_at = ?2 WHERE key = ?1", sheet.key,
                   tx_instant(ctx->tx));
    if (!c)
        c = sheet_move(ctx, &mandate_resource, &sheet, "submitted", "submit");
    out->flash = N_("The mandate is submitted to its principals.");
    return c ? c : resource_created(ctx, &mandate_resource, sheet.id, out);
}

/* ---------------------------------------------------------------- approved or returned */

struct approval_input {
    struct ref_value principal;
    const char *outcome, *comment;
};

static const struct value outcomes[] = {
    {"approved", NC_("mandate", "Approved")},
    {"returned", NC_("mandate", "Returned")},
    {NULL, NULL},
};

const struct field mandate_approval_fields[] = {
    {.name = "principalId",
     .label = N_("Principal"),
     .type = T_REF,
     .at = offsetof(struct approval_input, principal),
     .reference = &group_reference,
     .hint = N_("The group in whose name it is approved or returned.")},
    {.name = "outcome",
     .label = N_("Decision"),
     .type = T_ENUM,
     .at = offsetof(struct approval_input, outcome),
     .flags = F_REQUIRED,
     .values = outcomes},
    {.name = "comment",
     .label = N_("Comment"),
     .type = T_LINES,
     .at = offsetof(struct approval_input, comment),
     .hint = N_("Needed when it is returned: what should be changed.")},
    {0},
};

/* A principal's officer has approved since the version was last submitted. */
#define PRINCIPALS                                                                               \
    "SELECT p.principal_key AS \"key\", b.id AS \"id\", w.full_name AS \"name\" FROM mandate m " \
    "JOIN group_principal p ON p.group_key = m.group_key AND p.start_date <= ?4 "                \
    "AND (p.end_date IS NULL OR p.end_date >= ?4) JOIN workgroup w ON w.key = p.principal_key "  \
    "JOIN body b ON b.key = w.key WHERE m.key = ?5 "
#define SILENT                                                                      \
    "AND NOT EXISTS (SELECT 1 FROM mandate_approval a WHERE a.mandate_key = m.key " \
    "AND a.principal_key = p.principal_key AND a.outcome = 'approved' AND a.at >= " \
    "m.submitted_at) "
#define IN_ORDER "ORDER BY p.position, p.key"

json_t *mandate_awaits(struct ctx *ctx, long long key, bool visible)
{
    if (!visible)
        return db_rows(ctx->tx, PRINCIPALS SILENT IN_ORDER, READER(ctx), key);
    return db_rows(ctx->tx, PRINCIPALS SILENT "AND " GROUP_VISIBLE("w") IN_ORDER, READER(ctx), key);
}

static json_t *principals_now(struct ctx *ctx, long long key)
{
    return db_rows(ctx->tx, PRINCIPALS IN_ORDER, READER(ctx), key);
}

json_t *mandate_approvals(struct ctx *ctx, long long key, long long group_key)
{
    json_t *rows = db_rows(
        ctx->tx,
        "SELECT b.id AS \"principalId\", w.full_name AS \"principalName\", "
        "a.outcome AS \"outcome\", a.comment AS \"comment\", a.at AS \"at\", "
        "coalesce(c.name, c.email) AS \"byName\" FROM mandate_approval a "
        "LEFT JOIN workgroup w ON w.key = a.principal_key LEFT JOIN body b ON b.key = w.key "
        "LEFT JOIN account c ON c.key = a.account_key "
        "WHERE a.mandate_key = ?5 AND (w.key IS NULL OR " GROUP_VISIBLE(
            "w") ") ORDER BY a.at, a.key",
        READER(ctx), key);
    bool inside = may(ctx, ACT_SEE_DRAFTS, group_key);
    json_t *row;
    size_t i;
    json_array_foreach (rows, i, row) {
        json_put(row, "outcomeLabel", value_label(ctx, outcomes, json_text(row, "outcome")));
        if (inside)
            continue;
        json_put(row, "comment", NULL);
        json_put(row, "byName", NULL);
    }
    return rows;
}

long long mandate_group(struct ctx *ctx, const char *id)
{
    return db_int(ctx->tx, 0, "SELECT group_key FROM mandate WHERE id = ?1", id);
}

bool mandate_may_approve(struct ctx *ctx, long long key)
{
    json_t *principals = principals_now(ctx, key), *one;
    bool may_one = !json_array_size(principals) && may(ctx, ACT_APPROVE_MANDATE, 0);
    size_t i;
    json_array_foreach (principals, i, one)
        may_one = may_one || may(ctx, ACT_APPROVE_MANDATE, json_int(one, "key", 0));
    json_decref(principals);
    return may_one;
}

/* In whose name somebody speaks: one of today's principals; with none, the support function (0). */
static enum code who_speaks(struct ctx *ctx, const struct sheet *sheet,
                            const struct approval_input *in)
{
    json_t *principals = principals_now(ctx, sheet->key), *one;
    bool commissions = false;
    size_t i;
    json_array_foreach (principals, i, one)
        commissions = commissions || json_int(one, "key", 0) == in->principal.key;
    if (json_array_size(principals) && !in->principal.key)
        err_field(ctx->err, "/principalId", N_("This is needed."), NULL);
    else if (in->principal.key && !commissions)
        err_field(ctx->err, "/principalId", N_("That group does not commission this one today."),
                  NULL);
    json_decref(principals);
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
}

enum code mandate_refuse_approval(struct ctx *ctx, long long key)
{
    json_t *principals = principals_now(ctx, key);
    long long first = json_int(json_array_get(principals, 0), "key", 0);
    json_decref(principals);
    return must_may(ctx, ACT_APPROVE_MANDATE, first);
}

/* Approved when nobody is left to ask. */
static enum code conclude(struct ctx *ctx, const struct sheet *sheet, struct answer *out)
{
    json_t *silent = mandate_awaits(ctx, sheet->key, false);
    bool all = !json_array_size(silent);
    json_decref(silent);
    out->flash = all ? N_("The mandate is approved.")
                     : N_("Noted. The mandate still awaits another principal.");
    enum code c = tx_code(ctx->tx);
    if (!c && all)
        c = db_run(ctx->tx, "UPDATE mandate SET approved_at = ?2 WHERE key = ?1", sheet->key,
                   tx_instant(ctx->tx));
    return c ? c
             : sheet_move(ctx, &mandate_resource, sheet, all ? "approved" : "submitted", "approve");
}

enum code mandate_approve(struct ctx *ctx, struct answer *out)
{
    struct sheet sheet;
    struct approval_input in = {0};
    enum code c = sheet_find(ctx, &mandate_resource, ctx_value(ctx, "id"), &sheet);
    if (!c && !mandate_may_approve(ctx, sheet.key))
        c = mandate_refuse_approval(ctx, sheet.key);
    if (c)
        return c;
    if (strcmp(sheet.state, "submitted"))
        return ctx_fail(ctx, E_CONFLICT, "not-submitted",
                        N_("Only a mandate that is submitted is approved or returned."));
    ctx->as_support = false; /* what follows is asked of the principal that was named */
    if (fields_read(ctx, mandate_approval_fields, &in) && !ctx->err->fields)
        return ctx->err->code;
    bool returned = in.outcome && !strcmp(in.outcome, "returned");
    if (returned && !in.comment)
        err_field(ctx->err, "/comment", N_("Say what should be changed."), NULL);
    c = who_speaks(ctx, &sheet, &in);
    if (!c)
        c = must_may(ctx, ACT_APPROVE_MANDATE, in.principal.key);
    if (!c)
        c = sheet_say(ctx, &sheet, in.principal.key, in.outcome, in.comment, tx_instant(ctx->tx));
    if (!c && returned) {
        out->flash = N_("The mandate is returned.");
        c = sheet_move(ctx, &mandate_resource, &sheet, "returned", "return");
    } else if (!c) {
        c = conclude(ctx, &sheet, out);
    }
    return c ? c : resource_created(ctx, &mandate_resource, sheet.id, out);
}

/* ---------------------------------------------------------------- extended */

struct extension_input {
    const char *valid_to, *reference;
};

const struct field mandate_extension_fields[] = {
    {.name = "validTo",
     .label = N_("In force to"),
     .type = T_DAY,
     .at = offsetof(struct extension_input, valid_to),
     .flags = F_REQUIRED},
    {.name = "reference",
     .label = N_("Reference"),
     .type = T_TEXT,
     .at = offsetof(struct extension_input, reference),
     .hint = N_("A diary number or a decision.")},
    {0},
};

/* The day after the last, or today when that has passed. */
static const char *goes_on(struct ctx *ctx, const struct sheet *sheet)
{
    char next[DAY_SIZE];
    day_add(sheet->valid_to, 1, next);
    return strcmp(next, ctx->today) < 0 ? ctx->today : arena_strdup(ctx->arena, next);
}

/* The same text with other days: written as if somebody had filled in the form. */
static enum code copy_on(struct ctx *ctx, const struct sheet *sheet,
                         const struct extension_input *extension, const char **id)
{
    struct mandate_input in;
    const struct params *sent = ctx->body;
    struct params copy = {json_object(), true};
    json_t *now = resource_one(ctx, &mandate_resource, sheet->id, NULL, NULL);
    for (const struct field *field = mandate_resource.fields; field->name; field++) {
        json_t *value = field->flags & F_DERIVED ? NULL : field_member(now, field->name);
        if (value)
            json_object_set(copy.values, field->name, value);
    }
    fields_nest(mandate_resource.fields, copy.values);
    json_put(copy.values, "validFrom", goes_on(ctx, sheet));
    json_put(copy.values, "validTo", extension->valid_to);
    json_put(copy.values, "reference", extension->reference);
    ctx->body = &copy;
    enum code c = resource_read(ctx, &mandate_resource, &in);
    ctx->body = sent;
    json_decref(copy.values);
    json_decref(now);
    return c ? c : sheet_insert(ctx, &mandate_resource, "group_key", sheet->group_key, &in, id);
}

enum code mandate_extend(struct ctx *ctx, struct answer *out)
{
    struct sheet sheet;
    struct extension_input in = {0};
    const char *id;
    enum code c = find_to_change(ctx, &sheet);
    if (!c && strcmp(sheet.state, "approved"))
        c = ctx_fail(ctx, E_CONFLICT, "not-approved", N_("Only an approved mandate is extended."));
    if (!c && !sheet.valid_to)
        c = ctx_fail(
            ctx, E_CONFLICT, "not-approved",
            N_("This mandate is in force until further notice: there is nothing to extend."));
    if (!c)
        c = fields_read(ctx, mandate_extension_fields, &in);
    if (!c &&
        (strcmp(in.valid_to, sheet.valid_to) <= 0 || strcmp(in.valid_to, goes_on(ctx, &sheet)) < 0))
        c = err_field(ctx->err, "/validTo", N_("The new last day must come after the old one."),
                      NULL);
    if (!c)
        c = copy_on(ctx, &sheet, &in, &id);
    out->flash = N_("The extension is a draft: submit it when it is ready.");
    return c ? c : resource_created(ctx, &mandate_resource, id, out);
}

/* ---------------------------------------------------------------- the loader's */

enum code mandate_load_approved(struct ctx *ctx, const char *id, const char *day)
{
    struct sheet sheet;
    const char *at = arena_printf(ctx->arena, "%sT08:00:00.000Z", day);
    bool annex = db_exists(ctx->tx, "SELECT 1 FROM mandate WHERE id = ?1 AND kind_key > 0", id);
    const struct resource *r = annex ? &annex_resource : &mandate_resource;
    enum code c = sheet_find(ctx, r, id, &sheet);
    if (c)
        return c;
    json_t *principals = principals_now(ctx, sheet.key), *one;
    size_t i;
    json_array_foreach (principals, i, one)
        c = c ? c : sheet_say(ctx, &sheet, json_int(one, "key", 0), "approved", NULL, at);
    if (!c && !json_array_size(principals))
        c = sheet_say(ctx, &sheet, 0, "approved", NULL, at);
    json_decref(principals);
    if (!c)
        c = db_run(ctx->tx, "UPDATE mandate SET submitted_at = ?2, approved_at = ?2 WHERE key = ?1",
                   sheet.key, at);
    return c ? c : sheet_move(ctx, r, &sheet, "approved", "approve");
}
