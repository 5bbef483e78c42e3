/* account_pages.c: one's own account: profile, sessions, password, second factor, tokens; and /me
 * for scripts.
 *
 * Owns the routes of a person who is logged in. Whatever loosens the account's protection asks for
 * the password again, on the worker. */
#include <string.h>

#include <kansli/crypt.h>
#include <kansli/json.h>

#include "internal.h"

static void add_crumbs(struct ctx *ctx, json_t *document, const char *here)
{
    json_t *crumbs = json_array();
    json_t *up = json_push(crumbs, json_object()), *last = json_push(crumbs, json_object());

    json_put(up, "href", "/account");
    json_put(up, "name", ctx_text(ctx, N_("My account")));
    json_put(last, "href", ctx->path);
    json_put(last, "name", here);
    ctx_embed(ctx, document, "crumbs", crumbs);
}

/* ---------------------------------------------------------------- profile */

struct profile_input {
    const char *language, *theme;
    int shortcuts;
};

static const struct field profile_fields[] = {
    {.name = "language",
     .label = N_("Language"),
     .type = T_ENUM,
     .at = offsetof(struct profile_input, language),
     .flags = F_REQUIRED,
     .values = account_languages},
    {.name = "theme",
     .label = N_("Theme"),
     .type = T_ENUM,
     .at = offsetof(struct profile_input, theme),
     .flags = F_REQUIRED,
     .values = account_themes},
    {.name = "shortcuts",
     .label = N_("Single-key shortcuts"),
     .type = T_BOOL,
     .at = offsetof(struct profile_input, shortcuts),
     .flags = F_WIDE,
     .hint = N_("For example / for the search field. Ctrl+K always works.")},
    {0},
};

static enum code me(struct ctx *ctx, struct answer *out)
{
    out->document = account_me(ctx);
    return out->document ? OK : ctx_absent(ctx);
}

static enum code profile_page(struct ctx *ctx, struct answer *out)
{
    json_t *document = account_me(ctx);

    if (!document)
        return ctx_absent(ctx);
    json_t *now = json_copy(document);
    if (!json_text(now, "language"))
        json_put(now, "language", "sv");
    if (!json_text(now, "theme"))
        json_put(now, "theme", "system");
    json_put_new(document, "form",
                 resource_form(ctx, profile_fields, now, "/account", ctx_text(ctx, N_("Save"))));
    json_decref(now);
    ctx_embed(ctx, document, "sessions", session_list(ctx));
    ctx_embed(ctx, document, "tokens", token_items(ctx, ctx->actor->account_id));
    out->document = document;
    out->title = ctx_text(ctx, N_("My account"));
    out->view = "account/profile";
    return OK;
}

static enum code profile_save(struct ctx *ctx, struct answer *out)
{
    struct profile_input in = {0};
    enum code c = fields_read(ctx, profile_fields, &in);

    if (c)
        return c;
    out->location = "/account";
    out->flash = N_("Saved.");
    return account_prefer(ctx, &(struct preferences){
                                   .language = in.language,
                                   .theme = strcmp(in.theme, "system") ? in.theme : NULL,
                                   .shortcuts = in.shortcuts == 1,
                               });
}

static enum code end_others(struct ctx *ctx, struct answer *out)
{
    out->location = "/account";
    out->flash = N_("The other sessions have ended.");
    return session_end_others(ctx, ctx->actor->account_key);
}

/* ---------------------------------------------------------------- password */

struct password_input {
    const char *current, *password, *again;
};

static const struct field password_fields[] = {
    {.name = "current",
     .label = N_("Present password"),
     .type = T_SECRET,
     .at = offsetof(struct password_input, current),
     .flags = F_REQUIRED | F_WIDE,
     .max = 500},
    {.name = "password",
     .label = N_("New password"),
     .type = T_SECRET,
     .at = offsetof(struct password_input, password),
     .flags = F_REQUIRED | F_WIDE,
     .max = 500,
     .hint = N_("At least 12 characters. Several words that do not belong together are strong "
                "and easy to remember.")},
    {.name = "again",
     .label = N_("The same password again"),
     .type = T_SECRET,
     .at = offsetof(struct password_input, again),
     .flags = F_REQUIRED | F_WIDE,
     .max = 500},
    {0},
};

