/* difference.c: the longest common subsequence of two texts' words.
 *
 * Why not something cleverer: a mandate's texts are short, most of them share beginning and end,
 * and what is left fits the textbook's table with two bits a cell. The table has a ceiling; beyond
 * it words become lines, and beyond that the texts are simply two. Must not know where the texts
 * come from. */
#include <stdlib.h>
#include <string.h>
#include <kansli/difference.h>
#include <kansli/json.h>

enum { CELLS_MAX = 16 << 20 }; /* of the table: 4 MB */

/* What is compared is the word and what kind of space stands before it; what is shown is all of
 * it. */
struct token {
    const char *text; /* from here: space, then the word */
    size_t n;         /* up to the next token */
    const char *word;
    size_t word_n;
    unsigned gap; /* line breaks before it: 0, 1, or 2 for a blank line */
    uint32_t hash;
};

struct side {
    struct token *token;
    size_t n;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static uint32_t hash_of(const char *text, size_t n)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash;
}

/* Where the token that begins at `at` ends: after its word, or after its line. */
static const char *end_of(const char *at, bool lines, struct token *token)
{
    unsigned breaks = 0;
    token->text = at;
    for (; is_space(*at) && (!lines || *at != '\n'); at++)
        breaks += *at == '\n';
    token->word = at;
    if (lines)
        at += strcspn(at, "\n");
    else
        while (*at && !is_space(*at))
            at++;
    token->word_n = (size_t)(at - token->word);
    token->gap = breaks > 2 ? 2 : breaks;
    token->hash = hash_of(token->word, token->word_n) + token->gap;
    return lines && *at ? at + 1 : at;
}

static struct side split(struct arena *arena, const char *text, bool lines)
{
    struct side side = {NULL, 0};
    struct token one;
    for (const char *at = text; *at; at = end_of(at, lines, &one))
        side.n++;
    side.token = arena_alloc(arena, sizeof *side.token * (side.n + 1));
    size_t i = 0;
    for (const char *at = text; *at; i++) {
        at = end_of(at, lines, &side.token[i]);
        side.token[i].n = (size_t)(at - side.token[i].text);
    }
    /* White space alone at the end is no word of its own. */
    if (side.n > 1 && !side.token[side.n - 1].word_n && !lines) {
        side.n--;
        side.token[side.n - 1].n += side.token[side.n].n;
    }
    return side;
}

static bool equal(const struct token *a, const struct token *b)
{
    return a->hash == b->hash && a->gap == b->gap && a->word_n == b->word_n &&
           !memcmp(a->word, b->word, a->word_n);
}

/* ---------------------------------------------------------------- the table */

/* Two bits a cell: how to go on from there. */
enum step { STEP_BOTH, STEP_BEFORE, STEP_AFTER };

static void step_set(unsigned char *steps, size_t cell, enum step step)
{
    steps[cell / 4] = (unsigned char)(steps[cell / 4] | (unsigned)step << cell % 4 * 2);
}

static enum step step_at(const unsigned char *steps, size_t cell)
{
    return (enum step)(steps[cell / 4] >> cell % 4 * 2 & 3);
}

/* Filled from the end, so that it is read from the beginning. */
static unsigned char *fill(const struct token *a, size_t n, const struct token *b, size_t m)
{
    unsigned char *steps = must_calloc(n * m / 4 + 1, 1);
    uint32_t *row = must_calloc(2 * (m + 1), sizeof *row), *below = row + m + 1;
    for (size_t i = n; i-- > 0;) {
        for (size_t j = m; j-- > 0;) {
            bool same = equal(&a[i], &b[j]);
            row[j] = same ? below[j + 1] + 1 : below[j] >= row[j + 1] ? below[j] : row[j + 1];
            step_set(steps, i * m + j,
                     same                     ? STEP_BOTH
                     : below[j] >= row[j + 1] ? STEP_BEFORE
                                              : STEP_AFTER);
        }
        memcpy(below, row, (m + 1) * sizeof *row);
    }
    free(row);
    return steps;
}

