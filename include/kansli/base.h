/* base.h: the words every file of the house uses.
 *
 * Owns: the few macros that say something the language does not, and nothing else. */
#ifndef KANSLI_BASE_H
#define KANSLI_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The result must be looked at. */
#define NODISCARD __attribute__((warn_unused_result))
/* Formats like printf: format is argument m, values start at n. */
#define PRINTF(m, n) __attribute__((format(printf, m, n)))
#define NORETURN __attribute__((noreturn))
#define UNUSED __attribute__((unused))

/* Number of elements of a real array. */
#define LEN(a) (sizeof(a) / sizeof *(a))

/* The two languages: Swedish is the default shown, English the source of every text. */
enum { LANG_SV, LANG_EN, LANGS };

/* Marks a source text for translation without translating it here; texts are translated where
 * they are shown. NC_ gives a context where one English word has two Swedish ones
 * ("button" Close, "state" Closed): the catalogue's key is context, byte 4, text. */
#define N_(text) text
#define NC_(context, text) context "\004" text

/* Our own mistake: writes file, line and the sentence to the log, then aborts. Stays on in
 * release: a crash with a line number beats a wrong answer. */
#define BUG(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
#define MUST(condition) ((condition) ? (void)0 : bug_at(__FILE__, __LINE__, "%s", #condition))
NORETURN PRINTF(3, 4) void bug_at(const char *file, int line, const char *format, ...);

/* malloc, realloc and strdup that never fail: out of memory aborts (houses.md, habit 7).
 * The caller frees with free(). */
void *must_malloc(size_t size);
void *must_calloc(size_t count, size_t size);
void *must_realloc(void *block, size_t size);
char *must_strdup(const char *text);

#endif
