/* audit.h: history, as a chain of hashes (R92, security.md 4).
 *
 * Each row carries digest = SHA-256(salt, content) and chain = SHA-256(chain before, digest, the
 * row's other columns). Erasing blanks content and salt, keeps the digest, and is a row of its own:
 * `kansli check` tells erased from altered. */
#ifndef KANSLI_AUDIT_H
#define KANSLI_AUDIT_H

#include <kansli/resource.h>

struct audit {
    const char *type;        /* resource name */
    long long key;
    const char *id;
    const char *within_type; /* the object whose history shows this too, or NULL */
    long long within_key;
    const char *act;         /* "create", "update", "delete", "close" ... */
    long long version;       /* after the act */
    json_t *changes;         /* field → [before, after]; stolen; NULL: none */
};
/* Appends a row, by ctx->actor, at tx_instant. */
NODISCARD enum code audit_add(struct ctx *ctx, struct audit event);

/* The events as a resource: {id, at, actor, actorName, asSupport, objectType, objectTypeLabel,
 * objectId, act, actLabel, changes: [{field, label, before, after}]}, before and after as a person
 * reads them (text or null). Routes that list them are SHAPE_LIST with this resource. */
extern const struct resource audit_resource;
/* Whether the reader may know who an account a is: not a protected identity's, but to support and to
 * officers of the person's groups (api.md, persons). A condition with ?2, ?3 and ?4. */
#define AUDIT_ACTOR_SHOWN(a)                                                                       \
    "(?2 = 1 OR NOT EXISTS (SELECT 1 FROM person ap WHERE ap.key = " a ".person_key "              \
    "AND ap.protected_identity = 1 AND ap.key <> ?3 AND NOT EXISTS (SELECT 1 FROM membership am "  \
    "WHERE am.person_key = ap.key AND " ACCESS_GROUP_OFFICER("am.group_key") ")))"

/* The history of one object of r and of what lives within it, newest first, as a list's envelope; r
 * NULL: the whole register. */
enum code audit_list(struct ctx *ctx, const struct resource *r, long long key, json_t **out);

/* A whole handler's work for /r/{id}/history, template register/object: the object's history for
 * those who may see all of it (ACT_SEE_ALL_HISTORY). `name` is the member that people know it
 * by. */
enum code audit_answer(struct ctx *ctx, const struct resource *r, const char *name,
                       struct answer *out);

/* Blanks content and salt of every row of an object and adds the row that says so. */
NODISCARD enum code audit_erase(struct ctx *ctx, const char *type, long long key, const char *id);
/* The same of rows {key, id}, which are freed. */
NODISCARD enum code audit_erase_rows(struct ctx *ctx, const char *type, json_t *rows);

/* Verifies the whole chain; adds to `findings` (array) one object per fault, {"row", "fault"}:
 * "altered" (the row says something else than when it was written), "reordered" (it stands at
 * another place), "missing" (from this row on, some are gone), "unchained" (what stood before it
 * was another), "truncated" (the end is gone). Returns the last row's number. */
long long audit_verify(struct tx *tx, json_t *findings);

#endif
