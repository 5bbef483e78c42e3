/* outbox.c: the life of a mail: waiting, being sent, sent; given up, unsure, stopped.
 *
 * Owns the table mail. A mail is `sending` before anybody speaks to a server, in a transaction of
 * its own, so whatever happens then it is never sent again by the program alone; `unsure` is what
 * only a person can tell. What is in a mail goes as soon as nobody needs it any more. Must not know
 * how a message is sent, nor ever tell what is in one. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/crypt.h>
#include <kansli/json.h>
#include <kansli/log.h>
#include "internal.h"

static const struct value states[] = {
    {"waiting", NC_("mail", "Waiting")},
    {"sending", NC_("mail", "Being sent")},
    {"sent", NC_("mail", "Sent")},
    {"failed", NC_("mail", "Given up")},
    {"unsure", NC_("mail", "Unsure")},
    {"stopped", NC_("mail", "Stopped")},
    {NULL, NULL},
};

static const struct value languages[] = {
    {"sv", N_("Swedish")}, {"en", N_("English")}, {NULL, NULL}};

static const struct field fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "created", .label = N_("Written"), .type = T_INSTANT, .flags = F_DERIVED | F_SORT},
    {.name = "address", .label = N_("To"), .type = T_TEXT, .flags = F_DERIVED | F_FILTER | F_SORT},
    {.name = "kind",
     .label = NC_("mail", "Kind"),
     .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER | F_SORT,
     .values = mail_kinds},
    {.name = "state",
     .label = N_("State"),
     .type = T_ENUM,
     .flags = F_DERIVED | F_FILTER | F_SORT,
     .values = states},
    {.name = "language",
     .label = N_("Language"),
     .type = T_ENUM,
     .flags = F_DERIVED,
     .values = languages},
    {.name = "attempts", .label = N_("Attempts"), .type = T_INT, .flags = F_DERIVED | F_SORT},
    {.name = "due", .label = N_("Next attempt"), .type = T_INSTANT, .flags = F_DERIVED | F_SORT},
    {.name = "problem", .label = N_("Problem"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "sent", .label = NC_("mail", "Sent"), .type = T_INSTANT, .flags = F_DERIVED | F_SORT},
    {0},
};

static bool is_one_of(const char *state, const char *const *of)
{
    while (*of && strcmp(*of, state))
        of++;
    return *of != NULL;
}

static const char *const retried[] = {"waiting", "failed", "unsure", NULL};

static void links(struct ctx *ctx, json_t *object)
{
    const char *id = json_text(object, "id");
    if (!may(ctx, ACT_KEEP_MAIL, 0) || !is_one_of(json_text(object, "state"), retried))
        return;
    ctx_link(ctx, object, "retry", "POST", arena_printf(ctx->arena, "/mails/%s/retries", id));
    ctx_link(ctx, object, "cancel", "POST",
             arena_printf(ctx->arena, "/mails/%s/cancellations", id));
}

const struct resource mail_resource = {
    .name = "mails",
    .noun = NC_("mail", "mail"),
    .table = "mail",
    .select =
        "SELECT key AS \"key\", version AS \"version\", modified AS \"modified\", id AS \"id\", "
        "created AS \"created\", address AS \"address\", kind AS \"kind\", state AS \"state\", "
        "language AS \"language\", attempts AS \"attempts\", "
        "CASE WHEN state = 'waiting' THEN due END AS \"due\", problem AS \"problem\", "
        "sent_at AS \"sent\" FROM mail",
    .order = "\"created\" DESC, \"key\" DESC",
    .fields = fields,
    .links = links,
    .quiet = true,
};

/* ---------------------------------------------------------------- whether anything is sent */

static const char *setting(struct ctx *ctx, const char *name)
{
    const char *value = db_text(ctx->tx, "SELECT value FROM setting WHERE name = ?1", name);
    return value && *value ? value : NULL;
}

