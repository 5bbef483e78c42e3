/* utf8.c: Unicode, as much of it as a register needs.
 *
 * Owns: validity, normal form C, folding and the Swedish order. Knows no locale and asks no
 * library: the order stands in an index and must be the same on every machine for ever, so the
 * tables are ours (unicode_table.h). Most text is ASCII and Latin-1, already composed: every
 * function has a short way for it and pays for the tables only when a text needs them. */
#include <stdlib.h>
#include <string.h>

#include <kansli/utf8.h>

#include "unicode_table.h"

enum { MALFORMED = 0xFFFFFFFFu };

/* Hangul syllables compose by arithmetic (Unicode, chapter 3.12). */
enum {
    HANGUL = 0xAC00,
    HANGUL_L = 0x1100,
    HANGUL_V = 0x1161,
    HANGUL_T = 0x11A7,
    HANGUL_LS = 19,
    HANGUL_VS = 21,
    HANGUL_TS = 28,
    HANGULS = HANGUL_LS * HANGUL_VS * HANGUL_TS
};

/* ---- bytes and code points ---- */

/* Reads one code point and moves *p past it; MALFORMED moves past one byte. */
static uint32_t decode(const char **p, const char *end)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const unsigned char *s = (const unsigned char *)*p;
    int n = s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    uint32_t c;

    ++*p;
    if (s[0] < 0x80)
        return s[0];
    if (s[0] < 0xC2 || s[0] > 0xF4 || end - *p < n - 1)
        return MALFORMED;
    c = s[0] & (0x7Fu >> n);
    for (int i = 1; i < n; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return MALFORMED;
        c = c << 6 | (s[i] & 0x3Fu);
    }
    if (c < least[n] || (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF)
        return MALFORMED;
    *p += n - 1;
    return c;
}

/* Eight bytes at once while they are ASCII. */
static const char *skip_ascii(const char *p, const char *end)
{
    uint64_t eight;

    while (end - p >= 8) {
        memcpy(&eight, p, 8);
        if (eight & 0x8080808080808080u)
            break;
        p += 8;
    }
    return p;
}

bool utf8_valid(const char *bytes, size_t n)
{
    const char *p = bytes, *end = bytes + n;

    while ((p = skip_ascii(p, end)) < end)
        if (decode(&p, end) == MALFORMED)
            return false;
    return true;
}

size_t utf8_length(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += (*text & 0xC0) != 0x80;
    return n;
}

uint32_t utf8_next(const char **p)
{
    const unsigned char *s = (const unsigned char *)*p;
    int n;

    if (s[0] < 0x80) {
        *p += s[0] != 0;
        return s[0];
    }
    n = s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    *p += n;
    if (n == 2)
        return (s[0] & 0x1Fu) << 6 | (s[1] & 0x3Fu);
    if (n == 3)
        return (s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
    return (s[0] & 0x07u) << 18 | (s[1] & 0x3Fu) << 12 | (s[2] & 0x3Fu) << 6 | (s[3] & 0x3Fu);
}

int utf8_put(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

/* ---- what the tables know ---- */

static const struct decomposition *decomposition_of(uint32_t c)
{
    size_t low = 0, high = LEN(decompositions);

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (decompositions[middle].code < c)
            low = middle + 1;
        else
            high = middle;
    }
    return low < LEN(decompositions) && decompositions[low].code == c ? &decompositions[low] : NULL;
}

/* 0 for a starter; marks with a higher rank go after marks with a lower one. */
static uint32_t mark_rank(uint32_t c)
{
    size_t low = 0, high = LEN(mark_ranges);

    if (c < mark_ranges[0].first)
        return 0;
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (mark_ranges[middle].last < c)
            low = middle + 1;
        else
            high = middle;
    }
    return low < LEN(mark_ranges) && mark_ranges[low].first <= c ? mark_ranges[low].rank : 0;
}

