/* declaration_match.c: what of somebody's declaration meets the words that an agenda item is about
 * (domain.md 3, "At the meeting").
 *
 * Owns the comparison: folded, and by whole words, so that "Nordfarma" meets "Nordfarma AB" and not
 * "Nordfarmare". It compares with the counterparties of interests that are current, and with the
 * conditions of the review that holds for the group. A counterparty leaves this file only for who
 * may read it (declaration_access.c). Must not know meetings. */
#include <string.h>
#include <kansli/utf8.h>
#include "internal.h"

enum { WORD_LEAST = 3 }; /* bytes: what is shorter meets everything */

/* The last declaration that asks the group, with the last review there. */
static json_t *declared(struct ctx *ctx, long long person_key, long long group_key)
{
    return db_row(ctx->tx,
                  "SELECT d.key AS \"key\", d.interests AS \"interests\", "
                  "r.conditions AS \"conditions\", r.outcome AS \"outcome\" FROM declaration d "
                  "JOIN declaration_group g ON g.declaration_key = d.key AND g.group_key = ?2 "
                  "LEFT JOIN declaration_review r ON r.key = (SELECT l.key "
                  "FROM declaration_review l WHERE l.declaration_key = d.key "
                  "AND l.group_key = g.group_key AND l.valid_until >= ?3 "
                  "ORDER BY l.at DESC, l.key DESC LIMIT 1) "
                  "WHERE d.person_key = ?1 AND d.state = 'submitted' AND d.valid_until >= ?3 "
                  "ORDER BY d.submitted_at DESC, d.key DESC LIMIT 1",
                  person_key, group_key, ctx->today);
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* Whether `part` stands in `whole` with no letter before or behind it; both folded. */
static bool holds_words(const char *whole, const char *part)
{
    size_t n = strlen(part);
    if (n < WORD_LEAST)
        return !strcmp(whole, part);
    for (const char *at = strstr(whole, part); at; at = strstr(at + 1, part)) {
        bool begins = at == whole || !is_word_byte(at[-1]);
        if (begins && !is_word_byte(at[n]))
            return true;
    }
    return false;
}

static bool is_current(const struct ctx *ctx, const json_t *interest)
{
    const char *first = json_text(interest, "startDate"), *last = json_text(interest, "endDate");
    return (!first || strcmp(first, ctx->today) <= 0) && (!last || strcmp(last, ctx->today) >= 0);
}

/* The counterparty that a word names, or NULL. */
static const char *party_met(struct ctx *ctx, const json_t *interests, const char *word)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)interests, i, one) {
        const char *party = json_text(one, "counterparty");
        const char *folded = party ? text_fold(ctx->arena, party) : NULL;
        if (folded && is_current(ctx, one) &&
            (holds_words(folded, word) || holds_words(word, folded)))
            return party;
    }
    return NULL;
}

json_t *declaration_matches(struct ctx *ctx, long long person_key, long long group_key,
                            const json_t *words, bool *read)
{
    json_t *found = json_array(), *row = declared(ctx, person_key, group_key), *word;
    const char *kept = row ? json_text(row, "interests") : NULL;
    const char *conditions = row ? json_text(row, "conditions") : NULL;
    const char *folded = conditions ? text_fold(ctx->arena, conditions) : NULL;
    json_t *interests = kept ? json_loads(kept, 0, NULL) : NULL;
    long long key = row ? json_int(row, "key", 0) : 0;
    bool own = ctx->actor->person_key == person_key;
    size_t i;
    *read = false;
    json_array_foreach((json_t *)words, i, word) {
        const char *wanted = text_fold(ctx->arena, json_string_value(word));
        const char *party = row ? party_met(ctx, interests, wanted) : NULL;
        bool by_review = folded && holds_words(folded, wanted);
        if (!party && !by_review)
            continue;
        json_t *match = json_push(found, json_object());
        json_put(match, "word", json_string_value(word));
        if (party && (own || declaration_reads_interests(ctx, key)))
            json_put(match, "counterparty", party);
        if (by_review) {
            json_put(match, "conditions", conditions);
            json_put(match, "outcome", json_text(row, "outcome"));
        }
        *read = *read || (party && !own);
    }
    if (*read)
        declaration_read(ctx, key);
    json_decref(interests);
    json_decref(row);
    return found;
}
