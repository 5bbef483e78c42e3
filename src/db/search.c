/* search.c: the indexes over names and over texts.
 *
 * Owns: search_entry and search_text, the names, folded, so that "gota" finds "Göta"; the
 * tables of texts, folded and stemmed (tokenizer.c), so that "möten" finds "mötet"; what is asked of
 * either, and where in a text it stands. Written by C in the transaction of the change, never by a
 * trigger (trusted_schema=OFF forbids it, and a trigger cannot fold).
 * Must never know: what a type is, and who may see what is found. */
#include <string.h>

#include <kansli/buf.h>
#include <kansli/json.h>
#include <kansli/utf8.h>
#include <kansli/word.h>

#include "internal.h"

enum { WORDS_MAX = 16 };

/* ---- names ---- */

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
static enum code name_remove(struct tx *tx, const char *type, long long key)
{
    long long entry = db_int(
        tx, 0, "SELECT key FROM search_entry WHERE type = ?1 AND object_key = ?2", type, key);

    if (!entry)
        return tx_code(tx);
    db_run(tx, "DELETE FROM search_text WHERE rowid = ?1", entry);
    return db_run(tx, "DELETE FROM search_entry WHERE key = ?1", entry);
}

/* Every word of a text, each followed by `after`; NULL when it has none. */
static const char *words_asked(struct arena *arena, const char *q, const char *after)
{
    const char *expression = NULL, *at = text_fold(arena, q), *end = at + strlen(at);
    struct word word;

    for (int words = 0; words < WORDS_MAX && word_next(&at, end, &word);) {
        if (!strncmp(word.start, "§", 2)) /* stands in no name */
            return NULL;
        expression = arena_printf(arena, "%s%s\"%.*s\"%s", expression ? expression : "",
                                  expression ? " " : "", (int)word.length, word.start, after);
        words++;
    }
    return expression;
}

const char *db_index_query(struct arena *arena, const char *q)
{
    return words_asked(arena, q, "*");
}

const char *db_index_words(struct arena *arena, const char *name)
{
    return words_asked(arena, name, "");
}

/* ---- texts ---- */

/* The tables of texts: one for each type, so that a beginning of half the language ("vår") is
 * gathered only where it is looked for. Of each key two rows, of which the second has what only
 * those inside may read. */
static const struct text_table {
    const char *type, *same, *put, *remove, *text, *rebuild, *optimize;
} text_tables[] = {
#define TABLE(type, table)                                                                         \
    {type,                                                                                         \
     "SELECT 1 FROM " table " WHERE rowid = ?1 AND title = ?2 AND body = ?3",                      \
     "INSERT INTO " table " (rowid, title, body) VALUES (?1, ?2, ?3)",                             \
     "DELETE FROM " table " WHERE rowid = ?1",                                                     \
     "SELECT body FROM " table " WHERE rowid = ?1",                                                \
     "INSERT INTO " table " (" table ") VALUES ('rebuild')",                                       \
     "INSERT INTO " table " (" table ") VALUES ('optimize')"}
    TABLE("minutes", "search_minutes"),
    TABLE("decisions", "search_decisions"),
    TABLE("actions", "search_actions"),
    TABLE("meetings", "search_meetings"),
    TABLE("agenda-items", "search_agenda_items"),
    TABLE("mandates", "search_mandates"),
    TABLE("plans", "search_plans"),
    TABLE("initiatives", "search_initiatives"),
    TABLE("gaps", "search_gaps"),
#undef TABLE
};

/* NULL for a type without texts. */
static const struct text_table *table_of(const char *type)
{
    for (size_t i = 0; i < LEN(text_tables); i++)
        if (!strcmp(text_tables[i].type, type))
            return &text_tables[i];
    return NULL;
}

/* Unchanged words are not written: most changes of an object are of something else. */
static enum code entry_put(struct tx *tx, const struct text_table *table, long long entry,
                           const char *title, const char *text)
{
    struct db_arg args[] = {db_arg_int(entry), db_arg_text(title), db_arg_text(text)};

    if (db_exists_(tx, table->same, args, 3))
        return tx_code(tx);
    db_run_(tx, table->remove, args, 1);
    return *title || *text ? db_run_(tx, table->put, args, 3) : tx_code(tx);
}

enum code db_text_put(struct tx *tx, const char *type, long long key, const char *title,
                      const char *text, const char *inside)
{
    const struct text_table *table = table_of(type);

    MUST(table);
    enum code c = entry_put(tx, table, key * 2, title, text);
    return c ? c : entry_put(tx, table, key * 2 + 1, inside ? title : "", inside ? inside : "");
}

static enum code text_remove(struct tx *tx, const char *type, long long key)
{
    const struct text_table *table = table_of(type);
    struct db_arg entry[] = {db_arg_int(key * 2), db_arg_int(key * 2 + 1)};

    if (!table)
        return tx_code(tx);
    db_run_(tx, table->remove, &entry[0], 1);
    return db_run_(tx, table->remove, &entry[1], 1);
}