static uint32_t lower_of(uint32_t c)
{
    size_t low = 0, high = LEN(lower_ranges);
    const struct lower_range *range;

    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (lower_ranges[middle].last < c)
            low = middle + 1;
        else
            high = middle;
    }
    range = &lower_ranges[low];
    if (low == LEN(lower_ranges) || c < range->first || (c - range->first) % (uint32_t)range->step)
        return c;
    return (uint32_t)((int32_t)c + range->difference);
}

/* The one code point that two compose to, or 0. */
static uint32_t composite_of(uint32_t first, uint32_t second)
{
    uint32_t l = first - HANGUL_L, v = second - HANGUL_V, t = second - HANGUL_T, s = first - HANGUL;
    uint64_t key = (uint64_t)first << 32 | second;
    size_t low = 0, high = LEN(compositions);

    if (l < HANGUL_LS && v < HANGUL_VS)
        return HANGUL + (l * HANGUL_VS + v) * HANGUL_TS;
    if (s < HANGULS && s % HANGUL_TS == 0 && t > 0 && t < HANGUL_TS)
        return first + t;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct composition *at = &compositions[middle];
        uint64_t there = (uint64_t)at->first << 32 | at->second;

        if (there == key)
            return at->code;
        if (there < key)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/* White space as Unicode defines it, less what text_clean refuses. */
static bool is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

/* ---- normal form C ---- */

/* Writes the canonical decomposition of c and returns its length, at most 4; out may be NULL. */
static size_t decompose(uint32_t c, uint32_t *out)
{
    const struct decomposition *d;
    uint32_t hangul[3], s = c - HANGUL;
    const uint32_t *from = &c;
    size_t n = 1;

    if (s < HANGULS) {
        hangul[0] = HANGUL_L + s / (HANGUL_VS * HANGUL_TS);
        hangul[1] = HANGUL_V + s % (HANGUL_VS * HANGUL_TS) / HANGUL_TS;
        hangul[2] = HANGUL_T + s % HANGUL_TS;
        from = hangul;
        n = s % HANGUL_TS ? 3 : 2;
    } else if (c >= 0xC0 && (d = decomposition_of(c))) {
        from = decomposition_pool + d->at;
        n = d->length;
    }
    if (out)
        memcpy(out, from, n * sizeof *out);
    return n;
}

/* A code point with its rank above it, so that both are looked up once. */
static uint32_t ranked(uint32_t c)
{
    return mark_rank(c) << 24 | c;
}

/* Sorts each run of marks by rank, stably. One pass per rank instead of a quadratic sort: a hostile
 * text is one long run. */
static void order_marks(uint32_t *codes, size_t n, uint32_t *scratch)
{
    size_t end;

    for (size_t start = 0; start < n; start = end + 1) {
        size_t sorted = 0;
        bool ordered = true;

        for (end = start; end < n && codes[end] >> 24; end++)
            ordered = ordered && (end == start || codes[end] >> 24 >= codes[end - 1] >> 24);
        for (uint32_t rank = 1; !ordered && rank <= MARK_RANKS; rank++)
            for (size_t i = start; i < end; i++)
                if (codes[i] >> 24 == rank)
                    scratch[sorted++] = codes[i];
        memcpy(codes + start, scratch, sorted * sizeof *codes);
    }
}

/* Composes in place, drops the ranks and returns the new length. */
static size_t compose(uint32_t *codes, size_t n)
{
    size_t out = 0, starter = SIZE_MAX;
    uint32_t last = 0;

    for (size_t i = 0; i < n; i++) {
        uint32_t rank = codes[i] >> 24, c = codes[i] & 0xFFFFFF, whole = 0;

        /* A mark is blocked from its starter by one of the same rank or a higher between them. */
        if (starter != SIZE_MAX && (last == 0 || last < rank))
            whole = composite_of(codes[starter], c);
        if (whole) {
            codes[starter] = whole;
            continue;
        }
        if (rank == 0)
            starter = out;
        last = rank;
        codes[out++] = c;
    }
    return out;
}

static char *to_nfc(struct arena *arena, const char *text)
{
    const char *p = text;
    uint32_t *codes, c;
    size_t n = 0, length = 0, i;
    char *out;

    while ((c = utf8_next(&p)))
        n += decompose(c, NULL);
    codes = must_malloc(2 * n * sizeof *codes);
    p = text;
    n = 0;
    while ((c = utf8_next(&p)))
        n += decompose(c, codes + n);
    for (i = 0; i < n; i++)
        codes[i] = ranked(codes[i]);
    order_marks(codes, n, codes + n);
    n = compose(codes, n);
    out = arena_alloc(arena, 4 * n + 1);
    for (i = 0; i < n; i++)
        length += (size_t)utf8_put(codes[i], out + length);
    out[length] = '\0';
    free(codes);
    return out;
}

/* ---- cleaning ---- */

static enum text_fault check_code(uint32_t c)
{
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7F && c < 0xA0) ||
        c == 0xFFFE || c == 0xFFFF)
        return TEXT_CONTROL;
    if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E ||
        c == 0x200F || c == 0x061C)
        return TEXT_BIDI;
    return TEXT_OK;
}

