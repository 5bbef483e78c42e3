/* merge.c: two texts that were changed from one, paragraph by paragraph.
 *
 * The way of diff3: what stands in all three texts, in order, holds the rest apart. Between two such
 * places whoever alone changed something is proposed; where one changed and the other wrote before
 * or after, each has its own; where both changed the same, or nobody knows where they
 * began, the two are laid against each other and both are kept. A paragraph is compared with the
 * blank lines after it, so that choosing one side gives that side back byte by byte; the last one
 * has none, and equals one that has. Must never know what the texts are about. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <kansli/buf.h>
#include <kansli/merge.h>

enum { CELLS_MOST = 4 << 20 }; /* of the table of common paragraphs */
enum { NOBODY = -1 };

struct paragraph {
    const char *at;
    size_t n, gap; /* gap: bytes of line ends and blank lines that follow */
    uint64_t hash;
};

struct side {
    struct paragraph *paragraph;
    size_t n;
};

struct merging {
    struct arena *arena;
    struct side base, mine, theirs;
    struct merge_part *part;
    size_t parts, places; /* places: that differ */
};

/* ---------------------------------------------------------------- paragraphs */

/* The end of a line, behind its line end. */
static const char *line_end(const char *at)
{
    at += strcspn(at, "\n");
    return at + (*at == '\n');
}

static bool line_blank(const char *at)
{
    at += strspn(at, " \t");
    return *at == '\n' || !*at;
}

static uint64_t hash_of(const char *at, size_t n)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ (unsigned char)at[i]) * 1099511628211u;
    return hash;
}

/* The paragraph at `at`; returns where the next one begins. */
static const char *read_paragraph(const char *at, struct paragraph *out)
{
    const char *end = at, *next;
    while (*end && line_blank(end))
        end = line_end(end);
    while (*end && !line_blank(end))
        end = line_end(end);
    for (next = end; *next && line_blank(next);)
        next = line_end(next);
    if (end > at && end[-1] == '\n')
        end--;
    size_t n = (size_t)(end - at);
    *out = (struct paragraph){.at = at, .n = n, .hash = hash_of(at, n)};
    out->gap = *next ? (size_t)(next - end) : 0;
    return next;
}

static struct side side_of(struct arena *arena, const char *text)
{
    struct side side = {0};
    size_t lines = 1;
    for (const char *at = text; *at; at++)
        lines += *at == '\n';
    side.paragraph = arena_alloc(arena, sizeof *side.paragraph * (lines + 1));
    while (*text)
        text = read_paragraph(text, &side.paragraph[side.n++]);
    return side;
}

static struct side slice(const struct side *side, size_t from, size_t to)
{
    return (struct side){.paragraph = side->paragraph + from, .n = to - from};
}

static bool equal(const struct paragraph *a, const struct paragraph *b)
{
    if (a->hash != b->hash || a->n != b->n || memcmp(a->at, b->at, a->n) != 0)
        return false;
    return !a->gap || !b->gap || (a->gap == b->gap && !memcmp(a->at + a->n, b->at + b->n, a->gap));
}

static bool all_equal(const struct side *a, const struct side *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++)
        same = equal(&a->paragraph[i], &b->paragraph[i]);
    return same;
}

/* ---------------------------------------------------------------- what stands in both */

/* The longest common sequence of what lies between, by the table of lengths from the end; nothing
 * when the table would be too large. */
static void pair_middle(const struct side *a, const struct side *b, size_t a_at, size_t b_at,
                        long *pair)
{
    size_t rows = a->n + 1, columns = b->n + 1;
    if (!a->n || !b->n || rows > CELLS_MOST / columns)
        return;
    uint16_t *length = must_calloc(rows * columns, sizeof *length);
    for (size_t i = a->n; i-- > 0;)
        for (size_t j = b->n; j-- > 0;) {
            uint16_t down = length[(i + 1) * columns + j], right = length[i * columns + j + 1];
            uint16_t most = down > right ? down : right;
            bool same = equal(&a->paragraph[i], &b->paragraph[j]);
            uint16_t both = (uint16_t)(length[(i + 1) * columns + j + 1] + 1);
            length[i * columns + j] = same && both > most ? both : most;
        }
    for (size_t i = 0, j = 0; i < a->n && j < b->n;)
        if (equal(&a->paragraph[i], &b->paragraph[j]) &&
            length[i * columns + j] == length[(i + 1) * columns + j + 1] + 1) {
            pair[a_at + i++] = (long)(b_at + j++);
        } else if (length[(i + 1) * columns + j] >= length[i * columns + j + 1]) {
            i++;
        } else {
            j++;
        }
    free(length);
}