static enum code password_page(struct ctx *ctx, struct answer *out)
{
    const char *title = ctx_text(ctx, N_("Change password"));
    json_t *document = json_object();

    json_put_new(document, "form",
                 resource_form(ctx, password_fields, NULL, "/account/password",
                               ctx_text(ctx, N_("Save the password"))));
    json_put(document, "email", ctx->actor->email);
    add_crumbs(ctx, document, title);
    out->document = document;
    out->title = title;
    out->view = "account/password";
    return OK;
}

static enum code password_before(struct ctx *ctx, struct answer *out)
{
    struct password_input in = {0};
    char hash[PASSWORD_SIZE];
    enum code c = fields_read(ctx, password_fields, &in);

    (void)out;
    if (c)
        return c;
    if (strcmp(in.password, in.again))
        err_field(ctx->err, "/again", N_("The two passwords differ."), NULL);
    /* Both are asked: their messages are told at once. */
    enum code confirmed = session_confirm(ctx, in.current, "/current");
    enum code allowed = password_allowed(ctx->arena, in.password, ctx->actor->email,
                                         ctx->actor->name, "/password", ctx->err);
    if (confirmed || allowed || ctx->err->code)
        return ctx->err->code;
    crypt_password(in.password, hash);
    ctx->prepared = json_object();
    json_put(ctx->prepared, "hash", hash);
    return OK;
}

static enum code password_save(struct ctx *ctx, struct answer *out)
{
    long long key = ctx->actor->account_key;
    enum code c = account_set_password(ctx, key, json_text(ctx->prepared, "hash"));

    out->location = "/account";
    out->flash = N_("The password is changed. Your other sessions have ended.");
    return c ? c : session_begin(ctx, key, true, &out->set_session);
}

/* ---------------------------------------------------------------- second factor */

struct factor_input {
    const char *password, *code;
};

#define PASSWORD_FIELD                                                                          \
    {                                                                                           \
        .name = "password", .label = N_("Password"), .type = T_SECRET,                          \
        .at = offsetof(struct factor_input, password), .flags = F_REQUIRED | F_WIDE, .max = 500 \
    }
#define CODE_FIELD                                                                 \
    {                                                                              \
        .name = "code", .label = N_("Code"), .type = T_TEXT,                       \
        .at = offsetof(struct factor_input, code), .flags = F_REQUIRED, .max = 12, \
        .hint = N_("Six digits, from your authenticator app.")                     \
    }

static const struct field no_fields[] = {{0}};
static const struct field begin_fields[] = {PASSWORD_FIELD, {0}};
static const struct field confirm_fields[] = {CODE_FIELD, {0}};
static const struct field remove_fields[] = {PASSWORD_FIELD, CODE_FIELD, {0}};

/* Who has just given the password, and nothing more, is not asked for it again. */
static const struct field *fields_to_begin(const struct ctx *ctx)
{
    return ctx->actor->half ? no_fields : begin_fields;
}

static json_t *factor_form(struct ctx *ctx, const json_t *state)
{
    if (json_true_at(state, "on"))
        return resource_form(ctx, remove_fields, NULL, "/account/second-factor/removals",
                             ctx_text(ctx, N_("Remove the second factor")));
    if (json_text(state, "secret"))
        return resource_form(ctx, confirm_fields, NULL, "/account/second-factor/confirmations",
                             ctx_text(ctx, N_("Turn on")));
    return resource_form(ctx, fields_to_begin(ctx), NULL, "/account/second-factor",
                         ctx_text(ctx, N_("Set up")));
}

static enum code factor_page(struct ctx *ctx, struct answer *out)
{
    const char *title = ctx_text(ctx, N_("Second factor"));

    if (ctx->actor->half && factor_is_on(ctx)) {
        out->see = "/login/code";
        return OK;
    }
    json_t *document = json_object(), *state = factor_state(ctx);
    json_put_new(document, "form", factor_form(ctx, state));
    json_put_new(document, "factor", state);
    if (!ctx->actor->half)
        add_crumbs(ctx, document, title);
    out->document = document;
    out->title = title;
    out->view = "account/factor";
    return OK;
}

