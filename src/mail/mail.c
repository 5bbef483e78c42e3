/* mail.c: what a rule wants somebody to know becomes rows of the outbox.
 *
 * Owns who is written to, at which address and in which language, and the texts, which are written
 * out here: later the object may look different, and who reads the mail wants to know how it was.
 * Must not know SMTP, nor how a message is laid out. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/crypt.h>
#include <kansli/json.h>
#include "internal.h"

const char *const mail_language[LANGS] = {[LANG_SV] = "sv", [LANG_EN] = "en"};

const struct value mail_kinds[] = {
    [MAIL_REQUEST] = {"request", N_("Request")},
    [MAIL_NOTICE] = {"notice", NC_("mail", "Notice")},
    [MAIL_REMINDER] = {"reminder", N_("Reminder")},
    [MAIL_DIGEST] = {"digest", N_("Weekly summary")},
    {NULL, NULL},
};

struct reader {
    const char *address, *name;
    struct mail_owner owner;
    int lang;
};

/* ---------------------------------------------------------------- texts */

static const char *value_for(struct ctx *ctx, int lang, const char *name, const char *value)
{
    size_t n = strlen(name);
    if (n > 5 && !strcmp(name + n - 5, "Label"))
        return ctx->text(lang, value);
    return day_valid(value) ? day_words(ctx->arena, value, mail_language[lang], false) : value;
}

static json_t *values_for(struct ctx *ctx, int lang, const char *const *places)
{
    json_t *values = json_object();
    for (; places && *places; places += 2)
        json_put(values, places[0], places[1] ? value_for(ctx, lang, places[0], places[1]) : "");
    return values;
}

static void put_text(struct ctx *ctx, json_t *content, const char *name, int lang,
                     const char *msgid, const json_t *values)
{
    if (msgid)
        json_put(content, name, text_fill(ctx->arena, ctx->text(lang, msgid), values));
}

/* What is in the mail, for this reader, as the outbox keeps it. */
static const char *content_for(struct ctx *ctx, const struct reader *to, const struct mail *mail)
{
    struct buf buf;
    json_t *content = json_object(), *values = values_for(ctx, to->lang, mail->places);
    json_t *paragraphs = json_put_new(content, "paragraphs", json_array());
    for (size_t i = 0; i < LEN(mail->paragraphs) && mail->paragraphs[i]; i++)
        json_push(paragraphs, json_text_new(text_fill(
                                  ctx->arena, ctx->text(to->lang, mail->paragraphs[i]), values)));
    json_put(content, "name", to->name);
    json_put(content, "path", mail->path);
    put_text(ctx, content, "subject", to->lang, mail->subject, values);
    put_text(ctx, content, "action", to->lang, mail->action, values);
    put_text(ctx, content, "why", to->lang, mail->why, values);
    if (mail->list)
        json_object_set(content, "list", (json_t *)mail->list);
    if (mail->event_file)
        json_object_set(content, "event", (json_t *)mail->event_file);
    buf_init(&buf, 1 << 20);
    json_write(&buf, content);
    const char *text = arena_strndup(ctx->arena, buf.data, buf.len);
    buf_release(&buf);
    json_decref(values);
    json_decref(content);
    return text;
}

/* ---------------------------------------------------------------- one reader */

static enum code queue(struct ctx *ctx, const struct reader *to, const struct mail *mail)
{
    char id[UUID_SIZE];
    if (!mail_wanted(ctx, to->owner, mail->kind))
        return tx_code(ctx->tx);
    crypt_uuid(id);
    return db_run(ctx->tx,
                  "INSERT INTO mail (id, event, kind, address, account_key, person_key, language, "
                  "content, due, created, modified) "
                  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?9) "
                  "ON CONFLICT (event, address) DO NOTHING",
                  (const char *)id, mail->event, mail_kinds[mail->kind].code, to->address,
                  KEY(to->owner.account), KEY(to->owner.person), mail_language[to->lang],
                  content_for(ctx, to, mail), tx_instant(ctx->tx));
}

static int lang_of(const json_t *row)
{
    const char *language = json_text(row, "language");
    return language && !strcmp(language, mail_language[LANG_EN]) ? LANG_EN : LANG_SV;
}