/* "smtp+plain://" is said of a server on this machine alone (site/setting.c). */
json_t *mail_server(struct ctx *ctx)
{
    static const char plain[] = "smtp+plain://";
    const char *server = setting(ctx, "mailServer"), *sender = setting(ctx, "mailSender");
    if (!server || !sender)
        return NULL;
    bool is_plain = !strncmp(server, plain, sizeof plain - 1);
    if (is_plain)
        server = arena_join(ctx->arena, "smtp://", server + sizeof plain - 1, NULL);
    json_t *found = json_object();
    json_put(found, "server", server);
    json_put_bool(found, "plain", is_plain);
    json_put(found, "user", setting(ctx, "mailUser"));
    json_put(found, "sender", sender);
    return found;
}

const char *mail_stands_still(struct ctx *ctx)
{
    const char *paused = setting(ctx, "mailPaused");
    if (paused && !strcmp(paused, "yes"))
        return "paused";
    return setting(ctx, "mailServer") && setting(ctx, "mailSender") ? NULL : "server";
}

long long mail_pause(struct ctx *ctx)
{
    const char *due = mail_stands_still(ctx)
                          ? NULL
                          : db_text(ctx->tx, "SELECT due FROM mail WHERE state = 'waiting' "
                                             "ORDER BY due LIMIT 1");
    if (!due)
        return -1;
    const char *now = tx_instant(ctx->tx);
    return strcmp(due, now) <= 0 ? 0 : 1000 * (instant_seconds(due) - instant_seconds(now) + 1);
}

/* ---------------------------------------------------------------- being sent */

/* An account may have been disabled, or a kind of mail stopped, since it was queued. */
static enum code drop_unwanted(struct ctx *ctx)
{
    return db_run(
        ctx->tx,
        "UPDATE mail SET state = 'stopped', content = NULL, problem = NULL, "
        "version = version + 1, modified = ?1 WHERE state = 'waiting' AND due <= ?1 AND ("
        "EXISTS (SELECT 1 FROM account a WHERE a.key = mail.account_key AND a.disabled = 1) "
        "OR (kind = 'reminder' AND EXISTS (SELECT 1 FROM mail_choice c WHERE c.reminders = 0 "
        "AND (c.account_key = mail.account_key OR c.person_key = mail.person_key))) "
        "OR (kind = 'digest' AND NOT EXISTS (SELECT 1 FROM mail_choice c "
        "WHERE c.digest = 'weekly' AND c.account_key = mail.account_key)))",
        tx_instant(ctx->tx));
}

static const char *whole(struct ctx *ctx, const char *path)
{
    return path ? arena_join(ctx->arena, ctx->base_url, path, NULL) : NULL;
}

static enum mail_kind kind_of(const json_t *row)
{
    size_t kind = 0;
    while (strcmp(mail_kinds[kind].code, json_text(row, "kind")))
        kind++;
    return (enum mail_kind)kind;
}

static const char *const how_to_stop[] = {
    [MAIL_REQUEST] = N_("Somebody waits for your answer, so this kind of mail cannot be stopped."),
    [MAIL_NOTICE] =
        N_("It tells you of a decision or an act, so this kind of mail cannot be stopped."),
    [MAIL_REMINDER] = N_("You need not get reminders:"),
    [MAIL_DIGEST] = N_("You need not get this summary:"),
};

static const char *due_words(struct ctx *ctx, int lang, const char *day)
{
    if (!day || !day_valid(day))
        return day;
    json_t *places = json_object();
    json_put(places, "day", day_words(ctx->arena, day, mail_language[lang], false));
    const char *text = text_fill(ctx->arena, ctx->text(lang, N_("Not later than {day}")), places);
    json_decref(places);
    return text;
}

static json_t *list_for_reader(struct ctx *ctx, int lang, const json_t *list)
{
    json_t *items = json_array(), *item;
    size_t i;
    json_array_foreach ((json_t *)list, i, item) {
        json_t *line = json_push(items, json_object());
        json_put(line, "title", json_text(item, "title"));
        json_put(line, "about", json_text(item, "about"));
        json_put(line, "due", due_words(ctx, lang, json_text(item, "due")));
        json_put(line, "href", whole(ctx, json_text(item, "path")));
    }
    return items;
}