static enum code factor_begin_before(struct ctx *ctx, struct answer *out)
{
    struct factor_input in = {0};
    enum code c = fields_read(ctx, fields_to_begin(ctx), &in);

    (void)out;
    return c || ctx->actor->half ? c : session_confirm(ctx, in.password, "/password");
}

static enum code factor_start(struct ctx *ctx, struct answer *out)
{
    out->location = "/account/second-factor";
    return factor_begin(ctx);
}

static enum code factor_turn_on(struct ctx *ctx, struct answer *out)
{
    struct factor_input in = {0};
    enum code c = fields_read(ctx, confirm_fields, &in);

    out->location = "/account";
    out->flash = N_("The second factor is on. From now on a code is asked for at login.");
    return c ? c : factor_confirm(ctx, in.code, &out->set_session);
}

static enum code factor_remove_before(struct ctx *ctx, struct answer *out)
{
    struct factor_input in = {0};
    enum code c = fields_read(ctx, remove_fields, &in);

    (void)out;
    return c ? c : session_confirm(ctx, in.password, "/password");
}

static enum code factor_turn_off(struct ctx *ctx, struct answer *out)
{
    struct factor_input in = {0};
    enum code c = fields_read(ctx, remove_fields, &in);

    out->location = "/account/second-factor";
    out->flash = N_("The second factor is removed.");
    return c ? c : factor_remove(ctx, in.code);
}

/* ---------------------------------------------------------------- tokens */

struct new_token {
    const char *name, *scope;
    long long days;
};

static const struct field new_token_fields[] = {
    {.name = "name",
     .label = N_("Name"),
     .type = T_TEXT,
     .at = offsetof(struct new_token, name),
     .flags = F_REQUIRED,
     .max = 80,
     .hint = N_("What it is for.")},
    {.name = "scope",
     .label = N_("Scope"),
     .type = T_ENUM,
     .at = offsetof(struct new_token, scope),
     .flags = F_REQUIRED,
     .values = token_scopes},
    {.name = "days",
     .label = N_("Days"),
     .type = T_INT,
     .at = offsetof(struct new_token, days),
     .max = 731,
     .hint = N_("How long it works: a year when nothing is said, two at most."),
     .fallback = "365"},
    {0},
};

static enum code tokens_page(struct ctx *ctx, struct answer *out)
{
    const char *title = ctx_text(ctx, N_("Tokens"));
    json_t *document = json_object();

    json_put_new(document, "items", token_items(ctx, ctx->actor->account_id));
    json_put_new(document, "form",
                 resource_form(ctx, new_token_fields, NULL, "/account/tokens",
                               ctx_text(ctx, N_("Create a token"))));
    add_crumbs(ctx, document, title);
    out->document = document;
    out->title = title;
    out->view = "account/tokens";
    return OK;
}

/* The one time that the token is seen: on the answer itself, never in an address or a cookie. */
static enum code token_make(struct ctx *ctx, struct answer *out)
{
    struct new_token in = {0};
    const char *token = NULL;
    enum code c = fields_read(ctx, new_token_fields, &in);

    if (!c)
        c = token_create(ctx, ctx->actor->account_key, in.name, in.scope, in.days, &token);
    if (!c)
        c = tokens_page(ctx, out);
    if (c)
        return c;
    json_put(out->document, "token", token);
    out->status = 201;
    return OK;
}

static enum code token_end(struct ctx *ctx, struct answer *out)
{
    out->location = "/account/tokens";
    out->flash = N_("The token is revoked.");
    return token_revoke(ctx, ctx->actor->account_id, ctx_value(ctx, "id"));
}

static enum code me_tokens(struct ctx *ctx, struct answer *out)
{
    struct fixed own = {.condition = "\"accountId\" = ?6", .text = ctx->actor->account_id};

    return resource_list(ctx, &token_resource, own, &out->document);
}

static enum code me_token(struct ctx *ctx, struct answer *out)
{
    return token_answer(ctx, ctx->actor->account_id, ctx_value(ctx, "id"), out);
}

/* ---------------------------------------------------------------- routes */

