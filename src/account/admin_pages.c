/* admin_pages.c: accounts, as an administrator keeps them.
 *
 * Owns the routes of the accounts. An invitation's or a reset's address is in the one answer that
 * made it, and nowhere else. */
#include <string.h>

#include <kansli/audit.h>
#include <kansli/json.h>

#include "internal.h"

static const char *id_of(struct ctx *ctx)
{
    return ctx_value(ctx, "id");
}

/* Accounts / this one / here. */
static void add_crumbs(struct ctx *ctx, json_t *document, const json_t *account, const char *here)
{
    json_t *crumbs = json_array(), *step = json_push(crumbs, json_object());

    json_put(step, "href", "/accounts");
    json_put(step, "name", ctx_text(ctx, N_("Accounts")));
    if (account) {
        step = json_push(crumbs, json_object());
        json_put(step, "href", arena_printf(ctx->arena, "/accounts/%s", json_text(account, "id")));
        json_put(step, "name", json_text(account, "email"));
    }
    if (here) {
        step = json_push(crumbs, json_object());
        json_put(step, "href", ctx->path);
        json_put(step, "name", here);
    }
    ctx_embed(ctx, document, "crumbs", crumbs);
}

static enum code list(struct ctx *ctx, struct answer *out)
{
    out->title = ctx_text(ctx, N_("Accounts"));
    return resource_list(ctx, &account_resource, (struct fixed){0}, &out->document);
}

static enum code show(struct ctx *ctx, struct answer *out)
{
    enum code c = resource_answer(ctx, &account_resource, id_of(ctx), out);
    json_t *history = NULL;

    if (c)
        return c;
    out->title = json_text(out->document, "email");
    if (ctx_embeds(ctx, "tokens"))
        ctx_embed(ctx, out->document, "tokens", token_items(ctx, id_of(ctx)));
    if (!ctx_page(ctx))
        return OK;
    c = audit_list(ctx, &account_resource, account_key_of(ctx, id_of(ctx)), &history);
    if (!c)
        ctx_embed(ctx, out->document, "history", history);
    add_crumbs(ctx, out->document, out->document, NULL);
    return c;
}

/* ---------------------------------------------------------------- forms */

/* The roles to tick: what was typed when the form failed, else what the account has. */
static void add_role_choices(struct ctx *ctx, json_t *form, const json_t *account)
{
    const json_t *chosen = json_object_get(account, "roles");

    if (ctx->err->code)
        chosen = json_object_get(ctx->body->values, "roles");
    json_put_new(form, "roleChoices", account_role_choices(ctx, chosen));
}

static void leave_out(json_t *form, const char *name)
{
    json_t *fields = json_object_get(form, "fields");

    for (size_t i = json_array_size(fields); i-- > 0;)
        if (!strcmp(json_text(json_array_get(fields, i), "name"), name))
            json_array_remove(fields, i);
}

static enum code new_page(struct ctx *ctx, struct answer *out)
{
    const char *title = ctx_text(ctx, N_("New account"));
    json_t *document = json_object();
    json_t *form = json_put_new(document, "form",
                                resource_form(ctx, account_resource.fields, NULL, "/accounts",
                                              ctx_text(ctx, N_("Create and invite"))));

    leave_out(form, "disabled"); /* nobody creates a closed account */
    json_put(form, "cancel", "/accounts");
    add_role_choices(ctx, form, NULL);
    add_crumbs(ctx, document, NULL, title);
    out->document = document;
    out->title = title;
    out->view = "account/form";
    return OK;
}

static enum code edit_page(struct ctx *ctx, struct answer *out)
{
    const char *title = ctx_text(ctx, N_("Change account"));
    const char *path = arena_printf(ctx->arena, "/accounts/%s", id_of(ctx));
    json_t *account = NULL, *document = json_object();
    json_t *form = resource_form_of(ctx, &account_resource, id_of(ctx),
                                    arena_printf(ctx->arena, "%s?_method=PATCH", path),
                                    ctx_text(ctx, N_("Save")), &account);

    if (!form) {
        json_decref(document);
        return resource_absent(ctx, &account_resource, id_of(ctx), out);
    }
    json_put(form, "cancel", path);
    add_role_choices(ctx, form, account);
    json_put_new(document, "form", form);
    add_crumbs(ctx, document, account, title);
    json_decref(account);
    out->document = document;
    out->title = title;
    out->view = "account/form";
    return OK;
}

/* ---------------------------------------------------------------- acts */

/* Shows a link's whole address in this answer: a script finds it in the document, a browser on a
 * page of its own. */
static enum code show_link(struct ctx *ctx, struct answer *out, const char *id, const char *name,
                           const char *link)
{
    enum code c = resource_created(ctx, &account_resource, id, out);

    if (c)
        return c;
    json_put(out->document, name, arena_printf(ctx->arena, "%s%s", ctx->base_url, link));
    out->personal = true;
    if (ctx->api)
        return OK;
    add_crumbs(ctx, out->document, out->document, ctx_text(ctx, N_("One-time link")));
    out->location = NULL;
    out->view = "account/shown-once";
    out->title = ctx_text(ctx, N_("One-time link"));
    return OK;
}

