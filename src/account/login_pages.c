/* login_pages.c: the way in and out: login, its second step, logout, one-time links, language and
 * theme.
 *
 * Owns the routes that work before anybody is known. Passwords are checked and hashed in `prepare`,
 * on the worker; a failed login is a success of the transaction, because the failure is noted, and
 * shows the form again. */
#include <string.h>

#include <kansli/crypt.h>
#include <kansli/json.h>

#include "internal.h"

/* ---------------------------------------------------------------- login */

struct login_input {
    const char *email, *password, *next;
};

static const struct field login_fields[] = {
    {.name = "email",
     .label = N_("E-mail address"),
     .type = T_EMAIL,
     .at = offsetof(struct login_input, email),
     .flags = F_REQUIRED | F_WIDE},
    {.name = "password",
     .label = N_("Password"),
     .type = T_SECRET,
     .at = offsetof(struct login_input, password),
     .flags = F_REQUIRED | F_WIDE,
     .max = 500},
    {.name = "next",
     .label = N_("Then go to"),
     .type = T_TEXT,
     .at = offsetof(struct login_input, next),
     .flags = F_HIDDEN,
     .max = 2000},
    {0},
};

static const struct field next_query[] = {
    {.name = "next", .label = N_("Then go to"), .type = T_TEXT, .max = 2000},
    {0},
};

/* Where to go afterwards, as the form's field or the address says it. */
static const char *wanted(struct ctx *ctx)
{
    const char *typed = ctx->body ? params_text(ctx->body, "next") : NULL;

    return local_path(typed && *typed ? typed : ctx_query(ctx, "next"));
}

static enum code login_page(struct ctx *ctx, struct answer *out)
{
    json_t *document = json_object();

    json_put_new(document, "form",
                 resource_form(ctx, login_fields, NULL, "/login", ctx_text(ctx, N_("Log in"))));
    json_put(document, "next", wanted(ctx));
    out->document = document;
    out->title = ctx_text(ctx, N_("Log in"));
    out->view = "account/login";
    out->personal = true;
    return OK;
}

/* The form again, with what was wrong; what the transaction noted is kept. */
static enum code refuse(struct ctx *ctx, struct answer *out, handler *page, const char *sentence)
{
    ctx_fail(ctx, E_INPUT, "login-failed", sentence);
    enum code c = page(ctx, out);
    out->status = code_status(E_INPUT);
    err_release(ctx->err);
    return c;
}

static enum code login_before(struct ctx *ctx, struct answer *out)
{
    struct login_input in = {0};
    enum code c = fields_read(ctx, login_fields, &in);

    (void)out;
    return c ? c : login_prepare(ctx, in.email, in.password);
}

static const char *with_next(struct ctx *ctx, const char *path)
{
    struct buf buf;
    const char *next = wanted(ctx);

    buf_init(&buf, 8192);
    buf_url(&buf, next, strlen(next));
    path = arena_printf(ctx->arena, "%s?next=%s", path, buf.data);
    buf_release(&buf);
    return path;
}

static enum code login(struct ctx *ctx, struct answer *out)
{
    struct login_input in = {0};
    bool half = false;
    enum code c = fields_read(ctx, login_fields, &in);

    if (!c)
        c = login_finish(ctx, in.email, &out->set_session, &half);
    if (c)
        return c;
    if (!out->set_session)
        return refuse(ctx, out, login_page, N_("The e-mail address or the password is wrong."));
    out->location = half ? with_next(ctx, "/login/code") : wanted(ctx);
    return OK;
}

static const struct field code_fields[] = {
    {.name = "code",
     .label = N_("Code"),
     .type = T_TEXT,
     .flags = F_REQUIRED,
     .max = 12,
     .hint = N_("Six digits, from your authenticator app.")},
    {.name = "next",
     .label = N_("Then go to"),
     .type = T_TEXT,
     .at = sizeof(const char *),
     .flags = F_HIDDEN,
     .max = 2000},
    {0},
};

