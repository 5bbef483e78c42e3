/* password.c: which passwords may be used.
 *
 * Owns the rule and its words; never stores or logs what it looks at. Length is what counts: there
 * are no rules about capitals and signs. Refused is what is guessed first: fewer than 12
 * characters, one's own name, runs of neighbours, and what is made of nothing but common words with
 * digits and punctuation around. */
#include <string.h>

#include <kansli/utf8.h>

#include "internal.h"

enum { LENGTH_MIN = 12, LENGTH_MAX = 128, DISTINCT_MIN = 5, PART_MIN = 4 };

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The letter that a sign stands for in "p@ssw0rd", or the sign. */
static char plain(char c)
{
    static const char signs[] = "@4310$57", letters[] = "aaeiosst";
    const char *at = strchr(signs, c);

    return at && c ? letters[at - signs] : c;
}

/* The letters of text alone; of "p@ssw0rd2026!" with signs read as letters, but for those at the
 * end. */
static const char *letters_of(struct arena *arena, const char *text, bool signs)
{
    char *out = arena_alloc(arena, strlen(text) + 1);
    size_t n = 0, end = strlen(text);

    while (end && !is_letter(text[end - 1]))
        end--;
    for (size_t i = 0; i < end; i++) {
        char c = signs ? plain(text[i]) : text[i];
        if (is_letter(c))
            out[n++] = c;
    }
    return out;
}

/* True when the letters can be cut into common words, all of them. */
static bool made_of_common(struct arena *arena, const char *letters)
{
    size_t n = strlen(letters);
    bool *cut = arena_alloc(arena, n + 1);

    cut[0] = true;
    for (size_t i = 0; i < n; i++)
        for (const char *const *word = common_passwords; cut[i] && *word; word++)
            if (!strncmp(letters + i, *word, strlen(*word)))
                cut[i + strlen(*word)] = true;
    return cut[n];
}

/* "aaaa", "abcd", "4321", "7890", "qwert": neighbours on the keyboard or in the alphabet for most
 * of the way. */
static bool is_run(const char *text)
{
    static const char rows[] =
        "qwertyuiopasdfghjklzxcvbnm poiuytrewqlkjhgfdsamnbvcxz 0987654321 1234567890";
    size_t near = 0, n = strlen(text);

    for (size_t i = 1; i < n; i++) {
        char pair[] = {text[i - 1], text[i], '\0'};
        int step = text[i] - text[i - 1];
        near += (step >= -1 && step <= 1) || strstr(rows, pair) != NULL;
    }
    return near * 4 >= n * 3;
}

static size_t distinct(const char *text)
{
    size_t n = 0;
    for (const char *c = text; *c; c++)
        n += strchr(text, *c) == c;
    return n;
}

/* True when the folded password holds a word of `text` (a name, or an address up to its @) of four
 * letters or more. */
static bool holds_part(struct arena *arena, const char *folded, const char *text)
{
    char *words = text_fold(arena, text);

    words[strcspn(words, "@")] = '\0';
    for (char *part = words; *part;) {
        size_t n = 0;
        while (is_letter(part[n]) || is_digit(part[n]))
            n++;
        bool last = !part[n];
        part[n] = '\0';
        if (n >= PART_MIN && strstr(folded, part))
            return true;
        part += last ? n : n + 1;
    }
    return false;
}

static bool easy_to_guess(struct arena *arena, const char *folded)
{
    return distinct(folded) < DISTINCT_MIN || is_run(folded) ||
           made_of_common(arena, letters_of(arena, folded, false)) ||
           made_of_common(arena, letters_of(arena, folded, true));
}

enum code password_allowed(struct arena *arena, const char *password, const char *email,
                           const char *name, const char *pointer, struct err *err)
{
    size_t length = utf8_length(password);

    if (length < LENGTH_MIN)
        return err_field(err, pointer, N_("At least 12 characters."), NULL);
    if (length > LENGTH_MAX)
        return err_field(err, pointer, N_("At most 128 characters."), NULL);
    const char *folded = text_fold(arena, password);
    if (holds_part(arena, folded, email) || (name && holds_part(arena, folded, name)))
        return err_field(err, pointer, N_("Leave your name and e-mail address out of it."), NULL);
    if (easy_to_guess(arena, folded))
        return err_field(err, pointer,
                         N_("This is easy to guess. Take three or four words that do not belong "
                            "together."),
                         NULL);
    return OK;
}
