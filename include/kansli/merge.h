/* merge.h: two texts that were changed from one, paragraph by paragraph.
 *
 * Pure, in bounded time and memory: what differs in more than two thousand paragraphs on each side,
 * or in more than MERGE_MOST places, is one place. Texts are valid, trimmed and without NUL; a
 * paragraph ends with a blank line. */
#ifndef KANSLI_MERGE_H
#define KANSLI_MERGE_H

#include <kansli/arena.h>

enum { MERGE_MOST = 300 };

enum merge_choice { MERGE_MINE, MERGE_THEIRS, MERGE_BOTH };

/* A place: a stretch of each text, not NUL-terminated; one of them may be empty. */
struct merge_part {
    const char *mine, *theirs;
    size_t mine_n, theirs_n;
    bool same;                /* in both */
    enum merge_choice choice; /* what loses nothing: who alone changed it since `base`, else both */
};

/* The places of two texts in order, in the arena; *count gets how many. `base` is what both were
 * begun from, or NULL when that is not known. */
struct merge_part *merge_paragraphs(struct arena *arena, const char *base, const char *mine,
                                    const char *theirs, size_t *count);
/* The text that the choices make, in the arena. All MERGE_MINE give `mine` and all MERGE_THEIRS
 * `theirs`, byte by byte. */
const char *merge_text(struct arena *arena, const struct merge_part *parts, size_t n);

#endif