/* Below U+0300, and among the dashes, quotes and currencies, nothing composes or decomposes. */
static bool is_settled(uint32_t c)
{
    return c < 0x300 || (c >= 0x2010 && c < 0x20D0);
}

/* Copies valid text with line ends as LF; when not multiline, each line end and TAB as a space. */
static void copy_lines(const char *p, const char *end, bool multiline, char *out)
{
    while (p < end) {
        char c = *p++;

        if (c == '\r') {
            if (p < end && *p == '\n')
                p++;
            c = '\n';
        } else if (c == '\xE2' && p[0] == '\x80' && (p[1] == '\xA8' || p[1] == '\xA9')) {
            p += 2; /* U+2028 and U+2029, the line ends of nobody */
            c = '\n';
        }
        *out++ = !multiline && (c == '\n' || c == '\t') ? ' ' : c;
    }
    *out = '\0';
}

static char *trim(char *text)
{
    const char *p = text;
    char *start = text, *end = text + strlen(text);

    while (is_space(utf8_next(&p)))
        start = text + (p - text);
    while (end > start) {
        char *last = end - 1;

        while ((*last & 0xC0) == 0x80)
            last--;
        p = last;
        if (!is_space(utf8_next(&p)))
            break;
        end = last;
    }
    *end = '\0';
    return start;
}

enum text_fault text_clean(struct arena *arena, const char *bytes, size_t n, bool multiline,
                           char **out)
{
    const char *p = bytes, *end = bytes + n;
    enum text_fault fault, first = TEXT_OK;
    bool settled = true;
    char *text;

    while (p < end) {
        uint32_t c;

        if (*p >= 0x20 && *p < 0x7F) {
            p++;
            continue;
        }
        c = decode(&p, end);
        if (c == 0 || c == MALFORMED)
            return TEXT_INVALID;
        fault = check_code(c);
        if (fault && !first)
            first = fault; /* what is no text at all is said first, wherever it stands */
        settled = settled && is_settled(c);
    }
    if (first)
        return first;
    text = arena_alloc(arena, n + 1);
    copy_lines(bytes, end, multiline, text);
    *out = trim(settled ? text : to_nfc(arena, text));
    return TEXT_OK;
}

/* ---- folding ---- */

/* The plain letters of a lower-case letter that has no decomposition, or NULL. */
static const char *plain_letters(uint32_t c)
{
    static const struct {
        uint16_t code;
        char plain[3];
    } letters[] = {
        { 0xDF, "ss" },  { 0xE6, "ae" },  { 0xF0, "d" },   { 0xF8, "o" },   { 0xFE, "th" },
        { 0x111, "d" },  { 0x127, "h" },  { 0x131, "i" },  { 0x133, "ij" }, { 0x138, "k" },
        { 0x140, "l" },  { 0x142, "l" },  { 0x149, "n" },  { 0x14B, "n" },  { 0x153, "oe" },
        { 0x167, "t" },  { 0x17F, "s" },  { 0x180, "b" },  { 0x19A, "l" },  { 0x1B6, "z" },
        { 0x1E5, "g" },  { 0x1F3, "dz" }, { 0x1C6, "dz" }, { 0x1C9, "lj" }, { 0x1CC, "nj" },
        { 0x23C, "c" },  { 0x247, "e" },  { 0x249, "j" },  { 0x24D, "r" },  { 0x24F, "y" },
        { 0x268, "i" },  { 0x289, "u" },  { 0x292, "z" },  { 0x2C65, "a" }, { 0x2C66, "t" },
    };

    for (size_t i = 0; i < LEN(letters); i++)
        if (letters[i].code == c)
            return letters[i].plain;
    return NULL;
}

