/* word.h: what a word is, and what it is looked for under.
 *
 * A search finds "mötet" when "möten" is asked for, and "Göta" for "gota": each word stands in the
 * index folded, and beside it its Swedish stem: Snowball's, and where that misses an ending one more.
 * Stems are made of the letters as they are written, å ä ö included, since "möte" and "mot" are two
 * words; folded they are there as well, for who types without dots. The only room that knows libstemmer. */
#ifndef KANSLI_WORD_H
#define KANSLI_WORD_H

#include <kansli/base.h>

/* A word in a text: letters and digits; "§" is one by itself. */
struct word {
    const char *start;
    size_t length;
};
/* The next word of valid UTF-8 between *at and end; moves *at past it. False at the end. */
bool word_next(const char **at, const char *end, struct word *word);
/* The first byte of the word, folded: words that differ in it are different in every form. 0: there
 * is none. */
unsigned char word_initial(const struct word *word);

/* What a word is found under; a longer one is cut. */
enum { WORD_BYTES = 64, STEMS_MOST = 4 };
struct word_forms {
    char plain[WORD_BYTES]; /* folded; empty when nothing is left of it */
    /* Of the letters as written, in lower case; after those, where they differ, the same folded. None
     * of what has a digit. */
    char stem[STEMS_MOST][WORD_BYTES];
    int written, stems; /* how many are as written, how many there are */
};

struct stemmer;
/* For one thread at a time. */
struct stemmer *stemmer_new(void);
void stemmer_free(struct stemmer *stemmer);
void word_forms(struct stemmer *stemmer, const struct word *word, struct word_forms *forms);

/* Which rules make the forms: another text with another library's stems. What was made by other
 * rules is made anew. */
enum { WORD_RULES_BYTES = 24 };
void word_rules(char rules[static WORD_RULES_BYTES]);

#endif