/* The row with what is in it, as it is laid out and sent. */
static void open_content(struct ctx *ctx, json_t *mail)
{
    static const char *const texts[] = {"name", "subject", "action", "why"};
    json_t *content = json_loads(json_text(mail, "content"), 0, NULL);
    int lang = strcmp(json_text(mail, "language"), mail_language[LANG_EN]) ? LANG_SV : LANG_EN;
    struct mail_owner owner = {json_int(mail, "account", 0), json_int(mail, "person", 0)};
    enum mail_kind kind = kind_of(mail);
    for (size_t i = 0; i < LEN(texts); i++)
        json_put(mail, texts[i], json_text(content, texts[i]));
    json_put_new(mail, "paragraphs", json_incref(json_object_get(content, "paragraphs")));
    json_put_new(mail, "event", json_incref(json_object_get(content, "event")));
    json_put(mail, "href", whole(ctx, json_text(content, "path")));
    json_put_new(mail, "list", list_for_reader(ctx, lang, json_object_get(content, "list")));
    json_put(mail, "stop", ctx->text(lang, how_to_stop[kind]));
    json_put(mail, "stopHref", whole(ctx, mail_stop_path(ctx, owner, kind)));
    json_put(mail, "at", tx_instant(ctx->tx));
    json_object_del(mail, "content");
    json_decref(content);
}

json_t *mail_take(struct ctx *ctx)
{
    if (mail_stands_still(ctx) || drop_unwanted(ctx))
        return NULL;
    json_t *mail = db_row(ctx->tx,
                          "SELECT key AS \"key\", id AS \"id\", address AS \"address\", "
                          "kind AS \"kind\", language AS \"language\", content AS \"content\", "
                          "account_key AS \"account\", person_key AS \"person\" FROM mail "
                          "WHERE state = 'waiting' AND due <= ?1 ORDER BY due, key LIMIT 1",
                          tx_instant(ctx->tx));
    if (!mail)
        return NULL;
    open_content(ctx, mail);
    if (db_run(ctx->tx,
               "UPDATE mail SET state = 'sending', attempts = attempts + 1, version = version + 1, "
               "modified = ?2 WHERE key = ?1",
               json_int(mail, "key", 0), tx_instant(ctx->tx))) {
        json_decref(mail);
        return NULL;
    }
    return mail;
}

enum { ATTEMPTS = 12 };

/* When the next attempt is, after so many. */
static const char *next_due(struct ctx *ctx, long long attempts)
{
    static const int minutes[] = {1, 5, 15, 60, 240};
    size_t i = attempts < (long long)LEN(minutes) ? (size_t)attempts - 1 : LEN(minutes) - 1;
    char due[INSTANT_SIZE];
    instant_from_seconds(instant_seconds(tx_instant(ctx->tx)) + 60 * minutes[i], due);
    return arena_strdup(ctx->arena, due);
}

static enum code settle(struct ctx *ctx, long long key, const char *state, const char *due,
                        const char *problem)
{
    bool sent = !strcmp(state, "sent");
    return db_run(ctx->tx,
                  "UPDATE mail SET state = ?2, due = coalesce(?3, due), problem = ?4, "
                  "sent_at = CASE WHEN ?5 = 1 THEN ?6 END, "
                  "content = CASE WHEN ?5 = 1 THEN NULL ELSE content END, "
                  "version = version + 1, modified = ?6 WHERE key = ?1 AND state = 'sending'",
                  key, state, due, problem, sent, tx_instant(ctx->tx));
}

enum code mail_done(struct ctx *ctx, long long key, enum smtp_result result, const char *problem)
{
    long long attempts = db_int(ctx->tx, 1, "SELECT attempts FROM mail WHERE key = ?1", key);
    if (result == SMTP_SENT)
        return settle(ctx, key, "sent", NULL, NULL);
    if (result == SMTP_UNSURE)
        return settle(ctx, key, "unsure", NULL, problem);
    if (result == SMTP_LATER && attempts < ATTEMPTS)
        return settle(ctx, key, "waiting", next_due(ctx, attempts), problem);
    return settle(ctx, key, "failed", NULL, problem);
}