static enum code code_page(struct ctx *ctx, struct answer *out)
{
    if (!ctx->actor->half || !factor_is_on(ctx)) {
        out->see = ctx->actor->half ? "/account/second-factor" : wanted(ctx);
        return OK;
    }
    json_t *document = json_object();
    json_put_new(document, "form",
                 resource_form(ctx, code_fields, NULL, "/login/code", ctx_text(ctx, N_("Log in"))));
    json_put(document, "next", wanted(ctx));
    out->document = document;
    out->title = ctx_text(ctx, N_("Second factor"));
    out->view = "account/code";
    return OK;
}

static enum code code_give(struct ctx *ctx, struct answer *out)
{
    struct {
        const char *code, *next;
    } in = {0};
    enum code c = fields_read(ctx, code_fields, &in);

    if (!c && !ctx->actor->half)
        c = ctx_fail(ctx, E_CONFLICT, "logged-in", N_("You are logged in already."));
    if (!c)
        c = login_code(ctx, in.code, &out->set_session);
    if (c)
        return c;
    if (!out->set_session)
        return refuse(ctx, out, code_page,
                      N_("The code does not fit, or has been used. Wait for the next one."));
    out->location = wanted(ctx);
    return OK;
}

static enum code logout(struct ctx *ctx, struct answer *out)
{
    out->set_session = "";
    out->location = "/";
    out->flash = N_("You are logged out.");
    return session_end(ctx);
}

/* ---------------------------------------------------------------- one-time links */

struct choose_input {
    const char *password, *again;
};

static const struct field choose_fields[] = {
    {.name = "password",
     .label = N_("New password"),
     .type = T_SECRET,
     .at = offsetof(struct choose_input, password),
     .flags = F_REQUIRED | F_WIDE,
     .max = 500,
     .hint = N_("At least 12 characters. Several words that do not belong together are strong "
                "and easy to remember.")},
    {.name = "again",
     .label = N_("The same password again"),
     .type = T_SECRET,
     .at = offsetof(struct choose_input, again),
     .flags = F_REQUIRED | F_WIDE,
     .max = 500},
    {0},
};

/* Which kind of link the address is of. */
static const char *purpose(const struct ctx *ctx)
{
    return !strncmp(ctx->path, "/invitations/", 13) ? "invitation" : "reset";
}

static enum code link_page(struct ctx *ctx, struct answer *out)
{
    json_t *account = link_find(ctx, purpose(ctx), ctx_value(ctx, "token"));
    bool invitation = !strcmp(purpose(ctx), "invitation");

    if (!account)
        return E_ABSENT;
    json_t *document = json_object();
    json_put(document, "email", json_text(account, "email"));
    json_put_bool(document, "invitation", invitation);
    json_put_new(
        document, "form",
        resource_form(ctx, choose_fields, NULL, ctx->path, ctx_text(ctx, N_("Save the password"))));
    json_decref(account);
    out->document = document;
    out->title = ctx_text(ctx, invitation ? N_("Welcome") : N_("New password"));
    out->view = "account/link";
    out->personal = true;
    return OK;
}

static enum code link_before(struct ctx *ctx, struct answer *out)
{
    struct choose_input in = {0};
    char hash[PASSWORD_SIZE];
    json_t *account = link_find(ctx, purpose(ctx), ctx_value(ctx, "token"));

    (void)out;
    if (!account)
        return E_ABSENT;
    enum code c = fields_read(ctx, choose_fields, &in);
    if (!c && strcmp(in.password, in.again))
        c = err_field(ctx->err, "/again", N_("The two passwords differ."), NULL);
    if (!c)
        c = password_allowed(ctx->arena, in.password, json_text(account, "email"),
                             json_text(account, "name"), "/password", ctx->err);
    json_decref(account);
    if (c)
        return c;
    crypt_password(in.password, hash);
    ctx->prepared = json_object();
    json_put(ctx->prepared, "hash", hash);
    return OK;
}

static enum code link_take(struct ctx *ctx, struct answer *out)
{
    out->location = "/login?next=/me/tasks";
    out->flash = N_("The password is saved. Log in with it.");
    return link_use(ctx, purpose(ctx), ctx_value(ctx, "token"), json_text(ctx->prepared, "hash"));
}

/* ---------------------------------------------------------------- language and theme */

struct prefer_input {
    const char *language, *theme, *return_to;
};

