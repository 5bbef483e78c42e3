/* secret.c: an account's own dates by a secret address, for the calendar in one's telephone.
 *
 * Owns the table calendar_secret: 256 random bits, kept as a digest, one for each account; a new
 * one ends the one before, and it works no longer than the account. Whoever has the address reads
 * what is there, so it tells little: of what not everyone may see only that the group meets, when,
 * and where to log in for the rest. Which meetings there are the account's rights decide, anew each
 * time it is asked. An address that never was and one that was ended answer with the same words. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/account.h>
#include <kansli/crypt.h>
#include "internal.h"

/* ---------------------------------------------------------------- made, ended */

static enum code page_of(struct ctx *ctx, const char *address, struct answer *out)
{
    json_t *document = json_object(), *crumbs = json_array();
    out->title = ctx_text(ctx, N_("My calendar"));
    json_put(document, "created",
             db_text(ctx->tx, "SELECT created FROM calendar_secret WHERE account_key = ?1",
                     ctx->actor->account_key));
    json_put(document, "address", address);
    json_push(crumbs, json_pack("{s:s, s:s}", "href", "/account", "name",
                                ctx_text(ctx, N_("My account"))));
    json_push(crumbs, json_pack("{s:s, s:s}", "href", "/me/calendar-secrets", "name", out->title));
    ctx_embed(ctx, document, "crumbs", crumbs);
    out->document = document;
    out->personal = true;
    return tx_code(ctx->tx);
}

enum code secret_page(struct ctx *ctx, struct answer *out)
{
    return page_of(ctx, NULL, out);
}

/* Answered with the page itself: the address is on no other. */
enum code secret_make(struct ctx *ctx, struct answer *out)
{
    char secret[TOKEN_SIZE], digest[DIGEST_SIZE];
    crypt_token(secret);
    crypt_digest(secret, strlen(secret), digest);
    enum code c = db_run(ctx->tx,
                         "INSERT INTO calendar_secret (account_key, digest, created) "
                         "VALUES (?1, ?2, ?3) ON CONFLICT (account_key) DO UPDATE "
                         "SET digest = excluded.digest, created = excluded.created",
                         ctx->actor->account_key, digest, tx_instant(ctx->tx));
    if (c)
        return c;
    return page_of(ctx, arena_join(ctx->arena, ctx->base_url, "/calendars/", secret, NULL), out);
}

enum code secret_end(struct ctx *ctx, struct answer *out)
{
    out->location = "/me/calendar-secrets";
    out->flash = N_("The address has ended. Calendars that read it get nothing any more.");
    return db_run(ctx->tx, "DELETE FROM calendar_secret WHERE account_key = ?1",
                  ctx->actor->account_key);
}

/* ---------------------------------------------------------------- read */

static json_t *own_groups(struct ctx *ctx, const struct actor *reader)
{
    return db_rows(ctx->tx,
                   "SELECT DISTINCT m.group_key AS \"key\" FROM membership m "
                   "WHERE m.person_key = ?1 AND (m.end_date IS NULL OR m.end_date >= ?2)",
                   reader->person_key, ctx->today);
}

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
    struct whose whose = whose_of(ctx, own_groups(ctx, &reader));
    json_t *own = schedule_events(ctx, &reader, from, to, whose);
    json_t *open = schedule_events(ctx, &nobody, from, to, whose);
    out->personal = true;
    return feed_answer(ctx, careful(ctx, own, open), out);
}