long long mail_cut_short(struct ctx *ctx)
{
    return db_int(ctx->tx, 0, "SELECT count(*) FROM mail WHERE state = 'sending'");
}

enum code mail_recover(struct ctx *ctx)
{
    enum code c = db_run(ctx->tx,
                         "UPDATE mail SET state = 'unsure', problem = ?2, version = version + 1, "
                         "modified = ?1 WHERE state = 'sending'",
                         tx_instant(ctx->tx), "the program ended while it was being sent");
    if (!c && tx_changed(ctx->tx))
        log_line(LOG_WARN, "mail-unsure", "count", arena_int(ctx->arena, tx_changed(ctx->tx)),
                 NULL);
    return c;
}

/* ---------------------------------------------------------------- what an administrator does */

enum code mail_test(struct ctx *ctx, const char **id)
{
    char uuid[UUID_SIZE];
    enum code c = must_may(ctx, ACT_KEEP_MAIL, 0);
    crypt_uuid(uuid);
    struct mail mail = {
        .event = arena_join(ctx->arena, "mails:test:", uuid, NULL),
        .kind = MAIL_NOTICE,
        .subject = N_("A test of the register's mail"),
        .paragraphs = {N_("If you can read this, the register can send mail: å, ä and ö, too.")},
        .path = "/mails",
        .action = N_("To the outbox"),
        .why = N_("You get this because you asked for it on the page of the outbox.")};
    if (!c)
        c = mail_account(ctx, ctx->actor->account_key, &mail);
    if (!c)
        *id = db_text(ctx->tx, "SELECT id FROM mail WHERE event = ?1", mail.event);
    return c ? c : tx_code(ctx->tx);
}

/* The row of an id: {key, state}; NULL with E_ABSENT, or with E_CONFLICT when nothing can be done
 * with it any more. */
static json_t *unsettled(struct ctx *ctx, const char *id)
{
    json_t *row =
        db_row(ctx->tx, "SELECT key AS \"key\", state AS \"state\" FROM mail WHERE id = ?1", id);
    if (!row)
        ctx_absent(ctx);
    else if (!is_one_of(json_text(row, "state"), retried)) {
        ctx_fail(
            ctx, E_CONFLICT, "mail-settled",
            N_("Only mail that waits, was given up or is unsure can be sent again or stopped."));
        json_decref(row);
        row = NULL;
    }
    return row;
}

static json_t *state_change(const json_t *row, const char *state)
{
    return json_pack("{s: [s, s]}", "state", json_text(row, "state"), state);
}

enum code mail_retry(struct ctx *ctx, const char *id)
{
    enum code c = must_may(ctx, ACT_KEEP_MAIL, 0);
    json_t *row = c ? NULL : unsettled(ctx, id);
    if (!row)
        return ctx->err->code;
    long long key = json_int(row, "key", 0);
    c = db_run(ctx->tx,
               "UPDATE mail SET state = 'waiting', attempts = 0, due = ?2, problem = NULL "
               "WHERE key = ?1",
               key, tx_instant(ctx->tx));
    if (!c)
        c = resource_touch(ctx, &mail_resource, key, id, "retry", state_change(row, "waiting"));
    json_decref(row);
    return c;
}

enum code mail_cancel(struct ctx *ctx, const char *id)
{
    enum code c = must_may(ctx, ACT_KEEP_MAIL, 0);
    json_t *row = c ? NULL : unsettled(ctx, id);
    if (!row)
        return ctx->err->code;
    long long key = json_int(row, "key", 0);
    c = db_run(ctx->tx, "UPDATE mail SET state = 'stopped', content = NULL WHERE key = ?1", key);
    if (!c)
        c = resource_touch(ctx, &mail_resource, key, id, "cancel", state_change(row, "stopped"));
    json_decref(row);
    return c;
}
