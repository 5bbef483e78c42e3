/* search.c: the index over names.
 *
 * Owns: search_entry and search_text, and the words that go into them: folded, so that "gota" finds
 * "Göta". Written by C in the transaction of the change, never by a trigger (trusted_schema=OFF
 * forbids it, and a trigger cannot fold).
 * Must never know: what a type is, and who may see what is found. */
#include <kansli/utf8.h>

#include "internal.h"

enum { WORDS_MAX = 16 };

enum code db_index_put(struct tx *tx, const char *type, long long key, const char *text)
{
    long long entry = db_int(tx, 0,
                             "INSERT INTO search_entry (type, object_key) VALUES (?1, ?2) "
                             "ON CONFLICT (type, object_key) DO UPDATE SET type = excluded.type "
                             "RETURNING key",
                             type, key);

    db_run(tx, "DELETE FROM search_text WHERE rowid = ?1", entry);
    return db_run(tx, "INSERT INTO search_text (rowid, words) VALUES (?1, ?2)", entry,
                  text_fold(tx->arena, text));
}

/* By the row number: a statement that may delete several rows notes how to take itself back, and in
 * a long job (an import undone) SQLite walks through all that was noted before, each time. */
enum code db_index_remove(struct tx *tx, const char *type, long long key)
{
    long long entry = db_int(
        tx, 0, "SELECT key FROM search_entry WHERE type = ?1 AND object_key = ?2", type, key);

    if (!entry)
        return tx_code(tx);
    db_run(tx, "DELETE FROM search_text WHERE rowid = ?1", entry);
    return db_run(tx, "DELETE FROM search_entry WHERE key = ?1", entry);
}

enum code db_scrub(struct tx *tx)
{
    tx->db->wal.scrub = true;
    return db_run(tx, "INSERT INTO search_text (search_text) VALUES ('optimize')");
}

/* Letters and digits, as the index itself sees words; the blocks of punctuation and signs are left
 * out whole. */
static bool in_word(uint32_t c)
{
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c < 0xc0)
        return c == 0xaa || c == 0xb5 || c == 0xba;
    return c != 0xd7 && c != 0xf7 && !(c >= 0x2000 && c < 0x2c00) && !(c >= 0x3000 && c < 0x3040) &&
           !(c >= 0xfe00 && c < 0xfe70) && c < 0x1f000;
}

const char *db_index_query(struct arena *arena, const char *q)
{
    const char *expression = NULL, *at = text_fold(arena, q);

    for (int words = 0; *at && words < WORDS_MAX;) {
        const char *start = at, *end = at;

        while (in_word(utf8_next(&at)))
            end = at;
        if (end == start)
            continue;
        expression = arena_printf(arena, "%s%s\"%.*s\"*", expression ? expression : "",
                                  expression ? " " : "", (int)(end - start), start);
        words++;
    }
    return expression;
}