/* ---------------------------------------------------------------- stretches */

struct way {
    struct difference *list;
    size_t n;
};

/* Neighbours in one text and of one kind are one stretch. */
static void add(struct way *way, enum difference_op op, const struct token *token)
{
    struct difference *last = way->n ? &way->list[way->n - 1] : NULL;
    if (last && last->op == op && last->text + last->n == token->text)
        last->n += token->n;
    else
        way->list[way->n++] = (struct difference){op, token->text, token->n};
}

static void add_all(struct way *way, enum difference_op op, const struct token *token, size_t n)
{
    for (size_t i = 0; i < n; i++)
        add(way, op, &token[i]);
}

/* Between two words that stay, first all that goes, then all that comes. */
static void walk(struct way *way, const struct token *a, size_t n, const struct token *b, size_t m)
{
    unsigned char *steps = fill(a, n, b, m);
    size_t i = 0, j = 0;
    while (i < n || j < m) {
        size_t from_a = i, from_b = j;
        while (i < n && j < m && step_at(steps, i * m + j) != STEP_BOTH)
            step_at(steps, i * m + j) == STEP_BEFORE ? i++ : j++;
        if (i == n || j == m) {
            i = n;
            j = m;
        }
        add_all(way, DIFFERENCE_DELETED, a + from_a, i - from_a);
        add_all(way, DIFFERENCE_INSERTED, b + from_b, j - from_b);
        if (i < n)
            add(way, DIFFERENCE_SAME, &b[j]);
        i += i < n;
        j += j < m;
    }
    free(steps);
}

static size_t common(const struct side *a, const struct side *b, bool at_end, size_t most)
{
    size_t n = 0;
    while (n < most && equal(at_end ? &a->token[a->n - 1 - n] : &a->token[n],
                             at_end ? &b->token[b->n - 1 - n] : &b->token[n]))
        n++;
    return n;
}

const struct difference *difference_words(struct arena *arena, const char *before,
                                          const char *after, size_t *count)
{
    struct side a, b;
    size_t head = 0, tail = 0, n = 0, m = 0;
    bool fits = false;
    for (int lines = 0; lines < 2 && !fits; lines++) {
        a = split(arena, before, lines);
        b = split(arena, after, lines);
        size_t least = a.n < b.n ? a.n : b.n;
        head = common(&a, &b, false, least);
        tail = common(&a, &b, true, least - head);
        n = a.n - head - tail;
        m = b.n - head - tail;
        fits = !m || n <= CELLS_MAX / m;
    }
    struct way way = {arena_alloc(arena, sizeof *way.list * (a.n + b.n + 1)), 0};
    add_all(&way, DIFFERENCE_SAME, b.token, head);
    if (fits && n && m) {
        walk(&way, a.token + head, n, b.token + head, m);
    } else {
        add_all(&way, DIFFERENCE_DELETED, a.token + head, n);
        add_all(&way, DIFFERENCE_INSERTED, b.token + head, m);
    }
    add_all(&way, DIFFERENCE_SAME, b.token + head + m, tail);
    *count = way.n;
    return way.list;
}

/* In memory of its own: a plan has hundreds of texts, and their words would fill the request's. */
json_t *difference_parts(const char *before, const char *after, bool *differs)
{
    static const char *const ops[] = {"same", "deleted", "inserted"};
    struct arena *arena = arena_new(SIZE_MAX);
    size_t n = 0;
    const struct difference *way = difference_words(arena, before, after, &n);
    json_t *parts = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *part = json_push(parts, json_object());
        json_put(part, "op", ops[way[i].op]);
        json_put(part, "text", arena_strndup(arena, way[i].text, way[i].n));
        *differs = *differs || way[i].op != DIFFERENCE_SAME;
    }
    arena_free(arena);
    return parts;
}
