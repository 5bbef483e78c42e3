/* token.c: what a script carries instead of a password.
 *
 * Owns the table token. A token is 256 random bits, shown once, kept as a digest, with a scope, an
 * end and its last use; what it may do is what its account may do, less its scope (api.md 1). Made
 * and revoked in the browser or on the command line only. */
#include <string.h>

#include <kansli/crypt.h>
#include <kansli/json.h>

#include "internal.h"

enum { DAYS_DEFAULT = 365 };

struct token_input {
    const char *name, *scope;
};

const struct value token_scopes[] = {
    {"read", N_("Only read")},
    {"write", N_("Read and write")},
    {NULL, NULL},
};

static const struct field token_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "accountId", .label = N_("Account"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "name",
     .label = N_("Name"),
     .type = T_TEXT,
     .at = offsetof(struct token_input, name),
     .flags = F_REQUIRED | F_SORT,
     .max = 80,
     .column = "name"},
    {.name = "scope",
     .label = N_("Scope"),
     .type = T_ENUM,
     .at = offsetof(struct token_input, scope),
     .flags = F_REQUIRED | F_FILTER,
     .values = token_scopes,
     .column = "scope"},
    {.name = "expires", .label = N_("Ends"), .type = T_INSTANT, .flags = F_DERIVED | F_SORT},
    {.name = "lastUsed", .label = N_("Last used"), .type = T_INSTANT, .flags = F_DERIVED | F_SORT},
    {0},
};

const struct resource token_resource = {
    .name = "me/tokens",
    .noun = N_("token"),
    .table = "token",
    .select = "SELECT t.key AS \"key\", t.version AS \"version\", t.modified AS \"modified\", "
              "t.id AS \"id\", a.id AS \"accountId\", t.name AS \"name\", t.scope AS \"scope\", "
              "t.expires AS \"expires\", t.last_used AS \"lastUsed\" "
              "FROM token t JOIN account a ON a.key = t.account_key",
    .order = "\"name\", \"id\"",
    .size = sizeof(struct token_input),
    .fields = token_fields,
};

enum code token_create(struct ctx *ctx, long long account_key, const char *name, const char *scope,
                       long long days, const char **token)
{
    struct token_input in = {name, scope};
    char secret[TOKEN_SIZE], digest[DIGEST_SIZE], expires[INSTANT_SIZE];
    long long key = 0;

    if (days <= 0 || days > TOKEN_DAYS_MAX)
        days = DAYS_DEFAULT;
    crypt_token(secret);
    crypt_digest(secret, strlen(secret), digest);
    instant_from_seconds(instant_seconds(tx_instant(ctx->tx)) + days * 24 * 3600, expires);
    json_t *extra = json_object();
    json_put(extra, "digest", digest);
    json_put_int(extra, "account_key", account_key);
    json_put(extra, "expires", expires);
    enum code c = resource_insert(ctx, &token_resource, &in, NULL, extra, &key);
    json_decref(extra);
    *token = arena_strdup(ctx->arena, secret);
    return c;
}

enum code token_add(struct ctx *ctx, const char *email, const char *name, const char *scope,
                    int days, const char **token)
{
    long long account =
        db_int(ctx->tx, 0, "SELECT key FROM account WHERE email_folded = ?1 AND disabled = 0",
               email_fold(ctx->arena, email));

    if (!account)
        return ctx_fail(ctx, E_ABSENT, "not-found",
                        N_("There is no account in use with that e-mail address."));
    if (strcmp(scope, "read") && strcmp(scope, "write"))
        return ctx_fail(ctx, E_INPUT, "unknown-scope", N_("The scope is read or write."));
    return token_create(ctx, account, name, scope, days, token);
}

json_t *token_items(struct ctx *ctx, const char *account_id)
{
    return resource_items(ctx, &token_resource,
                          (struct fixed){.condition = "\"accountId\" = ?6", .text = account_id});
}

enum code token_answer(struct ctx *ctx, const char *account_id, const char *id, struct answer *out)
{
    json_t *token = resource_one(ctx, &token_resource, id, NULL, &out->version);

    if (!token || strcmp(json_text(token, "accountId"), account_id)) {
        json_decref(token);
        return ctx_absent(ctx);
    }
    out->document = token;
    return OK;
}

enum code token_revoke(struct ctx *ctx, const char *account_id, const char *id)
{
    struct answer found = {0};
    struct edit edit = {.id = id};
    enum code c = token_answer(ctx, account_id, id, &found);

    if (c)
        return c;
    edit.now = found.document;
    edit.version = found.version;
    edit.key = db_int(ctx->tx, 0, "SELECT key FROM token WHERE id = ?1", id);
    c = resource_delete(ctx, &token_resource, &edit);
    resource_edit_end(&edit);
    return c;
}
