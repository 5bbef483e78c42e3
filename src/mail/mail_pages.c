/* mail_pages.c: the outbox for administrators, one's own choices, and the way out of each mail.
 *
 * Owns the routes. What is in a mail is on none of them. The address that stops a kind of mail
 * works logged out and asks before it acts, because programs look at addresses in mail; a mail
 * program's own button sends a POST at once (RFC 8058). */
#include <string.h>
#include <kansli/access.h>
#include <kansli/audit.h>
#include <kansli/json.h>
#include "internal.h"

static const char *id_of(struct ctx *ctx)
{
    return ctx_value(ctx, "id");
}

static void add_crumbs(struct ctx *ctx, json_t *document, const char *href, const char *name,
                       const char *here)
{
    json_t *crumbs = json_pack("[{s:s, s:s}]", "href", href, "name", name);
    json_push(crumbs, json_pack("{s:s, s:s}", "href", ctx->path, "name", here));
    ctx_embed(ctx, document, "crumbs", crumbs);
}

/* ---------------------------------------------------------------- the outbox */

static enum code list_mails(struct ctx *ctx, struct answer *out)
{
    out->title = ctx_text(ctx, N_("Outbox"));
    enum code c = must_may(ctx, ACT_KEEP_MAIL, 0);
    if (!c)
        c = resource_list(ctx, &mail_resource, (struct fixed){0}, &out->document);
    if (c || !ctx_page(ctx))
        return c;
    const char *still = mail_stands_still(ctx);
    ctx_embed(ctx, out->document, "still", still ? json_string(still) : json_null());
    add_crumbs(ctx, out->document, "/administration", ctx_text(ctx, N_("Administration")),
               out->title);
    return OK;
}

static void add_history(struct ctx *ctx, json_t *document)
{
    json_t *history = NULL;
    long long key = 0;
    json_decref(resource_one(ctx, &mail_resource, id_of(ctx), &key, NULL));
    if (!audit_list(ctx, &mail_resource, key, &history))
        ctx_embed(ctx, document, "history", history);
}

static enum code show_mail(struct ctx *ctx, struct answer *out)
{
    enum code c = must_may(ctx, ACT_KEEP_MAIL, 0);
    if (!c)
        c = resource_answer(ctx, &mail_resource, id_of(ctx), out);
    if (c || !ctx_page(ctx))
        return c;
    const char *state = json_text(out->document, "state");
    out->title = ctx_textf(ctx, N_("Mail to {address}"), "address",
                           json_text(out->document, "address"), NULL);
    ctx_embed(ctx, out->document, "mayAct",
              json_boolean(!strcmp(state, "waiting") || !strcmp(state, "failed") ||
                           !strcmp(state, "unsure")));
    json_t *crumbs =
        json_pack("[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}]", "href", "/administration", "name",
                  ctx_text(ctx, N_("Administration")), "href", "/mails", "name",
                  ctx_text(ctx, N_("Outbox")), "href", ctx->path, "name", out->title);
    ctx_embed(ctx, out->document, "crumbs", crumbs);
    add_history(ctx, out->document);
    return OK;
}

static enum code test_mail(struct ctx *ctx, struct answer *out)
{
    const char *id = NULL;
    enum code c = mail_test(ctx, &id);
    out->flash = N_("A test mail to yourself is written.");
    out->see = "/mails";
    return c ? c : resource_created(ctx, &mail_resource, id, out);
}

/* 201 with the changed mail (api.md 1). */
static enum code acted(struct ctx *ctx, struct answer *out, enum code c)
{
    if (!c)
        c = resource_created(ctx, &mail_resource, id_of(ctx), out);
    return c;
}

static enum code retry(struct ctx *ctx, struct answer *out)
{
    out->flash = N_("It is sent as soon as it can be.");
    return acted(ctx, out, mail_retry(ctx, id_of(ctx)));
}

static enum code cancel(struct ctx *ctx, struct answer *out)
{
    out->flash = N_("The mail is stopped.");
    return acted(ctx, out, mail_cancel(ctx, id_of(ctx)));
}

/* ---------------------------------------------------------------- one's own choices */