static enum code create(struct ctx *ctx, struct answer *out)
{
    struct account_input in;
    const char *id = NULL, *link = NULL;
    enum code c = resource_read(ctx, &account_resource, &in);

    if (!c)
        c = account_create(ctx, &in, &id, &link);
    return c ? c : show_link(ctx, out, id, "invitation", link);
}

static enum code change(struct ctx *ctx, struct answer *out)
{
    enum code c = account_change(ctx, id_of(ctx));

    out->flash = N_("Saved.");
    return c ? c : resource_changed(ctx, &account_resource, id_of(ctx), out);
}

static enum code make_link(struct ctx *ctx, struct answer *out, const char *purpose,
                           const char *name, const char *act)
{
    long long key = account_key_of(ctx, id_of(ctx));
    const char *link = NULL;

    if (!key)
        return ctx_absent(ctx);
    enum code c = link_new(ctx, key, purpose, &link);
    if (!c)
        c = account_note(ctx, key, act);
    return c ? c : show_link(ctx, out, id_of(ctx), name, link);
}

static enum code invite(struct ctx *ctx, struct answer *out)
{
    return make_link(ctx, out, "invitation", "invitation", "invite");
}

static enum code reset(struct ctx *ctx, struct answer *out)
{
    return make_link(ctx, out, "reset", "reset", "reset");
}

static enum code remove_factor(struct ctx *ctx, struct answer *out)
{
    long long key = account_key_of(ctx, id_of(ctx));

    if (!key)
        return ctx_absent(ctx);
    enum code c = factor_clear(ctx, key);
    out->flash = N_("The second factor is removed.");
    return c ? c : resource_created(ctx, &account_resource, id_of(ctx), out);
}

static enum code revoke(struct ctx *ctx, struct answer *out)
{
    enum code c = token_revoke(ctx, id_of(ctx), ctx_value(ctx, "tokenId"));

    out->flash = N_("The token is revoked.");
    return c ? c : resource_created(ctx, &account_resource, id_of(ctx), out);
}

/* ---------------------------------------------------------------- routes */

static enum code history(struct ctx *ctx, struct answer *out)
{
    return audit_answer(ctx, &account_resource, "email", out);
}

const struct route account_admin_routes[] = {
    {"GET", "/accounts", MAY_ADMINISTER, list, "account/list", N_("All accounts."), SHAPE_LIST,
     &account_resource, .flags = ROUTE_NO_DAY},
    {"POST", "/accounts", MAY_ADMINISTER, create, "account/form",
     N_("Creates an account; `invitation` is the address of its one-time link, shown once."),
     SHAPE_CREATE, &account_resource, .form = new_page, .flags = ROUTE_NO_DAY},
    {"GET", "/accounts/new", MAY_ADMINISTER, new_page, "account/form",
     N_("The form of a new account."), SHAPE_PAGE, .flags = ROUTE_NO_DAY},
    {"GET", "/accounts/{id}", MAY_ADMINISTER, show, "account/show", N_("One account."), SHAPE_ONE,
     &account_resource, .flags = ROUTE_NO_DAY},
    {"PATCH", "/accounts/{id}", MAY_ADMINISTER, change, "account/form",
     N_("Changes an account and its roles; disabling it ends its sessions and tokens."),
     SHAPE_CHANGE, &account_resource, .form = edit_page, .flags = ROUTE_NO_DAY},
    {"GET", "/accounts/{id}/edit", MAY_ADMINISTER, edit_page, "account/form",
     N_("The form that changes an account."), SHAPE_PAGE, .flags = ROUTE_NO_DAY},
    {"POST", "/accounts/{id}/invitations", MAY_ADMINISTER, invite, "account/show",
     N_("A new one-time link to the first password: `invitation`, shown once, seven days."),
     SHAPE_ACTION, &account_resource, .flags = ROUTE_NO_DAY},
    {"POST", "/accounts/{id}/resets", MAY_ADMINISTER, reset, "account/show",
     N_("A new one-time link to a new password: `reset`, shown once, one day."), SHAPE_ACTION,
     &account_resource, .flags = ROUTE_NO_DAY},
    {"POST", "/accounts/{id}/second-factor-removals", MAY_ADMINISTER, remove_factor, "account/show",
     N_("Removes the second factor of somebody who has lost it."), SHAPE_ACTION, &account_resource,
     .flags = ROUTE_NO_DAY},
    {"POST", "/accounts/{id}/tokens/{tokenId}/revocations", MAY_ADMINISTER, revoke, "account/show",
     N_("Revokes a token of the account."), SHAPE_ACTION, &account_resource, .flags = ROUTE_NO_DAY},
    {.method = "GET", .path = "/accounts/{id}/history", .may = MAY_ADMINISTER, .run = history,
     .view = "register/object", .shape = SHAPE_LIST, .resource = &audit_resource,
     .flags = ROUTE_NO_DAY, .what = N_("Who changed the account, when, and what: before and after.")},
    {0},
};
