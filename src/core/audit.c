/* audit.c: the chain of history.
 *
 * Owns audit_event and audit_head. Knows nothing of what the changes mean: a change is a field's
 * name, what it was and what it became. Content and salt can be erased; the chain covers digests
 * only, so it stands (security.md 4). */
#include <string.h>
#include <kansli/audit.h>
#include <kansli/crypt.h>
#include <kansli/json.h>

/* The first row is chained to this. */
static const char genesis[] = "0000000000000000000000000000000000000000000000000000000000000000";

/* Its length first, so that no two rows become one text; "-" for nothing, which is not an empty
 * text. */
static void add_part(struct buf *buf, const char *part)
{
    if (part)
        buf_addf(buf, "%zu:%s", strlen(part), part);
    else
        buf_addc(buf, '-');
}

static void digest_of(const char *salt, const char *changes, char out[DIGEST_SIZE])
{
    struct buf buf;
    buf_init(&buf, SIZE_MAX);
    add_part(&buf, salt);
    add_part(&buf, changes);
    crypt_digest(buf.data, buf.len, out);
    buf_release(&buf);
}

/* The chain of a row as it stands in the register: everything but content and salt. */
static void chain_of(const char *before, const json_t *row, char out[DIGEST_SIZE])
{
    static const char *const text[] = {"id",       "at",         "actor",     "objectType",
                                       "objectId", "withinType", "act",       "digest"};
    static const char *const number[] = {"key", "asSupport", "objectKey", "withinKey", "version"};
    struct buf buf;
    buf_init(&buf, SIZE_MAX);
    add_part(&buf, before);
    for (size_t i = 0; i < LEN(text); i++)
        add_part(&buf, json_text(row, text[i]));
    for (size_t i = 0; i < LEN(number); i++)
        buf_addf(&buf, "%lld;", json_int(row, number[i], 0));
    crypt_digest(buf.data, buf.len, out);
    buf_release(&buf);
}

enum code audit_add(struct ctx *ctx, struct audit event)
{
    char salt[TOKEN_SIZE], digest[DIGEST_SIZE], chain[DIGEST_SIZE], id[UUID_SIZE];
    char *changes = NULL;
    if (event.changes) {
        struct buf buf;
        buf_init(&buf, 4 << 20);
        json_write(&buf, event.changes);
        json_decref(event.changes);
        changes = arena_strndup(ctx->arena, buf.data, buf.len);
        buf_release(&buf);
    }
    crypt_token(salt);
    crypt_uuid(id);
    digest_of(salt, changes, digest);
    long long key = 1 + db_int(ctx->tx, 0, "SELECT length FROM audit_head WHERE one = 1");
    const char *before = db_text(ctx->tx, "SELECT chain FROM audit_head WHERE one = 1");
    const char *actor = ctx->actor->account_id ? ctx->actor->account_id : "kansli";
    json_t *row = json_object();
    json_put_int(row, "key", key);
    json_put(row, "id", id);
    json_put(row, "at", tx_instant(ctx->tx));
    json_put(row, "actor", actor);
    json_put_int(row, "asSupport", ctx->as_support);
    json_put(row, "objectType", event.type);
    json_put_int(row, "objectKey", event.key);
    json_put(row, "objectId", event.id);
    json_put(row, "withinType", event.within_type);
    json_put_int(row, "withinKey", event.within_key);
    json_put(row, "act", event.act);
    json_put_int(row, "version", event.version);
    json_put(row, "digest", digest);
    chain_of(before ? before : genesis, row, chain);
    json_decref(row);
    enum code c = db_run(
        ctx->tx,
        "INSERT INTO audit_event (key, id, at, actor, as_support, object_type, object_key, "
        "object_id, within_type, within_key, act, version, changes, salt, digest, chain) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        key, id, tx_instant(ctx->tx), actor, ctx->as_support, event.type, event.key, event.id,
        event.within_type, KEY(event.within_key), event.act, event.version, changes, salt, digest,
        chain);
    if (c)
        return c;
    return db_run(ctx->tx,
                  "INSERT INTO audit_head (one, length, chain) VALUES (1, ?1, ?2) "
                  "ON CONFLICT (one) DO UPDATE SET length = excluded.length, "
                  "chain = excluded.chain",
                  key, chain);
}

