/* secret.c: an account's own dates by a secret address, for the calendar in one's telephone.
 *
 * Owns the table calendar_secret: 256 random bits, kept as a digest, one for each account; a new
 * one ends the one before, and it works no longer than the account. History tells that it was made
 * and ended. Whoever has the address reads
 * what is there, so it tells little: of what not everyone may see only that the group meets, when,
 * and where to log in for the rest. Which meetings there are the account's rights decide, anew each
 * time it is asked. An address that never was and one that was ended answer with the same words. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/account.h>
#include <kansli/crypt.h>
#include "internal.h"

/* ---------------------------------------------------------------- the address as an object */

struct secret_input {
    const char *address; /* never read: made here, told once */
};

static void secret_links(struct ctx *ctx, json_t *object)
{
    ctx_link(ctx, object, "delete", "DELETE",
             arena_join(ctx->arena, "/me/calendar-secrets/", json_text(object, "id"), NULL));
}

static const struct field secret_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "created", .label = N_("Created"), .type = T_INSTANT, .flags = F_DERIVED},
    {.name = "address", .label = N_("Address"), .type = T_TEXT, .flags = F_DERIVED,
     .hint = N_("Shown once, in the answer to the POST that made it.")},
    {0},
};

const struct resource secret_resource = {
    .name = "me/calendar-secrets",
    .noun = N_("calendar address"),
    .table = "calendar_secret",
    .select = "SELECT s.key AS \"key\", s.version AS \"version\", s.modified AS \"modified\", "
              "s.id AS \"id\", s.created AS \"created\" FROM calendar_secret s "
              "WHERE s.account_key = ?7",
    .order = "\"id\"",
    .size = sizeof(struct secret_input),
    .fields = secret_fields,
    .links = secret_links,
};

/* The account's own, or NULL. */
static const char *own_id(struct ctx *ctx)
{
    return db_text(ctx->tx, "SELECT id FROM calendar_secret WHERE account_key = ?1",
                   ctx->actor->account_key);
}

enum code secret_show(struct ctx *ctx, struct answer *out)
{
    out->personal = true;
    return resource_answer(ctx, &secret_resource, ctx_value(ctx, "id"), out);
}

/* ---------------------------------------------------------------- the page */

static void embed_page(struct ctx *ctx, struct answer *out)
{
    long long version = 0;
    const char *id = own_id(ctx);
    json_t *own = id ? resource_one(ctx, &secret_resource, id, NULL, &version) : NULL;
    json_t *crumbs = json_array();
    out->title = ctx_text(ctx, N_("My calendar"));
    if (own)
        json_put_int(own, "version", version);
    ctx_embed(ctx, out->document, "own", own ? own : json_null());
    json_push(crumbs, json_pack("{s:s, s:s}", "href", "/account", "name",
                                ctx_text(ctx, N_("My account"))));
    json_push(crumbs, json_pack("{s:s, s:s}", "href", "/me/calendar-secrets", "name", out->title));
    ctx_embed(ctx, out->document, "crumbs", crumbs);
}