static bool is_accent(uint32_t c)
{
    return c >= 0x300 && c <= 0x36F;
}

/* The lower-case letter under the accents of c; c itself, in lower case, where other marks
 * stand. */
static uint32_t bare_letter(uint32_t c)
{
    const struct decomposition *d = decomposition_of(c);

    if (!d)
        return lower_of(c);
    for (int i = 1; i < d->length; i++)
        if (!is_accent(decomposition_pool[d->at + i]))
            return lower_of(c);
    return lower_of(decomposition_pool[d->at]);
}

int utf8_fold(uint32_t c, char *out)
{
    const char *plain;

    if (c < 0x80) {
        *out = (char)lower_of(c);
        return 1;
    }
    if (is_accent(c))
        return 0;
    c = bare_letter(c);
    plain = c < 0x80 ? NULL : plain_letters(c);
    if (!plain)
        return utf8_put(c, out);
    out[0] = plain[0];
    out[1] = plain[1];
    return plain[1] ? 2 : 1;
}

char *text_fold(struct arena *arena, const char *text)
{
    char *out = arena_alloc(arena, 2 * strlen(text) + 1), *to = out;
    uint32_t c;

    while ((c = utf8_next(&text)))
        to += utf8_fold(c, to);
    *to = '\0';
    return out;
}