/* For each paragraph of `a` the one of `b` that it is, in order, or NOBODY; in the arena. */
static long *pairs_of(struct arena *arena, const struct side *a, const struct side *b)
{
    long *pair = arena_alloc(arena, sizeof *pair * (a->n + 1));
    size_t from = 0, a_end = a->n, b_end = b->n;
    for (size_t i = 0; i <= a->n; i++)
        pair[i] = NOBODY;
    while (from < a_end && from < b_end && equal(&a->paragraph[from], &b->paragraph[from])) {
        pair[from] = (long)from;
        from++;
    }
    while (a_end > from && b_end > from &&
           equal(&a->paragraph[a_end - 1], &b->paragraph[b_end - 1]))
        pair[--a_end] = (long)--b_end;
    struct side a_middle = slice(a, from, a_end), b_middle = slice(b, from, b_end);
    pair_middle(&a_middle, &b_middle, from, from, pair);
    return pair;
}

/* ---------------------------------------------------------------- places */

static size_t bytes_of(const struct side *side)
{
    if (!side->n)
        return 0;
    const struct paragraph *last = side->paragraph + side->n - 1;
    return (size_t)(last->at + last->n + last->gap - side->paragraph->at);
}

/* A place follows, unless nothing stands there; two that are the same in both are one. */
static void add_part(struct merging *m, const struct side *mine, const struct side *theirs,
                     bool same, enum merge_choice choice)
{
    struct merge_part *last = m->parts ? &m->part[m->parts - 1] : NULL;
    if (!mine->n && !theirs->n)
        return;
    if (last && same && last->same) {
        last->mine_n += bytes_of(mine);
        last->theirs_n += bytes_of(theirs);
        return;
    }
    m->part[m->parts++] = (struct merge_part){.mine = mine->n ? mine->paragraph->at : "",
                                              .theirs = theirs->n ? theirs->paragraph->at : "",
                                              .mine_n = bytes_of(mine),
                                              .theirs_n = bytes_of(theirs),
                                              .same = same,
                                              .choice = choice};
    m->places += !same;
}

/* Without a beginning that is known: what one has and the other has not is kept. */
static void add_two(struct merging *m, const struct side *mine, const struct side *theirs)
{
    long *pair = pairs_of(m->arena, mine, theirs);
    size_t my = 0, their = 0;
    for (size_t i = 0; i <= mine->n; i++) {
        if (i < mine->n && pair[i] == NOBODY)
            continue;
        size_t there = i < mine->n ? (size_t)pair[i] : theirs->n;
        struct side a = slice(mine, my, i), b = slice(theirs, their, there);
        add_part(m, &a, &b, false, MERGE_BOTH);
        if (i < mine->n) {
            a = slice(mine, i, i + 1);
            b = slice(theirs, there, there + 1);
            add_part(m, &a, &b, true, MERGE_MINE);
        }
        my = i + 1;
        their = there + 1;
    }
}

/* One has changed paragraphs that the other has left alone and written before or after: two
 * places. */
static bool add_beside(struct merging *m, const struct side *base, const struct side *mine,
                       const struct side *theirs)
{
    for (int turn = 0; turn < 2; turn++) {
        const struct side *more = turn ? theirs : mine, *other = turn ? mine : theirs;
        for (int after = 0; base->n && more->n > base->n && after < 2; after++) {
            size_t cut = after ? base->n : more->n - base->n;
            struct side old = after ? slice(more, 0, cut) : slice(more, cut, more->n);
            struct side new = after ? slice(more, cut, more->n) : slice(more, 0, cut);
            struct side none = slice(other, 0, 0);
            if (!all_equal(base, &old))
                continue;
            if (!after)
                add_part(m, turn ? &none : &new, turn ? &new : &none, false,
                         turn ? MERGE_THEIRS : MERGE_MINE);
            add_part(m, turn ? other : &old, turn ? &old : other, false,
                     turn ? MERGE_MINE : MERGE_THEIRS);
            if (after)
                add_part(m, turn ? &none : &new, turn ? &new : &none, false,
                         turn ? MERGE_THEIRS : MERGE_MINE);
            return true;
        }
    }
    return false;
}