static const struct field prefer_fields[] = {
    {.name = "language",
     .label = N_("Language"),
     .type = T_ENUM,
     .at = offsetof(struct prefer_input, language),
     .values = account_languages},
    {.name = "theme",
     .label = N_("Theme"),
     .type = T_ENUM,
     .at = offsetof(struct prefer_input, theme),
     .values = account_themes},
    {.name = "returnTo",
     .label = N_("Then go to"),
     .type = T_TEXT,
     .at = offsetof(struct prefer_input, return_to),
     .flags = F_HIDDEN,
     .max = 2000},
    {0},
};

/* A cookie that lasts a year; an empty value ends it. */
static const char *cookie(struct ctx *ctx, const char *name, const char *value)
{
    return arena_printf(ctx->arena, "%s=%s; Path=/; Max-Age=%d; SameSite=Lax%s", name, value,
                        *value ? 365 * 24 * 3600 : 0,
                        strncmp(ctx->base_url, "https:", 6) ? "" : "; Secure");
}

static enum code prefer(struct ctx *ctx, struct answer *out)
{
    struct prefer_input in = {0};
    const struct actor *actor = ctx->actor;
    struct preferences to = {actor->language, actor->theme, actor->shortcuts};
    enum code c = fields_read(ctx, prefer_fields, &in);
    int n = 0;

    if (c)
        return c;
    const char *theme = in.theme && strcmp(in.theme, "system") ? in.theme : NULL;
    if (in.language) {
        to.language = in.language;
        out->set_cookie[n++] = cookie(ctx, "language", in.language);
    }
    if (in.theme) {
        to.theme = theme;
        out->set_cookie[n++] = cookie(ctx, "theme", theme ? theme : "");
    }
    out->location = local_path(in.return_to);
    return actor->account_key && !actor->half ? account_prefer(ctx, &to) : OK;
}

/* ---------------------------------------------------------------- routes */

const struct route login_routes[] = {
    {"GET", "/login", MAY_ALL, login_page, "account/login", N_("The login form."), SHAPE_PAGE,
     .query = next_query, .flags = ROUTE_NO_DAY},
    {"POST", "/login", MAY_ALL, login, "account/login", N_("Logs in."), SHAPE_PAGE,
     .body = login_fields, .query = next_query, .prepare = login_before, .form = login_page,
     .flags = ROUTE_NO_CSRF | ROUTE_NO_DAY},
    {"GET", "/login/code", MAY_HALF, code_page, "account/code", N_("The form of the second step."),
     SHAPE_PAGE, .query = next_query, .flags = ROUTE_NO_DAY},
    {"POST", "/login/code", MAY_HALF, code_give, "account/code", N_("Takes the second step."),
     SHAPE_PAGE, .body = code_fields, .query = next_query, .form = code_page,
     .flags = ROUTE_NO_DAY},
    {"POST", "/logout", MAY_HALF, logout, NULL, N_("Logs out."), SHAPE_PAGE, .flags = ROUTE_NO_DAY},
    {"GET", "/invitations/{token}", MAY_ALL, link_page, "account/link",
     N_("The form of an invitation: choose a password."), SHAPE_PAGE, .flags = ROUTE_NO_DAY},
    {"POST", "/invitations/{token}", MAY_ALL, link_take, "account/link",
     N_("Uses an invitation, once."), SHAPE_PAGE, .body = choose_fields, .prepare = link_before,
     .form = link_page, .flags = ROUTE_NO_CSRF | ROUTE_NO_DAY},
    {"GET", "/resets/{token}", MAY_ALL, link_page, "account/link",
     N_("The form of a link to a new password."), SHAPE_PAGE, .flags = ROUTE_NO_DAY},
    {"POST", "/resets/{token}", MAY_ALL, link_take, "account/link",
     N_("Uses a link to a new password, once."), SHAPE_PAGE, .body = choose_fields,
     .prepare = link_before, .form = link_page, .flags = ROUTE_NO_CSRF | ROUTE_NO_DAY},
    {"POST", "/preferences", MAY_ALL, prefer, NULL, N_("Sets language and theme."), SHAPE_PAGE,
     .body = prefer_fields, .flags = ROUTE_NO_CSRF | ROUTE_NO_DAY},
    {0},
};