enum code secret_list(struct ctx *ctx, struct answer *out)
{
    enum code c = resource_list(ctx, &secret_resource, (struct fixed){0}, &out->document);
    out->personal = true;
    if (!c && ctx_embeds(ctx, "own"))
        embed_page(ctx, out);
    return c ? c : tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- made, ended */

static enum code insert(struct ctx *ctx, const char *digest)
{
    struct secret_input in = {0};
    long long key = 0;
    json_t *extra = json_object();
    json_put_int(extra, "account_key", ctx->actor->account_key);
    json_put(extra, "digest", digest);
    json_put(extra, "created", tx_instant(ctx->tx));
    enum code c = resource_insert(ctx, &secret_resource, &in, NULL, extra, &key);
    json_decref(extra);
    return c;
}

/* The address before has ended when this one is there. */
static enum code replace(struct ctx *ctx, const char *id, const char *digest)
{
    long long key = db_int(ctx->tx, 0, "SELECT key FROM calendar_secret WHERE id = ?1", id);
    const char *before = db_text(ctx->tx, "SELECT created FROM calendar_secret WHERE key = ?1",
                                 key);
    enum code c = db_run(ctx->tx,
                         "UPDATE calendar_secret SET digest = ?2, created = ?3 WHERE key = ?1", key,
                         digest, tx_instant(ctx->tx));
    return c ? c
             : resource_touch(ctx, &secret_resource, key, id, "update",
                              json_pack("{s:[s, s]}", "created", before, tx_instant(ctx->tx)));
}

/* A page is answered with itself, not sent on: the address is on no other. */
static enum code show_once(struct ctx *ctx, const char *address, struct answer *out)
{
    enum code c = ctx->api ? resource_created(ctx, &secret_resource, own_id(ctx), out)
                           : secret_list(ctx, out);
    out->personal = true;
    if (c)
        return c;
    json_put(out->document, "address", address);
    if (!ctx->api)
        ctx_embed(ctx, out->document, "webcal", json_text_new(calendar_link(ctx, address)));
    return tx_code(ctx->tx);
}

enum code secret_make(struct ctx *ctx, struct answer *out)
{
    char secret[TOKEN_SIZE], digest[DIGEST_SIZE];
    struct secret_input in;
    enum code c = resource_read(ctx, &secret_resource, &in);
    const char *id = own_id(ctx);
    if (c)
        return c;
    crypt_token(secret);
    crypt_digest(secret, strlen(secret), digest);
    c = id ? replace(ctx, id, digest) : insert(ctx, digest);
    if (c)
        return c;
    return show_once(ctx, arena_join(ctx->arena, ctx->base_url, "/calendars/", secret, NULL), out);
}

enum code secret_end(struct ctx *ctx, struct answer *out)
{
    struct edit edit = {0};
    enum code c = resource_guard(ctx, &secret_resource, ctx_value(ctx, "id"), &edit);
    if (!c)
        c = resource_delete(ctx, &secret_resource, &edit);
    resource_edit_end(&edit);
    out->location = "/me/calendar-secrets";
    out->flash = N_("The address has ended. Calendars that read it get nothing any more.");
    return c;
}

/* ---------------------------------------------------------------- read */

/* What not everyone may see keeps its hour, its group and its address. */
static void say_little(struct ctx *ctx, json_t *event)
{
    json_put(event, "title", ctx_text(ctx, N_("Meeting")));
    json_put(event, "location", NULL);
}

/* The open ones as everyone reads them, the others in few words. */
static json_t *careful(struct ctx *ctx, json_t *own, json_t *open)
{
    json_t *known = json_object(), *event;
    size_t i;
    json_array_foreach (open, i, event)
        json_object_set(known, json_text(event, "uid"), event);
    json_array_foreach (own, i, event) {
        json_t *told = json_object_get(known, json_text(event, "uid"));
        if (told)
            json_array_set(own, i, told);
        else
            say_little(ctx, event);
    }
    json_decref(known);
    json_decref(open);
    return own;
}

enum code secret_feed(struct ctx *ctx, struct answer *out)
{
    static const struct actor nobody = {0};
    char from[DAY_SIZE], to[DAY_SIZE], digest[DIGEST_SIZE];
    const char *secret = ctx_value(ctx, "secret");
    struct actor reader = {0};
    crypt_digest(secret, strlen(secret), digest);
    enum code c = account_actor(
        ctx->tx, ctx->arena,
        db_int(ctx->tx, 0, "SELECT account_key FROM calendar_secret WHERE digest = ?1", digest),
        &reader);
    if (c)
        return c;
    if (!reader.account_key)
        return ctx_absent(ctx);
    feed_days(ctx, from, to);
    struct whose whose = whose_own(ctx, &reader);
    json_t *own = schedule_events(ctx, &reader, from, to, whose);
    json_t *open = schedule_events(ctx, &nobody, from, to, whose);
    out->personal = true;
    return feed_answer(ctx, ctx_text(ctx, N_("My groups’ meetings")), careful(ctx, own, open),
                       out);
}