static void add_between(struct merging *m, const struct side *base, const struct side *mine,
                        const struct side *theirs)
{
    if (all_equal(mine, theirs))
        add_part(m, mine, theirs, true, MERGE_MINE);
    else if (all_equal(base, mine))
        add_part(m, mine, theirs, false, MERGE_THEIRS);
    else if (all_equal(base, theirs))
        add_part(m, mine, theirs, false, MERGE_MINE);
    else if (!add_beside(m, base, mine, theirs))
        add_two(m, mine, theirs);
}

static void add_three(struct merging *m)
{
    long *my_pair = pairs_of(m->arena, &m->base, &m->mine);
    long *their_pair = pairs_of(m->arena, &m->base, &m->theirs);
    size_t from = 0, my = 0, their = 0, end = m->base.n;
    for (size_t i = 0; i <= end; i++) {
        if (i < end && (my_pair[i] == NOBODY || their_pair[i] == NOBODY))
            continue;
        size_t my_at = i < end ? (size_t)my_pair[i] : m->mine.n;
        size_t their_at = i < end ? (size_t)their_pair[i] : m->theirs.n;
        struct side base = slice(&m->base, from, i), a = slice(&m->mine, my, my_at),
                    b = slice(&m->theirs, their, their_at);
        add_between(m, &base, &a, &b);
        if (i < end) {
            a = slice(&m->mine, my_at, my_at + 1);
            b = slice(&m->theirs, their_at, their_at + 1);
            add_part(m, &a, &b, equal(a.paragraph, b.paragraph), MERGE_BOTH);
        }
        from = i + 1;
        my = my_at + 1;
        their = their_at + 1;
    }
}

struct merge_part *merge_paragraphs(struct arena *arena, const char *base, const char *mine,
                                    const char *theirs, size_t *count)
{
    struct merging m = {.arena = arena,
                        .base = side_of(arena, base ? base : ""),
                        .mine = side_of(arena, mine),
                        .theirs = side_of(arena, theirs)};
    m.part = arena_alloc(arena, sizeof *m.part * (m.mine.n + m.theirs.n + 1));
    if (base)
        add_three(&m);
    else
        add_two(&m, &m.mine, &m.theirs);
    if (m.places > MERGE_MOST) {
        m.parts = 0;
        add_part(&m, &m.mine, &m.theirs, false, MERGE_BOTH);
    }
    *count = m.parts;
    return m.part;
}

/* ---------------------------------------------------------------- the text they make */

/* The length of a stretch without the line ends and blank lines at its end. */
static size_t without_gap(const char *at, size_t n)
{
    while (n && strchr(" \t\n", at[n - 1]))
        n--;
    return n;
}

/* Appends a stretch; what separates it from the one before waits in *gap until something follows. */
static void add_stretch(struct buf *text, const char *at, size_t n, const char **gap, size_t *gap_n)
{
    size_t words = without_gap(at, n);
    if (!n)
        return;
    if (text->len)
        buf_add(text, *gap_n ? *gap : "\n\n", *gap_n ? *gap_n : 2);
    buf_add(text, at, words);
    *gap = at + words;
    *gap_n = n - words;
}

const char *merge_text(struct arena *arena, const struct merge_part *parts, size_t n)
{
    struct buf text;
    const char *gap = "";
    size_t gap_n = 0;
    buf_init(&text, 1 << 20);
    for (size_t i = 0; i < n; i++) {
        const struct merge_part *part = &parts[i];
        bool theirs = part->same ? part->theirs_n > part->mine_n : part->choice != MERGE_MINE;
        bool mine = part->same ? !theirs : part->choice != MERGE_THEIRS;
        if (mine)
            add_stretch(&text, part->mine, part->mine_n, &gap, &gap_n);
        if (theirs)
            add_stretch(&text, part->theirs, part->theirs_n, &gap, &gap_n);
    }
    const char *made = arena_strndup(arena, text.data, text.len);
    buf_release(&text);
    return made;
}