enum code db_text_anew(struct tx *tx)
{
    for (size_t i = 0; i < LEN(text_tables); i++)
        db_run_(tx, text_tables[i].rebuild, NULL, 0);
    return tx_code(tx);
}

/* ---- both ---- */

enum code db_index_remove(struct tx *tx, const char *type, long long key)
{
    enum code c = name_remove(tx, type, key);
    return c ? c : text_remove(tx, type, key);
}

enum code db_scrub(struct tx *tx)
{
    tx->db->wal.scrub = true;
    for (size_t i = 0; i < LEN(text_tables); i++)
        db_run_(tx, text_tables[i].optimize, NULL, 0);
    return db_run(tx, "INSERT INTO search_text (search_text) VALUES ('optimize')");
}

/* ---- what is asked of the texts ---- */

/* A word in any of its forms, or several that stand together: what is quoted, "covid-19", "§ 12". */
struct unit {
    struct word_forms *word; /* n of the query's */
    int n;
    bool quoted; /* these very words */
    bool prefix; /* the last may go on */
};

struct text_query {
    struct unit unit[WORDS_MAX];
    struct word_forms word[WORDS_MAX];
    int n, words;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

static void unit_add(struct text_query *query, struct stemmer *stemmer, struct unit *unit,
                     const struct word *word)
{
    struct word_forms *forms = &query->word[query->words];

    if (query->words == WORDS_MAX)
        return;
    word_forms(stemmer, word, forms);
    if (!forms->plain[0])
        return;
    unit->word = unit->n ? unit->word : forms;
    unit->n++;
    query->words++;
}

/* "§" alone waits for its number. */
static bool is_open(const struct unit *unit)
{
    return unit->n == 1 && !unit->quoted && !strcmp(unit->word[0].plain, "§");
}

/* From `at` the words of one unit: up to the quote, or to the space. */
static const char *unit_read(struct text_query *query, struct stemmer *stemmer, const char *at)
{
    struct unit *unit = query->n ? &query->unit[query->n - 1] : NULL;
    bool quoted = *at == '"', goes_on = unit && is_open(unit) && *at >= '0' && *at <= '9';
    const char *end = at += quoted;
    struct word word;

    while (*end && (quoted ? *end != '"' : !is_space(*end) && *end != '"'))
        end++;
    if (!goes_on)
        unit = &query->unit[query->n];
    unit->quoted = quoted;
    while (word_next(&at, end, &word))
        unit_add(query, stemmer, unit, &word);
    query->n += !goes_on && unit->n > 0;
    return quoted && *end ? end + 1 : end;
}

static struct text_query *query_read(struct arena *arena, struct stemmer *stemmer, const char *q)
{
    struct text_query *query = arena_alloc(arena, sizeof *query);

