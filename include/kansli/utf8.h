/* utf8.h: text that is safe to keep.
 *
 * Everything that enters passes text_clean once, at the door: afterwards the rest of the house
 * relies on valid UTF-8 in NFC without NUL, controls or bidirectional overrides. */
#ifndef KANSLI_UTF8_H
#define KANSLI_UTF8_H

#include <kansli/arena.h>

/* True when n bytes are well-formed UTF-8 (no surrogates, no overlong forms, no noncharacter
 * check). */
bool utf8_valid(const char *bytes, size_t n);
/* Code points in a valid text. */
size_t utf8_length(const char *text);
/* Reads one code point of valid UTF-8 at *p and moves *p past it; 0 at the end. */
uint32_t utf8_next(const char **p);
/* Appends the UTF-8 of c to out (room for 4) and returns the number of bytes. */
int utf8_put(uint32_t c, char *out);

/* One code point folded, as text_fold does: writes to out (room for 4) and returns the number of
 * bytes, 0 for an accent. */
int utf8_fold(uint32_t c, char *out);

enum text_fault { TEXT_OK, TEXT_INVALID, TEXT_CONTROL, TEXT_BIDI };

/* Checks n bytes and gives in *out a copy in Unicode's NFC, trimmed of white space at both ends,
 * line ends (CR LF, CR, U+2028/9) as LF; when `multiline` is false TAB and line ends become one
 * space each. Refused: invalid UTF-8 and NUL (TEXT_INVALID); C0 and C1 controls but TAB and line
 * ends, U+FFFE/F (TEXT_CONTROL); U+202A-202E, U+2066-2069, U+200E/F, U+061C (TEXT_BIDI). */
enum text_fault text_clean(struct arena *arena, const char *bytes, size_t n, bool multiline,
                           char **out);

/* The text folded for search and addresses: lower case, å ä á à â ã → a, ö ø ó ò ô → o, é è ê ë
 * → e, ü → u, æ → ae, ß → ss, ç → c, ñ → n, ... (every Latin letter with a mark loses the mark),
 * other letters lower-cased. */
char *text_fold(struct arena *arena, const char *text);
/* A slug of the text: folded; runs of anything but a-z and 0-9 become one hyphen; none at the
 * ends; at most 80 bytes, cut at a hyphen where one is near. Empty when nothing is left. */
char *text_slug(struct arena *arena, const char *text);
/* Compares as Swedish sorts: letters before their accents, å ä ö last in that order (æ with ä, ø
 * with ö), ü as y, w after v, digits by their numeric value ("2" < "10") and before letters, white
 * space before both; case and punctuation only as the last difference. A total order: 0 only for
 * identical bytes, also of malformed text. a and b need no NUL. Never changes: it orders an
 * index. */
int text_compare_sv(const char *a, size_t na, const char *b, size_t nb);

#endif