enum code audit_erase(struct ctx *ctx, const char *type, long long key, const char *id)
{
    enum code c = db_run(ctx->tx,
                         "UPDATE audit_event SET changes = NULL, salt = NULL "
                         "WHERE object_type = ?1 AND object_key = ?2",
                         type, key);
    if (c)
        return c;
    return audit_add(ctx, (struct audit){.type = type, .key = key, .id = id, .act = "erase"});
}

enum code audit_erase_rows(struct ctx *ctx, const char *type, json_t *rows)
{
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
        if (!c)
            c = audit_erase(ctx, type, json_int(row, "key", 0), json_text(row, "id"));
    json_decref(rows);
    return c;
}

/* ---------------------------------------------------------------- verifying */

struct walk {
    char chain[DIGEST_SIZE]; /* of the row before, as it stands */
    long long key;           /* its key */
    bool loose; /* it does not stand where it was written: the next cannot be chained to it */
    json_t *findings;
};

static void found(struct walk *walk, long long row, const char *fault)
{
    json_t *finding = json_push(walk->findings, json_object());
    json_put_int(finding, "row", row);
    json_put(finding, "fault", fault);
}

/* Content against its digest; erased rows have none left to compare. */
static bool content_stands(const json_t *row)
{
    char digest[DIGEST_SIZE];
    const char *salt = json_text(row, "salt"), *changes = json_text(row, "changes");
    if (!salt)
        return !changes && json_true_at(row, "erased");
    digest_of(salt, changes, digest);
    return !strcmp(digest, json_text(row, "digest"));
}

/* One fault at most for each row. A row that was moved breaks the order of the instants with a
 * neighbour, which an altered one does not. */
static bool verify_row(json_t *row, void *arg)
{
    struct walk *walk = arg;
    long long key = json_int(row, "key", 0);
    const char *stored = json_text(row, "chain");
    char chain[DIGEST_SIZE];
    bool follows = key == walk->key + 1;
    if (!follows)
        found(walk, walk->key + 1, "missing");
    chain_of(walk->chain, row, chain);
    bool chained = !strcmp(chain, stored), moved = !chained && json_true_at(row, "outOfTime");
    if (moved)
        found(walk, key, "reordered");
    else if (!chained && (!follows || walk->loose))
        found(walk, key, "unchained");
    else if (!chained || !content_stands(row))
        found(walk, key, "altered");
    /* Go on from what the row says, so that one fault is told once. */
    memcpy(walk->chain, stored, strnlen(stored, DIGEST_SIZE - 1) + 1);
    walk->chain[DIGEST_SIZE - 1] = '\0';
    walk->key = key;
    walk->loose = moved;
    return true;
}

long long audit_verify(struct tx *tx, json_t *findings)
{
    struct walk walk = {.findings = findings};
    memcpy(walk.chain, genesis, sizeof genesis);
    db_each_(tx, verify_row, &walk,
             "SELECT e.key AS \"key\", e.id AS \"id\", e.at AS \"at\", e.actor AS \"actor\", "
             "e.as_support AS \"asSupport\", e.object_type AS \"objectType\", "
             "e.object_key AS \"objectKey\", e.object_id AS \"objectId\", "
             "e.within_type AS \"withinType\", e.within_key AS \"withinKey\", e.act AS \"act\", "
             "e.version AS \"version\", e.changes AS \"changes\", e.salt AS \"salt\", "
             "e.digest AS \"digest\", e.chain AS \"chain\", "
             "lag(e.at, 1, e.at) OVER (ORDER BY e.key) > e.at "
             "OR lead(e.at, 1, e.at) OVER (ORDER BY e.key) < e.at AS \"outOfTime?\", EXISTS "
             "(SELECT 1 FROM audit_event x "
             "WHERE x.object_type = e.object_type AND x.object_key = e.object_key "
             "AND x.act = 'erase' AND x.key > e.key) AS \"erased?\" "
             "FROM audit_event e ORDER BY e.key",
             NULL, 0);
    long long length = db_int(tx, 0, "SELECT length FROM audit_head WHERE one = 1");
    const char *chain = db_text(tx, "SELECT chain FROM audit_head WHERE one = 1");
    if (length > walk.key)
        found(&walk, walk.key + 1, "truncated");
    else if (length < walk.key || (chain && strcmp(chain, walk.chain)))
        found(&walk, walk.key, "unchained");
    return walk.key;
}