    while (*q && query->words < WORDS_MAX)
        if (is_space(*q))
            q++;
        else
            q = unit_read(query, stemmer, q);
    if (query->n) {
        struct unit *last = &query->unit[query->n - 1];
        last->prefix = !last->quoted && beginning_of(last->word[last->n - 1].plain);
    }
    return query;
}

static void unit_write(struct buf *buf, const struct unit *unit)
{
    bool stemmed = unit->n == 1 && !unit->quoted;

    bool begins = unit->prefix && unit->n == 1 &&
                  !unit->word[0].plain[beginning_of(unit->word[0].plain)];

    buf_adds(buf, begins ? "(\"^" : "(\"");
    for (int i = 0; i < unit->n; i++) {
        buf_adds(buf, i ? " " : "");
        buf_adds(buf, unit->word[i].plain);
    }
    buf_adds(buf, unit->prefix && !begins ? "\" *" : "\"");
    for (int i = 0; stemmed && i < unit->word[0].written; i++)
        buf_addf(buf, " OR \"~%s\"", unit->word[0].stem[i]);
    buf_addc(buf, ')');
}

const char *db_text_query(struct arena *arena, const char *q)
{
    struct stemmer *stemmer = stemmer_new();
    const struct text_query *query = query_read(arena, stemmer, q);
    const char *expression = NULL;
    struct buf buf;

    buf_init(&buf, 1 << 14);
    for (int i = 0; i < query->n; i++) {
        buf_adds(&buf, i ? " AND " : "");
        unit_write(&buf, &query->unit[i]);
    }
    if (query->n)
        expression = arena_strndup(arena, buf.data, buf.len);
    MUST(!buf.full);
    buf_release(&buf);
    stemmer_free(stemmer);
    return expression;
}

/* ---- where it stands ---- */

enum { MATCHES_MAX = 200, SNIPPET_BYTES = 240, BEFORE_BYTES = 60 };

struct match {
    const char *start, *end;
    int unit;
};

struct marking {
    const struct text_query *query;
    struct stemmer *stemmer;
    bool initial[256]; /* the first bytes of what is asked: few words need their forms */
    struct match match[MATCHES_MAX];
    int n;
};

static bool word_fits(const struct unit *unit, int i, const struct word_forms *forms)
{
    const struct word_forms *asked = &unit->word[i];
    bool goes_on = unit->prefix && i == unit->n - 1;

    if (goes_on ? !strncmp(forms->plain, asked->plain, strlen(asked->plain))
                : !strcmp(forms->plain, asked->plain))
        return true;
    for (int j = 0; unit->n == 1 && !unit->quoted && j < asked->written; j++)
        for (int l = 0; l < forms->stems; l++)
            if (!strcmp(forms->stem[l], asked->stem[j]))
                return true;
    return false;
}

/* The end of what fits the unit, of which `first` is the first word; NULL when the rest does not
 * follow. */
static const char *unit_fits(const struct marking *marking, const struct unit *unit,
                             const struct word *first, const struct word_forms *forms,
                             const char *end)
{
    const char *at = first->start + first->length;
    struct word_forms next;
    struct word word = *first;

    if (!word_fits(unit, 0, forms))
        return NULL;
    for (int i = 1; i < unit->n; i++) {
        if (!word_next(&at, end, &word))
            return NULL;
        word_forms(marking->stemmer, &word, &next);
        if (!word_fits(unit, i, &next))
            return NULL;
    }
    return word.start + word.length;
}

static void find_matches(struct marking *marking, const char *text)
{
    const struct text_query *query = marking->query;
    const char *at = text, *end = text + strlen(text);
    struct word_forms forms;
    struct word word;

    for (int i = 0; i < query->n; i++)
        marking->initial[(unsigned char)query->unit[i].word[0].plain[0]] = true;
    while (marking->n < MATCHES_MAX && word_next(&at, end, &word)) {
        if (!marking->initial[word_initial(&word)])
            continue;
        word_forms(marking->stemmer, &word, &forms);
        for (int i = 0; i < query->n; i++) {
            const char *stop = unit_fits(marking, &query->unit[i], &word, &forms, end);
            if (!stop)
                continue;
            marking->match[marking->n++] = (struct match){word.start, stop, i};
            at = stop;
            break;
        }
    }
}

/* The first match of the stretch that has most of what is asked. */
static int best_match(const struct marking *marking)
{
    int best = 0, most = 0;

    for (int i = 0; i < marking->n; i++) {
        unsigned seen = 0;
        for (int j = i; j < marking->n; j++) {
            if (marking->match[j].end - marking->match[i].start > SNIPPET_BYTES - BEFORE_BYTES)
                break;
            seen |= 1u << marking->match[j].unit;
        }
        int kinds = __builtin_popcount(seen);
        if (kinds > most) {
            most = kinds;
            best = i;
        }
    }
    return best;
}

static const char *back_to_space(const char *at, const char *from, size_t bytes)
{
    const char *edge = (size_t)(at - from) > bytes ? at - bytes : from;

    if (edge == from)
        return from;
    while (edge < at && !is_space(*edge))
        edge++;
    return edge < at ? edge + 1 : at;
}

static const char *on_to_space(const char *from, const char *least, size_t bytes)
{
    size_t n = strnlen(from, bytes + 1);
    const char *edge = from + n;

    if (n <= bytes)
        return edge;
    while (edge > least && !is_space(*edge))
        edge--;
    return edge;
}

/* One piece, its lines joined; nothing of nothing. */
static void part_add(json_t *parts, const char *from, const char *to, bool mark)
{
    struct buf buf;

    if (from >= to)
        return;
    buf_init(&buf, 1 << 16);
    for (; from < to; from++)
        buf_addc(&buf, is_space(*from) ? ' ' : *from);
    json_t *part = json_push(parts, json_object());
    json_put(part, "text", buf.data);
    json_put_bool(part, "mark", mark);
    buf_release(&buf);
}

static json_t *parts_of(const struct marking *marking, const char *text)
{
    static const char dots[] = "…";
    json_t *parts = json_array();
    int i = marking->n ? best_match(marking) : 0;
    const char *first = marking->n ? marking->match[i].start : text;
    const char *from = back_to_space(first, text, BEFORE_BYTES);
    const char *to = on_to_space(from, marking->n ? marking->match[i].end : from, SNIPPET_BYTES);
    const char *at = from;

    if (from > text)
        part_add(parts, dots, dots + sizeof dots - 1, false);
    for (; i < marking->n && marking->match[i].end <= to; i++) {
        part_add(parts, at, marking->match[i].start, false);
        part_add(parts, marking->match[i].start, marking->match[i].end, true);
        at = marking->match[i].end;
    }
    part_add(parts, at, to, false);
    if (*to)
        part_add(parts, dots, dots + sizeof dots - 1, false);
    return parts;
}

json_t *db_text_snippet(struct tx *tx, const char *type, long long entry, const char *q)
{
    const struct text_table *table = table_of(type);
    struct db_arg args[] = {db_arg_int(entry)};
    const char *text = db_text_(tx, table->text, args, 1);

    if (!text || !*text)
        return json_null();
    struct marking *marking = arena_alloc(tx->arena, sizeof *marking);
    marking->stemmer = stemmer_new();
    marking->query = query_read(tx->arena, marking->stemmer, q);
    find_matches(marking, text);
    stemmer_free(marking->stemmer);
    return parts_of(marking, text);
}