char *text_slug(struct arena *arena, const char *text)
{
    enum { SLUG_MAX = 80, NEAR = 20 };
    char *slug = text_fold(arena, text), *to = slug;
    size_t n;

    for (const char *p = slug; *p; p++) {
        if ((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9'))
            *to++ = *p;
        else if (to > slug && to[-1] != '-')
            *to++ = '-';
    }
    if (to > slug && to[-1] == '-')
        to--;
    *to = '\0';
    n = (size_t)(to - slug);
    if (n > SLUG_MAX) {
        size_t cut = SLUG_MAX;

        while (cut > SLUG_MAX - NEAR && slug[cut] != '-')
            cut--;
        n = slug[cut] == '-' ? cut : SLUG_MAX;
        slug[n] = '\0';
    }
    return slug;
}

/* ---- the Swedish order ---- */

/* What the first level compares: end < space < number < a..z < å ä ö < other letters. ASCII's own
 * numbers, so that a letter is its own weight. */
enum {
    W_END = 0,
    W_SPACE = ' ',
    W_NUMBER = '0',
    W_ARING = 'z' + 1,
    W_ADIAERESIS,
    W_ODIAERESIS,
    W_OTHER = 0x100
};

struct token {
    uint32_t weight;
    uint32_t accent; /* 0 for the plain letter, else the lower-case code point */
    bool upper;
    const char *digits; /* of a number, without leading zeros */
    size_t n_digits;
};

struct reader {
    const char *p, *end;
    const char *rest; /* letters still to come of one that stands for two, or NULL */
    struct token two; /* its accent and case */
    bool spaced;      /* the last token was a space, or there was none */
};

/* Punctuation, symbols and marks: they count only when nothing else differs. */
static bool is_ignored(uint32_t c)
{
    return (c < 0xC0 && c != 0xAA && c != 0xB5 && c != 0xBA) || c == 0xD7 || c == 0xF7 ||
           (c >= 0x2B0 && c <= 0x36F) || (c >= 0x2000 && c <= 0x2BFF) ||
           (c >= 0x3000 && c <= 0x303F) || (c >= 0xFE00 && c <= 0xFE0F) || mark_rank(c);
}

static void number_token(struct reader *r, struct token *t)
{
    t->weight = W_NUMBER;
    while (r->p < r->end && *r->p == '0')
        r->p++;
    t->digits = r->p;
    while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
        r->p++;
    t->n_digits = (size_t)(r->p - t->digits);
}

/* Of these Swedish says what they are; every other letter is the one under its accents. */
static bool is_swedish(uint32_t c)
{
    return c == 0xE5 || c == 0xE4 || c == 0xF6 || c == 0xE6 || c == 0xF8 || c == 0xFC;
}

static void letter_token(struct reader *r, struct token *t, uint32_t c)
{
    uint32_t lower = lower_of(c), base = is_swedish(lower) ? lower : bare_letter(lower);
    const char *plain;

    t->upper = lower != c;
    t->accent = lower;
    if (base == 0xE5 || base == 0xE4 || base == 0xF6) {
        t->weight = base == 0xE5 ? W_ARING : base == 0xE4 ? W_ADIAERESIS : W_ODIAERESIS;
        t->accent = 0;
    } else if (base == 0xE6) {
        t->weight = W_ADIAERESIS;
    } else if (base == 0xF8) {
        t->weight = W_ODIAERESIS;
    } else if (base == 0xFC) {
        t->weight = 'y';
    } else if (base >= 0x80 && (plain = plain_letters(base))) {
        t->weight = (unsigned char)plain[0];
        r->two = *t;
        r->rest = plain[1] ? plain + 1 : NULL;
    } else {
        t->weight = base < 0x80 ? base : W_OTHER + base;
    }
}

static struct token token_next(struct reader *r)
{
    struct token t = { .weight = W_END };

    if (r->rest) {
        t = r->two;
        t.weight = (unsigned char)*r->rest++;
        r->rest = *r->rest ? r->rest : NULL;
        return t;
    }
    while (r->p < r->end) {
        unsigned char ascii = (unsigned char)*r->p;
        uint32_t c;

        if (ascii >= '0' && ascii <= '9') {
            number_token(r, &t);
            break;
        }
        c = decode(&r->p, r->end);
        if (c < 0x80 && (ascii | 0x20) >= 'a' && (ascii | 0x20) <= 'z') {
            t.weight = ascii | 0x20;
            t.upper = !(ascii & 0x20);
            break;
        }
        if (is_space(c)) {
            if (r->spaced)
                continue;
            r->spaced = true;
            t.weight = W_SPACE;
            return t;
        }
        if (c == MALFORMED || is_ignored(c))
            continue;
        letter_token(r, &t, c);
        break;
    }
    r->spaced = false;
    return t;
}

static int sign(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int number_compare(const struct token *x, const struct token *y)
{
    return x->n_digits != y->n_digits ? sign(x->n_digits, y->n_digits)
                                      : memcmp(x->digits, y->digits, x->n_digits);
}

/* A long common beginning of plain letters, the rule in sorted lists, says nothing. */
static void skip_same(struct reader *x, struct reader *y)
{
    while (!x->rest && !y->rest && x->p < x->end && y->p < y->end && *x->p == *y->p &&
           (*x->p | 0x20) >= 'a' && (*x->p | 0x20) <= 'z') {
        x->p++;
        y->p++;
        x->spaced = y->spaced = false;
    }
}

int text_compare_sv(const char *a, size_t na, const char *b, size_t nb)
{
    struct reader x = { .p = a, .end = a + na, .spaced = true };
    struct reader y = { .p = b, .end = b + nb, .spaced = true };
    int accent = 0, upper = 0, order = 0;
    size_t common = na < nb ? na : nb;

    for (;;) {
        struct token s, t;

        skip_same(&x, &y);
        s = token_next(&x);
        t = token_next(&y);
        if (s.weight != t.weight)
            return sign(s.weight, t.weight);
        if (s.weight == W_END)
            break;
        if (s.weight == W_NUMBER && (order = number_compare(&s, &t)))
            return order;
        if (!accent)
            accent = sign(s.accent, t.accent);
        if (!upper)
            upper = sign(s.upper, t.upper);
    }
    if (accent || upper)
        return accent ? accent : upper;
    if (common)
        order = memcmp(a, b, common);
    return order ? order : sign(na, nb);
}