static enum code choices(struct ctx *ctx, struct answer *out)
{
    out->title = ctx_text(ctx, N_("Mail to me"));
    out->document = mail_choices(ctx);
    if (!ctx_page(ctx))
        return OK;
    json_t *form = resource_form(ctx, mail_choice_fields, out->document, "/me/mail-choices",
                                 ctx_text(ctx, N_("Save")));
    json_put(form, "cancel", "/account");
    ctx_embed(ctx, out->document, "form", form);
    ctx_embed(ctx, out->document, "email", json_text_new(ctx->actor->email));
    add_crumbs(ctx, out->document, "/account", ctx_text(ctx, N_("My account")), out->title);
    return OK;
}

static enum code choose(struct ctx *ctx, struct answer *out)
{
    enum code c = mail_choose(ctx);
    out->flash = N_("Saved.");
    out->see = "/account";
    if (!c)
        out->document = mail_choices(ctx);
    return c;
}

/* ---------------------------------------------------------------- the way out */

static enum code stop_page(struct ctx *ctx, struct answer *out)
{
    json_t *found = NULL;
    enum code c = mail_stop_find(ctx, ctx_value(ctx, "secret"), &found);
    if (c)
        return c;
    json_put(found, "action", ctx->path);
    out->document = found;
    out->title = ctx_text(ctx, N_("Stop mail"));
    out->view = "mail/stop";
    out->personal = true;
    return OK;
}

/* Answered with the page itself: a mail program follows no redirection (RFC 8058, 3.2). */
static enum code stop(struct ctx *ctx, struct answer *out)
{
    enum code c = mail_stop(ctx, ctx_value(ctx, "secret"));
    return c ? c : stop_page(ctx, out);
}

/* ---------------------------------------------------------------- routes */

static const char choices_reply[] =
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"reminders\",\"digest\","
    "\"digestLabel\"],\"properties\":{\"reminders\":{\"type\":\"boolean\"},"
    "\"digest\":{\"type\":\"string\",\"enum\":[\"off\",\"weekly\"]},"
    "\"digestLabel\":{\"type\":\"string\"},\"_embedded\":{\"type\":\"object\"}}}";

const struct route mail_routes[] = {
    {"GET", "/mails", MAY_LOGIN, list_mails, "mail/list",
     N_("The outbox: what waits, was sent, was given up. Never what is in a mail."), SHAPE_LIST,
     &mail_resource, .flags = ROUTE_NO_DAY},
    {"GET", "/mails/{id}", MAY_LOGIN, show_mail, "mail/show", N_("One mail of the outbox."),
     SHAPE_ONE, &mail_resource, .flags = ROUTE_NO_DAY},
    {"POST", "/mails/tests", MAY_LOGIN, test_mail, NULL,
     N_("Writes a test mail to your own address."), SHAPE_ACTION, &mail_resource,
     .flags = ROUTE_NO_DAY},
    {"POST", "/mails/{id}/retries", MAY_LOGIN, retry, NULL,
     N_("Sends a mail now that waits, was given up or is unsure."), SHAPE_ACTION, &mail_resource,
     .flags = ROUTE_NO_DAY},
    {"POST", "/mails/{id}/cancellations", MAY_LOGIN, cancel, NULL,
     N_("Stops a mail that has not been sent."), SHAPE_ACTION, &mail_resource,
     .flags = ROUTE_NO_DAY},
    {"GET", "/me/mail-choices", MAY_LOGIN, choices, "mail/choices", N_("What mail you want."),
     SHAPE_VIEW, .reply = choices_reply, .flags = ROUTE_NO_DAY},
    {"POST", "/me/mail-choices", MAY_LOGIN, choose, "mail/choices",
     N_("Chooses what mail you want."), SHAPE_VIEW, .body = mail_choice_fields,
     .reply = choices_reply, .form = choices, .flags = ROUTE_NO_DAY},
    {"GET", "/mail/stop/{secret}", MAY_ALL, stop_page, "mail/stop",
     N_("Asks whether a kind of mail is to be stopped."), SHAPE_PAGE, .flags = ROUTE_NO_DAY},
    {"POST", "/mail/stop/{secret}", MAY_ALL, stop, "mail/stop", N_("Stops a kind of mail."),
     SHAPE_PAGE, .form = stop_page, .flags = ROUTE_NO_DAY | ROUTE_ONE_CLICK},
    {0},
};