static const char me_schema[] =
    "{\"type\":\"object\",\"required\":[\"id\",\"email\",\"name\",\"roles\"],\"properties\":{"
    "\"id\":{\"type\":\"string\",\"format\":\"uuid\"},\"email\":{\"type\":\"string\"},"
    "\"name\":{\"type\":\"string\"},\"personId\":{\"type\":[\"string\",\"null\"]},"
    "\"personName\":{\"type\":[\"string\",\"null\"]},"
    "\"language\":{\"type\":[\"string\",\"null\"]},\"theme\":{\"type\":[\"string\",\"null\"]},"
    "\"shortcuts\":{\"type\":\"boolean\"},\"secondFactor\":{\"type\":\"boolean\"},"
    "\"roles\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
    "\"roleLabels\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
    "\"_links\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}";

const struct route account_routes[] = {
    {"GET", "/me", MAY_LOGIN, me, NULL, N_("Who you are, and your roles."), SHAPE_VIEW,
     .reply = me_schema, .flags = ROUTE_NO_DAY},
    {"GET", "/me/tokens", MAY_LOGIN, me_tokens, NULL, N_("Your tokens, without their secrets."),
     SHAPE_LIST, &token_resource, .flags = ROUTE_NO_DAY},
    {"GET", "/me/tokens/{id}", MAY_LOGIN, me_token, NULL, N_("One of your tokens."), SHAPE_ONE,
     &token_resource, .flags = ROUTE_NO_DAY},
    {"GET", "/account", MAY_LOGIN, profile_page, "account/profile", N_("Your account."), SHAPE_PAGE,
     .flags = ROUTE_NO_DAY},
    {"POST", "/account", MAY_LOGIN, profile_save, "account/profile",
     N_("Sets language, theme and shortcuts."), SHAPE_PAGE, .body = profile_fields,
     .form = profile_page, .flags = ROUTE_NO_DAY},
    {"POST", "/account/session-endings", MAY_LOGIN, end_others, NULL,
     N_("Ends your other sessions."), SHAPE_PAGE, .flags = ROUTE_NO_DAY},
    {"GET", "/account/password", MAY_LOGIN, password_page, "account/password",
     N_("The form of a new password."), SHAPE_PAGE, .flags = ROUTE_NO_DAY},
    {"POST", "/account/password", MAY_LOGIN, password_save, "account/password",
     N_("Changes your password."), SHAPE_PAGE, .body = password_fields, .prepare = password_before,
     .form = password_page, .flags = ROUTE_NO_DAY},
    {"GET", "/account/second-factor", MAY_HALF, factor_page, "account/factor",
     N_("Your second factor."), SHAPE_PAGE, .flags = ROUTE_NO_DAY},
    {"POST", "/account/second-factor", MAY_HALF, factor_start, "account/factor",
     N_("Begins setting up a second factor."), SHAPE_PAGE, .body = begin_fields,
     .prepare = factor_begin_before, .form = factor_page, .flags = ROUTE_NO_DAY},
    {"POST", "/account/second-factor/confirmations", MAY_HALF, factor_turn_on, "account/factor",
     N_("Turns the second factor on, with a code."), SHAPE_PAGE, .body = confirm_fields,
     .form = factor_page, .flags = ROUTE_NO_DAY},
    {"POST", "/account/second-factor/removals", MAY_LOGIN, factor_turn_off, "account/factor",
     N_("Removes your second factor."), SHAPE_PAGE, .body = remove_fields,
     .prepare = factor_remove_before, .form = factor_page, .flags = ROUTE_NO_DAY},
    {"GET", "/account/tokens", MAY_LOGIN, tokens_page, "account/tokens", N_("Your tokens."),
     SHAPE_PAGE, .flags = ROUTE_NO_DAY},
    {"POST", "/account/tokens", MAY_LOGIN, token_make, "account/tokens",
     N_("Creates a token, shown once."), SHAPE_PAGE, .body = new_token_fields, .form = tokens_page,
     .flags = ROUTE_NO_DAY},
    {"POST", "/account/tokens/{id}/revocations", MAY_LOGIN, token_end, NULL, N_("Revokes a token."),
     SHAPE_PAGE, .flags = ROUTE_NO_DAY},
    {0},
};