/* The row of a reader: {account, person, address, name, language}; nobody when it is NULL. */
static enum code queue_row(struct ctx *ctx, json_t *row, const struct mail *mail)
{
    const char *address = row ? json_text(row, "address") : NULL;
    enum code c = tx_code(ctx->tx);
    if (!c && address)
        c = queue(
            ctx,
            &(struct reader){.address = address,
                             .name = json_text(row, "name"),
                             .owner = {json_int(row, "account", 0), json_int(row, "person", 0)},
                             .lang = lang_of(row)},
            mail);
    json_decref(row);
    return c;
}

enum code mail_account(struct ctx *ctx, long long account_key, const struct mail *mail)
{
    return queue_row(ctx,
                     db_row(ctx->tx,
                            "SELECT a.key AS \"account\", a.email AS \"address\", "
                            "coalesce(p.given_name || ' ' || p.family_name, a.name) AS \"name\", "
                            "coalesce(a.language, p.language) AS \"language\" FROM account a "
                            "LEFT JOIN person p ON p.key = a.person_key "
                            "WHERE a.key = ?1 AND a.disabled = 0",
                            account_key),
                     mail);
}

/* The account that the person used last, if there are several. */
static long long account_of(struct ctx *ctx, long long person_key)
{
    return db_int(ctx->tx, 0,
                  "SELECT key FROM account WHERE person_key = ?1 AND disabled = 0 "
                  "ORDER BY coalesce(last_seen, '') DESC, key LIMIT 1",
                  person_key);
}

/* Somebody whose account was disabled is not written to beside it. */
static json_t *row_without_account(struct ctx *ctx, long long person_key)
{
    return db_row(ctx->tx,
                  "SELECT p.key AS \"person\", p.email AS \"address\", p.language AS \"language\", "
                  "p.given_name || ' ' || p.family_name AS \"name\" FROM person p "
                  "WHERE p.key = ?1 AND p.email IS NOT NULL AND NOT EXISTS ("
                  "SELECT 1 FROM account a WHERE a.person_key = p.key)",
                  person_key);
}

enum code mail_person(struct ctx *ctx, long long person_key, const struct mail *mail)
{
    long long account = account_of(ctx, person_key);
    return account ? mail_account(ctx, account, mail)
                   : queue_row(ctx, row_without_account(ctx, person_key), mail);
}

bool mail_reaches(struct ctx *ctx, long long person_key)
{
    if (account_of(ctx, person_key))
        return true;
    json_t *row = row_without_account(ctx, person_key);
    json_decref(row);
    return row != NULL;
}

enum code mail_address(struct ctx *ctx, const char *address, const char *name, int lang,
                       const struct mail *mail)
{
    MUST(mail->kind == MAIL_REQUEST || mail->kind == MAIL_NOTICE);
    return queue(ctx, &(struct reader){.address = address, .name = name, .lang = lang}, mail);
}

/* ---------------------------------------------------------------- several */

/* Rows of one column, "key", of those that `to` writes to. */
static enum code queue_each(struct ctx *ctx, json_t *rows, const struct mail *mail,
                            enum code (*to)(struct ctx *, long long, const struct mail *))
{
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_t *row;
    json_array_foreach (rows, i, row)
        if (!c)
            c = to(ctx, json_int(row, "key", 0), mail);
    json_decref(rows);
    return c;
}

enum code mail_coordinators(struct ctx *ctx, long long organisation_key, const struct mail *mail)
{
    return queue_each(ctx,
                      db_rows(ctx->tx,
                              "SELECT account_key AS \"key\" FROM account_role "
                              "WHERE role = 'coordinator' AND organisation_key = ?1 "
                              "ORDER BY account_key",
                              organisation_key),
                      mail, mail_account);
}

enum code mail_support(struct ctx *ctx, const struct mail *mail)
{
    return queue_each(ctx,
                      db_rows(ctx->tx, "SELECT account_key AS \"key\" FROM account_role "
                                       "WHERE role = 'support' ORDER BY account_key"),
                      mail, mail_account);
}

enum code mail_officers(struct ctx *ctx, long long group_key, const struct mail *mail)
{
    return queue_each(ctx,
                      db_rows(ctx->tx,
                              "SELECT DISTINCT m.person_key AS \"key\" FROM membership m "
                              "WHERE m.group_key = ?1 AND m.start_date <= ?2 "
                              "AND (m.end_date IS NULL OR m.end_date >= ?2) "
                              "AND m.role IN " ACCESS_OFFICERS " ORDER BY m.person_key",
                              group_key, ctx->today),
                      mail, mail_person);
}
