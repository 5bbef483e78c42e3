/* word.c: words, folded and stemmed; the only libstemmer.h.
 *
 * Owns where a word begins and ends, the same for what is indexed and for what is asked for. Stems
 * are Swedish whatever the language: an English word is cut the same way in both places, and so is
 * found. Must not know what is searched, nor how it is kept. */
#include <inttypes.h>
#include <libstemmer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kansli/utf8.h>
#include <kansli/word.h>

enum {
    SECTION = 0xa7,    /* "§" */
    STEM_LEAST = 3,    /* bytes: shorter words have no endings */
    RULES = 2          /* raised when the rules of this file or of db/tokenizer.c change */
};

/* Letters, digits and the accents on them; the blocks of punctuation and signs are left out
 * whole. */
static bool in_word(uint32_t c)
{
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c < 0xc0)
        return c == 0xaa || c == 0xb5 || c == 0xba;
    return c != 0xd7 && c != 0xf7 && !(c >= 0x2000 && c < 0x2c00) && !(c >= 0x3000 && c < 0x3040) &&
           !(c >= 0xfe00 && c < 0xfe70) && c < 0x1f000;
}

bool word_next(const char **at, const char *end, struct word *word)
{
    word->start = NULL;
    word->length = 0;
    while (*at < end) {
        const char *start = *at;
        uint32_t c = utf8_next(at);

        if (!c || (word->start && !in_word(c))) {
            *at = c ? start : end;
            break;
        }
        if (!word->start && (c == SECTION || in_word(c)))
            word->start = start;
        if (!word->start)
            continue;
        word->length = (size_t)(*at - word->start);
        if (c == SECTION)
            break;
    }
    return word->length > 0;
}

unsigned char word_initial(const struct word *word)
{
    const char *at = word->start, *end = word->start + word->length;
    char folded[4];

    while (at < end)
        if (utf8_fold(utf8_next(&at), folded))
            return (unsigned char)folded[0];
    return 0;
}

/* ---- forms ---- */

struct stemmer {
    struct sb_stemmer *snowball;
};

struct stemmer *stemmer_new(void)
{
    struct stemmer *stemmer = must_malloc(sizeof *stemmer);

    stemmer->snowball = sb_stemmer_new("swedish", "UTF_8");
    MUST(stemmer->snowball);
    return stemmer;
}

void stemmer_free(struct stemmer *stemmer)
{
    if (stemmer)
        sb_stemmer_delete(stemmer->snowball);
    free(stemmer);
}

/* å, ä or ö, in either case: in lower case; of others 0. */
static uint32_t swedish_letter(uint32_t c)
{
    uint32_t lower = c | 0x20;
    return c < 0x100 && (lower == 0xe5 || lower == 0xe4 || lower == 0xf6) ? lower : 0;
}

/* The word folded; with `letters` å, ä and ö stay. Returns its length. */
static size_t fold_word(const struct word *word, bool letters, char out[static WORD_BYTES])
{
    const char *at = word->start, *end = word->start + word->length;
    size_t n = 0;

    while (at < end && n < WORD_BYTES - 5) {
        uint32_t c = utf8_next(&at), own = letters ? swedish_letter(c) : 0;
        n += (size_t)(own ? utf8_put(own, out + n) : utf8_fold(c, out + n));
    }
    out[n] = '\0';
    return n;
}

static bool has_digit(const char *text)
{
    return strpbrk(text, "0123456789") != NULL;
}

static void add_stem(struct word_forms *forms, const char *stem, size_t n)
{
    for (int i = 0; i < forms->stems; i++)
        if (strlen(forms->stem[i]) == n && !memcmp(forms->stem[i], stem, n))
            return;
    memcpy(forms->stem[forms->stems], stem, n);
    forms->stem[forms->stems++][n] = '\0';
}

static bool ends(const char *word, size_t n, const char *ending)
{
    size_t length = strlen(ending);
    return n >= length && !memcmp(word + n - length, ending, length);
}

/* Endings that Snowball does not know: mötet, mötets; palliativt. Beside its own stem, not instead of
 * it: "budget" is no "budg". */
static void add_neuter(struct word_forms *forms, const char *word, size_t n)
{
    n -= ends(word, n, "ets");
    if (ends(word, n, "et") && n >= STEM_LEAST + 1 && !ends(word, n, "het") &&
        !ends(word, n, "itet"))
        add_stem(forms, word, n - 2);
    else if (ends(word, n, "ivt"))
        add_stem(forms, word, n - 1);
}

void word_forms(struct stemmer *stemmer, const struct word *word, struct word_forms *forms)
{
    char written[WORD_BYTES], bare[WORD_BYTES];
    size_t n = fold_word(word, true, written);

    fold_word(word, false, forms->plain);
    forms->written = forms->stems = 0;
    if (n < STEM_LEAST || has_digit(written))
        return;
    const sb_symbol *stem =
        sb_stemmer_stem(stemmer->snowball, (const sb_symbol *)written, (int)n);
    MUST(stem && sb_stemmer_length(stemmer->snowball) < WORD_BYTES);
    add_stem(forms, (const char *)stem, (size_t)sb_stemmer_length(stemmer->snowball));
    add_neuter(forms, written, n);
    forms->written = forms->stems;
    for (int i = 0; i < forms->written; i++) {
        struct word itself = {forms->stem[i], strlen(forms->stem[i])};
        add_stem(forms, bare, fold_word(&itself, false, bare));
    }
}

/* A library with other stems gives another number for these, one of each family of endings. */
void word_rules(char rules[static WORD_RULES_BYTES])
{
    static const char sample[] =
        "möten mötena mötets palliativa vårdens sjukdomarna hälsan äldres anställdas nämndens "
        "arbetande uppdragets deltagarnas riktlinjerna kunskapsstöden fullt möjlighet farlig "
        "beslutade vaccinerades trygghetens lyckligt ansvarsfullt barnens ledamöternas";
    const char *at = sample;
    struct stemmer *stemmer = stemmer_new();
    struct word_forms forms;
    struct word word;
    uint32_t hash = 2166136261u;

    while (word_next(&at, sample + sizeof sample - 1, &word)) {
        word_forms(stemmer, &word, &forms);
        for (int i = 0; i < forms.stems; i++)
            for (const char *c = forms.stem[i]; *c; c++)
                hash = (hash ^ (unsigned char)*c) * 16777619u;
    }
    stemmer_free(stemmer);
    snprintf(rules, WORD_RULES_BYTES, "%d-%08" PRIx32, RULES, hash);
}
